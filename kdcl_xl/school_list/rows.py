"""The rows of a list as texts, from a CSV file or from the sheets of a workbook."""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kdcl_xl.xlsx.annotations import zero_formats
from kdcl_xl.xlsx.bounds import Bounds
from kdcl_xl.xlsx.package import UnreadableError
from kdcl_xl.xlsx.workbook import Workbook, open_workbook
from macros_free_validation.rules import workbook as rules
from macros_free_validation.values import CellError, Raw
from workbook_templates.layout import column_index
from workbook_templates.text import Text, normalise

MOST_COLUMNS = 100
"""Columns of a list that are read."""
BOUNDS = Bounds(largest_file=10, largest_content=60, most_elements=1_000)
"""Sizes of a workbook with a list; 20,000 schools in ten columns need 500 thousand elements."""
SEPARATORS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not blank: its number (from 1), and its cells as normalised texts.

    ``has_open_quote`` is true where a quotation mark of a CSV line is never closed.
    """

    line: int
    cells: tuple[str, ...]
    has_open_quote: bool = False

    def cell(self, column: int | None) -> str:
        """Return the text in a column (from 0); empty where there is none."""
        return self.cells[column] if column is not None and column < len(self.cells) else ""

    @property
    def filled(self) -> tuple[str, ...]:
        """The texts of the filled cells."""
        return tuple(cell for cell in self.cells if cell)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet, or of a CSV file, whose ``name`` is empty.

    ``last`` is the last line or row, blank ones included where the file has them.
    """

    name: str
    rows: tuple[Row, ...]
    last: int
    is_hidden: bool = False


# ---- CSV ----------------------------------------------------------------------------------

_LONGEST_RECORD = 30
"""Lines of one row whose cells hold line breaks."""
_OPEN_QUOTE = "unexpected end of data"
"""Words of the library about a quotation mark that is not closed."""
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)


def lines_of(text: str) -> list[str]:
    """Return the lines of a text with their ends, which may be those of any system."""
    return list(io.StringIO(text, newline=""))


def declared_separator(lines: Sequence[str]) -> str:
    """Return the separator that Excel's line ``sep=;`` names at the beginning; or none."""
    found = re.fullmatch(r"sep=(.)\s*", lines[0], re.IGNORECASE) if lines else None
    return found[1] if found else ""


def csv_rows(lines: Sequence[str], separator: str, most: int | None = None) -> Iterator[Row]:
    """Yield the rows of a CSV file that are not blank, at most ``most`` of its records."""
    at = count = 0
    if declared_separator(lines):
        yield Row(1, (lines[0].strip(),))
        at = 1
    while at < len(lines) and (most is None or count < most):
        cells, used, has_open_quote = _record(lines, at, separator)
        texts = _texts(map(_unquoted, cells))
        if texts:
            yield Row(at + 1, texts, has_open_quote)
        at += used
        count += 1


def _record(lines: Sequence[str], at: int, separator: str) -> tuple[list[str], int, bool]:
    """Return the cells of the record at a line, its number of lines, and if a quote is open.

    A quotation mark that is never closed costs its own line only.
    """
    line = lines[at]
    if '"' not in line:
        return line.rstrip("\r\n").split(separator), 1, False
    reader = csv.reader(lines[at : at + _LONGEST_RECORD], delimiter=separator, strict=True)
    try:
        return next(reader), reader.line_num, False
    except csv.Error:
        pass
    # Quotation marks inside a quoted cell that are not doubled are no reason to lose the row.
    for strict in (True, False):
        try:
            cells = next(csv.reader([line], delimiter=separator, strict=strict))
        except csv.Error as error:
            if _OPEN_QUOTE in str(error):
                break
        else:
            return cells, 1, False
    return line.rstrip("\r\n").split(separator), 1, True


def _unquoted(cell: str) -> str:
    """Return the text of a cell that Excel was made to keep as text: ``="00123"``."""
    found = _AS_TEXT.fullmatch(cell.strip())
    return found[1].replace('""', '"') if found else cell


def _texts(cells: Iterator[str]) -> tuple[str, ...]:
    """Return cells as normalised texts up to the last filled one."""
    texts = [normalise(cell) for _, cell in zip(range(MOST_COLUMNS), cells, strict=False)]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


# ---- workbooks ----------------------------------------------------------------------------


def workbook_sheets(content: bytes) -> Iterator[Sheet]:
    """Yield the sheets of a workbook; formulas count as the values they last had.

    Raises:
        UnreadableError: the bytes are no sound, unencrypted .xlsx, or beyond the bounds.
    """
    book = open_workbook(content, BOUNDS)
    for name in book.sheets:
        if name not in book.without_cells:
            yield _sheet(book, name)


def _sheet(book: Workbook, name: str) -> Sheet:
    cells = book.whole_sheet(name)
    if any(not odd.is_taken for odd in cells.odd):
        found = Text(f"ô {cells.odd[0].ref} không rõ nội dung", f"cell {cells.odd[0].ref} is odd")
        raise UnreadableError(rules.DAMAGED, found=found)
    formats = zero_formats(book.package, book.sheets[name])
    texts = {
        number: {
            column: _shown(value, formats.get((number, column), 0))
            for column, value in row.items()
            if column < MOST_COLUMNS
        }
        for number, row in cells.contents.items()
    }
    _fill_merged(texts, cells.tail)
    rows = ((number, _texts(_dense(row))) for number, row in texts.items())
    filled = tuple(Row(number, row) for number, row in rows if row)
    last = filled[-1].line if filled else 0
    return Sheet(name, filled, last, name in book.hidden)


def _dense(row: Mapping[int, str]) -> Iterator[str]:
    return (row.get(column, "") for column in range(max(row, default=-1) + 1))


_EXACT = 1e15
"""Numbers from here on have lost digits in Excel, which keeps 15."""


def _shown(value: Raw, digits: int) -> str:
    """Return a value as text; a number with the zeros that its format shows in front.

    A number that has lost digits is shown as Excel shows it: ``1.23E+17``.
    """
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float() | int():
            if not float(value).is_integer():
                return repr(float(value))
            return f"{value:.2E}" if abs(value) >= _EXACT else f"{int(value):0{digits}}"
        case CellError():
            return value.code
        case _:
            return str(value)


_MERGED = re.compile(
    rb"""<(?:\w+:)?mergeCell\s+ref=["']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})["']"""
)
_MOST_FILLED = 200_000
"""Cells that are filled from merged ones; a range may be as large as the sheet."""


def _fill_merged(texts: dict[int, dict[int, str]], tail: bytes) -> None:
    """Give every row of a cell merged over several rows the text of the cell."""
    numbers = sorted(texts)
    left = _MOST_FILLED
    for found in _MERGED.finditer(tail):
        first, top, last, bottom = (part.decode() for part in found.groups())
        if first != last or top == bottom:
            continue
        column = column_index(first)
        text = texts.get(int(top), {}).get(column, "")
        if not text:
            continue
        begin = bisect_right(numbers, int(top))
        for number in numbers[begin : bisect_right(numbers, int(bottom))][:left]:
            texts[number].setdefault(column, text)
            left -= 1
