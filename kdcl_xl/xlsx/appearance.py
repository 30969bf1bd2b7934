"""Read how a sheet shows its values: number formats, crossed-out and invisible text, merged cells.

Values alone do not say what a person sees: 80 % is kept as 0.8, and a hidden row is kept whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html import unescape
from itertools import chain
from typing import TypeVar
from xml.etree.ElementTree import Element

from kdcl_xl.xlsx.areas import place_in
from kdcl_xl.xlsx.bounded_cache import BoundedCache
from kdcl_xl.xlsx.bounds import SAFE
from kdcl_xl.xlsx.cells import SheetCells
from kdcl_xl.xlsx.package import Meter, Package, parse_xml
from kdcl_xl.xlsx.sheet_xml import cell_elements
from kdcl_xl.xlsx.strings import local_name, rich_text

_T = TypeVar("_T")
STYLES_PART = "xl/styles.xml"
_DAY_FORMATS = frozenset((*range(14, 18), 22, *range(27, 32), *range(50, 59)))
"""Built-in number formats that show a day (ECMA-376 part 1, 18.8.30)."""
_PERCENT_FORMATS = frozenset((9, 10))
"""Built-in number formats that show a percentage (ECMA-376 part 1, 18.8.30)."""
_NUMBER_FORMATS = frozenset((*range(1, 5), 11, 12, 13, *range(37, 45), 48))
"""Built-in number formats that show a number as one (ECMA-376 part 1, 18.8.30)."""
TEXT_FORMAT = 49
"""The built-in number format of text (``@``)."""
# Literal text, escaped characters, and conditions of a number format may hold any letter.
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
# A comma after the last digit divides by a thousand (ECMA-376 part 1, 18.8.31).
_SCALE = re.compile(r"[0#?](,+)(?=[^0#?,]|$)")
_ZEROS = re.compile(r"(0{2,})(?:;.*)?")


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """The way in which a cell shows a number.

    ``scale`` is the number by which the cell divides before it shows a number, ``zeros`` the
    digits that it shows at least. ``hides`` is true where it shows no number at all.
    """

    is_day: bool = False
    is_percent: bool = False
    is_number: bool = False
    is_text: bool = False
    hides: bool = False
    scale: int = 1
    zeros: int = 0


GENERAL = NumberFormat()


@dataclass(frozen=True, slots=True)
class Look:
    """The way in which the cells of one style show their values.

    ``fill`` and ``ink`` are the colours of a solid fill and of the letters: RRGGBB, another text
    for a colour of a theme, or empty for the default.
    """

    number: NumberFormat = GENERAL
    is_struck: bool = False
    is_invisible: bool = False
    fill: str = ""
    ink: str = ""


PLAIN = Look()


@dataclass(frozen=True)
class Looks:
    """The looks of a workbook's cell styles (``cellXfs``), by the number of the style."""

    by_style: Mapping[str, Look] = field(default_factory=dict)

    @cached_property
    def _unseen(self) -> frozenset[str]:
        """The styles that cross their cells out, or hide what they hold."""
        return frozenset(
            style
            for style, look in self.by_style.items()
            if look.is_struck or look.is_invisible or look.number.hides
        )

    def any_is_unseen(self, content: SheetCells) -> bool:
        """Return whether a typed cell of a sheet is crossed out, or hides what it holds."""
        rows = content.styles.values() if self._unseen else ()
        return not all(map(self._unseen.isdisjoint, (row.values() for row in rows)))

    def of(self, content: SheetCells, row: int, column: int) -> Look:
        """Return the look of the cell at a row (from 1) and a column (from 0)."""
        style = content.styles.get(row, _NO_STYLES).get(column, "0")
        return self.by_style.get(style, PLAIN)


_NO_STYLES: Mapping[int, str] = {}


def looks_of(package: Package) -> Looks:
    """Return the looks of all cell styles of a workbook.

    Raises:
        UnreadableError: the part with the styles is damaged.
    """
    xml = package.part(STYLES_PART)
    # Most files of a district come from few programs and have the same styles to the byte.
    return _looks_in(xml) if len(xml) <= _LONGEST_STYLES else _looks(package.tree(STYLES_PART))


_LONGEST_STYLES = 1 << 18


@lru_cache(maxsize=32)
def _looks_in(xml: bytes) -> Looks:
    return _looks(parse_xml(xml, STYLES_PART, Meter(SAFE)) if xml else None)


