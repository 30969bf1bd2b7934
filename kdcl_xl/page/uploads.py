"""Lay out dropped files in the working folder, so that messages show their original names."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


@dataclass(frozen=True, slots=True)
class Upload:
    """A dropped file: its name, with the folders it was dropped in, and its bytes.

    ``role`` is the place of the page that it was dropped on. ``modified`` is the time of its last
    change, in milliseconds since 1970 as browsers count; 0 where it is unknown.
    """

    name: str
    content: bytes
    role: str = "files"
    modified: int = 0


def lay_out(uploads: Sequence[Upload]) -> list[Path]:
    """Write the files below the working folder, and return their relative paths.

    A file has the path that its name says. Where another file has that path, it gets a numbered
    folder of its own: no file replaces another, and the name remains the original one.
    """
    paths: list[Path] = []
    for upload in uploads:
        wanted = _relative(upload.name)
        path, number = wanted, 2
        while not _is_free(path):
            path = Path(str(number), wanted)
            number += 1
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(upload.content)
        if upload.modified:
            nanoseconds = upload.modified * 1_000_000
            os.utime(path, ns=(nanoseconds, nanoseconds))
        paths.append(path)
    return paths


_OUT = ("/", "..", ".")


def _relative(name: str) -> Path:
    """Return a path that stays inside the working folder."""
    plain = name.replace("\\", "/").replace("\0", "")
    parts = [part for part in PurePosixPath(plain).parts if part not in _OUT]
    return Path(*parts) if parts else Path("_")


def _is_free(path: Path) -> bool:
    return not path.exists() and not any(parent.is_file() for parent in path.parents)
