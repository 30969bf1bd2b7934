"""Find reports beside other tasks than when they were typed, by what the file itself keeps.

The progress sheet shows each task by a formula. A program that does not recalculate leaves the
earlier text beside the report after rows of the plan were sorted, exchanged or written over.
"""

from __future__ import annotations

from collections.abc import Iterator

from kdcl_xl.submission.as_shown import named
from kdcl_xl.submission.places import Places
from kdcl_xl.xlsx.cells import SheetCells
from macros_free_validation.likeness import likeness, words_of
from macros_free_validation.plan import Plan
from macros_free_validation.rule import Finding, finding
from macros_free_validation.rules.progress import BESIDE_OTHER_TASK
from macros_free_validation.values import Raw
from workbook_templates.text import Text, fold, one_line

_SAME_TASK = 0.5
"""The share of equal words from which a text is another wording of the same task."""
_MOST_NAMED = 8
_LONGEST_SHOWN = 80


def reports_beside_other_tasks(
    plan: Plan, content: SheetCells | None, places: Places
) -> Iterator[Finding]:
    """Yield one finding for all reports that the file shows beside other tasks than the plan.

    ``content`` is the progress sheet with the results that its formulas had when it was saved.
    """
    if content is None or not (plan.layout.has_sheet("progress") and plan.rows("progress")):
        return
    sheet, tasks = plan.layout.sheet("progress"), plan.layout.sheet("plan")
    index = sheet.column("task").index
    moved = places.sheets.get(sheet.name)
    column = moved.columns.get(index, index) if moved else index
    own = {record.row: plan.value("plan", record, "task") for record in plan.rows("plan")}
    reports = {places.row(sheet.name, r.row): r for r in plan.rows("progress")}
    results = content.results_of(column, reports.keys())
    differing = [
        (row, shown, task)
        for row, record in reports.items()
        for task in [own.get(record.row - sheet.first_row + tasks.first_row)]
        if isinstance(shown := results.get(row, {}).get(column), str) and shown.strip()
        if shown != task
    ]
    if not differing:
        return
    rows = {fold(text): row for row, text in own.items() if isinstance(text, str)}
    found: dict[tuple[int, int], Text] = {}
    for row, shown, task in differing:
        if _is_same(shown, task, rows):
            continue
        now = rows.get(fold(shown))
        said = one_line(shown)[:_LONGEST_SHOWN]
        found[row, column] = (
            Text(f"dòng {row} ghi «{said}», việc không còn", f"row {row} shows '{said}', gone")
            if now is None
            else _moved(row, places.row(tasks.name, now), tasks.name, said)
        )
    if found:
        cells, first = named(sorted(found))
        moves = list(found.values())
        more = "; …" if len(moves) > _MOST_NAMED else ""
        words = {
            "cells": cells,
            "moves": Text(
                "; ".join(text.vi for text in moves[:_MOST_NAMED]) + more,
                "; ".join(text.en for text in moves[:_MOST_NAMED]) + more,
            ),
        }
        yield finding(BESIDE_OTHER_TASK, sheet=sheet.name, cell=first, words=words)


def _is_same(shown: str, task: Raw, rows: dict[str, int]) -> bool:
    """Return whether the sheet shows the task of the plan, perhaps in earlier words."""
    if not isinstance(task, str):
        return False
    if fold(shown) == fold(task):
        return True
    # Another task in full is another task, however like its words are.
    return fold(shown) not in rows and likeness(words_of(shown), words_of(task)) >= _SAME_TASK


def _moved(row: int, now: int, sheet: str, said: str) -> Text:
    return Text(
        f"dòng {row} ghi «{said}», việc này nay ở dòng {now} trang «{sheet}»",
        f"row {row} shows '{said}', which is now in row {now} of sheet '{sheet}'",
    )
