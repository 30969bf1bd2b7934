"""What a district knows once every file is read: schools, tasks, flags, inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeGuard

from kdcl_xl.district.standing import Standing
from kdcl_xl.schools import School
from kdcl_xl.settings import Settings
from kdcl_xl.stamp import Stamp
from macros_free_validation.rule import Finding, Severity
from macros_free_validation.values import Raw, is_number
from workbook_templates.regulation import Regulation
from workbook_templates.vocabulary import Labelled


class State(Labelled):
    """What became of a school's submission."""

    RETURNED = "returned", "Đã nộp", "Returned"
    DOUBLE = "double", "Nộp nhiều bản", "Returned more than once"
    UNREADABLE = "unreadable", "Không đọc được", "Unreadable"
    MISSING = "missing", "Chưa nộp", "Missing"


class InputState(Labelled):
    """What became of a file."""

    MERGED = "merged", "Đã tổng hợp", "Merged"
    UNREADABLE = "unreadable", "Không đọc được", "Unreadable"
    SAME = "same", "Trùng tệp khác, bỏ qua", "Same as another file, left out"
    DISTRICT = "district", "Sổ tổng hợp, bỏ qua", "District workbook, left out"


LARGEST_AMOUNT = 1e15
"""Đồng; whatever is beyond is a slip of the keyboard and is not added up."""


def is_amount(value: Raw) -> TypeGuard[float]:
    """Whether a budget counts in a sum."""
    return is_number(value) and 0 < value < LARGEST_AMOUNT


@dataclass(frozen=True, slots=True)
class Input:
    """One file that was given: its path, SHA-256 digest, time, fate and stamp (None: unread)."""

    path: str
    digest: str
    modified: datetime | None
    state: InputState
    school_code: str
    reason: str
    stamp: Stamp | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What the supervision team last reported of a task, as typed."""

    state: Raw = None
    percent: Raw = None
    day: Raw = None
    evidence: Raw = None


@dataclass(frozen=True, slots=True)
class Task:
    """One row of a school's plan with its provenance.

    ``standing`` is that of the submission it stands in; ``values`` holds the raw
    values by field; ``findings`` what was found in the row; ``days_late`` is 0
    unless the task is overdue.
    """

    school_code: str
    school_name: str
    path: str
    sheet: str
    row: int
    standing: Standing
    values: Mapping[str, Raw]
    findings: tuple[Finding, ...] = ()
    report: Report = Report()
    days_late: int = 0

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules found in the row, each once."""
        return tuple(dict.fromkeys(found.rule for found in self.findings))

    def text(self, name: str) -> str:
        """A value that is text; empty for anything else."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    @property
    def budget(self) -> float:
        """Đồng that count in a sum; 0 where there is no such amount."""
        value = self.values.get("budget")
        return value if is_amount(value) else 0.0


@dataclass(frozen=True, slots=True)
class Flag:
    """One finding of one school, for an auditor to decide on.

    ``task`` is the position of the plan row it points at in
    :attr:`District.tasks`, or None.
    """

    school_code: str
    school_name: str
    path: str
    finding: Finding
    task: int | None


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """One school of the district: expected, returned, or both. Money in đồng.

    ``received`` is the time of its newest file; ``standings`` one for each file read.
    """

    school: School
    state: State
    expected: bool
    paths: tuple[str, ...]
    school_year: str
    tasks: int
    budget: float
    counts: Mapping[Severity, int]
    remark: str
    received: datetime | None = None
    standings: tuple[Standing, ...] = ()


@dataclass(frozen=True)
class District:
    """All submissions of one merge."""

    authority: str
    made_on: date
    inputs: tuple[Input, ...]
    schools: tuple[SchoolLine, ...]
    tasks: tuple[Task, ...]
    flags: tuple[Flag, ...]
    settings: Settings = field(default_factory=Settings)

    @property
    def standings(self) -> Iterator[tuple[SchoolLine, Standing]]:
        """Every submission that was read, with its school, in the order of the schools."""
        return ((line, standing) for line in self.schools for standing in line.standings)

    @property
    def regulations(self) -> tuple[Regulation, ...]:
        """The regulations that some submission is under, in the order of their dates."""
        found = {s.regulation.id: s.regulation for _, s in self.standings}
        return tuple(sorted(found.values(), key=lambda r: (r.in_force_from, r.id)))

    def count(self, severity: Severity) -> int:
        """Number of flags of one severity."""
        return sum(1 for flag in self.flags if flag.finding.severity is severity)

    def in_state(self, state: State) -> tuple[SchoolLine, ...]:
        """The schools in one state."""
        return tuple(line for line in self.schools if line.state is state)
