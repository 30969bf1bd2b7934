"""What a workbook carries besides its cells, told and left alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from kdcl_xl.xlsx.package import Package
from macros_free_validation.rule import Finding, Rule, finding
from macros_free_validation.rules import hazards as rules
from macros_free_validation.values import show

_RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_EXTERNAL = re.compile(rb"""\bTargetMode\s*=\s*["']External["']""", re.IGNORECASE)
_TYPE = re.compile(rb"""\bType\s*=\s*["']([^"']*)["']""")
_TARGET = re.compile(rb"""\bTarget\s*=\s*["']([^"']*)["']""")
_HARMLESS = (b"hyperlink", b"externalLinkPath", b"externalLinkLongPath", b"attachedTemplate")
"""Outside targets that are nothing by themselves: links a person clicks, and links of formulas,
which have parts of their own."""


def _named(pattern: str) -> Callable[[Package], str | None]:
    wanted = re.compile(pattern, re.IGNORECASE)

    def find(package: Package) -> str | None:
        return next((name for name in sorted(package.parts) if wanted.match(name)), None)

    return find


def _links(package: Package) -> Iterator[str]:
    return (
        name
        for name in sorted(package.parts)
        if re.fullmatch(r"xl/externalLinks/[^/]+\.xml", name, re.IGNORECASE)
    )


def _external_link(package: Package) -> str | None:
    return next((n for n in _links(package) if b"externalBook" in package.part(n)), None)


def _dde(package: Package) -> str | None:
    return next((n for n in _links(package) if b"ddeLink" in package.part(n)), None)


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
    (rules.MACROS, _named(r"xl/(vbaProject.*\.bin$|macrosheets/)")),
    (rules.EMBEDDED, _named(r"xl/(embeddings|activeX|ctrlProps)/")),
    (rules.EXTERNAL_LINK, _external_link),
    (rules.DDE, _dde),
    (rules.REMOTE_CONTENT, _remote),
    (rules.CONNECTION, _named(r"xl/(connections\.xml$|queryTables/|model/)")),
)


def hazards(package: Package) -> Iterator[Finding]:
    """One finding for each sort of thing that a workbook of ours has no use for."""
    for rule, find in _FINDERS:
        part = find(package)
        if part is not None:
            shown = show(part, as_date=False)
            yield finding(rule, value=shown, words={"part": shown})
