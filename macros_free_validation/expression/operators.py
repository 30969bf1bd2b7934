"""The operators of the language: comparison, arithmetic, and, or, not.

``a < b`` builds a node; nothing is evaluated until a workbook is written or a plan is
judged. Python therefore must never ask a node whether it is true. Each use that would do
so (``and``, ``or``, ``not``, ``in``, ``a < b < c``) raises a TypeError that names the
supported spelling, in the line of the rule that is wrong.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import ClassVar, NoReturn

from macros_free_validation import values as v
from macros_free_validation.expression.excel_half import (
    fifteen_excel,
    number_excel,
    quote,
    tidy_excel,
)
from macros_free_validation.expression.place import Place

NUMBER, TEXT = "number", "text"

_NO_TRUTH = (
    "{} is not true or false before a plan is judged. Write (a < b) & (b < c) for «and» and for "
    "a < b < c, | for «or», ~ for «not», IsAny or InList for «in», Filled(a) for «a is filled»."
)
_NOT_A_CONDITION = (
    "{} is no condition. Put each comparison in parentheses, (a < b) & (c < d), because & and | "
    "bind tighter than <; write Filled(a) for «a is filled»."
)


class _Node:
    """A value or a condition: equal to itself alone, and hashed so.

    Nodes are dataclasses with ``eq=False``: the ``==`` of a dataclass would hide the
    operators below.
    """

    __hash__ = object.__hash__

    def compared_words(self, at: Place) -> tuple[str, ...]:
        """Return the words that the node's formula compares with; they are in locked cells."""
        return ()

    def __bool__(self) -> NoReturn:
        """Refuse a truth value.

        Raises:
            TypeError: always.
        """
        raise TypeError(_NO_TRUTH.format(self))


class ReadsText:
    """A node whose result depends on the text of its operands."""

    def reads_text(self) -> bool:
        """Return whether it does; a node that only may says so of itself."""
        return True


class Value(_Node, ABC):
    """A node with a value: a cell, a number, a text."""

    sorts: ClassVar[tuple[str, ...]] = (NUMBER, TEXT)
    """The sorts of value that can be compared; a cell may hold either."""

    @abstractmethod
    def excel(self, at: Place) -> str:
        """Return the value as an Excel expression."""

    @abstractmethod
    def python(self, at: Place) -> str:
        """Return the value as Python source."""

    def number_excel(self, at: Place) -> str:
        """Return Excel's test that the value is a number; empty where it always is one."""
        return number_excel(self.excel(at))

    def is_whole(self, at: Place) -> bool:
        """Return whether the value, where it is a number, always is a whole one."""
        return False

    def figure_excel(self, at: Place) -> str:
        """Return the number to compare and to add, where the value is known to be a number.

        It has 15 significant digits, and a date is its day.
        """
        x = self.excel(at)
        return x if self.is_whole(at) else fifteen_excel(x)

    def figure_python(self, at: Place) -> str:
        """Return Python source of the value to compare and to add, where a date is its day."""
        return self.python(at)

    def tidy_excel(self, at: Place) -> str:
        """Return the value as tidy text, where it is a text."""
        return tidy_excel(self.excel(at))

    def __lt__(self, other: Value | float | date) -> Condition:
        """Return :class:`Less`."""
        return Less(self, as_value(other))

    def __gt__(self, other: Value | float | date) -> Condition:
        """Return :class:`Less`, the other way round."""
        return Less(as_value(other), self)

    def __le__(self, other: Value | float | date) -> Condition:
        """Return :class:`AtMost`."""
        return AtMost(self, as_value(other))

    def __ge__(self, other: Value | float | date) -> Condition:
        """Return :class:`AtMost`, the other way round."""
        return AtMost(as_value(other), self)

    # Python's own signature promises a bool for any object.
    def __eq__(self, other: Value | float | date | str) -> Condition:  # type: ignore[override]
        """Return :class:`Equal`."""
        return Equal(self, as_value(other))

    def __ne__(self, other: Value | float | date | str) -> Condition:  # type: ignore[override]
        """Return :class:`Different`."""
        return Different(self, as_value(other))

    __hash__ = object.__hash__  # a class with an __eq__ would lose the inherited one

    def __add__(self, other: Value | float) -> Value:
        """Return :class:`Sum`."""
        return Sum(self, as_value(other))

    def __sub__(self, other: Value | float | date) -> Value:
        """Return :class:`Difference`."""
        return Difference(self, as_value(other))

    def __and__(self, other: object) -> NoReturn:
        """Refuse to join a value.

        Raises:
            TypeError: always.
        """
        raise TypeError(_NOT_A_CONDITION.format(self))

    __or__ = __rand__ = __ror__ = __and__

    def __invert__(self) -> NoReturn:
        """Refuse to negate a value.

        Raises:
            TypeError: always.
        """
        raise TypeError(_NOT_A_CONDITION.format(self))


