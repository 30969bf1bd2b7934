"""The place in which an expression is written, and the keys by which rows are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from macros_free_validation import values as v
from macros_free_validation.expression.excel_half import (
    date_excel,
    day_excel,
    filled_excel,
    listed_excel,
    own_row,
    tidy_excel,
)
from workbook_templates.characters import is_plain
from workbook_templates.declare import Lists
from workbook_templates.layout import Layout, PlacedSheet, mandatory_mark


class KeyKind(StrEnum):
    """The way in which a cell's value becomes a key that rows can be counted by."""

    TEXT = "text"
    """Tidy text without regard to case; other values, and unusual characters, have no key."""
    MONTH = "month"
    """Month of a date: year x 12 + month."""
    FILLED = "filled"
    """``x`` where the cell is filled."""
    MANDATORY = "mandatory"
    """``x`` where the cell holds a mandatory criterion, ``-`` where it holds another one."""


@dataclass(frozen=True)
class Key:
    """A hidden helper column: the key of one field of one table.

    Rows are counted by keys, never by typed values: a key holds no error value, no
    stray space, and nothing that Excel reads as a wildcard.
    """

    sheet: str
    field: str
    kind: KeyKind = KeyKind.TEXT

    @property
    def name(self) -> str:
        """The defined name of the column's cells."""
        return f"k_{self.sheet}_{self.field}_{self.kind}"

    def excel(self, at: Place) -> str:
        """Return the formula of the helper column."""
        x = at.own_cell(self.field)
        match self.kind:
            case KeyKind.TEXT:
                text = tidy_excel(x)
                if plain := at.plain_excel(self.field):
                    text = f'IF({plain},{text},"")'
                return f'IF(ISTEXT({x}),{text},"")'
            case KeyKind.MONTH:
                day = day_excel(x)
                return f'IF({date_excel(x)},YEAR({day})*12+MONTH({day}),"")'
            case KeyKind.FILLED:
                return f'IF({filled_excel(x)},"x","")'
            case KeyKind.MANDATORY:
                found = f"INDEX(dm_mandatory,MATCH({tidy_excel(x)},dm_criteria,0))"
                listed = listed_excel(x, Lists.CRITERIA)
                if plain := at.plain_excel(self.field):
                    listed = f"IF({plain},{listed},FALSE)"
                return f'IF({listed},IFERROR({found},""),"")'

    def result(self, value: v.Raw, layout: Layout) -> str | float:
        """Return the result of the helper column's formula for a cell value."""
        if self.kind is KeyKind.TEXT:
            return v.tidy(value) if v.is_text(value) and is_plain(value) else ""
        return self.of(value, layout)

    def of(self, value: v.Raw, layout: Layout) -> str | float:
        """Return the key of a cell value for comparison: ``result`` in lower case."""
        return self.of_all((value,), layout)[0]

    def of_all(self, values: Sequence[v.Raw], layout: Layout) -> list[str | float]:
        """Return the keys of a column's values, in their order."""
        match self.kind:
            case KeyKind.TEXT:
                return [v.plain_key(value) or "" for value in values]
            case KeyKind.MONTH:
                return [v.month_key(value) for value in values]
            case KeyKind.FILLED:
                return ["x" if v.filled(value) else "" for value in values]
            case KeyKind.MANDATORY:
                criteria = map(layout.criteria_by_key.get, map(v.plain_key, values))
                return ["" if c is None else mandatory_mark(c) for c in criteria]


UNIT_KEY = Key("lists", "unit")
"""The key of the school's own units."""


@dataclass(frozen=True)
class Place:
    """The sheet of a layout in which an expression is written.

    ``used_letter`` is the helper column that says whether a row is in use, and
    ``key_letters`` are the helper columns of the sheet's keys. ``plain_tests`` are Excel's
    tests, by field, that the rule on unusual characters does not name the cell. ``constants`` and
    ``counters`` collect the names that the Python half needs beside the row's values.
    """

    layout: Layout
    sheet: PlacedSheet
    used_letter: str = ""
    key_letters: Mapping[Key, str] = field(default_factory=dict)
    plain_tests: Mapping[str, str] = field(default_factory=dict)
    constants: dict[str, object] = field(default_factory=dict)
    counters: dict[tuple[Key, ...], str] = field(default_factory=dict)

    def own_cell(self, field_name: str) -> str:
        """Return the Excel reference to a field of the own row."""
        return own_row(self.sheet, self.sheet.column(field_name).letter)

    def plain_excel(self, field_name: str) -> str:
        """Return Excel's test that no unusual character was found in a field of the own row.

        It is empty for a field in which none is looked for.
        """
        return self.plain_tests.get(field_name, "")

    def constant(self, value: object) -> str:
        """Return the Python name of a constant; equal constants share a name."""
        for name, known in self.constants.items():
            if type(known) is type(value) and known == value:
                return name
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def counter(self, keys: tuple[Key, ...]) -> str:
        """Return the Python name of the number of rows by some keys of a table."""
        return self.counters.setdefault(keys, f"n{len(self.counters)}")
