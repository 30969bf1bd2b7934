"""The print-outs: the signed document, computed from the other sheets.

A flag in the first column marks the rows in use. Excel prints them alone, because
the print area is a name that counts the flags. LibreOffice keeps that name and does
not follow it: there the filter on the flags hides the other rows.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.template.parts import Parts
from kdcl_xl.xlsx.writer import LINE_HEIGHT, TALLEST_ROW, Book, lines_needed, paper, write_formula
from macros_free_validation.printed import (
    HEADING_MARK,
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
    signer_line,
    taken_excel,
    texts_of,
)
from workbook_templates.layout import (
    FIRST_PRINTED,
    FLAG_INDEX,
    LETTERHEAD_ROWS,
    TOP_ROW,
    Layout,
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
_TEXTS = 3
"""The helper column of the texts before they are cut into lines."""
_GRID_HEIGHT = 5 * LINE_HEIGHT


def write_print_out(book: Book, ws: Worksheet, parts: Parts, sheet: PlacedSheet) -> None:
    """Write one print-out."""
    placed = place_print(parts.layout, sheet)
    ws.hide_gridlines(2)
    ws.set_column(FLAG_INDEX, FLAG_INDEX, 2)
    for index, width in enumerate(placed.widths, start=FIRST_PRINTED):
        ws.set_column(index, index, width)
    ws.set_column(placed.helper_index, placed.helper_index + _TEXTS, 3, None, {"hidden": True})
    writer = _Writer(book, ws, parts, placed)
    writer.top()
    if placed.printed.letterhead:
        writer.letterhead()
    if placed.printed.grid:
        writer.grid()
    if placed.printed.lines:
        writer.lines()
    if placed.printed.table:
        writer.table()
    ws.autofilter(TOP_ROW - 1, FLAG_INDEX, placed.last_row - 1, FLAG_INDEX)
    paper(ws, landscape=True, margins=(0.8, 0.6))
    if placed.printed.table:
        ws.repeat_rows(placed.header_row - 1, placed.first_row - 2)
        if placed.line_rows[1]:  # so that no heading is left alone at the foot of a page
            ws.set_h_pagebreaks([placed.line_rows[1]])
    book.define(f"{sheet.quoted}!_xlnm.Print_Area", placed.area_excel())


class _Writer:
    """The writer of one print-out."""

    def __init__(self, book: Book, ws: Worksheet, parts: Parts, placed: PlacedPrint) -> None:
        self.book, self.ws, self.plan, self.placed = book, ws, parts.plan, placed
        self.layout: Layout = parts.layout

    def top(self) -> None:
        """Write the filter's button, and a warning where the filter hides too much."""
        self.ws.write_string(TOP_ROW - 1, FLAG_INDEX, "In", self.book.style("print_flag"))
        flag = self.placed.letter(FLAG_INDEX)
        flags = f"{flag}{TOP_ROW + 1}:{flag}{self.placed.last_row}"
        formula = f'IF(SUBTOTAL(109,{flags})<SUM({flags}),"{_HIDDEN_ROWS}","")'
        self._formula(TOP_ROW, FIRST_PRINTED, formula, "print_notice", "")

    def letterhead(self) -> None:
        """Write the official heading and the title."""
        plan, row = self.plan, TOP_ROW + 1
        bold, plain, slanted = "print_middle_bold", "print_middle", "print_middle_italic"
        self._pair(
            row,
            (capitals(cell_text(plan, "parent_body")), plain),
            ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold),
        )
        self._pair(
            row + 1,
            (capitals(cell_text(plan, "school_name")), bold),
            ("Độc lập - Tự do - Hạnh phúc", bold),
        )
        self._pair(row + 2, ("――――――", plain), ("――――――――――――――", plain))
        self._pair(row + 3, (number_line(plan), plain), (date_line(plan), slanted))
        self._wide(row + 4, "", plain)
        self._wide(row + 5, "KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC", "print_title")
        self._wide(row + 6, period(plan, "Năm học ", "Giai đoạn "), "print_middle_bold")
        self._wide(row + 7, "", plain)
        for number in range(row, row + LETTERHEAD_ROWS):
            self.ws.set_row(number - 1, _LINE_HEIGHT)
            self._flag(number)

    def grid(self) -> None:
        """Write the rows of a grid as a table."""
        grid = self.placed.printed.grid
        assert grid is not None
        source = self.layout.sheet(grid.source)
        declared = source.sheet.grid
        assert declared is not None
        title, last = self.placed.grid_rows
        self._title(title, grid.title)
        headers = (grid.label, *(column.header.vi for column in declared.columns))
        for index, text in enumerate(headers, start=FIRST_PRINTED):
            self.ws.write_string(title, index, text, self.book.style("print_header"))
        self.ws.set_row(title, 32)
        self._flag(title + 1)
        for row, (key, label) in enumerate(declared.rows, start=title + 2):
            style = self.book.style("print_cell_boxed")
            self.ws.write_string(row - 1, FIRST_PRINTED, label.vi + _ROOM_TO_WRITE, style)
            found = [cell_text(self.plan, f"{c.field}_{key}", source.key) for c in declared.columns]
            for index, cell in enumerate(found, start=FIRST_PRINTED + 1):
                self._formula(row, index, cell.excel, "print_cell_boxed", cell.value)
            self._height(row, [cell.value for cell in found], grid.widths[1:], _GRID_HEIGHT)
            self._flag(row)
        assert row == last

    def lines(self) -> None:
        """Write the text, line by line, and the signature beside the recipients."""
        placed, plan = self.placed, self.plan
        first, last = placed.line_rows
        texts = texts_of(plan, placed.printed.lines)
        text = "".join(part.value for part in texts)
        ending = recipients_of(plan) if placed.printed.signature else Shown('""', "")
        helper = [placed.letter(placed.helper_index + n) for n in range(3)]
        whole, narrow = (f"${letter}${TOP_ROW}" for letter in helper[1:])
        cells = []
        for row, part in enumerate(texts, start=TOP_ROW):
            self._helper(row, _TEXTS, part.excel, part.value)
            cells.append(f"{placed.letter(placed.helper_index + _TEXTS)}{row}")
        self._helper(TOP_ROW, 0, joined_excel(cells), text)
        joined = f"${helper[0]}${TOP_ROW}&{ending.excel}"
        full = text + ending.value
        self._helper(TOP_ROW, 1, joined, full)
        # The empty line before the recipients is still a full one.
        begin = len(text) + 2 if placed.printed.signature else len(full) + 1
        beyond = 2 if placed.printed.signature else 1
        self._helper(TOP_ROW, 2, f"LEN(${helper[0]}${TOP_ROW})+{beyond}", float(begin))
        start, room, taken = (f"{letter}{first}" for letter in helper)
        sign = _Signature(self, begin, narrow, helper[0]) if placed.printed.signature else None
        share = self.book.shared
        above = share(f"{helper[0]}{first}+{helper[2]}{first}")
        room_formula = share(room_excel(whole, narrow, start))
        taken_formula = share(taken_excel(whole, start, room))
        shown = share(cut_excel(whole, start, taken, last=False))
        own = (f"{helper[0]}{last}", f"{helper[2]}{last}")
        shown_last = cut_excel(whole, *own, last=True)
        used = share(f"IF({start}<=LEN({whole}),1,0)")
        for row, line in enumerate(cut(full, last - first + 1, begin), start=first):
            self.ws.set_row(row - 1, _LINE_HEIGHT)
            self._helper(row, 0, "1" if row == first else above, float(line.start))
            self._helper(row, 1, room_formula, float(line.room))
            self._helper(row, 2, taken_formula, float(line.taken))
            formula = shown_last if row == last else shown
            self._formula(row, FIRST_PRINTED, formula, "print_line", line.shown)
            self._flag(row, used, float(line.start <= len(full)))
            if sign:
                sign.write(row, line.start)
        marked = f'=ISNUMBER(FIND("{HEADING_MARK}",MID({whole},${start},1)))'
        self._bold(first, last, FIRST_PRINTED, marked)

    def table(self) -> None:
        """Write the official table."""
        placed, table = self.placed, self.placed.printed.table
        assert table is not None
        self._title(placed.table_rows[0], table.title)
        header = self.book.style("print_header")
        widths = [column.width for column in table.columns]
        heights = [lines_needed(c.header, c.width) for c in table.columns]
        self.ws.set_row(placed.header_row - 1, LINE_HEIGHT * max(heights) + 4)
        self._flag(placed.header_row)
        for index, column in enumerate(table.columns, start=FIRST_PRINTED):
            self.ws.write_string(placed.header_row - 1, index, column.header, header)
            if table.numbered:
                number = f"({index - FIRST_PRINTED + 1})"
                self.ws.write_string(placed.header_row, index, number, header)
                self._flag(placed.header_row + 1)
        first, last = placed.first_row, placed.table_rows[1]
        helper = placed.letter(placed.helper_index)
        own, before = f"${helper}{first}", f"${helper}{first - 1}"
        self.ws.write_string(first - 2, placed.helper_index, "-")  # so that row 1 differs from it
        rows = TableRows(self.layout, table)
        formulas = [rows.excel(column, own, before) for column in table.columns]
        shared = [self.book.shared(formula) for formula in formulas]
        source = self.book.shared(rows.row_excel(first - 1))
        used = self.book.shared(f'IF({own}="",0,1)')
        written = list(rows.values(self.plan))
        styles = ["print_cell_centre" if c.centred else "print_cell" for c in table.columns]
        for row in range(first, last + 1):
            nth = row - first
            record, texts = written[nth] if nth < len(written) else (None, [""] * len(widths))
            self._helper(row, 0, source, float(record.row) if record else "")
            self._flag(row, used, float(record is not None))
            for index, text in enumerate(texts):
                self._formula(row, FIRST_PRINTED + index, shared[index], styles[index], text)
            self._height(row, texts, widths, _TYPED_HEIGHT)
        for index, column in enumerate(table.columns, start=FIRST_PRINTED):
            self._borders(index, column.grouped, helper)

    def _borders(self, index: int, grouped: bool, helper: str) -> None:
        """Draw the borders of the rows in use; none between rows that share a value shown once."""
        first, last = self.placed.first_row, self.placed.table_rows[1]
        used, letter = f'${helper}{first}<>""', self.placed.letter(index)
        box = {"left": 1, "right": 1, "top": 1, "bottom": 1}
        cases: list[tuple[str, Mapping[str, int]]] = [(used, box)]
        if grouped:
            begins = f'{letter}{first}<>""'
            ends = f'OR(${helper}{first + 1}="",{letter}{first + 1}<>"")'
            cases = [
                (f"AND({used},{begins},{ends})", box),
                (f"AND({used},{begins})", {"left": 1, "right": 1, "top": 1}),
                (f"AND({used},{ends})", {"left": 1, "right": 1, "bottom": 1}),
                (used, {"left": 1, "right": 1}),
            ]
        for condition, borders in cases:
            options = {
                "type": "formula",
                "criteria": f"={condition}",
                "format": self.book.highlight(f"borders {sorted(borders)}", borders),
                "stop_if_true": True,
            }
            self.ws.conditional_format(first - 1, index, last - 1, index, options)

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
        self.ws.merge_range(row - 1, first, row - 1, last, "", self.book.style(style))
        if isinstance(text, Shown):
            self._formula(row, first, text.excel, style, text.value)
        else:
            self.ws.write_string(row - 1, first, text, self.book.style(style))

    def _flag(self, row: int, formula: str = "1", value: float = 1.0) -> None:
        self._formula(row, FLAG_INDEX, formula, "print_flag", value)

    def _height(
        self, row: int, texts: list[str], widths: tuple[float, ...] | list[float], typed: float
    ) -> None:
        lines = max(lines_needed(t, w) for t, w in zip(texts, widths, strict=True))
        height = LINE_HEIGHT * lines + 2 if any(texts) else typed
        self.ws.set_row(row - 1, min(TALLEST_ROW, height))

    def _formula(self, row: int, index: int, formula: str, style: str, value: float | str) -> None:
        write_formula(self.ws, row - 1, index, formula, self.book.style(style), value)

    def _helper(self, row: int, nth: int, formula: str, value: float | str) -> None:
        index = self.placed.helper_index + nth
        write_formula(self.ws, row - 1, index, formula, None, value)


class _Signature:
    """The right edge: the signer beside «Nơi nhận», and the space to sign below."""

    def __init__(self, writer: _Writer, begin: int, narrow: str, helper: str) -> None:
        self.writer, self.begin = writer, begin
        self.signer = signer_line(writer.plan)
        first, last = writer.placed.line_rows
        own = f"${helper}{first}"
        formula = f'IF({own}={narrow},{self.signer.excel},"")'
        self.formula = writer.book.shared(formula)
        writer._bold(first, last, writer.placed.last_index, f"={own}={narrow}")

    def write(self, row: int, start: int) -> None:
        """Write the cell of one line."""
        shown = self.signer.value if start == self.begin else ""
        index = self.writer.placed.last_index
        self.writer._formula(row, index, self.formula, "print_edge", shown)
