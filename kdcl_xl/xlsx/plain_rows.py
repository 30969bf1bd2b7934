"""Read the rows of a plain sheet by patterns.

A sheet is plain if exact patterns match every byte of its rows, which proves that nothing
else is in it. The files of a district come from few templates and few programs: once the
values are taken out, nearly all rows are equal to the byte. Each such row is analysed once.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import blake2b, sha256
from typing import NamedTuple
from xml.parsers import expat

from kdcl_xl.xlsx.bounded_cache import BoundedCache
from kdcl_xl.xlsx.cells import Styles, Values
from kdcl_xl.xlsx.package import DEEPEST, MOST_ATTRIBUTES
from kdcl_xl.xlsx.raw_values import OddError, number_in, string_index, value_of
from kdcl_xl.xlsx.strings import is_character_data, xml_text
from macros_free_validation.values import Raw
from workbook_templates.layout import column_index

Read = Callable[[bytes, Sequence[str]], Raw]
"""A function from a cell's content and the shared strings to its value.

Raises ValueError or IndexError if the content has no single meaning.
"""
Slot = tuple[int, int, Read]
"""The place of a value: column (from 0), index among its row's contents, and reader."""


@dataclass(frozen=True, slots=True)
class Row:
    """The structure of a row, without its values.

    ``numbers`` (from 1) are those of empty rows before it, and last its own. ``typed`` are
    the slots of values, ``styles`` their columns and numbers of style, and ``results`` the slots
    of formulas' results. ``formulas`` alternates the letters of columns and the bodies of
    formulas, between zero bytes, which no XML holds, and may be compressed; ``key`` is their
    checksum in this row. ``width`` counts the columns up to the last filled one, ``count`` the
    contents. A hidden row may also be filtered out, or of no height; a rich one has a cell with
    more than its value.
    """

    numbers: tuple[int, ...]
    typed: Sequence[Slot] = ()
    styles: Mapping[int, str] = field(default_factory=dict)
    results: Sequence[Slot] = ()
    formulas: bytes = b""
    key: bytes = b""
    width: int = 0
    count: int = 0
    is_hidden: bool = False
    is_rich: bool = False
    is_compressed: bool = False

    @property
    def number(self) -> int:
        """The row's own number (from 1)."""
        return self.numbers[-1]

    def bodies(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield the address and the body of each formula, as ``Formulas`` keeps them."""
        if not self.formulas:
            return
        formulas = zlib.decompress(self.formulas) if self.is_compressed else self.formulas
        parts, number = formulas.split(_BETWEEN), b"%d" % self.number
        for letters, body in zip(parts[::2], parts[1::2], strict=True):
            yield letters + number, body

    def compressed(self) -> Row:
        """Return the same row with its formulas compressed."""
        if not self.formulas:
            return self
        return replace(self, formulas=zlib.compress(self.formulas, 1), is_compressed=True)

    def moved(self, number: int) -> Row:
        """Return a row that is not compressed as it is elsewhere, without empty rows before it."""
        return replace(self, numbers=(number,), key=_key_of(number, self.formulas))


_BETWEEN = b"\0"


def _key_of(number: int, formulas: bytes) -> bytes:
    """Return the checksum of a row's formulas; nothing where there are none."""
    return blake2b(b"%d\0%b" % (number, formulas), digest_size=16).digest() if formulas else b""


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """A plain sheet: its rows, their contents in order, and the XML below them."""

    rows: Sequence[Row]
    contents: Sequence[bytes]
    tail: bytes

    def styles(self) -> Styles:
        """Return the numbers of style of the typed values, by row and column."""
        return {row.number: row.styles for row in self.rows if row.styles}

    def values(
        self,
        texts: Sequence[str],
        slots_of: Callable[[Row], Sequence[Slot]],
        *,
        leave_out_odd: bool = False,
    ) -> Values:
        """Return the values of some slots by row and column; ``texts`` are the shared strings.

        Raises:
            OddError, IndexError: a value has no single meaning, and ``leave_out_odd`` is not set.
            ValueError: a value is no well-formed XML.
        """
        found: dict[int, Mapping[int, Raw]] = {}
        contents, first = self.contents, 0
        for row in self.rows:
            slots = slots_of(row)
            if slots:
                values: dict[int, Raw] = {
                    column: value
                    for column, nth, read in (map(_careful, slots) if leave_out_odd else slots)
                    if (value := read(contents[first + nth], texts)) is not None
                }
                if values:
                    found[row.numbers[-1]] = values
            first += row.count
        return found


def _careful(slot: Slot) -> Slot:
    """Return a slot that is blank where its content has no single meaning."""
    column, nth, read = slot

    def read_carefully(content: bytes, texts: Sequence[str]) -> Raw:
        try:
            return read(content, texts)
        except (OddError, IndexError):
            return None

    return column, nth, read_carefully


def plain_sheet(xml: bytes, *, once: bool = False) -> PlainSheet | None:
    """Return a sheet if it is plain, otherwise None.

    The rows of a sheet that is read ``once`` are in no other file: an analysis serves for all that
    differ in their number alone.
    """
    start, end = xml.find(DATA), xml.find(DATA_END)
    if not 0 <= start < end:
        return None
    # The sheet without its rows has to be well-formed XML. All workbooks of a template share it.
    tail = _tails[xml[:start] + _NO_DATA + xml[end + len(DATA_END) :]]
    run = xml[start + len(DATA) : end]
    structure, contents = _separated(run)
    if tail is None or not is_character_data(b" ".join(contents)):
        return None
    # Excel's `x14ac:dyDescent` may be on any row, but its prefix has to be declared.
    if PREFIX in structure and not declares_prefix(xml[:start]):
        return None
    *pieces, last = structure.split(ROW_END)
    rows = [*map(_row_anywhere if once else _known_row, pieces), _last_rows(last)]
    known = [row for row in rows if row is not None]
    return PlainSheet(known, contents, tail) if len(known) == len(rows) else None


DATA, DATA_END, _NO_DATA = b"<sheetData>", b"</sheetData>", b"<sheetData/>"
ROW_END, PREFIX = b"</row>", b" x14ac:"
_CELL_START, _INLINE = b'<c r="', b"<is>"
_VALUE = re.compile(rb"<v>([^<]*)")
_CONTENT = re.compile(rb'(<v>|<t(?: xml:space="preserve")?>)([^<]*)')


def declares_prefix(head: bytes) -> bool:
    """Return whether the start of a sheet declares the prefix that Excel puts on rows."""
    return b"xmlns:" + PREFIX[1:-1] + b"=" in head


def _separated(run: bytes) -> tuple[bytes, list[bytes]]:
    """Separate rows into their structure and their contents: values and inline strings."""
    if _INLINE in run:
        parts = _CONTENT.split(run)
        contents = parts[2::3]
        del parts[2::3]
        return b"".join(parts), contents
    parts = _VALUE.split(run)
    return b"<v>".join(parts[::2]), parts[1::2]


def _tail_of_frame(frame: bytes) -> bytes | None:
    """Return the XML below the one ``<sheetData>`` of a well-formed worksheet, otherwise None."""
    if b"<!" in frame or frame.count(b"<?") > frame.startswith(b"<?xml"):
        return None
    path: list[str] = []
    places: list[list[str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        path.append(name)
        # The parser of all other sheets refuses them in words.
        if len(path) > DEEPEST or len(attributes) > MOST_ATTRIBUTES:
            raise ValueError(name)
        if name.rpartition(" ")[2] in ("sheetData", "row", "c"):
            places.append(path.copy())

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: path.pop()
    try:
        parser.Parse(frame, True)
    except (expat.ExpatError, ValueError):
        return None
    if len(places) != 1 or len(places[0]) != 2 or _PREFIXED.search(frame):
        return None
    namespaces, names = zip(*(name.rpartition(" ")[::2] for name in places[0]), strict=True)
    if names != ("worksheet", "sheetData") or len(set(namespaces)) != 1:
        return None
    return frame.partition(_NO_DATA)[2]


# With a prefix on the root, unprefixed rows would not be in the spreadsheet namespace.
_PREFIXED = re.compile(rb"<\w+:worksheet\b")


# ---- rows ---------------------------------------------------------------------------------


def attributes(names: str, value: bytes) -> bytes:
    """Return a pattern of optional attributes in the order of the standard."""
    # Possessive quantifiers (`*+`, `?+`) keep hostile input from making the search backtrack.
    return b"".join(rb'(?: %s="%s*+")?+' % (name.encode(), value) for name in names.split())


ROW_ATTRIBUTES = attributes(
    "spans s customFormat ht hidden customHeight outlineLevel collapsed thickTop thickBot ph "
    "x14ac:dyDescent",
    rb"[ !#-%'-;=?-~]",
)
_ROW_START = rb'<row r="[1-9][0-9]{0,6}"' + ROW_ATTRIBUTES
_EMPTY_ROWS = rb"(?:" + _ROW_START + rb" ?/>)*+"
_HEAD = re.compile(_EMPTY_ROWS + _ROW_START + rb">")
_LAST = re.compile(_EMPTY_ROWS)
_NUMBERS = re.compile(rb'<row r="([0-9]+)')


def _last_rows(xml: bytes) -> Row | None:
    """Return the empty rows after the last row with cells, otherwise None."""
    return Row(tuple(map(int, _NUMBERS.findall(xml)))) if _LAST.fullmatch(xml) else None


def _known_row(xml: bytes) -> Row | None:
    """Analyse a row, or return the analysis of an equal one of this or another file."""
    if len(xml) < _LONG:
        return _rows[xml]
    # LibreOffice writes every formula in full: 60 KB a row, of which none is to be kept twice.
    return _long_rows.under(sha256(xml).digest(), xml, _size_of)


_LONG = 4096
"""Bytes from which on a row is known by its checksum, and its formulas are compressed."""


def _long_row(xml: bytes) -> Row | None:
    row = _row(xml)
    return row and row.compressed()


def _size_of(row: Row | None) -> int:
    return len(row.formulas) + _SLOT * (len(row.typed) + len(row.results)) if row else 0


_SLOT = 100
"""Bytes that a slot takes."""


def _row_anywhere(xml: bytes) -> Row | None:
    """Analyse a row, or return the analysis of one that differs in its number alone."""
    number, _, rest = xml.removeprefix(_ROW).partition(b'"')
    head, *parts = _ADDRESS.split(rest)
    numbers = parts[1::3]
    is_alone = xml.startswith(_ROW) and _ROW not in head and _NUMBER.fullmatch(number)
    if not is_alone or numbers.count(number) < len(numbers):
        return _row(xml)
    del parts[1::3]
    # The count distinguishes an address whose number was taken out from one that never had any.
    key = b"%d %b%b" % (len(numbers), head, b"".join(parts))
    row = _rows_anywhere.under(sha256(key).digest(), xml, _size_of)
    return row and row.moved(int(number))


_ROW = b'<row r="'
_NUMBER = re.compile(rb"[1-9][0-9]{0,6}")
_ADDRESS = re.compile(rb'(<c r="[A-Z]{1,3})([0-9]+)(?=")')


def _row(xml: bytes) -> Row | None:
    """Analyse a row without its contents and end tag, and the empty rows before it."""
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
    styles: dict[int, str] = {}
    results: list[Slot] = []
    formulas: list[bytes] = []
    width = count = 0
    is_rich = False
    for column, (address, _, rest) in zip(columns, parts, strict=True):
        cell = _cells[rest]
        if cell is None:
            return None
        if cell.read is not None:
            (typed if cell.formula is None else results).append((column, count, cell.read))
            if cell.formula is None and cell.style:
                styles[column] = cell.style
        if cell.formula is not None:
            formulas += (address[: -len(numbers[-1])], cell.formula)
        if (cell.read is not None or cell.formula is not None) and column >= width:
            width = column + 1
        count += cell.has_content
        is_rich = is_rich or cell.is_rich
    joined = _BETWEEN.join(formulas)
    key = _key_of(int(numbers[-1]), joined)
    is_hidden = _UNSEEN.search(head[0].rpartition(b"<row ")[2]) is not None
    numbers_and_slots = (tuple(map(int, numbers)), typed, styles, results)
    return Row(*numbers_and_slots, joined, key, width, count, is_hidden, is_rich)


_UNSEEN = re.compile(rb' (?:hidden="(?:1|true)|ht="0(?:\.0*)?)"')


def _column_of(address: bytes, row: bytes) -> int:
    """Return the column (from 0) of a cell in a row; -1 if its address is of another row."""
    return _columns[address[: -len(row)]] if address.endswith(row) else -1


_LETTERS = re.compile(rb"[A-Z]{1,3}")


def _column(letters: bytes) -> int:
    """Return the index (from 0) of a column's letters; -1 for anything else."""
    return column_index(letters.decode()) if _LETTERS.fullmatch(letters) else -1


# ---- cells --------------------------------------------------------------------------------

ANY = rb'[^"<]'
OF_FORMULAS = attributes("t aca ref dt2D dtr del1 del2 r1 r2 ca si bx", ANY)
# What follows the address of a cell (`A1"`): a formula if any, then a value or inline string,
# whose content has been taken out.
_CELL = re.compile(
    rb'(?: s="([^"<]*+)")?+(?: t="([^"<]*+)")?+'
    + attributes("cm vm ph", ANY)
    + rb"(?: ?/>|>(?:<f(?:("
    + OF_FORMULAS
    + rb" ?/>)|("
    + OF_FORMULAS
    + rb">[^<]*+)</f>))?+"
    rb'(?:(<v>)</v>|<v ?/>|<is>(<t(?: xml:space="preserve")?>)</t></is>)?+</c>)'
)


class _Cell(NamedTuple):
    """The structure of a cell: style, formula body, reader, and whether its content was taken.

    A rich cell has a value of another kind, such as a picture, in another part (``vm``).
    """

    style: str
    formula: bytes | None
    read: Read | None
    has_content: bool
    is_rich: bool


def _cell(xml: bytes) -> _Cell | None:
    """Analyse a cell by the XML after its address; None if the cell is not plain."""
    match = _CELL.fullmatch(xml)
    if match is None:
        return None
    style, kind, shared, formula, value, inline = match.groups()
    body = shared if formula is None else formula
    read: Read | None = None
    if inline or (value and kind == b"inlineStr"):
        read = _read_inline
    elif value:
        read = _READ.get(kind) or partial(_read_other, kind.decode())
    number = (style or b"").decode().removeprefix("0")
    return _Cell(number, body, read, bool(value or inline), b' vm="' in xml)


def _read_text(content: bytes, texts: Sequence[str]) -> Raw:
    return (texts[_string_indexes[content]] or None) if content else None


def _read_inline(content: bytes, _texts: Sequence[str]) -> Raw:
    return xml_text(content.decode()) or None


def _read_number(content: bytes, _texts: Sequence[str]) -> Raw:
    return _numbers[content]


def _read_other(kind: str, content: bytes, _texts: Sequence[str]) -> Raw:
    return value_of(kind, xml_text(content.decode())) if content else None


_READ: Mapping[bytes | None, Read] = {b"s": _read_text, b"n": _read_number, None: _read_number}

_MB = 1 << 20
_numbers = BoundedCache(number_in, _MB // 2)
_string_indexes = BoundedCache(string_index, _MB // 2)
_columns = BoundedCache(_column, _MB)
_cells = BoundedCache(_cell, 2 * _MB)
_rows = BoundedCache(_row, 8 * _MB)
_long_rows = BoundedCache(_long_row, 8 * _MB)
_rows_anywhere = BoundedCache(_row, 2 * _MB)
_tails = BoundedCache(_tail_of_frame, 8 * _MB)
