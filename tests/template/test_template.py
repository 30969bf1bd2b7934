"""The template as a file: locked, macro-free, within Excel's limits, always the same."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from kdcl_xl.schools import School
from kdcl_xl.template.issue import initial_plan, layout_from, template_bytes
from kdcl_xl.xlsx.writer import LONGEST_ERROR, LONGEST_PROMPT, LONGEST_TITLE, units_of
from macros_free_validation.judge import judge
from macros_free_validation.rules import BY_ID
from tests.build import KINDS, THCS
from tests.conftest import Run
from workbook_templates.layout import Layout
from workbook_templates.regulation import builtin_catalogue
from workbook_templates.school_kind import SchoolKind
from workbook_templates.school_year import SchoolYear

CASES = [
    (kind, year)
    for kind in KINDS.values()
    for year in ("2020-2021", "2026-2027")
    if builtin_catalogue().choose(kind, SchoolYear.parse(year))
]
EVERYDAY = (THCS,)
"""Kinds whose templates `make quick` opens; `make test` opens all that differ."""


def _of_each_layout() -> Iterator[tuple[SchoolKind, str]]:
    found = set()
    for kind, year in sorted(CASES, key=lambda case: case[0] not in EVERYDAY):
        regulation = builtin_catalogue().choose(kind, SchoolYear.parse(year))
        assert regulation is not None
        # The cover asks a kind without known levels for them.
        if (layout := (regulation.id, kind.is_open)) not in found:
            found.add(layout)
            yield kind, year


DIFFERENT = tuple(_of_each_layout())
"""A kind and year for each layout; the templates of the others differ from these in texts alone."""
SHEETS = [
    "Hướng dẫn", "Thông tin", "Tự đánh giá", "Kế hoạch", "Theo dõi", "Danh mục", "Kiểm tra",
]  # fmt: skip


@cache
def make(kind: SchoolKind, year: str) -> tuple[Layout, bytes]:
    period = SchoolYear.parse(year)
    layout = layout_from(builtin_catalogue(), kind, period)
    return layout, template_bytes(layout, School("001", "Trường A", kind), period)


@cache
def opened(kind: SchoolKind, year: str) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(make(kind, year)[1]))


@pytest.mark.parametrize(
    ("kind", "year"),
    [
        pytest.param(*case, marks=[] if case[0] in EVERYDAY else [pytest.mark.slow])
        for case in DIFFERENT
    ],
)
def test_template(kind: SchoolKind, year: str) -> None:
    layout, content = make(kind, year)
    assert len(content) < 150_000
    book = opened(kind, year)
    shown = [ws.title for ws in book if ws.sheet_state == "visible"]
    assert [name for name in shown if name in SHEETS] == SHEETS
    more = {"Bản in"} | ({"Vấn đề"} if layout.form.id == "2026" else set())
    assert set(shown) - set(SHEETS) == more
    assert len(shown) <= 9
    assert [ws.title for ws in book if ws.sheet_state == "veryHidden"] == ["_kdcl"]
    _protection_leaves_what_does_no_harm(book)
    _only_inputs_are_unlocked(book, layout)
    _validations_are_sound(book)
    _every_input_has_a_message(book, layout)
    _opens_where_to_start(book, layout)


_TEXTS = re.compile(r">[^<]+<|(?<= ht=)\"[0-9.]+\"")
"""Contents of elements (texts, values, formulas), and heights of rows, which follow the texts."""


def _without_texts(content: bytes) -> dict[str, str]:
    """Return the parts of a workbook without texts; a cell with a text equals a blank one.

    The shared strings are left out: they are texts.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name != "xl/sharedStrings.xml"]
        parts = {name: archive.read(name).decode("utf-8") for name in names}
    bare = {name: _TEXTS.sub("><", part) for name, part in parts.items()}
    return {
        name: part.replace(' t="str"', "").replace(' t="s"><v></v></c>', "/>")
        for name, part in bare.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "year"), [case for case in CASES if case not in DIFFERENT])
