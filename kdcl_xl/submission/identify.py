"""Recognise a workbook of ours: its stamp, the layout the stamp names, the time it was saved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape, unescape
from pathlib import Path

from kdcl_xl.submission.model import AS_ISSUED, Reading
from kdcl_xl.template.stamp import (
    ARCHIVE_SHEET,
    DISTRICT_PROPERTY,
    STAMP_MARK,
    STAMP_NAME,
    STAMP_PROPERTY,
    STAMP_SHEET,
    Stamp,
    structure_of,
)
from kdcl_xl.xlsx.cells import read_sheets
from kdcl_xl.xlsx.decrypt import decrypted
from kdcl_xl.xlsx.package import (
    OWN_WORKBOOK,
    Package,
    UnreadableError,
    open_package,
    read_contents,
)
from macros_free_validation.rule import Finding, finding
from macros_free_validation.rules import tampering as tampered
from macros_free_validation.rules import workbook as rules
from workbook_templates.layout import (
    Layout,
    Limits,
    build_layout,
)
from workbook_templates.regulation import Catalogue

_SAVED = re.compile(r"<(?:\w+:)?modified\b[^>]*>\s*([^<]+?)\s*<")


def saved_at(package: Package) -> datetime | None:
    """When a program says it saved the workbook; None where it says nothing that is a time."""
    try:
        found = _SAVED.search(package.part("docProps/core.xml").decode("utf-8", "replace"))
        moment = datetime.fromisoformat(found[1]) if found else None
        if moment is None or moment.tzinfo is None:
            return moment and moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (UnreadableError, ValueError, OverflowError):
        return None


_PROPERTY = re.compile(rf'name="{STAMP_PROPERTY}"[^>]*>\s*<(?:\w+:)?lpwstr>([^<]*)<', re.IGNORECASE)


def read_stamp(package: Package) -> Stamp:
    """The stamp of a workbook: of its copies, the first in which nobody wrote."""
    if is_of_district(package):
        raise UnreadableError(rules.DISTRICT_WORKBOOK)
    found: Stamp | None = None
    for line in _stamp_lines(package):
        try:
            stamp = Stamp.decode(line)
        except ValueError:
            continue
        if stamp.is_whole:
            return stamp
        found = found or stamp
    if found is None:
        raise UnreadableError(rules.NOT_OURS)
    return found


def _written_stamps(package: Package) -> Iterator[tuple[str, str]]:
    """The copies of the stamp that are quick to find, by where they stand."""
    found = _PROPERTY.search(package.part("docProps/custom.xml").decode("utf-8", "replace"))
    if found:
        yield STAMP_PROPERTY, unescape(found[1]).strip()
    if STAMP_NAME in package.names:
        yield STAMP_NAME, package.names[STAMP_NAME].strip('"')


def _stamp_lines(package: Package) -> Iterator[str]:
    yield from (line for _, line in _written_stamps(package))
    if STAMP_SHEET in package.sheets:
        value = read_sheets(package, [STAMP_SHEET])[STAMP_SHEET].get(1, 0)
        if isinstance(value, str):
            yield value


def issued_layout(
    _package: Package, stamp: Stamp, catalogue: Catalogue, limits: Limits = ()
) -> Layout:
    """The layout of the stamp in a package; see :func:`layout_of_stamp`."""
    return layout_of_stamp(stamp, catalogue, limits)


def layout_of_stamp(stamp: Stamp, catalogue: Catalogue, limits: Limits = ()) -> Layout:
    """The layout a stamp speaks of; ``limits`` go before the stamp's.

    Raises:
        UnreadableError: this version of the tool has no such layout.
    """
    regulation = catalogue.get(stamp.regulation)
    if regulation is None:
        raise UnreadableError(rules.UNKNOWN_VERSION, found=stamp.regulation)
    try:
        chosen = tuple({**dict(stamp.limits), **dict(limits)}.items())
        layout = build_layout(regulation, stamp.rows, stamp.form, chosen)
    except ValueError as error:
        raise UnreadableError(rules.UNKNOWN_VERSION, found=str(error)) from None
    if structure_of(layout) != stamp.structure:
        found = f"v{stamp.version}, {stamp.form}, {stamp.regulation}, {stamp.structure}"
        if stamp.tool:
            found = f"kdcl-xl {stamp.tool}, {found}"
        raise UnreadableError(rules.UNKNOWN_VERSION, found=found)
    return layout


def damaged_stamps(package: Package) -> Iterator[Finding]:
    """A stamp in which somebody wrote, or of which the file holds another copy."""
    lines = {line for _, line in _written_stamps(package)}
    if STAMP_SHEET in package.sheets:
        parts = (package.part(package.strings), package.part(package.sheets[STAMP_SHEET]))
        written = [part for part in parts if STAMP_MARK.encode() in part]
        known = [escape(line, quote=False).encode() for line in lines]
        if written and not all(any(line in part for part in written) for line in known):
            lines.add("")
    if len(lines) > 1 or not all(_is_whole(line) for line in lines):
        yield finding(tampered.STAMP, words={})


def _is_whole(line: str) -> bool:
    try:
        return Stamp.decode(line).is_whole
    except ValueError:
        return False


def is_of_district(package: Package) -> bool:
    """Whether a package is a district workbook; programs lose the property at times."""
    named = DISTRICT_PROPERTY.encode() in package.part("docProps/custom.xml")
    return named or ARCHIVE_SHEET in package.sheets


def open_workbook(path: Path, reading: Reading = AS_ISSUED) -> Package:
    """Open the workbook in a file that a person named as one of ours.

    Raises:
        UnreadableError: it is none, or cannot be opened.
    """
    bounds = reading.bounds.widened(OWN_WORKBOOK)
    content = read_contents(path, bounds).data
    if reading.password:
        content = decrypted(content, reading.password)
    return open_package(content, bounds)


def is_district_workbook(path: Path, reading: Reading = AS_ISSUED) -> bool:
    """Whether a file is a district workbook of ours."""
    try:
        return is_of_district(open_workbook(path, reading))
    except (UnreadableError, OSError):
        return False
