"""Decode the text of a CSV file whose encoding nobody names.

Excel in Vietnam writes few encodings, which are tried in order: a byte order mark, zero bytes of
UTF-16, well-formed UTF-8, and then Windows-1258 if the text consists of Vietnamese letters. A
library that weighs the frequencies of letters (charset-normalizer was tried) takes short lists in
Windows-1258 for Big5 or Shift JIS, and reads text in TCVN3 as nonsense instead of refusing it.
"""

from __future__ import annotations

import codecs
import unicodedata

from workbook_templates.text import Text

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_SIGNS = frozenset("“”‘’–—…«»°§·•\u00a0")
_VOWELS = frozenset("aeiouyAEIOUY")
# Circumflex, breve, horn, and the five tones.
_DIACRITICS = frozenset("\u0302\u0306\u031b\u0300\u0309\u0303\u0301\u0323")


class DecodingError(Exception):
    """The error of bytes that are no text in a known encoding."""

    def __init__(self, text: Text) -> None:
        """Keep the problem."""
        self.text = text
        super().__init__(text.en)


def decode(content: bytes) -> tuple[str, str]:
    """Return the text of a file in NFC, and the name of its encoding.

    Raises:
        DecodingError: the bytes are no text, or in none of UTF-8, UTF-16 and Windows-1258.
    """
    text, encoding = _decoded(content)
    if "\0" in text:
        raise DecodingError(_NO_TEXT)
    return unicodedata.normalize("NFC", text), encoding


def _decoded(content: bytes) -> tuple[str, str]:
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(codec), name
            except UnicodeDecodeError:
                raise DecodingError(_DAMAGED.format(name=name)) from None
    codec = _utf_16_of(content)
    candidates = [(codec, "UTF-16")] if codec else [("utf-8", "UTF-8"), ("cp1258", "Windows-1258")]
    for codec, name in candidates:
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if name != "Windows-1258" or _is_vietnamese(unicodedata.normalize("NFC", text)):
            return text, name
    raise DecodingError(_UNKNOWN if b"\0" not in content else _NO_TEXT)


def _utf_16_of(content: bytes) -> str:
    """Return the codec of UTF-16 without a mark; empty for anything else.

    Separators, digits and line ends have a zero as one of their two bytes, always the same one.
    """
    even, odd = content[::2].count(0), content[1::2].count(0)
    if (
        not even + odd
        or max(even, odd) * 5 < len(content) // 2
        or min(even, odd) * 20 > max(even, odd)
    ):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_vietnamese(text: str) -> bool:
    """Return whether nine of ten characters beyond ASCII are Vietnamese letters or signs."""
    beyond = [c for c in text if not c.isascii()]
    strange = sum(c not in _SIGNS and not _is_letter(c) for c in set(beyond))
    return strange * 10 <= len(set(beyond))


def _is_letter(character: str) -> bool:
    if character in "đĐ":
        return True
    parts = unicodedata.normalize("NFD", character)
    return parts[0] in _VOWELS and len(parts) > 1 and _DIACRITICS.issuperset(parts[1:])


_SAVE = Text(
    "trong Excel hãy lưu dạng «CSV UTF-8», hoặc gửi tệp .xlsx",
    "in Excel save it as 'CSV UTF-8', or give an .xlsx file",
)
_NO_TEXT = Text("không phải tệp văn bản; " + _SAVE.vi, "is no text file; " + _SAVE.en)
_DAMAGED = Text(
    "đánh dấu là {name} nhưng bị hỏng; " + _SAVE.vi,
    "is marked as {name} but damaged; " + _SAVE.en,
)
_UNKNOWN = Text(
    "không phải văn bản UTF-8, UTF-16 hay Windows-1258 (có thể là TCVN3 hoặc VNI); " + _SAVE.vi,
    "is text in neither UTF-8, UTF-16 nor Windows-1258 (perhaps in TCVN3 or VNI); " + _SAVE.en,
)
