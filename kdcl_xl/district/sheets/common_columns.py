"""Columns, headings and values that several lists share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from kdcl_xl.district.model.choose import VIETNAM
from kdcl_xl.district.sheets.declare import ListColumn
from kdcl_xl.district.sheets.links import Links
from macros_free_validation.values import Raw, to_serial
from workbook_templates.text import Language, Text
from workbook_templates.vocabulary import word_of

T = TypeVar("T")

CODE = Text("Mã trường", "School code")
NAME = Text("Tên trường", "School")
FILE = Text("Tệp", "File")
HASH = Text("Mã băm SHA-256 của tệp", "SHA-256 of the file")
AUTHORITY = Text("Cơ quan quản lý", "Authority")
"""Heading of the authority below this one that an entry comes from."""
_LEVEL_WIDTH = 38


def authority_columns(
    links: Links, level: Callable[[T], Raw], header: Text = AUTHORITY
) -> tuple[ListColumn[T], ...]:
    """Return a column of the authorities below this one; none where there is only one."""
    return (ListColumn(header, _LEVEL_WIDTH, level),) if links.authorities else ()


class OfSchool(Protocol):
    """An entry about one submission of a school."""

    @property
    def path(self) -> str:
        """Path of the submission."""

    @property
    def school_code(self) -> str:
        """The school's code."""

    @property
    def school_name(self) -> str:
        """The school's name."""


Line = TypeVar("Line", bound=OfSchool)


def school_columns(_lines: type[Line], links: Links) -> tuple[ListColumn[Line], ...]:
    """Return the columns of a school's code, with a link to its tasks, and of its name."""
    return (
        ListColumn[Line](
            CODE, 13, lambda line: line.school_code, link=lambda line: links.to_tasks(line.path)
        ),
        ListColumn[Line](NAME, 34, lambda line: line.school_name),
    )


def shown_word(value: Raw, language: Language) -> Raw:
    """Return the value of a cell, the word of a list in the language of the workbook."""
    if language is Language.VI or not isinstance(value, str):
        return value
    return word_of(value).in_(language)


def vietnam_time(moment: datetime | None) -> Raw:
    """Return a time, by the clock of Viet Nam, as Excel's serial number; None for None."""
    if moment is None:
        return None
    local = moment.astimezone(VIETNAM)
    return to_serial(local.date()) + (local.hour * 60 + local.minute) / 1440