def test_a_template_differs_from_that_of_its_layout_in_texts_alone(
    kind: SchoolKind, year: str
) -> None:
    layout, content = make(kind, year)
    (other,) = [
        found
        for found in DIFFERENT
        if make(*found)[0].regulation == layout.regulation and found[0].is_open == kind.is_open
    ]
    assert _without_texts(content) == _without_texts(make(*other)[1])


@pytest.mark.parametrize(("kind", "year"), CASES[-2:])
def test_the_same_arguments_give_the_same_bytes(kind: SchoolKind, year: str) -> None:
    assert make.__wrapped__(kind, year) == make(kind, year)


def _every_input_has_a_message(book: Workbook, layout: Layout) -> None:
    for sheet in layout.sheets:
        rules = book[sheet.name].data_validations.dataValidation
        told = {area.coord: rule for rule in rules for area in rule.sqref.ranges}
        # A column whose heading says everything has no prompt.
        columns = [c for c in sheet.columns if not c.column.locked and c.column.help.vi]
        wanted = {f"{c.letter}{sheet.first_row}:{c.letter}{sheet.last_row}" for c in columns}
        # The cells of a small table have its headings.
        cells = [] if sheet.sheet.grid else [c for c in sheet.cells if c.cell.help.vi]
        wanted |= {c.ref for c in cells if sheet.key == "cover" or not c.cell.locked}
        assert wanted <= set(told), sheet.name
        for rule in told.values():
            assert rule.showInputMessage
            offered_only = "levels" in str(rule.formula1)  # typed in several ways: rules judge
            assert rule.type is None or rule.showErrorMessage or offered_only, sheet.name
            assert bool(rule.error) is (rule.type is not None and not offered_only), sheet.name


def _opens_where_to_start(book: Workbook, layout: Layout) -> None:
    assert book.active is not None
    assert book.active.title == "Hướng dẫn"
    for sheet in layout.sheets:
        ws = book[sheet.name]
        if not sheet.cells and not sheet.columns:
            continue
        pane = ws.sheet_view.pane
        assert pane is not None
        cursor = next(s for s in ws.sheet_view.selection if s.pane == pane.activePane)
        assert not ws[cursor.activeCell].protection.locked, sheet.name
        assert ws.freeze_panes
        assert 80 <= (ws.sheet_view.zoomScale or 100) <= 100


SCREEN_WIDTH, SCREEN_HEIGHT = 1320, 480
"""Pixels that a sheet has on a screen of 1366 x 768, with the ribbon open."""


@pytest.mark.parametrize("year", ["2020-2021", "2026-2027"])
def test_the_guide_is_one_screen(year: str) -> None:
    ws = opened(THCS, year)["Hướng dẫn"]
    zoom = (ws.sheet_view.zoomScale or 100) / 100
    heights = [ws.row_dimensions[row].height or 15 for row in range(1, ws.max_row + 1)]
    widths = [dimension.width for dimension in ws.column_dimensions.values()]
    assert sum(heights) * 4 / 3 * zoom <= SCREEN_HEIGHT
    assert sum(width * 7 + 5 for width in widths) * zoom <= SCREEN_WIDTH
    link = ws[ws.sheet_view.selection[0].activeCell].hyperlink
    assert link is not None
    assert link.location == "'Thông tin'!C4"


@pytest.mark.parametrize(("kind", "year"), CASES)
def test_a_fresh_cover_proposes_its_texts(kind: SchoolKind, year: str) -> None:
    period = SchoolYear.parse(year)
    layout = layout_from(builtin_catalogue(), kind, period)
    plan = initial_plan(layout, kind, period, School("001", "A", kind, "Phòng VH-XH xã A"))
    passages = [c.field for c in layout.sheet("cover").cells if c.cell.lines > 1]
    assert all(plan.text(field) for field in passages)
    assert "Phòng VH-XH xã A" in plan.text("recipients")
    assert layout.regulation.number in plan.text("legal_bases")
    asked = ("plan_number", "issue_date", "ownership")
    missing = {f"cover.{n}_missing" for n in asked if layout.sheet("cover").has_cell(n)}
    missing |= {"cover.levels_taught_unclear"} if kind.is_open else set()
    assert plan.text("signer") == kind.head.vi
    found = {rule.rule for rule in judge(plan, period.start) if rule.rule.startswith("KD1")}
    assert {BY_ID[rule].name for rule in found} == missing


