"""``kdcl-xl document``: files and folders in, Word documents out, nothing lost on the way."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from docx import Document

from kdcl_xl.document.from_file import Drawn, document_of
from kdcl_xl.files import EARLIER
from kdcl_xl.xlsx.package import read_contents
from tests.build import SCHOOL, good_plan, workbook_bytes
from tests.conftest import Run
from workbook_templates.regulation import builtin_catalogue


@cache
def workbook(form: str, code: str, name: str) -> bytes:
    return workbook_bytes(good_plan(form), replace(SCHOOL, code=code, name=name))


@pytest.fixture
def returned(tmp_path: Path) -> Path:
    """A folder with the workbooks of two schools on the two forms."""
    folder = tmp_path / "nộp"
    (folder / "xã").mkdir(parents=True)
    (folder / "a.xlsx").write_bytes(workbook("2018", SCHOOL.code, SCHOOL.name))
    other = workbook("2026", "00790126", "Trường THCS Hòa Bình")
    (folder / "xã" / "b.xlsx").write_bytes(other)
    return folder


def test_a_folder_of_workbooks_becomes_a_folder_of_documents(
    run: Run, returned: Path, tmp_path: Path
) -> None:
    said = run("document", returned, "-o", tmp_path / "ra")
    assert said.exit_code == 0, said.output
    assert sorted(path.name for path in (tmp_path / "ra").iterdir()) == ["a.docx", "b.docx"]
    assert "00790125 Trường THCS Bình Minh" in said.output
    assert "Đã xuất 2 văn bản" in said.output
    assert (
        "2 documents were written"
        in run("document", returned, "-o", tmp_path / "out", "--lang", "en").output
    )
    for path in (tmp_path / "ra").iterdir():
        assert Document(str(path)).tables


def test_one_file(run: Run, returned: Path, tmp_path: Path) -> None:
    said = run("document", returned / "a.xlsx", "-o", tmp_path / "A.DOCX")
    assert said.exit_code == 0
    assert "KẾ HOẠCH" in [p.text for p in Document(str(tmp_path / "A.DOCX")).paragraphs]


def test_one_bad_file_never_stops_the_others(run: Run, returned: Path, tmp_path: Path) -> None:
    (returned / "hỏng.xlsx").write_bytes(b"PK\x03\x04" + b"x" * 100)
    said = run("document", returned, "-o", tmp_path / "ra")
    assert said.exit_code == 1
    assert len(list((tmp_path / "ra").iterdir())) == 2
    checked = run("check", returned / "hỏng.xlsx").output.splitlines()[0]
    assert checked in said.output.splitlines(), "the words are those of `check`"


def test_what_is_no_submission_is_named_and_no_fault(
    run: Run, returned: Path, tmp_path: Path
) -> None:
    (returned / "ghi chú.txt").write_text("x", "utf-8")
    said = run("document", returned, "-o", tmp_path / "ra")
    assert said.exit_code == 0
    assert "ghi chú.txt" in said.output


def test_nothing_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"x")
    said = run("document", tmp_path / "a.xlsx", "-o", tmp_path / "b.docx")
    assert said.exit_code == 3
    assert not (tmp_path / "b.docx").exists()
    assert run("document", tmp_path / "none", "-o", tmp_path / "b.docx").exit_code == 2


def test_workbooks_in_a_zip(run: Run, returned: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "thư.zip", "w") as archive:
        archive.write(returned / "a.xlsx", "trường/a.xlsx")
        archive.write(returned / "xã" / "b.xlsx", "b.xlsx")
    said = run("document", tmp_path / "thư.zip", "-o", tmp_path / "ra")
    assert said.exit_code == 0, said.output
    assert sorted(path.name for path in (tmp_path / "ra").iterdir()) == ["a.docx", "b.docx"]


def test_files_of_one_name_have_two_documents(run: Run, returned: Path, tmp_path: Path) -> None:
    (returned / "xã" / "b.xlsx").rename(returned / "xã" / "a.xlsx")
    assert run("document", returned, "-o", tmp_path / "ra").exit_code == 0
    assert sorted(p.name for p in (tmp_path / "ra").iterdir()) == ["a.docx", "a_2.docx"]


def test_an_input_is_never_written_over(run: Run, returned: Path) -> None:
    (returned / "a.docx").write_bytes(b"their own")
    said = run("document", returned, "-o", returned)
    assert said.exit_code == 2
    assert "a.docx" in said.output
    assert (returned / "a.docx").read_bytes() == b"their own"


def test_an_earlier_document_is_kept(run: Run, returned: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.docx"
    target.write_bytes(b"edited by hand")
    assert run("document", returned / "a.xlsx", "-o", target).exit_code == 0
    (kept,) = tmp_path.glob(f"a{EARLIER}*.docx")
    assert kept.read_bytes() == b"edited by hand"
    assert run("document", returned / "a.xlsx", "-o", target).exit_code == 0
    assert len(list(tmp_path.glob(f"a{EARLIER}*.docx"))) == 1, "the same document is not kept twice"


def test_documents_of_an_earlier_run_are_no_inputs(run: Run, returned: Path) -> None:
    for _ in range(2):
        said = run("document", returned, "-o", returned / "ra")
        assert said.exit_code == 0, said.output
        assert "Đã xuất 2 văn bản" in said.output


@pytest.mark.parametrize("mark", ["~$ng-van-ban.docx", "~$vuong-van-ban.docx", ".~lock.@#"])
def test_a_document_open_in_word_is_left_alone(
    run: Run, returned: Path, tmp_path: Path, mark: str
) -> None:
    target = tmp_path / "vuong-van-ban.docx"
    target.write_bytes(b"old")
    mark = mark.replace("@", target.name).replace("~$ng", "~$ong")
    (tmp_path / mark).write_bytes(b"")
    said = run("document", returned / "a.xlsx", "-o", target)
    assert said.exit_code == 1
    assert "Word" in said.output
    assert target.read_bytes() == b"old"


def test_contents_that_the_document_lacks_are_announced(
    run: Run, returned: Path, tmp_path: Path
) -> None:
    import openpyxl

    book = openpyxl.load_workbook(returned / "a.xlsx")
    book["Kế hoạch"]["Z3"] = "ghi ngoài bảng"
    book.save(returned / "a.xlsx")
    said = run("document", returned / "a.xlsx", "-o", tmp_path / "a.docx")
    assert said.exit_code == 0
    assert "không có trong văn bản" in said.output


def test_bytes_in_bytes_out(tmp_path: Path) -> None:
    """A page in a browser has the bytes of a file, and no file."""
    (tmp_path / "a.xlsx").write_bytes(workbook("2018", SCHOOL.code, SCHOOL.name))
    contents = read_contents(tmp_path / "a.xlsx")
    (tmp_path / "a.xlsx").unlink()
    drawn = document_of(tmp_path / "a.xlsx", builtin_catalogue(), contents=contents)
    assert isinstance(drawn, Drawn)
    assert Document(io.BytesIO(drawn.content)).tables
