"""Find sheets that were renamed, shifted or lengthened; reject those with an uncertain meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from kdcl_xl.submission.layout_by_headings import sheet_by_headings
from kdcl_xl.template.locked import fold_once
from kdcl_xl.xlsx.cells import SheetCells
from kdcl_xl.xlsx.package import UnreadableError
from kdcl_xl.xlsx.workbook import Workbook
from macros_free_validation.rule import Finding, finding
from macros_free_validation.rules import tampering as tampered
from macros_free_validation.rules import workbook as rules
from macros_free_validation.values import LONGEST_SHOWN, filled
from workbook_templates.characters import meant_by_look
from workbook_templates.layout import COVER_LABEL, Layout, PlacedSheet, letter_of
from workbook_templates.text import fold


def with_issued_sheet_names(
    workbook: Workbook, layout: Layout, wanted: Sequence[PlacedSheet]
) -> tuple[Workbook, Mapping[str, str]]:
    """Return the workbook with issued names of sheets, and those names by the file's own.

    A name that only looks like the issued one, in other characters, counts as the issued one.

    Raises:
        UnreadableError: a sheet with inputs is missing under any name.
    """
    if all(sheet.name in workbook.sheets for sheet in wanted):
        return workbook, {}
    known = {sheet.name for sheet in layout.sheets}
    by_look = {meant_by_look(name): name for name in known}
    alike_names = {
        name: by_look[look]
        for name in workbook.sheets
        if (look := meant_by_look(name)) in by_look and by_look[look] not in workbook.sheets
    }
    workbook = _named(workbook, alike_names)
    missing = [sheet for sheet in wanted if sheet.name not in workbook.sheets]
    others = workbook.beginnings(name for name in workbook.sheets if name not in known)
    renamed: dict[str, str] = {}
    for sheet in missing:
        alike = [
            name
            for name, content in others.items()
            if name not in renamed and _has_headings_of(layout, sheet, content)
        ]
        if len(alike) != 1:
            raise UnreadableError(rules.SHEET_MISSING, found=sheet.name)
        renamed[alike[0]] = sheet.name
    return _named(workbook, renamed), renamed


def _named(workbook: Workbook, names: Mapping[str, str]) -> Workbook:
    """Return a workbook whose sheets have other names, by their names in the file."""
    sheets = {names.get(name, name): part for name, part in workbook.sheets.items()}
    hidden = frozenset(names.get(name, name) for name in workbook.hidden)
    return replace(workbook, sheets=sheets, hidden=hidden)


def _has_headings_of(layout: Layout, placed: PlacedSheet, content: SheetCells) -> bool:
    """Return whether a sheet has all headings or labels of a sheet of the form, in their places."""
    if placed.key in ("cover", "lists"):
        labels = (
            [(c.row, COVER_LABEL, c.cell.label.vi) for c in placed.cells]
            if placed.cells
            else [(placed.header_row, area.index, area.header.vi) for area in layout.areas]
        )
        return all(_heading(content, row, index) == fold(text) for row, index, text in labels)
    try:
        _reject_moved(layout, placed, content)
    except UnreadableError:
        return False
    headings = [(c.index, fold(c.column.header.vi)) for c in placed.columns]
    return all(_heading(content, placed.header_row, index) == text for index, text in headings)


def renamed_sheet(name: str, issued: str) -> Finding:
    """Return the finding that a sheet of the form has another name."""
    words = {"found": name[:LONGEST_SHOWN], "issued": issued}
    return finding(tampered.RENAMED, sheet=issued, value=name, words=words)


def layout_in_file(
    layout: Layout, wanted: Sequence[PlacedSheet], sheets: Mapping[str, SheetCells]
) -> tuple[Layout, list[Finding]]:
    """Return the layout with the file's own places, and a finding for each shifted sheet.

    Raises:
        UnreadableError: content moved, and its meaning is uncertain.
    """
    placed_anew: dict[str, PlacedSheet] = {}
    found: list[Finding] = []
    for placed in wanted:
        content = sheets[placed.name]
        try:
            _reject_moved(layout, placed, content)
        except UnreadableError as error:
            moved = sheet_by_headings(placed, content)
            if moved is None:
                raise
            _reject_moved(layout, moved, content)
            placed_anew[placed.key] = moved
            found.append(_shifted_finding(placed, error))
            continue
        grown = _with_inserted_rows(placed, content)
        if grown is not placed:
            placed_anew[placed.key] = grown
    if not placed_anew:
        return layout, []
    sheets_now = tuple(placed_anew.get(sheet.key, sheet) for sheet in layout.sheets)
    return replace(layout, sheets=sheets_now), found


def _shifted_finding(placed: PlacedSheet, error: UnreadableError) -> Finding:
    cell = str(error.words.get("cell", ""))
    return finding(tampered.SHIFTED, sheet=placed.name, cell=cell, words={"cell": cell})


def _with_inserted_rows(placed: PlacedSheet, content: SheetCells) -> PlacedSheet:
    """Return a table with the rows that somebody inserted; they push its last rows down."""
    computed = next((c.letter for c in placed.columns if c.column.derived), None)
    if computed is None or placed.key == "self_assessment":
        return placed
    last = placed.last_row
    while f"{computed}{last + 1}".encode() in content.formulas.cells:
        last += 1
    return replace(placed, row_count=last - placed.header_row) if last > placed.last_row else placed


def _reject_moved(layout: Layout, placed: PlacedSheet, content: SheetCells) -> None:
    """Reject a sheet whose headings or labels are in other places than issued.

    A heading with other words may come from another version of the tool and is accepted.
    A known heading in a wrong place means that contents moved.

    Raises:
        UnreadableError: contents moved; the finding names the cell.
    """
    if placed.key == "cover":
        labels = {fold(c.cell.label.vi): c.row for c in placed.cells}
        for row in range(1, placed.cells[-1].row + _NEAR):
            known = labels.get(_heading(content, row, COVER_LABEL))
            if known not in (None, row):
                raise _moved_error(placed, row, COVER_LABEL)
    elif placed.columns and placed.key != "lists":
        _reject_moved_columns(placed, content)
    if placed.key == "self_assessment":
        _reject_other_criteria(layout, placed, content)


_NEAR = 5
"""Rows and columns beyond its place in which a heading is searched."""


def _heading(content: SheetCells, row: int, index: int) -> str:
    value = content.get(row, index)
    return fold_once(value.removesuffix(" *")) if isinstance(value, str) else ""


def _reject_moved_columns(placed: PlacedSheet, content: SheetCells) -> None:
    expected = _headings(placed)
    if all(_heading(content, placed.header_row, i) == text for text, i in expected.items()):
        return
    for row in range(1, placed.header_row + _NEAR):
        found = {i: _heading(content, row, i) for i in range(len(placed.columns) + _NEAR)}
        known = {i: expected[text] for i, text in found.items() if text in expected}
        if len(known) * 2 < len(expected):
            continue  # a row of contents may hold a few words that are also headings
        wrong = next((i for i, own in known.items() if i != own or row != placed.header_row), None)
        if wrong is not None:
            raise _moved_error(placed, row, wrong)
        return
    raise _moved_error(placed, placed.header_row, 0)


@lru_cache(maxsize=256)
def _headings(placed: PlacedSheet) -> Mapping[str, int]:
    return {text: c.index for c in placed.columns if (text := fold(c.column.header.vi))}


def _reject_other_criteria(layout: Layout, placed: PlacedSheet, content: SheetCells) -> None:
    """Reject a row that holds a different criterion than issued. Reworded titles are accepted.

    Raises:
        UnreadableError: rows moved, or fewer than half of the criteria are recognised.
    """
    index = placed.column("criterion").index
    recognised = 0
    odd = {cell.ref for cell in content.odd}
    for position, criterion in enumerate(layout.regulation.criteria):
        row = placed.first_row + position
        value = content.get(row, index)
        meant = layout.regulation.criterion(value) if isinstance(value, str) else None
        if meant is not None and meant.code != criterion.code:
            raise _moved_error(placed, row, index)
        if not filled(value) and f"{letter_of(index)}{row}" not in odd:
            raise _moved_error(placed, row, index)
        recognised += meant is not None
    if recognised * 2 < len(layout.regulation.criteria):
        raise _moved_error(placed, placed.first_row, index)


def _moved_error(placed: PlacedSheet, row: int, index: int) -> UnreadableError:
    return UnreadableError(rules.MOVED, cell=f"{letter_of(index)}{row}", sheet=placed.name)
