"""All that the program uses of XlsxWriter beyond its documented interface, in one place.

A later release may change any of these parts without notice. The test of this module uses
each of them; ``make test-xlsxwriter`` runs it on the oldest and the newest release allowed.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from html import escape
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.worksheet import CellFormulaTuple, Worksheet


class PlainWorksheet(Worksheet):  # type: ignore[misc]
    """A sheet whose texts and formulas are written unchanged.

    XlsxWriter searches each formula for functions newer than Excel 2010, which takes most of
    the time of writing it; our formulas have none.
    """

    def _write_string(self, row: int, col: int, string: str, *style: Format | None) -> int:
        return int(super()._write_string(row, col, without_markup(string), *style))

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")

    _other_first_page = False

    def number_from_second_page(self) -> None:
        """Leave header and footer out on the first page."""
        self._other_first_page = True

    def _write_header_footer(self) -> None:
        if not self._other_first_page:
            super()._write_header_footer()
            return
        self._xml_start_tag("headerFooter", [("differentFirst", 1)])
        self._write_odd_header()
        self._xml_end_tag("headerFooter")

    def outline_rows(self, depth: int) -> None:
        """Announce rows in an outline of some depth, each summary above its rows."""
        self.outline_settings(symbols_below=False)
        self.outline_row_level = depth

    def leave_filter_unnamed(self) -> None:
        """Leave out the hidden name of the filter's range, which only LibreOffice needs.

        LibreOffice counts folded rows in a named range as filtered, and has no sign to open them.
        """
        self.autofilter_area = ""

    def set_row(self, row: int, height: float | None = None, *options: Any) -> int:
        """Set the height of a row (from 0) in points, rounded to whole pixels.

        Later releases round it themselves; the oldest ones allowed do not.
        """
        rounded = None if height is None else pixels_of(height) * 0.75
        return int(super().set_row(row, rounded, *options))

    def write_formula(
        self, row: int, col: int, formula: str, cell_format: Format | None = None, value: Any = 0
    ) -> int:
        """Write a formula, with or without its equals sign (row and column from 0)."""
        if self._check_dimensions(row, col):
            return -1
        self.table[row][col] = CellFormulaTuple(self._prepare_formula(formula), cell_format, value)
        return 0


def pixels_of(points: float) -> int:
    """Return the pixels of a row height in points, at 96 pixels and 72 points an inch."""
    return int(points * 4 / 3 + 0.5)


def without_markup(text: str) -> str:
    """Return a text in the form that XlsxWriter writes as it is.

    XlsxWriter takes any text in ``<r>…</r>`` for a rich string of its own. Written as the one
    run of a rich string, it shows the same.
    """
    if text.startswith("<r>") and text.endswith("</r>"):
        return f'<r><t xml:space="preserve">{escape(text, quote=False)}</t></r>'
    return text


def style_number(style: Format) -> int:
    """Return the number by which cells refer to a format in the file."""
    return int(style._get_xf_index())


def shared_strings(workbook: Workbook) -> Mapping[str, int]:
    """Return the shared strings that were written so far, with their indexes."""
    return dict(workbook.str_table.string_table)


def shared_string_xml(text: str) -> str:
    """Return the ``<si>`` element of a text, to the byte as XlsxWriter writes it."""
    writer = SharedStrings()
    writer.fh = io.StringIO()
    writer._write_si(text)
    return str(writer.fh.getvalue())
