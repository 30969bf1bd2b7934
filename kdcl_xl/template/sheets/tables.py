"""Sheets with a table: self-assessment, problems, plan, progress."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.template.parts import (
    Parts,
    input_style,
    joined_messages,
    style_of,
    write_figure,
    write_heading,
    write_input,
)
from kdcl_xl.template.sheets.dropdowns import apply, prompt_of, rule_of
from kdcl_xl.template.sheets.live_checks import highlight, write_cell_checks
from kdcl_xl.xlsx.writer import Book, fit_row, paper, write_formula, write_value
from macros_free_validation.derive import DERIVATIONS, FIGURES, blank_rows, period_of
from macros_free_validation.judge import input_columns
from macros_free_validation.live import RIGHT, LiveSheet, live_sheet, understood
from macros_free_validation.plan import Plan, Record
from macros_free_validation.values import filled
from workbook_templates.layout import BLOCK_ROW, PlacedColumn, PlacedSheet
from workbook_templates.styles import RIGHT_STYLE

_INTRO_COLUMNS = 9
_WIDEST_PAGE = 240
"""Characters in a line that can still be read on an A4 page."""


def write_table(book: Book, ws: Worksheet, parts: Parts, placed: PlacedSheet) -> None:
    """Write a sheet with a table and, above it, its grid."""
    live = live_sheet(parts.layout, placed.key)
    write_heading(book, ws, placed, min(_INTRO_COLUMNS, len(placed.columns)))
    if placed.sheet.grid is not None:
        _write_grid(book, ws, parts, live)
    _write_headers(book, ws, placed)
    records = {record.row: record for record in parts.plan.rows(placed.key)}
    formulas = _formulas(book, parts, live)
    rows = range(placed.first_row, placed.last_row + 1)
    for blank in blank_rows(parts.layout, placed, rows, parts.plan.tables):
        _write_row(book, ws, parts, live, formulas, records.get(blank.row, blank))
    for rule in live.sheet_rules:
        message = parts.message(placed, 0, rule)
        write_formula(ws, placed.header_row - 1, rule.index, rule.formula, None, message)
    _validate(ws, parts.plan, placed)
    _highlight(book, ws, live)
    ws.set_column(live.first_hidden, live.last_index, 3, None, {"hidden": True})
    top = placed.header_row
    ws.freeze_panes(top, placed.sheet.frozen_columns)
    ws.autofilter(top - 1, 0, placed.last_row - 1, len(placed.columns) - 1)
    first_input = next(c for c in placed.columns if not c.column.locked)
    ws.set_selection(top, first_input.index, top, first_input.index)
    ws.set_zoom(90)
    paper(ws, landscape=placed.sheet.landscape, repeat=(top - 1, top - 1))
    last = _last_printed(placed)
    ws.print_area(0, 0, placed.last_row - 1, last)
    if sum(column.column.width for column in placed.columns[: last + 1]) > _WIDEST_PAGE:
        ws.fit_to_pages(2, 0)
        ws.repeat_columns(0, placed.sheet.frozen_columns - 1)


def _last_printed(placed: PlacedSheet) -> int:
    """Return the index of the last column that is printed: the one before the check's text."""
    return placed.column("check").index - 1


def _write_headers(book: Book, ws: Worksheet, placed: PlacedSheet) -> None:
    ws.set_row(placed.header_row - 1, 50)
    if placed.sheet.has_official_headings:
        _write_official_headings(book, ws, placed)
    for column in placed.columns:
        ws.set_column(column.index, column.index, column.column.width)
        mark = " *" if column.column.required else ""
        ws.write_string(
            placed.header_row - 1,
            column.index,
            column.column.header.vi + mark,
            book.style("header"),
        )


def _write_official_headings(book: Book, ws: Worksheet, placed: PlacedSheet) -> None:
    """Write the row of official columns above the headings of their fields."""
    row, style = placed.header_row - 2, book.style("header")
    for official, group in groupby(placed.columns, key=lambda c: c.column.under):
        columns = list(group)
        first, last = columns[0].index, columns[-1].index
        text = official.vi if official else ""
        if official and first < last:
            ws.merge_range(row, first, row, last, text, style)
            continue
        for index in range(first, last + 1):
            ws.write_string(row, index, text, style)


def _formulas(book: Book, parts: Parts, live: LiveSheet) -> dict[int, str]:
    """Return the formulas that all rows have in common, by column."""
    placed, at = live.sheet, live.place(parts.layout)
    found = {live.used_index: live.used_formula}
    found |= {index: key.excel(at) for key, index in live.keys.items()}
    found |= {rule.index: rule.formula for rule in live.row_rules}
    for meaning in live.meanings:
        found |= dict(zip(meaning.indexes, meaning.formulas, strict=True))
    for column in placed.columns:
        derived = column.column.derived or ""
        if derived == "status":
            found[column.index] = live.row_status(placed.first_row)
        elif derived == "check":
            found[column.index] = live.row_message(placed.first_row)
        elif derived in FIGURES:
            found[column.index] = FIGURES[derived].excel(at)
        elif derived in DERIVATIONS and not DERIVATIONS[derived].differs_by_row:
            found[column.index] = DERIVATIONS[derived].excel(at, placed.first_row)
    return {index: book.shared(formula) for index, formula in found.items()}


