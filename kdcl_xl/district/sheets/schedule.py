"""The sheet of the schedule (Lịch): the number of tasks in each month, by school."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.district.model.model import District, Task
from kdcl_xl.district.model.months import day_of, months_of, recurrence_of
from kdcl_xl.district.sheets.charts import Picture, Series
from kdcl_xl.district.sheets.common_columns import school_columns
from kdcl_xl.district.sheets.declare import ListColumn, Listing, ListSheet, Total
from kdcl_xl.district.sheets.links import Links
from kdcl_xl.district.sheets.page import highlight
from kdcl_xl.xlsx.writer import Book
from workbook_templates.layout import letter_of
from workbook_templates.school_year import school_year_of
from workbook_templates.styles import TASK_COUNT_STYLES
from workbook_templates.text import Language, Text
from workbook_templates.vocabulary import Recurrence

MONTHS = (8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7)
"""The months of a school year, in order."""


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """The tasks of one school, school year and recurrence.

    ``months`` counts them by month of the year (1 to 12); ``unplaced`` is the number of tasks
    without a known month.
    """

    path: str
    school_code: str
    school_name: str
    school_year: str
    recurrence: Recurrence
    months: dict[int, int]
    unplaced: int

    @property
    def total(self) -> int:
        """The number of all tasks, with a known month or without."""
        return sum(self.months.values()) + self.unplaced


def schedule_of(district: District) -> tuple[ScheduleLine, ...]:
    """Return the schedule of a district, in the order of its schools."""
    counts: dict[tuple[str, str, Recurrence], Counter[int]] = defaultdict(Counter)
    falling: dict[tuple[str, Recurrence], Counter[date]] = defaultdict(Counter)
    tasks: dict[str, Task] = {}
    for task in district.tasks:
        tasks.setdefault(task.path, task)
        recurrence = recurrence_of(task.value("recurrence"))
        start, deadline = day_of(task.meant("start")), day_of(task.meant("deadline"))
        months = months_of(recurrence, start, deadline, task.summary.period)
        if months:
            own = falling[task.path, recurrence]
            for month in months:
                own[month] += 1
        else:
            counts[task.path, task.summary.school_year, recurrence][_UNPLACED] += 1
    every = frozenset[date]().union(*falling.values())
    years = {month: str(school_year_of(month)) for month in every}
    for (path, recurrence), own in falling.items():
        for month, count in own.items():
            counts[path, years[month], recurrence][month.month] += count
    order = {path: place for place, path in enumerate(tasks)}
    words = list(Recurrence)
    return tuple(
        ScheduleLine(
            path,
            tasks[path].school_code,
            tasks[path].school_name,
            year,
            recurrence,
            {month: count for month, count in months.items() if month != _UNPLACED},
            months[_UNPLACED],
        )
        for (path, year, recurrence), months in sorted(
            counts.items(), key=lambda e: (order[e[0][0]], e[0][1], words.index(e[0][2]))
        )
    )


_UNPLACED = 0
"""The number of no month, for tasks without a known one."""
_NOTES = (
    Text(
        "Việc một lần (hoặc không ghi tần suất) tính một lần, ở tháng hoàn thành. Việc lặp lại "
        "tính từ ngày bắt đầu đến ngày hoàn thành, trong thời gian của kế hoạch; thiếu ngày nào "
        "thì lấy theo kế hoạch.",
        "A task done once (or without recurrence) counts once, in the month of its deadline. A "
        "recurring one runs from start to deadline within the plan's period, which stands in for "
        "a missing day.",
    ),
    Text(
        "Hằng tháng, thường xuyên: mỗi tháng. Hằng quý: tháng 3, 6, 9, 12. Mỗi học kỳ: tháng 1 và "
        "tháng 5. Hằng năm: tháng hoàn thành. Ngắn hơn một kỳ thì tính ở tháng cuối.",
        "Monthly, continuous: every month. Quarterly: March, June, September, December. By term: "
        "January and May. Yearly: month of the deadline. Shorter than that: the last month.",
    ),
)
_CHART = Text("Lượt công việc theo tháng (trang Lịch)", "Tasks by month (schedule)")
_TASKS = Text("Lượt công việc", "Tasks")
_FIRST_MONTH = 4
"""Position of the first column of a month (from 0)."""
_MONTH = Text("Tháng {month}", "Month {month}")


def _columns(_lines: Sequence[ScheduleLine], links: Links) -> tuple[ListColumn[ScheduleLine], ...]:
    language = links.language

    def of_month(month: int) -> ListColumn[ScheduleLine]:
        return ListColumn(
            _MONTH.format(month=month),
            8,
            lambda line: float(line.months.get(month, 0)) or None,
            "cell_count",
            total=Total.SUM,
        )

    first, last = letter_of(_FIRST_MONTH), letter_of(_FIRST_MONTH + len(MONTHS))
    return (
        *school_columns(ScheduleLine, links),
        ListColumn(
            Text("Năm học", "School year"), 12, lambda line: line.school_year, "cell_center"
        ),
        ListColumn(
            Text("Tần suất", "Recurrence"),
            14,
            lambda line: line.recurrence.label.in_(language),
        ),
        *map(of_month, MONTHS),
        ListColumn(
            Text("Chưa rõ tháng", "Month unknown"),
            9,
            lambda line: float(line.unplaced) or None,
            "cell_count",
            total=Total.SUM,
        ),
        ListColumn(
            Text("Cộng", "Total"),
            9,
            lambda line: float(line.total),
            "cell_count",
            formula=lambda row: f"SUM({first}{row}:{last}{row})",
            total=Total.SUM,
        ),
    )


def _shade(book: Book, ws: Worksheet, listing: Listing[ScheduleLine], count: int) -> None:
    """Shade the months by their number of tasks."""
    if count:
        sheet, last = listing.sheet, _FIRST_MONTH + len(MONTHS) - 1
        area = sheet.first_row, _FIRST_MONTH, sheet.header_row + count, last
        highlight(book, ws, area, TASK_COUNT_STYLES, ">=")


SHEET = ListSheet(
    Text("Lịch", "Schedule"),
    Text("LỊCH CÔNG VIỆC THEO THÁNG", "TASKS BY MONTH"),
    schedule_of,
    _columns,
    frozen_columns=2,
    notes=_NOTES,
    finish=_shade,
)


def schedule_picture(language: Language) -> Picture:
    """Return the chart of the schedule's totals, which follow the filter of that sheet."""
    name, last = SHEET.name.in_(language), _FIRST_MONTH + len(MONTHS) - 1
    header = SHEET.header_row
    months = Series(
        (name, header, _FIRST_MONTH, header, last),
        (name, header - 1, _FIRST_MONTH, header - 1, last),
    )
    return Picture(_CHART, _TASKS, Text("Tháng", "Month"), [months], is_column=True)
