"""Texts a slip of the keyboard away from what a rule asks for.

A condition on a text is proven at its edges: where one sign more, less or other changes the
verdict. These texts are what kills the mutants of such conditions.
"""

from __future__ import annotations

import random

from macros_free_validation.rules.leads import OUTSIDE_BODIES, SEVERAL, TIMES_AND_AMOUNTS
from macros_free_validation.values import CODE_ATTEMPTS, LONGEST_SHOWN
from workbook_templates.school_year import LONGEST_PERIOD

_CODE_SIGNS = (*"[]()HhMmCc.-;, 0189", "\u2013", "\n", "\u00a0", "  ", "00")
_YEAR_SIGNS = (*"-/ 09a", "\u2013", "\u2014", "\u2212", "\u00a0", "\t", "\n", "\r", "\u0663", "  ")
_WORD_SIGNS = (" ", "  ", "\u00a0", "\t", "\n", "\r", "\r\n", ".", ",", "*", "?", "~")


def slipped(text: str, signs: tuple[str, ...], rng: random.Random, most: int = 2) -> str:
    """Return a text with one sign, or up to ``most``, left out, added or replaced."""
    for _ in range(rng.randint(1, most)):
        at = rng.randint(0, len(text))
        kept = rng.choice((at, at + 1, at + 1))
        text = text[:at] + rng.choice(("", *signs, *signs)) + text[kept:]
    return text


def code(rng: random.Random) -> str:
    """Return one or two evidence codes, well-formed or nearly so."""
    draw = rng.random()
    if draw < 0.25:
        sign = rng.choice(CODE_ATTEMPTS).removeprefix("^")
        digits = rng.choice(("", "1", "1.2", "1-1.2-03", "0.0-0]", "M4.1", " 1"))
        text = rng.choice(("", "", "a ", "ab")) + sign + digits
        return rng.choice((str, str.lower))(text)
    number = f"{rng.randint(1, 9)}.{rng.randint(1, 12)}"
    last = rng.randint(1, 12) if rng.random() < 0.6 else rng.randint(1, 10 ** rng.randint(3, 10))
    criterion = rng.choice(("", "", "M")) + number
    old = f"H{rng.randint(1, 120)}-{criterion}-{last:02}"
    new = f"MC.{number}.{last:02}"
    between = rng.choice(("; ", ";", " ; ", ", ", ";;", " ; ; ", "; ; "))
    found = rng.choice((f"[{old}]", f"({new})", f"[{old}{between}{old}]", f"({new}{between}{new})"))
    found = rng.choice((found, found, f"{found}{rng.choice((', ', '; ', ' ', ''))}{found}"))
    if rng.random() < 0.3:
        found = found.replace("-", rng.choice((" - ", "- ", " -", "\u2013", " \u2013 ")))
    if rng.random() < 0.2:
        left, right = rng.choice((("[", "[ "), ("]", " ]"), ("(", "( "), (")", " )")))[:2]
        found = found.replace(left, right)
    found = rng.choice((found, found, found.lower()))
    return slipped(found, _CODE_SIGNS, rng) if rng.random() < 0.5 else found


def school_year(rng: random.Random) -> str:
    """Return two years and a dash, or nearly so; their distance is around the longest period."""
    first = rng.choice((2019, 2020, 2026, 999, 9998))
    distance = rng.choice((-1, 0, 1, 1, LONGEST_PERIOD - 1, LONGEST_PERIOD, LONGEST_PERIOD + 1))
    dash = rng.choice(("-", " - ", "\u2013", " \u2014 ", "\u2014", "/", "- ", "--"))
    text = f"{first}{dash}{first + distance}"
    if rng.random() < 0.1:
        return text.translate({ord("0") + n: 0x0660 + n for n in range(10)})  # ٢٠٢٦
    if rng.random() < 0.5:  # one sign away from a year that is right
        text = f"{first}-{first + 1}"
        if rng.random() < 0.1:
            return text + rng.choice("0a.")
        at, sign = rng.randrange(len(text)), rng.choice("ax.\u2212 \t\u00a0")
        return text[:at] + sign + text[at if sign.isspace() else at + 1 :]
    return slipped(text, _YEAR_SIGNS, rng) if rng.random() < 0.4 else text


def lead(rng: random.Random) -> str:
    """Return a lead with one of the words that rules look for, or nearly so."""
    word = rng.choice((*OUTSIDE_BODIES, *SEVERAL, *TIMES_AND_AMOUNTS))
    before, after = rng.choice(("", "x", "Tổ ", "Kế toán")), rng.choice(("", " x", "y", "Văn thư"))
    text = before + rng.choice((word, word, word.upper(), word.lower())) + after
    return slipped(text, _WORD_SIGNS, rng, 1) if rng.random() < 0.3 else text


_DATE_SIGNS = (*"/.-; ,0129tTqQ", "\u2013", "\u00a0", "  ", "LFBNQX", "\u0663", "\uff11", "\u00ad")
_AMOUNT_SIGNS = (*".,;- /0129kK(", "\u2013", "\u00a0", "  ", "KMBTE", "\u0663", "\uff11", "\u00ad")
_ROMAN = ("I", "II", "III", "IV", "V", "i", "iv", "1", "4", "0", "5", "02")
_BEFORE_DATES = (
    *("", "", "", "ngày ", "Ngày", "đến ", "Đến hết ", "từ ", "Từ ngày ", "tới ", "cuối ", "hết "),
    *("đầu ", "trước ", "Trước ngày ", "chậm nhất ", "chậm nhất là ", "hoàn thành trước "),
    *("kể từ ", "trong ", "vào ", "cả ", "kết thúc ", "giữa ", "sau ", "bắt đầu "),
)


