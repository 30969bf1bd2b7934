"""Expressions as Python functions: compiled once, never interpreted cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from macros_free_validation.expression import PYTHON_NAMES, Key, Place
from macros_free_validation.plan import Record
from workbook_templates.layout import Layout

Counts = Counter[tuple[str | float, ...]]


def define(source: str, place: Place) -> Mapping[str, object]:
    """What Python source of expressions defines; nothing but their own functions is in reach."""
    names: dict[str, object] = {
        "__builtins__": {},
        "layout": place.layout,
        **PYTHON_NAMES,
        **place.constants,
    }
    exec(compile(source, "<rules>", "exec"), names)  # noqa: S102 - source made from our own nodes
    return names


def counted(
    counters: Iterable[tuple[Key, ...]], layout: Layout, tables: Mapping[str, Sequence[Record]]
) -> list[Counts]:
    """How many rows have which keys, for each of some counters, in their order."""
    found = []
    for keys in counters:
        sheet = layout.sheet(keys[0].sheet)
        columns = [(key, sheet.column(key.field).index) for key in keys]
        found.append(
            Counter(
                tuple(key.of(record.values[index], layout) for key, index in columns)
                for record in tables.get(sheet.key, ())
            )
        )
    return found
