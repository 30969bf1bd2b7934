"""Criteria, standards and bands of levels as plans name them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from kdcl_xl.importing.ledger import Reading, Source
from kdcl_xl.importing.plain import aligned, plain
from workbook_templates.regulation import Criterion, Regulation, Standard
from workbook_templates.text import Text, fold, normalise

NO_SUCH_CRITERION = Text(
    "Quy định áp dụng không có tiêu chí này; đã chép nguyên văn.",
    "The regulation has no such criterion; copied word for word.",
)
OTHER_TITLE = Text(
    "Mã tiêu chí và tên ghi kèm không khớp nhau theo quy định.",
    "The code of the criterion and the title beside it do not belong together.",
)
OTHER_STANDARD = Text(
    "Tên tiêu chuẩn này khác với quy định áp dụng; đã chép nguyên văn.",
    "The regulation names no standard so; copied word for word.",
)
SEVERAL = Text(
    "Ô ghi nhiều tiêu chí; đã chép nguyên văn, cần tách thành nhiều dòng.",
    "The cell names several criteria; copied word for word, to be parted into rows.",
)
BY_TITLE = Text(
    "Văn bản không ghi mã; tiêu chí được nhận theo tên gần đúng.",
    "The document has no code; the criterion was recognised by a similar title.",
)
BY_STANDARD = Text(
    "Văn bản chỉ ghi số thứ tự; mã được ghép với tiêu chuẩn ở phía trên.",
    "The document has only a number; the standard above completes the code.",
)
OTHER_REGULATION = Text(
    "Văn bản dẫn quy định khác với quy định áp dụng, nên mã này có thể chỉ tiêu chí khác.",
    "The document cites another regulation, so that the code may mean another criterion.",
)

_WORD = r"(?:tieu\s*chi|t/?\s?chi|t\s?[./]?\s?ch?\.?(?=\W|\d))"
_CODE = re.compile(
    rf"^\W*(?:\(?\d{{1,2}}\)?\s*[.)]\s+)?(?:(?:tieu\s*chuan|tc)\s*\d\s*[-,.;:/\s]\s*)?(?:{_WORD})?\W*(?P<standard>\d)\s*[.,]\s*(?P<no>\d{{1,2}})(?!\d)"
    r"\s*[.:;)\]-]*\s*"
)
_NUMBER = re.compile(rf"^\W*(?:{_WORD}|khoan)?\W*(?P<no>\d{{1,2}})(?!\s*[.,]?\d)\s*[.:;)-]*\s*")
_EVERY = re.compile(r"(?<![\d.,/])([1-5])\s*\.\s*(\d{1,2})(?![\d/])")
_LEVEL = re.compile(r"^\(?(?:muc\s*\d|chi bao\s*[a-d\d]|noi ham\s*[a-d]|[a-d])(?![\w])[\s,;:.)-]*")
_STANDARD = re.compile(
    r"^\W*(?:[ivx\d]+\s*[.)/-]\s*)?tieu\s*chuan\W*(?P<no>[1-9]|iv|v|i{1,3})\b\s*[.:;-]*\s*(?P<title>.*)$",
    re.DOTALL,
)
_BAND = re.compile(r"^\W*(?:[ivxa-d\d]+\s*[.)/-]\s*)?muc\s*\d(?:\W*(?:va|muc)?\W*\d)*\W*$")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_LIKE = 0.8
"""Least likeness (0 to 1) of a title that is spelt differently."""
_SHORTEST_TITLE = 6


@dataclass(frozen=True, slots=True)
class Named:
    """A criterion as a cell names it, and the rest of the cell that is not its title."""

    reading: Reading
    criterion: Criterion | None
    rest: str = ""


def read_criterion(
    source: Source, regulation: Regulation, standard: int | None, *, is_level_4: bool = False
) -> Named:
    """Return the criterion that a text names, in the words of the template's list."""
    text = normalise(source.text)
    key = aligned(text)
    codes = {f"{a}.{b}" for a, b in _EVERY.findall(key)}
    if len(codes) > 1:
        return Named(Reading(text, source, doubt=SEVERAL), None)
    if is_level_4 and (found := _NUMBER.match(key)):
        meant = regulation.criterion(f"M4.{found['no']}")
        return _with_title(text, found.end(), meant, source)
    if found := _CODE.match(key):
        meant = regulation.criterion(f"{found['standard']}.{found['no']}")
        return _with_title(text, found.end(), meant, source)
    whole = regulation.criterion(text) or regulation.criterion(_without_word(text))
    if whole is not None:
        return Named(Reading(whole.label, source, text), whole)
    if standard and (found := _NUMBER.match(key)):
        meant = regulation.criterion(f"{standard}.{found['no']}")
        named = _with_title(text, found.end(), meant, source)
        has_title = len(text) - found.end() >= _SHORTEST_TITLE and named.reading.doubt is None
        if meant is not None and not has_title:
            doubt = named.reading.doubt or BY_STANDARD
            return Named(
                Reading(meant.label, source, text[: found.end()], doubt), meant, named.rest
            )
        return named
    like = _like(text, regulation)
    if like is not None:
        return Named(Reading(like.label, source, text, BY_TITLE), like)
    return Named(Reading(text, source, doubt=NO_SUCH_CRITERION), None)


