"""Edit ranges: exactly the inputs of a sheet stay editable after a paste."""

from __future__ import annotations

import io
import zipfile
from itertools import product

import pytest

from kdcl_xl.template.editable import editable_spans, input_areas, input_spans
from kdcl_xl.xlsx.workbook import open_workbook
from tests.build import fresh_workbook_bytes, good_plan, layout_of
from workbook_templates.layout import column_index

CLOSED = "result_4"
"""A level that most criteria do not have."""


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_the_ranges_are_the_inputs(form: str) -> None:
    plan = good_plan(form)
    book = open_workbook(fresh_workbook_bytes(plan))
    for sheet in plan.layout.sheets:
        if sheet.key == "stamp":
            continue
        spans = editable_spans(book.sheet(sheet.name).tail)
        assert spans == input_spans(plan.layout, sheet), sheet.name
        cells = {(row, c) for c, first, last in spans for row in range(first, last + 1)}
        every = product(range(sheet.first_row, sheet.last_row + 1), sheet.columns)
        offered = {(r, c.index) for r, c in every if plan.layout.offered(sheet, c.field, r)}
        singles = {
            (c.row, c.index + i) for c in sheet.cells if not c.cell.locked for i in range(c.span)
        }
        assert cells == (offered if sheet.columns else set()) | singles, sheet.name


def test_no_password_and_no_marks_on_codes() -> None:
    plan = good_plan("2018")
    layout = plan.layout
    with zipfile.ZipFile(io.BytesIO(fresh_workbook_bytes(plan))) as archive:
        xml = archive.read("xl/worksheets/sheet4.xml").decode()
    areas = input_areas(layout, layout.sheet("plan"))
    assert f'<protectedRange sqref="{areas}" name="nhap"/>' in xml
    assert f'<ignoredError sqref="{areas}" numberStoredAsText="1"/>' in xml


def test_levels_that_a_criterion_lacks_are_no_inputs() -> None:
    layout = layout_of("2018")
    sheet = layout.sheet("self_assessment")
    index = sheet.column(CLOSED).index
    rows = [first for column, first, _ in input_spans(layout, sheet) if column == index]
    criteria = layout.regulation.criteria
    assert rows == [sheet.first_row + next(n for n, c in enumerate(criteria) if 4 in c.levels)]
    assert column_index(sheet.column(CLOSED).letter) == index
