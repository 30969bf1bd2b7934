"""How much work a merge is: counted, never timed, so that it says the same on every machine.

Schools are added in equal groups; each of them must cost what the others cost. Whoever
makes a file be opened twice, a rule be judged again, or two schools be compared with one
another for no reason, finds out here.
"""

from __future__ import annotations

import io
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter.worksheet import Worksheet

import kdcl_xl.checking.check
import macros_free_validation.judge
from kdcl_xl.checking.many import check_all
from kdcl_xl.checking.settings import Settings
from kdcl_xl.checking.task import Task
from kdcl_xl.demo.synthetic.plans import Draft, good_draft, workbook_of
from kdcl_xl.demo.synthetic.reword import reworded
from kdcl_xl.district.merge import merge
from kdcl_xl.schools import School
from kdcl_xl.template.issue import kind_of, stamp_for
from kdcl_xl.xlsx import package, zip_entries
from kdcl_xl.xlsx.zip_entries import Entry
from macros_free_validation.judge import Compiled, compiled, judge
from macros_free_validation.rule import Stage
from tests.build import KINDS, THCS, TODAY, YEARS
from workbook_templates.regulation import builtin_catalogue

YEAR = YEARS["2026"]
TWO_KINDS = (KINDS["mam_non"], THCS)
"""The schools of a group; those of other groups type as much in the same cells."""
GROUPS = (1, 2, 4)
WRITING = (
    "conditional_format", "data_validation", "set_column", "set_row", "write_blank",
    "write_boolean", "write_formula", "write_number", "write_string", "write_url",
)  # fmt: skip


@dataclass
class Work:
    """What was done: files opened by path, parts inflated and their bytes, rules judged by
    plan and by row, passes of patterns, calls of functions, calls of XlsxWriter."""

    opened: Counter[str] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)
    inflated: int = 0
    judged: int = 0
    evaluated: int = 0
    passes: int = 0
    calls: int = 0
    written: int = 0


def _draft(number: int) -> Draft:
    school = School(f"0079010{number}", f"Trường số 1{number}", TWO_KINDS[number], "", "Thôn")
    draft = good_draft(school, YEAR, TODAY, random.Random(number))
    draft.tasks[2]["deadline"] = None
    draft.tasks[3]["lead"] = "UBND"
    return draft


def _told_again(model: Draft, content: bytes, group: int, number: int) -> bytes:
    """The workbook with another school's name, and its tasks in another order of words."""
    source = random.Random(f"{group} {number}")
    old = model.school
    new = replace(old, code=f"007902{group}{number}", name=f"Trường số {group + 2}{number}")
    words = {old.code: new.code, old.name: new.name}
    for task in model.tasks:
        shuffled = str(task["task"]).split(" ")
        source.shuffle(shuffled)
        words[str(task["task"])] = " ".join(shuffled)
    stamp = stamp_for(model.layout, kind_of(old), YEAR, new)
    return reworded(content, words, stamp, datetime(2026, 10, 1, group, number, tzinfo=UTC))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, Path]:
    """For each number of groups the folder of what their schools returned."""
    models = [(draft, workbook_of(draft)) for draft in map(_draft, range(len(TWO_KINDS)))]
    made = {groups: tmp_path_factory.mktemp(f"groups-{groups}") for groups in GROUPS}
    for group in range(max(GROUPS)):
        for number, (draft, content) in enumerate(models):
            told = _told_again(draft, content, group, number)
            for groups, folder in made.items():
                if group < groups:
                    (folder / f"{group}-{number}.xlsx").write_bytes(told)
    return made


def _watch(patch: pytest.MonkeyPatch, work: Work) -> None:
    """Count at the seams: of the standard library, of XlsxWriter, and of the judge."""
    real_open, real_read = io.open, zip_entries.inflated

    def opened(file: Any, *args: Any, **kwargs: Any) -> Any:
        work.opened[str(file)] += 1
        return real_open(file, *args, **kwargs)

    def read(content: bytes, entry: Entry) -> bytes:
        data = real_read(content, entry)
        work.parts[entry.name] += 1
        work.inflated += len(data)
        return data

    def judged(*args: Any) -> Any:
        work.judged += 1
        return judge(*args)

    def counting(part: Compiled) -> Compiled:
        def rows(records: Any, *args: Any) -> None:
            work.evaluated += len(records) * len(part.row_cases)
            part.judge_rows(records, *args)

        return replace(part, judge_rows=rows)

    patch.setattr(io, "open", opened)
    patch.setattr(package, "inflated", read)
    patch.setattr(kdcl_xl.checking.check, "judge", judged)
    patch.setattr(
        macros_free_validation.judge,
        "compiled",
        lambda layout: tuple(map(counting, compiled(layout))),
    )
    for name in WRITING:
        patch.setattr(Worksheet, name, _written(getattr(Worksheet, name), work))


def _written(real: Callable[..., Any], work: Work) -> Callable[..., Any]:
    def write(*args: Any, **kwargs: Any) -> Any:
        work.written += 1
        return real(*args, **kwargs)

    return write


