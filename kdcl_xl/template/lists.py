"""The lists sheet: the school's own units, and the locked lists behind the dropdowns."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.book import Book, paper, write_formula
from kdcl_xl.template.dropdowns import apply, rule_of
from kdcl_xl.template.parts import Parts, write_heading, write_input
from macros_free_validation.live import live_sheet
from workbook_templates.layout import EMPTY_LIST, PlacedSheet

_LIST_WIDTH = 22
_HEADING_COLUMNS = 5


def write_lists(book: Book, ws: Worksheet, parts: Parts, placed: PlacedSheet) -> None:
    """Write the lists sheet."""
    write_heading(book, ws, placed, _HEADING_COLUMNS)
    unit = placed.column("unit")
    top = placed.header_row - 1
    ws.set_row(top, 34)
    ws.set_column(unit.index, unit.index, unit.column.width)
    ws.set_column(EMPTY_LIST, EMPTY_LIST, 3)
    ws.write_string(top, unit.index, unit.column.header.vi, book.style("header"))
    records = {record.row: record for record in parts.plan.rows(placed.key)}
    for row in range(placed.first_row, placed.last_row + 1):
        value = records[row].values[unit.index] if row in records else None
        write_input(book, ws, row - 1, unit.index, value, unit.column.type)
    rule = rule_of(
        placed, unit.field, unit.column.type, None, unit.column.header.vi, unit.column.help.vi
    )
    apply(ws, (placed.first_row - 1, unit.index), (placed.last_row - 1, unit.index), rule)
    locked = book.style("locked_line")
    for area in parts.layout.areas:
        ws.set_column(area.index, area.index, _LIST_WIDTH)
        ws.write_string(top, area.index, area.header.vi, book.style("header"))
        for i, value in enumerate(area.values):
            ws.write_string(placed.first_row - 1 + i, area.index, value, locked)
    live = live_sheet(parts.layout, placed.key)
    at = live.place(parts.layout)
    for key, index in live.keys.items():
        for row in range(placed.first_row, placed.last_row + 1):
            value = records[row].values[unit.index] if row in records else None
            formula = book.shared(key.excel(at))
            result = key.result(value, parts.layout)
            write_formula(ws, row - 1, index, formula, None, result)
    ws.set_column(live.used_index, live.last_index, 3, None, {"hidden": True})
    ws.freeze_panes(placed.header_row, 0)
    ws.set_selection(placed.first_row - 1, unit.index, placed.first_row - 1, unit.index)
    paper(ws, landscape=True)
    ws.print_area(0, 0, placed.last_row - 1, _HEADING_COLUMNS - 1)
