"""One way to write every list of the district workbook."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Generic, TypeVar

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.district.sheets.recorded import Marks
from kdcl_xl.xlsx.long_rows import Cells, Formula
from kdcl_xl.xlsx.writer import Book, height_for, paper, room_in, write_formula
from macros_free_validation.expression import quote
from macros_free_validation.values import CellError, Raw, is_number
from workbook_templates.layout import letter_of
from workbook_templates.styles import Style
from workbook_templates.text import Language, Text

T = TypeVar("T")
TITLE_ROW, HEADER_ROW = 0, 2
FIRST_ROW = HEADER_ROW + 1
"""First row of a list's entries, from 0, where the list has no notes."""
LAST_ROW = 1_048_576
"""Rows of a sheet in every program; what is longer continues on further sheets."""
PAGE_WIDTH = 230.0
"""Characters that go on a landscape page and can still be read."""


class Total(IntEnum):
    """What stands above a column: the number by which SUBTOTAL knows it."""

    SUM = 109
    COUNT = 103


_ALL_SHOWN = Text("Tổng các dòng đang hiện:", "Total of the rows shown:")
_ALL_SHOWN_ON_ALL = Text(
    "Tổng các dòng đang hiện ở mọi phần:", "Total of the rows shown on all parts:"
)
ROW_NUMBER = Text("Mã dòng", "Row key")


@dataclass(frozen=True, slots=True)
class Part:
    """The entries of a list that stand on one sheet, from ``first`` to before ``end`` (from 0)."""

    name: Text
    first: int
    end: int


_CONTINUED = Text("{name} ({nth})", "{name} ({nth})")
_TITLE_OF_PART = Text("{title} (PHẦN {nth}/{of})", "{title} (PART {nth}/{of})")


def parts_of(name: Text, count: int, above: int = 0) -> tuple[Part, ...]:
    """The sheets of so many entries, each with so many rows ``above`` them; one at least."""
    room = LAST_ROW - above
    return tuple(
        Part(_name_of(name, nth), first, min(first + room, count))
        for nth, first in enumerate(range(0, max(1, count), room), start=1)
    )


