"""The places of a workbook: a form bound to a regulation and a number of rows.

This is the only module that knows a column letter or a row number. Writer,
reader, rules, dictionary and docs all ask a :class:`Layout`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, pairwise

from workbook_templates.declare import (
    FIXED_LISTS,
    MEANINGS,
    ROW_COUNTS,
    Cell,
    Column,
    Form,
    Letterhead,
    Lists,
    PrintBlock,
    Printed,
    PrintGrid,
    PrintTable,
    Rows,
    Sheet,
    TextLines,
    Type,
)
from workbook_templates.forms import FORMS
from workbook_templates.forms.sheets import LEFT_BEHIND, SENT_BACK, TO_REVIEW
from workbook_templates.regulation import Criterion, Regulation
from workbook_templates.text import Text, normalise
from workbook_templates.vocabulary import level_choice, level_label

DEFAULT_ROWS = 120
FEWEST_ROWS, MOST_ROWS = 10, 2000
HEADING_ROW, INTRO_ROW = 1, 2
Limits = tuple[tuple[str, int], ...]
"""The limits that an authority has set in place of the rules' own: names and numbers."""
BLOCK_ROW = 4
"""First row below heading and introduction."""
COVER_LABEL, COVER_VALUE, COVER_CHECK = 1, 2, 3
"""Columns of the cover sheet, from 0."""
EMPTY_LIST = 1
"""Column of the lists sheet, from 0, that is always empty."""


def letter_of(index: int) -> str:
    """Return the letters of a column index from 0: ``A``, …, ``Z``, ``AA``."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=20_000)
def column_index(letters: str) -> int:
    """Return the index (from 0) of a column's letters."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


@dataclass(frozen=True, slots=True)
class PlacedColumn:
    """A column of a table with its place."""

    column: Column
    index: int

    @property
    def letter(self) -> str:
        """The column's letter."""
        return letter_of(self.index)

    @property
    def field(self) -> str:
        """The column's field."""
        return self.column.field


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A single cell with its place; ``row`` counts from 1, ``index`` from 0.

    ``span`` is the number of columns it is merged over.
    """

    cell: Cell
    row: int
    index: int
    span: int = 1

    @property
    def ref(self) -> str:
        """The cell's address: ``C7``."""
        return f"{letter_of(self.index)}{self.row}"

    @property
    def field(self) -> str:
        """The cell's field."""
        return self.cell.field


@dataclass(frozen=True, slots=True)
class PlacedMeaning:
    """An input for a date or an amount, and the hidden places of what its text means.

    The results of a column are columns behind all declared ones; those of a cell of the cover
    are cells of its row.
    """

    input: PlacedColumn | PlacedCell
    results: tuple[PlacedColumn | PlacedCell, ...]

    @property
    def declared(self) -> Column | Cell:
        """The declaration of the input."""
        return self.input.cell if isinstance(self.input, PlacedCell) else self.input.column


UNDERSTOOD = "understood"
"""The computation of the hidden columns and cells with the meaning of an input."""


def _meanings_of_columns(columns: Sequence[PlacedColumn]) -> Iterator[PlacedMeaning]:
    index = len(columns)
    for placed in columns:
        if placed.column.locked or placed.column.type not in MEANINGS:
            continue
        results = []
        for ending in MEANINGS[placed.column.type]:
            column = Column(
                f"{placed.field}_{ending}",
                placed.column.header,
                placed.column.help,
                placed.column.width,
                placed.column.type if ending == "meant" else Type.TEXT,
                derived=UNDERSTOOD,
            )
            results.append(PlacedColumn(column, index))
            index += 1
        yield PlacedMeaning(placed, tuple(results))


def _meanings_of_cover(cells: Sequence[PlacedCell]) -> Iterator[PlacedMeaning]:
    for placed in cells:
        if placed.cell.locked or placed.cell.type not in MEANINGS:
            continue
        results = []
        for index, ending in enumerate(MEANINGS[placed.cell.type], start=COVER_CHECK + 1):
            cell = Cell(
                f"{placed.field}_{ending}",
                placed.cell.label,
                placed.cell.help,
                placed.cell.type if ending == "meant" else Type.TEXT,
                locked=True,
                derived=UNDERSTOOD,
            )
            results.append(PlacedCell(cell, placed.row, index))
        yield PlacedMeaning(placed, tuple(results))


