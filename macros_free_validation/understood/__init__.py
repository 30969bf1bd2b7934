"""Dates and amounts as people type them, and the values that they mean.

A cell for a date or an amount is in text format: a program of any region leaves its text as
typed. Hidden columns hold what the text means, a serial day or đồng, and every rule compares
the meaning. Each reader here has two halves: Python, and formulas of a few hidden columns that
depend on no region, because they ask for the value of plain digits only.
"""

from __future__ import annotations

from macros_free_validation.understood.amounts import AmountReader
from macros_free_validation.understood.dates import DateReader
from macros_free_validation.understood.reader import (
    NO_PERIOD,
    NOT_UNDERSTOOD,
    Period,
    Reader,
)
from workbook_templates.declare import Cell, Column, Edge, Type

_DATES = {edge: DateReader(edge) for edge in Edge}
_AMOUNTS = AmountReader()


def reader_of(declared: Column | Cell) -> Reader:
    """Return the reader of an input for a date or an amount.

    Raises:
        ValueError: the input is for neither.
    """
    if declared.type is Type.DATE:
        return _DATES[declared.edge]
    if declared.type is Type.MONEY:
        return _AMOUNTS
    raise ValueError(f"{declared.field} is no date and no amount")


__all__ = ["NOT_UNDERSTOOD", "NO_PERIOD", "Period", "Reader", "reader_of"]
