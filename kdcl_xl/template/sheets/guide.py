"""The guide sheet: the steps of filling in the workbook, on one screen."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.xlsx.writer import LINE_HEIGHT, Book, lines_needed, paper
from workbook_templates.guide import ADVICE, HINTS, STEPS
from workbook_templates.layout import HEADING_ROW, Layout
from workbook_templates.styles import BASE, MISSING_STYLE, SEVERITY_STYLES, STYLES
from workbook_templates.text import Text

_WIDTHS = (3, 26, 118)
_HIGHLIGHTS = {**SEVERITY_STYLES, "missing": MISSING_STYLE}
_GAP = 4
"""Points between two parts."""
_ZOOM = 90  # the guide is one screen of 1366 x 768


def write_guide(book: Book, ws: Worksheet, layout: Layout) -> None:
    """Write the guide sheet."""
    for index, width in enumerate(_WIDTHS):
        ws.set_column(index, index, width)
    ws.hide_gridlines(2)
    guide = layout.sheet("guide")
    ws.set_row(0, 23)
    ws.write_string(HEADING_ROW - 1, 1, guide.sheet.heading.vi, book.style("heading"))
    about = f"{layout.form.title.vi}. {layout.regulation.title}."
    ws.merge_range(1, 1, 1, 2, about, book.style("intro"))
    cover = layout.sheet("cover")
    target = f"internal:{cover.quoted}!{cover.cells[0].ref}"
    ws.write_url(2, 1, target, book.style("plain_link"), "Bắt đầu ở trang «Thông tin» »")
    ws.set_selection(2, 1, 2, 1)
    row = 4
    for title, text in STEPS:
        _fit(ws, row, text)
        ws.write_string(row, 1, title.vi, book.style("label"))
        ws.write_string(row, 2, text.vi, book.style("cell"))
        row += 1
    ws.set_row(row, _GAP)
    row += 1
    for style, text in ADVICE:
        shown = _HIGHLIGHTS.get(style) or STYLES[style]
        _fit(ws, row, text)
        ws.write_blank(row, 1, None, book.format({**BASE, **shown, "border": 1, "locked": True}))
        ws.write_string(row, 2, text.vi, book.style("text"))
        row += 1
    ws.set_row(row, _GAP)
    row += 1
    for hint in HINTS:
        _fit(ws, row, hint)
        ws.write_string(row, 1, "Lưu ý", book.style("strong"))
        ws.write_string(row, 2, hint.vi, book.style("text"))
        row += 1
    ws.set_zoom(_ZOOM)
    paper(ws, landscape=True)
    ws.fit_to_pages(1, 1)


def _fit(ws: Worksheet, row: int, text: Text) -> None:
    ws.set_row(row, LINE_HEIGHT * lines_needed(text.vi, _WIDTHS[2]) + 2)
