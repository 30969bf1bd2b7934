"""The two halves of every cell that expressions compute, as a process with a mutant has them.

This module imports the package: only processes import it that have planted their mutant, or none.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from functools import lru_cache

import ironcalc

from macros_free_validation import judge, live
from macros_free_validation.derive import DERIVATIONS, FIGURES, blank_rows, complete_plan
from macros_free_validation.judge import input_columns
from macros_free_validation.plan import Plan
from macros_free_validation.values import Raw, filled
from tests.proof.expected import Kind, comparable
from tests.proof.mutants.rows import Area, Content, Formulas
from workbook_templates.layout import Layout, PlacedCell, PlacedColumn, PlacedSheet


def plan_of(layout: Layout, content: bytes) -> Plan:
    """Return the plan that somebody typed; computed cells are computed here."""
    typed: Content = pickle.loads(content)
    return complete_plan(layout, typed.cells, typed.rows)


def results(plan: Plan) -> dict[tuple[object, ...], Raw]:
    """Return what Python computes: messages of rules, computed cells, keys, rows in use."""
    found: dict[tuple[object, ...], Raw] = {}
    for sheet, rule, case, record in judge._live_hits(plan):
        words = judge._words(plan, sheet, record, rule, case)
        row = record.row if record else 0
        found["message", sheet.key, row, rule.id, case.field] = rule.message.vi.format(**words)
    layout = plan.layout
    keys = live._keys_of(layout)
    for sheet in layout.sheets:
        for cell in sheet.cells:
            if cell.cell.derived:
                value = plan.cell(cell.field, sheet.key)
                found["cell", sheet.key, cell.field] = comparable(value, Kind.FIGURE)
        for placed in sheet.hidden:
            if isinstance(placed, PlacedCell):
                value = comparable(plan.cell(placed.field, sheet.key), Kind.MEANING)
                found["cell", sheet.key, placed.field] = value
        computed = [c.index for c in sheet.columns if c.column.derived]
        computed += [p.index for p in sheet.hidden if isinstance(p, PlacedColumn)]
        inputs = input_columns(sheet)
        own = [(key, sheet.column(key.field).index) for key in keys if key.sheet == sheet.key]
        for record in plan.rows(sheet.key):
            place = (sheet.key, record.row)
            found["used", *place] = any(filled(record.values[index]) for index in inputs)
            for index in computed:
                found["column", *place, index] = comparable(record.values[index], Kind.FIGURE)
            for key, index in own:
                found["key", *place, key.name] = key.result(record.values[index], layout)
        used = {record.row for record in plan.rows(sheet.key)}
        unused = {sheet.first_row, sheet.last_row} - used if computed else ()
        for blank in blank_rows(layout, sheet, unused, plan.tables):
            for index in computed:
                value = comparable(blank.values[index], Kind.FIGURE)
                found["blank", sheet.key, blank.row, index] = value
    return found


@lru_cache(maxsize=32)
def formulas_of(layout: Layout) -> Formulas:
    """Return the formulas of all cells that expressions compute, by area.

    The formula of an area of several rows is that of its first row.
    """
    return {area: text for sheet in layout.sheets for area, text in _formulas(layout, sheet)}


def _formulas(layout: Layout, sheet: PlacedSheet) -> Iterator[tuple[Area, str]]:
    own = live.live_sheet(layout, sheet.key)
    at = own.place(layout)
    first, last = sheet.first_row, sheet.last_row
    used = own.used_formula and sheet.key != "lists"  # whose rows are in use where they are filled
    columns = {own.used_index: own.used_formula} if used else {}
    columns |= {index: key.excel(at) for key, index in own.keys.items()}
    columns |= {rule.index: rule.formula for rule in own.row_rules}
    for meaning in own.meanings:
        found = dict(zip(meaning.indexes, meaning.formulas, strict=True))
        placed_input = meaning.meaning.input
        if isinstance(placed_input, PlacedColumn):
            columns |= found
            continue
        row = placed_input.row
        yield from ((Area(sheet.name, index, row, row), text) for index, text in found.items())
    for placed in sheet.columns:
        name = placed.column.derived or ""
        if name in FIGURES:
            columns[placed.index] = FIGURES[name].excel(at)
        elif name == "criterion_of_row" or name not in DERIVATIONS:
            continue
        elif DERIVATIONS[name].differs_by_row:
            for row in range(first, last + 1):
                yield Area(sheet.name, placed.index, row, row), DERIVATIONS[name].excel(at, row)
        else:
            columns[placed.index] = DERIVATIONS[name].excel(at, first)
    for index, text in columns.items():
        yield Area(sheet.name, index, first, last), text
    for rule in own.sheet_rules:
        yield Area(sheet.name, rule.index, sheet.header_row, sheet.header_row), rule.formula
    for cell in sheet.cells:
        if cell.cell.derived:
            text = FIGURES[cell.cell.derived].excel(at)
            yield Area(sheet.name, cell.index, cell.row, cell.row), text
        for rule in own.rules_at(cell.field):
            yield Area(sheet.name, rule.index, cell.row, cell.row), rule.formula


def difference(model: bytes, values: bytes, formulas: Formulas, names: Mapping[str, str]) -> str:
    """Return the first cell whose formula gives another value than Python, or an empty text.

    The model is a workbook with Python's values in all cells; ``formulas`` are put into it.
    """
    # Half of all processes never come here, and are spared the reader of workbooks.
    from tests.proof.judges.ironcalc import enter, value_at
    from tests.proof.judges.rewriting import moved

    right: Mapping[str, Mapping[tuple[int, int], Raw]] = pickle.loads(values)
    book = ironcalc.load_from_bytes(model)
    sheets = {sheet["name"]: n for n, sheet in enumerate(book.get_worksheets_properties())}
    cells = []
    for area, text in formulas.items():
        sheet, column = sheets[area.sheet], area.column
        known = right[area.sheet]
        for row in range(area.first, area.last + 1):
            if (row, column) not in known:
                continue
            own = moved(text, row - area.first, 0) if row != area.first else text
            enter(book, sheet, (row, column), own, names)
            cells.append((area.sheet, sheet, row, column, known[row, column]))
    book.evaluate()
    for name, sheet, row, column, wanted in cells:
        said = comparable(value_at(book, sheet, row, column), Kind.FIGURE)
        if said != wanted:
            return f"{name} row {row} column {column}: {said!r}, Python {wanted!r}"
    return ""
