"""The engine behind the page: cancelled, crashed, hung on a file, and usable meanwhile."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.conftest import ROOT
from tests.hostile.workbooks import CASES
from tests.web.visitor import PATIENCE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAMPLES = sorted((ROOT / "samples" / "workbooks").glob("*.xlsx"))


@pytest.fixture(scope="module")
def visitor(visit: Callable[..., Visitor]) -> Iterator[Visitor]:
    opened = visit("can-bo", with_clock=True)
    opened.wait_until("ready")
    yield opened
    assert opened.outside == []


def test_hostile_files_end_at_their_bounds_and_the_others_go_on(
    visitor: Visitor, tmp_path: Path
) -> None:
    hostile = [tmp_path / f"{name}.xlsx" for name in ("deflate_lie", "doctype", "many_parts")]
    known = [path for path in hostile if path.stem in CASES] or [
        tmp_path / f"{name}.xlsx" for name in sorted(CASES)[:3]
    ]
    for path in known:
        path.write_bytes(CASES[path.stem].make())
    visitor.choose("officer-files", [*known, SAMPLES[-1]])
    visitor.press("do-check")
    shown = visitor.findings()
    assert set(shown) == {path.name for path in (*known, SAMPLES[-1])}
    assert len(shown[SAMPLES[-1].name]) > 5


def test_two_hundred_files_are_merged_while_the_page_is_used_and_stop_stops(
    visitor: Visitor, tmp_path: Path
) -> None:
    page = visitor.page
    visitor.clear("officer-files")
    files = []
    for nth in range(200):
        files.append(tmp_path / f"{nth:03d}.xlsx")
        files[-1].write_bytes(SAMPLES[nth % len(SAMPLES)].read_bytes())
        # Another comment makes another file, which no cache knows.
        with zipfile.ZipFile(files[-1], "a") as archive:
            archive.comment = str(nth).encode()
    visitor.choose("officer-files", files)
    visitor.start("do-merge")
    page.locator("#work", has_text="/200").wait_for(timeout=PATIENCE)
    began = time.monotonic()
    visitor.enter("ra-soat")
    page.locator("#language").click()
    page.locator("#work", has_text="files left").wait_for()
    page.locator("#language").click()
    visitor.enter("can-bo")
    assert time.monotonic() - began < 10, "the page does not answer during a merge"
    visitor.picture("officer-working", full=False)
    page.locator("#stop").click()
    expect(page.locator("#do-merge-result")).to_contain_text("Đã dừng", timeout=PATIENCE)
    expect(page.locator("#officer-files summary")).to_contain_text("200")


def patch(visitor: Visitor, code: str) -> None:
    """Change the Python of the engine that runs now; the next one is a fresh one."""
    visitor.wait_until("ready")
    visitor.page.workers[-1].evaluate("code => python.runPython(code)", code)


AT_FILE = """
import os
from kdcl_xl.checking import check
_read = check.read_submission
def read(path, *rest):
    while path.name == "%s":
        %s
    return _read(path, *rest)
check.read_submission = read
"""


def test_a_crash_on_a_file_refuses_the_file_and_the_others_go_on(
    visitor: Visitor, tmp_path: Path
) -> None:
    visitor.clear("officer-files")
    bad = tmp_path / "hỏng.xlsx"
    bad.write_bytes(SAMPLES[0].read_bytes() + b" ")
    patch(visitor, AT_FILE % (bad.name, "os.abort()"))
    visitor.choose("officer-files", [bad, SAMPLES[-1]])
    visitor.press("do-check")
    shown = visitor.findings()
    assert [row[5] for row in shown[bad.name]] == ["KD020"]
    assert "bộ nhớ" in str(shown[bad.name])
    assert len(shown[SAMPLES[-1].name]) > 5


def test_a_crash_elsewhere_is_said_and_the_files_stay(visitor: Visitor) -> None:
    patch(
        visitor,
        "import os; from kdcl_xl.page import desk; desk.JOBS['merge'] = lambda job: os.abort()",
    )
    said = visitor.press("do-merge")
    assert "dừng đột ngột" in said
    expect(visitor.page.locator("#officer-files summary")).to_contain_text("2 tệp")
    assert "công việc" in visitor.press("do-merge")


def test_a_file_on_which_the_engine_hangs_is_refused_and_the_others_go_on(
    visitor: Visitor, tmp_path: Path
) -> None:
    page = visitor.page
    visitor.clear("officer-files")
    slow = tmp_path / "treo.xlsx"
    slow.write_bytes(SAMPLES[0].read_bytes() + b"  ")
    patch(visitor, AT_FILE % (slow.name, "pass"))
    visitor.choose("officer-files", [slow, SAMPLES[-1]])
    visitor.start("do-check")
    page.locator("#work", has_text=slow.name).wait_for(timeout=PATIENCE)
    page.clock.run_for(100_000)
    page.locator("#do-check-result details").first.wait_for(timeout=PATIENCE)
    shown = visitor.findings()
    assert [row[5] for row in shown[slow.name]] == ["KD020"]
    assert "thời gian" in str(shown[slow.name])
    assert len(shown[SAMPLES[-1].name]) > 5
