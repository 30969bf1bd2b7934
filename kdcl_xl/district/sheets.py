"""The lists of the district workbook, declared: schools, tasks, flags, inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta, timezone

from kdcl_xl.district.columns import task_columns
from kdcl_xl.district.links import Links
from kdcl_xl.district.model import Flag, Input, SchoolLine, Task
from kdcl_xl.district.names import FLAGS, INPUTS, SCHOOLS, TASKS
from kdcl_xl.district.standing import Standing
from kdcl_xl.district.table import FIRST_ROW, ListColumn, ListSheet, Total, quoted
from kdcl_xl.files import base_name
from kdcl_xl.report import where
from kdcl_xl.stamp import Stamp
from macros_free_validation.rule import Severity
from macros_free_validation.rules import BY_ID
from macros_free_validation.values import CellError, Raw, is_date, show, to_serial
from workbook_templates.declare import Column, Type
from workbook_templates.text import Language, Text
from workbook_templates.vocabulary import NOT_REACHED, Labelled, level_label


class Decision(Labelled):
    """An auditor's decision on a flag."""

    ACCEPT = "accept", "Chấp nhận", "Accept"
    SEND_BACK = "send_back", "Yêu cầu sửa", "Send back"
    WAIVE = "waive", "Miễn", "Waive"


_CODE = Text("Mã trường", "School code")
_NAME = Text("Tên trường", "School")
_FILE = Text("Tệp", "File")
_HASH = Text("Mã băm SHA-256 của tệp", "SHA-256 of the file")
VIET_NAM = timezone(timedelta(hours=7))
"""Time is shown as on the clocks of the schools, wherever the workbook is made."""


def school_sheet(language: Language, links: Links) -> ListSheet[SchoolLine]:
    """One row a school."""

    def count(severity: Severity) -> ListColumn[SchoolLine]:
        return ListColumn(
            severity.label,
            9,
            lambda s: float(s.counts.get(severity, 0)) if s.paths else None,
            "cell_number",
            total=Total.SUM,
        )

    def levels(words: Callable[[Standing], Text]) -> Callable[[SchoolLine], Raw]:
        return lambda s: ", ".join(dict.fromkeys(words(x).in_(language) for x in s.standings))

    return ListSheet(
        SCHOOLS,
        Text("TÌNH TRẠNG NỘP KẾ HOẠCH", "SCHOOLS AND SUBMISSIONS"),
        (
            ListColumn(_CODE, 13, lambda s: s.school.code),
            ListColumn(_NAME, 38, lambda s: s.school.name),
            ListColumn(
                Text("Loại hình", "School kind"),
                25,
                lambda s: s.school.kind.label.in_(language) if s.school.kind else "",
            ),
            ListColumn(
                Text("Tình trạng", "State"),
                17,
                lambda s: s.state.label.in_(language),
                total=Total.COUNT,
            ),
            ListColumn(
                Text("Trong danh sách", "Expected"),
                11,
                lambda s: (
                    Text("có", "yes").in_(language)
                    if s.expected
                    else Text("không", "no").in_(language)
                ),
                "cell_center",
            ),
            ListColumn(
                Text("Thời gian của tệp (giờ Việt Nam)", "File time (Viet Nam)"),
                17,
                lambda s: _moment(s.received),
                "cell_time",
            ),
            ListColumn(Text("Năm học", "School year"), 12, lambda s: s.school_year, "cell_center"),
            ListColumn(
                Text("Số công việc", "Tasks"),
                9,
                lambda s: float(s.tasks) if s.paths else None,
                "cell_number",
                total=Total.SUM,
            ),
            ListColumn(
                Text("Đến các công việc", "To the tasks"),
                14,
                lambda s: links.shown_rows(*s.paths),
                link=lambda s: links.to_tasks(*s.paths),
            ),
            ListColumn(
                Text("Kinh phí (đồng)", "Budget (đồng)"),
                17,
                lambda s: s.budget or None,
                "cell_number",
                total=Total.SUM,
            ),
            *(count(severity) for severity in Severity),
            ListColumn(
                Text("Mức đạt theo tự đánh giá", "Level reached"),
                13,
                levels(_reached),
                "cell_center",
            ),
            ListColumn(
                Text("Mức nhà trường ghi", "Level claimed"),
                13,
                levels(_claimed),
                "cell_center",
            ),
            ListColumn(_FILE, 40, lambda s: "\n".join(base_name(p) for p in s.paths)),
            ListColumn(Text("Ghi chú", "Remark"), 46, lambda s: s.remark),
        ),
        frozen_columns=2,
    )


