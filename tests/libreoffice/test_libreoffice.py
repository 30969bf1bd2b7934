"""What the real LibreOffice makes of our workbooks, recalculated from nothing."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from kdcl_xl.checking.check import check_file
from kdcl_xl.checking.settings import Settings
from kdcl_xl.district.merge import merge
from kdcl_xl.reissue.feedback import plan_round
from kdcl_xl.reissue.feedback_copy import Copy, copy_of
from kdcl_xl.school_list.read import read_schools
from kdcl_xl.submission.model import AS_ISSUED
from kdcl_xl.submission.reading import read_submission
from macros_free_validation.judge import live_findings
from macros_free_validation.plan import Plan
from macros_free_validation.rule import Stage
from macros_free_validation.values import to_serial
from samples import describe
from samples.office import Office
from tests.build import TODAY, Value, good_plan, good_task, layout_of, make_plan, write_workbook
from workbook_templates.regulation import builtin_catalogue

pytestmark = pytest.mark.libreoffice


def recalculated(office: Office, source: Path, folder: Path) -> Workbook:
    copy, target = folder / f"ban-sao-{source.name}", folder / f"lai-{source.name}"
    copy.write_bytes(source.read_bytes())  # LibreOffice puts a lock file beside what it opens
    office.recalculate(copy, target)
    return openpyxl.load_workbook(target, data_only=True)


def said_by_python(plan: Plan) -> dict[tuple[str, int], str]:
    """The «Kiểm tra» text of each row and each cover cell, as the Python judge has it.

    A finding on a whole table has no such cell; the sheet «Kiểm tra» alone counts it.
    """
    said: dict[tuple[str, int], list[str]] = {}
    for finding in live_findings(plan):
        sheet = next(s for s in plan.layout.sheets if s.name == finding.sheet)
        field = str(finding.field)
        if not finding.row and not sheet.has_cell(field):
            assert sheet.has_column(field), finding
            continue
        row = finding.row or sheet.cell(field).row
        said.setdefault((sheet.name, row), []).append(finding.message.vi)
    return {key: " ".join(" ".join(texts).split()) for key, texts in said.items()}


def said_by_office(book: Workbook, plan: Plan) -> dict[tuple[str, int], str]:
    said = {}
    for sheet in plan.layout.sheets:
        if sheet.has_column("check"):
            letter = sheet.column("check").letter
            rows = [*(c.row for c in sheet.cells), *range(sheet.first_row, sheet.last_row + 1)]
        elif sheet.key == "cover":
            letter, rows = "D", [c.row for c in sheet.cells]
        else:
            continue
        for row in rows:
            text = book[sheet.name][f"{letter}{row}"].value
            if text:
                said[sheet.name, row] = " ".join(str(text).split())
    return said


@pytest.mark.parametrize("path", describe.sample_files(), ids=lambda p: p.stem)
def test_the_sheet_says_what_check_says(office: Office, tmp_path: Path, path: Path) -> None:
    source = describe.HERE / "workbooks" / f"{path.stem}.xlsx"
    plan = read_submission(source, builtin_catalogue()).plan
    assert plan is not None
    book = recalculated(office, source, tmp_path)
    assert said_by_office(book, plan) == said_by_python(plan)
    counts: dict[str, int] = {}
    for finding in live_findings(plan):
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
    shown = {
        str(row[0].value): int(str(row[4].value))
        for row in book["Kiểm tra"].iter_rows(min_row=10)
        if str(row[0].value).startswith("KD")
    }
    assert {rule: n for rule, n in shown.items() if n} == counts


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_cached_values_are_what_libreoffice_computes(
    office: Office, tmp_path: Path, form: str
) -> None:
    """A viewer that never recalculates must show the truth, in every cell."""
    layout = layout_of(form)
    rows: list[dict[str, Value]] = [
        good_task(layout, 0),
        {**good_task(layout, 1), "lead": "UBND xã, Hiệu trưởng", "budget": 81},
        {"criterion": "Tiêu chí 3. 5", "deadline": "tháng 5", "notes": "x" * 300},
    ]
    verdicts: list[Mapping[str, Value]] = [
        {"evidence": ("[H1-1.1-01]", "(MC 1)")[n % 2]}
        | {f"result_{level}": "Đạt" if n % 4 or level > 1 else "Không đạt" for level in c.levels}
        for n, c in enumerate(layout.regulation.criteria)
    ]
    reports: list[dict[str, Value]] = [{"progress_state": "Hoàn thành", "percent": 120}]
    plan = make_plan(
        layout,
        cover={
            "signer": None,
            "claimed_level": "Mức 1",
            "issue_date": "chưa rõ",
            "purpose": "GIỮ VỮNG ¶ " * 30,
        },
        cells={"self_assessment": {"claimed_total_1": 28, "claimed_met_1": 25}},
        tables={"plan": rows, "self_assessment": verdicts, "progress": reports},
    )
    source = write_workbook(tmp_path / "a.xlsx", plan)
    assert not differences(office, source, tmp_path)


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_print_outs_of_a_full_workbook(office: Office, tmp_path: Path, form: str) -> None:
    """Every row in use, every text long: the longest document there can be."""
    layout = layout_of(form)
    rows = [
        {**good_task(layout, n // 2), "task": "Việc dài, nhiều chữ. " * 40, "budget": 10.0**n + 0.5}
        for n in range(layout.sheet("plan").row_count)
    ]
    texts = {
        c.field: "Một đoạn dài;\n" * 9 for c in layout.sheet("cover").cells if c.cell.lines > 1
    }
    plan = make_plan(
        layout,
        cover={**texts, "issue_date": date(2027, 1, 5), "school_year": "2026 - 2029"},
        tables={"plan": rows},
    )
    source = write_workbook(tmp_path / "a.xlsx", plan)
    assert not differences(office, source, tmp_path)


def differences(office: Office, source: Path, folder: Path) -> list[tuple[object, ...]]:
    """Cells whose cached value is not what LibreOffice computes."""
    cached = openpyxl.load_workbook(source, data_only=True)
    computed = recalculated(office, source, folder)
    different: list[tuple[object, ...]] = []
    for ws in cached:
        for row in ws.iter_rows():
            for cell in row:
                now = computed[ws.title][cell.coordinate].value
                if isinstance(now, datetime):  # LibreOffice gives a formula's date its format
                    now = to_serial(now.date())
                if (cell.value or "") != (now or ""):
                    different.append((ws.title, cell.coordinate, cell.value, now))
    return different


def same(cached: object, computed: object) -> bool:
    """Equal, or equal in the 15 digits that LibreOffice writes."""
    if isinstance(cached, float) and isinstance(computed, int | float):
        return computed == pytest.approx(cached, rel=1e-14)
    return (cached or "") == (computed or "")


def test_the_district_workbook_holds_what_libreoffice_computes(
    office: Office, tmp_path: Path
) -> None:
    """Every sheet: the same values, no error; filters and links are still there."""
    source = tmp_path / "tong-hop.xlsx"
    settings = Settings(Stage.DISTRICT)
    schools = read_schools(describe.HERE / "schools.csv", builtin_catalogue()).schools
    merge(
        [describe.HERE / "workbooks"], source, builtin_catalogue(), TODAY, settings, schools=schools
    )
    cached = openpyxl.load_workbook(source, data_only=True)
    computed = recalculated(office, source, tmp_path)
    assert computed.sheetnames == cached.sheetnames
    different = []
    for ws in cached:
        now_ws = computed[ws.title]
        # LibreOffice takes a filter from its name, which a list with folded rows leaves out.
        is_folded = any((row.outlineLevel or 0) > 1 for row in ws.row_dimensions.values())
        assert now_ws.auto_filter.ref == (None if is_folded else ws.auto_filter.ref)
        for row in ws.iter_rows():
            for cell in row:
                now = now_ws[cell.coordinate]
                assert now.data_type != "e", (ws.title, cell.coordinate)
                assert bool(now.hyperlink) is bool(cell.hyperlink), (ws.title, cell.coordinate)
                if not same(cell.value, now.value):
                    different.append((ws.title, cell.coordinate, cell.value, now.value))
    assert not different
    with zipfile.ZipFile(source) as package:
        sheets = [package.read(n) for n in package.namelist() if n.startswith("xl/worksheets/s")]
    assert sum(xml.count(b"<f>") for xml in sheets) > 200


def test_no_error_value_in_a_fresh_template(office: Office, tmp_path: Path) -> None:
    for form in ("2018", "2026"):
        source = write_workbook(tmp_path / f"{form}.xlsx", good_plan(form, tasks=0))
        book = recalculated(office, source, tmp_path)
        errors = [
            (ws.title, cell.coordinate, cell.value)
            for ws in book
            for row in ws.iter_rows()
            for cell in row
            if cell.data_type == "e"
        ]
        assert not errors


def test_a_file_sent_back_shows_its_notes_and_comes_back_valid(
    office: Office, tmp_path: Path
) -> None:
    layout = layout_of("2026")
    plan = make_plan(layout, tables={"plan": [{**good_task(layout), "lead": "UBND xã"}]})
    catalogue, chosen = builtin_catalogue(), Settings(Stage.DISTRICT)
    book, sent, back = (tmp_path / name for name in ("so.xlsx", "gui.xlsx", "lai.xlsx"))
    source = write_workbook(tmp_path / "a.xlsx", plan)
    merge([source], book, catalogue, TODAY, chosen)

    def copy(path: Path) -> Copy:
        (asked,) = plan_round(book, [path], catalogue, TODAY, chosen).asked
        made = copy_of(asked, catalogue, TODAY, AS_ISSUED)
        assert isinstance(made, Copy)
        return made

    sent.write_bytes(copy(source).content)
    shown = recalculated(office, sent, tmp_path)
    (tmp_path / f"lai-{sent.name}").rename(back)
    errors = [c for ws in shown for row in ws.iter_rows() for c in row if c.data_type == "e"]
    assert not errors
    first = layout.sheet("plan").ref("lead", layout.sheet("plan").first_row)
    note = shown["Kế hoạch"][first].comment
    assert note is not None
    assert "UBND xã" in note.text
    assert "Cách xử lý" in note.text
    assert shown["Yêu cầu sửa"]["C5"].value == first
    assert (
        check_file(back, catalogue, TODAY).findings == check_file(sent, catalogue, TODAY).findings
    )
    again = copy(back)
    assert not again.left, "what LibreOffice saved of our words is ours"
    assert again.content == sent.read_bytes()
