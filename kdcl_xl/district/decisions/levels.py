"""Decisions of several levels: what districts decided comes to the merge above them.

A district's decision stands here as if it had been typed here, with the district's name.
Where two say different things about one finding, a person has to look: one of the
decisions is shown as the earlier one, the others are closed, and nothing is lost.
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
from kdcl_xl.district.decisions.match import carry, with_notes


def gather(
    before: DecisionMemory, below: Sequence[DecisionMemory], now: Sequence[Line], today: date
) -> DecisionMemory:
    """The lines of this merge with everything decided before, here and in the districts."""
    own = carry(before, now, today)
    if not below:
        return own
    told = [carry(memory, now, today) for memory in below]
    lines, closed = [], list(own.closed)
    for position, line in enumerate(own.lines):
        claims = [m.lines[position] for m in told if _standing(m.lines[position]).typed]
        settled, more = _settle(line, claims, own.closed, today) if claims else (line, [])
        lines.append(settled)
        closed += more
    memory = DecisionMemory(tuple(lines), _each_once(closed, told), own.notes)
    return with_notes(memory, (note for m in told for note in m.notes))


def _standing(line: Line) -> Decision:
    return line.latest


def _settle(
    own: Line, claims: Sequence[Line], closed: Collection[Closed], today: date
) -> tuple[Line, list[Closed]]:
    """What a finding's line becomes, and what is closed by it.

    ``claims`` are the line as each district that decided on it has it.
    """
    mine, said = own.latest, {_standing(claim).typed for claim in claims}
    best = next((claim for claim in claims if claim.typed), claims[0])
    if not mine.typed and len(said) == 1:
        return best, []
    if {mine.typed} == said:  # a district may have decided so again, on what is there now
        return (best if mine.level and not own.typed else own), []
    if mine.level and mine.typed not in said and len(said) == 1:
        return best, [Closed(mine, Ending.REPLACED, today)]
    fresh = [
        decision
        for decision in _different(map(_standing, claims))
        if decision.typed != mine.typed and not _is_known(decision, closed)
    ]
    if not fresh and mine.typed:
        return own, []
    standing = [mine, *fresh] if mine.typed else fresh
    first, *others = standing or list(_different(map(_standing, claims)))
    line = replace(own.with_typed(NOTHING_TYPED), earlier=first)
    return line, [Closed(decision, Ending.DIFFERENT, today) for decision in others]


def _different(decisions: Iterable[Decision]) -> Iterator[Decision]:
    """Of decisions in the same words only the first."""
    seen: set[Typed] = set()
    for decision in decisions:
        if decision.typed not in seen:
            seen.add(decision.typed)
            yield decision


def _is_known(decision: Decision, closed: Iterable[Closed]) -> bool:
    """Whether somebody here has had it in view: it is closed already."""
    about = decision.about
    return any(
        entry.ending is not Ending.GONE
        and entry.decision.typed == decision.typed
        and entry.decision.about.spot == about.spot
        and entry.decision.about.subject == about.subject
        for entry in closed
    )


def _each_once(closed: Sequence[Closed], told: Iterable[DecisionMemory]) -> tuple[Closed, ...]:
    """What is closed, and what the districts closed beyond that."""
    seen = set(map(_mark, closed))
    found = list(closed)
    for entry in (entry for memory in told for entry in memory.closed):
        if _mark(entry) not in seen:
            seen.add(_mark(entry))
            found.append(entry)
    return tuple(found)


def _mark(entry: Closed) -> tuple[object, ...]:
    decision, about = entry.decision, entry.decision.about
    return (
        about.spot, about.subject, about.evidence, decision.typed, decision.level, entry.ending
    )  # fmt: skip