def counted(job: Callable[[], object]) -> Work:
    """What a job does."""
    work = Work()
    calls = passes = 0

    def event(_frame: object, kind: str, function: object) -> None:
        nonlocal calls, passes
        if kind == "call":
            calls += 1
        elif kind == "c_call" and type(getattr(function, "__self__", None)) is re.Pattern:
            passes += 1

    with pytest.MonkeyPatch.context() as patch:
        _watch(patch, work)
        before = sys.getprofile()
        sys.setprofile(event)
        try:
            job()
        finally:
            sys.setprofile(before)
    work.calls, work.passes = calls, passes
    return work


Works = Mapping[int, Work]


@pytest.fixture(scope="module")
def checking(folders: Mapping[int, Path]) -> Works:
    """The work of reading and judging, by groups."""
    task = Task(builtin_catalogue(), TODAY)
    files = {groups: sorted(folder.iterdir()) for groups, folder in folders.items()}
    check_all(files[1], task)  # layouts are built and rules compiled once
    return {groups: counted(partial(check_all, files[groups], task)) for groups in GROUPS}


@pytest.fixture(scope="module")
def merging(folders: Mapping[int, Path], tmp_path_factory: pytest.TempPathFactory) -> Works:
    """The work of a whole merge, by groups."""
    target = tmp_path_factory.mktemp("merged")

    def run(groups: int) -> None:
        place = target / f"{groups}.xlsx"
        merge([folders[groups]], place, builtin_catalogue(), TODAY, Settings(Stage.DISTRICT))

    run(1)
    (target / "1.xlsx").unlink()
    return {groups: counted(partial(run, groups)) for groups in GROUPS}


def test_a_file_is_opened_once(folders: Mapping[int, Path], merging: Works) -> None:
    for groups, work in merging.items():
        files = {str(path): 1 for path in folders[groups].iterdir()}
        assert len(files) == groups * len(TWO_KINDS)
        assert {path: n for path, n in work.opened.items() if path in files} == files


SMALL_PARTS = frozenset(
    (
        "_rels/.rels", "docProps/core.xml", "docProps/custom.xml", "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels", "xl/styles.xml",
    )
)  # fmt: skip


def test_no_part_is_inflated_that_nobody_asks_for(checking: Works) -> None:
    """Every sheet once, also where it is only seen to be as issued; no styles, no charts."""
    for groups, work in checking.items():
        files = groups * len(TWO_KINDS)
        sheets = {part: n for part, n in work.parts.items() if "/sheet" in part}
        assert sheets == dict.fromkeys(sheets, files)
        assert work.parts.keys() - sheets.keys() <= SMALL_PARTS | {"xl/sharedStrings.xml"}
        assert work.parts["xl/sharedStrings.xml"] <= 2 * files
        assert max(work.parts.values()) <= 3 * files


@pytest.mark.parametrize("name", ["inflated", "judged", "evaluated", "passes"])
def test_every_school_costs_the_same(checking: Works, name: str) -> None:
    cost = {groups: getattr(work, name) for groups, work in checking.items()}
    assert cost[1] > 0
    assert cost == {groups: groups * cost[1] for groups in GROUPS}


def test_a_rule_is_judged_once_where_it_applies(checking: Works, merging: Works) -> None:
    layouts = [_draft(number).layout for number in range(len(TWO_KINDS))]
    tasks = [len(_draft(number).tasks) for number in range(len(TWO_KINDS))]
    cases = [
        next(len(part.row_cases) for part in compiled(layout) if part.sheet.key == "plan")
        for layout in layouts
    ]
    of_plans = sum(a * b for a, b in zip(tasks, cases, strict=True))
    for groups in GROUPS:
        assert checking[groups].judged == merging[groups].judged == groups * len(TWO_KINDS)
        assert checking[groups].evaluated == merging[groups].evaluated
        assert checking[groups].evaluated >= groups * of_plans


ROUNDING = 1.02
"""Texts of other groups have the same words in another order, which some searches feel."""


@pytest.mark.parametrize("name", ["calls", "passes", "written"])
def test_a_merge_grows_with_its_schools_and_no_faster(merging: Works, name: str) -> None:
    one, two, four = (getattr(merging[groups], name) for groups in GROUPS)
    assert 0 < two - one
    assert four - two <= 2 * (two - one) * ROUNDING


MOST_A_FILE = {"inflated": 1_000_000, "passes": 1_280, "calls": 27_000}
MOST_A_SCHOOL = {"calls": 50_000, "passes": 1_800, "written": 46}
"""About a third more than there was when these lines were written, on Python 3.11."""


@pytest.mark.parametrize("name", MOST_A_FILE)
def test_the_cost_of_a_file_is_bounded(checking: Works, name: str) -> None:
    assert getattr(checking[4], name) / (4 * len(TWO_KINDS)) <= MOST_A_FILE[name]


@pytest.mark.parametrize("name", MOST_A_SCHOOL)
def test_the_cost_of_a_school_is_bounded(merging: Works, name: str) -> None:
    """What a further school costs, whatever every merge costs; lists are not XlsxWriter's."""
    more = getattr(merging[4], name) - getattr(merging[2], name)
    assert more / (2 * len(TWO_KINDS)) <= MOST_A_SCHOOL[name]
