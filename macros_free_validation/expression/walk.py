"""Looking into expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple

from macros_free_validation.expression.counts import (
    Count,
    CountAmong,
    CriteriaPlanned,
    Match,
    SpelledOut,
)
from macros_free_validation.expression.operands import CellValue, Field, Limit
from macros_free_validation.expression.operators import Condition, ReadsText, Value
from macros_free_validation.expression.place import KeyKind, Place
from workbook_templates.layout import Layout


def nodes(node: Any) -> Iterator[Any]:
    """Yield an expression and every node in it, at any depth."""
    yield node
    if isinstance(node, tuple):
        for part in node:
            yield from nodes(part)
    elif is_dataclass(node):
        for part in fields(node):
            yield from nodes(getattr(node, part.name))


def nodes_in(node: Any, layout: Layout) -> Iterator[Any]:
    """Yield every node of an expression, also those that a regulation spells out."""
    for inner in nodes(node):
        yield inner
        if isinstance(inner, SpelledOut):
            yield from nodes_in(inner.expand(layout), layout)


def counting_nodes(
    expression: Condition | Value, layout: Layout
) -> Iterator[Count | CountAmong | CriteriaPlanned]:
    """Yield the counting nodes of an expression, also those that a regulation spells out."""
    for node in nodes_in(expression, layout):
        if isinstance(node, Count | CountAmong | CriteriaPlanned):
            yield node


def limits_in(condition: Condition) -> Iterator[Limit]:
    """Yield the limits that a condition asks."""
    return (node for node in nodes(condition) if isinstance(node, Limit))


def texts_in(condition: Condition, at: Place) -> Iterator[CellValue]:
    """Yield the cells whose text a condition compares or searches, and that take input."""
    for node in nodes(condition):
        cells: list[object] = []
        if isinstance(node, ReadsText) and node.reads_text():
            cells = [getattr(node, part.name) for part in fields(node)]  # type: ignore[arg-type]
        elif isinstance(node, Match) and node.own and node.kind in _KEYS_OF_TEXT:
            cells = [Field(node.own)]
        for cell in cells:
            if isinstance(cell, CellValue) and not cell.is_locked(at):
                yield cell


_KEYS_OF_TEXT = (KeyKind.TEXT, KeyKind.MANDATORY)


class Entry(NamedTuple):
    """A node of the language as its page lists it."""

    name: str
    meaning: str
    spelling: str
    excel: str


# The first sentence of a docstring, and its last two lines.
_ENTRY = re.compile(r"(?s)(.+?)\n.*\n *Spelling: (.+?)\n *Excel: ``(.+)``\s*")


def entries() -> Iterator[Entry]:
    """Yield every node of the language, from its docstring."""
    for node in (*_nodes_below(Value), Match, *_nodes_below(Condition)):
        found = _ENTRY.fullmatch(node.__doc__ or "")
        assert found, f"{node.__name__} has no «Spelling:» and «Excel:»"
        yield Entry(node.__name__, *found.groups())


def _nodes_below(base: type[object]) -> Iterator[type[object]]:
    """Yield the public classes below a class, family by family."""
    for node in base.__subclasses__():
        if is_dataclass(node) and not node.__name__.startswith("_"):
            yield node
        yield from _nodes_below(node)
