"""Merging again: decisions stay with their findings, and nothing typed disappears."""

from __future__ import annotations

import dataclasses
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kdcl_xl.district.decisions.decision import DecisionMemory, Note, Typed
from kdcl_xl.district.hidden.decisions import (
    FORMAT,
    Archive,
    ArchiveError,
    NewerFormatError,
    decode_archive,
    encode_archive,
)
from kdcl_xl.district.hidden.read_previous import read_previous
from kdcl_xl.district.sheets import flags
from macros_free_validation.judge import judge
from samples.office import Office
from tests.build import (
    SCHOOL,
    TODAY,
    Value,
    good_task,
    layout_of,
    make_plan,
    write_workbook,
)
from tests.conftest import Run
from tests.opened import sheet_in
from workbook_templates.text import Text

LAYOUT = layout_of("2026")
HEADER_ROW = 3
Row = Mapping[str, Value]


def task(nth: int, **changes: Value) -> dict[str, Value]:
    return {**good_task(LAYOUT, nth), **changes}


FAULTY = task(0, lead="UBND xã")


class Desk:
    """A folder of returned plans, and the authority workbook made of them."""

    def __init__(self, folder: Path, run: Run) -> None:
        self.folder, self._run = folder / "nop", run
        self.folder.mkdir()
        self.out = folder / "so.xlsx"

    def returns(self, rows: Sequence[Row], code: str = "001", name: str = "") -> Path:
        school = dataclasses.replace(SCHOOL, code=code, name=f"Trường {code}")
        plan = make_plan(LAYOUT, school=school, tables={"plan": rows})
        return write_workbook(self.folder / (name or f"{code}.xlsx"), plan, school)

    def merge(self, *options: object, code: int = 0) -> str:
        result = self._run("merge", self.folder, "-o", self.out, "--today", TODAY, *options)
        assert result.exit_code == code, result.output
        return result.output

    def rows(self, sheet: str = "Cờ") -> list[dict[str, object]]:
        values = list(sheet_in(self.out, sheet).iter_rows(3, values_only=True))
        return [dict(zip(map(str, values[0]), row, strict=True)) for row in values[1:]]

    def row(self, rule: str = "KD303") -> dict[str, object]:
        (found,) = [row for row in self.rows() if row["Quy tắc"] == rule]
        return found

    def notes(self) -> str:
        return "\n".join(
            f"{n['Vị trí trong sổ trước']} {n['Nội dung']}" for n in self.rows("Ghi chú khác")
        )

    def copies(self) -> list[Path]:
        return sorted(self.out.parent.glob("so.truoc-*.xlsx"))


def columns(ws: Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.column or 0 for cell in ws[HEADER_ROW]}


def row_of(ws: Worksheet, rule: str) -> int:
    column = columns(ws)["Quy tắc"]
    (row,) = [
        cell.row for (cell,) in ws.iter_rows(min_col=column, max_col=column) if cell.value == rule
    ]
    return int(row)


DECISION = ("Chấp nhận", "Đã thống nhất với xã", "Chuyên viên", date(2026, 12, 1))
INPUTS = ("Kết luận", "Ý kiến rà soát", "Người rà soát (chức danh)", "Ngày")


def decide(path: Path, values: Sequence[object] = DECISION, rule: str = "KD303") -> None:
    book = openpyxl.load_workbook(path)
    ws = book["Cờ"]
    for header, value in zip(INPUTS, values, strict=True):
        ws.cell(row_of(ws, rule), columns(ws)[header]).value = value  # type: ignore[assignment]
    book.save(path)


def typed(row: Mapping[str, object], headers: Sequence[str] = INPUTS) -> list[object]:
    values = [row[header] for header in headers]
    return [v.date() if hasattr(v, "date") else v for v in values]


@pytest.fixture
def desk(tmp_path: Path, run: Run) -> Desk:
    made = Desk(tmp_path, run)
    made.returns([FAULTY])
    made.merge()
    return made


def test_the_same_evidence_keeps_the_decision(desk: Desk) -> None:
    decide(desk.out)
    (desk.folder / "001.xlsx").unlink()
    moved = [task(5), task(6), {**FAULTY, "notes": "mới thêm"}]
    desk.returns(moved, name="đổi tên.xlsx")
    said = desk.merge()
    assert "1 đã kết luận" in said
    assert typed(desk.row()) == list(DECISION)
    assert desk.row()["Vị trí (bấm để đến dòng)"] is not None
    assert desk.rows()[-1]["Quy tắc"] == "KD303", "decided flags are last"
    assert not desk.rows("Đã khép lại")
    assert not desk.rows("Ghi chú khác")


