"""``kdcl-xl feedback``: each school's own file goes back, whole, with what it is to mend."""

from __future__ import annotations

import dataclasses
import random
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart
from openpyxl.comments import Comment

from kdcl_xl.checking.check import Checked, check_file
from kdcl_xl.checking.settings import Settings
from kdcl_xl.district.merge import merge
from kdcl_xl.reissue.feedback import Asked, plan_round
from kdcl_xl.reissue.feedback_copy import Copy, copy_of
from kdcl_xl.submission.model import AS_ISSUED
from kdcl_xl.submission.reading import read_submission
from kdcl_xl.template import requests as send_back
from kdcl_xl.template.requests import MOST_LINES, Request, SentBack, note_lines
from kdcl_xl.xlsx.workbook import Workbook, open_workbook
from macros_free_validation.rule import Severity, Stage
from macros_free_validation.values import Raw, to_serial
from tests.build import (
    SCHOOL,
    TODAY,
    Value,
    good_task,
    layout_of,
    make_plan,
    workbook_bytes,
)
from tests.conftest import Run
from tests.district.test_choose import saved
from tests.district.test_copies import LONG
from tests.project.test_documents import findings as faults_of_document
from tests.proof.generate import random_plan
from workbook_templates.layout import build_layout
from workbook_templates.regulation import builtin_catalogue

pytestmark = pytest.mark.slow

LAYOUT = layout_of("2026")
PLAN = LAYOUT.sheet("plan")
SHEET, LEFT = "Yêu cầu sửa", "Chưa chuyển"
OUTSIDE_LEAD = {"lead": "UBND xã"}  # KD303
NO_LEAD: dict[str, Value] = {"lead": None}  # KD301, an error
Typed = tuple[object, ...]
_TYPED = ("Kết luận", "Ý kiến rà soát", "Người rà soát (chức danh)", "Ngày")
NOTE = "Kính đề nghị giao cho một tổ của trường"
SENT_BACK: Typed = ("Yêu cầu sửa", NOTE, "Chuyên viên", date(2026, 12, 1))


def task(nth: int, changes: Mapping[str, Value] | None = None) -> dict[str, Value]:
    return {**good_task(LAYOUT, nth), **(changes or {})}


@dataclasses.dataclass(frozen=True)
class Back:
    """What stands in a copy beside the plan."""

    workbook: Workbook

    @property
    def requests(self) -> list[dict[str, Raw]]:
        header, *rows = self._rows(SHEET, 4)
        return [{str(header[c]): row.get(c) for c in header} for row in rows]

    @property
    def cells(self) -> list[Raw]:
        return [row["Ô"] for row in self.requests]

    @property
    def summary(self) -> str:
        return str(self._rows(SHEET, 3)[0][0])

    @property
    def left(self) -> list[tuple[Raw, Raw, Raw]]:
        return [(row.get(0), row.get(1), row.get(4)) for row in self._rows(LEFT, 5)]

    @property
    def notes(self) -> dict[tuple[str, str], str]:
        return {
            (s, ref): text for s in self.workbook.sheets for ref, text in self.workbook.notes(s)
        }

    def _rows(self, sheet: str, first: int) -> list[dict[int, Raw]]:
        return [dict(cells) for row, cells in self.workbook.rows(sheet) if row >= first]


def opened(path: Path) -> Back:
    return Back(open_workbook(path.read_bytes()))


@cache
def workbook(tasks: tuple[tuple[tuple[str, Value], ...], ...], code: str) -> bytes:
    school = dataclasses.replace(SCHOOL, code=code, name=f"Trường {code}")
    plan = make_plan(LAYOUT, school=school, tables={"plan": [dict(t) for t in tasks]})
    return workbook_bytes(plan, school)


