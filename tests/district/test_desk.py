"""The desk («Cờ»): lines that stand for several flags, links both ways, people's own columns."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kdcl_xl.district.hidden.read_previous import read_previous
from kdcl_xl.district.sheets.flags import PAINTED
from tests.build import TODAY
from tests.conftest import ROOT, Run
from tests.district.test_loop import (
    DECISION,
    FAULTY,
    HEADER_ROW,
    Desk,
    columns,
    task,
    typed,
)
from tests.opened import sheet_in

OUTSIDE = [task(nth, lead="UBND xã") for nth in range(5)]
FORMER = ROOT / "tests" / "district" / "data" / "desk-format-3.xlsx"
"""A workbook with decisions, written before flags were grouped (format 3)."""


@pytest.fixture
def many(tmp_path: Path, run: Run) -> Desk:
    """Return a desk with five flags of one rule in one school, and one in another."""
    made = Desk(tmp_path, run)
    made.returns(OUTSIDE)
    made.returns([FAULTY], code="002")
    made.merge("--lang", "vi")
    return made


def fill(path: Path, cells: Sequence[tuple[str, str, object]], sheet: str = "Cờ") -> None:
    """Fill cells, each in the row that has a text and in the column of a heading."""
    book = openpyxl.load_workbook(path)
    ws = book[sheet]
    for text, heading, value in cells:
        ws.cell(row_with(ws, text), columns(ws)[heading]).value = value  # type: ignore[assignment]
    book.save(path)


def row_with(ws: Worksheet, text: str) -> int:
    return next(c.row or 0 for row in ws.iter_rows(4) for c in row if text in str(c.value))


def flags_of(desk: Desk, code: str = "001") -> list[dict[str, object]]:
    return [r for r in desk.rows() if r["Mã trường"] == code and r["Quy tắc"] == "KD303"]


SCREEN = 1200
"""Pixels of a sheet that are in sight on a small screen."""
CASES = "5 trường hợp: Chủ trì là cơ quan ngoài nhà trường"


def test_a_rule_many_times_is_one_line_that_opens(many: Desk) -> None:
    ws = openpyxl.load_workbook(many.out)["Cờ"]
    rows = many.rows()
    group = next(n for n, r in enumerate(rows) if str(r["Vấn đề"]).startswith("5 trường hợp"))
    assert rows[group - 1]["Tên trường"] == "Trường 001"
    assert "5 cảnh báo" in str(rows[group - 1]["Vấn đề"])
    sizes = [ws.row_dimensions[group + HEADER_ROW + 1 + n] for n in range(7)]
    assert [size.outlineLevel for size in sizes] == [1, 2, 2, 2, 2, 2, 0]
    assert [bool(size.hidden) for size in sizes] == [False, *[True] * 5, False]
    outline = ws.sheet_properties.outlinePr
    assert outline
    assert not outline.summaryBelow
    assert [row["Nhóm (không sửa)"] for row in rows[group : group + 6]] == [-1, *[1] * 5]
    assert [r["Nhóm (không sửa)"] for r in flags_of(many, "002")] == [0], "one flag needs no line"


def test_a_folded_line_can_be_opened_in_libreoffice_too(many: Desk) -> None:
    """``make person`` opens one by mouse; what it needs is in the file."""
    book = openpyxl.load_workbook(many.out)
    ws = book["Cờ"]
    below = row_with(ws, "5 trường hợp") + len(OUTSIDE) + 1
    assert ws.row_dimensions[below].collapsed, "LibreOffice has the sign of folded rows there"
    assert ws.auto_filter.ref == f"A{HEADER_ROW}:{ws.dimensions.partition(':')[2]}"
    with zipfile.ZipFile(many.out) as archive:
        names = archive.read("xl/workbook.xml").decode()
    filtered = re.findall(r'_FilterDatabase" localSheetId="(\d+)"', names)
    assert str(book.sheetnames.index("Cờ")) not in filtered, "folded rows would count as filtered"
    assert str(book.sheetnames.index("Kế hoạch")) in filtered


@pytest.mark.parametrize(
    ("sheet", "heading"), [("Kế hoạch", "Mức độ của cờ"), ("Trường", "Đến các cờ")]
)
def test_the_way_back_is_in_sight_where_the_link_leads_to(
    many: Desk, sheet: str, heading: str
) -> None:
    ws = openpyxl.load_workbook(many.out)[sheet]
    last = columns(ws)[heading]
    width = sum(ws.column_dimensions[get_column_letter(n)].width for n in range(1, last + 1))
    assert width * 7 < SCREEN


def test_the_line_decides_on_all_below_unless_they_say_otherwise(many: Desk) -> None:
    other = str(flags_of(many)[2]["Mã dòng (không sửa)"])
    given = zip(("Kết luận", "Ý kiến rà soát", "Người rà soát (chức danh)"), DECISION, strict=False)
    fill(many.out, [("5 trường hợp", heading, value) for heading, value in given])
    fill(many.out, [(other, "Kết luận", "Miễn"), (other, "Ý kiến rà soát", "riêng việc này")])
    assert "5 đã kết luận" in many.merge()
    memory = {line.key: line.typed for line in read_previous(many.out, TODAY).lines}
    assert memory.pop(other).decision == "Miễn"
    accepted = [t for t in memory.values() if t.decision == "Chấp nhận"]
    assert [t.note for t in accepted] == [DECISION[1]] * 4
    assert sum(r["Kết luận"] == "Chấp nhận" for r in many.rows()) == 1, "one cell says it"
    shown = next(r for r in many.rows() if str(r["Vấn đề"]).startswith("5 trường hợp"))
    assert shown["Kết luận"] == "Chấp nhận"
    # A new fault under the line is not decided on by a decision made without it.
    many.returns([*OUTSIDE, task(7, lead="UBND xã")])
    assert "1 chưa kết luận" in many.merge()[-120:] or "2 chưa kết luận" in many.merge()
    after = [line.typed.decision for line in read_previous(many.out, TODAY).lines]
    assert after.count("Chấp nhận") == 4
    assert after.count("Miễn") == 1
    line = next(r for r in many.rows() if str(r["Vấn đề"]).startswith("6 trường hợp"))
    assert str(line["Vấn đề"]).endswith("; 1 chưa kết luận")


def test_a_line_that_is_cleared_clears_all_below(many: Desk) -> None:
    fill(many.out, [("5 trường hợp", "Kết luận", "Miễn")])
    many.merge()
    fill(many.out, [("5 trường hợp", "Kết luận", None)])
    many.merge()
    assert not any(line.typed for line in read_previous(many.out, TODAY).lines)
    assert len(many.rows("Đã khép lại")) == 5, "what was typed over can be found"


def test_what_a_line_says_to_nobody_becomes_a_note(many: Desk) -> None:
    keys = [str(r["Mã dòng (không sửa)"]) for r in flags_of(many)]
    fill(many.out, [(key, "Kết luận", "Miễn") for key in keys])
    fill(many.out, [("5 trường hợp", "Ý kiến rà soát", "không ai nghe")])
    many.merge()
    assert "không ai nghe" in many.notes()


def test_a_new_flag_goes_to_the_person_that_its_school_is_assigned_to(many: Desk) -> None:
    fill(many.out, [("Trường 001", "Phân công", "Chuyên viên 1")])
    many.merge()
    many.returns([*OUTSIDE, task(7, lead="UBND xã")])
    many.returns([FAULTY, task(7, lead="UBND xã")], code="002")
    many.merge()
    lines = read_previous(many.out, TODAY).lines
    owners = {(line.decision.school_code, line.assignee) for line in lines}
    assert owners == {("001", "Chuyên viên 1"), ("002", None)}
    first = next(r for r in many.rows() if r["Tên trường"] == "Trường 001")
    assert first["Phân công"] == "Chuyên viên 1", "the line of the school still says it"


def test_assignments_stay_whatever_changes(many: Desk) -> None:
    fill(many.out, [("Trường 001", "Phân công", "Chuyên viên 1")])
    key = str(flags_of(many, "002")[0]["Mã dòng (không sửa)"])
    fill(many.out, [(key, "Phân công", "Chuyên viên 2")])
    many.merge()
    given = {r["Tên trường"]: r["Phân công"] for r in many.rows() if r["Phân công"]}
    assert given == {"Trường 001": "Chuyên viên 1", "Trường 002": "Chuyên viên 2"}
    many.returns([{**FAULTY, "lead": "UBND huyện"}], code="002")  # other evidence
    many.merge()
    lines = read_previous(many.out, TODAY).lines
    assert {line.assignee for line in lines} == {"Chuyên viên 1", "Chuyên viên 2"}


def test_a_decision_typed_by_mistake_can_be_found(many: Desk) -> None:
    key = str(flags_of(many, "002")[0]["Mã dòng (không sửa)"])
    fill(many.out, [(key, h, v) for h, v in zip(INPUTS, DECISION, strict=True)])
    many.merge()
    fill(many.out, [(key, "Kết luận", "Miễn"), (key, "Người rà soát (chức danh)", "Khác")])
    many.merge()
    before = str(flags_of(many, "002")[0]["Đã ghi trước đó"])
    assert before.startswith("Chấp nhận; Đã thống nhất với xã; Chuyên viên; 01/12/2026")
    (closed,) = many.rows("Đã khép lại")
    assert typed(closed) == list(DECISION)
    assert closed["Lý do khép lại"] == "Người rà soát đã ghi lại"


INPUTS = ("Kết luận", "Ý kiến rà soát", "Người rà soát (chức danh)", "Ngày")


def test_decisions_of_a_removed_file_wait(many: Desk) -> None:
    decide_all = [("5 trường hợp", h, v) for h, v in zip(INPUTS, DECISION, strict=True)]
    fill(many.out, decide_all)
    kept = many.folder.parent / "001.xlsx"
    shutil.move(many.folder / "001.xlsx", kept)
    many.merge()
    waiting = many.rows("Không có trong lần này")
    assert [typed(row) for row in waiting] == [list(DECISION)] * 5
    assert {row["Lý do khép lại"] for row in waiting} == {"Không có trong lần này"}
    assert not many.rows("Đã khép lại")
    many.merge()
    assert len(many.rows("Không có trong lần này")) == 5, "they wait as long as it takes"
    many.returns(OUTSIDE[1:])  # one of them mended, the file is back
    many.merge()
    assert not many.rows("Không có trong lần này")
    assert len(many.rows("Đã khép lại")) == 1
    assert (
        sum(line.typed.decision == "Chấp nhận" for line in read_previous(many.out, TODAY).lines)
        == 4
    )


def test_links_lead_to_the_row_and_back(many: Desk) -> None:
    book = openpyxl.load_workbook(many.out)
    ws, plans, schools = book["Cờ"], book["Kế hoạch"], book["Trường"]
    forth = ws.cell(row_with(ws, "KD303"), columns(ws)["Vị trí (bấm để đến dòng)"]).value
    assert forth == "bấm + để mở"
    back = str(plans.cell(4, columns(plans)["Mức độ của cờ"]).value)
    number = int(re.findall(r"MATCH\((\d+),'Cờ'!\$A:\$A", back)[0])
    numbers = {ws.cell(r, 1).value: r for r in range(4, ws.max_row + 1)}
    assert str(ws.cell(numbers[number], columns(ws)["Vấn đề"]).value).startswith("5 trường hợp")
    to_school = str(schools.cell(4, columns(schools)["Đến các cờ"]).value)
    number = int(re.findall(r"MATCH\((\d+),'Cờ'!\$A:\$A", to_school)[0])
    assert ws.cell(numbers[number], columns(ws)["Tên trường"]).value == "Trường 001"


def test_added_columns_stay_with_their_flags(many: Desk) -> None:
    book = openpyxl.load_workbook(many.out)
    ws = book["Cờ"]
    ws.insert_cols(4, 3)
    for column, (heading, value) in enumerate(
        (("Hạn trả lời", date(2026, 12, 20)), ("Điểm", 7.5), ("Gấp đôi", "=2*E8")), start=4
    ):
        ws.cell(HEADER_ROW, column).value = heading
        ws.cell(
            row_with(ws, str(flags_of(many, "002")[0]["Mã dòng (không sửa)"])), column
        ).value = value  # type: ignore[assignment]
    book.save(many.out)
    for _ in range(2):
        many.merge()
        (row,) = flags_of(many, "002")
        assert (row["Hạn trả lời"], row["Điểm"]) == ("20/12/2026", 7.5)
        assert "=2*E8" in many.notes(), "a formula is listed"
    many.returns([task(0)], code="002")  # mended
    many.merge()
    (closed,) = many.rows("Đã khép lại")
    assert "Điểm: 7.5" in str(closed["Phân công, ô ghi thêm"]).replace(",", ".")


def test_colours_that_a_person_painted_stay_with_their_flags(many: Desk) -> None:
    book = openpyxl.load_workbook(many.out)
    ws = book["Cờ"]
    yellow = PatternFill("solid", fgColor="FFFFFF00")
    key = str(flags_of(many, "002")[0]["Mã dòng (không sửa)"])
    row, names = row_with(ws, key), columns(ws)
    ws.cell(row, names["Kết luận"]).fill = yellow  # an empty cell
    ws.cell(row, names["Vấn đề"]).font = Font(color="FFFF0000")
    for cell in ws[row_with(ws, str(flags_of(many)[3]["Mã dòng (không sửa)"]))]:
        cell.fill = yellow
    ws.cell(row_with(ws, "5 trường hợp"), 1).fill = yellow
    book.save(many.out)
    for _ in range(2):  # the colours are no longer in the second workbook, but in its column
        many.merge()
        (one,) = flags_of(many, "002")
        assert one[PAINTED.vi] == "Vấn đề A #FF0000; Kết luận ■ #FFFF00"
        assert [r[PAINTED.vi] for r in flags_of(many)] == [None, None, None, "↔ ■ #FFFF00", None]
    assert re.search(r"Cờ!A\d+ TT ■ #FFFF00", many.notes()), "a line above flags has no column"
    fill(many.out, [(key, PAINTED.vi, None)])
    many.merge()
    assert flags_of(many, "002")[0][PAINTED.vi] is None, "a person has cleared it"


def test_an_added_sheet_is_listed_with_numbers_and_formulas(many: Desk) -> None:
    book = openpyxl.load_workbook(many.out)
    sheet = book.create_sheet("Theo dõi riêng")
    for row in range(1, 6):
        sheet.append([row, row * 2])
    sheet["C1"] = "=SUM(A1:B5)"
    book.save(many.out)
    many.merge()
    notes = many.notes()
    for row in range(1, 6):
        assert re.search(rf"Theo dõi riêng!A{row}:[BC]{row} {row} \| {row * 2}", notes), row
    assert "=SUM(A1:B5)" in notes


def test_unreadable_files_are_with_their_school(many: Desk) -> None:
    (many.folder / "002_hong.xlsx").write_bytes(b"PK\x03\x04")
    listing = many.folder.parent / "truong.csv"
    listing.write_text("code,name,kind\n001,Trường Một,thcs\n002,Trường Hai,thcs\n", "utf-8")
    many.merge("--schools", listing)
    (row,) = [r for r in many.rows() if r["Tệp"] == "002_hong.xlsx"]
    assert (row["Tên trường"], row["Mã trường"]) == ("Trường Hai", "002")


def test_every_decision_of_a_former_layout_is_taken_over(many: Desk) -> None:
    before = {
        tuple(row[h] for h in ("Quy tắc", "Mã trường", "Vị trí (bấm để đến dòng)", *INPUTS))
        for row in sheet_rows(FORMER)
        if row["Kết luận"]
    }
    assert len(before) == 6
    memory = read_previous(FORMER, TODAY)
    assert sum(bool(line.typed) for line in memory.lines) == 6
    many.merge("--previous", FORMER)
    decided = [line for line in read_previous(many.out, TODAY).lines if line.typed]
    assert {(x.about.rule, x.decision.place, x.typed.note) for x in decided} == {
        (rule, str(place).split(chr(34))[-2] if str(place).startswith("=") else place, note)
        for rule, _, place, _, note, *_ in before
    }


def sheet_rows(path: Path) -> list[dict[str, object]]:
    values = list(sheet_in(path, "Cờ").iter_rows(HEADER_ROW, values_only=True))
    return [dict(zip(map(str, values[0]), row, strict=True)) for row in values[1:]]
