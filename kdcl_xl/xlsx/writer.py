"""Write workbooks with XlsxWriter: formats, values, formulas, row heights and print set-up.

Text from people is only ever written as text: nothing that begins with ``=`` becomes a
formula. The creation date is fixed, so that equal input gives equal bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from tempfile import TemporaryFile
from typing import IO, Any, Generic, TypeVar

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kdcl_xl.second_process import begin
from kdcl_xl.xlsx.long_rows import ERRORS, LONGEST_TEXT, Rows
from kdcl_xl.xlsx.packed_rows import PackedRows, Packing, pack
from kdcl_xl.xlsx.shared_formulas import finish, finished_parts, token
from kdcl_xl.xlsx.xlsxwriter_private import PlainWorksheet, shared_strings, style_number
from macros_free_validation.values import CellError, Raw
from workbook_templates.styles import BASE, STYLES

T = TypeVar("T")
CREATED = datetime(2026, 7, 7, tzinfo=UTC)
"""Fixed creation date of every workbook: the day the present regulation came into force."""

LONGEST_TITLE, LONGEST_PROMPT, LONGEST_ERROR = 32, 255, 224
"""Excel's limits for validation texts, in UTF-16 units (MS-OI29500 2.1.613)."""


def units_of(text: str) -> int:
    """Return the length of a text in UTF-16 units, which Excel counts."""
    return len(text.encode("utf-16-le")) // 2


def clipped(text: str, limit: int) -> str:
    """Return a text of at most ``limit`` UTF-16 units.

    Raises:
        ValueError: the text is longer. It has to be rewritten, never cut.
    """
    if units_of(text) > limit:
        raise ValueError(f"longer than {limit}: {text!r}")
    return text


@dataclass(frozen=True)
class RowsInWork(Generic[T]):
    """Rows that are being written; ``end`` waits until they are, and returns the writer's result.

    No workbook is finished before the end of its rows.
    """

    rows: Rows
    end: Callable[[], T]


