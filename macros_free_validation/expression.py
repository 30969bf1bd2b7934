"""The expression language of rules: typed nodes with two halves.

Every node writes itself as an Excel formula and as Python source. Every node is
*total*: it has a value, never an error, whatever the cells hold. Own-row cells
are reached by position (``INDEX($H:$H,ROW())``), so that cutting and dragging
input cells leaves no ``#REF!``; other sheets are reached through defined names.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from math import floor
from typing import Any, Literal

from macros_free_validation import values as v
from workbook_templates.declare import Lists, Type
from workbook_templates.layout import Layout, Limits, PlacedSheet, mandatory_mark
from workbook_templates.school_year import LONGEST_PERIOD
from workbook_templates.text import Text
from workbook_templates.vocabulary import NOT_REACHED, Verdict, level_label

NBSP = "\u00a0"
LONGEST_FORMULA = 8192
LONGEST_LITERAL = 255


def quote(text: str) -> str:
    """A text as an Excel literal, split where it is longer than Excel takes."""
    step = LONGEST_LITERAL // 2  # a quote counts as two
    parts = [text[i : i + step] for i in range(0, len(text), step)] or [""]
    return "&".join('"' + part.replace('"', '""') + '"' for part in parts)


def cell_name(sheet: str, field_name: str) -> str:
    """Defined name of a single cell: ``tt_cover_issue_date``."""
    return f"tt_{sheet}_{field_name}"


class KeyKind(StrEnum):
    """How the value of a cell becomes a key that rows can be counted by."""

    TEXT = "text"
    """Tidy text, case aside; nothing else has a key."""
    MONTH = "month"
    """Month of a date: year x 12 + month."""
    FILLED = "filled"
    """``x`` where there is something."""
    MANDATORY = "mandatory"
    """``x`` where the cell holds a mandatory criterion, ``-`` for another one."""


@dataclass(frozen=True)
class Key:
    """A helper column: the key of one field of one table.

    Counting goes over keys, never over what people typed: a key holds no error
    value, no stray space, and nothing that Excel takes for a wildcard.
    """

    sheet: str
    field: str
    kind: KeyKind = KeyKind.TEXT

    @property
    def name(self) -> str:
        """Defined name of the column's cells."""
        return f"k_{self.sheet}_{self.field}_{self.kind}"

    def excel(self, at: Place) -> str:
        """The formula of the helper column."""
        value = Field(self.field)
        x = value.excel(at)
        match self.kind:
            case KeyKind.TEXT:
                return f'IF(ISTEXT({x}),{tidy_excel(x)},"")'
            case KeyKind.MONTH:
                return f'IF({IsDate(value).excel(at)},YEAR({x})*12+MONTH({x}),"")'
            case KeyKind.FILLED:
                return f'IF({filled_excel(x)},"x","")'
            case KeyKind.MANDATORY:
                found = f"INDEX(dm_mandatory,MATCH({tidy_excel(x)},dm_criteria,0))"
                return f'IF({InList(value, Lists.CRITERIA).excel(at)},IFERROR({found},""),"")'

    def result(self, value: v.Raw, layout: Layout) -> str | float:
        """What the formula of the helper column results in."""
        if self.kind is KeyKind.TEXT:
            return v.tidy(value) if v.is_text(value) else ""
        return self.of(value, layout)

    def of(self, value: v.Raw, layout: Layout) -> str | float:
        """The Python half: as ``result``, without regard to case."""
        return self.of_all((value,), layout)[0]

    def of_all(self, values: Sequence[v.Raw], layout: Layout) -> list[str | float]:
        """The same for the values of a column."""
        match self.kind:
            case KeyKind.TEXT:
                return [v.key(value) or "" for value in values]
            case KeyKind.MONTH:
                return [v.month_key(value) for value in values]
            case KeyKind.FILLED:
                return ["x" if v.filled(value) else "" for value in values]
            case KeyKind.MANDATORY:
                criteria = map(layout.criteria_by_key.get, map(v.key, values))
                return ["" if c is None else mandatory_mark(c) for c in criteria]


UNIT_KEY = Key("lists", "unit")
"""Key of the school's own units."""


