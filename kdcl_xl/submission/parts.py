"""Parts of one plan: tasks that one file of a school has and another has not."""

from __future__ import annotations

from macros_free_validation.plan import Plan
from macros_free_validation.values import Raw, filled, show
from workbook_templates.text import fold


def tasks_only_in(plan: Plan | None, other: Plan | None) -> int:
    """Return the number of tasks of a plan whose text is nowhere in another plan.

    A plan that was not read, or of which only the cover was, has no tasks.
    """
    there = set(_tasks(other))
    return sum(1 for task in _tasks(plan) if task not in there)


def _tasks(plan: Plan | None) -> list[str]:
    if plan is None or "plan" not in plan.tables:
        return []
    return [_text(task) for task in plan.column("plan", "task") if filled(task)]


def _text(value: Raw) -> str:
    return fold(show(value, as_date=False))