def _protection_leaves_what_does_no_harm(book: Workbook) -> None:
    assert not book["Bản in"].protection.sheet, "the print-out is the school's own"
    for ws in (ws for ws in book if ws.title != "Bản in"):
        lock = ws.protection
        assert lock.sheet
        assert not lock.password, "no password is ever needed"
        allowed = (lock.formatColumns, lock.formatRows, lock.autoFilter)
        assert allowed == (False, False, False), "an attribute says what is forbidden"
        assert all((lock.insertRows, lock.deleteRows, lock.insertColumns, lock.deleteColumns))
        # Sorting some columns of a plan would tear its rows; units are one column.
        assert lock.sort == (ws.title != "Danh mục")


def _only_inputs_are_unlocked(book: Workbook, layout: Layout) -> None:
    for sheet in layout.sheets:
        ws = book[sheet.name]
        free = {c.coordinate for row in ws.iter_rows() for c in row if not c.protection.locked}
        expected = {
            sheet.ref(c.field, row)
            for c in sheet.columns
            for row in range(sheet.first_row, sheet.last_row + 1)
            if layout.offered(sheet, c.field, row)
        }
        expected |= {c.ref for c in sheet.cells if not c.cell.locked}
        spans = {r.coord for r in ws.merged_cells.ranges}
        hidden = {c for span in spans for row in ws[span] for c in (x.coordinate for x in row)}
        assert free - hidden == expected - hidden, sheet.name


def _validations_are_sound(book: Workbook) -> None:
    for ws in book:
        seen: set[tuple[int, int]] = set()
        for rule in ws.data_validations.dataValidation:
            assert units_of(rule.promptTitle or "") <= LONGEST_TITLE
            assert units_of(rule.errorTitle or "") <= LONGEST_TITLE
            assert units_of(rule.prompt or "") <= LONGEST_PROMPT
            assert units_of(rule.error or "") <= LONGEST_ERROR
            is_count = ws.title == "Tự đánh giá" and rule.type == "whole"  # its headings say all
            assert rule.prompt or rule.type == "list" or is_count, f"{ws.title} {rule.sqref}"
            if rule.type == "list":
                assert not rule.allow_blank
                name = rule.formula1.lstrip("=")
                assert name in book.defined_names, f"{name} must be a defined name"
            for area in rule.sqref.ranges:
                cells = set(area.cells)
                assert cells
                assert not cells & seen, f"validations overlap in {ws.title}"
                seen |= cells


def test_no_macro_no_link_nothing_volatile() -> None:
    for kind, year in CASES:
        with zipfile.ZipFile(io.BytesIO(make(kind, year)[1])) as archive:
            names = archive.namelist()
            xml = "".join(archive.read(n).decode("utf-8") for n in names if n.endswith(".xml"))
        assert not [n for n in names if "vba" in n.lower() or "externalLink" in n]
        for word in ("INDIRECT", "OFFSET", "NOW(", "TODAY(", "RAND", "FILTER(", "#REF!", "_xlfn"):
            assert word not in xml, word


def test_shared_formulas_are_whole() -> None:
    _, content = make(THCS, "2026-2027")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/sheet"):
                continue
            xml = archive.read(name).decode("utf-8")
            masters = set(re.findall(r'<f t="shared" ref="[^"]+" si="(\d+)">', xml))
            users = set(re.findall(r'<f t="shared" si="(\d+)"/>', xml))
            assert users <= masters


