"""The words by which plans name the columns and the labels of a plan."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache

from kdcl_xl.importing.names import names_of
from kdcl_xl.importing.plain import plain

NAMES = names_of("columns")
"""The names of the fields of a plan, as headings of columns and as labels before a text."""

_IN_PARENTHESES = re.compile(r"\([^)]*\)")
_LEAST = 0.86
"""Least likeness (0 to 1) of a heading that is spelt differently."""
_LONGEST = 90
"""Characters of a heading; longer texts are contents."""
_EXACT: Mapping[str, str] = {
    plain(name): key for key, every in reversed(tuple(NAMES.items())) for name in every
}


@lru_cache(maxsize=4096)
def named(text: str) -> tuple[str, float]:
    """Return the field that a heading names, and how surely (0 to 1); empty where it names none."""
    if not text or len(text) > _LONGEST:
        return "", 0.0
    for reading in (text, _IN_PARENTHESES.sub(" ", text)):
        key = plain(reading)
        if key in _EXACT:
            return _EXACT[key], 1.0
    key = plain(_IN_PARENTHESES.sub(" ", text))
    if not key:
        return "", 0.0
    size = len(key.split())
    inside = [
        (len(name.split()) / size, field)
        for name, field in _EXACT.items()
        if f" {name} " in f" {key} " and len(name) > _SHORTEST
    ]
    share, field = max(inside, default=(0.0, ""))
    if share >= _SHARE:
        return field, share
    like = get_close_matches(key, _EXACT, 1, _LEAST) if size <= _MOST_WORDS else []
    if like:
        return _EXACT[like[0]], _SHARE
    found = {field for word, field in _KEYWORDS.items() if f" {word} " in f" {key} "}
    return (found.pop(), WEAK) if len(found) == 1 and size <= _MOST_WORDS else ("", 0.0)


WEAK = 0.3
"""The certainty of a heading of which only one word names a field."""
_KEYWORDS = {
    "thoi gian": "when",
    "thoi han": "when",
    "kinh phi": "money",
    "giai phap": "task",
    "bien phap": "task",
    "nguoi thuc hien": "who",
    "phu trach": "who",
    "chu tri": "who",
    "phoi hop": "who",
    "ket qua": "expected_result",
    "muc tieu": "expected_result",
    "tieu chi": "criterion",
    "dieu kien": "support_conditions",
}
"""Words of which one in a heading is enough to guess its field; two fields are none."""


_SHORTEST, _MOST_WORDS = 3, 10
_SHARE = 0.6
"""Least share of a heading's words that a known name makes up."""


def is_name(text: str) -> bool:
    """Return whether a text is a known name of a field and nothing else."""
    return plain(text) in _EXACT or plain(_IN_PARENTHESES.sub(" ", text)) in _EXACT
