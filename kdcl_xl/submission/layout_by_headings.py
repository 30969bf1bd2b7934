"""Find the layout of a template of another version by its own headings.

Check and merge reject a template whose structure this version does not know. To carry
its contents over, only the heading or label of each field has to be found, and the file
itself has these. A column or cell with an unknown heading becomes a field that no new
template has, so that its whole content is listed as left behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kdcl_xl.submission.identify import issued_layout
from kdcl_xl.template.stamp import Stamp
from kdcl_xl.xlsx.cells import SheetCells
from kdcl_xl.xlsx.package import UnreadableError
from kdcl_xl.xlsx.workbook import Workbook
from macros_free_validation.rules import workbook as rules
from macros_free_validation.values import filled
from workbook_templates.declare import Cell, Column, Type
from workbook_templates.forms import FORMS
from workbook_templates.layout import (
    BLOCK_ROW,
    COVER_LABEL,
    COVER_VALUE,
    FEWEST_ROWS,
    MOST_ROWS,
    Layout,
    Limits,
    PlacedCell,
    PlacedColumn,
    PlacedSheet,
    build_layout,
)
from workbook_templates.regulation import Catalogue
from workbook_templates.text import Text, fold

_DEEPEST_HEADER = 30
_FEWEST_KNOWN = 0.5
"""Share of a table's headings that its heading row has at least."""
# Without one of these sheets a file is no plan at all.
_NEEDED = ("cover", "self_assessment", "plan")
NOTHING = Text("", "")


def layout_as_found(
    workbook: Workbook, stamp: Stamp, catalogue: Catalogue, limits: Limits = ()
) -> Layout:
    """Return the layout that a stamp names or, if this version has none, the file's own.

    Raises:
        UnreadableError: the form or the regulation is unknown, or headings are missing.
    """
    try:
        return issued_layout(workbook, stamp, catalogue, limits)
    except UnreadableError:
        regulation = catalogue.get(stamp.regulation)
        if regulation is None or stamp.form not in FORMS:
            raise
        rows = min(max(stamp.rows, FEWEST_ROWS), MOST_ROWS)
        return layout_in_file(workbook, build_layout(regulation, rows, stamp.form, limits))


def is_issued(layout: Layout) -> bool:
    """Return whether this version writes a layout."""
    return layout == build_layout(layout.regulation, layout.rows, layout.form.id, layout.limits)


def layout_in_file(workbook: Workbook, known: Layout) -> Layout:
    """Return a layout with the places that headings and labels have in a file.

    Raises:
        UnreadableError: a sheet that no plan is without is missing, or its headings are.
    """
    contents = workbook.readable(sheet.name for sheet in known.sheets)
    sheets = []
    for sheet in known.sheets:
        content = contents.get(sheet.name)
        if content is None and sheet.key in _NEEDED:
            raise UnreadableError(rules.SHEET_MISSING, found=sheet.name)
        if content is not None:
            sheets.append(_sheet_found(sheet, content))
    return replace(known, sheets=tuple(sheets))


def _fields(sheet: PlacedSheet) -> set[str]:
    return {cell.field for cell in sheet.cells} | {column.field for column in sheet.columns}


def sheet_by_headings(sheet: PlacedSheet, content: SheetCells) -> PlacedSheet | None:
    """Return a sheet of the form with its present places; None unless each heading occurs once."""
    if sheet.key == "lists":
        return None
    try:
        found = _sheet_found(sheet, content)
    except UnreadableError:
        return None
    if not _fields(sheet) <= _fields(found):
        return None
    if sheet.key == "cover":
        return replace(found, cells=tuple(c for c in found.cells if sheet.has_cell(c.field)))
    headings = [fold(_heading(content, found.header_row, c.index)) for c in found.columns]
    own = set(_by_heading(sheet))
    return found if sum(text in own for text in headings) == len(sheet.columns) else None


def _sheet_found(sheet: PlacedSheet, content: SheetCells) -> PlacedSheet:
    if sheet.key == "cover":
        return replace(sheet, cells=tuple(_cover_cells(sheet, content)))
    if not sheet.columns:
        return sheet
    header_row = header_row_of(sheet, content)
    if header_row == 0:
        found = f"{sheet.name}: {sheet.columns[0].column.header.vi}"
        raise UnreadableError(rules.UNKNOWN_VERSION, found=found)
    if sheet.key == "lists":
        return replace(sheet, header_row=header_row)
    own = tuple(_columns_found(sheet, content, header_row))
    columns = (*own, *_columns_to_compute(sheet, own))
    return replace(
        sheet, cells=tuple(_grid_cells(sheet, content)), columns=columns, header_row=header_row
    )


