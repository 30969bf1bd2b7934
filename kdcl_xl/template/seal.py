"""Seal a finished workbook: add the checksums of its locked content to its stamp."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import replace

from kdcl_xl.template.locked import Locked, locked_of
from kdcl_xl.template.stamp import Stamp
from kdcl_xl.xlsx.bounds import Bounds
from kdcl_xl.xlsx.long_rows import xml_of
from kdcl_xl.xlsx.shared_formulas import zipped
from kdcl_xl.xlsx.workbook import open_workbook
from workbook_templates.layout import Layout

_OWN = Bounds(largest_file=1000, largest_content=1000)


def locked_in(content: bytes, layout: Layout) -> Locked:
    """Return the locked content of a workbook of ours with that layout."""
    return locked_of(open_workbook(content, _OWN), layout)


_checksums: dict[Layout, tuple[str, str]] = {}
"""Locked content by layout: it depends on nothing else, so it is computed once for many."""


def sealed(stamp: Stamp, parts: Mapping[str, bytes], layout: Layout) -> Stamp:
    """Return the stamp with the checksums of the locked content of a finished workbook."""
    if layout not in _checksums:
        found = locked_in(zipped(parts, zipfile.ZIP_STORED), layout)
        _checksums[layout] = found.checksum, found.inputs_checksum
    locked, inputs = _checksums[layout]
    return replace(stamp, locked=locked, inputs=inputs)


def restamped(parts: Mapping[str, bytes], old: Stamp, new: Stamp) -> dict[str, bytes]:
    """Return the parts of a workbook with another stamp in each of the old stamp's places."""
    before, after = (xml_of(stamp.encode()).encode() for stamp in (old, new))
    return {name: data.replace(before, after) for name, data in parts.items()}
