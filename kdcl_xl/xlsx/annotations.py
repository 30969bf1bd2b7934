"""What the fast reader hides: the text of formulas, cells far away, notes and text boxes.

Slow and thorough, for the few who carry over everything a file holds.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from kdcl_xl.xlsx.package import Package, parse_xml
from kdcl_xl.xlsx.sheet_xml import cell_elements, cell_value
from kdcl_xl.xlsx.strings import Strings, local_name, rich_text
from macros_free_validation.values import Raw

_STYLES = "xl/styles.xml"


_DAY_FORMATS = frozenset((*range(14, 18), 22, *range(27, 32), *range(50, 59)))
"""Built-in number formats that show a day."""


_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


@dataclass(frozen=True, slots=True)
class XmlCell:
    """A cell as the file has it: its formula (without ``=``, empty where none) and value."""

    ref: str
    formula: str
    value: Raw


def cells_of(package: Package, name: str, refs: Collection[str]) -> Iterator[XmlCell]:
    """The cells at some addresses that hold something, however far away.

    Raises:
        UnreadableError: the sheet is damaged.
    """
    strings = Strings(package.part(package.strings), package.strings)
    masters: dict[str, tuple[str, str]] = {}
    for ref, element in _cells(package, name):
        if ref in refs or _is_master(element):
            formula = _formula(ref, element, masters)
            value = cell_value(element, strings)
            if ref in refs and (formula or value is not None):
                yield XmlCell(ref, formula, value)


def _cells(package: Package, name: str) -> Iterator[tuple[str, Element]]:
    part = package.sheets[name]
    return cell_elements(package.part(part), part)


def days_of(package: Package, name: str) -> frozenset[str]:
    """Addresses of the numbers that a sheet shows as days.

    Raises:
        UnreadableError: the sheet or the styles are damaged.
    """
    formats = _day_styles(package)
    return frozenset(
        ref
        for ref, cell in _cells(package, name)
        if cell.get("t", "n") == "d" or (cell.get("t", "n") == "n" and cell.get("s") in formats)
    )


def _day_styles(package: Package) -> frozenset[str]:
    """Numbers of the cell styles that show a day."""
    data = package.part(_STYLES)
    if not data:
        return frozenset()
    root = parse_xml(data, _STYLES)
    days = {str(number) for number in _DAY_FORMATS}
    for own in _every(root, "numFmt"):
        code = _QUOTED.sub("", own.get("formatCode", "")).lower()
        if "d" in code or "yy" in code:
            days.add(own.get("numFmtId", ""))
    styles = next(_every(root, "cellXfs"), ())
    return frozenset(str(n) for n, xf in enumerate(styles) if xf.get("numFmtId", "0") in days)


def _is_master(cell: Element) -> bool:
    """Whether other cells share a formula that is written here."""
    return any(f.get("t") == "shared" and f.text for f in _every(cell, "f"))


def _formula(ref: str, cell: Element, masters: dict[str, tuple[str, str]]) -> str:
    """The text of a cell's formula; one that cells share is written out for each."""
    element = next(_every(cell, "f"), None)
    if element is None:
        return ""
    text, group = element.text or "", element.get("si", "")
    if element.get("t") != "shared":
        return text
    if text:
        masters[group] = (ref, text)
        return text
    from openpyxl.formula.translate import Translator

    origin, text = masters.get(group, (ref, ""))
    try:
        return str(Translator("=" + text, origin).translate_formula(ref))[1:]
    except (ValueError, TypeError, IndexError, AttributeError):
        return text


def notes_of(package: Package, name: str) -> Iterator[tuple[str, str]]:
    """Address and text of each note and comment on a sheet's cells."""
    threaded: set[str] = set()
    for part in _related(package, package.sheets[name], "threadedComment"):
        for element in _every(parse_xml(package.part(part), part), "threadedComment"):
            threaded.add(element.get("ref", ""))
            yield element.get("ref", ""), "".join(_texts(element, "text"))
    for part in _related(package, package.sheets[name], "comments"):
        for element in _every(parse_xml(package.part(part), part), "comment"):
            if element.get("ref", "") not in threaded:  # else a copy for older programs
                yield element.get("ref", ""), "".join(_texts(element, "t"))


def drawn_on(package: Package, name: str) -> Iterator[str]:
    """The text of each text box of a sheet, the file name of each picture, and each chart's."""
    for part in _related(package, package.sheets[name], "drawing"):
        for shape in _every(parse_xml(package.part(part), part), "sp"):
            paragraphs = ("".join(_texts(p, "t")) for p in _every(shape, "p"))
            if text := "\n".join(paragraphs).strip():
                yield text
        for kind in ("image", "chart"):
            yield from (posixpath.basename(p) for p in _related(package, part, kind))


def _related(package: Package, part: str, kind: str) -> list[str]:
    """Parts that a part refers to, of the kind its relation's type ends with."""
    folder, base = posixpath.split(part)
    rels = f"{folder}/_rels/{base}.rels"
    if not package.part(rels):
        return []
    found = []
    for rel in parse_xml(package.part(rels), rels):
        target = rel.get("Target", "")
        path = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
        is_kind = rel.get("Type", "").rsplit("/", 1)[-1] == kind
        if is_kind and rel.get("TargetMode") != "External" and path in package.parts:
            found.append(path)
    return found


def _every(root: Element, name: str) -> Iterator[Element]:
    return (element for element in root.iter() if local_name(element) == name)


def _texts(root: Element, name: str) -> Iterator[str]:
    return (element.text or "" for element in _every(root, name))


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
