"""Find active or outside content in a workbook; none of it is ever executed or fetched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from kdcl_xl.xlsx.package import Package
from macros_free_validation.rule import Finding, Rule, finding
from macros_free_validation.rules import hazards as rules
from macros_free_validation.values import show

# Patterns over raw bytes rather than `Package.relationships`: every relationships part is
# searched, also one that no part owns or that is too damaged to be parsed.
_RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_EXTERNAL = re.compile(rb"""\bTargetMode\s*=\s*["']External["']""", re.IGNORECASE)
_TYPE = re.compile(rb"""\bType\s*=\s*["']([^"']*)["']""")
_TARGET = re.compile(rb"""\bTarget\s*=\s*["']([^"']*)["']""")
_HARMLESS = (b"hyperlink", b"externalLinkPath", b"externalLinkLongPath", b"attachedTemplate")
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
    return next((n for n in _external_links(package) if b"externalBook" in package.part(n)), None)


def _dde(package: Package) -> str | None:
    return next((n for n in _external_links(package) if b"ddeLink" in package.part(n)), None)


def _remote(package: Package) -> str | None:
    for name in sorted(package.parts):
        if not name.endswith(".rels"):
            continue
        for relationship in _RELATIONSHIP.findall(package.part(name)):
            kind = _TYPE.search(relationship)
            harmless = kind is not None and kind[1].rsplit(b"/", 1)[-1] in _HARMLESS
            if _EXTERNAL.search(relationship) and not harmless:
                target = _TARGET.search(relationship)
                return target[1].decode("utf-8", "replace") if target else name
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
