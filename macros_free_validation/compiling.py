"""Compilation of expressions into Python functions, once for all cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from macros_free_validation.expression import PYTHON_NAMES, Key, Place, Value
from macros_free_validation.plan import Record
from workbook_templates.layout import Layout, PlacedSheet

Counts = Counter[tuple[str | float, ...]]


def define(source: str, place: Place) -> Mapping[str, object]:
    """Return the names that Python source of expressions defines.

    The source reaches no builtins: only the functions of expressions and the constants of
    the place.
    """
    names: dict[str, object] = {
        "__builtins__": {},
        "layout": place.layout,
        **PYTHON_NAMES,
        **place.constants,
    }
    exec(compile(source, "<rules>", "exec"), names)  # noqa: S102 - source made from our own nodes
    return names


@lru_cache(maxsize=1024)
def value_of(value: Value, layout: Layout, sheet: PlacedSheet) -> Callable[..., Any]:
    """Return the Python half of a value that a message shows.

    It is called with the values of the row and the single cells.
    """
    place = Place(layout, sheet)
    source = value.python(place)
    found: Callable[..., Any] = define(f"def value(r, cells):\n    return {source}", place)["value"]  # type: ignore[assignment]
    return found


_OF_ONE_CELL = re.compile(
    r"\b(?:filled|key|in_one_line|is_date|is_number|is_plain|as_day|level_number)"
    r"\((?:r\[\d+\]|cells\['\w+'\]\.get\('\w+'\))(?:, k\d+)?\)"
)


def name_repeated(sources: Sequence[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """Return names for questions that several expressions ask of one cell, and the expressions.

    Asking has no effect and never fails, so one answer before the expressions serves all.
    """
    asked = Counter(found for source in sources for found in _OF_ONE_CELL.findall(source))
    names = {source: f"c{nth}" for nth, (source, n) in enumerate(asked.items()) if n > 1}
    put = [_OF_ONE_CELL.sub(lambda m: names.get(m[0], m[0]), source) for source in sources]
    return [(name, source) for source, name in names.items()], put


def counted(
    counters: Iterable[tuple[Key, ...]], layout: Layout, tables: Mapping[str, Sequence[Record]]
) -> list[Counts]:
    """Return the number of rows by keys, for each of some counters, in their order."""
    columns: dict[Key, list[str | float]] = {}
    found = []
    for keys in counters:
        for key in keys:
            if key not in columns:
                index = layout.sheet(key.sheet).column(key.field).index
                values = [record.values[index] for record in tables.get(key.sheet, ())]
                columns[key] = key.of_all(values, layout)
        found.append(Counter(zip(*(columns[key] for key in keys), strict=True)))
    return found
