"""Lists longer than a sheet: nothing is lost, found twice, or leads to the wrong place."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import re
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from kdcl_xl.district.hidden import sources
from kdcl_xl.district.hidden.read_log import read_log
from kdcl_xl.district.hidden.read_previous import read_previous
from kdcl_xl.district.sheets import flags, log, places
from kdcl_xl.district.sheets import heat as heat_module
from kdcl_xl.district.sheets.links import SCHOOLS, TASKS
from kdcl_xl.submission.identify import DistrictFile, identify_own
from kdcl_xl.template.stamp import ARCHIVE_SHEET, SOURCES_SHEET
from tests.build import SCHOOL, TODAY, good_task, layout_of, make_plan, write_workbook
from tests.conftest import Run

LAST_ROW = 10
HEADER = 3
ROOM = LAST_ROW - HEADER
SCHOOLS_GIVEN, TASKS_EACH = 8, 2
KEY, DECISION, NOTE = "Mã dòng (không sửa)", "Kết luận", "Ý kiến rà soát"
CODE = "Mã trường"


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nop")
    layout = layout_of("2026")
    for nth in range(SCHOOLS_GIVEN):
        school = dataclasses.replace(SCHOOL, code=f"00{nth}", name=f"Trường {nth}")
        rows = [{**good_task(layout, i), "lead": "UBND xã"} for i in range(TASKS_EACH)]
        rows = [{**row, "task": f"Việc {nth}.{i}"} for i, row in enumerate(rows)]
        plan = make_plan(layout, school=school, tables={"plan": rows})
        write_workbook(folder / f"{nth}.xlsx", plan, school)
    return folder


@pytest.fixture(autouse=True)
def short_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "LAST_ROW", LAST_ROW)
    monkeypatch.setattr(sources, "LONGEST_CELL", 100)


@pytest.fixture
def district(run: Run, returned: Path, tmp_path: Path) -> Path:
    target = tmp_path / "d.xlsx"
    assert run("merge", returned, "-o", target, "--today", TODAY, "--format", "csv").exit_code == 0
    return target


def sheets_of(book: Workbook, name: str) -> list[Worksheet]:
    return [ws for ws in book.worksheets if re.sub(r" \(\d+\)$", "", ws.title) == name]


def rows_of(ws: Worksheet) -> list[dict[str, object]]:
    heads, *rows = ws.iter_rows(min_row=HEADER, values_only=True)
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


def test_rows_continue_on_further_sheets_and_the_overview_says_so(
    run: Run, district: Path, returned: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(district, data_only=True)
    assert all(ws.max_row <= LAST_ROW for ws in sheets_of(book, TASKS.vi))
    parts = sheets_of(book, TASKS.vi)
    assert [ws.title for ws in parts] == ["Kế hoạch", "Kế hoạch (2)", "Kế hoạch (3)"]
    rows = [row for ws in parts for row in rows_of(ws)]
    wanted = [f"Việc {n}.{i}" for n in range(SCHOOLS_GIVEN) for i in range(TASKS_EACH)]
    assert [row["Công việc/giải pháp cần thực hiện"] for row in rows] == wanted
    assert [row["Mã dòng"] for row in rows] == list(range(1, len(wanted) + 1))
    for nth, ws in enumerate(parts, start=1):
        assert ws["A1"].value == f"CÔNG VIỆC CÁC TRƯỜNG (PHẦN {nth}/3)"
        assert ws.auto_filter.ref.endswith(str(ws.max_row))
        assert ws.freeze_panes == "C4"
    shown = {str(r[0].value): str(r[1].value) for r in book["Việc cần xử lý"].iter_rows(max_col=2)}
    assert shown["Danh sách «Kế hoạch»"].startswith("16 dòng, nhiều hơn số dòng của một trang")
    assert "«Kế hoạch (2)», «Kế hoạch (3)»" in shown["Danh sách «Kế hoạch»"]
    assert "Danh sách «Ghi chú khác»" not in shown
    english = tmp_path / "en.xlsx"
    assert run("merge", returned, "-o", english, "--lang", "en").exit_code == 0
    book = openpyxl.load_workbook(english)
    assert [ws.title for ws in sheets_of(book, TASKS.en)] == ["Plans", "Plans (2)", "Plans (3)"]
    shown = {str(r[0].value): str(r[1].value) for r in book["To do"].iter_rows(max_col=2)}
    assert shown["List 'Plans'"].startswith("16 rows, more than a sheet takes; continues on")


def test_totals_are_of_all_the_parts(district: Path) -> None:
    formulas = openpyxl.load_workbook(district)
    values = openpyxl.load_workbook(district, data_only=True)
    names = [ws.title for ws in sheets_of(values, TASKS.vi)]
    for name in names:
        budget = next(
            cell.column_letter
            for cell in values[name][HEADER]
            if cell.value == "Dự kiến kinh phí (đồng)"
        )
        assert values[name][f"{budget}2"].value == SCHOOLS_GIVEN * TASKS_EACH * 5_000_000
        formula = formulas[name][f"{budget}2"].value
        assert formula.count("SUBTOTAL(109,") == len(names)
        assert [other for other in names if f"'{other}'!" in formula] == [
            other for other in names if other != name
        ]
    overview = formulas["Vấn đề"]
    cells = [str(row[1].value) for row in overview.iter_rows(max_col=2)]
    counted = [formula for formula in cells if "COUNTIF" in formula]
    assert counted
    parts = sheets_of(values, flags.SHEET.name.vi)
    assert all(formula.count("COUNTIF") == len(parts) > 1 for formula in counted)


LINK = re.compile(r"MATCH\((\d+),'([^']+)'!\$(\w+):")
RANGE = re.compile(r"#'([^']+)'!A(\d+):A(\d+)\"")


def test_links_lead_to_the_right_part(district: Path) -> None:
    formulas = openpyxl.load_workbook(district)
    values = openpyxl.load_workbook(district, data_only=True)
    led = set()
    for ws in sheets_of(formulas, flags.SHEET.name.vi):
        heads = [cell.value for cell in ws[HEADER]]
        for row in ws.iter_rows(min_row=HEADER + 1):
            if row[heads.index("Mã trường")].value is None:  # the line of a school
                continue
            found = LINK.search(str(row[heads.index("Vị trí (bấm để đến dòng)")].value))
            assert found
            target = values[found[2]]
            (at,) = [c.row or 0 for c in target[found[3]] if c.value == int(found[1])]
            line = dict(zip([c.value for c in target[HEADER]], target[at], strict=True))
            assert line["Mã trường"].value == row[heads.index("Mã trường")].value
            assert str(line["Cờ"].value).startswith(str(row[heads.index("Quy tắc")].value))
            led.add(found[2])
    assert led == {"Kế hoạch", "Kế hoạch (2)", "Kế hoạch (3)"}
    split = []
    for ws in sheets_of(formulas, SCHOOLS.vi):
        heads = [cell.value for cell in ws[HEADER]]
        for row in ws.iter_rows(min_row=HEADER + 1):
            cell = str(row[heads.index("Đến các công việc")].value)
            found = RANGE.search(cell)
            assert found
            first = values[found[1]][f"A{found[2]}"].value
            assert first == row[heads.index("Mã trường")].value
            split += re.findall(r"dòng \d+-\d+; Kế hoạch \(2\): dòng 4-4", cell)
    assert len(split) == 1, "the fourth school's tasks are on two sheets"
    heat = formulas["Tiêu chí × Trường"]
    targets = {link.location for row in heat.iter_rows() for c in row if (link := c.hyperlink)}
    assert "'Trường (2)'!A4" in targets


def decide(path: Path) -> dict[str, str]:
    """Decide on the first and the last flag of each sheet of flags."""
    book = openpyxl.load_workbook(path)
    typed = {}
    for ws in sheets_of(book, flags.SHEET.name.vi):
        heads = [cell.value for cell in ws[HEADER]]
        rows = [
            r[0].row or 0 for r in ws.iter_rows(min_row=HEADER + 1) if r[heads.index(CODE)].value
        ]
        for row in {rows[0], rows[-1]}:
            ws.cell(row, heads.index(DECISION) + 1, "Chấp nhận")
            ws.cell(row, heads.index(NOTE) + 1, f"{ws.title} dòng {row}")
            key = str(ws.cell(row, heads.index(KEY) + 1).value)
            typed[key] = f"{ws.title} dòng {row}"
    book["Kế hoạch (3)"]["A12"] = "Hỏi lại trường"
    book.save(path)
    return typed


def test_decisions_on_every_part_are_taken_over(run: Run, district: Path, returned: Path) -> None:
    assert read_previous(district, TODAY).notes == ()
    typed = decide(district)
    assert len(typed) > 4
    for _ in range(2):  # and a merge of that merge
        memory = read_previous(district, TODAY)
        said = {line.key: line.typed.note for line in memory.lines if line.typed.note}
        assert said == typed
        assert [note.text for note in memory.notes] == ["Mã trường: Hỏi lại trường"]
        assert run("merge", returned, "-o", district, "--today", TODAY).exit_code == 0


@pytest.mark.slow
def test_log_tables_hidden_data_and_the_level_above(
    run: Run, district: Path, returned: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(district)
    parts = [ws for ws in book.worksheets if ws.title.startswith(ARCHIVE_SHEET)]
    assert len(parts) > 1
    assert all(ws.sheet_state == "veryHidden" for ws in (*parts, book[SOURCES_SHEET]))
    assert all(ws.max_row <= LAST_ROW for ws in parts)
    assert len(sheets_of(book, log.SHEET.name.vi)) > 1
    opened = identify_own(district)
    assert isinstance(opened, DistrictFile)
    logged = read_log(opened.workbook)
    assert logged is not None
    assert sorted({entry.digest for entry in logged}) == sorted(
        hashlib.sha256(path.read_bytes()).hexdigest() for path in returned.iterdir()
    )
    assert len(logged) == SCHOOLS_GIVEN
    with (tmp_path / "d.csv" / "Kế hoạch.csv").open(encoding="utf-8-sig") as stream:
        assert len(list(csv.reader(stream))) == 1 + SCHOOLS_GIVEN * TASKS_EACH
    above = tmp_path / "tren" / "x.xlsx"
    assert run("merge", district, "-o", above, "--today", TODAY).exit_code == 0
    rows = [r for ws in sheets_of(openpyxl.load_workbook(above), TASKS.vi) for r in rows_of(ws)]
    assert len(rows) == SCHOOLS_GIVEN * TASKS_EACH
    sent = run("feedback", district, returned, "-o", tmp_path / "gửi", "--today", TODAY)
    assert sent.exit_code == 0, sent.output
    assert len(list((tmp_path / "gửi").iterdir())) == SCHOOLS_GIVEN


def test_more_schools_than_columns_stand_below_each_other(
    run: Run, returned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "LAST_ROW", 1_048_576)
    monkeypatch.setattr(heat_module, "MOST_ACROSS", 5)
    target = tmp_path / "d.xlsx"
    assert run("merge", returned, "-o", target).exit_code == 0
    ws = openpyxl.load_workbook(target)["Tiêu chí × Trường"]
    assert ws.max_column == 3 + 5
    codes = [c.value for row in ws.iter_rows(min_col=4) for c in row if c.hyperlink]
    assert codes == [f"00{n}" for n in (0, 1, 2, 3, 4)] * 2 + [f"00{n}" for n in (5, 6, 7)] * 2