def _looks(root: Element | None) -> Looks:
    formats = _formats(root)
    fonts = list(_children(root, "fonts"))
    fills = [_solid_colour(fill) for fill in _children(root, "fills")]
    found = {}
    for nth, style in enumerate(_children(root, "cellXfs")):
        font = _at(fonts, style.get("fontId"))
        fill = _at(fills, style.get("fillId")) or ""
        ink = (_colour(_child(font, "color")) if font is not None else None) or ""
        look = Look(
            _format(style.get("numFmtId", "0"), formats),
            font is not None and _is_set(font, "strike"),
            ink == (fill or _PAPER),
            fill,
            ink,
        )
        if look != PLAIN:
            found[str(nth)] = look
    return Looks(found)


def _format(number: str, formats: Mapping[str, NumberFormat]) -> NumberFormat:
    if number in formats:
        return formats[number]
    builtin = int(number) if number.isdigit() and len(number) < _MOST_DIGITS else 0
    return NumberFormat(
        is_day=builtin in _DAY_FORMATS,
        is_percent=builtin in _PERCENT_FORMATS,
        is_number=builtin in _NUMBER_FORMATS,
        is_text=builtin == TEXT_FORMAT,
    )


_MOST_DIGITS = 6


def _formats(root: Element | None) -> Mapping[str, NumberFormat]:
    """Return the number formats of the file's own."""
    found = {}
    for own in _children(root, "numFmts"):
        code = own.get("formatCode", "")
        bare = _LITERAL.sub("", code).lower()
        first = bare.split(";")[0]
        scale, zeros = _SCALE.search(first), _ZEROS.fullmatch(bare)
        is_day = "d" in bare or "yy" in bare
        found[own.get("numFmtId", "")] = NumberFormat(
            is_day=is_day,
            is_percent="%" in first,
            is_number=not is_day and any(digit in first for digit in "0#?"),
            is_text=bare == "@",
            hides=not first.strip() and '"' not in code and ";" in bare,
            scale=1000 ** len(scale[1]) if scale else 1,
            zeros=len(zeros[1]) if zeros else 0,
        )
    return found


_PAPER = "FFFFFF"
"""The colour of a cell without a fill."""
_THEME = {"0": _PAPER}
"""The colours of a theme that are known without it: the first is the window's background."""
_INDEXED = {"1": _PAPER, "9": _PAPER}
"""The colours of the old palette that are white (ECMA-376 part 1, 18.8.27)."""


def _colour(element: Element | None) -> str | None:
    """Return a colour as RRGGBB, or as another text that is equal for equal colours."""
    if element is None:
        return None
    if (rgb := element.get("rgb")) is not None:
        return rgb[-6:].upper()
    tint = element.get("tint", "0")
    for name, known in (("theme", _THEME), ("indexed", _INDEXED)):
        number = element.get(name)
        if number is not None:
            plain = known.get(number) if float_or_zero(tint) == 0 else None
            return plain or f"{name} {number} {tint}"
    return None


def float_or_zero(text: str) -> float:
    """Return the number that a text holds; 0 for any other text."""
    try:
        return float(text)
    except ValueError:
        return 0.0


def _solid_colour(fill: Element) -> str | None:
    pattern = _child(fill, "patternFill")
    if pattern is None or pattern.get("patternType") != "solid":
        return None
    return _colour(_child(pattern, "fgColor"))


def _children(root: Element | None, name: str) -> Iterator[Element]:
    """Yield the children of the root's child with a name."""
    yield from () if root is None or (found := _child(root, name)) is None else found


def _child(root: Element, name: str) -> Element | None:
    return next((child for child in root if local_name(child) == name), None)


def _at(items: Sequence[_T], number: str | None) -> _T | None:
    if number is None or not number.isdigit() or len(number) > _MOST_DIGITS:
        return None
    return items[int(number)] if int(number) < len(items) else None


def _is_set(parent: Element, name: str) -> bool:
    """Return whether a property of a font is on (``CT_BooleanProperty``, ECMA-376 part 1)."""
    found = _child(parent, name)
    return found is not None and found.get("val", "1") not in ("0", "false")


# ---- cells that hold more than their value ----------------------------------------------


@dataclass(frozen=True, slots=True)
class RichCells:
    """The cells of a sheet that hold more than their value, by row (from 1) and column (from 0).

    ``pictured`` hold a picture; Excel writes «#VALUE!» into them for older programs. ``struck``
    maps a cell to the words in it that are crossed out.
    """

    pictured: frozenset[tuple[int, int]] = frozenset()
    struck: Mapping[tuple[int, int], str] = field(default_factory=dict)


_NO_RICH_CELLS = RichCells()