class Condition(_Node, ABC):
    """A node that holds or does not hold."""

    @abstractmethod
    def excel(self, at: Place) -> str:
        """Return the condition as an Excel formula without the equals sign."""

    @abstractmethod
    def python(self, at: Place) -> str:
        """Return the condition as Python source over ``r``, ``cells`` and ``used``."""

    def __and__(self, other: Condition) -> Condition:
        """Return :class:`All`."""
        return All((*_parts(self, All), *_parts(other, All)))

    def __or__(self, other: Condition) -> Condition:
        """Return :class:`Any_`."""
        return Any_((*_parts(self, Any_), *_parts(other, Any_)))

    def __invert__(self) -> Condition:
        """Return :class:`Not`."""
        return Not(self)

    def _refuse(self, other: object) -> NoReturn:
        raise TypeError(
            f"{self} is a condition and cannot be compared. Put each comparison in parentheses: "
            "(a == b) & (c == d)."
        )

    __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __eq__ = __ne__ = _refuse
    __hash__ = object.__hash__  # a class with an __eq__ would lose the inherited one


def _parts(condition: object, kind: type[All] | type[Any_]) -> tuple[Condition, ...]:
    if not isinstance(condition, Condition):
        raise TypeError(_NOT_A_CONDITION.format(condition))
    return condition.parts if isinstance(condition, kind) else (condition,)


def as_value(given: object) -> Value:
    """Return a node for an operand: itself, or the constant that it is.

    Raises:
        TypeError: neither a value nor a finite number, a date or a text.
    """
    if isinstance(given, Value):
        return given
    if isinstance(given, str):
        return Word(given)
    if isinstance(given, date) and not isinstance(given, datetime):
        return Number(v.to_serial(given))
    if isinstance(given, int | float) and not isinstance(given, bool) and isfinite(given):
        return Number(given)
    raise TypeError(
        f"cannot compare or compute with {given!r}. Supported are values such as "
        'Field("deadline"), numbers, dates and texts; write blank(a) for «a is None».'
    )


class AlwaysNumber(Value):
    """A value that is a number whatever the cells hold."""

    sorts = (NUMBER,)

    def number_excel(self, at: Place) -> str:
        return ""

    def is_whole(self, at: Place) -> bool:
        return True


class NumberOrEmpty(Value):
    """A number computed of others; an empty text where one of them is no number."""

    sorts = (NUMBER,)

    def number_excel(self, at: Place) -> str:
        return f"ISNUMBER({self.excel(at)})"


@dataclass(frozen=True, eq=False)
class Number(AlwaysNumber):
    """A number of the rule.

    Spelling: ``Number(100)``, or only ``100`` beside an operator
    Excel: ``100``
    """

    value: float

    def is_whole(self, at: Place) -> bool:
        return float(self.value).is_integer()

    def figure_excel(self, at: Place) -> str:
        return self.excel(at)

    def excel(self, at: Place) -> str:
        return f"{self.value:.15g}"

    def python(self, at: Place) -> str:
        return repr(float(self.value))


@dataclass(frozen=True, eq=False)
class Word(Value):
    """A text of the rule.

    Spelling: ``Word("Mức 2")``, or only ``"Mức 2"`` beside ``==`` and ``!=``
    Excel: ``"Mức 2"``
    """

    text: str

    sorts = (TEXT,)

    def __post_init__(self) -> None:
        """Refuse a text that no cell can equal.

        Raises:
            TypeError: nothing but spaces.
        """
        if not v.key(self.text):
            raise TypeError("no cell equals an empty text. Write blank(a) for «a is empty».")

    def excel(self, at: Place) -> str:
        return quote(v.tidy(self.text))

    def tidy_excel(self, at: Place) -> str:
        return self.excel(at)

    def python(self, at: Place) -> str:
        return repr(v.tidy(self.text))


