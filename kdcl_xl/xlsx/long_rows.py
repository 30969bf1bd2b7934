"""Write the rows of a long list directly as a sheet's XML, kept on disk.

XlsxWriter keeps every cell until the end and takes 4.5 times as long. It still writes the
head of the sheet, the formats and everything below the rows. A cell is written as
:func:`kdcl_xl.xlsx.writer.write_value` would write it, except that texts are inline strings
and not shared ones. Rows are written column by column, so that the type of a whole column
is tested once.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from html import escape
from itertools import chain, repeat
from typing import IO

from kdcl_xl.xlsx.packed_rows import PackedRows
from macros_free_validation.values import CellError, Raw
from workbook_templates.layout import letter_of

LONGEST_TEXT = 32_767
"""Characters in a cell at most (Excel's limit)."""
ERRORS = frozenset(("#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"))
"""Error values that every program knows; any other code is written as text."""
_SUSPECT = re.compile(r"[&<>_\x00-\x08\x0b-\x1f\ufffe\uffff]")
"""Characters that may have to be escaped; most texts have none."""
_TO_ESCAPE = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_TO_CODE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True)
class Formula:
    """The formula of a cell, without ``=``.

    ``share`` is the number of a formula that all rows of a column share; only the first row
    has its text. ``style`` is the number of a cell format other than the column's.
    """

    text: str
    share: int | None = None
    style: int | None = None


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a column from top to bottom: values, and formulas if there are any."""

    values: Sequence[Raw]
    formulas: Sequence[Formula | None] = ()


@dataclass
class Rows:
    """The streamed rows of one sheet, in order, below those that XlsxWriter writes.

    ``styles`` has the number of each column's cell format. ``last_row`` is the last row
    written (from 1). ``packed`` are the rows compressed, once all are written.
    """

    styles: Sequence[int]
    last_row: int = 0
    file: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    packed: Future[PackedRows] | None = None
    _letters: Sequence[str] = ()
    _shared: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Compute the letters of the columns."""
        self._letters = [letter_of(index) for index in range(len(self.styles))]

    def add(self, row: int, values: Sequence[Raw]) -> None:
        """Write a row (from 1); missing values at its end are left out."""
        own = zip(self._letters, self.styles, values, strict=False)
        cells = [_cell(f"{letter}{row}", style, value) for letter, style, value in own]
        self.file.write(f'<row r="{row}">{"".join(cells)}</row>'.encode())
        self.last_row = row

    def add_columns(
        self,
        first: int,
        columns: Sequence[Cells],
        heights: Sequence[float | None],
        last_row: int = 0,
        outline: Sequence[str] = (),
    ) -> None:
        """Write rows from the ``first`` (from 1) on, each with its height in points.

        ``last_row`` is the last row of the columns' shared formulas. ``outline`` has further
        attributes of each row (:func:`outline_of`).
        """
        numbers = [str(first + nth) for nth in range(len(heights))]
        heads = [
            f'<row r="{number}" ht="{height:g}">' if height else f'<row r="{number}">'
            for number, height in zip(numbers, heights, strict=True)
        ]
        if outline:
            heads = [head[:-1] + more + ">" for head, more in zip(heads, outline, strict=True)]
        written = [
            self._column(index, numbers, cells, last_row) for index, cells in enumerate(columns)
        ]
        rows = zip(heads, *written, repeat("</row>"))
        self.file.write("".join(chain.from_iterable(rows)).encode())
        self.last_row = first + len(heights) - 1

    def mark_below(self, row: int) -> None:
        """Write an empty row (from 1) with the mark of the folded rows above it."""
        self.file.write(f'<row r="{row}" collapsed="1"/>'.encode())

    def _column(
        self, index: int, numbers: Sequence[str], cells: Cells, last_row: int
    ) -> Sequence[str]:
        letter, style = self._letters[index], self.styles[index]
        if not cells.formulas:
            return _plain_cells(letter, numbers, style, cells.values)
        written = []
        for number, value, formula in zip(numbers, cells.values, cells.formulas, strict=True):
            ref = letter + number
            if formula is None:
                written.append(_cell(ref, style, value))
            else:
                own = style if formula.style is None else formula.style
                text = self._formula(letter, index, int(number), formula, last_row)
                written.append(formula_cell(ref, own, text, value))
        return written

    def _formula(self, letter: str, index: int, row: int, formula: Formula, last_row: int) -> str:
        text = escape(formula.text, quote=False)
        if formula.share is None:
            return f"<f>{text}</f>"
        if index in self._shared:
            return f'<f t="shared" si="{self._shared[index]}"/>'
        self._shared[index] = formula.share
        area = f"{letter}{row}:{letter}{last_row}"
        return f'<f t="shared" ref="{area}" si="{formula.share}">{text}</f>'


