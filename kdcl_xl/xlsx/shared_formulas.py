"""Finish a file of XlsxWriter: shared formulas, automatic row heights, and streamed rows.

XlsxWriter writes each formula in full. Here the writer puts a short token into the cells,
and :func:`finish` replaces the tokens by shared formulas of the format: a template shrinks
to a fifth and opens five times as fast. Fixed row heights become automatic ones, so that a
row still grows with its text.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from os import SEEK_END
from typing import IO

from kdcl_xl.xlsx.long_rows import Rows
from kdcl_xl.xlsx.packed_rows import LEVEL, JoiningPacker, pack
from workbook_templates.layout import letter_of

# XlsxWriter passes a formula with this prefix through untouched.
_TOKEN = "_xlfn.kdcl_shared_"  # noqa: S105 - not a password
_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)><f>%b([0-9]+)</f>' % re.escape(_TOKEN).encode())
_FIXED_HEIGHT = b' customHeight="1"'
# The earliest time that a zip can hold: equal parts give equal bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_DIMENSION = re.compile(rb'(<dimension ref=)"[^"]*"')
_ZIP64 = 1 << 31  # zipfile has to know beforehand that a part may need 64-bit sizes
_SMALL = 8
"""The level of compression of templates, which are sent by mail."""
_MEMORY = 4
"""The memory level of zlib: less memory makes shorter blocks, each with codes of its own.

The rows of a sheet differ so little that short blocks save a twentieth of a template.
"""
_APP = "docProps/app.xml"
_TITLES = re.compile(rb"<HeadingPairs>.*</TitlesOfParts>", re.DOTALL)
"""The names of sheets and ranges once more: optional, and a hundredth of a template."""
_SPANS = re.compile(rb'(<row r="[0-9]+") spans="[0-9:]*"')
"""The columns of a row, which a program may use to read faster; optional."""
NO_ROWS: Mapping[str, Rows] = {}


def token(number: int) -> str:
    """Return the token of the shared formula with a number."""
    return f"{_TOKEN}{number}"


Parts = Mapping[str, bytes]


def finish(
    target: IO[bytes], content: bytes, formulas: Sequence[str], rows: Mapping[str, Rows] = NO_ROWS
) -> None:
    """Write a workbook with tokens replaced by formulas, and with automatic row heights.

    ``rows`` has the streamed rows of sheets, by the name of the sheet's part.
    """
    with zipfile.ZipFile(target, "w") as result:
        for name, data in finished_parts(content, formulas):
            if rows:
                info = zipfile.ZipInfo(name, _EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                info._compresslevel = LEVEL  # type: ignore[attr-defined]
                _add_rows(result, info, data, rows.get(name))
            else:
                _add_small(result, name, data)


def finished_parts(content: bytes, formulas: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield name and finished content of each part of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = _finish_sheet(data, formulas)
            elif name == _APP:
                data = _TITLES.sub(b"", data)
            yield name, data


def zipped(parts: Parts, compression: int = zipfile.ZIP_DEFLATED, after: bytes = b"") -> bytes:
    """Return a zip of parts, appended to the zip ``after``; equal parts give equal bytes."""
    target = io.BytesIO(after)
    with zipfile.ZipFile(target, "a" if after else "w", compression) as result:
        for name, data in parts.items():
            _add_small(result, name, data, compression)
    return target.getvalue()


def _add_small(
    result: zipfile.ZipFile, name: str, data: bytes, compression: int = zipfile.ZIP_DEFLATED
) -> None:
    """Write a part in few bytes."""
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = compression
    with result.open(info, "w") as part:
        if compression == zipfile.ZIP_DEFLATED:
            packer = zlib.compressobj(_SMALL, zlib.DEFLATED, -zlib.MAX_WBITS, _MEMORY)
            part._compressor = packer  # type: ignore[attr-defined] # zipfile has no setting
        part.write(data)


def _add_rows(
    result: zipfile.ZipFile, info: zipfile.ZipInfo, data: bytes, rows: Rows | None
) -> None:
    """Write a sheet with the rows of XlsxWriter first, and then the streamed ones, if any."""
    if rows is None:
        result.writestr(info, data)
        return
    data = data.replace(b"<sheetData/>", b"<sheetData></sheetData>", 1)
    head, _, tail = data.partition(b"</sheetData>")
    if rows.last_row:
        area = f'"A1:{letter_of(len(rows.styles) - 1)}{rows.last_row}"'.encode()
        head = _DIMENSION.sub(b"\\1" + area, head, count=1)
    packed = rows.packed.result() if rows.packed else pack(rows.file)
    size = packed.rows.seek(0, SEEK_END) + len(data)
    with packed.rows, packed.packed, result.open(info, "w", force_zip64=size > _ZIP64) as part:
        part._compressor = JoiningPacker(packed)  # type: ignore[attr-defined] # as above
        part.write(head)
        for piece in packed.pieces():
            part.write(piece)
        part.write(b"</sheetData>" + tail)


def _finish_sheet(xml: bytes, formulas: Sequence[str]) -> bytes:
    cells: dict[bytes, list[bytes]] = {}
    for found in _CELL.finditer(xml):
        cells.setdefault(found[3], []).append(found[1])
    index = {number: i for i, number in enumerate(cells)}
    begun: set[bytes] = set()

    def replace(found: re.Match[bytes]) -> bytes:
        number = found[3]
        head = b'<c r="%b"%b>' % (found[1], found[2])
        if number in begun:
            return b'%b<f t="shared" si="%d"/>' % (head, index[number])
        begun.add(number)
        text = escape(formulas[int(number)], quote=False).encode()
        if len(cells[number]) == 1:
            return b"%b<f>%b</f>" % (head, text)
        area = b"%b:%b" % (cells[number][0], cells[number][-1])
        return b'%b<f t="shared" ref="%b" si="%d">%b</f>' % (head, area, index[number], text)

    # Each step makes a new copy of the longest sheets.
    if cells:
        xml = _CELL.sub(replace, xml)
    return _SPANS.sub(rb"\1", xml.replace(_FIXED_HEIGHT, b""))
