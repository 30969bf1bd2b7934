"""The numbers that Word puts before paragraphs of lists (ECMA-376-1, 17.9)."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DEEPEST = 9
_LONGEST = 40
"""Characters of a label; a longer pattern is no label of a list."""
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    pattern: str
    start: int


@dataclass
class Numbering:
    """The lists of a document, and how far each has been counted."""

    _levels: dict[str, dict[int, _Level]]
    _of_style: dict[str, tuple[str, int]]
    _counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def label(self, paragraph: Element) -> str:
        """Return the label of the next paragraph; empty where it is in no list."""
        found = self._list_of(paragraph)
        if found is None:
            return ""
        number, depth = found
        levels = self._levels.get(number)
        if not levels or depth not in levels:
            return ""
        counts = self._counts[number]
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        if levels[depth].format == "bullet":  # a sign of a symbol font, which says nothing
            return ""
        return re.sub(
            r"%(\d)", lambda m: _shown(levels, counts, int(m[1]) - 1), _cut(levels[depth])
        )

    def _list_of(self, paragraph: Element) -> tuple[str, int] | None:
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return None
        own = properties.find(f"{W}numPr")
        style = properties.find(f"{W}pStyle")
        inherited = self._of_style.get(style.get(f"{W}val", "")) if style is not None else None
        if own is None:
            return inherited
        number = value_of(own, "numId") or (inherited[0] if inherited else "")
        return (number, _whole(value_of(own, "ilvl"), 0)) if number not in ("", "0") else None


def _cut(level: _Level) -> str:
    return level.pattern[:_LONGEST]


def _shown(levels: dict[int, _Level], counts: dict[int, int], depth: int) -> str:
    level = levels.get(depth)
    if level is None:
        return ""
    return _in_format(counts.get(depth, level.start), level.format)


def _in_format(count: int, form: str) -> str:
    if not 0 < count < _MOST_COUNTED or form == "none":
        return "" if form == "none" else str(count)
    match form:
        case "upperRoman":
            return _roman(count).upper()
        case "lowerRoman":
            return _roman(count)
        case "upperLetter":
            return _letter(count).upper()
        case "lowerLetter":
            return _letter(count)
        case "decimalZero":
            return f"{count:02d}"
        case _:
            return str(count)


def _roman(count: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        text += sign * (count // value)
        count %= value
    return text


def _letter(count: int) -> str:
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 % 5 + 1)


def value_of(parent: Element, name: str) -> str:
    """Return the value of a child element; an empty text where there is none."""
    child = parent.find(f"{W}{name}")
    return child.get(f"{W}val", "") if child is not None else ""


def _whole(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else default


def read_numbering(numbering: Element | None, styles: Element | None) -> Numbering:
    """Return the lists that a document declares."""
    levels: dict[str, dict[int, _Level]] = {}
    if numbering is not None:
        abstract = {
            element.get(f"{W}abstractNumId", ""): _levels(element)
            for element in numbering.iter(f"{W}abstractNum")
        }
        for element in numbering.iter(f"{W}num"):
            own = dict(abstract.get(value_of(element, "abstractNumId"), {}))
            for override in element.iter(f"{W}lvlOverride"):
                own |= _levels(override)
                depth = _whole(override.get(f"{W}ilvl", ""), 0)
                start = value_of(override, "startOverride")
                if start and depth in own:
                    was = own[depth]
                    own[depth] = _Level(was.format, was.pattern, _whole(start, was.start))
            levels[element.get(f"{W}numId", "")] = own
    return Numbering(levels, _lists_of_styles(styles))


def _levels(parent: Element) -> dict[int, _Level]:
    return {
        depth: _Level(
            value_of(level, "numFmt") or "decimal",
            value_of(level, "lvlText"),
            _whole(value_of(level, "start"), 1),
        )
        for level in parent.iter(f"{W}lvl")
        if (depth := _whole(level.get(f"{W}ilvl", ""), 0)) < _DEEPEST
    }


def _lists_of_styles(styles: Element | None) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for style in styles.iter(f"{W}style") if styles is not None else ():
        own = style.find(f"{W}pPr/{W}numPr")
        if own is not None and (number := value_of(own, "numId")) not in ("", "0"):
            depth = _whole(value_of(own, "ilvl"), 0)
            found[style.get(f"{W}styleId", "")] = (number, depth)
    return found
