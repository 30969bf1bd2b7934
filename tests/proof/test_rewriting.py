"""Formulas moved and written anew for the judges."""

from __future__ import annotations

import pytest

from kdcl_xl.xlsx.workbook import open_workbook
from tests.build import fresh_workbook_bytes, good_plan
from tests.proof.judges.rewriting import cells_of, direct, moved, replaced_calls, texts_of


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_formulas_move_as_the_reader_of_workbooks_moves_them(form: str) -> None:
    book = open_workbook(fresh_workbook_bytes(good_plan(form, rows=10)))
    for name in book.sheets:
        formulas = book.sheet(name).formulas
        texts = texts_of(formulas)
        for ref in list(texts)[::40]:
            assert texts[ref] == formulas.text(ref)


def test_references_in_quotes_and_names_stay() -> None:
    text = 'A1&$A1&A$1&"A1"&tt_cover_c2&LOG10(B2)'
    assert moved(text, 2, 1) == 'B3&$A3&B$1&"A1"&tt_cover_c2&LOG10(C4)'


def test_a_position_is_written_as_the_cell_that_it_is() -> None:
    names = {"tt_cover_c": "'Thông tin'!$C$1:$C$40"}
    assert direct("INDEX(tt_cover_c,13)", 5, names) == "'Thông tin'!$C$13"
    assert direct("INDEX($J$11:$J$46,ROW()-10)", 13, names) == "$J$13"
    assert direct("INDEX($A:$A,ROW())", 7, names) == "$A$7"
    assert direct("INDEX(other,MATCH(1,x,0))", 7, names) == "INDEX(other,MATCH(1,x,0))"


def test_calls_are_found_with_quotes_and_parentheses_inside() -> None:
    text = 'ISTEXT(A1)&TEXT(TEXT(1,"0)"),"(0")'
    assert replaced_calls(text, "TEXT", lambda inner: f"[{inner}]") == 'ISTEXT(A1)&[[1,"0)"],"(0"]'


def test_a_range_is_written_out() -> None:
    assert cells_of("dm", {"dm": "S!$B$2:$B$4"}) == ["S!$B$2", "S!$B$3", "S!$B$4"]
    with pytest.raises(ValueError, match="no range"):
        cells_of("dm", {"dm": "S!$B:$B"})
