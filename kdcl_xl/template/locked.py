"""The locked content of a workbook by meaning: formulas, texts, names, and accepted input.

Honest programs write the same workbook in many ways: formulas shared or each in full,
``TRUE`` or ``TRUE()``, other spaces, quotes, parentheses and cases, validations merged,
split and moved to an extension. The normal forms compared here are the same in all of them.
Two checksums of them go into the stamp of every template, so that a workbook in which nothing
changed is recognised by the checksums alone.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import b32encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from hashlib import blake2b
from html import escape
from itertools import chain, islice
from types import MappingProxyType

from kdcl_xl.xlsx.areas import Span
from kdcl_xl.xlsx.bounded_cache import BoundedCache
from kdcl_xl.xlsx.cells import SheetCells, Validation, validations_in
from kdcl_xl.xlsx.formulas import Formulas, formula_in, group_of
from kdcl_xl.xlsx.package import UnreadableError
from kdcl_xl.xlsx.workbook import Workbook
from macros_free_validation.rules import workbook as rules
from macros_free_validation.values import Raw, show
from workbook_templates.layout import (
    COVER_LABEL,
    EMPTY_LIST,
    Layout,
    PlacedSheet,
    column_index,
    letter_of,
)
from workbook_templates.text import Text, fold

_CHECKSUM, _LENGTH = 5, 4
"""Bytes of a checksum, and its characters of five bits, for which the stamp has room."""


_OUR_NAMES = ("dm_", "ds_", "sa_", "tt_", "k_", "cot_", "tu_")


@lru_cache(maxsize=8192)
def fold_once(text: str) -> str:
    """Return a locked text as it is compared; it is folded once for all files.

    Gnumeric drops the control character U+007F, one of the listed unusual ones, on saving.
    """
    return fold(text.replace("\x7f", ""))


# --- formulas ---------------------------------------------------------------------------

_LITERAL = re.compile(r'("(?:[^"]|"")*")')


_ONE_CELL = re.compile(r"(\$?[A-Z]{1,3}\$?\d+):\1(?!\d)")


_REFERENCE = re.compile(r"(?<![\w.$])(\$?)([A-Z]{1,3})(\$?)(\d{1,7})(?![\w(])")


_PREFIX = re.compile(r"_XL(?:FN|WS|UDF|L)\.|OF:")


_FREE = re.compile("[ \t\r\n\u00a0()'@{}]+")
"""Attributes that programs write or leave out at will."""


@lru_cache(maxsize=4096)
def normal(formula: str, row: int, column: int) -> str:
    """Return the normal form of a formula at a row (from 1) and column (from 0).

    References are given by their distance, as in R1C1, so that a formula filled down a
    column is the same text everywhere.
    """

    def distance(found: re.Match[str]) -> str:
        letters = found[2] if found[1] else f"[{column_index(found[2]) - column}]"
        number = found[4] if found[3] else f"[{int(found[4]) - row}]"
        return f"{letters}!{number}"

    parts = _LITERAL.split(unicodedata.normalize("NFC", formula))
    for n in range(0, len(parts), 2):
        part = parts[n].upper()
        if "_XL" in part or "OF:" in part:
            part = _PREFIX.sub("", part)
        if ":" in part:
            part = _ONE_CELL.sub(r"\1", part)
        parts[n] = _REFERENCE.sub(distance, part)
    return _FREE.sub("", "".join(parts))


class _Absolute(dict[bytes, str]):
    """A cache of normal forms of formulas without relative references: equal in every cell."""

    def of(self, body: bytes, row: int, column: int) -> str:
        known = self.get(body)
        if known is None:
            known = _normal_body(body, row, column)
            if "[" not in known:  # no reference is given by its distance
                if len(self) > _MOST_FORMULAS:
                    self.clear()
                self[body] = known
        return known


_MOST_FORMULAS = 32_768


_absolute = _Absolute()


@lru_cache(maxsize=_MOST_FORMULAS)
def _normal_body(body: bytes, row: int, column: int) -> str:
    """Return :func:`normal` of a formula, cached: all files of a district share a few formulas."""
    return normal(formula_in(body), row, column)


_REF = re.compile(rb"([A-Z]+)(\d+)")


def normal_formulas(formulas: Mapping[bytes, bytes]) -> dict[str, str]:
    """Return normal formulas by address; a formula that cells share is the same in each."""
    shared: dict[bytes, str] = {}
    found = {}
    for ref, body in formulas.items():
        group = group_of(body) if body.startswith(b" ") else b""
        known = shared.get(group) if group else None
        if known is None or not body.endswith(b">"):
            place = _REF.fullmatch(ref)
            assert place is not None
            known = _absolute.of(body, int(place[2]), column_index(place[1].decode()))
            if group:
                shared[group] = known
        found[ref.decode()] = known
    return found


def _checksum(parts: Iterable[bytes]) -> str:
    digest = blake2b(b"".join(parts), digest_size=_CHECKSUM).digest()
    return b32encode(digest).decode()[:_LENGTH].lower()


def _checksum_of_formulas(formulas: Formulas) -> bytes:
    """Return the checksum of the formulas of a sheet."""
    lines = sorted(f"{ref}={text}" for ref, text in normal_formulas(formulas.cells).items())
    return blake2b("\n".join(lines).encode(), digest_size=16).digest()


def _locked_only(formulas: Formulas, placed: PlacedSheet) -> Formulas:
    """Return the formulas outside the inputs."""
    typed = formulas.cells.keys() & input_places(placed).keys()
    if not typed:
        return formulas
    return Formulas({ref: body for ref, body in formulas.cells.items() if ref not in typed})


# --- what inputs accept -----------------------------------------------------------------

# Letters and digits are counted: without a limit, a megabyte of letters takes quadratic time.
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_MOST_SPANS = 100_000
"""Columns of the areas of all validations of a sheet."""


_KINDS = frozenset(("list", "date", "decimal", "whole", "time", "textLength", "custom"))


_LAST_ROW = 9_999


Accepts = Mapping[str, tuple[Span, ...]]
"""The accepted values as one text, and their spans in order, those that touch joined."""


Word = tuple[int, int, str]
"""Row (from 1), column (from 0) and text of a cell."""


Words = tuple[Word, ...]


def _accepted(tail: bytes) -> Accepts:
    found: dict[str, list[Span]] = {}
    count = 0
    for validation in validations_in(tail):
        if validation.kind in _KINDS and validation.refuses:
            spans = list(spans_in(validation.areas))
            count += len(spans)
            if count >= _MOST_SPANS:
                many = Text(f"trên {_MOST_SPANS} vùng", f"more than {_MOST_SPANS} areas")
                raise UnreadableError(rules.TOO_LARGE, found=many)
            found.setdefault(_rule(validation), []).extend(spans)
    return {rule: joined_spans(spans) for rule, spans in found.items()}


_accepts = BoundedCache(_accepted, 8 << 20)


def accepted(tail: bytes) -> Accepts:
    """Return the values that the validations of a sheet accept.

    Those that refuse nothing are left out: prompts, and lists that are only offered (Gnumeric
    drops these).
    """
    return _accepts[tail]


def _rule(validation: Validation) -> str:
    kind, operator = validation.kind, validation.operator
    bounds = [normal(validation.formula1, 1, 0)]
    if kind == "list":
        operator = ""
    elif operator in ("between", "notBetween"):
        bounds.append(normal(validation.formula2, 1, 0))
    return " ".join((kind, operator, *bounds))


def _spans(sqref: str) -> Iterator[Span]:
    for left, top, right, bottom in _AREA.findall(sqref):
        first, last = column_index(left), column_index(right or left)
        rows = int(top), min(int(bottom or top), _LAST_ROW)
        yield from ((column, *rows) for column in range(first, min(last, first + 200) + 1))


def spans_in(sqref: str) -> Iterator[Span]:
    """Yield the spans of an ``sqref``, at most 100,000."""
    return islice(_spans(sqref), _MOST_SPANS)


def joined_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans in order, those that touch joined."""
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
    """The locked content of one sheet; ``formulas`` also has formulas typed into inputs."""

    placed: PlacedSheet
    formulas: Formulas
    words: Words
    tail: bytes

    @property
    def locked_formulas(self) -> Mapping[bytes, bytes]:
        """The formulas outside the inputs, as the file has them."""
        return self.formulas.once(_locked_only, self.placed).cells

    @property
    def texts(self) -> Mapping[str, str]:
        """Labels and values of lists, by address, as the file has them."""
        return {f"{letter_of(index)}{row}": text for row, index, text in self.words if fold(text)}

    @property
    def parts(self) -> tuple[bytes, bytes, bytes]:
        """The parts of the checksum."""
        locked = self.formulas.once(_locked_only, self.placed)
        is_long = sum(len(text) for _, _, text in self.words) > _LONGEST_REMEMBERED
        lines_of = _lines_of_words if is_long else _cached_lines
        return self.placed.key.encode(), locked.once(_checksum_of_formulas), lines_of(self.words)

    @property
    def accepts(self) -> bytes:
        """The parts of the checksum of inputs."""
        return _of_inputs(self.placed.key)[self.tail]


