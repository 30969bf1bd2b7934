"""Find everything that people typed in the sheets of an earlier authority workbook.

Rows are identified by their keys and columns by their headings, so that people may sort, move
and insert. A typed cell that belongs to no finding becomes a note: nothing is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from kdcl_xl.district.decisions.decision import DecisionMemory, Line, Note, Typed
from kdcl_xl.district.decisions.match import with_notes
from kdcl_xl.district.hidden.decisions import (
    Archive,
)
from kdcl_xl.district.hidden.find_headings import INPUTS, SheetHeadings, Survey
from kdcl_xl.district.sheets.flags import DAY, KEY, STATE
from kdcl_xl.district.sheets.recorded import first_text, formula_mark
from kdcl_xl.template.own_text import mark_of
from kdcl_xl.xlsx.cells import SheetCells
from kdcl_xl.xlsx.long_rows import LONGEST_TEXT
from macros_free_validation.values import CellError, Raw, filled, is_date, show
from workbook_templates.layout import letter_of
from workbook_templates.text import fold

Stretches = Callable[[], Iterator[SheetCells]]
"""A function that reads a sheet from its beginning, some rows at a time.

No long sheet is ever in memory as a whole; some sheets are read twice.
"""


_FLAG_HEADINGS = frozenset(fold(h) for header in (KEY, STATE) for h in (header.vi, header.en))
_DAYS = frozenset((DAY.vi, DAY.en))


@dataclass(frozen=True)
class _View:
    """The interpretation of a sheet: its headings, whether it lists flags, whether it is ours."""

    headings: SheetHeadings
    is_flags: bool
    is_own: bool

    @cached_property
    def inputs(self) -> Mapping[int, int]:
        """The auditor's cell (from 0) of each column that holds one."""
        return self.headings.inputs if self.is_flags else {}

    @cached_property
    def typed(self) -> frozenset[int]:
        """The columns under headings of the auditor's cells, all of equal ones."""
        headings = self.headings.by_column.items() if self.inputs else ()
        return frozenset(column for column, heading in headings if fold(heading) in INPUTS)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a flag (``key``), or one with values that are not the tool's (``odd`` columns)."""

    row: int
    values: Mapping[int, Raw]
    odd: frozenset[int]
    key: str | None


@dataclass(frozen=True, slots=True)
class _ReadSheet:
    """The rows of a sheet that matter; ``keys`` is the number of flags' keys in it."""

    name: str
    keys: int
    view: _View
    rows: Sequence[_Row]


