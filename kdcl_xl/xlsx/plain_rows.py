"""The rows of a sheet that is written plainly, as nearly every program does.

An exact pattern of every cell proves that there is nothing else. The files of a district
come from few templates and few programs: without what stands in their values, nearly all
rows are the same to the byte. How such a row is built is worked out once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import NamedTuple
from xml.parsers import expat

from kdcl_xl.xlsx.memory import Memory
from kdcl_xl.xlsx.raw_values import number_in, number_of_text, value_of
from kdcl_xl.xlsx.strings import is_character_data, xml_text
from macros_free_validation.values import Raw
from workbook_templates.layout import column_index

Read = Callable[[bytes, Sequence[str]], Raw]
"""What makes a value of what stands in a cell, with the texts that cells share.

Raises ValueError or IndexError where that has no one meaning.
"""
Slot = tuple[int, int, Read]
"""Where a value belongs: column (from 0), which of its row's contents it is, how it is read."""
Values = Mapping[int, Mapping[int, Raw]]


@dataclass(frozen=True, slots=True)
class Row:
    """How a row is built; ``numbers`` are of the rows (from 1) up to it: those before are empty.

    ``formulas`` has addresses, each before what follows ``<f`` up to the next tag, and
    ``key`` is their checksum. ``width`` counts the columns up to the last with anything in
    it, ``count`` the values.
    """

    numbers: tuple[int, ...]
    typed: Sequence[Slot] = ()
    results: Sequence[Slot] = ()
    formulas: Sequence[bytes] = ()
    key: bytes = b""
    width: int = 0
    count: int = 0

    @property
    def number(self) -> int:
        """Its own number."""
        return self.numbers[-1]


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """A plain sheet: its rows, the values in the order of their slots, the XML below them."""

    rows: Sequence[Row]
    contents: Sequence[bytes]
    tail: bytes

    def values(self, texts: Sequence[str], slots_of: Callable[[Row], Sequence[Slot]]) -> Values:
        """Values by row and column, with the ``texts`` that cells share.

        Raises:
            ValueError, IndexError: one of them has no one meaning.
        """
        found: dict[int, Mapping[int, Raw]] = {}
        contents, first = self.contents, 0
        for row in self.rows:
            slots = slots_of(row)
            if slots:
                values: dict[int, Raw] = {
                    column: value
                    for column, nth, read in slots
                    if (value := read(contents[first + nth], texts)) is not None
                }
                if values:
                    found[row.numbers[-1]] = values
            first += row.count
        return found


def plain_sheet(xml: bytes, *, once: bool = False) -> PlainSheet | None:
    """A sheet that is written plainly; None where anything is unusual.

    Rows that are read ``once`` are not remembered.
    """
    start, end = xml.find(_DATA), xml.find(_DATA_END)
    if not 0 <= start < end:
        return None
    tail = _tails[xml[:start] + _NO_DATA + xml[end + len(_DATA_END) :]]
    run = xml[start + len(_DATA) : end]
    built, contents = _apart(run)
    if tail is None or not is_character_data(b" ".join(contents)):
        return None
    if _PREFIX in built and b"xmlns:" + _PREFIX[1:-1] + b"=" not in xml[:start]:
        return None
    *pieces, last = built.split(_ROW_END)
    rows = [*map(_row if once else _rows.__getitem__, pieces), _last_rows(last)]
    known = [row for row in rows if row is not None]
    return PlainSheet(known, contents, tail) if len(known) == len(rows) else None


_DATA, _DATA_END, _NO_DATA = b"<sheetData>", b"</sheetData>", b"<sheetData/>"
_ROW_END, _PREFIX = b"</row>", b" x14ac:"
_CELL_START, _OWN_TEXT = b'<c r="', b"<is>"
_VALUE = re.compile(rb"<v>([^<]*)")
_CONTENT = re.compile(rb'(<v>|<t(?: xml:space="preserve")?>)([^<]*)')


def _apart(run: bytes) -> tuple[bytes, list[bytes]]:
    """How rows are built, and what stands in them: values and texts of cells' own."""
    if _OWN_TEXT in run:
        parts = _CONTENT.split(run)
        contents = parts[2::3]
        del parts[2::3]
        return b"".join(parts), contents
    parts = _VALUE.split(run)
    return b"<v>".join(parts[::2]), parts[1::2]


def _tail_in_a_sheet(frame: bytes) -> bytes | None:
    """What stands below the data of a well-formed sheet that has them once, where they belong."""
    if b"<!" in frame or frame.count(b"<?") > frame.startswith(b"<?xml"):
        return None
    path: list[str] = []
    places: list[list[str]] = []

    def start(name: str, _: object) -> None:
        path.append(name)
        if name.rpartition(" ")[2] in ("sheetData", "row", "c"):
            places.append(path.copy())

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: path.pop()
    try:
        parser.Parse(frame, True)
    except expat.ExpatError:
        return None
    if len(places) != 1 or len(places[0]) != 2 or _PREFIXED.search(frame):
        return None
    namespaces, names = zip(*(name.rpartition(" ")[::2] for name in places[0]), strict=True)
    if names != ("worksheet", "sheetData") or len(set(namespaces)) != 1:
        return None
    return frame.partition(_NO_DATA)[2]


_PREFIXED = re.compile(rb"<\w+:worksheet\b")


