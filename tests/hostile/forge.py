"""Take a filled template apart, and zip parts in ways that no honest program does."""

from __future__ import annotations

import bz2
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from tests.build import good_plan, workbook_bytes

MB = 1 << 20
STORED, DEFLATED, DEFLATE64, BZIP2, LZMA = 0, 8, 9, 12, 14
PLAN, STRINGS, CORE = "xl/worksheets/sheet5.xml", "xl/sharedStrings.xml", "docProps/core.xml"
CUSTOM, BOOK = "docProps/custom.xml", "xl/workbook.xml"
BOOK_RELS, TYPES = "xl/_rels/workbook.xml.rels", "[Content_Types].xml"


@lru_cache(maxsize=1)
def filled() -> bytes:
    """Return a workbook that a school has filled in."""
    return workbook_bytes(good_plan())


def parts(content: bytes | None = None) -> dict[str, bytes]:
    """Return the parts of a workbook, by default those of :func:`filled`."""
    with zipfile.ZipFile(io.BytesIO(content or filled())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(given: dict[str, bytes]) -> bytes:
    """Zip parts as an honest program does."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in given.items():
            archive.writestr(name, data)
    return target.getvalue()


def altered(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return the filled workbook with one part changed."""
    found = parts()
    assert name in found, name
    return zipped({**found, name: change(found[name])})


# ---- zips by hand ---------------------------------------------------------------------------


@dataclass
class Entry:
    """One entry: its data as they are in the file, and the facts said of them."""

    name: str
    data: bytes
    method: int = STORED
    size: int = 0
    crc: int = 0
    flags: int = 0
    local_name: str = ""
    at: int | None = None


def entry(name: str, data: bytes) -> Entry:
    """Return an honest stored entry."""
    return Entry(name, data, STORED, len(data), zlib.crc32(data))


def by_hand(entries: Iterable[Entry]) -> bytes:
    """Write a zip whose facts are what the entries say."""
    out, central, count = bytearray(), bytearray(), 0
    for e in entries:
        name, local = e.name.encode(), (e.local_name or e.name).encode()
        at = len(out) if e.at is None else e.at
        facts = (e.flags, e.method, 0, 0x21, e.crc, len(e.data), e.size)
        if e.at is None:
            out += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, *facts, len(local), 0) + local
            out += e.data
        central += struct.pack(
            "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, *facts, len(name), 0, 0, 0, 0, 0, at
        )
        central += name
        count += 1
    end = struct.pack(
        "<4sHHHHIIH",
        b"PK\5\6",
        0,
        0,
        min(count, 65535),
        min(count, 65535),
        len(central),
        len(out),
        0,
    )
    return bytes(out + central + end)


def lying(name: str, data: bytes, method: int, says: int = 1000) -> bytes:
    """Return the filled workbook with a packed part that is said to be small."""
    honest = [entry(n, d) for n, d in parts().items() if n != name]
    return by_hand([*honest, Entry(name, data, method, says)])


def deflated(piece: bytes, times: int) -> bytes:
    """Deflate a piece repeated so many times, in the time of one."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    ended = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packed * times + ended.flush()


def bzipped(megabytes: int) -> bytes:
    """Pack that many megabytes of blanks with bzip2."""
    return bz2.compress(b" " * (megabytes * MB), 9)


def lzmaed(megabytes: int) -> bytes:
    """Pack that many megabytes of blanks with LZMA, as a zip has them."""
    filters = [
        {
            "id": lzma.FILTER_LZMA1,
            "dict_size": 1 << 20,
            "mode": lzma.MODE_FAST,
            "mf": lzma.MF_HC3,
            "depth": 1,
        }
    ]
    packer = lzma.LZMACompressor(lzma.FORMAT_RAW, filters=filters)
    properties = bytes([0x5D]) + struct.pack("<I", 1 << 20)
    body = packer.compress(b" " * (megabytes * MB)) + packer.flush()
    return struct.pack("<BBH", 9, 4, len(properties)) + properties + body


def quoted_overlap(files: int, kernel: int) -> bytes:
    """Return a zip whose entries quote the headers of those after them in their own data."""
    body = deflated(b" " * MB, kernel)
    found: list[tuple[bytes, int, int, int]] = []
    out = b""
    data, size = body, kernel * MB
    crc = 0
    for n in reversed(range(files)):
        name = f"xl/media/p{n}.bin".encode()
        header = (
            struct.pack(
                "<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 0x21, crc, len(data), size, len(name), 0
            )
            + name
        )
        found.append((name, len(data), size, len(out)))
        whole = header + data
        # The header of this entry as a stored block of the one before.
        quoted = struct.pack("<BHH", 0, len(header), len(header) ^ 0xFFFF)
        out = whole
        data, size = quoted + whole, size + len(header)
    own = parts()
    honest = by_hand([entry(n, d) for n, d in own.items()])
    end = honest.rfind(b"PK\5\6")
    begin = struct.unpack_from("<I", honest, end + 16)[0]
    start = begin
    central = bytearray(honest[begin:end])
    at = start
    for name, packed, inflated, _ in reversed(found):
        central += (
            struct.pack(
                "<4sHHHHHHIIIHHHHHII",
                b"PK\1\2",
                20,
                20,
                0,
                8,
                0,
                0x21,
                crc,
                packed,
                inflated,
                len(name),
                0,
                0,
                0,
                0,
                0,
                at,
            )
            + name
        )
        at += 30 + len(name) + 5
    count = len(own) + files
    content = honest[:begin] + out
    return (
        content
        + bytes(central)
        + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(central), len(content), 0)
    )


# ---- pieces of XML --------------------------------------------------------------------------


def before(mark: bytes, text: bytes) -> Callable[[bytes], bytes]:
    """Return a change that puts text before the last occurrence of a mark."""

    def change(data: bytes) -> bytes:
        head, found, tail = data.rpartition(mark)
        assert found, mark
        return head + text + found + tail

    return change


def after(mark: bytes, text: bytes) -> Callable[[bytes], bytes]:
    """Return a change that puts text after the first occurrence of a mark."""

    def change(data: bytes) -> bytes:
        head, found, tail = data.partition(mark)
        assert found, mark
        return head + found + text + tail

    return change


def renamed(part: str, new: str, change: Callable[[bytes], bytes] = bytes) -> bytes:
    """Return the filled workbook with a part under another name that all references follow."""
    found = parts()
    old, short = part.rpartition("/")[2].encode(), new.rpartition("/")[2].encode()
    made: dict[str, bytes] = {}
    for name, data in found.items():
        refers = name == TYPES or name.endswith(".rels")
        made[new if name == part else name] = data.replace(old, short) if refers else data
    made[new] = change(made[new])
    return zipped(made)
