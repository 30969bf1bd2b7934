"""Find what a person left in a workbook outside the cells of its form.

These are added sheets, texts beside and below the tables, changed locked cells, notes, text
boxes, and formulas in input cells. A cell counts as typed where it differs from the same
workbook written afresh, so that no list of our own texts is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from kdcl_xl.submission.layout_by_headings import is_issued
from kdcl_xl.submission.reading import DAYS_TO_1904
from kdcl_xl.submission.strays import extra_sheets
from kdcl_xl.template.not_carried import LeftBehind, read_left_behind
from kdcl_xl.template.own_text import (
    is_marks,
    mark_in_row,
    mark_of_note,
    read_marks,
)
from kdcl_xl.template.stamp import Stamp
from kdcl_xl.template.writer import render_workbook
from kdcl_xl.xlsx.appearance import STYLES_PART
from kdcl_xl.xlsx.cells import SheetCells
from kdcl_xl.xlsx.far_rows import FAR_ROW
from kdcl_xl.xlsx.formulas import place_of
from kdcl_xl.xlsx.long_rows import LONGEST_TEXT
from kdcl_xl.xlsx.sheet_xml import FAR_COLUMN
from kdcl_xl.xlsx.workbook import Workbook, open_workbook
from kdcl_xl.xlsx.writer import units_of
from macros_free_validation.derive import complete_plan
from macros_free_validation.plan import Plan
from macros_free_validation.values import CellError, Raw, filled, is_number
from workbook_templates.declare import Form
from workbook_templates.forms.sheets import FORMER_PRINT_OUTS
from workbook_templates.layout import (
    COVER_LABEL,
    HEADING_ROW,
    INTRO_ROW,
    Layout,
    PlacedSheet,
    build_layout,
    left_behind_sheet,
    letter_of,
    sent_back_sheet,
    to_review_sheet,
)
from workbook_templates.text import Text, normalise
from workbook_templates.vocabulary import FORMER_LABELS

EXTRA_SHEET = Text("Trang do nhà trường thêm.", "A sheet that the school added.")
OUTSIDE = Text(
    "Ghi ngoài các ô nhập của mẫu, hoặc ghi đè lên ô đã khóa.",
    "Outside the template's input cells, or typed over a locked cell.",
)
FORMULA = Text(
    "Ô chứa công thức: kết quả được giữ, công thức thì không.",
    "The cell held a formula: its result was kept, the formula was not.",
)
NOTE = Text("Ghi chú gắn vào ô.", "A note on the cell.")
DRAWN = Text(
    "Hộp chữ, hình ảnh hoặc biểu đồ đặt trên trang (hình ảnh, biểu đồ chỉ nêu tên tệp).",
    "A text box, picture or chart on the sheet (of the latter two only the file name).",
)
ODD = Text("Ô không rõ nội dung nào đúng trong tệp.", "The cell has no single meaning in the file.")
UNREADABLE = Text(
    "Phần này của tệp bị hỏng, không đọc được.", "This part of the file is damaged: not read."
)
NOT_CELLS = Text(
    "Trang biểu đồ, hộp thoại hoặc trang macro: không có ô để chuyển.",
    "A sheet of a chart, a dialog or macros: it has no cells to carry over.",
)
_NO_FIELD = Text("", "")
_ALIKE = 0.75
"""The share of our own texts that a sheet with today's wording has at least."""


