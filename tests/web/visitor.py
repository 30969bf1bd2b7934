"""A person before the page in a real browser: chooses files, presses buttons, reads, saves."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, Request

from tests.conftest import ROOT

PAGE = ROOT / "dist" / "kdcl-xl.html"
PICTURES = ROOT / "build" / "web" / "pictures"
WIDE, NARROW = (1366, 900), (390, 844)
PATIENCE = 60_000
"""Milliseconds to wait for anything, on a machine that is busy with other tests."""

_FINDINGS = """
() => [...document.querySelectorAll('.door:not([hidden]) details.file')].map((file) => {
  file.dispatchEvent(new Event('toggle'));
  const found = [];
  let sheet = null;
  for (const part of file.children) {
    if (part.tagName === 'H4') sheet = part.textContent;
    if (part.tagName !== 'UL') continue;
    for (const finding of part.querySelectorAll('.finding')) {
      const text = (name) => finding.querySelector(name)?.textContent ?? null;
      found.push([sheet, text('.level'), text('.cell'), text('.message'), text('.remedy'),
                  [...finding.querySelectorAll('dd')].pop().textContent]);
    }
  }
  return [file.querySelector('.name').textContent, found];
})
"""


@dataclass
class Visitor:
    """A person with one tab, and the requests that the tab made since it was opened."""

    page: Page
    saved: Path
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, door: str, *, with_clock: bool = False) -> None:
        """Open the page from the folder, as by a double click, at a door.

        ``with_clock`` lets a test move the clock of the page.
        """
        if with_clock:
            self.page.clock.install()
        self.page.on("request", self._note)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"{PAGE.as_uri()}#{door}")
        self.page.locator(f"#{door}").wait_for()

    def _note(self, request: Request) -> None:
        self.requests.append(request.url)

    def wait_until(self, state: str) -> None:
        """Wait for a state of the engine."""
        self.page.wait_for_selector(f"body[data-engine={state}]", timeout=PATIENCE)

    def enter(self, door: str) -> None:
        """Go through a door by its link."""
        self.page.locator(f'nav a[href="#{door}"]').click()
        self.page.locator(f"#{door}").wait_for()

    def choose(self, place: str, paths: Sequence[Path]) -> None:
        """Choose files at a place of the page."""
        self.page.locator(f"#{place} input").first.set_input_files(list(paths), timeout=PATIENCE)

    def clear(self, place: str) -> None:
        """Take out all files of a place; the last of its buttons does that."""
        buttons = self.page.locator(f"#{place} button")
        if buttons.count():
            buttons.last.click()

    def start(self, button: str) -> None:
        """Press a button, without waiting for its result."""
        self.page.locator(f"#{button}-result").evaluate("box => box.replaceChildren()")
        self.page.locator(f"#{button}").click()

    def press(self, button: str) -> str:
        """Press a button, wait for its result, and return the text of the result."""
        self.start(button)
        box = self.page.locator(f"#{button}-result")
        box.locator(":scope > *").first.wait_for(timeout=PATIENCE)
        return box.inner_text()

    def findings(self) -> dict[str, list[list[str | None]]]:
        """Return the findings shown at the open door, by the name of the file."""
        found: list[tuple[str, list[list[str | None]]]] = self.page.evaluate(_FINDINGS)
        assert len(dict(found)) == len(found), "two files are shown by the same name"
        return dict(found)

    def save(self, box: str, name: str) -> bytes:
        """Press the link that saves a file, and return its bytes."""
        link = self.page.locator(f"#{box} a[download$='{name}']").first
        with self.page.expect_download(timeout=PATIENCE) as waiting:
            link.click()
        target = self.saved / name
        waiting.value.save_as(target)
        return target.read_bytes()

    def picture(self, name: str, *, full: bool = True) -> None:
        """Keep a picture of the page in ``build/web/pictures``."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=full)

    @property
    def outside(self) -> list[str]:
        """The requests for anything but the page itself and what is inside it."""
        own = re.compile(r"^(file://.*/[\w-]+\.html(#.*)?|blob:.*|data:.*)$")
        return [address for address in self.requests if not own.match(address)]


@contextmanager
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Run Debian's Chromium."""
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
    yield browser
    browser.close()


@contextmanager
def firefox(playwright: Playwright) -> Iterator[Browser]:
    """Run Firefox ESR."""
    browser = playwright.firefox.launch(
        executable_path="/usr/bin/firefox-esr", channel="moz-firefox"
    )
    yield browser
    browser.close()


def digest(content: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
