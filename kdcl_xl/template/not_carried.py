"""Values that a migration could not carry: each with its old place and the reason.

They travel on a sheet of their own, in full, and are read from there again by the
next migration, so that carrying a workbook over twice loses nothing either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kdcl_xl.xlsx.cells import SheetCells
from macros_free_validation.values import Raw, filled, show
from workbook_templates.layout import PlacedSheet, left_behind_sheet
from workbook_templates.text import Text

MOST_ROWS = 9_000
"""Values on one sheet; more go on sheets with a number, so that every reader sees them."""


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A value without a place in the new template.

    ``sheet`` and ``cell`` are its old place, ``field`` its heading, ``about`` the row
    to which it belongs and ``source`` its template. ``is_day`` is true where the
    workbook showed the value as a date.
    """

    sheet: str
    cell: str
    field: Text
    about: str
    value: Raw
    why: Text
    source: str
    is_day: bool = False


def left_behind_sheets(left: Sequence[LeftBehind]) -> Iterator[tuple[str, list[LeftBehind]]]:
    """Yield the sheets that hold such values: the name of each, and its rows."""
    for start in range(0, len(left), MOST_ROWS):
        yield _name(start // MOST_ROWS), list(left[start : start + MOST_ROWS])


def _name(nth: int) -> str:
    name = left_behind_sheet(0).name
    return f"{name} ({nth + 1})" if nth else name


def read_left_behind(
    content: SheetCells, day: Callable[[int, int, Raw], tuple[Raw, bool]]
) -> Iterator[LeftBehind]:
    """Return the values that an earlier migration left on a sheet, word for word.

    ``day`` returns the content of a cell (row from 1, column from 0), and whether it
    is shown as a day.
    """
    placed = left_behind_sheet(content.last_row)
    at = {column.field: column.index for column in placed.columns}
    for row in range(placed.first_row, content.last_row + 1):
        values = {field: content.get(row, index) for field, index in at.items()}
        if not any(filled(value) for value in values.values()):
            continue
        words = {field: _text(value) for field, value in values.items()}
        value, is_day = day(row, at["value"], values["value"])
        yield LeftBehind(
            words["sheet"],
            words["cell"],
            Text(words["field"], words["field"]),
            words["about"],
            value,
            Text(words["why"], words["why"]),
            words["source"],
            is_day,
        )


def _text(value: Raw) -> str:
    return value if isinstance(value, str) else show(value, as_date=False)


def rows_of(placed: PlacedSheet, left: Iterable[LeftBehind]) -> Iterator[list[Raw]]:
    """Return the rows of a sheet, a value for each column."""
    for entry in left:
        values = {
            "sheet": entry.sheet,
            "cell": entry.cell,
            "field": entry.field.vi,
            "about": entry.about,
            "value": entry.value,
            "why": entry.why.vi,
            "source": entry.source,
        }
        yield [values[column.field] for column in placed.columns]
