"""The functions that the Python halves of expressions call.

Each takes raw cell values and never raises, whatever the cells hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor

from macros_free_validation import values as v


def count(counter: Mapping[tuple[object, ...], int], keys: tuple[object, ...]) -> float:
    """Evaluate :class:`Count`."""
    return 0.0 if "" in keys else float(counter.get(keys, 0))


def count_of(
    counter: Mapping[tuple[object, ...], int], keys: frozenset[tuple[object, ...]]
) -> float:
    """Evaluate :class:`CountAmong`."""
    return float(sum(counter.get(key, 0) for key in keys))


def distinct(
    counter: Mapping[tuple[object, ...], int], keys: frozenset[tuple[object, ...]]
) -> float:
    """Evaluate :class:`CriteriaPlanned`."""
    return float(len(keys & counter.keys()))


def difference(a: v.Raw, b: v.Raw) -> v.Raw:
    """Evaluate :class:`Difference`."""
    return a - b if v.is_number(a) and v.is_number(b) else ""


def percent(part: v.Raw, whole: v.Raw) -> v.Raw:
    """Evaluate :class:`Percent`."""
    if not v.is_number(part) or not v.is_number(whole) or whole == 0:
        return ""
    # Excel's ROUND rounds halves up; Python's round would take the even neighbour.
    return floor(1000 * part / whole + 0.5) / 10


def plan_value(rows: Mapping[int, Sequence[v.Raw]], row: int, index: int) -> v.Raw:
    """Evaluate :class:`PlanField`."""
    values = rows.get(row)
    return values[index] if values else None


def total(a: v.Raw, b: v.Raw) -> v.Raw:
    """Evaluate :class:`Sum`."""
    return a + b if v.is_number(a) and v.is_number(b) else ""


def repeats_title(value: v.Raw, criterion: v.Raw) -> bool:
    """Evaluate :class:`RepeatsTitle`."""
    if not v.is_text(value) or not v.is_text(criterion):
        return False
    return v.squashed(value) == v.squashed(v.title_of(v.tidy(criterion)))


PYTHON_NAMES: Mapping[str, object] = {
    "at_most": v.at_most,
    "count": count,
    "count_of": count_of,
    "differ": v.differ,
    "difference": difference,
    "distinct": distinct,
    "filled": v.filled,
    "has_word": v.has_word,
    "in_one_line": v.in_one_line,
    "is_date": v.is_date,
    "is_number": v.is_number,
    "is_school_year": v.is_school_year,
    "key": v.key,
    "less": v.less,
    "malformed_code": v.malformed_code,
    "percent": percent,
    "plan_value": plan_value,
    "repeats_title": repeats_title,
    "same": v.same,
    "total": total,
}
"""The only names that compiled rules can reach."""
