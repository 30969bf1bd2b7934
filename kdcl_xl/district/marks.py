"""The marks of what is written, by which a later merge tells its own texts from typed ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kdcl_xl.marks import mark_of
from macros_free_validation.values import Raw


class Marks:
    """The marks of a workbook, collected while it is written."""

    def __init__(self, marks: Iterable[str] = ()) -> None:
        """Begin with some marks."""
        self.all = set(marks)

    def under(self, heading: str) -> Callable[[Iterable[Raw]], None]:
        """What takes in the values under a heading; most of them stand there again and again."""
        seen: set[Raw] = set()

        def mark(values: Iterable[Raw]) -> None:
            fresh = set(values) - seen - _NOTHING
            self.all.update(mark_of(value, heading) for value in fresh)
            if len(seen) > _MANY:
                seen.clear()
            seen.update(fresh)

        return mark

    def numbers(self, heading: str, count: int) -> None:
        """Take in the numbers from 1 that stand under a heading."""
        self.all.update(mark_of(float(number), heading) for number in range(1, count + 1))


_NOTHING = frozenset((None, ""))
_MANY = 1 << 12
"""Values under a heading that are remembered as marked."""
