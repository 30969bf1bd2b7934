"""The sheet in front of a draft with the cells to confirm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.template.parts import protect, write_listing_head
from kdcl_xl.template.review import Doubtful, Review, rows_of
from kdcl_xl.xlsx.writer import Book, fit_row, paper, write_value
from workbook_templates.layout import Layout, PlacedSheet, to_review_sheet

REVIEWER = "kdcl-xl"
"""The author of the notes of a draft."""
_CENTRED = ("nth", "cell")


def add_review(book: Book, review: Review) -> list[Worksheet]:
    """Add the sheets, still empty; they come first."""
    return [book.sheet(name) for name, _, _ in review.sheets()]


def write_review(
    book: Book, pages: Sequence[Worksheet], review: Review, layout: Layout, password: str
) -> None:
    """Write the sheets, and have the workbook open on the first."""
    form = {sheet.name: sheet for sheet in layout.sheets}
    for ws, (_, first, entries) in zip(pages, review.sheets(), strict=True):
        _write(book, ws, form, entries, first, review.summary)
        protect(ws, password)
    pages[0].activate()


def _write(
    book: Book,
    ws: Worksheet,
    form: Mapping[str, PlacedSheet],
    entries: Sequence[Doubtful],
    first: int,
    summary: str,
) -> None:
    placed = to_review_sheet(len(entries))
    widths = write_listing_head(book, ws, placed, summary)
    rows = rows_of(placed, entries, first)
    for row, (entry, values) in enumerate(zip(entries, rows, strict=True), placed.header_row):
        for column, value in zip(placed.columns, values, strict=True):
            style = "cell_center" if column.field in _CENTRED else "cell"
            write_value(ws, row, column.index, value, book.style(style))
        target = f"internal:{form[entry.sheet].quoted}!{entry.cell}"
        ws.write_url(row, placed.column("cell").index, target, book.style("link"), entry.cell)
        fit_row(ws, row, zip(values, widths, strict=True))
    last = max(placed.header_row, placed.last_row - 1)
    ws.freeze_panes(placed.header_row, placed.sheet.frozen_columns)
    if entries:
        ws.autofilter(placed.header_row - 1, 0, last, len(widths) - 1)
    paper(ws, landscape=True, repeat=(placed.header_row - 1, placed.header_row - 1))