def test_other_evidence_is_to_be_reviewed_beside_the_old_decision(desk: Desk) -> None:
    decide(desk.out)
    desk.returns([{**FAULTY, "lead": "UBND phường"}])
    assert "1 cần xem lại" in desk.merge()
    row = desk.row()
    assert typed(row) == [None] * 4
    before = ("Kết luận trước", "Ý kiến trước", "Người rà soát trước", "Ngày kết luận trước")
    assert typed(row, before) == list(DECISION)
    assert row["Giá trị khi kết luận trước"] == "UBND xã"
    assert row["Giá trị"] == "UBND phường"
    desk.merge()
    assert typed(desk.row(), before) == list(DECISION), "until it is decided anew"
    decide(desk.out, ("Miễn", "xem lại rồi", None, None))
    desk.merge()
    assert typed(desk.row()) == ["Miễn", "xem lại rồi", None, None]
    (closed,) = desk.rows("Đã khép lại")
    assert typed(closed) == list(DECISION)
    assert closed["Lý do khép lại"] == "Đã có kết luận mới"


def test_evidence_that_changes_back_brings_the_decision_back(desk: Desk) -> None:
    decide(desk.out)
    desk.returns([{**FAULTY, "lead": "UBND phường"}])
    desk.merge()
    desk.returns([FAULTY])
    desk.merge()
    assert typed(desk.row()) == list(DECISION)


def test_a_finding_that_is_gone_is_closed_and_comes_back(desk: Desk) -> None:
    decide(desk.out)
    desk.returns([task(0)])
    desk.merge()
    (closed,) = desk.rows("Đã khép lại")
    assert typed(closed) == list(DECISION)
    assert (closed["Giá trị"], closed["Lý do khép lại"]) == ("UBND xã", "Vấn đề không còn")
    desk.returns([FAULTY])
    desk.merge()
    assert typed(desk.row()) == list(DECISION)
    assert not desk.rows("Đã khép lại")


def test_a_reworded_task_in_its_row_is_to_be_reviewed(desk: Desk) -> None:
    decide(desk.out)
    desk.returns([{**FAULTY, "task": "Một cách làm khác hẳn"}])
    desk.merge()
    assert desk.row()["Kết luận trước"] == "Chấp nhận"


def test_equal_rows_decided_differently_are_not_mixed_up(desk: Desk) -> None:
    desk.returns([FAULTY, FAULTY])
    desk.merge()
    book = openpyxl.load_workbook(desk.out)
    ws = book["Cờ"]
    at = columns(ws)
    rows = [r for r in range(4, ws.max_row + 1) if ws.cell(r, at["Quy tắc"]).value == "KD303"]
    for row, word in zip(rows, ("Chấp nhận", "Miễn"), strict=True):
        ws.cell(row, at["Kết luận"]).value = word
    book.save(desk.out)
    desk.merge()
    words = [row["Kết luận"] for row in desk.rows() if row["Quy tắc"] == "KD303"]
    assert words == ["Chấp nhận", "Miễn"]
    desk.returns([FAULTY])
    desk.merge()
    assert desk.row()["Kết luận"] is None, "nobody knows which of the two stayed"
    shown = {
        str(desk.row()["Kết luận trước"]),
        *(str(c["Kết luận"]) for c in desk.rows("Đã khép lại")),
    }
    assert shown == {"Chấp nhận", "Miễn"}
    desk.merge()
    assert desk.row()["Kết luận"] is None, "merging again does not settle it"


def test_a_free_word_is_kept_as_it_is(desk: Desk) -> None:
    decide(desk.out, ("để bàn thêm", 12.5, None, "đầu tháng 12"))
    assert "1 kết luận chưa rõ" in desk.merge()
    assert typed(desk.row()) == ["để bàn thêm", 12.5, None, "đầu tháng 12"]


def test_another_language_changes_nothing(desk: Desk, run: Run) -> None:
    decide(desk.out)
    out = desk.out.parent / "en.xlsx"
    args = ("merge", desk.folder, "-o", out, "--previous", desk.out, "--today", TODAY)
    said = run("--lang", "en", *args).output
    assert "1 decided" in said
    assert "0 other notes" in said


