"""The sheet of work (Việc cần xử lý): what needs a person now, and the rules in force."""

from __future__ import annotations

from collections.abc import Iterable

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.district.sheets.blocks import LABEL_WIDTH, NUMBER_WIDTH, NUMBERS
from kdcl_xl.district.sheets.declare import Contents, FreeSheet
from kdcl_xl.district.sheets.overview_facts import (
    Fact,
    aftermath_of,
    continued_lists,
    rule_set_of,
)
from kdcl_xl.district.sheets.overview_jobs import jobs_of
from kdcl_xl.xlsx.writer import Book, fit_row, paper, write_value
from workbook_templates.text import Language, Text

_TITLE = Text("VIỆC CẦN XỬ LÝ NGAY VÀ BỘ QUY TẮC ĐÃ DÙNG", "WORK TO DO NOW, AND RULES IN FORCE")
_LAST = NUMBERS
"""Last column (from 0); long values are merged up to it."""
_RULE_SET = Text("Bộ quy tắc đã dùng", "Rule set in force")
_KEPT = Text("Từ các lần tổng hợp trước", "From earlier rounds")
_TO_DO = Text("Việc cần xử lý ngay", "What needs a person now")
_SEE = Text("Xem", "See")
_NOTHING = Text("Không có việc nào.", "Nothing.")
_WIDTHS = (LABEL_WIDTH, *[NUMBER_WIDTH] * NUMBERS)


def _write(book: Book, ws: Worksheet, contents: Contents) -> None:
    district, language = contents.district, contents.language
    for index, width in enumerate(_WIDTHS):
        ws.set_column(index, index, width)
    ws.hide_gridlines(2)
    ws.set_row(0, 26)
    ws.write_string(0, 0, _TITLE.in_(language), book.style("heading"))
    row = _write_jobs(book, ws, 2, contents)
    _heading(book, ws, row + 1, _KEPT.in_(language))
    kept = [*aftermath_of(district), *continued_lists(contents.lists)]
    row = write_facts(book, ws, row + 2, kept, language)
    _heading(book, ws, row + 1, _RULE_SET.in_(language))
    write_facts(book, ws, row + 2, rule_set_of(district), language)
    paper(ws, landscape=False, footer="&P/&N")


def _heading(book: Book, ws: Worksheet, row: int, text: str) -> None:
    ws.merge_range(row, 0, row, _LAST, text, book.style("header"))


def write_facts(
    book: Book, ws: Worksheet, row: int, facts: Iterable[Fact], language: Language
) -> int:
    """Write labelled facts from a row on, and return the row after them."""
    width = sum(_WIDTHS[1 : _LAST + 1])
    for fact in facts:
        value = fact.value.in_(language) if isinstance(fact.value, Text) else fact.value
        label = fact.label.in_(language)
        fit_row(ws, row, ((label, _WIDTHS[0]), (value, width)))
        ws.write_string(row, 0, label, book.style("label"))
        ws.merge_range(row, 1, row, _LAST, "", book.style(fact.style))
        write_value(ws, row, 1, value, book.style(fact.style))
        row += 1
    return row


def _write_jobs(book: Book, ws: Worksheet, row: int, contents: Contents) -> int:
    """Write a line for each urgent job, and return the row after them."""
    language = contents.language
    _heading(book, ws, row, _TO_DO.in_(language))
    jobs = list(jobs_of(contents))
    width = sum(_WIDTHS[:_LAST])
    for text, target in [(job.text, job.target) for job in jobs] or [(_NOTHING, "")]:
        row += 1
        words = text.in_(language)
        fit_row(ws, row, ((words, width),))
        ws.merge_range(row, 0, row, _LAST - 1, "", book.style("cell"))
        ws.write_string(row, 0, words, book.style("cell"))
        ws.write_blank(row, _LAST, None, book.style("link"))
        if target:
            ws.write_url(row, _LAST, target, book.style("link"), _SEE.in_(language))
    return row + 1


SHEET = FreeSheet(Text("Việc cần xử lý", "To do"), _TITLE, _write)
