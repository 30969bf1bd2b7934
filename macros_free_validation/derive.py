"""Computed cells: the values that the workbook fills in by itself, in Excel and in Python.

The ``derived`` of a column or of a single cell names an entry of ``DERIVATIONS`` or
``FIGURES``. Cached results in a returned file are never believed; :func:`complete_plan`
computes them again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from macros_free_validation.compiling import counted, define
from macros_free_validation.expression import (
    LEVELS,
    SCHOOL_LEVEL,
    TASKS_OF_CRITERION,
    CriteriaTotal,
    CriterionMeant,
    Field,
    IsAny,
    Key,
    Percent,
    Place,
    Plain,
    Value,
    filled_excel,
    other_row,
    verdicts,
)
from macros_free_validation.expression.python_half import criterion_meant
from macros_free_validation.plan import Plan, Record
from macros_free_validation.understood import NO_PERIOD, Period, Reader, reader_of
from macros_free_validation.values import Raw, filled, key, plain_key
from workbook_templates.characters import is_plain
from workbook_templates.layout import Layout, PlacedCell, PlacedColumn, PlacedSheet, band_of
from workbook_templates.regulation import Criterion
from workbook_templates.vocabulary import NOT_REACHED, Verdict, level_label


@dataclass(frozen=True)
class Table:
    """The input of a derivation: rows of a sheet, and the tables completed before it.

    ``ordinals`` number the rows in use from 1; 0 is a row that is not in use.
    """

    layout: Layout
    sheet: PlacedSheet
    rows: Sequence[int]
    ordinals: Sequence[int]
    values: Sequence[Sequence[Raw]]
    done: Mapping[str, Sequence[Record]]

    def column(self, field: str) -> list[Raw]:
        """Return a column, row by row."""
        index = self.sheet.column(field).index
        return [values[index] for values in self.values]

    @property
    def criteria(self) -> Iterator[Criterion]:
        """The criteria of a sheet that has one in each row."""
        criteria, first = self.layout.regulation.criteria, self.sheet.first_row
        return (criteria[row - first] for row in self.rows)

    @property
    def criteria_meant(self) -> list[KnownCriterion | None]:
        """The criterion that each row means, if it is written in a known way."""
        # The label is computed before all columns that depend on it.
        return [*map(_known_criteria(self.layout).get, self.column("criterion_label"))]

    @cached_property
    def tasks(self) -> Sequence[Sequence[Raw] | None]:
        """The row of the plan that each progress row reports on."""
        offset = self.layout.sheet("plan").first_row - self.sheet.first_row
        found = {record.row: record.values for record in self.done.get("plan", ())}
        return [found.get(row + offset) for row in self.rows]


class KnownCriterion(NamedTuple):
    """The standard and the band of a criterion, and its row in the self-assessment."""

    standard: str
    band: str
    row: int


@lru_cache(maxsize=64)
def _known_criteria(layout: Layout) -> Mapping[Raw, KnownCriterion]:
    regulation = layout.regulation
    assessment = layout.sheet("self_assessment")
    rows = {c.code: row for row, c in enumerate(regulation.criteria, start=assessment.first_row)}
    return {
        c.label: KnownCriterion(regulation.standard_of(c), band_of(regulation, c), rows[c.code])
        for c in regulation.criteria
    }


@dataclass(frozen=True, slots=True)
class Derivation:
    """A computed column: its Excel half (without ``=``) and its Python half, of all rows.

    One formula, written for the first row, serves all rows with its references moved along,
    unless it ``differs_by_row``.
    """

    excel: Callable[[Place, int], str]
    python: Callable[[Table], Sequence[Raw]]
    differs_by_row: bool = False


def _number_excel(at: Place, row: int) -> str:
    letter = at.used_letter
    return f'IF({letter}{row},COUNTIF(${letter}${at.sheet.first_row}:${letter}{row},TRUE),"")'


# One object for each number: every plan has the same ones in its rows.
_number = lru_cache(maxsize=1024)(float)

_CRITERION = Field("criterion")
_MEANT = CriterionMeant(_CRITERION)


def _label_excel(at: Place, _row: int) -> str:
    return f'IF({Plain(_CRITERION).excel(at)},{_MEANT.excel(at)},"")'


def _label(table: Table) -> list[Raw]:
    labels = _labels(table.layout)
    return [
        criterion_meant(value, labels) if is_plain(value) else ""
        for value in table.column("criterion")
    ]


@lru_cache(maxsize=64)
def _labels(layout: Layout) -> Mapping[str | None, str]:
    return {text: c.label for text, c in layout.criteria_by_spelling.items()}


def _of_criterion_excel(name: str) -> Callable[[Place, int], str]:
    def write(at: Place, _row: int) -> str:
        label = Field("criterion_label").excel(at)
        return f'IFERROR(INDEX({name},MATCH({label},dm_criteria,0)),"")'

    return write


def _standard(table: Table) -> list[Raw]:
    return [meant.standard if meant else "" for meant in table.criteria_meant]


def _band(table: Table) -> list[Raw]:
    return [meant.band if meant else "" for meant in table.criteria_meant]


def _current_level(table: Table) -> list[Raw]:
    index = table.layout.sheet("self_assessment").column("reached_level").index
    done = table.done.get("self_assessment", ())
    reached = {record.row: record.values[index] for record in done}
    return [reached.get(meant.row, "") if meant else "" for meant in table.criteria_meant]


def _criterion_of_row(table: Table) -> list[Raw]:
    labels, first = _labels_by_row(table.layout), table.sheet.first_row
    return [labels[r - first] if r - first < len(labels) else "" for r in table.rows]


@lru_cache(maxsize=64)
def _labels_by_row(layout: Layout) -> Sequence[str]:
    """Return the labels of all criteria; one object each for all plans of a layout."""
    return [criterion.label for criterion in layout.regulation.criteria]


def _mandatory_excel(at: Place, _row: int) -> str:
    return f'IF(INDEX(dm_mandatory,ROW()-{at.sheet.header_row})="x","x","")'


def _mandatory(table: Table) -> list[Raw]:
    return ["x" if criterion.mandatory else "" for criterion in table.criteria]


def _reached_excel(at: Place, row: int) -> str:
    levels = at.layout.regulation.criteria[row - at.sheet.first_row].levels

    def is_(level: int, verdict: Verdict) -> str:
        result = Field(f"result_{level}")
        return (Plain(result) & IsAny(result, (verdict.label.vi,))).excel(at)

    reached = f'"{level_label(levels[-1])}"'
    for level in reversed(levels[1:]):
        below = level_label(level - 1)
        reached = f'IF({is_(level, Verdict.MET)},{reached},"{below}")'
    failed = f'IF({is_(levels[0], Verdict.NOT_MET)},"{NOT_REACHED}","")'
    return f"IF({is_(levels[0], Verdict.MET)},{reached},{failed})"


def _reached(table: Table) -> list[Raw]:
    sheet = table.sheet
    index = {n: sheet.column(f).index for n in LEVELS if sheet.has_column(f := f"result_{n}")}
    rows = zip(table.criteria, table.values, strict=True)
    return [_level_reached([(n, values[index[n]]) for n in c.levels]) for c, values in rows]


def _level_reached(results: Sequence[tuple[int, Raw]]) -> Raw:
    """Return the level that the verdicts on the levels of a criterion lead to."""
    reached: Raw = NOT_REACHED if plain_key(results[0][1]) == _NOT_MET else ""
    for level, result in results:
        if plain_key(result) != _MET:
            break
        reached = level_label(level)
    return reached


_MET, _NOT_MET = key(Verdict.MET.label.vi), key(Verdict.NOT_MET.label.vi)


def _of_plan_excel(field: str) -> Callable[[Place, int], str]:
    def write(at: Place, _row: int) -> str:
        plan = at.layout.sheet("plan")
        x = other_row(plan, field, f"ROW(){plan.first_row - at.sheet.first_row:+d}")
        return f'IF({filled_excel(x)},{x},"")'

    return write


def _of_plan(field: str) -> Callable[[Table], list[Raw]]:
    def read(table: Table) -> list[Raw]:
        index = table.layout.sheet("plan").column(field).index
        return [task[index] if task and filled(task[index]) else "" for task in table.tasks]

    return read


DERIVATIONS: Mapping[str, Derivation] = {
    "row_number": Derivation(
        _number_excel, lambda table: [_number(ordinal) or "" for ordinal in table.ordinals]
    ),
    "criterion_label": Derivation(_label_excel, _label),
    "standard_of_criterion": Derivation(_of_criterion_excel("dm_standard_of"), _standard),
    "band_of_criterion": Derivation(_of_criterion_excel("dm_band_of"), _band),
    "current_level": Derivation(_of_criterion_excel("sa_reached"), _current_level),
    "criterion_of_row": Derivation(
        lambda at, row: f"INDEX(dm_criteria,{row - at.sheet.first_row + 1})", _criterion_of_row
    ),
    "mandatory_of_row": Derivation(_mandatory_excel, _mandatory),
    "reached_level": Derivation(_reached_excel, _reached, differs_by_row=True),
    "plan_number": Derivation(_of_plan_excel("no"), _of_plan("no")),
    "plan_task": Derivation(_of_plan_excel("task"), _of_plan("task")),
    "plan_lead": Derivation(_of_plan_excel("lead"), _of_plan("lead")),
    "plan_deadline": Derivation(_of_plan_excel("deadline"), _of_plan("deadline")),
}
"""Every column computed from its own row and the tables before it.

