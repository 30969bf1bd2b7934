"""Text for comparison: without diacritics, case and punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterable

from workbook_templates.text import ascii_fold, normalise

_WORD = re.compile(r"\w+")


def aligned(text: str) -> str:
    """Return a text without diacritics and in lower case, character by character of the same.

    What a pattern finds in it is at the same place in the text itself, if that is composed.
    """
    return "".join((ascii_fold(c) or " ")[0] if c != "\n" else c for c in text)


def plain(text: str) -> str:
    """Return the words of a text, without diacritics, parted by single spaces."""
    return " ".join(words(text))


def words(text: str) -> list[str]:
    """Return the words of a text without diacritics."""
    return _WORD.findall(ascii_fold(normalise(text)))


def one_of(patterns: Iterable[str]) -> str:
    """Return a pattern that matches one of several texts, the longest first."""
    return "|".join(re.escape(text) for text in sorted(patterns, key=len, reverse=True))
