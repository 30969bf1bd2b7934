"""``kdcl-xl status``: the state and the files of each school, chosen as in a merge."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.build import good_task, layout_of, make_plan, write_workbook
from tests.conftest import ROOT, Run
from tests.district.test_choose import written
from tests.district.test_merge import school_file
from tests.project.test_packaging import python
from tests.project.test_work import counted

LISTING = (
    "code,name,kind\n001,Trường Một,thcs\n002,Trường Hai,thcs\n003,Trường Ba,thcs\n"
    "004,Trường Bốn,mam_non\n"
)


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    path = tmp_path / "schools.csv"
    path.write_text(LISTING, "utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bản nộp"
    made.mkdir()
    school_file(made, "001", "Trường Một")
    old = school_file(made, "002", "Trường Hai")
    os.utime(old, (1e9, 1e9))
    new = school_file(made, "002", "Trường Hai mới", tasks=3)
    (made / "bản sao.xlsx").write_bytes(new.read_bytes())
    (made / "003_hong.xlsx").write_bytes(b"%PDF-1.7")
    school_file(made, "009", "Trường Lạ")
    return made


def test_table(run: Run, folder: Path, listing: Path) -> None:
    result = run("status", folder, "--schools", listing, "--today", "2026-11-22")
    assert result.exit_code == 1
    lines = result.output.splitlines()
    shown = {line.split()[0]: line for line in lines[1:] if line.strip()}
    assert "Đã nộp" in shown["001"]
    assert "2026-2027" in shown["001"]
    assert "07/07/2026 07:00" in shown["001"]
    assert "Nộp nhiều bản" in shown["002"]
    assert "Được chọn trong 2 bản" in shown["002"]
    assert "Không đọc được" in shown["003"]
    assert "PDF" in shown["003"]
    assert shown["004"].endswith("Chưa nộp")
    assert "ngoài danh sách" in shown["009"]
    assert any("Trùng tệp khác" in line and "bản sao.xlsx" in line for line in lines)
    assert lines[-1] == "Các tệp đã nhận: Sổ tính: 5; Tệp PDF: 1."
    assert lines[-2] == (
        "Danh sách có 4 trường: 1 đã nộp, 1 nộp nhiều bản, 1 không đọc được, 1 chưa nộp. "
        "Ngoài danh sách: 1."
    )


def test_json_says_what_a_merge_says(run: Run, tmp_path: Path, folder: Path, listing: Path) -> None:
    result = run("status", folder, "--schools", listing, "--format", "json")
    found = json.loads(result.output)
    assert found["summary"] == {
        "expected": 4, "returned": 1, "double": 1, "partial": 0, "blank": 0, "wrong_form": 0,
        "wrong_year": 0, "unreadable": 1, "missing": 1, "not_expected": 1,
    }  # fmt: skip
    two = next(s for s in found["schools"] if s["code"] == "002")
    assert [f["state"] for f in two["files"]] == ["counts", "passed_over"]
    assert [f["state"] for f in found["files"]].count("same") == 1
    assert [f["kind"] for f in found["files"]].count("pdf") == 1
    merged = run("merge", folder, "--schools", listing, "-o", tmp_path / "t.xlsx")
    assert "2 đã nộp, 1 nộp nhiều bản, 1 không đọc được, 1 chưa nộp" in merged.output


def test_exit_codes(run: Run, tmp_path: Path, folder: Path, listing: Path) -> None:
    empty = tmp_path / "trống"
    empty.mkdir()
    nothing = run("status", empty, "--schools", listing)
    assert nothing.exit_code == 3
    assert nothing.output.count("Chưa nộp") == 4
    assert run("status", tmp_path / "không có", "--schools", listing).exit_code == 2
    assert run("status", folder).exit_code == 2
    one = tmp_path / "one.csv"
    one.write_text("code,name,kind\n001,Trường Một,thcs\n", "utf-8")
    assert run("status", folder, "--schools", one).exit_code == 1  # whose is the unreadable one?
    (folder / "003_hong.xlsx").unlink()
    assert run("status", folder, "--schools", one).exit_code == 0
    other = next(folder.glob("002_Trường Hai.xlsx"))
    preferred = run("status", folder, "--schools", listing, "--prefer", other, "--format", "json")
    two = next(s for s in json.loads(preferred.output)["schools"] if s["code"] == "002")
    assert two["files"][0]["path"] == str(other)


def test_a_time_of_the_file_system_is_marked(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", None, mtime=1.7e9)
    listing = tmp_path / "schools.csv"
    listing.write_text("code,name,kind\n00790125,Trường,thcs\n", "utf-8")
    said = run("--lang", "en", "status", path, "--schools", listing)
    assert said.exit_code == 0
    assert "15/11/2023 05:13 *" in said.output
    assert "by the file system" in said.output


FILES = 20


def test_each_sheet_is_read_once_and_nothing_is_computed(run: Run, tmp_path: Path) -> None:
    layout = layout_of("2026", rows=60)
    plan = make_plan(layout, tables={"plan": [good_task(layout, i) for i in range(40)]})
    content = write_workbook(tmp_path / "a.xlsx", plan).read_bytes()
    for number in range(FILES - 1):  # other bytes each, or they would pass for one file
        (tmp_path / f"{number}.xlsx").write_bytes(content + bytes([number + 1]) * 2)
    listing = tmp_path / "schools.csv"
    listing.write_text("code,name,kind\n00790125,Trường,thcs\n", "utf-8")
    said: list[str] = []
    command = ("status", tmp_path, "--schools", listing, "--format", "json")
    work = counted(lambda: said.append(run(*command).output))
    (school,) = json.loads(said[0])["schools"]
    assert len(school["files"]) == FILES
    read = {part: count for part, count in work.parts.items() if "/sheet" in part}
    inputs = [s for s in layout.sheets if s.cells or s.columns]
    assert read == {
        f"xl/worksheets/sheet{layout.sheets.index(s) + 1}.xml": FILES for s in inputs
    }, "each sheet with inputs, once a file"
    assert work.judged == work.evaluated == 0


def test_it_loads_nothing_that_writes(tmp_path: Path) -> None:
    code = (
        "import sys\nimport kdcl_xl.cli.commands.status\n"
        "print([m for m in ('xlsxwriter', 'openpyxl', 'rapidfuzz') if m in sys.modules])"
    )
    assert python("-c", code, cwd=tmp_path, path=ROOT).strip() == "[]"
