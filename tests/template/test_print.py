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
from tests.build import Value, fresh_workbook_bytes, good_plan, good_task, layout_of, make_plan
from workbook_templates.declare import Letterhead, PrintTable, TextLines
from workbook_templates.layout import FIRST_PRINTED, PlacedPrint, place_print


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
    book = opened(fresh_workbook_bytes(plan))
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
    lines = list(printed.cut(text, 150))
    assert "".join(line.shown for line in lines) == text.replace(printed.BREAK, "")
    assert all(len(line.shown) <= line.room + 1 for line in lines)
    assert max(len(line.shown) for line in lines) <= printed.LINE_LENGTH + 1


def test_a_text_without_room_says_where_the_rest_is() -> None:
    lines = list(printed.cut("từ " * 500, 3))
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
def test_only_rows_in_use_are_flagged(form: str, tasks: int) -> None:
    plan = good_plan(form, tasks=tasks)
    book = opened(fresh_workbook_bytes(plan))
    (place,) = places_of(plan)
    rows = set(flagged(book[place.sheet.name]))
    for block in place.blocks:
        used = [row for row in rows if block.first_row <= row <= block.last]
        match block.block:
            case PrintTable(source="plan") as table:
                numbers = [block.first_row + table.stride * n - 1 for n in range(1, tasks + 1)]
                across = {(b.field, v) for b in table.bands for v in plan.column("plan", b.field)}
                assert set(numbers) <= set(used)
                assert len(used) == tasks + len(across)
            case PrintTable():
                assert not used
            case TextLines(signature=signed):
                assert not signed or block.last in rows, "recipients and signature"
                own = range(block.first, block.last + 1 - signed)
                lines = [row for row in own if row in rows]
                assert lines == list(own)[: len(lines)], "lines of text have no gaps"
                assert lines


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_the_page_is_that_of_an_official_letter(form: str) -> None:
    """Nghị định 30/2020/NĐ-CP, Phụ lục I: A4, margins, page number at the top from page 2."""
    (place,) = places_of(good_plan(form))
    ws = opened(fresh_workbook_bytes(good_plan(form)))[place.sheet.name]
    assert ws.page_setup.paperSize == 9
    margins = ws.page_margins
    millimetres = [25.4 * m for m in (margins.top, margins.bottom, margins.left, margins.right)]
    for found, (least, most) in zip(
        millimetres, ((20, 25), (20, 25), (30, 35), (15, 20)), strict=True
    ):
        assert least - 0.01 <= found <= most + 0.01
    assert ws.HeaderFooter.differentFirst
    assert "&P" in str(ws.oddHeader and ws.oddHeader.center.text)
    assert not (ws.firstHeader and ws.firstHeader.center.text)
    last = place.letter(place.last_index)
    assert ws.print_area == f"'{ws.title}'!$B$2:${last}${place.last_row}"
    points = 72 * (297 - millimetres[2] - millimetres[3]) / 25.4
    # LibreOffice, the wider of the two programs, gives a unit of width 8.26 pixels (seen).
    assert sum(place.widths) * 8.26 * 0.75 <= points * 1.01, "the page is scaled down"


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_the_print_out_is_the_schools_own(form: str) -> None:
    plan = good_plan(form)
    (place,) = places_of(plan)
    book = opened(fresh_workbook_bytes(plan))
    assert not book[place.sheet.name].protection.sheet
    others = [ws for ws in book if ws.title != place.sheet.name and ws.sheet_state == "visible"]
    assert all(ws.protection.sheet for ws in others)


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_texts_are_as_large_as_in_an_official_letter(form: str) -> None:
    plan = good_plan(form)
    (place,) = places_of(plan)
    ws = opened(fresh_workbook_bytes(plan))[place.sheet.name]
    for block in place.blocks:
        least = 13 if isinstance(block.block, Letterhead | TextLines) else 11
        for row in range(block.first, block.last + 1):
            for index in range(FIRST_PRINTED, place.last_index + 1):
                cell = ws.cell(row, index + 1)
                if str(cell.value).startswith("\nNơi nhận:"):  # 11 in official letters too
                    assert cell.font.size == 11
                    continue
                assert cell.value is None or cell.font.size >= least, cell.coordinate


def test_bands_and_standards_are_rows_across_the_table() -> None:
    layout = layout_of("2018")
    codes = {c.code: c.label for c in layout.regulation.criteria}
    wanted = ("M4.1", "2.1", "1.2", "1.1")
    rows = [{**good_task(layout), "criterion": codes[c], "task": f"Việc {c}"} for c in wanted]
    lines = document(make_plan(layout, tables={"plan": rows}))
    whole = "\n".join(lines)
    order = (
        "MỨC 1, 2, 3",
        "Tiêu chuẩn 1: ",
        "Việc 1.1",
        "Việc 1.2",
        "Tiêu chuẩn 2: ",
        "Việc 2.1",
        "MỨC 4",
        "Việc M4.1",
    )
    places = [whole.index(text) for text in order]
    assert places == sorted(places)
    assert all(whole.count(text) == 1 for text in order)
    assert "Mức 4\n" not in whole, "a standard with the words of its band has no row of its own"


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_the_schools_order_goes_before_that_of_the_criteria(form: str) -> None:
    layout = layout_of(form)
    orders: list[Value] = [None, 2, 1.5, None, "một"]
    rows = [
        {**good_task(layout, 4 - n), "task": f"Việc {n}", "print_order": order}
        for n, order in enumerate(orders)
    ]
    lines = document(make_plan(layout, tables={"plan": rows}))
    printed_tasks = [found[0] for line in lines if (found := re.search(r"Việc \d", line))]
    assert printed_tasks == [f"Việc {n}" for n in (2, 1, 4, 3, 0)]
    numbers = [
        found[1] for line in lines if (found := re.match(r"(\d+) \| .*Việc", line, re.DOTALL))
    ]
    assert numbers == ["1", "2", "3", "4", "5"]


def test_the_name_is_five_lines_below_the_position() -> None:
    plan = make_plan(layout_of("2026"), cover={"signer_name": "Họ và Tên", "recipients": "Lưu: VT"})
    (place,) = places_of(plan)
    ws = opened(fresh_workbook_bytes(plan))[place.sheet.name]
    signed = [
        str(cell.value)
        for row in flagged(ws)
        for cell in ws[row]
        if str(cell.value).startswith(("\nHIỆU TRƯỞNG", "\nNơi nhận"))
    ]
    assert signed == ["\nNơi nhận:\nLưu: VT", "\nHIỆU TRƯỞNG" + "\n" * 6 + "Họ và Tên"]


@pytest.mark.slow
@pytest.mark.parametrize("path", describe.sample_files(), ids=lambda p: p.stem)
def test_samples_are_ready_to_print(path: Path) -> None:
    """LibreOffice saved them with the filter applied: what is in use shows, nothing else."""
    source = describe.HERE / "workbooks" / f"{path.stem}.xlsx"
    book = opened(source.read_bytes())
    for name in ("Bản in",):
        ws = book[name]
        shown = [row for row in range(2, ws.max_row + 1) if not ws.row_dimensions[row].hidden]
        assert [row for row in shown if ws.cell(row, 1).value is not None] == flagged(ws)
        assert not ws["B1"].value
        values = [str(cell.value) for row in ws.iter_rows() for cell in row]
        assert not [value for value in values if value.startswith("#")]
