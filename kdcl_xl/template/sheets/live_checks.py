"""The Excel judge on a sheet: checks of single cells, and highlights."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.template.parts import Parts, joined_messages
from kdcl_xl.xlsx.writer import Book, write_formula
from macros_free_validation.live import LiveSheet, understood
from macros_free_validation.rule import Severity
from macros_free_validation.understood import NO_PERIOD
from workbook_templates.layout import PlacedCell, letter_of
from workbook_templates.styles import MISSING_STYLE, SEVERITY_STYLES, Style


def highlight(
    book: Book, ws: Worksheet, live: LiveSheet, field: str, index: int, rows: tuple[int, int]
) -> None:
    """Colour the cells of a column (from 0, rows from 1) where a rule finds a fault.

    A cell that is still empty is only marked as missing, whatever the severity: its row may just
    be begun.
    """
    for severity in Severity:
        said = "&".join(
            text for rule, text in live.said_at(field, rows[0]) if rule.rule.severity is severity
        )
        if not said:
            continue
        cell = f"{letter_of(index)}{rows[0]}"
        looks: list[tuple[str, str, Style]] = [
            (f"=LEN({said})>0", severity, SEVERITY_STYLES[severity])
        ]
        if severity is not Severity.NOTE:
            looks.insert(0, (f"=AND(LEN({said})>0,ISBLANK({cell}))", "missing", MISSING_STYLE))
        for criteria, name, style in looks:
            ws.conditional_format(
                rows[0] - 1,
                index,
                rows[1] - 1,
                index,
                {
                    "type": "formula",
                    "criteria": criteria,
                    "format": book.highlight(name, style),
                    "stop_if_true": True,
                },
            )


def write_cell_checks(
    book: Book,
    ws: Worksheet,
    parts: Parts,
    live: LiveSheet,
    cells: Sequence[PlacedCell],
    check_index: int,
) -> None:
    """Write the helper cells of single cells in one row, and their joined messages."""
    rules = [(cell, rule) for cell in cells for rule in live.rules_at(cell.field)]
    meanings = [m for m in live.meanings if m.meaning.input in cells]
    if not rules and not meanings:
        return
    said = [parts.message(live.sheet, 0, rule) for _, rule in rules]
    how = []
    for meaning in meanings:
        placed = meaning.meaning.input
        values = meaning.values(parts.plan.cell(placed.field, live.sheet.key), NO_PERIOD)
        how.append(str(values[-1]))
        for index, formula, value in zip(meaning.indexes, meaning.formulas, values, strict=True):
            write_formula(ws, cells[0].row - 1, index, formula, None, value)
    for (cell, rule), message in zip(rules, said, strict=True):
        write_formula(ws, cell.row - 1, rule.index, rule.formula, None, message)
    formula = live.cell_message(cells)
    row = cells[0].row - 1
    write_formula(
        ws,
        row,
        check_index,
        formula,
        book.style("check"),
        joined_messages([*said, understood(how)]),
    )
