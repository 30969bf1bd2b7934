"""Take the values of inputs as their cells show them, and report each difference.

A cell shows 80 % and holds 0.8; it shows a day and holds a number; it shows «Đạt» in letters of
another code. Where only one meaning is possible it is taken, and a note says so. Where two are,
the value stays as it is, and a finding asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from kdcl_xl.xlsx.appearance import GENERAL, Looks
from kdcl_xl.xlsx.areas import areas
from kdcl_xl.xlsx.cells import SheetCells
from macros_free_validation.rule import Finding, Rule, finding
from macros_free_validation.rules import appearance as rules
from macros_free_validation.values import (
    LONGEST_SHOWN,
    Raw,
    fifteen_digits,
    is_date,
    is_number,
    key,
    to_date,
)
from workbook_templates.characters import looks_usual, meant_by_look, odd_characters
from workbook_templates.declare import Lists, Type
from workbook_templates.layout import DEPENDENT_LISTS, Layout, PlacedSheet
from workbook_templates.old_encodings import guess
from workbook_templates.text import Text

Rows = Sequence[tuple[int, list[Raw]]]
MOST_AREAS = 8
"""Areas that one finding names."""
_SPELT_FREELY = (Lists.CRITERIA, Lists.STANDARDS, Lists.LEVELS, *DEPENDENT_LISTS)
"""Lists whose values may be typed in other words: by their code or number."""
_NUMBERED = re.compile(r"(?:(?:tiêu chí|tiêu chuẩn|mức) ?)?m?\d")
_NUMBERS = (Type.PERCENT, Type.INTEGER)
_WORDS = (Type.TEXT, Type.CHOICE)
_PERCENT_TEXT = re.compile(r"\s*(\d{1,3}(?:[.,]\d{1,6})?)\s*%?\s*")
_DAY_FIRST = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{2,4})\s*")
_LAST_MONTH = 12
_FEWEST_DATES = 2
"""Dates that a column holds at least before their order is doubted."""


@dataclass(frozen=True, slots=True)
class Input:
    """An input: a single cell, or one cell of a table's column."""

    field: str
    heading: Text
    type: Type
    choices: Lists | None
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Taken:
    """The value taken from an input, and the rule and the words of the finding; no rule: none."""

    value: Raw
    rule: Rule | None = None
    words: Mapping[str, object] = field(default_factory=dict)


