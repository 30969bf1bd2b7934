"""A lost stamp is no lost work: check names the way, and migrate takes the contents over."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.packaging.custom import CustomPropertyList

from kdcl_xl.checking.check import check_file
from macros_free_validation.plan import Plan
from tests.build import KINDS, SCHOOL, TODAY, YEARS, good_task, layout_of, make_plan, write_workbook
from tests.cli.test_names import listing
from tests.conftest import Run
from tests.district.test_merge import table
from tests.opened import sheet_in
from tests.submission.test_oddities import damaged, packed, parts_of
from workbook_templates.regulation import builtin_catalogue

Lose = Callable[[Path, Path], None]


def copied(issued: Path, target: Path) -> None:
    """Sheets with their formulas in a new workbook, as by «Di chuyển hoặc Sao chép»."""
    book = openpyxl.load_workbook(issued)
    del book["_kdcl"]
    for name in list(book.defined_names):
        del book.defined_names[name]
    book.custom_doc_props = CustomPropertyList()  # type: ignore[attr-defined]
    book.save(target)


def values_only(issued: Path, target: Path) -> None:
    """Values a row further down, on sheets named by their tables, as Numbers exports them."""
    book, new = openpyxl.load_workbook(issued, data_only=True), openpyxl.Workbook()
    new.remove(new.worksheets[0])
    for sheet in book.worksheets:
        if sheet.title.startswith("_"):
            continue
        other = new.create_sheet(f"{sheet.title[:20]} - Bảng 1")
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    other.cell(cell.row + 1, cell.column, cell.value)
    new.save(target)


def plan_in(path: Path) -> Plan:
    plan = check_file(path, builtin_catalogue(), TODAY).submission.plan
    assert plan is not None
    return plan


@pytest.mark.slow
@pytest.mark.parametrize("lose", [copied, values_only], ids=["copied", "values only"])
@pytest.mark.parametrize(
    ("form", "kind"), [("2026", "thcs"), ("2018", "thcs"), ("2026", "mam_non")]
)
def test_contents_are_taken_over_by_headings(
    run: Run, tmp_path: Path, form: str, kind: str, lose: Lose
) -> None:
    school = replace(SCHOOL, kind=KINDS[kind])
    layout = layout_of(form, KINDS[kind])
    plan = make_plan(
        layout,
        kind=KINDS[kind],
        school=school,
        tables={
            "plan": [good_task(layout, n) for n in range(4)],
            "progress": [{}, {"progress_state": "Hoàn thành", "evidence": "(MC.1.1.01)"}],
        },
    )
    issued = write_workbook(tmp_path / "issued.xlsx", plan, school)
    lost, target = tmp_path / "lost.xlsx", tmp_path / "new.xlsx"
    lose(issued, lost)
    refused = json.loads(run("check", lost, "--format", "json").stdout)["files"][0]["findings"]
    assert [finding["rule"] for finding in refused] == ["KD005"]
    assert "kdcl-xl migrate" in refused[0]["remedy"]
    without = run("migrate", lost, "-o", target)
    assert without.exit_code == 3
    assert "--kind" in without.stderr
    given = ("--kind", kind, "--school-year", YEARS[form], "--school-code", SCHOOL.code)
    done = run("migrate", lost, "-o", target, *given)
    assert done.exit_code == 0, done.output
    assert "chưa chuyển" not in done.output
    before, after = plan_in(issued), plan_in(target)
    assert after.cells == before.cells
    for sheet in layout.sheets:
        for column in sheet.columns:
            if not column.column.locked:
                old = before.column(sheet.key, column.field)
                assert after.column(sheet.key, column.field) == old, column
    assert check_file(target, builtin_catalogue(), TODAY).submission.issued_code == SCHOOL.code


def test_what_a_person_added_is_not_lost(run: Run, tmp_path: Path) -> None:
    layout = layout_of()
    issued = write_workbook(tmp_path / "a.xlsx", make_plan(layout))
    book = openpyxl.load_workbook(issued)
    book.create_sheet("Danh bạ")["B2"] = "Số máy của các tổ"
    book["Kế hoạch"].cell(layout.sheet("plan").last_row + 3, 3, "Ghi thêm bên dưới")
    book.save(issued)
    copied(issued, tmp_path / "lost.xlsx")
    given = ("--kind", "thcs", "--school-year", "2026-2027")
    done = run("migrate", tmp_path / "lost.xlsx", "-o", tmp_path / "new.xlsx", *given)
    assert done.exit_code == 0
    made = openpyxl.load_workbook(tmp_path / "new.xlsx")["Chưa chuyển"]
    words = {cell.value for row in made.iter_rows() for cell in row}
    assert {"Số máy của các tổ", "Ghi thêm bên dưới"} <= words


def test_a_workbook_of_other_headings_is_told_no_way(run: Run, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "Kế hoạch"
    book.save(tmp_path / "a.xlsx")
    shown = run("check", tmp_path / "a.xlsx")
    assert "KD005" in shown.output
    assert "migrate" not in shown.output
    given = ("--kind", "thcs", "--school-year", "2026-2027")
    done = run("migrate", tmp_path / "a.xlsx", "-o", tmp_path / "b.xlsx", *given)
    assert done.exit_code == 3
    assert "KD005" in done.stderr


@pytest.mark.parametrize(
    "options",
    [("--kind", "thcs"), ("--school-code", "1"), ("--kind", "x", "--school-year", "2026-2027")],
)
def test_half_of_the_facts_are_refused(run: Run, tmp_path: Path, options: tuple[str, ...]) -> None:
    issued = write_workbook(tmp_path / "a.xlsx", make_plan(layout_of()))
    assert run("migrate", issued, "-o", tmp_path / "b.xlsx", *options).exit_code == 2


def test_a_damaged_file_with_a_whole_stamp_is_its_schools(run: Run, tmp_path: Path) -> None:
    """Whatever its name: by the properties of the file, which are a part of their own."""
    issued = write_workbook(tmp_path / "a.xlsx", make_plan(layout_of()))
    nop = tmp_path / "nop"
    nop.mkdir()
    for name, part in (("gửi cô.xlsx", "xl/workbook.xml"), ("bản 2.xlsx", "xl/sharedStrings.xml")):
        parts = parts_of(issued.read_bytes())
        damaged(part)(parts)
        (nop / name).write_bytes(packed(parts))
    other = replace(SCHOOL, code="00790999", name="Trường khác")
    write_workbook(nop / "c.xlsx", make_plan(layout_of(), school=other), other)
    known = listing(tmp_path / "ds.csv", (SCHOOL.code, SCHOOL.name), ("00790999", "Trường khác"))
    shown = json.loads(run("status", nop, "--schools", known, "--format", "json").stdout)
    assert [len(school["files"]) for school in shown["schools"]] == [2, 1]
    assert shown["schools"][0]["state"] == "unreadable"
    book = tmp_path / "so.xlsx"
    assert run("merge", nop, "-o", book, "--schools", known).exit_code == 0
    lines = table(sheet_in(book, "Trường"))
    assert [line["Mã trường"] for line in lines] == [SCHOOL.code, other.code]
    assert lines[0]["Tình trạng"] == "Không đọc được"
