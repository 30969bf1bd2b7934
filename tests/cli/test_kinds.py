"""Kinds of school through the whole loop: centres of continuing education, an authority's own
kind, and lists of schools as people write them."""

from __future__ import annotations

import csv
import json
import unicodedata
from pathlib import Path

import openpyxl
import pytest

from kdcl_xl.schools import School
from tests.build import KINDS, YEARS, Value, good_task, make_plan, write_workbook
from tests.conftest import ROOT, Run
from workbook_templates.layout import build_layout
from workbook_templates.regulation import load_catalogue
from workbook_templates.school_kind import SchoolKind

OWN = ROOT / "tests" / "fixtures" / "truong-nang-khieu.toml"
GDTX = ROOT / "workbook_templates" / "regulations" / "tt57-2026-gdtx.toml"
CODE = "00790777"


def _filled(path: Path, catalogue: Path, kind_id: str) -> tuple[School, SchoolKind]:
    """Write a filled workbook of a kind with one fault: a task without a lead."""
    known = load_catalogue(catalogue)
    kind = known.kind(kind_id)
    assert kind is not None
    regulation = known.choose(kind, YEARS["2026"])
    assert regulation is not None
    school = School(CODE, "Cơ sở Ban Mai", kind, "", "Thôn 1")
    layout = build_layout(regulation, 12)
    tasks: list[dict[str, Value]] = [
        {**good_task(layout, nth), "lead": kind.leaders[1]} for nth in range(2)
    ]
    tasks[1]["lead"] = None
    verdicts: list[dict[str, Value]] = [
        {"result_1": "Đạt", "result_2": "Đạt"} for _ in regulation.criteria
    ]
    tables: dict[str, list[dict[str, Value]]] = {"plan": tasks, "self_assessment": verdicts}
    plan = make_plan(layout, kind=kind, school=school, cover={"signer": kind.head.vi},
                     tables=tables)  # fmt: skip
    write_workbook(path, plan, school)
    return school, kind


@pytest.mark.parametrize(
    ("catalogue", "kind_id", "written"),
    [(GDTX, "gdtx", "TT GDNN-GDTX"), (OWN, "nang_khieu", "Trường NĂNG KHIẾU")],
)
def test_a_kind_of_a_file_goes_through_the_whole_loop(
    run: Run, tmp_path: Path, catalogue: Path, kind_id: str, written: str
) -> None:
    own = ("--catalogue", catalogue)
    listing, issued = tmp_path / "truong.csv", tmp_path / "mau"
    listing.write_text(f"code,name,kind\n{CODE},Cơ sở Ban Mai,{written}\n", "utf-8")
    base = ("--school-year", "2026-2027", *own)
    small = (*base, "--rows", "10")
    made = run("template", "--schools", listing, *small, "-o", issued)
    assert made.exit_code == 0, made.stderr
    (template,) = issued.iterdir()
    one = run("template", "--kind", written, *small, "-o", tmp_path / "mot.xlsx")
    assert one.exit_code == 0, one.stderr
    assert run("form", "--kind", kind_id, *base).exit_code == 0

    returned = tmp_path / "nop" / template.name
    returned.parent.mkdir()
    _, kind = _filled(returned, catalogue, kind_id)
    book = openpyxl.load_workbook(template)
    cover = [cell.value for cell in book["Thông tin"]["C"]]
    assert kind.label.vi in cover
    assert kind.head.vi in cover
    assert any(str(v).startswith(f"{kind.receiver.label.vi} (để báo cáo)") for v in cover)
    units = {cell.value for cell in book["Danh mục"]["A"]}
    assert {*kind.leaders, *kind.units} <= units
    assert "Hiệu trưởng" not in units

    checked = run("check", returned, *own, "--format", "json", "--jobs", "1")
    (file,) = json.loads(checked.stdout)["files"]
    assert file["school"]["kind"] == kind_id
    assert [f["rule"] for f in file["findings"] if f["severity"] == "error"] == ["KD301"]

    status = run("status", returned.parent, "--schools", listing, *own)
    assert status.exit_code == 0, status.stderr
    district = tmp_path / "so.xlsx"
    merged = run(
        "merge", returned.parent, "-o", district, "--schools", listing, *own, "--jobs", "1"
    )
    assert merged.exit_code == 0, merged.stderr
    shown = openpyxl.load_workbook(district, read_only=True)["Trường"].iter_rows(values_only=True)
    assert any(kind.label.vi in row for row in shown)
    province = tmp_path / "tinh.xlsx"
    again = run("merge", district, "-o", province, *own, "--jobs", "1")
    assert again.exit_code == 0, again.stderr
    shown = openpyxl.load_workbook(province, read_only=True)["Trường"].iter_rows(values_only=True)
    assert any(kind.label.vi in row for row in shown)

    back = tmp_path / "tra"
    sent = run("feedback", district, returned.parent, *own, "-o", back)
    assert sent.exit_code == 0, sent.stderr
    (copy,) = back.glob("*.xlsx")
    assert "Yêu cầu sửa" in openpyxl.load_workbook(copy, read_only=True).sheetnames
    moved = tmp_path / "chuyen.xlsx"
    assert run("migrate", returned, *own, "-o", moved).exit_code == 0
    printed = openpyxl.load_workbook(moved, data_only=True)
    sheets = [printed[name] for name in printed.sheetnames if name.startswith("Bản in")]
    cells = (cell.value for ws in sheets for row in ws.iter_rows() for cell in row)
    texts = {str(value) for value in cells if value}
    assert any(kind.head.vi.upper() in text.upper() for text in texts)
    assert not any("Hiệu trưởng" in text for text in texts)


