"""The columns with which a line of any list says of which school it is."""

from __future__ import annotations

from typing import Protocol, TypeVar

from kdcl_xl.district.links import Links
from kdcl_xl.district.table import ListColumn
from workbook_templates.text import Text


class OfSchool(Protocol):
    """A line that is about one submission of a school."""

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
    """Code, with a link to the school's tasks, and name, for lists of such lines."""
    return (
        ListColumn[Line](
            Text("Mã trường", "School code"),
            13,
            lambda line: line.school_code,
            link=lambda line: links.to_tasks(line.path),
        ),
        ListColumn[Line](Text("Tên trường", "School"), 34, lambda line: line.school_name),
    )
