"""One way to write every list of the district workbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.book import Book, fit_row, paper, write_value
from macros_free_validation.values import Raw
from workbook_templates.text import Language, Text

T = TypeVar("T")
TITLE_ROW, HEADER_ROW = 0, 2
FIRST_ROW = HEADER_ROW + 1
"""First row of a list's entries, from 0."""


@dataclass(frozen=True)
class ListColumn(Generic[T]):
    """A column of a list: heading, width, style, and how an entry's value is had.

    ``link`` gives an internal target such as ``internal:'Trường'!A4``, or nothing.
    """

    header: Text
    width: float
    value: Callable[[T], Raw]
    style: str = "cell"
    link: Callable[[T], str] | None = None


@dataclass(frozen=True)
class ListSheet(Generic[T]):
    """A sheet with one list under a title."""

    name: Text
    title: Text
    columns: tuple[ListColumn[T], ...]
    frozen_columns: int = 0


def write_list(
    book: Book, ws: Worksheet, sheet: ListSheet[T], entries: Sequence[T], language: Language
) -> None:
    """Write a list: title, frozen and filtered heading, one row an entry; nothing is locked."""
    columns = sheet.columns
    ws.set_row(TITLE_ROW, 24)
    ws.write_string(TITLE_ROW, 0, sheet.title.in_(language), book.style("heading"))
    ws.set_row(HEADER_ROW, 46)
    for index, column in enumerate(columns):
        ws.set_column(index, index, column.width)
        ws.write_string(HEADER_ROW, index, column.header.in_(language), book.style("header"))
    for row, entry in enumerate(entries, start=FIRST_ROW):
        values = [column.value(entry) for column in columns]
        widths = (column.width for column in columns)
        fit_row(ws, row, zip(values, widths, strict=True))
        for index, (column, value) in enumerate(zip(columns, values, strict=True)):
            target = column.link(entry) if column.link else ""
            if target and isinstance(value, str) and value:
                ws.write_url(row, index, target, book.style("link"), value[:255])
            else:
                write_value(ws, row, index, value, book.style(column.style))
    last = max(FIRST_ROW, HEADER_ROW + len(entries))
    ws.autofilter(HEADER_ROW, 0, last, len(columns) - 1)
    ws.freeze_panes(FIRST_ROW, sheet.frozen_columns)
    ws.set_zoom(90)
    paper(ws, landscape=True, repeat=(HEADER_ROW, HEADER_ROW), footer="&P/&N")


def quoted(name: str) -> str:
    """A sheet's name as it stands in a reference."""
    return "'" + name.replace("'", "''") + "'"
