"""Sheets of any length are read some rows at a time: as they would be read at once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from kdcl_xl.district.hidden.read_log import read_log
from kdcl_xl.district.hidden.read_previous import read_previous
from kdcl_xl.submission.identify import DistrictFile, identify_own
from kdcl_xl.submission.model import Reading
from kdcl_xl.submission.reading import read_submission
from kdcl_xl.xlsx import package as guard
from kdcl_xl.xlsx import zip_entries
from kdcl_xl.xlsx.bounds import OWN_WORKBOOK, SAFE, Bounds
from kdcl_xl.xlsx.formulas import place_of
from kdcl_xl.xlsx.package import UnreadableError
from kdcl_xl.xlsx.workbook import open_workbook
from macros_free_validation.values import Raw
from tests.build import TODAY, good_plan, write_workbook
from tests.conftest import ROOT
from workbook_templates.regulation import builtin_catalogue

SAMPLES = sorted((ROOT / "samples" / "workbooks").glob("*.xlsx"))


@dataclass
class Whole:
    """All rows of a sheet, with the results of formulas, and the texts of its formulas."""

    rows: dict[int, Mapping[int, Raw]]
    formulas: dict[bytes, tuple[str, str]]


def sheets_in(content: bytes) -> dict[str, Whole]:
    workbook = open_workbook(content)
    sheets = {name: Whole({}, {}) for name in workbook.sheets}
    for name, sheet in sheets.items():
        for stretch in workbook.stretches(name):
            sheet.rows.update(stretch.contents)
            texts = stretch.formulas
            sheet.formulas |= {
                ref: (texts.master_text(ref), texts.text(ref)) for ref in texts.cells
            }
    return sheets


@pytest.fixture
def in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def shorten() -> None:
        monkeypatch.setattr(guard, "PIECE", 700)
        monkeypatch.setattr(zip_entries, "PIECE", 700)

    return shorten


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    from tests.conftest import run_command

    folder = tmp_path_factory.mktemp("nop")
    write_workbook(folder / "a.xlsx", good_plan(tasks=9))
    target = folder.parent / "tong-hop.xlsx"
    assert run_command("merge", folder, "-o", target, "--today", TODAY).exit_code == 0
    return target.read_bytes()


def resaved(content: bytes) -> bytes:
    """As another program writes it: shared texts, no shared formulas."""
    buffer = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(content)).save(buffer)
    return buffer.getvalue()


def test_pieces_make_the_whole(district: bytes, in_small_pieces: Callable[[], None]) -> None:
    contents = [district, resaved(district), SAMPLES[0].read_bytes()]
    at_once = [sheets_in(content) for content in contents]
    in_small_pieces()
    assert [sheets_in(content) for content in contents] == at_once
    formulas = at_once[0]["Lịch"].formulas
    below = {texts for ref, texts in formulas.items() if place_of(ref)[0] > 5}
    assert ("SUM(E6:Q6)", "SUM(E6:Q6)") in below


def test_a_shared_formula_is_moved_to_each_of_its_cells(
    in_small_pieces: Callable[[], None],
) -> None:
    in_small_pieces()
    first = '<row r="1"><c r="B1"><f t="shared" ref="B1:B60" si="0">A1&amp;"&lt;"</f></c></row>'
    rows = (
        f'<row r="{n}"><c r="B{n}"><f t="shared" si="0"/><v>{n}</v></c></row>' for n in range(2, 61)
    )
    ((_, sheet),) = sheets_in(book_with(first + "".join(rows))).items()
    assert sheet.formulas[b"B1"] == ('A1&"<"', 'A1&"<"')
    assert sheet.formulas[b"B60"] == ('A1&"<"', 'A60&"<"')
    assert sheet.rows[60] == {1: 60.0}


def book_with(rows: str, head: str = "", encoding: str = "utf-8") -> bytes:
    """A workbook whose only sheet has these rows."""
    plain = io.BytesIO()
    book = openpyxl.Workbook()
    book.save(plain)
    xml = (
        f'<?xml version="1.0" encoding="{encoding}"?>{head}'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            is_sheet = name.startswith("xl/worksheets/sheet")
            target.writestr(name, xml.encode(encoding) if is_sheet else source.read(name))
    return buffer.getvalue()


def row(number: int, column: str = "A") -> str:
    return f'<row r="{number}"><c r="{column}{number}"><v>{number}</v></c></row>'


MANY = "".join(map(row, range(1, 60)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_cells_are_found_wherever_they_stand(
    in_small_pieces: Callable[[], None], encoding: str
) -> None:
    in_small_pieces()
    content = book_with(MANY + row(1_048_576, "XFD"), encoding=encoding)
    (sheet,) = sheets_in(content).values()
    assert sheet.rows[59] == {0: 59.0}
    assert sheet.rows[1_048_576] == {16_383: 1_048_576.0}
    assert len(sheet.rows) == 60


@pytest.mark.parametrize(
    "rows",
    [
        MANY + row(1),
        MANY + row(59),
        MANY + "<row><c><v>1</v></c></row>" * 60,
        MANY + "</sheetData><sheetData>" + row(99),
        MANY + "<!-- " + row(100) * 60 + "-->",
        MANY.replace("<v>31</v>", "<v>3<v>1</v></v>"),
        MANY.replace("</row>", "", 1),
        MANY + "<row",
    ],
)
def test_what_has_no_one_meaning_is_refused(in_small_pieces: Callable[[], None], rows: str) -> None:
    in_small_pieces()
    with pytest.raises(UnreadableError):
        sheets_in(book_with(rows))


@pytest.mark.parametrize("gap", range(650, 666, 2))
def test_a_document_type_is_found_wherever_pieces_end(
    in_small_pieces: Callable[[], None], gap: int
) -> None:
    in_small_pieces()
    with pytest.raises(UnreadableError) as refused:
        sheets_in(book_with(MANY, head=" " * gap + "<!DOCTYPE x>"))
    assert refused.value.finding.slug == "file-document-type"


def test_a_damaged_part_is_refused(in_small_pieces: Callable[[], None]) -> None:
    in_small_pieces()
    content = book_with(MANY).replace(b"<v>58</v>", b"<v>85</v>")  # stored, with a checksum
    with pytest.raises(UnreadableError):
        sheets_in(content)


def test_our_own_workbook_may_be_larger_than_a_schools(tmp_path: Path, district: bytes) -> None:
    path = tmp_path / "d.xlsx"
    path.write_bytes(district)
    narrow = Reading(bounds=Bounds(0, 0, 1, 1))
    opened = identify_own(path, narrow)
    assert isinstance(opened, DistrictFile)
    assert opened.workbook.sheets
    assert read_previous(path, TODAY, narrow).notes == ()
    assert read_log(opened.workbook)
    (found,) = read_submission(path, builtin_catalogue(), narrow).found
    assert found.slug == "file-too-large"
    wide = SAFE.widened(OWN_WORKBOOK)
    assert wide.largest_file * 2 > 500, "the workbook of 20,000 schools has 400 MB"
    assert wide.most_parts == SAFE.most_parts
    assert wide.greatest_ratio == SAFE.greatest_ratio
    assert Bounds(largest_file=5_000).widened(OWN_WORKBOOK).largest_file == 5_000