@dataclass(frozen=True)
class Place:
    """Where an expression is written: a layout and the sheet of its own row.

    ``key_letters`` are the helper columns of the sheet's own keys. ``constants`` and
    ``counters`` collect what the Python half needs beside the row.
    """

    layout: Layout
    sheet: PlacedSheet
    used_letter: str = ""
    key_letters: Mapping[Key, str] = field(default_factory=dict)
    constants: dict[str, object] = field(default_factory=dict)
    counters: dict[tuple[Key, ...], str] = field(default_factory=dict)

    def constant(self, value: object) -> str:
        """A Python name for a constant."""
        for name, known in self.constants.items():
            if type(known) is type(value) and known == value:
                return name
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def counter(self, keys: tuple[Key, ...]) -> str:
        """A Python name for the counts of a table's rows by some keys."""
        return self.counters.setdefault(keys, f"n{len(self.counters)}")


class Value(ABC):
    """Something that has a value: a cell of the row, a single cell, a number."""

    @abstractmethod
    def excel(self, at: Place) -> str:
        """The reference in an Excel formula."""

    @abstractmethod
    def python(self, at: Place) -> str:
        """The expression in Python source."""

    def number_excel(self, at: Place) -> str:
        """Excel's test that it is a number; empty where it is one in any case."""
        return number_excel(self.excel(at))

    def __lt__(self, other: Value) -> Condition:
        """Both are numbers and this one is smaller."""
        return Less(self, other)

    def __gt__(self, other: Value) -> Condition:
        """Both are numbers and this one is greater."""
        return Less(other, self)


@dataclass(frozen=True)
class Field(Value):
    """A cell of the row that is judged."""

    name: str

    def excel(self, at: Place) -> str:
        letter = at.sheet.column(self.name).letter
        return f"INDEX(${letter}:${letter},ROW())"

    def python(self, at: Place) -> str:
        return f"r[{at.sheet.column(self.name).index}]"


@dataclass(frozen=True)
class Single(Value):
    """A single cell, on the cover unless another sheet is named."""

    name: str
    sheet: str = "cover"

    def excel(self, at: Place) -> str:
        at.layout.sheet(self.sheet).cell(self.name)
        return cell_name(self.sheet, self.name)

    def python(self, at: Place) -> str:
        at.layout.sheet(self.sheet).cell(self.name)
        return f"cells[{self.sheet!r}].get({self.name!r})"


@dataclass(frozen=True)
class Number(Value):
    """A number written in the rule."""

    value: float

    def excel(self, at: Place) -> str:
        return f"{self.value:.15g}"

    def python(self, at: Place) -> str:
        return repr(float(self.value))

    def number_excel(self, at: Place) -> str:
        return ""


@dataclass(frozen=True)
class Limit(Value):
    """A whole number that an authority may set; ``about`` says what it bounds, and in what unit.

    A layout that names no other number for it has the rule's own.
    """

    name: str
    default: int
    least: int
    most: int
    about: Text

    def of(self, layout: Layout) -> int:
        """The number in a layout, never outside its bounds."""
        return self.among(layout.limits)

    def among(self, limits: Limits) -> int:
        """The number among those that an authority set, never outside its bounds."""
        found = dict(limits).get(self.name, self.default)
        return min(max(found, self.least), self.most)

    def shown(self, layout: Layout) -> str:
        """The number as a message gives it."""
        return v.show(float(self.of(layout)), as_date=False)

    def excel(self, at: Place) -> str:
        return str(self.of(at.layout))

    def python(self, at: Place) -> str:
        return repr(float(self.of(at.layout)))

    def number_excel(self, at: Place) -> str:
        return ""


@dataclass(frozen=True)
class Sum(Value):
    """The sum of two numbers; not a number where one of them is none."""

    a: Value
    b: Value

    def excel(self, at: Place) -> str:
        a, b = self.a.excel(at), self.b.excel(at)
        return _of_numbers(at, (self.a, self.b), f"{a}+{b}", '""')

    def python(self, at: Place) -> str:
        return f"total({self.a.python(at)}, {self.b.python(at)})"

    def number_excel(self, at: Place) -> str:
        return f"ISNUMBER({self.excel(at)})"


@dataclass(frozen=True)
class Difference(Value):
    """One number less another; not a number where one of them is none."""

    a: Value
    b: Value

    def excel(self, at: Place) -> str:
        a, b = self.a.excel(at), self.b.excel(at)
        return _of_numbers(at, (self.a, self.b), f"({a})-({b})", '""')

    def python(self, at: Place) -> str:
        return f"difference({self.a.python(at)}, {self.b.python(at)})"

    def number_excel(self, at: Place) -> str:
        return f"ISNUMBER({self.excel(at)})"


