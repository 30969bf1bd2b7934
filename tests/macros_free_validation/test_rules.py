"""Rules as objects: ids, words, forms; conditions that fire and stay silent."""

from __future__ import annotations

import re
from datetime import date

import pytest

from kdcl_xl import __version__
from macros_free_validation.expression import LONGEST_LITERAL, quote
from macros_free_validation.judge import compiled, judge, live_cases, placeholders
from macros_free_validation.live import FormulaTooLongError, live_sheet, within_limits
from macros_free_validation.rules import ALL_RULES
from tests.build import TODAY, Value, good_plan, good_task, layout_of, make_plan
from workbook_templates.text import Text


def test_every_rule_is_whole() -> None:
    assert len(ALL_RULES) >= 45
    assert len({rule.name for rule in ALL_RULES}) == len(ALL_RULES)
    for rule in ALL_RULES:
        assert re.fullmatch(r"KD\d{3}", rule.id)
        assert re.fullmatch(r"[a-z]+\.[a-z0-9_]+", rule.name)
        for text in (rule.title, rule.message, rule.remedy):
            assert text.vi
            assert text.en
            assert placeholders(text.vi) == placeholders(text.en) or set(
                placeholders(text.en)
            ) <= set(placeholders(text.vi)), rule.id
        assert not (rule.live_cases and rule.judge), rule.id
        if rule.judge:
            assert rule.not_live is not None, f"{rule.id}: why can Excel not judge it?"


def test_rules_point_at_fields_of_their_form() -> None:
    for form in ("2018", "2026"):
        layout = layout_of(form)
        judged: set[str] = set()
        for sheet in layout.sheets:
            live_sheet(layout, sheet.key)
            judged |= {rule.id for rule, _ in live_cases(layout, sheet)}
        for rule in ALL_RULES:
            if rule.live_cases and form in rule.forms:
                assert rule.id in judged, f"{rule.id} points at no field of form {form}"
        assert compiled(layout)


def test_no_finding_without_words() -> None:
    for form in ("2018", "2026"):
        layout = layout_of(form)
        plan = make_plan(layout, tables={"plan": [{"criterion": "x", "deadline": "?"}]})
        for finding in judge(plan, TODAY):
            for text in (finding.message, finding.remedy):
                assert isinstance(text, Text)
                assert text.vi
                assert "{" not in text.vi
                assert "{" not in text.en


NOISY: list[tuple[str, str, dict[str, Value], str]] = [
    ("KD205", "2026", {"target_level": "Mức 3"}, "target_level"),
    ("KD207", "2026", {"expected_result": " \u00a0 "}, "expected_result"),
    ("KD209", "2026", {"task": None}, "task"),
    ("KD301", "2026", {"lead": None}, "lead"),
    ("KD302", "2026", {"lead": "Ban trung tâm"}, "lead"),
    ("KD303", "2026", {"lead": "UBND phường"}, "lead"),
    ("KD304", "2026", {"lead": "Hiệu trưởng, kế toán"}, "lead"),
    ("KD305", "2026", {"lead": "Trong năm học"}, "lead"),
    ("KD305", "2018", {"lead": 1_000_000}, "lead"),
    ("KD401", "2026", {"deadline": None}, "deadline"),
    ("KD402", "2026", {"deadline": "tháng 5"}, "deadline"),
    ("KD402", "2026", {"deadline": 5}, "deadline"),
    ("KD403", "2026", {"start": "đầu năm"}, "start"),
    ("KD404", "2026", {"start": date(2027, 6, 1)}, "deadline"),
    ("KD405", "2018", {"deadline": date(2020, 9, 1), "start": None}, "deadline"),
    ("KD406", "2018", {"deadline": date(2020, 6, 30), "start": None}, "deadline"),
    ("KD406", "2026", {"deadline": date(2027, 8, 1)}, "deadline"),
    ("KD407", "2026", {"recurrence": "Hằng tháng", "deadline": None}, "recurrence"),
    ("KD408", "2026", {"recurrence": "Đôi khi"}, "recurrence"),
    ("KD409", "2026", {"start": date(2026, 7, 31)}, "start"),
    ("KD501", "2026", {"budget": "theo thực tế"}, "budget"),
    ("KD502", "2026", {"budget": -1}, "budget"),
    ("KD503", "2026", {"funding_source": None}, "funding_source"),
    ("KD504", "2026", {"budget": None}, "budget"),
    ("KD505", "2026", {"budget": 81}, "budget"),
    ("KD506", "2026", {"funding_source": "Tiền túi"}, "funding_source"),
]


@pytest.mark.parametrize(("rule", "form", "change", "field"), NOISY)
def test_row_rules(rule: str, form: str, change: dict[str, Value], field: str) -> None:
    layout = layout_of(form)
    sheet = layout.sheet("plan")
    plan = make_plan(
        layout, tables={"plan": [good_task(layout, 0), {**good_task(layout, 1), **change}]}
    )
    found = {(f.rule, f.cell) for f in judge(plan, TODAY)}
    assert (rule, sheet.ref(field, sheet.first_row + 1)) in found
    quiet = {f.rule for f in judge(good_plan(form), TODAY)}
    assert rule not in quiet


def test_expected_result_that_repeats_the_title() -> None:
    layout = layout_of("2018")
    label = next(c.label for c in layout.regulation.criteria if c.code == "1.4")
    result = "Hiệu trưởng, Phó Hiệu trưởng, tổ chuyên môn, tổ văn phòng"
    row = {**good_task(layout), "criterion": label, "expected_result": result}
    plan = make_plan(layout, tables={"plan": [row]})
    assert "KD208" in {f.rule for f in judge(plan, TODAY)}


