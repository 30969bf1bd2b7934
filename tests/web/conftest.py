"""The browsers, and files for the page that take long to make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from kdcl_xl.demo.synthetic.district import Manifest
from tests.web.visitor import PAGE, WIDE, Visitor, chromium


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    assert PAGE.is_file(), "there is no page to try: make web"
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with chromium(playwright) as running:
        yield running


@pytest.fixture(scope="session")
def district(sixty_schools: tuple[Path, Manifest]) -> Path:
    """The folder of a synthetic district of 60 schools: the list, and the files returned."""
    return sixty_schools[0]


Open = Callable[..., Visitor]


@pytest.fixture(scope="module")
def visit(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Open the page in a tab of its own, at a door."""
    contexts = []

    def start(door: str, *, with_clock: bool = False) -> Visitor:
        width, height = WIDE
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        visitor = Visitor(context.new_page(), tmp_path_factory.mktemp("saved"))
        visitor.open(door, with_clock=with_clock)
        return visitor

    yield start
    for context in contexts:
        context.close()
