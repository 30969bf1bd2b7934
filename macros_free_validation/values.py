"""The values that a cell can hold, and how Excel treats them.

Rules are judged on *raw* values: exactly the values of the file, in the five sorts
that Excel knows. A date is a number, as it is in the file. The functions here are
the Python half of the condition language; each names its Excel half.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import floor, log10
from typing import TypeGuard

from workbook_templates.characters import is_plain


@dataclass(frozen=True, slots=True)
class CellError:
    """An error value such as ``#N/A``."""

    code: str


Raw = str | float | bool | CellError | None
"""Text, number, boolean, error, or nothing."""

EPOCH = date(1899, 12, 30)
FIRST_SERIAL = 36526
"""1 January 2000: no plan is older, so a smaller number is no date."""
LAST_SERIAL = 73051
"""1 January 2100, the first serial number that is no date any more."""


def to_serial(day: date) -> float:
    """Return Excel's number for a day (valid from 1 March 1900, after Excel's false leap day)."""
    return float((day - EPOCH).days)


@lru_cache(maxsize=4096)  # plans repeat the same few days
def to_date(serial: float) -> date:
    """Return the day of an Excel number; the time of day is dropped."""
    return EPOCH + timedelta(days=int(whole_day(serial)))


SIGNIFICANT_DIGITS, MOST_DECIMALS = 15, 20
"""Digits to which numbers are compared, and the decimals that LibreOffice rounds to at most."""
_LEAST = 1e-30
"""The addend that gives 0 a logarithm and changes no number that has digits to compare."""
_HAIR = 1e-13
"""The addend that makes a logarithm a hair below a whole number a whole one everywhere.

LibreOffice takes 1.999999999999998 for 2 when it rounds down, other programs take it for 1.
"""


def fifteen_digits(number: float) -> float:
    """Return a number as Excel compares it: rounded to 15 significant digits.

    At most 20 decimals, or 20 zeros before the point, are rounded to: beyond 1E-6 and 1E+35
    the digits are fewer, and more. A number less than 2E-13 of itself below a power of ten
    keeps 14.
    """
    if number.is_integer() and -1e14 < number < 1e14:
        return number
    exponent = floor(log10(abs(number) + _LEAST) + _HAIR)
    decimals = min(MOST_DECIMALS, SIGNIFICANT_DIGITS - 1 - exponent)
    return round(number, max(-MOST_DECIMALS, decimals))


DECIMALS_OF_A_DAY = 10
"""The decimals of a date at 15 digits: the days of this century have five before the point."""


def whole_day(serial: float) -> float:
    """Return the day of a number without its time, where a hair before midnight is the next day."""
    return round(serial, DECIMALS_OF_A_DAY) // 1.0


def as_day(value: Raw) -> Raw:
    """Return a number of 15 digits as its whole day, and any other value as it is."""
    return whole_day(fifteen_digits(value)) if type(value) is float else value


def is_number(value: Raw) -> TypeGuard[float]:
    """Return ``ISNUMBER``."""
    return type(value) is float


def is_text(value: Raw) -> TypeGuard[str]:
    """Return ``ISTEXT``."""
    return type(value) is str


def is_error(value: Raw) -> bool:
    """Return ``ISERROR``."""
    return type(value) is CellError


def is_date(value: Raw) -> TypeGuard[float]:
    """Return whether a value is a number that is a day of this century."""
    # The bounds are whole days, so that the number need not be cut to its day.
    return type(value) is float and FIRST_SERIAL <= round(value, DECIMALS_OF_A_DAY) < LAST_SERIAL


_NEARLY = 2e-14
"""The relative difference above which two numbers differ within 15 digits."""
_NOTHING = 1e-20
"""The difference above which two numbers differ within 20 decimals."""


