"""Dates as people type them: day first, in digits or in words, whole or only month or quarter.

A month, a quarter, a year and a school year are spans: as a start they mean their first day,
as a deadline their last. «cuối» and «hết» ask for the last day, «đầu» for the first, and
«trước» for the day before the first. Where two days are joined by «đến», the first is the start
and the second the deadline.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import ClassVar

from macros_free_validation import values as v
from macros_free_validation.expression.excel_half import (
    date_excel,
    day_excel,
    filled_excel,
    tidy_excel,
    written_day_excel,
)
from macros_free_validation.understood.reader import (
    DIGITS,
    NOT_UNDERSTOOD,
    Period,
    Reader,
    Replacements,
    lower,
    lower_excel,
    one_of_excel,
    replaced,
    replaced_excel,
    without,
    without_excel,
)
from workbook_templates.declare import Edge, Type

LAST, FIRST, BEFORE = "L", "F", "B"
"""Signs, before a date, that ask for a day of its span."""
QUARTER, YEAR, SCHOOL_YEAR = "Q", "Y", "N"
_TO = "đến"

WORDS: Replacements = (
    (" 00:00:00", ""),
    *((dash, "/") for dash in ("\u2013", "\u2014", "-", ".")),
    ("năm học", SCHOOL_YEAR),
    *((word, "") for word in ("bắt đầu", "hoàn thành", "kể từ", "chậm nhất là", "chậm nhất")),
    *((word, "") for word in ("ngày", "trong", "vào", "từ", "cả")),
    ("kết thúc", LAST),
    ("cuối", LAST),
    ("hết", LAST),
    ("đầu", FIRST),
    ("trước", BEFORE),
    ("quý", "q"),
    ("q ", QUARTER),
    ("q", QUARTER),
    (f"{QUARTER}iv", f"{QUARTER}4"),
    (f"{QUARTER}iii", f"{QUARTER}3"),
    (f"{QUARTER}ii", f"{QUARTER}2"),
    (f"{QUARTER}i", f"{QUARTER}1"),
    *((word, "/") for word in ("tháng", "năm", "t")),
)
"""Words of a date in lower case, and the signs that they become."""
JOINTS: Replacements = (
    (" E", "E"),
    (" /", "/"),
    ("/ ", "/"),
    *((f"{sign} ", sign) for sign in (LAST, FIRST, BEFORE, SCHOOL_YEAR)),
    *((f"{point}E", "E") for point in "/;,"),
    ("E", ""),
)
"""Spaces between signs, and the mark ``E`` at the end with punctuation before it."""

_WHOLE = [f"//{''.join(n)}" for n in product("12", "12", "24")]
_ISO = [f"//4{''.join(n)}" for n in product("12", "12")]
_MONTHS, _YEARS, _QUARTERS = ["//014", "//024"], [f"/{YEAR}/014"], [f"/{QUARTER}/024"]
_NAMED_YEARS, _THE_YEAR = f"/{SCHOOL_YEAR}/054", f"{SCHOOL_YEAR}1"
SHAPES = (*_WHOLE, *_ISO, *_MONTHS, *_YEARS, *_QUARTERS)
"""Dates without their digits, and the number of characters of each of their three parts.

A text of fewer parts ends with the number of its characters instead.
"""
_PLAIN = [shape for shape in _WHOLE if shape.endswith("4")]
"""The shapes of a day that nobody can understand otherwise."""
_REACH = {
    **dict.fromkeys(_MONTHS, 31),
    **dict.fromkeys(_QUARTERS, 92),
    **dict.fromkeys(_YEARS, 366),
}
"""Days from the first day of a span to the first days of the month behind it.

