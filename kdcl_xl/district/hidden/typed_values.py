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
from itertools import chain

from kdcl_xl.district.decisions.decision import (
    ASSIGNED,
    COLOURS,
    DecisionMemory,
    Note,
    Typed,
    in_full,
)
from kdcl_xl.district.decisions.groups import Shown, resolve, shown_cells
from kdcl_xl.district.decisions.match import with_notes
from kdcl_xl.district.hidden.decisions import Archive
from kdcl_xl.district.hidden.find_headings import INPUTS, Cell, SheetHeadings, Survey
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


Colours = Mapping[tuple[int, int], tuple[str, str]]
"""Fill and ink of the cells that a person painted, by row (from 1) and column (from 0)."""
_FLAG_HEADINGS = frozenset(fold(h) for header in (KEY, STATE) for h in (header.vi, header.en))
_DAYS = frozenset((DAY.vi, DAY.en))


@dataclass(frozen=True)
class _View:
    """The interpretation of a sheet: its headings, whether it lists flags, whether it is ours."""

    headings: SheetHeadings
    is_flags: bool
    is_own: bool
    added: frozenset[str]

    @cached_property
    def inputs(self) -> Mapping[int, Cell]:
        """The auditor's cell of each column that holds one."""
        return self.headings.inputs(self.added) if self.is_flags else {}

    @cached_property
    def typed(self) -> frozenset[int]:
        """The columns under headings of the auditor's cells, all of equal ones."""
        headings = self.headings.by_column.items() if self.inputs else ()
        return frozenset(column for column, heading in headings if fold(heading) in INPUTS)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a flag (``key``), or one with values that are not the tool's (``odd`` columns).

    ``formulas`` are those of the odd cells, by column.
    """

    row: int
    values: Mapping[int, Raw]
    odd: frozenset[int]
    key: str | None
    formulas: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class _ReadSheet:
    """The rows of a sheet that matter; ``keys`` is the number of flags' keys in it."""

    name: str
    keys: int
    view: _View
    rows: Sequence[_Row]


