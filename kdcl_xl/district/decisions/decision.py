"""What an auditor decides: the words typed, and the finding they were typed about.

A decision outlives its row, its file and its workbook: it is tied to what the
finding is about (:class:`About`), never to a place in a sheet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from macros_free_validation.trace import Evidence
from macros_free_validation.values import Raw, filled, key
from workbook_templates.vocabulary import Labelled


class Choice(Labelled):
    """What a decision can be; an auditor may also write something else."""

    ACCEPT = "accept", "Chấp nhận", "Accept"
    SEND_BACK = "send_back", "Yêu cầu sửa", "Send back"
    WAIVE = "waive", "Miễn", "Waive"


class DecisionState(Labelled):
    """How far a flag is with its auditor."""

    REVIEW = "review", "Cần xem lại", "To be reviewed"
    """It was decided on, but what it rests on has changed since."""
    UNCLEAR = "unclear", "Kết luận chưa rõ", "Decision unclear"
    """Something is typed that is none of the choices."""
    OPEN = "open", "Chưa kết luận", "Open"
    DECIDED = "decided", "Đã kết luận", "Decided"


CHOICE_WORDS = tuple(word for choice in Choice for word in (choice.label.vi, choice.label.en))
"""Every word that is a decision, in whatever language the workbook once was."""
_BY_WORD = {key(word): c for c in Choice for word in (c.label.vi, c.label.en)}


@dataclass(frozen=True, slots=True)
class Typed:
    """The four cells of a flag that are the auditor's, exactly as typed."""

    decision: Raw = None
    note: Raw = None
    role: Raw = None
    day: Raw = None

    @property
    def cells(self) -> tuple[Raw, Raw, Raw, Raw]:
        """The four values in the order of the sheet."""
        return (self.decision, self.note, self.role, self.day)

    def __bool__(self) -> bool:
        """Whether anything is typed."""
        return any(filled(value) for value in self.cells)

    @property
    def choice(self) -> Choice | None:
        """Which of the choices the decision is, if any."""
        return _BY_WORD.get(key(self.decision)) if isinstance(self.decision, str) else None

    @property
    def is_choice(self) -> bool:
        """Whether the decision is one of the choices."""
        return self.choice is not None


NOTHING_TYPED = Typed()


@dataclass(frozen=True, slots=True)
class About:
    """What a finding is about, wherever it stands.

    ``school`` is the school's key; ``subject`` and ``evidence`` are those of the
    finding's trace; ``file`` and ``row`` only help to tell equal ones apart.
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
        """What two findings must share to be the same one at all."""
        return (self.school, self.rule, self.sheet, self.field)

    @property
    def order(self) -> tuple[str, int]:
        """The order of the place it stood in."""
        return (self.file, self.row or 0)

    def evidence_of(self, names: frozenset[str]) -> Evidence | None:
        """The part of the evidence that goes by these names; None where there is none of it.

        Two versions of the tool may look at other values: only those that both know
        are compared.
        """
        if not names and self.evidence:
            return None
        return tuple((name, value) for name, value in self.evidence if name in names)

    def is_same_as(self, other: About) -> bool:
        """Whether another one is about the same subject and rests on the same evidence."""
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
    """What was typed about a finding, with the words the auditor saw it in.

    ``level`` names the authority below this one where it was typed; empty for here.
    """

    about: About
    school_code: str
    school_name: str
    place: str
    value: str
    message: str
    typed: Typed = NOTHING_TYPED
    level: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A flag as the next merge remembers it.

    ``earlier`` is the decision it had before what it rests on changed; while
    nothing new is decided, it is to be reviewed.
    """

    key: str
    decision: Decision
    earlier: Decision | None = None

    @property
    def about(self) -> About:
        """What its finding is about now."""
        return self.decision.about

    @property
    def typed(self) -> Typed:
        """What is typed in it now."""
        return self.decision.typed

    @property
    def latest(self) -> Decision:
        """What was decided last: now, or before the evidence changed."""
        return self.earlier if self.earlier and not self.typed else self.decision

    @property
    def is_disputed(self) -> bool:
        """Whether it is to be reviewed though what it rests on is the same."""
        is_open = self.earlier is not None and not self.typed
        return is_open and self.latest.about.is_same_as(self.about)

    @property
    def state(self) -> DecisionState:
        """How far it is with its auditor."""
        if filled(self.typed.decision):
            return DecisionState.DECIDED if self.typed.is_choice else DecisionState.UNCLEAR
        return DecisionState.REVIEW if self.earlier else DecisionState.OPEN

    def with_typed(self, typed: Typed, level: str = "") -> Line:
        """The same line with words in it that were typed at a level."""
        return replace(self, decision=replace(self.decision, typed=typed, level=level))


class Ending(Labelled):
    """Why a decision is closed."""

    GONE = "gone", "Vấn đề không còn", "Finding gone"
    REPLACED = "replaced", "Đã có kết luận mới", "Decided anew"
    DIFFERENT = "different", "Nơi khác kết luận khác", "Decided differently elsewhere"


@dataclass(frozen=True, slots=True)
class Closed:
    """A decision that no flag has any more."""

    decision: Decision
    ending: Ending
    closed_on: date


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person wrote where no decision belongs: where it stood, and all of it."""

    place: str
    text: str
    found_on: date


@dataclass(frozen=True)
class DecisionMemory:
    """All that one merge hands to the next."""

    lines: tuple[Line, ...] = ()
    closed: tuple[Closed, ...] = ()
    notes: tuple[Note, ...] = ()
