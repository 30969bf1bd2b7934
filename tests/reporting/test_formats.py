"""Every format of a report: found by its file, safe with hostile texts, the same facts in each."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from kdcl_xl.reporting.as_csv import without_formula
from kdcl_xl.reporting.report import (
    DEFAULT_FORMAT,
    Column,
    Group,
    Kind,
    Report,
    Table,
    Value,
    formats,
    render,
)
from macros_free_validation.rule import Severity
from tests.build import good_task, layout_of, make_plan, write_workbook
from tests.cli.test_injection import DANGEROUS, ESCAPES, MARK, hostile_plan
from tests.conftest import ROOT, Run
from workbook_templates.text import Language, Text

HOSTILE = (
    *DANGEROUS,
    *ESCAPES,
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</td></table></style><style>*{display:none}",
    "&lt;b&gt;",
    'x";=1+1',
    "x; =1+1",
    "x\t=1+1",
    "x\n=1+1",
    "một\r\nhai",
)


@dataclass(frozen=True)
class Sample(Report):
    """A report of one group whose every text is hostile."""

    texts: tuple[str, ...] = HOSTILE
    language: Language = Language.VI

    title = Text("Tiêu đề <b>", "Title <b>")

    @property
    def summary(self) -> str:
        return "<i>"

    @property
    def records(self) -> Mapping[str, Any]:
        return {"texts": list(self.texts)}

    @property
    def lines(self) -> Iterator[str]:
        return iter(self.texts)

    @property
    def table(self) -> Table:
        columns = (
            Column(Text("Trang", "Sheet"), Kind.SECTION, Text("Cả tệp", "The whole file")),
            Column(Text("Mức độ", "Severity")),
            Column(Text("Chữ", "Text")),
            Column(Text("Số", "Number")),
        )
        rows: list[tuple[Value, ...]] = [(t, Severity.ERROR, t, -2.0) for t in self.texts]
        rows.append((None, Severity.NOTE, None, 0.5))
        subjects = (Column(Text("Tệp", "File"), Kind.PATH), Column(Text("Tên", "Name")))
        return Table(columns, (Group((f"/nơi/khác/{MARK}.xlsx", ""), tuple(rows)),), subjects)


class Page(HTMLParser):
    """The tags, attributes and texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.cells: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_format_is_a_file() -> None:
    modules = {p.stem for p in (ROOT / "kdcl_xl" / "reporting").glob("as_*.py")}
    assert {f"as_{name}" for name in formats()} == modules
    assert formats()[0] == DEFAULT_FORMAT


@pytest.mark.parametrize("name", formats())
@pytest.mark.parametrize("language", Language)
def test_every_format_ends_its_last_line_and_controls_no_terminal(
    name: str, language: Language
) -> None:
    text = render(Sample(language=language), name)
    assert text.endswith("\n")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert MARK not in render(Sample(texts=()), name).replace(f"{MARK}.xlsx", "")


def test_json_keeps_every_text() -> None:
    assert json.loads(render(Sample(), "json")) == {"texts": list(HOSTILE)}


def test_csv_holds_no_formula_whatever_parts_its_cells() -> None:
    text = render(Sample(), "csv")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert rows[0] == ["Tệp", "Tên", "Trang", "Mức độ", "Chữ", "Số"]
    assert {row[3] for row in rows[1:]} == {"Lỗi", "Lưu ý"}
    assert [row[5] for row in rows[1:]] == ["-2"] * len(HOSTILE) + ["0.5"]
    for row in rows[1:]:
        assert not [c for c in row[:5] if c.startswith(("=", "+", "-", "@", "\t", "\r"))]
    # As Excel reads the file where cells are parted by semicolons or tabs.
    for piece in re.split(r"[;\t\n]", text):
        assert not re.match(r'[ "]*[=+@-]', piece), piece


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1", "'=1"),
        (" =1", " '=1"),
        ("a;=1", "a;'=1"),
        ('a; "-1', "a; \"'-1"),
        ("a\t@b", "a\t'@b"),
        ("\tx", "'\tx"),
        ("Tổ A; tổ B - C", "Tổ A; tổ B - C"),
        ("a=1", "a=1"),
        ("'=1", "'=1"),
        ("", ""),
    ],
)
def test_formulas_in_csv(text: str, written: str) -> None:
    assert without_formula(text) == written


