"""The rows of a long list, written straight as a sheet's XML and kept on disk.

XlsxWriter keeps every cell until the end and takes several times as long; it still
writes the head of the sheet, its formats and everything after the rows. A cell is
written as :func:`kdcl_xl.book.write_value` would write it; only texts stand in their
cells and not in a table that all sheets share.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import IO

from macros_free_validation.values import CellError, Raw
from workbook_templates.layout import letter_of

LONGEST_TEXT = 32_767
"""Characters that Excel takes in a cell."""
ERRORS = frozenset(("#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"))
"""Error values that every program knows; any other word in a file is written as text."""
_TO_ESCAPE = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_TO_CODE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True)
class Formula:
    """What stands in a cell beside its value: a formula, without ``=``.

    Of a formula that all rows of a column ``share``, only the first row has the text.
    """

    text: str
    share: int | None = None


@dataclass
class Rows:
    """The rows of one sheet, in order, below what XlsxWriter writes of it.

    ``styles`` are the numbers of the cell formats, a column each; ``last_row`` is the
    last row written, from 1.
    """

    styles: Sequence[int]
    last_row: int = 0
    file: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    _letters: Sequence[str] = ()
    _shared: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Name the columns."""
        self._letters = [letter_of(index) for index in range(len(self.styles))]

    def add(
        self,
        row: int,
        values: Sequence[Raw],
        height: float | None = None,
        formulas: Mapping[int, Formula] | None = None,
        styles: Mapping[int, int] | None = None,
        last_row: int = 0,
    ) -> None:
        """Write a row (from 1) with its values and, by column, formulas and own formats.

        A row may be short. ``last_row`` is where the columns of shared formulas end.
        """
        own = self.styles
        if styles:
            own = [styles.get(index, style) for index, style in enumerate(own)]
        parts = [f'<row r="{row}" ht="{height:g}">' if height else f'<row r="{row}">']
        for index, (letter, style, value) in enumerate(
            zip(self._letters, own, values, strict=False)
        ):
            if formulas and index in formulas:
                formula = self._formula(letter, index, row, formulas[index], last_row)
                parts.append(formula_cell(f"{letter}{row}", style, formula, value))
            elif value is None or value == "":
                parts.append(f'<c r="{letter}{row}" s="{style}"/>')
            elif type(value) is str:
                parts.append(
                    f'<c r="{letter}{row}" s="{style}" t="inlineStr">'
                    f'<is><t xml:space="preserve">{xml_of(value)}</t></is></c>'
                )
            elif type(value) is float and math.isfinite(value):
                parts.append(f'<c r="{letter}{row}" s="{style}"><v>{value:.16G}</v></c>')
            else:
                parts.append(_other_cell(f"{letter}{row}", style, value))
        parts.append("</row>")
        self.file.write("".join(parts).encode())
        self.last_row = row

    def _formula(self, letter: str, index: int, row: int, formula: Formula, last_row: int) -> str:
        text = escape(formula.text, quote=False)
        if formula.share is None:
            return f"<f>{text}</f>"
        if index in self._shared:
            return f'<f t="shared" si="{self._shared[index]}"/>'
        self._shared[index] = formula.share
        area = f"{letter}{row}:{letter}{last_row}"
        return f'<f t="shared" ref="{area}" si="{formula.share}">{text}</f>'


def formula_cell(ref: str, style: int, formula: str, value: Raw) -> str:
    """A cell with a formula's element and its cached value."""
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
    return (
        f'<c r="{ref}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{xml_of(text)}</t></is></c>'
    )


def xml_of(text: str) -> str:
    """A text as it stands between tags; what XML cannot hold as spreadsheets write it."""
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT]
    if _TO_ESCAPE.search(text) is None:
        return text
    text = _TO_CODE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return escape(text, quote=False)
