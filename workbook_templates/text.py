"""Text in the two languages of the tool, and the comparison of texts."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """A language of the tool; Vietnamese is the default everywhere."""

    VI = "vi"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in Vietnamese and English."""

    vi: str
    en: str

    def in_(self, language: Language) -> str:
        """Return the text in one language."""
        return self.vi if language is Language.VI else self.en

    def format(self, **values: object) -> Text:
        """Return the text with ``{placeholders}`` filled in; a Text fills in each language."""
        vi = {k: v.vi if isinstance(v, Text) else v for k, v in values.items()}
        en = {k: v.en if isinstance(v, Text) else v for k, v in values.items()}
        return Text(self.vi.format(**vi), self.en.format(**en))


# Characters a person cannot see but that a paste brings along.
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")


_CONTROLS = {
    code: f"\\u{code:04x}"
    for code in (*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
    if chr(code) not in "\t\n"
}
"""Characters that control a terminal or reverse text, also as JSON escapes them."""


_LINE_ENDS = {code: f"\\u{code:04x}" for code in (9, 10, 13, 0x85, 0x2028, 0x2029)}


# Bytes of a file name that are not UTF-8, as Python represents them (PEP 383).
_BYTES = re.compile("[\udc80-\udcff]+")


def with_names_readable(text: str) -> str:
    """Return text in which file names that are not UTF-8 are readable.

    Their bytes are read in the code page of a Vietnamese Windows, 1258.
    """
    if text.isascii() or _BYTES.search(text) is None:
        return text
    return unicodedata.normalize("NFC", _BYTES.sub(_in_code_page, text))


def _in_code_page(found: re.Match[str]) -> str:
    return os.fsencode(found[0]).decode("cp1258", "backslashreplace")


def printable(text: str) -> str:
    """Return text, or JSON, that a terminal only shows: control characters are spelt out.

    File names that are not UTF-8 are readable.
    """
    return with_names_readable(text).translate(_CONTROLS)


def one_line(text: str) -> str:
    """Return text that stays on its line: tabs and line ends are spelt out as well."""
    return printable(text).translate(_LINE_ENDS)


def normalise(text: str) -> str:
    """Return text for comparison: NFC, without invisible characters, whitespace folded."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    # Invisible characters, and all whitespace but the space, are not printable.
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    return " ".join(_INVISIBLE.sub("", text).split())


def fold(text: str) -> str:
    """Return text for comparison that also ignores case."""
    return normalise(text).casefold()


def ascii_fold(text: str) -> str:
    """Return text without diacritics, in lower case: for file names and tolerant look-ups."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
