"""Computed cells: the values that the workbook fills in by itself, in Excel and in Python.

The ``derived`` of a column or of a single cell names an entry of ``DERIVATIONS`` or
``FIGURES``. Cached results in a returned file are never believed; :func:`complete_plan`
computes them again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import NamedTuple

from macros_free_validation.compiling import counted, define
from macros_free_validation.expression import (
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
from workbook_templates.vocabulary import NOT_REACHED, Verdict, level_label


@dataclass(eq=False)  # not frozen, which would take three times as long to make
class Row:
    """The input of a derivation: the row, and the tables completed before it."""

    layout: Layout
    sheet: PlacedSheet
    row: int
    ordinal: int
    values: Sequence[Raw]
    done: Mapping[str, Sequence[Record]]

    def get(self, field: str) -> Raw:
        """Return a cell of the row."""
        return self.values[self.sheet.column(field).index]

    @cached_property
    def criterion(self) -> KnownCriterion | None:
        """The criterion that the row means, if it is written in a known way."""
        return _known_criteria(self.layout).get(_label(self))

    @cached_property
    def task(self) -> Record | None:
        """The row of the plan that a progress row reports on."""
        own = self.row - self.sheet.first_row + self.layout.sheet("plan").first_row
        return _record_at(self.done.get("plan", ()), own)


class KnownCriterion(NamedTuple):
    """The standard and the band of a criterion, and its row in the self-assessment."""

    standard: str
    band: str
    row: int


@lru_cache(maxsize=64)
def _known_criteria(layout: Layout) -> Mapping[str, KnownCriterion]:
    regulation = layout.regulation
    assessment = layout.sheet("self_assessment")
    rows = {c.code: row for row, c in enumerate(regulation.criteria, start=assessment.first_row)}
    return {
        c.label: KnownCriterion(regulation.standard_of(c), band_of(regulation, c), rows[c.code])
        for c in regulation.criteria
    }


def _record_at(records: Sequence[Record], row: int) -> Record | None:
    at = bisect_left(records, row, key=_row_of)
    return records[at] if at < len(records) and records[at].row == row else None


_row_of = attrgetter("row")


@dataclass(frozen=True, slots=True)
class Derivation:
    """A computed column: its Excel half (without ``=``) and its Python half.

    One formula, written for the first row, serves all rows with its references moved along,
    unless it ``differs_by_row``.
    """

    excel: Callable[[Place, int], str]
    python: Callable[[Row], Raw]
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


def _label(row: Row) -> str:
    value = row.get("criterion")
    if isinstance(value, str) and not is_plain(value):
        return ""
    return criterion_meant(value, _labels(row.layout))


@lru_cache(maxsize=64)
def _labels(layout: Layout) -> Mapping[str | None, str]:
    return {text: c.label for text, c in layout.criteria_by_spelling.items()}


def _of_criterion_excel(name: str) -> Callable[[Place, int], str]:
    def write(at: Place, _row: int) -> str:
        label = Field("criterion_label").excel(at)
        return f'IFERROR(INDEX({name},MATCH({label},dm_criteria,0)),"")'

    return write


def _standard(row: Row) -> Raw:
    return row.criterion.standard if row.criterion else ""


def _band(row: Row) -> Raw:
    return row.criterion.band if row.criterion else ""


def _current_level(row: Row) -> Raw:
    if row.criterion is None:
        return ""
    record = _record_at(row.done.get("self_assessment", ()), row.criterion.row)
    reached = row.layout.sheet("self_assessment").column("reached_level").index
    return record.values[reached] if record else ""


def _criterion_of_row(row: Row) -> Raw:
    labels = _labels_by_row(row.layout)
    position = row.row - row.sheet.first_row
    return labels[position] if position < len(labels) else ""


@lru_cache(maxsize=64)
def _labels_by_row(layout: Layout) -> Sequence[str]:
    return [c.label for c in layout.regulation.criteria]


def _mandatory_excel(at: Place, _row: int) -> str:
    return f'IF(INDEX(dm_mandatory,ROW()-{at.sheet.header_row})="x","x","")'


def _mandatory(row: Row) -> Raw:
    return "x" if row.layout.regulation.criteria[row.row - row.sheet.first_row].mandatory else ""


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


def _reached(row: Row) -> Raw:
    levels = row.layout.regulation.criteria[row.row - row.sheet.first_row].levels
    met, not_met = key(Verdict.MET.label.vi), key(Verdict.NOT_MET.label.vi)
    reached: Raw = NOT_REACHED if plain_key(row.get(f"result_{levels[0]}")) == not_met else ""
    for level in levels:
        if plain_key(row.get(f"result_{level}")) != met:
            break
        reached = level_label(level)
    return reached


def _of_plan_excel(field: str) -> Callable[[Place, int], str]:
    def write(at: Place, _row: int) -> str:
        plan = at.layout.sheet("plan")
        x = other_row(plan, field, f"ROW(){plan.first_row - at.sheet.first_row:+d}")
        return f'IF({filled_excel(x)},{x},"")'

    return write


def _of_plan(field: str) -> Callable[[Row], Raw]:
    def read(row: Row) -> Raw:
        if row.task is None:
            return ""
        value = row.task.values[row.layout.sheet("plan").column(field).index]
        return value if filled(value) else ""

    return read


DERIVATIONS: Mapping[str, Derivation] = {
    "row_number": Derivation(_number_excel, lambda row: _number(row.ordinal) or ""),
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
    **{name: value for level in (1, 2, 3, 4) for name, value in _figures_at(level)},
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


def derive_row(
    layout: Layout,
    sheet: PlacedSheet,
    number: int,
    ordinal: int,
    values: Sequence[Raw],
    done: Mapping[str, Sequence[Record]],
    period: Period = NO_PERIOD,
) -> Record:
    """Return a row with its computed columns filled in, and the meanings of its inputs behind.

    ``ordinal`` numbers the rows in use from 1; it is 0 for a row that is not in use.
    """
    computed = _computed(sheet)
    row_values = list(values[: len(sheet.columns)])  # a completed row has the meanings behind
    for index, reader in _readers(sheet):
        row_values += reader.meaning(row_values[index], period)
    if not computed:
        return Record(number, tuple(row_values))
    row = Row(layout, sheet, number, ordinal, row_values, done)
    for index, derivation in computed:
        row_values[index] = derivation.python(row) if derivation else None
    return Record(number, tuple(row_values))


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
        records = []
        for ordinal, (number, values) in enumerate(rows.get(sheet.key, ()), start=1):
            records.append(derive_row(layout, sheet, number, ordinal, values, tables, period))
        if sheet.columns:
            tables[sheet.key] = tuple(records)
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