@dataclass(frozen=True)
class Percent(Value):
    """One number as percent of another, to a tenth; empty where there is nothing to divide by."""

    part: Value
    whole: Value

    def excel(self, at: Place) -> str:
        part, whole = self.part.excel(at), self.whole.excel(at)
        share = f'IF({whole}=0,"",ROUND(100*{part}/{whole},1))'
        return _of_numbers(at, (self.part, self.whole), share, '""')

    def python(self, at: Place) -> str:
        return f"percent({self.part.python(at)}, {self.whole.python(at)})"

    def number_excel(self, at: Place) -> str:
        return f"ISNUMBER({self.excel(at)})"


@dataclass(frozen=True)
class PlanField(Value):
    """A cell of the plan row that a progress row reports on."""

    name: str

    def excel(self, at: Place) -> str:
        plan = at.layout.sheet("plan")
        letter = plan.column(self.name).letter
        offset = plan.first_row - at.sheet.first_row
        return f"INDEX({plan.quoted}!${letter}:${letter},ROW(){offset:+d})"

    def python(self, at: Place) -> str:
        plan = at.layout.sheet("plan")
        offset = plan.first_row - at.sheet.first_row
        index = plan.column(self.name).index
        return f"plan_value(plan_rows, record.row + {offset}, {index})"


@dataclass(frozen=True)
class Match:
    """A condition on counted rows: a key equals the own row's, or a constant."""

    field: str
    kind: KeyKind = KeyKind.TEXT
    own: str | None = None
    constant: str = ""


@dataclass(frozen=True)
class Count(Value):
    """How many rows of a table match; 0 where a key of the own row is empty."""

    sheet: str
    matches: tuple[Match, ...]

    def keys(self) -> tuple[Key, ...]:
        """The keys of the counted table."""
        return tuple(Key(self.sheet, m.field, m.kind) for m in self.matches)

    def own_keys(self, own_sheet: str) -> tuple[Key, ...]:
        """The keys of the row that is judged."""
        return tuple(Key(own_sheet, m.own, m.kind) for m in self.matches if m.own)

    def excel(self, at: Place) -> str:
        own: list[str] = []
        factors: list[str] = []
        for key, match in zip(self.keys(), self.matches, strict=True):
            wanted = quote(match.constant)
            if match.own:
                letter = at.key_letters[Key(at.sheet.key, match.own, match.kind)]
                wanted = f"INDEX(${letter}:${letter},ROW())"
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

    def number_excel(self, at: Place) -> str:
        return ""


@dataclass(frozen=True)
class CriteriaPlanned(Value):
    """How many different criteria the plan has tasks for."""

    def keys(self) -> tuple[Key, ...]:
        """The keys of the counted table."""
        return (Key("plan", "criterion"),)

    def own_keys(self, _own_sheet: str) -> tuple[Key, ...]:
        """None."""
        return ()

    def excel(self, at: Place) -> str:
        (key,) = self.keys()
        return f"SUMPRODUCT(--(COUNTIF({key.name},dm_criteria)>0))"

    def python(self, at: Place) -> str:
        keys = frozenset((key,) for key in at.layout.criteria_by_key)
        return f"different({at.counter(self.keys())}, {at.constant(keys)})"

    def number_excel(self, at: Place) -> str:
        return ""


@dataclass(frozen=True)
class CriteriaTotal(Value):
    """How many criteria the regulation has, or how many have a level."""

    level: int | None = None

    def _total(self, at: Place) -> int:
        regulation = at.layout.regulation
        return len(regulation.criteria_at(self.level) if self.level else regulation.criteria)

    def excel(self, at: Place) -> str:
        return str(self._total(at))

    def python(self, at: Place) -> str:
        return repr(float(self._total(at)))

    def number_excel(self, at: Place) -> str:
        return ""


