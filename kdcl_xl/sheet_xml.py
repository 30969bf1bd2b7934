"""The cells in a sheet's XML: found fast where it is plain, and thoroughly where it is not.

Nearly every program writes a sheet as one plain run of rows and cells. Where an exact
pattern of that covers the whole run, a few passes of the same kind find all values; a
sheet with anything else in it is parsed element by element. Both give the same, and
neither guesses: what has no one meaning is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from html import escape, unescape
from xml.etree import ElementTree
from xml.parsers import expat

from kdcl_xl.guard import UnreadableError, parse_xml
from kdcl_xl.strings import Strings, is_character_data, local_name, rich_text, xml_text
from macros_free_validation.rules import workbook as rules
from macros_free_validation.values import CellError, Raw, to_serial
from workbook_templates.layout import letter_of
from workbook_templates.text import Text

Values = Mapping[int, Mapping[int, Raw]]
Place = tuple[int, int]
"""Row from 1, column from 0."""

_NO_PLACE = Text(
    "{part}: ô không có vị trí riêng trên sheet", "{part}: a cell without a place of its own"
)
FAR_ROW, FAR_COLUMN = 10_000, 26 * 27
"""No template reaches row 10,000 or column AAA: what is there is reported, not read."""
_FAR_DIGITS = len(str(FAR_ROW))


@dataclass(frozen=True)
class Found:
    """The filled cells of a sheet: values by row and column, and where formulas stand.

    The results of formulas are computed anew for most uses and found only on demand.
    """

    values: Values = field(default_factory=dict)
    formulas: Mapping[bytes, bytes] = field(default_factory=dict)
    """What follows ``<f`` up to the next tag, by the address of its cell."""
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
    run = _plain_run(xml)
    try:
        if run is None:
            found = _found_slowly(xml, part, strings, everywhere)
        else:
            found = _found_fast(run, strings, everywhere)
        return replace(found, tail=tail_of(xml))
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
        rows = {*found.values, *(place_of(ref)[0] for ref in found.formulas)}
        if rows and min(rows) <= last:
            raise UnreadableError(rules.DAMAGED, found=_NO_PLACE.format(part=part))
        last = max(rows, default=last)
        yield found


_DATA, _DATA_END, _ROW_END = b"<sheetData>", b"</sheetData></worksheet>", b"</row>"


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
            yield head + rest[:end] + _DATA_END
            del rest[:end]
    yield head + rest


def formula_text(body: bytes, shared: dict[bytes, str]) -> str:
    """The text of a formula of :class:`Found`; of those that cells share, that of the first.

    ``shared`` keeps those of one sheet by their number.
    """
    attributes, _, text = body.partition(b">")
    own = unescape(text.decode())
    group = _GROUP.search(attributes) if b'"shared"' in attributes else None
    return shared.setdefault(group[1], own) if group else own


_GROUP = re.compile(rb'\bsi="([^"]*)"')


def tail_of(xml: bytes) -> bytes:
    """What a sheet's XML says below its cells."""
    return xml[xml.rfind(b"sheetData>") + 1 :]


def formulas_in(xml: bytes) -> dict[bytes, bytes]:
    """The formulas of a sheet that is written plainly, as :class:`Found` has them."""
    return dict(_FORMULAS.findall(xml))


class _OddError(ValueError):
    """Something without one meaning."""


class _NoPlaceError(_OddError):
    """A row or cell that stands nowhere, or where another stands."""