@pytest.mark.parametrize(
    "rows", [10, *(pytest.param(n, marks=pytest.mark.slow) for n in (120, 500))]
)
def test_rows(run: Run, tmp_path: Path, rows: int) -> None:
    out = tmp_path / "m.xlsx"
    result = run(
        "template", "--kind", "thcs", "--school-year", "2026-2027", "--rows", rows, "-o", out
    )
    assert result.exit_code == 0
    period = SchoolYear(2026, 2027)
    sheet = layout_from(builtin_catalogue(), THCS, period, rows).sheet("plan")
    assert sheet.row_count == rows
    ws = openpyxl.load_workbook(out)["Kế hoạch"]
    assert not ws[sheet.ref("task", sheet.last_row)].protection.locked
    assert ws[sheet.ref("task", sheet.last_row + 1)].protection.locked


def test_form_and_regulation_can_be_forced(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "m.xlsx"
    base = (
        *("template", "--kind", "thcs", "--school-year", "2026-2027"),
        *("--rows", "10", "-o", out),
    )
    assert run(*base, "--regulation", "tt18-2018").exit_code == 0
    assert "Kế hoạch" in openpyxl.load_workbook(out).sheetnames
    assert run(*base, "--form", "2018").exit_code == 0
    assert run(*base, "--regulation", "tt19-2018").exit_code == 2
    assert run(*base, "--regulation", "nope").exit_code == 2


@pytest.mark.parametrize("password", ["Mật-khẩu", "x" * 16, "a\tb"])
def test_a_password_that_would_not_unlock_is_refused(
    run: Run, tmp_path: Path, password: str
) -> None:
    """The first did not unlock the sheet in LibreOffice; Excel's hash knows 15 characters."""
    out = tmp_path / "m.xlsx"
    base = ("template", "--kind", "thcs", "--school-year", "2026-2027", "-o", out)
    result = run(*base, "--password", password)
    assert result.exit_code == 2
    assert not out.exists()


def test_district_of_templates(run: Run, tmp_path: Path) -> None:
    listing = tmp_path / "truong.csv"
    listing.write_text(
        "mã;tên;loại hình;địa chỉ\n"
        "001;Trường Mầm non Hoa Sen;mầm non;Xã A\n"
        '002;"Trường THCS ""Bình Minh"" / cơ sở 2";thcs;Xã B\n'
        "003;Trường THCS Ánh Dương;THCS;Xã C\n",
        "utf-8-sig",
    )
    folder = tmp_path / "phát mẫu"
    result = run(
        "template", "--schools", listing, "--school-year", "2026-2027", "--rows", "10",
        "--authority", "Phòng VH-XH xã A", "-o", folder,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    names = sorted(p.name for p in folder.iterdir())
    assert names == [
        "001_truong-mam-non-hoa-sen_2026-2027.xlsx",
        "002_truong-thcs-binh-minh-co-so-2_2026-2027.xlsx",
        "003_truong-thcs-anh-duong_2026-2027.xlsx",
    ]
    cover = openpyxl.load_workbook(folder / names[0])["Thông tin"]
    values = [cell.value for cell in cover["C"]]
    assert "001" in values
    assert "Phòng VH-XH xã A" in values


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("code,name,kind\n1,A,đại học\n", ":2"),
        ("code,name\n1,A\n", ":2"),
        ("code,name,kind\n,A,thcs\n", ":2"),
        ("code,name,kind\n", ":2"),
        ("", ":1"),
    ],
)
def test_a_wrong_list_of_schools_is_told_its_line(
    run: Run, tmp_path: Path, content: str, line: str
) -> None:
    listing = tmp_path / "schools.csv"
    listing.write_text(content, "utf-8")
    result = run(
        "template", "--schools", listing, "--school-year", "2026-2027", "-o", tmp_path / "out"
    )
    assert result.exit_code == 2
    assert f"{listing}{line}" in result.stderr
    assert not (tmp_path / "out").exists()
