"""The proof that one rule has one meaning: LibreOffice and Python judge the same cells.

Tables are filled with every kind of value a person or a paste can leave, written into
workbooks, recalculated by a real LibreOffice, and every helper cell is compared with
what the Python judge says. Single cells (cover, counts) are set in a running
LibreOffice, trial after trial, and compared the same way.

The suite runs 20,000 rows, ``make prove`` 30,000, ``python -m tests.proof --rows 200000`` more.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from math import isfinite
from multiprocessing import get_context
from pathlib import Path

from kdcl_xl.template.as_text import with_typed_text
from macros_free_validation.derive import complete_plan
from macros_free_validation.judge import live_messages
from macros_free_validation.live import LiveRule, live_sheet
from macros_free_validation.plan import Plan
from macros_free_validation.rule import Case
from macros_free_validation.values import CellError, Raw
from samples.office import Office
from tests.build import fresh_workbook_bytes, make_plan
from tests.proof.generate import (
    TABLES,
    judged,
    plans_of_book,
    set_cells,
    trial,
)
from tests.proof.probes import AT_EDGES, probes
from tests.proof.regulations import BUILT_IN, regulation
from workbook_templates.layout import (
    Layout,
    PlacedCell,
    PlacedColumn,
    PlacedSheet,
    build_layout,
)

ENOUGH = 60
"""Times each rule has to fire, and to stay silent, in a run."""
RARE = {"KD609": 20} | dict.fromkeys(AT_EDGES, 0)
"""Rules that fire at most twice in a plan, and only where few criteria fail; others at edges."""
PROGRAM = Path(__file__).with_name("typed_uno.py")

Spot = tuple[str, int, int]
"""A cell: name of its sheet, row (from 1) and column (from 0)."""
Area = tuple[int, int, int, int]
"""First column and row, last column and row, as in a spot."""
Answer = dict[Spot, str]
"""What LibreOffice computed, as texts."""
Where = tuple[object, ...]
"""The parts of the place that a disagreement names; hundreds of thousands of verdicts agree."""


@dataclass
class Report:
    """What a run compared."""

    rows: int = 0
    trials: int = 0
    verdicts: int = 0
    figures: int = 0
    fired: Counter[str] = field(default_factory=Counter)
    silent: Counter[str] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)

    def compare(self, rule: LiveRule, where: Where, office: str, python: str) -> None:
        """Count one verdict, and keep it if the judges disagree."""
        self.verdicts += 1
        (self.fired if python else self.silent)[rule.rule.id] += 1
        if office != python:
            place = " ".join(map(str, where))[:60]
            text = f"{rule.rule.id} {place}: LibreOffice {office[:90]!r}, Python {python[:90]!r}"
            self.disagreements.append(text)

    def compare_figure(self, where: Where, office: str, python: Raw) -> None:
        """Count one computed cell, and keep it if the judges disagree."""
        self.figures += 1
        said = "" if python is None else str(python)
        if isinstance(python, bool | CellError):  # how LibreOffice's array of data has them
            said = str(float(python)) if isinstance(python, bool) else "None"
        if isinstance(python, float) and _is_number(office):  # a file has 16 digits of it
            office, said = f"{float(office):.15g}", f"{python:.15g}"
        if office != said:
            place = " ".join(map(str, where))
            self.disagreements.append(f"{place}: LibreOffice {office[:90]!r}, Python {said[:90]!r}")

    def add(self, other: Report) -> None:
        """Take in what another LibreOffice compared."""
        self.rows += other.rows
        self.trials += other.trials
        self.verdicts += other.verdicts
        self.figures += other.figures
        self.fired += other.fired
        self.silent += other.silent
        self.disagreements += other.disagreements

    def seldom(self) -> list[str]:
        """Rules that fired, or stayed silent, too seldom to prove anything."""
        every = sorted({*self.fired, *self.silent})
        return [r for r in every if min(self.fired[r], self.silent[r]) < RARE.get(r, ENOUGH)]

    def table(self) -> str:
        """Coverage by rule, and the totals."""
        every = sorted({*self.fired, *self.silent})
        lines = [f"{'rule':<8}{'fired':>10}{'silent':>10}"]
        lines += [f"{r:<8}{self.fired[r]:>10,}{self.silent[r]:>10,}" for r in every]
        lines.append(
            f"{self.rows:,} rows and {self.trials:,} trials of single cells, {len(every)} rules, "
            f"{self.verdicts:,} verdicts and {self.figures:,} computed cells compared, "
            f"{len(self.disagreements):,} disagreements"
        )
        return "\n".join(lines)


def _is_number(text: str) -> bool:
    try:
        return bool(text) and isfinite(float(text))
    except ValueError:
        return False


def _said_by_python(plan: Plan) -> dict[tuple[str, int, Case], str]:
    names = {sheet.key: sheet.name for sheet in plan.layout.sheets}
    return {(names[key], row, case): said for (key, row, case), said in live_messages(plan).items()}


def prove_tables(office: Office, rows: int, seed: int, report: Report) -> None:
    """Compare the judges on table rows until ``rows`` have been judged.

    Most plans are small: some rules look at a plan as a whole and speak once.
    """
    number = 0
    while report.rows < rows:
        _prove_book(office, plans_of_book(seed, number), report, f"book {number}")
        number += 1


def _prove_book(office: Office, plans: Sequence[Plan], report: Report, where: str) -> None:
    """The first plan comes from a file; the others are typed over it, one after the other."""
    plans = [with_typed_text(plans[0]), *plans[1:]]
    layout = plans[0].layout
    rules = [(s, r) for s in layout.sheets for r in live_sheet(layout, s.key).row_rules]
    figures = list(_computed_columns(layout))
    placed: list[tuple[PlacedSheet, LiveRule | PlacedColumn]] = [*rules, *figures]
    read = {
        (sheet.name, row, column.index)
        for sheet, column in placed
        for row in range(sheet.first_row, sheet.last_row + 1)
    }
    answers = _ask(office, plans[0], [_typed(plan) for plan in plans[1:]], read)
    for nth, (plan, answer) in enumerate(zip(plans, answers, strict=True)):
        report.rows += sum({sheet.key: sheet.row_count for sheet, _ in rules}.values())
        _compare_rules(plan, rules, answer, report, f"{where}, plan {nth}")
        _compare_columns(plan, figures, answer, report, f"{where}, plan {nth}")


def _typed(plan: Plan) -> dict[Spot, Raw]:
    """All in which one random plan of a layout differs from another."""
    layout = plan.layout
    cover = layout.sheet("cover")
    issued = cover.cell("issue_date")
    found = {(cover.name, issued.row, issued.index): plan.cell("issue_date", "cover")}
    for sheet in (layout.sheet(key) for key in TABLES if layout.has_sheet(key)):
        records = {record.row: record.values for record in plan.rows(sheet.key)}
        inputs = [c.index for c in sheet.columns if not c.column.locked]
        for row in range(sheet.first_row, sheet.last_row + 1):
            values = records.get(row)
            found |= {(sheet.name, row, i): values[i] if values else None for i in inputs}
    return found


def _computed_columns(layout: Layout) -> Iterator[tuple[PlacedSheet, PlacedColumn]]:
    for sheet in layout.sheets:
        for column in sheet.columns:
            if column.column.derived not in (None, "status", "check", "criterion_of_row"):
                yield sheet, column
        yield from ((sheet, placed) for placed in sheet.hidden if isinstance(placed, PlacedColumn))


def _compare_rules(
    plan: Plan,
    rules: Sequence[tuple[PlacedSheet, LiveRule]],
    answer: Answer,
    report: Report,
    where: str,
) -> None:
    said = _said_by_python(plan)
    for sheet, rule in rules:
        for row in range(sheet.first_row, sheet.last_row + 1):
            python = said.get((sheet.name, row, rule.case), "")
            office = answer[sheet.name, row, rule.index]
            report.compare(rule, (where, sheet.name, row), office, python)


def _compare_columns(
    plan: Plan,
    columns: Sequence[tuple[PlacedSheet, PlacedColumn]],
    answer: Answer,
    report: Report,
    where: str,
) -> None:
    for sheet, placed in columns:
        for record in plan.rows(sheet.key):
            place = (where, sheet.name, sheet.ref(placed.field, record.row))
            office = answer[sheet.name, record.row, placed.index]
            report.compare_figure(place, office, record.values[placed.index])


def _ask(
    office: Office, plan: Plan, rounds: Sequence[Mapping[Spot, Raw]], read: Iterable[Spot]
) -> list[Answer]:
    """What LibreOffice computes for a plan, and once more after each round of typing."""

    def plain(value: Raw) -> object:
        return {"error": value.code} if isinstance(value, CellError) else value

    # A call into LibreOffice costs as much as some hundred cells: few areas, if wide ones.
    areas = [
        (sheet, (left, min(rows), right, max(rows)))
        for sheet, columns in _by_column(read).items()
        for left, right in _runs(columns)
        for rows in [[row for i in range(left, right + 1) for row in columns[i]]]
    ]
    typed = [
        [
            (sheet, area, [[plain(cells[sheet, row, i]) for i in across] for row in down])
            for sheet, area in _areas(cells)
            for across, down in [(range(area[0], area[2] + 1), range(area[1], area[3] + 1))]
        ]
        for cells in rounds
    ]
    with tempfile.TemporaryDirectory() as folder:
        book, job = Path(folder, "a.xlsx"), Path(folder, "job.json")
        book.write_bytes(fresh_workbook_bytes(plan))
        job.write_text(json.dumps({"path": str(book), "rounds": typed, "read": areas}), "utf-8")
        answers = json.loads(office.run(PROGRAM, str(job)))
    return [
        {
            (sheet, top + down, left + across): text
            for (sheet, (left, top, _, _)), rows in zip(areas, answer, strict=True)
            for down, texts in enumerate(rows)
            for across, text in enumerate(texts)
        }
        for answer in answers
    ]


def _by_column(cells: Iterable[Spot]) -> dict[str, dict[int, list[int]]]:
    """Rows of some cells by sheet and column."""
    found: dict[str, dict[int, list[int]]] = {}
    for sheet, row, column in cells:
        found.setdefault(sheet, {}).setdefault(column, []).append(row)
    return found


def _areas(cells: Iterable[Spot]) -> Iterator[tuple[str, Area]]:
    """The rectangles, each on its sheet, that together are some cells and no other."""
    for sheet, columns in _by_column(cells).items():
        lengths: dict[tuple[int, int], list[int]] = {}
        for column, rows in columns.items():
            for length in _runs(rows):
                lengths.setdefault(length, []).append(column)
        for (top, bottom), found in lengths.items():
            for left, right in _runs(found):
                yield sheet, (left, top, right, bottom)


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of each run of consecutive numbers."""
    ordered = sorted(numbers)
    breaks = [(a, b) for a, b in pairwise(ordered) if b != a + 1]
    starts = [ordered[0], *(b for _, b in breaks)]
    return list(zip(starts, [*(a for a, _ in breaks), ordered[-1]], strict=True))


