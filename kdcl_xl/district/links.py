"""Where the rows of schools and of their tasks stand, and links that lead there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kdcl_xl.district.model import District, shown_level
from kdcl_xl.district.names import SCHOOLS, TASKS
from kdcl_xl.district.table import FIRST_ROW, quoted
from workbook_templates.text import Language, Text


def link(name: str, cells: str) -> str:
    """An internal target: cells of a sheet."""
    return f"internal:{quoted(name)}!{cells}"


@dataclass(frozen=True)
class Links:
    """Rows (from 1) of schools and of tasks, by the path of the submission.

    ``levels`` says what authority below this one it comes from; nothing where all
    come from one.
    """

    language: Language
    schools: Mapping[str, int]
    tasks: Mapping[str, tuple[int, int]]
    levels: Mapping[str, str]

    @classmethod
    def of(cls, district: District, language: Language) -> Links:
        """The links of a district."""
        tasks: dict[str, tuple[int, int]] = {}
        for row, task in enumerate(district.tasks, start=FIRST_ROW + 1):
            tasks[task.path] = (tasks.get(task.path, (row, row))[0], row)
        schools = {
            path: row
            for row, line in enumerate(district.schools, start=FIRST_ROW + 1)
            for path in line.paths
        }
        levels = {entry.path: shown_level(entry.under) for entry in district.inputs}
        return cls(language, schools, tasks, levels if district.has_levels else {})

    def school(self, path: str) -> str:
        """To the school of a submission; empty where there is none."""
        row = self.schools.get(path)
        return self._to(SCHOOLS, f"A{row}") if row else ""

    def rows(self, *paths: str) -> tuple[int, int] | None:
        """First and last row of the tasks of a school's submissions, which stand together."""
        found = [self.tasks[path] for path in paths if path in self.tasks]
        return (min(f for f, _ in found), max(last for _, last in found)) if found else None

    def to_tasks(self, *paths: str) -> str:
        """To the tasks of a school's submissions; empty where there are none."""
        rows = self.rows(*paths)
        return self._to(TASKS, f"A{rows[0]}:A{rows[1]}") if rows else ""

    def shown_rows(self, *paths: str) -> str:
        """The rows of the tasks in words."""
        rows = self.rows(*paths)
        words = Text("dòng {first}-{last}", "rows {first}-{last}")
        return words.format(first=rows[0], last=rows[1]).in_(self.language) if rows else ""

    def _to(self, name: Text, cells: str) -> str:
        return link(name.in_(self.language), cells)
