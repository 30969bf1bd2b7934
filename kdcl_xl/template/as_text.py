"""Real dates and numbers as the text that a person would type.

Cells for dates and amounts are in text format, in which a real date would show as its serial
number. A date with a time of day, a negative amount or one with decimals stays as it is, so that
nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping

from macros_free_validation.amount_text import ABSURD, money
from macros_free_validation.derive import complete_plan
from macros_free_validation.plan import Plan
from macros_free_validation.values import Raw, is_date, is_number, to_date
from workbook_templates.declare import MEANINGS, Type
from workbook_templates.layout import PlacedSheet


def as_text(value: Raw, kind: Type) -> Raw:
    """Return a real date as ``dd/mm/yyyy``, an amount with dots, and any other value as it is."""
    if not is_number(value):
        return value
    number = float(f"{value:.15g}")  # the digits that a program keeps
    if kind is Type.DATE and is_date(number) and number.is_integer():
        return to_date(number).strftime("%d/%m/%Y")
    if kind is Type.MONEY and 0 <= number < ABSURD and number.is_integer():
        return money(number)
    return value


def with_typed_text(plan: Plan) -> Plan:
    """Return a plan whose dates and amounts are text; the plan itself if they are already."""
    sheets = plan.layout
    cells = {k: _cells(plan, k, found) for k, found in plan.cells.items() if sheets.has_sheet(k)}
    rows = {key: _rows(plan, key) for key in plan.tables}
    same_cells = all(dict(plan.cells[key]) == found for key, found in cells.items())
    same_rows = all(
        record.values[: len(values)] == tuple(values)
        for key, found in rows.items()
        for record, (_, values) in zip(plan.tables[key], found, strict=True)
    )
    return plan if same_cells and same_rows else complete_plan(plan.layout, cells, rows)


def _cells(plan: Plan, key: str, found: Mapping[str, Raw]) -> dict[str, Raw]:
    typed = dict(found)
    for placed in plan.layout.sheet(key).cells:
        if placed.cell.type in MEANINGS and not placed.cell.locked and placed.field in typed:
            typed[placed.field] = as_text(typed[placed.field], placed.cell.type)
    return typed


def _rows(plan: Plan, key: str) -> list[tuple[int, list[Raw]]]:
    sheet = plan.layout.sheet(key)
    kinds = _kinds(sheet)
    rows = []
    for record in plan.tables[key]:
        values = list(record.values[: len(sheet.columns)])
        for index, kind in kinds.items():
            values[index] = as_text(values[index], kind)
        rows.append((record.row, values))
    return rows


def _kinds(sheet: PlacedSheet) -> dict[int, Type]:
    return {
        c.index: c.column.type
        for c in sheet.columns
        if c.column.type in MEANINGS and not c.column.locked
    }