class TypedValues:
    """Sorts the values of the sheets into decisions, notes, and the tool's own."""

    def __init__(self, archive: Archive, today: date) -> None:
        self.archive, self.today = archive, today
        self.lines = {line.key: line for line in archive.memory.lines}
        self.typed: dict[str, Typed] = {}
        self.notes: list[Note] = []
        self.own: dict[tuple[str, ...], set[Raw]] = defaultdict(set)
        """Values known to be the tool's in some contexts. Most of them are in many rows."""

    def memory(
        self, sheets: Mapping[str, Stretches], remarks: Sequence[tuple[str, str]]
    ) -> DecisionMemory:
        """Return the memory with everything typed in the sheets, and the comments."""
        read = [self._read(name, stretches) for name, stretches in sheets.items()]
        # The sheet with the most flags first: of a row that was copied elsewhere, the original
        # counts and the copy becomes a note.
        for sheet in sorted(read, key=lambda sheet: -sheet.keys):
            for row in sheet.rows:
                self._keep(sheet, row)
        for place, text in remarks:
            self._note(place, text)
        before = self.archive.memory
        lines = tuple(self._line(line) for line in before.lines)
        return with_notes(replace(before, lines=lines), self.notes)

    def _line(self, line: Line) -> Line:
        """Return the line with the cells typed now; one whose row was deleted keeps its own."""
        typed = self.typed.get(line.key)
        return line if typed in (None, line.typed) else line.with_typed(typed)

    def _read(self, name: str, stretches: Stretches) -> _ReadSheet:
        """Read a sheet by the headings in its first rows.

        Where later rows give another interpretation, the sheet is read a second time.
        """
        survey = Survey(self.archive, self.lines)
        first: _View | None = None
        is_so = True
        rows: list[_Row] = []
        for stretch in stretches():
            survey.add(stretch.contents)
            view = self._view(survey, survey.headings)
            first = first or view
            is_so = is_so and view.is_own and view == first
            if is_so:
                rows += self._counting(stretch, view)
        if not is_so:
            view = self._settled(survey, stretches)
            rows = [row for stretch in stretches() for row in self._counting(stretch, view)]
        return _ReadSheet(name, survey.keys, view, rows)

    def _view(self, survey: Survey, headings: SheetHeadings, *, is_own: bool = False) -> _View:
        has_heading = any(fold(h) in _FLAG_HEADINGS for h in headings.by_column.values())
        return _View(headings, survey.keys > 0 or has_heading, is_own or headings.is_known)

    def _settled(self, survey: Survey, stretches: Stretches) -> _View:
        """Return the interpretation of a sheet that was renamed, sorted or changed.

        A sheet whose values are mostly the tool's, in the context of some title, is the sheet
        of that title.
        """
        headings = survey.headings
        if not headings.is_known and not survey.keys:
            titles = sorted(self.archive.titles)
            likely = (title for title in titles if self._is_mostly_written(stretches, title))
            headings = SheetHeadings(title=next(likely, ""))
        is_own = headings.is_known or self._is_mostly_written(stretches, "")
        return self._view(survey, headings, is_own=is_own)

    def _is_mostly_written(self, stretches: Stretches, context: str) -> bool:
        known = [
            self._is_written(value, (context,))
            for stretch in stretches()
            for cells in stretch.contents.values()
            for value in cells.values()
        ]
        return sum(known) * 2 >= len(known)

    def _counting(self, stretch: SheetCells, view: _View) -> Iterator[_Row]:
        """Yield the rows of flags, and those with values that are not the tool's."""
        headings = view.headings
        below: dict[int, Collection[Raw]] = defaultdict(tuple)
        # Most values under a heading are known from earlier rows; only others need a mark.
        if headings.row and view.is_own:
            below.update({c: self.own[heading,] for c, heading in headings.by_column.items()})
        for row, cells in stretch.contents.items():
            left: Iterable[int] = cells
            if row > headings.row:
                left = [column for column, value in cells.items() if value not in below[column]]
            odd = {c for c in left if filled(cells[c]) and not self._is_ours(view, stretch, row, c)}
            key = None
            if row > headings.row and view.inputs:
                key = self._key_in(cells)
                odd |= {column for column in view.typed if filled(cells.get(column))}
            if key or odd:
                values = {column: value for column, value in cells.items() if filled(value)}
                yield _Row(row, values, frozenset(odd), key)

    def _is_ours(self, view: _View, stretch: SheetCells, row: int, column: int) -> bool:
        cells, headings = stretch.contents[row], view.headings
        if view.is_own and self._is_written(cells[column], headings.contexts(row, column)):
            return True
        if not stretch.has_formula(row, column):
            return False
        # The value of a formula follows typing and filters, so the formula itself is compared.
        formula = stretch.formulas.master_text(f"{letter_of(column)}{row}".encode())
        label = first_text({c: value for c, value in cells.items() if filled(value)})
        context = headings.context_of_formula(row, column, label)
        return formula_mark(formula, context) in self.archive.written

    def _is_written(self, value: Raw, contexts: tuple[str, ...]) -> bool:
        own = self.own[contexts]
        if value in own:
            return True
        if not any(mark_of(value, context) in self.archive.written for context in contexts):
            return False
        if len(own) >= _MANY:
            own.clear()
        own.add(value)
        return True

    def _key_in(self, cells: Mapping[int, Raw]) -> str | None:
        return next((v for v in cells.values() if isinstance(v, str) and v in self.lines), None)

    def _keep(self, sheet: _ReadSheet, row: _Row) -> None:
        """Keep the decision of a row, and note its other typed cells."""
        inputs, odd = sheet.view.inputs, row.odd
        if row.key and self._take(row.key, {i: row.values.get(c) for c, i in inputs.items()}):
            odd -= inputs.keys()
        if odd:
            self._note_row(sheet.name, row, odd, sheet.view.headings)

    def _take(self, key: str, given: Mapping[int, Raw]) -> bool:
        """Take the typed cells of a flag; False where another row of the flag has other ones.

        A column that was deleted keeps the values it had at the last merge.
        """
        had = self.lines[key].typed.cells
        decision, note, role, day = (
            _plain(given[i]) if i in given else had[i] for i in range(len(had))
        )
        typed = Typed(decision, note, role, day)
        known = self.typed.get(key)
        if not known:
            self.typed[key] = typed
        return not known or not typed or typed == known

    def _note_row(
        self, name: str, row: _Row, odd: Collection[int], headings: SheetHeadings
    ) -> None:
        """Note the odd cells of a row, with other cells of it as context."""
        values = row.values
        said = []
        for column in sorted(odd):
            heading = headings.by_column.get(column, "") if row.row > headings.row else ""
            shown = _shown(values[column], as_date=heading in _DAYS)
            said.append(f"{heading}: {shown}" if heading else shown)
        rest = [show(values[c], as_date=False) for c in sorted(values) if c not in odd]
        first, last = (f"{letter_of(c)}{row.row}" for c in (min(odd), max(odd)))
        place = f"{name}!{first}" + ("" if first == last else f":{last}")
        self._note(place, " | ".join(said) + (f" [{' | '.join(rest[:_CONTEXT])}]" if rest else ""))

    def _note(self, place: str, text: str) -> None:
        pieces = [text[i : i + _PIECE] for i in range(0, len(text), _PIECE)]
        for nth, piece in enumerate(pieces, start=1):
            part = f" ({nth}/{len(pieces)})" if len(pieces) > 1 else ""
            self.notes.append(Note(place + part, piece, self.today))


_MANY = 1 << 10
"""Values in a context that are kept as known."""
_CONTEXT = 8
"""Other cells of a row that a note repeats."""
_PIECE = LONGEST_TEXT // 2
"""Characters of a note in a cell: Excel counts UTF-16 units, at most two a character."""


def _plain(value: Raw) -> Raw:
    """Return a typed value: None for blanks, the name of an error value."""
    if not filled(value):
        return None
    return value.code if isinstance(value, CellError) else value


def _shown(value: Raw, *, as_date: bool) -> str:
    """Return a value as text, in full."""
    if isinstance(value, float):
        return show(value, as_date=True) if as_date and is_date(value) else f"{value:.15g}"
    return value.code if isinstance(value, CellError) else str(value)
