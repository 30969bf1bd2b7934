"""The functions that the Python halves of expressions call.

Each takes raw cell values and never raises, whatever the cells hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor

from macros_free_validation import values as v
from workbook_templates.characters import is_plain
from workbook_templates.text import Text


def count(counter: Mapping[tuple[object, ...], int], keys: tuple[object, ...]) -> float:
    """Evaluate :class:`Count`."""
    return 0.0 if "" in keys else float(counter.get(keys, 0))


def count_all(counter: Mapping[tuple[object, ...], int]) -> float:
    """Evaluate :class:`RowsInUse`."""
    return float(sum(counter.values()))


def count_of(
    counter: Mapping[tuple[object, ...], int], keys: frozenset[tuple[object, ...]]
) -> float:
    """Evaluate :class:`CountAmong`."""
    return float(sum(counter.get(key, 0) for key in keys))


def distinct(
    counters: Sequence[Mapping[tuple[object, ...], int]], keys: frozenset[tuple[object, ...]]
) -> float:
    """Evaluate :class:`CriteriaPlanned`."""
    return float(len(keys & set[tuple[object, ...]]().union(*counters)))


def difference(a: v.Raw, b: v.Raw) -> v.Raw:
    """Evaluate :class:`Difference`."""
    return total(a, -b) if v.is_number(b) else ""


def each_of(*choices: tuple[bool, str | Text]) -> str | Text:
    """Evaluate :class:`EachOf`."""
    texts = [text for holds, text in choices if holds]
    vi = ", ".join(text.vi if isinstance(text, Text) else text for text in texts)
    en = ", ".join(text.en if isinstance(text, Text) else text for text in texts)
    return vi if vi == en else Text(vi, en)


def code_of_number(value: float, codes: Mapping[str | None, str]) -> str:
    """Return the criterion's code that a number such as 1.4 may be; empty if that is uncertain.

    A program that reads 1.10 as a number keeps 1.1, so 1.1 is uncertain where there is a 1.10.
    """
    if not 1 <= value < 10:
        return ""
    tenths = floor(10 * value + 0.5)
    if not abs(10 * value - tenths) < 1e-6:
        return ""
    code = f"{tenths // 10}.{tenths % 10}"
    return "" if f"{code}0" in codes else code


def criterion_meant(value: v.Raw, labels: Mapping[str | None, str]) -> str:
    """Evaluate :class:`CriterionMeant`; ``labels`` are by tidy spelling in lower case."""
    text = code_of_number(value, labels) if v.is_number(value) else v.key(value)
    return labels.get(text, "")


def greatest(*numbers: float) -> float:
    """Evaluate :class:`Greatest`."""
    return max(numbers)


def level_number(value: v.Raw, levels: Mapping[str | None, float]) -> float:
    """Evaluate :class:`LevelNumber`; ``levels`` are by tidy spelling in lower case."""
    text = f"{value:.15g}" if v.is_number(value) else v.key(value)
    return levels.get(text, 0.0)


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
    if not v.is_number(a) or not v.is_number(b):
        return ""
    return v.fifteen_digits(v.fifteen_digits(a) + v.fifteen_digits(b))


def repeats_title(value: v.Raw, criterion: v.Raw) -> bool:
    """Evaluate :class:`RepeatsTitle`."""
    if not v.is_text(value) or not v.is_text(criterion):
        return False
    return v.squashed(value) == v.squashed(v.title_of(v.tidy(criterion)))


PYTHON_NAMES: Mapping[str, object] = {
    "as_day": v.as_day,
    "at_most": v.at_most,
    "count": count,
    "criterion_meant": criterion_meant,
    "count_all": count_all,
    "count_of": count_of,
    "differ": v.differ,
    "difference": difference,
    "distinct": distinct,
    "each_of": each_of,
    "filled": v.filled,
    "greatest": greatest,
    "has_character": v.has_character,
    "has_word": v.has_word,
    "in_one_line": v.in_one_line,
    "is_date": v.is_date,
    "is_number": v.is_number,
    "is_plain": is_plain,
    "is_school_year": v.is_school_year,
    "key": v.key,
    "level_number": level_number,
    "less": v.less,
    "malformed_code": v.malformed_code,
    "percent": percent,
    "plan_value": plan_value,
    "repeats_title": repeats_title,
    "same": v.same,
    "total": total,
}
"""The only names that compiled rules can reach."""
