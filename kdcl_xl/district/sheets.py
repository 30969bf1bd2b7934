"""The lists of the district workbook that nobody types in: schools, tasks, inputs."""

from __future__ import annotations

from collections.abc import Mapping

from kdcl_xl.district.columns import task_columns
from kdcl_xl.district.model import Input, SchoolLine, Task
from kdcl_xl.district.table import ListColumn, ListSheet
from kdcl_xl.files import base_name
from macros_free_validation.rule import Severity
from macros_free_validation.values import Raw, to_serial
from workbook_templates.declare import Column, Type
from workbook_templates.text import Language, Text

SCHOOLS = Text("Trường", "Schools")
TASKS = Text("Kế hoạch", "Plans")
INPUTS = Text("Nhật ký", "Log")

CODE = Text("Mã trường", "School code")
NAME = Text("Tên trường", "School")
FILE = Text("Tệp", "File")


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
            ListColumn(CODE, 13, lambda s: s.school.code),
            ListColumn(NAME, 38, lambda s: s.school.name),
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
            ListColumn(FILE, 40, lambda s: "\n".join(base_name(p) for p in s.paths)),
            ListColumn(Text("Ghi chú", "Remark"), 46, lambda s: s.remark),
        ),
        frozen_columns=2,
        numbered=True,
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
            ListColumn(CODE, 13, lambda t: t.school_code),
            ListColumn(NAME, 30, lambda t: t.school_name),
            *(_task_column(column) for column in task_columns()),
            ListColumn(Text("Cờ", "Flags"), 14, lambda t: ", ".join(t.rules)),
            ListColumn(FILE, 34, lambda t: base_name(t.path)),
            ListColumn(Text("Sheet", "Sheet"), 11, lambda t: t.sheet),
            ListColumn(Text("Dòng", "Row"), 7, lambda t: float(t.row), "cell_number"),
        ),
        frozen_columns=2,
        numbered=True,
    )


def input_sheet(language: Language) -> ListSheet[Input]:
    """One row a file that was given."""

    def modified(entry: Input) -> Raw:
        return to_serial(entry.modified.date()) if entry.modified else None

    return ListSheet(
        INPUTS,
        Text("NHẬT KÝ TỆP ĐẦU VÀO", "LOG OF INPUT FILES"),
        (
            ListColumn(FILE, 60, lambda i: i.path),
            ListColumn(Text("Kết quả", "Outcome"), 22, lambda i: i.state.label.in_(language)),
            ListColumn(CODE, 13, lambda i: i.school_code),
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
