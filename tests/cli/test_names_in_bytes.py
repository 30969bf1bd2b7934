"""File names that are not UTF-8, as old Windows programs and their zips leave them on Linux."""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from tests.build import good_task, layout_of, make_plan, write_workbook
from tests.conftest import Run
from tests.district.test_merge import table
from tests.opened import sheet_in
from workbook_templates.text import with_names_readable

pytestmark = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="the system allows no such names"
)
FOLDER = os.fsdecode("Kế hoạch".encode("cp1258", "ignore").replace(b" ", b"_") + b"\xcc")
FIRST, SECOND = os.fsdecode(b"tr\xbdng 1.xlsx"), os.fsdecode(b"ph\xf2n_hai.xlsx")
BROKEN, ZIP = os.fsdecode(b"h\xffng.xlsx"), os.fsdecode(b"g\xf2i.zip")
OUT = os.fsdecode(b"s\xf2")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Plans, a damaged file and a zip, all named in bytes that are not UTF-8."""
    found = tmp_path / FOLDER
    found.mkdir()
    layout = layout_of()
    faulty = make_plan(layout, cover={"signer": None}, tables={"plan": [good_task(layout)]})
    plan = write_workbook(found / FIRST, faulty)
    shutil.copy(plan, found / SECOND)
    (found / BROKEN).write_bytes(b"PK\x03\x04 nothing PK\x05\x06")
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("trXXng.xlsx", plan.read_bytes())
    packed = (tmp_path / "z.zip").read_bytes().replace(b"trXXng", b"tr\xbd\xf2ng")
    (found / ZIP).write_bytes(packed)
    (tmp_path / "z.zip").unlink()
    (found / os.fsdecode(b"ds\xf2.csv")).write_text("code,name,kind\n00790125,Trường,thcs\n")
    return found


def test_bytes_are_read_in_the_code_page_of_a_vietnamese_windows() -> None:
    assert with_names_readable(os.fsdecode(b"k\xea\xec ho\xf2ch.xlsx")) == "kế họch.xlsx"
    assert with_names_readable("kế hoạch.xlsx") == "kế hoạch.xlsx"
    two = [with_names_readable(os.fsdecode(name)) for name in (b"\xd2\x8a", b"\xd2\x8d")]
    assert two[0] != two[1], "two files never have one name"


@pytest.mark.parametrize(
    "command",
    [
        ("check", ".", "--format", "json"),
        ("check", ".", "--format", "html", "-o", f"{OUT}.html"),
        ("status", ".", "--schools", os.fsdecode(b"ds\xf2.csv")),
        ("schools", os.fsdecode(b"ds\xf2.csv")),
        ("migrate", ".", "-o", OUT),
        ("migrate", FIRST, "-o", f"{OUT}.xlsx"),
        ("combine", FIRST, SECOND, "-o", f"{OUT}.xlsx"),
        ("merge", ".", "-o", f"{OUT}.xlsx", "--prefer", FIRST, "--assign", f"{FIRST}=00790125"),
        ("merge", ".", "-o", f"{OUT}.xlsx", "--combine"),
        ("check", os.fsdecode(b"kh\xf4ng c\xf3")),
        ("check", ".", "--config", os.fsdecode(b"ds\xf2.csv")),
    ],
    ids=lambda command: command[0],
)
def test_every_command_takes_such_names(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(folder)
    done = run(*command)
    said = done.stdout + done.stderr
    assert done.exit_code in (0, 1, 2), said
    assert not any("\udc80" <= letter <= "\udcff" for letter in said)
    assert "\\udc" not in said
    assert "\ufffd" not in said


def test_a_district_and_its_province_and_its_feedback(run: Run, folder: Path) -> None:
    book = folder.parent / f"{OUT}.xlsx"
    assert run("merge", folder, "-o", book, "--prefer", folder / FIRST).exit_code == 0
    rows = table(sheet_in(book, "Nhật ký"))
    log = {str(cell) for row in rows for cell in row.values()}
    assert any("hÿng.xlsx" in cell for cell in log)
    above = folder.parent / f"{OUT}2.xlsx"
    assert run("merge", book, "-o", above).exit_code == 0
    back = folder.parent / f"{OUT}3"
    assert run("feedback", book, folder, "-o", back).exit_code in (0, 1)
    assert list(back.rglob("*.xlsx"))
