"""Find content outside the input cells: stray cells, typed formulas, extra sheets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from kdcl_xl.submission.flood import rest_of
from kdcl_xl.template.locked import input_places
from kdcl_xl.xlsx.areas import place_in
from kdcl_xl.xlsx.cells import SheetCells
from kdcl_xl.xlsx.formulas import Formulas
from kdcl_xl.xlsx.workbook import Workbook
from macros_free_validation.rule import Finding, finding
from macros_free_validation.rules import workbook as rules
from macros_free_validation.values import LONGEST_SHOWN, Raw, filled, show
from workbook_templates.forms.sheets import FORMER_PRINT_OUTS
from workbook_templates.layout import (
    COVER_CHECK,
    Layout,
    PlacedSheet,
    left_behind_sheet,
    letter_of,
    sent_back_sheet,
    to_review_sheet,
)
from workbook_templates.text import Text, fold

Stray = tuple[int, int, Raw]
"""Row (from 1), column (from 0) and value of a cell outside the inputs."""


def cells_under_no_heading(placed: PlacedSheet, content: SheetCells) -> Iterator[Finding]:
    """Yield a finding for the values in columns that the form does not have."""
    own = {column.field for column in placed.sheet.columns}
    others = [column.index for column in placed.columns if column.field not in own]
    rows = range(placed.header_row, placed.last_row + 1)
    places = ((row, index, content.get(row, index)) for row in rows for index in others)
    yield from stray_blocks(placed, (place for place in places if filled(place[2])))


def stray_cells(layout: Layout, placed: PlacedSheet, content: SheetCells) -> Iterator[Finding]:
    """Yield a finding for each block of values below the table, beside the inputs or far away.

    Far cells that the file has beyond those at hand are counted by a last finding. Formulas
    outside the inputs are our own, or found as tampering.
    """
    far = [(*place_in(ref)[::-1], value) for ref, value in content.far.items()]
    found = list(stray_blocks(placed, chain(_near(layout, placed, content), sorted_by_row(far))))
    yield from found
    count = content.far_count - len(content.far)
    if count:
        yield rest_of(found[0], count)


def sorted_by_row(places: Iterable[Stray]) -> list[Stray]:
    """Return cells in the order of their rows and columns."""
    return sorted(places, key=lambda place: place[:2])


def stray_blocks(placed: PlacedSheet, places: Iterable[Stray]) -> Iterator[Finding]:
    """Yield one finding for each block of cells in neighbouring rows; the rows are in order.

    Only a block at a time is at hand: a paste may have hundreds of thousands of cells.
    """
    block: _Block | None = None
    for row, column, value in places:
        if block is not None and row <= block.last + 1:
            block.last, block.count = row, block.count + 1
            block.left, block.right = min(block.left, column), max(block.right, column)
            continue
        if block is not None:
            yield block.finding(placed)
        block = _Block(row, row, column, column, value)
    if block is not None:
        yield block.finding(placed)


@dataclass
class _Block:
    """The cells outside the inputs in neighbouring rows: bounds, the first value, their number."""

    first: int
    last: int
    left: int
    right: int
    value: Raw
    count: int = 1

    def finding(self, placed: PlacedSheet) -> Finding:
        """Return the finding on the block."""
        start = f"{letter_of(self.left)}{self.first}"
        value = "…" if self.value is None else show(self.value, as_date=False)
        if self.count == 1:
            return stray_cell(placed, start, value)
        cells = f"{start}:{letter_of(self.right)}{self.last}"
        where = Text(
            f"Vùng {cells} có {self.count} ô có nội dung (trước hết là «{value}»)",
            f"Area {cells} has {self.count} cells with contents (the first is '{value}')",
        )
        return _stray(placed, cells, self.first, value, where)


def _near(layout: Layout, placed: PlacedSheet, content: SheetCells) -> Iterator[Stray]:
    """Yield the stray cells that are not far away, in the order of their rows."""
    width = len(placed.columns) or COVER_CHECK
    last = placed.last_row or max((c.row for c in placed.cells), default=0)
    if placed.key == "lists":
        width = max(area.index for area in layout.areas) + 1
        longest = max(len(area.values) for area in layout.areas)
        last = max(last, placed.first_row + longest - 1)
    for number in sorted(content.values):
        start = 0 if number > last else width
        for index, value in content.values[number].items():
            if index >= start and filled(value):
                yield number, index, value


def uncomputed_formulas(placed: PlacedSheet, content: SheetCells) -> Iterator[Finding]:
    """Yield a finding for each formula in an input cell that has no result in the file."""
    for ref, row, index, field in input_formulas(placed, content):
        if content.get(row, index) is None:
            yield finding(
                rules.NOT_COMPUTED,
                sheet=placed.name,
                cell=ref,
                row=None if placed.has_cell(field) else row,
                field=field,
            )


def input_formulas(placed: PlacedSheet, content: SheetCells) -> Iterator[tuple[str, int, int, str]]:
    """Yield address, row, column and field of each input cell with a formula, in order."""
    for ref, place in content.formulas.once(_inputs_with_formula, placed):
        yield ref.decode(), *place


def _inputs_with_formula(
    formulas: Formulas, placed: PlacedSheet
) -> Sequence[tuple[bytes, tuple[int, int, str]]]:
    places = input_places(placed)
    # Nearly every sheet: a set operation instead of a loop over hundreds of inputs.
    if places.keys().isdisjoint(formulas.cells):
        return ()
    return [(ref, place) for ref, place in places.items() if ref in formulas.cells]


def stray_cell(placed: PlacedSheet, cell: str, value: str) -> Finding:
    """Return the finding that a cell outside the inputs holds a value."""
    where = Text(f"Ô {cell} có nội dung «{value}»", f"Cell {cell} holds '{value}'")
    return _stray(placed, cell, int(re.sub(r"\D", "", cell)), value, where)


def _stray(placed: PlacedSheet, cells: str, row: int, value: str, where: Text) -> Finding:
    words = {"cell": cells, "value": value, "where": where}
    return finding(
        rules.STRAY_CELLS, sheet=placed.name, cell=cells, row=row, value=value, words=words
    )


def extra_sheets(workbook: Workbook, layout: Layout) -> list[str]:
    """Return the names of the sheets that are not of the form, a migration or our requests."""
    known = {*(sheet.name for sheet in layout.sheets), *FORMER_PRINT_OUTS}
    extra = [name for name in workbook.sheets if name not in known]
    # A long list continues on sheets whose names begin alike.
    named = {name: placed for name in extra for placed in _OURS if name.startswith(placed.name)}
    contents = workbook.readable(named)
    ours = {name for name, content in contents.items() if _has_headings(named[name], content)}
    return [name for name in extra if name not in ours]


_OURS = (left_behind_sheet(0), sent_back_sheet(0), to_review_sheet(0))
"""The sheets that the tool adds beside the form."""


def _has_headings(placed: PlacedSheet, content: SheetCells) -> bool:
    found = (content.get(placed.header_row, column.index) for column in placed.columns)
    return all(
        isinstance(value, str) and fold(value) in map(fold, column.column.headings)
        for value, column in zip(found, placed.columns, strict=True)
    )


def extra_sheet_findings(workbook: Workbook, names: list[str]) -> Iterator[Finding]:
    """Yield a finding for each sheet that the form does not have.

    One that is damaged is noted as passed over, and has a finding of its own.
    """
    for name in names:
        if workbook.fault(name) is None:
            words = {"found": name[:LONGEST_SHOWN]}
            yield finding(rules.UNREAD_SHEET, sheet=name, words=words)
