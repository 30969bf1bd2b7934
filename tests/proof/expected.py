"""The Python half of a whole workbook: the result of every formula cell, and its kind.

The writer of the workbook stores beside each formula the result that Python computes from the
plan and the same declarations. These results are compared with those of spreadsheet programs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from macros_free_validation.live import live_sheet
from macros_free_validation.values import CellError, Raw
from tests.proof.judges.base import Place, Values, results_in
from workbook_templates.layout import (
    COVER_CHECK,
    Layout,
    PlacedCell,
    PlacedColumn,
    PlacedSheet,
    letter_of,
)


class Kind(StrEnum):
    """The purpose of a formula cell."""

    VERDICT = "verdict of a rule"
    JOINED = "joined text of «Kiểm tra»"
    USED = "row in use"
    KEY = "key that rows are counted by"
    FIGURE = "computed value"
    MEANING = "meaning of a date or an amount"
    CHECKS = "trang «Kiểm tra»"
    PRINTED = "print-out"


@dataclass(frozen=True, slots=True)
class FormulaCell:
    """A formula cell of a layout; ``rule`` is the id of the rule of a verdict."""

    kind: Kind
    rule: str = ""


Kinds = Mapping[str, Mapping[Place, FormulaCell]]
"""The formula cells of a layout, as its declarations have them, by sheet."""


class UncoveredError(AssertionError):
    """Some formula cell of a workbook has no result in Python."""


def expected(workbook: bytes, layout: Layout) -> Values:
    """Return Python's results of all formula cells of a workbook of ours.

    Raises:
        UncoveredError: a formula cell is in no declaration, or a declared one has no formula.
    """
    return declared(results_in(workbook), layout)


def declared(read: Values, layout: Layout, beside: Collection[str] = ()) -> Values:
    """Return the results of the formula cells that a layout declares, out of those of a file.

    Sheets ``beside`` those of the layout are left out; any other sheet is an error. A typed error
    value is a formula too in the file; inputs are no formula cells here.

    Raises:
        UncoveredError: a formula cell is in no declaration, or a declared one has no formula.
    """
    kinds, free = kinds_of(layout), free_sheets(layout)
    odd = [name for name in read if name not in kinds and name not in beside]
    found: dict[str, Mapping[Place, Raw]] = {}
    for sheet in layout.sheets:
        inputs = typed_places(sheet)
        cells = {place: read[sheet.name][place] for place in read[sheet.name].keys() - inputs}
        found[sheet.name] = cells
        if sheet.name not in free:
            places = cells.keys() ^ kinds[sheet.name].keys()
            odd += [f"{sheet.name}!{letter_of(c)}{r}" for r, c in sorted(places)]
    if odd:
        raise UncoveredError(f"no result in Python, or no formula: {', '.join(odd[:20])}")
    return found


@lru_cache(maxsize=256)
def typed_places(sheet: PlacedSheet) -> frozenset[Place]:
    """Return the places of values on a sheet that are no results, the locked ones included."""
    rows = range(sheet.first_row, sheet.last_row + 1 if sheet.columns else 0)
    columns = [c.index for c in sheet.columns if c.column.derived in (None, "criterion_of_row")]
    cells = frozenset((c.row, c.index) for c in sheet.cells if c.cell.derived is None)
    return cells | {(row, index) for row in rows for index in columns}


def free_sheets(layout: Layout) -> frozenset[str]:
    """Return the names of sheets all of whose formulas are of one kind, wherever they are."""
    return frozenset(s.name for s in layout.sheets if s.key == "checks" or s.sheet.printed)


def cell_at(layout: Layout, sheet: str, place: Place) -> FormulaCell:
    """Return the declaration of a formula cell."""
    return kinds_of(layout)[sheet].get(place) or _FREE[sheet in _printed(layout)]


_FREE = {True: FormulaCell(Kind.PRINTED), False: FormulaCell(Kind.CHECKS)}


def _printed(layout: Layout) -> frozenset[str]:
    return frozenset(s.name for s in layout.sheets if s.sheet.printed)


@lru_cache(maxsize=64)
def kinds_of(layout: Layout) -> Kinds:
    """Return the formula cells of all sheets but the print-outs and the check sheet."""
    return {sheet.name: dict(_cells(layout, sheet)) for sheet in layout.sheets}


def _cells(layout: Layout, sheet: PlacedSheet) -> Iterator[tuple[Place, FormulaCell]]:
    live = live_sheet(layout, sheet.key)
    rows = range(sheet.first_row, sheet.last_row + 1 if sheet.columns else 0)
    columns: dict[int, FormulaCell] = {}
    for rule in live.sheet_rules:
        yield (sheet.header_row, rule.index), FormulaCell(Kind.VERDICT, rule.rule.id)
    if live.used_formula and sheet.key != "lists":
        columns[live.used_index] = FormulaCell(Kind.USED)
    columns |= {index: FormulaCell(Kind.KEY) for index in live.keys.values()}
    meanings = [m for m in live.meanings if isinstance(m.meaning.input, PlacedColumn)]
    columns |= {index: FormulaCell(Kind.MEANING) for m in meanings for index in m.indexes}
    columns |= {r.index: FormulaCell(Kind.VERDICT, r.rule.id) for r in live.row_rules}
    for placed in sheet.columns:
        derived = placed.column.derived
        if derived in ("check", "status"):
            columns[placed.index] = FormulaCell(Kind.JOINED)
        elif derived and derived != "criterion_of_row":
            columns[placed.index] = FormulaCell(Kind.FIGURE)
    yield from (((row, index), cell) for row in rows for index, cell in columns.items())
    beside = sheet.column("check").index if sheet.columns and sheet.cells else COVER_CHECK
    for meaning in live.meanings:
        if isinstance(meaning.meaning.input, PlacedCell):
            row = meaning.meaning.input.row
            yield from (((row, index), FormulaCell(Kind.MEANING)) for index in meaning.indexes)
            yield (row, beside), FormulaCell(Kind.JOINED)
    for single in sheet.cells:
        if single.cell.derived:
            yield (single.row, single.index), FormulaCell(Kind.FIGURE)
        for rule in live.rules_at(single.field):
            yield (single.row, rule.index), FormulaCell(Kind.VERDICT, rule.rule.id)
            yield (single.row, beside), FormulaCell(Kind.JOINED)


_TINY = 2e-14
"""A copied number nearer to 0 counts as 0: IronCalc is given another one in its place."""


def comparable(value: Raw, kind: Kind) -> Raw:
    """Return a result without what may differ: errors, line ends, digits, the decimal sign.

    XlsxWriter stores a text that spells an error as that error. In XML a carriage return in a
    result is a line feed. The decimal sign of a number in
    a print-out is that of the program's language, which need not be Vietnamese.
    """
    if isinstance(value, CellError):
        value = value.code
    is_copy = kind in (Kind.FIGURE, Kind.MEANING)
    if is_copy and isinstance(value, float) and abs(value) < _TINY:
        return 0.0
    if isinstance(value, float):  # the digits that Excel compares and LibreOffice saves
        return float(f"{value:.15g}")
    if isinstance(value, str):
        value = value.replace("\r\n", "\n").replace("\r", "\n")
        return value.replace(".", ",") if kind is Kind.PRINTED else value
    return value
