"""Everybody can use the page: by keyboard, by ear, on a telephone, at night; and it is closed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.conftest import ROOT
from tests.web.visitor import NARROW, PAGE, PATIENCE, WIDE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAMPLE = ROOT / "samples" / "workbooks" / "thcs-2023-2026.xlsx"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
DOORS = ("nha-truong", "can-bo", "ra-soat")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def faults(visitor: Visitor) -> list[str]:
    """What axe finds on the page as it is shown now."""
    found: dict[str, Any] = visitor.page.evaluate(
        "rules => axe.run(document, {runOnly: rules})", _RULES
    )
    return [
        f"{entry['id']}: {node['html'][:120]}"
        for entry in found["violations"]
        for node in entry["nodes"]
    ]


_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LOOKS = [(size, scheme) for size in (WIDE, NARROW) for scheme in _SCHEMES]


@pytest.fixture(scope="module")
def visitor(visit: Callable[..., Visitor]) -> Visitor:
    """One page for all: Python takes long to start in it."""
    return visit("ra-soat")


def test_the_keyboard_alone_does_everything(visitor: Visitor) -> None:
    """The first to use the page: the focus is where the page has put it."""
    page = visitor.page
    visitor.wait_until("ready")
    page.evaluate("() => scrollTo(0, 0)")

    def tab_to(selector: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("css => document.activeElement?.matches(css)", selector):
                shown = page.evaluate(
                    """() => {
                      const at = document.activeElement;
                      const ring = at.matches('label input') ? at.parentElement : at;
                      return getComputedStyle(ring).outlineStyle;
                    }"""
                )
                assert shown != "none", f"the focus on {selector} is not seen"
                return
        raise AssertionError(f"the Tab key never comes to {selector}")

    tab_to('nav a[href="#nha-truong"]')
    page.keyboard.press("Enter")
    page.locator("#nha-truong").wait_for()
    tab_to("#school-files input")
    with page.expect_file_chooser() as waiting:
        page.keyboard.press("Enter")
    waiting.value.set_files(SAMPLE)
    page.locator(".finding").first.wait_for()
    tab_to(".finding summary")
    page.keyboard.press("Enter")
    assert page.locator(".finding dl").first.is_visible()
    tab_to("#template-kind")
    page.keyboard.press("T")  # Tiểu học: the first kind that begins so
    tab_to("#template-form button")
    with page.expect_download() as saving:
        page.keyboard.press("Enter")
    assert saving.value.suggested_filename.endswith(".xlsx")


def test_axe_finds_nothing_and_nothing_is_cut_off(visitor: Visitor) -> None:
    page = visitor.page
    page.evaluate(AXE.read_text("utf-8"))
    for (width, height), scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        look = f"{width}-{scheme}"
        page.goto(f"{PAGE.as_uri()}#")
        visitor.picture(f"doors-{look}")
        assert faults(visitor) == [], look
        for door in DOORS:
            visitor.enter(door)
            assert faults(visitor) == [], (door, look)
            visitor.picture(f"{door}-{look}")
        visitor.enter("nha-truong")
        visitor.clear("school-files")
        visitor.choose("school-files", [SAMPLE])
        page.locator(".finding").first.wait_for(timeout=PATIENCE)
        page.locator(".finding summary").first.click()
        page.locator("footer summary").first.click()
        assert faults(visitor) == [], look
        page.locator("footer summary").first.click()
        page.locator(".file").first.scroll_into_view_if_needed()
        page.locator(".finding").first.evaluate("finding => finding.scrollIntoView()")
        visitor.picture(f"findings-{look}", full=False)
        visitor.enter("can-bo")
        visitor.clear("officer-files")
        visitor.choose("officer-files", [SAMPLE])
        visitor.press("do-status")
        assert faults(visitor) == [], look
        visitor.picture(f"status-{look}")
        needed, given = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
        assert needed <= given, f"{look}: the page is wider than the screen"
        page.locator("#do-status-result").evaluate("box => box.replaceChildren()")
        visitor.clear("officer-files")
        visitor.enter("nha-truong")
        visitor.clear("school-files")


def test_nothing_is_stored(visitor: Visitor) -> None:
    page = visitor.page
    page.locator("#language").click()
    assert page.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0
    assert page.context.cookies() == []


def test_the_licence_of_everything_inside_is_shown(visitor: Visitor) -> None:
    page = visitor.page
    page.locator("footer summary").first.click()
    shown = page.locator(".licences").inner_text()
    pins = [line for line in (ROOT / "web" / "python.txt").read_text().splitlines() if "==" in line]
    for pin in pins:
        name, version = pin.split(" ")[0].split("==")
        assert f"{name} {version}" in shown
    for name in ("kdcl-xl", "Pyodide", "Python"):
        assert name in shown


def test_the_browser_blocks_every_connection(visitor: Visitor) -> None:
    blocked = visitor.page.evaluate(
        """async () => {
          const heard = new Promise((resolve) =>
            addEventListener('securitypolicyviolation', (e) => resolve(e.effectiveDirective)));
          const refused = await fetch('http://127.0.0.1:9/').then(() => false, () => true);
          return [refused, await heard];
        }"""
    )
    assert blocked == [True, "connect-src"]
    # A picture, a frame, a style and a form lead out as well.
    directives = visitor.page.evaluate(
        """async () => {
          const heard = [];
          addEventListener('securitypolicyviolation', (e) => heard.push(e.effectiveDirective));
          const make = (tag, values) =>
            document.body.append(Object.assign(document.createElement(tag), values));
          make('img', { src: 'http://127.0.0.1:9/a.png' });
          make('iframe', { src: 'http://127.0.0.1:9/' });
          make('link', { rel: 'stylesheet', href: 'http://127.0.0.1:9/a.css' });
          make('script', { src: 'http://127.0.0.1:9/a.js' });
          await new Promise((resolve) => setTimeout(resolve, 500));
          return [...new Set(heard)].sort();
        }"""
    )
    assert directives == ["frame-src", "img-src", "script-src-elem", "style-src-elem"]


def test_the_page_is_that_of_these_sources(tmp_path: Path) -> None:
    """Two builds have the same bytes; where this one differs, `make web` was not run."""
    from web import build

    again = build.page(build.fetch_wheels()).encode()
    assert again == PAGE.read_bytes()
    assert len(again) < build.LARGEST
