"""Counting the rows of tables, and the level that the verdicts give the school."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from macros_free_validation.expression.conditions import DayWithin, IsDate
from macros_free_validation.expression.excel_half import own_row, quote, words_excel
from macros_free_validation.expression.operands import (
    LEVELS,
    CriteriaTotal,
    Field,
    FirstOf,
    Single,
)
from macros_free_validation.expression.operators import (
    TEXT,
    All,
    AlwaysNumber,
    Any_,
    Condition,
    Number,
    Value,
)
from macros_free_validation.expression.place import Key, KeyKind, Place
from macros_free_validation.values import FIRST_SERIAL, LAST_SERIAL, to_serial
from workbook_templates.layout import Layout
from workbook_templates.regulation import OTHERS_NEEDED, Doubt, Regulation, doubts_of
from workbook_templates.vocabulary import NOT_REACHED, NOT_SETTLED, Verdict, level_label


@dataclass(frozen=True)
class Match:
    """The test on counted rows that a key equals the own row's key, or a constant.

    Spelling: ``Match("lead", own="lead")`` or ``Match("result_1", constant="Đạt")``
    Excel: ``(k_plan_lead_text=lead)``
    """

    field: str
    kind: KeyKind = KeyKind.TEXT
    own: str | None = None
    constant: str = ""


@dataclass(frozen=True, eq=False)
class Count(AlwaysNumber):
    """The number of rows of a table that match; 0 where a key of the own row is empty.

    Spelling: ``Count("plan", (Match("task", own="task"),))``
    Excel: ``IF(OR(task=""),0,SUMPRODUCT((k_plan_task_text=task)*1))``
    """

    sheet: str
    matches: tuple[Match, ...]

    def keys(self) -> tuple[Key, ...]:
        """Return the keys of the counted table."""
        return tuple(Key(self.sheet, m.field, m.kind) for m in self.matches)

    def own_keys(self, own_sheet: str) -> tuple[Key, ...]:
        """Return the keys of the row that is judged."""
        return tuple(Key(own_sheet, m.own, m.kind) for m in self.matches if m.own)

    def excel(self, at: Place) -> str:
        own: list[str] = []
        factors: list[str] = []
        for key, match in zip(self.keys(), self.matches, strict=True):
            wanted = quote(match.constant)
            if match.own:
                letter = at.key_letters[Key(at.sheet.key, match.own, match.kind)]
                wanted = own_row(at.sheet, letter)
                own.append(f'{wanted}=""')
            factors.append(f"({key.name}={wanted})")
        counted = f"SUMPRODUCT({'*'.join(factors)}*1)"
        return f"IF(OR({','.join(own)}),0,{counted})" if own else counted

    def python(self, at: Place) -> str:
        wanted = []
        for match in self.matches:
            if match.own:
                own = Field(match.own).python(at)
                key = at.constant(Key(at.sheet.key, match.own, match.kind))
                is_text = match.kind is KeyKind.TEXT
                wanted.append(f"(key({own}) or '')" if is_text else f"{key}.of({own}, layout)")
            else:
                wanted.append(repr(match.constant.lower()))
        return f"count({at.counter(self.keys())}, ({', '.join(wanted)},))"


@dataclass(frozen=True, eq=False)
class RowsInUse(AlwaysNumber):
    """The number of rows of the judged table in which some input cell is filled.

    Spelling: ``RowsInUse()``
    Excel: ``COUNTIF(R8:R127,TRUE)``
    """

    def excel(self, at: Place) -> str:
        letter, sheet = at.used_letter, at.sheet
        return f"COUNTIF(${letter}${sheet.first_row}:${letter}${sheet.last_row},TRUE)"

    def python(self, at: Place) -> str:
        # Rows in use are all the rows that Python has, whatever they are counted by.
        any_key = Key(at.sheet.key, at.sheet.columns[0].field)
        return f"count_all({at.counter((any_key,))})"


@dataclass(frozen=True, eq=False)
class CriteriaPlanned(AlwaysNumber):
    """The number of different criteria that the rows of some tables name.

    Spelling: ``CriteriaPlanned()``, or ``CriteriaPlanned(("plan", "problems"))``
    Excel: ``SUMPRODUCT(--(COUNTIF(k_plan_criterion_label_text,dm_criteria)>0))``
    """

    sheets: tuple[str, ...] = ("plan",)

    def keys(self) -> tuple[Key, ...]:
        """Return the keys of the counted tables."""
        return tuple(Key(sheet, "criterion_label") for sheet in self.sheets)

    def own_keys(self, _own_sheet: str) -> tuple[Key, ...]:
        """Return no keys: nothing of the own row is asked."""
        return ()

    def excel(self, at: Place) -> str:
        rows = "+".join(f"COUNTIF({key.name},dm_criteria)" for key in self.keys())
        return f"SUMPRODUCT(--({rows}>0))"

    def python(self, at: Place) -> str:
        keys = frozenset((key,) for key in at.layout.criteria_by_key)
        # Each table is counted by itself: the rows of two tables do not belong together.
        counters = ", ".join(at.counter((key,)) for key in self.keys())
        return f"distinct(({counters},), {at.constant(keys)})"


@dataclass(frozen=True, eq=False)
class CountAmong(AlwaysNumber):
    """The number of rows of the self-assessment, of some criteria only, that match.

    ``codes`` are the codes of those criteria; ``match`` asks for a constant.

    Spelling: ``CountAmong(Match("result_1", constant="Đạt"), frozenset({"1.1", "1.3"}))``
    Excel: ``SUMPRODUCT((k_..._result_1_text="Đạt")*ISNUMBER(MATCH(k_..._criterion_text,codes,0)))``
    """

    match: Match
    codes: frozenset[str]

    def keys(self) -> tuple[Key, ...]:
        """Return the keys of the counted table: of the cell, and of the row's criterion."""
        own = Key("self_assessment", self.match.field, self.match.kind)
        return (own, Key("self_assessment", "criterion"))

    def own_keys(self, _own_sheet: str) -> tuple[Key, ...]:
        """Return no keys: nothing of the own row is asked."""
        return ()

    def compared_words(self, at: Place) -> tuple[str, ...]:
        return tuple(c.label for c in at.layout.regulation.criteria if c.code in self.codes)

    def excel(self, at: Place) -> str:
        words, (key, criterion) = self.compared_words(at), self.keys()
        if not words:
            return "0"
        among = f"ISNUMBER(MATCH({criterion.name},{words_excel(words)},0))"
        if len(words) == 1:
            # The label itself may be so long that the level's formula has no room for it.
            labels = [c.label for c in at.layout.regulation.criteria]
            among = f"({criterion.name}=INDEX(dm_criteria,{labels.index(words[0]) + 1}))"
        return f"SUMPRODUCT(({key.name}={quote(self.match.constant)})*{among})"

    def python(self, at: Place) -> str:
        wanted = self.match.constant.lower()
        criteria = at.layout.criteria_by_key.items()
        keys = frozenset((wanted, key) for key, c in criteria if c.code in self.codes)
        return f"count_of({at.counter(self.keys())}, {at.constant(keys)})"


