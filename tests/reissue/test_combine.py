"""Parts of one plan are put together; nothing is lost, and nothing is chosen without a word."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import openpyxl
import pytest

from kdcl_xl.submission.model import Submission
from kdcl_xl.submission.reading import read_submission
from tests.build import (
    SCHOOL,
    TODAY,
    Value,
    good_plan,
    good_task,
    layout_of,
    make_plan,
    write_workbook,
)
from tests.conftest import Run
from workbook_templates.regulation import builtin_catalogue

LAYOUT = layout_of("2026")
PLAN = LAYOUT.sheet("plan")
Row = dict[str, Value]


def task(nth: int, **changes: Value) -> Row:
    return {**good_task(LAYOUT, nth), "task": f"Công việc số {nth}", **changes}


def part(path: Path, tasks: list[Row], code: str = "001", **tables: list[Row]) -> Path:
    school = dataclasses.replace(SCHOOL, code=code)
    plan = make_plan(LAYOUT, school=school, tables={"plan": tasks, **tables})
    return write_workbook(path, plan, school)


def read(path: Path) -> Submission:
    found = read_submission(path, builtin_catalogue())
    assert found.plan is not None, found.found
    return found


def tasks_in(path: Path) -> list[str]:
    plan = read(path).plan
    assert plan is not None
    return [str(text) for text in plan.column("plan", "task")]


def notes_in(path: Path) -> list[str]:
    ws = openpyxl.load_workbook(path)[PLAN.name]
    return [
        str(cell.comment.text)
        for row in ws.iter_rows()
        for cell in row
        if cell.comment and "Từ tệp" in str(cell.comment.text)
    ]


def test_two_halves_become_one_plan(run: Run, tmp_path: Path) -> None:
    a = part(tmp_path / "a.xlsx", [task(0), task(1), task(2)])
    b = part(tmp_path / "b.xlsx", [task(2), task(3), task(4)])
    out = tmp_path / "c.xlsx"
    said = run("combine", a, b, "-o", out)
    assert said.exit_code == 0, said.output
    assert "5 công việc; 1 việc giống hệt nhau được ghi một lần" in said.output
    assert tasks_in(out) == [f"Công việc số {nth}" for nth in range(5)]
    assert notes_in(out) == [
        *["Từ tệp: a.xlsx"] * 2,
        "Từ tệp: a.xlsx, b.xlsx",
        *["Từ tệp: b.xlsx"] * 2,
    ]
    merged = run("merge", out, "-o", tmp_path / "so.xlsx", "--today", TODAY)
    assert "1 đã nộp" in merged.output
    assert "5 công việc" in merged.output


@pytest.mark.slow
def test_the_combined_file_can_be_combined_again(run: Run, tmp_path: Path) -> None:
    a = part(tmp_path / "a.xlsx", [task(0)])
    b = part(tmp_path / "b.xlsx", [task(1)])
    c = part(tmp_path / "c.xlsx", [task(2)])
    first, second, at_once = (tmp_path / name for name in ("ab.xlsx", "abc.xlsx", "ca.xlsx"))
    assert run("combine", a, b, "-o", first).exit_code == 0
    assert run("combine", first, c, "-o", second).exit_code == 0
    assert run("combine", a, b, c, "-o", at_once).exit_code == 0
    assert tasks_in(second) == tasks_in(at_once)


def test_more_tasks_than_either_file_has_rows(run: Run, tmp_path: Path) -> None:
    rows = PLAN.row_count
    a = part(tmp_path / "a.xlsx", [task(n) for n in range(rows)])
    b = part(tmp_path / "b.xlsx", [task(n) for n in range(rows, 2 * rows)])
    out = tmp_path / "c.xlsx"
    assert run("combine", a, b, "-o", out).exit_code == 0
    assert tasks_in(out) == [f"Công việc số {nth}" for nth in range(2 * rows)]


def test_reports_stay_beside_their_tasks(run: Run, tmp_path: Path) -> None:
    report: Row = {"progress_state": "Đang thực hiện", "percent": 40}
    a = part(tmp_path / "a.xlsx", [task(0), task(1)])
    b = part(tmp_path / "b.xlsx", [task(2), task(3)], progress=[{}, report])
    out = tmp_path / "c.xlsx"
    assert run("combine", a, b, "-o", out).exit_code == 0
    plan = read(out).plan
    assert plan is not None
    (record,) = plan.rows("progress")
    assert record.row - plan.layout.sheet("progress").first_row == 3
    assert plan.value("progress", record, "progress_state") == "Đang thực hiện"


def test_cells_that_differ_are_told_and_never_chosen(run: Run, tmp_path: Path) -> None:
    verdicts: list[Row] = [{"result_1": "Đạt"} for _ in LAYOUT.regulation.criteria]
    other = [dict(row) for row in verdicts]
    other[3]["result_1"] = "Không đạt"
    other[4] = {}
    a = part(tmp_path / "a.xlsx", [task(0)], self_assessment=verdicts)
    book = part(tmp_path / "b.xlsx", [task(1)], self_assessment=other)
    out = tmp_path / "c.xlsx"
    said = run("combine", a, book, "-o", out)
    assert said.exit_code == 1, said.output
    assert "«a.xlsx»: Đạt; «b.xlsx»: Không đạt" in said.output
    plan = read(out).plan
    assert plan is not None
    results = list(plan.column("self_assessment", "result_1"))
    assert results[2:5] == ["Đạt", None, "Đạt"]
    assert "Yêu cầu sửa" in openpyxl.load_workbook(out, read_only=True).sheetnames


def test_covers_that_differ(run: Run, tmp_path: Path) -> None:
    plan = good_plan()
    a = write_workbook(tmp_path / "a.xlsx", plan)
    cells = {**plan.cells, "cover": {**plan.cells["cover"], "signer": "Phó hiệu trưởng"}}
    b = write_workbook(tmp_path / "b.xlsx", dataclasses.replace(plan, cells=cells))
    out = tmp_path / "c.xlsx"
    said = run("combine", a, b, "-o", out)
    assert said.exit_code == 1, said.output
    assert "«b.xlsx»: Phó hiệu trưởng" in said.output
    made = read(out).plan
    assert made is not None
    assert made.cell("signer") is None
    assert made.cell("school_name") == plan.cell("school_name")


def test_one_task_written_in_two_ways_is_told(run: Run, tmp_path: Path) -> None:
    a = part(tmp_path / "a.xlsx", [task(0)])
    b = part(tmp_path / "b.xlsx", [task(0, lead="Tổ Văn phòng")])
    out = tmp_path / "c.xlsx"
    said = run("combine", a, b, "-o", out)
    assert said.exit_code == 1
    assert "Việc này cũng có ở dòng" in said.output
    assert len(tasks_in(out)) == 2
    assert len(notes_in(out)) == 2


@pytest.mark.parametrize("words", ["mã trường", "hai tệp", "đầu vào", "Không có tệp"])
def test_what_cannot_be_combined_is_refused(words: str, run: Run, tmp_path: Path) -> None:
    a = part(tmp_path / "a.xlsx", [task(0)])
    b = part(tmp_path / "b.xlsx", [task(1)], code="002")
    given = {
        "mã trường": (a, b, "-o", tmp_path / "c.xlsx"),
        "hai tệp": (a, a, "-o", tmp_path / "c.xlsx"),
        "đầu vào": (a, b, "-o", a),
        "Không có tệp": (a, tmp_path / "x.xlsx", "-o", tmp_path / "c.xlsx"),
    }[words]
    before = a.read_bytes()
    said = run("combine", *given)
    assert said.exit_code == 2
    assert words in said.stderr
    assert a.read_bytes() == before
    assert not (tmp_path / "c.xlsx").exists()


def test_an_unreadable_part_stops_it(run: Run, tmp_path: Path) -> None:
    a = part(tmp_path / "a.xlsx", [task(0)])
    (tmp_path / "b.xlsx").write_bytes(b"%PDF-1.7")
    said = run("combine", a, tmp_path / "b.xlsx", "-o", tmp_path / "c.xlsx")
    assert said.exit_code == 3
    assert "PDF" in said.stderr
    assert not (tmp_path / "c.xlsx").exists()
