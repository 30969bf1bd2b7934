"""The classes in which a form is declared: sheets, columns, single cells and their lists.

A declaration says what a column *is*, never where it is: letters and rows
come from :mod:`workbook_templates.layout`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from workbook_templates.text import Text
from workbook_templates.vocabulary import (
    Accreditation,
    FundingSource,
    Labelled,
    NationalStandard,
    Ownership,
    ProgressState,
    Recurrence,
    ReportPeriod,
    Verdict,
)


class Type(StrEnum):
    """The sort of value that a cell takes."""

    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    MONEY = "money"
    """Đồng, whole or not, never negative."""
    INTEGER = "integer"
    PERCENT = "percent"
    """A number from 0 to 100."""


class Edge(StrEnum):
    """The day that a date means where a person names only a month, a quarter or a year."""

    DAY = "day"
    """None: the input takes whole dates only."""
    FIRST = "first"
    LAST = "last"


MEANINGS: Mapping[Type, tuple[str, ...]] = {Type.DATE: ("meant",), Type.MONEY: ("meant", "per")}
"""The inputs that are text as typed, and the endings of the fields that hold their meaning.

``deadline_meant`` holds the serial day that ``deadline`` means, ``budget_per`` the time after
which the amount comes again.
"""


class Lists(StrEnum):
    """The lists a dropdown can draw from."""

    CRITERIA = "criteria"
    STANDARDS = "standards"
    UNITS = "units"
    """The school's own units and roles, typed on the lists sheet."""
    LEVELS = "levels"
    """All levels of the regulation."""
    LEVELS_OF_CRITERION = "levels_of_criterion"
    RECURRENCES = "recurrences"
    FUNDING_SOURCES = "funding_sources"
    VERDICTS = "verdicts"
    PROGRESS_STATES = "progress_states"
    REPORT_PERIODS = "report_periods"
    OWNERSHIPS = "ownerships"
    ACCREDITATIONS = "accreditations"
    NATIONAL_STANDARDS = "national_standards"
    KINDS_TAUGHT = "kinds_taught"
    """The kinds of school of the regulation whose levels are known."""


FIXED_LISTS: Mapping[Lists, tuple[type[Labelled], Text]] = {
    Lists.RECURRENCES: (Recurrence, Text("Tần suất", "Recurrence")),
    Lists.FUNDING_SOURCES: (FundingSource, Text("Nguồn kinh phí", "Funding source")),
    Lists.VERDICTS: (Verdict, Text("Kết quả", "Verdict")),
    Lists.PROGRESS_STATES: (ProgressState, Text("Mức độ thực hiện", "State")),
    Lists.REPORT_PERIODS: (ReportPeriod, Text("Kỳ báo cáo", "Report period")),
    Lists.OWNERSHIPS: (Ownership, Text("Loại hình", "Ownership")),
    Lists.ACCREDITATIONS: (Accreditation, Text("Cấp độ kiểm định", "Accreditation")),
    Lists.NATIONAL_STANDARDS: (NationalStandard, Text("Chuẩn quốc gia", "National standard")),
}
"""Lists with the same words on every form, and their headings on the lists sheet."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    ``width`` is in characters of the standard font. A column with ``derived`` is
    computed by the workbook and locked; the word names the computation. ``under`` is the
    official column to which several neighbouring fields belong: a second row of headings, merged
    over them. ``former`` are headings that earlier templates had in its place, by which
    ``migrate`` still finds it. ``edge`` is the day that a date of a month or a quarter means.
    """

    field: str
    header: Text
    help: Text
    width: float
    type: Type = Type.TEXT
    required: bool = False
    choices: Lists | None = None
    parent: str | None = None
    derived: str | None = None
    former: tuple[str, ...] = ()
    under: Text | None = None
    edge: Edge = Edge.DAY

    @property
    def headings(self) -> tuple[str, ...]:
        """The Vietnamese heading, and those of earlier templates."""
        return self.header.vi, *self.former

    @property
    def locked(self) -> bool:
        """True if nobody may type in the column."""
        return self.derived is not None


