"""Cells of a workbook: raw values with their places, whatever program saved the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from kdcl_xl.xlsx.package import Package
from kdcl_xl.xlsx.sheet_xml import Found, find_cells, find_everywhere, formula_text, place_of
from kdcl_xl.xlsx.strings import Strings
from macros_free_validation.values import Raw


@dataclass(frozen=True)
class SheetCells:
    """The cells of one sheet that hold something.

    ``found`` are those within reach of any template; what lies beyond is only named,
    in ``far``.
    """

    found: Found = field(default_factory=Found)

    @property
    def rows(self) -> Mapping[int, Mapping[int, Raw]]:
        """Values by row (from 1) and column (from 0); results of formulas are not among them."""
        return self.found.values

    @property
    def far(self) -> tuple[str, ...]:
        """Addresses of filled cells that lie beyond any template."""
        return self.found.far

    @property
    def formulas(self) -> Mapping[bytes, bytes]:
        """The formulas by address, as :class:`kdcl_xl.sheet_xml.Formulas` has them."""
        return self.found.formulas.cells

    @cached_property
    def results(self) -> Mapping[int, Mapping[int, Raw]]:
        """What formulas came to when the file was saved, by row and column."""
        return self.found.results()

    @cached_property
    def last_row(self) -> int:
        """The last row with something in it; 0 where there is none."""
        return max(*self._formula_widths, *(n for n, row in self.rows.items() if row), 0, 0)

    def width(self, row: int) -> int:
        """Number of columns up to the last in a row that holds something."""
        width = max(self.rows.get(row, ()), default=-1) + 1
        return max(width, self._formula_widths.get(row, 0))

    @cached_property
    def _formula_widths(self) -> Mapping[int, int]:
        widths: dict[int, int] = {}
        for row, column in self.found.formulas.places:
            widths[row] = max(widths.get(row, 0), column + 1)
        return widths

    def get(self, row: int, column: int) -> Raw:
        """The raw value at a row (from 1) and a column (from 0)."""
        value = self.rows.get(row, _NOTHING).get(column)
        if value is None and self.has_formula(row, column):
            return self.results.get(row, _NOTHING).get(column)
        return value

    def has_formula(self, row: int, column: int) -> bool:
        """Whether a formula stands at a row (from 1) and a column (from 0)."""
        return (row, column) in self.found.formulas.places


_NOTHING: Mapping[int, Raw] = {}


def strings_of(package: Package) -> Strings:
    """The texts that the cells of a workbook share.

    Raises:
        UnreadableError: the workbook is damaged.
    """
    return Strings(package.part(package.strings), package.strings)


def read_sheets(
    package: Package, names: list[str], strings: Strings | None = None
) -> dict[str, SheetCells]:
    """Read the named sheets that the workbook has; the ``strings`` need not be read twice.

    Raises:
        UnreadableError: the workbook is damaged.
    """
    strings = strings or strings_of(package)
    return {
        name: SheetCells(
            find_cells(package.part(package.sheets[name]), package.sheets[name], strings)
        )
        for name in names
        if name in package.sheets
    }


Rows = dict[int, dict[int, Raw]]


@dataclass(frozen=True)
class WholeSheet:
    """Every filled cell of a sheet, wherever it stands, by row (from 1) and column (from 0).

    A formula counts by its result. ``formulas`` has their texts by address.
    """

    rows: Rows = field(default_factory=dict)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def values(self) -> Iterator[Raw]:
        """All values."""
        return (value for row in self.rows.values() for value in row.values())


def read_stretches(package: Package, name: str, strings: Strings) -> Iterator[WholeSheet]:
    """A sheet of any length from its beginning, some rows at a time.

    Raises:
        UnreadableError: it is damaged.
    """
    part = package.sheets[name]
    shared: dict[bytes, str] = {}
    for found in find_everywhere(package.pieces(part), part, strings):
        rows: Rows = {row: dict(cells) for row, cells in found.values.items()}
        for row, cells in found.results().items() if found.formulas.cells else ():
            rows[row] = dict(sorted({**rows.get(row, {}), **cells}.items()))
        formulas = {
            place_of(ref): formula_text(body, shared) for ref, body in found.formulas.cells.items()
        }
        yield WholeSheet(dict(sorted(rows.items())), formulas)


def read_whole(package: Package, name: str, strings: Strings) -> WholeSheet:
    """Read a sheet of any length.

    Raises:
        UnreadableError: it is damaged.
    """
    whole = WholeSheet()
    for stretch in read_stretches(package, name, strings):
        whole.rows.update(stretch.rows)
        whole.formulas.update(stretch.formulas)
    return whole