@dataclass(frozen=True)
class LevelNumber(Value):
    """The number of a level (``Mức 2`` is 2); 0 for anything else."""

    value: Value

    def excel(self, at: Place) -> str:
        x = self.value.excel(at)
        labels = ",".join(quote(level_label(n)) for n in _LEVELS)
        numbers = ",".join(str(n) for n in _LEVELS)
        same = f"({{{labels}}}={tidy_excel(x)})*{{{numbers}}}"
        return f"IF(ISTEXT({x}),SUMPRODUCT({same}),0)"

    def python(self, at: Place) -> str:
        levels = {v.key(level_label(n)): float(n) for n in _LEVELS}
        return f"{at.constant(levels)}.get(key({self.value.python(at)}), 0.0)"

    def number_excel(self, at: Place) -> str:
        return ""


_LEVELS = (1, 2, 3, 4)


@dataclass(frozen=True)
class RegulationDay(Value):
    """First day the regulation is in force, or the day it is repealed."""

    which: Literal["from", "until"]

    def _serial(self, at: Place) -> float:
        regulation = at.layout.regulation
        if self.which == "from":
            return v.to_serial(regulation.in_force_from)
        return v.to_serial(regulation.repealed_on) if regulation.repealed_on else NEVER

    def excel(self, at: Place) -> str:
        return f"{self._serial(at):.0f}"

    def python(self, at: Place) -> str:
        return repr(self._serial(at))

    def number_excel(self, at: Place) -> str:
        return ""


NEVER = 2_958_465.0
"""31 December 9999, the last day Excel knows."""


class Condition(ABC):
    """Something that holds or does not."""

    @abstractmethod
    def excel(self, at: Place) -> str:
        """The condition as an Excel formula without the equals sign."""

    @abstractmethod
    def python(self, at: Place) -> str:
        """The condition as Python source over ``r``, ``cells`` and ``used``."""

    def __and__(self, other: Condition) -> Condition:
        """Both hold."""
        return All((*_parts(self, All), *_parts(other, All)))

    def __or__(self, other: Condition) -> Condition:
        """One of them holds, or both."""
        return Any_((*_parts(self, Any_), *_parts(other, Any_)))

    def __invert__(self) -> Condition:
        """It does not hold."""
        return Not(self)


def _parts(condition: Condition, kind: type[All] | type[Any_]) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, kind) else (condition,)


@dataclass(frozen=True)
class All(Condition):
    """Every part holds."""

    parts: tuple[Condition, ...]

    def excel(self, at: Place) -> str:
        return f"AND({','.join(p.excel(at) for p in self.parts)})"

    def python(self, at: Place) -> str:
        return f"({' and '.join(p.python(at) for p in self.parts)})"


@dataclass(frozen=True)
class Any_(Condition):  # noqa: N801 - «Any» is taken by typing
    """At least one part holds."""

    parts: tuple[Condition, ...]

    def excel(self, at: Place) -> str:
        return f"OR({','.join(p.excel(at) for p in self.parts)})"

    def python(self, at: Place) -> str:
        return f"({' or '.join(p.python(at) for p in self.parts)})"


@dataclass(frozen=True)
class Not(Condition):
    """The part does not hold."""

    part: Condition

    def excel(self, at: Place) -> str:
        return f"NOT({self.part.excel(at)})"

    def python(self, at: Place) -> str:
        return f"(not {self.part.python(at)})"


@dataclass(frozen=True)
class RowUsed(Condition):
    """Some input cell of the row is filled."""

    def excel(self, at: Place) -> str:
        return f"INDEX(${at.used_letter}:${at.used_letter},ROW())"

    def python(self, at: Place) -> str:
        return "used"


@dataclass(frozen=True)
class Filled(Condition):
    """The cell holds something a person can see."""

    value: Value

    def excel(self, at: Place) -> str:
        return filled_excel(self.value.excel(at))

    def python(self, at: Place) -> str:
        return f"filled({self.value.python(at)})"


def filled_excel(x: str) -> str:
    """The Excel half of :class:`Filled` for any reference."""
    visible = f'LEN(TRIM(CLEAN(SUBSTITUTE({x},"{NBSP}"," "))))>0'
    return f"IF(ISTEXT({x}),{visible},NOT(ISBLANK({x})))"


def blank(value: Value) -> Condition:
    """The cell holds nothing a person can see."""
    return Not(Filled(value))


@dataclass(frozen=True)
class IsNumber(Condition):
    """The cell holds a number (a date is one too)."""

    value: Value

    def excel(self, at: Place) -> str:
        return number_excel(self.value.excel(at))

    def python(self, at: Place) -> str:
        return f"is_number({self.value.python(at)})"


