"""Write outputs whole or not at all, and read inputs within bounds."""

from __future__ import annotations

import contextlib
import errno
import glob
import hashlib
import io
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol, TypeVar

from kdcl_xl.errors import UserError
from workbook_templates.text import Text, ascii_fold, normalise

T = TypeVar("T")


_WORD = ".docx"


def _program(target: Path) -> str:
    return "Word" if target.suffix.lower() == _WORD else "Excel"


def _unwritable(target: Path, error: OSError) -> UserError:
    reason, program = error.strerror or str(error), _program(target)
    return UserError(
        Text(
            f"Không ghi được tệp «{target}»: {reason}. Hãy kiểm tra thư mục, quyền ghi, và đóng "
            f"tệp nếu đang mở trong {program}.",
            f"Cannot write '{target}': {reason}. Check the folder and the permissions, and close "
            f"the file if {program} has it open.",
        )
    )


def refuse_open(target: Path) -> None:
    """Reject a target that a program has open, which would later save over the new file.

    Excel, Word and LibreOffice mark an open file by a lock file beside it.

    Raises:
        UserError: such a lock file exists, perhaps left by a program that crashed.
    """
    program = _program(target)
    marks = [f"~${target.name}", f".~lock.{target.name}#"]
    if program == "Word":
        # Word puts its mark in place of the first one or two letters of a long name.
        marks += [f"~${target.name[cut:]}" for cut in (1, 2)]
    for mark in marks:
        beside = target.with_name(mark)
        with contextlib.suppress(
            OSError
        ):  # the name of the lock file would be too long, so there is none
            if target.is_file() and beside.exists():
                raise UserError(
                    Text(
                        f"«{target}» đang mở trong {program} hoặc LibreOffice: hãy lưu, đóng lại "
                        f"rồi chạy lại lệnh. Nếu không còn ai mở, hãy xóa tệp «{mark}» bên cạnh.",
                        f"'{target}' is open in {program} or LibreOffice: save and close it, then "
                        f"run the command again. If nobody has it open, delete '{mark}' beside "
                        "it.",
                    )
                )


TEMPORARY, _STALE = ".kdcl-tmp", 3600
"""The suffix of unfinished files, and the seconds after which one counts as abandoned."""


