"""The sheet of progress (Theo dõi): the progress of each plan, overdue ones first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from kdcl_xl.district.model.model import District, Task
from kdcl_xl.district.model.months import day_of
from kdcl_xl.district.sheets.common_columns import school_columns
from kdcl_xl.district.sheets.declare import ListColumn, ListSheet, Total
from kdcl_xl.district.sheets.links import Links
from macros_free_validation.values import Raw, filled, is_number, key, to_serial
from workbook_templates.layout import letter_of
from workbook_templates.text import Text
from workbook_templates.vocabulary import ProgressState

_BY_NAME = {key(state.label.vi): state for state in ProgressState}
_NOT_REPORTED = Text("Chưa báo cáo", "Not reported")
_OTHER_WORDS = Text("Ghi ngoài danh sách", "Other words")
STATES: tuple[Text, ...] = (*(state.label for state in ProgressState), _OTHER_WORDS, _NOT_REPORTED)
"""The states of a task, and the reasons why it has none."""


def state_of(value: Raw) -> Text:
    """Return the state in a cell."""
    if not filled(value):
        return _NOT_REPORTED
    state = _BY_NAME.get(key(value))
    return state.label if state else _OTHER_WORDS


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """The progress of one submission's plan.

    ``longest`` is the greatest number of days that a task is late. ``percent`` is the mean of
    the percentages reported, from 0 to 100, or None.
    """

    path: str
    school_code: str
    school_name: str
    school_year: str
    ends_on: date | None
    has_ended: bool
    tasks: int
    states: Mapping[Text, int]
    overdue: int
    longest: int
    percent: float | None
    reported_on: date | None

    @property
    def done_share(self) -> float:
        """Share of the tasks reported done, from 0 to 1."""
        return self.states.get(ProgressState.DONE.label, 0) / self.tasks


def progress_of(district: District) -> tuple[ProgressLine, ...]:
    """Return the progress of every plan with tasks: most overdue first, then least done."""
    tasks: dict[str, list[Task]] = defaultdict(list)
    for task in district.tasks:
        tasks[task.path].append(task)
    lines = [_line(path, of_path, district.made_on) for path, of_path in tasks.items()]
    return tuple(sorted(lines, key=lambda line: (-line.overdue, -line.longest, line.done_share)))


def _line(path: str, tasks: Sequence[Task], today: date) -> ProgressLine:
    first = tasks[0]
    ends_on = first.summary.period[1] if first.summary.period else None
    percents = [p for t in tasks if is_number(p := t.report.percent) and 0 <= p <= 100]
    days = [day for t in tasks if (day := day_of(t.report.day))]
    return ProgressLine(
        path,
        first.school_code,
        first.school_name,
        first.summary.school_year,
        ends_on,
        ends_on is not None and today > ends_on,
        len(tasks),
        Counter(state_of(t.report.state) for t in tasks),
        sum(1 for t in tasks if t.days_late),
        max(t.days_late for t in tasks),
        fmean(percents) if percents else None,
        max(days, default=None),
    )


_NOTES = (
    Text(
        "Quá hạn: đã qua ngày hoàn thành mà chưa báo cáo hoàn thành, khi kế hoạch còn trong thời "
        "gian thực hiện (quy tắc KD706). Trường chưa nộp không có ở đây, xem trang Trường.",
        "Overdue: past the deadline and not reported done, while the plan's period runs (rule "
        "KD706). Schools that returned nothing are on the sheet of schools.",
    ),
)
_TASKS_AT = 4
_FIRST_STATE = 8


def _day(day: date | None) -> Raw:
    return to_serial(day) if day else None


def _columns(_lines: Sequence[ProgressLine], links: Links) -> tuple[ListColumn[ProgressLine], ...]:
    language = links.language

    def of_state(state: Text) -> ListColumn[ProgressLine]:
        return ListColumn(
            state,
            11,
            lambda line: float(line.states.get(state, 0)) or None,
            "cell_count",
            total=Total.SUM,
        )

    done = letter_of(_FIRST_STATE + STATES.index(ProgressState.DONE.label))
    tasks = letter_of(_TASKS_AT)
    return (
        *school_columns(ProgressLine, links),
        ListColumn(
            Text("Năm học", "School year"), 12, lambda line: line.school_year, "cell_center"
        ),
        ListColumn(
            Text("Kế hoạch kết thúc", "Plan ends"),
            12,
            lambda line: _day(line.ends_on),
            "cell_date",
        ),
        ListColumn(
            Text("Số công việc", "Tasks"),
            9,
            lambda line: float(line.tasks),
            "cell_count",
            total=Total.SUM,
        ),
        ListColumn(
            Text("Quá hạn", "Overdue"),
            9,
            lambda line: float(line.overdue) or None,
            "cell_count",
            total=Total.SUM,
        ),
        ListColumn(
            Text("Quá hạn lâu nhất (ngày)", "Longest overdue (days)"),
            11,
            lambda line: float(line.longest) or None,
            "cell_count",
        ),
        ListColumn(
            Text("Tình trạng kế hoạch", "State of the plan"),
            15,
            lambda line: _plan_state(line).in_(language),
            "cell_center",
        ),
        *map(of_state, STATES),
        ListColumn(
            Text("Tỉ lệ việc hoàn thành", "Share done"),
            11,
            lambda line: line.done_share,
            "cell_percent",
            formula=lambda row: f"IF({tasks}{row}=0,0,{done}{row}/{tasks}{row})",
        ),
        ListColumn(
            Text("Tỉ lệ báo cáo bình quân (%)", "Mean percent reported"),
            12,
            lambda line: None if line.percent is None else round(line.percent, 1),
            "cell_count",
        ),
        ListColumn(
            Text("Báo cáo gần nhất", "Last report"),
            12,
            lambda line: _day(line.reported_on),
            "cell_date",
        ),
    )


def _plan_state(line: ProgressLine) -> Text:
    if line.has_ended:
        return Text("Đã kết thúc", "Ended")
    if line.ends_on is None:
        return Text("Không rõ thời gian", "Period unknown")
    return Text("Đang thực hiện", "Running")


SHEET = ListSheet(
    Text("Theo dõi", "Progress"),
    Text("TIẾN ĐỘ THỰC HIỆN KẾ HOẠCH THEO TRƯỜNG", "PROGRESS OF THE PLANS BY SCHOOL"),
    progress_of,
    _columns,
    frozen_columns=2,
    notes=_NOTES,
)
