"""Values for the proof: tables and single cells filled with all that people and pastes leave."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import zip_longest
from typing import NamedTuple

from kdcl_xl.template.parts import LISTS_OF_CODES
from macros_free_validation.plan import Plan
from macros_free_validation.values import CellError, Raw, to_date, to_serial
from tests.build import SCHOOL, YEARS, make_plan
from tests.proof import slips
from tests.proof.regulations import BUILT_IN, EVERY, regulation
from workbook_templates.characters import UNUSUAL
from workbook_templates.declare import Lists, Type
from workbook_templates.layout import (
    DEPENDENT_LISTS,
    Layout,
    Limits,
    PlacedCell,
    PlacedSheet,
    build_layout,
)
from workbook_templates.regulation import OTHERS_NEEDED
from workbook_templates.vocabulary import level_label

BOOKS_OF = (*BUILT_IN, *BUILT_IN[1::2])
"""Regulations of the books in turn; those with few criteria come twice: a plan can have all."""
LIMITS: tuple[Limits, ...] = ((), (("most_due", 5), ("smallest_amount", 82)))
TABLES = ("self_assessment", "problems", "plan", "progress")


SingleCells = dict[str, dict[str, Raw]]
"""Values of single cells by sheet and field."""
Rows = dict[str, list[dict[str, Raw]]]
"""Rows of tables by sheet; each has its values by field."""


class Book(NamedTuple):
    """Rows that its plan has room for, and how many plans are put into it in turn."""

    rows: int
    plans: int


_UNITS = ("Hiệu trưởng", "Ban Giám hiệu", "Kế toán", "Tổ chuyên môn")
_MISLEADING_UNITS = ("Tổ phụ trách 3 tháng hè", "Tổ Lý, Hóa")
"""Units with words that in other leads are a time or several units."""
ENOUGH_FOR_EVERY_CRITERION = 40
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
_HUGE = (999_999_999_999_999.0, 1e15 - 0.5, 0.5 - 1e15, 123_456_789_012_345_678.0, 1e300, -1e300)
_EDGES = (36525.5, 73050.0, 73051.0, 2958465.0, 36525.99999999999, 73050.99999999999, 73050.5)
_DIGITS = (99.9999999999996, 100.0000000000004, 100.0000000000006, 100.000000000001, 4e-21)
"""Numbers that differ from a limit in the fifteenth or sixteenth digit, or twentieth decimal."""
_LARGE_SUMS = ((1e15 + 2, 1e15, 1.0), (10.0, -1e15, 1e15 + 6), (10.0, 1e15 + 6, -1e15))
"""Whole numbers, each the sum of the two after it at 15 digits."""
_EVERY_NUMBER = (_NUMBERS, _EDGES, _HAIRS, _SUMS, _SMALL, _HUGE, _DIGITS)
_FIRST_AND_LAST_DAYS = (36525.0, 36526.0, 73050.0, 73051.0, 36525.99999999999, 73050.99999999999)
"""The days around this century, of which a rule's dates are."""
_TIMES = (0.5, 0.25, 0.99998, -1e-11, 1e-11, -4e-10, -4e-11)
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
        lambda t: t.replace(" ", "\n", 1),
        str.upper,
        str.lower,
        lambda t: f"{t}.",
        lambda t: t.replace(" ", "\r", 1),
        lambda t: _unusual(t, rng),
        lambda t: _unusual(t, rng),
    )
    return rng.choice(changes)(text)


def _kept(values: Mapping[str, Raw]) -> dict[str, Raw]:
    """Return values, each text as LibreOffice keeps it: no CR LF, no tab beside a line break.

    A print-out ends a text with a line feed, so that none but a blank one ends in CR.
    """
    return {field: _kept_text(v) if isinstance(v, str) else v for field, v in values.items()}


def _kept_text(text: str) -> str:
    text = text.replace("\r\n", "\n")
    if text.strip() and text.endswith("\r"):
        text = text[:-1] + "\n"
    return text.replace("\t", " ") if "\n" in text or "\r" in text else text


