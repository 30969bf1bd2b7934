"""Lines of the sheet of flags above several flags: a school, a rule many times in it.

A decision on the line of a rule holds for every flag below that has no decision of its own. An
assignment on any such line holds for every flag below without one. The cells of a flag are
empty where a line above says the same, so that the line can be changed in one place.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kdcl_xl.district.decisions.decision import (
    ASSIGNED,
    NOTHING_TYPED,
    Closed,
    DecisionMemory,
    Ending,
    Group,
    Kept,
    Line,
    Note,
    Typed,
    in_full,
)
from kdcl_xl.district.decisions.match import with_notes
from macros_free_validation.values import Raw, filled


@dataclass(frozen=True, slots=True)
class Shown:
    """The cells of a row that a person fills in, as the row has them."""

    typed: Typed = NOTHING_TYPED
    kept: Kept = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """True where nothing is filled in."""
        return not self.typed and not self.kept

    @property
    def assignee(self) -> Raw:
        """The person or team in the row."""
        return self.kept.get(ASSIGNED)


def shared_decision(lines: Sequence[Line]) -> Typed:
    """Return the decision that the line of a group shows; nothing where flags would inherit it.

    More than half of the flags have it, and each other flag has a decision of its own.
    """
    if not all(line.typed for line in lines):
        return NOTHING_TYPED
    typed, count = Counter(line.typed for line in lines).most_common(1)[0]
    others = (line.typed for line in lines if line.typed != typed)
    is_safe = count * 2 > len(lines) and all(filled(other.decision) for other in others)
    return typed if is_safe else NOTHING_TYPED


def shown_cells(memory: DecisionMemory) -> Mapping[str, Shown]:
    """Return the cells of every row of a workbook as it was written, by key."""
    decided: dict[str, Typed] = {}
    assigned: set[str] = set()
    for group in memory.groups:
        if group.typed:
            decided.update(dict.fromkeys(group.members, group.typed))
        if filled(group.assignee):
            assigned.update(group.members)
    shown = {g.key: Shown(g.typed, _kept({ASSIGNED: g.assignee})) for g in memory.groups}
    for line in memory.lines:
        typed = NOTHING_TYPED if decided.get(line.key) == line.typed else line.typed
        kept = {h: v for h, v in line.kept.items() if h != ASSIGNED or line.key not in assigned}
        shown[line.key] = Shown(typed, kept)
    return shown


def resolve(before: DecisionMemory, now: Mapping[str, Shown], today: date) -> DecisionMemory:
    """Return the memory with the cells that a workbook's rows have now.

    What was typed over is closed, so that it can be found again. What a group says to nobody,
    because every flag below says otherwise, becomes a note.
    """
    above: dict[str, list[Group]] = defaultdict(list)
    for group in sorted(before.groups, key=lambda g: not g.decides):  # a rule before its school
        for key in group.members:
            above[key].append(group)
    lines, closed = [], list(before.closed)
    for line in before.lines:
        typed, kept = _effective(now[line.key], [now[g.key] for g in above[line.key]])
        if line.typed and not typed.covers(line.typed):
            closed.append(Closed(line.decision, Ending.CHANGED, today))
        fresh = line if typed == line.typed else line.with_typed(typed)
        lines.append(replace(fresh, kept=kept))
    after = replace(before, lines=tuple(lines), closed=tuple(closed), groups=())
    return with_notes(after, _unheard(before.groups, now, after.lines, today))


def _effective(own: Shown, above: Sequence[Shown]) -> tuple[Typed, Kept]:
    typed = own.typed
    for shown in above:
        typed = typed.or_of_group(shown.typed)
    assignee = next((s.assignee for s in (own, *above) if filled(s.assignee)), None)
    return typed, _kept({**own.kept, ASSIGNED: assignee})


def _kept(cells: Kept) -> Kept:
    return {heading: value for heading, value in cells.items() if filled(value)}


def _unheard(
    groups: Sequence[Group], now: Mapping[str, Shown], lines: Sequence[Line], today: date
) -> Iterator[Note]:
    by_key = {line.key: line for line in lines}
    for group in groups:
        members = [by_key[key] for key in group.members]
        cells = {*(value for m in members for value in (*m.typed.cells, m.assignee))}
        shown = now[group.key]
        lost = [v for v in (*shown.typed.cells, shown.assignee) if filled(v) and v not in cells]
        if lost:
            decision = members[0].decision
            place = f"{decision.school_code} {decision.school_name}".strip()
            place += f" ({decision.about.rule})" if group.decides else ""
            yield Note(place, " | ".join(in_full(value) for value in lost), today)
