"""A task written over one that was reported on: found at the next merge, and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from kdcl_xl.district.hidden.read_previous import read_previous
from tests.build import TODAY, Value, good_task, layout_of, make_plan, write_workbook
from tests.conftest import Run
from tests.district.test_merge import table
from tests.opened import sheet_in

FIRST = "Sửa hệ thống thoát nước sau dãy phòng học phía đông"
SECOND = "Mở kho sách dùng chung cho bốn lớp đầu cấp"
THIRD = "Bồi dưỡng giáo viên về ứng dụng công nghệ thông tin trong dạy học"
DONE: Mapping[str, Value] = {"progress_state": "Hoàn thành", "evidence": "(MC.1.1.01)"}
BEGUN: Mapping[str, Value] = {"progress_state": "Đang thực hiện", "percent": 50}
NONE: Mapping[str, Value] = {}
RULES = {"KD866", "KD907"}


class School:
    """One school that hands its plan in again and again, and the authority that merges it."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run, self.file, self.out = run, folder / "nop" / "a.xlsx", folder / "so.xlsx"
        self.file.parent.mkdir()

    def hands_in(
        self, tasks: Sequence[str], reports: Sequence[Mapping[str, Value]]
    ) -> list[Mapping[str, object]]:
        """Merge a plan of the school; the place and message of each finding KD907 and KD866."""
        layout = layout_of("2026")
        tables: dict[str, list[dict[str, Value]]] = {
            "self_assessment": [{"result_1": "Đạt"}],
            "plan": [{**good_task(layout, n), "task": t} for n, t in enumerate(tasks)],
            "progress": [dict(report) for report in reports],
        }
        write_workbook(self.file, make_plan(layout, tables=tables))
        done = self.run("merge", self.file.parent, "-o", self.out)
        assert done.exit_code == 0, done.output
        flags = table(sheet_in(self.out, "Cờ"))
        return [dict(row) for row in flags if RULES & {*row.values()}]


@pytest.fixture
def school(run: Run, tmp_path: Path) -> School:
    return School(run, tmp_path)


def test_a_task_written_over_a_reported_one_is_found_and_stays(school: School) -> None:
    assert not school.hands_in([FIRST, SECOND], [DONE, NONE])
    (found,) = school.hands_in([THIRD, SECOND], [DONE, NONE])
    assert any(FIRST in str(cell) for cell in found.values())
    assert school.hands_in([THIRD, SECOND], [DONE, NONE]), "the same file once more"
    assert not school.hands_in([FIRST, SECOND], [DONE, NONE]), "the text is back"
    assert school.hands_in([THIRD, SECOND], [BEGUN, NONE]), "another report on the same row"
    assert not school.hands_in([THIRD, SECOND], [NONE, NONE]), "the report is cleared"
    assert not school.hands_in([THIRD, SECOND], [BEGUN, NONE])


@pytest.mark.parametrize(
    ("tasks", "reports", "is_found"),
    [
        ([f"{FIRST}, trước mùa mưa", SECOND], [DONE, BEGUN], False),
        ([FIRST, SECOND, THIRD], [DONE, BEGUN, NONE], False),
        ([FIRST, SECOND, THIRD], [DONE, DONE, BEGUN], False),
        ([SECOND, FIRST], [BEGUN, DONE], False),
        ([SECOND, FIRST], [DONE, BEGUN], True),
        ([THIRD, SECOND], [NONE, BEGUN], False),
        ([THIRD, SECOND], [BEGUN, BEGUN], True),
        ([SECOND], [DONE], True),
    ],
    ids=(
        "reworded",
        "a new task in the next free row",
        "reports go on",
        "tasks and reports change places",
        "tasks change places without their reports",
        "the report is cleared",
        "another task and another report",
        "a row is deleted without its report",
    ),
)
def test_a_report_belongs_to_its_task(
    school: School, tasks: list[str], reports: list[Mapping[str, Value]], *, is_found: bool
) -> None:
    assert not school.hands_in([FIRST, SECOND], [DONE, BEGUN])
    assert bool(school.hands_in(tasks, reports)) is is_found


def test_a_school_that_hands_in_nothing_is_remembered(school: School) -> None:
    school.hands_in([FIRST], [DONE])
    before = read_previous(school.out, TODAY).reported
    assert [(entry.task, entry.row) for entry in before] == [(FIRST, before[0].row)]


ALIKE = [f"Tổ chức thực hiện công việc thứ {n}" for n in range(1, 7)]
HALF: list[Mapping[str, Value]] = [
    {"progress_state": "Đang thực hiện", "percent": 10 * n} for n in range(1, 7)
]


@pytest.mark.parametrize(
    ("order", "moves"),
    [
        ([4, 1, 2, 3, 0, 5], ["6 nay ở dòng 10", "10 nay ở dòng 6"]),
        ([5, 4, 3, 2, 1, 0], ["6 nay ở dòng 11", "8 nay ở dòng 9", "11 nay ở dòng 6"]),
    ],
    ids=("two rows exchanged", "the whole table sorted"),
)
def test_rows_that_changed_places_are_one_finding(
    school: School, order: list[int], moves: list[str]
) -> None:
    """Also where the tasks are worded nearly alike."""
    assert not school.hands_in(ALIKE, HALF)
    (found,) = school.hands_in([ALIKE[n] for n in order], HALF)
    said = next(str(cell) for cell in found.values() if "nay ở dòng" in str(cell))
    assert all(move in said for move in moves)
    (again,) = school.hands_in([ALIKE[n] for n in order], HALF)
    assert said in again.values(), "it stays until the tasks or the reports are back"
    assert not school.hands_in(ALIKE, HALF)
    assert not school.hands_in([ALIKE[n] for n in order], [HALF[n] for n in order])


def test_a_task_that_had_no_report_takes_the_place_of_one_that_had(school: School) -> None:
    assert not school.hands_in([FIRST, SECOND], [DONE, NONE])
    (found,) = school.hands_in([SECOND, FIRST], [DONE, NONE])
    assert "KD866" in found.values()
