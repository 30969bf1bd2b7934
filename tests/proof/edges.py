"""Plans at the edges of conditions, where random values seldom come.

Each value here tells a condition from one that differs from it in a bound, a digit or a branch.
A living mutant of the hunt is a value that is missing here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import cycle
from typing import NamedTuple
from unittest.mock import patch

from kdcl_xl.template import parts
from macros_free_validation.plan import Plan
from macros_free_validation.rules.cover import LONGEST_LEAD_TIME
from macros_free_validation.understood import amounts
from macros_free_validation.values import Raw, to_serial
from tests.build import SCHOOL, YEARS, good_task, make_plan, raw
from tests.proof.regulations import (
    OF_DAYS,
    OF_EVERY_CRITERION,
    OF_LEVELS,
    OF_VALUES,
    regulation,
)
from workbook_templates.layout import Layout, build_layout
from workbook_templates.regulation import OTHERS_NEEDED, Doubt, Regulation, doubts_of
from workbook_templates.vocabulary import Verdict, level_label

ROWS, FEW, MANY = 12, 10, 120
"""Rows of the tables of plans with typed values, with verdicts, and with amounts."""

_BESIDE_A_CODE = (5e-8, -5e-8, 8e-8, 9.9e-8, 1.5e-7, 5e-7, -5e-7)
CODES = (
    1.0,
    1.2,
    1.8,
    1.9,
    2.1,
    2.9,
    9.0,
    9.9,
    10.0,
    10.1,
    0.9,
    *(1.1 + d for d in _BESIDE_A_CODE),
)
"""Numbers that are a criterion's code, or a hair too far from it."""
HALVES = (100.4999996, 100.499996, 100.4999999, 0.4999996, 0.5, 1.4999995)
"""Numbers that rounding to six decimals makes a half, or not."""
POWERS = (9.9999999999995, 99.99999999999951, 9.99999999999995, 0.99999999999999)
"""Numbers less than some 1E-13 of themselves below a power of ten."""
NEARLY_SAME = ((99.9999999999976, 99.999999999998), (99.9999999999604, 99.99999999996))
"""Two numbers that are one where 14 digits are compared, as below a power of ten."""
ADDENDS = {0.14: 1.14, 0.36: 1.36}
"""Numbers, and their sum with 1, from which the sum of floats differs behind the 15th digit."""
_DIGITS_AND_POINTS = (
    *(
        "1.000",
        ".000",
        "12345.678",
        "1.2345.678",
        "0.5",
        "1.5",
        "1,5",
        "1.25",
        "1,25",
        "1.234",
        "1,234",
    ),
    *(
        "1.234.567",
        "1,234,567",
        "1,234.567",
        "1.234.5678",
        "12.34.567",
        "12.34.567.890.123",
        "1234.567",
        "1..234",
        "1.5.5",
    ),
    *("5", ".5", ",5", "5.", "5,", "5;", "5.00", "5,00", "5.000.00", "5.000,00", "1.2345", "81.55"),
    *("1.000.000.000.000", "1.000.000.000.000.000", "1,000,000,000,000,000", "1.0000.000"),
    *("999999999999999", "1234567890123456", "9.999.999.999.999.99", "", ".", ","),
)
AMOUNTS = (
    *filter(None, _DIGITS_AND_POINTS),
    *(f"{digits} {unit}" for digits in _DIGITS_AND_POINTS for unit in ("nghìn", "triệu", "tỷ")),
    *(f"5 triệu {word}" for word, _ in amounts.WORDS),
    *(f"{word} 5 triệu" for word, _ in amounts.WORDS),
    *(f"5 triệu/{word}" for word, _ in amounts.WORDS),
    *(f"5 triệu / {word}" for word in amounts.RECURRENCES.values()),
    *(f"5 {word}" for word in amounts.RECURRENCES.values()),
    *(f"không {word}" for word in ("có", "cần", "sử dụng", "mua", "")),
    *(
        "5 - 6 triệu",
        "5 \u2013 6 triệu",
        "\u2013",
        "-",
        "(5 triệu)",
        "5(năm)",
        "5 triệu (năm triệu)",
    ),
    *("triệu 5", "5 triệu 6", "5tr", "5k", "5 K", "5 trăm", "5 triệu/học kì", "5 triệu/năm học"),
)
"""Amounts with every word, end, unit and grouping that is understood, or nearly so."""
QUOTES = '"' * 300
"""A text that the formulas of the proof compare with: it is longer than a literal may be."""
SCHOOL_YEARS = (
    *("2026-2027", "2026-2026", "2026\u20132027", "2026\u20142027", "2026-202\u0663"),
    *("\u0662026-2027", "2026-2027."),
    *(".001-0002", "1.50-0003", "01.5-0003", "001.-0003", "1:30-0002", "+001-0003"),
    *("0001-+003", "0001-3.50", "0001-03.5", "0001-003.", "0001-.003"),
)
"""School years: right ones, and others of which one place holds no digit but a sign."""
_DASHED = ("05\u201409\u20142026", "05\u201309\u20142026", "9\u20142026", "05.09.2026", "5-9-2026")
_NAMED = ("năm học", "năm học 2026-2027", "2026năm học/2027", "năm học 2020-2021", "cuối năm học")
_LONG_DAYS = (
    *((2958464.9999999995, 2958465.0), (-1000000000000000.5, -1e15)),
    *((-999999999999999.5, -999999999999999.0), (1e15, 999999999999999.5)),
)
"""Pairs of numbers in cells for days that differ behind the fifteenth digit, or nearly so."""
_BESIDE_MIDNIGHT = (-1e-11, -4e-11, 1e-11, 0.5)
"""Parts of a day; the first two belong to the day after."""
CENTURY = (36526.0, 73051.0)
"""The first day of this century, and the first day after it."""
BEFORE_THE_CENTURY = "trước 01/01/2000"
"""A day that is understood, and no date of a plan."""
UNCLEAR = "cuối năm"
"""A day of the cover that is no date."""


