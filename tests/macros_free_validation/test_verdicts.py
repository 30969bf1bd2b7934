"""Verdicts that every spreadsheet program shares: 15 digits, whole days, plain texts."""

from __future__ import annotations

import math
import unicodedata
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros_free_validation.expression import CellValue, Key, KeyKind, Place, texts_in
from macros_free_validation.judge import judge, live_findings
from macros_free_validation.live import live_sheet
from macros_free_validation.plan import Plan
from macros_free_validation.rules import ALL_RULES, BY_ID
from macros_free_validation.values import (
    Raw,
    as_day,
    at_most,
    differ,
    fifteen_digits,
    filled,
    is_date,
    less,
    same,
    show,
    to_date,
    to_serial,
)
from tests.build import TODAY, Value, good_task, layout_of, make_plan
from workbook_templates.characters import DECOMPOSED, UNUSUAL, is_plain
from workbook_templates.forms import FORMS
from workbook_templates.layout import Layout

FORM_IDS = tuple(FORMS)
UNUSUAL_RULE = BY_ID["KD838"]
SIGNS = tuple(UNUSUAL)

typical = st.floats(1e-5, 1e30) | st.floats(-1e30, -1e-5) | st.integers(-(10**6), 10**6).map(float)
finite = st.floats(allow_nan=False, allow_infinity=False)
neighbours = st.integers(-2, 2)


def beside(number: float, steps: int) -> float:
    """The float so many floats further."""
    for _ in range(abs(steps)):
        number = math.nextafter(number, math.copysign(math.inf, steps))
    return number


@given(typical, typical)
def test_numbers_compare_at_fifteen_digits(a: float, b: float) -> None:
    first, second = float(f"{a:.15g}"), float(f"{b:.15g}")
    assert same(a, b) is (first == second)
    assert differ(a, b) is (first != second)
    assert less(a, b) is (first < second)
    assert at_most(a, b) is (first <= second)


@given(typical, neighbours)
def test_a_hair_makes_no_difference(number: float, steps: int) -> None:
    typed = fifteen_digits(number)  # as a person can type it
    hair = beside(typed, steps)
    assert same(typed, hair)
    assert at_most(hair, typed)
    assert at_most(typed, hair)
    assert not less(hair, typed)
    assert not less(typed, hair)
    assert not differ(typed, hair)


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_exactly_one_order_holds(a: float, b: float) -> None:
    assert [less(a, b), same(a, b), less(b, a)].count(True) == 1
    assert differ(a, b) is not same(a, b)
    assert at_most(a, b) is not less(b, a)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.floats(0, 1 - 1e-9))
def test_a_day_with_a_time_is_the_day(day: date, time: float) -> None:
    serial = to_serial(day)
    assert as_day(serial + time) == serial
    assert as_day(serial - 1e-11) == serial
    assert is_date(serial + time)
    assert to_date(serial + time) == day
    assert show(serial + time, as_date=True) == day.strftime("%d/%m/%Y")
    assert Key("plan", "deadline", KeyKind.MONTH).of(serial + time, layout_of()) == (
        day.year * 12 + day.month
    )


@given(finite)
def test_numbers_in_messages(number: float) -> None:
    shown = show(number, as_date=False)
    assert shown != "-0"
    assert shown == "…" or abs(int(shown) - number) <= 0.5
    assert (shown == "…") is (abs(number) >= 999_999_999_999_999.5)


@pytest.mark.parametrize(
    ("number", "shown"),
    [(1.4999995, "2"), (1.4999994, "1"), (-1.4999995, "-2"), (100.4999996, "101"), (0.5, "1")],
)
def test_decimal_digits_are_rounded_as_excel_rounds_them(number: float, shown: str) -> None:
    assert show(number, as_date=False) == shown


def rules_found(plan: Plan) -> set[str]:
    return {finding.rule for finding in judge(plan, TODAY)}


def one_task(layout: Layout, cover: dict[str, Value] | None = None, **change: Value) -> Plan:
    return make_plan(layout, cover=cover, tables={"plan": [{**good_task(layout), **change}]})


