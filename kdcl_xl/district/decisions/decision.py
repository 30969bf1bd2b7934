"""Auditors' decisions: the typed cells, and the finding they were typed about.

A decision outlives its row, its file and its workbook. It is tied to the subject of its
finding (:class:`About`), never to a position in a sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from macros_free_validation.trace import Evidence
from macros_free_validation.values import CellError, Raw, filled, key
from workbook_templates.text import Language
from workbook_templates.vocabulary import Labelled


def in_full(value: Raw) -> str:
    """Return a value as text that loses nothing of it."""
    if isinstance(value, float):
        return f"{value:.15g}"
    return value.code if isinstance(value, CellError) else str(value)


class Choice(Labelled):
    """The decisions in the dropdown. An auditor may also type something else."""

    ACCEPT = "accept", "Chấp nhận", "Accept"
    SEND_BACK = "send_back", "Yêu cầu sửa", "Send back"
    WAIVE = "waive", "Miễn", "Waive"


class DecisionState(Labelled):
    """The state of the decision on a flag."""

    REVIEW = "review", "Cần xem lại", "To be reviewed"
    """Decided, but the evidence has changed since."""
    UNCLEAR = "unclear", "Kết luận chưa rõ", "Decision unclear"
    """Something is typed that is none of the choices."""
    OPEN = "open", "Chưa kết luận", "Open"
    DECIDED = "decided", "Đã kết luận", "Decided"


CHOICE_WORDS = tuple(word for choice in Choice for word in (choice.label.vi, choice.label.en))
"""Every word of a choice, in both languages: a workbook may be merged in another one."""
_BY_WORD = {key(word): c for c in Choice for word in (c.label.vi, c.label.en)}


@dataclass(frozen=True, slots=True)
class Typed:
    """The four cells of a flag that an auditor fills in, exactly as typed."""

    decision: Raw = None
    note: Raw = None
    role: Raw = None
    day: Raw = None

    @property
    def cells(self) -> tuple[Raw, Raw, Raw, Raw]:
        """The four values in the order of the sheet."""
        return (self.decision, self.note, self.role, self.day)

    def __bool__(self) -> bool:
        """Return whether anything is typed."""
        return any(filled(value) for value in self.cells)

    @property
    def choice(self) -> Choice | None:
        """The choice that the decision is, if any."""
        return _BY_WORD.get(key(self.decision)) if isinstance(self.decision, str) else None

    @property
    def is_choice(self) -> bool:
        """True where the decision is one of the choices."""
        return self.choice is not None

    def in_language(self, language: Language) -> Typed:
        """Return the cells with a choice of the other language translated; others as typed."""
        word = self.choice.label.in_(language) if self.choice else self.decision
        return self if key(word) == key(self.decision) else replace(self, decision=word)

    def or_of_group(self, group: Typed) -> Typed:
        """Return the cells that hold for a flag under a group's line: its own, else the group's.

        A decision of its own keeps all its cells; a note alone joins the group's decision.
        """
        if filled(self.decision) or not group:
            return self
        own = zip(self.cells, group.cells, strict=True)
        return Typed(*(mine if filled(mine) else theirs for mine, theirs in own))

    def covers(self, other: Typed) -> bool:
        """Return whether every filled cell of another decision is the same here."""
        pairs = zip(self.cells, other.cells, strict=True)
        return all(mine == theirs for mine, theirs in pairs if filled(theirs))


NOTHING_TYPED = Typed()

Kept = Mapping[str, Raw]
"""Cells of a person that stay with a finding whatever its evidence, by the heading."""
ASSIGNED = "assigned"
"""The heading, in every language, of the person or team that a finding is assigned to."""
COLOURS = "colours"
"""The heading, in every language, of the colours that a person painted a row of the desk with."""
NOTHING_KEPT: Kept = {}


@dataclass(frozen=True, slots=True)
class About:
    """The identity of a finding, independent of its position.

    ``school`` is the school's key. ``subject`` and ``evidence`` come from the finding's trace:
    the texts that name the row, and the values that the rule judged. ``file`` and ``row`` only
    help to distinguish findings that are equal otherwise.
    """

    school: str
    rule: str
    sheet: str
    field: str
    subject: tuple[str, ...]
    evidence: Evidence
    file: str
    row: int | None

    @property
    def spot(self) -> tuple[str, str, str, str]:
        """The part that two findings must share to be compared at all."""
        return (self.school, self.rule, self.sheet, self.field)

    @property
    def order(self) -> tuple[str, int]:
        """The sort key of the position in its file."""
        return (self.file, self.row or 0)

    def evidence_of(self, names: frozenset[str]) -> Evidence | None:
        """Return the evidence under some names; None where there is evidence under none of them.

        Two versions of the tool may judge different values. Only those that both know are
        compared.
        """
        if not names and self.evidence:
            return None
        return tuple((name, value) for name, value in self.evidence if name in names)

    def is_same_as(self, other: About) -> bool:
        """Return whether another finding has the same subject and the same evidence."""
        names = frozenset(dict(self.evidence)) & frozenset(dict(other.evidence))
        evidence = self.evidence_of(names)
        return (
            self.spot == other.spot
            and self.subject == other.subject
            and evidence is not None
            and evidence == other.evidence_of(names)
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """The typed cells of a finding, with the texts that the auditor saw beside them.

    ``authority`` is the path of the authority below this one where the decision was typed;
    empty for this authority. ``workbook`` is the name of the earlier workbook that it was typed
    in, where several were taken and they differ.
    """

    about: About
    school_code: str
    school_name: str
    place: str
    value: str
    message: str
    typed: Typed = NOTHING_TYPED
    authority: str = ""
    workbook: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A flag as it is kept for the next merge.

    ``key`` identifies its row in the workbook. ``earlier`` is the decision from before the
    evidence changed; until something new is typed, the flag is to be reviewed. ``kept`` are the
    cells of columns that people added, and the assignment.
    """

    key: str
    decision: Decision
    earlier: Decision | None = None
    kept: Kept = field(default_factory=dict)

    @property
    def about(self) -> About:
        """The identity of its finding now."""
        return self.decision.about

    @property
    def typed(self) -> Typed:
        """The cells typed now."""
        return self.decision.typed

    @property
    def assignee(self) -> Raw:
        """The person or team that the finding is assigned to."""
        return self.kept.get(ASSIGNED)

    @property
    def latest(self) -> Decision:
        """The latest decision: the present one, or the one from before the evidence changed."""
        return self.earlier if self.earlier and not self.typed else self.decision

    @property
    def is_disputed(self) -> bool:
        """True where the flag is to be reviewed although the evidence is the same.

        That happens where two authorities, or two auditors, decided differently.
        """
        is_open = self.earlier is not None and not self.typed
        return is_open and self.latest.about.is_same_as(self.about)

    @property
    def state(self) -> DecisionState:
        """The state of the decision."""
        if filled(self.typed.decision):
            return DecisionState.DECIDED if self.typed.is_choice else DecisionState.UNCLEAR
        return DecisionState.REVIEW if self.earlier else DecisionState.OPEN

    def with_typed(self, typed: Typed, authority: str = "") -> Line:
        """Return the line with cells that were typed at an authority."""
        decision = replace(self.decision, typed=typed, authority=authority)
        return replace(self, decision=decision)


