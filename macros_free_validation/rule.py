"""The declaration of a rule, and the findings it produces."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from macros_free_validation.expression import (
    Condition,
    EachOf,
    Field,
    FirstOf,
    Limit,
    Unusual,
    Value,
    limits_in,
)
from macros_free_validation.law import Provision
from macros_free_validation.plan import Plan
from macros_free_validation.trace import NO_TRACE, Trace, essence, evidence_of_words
from macros_free_validation.values import Raw
from workbook_templates.forms import FORMS
from workbook_templates.text import Text
from workbook_templates.vocabulary import word_of


class Severity(StrEnum):
    """The gravity of a finding."""

    ERROR = "error"
    """The plan cannot be accepted."""
    WARNING = "warning"
    """An auditor has to look at the plan."""
    NOTE = "note"

    @property
    def label(self) -> Text:
        """The word that users read."""
        return _SEVERITIES[self]

    @property
    def rank(self) -> int:
        """The rank; 0 is the gravest."""
        return list(Severity).index(self)


class Stage(StrEnum):
    """The moment from which a rule is judged; each stage includes the earlier ones."""

    DRAFT = "draft"
    """While the plan is being typed: a cell that is filled is wrong."""
    SUBMIT = "submit"
    """When the plan is handed in: a cell that is needed is empty."""
    DISTRICT = "district"
    """When an officer reads the plan: its parts contradict each other."""

    def includes(self, other: Stage) -> bool:
        """Return whether a rule of ``other`` is judged at this stage."""
        order = list(Stage)
        return order.index(other) <= order.index(self)


_SEVERITIES = {
    Severity.ERROR: Text("Lỗi", "Error"),
    Severity.WARNING: Text("Cảnh báo", "Warning"),
    Severity.NOTE: Text("Lưu ý", "Note"),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """The place where a rule without an Excel half found a fault.

    ``row`` is None for single cells and for findings on a whole sheet. ``field`` None means
    the whole sheet, and ``sheet`` None the whole file. ``words`` fill the message's
    placeholders.
    """

    sheet: str | None
    field: str | None
    row: int | None = None
    value: Raw = None
    words: Mapping[str, str | Text] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """The input of a rule without an Excel half."""

    plan: Plan
    today: date


BOTH_FORMS = tuple(FORMS)
"""Every form there is."""


@dataclass(frozen=True, eq=False)
class Case:
    """A field at which a rule is judged, and the condition under which it is wrong there.

    ``words`` fill placeholders of message and remedy that are not fields of the row: a
    value to show, or a text. ``sheet`` and ``forms`` are empty for those of the rule.
    """

    field: str
    when: Condition
    words: Mapping[str, Value | str | Text] = dataclasses.field(default_factory=dict)
    sheet: str = ""
    forms: tuple[str, ...] = ()
    points_at: FirstOf | None = None
    """The field of the row that a finding points at, where it is not always the same."""
    of_sheet: bool = False
    """Judged once for the whole table and not row by row, such as that it has no row at all.

    The condition may count rows but asks for no cell of a row; ``field`` is a column.
    """

    def __post_init__(self) -> None:
        """Check the condition here: a value would make a formula too, and a wrong one.

        Raises:
            TypeError: no condition.
        """
        if not isinstance(self.when, Condition):
            raise TypeError(f"{self.field}: {self.when!r} is no condition, such as a < b")

    @property
    def labels(self) -> Mapping[str, str]:
        """The words, by field, with which the message names each cell of the row at fault."""
        each = (word for word in self.words.values() if isinstance(word, EachOf))
        return {
            condition.value.name: text if isinstance(text, str) else text.vi
            for word in each
            for condition, text in word.choices
            if isinstance(condition, Unusual) and isinstance(condition.value, Field)
        }


Judge = Callable[[Context], Iterable[Hit]]

NOTHING = Text("", "")
FOR_THE_DISTRICT = Text(
    "Đây là gợi ý cho cán bộ rà soát, không phải việc nhà trường phải sửa.",
    "It is advice for the officer who reads the plan, not a fault that the school must mend.",
)
"""The reason why the workbook does not show the school a rule of the district's stage."""

ExampleValue = Raw | int | date
"""A value as it is typed: a date as a date, a whole number as one."""


@dataclass(frozen=True)
class Example:
    """The changes on a good plan that show a fault, or the plan without the fault.

    ``cells`` are changed in the rule's sheet: its single cells, or a good row of its
    table. ``cover`` changes cells of the cover. ``rows`` gives a whole table by its
    sheet, each row as the changes on a good row. ``form`` is empty for the rule's
    first form, and ``note`` says what the cells do not show.
    """

    cells: Mapping[str, ExampleValue] = dataclasses.field(default_factory=dict)
    cover: Mapping[str, ExampleValue] = dataclasses.field(default_factory=dict)
    form: str = ""
    rows: Mapping[str, Sequence[Mapping[str, ExampleValue]]] = dataclasses.field(
        default_factory=dict
    )
    note: Text = NOTHING


