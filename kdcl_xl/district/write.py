"""The district workbook as a whole: its sheets in order, nothing locked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from kdcl_xl.book import Book
from kdcl_xl.district.archive import Archive, formula_mark, store
from kdcl_xl.district.closed import closed_sheet
from kdcl_xl.district.decision import Memory, Progress
from kdcl_xl.district.flags import (
    LISTS_SHEET,
    PROGRESS,
    define_choices,
    flag_sheet,
    help_auditor,
    progress_range,
)
from kdcl_xl.district.follow_up import progress_of, progress_sheet
from kdcl_xl.district.heat import HEAT_TITLE, write_heat
from kdcl_xl.district.links import Links
from kdcl_xl.district.model import District
from kdcl_xl.district.money import money_of, money_sheet, sources_in
from kdcl_xl.district.names import HEAT, OVERVIEW
from kdcl_xl.district.notes import note_sheet
from kdcl_xl.district.overview import OVERVIEW_TITLE, write_overview
from kdcl_xl.district.recorded import Recorded
from kdcl_xl.district.schedule import schedule_of, schedule_sheet, shade_schedule
from kdcl_xl.district.sheets import input_sheet, school_sheet, task_sheet
from kdcl_xl.district.table import ListSheet, write_list
from kdcl_xl.marks import mark_of
from kdcl_xl.stamp import ARCHIVE_SHEET, DISTRICT_PROPERTY
from workbook_templates.text import Language, Text

T = TypeVar("T")


def render_district(district: District, language: Language = Language.VI) -> bytes:
    """The workbook of a district."""
    return _Writer(district, language).render()


class _Writer:
    """Writes the sheets and keeps account of what stands in them."""

    def __init__(self, district: District, language: Language) -> None:
        self.district, self.language = district, language
        self.links = Links.of(district, language)
        self.book = Book({"title": "Tổng hợp kế hoạch cải tiến chất lượng giáo dục"})
        self.book.workbook.set_custom_property(DISTRICT_PROPERTY, "1", "text")
        self.headings: set[str] = set()
        self.titles: set[str] = set()
        state = PROGRESS.in_(language)
        self.written = {mark_of(p.label.in_(language), state) for p in Progress}

    def render(self) -> bytes:
        district, language, links, book = self.district, self.language, self.links, self.book
        schools, tasks = school_sheet(language, links), task_sheet(language, links)
        positions = {
            path: position for position, line in enumerate(district.schools) for path in line.paths
        }
        flags = flag_sheet(
            language,
            tasks,
            schools,
            positions,
            has_earlier=any(flag.line.earlier for flag in district.flags),
        )
        overview = self._sheet(OVERVIEW)
        counted = progress_range(flags, len(district.flags), language)
        write_overview(book, overview, district, links, language, counted)
        self._keep_free(overview, OVERVIEW_TITLE)
        self._list(schools, district.schools)
        self._list(tasks, district.tasks)
        ws = self._list(flags, district.flags)
        help_auditor(book, ws, flags, len(district.flags), language)
        heat = self._sheet(HEAT)
        write_heat(book, heat, district, links, language)
        self._keep_free(heat, HEAT_TITLE)
        money = money_of(district)
        self._list(money_sheet(language, links, sources_in(money)), money)
        schedule, months = schedule_sheet(language, links), schedule_of(district)
        shade_schedule(book, self._list(schedule, months), schedule, len(months))
        self._list(progress_sheet(language, links), progress_of(district))
        self._list(closed_sheet(language), district.closed)
        self._list(note_sheet(), district.notes)
        self._list(input_sheet(language), district.inputs)
        lists = book.sheet(LISTS_SHEET)
        define_choices(book, lists, language)
        lists.hide()
        self._archive()
        return book.finish()

    def _sheet(self, name: Text) -> Recorded:
        ws = self.book.sheet(name.in_(self.language), Recorded)
        assert isinstance(ws, Recorded)
        return ws

    def _keep_free(self, ws: Recorded, title: Text) -> None:
        """Keep account of a sheet without a list."""
        self.titles.add(title.in_(self.language))
        self.written |= set(ws.marks_of_free(title.in_(self.language)))

    def _list(self, sheet: ListSheet[T], entries: Sequence[T]) -> Recorded:
        ws = self._sheet(sheet.name)
        write_list(self.book, ws, sheet, entries, self.language)
        headings = [v for (row, _), v in ws.values.items() if row == sheet.header_row]
        self.headings |= set(map(str, headings))
        typed = [index for index, column in enumerate(sheet.columns) if column.typed]
        self.written |= set(ws.marks_of_list(sheet.header_row, typed))
        for column in sheet.columns:
            if column.formula:
                heading = column.header.in_(self.language)
                self.written.add(formula_mark(column.formula(1), heading))
        return ws

    def _archive(self) -> None:
        district = self.district
        memory = Memory(tuple(f.line for f in district.flags), district.closed, district.notes)
        kept = (self.headings, self.written, self.titles)
        archive = Archive(memory, *map(frozenset, kept))
        ws = self.book.sheet(ARCHIVE_SHEET)
        for row, cells in enumerate(store(archive)):
            for column, text in enumerate(cells):
                ws.write_string(row, column, text)
        ws.very_hidden()
