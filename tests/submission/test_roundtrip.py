"""What is written into a template is read back equal, field by field."""

from __future__ import annotations

import tempfile
import unicodedata
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kdcl_xl.submission.reading import read_submission
from kdcl_xl.template.as_text import as_text
from macros_free_validation.plan import Plan
from macros_free_validation.values import Raw
from tests.build import (
    YEARS,
    Value,
    good_task,
    layout_of,
    make_plan,
    raw,
    workbook_bytes,
    write_workbook,
)
from workbook_templates.characters import looks_usual
from workbook_templates.declare import MEANINGS, Column, Type
from workbook_templates.layout import Layout, PlacedSheet
from workbook_templates.old_encodings import guess
from workbook_templates.regulation import builtin_catalogue

VIETNAMESE = "Tổ chức rà soát, bổ sung kế hoạch; đảm bảo «xanh - sạch - đẹp» năm học 2026-2027"
SPECIAL = [
    VIETNAMESE,
    unicodedata.normalize("NFD", VIETNAMESE),
    "'dấu nháy đơn ở đầu",
    "=SUM(A1:A2)",
    "- gạch đầu dòng",
    "+1 lần/tuần",
    "@nhóm",
    "dòng một\ndòng hai\n\ndòng bốn",
    "  hai dấu cách ở đầu và cuối  ",
    'ngoặc "kép" & <thẻ> \t tab',
    "x" * 2000,
    ("Đầu tư " * 400)[:2000],
    "00123",
    "1,5",
    "* ? ~ %",
    "😀 tiếng Việt",
    "_x0041_",
    "không\u00a0ngắt",
]
texts = st.one_of(
    st.sampled_from(SPECIAL),
    st.text(
        st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff"),
        min_size=1,
        max_size=60,
    ).filter(lambda t: any(not c.isspace() for c in t) and guess(t) is None),
)


def days(layout: Layout) -> st.SearchStrategy[date]:
    """Days of the period, its bounds often."""
    year = YEARS[layout.form.id]
    length = (year.end - year.start).days
    return st.one_of(
        st.sampled_from([year.start, year.end]),
        st.integers(0, length).map(lambda n: year.start + timedelta(days=n)),
    )


def value_for(layout: Layout, column: Column) -> st.SearchStrategy[Value]:
    if column.type is Type.DATE:
        return days(layout)
    if column.type is Type.MONEY:
        return st.one_of(
            st.just(0.0), st.integers(0, 10**13).map(float), st.sampled_from([0.5, 494_510_000.0])
        )
    if column.type is Type.PERCENT:
        return st.integers(0, 100).map(float)
    if column.choices in layout_lists(layout):
        return st.sampled_from(layout.values(column.choices))  # type: ignore[arg-type]
    # Where a list is offered, letters that only look like those of its words are taken for them.
    return texts.filter(looks_usual) if column.choices else texts


def layout_lists(layout: Layout) -> set[object]:
    return {area.name.removeprefix("dm_") for area in layout.areas}


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    layout = layout_of(draw(st.sampled_from(["2018", "2026"])), rows=10)
    tables: dict[str, list[dict[str, Value]]] = {}
    for sheet in layout.sheets:
        if not sheet.columns:
            continue
        count = draw(st.integers(0, min(4, sheet.row_count)))
        tables[sheet.key] = [draw(row_of(layout, sheet, i)) for i in range(count)]
    cover: dict[str, Value] = {
        cell.field: draw(texts)
        for cell in layout.sheet("cover").cells
        if cell.cell.type is Type.TEXT and not cell.cell.locked and draw(st.booleans())
    }
    cover["issue_date"] = draw(days(layout))
    grids: dict[str, dict[str, Value]] = {
        sheet.key: {c.field: draw(st.integers(0, 40)) for c in sheet.cells}
        for sheet in layout.sheets
        if sheet.key == "self_assessment"
    }
    return make_plan(layout, cover=cover, cells=grids, tables=tables)


@st.composite
def row_of(draw: st.DrawFn, layout: Layout, sheet: PlacedSheet, nth: int) -> dict[str, Value]:
    row: dict[str, Value] = {}
    for placed in sheet.columns:
        if not layout.offered(sheet, placed.field, sheet.first_row + nth):
            continue
        if draw(st.booleans()):
            row[placed.field] = draw(value_for(layout, placed.column))
    if not row:
        first = next(c for c in sheet.columns if not c.column.locked)
        row[first.field] = draw(value_for(layout, first.column))
    return row


def meant(value: Raw) -> Raw:
    """Line ends as XML keeps them."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(plans())
def test_round_trip(plan: Plan) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kế hoạch.xlsx"
        path.write_bytes(workbook_bytes(plan))
        submission = read_submission(path, builtin_catalogue())
    assert submission.plan is not None, submission.found
    for sheet in plan.layout.sheets:
        for cell in sheet.cells:
            written = as_text(meant(plan.cell(cell.field, sheet.key)), cell.cell.type)
            assert submission.plan.cell(cell.field, sheet.key) == written, cell.field
        rows = {record.row: record for record in submission.plan.rows(sheet.key)}
        assert sorted(rows) == [record.row for record in plan.rows(sheet.key)]
        for record in plan.rows(sheet.key):
            for placed in sheet.columns:
                got = rows[record.row].values[placed.index]
                written = as_text(meant(record.values[placed.index]), placed.column.type)
                assert got == written, (sheet.key, placed.field)
    assert not [f for f in submission.found if f.rule != "KD803"]


def test_a_task_that_looks_like_an_escape_is_shown_as_it_is(tmp_path: Path) -> None:
    """The progress sheet keeps it as the result of a formula."""
    layout = layout_of("2026", rows=10)
    tables: dict[str, list[dict[str, Value]]] = {
        "plan": [{**good_task(layout), "task": "_x0041_"}],
        "progress": [{"progress_state": "Hoàn thành"}],
    }
    path = write_workbook(tmp_path / "a.xlsx", make_plan(layout, tables=tables))
    assert not read_submission(path, builtin_catalogue()).found


def test_bounds_and_zero_are_kept(tmp_path: Path) -> None:
    layout = layout_of("2026")
    year = YEARS["2026"]
    row: dict[str, Value]
    row = {"task": SPECIAL[1], "start": year.start, "deadline": year.end, "budget": 0}
    plan = make_plan(layout, tables={"plan": [row]})
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook_bytes(plan))
    submission = read_submission(path, builtin_catalogue())
    assert submission.plan is not None
    (record,) = submission.plan.rows("plan")
    sheet = layout.sheet("plan")
    for field, value in row.items():
        kind = sheet.column(field).column.type
        assert submission.plan.value("plan", record, field) == as_text(raw(value), kind)
        if kind in MEANINGS:
            assert submission.plan.meant("plan", record, field) == raw(value)