def test_task_about_somebody_else() -> None:
    layout = layout_of("2018")
    label = next(c.label for c in layout.regulation.criteria if c.code == "2.3")
    for task, wrong in (
        ("Tạo điều kiện cho học sinh tham gia câu lạc bộ", True),
        ("Bồi dưỡng nhân viên thư viện phục vụ học sinh", False),
    ):
        row = {**good_task(layout), "criterion": label, "task": task}
        found = {f.rule for f in judge(make_plan(layout, tables={"plan": [row]}), TODAY)}
        assert ("KD210" in found) is wrong


COVER: list[tuple[str, str, dict[str, Value], str]] = [
    ("KD103", "2018", {"signer": "  "}, "signer"),
    ("KD104", "2018", {"school_year": 2020}, "school_year"),
    ("KD106", "2018", {"issue_date": date(2028, 12, 19)}, "issue_date"),
    ("KD107", "2018", {"issue_date": date(2020, 4, 1)}, "issue_date"),
    ("KD108", "2026", {"legal_bases": "thông tư  22/2024/TT-BGDĐT"}, "legal_bases"),
    ("KD109", "2018", {"legal_bases": "từ năm học 2016 - 2027"}, "legal_bases"),
    (
        "KD110",
        "2018",
        {"legal_bases": "Kết quả đã đạt được trong năm học 2020-2021"},
        "legal_bases",
    ),
    ("KD113", "2018", {"period_end": date(2020, 1, 1)}, "period_end"),
]


@pytest.mark.parametrize(("rule", "form", "change", "field"), COVER)
def test_cover_rules(rule: str, form: str, change: dict[str, Value], field: str) -> None:
    layout = layout_of(form)
    rows = {"plan": [good_task(layout)]}
    cell = layout.sheet("cover").cell(field).ref
    found = {(f.rule, f.cell) for f in judge(make_plan(layout, cover=change, tables=rows), TODAY)}
    assert (rule, cell) in found
    assert rule not in {f.rule for f in judge(make_plan(layout, tables=rows), TODAY)}


def test_counts_that_do_not_add_up() -> None:
    layout = layout_of("2018")
    grid = {"claimed_total_4": 5, "claimed_met_4": 2, "claimed_not_met_4": 5}
    plan = make_plan(layout, cells={"self_assessment": grid}, tables={"plan": [good_task(layout)]})
    ref = layout.sheet("self_assessment").cell("claimed_not_met_4").ref
    assert ("KD602", ref) in {(f.rule, f.cell) for f in judge(plan, TODAY)}


def test_failed_criterion_without_task() -> None:
    layout = layout_of("2026")
    assessment: list[dict[str, Value]] = [{} for _ in range(14)] + [{"result_1": "Không đạt"}]
    plan = make_plan(layout, tables={"self_assessment": assessment, "plan": [good_task(layout)]})
    sheet = layout.sheet("self_assessment")
    ref = sheet.ref("result_1", sheet.first_row + 14)
    assert ("KD609", ref) in {(f.rule, f.cell) for f in judge(plan, TODAY)}


def test_reached_and_current_level() -> None:
    layout = layout_of("2018")
    verdicts: list[dict[str, Value]] = [
        {"result_1": "Đạt", "result_2": "Đạt", "result_3": "Không đạt"},
        {"result_1": "Không đạt"},
        {"result_1": "đạt "},
    ]
    plan = make_plan(layout, tables={"self_assessment": verdicts, "plan": [good_task(layout, 0)]})
    reached = [
        plan.value("self_assessment", r, "reached_level") for r in plan.rows("self_assessment")
    ]
    assert reached[:4] == ["Mức 2", "Chưa đạt", "Mức 1", ""]
    (task,) = plan.rows("plan")
    assert plan.value("plan", task, "current_level") == "Mức 2"
    assert plan.value("plan", task, "standard") == layout.regulation.standards[0].label


def test_a_trial_ends_with_its_release() -> None:
    def number(release: str) -> tuple[int, ...]:
        return tuple(int(part) for part in release.split("."))

    for rule in ALL_RULES:
        if rule.preview:
            assert number(rule.preview) > number(__version__), f"{rule.id} is due for promotion"


@pytest.mark.parametrize(
    "formula",
    ["1+" * 4096 + "1", "(" * 65 + "1" + ")" * 65, f'"{"x" * 256}"'],
    ids=["long", "deep", "literal"],
)
def test_a_formula_that_excel_refuses_is_not_built(formula: str) -> None:
    with pytest.raises(FormulaTooLongError):
        within_limits(formula)
    assert within_limits('"((("&' * 65 + '""')


@pytest.mark.parametrize("text", ["x" * 255, "x" * 2000, 'nháy "đôi" ' * 100])
def test_no_literal_is_longer_than_excel_takes(text: str) -> None:
    literals = re.findall(r'"((?:[^"]|"")*)"', quote(text))
    assert max(map(len, literals)) <= LONGEST_LITERAL
    assert "".join(literals).replace('""', '"') == text


def test_no_literal_of_any_rule_is_longer_than_excel_takes() -> None:
    for form in ("2018", "2026"):
        layout = layout_of(form)
        for sheet in layout.sheets:
            for rule in live_sheet(layout, sheet.key).rules:
                literals = re.findall(r'"((?:[^"]|"")*)"', rule.formula)
                assert max(map(len, literals)) <= LONGEST_LITERAL, rule.rule.id
