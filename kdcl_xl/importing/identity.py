"""The kind of school and the school year of a plan, where the document says them plainly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kdcl_xl.errors import UserError
from kdcl_xl.importing.cover import ONE_YEAR, Cover, Line, year_in, years_mentioned
from kdcl_xl.importing.ledger import Reading
from kdcl_xl.importing.names import names_of
from kdcl_xl.importing.plain import aligned, one_of
from workbook_templates.regulation import Catalogue
from workbook_templates.school_kind import SchoolKind, UnclearKind
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text, normalise

FROM_SENTENCE = Text(
    "Tên trường lấy từ một câu trong văn bản, có thể thiếu hoặc thừa chữ.",
    "The name of the school is from a sentence of the document.",
)
NO_KIND = Text(
    "Văn bản không nói rõ cấp học của trường; vui lòng chọn cấp học (trên dòng "
    "lệnh: --kind, ví dụ --kind thcs).",
    "The document does not plainly say the kind of school; please choose it (on the "
    "command line: --kind, such as --kind thcs).",
)
NO_YEAR = Text(
    "Văn bản không nói rõ năm học của kế hoạch; vui lòng ghi năm học (trên dòng lệnh: "
    "--school-year 2025-2026).",
    "The document does not plainly say the school year; please give it (on the command "
    "line: --school-year 2025-2026).",
)

_MENTION = re.compile(r"\b(?:truong|trung tam)\s+(?=\w)")
_LEGAL = ("thong tu", "nghi dinh", "quy dinh ve", "doi voi truong", "doi voi cac truong", "luat ")
_SENTENCE = re.compile(r"(?<=[.;:])\s+")
_STOPS = re.compile(
    rf"\s+(?:{one_of(names_of('words')['after_school_names'])})\b|[,.;:()/\u2013]|\s-\s"
)
_LONGEST_NAME = 9


@dataclass(frozen=True, slots=True)
class Identity:
    """The kind of school and the year of a plan, and why the year has to be confirmed."""

    kind: SchoolKind
    year: SchoolYear
    year_line: Line | None = None
    year_doubt: Text | None = None


def identity_of(
    cover: Cover,
    texts: Sequence[str],
    times: Sequence[str],
    catalogue: Catalogue,
    asked: tuple[SchoolKind | None, SchoolYear | None],
) -> Identity:
    """Return the kind and the year, as ``asked`` for or as the document says; never guessed.

    ``texts`` are all texts of the document, ``times`` those that say when a task is done.

    Raises:
        UserError: the document does not say them plainly.
    """
    kind, year = asked
    found_kind = kind or _kind(cover, texts, catalogue)
    doubt = None
    named = year_in(cover.titles) or year_in(cover.closing)
    line = named[1] if named is not None and year in (None, named[0]) else None
    if year is None:
        if named is not None:
            year = named[0]
        else:
            mentioned = years_mentioned(times)
            if len(mentioned) != 1:
                raise UserError(NO_YEAR)
            (year,), doubt = mentioned, ONE_YEAR
    return Identity(found_kind, year, line, doubt)


def _kind(cover: Cover, texts: Sequence[str], catalogue: Catalogue) -> SchoolKind:
    known = cover.fields.get("school_name")
    if known is not None:
        found = _kind_of_name(str(known.value), catalogue)
        if isinstance(found, SchoolKind):
            return found
        if found is not None:
            raise UserError(_unclear(found))
    for group in (_texts(cover.titles), _texts(cover.closing), texts):
        names = list(_names(group))
        # The name of a school says more than «trường mầm non» in a sentence about such schools.
        for chosen in ([n for n in names if _has_own_name(n, catalogue)], names):
            kinds = [_kind_of_name(name, catalogue) for name in chosen]
            sure = {kind for kind in kinds if isinstance(kind, SchoolKind)}
            if len(sure) == 1:
                return sure.pop()
            if sure:
                raise UserError(NO_KIND)
    raise UserError(NO_KIND)


def _unclear(found: UnclearKind) -> Text:
    return Text(f"--kind: {found.problem.vi}.", f"--kind: {found.problem.en}.")


def _texts(lines: Sequence[Line]) -> list[str]:
    return [line.text for line in lines]


def _names(texts: Sequence[str]) -> Iterator[str]:
    """Yield each text from the word «trường» on that may begin the name of a school."""
    for text in texts:
        for sentence in _SENTENCE.split(normalise(text)):
            key = aligned(sentence)
            if any(word in key for word in _LEGAL):
                continue
            for found in _MENTION.finditer(key):
                yield sentence[found.start() : found.start() + 80]


def _kind_of_name(name: str, catalogue: Catalogue) -> SchoolKind | UnclearKind | None:
    at = _MENTION.search(aligned(normalise(name)))
    return catalogue.kind_at_start_of(normalise(name)[at.start() :] if at else name)


def name_from_sentences(
    cover: Cover, texts: Sequence[Line], catalogue: Catalogue
) -> Reading | None:
    """Return the name of the school from the title, the closing words or another sentence."""
    for group in (cover.titles, cover.closing, texts):
        for line in group:
            for begin in _names([line.text]):
                name = _STOPS.split(aligned(begin), maxsplit=1)[0]
                whole = begin[: len(name)].strip()
                parts = whole.split()
                if not 3 <= len(parts) <= _LONGEST_NAME or not parts[-1][0].isalnum():
                    continue
                if _kind_of_name(whole, catalogue) is None or not _has_own_name(whole, catalogue):
                    continue
                return Reading(whole[0].upper() + whole[1:], line.source, doubt=FROM_SENTENCE)
    return None


def _has_own_name(name: str, catalogue: Catalogue) -> bool:
    """Return whether a name goes on behind the words of its kind, with a capital or a number."""
    kind = _kind_of_name(name, catalogue)
    words = name.split()
    for size in range(2, len(words)):
        rest = words[size]
        if _kind_of_name(" ".join(words[:size]), catalogue) == kind:
            longer = _kind_of_name(" ".join(words[: size + 1]), catalogue)
            if longer == kind and (rest[0].isupper() or rest[0].isdigit()):
                return True
    return False
