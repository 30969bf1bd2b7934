"""The cells in a sheet's XML: found fast where it is plain, and thoroughly where it is not.

Nearly every program writes a sheet as plain rows of plain cells, which are read by
patterns; a sheet with anything else in it is parsed element by element. Both give the
same, and neither guesses: what has no one meaning is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from hashlib import blake2b
from html import escape, unescape
from itertools import chain
from operator import attrgetter
from types import MappingProxyType
from typing import TypeVar, TypeVarTuple, cast
from xml.etree import ElementTree

from kdcl_xl.xlsx.package import UnreadableError, parse_xml
from kdcl_xl.xlsx.plain_rows import PlainSheet, Row, Values, plain_sheet
from kdcl_xl.xlsx.raw_values import OddError, number_in, number_of_text, value_of
from kdcl_xl.xlsx.strings import Strings, local_name, rich_text, unescaped
from macros_free_validation.rules import workbook as rules
from macros_free_validation.values import Raw
from workbook_templates.layout import column_index, letter_of
from workbook_templates.text import Text

Place = tuple[int, int]
"""Row from 1, column from 0."""

_NO_PLACE = Text(
    "{part}: ô không có vị trí riêng trên sheet", "{part}: a cell without a place of its own"
)
FAR_ROW, FAR_COLUMN = 10_000, 26 * 27
"""No template reaches row 10,000 or column AAA: what is there is reported, not read."""


Of = TypeVarTuple("Of")
Made = TypeVar("Made")


class Formulas:
    """The formulas of a sheet; sheets of many files that have the same ones share them.

    What is worked out of them is kept with them.
    """

    def __init__(self, cells: Mapping[bytes, bytes] = MappingProxyType({})) -> None:
        """Keep what follows ``<f`` up to the next tag, by the address of its cell."""
        self.cells = cells
        self._worked_out: dict[tuple[object, ...], object] = {}

    def once(self, work: Callable[[Formulas, *Of], Made], *of: *Of) -> Made:
        """What a function makes of them (and of something else, by which it is kept)."""
        key = (work, *of)
        if key not in self._worked_out:
            self._worked_out[key] = work(self, *of)
        return cast("Made", self._worked_out[key])

    @cached_property
    def places(self) -> frozenset[Place]:
        """Where there is one."""
        return frozenset(map(place_of, self.cells))


NO_FORMULAS = Formulas()


@dataclass(frozen=True)
class Found:
    """The filled cells of a sheet: values by row and column, and where formulas stand.

    The results of formulas are computed anew for most uses and found only on demand.
    """

    values: Values = field(default_factory=dict)
    formulas: Formulas = NO_FORMULAS
    far: tuple[str, ...] = ()
    results: Callable[[], Values] = dict
    tail: bytes = b""
    """The XML below the cells: protection, validations and the like."""


def find_cells(xml: bytes, part: str, strings: Strings, *, everywhere: bool = False) -> Found:
    """The filled cells of a sheet; ``part`` is its name in messages.

    What lies beyond any template is only named, unless cells are looked for ``everywhere``.

    Raises:
        UnreadableError: it is not well-formed, or a cell has no place of its own.
    """
    plain = plain_sheet(xml, once=everywhere)
    found = plain and _found_fast(plain, part, strings, everywhere)
    return found or _found_slowly(xml, part, strings, everywhere)


def _found_slowly(xml: bytes, part: str, strings: Strings, everywhere: bool) -> Found:
    try:
        return _found_by_element(xml, part, strings, everywhere)
    except _NoPlaceError:
        raise UnreadableError(rules.DAMAGED, found=_NO_PLACE.format(part=part)) from None
    except ValueError:
        raise UnreadableError(rules.DAMAGED, found=part) from None


def find_everywhere(pieces: Iterable[bytes], part: str, strings: Strings) -> Iterator[Found]:
    """The filled cells of a sheet of any length, some rows at a time.

    Raises:
        UnreadableError: it is not well-formed, or a cell has no place of its own.
    """
    last = 0
    for xml in _in_short(pieces):
        found = find_cells(xml, part, strings, everywhere=True)
        rows = {*found.values, *(row for row, _ in found.formulas.places)}
        if rows and min(rows) <= last:
            raise UnreadableError(rules.DAMAGED, found=_NO_PLACE.format(part=part))
        last = max(rows, default=last)
        yield found


_DATA, _REST, _ROW_END = b"<sheetData>", b"</sheetData></worksheet>", b"</row>"


def _in_short(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A sheet as several short ones, each of whole rows and well-formed if the sheet is."""
    head, rest = b"", bytearray()
    for piece in pieces:
        start = max(0, len(rest) - len(_DATA))
        rest += piece
        if not head:
            begin = rest.find(_DATA, start)
            if begin < 0:
                continue
            head = bytes(rest[: begin + len(_DATA)])
            del rest[: len(head)]
        end = rest.rfind(_ROW_END) + len(_ROW_END)
        if end >= len(_ROW_END):
            yield head + rest[:end] + _REST
            del rest[:end]
    yield head + rest