def day_text(rng: random.Random, years: tuple[int, int]) -> str:
    """Return a date as people type it, whole or not, or nearly so."""
    text = rng.choice(_BEFORE_DATES) + _span(rng, years)
    if rng.random() < 0.12:
        joint = rng.choice((" đến ", " tới ", " - ", "đến", " đến hết "))
        text = f"{rng.choice(('từ ', 'Từ ngày ', ''))}{_span(rng, years)}{joint}{text}"
    if rng.random() < 0.15:
        text += rng.choice((".", ";", " ", ",", " .", " 00:00:00", " (dự kiến)", "/", ".."))
    text = rng.choice((text, text, text.upper(), text.lower(), text.capitalize()))
    return slipped(text, _DATE_SIGNS, rng, 1) if rng.random() < 0.2 else text


def _span(rng: random.Random, years: tuple[int, int]) -> str:
    first, last = years
    year = rng.choice((first, first, last, last, last, first - 1, last + 1, 1999, 2000, 2099, 2100))
    day, month = rng.choice((rng.randint(1, 28), rng.randint(0, 33))), rng.randint(1, 12)
    if rng.random() < 0.1:
        day, month = rng.choice(((29, 2), (30, 2), (31, 4), (31, 12), (1, 13), (0, 5), (1, 0)))
    d = rng.choice((str(day), f"{day:02}"))
    m = rng.choice((str(month), f"{month:02}"))
    y = rng.choice((str(year), str(year), str(year), f"{year % 100:02}"))
    sign = rng.choice(("/", "/", ".", "-", " / ", " - ", "\u2013"))
    return rng.choice(
        (
            f"{d}{sign}{m}{sign}{y}",
            f"{d}{sign}{m}{sign}{y}",
            f"{d}{sign}{m}/{y}",
            f"ngày {d} tháng {m} năm {y}",
            f"{m}{sign}{y}",
            f"tháng {m}{sign}{y}",
            f"tháng {m} năm {y}",
            f"T{m}{sign}{y}",
            f"quý {rng.choice(_ROMAN)}{sign}{y}",
            f"Q{rng.choice(_ROMAN)}{sign}{y}",
            f"quý {rng.choice(_ROMAN)} năm {y}",
            f"{year}-{m}-{d}",
            f"năm {y}",
            "năm học",
            f"năm học {rng.choice((first, first, 2019))}{sign}{rng.choice((last, last, year))}",
            rng.choice((f"tháng {m}", "đầu năm", str(year), f"{d}{sign}{m}", "học kỳ I", "")),
        )
    )


_BEFORE_AMOUNTS = ("", "", "", "", "", "khoảng ", "Dự kiến ", "tổng ", "kinh phí ", "(", "không ")
_UNITS = ("", "", " triệu", " triệu", "tr", " nghìn", " ngàn", "k", " tỷ", " tỉ", " Tr", " trăm")
_DONG = ("", "", " đồng", "đ", " đ", " VNĐ", " vnd", "\u20ab", " đồng Việt Nam")
TIMES = ("/tháng", "/ năm", " mỗi quý", "/học kỳ", "/lần", " hằng tháng", " trên tháng", "/tuần")
_AFTER = (" (Năm triệu đồng)", "(dự kiến)", ".", ";", ",", ",00", ".00", " 200 triệu", "/học sinh")


def amount_text(rng: random.Random) -> str:
    """Return an amount as people type it, or nearly so."""
    if rng.random() < 0.1:
        none = (
            "Không",
            "không có",
            "Không cần kinh phí",
            "KHÔNG",
            "-",
            "\u2013",
            "0",
            "O",
            "không cần",
        )
        return rng.choice(none)
    number = rng.choice((rng.randint(0, 999), rng.randint(1, 10 ** rng.randint(1, 16))))
    digits = str(number)
    if rng.random() < 0.6:
        digits = f"{number:,}".replace(",", rng.choice((".", ".", ",", " ", "\u00a0")))
    if rng.random() < 0.3:
        digits += rng.choice((".", ",")) + rng.choice(("5", "25", "05", "5", "250", "2500", ""))
    text = rng.choice(_BEFORE_AMOUNTS) + digits + rng.choice(_UNITS) + rng.choice(_DONG)
    if rng.random() < 0.2:
        text += rng.choice(TIMES)
    if rng.random() < 0.15:
        text += rng.choice(_AFTER)
    text = rng.choice((text, text, text.upper(), text.lower()))
    return slipped(text, _AMOUNT_SIGNS, rng, 1) if rng.random() < 0.15 else text


def around(word: str, rng: random.Random) -> str:
    """Return a word with a slip in it: another space, case or sign."""
    text = rng.choice((str, str.upper, str.lower))(word)
    if rng.random() < 0.5:
        space = rng.choice(("  ", "\u00a0", "\t", "\n", "\r", " \n ", "\t\t"))
        return rng.choice((space + text, text + space, text.replace(" ", space)))
    return slipped(text, _WORD_SIGNS, rng, 1)


def long(rng: random.Random) -> str:
    """Return a text about as long as a message repeats, with a space at the cut or none."""
    length = LONGEST_SHOWN + rng.choice((-1, 0, 1, 2))
    text = rng.choice(("y" * length, "y" * (LONGEST_SHOWN - 1) + " " + "z" * 3))
    return rng.choice(("", " ")) + text + rng.choice(("", " "))
