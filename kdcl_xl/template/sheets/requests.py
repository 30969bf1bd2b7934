"""The sheet of requests in front of a returned workbook, and the notes on its cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.template.parts import protect, write_listing_head
from kdcl_xl.template.requests import MOST_LINES, CellNote, Request, SentBack, note_lines, rows_of
from kdcl_xl.xlsx.writer import Book, fit_row, paper, write_value
from macros_free_validation.rule import Severity
from workbook_templates.layout import Layout, PlacedSheet, sent_back_sheet
from workbook_templates.styles import FONT, SEVERITY_STYLES

_AUTHOR = "Cơ quan quản lý"
_NOTE_SIZE = 10
_NOTE_WIDTH, _LINE_HEIGHT, _EDGE = 400, 17, 14
"""Pixels: width of a note, height of its lines, and its margins."""
_CENTRED = ("nth", "cell", "severity")


def add_sent_back(book: Book, sent: SentBack) -> list[Worksheet]:
    """Add the sheets, still empty; they come first."""
    return [book.sheet(name) for name, _, _ in sent.sheets()]


def write_sent_back(
    book: Book, pages: Sequence[Worksheet], sent: SentBack, layout: Layout, password: str
) -> None:
    """Write the sheets of requests, and have the workbook open on the first."""
    form = {sheet.name: sheet for sheet in layout.sheets}
    for ws, (_, first, requests) in zip(pages, sent.sheets(), strict=True):
        _write(book, ws, form, requests, first, sent.summary)
        protect(ws, password)
    pages[0].activate()


def _write(
    book: Book,
    ws: Worksheet,
    form: Mapping[str, PlacedSheet],
    requests: Sequence[Request],
    first: int,
    summary: str,
) -> None:
    placed = sent_back_sheet(len(requests))
    widths = write_listing_head(book, ws, placed, summary)
    rows = rows_of(placed, requests, first)
    for row, (request, values) in enumerate(zip(requests, rows, strict=True), placed.header_row):
        for column, value in zip(placed.columns, values, strict=True):
            style = "cell_center" if column.field in _CENTRED else "cell"
            if column.field == "day" and not isinstance(value, str):
                style = "cell_date"
            write_value(ws, row, column.index, value, book.style(style))
        link = placed.column("cell" if request.cell else "sheet")
        if request.sheet in form:
            target = f"internal:{form[request.sheet].quoted}!{request.cell or 'A1'}"
            ws.write_url(row, link.index, target, book.style("link"), values[link.index])
        fit_row(ws, row, zip(values, widths, strict=True))
    last = max(placed.header_row, placed.last_row - 1)
    severity = placed.column("severity")
    for level in Severity:
        ws.conditional_format(
            placed.header_row,
            severity.index,
            last,
            severity.index,
            {
                "type": "cell",
                "criteria": "==",
                "value": f'"{level.label.vi}"',
                "format": book.format(SEVERITY_STYLES[level]),
            },
        )
    ws.freeze_panes(placed.header_row, placed.sheet.frozen_columns)
    if requests:
        ws.autofilter(placed.header_row - 1, 0, last, len(widths) - 1)
    paper(ws, landscape=True, repeat=(placed.header_row - 1, placed.header_row - 1))


def write_notes(
    worksheets: Mapping[str, Worksheet], notes: Iterable[CellNote], author: str = _AUTHOR
) -> None:
    """Write the notes on the cells, each box as high as its text."""
    for note in notes:
        worksheets[note.sheet].write_comment(
            note.cell,
            note.text,
            {
                "author": author,
                "font_name": FONT,
                "font_size": _NOTE_SIZE,
                "width": _NOTE_WIDTH,
                "height": _EDGE + _LINE_HEIGHT * min(MOST_LINES, note_lines(note.text)),
            },
        )
