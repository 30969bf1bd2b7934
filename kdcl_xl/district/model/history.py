"""The history of an authority's merges: a line of numbers for each day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from kdcl_xl.district.decisions.decision import DecisionMemory, DecisionState, Ending, Round
from kdcl_xl.district.model.model import District
from macros_free_validation.rule import Severity
from workbook_templates.text import Text


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of every merge: its name in the hidden data, its heading, its computation."""

    name: str
    heading: Text
    value: Callable[[District], float]


def _returned(district: District) -> float:
    return float(sum(1 for line in district.schools if line.state.is_returned))


def _count(severity: Severity) -> Callable[[District], float]:
    return lambda district: float(district.count(severity))


def _undecided(district: District) -> float:
    return float(len(district.flags) - district.count_in_state(DecisionState.DECIDED))


def _ended(ending: Ending) -> Callable[[District], float]:
    return lambda district: float(sum(1 for entry in district.closed if entry.ending is ending))


MEASURES = (
    Measure("schools", Text("Số trường", "Schools"), lambda d: float(len(d.schools))),
    Measure("returned", Text("Đã nộp", "Returned"), _returned),
    Measure("tasks", Text("Số công việc", "Tasks"), lambda d: float(len(d.tasks))),
    Measure(
        "budget", Text("Kinh phí (đồng)", "Budget (VND)"), lambda d: sum(t.budget for t in d.tasks)
    ),
    Measure("errors", Text("Lỗi", "Errors"), _count(Severity.ERROR)),
    Measure("warnings", Text("Cảnh báo", "Warnings"), _count(Severity.WARNING)),
    Measure("notes", Text("Lưu ý", "Notes"), _count(Severity.NOTE)),
    Measure(
        "overdue",
        Text("Công việc quá hạn", "Tasks overdue"),
        lambda d: float(sum(1 for task in d.tasks if task.days_late)),
    ),
    Measure("undecided", Text("Vấn đề chưa kết luận", "Findings undecided"), _undecided),
    Measure(
        "gone", Text("Kết luận có vấn đề đã hết", "Decisions: finding gone"), _ended(Ending.GONE)
    ),
    Measure(
        "waiting",
        Text("Kết luận chờ bản nộp", "Decisions that wait for a plan"),
        _ended(Ending.WAITING),
    ),
)


def round_of(district: District) -> Round:
    """Return the numbers of this merge."""
    return Round(district.made_on, {m.name: m.value(district) for m in MEASURES})


def rounds_of(district: District) -> tuple[Round, ...]:
    """Return the merges of this authority with this one, the latest last."""
    return (*district.rounds, round_of(district))


def rounds_before(memories: Iterable[DecisionMemory], today: date) -> tuple[Round, ...]:
    """Return the merges before a day that any of some workbooks remembers; one a day."""
    found = {entry.day: entry for memory in memories for entry in memory.rounds}
    return tuple(found[day] for day in sorted(found) if day < today)
