"""What was checked before: kept by the content of the file and by the rules of the day.

An entry is believed only whole: its record has a checksum, and the key is made of
everything that it depends on. Entries may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import time
import zlib
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import kdcl_xl
import macros_free_validation
import workbook_templates
from kdcl_xl.check import judged
from kdcl_xl.guard import Contents
from kdcl_xl.record import RecordError, restore, store
from kdcl_xl.submission import Reading
from workbook_templates.regulation import Catalogue

FOLDER_VARIABLE = "KDCL_XL_CACHE"
_DAY = 86_400
OLDEST = 90 * _DAY
"""Seconds since its last use after which an entry is deleted."""


def default_folder() -> Path:
    """Where a user's caches belong on this system."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "kdcl-xl"


@lru_cache
def fingerprint() -> str:
    """Of everything that reading and judging depend on: the code and what it declares."""
    found = hashlib.sha256(kdcl_xl.__version__.encode())
    for package in (workbook_templates, macros_free_validation, kdcl_xl):
        root = Path(package.__path__[0])
        for path in sorted(p for p in root.rglob("*") if p.suffix in (".py", ".toml")):
            found.update(path.relative_to(root).as_posix().encode() + b"\0")
            found.update(path.read_bytes())
    return found.hexdigest()


@lru_cache(maxsize=8)
def _fingerprint_of(catalogue: Catalogue) -> str:
    return hashlib.sha256(repr(catalogue).encode()).hexdigest()


@dataclass
class Cache:
    """A folder of records; ``hits`` and ``misses`` count what was asked of it."""

    folder: Path
    hits: int = field(default=0, compare=False)
    misses: int = field(default=0, compare=False)

    def key_of(self, content: bytes, catalogue: Catalogue, reading: Reading) -> str:
        """The name of an entry; empty for what is not kept.

        A file that asks for a password is meant for those who know it, so that nothing
        that was opened with one stays behind.
        """
        if reading.password:
            return ""
        facts = (fingerprint(), _fingerprint_of(catalogue), repr(reading))
        head = "\0".join(facts).encode()
        return hashlib.sha256(hashlib.sha256(head).digest() + content).hexdigest()

    def get(
        self, key: str, path: Path, contents: Contents, catalogue: Catalogue, today: date
    ) -> bytes | None:
        """The record of a file with these contents at ``path``; None where there is none.

        What was found another day is judged again.
        """
        if not key:
            return None
        place = self._place(key)
        try:
            day, _, packed = place.read_bytes().partition(b"\n")
            checked = restore(zlib.decompress(packed).decode(), catalogue)
            submission = replace(checked.submission, path=path, modified=contents.modified)
            checked = replace(checked, submission=submission)
            if day.decode() != today.isoformat():
                checked = judged(submission, today)
            os.utime(place)
        except (OSError, ValueError, RecordError, zlib.error):
            self.misses += 1
            return None
        self.hits += 1
        return zlib.compress(store(checked).encode(), 1)

    def put(self, key: str, record: bytes, today: date) -> None:
        """Keep a record; where that cannot be, it is not kept."""
        place = self._place(key)
        with contextlib.suppress(OSError):
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=place.parent, suffix=".tmp")
            with os.fdopen(handle, "wb") as stream:
                stream.write(today.isoformat().encode() + b"\n" + record)
            Path(name).replace(place)

    def tidy_up(self) -> None:
        """Delete what was not used for long."""
        oldest = time.time() - OLDEST
        with contextlib.suppress(OSError):
            for place in self.folder.glob("??/*"):
                with contextlib.suppress(OSError):
                    if place.stat().st_mtime < oldest:
                        place.unlink()

    def _place(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]