class Desk:
    """A folder of returned plans, the authority workbook, and the copies sent back."""

    def __init__(self, folder: Path, run: Run) -> None:
        self.folder, self.run = folder, run
        self.returned, self.out, self.book = folder / "nop", folder / "ra", folder / "so.xlsx"
        self.returned.mkdir()

    def returns(self, rows: Sequence[dict[str, Value]], code: str = "001", name: str = "") -> Path:
        path = self.returned / (name or f"{code}.xlsx")
        path.write_bytes(workbook(tuple(tuple(row.items()) for row in rows), code))
        return path

    def merge(self, *options: object) -> None:
        result = self.run("merge", self.returned, "-o", self.book, "--today", TODAY, *options)
        assert result.exit_code == 0, result.output

    def decide(self, rule: str, words: Typed = SENT_BACK) -> None:
        book = openpyxl.load_workbook(self.book)
        ws = book["Cờ"]
        (header,) = [row for row in range(1, 9) if "Quy tắc" in [cell.value for cell in ws[row]]]
        columns = {str(cell.value): cell.column or 0 for cell in ws[header]}
        for row in range(header + 1, ws.max_row + 1):
            if ws.cell(row, columns["Quy tắc"]).value == rule:
                for heading, word in zip(_TYPED, words, strict=False):
                    ws.cell(row, columns[heading]).value = word  # type: ignore[assignment]
        book.save(self.book)

    def send(self, *options: object, code: int = 0) -> str:
        result = self.run(
            "feedback", self.book, self.returned, "-o", self.out, "--today", TODAY, *options
        )
        assert result.exit_code == code, result.output + result.stderr
        return result.output + result.stderr

    def copy(self, code: str = "001") -> Path:
        (path,) = self.out.glob(f"{code}_*_phan-hoi.xlsx")
        return path

    def back(self, code: str = "001") -> Back:
        return opened(self.copy(code))

    def rules(self, path: Path) -> Counter[tuple[str, str | None, str | None]]:
        found = check_file(path, builtin_catalogue(), TODAY).findings
        return Counter((f.rule, f.sheet, f.cell) for f in found)


@pytest.fixture
def desk(tmp_path: Path, run: Run) -> Desk:
    return Desk(tmp_path, run)


def lead_of(nth: int) -> str:
    return PLAN.ref("lead", PLAN.first_row + nth)


def test_what_is_to_mend_stands_on_its_cell_and_on_the_sheet(desk: Desk) -> None:
    source = desk.returns([task(0, OUTSIDE_LEAD), task(1, NO_LEAD), task(2)])
    before = source.read_bytes()
    desk.merge()
    desk.decide("KD303")
    said = desk.send()
    assert "cần sửa 1 lỗi, 1 cảnh báo" in said
    assert source.read_bytes() == before
    back = desk.back()
    first, second = back.requests
    assert first["Ô"] == lead_of(0)
    assert first["Trang"] == "Kế hoạch"
    assert first["Mức độ"] == "Cảnh báo"
    assert first["Nội dung đã ghi"] == "UBND xã"
    assert "UBND xã" in str(first["Vấn đề"])
    assert "Chọn một bộ phận" in str(first["Cách xử lý"])
    decided = [first[h] for h in ("Kết luận", "Ý kiến rà soát", "Người rà soát (chức danh)")]
    assert decided == list(SENT_BACK[:3])
    assert first["Ngày"] == to_serial(date(2026, 12, 1))
    assert (second["Ô"], second["Mức độ"], second["Kết luận"]) == (lead_of(1), "Lỗi", None)
    book, found = openpyxl.load_workbook(desk.copy()), back.notes
    assert set(found) == {("Kế hoạch", lead_of(0)), ("Kế hoạch", lead_of(1))}
    for said_of_cell in (first["Vấn đề"], first["Cách xử lý"], NOTE, "Chuyên viên, 01/12/2026"):
        assert str(said_of_cell) in found["Kế hoạch", lead_of(0)]
    assert book.active is book.worksheets[0] is book[SHEET]
    assert book[SHEET].protection.sheet
    links = [book[SHEET][ref].hyperlink.location for ref in ("C5", "C6")]
    assert links == [f"'Kế hoạch'!{lead_of(0)}", f"'Kế hoạch'!{lead_of(1)}"]
    assert back.summary == ("Trường 001 (mã 001), ngày 22/11/2026. Cần sửa: 1 lỗi, 1 cảnh báo.")
    assert not faults_of_document(desk.copy())