def same_number(a: float, b: float) -> bool:
    """Return whether two numbers are the same at 15 significant digits."""
    if a == b:
        return True
    apart = abs(a - b)
    if apart > _NEARLY * abs(a) and apart > _NOTHING:  # most numbers; rounding takes longer
        return False
    return fifteen_digits(a) == fifteen_digits(b)


def less(a: Raw, b: Raw) -> bool:
    """Return ``a < b`` for two numbers at 15 digits; False where either is none."""
    return type(a) is float and type(b) is float and a < b and not same_number(a, b)


def at_most(a: Raw, b: Raw) -> bool:
    """Return ``a <= b`` for two numbers at 15 digits; False where either is none."""
    return type(a) is float and type(b) is float and (a <= b or same_number(a, b))


def same(a: Raw, b: Raw) -> bool:
    """Return ``a = b`` for two numbers, or two texts that are not empty, case and spaces aside."""
    if type(a) is str:
        return (text := key(a)) != "" and text == key(b)
    return type(a) is float and type(b) is float and same_number(a, b)


def differ(a: Raw, b: Raw) -> bool:
    """Return ``a <> b`` for two numbers, or two texts that are not empty, case and spaces aside."""
    if type(a) is str and type(b) is str:
        return "" not in (texts := (key(a), key(b))) and texts[0] != texts[1]
    return type(a) is float and type(b) is float and not same_number(a, b)


def month_key(value: Raw) -> str | float:
    """Return year x 12 + month of a day; an empty text for anything else."""
    if not is_date(value):
        return ""
    day = to_date(value)
    return float(day.year * 12 + day.month)


_SPACES = " \u00a0\n\t\r"
"""The characters that count as spaces: those of Vietnamese typing and of cells in one column."""


def filled(value: Raw) -> bool:
    """Return whether a cell shows something: it is not blank, and not only spaces."""
    if value is None:
        return False
    return type(value) is not str or value.strip(_SPACES) != ""


