"""The official tables of a document, and the grid of its reviews, as tables of Word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from kdcl_xl.document.measure import column_widths, text_height
from kdcl_xl.document.notes import Notes
from kdcl_xl.docx.write_blocks import Block, Cell, Comment, Merge, Page, Paragraph, Row, Table
from kdcl_xl.docx.write_styles import (
    HEADING_1,
    TABLE_BAND,
    TABLE_CENTRED,
    TABLE_HEADING,
    TABLE_SIZE,
    TABLE_TEXT,
)
from kdcl_xl.docx.write_xml import CELL_MARGINS
from macros_free_validation.plan import Plan
from macros_free_validation.printed import PrintedRow, TableRows, cell_text
from workbook_templates.declare import PrintColumn, PrintGrid, PrintTable

_MOST_OF_PAGE = 0.8
"""The share of a page up to which a row is kept whole, and rows with merged cells together."""
_PAGES = 2
"""Further pages of a table on which its heading is repeated, when its columns are made."""
_ROOM_TO_WRITE = 4
"""Lines of a row of reviews that is filled in by hand."""


def official_table(
    plan: Plan, table: PrintTable, shares: Sequence[float], page: Page, notes: Notes
) -> Iterator[Block]:
    """Yield the title and the table; ``shares`` are the widths of the print-out's columns."""
    source = TableRows(plan.layout, table)
    printed = list(source.values(plan))
    headings = [column.header for column in table.columns]
    texts = [headings, *([text.rstrip("\n") for text in row.texts] for row in printed)]
    widths = _widths(shares, [column.span for column in table.columns], texts, page)
    rows = [_header(headings)]
    if table.numbered:
        rows.append(_header([f"({nth})" for nth in range(1, len(headings) + 1)]))
    following: list[PrintedRow | None] = [*printed[1:], None]
    for group in _groups(printed):
        height = sum(_height(printed[nth].texts, widths) for nth in group)
        is_low = height < page.text_height * _MOST_OF_PAGE
        for nth in group:
            row = printed[nth]
            merges = [_merge(row, following[nth], column) for column in range(len(widths))]
            made = _row(table.columns, row, merges, _comments(source, row, notes), widths, page)
            rows += _bands(row, len(widths))
            rows.append(replace(made, keep_next=is_low and nth != group[-1]))
    if not printed:
        rows.append(Row(tuple(Cell((Paragraph.of("", TABLE_TEXT),)) for _ in widths)))
    yield Paragraph.of(table.title, HEADING_1)
    yield Table(widths, tuple(rows), caption=table.title)


def review_grid(
    plan: Plan, grid: PrintGrid, shares: Sequence[float], page: Page, notes: Notes
) -> Iterator[Block]:
    """Yield the title and the grid of a sheet, with room to write where nothing is typed."""
    source = plan.layout.sheet(grid.source)
    declared = source.sheet.grid
    assert declared is not None
    headings = [grid.label, *(column.header.vi for column in declared.columns)]
    typed = [
        [
            label.vi,
            *(cell_text(plan, f"{c.field}_{key}", source.key).value for c in declared.columns),
        ]
        for key, label in declared.rows
    ]
    widths = _widths(shares, grid.spans, [headings, *typed], page)
    rows = [_header(headings)]
    for (key, _), (label, *values) in zip(declared.rows, typed, strict=True):
        cells = [_cell(label, TABLE_TEXT, ())]
        for column, value in zip(declared.columns, values, strict=True):
            comments = notes.on_cell(source, f"{column.field}_{key}")
            cells.append(_cell(value, TABLE_TEXT, comments))
        if not any(values):
            cells[1] = replace(cells[1], content=(*cells[1].content, *_empty(_ROOM_TO_WRITE - 1)))
        rows.append(Row(tuple(cells), whole=_fits([label, *values], widths, page)))
    height = sum(_height(texts, widths) for texts in typed)
    if height < page.text_height * _MOST_OF_PAGE:
        rows[:-1] = [replace(row, keep_next=True) for row in rows[:-1]]
    yield Paragraph.of(grid.title, HEADING_1)
    yield Table(widths, tuple(rows), caption=grid.title)


