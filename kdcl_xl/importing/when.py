"""Times as plans write them, as recurrence, start and deadline.

The cells of the template take a date as text, and say at once if they do not understand it: the
words of the document go in as they are. Only the parts are separated here. No recurrence comes
from a date alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kdcl_xl.importing.ledger import Reading, Source
from kdcl_xl.importing.plain import aligned
from macros_free_validation.understood.dates import DateReader
from macros_free_validation.understood.reader import Period
from macros_free_validation.values import is_number
from workbook_templates.declare import Edge
from workbook_templates.text import Text, normalise
from workbook_templates.vocabulary import Recurrence

NOT_UNDERSTOOD = Text(
    "Thời gian ghi chưa đủ ngày, tháng, năm hoặc có nhiều mốc; đã chép nguyên văn.",
    "The time lacks a day, month or year, or has several; copied word for word.",
)
WHOLE_YEAR = Text(
    "Văn bản chỉ ghi năm học hoặc cả năm; đã chép nguyên văn vào ô hạn hoàn thành.",
    "The document only names the year; copied word for word as the deadline.",
)
NO_SUCH_RECURRENCE = Text(
    "Mẫu không có tần suất này; đã chép nguyên văn.",
    "The template has no such recurrence; copied word for word.",
)

_RECURRENCES: Mapping[Recurrence, str] = {
    Recurrence.MONTHLY: r"(?:hang|moi|tung) thang",
    Recurrence.QUARTERLY: r"(?:hang|moi|tung) quy",
    Recurrence.TERMLY: r"(?:hang|moi|tung) (?:hoc )?k[yi]",
    Recurrence.YEARLY: r"(?:hang|moi|tung) nam(?: hoc)?",
    Recurrence.CONTINUOUS: r"thuong xuyen|lien tuc",
    Recurrence.ONCE: r"mot lan",
}
_OTHER = re.compile(r"\b(?:hang|moi) (?:tuan|ngay)\b")
_TO = re.compile(r"(?:^|\s|(?<=\d))(?:den|toi|-+>?|\u2013|\u2014|\u2192)(?=\s|\d)")
_IN_WORDS = re.compile(r"\b(?:tu|den|toi)\b")
_FROM = re.compile(r"^(?:(?:bat dau|thuc hien|ke)\s+)?tu\s+")
_ONLY_TO = re.compile(r"^(?:den|toi)\s+")
_YEAR = re.compile(r"\b(?:trong|ca|suot)?\s*nam(?: hoc)?(?:\s+\d{4}\s*[-\u2013]\s*\d{4})?\W*$")
_SAYS_NOTHING = re.compile(r"(?:dinh ky|deu dan|(?:0?1|mot) lan|\s|\W)*")
_EDGES = " \t\n,;.:()[]-\u2013\u2014"


def read_when(source: Source, period: Period) -> Iterator[tuple[str, Reading]]:
    """Yield the fields of a time, each with its value."""
    text = normalise(source.text)
    key = aligned(text)
    recurrences = [
        (found.span(), word)
        for word, pattern in _RECURRENCES.items()
        for found in re.finditer(rf"\b(?:{pattern})\b", key)
    ]
    rest = text
    if len({word for _, word in recurrences}) == 1:
        word = recurrences[0][1]
        said = " ".join(text[start:end] for (start, end), _ in recurrences)
        for (start, end), _ in reversed(recurrences):
            rest = f"{rest[:start]} {rest[end:]}"
        yield "recurrence", Reading(word.label.vi, source, said)
    elif not recurrences and (other := _OTHER.search(key)):
        said = text[other.start() : other.end()]
        rest = f"{text[: other.start()]} {text[other.end() :]}"
        yield "recurrence", Reading(said, source, said, NO_SUCH_RECURRENCE)
    rest = " ".join(rest.strip(_EDGES).split())
    if rest != text and _SAYS_NOTHING.fullmatch(aligned(rest)):
        rest = ""
    if rest:
        yield from _dates(rest, source, period)


def _dates(text: str, source: Source, period: Period) -> Iterator[tuple[str, Reading]]:
    key = aligned(text)
    if _YEAR.fullmatch(key):
        yield "deadline", Reading(text, source, doubt=WHOLE_YEAR)
        return
    if not _IN_WORDS.search(key) and _understood(text, Edge.LAST, period):
        yield "deadline", Reading(text, source)
        return
    for joint in _TO.finditer(key):
        before, after = text[: joint.start()].strip(_EDGES), text[joint.end() :].strip(_EDGES)
        before = before[_FROM.match(aligned(before)).end() :] if _is_from(before) else before  # type: ignore[union-attr]
        if _understood(before, Edge.FIRST, period) and _understood(after, Edge.LAST, period):
            yield "start", Reading(before, source, text)
            yield "deadline", Reading(after, source, text)
            return
    only_to = _ONLY_TO.match(key)
    if only_to:
        bare = text[only_to.end() :]
        doubt = None if _understood(bare, Edge.LAST, period) else NOT_UNDERSTOOD
        yield "deadline", Reading(bare, source, text, doubt)
    elif _is_from(text) and not _TO.search(key) and _understood(text, Edge.FIRST, period):
        bare = text[_FROM.match(key).end() :]  # type: ignore[union-attr]
        yield (
            "start",
            Reading(bare if _understood(bare, Edge.FIRST, period) else text, source, text),
        )
    elif not _is_from(text) and not _TO.search(key) and _understood(text, Edge.LAST, period):
        yield "deadline", Reading(text, source)
    else:
        yield "deadline", Reading(text, source, doubt=NOT_UNDERSTOOD)


def _is_from(text: str) -> bool:
    return _FROM.match(aligned(text)) is not None


def _understood(text: str, edge: Edge, period: Period) -> bool:
    return bool(text) and is_number(DateReader(edge).meaning(text, period)[0])


_TIME = re.compile(
    r"\b(?:thang \d|\d{1,2}/\d{4}|trong nam|nam hoc|ca nam|hang (?:nam|thang|quy)|"
    r"hoc k[yi]|thuong xuyen|quy [iv\d])\b"
)


def looks_like_time(text: str) -> bool:
    """Return whether a text is a time rather than anything else."""
    key = aligned(normalise(text))
    found = _TIME.search(key)
    return found is not None and len(key.split()) <= _LONGEST_TIME


_LONGEST_TIME = 8
