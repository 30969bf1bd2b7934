"""Characters that spreadsheet programs compare differently.

A decomposed letter equals the composed one in some programs and not in others; a
zero-width space counts as nothing, as a space, or as a letter. A text without such
characters gives the same answer in every program. Each character is one code unit of
UTF-16, so that every program finds it with SUBSTITUTE.
"""

from __future__ import annotations

from collections.abc import Iterator
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

_SIGNS = frozenset(UNUSUAL)


def is_plain(value: object) -> bool:
    """Return whether a value is no text, or a text that every program compares the same."""
    if type(value) is not str:
        return True
    if value.isascii():
        return "\x7f" not in value
    return _SIGNS.isdisjoint(value)
