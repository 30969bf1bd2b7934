"""A district after every file is read: schools, tasks, flags, inputs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeGuard

from kdcl_xl.checking.settings import Settings
from kdcl_xl.district.decisions.decision import (
    Assignment,
    Closed,
    Decision,
    DecisionMemory,
    DecisionState,
    Ending,
    Line,
    Note,
    Reported,
    Round,
)
from kdcl_xl.district.decisions.match import Present
from kdcl_xl.district.model.choose import Moment
from kdcl_xl.district.model.inputs import Sources
from kdcl_xl.district.model.school_state import State
from kdcl_xl.district.model.summary import Summary
from kdcl_xl.schools import School
from kdcl_xl.submission.file_kind import FileKind
from kdcl_xl.submission.parts import Joined, Origin, PlanFile
from kdcl_xl.template.stamp import Stamp
from macros_free_validation.rule import Finding, Severity
from macros_free_validation.values import Raw, is_number
from workbook_templates.regulation import Regulation
from workbook_templates.vocabulary import Labelled


class InputState(Labelled):
    """The fate of an input file."""

    MERGED = "merged", "Đã tổng hợp", "Merged"
    TAKEN_IN = "taken_in", "Sổ tổng hợp, đã đưa vào", "Authority workbook, taken in"
    UNREADABLE = "unreadable", "Không đọc được", "Unreadable"
    SAME = "same", "Trùng tệp khác, bỏ qua", "Same as another file, left out"
    PASSED_OVER = "passed_over", "Có bản khác được chọn, bỏ qua", "Another file counts, left out"
    COMBINED = "combined", "Đã gộp với tệp khác của trường", "Combined with another file"
    OTHER_YEAR = "other_year", "Năm học khác, không tính", "Another school year, not counted"
    DISTRICT = "district", "Sổ tổng hợp, bỏ qua", "Authority workbook, left out"
    OPENED = "opened", "Tệp nén, đã mở", "Zip, opened"
    IGNORED = "ignored", "Không phải bản nộp", "No submission"


def authority_path(under: Sequence[str]) -> str:
    """Return the names of authorities, each below the one before, as one text."""
    return " › ".join(under)


LARGEST_AMOUNT = 1e15
"""Đồng. A greater amount is a typing error and is not added up."""


def is_amount(value: Raw) -> TypeGuard[float]:
    """Return whether a budget counts in a sum."""
    return is_number(value) and 0 < value < LARGEST_AMOUNT


@dataclass(frozen=True, slots=True)
class Input:
    """An input file: its path, SHA-256 digest, times, fate, stamp and kind.

    ``modified`` is the time of the file system, ``saved`` the one used to compare
    submissions. ``saved`` and ``stamp`` are None for a file that was not read. ``under``
    names the authorities below this one that passed the file on, the highest first.
    ``school_code`` is the code as typed or issued, ``owner_code`` that of the school that the
    file is taken for; it is empty where that is not known.
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
    kind: FileKind = FileKind.WORKBOOK
    owner_code: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The last report of the supervision team on a task, as typed."""

    state: Raw = None
    percent: Raw = None
    day: Raw = None
    evidence: Raw = None


NO_REPORT = Report()


@dataclass(frozen=True, slots=True)
class Task:
    """A row of a school's plan with its provenance.

    ``summary`` describes its submission. ``cells`` holds the raw values of the row, and
    ``columns`` the positions of the form's fields in them. ``standard`` is derived from the
    criterion, however that is written. ``findings`` are those in the row. ``days_late`` is 0
    unless the task is overdue. ``made_of`` is the file with the plan, or several parts that
    were joined. ``remarks`` are the school's notes and comments on cells of the task and of its
    progress, a line each. ``budget`` is the amount in đồng that counts in a sum; 0 where the
    budget is no such amount.
    """

    school_code: str
    school_name: str
    path: str
    sheet: str
    row: int
    made_of: Joined | PlanFile
    summary: Summary
    columns: Mapping[str, int]
    cells: tuple[Raw, ...]
    standard: str = ""
    findings: tuple[Finding, ...] = ()
    report: Report = NO_REPORT
    days_late: int = 0
    remarks: str = ""
    budget: float = field(default=0.0, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Find the budget once: half a dozen sheets add it up."""
        value = self.meant("budget")
        if is_amount(value):
            object.__setattr__(self, "budget", value)

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The rows of files with the task: several where combined parts have the very same."""
        return self.made_of.origins_of("plan", self.row)

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules found in the row, each once."""
        return tuple(dict.fromkeys(found.rule for found in self.findings))

    def value(self, field: str) -> Raw:
        """Return the raw value of a field; None where the form has no such column."""
        index = self.columns.get(field)
        return None if index is None else self.cells[index]

    def meant(self, field: str) -> Raw:
        """Return what the text of a date or an amount means; the text if it is not understood."""
        found = self.value(f"{field}_meant")
        return found if is_number(found) else self.value(field)


