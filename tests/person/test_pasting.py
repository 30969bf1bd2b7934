"""A person pastes, drags and undoes; the cells of every scenario come from the layout."""

from __future__ import annotations

import pytest

from tests.build import good_plan, good_task, layout_of, make_plan
from tests.person.conftest import Open
from tests.person.form import FormFiller, inputs, neighbouring_texts

pytestmark = [pytest.mark.libreoffice, pytest.mark.person]

ROWS, COLUMNS = 5, 3
CELLS = [[f"Nội dung {row}.{column} đã dán" for column in range(COLUMNS)] for row in range(ROWS)]


def paste(person: FormFiller, cells: list[list[str]], *, html: bool) -> None:
    """Paste cells as text, or as a table of Word or a web page, and accept what is asked."""
    if html:
        rows = ("".join(f"<td>{cell}</td>" for cell in row) for row in cells)
        table = "".join(f"<tr>{row}</tr>" for row in rows)
        content = f'<html><meta charset="utf-8"><body><table>{table}</table></body></html>'
    else:
        content = "\n".join("\t".join(row) for row in cells)
    person.calc.paste(content, html=html)
    if person.calc.messages():  # how the text is to be read
        person.calc.answer()


@pytest.mark.parametrize("html", [False, True], ids=["text", "html"])
def test_cells_are_pasted(open_plan: Open, html: bool) -> None:
    person = open_plan(make_plan(layout_of()))
    fields = neighbouring_texts(person.sheet("plan"), COLUMNS)
    person.go_to("plan", fields[0], 1)
    paste(person, CELLS, html=html)
    assert person.shown_range("plan", fields, (1, ROWS)) == CELLS
    assert person.save().column("plan", fields[0]) == [row[0] for row in CELLS]


@pytest.mark.parametrize("html", [False, True], ids=["text", "html"])
def test_what_is_pasted_is_corrected(open_plan: Open, html: bool) -> None:
    person = open_plan(make_plan(layout_of()))
    fields = neighbouring_texts(person.sheet("plan"), COLUMNS)
    person.go_to("plan", fields[0], 1)
    paste(person, CELLS, html=html)
    person.go_to("plan", fields[1], 2)
    person.calc.type("Đã sửa lại")
    assert person.calc.messages() == []
    assert person.shown("plan", fields[1], 2) == "Đã sửa lại"


@pytest.mark.parametrize("html", [False, True], ids=["text", "html"])
@pytest.mark.parametrize("form", ["2018", "2026"])
def test_whole_rows_of_a_table_are_pasted(open_plan: Open, form: str, html: bool) -> None:
    """A table of Word has what the form asks for, side by side."""
    layout = layout_of(form)
    asked = inputs(layout.sheet("plan"))
    tasks = [{**good_task(layout, n), asked[-1]: f"Ý cuối {n}"} for n in range(ROWS)]
    cells = [
        [value if isinstance(value := task.get(f, ""), str) else "" for f in asked]
        for task in tasks
    ]
    person = open_plan(make_plan(layout))
    person.go_to("plan", asked[0], 1)
    paste(person, cells, html=html)
    assert person.calc.messages() == []
    assert person.shown_range("plan", asked, (1, ROWS)) == cells


@pytest.mark.parametrize("field", ["criterion", "target_level"])
def test_what_is_chosen_does_not_count_up_when_dragged(open_plan: Open, field: str) -> None:
    person = open_plan(good_plan("2018", tasks=1))
    sheet = person.sheet("plan")
    person.go_to("plan", field, 1)
    person.calc.choose(1)
    person.calc.press("Tab")
    text, first = person.shown("plan", field, 1), sheet.first_row
    person.calc.drag_fill(sheet.name, sheet.ref(field, first), sheet.ref(field, first + 3))
    assert person.shown_range("plan", [field], (1, 4)) == [[text]] * 4


@pytest.mark.parametrize("html", [False, True], ids=["text", "html"])
def test_a_paste_is_undone(open_plan: Open, html: bool) -> None:
    person = open_plan(good_plan(tasks=ROWS))
    fields = neighbouring_texts(person.sheet("plan"), COLUMNS)
    before = person.shown_range("plan", fields, (1, ROWS))
    person.go_to("plan", fields[0], 1)
    paste(person, CELLS, html=html)
    assert person.shown_range("plan", fields, (1, ROWS)) == CELLS
    person.calc.undo()
    assert person.shown_range("plan", fields, (1, ROWS)) == before


def test_a_drag_is_undone(open_plan: Open) -> None:
    person = open_plan(good_plan(tasks=1))
    sheet = person.sheet("plan")
    text = person.shown("plan", "lead", 1)
    person.calc.drag_fill(
        sheet.name, sheet.ref("lead", sheet.first_row), sheet.ref("lead", sheet.first_row + 3)
    )
    assert person.shown_range("plan", ["lead"], (1, 4)) == [[text]] * 4
    person.calc.undo()
    assert person.shown("plan", "lead", 1) == text
    assert person.shown("plan", "lead", 2) == ""
