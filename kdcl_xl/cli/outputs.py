"""The paths that commands write: an ending that a command does not write is refused at once."""

from __future__ import annotations

from mimetypes import MimeTypes
from pathlib import Path
from typing import Any

import click

from kdcl_xl.cli.base import language
from kdcl_xl.errors import UserError
from workbook_templates.text import Text

WORKBOOK_ENDING = ".xlsx"
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


def require_workbook(path: Path) -> None:
    """Refuse a path that is not named as a workbook.

    Raises:
        UserError: the path ends in something else than .xlsx, or in nothing.
    """
    if path.suffix.lower() != WORKBOOK_ENDING:
        raise UserError(_no_workbook(path))


def require_folder(path: Path) -> None:
    """Refuse a path that is named as a file; a folder that exists may have any name.

    Raises:
        UserError: the path has the ending of a file.
    """
    if is_file_ending(path.suffix) and not path.is_dir():
        raise UserError(_no_folder(path))


class _Output(click.Path):
    """A path to write, refused while the options are read, before any work begins."""

    def __init__(self, *, may_be_folder: bool) -> None:
        super().__init__(path_type=Path)
        self.may_be_folder = may_be_folder

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = Path(str(super().convert(value, param, ctx)))
        suffix = path.suffix.lower()
        if suffix == WORKBOOK_ENDING:
            return path
        if not self.may_be_folder:
            self.fail(_no_workbook(path).in_(language()), param, ctx)
        if is_file_ending(suffix) and not path.is_dir():
            self.fail(_neither(path).in_(language()), param, ctx)
        return path


WORKBOOK = _Output(may_be_folder=False)
"""The type of an option for a workbook, which ends in .xlsx."""
WORKBOOK_OR_FOLDER = _Output(may_be_folder=True)
"""The type of an option for a workbook, or for a folder of several."""


def _no_workbook(path: Path) -> Text:
    return Text(
        f"«{path}» phải là tệp có đuôi .xlsx, vì lệnh này ghi sổ tính Excel.",
        f"'{path}' must end in .xlsx, because this command writes an Excel workbook.",
    )


def _no_folder(path: Path) -> Text:
    return Text(
        f"«{path}» có đuôi của một tệp; ở đây cần tên một thư mục, vì lệnh ghi nhiều tệp.",
        f"'{path}' has the ending of a file; several files need the name of a folder.",
    )


def _neither(path: Path) -> Text:
    return Text(
        f"không ghi được tệp có đuôi «{path.suffix}»; hãy nêu một tệp .xlsx hoặc một thư mục.",
        f"no file with the ending '{path.suffix}' is written; name an .xlsx file or a folder.",
    )
