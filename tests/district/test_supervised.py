"""The whole round in supervised processes, as users run it: other tests work in one process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.build import SCHOOL, good_task, layout_of, make_plan, write_workbook
from tests.conftest import Run

pytestmark = pytest.mark.usefixtures("processes")


def test_merging_again_and_above_reads_the_earlier_workbook_within_its_limits(
    run: Run, tmp_path: Path
) -> None:
    layout, sent = layout_of(), tmp_path / "sent"
    sent.mkdir()
    for code in ("00790125", "00790126"):
        school = replace(SCHOOL, code=code, name=f"Trường {code}")
        task = {**good_task(layout), "lead": None}
        plan = make_plan(layout, school=school, tables={"plan": [task]})
        write_workbook(sent / f"{code}.xlsx", plan, school)
    commune, province = tmp_path / "commune.xlsx", tmp_path / "province.xlsx"
    for options in ((), (), ("--previous", commune)):
        merged = run("merge", sent, "-o", commune, *options)
        assert merged.exit_code == 0, merged.output
    for _ in range(2):
        merged = run("merge", commune, "-o", province)
        assert merged.exit_code == 0, merged.output
        assert "2 đã nộp" in merged.output
    answered = run("feedback", commune, sent, "-o", tmp_path / "back")
    assert answered.exit_code == 0, answered.output
    assert len(list((tmp_path / "back").glob("*.xlsx"))) == 2
