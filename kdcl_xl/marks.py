"""Short marks by which our own words are known again in a file that somebody else saved."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from macros_free_validation.values import CellError, Raw
from workbook_templates.text import fold, normalise

LENGTH = 8
"""Characters of a mark."""


def mark_of(value: Raw, heading: str = "") -> str:
    """A short mark of a value under a heading, the same whatever program saved it."""
    if isinstance(value, CellError):
        text = value.code
    elif isinstance(value, str):
        text = normalise(value)
    else:
        text = f"={float(value or 0):.10g}"
    return hashlib.sha256(f"{_folded(heading)}\n{text}".encode()).hexdigest()[:LENGTH]


_folded = lru_cache(maxsize=1024)(fold)


def marks_in(line: str) -> frozenset[str]:
    """The marks that stand one after the other."""
    return frozenset(line[i : i + LENGTH] for i in range(0, len(line), LENGTH))