def edge_plans() -> Iterator[tuple[str, Plan]]:
    """Yield plans with their names: some of typed values, and some of verdicts and dates."""
    years = cycle(SCHOOL_YEARS)
    for name in OF_VALUES:
        layout = build_layout(regulation(name), ROWS)
        for nth, rows in enumerate(_tables(layout)):
            yield f"{name} values {nth}", _plan(layout, {"school_year": next(years)}, rows)
    (first, *_) = OF_VALUES
    for nth, plan in enumerate(_amounts(first)):
        yield f"{first} amounts {nth}", plan
    layout = build_layout(regulation(first), FEW)
    for name in OF_EVERY_CRITERION:
        yield f"{name} every criterion", _every_criterion(name)
    for nth, days in enumerate(_days_of_cover(layout)):
        cover: dict[str, Raw] = {"school_year": next(years), **days}
        yield f"{first} days {nth}", _plan(layout, cover, _named_years(layout))
    for name in OF_LEVELS:
        layout = build_layout(regulation(name), FEW)
        for nth, school in enumerate(_schools(layout.regulation, with_days=name in OF_DAYS)):
            cover = {"school_year": next(years), **school.cover}
            yield f"{name} level {nth}", _plan(layout, cover, {"self_assessment": school.verdicts})
    for name in OF_VALUES[:2]:
        layout = build_layout(regulation(name), FEW)
        for nth, school in enumerate(_schools_as_written(layout.regulation)):
            cover = {"school_year": next(years), **school.cover}
            yield f"{name} text {nth}", _plan(layout, cover, {"self_assessment": school.verdicts})


@contextmanager
def with_numbers() -> Iterator[None]:
    """Write dates and amounts as the numbers that they are, as another program leaves them."""
    with patch.object(parts, "with_typed_text", lambda plan: plan):
        yield


Rows = Sequence[Mapping[str, Raw]]
"""Rows of a table, by field."""


def _plan(layout: Layout, cover: Mapping[str, Raw], tables: Mapping[str, Rows]) -> Plan:
    return make_plan(layout, cover=cover, tables=tables, school=SCHOOL)


