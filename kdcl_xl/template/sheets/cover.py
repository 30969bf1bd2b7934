"""The cover sheet: single cells with their labels and their live checks."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.template.parts import Parts, style_of, write_figure, write_heading
from kdcl_xl.template.sheets.dropdowns import apply, prompt_of, rule_of
from kdcl_xl.template.sheets.live_checks import highlight, write_cell_checks
from kdcl_xl.xlsx.writer import LINE_HEIGHT, TALLEST_ROW, Book, lines_needed, paper
from macros_free_validation.live import live_sheet
from workbook_templates.layout import (
    BLOCK_ROW,
    COVER_CHECK,
    COVER_LABEL,
    COVER_VALUE,
    PlacedSheet,
)

_WIDTHS = (3, 34, 92, 44)


def write_cover(book: Book, ws: Worksheet, parts: Parts, placed: PlacedSheet) -> None:
    """Write the cover sheet."""
    live = live_sheet(parts.layout, placed.key)
    for index, width in enumerate(_WIDTHS):
        ws.set_column(index, index, width)
    write_heading(book, ws, placed, COVER_VALUE + 1)
    for cell in placed.cells:
        row = cell.row - 1
        value = parts.plan.cell(cell.field)
        mark = " *" if cell.cell.required else ""
        lines = max(cell.cell.lines, lines_needed(value, _WIDTHS[COVER_VALUE]))
        ws.set_row(row, min(TALLEST_ROW, LINE_HEIGHT * lines + 4))
        ws.write_string(row, COVER_LABEL, cell.cell.label.vi + mark, book.style("label"))
        style = style_of(cell.cell.type, locked=cell.cell.locked)
        style = "input_date_text_left" if style == "input_date_text" else style
        if cell.cell.derived:
            write_figure(book, ws, parts, live, cell)
        else:
            book.own(ws, row, cell.index, value, book.style(style))
        write_cell_checks(book, ws, parts, live, [cell], COVER_CHECK)
        highlight(book, ws, live, cell.field, cell.index, (cell.row, cell.row))
        rule = rule_of(
            parts.layout,
            placed,
            cell.cell.type,
            cell.cell.choices,
            cell.cell.label.vi,
            prompt_of(parts.plan, cell.cell),
        )
        apply(ws, (row, cell.index), (row, cell.index), rule)
    ws.set_column(live.first_hidden, live.last_index, 3, None, {"hidden": True})
    ws.freeze_panes(BLOCK_ROW - 1, COVER_VALUE)
    ws.set_selection(BLOCK_ROW - 1, COVER_VALUE, BLOCK_ROW - 1, COVER_VALUE)
    paper(ws, landscape=False)
    ws.print_area(0, 0, placed.cells[-1].row - 1, COVER_VALUE)
