"""Vietnamese in fonts from before Unicode: TCVN3 (ABC) and VNI, distinguished by the font's name.

Such fonts show Vietnamese letters in the places of others: ``®`` is «đ» in ``.VnTime``. No kept
library in pure Python converts them, so that the two tables are here. TCVN 5712:1993 (VN3) has
the first; the second is that of VNI's own fonts, a letter and its accent each a character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
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
