"""TOML files that people write: tables with checked keys, and line numbers for faults."""

from __future__ import annotations

import errno
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

from workbook_templates.text import Text

E = TypeVar("E", bound=StrEnum)
Shape = Mapping[str, tuple[type, bool]]
"""The keys of a table: the type of each, and whether it is required."""


LARGEST = 1 << 20
"""Bytes of a file that people write."""
GREATEST_NUMBER = 1_000_000_000
MOST_DOTS = 1_000
"""Full stops in one line."""
_MOST_WORK = 10 * MOST_DOTS**2
"""Sum over all lines of the squares of their full stops."""


_HEADING = re.compile(r"\s*\[\[?\s*(.*?)\s*\]\]?\s*(?:#.*)?")


class TomlError(ValueError):
    """A file that cannot be used: its name, the line and the problem."""

    def __init__(self, source: str, line: int, problem: Text) -> None:
        """Keep the file's name, the line (from 1) and the problem."""
        self.source, self.line, self.problem = source, line, problem
        super().__init__(f"{source}:{line}: {problem.en}")


class TomlReader:
    """A parsed TOML file with the line of each table and key."""

    error: ClassVar[type[TomlError]] = TomlError

    def __init__(self, text: str, source: str) -> None:
        """Parse the text; ``source`` is the file's name in messages."""
        self.source = source
        self._known_lines: dict[tuple[str, int], int] = {}
        self.lines = text.splitlines()
        # The parser takes quadratic time over a key of many names.
        work = 0
        for number, line in enumerate(self.lines, 1):
            work += (dots := line.count(".")) ** 2
            if dots > MOST_DOTS or work > _MOST_WORK:
                raise self.fail(
                    number,
                    f"dòng có trên {MOST_DOTS} dấu chấm, hoặc tệp có nhiều dòng gần như vậy; vui "
                    "lòng ghi thành nhiều dòng ngắn",
                    f"more than {MOST_DOTS} full stops, or many lines of nearly as many; write "
                    "shorter lines",
                )
        try:
            self.data: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"at line (\d+)", str(error))
            at = int(found[1]) if found else text.count("\n") + 1
            raise self.fail(
                at, f"không đọc được TOML: {error}", f"not valid TOML: {error}"
            ) from None
        except ValueError as error:  # a number of thousands of digits
            raise self.fail(
                1, f"không đọc được TOML: {error}", f"not valid TOML: {error}"
            ) from None
        except RecursionError:
            raise self.fail(
                1, "các ngoặc lồng nhau quá nhiều", "brackets are nested too deeply"
            ) from None

    @classmethod
    def of_file(cls, path: Path) -> Self:
        """Read a file.

        Raises:
            TomlError: it is not UTF-8 text, or not TOML.
            OSError: it cannot be read.
        """
        # Neither a device nor a pipe, which might never end, is a file; and people write little.
        if not stat.S_ISREG(path.stat().st_mode):
            raise OSError(errno.EINVAL, "là thư mục, đường ống hoặc thiết bị (no regular file)")
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise cls.error(str(path), 1, _TOO_LARGE)
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            raise cls.error(str(path), line, _NOT_UTF_8) from None
        return cls(text, str(path))

    def line(self, table: str, nth: int = 0, key: str = "") -> int:
        """Return the line of ``key`` in the nth table of that name, or of the table's heading.

        A table without a heading of its own has the line of its key, and a
        key that is a table has the line of its heading.
        """
        start = 0
        if table:
            headings = self._headings(table)
            if nth >= len(headings):
                above, _, own = table.rpartition(".")
                starts = self._headings(above) if above else (0,)
                return next((at for start in starts if (at := self._assigned(own, start))), 1)
            start = headings[nth]
        inner = self._headings(f"{table}.{key}" if table else key)
        return self._assigned(key, start) or next((h for h in inner if h > start), max(start, 1))

    def line_of_word(self, table: str, key: str, word: str, nth: int = 0) -> int:
        """Return the line of a word in the list under ``key``, which may run over several lines."""
        first = self.line(table, nth, key)
        quoted = (f'"{word}"', f"'{word}'")
        for at, line in enumerate(self.lines[first - 1 :], start=first):
            if any(q in line for q in quoted):
                return at
        return first

    def _headings(self, table: str) -> Sequence[int]:
        """Return the lines of the headings of a table."""
        return self._tables.get(table, ())

    @cached_property
    def _tables(self) -> Mapping[str, Sequence[int]]:
        """The lines of the headings by the names of their tables."""
        found: dict[str, list[int]] = {}
        for number, line in enumerate(self.lines, 1):
            if "[" in line and (heading := _HEADING.fullmatch(line)):
                found.setdefault(heading[1], []).append(number)
        return found

    def _assigned(self, key: str, heading: int) -> int:
        """Return the line of a key between two headings (0: none); 0 where the key is absent."""
        # Each of thousands of tables in brackets asks for the same lines.
        if (key, heading) not in self._known_lines:
            self._known_lines[key, heading] = self._search(key, heading)
        return self._known_lines[key, heading]

    def _search(self, key: str, heading: int) -> int:
        wanted = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[.=]")
        for at, line in enumerate(self.lines[heading:], start=heading + 1):
            if line.lstrip().startswith("["):
                break
            if key and wanted.match(line):
                return at
        return 0

    def fail(self, at: int, vi: str, en: str) -> TomlError:
        """Return the error to raise for a fault on a line."""
        return self.error(self.source, at, Text(vi, en))

    def take(self, data: Any, shape: Shape, table: str, nth: int) -> dict[str, Any]:
        """Return the values of one table after checking keys and types."""
        if not isinstance(data, dict):
            raise self.fail(
                self.line(table, nth), f"«{table}» phải là bảng", f"'{table}' must be tables"
            )
        for key in data:
            if key not in shape:
                known = ", ".join(shape)
                raise self.fail(
                    self.line(table, nth, key),
                    f"khóa lạ «{shown(key)}»; các khóa dùng được: {known}",
                    f"unknown key '{shown(key)}'; known: {known}",
                )
        return dict(self._checked(data, shape, table, nth))

    def _checked(
        self, data: Mapping[str, Any], shape: Shape, table: str, nth: int
    ) -> Iterator[tuple[str, Any]]:
        for key, (kind, required) in shape.items():
            if key not in data:
                if required:
                    raise self.fail(
                        self.line(table, nth), f"thiếu khóa «{key}»", f"missing key '{key}'"
                    )
                continue
            value = data[key]
            if type(value) is not kind:
                need = _KINDS[kind]
                raise self.fail(
                    self.line(table, nth, key),
                    f"khóa «{key}» phải là {need.vi}",
                    f"key '{key}' must be {need.en}",
                )
            if type(value) is int and abs(value) > GREATEST_NUMBER:
                raise self.fail(
                    self.line(table, nth, key),
                    f"khóa «{key}» là số quá lớn",
                    f"key '{key}' is too large a number",
                )
            if isinstance(value, str) and required and not value.strip():
                raise self.fail(
                    self.line(table, nth, key), f"khóa «{key}» để trống", f"key '{key}' is empty"
                )
            yield key, value

    def member(self, values: type[E], word: Any, at: int, key: str) -> E:
        """Return the member of an enumeration that a word means."""
        try:
            return values(word)
        except ValueError:
            known = ", ".join(values)
            raise self.fail(
                at,
                f"«{shown(word)}» không hợp lệ cho «{key}»; phải là một trong: {known}",
                f"'{shown(word)}' is not valid for '{key}'; one of: {known}",
            ) from None

    def strings(self, values: Sequence[Any], at: int, key: str) -> tuple[str, ...]:
        """Return a list that must hold texts only."""
        if not all(isinstance(v, str) and v.strip() for v in values):
            raise self.fail(
                at, f"«{key}» phải là danh sách chữ", f"'{key}' must be a list of texts"
            )
        return tuple(values)


