"""The inputs of a command: every file in the files and folders that were named.

A zip is opened, and the files in it follow it. Nothing is left out: what is no workbook gets its
finding where files are identified.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from kdcl_xl.errors import Exit, UserError
from kdcl_xl.files import LinkOut
from kdcl_xl.submission.file_kind import WORKBOOK_SUFFIXES, is_lock_name
from kdcl_xl.xlsx.archive import ArchiveError, files_inside
from kdcl_xl.xlsx.bounds import SAFE, Bounds
from workbook_templates.text import Text


def find_inputs(paths: Iterable[Path], bounds: Bounds = SAFE) -> list[Path]:
    """Return the files in files and folders; folders are searched with their subfolders.

    A zip is followed by the files in it, each an :class:`~kdcl_xl.xlsx.archive.InArchive`. A link
    that leads out of a searched folder is a :class:`~kdcl_xl.files.LinkOut`, which is not read.

    Raises:
        UserError: a path does not exist, or nothing was found at all.
    """
    given = list(paths)
    found: list[Path] = []
    for path in given:
        if path.is_dir():
            inside = (p for file in sorted(_in_folder(path)) for p in _with_contents(file, bounds))
            found += inside
        elif path.exists():
            found += _with_contents(path, bounds)
        else:
            raise UserError(Text(f"Không có tệp hoặc thư mục «{path}».", f"There is no '{path}'."))
    if not found:
        names = ", ".join(str(path) for path in given)
        raise UserError(
            Text(f"Không có tệp nào trong «{names}».", f"There is no file in '{names}'."),
            Exit.NOTHING_READ,
        )
    return list(dict.fromkeys(found))


def _in_folder(folder: Path) -> Iterator[Path]:
    inside = folder.resolve()
    # `os.walk` follows no link to a folder.
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            is_out = path.is_symlink() and not path.resolve().is_relative_to(inside)
            yield LinkOut(path) if is_out else path


def _with_contents(path: Path, bounds: Bounds) -> Iterator[Path]:
    """Yield a file and, if it is a zip of files, the files in it."""
    yield path
    if path.suffix.lower() in WORKBOOK_SUFFIXES or isinstance(path, LinkOut):
        return
    try:
        if not is_lock_name(path.name) and path.is_file() and _begins_as_zip(path):
            yield from files_inside(path, bounds)
    except (ArchiveError, OSError):
        return  # the file has a line of its own, which gives the reason


def _begins_as_zip(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04"