def test_text_in_odd_places_is_noted(desk: Desk) -> None:
    book = openpyxl.load_workbook(desk.out)
    ws = book["Cờ"]
    at = columns(ws)
    row = row_of(ws, "KD303")
    ws.cell(ws.max_row + 3, at["Kết luận"]).value = "Chấp nhận"
    ws.cell(row, ws.max_column + 4).value = "bên cạnh"
    ws.cell(1, 6).value = "họp ngày 5"
    ws.cell(row, at["Vấn đề"]).value = "viết đè lên vấn đề"
    ws.cell(row, at["Quy tắc"]).comment = Comment("trao đổi qua điện thoại", "x")
    ws["ZZ200000"] = "rất xa"
    book["Trường"]["N9"] = "dưới danh sách trường"
    book.create_sheet("Biên bản")["B2"] = "trang riêng"
    book.save(desk.out)
    assert "7 ghi chú khác" in desk.merge()
    notes = desk.notes()
    for text in (
        f"Cờ!{get_column_letter(at['Kết luận'])}",
        "Kết luận: Chấp nhận",
        "bên cạnh",
        "Cờ!F1 họp ngày 5",
        "viết đè lên vấn đề",
        "trao đổi qua điện thoại",
        "Cờ!ZZ200000 rất xa",
        "Trường!N9",
        "Biên bản!B2 trang riêng",
    ):
        assert text in notes, text
    assert "7 ghi chú khác" in desk.merge(), "noted once"


def test_a_row_without_its_key_is_noted_in_full(desk: Desk) -> None:
    decide(desk.out)
    book = openpyxl.load_workbook(desk.out)
    ws = book["Cờ"]
    ws.cell(row_of(ws, "KD303"), columns(ws)["Mã dòng (không sửa)"]).value = None
    book.save(desk.out)
    desk.merge()
    assert typed(desk.row()) == [None] * 4
    for word in ("Chấp nhận", "Đã thống nhất với xã", "Chuyên viên", "01/12/2026", "KD303"):
        assert word in desk.notes()


def test_moved_columns_copied_rows_and_sheets(desk: Desk) -> None:
    decide(desk.out)
    book = openpyxl.load_workbook(desk.out)
    ws = book["Cờ"]
    ws.title = "Cờ của tôi"
    ws.insert_cols(3)
    ws.delete_cols(1)
    ws.insert_rows(2)
    copy = book.copy_worksheet(ws)
    cell = next(c for row in copy.iter_rows() for c in row if c.value == "Chấp nhận")
    copy.cell(cell.row, cell.column + 1).value = "ý kiến ở bản sao"
    book.save(desk.out)
    desk.merge()
    assert typed(desk.row()) == list(DECISION)
    assert "ý kiến ở bản sao" in desk.notes()


def test_a_deleted_row_keeps_what_it_was_decided(desk: Desk) -> None:
    decide(desk.out)
    desk.merge()
    book = openpyxl.load_workbook(desk.out)
    ws = book["Cờ"]
    ws.delete_rows(row_of(ws, "KD303"))
    book.save(desk.out)
    desk.merge()
    assert typed(desk.row()) == list(DECISION)


@pytest.mark.parametrize("found", [b"", b"PK\x03\x04 hong", "school", "no archive", "changed"])
def test_what_cannot_be_relied_on_stops_the_merge(desk: Desk, found: bytes | str) -> None:
    if isinstance(found, bytes):
        desk.out.write_bytes(found)
    elif found == "school":
        desk.out.write_bytes((desk.folder / "001.xlsx").read_bytes())
    else:
        book = openpyxl.load_workbook(desk.out)
        if found == "no archive":
            del book["_kdcl_so"]
        else:
            book["_kdcl_so"]["A2"] = str(book["_kdcl_so"]["A2"].value).replace("KD", "KX")
        book.save(desk.out)
    before = desk.out.read_bytes()
    said = desk.merge(code=2)
    assert "--no-previous" in said
    assert desk.out.read_bytes() == before
    assert not desk.copies()
    desk.merge("--no-previous")
    (copy,) = desk.copies()
    assert copy.read_bytes() == before


