"""The values of a plan that its form does not print as they are typed, for the next import.

Which these are follows from the print declarations of the form.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator

from kdcl_xl.document.letter import subject
from kdcl_xl.document.notes import Place
from kdcl_xl.importing.carried import (
    Carried,
    CarriedRow,
    is_own,
    plain_words,
    printed_cells,
    printed_columns,
    prints_of,
)
from kdcl_xl.template.stamp import Stamp, structure_of
from macros_free_validation.plan import Plan, Record
from macros_free_validation.printed import TableRows, capitals, cell_text
from macros_free_validation.values import Raw, filled, is_number, key
from workbook_templates.declare import PrintTable, Rows
from workbook_templates.layout import PlacedColumn, PlacedSheet


def unprinted(plan: Plan, shown: Collection[Place]) -> Carried:
    """Return the values that the document of a plan carries.

    ``shown`` are the places of the single cells that the document shows in any words.
    """
    layout = plan.layout
    as_typed = printed_cells(layout)
    cells: dict[str, dict[str, Raw]] = {}
    others = set()
    for sheet in _inputs(plan):
        for placed in sheet.cells:
            value = plan.cell(placed.field, sheet.key)
            is_input = not placed.cell.locked and placed.cell.derived is None
            if is_input and _is_carried(value) and (sheet.key, placed.field) not in as_typed:
                cells.setdefault(sheet.key, {})[placed.field] = value
                if (sheet.name, placed.ref) in shown:
                    others.add(placed.field)
    tables = [table for printed in prints_of(layout) for table in printed.tables]
    rows = [row for table in tables for row in _printed_rows(plan, table)]
    sources = {table.source for table in tables}
    rows += [row for s in _inputs(plan) if s.key not in sources for row in _other_rows(plan, s)]
    head = (
        capitals(cell_text(plan, "parent_body")).value,
        capitals(cell_text(plan, "school_name")).value,
        subject(plan),
    )
    words = tuple(text for line in head if (text := plain_words(line)))
    return Carried(_stamp(plan), words, cells, frozenset(others), tuple(rows))


def _stamp(plan: Plan) -> Stamp:
    """Return the stamp of a plan: a kind or a year that its cover does not say is empty."""
    layout, label = plan.layout, key(plan.cell("school_kind"))
    kind = next((k.id for k in layout.regulation.kinds if key(k.label.vi) == label), "")
    year, code = plan.text("school_year")[:_LONGEST_WORD], plan.text("school_code")[:_LONGEST_WORD]
    return Stamp(
        layout.form.id,
        layout.regulation.id,
        kind,
        year if year.isascii() else "",
        layout.rows,
        code if code.isascii() else "",
        structure_of(layout),
        limits=layout.limits,
    )


_LONGEST_WORD = 20
"""Characters of a year or a code in the stamp, which is a short line."""


def _inputs(plan: Plan) -> Iterator[PlacedSheet]:
    return (sheet for sheet in plan.layout.sheets if sheet.sheet.printed is None)


def _is_carried(value: Raw) -> bool:
    """Return whether a value can be carried: the document shows no error values either."""
    is_finite = is_number(value) and math.isfinite(value)
    return filled(value) and (isinstance(value, str | bool) or is_finite)


def _is_as_typed(sheet: PlacedSheet, placed: PlacedColumn, value: Raw) -> bool:
    """Return whether a printed value is read from paper as it was typed.

    A choice, a date and an amount may be typed in more than one way.
    """
    has_meaning = any(meaning.input == placed for meaning in sheet.meanings)
    return isinstance(value, str) and not has_meaning and placed.column.choices is None


def _values(plan: Plan, sheet: PlacedSheet, record: Record) -> dict[str, Raw]:
    printed = printed_columns(plan.layout)
    found = {}
    for placed in sheet.columns:
        value = record.values[placed.index]
        if placed.column.locked or not _is_carried(value):
            continue
        if (sheet.key, placed.field) in printed and _is_as_typed(sheet, placed, value):
            continue
        found[placed.field] = value
    return found


def _printed_rows(plan: Plan, table: PrintTable) -> Iterator[CarriedRow]:
    source = TableRows(plan.layout, table)
    positions = {record.row: nth for nth, record in enumerate(plan.rows(table.source))}
    beside = [s for s in _inputs(plan) if _is_beside(source.source, s)]
    reports = {s.key: {record.row: record for record in plan.rows(s.key)} for s in beside}
    for row in source.values(plan):
        texts = zip(table.columns, row.texts, strict=True)
        words = (plain_words(text) for column, text in texts if is_own(column))
        values = {table.source: _values(plan, source.source, row.record)}
        for sheet in beside:
            own = reports[sheet.key].get(row.record.row - source.source.first_row + sheet.first_row)
            values[sheet.key] = _values(plan, sheet, own) if own else {}
        values = {name: fields for name, fields in values.items() if fields}
        position = positions[row.record.row]
        yield CarriedRow(table.source, position, tuple(filter(None, words)), values)


def _is_beside(table: PlacedSheet, sheet: PlacedSheet) -> bool:
    """Return whether each row of a sheet belongs to the row of a table at the same position."""
    return sheet.key != table.key and sheet.sheet.rows is table.sheet.rows is Rows.PLAN


def _other_rows(plan: Plan, sheet: PlacedSheet) -> Iterator[CarriedRow]:
    """Yield the rows of a sheet that is not printed: of criteria, or of a list."""
    if sheet.sheet.rows is Rows.PLAN:
        return
    criteria = plan.layout.regulation.criteria
    for nth, record in enumerate(plan.rows(sheet.key)):
        at = record.row - sheet.first_row
        is_criterion = sheet.sheet.rows is Rows.CRITERIA and at < len(criteria)
        values = _values(plan, sheet, record)
        if values:
            words = (criteria[at].code,) if is_criterion else ()
            yield CarriedRow(sheet.key, nth, words, {sheet.key: values})
