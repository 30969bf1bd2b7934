"""The documentation says what the program does, in one language a page, and fetches nothing."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kdcl_xl.cli import main
from tests.conftest import ROOT

DOCS = ROOT / "docs"
SITE = ROOT / "build" / "site"
PAGES = sorted(DOCS.rglob("*.md"))
ENGLISH = DOCS / "phat-trien"
IN_BOTH = {ENGLISH / "glossary.md"}
"""A glossary is of two languages by nature."""
READMES = (ROOT / "README.md", ROOT / "README.en.md")
AT_THE_TOP = sorted(ROOT.glob("*.md"))
MOST_LINES = 100

_CODE = re.compile(r"```.*?```|`[^`]*`|«[^»]*»|\(\S*\)|<!--.*?-->", re.DOTALL)
_MARKED = re.compile(r"[àáảãạăâđèéẻẽẹêìíỉĩịòóỏõọôơùúủũụưỳýỷỹỵ]|[\u1ea0-\u1ef9]", re.IGNORECASE)
_LINK = re.compile(r"(?<!\\)\]\(([^)#\s]+)(?:#[^)\s]*)?\)|<img src=\"([^\"]+)\"")
_FETCHED = re.compile(
    r"""(?:<script[^>]*\ssrc|<link[^>]*\shref|<img[^>]*\ssrc|<iframe[^>]*\ssrc)="?(?:https?:)?//"""
    r"""|@import|url\(["']?(?:https?:)?//""",
    re.IGNORECASE,
)


def vietnamese(path: Path) -> float:
    """Return the share of letters that only Vietnamese has, names and code aside."""
    text = _CODE.sub("", path.read_text("utf-8"))
    letters = sum(c.isalpha() for c in text)
    return len(_MARKED.findall(text)) / max(letters, 1)


@pytest.mark.slow
def test_the_generated_pages_are_those_of_the_program() -> None:
    done = subprocess.run(
        [sys.executable, "docs/make_reference.py", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(DOCS).as_posix())
def test_a_page_has_one_language(path: Path) -> None:
    if path not in IN_BOTH:
        share = vietnamese(path)
        assert share < 0.04 if path.is_relative_to(ENGLISH) else share > 0.08, share


@pytest.mark.parametrize("path", READMES, ids=lambda p: p.name)
def test_the_readmes_list_every_command(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.findall(r"^\| \[?`kdcl-xl (\w+)`", text, re.MULTILINE) == list(main.summaries)


def test_the_readme_is_short_and_vietnamese_first() -> None:
    vi, en = READMES
    assert len(vi.read_text("utf-8").splitlines()) <= MOST_LINES
    assert vietnamese(vi) > 0.08
    assert vietnamese(en) < 0.04


@pytest.mark.parametrize("path", AT_THE_TOP, ids=lambda p: p.name)
def test_links_of_the_files_at_the_top_lead_somewhere(path: Path) -> None:
    """The site's builder follows the links of its own pages."""
    for found in _LINK.finditer(path.read_text("utf-8")):
        target = found[1] or found[2]
        assert target.startswith("https://") or (path.parent / target).exists(), target


@pytest.fixture(scope="module")
def site() -> Path:
    """Return the built site; `make test` has just built it."""
    made = SITE / "index.html"
    sources = [ROOT / "mkdocs.yml", *(p for p in DOCS.rglob("*") if p.is_file())]
    if not made.exists() or made.stat().st_mtime < max(p.stat().st_mtime for p in sources):
        command = [str(Path(sys.executable).with_name("zensical")), "build", "--strict"]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return SITE


def test_every_page_is_in_the_site(site: Path) -> None:
    for path in PAGES:
        assert (site / path.relative_to(DOCS)).with_suffix(".html").exists(), path


def test_the_site_fetches_nothing(site: Path) -> None:
    for path in (*site.rglob("*.html"), *site.rglob("*.css")):
        found = _FETCHED.search(path.read_text("utf-8"))
        assert found is None, (path, found)