def test_previous(desk: Desk) -> None:
    decide(desk.out)
    elsewhere = desk.out.with_name("trước.xlsx")
    desk.out.rename(elsewhere)
    desk.merge("--previous", elsewhere)
    assert typed(desk.row()) == list(DECISION)
    assert not desk.copies()
    assert "--no-previous" in desk.merge("--previous", elsewhere, "--no-previous", code=2)
    assert "Không có tệp" in desk.merge("--previous", desk.folder / "x.xlsx", code=2)


def test_every_earlier_workbook_is_kept_also_within_a_second(desk: Desk) -> None:
    for word in ("Chấp nhận", "Miễn"):
        decide(desk.out, (word, None, None, None))
        desk.merge()
    assert len(desk.copies()) == 2


def test_the_day_of_checking_is_no_evidence() -> None:
    late = make_plan(LAYOUT, tables={"plan": [task(0, deadline=date(2026, 10, 1))]})
    traces = [
        {f.trace for f in judge(late, day) if f.rule == "KD706"}
        for day in (date(2026, 11, 1), date(2026, 11, 2))
    ]
    assert traces[0] == traces[1] != set()


def test_evidence_that_only_one_version_knows_is_not_compared(desk: Desk) -> None:
    decide(desk.out)
    memory = read_previous(desk.out, TODAY)
    (line,) = [line for line in memory.lines if line.typed]
    about = line.decision.about
    wider = dataclasses.replace(about, evidence=(*about.evidence, ("new_field", "t:x")))
    assert about.is_same_as(wider)
    other = dataclasses.replace(about, evidence=(("new_field", "t:x"),))
    assert not about.is_same_as(other)


def test_the_archive_says_what_it_cannot_read() -> None:
    note = Note("Cờ!A1", "x" * 70_000 + " _x0041_ ế", TODAY)
    memory = DecisionMemory(notes=(note,))
    archive = Archive(memory, frozenset({"Kết luận"}), frozenset({"0123abcd"}))
    rows = [*encode_archive(archive)]
    assert max(len(cell) for row in rows for cell in row) < 32_767
    assert decode_archive(rows) == archive
    head = json.loads(rows[0][0])
    with pytest.raises(NewerFormatError):
        decode_archive([[json.dumps({**head, "format": FORMAT + 1})], *rows[1:]])
    for damaged in ([], rows[:-1], [["[1]"]], [["{}"]], [["{"]], [*rows, ["x"]]):
        with pytest.raises(ArchiveError):
            decode_archive(damaged)


def test_typed_knows_its_choices() -> None:
    assert Typed("chấp  nhận").is_choice
    assert Typed("Send back").is_choice
    assert not Typed("không").is_choice
    assert not Typed("  ")


def test_what_the_sheets_compute_is_no_note(desk: Desk) -> None:
    """Compute other numbers, as another program does after typing or filtering."""
    changed = 0

    def recomputed(found: re.Match[str]) -> str:
        nonlocal changed
        changed += 1
        return f"{found[1]}<v>987654</v>"

    with zipfile.ZipFile(desk.out) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(desk.out, "w") as package:
        for name, data in parts.items():
            if name.startswith("xl/worksheets/sheet"):
                number = r'(<c r="[A-Z]+[0-9]+" s="[0-9]+"><f>[^<]*</f>)<v>[0-9.]+</v>'
                xml = re.sub(number, recomputed, data.decode())
                data = xml.encode()
            package.writestr(name, data)
    assert changed > 60
    assert "0 ghi chú khác" in desk.merge()


def test_numbers_typed_beside_what_is_computed_are_noted(desk: Desk) -> None:
    book = openpyxl.load_workbook(desk.out)
    money = book["Kinh phí"]
    total = next(c for row in money.iter_rows() for c in row if "SUBTOTAL" in str(c.value))
    total.value = 777.5
    above = book["Cờ"]["F1"]
    above.value = 3
    book["Tiêu chí × Trường"]["C30"] = 778.5
    book["Tổng quan"]["B40"] = 779.5
    book["Lịch"]["H40"] = 780.5
    book["Theo dõi"]["B40"] = "chờ báo cáo"
    book.save(desk.out)
    assert "6 ghi chú khác" in desk.merge()
    notes = desk.notes()
    for word in ("777.5", "Cờ!F1 3", "778.5", "779.5", "Lịch!H40", "chờ báo cáo"):
        assert word in notes, word


