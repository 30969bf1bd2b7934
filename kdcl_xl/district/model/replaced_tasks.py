"""Find tasks whose text was replaced under a report that the school had already made.

A report belongs to the task in the same row of the plan: rows of a template cannot be moved,
inserted or sorted, so the row is the identity of a task, and texts that are cut and pasted move
from one task to another. A school that writes another task over a reported one, or brings tasks
into another order without their reports, leaves the report beside a task that it is not about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from sys import intern

from kdcl_xl.checking.check import Checked
from kdcl_xl.district.decisions.decision import Reported
from kdcl_xl.district.model.school_keys import decision_key
from kdcl_xl.submission.model import Submission
from macros_free_validation.judge import input_columns
from macros_free_validation.likeness import likeness, words_of
from macros_free_validation.plan import Plan
from macros_free_validation.rule import Finding, finding
from macros_free_validation.rules.across import EXCHANGED, REPLACED
from macros_free_validation.values import show
from workbook_templates.text import Text, fold

_SAME_TASK = 0.5
"""The share of equal words from which a text is another wording of the same task."""
_LONGEST_SHOWN = 80


def replaced_tasks(
    entries: Sequence[Checked], before: Sequence[Reported]
) -> tuple[Mapping[str, list[Finding]], list[Reported]]:
    """Return the findings by shown path, and the tasks with reports for the next merge.

    ``before`` are the tasks with reports of earlier merges.
    A task keeps the text that it had with its first report, so that a finding stays until the
    school puts the text back or clears the report.
    """
    earlier: dict[str, dict[int, Reported]] = defaultdict(dict)
    for entry in before:
        earlier[entry.school].setdefault(entry.row, entry)
    found: dict[str, list[Finding]] = {}
    for checked in entries:
        plan = checked.submission.plan
        if plan is None:
            continue
        school = decision_key(checked.submission)
        past, now = earlier.pop(school, {}), _reported(school, plan)
        moved = _moved(plan, past, now)
        wrong = {row: past[row] for row, own in now.items() if row in moved or _is_other(past, own)}
        found[checked.submission.shown_path] = [
            *([_exchanged(checked.submission, plan, moved)] if moved else []),
            *(
                _replaced(checked.submission, plan, row, old.task, now[row].task)
                for row, old in wrong.items()
                if row not in moved
            ),
        ]
        earlier[school] = {
            row: replace(own, task=wrong[row].task) if row in wrong else own
            for row, own in now.items()
        }
    rows = (entry for own in earlier.values() for entry in own.values())
    return found, sorted(rows, key=lambda entry: (entry.school, entry.row))


def _reported(school: str, plan: Plan) -> dict[int, Reported]:
    """Return the tasks with a report, by the row of the plan."""
    offset = plan.layout.sheet("plan").first_row - plan.layout.sheet("progress").first_row
    inputs = input_columns(plan.layout.sheet("progress"))
    reports = {
        # Interned: many reports say the same, and all are kept until the next merge.
        record.row + offset: intern(
            " | ".join(show(record.values[i], as_date=False) for i in inputs)
        )
        for record in plan.rows("progress")
    }
    tasks = zip(plan.rows("plan"), plan.column("plan", "task"), strict=True)
    return {
        record.row: Reported(school, record.row, task, reports[record.row])
        for record, task in tasks
        if record.row in reports and isinstance(task, str)
    }


def _is_other(past: Mapping[int, Reported], now: Reported) -> bool:
    """Return whether a row has another task than when it was first reported on.

    A task that had a report in another row has moved together with it, unless the report here
    is still that of the earlier task.
    """
    old = past.get(now.row)
    if old is None or old.task == now.task:
        return False
    words = words_of(now.task)
    if likeness(words, words_of(old.task)) >= _SAME_TASK:
        return False
    origins = [
        entry
        for entry in past.values()
        if entry.row != now.row and likeness(words, words_of(entry.task)) >= _SAME_TASK
    ]
    stayed = now.report == old.report
    return not any(not stayed or entry.report == old.report for entry in origins)


def _moved(
    plan: Plan, past: Mapping[int, Reported], now: Mapping[int, Reported]
) -> Mapping[int, int]:
    """Return the rows whose earlier task is in another row now, while its report is still here.

    The values are the rows where the tasks are now. Texts are compared in full: two tasks may
    have nearly the same words.
    """
    if not past:
        return {}
    texts = zip(plan.rows("plan"), plan.column("plan", "task"), strict=True)
    rows = {fold(text): record.row for record, text in texts if isinstance(text, str)}
    found: dict[int, int] = {}
    for row, own in now.items():
        old = past.get(row)
        if old is None or fold(old.task) == fold(own.task) or own.report != old.report:
            continue
        earlier = [entry for entry in past.values() if fold(entry.task) == fold(own.task)]
        came_along = any(entry.report == own.report for entry in earlier)
        if fold(old.task) in rows and not came_along:
            found[row] = rows[fold(old.task)]
    return found


def _exchanged(submission: Submission, plan: Plan, moved: Mapping[int, int]) -> Finding:
    """Return the one finding on all rows that changed places."""
    sheet = plan.layout.sheet("plan")

    def shown(row: int) -> int:
        return submission.origins_of("plan", row)[0].row_in_file("plan")

    pairs = [(shown(row), shown(now)) for row, now in sorted(moved.items())]
    more = ", …" if len(pairs) > _MOST_PAIRS else ""
    vi = ", ".join(f"việc ở dòng {row} nay ở dòng {now}" for row, now in pairs[:_MOST_PAIRS])
    en = ", ".join(f"the task of row {row} is in row {now}" for row, now in pairs[:_MOST_PAIRS])
    count = len(pairs)
    first = min(moved)
    words = {
        "sheet": plan.layout.sheet("progress").name,
        "moves": Text(f"{count} dòng ({vi}{more})", f"{count} rows ({en}{more})"),
    }
    cell = sheet.ref("task", first)
    return finding(EXCHANGED, sheet=sheet.name, cell=cell, row=first, field="task", words=words)


_MOST_PAIRS = 12
"""Rows that one finding names."""


def _replaced(submission: Submission, plan: Plan, row: int, old: str, task: str) -> Finding:
    sheet, reports = plan.layout.sheet("plan"), plan.layout.sheet("progress")
    there = row - sheet.first_row + reports.first_row
    origin = submission.origins_of("progress", there)[0]
    words = {
        "old": old if len(old) <= _LONGEST_SHOWN else old[: _LONGEST_SHOWN - 1] + "…",
        "sheet": reports.name,
        "row": origin.row_in_file("progress"),
    }
    return finding(
        REPLACED,
        sheet=sheet.name,
        cell=sheet.ref("task", row),
        row=row,
        field="task",
        value=task,
        words=words,
    )