@dataclass(frozen=True)
class PlacedSheet:
    """A sheet with the places of its cells and of its table (rows from 1).

    ``cells`` and ``columns`` are those that the form declares. What the texts of dates and
    amounts mean is in hidden cells and columns beside them, which ``cell`` and ``column`` find.
    """

    sheet: Sheet
    cells: tuple[PlacedCell, ...]
    columns: tuple[PlacedColumn, ...]
    header_row: int
    row_count: int
    meanings: tuple[PlacedMeaning, ...] = field(default=(), init=False, compare=False, repr=False)
    """The inputs for dates and amounts, in the order of the sheet."""
    _columns: Mapping[str, PlacedColumn] = field(default_factory=dict, compare=False, repr=False)
    _cells: Mapping[str, PlacedCell] = field(default_factory=dict, compare=False, repr=False)
    _hash: int = field(default=0, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Index columns and cells by field, and hash them once."""
        cover = not self.columns
        found = _meanings_of_cover(self.cells) if cover else _meanings_of_columns(self.columns)
        meanings = tuple(found)
        hidden = [result for meaning in meanings for result in meaning.results]
        columns = [*self.columns, *(c for c in hidden if isinstance(c, PlacedColumn))]
        cells = [*self.cells, *(c for c in hidden if isinstance(c, PlacedCell))]
        object.__setattr__(self, "meanings", meanings)
        object.__setattr__(self, "_columns", {c.field: c for c in columns})
        object.__setattr__(self, "_cells", {c.field: c for c in cells})
        of_all = (self.sheet, self.cells, self.columns, self.header_row, self.row_count)
        object.__setattr__(self, "_hash", hash(of_all))

    def __hash__(self) -> int:
        """Return a cheap hash: sheets are looked up in caches time and again."""
        return self._hash

    def __reduce__(self) -> tuple[type[PlacedSheet], tuple[object, ...]]:
        """Compute the hash anew in another process, where texts have other hashes."""
        values = (self.sheet, self.cells, self.columns, self.header_row, self.row_count)
        return PlacedSheet, values

    @property
    def key(self) -> str:
        """The sheet's key."""
        return self.sheet.key

    @property
    def name(self) -> str:
        """The name on the sheet's tab."""
        return self.sheet.name

    @property
    def first_row(self) -> int:
        """First input row of the table; 0 where the sheet has none."""
        return self.header_row + 1 if self.columns else 0

    @property
    def last_row(self) -> int:
        """Last input row of the table; 0 where the sheet has none."""
        return self.header_row + self.row_count if self.columns else 0

    def column(self, field: str) -> PlacedColumn:
        """Return the column with that field.

        Raises:
            KeyError: the table has no such column.
        """
        return self._columns[field]

    def cell(self, field: str) -> PlacedCell:
        """Return the single cell with that field.

        Raises:
            KeyError: the sheet has no such cell.
        """
        return self._cells[field]

    @property
    def hidden(self) -> tuple[PlacedColumn | PlacedCell, ...]:
        """The hidden columns or cells with the meanings of inputs."""
        return tuple(result for meaning in self.meanings for result in meaning.results)

    @property
    def width(self) -> int:
        """The number of columns of a table, with the hidden ones."""
        return len(self.columns) + (len(self.hidden) if self.columns else 0)

    def has_column(self, field: str) -> bool:
        """Return whether the table has that column."""
        return field in self._columns

    def has_cell(self, field: str) -> bool:
        """Return whether the sheet has that single cell."""
        return field in self._cells

    def ref(self, field: str, row: int) -> str:
        """Return the address of a table's cell."""
        return f"{self.column(field).letter}{row}"

    def range(self, field: str) -> str:
        """Return the absolute address of a column's input rows: ``$H$5:$H$124``."""
        letter = self.column(field).letter
        return f"${letter}${self.first_row}:${letter}${self.last_row}"

    @property
    def quoted(self) -> str:
        """The sheet's name as formulas spell it."""
        return "'" + self.name.replace("'", "''") + "'"


FLAG_INDEX, FIRST_PRINTED = 0, 1
"""Columns of a print-out, from 0: the filter's flag, and the first that is printed."""
TOP_ROW = 1
"""The row of a print-out that holds the filter's button and the texts before they are cut."""
LETTERHEAD_ROWS = 8
LINE_ROWS = 130
"""Lines that a stretch of text has room for."""
_HELPERS = 5


@dataclass(frozen=True)
class PlacedBlock:
    """A part of a print-out with its first and its last row (from 1)."""

    block: PrintBlock
    first: int
    last: int

    @property
    def header_row(self) -> int:
        """Headings of a table's or a grid's columns, below its title."""
        return self.first + 1

    @property
    def first_row(self) -> int:
        """First row of a table or a grid, below headings and numbers of the columns."""
        numbered = isinstance(self.block, PrintTable) and self.block.numbered
        return self.header_row + 1 + numbered


@dataclass(frozen=True)
class PlacedPrint:
    """A print-out with its places: rows from 1, columns from 0.

    Lines of text reach from the first printed column over the empty ones to its right. Merged
    cells have a measuring column outside the page: programs fit a row to single cells only.
    """

    sheet: PlacedSheet
    printed: Printed
    blocks: tuple[PlacedBlock, ...]
    measures: tuple[float, ...]
    """Widths of the measuring columns."""

    @property
    def widths(self) -> tuple[float, ...]:
        """The widths of the printed columns."""
        return self.printed.widths

    @property
    def last_index(self) -> int:
        """The last column that is printed."""
        return FIRST_PRINTED + len(self.widths) - 1

    @property
    def middle_index(self) -> int:
        """The first column of the right half of the letterhead, which is the wider one."""
        half, width = sum(self.widths) * 0.45, 0.0
        for index, own in enumerate(self.widths, start=FIRST_PRINTED):
            width += own
            if width >= half:
                return index + 1
        return self.last_index

    @property
    def measure_index(self) -> int:
        """The first measuring column."""
        return self.last_index + 1

    @property
    def helper_index(self) -> int:
        """The first of the hidden columns."""
        return self.measure_index + len(self.measures)

    @property
    def last_helper(self) -> int:
        """The last of the hidden columns."""
        return self.helper_index + _HELPERS - 1

    @property
    def last_row(self) -> int:
        """The last row."""
        return self.blocks[-1].last

    def letter(self, index: int) -> str:
        """Return the letter of a column."""
        return letter_of(index)

    def spans(self, spans: Sequence[int]) -> list[tuple[int, int]]:
        """Return the first and the last column of each cell of a row."""
        ends = list(accumulate(spans, initial=FIRST_PRINTED))
        return [(first, after - 1) for first, after in pairwise(ends)]


def place_print(layout: Layout, sheet: PlacedSheet) -> PlacedPrint:
    """Return the places of everything on a print-out."""
    printed = sheet.sheet.printed
    assert printed is not None
    row, blocks = TOP_ROW, []
    for block in printed.blocks:
        blocks.append(PlacedBlock(block, row + 1, row + _rows_of(layout, block)))
        row = blocks[-1].last
    merged = [_merged_widths(printed.widths, spans) for spans in _spans_of(printed)]
    measures = tuple(map(min, _columns_of(merged)))
    return PlacedPrint(sheet, printed, tuple(blocks), measures)


def _rows_of(layout: Layout, block: PrintBlock) -> int:
    match block:
        case Letterhead():
            return LETTERHEAD_ROWS
        case TextLines():
            return LINE_ROWS
        case PrintGrid(source=source):
            grid = layout.sheet(source).sheet.grid
            assert grid is not None
            return 2 + len(grid.rows)
        case PrintTable(source=source):
            return 2 + block.numbered + block.stride * layout.sheet(source).row_count


def _spans_of(printed: Printed) -> Iterator[Sequence[int]]:
    for block in printed.blocks:
        if isinstance(block, PrintGrid):
            yield block.spans
        elif isinstance(block, PrintTable):
            yield tuple(column.span for column in block.columns)


def _merged_widths(widths: Sequence[float], spans: Sequence[int]) -> list[float]:
    """Return the widths of the cells of a row that are merged of several columns."""
    ends = accumulate(spans, initial=0)
    return [sum(widths[a:b]) for a, b in pairwise(ends) if b > a + 1]


def _columns_of(rows: Sequence[Sequence[float]]) -> list[list[float]]:
    """Return the columns of rows of different lengths."""
    longest = max(map(len, rows), default=0)
    return [[row[n] for row in rows if n < len(row)] for n in range(longest)]


@dataclass(frozen=True, slots=True)
class ListArea:
    """A locked list on the lists sheet: its defined name, heading, column and values."""

    name: str
    header: Text
    index: int
    values: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """A form bound to a regulation: every place and every list of the workbook."""

    form: Form
    regulation: Regulation
    rows: int
    sheets: tuple[PlacedSheet, ...]
    areas: tuple[ListArea, ...]
    limits: Limits = ()
    criteria_by_key: Mapping[str | None, Criterion] = field(
        default_factory=dict, compare=False, repr=False
    )
    """Criteria by their label, tidy and in lower case."""
    criteria_by_spelling: Mapping[str | None, Criterion] = field(
        default_factory=dict, compare=False, repr=False
    )
    """Criteria by every text that means them in a cell, tidy and in lower case."""
    _sheets: Mapping[str, PlacedSheet] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Index the sheets by key."""
        object.__setattr__(self, "_sheets", {sheet.key: sheet for sheet in self.sheets})

    def __hash__(self) -> int:
        """Return a cheap hash: layouts are looked up in caches time and again."""
        return hash((self.form.id, self.regulation.id, self.rows, len(self.limits)))

    def sheet(self, key: str) -> PlacedSheet:
        """Return the sheet with that key.

        Raises:
            KeyError: the form has no such sheet.
        """
        return self._sheets[key]

    @property
    def compared_sheets(self) -> tuple[PlacedSheet, ...]:
        """The sheets that are locked and compared on reading; the print-out is the school's own."""
        return tuple(sheet for sheet in self.sheets if sheet.sheet.printed is None)

    def has_sheet(self, key: str) -> bool:
        """Return whether the form has that sheet."""
        return key in self._sheets

    def area(self, name: str) -> ListArea:
        """Return the locked list with that defined name."""
        return next(a for a in self.areas if a.name == name)

    def area_range(self, name: str) -> str:
        """Return the absolute reference to a locked list, with its sheet."""
        lists = self.sheet("lists")
        area = self.area(name)
        letter = letter_of(area.index)
        last = lists.first_row + len(area.values) - 1
        return f"{lists.quoted}!${letter}${lists.first_row}:${letter}${last}"

    def values(self, choices: Lists) -> tuple[str, ...]:
        """Return the values that a dropdown over a fixed list offers."""
        return self.area(list_name(choices)).values

    def dependent_values(self, choices: Lists) -> Mapping[str, tuple[str, ...]]:
        """Return the values that a dependent dropdown offers, by the value of its parent."""
        return _dependent(self.regulation)[choices]

    def offered(self, sheet: PlacedSheet, field: str, row: int) -> bool:
        """Return whether a cell of a table takes input: it is not locked, and its level exists."""
        column = sheet.column(field).column
        if column.locked:
            return False
        if sheet.key == "self_assessment" and field.startswith("result_"):
            criterion = self.regulation.criteria[row - sheet.first_row]
            return int(field.removeprefix("result_")) in criterion.levels
        return True


def list_name(choices: Lists) -> str:
    """Return the defined name of the locked list behind a dropdown."""
    return "dm_criterion_choices" if choices is Lists.CRITERIA else f"dm_{choices}"


def mandatory_mark(criterion: Criterion) -> str:
    """Return the mark of a criterion on the lists sheet: ``x`` for a mandatory one, or a dash."""
    return "x" if criterion.mandatory else "-"


DEPENDENT_LISTS = (Lists.LEVELS_OF_CRITERION,)


def _dependent(regulation: Regulation) -> dict[Lists, dict[str, tuple[str, ...]]]:
    return {
        Lists.LEVELS_OF_CRITERION: {
            c.label: tuple(level_choice(level) for level in c.levels) for c in regulation.criteria
        },
    }


CRITERION_WORD = "Tiêu chí "
"""The word before a criterion's label in print and in the dropdown.

A label begins with a number, and spreadsheet programs count such a text up when it is dragged
down; behind a word they leave it as it is.
"""


def criterion_choices(regulation: Regulation) -> tuple[str, ...]:
    """Return the values that a cell for a criterion accepts while typing.

    People choose from the first ones; the codes after them are for typing.
    """
    criteria = regulation.criteria
    return (*(CRITERION_WORD + c.label for c in criteria), *(c.code for c in criteria))


def criterion_spellings(regulation: Regulation) -> dict[str, Criterion]:
    """Return the criteria by every text that means them in a cell.

    The label of a criterion as an amendment words it means the criterion of the same code.
    """
    known = {c.code: c for c in regulation.criteria}
    worded = [(c, c) for c in regulation.criteria]
    worded += [
        (c, known[c.code])
        for amendment in regulation.amendments
        for c in amendment.criteria
        if c.code in known
    ]
    found: dict[str, Criterion] = {}
    for criterion, meant in worded:
        code, label = criterion.code, criterion.label
        for text in (label, code, f"{code}."):
            for spelling in (text, CRITERION_WORD + text):
                found.setdefault(spelling, meant)
    return found


def band_of(regulation: Regulation, criterion: Criterion) -> str:
    """Return the band of a criterion in print: ``Mức 1, 2, 3`` (``Mức 1, 2``) or ``Mức 4``."""
    if criterion.levels == (4,):
        return level_label(4)
    return level_label(1) + "".join(f", {n}" for n in regulation.levels if 1 < n < 4)


def _areas(regulation: Regulation) -> Iterator[ListArea]:
    criteria = regulation.criteria
    levels = _dependent(regulation)[Lists.LEVELS_OF_CRITERION]
    pairs = [(criterion, level) for criterion, names in levels.items() for level in names]
    spellings = criterion_spellings(regulation)
    columns: list[tuple[str, Text, tuple[str, ...]]] = [
        ("dm_criteria", Text("Tiêu chí", "Criteria"), tuple(c.label for c in criteria)),
        (
            "dm_criterion_choices",
            Text("Tiêu chí (để chọn)", "Criteria (to choose)"),
            criterion_choices(regulation),
        ),
        ("dm_spellings", Text("Cách ghi tiêu chí", "Spellings of criteria"), tuple(spellings)),
        (
            "dm_spelt",
            Text("Tiêu chí của cách ghi", "Criterion of the spelling"),
            tuple(c.label for c in spellings.values()),
        ),
        (
            "dm_standard_of",
            Text("Tiêu chuẩn của tiêu chí", "Standard of the criterion"),
            tuple(regulation.standard_of(c) for c in criteria),
        ),
        (
            "dm_band_of",
            Text("Nhóm mức của tiêu chí", "Band of the criterion"),
            tuple(band_of(regulation, c) for c in criteria),
        ),
        (
            "dm_mandatory",
            Text("Bắt buộc", "Mandatory"),
            tuple(mandatory_mark(c) for c in criteria),
        ),
        (
            "dm_level_key",
            Text("Tiêu chí (theo mức)", "Criterion (by level)"),
            tuple(criterion for criterion, _ in pairs),
        ),
        (
            "dm_level_of",
            Text("Mức của tiêu chí", "Level of the criterion"),
            tuple(level for _, level in pairs),
        ),
        (
            "dm_standards",
            Text("Tiêu chuẩn", "Standards"),
            tuple(s.label for s in regulation.standards),
        ),
        (
            "dm_levels",
            Text("Mức", "Levels"),
            tuple(level_label(level) for level in regulation.levels),
        ),
    ]
    columns.append(
        (
            f"dm_{Lists.KINDS_TAUGHT}",
            Text("Các cấp học", "Levels taught"),
            tuple(kind.label.vi for kind in regulation.kinds if not kind.is_open),
        )
    )
    columns += [
        (f"dm_{choices}", header, tuple(word.label.vi for word in words))
        for choices, (words, header) in FIXED_LISTS.items()
    ]
    for index, (name, header, values) in enumerate(columns, start=EMPTY_LIST + 1):
        yield ListArea(name, header, index, values)


def _cover_cells(sheet: Sheet) -> Iterator[PlacedCell]:
    for row, cell in enumerate(sheet.cells, start=BLOCK_ROW):
        yield PlacedCell(cell, row, COVER_VALUE)


def _grid_cells(sheet: Sheet) -> Iterator[PlacedCell]:
    grid = sheet.grid
    if grid is None:
        return
    for row, (key, label) in enumerate(grid.rows, start=BLOCK_ROW + 1):
        index = grid.first_column + 1
        for column in grid.columns:
            cell = Cell(
                f"{column.field}_{key}",
                Text(f"{label.vi}: {column.header.vi}", f"{label.en}: {column.header.en}"),
                column.header,
                column.type,
                locked=column.derived is not None,
                lines=grid.lines,
                derived=f"{column.derived}_{key}" if column.derived else None,
            )
            yield PlacedCell(cell, row, index, column.span)
            index += column.span
    if grid.footer is not None:
        yield PlacedCell(grid.footer, BLOCK_ROW + grid.height, grid.first_column + 1)


@lru_cache(maxsize=512)
def _place(sheet: Sheet, criteria: int, rows: int) -> PlacedSheet:
    """Place a sheet; layouts with equal places share the object."""
    counts = {**ROW_COUNTS, Rows.PLAN: rows, Rows.CRITERIA: criteria}
    header_row = BLOCK_ROW
    if sheet.grid is not None:
        header_row = BLOCK_ROW + sheet.grid.height + 2
    header_row += sheet.has_official_headings
    return PlacedSheet(
        sheet,
        (*_cover_cells(sheet), *_grid_cells(sheet)),
        tuple(PlacedColumn(column, index) for index, column in enumerate(sheet.columns)),
        header_row,
        counts[sheet.rows] if sheet.rows else 0,
    )


@lru_cache(maxsize=64)
def _build(form_id: str, regulation: Regulation, rows: int, limits: Limits) -> Layout:
    form = FORMS[form_id]
    return Layout(
        form,
        regulation,
        rows,
        tuple(_place(sheet, len(regulation.criteria), rows) for sheet in form.sheets),
        tuple(_areas(regulation)),
        limits,
        {normalise(c.label).lower(): c for c in regulation.criteria},
        {normalise(t).lower(): c for t, c in criterion_spellings(regulation).items()},
    )


def build_layout(
    regulation: Regulation,
    rows: int = DEFAULT_ROWS,
    form_id: str | None = None,
    limits: Limits = (),
) -> Layout:
    """Bind a regulation to its form, or to another form, with ``rows`` plan rows.

    ``limits`` are the numbers that an authority has set in place of the rules' own.

    Raises:
        ValueError: ``rows`` is outside the limits, or no such form.
    """
    if not FEWEST_ROWS <= rows <= MOST_ROWS:
        raise ValueError(f"rows must be from {FEWEST_ROWS} to {MOST_ROWS}")
    form_id = form_id or regulation.form
    if form_id not in FORMS:
        raise ValueError(f"no form {form_id!r}")
    return _build(form_id, regulation, rows, tuple(sorted(limits)))


def left_behind_sheet(rows: int) -> PlacedSheet:
    """Return the sheet for values that have no place in a newer template, with that many rows."""
    return _beside_the_form(LEFT_BEHIND, rows)


def sent_back_sheet(rows: int) -> PlacedSheet:
    """Return the sheet for the requests to a school, with that many rows."""
    return _beside_the_form(SENT_BACK, rows)


def to_review_sheet(rows: int) -> PlacedSheet:
    """Return the sheet for what to confirm in a draft, with that many rows."""
    return _beside_the_form(TO_REVIEW, rows)


def _beside_the_form(sheet: Sheet, rows: int) -> PlacedSheet:
    columns = tuple(PlacedColumn(column, i) for i, column in enumerate(sheet.columns))
    return PlacedSheet(sheet, (), columns, BLOCK_ROW, rows)
