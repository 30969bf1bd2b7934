"""Put the values that a document carries unseen into the draft of its import.

What can be read on paper decides: a carried value never takes the place of other printed words.
The rows of the document are found by their printed words, wherever they are now. Where the words
of a row were changed, its carried values are put in and marked. Values whose row is no longer in
the document are listed on the sheet «Chưa chuyển».
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from kdcl_xl.importing.carried import (
    Carried,
    CarriedRow,
    is_own,
    plain_words,
    printed_cells,
    printed_columns,
)
from kdcl_xl.importing.draft import Draft, Row
from kdcl_xl.importing.ledger import NOTHING, Reading
from kdcl_xl.importing.raw_rows import SHARED
from kdcl_xl.template.not_carried import LeftBehind
from macros_free_validation.derive import derive_rows, with_meanings
from macros_free_validation.values import Raw, filled
from workbook_templates.declare import Rows
from workbook_templates.layout import MOST_ROWS, Layout, PlacedSheet
from workbook_templates.text import Text

CHANGED = Text(
    "Mẫu biểu không in ô này; dòng tương ứng đã được sửa trong Word sau khi xuất văn bản.",
    "The form does not print the cell; its row was changed in Word after the document was made.",
)
OTHER_HEAD = Text(
    "Mẫu biểu không in ô này; tên trường hoặc năm học trong Word khác với lúc xuất văn bản.",
    "The form does not print the cell; the school or the year in Word is another one now.",
)
NO_ROW = Text(
    "Mẫu biểu không in giá trị này, và dòng của nó không còn trong văn bản Word.",
    "The form does not print the value, and its row is no longer in the Word document.",
)
NO_CELL = Text("Mẫu không có mục này.", "The template has no such field.")
PLACE = "Dữ liệu kèm theo văn bản"
_LEAST_ALIKE = 0.5
"""The share of the words of a row by which a changed one is still recognised."""
_MOST_COMPARED = 300
"""Changed rows that are compared word by word; more are listed."""
_MOST_WORDS = 200
"""Words of a cell that are compared."""
_MOST_SEARCHED = 2 * MOST_ROWS
"""Rows with a cell of the same words among which an unchanged row is searched."""
_LONGEST_ABOUT = 200


@dataclass(frozen=True)
class _Fit:
    """The row of the document for a carried row; it is exact if all its words are unchanged."""

    carried: CarriedRow
    nth: int
    is_exact: bool


def is_intact(carried: Carried, texts: Sequence[str]) -> bool:
    """Return whether the school and the year in the document are those that it was made for."""
    words = {plain_words(line) for text in texts for line in (text, *text.split("\n"))}
    return words.issuperset(carried.head)


def restore(
    draft: Draft, carried: Carried, of_template: Sequence[str], *, is_same_head: bool
) -> tuple[LeftBehind, ...]:
    """Put the carried values into a draft; return those that have no place in it.

    ``of_template`` are cells of the cover that the template itself fills in for another year.
    """
    work = _Restore(draft, carried, frozenset(of_template), is_same_head)
    work.cells()
    work.printed_rows()
    work.other_rows()
    return tuple(work.behind)


@dataclass
class _Restore:
    draft: Draft
    carried: Carried
    of_template: frozenset[str]
    is_same_head: bool
    behind: list[LeftBehind] = field(default_factory=list)

    @property
    def layout(self) -> Layout:
        return self.draft.layout

    # ---- single cells -------------------------------------------------------------------

    def cells(self) -> None:
        """Put in single cells."""
        doubt = None if self.is_same_head else OTHER_HEAD
        as_typed = printed_cells(self.layout)
        for name, values in self.carried.cells.items():
            sheet = self._sheet(name)
            for field_name, value in values.items():
                if sheet is None or not _is_cell(sheet, field_name):
                    self._leave(name, field_name, value, "", NO_CELL)
                    continue
                if not self.is_same_head and field_name in self.of_template:
                    continue
                row = self.draft.cells_of(name)
                known = row.get(field_name)
                is_shown = field_name in self.carried.shown or (name, field_name) in as_typed
                if known is None and not is_shown:
                    row[field_name] = Reading(value, NOTHING, doubt=doubt)
                elif known is not None and self._is_same_cell(sheet, field_name, value, known):
                    row[field_name] = _typed(known, value, None)

    def _is_same_cell(self, sheet: PlacedSheet, name: str, value: Raw, known: Reading) -> bool:
        if _is_alike(value, known):
            return True
        one, other = (with_meanings(sheet, {name: v}) for v in (value, known.value))
        meant = {key for key in one if key != name and filled(one[key])}
        return bool(meant) and all(one[key] == other.get(key) for key in meant)

    # ---- rows that are printed ----------------------------------------------------------

    def printed_rows(self) -> None:
        """Put the values of printed rows beside the words of these, in the order as typed."""
        for name, rows in (("plan", self.draft.plan), ("problems", self.draft.problems)):
            carried = [row for row in self.carried.rows if row.sheet == name]
            cells = self.draft.words.get(name, [])
            fits = list(_fits(carried, cells)) if len(cells) == len(rows) else []
            found = {id(fit.carried) for fit in fits}
            for row in carried:
                if id(row) not in found:
                    self._leave_row(row, NO_ROW)
            for fit in fits:
                self._put_in_row(fit, rows)
            order = _order(fits, carried, len(rows))
            rows[:] = [rows[nth] for nth in order]
            if name == "plan":
                reports = self.draft.progress
                moved = {new: reports[old] for new, old in enumerate(order) if old in reports}
                reports.clear()
                reports.update(moved)

    def _put_in_row(self, fit: _Fit, rows: Sequence[Row]) -> None:
        if fit.is_exact:
            self._drop_shared(fit.carried.sheet, rows[fit.nth])
        about = " / ".join(fit.carried.words)[:_LONGEST_ABOUT]
        for name, values in fit.carried.values.items():
            sheet = self._sheet(name)
            own = rows[fit.nth]
            if sheet is not None and name != fit.carried.sheet:
                is_beside = name == "progress" and fit.carried.sheet == "plan"
                own = self.draft.progress.setdefault(fit.nth, {}) if is_beside else {}
                sheet = sheet if is_beside else None
            for field_name, value in values.items():
                if sheet is None or not _is_column(sheet, field_name):
                    self._leave(name, field_name, value, about, NO_CELL)
                else:
                    self._put(sheet, own, field_name, value, is_exact=fit.is_exact)
            if not own and name == "progress":
                self.draft.progress.pop(fit.nth, None)

    def _drop_shared(self, name: str, row: Row) -> None:
        """Drop what an empty cell has from the row above, where the row itself is unchanged."""
        printed = printed_columns(self.layout)
        for field_name in [n for n, known in row.items() if known.doubt is SHARED]:
            if (name, field_name) not in printed:
                del row[field_name]

    def _put(self, sheet: PlacedSheet, row: Row, name: str, value: Raw, *, is_exact: bool) -> None:
        column = printed_columns(self.layout).get((sheet.key, name))
        known = row.get(name)
        if is_exact and column is not None and is_own(column):
            # The words that show the value are unchanged.
            row[name] = _typed(known or Reading(None, NOTHING), value, None)
        elif known is None:
            if column is None:
                row[name] = Reading(value, NOTHING, doubt=None if is_exact else CHANGED)
        elif column is not None:
            if _is_alike(value, known):
                row[name] = _typed(known, value, known.doubt)
        elif self._is_printed_alike(sheet, name, value, known):
            row[name] = _typed(known, value, None if is_exact else known.doubt or CHANGED)

    def _is_printed_alike(self, sheet: PlacedSheet, name: str, value: Raw, known: Reading) -> bool:
        """Return whether the computed columns are the same with either value in the row.

        The name of a criterion is printed in such a column, whatever was typed.
        """
        index = sheet.column(name).index
        results = []
        for each in (value, known.value):
            values: list[Raw] = [None] * len(sheet.columns)
            values[index] = each
            (record,) = derive_rows(self.layout, sheet, [(sheet.first_row, values)], {})
            results.append([v for nth, v in enumerate(record.values) if nth != index])
        return results[0] == results[1]

    # ---- rows that are not printed ------------------------------------------------------

    def other_rows(self) -> None:
        """Put in the rows of sheets that the form does not print."""
        doubt = None if self.is_same_head else OTHER_HEAD
        codes = {criterion.code for criterion in self.layout.regulation.criteria}
        for row in self.carried.rows:
            sheet = self._sheet(row.sheet)
            if row.sheet in ("plan", "problems") and sheet is not None:
                continue
            kind = sheet.sheet.rows if sheet is not None else None
            code = row.words[0] if row.words else ""
            if kind is Rows.CRITERIA and code in codes:
                own = self.draft.assessment.setdefault(code, {})
            elif kind is Rows.UNITS:
                own = {}
                self.draft.lists.setdefault(row.sheet, []).append(own)
            else:
                self._leave_row(row, NO_ROW)
                continue
            for name, values in row.values.items():
                for field_name, value in values.items():
                    if sheet is None or name != row.sheet or not _is_column(sheet, field_name):
                        self._leave(name, field_name, value, code, NO_CELL)
                        continue
                    known = own.get(field_name, Reading(None, NOTHING))
                    own[field_name] = _typed(known, value, doubt)

    # ---- what has no place --------------------------------------------------------------

    def _sheet(self, name: str) -> PlacedSheet | None:
        return self.layout.sheet(name) if self.layout.has_sheet(name) else None

    def _leave_row(self, row: CarriedRow, why: Text) -> None:
        about = " / ".join(row.words)[:_LONGEST_ABOUT]
        for name, values in row.values.items():
            for field_name, value in values.items():
                self._leave(name, field_name, value, about, why)

    def _leave(self, name: str, field_name: str, value: Raw, about: str, why: Text) -> None:
        sheet = self._sheet(name)
        label = Text(field_name, field_name)
        if sheet is not None and sheet.has_column(field_name):
            label = sheet.column(field_name).column.header
        elif sheet is not None and sheet.has_cell(field_name):
            label = sheet.cell(field_name).cell.label
        place = sheet.name if sheet is not None else name
        self.behind.append(LeftBehind(PLACE, place, label, about, value, why, ""))


def _is_cell(sheet: PlacedSheet, name: str) -> bool:
    if not sheet.has_cell(name):
        return False
    cell = sheet.cell(name).cell
    return not cell.locked and cell.derived is None


def _is_column(sheet: PlacedSheet, name: str) -> bool:
    return sheet.has_column(name) and not sheet.column(name).column.locked


def _typed(known: Reading, value: Raw, doubt: Text | None) -> Reading:
    """Return a reading with the value that was typed; the ledger still knows what was read."""
    read = f"{'' if known.value is None else known.value} {known.read}".strip()
    return replace(known, value=value, read=read, doubt=doubt)


def _is_alike(value: Raw, known: Reading) -> bool:
    words = plain_words(str(value))
    return words in (plain_words(str(known.value)), plain_words(known.read))


# ---- the rows of the document ---------------------------------------------------------------


def _fits(carried: Sequence[CarriedRow], cells: Sequence[frozenset[str]]) -> Iterator[_Fit]:
    """Yield the rows that are found: first those with all their words, then those with most."""
    by_word: dict[str, list[int]] = {}
    for nth, own in enumerate(cells):
        for text in own:
            by_word.setdefault(text, []).append(nth)
    free = set(range(len(cells)))
    changed: list[CarriedRow] = []
    for row in carried:
        places = min((by_word.get(text, []) for text in row.words), key=len, default=[])
        some = islice(places, _MOST_SEARCHED)
        exact = (n for n in some if n in free and cells[n].issuperset(row.words))
        nth = next(exact, -1)
        if nth < 0:
            changed.append(row)
            continue
        free.discard(nth)
        yield _Fit(row, nth, is_exact=True)
    yield from _likely(changed[:_MOST_COMPARED], cells, sorted(free)[:_MOST_COMPARED])


def _likely(
    changed: Sequence[CarriedRow], cells: Sequence[frozenset[str]], free: Sequence[int]
) -> Iterator[_Fit]:
    """Yield changed rows with the rows of the document that share most of their words."""
    words_of = {nth: _some_words(sorted(cells[nth])) for nth in free}
    shares = []
    for order, row in enumerate(changed):
        own = _some_words(sorted(row.words))
        for nth, words in words_of.items():
            share = len(own & words) / len(own | words) if own else 0.0
            if share >= _LEAST_ALIKE:
                shares.append((-share, order, nth))
    taken: set[int] = set()
    done: set[int] = set()
    for _, order, nth in sorted(shares):
        if order not in done and nth not in taken:
            done.add(order)
            taken.add(nth)
            yield _Fit(changed[order], nth, is_exact=False)


def _some_words(texts: Sequence[str]) -> frozenset[str]:
    """Return the first words of some texts, as many of each as distinguish rows."""
    return frozenset(word for text in texts for word in text.split(None, _MOST_WORDS)[:_MOST_WORDS])


def _order(fits: Sequence[_Fit], carried: Sequence[CarriedRow], count: int) -> list[int]:
    """Return the rows of the document in the order in which they were typed.

    The form prints rows in another order than they are typed in. Where somebody moved rows in
    Word, the order of the document stays. A new row stays behind the row that it follows.
    """
    printed: Mapping[int, int] = {id(row): nth for nth, row in enumerate(carried)}
    by_row = {fit.nth: fit.carried for fit in fits}
    places = [printed[id(by_row[nth])] for nth in sorted(by_row)]
    if places != sorted(places):
        return list(range(count))
    keys, last = [], -1
    for nth in range(count):
        last = by_row[nth].position if nth in by_row else last
        keys.append((last, nth))
    return [nth for _, nth in sorted(keys)]
