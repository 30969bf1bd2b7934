"""Read a zip without believing its own account of its sizes.

The standard library's ``zipfile`` inflates bzip2 and LZMA without any bound and lets entries
share bytes. Only its reading of the central directory is used here; every byte that is
inflated is counted.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from workbook_templates.text import Text

PIECE = 1 << 20
"""Bytes that are inflated at a time."""
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
"""A local file header without its name and extra field (APPNOTE 4.3.7)."""
_LOCAL_MARK, _CENTRAL_MARK = b"PK\x03\x04", b"PK\x01\x02"
_IS_ENCRYPTED, _IS_UTF8 = 0x1, 0x800
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # all that ECMA-376 part 2 allows
_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ValueError,
    NotImplementedError,
    EOFError,
    struct.error,
)
_NESTED = 4
"""Directory marks for each part allowed: a stored part may itself be a zip."""


class ZipError(ValueError):
    """The error of a zip that is damaged, or that lies about itself; ``reason`` is for people."""

    def __init__(self, reason: Text) -> None:
        """Keep the reason."""
        super().__init__(reason.en)
        self.reason = reason


_DAMAGED = Text("cấu trúc tệp nén bị hỏng", "the structure of the zip is damaged")


class TooManyEntriesError(ValueError):
    """The error of a zip with more entries than are allowed; ``count`` is at least their number."""

    def __init__(self, count: int) -> None:
        """Keep the count."""
        self.count = count
        super().__init__(str(count))


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a zip: its packed bytes are those from ``start`` to ``end``.

    ``size`` is the size that the directory promises; reading fails if it is another.
    ``raw_name`` is the name as the directory has it, ``name`` the same as ``zipfile`` cleans it.
    """

    name: str
    raw_name: str
    start: int
    end: int
    size: int
    checksum: int
    is_deflated: bool

    @property
    def packed_size(self) -> int:
        """The number of packed bytes."""
        return self.end - self.start


def read_directory(content: bytes, most: int) -> list[Entry]:
    """Return the entries of a zip, of which no two share a byte.

    Raises:
        TooManyEntriesError: there are more than ``most``.
        ZipError: the zip is damaged or encrypted, packed by other methods than deflate,
            or its entries overlap.
    """
    # Counted before `zipfile` makes an object of half a kilobyte for each of them.
    marks = content.count(_CENTRAL_MARK)
    if marks > _NESTED * most:
        raise TooManyEntriesError(marks)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        infos = archive.infolist()
        if len(infos) > most:
            raise TooManyEntriesError(len(infos))
        entries = [_entry(content, info) for info in infos]
        last = 0
        for info, entry in sorted(
            zip(infos, entries, strict=True), key=lambda pair: pair[0].header_offset
        ):
            if info.header_offset < last:
                raise ZipError(
                    Text(
                        f"{entry.name}: chồng lên phần khác", f"{entry.name}: overlaps another part"
                    )
                )
            last = entry.end
        if last > archive.start_dir:
            raise ZipError(
                Text("một phần chồng lên mục lục", "a part overlaps the directory of the zip")
            )
    except (TooManyEntriesError, ZipError):
        raise
    except _ERRORS:
        raise ZipError(_DAMAGED) from None
    return entries


def _entry(content: bytes, info: zipfile.ZipInfo) -> Entry:
    if info.compress_type not in _METHODS or info.flag_bits & _IS_ENCRYPTED:
        raise ZipError(
            Text(
                f"{info.filename}: có mật khẩu hoặc nén theo cách khác",
                f"{info.filename}: packed by method {info.compress_type}, or encrypted",
            )
        )
    mark, *_, name_length, extra_length = _LOCAL.unpack_from(content, info.header_offset)
    begin = info.header_offset + _LOCAL.size
    start = begin + name_length + extra_length
    end = start + info.compress_size
    name = info.orig_filename.encode("utf-8" if info.flag_bits & _IS_UTF8 else "cp437")
    if mark != _LOCAL_MARK or content[begin : begin + name_length] != name:
        raise ZipError(
            Text(
                f"{info.filename}: mục lục ghi tên khác",
                f"{info.filename}: another name beside its data than in the directory",
            )
        )
    if info.compress_type == zipfile.ZIP_STORED and info.compress_size != info.file_size:
        raise ZipError(
            Text(
                f"{info.filename}: mục lục ghi dung lượng khác",
                f"{info.filename}: another size than in the directory",
            )
        )
    return Entry(
        info.filename,
        info.orig_filename,
        start,
        end,
        info.file_size,
        info.CRC,
        info.compress_type == zipfile.ZIP_DEFLATED,
    )


def inflated(content: bytes, entry: Entry) -> bytes:
    """Return the contents of an entry.

    Raises:
        ZipError: the entry is damaged, or has another size than the directory promises.
    """
    packed = content[entry.start : entry.end]
    if not entry.is_deflated:
        data = packed
    else:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            # One byte more than promised is enough to know that the promise was a lie.
            data = inflater.decompress(packed, entry.size + 1)
        except zlib.error:
            raise _broken(entry) from None
    _require(entry, len(data), zlib.crc32(data))
    return data


def inflated_pieces(content: bytes, entry: Entry) -> Iterator[bytes]:
    """Yield the contents of an entry in pieces of a megabyte.

    Raises:
        ZipError: the entry is damaged, or has another size than the directory promises.
    """
    size = checksum = 0
    for piece in _pieces(content, entry):
        size += len(piece)
        checksum = zlib.crc32(piece, checksum)
        if size > entry.size:
            break
        yield piece
    _require(entry, size, checksum)


def _pieces(content: bytes, entry: Entry) -> Iterator[bytes]:
    if not entry.is_deflated:
        for start in range(entry.start, entry.end, PIECE):
            yield content[start : min(start + PIECE, entry.end)]
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        rest = content[entry.start : entry.end]
        while rest and not inflater.eof:
            yield inflater.decompress(rest, PIECE)
            rest = inflater.unconsumed_tail
    except zlib.error:
        raise _broken(entry) from None


def _require(entry: Entry, size: int, checksum: int) -> None:
    """Require the promised size and checksum."""
    if size != entry.size or checksum != entry.checksum:
        raise _broken(entry)


def _broken(entry: Entry) -> ZipError:
    """Return the error of an entry whose bytes are not those that the directory promises."""
    return ZipError(
        Text(
            f"{entry.name}: nội dung bị hỏng khi chép hoặc tải",
            f"{entry.name}: other contents than the directory promises",
        )
    )
