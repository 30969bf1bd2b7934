"""What was worked out for a piece of a file, for the next file that has the same piece."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_EACH = 100
"""Bytes that a piece takes besides its own."""
_MOST_OF_ALL = 8
"""Which part of the whole a piece may be at most."""


class Memory(dict[bytes, T]):
    """What a function makes of pieces: of those met lately, worked out once.

    Two generations are kept: where one is full, what nobody asked for since it began is
    forgotten. What is very long is not remembered at all, so that nobody's file can
    take more memory than that.
    """

    def __init__(self, work: Callable[[bytes], T], most: int) -> None:
        """Remember pieces of up to twice ``most`` bytes in all."""
        super().__init__()
        self._work, self._most, self._size = work, most, 0
        self._older: dict[bytes, T] = {}

    def __missing__(self, piece: bytes) -> T:
        """Remember it, or else work it out.

        Raises:
            Exception: whatever the function does.
        """
        older = self._older
        found = older[piece] if piece in older else self._work(piece)
        size = len(piece) + _EACH
        if size * _MOST_OF_ALL > self._most:
            return found
        if self._size + size > self._most:
            self._older, self._size = dict(self), 0
            self.clear()
        self._size += size
        self[piece] = found
        return found
