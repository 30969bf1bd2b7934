"""Edit ranges of a locked sheet: the cells that stay editable whatever is pasted over them.

An ordinary paste brings the lock of the copied cells along, so that pasted cells could not be
corrected. A range that the protection leaves out (ECMA-376 part 1, 18.3.1.71) does not ask for
the lock of its cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from kdcl_xl.template.locked import joined_spans, spans_in
from kdcl_xl.xlsx.areas import Span, areas
from workbook_templates.layout import Layout, PlacedSheet

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

RANGE_NAME = "nhap"
_RANGE = re.compile(rb"""<(?:\w+:)?protectedRange\b[^<>]*?\ssqref\s*=\s*["']([^"'<>]*)["']""")


@lru_cache(maxsize=256)
def input_spans(layout: Layout, placed: PlacedSheet) -> tuple[Span, ...]:
    """Return the spans of all input cells of a sheet, in order."""
    return joined_spans(_inputs(layout, placed))


def _inputs(layout: Layout, placed: PlacedSheet) -> Iterator[Span]:
    for cell in placed.cells:
        if not cell.cell.locked:
            yield from ((cell.index + i, cell.row, cell.row) for i in range(cell.span))
    for column in placed.columns:
        if not column.column.locked:
            for row in range(placed.first_row, placed.last_row + 1):
                if layout.offered(placed, column.field, row):
                    yield column.index, row, row


def input_areas(layout: Layout, placed: PlacedSheet) -> str:
    """Return the areas of all input cells of a sheet, as an ``sqref``; empty where it has none."""
    return " ".join(area for area, _ in areas(input_spans(layout, placed)))


def allow_editing(ws: Worksheet, layout: Layout, placed: PlacedSheet) -> None:
    """Let the inputs of a sheet be edited whatever is pasted, and be typed in as people write.

    Excel marks a code such as 1.4 as a number stored as text; the marks are switched off.
    """
    inputs = input_areas(layout, placed)
    if inputs:
        ws.unprotect_range(inputs, RANGE_NAME)
        ws.ignore_errors({"number_stored_as_text": inputs, "two_digit_text_year": inputs})


def editable_spans(tail: bytes) -> tuple[Span, ...]:
    """Return the spans that the protection of a sheet leaves out, from the XML below its cells."""
    found = (sqref.decode("utf-8", "replace") for sqref in _RANGE.findall(tail))
    return joined_spans(span for sqref in found for span in spans_in(sqref))
