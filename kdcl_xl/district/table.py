"""One way to write every list of the district workbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.book import Book, fit_row, paper, write_formula, write_value
from macros_free_validation.expression import quote
from macros_free_validation.values import Raw
from workbook_templates.layout import letter_of
from workbook_templates.text import Language, Text

T = TypeVar("T")
TITLE_ROW, HEADER_ROW = 0, 2
FIRST_ROW = HEADER_ROW + 1
"""First row of a list's entries, from 0."""


ROW_NUMBER = Text("Mã dòng", "Row key")


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

    ``link`` gives where a click leads, or nothing; ``formula`` is what computes the
    value in every row. A column that is ``hidden`` is there to be looked up, or shown
    by whoever wants it. A person fills in what is ``typed``.
    """

    header: Text
    width: float
    value: Callable[[T], Raw]
    style: str = "cell"
    link: Callable[[T], Link | None] | None = None
    formula: str = ""
    hidden: bool = False
    typed: bool = False


@dataclass(frozen=True)
class ListSheet(Generic[T]):
    """A sheet with one list under a title; ``numbered`` adds a hidden number to each row."""

    name: Text
    title: Text
    columns: tuple[ListColumn[T], ...]
    frozen_columns: int = 0
    numbered: bool = False

    def link_to(self, position: int, language: Language) -> Link:
        """A link to the entry at a position, of a numbered list."""
        return Link(self.name.in_(language), letter_of(len(self.columns)), position + 1)

    def index(self, header: Text) -> int:
        """Position of a column, from 0."""
        return next(i for i, column in enumerate(self.columns) if column.header == header)

    def letter(self, header: Text) -> str:
        """Letter of a column."""
        return letter_of(self.index(header))


def write_list(
    book: Book, ws: Worksheet, sheet: ListSheet[T], entries: Sequence[T], language: Language
) -> None:
    """Write a list: title, frozen and filtered heading, one row an entry; nothing is locked."""
    columns = sheet.columns
    ws.set_row(TITLE_ROW, 24)
    ws.write_string(TITLE_ROW, 0, sheet.title.in_(language), book.style("heading"))
    ws.set_row(HEADER_ROW, 46)
    for index, column in enumerate(columns):
        options = {"hidden": True} if column.hidden else {}
        ws.set_column(index, index, column.width, None, options)
        ws.write_string(HEADER_ROW, index, column.header.in_(language), book.style("header"))
    for row, entry in enumerate(entries, start=FIRST_ROW):
        values = [column.value(entry) for column in columns]
        widths = (column.width for column in columns)
        fit_row(ws, row, zip(values, widths, strict=True))
        for index, (column, value) in enumerate(zip(columns, values, strict=True)):
            target = column.link(entry) if column.link else None
            if target and isinstance(value, str) and value:
                formula = book.shared(target.formula(value))
                write_formula(ws, row, index, formula, book.style("link"), value)
            elif column.formula:
                formula = book.shared(column.formula)
                write_formula(ws, row, index, formula, book.style(column.style), value)
            else:
                write_value(ws, row, index, value, book.style(column.style))
    last = max(FIRST_ROW, HEADER_ROW + len(entries))
    if sheet.numbered:
        _number(book, ws, len(columns), len(entries), language)
    ws.autofilter(HEADER_ROW, 0, last, len(columns) - (not sheet.numbered))
    ws.freeze_panes(FIRST_ROW, sheet.frozen_columns)
    ws.set_zoom(90)
    paper(ws, landscape=True, repeat=(HEADER_ROW, HEADER_ROW), footer="&P/&N")


def _number(book: Book, ws: Worksheet, column: int, count: int, language: Language) -> None:
    ws.set_column(column, column, 9, None, {"hidden": True})
    ws.write_string(HEADER_ROW, column, ROW_NUMBER.in_(language), book.style("header"))
    for number in range(1, count + 1):
        ws.write_number(HEADER_ROW + number, column, number, book.style("cell_number"))


def quoted(name: str) -> str:
    """A sheet's name as it stands in a reference."""
    return "'" + name.replace("'", "''") + "'"
