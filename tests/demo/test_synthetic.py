"""The synthetic district: exactly the planted faults are found, and the same every time."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kdcl_xl.checking.check import check_file
from kdcl_xl.demo.run import DEMO_DAY, DEMO_YEAR, merge_synthetic, run_synthetic
from kdcl_xl.demo.synthetic import district as module
from kdcl_xl.demo.synthetic.district import (
    RETURNED,
    SCHOOLS_FILE,
    Manifest,
    compare,
    make_district,
)
from kdcl_xl.demo.synthetic.faults import FAULTS, FIRST_FAULTY, Fault, Spot
from kdcl_xl.demo.synthetic.plans import Draft, good_draft, plan_of, workbook_of
from kdcl_xl.demo.synthetic.reword import reworded
from kdcl_xl.district.model.model import InputState
from kdcl_xl.district.model.school_state import State
from kdcl_xl.school_list.read import read_schools
from kdcl_xl.schools import School
from kdcl_xl.template.as_text import with_typed_text
from kdcl_xl.template.issue import kind_of, stamp_for
from macros_free_validation.judge import judge
from tests.build import KINDS, SETTLED, THCS
from workbook_templates.regulation import builtin_catalogue
from workbook_templates.school_kind import Receiver, SchoolKind
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Language

YEARS = {"2018": SchoolYear(2025, 2026), "2026": DEMO_YEAR}


def draft_of(form: str, kind: SchoolKind, seed: int = 1) -> Draft:
    school = School("00790001", "Trường Suối Xanh", kind, module.AUTHORITY, "Thôn Đồi Cỏ")
    return good_draft(school, YEARS[form], DEMO_DAY, random.Random(seed))


@pytest.mark.slow
def test_sixty_schools(tmp_path: Path, sixty_schools: tuple[Path, Manifest]) -> None:
    folder, manifest = sixty_schools
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    done = merge_synthetic(tmp_path, manifest, Language.VI)
    assert done.comparison.missed == ()
    assert done.comparison.beyond == ()
    assert done.comparison.wrong_states == ()
    assert done.comparison.found == len(done.manifest.planted) >= 60
    rules = {planted.rule for planted in done.manifest.planted}
    assert len(rules) >= 50
    assert {f"KD90{n}" for n in (1, 2, 3, 4, 6, 8)} <= rules
    assert {"KD003", "KD005", "KD022", "KD027"} <= rules
    assert set(done.manifest.states.values()) == {
        State.RETURNED, State.DOUBLE, State.UNREADABLE, State.MISSING
    }  # fmt: skip
    assert set(done.manifest.left_out.values()) == {InputState.SAME, InputState.PASSED_OVER}
    listed = read_schools(done.folder / SCHOOLS_FILE, builtin_catalogue()).schools
    assert {school.kind for school in listed} == {
        kind for kind in SETTLED["2026"] if kind.receiver is Receiver.COMMUNE
    }
    assert len({school.name for school in listed}) == len(listed)
    assert any((done.folder / RETURNED).glob("~$*"))
    assert {task.summary.regulation.form for task in done.district.tasks} == {"2018", "2026"}
    a_school = [line.tasks for line in done.district.schools if line.state is State.RETURNED]
    assert min(a_school) >= 15
    assert max(a_school) <= 60

    unseen = replace(done.manifest, planted=done.manifest.planted[1:])
    assert compare(unseen, done.district).beyond == (done.manifest.planted[0],)
    lost = replace(done.manifest, planted=[*done.manifest.planted, done.manifest.planted[0]])
    assert compare(lost, done.district).missed == (done.manifest.planted[0],)
    assert not compare(replace(done.manifest, states={}), done.district).is_exact


@pytest.mark.parametrize("form", YEARS)
def test_good_plans_are_silent(form: str) -> None:
    for kind in SETTLED[form]:
        for seed in range(4):
            draft = draft_of(form, kind, seed)
            assert judge(plan_of(draft), DEMO_DAY) == (), (kind, seed)


@pytest.mark.parametrize("form", YEARS)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.name)
def test_every_fault_is_found_where_it_was_planted(form: str, fault: Fault) -> None:
    """Each by itself, on some plan that can carry it; the sixty schools mix them."""
    if form not in fault.forms:
        return
    for seed in range(40):
        draft = draft_of(form, SETTLED[form][seed % len(SETTLED[form])], seed)
        fitting = [n for n in range(FIRST_FAULTY, len(draft.tasks)) if fault.fits(draft, n)]
        if fitting:
            break
    else:
        assert form == "2018"  # a year that is over knows no overdue tasks and no half-done ones
        assert "progress" in fault.name or fault.name == "overdue"
        return
    spots = fault.plant(draft, fitting[len(fitting) // 2])
    found = {(f.rule, f.sheet, f.cell) for f in judge(plan_of(draft), DEMO_DAY)}
    assert found == {place_of(draft, spot) for spot in spots}


def place_of(draft: Draft, spot: Spot) -> tuple[str, str, str]:
    assert spot.sheet is not None
    assert spot.field is not None
    sheet = draft.sheet(spot.sheet)
    cell = sheet.ref(spot.field, spot.row) if spot.row else sheet.cell(spot.field).ref
    return spot.rule, sheet.name, cell


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        make_district(tmp_path / name, 2, DEMO_YEAR, DEMO_DAY, seed)
    first, again, other = (
        {p.name: p.read_bytes() for p in (tmp_path / n).rglob("*") if p.is_file()} for n in "abc"
    )
    assert first == again
    assert first != other


def test_a_retold_workbook_is_what_the_draft_says(tmp_path: Path) -> None:
    model = draft_of("2026", KINDS["tieu_hoc"])
    school = replace(model.school, code="00790002", name="Trường Đồi Mây & Gió", address="Thôn 2")
    draft, words = module._rewording(model, school, random.Random(3))
    kind = kind_of(school)
    new = stamp_for(model.layout, kind, model.year, school)
    moment = datetime(2026, 10, 1, 8, tzinfo=UTC)
    path = tmp_path / "a.xlsx"
    path.write_bytes(reworded(workbook_of(model), words, new, moment))
    checked = check_file(path, builtin_catalogue(), DEMO_DAY)
    assert checked.findings == ()
    submission = checked.submission
    assert (submission.code, submission.name) == (school.code, school.name)
    assert submission.saved == moment
    assert submission.stamp is not None
    assert submission.stamp.locked
    assert replace(submission.stamp, locked="", inputs="") == new
    whole = with_typed_text(plan_of(draft))
    assert submission.plan is not None
    for key in ("plan", "progress", "self_assessment"):
        assert submission.plan.tables[key] == whole.tables[key], key
    given = {field: v for field, v in submission.plan.cells["cover"].items() if v is not None}
    assert given == {field: v for field, v in whole.cells["cover"].items() if v is not None}


def test_schools_beyond_the_first_are_retold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DENSE", 2)
    done = run_synthetic(tmp_path, 6, Language.VI)
    assert done.comparison.is_exact, done.comparison


def test_a_day_before_the_deadlines(tmp_path: Path) -> None:
    """Nothing hangs on the day of the demo but what is due by then."""
    draft = good_draft(
        School("1", "Trường", THCS, module.AUTHORITY), DEMO_YEAR, date(2026, 10, 1),
        random.Random(5),
    )  # fmt: skip
    assert judge(plan_of(draft), date(2026, 10, 1)) == ()
