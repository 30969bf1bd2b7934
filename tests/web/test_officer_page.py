"""The door of the officers: inventory, templates, merge, merge again, feedback."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from kdcl_xl.demo.synthetic.district import AUTHORITY, RETURNED, SCHOOLS_FILE
from tests.conftest import run_command
from tests.web.test_school_page import of_command_line, parts
from tests.web.visitor import PATIENCE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def returned(district: Path) -> list[Path]:
    return sorted((district / RETURNED).iterdir())


@pytest.fixture(scope="module")
def visitor(visit: Callable[..., Visitor], district: Path, returned: list[Path]) -> Visitor:
    opened = visit("can-bo")
    opened.choose("officer-schools", [district / SCHOOLS_FILE])
    opened.choose("officer-files", returned)
    opened.page.fill("#officer-authority", AUTHORITY)
    opened.wait_until("ready")
    return opened


def names_in(archive: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(archive)).namelist()


def test_the_findings_of_sixty_schools_are_those_of_the_command_line(
    visitor: Visitor, district: Path
) -> None:
    visitor.press("do-check")
    shown = visitor.findings()
    assert shown == of_command_line(district / RETURNED, folder=district / RETURNED)
    assert len(shown) > 60
    visitor.picture("officer-check", full=False)


def test_the_inventory_says_who_has_returned_a_plan(
    visitor: Visitor, district: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = visitor.press("do-status")
    monkeypatch.chdir(district / RETURNED)
    native = run_command("status", ".", "--schools", district / SCHOOLS_FILE).stdout
    assert native.strip().splitlines()[-2] in said
    assert visitor.page.locator("#do-status-result tbody tr").count() >= 60
    visitor.picture("officer-status", full=False)


def test_the_list_of_schools_is_shown_as_it_is_understood(visitor: Visitor) -> None:
    assert "59 trường" in visitor.press("do-schools")


def test_all_templates_come_in_one_zip(visitor: Visitor, district: Path, tmp_path: Path) -> None:
    few = tmp_path / "vài trường.csv"
    few.write_bytes(b"".join((district / SCHOOLS_FILE).read_bytes().splitlines(True)[:5]))
    visitor.choose("officer-schools", [few])
    visitor.press("do-templates")
    archive = visitor.save("do-templates-result", ".zip")
    visitor.choose("officer-schools", [district / SCHOOLS_FILE])
    run_command(
        *("template", "--schools", few, "--school-year", "2026-2027"),
        *("--authority", AUTHORITY, "-o", tmp_path / "mau"),
    )
    native = {path.name: path for path in (tmp_path / "mau").iterdir()}
    assert sorted(names_in(archive)) == sorted(native)
    assert len(native) == 4
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for name, path in native.items():
            assert parts(opened.read(name)) == parts(path.read_bytes()), name


@pytest.fixture(scope="module")
def merged(visitor: Visitor) -> bytes:
    said = visitor.press("do-merge")
    assert "công việc" in said
    visitor.picture("officer-merge", full=False)
    return visitor.save("do-merge-result", "tong-hop.xlsx")


def test_a_merge_has_the_parts_of_the_native_one(
    merged: bytes, district: Path, returned: list[Path], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for path in returned:
        target = tmp_path / path.name
        target.write_bytes(path.read_bytes())
        # A browser knows the time of a file in milliseconds.
        moment = path.stat().st_mtime_ns // 1_000_000 * 1_000_000
        os.utime(target, ns=(moment, moment))
    monkeypatch.chdir(tmp_path)
    done = run_command(
        *("merge", *(path.name for path in returned), "-o", "ra/tong-hop.xlsx", "--no-cache"),
        *("--schools", district / SCHOOLS_FILE, "--authority", AUTHORITY),
    )
    assert done.exit_code == 0
    native, ours = parts((tmp_path / "ra" / "tong-hop.xlsx").read_bytes()), parts(merged)
    assert ours.keys() == native.keys()
    different = [name for name in native if native[name] != ours[name]]
    assert different == []


def test_the_report_of_the_workbook_just_made_is_that_of_the_command_line(
    visitor: Visitor, merged: bytes, tmp_path: Path
) -> None:
    assert "tong-hop.xlsx" in visitor.page.locator("#officer-merged").inner_text()
    visitor.page.fill("#officer-due", "2026-12-15")
    said = visitor.press("do-report")
    visitor.picture("officer-report", full=False)
    report = visitor.save("do-report-result", ".docx")
    archive = visitor.save("do-report-result", ".zip")
    target = tmp_path / "so.xlsx"
    target.write_bytes(merged)
    done = run_command("report", target, "-o", tmp_path / "ra", "--due", "2026-12-15")
    assert done.exit_code == 0
    assert parts(report) == parts((tmp_path / "ra" / "bao-cao-tong-hop.docx").read_bytes())
    native = {path.name: path for path in (tmp_path / "ra" / "phieu-truong").iterdir()}
    assert str(len(native)) in said
    assert sorted(Path(name).name for name in names_in(archive)) == sorted(native)
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for name in names_in(archive):
            assert parts(opened.read(name)) == parts(native[Path(name).name].read_bytes()), name


@pytest.fixture(scope="module")
def decided(merged: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The authority workbook after an auditor has accepted the first finding."""
    book = openpyxl.load_workbook(io.BytesIO(merged))
    sheet = book["Cờ"]
    headings = {str(cell.value): nth for nth, cell in enumerate(sheet[3], start=1)}
    rules = sheet.iter_rows(min_row=4, min_col=headings["Quy tắc"], max_col=headings["Quy tắc"])
    single = next(
        cell.row
        for (cell,) in rules
        if cell.value and "trường hợp" not in str(sheet.cell(cell.row, headings["Vấn đề"]).value)
    )
    sheet.cell(single, headings["Kết luận"], "Chấp nhận")
    target = tmp_path_factory.mktemp("decided") / "tong-hop.xlsx"
    book.save(target)
    return target


