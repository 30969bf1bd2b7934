"""The paths that commands write: an ending that a command does not write is refused at once."""

from __future__ import annotations

from dataclasses import dataclass
from mimetypes import MimeTypes
from pathlib import Path
from typing import Any

import click

from kdcl_xl.cli.base import language
from kdcl_xl.errors import UserError
from kdcl_xl.files import DOCUMENT_ENDING
from workbook_templates.text import Text


@dataclass(frozen=True, slots=True)
class Ending:
    """The ending of the files that a command writes, and the name of such a file."""

    suffix: str
    file: Text


WORKBOOK_ENDING = ".xlsx"
WORKBOOK_FILE = Ending(WORKBOOK_ENDING, Text("sổ tính Excel", "an Excel workbook"))
DOCUMENT_FILE = Ending(DOCUMENT_ENDING, Text("văn bản Word", "a Word document"))
PAGE_FILE = Ending(".html", Text("một trang", "a page"))
# Endings that the standard library does not know on every system.
_OFFICE_ENDINGS = frozenset(
    (
        *(".xlsx", ".xlsm", ".xlsb", ".xltx", ".xltm", ".ods", ".docx", ".docm", ".odt", ".rtf"),
        *(".pptx", ".rar", ".7z", ".md", ".toml", ".ini", ".log", ".tsv", ".parquet"),
        *(".sqlite", ".db"),
    )
)
_KNOWN_TYPES = MimeTypes()


def is_file_ending(suffix: str) -> bool:
    """Return whether an ending such as ``.pdf`` is that of a file, in any case of letters.

    The dot in a name such as «TP.HCM» begins no such ending.
    """
    lower = suffix.lower()
    return lower in _OFFICE_ENDINGS or _KNOWN_TYPES.guess_type(f"x{lower}") != (None, None)


def require_ending(path: Path, ending: Ending) -> None:
    """Refuse a path that is not named as a file of a kind.

    Raises:
        UserError: the path ends in something else, or in nothing.
    """
    if path.suffix.lower() != ending.suffix:
        raise UserError(_wrong_ending(path, ending))


def require_workbook(path: Path) -> None:
    """Refuse a path that is not named as a workbook.

    Raises:
        UserError: the path ends in something else than .xlsx, or in nothing.
    """
    require_ending(path, WORKBOOK_FILE)


def require_folder(path: Path) -> None:
    """Refuse a path that is named as a file; a folder that exists may have any name.

    Raises:
        UserError: the path has the ending of a file.
    """
    if is_file_ending(path.suffix) and not path.is_dir():
        raise UserError(_no_folder(path))


class _Output(click.Path):
    """A path to write, refused while the options are read, before any work begins."""

    def __init__(self, ending: Ending, *, may_be_folder: bool) -> None:
        super().__init__(path_type=Path)
        self.ending, self.may_be_folder = ending, may_be_folder

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = Path(str(super().convert(value, param, ctx)))
        suffix = path.suffix.lower()
        if suffix == self.ending.suffix:
            return path
        if not self.may_be_folder:
            self.fail(_wrong_ending(path, self.ending).in_(language()), param, ctx)
        if is_file_ending(suffix) and not path.is_dir():
            self.fail(_neither(path, self.ending).in_(language()), param, ctx)
        return path


WORKBOOK = _Output(WORKBOOK_FILE, may_be_folder=False)
"""The type of an option for a workbook, which ends in .xlsx."""
WORKBOOK_OR_FOLDER = _Output(WORKBOOK_FILE, may_be_folder=True)
"""The type of an option for a workbook, or for a folder of several."""
DOCUMENT_OR_FOLDER = _Output(DOCUMENT_FILE, may_be_folder=True)
"""The type of an option for a Word document, or for a folder of several."""

FOLDER = click.Path(path_type=Path)
"""The type of an option for a folder of several files; see :func:`require_folder`."""
PAGE = _Output(PAGE_FILE, may_be_folder=False)
"""The type of an option for a page, which ends in .html."""


def _wrong_ending(path: Path, ending: Ending) -> Text:
    return Text(
        f"«{path}» phải là tệp có đuôi {ending.suffix}, vì lệnh này ghi {ending.file.vi}.",
        f"'{path}' must end in {ending.suffix}, because this command writes {ending.file.en}.",
    )


def _no_folder(path: Path) -> Text:
    return Text(
        f"«{path}» có đuôi của một tệp; ở đây cần tên một thư mục, vì lệnh ghi nhiều tệp.",
        f"'{path}' has the ending of a file; several files need the name of a folder.",
    )


def _neither(path: Path, ending: Ending) -> Text:
    return Text(
        f"không ghi được tệp có đuôi «{path.suffix}»; hãy nêu một tệp {ending.suffix} hoặc một "
        "thư mục.",
        f"no file with the ending '{path.suffix}' is written; name a {ending.suffix} file or a "
        "folder.",
    )
