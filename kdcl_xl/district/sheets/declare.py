"""The declaration of a sheet of the authority workbook.

Each module of a sheet has one declaration, ``SHEET``. The workbook, the tables for analysts
and the overview are derived from them in the order of
:data:`kdcl_xl.district.sheets.order.SHEETS`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Generic, TypeVar

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.district.model.model import District
from kdcl_xl.district.sheets.links import Links
from kdcl_xl.district.sheets.places import HEADER_ROW, Part, RowLink, parts_of, row_of
from kdcl_xl.xlsx.writer import Book
from macros_free_validation.values import Raw
from workbook_templates.layout import letter_of
from workbook_templates.text import Language, Text

T = TypeVar("T")

FEWEST_COLUMNS = 3
"""Columns of a list at least.

The next merge recognises a list that comes back by its row of headings. Two known headings in
a row can be chance, and then the values under them would become notes.
"""


class Total(IntEnum):
    """The total above a column, by its function number in SUBTOTAL.

    The numbers over 100 leave out rows that are hidden, by a filter or by hand.
    """

    SUM = 109
    COUNT = 103


@dataclass(frozen=True)
class ListColumn(Generic[T]):
    """A column of a list: heading, width in characters, value of an entry, and style.

    ``link`` returns the target of a click, or None: a row, or an internal target such as
    ``internal:'Trường'!A4:A9``. Only columns of short values have one, because LibreOffice
    does not wrap the text of a link. ``formula`` returns, for a row (from 1), the formula
    whose result is ``value``. ``total`` counts the rows that a filter shows. A ``hidden``
    column is there for formulas and for the next merge. An auditor fills in a ``typed`` one.
    ``record`` returns the value for tables, where it differs from the one that is shown.
    """

    header: Text
    width: float
    value: Callable[[T], Raw]
    style: str = "cell"
    link: Callable[[T], RowLink | str | None] | None = None
    formula: Callable[[int], str] | None = None
    total: Total | None = None
    hidden: bool = False
    typed: bool = False
    record: Callable[[T], Raw] | None = None


@dataclass(frozen=True)
class ListSheet(Generic[T]):
    """A sheet with one list under a title and notes of one line each.

    ``entries`` takes them from a district; ``columns`` may depend on the entries.
    ``numbered`` adds a hidden number to each row, for links that survive sorting.
    ``finish`` adds to a written sheet, with its number of entries, what is no cell:
    dropdowns, colours. ``level`` gives the depth of an entry in an outline; the entries of
    the depth 2 are folded under the one above. ``is_record`` leaves out of tables for analysts
    the entries that are above others.
    """

    name: Text
    title: Text
    entries: Callable[[District], Sequence[T]]
    columns: Callable[[Sequence[T], Links], tuple[ListColumn[T], ...]]
    frozen_columns: int = 0
    notes: tuple[Text, ...] = ()
    numbered: bool = False
    finish: Callable[[Book, Worksheet, Listing[T], int], None] | None = None
    level: Callable[[T], int] | None = None
    is_record: Callable[[T], bool] | None = None

    @property
    def header_row(self) -> int:
        """The row of the headings, from 0."""
        return HEADER_ROW + len(self.notes)

    @property
    def first_row(self) -> int:
        """The first row of the entries, from 0."""
        return self.header_row + 1

    def listing(
        self, district: District, links: Links, known: Sequence[T] | None = None
    ) -> Listing[T]:
        """Return the list of a district; ``known`` are its entries where somebody has them."""
        entries = self.entries(district) if known is None else known
        return Listing(self, self.columns(entries, links), entries, links.language)


@dataclass(frozen=True)
class Listing(Generic[T]):
    """The list of one district: the columns and the entries of a sheet."""

    sheet: ListSheet[T]
    columns: tuple[ListColumn[T], ...]
    entries: Sequence[T]
    language: Language

    def __post_init__(self) -> None:
        """Reject a list that the next merge would not recognise.

        Raises:
            ValueError: it has too few columns.
        """
        if len(self.columns) < FEWEST_COLUMNS:
            name = self.sheet.name.en
            raise ValueError(f"The list {name!r} needs at least {FEWEST_COLUMNS} columns.")

    @property
    def parts(self) -> tuple[Part, ...]:
        """The sheets that the list takes; more than one where it is longer than a sheet."""
        return parts_of(self.sheet.name, len(self.entries), self.sheet.first_row)

    def index(self, header: Text) -> int:
        """Return the position of a column, from 0."""
        return next(i for i, column in enumerate(self.columns) if column.header == header)

    def letter(self, header: Text) -> str:
        """Return the letter of a column."""
        return letter_of(self.index(header))

    def link_to(self, position: int) -> RowLink:
        """Return a link to the entry at a position (from 0) of a numbered list."""
        name, _ = row_of(self.sheet.name, position, self.sheet.first_row)
        # The number is in the column after the declared ones.
        return RowLink(name.in_(self.language), letter_of(len(self.columns)), position + 1)


@dataclass(frozen=True)
class Contents:
    """Everything that the sheets of an authority workbook show."""

    district: District
    links: Links
    lists: tuple[Listing[Any], ...]

    @property
    def language(self) -> Language:
        """The language of the workbook."""
        return self.links.language

    def list_of(self, sheet: ListSheet[T]) -> Listing[T]:
        """Return the list on a sheet."""
        return next(listing for listing in self.lists if listing.sheet is sheet)


@dataclass(frozen=True)
class FreeSheet:
    """A sheet without a list: the writer places every cell."""

    name: Text
    title: Text
    write: Callable[[Book, Worksheet, Contents], None]