def _temporary_beside(target: Path) -> tuple[int, Path]:
    """Create a temporary file beside a target; delete those that killed runs left there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # A file name has at most 255 bytes, so a long name is cut, never inside a character.
    prefix = f".{os.fsencode(target.name)[:40].decode(errors='ignore')}."
    for left in target.parent.glob(f"{glob.escape(prefix)}*{TEMPORARY}"):
        with contextlib.suppress(OSError):
            if abs(time.time() - left.stat().st_mtime) > _STALE:
                left.unlink()
    handle, name = tempfile.mkstemp(prefix=prefix, suffix=TEMPORARY, dir=target.parent)
    return handle, Path(name)


def write_whole(target: Path, content: bytes | IO[bytes]) -> None:
    """Write a file so that it is complete or absent, by moving a finished one over it.

    ``content`` may be an open file, of which the rest is taken.

    Raises:
        UserError: the target cannot be written; what was there is untouched.
    """
    refuse_open(target)
    try:
        if target.is_dir():
            raise IsADirectoryError(21, "là một thư mục (is a folder)")
        handle, temporary = _temporary_beside(target)
    except OSError as error:
        raise _unwritable(target, error) from None
    try:
        with os.fdopen(handle, "wb") as stream:
            if isinstance(content, bytes):
                stream.write(content)
            else:
                shutil.copyfileobj(content, stream, _PIECE)
            stream.flush()
            # Without this, a power cut after the renaming could leave an empty file at the
            # target.
            os.fsync(stream.fileno())
        # A temporary file is private; the target keeps its mode, or gets the usual one.
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        temporary.chmod(mode)
        temporary.replace(target)
    except OSError as error:
        raise _unwritable(target, error) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def write_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder of files that is complete or absent, in place of the one before it.

    Raises:
        UserError: the target cannot be written; what was there is untouched.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(
            tempfile.mkdtemp(prefix=f".{target.name[:40]}.", suffix=".tmp", dir=target.parent)
        )
    except OSError as error:
        raise _unwritable(target, error) from None
    made, before = work / "made", work / "before"
    try:
        made.mkdir()
        for name, content in files.items():
            write_whole(made / name, content)
        if target.exists():
            target.rename(before)
        try:
            made.rename(target)
        except OSError:
            if before.exists():
                before.rename(target)
            raise
    except OSError as error:
        raise _unwritable(target, error) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


DOCUMENT_ENDING = ".docx"
"""The ending of Word files."""
EARLIER = ".truoc-"
"""The mark in the name of a dated copy of an earlier file."""


def keep_earlier(target: Path, content: bytes | None = None) -> Path | None:
    """Copy the file at a target to a dated name, unless ``content`` is the same.

    Return the path of the copy; None where none was needed.
    """
    if not target.is_file():
        return None
    earlier = target.read_bytes()
    try:
        moment = f"{datetime.fromtimestamp(target.stat().st_mtime):%Y%m%d-%H%M%S}"
    except (
        OverflowError,
        ValueError,
        OSError,
    ):  # a file system may give any time, even one outside the calendar
        moment = "0"
    stem = f"{target.stem}{EARLIER}{moment}"
    copy, nth = target.with_name(stem + target.suffix), 1
    while copy.exists() and copy.read_bytes() != earlier:  # saved twice within a second
        nth += 1
        copy = target.with_name(f"{stem}-{nth}{target.suffix}")
    if earlier == content:
        return None
    if not copy.exists():
        write_whole(copy, earlier)
    return copy


def file_digest(target: Path) -> str:
    """Return the SHA-256 of a file; empty where there is none."""
    try:
        return hashlib.sha256(target.read_bytes()).hexdigest()
    except OSError:
        return ""


class ProgressBar(Protocol):
    """A function that passes things on one by one and shows how many are left."""

    def __call__(self, things: Sequence[T], /) -> Iterable[T]:
        """Return the same things."""


# A file is refused where it is read, so that the refusal becomes a finding like any other. The
# kind of the path carries it there, also into another process. Before Python 3.12 only the
# path class of the system, `type(Path())`, could have subclasses.
class LinkOut(type(Path())):  # type: ignore[misc]
    """A link in a searched folder that leads out of it; reported, and not followed."""

    __slots__ = ()


_NOT_A_FILE = "là thư mục, đường ống hoặc thiết bị (it is a folder, a pipe or a device)"
_LINK_OUT = (
    "là liên kết ra ngoài thư mục; hãy nêu chính tệp đích (it links out of the folder; name its "
    "target instead)"
)


_PIECE = 1 << 20
"""Bytes that are read at a time from a file that grows."""


class TooLargeError(OSError):
    """The error of a file that has more bytes than are read."""


def read_bounded(path: Path, most: int) -> tuple[bytes, os.stat_result]:
    """Return the bytes of a regular file of at most ``most`` bytes, and the system's facts.

    Raises:
        TooLargeError: the file has more.
        OSError: the file cannot be read; or is a pipe or device, which might never end.
    """
    if isinstance(path, LinkOut):
        raise OSError(errno.ELOOP, _LINK_OUT)
    # Looked at before it is opened, and again when it is: it may be another one by then.
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, _NOT_A_FILE)
    with io.open(path, "rb", opener=_open_at_once) as stream:  # noqa: UP020 - tests count these
        facts = os.fstat(stream.fileno())
        if not stat.S_ISREG(facts.st_mode):
            raise OSError(errno.EINVAL, _NOT_A_FILE)
        # Python allocates as many bytes as it is asked for, so that the bound is not asked for.
        data = stream.read(facts.st_size + 1) if facts.st_size <= most else b""
        # A file that grows meanwhile is read to its end, or to the bound.
        while facts.st_size < len(data) <= most and (more := stream.read(_PIECE)):
            data += more
        if facts.st_size > most or len(data) > most:
            megabytes = max(facts.st_size, len(data)) >> 20
            raise TooLargeError(errno.EFBIG, f"quá lớn (too large): {megabytes} MB")
    return data, facts


def _open_at_once(path: str, flags: int) -> int:
    """Open a file without waiting, as for the writer of a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


_SAFE_LENGTH = 60


def base_name(path: str) -> str:
    """Return the last name of a shown path, with the separators of any system."""
    return path.replace("\\", "/").rsplit("/", 1)[-1]


def safe_name(*parts: str) -> str:
    """Return a file name that every system accepts, from texts in any language."""
    words = []
    for part in parts:
        text = ascii_fold(normalise(part))
        words.append("".join(c if c.isalnum() and c.isascii() else "-" for c in text))
    name = "_".join("-".join(w for w in word.split("-") if w) for word in words if word)
    return name[:_SAFE_LENGTH].rstrip("-_") or "khong-ten"


def free_name(folder: Path, stem: str, taken: set[str], ending: str = ".xlsx") -> Path:
    """Return a path in a folder whose name is not among ``taken``, and add it to them."""
    target, number = folder / f"{stem}{ending}", 2
    while target.name.casefold() in taken:
        target = folder / f"{stem}_{number}{ending}"
        number += 1
    taken.add(target.name.casefold())
    return target
