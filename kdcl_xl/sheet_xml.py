"""Habits of other programs in a sheet's XML, undone before anything looks at it.

What comes out names rows and cells without a prefix and says first where they
stand: ``<c r="B7" …>``. Everything else is as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.parsers import expat

from kdcl_xl.guard import UnreadableError, parse_xml
from macros_free_validation.rules import workbook as rules
from workbook_templates.layout import letter_of
from workbook_templates.text import Text

_PREFIXED = re.compile(rb"\s*(?:<\?xml[^>]*\?>)?\s*<([^\s:<>/]+):worksheet\b")
_ROW_OR_CELL = re.compile(rb"<(row|c)(?=[\s/>])([^>]*)>")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Z]*)(\d+)["']""")
_NOT_REFERENCE_FIRST = re.compile(rb"""<(?:row|c)(?! r=")[\s/>]""")
_CELL, _ROW = re.compile(rb"<c[\s/>]"), re.compile(rb"<row[\s/>]")
_CELL_PLACE = re.compile(rb'<c r="([A-Z]{1,3})([1-9]\d{0,6})"')
_ROW_PLACE = re.compile(rb'<row r="([1-9]\d{0,6})"')
_ODD_CONTENT = re.compile(
    rb"<v\b[^>/]*>[^<]*<(?!/v>)"
    rb"|<c\b[^>]*[^>/]>\s*<(?!/c>|f\b|v\b|is\b|extLst\b)"
    rb"|<c\b(?![^>]*\bt=)[^>]*><v>(?!\s*[-+.\deE]*\s*</v>)"
    rb"""|<c\b(?=[^>]*\bt=["']s["'])[^>]*><v>(?!\s*\d*\s*</v>)"""
)
_ROOT = re.compile(rb"\s*(?:<\?xml[^>]*\?>)?\s*<worksheet\b")
_NO_PLACE = Text(
    "{part}: ô không có vị trí riêng trên sheet", "{part}: a cell without a place of its own"
)
_DATE_CELL = re.compile(rb"""<c\b(?=[^>]*?\bt\s*=\s*["']d["'])[^>]*>(?:(?!</c>).)*""", re.DOTALL)
_ZONE = re.compile(rb"(T\d\d:\d\d(?::\d\d)?(?:\.\d+)?)Z(?=<)")


def column_index(letters: str) -> int:
    """Index from 0 of a column's letters."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def canonical(xml: bytes, part: str) -> bytes:
    """The XML of a sheet as most programs write it; ``part`` is its name in messages.

    Raises:
        UnreadableError: it is not well-formed, or a cell has no place of its own.
    """
    _parse(expat.ParserCreate(), xml, part)
    if b"<!" in xml:  # comments and CDATA could hold what looks like a cell
        xml = ElementTree.tostring(parse_xml(xml, part), "utf-8")
    prefix = _PREFIXED.match(xml)
    if prefix:
        xml = re.sub(rb"<(/?)" + re.escape(prefix[1]) + b":", rb"<\1", xml)
    if not _ROOT.match(xml):
        raise UnreadableError(rules.DAMAGED, found=part)
    if _NOT_REFERENCE_FIRST.search(xml):
        xml = b"".join(_referenced(xml))
    _refuse_odd_places(xml, part)
    if b't="d"' in xml or b"t='d'" in xml:  # a time zone says nothing of a day
        xml = _DATE_CELL.sub(lambda cell: _ZONE.sub(rb"\1", cell[0]), xml)
    return xml


def refuse_odd_strings(xml: bytes, part: str) -> None:
    """See that the shared texts are a plain list, as cells count through it.

    Raises:
        UnreadableError: it is malformed, or a text lies within another.
    """
    depth = 0
    is_odd = False

    def start(name: str, _: object) -> None:
        nonlocal depth, is_odd
        is_odd = is_odd or (name.rsplit(":", 1)[-1] == "si") != (depth == 1)
        depth += 1

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    _parse(parser, xml, part)
    if is_odd:
        raise UnreadableError(rules.DAMAGED, found=part)


def _parse(parser: expat.XMLParserType, xml: bytes, part: str) -> None:
    """Parse a part to its end: a lenient reader would drop what it cannot make out."""
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise UnreadableError(rules.DAMAGED, found=f"{part}: {error}") from None


def _refuse_odd_places(xml: bytes, part: str) -> None:
    """Each row and each cell stands in one place, and a cell holds nothing but its value."""
    cells = _CELL_PLACE.findall(xml)
    if len(cells) != len(_CELL.findall(xml)) or len(set(cells)) != len(cells):
        raise UnreadableError(rules.DAMAGED, found=_NO_PLACE.format(part=part))
    rows = _ROW_PLACE.findall(xml)
    if len(rows) != len(_ROW.findall(xml)) or len(set(rows)) != len(rows):
        raise UnreadableError(rules.DAMAGED, found=_NO_PLACE.format(part=part))
    if not {number for _, number in cells} <= set(rows) or _ODD_CONTENT.search(xml):
        raise UnreadableError(rules.DAMAGED, found=_NO_PLACE.format(part=part))


def _referenced(xml: bytes) -> Iterator[bytes]:
    """Rows and cells that leave out their place stand behind the one before."""
    row = column = end = 0
    for tag in _ROW_OR_CELL.finditer(xml):
        place = _REFERENCE.search(tag[2])
        yield xml[end : tag.start()]
        end = tag.end()
        if tag[1] == b"row":
            row, column = (int(place[2]) if place else row + 1), 0
            own = str(row)
        else:
            column = (column_index(place[1].decode()) if place else column) + 1
            own = f"{letter_of(column - 1)}{int(place[2]) if place else row}"
        rest = _REFERENCE.sub(b"", tag[2])
        yield b"<" + tag[1] + f' r="{own}"'.encode() + rest + b">"
    yield xml[end:]