def test_what_is_let_pass_is_not_asked_again(desk: Desk) -> None:
    desk.returns([task(0, OUTSIDE_LEAD), task(1, NO_LEAD), task(2, {"budget": None})])
    desk.merge()
    desk.decide("KD303", ("Chấp nhận", "", "", None))
    desk.decide("KD301", ("Waive", "", "", None))
    said = desk.send()
    assert "1 trường không có gì phải sửa" in said
    assert "001 Trường 001" in said
    assert not desk.out.exists()
    assert "không có yêu cầu sửa" in desk.send("--all")
    back = desk.back()
    assert not back.requests
    assert not back.notes
    assert back.summary == (
        "Trường 001 (mã 001), ngày 22/11/2026. Không có nội dung nào cần sửa. Không nêu ở đây: "
        "1 vấn đề đã được chấp nhận, 1 vấn đề được miễn, 1 lưu ý không bắt buộc sửa."
    )


def test_a_decision_on_other_evidence_is_to_be_reviewed(desk: Desk) -> None:
    desk.returns([task(0, OUTSIDE_LEAD)])
    desk.merge()
    desk.decide("KD303", ("Chấp nhận", NOTE, "", None))
    desk.returns([task(0, {"lead": "UBND phường"}), task(1, NO_LEAD)])
    said = desk.send()
    assert "khác với tệp đã tổng hợp" in said
    assert "1 vấn đề đã được kết luận nhưng nội dung đã thay đổi" in said
    review, new = desk.back().requests
    assert review["Kết luận"] == "Nội dung đã thay đổi, cần xem lại (trước đây: Chấp nhận)"
    assert review["Ý kiến rà soát"] == NOTE
    assert review["Nội dung đã ghi"] == "UBND phường"
    assert (new["Ô"], new["Kết luận"]) == (lead_of(1), None)


def test_what_an_auditor_wrote_is_told_whatever_it_is(desk: Desk) -> None:
    desk.returns([task(0, {"budget": None}), task(1, NO_LEAD)])
    desk.merge()
    desk.decide("KD504", ("", "Xin ghi đủ số tiền", "", None))
    desk.decide("KD301", ("xem thêm", "", "", None))
    desk.send()
    told = {r["Mức độ"]: (r["Kết luận"], r["Ý kiến rà soát"]) for r in desk.back().requests}
    assert told == {"Lưu ý": (None, "Xin ghi đủ số tiền"), "Lỗi": ("xem thêm", None)}


def issued_parts(path: Path) -> dict[str, object]:
    """What a template is made of, sheet by sheet, beside its values and notes."""
    package = open_workbook(path.read_bytes())
    parts = {name: package.part(part).decode() for name, part in package.sheets.items()}
    workbook = package.part("xl/workbook.xml").decode()
    order = list(parts)
    names = {
        (name, order[int(local)] if local else "", formula)
        for name, local, formula in re.findall(
            r'<definedName name="([^"]+)"(?: localSheetId="(\d+)")?[^>]*>([^<]*)<', workbook
        )
    }
    mine = {SHEET, LEFT}
    return {
        "names": {entry for entry in names if entry[1] not in mine},
        **{
            f"{wanted} of {name}": re.findall(f"<{wanted}.*?(?:/>|</{wanted}>)", xml, re.DOTALL)
            for name, xml in parts.items()
            if name not in mine
            for wanted in ("dataValidations", "sheetProtection", "cols", "pane", "pageSetup")
        },
        "hidden": package.hidden,
    }


def test_it_is_locked_and_checked_as_it_was_issued(desk: Desk, tmp_path: Path) -> None:
    rows = [task(0, OUTSIDE_LEAD), task(1, NO_LEAD)]
    source = desk.returns(rows)
    desk.merge()
    desk.send()
    assert issued_parts(desk.copy()) == issued_parts(source)
    issued, sent = (read_submission(p, builtin_catalogue()) for p in (source, desk.copy()))
    assert issued.stamp == sent.stamp
    assert issued.plan == sent.plan
    assert desk.rules(source) == desk.rules(desk.copy())
    locked = desk.folder / "khoa"
    desk.run("feedback", desk.book, source, "-o", locked, "--sheet-password", "Mo-Khoa1")
    (path,) = locked.iterdir()
    for ws in openpyxl.load_workbook(path).worksheets:
        free = ws.title == "Bản in"  # the school's own
        assert bool(ws.protection.password) is not free, ws.title
    desk.run("feedback", desk.book, source, "-o", tmp_path / "x", "--sheet-password", "mật khẩu")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("regulation", ["tt18-2018", "tt57-2026-pho-thong"])