@pytest.mark.parametrize("form", FORM_IDS)
def test_times_of_day_in_a_plan(form: str) -> None:
    layout = layout_of(form)
    cover = make_plan(layout).cells["cover"]
    end = cover["period_end"]
    assert isinstance(end, float)
    assert "KD406" not in rules_found(one_task(layout, deadline=end + 0.5))
    assert "KD406" in rules_found(one_task(layout, deadline=end + 1))
    start = to_serial(to_date(end) - timedelta(60))
    evening = one_task(layout, start=start + 0.75, deadline=start + 0.25)
    assert "KD404" not in rules_found(evening)
    assert "KD404" not in rules_found(one_task(layout, start=start, deadline=start - 1e-11))
    assert "KD404" in rules_found(one_task(layout, start=start, deadline=start - 0.25))
    issued = one_task(layout, {"issue_date": start + 0.9}, start=None, deadline=start + 0.1)
    assert "KD405" not in rules_found(issued)


@pytest.mark.parametrize("form", FORM_IDS)
def test_times_of_day_between_sheets(form: str) -> None:
    layout = layout_of(form)
    task = good_task(layout)
    begun = task["start"]
    assert isinstance(begun, date)
    for reported, wrong in ((to_serial(begun) + 0.2, False), (to_serial(begun) - 0.2, True)):
        done: dict[str, Value] = {"progress_state": "Hoàn thành", "report_date": reported}
        task["start"] = to_serial(begun) + 0.9
        plan = make_plan(layout, tables={"plan": [task], "progress": [done]})
        assert ("KD705" in rules_found(plan)) is wrong


@pytest.mark.parametrize(
    ("percent", "wrong"),
    [(28.6 + 35.7 + 35.7, False), (-1e-17, True), (100.000000000001, True), (100.5, True)],
)
def test_percentages_beside_their_limits(percent: float, wrong: bool) -> None:
    layout = layout_of()
    report: dict[str, Value] = {
        "progress_state": "Hoàn thành",
        "percent": percent,
        "evidence": "biên bản",
    }
    plan = make_plan(layout, tables={"plan": [good_task(layout)], "progress": [report]})
    found = rules_found(plan)
    assert ("KD703" in found) is wrong
    assert "KD707" not in found or percent < 1


def test_sums_at_fifteen_digits() -> None:
    layout = layout_of()
    for counts, wrong in (((0.3, 0.1, 0.2), False), ((100, 28.6, 71.4), False), ((3, 1, 1), True)):
        total, met, not_met = counts
        cells = {"claimed_total_1": total, "claimed_met_1": met, "claimed_not_met_1": not_met}
        plan = make_plan(layout, cells={"self_assessment": cells})
        assert ("KD602" in rules_found(plan)) is wrong


def test_a_result_that_repeats_the_title_of_a_criterion_given_by_its_code() -> None:
    layout = layout_of("2018")
    title = layout.regulation.criteria[0].title
    for result, wrong in ((title, True), (f"{title} nữa", False)):
        found = rules_found(one_task(layout, criterion="1.1", expected_result=result))
        assert ("KD208" in found) is wrong


def compared(layout: Layout) -> set[tuple[str, str]]:
    """Sheet and field of every cell whose text some live rule compares."""
    found = set()
    for sheet in layout.sheets:
        at = Place(layout, sheet)
        for rule in ALL_RULES:
            for case in rule.live_cases:
                if (case.sheet or rule.sheet) != sheet.key:
                    continue
                if layout.form.id not in (case.forms or rule.forms):
                    continue
                if sheet.has_column(case.field) or sheet.has_cell(case.field):
                    found |= {place_of(cell, sheet.key) for cell in texts_in(case.when, at)}
        for key in live_sheet(layout, sheet.key).keys:
            placed = sheet.column(key.field).column
            if key.kind in (KeyKind.TEXT, KeyKind.MANDATORY) and not placed.locked:
                found.add((sheet.key, key.field))
        if sheet.has_column("criterion_label"):  # computed from the text beside it
            found.add((sheet.key, "criterion"))
    return found


def place_of(cell: CellValue, own: str) -> tuple[str, str]:
    return (getattr(cell, "sheet", own), cell.name)


@pytest.mark.parametrize("form", FORM_IDS)
def test_every_compared_text_is_looked_into(form: str) -> None:
    layout = layout_of(form)
    looked_into = {
        (case.sheet, str(field))
        for case in UNUSUAL_RULE.live_cases
        if form in case.forms and case.points_at is not None
        for _, field in case.points_at.choices
    }
    assert compared(layout) == looked_into


@pytest.mark.parametrize("form", FORM_IDS)
def test_no_text_of_ours_has_such_characters(form: str) -> None:
    layout = layout_of(form)
    for criterion in layout.regulation.criteria:
        assert is_plain(criterion.label)
    for value in make_plan(layout).column("lists", "unit"):
        assert is_plain(value)