def tidy(value: str) -> str:
    """Return ``TRIM`` of a text with line breaks, tabs and no-break spaces as spaces.

    There is no Unicode normalisation: a sheet cannot do it, and both judges must agree. A
    decomposed text is therefore named by a rule of its own, which asks for it to be typed
    again, and is still recognised wherever the plan is read.
    """
    text = value.replace("\u00a0", " ").replace("\n", " ").replace("\t", " ").replace("\r", " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text.strip(" ")


def key(value: Raw) -> str | None:
    """Return a text for Excel's ``=``, which ignores case; None for anything but text."""
    if type(value) is not str:
        return None
    return _key(value) if len(value) <= _LONGEST_KEPT else tidy(value).lower()


@lru_cache(maxsize=16_384)
def _key(text: str) -> str:
    return tidy(text).lower()


_LONGEST_KEPT = 80
"""Characters of a text whose key is kept: words of lists and titles come again and again."""


def plain_key(value: Raw) -> str | None:
    """Return :func:`key`; None also for a text that programs compare differently."""
    return key(value) if is_plain(value) else None


def has_character(value: Raw, characters: frozenset[str]) -> bool:
    """Return whether a text holds one of some characters."""
    return type(value) is str and not characters.isdisjoint(value)


def in_one_line(value: Raw) -> str:
    """Return a text in the form in which words are searched; empty for anything but text."""
    return value.replace("\n", ";").lower() if type(value) is str else ""


def has_word(text: str, words: tuple[str, ...]) -> bool:
    """Return ``SEARCH``: whether a text in one line holds one of the words (lower case)."""
    return any(map(text.__contains__, words))


def squashed(value: Raw) -> str | None:
    """Return a text for the test whether two say the same: without case, full stops or «và»."""
    text = key(value)
    return None if text is None else text.replace(" và ", ", ").replace(".", "")


def title_of(label: str) -> str:
    """Return the title in a label such as ``1.4 Hiệu trưởng, …``."""
    return label.partition(" ")[2]


OLD_CODE, NEW_CODE = "[H0-0.0-0]", "(MC.0.0.0)"
"""The two official spellings of an evidence code, each number as 0."""

CODE_STEPS: tuple[tuple[str, str], ...] = (
    ("\u2013", "-"),
    (";", " "),
    (",", " "),
    (" -", "-"),
    ("- ", "-"),
    ("[ ", "["),
    (" ]", "]"),
    ("( ", "("),
    (" )", ")"),
    *((("  ", " "),) * 2),
    ("h", "H"),
    ("m", "M"),
    ("c", "C"),
    *((str(digit), "0") for digit in range(1, 10)),
    *((("00", "0"),) * 3),
    ("-M0.", "-0."),  # criteria of level 4 have the code M4
    (" " + OLD_CODE[1:-1], ""),
    (" " + NEW_CODE[1:-1], ""),
    (OLD_CODE, ""),
    (NEW_CODE, ""),
)
"""Replacements, in this order, that leave nothing of well-formed evidence codes.

Codes after the first may share its brackets: ``[H1-1.1-01; H1-1.1-02]``.
"""

CODE_START = "^"
CODE_ATTEMPTS = (
    *(CODE_START + sign for sign in ("[", "]", ")", "(H0", "(0.0", "H0")),
    *(CODE_START + sign for sign in ("(MC.", "(MC0", "(MC-", "(MC 0", "MC.", "MC0", "MC-", "MC 0")),
    *(" " + sign for sign in ("[H0", "[MC.", "(H0", "(MC.")),
)
"""Signs, in the text after the replacements, of an attempt to give a code.

Many signs count only at the start of the cell, because any text may have brackets.
"""


def malformed_code(value: Raw) -> bool:
    """Return whether a text tries to give an evidence code and fails.

    The text is judged by replacing only, because Excel has no regular expressions.
    """
    if type(value) is not str:
        return False
    text = tidy(value)
    for old, new in CODE_STEPS:
        text = text.replace(old, new)
    text = CODE_START + text
    return any(sign in text for sign in CODE_ATTEMPTS)


_YEARS = re.compile(r"([0-9]{4})-([0-9]{4})")


def is_school_year(value: Raw, longest: int) -> bool:
    """Return whether a text is two years from 1 to ``longest`` apart, joined by a dash."""
    if type(value) is not str:
        return False
    text = tidy(value).replace(" ", "").replace("\u2013", "-").replace("\u2014", "-")
    found = _YEARS.fullmatch(text)
    return bool(found) and 1 <= int(found[2]) - int(found[1]) <= longest if found else False


LONGEST_SHOWN = 60
"""Characters of a value that a message repeats."""
TOO_LONG = 1e15
"""The least number with more digits than Excel shows; a message writes «…» for it."""
DECIMALS_OF_SHOWN = 6
"""Decimals to which a number is rounded before it is shown whole.

All programs round 100.5 to 101; some of them round 100.49999999999999 to 101 too.
"""


def show(value: Raw, *, as_date: bool) -> str:
    """Return a value as a message repeats it.

    Error values are left out: the cell itself shows them.
    """
    if value is None or isinstance(value, CellError):
        return ""
    if type(value) is str:
        text = tidy(value)
        return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
    if type(value) is bool:
        return "TRUE" if value else "FALSE"
    number = float(value)
    if as_date and is_date(number):
        return to_date(number).strftime("%d/%m/%Y")
    if not abs(number) < TOO_LONG:
        return "…"
    # Excel rounds the decimal digits, of which 1.4999995 is a half; Python's float is less.
    digits = Decimal(f"{number:.{SIGNIFICANT_DIGITS}g}")
    nearly = digits.quantize(Decimal(1).scaleb(-DECIMALS_OF_SHOWN), ROUND_HALF_UP)
    whole = int(nearly.to_integral_value(ROUND_HALF_UP))
    return str(whole) if abs(whole) < TOO_LONG else "…"