def shown(value: object) -> str:
    """Return a key or a value as a message shows it, however long it is."""
    try:
        text = str(value)
    except ValueError:  # a number of thousands of digits, which Python does not write
        return "…"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


_LONGEST_SHOWN = 60
_TOO_LARGE = Text(
    "tệp lớn hơn 1 MB; vui lòng chỉ để lại phần cần thiết",
    "the file is larger than a megabyte; leave only what is needed",
)
_NOT_UTF_8 = Text(
    "tệp không phải văn bản UTF-8; vui lòng lưu lại bằng bảng mã UTF-8",
    "the file is not UTF-8 text; save it again in UTF-8",
)


def text_in(data: Mapping[str, Any], key: str, en_key: str = "") -> Text:
    """Return a text in both languages; the second one may be left out.

    ``key`` holds the English text and ``<key>_vi`` the Vietnamese one, unless ``en_key`` is
    given, which holds the English one beside a Vietnamese ``key``.
    """
    text = data.get(key, "")
    if en_key:
        return Text(text, data.get(en_key, text))
    return Text(data.get(f"{key}_vi", text), text)


_KINDS: Mapping[type, Text] = {
    str: Text("chữ đặt trong dấu ngoặc kép", "text in quotes"),
    int: Text("số nguyên", "a whole number"),
    bool: Text("true hoặc false", "true or false"),
    date: Text("ngày dạng 2027-05-31, không có ngoặc kép", "a day such as 2027-05-31, no quotes"),
    list: Text("danh sách [...] hoặc các bảng [[...]]", "a list [...] or tables [[...]]"),
    dict: Text("một bảng [...]", "a table [...]"),
}
"""The name of each type in a message."""