FOLDED = 2
"""The depth in an outline of the rows that are folded when the file is opened."""


def outline_of(before: int, level: int, following: int) -> str:
    """Return a row's attributes for its depth in an outline; the summary is above its rows.

    ``before`` and ``following`` are the depths of the rows above and below.
    """
    written = f' outlineLevel="{level}"' if level else ""
    if level >= FOLDED:
        return written + ' hidden="1"'
    # Excel has the mark of folded rows on the row above them, LibreOffice on the row below.
    return written + (' collapsed="1"' if max(before, following) >= FOLDED else "")


def _plain_cells(
    letter: str, numbers: Sequence[str], style: int, values: Sequence[Raw]
) -> list[str]:
    """Return the XML of a column's cells without formulas."""
    head, blank = f'<c r="{letter}', f'" s="{style}"/>'
    kinds = {*map(type, values)} - {type(None)}
    if not kinds:
        return [head + number + blank for number in numbers]
    if kinds == {str}:
        texts = xml_of_all(values)  # type: ignore[arg-type]
        begin, end = f'" s="{style}"{_TEXT}', _TEXT_END
        return [
            f"{head}{number}{begin}{text}{end}" if text else head + number + blank
            for number, text in zip(numbers, texts, strict=True)
        ]
    own = zip(numbers, values, strict=True)
    if kinds == {float} and all(map(math.isfinite, filter(None, values))):  # type: ignore[arg-type]
        begin = f'" s="{style}"><v>'
        return [
            head + number + (blank if value is None else f"{begin}{value:.16G}</v></c>")
            for number, value in own
        ]
    return [_cell(letter + number, style, value) for number, value in own]


_TEXT, _TEXT_END = ' t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"


def _cell(ref: str, style: int, value: Raw) -> str:
    if value is None or value == "":
        return f'<c r="{ref}" s="{style}"/>'
    if type(value) is float and math.isfinite(value):
        return f'<c r="{ref}" s="{style}"><v>{value:.16G}</v></c>'
    if type(value) is str:
        return f'<c r="{ref}" s="{style}"{_TEXT}{xml_of(value)}{_TEXT_END}'
    return _other_cell(ref, style, value)


def formula_cell(ref: str, style: int, formula: str, value: Raw) -> str:
    """Return the XML of a cell with a formula's element and its cached value."""
    head = f'<c r="{ref}" s="{style}"'
    if value is None or value == "":
        return f"{head}>{formula}<v></v></c>"
    if isinstance(value, bool):
        return f'{head} t="b">{formula}<v>{value:d}</v></c>'
    if isinstance(value, str):
        return f'{head} t="str">{formula}<v>{xml_of(value)}</v></c>'
    if isinstance(value, CellError):
        return f'{head} t="e">{formula}<v>{escape(value.code)}</v></c>'
    return f"{head}>{formula}<v>{value:.16G}</v></c>"


def _other_cell(ref: str, style: int, value: Raw) -> str:
    if isinstance(value, bool):
        return f'<c r="{ref}" s="{style}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, CellError) and value.code in ERRORS:
        return f'<c r="{ref}" s="{style}" t="e"><v>{escape(value.code)}</v></c>'
    if isinstance(value, int):
        return f'<c r="{ref}" s="{style}"><v>{value}</v></c>'
    text = value.code if isinstance(value, CellError) else str(value)
    return f'<c r="{ref}" s="{style}"{_TEXT}{xml_of(text)}{_TEXT_END}'


def xml_of_all(texts: Sequence[str | None]) -> Sequence[str | None]:
    """Return each text as :func:`xml_of` returns it; None stays None."""
    # One search in all texts together: most lists have nothing to escape.
    some = [text for text in texts if text]
    if not _SUSPECT.search("".join(some)) and max(map(len, some), default=0) <= LONGEST_TEXT:
        return texts
    return [text and xml_of(text) for text in texts]


def xml_of(text: str) -> str:
    """Return a text as XML character data, cut at Excel's limit.

    Characters that XML cannot hold become ``_xHHHH_``.
    """
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT]
    # The second search takes three times as long, and most texts need none.
    if _SUSPECT.search(text) is None or _TO_ESCAPE.search(text) is None:
        return text
    text = _TO_CODE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return escape(text, quote=False)