def formula_text(body: bytes, shared: dict[bytes, str]) -> str:
    """The text of a formula of :class:`Found`; of those that cells share, that of the first.

    ``shared`` keeps those of one sheet by their number.
    """
    attributes = body.partition(b">")[0]
    own = formula_in(body)
    group = _GROUP.search(attributes) if b'"shared"' in attributes else None
    return shared.setdefault(group[1], own) if group else own


def formula_in(body: bytes) -> str:
    """The formula in what follows ``<f``."""
    text = body.partition(b">")[2].decode("utf-8", "replace")
    if "&#" in text:
        return unescape(text)
    for escaped, meant in _ESCAPES:
        text = text.replace(escaped, meant)
    return text


_ESCAPES = (("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&apos;", "'"), ("&amp;", "&"))
_GROUP = re.compile(rb'\bsi="([^"]*)"')


class _NoPlaceError(OddError):
    """A row or cell that stands nowhere, or where another stands."""


_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def place_of(ref: bytes) -> Place:
    """Row (from 1) and column (from 0) of an address."""
    digits = ref.lstrip(_LETTERS)
    return int(digits), column_index(ref[: len(ref) - len(digits)].decode())


# ---- plain rows -------------------------------------------------------------------------


def _found_fast(plain: PlainSheet, part: str, strings: Strings, everywhere: bool) -> Found | None:
    """What a plain sheet holds; None where that is odd, or stands far away."""
    rows = [row for row in plain.rows if row.width]
    numbers = [number for row in plain.rows for number in row.numbers]
    if len(set(numbers)) != len(numbers):
        return None
    width, last = max([r.width for r in rows], default=0), max([r.number for r in rows], default=0)
    if not everywhere and (width > FAR_COLUMN or last >= FAR_ROW):
        return None

    def results() -> Values:
        try:
            return plain.values(strings.texts, attrgetter("results"))
        except (ValueError, IndexError):
            raise UnreadableError(rules.DAMAGED, found=part) from None

    try:
        values = plain.values(strings.texts, attrgetter("typed"))
    except (ValueError, IndexError):
        return None
    key = b"".join(row.key for row in rows)
    cells = partial(_formulas_in, rows)
    formulas = Formulas(cells()) if everywhere else _shared_formulas(key, cells)
    return Found(values, formulas, (), results, plain.tail)


def _formulas_in(rows: Sequence[Row]) -> dict[bytes, bytes]:
    pairs = (zip(row.formulas[::2], row.formulas[1::2], strict=True) for row in rows)
    return dict(chain.from_iterable(pairs))


def _shared_formulas(key: bytes, cells: Callable[[], dict[bytes, bytes]]) -> Formulas:
    """The formulas with a checksum: the very same where another sheet had them."""
    if not key:
        return NO_FORMULAS
    found = _known.get(key)
    if found is None:
        found = Formulas(cells())
        if len(found.cells) <= _MOST_FORMULAS:
            if len(_known) >= _MOST_KNOWN:
                _known.clear()
            _known[key] = found
    return found


_MOST_KNOWN, _MOST_FORMULAS = 256, 10_000
_known: dict[bytes, Formulas] = {}


# ---- everything else --------------------------------------------------------------------


def _found_by_element(xml: bytes, part: str, strings: Strings, everywhere: bool) -> Found:
    values: dict[int, dict[int, Raw]] = {}
    results: dict[int, dict[int, Raw]] = {}
    formulas: dict[bytes, bytes] = {}
    far: list[str] = []
    for row, column, cell in _cells(parse_xml(xml, part)):
        ref = f"{letter_of(column)}{row}"
        formula, value = _content(cell, strings)
        if not everywhere and (row >= FAR_ROW or column >= FAR_COLUMN):
            if formula or value is not None:
                far.append(ref)
        elif formula:
            formulas[ref.encode()] = _body(cell)
            if value is not None:
                results.setdefault(row, {})[column] = value
        elif value is not None:
            values.setdefault(row, {})[column] = value
    parts = chain.from_iterable(formulas.items())
    key = blake2b(b"\0".join(parts), digest_size=16).digest() if formulas else b""
    shared = _shared_formulas(b"by element" + key if key else b"", lambda: formulas)
    return Found(values, shared, tuple(far), lambda: results, _tail_of(xml))