@dataclass(frozen=True, eq=False)
class _OfNumbers(_Node):
    """Two operands that have to be numbers."""

    a: Value
    b: Value

    def __post_init__(self) -> None:
        """Refuse operands that never are numbers.

        Raises:
            TypeError: one is no node, or always a text.
        """
        for operand in (self.a, self.b):
            if not isinstance(operand, Value):
                raise TypeError(f"{operand!r} is no value. Write Number(1), Word(...), Field(...).")
            if NUMBER not in operand.sorts:
                raise TypeError(
                    f"{operand} is a text and has neither order nor sum. Supported are == and !=, "
                    "and LevelNumber(a) for the number of a level."
                )


class _Computed(_OfNumbers, NumberOrEmpty):
    """A number computed of two others, and the sign between them."""

    sign: ClassVar[str]
    judge: ClassVar[str]
    """The name of the Python half."""

    def number_excel(self, at: Place) -> str:
        """Return Excel's test that both operands are numbers."""
        return all_numbers(at, (self.a, self.b))

    def is_whole(self, at: Place) -> bool:
        return self.a.is_whole(at) and self.b.is_whole(at)

    def figure_excel(self, at: Place) -> str:
        a, b = self.a.figure_excel(at), self.b.figure_excel(at)
        # Rounded operands that are equal give 0; others may add up to a sixteenth digit.
        result = f"({a}{self.sign}{b})"
        return result if self.is_whole(at) else fifteen_excel(result)

    def excel(self, at: Place) -> str:
        return if_numbers(at, (self.a, self.b), self.figure_excel(at), '""')

    def python(self, at: Place) -> str:
        return f"{self.judge}({self.a.figure_python(at)}, {self.b.figure_python(at)})"


@dataclass(frozen=True, eq=False)
class Sum(_Computed):
    """The sum of two numbers; an empty text where one of them is no number.

    Spelling: ``Field("start") + 30``
    Excel: ``IF(ISNUMBER(start),start+30,"")``
    """

    sign, judge = "+", "total"


@dataclass(frozen=True, eq=False)
class Difference(_Computed):
    """One number less another; an empty text where one of them is no number.

    Spelling: ``Field("deadline") - Field("start")``
    Excel: ``IF(ISNUMBER(deadline),IF(ISNUMBER(start),deadline-start,""),"")``
    """

    sign, judge = "-", "difference"


class _Ordered(_OfNumbers, Condition):
    """A comparison by order: two numbers, and a sign between them."""

    sign: ClassVar[str]
    judge: ClassVar[str]
    """The name of the Python half."""

    def excel(self, at: Place) -> str:
        return compared_excel(at, self.a, self.sign, self.b)

    def python(self, at: Place) -> str:
        return f"{self.judge}({self.a.figure_python(at)}, {self.b.figure_python(at)})"


@dataclass(frozen=True, eq=False)
class Less(_Ordered):
    """The condition that both are numbers and the first is smaller; ``b > a`` is the same.

    Spelling: ``Field("deadline") < Field("start")``
    Excel: ``IF(ISNUMBER(deadline),IF(ISNUMBER(start),deadline<start,FALSE),FALSE)``
    """

    sign, judge = "<", "less"


@dataclass(frozen=True, eq=False)
class AtMost(_Ordered):
    """The condition that both are numbers and the first is not greater; ``b >= a`` is the same.

    Spelling: ``Field("deadline") <= Field("start")``
    Excel: ``IF(ISNUMBER(deadline),IF(ISNUMBER(start),deadline<=start,FALSE),FALSE)``
    """

    sign, judge = "<=", "at_most"


@dataclass(frozen=True, eq=False)
class _Equality(ReadsText, Condition):
    """A comparison of two numbers or two texts, and the sign between them."""

    a: Value
    b: Value

    sign: ClassVar[str]
    judge: ClassVar[str]
    """The name of the Python half."""

    def __post_init__(self) -> None:
        """Refuse operands that can never be compared."""
        _comparable(self.a, self.b)

    def reads_text(self) -> bool:
        """Return whether both operands may be texts."""
        return TEXT in _comparable(self.a, self.b)

    def excel(self, at: Place) -> str:
        shared = _comparable(self.a, self.b)
        x, y = self.a.excel(at), self.b.excel(at)
        numbers = "FALSE"
        if NUMBER in shared:
            numbers = compared_excel(at, self.a, self.sign, self.b)
        if TEXT not in shared:
            return numbers
        tidy_x, tidy_y = self.a.tidy_excel(at), self.b.tidy_excel(at)
        # A computed cell that shows nothing holds an empty text: it counts as empty.
        texts = f'AND({tidy_x}<>"",{tidy_y}<>"",{tidy_x}{self.sign}{tidy_y})'
        return f"IF(ISTEXT({x}),IF(ISTEXT({y}),{texts},FALSE),{numbers})"

    def python(self, at: Place) -> str:
        return f"{self.judge}({self.a.figure_python(at)}, {self.b.figure_python(at)})"


