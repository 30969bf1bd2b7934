"""Nothing in a workbook that we write can be refused by a program; see ``tests/formulas.py``."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.cell import range_boundaries

from kdcl_xl.template.seal import locked_in
from kdcl_xl.template.stamp import STAMP_NAME
from macros_free_validation.live import place_names, words_of
from tests.build import fresh_workbook_bytes, layout_of, make_plan
from tests.conftest import Run
from tests.formulas import TEMPLATES, Formula, Formulas, formulas_of, template_of
from tests.reissue.test_feedback import OUTSIDE_LEAD, SENT_BACK, Desk, task
from workbook_templates.layout import build_layout
from workbook_templates.regulation import builtin_catalogue

LARGEST_TEMPLATE = 130_000
"""Bytes."""


@pytest.mark.slow
@pytest.mark.parametrize(("regulation", "form"), TEMPLATES)
def test_templates(regulation: str, form: str) -> None:
    content = template_of(regulation, form)
    found = formulas_of(content)
    assert not found.refusals()
    assert len(found.shared) > 50
    assert len(content) <= LARGEST_TEMPLATE


@pytest.mark.slow
def test_copies_sent_back_and_the_district_workbook(run: Run, tmp_path: Path) -> None:
    desk = Desk(tmp_path, run)
    desk.returns([task(0, OUTSIDE_LEAD)])
    desk.merge()
    desk.decide("KD303", SENT_BACK)
    desk.merge()
    desk.send()
    for path in (desk.copy(), desk.book):
        found = formulas_of(path.read_bytes())
        assert found.cells
        assert not found.refusals()


def test_migrated_workbooks(run: Run, tmp_path: Path) -> None:
    old, new = tmp_path / "cu.xlsx", tmp_path / "moi.xlsx"
    law = next(r for r in builtin_catalogue().regulations if r.id == "tt18-2018")
    old.write_bytes(fresh_workbook_bytes(make_plan(build_layout(law, 12))))
    assert run("migrate", old, "-o", new).exit_code in (0, 1)
    found = formulas_of(new.read_bytes())
    assert found.shared
    assert not found.refusals()


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_words_and_ends_of_names_are_locked(form: str) -> None:
    """The words are in hidden columns; nobody drags the first or last cell of a name."""
    layout = layout_of(form)
    book = openpyxl.load_workbook(io.BytesIO(fresh_workbook_bytes(make_plan(layout))))
    checks = book[layout.sheet("checks").name]
    assert checks.protection.sheet
    hidden = {
        column
        for dimension in checks.column_dimensions.values()
        if dimension.hidden
        for column in range(dimension.min or 0, (dimension.max or 0) + 1)
    }
    words = words_of(layout)
    assert words
    for name, listed in words.items():
        sheet, _, area = book.defined_names[name].attr_text.rpartition("!")
        assert sheet == layout.sheet("checks").quoted
        assert range_boundaries(area)[0] in hidden
        cells = [row[0] for row in checks[area.replace("$", "")]]
        assert tuple(cell.value for cell in cells) == listed
        assert all(cell.protection.locked for cell in cells)
    for name, _ in place_names(layout):
        sheet, _, area = book.defined_names[name].attr_text.rpartition("!")
        ends = area.replace("$", "").split(":")
        assert all(book[sheet.strip("'")][end].protection.locked for end in ends), name


def test_every_name_is_sealed() -> None:
    """A name that the tampering checks do not know could be changed without a finding."""
    layout = layout_of("2026")
    content = fresh_workbook_bytes(make_plan(layout))
    ours = {n for n in formulas_of(content).names if not n.startswith(("_xlnm.", STAMP_NAME))}
    assert locked_in(content, layout).names.keys() == ours


def _formulas(names: dict[str, str], **cells: str) -> Formulas:
    at = Formula("S", "")
    return Formulas(
        {("S", *at.cell(ref)): Formula("S", text) for ref, text in cells.items()}, names
    )


@pytest.mark.parametrize(
    ("formulas", "closed"),
    [
        ({"A1": "B1", "B1": "A2"}, False),
        ({"A1": "B1", "B1": "INDEX($A:$A,ROW()+1)"}, True),
        ({"A1": "SUM(B1:C9)", "C9": 'IF("A1"="","",D1)'}, False),
        ({"A1": "SUM(B1:C9)", "C9": "own"}, True),
    ],
)
def test_circles_are_found(formulas: dict[str, str], closed: bool) -> None:
    assert bool(_formulas({"own": "S!$A$1"}, **formulas).circle()) is closed


@pytest.mark.parametrize(
    ("text", "breach"),
    [
        ('SUM(--({"a","b"}=A2))', "array constant"),
        ("INDEX('Kế hoạch'!$A:$A,ROW())", "another sheet or #REF!"),
        ("SUM(first:last!A1)", "another sheet or #REF!"),
        ("SUM(INDEX(B:B,1):INDEX(B:B,2))", "range of results"),
        ("SUM(B1:B9 A3:C3)", "intersection"),
        ("INDEX(#REF!,ROW())", "another sheet or #REF!"),
        ("INDEX(moving,1)", "uses the name moving"),
        ("INDEX(gone,1)", "no such name"),
        ("A1+1", "circle"),
    ],
)
def test_breaches_are_found(text: str, breach: str) -> None:
    cells = {("S", 0, row): Formula("S", text, True, 0, row - 1) for row in (1, 2)}
    names = {"moving": "OFFSET(S!$A$9,1,0)", "still": "S!$A$9"}
    assert any(breach in found for found in Formulas(cells, names).refusals())
    assert any("name moving" in found for found in Formulas({}, names).refusals())
    condition = Formulas({}, {}, frozenset([text])).refusals()
    assert bool(condition) is (breach in ("array constant", "another sheet or #REF!"))
