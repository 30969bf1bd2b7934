"""The overview: what an officer needs first, with charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.district.decisions.decision import DecisionState
from kdcl_xl.district.model.school_state import State
from kdcl_xl.district.sheets import flags, money
from kdcl_xl.district.sheets.charts import MILLIONS, Picture, Series, add_chart
from kdcl_xl.district.sheets.common_columns import AUTHORITY
from kdcl_xl.district.sheets.declare import Contents, FreeSheet
from kdcl_xl.district.sheets.flag_states import count_formula
from kdcl_xl.district.sheets.overview_facts import (
    Fact,
    aftermath_of,
    authorities_of,
    continued_lists,
    facts_of,
    findings_of,
    rule_set_of,
    standards_of,
)
from kdcl_xl.district.sheets.overview_jobs import jobs_of
from kdcl_xl.district.sheets.schedule import schedule_picture
from kdcl_xl.xlsx.writer import Book, fit_row, paper, write_formula, write_value
from macros_free_validation.rule import Severity
from workbook_templates.layout import letter_of
from workbook_templates.styles import SERIES_COLOURS
from workbook_templates.text import Language, Text

_WIDTHS = (50, 15, 15, 18, 15, 3, 92)
_CHART_COLUMN = len(_WIDTHS) - 1
_LAST = 4
"""Last column of the tables (from 0); long values are merged up to it."""
_TITLE = Text("TỔNG HỢP KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC", "IMPROVEMENT PLANS, CONSOLIDATED")
_RULE_SET = Text("Bộ quy tắc đã dùng", "Rule set in force")
_SCHOOLS = Text("Trường (trong danh sách: {expected})", "Schools ({expected} on the list)")
_LEVELS = Text("Theo cơ quan quản lý", "By authority")
_OF_SCHOOLS = Text("Số trường", "Schools")
_RETURNED = Text("Đã nộp", "Returned")
_DIRECTLY = Text("(nộp trực tiếp)", "(given directly)")
_FINDINGS = Text("Vấn đề theo nhóm và mức độ", "Findings by family and severity")
_DECISIONS = Text("Kết luận rà soát", "Decisions")
_STANDARDS = Text("{regulation}: công việc theo tiêu chuẩn", "{regulation}: tasks by standard")
_SOURCES = Text("Kinh phí theo nguồn", "Money by source")
_MONTHS = Text("Kinh phí theo tháng hoàn thành", "Money by month of the deadline")
_COUNT = Text("Số lượng", "Count")
_TASKS = Text("Số công việc", "Tasks")
_AMOUNT = Text("Kinh phí (đồng)", "Budget (đồng)")
_AMOUNT_AXIS = Text("triệu đồng", "million đồng")
_TOTAL = Text("Cộng", "Total")
_MONTH_UNKNOWN = Text("(chưa rõ tháng)", "(month unknown)")
_TO_DO = Text("Việc cần xử lý ngay", "What needs a person now")
_SEE = Text("Xem", "See")
_NOTHING = Text("Không có việc nào.", "Nothing.")


@dataclass(frozen=True, slots=True)
class _Block:
    """A small table: headings, lines of a label and numbers, and totals.

    ``chart`` lists the columns (from 1) that are drawn, one series each. ``row_total`` adds a
    column of the lines' totals. ``formulas`` compute the number of each line in the sheet
    itself. ``facts`` are written below.
    """

    headings: Sequence[Text]
    lines: Sequence[tuple[Text, Sequence[float | None]]]
    along: Text
    axis: Text
    chart: Sequence[int] = (1,)
    number_format: str = "#,##0"
    is_column: bool = False
    colours: Sequence[str] = ()
    row_total: bool = False
    formulas: Sequence[str] = ()
    facts: Sequence[Fact] = ()


def _write(book: Book, ws: Worksheet, contents: Contents) -> None:
    """Write the overview: facts, urgent jobs, tables; charts beside them."""
    district, language = contents.district, contents.language
    for index, width in enumerate(_WIDTHS):
        ws.set_column(index, index, width)
    ws.hide_gridlines(2)
    ws.set_row(0, 26)
    ws.write_string(0, 0, _TITLE.in_(language), book.style("heading"))
    row = _write_facts(
        book, ws, 2, [*facts_of(district), *continued_lists(contents.lists)], language
    )
    row = _write_jobs(book, ws, row + 1, contents)
    _heading(book, ws, row + 1, _RULE_SET.in_(language))
    row = _write_facts(book, ws, row + 2, rule_set_of(district), language)
    chart_row = 2
    for block in _blocks(contents):
        if not block.lines:
            continue
        first = row + 1
        row = _write_block(book, ws, first, block, language)
        row = _write_facts(book, ws, row, block.facts, language)
        if block.chart and any(number for _, numbers in block.lines for number in numbers):
            picture = _picture(block, SHEET.name.in_(language), first + 1)
            add_chart(book, ws, chart_row, _CHART_COLUMN, picture, language)
            chart_row += picture.rows
    if district.tasks:
        picture = schedule_picture(language)
        add_chart(book, ws, chart_row, _CHART_COLUMN, picture, language)
    paper(ws, landscape=False, footer="&P/&N")
    ws.fit_to_pages(1, 1)  # a page break would cut through a chart


def _blocks(contents: Contents) -> Iterable[_Block]:
    district, language = contents.district, contents.language
    desk = contents.list_of(flags.SHEET)
    expected = sum(1 for line in district.schools if line.expected)
    yield _Block(
        (_SCHOOLS.format(expected=expected), _COUNT),
        [(state.label, [float(len(district.in_state(state)))]) for state in State],
        Text("Tình trạng", "State"),
        Text("Số trường", "Schools"),
    )
    yield _Block(
        (_LEVELS, _OF_SCHOOLS, _RETURNED, _TASKS, Severity.ERROR.label),
        [
            (
                Text(line.name, line.name) if line.name else _DIRECTLY,
                [float(n) for n in (line.schools, line.returned, line.tasks, line.errors)],
            )
            for line in authorities_of(district)
        ],
        AUTHORITY,
        _RETURNED,
        chart=(2,),
    )
    yield _Block(
        (_FINDINGS, *(severity.label for severity in Severity), _TOTAL),
        [
            (family, [float(counts.get(severity, 0)) for severity in Severity])
            for family, counts in findings_of(district)
        ],
        Text("Nhóm quy tắc", "Family"),
        Text("Số vấn đề", "Findings"),
        chart=(1, 2, 3),
        colours=tuple(SERIES_COLOURS[severity] for severity in Severity),
        row_total=True,
    )
    yield _Block(
        (_DECISIONS, _COUNT),
        [(state.label, [float(district.count_in_state(state))]) for state in DecisionState],
        Text("Tình trạng kết luận", "State of the decision"),
        Text("Số vấn đề", "Findings"),
        chart=(),
        formulas=[
            count_formula(desk, flags.letters_in(desk), state.label.in_(language))
            for state in DecisionState
        ],
        facts=list(aftermath_of(district)),
    )
    for regulation, standards in groupby(standards_of(district), key=lambda s: s.regulation):
        yield _Block(
            (_STANDARDS.format(regulation=regulation.title.split(" (")[0]), _TASKS, _AMOUNT),
            [
                (
                    Text(line.standard, line.standard) if line.standard else money.NO_CRITERION,
                    [float(line.tasks), line.budget or None],
                )
                for line in standards
            ],
            Text("Tiêu chuẩn", "Standard"),
            _TASKS,
        )
    lines = contents.list_of(money.SHEET).entries
    yield _Block(
        (_SOURCES, _AMOUNT),
        [
            (source, [sum(line.amounts.get(source, 0.0) for line in lines)])
            for source in money.sources_in(lines)
        ],
        Text("Nguồn kinh phí", "Source"),
        _AMOUNT_AXIS,
        number_format=MILLIONS,
    )
    yield _Block(
        (_MONTHS, _AMOUNT),
        [
            (Text(*[month.strftime("%m/%Y")] * 2) if month else _MONTH_UNKNOWN, [amount])
            for month, amount in money.money_by_month(district).items()
        ],
        Text("Tháng", "Month"),
        _AMOUNT_AXIS,
        number_format=MILLIONS,
        is_column=True,
    )


def _heading(book: Book, ws: Worksheet, row: int, text: str) -> None:
    ws.merge_range(row, 0, row, _LAST, text, book.style("header"))


def _write_facts(
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


def _write_block(book: Book, ws: Worksheet, row: int, block: _Block, language: Language) -> int:
    """Write a small table from a row on, and return the row after it."""
    fit_row(ws, row, ((block.headings[0].in_(language), _WIDTHS[0]),))
    for index, heading in enumerate(block.headings):
        ws.write_string(row, index, heading.in_(language), book.style("header"))
    first = row + 1
    for place, (label, numbers) in enumerate(block.lines):
        row += 1
        name = label.in_(language)
        fit_row(ws, row, ((name, _WIDTHS[0]),))
        ws.write_string(row, 0, name, book.style("label"))
        for index, number in enumerate(numbers, start=1):
            write_value(ws, row, index, number, book.style("cell_number"))
        if block.formulas:
            style = book.style("cell_number")
            write_formula(ws, row, 1, block.formulas[place], style, numbers[0])
        if block.row_total:
            cells = f"B{row + 1}:{letter_of(len(numbers))}{row + 1}"
            style = book.style("cell_number")
            write_formula(ws, row, len(numbers) + 1, f"SUM({cells})", style, _sum(numbers))
    row += 1
    ws.write_string(row, 0, _TOTAL.in_(language), book.style("total"))
    columns = [list(column) for column in zip(*(n for _, n in block.lines), strict=True)]
    if block.row_total:
        columns.append([_sum(numbers) for _, numbers in block.lines])
    for index, column in enumerate(columns, start=1):
        letter = letter_of(index)
        formula = f"SUM({letter}{first + 1}:{letter}{row})"
        write_formula(ws, row, index, formula, book.style("total"), _sum(column))
    return row + 1


def _sum(numbers: Iterable[float | None]) -> float:
    return sum(number or 0.0 for number in numbers)


def _picture(block: _Block, sheet: str, first: int) -> Picture:
    last = first + len(block.lines) - 1
    names = len(block.chart) > 1
    series = [
        Series(
            (sheet, first, 0, last, 0),
            (sheet, first, column, last, column),
            (sheet, first - 1, column) if names else None,
            *block.colours[place : place + 1],
        )
        for place, column in enumerate(block.chart)
    ]
    title = block.headings[0]
    longest = max(len(label.vi) for label, _ in block.lines)
    return Picture(
        title, block.axis, block.along, series, block.number_format, block.is_column, longest
    )


SHEET = FreeSheet(Text("Tổng quan", "Overview"), _TITLE, _write)