@dataclass(frozen=True)
class Cells:
    """Draws values for the cells of one layout."""

    layout: Layout
    rng: random.Random

    def day(self) -> float:
        """A day in or around the period, sometimes with its time."""
        return self._day() + (self.rng.choice(_TIMES) if self.rng.random() < 0.2 else 0.0)

    def day_or_text(self) -> Raw:
        """A day as a number, or as the text of it or of a month, a quarter, a year."""
        draw = self.rng.random()
        if draw < 0.4:
            return self.day()
        if draw < 0.5:
            return to_date(self.day()).strftime("%d/%m/%Y")
        year = YEARS[self.layout.form.id]
        return slips.day_text(self.rng, (year.start.year, year.end.year))

    def _day(self) -> float:
        year = YEARS[self.layout.form.id]
        if self.rng.random() < 0.05:
            return self.rng.choice(_FIRST_AND_LAST_DAYS)
        edges = (year.start, year.end, year.start - timedelta(1), year.end + timedelta(1))
        if self.rng.random() < 0.3:
            return to_serial(self.rng.choice(edges))
        return to_serial(year.start + timedelta(days=self.rng.randint(-60, 430)))

    def unit(self) -> Raw:
        """A unit of the school as somebody types it, or anything at all."""
        if self.rng.random() < 0.2:
            return self.odd()
        name = self.rng.choice((*_UNITS, *_MISLEADING_UNITS))
        return self.rng.choice((name, slips.around(name, self.rng)))

    def start(self) -> float:
        """A day in the first month of the period."""
        return to_serial(YEARS[self.layout.form.id].start + timedelta(self.rng.randint(0, 30)))

    def odd(self) -> Raw:
        """Anything at all, mostly wrong."""
        draw = self.rng.random()
        if draw < 0.3:
            return self.rng.choice(_TEXTS)
        if draw < 0.5:
            return self.rng.choice(self.rng.choice(_EVERY_NUMBER))
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
                return slips.lead(rng)
            if rng.random() < 0.18:
                return rng.choice((*_MISLEADING_UNITS, 0.0, 1.0, 2.5, True, False))
            if rng.random() < 0.15:
                others = ("UBND xã", "Phòng GDĐT", "Sở GDĐT và nhà trường", "Kế toán; văn thư")
                return rng.choice(others)
            return rng.choice(_UNITS)
        if choices in DEPENDENT_LISTS:
            offered = self.layout.dependent_values(choices)
            return rng.choice(rng.choice(list(offered.values())))
        if choices is not None:
            return rng.choice(self.layout.values(choices))
        if kind is Type.DATE:
            return self.day_or_text()
        if kind is Type.MONEY:
            if rng.random() < 0.3:
                return slips.amount_text(rng)
            if rng.random() < 0.15:
                return f"{rng.randint(1, 90)} triệu{rng.choice(slips.TIMES)}"
            usual: tuple[float, ...] = (
                0.0,
                -5e6,
                -81.0,
                -82.0,
                5e6,
                81.0,
                494_510_000.0,
                1e6,
                9_999.0,
                10_000.0,
            )
            return rng.choice(rng.choice((*(usual,) * 7, _HAIRS, _SUMS, _SMALL, _DIGITS)))
        if kind in (Type.PERCENT, Type.INTEGER):
            usual = (0.0, 1.0, 2.0, 5.0, 28.0, 50.0, 99.0, 100.0)
            return rng.choice(rng.choice((usual, usual, usual, _HAIRS, _SUMS, _SMALL, _DIGITS)))
        if name == "expected_result" and rng.random() < 0.4:
            criterion = rng.choice(self.layout.regulation.criteria)
            title = rng.choice((criterion.title, criterion.title.replace(" và ", ", ")))
            return rng.choice((title, title, f"{title}.", slips.around(title, rng)))
        if name == "evidence" and rng.random() < 0.8:
            if rng.random() < 0.7:
                return slips.code(rng)
            return "; ".join(rng.choice(_CODES) for _ in range(rng.randint(1, 3)))
        if rng.random() < 0.1:
            return slips.long(rng)
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
            # LibreOffice keeps a boolean only in a cell without a number format: in a cell of
            # text, dates or money it becomes 1 or 0, for it and for whoever reads its file.
            plain = kind is Type.CHOICE and choices not in LISTS_OF_CODES
            return value if plain or not isinstance(value, bool) else None
        value = self.good(sheet, name, kind, choices)
        if isinstance(value, str) and draw < 0.5:
            return _varied(value, self.rng)
        if isinstance(value, str) and draw < 0.55:
            return slips.around(value, self.rng)
        return value


