"""The rows of a sheet that is written plainly, as nearly every program does.

An exact pattern of every cell proves that there is nothing else. The files of a district
come from few templates and few programs, so that most of their rows and cells are the
same to the byte: what such a piece holds is worked out once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from hashlib import blake2b
from typing import Literal, NamedTuple
from xml.parsers import expat

from kdcl_xl.memory import Memory
from kdcl_xl.raw_values import number_in, number_of_text, value_of
from kdcl_xl.strings import is_character_data, xml_text
from macros_free_validation.values import Raw

Content = tuple[int, int, Raw]
"""What a cell holds: its column (from 0), and the number of a shared text (-1) or a value."""


class Row(NamedTuple):
    """A row, and the numbers of the rows (from 1) up to it: those before it are empty.

    ``results`` are of formulas; ``formulas`` has addresses, each before what follows ``<f``
    up to the next tag, and ``key`` is their checksum. ``width`` counts the columns up to
    the last with something in it, ``last_text`` is the highest number of a shared text
    (-1: none).
    """

    numbers: tuple[int, ...]
    values: Sequence[Content] = ()
    results: Sequence[Content] = ()
    formulas: Sequence[bytes] = ()
    key: bytes = b""
    width: int = 0
    last_text: int = -1

    @property
    def number(self) -> int:
        """Its own number."""
        return self.numbers[-1]


class PlainSheet(NamedTuple):
    """A plain sheet: its rows, and the XML below them."""

    rows: Sequence[Row]
    tail: bytes


def plain_sheet(xml: bytes, *, whole: bool = False) -> PlainSheet | None:
    """A sheet that is written plainly; None where anything is unusual or has no one meaning.

    What formulas came to is found only in a ``whole`` sheet, which is not remembered.
    """
    start, end = xml.find(_DATA), xml.find(_DATA_END)
    if not 0 <= start < end:
        return None
    tail = _tail_in_a_sheet(xml[:start] + b"<sheetData/>" + xml[end + len(_DATA_END) :])
    run = xml[start + len(_DATA) : end]
    if tail is None or not is_character_data(run):
        return None
    *pieces, last = (run if whole else _without_results(run)).split(_ROW_END)
    rows = [*map(_row_once if whole else _rows.__getitem__, pieces), _last_rows(last)]
    known = [row for row in rows if row is not None]
    return PlainSheet(known, tail) if len(known) == len(rows) else None


_DATA, _DATA_END, _ROW_END, _CELL_START = b"<sheetData>", b"</sheetData>", b"</row>", b'<c r="'


def _without_results(run: bytes) -> bytes:
    """The rows with nothing in the values of formulas, which differ where rows do not."""
    for start in (b"</f><v>", b"/><v>"):
        first, *rest = run.split(start)
        run = start.join([first, *[text[text.find(b"<") :] for text in rest]])
    return run


@lru_cache(maxsize=256)
def _tail_in_a_sheet(frame: bytes) -> bytes | None:
    """What stands below the data of a well-formed sheet that has them once, where they belong."""
    if b"<!" in frame or frame.count(b"<?") > frame.startswith(b"<?xml"):
        return None
    path: list[str] = []
    places: list[tuple[str, ...]] = []

    def start(name: str, _: object) -> None:
        path.append(name)
        if name.rsplit(":", 1)[-1] == "sheetData":
            places.append(tuple(path))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: path.pop()
    try:
        parser.Parse(frame, True)
    except expat.ExpatError:
        return None
    return tail_of(frame) if places == [("worksheet", "sheetData")] else None


def tail_of(xml: bytes) -> bytes:
    """What a sheet's XML says below its cells."""
    return xml[xml.rfind(b"sheetData") + len(b"sheetData") :]


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


def _row(cell: Callable[[bytes], _Cell | _Blank | None], xml: bytes) -> Row | None:
    """A row, without the tag that ends it, and the empty ones before it."""
    head = _HEAD.match(xml)
    if head is None:
        return None
    between, *pieces = xml[head.end() :].split(_CELL_START)
    parts = [piece.partition(b'"') for piece in pieces]
    places = [_places[address] for address, _, _ in parts]
    cells = [cell(rest) for _, _, rest in parts]
    numbers = _NUMBERS.findall(head[0])
    if between or None in cells or not {place.row for place in places} <= {numbers[-1]}:
        return None
    if len({place.column for place in places}) != len(places):
        return None
    used = [(place, found) for place, found in zip(places, cells, strict=True) if found]
    formulas = [
        part for place, found in used if found.formula for part in (place.address, found.formula)
    ]
    texts = [found.text for _, found in used]
    return Row(
        tuple(map(int, numbers)),
        [(at.column, cell.text, cell.value) for at, cell in used if not cell.formula],
        [(at.column, cell.text, cell.value) for at, cell in used if cell.is_result],
        formulas,
        blake2b(b"\0".join(formulas), digest_size=16).digest() if formulas else b"",
        max([at.column for at, _ in used], default=-1) + 1,
        max(texts, default=-1),
    )


class _Place(NamedTuple):
    """Where a cell stands: the digits of its row, and its column from 0 (-1: nowhere)."""

    address: bytes
    row: bytes
    column: int


_ADDRESS = re.compile(rb"([A-Z]{1,3})([1-9][0-9]{0,6})")


def _place(address: bytes) -> _Place:
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return _Place(address, b"", -1)
    index = 0
    for letter in found[1]:
        index = index * 26 + letter - 64
    return _Place(address, found[2], index - 1)


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
    rb'(?:<v>([^<]*+)</v>|<v ?/>|<is><t(?: xml:space="preserve")?>([^<]*+)</t></is>)?+</c>)'
)


class _Cell(NamedTuple):
    """What follows a cell's address: a formula, the number of a shared text (-1), a value."""

    formula: bytes | None
    text: int
    value: Raw

    @property
    def is_result(self) -> bool:
        """Whether a formula came to something."""
        return self.formula is not None and (self.text >= 0 or self.value is not None)


_Blank = Literal[False]
"""What stands for a cell with nothing in it."""


def _cell(xml: bytes) -> _Cell | _Blank | None:
    """What a cell holds, by what follows its address; None where that is not plain."""
    match = _CELL.fullmatch(xml)
    if match is None:
        return None
    kind, shared, formula, own_value, own_text = match.groups()
    text, value = -1, None
    try:
        if own_value and kind == b"s":
            text = number_of_text(own_value)
        elif own_value or own_text:
            value = _value(kind or b"", own_value or b"", own_text or b"")
    except ValueError:
        return None
    body = formula or shared
    return _Cell(body, text, value) if body or text >= 0 or value is not None else False


def _value(kind: bytes, value: bytes, text: bytes) -> Raw:
    """What a cell holds that names no shared text.

    Raises:
        ValueError: it has no one meaning.
    """
    match kind:
        case b"" | b"n":
            return number_in(value)
        case b"inlineStr":
            return _own_texts[text] or None
        case _:
            return value_of(kind.decode(), xml_text(value.decode()))


_own_texts = Memory(lambda xml: xml_text(xml.decode()), 50_000)
_places = Memory(_place, 20_000)
_cells = Memory(_cell, 20_000)
_rows = Memory(partial(_row, _cells.__getitem__), 6_000)
_row_once = partial(_row, _cell)
