"""The tables as the official forms have them, with the status in sight."""

from __future__ import annotations

import io

import openpyxl
import pytest

from macros_free_validation.live import RIGHT, live_sheet
from tests.build import Value, fresh_workbook_bytes, good_plan, good_task, layout_of, make_plan
from workbook_templates.layout import PlacedSheet

OFFICIAL = {
    "2018": (
        "Tiêu chuẩn, tiêu chí",
        "Kết quả cần đạt (so với hiện trạng)",
        "Công việc/giải pháp cần thực hiện",
        "Chủ trì và phối hợp thực hiện",
        "Thời gian thực hiện và hoàn thành",
        "Dự kiến kinh phí",
        "Điều kiện hỗ trợ khác",
        "Ghi chú",
    ),
    "2026": (
        "Nội dung cải tiến",
        "Mục tiêu cải tiến",
        "Hoạt động/giải pháp",
        "Chỉ số đánh giá kết quả",
        "Thời gian thực hiện",
        "Đơn vị/cá nhân phụ trách",
        "Nguồn lực bảo đảm",
        "Thông tin, dữ liệu hoặc minh chứng dự kiến",
    ),
}
"""Columns of the official plan behind «TT», in order; progress has a sheet of its own."""
TABLES = ("self_assessment", "problems", "plan", "progress")
FROZEN = 90
"""Characters of the frozen columns that leave room for typing on 1366 pixels at 90 %."""


def tables(form: str) -> list[PlacedSheet]:
    layout = layout_of(form)
    return [layout.sheet(key) for key in TABLES if layout.has_sheet(key)]


@pytest.mark.parametrize("form", OFFICIAL)
def test_inputs_are_in_the_order_of_the_official_columns(form: str) -> None:
    plan = layout_of(form).sheet("plan")
    columns = [c.column for c in plan.columns if not c.column.locked]
    found = dict.fromkeys((c.under or c.header).vi for c in columns)
    assert tuple(found)[: len(OFFICIAL[form])] == OFFICIAL[form]


@pytest.mark.parametrize("form", OFFICIAL)
def test_nothing_locked_is_between_two_inputs(form: str) -> None:
    for sheet in tables(form):
        inputs = [c.index for c in sheet.columns if not c.column.locked]
        assert inputs == list(range(inputs[0], inputs[-1] + 1)), sheet.name


@pytest.mark.parametrize("form", OFFICIAL)
def test_official_headings_are_merged_over_their_fields(form: str) -> None:
    plan = good_plan(form)
    sheet = plan.layout.sheet("plan")
    book = openpyxl.load_workbook(io.BytesIO(fresh_workbook_bytes(plan)))
    merged = {str(area) for area in book[sheet.name].merged_cells.ranges}
    row = sheet.header_row - 1
    for official in OFFICIAL[form]:
        fields = [c for c in sheet.columns if c.column.under and c.column.under.vi == official]
        if fields:
            assert f"{fields[0].letter}{row}:{fields[-1].letter}{row}" in merged
            assert book[sheet.name][f"{fields[0].letter}{row}"].value == official


@pytest.mark.parametrize("form", OFFICIAL)
def test_the_status_is_first_and_frozen(form: str) -> None:
    for sheet in tables(form):
        assert sheet.column("status").index == 0
        frozen = sheet.columns[: sheet.sheet.frozen_columns]
        assert 0 < sum(c.column.width for c in frozen) <= FROZEN, sheet.name


def status(form: str, **changes: Value) -> str:
    """Return the status of the first row of a good plan with some changes."""
    layout = layout_of(form)
    task = {**good_task(layout), **changes}
    plan = make_plan(layout, tables={"plan": [task]})
    sheet = layout.sheet("plan")
    book = openpyxl.load_workbook(io.BytesIO(fresh_workbook_bytes(plan)), data_only=True)
    return str(book[sheet.name][sheet.ref("status", sheet.first_row)].value)


def test_the_status_says_how_many_and_which_faults_from_left_to_right() -> None:
    assert status("2018") == RIGHT
    assert status("2018", task=None, expected_result=None) == (
        "2 lỗi: thiếu kết quả cần đạt, thiếu công việc"
    )
    assert status("2018", criterion="phòng cháy").startswith("1 cảnh báo: tiêu chí không đúng")


def test_a_row_that_is_not_in_use_has_no_status() -> None:
    live = live_sheet(layout_of("2018"), "plan")
    assert live.status([""] * len(live.row_rules), used=False) == ""
    assert live.status([""] * len(live.row_rules), used=True) == RIGHT
