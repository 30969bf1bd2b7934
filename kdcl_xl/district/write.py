"""The district workbook as a whole: its sheets in order, nothing locked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kdcl_xl.book import Book
from kdcl_xl.district.archive import Archive, mark_of, store
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
from kdcl_xl.district.model import District
from kdcl_xl.district.notes import note_sheet
from kdcl_xl.district.overview import OVERVIEW, write_overview
from kdcl_xl.district.sheets import input_sheet, school_sheet, task_sheet
from kdcl_xl.district.table import ROW_NUMBER, ListSheet, write_list
from kdcl_xl.stamp import ARCHIVE_SHEET, DISTRICT_PROPERTY
from workbook_templates.text import Language

T = TypeVar("T")


def render_district(district: District, language: Language = Language.VI) -> bytes:
    """The workbook of a district."""
    return _Writer(district, language).render()


class _Recorded(Worksheet):  # type: ignore[misc]
    """A sheet that remembers what was written in it."""

    def __init__(self) -> None:
        super().__init__()
        self.values: set[str | float] = set()

    def write_string(self, row: int, col: int, text: str, style: Format | None = None) -> int:
        self.values.add(text)
        return int(super().write_string(row, col, text, style))

    def write_number(self, row: int, col: int, number: float, style: Format | None = None) -> int:
        self.values.add(float(number))
        return int(super().write_number(row, col, number, style))


class _Writer:
    """Writes the sheets and keeps account of what stands in them."""

    def __init__(self, district: District, language: Language) -> None:
        self.district, self.language = district, language
        self.book = Book({"title": "Tổng hợp kế hoạch cải tiến chất lượng giáo dục"})
        self.book.workbook.set_custom_property(DISTRICT_PROPERTY, "1", "text")
        self.headings = {ROW_NUMBER.in_(language)}
        state = PROGRESS.in_(language)
        self.written = {mark_of(p.label.in_(language), state) for p in Progress}

    def render(self) -> bytes:
        district, language, book = self.district, self.language, self.book
        schools, tasks = school_sheet(language), task_sheet(language)
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
        overview = book.sheet(OVERVIEW.in_(language), _Recorded)
        counted = progress_range(flags, len(district.flags), language)
        write_overview(book, overview, district, language, counted)
        self.written |= {mark_of(value) for value in overview.values}
        # What the overview counts changes while the auditor works.
        self.written |= {mark_of(float(n)) for n in range(len(district.flags) + 1)}
        self._list(schools, district.schools)
        self._list(tasks, district.tasks)
        ws = self._list(flags, district.flags)
        help_auditor(book, ws, flags, len(district.flags), language)
        self._list(closed_sheet(language), district.closed)
        self._list(note_sheet(), district.notes)
        self._list(input_sheet(language), district.inputs)
        lists = book.sheet(LISTS_SHEET)
        define_choices(book, lists, language)
        lists.hide()
        self._archive()
        return book.finish()

    def _list(self, sheet: ListSheet[T], entries: Sequence[T]) -> Worksheet:
        name = sheet.name.in_(self.language)
        ws = self.book.sheet(name)
        write_list(self.book, ws, sheet, entries, self.language)
        self.headings |= {column.header.in_(self.language) for column in sheet.columns}
        self.written.add(mark_of(sheet.title.in_(self.language)))
        for column in sheet.columns:
            heading = column.header.in_(self.language)
            self.written.add(mark_of(heading))
            if not column.typed:
                self.written |= {mark_of(column.value(entry), heading) for entry in entries}
        if sheet.numbered:
            heading = ROW_NUMBER.in_(self.language)
            self.written.add(mark_of(heading))
            self.written |= {mark_of(float(n), heading) for n in range(1, len(entries) + 1)}
        return ws

    def _archive(self) -> None:
        district = self.district
        memory = Memory(tuple(f.line for f in district.flags), district.closed, district.notes)
        archive = Archive(memory, frozenset(self.headings), frozenset(self.written))
        ws = self.book.sheet(ARCHIVE_SHEET)
        for row, cells in enumerate(store(archive)):
            for column, text in enumerate(cells):
                ws.write_string(row, column, text)
        ws.very_hidden()
