"""Vietnamese in fonts from before Unicode: TCVN3 (ABC) and VNI, known by font or by letters.

Such fonts show Vietnamese letters in the places of others: ``®`` is «đ» in ``.VnTime``. No kept
library in pure Python converts them, so that the two tables are here. TCVN 5712:1993 (VN3) has
the first; the second is that of VNI's own fonts, a letter and its accent each a character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Encoding(StrEnum):
    """An encoding from before Unicode; the value is its name for people."""

    TCVN3 = "TCVN3 (ABC)"
    TCVN3_CAPITALS = "TCVN3 (ABC), phông chữ hoa"
    VNI = "VNI"

    def decoded(self, text: str) -> str:
        """Return a text in Unicode."""
        if self is Encoding.VNI:
            return _VNI_LETTER.sub(lambda found: _VNI[found[0]], text)
        plain = text.translate(_TCVN3)
        return plain.upper() if self is Encoding.TCVN3_CAPITALS else plain


def encoding_of_font(font: str) -> Encoding | None:
    """Return the encoding of a font by its name; None for a font of Unicode."""
    name = font.strip().lower()
    if name.startswith(".vn"):
        return Encoding.TCVN3_CAPITALS if name.endswith("h") else Encoding.TCVN3
    if name.startswith(("vni-", "vni ")):
        return Encoding.VNI
    return None


_TCVN3_LETTERS = (
    ("¡", "ĂÂÊÔƠƯĐăâêôơưđ"),
    ("µ", "àảãáạ"),
    ("»", "ằẳẵắ"),
    ("Æ", "ặầẩẫấậè"),
    ("Î", "ẻẽéẹềểễếệìỉ"),
    ("Ü", "ĩíịò"),
    ("á", "ỏõóọồổỗốộờởỡớợù"),
    ("ñ", "ủũúụừửữứựỳỷỹýỵ"),
)
"""The first of successive code points, and the letters that they mean."""
_TCVN3: Mapping[int, str] = {
    ord(first) + nth: letter
    for first, letters in _TCVN3_LETTERS
    for nth, letter in enumerate(letters)
}

_ACCENTS = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_OVER_CIRCUMFLEX = {"á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_OVER_BREVE = {"é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_WHOLE = {"í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ", "ô": "ơ", "ö": "ư"}


def _vni() -> dict[str, str]:
    found = dict(_WHOLE)
    for letter, meant in (*((c, c) for c in "aeouy"), ("ô", "ơ"), ("ö", "ư")):
        found |= {letter + sign: meant + accent for sign, accent in _ACCENTS.items()}
    for letter in "aeo":
        found[f"{letter}â"] = f"{letter}\u0302"
        for sign, accent in _OVER_CIRCUMFLEX.items():
            found[letter + sign] = f"{letter}\u0302{accent}"
    found["aê"] = "a\u0306"
    found |= {f"a{sign}": f"a\u0306{accent}" for sign, accent in _OVER_BREVE.items()}
    lower = {key: unicodedata.normalize("NFC", value) for key, value in found.items()}
    mixed = {key[0].upper() + key[1:]: value.upper() for key, value in lower.items()}
    upper = {key.upper(): value.upper() for key, value in lower.items()}
    return {**lower, **mixed, **upper}


_VNI = _vni()
_VNI_LETTER = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


# ---- texts whose font nobody knows -----------------------------------------------------------

_LETTERS = frozenset("àáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ")
"""The Vietnamese letters that old encodings use for others: they prove nothing by themselves."""
_QUOTES = frozenset("«»°±²³·§©®™–—‘’“”…\u00a0")
"""Signs that people type on purpose, beside words in any encoding."""
_SIGN_IN_WORD = re.compile("[§®©](?=[a-z\u00c0-\u00ff])")
"""Signs that begin a word only where they mean a letter: § is Đ and ® is đ in TCVN3."""
_FEWEST_STRANGE = 2
_SHORTEST = 5
"""Letters of a text that is long enough to show in which encoding it is."""
_STRANGE_VNI = frozenset("åäöïûøñëüæîÅÄÖÏÛØÑËÜÆÎ")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text that was probably typed in another encoding: its name, and the text in Unicode."""

    encoding: str
    text: str


def guess(text: str) -> Decoded | None:
    """Return a text in Unicode where its letters only make sense in another encoding.

    None for a text that has letters of Vietnamese in Unicode, or too few signs of another one.
    """
    # Nearly every text has such a letter among its first ones.
    if len(text) < _SHORTEST or text.isascii() or _UNICODE_LETTER.search(text):
        return None
    beyond = [c for c in text if not c.isascii()]
    if sum(c.isascii() and c.isalpha() for c in text) * 3 < len(beyond):
        return None
    mended = _read_as_utf_8(text)
    if mended is not None:
        return Decoded("UTF-8", mended)
    if _is_vni(text, beyond):
        return _sensible(Encoding.VNI, text)
    strange = [c for c in beyond if c not in _LETTERS and c not in _QUOTES]
    strange += _SIGN_IN_WORD.findall(text)
    if len(strange) >= _FEWEST_STRANGE and all(ord(c) in _TCVN3 or c in _QUOTES for c in beyond):
        return _sensible(Encoding.TCVN3, text)
    return None


def _is_vni(text: str, beyond: Sequence[str]) -> bool:
    known = {c for letter in _VNI for c in letter} | _QUOTES
    pairs = [letter for letter in _VNI_LETTER.findall(text) if len(letter) > 1]
    strange = sum(c in _STRANGE_VNI for c in beyond)
    return bool(pairs) and strange >= 1 and len(beyond) > 1 and all(c in known for c in beyond)


def _sensible(encoding: Encoding, text: str) -> Decoded | None:
    """Return the decoded text if its words can be Vietnamese by their letters."""
    decoded = encoding.decoded(text)
    words = [w for w in re.findall(r"[^\W\d_]+", decoded) if not w.isascii()]
    good = sum(_SYLLABLE.fullmatch(_bare(word)) is not None for word in words)
    return Decoded(encoding.value, decoded) if words and good * 4 >= len(words) * 3 else None


def _bare(word: str) -> str:
    """Return a word in lower case without tone and diacritics."""
    parts = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    return "".join(c for c in parts if not unicodedata.combining(c))


_SYLLABLE = re.compile(
    "(?:ngh?|gh|gi|kh|ch|nh|ph|qu|th|tr|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?"
)
"""A syllable of Vietnamese without its marks: onset, vowels, coda."""
_UNICODE_ONLY = frozenset(
    c
    for c in map(chr, (*range(0x102, 0x1B1), *range(0x1EA0, 0x1EFA)))
    if c in "ĂăĐđĨĩŨũƠơƯư" or ord(c) >= 0x1EA0
)
"""Letters of Vietnamese that only Unicode has: no old encoding shows them."""
_UNICODE_LETTER = re.compile(f"[{''.join(sorted(_UNICODE_ONLY))}]")


def _read_as_utf_8(text: str) -> str | None:
    """Return a text that was kept in UTF-8 and read as Windows-1252, otherwise None."""
    try:
        data = b"".join(map(_byte_of, text))
        found = data.decode("utf-8")
    except (UnicodeError, KeyError):
        return None
    is_vietnamese = any(c in _UNICODE_ONLY or c in _LETTERS for c in found)
    return found if len(found) < len(text) and is_vietnamese else None


def _byte_of(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")