class Book:
    """A workbook being written in memory."""

    def __init__(self, properties: Mapping[str, str], *, has_second_process: bool = False) -> None:
        """Begin a workbook with document properties."""
        self._has_second_process = has_second_process
        self._buffer = io.BytesIO()
        self.workbook = xlsxwriter.Workbook(
            self._buffer,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.workbook.set_properties({**properties, "created": CREATED.replace(tzinfo=None)})
        self._formats: dict[str, Format] = {}
        self._shared: dict[str, int] = {}
        self._rows: dict[str, Rows] = {}
        self._packing = Packing()
        # Texts that only this workbook has are written last; see `own`.
        self._own: list[tuple[Worksheet, int, int, Raw, Format | None]] = []
        self.common_texts: Mapping[str, int] = {}
        """The shared strings without this workbook's own; filled in when the book is finished."""
        # All formats in a fixed order: a format has the same number in every workbook.
        for name in STYLES:
            self.style(name)

    def style(self, name: str) -> Format:
        """Return the cell format of a named style."""
        if name not in self._formats:
            self._formats[name] = self.workbook.add_format({**BASE, **STYLES[name]})
        return self._formats[name]

    def format(self, properties: Mapping[str, object]) -> Format:
        """Add a format, for highlights."""
        return self.workbook.add_format(dict(properties))

    def highlight(self, name: str, properties: Mapping[str, object]) -> Format:
        """Return a highlight's format, added once however often it is used."""
        key = f"highlight {name}"
        if key not in self._formats:
            self._formats[key] = self.format(properties)
        return self._formats[key]

    def sheet(self, name: str, kind: type[Worksheet] = PlainWorksheet) -> Worksheet:
        """Add a sheet."""
        return self.workbook.add_worksheet(name, kind)

    def rows(
        self, styles: Sequence[str], write: Callable[[Rows], T], *, are_long: bool = False
    ) -> RowsInWork[T]:
        """Have ``write`` write rows that XlsxWriter does not; ``styles`` has one for each column.

        They are compressed while other sheets are written. Long ones are written in a second
        process, if there may be one; they begin before any others.
        """
        rows = Rows([self.style_number(name) for name in styles])
        if are_long and self._has_second_process:
            return RowsInWork(rows, _written_aside(rows, write))
        result = write(rows)
        rows.packed = self._packing.add(rows.file)
        self._has_second_process = False  # no copy would have the thread that compresses
        return RowsInWork(rows, lambda: result)

    def put(self, ws: Worksheet, rows: Rows) -> None:
        """Put rows on a sheet, below those that XlsxWriter writes."""
        self._rows[self.part_of(ws)] = rows

    def part_of(self, ws: Worksheet) -> str:
        """Return the name of the part that holds a sheet."""
        return f"xl/worksheets/sheet{self.workbook.worksheets().index(ws) + 1}.xml"

    def own(self, ws: Worksheet, row: int, col: int, value: Raw, style: Format | None) -> None:
        """Write a value that only this workbook has, last (row and column from 0).

        XlsxWriter numbers texts as they come. Those of the template therefore have the same
        numbers in every workbook of a layout, and sheets without own values the same bytes.
        """
        self._own.append((ws, row, col, value, style))

    def style_number(self, name: str) -> int:
        """Return the number of a named style in the file."""
        return style_number(self.style(name))

    def define(self, name: str, formula: str) -> None:
        """Define a name."""
        self.workbook.define_name(name, "=" + formula)

    def shared(self, formula: str) -> str:
        """Return the formula to write for one that many rows of a column share."""
        return token(self._shared.setdefault(formula, len(self._shared)))

    def finish(self, target: IO[bytes]) -> None:
        """Write the finished workbook to a file."""
        try:
            finish(target, self._closed(), list(self._shared), self._rows)
        finally:
            self._packing.end()

    def finished_parts(self) -> dict[str, bytes]:
        """Return the parts of the finished file; only for a book without :meth:`rows`."""
        return dict(finished_parts(self._closed(), list(self._shared)))

    def _closed(self) -> bytes:
        self.common_texts = shared_strings(self.workbook)
        for ws, row, col, value, style in self._own:
            write_value(ws, row, col, value, style)
        self.workbook.close()
        return self._buffer.getvalue()


def _written_aside(rows: Rows, write: Callable[[Rows], T]) -> Callable[[], T]:
    """Begin to write rows in a second process, and return a function that waits until they are."""
    packed = TemporaryFile()  # noqa: SIM115 - the finished workbook is made of it

    def work() -> tuple[T, int, Sequence[int]]:
        for file in (rows.file, packed):
            file.seek(0)
            file.truncate()
        return write(rows), rows.last_row, pack(rows.file, packed).sizes

    wait = begin(work)

    def end() -> T:
        result, rows.last_row, sizes = wait()
        packed.seek(0)
        rows.packed = Future()
        rows.packed.set_result(PackedRows(rows.file, packed, sizes))
        return result

    return end


def write_value(ws: Worksheet, row: int, col: int, value: Raw, style: Format | None) -> None:
    """Write a raw value with its own type (row and column from 0)."""
    if value is None or value == "":
        ws.write_blank(row, col, None, style)
    elif isinstance(value, str):
        ws.write_string(row, col, value[:LONGEST_TEXT], style)
    elif isinstance(value, bool):
        ws.write_boolean(row, col, value, style)
    elif isinstance(value, CellError) and value.code not in ERRORS:
        # Other programs have error values of their own, which Excel would call damaged.
        ws.write_string(row, col, value.code[:LONGEST_TEXT], style)
    elif isinstance(value, CellError):
        # XlsxWriter has no error values; a formula of the same name results in one.
        ws.write_formula(row, col, "=" + value.code, style, value.code)
    else:
        ws.write_number(row, col, value, style)


_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""A text such as `_x0041_` means «A» in a workbook (ECMA-376 ST_Xstring)."""


def write_formula(
    ws: Worksheet, row: int, col: int, formula: str, style: Format | None, value: Raw = ""
) -> None:
    """Write a formula with its cached result (row and column from 0)."""
    cached: Any = value.code if isinstance(value, CellError) else "" if value is None else value
    if isinstance(cached, str):
        # XlsxWriter escapes these in texts only.
        cached = _LIKE_AN_ESCAPE.sub("_x005F_", _NO_XML.sub("", cached))
    ws.write_formula(row, col, "=" + formula, style, cached)


LINE_HEIGHT = 15.0
TALLEST_ROW = 400.0
"""Heights in points; Excel allows at most 409."""
_CHARACTERS_A_WIDTH = 1.05
"""Characters of the text font in one unit of column width, as measured."""


def lines_needed(value: Raw, width: float) -> int:
    """Return the lines of a wrapped text in a column of some width, rather too many than few."""
    return lines_in(value, room_in(width)) if isinstance(value, str) else 1


def room_in(width: float) -> int:
    """Return the number of characters on one line of a column of some width."""
    return max(1, int(width * _CHARACTERS_A_WIDTH) - 1)


def lines_in(text: str, room: int) -> int:
    """Return the lines that a text takes with some room on each."""
    if "\n" not in text:
        return 1 + max(0, len(text) - 1) // room
    return sum(1 + max(0, len(line) - 1) // room for line in text.split("\n"))


def fit_row(ws: Worksheet, row: int, contents: Iterable[tuple[Raw, float]]) -> None:
    """Make a row (from 0) high enough for wrapped texts in columns of given widths."""
    height = height_for(max((lines_needed(*content) for content in contents), default=1))
    if height:
        ws.set_row(row, height)


def height_for(lines: int) -> float | None:
    """Return the height in points of a row whose texts take some lines; None for one line.

    Neither Excel nor LibreOffice measures the rows of a file that it did not save.
    """
    return min(TALLEST_ROW, LINE_HEIGHT * lines + 2) if lines > 1 else None


def official_paper(ws: PlainWorksheet) -> None:
    """Set up an official letter with wide tables (Nghị định 30/2020/NĐ-CP, Phụ lục I).

    A4 across, which the decree allows for tables in the text; margins of 20 mm above and below, 30
    mm on the left, 15 mm on the right; the page number centred at the top from page 2 on.
    """
    ws.set_paper(9)  # A4
    ws.set_landscape()
    ws.fit_to_pages(1, 0)  # 0: as many pages long as needed
    inch = 25.4
    ws.set_margins(left=30 / inch, right=15 / inch, top=20 / inch, bottom=20 / inch)
    ws.set_header('&C&"Times New Roman"&13&P', {"margin": 10 / inch})
    ws.number_from_second_page()


def paper(
    ws: Worksheet,
    *,
    landscape: bool,
    repeat: tuple[int, int] | None = None,
    margins: tuple[float, float] = (0.5, 0.4),
    footer: str = "Trang &P/&N",
) -> None:
    """Set up printing: A4, one page wide, page numbers, repeated rows (from 0).

    ``margins`` are the left and the right one, in inches.
    """
    ws.set_paper(9)  # A4
    if landscape:
        ws.set_landscape()
    ws.fit_to_pages(1, 0)  # 0: as many pages long as needed
    ws.set_margins(left=margins[0], right=margins[1], top=0.6, bottom=0.7)
    ws.set_footer("&C" + footer)
    if repeat:
        ws.repeat_rows(*repeat)
