"""Comparison with an earlier workbook (``merge --compare``), and the history of rounds."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import openpyxl
import pytest

from tests.build import SCHOOL, TODAY, Value, good_task, layout_of, make_plan, write_workbook
from tests.conftest import Run
from tests.opened import sheet_in

LAYOUT = layout_of("2026")
DONE: dict[str, Value] = {"progress_state": "Hoàn thành", "percent": 100.0}
TEXTS = (
    "Tổ chức tập huấn chuyển đổi số cho giáo viên toàn trường",
    "Sửa chữa mái che sân chơi và lối đi khu nhà hai tầng",
    "Mua bổ sung sách tham khảo cho thư viện của nhà trường",
    "Rà soát quy chế chi tiêu nội bộ và công khai tài chính",
)


def returned(folder: Path, texts: list[str], done: int | None = None) -> None:
    folder.mkdir(exist_ok=True)
    school = dataclasses.replace(SCHOOL, code="001", name="Trường Một")
    rows: list[dict[str, Value]] = [
        {**good_task(LAYOUT, n), "task": text} for n, text in enumerate(texts)
    ]
    progress = [DONE if n == done else {} for n in range(len(texts))]
    plan = make_plan(LAYOUT, school=school, tables={"plan": rows, "progress": progress})
    write_workbook(folder / "001.xlsx", plan, school)


def rows_of(path: Path, sheet: str) -> list[dict[str, object]]:
    values = list(sheet_in(path, sheet, data_only=True).iter_rows(values_only=True))
    heads = list(map(str, values[2]))
    return [dict(zip(heads, row, strict=True)) for row in values[3:] if any(row)]


@pytest.fixture
def earlier(tmp_path: Path, run: Run) -> Path:
    returned(tmp_path / "truoc", list(TEXTS), done=0)
    assert (
        run("merge", tmp_path / "truoc", "-o", tmp_path / "t.xlsx", "--today", TODAY).exit_code == 0
    )
    return tmp_path / "t.xlsx"


def test_tasks_are_finished_carried_on_repeated_dropped_or_new(
    tmp_path: Path, run: Run, earlier: Path
) -> None:
    again = [TEXTS[1], TEXTS[2] + " năm nay", "Xây dựng kế hoạch giáo dục địa phương mới hoàn toàn"]
    returned(tmp_path / "nay", again)
    out = tmp_path / "n.xlsx"
    merge = ("merge", tmp_path / "nay", "-o", out, "--today", TODAY)
    assert run(*merge, "--compare", earlier).exit_code == 0
    lines = rows_of(out, "So sánh")
    totals = {
        heading: sum(float(str(line[heading] or 0)) for line in lines)
        for heading in (
            "Việc đã hoàn thành",
            "Việc làm tiếp",
            "Lặp lại nguyên văn",
            "Việc bỏ dở",
            "Việc mới",
        )
    }
    assert list(totals.values()) == [1, 2, 1, 1, 1]
    assert {line["Tên trường"] for line in lines} == {"Trường Một"}
    levels = [(line["Mức trước"], line["Mức nay"]) for line in lines if line["Mức nay"] is not None]
    assert levels
    assert all(before == now for before, now in levels)
    assert run(*merge).exit_code == 0
    assert not rows_of(out, "So sánh"), "only where a person asks for it"


def test_another_file_is_no_workbook_to_compare_with(tmp_path: Path, run: Run) -> None:
    returned(tmp_path / "nay", list(TEXTS))
    other = tmp_path / "nay" / "001.xlsx"
    out = tmp_path / "n.xlsx"
    result = run("merge", other, "-o", out, "--compare", other)
    assert result.exit_code == 2
    assert "001.xlsx" in result.output
    assert not out.exists()


def test_each_day_is_a_round_and_stays(tmp_path: Path, run: Run, earlier: Path) -> None:
    for day in ("2026-12-01", "2026-12-01", "2027-01-05"):
        assert run("merge", tmp_path / "truoc", "-o", earlier, "--today", day).exit_code == 0
    rounds = rows_of(earlier, "Các lần tổng hợp")
    days = [f"{line['Ngày tổng hợp']:%Y-%m-%d}" for line in rounds]
    assert days == ["2027-01-05", "2026-12-01", f"{TODAY}"]
    assert {line["Số công việc"] for line in rounds} == {4}
    changes = openpyxl.load_workbook(earlier, data_only=True)["Chất lượng"]
    shown = {row[0]: row[1:4] for row in changes.iter_rows(values_only=True)}
    assert shown["Số công việc"] == (4, 4, 0)
