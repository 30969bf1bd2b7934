"""The values that a Word document of a plan carries unseen: the form prints none of them.

They are a custom XML part of the document (ECMA-376 part 1, clause 15.2.5), which Word keeps
when it saves. The part is one element whose text is JSON, which
:mod:`kdcl_xl.importing.read_carried` reads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kdcl_xl.docx.write_xml import clean
from kdcl_xl.template.stamp import Stamp
from macros_free_validation.values import Raw
from workbook_templates.declare import Passage as PrintedPassage
from workbook_templates.declare import PrintColumn, Printed, PrintGrid, TextLines
from workbook_templates.layout import Layout
from workbook_templates.text import normalise

FORMAT = 1
"""The format number; it changes with the meaning of the part."""
Fields = Mapping[str, Raw]
"""Values by field."""


@dataclass(frozen=True, slots=True)
class CarriedRow:
    """The values of a row that its sheet does not print, and the means to find the row.

    ``words`` are the printed texts of the row, in the form of :func:`plain_words`, or the code of
    the criterion. ``position`` is the row's place among those in use on the sheet, from 0.
    ``values`` are by sheet, because a row of the plan has a report beside it.
    """

    sheet: str
    position: int
    words: tuple[str, ...]
    values: Mapping[str, Fields]


@dataclass(frozen=True, slots=True)
class Carried:
    """All that a document carries.

    ``head`` are the printed words of the school and its year. ``cells`` are the values of single
    cells by sheet; those in ``shown`` are printed in other words, such as a date. ``rows`` are in
    the order in which they are printed.
    """

    stamp: Stamp
    head: tuple[str, ...]
    cells: Mapping[str, Fields]
    shown: frozenset[str]
    rows: tuple[CarriedRow, ...]

    def encode(self) -> str:
        """Return the text of the part."""
        rows = [[r.sheet, r.position, r.words, r.values] for r in self.rows]
        parts = [FORMAT, self.stamp.encode(), self.head, self.cells, sorted(self.shown), rows]
        return json.dumps(parts, separators=(",", ":"))


def plain_words(text: str) -> str:
    """Return a printed text without case, without what Word cannot hold, and with single spaces."""
    return " ".join(normalise(clean(text)).casefold().split())


def prints_of(layout: Layout) -> Sequence[Printed]:
    """Return the print declarations of a form."""
    return [s.sheet.printed for s in layout.sheets if s.sheet.printed is not None]


def printed_cells(layout: Layout) -> frozenset[tuple[str, str]]:
    """Return the single cells, by sheet and field, that a form prints as they are typed."""
    found = set()
    for block in (block for printed in prints_of(layout) for block in printed.blocks):
        if isinstance(block, TextLines):
            found |= {("cover", p.field) for p in block.lines if isinstance(p, PrintedPassage)}
        elif isinstance(block, PrintGrid):
            grid = layout.sheet(block.source).sheet.grid
            assert grid is not None
            found |= {(block.source, f"{c.field}_{r}") for c in grid.columns for r, _ in grid.rows}
    return frozenset(found)


def printed_columns(layout: Layout) -> Mapping[tuple[str, str], PrintColumn]:
    """Return the official column in which each column of a sheet is printed, by sheet and field."""
    return {
        (part.sheet or table.source, part.field): column
        for printed in prints_of(layout)
        for table in printed.tables
        for column in table.columns
        for part in column.parts
    }


def is_own(column: PrintColumn) -> bool:
    """Return whether an official column identifies a row: it is printed in each row.

    A value that is printed once for several rows goes when the first of them is deleted, and a
    number changes.
    """
    return not any(part.once or part.field == "no" for part in column.parts)
