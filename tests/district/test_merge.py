"""``kdcl-xl merge``: no school is forgotten, nothing is counted twice, every row has its source."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kdcl_xl.district.sheets.order import SHEETS
from tests.build import SCHOOL, good_plan, good_task, layout_of, make_plan, write_workbook
from tests.conftest import Run
from tests.opened import sheet_in


def table(ws: Worksheet) -> list[dict[str, object]]:
    rows = list(ws.iter_rows(min_row=3, values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def school_file(folder: Path, code: str, name: str, tasks: int = 2) -> Path:
    school = dataclasses.replace(SCHOOL, code=code, name=name)
    layout = layout_of("2026")
    rows = [good_task(layout, i) for i in range(tasks)]
    plan = make_plan(layout, school=school, tables={"plan": rows})
    return write_workbook(folder / f"{code}_{name}.xlsx", plan, school)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bản nộp"
    (made / "xã A").mkdir(parents=True)
    return made


def test_states(run: Run, tmp_path: Path, folder: Path) -> None:
    school_file(folder, "001", "Trường Một")
    double = school_file(folder, "002", "Trường Hai")
    os.utime(double, (1e9, 1e9))
    school_file(folder / "xã A", "002", "Trường Hai", tasks=3)
    (folder / "bản sao.xlsx").write_bytes(double.read_bytes())
    (folder / "003_hong.xlsx").write_bytes(b"PK\x03\x04 hong")
    (folder / "~$001.xlsx").write_bytes(b"x")
    school_file(folder, "009", "Trường Lạ")
    listing = tmp_path / "schools.csv"
    listing.write_text(
        "code,name,kind\n001,Trường Một,thcs\n002,Trường Hai,thcs\n003,Trường Ba,thcs\n"
        "004,Trường Bốn,mam_non\n",
        "utf-8",
    )
    out = tmp_path / "tong-hop.xlsx"
    result = run("merge", folder, "-o", out, "--schools", listing, "--authority", "Xã A")
    assert result.exit_code == 0, result.output
    book = openpyxl.load_workbook(out)
    assert book.sheetnames[: len(SHEETS)] == [sheet.name.vi for sheet in SHEETS]
    states = {row["Mã trường"]: row["Tình trạng"] for row in table(book["Trường"])}
    assert states == {
        "001": "Đã nộp",
        "002": "Nộp nhiều bản",
        "003": "Không đọc được",
        "004": "Chưa nộp",
        "009": "Đã nộp",
    }
    outcomes = [row["Kết quả"] for row in table(book["Nhật ký"])]
    assert outcomes.count("Đã tổng hợp") == 3
    assert outcomes.count("Có bản khác được chọn, bỏ qua") == 1
    assert outcomes.count("Trùng tệp khác, bỏ qua") == 1
    assert outcomes.count("Không đọc được") == 1
    assert len(table(book["Kế hoạch"])) == 2 + 3 + 2
    rules = {(row["Quy tắc"], row["Mã trường"]) for row in table(book["Cờ"])}
    assert {("KD901", "002"), ("KD902", "009")} <= rules
    overview = [
        c.value
        for name in ("Tổng quan", "Việc cần xử lý")
        for row in book[name].iter_rows()
        for c in row
        if c.value
    ]
    assert "Xã A" in overview
    assert any("1 trường chưa nộp: Trường Bốn" in str(value) for value in overview)


def test_rows_have_their_provenance(run: Run, tmp_path: Path, folder: Path) -> None:
    path = school_file(folder, "001", "Trường Một", tasks=3)
    out = tmp_path / "tong-hop.xlsx"
    assert run("merge", folder, "-o", out).exit_code == 0
    source = openpyxl.load_workbook(path)
    sheet = layout_of("2026").sheet("plan")
    rows = table(sheet_in(out, "Kế hoạch"))
    assert len(rows) == 3
    for row in rows:
        assert row["Tệp"] == path.name
        cell = sheet.ref("task", int(str(row["Dòng"])))
        assert source[str(row["Trang"])][cell].value == row["Công việc/giải pháp cần thực hiện"]
        assert row["Dự kiến kinh phí (đồng)"] == 5_000_000
        assert hasattr(row["Hoàn thành"], "year")


def test_flags_link_to_their_rows_and_take_decisions(
    run: Run, tmp_path: Path, folder: Path
) -> None:
    layout = layout_of("2026")
    rows = [good_task(layout, 0), {**good_task(layout, 1), "lead": "UBND xã"}]
    write_workbook(folder / "a.xlsx", make_plan(layout, tables={"plan": rows}))
    out = tmp_path / "tong-hop.xlsx"
    assert run("merge", folder, "-o", out).exit_code == 0
    book = openpyxl.load_workbook(out)
    ws = book["Cờ"]
    headers = [c.value for c in ws[3]]
    assert {"Kết luận", "Ý kiến rà soát"} <= set(headers)
    (flag,) = [row for row in ws.iter_rows(min_row=4) if row[3].value == "KD303"]
    place = flag[headers.index("Vị trí (bấm để đến dòng)")]
    column = get_column_letter(book["Kế hoạch"].max_column)
    assert f"MATCH(2,'Kế hoạch'!${column}:${column},0)" in str(place.value)
    assert book["Kế hoạch"]["A5"].value == "00790125"
    assert book["Kế hoạch"][f"{column}5"].value == 2
    assert not ws.protection.sheet
    decisions = [d for d in ws.data_validations.dataValidation if d.type == "list"]
    assert decisions[0].formula1 == "dm_decisions"


def test_wrong_kind_and_wrong_year(run: Run, tmp_path: Path, folder: Path) -> None:
    school_file(folder, "001", "Trường Một")
    school_file(folder, "002", "Trường Hai")
    write_workbook(
        folder / "c.xlsx", good_plan("2018"), dataclasses.replace(SCHOOL, code="00790125")
    )
    listing = tmp_path / "schools.csv"
    listing.write_text("code,name,kind\n001,A,tieu_hoc\n002,B,thcs\n00790125,C,thcs\n", "utf-8")
    out = tmp_path / "d.xlsx"
    assert run("merge", folder, "-o", out, "--schools", listing).exit_code == 0
    rules = {(row["Quy tắc"], row["Mã trường"]) for row in table(sheet_in(out, "Cờ"))}
    assert ("KD903", "001") in rules
    assert ("KD904", "00790125") in rules


def test_nothing_readable_writes_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"x")
    out = tmp_path / "out.xlsx"
    result = run("merge", tmp_path, "-o", out)
    assert result.exit_code == 3
    assert result.stderr.count("\n") == 1
    assert not out.exists()


def test_the_earlier_workbook_is_kept_and_never_merged(
    run: Run, tmp_path: Path, folder: Path
) -> None:
    school_file(folder, "001", "Trường Một")
    out = folder / "tong-hop.xlsx"
    assert run("merge", folder, "-o", out).exit_code == 0
    first = out.read_bytes()
    assert run("merge", folder, "-o", out).exit_code == 0
    (copy,) = folder.glob("tong-hop.truoc-*.xlsx")
    assert copy.read_bytes() == first
    assert len(table(sheet_in(out, "Nhật ký"))) == 1
    elsewhere = tmp_path / "khác.xlsx"
    assert run("merge", folder, "-o", elsewhere).exit_code == 0
    log = table(sheet_in(elsewhere, "Nhật ký"))
    assert [row["Kết quả"] for row in log].count("Sổ tổng hợp, bỏ qua") == 1
    assert [row["Kết quả"] for row in log].count("Sổ tổng hợp, đã đưa vào") == 1


def test_text_that_looks_like_a_formula_stays_text(run: Run, tmp_path: Path, folder: Path) -> None:
    layout = layout_of("2026")
    attack = '=HYPERLINK("http://x","y")'
    plan = make_plan(layout, tables={"plan": [{**good_task(layout), "task": attack}]})
    write_workbook(folder / "a.xlsx", plan)
    out = tmp_path / "tong-hop.xlsx"
    assert run("merge", folder, "-o", out).exit_code == 0
    cells = [c for row in sheet_in(out, "Kế hoạch").iter_rows() for c in row]
    (cell,) = [c for c in cells if c.value == attack]
    assert cell.data_type == "s"


def test_english(run: Run, tmp_path: Path, folder: Path) -> None:
    school_file(folder, "001", "Trường Một")
    out = tmp_path / "d.xlsx"
    result = run("--lang", "en", "merge", folder, "-o", out)
    assert "Authority workbook" in result.output
    assert openpyxl.load_workbook(out, read_only=True).sheetnames[0] == "Overview"


def test_a_name_that_looks_like_markup_stays_a_name(run: Run, tmp_path: Path, folder: Path) -> None:
    name = "<r>P & <x></r>"
    school_file(folder, "001", "Trường Một")
    listing = tmp_path / "schools.csv"
    listing.write_text(f"code,name,kind,authority\n001,Trường Một,thcs,{name}\n", "utf-8")
    out = tmp_path / "tong-hop.xlsx"
    run("merge", folder, "-o", out, "--schools", listing, "--authority", name)
    book = openpyxl.load_workbook(out)
    rows = book["Tổng quan"].iter_rows(values_only=True)
    assert any(name in str(cell) for row in rows for cell in row)