@dataclass(frozen=True, slots=True)
class Cell:
    """A single cell of a sheet, with a label beside it.

    ``lines`` is the height that is expected to be needed, in lines of text. A cell with
    ``derived`` is computed by the workbook; the word names the computation. ``former`` are
    labels that earlier templates had in its place, by which ``migrate`` still finds it.
    ``edge`` is the day that a date of a month or a quarter means.
    """

    field: str
    label: Text
    help: Text
    type: Type = Type.TEXT
    required: bool = False
    locked: bool = False
    lines: int = 1
    choices: Lists | None = None
    derived: str | None = None
    former: tuple[str, ...] = ()
    edge: Edge = Edge.DAY

    @property
    def labels(self) -> tuple[str, ...]:
        """The Vietnamese label, and those of earlier templates."""
        return self.label.vi, *self.former


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column of a grid: ``field`` begins the fields of its cells, ``span`` counts columns.

    The cells of a column with ``derived`` are computed by ``<derived>_<row>``, and locked.
    ``former`` are headings that earlier templates had in its place.
    """

    field: str
    header: Text
    type: Type = Type.TEXT
    span: int = 1
    derived: str | None = None
    former: tuple[str, ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        """The Vietnamese heading, and those of earlier templates."""
        return self.header.vi, *self.former


@dataclass(frozen=True, slots=True)
class Grid:
    """A small block of single cells above a table: labelled rows by labelled columns.

    The cell in row ``r`` and column ``c`` has the field ``<c>_<r>``. ``footer`` is a cell
    of its own below the rows, with its label below theirs.
    """

    title: Text
    rows: tuple[tuple[str, Text], ...]
    columns: tuple[GridColumn, ...]
    first_column: int
    """Column of the row labels, from 0; values follow to its right."""
    lines: int = 1
    footer: Cell | None = None

    @property
    def height(self) -> int:
        """Rows below the heading."""
        return len(self.rows) + (self.footer is not None)


class Rows(StrEnum):
    """The number of rows of a table."""

    PLAN = "plan"
    """As many as the plan was given (``--rows``)."""
    CRITERIA = "criteria"
    """One for each criterion of the regulation."""
    PROBLEMS = "problems"
    UNITS = "units"


ROW_COUNTS = {Rows.PROBLEMS: 30, Rows.UNITS: 40}


@dataclass(frozen=True, slots=True)
class Heading:
    """A printed heading of the form."""

    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A printed passage: a heading, and below it the text of a cover cell.

    An ``optional`` passage is left out where the cell is blank; an ``inline`` passage is
    printed on the heading's own line.
    """

    text: str
    field: str
    optional: bool = False
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """A printed line with the sum of a column of money of the plan; none where it is 0."""

    text: str
    field: str


@dataclass(frozen=True, slots=True)
class Closing:
    """The printed sentence that ends the plan: two parts with the period between them."""

    before: str
    after: str


Line = Heading | Passage | Total | Closing


@dataclass(frozen=True, slots=True)
class PrintPart:
    """An input column as a part of an official column; nothing is printed for a blank.

    ``before`` is left out where the cell itself begins so; ``after`` follows numbers only. A
    part with ``once`` is printed only where the row before holds another value.
    """

    field: str
    before: str = ""
    after: str = ""
    once: bool = False
    sheet: str = ""
    """Another table with a row for each row of the printed one."""


@dataclass(frozen=True, slots=True)
class PrintColumn:
    """A column of an official table: its parts, each on a line of its own.

    ``span`` is the number of the sheet's columns that it takes up.
    """

    header: str
    parts: tuple[PrintPart, ...]
    span: int = 1
    centred: bool = False

    @property
    def grouped(self) -> bool:
        """True if the column shows a value that successive rows share only once."""
        return any(part.once for part in self.parts)


@dataclass(frozen=True, slots=True)
class PrintBand:
    """A row across an official table, above the first of successive rows that share a value."""

    field: str
    capitals: bool = False


@dataclass(frozen=True, slots=True)
class PrintTable:
    """An official table: the rows in use of one of the workbook's tables."""

    title: str
    source: str
    columns: tuple[PrintColumn, ...]
    bands: tuple[PrintBand, ...] = ()
    """From the outermost to the innermost."""
    numbered: bool = False
    """True if the form numbers its columns below their headings."""
    ordered: bool = False
    """True if rows come by the order that the school gives them, else by criterion."""

    @property
    def stride(self) -> int:
        """The sheet's rows for one row of the table: the rows across, and its own."""
        return len(self.bands) + 1


@dataclass(frozen=True, slots=True)
class PrintGrid:
    """The grid of a sheet as an official table; ``spans`` of the label and its columns."""

    title: str
    source: str
    label: str
    spans: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The heading of an official letter: bodies, motto, number, date, title."""


@dataclass(frozen=True, slots=True)
class TextLines:
    """Lines of text; with ``signature`` the recipients and the signer come below."""

    lines: tuple[Line, ...]
    signature: bool = False


PrintBlock = Letterhead | TextLines | PrintTable | PrintGrid


@dataclass(frozen=True, slots=True)
class Printed:
    """The signed document: the widths of the sheet's columns, and its parts from top to bottom."""

    widths: tuple[float, ...]
    blocks: tuple[PrintBlock, ...]

    @property
    def tables(self) -> tuple[PrintTable, ...]:
        """The official tables."""
        return tuple(block for block in self.blocks if isinstance(block, PrintTable))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: single cells, or a table, or a grid above a table, or a print-out."""

    key: str
    name: str
    heading: Text
    intro: Text
    cells: tuple[Cell, ...] = ()
    grid: Grid | None = None
    columns: tuple[Column, ...] = ()
    rows: Rows | None = None
    landscape: bool = True
    frozen_columns: int = 0
    printed: Printed | None = None

    @property
    def has_official_headings(self) -> bool:
        """True if the table has a second row of headings: official columns of several fields."""
        return any(column.under for column in self.columns)


@dataclass(frozen=True, slots=True)
class Form:
    """One official form as a workbook: its sheets in the order of their tabs."""

    id: str
    title: Text
    sheets: tuple[Sheet, ...]
    source: str

    def sheet(self, key: str) -> Sheet:
        """Return the sheet with that key.

        Raises:
            KeyError: the form has no such sheet.
        """
        for sheet in self.sheets:
            if sheet.key == key:
                return sheet
        raise KeyError(key)