def prove_single_cells(office: Office, trials: int, seed: int, report: Report) -> None:
    """Compare the judges on single cells, set and recalculated in a running LibreOffice."""
    for number, name in enumerate(BUILT_IN[:2]):
        layout = judged(build_layout(regulation(name), 10))
        rng = random.Random(f"{seed}-cells-{number}")
        rounds = [trial(layout, rng) for _ in range(trials // 2)]
        rules, figures = list(_single_rules(layout)), list(_computed_cells(layout))
        read = {(s.name, c.row, i) for s, c, i in [(s, c, r.index) for r, s, c in rules]}
        read |= {(sheet.name, cell.row, cell.index) for sheet, cell in figures}
        blank = make_plan(layout, tables={"plan": []})
        _, *answers = _ask(office, blank, [_set(layout, values) for values in rounds], read)
        for values, answer in zip(rounds, answers, strict=True):
            plan = _plan_of(layout, values)
            said = _said_by_python(plan)
            report.trials += 1
            for rule, sheet, cell in rules:
                python = said.get((sheet.name, 0, rule.case), "")
                where = (name, sheet.name, rule.case.field, values[sheet.key])
                report.compare(rule, where, answer[sheet.name, cell.row, rule.index], python)
            for sheet, cell in figures:
                where = (name, sheet.name, cell.field, values[sheet.key])
                office_says = answer[sheet.name, cell.row, cell.index]
                report.compare_figure(where, office_says, plan.cell(cell.field, sheet.key))


def _computed_cells(layout: Layout) -> Iterator[tuple[PlacedSheet, PlacedCell]]:
    for sheet in layout.sheets:
        yield from ((sheet, cell) for cell in sheet.cells if cell.cell.derived)
        yield from ((sheet, placed) for placed in sheet.hidden if isinstance(placed, PlacedCell))


def _single_rules(layout: Layout) -> Iterator[tuple[LiveRule, PlacedSheet, PlacedCell]]:
    for sheet in layout.sheets:
        for rule in live_sheet(layout, sheet.key).rules:
            if sheet.has_cell(rule.case.field):
                yield rule, sheet, sheet.cell(rule.case.field)


def _set(layout: Layout, values: dict[str, dict[str, Raw]]) -> dict[Spot, Raw]:
    """The cells of a trial by place."""
    found = {
        (sheet.name, cell.row, cell.index): values[key].get(cell.ref)
        for key in values
        for sheet in [layout.sheet(key)]
        for cell in set_cells(sheet)
    }
    sheet = layout.sheet("self_assessment")
    return found | {
        (sheet.name, row, c.index): values[sheet.key].get(f"{c.letter}{row}")
        for c in sheet.columns
        if c.field.startswith("result_")
        for row in range(sheet.first_row, sheet.last_row + 1)
    }


def _plan_of(layout: Layout, values: dict[str, dict[str, Raw]]) -> Plan:
    cells = {
        key: {cell.field: refs.get(cell.ref) for cell in layout.sheet(key).cells}
        for key, refs in values.items()
    }
    sheet = layout.sheet("self_assessment")
    rows = [
        (row, [values["self_assessment"].get(f"{c.letter}{row}") for c in sheet.columns])
        for row in range(sheet.first_row, sheet.last_row + 1)
    ]
    return complete_plan(layout, cells, {"self_assessment": rows})


def _share(rows: int, trials: int, seed: int) -> Report:
    """What one LibreOffice does of a run."""
    report = Report()
    with Office() as office, probes():
        prove_single_cells(office, trials, seed, report)
        prove_tables(office, rows, seed, report)
    return report


def prove(rows: int, trials: int, seed: int, jobs: int = 2) -> Report:
    """A whole run, shared among several LibreOffices."""
    if jobs == 1:
        return _share(rows, trials, seed)
    share = (-(-rows // jobs), -(-trials // jobs))
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        started = [pool.submit(_share, *share, seed + 1000 * n) for n in range(jobs)]
        report = Report()
        for part in started:
            report.add(part.result())
    return report