_CODES_AS_NUMBERS = (1.1, 1.2, 1.4, 2.3, 1.45, 0.4, 11.1, 2.0, 1.0)
_LEVELS = (1.0, 2.0, 3.0, 4.0, 5.0, 0.0, 1.5, "1", "2", "3", "Mức 2", "mức  2", "2.", "Mức hai")


def _row(cells: Cells, sheet: PlacedSheet, number: int) -> dict[str, Raw]:
    row = {
        c.field: cells.any(sheet, c.field, c.column.type, c.column.choices)
        for c in sheet.columns
        if cells.layout.offered(sheet, c.field, number)
    }
    criterion = row.get("criterion")
    offered = cells.layout.dependent_values(Lists.LEVELS_OF_CRITERION)
    meant = cells.layout.regulation.criterion(criterion) if isinstance(criterion, str) else None
    if sheet.key == "plan" and meant and cells.rng.random() < 0.7:
        levels = (*offered[meant.label], cells.rng.choice(_LEVELS))
        row["target_level"] = cells.rng.choice(levels)
        if cells.rng.random() < 0.2:  # spelled as the level that the criterion has reached
            row["target_level"] = level_label(cells.rng.choice((1, 1, 2, 3)))
        if "expected_result" in row and cells.rng.random() < 0.3:
            row["expected_result"] = meant.title
            if cells.rng.random() < 0.3:
                row["criterion"] = slips.around(str(criterion), cells.rng)
    if "criterion" in row and cells.rng.random() < 0.06:
        row["criterion"] = cells.rng.choice(_CODES_AS_NUMBERS)
    if "deadline" in row and cells.rng.random() < 0.15:
        row["start"] = row["deadline"]
    start = row.get("start")
    if isinstance(start, float) and cells.rng.random() < 0.05:
        row["deadline"] = start + cells.rng.choice(_TIMES)
    if cells.rng.random() < 0.05:
        return {}
    return row


def _compare_with_plan(report: dict[str, Raw], task: Mapping[str, Raw], rng: random.Random) -> None:
    """Report a task sometimes on the very day of its start or its deadline, at another time."""
    day = task.get(rng.choice(("start", "deadline")))
    if report and isinstance(day, float) and rng.random() < 0.55:
        report["report_date"] = day + rng.choice((*_TIMES, -0.5, 0.0))
        if rng.random() < 0.5:
            report["progress_state"] = "Hoàn thành"


def random_plan(layout: Layout, rng: random.Random) -> Plan:
    """A plan whose tables hold anything; some name no money, some plan every criterion."""
    tables = random_tables(layout, rng)
    cover = {"issue_date": Cells(layout, rng).day()}
    return make_plan(layout, cover=cover, tables=tables, school=SCHOOL)


