"""Texts of regulation files that become cells: their characters and their lengths.

A title, a label or a unit is offered in dropdowns, is quoted in formulas and is compared by
several spreadsheet programs. The reader therefore refuses what a cell or a comparison changes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from workbook_templates.characters import is_plain
from workbook_templates.text import Text, normalise
from workbook_templates.toml_lines import Shape, TomlError, TomlReader

LONGEST_LINE = 100
"""Characters of a name, a unit or a number of a circular: as many as a dropdown shows."""
LONGEST_TITLE = 240
"""Characters of a title; Excel's look-ups stop at 255, and ``Tiêu chí M4.12`` goes before it."""
MOST_IN_LIST = 100
"""Items of a list or tables of a name: each name is compared with every text it may mean."""
LONGEST_NOTE = 2_000
"""Characters of a source or a note, which only listings show."""
_LENGTHS: Mapping[str, int] = {
    "id": 40,
    "title": LONGEST_TITLE,
    "summary": LONGEST_TITLE,
    "aliases": LONGEST_TITLE,
}
_WORDS = frozenset({"number", "repealed_by"}) | frozenset(
    name + ending
    for name in ("title", "summary", "name", "head", "learners", "leaders", "units")
    for ending in ("", "_en")
)
"""Keys of texts that are alone in a cell, where they are shown, chosen or typed."""
_CODES = frozenset({"id", "code"})
"""Keys whose texts have a form of their own, and no spaces."""
_NOTES = frozenset(
    name + ending
    for name in ("source", "note", "confidence_note", "other_changes")
    for ending in ("", "_vi")
)

_LAST_UNIT = "\uffff"
"""The last character that is one unit of UTF-16: Excel counts units, and other programs not."""
_LIKE_AN_ESCAPE = re.compile("_x[0-9A-Fa-f]{4}_")
"""A text such as ``_x0041_`` means «A» in a workbook (ECMA-376 ST_Xstring)."""
_OPENS_FORMULA = "=+-@'#"
"""First characters by which a spreadsheet takes a typed text for something else."""
_VALUES = frozenset({"true", "false"})
_NUMBER = re.compile(r"[0-9.,]*[0-9]e[+-]?[0-9]+", re.IGNORECASE)


class CellTextReader(TomlReader):
    """A reader whose texts every program keeps and compares the same."""

    def take(self, data: Any, shape: Shape, table: str, nth: int) -> dict[str, Any]:
        """Return the values of one table; the spaces around and between words are folded."""
        found = super().take(data, shape, table, nth)
        for key, value in found.items():
            if isinstance(value, list) and len(value) > MOST_IN_LIST:
                raise self.fail(
                    self.line(table, nth, key),
                    f"khóa «{key}» có {len(value)} mục, nhiều nhất là {MOST_IN_LIST}",
                    f"key '{key}' has {len(value)} items, and {MOST_IN_LIST} at most",
                )
            if key in _NOTES:
                self._check_note(value, table, nth, key)
            elif isinstance(value, str):
                found[key] = self._line_of(value, table, nth, key)
            elif isinstance(value, list):
                found[key] = [
                    self._line_of(part, table, nth, key) if isinstance(part, str) else part
                    for part in value
                ]
        return found

    def _check_note(self, value: str, table: str, nth: int, key: str) -> None:
        problem = None if is_plain(value) else _UNUSUAL
        if len(value) > LONGEST_NOTE:
            problem = _TOO_LONG.format(most=LONGEST_NOTE)
        if problem:
            raise self._refuse(value, problem, table, nth, key)

    def _line_of(self, value: str, table: str, nth: int, key: str) -> str:
        line = normalise(value) if is_plain(value) and key not in _CODES else value
        problem = next(_problems(line, _LENGTHS.get(key, LONGEST_LINE)), None)
        if not problem and key in _WORDS and _is_another_value(line):
            problem = _NO_TEXT
        if line and problem:
            raise self._refuse(value, problem, table, nth, key)
        return line

    def _refuse(self, value: str, problem: Text, table: str, nth: int, key: str) -> TomlError:
        at = self.line_of_word(table, key, value, nth)
        return self.fail(at, f"khóa «{key}» {problem.vi}", f"key '{key}' {problem.en}")


_UNUSUAL = Text(
    "có chữ gõ bằng Unicode tổ hợp hoặc ký tự ẩn; vui lòng gõ lại bằng Unicode dựng sẵn",
    "holds decomposed letters or invisible characters; type it again",
)
_TOO_LONG = Text(
    "dài quá {most} ký tự; vui lòng rút gọn", "is longer than {most} characters; shorten it"
)
_STRANGE = Text(
    "có ký tự «{found}» (U+{code:04X}) mà các phần mềm bảng tính hiểu khác nhau; vui lòng bỏ hoặc "
    "thay ký tự này",
    "holds '{found}' (U+{code:04X}), which spreadsheet programs take differently; remove or "
    "replace it",
)
_ESCAPE = Text(
    "có chuỗi «{found}» mà Excel đổi thành một ký tự khác; vui lòng bỏ chuỗi này",
    "holds '{found}', which Excel turns into another character; remove it",
)
_NO_TEXT = Text(
    "phải bắt đầu bằng chữ, chữ số hoặc dấu mở ngoặc và có ít nhất một chữ cái; nếu không, ô của "
    "bảng tính hiểu thành số, công thức hoặc giá trị khác",
    "must begin with a letter, a digit or an opening bracket and hold a letter; a cell would take "
    "it for a number, a formula or another value",
)


def _problems(line: str, longest: int) -> Iterator[Text]:
    """Yield the reasons for which a text cannot be in a cell, the gravest first."""
    if not is_plain(line):
        yield _UNUSUAL
    strange = next(filter(_is_strange, line), None)
    if strange:
        shown = strange if strange.isprintable() else "?"
        yield _STRANGE.format(found=shown, code=ord(strange))
    escape = _LIKE_AN_ESCAPE.search(line)
    if escape:
        yield _ESCAPE.format(found=escape[0])
    if len(line) > longest:
        yield _TOO_LONG.format(most=longest)


def _is_another_value(line: str) -> bool:
    """Return whether a cell takes a typed text for a number, a formula or another value."""
    return (
        line.startswith(tuple(_OPENS_FORMULA))
        or not any(map(str.isalpha, line))
        or line.casefold() in _VALUES
        or _NUMBER.fullmatch(line) is not None
    )


def _is_strange(character: str) -> bool:
    """Return whether programs look a text with that character up differently.

    The tilde makes a wildcard of look-ups an ordinary character, and is lost itself.
    """
    if character.isascii():
        return not character.isprintable() or character == "~"
    if character > _LAST_UNIT or not character.isprintable():
        return True
    is_letter = unicodedata.category(character)[0] in "LM"
    return is_letter and not unicodedata.name(character, "").startswith("LATIN ")
