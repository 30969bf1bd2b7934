"""The print-out: the signed document, computed from the other sheets.

The sheet is the school's own: nothing on it is locked, judged, or compared when the file comes
back. A flag in the first column marks the rows in use, and a filter on the flags hides the others.
The print area is a plain range, because not every program takes a formula there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.template.parts import Parts
from kdcl_xl.xlsx.writer import (
    LINE_HEIGHT,
    TALLEST_ROW,
    Book,
    lines_needed,
    official_paper,
    write_formula,
)
from macros_free_validation.printed import (
    HEADING_MARK,
    LETTER,
    MOTTO,
    NATION,
    ROOM_TO_SIGN,
    SUBJECT,
    Shown,
    TableRows,
    capitals,
    cell_text,
    cut,
    cut_excel,
    date_line,
    joined_excel,
    number_line,
    period,
    recipients_of,
    room_excel,
    signer_of,
    taken_excel,
    texts_of,
)
from workbook_templates.declare import Letterhead, PrintColumn, PrintGrid, PrintTable, TextLines
from workbook_templates.layout import (
    FIRST_PRINTED,
    FLAG_INDEX,
    LETTERHEAD_ROWS,
    TOP_ROW,
    Layout,
    PlacedBlock,
    PlacedPrint,
    PlacedSheet,
    place_print,
)

_LINE_HEIGHT = 17.5
"""Points of a line of text at 13 points."""
_TYPED_HEIGHT = 8 * LINE_HEIGHT
"""Height of a row not yet measured: no program fits a row to the result of a formula."""
_HIDDEN_ROWS = "Có dòng đang bị ẩn: bấm mũi tên ở ô A1, chỉ chọn «x» để in đủ nội dung."
_ROOM_TO_WRITE = "\n\n\n"
"""Empty lines that keep a row high enough to be filled in by hand."""
_MEASURE = "Đo chiều cao (không in)"
_GRID_HEIGHT = 5 * LINE_HEIGHT
_NUMBER, _KEY, _ROW, _BANDS = range(4)
"""Helper columns of a table: the number of a row, its sort key, the source row printed there, and
from the last one on the texts of the rows across above it."""
_TEXTS, _JOINED = range(3, 5)
"""Helper columns of a text before it is cut into lines: its pieces and, in the first row, the
pieces joined."""


def write_print_out(book: Book, ws: Worksheet, parts: Parts, sheet: PlacedSheet) -> None:
    """Write the print-out."""
    placed = place_print(parts.layout, sheet)
    ws.hide_gridlines(2)
    ws.set_column(FLAG_INDEX, FLAG_INDEX, 3)
    for index, width in enumerate(placed.widths, start=FIRST_PRINTED):
        ws.set_column(index, index, width)
    for index, width in enumerate(placed.measures, start=placed.measure_index):
        ws.set_column(index, index, width)
        ws.write_string(TOP_ROW - 1, index, _MEASURE, book.style("print_measure"))
    ws.set_column(placed.helper_index, placed.last_helper, 3, None, {"hidden": True})
    writer = _Writer(book, ws, parts, placed)
    writer.top()
    for block in placed.blocks:
        writer.write(block)
    ws.autofilter(TOP_ROW - 1, FLAG_INDEX, placed.last_row - 1, FLAG_INDEX)
    official_paper(ws)
    ws.print_area(TOP_ROW, FIRST_PRINTED, placed.last_row - 1, placed.last_index)


class _Writer:
    """The writer of the print-out."""

    def __init__(self, book: Book, ws: Worksheet, parts: Parts, placed: PlacedPrint) -> None:
        self.book, self.ws, self.plan, self.placed = book, ws, parts.plan, placed
        self.layout: Layout = parts.layout

    def write(self, placed: PlacedBlock) -> None:
        """Write one part of the document."""
        match placed.block:
            case Letterhead():
                self.letterhead(placed)
            case TextLines() as lines:
                self.lines(placed, lines)
            case PrintTable() as table:
                self.table(placed, table)
            case PrintGrid() as grid:
                self.grid(placed, grid)

    def top(self) -> None:
        """Write the filter's button, and a warning where the filter hides too much."""
        self.ws.write_string(TOP_ROW - 1, FLAG_INDEX, "In", self.book.style("print_flag"))
        flag = self.placed.letter(FLAG_INDEX)
        flags = f"{flag}{TOP_ROW + 1}:{flag}{self.placed.last_row}"
        formula = f'IF(SUBTOTAL(109,{flags})<SUM({flags}),"{_HIDDEN_ROWS}","")'
        self._formula(TOP_ROW, FIRST_PRINTED, formula, "print_notice", "")

    def letterhead(self, placed: PlacedBlock) -> None:
        """Write the official heading and the title."""
        plan, row = self.plan, placed.first
        bold, plain, slanted = "print_middle_bold", "print_middle", "print_middle_italic"
        self._pair(
            row,
            (capitals(cell_text(plan, "parent_body")), plain),
            (NATION, bold),
        )
        self._pair(
            row + 1,
            (capitals(cell_text(plan, "school_name")), bold),
            (MOTTO, bold),
        )
        self._pair(row + 2, ("――――――", plain), ("――――――――――――――", plain))
        self._pair(row + 3, (number_line(plan), plain), (date_line(plan), slanted))
        self._wide(row + 4, "", plain)
        self._wide(row + 5, f"{LETTER} {SUBJECT.upper()}", "print_title")
        self._wide(row + 6, period(plan, "Năm học ", "Giai đoạn "), "print_middle_bold")
        self._wide(row + 7, "", plain)
        for number in range(row, row + LETTERHEAD_ROWS):
            self.ws.set_row(number - 1, _LINE_HEIGHT)
            self._flag(number)

    def grid(self, placed: PlacedBlock, grid: PrintGrid) -> None:
        """Write the rows of a grid as a table."""
        source = self.layout.sheet(grid.source)
        declared = source.sheet.grid
        assert declared is not None
        self._title(placed.first, grid.title)
        spans = self.placed.spans(grid.spans)
        headers = (grid.label, *(column.header.vi for column in declared.columns))
        for (first, last), text in zip(spans, headers, strict=True):
            self._across(placed.header_row, first, last, text, "print_header")
        self.ws.set_row(placed.header_row - 1, 32)
        self._flag(placed.header_row)
        style = "print_cell_boxed"
        widths = [self._width(*span) for span in spans]
        for row, (key, label) in enumerate(declared.rows, start=placed.first_row):
            self._across(row, *spans[0], label.vi + _ROOM_TO_WRITE, style)
            found = [cell_text(self.plan, f"{c.field}_{key}", source.key) for c in declared.columns]
            for (first, last), cell in zip(spans[1:], found, strict=True):
                self._across(row, first, last, cell, style)
            texts = [label.vi + _ROOM_TO_WRITE, *(cell.value for cell in found)]
            self._measures(row, spans, texts, placed.first_row)
            self._height(row, texts[1:], widths[1:], _GRID_HEIGHT)
            self._flag(row)

    def lines(self, block: PlacedBlock, lines: TextLines) -> None:
        """Write the text, line by line, and in the last row the recipients and the signature."""
        placed, plan, first, last = self.placed, self.plan, block.first, block.last
        texts = texts_of(plan, lines.lines)
        text = "".join(part.value for part in texts)
        helper = [placed.letter(placed.helper_index + n) for n in range(3)]
        joined = f"${placed.letter(placed.helper_index + _JOINED)}${first}"
        cells = []
        for row, part in enumerate(texts, start=first):
            self._helper(row, _TEXTS, part.excel, part.value)
            cells.append(f"{placed.letter(placed.helper_index + _TEXTS)}{row}")
        self._helper(first, _JOINED, joined_excel(cells), text)
        if lines.signature:
            self._signature(last)
            last -= 1
        start, room, taken = (f"{letter}{first}" for letter in helper)
        written = list(cut(text, last - first + 1))
        share = self.book.shared
        above = share(f"{helper[0]}{first}+{helper[2]}{first}")
        room_formula = share(room_excel(joined, start))
        taken_formula = share(taken_excel(joined, start, room))
        shown = share(cut_excel(joined, start, taken, last=False))
        own = (f"{helper[0]}{last}", f"{helper[2]}{last}")
        shown_last = cut_excel(joined, *own, last=True)
        used = share(f"IF({start}<=LEN({joined}),1,0)")
        for row, line in enumerate(written, start=first):
            self.ws.set_row(row - 1, _LINE_HEIGHT)
            self._helper(row, 0, "1" if row == first else above, float(line.start))
            self._helper(row, 1, room_formula, float(line.room))
            self._helper(row, 2, taken_formula, float(line.taken))
            formula = shown_last if row == last else shown
            self._formula(row, FIRST_PRINTED, formula, "print_line", line.shown)
            self._flag(row, used, float(line.start <= len(text)))
        marked = f'=ISNUMBER(FIND("{HEADING_MARK}",MID({joined},${start},1)))'
        self._bold(first, last, FIRST_PRINTED, marked)

    def _signature(self, row: int) -> None:
        """Write the recipients and, beside them, the signer: one row, which no page splits."""
        recipients, signer = recipients_of(self.plan), signer_of(self.plan)
        self._pair(row, (recipients, "print_recipients"), (signer, "print_signer"))
        width = self._width(FIRST_PRINTED, self.placed.middle_index - 1)
        lines = max(ROOM_TO_SIGN + 4, lines_needed(recipients.value, width) + 1)
        self.ws.set_row(row - 1, min(TALLEST_ROW, _LINE_HEIGHT * lines))
        self._flag(row)

    def table(self, placed: PlacedBlock, table: PrintTable) -> None:
        """Write an official table, each row below the rows across it."""
        self._title(placed.first, table.title)
        spans = self.placed.spans([column.span for column in table.columns])
        widths = [self._width(*span) for span in spans]
        heights = [lines_needed(c.header, w) for c, w in zip(table.columns, widths, strict=True)]
        self.ws.set_row(placed.header_row - 1, LINE_HEIGHT * max(heights) + 4)
        self._flag(placed.header_row)
        for nth, ((first, last), column) in enumerate(zip(spans, table.columns, strict=True), 1):
            self._across(placed.header_row, first, last, column.header, "print_header")
            if table.numbered:
                self._across(placed.header_row + 1, first, last, f"({nth})", "print_header")
                self._flag(placed.header_row + 1)
        rows = _TableCells(self.placed, placed, table, TableRows(self.layout, table))
        written = list(rows.rows.values(self.plan))
        share = self.book.shared
        key, source = share(rows.key), share(rows.source)
        formulas = [share(rows.cell(column)) for column in table.columns]
        bands = [share(rows.band(nth)) for nth in range(len(table.bands))]
        styles = ["print_cell_centre" if c.centred else "print_cell" for c in table.columns]
        records = {record.row: record for record in self.plan.rows(table.source)}
        self._helper_text(placed.first_row - 1, _ROW, "-")  # so that the first row differs from it
        for nth in range(1, self.layout.sheet(table.source).row_count + 1):
            row = placed.first_row + nth * table.stride - 1
            shown = written[nth - 1] if nth <= len(written) else None
            record = shown.record if shown else None
            across = shown.bands if shown else ("",) * len(table.bands)
            texts = shown.texts if shown else ("",) * len(spans)
            self._helper_number(row, _NUMBER, nth)
            own = records.get(nth + rows.rows.source.header_row)
            shown_key = rows.rows.key(own) if own else ""
            self._helper(row, _KEY, key, shown_key)
            self._helper(row, _ROW, source, float(record.row) if record else "")
            for band, text in enumerate(across):
                at = row - table.stride + 1 + band
                self._helper(row, _BANDS + band, bands[band], text)
                self.ws.set_row(at - 1, LINE_HEIGHT + 4)
                helper = f"{self.placed.letter(self.placed.helper_index + _BANDS + band)}{row}"
                # The cells to the right stay empty, so that the text reaches over them.
                self._formula(at, FIRST_PRINTED, helper, "print_band", text)
                self._flag(at, f'IF({helper}="",0,1)', float(bool(text)))
            self._flag(row, share(rows.used), float(record is not None))
            for (first, last), formula, style, text in zip(
                spans, formulas, styles, texts, strict=True
            ):
                self._across(row, first, last, Shown(formula, text), style)
            self._measures(row, spans, texts, rows.first)
            self._height(row, texts, widths, _TYPED_HEIGHT)
        for (first, last), column in zip(spans, table.columns, strict=True):
            for index in range(first, last + 1):
                self._borders(rows, index, first, last, grouped=column.grouped)

    def _borders(
        self, rows: _TableCells, index: int, first: int, last: int, *, grouped: bool
    ) -> None:
        """Draw the borders of a column of a table.

        There are none between rows that share a value shown once, and none inside merged cells.
        """
        sides = {"left": 1} if index == first else {}
        sides |= {"right": 1} if index == last else {}
        top, bottom = rows.block.first_row, rows.block.last
        own = f"${rows.letter}{top}"
        across = f"${self.placed.letter(FLAG_INDEX)}{top}=1"
        both = {"top": 1, "bottom": 1}
        cases: list[tuple[str, Mapping[str, int]]] = []
        stride, letter = rows.table.stride, self.placed.letter(first)
        if grouped:
            begins = f'${letter}{top}<>""'
            ends = f'OR(${rows.letter}{top + stride}="",${letter}{top + stride}<>"")'
            cases = [
                (f'AND({own}<>"",{begins},{ends})', {**sides, **both}),
                (f'AND({own}<>"",{begins})', {**sides, "top": 1}),
                (f'AND({own}<>"",{ends})', {**sides, "bottom": 1}),
                (f'{own}<>""', sides),
            ]
        else:
            cases = [(f'{own}<>""', {**sides, **both})]
        if stride > 1:
            ends_of_page = {"left": 1} if index == FIRST_PRINTED else {}
            if index == rows.last_index:
                ends_of_page = {"right": 1}
            cases.append((across, {**ends_of_page, **both}))
        for condition, borders in cases:
            if not borders:
                continue
            options = {
                "type": "formula",
                "criteria": f"={condition}",
                "format": self.book.highlight(f"borders {sorted(borders)}", borders),
                "stop_if_true": True,
            }
            self.ws.conditional_format(top - 1, index, bottom - 1, index, options)

    def _measures(
        self, row: int, spans: Sequence[tuple[int, int]], texts: Sequence[str], top: int
    ) -> None:
        """Write the texts of merged cells once more, where a program can fit the row to them.

        ``top`` is the first such row of the table or grid.
        """
        merged = [
            (first, text) for (first, last), text in zip(spans, texts, strict=True) if last > first
        ]
        for index, (first, text) in enumerate(merged, start=self.placed.measure_index):
            formula = self.book.shared(f'{self.placed.letter(first)}{top}&""')
            self._formula(row, index, formula, "print_measure", text)

    def _width(self, first: int, last: int) -> float:
        widths = self.placed.widths
        return sum(widths[first - FIRST_PRINTED : last - FIRST_PRINTED + 1])

    def _bold(self, first: int, last: int, index: int, criteria: str) -> None:
        bold = self.book.highlight("bold", {"bold": True})
        options = {"type": "formula", "criteria": criteria, "format": bold}
        self.ws.conditional_format(first - 1, index, last - 1, index, options)

    def _title(self, row: int, text: str) -> None:
        self.ws.set_row(row - 1, _LINE_HEIGHT + 4)
        self.ws.write_string(row - 1, FIRST_PRINTED, text, self.book.style("print_section"))
        self._flag(row)

    def _pair(
        self, row: int, left: tuple[Shown | str, str], right: tuple[Shown | str, str]
    ) -> None:
        middle = self.placed.middle_index
        self._across(row, FIRST_PRINTED, middle - 1, *left)
        self._across(row, middle, self.placed.last_index, *right)

    def _wide(self, row: int, text: Shown | str, style: str) -> None:
        self._across(row, FIRST_PRINTED, self.placed.last_index, text, style)

    def _across(self, row: int, first: int, last: int, text: Shown | str, style: str) -> None:
        if last > first:
            self.ws.merge_range(row - 1, first, row - 1, last, "", self.book.style(style))
        if isinstance(text, Shown):
            self._formula(row, first, text.excel, style, text.value)
        else:
            self.ws.write_string(row - 1, first, text, self.book.style(style))

    def _flag(self, row: int, formula: str = "1", value: float = 1.0) -> None:
        self._formula(row, FLAG_INDEX, formula, "print_flag", value)

    def _height(
        self, row: int, texts: Sequence[str], widths: Sequence[float], typed: float
    ) -> None:
        lines = max(lines_needed(t, w) for t, w in zip(texts, widths, strict=True))
        height = LINE_HEIGHT * lines + 2 if any(texts) else typed
        self.ws.set_row(row - 1, min(TALLEST_ROW, height))

    def _formula(self, row: int, index: int, formula: str, style: str, value: float | str) -> None:
        write_formula(self.ws, row - 1, index, formula, self.book.style(style), value)

    def _helper(self, row: int, nth: int, formula: str, value: float | str) -> None:
        index = self.placed.helper_index + nth
        write_formula(self.ws, row - 1, index, formula, None, value)

    def _helper_number(self, row: int, nth: int, value: int) -> None:
        self.ws.write_number(row - 1, self.placed.helper_index + nth, value)

    def _helper_text(self, row: int, nth: int, text: str) -> None:
        self.ws.write_string(row - 1, self.placed.helper_index + nth, text)