@dataclass(frozen=True)
class IsDate(Condition):
    """The cell holds a number that is a day of this century."""

    value: Value

    def excel(self, at: Place) -> str:
        x = self.value.excel(at)
        inside = f"AND({x}>={v.FIRST_SERIAL},{x}<{v.LAST_SERIAL})"
        return f"IF({number_excel(x)},{inside},FALSE)"

    def python(self, at: Place) -> str:
        return f"is_date({self.value.python(at)})"


@dataclass(frozen=True)
class Less(Condition):
    """Both are numbers and the first is smaller."""

    a: Value
    b: Value

    def excel(self, at: Place) -> str:
        a, b = self.a.excel(at), self.b.excel(at)
        return _of_numbers(at, (self.a, self.b), f"{a}<{b}", "FALSE")

    def python(self, at: Place) -> str:
        return f"less({self.a.python(at)}, {self.b.python(at)})"


@dataclass(frozen=True)
class Equal(Condition):
    """Both are numbers and the same."""

    a: Value
    b: Value

    def excel(self, at: Place) -> str:
        a, b = self.a.excel(at), self.b.excel(at)
        return _of_numbers(at, (self.a, self.b), f"{a}={b}", "FALSE")

    def python(self, at: Place) -> str:
        return f"equal({self.a.python(at)}, {self.b.python(at)})"


@dataclass(frozen=True)
class KindOfRegulation(Condition):
    """The cell holds a school kind that the regulation is for."""

    value: Value

    def _texts(self, at: Place) -> IsAny:
        kinds = at.layout.regulation.kinds
        return IsAny(self.value, tuple(kind.label.vi for kind in kinds))

    def excel(self, at: Place) -> str:
        return self._texts(at).excel(at)

    def python(self, at: Place) -> str:
        return self._texts(at).python(at)


OTHERS_NEEDED = 5
"""Criteria beyond the mandatory ones a school needs (khoản 3 Điều 5, Thông tư 57/2026)."""


@dataclass(frozen=True)
class SchoolReaches(Condition):
    """The verdicts of the self-assessment give the school that level.

    Under the 2018 rules level n needs every criterion that has it, and all lower
    levels, to pass. Under circular 57/2026 (khoản 3 Điều 5) it needs all mandatory
    criteria at level n, at least 5 of the others, and for level 2 the rest at 1.
    """

    level: int

    def expand(self, layout: Layout) -> Condition:
        """The condition in terms of counts, as the regulation has it."""
        regulation = layout.regulation
        if self.level not in regulation.levels:
            return Less(Number(1), Number(0))
        if regulation.school_level_rule == "all_criteria":
            return All(
                tuple(
                    Equal(_met(level), Number(len(regulation.criteria_at(level))))
                    for level in range(1, self.level + 1)
                )
            )
        mandatory = sum(c.mandatory for c in regulation.criteria)
        parts: list[Condition] = [
            Equal(_met(self.level, "x"), Number(mandatory)),
            Not(Less(_met(self.level, "-"), Number(OTHERS_NEEDED))),
        ]
        if self.level > 1:
            parts.append(Equal(_met(1), Number(len(regulation.criteria))))
        return All(tuple(parts))

    def excel(self, at: Place) -> str:
        return self.expand(at.layout).excel(at)

    def python(self, at: Place) -> str:
        return self.expand(at.layout).python(at)


def _met(level: int, mandatory: str = "") -> Count:
    """How many criteria pass a level; only mandatory ones (``x``) or only others (``-``)."""
    matches = [Match(f"result_{level}", constant=Verdict.MET.label.vi)]
    if mandatory:
        matches.append(Match("criterion", KeyKind.MANDATORY, constant=mandatory))
    return Count("self_assessment", tuple(matches))


@dataclass(frozen=True)
class FirstOf(Value):
    """The text beside the first condition that holds; empty where none does."""

    choices: tuple[tuple[Condition, str], ...]

    def excel(self, at: Place) -> str:
        result = '""'
        for condition, text in reversed(self.choices):
            result = f"IF({condition.excel(at)},{quote(text)},{result})"
        return result

    def python(self, at: Place) -> str:
        result = "''"
        for condition, text in reversed(self.choices):
            result = f"({text!r} if {condition.python(at)} else {result})"
        return result


