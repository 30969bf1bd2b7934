"""Naming rules: by id, by the start of an id, by family or by dotted name."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from heapq import nlargest

from macros_free_validation.rule import Rule
from macros_free_validation.rules import ALL_RULES
from workbook_templates.text import Text, fold

_START_OF_ID = re.compile(r"kd\d{0,2}")
_MOST_NEAREST, _LEAST_LIKENESS, _ALIKE = 4, 0.6, 3


def rules_named(word: str) -> tuple[Rule, ...]:
    """The rules a word means, in the order of their ids; none where it means nothing.

    ``KD301`` and ``leads.missing`` mean one rule, ``KD3`` and ``leads`` several.
    """
    key = fold(word)
    if _START_OF_ID.fullmatch(key):
        return tuple(rule for rule in ALL_RULES if fold(rule.id).startswith(key))
    return tuple(rule for rule in ALL_RULES if key in (fold(rule.id), rule.name, rule.family))


def unknown(word: str) -> Text:
    """Says that a word means no rule, and what it may have meant."""
    near = ", ".join(_nearest(word))
    if not near:
        return Text(
            f"không có quy tắc hoặc nhóm quy tắc «{word}»; xem lệnh rules",
            f"there is no rule or family '{word}'; see the command rules",
        )
    return Text(
        f"không có quy tắc hoặc nhóm quy tắc «{word}»; gần nhất: {near}",
        f"there is no rule or family '{word}'; nearest: {near}",
    )


def _nearest(word: str) -> list[str]:
    """Names like a word, the likest first; of two equally like, the one that starts alike."""
    key = fold(word)

    def likeness(name: str) -> tuple[float, bool]:
        other = fold(name)
        return SequenceMatcher(None, key, other).ratio(), other.startswith(key[:_ALIKE])

    names = [name for rule in ALL_RULES for name in (rule.id, rule.name, rule.family)]
    like = [name for name in dict.fromkeys(names) if likeness(name)[0] >= _LEAST_LIKENESS]
    return nlargest(_MOST_NEAREST, like, key=likeness)
