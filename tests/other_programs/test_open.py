"""Others open our workbooks: libraries of npm and of PyPI find every sheet and what is typed."""

from __future__ import annotations

import importlib
import json
import re
import shutil
import subprocess
import warnings
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pandas
import pytest

from tests.build import YEARS, Value, good_task, layout_of, make_plan, write_workbook
from tests.conftest import NPM, NPM_LIBRARIES, run_command

pytestmark = pytest.mark.slow
Texts = Mapping[str, list[str]]
"""The texts of each sheet by its name."""
TASK = "Tổ chức thực hiện công việc thứ 2"
MADE = ("2018", "2026", "filled", "feedback", "migrated", "district")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A workbook of each sort that the tool writes, by what it is."""
    folder = tmp_path_factory.mktemp("books")
    found: dict[str, Path] = {}
    for form, year in YEARS.items():
        found[form] = folder / f"{form}.xlsx"
        made = ("--kind", "thcs", "--school-year", year, "--rows", "10", "-o", found[form])
        assert run_command("template", *made).exit_code == 0
    layout = layout_of()
    tables: dict[str, list[dict[str, Value]]] = {
        "plan": [good_task(layout, n) for n in range(3)],
        "progress": [{"progress_state": "Hoàn thành"}],
    }
    plan = make_plan(layout, cover={"signer": None}, tables=tables)
    (folder / "nop").mkdir()
    found["filled"] = write_workbook(folder / "nop" / "a.xlsx", plan)
    old = make_plan(layout_of("2018"), tables={"plan": [good_task(layout_of("2018"), 1)]})
    write_workbook(folder / "2018-filled.xlsx", old)
    found["migrated"] = folder / "migrated.xlsx"
    found["district"] = folder / "district.xlsx"
    moved = ("-o", found["migrated"], "--school-year", YEARS["2026"])
    assert run_command("migrate", folder / "2018-filled.xlsx", *moved).exit_code == 0
    assert run_command("merge", folder / "nop", "-o", found["district"]).exit_code == 0
    back = ("-o", folder / "back")
    assert run_command("feedback", found["district"], folder / "nop", *back).exit_code == 0
    (found["feedback"],) = (folder / "back").rglob("*.xlsx")
    assert {*found} == {*MADE}
    return found


@pytest.fixture(scope="module")
def by_openpyxl(books: Mapping[str, Path]) -> Mapping[str, Texts]:
    """The texts of each workbook; a warning is a failure."""
    found: dict[str, Texts] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name, path in books.items():
            openpyxl.load_workbook(path)  # with its formulas too
            book = openpyxl.load_workbook(path, data_only=True)
            found[name] = {
                sheet.title: [
                    str(c.value) for row in sheet.iter_rows() for c in row if is_text(c.value)
                ]
                for sheet in book.worksheets
            }
    return found


def is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def test_openpyxl_reads_without_warnings(by_openpyxl: Mapping[str, Texts]) -> None:
    for name in ("filled", "feedback", "migrated", "district"):
        assert TASK in by_openpyxl[name]["Kế hoạch"], name
    assert all("Kế hoạch" in by_openpyxl[form] for form in YEARS)


@pytest.mark.parametrize("engine", ["openpyxl", "calamine"])
def test_pandas_reads_every_sheet(
    books: Mapping[str, Path], by_openpyxl: Mapping[str, Texts], engine: str
) -> None:
    assert engine == "openpyxl" or importlib.import_module("python_calamine")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name, path in books.items():
            whole = {"header": None, "dtype": object, "keep_default_na": False}
            sheets = pandas.read_excel(path, sheet_name=None, engine=engine, **whole)
            found = {
                sheet: sorted(value for value in frame.to_numpy().ravel() if is_text(value))
                for sheet, frame in sheets.items()
            }
            assert {**found} == {sheet: sorted(texts) for sheet, texts in by_openpyxl[name].items()}


@pytest.mark.node
@pytest.mark.parametrize("library", NPM_LIBRARIES)
def test_npm_libraries_read_every_sheet(
    books: Mapping[str, Path], by_openpyxl: Mapping[str, Texts], library: str
) -> None:
    read = by_node(library, books)
    for name in MADE:
        assert list(read[name]) == list(by_openpyxl[name]), name
        for sheet, texts in by_openpyxl[name].items():
            lost = {text for text in {*texts} - {*read[name][sheet]} if not taken(library, text)}
            assert not lost, f"{library}, {name}, {sheet}: {sorted(lost)[:3]}"


def taken(library: str, text: str) -> bool:
    """Whether a library has a text as something else.

    ExcelJS makes a date of every result in a date format, also of the text of one.
    """
    return library == "exceljs" and re.fullmatch(r"\d\d/\d\d/\d{4}", text) is not None


def by_node(library: str, books: Mapping[str, Path]) -> Mapping[str, Texts]:
    node = shutil.which("node")
    assert node is not None
    program = Path(__file__).with_name("read.mjs")
    command = [node, str(program), library, str(NPM), *map(str, books.values())]
    done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-600:]
    read = json.loads(done.stdout)
    return {name: read[str(path)] for name, path in books.items()}
