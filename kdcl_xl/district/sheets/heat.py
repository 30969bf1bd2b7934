"""Criteria by schools (Tiêu chí × Trường): levels reached and open faults, as a heat map."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.district.model.model import District
from kdcl_xl.district.sheets.declare import Contents, FreeSheet
from kdcl_xl.district.sheets.page import highlight, set_paper, write_title
from kdcl_xl.district.sheets.recorded import Recorded
from kdcl_xl.files import base_name
from kdcl_xl.xlsx.writer import Book, fit_row, write_formula
from workbook_templates.layout import letter_of
from workbook_templates.regulation import Criterion, Regulation
from workbook_templates.styles import FAULT_COUNT_STYLES, LEVEL_STYLES, Style
from workbook_templates.text import Text
from workbook_templates.vocabulary import standard_of


@dataclass(frozen=True, slots=True)
class HeatColumn:
    """The column of a submission: its names, and its numbers by criterion code."""

    path: str
    code: str
    name: str
    levels: Mapping[str, int]
    faults: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Heat:
    """The submissions under one regulation."""

    regulation: Regulation
    columns: tuple[HeatColumn, ...]


MOST_ACROSS = 16_384 - 3
"""Schools beside each other: the columns of a sheet without those of the criteria."""


def heat_of(district: District) -> tuple[Heat, ...]:
    """Return the heat maps, the latest regulation first; schools in the district's order.

    A regulation has one map, and further ones where a sheet is not wide enough.
    """
    blocks = []
    for regulation in reversed(district.regulations):
        columns = tuple(_columns(district, regulation))
        blocks += [
            Heat(regulation, columns[first : first + MOST_ACROSS])
            for first in range(0, max(1, len(columns)), MOST_ACROSS)
        ]
    return tuple(blocks)


def _columns(district: District, regulation: Regulation) -> Iterator[HeatColumn]:
    for line, summary in district.summaries:
        if summary.regulation.id == regulation.id:
            file = base_name(summary.path)
            name = f"{line.school.name} ({file})" if len(line.summaries) > 1 else line.school.name
            code = line.school.code or file
            yield HeatColumn(summary.path, code, name, summary.levels, summary.faults)


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of a regulation, of two: the values of its cells and of its totals."""

    title: Text
    summary: Text
    value: Callable[[HeatColumn, Criterion], int | None]
    formula: str
    total: Callable[[list[int]], int]
    styles: Mapping[int, Style]
    comparison: str


def _level(column: HeatColumn, criterion: Criterion) -> int | None:
    return column.levels.get(criterion.code)


def _fault_count(column: HeatColumn, criterion: Criterion) -> int | None:
    return column.faults.get(criterion.code) or None


def _count_none(values: list[int]) -> int:
    return values.count(0)


_BLOCKS = (
    _Block(
        Text("Mức đạt được", "Levels reached"),
        Text("Số trường chưa đạt", "Schools at none"),
        _level,
        "COUNTIF({cells},0)",
        _count_none,
        LEVEL_STYLES,
        "=",
    ),
    _Block(
        Text("Cờ còn mở", "Open flags"),
        Text("Tổng số cờ", "Flags in all"),
        _fault_count,
        "SUM({cells})",
        sum,
        FAULT_COUNT_STYLES,
        ">=",
    ),
)
_TITLE = Text("TIÊU CHÍ × TRƯỜNG", "CRITERIA × SCHOOLS")
_NOTES = (
    Text(
        "Mức đạt được: 1, 2, 3, 4 là mức; 0 là chưa đạt mức 1; ô trống là chưa có kết quả tự đánh "
        "giá.",
        "Levels reached: 1 to 4 are levels; 0 is not even level 1; blank is not assessed.",
    ),
    Text(
        "Cờ còn mở: số lỗi và cảnh báo ở các dòng của tiêu chí; không tính lưu ý và "
        "vấn đề đã được miễn.",
        "Open flags: errors and warnings in the rows of a criterion; notes and what was waived do "
        "not count.",
    ),
)
_CRITERION = Text("Tiêu chí", "Criterion")
_STANDARD = Text("Tiêu chuẩn", "Standard")
_HEADING = Text(
    "{regulation}: {block} ({count} bản nộp)", "{regulation}: {block} ({count} submissions)"
)
_STANDARD_WIDTH, _CRITERION_WIDTH, _SUMMARY_WIDTH, _CELL_WIDTH = 13.0, 56.0, 10.0, 7.0
_FIRST_SCHOOL = 3
_NAME_HEIGHT, _CODE_HEIGHT = 150, 72
_PORTRAIT_WIDTH = 130.0
"""Characters that fit across a portrait page."""


