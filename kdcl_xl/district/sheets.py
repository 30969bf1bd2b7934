"""The lists of the district workbook, declared: schools, tasks, flags, inputs."""

from __future__ import annotations

from collections.abc import Mapping

from kdcl_xl.district.columns import task_columns
from kdcl_xl.district.model import Flag, Input, SchoolLine, Task
from kdcl_xl.district.table import FIRST_ROW, ListColumn, ListSheet, quoted
from kdcl_xl.files import base_name
from kdcl_xl.report import where
from macros_free_validation.rule import Severity
from macros_free_validation.values import CellError, Raw, is_date, show, to_serial
from workbook_templates.declare import Column, Type
from workbook_templates.text import Language, Text
from workbook_templates.vocabulary import Labelled


class Decision(Labelled):
    """An auditor's decision on a flag."""

    ACCEPT = "accept", "Chấp nhận", "Accept"
    SEND_BACK = "send_back", "Yêu cầu sửa", "Send back"
    WAIVE = "waive", "Miễn", "Waive"


SCHOOLS = Text("Trường", "Schools")
TASKS = Text("Kế hoạch", "Plans")
FLAGS = Text("Cờ", "Flags")
INPUTS = Text("Nhật ký", "Log")

_CODE = Text("Mã trường", "School code")
_NAME = Text("Tên trường", "School")
_FILE = Text("Tệp", "File")


def school_sheet(language: Language) -> ListSheet[SchoolLine]:
    """One row a school."""

    def count(severity: Severity) -> ListColumn[SchoolLine]:
        return ListColumn(
            severity.label,
            9,
            lambda s: float(s.counts.get(severity, 0)) if s.paths else None,
            "cell_number",
        )

    return ListSheet(
        SCHOOLS,
        Text("DANH SÁCH TRƯỜNG VÀ TÌNH TRẠNG NỘP KẾ HOẠCH", "SCHOOLS AND THEIR SUBMISSIONS"),
        (
            ListColumn(_CODE, 13, lambda s: s.school.code),
            ListColumn(_NAME, 38, lambda s: s.school.name),
            ListColumn(
                Text("Loại hình", "School kind"),
                25,
                lambda s: s.school.kind.label.in_(language) if s.school.kind else "",
            ),
            ListColumn(Text("Tình trạng", "State"), 17, lambda s: s.state.label.in_(language)),
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
            ListColumn(Text("Năm học", "School year"), 12, lambda s: s.school_year, "cell_center"),
            ListColumn(
                Text("Số công việc", "Tasks"),
                9,
                lambda s: float(s.tasks) if s.paths else None,
                "cell_number",
            ),
            ListColumn(
                Text("Kinh phí (đồng)", "Budget (đồng)"),
                17,
                lambda s: s.budget or None,
                "cell_number",
            ),
            *(count(severity) for severity in Severity),
            ListColumn(_FILE, 40, lambda s: "\n".join(base_name(p) for p in s.paths)),
            ListColumn(Text("Ghi chú", "Remark"), 46, lambda s: s.remark),
        ),
        frozen_columns=2,
    )


_STYLES: Mapping[Type, str] = {
    Type.DATE: "cell_date",
    Type.MONEY: "cell_number",
    Type.INTEGER: "cell_number",
    Type.PERCENT: "cell_number",
}


def _task_column(column: Column) -> ListColumn[Task]:
    def value(task: Task) -> Raw:
        return task.values.get(column.field)

    return ListColumn(column.header, column.width, value, _STYLES.get(column.type, "cell"))


def task_sheet(_language: Language) -> ListSheet[Task]:
    """One row a task, with where it came from and what was found in it."""
    return ListSheet(
        TASKS,
        Text("CÔNG VIỆC CỦA TẤT CẢ CÁC TRƯỜNG", "TASKS OF ALL SCHOOLS"),
        (
            ListColumn(_CODE, 13, lambda t: t.school_code),
            ListColumn(_NAME, 30, lambda t: t.school_name),
            *(_task_column(column) for column in task_columns()),
            ListColumn(Text("Cờ", "Flags"), 14, lambda t: ", ".join(t.rules)),
            ListColumn(_FILE, 34, lambda t: base_name(t.path)),
            ListColumn(Text("Sheet", "Sheet"), 11, lambda t: t.sheet),
            ListColumn(Text("Dòng", "Row"), 7, lambda t: float(t.row), "cell_number"),
        ),
        frozen_columns=2,
    )


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

    def modified(entry: Input) -> Raw:
        return to_serial(entry.modified.date()) if entry.modified else None

    return ListSheet(
        INPUTS,
        Text("NHẬT KÝ TỆP ĐẦU VÀO", "LOG OF INPUT FILES"),
        (
            ListColumn(_FILE, 60, lambda i: i.path),
            ListColumn(Text("Kết quả", "Outcome"), 22, lambda i: i.state.label.in_(language)),
            ListColumn(_CODE, 13, lambda i: i.school_code),
            ListColumn(Text("Ngày sửa tệp", "File date"), 13, modified, "cell_date"),
            ListColumn(
                Text("Lưu lần cuối", "Last saved"),
                17,
                lambda i: i.saved.shown if i.saved else None,
                "cell_center",
            ),
            ListColumn(Text("Lý do", "Reason"), 56, lambda i: i.reason),
            ListColumn(Text("Mã băm SHA-256", "SHA-256"), 68, lambda i: i.digest),
        ),
    )
