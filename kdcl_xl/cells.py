"""Cells of a workbook: raw values with their places, whatever program saved the file.

Values come from python-calamine. What it hides or cannot survive is found by a
scan of the sheet's XML first: error values (it reads them as blanks) and cells
far away (it would allocate the whole area, or abort the process).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from kdcl_xl.guard import Package, UnreadableError
from macros_free_validation.rules import workbook as rules
from macros_free_validation.values import CellError, Raw, to_serial

FARTHEST_ROW = 9_999
FARTHEST_COLUMN = "ZZ"
"""Cells beyond are no part of any template; they are reported, not read."""

_PREFIX = rb"(?:\w+:)?"
_FAR_ROW = re.compile(rb"<" + _PREFIX + rb'row\b[^>]*?\br="(\d{5,})"')
_FAR_CELL = re.compile(
    rb"<" + _PREFIX + rb'c\b[^>]*?\br="((?:[A-Z]{3,}\d+)|(?:[A-Z]+\d{5,}))"[^>]*?'
    rb"(?:/>|>(.*?)</" + _PREFIX + rb"c>)",
    re.DOTALL,
)
_FAR_EMPTY_ROW = re.compile(
    rb"<" + _PREFIX + rb'row\b[^>]*?\br="\d{5,}"[^>]*?(?:/>|>\s*</' + _PREFIX + rb"row>)",
    re.DOTALL,
)
_FORMULA = re.compile(
    rb"<" + _PREFIX + rb'c\b[^>]*?\br="([A-Z]+)(\d+)"[^>]*>\s*<' + _PREFIX + rb"f\b"
)
# A number of days that no calendar has, in a cell with a date format, makes the reader panic;
# without the formats it is a number like any other.
_HUGE = re.compile(rb">-?(?:\d{10,}|\d[\d.]*E\+?\d+)[\d.]*</" + _PREFIX + rb"v>")
_STYLES = "xl/styles.xml"
_NO_STYLES = (
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"></styleSheet>'
)
_DIMENSION = re.compile(rb"<" + _PREFIX + rb"dimension\b[^>]*/>")
_ERROR = re.compile(
    rb"<" + _PREFIX + rb'c\b(?=[^>]*?\bt="e")[^>]*?\br="([A-Z]+)(\d+)"[^>]*>'
    rb"(?:(?!</" + _PREFIX + rb"c>).)*?<" + _PREFIX + rb"v>([^<]*)<",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class SheetCells:
    """The cells of one sheet.

    ``rows`` begins at A1; ``errors`` holds error values by row and column (both
    from 0); ``far`` the addresses of cells that lie beyond any template.
    """

    rows: list[list[Raw]]
    errors: Mapping[tuple[int, int], CellError]
    far: tuple[str, ...]
    formulas: frozenset[tuple[int, int]] = frozenset()
    """Places of formulas (row from 1, column from 0)."""

    def get(self, row: int, column: int) -> Raw:
        """The raw value at a row (from 1) and a column (from 0)."""
        error = self.errors.get((row - 1, column)) if self.errors else None
        if error is not None:
            return error
        if not 0 < row <= len(self.rows):
            return None
        values = self.rows[row - 1]
        return values[column] if column < len(values) else None


def column_index(letters: str) -> int:
    """Index from 0 of a column's letters."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def read_sheets(package: Package, names: list[str]) -> dict[str, SheetCells]:
    """Read the named sheets that the workbook has.

    Raises:
        UnreadableError: the workbook is damaged.
    """
    from python_calamine import CalamineWorkbook

    present = [name for name in names if name in package.sheets]
    far: dict[str, tuple[str, ...]] = {}
    errors: dict[str, dict[tuple[int, int], CellError]] = {}
    formulas: dict[str, frozenset[tuple[int, int]]] = {}
    trimmed: dict[str, bytes] = {}
    huge = False
    for name, part in package.sheets.items():
        xml = package.part(part)
        _refuse_unsafe(xml, part)
        huge = huge or bool(_HUGE.search(xml))
        if name in present:
            errors[name] = _errors(xml)
            formulas[name] = frozenset(
                (int(row), column_index(letters.decode())) for letters, row in _FORMULA.findall(xml)
            )
        if _FAR_ROW.search(xml) or _FAR_CELL.search(xml):
            xml, far[name] = _without_far_cells(xml)
            trimmed[part] = xml
    _refuse_unsafe(package.part("xl/sharedStrings.xml"), "xl/sharedStrings.xml")
    if huge:
        trimmed[_STYLES] = _NO_STYLES
    content = _repacked(package, trimmed) if trimmed else package.content
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {
            name: SheetCells(
                _raw_rows(workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)),
                errors.get(name, {}),
                far.get(name, ()),
                formulas.get(name, frozenset()),
            )
            for name in present
        }
    except UnreadableError:
        raise
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # the reader has types of its own, a Rust panic among them
        raise UnreadableError(rules.DAMAGED, found=str(error)[:200]) from None


def _refuse_unsafe(xml: bytes, part: str) -> None:
    if b"<!DOCTYPE" in xml[:4096] or b"<!ENTITY" in xml[:4096]:
        raise UnreadableError(rules.DAMAGED, found=f"{part}: DOCTYPE")


def _errors(xml: bytes) -> dict[tuple[int, int], CellError]:
    if b't="e"' not in xml:
        return {}
    return {
        (int(row) - 1, column_index(letters.decode())): CellError(code.decode("utf-8", "replace"))
        for letters, row, code in _ERROR.findall(xml)
    }


def _without_far_cells(xml: bytes) -> tuple[bytes, tuple[str, ...]]:
    found = [ref.decode() for ref, inner in _FAR_CELL.findall(xml) if inner.strip()]
    xml = _FAR_CELL.sub(b"", xml)
    xml = _FAR_EMPTY_ROW.sub(b"", xml)
    return _DIMENSION.sub(b"", xml), tuple(found)


def _repacked(package: Package, replaced: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as result:
        for name in package.parts:
            result.writestr(name, replaced.get(name) or package.part(name))
    return target.getvalue()


def _raw_rows(rows: list[list[Any]]) -> list[list[Raw]]:
    return [[_raw(value) for value in row] for row in rows]


def _raw(value: Any) -> Raw:
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return float(value)
    if isinstance(value, datetime):
        return _serial(value.date()) + _fraction(value.time())
    if isinstance(value, date):
        return _serial(value)
    if isinstance(value, time):
        return _fraction(value)
    if isinstance(value, timedelta):
        return value.total_seconds() / 86400
    return None if value is None else str(value)


def _serial(day: date) -> float:
    """The number in the file: Excel counts a 29 February 1900 that never was."""
    serial = to_serial(day)
    return serial - 1 if serial < 61 else serial


def _fraction(moment: time) -> float:
    """A time of day as the fraction of a day."""
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return (seconds + moment.microsecond / 1e6) / 86400
