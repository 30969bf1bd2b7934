"""The looks that lists and the heat map share: title, print set-up, highlights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.district.sheets.places import TITLE_ROW
from kdcl_xl.xlsx.writer import Book, paper
from workbook_templates.layout import letter_of
from workbook_templates.styles import Style
from workbook_templates.text import Language, Text

PAGE_WIDTH = 230.0
"""Characters across a landscape page that can still be read."""


def write_title(
    book: Book, ws: Worksheet, title: Text, notes: Sequence[Text], language: Language
) -> None:
    """Write a sheet's title and the notes under it."""
    ws.set_row(TITLE_ROW, 24)
    ws.write_string(TITLE_ROW, 0, title.in_(language), book.style("heading"))
    for row, note in enumerate(notes, start=TITLE_ROW + 1):
        ws.write_string(row, 0, note.in_(language), book.style("remark"))


def set_paper(ws: Worksheet, widths: Sequence[float], frozen: int, header_row: int | None) -> None:
    """Set up printing: as many pages across as can be read, the frozen columns on each."""
    repeat = None if header_row is None else (header_row, header_row)
    paper(ws, landscape=True, repeat=repeat, footer="&P/&N")
    pages = max(1, math.ceil(sum(widths[frozen:]) / (PAGE_WIDTH - sum(widths[:frozen]))))
    ws.fit_to_pages(pages, 0)
    if frozen and pages > 1:
        ws.repeat_columns(0, frozen - 1)


def highlight(
    book: Book,
    ws: Worksheet,
    area: tuple[int, int, int, int],
    styles: Mapping[int, Style],
    comparison: str,
) -> None:
    """Colour each number of an area by the first style whose number it compares with.

    ``area`` is first row, first column, last row and last column, from 0.
    """
    cell = f"{letter_of(area[1])}{area[0] + 1}"
    for number, style in styles.items():
        ws.conditional_format(
            *area,
            {
                "type": "formula",
                # Excel compares a blank cell as 0; ISNUMBER keeps blanks uncoloured.
                "criteria": f"=AND(ISNUMBER({cell}),{cell}{comparison}{number})",
                "format": book.highlight(f"{comparison}{number} {style['bg_color']}", style),
                "stop_if_true": True,
            },
        )
