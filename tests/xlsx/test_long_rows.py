"""Rows written straight as XML say what XlsxWriter would say."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kdcl_xl.xlsx.long_rows import Cells, Formula, Rows
from kdcl_xl.xlsx.workbook import open_workbook
from kdcl_xl.xlsx.writer import Book, write_formula, write_value
from macros_free_validation.values import CellError, Raw

VALUES: st.SearchStrategy[Raw] = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.just(CellError("Err:502")),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.sampled_from(
        ["=1+1", "+84", "@x", "\tx", "\rx", "_x0041_", "a<b&c>", " x ", "x\ny", "\x07"]
    ),
)
STYLES = ("cell", "cell_number", "cell_center", "cell_percent")


def finished(book: Book) -> bytes:
    content = io.BytesIO()
    book.finish(content)
    return content.getvalue()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[VALUES] * len(STYLES)), min_size=1, max_size=4))
def test_a_cell_is_what_xlsxwriter_would_write(table: list[tuple[Raw, ...]]) -> None:
    book = Book({})
    typed, by_row, by_column = map(book.sheet, "ABC")
    for row, values in enumerate(table):
        for column, (value, style) in enumerate(zip(values, STYLES, strict=True)):
            write_value(typed, row, column, value, book.style(style))

    def write_by_row(rows: Rows) -> None:
        for row, values in enumerate(table, start=1):
            rows.add(row, values)

    def write_by_column(rows: Rows) -> None:
        rows.add_columns(1, [*map(Cells, zip(*table, strict=True))], [None] * len(table))

    book.put(by_row, book.rows(STYLES, write_by_row).rows)
    book.put(by_column, book.rows(STYLES, write_by_column).rows)
    content = finished(book)
    cells = open_workbook(content).read("ABC")
    read = openpyxl.load_workbook(io.BytesIO(content))
    for row in range(1, len(table) + 1):
        for column in range(len(STYLES)):
            one, other, third = (cells[name].get(row, column) for name in "ABC")
            assert one == other == third
            assert type(one) is type(other) is type(third)
            one, other, third = (read[name].cell(row, column + 1).style_id for name in "ABC")
            assert one == other == third


def test_formulas_heights_and_own_styles() -> None:
    book = Book({})
    typed, streamed = book.sheet("A"), book.sheet("B")
    cached: list[Raw] = ["Có <1>", 2.5, True, None]
    for row in (1, 2, 3):
        for column, value in enumerate(cached):
            write_formula(typed, row - 1, column, f"A{row}&{column}", book.style("link"), value)
    link = book.style_number("link")
    columns = [
        Cells([value] * 3, [Formula(f"A{row}&{n}", style=link) for row in (1, 2, 3)])
        for n, value in enumerate(cached)
    ]

    def write(rows: Rows) -> None:
        rows.add_columns(1, columns, [None, 30.0, None])

    book.put(streamed, book.rows(STYLES, write).rows)
    content = finished(book)
    for data_only in (False, True):
        read = openpyxl.load_workbook(io.BytesIO(content), data_only=data_only)
        for one, other in zip(read["A"].iter_rows(), read["B"].iter_rows(), strict=True):
            assert [c.value for c in one] == [c.value for c in other]
            assert [c.style_id for c in one] == [c.style_id for c in other]
    assert read["B"].row_dimensions[2].height == 30
    assert read["B"].dimensions == "A1:D3"


def test_a_formula_that_rows_share_stands_once() -> None:
    book = Book({})
    column = Cells([1.0, 2.0, 3.0], [Formula("ROW()", share=0)] * 3)

    def write(rows: Rows) -> None:
        rows.add_columns(1, [column], [None] * 3, last_row=3)

    book.put(book.sheet("A"), book.rows(STYLES[:1], write).rows)
    read = openpyxl.load_workbook(io.BytesIO(finished(book)))["A"]
    assert [cell.value for (cell,) in read.iter_rows()] == ["=ROW()"] * 3


def rows_of_numbers(write: Callable[[Rows], int], *, are_long: bool) -> tuple[int, bytes]:
    """Return the result of a writer of rows, and the workbook."""
    book = Book({}, has_second_process=True)
    in_work = book.rows(STYLES[:1], write, are_long=are_long)
    book.put(book.sheet("A"), in_work.rows)
    return in_work.end(), finished(book)


def write_numbers(rows: Rows) -> int:
    """Write a hundred rows, and return the process that did it."""
    for row in range(1, 101):
        rows.add(row, [float(row)])
    return os.getpid()


def test_a_second_process_writes_the_same_rows() -> None:
    here, as_here = rows_of_numbers(write_numbers, are_long=False)
    there, as_there = rows_of_numbers(write_numbers, are_long=True)
    assert here == os.getpid()
    assert (there == here) is (sys.platform != "linux")
    assert as_there == as_here


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies processes safely")
def test_rows_of_a_killed_process_are_written_here() -> None:
    def write(rows: Rows) -> int:
        rows.add(1, [99.0])
        rows.file.flush()
        if os.getpid() != own:
            os.kill(os.getpid(), signal.SIGKILL)
        rows.file.seek(0)
        return write_numbers(rows)

    own = os.getpid()
    assert rows_of_numbers(write, are_long=True) == rows_of_numbers(write_numbers, are_long=False)


def test_an_error_in_a_second_process_is_met_here() -> None:
    def write(_rows: Rows) -> int:
        raise ValueError("a column without a style")

    with pytest.raises(ValueError, match="a column without a style"):
        rows_of_numbers(write, are_long=True)


def test_no_copy_begins_after_the_thread_that_compresses() -> None:
    book = Book({}, has_second_process=True)
    for are_long in (False, True):
        assert book.rows(STYLES[:1], write_numbers, are_long=are_long).end() == os.getpid()
