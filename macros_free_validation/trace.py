"""The identity of a finding, apart from its place, wording and language.

A decision of an auditor is tied to it. The *subject* says which finding of its rule it
is, wherever its row has moved to. The *evidence* is every typed value that the rule
looks at there. A finding with the same subject and evidence is the same finding; other
evidence makes a finding that has to be decided again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from macros_free_validation.expression import (
    Condition,
    Field,
    Match,
    PlanField,
    Single,
    nodes,
)
from macros_free_validation.plan import Plan, Record
from macros_free_validation.values import CellError, Raw, filled
from workbook_templates.layout import PlacedSheet
from workbook_templates.text import Text, fold

Evidence = tuple[tuple[str, str], ...]
"""Values by name, in the order of the names."""

IDENTITY = ("criterion", "task", "weakness", "unit")
"""Fields that identify a row after it has moved."""

LONGEST_KEPT = 80
"""Characters of a text that is kept whole; a longer one is kept as a digest."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The subject and the evidence of a finding."""

    subject: tuple[str, ...] = ()
    evidence: Evidence = ()


NO_TRACE = Trace()


def essence(value: Raw) -> str:
    """Return a value for comparison over the years: its sort and its content.

    Case, spaces, invisible characters and the Unicode form of a text do not count.
    """
    if not filled(value):
        return ""
    if isinstance(value, str):
        text = fold(value)
        if len(text) > LONGEST_KEPT:
            text = f"{text[:40]}#{hashlib.sha256(text.encode()).hexdigest()[:24]}"
        return f"t:{text}"
    if isinstance(value, CellError):
        return f"e:{value.code}"
    if isinstance(value, bool):
        return f"b:{int(value)}"
    return f"n:{value:.15g}"


def evidence_of_words(words: Mapping[str, object], left_out: tuple[str, ...]) -> Evidence:
    """Return the words of a message as evidence, without those left out."""
    return tuple(
        (name, essence(word.vi if isinstance(word, Text) else str(word)))
        for name, word in sorted(words.items())
        if name not in left_out
    )


def evidence_of_condition(
    condition: Condition, plan: Plan, sheet: PlacedSheet, record: Record | None
) -> Evidence:
    """Return the typed values that a condition looks at: cells of its row and single cells."""
    return tuple(sorted(set(_looked_at(condition, plan, sheet, record))))


def _looked_at(
    condition: Condition, plan: Plan, sheet: PlacedSheet, record: Record | None
) -> Iterator[tuple[str, str]]:
    of_row = record if record is None or is_of_row(condition) else None
    for node in nodes(condition):
        match node:
            case Single():
                value = plan.cell(node.name, node.sheet)
                yield f"{node.sheet}.{node.name}", essence(value)
            case Field(name="criterion_label") if of_row:
                # A criterion counts by its label, however it is spelt: as it is typed most often.
                label = plan.value(sheet.key, of_row, node.name)
                yield from (("criterion", essence(label)),) if filled(label) else ()
            case Field() if of_row:
                yield node.name, essence(plan.value(sheet.key, of_row, node.name))
            case Match() if of_row and node.own:
                yield node.own, essence(plan.value(sheet.key, of_row, node.own))
            case PlanField() if of_row:
                yield f"plan.{node.name}", essence(_plan_value(plan, sheet, of_row, node.name))


def _plan_value(plan: Plan, sheet: PlacedSheet, record: Record, field: str) -> Raw:
    wanted = record.row - sheet.first_row + plan.layout.sheet("plan").first_row
    found = (r for r in plan.rows("plan") if r.row == wanted)
    return next((plan.value("plan", r, field) for r in found), None)


def is_of_row(condition: Condition) -> bool:
    """Return whether a condition is about its own row.

    A condition that asks for the row's number judges the whole plan, once, at a fixed row.
    """
    return not any(isinstance(node, Field) and node.name == "no" for node in nodes(condition))


def subject_of_row(
    plan: Plan, sheet: PlacedSheet, record: Record, field: str | None
) -> tuple[str, ...]:
    """Return the values that distinguish a row from the others, without the field at fault.

    A criterion counts by its code, however it is spelt.
    """
    parts = []
    for name in IDENTITY:
        part = ""
        if name != field and sheet.has_column(name):
            meant = plan.criterion_of(sheet.key, record) if name == "criterion" else None
            part = meant.code if meant else essence(plan.value(sheet.key, record, name))
        parts.append(part)
    return tuple(parts)
