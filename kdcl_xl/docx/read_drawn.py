"""Rebuild paragraphs and tables from lines and words that are drawn on pages.

LibreOffice turns a PDF into a document of text boxes and lines, each with its place on the page.
The lines are the borders of cells, so that a ruled table can be put together again. Nothing says
where a paragraph ends; all that is read so has to be confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from xml.etree.ElementTree import Element

from kdcl_xl.docx.document import Block, Cell, Paragraph, Row, Table

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_HOLDERS = (
    f"{_DRAWN}anchor",
    # The same text once more, for programs that do not know the first.
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
)
_POINT = 12_700
"""English metric units in a point (ECMA-376-1, 20.1.10.16)."""
_FEWEST = 12
"""Drawn texts of a document that is made of them."""
_NEAR, _THIN = 3.0, 2.0
"""Points: the distance of borders that are one, and the width of a line."""
_NEW_PAGE = 20.0
"""Points upwards from one shape to the next that mean another page: shapes come from the top."""
_FULL = 0.8
"""Share of the width of a page that a line fills if its paragraph may go on below."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """A shape on a page, in points; a line of the drawing has no text."""

    x: float
    y: float
    width: float
    height: float
    text: str

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the shape."""
        return self.x + min(self.width, _NEAR) / 2, self.y + self.height / 2


def drawn_blocks(body: Element) -> tuple[Block, ...] | None:
    """Return the blocks of a document made of drawn texts; None for any other document."""
    shapes = list(_shapes(body))
    if sum(bool(shape.text) for shape in shapes) < _FEWEST:
        return None
    drawn = {id(e) for tag in _HOLDERS for h in body.iter(tag) for e in h.iter(f"{W}t")}
    if any(e.text and e.text.strip() and id(e) not in drawn for e in body.iter(f"{W}t")):
        return None
    builder = _Builder()
    for page in _pages(shapes):
        builder.add(page)
    return tuple(builder.blocks)


def _shapes(body: Element) -> Iterator[_Shape]:
    for anchor in body.iter(f"{_DRAWN}anchor"):
        offsets = [_points(e.text) for e in anchor.iter(f"{_DRAWN}posOffset")]
        extent = anchor.find(f"{_DRAWN}extent")
        if len(offsets) != 2 or extent is None:
            continue
        text = "".join(e.text or "" for e in anchor.iter(f"{W}t"))
        width, height = _points(extent.get("cx")), _points(extent.get("cy"))
        yield _Shape(offsets[0], offsets[1], width, height, text)


def _points(text: str | None) -> float:
    digits = (text or "").lstrip("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST):
        return 0.0
    return int(text or 0) / _POINT


_LONGEST = 12
"""Digits of a length; more are no length on a page."""


def _pages(shapes: Sequence[_Shape]) -> Iterator[list[_Shape]]:
    page: list[_Shape] = []
    for shape in shapes:
        if page and shape.y < page[-1].y - _NEW_PAGE:
            yield page
            page = []
        page.append(shape)
    if page:
        yield page


def _clustered(values: Sequence[float]) -> list[float]:
    """Return values in order, of those that are near each other only the first."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


@dataclass
class _Builder:
    """The blocks put together so far; counts pages, paragraphs and tables for their places."""

    blocks: list[Block] = field(default_factory=list)
    _pages: int = 0
    _tables: int = 0

    def add(self, page: Sequence[_Shape]) -> None:
        """Add the blocks of a page."""
        self._pages += 1
        texts = [shape for shape in page if shape.text.strip()]
        across = [s for s in page if not s.text and s.height <= _THIN < s.width]
        down = [s for s in page if not s.text and s.width <= _THIN < s.height]
        edges = _clustered([s.y for s in across])
        columns = _clustered([s.x for s in down])
        rows: list[tuple[float, float, Row]] = []
        inside: set[int] = set()
        for top, bottom in pairwise(edges):
            row, used = self._row(texts, across, down, columns, (top, bottom), len(rows))
            if row:
                rows.append((top, bottom, row))
                inside |= used
        outside = [text for text in texts if id(text) not in inside]
        start = rows[0][0] if rows else float("inf")
        self._paragraphs([text for text in outside if text.y < start])
        if rows:
            self._tables += 1
            self.blocks.append(Table(self._tables, tuple(row for _, _, row in rows)))
        self._paragraphs([text for text in outside if text.y >= start])

    def _row(
        self,
        texts: Sequence[_Shape],
        across: Sequence[_Shape],
        down: Sequence[_Shape],
        columns: Sequence[float],
        edge: tuple[float, float],
        nth: int,
    ) -> tuple[Row, set[int]]:
        top, bottom = edge
        middle = (top + bottom) / 2
        borders = _clustered([s.x for s in down if s.y - _NEAR <= middle <= s.y + s.height + _NEAR])
        if len(borders) < 2:
            return (), set()
        cells: list[Cell] = []
        used: set[int] = set()
        for left, right in pairwise(borders):
            own = [
                text
                for text in texts
                if left - _NEAR <= text.middle[0] <= right + _NEAR
                and top <= text.middle[1] < bottom
            ]
            used.update(map(id, own))
            column = _index(columns, left)
            is_open = not any(
                abs(s.y - top) <= _NEAR
                and s.x - _NEAR <= (left + right) / 2 <= s.x + s.width + _NEAR
                for s in across
            )
            place = (
                f"Trang {self._pages}, bảng {self._tables + 1}, hàng {nth + 1}, ô {len(cells) + 1}"
            )
            line = " ".join(_lines(own))
            blocks = (Paragraph(line, place),) if line else ()
            cells.append(Cell(column, max(1, _index(columns, right) - column), blocks, is_open))
        return tuple(cells), used

    def _paragraphs(self, texts: Sequence[_Shape]) -> None:
        right = max((text.x + text.width for text in texts), default=0.0)
        left = min((text.x for text in texts), default=0.0)
        joined: list[str] = []
        may_go_on = False
        for line in _grouped(texts):
            text = " ".join(_lines(line))
            begins = text[:1].islower() or (text[:1].isdigit() and "." not in text[:4])
            if joined and may_go_on and (begins or (text[:1].isalpha() and not text.isupper())):
                joined[-1] = f"{joined[-1]} {text}"
            else:
                joined.append(text)
            end = max(shape.x + shape.width for shape in line)
            may_go_on = end >= left + (right - left) * _FULL and text[-1:] not in ".;:"
        for nth, text in enumerate(joined, start=1):
            self.blocks.append(Paragraph(text, f"Trang {self._pages}, đoạn {nth}"))


def _index(columns: Sequence[float], x: float) -> int:
    return min(range(len(columns)), key=lambda n: abs(columns[n] - x))


def _grouped(texts: Sequence[_Shape]) -> list[list[_Shape]]:
    """Return texts by the line that they are on, from the top and from the left."""
    lines: list[list[_Shape]] = []
    for text in sorted(texts, key=lambda s: (s.y, s.x)):
        if lines and abs(text.y - lines[-1][0].y) <= _NEAR:
            lines[-1].append(text)
        else:
            lines.append([text])
    return [sorted(line, key=lambda s: s.x) for line in lines]


def _lines(texts: Sequence[_Shape]) -> Iterator[str]:
    for line in _grouped(texts):
        said, end = "", 0.0
        for shape in line:
            gap = said and not said.endswith(" ") and shape.x - end > _NEAR
            said += (" " if gap else "") + shape.text
            end = shape.x + shape.width
        yield " ".join(said.split())
