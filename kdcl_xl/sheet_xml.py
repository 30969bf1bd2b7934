"""Habits of other programs in a sheet's XML, undone before anything looks at it.

What comes out names rows and cells without a prefix and says first where they
stand: ``<c r="B7" …>``. Everything else is as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from kdcl_xl.guard import parse_xml
from workbook_templates.layout import letter_of

_PREFIXED = re.compile(rb"\s*(?:<\?xml[^>]*\?>)?\s*<([^\s:<>/]+):worksheet\b")
_ROW_OR_CELL = re.compile(rb"<(row|c)(?=[\s/>])([^>]*)>")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Z]*)(\d+)["']""")
_NOT_REFERENCE_FIRST = re.compile(rb"""<(?:row|c)(?! r=")[\s/>]""")
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
        UnreadableError: it is not well-formed, where that had to be known.
    """
    if b"<!" in xml:  # comments and CDATA could hold what looks like a cell
        xml = ElementTree.tostring(parse_xml(xml, part), "utf-8")
    prefix = _PREFIXED.match(xml)
    if prefix:
        xml = re.sub(rb"<(/?)" + re.escape(prefix[1]) + b":", rb"<\1", xml)
    if _NOT_REFERENCE_FIRST.search(xml):
        xml = b"".join(_referenced(xml))
    if b't="d"' in xml or b"t='d'" in xml:  # a time zone says nothing of a day
        xml = _DATE_CELL.sub(lambda cell: _ZONE.sub(rb"\1", cell[0]), xml)
    return xml


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