EVERY_CRITERION_ASSESSED = Equal(
    Count("self_assessment", (Match("result_1", KeyKind.FILLED, constant="x"),)),
    CriteriaTotal(1),
)
"""Every criterion has a verdict on level 1; before that nobody can say that a level is missed."""

SCHOOL_LEVEL = FirstOf(
    (
        *((SchoolReaches(level), level_label(level)) for level in reversed(_LEVELS)),
        (EVERY_CRITERION_ASSESSED, NOT_REACHED),
    )
)
"""The level that the verdicts give the school; empty while too few criteria are assessed."""

TASKS_OF_CRITERION = Count("plan", (Match("criterion", own="criterion"),))
"""How many tasks the plan has for the criterion of the row."""


def verdicts(verdict: Verdict, level: int) -> Count:
    """How many criteria have that verdict on a level."""
    return Count("self_assessment", (Match(f"result_{level}", constant=verdict.label.vi),))


def _of_numbers(at: Place, values: Sequence[Value], result: str, otherwise: str) -> str:
    """A result that only stands where all values are numbers."""
    for value in reversed(values):
        test = value.number_excel(at)
        result = f"IF({test},{result},{otherwise})" if test else result
    return result


def number_excel(x: str) -> str:
    """The Excel half of :func:`values.is_number`, for a reference.

    LibreOffice takes booleans for numbers, and asks the format of a cell whether it
    holds one; of a bare number it may answer anything, so never ask it of one.
    """
    return f"IF(ISLOGICAL({x}),FALSE,ISNUMBER({x}))"


def tidy_excel(x: str) -> str:
    """The Excel half of :func:`values.tidy`."""
    for char in ("CHAR(10)", "CHAR(9)", "CHAR(13)"):
        x = f'SUBSTITUTE({x},{char}," ")'
    return f'TRIM(SUBSTITUTE({x},"{NBSP}"," "))'


@dataclass(frozen=True)
class InList(Condition):
    """The cell holds a text of a list on the lists sheet."""

    value: Value
    choices: Lists

    def excel(self, at: Place) -> str:
        x = self.value.excel(at)
        if self.choices is Lists.UNITS:  # typed by the school, so compared tidily on both sides
            found = f"SUMPRODUCT(--({UNIT_KEY.name}={tidy_excel(x)}))>0"
            return f"IF({filled_excel(x)},IF(ISTEXT({x}),{found},FALSE),FALSE)"
        return f"IF(ISTEXT({x}),SUMPRODUCT(--(dm_{self.choices}={tidy_excel(x)}))>0,FALSE)"

    def python(self, at: Place) -> str:
        if self.choices is Lists.UNITS:
            return f"(key({self.value.python(at)}) in units)"
        keys = frozenset(v.key(text) for text in at.layout.values(self.choices))
        return f"(key({self.value.python(at)}) in {at.constant(keys)})"


@dataclass(frozen=True)
class LevelDefined(Condition):
    """The regulation defines that level for that criterion."""

    criterion: Value
    level: Value

    def excel(self, at: Place) -> str:
        x, y = self.criterion.excel(at), self.level.excel(at)
        both = f"SUMPRODUCT((dm_level_key={tidy_excel(x)})*(dm_level_of={tidy_excel(y)}))>0"
        return f"IF(ISTEXT({x}),IF(ISTEXT({y}),{both},FALSE),FALSE)"

    def python(self, at: Place) -> str:
        offered = at.layout.dependent_values(Lists.LEVELS_OF_CRITERION)
        pairs = frozenset((v.key(c), v.key(n)) for c, names in offered.items() for n in names)
        criterion, level = self.criterion.python(at), self.level.python(at)
        return f"((key({criterion}), key({level})) in {at.constant(pairs)})"


@dataclass(frozen=True)
class CriterionOfStandard(Condition):
    """The criterion belongs to the standard."""

    criterion: Value
    standard: Value

    def excel(self, at: Place) -> str:
        x, y = self.criterion.excel(at), self.standard.excel(at)
        both = f"SUMPRODUCT((dm_criteria={tidy_excel(x)})*(dm_standard_of={tidy_excel(y)}))>0"
        return f"IF(ISTEXT({x}),IF(ISTEXT({y}),{both},FALSE),FALSE)"

    def python(self, at: Place) -> str:
        regulation = at.layout.regulation
        pairs = frozenset(
            (v.key(c.label), v.key(regulation.standard_of(c))) for c in regulation.criteria
        )
        criterion, standard = self.criterion.python(at), self.standard.python(at)
        return f"((key({criterion}), key({standard})) in {at.constant(pairs)})"


