"""Estimates of the room that a text takes up; no program lays the document out here.

Times New Roman is wide or narrow by letter. The averages below are of Vietnamese texts, within a
tenth of the true length.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

_POINT = 25.4 / 72
"""Millimetres in a point."""
_CAPITAL, _SPACE, _OTHER = 0.69, 0.25, 0.45
"""Widths of a capital, a space and any other letter, in sizes of the letters."""
_BOLD = 1.05
"""The width of bold letters to that of others."""
_LINE = 1.15
"""The height of a single line, in sizes of the letters."""
_WRAPPED = 1.15
"""The room of a wrapped text to its length: lines end with a word."""


def text_length(text: str, size: float, *, bold: bool = False) -> float:
    """Return the length in millimetres of a text on one line, of letters of ``size`` points."""
    widths = sum(
        _CAPITAL if letter.isupper() else _SPACE if letter.isspace() else _OTHER for letter in text
    )
    return widths * size * _POINT * (_BOLD if bold else 1)


def text_height(lines: Iterable[str], width: float, size: float) -> float:
    """Return the height in millimetres of texts, each on lines of its own, in a width."""
    count = sum(max(1, ceil(text_length(line, size) * _WRAPPED / width)) for line in lines)
    return count * size * _LINE * _POINT
