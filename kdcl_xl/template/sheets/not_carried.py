"""The sheet of a migrated workbook for values that have no place in its template."""

from __future__ import annotations

from collections.abc import Sequence

from kdcl_xl.template.not_carried import LeftBehind, left_behind_sheets, rows_of
from kdcl_xl.template.parts import protect, write_heading
from kdcl_xl.xlsx.writer import Book, fit_row, paper, write_value
from workbook_templates.layout import PlacedSheet, left_behind_sheet
from workbook_templates.styles import TAB_COLOURS


def write_left_behind(book: Book, left: Sequence[LeftBehind], password: str) -> None:
    """Write the sheet, and further ones where it is too short for all values."""
    for name, entries in left_behind_sheets(left):
        _write(book, name, left_behind_sheet(len(entries)), entries, password)


def _write(
    book: Book, name: str, placed: PlacedSheet, entries: Sequence[LeftBehind], password: str
) -> None:
    ws = book.sheet(name)
    ws.set_tab_color(TAB_COLOURS[placed.key])
    write_heading(book, ws, placed, len(placed.columns))
    ws.set_row(placed.header_row - 1, 34)
    for column in placed.columns:
        ws.set_column(column.index, column.index, column.column.width)
        ws.write_string(
            placed.header_row - 1, column.index, column.column.header.vi, book.style("header")
        )
    value_index = placed.column("value").index
    for row, (entry, values) in enumerate(
        zip(entries, rows_of(placed, entries), strict=True), start=placed.header_row
    ):
        for index, value in enumerate(values):
            is_day = index == value_index and entry.is_day
            write_value(ws, row, index, value, book.style("cell_day" if is_day else "cell"))
        widths = (column.column.width for column in placed.columns)
        fit_row(ws, row, zip(values, widths, strict=True))
    ws.freeze_panes(placed.header_row, placed.sheet.frozen_columns)
    ws.autofilter(placed.header_row - 1, 0, placed.last_row - 1, len(placed.columns) - 1)
    paper(ws, landscape=True, repeat=(placed.header_row - 1, placed.header_row - 1))
    protect(ws, password)
