"""The state of a school: one truth for ``status``, ``merge`` and JSON."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from kdcl_xl.district.model.school_state import State
from kdcl_xl.submission.filling import filling_of
from kdcl_xl.submission.model import Reading
from kdcl_xl.submission.reading import read_submission
from kdcl_xl.template.issue import template_bytes
from tests.build import (
    SCHOOL,
    YEARS,
    good_task,
    layout_of,
    make_plan,
    workbook_bytes,
    write_workbook,
)
from tests.conftest import Run
from tests.district.test_choose import saved
from tests.district.test_owners import rows, status
from tests.opened import sheet_in
from workbook_templates.regulation import builtin_catalogue

CODES = ("001", "002", "003", "004", "005", "006", "007", "008", "009")
NAMES = dict(
    zip(CODES, ("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín"), strict=True)
)
EXPECTED = {
    "001": State.RETURNED,
    "002": State.BLANK,
    "003": State.PARTIAL,
    "004": State.WRONG_YEAR,
    "005": State.WRONG_FORM,
    "006": State.DOUBLE,
    "007": State.UNREADABLE,
    "008": State.MISSING,
    "009": State.DOUBLE,
}
"""A school in each state; the last one sent its empty template again after its plan."""
FORM_2018 = "2018"


def listed(tmp_path: Path, year: str = "2026-2027") -> Path:
    path = tmp_path / "truong.csv"
    head = f"Danh sách trường nộp kế hoạch năm học {year}\n" if year else ""
    lines = "".join(f"{code},Trường {NAMES[code]},thcs\n" for code in CODES)
    path.write_text(f"{head}code,name,kind\n{lines}", "utf-8")
    return path


def plan_of(code: str, form: str = "2026", **cover: Any) -> bytes:
    school = dataclasses.replace(SCHOOL, code=code, name=f"Trường {NAMES[code]}")
    layout = layout_of(form)
    plan = make_plan(layout, school=school, cover=cover, tables={"plan": [good_task(layout)]})
    return workbook_bytes(plan, school)


def blank(code: str, form: str = "2026") -> bytes:
    school = dataclasses.replace(SCHOOL, code=code, name=f"Trường {NAMES[code]}")
    return template_bytes(layout_of(form), school, YEARS[form])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "nop"
    made.mkdir()
    half = make_plan(
        layout_of("2026"),
        school=dataclasses.replace(SCHOOL, code="003", name="Trường Ba"),
        tables={"plan": [{"task": "Sửa chữa sân chơi, bãi tập"}], "self_assessment": []},
    )
    files = {
        "1.xlsx": plan_of("001"),
        "2.xlsx": blank("002"),
        "3.xlsx": workbook_bytes(half, dataclasses.replace(SCHOOL, code="003")),
        "4.xlsx": plan_of("004", FORM_2018),
        "5.xlsx": plan_of("005", FORM_2018, school_year="2026-2027"),
        "6.xlsx": saved(plan_of("006"), "2026-11-01T00:00:00Z"),
        "6 sửa.xlsx": saved(plan_of("006", plan_number="13/KH"), "2026-11-02T00:00:00Z"),
        "007_hong.xlsx": b"PK\x03\x04 hong",
        "9.xlsx": saved(plan_of("009"), "2026-11-01T00:00:00Z"),
        "9 gửi lại.xlsx": saved(blank("009"), "2026-11-20T00:00:00Z"),
    }
    for name, content in files.items():
        (made / name).write_bytes(content)
    return made


def test_every_state_is_the_same_everywhere(run: Run, tmp_path: Path, folder: Path) -> None:
    listing, out = listed(tmp_path), tmp_path / "so.xlsx"
    found = status(run, folder, listing)
    assert {s["code"]: s["state"] for s in found["schools"]} == {
        code: str(state) for code, state in EXPECTED.items()
    }
    assert {s: n for s, n in found["summary"].items() if s in list(State)} == {
        str(s): sum(s is state for state in EXPECTED.values()) for s in State
    }
    said = run("status", folder, "--schools", listing, "--today", "2026-11-22")
    assert said.exit_code == 1
    shown = {line.split()[0]: line for line in said.output.splitlines() if line.strip()}
    merged = run("merge", folder, "-o", out, "--schools", listing, "--today", "2026-11-22")
    assert merged.exit_code == 0
    schools = {str(row["Mã trường"]): row for row in rows(out, "Trường")}
    for code, state in EXPECTED.items():
        assert state.label.vi in shown[code]
        assert schools[code]["Tình trạng"] == state.label.vi
    counts = "1 đã nộp, 2 nộp nhiều bản, 1 đang điền dở, 1 mẫu trống, 1 sai mẫu, 1 sai năm học, "
    assert counts in said.output
    assert counts in merged.output

    (third,) = (s for s in found["schools"] if s["code"] == "003")
    assert 0 < third["percent_filled"] < 100
    assert schools["003"]["Đã điền (%)"] == third["percent_filled"]
    assert f"Đang điền dở ({third['percent_filled']}%)" in shown["003"]
    assert schools["002"]["Đã điền (%)"] == 0
    assert schools["001"]["Đã điền (%)"] == 100
    assert "kdcl-xl migrate, thêm --school-year 2026-2027" in str(schools["005"]["Ghi chú"])
    overview = [str(c.value) for row in sheet_in(out, "Việc cần xử lý") for c in row]
    for words in (
        "Trường Hai: mẫu trống.",
        "Trường Ba: đang điền dở.",
        "Trường Bốn: sai năm học. Kế hoạch của năm học 2020-2021; năm học cần nộp là 2026-2027.",
        "Trường Năm: sai mẫu. Mẫu theo quy định 18/2018/TT-BGDĐT",
    ):
        assert any(text.startswith(words) for text in overview), words


def test_the_way_out_of_the_wrong_form(run: Run, tmp_path: Path, folder: Path) -> None:
    """The command that the remark names makes a plan of the right form."""
    old = folder / "5.xlsx"
    new = tmp_path / "5 mới.xlsx"
    assert run("migrate", old, "--school-year", "2026-2027", "-o", new).exit_code == 0
    old.write_bytes(new.read_bytes())
    found = status(run, folder, listed(tmp_path))
    (school,) = [s for s in found["schools"] if s["code"] == "005"]
    assert school["state"] not in ("wrong_form", "wrong_year", "blank")
    assert school["percent_filled"] >= 60


def test_another_year_is_in_the_log_and_in_no_total(run: Run, tmp_path: Path, folder: Path) -> None:
    listing, out = listed(tmp_path), tmp_path / "so.xlsx"
    assert run("merge", folder, "-o", out, "--schools", listing).exit_code == 0
    (entry,) = [row for row in rows(out, "Nhật ký") if str(row["Tệp"]).endswith("/4.xlsx")]
    assert entry["Kết quả"] == "Năm học khác, không tính"
    assert "năm học cần nộp là 2026-2027" in str(entry["Lý do"])
    for sheet in ("Kế hoạch", "Cờ", "Kinh phí", "Theo dõi"):
        assert "004" not in {value for row in rows(out, sheet) for value in row.values()}
    (line,) = [row for row in rows(out, "Trường") if row["Mã trường"] == "004"]
    assert (line["Số công việc"], line["Kinh phí (đồng)"], line["Lỗi"]) == (0, None, 0)
    assert line["Năm học"] == "2020-2021"


@pytest.mark.parametrize("of_list", ["2026-2027", ""])
def test_another_year_may_be_asked_for(
    run: Run, tmp_path: Path, folder: Path, of_list: str
) -> None:
    listing = listed(tmp_path, of_list)
    asked = status(run, folder, listing, "--school-year", "2020-2021")
    found = {s["code"]: s["state"] for s in asked["schools"]}
    assert found["004"] == "returned"
    # Its cover says 2026-2027, its template was issued for 2020-2021: either is enough.
    assert found["005"] == "returned"
    assert {found[code] for code in ("001", "002", "003", "006", "009")} == {"wrong_year"}
    preferred = status(run, folder, listing, "--prefer", folder / "4.xlsx")
    (file,) = [f for f in preferred["files"] if f["path"].endswith("/4.xlsx")]
    assert file["state"] == "counts"


def test_without_a_year_all_years_count(run: Run, tmp_path: Path, folder: Path) -> None:
    found = status(run, folder, listed(tmp_path, ""))
    by_code = {s["code"]: s["state"] for s in found["schools"]}
    assert by_code["004"] == "returned"
    assert by_code["005"] == "wrong_form"


def test_a_year_of_the_list_reaches_the_authority_above(
    run: Run, tmp_path: Path, folder: Path
) -> None:
    commune = tmp_path / "xã" / "so.xlsx"
    commune.parent.mkdir()
    assert run("merge", folder, "-o", commune, "--schools", listed(tmp_path)).exit_code == 0
    above = tmp_path / "tinh.xlsx"
    assert run("merge", commune, "-o", above).exit_code == 0
    found = {row["Mã trường"]: row["Tình trạng"] for row in rows(above, "Trường")}
    assert {code: found[code] for code in CODES} == {
        code: state.label.vi for code, state in EXPECTED.items()
    }


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_filling(tmp_path: Path, form: str) -> None:
    """The same number whether the file is read for its state alone or checked."""
    layout, catalogue = layout_of(form), builtin_catalogue()
    steps = [
        make_plan(layout, cover={"plan_number": None}, tables={"self_assessment": []}),
        make_plan(layout),
        make_plan(layout, tables={"plan": [{"task": "Một việc"}]}),
        make_plan(layout, tables={"plan": [good_task(layout)]}),
    ]
    fillings = []
    for nth, plan in enumerate(steps):
        path = write_workbook(tmp_path / f"{nth}.xlsx", plan)
        whole = read_submission(path, catalogue).filling
        assert whole is not None
        assert whole == read_submission(path, catalogue, Reading(only_cover=True)).filling
        fillings.append(whole)
    assert [f.percent for f in fillings] == sorted(f.percent for f in fillings)
    assert [f.is_partial for f in fillings] == [True, True, True, False]
    assert fillings[-1].percent == 100


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_only_what_the_authority_filled_in_is_blank(tmp_path: Path, form: str) -> None:
    catalogue, path = builtin_catalogue(), tmp_path / "a.xlsx"
    path.write_bytes(template_bytes(layout_of(form), SCHOOL, YEARS[form]))
    read = read_submission(path, catalogue)
    assert read.filling is not None
    assert read.filling.is_blank
    assert read.filling.percent == 0
    assert read.plan is not None
    assert read.stamp is not None
    for change in (
        {"purpose": "Mục đích do nhà trường viết"},
        {"plan_number": "1/KH"},
        {"address": "Thôn khác"},
    ):
        cover = {**read.plan.cells["cover"], **change}
        plan = dataclasses.replace(read.plan, cells={**read.plan.cells, "cover": cover})
        assert filling_of(plan, read.stamp).is_blank == ("address" in change)
    earlier = dataclasses.replace(read.stamp, tool="0.1.0")
    cover = {**read.plan.cells["cover"], "purpose": "Lời mẫu của phiên bản trước"}
    plan = dataclasses.replace(read.plan, cells={**read.plan.cells, "cover": cover})
    assert filling_of(plan, earlier).is_blank
