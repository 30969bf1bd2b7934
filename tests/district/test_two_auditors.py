"""Two auditors work in two copies of one authority workbook, and both copies are taken."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import Run
from tests.district.test_loop import DECISION, FAULTY, Desk, decide, task, typed

EARLIER = ("Kết luận trước", "Ý kiến trước", "Người rà soát trước", "Ngày kết luận trước")
OTHER = ("Yêu cầu sửa", "Chưa rõ ai chủ trì", "Chuyên viên tài chính", date(2026, 12, 2))
NOTHING = [None] * 4


class Office(Desk):
    """A desk whose workbook goes to two auditors."""

    def copies_for(self, *names: str) -> tuple[Path, ...]:
        copies = tuple(self.out.parent / name for name in names)
        for copy in copies:
            copy.parent.mkdir(exist_ok=True)
            shutil.copy(self.out, copy)
        self.out.unlink()
        return copies

    def take(self, *copies: Path) -> str:
        return self.merge(*(word for copy in copies for word in ("--previous", copy)))


@pytest.fixture
def office(tmp_path: Path, run: Run) -> Office:
    made = Office(tmp_path, run)
    made.returns([FAULTY, task(1, budget=-1)])
    made.merge()
    return made


def test_decisions_of_both_are_taken(office: Office) -> None:
    a, b = office.copies_for("so-a.xlsx", "so-b.xlsx")
    decide(a)
    decide(b, OTHER, "KD502")
    assert "khác nhau" not in office.take(a, b)
    assert typed(office.row()) == list(DECISION)
    assert typed(office.row("KD502")) == list(OTHER)
    assert not office.rows("Đã khép lại")


@pytest.mark.slow
@pytest.mark.parametrize("is_first", [True, False])
def test_decisions_that_differ_are_reviewed_under_both_names(
    office: Office, is_first: bool
) -> None:
    a, b = office.copies_for("so-a.xlsx", "so-b.xlsx")
    decide(a)
    decide(b, OTHER)
    said = office.take(*((a, b) if is_first else (b, a)))
    assert "1 cần xem lại" in said
    assert "1 vấn đề có các kết luận khác nhau" in said
    row = office.row()
    assert typed(row) == NOTHING
    assert typed(row, EARLIER) == list(DECISION if is_first else OTHER)
    shown = str(row["Các kết luận khác nhau"])
    for said in ("so-a.xlsx: Chấp nhận; Đã thống nhất với xã; Chuyên viên; 01/12/2026",
                 "so-b.xlsx: Yêu cầu sửa; Chưa rõ ai chủ trì"):  # fmt: skip
        assert said in shown
    (closed,) = office.rows("Đã khép lại")
    assert typed(closed) == list(OTHER if is_first else DECISION)
    office.merge()  # both names stay until somebody decides
    assert office.row()["Các kết luận khác nhau"] == shown


@pytest.mark.slow
def test_a_person_settles_a_conflict_once(office: Office) -> None:
    a, b = office.copies_for("so-a.xlsx", "so-b.xlsx")
    decide(a)
    decide(b, OTHER)
    office.take(a, b)
    third = ("Miễn", "Hai bên đã trao đổi", "Trưởng phòng", date(2026, 12, 3))
    decide(office.out, third)
    office.merge()
    assert typed(office.row()) == list(third)
    settled, (first, second) = office.copies_for("xong.xlsx")[0], (a, b)
    assert "khác nhau" not in office.take(settled, first, second), "both decisions were seen"
    assert typed(office.row()) == list(third)
    assert {str(row["Kết luận"]) for row in office.rows("Đã khép lại")} == {
        "Chấp nhận",
        "Yêu cầu sửa",
    }


def test_the_same_decision_twice_is_one(office: Office) -> None:
    a, b = office.copies_for("a/so.xlsx", "b/so.xlsx")
    decide(a, (DECISION[0], None, None, None))
    decide(b)
    office.take(a, b, b)
    assert typed(office.row()) == list(DECISION), "the fuller one"
    assert not office.rows("Đã khép lại")


def test_another_note_on_the_same_decision_is_kept(office: Office) -> None:
    a, b = office.copies_for("a/so.xlsx", "b/so.xlsx")
    decide(a)
    decide(b, ("Accept", "Có nghị quyết", "Kế toán", date(2026, 12, 5)))
    assert "khác nhau" not in office.take(a, b)
    assert typed(office.row()) == list(DECISION)
    (closed,) = office.rows("Đã khép lại")
    assert closed["Ý kiến rà soát"] == "Có nghị quyết"
    assert closed["Lý do khép lại"] == "Nơi khác kết luận giống"


def test_workbooks_of_one_name_are_told_apart(office: Office) -> None:
    a, b = office.copies_for("a/so.xlsx", "b/so.xlsx")
    decide(a)
    decide(b, OTHER)
    office.take(a, b)
    shown = str(office.row()["Các kết luận khác nhau"])
    assert f"{a}: " in shown
    assert f"{b}: " in shown


@pytest.mark.slow
def test_a_decision_on_the_present_evidence_counts_before_an_older_one(office: Office) -> None:
    old, again = office.copies_for("cu.xlsx", "moi.xlsx")
    decide(old)
    office.returns([task(0, lead="UBND huyện"), task(1, budget=-1)])
    office.take(old)
    decide(office.out, OTHER)
    (new,) = office.copies_for("moi.xlsx")
    assert again == new
    assert "khác nhau" not in office.take(old, new)
    assert typed(office.row()) == list(OTHER)
    assert [typed(row) for row in office.rows("Đã khép lại")] == [list(DECISION)]


def test_what_was_typed_elsewhere_in_either_is_noted(office: Office) -> None:
    a, b = office.copies_for("so-a.xlsx", "so-b.xlsx")
    for path, words in ((a, "hỏi lại kế toán"), (b, "gọi cho trường")):
        book = openpyxl.load_workbook(path)
        book["Trường"]["C1"] = words
        book.save(path)
    office.take(a, b)
    assert "hỏi lại kế toán" in office.notes()
    assert "gọi cho trường" in office.notes()
