"""Find the cells in a sheet's XML: fast if the XML is plain, element by element if not.

Nearly every program writes a sheet as plain rows of plain cells, which
:mod:`kdcl_xl.xlsx.plain_rows` reads by patterns. A sheet with anything else in it is parsed.
Both ways give the same cells, and neither guesses: a cell without a single meaning has no value,
and is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from html import escape
from itertools import chain, takewhile
from operator import attrgetter
from xml.etree import ElementTree

from kdcl_xl.xlsx.cells import SheetCells, Values, Wanted
from kdcl_xl.xlsx.far_rows import FAR_ROW, MOST_SHOWN, far_rows
from kdcl_xl.xlsx.formulas import NO_FORMULAS, Formulas, Masters
from kdcl_xl.xlsx.odd_cells import Oddity, walk
from kdcl_xl.xlsx.package import Meter, UnreadableError, parse_xml
from kdcl_xl.xlsx.plain_rows import PlainSheet, Row, Slot, plain_sheet
from kdcl_xl.xlsx.raw_values import OddError, number_in, string_index, value_of
from kdcl_xl.xlsx.strings import SHORT, Strings, local_name, rich_text, unescaped
from macros_free_validation.rules import workbook as rules
from macros_free_validation.values import Raw, show
from workbook_templates.layout import letter_of
from workbook_templates.text import Text

FAR_COLUMN = 26 * 27
"""No template reaches row 10,000 or column AAA: cells beyond are counted, and the first shown."""
_LARGEST_FRAME = 8 << 20
"""Bytes of a sheet besides its rows; few templates have a hundredth."""
_SHORT_TAIL = 1 << 16
"""Bytes in which there is no room for too many validations."""


def find_cells(
    xml: bytes, part: str, strings: Strings, meter: Meter, *, everywhere: bool = False
) -> SheetCells:
    """Return the filled cells of a sheet; ``part`` is its name in messages.

    Cells beyond the reach of any template are counted, and only the first of them kept,
    unless ``everywhere`` is set.

    Raises:
        UnreadableError: the XML is not well-formed or beyond the bounds, or a cell has no
            address at all.
    """
    if len(xml) - max(0, xml.rfind(b"sheetData") - xml.find(b"sheetData")) > _LARGEST_FRAME:
        found_long = Text(f"{part}: quá dài ngoài các dòng", f"{part}: too long beside its rows")
        raise UnreadableError(rules.TOO_LARGE, found=found_long)
    found = _plain_cells(xml, part, strings, meter, everywhere)
    if found is None:
        found = _cells_by_element(xml, part, strings, meter, everywhere)
    if len(found.tail) > _SHORT_TAIL:
        meter.refuse_many(found.tail.count(b"dataValidation "), part)
    return replace(found, head=xml[: max(0, xml.find(b"sheetData"))])


_ENTITIES_OF_AN_ELEMENT = 8
"""Entities that cost no more than an element.

LibreOffice writes a formula in full in every row, with an entity for each of its quotation marks:
a template of 500 rows has four million of them.
"""


def _plain_cells(
    xml: bytes, part: str, strings: Strings, meter: Meter, everywhere: bool
) -> SheetCells | None:
    """Return the cells of a sheet if it is plain, otherwise None."""
    far = None if everywhere else far_rows(xml)
    near = far.near if far else xml
    if len(near) > SHORT:
        meter.draw(near.count(b"<") + near.count(b"&") // _ENTITIES_OF_AN_ELEMENT, part)
    plain = plain_sheet(near, once=everywhere)
    found = plain and _cells_of_plain(plain, part, strings, everywhere)
    if not found or far is None:
        return found or None
    head = xml[: xml.find(_DATA) + len(_DATA)]
    first = _plain_cells(head + far.first_rows + _REST, part, strings, meter, everywhere=True)
    return first and replace(found, far=_shown_far(first), far_count=far.count)


def _shown_far(cells: SheetCells) -> dict[str, Raw]:
    """Return the contents of some far cells by their addresses."""
    found: dict[str, Raw] = {ref.decode(): None for ref in cells.formulas.cells}
    for row, values in cells.contents.items():
        found |= {f"{letter_of(column)}{row}": value for column, value in values.items()}
    return found


def find_stretches(
    pieces: Iterable[bytes], part: str, strings: Strings, meter: Meter
) -> Iterator[SheetCells]:
    """Yield the filled cells of a sheet of any length, some rows at a time.

    Raises:
        UnreadableError: the XML is not well-formed, or a cell is odd.
    """
    last = 0
    masters: Masters = {}
    for xml in _short_sheets(pieces):
        found = find_cells(xml, part, strings, meter, everywhere=True)
        rows = {*found.values, *(row for row, _ in found.formulas.places)}
        # Rows that go back may repeat a cell of an earlier stretch, which is no longer known.
        if found.odd or (rows and min(rows) <= last):
            raise UnreadableError(rules.DAMAGED, found=_ODD.format(part=part))
        last = max(rows, default=last)
        # A shared formula may begin in an earlier stretch.
        formulas = Formulas(found.formulas.cells, masters)
        masters = formulas.masters
        yield replace(found, formulas=formulas)


_DATA, _REST, _ROW_END = b"<sheetData>", b"</sheetData></worksheet>", b"</row>"


def _short_sheets(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a sheet as several short ones, each of whole rows, well-formed if the sheet is."""
    head, rest = b"", bytearray()
    for piece in pieces:
        # The tag may be cut in two by the end of the previous piece.
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


