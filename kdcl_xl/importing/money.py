"""Amounts and sources of money as plans write them.

The cell of an amount takes text too, and says at once if it does not understand it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kdcl_xl.importing.ledger import Reading, Source
from kdcl_xl.importing.names import names_of
from kdcl_xl.importing.plain import aligned, plain
from macros_free_validation.understood.amounts import AmountReader
from macros_free_validation.understood.reader import NO_PERIOD
from macros_free_validation.values import is_number
from workbook_templates.text import Text, normalise
from workbook_templates.vocabulary import FundingSource

SEVERAL_AMOUNTS = Text(
    "Có nhiều số tiền trong một ô; đã chép nguyên văn.",
    "Several amounts in one cell; copied word for word.",
)
SEVERAL_SOURCES = Text(
    "Có nhiều nguồn kinh phí trong một ô; đã chép nguyên văn.",
    "Several funding sources in one cell; copied word for word.",
)
NO_SUCH_SOURCE = Text(
    "Không khớp với nguồn kinh phí nào của mẫu; đã chép nguyên văn.",
    "It is none of the template's funding sources; copied word for word.",
)
MORE_WORDS = Text(
    "Ô kinh phí của văn bản còn ghi thêm nội dung khác ngoài số tiền và nguồn.",
    "The document's cell says more than an amount and its source.",
)
NO_AMOUNT = Text(
    "Không hiểu số tiền này; đã chép nguyên văn.",
    "This amount is not understood; copied word for word.",
)
NO_UNIT = Text(
    "Số tiền không có đơn vị tính (đồng, triệu đồng).",
    "The amount has no unit (đồng or millions).",
)
UNIT_OF_HEADING = Text(
    "Đơn vị tính lấy từ tiêu đề cột của văn bản.",
    "The unit comes from the heading of the document's column.",
)

_SOURCES: Mapping[FundingSource, str] = {
    FundingSource.NONE: r"khong can kinh phi|khong su dung kinh phi|khong co kinh phi",
    FundingSource.STATE: r"(?:nguon )?ngan sach(?: nha nuoc| cap| nn)?|nsnn|nguon ns\b",
    FundingSource.RECURRENT: r"(?:nguon )?(?:kinh phi )?chi thuong xuyen|kinh phi thuong xuyen|"
    r"nguon thuong xuyen|nguon kptx\b",
    FundingSource.INTERNAL: r"(?:theo )?quy che chi tieu noi bo|qcctnb|chi tieu noi bo",
    FundingSource.SOCIALISED: r"xa hoi hoa(?: giao duc)?|xhh(?:gd)?|tai tro|"
    r"manh thuong quan|van dong",
    FundingSource.PROGRAMME: r"chuong trinh|de an|du an",
    FundingSource.OTHER: r"nguon khac",
}
_NONE = frozenset(names_of("words")["no_money"])
_UNIT = r"(?:ty|ti|trieu|tr|nghin|ngan|k)\b"
_CURRENCY = r"(?:dong|vnd|d)\b"
_PER = r"(?:\s*/\s*(?:1\s*)?(?:thang|quy|nam|hoc k[yi]|tuan|lan|ngay)(?: hoc)?\b)"
_AMOUNT = re.compile(
    rf"(?<![\d/.])(?:\d[\d.,]*(?: \d{{3}})*\s*{_UNIT}\s*(?:{_CURRENCY})?{_PER}?"
    rf"|\d[\d.,]*(?: \d{{3}})*\s*{_CURRENCY}{_PER}?"
    rf"|\d{{1,3}}(?:[.,]\d{{3}})+(?![\d/]){_PER}?|\d{{5,}}(?![\d/]))"
)
_LABEL = re.compile(r"^\W*(?:du kien )?kinh phi(?: du kien)?\s*:\s*")
_SMALL = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?")
_OWN = re.compile(r"\bngan sach (?:cua )?(?:nha )?truong\b")
_BARE = re.compile(r"\d[\d.,]*")
_FILLERS = frozenset(names_of("words")["of_money"])
_UNITS_OF_HEADING = (("ty dong", "tỷ"), ("trieu", "triệu"), ("nghin", "nghìn"), ("1000", "nghìn"))


_LONGEST_OF_UNIT = {"tỷ": 3, "triệu": 5, "nghìn": 8}
"""Digits of an amount in a column of that unit, at most; more are most likely đồng."""


def unit_of(heading: str) -> str:
    """Return the unit that a heading such as «Kinh phí (triệu đồng)» gives to bare numbers."""
    key = plain(heading)
    if "1 000" in key:
        return "nghìn"
    return next((unit for word, unit in _UNITS_OF_HEADING if word in key), "")


def read_money(source: Source, unit: str = "") -> Iterator[tuple[str, Reading]]:
    """Yield the fields of an amount and its source, each with its value."""
    text = normalise(source.text)
    label = _LABEL.match(aligned(text))
    whole, text = text, text[label.end() :] if label else text
    key = aligned(text)
    if plain(text) in _NONE:
        yield "funding_source", Reading(FundingSource.NONE.label.vi, source, whole)
        return
    if not plain(text):  # a dash or dots
        return
    if unit and _BARE.fullmatch(text):
        digits = len(re.sub(r"\D", "", text))
        if digits <= _LONGEST_OF_UNIT[unit]:
            yield "budget", Reading(f"{text} {unit}", source)
        else:  # the amount in đồng in spite of the heading, most likely
            yield "budget", Reading(text, source, doubt=UNIT_OF_HEADING)
        return
    amounts = [found.span() for found in _AMOUNT.finditer(key)]
    if len(amounts) > 1:
        yield "budget", Reading(text, source, doubt=SEVERAL_AMOUNTS)
        return
    rest, amount = text, ""
    if amounts:
        start, end = amounts[0]
        if re.search(r"\d\s*(?:-|\u2013|den)\s*$", key[:start]):  # from one amount to another
            yield "budget", Reading(text, source, doubt=SEVERAL_AMOUNTS)
            return
        amount = text[start:end].strip(" .,;")
        rest = f"{text[:start]} | {text[end:]}"
    elif _understood(text):
        amount, rest = text, ""
        if _SMALL.fullmatch(text):
            yield "budget", Reading(text, source, doubt=NO_UNIT)
            return
    found, more = sources_in(rest)
    if amount:
        doubt = None if _understood(amount) else NO_AMOUNT
        if more and len(found) <= 1:
            doubt = doubt or MORE_WORDS
        yield "budget", Reading(amount, source, _fillers(whole), doubt)
        if len(found) == 1 and not more:
            yield "funding_source", Reading(found[0].label.vi, source, rest)
        elif found:
            doubt = SEVERAL_SOURCES if len(found) > 1 else NO_SUCH_SOURCE
            yield "funding_source", Reading(_tidy(rest), source, doubt=doubt)
    elif len(found) == 1 and not more:
        yield "funding_source", Reading(found[0].label.vi, source, whole)
    else:
        doubt = SEVERAL_SOURCES if len(found) > 1 and not more else NO_SUCH_SOURCE
        yield "funding_source", Reading(text, source, doubt=doubt)


def _fillers(text: str) -> str:
    return " ".join(word for word in plain(text).split() if word in _FILLERS)


def sources_in(text: str) -> tuple[list[FundingSource], str]:
    """Return the funding sources that a text names, and the words of it that name none."""
    key = aligned(normalise(text))
    found = []
    for word, pattern in _SOURCES.items():
        label = re.escape(aligned(word.label.vi))
        key, count = re.subn(rf"\b(?:{label}|(?:{pattern}))(?!\w)", " ", key)
        if count:
            found.append(word)
    if _OWN.search(aligned(normalise(text))):  # not the budget of the state
        return [], text
    more = [word for word in re.findall(r"\w+", key) if word not in _FILLERS]
    return found, " ".join(more)


def _tidy(text: str) -> str:
    return " ".join(text.replace("|", " ").strip(" ()[],;:.-\u2013").split())


def _understood(text: str) -> bool:
    meant = AmountReader().meaning(text, NO_PERIOD)[0]
    return is_number(meant) and meant > 0


def is_money(text: str) -> bool:
    """Return whether a text is an amount, funding sources, or «Không», and nothing else."""
    readings = [reading for _, reading in read_money(Source(text, ()))]
    return bool(readings) and all(r.doubt in (None, SEVERAL_SOURCES) for r in readings)


def looks_like_amount(text: str) -> bool:
    """Return whether a text has an amount with its unit."""
    return re.search(rf"\d\s*(?:{_UNIT}|{_CURRENCY})", aligned(normalise(text))) is not None


def read_resources(source: Source) -> Iterator[tuple[str, Reading]]:
    """Yield the fields of a cell of resources: money, and other conditions of support."""
    lines = [line.strip(" ;") for line in source.text.split("\n") if line.strip(" ;")]
    if len(lines) == 1 and not is_money(lines[0]):
        lines = [part.strip() for part in re.split(r";", lines[0]) if part.strip()]
    money = [line for line in lines if is_money(line)]
    others = [line for line in lines if line not in money]
    if money:
        yield from read_money(source.part(", ".join(money)))
    if others:
        yield "support_conditions", Reading("\n".join(others), source)
