"""Find active or outside content in a workbook; none of it is ever executed or fetched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from kdcl_xl.xlsx.package import Package
from macros_free_validation.rule import Finding, Rule, finding
from macros_free_validation.rules import hazards as rules
from macros_free_validation.values import show

_HARMLESS = ("hyperlink", "externalLinkPath", "externalLinkLongPath", "attachedTemplate")
"""Outside targets that do nothing by themselves: links that a person clicks, and links of
formulas, which have parts of their own that are searched too."""


def _part_named(pattern: str) -> Callable[[Package], str | None]:
    wanted = re.compile(pattern, re.IGNORECASE)

    def find(package: Package) -> str | None:
        return next((name for name in sorted(package.parts) if wanted.match(name)), None)

    return find


def _external_links(package: Package) -> Iterator[str]:
    return (
        name
        for name in sorted(package.parts)
        if re.fullmatch(r"xl/externalLinks/[^/]+\.xml", name, re.IGNORECASE)
    )


def _external_link(package: Package) -> str | None:
    return _external(package, b"externalBook")


def _dde(package: Package) -> str | None:
    return _external(package, b"ddeLink")


def _external(package: Package, sign: bytes) -> str | None:
    names = _external_links(package)
    return next((n for n in names if sign in package.sound(n, package.part, b"")), None)


def _remote(package: Package) -> str | None:
    for name in sorted(package.parts):
        # Every part of relationships is searched, also one that no part owns.
        if not name.lower().endswith(".rels"):
            continue
        for link in package.sound_relationships(name):
            if link.is_external and link.kind not in _HARMLESS:
                return link.target or name
    return None


_FINDERS: tuple[tuple[Rule, Callable[[Package], str | None]], ...] = (
    (rules.MACROS, _part_named(r"xl/(vbaProject.*\.bin$|macrosheets/)")),
    (rules.EMBEDDED, _part_named(r"xl/(embeddings|activeX|ctrlProps)/")),
    (rules.EXTERNAL_LINK, _external_link),
    (rules.DDE, _dde),
    (rules.REMOTE_CONTENT, _remote),
    (rules.CONNECTION, _part_named(r"xl/(connections\.xml$|queryTables/|model/)")),
)


def hazards(package: Package) -> Iterator[Finding]:
    """Yield a finding for each sort of content that no form of ours has."""
    for rule, find in _FINDERS:
        part = find(package)
        if part is not None:
            shown = show(part, as_date=False)
            yield finding(rule, value=shown, words={"part": shown})