def places_of(name: Text, first: int, last: int, above: int) -> tuple[tuple[Text, int, int], ...]:
    """The sheets of the entries from one position to another, each with its first and last row."""
    room = LAST_ROW - above
    return tuple(
        (_name_of(name, nth + 1), above + 1 + max(0, first - begin), above + 1 + end - begin)
        for nth in range(first // room, last // room + 1)
        for begin, end in [(nth * room, min(last, (nth + 1) * room - 1))]
    )


def place_of(name: Text, position: int, above: int) -> tuple[Text, int]:
    """The sheet and the row (from 1) of an entry at a position (from 0)."""
    nth, row = divmod(position, LAST_ROW - above)
    return _name_of(name, nth + 1), above + row + 1


def _name_of(name: Text, nth: int) -> Text:
    return name if nth == 1 else _CONTINUED.format(name=name, nth=nth)


@dataclass(frozen=True)
class Link:
    """A row of a numbered list, found by its number however the list was sorted since."""

    sheet: str
    letter: str
    number: int

    def formula(self, text: str) -> str:
        """The Excel formula of a link that shows a text."""
        column = f"{quoted(self.sheet)}!${self.letter}:${self.letter}"
        row = f"IFERROR(MATCH({self.number},{column},0),1)"
        return f"HYPERLINK({quote(f'#{quoted(self.sheet)}!A')}&{row},{quote(text)})"


@dataclass(frozen=True)
class ListColumn(Generic[T]):
    """A column of a list: heading, width, style, and how an entry's value is had.

    ``link`` gives where a click leads, or nothing: a row wherever it was sorted to, or an
    internal target such as ``internal:'Trường'!A4:A9``. Only short values have one, for
    LibreOffice does not break the lines of a link. ``formula`` gives, for a row (from 1),
    the formula whose value ``value`` is. ``total`` is counted over the rows that a filter
    leaves. A column that is ``hidden`` is there to be looked up, or shown by whoever wants
    it. A person fills in what is ``typed``.
    """

    header: Text
    width: float
    value: Callable[[T], Raw]
    style: str = "cell"
    link: Callable[[T], Link | str | None] | None = None
    formula: Callable[[int], str] | None = None
    total: Total | None = None
    hidden: bool = False
    typed: bool = False


@dataclass(frozen=True)
class ListSheet(Generic[T]):
    """A sheet with one list under a title and notes, of one line each.

    ``numbered`` adds a hidden number to each row.
    """

    name: Text
    title: Text
    columns: tuple[ListColumn[T], ...]
    frozen_columns: int = 0
    notes: tuple[Text, ...] = ()
    numbered: bool = False

    @property
    def header_row(self) -> int:
        """The row of the headings, from 0."""
        return HEADER_ROW + len(self.notes)

    @property
    def first_row(self) -> int:
        """First row of the entries, from 0."""
        return self.header_row + 1

    def link_to(self, position: int, language: Language) -> Link:
        """A link to the entry at a position, of a numbered list."""
        name, _ = place_of(self.name, position, self.first_row)
        return Link(name.in_(language), letter_of(len(self.columns)), position + 1)

    def parts(self, count: int) -> tuple[Part, ...]:
        """The sheets of the list, if it has so many entries."""
        return parts_of(self.name, count, self.first_row)

    def index(self, header: Text) -> int:
        """Position of a column, from 0."""
        return next(i for i, column in enumerate(self.columns) if column.header == header)

    def letter(self, header: Text) -> str:
        """Letter of a column."""
        return letter_of(self.index(header))


def write_list(
    book: Book,
    sheets: Sequence[Worksheet],
    sheet: ListSheet[T],
    entries: Sequence[T],
    marks: Marks,
    language: Language,
) -> None:
    """Write a list on its ``sheets``: title, totals, frozen and filtered heading, rows.

    There is one sheet for each of its parts. Nothing is locked. ``marks`` takes in what
    the rows hold.
    """
    parts = sheet.parts(len(entries))
    totals = {i: _Sum(c.total) for i, c in enumerate(sheet.columns) if c.total}
    for nth, (ws, part) in enumerate(zip(sheets, parts, strict=True), start=1):
        title = sheet.title
        if len(parts) > 1:
            title = _TITLE_OF_PART.format(title=title, nth=nth, of=len(parts))
        _write_head(book, ws, replace(sheet, title=title), part.end - part.first, language)
        _write_rows(book, ws, sheet, entries, part, marks, totals, language)
    if sheet.numbered and entries:
        marks.numbers(ROW_NUMBER.in_(language), len(entries))
    if totals and entries:
        for ws, part in zip(sheets, parts, strict=True):
            _write_totals(book, ws, sheet, totals, parts, part, language)


def _write_head(
    book: Book, ws: Worksheet, sheet: ListSheet[T], count: int, language: Language
) -> None:
    columns = sheet.columns
    write_title(book, ws, sheet.title, sheet.notes, language)
    ws.set_row(sheet.header_row, 46)
    for index, column in enumerate(columns):
        options = {"hidden": True} if column.hidden else {}
        ws.set_column(index, index, column.width, None, options)
        ws.write_string(sheet.header_row, index, column.header.in_(language), book.style("header"))
    last = max(sheet.first_row, sheet.header_row + count)
    if sheet.numbered:
        beside = len(columns)
        ws.set_column(beside, beside, 9, None, {"hidden": True})
        ws.write_string(sheet.header_row, beside, ROW_NUMBER.in_(language), book.style("header"))
    ws.autofilter(sheet.header_row, 0, last, len(columns) - (not sheet.numbered))
    ws.freeze_panes(sheet.first_row, sheet.frozen_columns)
    ws.set_zoom(90)
    set_paper(
        ws, [c.width for c in columns if not c.hidden], sheet.frozen_columns, sheet.header_row
    )


def write_title(
    book: Book, ws: Worksheet, title: Text, notes: Sequence[Text], language: Language
) -> None:
    """Write a sheet's title and the notes under it."""
    ws.set_row(TITLE_ROW, 24)
    ws.write_string(TITLE_ROW, 0, title.in_(language), book.style("heading"))
    for row, note in enumerate(notes, start=TITLE_ROW + 1):
        ws.write_string(row, 0, note.in_(language), book.style("remark"))


def set_paper(ws: Worksheet, widths: Sequence[float], frozen: int, header_row: int | None) -> None:
    """Print set-up: as many pages across as it takes to read, with the frozen columns on each."""
    repeat = None if header_row is None else (header_row, header_row)
    paper(ws, landscape=True, repeat=repeat, footer="&P/&N")
    pages = max(1, math.ceil(sum(widths[frozen:]) / (PAGE_WIDTH - sum(widths[:frozen]))))
    ws.fit_to_pages(pages, 0)
    if frozen and pages > 1:
        ws.repeat_columns(0, frozen - 1)


_STRETCH = 256
"""Rows that are in memory at a time while they are written."""


def _write_rows(
    book: Book,
    ws: Worksheet,
    sheet: ListSheet[T],
    entries: Sequence[T],
    part: Part,
    marks: Marks,
    totals: Mapping[int, _Sum],
    language: Language,
) -> None:
    """Write the entries of one sheet, some rows at a time and of these each column at once."""
    rows = book.rows(ws, [c.style for c in sheet.columns] + ["cell_number"] * sheet.numbered)
    columns = [
        _ColumnWriter(
            column,
            nth,
            room_in(column.width),
            book.style_number("link"),
            None if column.typed else marks.under(column.header.in_(language)),
            totals.get(nth),
        )
        for nth, column in enumerate(sheet.columns)
    ]
    last_row = sheet.first_row + part.end - part.first
    for start in range(part.first, part.end, _STRETCH):
        stretch = entries[start : min(start + _STRETCH, part.end)]
        first = sheet.first_row + 1 + start - part.first
        wide: list[list[tuple[Raw, int]]] = [[] for _ in stretch]
        cells = [column.cells(stretch, first, wide) for column in columns]
        if sheet.numbered:
            cells.append(Cells([float(start + nth) for nth in range(1, len(stretch) + 1)]))
        heights = [height_for(texts) if texts else None for texts in wide]
        rows.add_columns(first, cells, heights, last_row)


@dataclass(frozen=True)
class _ColumnWriter(Generic[T]):
    """A column while it is written: the ``room`` on its lines, and who counts its values."""

    column: ListColumn[T]
    index: int
    room: int
    link_style: int
    mark: Callable[[Sequence[Raw]], None] | None
    total: _Sum | None

    def cells(
        self, entries: Sequence[T], first: int, wide: Sequence[list[tuple[Raw, int]]]
    ) -> Cells:
        """The cells of some entries from a row on; ``wide`` takes in texts of several lines."""
        values: list[Raw] = [*map(self.column.value, entries)]
        kinds = {*map(type, values)}
        if CellError in kinds:  # a school's; here it would be an error of ours
            values = [v.code if isinstance(v, CellError) else v for v in values]
            kinds.add(str)
        if self.mark:
            self.mark(values)
        if self.total:
            self.total.add(values)
        if str in kinds:
            room = self.room
            for texts, value in zip(wide, values, strict=True):
                if type(value) is str and (len(value) > room or "\n" in value):
                    texts.append((value, room))
        return Cells(values, self._formulas(entries, values, first))

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
            return Formula(text, self.index if text == column.formula(row + 1) else None)
        return None


def link_formula(target: Link | str, text: str) -> str:
    """The formula that shows a text and leads to a target."""
    if isinstance(target, Link):
        return target.formula(text)
    return f"HYPERLINK({quote(target.replace('internal:', '#', 1))},{quote(text)})"


class _Sum:
    """A total that is counted while rows are written."""

    def __init__(self, total: Total) -> None:
        self.total, self.value = total, 0.0

    def add(self, values: Sequence[Raw]) -> None:
        if self.total is Total.COUNT:
            self.value += sum(1 for value in values if value is not None and value != "")
            return
        for value in values:
            if is_number(value):
                self.value += value


def _write_totals(
    book: Book,
    ws: Worksheet,
    sheet: ListSheet[T],
    totals: Mapping[int, _Sum],
    parts: Sequence[Part],
    here: Part,
    language: Language,
) -> None:
    """Write the totals, above the headings so that neither filter nor sorting moves them.

    Each sheet shows those of the whole list.
    """
    row = sheet.header_row - 1
    label = _ALL_SHOWN if len(parts) == 1 else _ALL_SHOWN_ON_ALL
    ws.write_string(row, 0, label.in_(language), book.style("total_label"))
    for index, found in totals.items():
        if not math.isfinite(found.value):  # a slip of some school's keyboard; here an error
            continue
        cells = (_cells_of(sheet, part, letter_of(index), here, language) for part in parts)
        formula = "+".join(f"SUBTOTAL({found.total:d},{area})" for area in cells)
        is_centred = sheet.columns[index].style == "cell_count"
        style = book.style("total_center" if is_centred else "total")
        write_formula(ws, row, index, formula, style, found.value)


def _cells_of(sheet: ListSheet[T], part: Part, letter: str, here: Part, language: Language) -> str:
    last = sheet.first_row + part.end - part.first
    area = f"{letter}{sheet.first_row + 1}:{letter}{last}"
    return area if part is here else f"{quoted(part.name.in_(language))}!{area}"


def highlight(
    book: Book,
    ws: Worksheet,
    area: tuple[int, int, int, int],
    styles: Mapping[int, Style],
    comparison: str,
) -> None:
    """Colour the numbers of an area by the first style whose number compares as said.

    ``area`` is first row, first column, last row and last column, from 0. A blank,
    which counts as 0, is never coloured.
    """
    cell = f"{letter_of(area[1])}{area[0] + 1}"
    for number, style in styles.items():
        ws.conditional_format(
            *area,
            {
                "type": "formula",
                "criteria": f"=AND(ISNUMBER({cell}),{cell}{comparison}{number})",
                "format": book.highlight(f"{comparison}{number} {style['bg_color']}", style),
                "stop_if_true": True,
            },
        )


def quoted(name: str) -> str:
    """A sheet's name as it stands in a reference."""
    return "'" + name.replace("'", "''") + "'"