The row's own status and check are not among them: they come from the rules.
"""


def _figures_at(level: int) -> Iterator[tuple[str, Value]]:
    total = CriteriaTotal(level)
    met, not_met = verdicts(Verdict.MET, level), verdicts(Verdict.NOT_MET, level)
    yield f"total_{level}", total
    yield f"met_{level}", met
    yield f"not_met_{level}", not_met
    yield f"rest_{level}", total - (met + not_met)
    yield f"met_percent_{level}", Percent(met, total)


FIGURES: Mapping[str, Value] = {
    "tasks_of_criterion": TASKS_OF_CRITERION,
    "school_level": SCHOOL_LEVEL,
    **{name: value for level in LEVELS for name, value in _figures_at(level)},
}
"""Every column and single cell computed by counting rows, as an expression of the rules.

They are computed when all tables are complete, and nothing else depends on them.
"""


@dataclass(frozen=True)
class PlacedFigure:
    """A figure and its place: a column (``index`` from 0) or a single cell."""

    sheet: str
    field: str
    index: int | None
    value: Value
    python: Callable[..., Raw]
    """Called with the row's values, the single cells by sheet, and the counts of ``counters``."""
    counters: tuple[tuple[Key, ...], ...]


@lru_cache(maxsize=64)
def figures_of(layout: Layout) -> tuple[PlacedFigure, ...]:
    """Return the figures of a layout, sheet by sheet."""
    found = []
    for sheet in layout.sheets:
        columns = ((c.field, c.index, c.column.derived) for c in sheet.columns)
        cells = ((c.field, None, c.cell.derived) for c in sheet.cells)
        for field, index, name in (*columns, *cells):
            value = FIGURES.get(name or "")
            if value is None:
                continue
            place = Place(layout, sheet)
            result = value.python(place)
            counts = "".join(f", {counter}" for counter in place.counters.values())
            names = define(f"def figure(r, cells{counts}):\n    return {result}", place)
            python: Callable[..., Raw] = names["figure"]  # type: ignore[assignment]
            counters = tuple(place.counters)
            found.append(PlacedFigure(sheet.key, field, index, value, python, counters))
    return tuple(found)


