"""A person fills in tasks by typing and choosing, changes them, saves, and has them checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from kdcl_xl.checking.check import check_file
from macros_free_validation.plan import Plan
from macros_free_validation.values import Raw
from samples import describe
from samples.make_samples import template_of
from tests.build import TODAY, Value, good_plan, good_task, layout_of, make_plan, write_workbook
from tests.person.calc import Region
from tests.person.conftest import MEASURED, PICTURES, Open
from tests.person.form import inputs, offered_units
from tests.person.screen import save_picture
from workbook_templates.layout import CRITERION_WORD, DEFAULT_ROWS
from workbook_templates.regulation import builtin_catalogue
from workbook_templates.vocabulary import level_choice

pytestmark = [pytest.mark.libreoffice, pytest.mark.person]

Record = Callable[[str, object], None]
SAMPLE = describe.HERE / "plans" / "thcs-2020-2021.toml"
TASKS, EDITS = 15, 5


def written(value: Value) -> str:
    """Return a value as a person writes it, in every regional setting: the day comes first."""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return "" if value is None else str(value)


def typed(task: Mapping[str, Value]) -> dict[str, str]:
    """Return what a person types or chooses for the values of a task."""
    return {field: written(value) for field, value in task.items()}


def tasks_of(plan: Plan) -> list[dict[str, Raw]]:
    sheet = plan.layout.sheet("plan")
    return [
        {field: plan.value("plan", record, field) for field in inputs(sheet)}
        for record in plan.rows("plan")
    ]


def found(path: Path) -> list[tuple[str, str | None, str | None]]:
    findings = check_file(path, builtin_catalogue(), TODAY).findings
    return sorted(((f.rule, f.sheet, f.cell) for f in findings), key=str)


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_a_task_is_filled_in_and_checked(
    open_plan: Open, form: str, tmp_path: Path, record_property: Record
) -> None:
    layout = layout_of(form)
    task = {**good_task(layout), "criterion": layout.regulation.criteria[0].code}
    person = open_plan(make_plan(layout))
    before = person.calc.screen.effort
    person.fill_row("plan", 1, typed(task))
    effort = person.calc.screen.effort - before
    texts = sum(
        len(str(v))
        for f, v in task.items()
        if f in ("task", "expected_result", "improvement_content")
    )
    record_property(MEASURED, f"{effort}, of which {texts} letters of the task's own texts")

    assert person.shown("plan", "status", 1) == "✓"
    saved = person.save()
    person.calc.close()
    (row,) = tasks_of(saved)
    assert {field: written(row[field]) for field in task} == typed(task)
    expected = write_workbook(tmp_path / "b.xlsx", make_plan(layout, tables={"plan": [task]}))
    assert found(person.calc.path) == found(expected)


def test_fifteen_tasks_of_a_real_plan_are_filled_in(open_plan: Open) -> None:
    data = describe.load(SAMPLE)
    issued, template = template_of(data)
    units = offered_units(issued)
    tasks = [task for task in data["plan"] if "pasted" not in task and task["lead"] in units][
        :TASKS
    ]
    assert len(tasks) == TASKS
    person = open_plan(issued, template)
    for row, task in enumerate(tasks, start=1):
        person.fill_row("plan", row, typed(task))
    differing = [
        (field, value, row[field])
        for row, task in zip(tasks_of(person.save()), tasks, strict=True)
        for field, value in task.items()
        if written(row[field]) != written(value)
    ]
    assert differing == []


def test_a_list_is_used_by_mouse(open_plan: Open) -> None:
    layout = layout_of()
    person = open_plan(make_plan(layout))
    criterion = layout.regulation.criteria[0]
    for field, value in (
        ("criterion", CRITERION_WORD + criterion.label),
        ("target_level", level_choice(2)),
        ("recurrence", "Hằng tháng"),
    ):
        options = person.options("plan", field, {"criterion": criterion.label})
        person.go_to("plan", field, 1)
        person.calc.choose_by_mouse(options.index(value))
        assert person.shown("plan", field, 1) == value


@pytest.mark.parametrize("code", ["1.4", "1.10"])
def test_a_criterion_is_typed_by_its_code(open_plan: Open, code: str) -> None:
    layout = layout_of("2018")
    criterion = layout.regulation.criterion(code)
    assert criterion is not None
    person = open_plan(make_plan(layout))
    for field, text in (("criterion", code), ("target_level", "2")):
        person.go_to("plan", field, 1)
        person.calc.type(text)
        assert not person.calc.messages(), f"«{text}» is refused"
    assert person.shown("plan", "criterion", 1) == code
    assert person.shown("plan", "criterion_label", 1) == criterion.label
    person.save()
    row = person.sheet("plan").first_row
    wrong = {f.field for f in person.check().findings if f.row == row}
    assert not wrong & {"criterion", "target_level"}


def test_a_code_that_does_not_exist_is_refused(open_plan: Open) -> None:
    person = open_plan(make_plan(layout_of()))
    person.go_to("plan", "criterion", 1)
    person.calc.type("9.9")
    assert person.calc.messages()
    person.calc.answer("Escape")
    assert person.shown("plan", "criterion", 1) == ""


@pytest.mark.parametrize(
    ("field", "text", "meaning"),
    [
        ("deadline", "31/5/27", "31/05/2027"),
        ("deadline", "31.05.2027", "31/05/2027"),
        ("deadline", "tháng 5/2027", "31/05/2027"),
        ("deadline", "quý II/2027", "30/06/2027"),
        ("budget", "81.000.000", "81.000.000"),
        ("budget", "81,000,000", "81.000.000"),
        ("budget", "81 triệu", "81.000.000"),
    ],
)
def test_a_date_or_amount_is_understood_as_typed(
    open_plan: Open, field: str, text: str, meaning: str
) -> None:
    person = open_plan(good_plan())
    person.go_to("plan", field, 1)
    person.calc.type(text)
    kept = person.shown("plan", field, 1)
    assert kept.lower() == text.lower()  # LibreOffice begins a text with a capital letter
    assert person.shown("plan", "status", 1) == "✓"
    said = person.shown("plan", "check", 1)
    is_plain = text.replace(".", "/") == meaning.replace(".", "/")  # nothing to be said
    assert is_plain or meaning in said, said


def test_tasks_are_printed_in_the_order_that_a_person_types(open_plan: Open) -> None:
    person = open_plan(good_plan(tasks=3))
    for row, order in enumerate(("3", "1", "2"), start=1):
        person.go_to("plan", "print_order", row)
        person.calc.type(order)
    person.calc.go_to("Bản in", "A1")
    printed = " ".join(" ".join(row) for row in person.calc.shown_range("Bản in", "A1:L200"))
    places = [printed.index(f"công việc thứ {n}") for n in (2, 3, 1)]
    assert places == sorted(places)


def test_a_row_that_is_begun_is_not_red(open_plan: Open) -> None:
    person = open_plan(make_plan(layout_of()))
    person.go_to("plan", "criterion", 1)
    person.calc.type("1.2")
    person.go_to("plan", "task", 1)
    box = person.calc.box()
    pixel = person.calc.screen.picture().getpixel((box.right - 6, box.bottom - 6))
    assert isinstance(pixel, tuple)
    assert pixel[0] - pixel[1] < 30, f"the task's cell is painted red: {pixel}"
    assert "thiếu công việc" in person.shown("plan", "status", 1)


@pytest.mark.parametrize("form", ["2018", "2026"])
@pytest.mark.parametrize("is_filled", [False, True], ids=["empty", "filled"])
def test_every_sheet_shows_its_first_input(
    open_plan: Open, region: Region, form: str, is_filled: bool
) -> None:
    """A picture of each sheet stays in ``build/person/sheets``."""
    person = open_plan(good_plan(form, tasks=6) if is_filled else make_plan(layout_of(form)))
    screen = person.calc.screen
    for sheet in person.issued.layout.sheets:
        if not (sheet.cells or sheet.columns):
            continue
        cells = [cell.ref for cell in sheet.cells if not cell.cell.locked]
        first = cells[0] if cells else sheet.ref(inputs(sheet)[0], sheet.first_row)
        person.calc.go_to(sheet.name, first)
        box = person.calc.box()
        assert box.right < screen.picture().width
        state = "filled" if is_filled else "empty"
        save_picture(screen, PICTURES / "sheets" / f"{form}-{sheet.key}-{state}-{region}.png")


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_the_status_stays_in_sight(open_plan: Open, form: str) -> None:
    """While a person types in the last input of a row, its status is on the screen."""
    person = open_plan(good_plan(form))
    sheet = person.sheet("plan")
    person.go_to("plan", inputs(sheet)[-1], 1)
    last = person.calc.box()
    screen = person.calc.screen.picture()
    assert last.right < screen.width
    assert sheet.column("status").index < sheet.sheet.frozen_columns
    frozen = sum(c.column.width for c in sheet.columns[: sheet.sheet.frozen_columns])
    assert frozen < 60, "the frozen columns take too much of the screen"


def test_locked_cells_refuse_the_first_letter(open_plan: Open) -> None:
    person = open_plan(good_plan())
    sheet = person.sheet("plan")
    for field in (c.field for c in sheet.columns if c.column.locked):
        before = person.shown("plan", field, 1)
        person.go_to("plan", field, 1)
        person.calc.type("x")
        assert person.calc.messages(), field
        person.calc.answer()
        assert person.shown("plan", field, 1) == before


def test_a_change_is_undone(open_plan: Open) -> None:
    person = open_plan(good_plan())
    before = person.shown("plan", "task", 1)
    person.go_to("plan", "task", 1)
    person.calc.type("Việc khác hẳn")
    assert person.shown("plan", "task", 1) == "Việc khác hẳn"
    person.calc.undo()
    assert person.shown("plan", "task", 1) == before
    person.go_to("plan", "task", 1)
    person.calc.press("Delete")
    assert person.shown("plan", "task", 1) == ""
    person.calc.undo()
    assert person.shown("plan", "task", 1) == before


def test_an_edit_of_a_full_plan_is_answered_at_once(
    open_plan: Open, record_property: Record
) -> None:
    layout = layout_of(rows=DEFAULT_ROWS)
    tasks = [good_task(layout, nth) for nth in range(DEFAULT_ROWS)]
    person = open_plan(make_plan(layout, tables={"plan": tasks}))
    taken = {}
    for field in ("task", "lead"):
        person.go_to("plan", field, 1)
        before = person.calc.processor_seconds()
        for task in tasks[:EDITS]:
            person.calc.type(f"{task[field]}" if field == "lead" else f"{task[field]} của trường")
        taken[field] = (person.calc.processor_seconds() - before) / EDITS
    each = ", ".join(f"{seconds:.2f} s of {field}" for field, seconds in taken.items())
    record_property(MEASURED, f"processor time an edit, {DEFAULT_ROWS} tasks: {each}")
    assert max(taken.values()) < 2
