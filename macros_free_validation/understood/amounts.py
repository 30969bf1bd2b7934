"""Amounts as people type them: grouped digits, «triệu», «tỷ», «đồng», an amount each month.

Đồng have no decimals, so that ``1.234`` and ``1,234`` are one thousand and more, and ``81.5``
alone is not understood: it may be thousands or millions. Before a unit one or two decimals are
(«1,5 tỷ»), and three digits after a full stop are thousands, as Vietnamese writes them («1.500
triệu»). Three digits after a comma there are not understood: they are thousandths in Vietnamese,
and thousands in English.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import ClassVar

from macros_free_validation import values as v
from macros_free_validation.amount_text import money, money_excel
from macros_free_validation.expression.excel_half import (
    filled_excel,
    number_excel,
    tidy_excel,
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
from workbook_templates.declare import Type

UNITS = "KMB"
"""Signs of thousand, million and milliard: each is a thousand times the one before."""
RECURRENCES = {
    "T": "tháng",
    "Q": "quý",
    "H": "học kỳ",
    "Y": "năm",
    "W": "tuần",
    "L": "lần",
    "D": "ngày",
}
"""Signs of the time after which an amount comes again, and its word."""
NOTHING = "O"

WORDS: Replacements = (
    ("\u2013", "-"),
    ("\u20ab", ""),
    ("không", NOTHING),
    *((word, "") for word in ("kinh phí", "dự kiến", "khoảng", "tổng", "số tiền", "việt nam")),
    ("học kỳ", "H"),
    ("học kì", "H"),
    ("năm học", "Y"),
    *((word, sign) for sign, word in RECURRENCES.items() if sign != "H"),
    ("trên", "/"),
    ("triệu", "M"),
    ("nghìn", "K"),
    ("ngàn", "K"),
    ("tỷ", "B"),
    ("tỉ", "B"),
    *((word, "") for word in ("đồng", "vnđ", "vnd", "đ", "mỗi", "hằng", "hàng")),
)
"""Words of an amount in lower case, and the signs that they become."""
JOINTS: Replacements = (
    (" E", "E"),
    *((f"{NOTHING} {word}E", f"{NOTHING}E") for word in ("có", "cần", "sử dụng")),
    ("tr", "M"),
    ("k", "K"),
    (" /", "/"),
    ("/ ", "/"),
    *((f"/{sign}", sign) for sign in RECURRENCES),
    *((f" {sign}", sign) for sign in (*RECURRENCES, *UNITS)),
    *((f"{end}E", "E") for end in (".00", ",00", ".", ",", ";")),
    ("E", ""),
    (" ", "."),
)
"""Spaces between signs, the mark ``E`` at the end, and spaces between groups of digits."""

SHAPES = tuple(unit + time for unit, time in product(("", *UNITS), ("", *RECURRENCES)))
"""Amounts without digits and points: a unit and a recurrence, each may be absent."""
_NONE = (NOTHING, "-")
_MOST_GROUPS = 4
_LONGEST = 15
"""Digits of an amount: more are not exact in a spreadsheet."""
_PAD = 20


def _words(value: v.Raw) -> str:
    if type(value) is not str:
        return ""
    text = lower(value)
    at = text.find("(")  # the amount in words
    return v.tidy(replaced(text[:at] if at > 0 else text, WORDS) + "E")


def _words_excel(x: str) -> str:
    text = lower_excel(x)
    at = f'FIND("(",{text}&"(")-1'
    text = f"IF({at}>0,LEFT({text},{at}),{text})"
    return f'IF(ISTEXT({x}),TRIM({replaced_excel(text, WORDS)}&"E"),"")'


def _amount(signs: str, shape: str) -> v.Raw:
    """Return the amount in đồng; a text where it is not understood."""
    if signs in _NONE:
        return 0.0
    if shape not in SHAPES or (shape and not signs.endswith(shape)):
        return NOT_UNDERSTOOD
    core = signs[: len(signs) - len(shape)]
    exponent = 3 * (UNITS.find(shape[:1]) + 1) if shape else 0
    digits = without(core, ".,")
    points = len(core) - len(digits)
    if not 0 < len(digits) <= _LONGEST or ("." in core and "," in core):
        return NOT_UNDERSTOOD
    if points == 0:
        return float(int(digits) * 10**exponent)
    if _grouped(core.replace(",", "."), points) and not (exponent and points == 1 and "," in core):
        return float(int(digits) * 10**exponent)
    padded = "X" * _PAD + core
    for decimals in (1, 2):
        if exponent and points == 1 and len(digits) > decimals and padded[-decimals - 1] in ".,":
            return float(int(digits) * 10 ** (exponent - decimals))
    return NOT_UNDERSTOOD


def _grouped(core: str, points: int) -> bool:
    """Return whether the points part all groups of three digits from the right."""
    padded = "X" * _PAD + core
    first = len(core) - 4 * points
    at = (padded[-4 * n] == "." for n in range(1, points + 1))
    return points <= _MOST_GROUPS and 1 <= first <= 3 and all(at)


def _amount_excel(signs: str, shape: str) -> str:
    core = f"LEFT({signs},LEN({signs})-LEN({shape}))"
    dotted = f'SUBSTITUTE({core},",",".")'
    digits = f'SUBSTITUTE({dotted},".","")'
    points = f"(LEN({core})-LEN({digits}))"
    unit = f'FIND(LEFT({shape}&"X",1),"{UNITS}")'
    exponent = f"IF(ISNUMBER({unit}),3*{unit},0)"
    whole = f"VALUE({digits})*10^{exponent}"

    def point(n: int) -> str:
        return f'MID("{"X" * _PAD}"&{dotted},LEN({core})+{_PAD + 1}-{n},1)="."'

    groups = ",".join(f"OR({points}<{n},{point(4 * n)})" for n in range(1, _MOST_GROUPS + 1))
    first = f"LEN({core})-4*{points}"
    grouped = f"AND({points}<={_MOST_GROUPS},{first}>=1,{first}<=3,{groups})"
    english = f'AND({exponent}>0,{points}=1,ISNUMBER(FIND(",",{core})))'
    decimal = f'"{NOT_UNDERSTOOD}"'
    for n in (2, 1):
        holds = f"AND({exponent}>0,{points}=1,LEN({digits})>{n},{point(n + 1)})"
        decimal = f"IF({holds},VALUE({digits})*10^({exponent}-{n}),{decimal})"
    with_points = f"IF(AND({grouped},NOT({english})),{whole},{decimal})"
    mixed = f'AND(ISNUMBER(FIND(".",{core})),ISNUMBER(FIND(",",{core})))'
    possible = f"AND(LEN({digits})>0,LEN({digits})<={_LONGEST},NOT({mixed}))"
    amount = f'IF({possible},IF({points}=0,{whole},{with_points}),"{NOT_UNDERSTOOD}")'
    at_end = f"RIGHT({signs},LEN({shape}))={shape}"
    amount = f'IF({at_end},{amount},"{NOT_UNDERSTOOD}")'
    amount = f'IF({one_of_excel(shape, SHAPES)},{amount},"{NOT_UNDERSTOOD}")'
    return f"IF({one_of_excel(signs, _NONE)},0,{amount})"


class AmountReader(Reader):
    """The reader of amounts; the second result is the time after which the amount comes again."""

    type = Type.MONEY
    steps: ClassVar[tuple[str, ...]] = ("words", "signs", "shape")

    def python(self, value: v.Raw, period: Period) -> tuple[v.Raw, ...]:
        words = _words(value)
        signs = replaced(words, JOINTS)
        shape = without(signs, DIGITS + ".,")
        meant: v.Raw = ""
        if v.filled(value):
            meant = value if v.is_number(value) else _amount(signs, shape)
        is_typed = type(value) is str and v.is_number(meant)
        per = RECURRENCES.get(shape[-1:], "") if is_typed else ""
        return words, signs, shape, meant, per

    def excel(self, x: str, columns: Sequence[str], period: tuple[str, str] | None) -> list[str]:
        words, signs, shape, meant = columns[:4]
        amount = f'IF(ISTEXT({x}),{_amount_excel(signs, shape)},"{NOT_UNDERSTOOD}")'
        per = '""'
        for sign, word in RECURRENCES.items():
            per = f'IF(RIGHT({shape},1)="{sign}","{word}",{per})'
        return [
            _words_excel(x),
            replaced_excel(words, JOINTS),
            without_excel(signs, DIGITS + ".,"),
            f'IF({filled_excel(x)},IF({number_excel(x)},{x},{amount}),"")',
            f'IF(ISTEXT({x}),IF(ISNUMBER({meant}),{per},""),"")',
        ]

    def is_plain(self, value: str) -> bool:
        signs = replaced(_words(value), JOINTS)
        is_number = without(signs, DIGITS + ".") == "" and len(signs) == len(v.tidy(value))
        return is_number or signs in _NONE

    def said(self, columns: Sequence[v.Raw], value: v.Raw) -> str:
        meant, per = columns[-2:]
        if type(value) is not str or not v.is_number(meant) or self.is_plain(value):
            return ""
        return f" {money(meant)} đồng{f'/{per}' if per else ''},"

    def said_excel(self, columns: Sequence[str], x: str) -> str:
        _, signs, shape, meant, per = columns
        no_comma = f'ISERROR(FIND(",",{signs}))'
        plain = f"AND(LEN({shape})=0,{no_comma},LEN({signs})=LEN({tidy_excel(x)}))"
        known = f"OR({plain},{one_of_excel(signs, _NONE)})"
        time = f'IF(LEN({per})>0,"/"&{per},"")'
        said = f'IF({known},""," "&{money_excel(meant)}&" đồng"&{time}&",")'
        return f'IF(ISTEXT({x}),IF(ISNUMBER({meant}),{said},""),"")'
