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
from xml.sax.saxutils import quoteattr

from kdcl_xl.guard import Package, UnreadableError
from kdcl_xl.sheet_xml import canonical, column_index, refuse_odd_strings
from macros_free_validation.rules import workbook as rules
from macros_free_validation.values import CellError, Raw, to_serial
from workbook_templates.layout import letter_of

# Cells beyond row 9,999 or column ZZ are no part of any template: they are reported, not read.
_FAR_ROW = re.compile(rb'<row r="(\d{5,})"')
_FAR_PLACE = rb'<c r="((?:[A-Z]{3,}\d+)|(?:[A-Z]+\d{5,}))"'
_FAR = re.compile(_FAR_PLACE)
_FAR_CELL = re.compile(_FAR_PLACE + rb"[^>]*?(?:/>|>((?:(?!</c>).)*)</c>)", re.DOTALL)
_FAR_EMPTY_ROW = re.compile(rb'<row r="\d{5,}"[^>]*?(?:/>|>\s*</row>)')
_FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*>\s*<f\b')
_DIMENSION = re.compile(rb"<dimension\b[^>]*/>")
_ERROR = re.compile(
    rb"""<c r="([A-Z]+)(\d+)"(?=[^>]*?\bt=["']e["'])[^>]*>(?:(?!</c>).)*?<v>([^<]*)<""", re.DOTALL
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
    formulas: frozenset[bytes] = frozenset()
    """Addresses of the cells with formulas."""

    def get(self, row: int, column: int) -> Raw:
        """The raw value at a row (from 1) and a column (from 0)."""
        error = self.errors.get((row - 1, column)) if self.errors else None
        if error is not None:
            return error
        if not 0 < row <= len(self.rows):
            return None
        values = self.rows[row - 1]
        return values[column] if column < len(values) else None

    def has_formula(self, row: int, column: int) -> bool:
        """Whether a formula stands at a row (from 1) and a column (from 0)."""
        return f"{letter_of(column)}{row}".encode() in self.formulas


def read_sheets(package: Package, names: list[str]) -> dict[str, SheetCells]:
    """Read the named sheets that the workbook has.

    Raises:
        UnreadableError: the workbook is damaged.
    """
    from python_calamine import CalamineWorkbook

    scanned = {
        name: _scan(package, package.sheets[name]) for name in names if name in package.sheets
    }
    refuse_odd_strings(package.part(package.strings) or _NO_STRINGS, package.strings)
    content = _clean_copy(package, {name: scan.xml for name, scan in scanned.items()})
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {
            name: SheetCells(
                _raw_rows(workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)),
                scan.errors,
                scan.far,
                scan.formulas,
            )
            for name, scan in scanned.items()
        }
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # the reader has types of its own, a Rust panic among them
        raise UnreadableError(rules.DAMAGED, found=str(error)[:200]) from None


@dataclass(frozen=True, slots=True)
class _Scan:
    """What a look at a sheet's XML tells, and the XML that the reader may be given."""

    xml: bytes
    errors: Mapping[tuple[int, int], CellError]
    far: tuple[str, ...]
    formulas: frozenset[bytes]


def _scan(package: Package, part: str) -> _Scan:
    xml = canonical(package.part(part), part)
    far: tuple[str, ...] = ()
    if _FAR_ROW.search(xml) or _FAR.search(xml):
        xml, far = _without_far_cells(xml)
    return _Scan(xml, _errors(xml), far, frozenset(_FORMULA.findall(xml)))


def _errors(xml: bytes) -> dict[tuple[int, int], CellError]:
    if b't="e"' not in xml and b"t='e'" not in xml:
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


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NO_STYLES = f'<styleSheet xmlns="{_MAIN}"></styleSheet>'.encode()
_NO_STRINGS = f'<sst xmlns="{_MAIN}"></sst>'.encode()


def _relations(targets: Mapping[str, str]) -> str:
    """A part of relations: for each target the last word of its type."""
    inner = "".join(
        f'<Relationship Id="r{n}" Type="{_RELATION}/{kind}" Target="{target}"/>'
        for n, (target, kind) in enumerate(targets.items())
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{package}">{inner}</Relationships>'


def _clean_copy(package: Package, sheets: Mapping[str, bytes]) -> bytes:
    """A workbook of the values of some sheets and nothing else, for the reader.

    The reader then inflates nothing that was not measured and looked at before, and
    without formats every number is what the file holds: of a date before March 1900,
    or of none at all, it would make another one.
    """
    targets = {f"worksheets/{n}.xml": "worksheet" for n in range(len(sheets))}
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n + 1}" r:id="r{n}"/>'
        for n, name in enumerate(sheets)
    )
    parts: dict[str, bytes | str] = {
        "_rels/.rels": _relations({"xl/workbook.xml": "officeDocument"}),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(
            {**targets, "sharedStrings.xml": "sharedStrings", "styles.xml": "styles"}
        ),
        "xl/sharedStrings.xml": package.part(package.strings) or _NO_STRINGS,
        "xl/styles.xml": _NO_STYLES,
        **{f"xl/{target}": xml for target, xml in zip(targets, sheets.values(), strict=True)},
    }
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as copy:
        for name, data in parts.items():
            copy.writestr(name, data)
    return result.getvalue()


def _raw_rows(rows: list[list[Any]]) -> list[list[Raw]]:
    return [[_raw(value) for value in row] for row in rows]


def _raw(value: Any) -> Raw:
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return float(value)
    if isinstance(value, datetime):  # an ISO date; without formats no number becomes one
        midnight = datetime.combine(value.date(), time())
        return to_serial(value.date()) + (value - midnight) / timedelta(days=1)
    if isinstance(value, date):
        return to_serial(value)
    if isinstance(value, time):
        return (datetime.combine(date.min, value) - datetime.min) / timedelta(days=1)
    return None if value is None else str(value)
