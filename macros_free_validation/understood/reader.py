"""The parts that the readers of dates and of amounts share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import ClassVar, NamedTuple

from macros_free_validation import values as v
from macros_free_validation.expression.excel_half import quote, tidy_excel
from workbook_templates.declare import MEANINGS, Type

NOT_UNDERSTOOD = "?"
"""The meaning of a text that is not understood."""

Replacements = tuple[tuple[str, str], ...]
"""Texts and their replacements, in order."""


class Period(NamedTuple):
    """The first and the last day of a plan, each a serial day where it is understood."""

    first: v.Raw = None
    last: v.Raw = None


NO_PERIOD = Period()


class Reader(ABC):
    """A reader of one kind of input: steps that lead to its meaning, in both halves.

    Each step is a hidden column. A formula is given the reference of the input, and those of
    all columns before it: the steps, then the results.
    """

    type: ClassVar[Type]
    steps: ClassVar[tuple[str, ...]]
    """The names of the steps."""

    @property
    def results(self) -> tuple[str, ...]:
        """The endings of the fields with the results."""
        return MEANINGS[self.type]

    @abstractmethod
    def python(self, value: v.Raw, period: Period) -> tuple[v.Raw, ...]:
        """Return the values of all columns: the steps, then the results."""

    @abstractmethod
    def excel(self, x: str, columns: Sequence[str], period: tuple[str, str] | None) -> list[str]:
        """Return the formulas of all columns, without the equals sign.

        ``period`` refers to the first and the last day of the plan; it is None on the sheet
        that holds them.
        """

    def meaning(self, value: v.Raw, period: Period) -> tuple[v.Raw, ...]:
        """Return the values of the results."""
        if value is None:
            return ("",) * len(self.results)
        if type(value) is str and len(value) <= _LONGEST_KEPT:
            return _kept(self, value, period)
        return self.python(value, period)[len(self.steps) :]

    @abstractmethod
    def is_plain(self, value: str) -> bool:
        """Return whether a text is its meaning itself, a whole date or a whole amount in digits."""

    @abstractmethod
    def said(self, columns: Sequence[v.Raw], value: v.Raw) -> str:
        """Return the meaning in Vietnamese, where the typed text is not the meaning itself.

        A text that is not empty begins with a space and ends with a comma.
        """

    @abstractmethod
    def said_excel(self, columns: Sequence[str], x: str) -> str:
        """Return the Excel half of :meth:`said`."""


_LONGEST_KEPT = 64
"""Characters of a text whose meaning is kept: the plans of a district repeat a few dates."""


@lru_cache(maxsize=16_384)
def _kept(reader: Reader, value: str, period: Period) -> tuple[v.Raw, ...]:
    return reader.python(value, period)[len(reader.steps) :]


_OTHER_CASE = (("\u212a", NOT_UNDERSTOOD), ("\u0130", NOT_UNDERSTOOD))
"""Letters that some programs turn into a plain k or i in lower case: no word has them."""


def replaced(text: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return a text after some replacements, each of every occurrence, in order."""
    for old, new in pairs:
        text = text.replace(old, new)
    return text


def replaced_excel(x: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return the Excel half of :func:`replaced`."""
    for old, new in pairs:
        x = f"SUBSTITUTE({x},{quote(old)},{quote(new)})"
    return x


def lower(value: str) -> str:
    """Return a tidy text in lower case: capitals are then free for signs."""
    return replaced(v.tidy(value), _OTHER_CASE).lower()


def lower_excel(x: str) -> str:
    """Return the Excel half of :func:`lower`."""
    return f"LOWER({replaced_excel(tidy_excel(x), _OTHER_CASE)})"


DIGITS = "0123456789"


def without(text: str, characters: str) -> str:
    """Return a text without some characters."""
    return replaced(text, ((c, "") for c in characters))


def without_excel(x: str, characters: str) -> str:
    """Return the Excel half of :func:`without`."""
    return replaced_excel(x, ((c, "") for c in characters))


_END = "X"


def one_of_excel(x: str, shapes: Iterable[str]) -> str:
    """Return the test that a text is one of some shapes, exactly.

    FIND compares exactly in every program. The capital between the shapes is in none of them.
    """
    listed = _END + "".join(shape + _END for shape in shapes)
    return f'ISNUMBER(FIND("{_END}"&{x}&"{_END}",{quote(listed)}))'
