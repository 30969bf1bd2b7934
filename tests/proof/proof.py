"""The proof that one rule has one meaning: LibreOffice and Python judge the same cells.

Tables are filled with every kind of value a person or a paste can leave, written into
workbooks, recalculated by a real LibreOffice, and every helper cell is compared with
what the Python judge says. Single cells (cover, counts) are set in a running
LibreOffice, trial after trial, and compared the same way.

``python -m tests.proof --rows 200000`` is ``make prove``; the suite runs 20,000 rows.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from math import isfinite
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from macros_free_validation.derive import complete_plan
from macros_free_validation.judge import live_messages
from macros_free_validation.live import LiveRule, live_sheet
from macros_free_validation.plan import Plan
from macros_free_validation.values import CellError, Raw, to_serial
from samples.office import Office
from tests.build import SCHOOL, YEARS, make_plan, workbook_bytes
from tests.proof.probes import probes
from workbook_templates.characters import UNUSUAL
from workbook_templates.declare import Lists, Type
from workbook_templates.layout import (
    DEPENDENT_LISTS,
    Layout,
    Limits,
    PlacedCell,
    PlacedColumn,
    PlacedSheet,
    build_layout,
)
from workbook_templates.regulation import builtin_catalogue

REGULATIONS = ("tt18-2018", "tt57-2026-pho-thong", "tt19-2018", "tt57-2026-mam-non")
LIMITS: tuple[Limits, ...] = ((), (("most_due", 5), ("smallest_amount", 82)))
ENOUGH = 100
"""Times each rule has to fire, and to stay silent, in a run."""
TABLES = ("self_assessment", "problems", "plan", "progress")
PROGRAM = Path(__file__).with_name("proof_uno.py")

Spot = tuple[str, int, int]
"""A cell: name of its sheet, row (from 1) and column (from 0)."""
Area = tuple[int, int, int, int]
"""First column and row, last column and row, as in a spot."""
Answer = dict[Spot, str]
"""What LibreOffice computed, as texts."""


class Book(NamedTuple):
    """Rows that its plan has room for, and how many plans are put into it in turn."""

    rows: int
    plans: int


SMALL, LARGE, A_LARGE_BOOK_EVERY = Book(16, 10), Book(500, 1), 13

_TEXTS = (
    "Kiểm tra, đánh giá",
    "x" * 300,
    ("dài " * 600)[:2100],
    "sao * hỏi ? ngã ~ nháy \" đơn '",
    "*",
    "?",
    "~",
    "Mức ?",
    "1.1*",
    "31/05/2027",
    "05/9/2026",
    "81 triệu đồng",
    "1 triệu /tháng",
    "Tháng 9",
    "TRONG NĂM HỌC",
    "UBND xã",
    "ubnd phường, Công an",
    "Hiệu trưởng, kế toán",
    "Hiệu trưởng\nKế toán",
    "Ban trung tâm",
    "0",
    "TRUE",
    "#N/A",
    "=1+1",
    "a\u00a0b",
    "tab\tở giữa",
    "ẨM THỰC",
)
_CODES = (
    "[H1-1.1-01]",
    "[h12 – 3.10 - 05]",
    "[H3-M4.1-02]",
    "(MC.1.1.01)",
    "(mc.2.3.123)",
    "H1-1.1-01",
    "[H1-1.1]",
    "[H1.1.01.01]",
    "(MC 1.1.01)",
    "MC.1.1.01",
    "biên bản họp (lần 2)",
    "MC buổi lễ",
    "(1) quyết định",
    "hồ sơ [bản sao]",
)
_NUMBERS = (0.0, 1.0, -1.0, 0.5, 81.0, 100.0, 101.0, 9999.0, 1e15, -1e15, 36525.0, 36526.0)
_HAIRS = (28.6 + 35.7 + 35.7, 99.99999999999999, 9999.999999999998, 10_000.000000000002)
"""Numbers a hair beside a limit: they differ from it behind the fifteenth digit alone."""
_SUMS = (0.1, 0.2, 0.1 + 0.2, 28.6, 35.7, 64.3, 71.4)
_SMALL = (-0.4, 0.4, -0.0, -1e-17, 1e-25, 28.000000000000004, 100.000000000002, 99.99999999999)
_HUGE = (999_999_999_999_999.0, 1e15 - 0.5, 123_456_789_012_345_678.0, 1e300, -1e300)
_EDGES = (36525.5, 73050.0, 73051.0, 2958465.0, 36525.99999999999, 73050.99999999999, 73050.5)
_TIMES = (0.5, 0.25, 0.99998, -1e-11, 1e-11)
"""Parts of a day, and hairs beside midnight."""
_ODD: tuple[Raw, ...] = (
    True,
    False,
    CellError("#N/A"),
    CellError("#DIV/0!"),
    CellError("#VALUE!"),
    "   ",
    "\u00a0",
    "\n",
    "\r",
    "\u200b",
    "\u2003",
    "\x7f",
    "\x85",
    "\u0301",
)


def _unusual(text: str, rng: random.Random) -> str:
    """The same words with a character in them that programs compare differently."""
    at = rng.randint(0, len(text))
    changes: tuple[Callable[[str], str], ...] = (
        lambda t: unicodedata.normalize("NFD", t),
        lambda t: t[:at] + rng.choice(_SIGNS) + t[at:],
        lambda t: t.replace("i", "\u0131", 1),
        lambda t: t.replace("I", "\u0130", 1),
        lambda t: t.replace("k", "\u212a", 1),
        lambda t: t.translate(_FULL_WIDTH),
        lambda t: t.replace(" ", rng.choice("\u2003\u202f\u3000"), 1),
    )
    return rng.choice(changes)(text)


_SIGNS = tuple(UNUSUAL)
_FULL_WIDTH = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}


def _varied(text: str, rng: random.Random) -> str:
    """The same words as people leave them: spaces, case, line breaks."""
    changes: tuple[Callable[[str], str], ...] = (
        lambda t: f" {t}",
        lambda t: f"{t}  ",
        lambda t: t.replace(" ", "\u00a0", 1),
        lambda t: t.replace(" ", "  "),
        # LibreOffice alters a tab in a cell of several lines.
        lambda t: t.replace(" ", "\n", 1) if "\t" not in t else t,
        str.upper,
        str.lower,
        lambda t: f"{t}.",
        lambda t: t.replace(" ", "\r", 1),
        lambda t: _unusual(t, rng),
        lambda t: _unusual(t, rng),
    )
    return rng.choice(changes)(text)


@dataclass(frozen=True)
class Cells:
    """Draws values for the cells of one layout."""

    layout: Layout
    rng: random.Random

    def day(self) -> float:
        """A day in or around the period, sometimes with its time."""
        return self._day() + (self.rng.choice(_TIMES) if self.rng.random() < 0.2 else 0.0)

    def _day(self) -> float:
        year = YEARS[self.layout.form.id]
        edges = (year.start, year.end, year.start - timedelta(1), year.end + timedelta(1))
        if self.rng.random() < 0.3:
            return to_serial(self.rng.choice(edges))
        return to_serial(year.start + timedelta(days=self.rng.randint(-60, 430)))

    def start(self) -> float:
        """A day in the first month of the period."""
        return to_serial(YEARS[self.layout.form.id].start + timedelta(self.rng.randint(0, 30)))

    def odd(self) -> Raw:
        """Anything at all, mostly wrong."""
        draw = self.rng.random()
        if draw < 0.3:
            return self.rng.choice(_TEXTS)
        if draw < 0.5:
            return self.rng.choice(_NUMBERS + _EDGES + _HAIRS + _SUMS + _SMALL + _HUGE)
        if draw < 0.6:
            return self.day()
        if draw < 0.7:
            return _unusual(self.rng.choice(_TEXTS), self.rng)
        return self.rng.choice(_ODD)

    def good(self, sheet: PlacedSheet, name: str, kind: Type, choices: Lists | None) -> Raw:
        """A value that belongs there."""
        rng = self.rng
        if choices is Lists.UNITS:
            if rng.random() < 0.15:
                others = ("UBND xã", "Phòng GDĐT", "Sở GDĐT và nhà trường", "Kế toán; văn thư")
                return rng.choice(others)
            return rng.choice(("Hiệu trưởng", "Ban Giám hiệu", "Kế toán", "Tổ chuyên môn"))
        if choices in DEPENDENT_LISTS:
            offered = self.layout.dependent_values(choices)
            return rng.choice(rng.choice(list(offered.values())))
        if choices is not None:
            return rng.choice(self.layout.values(choices))
        if kind is Type.DATE:
            return self.day()
        if kind is Type.MONEY:
            usual: tuple[float, ...] = (0.0, -5e6, 5e6, 81.0, 494_510_000.0, 9_999.0, 10_000.0)
            return rng.choice(rng.choice((usual, usual, _HAIRS, _SUMS, _SMALL)))
        if kind in (Type.PERCENT, Type.INTEGER):
            usual = (0.0, 1.0, 2.0, 5.0, 28.0, 50.0, 99.0, 100.0)
            return rng.choice(rng.choice((usual, usual, usual, _HAIRS, _SUMS, _SMALL)))
        if name == "expected_result" and rng.random() < 0.4:
            criterion = rng.choice(self.layout.regulation.criteria)
            return rng.choice((criterion.title, criterion.title.replace(" và ", ", ")))
        if name == "evidence" and rng.random() < 0.8:
            return "; ".join(rng.choice(_CODES) for _ in range(rng.randint(1, 3)))
        if name == "task" and rng.random() < 0.7:
            return f"Công việc số {rng.randint(1, 4000)}"
        return rng.choice(_TEXTS)

    def any(self, sheet: PlacedSheet, name: str, kind: Type, choices: Lists | None) -> Raw:
        """What a cell may hold when the file comes back."""
        draw = self.rng.random()
        if draw < 0.22:
            return None
        if draw < 0.4:
            value = self.odd()
            # LibreOffice keeps a boolean only in a cell without a number format: in a date
            # or money cell it becomes 1 or 0, for it and for whoever reads its file.
            plain = kind is Type.CHOICE
            return value if plain or not isinstance(value, bool) else None
        value = self.good(sheet, name, kind, choices)
        if isinstance(value, str) and draw < 0.5:
            return _varied(value, self.rng)
        return value


_LONG_TITLE = " ".join(f"việc {n}" for n in range(60))
"""Longer than the 255 characters of a text in a formula."""


def _row(cells: Cells, sheet: PlacedSheet, number: int) -> dict[str, Raw]:
    row = {
        c.field: cells.any(sheet, c.field, c.column.type, c.column.choices)
        for c in sheet.columns
        if cells.layout.offered(sheet, c.field, number)
    }
    criterion = row.get("criterion")
    offered = cells.layout.dependent_values(Lists.LEVELS_OF_CRITERION)
    if sheet.key == "plan" and criterion in offered and cells.rng.random() < 0.7:
        row["target_level"] = cells.rng.choice(offered[str(criterion)])
        if "expected_result" in row and cells.rng.random() < 0.2:
            row["expected_result"] = str(criterion).split(" ", 1)[1]
    if "expected_result" in row and "criterion" in row and cells.rng.random() < 0.02:
        row["criterion"], row["expected_result"] = f"1.1 {_LONG_TITLE}", _LONG_TITLE
        if cells.rng.random() < 0.5:
            row["expected_result"] = _LONG_TITLE[:255]
    if "deadline" in row and cells.rng.random() < 0.05:
        row["start"] = row["deadline"]
    start = row.get("start")
    if isinstance(start, float) and cells.rng.random() < 0.05:
        row["deadline"] = start + cells.rng.choice(_TIMES)
    if cells.rng.random() < 0.05:
        return {}
    return row


def random_plan(layout: Layout, rng: random.Random) -> Plan:
    """A plan whose tables hold anything; some name no money, some plan every criterion."""
    cells = Cells(layout, rng)
    without_money, every_criterion = rng.random() < 0.65, rng.random() < 0.7
    crowded = rng.random() < 0.3
    tables = {}
    for key in TABLES:
        if not layout.has_sheet(key):
            continue
        sheet = layout.sheet(key)
        rows = [_row(cells, sheet, sheet.first_row + i) for i in range(sheet.row_count)]
        if key == "self_assessment" and rng.random() < 0.6:
            verdicts: dict[str, Raw] = {}
            _verdicts(layout, rng, verdicts, unsure=rng.random() < 0.3)
            for ref, verdict in verdicts.items():
                position = int(ref[1:]) - sheet.first_row
                field_name = next(c.field for c in sheet.columns if c.letter == ref[0])
                rows[position][field_name] = verdict
        if key == "plan" and crowded and len(rows) < 50:
            rows = [r | {"lead": "Kế toán", "deadline": cells.start()} if r else r for r in rows]
        if key == "plan" and without_money:
            rows = [r | {"budget": None, "funding_source": None} if r else r for r in rows]
        if key == "plan" and every_criterion and len(rows) < 50:
            labels = [c.label for c in layout.regulation.criteria]
            rows = [
                {"task": "x"} | r | {"criterion": c} for r, c in zip(rows, labels, strict=False)
            ]
        tables[key] = rows
    cover = {"issue_date": cells.day()}
    return make_plan(layout, cover=cover, tables=tables, school=SCHOOL)


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

    def compare(self, rule: LiveRule, where: str, office: str, python: str) -> None:
        """Count one verdict, and keep it if the judges disagree."""
        self.verdicts += 1
        (self.fired if python else self.silent)[rule.rule.id] += 1
        if office != python:
            text = (
                f"{rule.rule.id} {where[:60]}: LibreOffice {office[:90]!r}, Python {python[:90]!r}"
            )
            self.disagreements.append(text)

    def compare_figure(self, where: str, office: str, python: Raw) -> None:
        """Count one computed cell, and keep it if the judges disagree."""
        self.figures += 1
        said = "" if python is None else str(python)
        if isinstance(python, float) and _is_number(office):  # a file has 16 digits of it
            office, said = f"{float(office):.15g}", f"{python:.15g}"
        if isinstance(python, bool | CellError):  # how LibreOffice's array of data has them
            said = str(float(python)) if isinstance(python, bool) else "None"
        if office != said:
            self.disagreements.append(f"{where}: LibreOffice {office[:90]!r}, Python {said[:90]!r}")

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
        return [r for r in every if min(self.fired[r], self.silent[r]) < ENOUGH]

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


def _said_by_python(plan: Plan) -> dict[tuple[str, int, str, str], str]:
    names = {sheet.key: sheet.name for sheet in plan.layout.sheets}
    return {
        (names[key], row, rule, field): said
        for (key, row, rule, field), said in live_messages(plan).items()
    }


def prove_tables(office: Office, rows: int, seed: int, report: Report) -> None:
    """Compare the judges on table rows until ``rows`` have been judged.

    Most plans are small: some rules look at a plan as a whole and speak once.
    """
    number = 0
    while report.rows < rows:
        _prove_book(office, _plans_of_book(seed, number), report, f"book {number}")
        number += 1


def _plans_of_book(seed: int, number: int) -> list[Plan]:
    """Plans of one layout; every so often of many rows."""
    regulation = builtin_catalogue().get(REGULATIONS[number % len(REGULATIONS)])
    assert regulation is not None
    rng = random.Random(f"{seed}-{number}")
    book = LARGE if number % A_LARGE_BOOK_EVERY == A_LARGE_BOOK_EVERY - 1 else SMALL
    layout = _judged(build_layout(regulation, book.rows, limits=rng.choice(LIMITS)))
    return [random_plan(layout, rng) for _ in range(book.plans)]


def _judged(layout: Layout) -> Layout:
    """A layout without the print-outs, in which nothing is judged and which load slowly."""
    return replace(layout, sheets=tuple(s for s in layout.sheets if not s.sheet.printed))


def _prove_book(office: Office, plans: Sequence[Plan], report: Report, where: str) -> None:
    """The first plan comes from a file; the others are typed over it, one after the other."""
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
            if column.column.derived not in (None, "check", "criterion_of_row"):
                yield sheet, column


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
            python = said.get((sheet.name, row, rule.rule.id, rule.case.field), "")
            office = answer[sheet.name, row, rule.index]
            report.compare(rule, f"{where}, {sheet.name} {row}", office, python)


def _compare_columns(
    plan: Plan,
    columns: Sequence[tuple[PlacedSheet, PlacedColumn]],
    answer: Answer,
    report: Report,
    where: str,
) -> None:
    for sheet, placed in columns:
        for record in plan.rows(sheet.key):
            place = f"{where}, {sheet.name} {sheet.ref(placed.field, record.row)}"
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
        book.write_bytes(workbook_bytes(plan))
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


def _set_cells(sheet: PlacedSheet) -> list[PlacedCell]:
    """The single cells that a trial sets: all but the computed ones."""
    return [cell for cell in sheet.cells if cell.cell.derived is None]


def _trial(layout: Layout, rng: random.Random) -> dict[str, dict[str, Raw]]:
    """Values for all single cells, and verdicts for the self-assessment, by address."""
    cells = Cells(layout, rng)
    year = YEARS[layout.form.id]
    values: dict[str, dict[str, Raw]] = {}
    for key in ("cover", "self_assessment"):
        sheet = layout.sheet(key)
        found = values.setdefault(key, {})
        for cell in _set_cells(sheet):
            found[cell.ref] = cells.any(sheet, cell.field, cell.cell.type, cell.cell.choices)
    cover, own = layout.sheet("cover"), values["cover"]
    if rng.random() < 0.6:
        own[cover.cell("period_start").ref] = to_serial(year.start)
        own[cover.cell("period_end").ref] = to_serial(year.end)
    if rng.random() < 0.5:
        own[cover.cell("school_kind").ref] = rng.choice(
            ("Mầm non", "Tiểu học", "Trung học cơ sở (THCS)", "Nhiều cấp học")
        )
    if rng.random() < 0.7:
        own[cover.cell("taught").ref] = rng.choice(
            (None, "Trung học cơ sở (THCS)", "THCS và THPT", "tiểu học và thcs ")
        )
    if rng.random() < 0.6:
        first = rng.choice((2019, 2020, 2026))
        dash = rng.choice(("-", " - ", "\u2013", "/"))
        own[cover.cell("school_year").ref] = f"{first}{dash}{first + rng.choice((-1, 1, 1, 3, 9))}"
    days = (date(2018, 10, 9), date(2018, 10, 10), date(2026, 7, 6), date(2026, 7, 7))
    if rng.random() < 0.45:
        own[cover.cell("issue_date").ref] = to_serial(rng.choice(days))
    if rng.random() < 0.3:
        amended = (date(2025, 1, 24), date(2025, 1, 25), date(2025, 9, 12), date(2026, 7, 6))
        own[cover.cell("issue_date").ref] = to_serial(rng.choice(amended))
    if rng.random() < 0.2:
        own[cover.cell("issue_date").ref] = None
    if rng.random() < 0.2:
        early = year.start - timedelta(rng.randint(85, 250))
        own[cover.cell("issue_date").ref] = to_serial(early)
    if rng.random() < 0.25:
        own[cover.cell("issue_date").ref] = rng.choice(("ngày khai giảng", 5.0, 1e9, "12/09/2026"))
    if rng.random() < 0.2:
        own[cover.cell("issue_date").ref] = to_serial(year.end + timedelta(rng.randint(0, 90)))
    if rng.random() < 0.8:
        own[cover.cell("claimed_level").ref] = f"Mức {rng.randint(1, 4)}"
    unsure = rng.random() < 0.3
    if unsure and rng.random() < 0.7:
        own[cover.cell("issue_date").ref] = to_serial(date(2025, 9, 12))
    _verdicts(layout, rng, values["self_assessment"], unsure=unsure)
    if rng.random() < 0.3:
        counts = rng.choice(
            ((0.1 + 0.2, 0.1, 0.2), (0.3, 0.1, 0.2), (100.0, 28.6, 71.4), (1e15, 1e15, 0.5))
        )
        sheet = layout.sheet("self_assessment")
        for part, count in zip(("total", "met", "not_met"), counts, strict=True):
            values["self_assessment"][sheet.cell(f"claimed_{part}_1").ref] = count
    return values


def _verdicts(layout: Layout, rng: random.Random, found: dict[str, Raw], *, unsure: bool) -> None:
    """Verdicts as schools have them: nearly all met up to some level.

    ``unsure`` are the criteria that an amendment replaces.
    """
    sheet = layout.sheet("self_assessment")
    top = rng.randint(0, 4)
    slips = 0 if unsure else rng.choice((0, 0, 0, 1, 3))
    amended = {code for amendment in layout.regulation.amendments for code in amendment.replaces}
    for position, criterion in enumerate(layout.regulation.criteria):
        row = sheet.first_row + position
        for level in (1, 2, 3, 4):
            if not sheet.has_column(f"result_{level}"):
                continue
            ref = sheet.ref(f"result_{level}", row)
            verdict = "Đạt" if level <= top else "Không đạt"
            if rng.random() < slips / 40:
                verdict = rng.choice(("Không đạt", "Không đánh giá", "đạt ", "Đạt"))
            if unsure and criterion.code in amended and rng.random() < 0.4:
                verdict = rng.choice(("Không đánh giá", "Không đạt", ""))
            found[ref] = (verdict or None) if level in criterion.levels else None


def prove_single_cells(office: Office, trials: int, seed: int, report: Report) -> None:
    """Compare the judges on single cells, set and recalculated in a running LibreOffice."""
    for number, regulation_id in enumerate(REGULATIONS[:2]):
        regulation = builtin_catalogue().get(regulation_id)
        assert regulation is not None
        layout = _judged(build_layout(regulation, 10))
        rng = random.Random(f"{seed}-cells-{number}")
        rounds = [_trial(layout, rng) for _ in range(trials // 2)]
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
                python = said.get((sheet.name, 0, rule.rule.id, rule.case.field), "")
                where = f"{regulation_id} {sheet.name} {rule.case.field} {values[sheet.key]}"
                report.compare(rule, where, answer[sheet.name, cell.row, rule.index], python)
            for sheet, cell in figures:
                where = f"{regulation_id} {sheet.name} {cell.field} {values[sheet.key]}"
                office_says = answer[sheet.name, cell.row, cell.index]
                report.compare_figure(where, office_says, plan.cell(cell.field, sheet.key))


def _computed_cells(layout: Layout) -> Iterator[tuple[PlacedSheet, PlacedCell]]:
    for sheet in layout.sheets:
        yield from ((sheet, cell) for cell in sheet.cells if cell.cell.derived)


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
        for cell in _set_cells(sheet)
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


def main() -> int:
    """Run the proof and print what was compared; 0 where the judges always agreed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--trials", type=int, default=800)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    began = time.monotonic()
    report = prove(chosen.rows, chosen.trials, chosen.seed, chosen.jobs)
    print(report.table())
    print(f"seed {chosen.seed}, {time.monotonic() - began:.0f} s")
    for line in report.disagreements[:40]:
        print(line, file=sys.stderr)
    return 1 if report.disagreements or report.seldom() else 0
