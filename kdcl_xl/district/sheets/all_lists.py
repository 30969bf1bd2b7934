"""Every list of a district: its declaration and its entries, for sheets and for tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from kdcl_xl.district.decisions.decision import Closed, Note
from kdcl_xl.district.model.model import District, Flag, Input, SchoolLine, Task
from kdcl_xl.district.sheets.closed import closed_sheet
from kdcl_xl.district.sheets.flags import flag_sheet
from kdcl_xl.district.sheets.links import Links
from kdcl_xl.district.sheets.list_sheet import ListSheet, Part
from kdcl_xl.district.sheets.money import MoneyLine, money_of, money_sheet, sources_in
from kdcl_xl.district.sheets.notes import note_sheet
from kdcl_xl.district.sheets.progress import ProgressLine, progress_of, progress_sheet
from kdcl_xl.district.sheets.schedule import ScheduleLine, schedule_of, schedule_sheet
from kdcl_xl.district.sheets.schools_tasks_log import input_sheet, school_sheet, task_sheet
from workbook_templates.text import Language

T = TypeVar("T")


@dataclass(frozen=True)
class Listing(Generic[T]):
    """A list and what stands in it."""

    sheet: ListSheet[T]
    entries: Sequence[T]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The sheets that it takes."""
        return self.sheet.parts(len(self.entries))


@dataclass(frozen=True)
class Lists:
    """The lists of a district workbook, in the order of its sheets."""

    schools: Listing[SchoolLine]
    tasks: Listing[Task]
    flags: Listing[Flag]
    money: Listing[MoneyLine]
    schedule: Listing[ScheduleLine]
    progress: Listing[ProgressLine]
    closed: Listing[Closed]
    notes: Listing[Note]
    inputs: Listing[Input]

    @classmethod
    def of(cls, district: District, links: Links, language: Language) -> Lists:
        """The lists of a district."""
        schools, tasks = school_sheet(language, links), task_sheet(language, links)
        positions = {
            path: position for position, line in enumerate(district.schools) for path in line.paths
        }
        flags = flag_sheet(
            language,
            tasks,
            schools,
            positions,
            links,
            has_earlier=any(flag.line.earlier for flag in district.flags),
        )
        money = money_of(district)
        return cls(
            Listing(schools, district.schools),
            Listing(tasks, district.tasks),
            Listing(flags, district.flags),
            Listing(money_sheet(language, links, sources_in(money)), money),
            Listing(schedule_sheet(language, links), schedule_of(district)),
            Listing(progress_sheet(language, links), progress_of(district)),
            Listing(closed_sheet(language, links), district.closed),
            Listing(note_sheet(), district.notes),
            Listing(input_sheet(language, links), district.inputs),
        )

    @property
    def all(self) -> tuple[Listing[Any], ...]:
        """Every list."""
        return (
            self.schools,
            self.tasks,
            self.flags,
            self.money,
            self.schedule,
            self.progress,
            self.closed,
            self.notes,
            self.inputs,
        )
