"""A thin layer over XlsxWriter that both kinds of workbook are written with.

Text from people is only ever written as text: nothing that starts with ``=``
can become a formula. The creation date is fixed, so that the same input gives
the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import CellFormulaTuple, Worksheet

from kdcl_xl.xlsx.long_rows import ERRORS, LONGEST_TEXT, Rows
from kdcl_xl.xlsx.shared_formulas import finish, finished_parts, token
from macros_free_validation.values import CellError, Raw
from workbook_templates.styles import BASE, STYLES

CREATED = datetime(2026, 7, 7, tzinfo=UTC)
"""Fixed creation date of every workbook: the day the present regulation came into force."""

LONGEST_TITLE, LONGEST_PROMPT, LONGEST_ERROR = 32, 255, 224
"""Excel's limits for validation texts, in UTF-16 units (MS-OI29500 2.1.613)."""


def units_of(text: str) -> int:
    """Length in UTF-16 units, as Excel counts."""
    return len(text.encode("utf-16-le")) // 2


def clipped(text: str, limit: int) -> str:
    """The text, if it fits.

    Raises:
        ValueError: it does not; the text has to be rewritten, never cut.
    """
    if units_of(text) > limit:
        raise ValueError(f"longer than {limit}: {text!r}")
    return text


def unmarked(text: str) -> str:
    """A text as XlsxWriter is to be given it, which takes ``<r>…</r>`` for markup of its own."""
    if text.startswith("<r>") and text.endswith("</r>"):
        return f'<r><t xml:space="preserve">{escape(text, quote=False)}</t></r>'
    return text


class Sheet(Worksheet):  # type: ignore[misc]
    """A sheet whose texts and formulas are written as they are.

    XlsxWriter looks each formula over for functions newer than Excel 2010; ours have none.
    """

    def _write_string(self, row: int, col: int, string: str, *style: Format | None) -> int:
        return int(super()._write_string(row, col, unmarked(string), *style))

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")

    def write_formula(
        self, row: int, col: int, formula: str, cell_format: Format | None = None, value: Any = 0
    ) -> int:
        """Write a formula, with or without its equals sign (row and column from 0)."""
        if self._check_dimensions(row, col):
            return -1
        self.table[row][col] = CellFormulaTuple(self._prepare_formula(formula), cell_format, value)
        return 0


class Book:
    """A workbook being written in memory."""

    def __init__(self, properties: Mapping[str, str]) -> None:
        """Begin a workbook with document properties."""
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
        self._own: list[tuple[Worksheet, int, int, Raw, Format | None]] = []
        self.common_texts: Mapping[str, int] = {}
        """The file's table of texts without those that are this workbook's own; filled in last."""
        for name in STYLES:
            self.style(name)

    def style(self, name: str) -> Format:
        """The cell format of a named style."""
        if name not in self._formats:
            self._formats[name] = self.workbook.add_format({**BASE, **STYLES[name]})
        return self._formats[name]

    def format(self, properties: Mapping[str, object]) -> Format:
        """A format of its own, for highlights."""
        return self.workbook.add_format(dict(properties))

    def highlight(self, name: str, properties: Mapping[str, object]) -> Format:
        """A highlight, made once however often it is used."""
        key = f"highlight {name}"
        if key not in self._formats:
            self._formats[key] = self.format(properties)
        return self._formats[key]

    def sheet(self, name: str, kind: type[Worksheet] = Sheet) -> Worksheet:
        """Add a sheet."""
        return self.workbook.add_worksheet(name, kind)

    def rows(self, ws: Worksheet, styles: Sequence[str]) -> Rows:
        """The rows that follow what is written of a sheet, a style for each column."""
        self._rows[self.part_of(ws)] = rows = Rows([self.style_number(name) for name in styles])
        return rows

    def part_of(self, ws: Worksheet) -> str:
        """The part of the file that a sheet stands in."""
        return f"xl/worksheets/sheet{self.workbook.worksheets().index(ws) + 1}.xml"

    def own(self, ws: Worksheet, row: int, col: int, value: Raw, style: Format | None) -> None:
        """Write, at the end, a value that is this workbook's own (row and column from 0).

        Texts are numbered as they come. So all others have the same numbers in every workbook
        of a layout, and the sheets in which they stand the same bytes.
        """
        self._own.append((ws, row, col, value, style))

    def style_number(self, name: str) -> int:
        """The number of a named style in the file."""
        return int(self.style(name)._get_xf_index())

    def define(self, name: str, formula: str) -> None:
        """Define a name."""
        self.workbook.define_name(name, "=" + formula)

    def shared(self, formula: str) -> str:
        """What to write for a formula that many rows of a column have in common."""
        return token(self._shared.setdefault(formula, len(self._shared)))

    def finish(self) -> bytes:
        """The whole file."""
        return finish(self._closed(), list(self._shared), self._rows)

    def finished_parts(self) -> dict[str, bytes]:
        """The parts of the whole file, for a book without rows that follow."""
        return dict(finished_parts(self._closed(), list(self._shared)))

    def _closed(self) -> bytes:
        self.common_texts = dict(self.workbook.str_table.string_table)
        for ws, row, col, value, style in self._own:
            write_value(ws, row, col, value, style)
        self.workbook.close()
        return self._buffer.getvalue()