@settings(
    max_examples=1,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),  # a smaller seed is no simpler plan
)
@given(seed=st.integers(1, 2**32))
def test_every_value_goes_back_as_it_was(regulation: str, seed: int) -> None:
    catalogue, chosen = builtin_catalogue(), Settings(Stage.DISTRICT)
    known = catalogue.get(regulation)
    assert known is not None
    plan = random_plan(build_layout(known, 10), random.Random(seed))
    with tempfile.TemporaryDirectory() as name:
        source, book, back = (Path(name, file) for file in ("a.xlsx", "so.xlsx", "b.xlsx"))
        source.write_bytes(workbook_bytes(plan))
        merge([source], book, catalogue, TODAY, chosen)
        (asked,) = plan_round(book, [source], catalogue, TODAY, chosen).asked
        copy = copied(asked)
        back.write_bytes(copy.content)
        before, after = (check_file(path, catalogue, TODAY) for path in (source, back))
    assert before.submission.plan == after.submission.plan
    assert before.submission.stamp == after.submission.stamp
    assert before.findings == after.findings
    assert not copy.left
    assert asked.flags
    assert {f.finding.severity for f in asked.flags} <= {Severity.ERROR, Severity.WARNING}
    assert asked.is_as_merged


def copied(asked: Asked) -> Copy:
    copy = copy_of(asked, builtin_catalogue(), TODAY, AS_ISSUED)
    assert isinstance(copy, Copy)
    return copy


def test_what_a_person_added_survives_or_is_listed(desk: Desk) -> None:
    source = desk.returns([task(0, OUTSIDE_LEAD), task(1)])
    book = openpyxl.load_workbook(source)
    ws = book["Kế hoạch"]
    ws[lead_of(0)].comment = Comment("Hỏi lại xã", "x")
    ws[lead_of(1)].comment = Comment("Cô tổ trưởng\nđã đồng ý", "x")
    ws.cell(PLAN.last_row + 3, 2, "Tổng cộng bên dưới")
    ws[PLAN.ref("budget", PLAN.first_row)] = "=2*1500000"
    notebook = book.create_sheet("Ghi chép")
    notebook.append(["Họp ngày", date(2026, 10, 5)])
    notebook.add_chart(BarChart(), "D4")
    book.save(source)
    desk.merge()
    said = desk.send()
    copy = desk.copy()
    back = desk.back()
    listed = {row[:2]: row[2] for row in back.left}
    assert f"{len(back.left)} nội dung ghi ngoài các ô nhập" in said
    assert listed["Kế hoạch", lead_of(0)] == "Hỏi lại xã", "our own note stands on that cell"
    assert listed["Kế hoạch", f"B{PLAN.last_row + 3}"] == "Tổng cộng bên dưới"
    assert listed["Kế hoạch", PLAN.ref("budget", PLAN.first_row)] == "=2*1500000"
    assert listed["Ghi chép", "A1"] == "Họp ngày"
    assert listed["Ghi chép", None] == "chart1.xml"
    assert len(back.left) == 6
    found = back.notes
    assert found["Kế hoạch", lead_of(1)] == "Cô tổ trưởng\nđã đồng ý", "it stays where it was"
    assert "UBND xã" in found["Kế hoạch", lead_of(0)]
    asked = {row["Ô"]: row for row in back.requests}
    assert "trở về đúng mẫu" in str(asked[f"B{PLAN.last_row + 3}"]["Cách xử lý"])
    gone = desk.rules(source) - desk.rules(copy)
    assert {rule for rule, _, _ in gone} == {"KD801", "KD804", "KD808", "KD839", "KD840"}
    assert not faults_of_document(copy)