def random_tables(layout: Layout, rng: random.Random) -> Rows:
    """Rows of all tables, by sheet and field."""
    cells = Cells(layout, rng)
    without_money, planned = rng.random() < 0.65, rng.random()
    every_criterion, only_one = planned < 0.72, planned >= 0.87
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
            most, due = rng.choice((5, 6, 8, 9, len(rows))), cells.start()
            for nth, row in enumerate(rows):
                if row and nth < most:
                    row["lead"] = "Kế toán"
                    row["deadline"] = due if most < len(rows) else cells.start()
                elif row:
                    row["lead"] = "Tổ chuyên môn"
        if key == "plan" and without_money:
            rows = [r | {"budget": None, "funding_source": None} if r else r for r in rows]
        if key == "plan" and every_criterion and len(rows) < 50:
            labels = [c.label for c in layout.regulation.criteria]
            rows = [
                {"task": "x"} | r | {"criterion": label if rng.random() < 0.9 else None}
                for r, label in zip_longest(rows, labels[: len(rows)], fillvalue=None)
                if r is not None
            ]
        for row in rows if key == "plan" and not every_criterion else ():
            if row and rng.random() < 0.3:
                criterion = rng.choice(layout.regulation.criteria)
                row["criterion"] = slips.around(criterion.label, rng)
                row["expected_result"] = criterion.title
        if only_one:
            _only_one_criterion(layout, key, rows, rng)
        if key != "self_assessment" and (key != "plan" or not every_criterion):
            rows[rng.randrange(len(rows))] = {}  # a row that is not in use, between others
        tables[key] = rows
    for task, report in zip(tables["plan"], tables["progress"], strict=False):
        _compare_with_plan(report, task, rng)
    return {key: [_kept(row) for row in rows] for key, rows in tables.items()}


def _only_one_criterion(
    layout: Layout, key: str, rows: list[dict[str, Raw]], rng: random.Random
) -> None:
    """Name one criterion in all rows, and let two fail that cost the school no level."""
    first, *others = layout.regulation.criteria
    failed = set(rng.sample([c for c in others if not c.mandatory], 2))
    if key == "self_assessment":
        for row, criterion in zip(rows, layout.regulation.criteria, strict=True):
            verdict = "Không đạt" if criterion in failed else "Đạt"
            row["result_1"] = verdict if 1 in criterion.levels else None
            row["result_2"] = None
    for row in rows:
        if "criterion" in row and key != "self_assessment":
            row["criterion"] = first.label


def set_cells(sheet: PlacedSheet) -> list[PlacedCell]:
    """The single cells that a trial sets: all but the computed ones."""
    return [cell for cell in sheet.cells if cell.cell.derived is None]


