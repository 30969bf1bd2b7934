"""Combine the decisions of several levels: communes decide, the province merges above them.

A decision of an authority below counts as if it had been typed here, under that authority's
name. Where two authorities decided differently on one finding, a person has to review it: one
decision is shown as the earlier one, the others are closed, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from kdcl_xl.district.decisions.decision import (
    NOTHING_TYPED,
    Closed,
    Decision,
    DecisionMemory,
    Ending,
    Line,
    Typed,
)
from kdcl_xl.district.decisions.match import Present, carry, with_notes


def gather(
    before: DecisionMemory,
    below: Sequence[DecisionMemory],
    now: Sequence[Line],
    today: date,
    present: Present,
) -> DecisionMemory:
    """Return the lines of this merge with every earlier decision, made here or below.

    ``before`` is the memory of this authority, ``below`` those of the authorities below.
    """
    own = carry(before, now, today, present)
    if not below:
        return own
    # Each memory is carried over to the same lines, so that positions are comparable.
    lower = [carry(memory, now, today, present) for memory in below]
    lines, closed = [], list(own.closed)
    for position, line in enumerate(own.lines):
        claims = [m.lines[position] for m in lower if m.lines[position].latest.typed]
        settled, more = _settle(line, claims, own.closed, today) if claims else (line, [])
        # Assignments and added columns are each authority's own.
        lines.append(replace(settled, kept=line.kept))
        closed += more
    memory = DecisionMemory(tuple(lines), with_closed_of(closed, lower), own.notes)
    return with_notes(memory, (note for m in lower for note in m.notes))


def _settle(
    own: Line, claims: Sequence[Line], closed: Collection[Closed], today: date
) -> tuple[Line, list[Closed]]:
    """Return the combined line of a finding, and the decisions that this closes.

    ``claims`` are the lines of the authorities below that decided on the finding. ``closed``
    are the decisions that this authority has closed before.
    """
    mine, claimed = own.latest, {claim.latest.typed for claim in claims}
    best = next((claim for claim in claims if claim.typed), claims[0])
    # Nothing decided here, and all authorities below agree: take their decision.
    if not mine.typed and len(claimed) == 1:
        return best, []
    # The same words here and below. A decision that came from below is taken anew, because it
    # may have been confirmed there on the present evidence.
    if {mine.typed} == claimed:
        return (best if mine.authority and not own.typed else own), []
    # The decision here came from below and was changed there: it is replaced.
    if mine.authority and mine.typed not in claimed and len(claimed) == 1:
        return best, [Closed(mine, Ending.REPLACED, today)]
    # Decisions that differ from the one here. Those closed here before have been seen already;
    # without this check every merge would ask about them again.
    fresh = [
        decision
        for decision in _distinct(claim.latest for claim in claims)
        if decision.typed != mine.typed and not is_known(decision, closed)
    ]
    if not fresh and mine.typed:
        return own, []
    rivals = [mine, *fresh] if mine.typed else fresh
    first, *others = rivals or list(_distinct(claim.latest for claim in claims))
    line = replace(own.with_typed(NOTHING_TYPED), earlier=first)
    return line, [Closed(decision, Ending.DIFFERENT, today) for decision in others]


def _distinct(decisions: Iterable[Decision]) -> Iterator[Decision]:
    """Yield the first of the decisions in the same words."""
    seen: set[Typed] = set()
    for decision in decisions:
        if decision.typed not in seen:
            seen.add(decision.typed)
            yield decision


def is_known(decision: Decision, closed: Iterable[Closed]) -> bool:
    """Return whether the decision is closed here already, so that a person has seen it."""
    about = decision.about
    return any(
        entry.ending is not Ending.GONE
        and entry.decision.typed == decision.typed
        and entry.decision.about.spot == about.spot
        and entry.decision.about.subject == about.subject
        for entry in closed
    )


def with_closed_of(
    closed: Sequence[Closed], others: Iterable[DecisionMemory]
) -> tuple[Closed, ...]:
    """Return the closed decisions with those that only others have closed, each once."""
    seen = set(map(_mark, closed))
    found = list(closed)
    for entry in (entry for memory in others for entry in memory.closed):
        if _mark(entry) not in seen:
            seen.add(_mark(entry))
            found.append(entry)
    return tuple(found)


def _mark(entry: Closed) -> tuple[object, ...]:
    """Return the parts by which two closed decisions are the same; the day is none of them."""
    decision, about = entry.decision, entry.decision.about
    return (
        about.spot, about.subject, about.evidence, decision.typed, decision.authority, entry.ending
    )  # fmt: skip
