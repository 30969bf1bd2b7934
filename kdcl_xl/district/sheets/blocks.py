"""Small tables of the overview pages: a label and numbers a line, totals, and a chart.

The same blocks make the pages of the workbook and those of the report in Word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.district.sheets.charts import Picture, Series
from kdcl_xl.xlsx.writer import Book, fit_row, write_formula, write_value
from workbook_templates.layout import letter_of
from workbook_templates.styles import BASE, STYLES
from workbook_templates.text import Language, Text

TOTAL = Text("Cộng", "Total")
LABEL_WIDTH, NUMBER_WIDTH, NUMBERS = 40.0, 12.5, 5
"""Characters: of a line's label, of a number; and the numbers that fit across a page."""
_WHOLE = 100.0
"""Percent."""
Number = float | None


class Unit(Enum):
    """The number format of a column, and the style that has it."""

    COUNT = "#,##0"
    PERCENT = "0.0"
    DATE = "dd/mm/yyyy"


@dataclass(frozen=True)
class Block:
    """A small table: headings, lines of a label and numbers, and a line of totals.

    ``units`` are the formats of the number columns; missing ones are counts. ``total`` is None
    for a block without totals; by default counts are added up, and other columns have none.
    ``chart`` lists the columns (from 1) that are drawn, one series each. ``formulas`` compute
    the first number of each line in the sheet itself. ``note`` is written below.
    """

    title: Text
    headings: Sequence[Text]
    lines: Sequence[tuple[Text, Sequence[Number]]]
    units: Sequence[Unit] = ()
    total: Sequence[Number] | None = field(default=())
    chart: Sequence[int] = ()
    axis: Text = TOTAL
    number_format: str = "#,##0"
    is_column: bool = False
    colours: Sequence[str] = ()
    formulas: Sequence[str] = ()
    note: Text | None = None

    def unit(self, index: int) -> Unit:
        """Return the unit of a number column (from 0)."""
        return self.units[index] if index < len(self.units) else Unit.COUNT

    @property
    def totals(self) -> Sequence[Number]:
        """The line of totals; empty for a block without one."""
        if self.total is None:
            return ()
        if self.total:
            return self.total
        columns = zip(*(numbers for _, numbers in self.lines), strict=True)
        return [
            sum(n or 0.0 for n in column) if self.unit(i) is Unit.COUNT else None
            for i, column in enumerate(columns)
        ]

    @property
    def has_chart(self) -> bool:
        """True where there is something to draw."""
        return any(numbers[c - 1] for c in self.chart for _, numbers in self.lines)


def write_block(book: Book, ws: Worksheet, row: int, block: Block, language: Language) -> int:
    """Write a block from a row (from 0) on, and return the row after it."""
    headings = [h.in_(language) for h in (block.title, *block.headings)]
    widths = [LABEL_WIDTH, *[NUMBER_WIDTH] * len(block.headings)]
    fit_row(ws, row, zip(headings, widths, strict=True))
    for index, heading in enumerate(headings):
        ws.write_string(row, index, heading, book.style("header"))
    first = row + 1
    for place, (label, numbers) in enumerate(block.lines):
        row += 1
        name = label.in_(language)
        fit_row(ws, row, ((name, LABEL_WIDTH),))
        ws.write_string(row, 0, name, book.style("label"))
        for index, number in enumerate(numbers):
            style = book.highlight(
                f"block {block.unit(index)}",
                {**BASE, **STYLES["cell_number"], "num_format": block.unit(index).value},
            )
            if block.formulas and index == 0:
                write_formula(ws, row, 1, block.formulas[place], style, number)
            else:
                write_value(ws, row, index + 1, number, style)
    if block.totals and block.lines:
        row += 1
        ws.write_string(row, 0, TOTAL.in_(language), book.style("total"))
        for index, number in enumerate(block.totals):
            is_sum = block.unit(index) is Unit.COUNT and not block.total
            if is_sum:
                letter = letter_of(index + 1)
                formula = f"SUM({letter}{first + 1}:{letter}{row})"
                write_formula(ws, row, index + 1, formula, book.style("total"), number)
            else:
                style = book.highlight(
                    f"total {block.unit(index)}",
                    {**BASE, **STYLES["total"], "num_format": block.unit(index).value},
                )
                write_value(ws, row, index + 1, number, style)
    if block.note:
        row += 1
        ws.write_string(row, 0, block.note.in_(language), book.style("remark"))
    return row + 1


def picture_of(block: Block, sheet: str, header_row: int, language: Language) -> Picture:
    """Return the chart of a block whose headings are in a row (from 0) of a sheet."""
    first = header_row + 1
    last = first + len(block.lines) - 1
    names = len(block.chart) > 1
    series = [
        Series(
            (sheet, first, 0, last, 0),
            (sheet, first, column, last, column),
            (sheet, header_row, column) if names else None,
            *block.colours[place : place + 1],
        )
        for place, column in enumerate(block.chart)
    ]
    longest = max(len(label.in_(language)) for label, _ in block.lines)
    return Picture(
        block.title,
        block.axis,
        Text("", ""),
        series,
        block.number_format,
        block.is_column,
        longest,
        _WHOLE if all(block.unit(column - 1) is Unit.PERCENT for column in block.chart) else None,
    )


def shortened(
    lines: Sequence[tuple[Text, Sequence[Number]]], most: int, rest: Text
) -> Iterable[tuple[Text, Sequence[Number]]]:
    """Yield the first lines, and one for all others that adds their numbers up."""
    yield from lines[:most]
    others = lines[most:]
    if others:
        columns = zip(*(numbers for _, numbers in others), strict=True)
        yield rest.format(count=len(others)), [sum(n or 0.0 for n in c) for c in columns]