@lru_cache(maxsize=20_000)
def column_index(letters: str) -> int:
    """Index from 0 of a column's letters."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def place_of(ref: bytes) -> Place:
    """Row (from 1) and column (from 0) of an address."""
    digits = ref.lstrip(_LETTERS)
    return int(digits), column_index(ref[: len(ref) - len(digits)].decode())


# ---- the plain run ----------------------------------------------------------------------


def _attributes(names: str) -> bytes:
    """A pattern of these attributes, each at most once, in the order of the standard."""
    return b"".join(rb'(?: %s="[^"<]*+")?+' % name.encode() for name in names.split())


_OF_CELLS = _attributes("s t cm vm ph")
_OF_FORMULAS = _attributes("t aca ref dt2D dtr del1 del2 r1 r2 ca si bx")
_OF_ROWS = _attributes(
    "spans s customFormat ht hidden customHeight outlineLevel collapsed thickTop thickBot ph "
    "x14ac:dyDescent"
)
_TEXT = rb'<t(?: xml:space="preserve")?>[^<]*+</t>'
_CELL = (
    rb'<c r="[A-Z]{1,3}[1-9][0-9]{0,6}"' + _OF_CELLS + rb"(?: ?/>|>"
    rb"(?:<f" + _OF_FORMULAS + rb"(?: ?/>|>[^<]*+</f>))?+"
    rb"(?:<v>[^<]*+</v>|<v ?/>|<is>" + _TEXT + rb"</is>)?+</c>)"
)
_ROW = rb'<row r="[1-9][0-9]{0,6}"' + _OF_ROWS + rb"(?: ?/>|>(?:" + _CELL + rb")*+</row>)"
_RUN = re.compile(rb"<sheetData>(?:" + _ROW + rb")*+</sheetData>")
_REFS = re.compile(rb'<c r="([A-Z]+[0-9]+)"')
_ROWS = re.compile(rb'<row r="([0-9]+)"')
_FORMULAS = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^<>]*><f([^<]*)')
_VALUES = re.compile(rb'<c r="([A-Z]+)([0-9]+)"([^<>]*)><(?:v>|is><t[^>]*>)([^<]+)<')
_RESULTS = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"([^<>]*)><f[^<>]*(?:/>|>[^<]*</f>)<(?:v>|is><t[^>]*>)([^<]+)<'
)
_KIND = re.compile(rb'\bt="([^"]*)"')
_FAR_REF = re.compile(rb"\b(?:[A-Z]{3}[0-9]+|[A-Z]+[0-9]{5,})\b")


def _plain_run(xml: bytes) -> bytes | None:
    """The rows of a sheet where they are written plainly; None where anything is unusual."""
    start = xml.find(b"<sheetData>")
    match = _RUN.match(xml, start) if start >= 0 else None
    if match is None:
        return None
    run, frame = match[0], xml[:start] + b"<sheetData/>" + xml[match.end() :]
    return run if is_character_data(run) and _stands_in_a_sheet(frame) else None


def _stands_in_a_sheet(frame: bytes) -> bool:
    """Whether the data stand once, where they belong, in a well-formed sheet."""
    if b"<!" in frame or frame.count(b"<?") > frame.startswith(b"<?xml"):
        return False
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
        return False
    return places == [("worksheet", "sheetData")]


def _found_fast(run: bytes, strings: Strings, everywhere: bool) -> Found:
    refs, rows = _REFS.findall(run), _ROWS.findall(run)
    if len(set(refs)) != len(refs) or len(set(rows)) != len(rows):
        raise _NoPlaceError
    formulas = formulas_in(run)
    far = [] if everywhere else _FAR_REF.findall(b" ".join(formulas))
    values = _values(_VALUES, run, strings)
    if not values.keys() <= set(rows):
        raise _NoPlaceError
    near: dict[int, dict[int, Raw]] = {}
    for digits, found in values.items():
        row = near[int(digits)] = found
        if not everywhere and (len(digits) >= _FAR_DIGITS or max(found) >= FAR_COLUMN):
            reach = FAR_COLUMN if len(digits) < _FAR_DIGITS else 0
            far += [letter_of(n).encode() + digits for n in found if n >= reach]
            near[int(digits)] = {n: value for n, value in row.items() if n < reach}

    def results() -> Values:
        return {int(row): found for row, found in _values(_RESULTS, run, strings).items()}

    return Found(
        near,
        {ref: body for ref, body in formulas.items() if ref not in far} if far else formulas,
        tuple(ref.decode() for ref in far),
        results,
    )


def _values(
    pattern: re.Pattern[bytes], run: bytes, strings: Strings
) -> dict[bytes, dict[int, Raw]]:
    """Values by the digits of their row and by column."""
    kinds: dict[bytes, str] = {}
    texts = strings.by_number
    found: dict[bytes, dict[int, Raw]] = {}
    for letters, digits, attributes, content in pattern.findall(run):
        kind = kinds.get(attributes)
        if kind is None:
            kind = kinds[attributes] = _kind(attributes)
        value: Raw
        if kind == "s":
            value = texts.get(content)
            if value is None:
                value = _text(content, strings)
        elif kind in ("", "n"):
            value = _number(content)
        elif kind == "inlineStr":
            value = strings.inline[content]
        else:
            value = _value(kind, xml_text(content.decode()))
        if value is not None and value != "":
            row = found.get(digits)
            if row is None:
                row = found[digits] = {}
            row[_COLUMNS[letters]] = value
    return found


class _Columns(dict[bytes, int]):
    """Index from 0 by a column's letters."""

    def __missing__(self, letters: bytes) -> int:
        self[letters] = index = column_index(letters.decode())
        return index


