"""What a file can carry besides cells, and what is refused before any reader sees it."""

from __future__ import annotations

import io
import json
import re
import sys
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from kdcl_xl.checking.check import check_file
from kdcl_xl.submission.model import Reading
from kdcl_xl.xlsx.bounds import Bounds
from kdcl_xl.xlsx.package import UnreadableError, read_contents
from kdcl_xl.xlsx.workbook import open_workbook
from macros_free_validation.rules import BY_ID
from tests.build import TODAY, fresh_workbook_bytes, good_plan
from tests.conftest import Run
from workbook_templates.regulation import builtin_catalogue

GOOD = fresh_workbook_bytes(good_plan())
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def with_parts(*parts: tuple[str, bytes]) -> bytes:
    """The good workbook with parts added, or put in place of its own."""
    target = io.BytesIO()
    replaced = {name for name, _ in parts}
    with (
        zipfile.ZipFile(io.BytesIO(GOOD)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as result,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # double names are what some cases are about
        for name in source.namelist():
            if name not in replaced:
                result.writestr(name, source.read(name))
        for name, data in parts:
            result.writestr(name, data)
    return target.getvalue()


def relation(kind: str, target: str) -> bytes:
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELS}/{kind}" Target="{target}" TargetMode="External"/>'
        f"</Relationships>"
    ).encode()


LINK, DRAWING_RELS = "xl/externalLinks/externalLink1.xml", "xl/drawings/_rels/drawing1.xml.rels"

CARRIED = {
    "macros": ("KD811", [("xl/vbaProject.bin", b"\xd0\xcf")]),
    "Excel 4 macros": ("KD811", [("xl/macrosheets/sheet1.xml", b"<x/>")]),
    "OLE object": ("KD812", [("xl/embeddings/oleObject1.bin", b"\xd0\xcf")]),
    "ActiveX": ("KD812", [("xl/activeX/activeX1.bin", b"x")]),
    "embedded file": ("KD812", [("xl/embeddings/Microsoft_Word_Document.docx", b"PK")]),
    "external link": ("KD813", [(LINK, b'<externalLink><externalBook r:id="r1"/></externalLink>')]),
    "DDE": ("KD814", [(LINK, b'<externalLink><ddeLink ddeService="cmd"/></externalLink>')]),
    "remote picture": ("KD815", [(DRAWING_RELS, relation("image", "https://example.org/a.png"))]),
    "remote template": ("KD815", [("xl/_rels/a.xml.rels", relation("frame", "//host/share"))]),
    "query table": ("KD816", [("xl/queryTables/queryTable1.xml", b"<queryTable/>")]),
    "connection": ("KD816", [("xl/connections.xml", b"<connections/>")]),
}


@pytest.mark.parametrize("case", CARRIED)
def test_what_a_workbook_carries_is_told_and_left_alone(tmp_path: Path, case: str) -> None:
    rule, parts = CARRIED[case]
    path = tmp_path / "a.xlsx"
    path.write_bytes(with_parts(*parts))
    checked = check_file(path, builtin_catalogue(), TODAY)
    assert checked.submission.plan is not None
    (found,) = [f for f in checked.findings if "KD811" <= f.rule <= "KD816"]
    assert found.rule == rule
    assert found.remedy.vi
    assert "{" not in found.message.vi + found.message.en


