"""A kit that a person sends back: what the program computed, beside what Python computes.

Python judges the values that the file holds now. A typed value that is no longer the kit's is
listed on its own: a program or the person has altered it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kdcl_xl.xlsx.cells import SheetCells
from kdcl_xl.xlsx.workbook import Workbook, open_workbook
from macros_free_validation.derive import complete_plan
from macros_free_validation.plan import Plan
from macros_free_validation.values import CellError, Raw, filled
from tests.proof.compare import Difference, Tally, compare
from tests.proof.expected import typed_places
from tests.proof.judges.base import Values, results_in
from tests.proof.kit import (
    ANSWER,
    FIRST_ASKED,
    FIRST_COMPUTED,
    ID_ROW,
    PAGE,
    PROBE,
    Kit,
    make_kit,
    usual_kit,
)
from tests.proof.questions import ASKED, COMPUTED
from tests.proof.report import table
from workbook_templates.layout import Layout, PlacedSheet, letter_of

_SHOWN = 5
"""Differences shown of each cause."""


class ForeignError(ValueError):
    """The file is no kit, or a kit of another version."""


@dataclass(frozen=True, slots=True)
class Altered:
    """A typed value that is not the kit's."""

    sheet: str
    ref: str
    was: Raw
    now: Raw

    def __str__(self) -> str:
        """Return the change on one line."""
        return f"{self.sheet}!{self.ref}: {self.was!r} has become {self.now!r}"


@dataclass(frozen=True)
class Returned:
    """The comparison of a returned kit."""

    tallies: Mapping[str, Tally]
    """By form."""
    altered: tuple[Altered, ...]
    answers: tuple[tuple[str, str], ...]
    """Questions and their answers, those of the person and those of the program."""

    @property
    def differences(self) -> list[Difference]:
        """The differences in all forms."""
        return [d for tally in self.tallies.values() for d in tally.differences]

    @property
    def is_clean(self) -> bool:
        """True if nothing was altered and every result is Python's."""
        return not self.altered and not self.differences

    def text(self) -> str:
        """Return the report for the terminal."""
        lines = [table(self.tallies, {})]
        causes = Counter(difference.cause for difference in self.differences)
        for cause, count in causes.most_common():
            lines.append(f"{count:,} × {cause}")
            own = [d for d in self.differences if d.cause == cause]
            lines += [f"    {difference}" for difference in own[:_SHOWN]]
        if self.altered:
            lines.append(f"{len(self.altered):,} × typed value altered by the program or a person")
            lines += [f"    {altered}" for altered in self.altered[:_SHOWN]]
        lines += ["Answers:", *(f"- {question}: {answer}" for question, answer in self.answers)]
        return "\n".join(lines)


def compare_returned(content: bytes) -> Returned:
    """Compare a returned kit.

    Raises:
        ForeignError: the file is no kit, or one that another version of the project made.
        UnreadableError: the file is no sound workbook.
    """
    kit, book = usual_kit(), open_workbook(content)
    if PAGE not in book.sheets:
        raise ForeignError(f"this file has no sheet «{PAGE}»: it is no kit")
    page = book.sheet(PAGE)
    if page.get(ID_ROW, 1) != kit.id:
        raise ForeignError(
            f"this kit is {page.get(ID_ROW, 1)!r}, the present one {kit.id!r}: compare it with the "
            "version of the project that made it, or make a new one"
        )
    plans = tuple(_typed_plan(book, plan.layout) for plan in kit.plans)
    altered = tuple(a for plan in kit.plans for a in _altered(book, kit, plan.layout))
    now = make_kit(plans) if altered else kit
    program = _results(content, book, now)
    tallies = {
        f"form {plan.layout.form.id}": compare(
            plan, now.results(plan), program, plan.layout.form.id
        )
        for plan in now.plans
    }
    return Returned(tallies, altered, tuple(_answers(page)))


def _results(content: bytes, book: Workbook, kit: Kit) -> Values:
    """Return the results in a file; a cell that lost its formula counts with its value."""
    found = {name: dict(cells) for name, cells in results_in(content).items()}
    for plan in kit.plans:
        for name, cells in kit.results(plan).items():
            if name not in book.sheets:
                continue
            own, sheet = found.setdefault(name, {}), book.sheet(name)
            for place in cells.keys() - own.keys():
                value = sheet.get(*place)
                own[place] = "" if value is None else value
    return found


def _typed_plan(book: Workbook, layout: Layout) -> Plan:
    cells: dict[str, dict[str, Raw]] = {}
    rows: dict[str, list[tuple[int, list[Raw]]]] = {}
    for placed in layout.sheets:
        if placed.name not in book.sheets:
            continue
        content = book.sheet(placed.name)
        cells[placed.key] = {
            c.field: None if c.cell.derived else content.get(c.row, c.index) for c in placed.cells
        }
        rows[placed.key] = list(_rows(placed, content))
    return complete_plan(layout, cells, rows)


def _rows(placed: PlacedSheet, content: SheetCells) -> Iterator[tuple[int, list[Raw]]]:
    inputs = [c.index for c in placed.columns if not c.column.locked]
    for row in range(placed.first_row, placed.last_row + 1 if placed.columns else 0):
        values = [content.get(row, c.index) for c in placed.columns]
        # A row of the self-assessment is in use though nothing is typed.
        if placed.key == "self_assessment" or any(filled(values[i]) for i in inputs):
            yield row, values


def _altered(book: Workbook, kit: Kit, layout: Layout) -> Iterator[Altered]:
    for sheet in layout.sheets:
        was = kit.made.sheet(sheet.name)
        now = book.sheet(sheet.name) if sheet.name in book.sheets else SheetCells()
        for row, column in sorted(typed_places(sheet)):
            before, after = was.get(row, column), now.get(row, column)
            if _plain(before) != _plain(after):
                yield Altered(sheet.name, f"{letter_of(column)}{row}", before, after)


def _plain(value: Raw) -> Raw:
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, float):  # LibreOffice saves the 15 digits that count for Excel
        return float(f"{value:.15g}")
    return value.replace("\r\n", "\n") or None if isinstance(value, str) else value


def _answers(page: SheetCells) -> Iterator[tuple[str, str]]:
    for row, question in enumerate(ASKED, start=FIRST_ASKED):
        value = page.get(row, ANSWER)
        yield question.en, "(no answer)" if value is None else str(value)
    for row, computed in enumerate(COMPUTED, start=FIRST_COMPUTED):
        value = page.get(row, PROBE)
        yield computed.about.en, value.code if isinstance(value, CellError) else repr(value)
