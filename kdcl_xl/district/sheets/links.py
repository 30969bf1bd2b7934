"""Where the rows of schools and of their tasks stand, and links that lead there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from kdcl_xl.district.model.model import District, shown_level
from kdcl_xl.district.sheets.list_sheet import FIRST_ROW, ListColumn, place_of, places_of, quoted
from workbook_templates.text import Language, Text


def link(name: str, cells: str) -> str:
    """An internal target: cells of a sheet."""
    return f"internal:{quoted(name)}!{cells}"


@dataclass(frozen=True)
class Links:
    """Positions (from 0) of schools and of tasks in their lists, by the path of the submission.

    The tasks of one have a first and a last, for they stand together. ``levels`` says what
    authority below this one it comes from; nothing where all come from one.
    """

    language: Language
    schools: Mapping[str, int]
    tasks: Mapping[str, tuple[int, int]]
    levels: Mapping[str, str]

    @classmethod
    def of(cls, district: District, language: Language) -> Links:
        """The links of a district."""
        tasks: dict[str, tuple[int, int]] = {}
        for at, task in enumerate(district.tasks):
            tasks[task.path] = (tasks.get(task.path, (at, at))[0], at)
        schools = {path: at for at, line in enumerate(district.schools) for path in line.paths}
        levels = {entry.path: shown_level(entry.under) for entry in district.inputs}
        return cls(language, schools, tasks, levels if district.has_levels else {})

    def school(self, path: str) -> str:
        """To the school of a submission; empty where there is none."""
        position = self.schools.get(path)
        if position is None:
            return ""
        name, row = place_of(SCHOOLS, position, FIRST_ROW)
        return self._to(name, f"A{row}")

    def rows(self, *paths: str) -> tuple[tuple[Text, int, int], ...]:
        """The tasks of a school's submissions: sheet, first and last row, a sheet each."""
        found = [self.tasks[path] for path in paths if path in self.tasks]
        if not found:
            return ()
        first, last = min(first for first, _ in found), max(last for _, last in found)
        return places_of(TASKS, first, last, FIRST_ROW)

    def to_tasks(self, *paths: str) -> str:
        """To the (first) tasks of a school's submissions; empty where there are none."""
        places = self.rows(*paths)
        if not places:
            return ""
        name, first, last = places[0]
        return self._to(name, f"A{first}:A{last}")

    def shown_rows(self, *paths: str) -> str:
        """The rows of the tasks in words."""
        return "; ".join(
            (_ROWS if name == TASKS else _ROWS_ON)
            .format(sheet=name, first=first, last=last)
            .in_(self.language)
            for name, first, last in self.rows(*paths)
        )

    def _to(self, name: Text, cells: str) -> str:
        return link(name.in_(self.language), cells)


_ROWS = Text("dòng {first}-{last}", "rows {first}-{last}")


_ROWS_ON = Text("{sheet}: dòng {first}-{last}", "{sheet}: rows {first}-{last}")


OVERVIEW = Text("Tổng quan", "Overview")


SCHOOLS = Text("Trường", "Schools")


TASKS = Text("Kế hoạch", "Plans")


FLAGS = Text("Cờ", "Flags")


HEAT = Text("Tiêu chí × Trường", "Criteria × Schools")


MONEY = Text("Kinh phí", "Money")


SCHEDULE = Text("Lịch", "Schedule")


PROGRESS = Text("Theo dõi", "Progress")


CLOSED = Text("Đã khép lại", "Closed")


NOTES = Text("Ghi chú khác", "Other notes")


AUTHORITY = Text("Cơ quan quản lý", "Authority")
"""Heading of the authority below this one that something comes from."""


INPUTS = Text("Nhật ký", "Log")


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
