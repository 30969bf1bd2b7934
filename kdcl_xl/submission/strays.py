"""Find content outside the input cells: stray cells, typed formulas, extra sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from kdcl_xl.submission.flood import rest_of
from kdcl_xl.template.locked import input_places
from kdcl_xl.xlsx.areas import span_of
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
from workbook_templates.text import fold


def cells_under_no_heading(placed: PlacedSheet, content: SheetCells) -> Iterator[Finding]:
    """Yield a finding for each value in a column that the form does not have."""
    own = {column.field for column in placed.sheet.columns}
    for column in placed.columns:
        for row in range(placed.header_row, placed.last_row + 1):
            value = content.get(row, column.index)
            if column.field not in own and filled(value):
                shown = show(value, as_date=False)
                yield stray_cell(placed, f"{column.letter}{row}", shown)


def stray_cells(
    layout: Layout, placed: PlacedSheet, content: SheetCells, most: int
) -> Iterator[Finding]:
    """Yield a finding for each value below the table, beside the input cells or far away.

    After ``most`` of them a last one counts the others. Formulas outside the inputs are our
    own, or found as tampering.
    """
    places = chain(_near(layout, placed, content), content.far.items())
    found = [
        stray_cell(placed, ref, "…" if value is None else show(value, as_date=False))
        for ref, value in islice(places, most)
    ]
    yield from found
    rest = [ref for ref, _ in places]
    count = len(rest) + content.far_count - len(content.far)
    if count:
        yield rest_of(found[0], count, map(span_of, rest))


def _near(layout: Layout, placed: PlacedSheet, content: SheetCells) -> Iterator[tuple[str, Raw]]:
    """Yield address and value of each stray cell that is not far away."""
    width = len(placed.columns) or COVER_CHECK
    last = placed.last_row or max((c.row for c in placed.cells), default=0)
    if placed.key == "lists":
        width = max(area.index for area in layout.areas) + 1
        longest = max(len(area.values) for area in layout.areas)
        last = max(last, placed.first_row + longest - 1)
    for number, values in content.values.items():
        start = 0 if number > last else width
        for index, value in values.items():
            if index >= start and filled(value):
                yield f"{letter_of(index)}{number}", value


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
    return finding(
        rules.STRAY_CELLS,
        sheet=placed.name,
        cell=cell,
        row=int(re.sub(r"\D", "", cell)),
        value=value,
        words={"cell": cell, "value": value},
    )


def extra_sheets(workbook: Workbook, layout: Layout) -> list[str]:
    """Return the names of the sheets that are not of the form, a migration or our requests."""
    known = {*(sheet.name for sheet in layout.sheets), *FORMER_PRINT_OUTS}
    extra = [name for name in workbook.sheets if name not in known]
    # A long list continues on sheets whose names begin alike.
    named = {name: placed for name in extra for placed in _OURS if name.startswith(placed.name)}
    contents = workbook.read(list(named))
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


def extra_sheet_findings(names: list[str]) -> Iterator[Finding]:
    """Yield a finding for each sheet that the form does not have."""
    for name in names:
        yield finding(rules.UNREAD_SHEET, sheet=name, words={"found": name[:LONGEST_SHOWN]})