@dataclass
class Reader:
    """A reader of one sheet's inputs, with the looks of its cells.

    ``days_before`` is added to dates of a workbook that counts days from 1904, 0 for others.
    ``units`` are the words that the school typed on its list of units and roles.
    """

    layout: Layout
    placed: PlacedSheet
    content: SheetCells
    looks: Looks
    days_before: int = 0
    units: Sequence[str] = ()
    _found: dict[tuple[str, str], list[tuple[Input, Taken]]] = field(default_factory=dict)

    def take(self, cells: dict[str, Raw], rows: Rows) -> Iterator[Finding]:
        """Replace the values of single cells and rows in place; yield one finding a column."""
        for cell in self.placed.cells:
            value, own = cells.get(cell.field), cell.cell
            if not own.locked and not _is_ordinary(value, own.type):
                place = Input(cell.field, own.label, own.type, own.choices, cell.row, cell.index)
                cells[cell.field] = self._take(place, value)
        for placed in self.placed.columns:
            column, index = placed.column, placed.index
            if column.locked:
                continue
            kind, choices = column.type, column.choices
            for row, values in rows:
                value = values[index]
                if value is not None and not _is_ordinary(value, kind):
                    place = Input(column.field, column.header, kind, choices, row, index)
                    values[index] = self._take(place, value)
            if kind is Type.DATE:
                yield from self._swapped(column.header, index, column.field, rows)
        yield from map(self._finding, self._found.values())

    def _take(self, place: Input, value: Raw) -> Raw:
        taken: Taken = Taken(value)
        if is_number(value):
            taken = self._number(place, value)
        elif isinstance(value, str):
            taken = self._text(place, value)
        if taken.rule is not None:
            self._found.setdefault((place.field, taken.rule.id), []).append((place, taken))
        return taken.value

    def _finding(self, found: Sequence[tuple[Input, Taken]]) -> Finding:
        place, taken = found[0]
        assert taken.rule is not None
        cells, first = named(((p.row, p.column) for p, _ in found))
        words = {"cells": cells, "heading": place.heading, **taken.words}
        return finding(taken.rule, sheet=self.placed.name, cell=first, words=words)

    # ---- numbers ----------------------------------------------------------------------------

    def _number(self, place: Input, value: float) -> Taken:
        look = self.looks.of(self.content, place.row, place.column).number
        if look.is_percent:
            return _percent(place, value)
        if look.is_day:
            return self._day(place, value)
        if look.zeros and place.type in _WORDS and value >= 0 and value.is_integer():
            shown = f"{int(value):0{look.zeros}d}"
            return _as_shown(shown, shown, value)
        if look.scale > 1 and place.type not in _WORDS:
            shown = said_number(value / look.scale)
            return _asked(value, shown, said_number(value), said_number(value))
        if place.type is Type.DATE and is_date(value) and (look.is_number or look == GENERAL):
            day = said_day(value)
            return _asked(value, said_number(value), said_number(value), day)
        if place.type is Type.PERCENT and 0 < value < 1:
            words = {"value": said_number(value), "taken": said_number(value * 100)}
            return Taken(value, rules.MAYBE_PERCENT, words)
        return Taken(value)

    def _day(self, place: Input, value: float) -> Taken:
        day = value + (self.days_before if place.type is not Type.DATE else 0)
        if place.type is Type.DATE or not is_date(day):
            return Taken(value)
        shown = said_day(day)
        if place.type in _WORDS:
            return _as_shown(shown, shown, value)
        return _asked(value, shown, said_number(value), said_number(value))

    def _swapped(self, heading: Text, index: int, name: str, rows: Rows) -> Iterator[Finding]:
        """Yield a finding where a machine seems to have exchanged day and month of a column."""
        kinds = {type(values[index]) for _, values in rows}
        if not kinds >= {float, str}:
            return
        days = [
            (row, value)
            for row, values in rows
            if is_number(value := values[index])
            and is_date(value)
            and self.looks.of(self.content, row, index).number.is_day
        ]
        texts = {
            row: int(parts[1])
            for row, values in rows
            if isinstance(value := values[index], str) and (parts := _DAY_FIRST.fullmatch(value))
        }
        if len(days) < _FEWEST_DATES or not texts:
            return
        if any(to_date(day).day > _LAST_MONTH for _, day in days):
            return
        if any(first <= _LAST_MONTH for first in texts.values()):
            return
        first = next((d for _, d in days if to_date(d).day != to_date(d).month), days[0][1])
        day = to_date(first)
        cells, cell = named((row, index) for row, _ in days)
        words = {
            "heading": heading,
            "cells": cells,
            "texts": named((row, index) for row in texts)[0],
            "shown": said_day(first),
            "taken": _long_day(day.day, day.month, day.year),
            "other": _long_day(day.month, day.day, day.year),
        }
        yield finding(rules.SWAPPED, sheet=self.placed.name, cell=cell, field=name, words=words)

    # ---- texts ------------------------------------------------------------------------------

    def _text(self, place: Input, value: str) -> Taken:
        if place.type is Type.PERCENT and (number := _PERCENT_TEXT.fullmatch(value)):
            return _as_shown(float(number[1].replace(",", ".")), value.strip(), _TEXT)
        if (old := guess(value)) is not None:
            shown, meant = value.strip()[:LONGEST_SHOWN], old.text.strip()[:LONGEST_SHOWN]
            return Taken(
                value, rules.OLD_FONT, {"charset": old.encoding, "value": shown, "taken": meant}
            )
        if place.choices is None or looks_usual(value):
            return Taken(value)
        meant = meant_by_look(value).lower()
        listed = self._listed(place.choices).get(meant)
        if listed is None and place.choices in _SPELT_FREELY and _NUMBERED.match(meant):
            listed = meant_by_look(value)
        if listed is None or key(listed) == key(value):
            return Taken(value)
        shown = value.strip()[:LONGEST_SHOWN]
        words = {"value": shown, "taken": listed, "found": odd_characters(value)}
        return Taken(listed, rules.LOOK_ALIKE, words)

    def _listed(self, choices: Lists) -> Mapping[str, str]:
        """Return the words of a list by what a person reads in them."""
        if choices not in self._lists:
            self._lists[choices] = {
                meant_by_look(word).lower(): word for word in self._words_of(choices)
            }
        return self._lists[choices]

    @cached_property
    def _lists(self) -> dict[Lists, Mapping[str, str]]:
        return {}

    def _words_of(self, choices: Lists) -> Iterator[str]:
        if choices is Lists.UNITS:
            yield from (word for word in self.units if looks_usual(word))
        elif choices in DEPENDENT_LISTS:
            for words in self.layout.dependent_values(choices).values():
                yield from words
        else:
            yield from self.layout.values(choices)


_TEXT = Text("chữ", "text")


def _is_ordinary(value: Raw, kind: Type) -> bool:
    """Return whether a value is what its cell shows, without a look at the cell."""
    if type(value) is str and kind is not Type.PERCENT:
        # Words of lists come again and again; a cache of long texts would only take memory.
        return _is_word(value) if len(value) < _LONG else _is_usual(value)
    return type(value) is not float and type(value) is not str


_LONG = 100


def _is_usual(text: str) -> bool:
    return looks_usual(text) and guess(text) is None


_is_word = lru_cache(maxsize=20_000)(_is_usual)


def _percent(place: Input, value: float) -> Taken:
    percentage = fifteen_digits(value * 100)
    shown = f"{said_number(percentage)}%"
    return _as_shown(percentage if place.type in _NUMBERS else shown, shown, value)


def _as_shown(taken: Raw, shown: str, value: float | Text) -> Taken:
    kept = value if isinstance(value, Text) else said_number(value)
    return Taken(taken, rules.READ_AS_SHOWN, {"shown": shown[:LONGEST_SHOWN], "value": kept})


def _asked(taken: Raw, shown: str, value: str, said: str) -> Taken:
    return Taken(taken, rules.SHOWN_OTHERWISE, {"shown": shown, "value": value, "taken": said})


def said_number(number: float) -> str:
    """Return a number as a Vietnamese cell shows it: a comma before its decimals."""
    return f"{fifteen_digits(number):.15g}".replace(".", ",")


def said_day(serial: float) -> str:
    """Return the day of a serial number as day/month/year."""
    return to_date(serial).strftime("%d/%m/%Y")


def _long_day(day: int, month: int, year: int) -> Text:
    return Text(f"ngày {day} tháng {month} năm {year}", f"{year}-{month:02d}-{day:02d}")


def named(places: Iterator[tuple[int, int]] | Sequence[tuple[int, int]]) -> tuple[str, str]:
    """Return some cells in words, at most eight areas of them, and the address of the first."""
    found = areas((column, row, row) for row, column in places)
    more = ", …" if len(found) > MOST_AREAS else ""
    return ", ".join(area for area, _ in found[:MOST_AREAS]) + more, found[0][0].split(":")[0]
