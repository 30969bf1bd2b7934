"""The program behind the page answers as the command line does; here without a browser."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kdcl_xl.page import built
from kdcl_xl.page.desk import JOBS, answer
from kdcl_xl.page.uploads import Upload, lay_out
from tests.build import good_task, layout_of, make_plan, workbook_bytes
from tests.conftest import ROOT, Run
from tests.importing.layouts import saved
from workbook_templates.text import Language

Asked = Callable[..., tuple[dict[str, Any], dict[str, bytes]]]
LISTING = b"code,name,kind\n00790125,Tr\xc6\xb0\xe1\xbb\x9dng A,thcs\n00790126,B,thcs\n"


@pytest.fixture
def ask() -> Asked:
    """A request of the page: job, files by name and role, options."""

    def send(
        job: str, *files: tuple[str, bytes, str], language: str = "vi", **options: str
    ) -> tuple[dict[str, Any], dict[str, bytes]]:
        entries = [{"name": name, "role": role, "modified": 0} for name, _, role in files]
        request = {"job": job, "files": entries, "options": options, "language": language}
        contents = [content for _, content, _ in files]
        said, outputs = answer(json.dumps(request), contents, lambda *_: None)
        return json.loads(said), {output.name: output.content for output in outputs}

    return send


@pytest.fixture(scope="module")
def plan() -> bytes:
    layout = layout_of()
    return workbook_bytes(make_plan(layout, tables={"plan": [{**good_task(layout), "lead": None}]}))


def test_a_check_is_that_of_the_command_line(
    ask: Asked, plan: bytes, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.xlsx").write_bytes(plan)
    native = json.loads(run("check", "a.xlsx", "--format", "json", "--no-cache").stdout)
    said, outputs = ask("check", ("a.xlsx", plan, "files"))
    assert said["shown"]["report"] == native
    places = said["shown"]["places"][0]
    assert len(places) == len(native["files"][0]["findings"])
    shown = {
        (found["field"], place["name"])
        for found, place in zip(native["files"][0]["findings"], places, strict=True)
    }
    assert ("lead", layout_of().sheet("plan").column("lead").column.header.vi) in shown
    assert set(outputs) == {"ket-qua-kiem-tra.html", "ket-qua-kiem-tra.csv"}


def test_words_are_in_the_language_that_is_asked_for(ask: Asked, plan: bytes) -> None:
    assert "lỗi" in ask("check", ("a.xlsx", plan, "files"))[0]["shown"]["summary"]
    assert "errors" in ask("check", ("a.xlsx", plan, "files"), language="en")[0]["shown"]["summary"]


@pytest.mark.parametrize("job", sorted(JOBS.keys() - {"offer", "status"}))
def test_a_job_without_its_files_or_options_is_refused_in_both_languages(
    ask: Asked, job: str
) -> None:
    said, outputs = ask(job)
    assert set(said) == {"refused"}
    assert said["refused"]["vi"] != said["refused"]["en"]
    assert outputs == {}


def test_a_status_of_a_list_alone_says_that_all_are_missing(ask: Asked) -> None:
    said, _ = ask("status", ("ds.csv", LISTING, "schools"))
    assert "2 chưa nộp" in said["shown"]["table"]["summary"]


def test_merge_feedback_and_a_second_merge(ask: Asked, plan: bytes) -> None:
    listing = ("ds.csv", LISTING, "schools")
    said, outputs = ask("merge", ("a.xlsx", plan, "files"), listing)
    assert "1 chưa nộp" in said["shown"]["lines"][0]
    (book,) = outputs.values()
    again, _ = ask("merge", ("a.xlsx", plan, "files"), listing, ("tong-hop.xlsx", book, "previous"))
    assert again["shown"]["lines"][1] == said["shown"]["lines"][1]
    back, sent = ask("feedback", ("a.xlsx", plan, "files"), ("tong-hop.xlsx", book, "district"))
    names = zipfile.ZipFile(io.BytesIO(sent["phan-hoi.zip"])).namelist()
    assert any(name.endswith("_phan-hoi.xlsx") for name in names)
    assert any(name.endswith("_thu-bao.html") for name in names)
    assert any("-> phan-hoi" in line for line in back["shown"]["schools"])


@pytest.mark.parametrize("language", list(Language))
def test_a_report_is_that_of_the_command_line(
    ask: Asked, plan: bytes, run: Run, tmp_path: Path, language: Language
) -> None:
    listing = ("ds.csv", LISTING, "schools")
    _, outputs = ask("merge", ("a.xlsx", plan, "files"), listing, language=language)
    (book,) = outputs.values()
    target = tmp_path / "so.xlsx"
    target.write_bytes(book)
    given = ("report", target, "-o", tmp_path / "ra", "--due", "2026-12-15", "--lang", language)
    assert run(*given).exit_code == 0
    native = {
        path.relative_to(tmp_path / "ra").as_posix(): path.read_bytes()
        for path in (tmp_path / "ra").rglob("*.docx")
    }
    said, made = ask("report", ("so.xlsx", book, "district"), language=language, due="2026-12-15")
    assert str(len(native) - 1) in said["shown"]["lines"][0]
    report, packed = made.items()
    with zipfile.ZipFile(io.BytesIO(packed[1])) as archive:
        pages = {name: archive.read(name) for name in archive.namelist()}
    assert len(pages) == 2
    assert {report[0]: report[1], **pages} == native


def test_a_report_of_a_school_file_or_by_no_day_is_refused(ask: Asked, plan: bytes) -> None:
    _, outputs = ask("merge", ("a.xlsx", plan, "files"))
    (book,) = outputs.values()
    said, _ = ask("report", ("a.xlsx", plan, "district"))
    assert "a.xlsx" in said["refused"]["vi"]
    said, _ = ask("report", ("so.xlsx", book, "district"), due="15/12/2026")
    assert "15/12/2026" in said["refused"]["vi"]


def test_a_document_out_and_a_draft_in(ask: Asked, plan: bytes) -> None:
    _, outputs = ask("documents", ("a.xlsx", plan, "files"))
    (document,) = outputs.values()
    said, drafts = ask("draft", ("a.docx", document, "files"), kind="thcs", school_year="2026-2027")
    assert set(drafts) == {"a_ban-nhap.xlsx"}
    assert any("1 công việc" in line for line in said["shown"]["lines"])
    several, packed = ask("documents", ("a.xlsx", plan, "files"), ("b/a.xlsx", plan, "files"))
    assert set(packed) == {"van-ban.zip"}, several


def test_a_draft_whose_kind_nobody_knows_is_asked_for(ask: Asked) -> None:
    from docx import Document

    document = Document()
    document.add_paragraph("Kế hoạch cải tiến chất lượng giáo dục")
    said, _ = ask("draft", ("kế hoạch.docx", saved(document), "files"))
    assert said["refused"]["vi"].startswith("kế hoạch.docx: ")
    assert "cấp học" in said["refused"]["vi"]


def test_uploads_keep_their_names_and_never_leave_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = ["a.xlsx", "a.xlsx", "x/a.xlsx", "a.xlsx/b", "../../c.xlsx", "/d.xlsx", "..", "e\\f"]
    paths = lay_out([Upload(name, str(nth).encode()) for nth, name in enumerate(names)])
    assert [path.as_posix() for path in paths] == [
        *("a.xlsx", "2/a.xlsx", "x/a.xlsx", "3/a.xlsx/b"), *("c.xlsx", "d.xlsx", "_", "e/f"),
    ]  # fmt: skip
    assert all(path.resolve().is_relative_to(tmp_path.resolve()) for path in paths)
    assert [path.read_bytes() for path in paths] == [str(n).encode() for n in range(len(names))]


def test_the_command_writes_the_page_that_the_installation_has(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(built, "PAGE", tmp_path / "none.html")
    refused = run("page", "-o", tmp_path / "x.html")
    assert refused.exit_code == 2
    assert "make web" in refused.stderr
    monkeypatch.setattr(built, "PAGE", tmp_path / "page.html")
    (tmp_path / "page.html").write_bytes(b"<!doctype html>")
    assert "SHA-256" in run("page", "-o", tmp_path / "x.html").stdout
    assert (tmp_path / "x.html").read_bytes() == b"<!doctype html>"
    assert run("page", "-o", tmp_path / "x.xlsx").exit_code == 2


def test_no_secret_address_is_in_the_sources_of_the_page() -> None:
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text("utf-8"))
    assert all("resolved" not in entry for entry in lock["packages"].values())
    assert all(entry.get("integrity") for name, entry in lock["packages"].items() if name)