def _moment(moment: datetime | None) -> Raw:
    """A time as Excel's number, on the clocks of Viet Nam."""
    if moment is None:
        return None
    local = moment.astimezone(VIET_NAM)
    return to_serial(local.date()) + (local.hour * 60 + local.minute) / 1440


def _reached(standing: Standing) -> Text:
    if standing.reached is None:
        return Text("Chưa đủ kết quả", "Not all assessed")
    if standing.reached == 0:
        return Text(NOT_REACHED, "None")
    return Text(level_label(standing.reached), f"Level {standing.reached}")


def _claimed(standing: Standing) -> Text:
    return Text(standing.claimed or "Không ghi", standing.claimed or "Not given")


_STYLES: Mapping[Type, str] = {
    Type.DATE: "cell_date",
    Type.MONEY: "cell_number",
    Type.INTEGER: "cell_number",
    Type.PERCENT: "cell_number",
}


def _task_column(column: Column) -> ListColumn[Task]:
    def value(task: Task) -> Raw:
        return task.values.get(column.field)

    total = {"task": Total.COUNT, "budget": Total.SUM}.get(column.field)
    style = _STYLES.get(column.type, "cell")
    return ListColumn(column.header, column.width, value, style, total=total)


def task_sheet(language: Language, links: Links) -> ListSheet[Task]:
    """One row a task, with where it came from, what was found in it, and its progress."""

    def gravest(task: Task) -> Raw:
        found = min((f.severity for f in task.findings), key=lambda s: s.rank, default=None)
        return found.label.in_(language) if found else ""

    return ListSheet(
        TASKS,
        Text("CÔNG VIỆC CÁC TRƯỜNG", "TASKS OF ALL SCHOOLS"),
        (
            ListColumn(_CODE, 13, lambda t: t.school_code, link=lambda t: links.school(t.path)),
            ListColumn(_NAME, 30, lambda t: t.school_name),
            *(_task_column(column) for column in task_columns()),
            ListColumn(Text("Mức độ của cờ", "Gravest flag"), 11, gravest, "cell_center"),
            ListColumn(Text("Cờ", "Flags"), 36, lambda t: "\n".join(_rules(t, language))),
            ListColumn(Text("Mức độ thực hiện", "Progress"), 15, lambda t: t.report.state),
            ListColumn(Text("Tỉ lệ (%)", "Percent"), 8, lambda t: t.report.percent, "cell_number"),
            ListColumn(
                Text("Ngày báo cáo", "Report date"), 12, lambda t: t.report.day, "cell_date"
            ),
            ListColumn(
                Text("Quá hạn (ngày)", "Days late"),
                9,
                lambda t: float(t.days_late) or None,
                "cell_number",
            ),
            ListColumn(
                Text("Năm học", "School year"),
                12,
                lambda t: t.standing.school_year,
                "cell_center",
            ),
            ListColumn(_FILE, 34, lambda t: base_name(t.path)),
            ListColumn(Text("Sheet", "Sheet"), 11, lambda t: t.sheet),
            ListColumn(Text("Dòng", "Row"), 7, lambda t: float(t.row), "cell_number"),
            ListColumn(_HASH, 34, lambda t: t.standing.digest),
        ),
        frozen_columns=2,
    )


def _rules(task: Task, language: Language) -> Iterator[str]:
    """The rules found in a row, each once, with their titles."""
    seen = {found.rule: found for found in reversed(task.findings)}
    for rule in task.rules:
        words = f"{rule} {BY_ID[rule].title.in_(language)}"
        waived = Text("đã miễn", "waived").in_(language)
        yield f"{words} ({waived})" if seen[rule].waived else words