_ODD = Text(
    "{part}: có ô không rõ một nghĩa hoặc không có vị trí riêng",
    "{part}: a cell without one meaning, or without a place of its own",
)


# ---- plain sheets -----------------------------------------------------------------------


def _cells_of_plain(
    plain: PlainSheet, part: str, strings: Strings, everywhere: bool
) -> SheetCells | None:
    """Return the cells of a plain sheet; None if a row is repeated, odd or far away."""
    rows = [row for row in plain.rows if row.width]
    numbers = [number for row in plain.rows for number in row.numbers]
    if len(set(numbers)) != len(numbers):
        return None
    width, last = max([r.width for r in rows], default=0), max([r.number for r in rows], default=0)
    if not everywhere and (width > FAR_COLUMN or last >= FAR_ROW):
        return None

    def read_results(wanted: Wanted) -> Values:
        slots_of = partial(_results_in, wanted)
        try:
            try:
                return plain.values(strings.texts, slots_of)
            except (OddError, IndexError):
                return plain.values(strings.texts, slots_of, leave_out_odd=True)
        except ValueError:
            raise UnreadableError(rules.DAMAGED, found=part) from None

    try:
        values = plain.values(strings.texts, attrgetter("typed"))
    except (ValueError, IndexError):
        return None
    key = b"".join(row.key for row in rows)
    cells = partial(_formulas_in, rows)
    # The formulas of a long list would fill the memory for nothing: no other file has them.
    formulas = Formulas(cells()) if everywhere else _known_formulas(key, cells)
    return SheetCells(
        values,
        formulas,
        {},
        0,
        read_results,
        tail=plain.tail,
        hidden_rows=frozenset(row.number for row in rows if row.is_hidden),
        has_rich_cells=any(row.is_rich for row in rows),
        read_styles=plain.styles,
    )


def _results_in(wanted: Wanted, row: Row) -> Sequence[Slot]:
    if wanted is None or not row.results:
        return row.results
    column, rows = wanted
    return [slot for slot in row.results if slot[0] == column] if row.number in rows else ()


def _formulas_in(rows: Sequence[Row]) -> dict[bytes, bytes]:
    return dict(chain.from_iterable(row.bodies() for row in rows))


def _known_formulas(key: bytes, cells: Callable[[], dict[bytes, bytes]]) -> Formulas:
    """Return the formulas with a checksum; the same object for every sheet that has them."""
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


# ---- all other sheets -------------------------------------------------------------------


def _cells_by_element(
    xml: bytes, part: str, strings: Strings, meter: Meter, everywhere: bool
) -> SheetCells:
    root = parse_xml(xml, part, meter)
    try:
        return _cells_parsed(root, strings, everywhere)
    except OddError:
        raise UnreadableError(rules.DAMAGED, found=_ODD.format(part=part)) from None


