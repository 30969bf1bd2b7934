"""Find the difference between what a person sees on a sheet and what is collected from it.

Each finding names all places of its sheet. Nothing of it changes a value, but that a cell with a
picture counts as blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kdcl_xl.submission.as_shown import MOST_AREAS, named
from kdcl_xl.submission.model import Remark
from kdcl_xl.submission.strays import input_formulas
from kdcl_xl.template.own_text import mark_of_note
from kdcl_xl.xlsx.appearance import (
    Looks,
    RichCells,
    hidden_columns,
    links,
    merged_areas,
    rich_cells,
)
from kdcl_xl.xlsx.areas import place_in
from kdcl_xl.xlsx.cells import SheetCells
from kdcl_xl.xlsx.workbook import Workbook
from macros_free_validation.rule import Finding, Rule, finding
from macros_free_validation.rules import appearance as rules
from macros_free_validation.values import LONGEST_SHOWN, Raw, filled, is_number, show
from workbook_templates.layout import PlacedSheet, letter_of
from workbook_templates.text import Text, one_line

Place = tuple[int, int]
"""Row (from 1) and column (from 0)."""
_PICTURE_FORMULA = "DISPIMG("
"""The function by which WPS Office keeps a picture in a cell."""


@dataclass(frozen=True)
class SeenSheet:
    """A sheet of the form as a person sees it.

    ``sent`` are the marks of the notes that the authority itself sent to the school.
    """

    workbook: Workbook
    placed: PlacedSheet
    content: SheetCells
    looks: Looks
    sent: frozenset[str] = frozenset()

    def findings(self) -> Iterator[Finding]:
        """Yield at most one finding of each rule.

        Raises:
            UnreadableError: a part that belongs to the sheet is damaged.
        """
        yield from self._notes()
        yield from self._drawn()
        if self.pictured:
            yield self._at(rules.PICTURES_IN_CELLS, self.pictured)
        yield from self._links()
        yield from self._hidden()
        yield from self._struck()
        yield from self._invisible()
        yield from self._merged()

    @cached_property
    def remarks(self) -> tuple[Remark, ...]:
        """The notes and comments of the school, in the order of their cells."""
        found = [
            (place_in(ref)[::-1], ref, text)
            for area, text in self.workbook.notes(self.placed.name)
            for ref in [area.split(":")[0]]
            if ref and mark_of_note(text) not in self.sent
        ]
        return tuple(Remark(self.placed.key, p[0], ref, text) for p, ref, text in sorted(found))

    @cached_property
    def pictured(self) -> frozenset[Place]:
        """The inputs that hold a picture."""
        formulas = {
            (row, index)
            for ref, row, index, _ in input_formulas(self.placed, self.content)
            if _PICTURE_FORMULA in self.content.formulas.text(ref.encode()).upper()
        }
        found = self._rich.pictured | formulas
        return found & self._inputs.keys() if found else found

    @cached_property
    def _rich(self) -> RichCells:
        part = self.workbook.sheets[self.placed.name]
        strings = self.workbook.strings_part if self.workbook.has_struck_strings else ""
        return rich_cells(self.workbook.package, part, strings, self.content)

    @cached_property
    def _inputs(self) -> Mapping[Place, Raw]:
        """The values of the filled inputs, and of inputs with an error, by place."""
        columns = {c.index for c in self.placed.columns if not c.column.locked}
        table = range(self.placed.first_row, self.placed.last_row + 1 if columns else 0)
        single = {(c.row, c.index) for c in self.placed.cells if not c.cell.locked}
        found: dict[Place, Raw] = {}
        for row, values in self.content.values.items():
            for index, value in values.items():
                is_input = (row in table and index in columns) or (row, index) in single
                if is_input and filled(value):
                    found[row, index] = value
        for _, row, index, _ in input_formulas(self.placed, self.content):
            found[row, index] = self.content.get(row, index)
        return found

    @cached_property
    def _in_odd_styles(self) -> Sequence[tuple[Place, Raw]]:
        """The inputs, but for nearly every sheet none: where a style hides or crosses out."""
        return list(self._inputs.items()) if self.looks.any_is_unseen(self.content) else ()

    def _at(self, rule: Rule, places: Iterable[Place], **words: object) -> Finding:
        cells, first = named(sorted(places))
        name = self.placed.name
        return finding(rule, sheet=name, cell=first, words={"cells": cells, **words})

    # ---- seen, not collected ------------------------------------------------------------------

    def _notes(self) -> Iterator[Finding]:
        if self.remarks:
            text = _brief(self.remarks[0].text)
            places = {place_in(remark.cell)[::-1] for remark in self.remarks}
            yield self._at(rules.NOTES, places, count=len(self.remarks), text=text)

    def _drawn(self) -> Iterator[Finding]:
        found = [_brief(text) for text in self.workbook.drawings(self.placed.name)]
        part = self.workbook.sheets[self.placed.name]
        boxes = self.workbook.package.related(part, "ctrlProp")
        shown = [Text(f"«{text}»", f"'{text}'") for text in found[:_MOST_SHOWN]]
        if boxes:
            shown.append(Text(f"{len(boxes)} ô đánh dấu", f"{len(boxes)} checkboxes"))
        if not shown:
            return
        said = Text(", ".join(text.vi for text in shown), ", ".join(text.en for text in shown))
        words = {"count": len(found) + len(boxes), "found": said}
        yield finding(rules.DRAWN, sheet=self.placed.name, words=words)

    def _links(self) -> Iterator[Finding]:
        part = self.workbook.sheets[self.placed.name]
        found = list(links(self.workbook.package, part, self.content))
        places = {place_in(ref.split(":")[0])[::-1]: target for ref, target in found if ref}
        if places:
            target = _brief(next(iter(places.values())))
            yield self._at(rules.LINKS, places, count=len(places), target=target)

    # ---- collected, not seen ------------------------------------------------------------------

    def _hidden(self) -> Iterator[Finding]:
        hidden = self.content.hidden_rows
        inputs = {c.index for c in self.placed.columns if not c.column.locked}
        unseen = hidden_columns(self.content, len(self.placed.columns)) & inputs
        if not hidden and not unseen:
            return
        rows = {row for row, _ in self._inputs} & hidden
        columns = {column for _, column in self._inputs} & unseen
        if not rows and not columns:
            return
        said, said_en = [], []
        if rows:
            spans = _ranges(sorted(rows))
            said.append(f"dòng {spans}")
            said_en.append(f"rows {spans}")
        if columns:
            letters = ", ".join(letter_of(column) for column in sorted(columns))
            said.append(f"cột {letters}")
            said_en.append(f"columns {letters}")
        first = min(p for p in self._inputs if p[0] in rows or p[1] in columns)
        words = {"found": Text("; ".join(said), "; ".join(said_en))}
        cell = f"{letter_of(first[1])}{first[0]}"
        yield finding(rules.HIDDEN_CELLS, sheet=self.placed.name, cell=cell, words=words)

    def _struck(self) -> Iterator[Finding]:
        by_style = {
            place: show(value, as_date=False)
            for place, value in self._in_odd_styles
            if self.looks.of(self.content, *place).is_struck
        }
        in_text = {p: text for p, text in self._rich.struck.items() if p in self._inputs}
        found = {**by_style, **in_text}
        if found:
            text = _brief(found[min(found)])
            yield self._at(rules.STRUCK, found, text=text)

    def _invisible(self) -> Iterator[Finding]:
        found = [
            place
            for place, value in self._in_odd_styles
            if (look := self.looks.of(self.content, *place)).is_invisible
            or (look.number.hides and is_number(value))
        ]
        if found:
            yield self._at(rules.INVISIBLE, found)

    def _merged(self) -> Iterator[Finding]:
        placed = self.placed
        columns = {c.index for c in placed.columns if not c.column.locked}
        areas, covered = [], []
        for left, first, right, last in merged_areas(self.content):
            rows = range(max(first, placed.first_row), min(last, placed.last_row) + 1)
            inputs = columns.intersection(range(left, right + 1))
            if not placed.columns or not rows or not inputs or len(rows) * len(inputs) == 1:
                continue
            areas.append(f"{letter_of(left)}{first}:{letter_of(right)}{last}")
            covered += [p for p in self._inputs if _is_under(p, left, first, right, last)]
        if not areas:
            return
        shown = ", ".join(areas[:MOST_AREAS]) + (", …" if len(areas) > MOST_AREAS else "")
        under = Text("", "")
        if covered:
            cells = named(sorted(covered))[0]
            under = Text(
                f"; nội dung bị che ở {cells} vẫn được đọc",
                f"; contents covered in {cells} are read all the same",
            )
        cell = areas[0].split(":")[0]
        words = {"cells": shown, "under": under}
        yield finding(rules.MERGED, sheet=placed.name, cell=cell, words=words)


_MOST_SHOWN = 3


def _is_under(place: Place, left: int, first: int, right: int, last: int) -> bool:
    """Return whether a cell is in a merged area, and not the one that is seen."""
    row, column = place
    inside = first <= row <= last and left <= column <= right
    return inside and place != (first, left)


def _brief(text: str) -> str:
    line = one_line(" ".join(text.split()))
    return line if len(line) <= LONGEST_SHOWN else line[:LONGEST_SHOWN] + "…"


def _ranges(rows: list[int]) -> str:
    """Return row numbers in order, neighbouring ones joined: ``6, 9-12``."""
    spans: list[list[int]] = []
    for row in rows:
        if spans and spans[-1][1] == row - 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    shown = [f"{a}" if a == b else f"{a}-{b}" for a, b in spans[:MOST_AREAS]]
    return ", ".join(shown) + (", …" if len(spans) > MOST_AREAS else "")
