"""What a district knows once every file is read: schools, tasks, flags, inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeGuard

from kdcl_xl.checking.settings import Settings
from kdcl_xl.district.decisions.decision import Closed, Line, Memory, Note, Progress
from kdcl_xl.district.model.choose import Moment
from kdcl_xl.district.model.inputs import Sources
from kdcl_xl.district.model.school_levels import Standing
from kdcl_xl.schools import School
from kdcl_xl.template.stamp import Stamp
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
    TAKEN_IN = "taken_in", "Sổ tổng hợp, đã đưa vào", "District workbook, taken in"
    UNREADABLE = "unreadable", "Không đọc được", "Unreadable"
    SAME = "same", "Trùng tệp khác, bỏ qua", "Same as another file, left out"
    PASSED_OVER = "passed_over", "Có bản khác được chọn, bỏ qua", "Another file counts, left out"
    DISTRICT = "district", "Sổ tổng hợp, bỏ qua", "District workbook, left out"


def shown_level(under: Sequence[str]) -> str:
    """The names of authorities, each below the one before; empty for none."""
    return " › ".join(under)


LARGEST_AMOUNT = 1e15
"""Đồng; whatever is beyond is a slip of the keyboard and is not added up."""


def is_amount(value: Raw) -> TypeGuard[float]:
    """Whether a budget counts in a sum."""
    return is_number(value) and 0 < value < LARGEST_AMOUNT


@dataclass(frozen=True, slots=True)
class Input:
    """One file that was given: its path, SHA-256 digest, times, fate and stamp.

    ``saved`` and ``stamp`` are None for a file that was not read. ``under`` names the
    authorities below this one that passed it on, the highest first.
    """

    path: str
    digest: str
    modified: datetime | None
    state: InputState
    school_code: str
    reason: str
    saved: Moment | None = None
    school_year: str = ""
    stamp: Stamp | None = None
    under: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What the supervision team last reported of a task, as typed."""

    state: Raw = None
    percent: Raw = None
    day: Raw = None
    evidence: Raw = None


NO_REPORT = Report()


@dataclass(frozen=True, slots=True)
class Task:
    """One row of a school's plan with its provenance.

    ``standing`` is that of the submission it stands in; ``cells`` holds the raw values of
    its row, ``columns`` the positions of its form's fields in them. ``standard`` is that of
    its criterion, however the criterion is written. ``findings`` are what was found in the
    row; ``days_late`` is 0 unless the task is overdue.
    """

    school_code: str
    school_name: str
    path: str
    sheet: str
    row: int
    standing: Standing
    columns: Mapping[str, int]
    cells: tuple[Raw, ...]
    standard: str = ""
    findings: tuple[Finding, ...] = ()
    report: Report = NO_REPORT
    days_late: int = 0

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules found in the row, each once."""
        return tuple(dict.fromkeys(found.rule for found in self.findings))

    def value(self, field: str) -> Raw:
        """The raw value of a field; None where its form has no such column."""
        index = self.columns.get(field)
        return None if index is None else self.cells[index]

    @property
    def budget(self) -> float:
        """Đồng that count in a sum; 0 where there is no such amount."""
        value = self.value("budget")
        return value if is_amount(value) else 0.0


@dataclass(frozen=True, slots=True)
class Flag:
    """One finding of one school, for an auditor to decide on.

    ``task`` is the position of the plan row it points at in
    :attr:`District.tasks`, or None; ``line`` is what was decided.
    """

    school_code: str
    school_name: str
    path: str
    finding: Finding
    task: int | None
    line: Line


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """One school of the district: expected, returned, or both. Money in đồng.

    ``received`` is the time of its newest file that counts; ``standings`` one for each
    that was read of these. ``under`` names the authorities below this one that it
    belongs to, the highest first.
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
    under: tuple[str, ...] = ()


_BY_URGENCY = (Progress.REVIEW, Progress.UNCLEAR, Progress.OPEN, Progress.DECIDED)


def _urgency(flag: Flag) -> tuple[bool, int, int]:
    """Undecided before decided, grave before mild, to be reviewed before open."""
    progress = flag.line.progress
    is_decided = progress is Progress.DECIDED
    return is_decided, flag.finding.severity.rank, _BY_URGENCY.index(progress)


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
    closed: tuple[Closed, ...] = ()
    notes: tuple[Note, ...] = ()
    sources: Sources = field(default_factory=Sources, compare=False, repr=False)
    """What it was made of, for the level above."""

    @property
    def has_levels(self) -> bool:
        """Whether it was made of several districts, or of a district and further files."""
        workbooks = (InputState.TAKEN_IN, InputState.DISTRICT)  # of no district themselves
        found = {entry.under for entry in self.inputs if entry.state not in workbooks}
        return len(found | {line.under for line in self.schools}) > 1

    @property
    def standings(self) -> Iterator[tuple[SchoolLine, Standing]]:
        """Every submission that counts, with its school, in the order of the schools."""
        return ((line, standing) for line in self.schools for standing in line.standings)

    @property
    def regulations(self) -> tuple[Regulation, ...]:
        """The regulations that some submission is under, in the order of their dates."""
        found = {s.regulation.id: s.regulation for _, s in self.standings}
        return tuple(sorted(found.values(), key=lambda r: (r.in_force_from, r.id)))

    def count(self, severity: Severity) -> int:
        """Number of flags of one severity."""
        return sum(1 for flag in self.flags if flag.finding.severity is severity)

    def in_progress(self, progress: Progress) -> int:
        """Number of flags that are so far with their auditor."""
        return sum(1 for flag in self.flags if flag.line.progress is progress)

    def with_memory(self, memory: Memory) -> District:
        """This district with what was decided before; what needs a person comes first.

        ``memory`` has one line for each flag, in the same order.
        """
        flags = [
            replace(flag, line=line) for flag, line in zip(self.flags, memory.lines, strict=True)
        ]
        flags.sort(key=_urgency)
        return replace(self, flags=tuple(flags), closed=memory.closed, notes=memory.notes)

    def in_state(self, state: State) -> tuple[SchoolLine, ...]:
        """The schools in one state."""
        return tuple(line for line in self.schools if line.state is state)
