"""The district workbook as a whole: its sheets in order, nothing locked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kdcl_xl.district.decisions.decision import Memory, Progress
from kdcl_xl.district.hidden.decisions import Archive, hidden_names, store
from kdcl_xl.district.hidden.sources import store as store_sources
from kdcl_xl.district.model.model import District
from kdcl_xl.district.sheets.all_lists import Listing, Lists
from kdcl_xl.district.sheets.flags import (
    LISTS_SHEET,
    PROGRESS,
    define_choices,
    help_auditor,
    progress_ranges,
)
from kdcl_xl.district.sheets.heat import HEAT_TITLE, write_heat
from kdcl_xl.district.sheets.links import HEAT, OVERVIEW, Links
from kdcl_xl.district.sheets.list_sheet import parts_of, write_list
from kdcl_xl.district.sheets.overview import OVERVIEW_TITLE, write_overview
from kdcl_xl.district.sheets.overview_facts import Fact
from kdcl_xl.district.sheets.recorded import Marks, Recorded, formula_mark
from kdcl_xl.district.sheets.schedule import shade_schedule
from kdcl_xl.template.own_text import mark_of
from kdcl_xl.template.stamp import ARCHIVE_SHEET, DISTRICT_PROPERTY, SOURCES_SHEET
from kdcl_xl.xlsx.writer import Book
from workbook_templates.text import Language, Text


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
        self.marks = Marks(mark_of(p.label.in_(language), state) for p in Progress)

    def render(self) -> bytes:
        district, language, links, book = self.district, self.language, self.links, self.book
        lists = Lists.of(district, links, language)
        overview = self._sheet(OVERVIEW)
        flags = lists.flags.sheet
        counted = progress_ranges(flags, len(district.flags), language)
        write_overview(book, overview, district, links, language, counted, list(_continued(lists)))
        self._keep_free(overview, OVERVIEW_TITLE)
        self._list(lists.schools)
        self._list(lists.tasks)
        for ws, count in self._list(lists.flags):
            help_auditor(book, ws, flags, count, language)
        heat = self._sheet(HEAT)
        write_heat(book, heat, district, links, language)
        self._keep_free(heat, HEAT_TITLE)
        self._list(lists.money)
        for ws, count in self._list(lists.schedule):
            shade_schedule(book, ws, lists.schedule.sheet, count)
        for listing in (lists.progress, lists.closed, lists.notes, lists.inputs):
            self._list(listing)
        choices = book.sheet(LISTS_SHEET)
        define_choices(book, choices, language)
        choices.hide()
        self._archive()
        self._sources()
        return book.finish()

    def _sheet(self, name: Text) -> Recorded:
        ws = self.book.sheet(name.in_(self.language), Recorded)
        assert isinstance(ws, Recorded)
        return ws

    def _keep_free(self, ws: Recorded, title: Text) -> None:
        """Keep account of a sheet without a list."""
        self.titles.add(title.in_(self.language))
        self.marks.all.update(ws.marks_of_free(title.in_(self.language)))

    def _list(self, listing: Listing[Any]) -> list[tuple[Recorded, int]]:
        """Write a list; its sheets with the number of entries on each."""
        sheet, parts = listing.sheet, listing.parts
        made = [self._sheet(part.name) for part in parts]
        write_list(self.book, made, sheet, listing.entries, self.marks, self.language)
        for ws in made:
            headings = [v for (row, _), v in ws.values.items() if row == sheet.header_row]
            self.headings |= set(map(str, headings))
            self.marks.all.update(ws.marks_of_head(sheet.header_row))
        for column in sheet.columns:
            if column.formula:
                heading = column.header.in_(self.language)
                self.marks.all.add(formula_mark(column.formula(1), heading))
        return [(ws, part.end - part.first) for ws, part in zip(made, parts, strict=True)]

    def _archive(self) -> None:
        district = self.district
        memory = Memory(tuple(f.line for f in district.flags), district.closed, district.notes)
        kept = (self.headings, self.marks.all, self.titles)
        archive = Archive(memory, *map(frozenset, kept))
        self._hidden(ARCHIVE_SHEET, store(archive))

    def _sources(self) -> None:
        self._hidden(SOURCES_SHEET, [[text] for text in store_sources(self.district.sources)])

    def _hidden(self, name: str, table: Sequence[Sequence[str]]) -> None:
        """Very hidden sheets of texts that nobody but a later merge reads."""
        names = hidden_names(name)
        for part in parts_of(Text(name, name), len(table)):
            ws = self.book.sheet(next(names))
            lines = table[part.first : part.end]
            rows = self.book.rows(ws, ["text"] * max(map(len, lines), default=1))
            for number, cells in enumerate(lines, start=1):
                rows.add(number, cells)
            ws.very_hidden()


_LONG_LIST = Text("Danh sách «{name}»", "List '{name}'")
_GOES_ON = Text(
    "{count} dòng, nhiều hơn số dòng của một sheet; tiếp tục ở: {names}. Mỗi sheet lọc và sắp xếp "
    "riêng; dòng tổng tính cả các sheet.",
    "{count} rows, more than a sheet takes; continues on: {names}. Each sheet is filtered and "
    "sorted by itself; the totals are of all of them.",
)


def _continued(lists: Lists) -> Iterator[Fact]:
    """Which lists are longer than a sheet, and where they go on."""
    for listing in lists.all:
        name, *others = [part.name for part in listing.parts]
        if others:
            vi, en = (", ".join(f"«{n.in_(language)}»" for n in others) for language in Language)
            value = _GOES_ON.format(count=len(listing.entries), names=Text(vi, en))
            yield Fact(_LONG_LIST.format(name=name), value)
