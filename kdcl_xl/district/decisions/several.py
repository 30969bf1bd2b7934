"""Combine the decisions of several earlier workbooks of one authority.

Two auditors work in two copies of an authority workbook, and both copies are taken. Decisions
that agree are one. Where the copies decide differently on one finding, a person has to review
it: one decision is shown as the earlier one, the others are closed, each with its workbook.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kdcl_xl.district.decisions.decision import (
    NOTHING_TYPED,
    Closed,
    Decision,
    DecisionMemory,
    Ending,
    Kept,
    Line,
    Note,
    Typed,
    in_full,
)
from kdcl_xl.district.decisions.levels import is_known, with_closed_of
from kdcl_xl.district.decisions.match import Present, carry, with_notes
from macros_free_validation.values import Raw, filled, key


@dataclass(frozen=True)
class Previous:
    """An earlier authority workbook: the name that people know it by, and its decisions."""

    name: str
    memory: DecisionMemory


def reconcile(
    earlier: Sequence[Previous], now: Sequence[Line], today: date, present: Present
) -> DecisionMemory:
    """Return the lines of this merge with the decisions of all earlier workbooks.

    A decision on the present evidence counts before decisions on other evidence. Of decisions
    that agree, the one with most cells filled in is taken; a different note, role or day of
    another is kept among the closed ones.
    """
    carried = [carry(previous.memory, now, today, present) for previous in earlier]
    if not carried:
        return DecisionMemory(tuple(now))
    first, *others = carried
    if not others:
        return first
    closed = list(with_closed_of(first.closed, others))
    lines: list[Line] = []
    notes: list[Note] = []
    for position in range(len(now)):
        claims = [
            _Claim(previous.name, memory.lines[position], memory.closed)
            for previous, memory in zip(earlier, carried, strict=True)
        ]
        line, more = _settle(claims, today)
        kept, left = _kept_of(claims, today)
        lines.append(replace(line, kept=kept))
        closed += more
        notes += left
    closed = list(with_closed_of((), [DecisionMemory(closed=tuple(closed))]))
    memory = DecisionMemory(tuple(lines), tuple(closed), first.notes)
    return with_notes(memory, (*(note for other in others for note in other.notes), *notes))


@dataclass(frozen=True, slots=True)
class _Claim:
    """The line of a finding in one workbook, with the decisions that the workbook has closed."""

    workbook: str
    line: Line
    closed: Collection[Closed]

    @property
    def typed(self) -> Typed:
        """The cells of the latest decision."""
        return self.line.latest.typed

    @property
    def decision(self) -> Decision:
        """The latest decision, under the name of its workbook."""
        latest = self.line.latest
        return latest if latest.workbook else replace(latest, workbook=self.workbook)


def _kept_of(claims: Sequence[_Claim], today: date) -> tuple[Kept, list[Note]]:
    """Return the cells that stay with a finding, and notes of those that another has otherwise."""
    kept: dict[str, Raw] = {}
    notes = []
    for claim in claims:
        for heading, value in claim.line.kept.items():
            if kept.setdefault(heading, value) != value:
                about = claim.line.decision
                place = f"{claim.workbook}: {about.school_name} {about.about.rule} {about.place}"
                notes.append(Note(place, f"{heading}: {in_full(value)}", today))
    return kept, notes


def _settle(claims: Sequence[_Claim], today: date) -> tuple[Line, list[Closed]]:
    """Return the combined line of a finding, and the decisions that this closes."""
    decided = [claim for claim in claims if claim.typed]
    if not decided:
        return claims[0].line, []
    present = [claim for claim in decided if claim.line.typed] or decided
    rivals = _without_seen(present)
    best = max(rivals, key=lambda claim: sum(map(filled, claim.typed.cells)))
    if all(_agree(claim.typed, best.typed) for claim in rivals):
        line, kept, ending = best.line, best, Ending.ALIKE
    else:
        kept, ending = rivals[0], Ending.DIFFERENT
        blank = kept.line.with_typed(NOTHING_TYPED)
        line = replace(blank, earlier=kept.decision)
    closed = [
        Closed(claim.decision, ending, today)
        for claim in rivals
        if not _covers(kept.typed, claim.typed)
    ]
    closed += [
        Closed(claim.decision, Ending.REPLACED, today)
        for claim in decided
        if claim not in present and not _covers(kept.typed, claim.typed)
    ]
    return line, closed


def _without_seen(claims: Sequence[_Claim]) -> Sequence[_Claim]:
    """Return the claims without those that the auditor of another workbook has seen and closed."""
    fresh = [
        claim
        for claim in claims
        if is_known(claim.line.latest, claim.closed)
        or not any(
            is_known(claim.line.latest, other.closed) for other in claims if other is not claim
        )
    ]
    return fresh or claims


def _agree(one: Typed, other: Typed) -> bool:
    """Return whether two decisions are the same, in either language; two empty ones are none."""
    if one == other:
        return True
    if one.choice or other.choice:
        return one.choice is other.choice
    return filled(one.decision) and key(one.decision) == key(other.decision)


def _covers(kept: Typed, other: Typed) -> bool:
    """Return whether everything typed in one decision is in the kept one."""
    return _agree(kept, other) and replace(kept, decision=other.decision).covers(other)
