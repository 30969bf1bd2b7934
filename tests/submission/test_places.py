"""Findings on a file whose rows or columns moved give the addresses of the file as it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from kdcl_xl.checking.check import check_file
from kdcl_xl.checking.record import from_line, to_line
from tests.build import TODAY, good_task, layout_of, make_plan, write_workbook
from tests.conftest import Run
from tests.district.test_merge import table
from tests.opened import book_in
from workbook_templates.regulation import builtin_catalogue

LAYOUT = layout_of()
PLAN, COVER = LAYOUT.sheet("plan"), LAYOUT.sheet("cover")
ROW = PLAN.first_row + 1
WORD = "mùa khai trường"


def sheet_of(book: Workbook, name: str) -> Worksheet:
    sheet = book[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def changed(path: Path, sheet: str, change: Callable[[Worksheet], None]) -> Path:
    """A plan with a word as deadline of its second task, then with a sheet changed."""
    tables = {"plan": [good_task(LAYOUT, n) for n in range(3)]}
    path.parent.mkdir(exist_ok=True)
    write_workbook(path, make_plan(LAYOUT, tables=tables))
    book = book_in(path.read_bytes())
    sheet_of(book, PLAN.name)[PLAN.ref("deadline", ROW)] = WORD
    change(sheet_of(book, sheet))
    book.save(path)
    return path


def next_letter(letter: str) -> str:
    return chr(ord(letter) + 1)


LETTER = PLAN.column("deadline").letter
MOVES: dict[str, tuple[str, Callable[[Worksheet], None], str]] = {
    "a column before F": (PLAN.name, lambda s: s.insert_cols(6), f"{next_letter(LETTER)}{ROW}"),
    "a column behind": (PLAN.name, lambda s: s.insert_cols(17), f"{LETTER}{ROW}"),
    "two rows above": (PLAN.name, lambda s: s.insert_rows(1, 2), f"{LETTER}{ROW + 2}"),
    "nothing": (PLAN.name, lambda s: None, f"{LETTER}{ROW}"),
}


@pytest.mark.parametrize("move", MOVES)
def test_check_names_the_cell_where_it_is(tmp_path: Path, move: str) -> None:
    sheet, change, cell = MOVES[move]
    path = changed(tmp_path / "a.xlsx", sheet, change)
    checked = check_file(path, builtin_catalogue(), TODAY)
    (found,) = [f for f in checked.findings if f.rule in ("KD402", "KD403")]
    assert (found.sheet, found.cell, found.row) == (PLAN.name, cell, ROW)
    assert openpyxl.load_workbook(path)[PLAN.name][cell].value == WORD
    again = from_line(to_line(checked), builtin_catalogue())
    assert again.submission.places == checked.submission.places
    assert again.findings == checked.findings


def test_cells_of_the_cover_too(tmp_path: Path) -> None:
    ref = COVER.cell("ownership").ref
    moved = f"{ref[0]}{int(ref[1:]) + 1}"

    def change(sheet: Worksheet) -> None:
        sheet.insert_rows(6)
        sheet[moved] = "loại khác"

    path = changed(tmp_path / "a.xlsx", COVER.name, change)
    checked = check_file(path, builtin_catalogue(), TODAY)
    assert (COVER.name, moved) in [(f.sheet, f.cell) for f in checked.findings]


@pytest.mark.slow
def test_the_authority_workbook_and_what_goes_back(run: Run, tmp_path: Path) -> None:
    """The authority reads the file's own places; the copy that goes back is as its template."""
    path = changed(tmp_path / "nop" / "a.xlsx", PLAN.name, lambda s: s.insert_rows(1, 2))
    said = json.loads(run("check", path, "--format", "json").stdout)["files"][0]["findings"]
    (wrong,) = [f for f in said if f["rule"] in ("KD402", "KD403")]
    assert wrong["cell"] == f"{LETTER}{ROW + 2}"
    book = tmp_path / "so.xlsx"
    assert run("merge", path.parent, "-o", book).exit_code == 0
    made = openpyxl.load_workbook(book)
    assert [row["Dòng"] for row in table(made["Kế hoạch"])] == [
        PLAN.first_row + n for n in (2, 3, 4)
    ]
    (flag,) = [row for row in table(made["Cờ"]) if wrong["rule"] in row.values()]
    assert any(f"{PLAN.name}!{wrong['cell']}" in str(value) for value in flag.values())
    assert run("feedback", book, path, "-o", tmp_path / "lai").exit_code == 0
    (copy,) = (tmp_path / "lai").rglob("*.xlsx")
    cell = openpyxl.load_workbook(copy)[PLAN.name][f"{LETTER}{ROW}"]
    assert cell.value == WORD
    assert cell.comment is not None
