"""Progress beside another task, found in one file by the results of its own formulas."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kdcl_xl.checking.check import check_file
from kdcl_xl.xlsx.workbook import open_workbook
from macros_free_validation.rule import Finding
from tests.build import TODAY, Value, good_task, layout_of, make_plan, workbook_bytes
from tests.cli.test_bad_input import edited
from tests.conftest import ROOT
from workbook_templates.regulation import builtin_catalogue

LAYOUT = layout_of()
PLAN, PROGRESS = LAYOUT.sheet("plan"), LAYOUT.sheet("progress")
REPORTS: list[dict[str, Value]] = [
    {},
    {"progress_state": "Đang thực hiện", "percent": 70},
    {"progress_state": "Tạm dừng"},
]
CONTENT = workbook_bytes(
    make_plan(
        LAYOUT,
        tables={"plan": [good_task(LAYOUT, n) for n in range(4)], "progress": REPORTS},
    )
)
PART = open_workbook(CONTENT).sheets[PLAN.name]
FIRST = PLAN.first_row


def found(path: Path) -> list[Finding]:
    checked = check_file(path, builtin_catalogue(), TODAY)
    assert checked.submission.is_read
    return [f for f in checked.findings if f.rule == "KD865"]


def with_texts(path: Path, order: dict[int, int], text: str = "") -> Path:
    """Save the plan with texts of tasks in other rows, by a program that does not recalculate."""

    def cell(xml: str, row: int) -> tuple[str, str]:
        ref = PLAN.ref("task", row)
        match = re.search(rf'<c r="{ref}"[^>]*>(.*?)</c>', xml)
        assert match is not None
        return match[0], match[1]

    def change(name: str, data: bytes) -> bytes:
        if name != PART:
            return data
        xml = before = data.decode()
        for row, other in order.items():
            old, inner = cell(before, FIRST + row)
            new = cell(before, FIRST + other)[1]
            whole = old.replace(inner, new)
            if text:
                whole = whole.replace(new, f"<is><t>{text}</t></is>").replace('"s"', '"inlineStr"')
            xml = xml.replace(old, whole)
        assert xml != before
        return xml.encode()

    path.write_bytes(edited(CONTENT, change))
    return path


def test_two_rows_exchanged_are_named(tmp_path: Path) -> None:
    """The reported task of row 2 and one without a report change places."""
    (told,) = found(with_texts(tmp_path / "a.xlsx", {1: 3, 3: 1}))
    row = PROGRESS.first_row + 1
    assert (told.sheet, told.cell) == (PROGRESS.name, PROGRESS.ref("task", row))
    assert f"dòng {row} ghi «{good_task(LAYOUT, 1)['task']}»" in told.message.vi
    assert f"nay ở dòng {FIRST + 3} trang «{PLAN.name}»" in told.message.vi


def test_a_sorted_table_is_one_finding(tmp_path: Path) -> None:
    (told,) = found(with_texts(tmp_path / "a.xlsx", {0: 3, 1: 2, 2: 1, 3: 0}))
    assert told.message.vi.count("nay ở dòng") == 2, "one for each report"


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("Tổ chức thực hiện tốt công việc thứ 2", False),
        ("Xây nhà vệ sinh cho học sinh khu B", True),
    ],
    ids=["reworded", "replaced"],
)
def test_another_text_in_the_row(tmp_path: Path, text: str, *, is_told: bool) -> None:
    told = found(with_texts(tmp_path / "a.xlsx", {1: 1}, text))
    assert bool(told) is is_told
    assert not told or "việc không còn" in told[0].message.vi


def test_honest_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(CONTENT)
    honest = [tmp_path / "a.xlsx", *sorted((ROOT / "samples" / "workbooks").glob("*.xlsx"))[:3]]
    assert not [told for path in honest for told in found(path)]
