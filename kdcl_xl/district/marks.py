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

    def under(self, heading: str) -> Callable[[Raw], None]:
        """What takes in the values under a heading, each once."""
        seen: set[Raw] = set()

        def mark(value: Raw) -> None:
            if value is not None and value != "" and value not in seen:
                seen.add(value)
                self.all.add(mark_of(value, heading))

        return mark

    def numbers(self, heading: str, count: int) -> None:
        """Take in the numbers from 1 that stand under a heading."""
        self.all.update(mark_of(float(number), heading) for number in range(1, count + 1))