@dataclass(frozen=True)
class HasWord(Condition):
    """The cell holds a text with one of the words in it, in any case of letters.

    A line break counts as a semicolon: array constants cannot hold one.
    """

    value: Value
    words: tuple[str, ...]

    def excel(self, at: Place) -> str:
        x = self.value.excel(at)
        words = ",".join(quote(_search_literal(word)) for word in self.words)
        text = f'SUBSTITUTE({x},CHAR(10),";")'
        return f"IF(ISTEXT({x}),SUMPRODUCT(--ISNUMBER(SEARCH({{{words}}},{text})))>0,FALSE)"

    def python(self, at: Place) -> str:
        words = tuple(word.lower() for word in self.words)
        return f"has_word(in_one_line({self.value.python(at)}), {at.constant(words)})"


def _search_literal(word: str) -> str:
    for wild in "~*?":
        word = word.replace(wild, "~" + wild)
    return word


@dataclass(frozen=True)
class MalformedCode(Condition):
    """The cell holds a text that tries to give an evidence code and fails.

    Both ways of writing a code are right, and several in a cell; a text that gives
    none is let alone. See :func:`values.malformed_code`.
    """

    value: Value

    def excel(self, at: Place) -> str:
        x = self.value.excel(at)
        text = tidy_excel(x)
        for old, new in v.CODE_STEPS:
            text = f"SUBSTITUTE({text},{quote(old)},{quote(new)})"
        signs = ",".join(quote(sign) for sign in v.CODE_ATTEMPTS)
        found = f'SUMPRODUCT(--ISNUMBER(FIND({{{signs}}},"{v.CODE_START}"&{text})))>0'
        return f"IF(ISTEXT({x}),{found},FALSE)"

    def python(self, at: Place) -> str:
        return f"malformed_code({self.value.python(at)})"


@dataclass(frozen=True)
class IsAny(Condition):
    """The cell holds one of the texts, case and spaces aside."""

    value: Value
    texts: tuple[str, ...]

    def excel(self, at: Place) -> str:
        x = self.value.excel(at)
        texts = ",".join(quote(text) for text in self.texts)
        return f"IF(ISTEXT({x}),SUMPRODUCT(--({{{texts}}}={tidy_excel(x)}))>0,FALSE)"

    def python(self, at: Place) -> str:
        keys = frozenset(v.key(text) for text in self.texts)
        return f"(key({self.value.python(at)}) in {at.constant(keys)})"


@dataclass(frozen=True)
class RepeatsTitle(Condition):
    """The text only repeats the title of the criterion."""

    value: Value
    criterion: Value

    def excel(self, at: Place) -> str:
        x, y = self.value.excel(at), self.criterion.excel(at)
        label = tidy_excel(y)
        title = f'MID({label},FIND(" ",{label}&" ")+1,{LONGEST_LITERAL})'
        same = f"{_squashed(tidy_excel(x))}={_squashed(title)}"
        return f"IF(ISTEXT({x}),IF(ISTEXT({y}),{same},FALSE),FALSE)"

    def python(self, at: Place) -> str:
        return f"repeats_title({self.value.python(at)}, {self.criterion.python(at)})"


def _squashed(x: str) -> str:
    return f'SUBSTITUTE(SUBSTITUTE(LOWER({x})," và ",", "),".","")'


@dataclass(frozen=True)
class IsSchoolYear(Condition):
    """The cell holds two years that follow each other, such as 2026-2027."""

    value: Value

    def excel(self, at: Place) -> str:
        x = self.value.excel(at)
        text = f'SUBSTITUTE({tidy_excel(x)}," ","")'
        for dash in ("\u2013", "\u2014"):
            text = f'SUBSTITUTE({text},"{dash}","-")'
        digits = f'SUMPRODUCT(--ISNUMBER(FIND(MID({text},{{1,2,3,4,6,7,8,9}},1),"0123456789")))=8'
        span = f"RIGHT({text},4)-LEFT({text},4)"
        whole = f'AND(LEN({text})=9,MID({text},5,1)="-",{digits})'
        years = f"AND({span}>=1,{span}<={LONGEST_PERIOD})"
        return f"IF(ISTEXT({x}),IF({whole},{years},FALSE),FALSE)"

    def python(self, at: Place) -> str:
        return f"is_school_year({self.value.python(at)}, {LONGEST_PERIOD})"