def _without_word(text: str) -> str:
    found = re.match(rf"^\W*{_WORD}\W*", aligned(text))
    return text[found.end() :] if found else text


def _with_title(text: str, end: int, meant: Criterion | None, source: Source) -> Named:
    if meant is None:
        return Named(Reading(text, source, doubt=NO_SUCH_CRITERION), None)
    title = text[end:].strip(" .:;-\u2013()")
    level = _LEVEL.match(aligned(title))
    if level:  # «Tiêu chí 1.4 (Mức 2)», «1.4a»
        end, title = end + text[end:].find(title), title[level.end() :].strip(" .:;,-\u2013()")
        named = _with_title(title, 0, meant, source) if title else None
        read = text[:end]
        if named is None or named.reading.doubt is None:
            return Named(Reading(meant.label, source, f"{read} {title}"), meant)
    if not title or is_title(title, meant):
        return Named(Reading(meant.label, source, text), meant)
    begins = next((name for name in names_of(meant) if fold(title).startswith(fold(name))), "")
    if begins:
        rest = title[len(begins) :].strip(" .:;-\u2013\n")
        return Named(Reading(meant.label, source, text[:end] + begins), meant, rest)
    return Named(Reading(meant.label, source, text[:end], OTHER_TITLE), meant, title)


def names_of(criterion: Criterion) -> tuple[str, ...]:
    """Return the names of a criterion: its title and the titles it also goes by."""
    return (
        criterion.title,
        *(alias for alias in criterion.aliases if len(alias) > _SHORTEST_TITLE),
    )


def is_title(text: str, criterion: Criterion) -> bool:
    """Return whether a text is the title of a criterion, cut short or spelt differently."""
    key = plain(text)[:_LONGEST_TITLE]
    for name in map(plain, names_of(criterion)):
        if key in (name, name.removeprefix("doi voi ")) or (
            len(key) >= _SHORTEST_TITLE and name.startswith(key)
        ):
            return True
        if get_close_matches(key, (name,), 1, _LIKE):
            return True
    return False


def _like(text: str, regulation: Regulation) -> Criterion | None:
    key = plain(_without_word(text))
    if len(key) < _SHORTEST_TITLE:
        return None
    bearers: dict[str, list[Criterion]] = {}
    for criterion in regulation.criteria:
        for name in {plain(name) for name in names_of(criterion)}:
            bearers.setdefault(name, []).append(criterion)
    # A name that several criteria bear means none of them.
    by_name = {name: criteria[0] for name, criteria in bearers.items() if len(criteria) == 1}
    like = get_close_matches(key[:_LONGEST_TITLE], by_name, 1, _LIKE)
    begins = {c.code: c for name, c in by_name.items() if name.startswith(f"{key} ")}
    if not like and len(begins) == 1 and len(key.split()) >= _FEWEST_WORDS:
        return next(iter(begins.values()))
    return by_name[like[0]] if like else None


_FEWEST_WORDS = 3


_LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class NamedStandard:
    """A standard as a row across a table names it."""

    no: int
    title: str


def standard_in(text: str) -> NamedStandard | None:
    """Return the standard that a text names and nothing else; None for any other text."""
    text = normalise(text)
    found = _STANDARD.match(aligned(text))
    if not found or re.search(r"\btieu\s*chi\b", found["title"]):
        return None
    no = _ROMAN.get(found["no"]) or int(found["no"])
    return NamedStandard(no, text[slice(*found.span("title"))].strip(" .:;-\u2013"))


def standard_of(named: NamedStandard, regulation: Regulation) -> Standard | None:
    """Return the standard of the regulation with that number."""
    return next((s for s in regulation.standards if s.no == named.no), None)


def is_title_of(title: str, standard: Standard) -> bool:
    """Return whether a title is that of a standard; a missing one is taken for it."""
    if not title:
        return True
    names = (standard.title, *standard.aliases)
    return bool(
        get_close_matches(plain(title)[:_LONGEST_TITLE], [plain(n) for n in names], 1, _LIKE)
    )


def is_band(text: str) -> bool:
    """Return whether a row across a table names levels and nothing else: «MỨC 1, 2, 3»."""
    return _BAND.match(aligned(normalise(text))) is not None


def levels_in(text: str) -> list[int]:
    """Return the levels that a band names."""
    return [int(digit) for digit in re.findall(r"\d", plain(text).partition("muc")[2])]


_TARGET = re.compile(r"\b(?:duy tri|giu vung|dat|len|phan dau dat)(?: o)? muc\s*([1-4])\b")


def target_in(text: str) -> int | None:
    """Return the one level that a text says is to be kept or reached; None for no or several."""
    found = set(_TARGET.findall(aligned(normalise(text))))
    every = set(re.findall(r"\bmuc\s*([1-4])\b", aligned(normalise(text))))
    return int(found.pop()) if len(found) == 1 and len(every) == 1 else None
