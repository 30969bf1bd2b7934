"""The places of a file whose rows or columns moved, by the places of its template.

A plan has the rows of its template, so that all plans are judged and merged alike. People look
for a cell where it is in the file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from macros_free_validation.rule import Finding
from workbook_templates.layout import PlacedSheet, column_index, letter_of

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class MovedSheet:
    """The places of one sheet: each mapping leads from the template's place to the file's.

    ``cells`` has the addresses of single cells, ``columns`` indexes from 0, ``rows`` numbers
    from 1.
    """

    cells: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[int, int] = field(default_factory=dict)
    rows: Mapping[int, int] = field(default_factory=dict)

    def ref(self, cell: str) -> str:
        """Return the file's address of a cell of the template."""
        found = _REFERENCE.fullmatch(cell)
        if cell in self.cells or found is None:
            return self.cells.get(cell, cell)
        column, row = column_index(found[1]), int(found[2])
        return f"{letter_of(self.columns.get(column, column))}{self.rows.get(row, row)}"


@dataclass(frozen=True)
class Places:
    """The moved sheets of a file by their issued names; none for nearly every file."""

    sheets: Mapping[str, MovedSheet] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Return whether anything moved."""
        return bool(self.sheets)

    def row(self, sheet: str, row: int) -> int:
        """Return the file's row of a row of the template."""
        moved = self.sheets.get(sheet)
        return moved.rows.get(row, row) if moved else row

    def ref(self, sheet: str | None, cell: str | None) -> str | None:
        """Return the file's address of a cell of the template."""
        moved = self.sheets.get(sheet or "")
        return moved.ref(cell) if moved and cell else cell

    def of_plan(self, found: Finding) -> Finding:
        """Return a finding on the plan with the file's address; its row stays the plan's."""
        return replace(found, cell=self.ref(found.sheet, found.cell)) if self.sheets else found

    def of_file(self, found: Finding) -> Finding:
        """Return a finding that has the file's address with the plan's row."""
        if found.row is None or found.sheet is None or found.sheet not in self.sheets:
            return found
        return replace(found, row=self.issued_row(found.sheet, found.row))

    def issued_row(self, sheet: str, row: int) -> int:
        """Return the template's row of a row of the file."""
        moved = self.sheets.get(sheet)
        issued = {own: issued for issued, own in moved.rows.items()} if moved else {}
        return issued.get(row, row)


NOTHING_MOVED = Places()


def moved_sheet(
    issued: PlacedSheet, placed: PlacedSheet, inserted: Collection[int] = ()
) -> MovedSheet:
    """Return the places of a sheet; ``inserted`` are the blank rows added to its table."""
    cells = {
        cell.ref: placed.cell(cell.field).ref
        for cell in issued.cells
        if placed.has_cell(cell.field) and placed.cell(cell.field).ref != cell.ref
    }
    columns = {
        column.index: placed.column(column.field).index
        for column in issued.columns
        if placed.has_column(column.field)
    }
    kept = [row for row in range(placed.first_row, placed.last_row + 1) if row not in inserted]
    rows = dict(enumerate(kept if issued.columns else (), start=issued.first_row))
    rows[issued.header_row] = placed.header_row
    return MovedSheet(cells, columns, rows)
