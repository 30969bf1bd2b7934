"""The self-assessment: what it computes by itself agrees with what the rules say."""

from __future__ import annotations

import io
import random

import openpyxl
import pytest

from macros_free_validation.derive import complete_plan
from macros_free_validation.judge import judge
from macros_free_validation.plan import Plan
from macros_free_validation.rules import BY_ID
from macros_free_validation.rules.coverage import WITHOUT_TASK
from macros_free_validation.values import malformed_code
from tests.build import KINDS, TODAY, Value, fresh_workbook_bytes, good_task, layout_of, make_plan
from workbook_templates.layout import Layout
from workbook_templates.vocabulary import NOT_REACHED, Verdict, level_label

FORMS = ("2018", "2026")


def verdicts_to(layout: Layout, top: int) -> list[dict[str, Value]]:
    """Every level up to ``top`` is met by every criterion, no other one is."""
    return [
        {f"result_{n}": "Đạt" if n <= top else "Không đạt" for n in criterion.levels}
        for criterion in layout.regulation.criteria
    ]


def assessed(layout: Layout, rows: list[dict[str, Value]], **cover: Value) -> Plan:
    tables = {"self_assessment": rows, "plan": [good_task(layout, 0), good_task(layout, 0)]}
    return make_plan(layout, cover=cover, tables=tables)


def school_level(plan: Plan) -> object:
    assert plan.cell("school_level") == plan.cell("school_level", "self_assessment")
    return plan.cell("school_level")


@pytest.mark.parametrize("form", FORMS)
def test_the_level_shown_is_the_one_that_may_be_claimed(form: str) -> None:
    layout = layout_of(form)
    for top in range(5 if form == "2018" else 3):
        claims = {f"Mức {n}": assessed(layout, verdicts_to(layout, top), claimed_level=f"Mức {n}")
                  for n in layout.regulation.levels}  # fmt: skip
        expected = level_label(top) if top else NOT_REACHED
        assert {school_level(plan) for plan in claims.values()} == {expected}
        refused = [n for n, plan in claims.items() if "KD606" in rules_of(plan)]
        too_low = [n for n, plan in claims.items() if "KD607" in rules_of(plan)]
        assert refused == [n for n in claims if int(n[-1]) > top]
        assert too_low == [n for n in claims if int(n[-1]) < top]


def rules_of(plan: Plan) -> set[str]:
    return {finding.rule for finding in judge(plan, TODAY)}


def test_the_2026_school_level_asks_all_mandatory_criteria_and_five_others() -> None:
    layout = layout_of("2026")
    sheet = layout.sheet("self_assessment")
    marks = [c.mandatory for c in layout.regulation.criteria]
    for mandatory_failed, others_failed, level in ((0, 2, "Mức 1"), (0, 3, NOT_REACHED),
                                                   (1, 0, NOT_REACHED)):  # fmt: skip
        rows = verdicts_to(layout, 1)
        mandatory = [row for row, mark in zip(rows, marks, strict=True) if mark]
        others = [row for row, mark in zip(rows, marks, strict=True) if not mark]
        for row in (*mandatory[:mandatory_failed], *others[:others_failed]):
            row["result_1"] = "Không đạt"
        plan = assessed(layout, rows)
        assert school_level(plan) == level
        shown = [plan.value("self_assessment", r, "mandatory") for r in plan.rows(sheet.key)]
        assert shown == ["x" if mark else "" for mark in marks]


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_said_of_a_level_before_it_can_be_known(form: str) -> None:
    layout = layout_of(form)
    assert school_level(assessed(layout, [])) == ""
    rows = verdicts_to(layout, 0)
    del rows[-1 if form == "2026" else 0]["result_1"]
    assert school_level(assessed(layout, rows)) == ""


@pytest.mark.parametrize("form", FORMS)
def test_totals_cannot_contradict_themselves(form: str) -> None:
    layout, rng = layout_of(form), random.Random(form)
    words = [*(verdict.label.vi for verdict in Verdict), " ĐẠT ", "khác", None]
    rows: list[dict[str, Value]] = [
        {f"result_{n}": rng.choice(words) for n in criterion.levels}
        for criterion in layout.regulation.criteria
    ]
    plan = assessed(layout, rows)
    for level in layout.regulation.levels:
        total, met, not_met, rest, percent = (
            plan.cell(f"computed_{name}_{level}", "self_assessment")
            for name in ("total", "met", "not_met", "rest", "met_percent")
        )
        said = [str(row.get(f"result_{level}")).strip().lower() for row in rows]
        assert met == said.count("đạt")
        assert not_met == said.count("không đạt")
        assert total == len(layout.regulation.criteria_at(level))
        assert total == float(met) + float(not_met) + float(rest)  # type: ignore[arg-type]
        assert percent == pytest.approx(100 * float(met) / float(total), abs=0.05)