def _write_row(
    book: Book,
    ws: Worksheet,
    parts: Parts,
    live: LiveSheet,
    formulas: Mapping[int, str],
    record: Record,
) -> None:
    placed, layout, row = live.sheet, parts.layout, record.row
    messages = [parts.message(placed, row, rule) for rule in live.row_rules]
    period = period_of(parts.plan.cells.get("cover", {}))
    meant = [
        (meaning, meaning.values(record.values[meaning.meaning.input.index], period))
        for meaning in live.meanings
    ]
    said = joined_messages([*messages, understood(str(values[-1]) for _, values in meant)])
    used = any(filled(record.values[i]) for i in input_columns(placed))
    told = {"check": said, "status": live.status(messages, used=used)}
    for column in placed.columns:
        value, derived = record.values[column.index], column.column.derived
        style = style_of(column.column.type, locked=True, derived=derived)
        if derived in told:
            formula = formulas[column.index]
            write_formula(ws, row - 1, column.index, formula, book.style(derived), told[derived])
        elif derived == "criterion_of_row":
            write_value(ws, row - 1, column.index, value, book.style(style))
        elif derived:
            formula = formulas.get(column.index) or DERIVATIONS[derived].excel(
                live.place(layout), row
            )
            write_formula(ws, row - 1, column.index, formula, book.style(style), value)
        elif not layout.offered(placed, column.field, row):
            ws.write_blank(row - 1, column.index, None, book.style("closed"))
        else:
            write_value(ws, row - 1, column.index, value, book.style(input_style(column.column)))
    contents = [
        (told.get(c.column.derived or "", record.values[c.index]), _width_of_text(c))
        for c in placed.columns
        if not (c.column.derived or "").startswith("plan_")
    ]
    fit_row(ws, row - 1, contents)
    write_formula(ws, row - 1, live.used_index, formulas[live.used_index], None, used)
    for meaning, values in meant:
        for index, result in zip(meaning.indexes, values, strict=True):
            write_formula(ws, row - 1, index, formulas[index], None, result)
    for key, index in live.keys.items():
        value = key.result(record.values[placed.column(key.field).index], layout)
        write_formula(ws, row - 1, index, formulas[index], None, value)
    for rule, message in zip(live.row_rules, messages, strict=True):
        write_formula(ws, row - 1, rule.index, formulas[rule.index], None, message)


def _width_of_text(placed: PlacedColumn) -> float:
    """Return the width of a column in characters of its own font: the status has a smaller one."""
    return placed.column.width * (1.1 if placed.column.derived == "status" else 1)


def _validate(ws: Worksheet, plan: Plan, placed: PlacedSheet) -> None:
    layout = plan.layout
    for column in placed.columns:
        if column.column.locked:
            continue
        rule = rule_of(
            layout,
            placed,
            column.column.type,
            column.column.choices,
            column.column.header.vi,
            prompt_of(plan, column.column),
        )
        first = (placed.first_row - 1, column.index)
        last = (placed.last_row - 1, column.index)
        apply(ws, first, last, rule)
    for cell in placed.cells:
        if cell.cell.locked:
            continue
        rule = rule_of(layout, placed, cell.cell.type, None, "", "")
        apply(ws, (cell.row - 1, cell.index), (cell.row - 1, cell.index), rule)


def _highlight(book: Book, ws: Worksheet, live: LiveSheet) -> None:
    placed = live.sheet
    for column in placed.columns:
        if not column.column.locked:
            rows = (placed.first_row, placed.last_row)
            highlight(book, ws, live, column.field, column.index, rows)
    for cell in placed.cells:
        highlight(book, ws, live, cell.field, cell.index, (cell.row, cell.row))
    status = placed.column("status")
    ws.conditional_format(
        placed.first_row - 1,
        status.index,
        placed.last_row - 1,
        status.index,
        {
            "type": "cell",
            "criteria": "==",
            "value": f'"{RIGHT}"',
            "format": book.highlight("right", RIGHT_STYLE),
        },
    )


def _write_grid(book: Book, ws: Worksheet, parts: Parts, live: LiveSheet) -> None:
    placed = live.sheet
    grid = placed.sheet.grid
    assert grid is not None
    ws.write_string(BLOCK_ROW - 1, grid.first_column, grid.title.vi, book.style("header"))
    index = grid.first_column + 1
    for column in grid.columns:
        _merged(ws, BLOCK_ROW - 1, index, column.span)
        ws.write_string(BLOCK_ROW - 1, index, column.header.vi, book.style("header"))
        index += column.span
    ws.set_row(BLOCK_ROW - 1, 34)
    for row, (_, label) in enumerate(grid.rows, start=BLOCK_ROW):
        ws.write_string(row, grid.first_column, label.vi, book.style("label"))
        if grid.lines > 1:
            ws.set_row(row, 16 * grid.lines)
    if grid.footer is not None:
        last = BLOCK_ROW + grid.height - 1
        ws.write_string(last, grid.first_column, grid.footer.label.vi, book.style("label"))
    for cell in placed.cells:
        if cell.cell.derived:
            write_figure(book, ws, parts, live, cell)
            continue
        _merged(ws, cell.row - 1, cell.index, cell.span)
        value = parts.plan.cell(cell.field, placed.key)
        style = style_of(cell.cell.type, locked=False)
        for extra in range(1, cell.span):
            ws.write_blank(cell.row - 1, cell.index + extra, None, book.style(style))
        write_input(book, ws, cell.row - 1, cell.index, value, cell.cell.type)
    check = placed.column("check").index
    for row in sorted({cell.row for cell in placed.cells}):
        cells = [cell for cell in placed.cells if cell.row == row]
        write_cell_checks(book, ws, parts, live, cells, check)


def _merged(ws: Worksheet, row: int, index: int, span: int) -> None:
    if span > 1:
        ws.merge_range(row, index, row, index + span - 1, "")
