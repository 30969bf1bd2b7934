"""Short marks by which our own words are recognised in a file that another program saved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from kdcl_xl.xlsx.cells import SheetCells
from macros_free_validation.values import CellError, Raw, filled
from workbook_templates.text import fold, normalise

LENGTH = 8
"""Characters of a mark."""


def mark_of(value: Raw, heading: str = "") -> str:
    """Return a short mark of a value under a heading, the same whatever program saved the file."""
    if isinstance(value, CellError):
        text = value.code
    elif isinstance(value, str):
        text = normalise(value)
    else:
        text = f"={float(value or 0):.10g}"
    return hashlib.sha256(f"{_folded(heading)}\n{text}".encode()).hexdigest()[:LENGTH]


_folded = lru_cache(maxsize=1024)(fold)


def marks_in(line: str) -> frozenset[str]:
    """Return the marks of a line, one after the other."""
    return frozenset(line[i : i + LENGTH] for i in range(0, len(line), LENGTH))


_MARKS = "kdcl-xl-yeu-cau:"


_LONGEST_LINE = 32_000
"""Characters of marks in a cell; a multiple of a mark's."""


def mark_in_row(value: Raw, first: Raw, index: int) -> str:
    """Return the mark of a cell on a sheet of requests, by its column and the start of its row.

    A row may move, but no word of ours hides the same word that somebody typed elsewhere.
    """
    return mark_of(value, f"{mark_of(first)} {index}")


def mark_of_note(text: str) -> str:
    """Return the mark of a note on a cell."""
    return mark_of(text, "note")


def lines_of_marks(rows: Iterable[Sequence[Raw]], notes: Iterable[str]) -> Iterator[str]:
    """Return the lines that keep the marks of rows and notes, for :func:`read_marks`."""
    found = {mark_of_note(text) for text in notes}
    for row in rows:
        found |= {mark_in_row(v, row[0], index) for index, v in enumerate(row) if filled(v)}
    marks = "".join(sorted(found))
    for start in range(0, len(marks), _LONGEST_LINE):
        yield _MARKS + marks[start : start + _LONGEST_LINE]


def is_marks(value: Raw) -> bool:
    """Return whether a cell of the very hidden sheet holds marks."""
    return isinstance(value, str) and value.startswith(_MARKS)


def read_marks(content: SheetCells) -> frozenset[str]:
    """Return the marks of our words, from the very hidden sheet of a returned file."""
    lines = (str(row[0]) for row in content.values.values() if is_marks(row.get(0)))
    found = (marks_in(line.removeprefix(_MARKS)) for line in lines)
    return frozenset[str]().union(*found)
