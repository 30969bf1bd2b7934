"""Find copied plans: tasks whose text is also in another school's plan.

Many tasks are worded alike everywhere. Only long texts count, and only where two plans have
several of them in common. Of two files the one saved later gets the finding; a text that many
schools copied is compared with the earliest.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from kdcl_xl.district.model.choose import moment_of
from kdcl_xl.files import base_name
from kdcl_xl.submission.model import Submission
from macros_free_validation.likeness import Originals, Vocabulary, likeness
from macros_free_validation.rule import Finding, finding
from macros_free_validation.rules.across import (
    COPIED,
    COPIED_LIKENESS,
    COPIED_TASKS,
    COPIED_WORDS,
)
from workbook_templates.layout import Layout, Limits

MOST_SOURCES = 10
"""Earliest plans with a text that a later plan is compared with."""
_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Task:
    """A long task: the number of its plan in order of time, its row and its coded words."""

    plan: int
    row: int
    text: str
    words: str


def copied_tasks(
    submissions: Sequence[Submission], limits: Limits, today: date
) -> Mapping[str, list[Finding]]:
    """Return the findings on copied tasks by shown path, at most one a row, in order of rows."""
    plans = sorted(
        (s for s in submissions if s.plan is not None),
        key=lambda s: (moment_of(s, today).at or _LAST, base_name(s.shown_path), s.shown_path),
    )
    groups = _groups(plans, limits)
    shared: Counter[tuple[int, int]] = Counter()
    for group in groups:
        holders = list(dict.fromkeys(task.plan for task in group))
        shared.update(
            (later, earlier)
            for place, later in enumerate(holders)
            for earlier in holders[: min(place, MOST_SOURCES)]
        )
    found: dict[str, list[Finding]] = defaultdict(list)
    for group in groups:
        for task, source in _pairs(group, shared, limits):
            count = shared[task.plan, source.plan]
            owner = plans[task.plan]
            found[owner.shown_path].append(_finding(task, source, owner, plans[source.plan], count))
    for findings in found.values():
        findings.sort(key=lambda f: f.row or 0)
    return found


def _groups(plans: Sequence[Submission], limits: Limits) -> list[list[_Task]]:
    """Return the groups of similar long tasks that several plans share, in order of plans."""
    if sum(1 for plan in plans if next(_texts(plan), None)) < 2:
        return []  # a single plan: do not load the library that compares texts
    fewest = COPIED_WORDS.among(limits)
    vocabulary, originals = Vocabulary(), Originals(COPIED_LIKENESS.among(limits) / 100)
    own = {
        originals.place(vocabulary.coded(text))
        for layout in dict.fromkeys(s.plan.layout for s in plans if s.plan)
        for text in _own_texts(layout)
    }
    groups: dict[int, list[_Task]] = defaultdict(list)
    for number, submission in enumerate(plans):
        for row, text in _texts(submission):
            words = vocabulary.coded(text)
            if len(words) >= fewest:
                groups[originals.place(words)].append(_Task(number, row, text, words))
    # Tasks are added plan by plan: a group of one plan begins and ends with the same plan.
    return [
        group
        for number, group in groups.items()
        if number not in own and group[0].plan != group[-1].plan
    ]


def _texts(submission: Submission) -> Iterator[tuple[int, str]]:
    """Yield the row and the text of each task of a plan."""
    plan = submission.plan
    assert plan is not None
    texts = plan.column("plan", "task")
    for record, text in zip(plan.rows("plan"), texts, strict=True):
        if isinstance(text, str):
            yield record.row, text


def _own_texts(layout: Layout) -> Iterator[str]:
    """Yield the texts of the template itself, which no school copied from another."""
    for placed in layout.sheets:
        yield placed.sheet.intro.vi
        yield from (column.column.help.vi for column in placed.columns)
    for criterion in layout.regulation.criteria:
        yield criterion.title
        yield criterion.label


def _pairs(
    group: Sequence[_Task], shared: Mapping[tuple[int, int], int], limits: Limits
) -> Iterator[tuple[_Task, _Task]]:
    """Yield each task of a group with its original: in the plan that shares most with its own."""
    least, fewest = COPIED_LIKENESS.among(limits) / 100, COPIED_TASKS.among(limits)
    firsts = {task.plan: task for task in reversed(group)}
    earliest = sorted(firsts)[:MOST_SOURCES]
    for task in group:
        sources = [
            firsts[plan]
            for plan in earliest
            if plan < task.plan
            and shared[task.plan, plan] >= fewest
            and likeness(task.words, firsts[plan].words) >= least
        ]
        if sources:
            yield task, max(sources, key=lambda source: shared[task.plan, source.plan])


def _finding(
    task: _Task, source: _Task, submission: Submission, other: Submission, count: int
) -> Finding:
    assert submission.plan is not None
    assert other.plan is not None
    sheet = submission.plan.layout.sheet("plan")
    origin = other.origins_of(sheet.key, source.row)[0]
    words = {
        "percent": int(100 * likeness(task.words, source.words)),
        "school": other.name or other.code,
        "code": other.code,
        "file": origin.part.name,
        "sheet": other.plan.layout.sheet("plan").name,
        "row": origin.row_in_file(sheet.key),
        "count": count,
    }
    return finding(
        COPIED,
        sheet=sheet.name,
        cell=sheet.ref("task", task.row),
        row=task.row,
        field="task",
        value=task.text,
        words=words,
    )
