"""Wrong files and wrong use get one clear line: never a traceback, never silence."""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from kdcl_xl.checking.check import check_file
from kdcl_xl.template.stamp import STAMP_PROPERTY
from tests.build import TODAY, good_plan, workbook_bytes, write_workbook
from tests.conftest import Run
from tests.opened import book_in
from workbook_templates.regulation import builtin_catalogue

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def edited(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """A workbook with parts changed (or left out where ``change`` gives None)."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as result,
    ):
        for name in source.namelist():
            data = change(name, source.read(name))
            if data is not None:
                result.writestr(name, data)
    return target.getvalue()


def plain_xlsx() -> bytes:
    target = io.BytesIO()
    openpyxl.Workbook().save(target)
    return target.getvalue()


def without_stamp(content: bytes) -> bytes:
    def change(name: str, data: bytes) -> bytes | None:
        if name == "docProps/custom.xml":
            return data.replace(STAMP_PROPERTY.encode(), b"other")
        if name == "xl/workbook.xml":
            return re.sub(rb'<definedName name="kdcl_stamp">.*?</definedName>', b"", data)
        if name == "xl/sharedStrings.xml":
            return data.replace(b"kdcl-xl?", b"khac?")
        return data

    return edited(content, change)


def broken_sheet(content: bytes) -> bytes:
    return edited(content, lambda n, d: d[: len(d) // 2] if n == "xl/worksheets/sheet2.xml" else d)


def with_doctype(content: bytes) -> bytes:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    return edited(
        content,
        lambda n, d: (
            d.replace(b"<worksheet", bomb + b"<worksheet", 1)
            if n == "xl/worksheets/sheet4.xml"
            else d
        ),
    )


GOOD = workbook_bytes(good_plan())
CASES: dict[str, tuple[str, bytes, str]] = {
    "text": ("a.xlsx", "xin chào".encode(), "KD001"),
    "empty": ("a.xlsx", b"", "KD001"),
    "html": ("a.xls", b"<html><table></table></html>", "KD001"),
    "pdf": ("a.xlsx", b"%PDF-1.7\n...", "KD022"),
    "zip": ("a.xlsx", zipped(**{"a.txt": b"x"}), "KD001"),
    "word": ("a.xlsx", zipped(**{"word/document.xml": b"<x/>"}), "KD001"),
    "ods": (
        "a.ods",
        zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
        "KD023",
    ),
    "xlsb": ("a.xlsb", zipped(**{"xl/workbook.bin": b"\x00"}), "KD001"),
    "old xls": ("a.xls", OLE + b"\x00" * 600, "KD002"),
    "encrypted": ("a.xlsx", OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "KD003"),
    "lock file": ("~$a.xlsx", b"\x05user" + b"\x00" * 100, "KD004"),
    "other workbook": ("a.xlsx", plain_xlsx(), "KD005"),
    "stamp gone": ("a.xlsx", without_stamp(GOOD), "KD005"),
    "cut off": ("a.xlsx", GOOD[: len(GOOD) // 2], "KD027"),
    "broken sheet": ("a.xlsx", broken_sheet(GOOD), "KD007"),
    "doctype": ("a.xlsx", with_doctype(GOOD), "KD015"),
    "no rels": (
        "a.xlsx",
        edited(GOOD, lambda n, d: None if n == "xl/_rels/workbook.xml.rels" else d),
        "KD007",
    ),
    "broken xml": (
        "a.xlsx",
        edited(GOOD, lambda n, d: b"<workbook" if n == "xl/workbook.xml" else d),
        "KD007",
    ),
    "unknown regulation": (
        "a.xlsx",
        edited(GOOD, lambda n, d: d.replace(b"regulation=tt57", b"regulation=tt99")),
        "KD006",
    ),
    "other structure": (
        "a.xlsx",
        edited(GOOD, lambda n, d: d.replace(b"rows=12&amp;", b"rows=15&amp;")),
        "KD006",
    ),
    "sheet gone": (
        "a.xlsx",
        edited(GOOD, lambda n, d: re.sub('<sheet name="Kế hoạch"[^>]*>'.encode(), b"", d)),
        "KD009",
    ),
}


IGNORED = {"lock file"}
"""Cases of files that are no submission, and no attempt at one."""


@pytest.mark.parametrize("case", CASES)
def test_unreadable(run: Run, tmp_path: Path, case: str) -> None:
    name, content, rule = CASES[case]
    path = tmp_path / name
    path.write_bytes(content)
    result = run("check", path, "--format", "json")
    assert result.exit_code == 3
    report = json.loads(result.output)
    (entry,) = report["files"]
    assert entry["status"] == ("ignored" if case in IGNORED else "unreadable")
    (finding,) = entry["findings"]
    assert finding["rule"] == rule
    assert finding["message"]
    assert finding["remedy"]
    assert report["summary"]["unreadable"] == (case not in IGNORED)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_one_bad_file_never_stops_a_merge(run: Run, tmp_path: Path, case: str) -> None:
    name, content, _ = CASES[case]
    (tmp_path / name).write_bytes(content)
    write_workbook(tmp_path / "tot.xlsx", good_plan())
    out = tmp_path / "out" / "tong-hop.xlsx"
    result = run("merge", tmp_path / name, tmp_path / "tot.xlsx", "-o", out)
    assert result.exit_code == 0, result.output
    log = openpyxl.load_workbook(out)["Nhật ký"]
    outcomes = [str(row[1].value) for row in log.iter_rows(min_row=4)]
    outcome = "Không phải bản nộp" if case in IGNORED else "Không đọc được"
    assert sorted(outcomes) == [outcome, "Đã tổng hợp"]


def test_a_stray_far_cell_is_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    content = edited(
        GOOD,
        lambda n, d: (
            d.replace(b"</sheetData>", far + b"</sheetData>")
            if n.startswith("xl/worksheets/sheet")
            else d
        ),
    )
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    checked = check_file(path, builtin_catalogue(), TODAY)
    assert checked.submission.plan is not None
    assert len(checked.submission.plan.rows("plan")) == 3
    stray = {(f.sheet, f.cell) for f in checked.findings if f.rule == "KD801"}
    assert ("Kế hoạch", "XFD1048576") in stray


def test_error_values_are_told_from_blanks(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", good_plan())
    book = book_in(path.read_bytes())
    sheet = good_plan().layout.sheet("plan")
    ref = sheet.ref("budget", sheet.first_row)
    book[sheet.name][ref] = "#N/A"
    book[sheet.name][ref].data_type = "e"
    book.save(path)
    checked = check_file(path, builtin_catalogue(), TODAY)
    assert ("KD802", ref) in {(f.rule, f.cell) for f in checked.findings}


def test_content_outside_the_input_cells_is_reported(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", good_plan())
    sheet = good_plan().layout.sheet("plan")
    book = book_in(path.read_bytes())
    below = sheet.ref("task", sheet.last_row + 2)
    book[sheet.name][below] = "Công việc viết dưới bảng"
    book.create_sheet("Ghi chép").append(["thêm"])
    book.save(path)
    checked = check_file(path, builtin_catalogue(), TODAY)
    found = {(f.rule, f.sheet, f.cell) for f in checked.findings}
    assert ("KD801", "Kế hoạch", below) in found
    assert ("KD804", "Ghi chép", None) in found


@pytest.mark.parametrize(
    "args",
    [
        ("check",),
        ("check", "khong-co.xlsx"),
        ("merge", "khong-co", "-o", "x.xlsx"),
        ("template", "--kind", "dai_hoc", "--school-year", "2026-2027", "-o", "x.xlsx"),
        ("template", "--kind", "thcs", "--school-year", "2026-2036", "-o", "x.xlsx"),
        ("template", "--kind", "thcs", "--school-year", "2010-2011", "-o", "x.xlsx"),
        ("template", "--school-year", "2026-2027", "-o", "x.xlsx"),
        ("template", "--kind", "thcs", "--school-year", "2026-2027", "-o", "x.xlsx",
         "--school-name", "a" * 301),
        ("template", "--kind", "thcs", "--school-year", "2026-2027", "-o", "x.xlsx",
         "--authority", "a\nb"),
        ("template", "--kind", "thcs", "--school-year", "2026-2027"),
        ("template", "--schools", "khong-co.csv", "--school-year", "2026-2027", "-o", "x"),
        ("form", "--kind", "thcs", "--school-year", "2026-2027", "--rows", "5"),
        ("lam-gi-do",),
    ],
)  # fmt: skip
def test_wrong_use(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*args)
    assert result.exit_code == 2
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_folder_without_workbooks(run: Run, tmp_path: Path) -> None:
    (tmp_path / "ghi chú.txt").write_text("x", "utf-8")
    for args in (("check", tmp_path), ("merge", tmp_path, "-o", tmp_path / "a.xlsx")):
        result = run(*args)
        assert result.exit_code == 3
        assert "ghi chú.txt" in result.output
        assert "không phải bản nộp" in result.output
        assert result.stderr.count("\n") <= 1


def test_an_unwritable_target_leaves_nothing(run: Run, tmp_path: Path) -> None:
    source = write_workbook(tmp_path / "a.xlsx", good_plan())
    folder = tmp_path / "thư mục.xlsx"
    folder.mkdir()
    file_as_folder = source / "b.xlsx"
    for target in (folder, file_as_folder):
        result = run("merge", source, "-o", target)
        assert result.exit_code == 2
        assert "Không ghi được tệp" in result.stderr
    assert not list(folder.iterdir())
    assert {p.name for p in tmp_path.iterdir()} == {"a.xlsx", "thư mục.xlsx"}


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_an_unreadable_file_is_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.symlink_to(tmp_path / "khong-co.xlsx")
    result = run("check", tmp_path)
    assert result.exit_code == 3


def test_a_number_no_calendar_has_in_a_date_cell(tmp_path: Path) -> None:
    """Such a number makes calamine panic; it is an ordinary wrong value to us."""
    plan = good_plan()
    sheet = plan.layout.sheet("plan")
    path = write_workbook(tmp_path / "a.xlsx", plan)
    book = book_in(path.read_bytes())
    for nth, number in enumerate((1e15, -1e15, 123456789012345)):
        cell = book[sheet.name][sheet.ref("deadline", sheet.first_row + nth)]
        cell.value = number
        cell.number_format = "dd/mm/yyyy"
    book.save(path)
    checked = check_file(path, builtin_catalogue(), TODAY)
    assert checked.submission.plan is not None
    found = [f.cell for f in checked.findings if f.rule == "KD402"]
    assert found == [sheet.ref("deadline", sheet.first_row + nth) for nth in range(3)]
