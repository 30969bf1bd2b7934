"""Text from schools stays text in every output, and links are only our own."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import openpyxl
import pytest

from kdcl_xl.reporting.report import formats
from kdcl_xl.xlsx.bounds import SAFE
from kdcl_xl.xlsx.package import Meter
from kdcl_xl.xlsx.strings import Strings
from tests.build import SCHOOL, good_task, layout_of, make_plan, write_workbook
from tests.cli.commands import commands_with
from tests.conftest import Run
from tests.importing.layouts import add_row, grid, head, saved
from tests.importing.tasks import synthetic_plan
from workbook_templates.declare import Type

pytestmark = pytest.mark.slow

MARK = "zq7"
"""In every dangerous text, so that it is found again wherever it goes."""
DANGEROUS = (
    f"=1+{MARK}",
    f'=HYPERLINK("http://{MARK}.example/","Bấm")',
    f"+{MARK}|' /C calc'!A0",
    f"-2+3+{MARK}",
    f"@SUM({MARK})",
    f"\t={MARK}",
    f"\r={MARK}",
    f"http://{MARK}.example/x",
    f"file:///etc/{MARK}",
    f"mailto:{MARK}@example.org",
    f"internal:{MARK}!A1",
    f"{{={MARK}}}",
    f"'={MARK}",
)


def hostile_plan(folder: Path, texts: tuple[str, ...] = DANGEROUS) -> Path:
    """A returned file that says something dangerous wherever a text can be typed."""
    layout = layout_of("2026", rows=20)
    plan = layout.sheet("plan")
    free = [c.field for c in plan.columns if not c.column.locked and c.column.type is Type.TEXT]
    rows = [
        {**good_task(layout, n), **dict.fromkeys(free, text), "lead": text}
        for n, text in enumerate(texts)
    ]
    cover = layout.sheet("cover")
    cells = {
        c.field: texts[n % len(texts)]
        for n, c in enumerate(cover.cells)
        if not c.cell.locked and c.cell.type is Type.TEXT and c.field != "school_code"
    }
    problems = [{"current_state": text, "weakness": text, "cause": text} for text in texts]
    units = [{"unit": text} for text in texts]
    made = make_plan(
        layout,
        cover={**cells, "school_name": f"={MARK} Trường"},
        tables={"plan": rows, "problems": problems, "lists": units},
    )
    folder.mkdir(exist_ok=True)
    return write_workbook(folder / f"={MARK}.xlsx", made)


def parts_of(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def assert_only_text(path: Path) -> None:
    """A workbook in which what schools typed is no formula and no link."""
    parts = parts_of(path.read_bytes())
    shared = Strings(parts["xl/sharedStrings.xml"].encode(), "", Meter(SAFE)).texts
    assert any(MARK in text for text in shared), "the texts did not get here"
    for name, xml in parts.items():
        if name.startswith("xl/worksheets/sheet") or name == "xl/workbook.xml":
            for formula in re.findall(r"<(?:f|definedName|formula\d?)\b[^>]*>([^<]*)", xml):
                assert MARK not in formula, f"{name}: {formula[:200]}"
            assert MARK not in "".join(re.findall(r"<hyperlink\b[^>]*>", xml)), name
        if name.endswith(".rels"):
            assert "External" not in xml, name
        if name.startswith(("xl/charts", "docProps")):
            assert f"={MARK}" not in unescape("".join(re.findall(r"<c:f>[^<]*", xml)))


def issued_with_names(run: Run, folder: Path) -> Iterator[Path]:
    listing = folder / "ds.csv"
    lines = [f'0{n},"{name}",thcs,"{name}","{name}"' for n, name in enumerate(_one_line())]
    listing.write_text("code,name,kind,authority,address\n" + "\n".join(lines), "utf-8")
    year = ("--school-year", "2026-2027", "--rows", "10")
    assert run("template", "--schools", listing, *year, "-o", folder / "mau").exit_code == 0
    yield from (folder / "mau").glob("*.xlsx")


def _one_line() -> Iterator[str]:
    return (text.replace('"', '""').strip() for text in DANGEROUS[:4])


def merged(run: Run, folder: Path) -> Iterator[Path]:
    hostile_plan(folder / "nộp")
    target = folder / "tong-hop.xlsx"
    assert run("merge", folder / "nộp", "-o", target).exit_code == 0
    yield target
    assert run("merge", folder / "nộp", "-o", target).exit_code == 0  # with what was remembered
    yield target


def migrated(run: Run, folder: Path) -> Iterator[Path]:
    """From a file with formulas in inputs, notes and texts outside them, too."""
    path = hostile_plan(folder / "nộp")
    book = openpyxl.load_workbook(path)
    ws = book["Kế hoạch"]
    ws["W3"] = f"@{MARK} ngoài bảng"
    ws["S6"] = f'=HYPERLINK("http://{MARK}.example/","x")'
    ws["S7"].hyperlink = f"http://{MARK}.example/"
    book.create_sheet("Ghi chép")["A1"] = f"+{MARK}"
    book.save(path)
    assert run("migrate", path, "-o", folder / "moi.xlsx").exit_code in (0, 1)
    yield folder / "moi.xlsx"


def sent_back(run: Run, folder: Path) -> Iterator[Path]:
    path = hostile_plan(folder / "nộp")
    assert run("merge", path, "-o", folder / "d.xlsx").exit_code == 0
    sent = run("feedback", folder / "d.xlsx", path, "-o", folder / "lại.xlsx")
    assert sent.exit_code == 0, sent.output
    yield folder / "lại.xlsx"


def combined(run: Run, folder: Path) -> Iterator[Path]:
    path = hostile_plan(folder / "nộp")
    other = path.with_name("phần.xlsx")
    book = openpyxl.load_workbook(path)
    book["Kế hoạch"]["W3"] = f"@{MARK} ngoài bảng"
    book.save(other)
    assert run("combine", path, other, "-o", folder / "gop.xlsx").exit_code in (0, 1)
    yield folder / "gop.xlsx"


def drawn(run: Run, folder: Path) -> Iterator[Path]:
    path = hostile_plan(folder / "nộp")
    assert run("document", path, "-o", folder / "van-ban.docx").exit_code == 0
    yield folder / "van-ban.docx"


def reported(run: Run, folder: Path) -> Iterator[Path]:
    path = hostile_plan(folder / "nộp")
    assert run("merge", path, "-o", folder / "d.xlsx").exit_code == 0
    assert run("report", folder / "d.xlsx", "-o", folder / "ra").exit_code == 0
    yield from (folder / "ra" / "phieu-truong").glob("*.docx")


def imported(run: Run, folder: Path) -> Iterator[Path]:
    document = head(synthetic_plan("2018", 0, 1))
    for text in DANGEROUS:
        document.add_paragraph(text)
    headings = "Tiêu chí | Kết quả cần đạt | Giải pháp | Chủ trì | Thời gian | Kinh phí | Ghi chú"
    table = grid(document, headings)
    for text in DANGEROUS:
        add_row(table, [text] * 7)
    path = folder / "ke-hoach.docx"
    path.write_bytes(saved(document))
    said = run("import", path, "-o", folder / "nhap.xlsx")
    assert said.exit_code == 0, said.output
    yield folder / "nhap.xlsx"


WORKBOOKS = {
    "template": issued_with_names,
    "merge": merged,
    "migrate": migrated,
    "feedback": sent_back,
    "combine": combined,
    "import": imported,
}
"""Every command that writes workbooks: a new one is one more line."""
DOCUMENTS = {"document": drawn, "report": reported}
"""Every command that writes Word documents."""


def test_every_command_that_writes_workbooks_is_here() -> None:
    wanted = commands_with("output") - commands_with("output_format") - {"page"}  # a finished file
    assert wanted == {*WORKBOOKS, *DOCUMENTS}, "a command that writes needs a line in a table"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_in_documents(run: Run, tmp_path: Path, name: str) -> None:
    """A text of a school is text in Word: no field, no link, nothing from outside."""
    paths = list(DOCUMENTS[name](run, tmp_path))
    assert paths
    for path in paths:
        parts = parts_of(path.read_bytes())
        assert MARK in parts["word/document.xml"]
        fields = re.findall(r"<w:instrText[^>]*>([^<]*)", "".join(parts.values()))
        assert fields == [" PAGE "]
        for part, xml in parts.items():
            assert "External" not in xml, part
            assert "<w:hyperlink" not in xml, part


def test_in_tables(run: Run, tmp_path: Path) -> None:
    """What a spreadsheet program makes of each field of the CSV files is a text."""
    hostile_plan(tmp_path / "nộp")
    merged_to = run("merge", tmp_path / "nộp", "-o", tmp_path / "d.xlsx", "--format", "csv")
    assert merged_to.exit_code == 0, merged_to.output
    fields = [
        field
        for path in tmp_path.rglob("*.csv")
        if path.is_file()
        for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
        for field in row
    ]
    assert any(MARK in field for field in fields)
    assert not [f for f in fields if MARK in f and f.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize("name", WORKBOOKS)
def test_in_workbooks(run: Run, tmp_path: Path, name: str) -> None:
    paths = list(WORKBOOKS[name](run, tmp_path))
    assert paths
    for path in paths:
        assert_only_text(path)


TEXTS = {
    "check": ("check", "@/nộp"),
    "status": ("status", "@/nộp", "--schools", "@/ds.csv"),
}
"""Every command that reports on files, ``@`` being the folder: a new one is one more line."""
PRINTING = {
    "merge": ("merge", "@/nộp", "-o", "@/t.xlsx"),
    **{
        f"{name}, {kind}": (*words, "--format", kind)
        for name, words in TEXTS.items()
        for kind in formats()
    },
}


def test_every_command_that_reports_on_files_is_here() -> None:
    wanted = commands_with("output_format") & commands_with("paths")
    assert wanted == set(TEXTS), "a command that reports on files needs a line in TEXTS"


ESCAPES = ("\x1b[2J\x1b[31m" + MARK, f"\x07{MARK}\x08\x08", f"\x9b31m{MARK}", f"\u202e{MARK}")
"""What takes hold of a terminal, or turns the order of letters around."""


@pytest.mark.parametrize("name", PRINTING)
def test_nothing_takes_hold_of_the_terminal(run: Run, tmp_path: Path, name: str) -> None:
    hostile_plan(tmp_path / "nộp", ESCAPES)
    name_of_school = ESCAPES[0].replace("\x1b", "\x9b")
    (tmp_path / "ds.csv").write_text(f"code,name,kind\n1,{name_of_school},thcs\n", "utf-8")
    words = (word.replace("@", str(tmp_path)) for word in PRINTING[name])
    result = run(*words)
    assert MARK in result.output or name == "merge"
    if name.startswith("check") and name != "check, text":  # it quotes no text of such a cell
        assert re.search(r"\\u(00|20)[0-9a-f]{2}", result.output), "not even spelt out"
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", result.output)


def test_a_school_renamed_to_a_formula_is_still_found(run: Run, tmp_path: Path) -> None:
    """The name is text in each sheet, and the links to its rows are ours."""
    school = dataclasses.replace(SCHOOL, name="=1+1")
    layout = layout_of("2026")
    plan = make_plan(layout, school=school, tables={"plan": [good_task(layout)]})
    write_workbook(tmp_path / "a.xlsx", plan, school)
    assert run("merge", tmp_path / "a.xlsx", "-o", tmp_path / "d.xlsx").exit_code == 0
    for ws in openpyxl.load_workbook(tmp_path / "d.xlsx").worksheets:
        for row in ws.iter_rows():
            for cell in row:
                if cell.value == "=1+1":
                    assert cell.data_type == "s", f"{ws.title}!{cell.coordinate}"
                if cell.hyperlink:
                    assert not cell.hyperlink.target, f"{ws.title}!{cell.coordinate}"


def test_who_saved_a_file_is_told_nowhere(run: Run, tmp_path: Path) -> None:
    """A program writes its user's name into each file; the form asks for no names."""
    layout = layout_of("2026", rows=10)
    path = write_workbook(tmp_path / "a.xlsx", make_plan(layout, cover={"signer": None}))
    book = openpyxl.load_workbook(path)
    book.properties.creator = book.properties.lastModifiedBy = f"Nguyễn {MARK}"
    book.save(path)
    assert MARK in parts_of(path.read_bytes())["docProps/core.xml"]
    (tmp_path / f"~$x-{MARK}.xlsx").write_bytes(f"\x05Nguyễn {MARK}".encode())
    made = [tmp_path / name for name in ("d.xlsx", "moi.xlsx", "lai.xlsx")]
    said = [run("check", path), run("check", path, "--format", "json")]
    said.append(run("merge", path, "-o", made[0]))
    said.append(run("migrate", path, "-o", made[1]))
    said.append(run("feedback", made[0], path, "-o", made[2]))
    assert not [result.output for result in said if MARK in result.output]
    for output in made:
        assert not [name for name, xml in parts_of(output.read_bytes()).items() if MARK in xml]
