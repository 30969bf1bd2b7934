"""Compare a district with an earlier one: levels then and now, and what became of the tasks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from kdcl_xl.district.model.model import CompareLine, District, SchoolLine, Task
from macros_free_validation.values import key
from workbook_templates.text import fold
from workbook_templates.vocabulary import ProgressState

LIKE = 85
"""Likeness of two texts, from 0 to 100, from which a task is the earlier one carried on."""


_COUNTED = ("finished", "carried", "repeated", "dropped", "fresh")
"""The counts of tasks, in the order of the fields of a line."""
Place = tuple[str, str]
"""The number of a regulation and the code of a criterion, empty for no criterion."""


def compare(before: District, now: District) -> tuple[CompareLine, ...]:
    """Return a line for each criterion with levels or tasks, for schools that are in both."""
    earlier = {_key(line): line for line in before.schools if line.summaries}
    lines: list[CompareLine] = []
    for line in now.schools:
        old = earlier.get(_key(line))
        if line.summaries and old:
            lines += _school(line, old, _tasks(old, before), _tasks(line, now))
    return tuple(lines)


def _key(line: SchoolLine) -> str:
    code = fold(line.school.code)
    return code.lstrip("0") or code or fold(line.school.name)


def _tasks(line: SchoolLine, district: District) -> list[Task]:
    paths = {summary.path for summary in line.summaries}
    return [task for task in district.tasks if task.path in paths]


def _school(
    line: SchoolLine, old: SchoolLine, then: Sequence[Task], now: Sequence[Task]
) -> Iterator[CompareLine]:
    counts: dict[Place, Counter[str]] = defaultdict(Counter)
    matched = list(_matched(now, then))
    for task, match in matched:
        place = place_of(task)
        if match is None:
            counts[place]["fresh"] += 1
            continue
        is_same = _words(task) == _words(match)
        counts[place]["repeated"] += is_same
        counts[place]["carried"] += not _is_done(match)
    kept = {id(match) for _, match in matched if match}
    for task in then:
        if _is_done(task):
            counts[place_of(task)]["finished"] += 1
        elif id(task) not in kept:
            counts[place_of(task)]["dropped"] += 1
    before_levels, now_levels = _levels(old), _levels(line)
    for place in sorted({*before_levels, *now_levels, *counts}, key=_order):
        yield CompareLine(
            line.school.code,
            line.school.name,
            *place,
            before_levels.get(place),
            now_levels.get(place),
            *(counts[place][word] for word in _COUNTED),
        )


def _order(place: Place) -> tuple[str, list[int], str]:
    number, code = place
    return number, [int(part) for part in code.split(".") if part.isdigit()], code


def _levels(line: SchoolLine) -> Mapping[Place, int]:
    return {
        (summary.regulation.number, code): level
        for summary in line.summaries
        for code, level in summary.levels.items()
    }


def place_of(task: Task) -> Place:
    """Return the regulation and the criterion of a task."""
    label = task.value("criterion_label") or task.value("criterion")
    return task.summary.regulation.number, str(label).split(" ")[0] if label else ""


def _words(task: Task) -> str:
    return fold(str(task.value("task") or ""))


def _is_done(task: Task) -> bool:
    done = ProgressState.DONE.label
    return key(task.report.state) in {key(done.vi), key(done.en)}


def _matched(now: Sequence[Task], then: Sequence[Task]) -> Iterator[tuple[Task, Task | None]]:
    """Yield each task now with the one it was, in the same words first, then in like words."""
    from rapidfuzz import fuzz  # only a comparison needs it

    left: dict[str, list[Task]] = defaultdict(list)
    for task in then:
        left[_words(task)].append(task)
    others = []
    for task in now:
        same = left.get(_words(task))
        if same:
            yield task, same.pop(0)
        else:
            others.append(task)
    free = [task for tasks in left.values() for task in tasks]
    for task in others:
        scores = [(fuzz.ratio(_words(task), _words(old)), -at) for at, old in enumerate(free)]
        score, at = max(scores, default=(0.0, 0))
        yield task, free.pop(-at) if score >= LIKE else None