@dataclass(frozen=True)
class _TableCells:
    """The formulas of a table, each written for the first row and moved along."""

    placed: PlacedPrint
    block: PlacedBlock
    table: PrintTable
    rows: TableRows

    @property
    def letter(self) -> str:
        """The helper column of the source rows."""
        return self.placed.letter(self.placed.helper_index + _ROW)

    @property
    def last_index(self) -> int:
        """The last column of the table."""
        return FIRST_PRINTED + sum(column.span for column in self.table.columns) - 1

    @property
    def first(self) -> int:
        """The first row of the table, below the rows across it."""
        return self.block.first_row + self.table.stride - 1

    def _helper(self, nth: int) -> str:
        return f"${self.placed.letter(self.placed.helper_index + nth)}"

    def _cells(self, nth: int) -> str:
        letter = self._helper(nth)
        return f"{letter}${self.block.first_row}:{letter}${self.block.last}"

    @property
    def _nth(self) -> str:
        return f"{self._helper(_NUMBER)}{self.first}"

    @property
    def _own(self) -> str:
        return f"${self.letter}{self.first}"

    @property
    def _before(self) -> str:
        # The first row has no other before it: the row of the headings, which holds a dash.
        return f"${self.letter}{self.first - self.table.stride}"

    @property
    def key(self) -> str:
        """The sort key of the source row with the number of the own row."""
        return self.rows.key_excel(self._nth)

    @property
    def source(self) -> str:
        """The source row that is printed."""
        return self.rows.row_excel(self._cells(_KEY), self._cells(_NUMBER), self._nth)

    @property
    def used(self) -> str:
        """The flag."""
        return f'IF({self._own}="",0,1)'

    def cell(self, column: PrintColumn) -> str:
        """Return the formula of a column."""
        return self.rows.excel(column, self._own, self._before, self._nth)

    def band(self, nth: int) -> str:
        """Return the formula of a row across the table, for a helper column."""
        return self.rows.band_excel(self.table.bands[nth], self._own, self._before)