def test_the_next_round_takes_the_place_of_this_one(desk: Desk) -> None:
    desk.returns([task(0, OUTSIDE_LEAD), task(1, NO_LEAD)])
    desk.merge()
    desk.send()
    first = desk.folder / "lần một.xlsx"
    first.write_bytes(desk.copy().read_bytes())
    for path in desk.returned.iterdir():
        path.unlink()
    returned = desk.returned / "lần hai.xlsx"
    book = openpyxl.load_workbook(first)
    ws = book["Kế hoạch"]
    ws[lead_of(1)] = "Kế toán"
    ws[lead_of(1)].comment.text += "\nđã sửa"
    ws[PLAN.ref("task", PLAN.first_row)].comment = Comment("Việc chung của hai tổ", "x")
    book[SHEET]["I5"] = "Trường đã họp"
    book[SHEET]["M9"] = "ghi bên cạnh"
    book[SHEET]["H6"] = "Lỗi"  # a word that we wrote ourselves in another column
    book.save(returned)
    left_by_openpyxl = "KD839"
    rules = {rule for rule, _, _ in desk.rules(returned)} - {left_by_openpyxl}
    assert rules == {"KD303", "KD840"}, "nothing foreign in it but notes of a person"
    desk.merge()
    said = desk.send()
    assert "cần sửa 1 cảnh báo" in said
    assert "Bản trước được giữ lại" in said
    second = desk.back()
    assert second.cells == [lead_of(0)]
    found = second.notes
    assert set(found) == {
        ("Kế hoạch", lead_of(0)),
        ("Kế hoạch", lead_of(1)),
        ("Kế hoạch", PLAN.ref("task", PLAN.first_row)),
    }
    assert found["Kế hoạch", lead_of(1)].endswith("đã sửa"), "it is the school's by now"
    assert set(second.left) == {
        (SHEET, "I5", "Trường đã họp"),
        (SHEET, "M9", "ghi bên cạnh"),
        (SHEET, "H6", "Lỗi"),
    }
    migrated = desk.folder / "moi.xlsx"
    assert desk.run("migrate", first, "-o", migrated).exit_code == 0
    sheets = openpyxl.load_workbook(migrated, read_only=True).sheetnames
    assert SHEET not in sheets
    assert LEFT not in sheets, "our words are not what somebody typed"


def test_a_sheet_of_requests_thrown_away_or_of_somebody_else(desk: Desk) -> None:
    source = desk.returns([task(0, OUTSIDE_LEAD)])
    desk.merge()
    desk.send()
    book = openpyxl.load_workbook(desk.copy())
    del book[SHEET]
    book.create_sheet(SHEET)["A1"] = "trang của trường"
    book.save(source)
    assert ("KD804", SHEET, None) in desk.rules(source)
    desk.send()
    assert desk.back().left == [(SHEET, "A1", "trang của trường")]


def test_findings_across_schools_come_from_the_district_workbook(desk: Desk) -> None:
    rows = [task(n, {"task": text}) for n, text in enumerate(LONG)]
    desk.returns(rows, "001")
    later = desk.returns([*rows[1:], task(7)], "002")
    later.write_bytes(saved(later.read_bytes(), "2026-11-20T08:00:00Z"))
    desk.merge()
    desk.send("--all")
    assert not desk.back("002").requests, "another school is named only where an auditor says so"
    shutil.rmtree(desk.out)
    desk.decide("KD906")
    desk.merge("--lang", "en")
    only = desk.run("feedback", desk.book, later, "-o", desk.out, "--today", TODAY)
    assert only.exit_code == 0, only.output
    assert "khác với tệp" not in only.output
    assert "1 trường trong sổ tổng hợp không có tệp ở đây: 001" in only.output
    texts = [str(row["Vấn đề"]) for row in desk.back("002").requests]
    assert [text[:29] for text in texts] == ["Công việc giống 100% với dòng"] * 3
    assert all("Trường 001" in text for text in texts)
    moved = desk.returns([task(7), rows[2], task(8)], "002")
    again = desk.run("feedback", desk.book, moved, "-o", desk.out, "--today", TODAY)
    assert "khác với tệp" in again.output
    told = [row["Ô"] for row in desk.back("002").requests if "giống" in str(row["Vấn đề"])]
    assert told == [PLAN.ref("task", PLAN.first_row + 1)], "the text says where, not the row"


