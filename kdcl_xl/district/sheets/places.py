"""Positions of a list's entries in the workbook: sheet, row, and references to them."""

from __future__ import annotations

from dataclasses import dataclass

from macros_free_validation.expression import quote
from workbook_templates.text import Text

TITLE_ROW, HEADER_ROW = 0, 2
FIRST_ROW = HEADER_ROW + 1
"""First row of a list's entries, from 0, where the list has no notes."""
LAST_ROW = 1_048_576
"""Rows of a sheet in every program. A longer list continues on further sheets."""


@dataclass(frozen=True, slots=True)
class Part:
    """The entries of a list on one sheet, from ``first`` to before ``end`` (from 0)."""

    name: Text
    first: int
    end: int

    @property
    def count(self) -> int:
        """The number of entries."""
        return self.end - self.first


_CONTINUED = Text("{name} ({nth})", "{name} ({nth})")


def parts_of(name: Text, count: int, above: int = 0) -> tuple[Part, ...]:
    """Return the sheets of ``count`` entries, each with ``above`` rows over them; at least one."""
    room = LAST_ROW - above
    return tuple(
        Part(_name_of(name, nth), first, min(first + room, count))
        for nth, first in enumerate(range(0, max(1, count), room), start=1)
    )


def row_ranges(name: Text, first: int, last: int, above: int) -> tuple[tuple[Text, int, int], ...]:
    """Return the rows (from 1) of the entries ``first`` to ``last``: sheet, first and last row."""
    room = LAST_ROW - above
    return tuple(
        (_name_of(name, nth + 1), above + 1 + max(0, first - begin), above + 1 + end - begin)
        for nth in range(first // room, last // room + 1)
        for begin, end in [(nth * room, min(last, (nth + 1) * room - 1))]
    )


def row_of(name: Text, position: int, above: int) -> tuple[Text, int]:
    """Return the sheet and the row (from 1) of the entry at a position (from 0)."""
    nth, row = divmod(position, LAST_ROW - above)
    return _name_of(name, nth + 1), above + row + 1


def _name_of(name: Text, nth: int) -> Text:
    return name if nth == 1 else _CONTINUED.format(name=name, nth=nth)


def quoted(name: str) -> str:
    """Return a sheet's name as a reference in a formula spells it."""
    return "'" + name.replace("'", "''") + "'"


@dataclass(frozen=True)
class RowLink:
    """A link to an entry of a numbered list, which finds the row again after sorting.

    ``count`` is the number of entries that the link selects, from that one on.
    """

    sheet: str
    letter: str
    number: int
    count: int = 1

    def formula(self, text: str) -> str:
        """Return the Excel formula of the link, which shows a text."""
        column = f"{quoted(self.sheet)}!${self.letter}:${self.letter}"
        # A deleted row leads to the top of the sheet instead of an error.
        row = f"IFERROR(MATCH({self.number},{column},0),1)"
        last = f'&":A"&{row}+{self.count - 1}' if self.count > 1 else ""
        return f"HYPERLINK({quote(f'#{quoted(self.sheet)}!A')}&{row}{last},{quote(text)})"


def link_formula(target: RowLink | str, text: str) -> str:
    """Return the formula that shows a text and leads to a target."""
    if isinstance(target, RowLink):
        return target.formula(text)
    # XlsxWriter spells an internal target "internal:…", the HYPERLINK function "#…".
    return f"HYPERLINK({quote(target.replace('internal:', '#', 1))},{quote(text)})"
