"""What goes wrong in real folders: moved rows, lost zeros, wrong targets, absurd numbers."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

from kdcl_xl.checking.check import check_file
from tests.build import (
    SCHOOL,
    TODAY,
    good_plan,
    good_task,
    layout_of,
    make_plan,
    write_workbook,
)
from tests.conftest import ROOT, Run
from tests.district.test_merge import table
from tests.opened import book_in, sheet_in
from workbook_templates.regulation import builtin_catalogue

PLAN = layout_of("2026").sheet("plan")


def changed(tmp_path: Path, change: Callable[[Workbook], object]) -> list[tuple[str, str | None]]:
    path = write_workbook(tmp_path / "a.xlsx", good_plan())
    book = book_in(path.read_bytes())
    change(book)
    book.save(path)
    checked = check_file(path, builtin_catalogue(), TODAY)
    return [(f.rule, f.cell) for f in checked.findings]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda book: book["Kế hoạch"].delete_rows(4), "KD837"),
        (lambda book: book["Kế hoạch"].delete_rows(5), "KD013"),
        (lambda book: book["Kế hoạch"].insert_rows(1), "KD837"),
        (lambda book: book["Kế hoạch"].insert_cols(6), "KD837"),
        (lambda book: book["Tự đánh giá"].delete_rows(9), "KD013"),
        (lambda book: book["Thông tin"].insert_rows(6), "KD837"),
        (lambda book: book["Theo dõi"].delete_rows(2), "KD837"),
    ],
)
def test_moved_rows_and_columns_are_never_misread(
    tmp_path: Path, change: Callable[[Workbook], object], rule: str
) -> None:
    """Refused, or read by the headings: then nothing else is wrong with the plan."""
    left_by_openpyxl = "KD839"
    found = [found for found, _ in changed(tmp_path, change) if found != left_by_openpyxl]
    assert found == [rule]


def test_a_formula_without_a_result_is_not_a_blank(tmp_path: Path) -> None:
    cell = PLAN.ref("budget", PLAN.first_row)

    def change(book: Workbook) -> None:
        book["Kế hoạch"][cell] = "=1000*2000"

    assert ("KD808", cell) in changed(tmp_path, change)


@pytest.mark.parametrize(("sheet", "cell"), [("Thông tin", "E7"), ("Thông tin", "D5")])
def test_content_beside_the_inputs_is_reported(tmp_path: Path, sheet: str, cell: str) -> None:
    def change(book: Workbook) -> None:
        book[sheet][cell] = "ghi chú"

    assert ("KD801", cell) in changed(tmp_path, change)


@pytest.mark.parametrize("number", [1e30, 1.7e308, -1e300])
def test_absurd_numbers_stop_nothing(run: Run, tmp_path: Path, number: float) -> None:
    layout = layout_of("2026")
    rows = [{**good_task(layout, n), "budget": number, "funding_source": None} for n in range(2)]
    rows.append({**good_task(layout, 2), "deadline": number})
    write_workbook(tmp_path / "a.xlsx", make_plan(layout, tables={"plan": rows}))
    assert run("check", tmp_path / "a.xlsx").exit_code == 1
    assert run("merge", tmp_path / "a.xlsx", "-o", tmp_path / "out.xlsx").exit_code == 0


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such file names")
def test_a_name_that_is_no_utf8(run: Run, tmp_path: Path) -> None:
    source = write_workbook(tmp_path / "a.xlsx", good_plan())
    os.rename(source, os.path.join(os.fsencode(tmp_path), b"Tr\xea\x9fng.xlsx"))  # noqa: PTH104, PTH118
    out = tmp_path / "out" / "d.xlsx"
    assert run("merge", tmp_path, "-o", out).exit_code == 0
    report = tmp_path / "out" / "r.json"
    assert run("check", tmp_path, "--format", "json", "-o", report).exit_code == 0
    assert "Tr" in report.read_text("utf-8")


def test_no_output_replaces_a_school_file(run: Run, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", good_plan())
    before = path.read_bytes()
    assert run("check", path, "-o", path).exit_code == 2
    assert run("merge", tmp_path, "-o", path).exit_code == 2
    assert path.read_bytes() == before
    made = run("template", "--kind", "thcs", "--school-year", "2026-2027", "-o", path)
    assert made.exit_code == 0
    (kept,) = tmp_path.glob("a.truoc-*.xlsx")
    assert kept.read_bytes() == before


def test_identical_unreadable_files_are_each_reported(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "nộp"
    folder.mkdir()
    write_workbook(folder / "ok.xlsx", good_plan())
    for code in ("001", "002"):
        (folder / f"{code}_a.xlsx").write_bytes(b"")
    listing = tmp_path / "s.csv"
    listing.write_text("sep=,\ncode,name,kind\n001,Một,thcs\n002,Hai,thcs\n", "utf-8")
    out = tmp_path / "d.xlsx"
    assert run("merge", folder, "-o", out, "--schools", listing).exit_code == 0
    states = {r["Mã trường"]: r["Tình trạng"] for r in table(sheet_in(out, "Trường"))}
    assert states["001"] == states["002"] == "Không đọc được"


@pytest.mark.parametrize(("typed", "listed"), [(790125, "00790125"), ("00790125", "790125")])
def test_lost_zeros_do_not_lose_a_school(
    run: Run, tmp_path: Path, typed: object, listed: str
) -> None:
    layout = layout_of("2026")
    plan = make_plan(
        layout,
        cover={"school_code": typed},  # type: ignore[dict-item]
        tables={"plan": [good_task(layout)]},
    )
    issued = dataclasses.replace(SCHOOL, code=str(typed) if typed == "00790125" else "00790125")
    write_workbook(tmp_path / "a.xlsx", plan, issued)
    listing = tmp_path / "s.csv"
    listing.write_text(f"code,name,kind\n{listed},Trường A,thcs\n", "utf-8")
    out = tmp_path / "d.xlsx"
    assert run("merge", tmp_path / "a.xlsx", "-o", out, "--schools", listing).exit_code == 0
    (line,) = table(sheet_in(out, "Trường"))
    assert line["Tình trạng"] == "Đã nộp"


def test_levels_the_form_cannot_hold(run: Run, tmp_path: Path) -> None:
    base = ROOT / "workbook_templates" / "regulations" / "tt57-2026-pho-thong.toml"
    text = base.read_text("utf-8")
    own = tmp_path / "own.toml"
    own.write_text(text.replace("levels = [1, 2]", "levels = [1, 2, 3]", 1), "utf-8")
    result = run("regulations", "--catalogue", own)
    assert result.exit_code == 2
    assert f"{own}:" in result.stderr
    forced = run(
        "template", "--kind", "thcs", "--school-year", "2020-2021", "--form", "2026",
        "-o", tmp_path / "x.xlsx",
    )  # fmt: skip
    assert forced.exit_code == 2


@pytest.mark.parametrize(
    "args",
    [
        ("check", "a" * 300 + ".xlsx"),
        ("form", "--kind", "thcs", "--school-year", "0000-0001"),
        ("template", "--kind", "thcs", "--school-year", "2026-2027", "--school-code", "Ấ" * 60,
         "-o", "x.xlsx"),
    ],
)  # fmt: skip
def test_one_line_for_odd_arguments(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*args)
    assert result.exit_code in (2, 3)
    assert result.stderr.count("\n") == 1
