"""Compress the rows of a list in another thread, while the next list is written.

Compression takes a quarter of the time of an authority workbook, and zlib does it without
Python's lock. The compressed rows come between the head and the tail of their sheet, which
XlsxWriter writes at the end: blocks of Deflate (RFC 1951) that end on a whole byte can be joined.
"""

from __future__ import annotations

import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO

LEVEL = 4
"""The level of compression: the lists of an authority are long, and sent by mail less often."""
_PIECE = 1 << 20
"""Bytes compressed at a time."""
_WITHOUT_THREADS = ("emscripten", "wasi")


@dataclass(frozen=True, slots=True)
class PackedRows:
    """Rows on disk, and the same compressed, in pieces of some sizes in bytes."""

    rows: IO[bytes]
    packed: IO[bytes]
    sizes: Sequence[int]

    def pieces(self) -> Iterator[bytes]:
        """Yield the rows as they are, piece by piece."""
        self.rows.seek(0)
        return iter(lambda: self.rows.read(_PIECE), b"")


def pack(rows: IO[bytes], packed: IO[bytes] | None = None) -> PackedRows:
    """Compress the rows in a file, into another one."""
    if packed is None:
        packed = tempfile.TemporaryFile()  # noqa: SIM115 - read when zipped
    packer, sizes = _packer(), []
    rows.seek(0)
    piece = rows.read(_PIECE)
    while piece:
        following = rows.read(_PIECE)
        data = packer.compress(piece)
        if not following:
            data += packer.flush(zlib.Z_SYNC_FLUSH)  # to the end of a byte
        sizes.append(packed.write(data))
        piece = following
    packed.seek(0)
    return PackedRows(rows, packed, sizes)


def _packer() -> zlib._Compress:
    return zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)


class Packing:
    """The thread that compresses rows; where there are no threads, they are compressed at once."""

    def __init__(self) -> None:
        """Start no thread before there is work for it."""
        self._pool = None if sys.platform in _WITHOUT_THREADS else ThreadPoolExecutor(1)

    def add(self, rows: IO[bytes]) -> Future[PackedRows]:
        """Begin to compress the rows in a file, which nobody else uses until it is done."""
        if self._pool is not None:
            return self._pool.submit(pack, rows)
        done: Future[PackedRows] = Future()
        done.set_result(pack(rows))
        return done

    def end(self) -> None:
        """End the thread when its work is done."""
        if self._pool is not None:
            self._pool.shutdown()


class JoiningPacker:
    """A compressor for ``zipfile``: of a sheet's head, of all pieces of its rows, of its tail.

    The rows are compressed already; their pieces are given as they are for the checksum alone.
    """

    def __init__(self, rows: PackedRows) -> None:
        """Begin before the head."""
        self._packer, self._packed = _packer(), rows.packed
        self._sizes = iter((_HEAD, *rows.sizes))

    def compress(self, data: bytes) -> bytes:
        """Return the next compressed bytes."""
        size = next(self._sizes, None)
        if size is None:
            return self._packer.compress(data)
        if size == _HEAD:
            # A full flush: nothing after the rows refers to what is before them.
            return self._packer.compress(data) + self._packer.flush(zlib.Z_FULL_FLUSH)
        return self._packed.read(size)

    def flush(self) -> bytes:
        """Return the last compressed bytes."""
        return self._packer.flush()


_HEAD = -1
