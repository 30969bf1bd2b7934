"""The overview sheet: what an officer needs to know in one screen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from kdcl_xl import __version__
from kdcl_xl.book import Book, fit_row, paper, write_formula, write_value
from kdcl_xl.district.decision import Progress
from kdcl_xl.district.model import District, InputState, State, is_amount
from kdcl_xl.files import base_name
from macros_free_validation.expression import quote
from macros_free_validation.rule import Severity
from macros_free_validation.rules import ALL_RULES, BY_ID, FAMILIES
from macros_free_validation.values import Raw, to_serial
from workbook_templates.forms import FORMS
from workbook_templates.styles import BRAND
from workbook_templates.text import Language, Text

OVERVIEW = Text("Tổng quan", "Overview")
_WIDTHS = (66, 30, 20, 4, 66)

Line = tuple[str, Raw, str]
"""A labelled fact: label, value, style of the value."""


def write_overview(
    book: Book, ws: Worksheet, district: District, language: Language, progress_range: str
) -> None:
    """Write the overview; ``progress_range`` is where each flag says how far it is."""
    for index, width in enumerate(_WIDTHS):
        ws.set_column(index, index, width)
    ws.hide_gridlines(2)
    ws.set_row(0, 26)
    ws.write_string(0, 0, _TITLE.in_(language), book.style("heading"))
    row = _lines(book, ws, 2, _facts(district, language)) + 1
    expected = sum(1 for s in district.schools if s.expected)
    heading = _SCHOOLS.format(expected=expected).in_(language)
    states: list[Line] = [
        (state.label.in_(language), float(len(district.in_state(state))), "cell_number")
        for state in State
    ]
    states_at = row + 1
    count = _COUNT.in_(language)
    row = _block(book, ws, row, heading, count, states) + 1
    severities: list[Line] = [
        (s.label.in_(language), float(district.count(s)), "cell_number") for s in Severity
    ]
    row = _block(book, ws, row, _BY_SEVERITY.in_(language), count, severities) + 1
    families = Counter(BY_ID[flag.finding.rule].family for flag in district.flags)
    by_family: list[Line] = [
        (text.in_(language), float(families[name]), "cell_number")
        for name, text in FAMILIES.items()
        if families[name]
    ]
    families_at = row + 1
    row = _block(book, ws, row, _BY_FAMILY.in_(language), count, by_family) + 1
    row = _write_progress(book, ws, row, district, language, progress_range) + 1
    _write_standards(book, ws, row, district, language)
    row = _write_jobs(book, ws, 2, district, language) + 1
    name = OVERVIEW.in_(language)
    for title, first, entries in (
        (heading, states_at, len(states)),
        (_BY_FAMILY.in_(language), families_at, len(by_family)),
    ):
        if entries:
            chart = _bar_chart(book, name, title, first, entries)
            ws.insert_chart(row, _CHART_COLUMN, chart, {"description": title})
            row += _CHART_ROWS
    paper(ws, landscape=True, footer="&P/&N")
    ws.fit_to_pages(1, 1)


_CHART_COLUMN, _CHART_ROWS = 4, 14
_TITLE = Text("TỔNG HỢP KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC", "IMPROVEMENT PLANS, CONSOLIDATED")
_SCHOOLS = Text("Trường (trong danh sách: {expected})", "Schools ({expected} on the list)")
_BY_SEVERITY = Text("Vấn đề theo mức độ", "Findings by severity")
_BY_FAMILY = Text("Vấn đề theo nhóm", "Findings by family")
_DECISIONS = Text("Kết luận thẩm định", "Decisions")
_CLOSED = Text("Đã khép lại (xem sheet Đã khép lại)", "Closed (see the sheet of that name)")
_NOTES = Text("Ghi chú khác (xem sheet Ghi chú khác)", "Other notes (see the sheet of that name)")
_COUNT = Text("Số lượng", "Count")
_TO_DO = Text("Việc cần xử lý ngay", "What needs a person now")
_NOTHING = Text("Không có việc nào.", "Nothing.")
_NOT_GIVEN = Text("(không ghi tiêu chí)", "(no criterion given)")
_STANDARD_HEADERS = (
    Text("Công việc theo tiêu chuẩn", "Tasks by standard"),
    Text("Số công việc", "Tasks"),
    Text("Kinh phí (đồng)", "Budget (đồng)"),
)
_FACTS = (
    Text("Cơ quan quản lý", "Authority"),
    Text("Ngày tổng hợp", "Merged on"),
    Text("Số tệp đầu vào", "Input files"),
    Text("Công cụ", "Tool"),
)
_TOOL = Text("kdcl-xl {version}, {count} quy tắc", "kdcl-xl {version}, {count} rules")


def _facts(district: District, language: Language) -> list[Line]:
    tool = _TOOL.format(version=__version__, count=len(ALL_RULES)).in_(language)
    values: tuple[tuple[Raw, str], ...] = (
        (district.authority or None, "cell"),
        (to_serial(district.made_on), "cell_date"),
        (float(len(district.inputs)), "cell_number"),
        (tool, "cell"),
    )
    return [
        (label.in_(language), value, style)
        for label, (value, style) in zip(_FACTS, values, strict=True)
    ]


def _lines(book: Book, ws: Worksheet, row: int, lines: Sequence[Line]) -> int:
    """Write labelled facts from a row on; the row after them."""
    for label, value, style in lines:
        fit_row(ws, row, ((label, _WIDTHS[0]), (value, _WIDTHS[1])))
        ws.write_string(row, 0, label, book.style("label"))
        write_value(ws, row, 1, value, book.style(style))
        row += 1
    return row


def _block(
    book: Book, ws: Worksheet, row: int, heading: str, count: str, lines: Sequence[Line]
) -> int:
    ws.write_string(row, 0, heading, book.style("header"))
    ws.write_string(row, 1, count, book.style("header"))
    return _lines(book, ws, row + 1, lines)


def _write_progress(
    book: Book, ws: Worksheet, row: int, district: District, language: Language, cells: str
) -> int:
    """How far the auditor is, counted in the sheet itself; the row after it."""
    ws.write_string(row, 0, _DECISIONS.in_(language), book.style("header"))
    ws.write_string(row, 1, _COUNT.in_(language), book.style("header"))
    for progress in Progress:
        row += 1
        label = progress.label.in_(language)
        ws.write_string(row, 0, label, book.style("label"))
        formula = f"COUNTIF({cells},{quote(label)})"
        count = float(district.in_progress(progress))
        write_formula(ws, row, 1, formula, book.style("cell_number"), count)
    return _lines(
        book,
        ws,
        row + 1,
        [
            (_CLOSED.in_(language), float(len(district.closed)), "cell_number"),
            (_NOTES.in_(language), float(len(district.notes)), "cell_number"),
        ],
    )


def _bar_chart(book: Book, sheet: str, title: str, first: int, count: int) -> Chart:
    """A native bar chart over a block of facts (rows from 0)."""
    chart = book.workbook.add_chart({"type": "bar"})
    last = first + count - 1
    chart.add_series(
        {
            "categories": [sheet, first, 0, last, 0],
            "values": [sheet, first, 1, last, 1],
            "fill": {"color": BRAND},
            "data_labels": {"value": True},
            "gap": 60,
        }
    )
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_size({"width": 460, "height": 250})
    return chart


def _write_standards(
    book: Book, ws: Worksheet, row: int, district: District, language: Language
) -> None:
    """Tasks and money by standard, form by form."""
    tasks: Counter[tuple[str, str]] = Counter()
    money: dict[tuple[str, str], float] = defaultdict(float)
    for task in district.tasks:
        standard = task.values.get("standard")
        name = standard if isinstance(standard, str) and standard else _NOT_GIVEN.in_(language)
        tasks[task.form, name] += 1
        budget = task.values.get("budget")
        if is_amount(budget):
            money[task.form, name] += budget
    for index, header in enumerate(_STANDARD_HEADERS):
        ws.write_string(row, index, header.in_(language), book.style("header"))
    for form, name in sorted(tasks):
        row += 1
        label = f"{FORMS[form].title.in_(language).split(' (')[0]}: {name}"
        fit_row(ws, row, ((label, _WIDTHS[0]),))
        ws.write_string(row, 0, label, book.style("label"))
        write_value(ws, row, 1, float(tasks[form, name]), book.style("cell_number"))
        write_value(ws, row, 2, money[form, name] or None, book.style("cell_number"))


def _write_jobs(book: Book, ws: Worksheet, row: int, district: District, language: Language) -> int:
    """A line for each thing that needs a person now; the row after them."""
    ws.write_string(row, _CHART_COLUMN, _TO_DO.in_(language), book.style("header"))
    for line in list(_jobs(district)) or [_NOTHING]:
        row += 1
        text = line.in_(language)
        fit_row(ws, row, ((text, _WIDTHS[_CHART_COLUMN]),))
        ws.write_string(row, _CHART_COLUMN, text, book.style("cell"))
    return row + 1


def _jobs(district: District) -> Iterator[Text]:
    for line in district.in_state(State.UNREADABLE):
        yield Text(
            f"Không đọc được tệp của {line.school.name}: {line.remark}",
            f"Unreadable file of {line.school.name}: {line.remark}",
        )
    for line in district.in_state(State.DOUBLE):
        yield Text(
            f"{line.school.name} có {len(line.paths)} bản; đã lấy «{base_name(line.paths[0])}» (lý "
            "do ở sheet Nhật ký).",
            f"{line.school.name} has {len(line.paths)} files; '{base_name(line.paths[0])}' counts "
            "(the log says why).",
        )
    missing = district.in_state(State.MISSING)
    if missing:
        names = "; ".join(line.school.name for line in missing[:10])
        more = f" (+{len(missing) - 10})" if len(missing) > 10 else ""
        yield Text(
            f"{len(missing)} trường chưa nộp: {names}{more}.",
            f"{len(missing)} schools missing: {names}{more}.",
        )
    wrong = [s for s in district.schools if s.counts.get(Severity.ERROR) and s.tasks]
    if wrong:
        yield Text(
            f"{len(wrong)} trường có lỗi cần sửa: xem sheet Cờ.",
            f"{len(wrong)} schools have errors: see the flags.",
        )
    review = district.in_progress(Progress.REVIEW)
    if review:
        yield Text(
            f"{review} kết luận cần xem lại vì nội dung đã thay đổi: xem sheet Cờ.",
            f"{review} decisions to be reviewed, for what they rest on changed: see the flags.",
        )
    same = sum(1 for entry in district.inputs if entry.state is InputState.SAME)
    if same:
        yield Text(f"{same} tệp trùng nhau, đã bỏ qua.", f"{same} identical files left out.")
