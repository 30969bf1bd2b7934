"""``kdcl-xl feedback --document``: the official document with the requests as comments."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from kdcl_xl.reissue.feedback_copy import AUTHOR
from tests.build import SCHOOL, TODAY, good_task, layout_of, make_plan, write_workbook
from tests.conftest import Run

LAYOUT = layout_of("2026")


@pytest.fixture
def desk(run: Run, tmp_path: Path) -> Path:
    """A folder with a returned plan of which a task has no lead, merged."""
    rows = [good_task(LAYOUT), {**good_task(LAYOUT, 1), "lead": None}]
    (tmp_path / "nop").mkdir()
    write_workbook(tmp_path / "nop" / "a.xlsx", make_plan(LAYOUT, tables={"plan": rows}))
    merged = run("merge", tmp_path / "nop", "-o", tmp_path / "so.xlsx", "--today", TODAY)
    assert merged.exit_code == 0, merged.output
    return tmp_path


def sent(run: Run, desk: Path, *options: object) -> str:
    folder = desk / "ra"
    said = run(
        *("feedback", desk / "so.xlsx", desk / "nop", "-o", folder, "--today", TODAY), *options
    )
    assert said.exit_code == 0, said.output
    return said.output


def test_requests_are_comments_beside_what_they_are_about(run: Run, desk: Path) -> None:
    said = sent(run, desk, "--document")
    (path,) = (desk / "ra").glob("*.docx")
    assert path.name in said
    assert path.with_suffix(".xlsx").exists()
    found = docx.Document(str(path))
    comments = {comment.text: comment for comment in found.comments}
    assert {comment.author for comment in comments.values()} == {AUTHOR}
    (lead,) = (text for text in comments if "chủ trì" in text.lower() and "Kính đề nghị" in text)
    marked = [
        cell
        for table in found.tables
        for row in table.rows
        for cell in row.cells
        if f'commentRangeStart w:id="{comments[lead].comment_id}"' in cell._tc.xml
    ]
    tasks = [row.cells for row in found.tables[2].rows]
    heading = [cell.text for cell in tasks[0]]
    (cell,) = marked
    assert cell._tc is tasks[3][heading.index("Đơn vị/cá nhân phụ trách")]._tc
    assert [text for text in comments if SCHOOL.name in text and "Yêu cầu sửa" in text]


def test_without_the_option_there_is_no_document(run: Run, desk: Path) -> None:
    sent(run, desk)
    assert not list((desk / "ra").glob("*.docx"))


def test_a_document_is_never_written_over_an_input(run: Run, desk: Path) -> None:
    own = desk / "nop" / "a.docx"
    own.write_bytes(b"their own")
    said = run(
        *("feedback", desk / "so.xlsx", desk / "nop" / "a.xlsx", own),
        *("-o", own.with_suffix(".xlsx"), "--document", "--today", TODAY),
    )
    assert said.exit_code == 2
    assert own.read_bytes() == b"their own"


def test_an_edited_document_is_kept(run: Run, desk: Path) -> None:
    sent(run, desk, "--document")
    (path,) = (desk / "ra").glob("*.docx")
    path.write_bytes(b"edited")
    assert "được giữ lại" in sent(run, desk, "--document")
    assert b"edited" in [other.read_bytes() for other in (desk / "ra").glob("*.docx")]