@dataclass(frozen=True)
class _Sheet:
    """One sheet of the returned file, and the same sheet written afresh (None: not ours)."""

    workbook: Workbook
    name: str
    content: SheetCells
    own: SheetCells | None
    placed: PlacedSheet | None
    layout: Layout
    source: str
    words: frozenset[str] = frozenset()
    """Our own texts, where the sheet is of another version and cannot be written afresh."""
    sent: frozenset[str] = frozenset()
    """Marks of the texts that we sent to the school, on sheets of requests and in notes."""
    is_sent_back: bool = False
    """True if it is a sheet of requests, on which only changed cells are the school's."""

    @cached_property
    def formulas(self) -> Mapping[str, str]:
        """Texts of the formulas that somebody typed, by address."""
        return {
            ref: self.content.formulas.text(ref.encode())
            for place in self.content.formulas.places
            if self._is_their_formula(*place, self.field_of(*place))
            for ref in [_ref(place)]
        }

    @cached_property
    def _days(self) -> frozenset[str]:
        package = self.workbook.package
        nothing: frozenset[str] = frozenset()
        return package.sound(STYLES_PART, lambda _: self.workbook.day_cells(self.name), nothing)

    def day(self, row: int, index: int, value: Raw) -> tuple[Raw, bool]:
        """Return the value of a cell, dates counted from 1900, and whether it is shown as a day."""
        if not is_number(value) or _ref((row, index)) not in self._days:
            return value, False
        return value + (DAYS_TO_1904 if self.workbook.dates_from_1904 else 0), True

    def at(
        self, ref: str, value: Raw, why: Text, field: Text = _NO_FIELD, *, is_day: bool = False
    ) -> Iterator[LeftBehind]:
        """Yield a left-over at an address; a text too long for a cell is cut in pieces."""
        pieces: list[Raw] = [value]
        if isinstance(value, str) and units_of(value) > LONGEST_TEXT:
            size = LONGEST_TEXT // 2
            pieces = [value[i : i + size] for i in range(0, len(value), size)]
        for piece in pieces:
            yield LeftBehind(self.name, ref, field, "", piece, why, self.source, is_day)

    def field_of(self, row: int, index: int) -> Text | None:
        """Return the heading or label of an input cell; None for all other cells."""
        placed = self.placed
        if placed is None:
            return None
        for cell in placed.cells:
            if (cell.row, cell.index) == (row, index):
                return None if cell.cell.locked else cell.cell.label
        if not placed.first_row <= row <= placed.last_row or index >= len(placed.columns):
            return None
        column = placed.columns[index]
        offered = self.layout.offered(placed, column.field, row)
        return column.column.header if offered else None

    def entries(self) -> Iterator[LeftBehind]:
        """Yield everything outside the form, in the order of the cells."""
        is_print_out = self.placed is not None and self.placed.sheet.printed is not None
        yield from self._typed_on_print_out() if is_print_out else self._outside()
        yield from self._far()
        yield from self._odd()
        for ref, text in self.workbook.notes(self.name):
            if mark_of_note(text) not in self.sent:
                yield from self.at(ref, text, NOTE)
        for text in self.workbook.drawings(self.name):
            yield from self.at("", text, DRAWN)

    def _odd(self) -> Iterator[LeftBehind]:
        """Yield each content that the file has for an odd cell, which was not read."""
        for cell in self.content.odd:
            for text in cell.texts or ("…",):
                if not cell.is_taken:
                    yield from self.at(cell.ref, text, ODD)

    def _outside(self) -> Iterator[LeftBehind]:
        """Yield the values and formulas outside the form."""
        for (row, index), value in _filled(self.content):
            ref = _ref((row, index))
            field = self.field_of(row, index)
            is_theirs = field is None and self._is_their_value(row, index, value)
            if is_theirs and not self._is_sent(row, index, value):
                value, is_day = self.day(row, index, value)
                yield from self.at(ref, value, self.why, is_day=is_day)
            formula = self.formulas.get(ref)
            if formula and formula != _code(value):
                yield from self.at(ref, "=" + formula, FORMULA, field or _NO_FIELD)

    def _typed_on_print_out(self) -> Iterator[LeftBehind]:
        """Yield the texts that the school typed on its print-out; the rest writes itself."""
        own = self.own or _EMPTY
        ours = {value for place, value in _filled(own) if not own.has_formula(*place)}
        for place, value in _filled(self.content):
            is_word = isinstance(value, str) and normalise(value) in self.words
            # Flags of the rows to print are numbers of ours; another version has them elsewhere.
            is_word = is_word or (self.own is None and not isinstance(value, str))
            if not self.content.has_formula(*place) and value not in ours and not is_word:
                yield from self.at(_ref(place), value, self.why)

    @property
    def why(self) -> Text:
        """The reason why a cell outside the form was not carried."""
        return OUTSIDE if self.placed or self.is_sent_back else EXTRA_SHEET

    def _is_sent(self, row: int, index: int, value: Raw) -> bool:
        """Return whether a cell outside the form holds what we sent."""
        if self.placed is not None and self.placed.key == "stamp":
            return is_marks(value)
        mark = mark_in_row(value, self.content.get(row, 0), index)
        return self.is_sent_back and mark in self.sent

    def _is_their_value(self, row: int, index: int, value: Raw) -> bool:
        if self.own is None:
            is_ours = self.placed is not None and self._is_of_other_version(row, index, value)
            return filled(value) and not is_ours
        if not filled(value) or self._is_our_formula(row, index):
            return False
        ours = self.own.get(row, index)
        return not _same(value, ours) and (self.has_same_words or not filled(ours))

    def _is_their_formula(self, row: int, index: int, field: Text | None) -> bool:
        ours = self.own or (self.content if self.placed else None)
        return field is not None or ours is None or not ours.has_formula(row, index)

    def _is_our_formula(self, row: int, index: int) -> bool:
        own = self.own
        return bool(own and own.has_formula(row, index) and self.content.has_formula(row, index))

    def _is_of_other_version(self, row: int, index: int, value: Raw) -> bool:
        """Return whether a cell of another version's template holds that template's own text."""
        placed = self.placed
        if placed is None or not (placed.cells or placed.columns):
            return True
        official = placed.header_row - placed.sheet.has_official_headings
        above = (HEADING_ROW, INTRO_ROW, official, placed.header_row)
        is_label = placed.key == "cover" and index <= COVER_LABEL
        is_formula = self.content.has_formula(row, index)
        is_word = isinstance(value, str) and normalise(value) in self.words
        # A file of values only keeps the results of the template's formulas as numbers and words.
        is_result = not isinstance(value, str) and not self.content.formulas.cells
        return row in above or is_label or is_formula or is_word or is_result

    @cached_property
    def has_same_words(self) -> bool:
        """True if the sheet has today's wording.

        A workbook of an earlier version may have another wording, which nobody typed.
        """
        if self.own is None:
            return True
        texts = [
            (place, value)
            for place, value in _filled(self.own)
            if isinstance(value, str)
            and not self.own.has_formula(*place)
            and self.field_of(*place) is None
        ]
        alike = sum(_same(self.content.get(*place), value) for place, value in texts)
        return alike >= _ALIKE * len(texts)

    def _far(self) -> Iterator[LeftBehind]:
        if not self.content.far_count:
            return
        whole = self.workbook.whole_sheet(self.name)
        places = {(row, column) for row, cells in whole.values.items() for column in cells}
        for row, column in sorted(places | whole.formulas.places):
            if row < FAR_ROW and column < FAR_COLUMN:
                continue
            ref = f"{letter_of(column)}{row}"
            value = whole.get(row, column)
            formula = whole.formulas.text(ref.encode())
            if filled(value):
                yield from self.at(ref, value, self.why)
            if formula:
                yield from self.at(ref, "=" + formula, FORMULA)