def test_merging_again_keeps_the_decisions_and_the_workbook_chosen_for_the_report(
    visitor: Visitor, decided: Path, tmp_path: Path
) -> None:
    chosen = tmp_path / "sổ đã rà soát.xlsx"
    chosen.write_bytes(decided.read_bytes())
    visitor.choose("officer-merged", [chosen])
    visitor.choose("officer-previous", [decided])
    assert "1 đã kết luận" in visitor.press("do-merge")
    assert chosen.name in visitor.page.locator("#officer-merged").inner_text()


def test_feedback_gives_each_school_its_file_in_one_zip(
    visitor: Visitor, decided: Path, returned: list[Path], tmp_path: Path
) -> None:
    # A few schools: a copy takes as long as a template.
    visitor.clear("officer-files")
    some = [path for path in returned if path.suffix == ".xlsx"][:3]
    visitor.choose("officer-files", some)
    visitor.choose("officer-district", [decided])
    said = visitor.press("do-feedback")
    archive = visitor.save("do-feedback-result", "phan-hoi.zip")
    for path in some:
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / path.name).write_bytes(path.read_bytes())
    run_command("feedback", decided, tmp_path / "in", "-o", tmp_path / "phan-hoi")
    native = {path.name: path for path in (tmp_path / "phan-hoi").iterdir()}
    assert sorted(Path(name).name for name in names_in(archive)) == sorted(native)
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for name in names_in(archive):
            content, other = opened.read(name), native[Path(name).name].read_bytes()
            assert (parts(content) if name.endswith(".xlsx") else content) == (
                parts(other) if name.endswith(".xlsx") else other
            ), name
    assert "bản gửi lại" in said
    visitor.picture("officer-feedback", full=False)


def test_a_wrong_workbook_for_feedback_is_refused_by_its_name(
    visitor: Visitor, returned: list[Path]
) -> None:
    workbook = next(path for path in returned if path.suffix == ".xlsx")
    visitor.choose("officer-district", [workbook])
    said = visitor.press("do-feedback")
    assert f"{workbook.name}»" in said


def test_a_folder_and_a_zip_are_searched(
    visitor: Visitor, returned: list[Path], tmp_path: Path
) -> None:
    page = visitor.page
    visitor.clear("officer-files")
    some = [path for path in returned if path.suffix == ".xlsx"][:3]
    folder = tmp_path / "xã A"
    (folder / "trường 1").mkdir(parents=True)
    (folder / "trường 1" / some[0].name).write_bytes(some[0].read_bytes())
    with zipfile.ZipFile(tmp_path / "thư.zip", "w") as archive:
        for path in some[1:]:
            archive.write(path, path.name)
    page.locator("#officer-files input").nth(1).set_input_files(folder, timeout=PATIENCE)
    visitor.choose("officer-files", [tmp_path / "thư.zip"])
    visitor.press("do-check")
    shown = list(visitor.findings())
    assert shown[0] == f"xã A/trường 1/{some[0].name}"
    assert set(shown[1:]) == {"thư.zip", *(f"thư.zip/{path.name}" for path in some[1:])}


def test_nothing_left_the_machine(visitor: Visitor) -> None:
    assert visitor.outside == []
    assert visitor.errors == []