class SpelledOut(ABC):
    """A node that the regulation of the layout spells out in terms of counts."""

    @abstractmethod
    def expand(self, layout: Layout) -> Condition | Value:
        """Return the node in terms of counts, by the rule of the layout's regulation."""

    def excel(self, at: Place) -> str:
        """Return the Excel half of what is spelled out."""
        return self.expand(at.layout).excel(at)

    def python(self, at: Place) -> str:
        """Return the Python half of what is spelled out."""
        return self.expand(at.layout).python(at)


@dataclass(frozen=True, eq=False)
class Steps(AlwaysNumber):
    """The number beside the last of the conditions that hold one after the other; else 0.

    A condition behind one that does not hold is not asked.

    Spelling: ``Steps(((Filled(Field("lead")), 1), (Filled(Field("task")), 2)))``
    Excel: ``IF(lead<>"",IF(task<>"",2,1),0)``
    """

    steps: tuple[tuple[Condition, int], ...]

    def excel(self, at: Place) -> str:
        return self._nested("IF({},{},{})".format, str, lambda asked: asked.excel(at))

    def python(self, at: Place) -> str:
        choice = "({1} if {0} else {2})".format
        return self._nested(choice, "{}.0".format, lambda asked: asked.python(at))

    def _nested(
        self,
        choice: Callable[[str, str, str], str],
        number: Callable[[int], str],
        half: Callable[[Condition], str],
    ) -> str:
        """Return the choices, each inside the one before, in the words of one half."""
        *below, last = (0, *(reached for _, reached in self.steps))
        result = number(last)
        for (condition, _), before in reversed([*zip(self.steps, below, strict=True)]):
            result = choice(half(condition), result, number(before))
        return result


