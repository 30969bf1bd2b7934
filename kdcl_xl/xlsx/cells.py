"""The cells of one sheet: values, formulas, results, protection and validations."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape

from kdcl_xl.xlsx.formulas import NO_FORMULAS, Formulas
from kdcl_xl.xlsx.odd_cells import OddCell
from macros_free_validation.values import Raw

Values = Mapping[int, Mapping[int, Raw]]
"""Raw values by row (from 1) and column (from 0)."""
Wanted = tuple[int, Collection[int]] | None
"""A column (from 0) and rows (from 1) whose results are wanted; None for all results."""
Styles = Mapping[int, Mapping[int, str]]
"""Numbers of cell styles (indices of ``cellXfs``) by row (from 1) and column (from 0)."""

_PROTECTED = re.compile(rb"""<(?:\w+:)?sheetProtection\b[^<>]*?\ssheet\s*=\s*["'](?:1|true)["']""")
_NO_ROW: Mapping[int, Raw] = {}


@dataclass(frozen=True)
class SheetCells:
    """The filled cells of one sheet, or of some rows of a long one.

    ``values`` are those of cells without a formula. ``far`` has the contents of the first
    filled cells beyond the reach of any template by their addresses, ``far_count`` is the
    number of all of them. ``head`` is the XML above the cells, ``tail`` the XML below them,
    without comments. ``hidden_rows`` are the rows (from 1) that nobody sees.
    ``has_rich_cells`` is true where a cell holds more than its value: a picture, or runs of text.
    ``odd`` are the cells without a single meaning.
    """

    values: Values = field(default_factory=dict)
    formulas: Formulas = NO_FORMULAS
    far: Mapping[str, Raw] = field(default_factory=dict)
    far_count: int = 0
    read_results: Callable[[Wanted], Values] = lambda _: {}
    head: bytes = b""
    tail: bytes = b""
    hidden_rows: frozenset[int] = frozenset()
    has_rich_cells: bool = False
    read_styles: Callable[[], Styles] = dict
    odd: tuple[OddCell, ...] = ()

    @cached_property
    def styles(self) -> Styles:
        """The styles of the cells in ``values``, but for style 0; few callers ask for them."""
        return self.read_styles()

    @cached_property
    def results(self) -> Values:
        """The results of the formulas when the file was saved.

        Most callers compute them anew, so that they are read only on demand.

        One without a single meaning is left out.
        """
        return self.read_results(None)

    def results_of(self, column: int, rows: Collection[int]) -> Values:
        """Return the results of a column (from 0) in some rows (from 1), perhaps with others."""
        return self.read_results((column, rows))

    @cached_property
    def contents(self) -> Values:
        """Values and results of formulas together, in the order of rows and columns."""
        rows = {row: dict(cells) for row, cells in self.values.items()}
        for row, cells in self.results.items() if self.formulas.cells else ():
            rows[row] = dict(sorted({**rows.get(row, {}), **cells}.items()))
        return dict(sorted(rows.items()))

    @cached_property
    def last_row(self) -> int:
        """The last row with a filled cell; 0 if there is none."""
        return max(*self._formula_widths, *(n for n, row in self.values.items() if row), 0, 0)

    def width(self, row: int) -> int:
        """Return the number of columns up to the last filled cell of a row."""
        width = max(self.values.get(row, ()), default=-1) + 1
        return max(width, self._formula_widths.get(row, 0))

    @cached_property
    def _formula_widths(self) -> Mapping[int, int]:
        widths: dict[int, int] = {}
        for row, column in self.formulas.places:
            widths[row] = max(widths.get(row, 0), column + 1)
        return widths

    def get(self, row: int, column: int) -> Raw:
        """Return the value or the formula's result at a row (from 1) and a column (from 0)."""
        value = self.values.get(row, _NO_ROW).get(column)
        if value is None and self.has_formula(row, column):
            return self.results.get(row, _NO_ROW).get(column)
        return value

    def has_formula(self, row: int, column: int) -> bool:
        """Return whether the cell at a row (from 1) and a column (from 0) has a formula."""
        return (row, column) in self.formulas.places

    @property
    def is_protected(self) -> bool:
        """True if the sheet is protected, with a password or without."""
        return _PROTECTED.search(self.tail) is not None


@dataclass(frozen=True, slots=True)
class Validation:
    """A data validation (ECMA-376 part 1, 18.3.1.33); ``areas`` is its ``sqref``.

    One that does not ``refuse`` other values only offers a list, or shows a prompt.
    """

    kind: str
    operator: str
    areas: str
    formula1: str
    formula2: str
    refuses: bool


_VALIDATION = re.compile(rb"<(/?)(?:\w+:)?dataValidation(?=[\s/>])([^<>]*)>")
_ATTRIBUTE = re.compile(rb"""\b(type|operator|sqref|showErrorMessage)\s*=\s*["']([^"']*)["']""")
# Excel moves a list on another sheet to an extension, where `sqref` is an element and each
# formula lies in an `f` element of its own.
_BOUND = re.compile(rb"<(?:\w+:)?(formula1|formula2|sqref)>\s*(?:<(?:\w+:)?f>)?\s*([^<]*)")


def validations_in(tail: bytes) -> Iterator[Validation]:
    """Yield the data validations in the XML below a sheet's cells, extensions included."""
    tags = list(_VALIDATION.finditer(tail))
    for nth, tag in enumerate(tags):
        if tag[1]:
            continue
        end = tags[nth + 1].start() if nth + 1 < len(tags) else tag.end()
        inner = b"" if tag[2].endswith(b"/") else tail[tag.end() : end]
        found = {name: value.decode() for name, value in _ATTRIBUTE.findall(tag[2])}
        found |= {
            name: unescape(value.decode("utf-8", "replace"))
            for name, value in _BOUND.findall(inner)
        }
        yield Validation(
            found.get(b"type", ""),
            found.get(b"operator", "between"),  # the standard's default
            found.get(b"sqref", ""),
            found.get(b"formula1", ""),
            found.get(b"formula2", ""),
            found.get(b"showErrorMessage", "0") in ("1", "true"),
        )
