"""Read what a document carries unseen. It is never trusted: sizes and types are bounded."""

from __future__ import annotations

import math
from typing import Any

from kdcl_xl.checking.record import DAMAGES, load_json
from kdcl_xl.importing.carried import FORMAT, Carried, CarriedRow
from kdcl_xl.template.stamp import Stamp
from macros_free_validation.values import Raw
from workbook_templates.layout import MOST_ROWS

LONGEST = 16 << 20
"""Characters of the part; the longest of a sample has 30,000."""
_LONGEST_TEXT = 32_767
"""Characters of a cell, Excel's limit."""
_LONGEST_STAMP = 255
_MOST_ROWS = 2 * MOST_ROWS
"""Rows of the plan, and of the other sheets."""
_MOST_SHEETS, _MOST_FIELDS, _MOST_TEXTS = 40, 200, 200


def read_carried(text: str) -> Carried | None:
    """Return what the text of the part means; None where it is damaged, forged or of a later kind.

    The document is then read by its words alone, as one without such a part.
    """
    if not text or len(text) > LONGEST:
        return None
    try:
        version, stamp, head, cells, shown, rows = load_json(text)
        if version != FORMAT or len(_text(stamp)) > _LONGEST_STAMP:
            return None
        return Carried(
            Stamp.decode(stamp),
            _texts(head),
            _by_sheet(cells),
            frozenset(_texts(shown)),
            tuple(map(_row, _rows(rows))),
        )
    except DAMAGES:
        return None


def _rows(found: Any) -> list[Any]:
    if len(_list(found)) > _MOST_ROWS:
        raise ValueError("too many rows")
    return _list(found)


def _row(parts: Any) -> CarriedRow:
    sheet, position, words, values = parts
    if type(position) is not int or not 0 <= position < _LONGEST_TEXT:
        raise ValueError("position")
    return CarriedRow(_text(sheet), position, _texts(words), _by_sheet(values))


def _by_sheet(found: Any) -> dict[str, dict[str, Raw]]:
    if len(found) > _MOST_SHEETS:
        raise ValueError("too many sheets")
    return {_text(sheet): _fields(values) for sheet, values in found.items()}


def _fields(found: Any) -> dict[str, Raw]:
    if len(found) > _MOST_FIELDS:
        raise ValueError("too many fields")
    return {_text(name): _value(value) for name, value in found.items()}


def _value(found: Any) -> Raw:
    if isinstance(found, str):
        return _text(found)
    if isinstance(found, bool):
        return found
    if isinstance(found, int | float) and math.isfinite(found):
        return float(found)
    raise TypeError(type(found).__name__)


def _texts(found: Any) -> tuple[str, ...]:
    if len(_list(found)) > _MOST_TEXTS:
        raise ValueError("too many texts")
    return tuple(map(_text, found))


def _list(found: Any) -> list[Any]:
    if not isinstance(found, list):
        raise TypeError(type(found).__name__)
    return found


def _text(found: Any) -> str:
    if not isinstance(found, str) or len(found) > _LONGEST_TEXT:
        raise TypeError(type(found).__name__)
    found.encode()  # raises ValueError for half a surrogate pair
    return found
