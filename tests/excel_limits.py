"""The limits of Excel that a workbook breaks, found in its XML."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from kdcl_xl.xlsx.writer import LONGEST_ERROR, LONGEST_PROMPT, LONGEST_TITLE, TALLEST_ROW, units_of

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PIECE = re.compile(r'"(?:[^"]|"")*"|[()]')
_NAME = re.compile(r"(?:_xlnm\.)?[A-Za-z_][A-Za-z0-9_.]{0,254}")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[RrCc][0-9]*", re.IGNORECASE)
_VALIDATION = {
    "promptTitle": LONGEST_TITLE,
    "errorTitle": LONGEST_TITLE,
    "prompt": LONGEST_PROMPT,
    "error": LONGEST_ERROR,
}
_LONGEST_CELL, _LONGEST_FORMULA, _LONGEST_LITERAL, _DEEPEST = 32_767, 8_192, 255, 64
_LONGEST_SHEET_NAME = 31


def breaches(content: bytes) -> list[str]:
    """Return every limit that the bytes of a workbook break, in words.

    Raises:
        ElementTree.ParseError: a part is no XML.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {
            name: ElementTree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.endswith((".xml", ".rels"))
        }
    return [f"{name}: {breach}" for name, part in parts.items() for breach in _in_part(part)]


def _in_part(part: ElementTree.Element) -> Iterator[str]:
    names = [(sheet.get("name") or "").casefold() for sheet in part.iter(f"{_MAIN}sheet")]
    if len(set(names)) < len(names):
        yield "two sheets have the same name"
    yield from (f"sheet name {n}" for n in names if units_of(n) > _LONGEST_SHEET_NAME)
    for defined in part.iter(f"{_MAIN}definedName"):
        name = defined.get("name") or ""
        if not _NAME.fullmatch(name) or _LIKE_A_CELL.fullmatch(name):
            yield f"defined name {name}"
    for tag in ("definedName", "f", "formula", "formula1", "formula2"):
        for element in part.iter(_MAIN + tag):
            yield from _in_formula(element.text or "")
    for item in part.iter(f"{_MAIN}si"):
        text = "".join(piece.text or "" for piece in item.iter(f"{_MAIN}t"))
        if units_of(text) >= _LONGEST_CELL:  # a text of just this length was cut
            yield f"cell text: {text[:40]}"
    for rule in part.iter(f"{_MAIN}dataValidation"):
        yield from (
            f"{key} of a validation"
            for key, most in _VALIDATION.items()
            if units_of(rule.get(key) or "") > most
        )
    for row in part.iter(f"{_MAIN}row"):
        if float(row.get("ht") or 0) > TALLEST_ROW:
            yield f"height of row {row.get('r')}"
    for text in (element.text or "" for element in part.iter() if element.tag.endswith("lpwstr")):
        if units_of(text) > _LONGEST_LITERAL:
            yield f"document property: {text[:40]}"


def _in_formula(text: str) -> Iterator[str]:
    depth = deepest = literal = 0
    for piece in _PIECE.findall(text):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        deepest = max(deepest, depth)
        literal = max(literal, units_of(piece) - len('""'))
    if units_of(text) > _LONGEST_FORMULA or literal > _LONGEST_LITERAL or deepest > _DEEPEST:
        yield f"{len(text)} characters, a text of {literal}, {deepest} calls: {text[:60]}"
    if depth or "#REF!" in text:
        yield f"broken formula: {text[:60]}"
