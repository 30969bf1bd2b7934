"""What was worked out for a piece of a file, for the next file that has the same piece."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Memory(dict[bytes, T]):
    """What a function makes of pieces: of those met lately, worked out once.

    Two generations are kept: where one is full, what nobody asked for since it began is
    forgotten.
    """

    def __init__(self, work: Callable[[bytes], T], most: int) -> None:
        """Remember up to twice ``most`` pieces."""
        super().__init__()
        self._work, self._most = work, most
        self._older: dict[bytes, T] = {}

    def __missing__(self, piece: bytes) -> T:
        """Remember it, or else work it out.

        Raises:
            Exception: whatever the function does.
        """
        older = self._older
        found = older[piece] if piece in older else self._work(piece)
        if len(self) >= self._most:
            self._older = dict(self)
            self.clear()
        self[piece] = found
        return found
