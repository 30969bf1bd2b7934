"""The Excel judge: the rules of a layout as formulas, and where they stand.

Each live row rule has a hidden helper column that holds its message or nothing;
the row's «Kiểm tra» column joins them, highlights test them, and the check
sheet counts them. A condition is therefore written, and computed, once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from macros_free_validation.expression import (
    LONGEST_FORMULA,
    Field,
    Place,
    Single,
    Value,
    cell_name,
    filled_excel,
    quote,
    show_excel,
)
from macros_free_validation.judge import input_columns, is_row_rule, live_rules, type_of
from macros_free_validation.rule import Rule
from workbook_templates.layout import COVER_CHECK, Layout, PlacedSheet, letter_of

DEEPEST_NESTING = 64


class FormulaTooLongError(AssertionError):
    """A formula that Excel would refuse; found when the workbook is built."""


def within_limits(formula: str) -> str:
    """The formula itself, if Excel can take it.

    Raises:
        FormulaTooLongError: more than 8,192 characters or 64 nested calls.
    """
    depth = deepest = 0
    for char in re.sub(r'"(?:[^"]|"")*"', "", formula):
        depth += (char == "(") - (char == ")")
        deepest = max(deepest, depth)
    if len(formula) > LONGEST_FORMULA or deepest > DEEPEST_NESTING:
        raise FormulaTooLongError(f"{len(formula)} characters, {deepest} levels: {formula[:80]}")
    return formula


@dataclass(frozen=True, slots=True)
class LiveRule:
    """A rule in the sheet: the helper column it computes its message in (from 0)."""

    rule: Rule
    index: int
    formula: str
    """Without the equals sign; the same text in every row."""

    @property
    def letter(self) -> str:
        """Letter of the helper column."""
        return letter_of(self.index)


@dataclass(frozen=True)
class LiveSheet:
    """Everything the Excel judge puts on one sheet."""

    sheet: PlacedSheet
    used_index: int
    used_formula: str
    rules: tuple[LiveRule, ...]
    """Row rules of a table, or the cell rules of the cover."""

    @property
    def used_letter(self) -> str:
        """Letter of the column that tells whether a row is in use."""
        return letter_of(self.used_index)

    def place(self, layout: Layout) -> Place:
        """The place in which expressions of this sheet are written."""
        return Place(layout, self.sheet, self.used_letter)

    def rules_at(self, field: str) -> tuple[LiveRule, ...]:
        """The rules that point at a field."""
        return tuple(r for r in self.rules if r.rule.field == field)

    def row_message(self, row: int) -> str:
        """Formula of a row's «Kiểm tra» cell."""
        cells = '&" "&'.join(f"{r.letter}{row}" for r in self.rules)
        return within_limits(f"TRIM({cells})") if cells else '""'

    def range(self, rule: LiveRule) -> str:
        """Absolute reference to a rule's helper cells, with the sheet."""
        if rule.rule.field and self.sheet.has_cell(rule.rule.field):
            row = self.sheet.cell(rule.rule.field).row
            first = last = row
        else:
            first, last = self.sheet.first_row, self.sheet.last_row
        return f"{self.sheet.quoted}!${rule.letter}${first}:${rule.letter}${last}"


def _message(rule: Rule, at: Place) -> str:
    """The rule's Vietnamese message as an Excel expression, values filled in."""
    parts: list[str] = []
    for literal, name in _split(rule.message.vi):
        if literal:
            parts.append(quote(literal))
        if name:
            kind = type_of(at.layout, at.sheet, name)
            parts.append(show_excel(_value(name, at), at, kind))
    return "&".join(parts)


def _split(text: str) -> Iterator[tuple[str, str | None]]:
    from string import Formatter

    for literal, name, _, _ in Formatter().parse(text):
        yield literal, name


def _value(name: str, at: Place) -> Value:
    if at.sheet.has_column(name):
        return Field(name)
    return Single(name, at.sheet.key) if at.sheet.has_cell(name) else Single(name)


@lru_cache(maxsize=256)
def live_sheet(layout: Layout, key: str) -> LiveSheet:
    """The Excel judge of one sheet."""
    sheet = layout.sheet(key)
    start = len(sheet.columns) if sheet.columns else COVER_CHECK + 1
    at = Place(layout, sheet, letter_of(start))
    inputs = [filled_excel(_own(i)) for i in input_columns(sheet)]
    used = within_limits(f"OR({','.join(inputs)})") if inputs else ""
    found: list[LiveRule] = []
    for rule in live_rules(layout, sheet):
        if bool(sheet.columns) != is_row_rule(rule, sheet):
            continue
        assert rule.when is not None
        formula = f'IF({rule.when.excel(at)},{_message(rule, at)},"")'
        found.append(LiveRule(rule, start + 1 + len(found), within_limits(formula)))
    return LiveSheet(sheet, start, used, tuple(found))


def _own(index: int) -> str:
    letter = letter_of(index)
    return f"INDEX(${letter}:${letter},ROW())"


def cell_names(layout: Layout) -> Iterator[tuple[str, str]]:
    """Defined names of all single cells, reached by position so that dragging is harmless."""
    for sheet in layout.sheets:
        for placed in sheet.cells:
            letter = letter_of(placed.index)
            column = f"{sheet.quoted}!${letter}:${letter}"
            yield cell_name(sheet.key, placed.field), f"INDEX({column},{placed.row})"