texts = st.text(st.sampled_from("aăâMức 12.Đạt;[H-](MC)Tiểu"), min_size=1, max_size=12).filter(
    filled
)


@st.composite
def with_a_sign(draw: st.DrawFn) -> str:
    """A text that holds one of the characters, anywhere."""
    text, sign = draw(texts), draw(st.sampled_from(SIGNS))
    at = draw(st.integers(0, len(text)))
    return text[:at] + sign + text[at:]


LAYOUT = layout_of("2026")
PLACES = sorted(compared(LAYOUT))


def plan_with(sheet: str, field: str, value: Raw) -> Plan:
    """A plan with one cell changed, and rows around it that are compared with it."""
    good: dict[str, list[dict[str, Value]]] = {
        "plan": [good_task(LAYOUT, n) for n in range(3)],
        "progress": [{"progress_state": "Đang thực hiện", "evidence": "(MC.1.1.01)"}],
        "problems": [{"criterion": LAYOUT.regulation.criteria[0].label, "weakness": "x"}],
        "self_assessment": [{"result_1": "Không đạt", "evidence": "(MC.1.1.01)"}],
        "lists": [{"unit": "Ban Giám hiệu"}, {"unit": "Kế toán"}],
    }
    if LAYOUT.sheet(sheet).has_cell(field):
        return make_plan(LAYOUT, cover={field: value}, tables=good)
    good[sheet][0] = {**good[sheet][0], field: value}
    return make_plan(LAYOUT, tables=good)


def found_beside(plan: Plan) -> set[tuple[str, str | None, str | None, str]]:
    """Findings of the other rules of the sheet, with their words."""
    return {
        (f.rule, f.sheet, f.cell, f.message.vi)
        for f in live_findings(plan)
        if f.rule != UNUSUAL_RULE.id
    }


@given(st.sampled_from(PLACES), with_a_sign(), with_a_sign())
@settings(deadline=None, max_examples=50)
def test_no_other_rule_looks_at_such_a_text(place: tuple[str, str], one: str, other: str) -> None:
    sheet, field = place
    plan, another = plan_with(sheet, field, one), plan_with(sheet, field, other)
    assert found_beside(plan) == found_beside(another)
    placed = LAYOUT.sheet(sheet)
    row = placed.first_row
    ref = placed.cell(field).ref if placed.has_cell(field) else placed.ref(field, row)
    (found,) = (f for f in live_findings(plan) if f.rule == UNUSUAL_RULE.id)
    assert (found.sheet, found.cell, found.value) == (placed.name, ref, one)


@pytest.mark.parametrize(
    ("lead", "kind"),
    [
        (unicodedata.normalize("NFD", "Kế toán"), DECOMPOSED.name),
        *((text, UNUSUAL.name) for text in ("Kế\u200b toán", "Kế\u00ad toán", "Kế toán\u0131")),
        *((text, UNUSUAL.name) for text in ("Kế\u2003toán", "Kế toán \uff11", "Kế\x7f toán")),
    ],
)
def test_the_rule_names_the_cell_and_the_kind(lead: str, kind: object) -> None:
    plan = one_task(LAYOUT, lead=lead)
    (found,) = (f for f in judge(plan, TODAY) if f.rule == UNUSUAL_RULE.id)
    assert kind in (DECOMPOSED.name, UNUSUAL.name)
    name = DECOMPOSED.name if kind == DECOMPOSED.name else UNUSUAL.name
    assert found.message.vi == f"Ô «Chủ trì» có {name.vi}, nên các quy tắc khác chưa xét ô này."
    assert name.en in found.message.en
    assert "KD302" not in rules_found(plan)


def test_several_cells_of_a_row_are_named_together() -> None:
    plan = one_task(LAYOUT, lead="Kế toán\u200b", task="Họp\u200b tổ")
    (found,) = (f for f in judge(plan, TODAY) if f.rule == UNUSUAL_RULE.id)
    assert found.cell == LAYOUT.sheet("plan").ref("task", LAYOUT.sheet("plan").first_row)
    assert "«Chủ trì»" in found.message.vi
    assert found.message.vi.count("«") == 2


@pytest.mark.parametrize(
    ("space", "form"), [*product((" ", "\u00a0", "\n", "\t", "\r", " \u00a0\r\n"), FORM_IDS)]
)
def test_spaces_show_nothing(space: str, form: str) -> None:
    assert not filled(space)
    assert filled(f"{space}x")
    assert "KD301" in rules_found(one_task(layout_of(form), lead=space))
