"""Files inside a zip, read without unpacking it to a disk.

A file inside a zip has a path below the zip's: ``mail.zip/Trường A/ban cuoi.xlsx``. A zip inside
a zip is opened too, once. Each file is read on the bounds of any other file.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from kdcl_xl.files import TooLargeError, read_bounded
from kdcl_xl.xlsx.bounds import SAFE, Bounds
from kdcl_xl.xlsx.zip_entries import Entry, TooManyEntriesError, ZipError, inflated, read_directory
from workbook_templates.text import Text

_MB = 1 << 20
_SUFFIX = ".zip"

Name = tuple[str, ...]
"""The name of a file inside a zip: its folders, and its own name."""


# As with links that lead out of a folder, the class of the path carries the fact that the file is
# inside a zip to the place where it is read, also into another process.
class InArchive(type(Path())):  # type: ignore[misc]
    """The path of a file inside a zip."""

    __slots__ = ()


class ArchiveError(ValueError):
    """The error of a zip that cannot be opened; ``reason`` is for people."""

    def __init__(self, reason: Text) -> None:
        """Keep the reason."""
        super().__init__(f"{reason.vi} ({reason.en})")
        self.reason = reason


def is_zip_name(path: Path) -> bool:
    """Return whether a file is a zip by its name, which is opened where it is inside another."""
    return path.suffix.lower() == _SUFFIX


def can_be_opened(path: Path) -> bool:
    """Return whether a zip would be opened: it is not inside a zip that is inside a zip."""
    return not isinstance(path, InArchive) or sum(map(is_zip_name, path.parents)) < _DEEPEST


_DEEPEST = 2
"""Zips of which each holds the next at most, the outermost included."""


def is_opendocument(content: bytes) -> bool:
    """Return whether a zip is a document of LibreOffice and its like.

    Its first file is its media type, not packed (OpenDocument 1.3, part 2, 3.3).
    """
    return b"mimetypeapplication/vnd.oasis.opendocument" in content[:128]


def is_numbers(names: Collection[str]) -> bool:
    """Return whether a zip with parts of these names, in lower case, is of Apple Numbers."""
    return "index/document.iwa" in names or {"index.zip", "metadata/properties.plist"} <= {*names}


def files_inside(path: Path, bounds: Bounds = SAFE) -> list[InArchive]:
    """Return the files in a zip, and in the zips in it, in the order of the zip.

    Raises:
        ArchiveError: the zip is damaged, encrypted, too large, or holds too many files.
        OSError: the file cannot be read.
    """
    found: list[InArchive] = []
    content, members = _opened(path, bounds)
    for name, entry in members.items():
        inside = InArchive(path, *name)
        found.append(inside)
        if is_zip_name(inside) and can_be_opened(inside):
            try:
                nested = _inflated(content, entry, bounds)
                found += [InArchive(inside, *n) for n in _directory(nested, bounds)]
            except (ArchiveError, ZipError, TooLargeError):
                continue  # the inner zip is a file of its own, whose line gives the reason
        if len(found) > bounds.most_entries:
            raise ArchiveError(_too_many(len(found)))
    return found


def count_inside(path: Path, content: bytes, bounds: Bounds = SAFE) -> int:
    """Return the number of files in a zip; those in the zips in it count only for the outermost.

    Raises:
        ArchiveError: the zip cannot be opened, or is nested too deeply.
        OSError: the file cannot be read.
    """
    if not can_be_opened(path):
        raise ArchiveError(
            Text("nén nhiều lớp, mỗi lớp trong lớp kia", "zips in zips, more than two deep")
        )
    if isinstance(path, InArchive):
        return len(_directory(content, bounds))
    return len(files_inside(path, bounds))


def read_inside(path: InArchive, bounds: Bounds = SAFE) -> tuple[bytes, datetime]:
    """Return a file inside a zip, and the file system's time of the outermost zip.

    Raises:
        TooLargeError: the file is larger than any file may be.
        OSError: there is no such zip or file, or it cannot be read.
    """
    archive = next((p for p in map(Path, reversed(path.parents)) if p.is_file()), None)
    if archive is None:
        raise FileNotFoundError(2, "không còn tệp nén (the zip is gone)")
    modified = datetime.fromtimestamp(archive.stat().st_mtime, UTC)
    try:
        return _read(archive, Path(path).relative_to(archive).parts, bounds), modified
    except (ArchiveError, ZipError) as error:
        raise OSError(22, f"{error.reason.vi} ({error.reason.en})") from None


def _read(archive: Path, name: Name, bounds: Bounds) -> bytes:
    content, members = _opened(archive, bounds)
    if name in members:
        return _inflated(content, members[name], bounds)
    for cut in range(1, len(name)):
        outer, inner = name[:cut], name[cut:]
        if outer in members and is_zip_name(Path(outer[-1])):
            nested = _inflated(content, members[outer], bounds)
            if (entry := _directory(nested, bounds).get(inner)) is not None:
                return _inflated(nested, entry, bounds)
    raise FileNotFoundError(2, "không có trong tệp nén (not in the zip)")


def _opened(path: Path, bounds: Bounds) -> tuple[bytes, Mapping[Name, Entry]]:
    facts = path.stat()
    return _opened_at(path, facts.st_size, facts.st_mtime_ns, bounds)


# The files of a zip are read one after the other: the zip itself is read once for all of them.
@lru_cache(maxsize=1)
def _opened_at(
    path: Path, _size: int, _time: int, bounds: Bounds
) -> tuple[bytes, Mapping[Name, Entry]]:
    try:
        content, _ = read_bounded(path, bounds.largest_archive * _MB)
    except TooLargeError as error:
        raise ArchiveError(Text(str(error.strerror), str(error.strerror))) from None
    return content, _directory(content, bounds)


def _directory(content: bytes, bounds: Bounds) -> Mapping[Name, Entry]:
    """Return the files of a zip by name; of two files of one name the second has a number.

    Raises:
        ArchiveError: the zip is damaged or encrypted, or holds too many files.
    """
    try:
        entries = read_directory(content, bounds.most_entries)
    except TooManyEntriesError as error:
        raise ArchiveError(_too_many(error.count)) from None
    except ZipError as error:
        raise ArchiveError(
            Text(
                f"tệp nén bị hỏng, có mật khẩu hoặc nén theo cách khác: {error.reason.vi}",
                f"the zip is damaged, has a password, or is packed in another way: "
                f"{error.reason.en}",
            )
        ) from None
    names = {entry.raw_name.lower() for entry in entries}
    if "[content_types].xml" in names or is_opendocument(content) or is_numbers(names):
        return {}  # a document of Office, LibreOffice or Numbers, which is a zip of parts
    found: dict[Name, Entry] = {}
    for entry in entries:
        if entry.raw_name.endswith(("/", "\\")):
            continue
        *folders, last = _parts(entry.raw_name)
        name, number = (*folders, last), 2
        while name in found:
            stem, dot, suffix = last.rpartition(".")
            numbered = f"{stem} ({number}).{suffix}" if dot and stem else f"{last} ({number})"
            name, number = (*folders, numbered), number + 1
        found[name] = entry
    return found


def _parts(raw_name: str) -> Name:
    """Return the folders and the name of an entry: none of them leads out of the zip."""
    name = unicodedata.normalize("NFC", _decoded(raw_name)).partition("\x00")[0]
    parts = [part for part in name.replace("\\", "/").split("/") if part.strip(". ")]
    return tuple(parts) or ("khong-ten",)


def _decoded(raw_name: str) -> str:
    """Return the name of an entry as its writer meant it.

    A name without the mark of UTF-8 is read as code page 437 (APPNOTE, appendix D). Programs
    write it in UTF-8 all the same, or in the code page of a Vietnamese Windows, 1258.
    """
    try:
        written = raw_name.encode("cp437")
    except UnicodeEncodeError:  # it has the mark
        return raw_name
    if written.isascii():
        return raw_name
    for encoding in ("utf-8", "cp1258"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw_name


def _inflated(content: bytes, entry: Entry, bounds: Bounds) -> bytes:
    """Return the bytes of a file of a zip.

    Raises:
        TooLargeError: it is larger than any file may be.
        ZipError: it is damaged.
    """
    if entry.size > bounds.largest_file * _MB:
        megabytes = entry.size // _MB
        raise TooLargeError(27, f"quá lớn (too large): {megabytes} MB")
    return inflated(content, entry)


def _too_many(count: int) -> Text:
    return Text(f"có {count} tệp, quá nhiều", f"it holds {count} files, too many")
