"""Names of files, schools and codes as people write them, through the real commands."""

from __future__ import annotations

import csv
import dataclasses
import json
import os
import sys
import unicodedata
from pathlib import Path
from typing import Literal

import openpyxl
import pytest

from tests.build import SCHOOL, good_task, layout_of, make_plan, write_workbook
from tests.conftest import Run
from tests.district.test_merge import table
from tests.opened import sheet_in

LAYOUT = layout_of("2026", rows=10)
NAME = "Trường Tiểu học Nguyễn Thị Minh Khải"


def returned(path: Path, code: str, name: str) -> Path:
    school = dataclasses.replace(SCHOOL, code=code, name=name)
    plan = make_plan(LAYOUT, school=school, tables={"plan": [good_task(LAYOUT)]})
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_workbook(path, plan, school)


def listing(path: Path, *schools: tuple[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("code", "name", "kind"))
        writer.writerows((*school, "thcs") for school in schools)
    return path


def schools_of(path: Path) -> list[dict[str, object]]:
    return table(sheet_in(path, "Trường"))


Form = Literal["NFC", "NFD"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("listed", ["NFC", "NFD"])
def test_composed_and_decomposed_names_are_the_same(
    run: Run, tmp_path: Path, form: Form, listed: Form
) -> None:
    """macOS decomposes what Windows composes: in names of files, lists and cells."""
    name = unicodedata.normalize(form, NAME)
    returned(tmp_path / "nộp" / f"{name}.xlsx", "001", name)
    known = listing(tmp_path / "ds.csv", ("001", unicodedata.normalize(listed, NAME)))
    out = tmp_path / "d.xlsx"
    assert run("merge", tmp_path / "nộp", "-o", out, "--schools", known).exit_code == 0
    (line,) = schools_of(out)
    assert line["Tình trạng"] == "Đã nộp"
    assert unicodedata.normalize("NFC", str(line["Tên trường"])) == NAME
    checked = run("check", tmp_path / "nộp", "--format", "json")
    assert json.loads(checked.stdout)["files"][0]["status"] == "read"
    assert checked.exit_code == 0


ODD = (
    'Trường "Hoa #1" 100%.xlsx',
    "Trường 'A' & B (2).xlsx",
    "a;b,c=d@e+f.xlsx",
    " đầu và cuối .xlsx",
    "%20%41 [1] {2} $HOME `x`.xlsx",
    "-o.xlsx",
)


@pytest.mark.slow
def test_odd_file_names(run: Run, tmp_path: Path) -> None:
    for nth, name in enumerate(ODD):
        returned(tmp_path / "nộp #1 100%" / name, f"00{nth}", name)
    out = tmp_path / "tổng hợp #2 'x'.xlsx"
    assert run("merge", tmp_path / "nộp #1 100%", "-o", out).exit_code == 0
    assert {str(line["Mã trường"]) for line in schools_of(out)} == {f"00{n}" for n in range(6)}
    shown = run("check", tmp_path / "nộp #1 100%", "--format", "json")
    paths = {Path(f["path"]).name for f in json.loads(shown.stdout)["files"]}
    assert paths == set(ODD)
    given = [tmp_path / "nộp #1 100%" / name for name in ODD[:2]]
    assert run("migrate", *given, "-o", tmp_path / "mới").exit_code == 0
    assert len(list((tmp_path / "mới").glob("*.xlsx"))) == 2


def test_long_names_and_paths(run: Run, tmp_path: Path) -> None:
    """A name of 255 bytes, in a folder further down than Windows' 260 characters."""
    folder = tmp_path
    while len(str(folder)) < 400:
        folder = folder / ("thư mục con " * 5).strip()
    stem = "ấ" * 83  # three bytes each
    path = returned(folder / f"{stem}.xlsx", "001", NAME)
    assert len(os.fsencode(path.name)) == 254
    out = folder / f"{'d' * 250}.xlsx"
    assert run("check", path).exit_code == 0
    assert run("merge", folder, "-o", out).exit_code == 0
    assert [line["Mã trường"] for line in schools_of(out)] == ["001"]
    again = run("merge", path, "-o", out)  # its dated name would be too long
    assert again.exit_code == 2
    assert again.stderr.count("\n") == 1
    assert [line["Mã trường"] for line in schools_of(out)] == ["001"]
    too_long = run("merge", path, "-o", folder / ("x" * 300 + ".xlsx"))
    assert too_long.exit_code == 2
    assert too_long.stderr.count("\n") == 1
    made = ("--kind", "thcs", "--school-year", "2026-2027", "--school-name", "Ấ" * 300)
    (folder / "mau").mkdir()
    assert run("template", *made, "--rows", "10", "-o", folder / "mau").exit_code == 0
    (template,) = (folder / "mau").iterdir()
    assert len(template.name) < 100


def test_codes_keep_their_zeros(run: Run, tmp_path: Path) -> None:
    known = listing(tmp_path / "ds.csv", ("000123", "Một"), ("0123", "Hai"), ("00790125", "Ba"))
    year = ("--school-year", "2026-2027", "--rows", "10")
    assert run("template", "--schools", known, *year, "-o", tmp_path / "mau").exit_code == 0
    names = sorted(path.name.split("_")[0] for path in (tmp_path / "mau").glob("*.xlsx"))
    assert names == ["000123", "00790125", "0123"]
    out = tmp_path / "d.xlsx"
    assert run("merge", tmp_path / "mau", "-o", out, "--schools", known).exit_code == 0
    codes = [line["Mã trường"] for line in schools_of(out)]
    assert sorted(map(str, codes)) == names
    assert all(isinstance(code, str) for code in codes)


def test_a_school_renamed_since_the_list_was_made(run: Run, tmp_path: Path) -> None:
    """The code decides; the new name is shown, and nobody is missing or unknown."""
    returned(tmp_path / "nộp" / "a.xlsx", "001", "Trường THCS Tên Mới")
    known = listing(tmp_path / "ds.csv", ("001", "Trường THCS Tên Cũ"))
    out = tmp_path / "d.xlsx"
    assert run("merge", tmp_path / "nộp", "-o", out, "--schools", known).exit_code == 0
    (line,) = schools_of(out)
    assert line["Tình trạng"] == "Đã nộp"
    status = run("status", tmp_path / "nộp", "--schools", known, "--format", "json")
    assert status.exit_code == 0, status.output


def test_one_code_for_two_schools(run: Run, tmp_path: Path) -> None:
    """The second row of the list is named and left out; both plans count, and a person is asked."""
    returned(tmp_path / "nộp" / "a.xlsx", "001", "Trường Một")
    returned(tmp_path / "nộp" / "b.xlsx", "001", "Trường Hai")
    known = listing(tmp_path / "ds.csv", ("001", "Trường Một"), ("001", "Trường Hai"))
    out = tmp_path / "d.xlsx"
    merged = run("merge", tmp_path / "nộp", "-o", out, "--schools", known)
    assert merged.exit_code == 1
    (told,) = merged.stderr.splitlines()
    assert f"{known}:3: mã trường «001» đã có ở dòng 2" in told
    assert run("merge", tmp_path / "nộp", "-o", out).exit_code == 0
    book = openpyxl.load_workbook(out)
    assert [line["Tên trường"] for line in table(book["Trường"])] == ["Trường Một", "Trường Hai"]
    said = {str(cell.value) for row in book["Cờ"].iter_rows() for cell in row}
    assert "KD908" in said
    log = {str(cell.value) for row in book["Nhật ký"].iter_rows() for cell in row}
    assert any("a.xlsx" in text for text in log)
    assert any("b.xlsx" in text for text in log)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no such names")
def test_a_line_break_in_a_name_breaks_no_report(run: Run, tmp_path: Path) -> None:
    returned(tmp_path / "nộp" / "a\nb\x1b[31m.xlsx", "001", NAME)
    shown = run("check", tmp_path / "nộp")
    assert shown.exit_code == 0
    assert "\x1b" not in shown.output
    assert run("merge", tmp_path / "nộp", "-o", tmp_path / "d.xlsx").exit_code == 0
