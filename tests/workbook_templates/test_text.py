"""Tests of the comparison of texts."""

from __future__ import annotations

import sys

from workbook_templates.text import _INVISIBLE, normalise


def test_characters_that_are_folded_are_not_printable() -> None:
    """Verify that a printable text needs no folding but that of its spaces."""
    characters = map(chr, range(sys.maxunicode + 1))
    folded = {c for c in characters if c.isspace() or _INVISIBLE.fullmatch(c)}
    assert not any(c.isprintable() for c in folded - {" "})


def test_whitespace_is_folded() -> None:
    """Verify that runs of whitespace become one space, and none stays at the ends."""
    for text in ("a b", " a b", "a  b ", "a\u00a0b", "a\n\tb", "\ufeffa\u3000b", "a\u200b b"):
        assert normalise(text) == "a b"