def rich_cells(package: Package, sheet: str, strings: str, content: SheetCells) -> RichCells:
    """Return the rich cells of a sheet; ``sheet`` and ``strings`` are names of parts.

    ``strings`` is empty where no shared string is crossed out.

    Raises:
        UnreadableError: a part is damaged.
    """
    if not content.has_rich_cells and not strings:
        return _NO_RICH_CELLS
    struck_strings = dict(_struck_strings(package, strings)) if strings else {}
    has_pictures = _has_pictures(package)
    pictured, struck = set(), {}
    for ref, cell in cell_elements(package.part(sheet), sheet, package.meter):
        column, row = place_in(ref)
        kind, value = cell.get("t", "n"), _child(cell, "v")
        if kind == "e" and cell.get("vm", "0") != "0" and has_pictures:
            pictured.add((row, column))
        inline = _child(cell, "is")
        words = _struck_words(inline) if inline is not None else ""
        if kind == "s" and value is not None:
            words = struck_strings.get((value.text or "").strip(), "")
        if words:
            struck[row, column] = words
    return RichCells(frozenset(pictured), struck)


def _has_pictures(package: Package) -> bool:
    """Return whether the rich values of a workbook are pictures, or of no kind that it names."""
    kinds = "xl/richData/rdrichvaluestructure.xml"
    return not package.has(kinds) or b"_localImage" in package.part(kinds)


def _struck_strings(package: Package, strings: str) -> Iterator[tuple[str, str]]:
    root = package.tree(strings)
    for nth, item in enumerate(root if root is not None else ()):
        if words := _struck_words(item):
            yield str(nth), words


def _struck_words(item: Element) -> str:
    """Return the words of a text that are crossed out."""
    struck = []
    for run in item:
        properties = _child(run, "rPr") if local_name(run) == "r" else None
        if properties is not None and _is_set(properties, "strike"):
            struck.append(rich_text(run).strip())
    return " … ".join(word for word in struck if word)


# ---- the parts around the cells ---------------------------------------------------------

_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\b[^<>]*?\sref\s*=\s*["']([A-Z0-9:]+)["']""")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^<>]*)")
_ATTRIBUTE = re.compile(rb"""\b(min|max|width|hidden)\s*=\s*["']([^"']*)["']""")
_LINK = re.compile(rb"<(?:\w+:)?hyperlink\b([^<>]*)")
_LINK_ATTRIBUTE = re.compile(rb"""(\S*\b(?:ref|id|location))\s*=\s*["']([^"']*)["']""")


def merged_areas(content: SheetCells) -> Iterator[tuple[int, int, int, int]]:
    """Yield the merged cells of a sheet: first column (from 0) and row (from 1), and the last."""
    for ref in _MERGED.findall(content.tail):
        first, _, last = ref.decode().partition(":")
        try:
            yield *place_in(first), *place_in(last or first)
        except ValueError:
            continue


def hidden_columns(content: SheetCells, most: int) -> frozenset[int]:
    """Return the first ``most`` columns (from 0) of a sheet that are hidden or of no width."""
    spans = (range(first, min(end, most)) for first, end in _hidden_spans[content.head])
    return frozenset(chain.from_iterable(spans))


def _spans_in(head: bytes) -> Sequence[tuple[int, int]]:
    """Return the hidden columns (from 0, end exclusive) that the XML above the cells declares."""
    found = []
    for tag in _COLUMN.findall(head):
        own = {name: value.decode() for name, value in _ATTRIBUTE.findall(tag)}
        unseen = own.get(b"hidden") in ("1", "true") or float_or_zero(own.get(b"width", "1")) == 0
        if unseen and own.get(b"min", "").isdigit() and own.get(b"max", "").isdigit():
            found.append((int(own[b"min"]) - 1, int(own[b"max"])))
    return found


_hidden_spans = BoundedCache(_spans_in, 1 << 20)


def links(package: Package, sheet: str, content: SheetCells) -> Iterator[tuple[str, str]]:
    """Yield address and target of each link on a sheet that leads out of the workbook.

    Raises:
        UnreadableError: the part with the sheet's relationships is damaged.
    """
    tags = _LINK.findall(content.tail)
    if not tags:
        return
    targets = {link.id: link.target for link in package.relationships(sheet) if link.is_external}
    for tag in tags:
        own = {
            name.rpartition(b":")[2]: unescape(value.decode("utf-8", "replace"))
            for name, value in _LINK_ATTRIBUTE.findall(tag)
        }
        if (target := targets.get(own.get(b"id", ""))) is not None:
            yield own.get(b"ref", ""), target