@dataclass(frozen=True, eq=False)  # == between two conditions is refused
class Rule:
    """A requirement on a plan or a file, with its words.

    A rule has either a condition, which is judged in the sheet and in Python and
    holds where something is *wrong* (``when`` at ``field``, or several ``cases``), or
    a ``judge`` with the reason why Excel cannot judge it. A rule with neither is
    found elsewhere (while reading, or across schools) and is listed for its words.

    ``message`` and ``remedy`` may name fields of the row in braces; they are
    replaced by the value at fault. ``law`` names the provisions that ask for it, and
    ``practice`` the custom that does where no provision is known. ``why`` says why a
    plan with the fault cannot work; a rule that is judged on a plan also has one
    example that it finds (``wrong``) and one that it does not (``right``).
    """

    id: str
    name: str
    severity: Severity
    title: Text
    message: Text
    remedy: Text
    sheet: str | None = None
    field: str | None = None
    when: Condition | None = None
    cases: tuple[Case, ...] = ()
    judge: Judge | None = None
    not_live: Text | None = None
    forms: tuple[str, ...] = BOTH_FORMS
    law: tuple[Provision, ...] = ()
    practice: Text = NOTHING
    stage: Stage = Stage.SUBMIT
    preview: str = ""
    """The release from which a new rule counts in full; until then a warning at most."""
    why: Text = NOTHING
    wrong: Example | None = None
    right: Example | None = None
    distinguished_by: tuple[str, ...] = ()
    """Words of the message that distinguish its findings at one place."""
    incidental: tuple[str, ...] = ()
    """Words of the message that are no evidence, such as today's date."""
    asks: tuple[Limit, ...] = ()
    """Limits that the rule's finder uses, beside those in its conditions."""

    def __post_init__(self) -> None:
        """Check the condition in the line that declares the rule.

        Raises:
            TypeError: ``when`` is no condition.
        """
        _ = self.live_cases

    @cached_property
    def live_cases(self) -> tuple[Case, ...]:
        """The cases with a condition; none where Excel cannot judge the rule."""
        if self.when is None or self.field is None:
            return self.cases
        return (Case(self.field, self.when),)

    @property
    def is_live(self) -> bool:
        """True if the workbook itself judges the rule.

        Advice of the district's stage is for the officer who reads the plan, not for the school.
        """
        return bool(self.live_cases) and Stage.SUBMIT.includes(self.stage)

    @property
    def limits(self) -> tuple[Limit, ...]:
        """The numbers that an authority may set."""
        found = (limit for case in self.live_cases for limit in limits_in(case.when))
        return tuple(dict.fromkeys((*found, *self.asks)))

    @property
    def source(self) -> Text:
        """The provisions and the practice behind the rule, in words; empty for none."""
        found = [*(provision.words for provision in self.law), self.practice]
        return Text(
            "; ".join(text.vi for text in found if text.vi),
            "; ".join(text.en for text in found if text.en),
        )

    @property
    def slug(self) -> str:
        """The name as a single word: ``leads-missing``."""
        return self.name.replace(".", "-").replace("_", "-")

    @property
    def family(self) -> str:
        """The first half of the name: ``leads``."""
        return self.name.split(".", 1)[0]


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault found: its rule, its place, its value, and the remedy.

    ``sheet`` is the name on the tab and ``cell`` the address, both None where
    the whole file is meant. ``row`` is the row of the sheet (from 1), or None. ``waived``
    is the reason why the district let the fault pass, or None. ``trace`` identifies the
    finding in a later file. ``file`` names the files with the cell where a plan is combined from
    several; ``row`` is then that of the combined plan. It is empty for all other plans.
    """

    rule: str
    slug: str
    severity: Severity
    sheet: str | None
    cell: str | None
    row: int | None
    field: str | None
    value: Raw
    message: Text
    remedy: Text
    waived: Text | None = None
    trace: Trace = NO_TRACE
    file: str = ""


def finding(
    rule: Rule,
    *,
    sheet: str | None = None,
    cell: str | None = None,
    row: int | None = None,
    field: str | None = None,
    value: Raw = None,
    words: Mapping[str, object] | None = None,
    trace: Trace | None = None,
) -> Finding:
    """Return a finding of a rule; ``words`` fill the placeholders of its texts.

    The words of lists are in the language of each text. Without a ``trace``, the finding rests
    on the words and the value.
    """
    filling = words or {}
    shown = {name: word_of(w) if isinstance(w, str) else w for name, w in filling.items()}
    return Finding(
        rule.id,
        rule.slug,
        rule.severity,
        sheet,
        cell,
        row,
        field,
        value,
        rule.message.format(**shown),
        rule.remedy.format(**shown),
        trace=trace or trace_of_words(rule, field, value, filling),
    )


def trace_of_words(
    rule: Rule,
    field: str | None,
    value: Raw,
    words: Mapping[str, object],
    subject: tuple[str, ...] = (),
) -> Trace:
    """Return the trace of a finding that rests on the words of its message and the value shown."""
    apart = tuple(essence(str(words.get(name, ""))) for name in rule.distinguished_by)
    evidence = evidence_of_words(words, rule.distinguished_by + rule.incidental)
    return Trace((*subject, *apart), (*evidence, (f"={field or ''}", essence(value))))
