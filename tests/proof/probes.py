"""Rules of the proof alone: each comparison that no rule of the package uses (yet).

The proof judges them like every other rule, so that a node is proven before its first use.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from macros_free_validation import judge, live
from macros_free_validation.expression import (
    Condition,
    Count,
    Field,
    IsDate,
    KeyKind,
    LevelNumber,
    Match,
    Number,
    PlanField,
    RepeatsTitle,
    RowUsed,
    Single,
)
from macros_free_validation.rule import Rule, Severity
from macros_free_validation.rules import ALL_RULES
from tests.proof import expected
from tests.proof.edges import ADDENDS, QUOTES
from workbook_templates.text import Text

_START, _DEADLINE, _PERCENT = Field("start"), Field("deadline"), Field("percent")
_FIRST, _SECOND = Field("result_1"), Field("result_2")
_SAME_TASK_AND_LEAD = (Match("task", own="task"), Match("lead", own="lead"))
_SAME_MONTH = Match("deadline_meant", KeyKind.MONTH, own="deadline_meant")


def _probe(nth: int, sheet: str, field: str, when: Condition) -> Rule:
    words = Text("x", "x")
    return Rule(
        f"PR{nth:03}", f"proof.p{nth}", Severity.NOTE, words, words, words, sheet, field, when
    )


_OF_EDGES = (
    *(("plan", "budget", Number(1) + Field("budget") == x) for x in ADDENDS.values()),
    ("plan", "notes", Field("notes") == QUOTES),
)
PROBES = tuple(
    _probe(nth, sheet, field, when)
    for nth, (sheet, field, when) in enumerate(
        (
            ("plan", "deadline", _START <= _DEADLINE),
            ("plan", "start", _START >= _DEADLINE),
            ("plan", "start", IsDate(_START) & (_START == _DEADLINE)),
            ("plan", "start", _START != _DEADLINE),
            ("plan", "target_level", Field("target_level") == Field("current_level")),
            ("plan", "target_level", Field("target_level") != Field("current_level")),
            ("plan", "lead", Field("lead") == " hiệu  trưởng"),
            ("plan", "lead", Field("lead") != "Kế toán"),
            ("plan", "lead", Field("lead") < 5),
            ("plan", "lead", Field("lead") <= 1),
            ("plan", "budget", Field("budget") - Single("issue_date") >= 0),
            ("plan", "task", RowUsed() & ~(Field("task") == Field("notes"))),
            ("self_assessment", "result_1", _FIRST == _SECOND),
            ("self_assessment", "result_1", _FIRST != _SECOND),
            ("progress", "percent", _PERCENT >= 100),
            ("progress", "percent", _PERCENT == 100),
            ("progress", "percent", _PERCENT != 100),
            ("progress", "percent", _PERCENT + Number(0.2) <= 0.3),
            ("progress", "percent", _PERCENT - 100 < 0),
            ("progress", "percent", (_PERCENT > 28.6) & (_PERCENT <= 100)),
            ("progress", "report_date", Field("report_date") <= PlanField("deadline")),
            ("progress", "report_date", Field("report_date") == PlanField("deadline")),
            ("progress", "report_date", Field("report_date") - PlanField("start") > 30),
            ("plan", "deadline", _DEADLINE - _START == 0),
            ("plan", "budget", Field("budget") - Number(0.1) <= 0.2),
            ("plan", "budget", Number(1) + Field("budget") >= 5),
            ("plan", "target_level", RowUsed() & (LevelNumber(Field("target_level")) >= 0)),
            ("plan", "task", RowUsed() & (Count("plan", _SAME_TASK_AND_LEAD) == 0)),
            ("plan", "lead", RepeatsTitle(Field("expected_result"), Field("criterion"))),
            ("plan", "deadline", Count("plan", (_SAME_MONTH,)) > 1),
            ("cover", "period_end", Single("period_start") <= Single("period_end")),
            ("cover", "issue_date", Single("issue_date") != Single("period_start")),
            ("cover", "school_kind", Single("school_kind") == "Tiểu học"),
            ("cover", "claimed_level", Single("claimed_level") != "Mức 1"),
            *_OF_EDGES,
        )
    )
)
AT_EDGES = frozenset(probe.id for probe in PROBES[-len(_OF_EDGES) :])
"""The ids of probes that only plans at the edges of conditions make fire."""


@contextmanager
def probes() -> Iterator[None]:
    """Judge the probes beside the rules; the caches hold no probe before or after."""
    caches = (
        live.live_sheet,
        live.words_of,
        live._keys_of,
        judge.compiled,
        judge.live_cases,
        expected.kinds_of,
    )

    def clear() -> None:
        for cache in caches:
            cache.cache_clear()

    clear()
    try:
        with patch.object(judge, "ALL_RULES", (*ALL_RULES, *PROBES)):
            yield
    finally:
        clear()