That day less its own day of the month is the last day of the span.
"""
_ROOM = 20
"""Characters to which each part of a date is widened, so that parts are found by position."""


def _signs(value: v.Raw, edge: Edge) -> str:
    if type(value) is not str:
        return ""
    text = lower(value).replace("tới", _TO)
    at = text.find(_TO)
    if (at >= 0 and edge is Edge.LAST) or (at == 0 and edge is Edge.FIRST):
        text = text[at + len(_TO) :]
    elif at > 0 and edge is Edge.FIRST:
        text = text[:at]
    return replaced(v.tidy(replaced(text, WORDS) + "E"), JOINTS)


def _signs_excel(x: str, edge: Edge) -> str:
    text = f'SUBSTITUTE({lower_excel(x)},"tới","{_TO}")'
    at = f'FIND("{_TO}",{text})'
    after, before = f"MID({text},{at}+{len(_TO)},32767)", f"LEFT({text},{at}-1)"
    if edge is Edge.LAST:
        text = f"IF(ISNUMBER({at}),{after},{text})"
    elif edge is Edge.FIRST:
        text = f"IF(ISNUMBER({at}),IF({at}=1,{after},{before}),{text})"
    signs = replaced_excel(f'TRIM({replaced_excel(text, WORDS)}&"E")', JOINTS)
    return f'IF(ISTEXT({x}),{signs},"")'


_FLAGS = LAST + FIRST + BEFORE


def _core(signs: str) -> str:
    core = signs[1:] if signs[:1] in (LAST, FIRST, BEFORE) else signs
    if core.count("/") != 1:
        return core
    return f"/{YEAR}{core}" if core.startswith("/") else f"/{core}"


def _core_excel(signs: str) -> str:
    flagged = f'ISNUMBER(FIND(LEFT({signs}&"X",1),"{_FLAGS}"))'
    core = f"IF({flagged},MID({signs},2,32767),{signs})"
    # A flag holds no slash, so that the slashes are counted with it.
    one = f'LEN({signs})-LEN(SUBSTITUTE({signs},"/",""))=1'
    return f'IF({one},IF(LEFT({core},1)="/","/{YEAR}","/"),"")&{core}'


def _shape(core: str) -> str:
    parts = core.split("/")
    counted = parts if len(parts) == 3 else [core]
    return without(core, DIGITS) + "".join(str(len(part)) for part in counted)


def _shape_excel(core: str) -> str:
    first = f'FIND("/",{core})'
    second = f'FIND("/",{core},{first}+1)'
    lengths = f"({first}-1)&({second}-{first}-1)&(LEN({core})-{second})"
    slashes = f'LEN({core})-LEN(SUBSTITUTE({core},"/",""))'
    return f"{without_excel(core, DIGITS)}&IF({slashes}=2,{lengths},LEN({core}))"


def _named_years(core: str, period: Period) -> bool:
    """Return whether a named school year is that of the plan."""
    _, first, last = core.split("/")
    if not (first.startswith(SCHOOL_YEAR) and v.is_date(period.first) and v.is_date(period.last)):
        return False
    opening, end = v.to_date(period.first), v.to_date(period.last)
    return (int(first[1:]), int(last)) == (opening.year, end.year)


def _first(core: str, shape: str, period: Period) -> v.Raw:
    """Return the first day of a span; an empty text where it is none."""
    if shape == _THE_YEAR or (shape == _NAMED_YEARS and _named_years(core, period)):
        both = v.is_date(period.first) and v.is_date(period.last)
        return v.as_day(period.first) if both else ""
    if shape not in SHAPES:
        return ""
    a, b, c = core.split("/")
    if shape in _ISO:
        a, c = c, a
    year = int(c) + (2000 if len(c) == 2 else 0)
    day = int(a) if a else 1
    month = 1
    if shape not in (*_QUARTERS, *_YEARS):
        month = int(b)
    elif shape in _QUARTERS:
        if not b.startswith(QUARTER):
            return ""
        month = 3 * int(b[1:]) - 2
    if not (2000 <= year < 2100 and 1 <= month <= 12):
        return ""
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return ""
    return v.to_serial(date(year, month, day))


def _part_excel(core: str, n: int) -> str:
    return f'TRIM(MID(SUBSTITUTE({core},"/",REPT(" ",{_ROOM})),{n * _ROOM + 1},{_ROOM}))'


def _first_excel(core: str, shape: str, period: tuple[str, str] | None) -> str:
    a, b, c = (_part_excel(core, n) for n in range(3))
    iso = f'MID({shape},3,1)="4"'
    year = f"IF({iso},VALUE({a}),VALUE({c})+IF(LEN({c})=2,2000,0))"
    month = f'IF({b}="{YEAR}",1,IF(LEFT({b},1)="{QUARTER}",3*VALUE(MID({b},2,1))-2,VALUE({b})))'
    day = f"IF(LEN({a})=0,1,IF({iso},VALUE({c}),VALUE({a})))"
    # DATE moves a day that a month does not have to the next month.
    built = f"DATE({year},{month},{day})"
    real = f'IF(DAY({built})={day},{built},"")'
    possible = f"AND({year}>=2000,{year}<2100,{month}>=1,{month}<=12,{day}>=1)"
    found = f'IF({possible},{real},"")'
    kept = f'OR(ISERROR(FIND("{QUARTER}",{shape})),LEFT({b},1)="{QUARTER}")'
    found = f'IF({one_of_excel(shape, SHAPES)},IF({kept},{found},""),"")'
    if period is None:
        return found
    first, last = period
    named = f'IF({shape}="{_NAMED_YEARS}",IF(LEFT({b},1)="{SCHOOL_YEAR}",'
    named += f"AND(VALUE(MID({b},2,4))=YEAR({day_excel(first)}),"
    named += f"VALUE({c})=YEAR({day_excel(last)})),FALSE),FALSE)"
    known = f"IF({date_excel(first)},{date_excel(last)},FALSE)"
    own = f'IF({known},IF(IF({shape}="{_THE_YEAR}",TRUE,{named}),{day_excel(first)},""),"")'
    is_year = one_of_excel(shape, (_THE_YEAR, _NAMED_YEARS))
    return f"IF({is_year},{own},{found})"


def _last(first: float, shape: str, period: Period) -> v.Raw:
    """Return the last day of the span that begins with a day."""
    if SCHOOL_YEAR in shape:
        return v.as_day(period.last)
    reach = _REACH.get(shape, 0)
    return first + reach - v.to_date(first + reach).day if reach else first


def _last_excel(first: str, shape: str, period: tuple[str, str] | None) -> str:
    last = first
    for reach, shapes in ((31, _MONTHS), (92, _QUARTERS), (366, _YEARS)):
        last = f"IF({one_of_excel(shape, shapes)},{first}+{reach}-DAY({first}+{reach}),{last})"
    if period is None:
        return last
    return f'IF(ISNUMBER(FIND("{SCHOOL_YEAR}",{shape})),{day_excel(period[1])},{last})'


_PREPOSITIONS = {Edge.FIRST: "từ", Edge.LAST: "đến", Edge.DAY: "ngày"}


@dataclass(frozen=True, eq=False)  # there is one for each edge, and caches are kept by it
class DateReader(Reader):
    """The reader of dates; ``edge`` is the day of a span that the input means."""

    edge: Edge

    type = Type.DATE
    steps: ClassVar[tuple[str, ...]] = ("signs", "core", "shape", "first")

    def python(self, value: v.Raw, period: Period) -> tuple[v.Raw, ...]:
        signs = _signs(value, self.edge)
        core = _core(signs)
        shape = _shape(core)
        first = _first(core, shape, period)
        return signs, core, shape, first, self._meant(value, signs, shape, first, period)

    def _meant(
        self, value: v.Raw, signs: str, shape: str, first: v.Raw, period: Period
    ) -> str | float:
        if not v.filled(value):
            return ""
        if v.is_date(value):
            return v.whole_day(value)
        if not v.is_number(first):
            return NOT_UNDERSTOOD
        flag = signs[:1]
        if self.edge is Edge.DAY:
            is_whole = (shape in _WHOLE or shape in _ISO) and flag not in (LAST, FIRST, BEFORE)
            return first if is_whole else NOT_UNDERSTOOD
        if flag == BEFORE:
            return first - 1
        if flag == FIRST or (flag != LAST and self.edge is Edge.FIRST):
            return first
        last = _last(first, shape, period)
        return last if v.is_number(last) else NOT_UNDERSTOOD

    def excel(self, x: str, columns: Sequence[str], period: tuple[str, str] | None) -> list[str]:
        signs, core, shape, first = columns[:4]
        return [
            _signs_excel(x, self.edge),
            _core_excel(signs),
            _shape_excel(core),
            _first_excel(core, shape, period),
            self._meant_excel(x, signs, shape, first, period),
        ]

    def _meant_excel(
        self, x: str, signs: str, shape: str, first: str, period: tuple[str, str] | None
    ) -> str:
        flag = f'LEFT({signs}&"X",1)'
        if self.edge is Edge.DAY:
            no_flag = f'ISERROR(FIND({flag},"{_FLAGS}"))'
            is_whole = one_of_excel(shape, (*_WHOLE, *_ISO))
            day = f'IF(AND({is_whole},{no_flag}),{first},"{NOT_UNDERSTOOD}")'
        else:
            last = _last_excel(first, shape, period)
            is_first = f'{flag}="{FIRST}"' if self.edge is Edge.LAST else f'{flag}<>"{LAST}"'
            day = f'IF({flag}="{BEFORE}",{first}-1,IF({is_first},{first},{last}))'
        meant = f'IF(ISNUMBER({first}),{day},"{NOT_UNDERSTOOD}")'
        return f'IF({filled_excel(x)},IF({date_excel(x)},{day_excel(x)},{meant}),"")'

    def is_plain(self, value: str) -> bool:
        core = _core(_signs(value, self.edge))
        return _shape(core) in _PLAIN and len(core) == len(v.tidy(value))

    def said(self, columns: Sequence[v.Raw], value: v.Raw) -> str:
        meant = columns[-1]
        if not v.is_number(meant) or (type(value) is str and self.is_plain(value)):
            return ""
        return f" {_PREPOSITIONS[self.edge]} {v.to_date(meant).strftime('%d/%m/%Y')},"

    def said_excel(self, columns: Sequence[str], x: str) -> str:
        _, core, shape, _, meant = columns
        plain = f"IF({one_of_excel(shape, _PLAIN)},LEN({core})=LEN({tidy_excel(x)}),FALSE)"
        day = f'" {_PREPOSITIONS[self.edge]} "&{written_day_excel(meant)}&","'
        plain = f"IF(ISTEXT({x}),{plain},FALSE)"
        return f'IF(ISNUMBER({meant}),IF({plain},"",{day}),"")'