def _empty(count: int) -> tuple[Paragraph, ...]:
    return (Paragraph.of("", TABLE_TEXT),) * count


def _widths(
    shares: Sequence[float], spans: Sequence[int], rows: Sequence[Sequence[str]], page: Page
) -> tuple[float, ...]:
    """Return the widths of columns in millimetres.

    ``shares`` are the widths of the print-out's columns, of which each column here spans some.
    ``rows`` are the texts of the rows, the heading first.
    """
    ends = list(accumulate(spans, initial=0))
    declared = [sum(shares[first:last]) for first, last in pairwise(ends)]
    return column_widths(
        declared, [*rows, *[rows[0]] * _PAGES], TABLE_SIZE, page.text_width, CELL_MARGINS
    )


def _header(texts: Sequence[str]) -> Row:
    cells = (Cell((Paragraph.of(text, TABLE_HEADING),), middle=True) for text in texts)
    return Row(tuple(cells), header=True)


def _bands(row: PrintedRow, columns: int) -> Iterator[Row]:
    """Yield the rows across the table above a row; the outermost is in the middle."""
    for nth, text in enumerate(row.bands):
        if text:
            style = TABLE_HEADING if nth == 0 else TABLE_BAND
            yield Row((Cell((Paragraph.of(text, style),), span=columns),))


def _merge(row: PrintedRow, after: PrintedRow | None, nth: int) -> Merge | None:
    """Return the part of a cell in a merge with the cells below and above that share a value."""
    if _is_merged(row, nth):
        return Merge.CONTINUE
    return Merge.BEGIN if after is not None and _is_merged(after, nth) else None


def _is_merged(row: PrintedRow, nth: int) -> bool:
    """Return whether a cell is merged with the one above; none is over a row across."""
    return row.continued[nth] and not any(row.bands)


def _groups(rows: Sequence[PrintedRow]) -> Iterator[range]:
    """Yield the numbers of the rows that merged cells hold together."""
    first = 0
    for nth, row in enumerate(rows):
        if nth and not any(_is_merged(row, column) for column in range(len(row.texts))):
            yield range(first, nth)
            first = nth
    if rows:
        yield range(first, len(rows))


def _comments(source: TableRows, row: PrintedRow, notes: Notes) -> list[tuple[Comment, ...]]:
    """Return the comments of each cell; those on cells not shown are on the first."""
    found: list[tuple[Comment, ...]] = [()] * len(row.texts)
    for nth, column in enumerate(source.table.columns):
        places = (
            (sheet.name, sheet.ref(part.field, own))
            for part in column.parts
            for sheet, own in [source.place(part, row.record)]
            if sheet.has_column(part.field)
        )
        found[0 if _is_merged(row, nth) else nth] += notes.on(places)
    found[0] += notes.on_row(source.source, row.record.row)
    return found


def _row(
    columns: Sequence[PrintColumn],
    row: PrintedRow,
    merges: Sequence[Merge | None],
    comments: Sequence[tuple[Comment, ...]],
    widths: Sequence[float],
    page: Page,
) -> Row:
    texts = [text.rstrip("\n") for text in row.texts]
    cells = []
    for column, text, merge, own in zip(columns, texts, merges, comments, strict=True):
        cell = _cell(text, TABLE_CENTRED if column.centred else TABLE_TEXT, own)
        cells.append(replace(cell, merge=merge))
    return Row(tuple(cells), whole=_fits(texts, widths, page))


def _cell(text: str, style: str, comments: tuple[Comment, ...]) -> Cell:
    """Return a cell with a paragraph for each line, and its comments on the first."""
    first, *more = (Paragraph.of(line, style) for line in text.split("\n"))
    return Cell((replace(first, comments=comments), *more))


def _fits(texts: Sequence[str], widths: Sequence[float], page: Page) -> bool:
    return _height(texts, widths) < page.text_height * _MOST_OF_PAGE


def _height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Return the height of a row, in millimetres."""
    return max(
        text_height(text.rstrip("\n"), width - CELL_MARGINS, TABLE_SIZE)
        for text, width in zip(texts, widths, strict=True)
    )
