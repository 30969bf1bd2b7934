"""The lists of a district as plain tables for analysts: the same rows under the same names.

A column of dates or numbers holds nothing else. Other values typed there, such as "tháng 9",
are in an additional column beside it, so that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from kdcl_xl.district.model.model import District
from kdcl_xl.district.sheets.declare import Listing
from kdcl_xl.district.sheets.order import contents_of
from macros_free_validation.values import EPOCH, CellError, Raw, is_date, is_number, to_date
from workbook_templates.styles import STYLES
from workbook_templates.text import Language, Text

Value = str | float | date | datetime | None


class Kind(Enum):
    """The type of the values of a column."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    """A day and a time of day in Viet Nam."""


@dataclass(frozen=True)
class TableColumn:
    """A column with its values, one per row."""

    name: str
    kind: Kind
    values: Sequence[Value]


@dataclass(frozen=True)
class Table:
    """A list under the name of its sheet."""

    name: str
    columns: tuple[TableColumn, ...]

    @property
    def rows(self) -> Iterator[tuple[Value, ...]]:
        """The values, row by row."""
        return zip(*(column.values for column in self.columns), strict=True)


def tables_of(district: District, language: Language) -> tuple[Table, ...]:
    """Return every list of the authority workbook, in the order of its sheets."""
    return tuple(map(_table, contents_of(district, language).lists))


_AS_TYPED = Text("{name} (ghi khác)", "{name} (as typed)")


def _table(listing: Listing[object]) -> Table:
    language = listing.language
    columns: list[TableColumn] = []
    is_record = listing.sheet.is_record
    entries = [e for e in listing.entries if is_record is None or is_record(e)]
    for column in listing.columns:
        name, kind = column.header.in_(language), _kind(column.style)
        raws = [*map(column.record or column.value, entries)]
        values = [_value(raw, kind) for raw in raws]
        columns.append(TableColumn(name, kind, values))
        odd = [None if v is not None else _words(raw) for v, raw in zip(values, raws, strict=True)]
        if any(odd):
            other = _AS_TYPED.format(name=name).in_(language)
            columns.append(TableColumn(other, Kind.TEXT, odd))
    return Table(listing.sheet.name.in_(language), tuple(columns))


def _kind(style: str) -> Kind:
    """Return the kind of a column by the number format of its style."""
    shown = str(STYLES[style].get("num_format", ""))
    if "hh" in shown:
        return Kind.TIME
    if "yy" in shown:
        return Kind.DATE
    return Kind.NUMBER if set(shown) & set("0#") else Kind.TEXT


def _value(raw: Raw, kind: Kind) -> Value:
    """Return a value as one of a kind; None where it is of another kind."""
    if kind is Kind.TEXT:
        return _words(raw)
    if not is_number(raw):
        return None
    if kind is Kind.NUMBER:
        return raw
    if not is_date(raw):
        return None
    if kind is Kind.DATE:
        return to_date(raw)
    # Excel keeps a time as a fraction of a day, which is inexact: round to the minute.
    minutes = round(raw % 1 * 24 * 60)
    return datetime.combine(EPOCH, datetime.min.time()) + timedelta(int(raw), minutes=minutes)


def _words(raw: Raw) -> str | None:
    """Return any value as text; None for an empty one."""
    if raw is None or raw == "":
        return None
    if isinstance(raw, CellError):
        return raw.code
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    return f"{raw:.15g}" if isinstance(raw, float) else raw