def write_value(ws: Worksheet, row: int, col: int, value: Raw, style: Format | None) -> None:
    """Write a raw value as what it is (row and column from 0)."""
    if value is None or value == "":
        ws.write_blank(row, col, None, style)
    elif isinstance(value, str):
        ws.write_string(row, col, value[:LONGEST_TEXT], style)
    elif isinstance(value, bool):
        ws.write_boolean(row, col, value, style)
    elif isinstance(value, CellError) and value.code not in ERRORS:
        ws.write_string(row, col, value.code[:LONGEST_TEXT], style)
    elif isinstance(value, CellError):
        ws.write_formula(row, col, "=" + value.code, style, value.code)
    else:
        ws.write_number(row, col, value, style)


_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_formula(
    ws: Worksheet, row: int, col: int, formula: str, style: Format | None, value: Raw = ""
) -> None:
    """Write a formula with its true value cached (row and column from 0)."""
    cached: Any = value.code if isinstance(value, CellError) else "" if value is None else value
    if isinstance(cached, str):
        cached = _NO_XML.sub("", cached)  # of a formula's result XlsxWriter escapes no such thing
    ws.write_formula(row, col, "=" + formula, style, cached)


LINE_HEIGHT = 15.0
TALLEST_ROW = 400.0
"""Points; Excel takes no row over 409."""
_CHARACTERS_A_WIDTH = 1.05
"""Characters of the text font that go into one unit of column width."""


def lines_needed(value: Raw, width: float) -> int:
    """Lines a wrapped text takes in a column of that width, a little generously."""
    return _lines(value, room_in(width)) if isinstance(value, str) and value else 1


def room_in(width: float) -> int:
    """Characters of a text that stand on one line of a column of that width."""
    return max(1, int(width * _CHARACTERS_A_WIDTH) - 1)


def _lines(text: str, room: int) -> int:
    if len(text) <= room and "\n" not in text:
        return 1
    return sum(1 + max(0, len(line) - 1) // room for line in text.split("\n"))


def fit_row(ws: Worksheet, row: int, contents: Iterable[tuple[Raw, float]]) -> None:
    """Make a row (from 0) high enough for wrapped texts in columns of given widths."""
    height = height_for((value, room_in(width)) for value, width in contents)
    if height:
        ws.set_row(row, height)


def height_for(contents: Iterable[tuple[Raw, int]]) -> float | None:
    """Points that wrapped texts take in columns with that room; None for a plain row.

    Neither Excel nor LibreOffice measures rows of a file it did not save.
    """
    lines = 1
    for value, room in contents:
        if type(value) is str and (len(value) > room or "\n" in value):
            lines = max(lines, _lines(value, room))
    return min(TALLEST_ROW, LINE_HEIGHT * lines + 2) if lines > 1 else None


def paper(
    ws: Worksheet,
    *,
    landscape: bool,
    repeat: tuple[int, int] | None = None,
    margins: tuple[float, float] = (0.5, 0.4),
    footer: str = "Trang &P/&N",
) -> None:
    """Print set-up: A4, one page wide, page numbers, repeated rows (from 0).

    ``margins`` are those to the left and to the right, in inches.
    """
    ws.set_paper(9)
    if landscape:
        ws.set_landscape()
    ws.fit_to_pages(1, 0)
    ws.set_margins(left=margins[0], right=margins[1], top=0.6, bottom=0.7)
    ws.set_footer("&C" + footer)
    if repeat:
        ws.repeat_rows(*repeat)
