"""The tools that every sheet writer of the school workbook needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.template.as_text import with_typed_text
from kdcl_xl.xlsx.writer import Book, fit_row, write_formula, write_value
from macros_free_validation.derive import FIGURES
from macros_free_validation.judge import live_messages
from macros_free_validation.live import LiveRule, LiveSheet, within_limits
from macros_free_validation.plan import Plan
from macros_free_validation.rule import Case
from macros_free_validation.values import Raw
from workbook_templates.declare import Column, Lists, Type
from workbook_templates.layout import HEADING_ROW, INTRO_ROW, Layout, PlacedCell, PlacedSheet
from workbook_templates.styles import TAB_COLOURS


@dataclass(frozen=True)
class Parts:
    """The plan to write, and the Python judge's messages for the cached values.

    ``messages`` holds the message of each live rule by sheet key, row (0 for
    single cells) and case: a rule may have several cases at one field.
    """

    plan: Plan
    messages: Mapping[tuple[str, int, Case], str]

    @classmethod
    def of(cls, plan: Plan) -> Parts:
        """Judge the plan once for all sheets, with its dates and amounts as text."""
        plan = with_typed_text(plan)
        return cls(plan, live_messages(plan))

    @property
    def layout(self) -> Layout:
        """The layout of the plan."""
        return self.plan.layout

    def message(self, sheet: PlacedSheet, row: int, rule: LiveRule) -> str:
        """Return the message of a rule at a row (0: its single cell); empty without a fault."""
        return self.messages.get((sheet.key, row, rule.case), "")

    def rows_of(self, sheet: PlacedSheet, rule: LiveRule) -> list[int]:
        """Return the rows in which a rule finds a fault, in order; a single cell is row 0."""
        wanted = (sheet.key, rule.case)
        return sorted(row for key, row, case in self.messages if (key, case) == wanted)


def joined_messages(messages: Iterable[str]) -> str:
    """Return the result of the formula that joins messages.

    TRIM knows no other space than the usual one.
    """
    return " ".join(filter(None, " ".join(messages).split(" ")))


_INPUT_STYLES: Mapping[Type, str] = {
    Type.TEXT: "input",
    Type.CHOICE: "input_choice",
    Type.DATE: "input_date_text",
    Type.MONEY: "input_money",
    Type.INTEGER: "input_number",
    Type.PERCENT: "input_number",
}

_LOCKED_STYLES: Mapping[Type, str] = {
    Type.DATE: "locked_date",
    Type.INTEGER: "locked_number",
    Type.PERCENT: "locked_percent",
}

_DERIVED_STYLES = {
    "row_number": "locked_number",
    "plan_number": "locked_number",
    "mandatory_of_row": "locked_number",
    "school_level": "locked_strong",
    # A row does not grow with what a formula shows, and LibreOffice would draw a second line
    # over the next row: one line each.
    "plan_task": "locked_line",
    "plan_lead": "locked_line",
}


def style_of(kind: Type, *, locked: bool, derived: str | None = None) -> str:
    """Return the name of the style of a cell."""
    if derived in _DERIVED_STYLES:
        return _DERIVED_STYLES[derived]
    return _LOCKED_STYLES.get(kind, "locked") if locked else _INPUT_STYLES[kind]


LISTS_OF_CODES = (Lists.CRITERIA,)
"""Lists whose values people type as a code: as a number, 1.10 would become 1.1, or a date."""


def input_style(column: Column) -> str:
    """Return the name of the style of an input column's cells."""
    if column.choices in LISTS_OF_CODES:
        return "input"
    return style_of(column.type, locked=False)


def write_heading(book: Book, ws: Worksheet, placed: PlacedSheet, columns: int) -> None:
    """Write heading and introduction, the latter merged over the first columns."""
    ws.set_row(HEADING_ROW - 1, 24)
    ws.write_string(HEADING_ROW - 1, 0, placed.sheet.heading.vi, book.style("heading"))
    if placed.sheet.intro.vi:
        ws.set_row(INTRO_ROW - 1, 32)
        ws.merge_range(
            INTRO_ROW - 1,
            0,
            INTRO_ROW - 1,
            columns - 1,
            placed.sheet.intro.vi,
            book.style("intro"),
        )


def write_listing_head(book: Book, ws: Worksheet, placed: PlacedSheet, summary: str) -> list[float]:
    """Write heading, summary and column headings of a sheet that lists cells; return the widths."""
    ws.set_tab_color(TAB_COLOURS[placed.key])
    write_heading(book, ws, placed, len(placed.columns))
    widths = [column.column.width for column in placed.columns]
    ws.merge_range(INTRO_ROW, 0, INTRO_ROW, len(widths) - 1, summary, book.style("strong"))
    fit_row(ws, INTRO_ROW, [(summary, sum(widths))])
    ws.set_row(placed.header_row - 1, 34)
    for column in placed.columns:
        ws.set_column(column.index, column.index, column.column.width)
        ws.write_string(
            placed.header_row - 1, column.index, column.column.header.vi, book.style("header")
        )
    return widths


def write_input(book: Book, ws: Worksheet, row: int, col: int, value: Raw, kind: Type) -> None:
    """Write an input cell (row and column from 0)."""
    write_value(ws, row, col, value, book.style(style_of(kind, locked=False)))


def write_figure(
    book: Book, ws: Worksheet, parts: Parts, live: LiveSheet, placed: PlacedCell
) -> None:
    """Write a single cell that is computed."""
    cell, key = placed.cell, live.sheet.key
    formula = within_limits(FIGURES[cell.derived or ""].excel(live.place(parts.layout)))
    style = book.style(style_of(cell.type, locked=True, derived=cell.derived))
    value = parts.plan.cell(placed.field, key)
    write_formula(ws, placed.row - 1, placed.index, formula, style, value)


def protect(ws: Worksheet, password: str, placed: PlacedSheet | None = None) -> None:
    """Lock a sheet, except for harmless actions: widths, heights, filtering, and some sorting.

    Excel sorts unlocked cells only. Where a row has several of them between locked ones, sorting
    some would tear rows apart, so sorting is allowed only where a row has one unlocked stretch.
    """
    columns = placed.columns if placed else ()
    one_input = sum(not column.column.locked for column in columns) == 1
    ws.protect(
        password,
        {
            "format_columns": True,
            "format_rows": True,
            "sort": one_input,
            "autofilter": True,
            "select_locked_cells": True,
            "select_unlocked_cells": True,
        },
    )
