"""The hidden sheet of inputs, from which the authority above merges again.

It holds every input as read, before settings and before findings across schools: those are
judged again where more schools are known. The records are JSON, compressed, in base64, in the
cells under a line with format, size and checksum.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO, Any, overload

from kdcl_xl.checking.check import Checked
from kdcl_xl.checking.record import (
    DAMAGES,
    NewerRecordError,
    NoLayoutError,
    RecordError,
    from_line,
    line_bytes,
    load_json,
)
from kdcl_xl.district.hidden.decisions import LONGEST_CELL
from kdcl_xl.district.model.inputs import Sources
from kdcl_xl.schools import School
from workbook_templates.layout import Limits
from workbook_templates.regulation import Catalogue
from workbook_templates.school_year import SchoolYear

FORMAT = 2
"""Format of the cells. Format 1 had no school years of the expected schools."""

_LEVEL = 4
"""Level of compression: a tenth larger than the highest level, in a third of its time."""


@dataclass(frozen=True, slots=True)
class _Cells(Sequence[str]):
    """The cells of the hidden sheet: the head, and the packed inputs piece by piece in base64.

    The inputs are on disk, and a cell is made when it is asked for.
    """

    head: str
    packed: IO[bytes]
    size: int
    """Bytes of the packed inputs."""

    def __len__(self) -> int:
        return 1 - (-self.size // _PIECE)

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> list[str]: ...

    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[nth] for nth in range(*at.indices(len(self)))]
        if not 0 <= at < len(self):
            raise IndexError(at)
        if at == 0:
            return self.head
        self.packed.seek((at - 1) * _PIECE)
        return base64.b64encode(self.packed.read(_PIECE)).decode()


_PIECE = LONGEST_CELL // 4 * 3
"""Bytes whose base64 fits into a cell."""


def encode_sources(sources: Sources) -> Sequence[str]:
    """Return the cells of the hidden sheet, one per row."""
    expected = [
        [
            *(s.code, s.name, s.kind and s.kind.id, s.authority, s.address, s.under),
            s.school_year and str(s.school_year),
        ]
        for s in sources.expected
    ]
    head = json.dumps([sources.authority, expected, sorted(sources.preferred)]).encode()
    records = (line_bytes(Checked(c.submission, c.submission.found)) for c in sources.checked)
    # Compressed record by record: thousands of plans would not fit in memory as one text.
    packer, checksum, size = zlib.compressobj(_LEVEL), hashlib.sha256(), 0
    packed = SpooledTemporaryFile(_KEPT)  # noqa: SIM115 - it ends with the cells
    for n, line in enumerate(chain([head], records)):
        piece = line if n == 0 else b"\n" + line
        checksum.update(piece)
        size += len(piece)
        packed.write(packer.compress(piece))
    packed.write(packer.flush())
    facts = {"format": FORMAT, "size": size, "sha256": checksum.hexdigest()}
    return _Cells(json.dumps(facts), packed, packed.tell())


_KEPT = 1 << 20
"""Bytes of packed inputs that are kept in memory."""

_SMALL, _GREATEST_RATIO = 1 << 20, 100
"""Bytes that may be packed at will, and the greatest ratio of more; records pack ten to one."""
_MOST_EXPECTED = 2_000_000
"""Values about the schools that are expected: nine of each."""


def decode_sources(
    cells: Sequence[str], catalogue: Catalogue, limits: Limits, largest: int
) -> Sources:
    """Return the inputs in the cells of the hidden sheet (:func:`encode_sources`).

    ``largest`` is the greatest size in bytes when decompressed. The layouts are those of
    ``limits``. A submission of an unknown layout is unreadable, as its file would be.

    Raises:
        NewerRecordError: a later version of the tool wrote the cells.
        RecordError: the cells are damaged or changed, or hold more than ``largest``.
    """
    head, records = _unpacked(cells, largest)
    try:
        return _restored(head, records, catalogue, limits)
    except RecordError:
        raise
    except DAMAGES as error:
        raise RecordError(f"{type(error).__name__}: {error}") from None


def decode_expected(
    cells: Sequence[str], catalogue: Catalogue, largest: int
) -> tuple[str, tuple[School, ...]]:
    """Return the authority's name and the schools that it expects, without reading any plan.

    Raises:
        NewerRecordError, RecordError: as with :func:`decode_sources`.
    """
    (authority, expected, _), _ = _unpacked(cells, largest)
    try:
        return _text(authority), tuple(_school(parts, catalogue) for parts in expected)
    except RecordError:
        raise
    except DAMAGES as error:
        raise RecordError(f"{type(error).__name__}: {error}") from None


def _unpacked(cells: Sequence[str], largest: int) -> tuple[Any, list[str]]:
    """Return the head and the records in the cells of the hidden sheet.

    Raises:
        NewerRecordError, RecordError: as with :func:`decode_sources`.
    """
    try:
        facts = load_json(cells[0])
        if facts["format"] > FORMAT:
            raise NewerRecordError(str(facts["format"]))
        size = facts["size"]
        if not 0 < size <= largest:
            raise RecordError(f"{size} byte")
        packed = base64.b64decode("".join(cells[1:]), validate=True)
        if size > max(_SMALL, len(packed) * _GREATEST_RATIO):
            raise RecordError(f"{size} byte")
        # One byte more than announced is enough to detect a file that unpacks without end.
        content = zlib.decompressobj().decompress(packed, size + 1)
        if len(content) != size or facts["sha256"] != _checksum(content):
            raise RecordError("checksum")
        head, *records = content.decode().split("\n")
        authority, expected, preferred = load_json(head, _MOST_EXPECTED)
        return (authority, expected, preferred), records
    except RecordError:
        raise
    except (*DAMAGES, zlib.error) as error:
        raise RecordError(f"{type(error).__name__}: {error}") from None


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _restored(head: Any, records: Sequence[str], catalogue: Catalogue, limits: Limits) -> Sources:
    authority, expected, preferred = head
    return Sources(
        _text(authority),
        tuple(_checked(record, catalogue, limits) for record in records),
        tuple(_school(parts, catalogue) for parts in expected),
        frozenset(map(_text, preferred)),
    )


def _checked(record: str, catalogue: Catalogue, limits: Limits) -> Checked:
    try:
        return from_line(record, catalogue, limits)
    except NoLayoutError as error:
        return Checked(error.unread, error.unread.found)


def _school(parts: Any, catalogue: Catalogue) -> School:
    code, name, kind, authority, address, under, *year = parts
    return School(
        _text(code),
        _text(name),
        None if kind is None else catalogue.kind(_text(kind)),
        _text(authority),
        _text(address),
        tuple(map(_text, under)),
        school_year=SchoolYear.parse(_text(year[0])) if year and year[0] else None,
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise RecordError("text")
    value.encode()  # raises ValueError for half a surrogate pair, which no file can hold
    return value
