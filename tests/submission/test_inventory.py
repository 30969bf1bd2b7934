"""Every file of an officer's folder: its kind, its line, and the files inside zips."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kdcl_xl.submission.file_kind import FileKind
from kdcl_xl.submission.identify import SchoolFile, Unreadable, identify
from kdcl_xl.submission.inventory import find_inputs
from kdcl_xl.submission.model import Reading
from kdcl_xl.xlsx.archive import InArchive
from kdcl_xl.xlsx.bounds import Bounds
from tests.build import good_plan, workbook_bytes

Run = Callable[..., Result]


def zipped(files: Mapping[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.fixture(scope="module")
def plan() -> bytes:
    return workbook_bytes(good_plan())


def without_utf8_mark(name: bytes, content: bytes) -> bytes:
    """Return a zip whose only file has a name in a code page, as a program of Windows writes it."""
    place = "N" * len(name)
    packed = zipped({place: content}, zipfile.ZIP_STORED)
    return packed.replace(place.encode(), name)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
ODS = {
    "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
    "content.xml": b"<office:document-content/>",
}
ODT = {**ODS, "mimetype": b"application/vnd.oasis.opendocument.text"}
WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}
SLIDES = {"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<p:presentation/>"}


def folder_of_everything(plan: bytes) -> dict[str, tuple[bytes, str, str]]:
    """Files by name, each with the kind and the status that the check gives it."""
    encrypted = bytearray(zipped({"a.xlsx": plan}))
    encrypted[6] |= 1  # the mark of encryption, in the local header and in the directory
    encrypted[encrypted.rindex(b"PK\x01\x02") + 8] |= 1
    return {
        "ban-nop.xlsx": (plan, "workbook", "read"),
        "khong-duoi": (plan, "workbook", "read"),
        "doi-duoi.zip": (plan, "workbook", "read"),
        "doi-duoi.docx": (plan, "workbook", "read"),
        "doi-duoi.jpg": (plan, "workbook", "read"),
        "thu.zip": (zipped({"Trường A/ban.xlsx": plan, "anh.png": PNG}), "zip", "ignored"),
        "thu.zip/Trường A/ban.xlsx": (b"", "workbook", "read"),
        "thu.zip/anh.png": (b"", "picture", "ignored"),
        "long.zip": (zipped({"trong.zip": zipped({"ban.xlsx": plan})}), "zip", "ignored"),
        "long.zip/trong.zip": (b"", "zip", "ignored"),
        "long.zip/trong.zip/ban.xlsx": (b"", "workbook", "read"),
        "sau.zip": (zipped({"1.zip": zipped({"2.zip": zipped({"a": b"x"})})}), "zip", "ignored"),
        "sau.zip/1.zip": (b"", "zip", "ignored"),
        "sau.zip/1.zip/2.zip": (b"", "zip", "unreadable"),
        "rong.zip": (zipped({}), "zip", "ignored"),
        "mat-khau.zip": (bytes(encrypted), "zip", "unreadable"),
        "dut.zip": (zipped({"a.xlsx": plan})[:-400], "cut_short", "unreadable"),
        "dut.xlsx": (plan[: len(plan) // 2], "cut_short", "unreadable"),
        "trong.xlsx": (b"", "workbook", "unreadable"),
        "trong": (b"", "cut_short", "unreadable"),
        "dang-tai.xlsx.crdownload": (plan[:999], "cut_short", "unreadable"),
        "ke-hoach.docx": (zipped(WORD), "word", "unreadable"),
        "ke-hoach.doc": (OLE + "WordDocument".encode("utf-16-le"), "word", "unreadable"),
        "ke-hoach.rtf": (b"{\\rtf1 }", "word", "unreadable"),
        "ke-hoach.odt": (zipped(ODT, zipfile.ZIP_STORED), "word", "unreadable"),
        "ke-hoach.pdf": (b"%PDF-1.7", "pdf", "unreadable"),
        "ke-hoach.ods": (zipped(ODS, zipfile.ZIP_STORED), "opendocument", "unreadable"),
        "ke-hoach.xls": (OLE, "workbook", "unreadable"),
        "ke-hoach.csv": (b"TT,Tieu chi", "other", "ignored"),
        "trang.xls": (b"<html><table>", "workbook", "unreadable"),
        "khac.xlsx": (zipped({"[Content_Types].xml": b"<Types/>"}), "workbook", "unreadable"),
        "chup.jpg": (b"\xff\xd8\xff\xe0", "picture", "ignored"),
        "chup.heic": (b"\x00\x00\x00\x18ftypheic", "picture", "ignored"),
        "chup.webp": (b"RIFF\x00\x00\x00\x00WEBP", "picture", "ignored"),
        "slide.pptx": (zipped(SLIDES), "other", "ignored"),
        "nen.rar": (b"Rar!\x1a\x07\x01\x00", "archive", "unreadable"),
        "nen.7z": (b"7z\xbc\xaf\x27\x1c", "archive", "unreadable"),
        "phim.mp4": (b"\x00\x00\x00\x18ftypisom", "other", "ignored"),
        "~$ban-nop.xlsx": (b"x" * 165, "lock", "ignored"),
        ".~lock.ban-nop.xlsx#": (b",user,", "lock", "ignored"),
        "Thumbs.db": (OLE[:8] + b"x", "workbook", "unreadable"),
        ".DS_Store": (b"\x00\x00\x00\x01Bud1", "other", "ignored"),
        "con/ghi-chu.txt": (b"xin chao", "other", "ignored"),
    }


PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture(scope="module")
def everything(plan: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("thu-muc")
    for name, (content, _, _) in folder_of_everything(plan).items():
        if ".zip/" not in name:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
    return folder


def test_check_lists_every_file_once(run: Run, everything: Path, plan: bytes) -> None:
    result = run("check", everything, "--format", "json")
    report = json.loads(result.stdout)
    found = {
        str(Path(file["path"]).relative_to(everything)): (file["kind"], file["status"])
        for file in report["files"]
    }
    assert found == {n: (k, s) for n, (_, k, s) in folder_of_everything(plan).items()}
    assert len(report["files"]) == len(found) >= 30
    assert all(file["findings"] for file in report["files"] if file["status"] != "read")
    total = report["summary"]
    assert total["files"] == len(found)
    assert total["ignored"] == sum(status == "ignored" for _, status in found.values())
    assert total["unreadable"] == sum(status == "unreadable" for _, status in found.values())


def test_status_and_merge_count_the_same_files(run: Run, everything: Path, tmp_path: Path) -> None:
    checked = json.loads(run("check", everything, "--format", "json").stdout)["files"]
    kinds = {file["path"]: file["kind"] for file in checked}
    schools = tmp_path / "truong.csv"
    schools.write_text("code,name,kind\n00790125,Trường A,THCS\n", "utf-8")
    said = run("status", everything, "--schools", schools, "--format", "json")
    assert {file["path"]: file["kind"] for file in json.loads(said.stdout)["files"]} == kinds
    target = tmp_path / "tong-hop.xlsx"
    assert run("merge", everything, "-o", target, "--format", "csv").exit_code == 0
    log = (tmp_path / "tong-hop.csv" / "Nhật ký.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(log)))
    assert sorted(row["Tệp"] for row in rows) == sorted(kinds)
    label = {str(kind): kind.label.vi for kind in FileKind}
    assert {row["Tệp"]: row["Loại tệp"] for row in rows} == {
        path: label[kind] for path, kind in kinds.items()
    }


@pytest.mark.parametrize("encoding", ["utf-8", "cp1258"])
def test_names_in_the_code_pages_of_windows(encoding: str, plan: bytes, tmp_path: Path) -> None:
    name, place = "Trường Tiểu học A.xlsx", tmp_path / "thu.zip"
    place.write_bytes(without_utf8_mark(_encoded(name, encoding), plan))
    _, inside = find_inputs([place])
    assert inside.name == name
    assert isinstance(identify(inside), SchoolFile)


TONES = "\u0300\u0301\u0303\u0309\u0323"


def _encoded(name: str, encoding: str) -> bytes:
    """Return a name as a program of Windows writes it: in code page 1258 tones follow letters."""
    if encoding == "utf-8":
        return name.encode()
    parts = []
    for letter in name:
        marks = unicodedata.normalize("NFD", letter)
        plain = "".join(mark for mark in marks if mark not in TONES)
        tones = "".join(mark for mark in marks if mark in TONES)
        parts.append((unicodedata.normalize("NFC", plain) + tones).encode(encoding))
    return b"".join(parts)


@pytest.mark.parametrize("name", ["../../ra-ngoai.xlsx", "/goc.xlsx", "..\\a.xlsx", "..."])
def test_no_name_leads_out_of_a_zip(name: str, plan: bytes, tmp_path: Path) -> None:
    place = tmp_path / "thu.zip"
    place.write_bytes(zipped({name: plan}))
    for path in find_inputs([place]):
        assert path == place or place in path.parents
        assert ".." not in path.parts


def test_two_files_of_one_name_in_a_zip_are_two(plan: bytes, tmp_path: Path) -> None:
    place = tmp_path / "thu.zip"
    place.write_bytes(zipped({"a.xlsx": plan, "b.xlsx": plan}).replace(b"b.xlsx", b"a.xlsx"))
    found = find_inputs([place])
    assert [path.name for path in found] == ["thu.zip", "a.xlsx", "a (2).xlsx"]
    assert all(isinstance(identify(path), SchoolFile) for path in found[1:])


def test_a_zip_of_too_many_files_is_one_line(tmp_path: Path) -> None:
    place = tmp_path / "thu.zip"
    place.write_bytes(zipped({str(n): b"" for n in range(30)}))
    few = Bounds(most_entries=20)
    assert find_inputs([place], few) == [place]
    nested = tmp_path / "long.zip"
    inner = zipped({str(n): b"" for n in range(15)})
    nested.write_bytes(zipped({"a.zip": inner, "b.zip": inner}))
    assert find_inputs([nested], few) == [nested]


def test_a_large_file_in_a_zip_costs_itself(plan: bytes, tmp_path: Path) -> None:
    place = tmp_path / "thu.zip"
    place.write_bytes(zipped({"to.xlsx": bytes(3 << 20), "ban.xlsx": plan}))
    bounds = Bounds(largest_file=1)
    _, large, small = (identify(p, Reading(bounds=bounds)) for p in find_inputs([place], bounds))
    assert isinstance(large, Unreadable)
    assert large.finding.rule == "KD008"
    assert isinstance(small, SchoolFile)


NAMES = st.sampled_from(sorted(folder_of_everything(b"")))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(chosen=st.sets(NAMES, max_size=8), into=st.sampled_from(["", "a/b", "thu-2.zip"]))
def test_every_file_is_in_the_log_once(
    chosen: set[str], into: str, plan: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("bat-ky")
    contents = folder_of_everything(plan)
    files = {name: contents[name][0] for name in chosen if ".zip/" not in name}
    if into.endswith(".zip"):
        (folder / into).write_bytes(zipped(files))
    for name, content in files.items():
        if not into.endswith(".zip"):
            (folder / into / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / into / name).write_bytes(content)
    found = find_inputs([folder]) if files or into.endswith(".zip") else []
    assert len(found) == len(set(found))
    assert {folder / into / name for name in files} <= set(found)
    on_disk = {path for path in folder.rglob("*") if path.is_file()}
    assert on_disk == {path for path in found if not isinstance(path, InArchive)}