@pytest.mark.libreoffice
def test_recalculated_by_libreoffice(desk: Desk, office: Office, tmp_path: Path) -> None:
    """Type decisions and an amount: counts and totals follow, and are no notes."""
    decide(desk.out)
    book = openpyxl.load_workbook(desk.out)
    ws = book["Kế hoạch"]
    row = next(r for r in ws.iter_rows(4) if r[columns(ws)["Mã trường"] - 1].value == "001")
    row[columns(ws)["Dự kiến kinh phí (đồng)"] - 1].value = 123_456
    book.save(desk.out)
    saved = tmp_path / "lo.xlsx"
    office.recalculate(desk.out, saved)
    shown = openpyxl.load_workbook(saved, data_only=True)
    assert 123_456 in [c.value for r in shown["Kế hoạch"].iter_rows(max_row=2) for c in r]
    counts = {r[0]: r[1] for r in shown["Vấn đề"].iter_rows(max_col=2, values_only=True)}
    assert counts["Đã kết luận"] == 1
    (note,) = read_previous(saved, TODAY).notes
    assert "123456" in note.text


@pytest.mark.libreoffice
def test_saved_by_libreoffice(desk: Desk, office: Office, tmp_path: Path) -> None:
    decide(desk.out)
    desk.merge()
    saved = tmp_path / "lo.xlsx"
    office.recalculate(desk.out, saved)
    before, after = (openpyxl.load_workbook(p, data_only=True) for p in (desk.out, saved))
    for name in ("Tổng quan", "Vấn đề", "Cờ"):
        shown = [[[c.value for c in row] for row in book[name]] for book in (before, after)]
        assert shown[0] == shown[1]
    memory = read_previous(saved, TODAY)
    assert memory == read_previous(desk.out, TODAY)
    assert [line.typed.decision for line in memory.lines if line.typed] == ["Chấp nhận"]


def test_decisions_under_the_headings_of_the_version_before(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = [Text(vi, header.en) for vi, header in flags.FORMER_HEADERS.items()]
    desk = Desk(tmp_path, run)
    desk.returns([FAULTY])
    with monkeypatch.context() as before:
        headers = (flags.DECISION, *former, flags.DAY)
        before.setattr(flags, "TYPED_HEADERS", headers)
        desk.merge()
    book = openpyxl.load_workbook(desk.out)
    ws = book["Cờ"]
    row = row_of(ws, "KD303")
    for header, value in zip(headers, DECISION, strict=True):
        ws.cell(row, columns(ws)[header.vi]).value = value  # type: ignore[assignment]
    ws.cell(row + 1, columns(ws)["Ý kiến thẩm định"]).value = "còn hỏi lại"
    book.save(desk.out)
    desk.merge()
    assert typed(desk.row()) == list(DECISION)
    assert "còn hỏi lại" in desk.notes()


def test_recognitions_about_to_end(tmp_path: Path, run: Run) -> None:
    desk = Desk(tmp_path, run)
    ends = {
        "001": date(2028, 5, 1),
        "002": date(2026, 3, 1),
        "003": date(2027, 3, 1),
        "004": date(2027, 12, 1),
        "005": None,
    }
    for code, end in ends.items():
        school = dataclasses.replace(SCHOOL, code=code, name=f"Trường {code}")
        cover: dict[str, Value] = (
            {"accreditation": "Cấp độ 2", "recognised_until": end} if end else {}
        )
        plan = make_plan(LAYOUT, school=school, cover=cover, tables={"plan": [task(int(code))]})
        write_workbook(desk.folder / f"{code}.xlsx", plan, school)
    desk.merge()
    values = list(sheet_in(desk.out, "Công nhận").iter_rows(values_only=True))
    (top,) = [nth for nth, row in enumerate(values) if row[0] == "Mã trường"]
    rows = [dict(zip(map(str, values[top]), row, strict=True)) for row in values[top + 1 :]]
    assert [row["Tên trường"] for row in rows] == ["Trường 002", "Trường 003", "Trường 004"]
    assert [row["Tình trạng công nhận"] for row in rows] == [
        "Đã hết hạn",
        "Đã quá thời điểm đăng ký lại",
        "Cần đăng ký lại trong 12 tháng tới",
    ]
    assert rows[2]["Đăng ký lại trước"] == datetime(2027, 7, 1)
    assert rows[2]["Cấp độ kiểm định"] == "Cấp độ 2"
    late = [row["Mã trường"] for row in desk.rows() if row["Quy tắc"] == "KD124"]
    assert len(late) == 2
