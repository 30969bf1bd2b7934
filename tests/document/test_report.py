"""The report and the pages of schools: every figure is the workbook's, and each page is one."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.table import Table

from kdcl_xl.checking.settings import Settings
from kdcl_xl.demo.run import DEMO_DAY, samples_folder
from kdcl_xl.district.open_again import open_again
from kdcl_xl.district.sheets.blocks import Unit
from kdcl_xl.district.sheets.overview import SHEETS as PAGES
from kdcl_xl.document.report_blocks import shown
from macros_free_validation.rule import Stage
from tests.conftest import Run, run_command
from tests.opened import sheet_in
from workbook_templates.regulation import builtin_catalogue
from workbook_templates.text import Language

Cells = list[list[object]]


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the authority workbook of the samples, with decisions typed since its merge."""
    folder = tmp_path_factory.mktemp("bao-cao")
    samples = samples_folder()
    target = folder / "so.xlsx"
    given = ("merge", samples / "workbooks", "--schools", samples / "schools.csv", "-o", target)
    more = ("--today", DEMO_DAY.isoformat(), "--authority", "Phòng Văn hóa - Xã hội")
    result = run_command(*given, *more)
    assert result.exit_code == 0, result.output
    book = openpyxl.load_workbook(target)
    ws = book["Cờ"]
    heads = [cell.value for cell in ws[3]]
    rows = [r for r in ws.iter_rows(4) if r[heads.index("Nhóm (không sửa)")].value is not None]
    for row in rows[:4]:
        row[heads.index("Kết luận")].value = "Yêu cầu sửa"
    book.save(target)
    assert run_command(*given, *more).exit_code == 0
    return target


def blocks_of(path: Path) -> Iterator[tuple[str, list[str], Cells]]:
    """Yield the sheet, the headings and the lines of every block on the overview's pages."""
    book = openpyxl.load_workbook(path, data_only=True)
    for page in PAGES:
        rows: Cells = []
        heads: list[str] = []
        for row in book[page.name.vi].iter_rows(min_row=2):
            values: list[object] = [cell.value for cell in row]
            is_head = row[0].font.color is not None and row[0].font.color.rgb == "FFFFFFFF"
            if is_head or values[0] is None:
                if heads and rows:
                    yield page.name.vi, heads, rows
                heads, rows = ([str(v) for v in values if v] if is_head else []), []
            elif heads:
                rows.append(values[: len(heads)])
        if heads and rows:
            yield page.name.vi, heads, rows


def table(path: Path, sheet: str) -> list[dict[str, object]]:
    values = list(sheet_in(path, sheet, data_only=True).iter_rows(values_only=True))
    top = next(n for n, row in enumerate(values) if row[0] in ("Mã trường", "TT"))
    heads = list(map(str, values[top]))
    return [dict(zip(heads, row, strict=True)) for row in values[top + 1 :] if any(row)]


def block(path: Path, title: str) -> dict[object, list[object]]:
    rows = next(rows for _, heads, rows in blocks_of(path) if heads[0].startswith(title))
    return {row[0]: row[1:] for row in rows}


def number(value: object) -> float:
    assert isinstance(value, int | float), value
    return float(value)


@pytest.mark.slow
def test_every_figure_of_the_pages_is_that_of_the_tables(merged: Path) -> None:
    schools, plans = table(merged, "Trường"), table(merged, "Kế hoạch")
    flags = [row for row in table(merged, "Cờ") if row["Nhóm (không sửa)"] is not None
             and number(row["Nhóm (không sửa)"]) >= 0]  # fmt: skip
    states = Counter(row["Tình trạng"] for row in schools)
    by_state = block(merged, "Trường (trong danh sách")
    assert {k: v[0] for k, v in by_state.items() if k in states} == dict(states)
    assert by_state["Cộng"] == [len(schools)]
    by_kind = block(merged, "Theo cấp học")
    kinds = Counter(row["Cấp học"] or "(chưa rõ cấp học)" for row in schools)
    assert {k: v[0] for k, v in by_kind.items() if k != "Cộng"} == dict(kinds)
    returned = states["Đã nộp"] + states["Nộp nhiều bản"]
    assert by_kind["Cộng"] == [len(schools), returned, round(100 * returned / len(schools), 1)]
    severities = Counter(row["Mức độ"] for row in flags)
    families = block(merged, "Vấn đề theo nhóm")["Cộng"]
    assert families == [severities["Lỗi"], severities["Cảnh báo"], severities["Lưu ý"], len(flags)]
    decided = Counter(row["Tình trạng kết luận"] for row in flags)
    decisions = block(merged, "Kết luận rà soát")
    assert {k: v[0] for k, v in decisions.items() if v[0] and k != "Cộng"} == dict(decided)
    assert decided["Đã kết luận"] >= 4
    worst = block(merged, "Trường có nhiều vấn đề nhất")["Cộng"]
    late = sum(1 for row in plans if row["Quá hạn (ngày)"])
    assert worst == [severities["Lỗi"], severities["Cảnh báo"], late]
    budgets = [row["Dự kiến kinh phí (đồng)"] for row in plans]
    money = sum(b for b in budgets if isinstance(b, int | float) and 0 < b < 1e15)
    assert number(block(merged, "Kinh phí theo nguồn và năm học")["Cộng"][-1]) == money
    assert number(block(merged, "Kinh phí theo tháng")["Cộng"][0]) == money
    by_standard = block(merged, "Công việc và kinh phí theo tiêu chuẩn")["Cộng"]
    assert by_standard == [len(plans), money]
    levels = block(merged, "Mức")["Cộng"]
    assert levels[2] == len(plans)
    assert (
        levels[0]
        == levels[1]
        == sum(row["Mức đạt theo tự đánh giá"] is not None for row in schools)
    )


