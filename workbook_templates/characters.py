"""Characters that spreadsheet programs compare differently.

A decomposed letter equals the composed one in some programs and not in others; a
zero-width space counts as nothing, as a space, or as a letter. A text without such
characters gives the same answer in every program. Each character is one code unit of
UTF-16, so that every program finds it with SUBSTITUTE.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from workbook_templates.text import Text


@dataclass(frozen=True)
class Characters:
    """One kind of such characters, and its name in a message.

    ``codes`` lists code points and ranges of them, in hexadecimal, parted by spaces.
    """

    name: Text
    codes: str

    def __iter__(self) -> Iterator[str]:
        """Yield every character of the kind."""
        for part in self.codes.split():
            first, _, last = part.partition("-")
            yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))


DECOMPOSED = Characters(
    Text("chữ gõ bằng Unicode tổ hợp", "letters typed in decomposed Unicode"),
    "300-303 306 309 31B 323",
)
"""The accents of Vietnamese, each written after its letter, as some keyboards leave them."""

_OTHER_ACCENTS = "304 305 307 308 30A-30C 311 324-328 32D 32E 330 331 335-338 340-345"

_INVISIBLE = (
    "7F 81 85 8D 8F 90 9D AD 34F 1680 180E 2000-200F 2028-202F 205F-2064 2066-2069 3000 FE0F FEFF"
)
"""Soft hyphens, zero-width characters, direction marks, controls, and spaces of other widths."""

_LOOKALIKES = "DF 130 131 17F 1E9E 2126 212A 212B FB00-FB06 FF08-FF09 FF0D-FF0E FF10-FF19"
"""Letters with a case or a spelling of their own (ß, dotless i), ligatures, full-width forms."""

UNUSUAL = Characters(
    Text(
        "ký tự ẩn, khoảng trắng đặc biệt hoặc chữ lạ chép từ nơi khác",
        "invisible characters, unusual spaces or letters of another kind",
    ),
    f"{DECOMPOSED.codes} {_OTHER_ACCENTS} {_INVISIBLE} {_LOOKALIKES}",
)
"""Every such character."""


def _any_of(characters: Iterable[str]) -> Callable[[str], object]:
    """Return the search for any of some characters, which is quicker than a look at each."""
    return re.compile(f"[{''.join(map(re.escape, sorted(characters)))}]").search


_unusual = _any_of(UNUSUAL)


def is_plain(value: object) -> bool:
    """Return whether a value is no text, or a text that every program compares the same."""
    if type(value) is not str:
        return True
    if value.isascii():
        return "\x7f" not in value
    return _unusual(value) is None


# ---- characters that look the same ----------------------------------------------------------

_SAME_LOOK = {
    "Đ": "ÐƉ",
    "đ": "ðɖ",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d",
    "": "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f",
    "i": "\u0131",
    "'": "\u2018\u2019\u02bc\u00b4`",
    '"': "\u201c\u201d",
    "A": "\u0410\u0391",
    "B": "\u0412\u0392",
    "C": "\u0421",
    "E": "\u0415\u0395",
    "H": "\u041d\u0397",
    "K": "\u041a\u039a",
    "M": "\u041c\u039c",
    "O": "\u041e\u039f",
    "P": "\u0420\u03a1",
    "T": "\u0422\u03a4",
    "X": "\u0425\u03a7",
    "a": "\u0430",
    "c": "\u0441",
    "e": "\u0435",
    "o": "\u043e\u03bf",
    "p": "\u0440",
    "x": "\u0445",
}
"""Characters that look like another one, by the one that is meant: the confusable letters of
Unicode (UTS 39) that Vietnamese keyboards, Word and machine translation leave in texts."""
_MEANT = {ord(other): meant for meant, others in _SAME_LOOK.items() for other in others}


def meant_by_look(text: str) -> str:
    """Return the text that a person reads: composed, with the usual character for its doubles."""
    return " ".join(unicodedata.normalize("NFKC", text.translate(_MEANT)).split())


def looks_usual(text: str) -> bool:
    """Return whether a text has no character that only looks like the one that is meant."""
    return text.isascii() or _odd(text) is None


_DECOMPOSED = frozenset(DECOMPOSED)
_ODD = frozenset((*UNUSUAL, *map(chr, _MEANT)))
_odd = _any_of(_ODD)


def odd_characters(text: str) -> Text:
    """Return the characters of a text that only look like others, each with its code."""
    if _DECOMPOSED.issuperset(c for c in text if c in _ODD):
        return DECOMPOSED.name
    found: dict[str, None] = {}
    for character in text:
        code = f"U+{ord(character):04X}"
        if ord(character) in _MEANT:
            meant = _MEANT[ord(character)]
            found[f"«{character}» ({code}{f' ≠ «{meant}»' if meant.strip() else ''})"] = None
        elif unicodedata.combining(character) or unicodedata.normalize("NFKC", character) != (
            character
        ):
            found[f"{code}"] = None
    shown = ", ".join(list(found)[:_MOST_NAMED])
    return Text(f"ký tự {shown}", f"the characters {shown}")


_MOST_NAMED = 3
"""Characters that a message names."""