def test_one_bad_file_stops_nothing(desk: Desk) -> None:
    desk.returns([task(0, NO_LEAD)], "001")
    desk.returns([task(0)], "002", "cũ.xlsx")
    desk.merge()
    newer = desk.returns([task(0, OUTSIDE_LEAD)], "002", "mới.xlsx")
    newer.write_bytes(saved(newer.read_bytes(), "2026-11-20T08:00:00Z"))
    (desk.returned / "bản sao.xlsx").write_bytes((desk.returned / "001.xlsx").read_bytes())
    (desk.returned / "hỏng.xlsx").write_bytes(b"%PDF-1.7")
    (desk.returned / "sổ khác.xlsx").write_bytes(desk.book.read_bytes())
    desk.returns([task(0)], "009")
    said = desk.send(code=1)
    assert len(list(desk.out.glob("*.xlsx"))) == 2
    assert "hỏng.xlsx: " in said
    assert "PDF" in said
    assert "Trường «009» không có trong sổ tổng hợp" in said
    assert "Trùng tệp khác" in said
    assert "cũ.xlsx: Có bản khác được chọn" in said
    assert "sổ khác.xlsx: Sổ tổng hợp, bỏ qua" in said
    assert "UBND xã" in str(desk.back("002").requests[0]["Vấn đề"]), "as a merge would choose"
    assert "Đã ghi 2 bản gửi lại" in said
    old = desk.returned / "cũ.xlsx"
    desk.run("feedback", desk.book, old, newer, "-o", desk.out, "--prefer", old, "--all")
    assert not desk.back("002").requests


def test_a_file_that_changes_meanwhile_is_told(desk: Desk) -> None:
    source = desk.returns([task(0, NO_LEAD)])
    desk.merge()
    chosen = Settings(Stage.DISTRICT)
    (asked,) = plan_round(desk.book, [source], builtin_catalogue(), TODAY, chosen).asked
    desk.returns([task(0)])
    result = copy_of(asked, builtin_catalogue(), TODAY, AS_ISSUED)
    assert isinstance(result, Checked)
    assert [found.rule for found in result.findings] == ["KD010"]


def test_a_copy_that_cannot_be_written_stops_no_other(desk: Desk) -> None:
    for code in ("001", "002"):
        desk.returns([task(0, NO_LEAD)], code)
    desk.merge()
    (desk.out / "001_truong-001_phan-hoi.xlsx").mkdir(parents=True)
    said = desk.send(code=1)
    assert "Không ghi được tệp" in said
    assert desk.back("002").requests
    assert len(list(desk.out.iterdir())) == 2, "nothing half written is left"


def test_of_two_files_the_one_that_was_merged_is_taken(desk: Desk) -> None:
    """The other one was saved earlier."""
    desk.returns([task(0, NO_LEAD)], "001")
    school = dataclasses.replace(SCHOOL, code="001", name="Trường 001")
    plan = make_plan(LAYOUT, school=school, tables={"plan": [task(0)]})
    other = workbook_bytes(plan, school)
    (desk.returned / "002.xlsx").write_bytes(saved(other, "2020-09-20T08:00:00Z"))
    desk.merge()
    said = desk.send()
    assert "002.xlsx: Có bản khác được chọn" in said
    assert "khác với tệp đã tổng hợp" not in said
    assert desk.back().cells == [lead_of(0)]


def test_a_mistyped_code_does_not_name_the_copy(desk: Desk) -> None:
    """The copy bears the code of its template, not another school's code that was typed."""
    desk.returns([task(0, NO_LEAD)], "002")
    typed_school = dataclasses.replace(SCHOOL, code="002", name="Trường 001")
    plan = make_plan(LAYOUT, school=typed_school, tables={"plan": [task(0, NO_LEAD)]})
    issued = dataclasses.replace(SCHOOL, code="001", name="Trường 001")
    (desk.returned / "001.xlsx").write_bytes(workbook_bytes(plan, issued))
    desk.merge()
    said = desk.send()
    assert "001 Trường 001: cần sửa" in said
    assert "002 Trường 002: cần sửa" in said