_LONGEST_REMEMBERED = 1 << 16
"""Limit on the characters of all words of a sheet; no form of ours has half as many."""


def _lines_of_words(words: Words) -> bytes:
    texts = sorted((f"{letter_of(index)}{row}", fold_once(text)) for row, index, text in words)
    return "\n".join(f"{ref}={text}" for ref, text in texts if text).encode()


_cached_lines = lru_cache(maxsize=256)(_lines_of_words)


@lru_cache(maxsize=64)
def _of_inputs(key: str) -> BoundedCache[bytes]:
    """Return the parts of the checksum of inputs, from the XML below the cells of a sheet."""
    return BoundedCache(partial(_lines_of_inputs, key), 2 << 20)


def _lines_of_inputs(key: str, tail: bytes) -> bytes:
    return b"".join(
        f"{key} {rule} {spans}".encode() + b"\0" for rule, spans in sorted(accepted(tail).items())
    )


@dataclass(frozen=True, eq=False)
class Locked:
    """The locked content of a workbook, by the keys of its sheets."""

    sheets: Mapping[str, LockedSheet]
    names: Mapping[str, str]
    """Our defined names, their formulas in normal form."""

    @cached_property
    def checksum(self) -> str:
        """The checksum of formulas, texts and names."""
        names = "\n".join(f"{name}={text}" for name, text in sorted(self.names.items()))
        parts = chain.from_iterable(sheet.parts for sheet in self.sheets.values())
        return _checksum(part + b"\0" for part in (*parts, names.encode()))

    @cached_property
    def inputs_checksum(self) -> str:
        """The checksum of the values that the inputs accept."""
        return _checksum(sheet.accepts for sheet in self.sheets.values())


