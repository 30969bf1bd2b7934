"""The lists sheet: the school's own units, and the locked lists behind the dropdowns."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.template.parts import Parts, write_heading, write_input
from kdcl_xl.template.sheets.dropdowns import apply, rule_of
from kdcl_xl.xlsx.writer import Book, fit_row, paper, write_formula
from macros_free_validation.live import live_sheet
from workbook_templates.layout import EMPTY_LIST, PlacedSheet

_NARROWEST, _WIDEST = 14, 90
_SPARE = 2
"""Characters that fit into a column beyond its width."""
_PRINTED_COLUMNS = EMPTY_LIST + 2
"""The units and the criteria; all other lists only serve the dropdowns."""


def write_lists(book: Book, ws: Worksheet, parts: Parts, placed: PlacedSheet) -> None:
    """Write the lists sheet."""
    write_heading(book, ws, placed, _PRINTED_COLUMNS)
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
        parts.layout, placed, unit.column.type, None, unit.column.header.vi, unit.column.help.vi
    )
    apply(ws, (placed.first_row - 1, unit.index), (placed.last_row - 1, unit.index), rule)
    locked = book.style("locked")
    listed: dict[int, list[tuple[str, float]]] = {}
    for area in parts.layout.areas:
        width = max(_NARROWEST, min(_WIDEST, max(map(len, area.values))))
        ws.set_column(area.index, area.index, width)
        ws.write_string(top, area.index, area.header.vi, book.style("header"))
        for row, value in enumerate(area.values, start=placed.first_row - 1):
            ws.write_string(row, area.index, value, locked)
            listed.setdefault(row, []).append((value, width + _SPARE))
    for row, contents in listed.items():
        fit_row(ws, row, contents)
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
    paper(ws, landscape=False)
    ws.print_area(0, 0, placed.last_row - 1, _PRINTED_COLUMNS - 1)
