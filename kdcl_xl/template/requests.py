"""The requests to a school: faults to mend, on a sheet of their own and in notes on cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kdcl_xl.template.own_text import lines_of_marks
from kdcl_xl.xlsx.writer import lines_needed
from macros_free_validation.rule import Severity
from macros_free_validation.values import CellError, Raw, filled, is_date, show
from workbook_templates.layout import PlacedSheet, sent_back_sheet

MOST_ROWS = 9_000
"""Requests on one sheet; more go on sheets with a number, so that every reader sees them."""
NOTE_WIDTH = 56
"""Characters in a line of a note on a cell."""
MOST_LINES = 26
"""Lines of a note that fit a small screen; the whole text is on the sheet of requests."""


@dataclass(frozen=True, slots=True)
class Request:
    """A fault to mend, with the auditor's words; in Vietnamese throughout.

    ``sheet`` and ``cell`` are its place, as far as there is one; ``has_note`` is true where the
    cell itself is to be mended.
    """

    severity: Severity
    sheet: str
    cell: str
    message: str
    value: str
    remedy: str
    decision: Raw = None
    note: Raw = None
    role: Raw = None
    day: Raw = None
    has_note: bool = True


@dataclass(frozen=True, slots=True)
class CellNote:
    """A note on a cell."""

    sheet: str
    cell: str
    text: str


@dataclass(frozen=True)
class SentBack:
    """Everything that goes back to a school beside its own words.

    ``summary`` says in short what is asked and what is not; ``kept`` are notes that the
    school itself put on cells.
    """

    requests: tuple[Request, ...]
    summary: str
    kept: tuple[CellNote, ...] = ()

    @property
    def notes(self) -> Iterator[CellNote]:
        """Yield our notes, one a cell."""
        by_cell: dict[tuple[str, str], list[tuple[int, Request]]] = defaultdict(list)
        for nth, request in enumerate(self.requests, start=1):
            if request.sheet and request.cell and request.has_note:
                by_cell[request.sheet, request.cell].append((nth, request))
        for (sheet, cell), requests in by_cell.items():
            yield CellNote(sheet, cell, _text_of(requests))

    def sheets(self) -> Iterator[tuple[str, int, tuple[Request, ...]]]:
        """Yield the sheets of requests: name, number of the first request, and the requests."""
        name = sent_back_sheet(0).name
        for nth, start in enumerate(range(0, max(1, len(self.requests)), MOST_ROWS), start=1):
            shown = f"{name} ({nth})" if nth > 1 else name
            yield shown, start + 1, self.requests[start : start + MOST_ROWS]

    def marks(self) -> Iterator[str]:
        """Return the lines for the very hidden sheet, by which all these words are recognised."""
        rows: list[Sequence[Raw]] = []
        for _, first, requests in self.sheets():
            placed = sent_back_sheet(len(requests))
            rows += [[placed.sheet.heading.vi], [placed.sheet.intro.vi], [self.summary]]
            rows.append([column.column.header.vi for column in placed.columns])
            rows += rows_of(placed, requests, first)
        return lines_of_marks(rows, (note.text for note in self.notes))


_OPENING = "Kính đề nghị nhà trường xem lại ô này:"
_SEE_ROWS = "Xem đầy đủ ở trang «{sheet}», số thứ tự {numbers}."


def _text_of(requests: Sequence[tuple[int, Request]]) -> str:
    """Return the text of the note on a cell: as much as can be seen, and where the rest is."""
    numbers = ", ".join(str(nth) for nth, _ in requests)
    more = _SEE_ROWS.format(sheet=sent_back_sheet(0).name, numbers=numbers)
    for parts in (
        [_OPENING, *(line for _, request in requests for line in _lines(request))],
        [_OPENING, *(_headline(request) for _, request in requests), more],
    ):
        text = "".join(c for c in "\n".join(parts) if c >= " " or c == "\n")
        if note_lines(text) <= MOST_LINES:
            return text
    return f"{_OPENING}\n{more}"


def _headline(request: Request) -> str:
    return f"• {request.severity.label.vi}: {request.message}"


def _lines(request: Request) -> Iterator[str]:
    yield _headline(request)
    yield f"Cách xử lý: {request.remedy}"
    if filled(request.decision):
        yield f"Kết luận: {shown_word(request.decision)}"
    if filled(request.note):
        yield f"Ý kiến rà soát: {shown_word(request.note)}"
    signed = [shown_word(word) for word in (request.role, request.day) if filled(word)]
    if signed:
        yield f"({', '.join(signed)})"


def shown_word(value: Raw) -> str:
    """Return an auditor's word in full; a number that can be a day is shown as a day."""
    if isinstance(value, str):
        return value
    if isinstance(value, CellError):
        return value.code
    return show(value, as_date=is_date(value))


def note_lines(text: str) -> int:
    """Return the number of lines that a note's text takes."""
    return lines_needed(text, NOTE_WIDTH)


def rows_of(placed: PlacedSheet, requests: Iterable[Request], first: int) -> Iterator[list[Raw]]:
    """Return the rows of a sheet of requests, a value for each column; numbered from ``first``."""
    for nth, request in enumerate(requests, start=first):
        values: dict[str, Raw] = {
            "nth": float(nth),
            "sheet": request.sheet,
            "cell": request.cell,
            "severity": request.severity.label.vi,
            "message": request.message,
            "value": request.value,
            "remedy": request.remedy,
            "decision": request.decision,
            "note": request.note,
            "role": request.role,
            "day": request.day,
        }
        yield [values[column.field] for column in placed.columns]