def test_a_link_that_a_person_clicks_is_nothing_special(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    name = "xl/worksheets/_rels/sheet9.xml.rels"
    path.write_bytes(with_parts((name, relation("hyperlink", "mailto:truong@example.org"))))
    assert not check_file(path, builtin_catalogue(), TODAY).findings


REFUSED = {
    "double part": ("KD014", [("xl/styles.xml", b"<a/>"), ("xl/styles.xml", b"<b/>")]),
    "double part, other case": ("KD014", [("XL/Styles.xml", b"<b/>")]),
    "way out": ("KD014", [("xl/../../etc/passwd", b"x")]),
    "absolute": ("KD014", [("/xl/a.xml", b"<a/>")]),
    "drive": ("KD014", [("C:/a.xml", b"<a/>")]),
    "backslash": ("KD014", [("xl\\a.xml", b"<a/>")]),
    "document type": ("KD015", [("xl/sharedStrings.xml", b"<!DOCTYPE a><sst/>")]),
    "document type far down": (
        "KD015",
        [("xl/sharedStrings.xml", b"<?xml version='1.0'?>" + b" " * 9000 + b"<!DOCTYPE a><sst/>")],
    ),
    "document type in UTF-16": (
        "KD015",
        [("xl/sharedStrings.xml", "<!DOCTYPE a><sst/>".encode("utf-16"))],
    ),
    "packed too well": ("KD008", [("xl/media/a.xml", b" " * 30_000_000)]),
    "unknown encoding": (
        "KD007",
        [("xl/sharedStrings.xml", b'<?xml version="1.0" encoding="klingon"?><sst/>')],
    ),
    "another encoding than it says": ("KD007", [("xl/sharedStrings.xml", b"\xff\xfe<")]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_no_spreadsheet_program_writes_is_refused(tmp_path: Path, case: str) -> None:
    rule, parts = REFUSED[case]
    path = tmp_path / "a.xlsx"
    path.write_bytes(with_parts(*parts))
    checked = check_file(path, builtin_catalogue(), TODAY)
    assert [f.rule for f in checked.findings] == [rule]
    assert BY_ID[rule].remedy.vi


def test_a_part_that_says_less_than_it_holds_is_not_inflated_beyond(tmp_path: Path) -> None:
    """The reader gets what was measured, whatever the zip's own directory says."""
    bomb = with_parts(("xl/sharedStrings.xml", b"<sst>" + b" " * 900_000 + b"</sst>"))
    at = bomb.rindex(b"xl/sharedStrings.xml") - 46
    assert bomb[at : at + 4] == b"PK\x01\x02"
    lying = bomb[: at + 24] + (100).to_bytes(4, "little") + bomb[at + 28 :]
    path = tmp_path / "a.xlsx"
    path.write_bytes(lying)
    assert [f.rule for f in check_file(path, builtin_catalogue(), TODAY).findings] == ["KD007"]


@pytest.mark.parametrize(
    "bounds",
    [Bounds(most_parts=3), Bounds(largest_content=0), Bounds(greatest_ratio=0)],
    ids=["parts", "content", "ratio"],
)
def test_bounds_are_kept(bounds: Bounds) -> None:
    content = with_parts(("xl/media/a.bin", bytes(range(256)) * 8192))
    assert open_workbook(content).sheets
    with pytest.raises(UnreadableError) as caught:
        open_workbook(content, bounds)
    assert caught.value.finding.rule == "KD008"


def test_a_file_too_large_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04" + b"x" * 2_000_000)
    with pytest.raises(UnreadableError) as caught:
        read_contents(path, Bounds(largest_file=1))
    assert caught.value.finding.rule == "KD008"
    assert re.search(r"\d MB", caught.value.finding.message.vi)


def locked(password: str) -> bytes:
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(GOOD)).encrypt(password, target)
    return target.getvalue()


def test_a_password_opens_what_needs_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(locked("Bí mật 1"))
    (tmp_path / "b.xlsx").write_bytes(GOOD)
    assert run("check", tmp_path / "a.xlsx").exit_code == 3
    both = run("check", tmp_path, "--password", "Bí mật 1", "--format", "json")
    assert both.exit_code == 0, both.output
    assert [f["status"] for f in json.loads(both.stdout)["files"]] == ["read", "read"]
    other = run("check", tmp_path / "a.xlsx", "--password", "khác")
    assert other.exit_code == 3
    assert "KD016" in other.output


def test_what_excel_locked_with_its_own_password_opens(run: Run, tmp_path: Path) -> None:
    """As where only the structure of a workbook is protected: nobody was asked for a password."""
    (tmp_path / "a.xlsx").write_bytes(locked("VelvetSweatshop"))
    for options in ((), ("--password", "khác")):
        assert run("check", tmp_path / "a.xlsx", *options).exit_code == 0
    assert run("migrate", tmp_path / "a.xlsx", "-o", tmp_path / "b.xlsx").exit_code == 0


@pytest.mark.parametrize(
    ("name", "parts", "said"),
    [
        ("a.xlsb", ("[Content_Types].xml", "xl/workbook.bin"), ".xlsb"),
        ("a.numbers", ("Index/Document.iwa", "Metadata/Properties.plist"), ".numbers"),
        ("a.numbers", ("Index.zip", "Metadata/Properties.plist"), ".numbers"),
    ],
)
def test_another_programs_spreadsheet_is_to_be_saved_as_xlsx(
    run: Run, tmp_path: Path, name: str, parts: Sequence[str], said: str
) -> None:
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        for part in parts:
            archive.writestr(part, b"\0\1")
    shown = run("check", tmp_path)
    assert shown.exit_code == 3
    assert len(shown.output.splitlines()) == 2, "one line, and the counts"
    assert said in shown.output
    assert "Lưu thành" in shown.output


@pytest.mark.parametrize("cut", [600, 2000, 9000])
def test_a_damaged_encryption_is_a_finding(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "a.xlsx"
    content = locked("x")
    path.write_bytes(content[:cut] + bytes(64) + content[cut + 64 :])
    found = check_file(path, builtin_catalogue(), TODAY, Reading(password="x")).findings
    assert {f.rule for f in found} <= {"KD002", "KD003", "KD007", "KD016"}


def test_without_the_library_a_password_is_refused_in_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "msoffcrypto", None)
    (tmp_path / "a.xlsx").write_bytes(GOOD)
    result = run("check", tmp_path / "a.xlsx", "--password", "x")
    assert result.exit_code == 2
    assert "kdcl-xl[password]" in result.stderr


def test_bounds_come_from_the_settings(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(GOOD)
    config = tmp_path / "kdcl-xl.toml"
    config.write_text("[bounds]\nmost_parts = 3\n", "utf-8")
    assert "KD008" in run("check", tmp_path / "a.xlsx", "--config", config).output
