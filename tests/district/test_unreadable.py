"""Unreadable files are known by their content: in one merge, above a merge, and after a move."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.build import TODAY
from tests.conftest import Run
from tests.district.test_loop import DECISION, Desk, decide, task, typed
from tests.district.test_province import Province, table

BROKEN = b"PK\x03\x04 half of a workbook"
COLUMNS = ("Mức độ", "Quy tắc", "Mã trường", "Vị trí (bấm để đến dòng)", "Vấn đề", "Cách xử lý")


@pytest.fixture
def desk(tmp_path: Path, run: Run) -> Desk:
    made = Desk(tmp_path, run)
    made.returns([task(0)])
    (made.folder / "hỏng.xlsx").write_bytes(BROKEN)
    made.merge()
    return made


def test_a_decision_stays_when_the_file_is_renamed_and_moved(desk: Desk) -> None:
    (rule,) = [str(row["Quy tắc"]) for row in desk.rows() if row["Tệp"] == "hỏng.xlsx"]
    decide(desk.out, rule=rule)
    moved = desk.folder / "Trường B" / "ke hoach moi.xlsx"
    moved.parent.mkdir()
    shutil.move(desk.folder / "hỏng.xlsx", moved)
    desk.merge()
    assert typed(desk.row(rule)) == list(DECISION)
    assert desk.row(rule)["Tệp"] == "ke hoach moi.xlsx"
    assert not desk.rows("Đã khép lại")
    moved.write_bytes(BROKEN + b" of another school")
    desk.merge()
    assert typed(desk.row(rule)) == [None] * 4, "another file under the same name"
    (waiting,) = desk.rows("Không có trong lần này")
    assert typed(waiting) == list(DECISION)
    assert not desk.rows("Đã khép lại")


def test_the_same_unreadable_file_twice_is_one(desk: Desk) -> None:
    (desk.folder / "bản sao.xlsx").write_bytes(BROKEN)
    desk.merge()
    names = ("hỏng.xlsx", "bản sao.xlsx")
    assert len([row for row in desk.rows() if row["Tệp"] in names]) == 1
    log = {str(row["Tệp"]): str(row["Kết quả"]) for row in desk.rows("Nhật ký")}
    states = {Path(path).name: state for path, state in log.items()}
    assert states["bản sao.xlsx"] == "Không đọc được"
    assert states["hỏng.xlsx"] == "Trùng tệp khác, bỏ qua"
    assert len([row for row in desk.rows("Trường") if row["Tên trường"] in names]) == 1


def province_of(folder: Path) -> Province:
    made = Province(folder)
    made.returns("A", "001", {}, {})
    made.returns("B", "002", {}, {})
    (folder / "A" / "hỏng.xlsx").write_bytes(BROKEN)
    (folder / "B" / "ảnh chụp.xlsx").write_bytes(BROKEN)
    (folder / "B" / "003_quét.pdf").write_bytes(b"%PDF-1.7 scan")
    for district in ("A", "B"):
        made.merge_district(district)
    return made


@pytest.mark.slow
def test_workbooks_merged_are_their_files_merged(tmp_path: Path, run: Run) -> None:
    province = province_of(tmp_path)
    province.merge()
    direct = tmp_path / "thang.xlsx"
    given = ("merge", tmp_path / "A", tmp_path / "B", "-o", direct, "--today", TODAY)
    assert run(*given).exit_code == 0

    def flags(path: Path) -> list[tuple[object, ...]]:
        return [tuple(row[c] for c in COLUMNS) for row in table(path, "Cờ")]

    def log(path: Path) -> list[tuple[str, object]]:
        rows = table(path, "Nhật ký")
        found = [(Path(str(row["Tệp"])).name, row["Kết quả"]) for row in rows]
        return [entry for entry in found if "Sổ tổng hợp" not in str(entry[1])]

    def schools(path: Path) -> list[tuple[object, ...]]:
        # A workbook of communes has the schools of each together.
        rows = table(path, "Trường")
        return sorted(((r["Mã trường"], r["Tên trường"], r["Tình trạng"]) for r in rows), key=str)

    assert flags(province.out) == flags(direct)
    assert log(province.out) == log(direct)
    assert schools(province.out) == schools(direct)
    assert len([entry for entry in log(direct) if "Trùng" in str(entry[1])]) == 1


@pytest.mark.slow
def test_a_decision_of_a_district_comes_along_under_any_name(tmp_path: Path) -> None:
    province = province_of(tmp_path)
    (rule,) = [
        str(row["Quy tắc"]) for row in table(province.book("A"), "Cờ") if row["Tệp"] == "hỏng.xlsx"
    ]
    decide(province.book("A"), rule=rule)
    province.merge()
    (flag,) = [row for row in province.rows() if row["Quy tắc"] == rule]
    assert typed(flag) == list(DECISION)
    assert flag["Nơi kết luận"] == "Xã A"
    shutil.move(tmp_path / "A" / "hỏng.xlsx", tmp_path / "A" / "a.xlsx")
    province.merge_district("A")
    province.merge()
    (flag,) = [row for row in province.rows() if row["Quy tắc"] == rule]
    assert typed(flag) == list(DECISION)
    assert not province.rows("Đã khép lại")
