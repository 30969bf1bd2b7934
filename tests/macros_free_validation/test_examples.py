"""Every rule says why it exists, and its own examples show it at work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from macros_free_validation.judge import judge
from macros_free_validation.plan import Plan
from macros_free_validation.rule import Example, Rule
from macros_free_validation.rules import ALL_RULES
from tests.build import TODAY, YEARS, Value, good_task, layout_of, make_plan
from workbook_templates.layout import Layout

SHOWN = [rule for rule in ALL_RULES if rule.live_cases or rule.judge]
"""The rules that are judged on a plan."""


def good_row(layout: Layout, sheet: str, nth: int) -> Mapping[str, Value]:
    """A row of any table that no rule minds."""
    regulation, year = layout.regulation, YEARS[layout.form.id]
    if sheet == "plan":
        return good_task(layout, nth)
    if sheet == "problems":
        standard = regulation.standards[0]
        return {
            "standard": standard.label,
            "criterion": standard.criteria[0].label,
            "current_state": "Đã thực hiện nhưng chưa đều",
            "weakness": "Minh chứng chưa đầy đủ",
        }
    if sheet == "progress":
        return {
            "report_date": date(year.last, 5, 28),
            "progress_state": "Hoàn thành",
            "percent": 100,
            "evidence": "[H1-1.1-01]",
        }
    return {}


def plan_of(rule: Rule, example: Example) -> Plan:
    """The good plan with what an example changes."""
    layout = layout_of(example.form or rule.forms[0])
    sheet = layout.sheet(rule.sheet or "plan")
    single = {field: value for field, value in example.cells.items() if sheet.has_cell(field)}
    of_row = {field: value for field, value in example.cells.items() if field not in single}
    rows: dict[str, list[Mapping[str, Value]]] = {"plan": [{}, {}]}
    rows.update((key, list(given)) for key, given in example.rows.items())
    if of_row:
        first, *rest = rows.get(sheet.key) or [{}]
        rows[sheet.key] = [{**first, **of_row}, *rest]
    tables = {
        key: [{**good_row(layout, key, nth), **row} for nth, row in enumerate(given)]
        for key, given in rows.items()
    }
    cells = {sheet.key: single} if sheet.key != "cover" else {}
    cover = {**example.cover, **(single if sheet.key == "cover" else {})}
    return make_plan(layout, cover=cover, cells=cells, tables=tables)


def found_fields(rule: Rule, example: Example) -> set[str | None]:
    return {f.field for f in judge(plan_of(rule, example), TODAY) if f.rule == rule.id}


@pytest.mark.parametrize("rule", SHOWN, ids=lambda rule: rule.id)
def test_a_rule_finds_its_wrong_example_and_not_its_right_one(rule: Rule) -> None:
    assert rule.wrong is not None
    assert rule.right is not None
    found = found_fields(rule, rule.wrong)
    fields: set[str | None]
    fields = {case.field for case in rule.live_cases} or {rule.field or next(iter(found), None)}
    pointers = [case.points_at for case in rule.live_cases if case.points_at is not None]
    fields |= {str(field) for pointer in pointers for _, field in pointer.choices}
    assert found
    assert found <= fields
    assert not found_fields(rule, rule.right)


def test_every_rule_says_why() -> None:
    for rule in ALL_RULES:
        for text in (rule.why.vi, rule.why.en):
            assert text.endswith("."), rule.id
            assert "  " not in text
            assert "{" not in text
        assert (rule in SHOWN) is (rule.wrong is not None) is (rule.right is not None), rule.id


def test_examples_name_what_they_show() -> None:
    """Both examples of a rule are on one form and name fields that it has."""
    for rule in SHOWN:
        assert rule.wrong is not None
        assert rule.right is not None
        assert rule.wrong.form == rule.right.form, rule.id
        for example in (rule.wrong, rule.right):
            layout = layout_of(example.form or rule.forms[0])
            assert layout.form.id in rule.forms
            named = {
                (rule.sheet or "plan"): set(example.cells),
                **{key: {f for row in given for f in row} for key, given in example.rows.items()},
            }
            for key, fields in (*named.items(), ("cover", set(example.cover))):
                sheet = layout.sheet(key)
                for field in fields:
                    assert sheet.has_cell(field) or sheet.has_column(field), (rule.id, field)
