"""Name many cells by few areas."""

from __future__ import annotations

from collections.abc import Iterable

from workbook_templates.layout import column_index, letter_of

Span = tuple[int, int, int]
"""Column (from 0), first and last row (from 1)."""


def place_in(ref: str) -> tuple[int, int]:
    """Return column (from 0) and row (from 1) of an address."""
    letters = ref.rstrip("0123456789")
    return column_index(letters), int(ref[len(letters) :])


def span_of(ref: str) -> Span:
    """Return a cell, or the left edge of an area, as a span."""
    first, _, last = ref.partition(":")
    column, row = place_in(first)
    return column, row, place_in(last)[1] if last else row


def areas(spans: Iterable[Span]) -> list[tuple[str, int]]:
    """Return the fewest areas that cover some cells: address and first row of each, in order."""
    columns: list[Span] = []
    for column, first, last in sorted(spans):
        if columns and columns[-1][0] == column and columns[-1][2] + 1 >= first:
            columns[-1] = (column, columns[-1][1], max(last, columns[-1][2]))
        else:
            columns.append((column, first, last))
    by_rows: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for column, first, last in columns:
        beside = by_rows.setdefault((first, last), [])
        if beside and beside[-1][1] == column - 1:
            beside[-1] = (beside[-1][0], column)
        else:
            beside.append((column, column))
    return [
        (_address(left, first, right, last), first)
        for (first, last), found in sorted(by_rows.items())
        for left, right in found
    ]


def _address(left: int, first: int, right: int, last: int) -> str:
    start, end = f"{letter_of(left)}{first}", f"{letter_of(right)}{last}"
    return start if start == end else f"{start}:{end}"