def trial(layout: Layout, rng: random.Random) -> dict[str, dict[str, Raw]]:
    """Values for all single cells, and verdicts for the self-assessment, by address."""
    cells = Cells(layout, rng)
    year = YEARS[layout.form.id]
    values: dict[str, dict[str, Raw]] = {}
    for key in ("cover", "self_assessment", "progress"):
        sheet = layout.sheet(key)
        found = values.setdefault(key, {})
        for cell in set_cells(sheet):
            found[cell.ref] = cells.any(sheet, cell.field, cell.cell.type, cell.cell.choices)
    cover, own = layout.sheet("cover"), values["cover"]
    if rng.random() < 0.6:
        own[cover.cell("period_start").ref] = to_serial(year.start)
        own[cover.cell("period_end").ref] = to_serial(year.end)
    if rng.random() < 0.1:
        own[cover.cell("period_end").ref] = own[cover.cell("period_start").ref]
    for field in ("period_start", "period_end"):
        if rng.random() < 0.1:
            own[cover.cell(field).ref] = rng.choice((5.0, 1e9, *_FIRST_AND_LAST_DAYS))
    if rng.random() < 0.5:
        own[cover.cell("school_kind").ref] = rng.choice(
            ("Mầm non", "Tiểu học", "Trung học cơ sở (THCS)", "Nhiều cấp học")
        )
    if rng.random() < 0.7:
        own[cover.cell("taught").ref] = rng.choice(
            (None, "Trung học cơ sở (THCS)", "THCS và THPT", "tiểu học và thcs ")
        )
    if rng.random() < 0.9:
        own[cover.cell("school_year").ref] = slips.school_year(rng)
    days = (date(2018, 10, 9), date(2018, 10, 10), date(2026, 7, 6), date(2026, 7, 7))
    if rng.random() < 0.45:
        own[cover.cell("issue_date").ref] = to_serial(rng.choice(days))
    if rng.random() < 0.3:
        amended = (date(2025, 1, 24), date(2025, 1, 25), date(2025, 9, 12), date(2026, 7, 6))
        own[cover.cell("issue_date").ref] = to_serial(rng.choice(amended))
    if rng.random() < 0.2:
        own[cover.cell("issue_date").ref] = None
    if rng.random() < 0.2:
        early = year.start - timedelta(rng.choice((91, 92, 93, rng.randint(85, 250))))
        own[cover.cell("issue_date").ref] = to_serial(early)
    if rng.random() < 0.25:
        own[cover.cell("issue_date").ref] = rng.choice(("ngày khai giảng", 5.0, 1e9, "12/09/2026"))
    if rng.random() < 0.2:
        own[cover.cell("issue_date").ref] = to_serial(year.end + timedelta(rng.randint(0, 90)))
    if rng.random() < 0.8:
        level = rng.randint(1, 4)
        claimed: tuple[Raw, ...] = (*(3 * [f"Mức {level}"]), str(level), float(level))
        own[cover.cell("claimed_level").ref] = rng.choice(claimed)
    _recognition(layout, rng, own)
    _reviews(layout, rng, values["progress"])
    unsure = rng.random() < 0.45
    if unsure and rng.random() < 0.9:
        own[cover.cell("issue_date").ref] = to_serial(date(2025, 9, 12))
    _verdicts(layout, rng, values["self_assessment"], unsure=unsure)
    if rng.random() < 0.3:
        counts = rng.choice(
            (
                (0.1 + 0.2, 0.1, 0.2),
                (0.3, 0.1, 0.2),
                (-0.3, -0.1, -0.2),
                (100.0, 28.6, 71.4),
                (1e15, 1e15, 0.5),
                *_LARGE_SUMS,
            )
        )
        sheet = layout.sheet("self_assessment")
        for part, count in zip(("total", "met", "not_met"), counts, strict=True):
            wrong = rng.random() < 0.1
            values["self_assessment"][sheet.cell(f"claimed_{part}_1").ref] = (
                f"{count:.0f}" if wrong else count
            )
    return {key: _kept(found) for key, found in values.items()}


def _recognition(layout: Layout, rng: random.Random, found: dict[str, Raw]) -> None:
    """A recognition of some five years, that ends around the plan's period, or none."""
    cover, year = layout.sheet("cover"), YEARS[layout.form.id]
    if rng.random() < 0.4:
        end = year.end + timedelta(rng.randint(-500, 300))
        found[cover.cell("recognised_until").ref] = to_serial(end)
        found[cover.cell("recognised_on").ref] = to_serial(
            end - timedelta(rng.choice((-3, 0, 400, 1825, 1826, 1827, 1828, 2200)))
        )
    if rng.random() < 0.2:
        found[cover.cell("recognised_until").ref] = rng.choice((None, None, " ", "cuối năm", 5.0))
    if rng.random() < 0.3:
        grade = rng.choice(("Cấp độ 2", "cấp  độ 3", "Mức 2", None))
        found[cover.cell("accreditation").ref] = grade
    if rng.random() < 0.3:
        degree = rng.choice(("Mức độ 1", " mức độ 2", "Cấp độ 1", None))
        found[cover.cell("national_standard").ref] = degree


def _reviews(layout: Layout, rng: random.Random, found: dict[str, Raw]) -> None:
    """Reviews that sometimes repeat each other, or what was to be reviewed."""
    sheet = layout.sheet("progress")
    texts = ("Đạt 6/9 việc", "đạt  6/9 việc ", "Đạt 9/9 việc", 5.0, None)
    for cell in sheet.cells:
        if rng.random() < 0.6:
            found[cell.ref] = rng.choice(texts)


