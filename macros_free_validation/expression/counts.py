"""Counting the rows of tables, and the level that the verdicts give the school."""

from __future__ import annotations

from dataclasses import dataclass

from macros_free_validation.expression.excel_half import own_row, quote
from macros_free_validation.expression.operands import LEVELS, CriteriaTotal, Field, FirstOf
from macros_free_validation.expression.operators import (
    All,
    AlwaysNumber,
    Condition,
    Less,
    Number,
)
from macros_free_validation.expression.place import Key, KeyKind, Place
from workbook_templates.layout import Layout
from workbook_templates.vocabulary import NOT_REACHED, Verdict, level_label


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
class CriteriaPlanned(AlwaysNumber):
    """The number of different criteria that the rows of some tables name.

    Spelling: ``CriteriaPlanned()``, or ``CriteriaPlanned(("plan", "problems"))``
    Excel: ``SUMPRODUCT(--(COUNTIF(k_plan_criterion_text,dm_criteria)>0))``
    """

    sheets: tuple[str, ...] = ("plan",)

    def keys(self) -> tuple[Key, ...]:
        """Return the keys of the counted tables."""
        return tuple(Key(sheet, "criterion") for sheet in self.sheets)

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


OTHERS_NEEDED = 5
"""Criteria beyond the mandatory ones that a school needs (khoản 3 Điều 5, Thông tư 57/2026)."""


@dataclass(frozen=True, eq=False)
class SchoolReaches(Condition):
    """The condition that the verdicts of the self-assessment give the school a level.

    Under the 2018 rules level n needs every criterion that has it, and all lower
    levels, to pass. Under circular 57/2026 (khoản 3 Điều 5) it needs all mandatory
    criteria at level n, at least 5 of the others, and for level 2 the rest at 1.

    Spelling: ``SchoolReaches(2)``
    Excel: ``AND(SUMPRODUCT((k_self_assessment_result_1_text="Đạt")*1)=28,...)``
    """

    level: int

    def expand(self, layout: Layout) -> Condition:
        """Return the condition in terms of counts, by the rule of the layout's regulation."""
        regulation = layout.regulation
        if self.level not in regulation.levels:
            return Less(Number(1), Number(0))  # never holds
        if regulation.school_level_rule == "all_criteria":
            return All(
                tuple(
                    _met(level) == len(regulation.criteria_at(level))
                    for level in range(1, self.level + 1)
                )
            )
        mandatory = sum(c.mandatory for c in regulation.criteria)
        parts: list[Condition] = [
            _met(self.level, "x") == mandatory,
            ~(_met(self.level, "-") < OTHERS_NEEDED),
        ]
        if self.level > 1:
            parts.append(_met(1) == len(regulation.criteria))
        return All(tuple(parts))

    def excel(self, at: Place) -> str:
        return self.expand(at.layout).excel(at)

    def python(self, at: Place) -> str:
        return self.expand(at.layout).python(at)


def _met(level: int, mandatory: str = "") -> Count:
    """Return the number of criteria that pass a level.

    Count all of them, only mandatory ones (``x``), or only the others (``-``).
    """
    matches = [Match(f"result_{level}", constant=Verdict.MET.label.vi)]
    if mandatory:
        matches.append(Match("criterion", KeyKind.MANDATORY, constant=mandatory))
    return Count("self_assessment", tuple(matches))


EVERY_CRITERION_ASSESSED = Count(
    "self_assessment", (Match("result_1", KeyKind.FILLED, constant="x"),)
) == CriteriaTotal(1)
"""Every criterion has a verdict on level 1; before that no level can be called missed."""

SCHOOL_LEVEL = FirstOf(
    (
        *((SchoolReaches(level), level_label(level)) for level in reversed(LEVELS)),
        (EVERY_CRITERION_ASSESSED, NOT_REACHED),
    )
)
"""The level that the verdicts give the school; empty while too few criteria are assessed."""

TASKS_OF_CRITERION = Count("plan", (Match("criterion", own="criterion"),))
"""The number of tasks that the plan has for the criterion of the row."""


def verdicts(verdict: Verdict, level: int) -> Count:
    """Return the number of criteria with a verdict on a level."""
    return Count("self_assessment", (Match(f"result_{level}", constant=verdict.label.vi),))