@lru_cache(maxsize=64)
def _counting(
    layout: Layout,
) -> tuple[Sequence[tuple[Key, ...]], Sequence[tuple[PlacedFigure, Sequence[int]]]]:
    """Return the counters of all figures, and for each figure the indexes of its own."""
    figures = figures_of(layout)
    counters = list(dict.fromkeys(keys for figure in figures for keys in figure.counters))
    return counters, [(f, [counters.index(keys) for keys in f.counters]) for f in figures]


Typed = Mapping[str, Sequence[tuple[int, Sequence[Raw]]]]
"""Rows as typed, by sheet: row number (from 1) and one value for each column."""


def derive_rows(
    layout: Layout,
    sheet: PlacedSheet,
    rows: Sequence[tuple[int, Sequence[Raw]]],
    done: Mapping[str, Sequence[Record]],
    period: Period = NO_PERIOD,
) -> tuple[Record, ...]:
    """Return rows with their computed columns filled in, and the meanings of their inputs behind.

    ``rows`` are those of a sheet in :data:`Typed`. ``done`` are the tables completed before.
    """
    return _derived(layout, sheet, rows, range(1, len(rows) + 1), done, period)


def blank_rows(
    layout: Layout,
    sheet: PlacedSheet,
    numbers: Collection[int],
    done: Mapping[str, Sequence[Record]],
) -> tuple[Record, ...]:
    """Return the rows with some numbers as they are while nobody uses them."""
    nothing = [(number, (None,) * len(sheet.columns)) for number in numbers]
    return _derived(layout, sheet, nothing, [0] * len(nothing), done, NO_PERIOD)


