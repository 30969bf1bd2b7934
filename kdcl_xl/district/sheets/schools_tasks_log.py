"""The lists of the district workbook that nobody types in: schools, tasks, inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import TypeVar

from kdcl_xl.district.model.choose import VIETNAM
from kdcl_xl.district.model.model import Input, SchoolLine, Task, shown_level
from kdcl_xl.district.model.school_levels import Standing
from kdcl_xl.district.sheets.links import AUTHORITY, INPUTS, SCHOOLS, TASKS, Links
from kdcl_xl.district.sheets.list_sheet import ListColumn, ListSheet, Total
from kdcl_xl.files import base_name
from kdcl_xl.template.stamp import Stamp
from macros_free_validation.rule import Severity
from macros_free_validation.rules import BY_ID
from macros_free_validation.values import Raw, to_serial
from workbook_templates.declare import Column, Type
from workbook_templates.forms import FORMS
from workbook_templates.text import Language, Text
from workbook_templates.vocabulary import NOT_REACHED, level_label

T = TypeVar("T")


CODE = Text("Mã trường", "School code")


NAME = Text("Tên trường", "School")


FILE = Text("Tệp", "File")


_LEVEL_WIDTH = 38


HASH = Text("Mã băm SHA-256 của tệp", "SHA-256 of the file")


OUTCOME = Text("Kết quả", "Outcome")


ISSUED = Text("Mã trường khi phát", "Code issued")


def level_columns(
    links: Links, level: Callable[[T], str], header: Text = AUTHORITY
) -> tuple[ListColumn[T], ...]:
    """A column with an authority below this one; none where all comes from one."""
    return (ListColumn(header, _LEVEL_WIDTH, level),) if links.levels else ()


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
            ListColumn(CODE, 13, lambda s: s.school.code),
            ListColumn(NAME, 38, lambda s: s.school.name),
            *level_columns(links, lambda s: shown_level(s.under)),
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
            ListColumn(FILE, 40, lambda s: "\n".join(base_name(p) for p in s.paths)),
            ListColumn(Text("Ghi chú", "Remark"), 46, lambda s: s.remark),
        ),
        frozen_columns=2,
        numbered=True,
    )


def _moment(moment: datetime | None) -> Raw:
    """A time as Excel's number, on the clocks of Viet Nam."""
    if moment is None:
        return None
    local = moment.astimezone(VIETNAM)
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
    field = column.field

    def value(task: Task) -> Raw:
        return task.value(field)

    def standard(task: Task) -> Raw:
        return task.standard

    total = {"task": Total.COUNT, "budget": Total.SUM}.get(column.field)
    style = _STYLES.get(column.type, "cell")
    own = standard if field == "standard" else value
    return ListColumn(column.header, column.width, own, style, total=total)


def task_sheet(language: Language, links: Links) -> ListSheet[Task]:
    """One row a task, with where it came from, what was found in it, and its progress."""

    def gravest(task: Task) -> Raw:
        found = min((f.severity for f in task.findings), key=lambda s: s.rank, default=None)
        return found.label.in_(language) if found else ""

    return ListSheet(
        TASKS,
        Text("CÔNG VIỆC CÁC TRƯỜNG", "TASKS OF ALL SCHOOLS"),
        (
            ListColumn(CODE, 13, lambda t: t.school_code),
            ListColumn(NAME, 30, lambda t: t.school_name),
            *level_columns(links, lambda t: links.levels[t.path]),
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
            ListColumn(FILE, 34, lambda t: base_name(t.path)),
            ListColumn(Text("Sheet", "Sheet"), 11, lambda t: t.sheet),
            ListColumn(Text("Dòng", "Row"), 7, lambda t: float(t.row), "cell_number"),
            ListColumn(HASH, 34, lambda t: t.standing.digest),
        ),
        frozen_columns=2,
        numbered=True,
    )


def _rules(task: Task, language: Language) -> Iterator[str]:
    """The rules found in a row, each once, with their titles."""
    seen = {found.rule: found for found in reversed(task.findings)}
    for rule in task.rules:
        words = f"{rule} {BY_ID[rule].title.in_(language)}"
        waived = Text("đã miễn", "waived").in_(language)
        yield f"{words} ({waived})" if seen[rule].waived else words


def input_sheet(language: Language, links: Links) -> ListSheet[Input]:
    """One row a file that was given."""

    def stamped(words: Callable[[Stamp], str]) -> Callable[[Input], Raw]:
        return lambda i: words(i.stamp) if i.stamp else ""

    return ListSheet(
        INPUTS,
        Text("NHẬT KÝ TỆP ĐẦU VÀO", "LOG OF INPUT FILES"),
        (
            ListColumn(FILE, 60, lambda i: i.path),
            ListColumn(
                OUTCOME,
                22,
                lambda i: i.state.label.in_(language),
                total=Total.COUNT,
            ),
            *level_columns(links, lambda i: shown_level(i.under)),
            ListColumn(CODE, 13, lambda i: i.school_code),
            ListColumn(
                Text("Thời gian của tệp (giờ Việt Nam)", "File time (Viet Nam)"),
                17,
                lambda i: _moment(i.modified),
                "cell_time",
            ),
            ListColumn(
                Text("Lưu lần cuối", "Last saved"),
                17,
                lambda i: i.saved.shown if i.saved else None,
                "cell_center",
            ),
            ListColumn(Text("Lý do", "Reason"), 56, lambda i: i.reason),
            ListColumn(ISSUED, 13, stamped(_school_code)),
            ListColumn(Text("Năm học khi phát", "Year issued"), 12, stamped(_year), "cell_center"),
            ListColumn(
                Text("Dấu của mẫu: mẫu biểu, quy định, loại hình, cấu trúc", "Template's stamp"),
                44,
                stamped(_stamp),
            ),
            ListColumn(HASH, 68, lambda i: i.digest),
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


_LEFT_OUT = ("no", "check")


@cache
def task_columns() -> tuple[Column, ...]:
    """The plan columns of all forms in one order, derived from their declarations.

    A column that only a later form has stands after the one it follows there.
    """
    merged: list[Column] = []
    for form in FORMS.values():
        position = 0
        for column in form.sheet("plan").columns:
            if column.field in _LEFT_OUT:
                continue
            fields = [known.field for known in merged]
            if column.field in fields:
                position = fields.index(column.field) + 1
            else:
                merged.insert(position, column)
                position += 1
    return tuple(merged)
