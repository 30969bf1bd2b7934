"""Cache of checked files, keyed by their contents and by everything that judges them.

An entry begins with a checksum, and is used only where it is whole. Its key is a digest of
everything that it depends on. Entries may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from platformdirs import user_cache_path

import kdcl_xl
import macros_free_validation
import workbook_templates
from kdcl_xl.checking.check import judged
from kdcl_xl.checking.record import LARGEST_RECORD, load_json, pack, unpack
from kdcl_xl.errors import UserError
from kdcl_xl.files import read_bounded
from kdcl_xl.submission.model import Reading
from kdcl_xl.xlsx.bounds import Bounds
from kdcl_xl.xlsx.package import Contents
from workbook_templates.regulation import Catalogue
from workbook_templates.text import Text

FOLDER_VARIABLE = "KDCL_XL_CACHE"
_DAY = 86_400
OLDEST = 90 * _DAY
"""Seconds since its last use after which an entry is deleted."""
# Records hold what schools typed, so no other user of the machine may read them.
_PRIVATE = 0o700


def default_folder() -> Path | None:
    """Return the folder for a user's caches on this system; None where the user has no home."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    # Without ``opinion`` it is the folder of earlier versions on Windows too; on macOS the
    # folder is now the one where the system looks for caches.
    try:
        folder = user_cache_path("kdcl-xl", appauthor=False, opinion=False)
    except RuntimeError:  # the user has no home; older releases return a path with ``~``
        return None
    return folder if folder.is_absolute() else None


@contextlib.contextmanager
def only_run_on(target: Path) -> Iterator[None]:
    """Keep other runs of this user off a target; they are refused at once.

    Where no lock file can be written, nothing is locked.

    Raises:
        UserError: another run has the target.
    """
    from filelock import FileLock, Timeout  # only for those who write what they have read

    folder = default_folder()
    if folder is None:
        yield
        return
    # Not beside the target: Unix keeps lock files, and officers share that folder.
    name = hashlib.sha256(os.fsencode(target.resolve())).hexdigest()
    place = folder / "locks" / f"{name}.lock"
    with contextlib.ExitStack() as stack:
        try:
            folder.mkdir(_PRIVATE, parents=True, exist_ok=True)
            place.parent.mkdir(_PRIVATE, exist_ok=True)
            stack.enter_context(FileLock(place, timeout=0))
        except Timeout:
            raise UserError(
                Text(
                    f"Một lệnh khác đang tổng hợp vào «{target}»; hãy đợi lệnh đó xong rồi chạy "
                    "lại.",
                    f"Another run is merging into '{target}'; wait until it has ended, then run "
                    "the command again.",
                )
            ) from None
        except OSError:
            pass  # two runs at once are still noticed by the digest of the target
        yield


@lru_cache
def code_digest() -> str:
    """Return a digest of everything that reading and judging depend on: code and declarations."""
    found = hashlib.sha256(f"{kdcl_xl.__version__}\0{sys.version_info[:2]}".encode())
    for package in (workbook_templates, macros_free_validation, kdcl_xl):
        root = Path(package.__path__[0])
        for path in sorted(p for p in root.rglob("*") if p.suffix in (".py", ".toml")):
            found.update(path.relative_to(root).as_posix().encode() + b"\0")
            found.update(path.read_bytes())
    return found.hexdigest()


_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def is_trusted(folder: Path) -> bool:
    """Return whether a folder is the user's own, and nobody else can write into it.

    A folder that does not exist yet is made so. Windows protects a user's folders by itself.
    """
    if sys.platform == "win32":
        return True
    try:
        facts = folder.lstat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    is_private = stat.S_ISDIR(facts.st_mode) and not facts.st_mode & _OTHERS_WRITE
    return is_private and facts.st_uid == os.geteuid()


@dataclass
class Cache:
    """A folder of records; ``hits`` and ``misses`` count the look-ups."""

    folder: Path
    hits: int = field(default=0, compare=False)
    misses: int = field(default=0, compare=False)

    def of(self, catalogue: Catalogue, today: date, reading: Reading) -> Shelf | None:
        """Return the records of a day under a catalogue; None where nothing may be kept.

        Nothing is kept where files are opened with a password: their contents are meant only
        for those who know it.
        """
        if reading.password:
            return None
        facts = "\0".join((code_digest(), repr(catalogue), repr(reading)))
        return Shelf(
            self, catalogue, today, hashlib.sha256(facts.encode()).digest(), reading.bounds
        )

    def tidy_up(self) -> None:
        """Delete the entries that were not used for :data:`OLDEST` seconds."""
        oldest = time.time() - OLDEST
        with contextlib.suppress(OSError):
            for place in self.folder.glob("??/*"):
                with contextlib.suppress(OSError):
                    if place.stat().st_mtime < oldest:
                        place.unlink()


@dataclass(frozen=True)
class Shelf:
    """The records of one catalogue, day and reading, of which ``made`` is the digest."""

    cache: Cache
    catalogue: Catalogue
    today: date
    made: bytes
    bounds: Bounds

    def get(self, path: Path, contents: Contents) -> bytes | None:
        """Return the record of a file with these contents at ``path``; None where there is none.

        A record of another day is judged again, on the submission that it holds.
        """
        key = self._key(path, contents)
        try:
            record = self._read(key, path, contents)
        except Exception:  # a damaged entry is no entry: the file itself is read
            self.cache.misses += 1
            return None
        self.cache.hits += 1
        return record

    def _read(self, key: str, path: Path, contents: Contents) -> bytes:
        place = self._place(key)
        checksum, _, rest = read_bounded(place, LARGEST_RECORD)[0].partition(b"\n")
        if checksum != _checksum(rest):
            raise ValueError("checksum")
        with contextlib.suppress(OSError):
            # The time of last use, by which old entries are deleted.
            os.utime(place)
        head, _, record = rest.partition(b"\n")
        if head == self._head(key, path, contents):
            return record
        kept, day, *_ = load_json(head.decode())
        if kept != key:
            raise ValueError("key")
        checked = unpack(record, self.catalogue)
        submission = replace(checked.submission, path=path, modified=contents.modified)
        if day == self.today.isoformat():
            return pack(replace(checked, submission=submission))
        record = pack(judged(submission, self.today, self.bounds))
        self.put(path, contents, record)
        return record

    def put(self, path: Path, contents: Contents, record: bytes) -> None:
        """Write a record; an error of the file system is ignored, as the cache is only a help."""
        key = self._key(path, contents)
        place = self._place(key)
        rest = self._head(key, path, contents) + b"\n" + record
        with contextlib.suppress(OSError):
            self.cache.folder.mkdir(_PRIVATE, parents=True, exist_ok=True)
            place.parent.mkdir(_PRIVATE, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=place.parent, suffix=".tmp")
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(_checksum(rest) + b"\n" + rest)
                Path(name).replace(place)
            finally:
                with contextlib.suppress(OSError):
                    Path(name).unlink()

    def _key(self, path: Path, contents: Contents) -> str:
        # Where the contents do not say the kind of a file, the end of its name does.
        suffix = path.suffix.lower().encode(errors="surrogateescape")
        return hashlib.sha256(b"\0".join((self.made, suffix, contents.data))).hexdigest()

    def _head(self, key: str, path: Path, contents: Contents) -> bytes:
        facts = [key, self.today.isoformat(), str(path), contents.modified.isoformat()]
        return json.dumps(facts).encode()

    def _place(self, key: str) -> Path:
        return self.cache.folder / key[:2] / key[2:]


def _checksum(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
