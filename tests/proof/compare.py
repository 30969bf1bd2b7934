"""Compare the results of a spreadsheet program with those of Python, cell by cell."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from macros_free_validation.live import live_sheet
from macros_free_validation.plan import Plan
from macros_free_validation.values import CellError, Raw
from tests.proof.expected import Kind, cell_at, comparable
from tests.proof.judges.base import Place, Values
from workbook_templates.layout import PlacedSheet, letter_of

_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_LONG = 255


@dataclass(frozen=True, slots=True)
class Difference:
    """A formula cell in which a program and Python differ; ``cause`` groups such cells."""

    book: str
    sheet: str
    ref: str
    kind: Kind
    rule: str
    python: Raw
    program: Raw
    cause: str

    def __str__(self) -> str:
        """Return the difference on one line."""
        name = f"{self.kind} {self.rule}".strip()
        return (
            f"{self.book}, {self.sheet}!{self.ref} ({name}): the program {_short(self.program)}, "
            f"Python {_short(self.python)}; {self.cause}"
        )


def _short(value: Raw) -> str:
    text = value.code if isinstance(value, CellError) else repr(value)
    return text if len(text) <= 90 else text[:89] + "…"


@dataclass
class Tally:
    """The cells that were compared, and the differences found."""

    books: int = 0
    rows: int = 0
    cells: Counter[Kind] = field(default_factory=Counter)
    fired: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    seconds: float = 0.0
    """Time that the program took, its start aside."""

    @property
    def verdicts(self) -> int:
        """The verdicts of rules among the cells."""
        return self.cells[Kind.VERDICT]

    def add(self, other: Tally) -> None:
        """Count in what was compared elsewhere."""
        self.books += other.books
        self.rows += other.rows
        self.cells += other.cells
        self.fired += other.fired
        self.differences += other.differences
        self.seconds += other.seconds

    @property
    def causes(self) -> Counter[str]:
        """The differences by cause."""
        return Counter(difference.cause for difference in self.differences)


def compare(plan: Plan, python: Values, program: Values, book: str) -> Tally:
    """Compare all formula cells of a workbook; a cell that the program left out differs."""
    layout, tally = plan.layout, Tally(books=1)
    for sheet in layout.sheets:
        tally.rows += sheet.row_count if live_sheet(layout, sheet.key).row_rules else 0
        own = program.get(sheet.name, {})
        for place, right in python[sheet.name].items():
            cell = cell_at(layout, sheet.name, place)
            tally.cells[cell.kind] += 1
            if cell.kind is Kind.VERDICT and right != "":
                tally.fired[cell.rule] += 1
            said = own.get(place, CellError("no value"))
            if comparable(said, cell.kind) != comparable(right, cell.kind):
                cause = cause_of(plan, sheet, place, cell.kind, right, said)
                ref = f"{letter_of(place[1])}{place[0]}"
                difference = Difference(
                    book, sheet.name, ref, cell.kind, cell.rule, right, said, cause
                )
                tally.differences.append(difference)
    return tally


def cause_of(
    plan: Plan, sheet: PlacedSheet, place: Place, kind: Kind, right: Raw, said: Raw
) -> str:
    """Return the likely cause of a difference: the program's answer, and the row's odd inputs."""
    if isinstance(said, CellError) and not isinstance(right, CellError):
        answer = f"error {said.code}"
    elif kind is Kind.VERDICT and right != "" and said == "":
        answer = "fault not found"
    elif kind is Kind.VERDICT and right == "" and said != "":
        answer = "fault found that is none"
    else:
        answer = "another value"
    traits = sorted(set(_traits_at(plan, sheet, place)))
    return f"{answer} ({kind}), {' and '.join(traits) if traits else 'ordinary inputs'}"


def _traits_at(plan: Plan, sheet: PlacedSheet, place: Place) -> Iterator[str]:
    """Yield the odd traits of the inputs in the row of a cell; of all, below no table."""
    rows = {r.row: r.values for r in plan.rows(sheet.key)}
    if place[0] in rows:
        values = list(rows[place[0]])
    elif sheet.key == "checks" or sheet.sheet.printed:
        return
    else:
        values = [plan.cell(c.field, sheet.key) for c in sheet.cells if c.row == place[0]]
    for value in values:
        yield from traits(value)


def traits(value: Raw) -> Iterator[str]:
    """Yield what is odd about an input, as far as programs may disagree on it."""
    if isinstance(value, str):
        if unicodedata.normalize("NFC", value) != value:
            yield "decomposed letters"
        if _INVISIBLE & set(value):
            yield "invisible characters"
        if any(unicodedata.category(sign) == "Cc" and sign not in "\t\n\r" for sign in value):
            yield "control characters"
        if "ı" in value:
            yield "dotless i"
        if len(value) > _LONG:
            yield "long text"
        if any(ord(sign) > 0xFFFF for sign in value):
            yield "characters beyond 16 bits"
    elif isinstance(value, float):
        if float(f"{value:.15g}") != value:
            yield "number of more than 15 digits"
        elif not value.is_integer():
            yield "fraction"
    elif isinstance(value, CellError):
        yield "error value typed"
