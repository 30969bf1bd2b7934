"""Dropdowns: where their lists come from, and that both judges take what they offer."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import cycle, islice

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from kdcl_xl.template.issue import layout_from
from kdcl_xl.template.sheets.dropdowns import UNITS_NAME, rule_of
from kdcl_xl.xlsx.writer import LONGEST_ERROR, LONGEST_PROMPT, LONGEST_TITLE, clipped, units_of
from macros_free_validation.judge import judge, live_findings
from macros_free_validation.rules.lists import OF_ITS_OWN, dropdowns, unjudged
from macros_free_validation.values import CellError
from tests.build import (
    SETTLED,
    THCS,
    TODAY,
    YEARS,
    Value,
    fresh_workbook_bytes,
    good_task,
    layout_of,
    make_plan,
)
from tests.template.test_template import CASES, make
from workbook_templates.declare import ROW_COUNTS, Lists, Rows, Type
from workbook_templates.defaults import default_units
from workbook_templates.forms import FORMS
from workbook_templates.layout import DEPENDENT_LISTS, EMPTY_LIST, Layout, PlacedSheet, letter_of
from workbook_templates.regulation import builtin_catalogue
from workbook_templates.school_kind import SchoolKind

WEIGHED = {
    "KD217",  # target below the current level
    "KD218",  # target jumps over a level
    "KD407",  # recurring, but no end
    "KD503",  # amount, but "no funds needed"
    "KD601",  # a standard has no task
    "KD603",  # failed, but no task
    "KD605",  # every criterion is planned
    "KD606",  # claimed level not reached
    "KD607",  # claimed level too low
    "KD608",  # a level met above one that is not
    "KD701",  # progress on no task
}
"""Rules that may speak at a dropdown: they weigh its value against others, not by itself."""


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "year"), CASES[:5] + CASES[-1:])
def test_every_list_is_a_name_over_locked_cells(kind: SchoolKind, year: str) -> None:
    layout, content = make(kind, year)
    book = openpyxl.load_workbook(io.BytesIO(content))
    for area in layout.areas:
        assert _values(book, area.name) == area.values
    lists = book["Danh mục"]
    blank = [lists[f"{letter_of(EMPTY_LIST)}{row}"] for row in range(1, lists.max_row + 1)]
    assert not [c for c in blank[2:] if c.value is not None or not c.protection.locked]
    used = {
        rule.formula1.lstrip("=")
        for ws in book
        for rule in ws.data_validations.dataValidation
        if rule.type == "list"
    }
    names = {area.name for area in layout.areas}
    dependent = {name for name in used if name.startswith("ds_")}
    assert used - dependent <= names | {UNITS_NAME}
    assert len(dependent) == 1
    for name in dependent:
        text = book.defined_names[name].attr_text
        assert not [word for word in ("INDIRECT", "OFFSET", "FILTER", '"') if word in text]


def _values(book: Workbook, name: str) -> tuple[object, ...]:
    ((sheet, area),) = book.defined_names[name].destinations
    cells = [row[0] for row in book[sheet][area]]
    assert all(cell.protection.locked for cell in cells), name
    return tuple(cell.value for cell in cells)


def test_texts_too_long_for_excel_are_refused_when_built() -> None:
    """In UTF-16 units: a letter beyond the first plane counts twice."""
    layout = layout_of()
    sheet = layout.sheet("plan")
    for limit in (LONGEST_TITLE, LONGEST_PROMPT, LONGEST_ERROR):
        assert clipped("ệ" * limit, limit)
        for long in ("ệ" * (limit + 1), "😀" * (limit // 2) + "ab"):
            with pytest.raises(ValueError, match=f"longer than {limit}"):
                clipped(long, limit)
    with pytest.raises(ValueError, match="longer than 255"):
        rule_of(layout, sheet, Type.TEXT, None, "Công việc", "x" * 256)
    shown = rule_of(
        layout, sheet, Type.TEXT, None, "Thông tin, dữ liệu hoặc minh chứng dự kiến", "x"
    )
    assert units_of(shown["input_title"]) <= LONGEST_TITLE


def _pairs(layout: Layout, choices: Lists) -> list[tuple[str, str]]:
    """Every parent with every value its dropdown offers."""
    lists = layout.dependent_values(choices)
    return [(parent, child) for parent, children in lists.items() for child in children]


def _offered(layout: Layout, kind: SchoolKind, sheet: PlacedSheet) -> list[dict[str, Value]]:
    """Rows in which every dropdown of the sheet takes every value that it offers."""
    columns = [c.column for c in sheet.columns if c.column.choices]
    children = [c for c in columns if c.choices in DEPENDENT_LISTS]
    rows: list[dict[str, Value]] = [{}]
    for child in children:
        assert child.choices is not None
        assert child.parent is not None
        pairs = _pairs(layout, child.choices)
        rows = [{child.parent: parent, child.field: value} for parent, value in pairs]
    for column in columns:
        assert column.choices is not None
        if column in children or any(column.field == child.parent for child in children):
            continue
        units = column.choices is Lists.UNITS
        values = default_units(kind, layout.form.id) if units else layout.values(column.choices)
        longer = max(len(rows), len(values))
        rows = [{**row} for row in islice(cycle(rows), longer)]
        for row, value in zip(rows, cycle(values), strict=False):
            row[column.field] = value
    return rows


@pytest.mark.parametrize(
    ("kind", "form"), [(kind, form) for form, kinds in SETTLED.items() for kind in kinds]
)
def test_every_value_offered_passes_check(kind: SchoolKind, form: str) -> None:
    """Every value of every dropdown, every parent with every child; no rule minds one by itself."""
    layout = layout_from(builtin_catalogue(), kind, YEARS[form], 200)
    tasks = _offered(layout, kind, layout.sheet("plan"))
    tables: dict[str, list[dict[str, Value]]] = {
        "plan": [
            {**good_task(layout), "task": f"Việc thứ {n}", **row} for n, row in enumerate(tasks)
        ],
        "progress": _offered(layout, kind, layout.sheet("progress")),
        "self_assessment": [
            {
                field: verdict
                for field in ("result_1", "result_2", "result_3", "result_4")
                if layout.sheet("self_assessment").has_column(field)
                and int(field[-1]) in criterion.levels
            }
            for criterion, verdict in zip(
                layout.regulation.criteria, cycle(layout.values(Lists.VERDICTS)), strict=False
            )
        ],
    }
    if layout.has_sheet("problems"):
        tables["problems"] = [
            {
                "standard": layout.regulation.standard_of(criterion),
                "criterion": choice,
                "current_state": "Còn chậm",
                "weakness": "Chưa đều",
            }
            for choice in layout.values(Lists.CRITERIA)[: ROW_COUNTS[Rows.PROBLEMS]]
            if (criterion := layout.regulation.criterion(choice))
        ]
    choices = {(s.name, c.field) for s in layout.sheets for c in s.columns if c.column.choices}
    choices |= {(s.name, c.field) for s in layout.sheets for c in s.cells if c.cell.choices}
    for level in layout.values(Lists.LEVELS):
        plan = make_plan(layout, kind=kind, cover={"claimed_level": level}, tables=tables)
        minded = {
            (f.rule, f.field, f.value)
            for f in judge(plan, TODAY)
            if (f.sheet, f.field) in choices and f.rule not in WEIGHED
        }
        assert not minded


def unminded(form: str, foreign: Value, without: frozenset[str]) -> set[tuple[str, str]]:
    """Dropdowns of a form in which no rule, but for some, minds a value that is not offered."""
    layout = layout_of(form)
    silent: set[tuple[str, str]] = set()
    for sheet in layout.sheets:
        columns = [c.field for c in sheet.columns if c.column.choices]
        cells = [c.field for c in sheet.cells if c.cell.choices]
        for field in (*columns, *cells):
            tables = {"plan": [good_task(layout)]}
            if field in columns:
                good = tables["plan"][0] if sheet.key == "plan" else {}
                tables[sheet.key] = [{**good, field: foreign}]
            own: dict[str, Value] = {field: foreign} if field in cells else {}
            assert not own or sheet.key == "cover"
            plan = make_plan(layout, cover=own, tables=tables)
            row = sheet.first_row if field in columns else None
            place = (sheet.name, field, row)
            for found in (judge(plan, TODAY), live_findings(plan)):
                rules = {f.rule for f in found if (f.sheet, f.field, f.row) == place}
                if not rules - WEIGHED - without:
                    silent.add((sheet.key, field))
    return silent


@pytest.mark.parametrize("foreign", ["Giá trị lạ", " mức 7", 7, True, CellError("#N/A")])
@pytest.mark.parametrize("form", ["2018", "2026"])
def test_no_dropdown_takes_what_is_not_in_its_list(form: str, foreign: Value) -> None:
    """Pasted over a dropdown, a foreign value is told by the sheet and by `check`."""
    assert not unminded(form, foreign, frozenset())


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        ("KD116", {("cover", "claimed_level")}),
        ("KD216", {("self_assessment", f"result_{level}") for level in (1, 2, 3, 4)}),
        ("KD710", {("progress", "report_period"), ("progress", "reporter")}),
    ],
)
def test_a_dropdown_that_no_rule_judges_would_be_found(
    rule: str, fields: set[tuple[str, str]]
) -> None:
    assert unminded("2018", "Giá trị lạ", frozenset({rule})) == fields


def test_a_new_dropdown_needs_a_rule() -> None:
    """One more on the plan would not even be imported without one."""
    form = FORMS["2026"]
    plan = form.sheet("plan")
    notes = next(column for column in plan.columns if column.field == "notes")
    listed = replace(notes, choices=Lists.RECURRENCES)
    columns = tuple(listed if column is notes else column for column in plan.columns)
    sheets = tuple(replace(s, columns=columns) if s is plan else s for s in form.sheets)
    assert unjudged([replace(form, sheets=sheets)]) == {("plan", "notes")}
    assert not unjudged(FORMS.values())
    assert OF_ITS_OWN.keys() <= dropdowns(FORMS.values()).keys()


@pytest.mark.parametrize(("form", "rule"), [("2018", "KD205"), ("2026", "KD213")])
def test_a_parent_changed_after_its_child(form: str, rule: str) -> None:
    """What the child still says is told by the sheet and by `check`, in the same words."""
    layout = layout_of(form)
    if form == "2018":
        key, field = "plan", "target_level"
        two = next(c for c in layout.regulation.criteria if max(c.levels) == 2)
        row = {**good_task(layout), "criterion": two.label, "target_level": "Mức 3"}
    else:
        key, field = "problems", "criterion"
        first, second = layout.regulation.standards[:2]
        row = {
            "standard": second.label,
            "criterion": first.criteria[0].label,
            "current_state": "Còn chậm",
            "weakness": "Chưa đều",
        }
    plan = make_plan(layout, tables={key: [row]})
    (told,) = [f for f in judge(plan, TODAY) if f.rule == rule]
    assert (told.field, told.row) == (field, layout.sheet(key).first_row)
    assert told.message in [f.message for f in live_findings(plan)]
    sheet = layout.sheet(key)
    book = openpyxl.load_workbook(io.BytesIO(fresh_workbook_bytes(plan)), data_only=True)
    assert told.message.vi in str(book[sheet.name][sheet.ref("check", sheet.first_row)].value)


def test_units_typed_by_the_school_are_offered_by_position() -> None:
    layout, content = make(THCS, "2026-2027")
    text = openpyxl.load_workbook(io.BytesIO(content)).defined_names[UNITS_NAME].attr_text
    lists = layout.sheet("lists")
    assert f"INDEX({lists.quoted}!$A:$A,{lists.first_row})" in text
