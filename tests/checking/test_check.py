"""``kdcl-xl check``: exit codes, the two formats, addresses that hold the quoted value."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.build import good_plan, good_task, layout_of, make_plan, write_workbook
from tests.conftest import Run

FINDING_KEYS = {
    "rule", "slug", "severity", "sheet", "cell", "field", "value", "message", "remedy",
}  # fmt: skip


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_a_good_plan_has_no_error(run: Run, tmp_path: Path, form: str) -> None:
    path = write_workbook(tmp_path / "tốt.xlsx", good_plan(form))
    result = run("check", path, "--format", "json")
    report = json.loads(result.output)
    assert result.exit_code == 0, report
    assert report["summary"]["errors"] == 0
    assert report["summary"]["warnings"] == 0
    school = report["files"][0]["school"]
    assert school["code"] == "00790125"
    assert school["kind"] == "thcs"
    assert school["school_year"] == ("2020-2021" if form == "2018" else "2026-2027")


def test_findings_point_at_the_value(run: Run, tmp_path: Path) -> None:
    layout = layout_of("2026")
    rows = [
        {**good_task(layout, 0), "deadline": "tháng năm 2027"},
        {},
        {**good_task(layout, 1), "lead": "UBND xã", "budget": 81},
        {**good_task(layout, 2), "target_level": "Mức 3"},
    ]
    path = write_workbook(tmp_path / "a.xlsx", make_plan(layout, tables={"plan": rows}))
    result = run("check", path, "--format", "json", "--today", "2026-11-22")
    assert result.exit_code == 1
    report = json.loads(result.output)
    book = openpyxl.load_workbook(path)
    found = {}
    for finding in report["files"][0]["findings"]:
        assert set(finding) == FINDING_KEYS
        found[finding["rule"]] = finding
        if finding["value"] is not None and finding["field"] != "criterion":
            assert book[finding["sheet"]][finding["cell"]].value == finding["value"]
    sheet = layout.sheet("plan")
    row = sheet.first_row
    assert found["KD402"]["cell"] == sheet.ref("deadline", row)
    assert found["KD402"]["value"] == "tháng năm 2027"
    assert "tháng năm 2027" in found["KD402"]["message"]
    assert found["KD303"]["cell"] == sheet.ref("lead", row + 2)
    assert found["KD505"]["cell"] == sheet.ref("budget", row + 2)
    assert found["KD205"]["cell"] == sheet.ref("target_level", row + 3)


def test_text_names_file_sheet_cell_rule_and_remedy(run: Run, tmp_path: Path) -> None:
    plan = make_plan(layout_of("2026"), cover={"signer": None}, tables={"plan": []})
    path = write_workbook(tmp_path / "a.xlsx", plan)
    result = run("check", path)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    (signer,) = [line for line in lines if "KD103" in line]
    assert signer.startswith(f"{path}: Thông tin!C")
    assert "[Lỗi]" in signer
    assert "Cách xử lý:" in signer
    assert lines[-1].startswith("Tổng cộng 1 tệp")
    english = run("--lang", "en", "check", path)
    assert "[Error]" in english.output
    assert run("check", "--lang", "en", path).output == english.output


def test_report_to_a_file(run: Run, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", good_plan())
    out = tmp_path / "báo cáo.json"
    result = run("check", path, "--format", "json", "-o", out)
    assert result.exit_code == 0
    assert json.loads(out.read_text("utf-8"))["summary"]["files"] == 1


def test_exit_codes_with_several_files(run: Run, tmp_path: Path) -> None:
    good = write_workbook(tmp_path / "a.xlsx", good_plan())
    bad = tmp_path / "b.xlsx"
    bad.write_bytes(b"x")
    assert run("check", good).exit_code == 0
    assert run("check", bad).exit_code == 3
    both = run("check", good, bad, "--format", "json")
    assert both.exit_code == 1
    summary = json.loads(both.output)["summary"]
    assert (summary["files"], summary["unreadable"], summary["errors"]) == (2, 1, 1)


def test_code_with_leading_zeros_and_changed_code(run: Run, tmp_path: Path) -> None:
    layout = layout_of("2026")
    plan = make_plan(layout, cover={"school_code": 790125}, tables={"plan": [good_task(layout)]})
    path = write_workbook(tmp_path / "a.xlsx", plan)
    report = json.loads(run("check", path, "--format", "json").output)
    (changed,) = [f for f in report["files"][0]["findings"] if f["rule"] == "KD803"]
    assert "790125" in changed["message"]
    assert "00790125" in changed["message"]