def _cells_parsed(root: ElementTree.Element, strings: Strings, everywhere: bool) -> SheetCells:
    values: dict[int, dict[int, Raw]] = {}
    results: dict[int, dict[int, Raw]] = {}
    formulas: dict[bytes, bytes] = {}
    far: dict[str, Raw] = {}
    far_count = 0
    styles: dict[int, dict[int, str]] = {}
    is_rich = False
    found = walk(root, partial(_are_same, strings=strings))
    for (row, column), cell in found.cells.items():
        ref = f"{letter_of(column)}{row}"
        is_rich = is_rich or "vm" in cell.attrib or any(local_name(c) == "is" for c in cell)
        try:
            formula, value = _content(cell, strings)
        except OddError:
            # An odd result of a formula is no result: nothing typed is lost with it.
            if not (formula := _has_one_formula(cell)):
                found.odd[row, column] = Oddity.CONTENT
            value = None
        if not everywhere and (row >= FAR_ROW or column >= FAR_COLUMN):
            if formula or value is not None:
                far_count += 1
                if len(far) < MOST_SHOWN:
                    far[ref] = value
        elif formula:
            formulas[ref.encode()] = _body(cell)
            if value is not None:
                results.setdefault(row, {})[column] = value
        elif value is not None:
            values.setdefault(row, {})[column] = value
            if style := cell.get("s", "").removeprefix("0"):
                styles.setdefault(row, {})[column] = style
    parts = chain.from_iterable(formulas.items())
    key = blake2b(b"\0".join(parts), digest_size=16).digest() if formulas else b""
    shared = _known_formulas(b"by element" + key if key else b"", lambda: formulas)
    return SheetCells(
        values,
        shared,
        far,
        far_count,
        lambda _: results,
        tail=_tail_of(root),
        hidden_rows=frozenset(_hidden_rows(root)),
        has_rich_cells=is_rich,
        read_styles=lambda: styles,
        odd=found.odd_cells(partial(_said, strings=strings)),
    )


def _hidden_rows(root: ElementTree.Element) -> Iterator[int]:
    """Yield the rows that are hidden, filtered out, or of no height."""
    number = 0
    for row in (row for data in root if local_name(data) == "sheetData" for row in data):
        said = row.get("r", str(number + 1))
        number = int(said) if said.isdecimal() else number
        if row.get("hidden") in ("1", "true") or _NO_HEIGHT.fullmatch(row.get("ht", "")):
            yield number


_NO_HEIGHT = re.compile(r"0(?:\.0*)?")


def _tail_of(root: ElementTree.Element) -> bytes:
    """Return the XML below a sheet's cells, written anew: without comments and the like."""
    below = takewhile(lambda child: local_name(child) != "sheetData", reversed(root))
    return b"".join(map(ElementTree.tostring, reversed([*below])))


def _body(cell: ElementTree.Element) -> bytes:
    """Return the body of a cell's formula in the form that a plain sheet has."""
    formula = next(child for child in cell if local_name(child) == "f")
    shared = formula.get("si") if formula.get("t") == "shared" else None
    group = f' t="shared" si="{escape(shared)}"' if shared else ""
    return f"{group}>{escape(formula.text or '', quote=False)}".encode()


def cell_elements(xml: bytes, part: str, meter: Meter) -> Iterator[tuple[str, ElementTree.Element]]:
    """Yield every cell element of a sheet that has a place of its own, with its address.

    Raises:
        UnreadableError: the XML is not well-formed, or a cell has no address at all.
    """
    try:
        found = walk(parse_xml(xml, part, meter), lambda first, second: first is second)
    except OddError:
        raise UnreadableError(rules.DAMAGED, found=_ODD.format(part=part)) from None
    for (row, column), cell in found.cells.items():
        yield f"{letter_of(column)}{row}", cell


def _has_one_formula(cell: ElementTree.Element) -> bool:
    return sum(local_name(child) == "f" for child in cell) == 1


def _are_same(first: ElementTree.Element, second: ElementTree.Element, strings: Strings) -> bool:
    """Return whether two cells of one address say the same."""
    try:
        one, other = _content(first, strings), _content(second, strings)
    except OddError:
        return False
    return one == other and (not one[0] or _body(first) == _body(second))


def _said(cell: ElementTree.Element, strings: Strings) -> str:
    """Return the content of an odd cell as a text; that of a formula is its result."""
    try:
        _, value = _content(cell, strings)
    except OddError:
        inner = [child for child in cell if local_name(child) in ("v", "is")]
        return " | ".join(filter(None, (_text_said(cell, child, strings) for child in inner)))
    return "" if value is None else show(value, as_date=False)


def _text_said(cell: ElementTree.Element, child: ElementTree.Element, strings: Strings) -> str:
    text = "".join(child.itertext()).strip()
    if cell.get("t") != "s" or local_name(child) != "v":
        return text
    try:
        return _shared(text, strings)
    except OddError:
        return text


def _content(cell: ElementTree.Element, strings: Strings) -> tuple[bool, Raw]:
    """Return whether a cell has a formula, and its value.

    Raises:
        OddError: the cell has two values, or one without a meaning.
    """
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
        return strings.texts[string_index(number.encode())]
    except IndexError:
        if not strings.texts:  # every text of the file is lost, not one
            raise UnreadableError(rules.DAMAGED, found=_NO_STRINGS) from None
        raise OddError from None


_NO_STRINGS = Text("thiếu bảng chữ chung của các ô", "the table of the cells' texts is missing")
