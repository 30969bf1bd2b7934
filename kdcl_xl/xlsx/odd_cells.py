"""Find the cells of a parsed sheet, and set those apart that have no single meaning.

Two programs may read two values from such a cell. It costs its own value and no other: the rest
of the sheet is read, and the cell is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from xml.etree.ElementTree import Element

from kdcl_xl.xlsx.raw_values import OddError
from kdcl_xl.xlsx.strings import local_name
from workbook_templates.layout import column_index, letter_of
from workbook_templates.text import Text

Place = tuple[int, int]
"""Row (from 1) and column (from 0)."""


class Oddity(Enum):
    """The reason why a cell has no single meaning."""

    CONTENT = Text(
        "nội dung ghi trong tệp không rõ một nghĩa", "its contents in the file have no one meaning"
    )
    TWICE = Text(
        "một địa chỉ ghi hai lần với nội dung khác nhau",
        "one address is there twice, with other contents",
    )
    ROW_TWICE = Text("một dòng ghi hai lần", "one row is there twice")
    ELSEWHERE = Text("địa chỉ không đúng dòng, cột của ô", "its address is not that of its place")
    LOWER_CASE = Text("địa chỉ viết bằng chữ thường", "its address is in lower case")


@dataclass(frozen=True, slots=True)
class OddCell:
    """An odd cell: its address, the reason, and each content that the file has for it.

    Its value is not taken, but where only the address is in lower case.
    """

    ref: str
    why: Oddity
    texts: tuple[str, ...] = ()

    @property
    def is_taken(self) -> bool:
        """True if the cell's value is read all the same."""
        return self.why is Oddity.LOWER_CASE


MOST_ODD = 10_000
"""Odd cells of one sheet that are named; a sheet with more of them cannot be read."""
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_LARGEST_ROW = 9_999_999


@dataclass
class Walk:
    """The cells of a sheet: those with one place of their own, and the odd ones."""

    cells: dict[Place, Element] = field(default_factory=dict)
    odd: dict[Place, Oddity] = field(default_factory=dict)
    elements: dict[Place, list[Element]] = field(default_factory=dict)
    """Every element that some program could take for the cell at a place."""

    def odd_cells(self, texts_of: Callable[[Element], str]) -> tuple[OddCell, ...]:
        """Return the odd cells in order, with the texts of their elements; empty ones are left."""
        return tuple(
            OddCell(
                f"{letter_of(column)}{row}",
                why,
                tuple(dict.fromkeys(filter(None, map(texts_of, self.elements[row, column])))),
            )
            for (row, column), why in sorted(self.odd.items(), key=lambda entry: entry[0])
            if any(map(len, self.elements[row, column]))
        )


def walk(root: Element, same: Callable[[Element, Element], bool]) -> Walk:
    """Find every cell of a parsed worksheet; ``same`` compares two cells of one address.

    A row or cell without an ``r`` attribute follows the previous one.

    Raises:
        OddError: the root is no worksheet, a cell has no address that any program could find, or
            too many cells are odd.
    """
    if local_name(root) != "worksheet":
        raise OddError
    found = Walk()
    walked: set[int] = set()
    data = next((child for child in root if local_name(child) == "sheetData"), None)
    rows = _Rows(found, walked, same)
    for row in () if data is None else data:
        rows.take(row)
    rows.close()
    # Cells outside their rows, which some programs would read.
    tag = f"{root.tag[: -len('worksheet')]}c"
    for cell in root.iter(tag):
        if id(cell) not in walked:
            place = _place_of(cell.get("r", ""))
            if place is None:
                raise OddError
            _set_apart(found, place, Oddity.ELSEWHERE, cell)
    if len(found.odd) > MOST_ODD:
        raise OddError
    return found


class _Rows:
    """The rows of a sheet, taken one after the other."""

    def __init__(self, found: Walk, walked: set[int], same: Callable[[Element, Element], bool]):
        self.found, self.walked, self.same = found, walked, same
        self.number: int | None = 0
        self.seen: set[int] = set()
        self.twice: set[int] = set()

    def take(self, row: Element) -> None:
        """Take the cells of a row; those of no row are left for the search of the whole sheet."""
        if local_name(row) != "row":
            return
        written = row.get("r")
        if written is not None:
            self.number = _row_number(written)
        elif self.number is not None:
            self.number += 1
        if self.number is None:
            return  # its cells count where their own addresses are
        if self.number in self.seen:
            self.twice.add(self.number)
        self.seen.add(self.number)
        column: int | None = -1
        for cell in row:
            if local_name(cell) == "c":
                column = self._take_cell(cell, self.number, column)

    def _take_cell(self, cell: Element, row: int, before: int | None) -> int | None:
        """Take a cell of a row; return its column, None where the next one's is not certain."""
        self.walked.add(id(cell))
        written = cell.get("r")
        by_order = None if before is None else (row, before + 1)
        if written is None:
            if by_order is None:
                raise OddError
            self._add(by_order, cell)
            return by_order[1]
        place = _place_of(written)
        if place is None:
            if by_order is None:
                raise OddError
            _set_apart(self.found, by_order, Oddity.ELSEWHERE, cell)
            return None
        if place[0] != row:
            _set_apart(self.found, place, Oddity.ELSEWHERE, cell)
            # Programs that go by the row, or by the order of its cells, have it at these places.
            for other in {(row, place[1]), by_order or (row, place[1])}:
                if other in self.found.elements:
                    _set_apart(self.found, other, Oddity.ELSEWHERE, cell)
                else:
                    self.found.elements[other] = [cell]
            return place[1]
        if written != written.upper():
            self.found.odd.setdefault(place, Oddity.LOWER_CASE)
        self._add(place, cell)
        return place[1]

    def _add(self, place: Place, cell: Element) -> None:
        elements = self.found.elements.setdefault(place, [])
        elements.append(cell)
        if len(elements) == 1:
            self.found.cells[place] = cell
        elif not all(self.same(elements[0], other) for other in elements[1:]):
            if self.found.odd.get(place) in (None, Oddity.LOWER_CASE):
                self.found.odd[place] = Oddity.TWICE
            self.found.cells.pop(place, None)
        elif place not in self.found.cells and place not in self.found.odd:
            self.found.cells[place] = cell

    def close(self) -> None:
        """Set the cells of repeated rows apart."""
        for place in [p for p in self.found.cells if p[0] in self.twice]:
            del self.found.cells[place]
            self.found.odd[place] = Oddity.ROW_TWICE


def _set_apart(found: Walk, place: Place, why: Oddity, cell: Element) -> None:
    found.elements.setdefault(place, []).append(cell)
    found.cells.pop(place, None)
    found.odd[place] = why


def _row_number(written: str) -> int | None:
    """Return a row number as a program writes it; None for anything else."""
    try:
        number = int(written)
    except ValueError:
        return None
    return number if 1 <= number <= _LARGEST_ROW else None


def _place_of(written: str) -> Place | None:
    """Return the place of an address, also one in lower case; None for anything else."""
    found = _REFERENCE.fullmatch(written.upper())
    return (int(found[2]), column_index(found[1])) if found and written.isascii() else None