def test_the_report_has_the_tables_of_the_pages(merged: Path, tmp_path: Path, run: Run) -> None:
    result = run("report", merged, "-o", tmp_path / "ra")
    assert result.exit_code == 0, result.output
    document = docx.Document(str(tmp_path / "ra" / "bao-cao-tong-hop.docx"))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "BÁO CÁO" in texts
    assert any("trường đã nộp kế hoạch, đạt" in text for text in texts)
    found = [rows_in(t) for t in document.tables if t.rows[0].cells[0].text]
    expected = list(blocks_of(merged))
    assert len(expected) >= 9
    by_title = {rows[0][0]: rows for rows in found}
    for _, heads, rows in expected:
        mine = by_title[heads[0]]
        assert mine[0] == heads
        wanted = [[words(value, heads[at]) for at, value in enumerate(row)] for row in rows]
        notes = [row for row in wanted if any(row[1:])]
        assert mine[1:] == notes, heads[0]


def words(value: object, heading: str) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float):
        unit = Unit.PERCENT if "(%)" in heading else Unit.COUNT
        return shown(float(value), unit, Language.VI)
    return f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)


def rows_in(found: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in found.rows]


def test_a_school_has_a_page_with_its_own_numbers(merged: Path, tmp_path: Path, run: Run) -> None:
    result = run("report", merged, "-o", tmp_path / "ra", "--due", "2026-12-15")
    assert result.exit_code == 0, result.output
    schools = table(merged, "Trường")
    pages = sorted((tmp_path / "ra" / "phieu-truong").iterdir())
    assert len(pages) == len(schools)
    for school in schools:
        if not school["Mã trường"]:
            continue
        path = tmp_path / "ra" / "phieu-truong" / f"{school['Mã trường']}.docx"
        document = docx.Document(str(path))
        facts = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
        counts = [int(number(school[h] or 0)) for h in ("Lỗi", "Cảnh báo", "Lưu ý")]
        assert facts["Vấn đề"].startswith("{} lỗi, {} cảnh báo, {} lưu ý".format(*counts))
        assert facts["Tình trạng nộp"].startswith(str(school["Tình trạng"]))
        tasks = int(number(school["Số công việc"] or 0))
        assert facts["Công việc, kinh phí"].startswith(f"{tasks} công việc")
        if sum(counts):
            places = [row.cells[2].text for row in document.tables[1].rows][1:]
            assert sum(map(int, places)) == sum(counts)
    assert "15/12/2026" in "".join(_all_text(path) for path in pages)


def _all_text(path: Path) -> str:
    document = docx.Document(io.BytesIO(path.read_bytes()))
    return "\n".join(cell.text for found in document.tables for cell in found._cells)


def test_the_workbook_opened_again_is_the_district_merged(merged: Path) -> None:
    district = open_again(merged, builtin_catalogue(), Settings(Stage.DISTRICT))
    assert district.made_on == DEMO_DAY
    flags = [row for row in table(merged, "Cờ") if row["Mã trường"] or row["Tệp"]]
    assert len(district.flags) == len(flags)
    assert len(district.tasks) == len(table(merged, "Kế hoạch"))


@pytest.mark.parametrize("name", ["thiếu.xlsx", "trường.xlsx", "chữ.xlsx"])
def test_another_file_is_refused_with_its_name(tmp_path: Path, run: Run, name: str) -> None:
    path = tmp_path / name
    if name == "trường.xlsx":
        path.write_bytes(next((samples_folder() / "workbooks").glob("*.xlsx")).read_bytes())
    elif name == "chữ.xlsx":
        path.write_text("không phải sổ", "utf-8")
    result = run("report", path, "-o", tmp_path / "ra")
    assert result.exit_code == 2
    assert name in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "ra").exists()


def test_english_pages_have_no_vietnamese_heading(merged: Path, tmp_path: Path, run: Run) -> None:
    result = run("--lang", "en", "report", merged, "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    document = docx.Document(str(tmp_path / "out" / "report.docx"))
    heads = [cell.text for found in document.tables[1:-1] for cell in found.rows[0].cells]
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    assert "REPORT" in paragraphs
    named = [text for text in paragraphs if "Trường" not in text]
    marks = set("ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")
    for text in (*heads, *named):
        assert not marks & set(text.lower().replace("đồng", "")), text
