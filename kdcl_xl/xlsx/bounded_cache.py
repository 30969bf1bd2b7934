"""A cache of function results, bounded by bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_OVERHEAD = 100
"""Bytes that an entry takes besides its key."""
_LARGEST_SHARE = 8
"""An entry larger than one such part of a generation is not kept."""


class BoundedCache(dict[bytes, T]):
    """The results of a function of bytes, kept in two generations of bounded size.

    When the current generation is full, it becomes the older one, and the results that
    nobody asked for since the older one began are dropped. Very long keys are never kept,
    so that no single file can fill the memory.
    """

    def __init__(self, compute: Callable[[bytes], T], most: int) -> None:
        """Cache a function's results for keys of up to twice ``most`` bytes in all."""
        super().__init__()
        self._compute, self._most, self._size = compute, most, 0
        self._older: dict[bytes, T] = {}

    # A subclass of dict: a hit costs no call of Python code, only a miss comes here.
    def __missing__(self, key: bytes) -> T:
        """Return the result from the older generation, or compute it.

        Raises:
            Exception: whatever the function raises.
        """
        return self.under(key, key, _nothing)

    def under(self, key: bytes, of: bytes, size: Callable[[T], int]) -> T:
        """Return the function's result for some bytes, kept under a shorter key.

        ``size`` gives the bytes that the result itself takes.

        Raises:
            Exception: whatever the function raises.
        """
        if key in self:
            return self[key]
        older = self._older
        found = older[key] if key in older else self._compute(of)
        taken = len(key) + size(found) + _OVERHEAD
        if taken * _LARGEST_SHARE > self._most:
            return found
        if self._size + taken > self._most:
            self._older, self._size = dict(self), 0
            self.clear()
        self._size += taken
        self[key] = found
        return found


def _nothing(_result: object) -> int:
    return 0
