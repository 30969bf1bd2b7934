"""Count the cells of rows that no template reaches, in the time of a few patterns.

People fill a column down to the end of the sheet, a million rows. Those rows are proven to be
plain, piece by piece, but only the first of them are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kdcl_xl.xlsx.plain_rows import (
    ANY,
    DATA_END,
    OF_FORMULAS,
    PREFIX,
    ROW_ATTRIBUTES,
    ROW_END,
    attributes,
    declares_prefix,
)
from kdcl_xl.xlsx.strings import is_character_data

FAR_ROW = 10_000
"""The first row that no template reaches: all rows whose number has five digits are far."""
MOST_SHOWN = 1_000
"""Far cells of a sheet whose contents are read."""
_PIECE = 1 << 20
_START = re.compile(rb'<row r="[1-9][0-9]{4}')
_IN_CELL = (
    attributes("s", ANY) + rb'(?: t="(?:s|str|n|b|e|d|inlineStr)")?+' + attributes("cm vm ph", ANY)
)
_CELL = (
    rb'<c r="[A-Z]{1,3}\1"'
    + _IN_CELL
    + rb"(?: ?/>|>(?:<f"
    + OF_FORMULAS
    + rb"(?: ?/>|>[^<]*+</f>))?+"
    + rb"(?:<v>[^<]*+</v>|<v ?/>"
    + rb'|<is><t(?: xml:space="preserve")?>[^<]*+</t></is>)?+</c>)'
)
_ROW = rb'<row r="([1-9][0-9]{4,6})"' + ROW_ATTRIBUTES + rb"(?: ?/>|>(?:" + _CELL + rb")*+</row>)"
_ROWS = re.compile(rb"(?:" + _ROW + rb")*+")
_NUMBER = re.compile(rb'<row r="([0-9]+)')
_PLACE = re.compile(rb'<c r="([A-Z]+[0-9]+)')
# A cell with a formula, a value or a text that is not empty.
_FILLED = re.compile(rb'<c r="([A-Z]+[0-9]+)"' + _IN_CELL + rb">(?=<f|<v>[^<]|<is><t[^<>]*+>[^<])")


@dataclass(frozen=True, slots=True)
class FarRows:
    """The far rows of a plain sheet, and the sheet without them.

    ``first_rows`` is the XML of the first of them, ``count`` the number of filled cells in all.
    """

    near: bytes
    first_rows: bytes
    count: int


def far_rows(xml: bytes) -> FarRows | None:
    """Separate a sheet's far rows from the others; None if there are none or they are not plain."""
    begin = _START.search(xml)
    end = xml.find(DATA_END, begin.start()) if begin else -1
    if begin is None or end < 0:
        return None
    declared = declares_prefix(xml[: begin.start()])
    first, last, count = b"", 0, 0
    at = begin.start()
    while at < end:
        # A piece ends where a row does, so that each piece is proven by itself.
        stop = xml.rfind(ROW_END, at, min(at + _PIECE, end)) + len(ROW_END)
        if stop < at + len(ROW_END):
            stop = end
        piece = xml[at:stop]
        if not (_ROWS.fullmatch(piece) and is_character_data(piece)):
            return None
        if PREFIX in piece and not declared:
            return None
        numbers = [last, *map(int, _NUMBER.findall(piece))]
        places = _PLACE.findall(piece)
        if sorted(set(numbers)) != numbers or len(set(places)) != len(places):
            return None
        filled = _FILLED.findall(piece)
        if not first and filled:
            nth = piece.find(b'<c r="' + filled[min(len(filled), MOST_SHOWN) - 1] + b'"')
            first = piece[: piece.find(ROW_END, nth) + len(ROW_END)]
        last, count, at = numbers[-1], count + len(filled), stop
    return FarRows(xml[: begin.start()] + xml[end:], first, count)
