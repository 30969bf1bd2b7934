"""Marks of the tool's own values, by which the next merge distinguishes them from typed ones.

A mark is a short digest of a value and its context, such as the heading above it. The context
is independent of rows, columns and sheet names, because people sort, insert and rename.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from xlsxwriter.format import Format

from kdcl_xl.template.own_text import mark_of
from kdcl_xl.xlsx.xlsxwriter_private import PlainWorksheet
from macros_free_validation.values import Raw


class Recorded(PlainWorksheet):
    """A sheet that remembers its values and formulas by row and column (from 0)."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[tuple[int, int], str | float] = {}
        self.formulas: dict[tuple[int, int], str] = {}
        self._counts: set[float] = set()

    def write_counts(self, row: int, col: int, counts: Iterable[int | None], style: Format) -> None:
        """Write numbers side by side, of which thousands are on a sheet and few differ."""
        for column, count in enumerate(counts, start=col):
            if count is None:
                super().write_blank(row, column, None, style)
            else:
                super().write_number(row, column, count, style)
                self._counts.add(float(count))

    def write_string(self, row: int, col: int, text: str, style: Format | None = None) -> int:
        self._remember(row, col, text)
        return int(super().write_string(row, col, text, style))

    def write_number(self, row: int, col: int, number: float, style: Format | None = None) -> int:
        self._remember(row, col, number)
        return int(super().write_number(row, col, number, style))

    def write_boolean(self, row: int, col: int, value: bool, style: Format | None = None) -> int:
        self._remember(row, col, value)
        return int(super().write_boolean(row, col, value, style))

    def write_formula(
        self,
        row: int,
        col: int,
        formula: str,
        style: Format | None = None,
        value: str | float = 0,
    ) -> int:
        self._remember(row, col, value)
        self.formulas[row, col] = formula
        return int(super().write_formula(row, col, formula, style, value))

    def write_url(
        self,
        row: int,
        col: int,
        url: str,
        style: Format | None = None,
        text: str | None = None,
        tip: str | None = None,
    ) -> int:
        self._remember(row, col, text or url)
        return int(super().write_url(row, col, url, style, text, tip))

    def merge_range(
        self,
        first_row: int,
        first_col: int,
        last_row: int,
        last_col: int,
        text: str,
        style: Format | None = None,
    ) -> int:
        self._remember(first_row, first_col, text)
        return int(super().merge_range(first_row, first_col, last_row, last_col, text, style))

    def _remember(self, row: int, col: int, value: str | float) -> None:
        if value != "":
            self.values[row, col] = value if isinstance(value, str) else float(value)

    def marks_of_free(self, title: str) -> Iterator[str]:
        """Yield the marks of a sheet without a list; its title is the context."""
        rows: dict[int, dict[int, str | float]] = defaultdict(dict)
        for (row, column), value in self.values.items():
            rows[row][column] = value
            yield mark_of(value, title)
        yield from (mark_of(count, title) for count in self._counts)
        for (row, column), formula in self.formulas.items():
            yield formula_mark(formula, free_context(title, first_text(rows[row]), column))

    def marks_of_head(self, header_row: int) -> Iterator[str]:
        """Yield the marks of a list's headings and of the cells above them."""
        headings = {c: v for (row, c), v in self.values.items() if row == header_row}
        for (_, column), value in self.values.items():
            heading = str(headings.get(column, ""))
            if isinstance(value, str):
                yield mark_of(value)
            else:
                yield mark_of(value, total_of(heading))
        for (_, column), formula in self.formulas.items():
            yield formula_mark(formula, total_of(str(headings.get(column, ""))))


# References and blanks: a quoted or plain sheet name before "!", an address such as $AB$12.
_NAMES_OF_CELLS = re.compile(r"(?:'(?:[^']|'')*'|[\w.]+)!|\$?[A-Z]{1,3}\$?[0-9]+|\s")


def formula_mark(formula: str, context: str) -> str:
    """Return the mark of a formula in a context.

    The value of a formula follows typing and filters, so the formula itself is marked. Other
    functions or texts in it give another mark; other references do not.
    """
    shape = _NAMES_OF_CELLS.sub("", formula.removeprefix("="))
    return mark_of(shape, f"ƒ {context}")


def total_of(heading: str) -> str:
    """Return the context of the total above a list's column."""
    return f"∑ {heading}"


def free_context(title: str, label: str, column: int) -> str:
    """Return the context of a formula in a sheet without a list: its row's label, its column."""
    return f"{title}\n{label}\n{column}"


def first_text(row: Mapping[int, Raw]) -> str:
    """Return the label of a row: the first text in it."""
    return next((v for _, v in sorted(row.items()) if isinstance(v, str)), "")


class Marks:
    """The marks of a workbook, collected while it is written."""

    def __init__(self, marks: Iterable[str] = ()) -> None:
        """Begin with some marks."""
        self.all = set(marks)

    def under(self, heading: str) -> Callable[[Iterable[Raw]], None]:
        """Return a function that marks values under a heading; it skips most repeated values."""
        seen: set[Raw] = set()

        def mark(values: Iterable[Raw]) -> None:
            fresh = set(values) - seen - _NOTHING
            self.all.update(mark_of(value, heading) for value in fresh)
            if len(seen) > _MANY:
                seen.clear()
            seen.update(fresh)

        return mark

    def numbers(self, heading: str, count: int) -> None:
        """Mark the numbers from 1 to ``count`` under a heading."""
        self.all.update(mark_of(float(number), heading) for number in range(1, count + 1))


_NOTHING = frozenset((None, ""))


_MANY = 1 << 12
"""Values under a heading that are remembered as marked."""