def locked_of(
    workbook: Workbook,
    layout: Layout,
    renamed: Mapping[str, str] = MappingProxyType({}),
) -> Locked:
    """Return the locked content of a workbook.

    ``renamed`` gives the template's names of sheets by their present names in formulas.
    """
    sheets = {}
    for placed in layout.compared_sheets:
        if placed.key == "stamp" or not workbook.can_read(placed.name):
            continue
        content = workbook.sheet(placed.name)
        formulas = content.formulas
        if renamed:
            bodies = formulas.cells.items()
            formulas = Formulas({ref: _named(body, renamed) for ref, body in bodies})
        words = tuple(_words(layout, placed, content))
        sheets[placed.key] = LockedSheet(placed, formulas, words, content.tail)
    names = {
        name: normal(_named(formula.encode(), renamed).decode() if renamed else formula, 1, 0)
        for name, formula in workbook.names.items()
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


def _words(layout: Layout, placed: PlacedSheet, content: SheetCells) -> Iterator[Word]:
    """Return labels, headings and list values: the texts of cells neither typed nor computed.

    On a sheet without inputs these are all texts.
    """
    if not (placed.cells or placed.columns):
        for row, values in content.values.items():
            for index, value in values.items():
                if isinstance(value, str):
                    yield row, index, value
        return
    for row, columns in _labels(layout, placed).items():
        there = content.values.get(row, _NO_ROW)
        for index in columns if there else ():
            value = there.get(index)
            if value is not None:
                yield row, index, value if type(value) is str else show(value, as_date=False)


_NO_ROW: Mapping[int, Raw] = {}


@lru_cache(maxsize=256)
def _labels(layout: Layout, placed: PlacedSheet) -> Mapping[int, Sequence[int]]:
    """Return the columns (from 0) of labels by row (from 1), on a sheet with inputs."""
    found: dict[int, list[int]] = {}
    inputs = {(row, index) for row, index, _ in input_places(placed).values()}
    for row, index in dict.fromkeys(_label_places(layout, placed)):
        if (row, index) not in inputs:
            found.setdefault(row, []).append(index)
    return found


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


@lru_cache(maxsize=256)
def input_places(placed: PlacedSheet) -> Mapping[bytes, tuple[int, int, str]]:
    """Return row, column and field of every input cell of a sheet, by its address."""
    places = [(c.ref, c.row, c.index, c.field) for c in placed.cells if not c.cell.locked]
    places += [
        (f"{column.letter}{row}", row, column.index, column.field)
        for row in range(placed.first_row, placed.last_row + 1 if placed.columns else 0)
        for column in placed.columns
        if not column.column.locked
    ]
    return {ref.encode(): (row, index, field) for ref, row, index, field in places}
