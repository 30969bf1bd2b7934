"""A sheet that remembers what was written in it, and the marks by which it is known again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from xlsxwriter.format import Format

from kdcl_xl.book import Sheet
from kdcl_xl.district.archive import first_text, formula_mark, free_context, total_of
from kdcl_xl.marks import mark_of


class Recorded(Sheet):
    """A sheet that remembers its values and formulas by row and column (from 0)."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[tuple[int, int], str | float] = {}
        self.formulas: dict[tuple[int, int], str] = {}

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
        """The marks of a sheet without list, known by its title."""
        rows: dict[int, dict[int, str | float]] = defaultdict(dict)
        for (row, column), value in self.values.items():
            rows[row][column] = value
            yield mark_of(value, title)
        for (row, column), formula in self.formulas.items():
            yield formula_mark(formula, free_context(title, first_text(rows[row]), column))

    def marks_of_head(self, header_row: int) -> Iterator[str]:
        """The marks of a list's headings and of what stands above them."""
        headings = {c: v for (row, c), v in self.values.items() if row == header_row}
        for (_, column), value in self.values.items():
            heading = str(headings.get(column, ""))
            if isinstance(value, str):
                yield mark_of(value)
            else:
                yield mark_of(value, total_of(heading))
        for (_, column), formula in self.formulas.items():
            yield formula_mark(formula, total_of(str(headings.get(column, ""))))
