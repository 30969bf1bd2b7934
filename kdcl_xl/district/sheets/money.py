"""The sheet of money (Kinh phí): planned spending by school, standard and source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kdcl_xl.district.model.model import District, Task, is_amount
from kdcl_xl.district.model.months import day_of
from kdcl_xl.district.sheets.common_columns import school_columns
from kdcl_xl.district.sheets.declare import ListColumn, ListSheet, Total
from kdcl_xl.district.sheets.links import Links
from macros_free_validation.values import filled, key
from workbook_templates.layout import letter_of
from workbook_templates.regulation import Regulation
from workbook_templates.text import Text
from workbook_templates.vocabulary import FundingSource, standard_of

NO_SOURCE = Text("Không ghi nguồn", "No source given")
OTHER_SOURCE = Text("Ngoài danh sách nguồn", "Source not in the list")
NO_CRITERION = Text("(không ghi tiêu chí)", "(no criterion given)")
SOURCES: tuple[Text, ...] = (*(s.label for s in FundingSource), OTHER_SOURCE, NO_SOURCE)
_BY_NAME = {key(source.label.vi): source.label for source in FundingSource}


def funding_source_of(task: Task) -> Text:
    """Return the source of funds of a task."""
    value = task.value("funding_source")
    return _BY_NAME.get(key(value), OTHER_SOURCE) if filled(value) else NO_SOURCE


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """The money of one school's tasks under one standard; amounts in đồng by source.

    ``standard`` is empty for tasks without a criterion. ``uncounted`` is the number of tasks
    whose budget is filled in but is no amount.
    """

    path: str
    school_code: str
    school_name: str
    regulation: Regulation
    standard: str
    tasks: int
    uncounted: int
    amounts: Mapping[Text, float]

    @property
    def total(self) -> float:
        """Đồng from all sources."""
        return sum(self.amounts.values())


def money_of(district: District) -> tuple[MoneyLine, ...]:
    """Return the money of a district, in the order of its schools and of their standards."""
    groups: dict[tuple[str, str], list[Task]] = defaultdict(list)
    order: dict[str, int] = {}
    for task in district.tasks:
        order.setdefault(task.path, len(order))
        groups[task.path, task.standard].append(task)

    def place(key: tuple[str, str]) -> tuple[int, int, str]:
        path, standard = key
        regulation = groups[key][0].summary.regulation
        return order[path], rank_of_standard(regulation, standard), standard

    return tuple(_line(key[1], groups[key]) for key in sorted(groups, key=place))


def rank_of_standard(regulation: Regulation, standard: str) -> int:
    """Return the rank of a standard in its regulation.

    Level 4 comes after the standards, and tasks without a standard come last.
    """
    labels = [known.label for known in regulation.standards]
    return labels.index(standard) if standard in labels else len(labels) + (not standard)


def _line(standard: str, tasks: Sequence[Task]) -> MoneyLine:
    first = tasks[0]
    amounts: dict[Text, float] = defaultdict(float)
    for task in tasks:
        budget = task.budget
        if budget:
            amounts[funding_source_of(task)] += budget
    return MoneyLine(
        first.path,
        first.school_code,
        first.school_name,
        first.summary.regulation,
        standard,
        len(tasks),
        sum(map(is_uncounted, tasks)),
        amounts,
    )


def is_uncounted(task: Task) -> bool:
    """Return whether a budget is filled in and cannot be added up; 0 can."""
    value = task.meant("budget")
    return filled(value) and not is_amount(value) and value != 0


def sources_in(lines: Iterable[MoneyLine]) -> tuple[Text, ...]:
    """Return the sources that some money comes from, in the order of the vocabulary."""
    found = {source for line in lines for source in line.amounts}
    return tuple(source for source in SOURCES if source in found)


def money_by_month(district: District) -> Mapping[date | None, float]:
    """Return đồng by the month of the deadline, in order; None, for unknown, is last."""
    found: dict[date | None, float] = defaultdict(float)
    for task in district.tasks:
        budget = task.budget
        if budget:
            day = day_of(task.meant("deadline"))
            found[day.replace(day=1) if day else None] += budget
    return {
        month: found[month] for month in sorted(found, key=lambda m: (m is None, m or date.max))
    }


_NOTES = (
    Text(
        "Số tiền bằng đồng, theo dự kiến của nhà trường. Chỉ cộng ô là số, lớn hơn 0 và nhỏ hơn "
        "một triệu tỉ; ô khác được đếm ở cột «Kinh phí không cộng được».",
        "VND as planned by the schools. Only numbers above 0 and below 10^15 are added; other "
        "cells are counted as not added.",
    ),
)
_FIRST_SOURCE = 6
"""Position of the first column of a source (from 0)."""


def _columns(lines: Sequence[MoneyLine], links: Links) -> tuple[ListColumn[MoneyLine], ...]:
    """Return the columns, with one for each source that some money comes from."""
    language, sources = links.language, sources_in(lines)

    def of_source(source: Text) -> ListColumn[MoneyLine]:
        return ListColumn(
            source,
            17,
            lambda line: line.amounts.get(source) or None,
            "cell_number",
            total=Total.SUM,
        )

    first, last = letter_of(_FIRST_SOURCE), letter_of(_FIRST_SOURCE + len(sources) - 1)
    return (
        *school_columns(MoneyLine, links),
        ListColumn(Text("Quy định", "Regulation"), 21, lambda line: line.regulation.number),
        ListColumn(
            Text("Tiêu chuẩn", "Standard"),
            52,
            lambda line: (standard_of(line.standard) if line.standard else NO_CRITERION).in_(
                language
            ),
        ),
        ListColumn(
            Text("Số công việc", "Tasks"),
            9,
            lambda line: float(line.tasks),
            "cell_number",
            total=Total.SUM,
        ),
        ListColumn(
            Text("Kinh phí không cộng được", "Budgets not added"),
            11,
            lambda line: float(line.uncounted) or None,
            "cell_number",
            total=Total.SUM,
        ),
        *map(of_source, sources),
        *(
            [
                ListColumn[MoneyLine](
                    Text("Cộng (đồng)", "Total (VND)"),
                    19,
                    lambda line: line.total,
                    "cell_sum",
                    formula=lambda row: f"SUM({first}{row}:{last}{row})",
                    total=Total.SUM,
                )
            ]
            if sources
            else []
        ),
    )


SHEET = ListSheet(
    Text("Kinh phí", "Money"),
    Text("KINH PHÍ THEO TRƯỜNG, TIÊU CHUẨN VÀ NGUỒN", "MONEY BY SCHOOL, STANDARD AND SOURCE"),
    money_of,
    _columns,
    frozen_columns=2,
    notes=_NOTES,
)
