"""From one merge to the next: every decision finds its finding again, or is closed.

Findings are matched school by school and rule by rule, in passes from the surest
to the loosest. Only the same evidence keeps a decision as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kdcl_xl.district.decisions.decision import About, Closed, DecisionMemory, Ending, Line, Note
from macros_free_validation.trace import IDENTITY, Evidence


def carry(before: DecisionMemory, now: Sequence[Line], today: date) -> DecisionMemory:
    """The lines of this merge with everything decided before.

    - The same evidence keeps what is typed; it also brings back a decision whose
      finding was gone, or had changed and changed back.
    - Other evidence makes it the line's earlier decision, to be reviewed.
    - A decision without a finding is closed, and so is one that a new one replaced.
    """
    lines = list(now)
    closed = list(before.closed)
    gone = [entry for entry in closed if entry.ending is Ending.GONE]
    pairs = match(before.lines, lines, _PASSES)
    for pair in pairs:
        lines[pair.new] = _carried(before.lines[pair.old], lines[pair.new], is_same=pair.is_same)
    taken = {pair.new for pair in pairs}
    left = [position for position in range(len(lines)) if position not in taken]
    returned = [Line("", entry.decision) for entry in gone]
    for pair in match(returned, [lines[position] for position in left], _PASSES_OF_RETURNED):
        position = left[pair.new]
        lines[position] = _carried(returned[pair.old], lines[position], is_same=pair.is_same)
        closed.remove(gone[pair.old])
    found = {pair.old for pair in pairs}
    for position, line in enumerate(before.lines):
        if line.typed and line.earlier:
            closed.append(Closed(line.earlier, Ending.REPLACED, today))
        if position not in found and (line.typed or line.earlier):
            closed.append(Closed(line.latest, Ending.GONE, today))
    return DecisionMemory(tuple(lines), tuple(closed), before.notes)


def _carried(old: Line, new: Line, *, is_same: bool) -> Line:
    """The new line with what the old one was decided."""
    standing = old.latest
    if not standing.typed:
        return new
    if not old.typed:  # to be reviewed: the same only if it changed and changed back
        had_changed = not standing.about.is_same_as(old.about)
        is_same = had_changed and standing.about.is_same_as(new.about)
    if is_same:
        return new.with_typed(standing.typed, standing.level)
    return replace(new, earlier=standing)


def with_notes(memory: DecisionMemory, notes: Iterable[Note]) -> DecisionMemory:
    """The same memory with notes added; what is noted already is not noted twice."""
    known = {(note.place, note.text) for note in memory.notes}
    fresh = [note for note in notes if (note.place, note.text) not in known]
    return replace(memory, notes=(*memory.notes, *dict.fromkeys(fresh)))


@dataclass(frozen=True, slots=True)
class Pair:
    """An old and a new line that are about one finding, by position."""

    old: int
    new: int
    is_same: bool


Mark = Callable[[About, Evidence | None], Hashable | None]
"""What an old and a new finding must have equal in a pass, from what it is about and the
evidence that both sides know; None takes no part in it."""


@dataclass(frozen=True, slots=True)
class _Pass:
    mark: Mark
    is_same: bool


def _with_evidence(*, in_file: bool) -> Mark:
    def mark(about: About, evidence: Evidence | None) -> Hashable | None:
        if evidence is None:
            return None
        return (about.subject, evidence, about.file if in_file else "")

    return mark


def _in_row(about: About, _evidence: Evidence | None) -> Hashable | None:
    return None if about.row is None else (about.subject, about.file, about.row)


def _of_subject(about: About, _evidence: Evidence | None) -> Hashable | None:
    return about.subject


def _in_row_with(part: int) -> Mark:
    """The same row of the same file, in which one part of the subject is still the same."""

    def mark(about: About, _evidence: Evidence | None) -> Hashable | None:
        if about.row is None or part >= len(about.subject) or not about.subject[part]:
            return None
        return (about.file, about.row, about.subject[part])

    return mark


_PASSES_OF_RETURNED = (
    _Pass(_with_evidence(in_file=True), is_same=True),
    _Pass(_with_evidence(in_file=False), is_same=True),
    _Pass(_of_subject, is_same=False),
)
_PASSES = (
    *_PASSES_OF_RETURNED[:2],
    _Pass(_in_row, is_same=False),
    _Pass(_of_subject, is_same=False),
    *(_Pass(_in_row_with(part), is_same=False) for part in range(len(IDENTITY))),
)


def match(old: Sequence[Line], new: Sequence[Line], passes: Sequence[_Pass]) -> list[Pair]:
    """Pair the lines that are about one finding; each stands in one pair at most.

    Of several that nothing tells apart, some of which are gone, nobody knows which
    stayed: where they were decided differently, the rest is not the same any more.
    """
    groups: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, lines in enumerate((old, new)):
        for position, line in enumerate(lines):
            groups[line.about.spot][side].append(position)
    found: list[Pair] = []
    for olds, news in groups.values():
        if olds and news:
            found += _match_spot(old, new, olds, news, passes)
    return found


def _match_spot(
    old: Sequence[Line],
    new: Sequence[Line],
    olds: Sequence[int],
    news: Sequence[int],
    passes: Sequence[_Pass],
) -> Iterator[Pair]:
    abouts = [*(old[i].about for i in olds), *(new[i].about for i in news)]
    names = frozenset.intersection(*(frozenset(dict(a.evidence)) for a in abouts))
    left_old = sorted(olds, key=lambda i: old[i].about.order)
    left_new = sorted(news, key=lambda i: new[i].about.order)
    for step in passes:
        buckets: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for side, (positions, lines) in enumerate(((left_old, old), (left_new, new))):
            for i in positions:
                about = lines[i].about
                mark = step.mark(about, about.evidence_of(names))
                if mark is not None:
                    buckets[mark][side].append(i)
        for mine, theirs in buckets.values():
            settled = {old[i].latest.typed for i in mine}
            is_same = step.is_same and (len(mine) <= len(theirs) or len(settled) == 1)
            for i, j in zip(mine, theirs, strict=False):
                yield Pair(i, j, is_same)
                left_old.remove(i)
                left_new.remove(j)
