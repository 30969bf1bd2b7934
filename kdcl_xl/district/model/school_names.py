"""Compare codes and names of schools as people type them."""

from __future__ import annotations

from functools import lru_cache

from workbook_templates.school_kind import plain_name
from workbook_templates.text import fold

_WORDS = {
    "mn": "mam non",
    "mg": "mau giao",
    "th": "tieu hoc",
    "thcs": "trung hoc co so",
    "thpt": "trung hoc pho thong",
    "tr": "",
}
"""Abbreviations in names of schools."""


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """Return a name for comparison, without diacritics, abbreviations and «trường»."""
    words = (_WORDS.get(word, word) for word in plain_name(name).split())
    return " ".join(word for word in words if word) or fold(name)


def are_alike(one: str, other: str) -> bool:
    """Return whether two names may be spellings of one: equal, longer by words, or one slip apart.

    The numbers in both are the same: «Bình Minh 1» is not «Bình Minh 2».
    """
    first, second = name_key(one), name_key(other)
    words, others = set(first.split()), set(second.split())
    if {w for w in words if w.isdigit()} != {w for w in others if w.isdigit()}:
        return False
    return words <= others or others <= words or is_one_slip(first, second)


def same_code(one: str, other: str) -> bool:
    """Return whether two folded codes are the same, with the zeros that a spreadsheet dropped."""
    return one == other or (one.isdigit() and other.isdigit() and _bare(one) == _bare(other))


def is_close_code(one: str, other: str) -> bool:
    """Return whether two folded codes are one slip apart, whatever zeros were dropped."""
    return is_one_slip(one, other) or is_one_slip(_bare(one), _bare(other))


def _bare(code: str) -> str:
    return code.lstrip("0") or code


def is_one_slip(one: str, other: str) -> bool:
    """Return whether one text becomes the other by one slip, or is the same.

    A slip is a character that is replaced, left out or added, or two neighbours that changed
    places.
    """
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, other_rest = one[start:], other[start:]
    return (
        rest[1:] == other_rest[1:]
        or rest[1:] == other_rest
        or rest == other_rest[1:]
        or (rest[1:2] + rest[:1] == other_rest[:2] and rest[2:] == other_rest[2:])
    )