_COLUMNS = _Columns()


def _kind(attributes: bytes) -> str:
    found = _KIND.search(attributes)
    return found[1].decode("utf-8", "replace") if found else ""


# ---- everything else --------------------------------------------------------------------


def _found_slowly(xml: bytes, part: str, strings: Strings, everywhere: bool) -> Found:
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
    return Found(values, formulas, tuple(far), lambda: results)


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
    except _OddError:
        raise UnreadableError(rules.DAMAGED, found=_NO_PLACE.format(part=part)) from None


def cell_value(cell: ElementTree.Element, strings: Strings) -> Raw:
    """The value of a cell's element, or the result of its formula.

    Raises:
        UnreadableError: there is no one value.
    """
    try:
        return _content(cell, strings)[1]
    except _OddError:
        raise UnreadableError(rules.DAMAGED, found=cell.get("r", "")) from None


def _cells(root: ElementTree.Element) -> Iterator[tuple[int, int, ElementTree.Element]]:
    """Each cell with its place; one that leaves it out stands behind the one before."""
    if local_name(root) != "worksheet":
        raise _OddError
    data = [child for child in root if local_name(child) == "sheetData"]
    known = sum(1 for element in root.iter() if local_name(element) in ("c", "row", "sheetData"))
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
        raise _OddError
    kind = cell.get("t", "")
    has_formula = "f" in inner
    if kind == "inlineStr":
        return has_formula, (rich_text(inner["is"]) or None) if "is" in inner else None
    element = inner.get("v")
    if element is None:
        return has_formula, None
    if len(element):
        raise _OddError
    text = element.text or ""
    if not text:
        return has_formula, None
    if kind == "s":
        return has_formula, _text(text.encode(), strings) or None
    return has_formula, _number(text.encode()) if kind in ("", "n") else _value(kind, text)


# ---- what both have in common -------------------------------------------------------------

_DIGITS = re.compile(rb"\s*(\d{1,9})\s*")
_NUMBER = re.compile(rb"\s*([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\s*")


def _text(content: bytes, strings: Strings) -> str:
    """The shared text that a cell names by its number."""
    found = _DIGITS.fullmatch(content)
    text = strings.by_number.get(b"%d" % int(found[1])) if found else None
    if text is None:
        raise _OddError
    return text


def _number(content: bytes) -> Raw:
    if not content.strip():
        return None
    found = _NUMBER.fullmatch(content)
    try:
        number = float(found[1]) if found else math.nan
    except ValueError:
        raise _OddError from None
    if not math.isfinite(number):
        raise _OddError
    return number


def _value(kind: str, text: str) -> Raw:
    match kind:
        case "str":
            return text or None
        case "b":
            if text.strip() not in ("0", "1", "true", "false"):
                raise _OddError
            return text.strip() in ("1", "true")
        case "e":
            return CellError(text)
        case "d":
            return _day(text.strip())
        case _:
            raise _OddError


def _day(text: str) -> Raw:
    """The number of an ISO date or time; what is none stays a text."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            at = time.fromisoformat(text)
        except ValueError:
            return text or None
        return (datetime.combine(date.min, at) - datetime.min) / timedelta(days=1)
    moment = moment.replace(tzinfo=None)  # a time zone says nothing of a day
    midnight = datetime.combine(moment.date(), time())
    return to_serial(moment.date()) + (moment - midnight) / timedelta(days=1)
