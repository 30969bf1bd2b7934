"""The page in Firefox ESR: ready, findings, a template, nothing sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.conftest import ROOT, run_command
from tests.web.test_school_page import of_command_line, parts
from tests.web.visitor import PATIENCE, Visitor, firefox

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAMPLES = sorted((ROOT / "samples" / "workbooks").glob("*.xlsx"))[-2:]


@pytest.fixture(scope="module")
def visitor(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    saved = tmp_path_factory.mktemp("downloads")
    with firefox(playwright) as browser:
        opened = Visitor(browser.new_page(), saved)
        opened.open("nha-truong")
        opened.wait_until("ready")
        yield opened


def test_findings_are_those_of_the_command_line(visitor: Visitor) -> None:
    visitor.choose("school-files", SAMPLES)
    visitor.page.locator("#school-findings details.file").nth(1).wait_for(timeout=PATIENCE)
    assert visitor.findings() == of_command_line(*SAMPLES, folder=SAMPLES[0].parent)


def test_a_template_is_that_of_the_command_line(visitor: Visitor, tmp_path: Path) -> None:
    # The driver does not see what Firefox saves: the page is asked for what it made.
    visitor.page.evaluate(
        """() => {
          const make = URL.createObjectURL;
          URL.createObjectURL = (blob) => ((window.made = blob), make.call(URL, blob));
        }"""
    )
    visitor.page.select_option("#template-kind", "mam_non")
    visitor.page.get_by_role("button", name="Tạo mẫu").click()
    visitor.page.locator("#template-result a").wait_for(timeout=PATIENCE)
    saved = visitor.page.evaluate("async () => [...new Uint8Array(await made.arrayBuffer())]")
    target = tmp_path / "native.xlsx"
    run_command("template", "--kind", "mam_non", "--school-year", "2026-2027", "-o", target)
    assert parts(bytes(saved)) == parts(target.read_bytes())


def test_nothing_left_the_machine(visitor: Visitor) -> None:
    assert visitor.outside == []
    assert visitor.errors == []
