"""Writing a list of the authority workbook onto its sheets."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.district.sheets.declare import ListColumn, Listing, Total
from kdcl_xl.district.sheets.page import set_paper, write_title
from kdcl_xl.district.sheets.places import Part, link_formula, quoted
from kdcl_xl.district.sheets.recorded import Marks
from kdcl_xl.xlsx.long_rows import FOLDED, Cells, Formula, Rows, outline_of
from kdcl_xl.xlsx.writer import Book, RowsInWork, height_for, lines_in, room_in, write_formula
from macros_free_validation.values import CellError, Raw, is_number
from workbook_templates.layout import letter_of
from workbook_templates.text import Text

T = TypeVar("T")
MOST_PRINTED = 150
"""Rows of a list that are in the print by default; of a longer one only the head is."""
_ALL_SHOWN = Text("Tổng các dòng đang hiện:", "Total of the rows shown:")
_ALL_SHOWN_ON_ALL = Text(
    "Tổng các dòng đang hiện ở mọi phần:", "Total of the rows shown on all parts:"
)
ROW_NUMBER = Text("Mã dòng", "Row key")
_TITLE_OF_PART = Text("{title} (PHẦN {nth}/{of})", "{title} (PART {nth}/{of})")


class ListWriter(Generic[T]):
    """A list while it is written on its sheets, one for each part; no cell is locked.

    It begins with the rows. Long ones may be written in a second process, while the rest of the
    workbook is.
    """

    def __init__(self, book: Book, listing: Listing[T]) -> None:
        """Begin to write the rows."""
        self._book, self._listing = book, listing
        self._rows = [_begin_rows(book, listing, part) for part in listing.parts]

    def put(self, sheets: Sequence[Worksheet]) -> None:
        """Put the list on its sheets: title, headings, and the rows below."""
        self._sheets = sheets
        sheet, parts = self._listing.sheet, self._listing.parts
        for nth, (ws, part) in enumerate(zip(sheets, parts, strict=True), start=1):
            title = sheet.title
            if len(parts) > 1:
                title = _TITLE_OF_PART.format(title=title, nth=nth, of=len(parts))
            _write_head(self._book, ws, self._listing, title, part.count)
            if _has_totals(self._listing):
                _write_label_of_totals(self._book, ws, self._listing)
            self._book.put(ws, self._rows[nth - 1].rows)

    def end(self, marks: Marks) -> None:
        """Wait for the rows, write the totals, and add the marks of all values in the rows."""
        listing = self._listing
        totals = _totals_of(listing)
        for in_work in self._rows:
            written, sums = in_work.end()
            marks.all |= written.all
            for index, total in totals.items():
                total.value += sums[index].value
        if listing.sheet.numbered and listing.entries:
            marks.numbers(ROW_NUMBER.in_(listing.language), len(listing.entries))
        # Every part shows the totals of the whole list, which are known once all rows are written.
        if _has_totals(listing):
            for ws, part in zip(self._sheets, listing.parts, strict=True):
                _write_totals(self._book, ws, listing, totals, part)


def is_long(listing: Listing[T]) -> bool:
    """Return whether a list is long enough for a second process."""
    return len(listing.entries) >= _LONG


_LONG = 2_000
"""Rows that take several times as long to write as a copy of the process takes to begin."""


def _write_head(book: Book, ws: Worksheet, listing: Listing[T], title: Text, count: int) -> None:
    sheet, columns, language = listing.sheet, listing.columns, listing.language
    write_title(book, ws, title, sheet.notes, language)
    ws.set_row(sheet.header_row, 46)
    for index, column in enumerate(columns):
        options = {"hidden": True} if column.hidden else {}
        ws.set_column(index, index, column.width, None, options)
        ws.write_string(sheet.header_row, index, column.header.in_(language), book.style("header"))
    # The filter of an empty list covers one blank row.
    last = max(sheet.first_row, sheet.header_row + count)
    if sheet.numbered:
        beside = len(columns)
        ws.set_column(beside, beside, 9, None, {"hidden": True})
        ws.write_string(sheet.header_row, beside, ROW_NUMBER.in_(language), book.style("header"))
    # The filter includes the hidden number: sorting then moves it together with its row.
    ws.autofilter(sheet.header_row, 0, last, len(columns) - (not sheet.numbered))
    ws.freeze_panes(sheet.first_row, sheet.frozen_columns)
    ws.set_zoom(90)
    if levels := _levels_of(listing):
        ws.outline_rows(max(levels))
        if max(levels) >= FOLDED:
            ws.leave_filter_unnamed()
    if count > MOST_PRINTED:
        # The workbook prints in reasonable pages; a person who wants a long list clears the area.
        ws.print_area(0, 0, sheet.header_row, len(columns) - 1)
    set_paper(
        ws, [c.width for c in columns if not c.hidden], sheet.frozen_columns, sheet.header_row
    )


_STRETCH = 256
"""Rows in memory at a time while they are written."""


_Written = tuple[Marks, Mapping[int, "_Sum"]]
"""The marks of rows, and the sums of the columns that have a total, by index."""


def _begin_rows(book: Book, listing: Listing[T], part: Part) -> RowsInWork[_Written]:
    """Begin to write the entries of one part."""
    styles = [c.style for c in listing.columns] + ["cell_number"] * listing.sheet.numbered
    write = partial(_write_rows, listing, part, book.style_number("link"))
    return book.rows(styles, write, are_long=is_long(listing))


def _levels_of(listing: Listing[T]) -> Sequence[int]:
    """Return the depths of the entries in an outline, between 0 and 0; nothing without outline."""
    level = listing.sheet.level
    return [0, *map(level, listing.entries), 0] if level else ()


def _write_rows(listing: Listing[T], part: Part, link_style: int, rows: Rows) -> _Written:
    """Write the entries of one part, a stretch of rows at a time, column by column in it."""
    sheet, language = listing.sheet, listing.language
    marks, totals = Marks(), _totals_of(listing)
    columns = [
        _ColumnWriter(
            column,
            nth,
            room_in(column.width),
            link_style,
            None if column.typed else marks.under(column.header.in_(language)),
            totals.get(nth),
        )
        for nth, column in enumerate(listing.columns)
    ]
    last_row = sheet.first_row + part.count
    levels = _levels_of(listing)
    for start in range(part.first, part.end, _STRETCH):
        stretch = listing.entries[start : min(start + _STRETCH, part.end)]
        first = sheet.first_row + 1 + start - part.first
        lines = [1] * len(stretch)
        cells = [column.cells(stretch, first, lines) for column in columns]
        if sheet.numbered:
            cells.append(Cells([float(start + nth) for nth in range(1, len(stretch) + 1)]))
        heights = [*map(height_for, lines)]
        own = levels[start : start + len(stretch) + 2]
        outline = [*map(outline_of, own, own[1:], own[2:])]
        rows.add_columns(first, cells, heights, last_row, outline)
    if levels and levels[part.end] >= FOLDED:
        rows.mark_below(last_row + 1)
    return marks, totals


@dataclass(frozen=True)
class _ColumnWriter(Generic[T]):
    """A column while it is written.

    ``room`` is the number of characters on a line of it; ``mark`` and ``total`` receive its
    values.
    """

    column: ListColumn[T]
    index: int
    room: int
    link_style: int
    mark: Callable[[Sequence[Raw]], None] | None
    total: _Sum | None

    def cells(self, entries: Sequence[T], first: int, lines: list[int]) -> Cells:
        """Return the cells of some entries, from a row (from 1) on.

        ``lines`` has the lines of each row, and grows where a text takes more.
        """
        values: list[Raw] = [*map(self.column.value, entries)]
        kinds = {*map(type, values)}
        # An error value in a school's cell is shown as its name. As an error value it would
        # spread into every total of this workbook.
        if CellError in kinds:
            values = [v.code if isinstance(v, CellError) else v for v in values]
            kinds.add(str)
        if self.mark:
            self.mark(values)
        if self.total:
            self.total.add(values)
        if str in kinds:
            self._grow(lines, values)
        return Cells(values, self._formulas(entries, values, first))

    def _grow(self, lines: list[int], values: Sequence[Raw]) -> None:
        """Raise the lines of each row to those that its text takes."""
        # One look at all texts together: those of most columns take one line.
        texts, room = [value for value in values if type(value) is str], self.room
        if max(map(len, texts)) <= room and "\n" not in "".join(texts):
            return
        for nth, value in enumerate(values):
            if type(value) is str and (len(value) > room or "\n" in value):
                needed = lines_in(value, room)
                if needed > lines[nth]:
                    lines[nth] = needed

    def _formulas(
        self, entries: Sequence[T], values: Sequence[Raw], first: int
    ) -> Sequence[Formula | None]:
        if self.column.link is None and self.column.formula is None:
            return ()
        rows = range(first, first + len(entries))
        return [*map(self._formula, entries, values, rows)]

    def _formula(self, entry: T, value: Raw, row: int) -> Formula | None:
        column = self.column
        if column.link and isinstance(value, str) and value:
            target = column.link(entry)
            if target:
                return Formula(link_formula(target, value), style=self.link_style)
        if column.formula and value is not None:
            text = column.formula(row)
            # A formula that is the same in the next row is written once, as a shared formula.
            return Formula(text, self.index if text == column.formula(row + 1) else None)
        return None


class _Sum:
    """A total that grows while rows are written."""

    def __init__(self, total: Total) -> None:
        self.total, self.value = total, 0.0

    def add(self, values: Sequence[Raw]) -> None:
        if self.total is Total.COUNT:
            self.value += sum(1 for value in values if value is not None and value != "")
            return
        for value in values:
            if is_number(value):
                self.value += value


def _totals_of(listing: Listing[T]) -> Mapping[int, _Sum]:
    """Return the totals of a list, by the index of their column, before there is anything in it."""
    return {i: _Sum(c.total) for i, c in enumerate(listing.columns) if c.total}


def _has_totals(listing: Listing[T]) -> bool:
    return bool(listing.entries) and any(column.total for column in listing.columns)


def _write_label_of_totals(book: Book, ws: Worksheet, listing: Listing[T]) -> None:
    label = _ALL_SHOWN if len(listing.parts) == 1 else _ALL_SHOWN_ON_ALL
    row = listing.sheet.header_row - 1
    ws.write_string(row, 0, label.in_(listing.language), book.style("total_label"))


def _write_totals(
    book: Book,
    ws: Worksheet,
    listing: Listing[T],
    totals: Mapping[int, _Sum],
    here: Part,
) -> None:
    """Write the totals of the whole list on the sheet of one part.

    They are above the headings, so that neither filter nor sorting moves them.
    """
    row = listing.sheet.header_row - 1
    for index, found in totals.items():
        # Two huge numbers typed by mistake can add up to infinity, which no cell can hold.
        if not math.isfinite(found.value):
            continue
        cells = (_cells_of(listing, part, letter_of(index), here) for part in listing.parts)
        formula = "+".join(f"SUBTOTAL({found.total:d},{area})" for area in cells)
        is_centred = listing.columns[index].style == "cell_count"
        style = book.style("total_center" if is_centred else "total")
        write_formula(ws, row, index, formula, style, found.value)


def _cells_of(listing: Listing[T], part: Part, letter: str, here: Part) -> str:
    first = listing.sheet.first_row
    area = f"{letter}{first + 1}:{letter}{first + part.count}"
    # A reference to the sheet of the formula itself needs no name, and survives renaming.
    return area if part == here else f"{quoted(part.name.in_(listing.language))}!{area}"
