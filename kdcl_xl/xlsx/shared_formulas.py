"""What XlsxWriter cannot say, put into a finished file.

XlsxWriter writes each formula in full. Here the writer puts a short token in the
cells, and :func:`finish` turns the tokens of a finished file into the format's
own shared formulas: a template shrinks to a fifth and opens as much faster.
Row heights are turned from fixed into automatic ones, so that a row still grows
with what is typed in it.
"""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from kdcl_xl.xlsx.long_rows import Rows
from workbook_templates.layout import letter_of

# XlsxWriter passes a formula with this prefix through untouched.
_TOKEN = "_xlfn.kdcl_shared_"  # noqa: S105 - not a password
_CELL = re.compile(rf'<c r="([A-Z]+\d+)"([^>]*)><f>{re.escape(_TOKEN)}(\d+)</f>')
_FIXED_HEIGHT = ' customHeight="1"'
_EPOCH = (1980, 1, 1, 0, 0, 0)
_DIMENSION = re.compile(rb'(<dimension ref=)"[^"]*"')
_ZIP64 = 1 << 31
_SMALL, _FAST = 6, 4
"""Levels of compression: templates travel by mail; a district's lists are long."""
NO_ROWS: Mapping[str, Rows] = {}


def token(number: int) -> str:
    """What stands for the shared formula of that number while writing."""
    return f"{_TOKEN}{number}"


Parts = Mapping[str, bytes]


def finish(content: bytes, formulas: Sequence[str], rows: Mapping[str, Rows] = NO_ROWS) -> bytes:
    """The same workbook with tokens replaced by (shared) formulas and rows set free.

    ``rows`` are those that follow in a sheet, by the name of its part.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as result:
        for name, data in finished_parts(content, formulas):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info._compresslevel = _FAST if rows else _SMALL  # type: ignore[attr-defined]
            if name in rows:
                _add_rows(result, info, data, rows[name])
            else:
                result.writestr(info, data)
    return target.getvalue()


def finished_parts(content: bytes, formulas: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """The parts of such a workbook one by one, each with its name."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = _finish_sheet(data.decode("utf-8"), formulas).encode("utf-8")
            yield name, data


def zipped(parts: Parts, compression: int = zipfile.ZIP_DEFLATED, after: bytes = b"") -> bytes:
    """A zip of parts, ``after`` those that another has; the same parts give the same bytes."""
    target = io.BytesIO(after)
    with zipfile.ZipFile(target, "a" if after else "w", compression) as result:
        for name, data in parts.items():
            result.writestr(zipfile.ZipInfo(name, _EPOCH), data, compression, _SMALL)
    return target.getvalue()


def _add_rows(result: zipfile.ZipFile, info: zipfile.ZipInfo, data: bytes, rows: Rows) -> None:
    """Write a sheet with its own rows first, and then those that follow."""
    data = data.replace(b"<sheetData/>", b"<sheetData></sheetData>", 1)
    head, _, tail = data.partition(b"</sheetData>")
    if rows.last_row:
        area = f'"A1:{letter_of(len(rows.styles) - 1)}{rows.last_row}"'.encode()
        head = _DIMENSION.sub(b"\\1" + area, head, count=1)
    size = rows.file.tell() + len(data)
    rows.file.seek(0)
    with rows.file, result.open(info, "w", force_zip64=size > _ZIP64) as part:
        part.write(head)
        shutil.copyfileobj(rows.file, part, 1 << 20)
        part.write(b"</sheetData>" + tail)


def _finish_sheet(xml: str, formulas: Sequence[str]) -> str:
    cells: dict[str, list[str]] = {}
    for found in _CELL.finditer(xml):
        cells.setdefault(found[3], []).append(found[1])
    index = {number: i for i, number in enumerate(cells)}
    begun: set[str] = set()

    def replace(found: re.Match[str]) -> str:
        ref, attributes, number = found[1], found[2], found[3]
        head = f'<c r="{ref}"{attributes}>'
        if number in begun:
            return f'{head}<f t="shared" si="{index[number]}"/>'
        begun.add(number)
        text = escape(formulas[int(number)], quote=False)
        if len(cells[number]) == 1:
            return f"{head}<f>{text}</f>"
        return f'{head}<f t="shared" ref="{_span(cells, number)}" si="{index[number]}">{text}</f>'

    return _CELL.sub(replace, xml).replace(_FIXED_HEIGHT, "")


def _span(cells: Mapping[str, Sequence[str]], number: str) -> str:
    return f"{cells[number][0]}:{cells[number][-1]}"
