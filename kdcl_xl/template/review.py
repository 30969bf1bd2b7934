"""The cells of a draft that a person has to confirm: a list of its own, and notes on the cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kdcl_xl.template.own_text import lines_of_marks
from kdcl_xl.template.requests import MOST_LINES, MOST_ROWS, CellNote, note_lines
from macros_free_validation.values import Raw
from workbook_templates.layout import PlacedSheet, to_review_sheet
from workbook_templates.text import Text


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A cell that was filled in without being certain.

    ``sheet`` and ``cell`` are its place, ``field`` its heading. ``original`` is the text of the
    document that the value comes from, and ``place`` where that is.
    """

    sheet: str
    cell: str
    field: Text
    value: str
    why: Text
    original: str
    place: str


@dataclass(frozen=True)
class Review:
    """The cells to confirm in a draft; ``summary`` says in short what was read."""

    entries: tuple[Doubtful, ...]
    summary: str

    @property
    def notes(self) -> Iterator[CellNote]:
        """Yield the notes on the cells, as much of each as can be seen."""
        for nth, entry in enumerate(self.entries, start=1):
            text = f"{_OPENING}\n{entry.why.vi}\nNguyên văn: {entry.original}"
            text = "".join(c for c in text if c >= " " or c == "\n")
            if note_lines(text) > MOST_LINES:
                text = f"{_OPENING}\n{entry.why.vi}\n{_SEE_ROW.format(nth=nth)}"
            yield CellNote(entry.sheet, entry.cell, text)

    def sheets(self) -> Iterator[tuple[str, int, tuple[Doubtful, ...]]]:
        """Yield the sheets: name, number of the first entry, and the entries."""
        name = to_review_sheet(0).name
        for nth, start in enumerate(range(0, max(1, len(self.entries)), MOST_ROWS), start=1):
            shown = f"{name} ({nth})" if nth > 1 else name
            yield shown, start + 1, self.entries[start : start + MOST_ROWS]

    def marks(self) -> Iterator[str]:
        """Return the lines for the very hidden sheet, by which all these words are recognised."""
        rows: list[Sequence[Raw]] = []
        for _, first, entries in self.sheets():
            placed = to_review_sheet(len(entries))
            rows += [[placed.sheet.heading.vi], [placed.sheet.intro.vi], [self.summary]]
            rows.append([column.column.header.vi for column in placed.columns])
            rows += rows_of(placed, entries, first)
        return lines_of_marks(rows, (note.text for note in self.notes))


_OPENING = "Cần xem lại ô này:"
_SEE_ROW = "Xem nguyên văn ở trang «Cần xem lại», số thứ tự {nth}."


def rows_of(placed: PlacedSheet, entries: Iterable[Doubtful], first: int) -> Iterator[list[Raw]]:
    """Return the rows of the sheet, a value for each column; numbered from ``first``."""
    for nth, entry in enumerate(entries, start=first):
        values: dict[str, Raw] = {
            "nth": float(nth),
            "sheet": entry.sheet,
            "cell": entry.cell,
            "field": entry.field.vi,
            "value": entry.value,
            "why": entry.why.vi,
            "original": entry.original,
            "place": entry.place,
        }
        yield [values[column.field] for column in placed.columns]
