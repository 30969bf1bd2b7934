"""Estimates of the room that a text takes up; no program lays the document out here.

Times New Roman is wide or narrow by letter. The averages below are of Vietnamese texts, within a
tenth of the true length.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import ceil

_POINT = 25.4 / 72
"""Millimetres in a point."""
_NARROW, _WIDE = "fijlrtíìỉĩị.,;:!?'()[]/-", "mwMW%…—"
"""Letters that are narrower or wider than most; accents change little."""
_WIDTHS = {**dict.fromkeys(_NARROW, 0.31), **dict.fromkeys(_WIDE, 0.82), " ": 0.25}
_CAPITAL, _OTHER = 0.69, 0.48
"""Widths of other capitals and other letters, in sizes of the letters."""
_BOLD = 1.05
"""The width of bold letters to that of others."""
_LINE = 1.15
"""The height of a single line, in sizes of the letters."""
_WRAPPED = 1.15
"""The room of a wrapped text to its length: lines end with a word."""
_SHORT = 15
"""Characters of a line that is kept whole: a day with a word before it, an amount."""
_MOST = 0.2
"""The share of a table that a column gets at most for the sake of one long word."""
_LEAST = 0.7
"""The share of its declared width that a column keeps in any case."""
_ROUNDS = 10
"""Steps towards the widths of columns that make the lowest table."""


def text_length(text: str, size: float, *, bold: bool = False) -> float:
    """Return the length in millimetres of a text on one line, of letters of ``size`` points."""
    return sum(map(_width, text)) * size * _POINT * (_BOLD if bold else 1)


@lru_cache(maxsize=4096)
def _width(letter: str) -> float:
    return _WIDTHS.get(letter, _CAPITAL if letter.isupper() else _OTHER)


def text_height(text: str, width: float, size: float) -> float:
    """Return the height in millimetres of a text that is wrapped to a width."""
    return _line_count(_lengths(text, size), width) * size * _LINE * _POINT


def _lengths(text: str, size: float) -> tuple[float, ...]:
    """Return the lengths of a text's own lines."""
    return tuple(text_length(line, size) for line in text.split("\n"))


def _line_count(lengths: Iterable[float], width: float) -> int:
    return sum(max(1, ceil(length * _WRAPPED / width)) for length in lengths)


def column_widths(
    shares: Sequence[float],
    rows: Sequence[Sequence[str]],
    size: float,
    room: float,
    margins: float,
) -> tuple[float, ...]:
    """Return the widths of a table's columns, in millimetres, which add up to ``room``.

    The form's own ``shares`` are moved towards the widths that make the table lowest: in each row
    the column that makes it high gets more. Every column has room for its longest word and for
    its days and amounts, as far as there is enough for all, and keeps most of its own share.
    ``rows`` are the texts, and ``margins`` those of a cell.
    """
    columns = range(len(shares))
    pieces = [max(_unbroken(row[nth], size) for row in rows) + margins for nth in columns]
    most = room * _MOST
    floors = [room * share / sum(shares) * _LEAST for share in shares]
    least = [max(min(piece, most), floor) for piece, floor in zip(pieces, floors, strict=True)]
    least = [piece * min(1.0, room / sum(least)) for piece in least]
    rest = room - sum(least)
    weights = [share / sum(shares) for share in shares]
    lengths = [[_lengths(text, size) for text in row] for row in rows]
    for nth in range(_ROUNDS):
        widths = [narrow + rest * weight for narrow, weight in zip(least, weights, strict=True)]
        gains = _gains(lengths, [width - margins for width in widths])
        wanted = [
            max(0.0, room * gain / (sum(gains) or 1.0) - narrow)
            for gain, narrow in zip(gains, least, strict=True)
        ]
        if not any(wanted):
            break
        step = 1 / (nth + 2)
        weights = [
            weight * (1 - step) + want / sum(wanted) * step
            for weight, want in zip(weights, wanted, strict=True)
        ]
    return tuple(narrow + rest * weight for narrow, weight in zip(least, weights, strict=True))


def _gains(rows: Sequence[Sequence[Sequence[float]]], widths: Sequence[float]) -> list[float]:
    """Return the lines that each column could save at most in the rows that it makes high.

    In the lowest table the widths of the columns are to each other as these lines.
    """
    gains = [0.0] * len(widths)
    for row in rows:
        counts = [_line_count(cell, width) for cell, width in zip(row, widths, strict=True)]
        highest = max(counts)
        for nth, count in enumerate(counts):
            if count == highest:
                gains[nth] += count - len(row[nth])
    return gains


def _unbroken(text: str, size: float) -> float:
    """Return the length of the longest word or short line with digits, as «Đến 15/12/2026».

    It is measured as if it was bold, because it may be in a heading.
    """
    words = text.split()
    most = max(map(len, words), default=0)
    long = (word for word in words if len(word) >= most - 1)
    lines = (line for line in text.split("\n") if len(line) <= _SHORT)
    short = (line for line in lines if any(map(str.isdigit, line)))
    return max((text_length(piece, size, bold=True) for piece in (*long, *short)), default=0.0)