def _tables(layout: Layout) -> Iterator[dict[str, Rows]]:
    """Yield the tables of plans that together hold every value, each in all cells for its type."""
    year = YEARS[layout.form.id]
    days: list[Raw] = [
        to_serial(first) + part
        for first in (year.start.replace(month=12, day=1), year.end.replace(month=1, day=1))
        for part in _BESIDE_MIDNIGHT
    ]
    days += [to_serial(day) + part for day in (year.start, year.end) for part in _BESIDE_MIDNIGHT]
    days += [day + part for day in CENTURY for part in _BESIDE_MIDNIGHT]
    values: dict[str, Sequence[Raw]] = {
        "criterion": CODES,
        "start": [*days[::-1], BEFORE_THE_CENTURY],
        "deadline": [*days, *_DASHED, BEFORE_THE_CENTURY],
        "budget": (*HALVES, *POWERS, *ADDENDS),
        "lead": (*POWERS, *HALVES, " Hiệu  trưởng", "\t", True),
        "task": ("\t", "Việc thứ nhất", "Việc thứ hai"),
        "notes": (QUOTES, QUOTES[1:], f"{QUOTES}x"),
        "target_level": (True, False, 0.0, "Mức 0", "Mức 2", 1.0),
        "report_date": [*days, *_DASHED],
        "percent": (*HALVES, *POWERS),
    }
    compared = [{"result_1": a, "result_2": b} for a, b in NEARLY_SAME]
    most = max(map(len, values.values()))
    for first in range(0, most, ROWS):
        numbers = range(first, first + ROWS)
        yield {"self_assessment": compared} | {
            key: [
                (_task(layout, nth) if key == "plan" else {})
                | {
                    field: found[nth % len(found)]
                    for field, found in values.items()
                    if layout.sheet(key).has_column(field)
                }
                for nth in numbers
            ]
            for key in ("plan", "progress")
        }


def _amounts(name: str) -> Iterator[Plan]:
    """Yield plans that together hold every text of an amount."""
    for first in range(0, len(AMOUNTS), MANY):
        texts = AMOUNTS[first : first + MANY]
        layout = build_layout(regulation(name), MANY)
        tasks = [_task(layout, nth) | {"budget": text} for nth, text in enumerate(texts)]
        yield _plan(layout, {}, {"plan": tasks})


def _every_criterion(name: str) -> Plan:
    """Return a plan with a task for every criterion."""
    criteria = regulation(name).criteria
    layout = build_layout(regulation(name), max(FEW, len(criteria)))
    tasks = [_task(layout, nth) | {"criterion": c.label} for nth, c in enumerate(criteria)]
    return _plan(layout, {}, {"plan": tasks})


def _days_of_cover(layout: Layout) -> Iterator[dict[str, Raw]]:
    """Yield days of the cover around those of the rules, and texts that are no days."""
    law, year = layout.regulation, YEARS[layout.form.id]
    begin, end = to_serial(law.in_force_from), to_serial(law.repealed_on or year.end)
    early = to_serial(year.start) - LONGEST_LEAD_TIME.of(layout)
    for day in (begin, end, early, to_serial(year.end) + 1):
        yield {"issue_date": day}
        yield {"issue_date": day - 1}
    for text in (UNCLEAR, BEFORE_THE_CENTURY):
        yield {"period_start": text}
        yield {"period_end": text}
    yield {"period_start": BEFORE_THE_CENTURY, "period_end": BEFORE_THE_CENTURY}


def _named_years(layout: Layout) -> dict[str, Rows]:
    """Return tables whose dates are school years, or numbers of more than 15 digits."""
    pairs: Sequence[tuple[Raw, Raw]] = (*zip(_NAMED, _NAMED, strict=True), *_LONG_DAYS)
    tasks = [
        _task(layout, nth) | {"start": start, "deadline": deadline}
        for nth, (start, deadline) in enumerate(pairs)
    ]
    return {"plan": tasks, "progress": [{"report_date": start} for start, _ in pairs]}