def flag_sheet(language: Language, school_rows: Mapping[str, int]) -> ListSheet[Flag]:
    """One row a finding, with columns for the auditor."""

    def link(flag: Flag) -> str:
        if flag.task is not None:
            return f"internal:{quoted(TASKS.in_(language))}!A{flag.task + FIRST_ROW + 1}"
        row = school_rows.get(flag.path)
        return f"internal:{quoted(SCHOOLS.in_(language))}!A{row}" if row else ""

    def value(flag: Flag) -> Raw:
        raw = flag.finding.value
        if isinstance(raw, CellError):
            return raw.code
        as_date = is_date(raw) and flag.finding.field in _date_fields()
        return show(raw, as_date=as_date)

    return ListSheet(
        FLAGS,
        Text("CÁC VẤN ĐỀ CẦN XEM XÉT", "FINDINGS TO DECIDE ON"),
        (
            ListColumn(
                Text("Mức độ", "Severity"), 10, lambda f: f.finding.severity.label.in_(language)
            ),
            ListColumn(Text("Quy tắc", "Rule"), 9, lambda f: f.finding.rule, "cell_center"),
            ListColumn(_CODE, 13, lambda f: f.school_code),
            ListColumn(_NAME, 28, lambda f: f.school_name),
            ListColumn(
                Text("Vị trí (bấm để đến dòng)", "Place (click to go there)"),
                18,
                lambda f: where(f.finding) or base_name(f.path),
                link=link,
            ),
            ListColumn(Text("Giá trị", "Value"), 24, value),
            ListColumn(Text("Vấn đề", "Finding"), 50, lambda f: f.finding.message.in_(language)),
            ListColumn(Text("Cách xử lý", "Remedy"), 44, lambda f: f.finding.remedy.in_(language)),
            ListColumn(_FILE, 27, lambda f: base_name(f.path)),
            ListColumn(Text("Kết luận", "Decision"), 14, lambda _f: None, "input_choice"),
            ListColumn(Text("Ý kiến thẩm định", "Auditor's note"), 34, lambda _f: None, "input"),
            ListColumn(
                Text("Người thẩm định (chức danh)", "Auditor (role)"),
                18,
                lambda _f: None,
                "input",
            ),
            ListColumn(Text("Ngày", "Date"), 12, lambda _f: None, "input_date"),
        ),
        frozen_columns=2,
    )


DECISION_INDEX, DECISION_DATE_INDEX = 9, 12
"""Columns of the decision and its date on the flag sheet, from 0."""


def _date_fields() -> frozenset[str]:
    return frozenset(
        [c.field for c in task_columns() if c.type is Type.DATE]
        + ["issue_date", "period_start", "period_end", "report_date"]
    )


def input_sheet(language: Language) -> ListSheet[Input]:
    """One row a file that was given."""

    def stamped(words: Callable[[Stamp], str]) -> Callable[[Input], Raw]:
        return lambda i: words(i.stamp) if i.stamp else ""

    return ListSheet(
        INPUTS,
        Text("NHẬT KÝ TỆP ĐẦU VÀO", "LOG OF INPUT FILES"),
        (
            ListColumn(_FILE, 60, lambda i: i.path),
            ListColumn(
                Text("Kết quả", "Outcome"),
                22,
                lambda i: i.state.label.in_(language),
                total=Total.COUNT,
            ),
            ListColumn(_CODE, 13, lambda i: i.school_code),
            ListColumn(
                Text("Thời gian của tệp (giờ Việt Nam)", "File time (Viet Nam)"),
                17,
                lambda i: _moment(i.modified),
                "cell_time",
            ),
            ListColumn(Text("Lý do", "Reason"), 56, lambda i: i.reason),
            ListColumn(Text("Mã trường khi phát", "Code issued"), 13, stamped(_school_code)),
            ListColumn(Text("Năm học khi phát", "Year issued"), 12, stamped(_year), "cell_center"),
            ListColumn(
                Text("Dấu của mẫu: mẫu biểu, quy định, loại hình, cấu trúc", "Template's stamp"),
                44,
                stamped(_stamp),
            ),
            ListColumn(_HASH, 68, lambda i: i.digest),
        ),
        frozen_columns=1,
    )


def _school_code(stamp: Stamp) -> str:
    return stamp.school_code


def _year(stamp: Stamp) -> str:
    return stamp.school_year


def _stamp(stamp: Stamp) -> str:
    limits = [f"{name} = {number}" for name, number in stamp.limits]
    return "; ".join((stamp.form, stamp.regulation, stamp.kind, stamp.structure, *limits))