def _write(book: Book, ws: Worksheet, contents: Contents) -> None:
    """Write the heat map: for each regulation the levels, and below them the faults."""
    write_title(book, ws, _TITLE, _NOTES, contents.language)
    blocks = heat_of(contents.district)
    most = max((len(heat.columns) for heat in blocks), default=0)
    widths = [_STANDARD_WIDTH, _CRITERION_WIDTH, _SUMMARY_WIDTH, *[_CELL_WIDTH] * most]
    for index, width in enumerate(widths):
        ws.set_column(index, index, width)
    row = len(_NOTES) + 2
    # A narrow map is printed upright, both blocks on a page; a wide one block by block.
    is_upright = sum(widths) < _PORTRAIT_WIDTH
    starts = []
    for heat in blocks:
        for block in _BLOCKS:
            if block is _BLOCKS[0] or not is_upright:
                starts.append(row)
            row = _write_block(book, ws, row, heat, block, contents) + 2
    ws.freeze_panes(len(_NOTES) + 1, _FIRST_SCHOOL)
    ws.set_zoom(90)
    set_paper(ws, widths, _FIRST_SCHOOL, None)
    ws.set_h_pagebreaks(starts[1:])
    if is_upright:
        ws.set_portrait()


def _write_block(
    book: Book,
    ws: Worksheet,
    row: int,
    heat: Heat,
    block: _Block,
    contents: Contents,
) -> int:
    """Write one block from a row on, and return its last row."""
    language = contents.language
    regulation, columns = heat.regulation, heat.columns
    heading = _HEADING.format(
        regulation=regulation.title, block=block.title, count=len(columns)
    ).in_(language)
    ws.write_string(row, 0, heading, book.style("total_label"))
    row += 1
    for index, header in enumerate((_STANDARD, _CRITERION, block.summary)):
        ws.merge_range(row, index, row + 1, index, header.in_(language), book.style("header"))
    ws.set_row(row, _NAME_HEIGHT)
    ws.set_row(row + 1, _CODE_HEIGHT)
    for index, column in enumerate(columns, start=_FIRST_SCHOOL):
        ws.write_string(row, index, column.name, book.style("header_rotated"))
        target = contents.links.school(column.path)
        if target:
            ws.write_url(row + 1, index, target, book.style("header_link"), column.code)
        else:
            ws.write_string(row + 1, index, column.code, book.style("header_link"))
    row += 1
    first = row + 1
    last_letter = letter_of(_FIRST_SCHOOL + len(columns) - 1)
    for criterion in regulation.criteria:
        row += 1
        standard = standard_of(regulation.standard_of(criterion).split(":")[0]).in_(language)
        fit_row(ws, row, ((criterion.label, _CRITERION_WIDTH),))
        ws.write_string(row, 0, standard, book.style("label"))
        ws.write_string(row, 1, criterion.label, book.style("cell"))
        values = [block.value(column, criterion) for column in columns]
        cells = f"{letter_of(_FIRST_SCHOOL)}{row + 1}:{last_letter}{row + 1}"
        total = block.total([value for value in values if value is not None])
        formula = block.formula.format(cells=cells)
        write_formula(ws, row, 2, formula, book.style("total_center"), float(total))
        assert isinstance(ws, Recorded)
        ws.write_counts(row, _FIRST_SCHOOL, values, book.style("cell_count"))
    area = first, _FIRST_SCHOOL, row, _FIRST_SCHOOL + len(columns) - 1
    highlight(book, ws, area, block.styles, block.comparison)
    return row


SHEET = FreeSheet(Text("Tiêu chí × Trường", "Criteria × Schools"), _TITLE, _write)