def test_what_a_file_says_it_computed_is_not_believed() -> None:
    layout = layout_of("2026")
    plan = assessed(layout, verdicts_to(layout, 1))
    cells = {key: {**found, "school_level": "Mức 2"} for key, found in plan.cells.items()}
    cells["self_assessment"]["computed_met_2"] = 15.0
    rows = {key: [(r.row, r.values) for r in found] for key, found in plan.tables.items()}
    again = complete_plan(layout, cells, rows)
    assert school_level(again) == "Mức 1"
    assert again.cell("computed_met_2", "self_assessment") == 0


@pytest.mark.parametrize("form", FORMS)
def test_failed_criteria_without_a_task_are_listed(form: str) -> None:
    layout = layout_of(form)
    rows = verdicts_to(layout, 1)
    for n in (0, 2, 5):
        rows[n]["result_1"] = "Không đạt"
    plan = assessed(layout, rows)
    sheet = layout.sheet("self_assessment")
    tasks = [plan.value(sheet.key, r, "tasks") for r in plan.rows(sheet.key)]
    assert tasks == [2.0, *[0.0] * (len(tasks) - 1)]
    found = [f.row for f in judge(plan, TODAY) if BY_ID[f.rule].name in WITHOUT_TASK]
    assert found == [sheet.first_row + 2, sheet.first_row + 5]
    codes = [layout.regulation.criteria[n].code for n in (2, 5)]
    expected = ", ".join(f"{code} ({row})" for code, row in zip(codes, found, strict=True))
    assert listed(plan) == (2, expected)
    assert listed(assessed(layout, verdicts_to(layout, 1))) == (0, "")


def listed(plan: Plan) -> tuple[object, str]:
    """The count and the list on the check sheet, as cached."""
    book = openpyxl.load_workbook(io.BytesIO(fresh_workbook_bytes(plan)), data_only=True)
    count, text = next(
        row[2:4]
        for row in book["Kiểm tra"].iter_rows()
        if row[1].value == "Tiêu chí chưa đạt mà chưa có công việc"
    )
    return count.value, str(text.value or "").partition(": ")[2]


def test_defaults_name_the_units_of_every_kind() -> None:
    for kind in KINDS.values():
        units = {
            str(r.values[0]) for r in make_plan(layout_of("2026", kind), kind=kind).rows("lists")
        }
        assert {kind.head.vi, "Hội đồng tự đánh giá"} <= units
        assert "Tổ giám sát" not in units  # the council follows the plan (khoản 3 Điều 10)
        assert len(units) >= 15
    before = {str(r.values[0]) for r in make_plan(layout_of("2018")).rows("lists")}
    assert {"Hiệu trưởng", "Tổ giám sát"} <= before


@pytest.mark.parametrize(
    "text",
    [
        "[H1-1.1-01]", "(MC.1.1.01)", "[h12 \u2013 3.10 - 5]", "(mc.4.3.123)", "[H30-M4.1-02]",
        "[H1-1.1-01]; [H1-1.1-02]", "[H1-1.1-01], (MC.1.1.01)", "[H1-1.1-01; H1-1.1-02 ; H1-2.1-1]",
        "[H1-1.1-01][H1-1.1-02]\n[H1-1.1-03] Biên bản họp (lần 2)", "Tờ trình", "(1) Sổ",
        "Hồ sơ [bản sao]", "MC buổi lễ", "Ảnh hoạt động (MC)", "Hộp 1", "",
    ],
)  # fmt: skip
def test_codes_of_both_forms_and_plain_words_are_let_alone(text: str) -> None:
    assert not malformed_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "H1-1.1-01", "[H1-1.1]", "[H1.1.01.01]", "(MC1.1.01)", "(MC 1.1.01)", "MC.1.1.01",
        "[MC.1.1.01]", "(H1-1.1-01)", "[H1-1.1-01", "[H1-1.1-01]]", "[1.1-01]", "(1.1.01)",
        "[H1-1.1-01]; [H1-1.1]", "[H1-1.1-01] (MC.1.1)", "\u00a0[H1-1-01]",
    ],
)  # fmt: skip
def test_malformed_codes_are_known(text: str) -> None:
    assert malformed_code(text)


@pytest.mark.parametrize("value", [None, True, 1.0])
def test_no_text_is_no_code(value: float | bool | None) -> None:
    assert not malformed_code(value)