def test_a_province_without_the_file_says_which_template_it_lacks(run: Run, tmp_path: Path) -> None:
    returned = tmp_path / "nop" / "a.xlsx"
    returned.parent.mkdir()
    school, _ = _filled(returned, OWN, "nang_khieu")
    listing, district = tmp_path / "truong.csv", tmp_path / "so.xlsx"
    listing.write_text(f"code,name,kind\n{CODE},{school.name},NK\n", "utf-8")
    own = ("--catalogue", OWN)
    run("merge", returned, "-o", district, "--schools", listing, *own, "--jobs", "1")
    other = tmp_path / "khac.xlsx"
    thcs = School("002", "Trường THCS B", KINDS["thcs"])
    layout = build_layout(load_catalogue(OWN).regulations[-2], 12)
    write_workbook(other, make_plan(layout, school=thcs), thcs)
    merged = run("merge", district, other, "-o", tmp_path / "tinh.xlsx", "--jobs", "1")
    assert merged.exit_code == 0, merged.stderr
    log = openpyxl.load_workbook(tmp_path / "tinh.xlsx", read_only=True)["Nhật ký"]
    said = " ".join(str(v) for row in log.iter_rows(values_only=True) for v in row if v)
    assert "truong-nang-khieu" in said


ROWS = """\
mã trường;tên trường;cấp học
001;Trường A;Trường THCS
002;Trường B;PTDTNT
003;Trường C;cao đẳng
;Trường D;THCS
001;Trường Đ;THCS
006;Trung tâm E;{decomposed}
007;Trường G;Phổ thông nhiều cấp học
"""


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    path = tmp_path / "truong.csv"
    centre = unicodedata.normalize("NFD", "Trung tâm  GDTX.")
    path.write_text(ROWS.format(decomposed=centre), "utf-8")
    return path


def _said(stderr: str, listing: Path) -> dict[int, str]:
    """Return what is said on each line of the list."""
    found = [line.split(f"{listing}:")[1] for line in stderr.splitlines() if f"{listing}:" in line]
    return {int(line.partition(":")[0]): line for line in found}


def test_an_unknown_row_costs_that_row_only(run: Run, tmp_path: Path, listing: Path) -> None:
    out = tmp_path / "mau"
    made = run("template", "--schools", listing, "--school-year", "2026-2027", "-o", out)
    assert made.exit_code == 1
    assert sorted(p.name[:3] for p in out.iterdir()) == ["001", "006", "007"]
    said = _said(made.stderr, listing)
    assert sorted(said) == [3, 4, 5, 6]
    assert all(word in said[3] for word in ("002", "«THCS»", "«THCS&THPT»", "«THPT»"))
    assert "«cao đẳng»" in said[4]
    assert "GDTX" in said[4]
    assert "tên trường" in said[5]
    assert "dòng 2" in said[6]

    status = run("status", out, "--schools", listing, "--format", "json")
    assert status.exit_code == 1
    assert _said(status.stderr, listing).keys() == said.keys()
    expected = {s["code"]: s["kind"] for s in json.loads(status.stdout)["schools"]}
    assert expected == {"001": "thcs", "002": None, "003": None, "006": "gdtx",
                        "007": "nhieu_cap_hoc"}  # fmt: skip

    merged = run("merge", out, "-o", tmp_path / "so.xlsx", "--schools", listing, "--jobs", "1")
    assert merged.exit_code == 1
    assert (tmp_path / "so.xlsx").exists()
    assert _said(merged.stderr, listing).keys() == said.keys()
    shown = openpyxl.load_workbook(tmp_path / "so.xlsx", read_only=True)["Trường"]
    codes = {row[0] for row in shown.iter_rows(values_only=True)}
    assert {"001", "002", "003"} <= codes