class TypedValues:
    """Sorts the values of the sheets into decisions, notes, and the tool's own."""

    def __init__(
        self,
        archive: Archive,
        today: date,
        days_of: Callable[[str], frozenset[str]] = lambda _: frozenset(),
        colours_of: Callable[[str], Colours] = lambda _: {},
    ) -> None:
        """Begin before the first sheet.

        ``days_of`` gives the cells of a sheet that show days, ``colours_of`` those that a person
        painted.
        """
        self.archive, self.today = archive, today
        before = archive.memory
        self.lines = {line.key: line for line in before.lines}
        self.groups = {group.key: group for group in before.groups}
        self.shown = shown_cells(before)
        self.added = frozenset(h for line in before.lines for h in line.kept) - {ASSIGNED, COLOURS}
        self.typed: dict[str, Shown] = {}
        self._days_of, self._days = days_of, dict[str, frozenset[str]]()
        self._colours_of, self._colours = colours_of, dict[str, Colours]()
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
            used = self._used(sheet)
            for row in sheet.rows:
                self._keep(sheet, row, used)
        for place, text in remarks:
            self._note(place, text)
        # A line whose row was deleted keeps what it had.
        after = resolve(self.archive.memory, {**self.shown, **self.typed}, self.today)
        return with_notes(after, self.notes)

    def _read(self, name: str, stretches: Stretches) -> _ReadSheet:
        """Read a sheet by the headings in its first rows.

        Where later rows give another interpretation, the sheet is read a second time.
        """
        survey = Survey(self.archive, self.shown)
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
        return _View(
            headings,
            survey.keys > 0 or has_heading,
            is_own or headings.is_known,
            self.added,
        )

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
        """Return whether most texts of a sheet are the tool's in a context; there must be some.

        Numbers prove nothing: small ones are on every sheet of the tool.
        """
        known = [
            self._is_written(value, (context,))
            for stretch in stretches()
            for cells in stretch.contents.values()
            for value in cells.values()
            if isinstance(value, str)
        ]
        return any(known) and sum(known) * 2 >= len(known)

    def _counting(self, stretch: SheetCells, view: _View) -> Iterator[_Row]:
        """Yield the rows of flags, and those with values that are not the tool's."""
        headings = view.headings
        below: dict[int, Collection[Raw]] = defaultdict(tuple)
        # Most values under a heading are known from earlier rows; only others need a mark.
        if headings.row and view.is_own:
            below.update({c: self.own[heading,] for c, heading in headings.by_column.items()})
        bare = self._bare_formulas(stretch, view)
        contents = stretch.contents
        for row in sorted({*contents, *bare}) if bare else contents:
            cells = contents.get(row, {})
            left: Iterable[int] = cells
            if row > headings.row:
                left = [column for column, value in cells.items() if value not in below[column]]
            odd = {c for c in left if filled(cells[c]) and not self._is_ours(view, stretch, row, c)}
            odd |= bare.get(row, set())
            key = None
            if row > headings.row and view.inputs:
                key = self._key_in(cells)
                odd |= {column for column in view.typed if filled(cells.get(column))}
            if key or odd:
                values = {column: value for column, value in cells.items() if filled(value)}
                texts = {c: _formula(stretch, row, c) for c in odd if stretch.has_formula(row, c)}
                yield _Row(row, values, frozenset(odd), key, texts)

    def _bare_formulas(self, stretch: SheetCells, view: _View) -> dict[int, set[int]]:
        """Return the columns, by row, of a person's formulas that were saved without a result."""
        found: dict[int, set[int]] = defaultdict(set)
        for row, column in stretch.formulas.places if stretch.formulas.cells else ():
            # Formulas of the tool's own columns and sheets are compared where they have a result.
            if view.is_own and (not view.headings.row or column in view.headings.by_column):
                continue
            if column not in stretch.contents.get(row, ()):
                found[row].add(column)
        return found

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
        return next((v for v in cells.values() if isinstance(v, str) and v in self.shown), None)

    def _keep(self, sheet: _ReadSheet, row: _Row, used: frozenset[int]) -> None:
        """Keep the cells of a row, and note its other typed cells.

        ``used`` are the columns that a person added and whose cells are kept.
        """
        inputs, odd = sheet.view.inputs, row.odd
        if row.key:
            own = {c: cell for c, cell in inputs.items() if self._holds(row.key, cell)}
            given = {
                cell: self._given(sheet.name, row, c, is_kept=isinstance(cell, str))
                for c, cell in own.items()
            }
            self._keep_colours(sheet, row, given)
            if self._take(row.key, given):
                odd -= own.keys() - row.formulas.keys()
        if row.row == sheet.view.headings.row:
            odd -= used
        if odd:
            self._note_row(sheet.name, row, odd, sheet.view.headings)

    def _given(self, name: str, row: _Row, column: int, *, is_kept: bool) -> Raw:
        """Return the value of an auditor's cell; a day in an added column as people write it."""
        value = row.values.get(column)
        if is_kept and isinstance(value, float) and self._is_day(name, row.row, column):
            return show(value, as_date=True)
        return value

    def _keep_colours(self, sheet: _ReadSheet, row: _Row, given: dict[Cell, Raw]) -> None:
        """Add to a flag's cells the colours of its row; those of a line above flags are noted."""
        if sheet.name not in self._colours:
            self._colours[sheet.name] = self._colours_of(sheet.name)
        colours, headings = self._colours[sheet.name], sheet.view.headings
        names = headings.by_column | headings.others
        own = {c: colours[row.row, c] for c in names if (row.row, c) in colours}
        if not own:
            return
        words = _words_of_colours(own, names)
        if row.key in self.groups:
            self._note(f"{sheet.name}!A{row.row}", f"{'; '.join(words)}")
            return
        before = given.get(COLOURS, self.shown[row.key or ""].kept.get(COLOURS))
        kept = str(before).split("; ") if filled(before) else []
        given[COLOURS] = "; ".join(dict.fromkeys((*kept, *words)))

    def _is_day(self, name: str, row: int, column: int) -> bool:
        if name not in self._days:
            self._days[name] = self._days_of(name)
        return f"{letter_of(column)}{row}" in self._days[name]

    def _used(self, sheet: _ReadSheet) -> frozenset[int]:
        """Return the columns that a person added to the flags, and that hold a flag's cell."""
        others = sheet.view.headings.others.keys() & sheet.view.inputs.keys()
        filled_in = (row.values.keys() for row in sheet.rows if row.key in self.lines)
        return frozenset(others & set(chain.from_iterable(filled_in)))

    def _holds(self, key: str, cell: Cell) -> bool:
        """Return whether a cell of a row is kept: a group has no cells of added columns."""
        group = self.groups.get(key)
        return group is None or cell == ASSIGNED or (group.decides and isinstance(cell, int))

    def _take(self, key: str, given: Mapping[Cell, Raw]) -> bool:
        """Take the typed cells of a row; False where another row of its key has other ones.

        A column that was deleted keeps the values it had at the last merge.
        """
        had = self.shown[key]
        cells = {cell: _plain(value) for cell, value in given.items()}
        typed = Typed(*(cells.get(nth, value) for nth, value in enumerate(had.typed.cells)))
        is_same = typed.choice is had.typed.choice is not None
        if is_same and fold(str(typed.decision)) != fold(str(had.typed.decision)):
            # The sheet shows in its own language a choice that was typed in the other one.
            typed = replace(typed, decision=had.typed.decision)
        texts = {cell: value for cell, value in cells.items() if isinstance(cell, str)}
        kept = {h: value for h, value in {**had.kept, **texts}.items() if filled(value)}
        shown = Shown(typed, kept)
        known = self.typed.get(key)
        if known is None or known.is_empty:
            self.typed[key] = shown
            return True
        return shown.is_empty or shown == known

    def _note_row(
        self, name: str, row: _Row, odd: Collection[int], headings: SheetHeadings
    ) -> None:
        """Note the odd cells of a row, with other cells of it as context."""
        values = row.values
        said = []
        for column in sorted(odd):
            heading = headings.by_column.get(column, "") if row.row > headings.row else ""
            value = values.get(column)
            is_day = isinstance(value, float) and self._is_day(name, row.row, column)
            shown = _shown(value, as_date=heading in _DAYS or is_day) if filled(value) else ""
            if column in row.formulas:
                shown = (
                    f"={row.formulas[column]} → {shown}" if shown else f"={row.formulas[column]}"
                )
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


def _words_of_colours(
    colours: Mapping[int, tuple[str, str]], names: Mapping[int, str]
) -> list[str]:
    """Return the colours of a row by column, in words of no language (:data:`PAINTED`)."""
    words = {}
    for column, (fill, ink) in sorted(colours.items()):
        marks = (f"{mark} {_shown_colour(own)}" for mark, own in (("■", fill), ("A", ink)) if own)
        words[column] = " ".join(marks)
    if len(words) == len(names) and len(set(words.values())) == 1:
        return [f"↔ {next(iter(words.values()))}"]
    return [f"{names[column]} {own}" for column, own in words.items()]


def _shown_colour(colour: str) -> str:
    return colour if " " in colour else f"#{colour}"


def _formula(stretch: SheetCells, row: int, column: int) -> str:
    return stretch.formulas.text(f"{letter_of(column)}{row}".encode())


def _plain(value: Raw) -> Raw:
    """Return a typed value: None for blanks, the name of an error value."""
    if not filled(value):
        return None
    return value.code if isinstance(value, CellError) else value


def _shown(value: Raw, *, as_date: bool) -> str:
    """Return a value as text, in full."""
    return show(value, as_date=True) if as_date and is_date(value) else in_full(value)
