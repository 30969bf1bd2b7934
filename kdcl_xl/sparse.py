"""Every filled cell of a sheet, wherever it stands, and its comments.

The fast reader of :mod:`kdcl_xl.cells` reads a rectangle that begins at A1 and leaves
far cells out. Where nothing may be lost, the sheet's XML is read cell by cell.
"""

from __future__ import annotations

import io
import math
import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.etree import ElementTree

from kdcl_xl.guard import Package, UnreadableError, parse_xml
from kdcl_xl.sheet_xml import column_index
from macros_free_validation.rules import workbook as rules
from macros_free_validation.values import CellError, Raw

Place = tuple[int, int]
"""Row from 1, column from 0."""

_REF = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_COMMENTS = "/comments"


class Sheet(NamedTuple):
    """The filled cells of a sheet by place, and the formulas that some of them come from."""

    cells: dict[Place, Raw]
    formulas: dict[Place, str]


def read_cells(package: Package, sheet: str, strings: tuple[str, ...]) -> Mapping[Place, Raw]:
    """The filled cells of a sheet by place; formulas count by their cached result.

    Raises:
        UnreadableError: the sheet is damaged.
    """
    return read_sheet(package, sheet, strings).cells


def read_sheet(package: Package, sheet: str, strings: tuple[str, ...]) -> Sheet:
    """The filled cells of a sheet with the formulas behind them.

    Of formulas that cells share, each has the text of the first.

    Raises:
        UnreadableError: the sheet is damaged.
    """
    part = package.sheets[sheet]
    found = Sheet({}, {})
    shared: dict[str, str] = {}
    try:
        for place, value, formula in _cells(package.part(part), part, strings):
            text = formula.text or "" if formula is not None else ""
            if formula is not None and formula.get("t") == "shared":
                text = shared.setdefault(formula.get("si", ""), text)
            if value is not None:
                found.cells[place] = value
                if text:
                    found.formulas[place] = text
        return found
    except ValueError as error:  # a number that is none
        raise UnreadableError(rules.DAMAGED, found=f"{part}: {error}") from None


def _cells(
    data: bytes, part: str, strings: tuple[str, ...]
) -> Iterator[tuple[Place, Raw, ElementTree.Element | None]]:
    row = column = 0
    for element in _elements(data, part, ("row", "c")):
        if _local(element) == "row":
            row, column = row + 1, 0
            element.clear()
            continue
        # The row element ends after its cells: a cell without address follows the one before.
        ref = _REF.fullmatch(element.get("r", ""))
        place = (int(ref[2]), column_index(ref[1])) if ref else (row + 1, column)
        row, column = place[0] - 1, place[1] + 1
        formula = next((child for child in element if _local(child) == "f"), None)
        yield place, _value(element, strings), formula


def shared_strings(package: Package) -> tuple[str, ...]:
    """The workbook's table of texts.

    Raises:
        UnreadableError: it is damaged.
    """
    part = next((name for name in package.parts if name.lower() == "xl/sharedstrings.xml"), "")
    data = package.part(part)
    if not data:
        return ()
    found = []
    for element in _elements(data, part, ("si",)):
        found.append(_text(element))
        element.clear()
    return tuple(found)


def comments(package: Package, sheet: str) -> Iterator[tuple[str, str]]:
    """Address and text of each comment of a sheet.

    Raises:
        UnreadableError: a part is damaged.
    """
    part = package.sheets[sheet]
    folder, name = posixpath.split(part)
    rels = f"{folder}/_rels/{name}.rels"
    data = package.part(rels)
    for rel in parse_xml(data, rels) if data else ():
        if not rel.get("Type", "").endswith(_COMMENTS):
            continue
        target = rel.get("Target", "")
        path = posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
        content = package.part(path)
        for element in _elements(content, path, ("comment",)) if content else ():
            text = _text(element).strip()
            if text:
                yield element.get("ref", ""), text


def _elements(data: bytes, part: str, names: tuple[str, ...]) -> Iterator[ElementTree.Element]:
    """The elements of these names, each when it is complete.

    Raises:
        UnreadableError: not well-formed, or with a document type.
    """
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise UnreadableError(rules.DAMAGED, found=f"{part}: DOCTYPE")
    try:
        for _, element in ElementTree.iterparse(io.BytesIO(data)):  # noqa: S314 - see above
            if _local(element) in names:
                yield element
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnreadableError(rules.DAMAGED, found=f"{part}: {error}") from None


def _local(element: ElementTree.Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _text(element: ElementTree.Element) -> str:
    """The text of an element without its phonetic hints."""
    pieces = []
    for child in element:
        if _local(child) == "t":
            pieces.append(child.text or "")
        elif _local(child) != "rPh":
            pieces.append(_text(child))
    return _unescaped("".join(pieces))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code < 0xE000 else chr(code)


def _value(cell: ElementTree.Element, strings: tuple[str, ...]) -> Raw:
    kind = cell.get("t", "n")
    inner = {_local(child): child for child in cell}
    if kind == "inlineStr":
        return _text(inner["is"]) or None if "is" in inner else None
    text = inner["v"].text if "v" in inner else None
    if text is None:
        return None
    if kind == "s":
        index = int(text)
        return (strings[index] or None) if 0 <= index < len(strings) else None
    if kind == "str":
        return _unescaped(text) or None
    if kind == "b":
        return text.strip() in ("1", "true")
    if kind == "e":
        return CellError(text)
    if kind == "d":
        return text
    number = float(text)
    return number if math.isfinite(number) else text