def test_a_list_with_kinds_only_half_known_is_complete_for_status(run: Run, tmp_path: Path) -> None:
    """A school whose kind is unclear is expected, so that nobody is forgotten."""
    listing, out = tmp_path / "a.csv", tmp_path / "nop"
    listing.write_text("code,name,kind\n001,A,THCS\n", "utf-8")
    run("template", "--schools", listing, "--school-year", "2026-2027", "-o", out)
    listing.write_text("code,name,kind\n001,A,PTDTNT\n", "utf-8")
    status = run("status", out, "--schools", listing)
    assert status.exit_code == 1
    assert "1 mẫu trống" in status.output
    assert f"{listing}:2" in status.stderr


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("PTDTNT", ("«PTDTNT»", "«THCS»", "«THPT»")),
        ("thcs Hoa Sen", ("«thcs Hoa Sen»", "«THCS»")),
        ("Mầm non - Tiểu học", ("«Mầm non»", "«Tiểu học»")),
        ("", ("«GDTX»", "«THCS»")),
    ],
)
def test_kind_asks_by_name(run: Run, tmp_path: Path, written: str, words: tuple[str, ...]) -> None:
    out = tmp_path / "a.xlsx"
    asked = run("template", "--kind", written, "--school-year", "2026-2027", "-o", out)
    assert asked.exit_code == 2
    assert not out.exists()
    assert asked.stderr.count("\n") == 1
    assert all(word in asked.stderr for word in words), asked.stderr


def test_a_school_of_several_levels_is_asked_by_its_template(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "a.xlsx"
    run("template", "--kind", "liên cấp", "--school-year", "2026-2027", "--school-code", "001",
        "--rows", "10", "-o", out)  # fmt: skip
    report = json.loads(run("check", out, "--format", "json", "--jobs", "1").stdout)
    found = {f["rule"]: f for f in report["files"][0]["findings"]}
    assert found["KD119"]["severity"] == "error"
    place = found["KD119"]["cell"]
    book = openpyxl.load_workbook(out)
    assert book["Thông tin"][place].value is None
    offered = {cell.value for row in book["Danh mục"].iter_rows() for cell in row}
    assert {"Tiểu học và THCS", "THCS và THPT", "Tiểu học, THCS và THPT"} <= offered
    for answer, silent in (("THCS và THPT", True), ("Tiểu học", False), ("Nhiều cấp học", False)):
        book["Thông tin"][place] = answer
        book.save(out)
        report = json.loads(run("check", out, "--format", "json", "--jobs", "1").stdout)
        rules = {f["rule"] for f in report["files"][0]["findings"]}
        assert ("KD119" not in rules) is silent, answer
    settled = tmp_path / "b.xlsx"
    run("template", "--kind", "TH&THCS", "--school-year", "2026-2027", "--rows", "10",
        "-o", settled)  # fmt: skip
    assert openpyxl.load_workbook(settled)["Thông tin"][place].value == "Tiểu học và THCS"


def test_the_list_and_the_template_agree_on_a_school_of_several_levels(
    run: Run, tmp_path: Path
) -> None:
    """«Nhiều cấp học» on the list goes with a template of known levels; THCS does not."""
    listing, files = tmp_path / "a.csv", tmp_path / "nop"
    listing.write_text("code,name,kind\n1,A,TH&THCS\n2,B,TH&THCS\n", "utf-8")
    run("template", "--schools", listing, "--school-year", "2026-2027", "-o", files)
    listing.write_text("code,name,kind\n1,A,nhieu_cap_hoc\n2,B,thcs\n", "utf-8")
    district = tmp_path / "so.xlsx"
    run("merge", files, "-o", district, "--schools", listing, "--format", "csv", "--jobs", "1")
    found = set()
    for table in (tmp_path / "so.csv").glob("*.csv"):
        for row in csv.reader(table.open(encoding="utf-8-sig")):
            if "KD903" in row:
                found |= {value for value in row if value in ("1", "2")}
    assert found == {"2"}