@pytest.mark.parametrize("language", Language)
def test_a_page_is_its_own_and_holds_texts_only(language: Language) -> None:
    text = render(Sample(language=language), "html")
    page = Page(text)
    allowed = {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "section",
        "table", "thead", "tbody", "tr", "th", "td", "strong",
    }  # fmt: skip
    assert set(page.tags) <= allowed
    assert page.tags.count("style") == 1
    assert {name for name, _ in page.attributes} <= {
        "lang", "charset", "http-equiv", "content", "name", "class", "scope", "data-heading",
    }  # fmt: skip
    assert ("lang", str(language)) in page.attributes
    shown = "".join(page.texts)
    assert "<script>alert(1)</script>" in shown, "a text is shown as it was typed"
    assert "url(" not in text
    assert "@import" not in text
    assert "/nơi/khác" not in shown, "the folders of the sender are nobody's business"
    assert f"{MARK}.xlsx" in shown
    assert ("Cả tệp" if language is Language.VI else "The whole file") in shown
    assert ("class", "error") in page.attributes
    assert ("Lỗi" if language is Language.VI else "Error") in page.texts


def test_check_as_csv_and_html(run: Run, tmp_path: Path) -> None:
    layout = layout_of("2026")
    plan = make_plan(layout, tables={"plan": [{**good_task(layout), "lead": "=UBND; +xã"}]})
    (tmp_path / "nộp").mkdir()
    write_workbook(tmp_path / "nộp" / "a.xlsx", plan)
    (tmp_path / "nộp" / "b.xlsx").write_bytes(b"%PDF-1.7")
    given = ("check", tmp_path / "nộp", "--today", "2026-11-22")
    found = json.loads(run(*given, "--format", "json").output)["files"]
    text = run(*given, "--format", "csv").output
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert [row["Quy tắc"] for row in rows] == [f["rule"] for e in found for f in e["findings"]]
    assert [row["Ô"] for row in rows] == [f["cell"] or "" for e in found for f in e["findings"]]
    assert rows[0]["Mã trường"] == "00790125"
    assert rows[-1]["Quy tắc"] == "KD022"
    target = tmp_path / "bc.html"
    written = run("--lang", "en", *given, "--format", "html", "-o", target)
    assert written.exit_code == 1
    page = target.read_text("utf-8")
    assert '<html lang="en">' in page
    assert "Findings in quality-improvement plans" in page
    assert "22/11/2026" in page
    assert all(f["rule"] in page for e in found for f in e["findings"])
    target = tmp_path / "bc.csv"
    assert run(*given, "--format", "csv", "-o", target).exit_code == 1
    assert target.read_bytes() == text.encode(), "the same mark, the same lines"


@pytest.mark.parametrize("name", formats())
def test_a_hostile_plan_in_every_format(run: Run, tmp_path: Path, name: str) -> None:
    hostile_plan(tmp_path / "nộp", HOSTILE)
    shown = run("check", tmp_path / "nộp", "--format", name).output
    assert MARK in shown
    if name == "html":
        assert "script" not in Page(shown).tags
    if name == "csv":
        for piece in re.split(r"[;\t\n]", shown):
            assert not re.match(r'[ "]*[=+@-]', piece), piece


@pytest.mark.parametrize("name", formats())
@pytest.mark.parametrize(
    "command",
    ["rules", "rules KD3", "regulations", "form --kind thcs --school-year 2026-2027"],
)
def test_every_command_reports_in_every_format(run: Run, name: str, command: str) -> None:
    result = run(*command.split(), "--format", name)
    assert result.exit_code == 0
    assert result.output.count("\n") > 3


def test_status_in_every_format(run: Run, tmp_path: Path) -> None:
    samples = ROOT / "samples"
    given = ("status", samples / "workbooks", "--schools", samples / "schools.csv")
    for name in formats():
        assert "00790125" in run(*given, "--format", name).output