def outside_of(workbook: Workbook, plan: Plan, stamp: Stamp, source: str) -> list[LeftBehind]:
    """Return everything outside the form, the left-overs of an earlier migration first.

    ``plan`` is the plan read from the workbook, with the locked cells as issued.

    Damaged sheets and parts are passed over, and named.
    """
    layout = plan.layout
    content = workbook.readable(workbook.sheets)
    placed = {sheet.name: sheet for sheet in layout.sheets}
    if layout.has_sheet("print"):
        placed |= dict.fromkeys(FORMER_PRINT_OUTS, layout.sheet("print"))
    stamp_sheet = next((s.name for s in layout.sheets if s.key == "stamp"), "")
    sent = read_marks(content.get(stamp_sheet, _EMPTY))
    alien = set(extra_sheets(workbook, layout))
    others = [name for name in content if name not in placed and name not in alien]
    listing = (sent_back_sheet(0).name, to_review_sheet(0).name)
    requests = {name for name in others if name.startswith(listing)}
    earlier: list[LeftBehind] = []
    for name in others:
        if name not in requests:
            placed[name] = left_behind_sheet(content[name].last_row)
            sheet = _Sheet(workbook, name, content[name], None, placed[name], layout, source)
            earlier += read_left_behind(content[name], sheet.day)
    ours, words = _written_afresh(plan, stamp, earlier)
    found: list[LeftBehind] = []
    for name in content:
        place, is_sent = placed.get(name), name in requests
        own = ours.get(place.name if place and place.sheet.printed else name)
        sheet = _Sheet(
            workbook, name, content[name], own, place, layout, source, words, sent, is_sent
        )
        found += sheet.entries()
    return [*earlier, *found, *_not_read(workbook, source)]