def _verdicts(layout: Layout, rng: random.Random, found: dict[str, Raw], *, unsure: bool) -> None:
    """Verdicts as schools have them: nearly all met up to some level.

    ``unsure`` are the criteria that an amendment replaces.
    """
    sheet = layout.sheet("self_assessment")
    top = rng.randint(0, 4)
    slips = 0 if unsure else rng.choice((0, 0, 0, 1, 3))
    amended = {code for amendment in layout.regulation.amendments for code in amendment.replaces}
    others = [c.code for c in layout.regulation.criteria if not c.mandatory]
    failed, lowest = frozenset[str](), rng.choice((1, 5))  # the level from which they pass
    if rng.random() < 0.15:  # as many of the others as a level needs, or nearly
        top, slips = rng.randint(1, 2), 0
        enough = min(len(others), OTHERS_NEEDED + rng.choice((-1, 0, 1)))
        failed = frozenset(rng.sample(others, len(others) - enough))
    for position, criterion in enumerate(layout.regulation.criteria):
        row = sheet.first_row + position
        for level in (1, 2, 3, 4):
            if not sheet.has_column(f"result_{level}"):
                continue
            ref = sheet.ref(f"result_{level}", row)
            met = level <= top and (criterion.code not in failed or lowest <= level < top)
            verdict = "Đạt" if met else "Không đạt"
            if rng.random() < slips / 40:
                verdict = rng.choice(("Không đạt", "Không đánh giá", "đạt ", "Đạt"))
            if unsure and criterion.code in amended and rng.random() < 0.4:
                verdict = rng.choice(("Không đánh giá", "Không đạt", ""))
            found[ref] = (verdict or None) if level in criterion.levels else None


def plans_of_book(seed: int, number: int) -> list[Plan]:
    """Plans of one layout; every so often of many rows."""
    rng = random.Random(f"{seed}-{number}")
    book = LARGE if number % A_LARGE_BOOK_EVERY == A_LARGE_BOOK_EVERY - 1 else SMALL
    layout = judged(
        build_layout(
            regulation(BOOKS_OF[number % len(BOOKS_OF)]), book.rows, limits=rng.choice(LIMITS)
        )
    )
    return [random_plan(layout, rng) for _ in range(book.plans)]


def judged(layout: Layout) -> Layout:
    """A layout without the print-outs, in which nothing is judged and which load slowly."""
    return replace(layout, sheets=tuple(s for s in layout.sheets if not s.sheet.printed))


def whole_plans(seed: int, numbers: Iterable[int]) -> Iterator[tuple[str, Plan]]:
    """Yield plans with their names: tables and single cells hold anything, on every sheet."""
    for number in numbers:
        name = EVERY[number % len(EVERY)]
        rng = random.Random(f"{seed}-whole-{number}")
        rows = ENOUGH_FOR_EVERY_CRITERION if number % 5 == 4 else SMALL.rows
        layout = build_layout(regulation(name), rows, limits=rng.choice(LIMITS))
        yield f"{name} {number}", whole_plan(layout, rng)


def whole_plan(layout: Layout, rng: random.Random) -> Plan:
    """A plan with values in all input cells."""
    cells, tables = whole_tables(layout, rng)
    return make_plan(layout, cover=cells.pop("cover"), cells=cells, tables=tables, school=SCHOOL)


def whole_tables(layout: Layout, rng: random.Random) -> tuple[SingleCells, Rows]:
    """Values of the single cells and the rows of all sheets; a third of the covers is sound."""
    cells = Cells(layout, rng)
    tables = random_tables(layout, rng)
    singles: SingleCells = {
        sheet.key: {
            cell.field: cells.any(sheet, cell.field, cell.cell.type, cell.cell.choices)
            for cell in set_cells(sheet)
        }
        for sheet in layout.sheets
        if sheet.cells and sheet.key != "cover"
    }
    typed = trial(layout, rng)
    singles["cover"] = {"issue_date": cells.day()}
    for key, share in (("cover", 0.7), ("self_assessment", 0.5), ("progress", 0.5)):
        if rng.random() < share:
            placed = set_cells(layout.sheet(key))
            singles[key] = {c.field: typed[key].get(c.ref) for c in placed}
    if rng.random() < 0.5:
        tables["lists"] = [_kept({"unit": cells.unit()}) for _ in range(rng.randint(1, 12))]
    return {key: _kept(values) for key, values in singles.items()}, tables
