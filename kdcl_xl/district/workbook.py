"""Write the authority workbook: its sheets in order, then the hidden ones. No cell is locked.

Hidden in the workbook are the choices of the dropdown (a hidden sheet), and in very hidden
sheets the decisions with the marks of the tool's own values, and the inputs as they were read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from kdcl_xl.district.decisions.decision import DecisionMemory, DecisionState
from kdcl_xl.district.hidden.decisions import Archive, encode_archive, hidden_names
from kdcl_xl.district.hidden.sources import encode_sources
from kdcl_xl.district.model.desk import groups_of
from kdcl_xl.district.model.history import rounds_of
from kdcl_xl.district.model.inputs import Sources
from kdcl_xl.district.model.model import District
from kdcl_xl.district.sheets.declare import Contents, FreeSheet, Listing
from kdcl_xl.district.sheets.flags import LISTS_SHEET, STATE, define_choices
from kdcl_xl.district.sheets.flags import SHEET as FLAG_SHEET
from kdcl_xl.district.sheets.order import SHEETS, contents_of
from kdcl_xl.district.sheets.places import parts_of
from kdcl_xl.district.sheets.recorded import Marks, Recorded, formula_mark
from kdcl_xl.district.sheets.write_list import ListWriter, is_long
from kdcl_xl.template.own_text import mark_of
from kdcl_xl.template.stamp import ARCHIVE_SHEET, DISTRICT_PROPERTY, SOURCES_SHEET
from kdcl_xl.xlsx.long_rows import Rows
from kdcl_xl.xlsx.writer import Book, RowsInWork
from workbook_templates.text import Language, Text

_TITLE = Text(
    "Tổng hợp kế hoạch cải tiến chất lượng giáo dục",
    "Improvement plans of the schools, consolidated",
)


def render_district(
    district: District, language: Language = Language.VI, *, has_second_process: bool = False
) -> IO[bytes]:
    """Return the workbook of a district as an open file, from its beginning.

    That of thousands of schools takes hundreds of megabytes; a small one stays in memory. With
    ``has_second_process`` the longest parts are written in another process meanwhile.
    """
    content: IO[bytes] = SpooledTemporaryFile(_SMALL)  # noqa: SIM115 - the caller closes it
    book = Book({"title": _TITLE.in_(language)}, has_second_process=has_second_process)
    book.workbook.set_custom_property(DISTRICT_PROPERTY, "1", "text")
    inputs = _begin_inputs(book, district.sources)
    # The lists and the marks are dropped here: what follows needs the memory.
    _Writer(book, contents_of(district, language)).write()
    inputs.end()
    _put_hidden(book, SOURCES_SHEET, inputs.rows)
    book.finish(content)
    content.seek(0)
    return content


_SMALL = 4 << 20
"""Bytes of a workbook that is not put on disk before it is complete."""


class _Writer:
    """Writes the sheets, and the archive with the marks of their values for the next merge."""

    def __init__(self, book: Book, contents: Contents) -> None:
        self.book, self.contents, self.district = book, contents, contents.district
        self.headings: set[str] = set()
        self.titles: set[str] = set()
        # The states are formulas: any of them can be in a row when the workbook comes back.
        state = STATE.in_(contents.language)
        self.marks = Marks(mark_of(p.label.in_(contents.language), state) for p in DecisionState)

    def write(self) -> None:
        """Write every sheet but that of the inputs."""
        self._pages_and_lists()
        choices = self.book.sheet(LISTS_SHEET)
        define_choices(self.book, choices, self.contents.list_of(FLAG_SHEET))
        choices.hide()
        # Last, because the archive holds marks of everything written before.
        self._archive()

    def _pages_and_lists(self) -> None:
        lists = self.contents.lists
        begun = {x.sheet.name: ListWriter(self.book, x) for x in lists if is_long(x)}
        ends = []
        for sheet in SHEETS:
            if isinstance(sheet, FreeSheet):
                self._free(sheet)
            else:
                listing = self.contents.list_of(sheet)
                writer = begun.get(sheet.name) or ListWriter(self.book, listing)
                ends.append(self._list(listing, writer))
        for end in ends:
            end()

    def _sheet(self, name: Text) -> Recorded:
        ws = self.book.sheet(name.in_(self.contents.language), Recorded)
        assert isinstance(ws, Recorded)
        return ws

    def _free(self, sheet: FreeSheet) -> None:
        ws = self._sheet(sheet.name)
        sheet.write(self.book, ws, self.contents)
        title = sheet.title.in_(self.contents.language)
        self.titles.add(title)
        self.marks.all.update(ws.marks_of_free(title))

    def _list(self, listing: Listing[Any], writer: ListWriter[Any]) -> Callable[[], None]:
        """Write a list, and return the function that ends it."""
        sheet, parts = listing.sheet, listing.parts
        made = [self._sheet(part.name) for part in parts]
        writer.put(made)
        for ws, part in zip(made, parts, strict=True):
            headings = [v for (row, _), v in ws.values.items() if row == sheet.header_row]
            self.headings |= set(map(str, headings))
            if sheet.finish:
                sheet.finish(self.book, ws, listing, part.count)
        for column in listing.columns:
            if column.formula:
                heading = column.header.in_(listing.language)
                self.marks.all.add(formula_mark(column.formula(1), heading))

        def end() -> None:
            writer.end(self.marks)
            for ws in made:
                self.marks.all.update(ws.marks_of_head(sheet.header_row))

        return end

    def _archive(self) -> None:
        district = self.district
        lines = tuple(flag.line for flag in district.flags)
        memory = DecisionMemory(
            lines,
            district.closed,
            district.notes,
            district.reported,
            district.assigned,
            groups_of(self.contents.list_of(FLAG_SHEET).entries),
            rounds_of(district),
        )
        archive = Archive(memory, self.headings, self.marks.all, self.titles)
        rows = encode_archive(archive)
        _write_hidden(self.book, ARCHIVE_SHEET, rows.count, rows, rows.width)


def _begin_inputs(book: Book, sources: Sources) -> RowsInWork[None]:
    """Begin to write the inputs as they were read; no district has too many for one sheet."""

    def write(rows: Rows) -> None:
        _write_lines(([cell] for cell in encode_sources(sources)), rows)

    return book.rows(["text"], write, are_long=len(sources.checked) >= _MANY)


_MANY = 50
"""Inputs that are enough for a second process."""


def _write_hidden(
    book: Book, name: str, count: int, lines: Iterable[Sequence[str]], width: int
) -> None:
    """Write lines of texts on a very hidden sheet, and on further ones where one is too short.

    There are ``count`` lines of at most ``width`` texts.
    """
    names, rest = hidden_names(name), iter(lines)
    for part in parts_of(Text(name, name), count):
        write = partial(_write_lines, islice(rest, part.count))
        _put_hidden(book, next(names), book.rows(["text"] * width, write).rows)


def _put_hidden(book: Book, name: str, rows: Rows) -> None:
    """Put rows on a very hidden sheet.

    Excel offers no command to show such a sheet; only a later merge reads it.
    """
    ws = book.sheet(name)
    book.put(ws, rows)
    ws.very_hidden()


def _write_lines(lines: Iterable[Sequence[str]], rows: Rows) -> None:
    for number, line in enumerate(lines, start=1):
        rows.add(number, line)
