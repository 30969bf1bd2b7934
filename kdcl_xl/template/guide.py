"""The guide sheet: one screen that says where to start."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.book import Book, lines_needed, paper
from workbook_templates.guide import ADVICE, HINTS, STEPS
from workbook_templates.layout import HEADING_ROW, Layout
from workbook_templates.styles import BASE, SEVERITY_STYLES, STYLES

_WIDTHS = (3, 30, 96)


def write_guide(book: Book, ws: Worksheet, layout: Layout) -> None:
    """Write the guide sheet."""
    for index, width in enumerate(_WIDTHS):
        ws.set_column(index, index, width)
    ws.hide_gridlines(2)
    guide = layout.sheet("guide")
    ws.set_row(0, 26)
    ws.write_string(HEADING_ROW - 1, 1, guide.sheet.heading.vi, book.style("heading"))
    about = f"{layout.form.title.vi}. {layout.regulation.title}."
    ws.merge_range(1, 1, 1, 2, about, book.style("intro"))
    row = 3
    for title, text in STEPS:
        ws.set_row(row, 17.0 * max(2, lines_needed(text.vi, _WIDTHS[2])))
        ws.write_string(row, 1, title.vi, book.style("label"))
        ws.write_string(row, 2, text.vi, book.style("cell"))
        row += 1
    cover = layout.sheet("cover")
    target = f"internal:{cover.quoted}!{cover.cells[0].ref}"
    ws.write_url(row, 1, target, book.style("plain_link"), "Bắt đầu ở sheet «Thông tin» »")
    row += 2
    for style, text in ADVICE:
        shown = SEVERITY_STYLES.get(style) or STYLES[style]
        ws.set_row(row, 18)
        ws.write_blank(row, 1, None, book.format({**BASE, **shown, "border": 1, "locked": True}))
        ws.write_string(row, 2, text.vi, book.style("text"))
        row += 1
    row += 1
    for hint in HINTS:
        ws.set_row(row, 34)
        ws.write_string(row, 1, "Lưu ý", book.style("strong"))
        ws.write_string(row, 2, hint.vi, book.style("text"))
        row += 1
    paper(ws, landscape=True)
    ws.fit_to_pages(1, 1)