@dataclass(frozen=True, eq=False)
class Greatest(AlwaysNumber):
    """The greatest of some numbers that are never missing.

    Spelling: ``Greatest((CriteriaTotal(1), Number(5)))``
    Excel: ``MAX(28,5)``
    """

    parts: tuple[AlwaysNumber, ...]

    def excel(self, at: Place) -> str:
        return f"MAX({','.join(part.excel(at) for part in self.parts)})"

    def python(self, at: Place) -> str:
        return f"greatest({', '.join(part.python(at) for part in self.parts)})"


@dataclass(frozen=True, eq=False)
class LevelReached(SpelledOut, AlwaysNumber):
    """The number of the level that the verdicts of the self-assessment give the school; else 0.

    Under the 2018 rules level n needs every criterion that has it, and all lower
    levels, to pass. Under circular 57/2026 (khoản 3 Điều 5) it needs all mandatory
    criteria at level n, at least 5 of the others, and for level 2 the rest at 1.
    While a confirmed amendment is in force, its criteria give the level as well.

    Spelling: ``LevelReached()``
    Excel: ``IF(SUMPRODUCT((k_self_assessment_result_1_text="Đạt")*1)=28,IF(...,2,1),0)``
    """

    def expand(self, layout: Layout) -> Value:
        regulation = layout.regulation
        every = frozenset(c.code for c in regulation.criteria)
        as_written = Doubt(regulation.number, None, None, kept=every, unsettled=frozenset())
        settled = (doubt for doubt in doubts_of(regulation) if not doubt.unsettled)
        return _greatest(tuple(_certain(regulation, doubt) for doubt in (as_written, *settled)))


@dataclass(frozen=True, eq=False)
class LevelUnsettled(SpelledOut, AlwaysNumber):
    """The number of the level that the school reaches if criteria of unconfirmed text are met.

    It is 0 but for plans of the time of an amendment that nobody compared with its circular,
    where all criteria that the amendment leaves as they are give the level.

    Spelling: ``LevelUnsettled()``
    Excel: ``IF(issue_date>=45682,IF(SUMPRODUCT((...result_1_text="Đạt")*...)=19,...,0),0)``
    """

    def expand(self, layout: Layout) -> Value:
        regulation = layout.regulation
        open_ = (doubt for doubt in doubts_of(regulation) if doubt.unsettled)
        return _greatest(tuple(_certain(regulation, doubt) for doubt in open_))


def _greatest(parts: tuple[AlwaysNumber, ...]) -> Value:
    if not parts:
        return Number(0)
    return Greatest(parts) if len(parts) > 1 else parts[0]


@dataclass(frozen=True, eq=False)
class LevelShown(Value):
    """The label of a level, or another text where the number of the level is 0.

    Spelling: ``LevelShown(LevelReached(), FirstOf(...))``
    Excel: ``CHOOSE(1+level,"Chưa đạt","Mức 1","Mức 2","Mức 3","Mức 4")``
    """

    level: AlwaysNumber
    otherwise: FirstOf

    sorts = (TEXT,)

    def excel(self, at: Place) -> str:
        labels = ",".join(quote(level_label(level)) for level in LEVELS)
        return f"CHOOSE(1+{self.level.excel(at)},{self.otherwise.excel(at)},{labels})"

    def python(self, at: Place) -> str:
        labels = {0.0: ""} | {float(level): level_label(level) for level in LEVELS}
        return f"({labels!r}[{self.level.python(at)}] or {self.otherwise.python(at)})"


