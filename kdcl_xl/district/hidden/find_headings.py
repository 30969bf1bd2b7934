"""Recognise the sheets of an earlier workbook: a list by its headings, others by their title."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from kdcl_xl.district.decisions.decision import ASSIGNED, COLOURS
from kdcl_xl.district.hidden.decisions import Archive
from kdcl_xl.district.sheets.declare import FEWEST_COLUMNS
from kdcl_xl.district.sheets.flags import ASSIGNEE, FORMER_HEADERS, PAINTED, TYPED_HEADERS
from kdcl_xl.district.sheets.recorded import free_context, total_of
from kdcl_xl.xlsx.cells import Values
from macros_free_validation.values import Raw
from workbook_templates.text import fold

Cell = int | str
"""An auditor's cell: its number (from 0) in a decision, or the heading of one that is kept."""
INPUTS: Mapping[str, Cell] = {
    **{fold(h): nth for nth, header in enumerate(TYPED_HEADERS) for h in (header.vi, header.en)},
    **{fold(h): TYPED_HEADERS.index(header) for h, header in FORMER_HEADERS.items()},
    **{fold(h): ASSIGNED for h in (ASSIGNEE.vi, ASSIGNEE.en)},
    **{fold(h): COLOURS for h in (PAINTED.vi, PAINTED.en)},
}
"""The auditor's cell under a heading, by the folded heading."""


@dataclass(frozen=True)
class SheetHeadings:
    """The headings of a sheet: their row (from 1), and the known heading of each column.

    A sheet without headings has row 0 and no columns; a sheet of another program has no
    title either. ``others`` are the headings of columns that a person added.
    """

    row: int = 0
    by_column: dict[int, str] = field(default_factory=dict)
    title: str = ""
    others: dict[int, str] = field(default_factory=dict)

    @property
    def is_known(self) -> bool:
        """True where the sheet is one of the tool's, by its headings or its title."""
        return bool(self.row or self.title)

    def contexts(self, row: int, column: int) -> tuple[str, ...]:
        """Return the contexts in which a value in a cell may be marked; none beside a list."""
        heading = self.by_column.get(column)
        if not self.row:
            return (self.title,)
        if row > self.row:
            return () if heading is None else (heading,)
        return ("",) if heading is None else ("", total_of(heading))

    def context_of_formula(self, row: int, column: int, label: str) -> str:
        """Return the context in which a formula in a cell is marked."""
        if not self.row:
            return free_context(self.title, label, column)
        heading = self.by_column.get(column, "")
        return heading if row > self.row else total_of(heading)

    def inputs(self, added: Collection[str]) -> Mapping[int, Cell]:
        """Return the auditor's cell by column; of equal headings the first counts.

        ``added`` are the headings of columns that a person added before an earlier merge.
        """
        found: dict[int, Cell] = {}
        for column, heading in sorted((self.by_column | self.others).items()):
            is_own = column in self.others or heading in added
            cell = heading if is_own else INPUTS.get(fold(heading))
            if cell is not None and cell not in found.values():
                found[column] = cell
        return found


class Survey:
    """The headings and title found in the rows of a sheet that were read so far.

    ``keys`` counts the keys of flags in the rows.
    """

    def __init__(self, archive: Archive, lines: Mapping[str, object]) -> None:
        """Begin before the first row; ``lines`` has the flags by their keys."""
        self.keys = 0
        self._lines, self._titles = lines, frozenset(archive.titles)
        self._known = {fold(heading): heading for heading in archive.headings}
        self._list = SheetHeadings()
        self._own_titles: set[str] = set()

    def add(self, rows: Values) -> None:
        """Read further rows."""
        if not self._titles.isdisjoint(_values(rows)):
            self._own_titles.update(v for v in _values(rows) if v in self._titles)
        if not self._lines.keys().isdisjoint(_values(rows)):
            self.keys += sum(1 for value in _values(rows) if value in self._lines)
        fewest = max(len(self._list.by_column) + 1, FEWEST_COLUMNS)
        for row, cells in rows.items():
            if len(cells) >= fewest:
                texts = {c: fold(v) for c, v in cells.items() if isinstance(v, str)}
                found = {c: self._known[t] for c, t in texts.items() if t in self._known}
                if len(found) >= fewest:
                    # The row with the most known headings wins; of equal ones the first.
                    others = {c: str(cells[c]).strip() for c in texts.keys() - found.keys()}
                    self._list = SheetHeadings(
                        row, found, others={c: h for c, h in others.items() if h}
                    )
                    fewest = len(found) + 1

    @property
    def headings(self) -> SheetHeadings:
        """The headings; none in a sheet that has the title of a sheet without a list."""
        if self._own_titles and not self.keys:
            return SheetHeadings(title=min(self._own_titles))
        return self._list


def _values(rows: Values) -> Iterable[Raw]:
    return chain.from_iterable(cells.values() for cells in rows.values())
