"""A plan: the values that a person typed, by sheet, field and row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from macros_free_validation.values import (
    CellError,
    Raw,
    filled,
    is_date,
    is_number,
    key,
    plain_key,
    to_date,
)
from workbook_templates.declare import Type
from workbook_templates.layout import Layout
from workbook_templates.regulation import Criterion
from workbook_templates.school_kind import SchoolKind
from workbook_templates.vocabulary import level_label, level_spellings


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table: its row on the sheet and its raw values, column by column."""

    row: int
    values: tuple[Raw, ...]


@dataclass(frozen=True)
class Plan:
    """The typed content of one school workbook.

    ``cells`` holds the single cells by sheet and field; ``tables`` the rows in
    use by sheet, in the order of the sheet. Values are raw: see
    :mod:`macros_free_validation.values`.
    """

    layout: Layout
    cells: Mapping[str, Mapping[str, Raw]]
    tables: Mapping[str, tuple[Record, ...]]

    def cell(self, field: str, sheet: str = "cover") -> Raw:
        """Return the raw value of a single cell."""
        return self.cells.get(sheet, {}).get(field)

    def text(self, field: str, sheet: str = "cover") -> str:
        """Return a single cell as text; an empty text where it holds none."""
        value = self.cell(field, sheet)
        return value if isinstance(value, str) else ""

    def day(self, field: str) -> date | None:
        """Return the day that a cover cell means, or None."""
        value = self.cell(f"{field}_meant")
        return to_date(value) if is_date(value) else None

    def meant(self, sheet: str, record: Record, field: str) -> Raw:
        """Return what the text of a date or an amount means: a serial day, or đồng."""
        return self.value(sheet, record, f"{field}_meant")

    def rows(self, sheet: str) -> tuple[Record, ...]:
        """Return the rows in use of a table; none where the form lacks it."""
        return self.tables.get(sheet, ())

    def value(self, sheet: str, record: Record, field: str) -> Raw:
        """Return the raw value of one cell of a table; None where there is no such column."""
        placed = self.layout.sheet(sheet)
        return record.values[placed.column(field).index] if placed.has_column(field) else None

    def column(self, sheet: str, field: str) -> Sequence[Raw]:
        """Return a table's column, raw and row by row; empty where there is no such column."""
        placed = self.layout.sheet(sheet)
        if not placed.has_column(field):
            return ()
        index = placed.column(field).index
        return [record.values[index] for record in self.rows(sheet)]

    def criterion_of(self, sheet: str, record: Record) -> Criterion | None:
        """Return the criterion that a row means, however it is spelt."""
        known = self.layout.criteria_by_key.get(key(self.value(sheet, record, "criterion_label")))
        if known is not None:
            return known
        value = self.value(sheet, record, "criterion")
        return self.layout.regulation.criterion(value) if isinstance(value, str) else None

    def kind_taught(self, kind_id: str) -> SchoolKind | None:
        """Return the kind of school with that id, or the one its cover says more closely.

        A school of several levels that are not known says on its cover which they are.
        """
        regulation = self.layout.regulation
        kind = regulation.kind(kind_id)
        if kind is None or not kind.is_open:
            return kind
        taught = key(self.cell("taught"))
        named = (k for k in regulation.kinds if key(k.label.vi) == taught)
        return next((k for k in named if k.has_several_levels and not k.is_open), kind)

    @property
    def units(self) -> frozenset[str]:
        """The school's own units, as keys for comparison."""
        names = (record.values[0] for record in self.rows("lists"))
        return frozenset(k for name in names if filled(name) and (k := plain_key(name)))


_LEVELS = {
    key(text): level_label(level) for level in (1, 2, 3, 4) for text in level_spellings(level)
}


def level_meant(value: Raw) -> Raw:
    """Return the label of the level that a cell means, however it is typed, or the value itself."""
    text = f"{value:.15g}" if is_number(value) else key(value)
    return _LEVELS.get(text, value)


def typed(value: Raw, kind: Type) -> str | float | int | bool | date | None:
    """Return a raw value as its writer means it: dates as dates, whole numbers as integers."""
    if isinstance(value, CellError):
        return value.code
    if kind is Type.DATE and is_date(value):
        return to_date(value)
    if is_number(value) and value.is_integer():
        return int(value)
    return value
