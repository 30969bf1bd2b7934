"""A keyboard that has a key for every Vietnamese letter.

An input method puts letters together from several keys; a test presses one key a letter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_VOWELS = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
_SIGNS = (("«", "»"), ("–", "…"))
_FREE_CODES = (*range(147, 203), *range(208, 235))
"""Key codes that the X server names and an American keyboard does not have."""


def letters() -> Iterator[str]:
    """Yield the small letters that the American keyboard lacks, composed (NFC)."""
    yield "đ"
    for vowel in _VOWELS:
        for tone in _TONES:
            letter = unicodedata.normalize("NFC", vowel + tone)
            if not letter.isascii():
                yield letter


def added_keys() -> Iterator[tuple[str, str]]:
    """Yield what each added key types: alone, and with Shift."""
    yield from ((letter, letter.upper()) for letter in letters())
    yield from _SIGNS


def keymap() -> str:
    """Return the keyboard in the language of ``xkbcomp``: American keys, and the added ones."""
    added = "\n".join(
        f"key <I{code}> {{ [ U{ord(plain):04X}, U{ord(shifted):04X} ] }};"
        for code, (plain, shifted) in zip(_FREE_CODES, added_keys(), strict=False)
    )
    return (
        "xkb_keymap {\n"
        'xkb_keycodes { include "evdev+aliases(qwerty)" };\n'
        'xkb_types { include "complete" };\n'
        'xkb_compat { include "complete" };\n'
        f'xkb_symbols {{ include "pc+us"\n{added}\n}};\n'
        "};\n"
    )


def can_type(text: str) -> bool:
    """Return whether each character of the text has a key."""
    added = {character for key in added_keys() for character in key}
    return all(c in added or c == "\n" or " " <= c <= "~" for c in text)
