"""The rows of the proof, and what the package without a mutant makes of them.

A process without any mutant prepares them once. Values are kept pickled, because their classes
belong to the package, which each process with a mutant imports anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from workbook_templates.layout import Limits

if TYPE_CHECKING:
    from macros_free_validation.values import Raw


class Area(NamedTuple):
    """Cells of one column, from a first row to a last one."""

    sheet: str
    column: int
    first: int
    last: int


Formulas = Mapping[Area, str]
"""Formulas by the cells that they are for, each written for the first row."""


class Content(NamedTuple):
    """What is typed into a workbook: single cells and rows."""

    cells: Mapping[str, Mapping[str, Raw]]
    rows: Mapping[str, Sequence[tuple[int, Sequence[Raw]]]]


class LayoutKey(NamedTuple):
    """A layout by what it is built from: a regulation's id, limits, and rows of a table."""

    regulation: str
    limits: Limits
    rows: int


class Book(NamedTuple):
    """A plan of the proof.

    ``content``, ``results`` (of Python) and ``values`` (of all formula cells) are pickled;
    ``model`` is the workbook with values in place of formulas, as IronCalc loads it.
    """

    name: str
    layout: LayoutKey
    rows: int
    content: bytes
    results: bytes
    values: bytes
    model: bytes
    names: Mapping[str, str]
    """The ranges behind the workbook's defined names."""