def _heading(content: SheetCells, row: int, index: int) -> str:
    value = content.get(row, index)
    return value.removesuffix(" *").strip() if isinstance(value, str) else ""


def _cover_cells(sheet: PlacedSheet, content: SheetCells) -> Iterator[PlacedCell]:
    by_label = {fold(label): c.cell for c in sheet.cells for label in c.cell.labels}
    for row in range(BLOCK_ROW, content.last_row + 1):
        label = _heading(content, row, COVER_LABEL)
        if label:
            unknown = Cell(f"unknown_{row}", Text(label, label), NOTHING)
            cell = by_label.get(fold(label), unknown)
            by_label = {text: c for text, c in by_label.items() if c is not cell}
            yield PlacedCell(cell, row, COVER_VALUE)


def header_row_of(sheet: PlacedSheet, content: SheetCells) -> int:
    """Return the row with most of a table's headings; 0 if no row has enough of them."""
    wanted = set(_by_heading(sheet))

    def known_headings(row: int) -> int:
        width = content.width(row)
        return len({fold(_heading(content, row, i)) for i in range(width)} & wanted)

    rows = range(1, min(_DEEPEST_HEADER, content.last_row) + 1)
    best = max(rows, key=known_headings, default=0)
    return best if best and known_headings(best) >= _FEWEST_KNOWN * len(sheet.columns) else 0


def _by_heading(sheet: PlacedSheet) -> dict[str, Column]:
    """Return the columns by their headings, folded, with those of earlier templates."""
    return {fold(text): c.column for c in sheet.columns for text in c.column.headings}


def _columns_found(
    sheet: PlacedSheet, content: SheetCells, header_row: int
) -> Iterator[PlacedColumn]:
    by_heading = _by_heading(sheet)
    headings = [_heading(content, header_row, i) for i in range(content.width(header_row))]
    while headings and not headings[-1]:
        headings.pop()
    for index, heading in enumerate(headings):
        column = by_heading.get(fold(heading))
        if column is not None:  # of two columns with its headings, the first is the field
            by_heading = {text: c for text, c in by_heading.items() if c is not column}
        yield PlacedColumn(column or _unknown(sheet, content, header_row, index, heading), index)


def _columns_to_compute(
    sheet: PlacedSheet, found: Sequence[PlacedColumn]
) -> Iterator[PlacedColumn]:
    """Yield the computed columns that the file lacks, beyond its own: nothing is read there."""
    fields = {column.field for column in found}
    missing = (c.column for c in sheet.columns if c.column.derived and c.field not in fields)
    for index, column in enumerate(missing, start=len(found)):
        yield PlacedColumn(column, index)


def _unknown(
    sheet: PlacedSheet, content: SheetCells, header_row: int, index: int, heading: str
) -> Column:
    """Return a column of the other version; a formula in every cell means a computed column."""
    last = header_row + sheet.row_count
    used = [
        row
        for row in range(header_row + 1, min(last, content.last_row) + 1)
        if filled(content.get(row, index)) or content.has_formula(row, index)
    ]
    computed = bool(used) and all(content.has_formula(row, index) for row in used)
    text = Text(heading, heading)
    name = f"unknown_{index}"
    return Column(name, text, NOTHING, 10, Type.TEXT, derived=name if computed else None)


def _grid_cells(sheet: PlacedSheet, content: SheetCells) -> Iterator[PlacedCell]:
    """Yield the cells of the grid above the table, found by its row and column headings."""
    grid = sheet.sheet.grid
    if grid is None:
        return
    declared = {cell.field: cell for cell in sheet.cells}
    for row in range(1, min(_DEEPEST_HEADER, content.last_row) + 1):
        width = content.width(row)
        title = fold(grid.title.vi)
        first = next((i for i in range(width) if fold(_heading(content, row, i)) == title), None)
        if first is None:
            continue
        at = {fold(_heading(content, row, i)): i for i in range(first + 1, width)}
        for down in range(row + 1, row + 1 + len(grid.rows)):
            label = fold(_heading(content, down, first))
            key = next((k for k, text in grid.rows if fold(text.vi) == label), None)
            for column in grid.columns:
                found = (at.get(fold(text)) for text in column.headings)
                index = next((i for i in found if i is not None), None)
                if key is not None and index is not None:
                    cell = declared[f"{column.field}_{key}"]
                    yield replace(cell, row=down, index=index)
        return