_EMPTY = SheetCells()


def _not_read(workbook: Workbook, source: str) -> Iterator[LeftBehind]:
    """Yield what cannot be carried over as it cannot be read: sheets and parts of the file."""
    for name in sorted(workbook.without_cells):
        yield LeftBehind(name, "", _NO_FIELD, "", name, NOT_CELLS, source)
    for name in workbook.without_part:
        yield LeftBehind(name, "", _NO_FIELD, "", name, UNREADABLE, source)
    names = {part: name for name, part in workbook.sheets.items()}
    for part in sorted(workbook.package.passed_over):
        yield LeftBehind(names.get(part, part), "", _NO_FIELD, "", part, UNREADABLE, source)


def _written_afresh(
    plan: Plan, stamp: Stamp, earlier: list[LeftBehind]
) -> tuple[dict[str, SheetCells], frozenset[str]]:
    """Return the same workbook written afresh or, of another version, all our own texts."""
    layout = plan.layout
    as_issued = is_issued(layout)
    if not as_issued:
        today = build_layout(layout.regulation, layout.rows, layout.form.id, layout.limits)
        locked = [c.field for c in today.sheet("cover").cells if c.cell.locked]
        locked_cells = {"cover": {f: plan.cell(f) for f in locked}}
        # Where no formula is left, the words of the results are needed too.
        plan = complete_plan(today, locked_cells, {}) if stamp.structure else _moved_to(plan, today)
    fresh = open_workbook(render_workbook(plan, stamp, left=earlier))
    sheets = fresh.read(fresh.sheets)
    if as_issued:
        return sheets, frozenset()
    words = {value for sheet in sheets.values() for _, value in _filled(sheet)}
    words |= _former_words(layout.form)
    return {}, frozenset(normalise(word) for word in words if isinstance(word, str))


def _moved_to(plan: Plan, today: Layout) -> Plan:
    """Return a plan in another layout of the same form."""
    cells = {key: dict(values) for key, values in plan.cells.items() if today.has_sheet(key)}
    rows: dict[str, list[tuple[int, list[Raw]]]] = {}
    for sheet in today.sheets:
        own = plan.layout.sheet(sheet.key) if plan.layout.has_sheet(sheet.key) else sheet
        shift = sheet.first_row - own.first_row
        rows[sheet.key] = [
            (record.row + shift, [plan.value(sheet.key, record, c.field) for c in sheet.columns])
            for record in plan.rows(sheet.key)
        ]
    return complete_plan(today, cells, rows)


def _former_words(form: Form) -> set[Raw]:
    """Return the texts that earlier templates of a form had in place of today's."""
    found: set[Raw] = set(FORMER_LABELS)
    for sheet in form.sheets:
        found.update(text for column in sheet.columns for text in column.former)
        found.update(text for cell in sheet.cells for text in cell.former)
        if sheet.grid is not None:
            found.update(text for column in sheet.grid.columns for text in column.former)
            found.update(sheet.grid.footer.former if sheet.grid.footer else ())
    return found


def _filled(content: SheetCells) -> list[tuple[tuple[int, int], Raw]]:
    """Return the filled cells in order, formulas without a result included."""
    places = {
        (number, index)
        for number, values in content.values.items()
        for index, value in values.items()
        if filled(value)
    }
    places |= set(map(place_of, content.formulas.cells))
    return [(place, content.get(*place)) for place in sorted(places)]


def _same(a: Raw, b: Raw) -> bool:
    if isinstance(a, str) and isinstance(b, str):
        return normalise(a) == normalise(b)
    return type(a) is type(b) and a == b if filled(a) and filled(b) else filled(a) == filled(b)


def _code(value: Raw) -> str | None:
    """Return the error code that takes the place of a formula in some files; else None."""
    return value.code if isinstance(value, CellError) else None


def _ref(place: tuple[int, int]) -> str:
    row, index = place
    return f"{letter_of(index)}{row}"
