"""The overview: pages for a leader, each a sheet that prints on one upright A4 page."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.district.sheets.blocks import (
    LABEL_WIDTH,
    NUMBER_WIDTH,
    NUMBERS,
    picture_of,
    write_block,
)
from kdcl_xl.district.sheets.charts import Picture, add_chart
from kdcl_xl.district.sheets.declare import Contents, FreeSheet
from kdcl_xl.district.sheets.overview_facts import facts_of
from kdcl_xl.district.sheets.pages import PAGES, Page
from kdcl_xl.district.sheets.schedule import schedule_picture
from kdcl_xl.district.sheets.work import write_facts
from kdcl_xl.xlsx.writer import Book, paper

_CHARTS = 2
"""Charts of a page at most, below its tables."""


def _sheet_of(page: Page) -> FreeSheet:
    """Return the sheet of a page."""

    def write(book: Book, ws: Worksheet, contents: Contents) -> None:
        language, sheet = contents.language, page.name.in_(contents.language)
        ws.set_column(0, 0, LABEL_WIDTH)
        ws.set_column(1, NUMBERS, NUMBER_WIDTH)
        ws.hide_gridlines(2)
        ws.set_row(0, 26)
        ws.write_string(0, 0, page.title.in_(language), book.style("heading"))
        row = 2
        if page is PAGES[0]:
            row = write_facts(book, ws, row, facts_of(contents.district), language) + 1
        pictures: list[Picture] = []
        for block in page.blocks(contents):
            if block.has_chart and len(pictures) < _CHARTS:
                pictures.append(picture_of(block, sheet, row, language))
            row = write_block(book, ws, row, block, language) + 1
        if page is PAGES[-1] and contents.district.tasks:
            pictures.append(schedule_picture(language))
        for picture in pictures:
            add_chart(book, ws, row, 0, picture, language)
            row += picture.rows
        paper(ws, landscape=False, footer="&P/&N")
        ws.fit_to_pages(1, 1)
        ws.print_area(0, 0, row, NUMBERS)

    return FreeSheet(page.name, page.title, write)


SHEETS = tuple(map(_sheet_of, PAGES))