def _derived(
    layout: Layout,
    sheet: PlacedSheet,
    rows: Sequence[tuple[int, Sequence[Raw]]],
    ordinals: Sequence[int],
    done: Mapping[str, Sequence[Record]],
    period: Period,
) -> tuple[Record, ...]:
    completed = []
    for _, typed in rows:
        values = list(typed[: len(sheet.columns)])  # a completed row has the meanings behind
        for index, reader in _readers(sheet):
            values += reader.meaning(values[index], period)
        completed.append(values)
    numbers = [number for number, _ in rows]
    table = Table(layout, sheet, numbers, ordinals, completed, done)
    for index, derivation in _computed(sheet):
        column = derivation.python(table) if derivation else [None] * len(rows)
        for values, value in zip(completed, column, strict=True):
            values[index] = value
    return tuple(map(Record, numbers, map(tuple, completed)))


@lru_cache(maxsize=256)
def _computed(sheet: PlacedSheet) -> tuple[tuple[int, Derivation | None], ...]:
    """Return the columns that nobody types in, each with its derivation if it has one."""
    return tuple(
        (placed.index, DERIVATIONS.get(placed.column.derived or ""))
        for placed in sheet.columns
        if placed.column.locked or placed.column.derived in DERIVATIONS
    )


@lru_cache(maxsize=256)
def _readers(sheet: PlacedSheet) -> tuple[tuple[int, Reader], ...]:
    """Return the columns of dates and amounts with their readers, as the hidden columns follow."""
    return tuple(
        (meaning.input.index, reader_of(meaning.declared))
        for meaning in sheet.meanings
        if isinstance(meaning.input, PlacedColumn)
    )


def with_meanings(sheet: PlacedSheet, cells: Mapping[str, Raw]) -> dict[str, Raw]:
    """Return single cells, by field, with the meanings of their dates and amounts."""
    found = dict(cells)
    for meaning in sheet.meanings:
        if isinstance(meaning.input, PlacedCell):
            value = found.get(meaning.input.field)
            results = reader_of(meaning.declared).meaning(value, NO_PERIOD)
            found.update(zip((r.field for r in meaning.results), results, strict=True))
    return found


def period_of(cover: Mapping[str, Raw]) -> Period:
    """Return the period of a plan, from the completed cells of its cover."""
    return Period(cover.get("period_start_meant"), cover.get("period_end_meant"))


def complete_plan(layout: Layout, cells: Mapping[str, Mapping[str, Raw]], rows: Typed) -> Plan:
    """Make a plan of typed values: computed columns are filled in, cached ones dropped."""
    every = {s.key: with_meanings(s, cells.get(s.key, {})) for s in layout.sheets}
    period = period_of(every["cover"])
    tables: dict[str, tuple[Record, ...]] = {}
    for sheet in layout.sheets:
        if sheet.columns:
            tables[sheet.key] = derive_rows(layout, sheet, rows.get(sheet.key, ()), tables, period)
    _fill_in_figures(layout, every, tables)
    return Plan(layout, every, tables)


def _fill_in_figures(
    layout: Layout, cells: dict[str, dict[str, Raw]], tables: dict[str, tuple[Record, ...]]
) -> None:
    counters, figures = _counting(layout)
    counts = counted(counters, layout, tables)
    for figure, places in figures:
        own = [counts[place] for place in places]
        if figure.index is None:
            cells[figure.sheet][figure.field] = figure.python((), cells, *own)
            continue
        records = []
        for record in tables.get(figure.sheet, ()):
            values = list(record.values)
            values[figure.index] = figure.python(values, cells, *own)
            records.append(Record(record.row, tuple(values)))
        tables[figure.sheet] = tuple(records)
