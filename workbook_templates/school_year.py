"""School years and the periods of plans."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_PATTERN = re.compile(r"\s*(\d{4})\s*[-\u2013\u2014/]\s*(\d{4})\s*")

LONGEST_PERIOD = 5
"""Years a plan may span: the length of a school's development strategy."""


@dataclass(frozen=True, slots=True, order=True)
class SchoolYear:
    """A school year, or the several years of a longer plan.

    ``first`` and ``last`` are the calendar years in which it begins and ends, so that
    2026-2027 is one school year and 2023-2026 a period of three.
    """

    first: int
    last: int

    @classmethod
    def parse(cls, text: str) -> SchoolYear:
        """Read ``2026-2027``; any dash is accepted.

        Raises:
            ValueError: the text is not two years, or they are not 1 to 5 years apart.
        """
        found = _PATTERN.fullmatch(text)
        if not found:
            raise ValueError(f"not a school year: {text!r}")
        first, last = int(found[1]), int(found[2])
        if not 1 <= last - first <= LONGEST_PERIOD or not 2000 <= first < 2095:
            raise ValueError(f"years do not follow each other: {text!r}")
        return cls(first, last)

    @property
    def start(self) -> date:
        """First day of the period: 1 August, when staff return."""
        return date(self.first, 8, 1)

    @property
    def end(self) -> date:
        """Last day of the period: 31 July."""
        return date(self.last, 7, 31)

    @property
    def reference_day(self) -> date:
        """The day whose regulation governs the plan: the opening of the school year."""
        return date(self.first, 9, 1)

    def __str__(self) -> str:
        """Return the spelling of cells and the command line."""
        return f"{self.first}-{self.last}"


def school_year_of(day: date) -> SchoolYear:
    """Return the school year that contains ``day``."""
    first = day.year if day.month >= 8 else day.year - 1
    return SchoolYear(first, first + 1)
