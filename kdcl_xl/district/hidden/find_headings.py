"""What sort of sheet it is: where a list has its headings, or whose title stands in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from kdcl_xl.district.hidden.decisions import Archive
from kdcl_xl.district.sheets.declare import FEWEST_COLUMNS
from kdcl_xl.district.sheets.flags import TYPED_HEADERS
from kdcl_xl.district.sheets.recorded import free_context, total_of
from kdcl_xl.xlsx.cells import Rows
from macros_free_validation.values import Raw
from workbook_templates.text import fold

INPUTS = {fold(h): nth for nth, header in enumerate(TYPED_HEADERS) for h in (header.vi, header.en)}
"""Which of the auditor's four cells stands under a heading."""


@dataclass(frozen=True)
class Table:
    """Where a sheet has its headings: the row, and each known heading's column.

    A sheet without headings has row 0 and no columns; one that is none of ours has
    no title either.
    """

    row: int = 0
    headings: Mapping[int, str] = field(default_factory=dict)
    title: str = ""

    @property
    def is_known(self) -> bool:
        """Whether the sheet is one of ours, by its headings or its title."""
        return bool(self.row or self.title)

    def contexts(self, row: int, column: int) -> tuple[str, ...]:
        """Under what a value of ours in that cell is marked; nothing beside a list."""
        heading = self.headings.get(column)
        if not self.row:
            return (self.title,)
        if row > self.row:
            return () if heading is None else (heading,)
        return ("",) if heading is None else ("", total_of(heading))

    def context_of_formula(self, row: int, column: int, label: str) -> str:
        """Under what a formula of ours in that cell is marked."""
        if not self.row:
            return free_context(self.title, label, column)
        heading = self.headings.get(column, "")
        return heading if row > self.row else total_of(heading)

    @property
    def inputs(self) -> Mapping[int, int]:
        """Which of the auditor's four cells a column holds; of equal headings the first."""
        found: dict[int, int] = {}
        for column, heading in sorted(self.headings.items()):
            nth = INPUTS.get(fold(heading))
            if nth is not None and nth not in found.values():
                found[column] = nth
        return found


class Survey:
    """What is known of a sheet from the rows that were looked at so far.

    ``keys`` counts the keys of flags in it.
    """

    def __init__(self, archive: Archive, lines: Mapping[str, object]) -> None:
        """Nothing looked at yet; ``lines`` has the flags by their keys."""
        self.keys = 0
        self._lines, self._titles = lines, archive.titles
        self._known = {fold(heading): heading for heading in archive.headings}
        self._list = Table()
        self._own_titles: set[str] = set()

    def add(self, rows: Rows) -> None:
        """Look at more rows."""
        if not self._titles.isdisjoint(_values(rows)):
            self._own_titles.update(v for v in _values(rows) if v in self._titles)
        if not self._lines.keys().isdisjoint(_values(rows)):
            self.keys += sum(1 for value in _values(rows) if value in self._lines)
        fewest = max(len(self._list.headings) + 1, FEWEST_COLUMNS)
        for row, cells in rows.items():
            if len(cells) >= fewest:
                texts = {c: fold(v) for c, v in cells.items() if isinstance(v, str)}
                found = {c: self._known[t] for c, t in texts.items() if t in self._known}
                if len(found) >= fewest:
                    self._list, fewest = Table(row, found), len(found) + 1

    @property
    def table(self) -> Table:
        """Where its headings are; a sheet under the title of one without a list has none."""
        if self._own_titles and not self.keys:
            return Table(title=min(self._own_titles))
        return self._list


def _values(rows: Rows) -> Iterable[Raw]:
    return chain.from_iterable(map(dict.values, rows.values()))