# ---- rows ---------------------------------------------------------------------------------


def _attributes(names: str, value: bytes) -> bytes:
    """A pattern of these attributes, each at most once, in the order of the standard."""
    return b"".join(rb'(?: %s="%s*+")?+' % (name.encode(), value) for name in names.split())


_ROW_START = rb'<row r="[1-9][0-9]{0,6}"' + _attributes(
    "spans s customFormat ht hidden customHeight outlineLevel collapsed thickTop thickBot ph "
    "x14ac:dyDescent",
    rb"[ !#-%'-;=?-~]",
)
_EMPTY_ROWS = rb"(?:" + _ROW_START + rb" ?/>)*+"
_HEAD = re.compile(_EMPTY_ROWS + _ROW_START + rb">")
_LAST = re.compile(_EMPTY_ROWS)
_NUMBERS = re.compile(rb'<row r="([0-9]+)')


def _last_rows(xml: bytes) -> Row | None:
    """What stands after the last row that has an end: empty ones or nothing."""
    return Row(tuple(map(int, _NUMBERS.findall(xml)))) if _LAST.fullmatch(xml) else None


def _row(xml: bytes) -> Row | None:
    """A row without its values and the tag that ends it, and the empty ones before it."""
    head = _HEAD.match(xml)
    if head is None or not is_character_data(xml):
        return None
    numbers = _NUMBERS.findall(head[0])
    between, *pieces = xml[head.end() :].split(_CELL_START)
    parts = [piece.partition(b'"') for piece in pieces]
    columns = [_column_of(address, numbers[-1]) for address, _, _ in parts]
    if between or -1 in columns or len(set(columns)) != len(columns):
        return None
    typed: list[Slot] = []
    results: list[Slot] = []
    formulas: list[bytes] = []
    width = count = 0
    for column, (address, _, rest) in zip(columns, parts, strict=True):
        cell = _cells[rest]
        if cell is None:
            return None
        if cell.read is not None:
            (typed if cell.formula is None else results).append((column, count, cell.read))
        if cell.formula is not None:
            formulas += (address, cell.formula)
        if (cell.read is not None or cell.formula is not None) and column >= width:
            width = column + 1
        count += cell.is_apart
    key = blake2b(b"\0".join(formulas), digest_size=16).digest() if formulas else b""
    return Row(tuple(map(int, numbers)), typed, results, formulas, key, width, count)


def _column_of(address: bytes, row: bytes) -> int:
    """The column of a cell in that row; -1 where it stands elsewhere or nowhere."""
    return _columns[address[: -len(row)]] if address.endswith(row) else -1


_LETTERS = re.compile(rb"[A-Z]{1,3}")


def _column(letters: bytes) -> int:
    """The index from 0 of a column's letters; -1 where these are none."""
    return column_index(letters.decode()) if _LETTERS.fullmatch(letters) else -1


# ---- cells --------------------------------------------------------------------------------

_ANY = rb'[^"<]'
_OF_FORMULAS = _attributes("t aca ref dt2D dtr del1 del2 r1 r2 ca si bx", _ANY)
_CELL = re.compile(
    _attributes("s", _ANY)
    + rb'(?: t="([^"<]*+)")?+'
    + _attributes("cm vm ph", _ANY)
    + rb"(?: ?/>|>(?:<f(?:("
    + _OF_FORMULAS
    + rb" ?/>)|("
    + _OF_FORMULAS
    + rb">[^<]*+)</f>))?+"
    rb'(?:(<v>)</v>|<v ?/>|<is>(<t(?: xml:space="preserve")?>)</t></is>)?+</c>)'
)


class _Cell(NamedTuple):
    """What follows a cell's address: a formula, how its content is read, if that stands apart."""

    formula: bytes | None
    read: Read | None
    is_apart: bool


def _cell(xml: bytes) -> _Cell | None:
    """How a cell is built, by what follows its address; None where that is not plain."""
    match = _CELL.fullmatch(xml)
    if match is None:
        return None
    kind, shared, formula, value, own = match.groups()
    body = shared if formula is None else formula
    read: Read | None = None
    if own or (value and kind == b"inlineStr"):
        read = _read_own
    elif value:
        read = _READ.get(kind) or partial(_read_other, kind.decode())
    return _Cell(body, read, bool(value or own))


def _read_text(content: bytes, texts: Sequence[str]) -> Raw:
    return (texts[_text_numbers[content]] or None) if content else None


def _read_own(content: bytes, _texts: Sequence[str]) -> Raw:
    return xml_text(content.decode()) or None


def _read_number(content: bytes, _texts: Sequence[str]) -> Raw:
    return _numbers[content]


def _read_other(kind: str, content: bytes, _texts: Sequence[str]) -> Raw:
    return value_of(kind, xml_text(content.decode())) if content else None


_READ: Mapping[bytes | None, Read] = {b"s": _read_text, b"n": _read_number, None: _read_number}

_MB = 1 << 20
_numbers = Memory(number_in, _MB // 2)
_text_numbers = Memory(number_of_text, _MB // 2)
_columns = Memory(_column, _MB)
_cells = Memory(_cell, 2 * _MB)
_rows = Memory(_row, 8 * _MB)
_tails = Memory(_tail_in_a_sheet, 8 * _MB)
