"""A person pastes, drags and undoes; the cells of every scenario come from the layout."""

from __future__ import annotations

import pytest

from tests.build import good_plan, layout_of, make_plan
from tests.person.conftest import Open
from tests.person.form import FormFiller, neighbouring_texts

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


def test_pasted_text_is_corrected(open_plan: Open) -> None:
    person = open_plan(make_plan(layout_of()))
    fields = neighbouring_texts(person.sheet("plan"), COLUMNS)
    person.go_to("plan", fields[0], 1)
    paste(person, CELLS, html=False)
    person.go_to("plan", fields[1], 2)
    person.calc.type("Đã sửa lại")
    assert person.shown("plan", fields[1], 2) == "Đã sửa lại"


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
