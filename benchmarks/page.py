"""Processor time and size of the page in Chromium beside the command line: ``make bench-page``.

Prints the rows of the table in RESULTS.md. Processor time is that of all processes of the
browser, so that other work on the machine hardly matters.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.runs import seconds_of
from kdcl_xl.demo.run import DEMO_DAY, DEMO_YEAR
from kdcl_xl.demo.synthetic.district import RETURNED, SCHOOLS_FILE, make_district
from tests.conftest import ROOT, run_command
from tests.web.visitor import PAGE, Visitor, chromium


@contextmanager
def measured(name: str) -> Iterator[None]:
    """Print the processor time and the time by the clock of a block, as a row."""
    cpu, clock = seconds_of(os.getpid()), time.monotonic()
    yield
    cpu, clock = seconds_of(os.getpid()) - cpu, time.monotonic() - clock
    print(f"| {name} | {cpu:.1f} s | {clock:.1f} s |", flush=True)


def main() -> None:
    """Measure the page, then the command line on the same files."""
    content = PAGE.read_bytes()
    print(f"{len(content):,} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}\n")
    print("| work | processor | clock |\n| --- | --- | --- |")
    sample = ROOT / "samples" / "workbooks" / "thcs-2026-2027-tot.xlsx"
    other = ROOT / "samples" / "workbooks" / "mam-non-2026-2027-tot.xlsx"
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        make_district(folder, 60, DEMO_YEAR, DEMO_DAY)
        returned = sorted((folder / RETURNED).iterdir())
        with chromium(playwright) as browser:
            visitor = Visitor(browser.new_page(), folder)
            with measured("page: opened until ready"):
                visitor.open("can-bo")
                visitor.wait_until("ready")
            with measured("page: first check of a file"):
                _check(visitor, sample)
            with measured("page: check of another file"):
                _check(visitor, other)
            visitor.clear("officer-files")
            visitor.choose("officer-schools", [folder / SCHOOLS_FILE])
            visitor.choose("officer-files", returned)
            with measured(f"page: merge of {len(returned)} files of 60 schools"):
                visitor.press("do-merge")
        with measured("command line: check of a file"):
            run_command("check", sample, "--no-cache", "--jobs", "1")
        with measured(f"command line: merge of {len(returned)} files of 60 schools"):
            run_command(
                *("merge", folder / RETURNED, "-o", folder / "all.xlsx", "--no-cache"),
                *("--jobs", "1", "--schools", folder / SCHOOLS_FILE),
            )


def _check(visitor: Visitor, path: Path) -> None:
    visitor.clear("officer-files")
    visitor.choose("officer-files", [path])
    visitor.press("do-check")


if __name__ == "__main__":
    main()
