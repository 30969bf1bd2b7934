"""The model of a report, and the registry of formats that any report can be written in.

A format is a module ``as_NAME`` of this package with a function ``render`` and the endings
of its files, ``ENDINGS``. It is found by its file name, so that a new format is one new file, and
it is imported only when it is used.
"""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from types import ModuleType
from typing import Any

from macros_free_validation.rule import Severity
from workbook_templates.text import Language, Text
from workbook_templates.vocabulary import Labelled

NOTHING = Text("", "")
Value = str | float | Severity | Labelled | None
"""A cell of a report: a text, a number or truth value, or a member with a label."""


class Kind(Enum):
    """The meaning of a column, for formats that show more than plain text."""

    TEXT = auto()
    CODE = auto()
    """Short codes and addresses, which a page never breaks over two lines."""
    PATH = auto()
    """The path of a file, of which a page for others shows only the name."""
    SECTION = auto()
    """The sheet of a workbook: a page puts the rows of each sheet under their own heading."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a report; ``blank`` is what a heading made of an empty cell says."""

    heading: Text
    kind: Kind = Kind.TEXT
    blank: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one subject, such as a file.

    ``subject`` has a value for each of the table's ``subjects``. ``note`` is a sentence for
    readers of a page; a group without rows has nothing else to say.
    """

    subject: tuple[Value, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of a report, in groups; every row is as wide as ``columns``."""

    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    subjects: tuple[Column, ...] = ()


class Report(ABC):
    """One report of a command. Its parts are made when a format asks for them."""

    language: Language

    @property
    @abstractmethod
    def title(self) -> Text:
        """The title of the report."""

    @property
    def intro(self) -> Text:
        """A request to the reader of a page; empty where there is none."""
        return NOTHING

    @property
    @abstractmethod
    def records(self) -> Mapping[str, Any]:
        """Everything as nested plain values, for programs."""

    @property
    @abstractmethod
    def lines(self) -> Iterator[str]:
        """Everything as lines, for a terminal."""

    @property
    @abstractmethod
    def table(self) -> Table:
        """Everything as rows, for a spreadsheet or a page."""

    @property
    def summary(self) -> str:
        """The totals in a sentence; empty where there are none."""
        return ""


def word(value: Value, language: Language) -> str:
    """Return a cell as a reader sees it; whole numbers have no decimal point."""
    if isinstance(value, Severity | Labelled):
        return value.label.in_(language)
    if isinstance(value, bool):
        return _YES_NO[value].in_(language)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def aligned(table: Table, language: Language, count: int) -> Iterator[str]:
    """Yield the first ``count`` columns of a table as lines, under each other by spaces."""
    columns = table.columns[:count]
    cells = [[column.heading.in_(language) for column in columns]]
    cells += [
        [word(value, language) for value in row[:count]] for g in table.groups for row in g.rows
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


_YES_NO = {True: Text("có", "yes"), False: Text("không", "no")}
_PREFIX = "as_"
DEFAULT_FORMAT = "text"


def formats() -> tuple[str, ...]:
    """Return the names of the formats, the default one first; imports none of them."""
    modules = pkgutil.iter_modules([str(Path(__file__).parent)])
    found = [m.name.removeprefix(_PREFIX) for m in modules if m.name.startswith(_PREFIX)]
    return tuple(sorted(found, key=lambda name: (name != DEFAULT_FORMAT, name)))


def endings(name: str) -> tuple[str, ...]:
    """Return the endings that a file of a format may have, in lower case and with the dot."""
    found: tuple[str, ...] = _module(name).ENDINGS
    return found


def render(report: Report, name: str) -> str:
    """Write a report in a format; the text ends with a line break and is safe to show."""
    text: str = _module(name).render(report)
    return text


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"{__package__}.{_PREFIX}{name}")
