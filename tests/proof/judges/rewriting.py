"""Formulas of a workbook, each as a text of its own, and written anew for one program."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from xml.sax.saxutils import escape

from kdcl_xl.xlsx.formulas import Formulas, formula_in, group_of, place_of
from kdcl_xl.xlsx.workbook import open_workbook
from workbook_templates.layout import column_index, letter_of

Names = Mapping[str, str]
"""The ranges behind defined names."""
Rewrite = Callable[[str, int, Names], str | None]
"""Given a formula, its row (from 1) and the names, returns another formula or None to keep it."""

_LITERAL = re.compile(r'("(?:[^"]|"")*")')
_REFERENCE = re.compile(r"(?<![\w.$])(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})(?![\w(])")
_CELL = re.compile(rb'(<c r="([A-Z]+[0-9]+)"[^>]*>)<f(?:[^>]*/>|[^>]*>[^<]*</f>)')


def moved(text: str, rows: int, columns: int) -> str:
    """Return a formula as it is so many rows below and columns to the right."""

    def move(found: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, number = found.groups()
        if not fixed_column:
            letters = letter_of(column_index(letters) + columns)
        row = number if fixed_row else str(int(number) + rows)
        return f"{fixed_column}{letters}{fixed_row}{row}"

    parts = _LITERAL.split(text)
    parts[::2] = [_REFERENCE.sub(move, part) for part in parts[::2]]
    return "".join(parts)


def texts_of(formulas: Formulas) -> dict[bytes, str]:
    """Return the text of each formula by its address.

    :meth:`Formulas.text` does the same for any workbook, a hundred times more slowly.
    """
    found = {}
    fixed: dict[bytes, bool] = {}  # groups whose formula is the same text in every cell
    for ref, body in formulas.cells.items():
        text = formula_in(body)
        if not text and (group := group_of(body)):
            master, text = formulas.masters[group]
            if group not in fixed:
                fixed[group] = moved(text, 1, 1) == text
            if not fixed[group]:
                (row, column), (from_row, from_column) = place_of(ref), place_of(master)
                text = moved(text, row - from_row, column - from_column)
        found[ref] = text
    return found


def with_blank_results(workbook: bytes) -> bytes:
    """Return a workbook in which a formula without a result has an empty text for one."""
    return of_sheets(workbook, lambda _, content: _NO_RESULT.sub(rb"\1<v></v>\2", content))


_NO_RESULT = re.compile(rb"(<f(?: [^>]*)?/>|</f>)(</c>)")


Change = Callable[[str, bytes], bytes]
"""Given the name and the content of a part, returns its new content."""


def of_sheets(workbook: bytes, change: Change) -> bytes:
    """Return a workbook with changed sheets."""
    return of_parts(workbook, "xl/worksheets/sheet", change)


def of_parts(workbook: bytes, begin: str, change: Change) -> bytes:
    """Return a workbook with changes in the parts whose names begin so."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(part, content) if part.startswith(begin) else content)
    return out.getvalue()


def rewritten(workbook: bytes, rewrite: Rewrite) -> bytes:
    """Return a workbook in which some formulas are other ones.

    Those with SUMPRODUCT are entered as array formulas, in which a range is never one cell.
    """
    book = open_workbook(workbook)
    sheets = {part: name for name, part in book.sheets.items()}

    def change(part: str, content: bytes) -> bytes:
        texts = texts_of(book.sheet(sheets[part]).formulas)
        return _CELL.sub(partial(_cell, texts=texts, names=book.names, rewrite=rewrite), content)

    return of_sheets(workbook, change)


def _cell(
    found: re.Match[bytes], texts: Mapping[bytes, str], names: Names, rewrite: Rewrite
) -> bytes:
    text = rewrite(texts[found[2]], place_of(found[2])[0], names)
    if text is None:
        return found[0]
    array = b' t="array" ref="%s"' % found[2] if "SUMPRODUCT(" in text else b""
    return b"%s<f%s>%s</f>" % (found[1], array, escape(text).encode())


_RANGE = re.compile(r"(.*!)?\$([A-Z]{1,3})\$?([0-9]*):\$[A-Z]{1,3}\$?([0-9]*)")


def cells_of(range_or_name: str, names: Names) -> list[str]:
    """Return references to the cells of a column's range, or of the range behind a name.

    Raises:
        ValueError: the text is neither.
    """
    found = _RANGE.fullmatch(names.get(range_or_name, range_or_name))
    if not found or not found[3]:
        raise ValueError(f"no range of a column: {range_or_name}")
    sheet, letters = found[1] or "", found[2]
    return [f"{sheet}${letters}${row}" for row in range(int(found[3]), int(found[4]) + 1)]


_POSITION = re.compile(r"INDEX\(([^(),]+),([0-9]+)([+-][0-9]+)?\)")


def direct(formula: str, row: int, names: Names) -> str:
    """Return a formula with references in place of positions: ``$J$13`` for ``INDEX($J:$J,13)``."""

    def reference(found: re.Match[str]) -> str:
        column = _RANGE.fullmatch(names.get(found[1], found[1]))
        if not column:
            return found[0]
        nth = int(found[2]) + int(found[3] or 0)
        return f"{column[1] or ''}${column[2]}${int(column[3] or 1) + nth - 1}"

    return _POSITION.sub(reference, formula.replace("ROW()", str(row)))


def replaced_calls(text: str, function: str, change: Callable[[str], str]) -> str:
    """Return a formula in which each call of a function has become another text.

    ``change`` is given what the parentheses of the call hold.
    """
    begin = re.compile(rf"(?<![\w.]){function}\(")
    found = begin.search(text)
    while found:
        end = _closing(text, found.end())
        new = change(replaced_calls(text[found.end() : end], function, change))
        text = text[: found.start()] + new + text[end + 1 :]
        found = begin.search(text, found.start() + len(new))
    return text


_SIGN = re.compile(r"""["()]""")


def _closing(text: str, start: int) -> int:
    depth, quoted = 1, False
    for sign in _SIGN.finditer(text, start):
        if sign[0] == '"':
            quoted = not quoted
        elif not quoted:
            depth += 1 if sign[0] == "(" else -1
            if not depth:
                return sign.start()
    raise ValueError(f"no closing parenthesis: {text[:80]}")
