"""The whole round in supervised processes, as users run it: other tests work in one process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kdcl_xl.checking import check
from kdcl_xl.reissue import open_old
from tests.build import SCHOOL, good_task, layout_of, make_plan, write_workbook
from tests.conftest import Run

pytestmark = pytest.mark.usefixtures("processes")


def two_plans(sent: Path) -> Path:
    """Write the plans of two schools, each with a task that nobody leads, and return the folder."""
    sent.mkdir()
    layout = layout_of()
    for code in ("00790125", "00790126"):
        school = replace(SCHOOL, code=code, name=f"Trường {code}")
        task = {**good_task(layout), "lead": None}
        plan = make_plan(layout, school=school, tables={"plan": [task]})
        write_workbook(sent / f"{code}.xlsx", plan, school)
    return sent


def test_merging_again_and_above_reads_the_earlier_workbook_within_its_limits(
    run: Run, tmp_path: Path
) -> None:
    sent = two_plans(tmp_path / "sent")
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


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows only the clock")
def test_a_file_that_takes_too_long_costs_only_itself_in_every_command(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, book = two_plans(tmp_path / "sent"), tmp_path / "so.xlsx"
    schools, limits = tmp_path / "truong.csv", tmp_path / "kdcl-xl.toml"
    schools.write_text("code,name,kind\n00790125,A,thcs\n00790126,B,thcs\n", encoding="utf-8")
    limits.write_text("[bounds]\nlongest_time = 1\n", encoding="utf-8")
    assert run("merge", sent, "-o", book).exit_code == 0
    for place in (check, open_old):
        for name in ("read_submission", "read_and_keep"):
            if work := getattr(place, name, None):
                monkeypatch.setattr(place, name, endless_on("00790126", work))
    for command in (
        ("status", sent, "--schools", schools),
        ("migrate", sent, "-o", tmp_path / "moi"),
        ("feedback", book, sent, "-o", tmp_path / "lai"),
        ("check", sent),
    ):
        ended = run(*command, "--config", limits)
        assert ended.exit_code == 1, ended.output
        assert "quá thời gian" in ended.output
    assert [path.name for path in (tmp_path / "moi").glob("*")] == ["00790125.xlsx"]
    assert len(list((tmp_path / "lai").glob("*.xlsx"))) == 1


def endless_on(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """Return the work, which never ends on the file of this name."""

    def endless(path: Path, *args: Any) -> Any:
        while path.stem == name:
            pass
        return work(path, *args)

    return endless
