"""The print-outs: the document that is signed, in the right order, once, with nothing lost."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from macros_free_validation import printed
from macros_free_validation.amount_text import money
from macros_free_validation.plan import Plan
from samples import describe
from tests.build import good_plan, good_task, layout_of, make_plan, workbook_bytes
from workbook_templates.layout import PlacedPrint, place_print


def places_of(plan: Plan) -> list[PlacedPrint]:
    layout = plan.layout
    return [place_print(layout, s) for s in layout.sheets if s.sheet.printed is not None]


def opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=True)


def flagged(ws: Worksheet) -> list[int]:
    return [row for row in range(2, ws.max_row + 1) if ws.cell(row, 1).value == 1]


def text_on(ws: Worksheet, place: PlacedPrint) -> list[str]:
    """What is printed of a sheet, row by row."""
    columns = range(2, place.last_index + 2)
    cells = ([ws.cell(row, c).value for c in columns] for row in flagged(ws))
    return [" | ".join(str(value).strip() for value in row if value) for row in cells]


def document(plan: Plan) -> list[str]:
    book = opened(workbook_bytes(plan))
    return [line for p in places_of(plan) for line in text_on(book[p.sheet.name], p)]


@pytest.mark.parametrize("amount", [0, 7, 999, 999.5, 1000, 81_000_000, 494_510_000, 2e9, 1e12])
def test_money_has_dots(amount: float) -> None:
    assert float(money(amount).replace(".", "")) == round(amount + 1e-9)
    assert re.fullmatch(r"\d{1,3}(\.\d{3})*", money(amount))


def test_an_absurd_amount_is_said_to_be_one() -> None:
    assert money(1e15) == money(float("inf")) == "(số quá lớn)"


@pytest.mark.parametrize(
    "text",
    ["", "một hai ba", "x" * 1000, "chữ " * 500, "CHỮ IN " * 60, "a¶b¶¶" + "dài lắm " * 40 + "¶"],
)
def test_cutting_loses_nothing(text: str) -> None:
    lines = list(printed.cut(text, 150, len(text) + 1))
    assert "".join(line.shown for line in lines) == text.replace(printed.BREAK, "")
    assert all(len(line.shown) <= line.room + 1 for line in lines)
    assert max(len(line.shown) for line in lines) <= printed.LINE_LENGTH + 1


def test_a_text_without_room_says_where_the_rest_is() -> None:
    lines = list(printed.cut("từ " * 500, 3, 10_000))
    assert "Thông tin" in lines[-1].shown


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_the_document_is_complete_and_in_order(form: str) -> None:
    layout = layout_of(form)
    tasks = [good_task(layout, n) for n in (0, 0, 1)]
    tasks[0] |= {"coordination": "Công đoàn", "support_conditions": "Phòng học"}
    tasks[2] |= {"start": None, "budget": None, "notes": "Ghi thêm"}
    plan = make_plan(
        layout,
        cover={
            "purpose": "Mục đích một.\nMục đích hai.",
            "recipients": "Cơ quan quản lý;\nLưu: VT",
        },
        tables={"plan": [tasks[0], {}, tasks[1], tasks[2]]},
    )
    lines = document(plan)
    whole = "\n".join(lines)
    year = plan.text("school_year")
    order = [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Số: 12/KH-THCS",
        "KẾ HOẠCH CẢI TIẾN",
        f"Năm học {year}",
        "Tổng kinh phí dự kiến",
        "TỔ CHỨC THỰC HIỆN",
        "Nơi nhận:",
        "HIỆU TRƯỞNG",
    ]
    places = [whole.index(text) for text in order]
    assert places == sorted(places)
    for once in (*order[:2], *order[4:]):
        assert whole.count(once) == 1, once
    assert "10.000.000 đồng" in whole
    numbered = [line for line in lines if re.match(r"\d+ \| ", line)]
    assert [line.split(" | ")[0] for line in numbered] == ["1", "2", "3"]
    label = str(tasks[0]["criterion"])
    assert label in numbered[0]
    assert label not in numbered[1], "a criterion stands once for successive tasks"
    last = max(i for i, line in enumerate(lines) if line in numbered)
    assert last < next(i for i, line in enumerate(lines) if "HIỆU TRƯỞNG" in line)
    assert "Ban Giám hiệu\nPhối hợp: Công đoàn" in numbered[0]
    first = (plan.layout.form.id == "2018" and "15/09/2020") or "15/09/2026"
    assert f"Một lần\nTừ {first}\nĐến 31/05/" in numbered[0]
    assert "Từ " not in numbered[2]
    assert "0 đồng" not in numbered[2]


@pytest.mark.parametrize("form", ["2018", "2026"])
@pytest.mark.parametrize("tasks", [0, 1, 12])
def test_only_rows_in_use_are_printed(form: str, tasks: int) -> None:
    plan = good_plan(form, tasks=tasks)
    book = opened(workbook_bytes(plan))
    for place in places_of(plan):
        ws = book[place.sheet.name]
        rows = set(flagged(ws))
        for (
            first,
            last,
        ) in place.areas:  # in Excel each area ends after as many rows as it has flags
            used = [row for row in range(first, last + 1) if row in rows]
            assert used == list(range(first, first + len(used)))
            assert used
        if place.printed.table is not None:
            headings = place.first_row - place.header_row
            assert ws.print_title_rows == f"${place.header_row}:${place.first_row - 1}"
            used = [row for row in rows if place.first_row <= row <= place.table_rows[1]]
            assert len(used) == (tasks if place.printed.table.source == "plan" else 0)
            assert headings == 1 + place.printed.table.numbered
        assert ws.page_setup.orientation == "landscape"
        assert ws.page_setup.paperSize == 9
        footer = ws.oddFooter
        assert footer is not None
        assert "&P" in str(footer.center.text)


@pytest.mark.slow
@pytest.mark.parametrize("path", describe.sample_files(), ids=lambda p: p.stem)
def test_samples_are_ready_to_print(path: Path) -> None:
    """LibreOffice saved them with the filter applied: what is in use shows, nothing else."""
    source = describe.HERE / "workbooks" / f"{path.stem}.xlsx"
    book = opened(source.read_bytes())
    names = [name for name in book.sheetnames if name.startswith("Bản in")]
    assert names
    for name in names:
        ws = book[name]
        shown = [row for row in range(2, ws.max_row + 1) if not ws.row_dimensions[row].hidden]
        assert [row for row in shown if ws.cell(row, 1).value is not None] == flagged(ws)
        assert not ws["B1"].value
        values = [str(cell.value) for row in ws.iter_rows() for cell in row]
        assert not [value for value in values if value.startswith("#")]
