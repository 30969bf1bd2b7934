"""Links from one sheet to the rows of schools and of their tasks on others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kdcl_xl.district.model.desk import DeskKind, DeskLine
from kdcl_xl.district.model.model import District, authority_path
from kdcl_xl.district.sheets.places import FIRST_ROW, RowLink, quoted, row_of, row_ranges
from workbook_templates.text import Language, Text

# The names of the sheets that others link to. Their own modules import this one.
SCHOOLS = Text("Trường", "Schools")
TASKS = Text("Kế hoạch", "Plans")
FLAGS = Text("Cờ", "Flags")

_ROWS = Text("dòng {first}-{last}", "rows {first}-{last}")
_ROWS_ON = Text("{sheet}: dòng {first}-{last}", "{sheet}: rows {first}-{last}")


def link(name: str, cells: str) -> str:
    """Return an internal target: cells of a sheet."""
    return f"internal:{quoted(name)}!{cells}"


def _flags_of(district: District, desk: Sequence[DeskLine]) -> Mapping[tuple[str, int | None], int]:
    """Return the numbers of the desk's lines by path and row; folded ones by the line above."""
    found: dict[tuple[str, int | None], int] = {}
    for line in desk:
        for flag in line.flags:
            if line.kind is DeskKind.SCHOOL:
                found.setdefault((flag.path, None), line.number)
            elif flag.task is not None:
                found.setdefault((flag.path, district.tasks[flag.task].row), line.number)
    return found


@dataclass(frozen=True)
class Links:
    """Positions (from 0) of schools and of tasks in their lists, by the path of the submission.

    The tasks of a submission have a first and a last position, because they are contiguous.
    ``authorities`` names the authority below this one that a submission comes from; it is empty
    where all come from one authority. ``flags`` has the visible line of the desk by the path and
    row of a task, and by the path alone that of the school.
    """

    language: Language
    schools: Mapping[str, int]
    tasks: Mapping[str, tuple[int, int]]
    authorities: Mapping[str, str]
    flags: Mapping[tuple[str, int | None], int]

    @classmethod
    def of(cls, district: District, language: Language, desk: Sequence[DeskLine]) -> Links:
        """Return the links of a district and of the lines of its desk."""
        tasks: dict[str, tuple[int, int]] = {}
        for at, task in enumerate(district.tasks):
            tasks[task.path] = (tasks.get(task.path, (at, at))[0], at)
        lines = district.schools_by_authority
        schools = {path: at for at, line in enumerate(lines) for path in line.paths}
        authorities = {entry.path: authority_path(entry.under) for entry in district.inputs}
        levels = authorities if district.has_lower_authorities else {}
        return cls(language, schools, tasks, levels, _flags_of(district, desk))

    def to_flags(self, path: str, row: int | None = None) -> RowLink | None:
        """Return the link to the flags of a task or of a school; None without any."""
        number = self.flags.get((path, row))
        if number is None:
            return None
        name, _ = row_of(FLAGS, number - 1, FIRST_ROW)
        return RowLink(name.in_(self.language), "A", number)

    def school(self, path: str) -> str:
        """Return the target of the school of a submission; empty where there is none."""
        position = self.schools.get(path)
        if position is None:
            return ""
        name, row = row_of(SCHOOLS, position, FIRST_ROW)
        return self._to(name, f"A{row}")

    def rows(self, *paths: str) -> tuple[tuple[Text, int, int], ...]:
        """Return the rows of the tasks of a school's submissions: sheet, first and last row."""
        found = [self.tasks[path] for path in paths if path in self.tasks]
        if not found:
            return ()
        first, last = min(first for first, _ in found), max(last for _, last in found)
        return row_ranges(TASKS, first, last, FIRST_ROW)

    def to_tasks(self, *paths: str) -> str:
        """Return the target of the first tasks of a school's submissions; empty without tasks."""
        ranges = self.rows(*paths)
        if not ranges:
            return ""
        name, first, last = ranges[0]
        return self._to(name, f"A{first}:A{last}")

    def shown_rows(self, *paths: str) -> str:
        """Return the rows of the tasks of a school's submissions in words."""
        return "; ".join(
            (_ROWS if name == TASKS else _ROWS_ON)
            .format(sheet=name, first=first, last=last)
            .in_(self.language)
            for name, first, last in self.rows(*paths)
        )

    def _to(self, name: Text, cells: str) -> str:
        return link(name.in_(self.language), cells)
