"""Every private part of XlsxWriter that the program uses exists and does what is expected.

``make test-xlsxwriter`` runs this module, and those that compare bytes, on the oldest and
the newest release allowed, each in a throw-away environment.
"""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest
import xlsxwriter

from kdcl_xl.xlsx.writer import Book
from kdcl_xl.xlsx.xlsxwriter_private import (
    PlainWorksheet,
    shared_string_xml,
    shared_strings,
    style_number,
    without_markup,
)

TEXTS = ("a", " b ", "<r>c</r>", "d & <e>", "x\ny")


def written() -> tuple[xlsxwriter.Workbook, io.BytesIO, PlainWorksheet]:
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    return workbook, buffer, workbook.add_worksheet("A", PlainWorksheet)


@pytest.mark.parametrize("formula", ["=SUM(A1:A2)", "SUM(A1:A2)", '=STDEV.S(1,2)&"{}"'])
def test_a_formula_is_written_unchanged(formula: str) -> None:
    workbook, buffer, sheet = written()
    assert sheet.write_formula(0, 0, formula, None, 7) == 0
    assert sheet.write_formula(1 << 20, 0, formula) == -1, "below the last row of a sheet"
    workbook.close()
    for values, expected in ((False, "=" + formula.removeprefix("=")), (True, 7)):
        assert openpyxl.load_workbook(buffer, data_only=values)["A"]["A1"].value == expected


def test_texts_are_shared_strings_written_unchanged() -> None:
    workbook, buffer, sheet = written()
    for row, text in enumerate(TEXTS):
        sheet.write_string(row, 0, text)
    assert shared_strings(workbook) == {without_markup(text): n for n, text in enumerate(TEXTS)}
    workbook.close()
    xml = zipfile.ZipFile(buffer).read("xl/sharedStrings.xml").decode()
    items = re.findall(r"<si>.*?</si>", xml, re.DOTALL)
    assert items == [shared_string_xml(without_markup(text)) for text in TEXTS]
    read = openpyxl.load_workbook(buffer)["A"]
    assert [cell.value for (cell,) in read.iter_rows()] == list(TEXTS)


def test_a_filter_may_be_without_its_hidden_name() -> None:
    for is_named in (True, False):
        workbook, buffer, sheet = written()
        sheet.autofilter(0, 0, 3, 1)
        if not is_named:
            sheet.leave_filter_unnamed()
        workbook.close()
        with zipfile.ZipFile(buffer) as archive:
            assert b'<autoFilter ref="A1:B4"/>' in archive.read("xl/worksheets/sheet1.xml")
            assert (b"_FilterDatabase" in archive.read("xl/workbook.xml")) == is_named


def test_a_style_has_the_number_that_its_cells_have() -> None:
    book = Book({})
    sheet = book.sheet("A")
    sheet.write_number(0, 0, 1, book.style("cell_number"))
    number = style_number(book.style("cell_number"))
    content = io.BytesIO()
    book.finish(content)
    xml = zipfile.ZipFile(content).read("xl/worksheets/sheet1.xml").decode()
    assert f'<c r="A1" s="{number}">' in xml


@pytest.mark.parametrize(("points", "written_as"), [(32, "32.25"), (19, "18.75"), (30, "30")])
def test_a_row_height_is_rounded_to_pixels(points: float, written_as: str) -> None:
    workbook, buffer, sheet = written()
    sheet.set_row(0, points)
    workbook.close()
    xml = zipfile.ZipFile(buffer).read("xl/worksheets/sheet1.xml").decode()
    assert f' ht="{written_as}"' in xml