def count(counter: Mapping[tuple[object, ...], int], keys: tuple[object, ...]) -> float:
    """The Python half of :class:`Count`."""
    return 0.0 if "" in keys else float(counter.get(keys, 0))


def different(
    counter: Mapping[tuple[object, ...], int], keys: frozenset[tuple[object, ...]]
) -> float:
    """The Python half of :class:`CriteriaPlanned`."""
    return float(len(keys & counter.keys()))


def difference(a: v.Raw, b: v.Raw) -> v.Raw:
    """The Python half of :class:`Difference`."""
    return a - b if v.is_number(a) and v.is_number(b) else ""


def percent(part: v.Raw, whole: v.Raw) -> v.Raw:
    """The Python half of :class:`Percent`."""
    if not v.is_number(part) or not v.is_number(whole) or whole == 0:
        return ""
    return floor(1000 * part / whole + 0.5) / 10


def plan_value(rows: Mapping[int, Sequence[v.Raw]], row: int, index: int) -> v.Raw:
    """The Python half of :class:`PlanField`."""
    values = rows.get(row)
    return values[index] if values else None


def total(a: v.Raw, b: v.Raw) -> v.Raw:
    """The Python half of :class:`Sum`."""
    return a + b if v.is_number(a) and v.is_number(b) else ""


def repeats_title(value: v.Raw, criterion: v.Raw) -> bool:
    """The Python half of :class:`RepeatsTitle`."""
    if not v.is_text(value) or not v.is_text(criterion):
        return False
    return v.squashed(value) == v.squashed(v.title_of(v.tidy(criterion)))


PYTHON_NAMES: Mapping[str, object] = {
    "filled": v.filled,
    "is_number": v.is_number,
    "is_date": v.is_date,
    "less": v.less,
    "key": v.key,
    "in_one_line": v.in_one_line,
    "has_word": v.has_word,
    "malformed_code": v.malformed_code,
    "is_school_year": v.is_school_year,
    "equal": v.equal,
    "total": total,
    "difference": difference,
    "percent": percent,
    "count": count,
    "different": different,
    "plan_value": plan_value,
    "repeats_title": repeats_title,
}
"""What the Python halves call; nothing else is in reach of compiled rules."""


def show_excel(value: Value, at: Place, kind: Type) -> str:
    """A value as a message repeats it, as an Excel expression (see ``values.show``)."""
    x = value.excel(at)
    text = tidy_excel(x)
    shown = f'IF(LEN({text})>{v.LONGEST_SHOWN},LEFT({text},{v.LONGEST_SHOWN})&"…",{text})'
    number = f'TEXT({x},"0")'
    if kind is Type.DATE:
        day = f'TEXT(DAY({x}),"00")&"/"&TEXT(MONTH({x}),"00")&"/"&YEAR({x})'
        number = f"IF({IsDate(value).excel(at)},{day},{number})"
    other = f'IF(ISLOGICAL({x}),IF({x},"TRUE","FALSE"),"")'
    return f"IF(ISTEXT({x}),{shown},IF({number_excel(x)},{number},{other}))"


def nodes(node: Any) -> Iterator[Any]:
    """An expression and everything in it, at any depth."""
    yield node
    if isinstance(node, tuple):
        for part in node:
            yield from nodes(part)
    elif is_dataclass(node):
        for part in fields(node):
            yield from nodes(getattr(node, part.name))


def counting_nodes(
    expression: Condition | Value, layout: Layout
) -> Iterator[Count | CriteriaPlanned]:
    """The counting nodes in an expression."""
    for node in nodes(expression):
        if isinstance(node, Count | CriteriaPlanned):
            yield node
        elif isinstance(node, SchoolReaches):
            yield from counting_nodes(node.expand(layout), layout)


def limits_in(condition: Condition) -> Iterator[Limit]:
    """The limits that an expression asks."""
    return (node for node in nodes(condition) if isinstance(node, Limit))
