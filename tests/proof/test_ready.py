"""The check sheet calls a plan ready only where ``check --stage submit`` finds no error."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from kdcl_xl.checking.check import check_file
from kdcl_xl.checking.settings import Settings
from kdcl_xl.template.sheets.checks import READY
from macros_free_validation.live import live_sheet
from macros_free_validation.plan import Plan
from macros_free_validation.rule import Severity, Stage
from macros_free_validation.rules import ALL_RULES, BY_ID
from macros_free_validation.values import CellError
from tests.build import TODAY, Value, good_plan, good_task, layout_of, make_plan, write_workbook
from tests.proof.generate import Cells
from tests.proof.judges import IronCalc
from workbook_templates.regulation import builtin_catalogue

ROWS = 10


class Slip(NamedTuple):
    """A value typed into a good plan; the seed draws the value where none is given."""

    sheet: str
    row: int
    field: int
    seed: int
    value: Value = None


def plan_with(form: str, tasks: int, assessed: bool, slips: Sequence[Slip]) -> Plan:
    """Return a good plan with some slips of typing."""
    layout = layout_of(form, rows=ROWS)
    tables: dict[str, list[dict[str, Value]]] = {
        "self_assessment": [{"result_1": "Đạt"}] if assessed else [],
        "plan": [dict(good_task(layout, n)) for n in range(tasks)],
    }
    cells: dict[str, dict[str, Value]] = {}
    for slip in slips:
        if not layout.has_sheet(slip.sheet):
            continue
        sheet = layout.sheet(slip.sheet)
        typed = [c for c in sheet.columns if not c.column.locked]
        single = [c for c in sheet.cells if not c.cell.locked]
        draw = Cells(layout, random.Random(slip.seed))
        if single and (not typed or slip.row == 0):
            cell = single[slip.field % len(single)]
            given = draw.any(sheet, cell.field, cell.cell.type, cell.cell.choices)
            cells.setdefault(sheet.key, {})[cell.field] = slip.value or given
            continue
        rows = tables.setdefault(sheet.key, [])
        rows.extend({} for _ in range(slip.row - len(rows)))
        column = typed[slip.field % len(typed)].column
        given = draw.any(sheet, column.field, column.type, column.choices)
        if slip.row:
            rows[slip.row - 1][column.field] = slip.value or given
    return make_plan(layout, tables=tables, cells=cells)


def verdict_of(judge: IronCalc, path: Path) -> str:
    """Return the verdict that IronCalc computes on the check sheet of a workbook."""
    said = judge.recalculate(path.read_bytes())["Kiểm tra"].values()
    return READY if READY in said else ""


def errors_in(path: Path) -> list[str]:
    """Return the errors of ``check --stage submit``."""
    checked = check_file(path, builtin_catalogue(), TODAY)
    submit = Settings(stage=Stage.SUBMIT)
    return [
        f.rule
        for f in checked.findings
        if f.severity is Severity.ERROR and submit.stage.includes(BY_ID[f.rule].stage)
    ]


SLIPS = st.builds(
    Slip,
    st.sampled_from(("cover", "self_assessment", "problems", "plan", "plan", "progress", "lists")),
    st.integers(0, 3),
    st.integers(0, 40),
    st.integers(0, 2**32),
    st.none(),
)
UNKNOWN = Slip("plan", 1, 0, 0, "phòng cháy")


@pytest.mark.slow
@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.sampled_from(("2018", "2026")),
    st.integers(0, 3),
    st.sampled_from((True, True, True, False)),
    st.lists(SLIPS, max_size=3),
)
@example("2018", 2, True, [UNKNOWN])
@example("2026", 2, True, [UNKNOWN])
@example("2026", 2, True, [Slip("problems", 1, 1, 0, "phòng cháy")])
@example("2026", 2, True, [Slip("cover", 0, 3, 0, CellError("#REF!"))])
@example("2026", 2, True, [Slip("progress", 1, 1, 0, CellError("#N/A"))])
@example("2026", 2, True, [Slip("lists", 1, 0, 0, CellError("#N/A"))])
def test_a_ready_plan_has_no_error(
    tmp_path: Path,
    form: str,
    tasks: int,
    assessed: bool,
    slips: list[Slip],
) -> None:
    path = write_workbook(tmp_path / "truong.xlsx", plan_with(form, tasks, assessed, slips))
    with IronCalc() as judge:
        if verdict_of(judge, path) == READY:
            assert not errors_in(path)
            assert tasks
            assert assessed


@pytest.mark.slow
@pytest.mark.parametrize("form", ["2018", "2026"])
def test_a_good_plan_is_ready(tmp_path: Path, form: str) -> None:
    path = write_workbook(tmp_path / "truong.xlsx", good_plan(form))
    with IronCalc() as judge:
        assert verdict_of(judge, path) == READY
    assert not errors_in(path)


UNREADY: Mapping[str, Mapping[str, list[dict[str, Value]]]] = {
    "no task": {"self_assessment": [{"result_1": "Đạt"}], "plan": []},
    "no verdict": {"self_assessment": [], "plan": [dict(good_task(layout_of("2026")))]},
}


@pytest.mark.slow
@pytest.mark.parametrize("tables", UNREADY.values(), ids=UNREADY.keys())
def test_a_plan_with_an_empty_part_is_not_ready(
    tmp_path: Path, tables: Mapping[str, list[dict[str, Value]]]
) -> None:
    path = write_workbook(tmp_path / "truong.xlsx", make_plan(layout_of("2026"), tables=tables))
    with IronCalc() as judge:
        assert verdict_of(judge, path) != READY


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_the_workbook_does_not_show_advice_of_the_district(form: str) -> None:
    layout = layout_of(form)
    advice = {r.id for r in ALL_RULES if r.live_cases and r.stage is Stage.DISTRICT}
    shown = {r.rule.id for s in layout.sheets for r in live_sheet(layout, s.key).rules}
    assert advice
    assert not advice & shown