def test_wrong_use_writes_nothing(desk: Desk) -> None:
    source = desk.returns([task(0, NO_LEAD)], "001")
    desk.returns([task(0, OUTSIDE_LEAD)], "002")
    desk.merge()

    def wrong(*arguments: object, code: int = 2) -> str:
        before = {p: p.read_bytes() for p in desk.folder.rglob("*") if p.is_file()}
        result = desk.run("feedback", *arguments)
        assert result.exit_code == code, result.output
        assert len(result.stderr.strip().splitlines()) == 1, result.stderr
        assert before == {p: p.read_bytes() for p in desk.folder.rglob("*") if p.is_file()}
        return result.stderr

    assert "thư mục bản nộp" in wrong(desk.book, desk.returned, "-o", desk.returned)
    assert "tệp đầu vào" in wrong(desk.book, source, "-o", source)
    assert "tệp đầu vào" in wrong(desk.book, source, "-o", desk.book)
    assert "cần một thư mục" in wrong(desk.book, desk.returned, "-o", desk.folder / "a.xlsx")
    assert "Không dùng được sổ tổng hợp" in wrong(source, desk.returned, "-o", desk.out)
    assert "is no authority workbook" in wrong(
        source, desk.returned, "-o", desk.out, "--lang", "en"
    )
    assert "Không có tệp" in wrong(desk.folder / "x.xlsx", source, "-o", desk.out)
    assert "Không có bản nộp" in wrong(desk.book, desk.book, "-o", desk.out, code=3)
    book = openpyxl.load_workbook(desk.book)
    del book["Nhật ký"]
    book.save(desk.book)
    assert "không còn trang «Nhật ký»" in wrong(desk.book, source, "-o", desk.out)


def test_names_and_places_of_the_copies(desk: Desk) -> None:
    source = desk.returns([task(0, NO_LEAD)], "001")
    desk.merge()
    one = desk.folder / "một.xlsx"
    said = desk.run("feedback", desk.book, source, "-o", one, "--lang", "en")
    assert said.exit_code == 0
    assert "001 Trường 001: to mend 1 error" in said.output
    assert opened(one).requests
    desk.out = desk.returned / "gửi lại"
    desk.send()
    before = sorted(desk.out.iterdir())
    assert [path.name for path in before] == ["001_truong-001_phan-hoi.xlsx"]
    assert "giữ lại" not in desk.send()
    assert sorted(desk.out.iterdir()) == before, "its own results are no input, nor written twice"


def test_a_note_shows_all_that_it_says() -> None:
    long = Request(
        Severity.ERROR, "Kế hoạch", "I5", "Sai.", "", "Sửa.", "Yêu cầu sửa", "dài " * 900
    )
    many = [dataclasses.replace(long, note=None, message=f"Sai {n}. " * 20) for n in range(30)]
    for wanted in ((long,), tuple(many)):
        (note,) = SentBack(wanted, "").notes
        assert note_lines(note.text) <= MOST_LINES
        assert "Xem đầy đủ ở trang «Yêu cầu sửa», số thứ tự 1" in note.text
    odd = dataclasses.replace(long, message="\x07Sai\x00.", note="ngắn")
    assert "• Lỗi: Sai." in next(iter(SentBack((odd,), "").notes)).text


def test_more_than_a_sheet_holds_goes_on_several(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send_back, "MOST_ROWS", 2)
    source = desk.returns([task(n, NO_LEAD) for n in range(5)])
    desk.merge()
    desk.send()
    book = openpyxl.load_workbook(desk.copy())
    names = [name for name in book.sheetnames if SHEET in name]
    assert names == [SHEET, f"{SHEET} (2)", f"{SHEET} (3)"]
    assert [row[0].value for name in names for row in book[name].iter_rows(5)] == [1, 2, 3, 4, 5]
    source.write_bytes(desk.copy().read_bytes())
    assert {rule for rule, _, _ in desk.rules(source)} == {"KD301"}
    assert "nội dung ghi ngoài" not in desk.send()
