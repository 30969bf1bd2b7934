"""The comments of a sheet."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from kdcl_xl.guard import Package, parse_xml
from kdcl_xl.strings import local_name, rich_text

_KIND = "/comments"


def comments(package: Package, sheet: str) -> Iterator[tuple[str, str]]:
    """Address and text of each comment of a sheet.

    Raises:
        UnreadableError: a part is damaged.
    """
    folder, name = posixpath.split(package.sheets[sheet])
    rels = f"{folder}/_rels/{name}.rels"
    data = package.part(rels)
    for rel in parse_xml(data, rels) if data else ():
        if not rel.get("Type", "").endswith(_KIND):
            continue
        target = rel.get("Target", "")
        path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        content = package.part(path)
        for element in parse_xml(content, path).iter() if content else ():
            if local_name(element) == "comment":
                text = "".join(
                    rich_text(child) for child in element if local_name(child) == "text"
                ).strip()
                if text:
                    yield element.get("ref", ""), text