def _task(layout: Layout, nth: int) -> dict[str, Raw]:
    return {field: raw(value) for field, value in good_task(layout, nth).items()}


class School(NamedTuple):
    """A school that reaches a level, or nearly so."""

    cover: Mapping[str, Raw]
    verdicts: Rows


def _schools(regulation: Regulation, *, with_days: bool) -> Iterator[School]:
    """Yield schools around each level that is certain while an amendment is in force.

    ``with_days`` are the days of some of them around those of the amendment, too.
    """
    for doubt in doubts_of(regulation):
        if doubt.start is None or doubt.until is None:
            continue
        inside = to_serial(doubt.start + timedelta(30))
        outside = to_serial(doubt.until + timedelta(30))
        days: tuple[tuple[Raw, Raw], ...] = (
            (inside, outside),
            (outside, inside),
            (None, inside),
            (None, outside),
            (UNCLEAR, inside),
            (UNCLEAR, outside),
        )
        for level in regulation.levels[:2]:
            for nth, met in enumerate(_around(regulation, doubt, level)):
                for issued, opening in days if with_days and not nth and level == 1 else days[:1]:
                    cover: dict[str, Raw] = {
                        "issue_date": issued,
                        "period_start": opening,
                        "claimed_level": level_label(level),
                    }
                    yield School(cover, _verdicts(regulation, met))


def _schools_as_written(regulation: Regulation) -> Iterator[School]:
    """Yield schools around each level that all criteria of the text give, and one without any."""
    codes = frozenset(c.code for c in regulation.criteria)
    musts = frozenset(c.code for c in regulation.criteria if c.mandatory)
    others = sorted(codes - musts)
    yield School({}, _verdicts(regulation, Met({}, codes)))
    for level in regulation.levels[:2]:
        enough = [frozenset(others[:n]) for n in range(OTHERS_NEEDED - 1, OTHERS_NEEDED + 2)]
        around = (
            *_around(regulation, Doubt("", None, None, codes, frozenset()), level),
            *(Met({1: codes, level: musts | passed}) for passed in enough),
            *(Met({1: codes - set(others[-1:]), level: musts | passed}) for passed in enough),
            Met({1: codes, level: codes - {min(musts, default="")}}),
            Met({1: codes - set(others[-1:]), level: codes - {min(musts, default="")}}),
        )
        for met in around:
            yield School({"claimed_level": level_label(level)}, _verdicts(regulation, met))


class Met(NamedTuple):
    """The codes of the criteria that pass a level, by level, and of those without a verdict."""

    by_level: Mapping[int, frozenset[str]]
    blank: frozenset[str] = frozenset()


def _around(regulation: Regulation, doubt: Doubt, level: int) -> Iterator[Met]:
    """Yield verdicts that just give a level, or just miss it, by the criteria in no doubt."""
    every = frozenset(c.code for c in regulation.criteria)
    kept, below = doubt.kept, range(1, level + 1)
    yield Met(dict.fromkeys(below, kept))
    yield Met(dict.fromkeys(below, kept), every - kept)
    yield Met(dict.fromkeys(below, kept - {max(kept)}))
    if regulation.school_level_rule == "all_criteria":
        return
    mandatory = frozenset(c.code for c in regulation.criteria if c.mandatory)
    musts, others = kept & mandatory, sorted(kept - mandatory)
    needed = min(max(0, OTHERS_NEEDED - len(doubt.unsettled - mandatory)), len(others))
    enough = musts | set(others[:needed])
    least = {1: kept, level: enough}
    yield Met(least)


def _verdicts(regulation: Regulation, met: Met) -> Rows:
    def verdict(code: str, level: int) -> Raw:
        if code in met.blank:
            return None
        passes = code in met.by_level.get(level, ())
        return (Verdict.MET if passes else Verdict.NOT_MET).label.vi

    return [
        {f"result_{level}": verdict(c.code, level) for level in c.levels}
        for c in regulation.criteria
    ]
