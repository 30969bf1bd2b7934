"""Whole workbooks, every formula cell: IronCalc and LibreOffice agree with Python."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from kdcl_xl.template.sheets import tables
from samples.office import Office
from tests.build import fresh_workbook_bytes, good_plan
from tests.conftest import PROOF_TABLE
from tests.proof.compare import compare
from tests.proof.expected import Kind, UncoveredError, expected
from tests.proof.generate import whole_plans
from tests.proof.judges import IronCalc, LibreOffice
from tests.proof.probes import probes
from tests.proof.report import table
from tests.proof.whole import compare_whole, prove_edges, prove_whole

BOOKS, SEED = 2, 2026


@pytest.mark.slow
def test_ironcalc_agrees_on_every_formula_cell(
    record_property: Callable[[str, object], None],
) -> None:
    tally = prove_whole(IronCalc, BOOKS, SEED)
    record_property(PROOF_TABLE, table({"IronCalc": tally}, {"IronCalc": IronCalc().version()}))
    assert not tally.differences, list(map(str, tally.differences[:20]))
    assert tally.books == BOOKS
    assert all(tally.cells[kind] for kind in Kind)


@pytest.mark.slow
def test_ironcalc_agrees_at_the_edges_of_conditions() -> None:
    tally = prove_edges(IronCalc, skip=1, step=EVERY)
    assert not tally.differences, list(map(str, tally.differences[:20]))
    assert tally.books >= FEWEST_EDGES


EVERY, FEWEST_EDGES = 29, 3
"""Of the workbooks at the edges only some are computed here: `make prove` takes them all."""


@pytest.mark.libreoffice
def test_libreoffice_agrees_on_every_formula_cell(office: Office) -> None:
    with LibreOffice(office) as judge, probes():
        tally = compare_whole([judge], whole_plans(SEED + 1, range(2, 3)))[judge.name]
    assert not tally.differences, list(map(str, tally.differences[:20]))
    assert all(tally.cells[kind] for kind in Kind)


def test_ironcalc_still_has_the_faults_that_its_judge_gets_round() -> None:
    with IronCalc() as judge:
        assert judge.mended() == []


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_a_formula_cell_without_a_result_in_python_is_named(form: str) -> None:
    plan = good_plan(form)
    workbook = fresh_workbook_bytes(plan)
    assert expected(workbook, plan.layout)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            if entry == "xl/worksheets/sheet2.xml":  # the cover
                assert b"</sheetData>" in content
                odd = b'<row r="90"><c r="B90"><f>1+1</f><v>2</v></c></row></sheetData>'
                content = content.replace(b"</sheetData>", odd)
            new.writestr(entry, content)
    with pytest.raises(UncoveredError, match="Thông tin!B90"):
        expected(out.getvalue(), plan.layout)


@pytest.mark.slow
def test_a_result_that_python_does_not_compute_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "joined_messages", lambda messages: "")
    name, plan = next(whole_plans(SEED, range(1)))
    workbook = fresh_workbook_bytes(plan)
    with IronCalc() as judge:
        tally = compare(plan, expected(workbook, plan.layout), judge.recalculate(workbook), name)
    assert {difference.kind for difference in tally.differences} == {Kind.JOINED}


def test_a_cell_that_a_program_leaves_out_differs() -> None:
    name, plan = next(whole_plans(SEED, range(1)))
    python = expected(fresh_workbook_bytes(plan), plan.layout)
    program = {sheet: dict(cells) for sheet, cells in python.items()}
    place = min(program["Kiểm tra"])
    del program["Kiểm tra"][place]
    (difference,) = compare(plan, python, program, name).differences
    assert difference.sheet == "Kiểm tra"
    assert "no value" in difference.cause