@dataclass(frozen=True, eq=False)
class EveryCriterionAssessed(SpelledOut, Condition):
    """The condition that every criterion which the plan has to assess has a verdict on level 1.

    Before that no level can be called missed. While an amendment is in force, the criteria that
    it takes out or leaves open need no verdict.

    Spelling: ``EveryCriterionAssessed()``
    Excel: ``SUMPRODUCT((k_self_assessment_result_1_filled="x")*1)=28``
    """

    def expand(self, layout: Layout) -> Condition:
        filled = Match("result_1", KeyKind.FILLED, constant="x")
        every = Count("self_assessment", (filled,)) == CriteriaTotal(1)
        parts: list[Condition] = [every]
        for doubt in doubts_of(layout.regulation):
            kept = _having(layout.regulation, doubt.kept, 1)
            assessed = CountAmong(filled, doubt.kept) == len(kept)
            parts.append(All((*_in_force(doubt), assessed)))
        return Any_(tuple(parts))


def _in_force(doubt: Doubt) -> tuple[Condition, ...]:
    """Return the condition that an amendment is in force on the day of the plan, or none.

    The day is the issue date, or the first day of the period while there is none. An amendment
    that the regulation itself already applies is always in force.
    """
    if doubt.start is None:
        return ()
    first = max(to_serial(doubt.start), FIRST_SERIAL)
    until = min(to_serial(doubt.until), LAST_SERIAL) if doubt.until else LAST_SERIAL
    issued, opening = Single("issue_date_meant"), Single("period_start_meant")
    is_open = DayWithin(opening, first, until)
    return (DayWithin(issued, first, until) | (~IsDate(issued) & is_open),)


def _certain(regulation: Regulation, doubt: Doubt) -> AlwaysNumber:
    """Return the level that the criteria give which an amendment leaves certain; else 0."""
    steps, reached = [(condition, 0) for condition in _in_force(doubt)], 0
    for level in range(1, max(regulation.levels, default=0) + 1):
        # A level that no criterion has is none to reach, and those below it have to be met.
        reached = level if level in regulation.levels else reached
        steps.append((_given(regulation, doubt, level), reached))
    return Steps(tuple(steps))


def _given(regulation: Regulation, doubt: Doubt, level: int) -> Condition:
    """Return the condition that the certain criteria give a level, if they give those below."""
    met = partial(_met, regulation)
    if regulation.school_level_rule == "all_criteria":
        return met(doubt.kept, level) == len(_having(regulation, doubt.kept, level))
    mandatory = frozenset(c.code for c in regulation.criteria if c.mandatory)
    musts, others = doubt.kept & mandatory, doubt.kept - mandatory
    # Each open criterion may count for the school, whatever its text turns out to be.
    needed = max(0, OTHERS_NEEDED - len(doubt.unsettled - mandatory))
    parts = [met(musts, level) == len(musts), ~(met(others, level) < min(needed, len(others)))]
    if level > 1:
        parts.append(met(doubt.kept, 1) == len(doubt.kept))
    return All(tuple(parts))


def _having(regulation: Regulation, codes: frozenset[str], level: int) -> frozenset[str]:
    """Return the codes of the criteria that have a level."""
    return frozenset(c.code for c in regulation.criteria_at(level) if c.code in codes)


def _met(regulation: Regulation, codes: frozenset[str], level: int) -> AlwaysNumber:
    """Return the number of some criteria that pass a level.

    All criteria, the mandatory ones and the others are counted by shorter formulas.
    """
    match = Match(f"result_{level}", constant=Verdict.MET.label.vi)
    every = frozenset(c.code for c in regulation.criteria)
    mandatory = frozenset(c.code for c in regulation.criteria if c.mandatory)
    if codes == every:
        return Count("self_assessment", (match,))
    for mark, marked in (("x", mandatory), ("-", every - mandatory)):
        if codes == marked:
            return Count(
                "self_assessment", (match, Match("criterion", KeyKind.MANDATORY, None, mark))
            )
    return CountAmong(match, codes)


SCHOOL_LEVEL = LevelShown(
    LevelReached(),
    FirstOf(
        (
            (~EveryCriterionAssessed(), ""),
            (LevelUnsettled() >= 1, NOT_SETTLED),
        ),
        NOT_REACHED,
    ),
)
"""The level that the verdicts give the school; empty while too few criteria are assessed."""

TASKS_OF_CRITERION = Count("plan", (Match("criterion_label", own="criterion"),))
"""The number of tasks that the plan has for the criterion of the row."""


def verdicts(verdict: Verdict, level: int) -> Count:
    """Return the number of criteria with a verdict on a level."""
    return Count("self_assessment", (Match(f"result_{level}", constant=verdict.label.vi),))
