"""Compare a draft with the truth, field by field: right, marked, wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kdcl_xl.importing.importer import Understood
from macros_free_validation.plan import Record
from macros_free_validation.values import filled, is_number
from tests.importing.tasks import MARKED, Truth, day_of
from workbook_templates.text import fold

FIELDS = (
    "criterion", "target_level", "expected_result", "task", "lead", "coordination", "recurrence",
    "start", "deadline", "budget", "funding_source", "support_conditions", "notes", "indicator",
    "planned_evidence", "improvement_content",
)  # fmt: skip


@dataclass
class Score:
    """Counts of fields; ``faults`` lists those that are wrong and not marked."""

    expected: int = 0
    right: int = 0
    marked: int = 0
    missing: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> int:
        """Fields that are wrong and not marked; those left empty are not among them."""
        return len(self.faults)

    def add(self, other: Score) -> None:
        """Add the counts of another score."""
        self.expected += other.expected
        self.right += other.right
        self.marked += other.marked
        self.missing += other.missing
        self.faults += other.faults


def compare_rows(made: Understood, sheet: str, truths: Sequence[Mapping[str, Truth]]) -> Score:
    """Return the score of the rows of a table."""
    score = Score()
    records = made.plan.rows(sheet)
    for nth, truth in enumerate(truths):
        if nth >= len(records):
            score.expected += len(truth)
            score.missing += len(truth)
            continue
        for name in _fields(made, sheet):
            _compare(made, sheet, records[nth], name, truth.get(name), score)
    for record in records[len(truths) :]:
        for name in _fields(made, sheet):
            _compare(made, sheet, record, name, None, score)
    return score


def _fields(made: Understood, sheet: str) -> Iterator[str]:
    placed = made.plan.layout.sheet(sheet)
    names = (
        FIELDS
        if sheet == "plan"
        else ("standard", "criterion", "current_state", "weakness", "cause")
    )
    return (name for name in names if placed.has_column(name))


def _compare(
    made: Understood, sheet: str, record: Record, name: str, truth: Truth | None, score: Score
) -> None:
    placed = made.plan.layout.sheet(sheet)
    value = made.plan.value(sheet, record, name)
    is_marked = (placed.name, placed.ref(name, record.row)) in made.marked
    if truth is None or truth == "":
        if filled(value) and not is_marked:
            score.faults.append(
                f"{sheet} {record.row} {name}: nothing expected, {str(value)[:60]!r}"
            )
        return
    score.expected += 1
    if is_marked:
        score.marked += 1
    elif not filled(value):
        score.missing += 1
    elif _is_same(made, sheet, record, name, value, truth):
        score.right += 1
    else:
        score.faults.append(f"{sheet} {record.row} {name}: {truth!r} expected, {str(value)[:60]!r}")


def _is_same(
    made: Understood, sheet: str, record: Record, name: str, value: object, truth: Truth
) -> bool:
    if truth == MARKED:
        return False
    if isinstance(truth, date):
        return day_of(made.plan.meant(sheet, record, name)) == truth
    if isinstance(truth, float):
        meant = made.plan.meant(sheet, record, name)
        return is_number(meant) and meant == truth
    return fold(str(value)) == fold(truth)