@dataclass(frozen=True, eq=False)
class Equal(_Equality):
    """The condition that both are the same number, or the same text, case and spaces aside.

    Spelling: ``Field("lead") == Field("coordination")``
    Excel: ``IF(ISTEXT(lead),IF(ISTEXT(coordination),AND(TRIM(lead)<>"",...),FALSE),...)``
    """

    sign, judge = "=", "same"


@dataclass(frozen=True, eq=False)
class Different(_Equality):
    """The condition that both are numbers, or both are texts, and not equal.

    ``a != b`` needs two filled cells; ``~(a == b)`` also holds where one is empty.

    Spelling: ``Field("lead") != Field("coordination")``
    Excel: ``IF(ISTEXT(lead),IF(ISTEXT(coordination),AND(TRIM(lead)<>"",...),FALSE),...)``
    """

    sign, judge = "<>", "differ"


def _comparable(a: Value, b: Value) -> tuple[str, ...]:
    """Return the sorts that both operands may have.

    Raises:
        TypeError: one is no node, or they have no sort in common.
    """
    for operand in (a, b):
        if not isinstance(operand, Value):
            raise TypeError(f"{operand!r} is no value. Write Number(1), Word(...), Field(...).")
    shared = tuple(sort for sort in a.sorts if sort in b.sorts)
    if not shared:
        raise TypeError(f"a number never equals a text: {a}, {b}.")
    return shared


def compared_excel(at: Place, a: Value, sign: str, b: Value) -> str:
    """Return an Excel comparison of two numbers; FALSE where one of them is none."""
    return if_numbers(at, (a, b), f"{a.figure_excel(at)}{sign}{b.figure_excel(at)}", "FALSE")


def all_numbers(at: Place, values: tuple[Value, ...]) -> str:
    """Return Excel's test that all values are numbers; empty where they always are."""
    tests = [test for value in values if (test := value.number_excel(at))]
    return f"AND({','.join(tests)})" if len(tests) > 1 else "".join(tests)


def if_numbers(at: Place, values: tuple[Value, ...], result: str, otherwise: str) -> str:
    """Return an Excel expression: the result where all values are numbers, else another."""
    for value in reversed(values):
        test = value.number_excel(at)
        result = f"IF({test},{result},{otherwise})" if test else result
    return result


@dataclass(frozen=True, eq=False)
class All(Condition):
    """The condition that every part holds.

    Spelling: ``RowUsed() & Filled(Field("lead"))``
    Excel: ``AND(used,IF(ISERROR(lead),...))``
    """

    parts: tuple[Condition, ...]

    def excel(self, at: Place) -> str:
        return f"AND({','.join(p.excel(at) for p in self.parts)})"

    def python(self, at: Place) -> str:
        return f"({' and '.join(p.python(at) for p in self.parts)})"


@dataclass(frozen=True, eq=False)
class Any_(Condition):  # noqa: N801 - typing has an «Any»
    """The condition that at least one part holds.

    Spelling: ``RowUsed() | Filled(Field("lead"))``
    Excel: ``OR(used,IF(ISERROR(lead),...))``
    """

    parts: tuple[Condition, ...]

    def excel(self, at: Place) -> str:
        return f"OR({','.join(p.excel(at) for p in self.parts)})"

    def python(self, at: Place) -> str:
        return f"({' or '.join(p.python(at) for p in self.parts)})"


@dataclass(frozen=True, eq=False)
class Not(Condition):
    """The condition that the part does not hold.

    Spelling: ``~RowUsed()``
    Excel: ``NOT(used)``
    """

    part: Condition

    def excel(self, at: Place) -> str:
        return f"NOT({self.part.excel(at)})"

    def python(self, at: Place) -> str:
        return f"(not {self.part.python(at)})"
