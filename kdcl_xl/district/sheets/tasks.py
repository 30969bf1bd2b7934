"""The sheet of tasks: the plans of all schools, row by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache

from kdcl_xl.district.model.model import Task
from kdcl_xl.district.sheets.common_columns import (
    CODE,
    FILE,
    HASH,
    NAME,
    authority_columns,
    shown_word,
)
from kdcl_xl.district.sheets.declare import ListColumn, ListSheet, Total
from kdcl_xl.district.sheets.links import TASKS, Links
from macros_free_validation.plan import level_meant
from macros_free_validation.rules import BY_ID
from macros_free_validation.understood import Reader, reader_of
from macros_free_validation.values import Raw, is_number
from workbook_templates.declare import MEANINGS, Column, Type
from workbook_templates.forms import FORMS
from workbook_templates.text import Language, Text
from workbook_templates.vocabulary import standard_of

_LEFT_OUT = ("status", "no", "criterion_label", "check")
"""Fields that mean something in their own workbook only: the number, the live checks.

The criterion has its full label in its own column, however the school gave it.
"""


@cache
def task_columns() -> tuple[Column, ...]:
    """Return the plan columns of all forms in one order, derived from their declarations.

    A column that only a later form has follows its predecessor in that form.
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


_STYLES: Mapping[Type, str] = {
    Type.DATE: "cell_date",
    Type.MONEY: "cell_number",
    Type.INTEGER: "cell_number",
    Type.PERCENT: "cell_number",
}


def _task_column(column: Column, language: Language) -> ListColumn[Task]:
    total = {"task": Total.COUNT, "budget": Total.SUM}.get(column.field)
    style = _STYLES.get(column.type, "cell")
    value = _task_value(column, language)
    return ListColumn(column.header, column.width, value, style, total=total)


def _task_value(column: Column, language: Language) -> Callable[[Task], Raw]:
    """Return the function of the value that a column of the plan shows of a task."""
    # Our own words and those of lists are Vietnamese.
    is_translated, field = language is not Language.VI, column.field
    if field == "standard" and is_translated:
        return lambda task: standard_of(task.standard).in_(language)
    if field == "standard":
        return lambda task: task.standard
    if field == "criterion":
        return lambda task: task.value("criterion_label") or task.value("criterion")
    if field == "target_level":
        return lambda task: shown_word(level_meant(task.value(field)), language)
    if column.type in MEANINGS:
        return lambda task: task.meant(field)
    is_word = column.choices is not None or column.derived is not None
    if is_word and is_translated:
        return lambda task: shown_word(task.value(field), language)
    return lambda task: task.value(field)


GRAVEST = Text("Mức độ của cờ", "Gravest flag")
_AS_TYPED = Text("Thời gian, kinh phí ghi nguyên văn", "Dates and amounts as typed")


def _as_typed(task: Task, language: Language) -> str:
    """Return the dates and amounts whose text says more than the day or the number of its cell."""
    said = []
    for field, header, reader in _understood_columns():
        value = task.value(field)
        if type(value) is not str or not is_number(task.meant(field)):
            continue
        if not _is_plain(reader, value):
            said.append(f"{header.in_(language)}: {value}")
    return "; ".join(said)


@cache
def _understood_columns() -> tuple[tuple[str, Text, Reader], ...]:
    """Return the fields of dates and amounts, whose texts are understood, with their readers."""
    columns = (column for column in task_columns() if column.type in MEANINGS)
    return tuple((column.field, column.header, reader_of(column)) for column in columns)


@lru_cache(maxsize=16_384)  # plans repeat the same few dates and amounts
def _is_plain(reader: Reader, value: str) -> bool:
    return reader.is_plain(value)


def _columns(_tasks: Sequence[Task], links: Links) -> tuple[ListColumn[Task], ...]:
    """Return a task's columns: school, plan, findings, progress, and source of the row."""
    language = links.language

    def gravest(task: Task) -> Raw:
        if not task.findings:  # as most tasks
            return ""
        return min((f.severity for f in task.findings), key=lambda s: s.rank).label.in_(language)

    return (
        ListColumn(CODE, 13, lambda t: t.school_code),
        ListColumn(NAME, 30, lambda t: t.school_name),
        # In sight where the link from the flags leads to.
        ListColumn(
            GRAVEST,
            11,
            gravest,
            "cell_center",
            link=lambda t: links.to_flags(t.path, t.row),
        ),
        *authority_columns(links, lambda t: links.authorities[t.path]),
        *(_task_column(column, language) for column in task_columns()),
        ListColumn(_AS_TYPED, 24, lambda t: _as_typed(t, language)),
        ListColumn(Text("Ghi chú gắn vào ô", "Notes on cells"), 24, lambda t: t.remarks),
        ListColumn(Text("Cờ", "Flags"), 36, lambda t: _rules(t, language)),
        ListColumn(
            Text("Mức độ thực hiện", "Progress"),
            15,
            lambda t: shown_word(t.report.state, language),
        ),
        ListColumn(Text("Tỉ lệ (%)", "Percent"), 8, lambda t: t.report.percent, "cell_number"),
        ListColumn(Text("Ngày báo cáo", "Report date"), 12, lambda t: t.report.day, "cell_date"),
        ListColumn(
            Text("Quá hạn (ngày)", "Days late"),
            9,
            lambda t: float(t.days_late) or None,
            "cell_number",
        ),
        ListColumn(
            Text("Năm học", "School year"),
            12,
            lambda t: t.summary.school_year,
            "cell_center",
        ),
        ListColumn(FILE, 34, lambda t: ", ".join(o.part.name for o in t.origins)),
        ListColumn(Text("Trang", "Sheet"), 11, lambda t: t.sheet),
        ListColumn(Text("Dòng", "Row"), 7, _row, "cell_number"),
        ListColumn(HASH, 34, lambda t: ", ".join(o.part.digest for o in t.origins)),
    )


def _row(task: Task) -> Raw:
    """Return the row of a task in its file, or its rows in several, in their order."""
    rows = [origin.row_in_file("plan") for origin in task.origins]
    return float(rows[0]) if len(rows) == 1 else ", ".join(map(str, rows))


def _rules(task: Task, language: Language) -> str:
    """Return the rules of the findings in a row, each once, with their titles, a line each."""
    if not task.findings:  # as most tasks
        return ""
    seen = {found.rule: found for found in reversed(task.findings)}
    return "\n".join(
        f"{rule} {BY_ID[rule].title.in_(language)}"
        + (f" ({_WAIVED.in_(language)})" if seen[rule].waived else "")
        for rule in task.rules
    )


_WAIVED = Text("đã miễn", "waived")


SHEET = ListSheet(
    TASKS,
    Text("CÔNG VIỆC CÁC TRƯỜNG", "TASKS OF ALL SCHOOLS"),
    lambda district: district.tasks,
    _columns,
    frozen_columns=2,
    numbered=True,
)