@dataclass(frozen=True, slots=True)
class Flag:
    """A finding of a school, for an auditor to decide on.

    ``task`` is the position, in :attr:`District.tasks`, of the plan row with the finding, or
    None. ``line`` holds the decision. ``rivals`` are decisions that differ from it, where a
    person has to choose; ``before`` is the latest decision that a person typed over.
    """

    school_code: str
    school_name: str
    path: str
    finding: Finding
    task: int | None
    line: Line
    rivals: tuple[Decision, ...] = ()
    before: Closed | None = None


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """A school of the district: expected, returned, or both. ``budget`` is in đồng.

    ``paths`` are its files, the one that counts first. ``received`` is the time of its newest
    file that counts; ``summaries`` has one for each of them that was read. ``under`` names
    the authorities below this one that the school belongs to, the highest first. ``percent`` is
    the part of its first plan that is filled in; None without a plan. ``claims`` are the paths of
    further files that may be of the school.
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
    summaries: tuple[Summary, ...] = ()
    under: tuple[str, ...] = ()
    percent: int | None = None
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CompareLine:
    """A criterion of a school, then and now; a level is None without a verdict.

    ``finished`` tasks were reported done then. ``carried`` ones were not, and are in the plan
    again; ``repeated`` ones are in it word for word, whether they were finished or not.
    ``dropped`` ones were neither finished nor are in the plan now; ``fresh`` ones are new.
    """

    school_code: str
    school_name: str
    regulation: str
    criterion: str
    before: int | None
    now: int | None
    finished: int = 0
    carried: int = 0
    repeated: int = 0
    dropped: int = 0
    fresh: int = 0

    @property
    def change(self) -> int | None:
        """The difference of the levels; None where one is not known."""
        known = self.before is not None and self.now is not None
        return (self.now or 0) - (self.before or 0) if known else None


_BY_URGENCY = (
    DecisionState.REVIEW,
    DecisionState.UNCLEAR,
    DecisionState.OPEN,
    DecisionState.DECIDED,
)


def urgency_of(flag: Flag) -> tuple[bool, int, int]:
    """Return the sort key of a flag: undecided, grave and to be reviewed come first."""
    state = flag.line.state
    is_decided = state is DecisionState.DECIDED
    return is_decided, flag.finding.severity.rank, _BY_URGENCY.index(state)


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
    reported: tuple[Reported, ...] = ()
    """The tasks with reports, for the next merge."""
    assigned: tuple[Assignment, ...] = ()
    """People's answers to the question whose a file is, for the next merge."""
    rounds: tuple[Round, ...] = ()
    """The merges of this authority before this one, by day."""
    compared: tuple[CompareLine, ...] = ()
    """Criteria of schools, compared with an earlier workbook that a person named."""
    sources: Sources = field(default_factory=Sources, compare=False, repr=False)
    """The inputs, for the merge of the authority above."""
    present: Present = field(default_factory=Present, compare=False, repr=False)
    """The schools whose plans were given: findings of others may still be there."""

    @property
    def has_lower_authorities(self) -> bool:
        """True where the submissions come from several authorities, this one included."""
        # An authority workbook itself was given directly; only the files in it have an authority.
        workbooks = (InputState.TAKEN_IN, InputState.DISTRICT)
        found = {entry.under for entry in self.inputs if entry.state not in workbooks}
        return len(found | {line.under for line in self.schools}) > 1

    @property
    def summaries(self) -> Iterator[tuple[SchoolLine, Summary]]:
        """Every submission that counts, with its school, in the order of the schools."""
        return ((line, summary) for line in self.schools for summary in line.summaries)

    @property
    def schools_by_authority(self) -> tuple[SchoolLine, ...]:
        """The schools in their order, but those of one authority below this one together."""
        places: dict[tuple[str, ...], int] = {}
        for line in self.schools:
            places.setdefault(line.under, len(places))
        return tuple(sorted(self.schools, key=lambda line: places[line.under]))

    @property
    def regulations(self) -> tuple[Regulation, ...]:
        """The regulations that some submission is under, in the order of their dates."""
        found = {s.regulation.id: s.regulation for _, s in self.summaries}
        return tuple(sorted(found.values(), key=lambda r: (r.in_force_from, r.id)))

    def count(self, severity: Severity) -> int:
        """Return the number of flags of a severity."""
        return sum(1 for flag in self.flags if flag.finding.severity is severity)

    def count_in_state(self, state: DecisionState) -> int:
        """Return the number of flags with a state of the decision."""
        return sum(1 for flag in self.flags if flag.line.state is state)

    def with_memory(self, memory: DecisionMemory) -> District:
        """Return the district with earlier decisions, sorted by urgency.

        ``memory`` has one line for each flag, in the same order.
        """
        rivals: dict[object, list[Decision]] = defaultdict(list)
        changed: dict[object, Closed] = {}
        for entry in memory.closed:
            about = entry.decision.about
            if entry.ending is Ending.DIFFERENT:
                rivals[about.spot, about.subject].append(entry.decision)
            elif entry.ending is Ending.CHANGED:
                changed[about.spot, about.subject] = entry
        flags = [
            replace(
                flag,
                line=line,
                rivals=tuple(rivals[line.about.spot, line.about.subject])
                if line.is_disputed
                else (),
                before=changed.get((line.about.spot, line.about.subject)),
            )
            for flag, line in zip(self.flags, memory.lines, strict=True)
        ]
        flags.sort(key=urgency_of)
        return replace(self, flags=tuple(flags), closed=memory.closed, notes=memory.notes)

    def in_state(self, state: State) -> tuple[SchoolLine, ...]:
        """Return the schools in a state."""
        return tuple(line for line in self.schools if line.state is state)