_DATA_TAG = re.compile(rb"</(?:\w+:)?sheetData\s*>|<(?:\w+:)?sheetData(?:\s[^<>]*)?/>")


def _tail_of(xml: bytes) -> bytes:
    """What a sheet's XML says below its cells."""
    ends = [found.end() for found in _DATA_TAG.finditer(xml)]
    return xml[ends[-1] :] if ends else xml


def _body(cell: ElementTree.Element) -> bytes:
    """A formula as a plain sheet has it."""
    formula = next(child for child in cell if local_name(child) == "f")
    shared = formula.get("si") if formula.get("t") == "shared" else None
    group = f' t="shared" si="{escape(shared)}"' if shared else ""
    return f"{group}>{escape(formula.text or '', quote=False)}".encode()


_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def cell_elements(xml: bytes, part: str) -> Iterator[tuple[str, ElementTree.Element]]:
    """Every cell of a sheet with its address, for who looks at more than values.

    Raises:
        UnreadableError: it is not well-formed, or a cell has no place of its own.
    """
    try:
        for row, column, cell in _cells(parse_xml(xml, part)):
            yield f"{letter_of(column)}{row}", cell
    except OddError:
        raise UnreadableError(rules.DAMAGED, found=_NO_PLACE.format(part=part)) from None


def cell_value(cell: ElementTree.Element, strings: Strings) -> Raw:
    """The value of a cell's element, or the result of its formula.

    Raises:
        UnreadableError: there is no one value.
    """
    try:
        return _content(cell, strings)[1]
    except OddError:
        raise UnreadableError(rules.DAMAGED, found=cell.get("r", "")) from None


def _cells(root: ElementTree.Element) -> Iterator[tuple[int, int, ElementTree.Element]]:
    """Each cell with its place; one that leaves it out stands behind the one before."""
    if local_name(root) != "worksheet":
        raise OddError
    data = [child for child in root if local_name(child) == "sheetData"]
    namespace = root.tag[: -len("worksheet")]
    parts = {f"{namespace}{name}" for name in ("c", "row", "sheetData")}
    known = sum(1 for element in root.iter() if element.tag in parts)
    seen_rows: set[int] = set()
    seen: set[Place] = set()
    number = 0
    for row in (child for element in data for child in element):
        try:
            number = int(row.get("r", number + 1))
        except ValueError:
            raise _NoPlaceError from None
        column = -1
        if local_name(row) != "row" or number < 1 or number in seen_rows:
            raise _NoPlaceError
        seen_rows.add(number)
        for cell in row:
            ref = cell.get("r")
            place = _REFERENCE.fullmatch(ref) if ref is not None else None
            if local_name(cell) != "c" or (ref is not None and place is None):
                raise _NoPlaceError
            own, column = (int(place[2]), column_index(place[1])) if place else (number, column + 1)
            if (own, column) in seen:
                raise _NoPlaceError
            seen.add((own, column))
            yield own, column, cell
    if len(data) > 1 or known != len(data) + len(seen_rows) + len(seen):
        raise _NoPlaceError
    if not {row for row, _ in seen} <= seen_rows:
        raise _NoPlaceError


def _content(cell: ElementTree.Element, strings: Strings) -> tuple[bool, Raw]:
    """Whether there is a formula, and the value."""
    inner = {local_name(child): child for child in cell}
    if len(inner) != len(cell) or not inner.keys() <= {"f", "v", "is", "extLst"}:
        raise OddError
    kind = cell.get("t", "")
    has_formula = "f" in inner
    own = rich_text(inner["is"]) if "is" in inner else ""
    element = inner.get("v")
    if element is not None and len(element):
        raise OddError
    text = (element.text or "") if element is not None else ""
    if text and own:
        raise OddError
    if own or not text:
        return has_formula, own or None
    if kind == "inlineStr":
        return has_formula, unescaped(text) or None
    if kind == "s":
        return has_formula, _shared(text, strings) or None
    number = kind in ("", "n")
    return has_formula, number_in(text.encode()) if number else value_of(kind, unescaped(text))


def _shared(number: str, strings: Strings) -> str:
    try:
        return strings.texts[number_of_text(number.encode())]
    except IndexError:
        raise OddError from None
