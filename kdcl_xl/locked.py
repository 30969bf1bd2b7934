"""What is locked in a workbook, by meaning: formulas, texts, names, and what inputs accept.

Honest programs write the same workbook in many ways: formulas shared or each in full,
``TRUE`` or ``TRUE()``, other spaces, quotes, parentheses and cases, validations merged,
split and moved to an extension. What is compared here is the same in all of them. Two
checksums of it go into the stamp of every template, so that a workbook in which nothing
changed is known by them alone.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import b32encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from hashlib import blake2b
from html import escape, unescape
from itertools import chain
from types import MappingProxyType

from kdcl_xl.cells import SheetCells, input_places
from kdcl_xl.guard import Package
from kdcl_xl.sheet_xml import column_index, formulas_in, tail_of
from kdcl_xl.strings import Strings
from macros_free_validation.values import Raw, show
from workbook_templates.layout import COVER_LABEL, EMPTY_LIST, Layout, PlacedSheet, letter_of
from workbook_templates.text import fold

_CHECKSUM, _LENGTH = 5, 4
"""Bytes that are computed, and characters of five bits that the stamp has room for."""
_OUR_NAMES = ("dm_", "ds_", "sa_", "tt_", "k_")
fold_once = lru_cache(maxsize=8192)(fold)

# --- formulas ---------------------------------------------------------------------------

_LITERAL = re.compile(r'("(?:[^"]|"")*")')
_ONE_CELL = re.compile(r"(\$?[A-Z]{1,3}\$?\d+):\1(?!\d)")
_REFERENCE = re.compile(r"(?<![\w.$])(\$?)([A-Z]{1,3})(\$?)(\d{1,7})(?![\w(])")
_PREFIX = re.compile(r"_XL(?:FN|WS|UDF|L)\.|OF:")
_FREE = dict.fromkeys(map(ord, " \t\r\n\u00a0()'@{}"))
"""What programs write or leave out as they like."""
_SHARED = re.compile(rb'\bsi="(\d+)"')


@lru_cache(maxsize=4096)
def normal(formula: str, row: int, column: int) -> str:
    """A formula so that all programs write it alike, at a row (from 1) and column (from 0).

    References are told by their distance, as in R1C1, so that a formula filled down a
    column is the same text everywhere.
    """

    def distance(found: re.Match[str]) -> str:
        letters = found[2] if found[1] else f"[{column_index(found[2]) - column}]"
        number = found[4] if found[3] else f"[{int(found[4]) - row}]"
        return f"{letters}!{number}"

    parts = _LITERAL.split(unicodedata.normalize("NFC", formula))
    for n in range(0, len(parts), 2):
        part = _PREFIX.sub("", parts[n].upper())
        parts[n] = _REFERENCE.sub(distance, _ONE_CELL.sub(r"\1", part))
    return "".join(parts).translate(_FREE)


class _Absolute(dict[bytes, str]):
    """Normal forms of the formulas that are the same wherever they stand."""

    def of(self, body: bytes, row: int, column: int) -> str:
        known = self.get(body)
        if known is None:
            known = _normal_body(body, row, column)
            if "[" not in known:  # no reference is told by its distance
                if len(self) > _MOST_FORMULAS:
                    self.clear()
                self[body] = known
        return known


_MOST_FORMULAS = 32_768
_absolute = _Absolute()


@lru_cache(maxsize=_MOST_FORMULAS)
def _normal_body(body: bytes, row: int, column: int) -> str:
    """A formula as :func:`normal`; the same few stand in all files of a district."""
    return normal(_text(body), row, column)


def _text(body: bytes) -> str:
    """The formula in what follows ``<f``."""
    text = body.partition(b">")[2].decode("utf-8", "replace")
    return unescape(text) if "&" in text else text


_REF = re.compile(rb"([A-Z]+)(\d+)")


def normal_formulas(formulas: Mapping[bytes, bytes]) -> dict[str, str]:
    """Normal formulas by address; one that cells share is the same in each."""
    shared: dict[bytes, str] = {}
    found = {}
    for ref, body in formulas.items():
        group = _SHARED.search(body) if body.startswith(b" ") else None
        known = shared.get(group[1]) if group else None
        if known is None or not body.endswith(b">"):
            place = _REF.fullmatch(ref)
            assert place is not None
            known = _absolute.of(body, int(place[2]), column_index(place[1].decode()))
            if group:
                shared[group[1]] = known
        found[ref.decode()] = known
    return found


def _checksum(parts: Iterable[bytes]) -> str:
    digest = blake2b(digest_size=_CHECKSUM)
    for part in parts:
        digest.update(part)
        digest.update(b"\0")
    return b32encode(digest.digest()).decode()[:_LENGTH].lower()


class _Known(dict[bytes, bytes]):
    """Checksums of formulas as files have them, by a checksum of the very bytes.

    The returned files of a district come from few templates and few programs: what
    one school's file was seen to hold need not be worked out for the next.
    """

    def of(self, formulas: Mapping[bytes, bytes]) -> bytes:
        raw = blake2b(b"\0".join(chain.from_iterable(formulas.items())), digest_size=16).digest()
        known = self.get(raw)
        if known is None:
            cells = normal_formulas(formulas).items()
            lines = sorted(f"{ref}={text}" for ref, text in cells)
            known = blake2b("\n".join(lines).encode(), digest_size=16).digest()
            if len(self) > 1000:
                self.clear()
            self[raw] = known
        return known


_known = _Known()

# --- what inputs accept -----------------------------------------------------------------

_VALIDATION = re.compile(
    rb"<(?:\w+:)?dataValidation\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?dataValidation>)", re.DOTALL
)
_ATTRIBUTE = re.compile(rb"""\b(type|operator|sqref)\s*=\s*["']([^"']*)["']""")
_BOUND = re.compile(rb"<(?:\w+:)?(formula1|formula2|sqref)>\s*(?:<(?:\w+:)?f>)?\s*([^<]*)")
_AREA = re.compile(r"\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?")
_KINDS = frozenset(("list", "date", "decimal", "whole", "time", "textLength", "custom"))
_LAST_ROW = 9_999
Span = tuple[int, int, int]
"""Column (from 0), first and last row (from 1)."""
Accepts = Mapping[str, tuple[Span, ...]]
"""What is accepted, as one text, and where: spans in order, those that touch joined."""


@lru_cache(maxsize=512)
def accepted(tail: bytes) -> Accepts:
    """What the validations of a sheet accept; prompts alone are none."""
    found: dict[str, list[Span]] = {}
    for attributes, inner in _VALIDATION.findall(tail):
        said = {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(attributes)}
        said |= {
            name.decode(): unescape(value.decode("utf-8", "replace"))
            for name, value in _BOUND.findall(inner)
        }
        if said.get("type") in _KINDS:
            found.setdefault(_rule(said), []).extend(_spans(said.get("sqref", "")))
    return {rule: _joined(spans) for rule, spans in found.items()}


def _rule(said: Mapping[str, str]) -> str:
    kind, operator = said["type"], said.get("operator", "between")
    bounds = [normal(said.get("formula1", ""), 1, 0)]
    if kind == "list":
        operator = ""
    elif operator in ("between", "notBetween"):
        bounds.append(normal(said.get("formula2", ""), 1, 0))
    return " ".join((kind, operator, *bounds))


def _spans(sqref: str) -> Iterator[Span]:
    for left, top, right, bottom in _AREA.findall(sqref):
        first, last = column_index(left), column_index(right or left)
        rows = int(top), min(int(bottom or top), _LAST_ROW)
        yield from ((column, *rows) for column in range(first, min(last, first + 200) + 1))


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for column, first, last in sorted(spans):
        if joined and joined[-1][0] == column and first <= joined[-1][2] + 1:
            joined[-1] = (column, joined[-1][1], max(last, joined[-1][2]))
        else:
            joined.append((column, first, last))
    return tuple(joined)


# --- a whole workbook -------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class LockedSheet:
    """What is locked on one sheet; ``texts`` by address, as they stand there."""

    placed: PlacedSheet
    formulas: Mapping[bytes, bytes]
    """Also those that somebody typed into inputs."""
    texts: Mapping[str, str]
    tail: bytes

    @property
    def locked_formulas(self) -> Mapping[bytes, bytes]:
        """The formulas outside the inputs, as the file has them."""
        typed = self.formulas.keys() & input_places(self.placed).keys()
        if not typed:
            return self.formulas
        return {ref: body for ref, body in self.formulas.items() if ref not in typed}


@dataclass(frozen=True, eq=False)
class Locked:
    """What is locked in a workbook, by the keys of its sheets."""

    sheets: Mapping[str, LockedSheet]
    names: Mapping[str, str]
    """Our defined names, their formulas in normal form."""

    @cached_property
    def checksum(self) -> str:
        """Checksum of formulas, texts and names."""
        return _checksum(self._parts())

    def _parts(self) -> Iterator[bytes]:
        for key, sheet in self.sheets.items():
            yield key.encode()
            yield _known.of(sheet.locked_formulas)
            texts = sorted(sheet.texts.items())
            yield "\n".join(f"{ref}={fold_once(text)}" for ref, text in texts).encode()
        yield "\n".join(f"{name}={text}" for name, text in sorted(self.names.items())).encode()

    @cached_property
    def inputs_checksum(self) -> str:
        """Checksum of what the inputs accept."""
        return _checksum(
            f"{key} {rule} {spans}".encode()
            for key, sheet in self.sheets.items()
            for rule, spans in sorted(accepted(sheet.tail).items())
        )


def locked_of(
    package: Package,
    layout: Layout,
    contents: Mapping[str, SheetCells],
    strings: Strings,
    renamed: Mapping[str, str] = MappingProxyType({}),
) -> Locked:
    """What is locked in a workbook of which at least the input sheets have been read.

    Of the others it is told at a glance. ``renamed`` gives the template's names of
    sheets by those they have in formulas.
    """
    sheets = {}
    for placed in layout.sheets:
        if placed.key == "stamp" or placed.name not in package.sheets:
            continue
        content = contents.get(placed.name)
        if content is None:
            sheet = _at_a_glance(package, placed, strings)
        elif placed.cells or placed.columns:
            texts = dict(_texts(layout, placed, content))
            sheet = LockedSheet(placed, content.formulas, texts, content.found.tail)
        else:
            sheet = _thoroughly(placed, content)
        if renamed:
            formulas = {ref: _named(body, renamed) for ref, body in sheet.formulas.items()}
            sheet = replace(sheet, formulas=formulas)
        sheets[placed.key] = sheet
    names = {
        name: normal(_named(formula.encode(), renamed).decode(), 1, 0)
        for name, formula in package.names.items()
        if name.startswith(_OUR_NAMES)
    }
    return Locked(sheets, names)


_AFTER_NAME = ("'!", "&apos;!", "!")


def _named(formula: bytes, renamed: Mapping[str, str]) -> bytes:
    for new, old in renamed.items():
        for end in _AFTER_NAME:
            formula = formula.replace(
                f"{escape(new, quote=False)}{end}".encode(), f"{old}{end}".encode()
            )
    return formula


_NO_ROW: Mapping[int, Raw] = {}


def _texts(layout: Layout, placed: PlacedSheet, content: SheetCells) -> Iterator[tuple[str, str]]:
    """Labels, headings and list values: what stands in cells that are no input and not computed."""
    inputs = input_places(placed)
    for row, index in _label_places(layout, placed):
        value = content.rows.get(row, _NO_ROW).get(index)
        if value is None:
            continue
        ref = f"{letter_of(index)}{row}"
        if ref.encode() not in inputs:
            text = value if isinstance(value, str) else show(value, as_date=False)
            if fold_once(text):
                yield ref, text


def _label_places(layout: Layout, placed: PlacedSheet) -> Iterator[tuple[int, int]]:
    if placed.key == "cover":
        rows = range(1, placed.cells[-1].row + 1)
        yield from ((row, i) for row in rows for i in range(COVER_LABEL + 1))
        return
    width = len(placed.columns)
    if placed.key == "lists":
        width = max(area.index for area in layout.areas) + 1
        longest = max(len(area.values) for area in layout.areas)
        rows = range(placed.first_row, max(placed.last_row + 1, placed.first_row + longest))
        yield from ((row, i) for row in rows for i in range(EMPTY_LIST, width))
    elif placed.key == "self_assessment":
        index = placed.column("criterion").index
        yield from ((row, index) for row in range(placed.first_row, placed.last_row + 1))
    yield from ((row, i) for row in range(1, placed.header_row + 1) for i in range(width))


_PLAIN_TEXT = re.compile(rb'<c r="([A-Z]+[0-9]+)"(?: s="[0-9]+")? t="s"><v>([0-9]+)<')


def _at_a_glance(package: Package, placed: PlacedSheet, strings: Strings) -> LockedSheet:
    """A sheet without inputs as most programs write it; written otherwise it seems changed."""
    xml = package.part(package.sheets[placed.name])
    found = ((ref.decode(), strings.by_number.get(n, "")) for ref, n in _PLAIN_TEXT.findall(xml))
    texts = {ref: text for ref, text in found if fold_once(text)}
    return LockedSheet(placed, formulas_in(xml), texts, tail_of(xml))


def _thoroughly(placed: PlacedSheet, content: SheetCells) -> LockedSheet:
    """A sheet without inputs, however it is written."""
    texts = {
        f"{letter_of(index)}{row}": value
        for row, values in content.rows.items()
        for index, value in values.items()
        if isinstance(value, str) and fold_once(value)
    }
    return LockedSheet(placed, content.formulas, texts, content.found.tail)
