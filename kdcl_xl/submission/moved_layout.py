"""Find a sheet that was renamed, shifted or lengthened; refuse one whose meaning is uncertain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from kdcl_xl.submission.layout_by_headings import found_whole
from kdcl_xl.template.locked import fold_once
from kdcl_xl.xlsx.cells import SheetCells, read_sheets
from kdcl_xl.xlsx.package import (
    Package,
    UnreadableError,
)
from macros_free_validation.rule import Finding, finding
from macros_free_validation.rules import tampering as tampered
from macros_free_validation.rules import workbook as rules
from macros_free_validation.values import LONGEST_SHOWN, filled
from workbook_templates.layout import (
    COVER_LABEL,
    Layout,
    PlacedSheet,
    letter_of,
)
from workbook_templates.text import fold


def with_issued_sheet_names(
    package: Package, layout: Layout, wanted: Sequence[PlacedSheet]
) -> tuple[Package, Mapping[str, str]]:
    """The package with its sheets under their issued names, and those names by the file's own.

    Raises:
        UnreadableError: a sheet with inputs is not there under any name.
    """
    missing = [sheet for sheet in wanted if sheet.name not in package.sheets]
    if not missing:
        return package, {}
    known = {sheet.name for sheet in layout.sheets}
    others = read_sheets(package, [name for name in package.sheets if name not in known])
    renamed: dict[str, str] = {}
    for sheet in missing:
        alike = [n for n, c in others.items() if n not in renamed and _is_it(layout, sheet, c)]
        if len(alike) != 1:
            raise UnreadableError(rules.SHEET_MISSING, found=sheet.name)
        renamed[alike[0]] = sheet.name
    sheets = {renamed.get(name, name): part for name, part in package.sheets.items()}
    hidden = frozenset(renamed.get(name, name) for name in package.hidden)
    return replace(package, sheets=sheets, hidden=hidden), renamed


def _is_it(layout: Layout, placed: PlacedSheet, content: SheetCells) -> bool:
    """Whether a sheet has exactly the headings or labels of one of the form."""
    if placed.key in ("cover", "lists"):
        labels = (
            [(c.row, COVER_LABEL, c.cell.label.vi) for c in placed.cells]
            if placed.cells
            else [(placed.header_row, area.index, area.header.vi) for area in layout.areas]
        )
        return all(_heading(content, row, index) == fold(text) for row, index, text in labels)
    try:
        _refuse_moved(layout, placed, content)
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
    """The layout with moved headings where the file has them, and a finding for each move.

    Raises:
        UnreadableError: something moved and its meaning is not certain.
    """
    placed_anew: dict[str, PlacedSheet] = {}
    found: list[Finding] = []
    for placed in wanted:
        content = sheets[placed.name]
        try:
            _refuse_moved(layout, placed, content)
        except UnreadableError as error:
            moved = found_whole(placed, content)
            if moved is None:
                raise
            _refuse_moved(layout, moved, content)
            placed_anew[placed.key] = moved
            found.append(_shifted(placed, error))
            continue
        grown = _grown(placed, content)
        if grown is not placed:
            placed_anew[placed.key] = grown
    if not placed_anew:
        return layout, []
    sheets_now = tuple(placed_anew.get(sheet.key, sheet) for sheet in layout.sheets)
    return replace(layout, sheets=sheets_now), found


def _shifted(placed: PlacedSheet, error: UnreadableError) -> Finding:
    cell = str(error.words.get("cell", ""))
    return finding(tampered.SHIFTED, sheet=placed.name, cell=cell, words={"cell": cell})


def _grown(placed: PlacedSheet, content: SheetCells) -> PlacedSheet:
    """A table with the rows that somebody inserted: its last rows then stand further down."""
    computed = next((c.letter for c in placed.columns if c.column.derived), None)
    if computed is None or placed.key == "self_assessment":
        return placed
    last = placed.last_row
    while f"{computed}{last + 1}".encode() in content.formulas:
        last += 1
    return replace(placed, row_count=last - placed.header_row) if last > placed.last_row else placed


def _refuse_moved(layout: Layout, placed: PlacedSheet, content: SheetCells) -> None:
    """Refuse a sheet whose headings or labels stand in other places than issued.

    A heading in other words may come from another version of the tool; a heading of
    ours in a wrong place means that contents moved.

    Raises:
        UnreadableError: something moved; names the cell.
    """
    if placed.key == "cover":
        labels = {fold(c.cell.label.vi): c.row for c in placed.cells}
        for row in range(1, placed.cells[-1].row + _NEAR):
            known = labels.get(_heading(content, row, COVER_LABEL))
            if known not in (None, row):
                raise _moved(placed, row, COVER_LABEL)
    elif placed.columns and placed.key != "lists":
        _refuse_moved_columns(placed, content)
    if placed.key == "self_assessment":
        _refuse_other_criteria(layout, placed, content)


_NEAR = 5
"""Rows around its place in which a heading is looked for."""


def _heading(content: SheetCells, row: int, index: int) -> str:
    value = content.get(row, index)
    return fold_once(value.removesuffix(" *")) if isinstance(value, str) else ""


def _refuse_moved_columns(placed: PlacedSheet, content: SheetCells) -> None:
    expected = _headings(placed)
    if all(_heading(content, placed.header_row, i) == text for text, i in expected.items()):
        return
    for row in range(1, placed.header_row + _NEAR):
        found = {i: _heading(content, row, i) for i in range(len(placed.columns) + _NEAR)}
        known = {i: expected[text] for i, text in found.items() if text in expected}
        if len(known) * 2 < len(expected):
            continue  # a row of contents may hold a word or two of the headings
        wrong = next((i for i, own in known.items() if i != own or row != placed.header_row), None)
        if wrong is not None:
            raise _moved(placed, row, wrong)
        return
    raise _moved(placed, placed.header_row, 0)


@lru_cache(maxsize=256)
def _headings(placed: PlacedSheet) -> Mapping[str, int]:
    return {text: c.index for c in placed.columns if (text := fold(c.column.header.vi))}


def _refuse_other_criteria(layout: Layout, placed: PlacedSheet, content: SheetCells) -> None:
    """Refuse where another criterion stands than issued; in other words it may still be meant.

    Raises:
        UnreadableError: rows moved, or too few criteria can be told.
    """
    index = placed.column("criterion").index
    told = 0
    for position, criterion in enumerate(layout.regulation.criteria):
        row = placed.first_row + position
        value = content.get(row, index)
        meant = layout.regulation.criterion(value) if isinstance(value, str) else None
        if meant is not None and meant.code != criterion.code:
            raise _moved(placed, row, index)
        if not filled(value):
            raise _moved(placed, row, index)
        told += meant is not None
    if told * 2 < len(layout.regulation.criteria):
        raise _moved(placed, placed.first_row, index)


def _moved(placed: PlacedSheet, row: int, index: int) -> UnreadableError:
    return UnreadableError(rules.MOVED, cell=f"{letter_of(index)}{row}", sheet=placed.name)