class Ending(Labelled):
    """The reason why a decision is closed."""

    GONE = "gone", "Vấn đề không còn", "Finding gone"
    REPLACED = "replaced", "Đã có kết luận mới", "Decided anew"
    DIFFERENT = "different", "Nơi khác kết luận khác", "Decided differently elsewhere"
    ALIKE = "alike", "Nơi khác kết luận giống", "Decided alike elsewhere"
    CHANGED = "changed", "Người rà soát đã ghi lại", "Typed over"
    """A person typed over it between two merges."""
    WAITING = "waiting", "Không có trong lần này", "Not given this time"
    """The school's plan was not given: nobody knows whether the finding is still there."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A decision that belongs to no flag any more, or to none of this merge.

    ``is_disputed`` marks one that a person still had to choose between several.
    """

    decision: Decision
    ending: Ending
    closed_on: date
    kept: Kept = field(default_factory=dict)
    is_disputed: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A line of the sheet of flags that means several flags, with its cells as written.

    ``key`` identifies its row, ``members`` are the keys of its flags. A group that ``decides``
    gives its decision to members without one; every group gives its ``assignee``.
    """

    key: str
    members: tuple[str, ...]
    decides: bool
    typed: Typed = NOTHING_TYPED
    assignee: Raw = None


@dataclass(frozen=True, slots=True)
class Note:
    """A text that a person typed outside the cells for decisions, in full, and its position."""

    place: str
    text: str
    found_on: date


@dataclass(frozen=True, slots=True)
class Reported:
    """A task on which a school has reported progress.

    ``school`` is the key of the school, ``row`` the row of the plan (from 1), ``task`` the text
    when the first report on that row came, and ``report`` the latest report in one text.
    """

    school: str
    row: int
    task: str
    report: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """A person's answer to the question whose a file is: ``code`` is that of the school.

    It holds for the file of the same SHA-256 ``digest``; and for another version of ``file`` (the
    name without folders) as long as ``evidence`` is the same: code issued, code and name typed.
    """

    digest: str
    file: str
    evidence: tuple[str, ...]
    code: str

    def is_about(self, digest: str, file: str, evidence: tuple[str, ...]) -> bool:
        """Return whether the answer holds for a file."""
        is_next_version = self.file == file and self.evidence == evidence and any(evidence)
        return self.digest == digest or is_next_version


@dataclass(frozen=True)
class Round:
    """The numbers of one merge, by their names, as later merges show them."""

    day: date
    numbers: Mapping[str, float]


@dataclass(frozen=True)
class DecisionMemory:
    """Everything that one merge keeps of people's typing for the next."""

    lines: tuple[Line, ...] = ()
    closed: tuple[Closed, ...] = ()
    notes: tuple[Note, ...] = ()
    reported: tuple[Reported, ...] = ()
    """Also of schools whose files were not given this time."""
    assigned: tuple[Assignment, ...] = ()
    """Also for files that were not given this time."""
    groups: tuple[Group, ...] = ()
    """Only for reading the workbook that has them; each merge makes its own."""
    rounds: tuple[Round, ...] = ()
    """The merges of this authority so far, by day; one a day."""
