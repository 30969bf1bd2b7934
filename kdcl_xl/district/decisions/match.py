"""Carry decisions from one merge to the next: find the finding of each again, or close it.

Findings are matched school by school and rule by rule (:attr:`About.spot`), in passes from
the strictest criterion to the loosest (:data:`_PASSES`). A decision stays valid only on the
same evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import (
    Callable,
    Collection,
    Hashable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, replace
from datetime import date

from kdcl_xl.district.decisions.decision import (
    ASSIGNED,
    NOTHING_TYPED,
    About,
    Closed,
    Decision,
    DecisionMemory,
    Ending,
    Line,
    Note,
)
from macros_free_validation.rules.across import OWNER_IN_DOUBT
from macros_free_validation.trace import IDENTITY, Evidence
from macros_free_validation.values import Raw, filled


@dataclass(frozen=True, slots=True)
class Present:
    """The schools whose plans a merge was given: keys of their decisions, and codes as shown.

    A finding of any other school may still be there, whatever the merge has found.
    """

    keys: Collection[str] = ()
    codes: Collection[str] = ()

    def is_settled(self, decision: Decision) -> bool:
        """Return whether the merge shows if the finding of a decision is still there.

        A damaged file is known by its content alone; a plan of its school that can be read
        takes its place.
        """
        school = decision.about.school
        is_of_file = school.startswith("~")
        return school in self.keys or (is_of_file and decision.school_code in self.codes)


def carry(
    before: DecisionMemory, now: Sequence[Line], today: date, present: Present
) -> DecisionMemory:
    """Return the lines of this merge with every earlier decision.

    - On the same evidence the typed cells stay. A decision also comes back whose finding was
      gone, or had changed and changed back.
    - On other evidence it becomes the line's earlier decision, to be reviewed.
    - A decision without a finding is closed, and so is one that a new one replaced. It waits
      where the plan of its school was not given, and goes on once the plan is.
    - A new finding goes to the person or team that every earlier one of its school is assigned to.
    """
    lines = list(now)
    waiting = [e for e in before.closed if e.ending is Ending.WAITING]
    back = [e for e in waiting if present.is_settled(e.decision)]
    closed = [e for e in before.closed if e not in back]
    gone = [entry for entry in closed if entry.ending is Ending.GONE]
    old = [*before.lines, *map(_line_of, back)]
    pairs = match(old, lines, _PASSES)
    for pair in pairs:
        lines[pair.new] = _carried(old[pair.old], lines[pair.new], is_same=pair.is_same)
    taken = {pair.new for pair in pairs}
    # Only lines that no present decision claims can take back one whose finding was gone.
    left = [position for position in range(len(lines)) if position not in taken]
    returned = [_line_of(entry) for entry in gone]
    for pair in match(returned, [lines[position] for position in left], _PASSES_OF_RETURNED):
        position = left[pair.new]
        lines[position] = _carried(returned[pair.old], lines[position], is_same=pair.is_same)
        closed.remove(gone[pair.old])
    owners = _owners_of_schools(before.lines)
    for position in left:
        owner = owners.get(lines[position].about.school)
        if owner is not None and not lines[position].kept:
            lines[position] = replace(lines[position], kept={ASSIGNED: owner})
    found = {pair.old for pair in pairs}
    for position, line in enumerate(old):
        if position >= len(before.lines) and position not in found:
            rival = _rival_of(line, lines)
            if rival is not None:
                # Two workbooks waited with a decision on one finding; one of them is on it now.
                if lines[rival].latest.typed != line.latest.typed:
                    lines[rival] = _disputed(lines[rival])
                    closed.append(Closed(line.latest, Ending.DIFFERENT, today, line.kept))
                continue
        if line.typed and line.earlier:
            closed.append(Closed(line.earlier, Ending.REPLACED, today))
        if position not in found and (line.latest.typed or line.kept):
            ending = Ending.GONE if present.is_settled(line.decision) else Ending.WAITING
            closed.append(_closed(line, ending, today))
    return DecisionMemory(tuple(lines), tuple(closed), before.notes)


def _owners_of_schools(lines: Sequence[Line]) -> Mapping[str, Raw]:
    """Return the person or team of each school all of whose findings are assigned to it."""
    by_school: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_school[line.about.school].append(line)
    owners = {school: shared_assignee(own) for school, own in by_school.items()}
    return {school: owner for school, owner in owners.items() if owner is not None}


def shared_assignee(lines: Sequence[Line]) -> Raw:
    """Return the person or team of all flags of a group; None where they differ."""
    first, *others = (line.assignee for line in lines)
    return first if filled(first) and all(other == first for other in others) else None


def _rival_of(line: Line, lines: Sequence[Line]) -> int | None:
    """Return the position of the line with a decision on the very finding of another one."""
    about = line.latest.about
    return next(
        (at for at, new in enumerate(lines) if new.latest.typed and new.about.is_same_as(about)),
        None,
    )


def _disputed(line: Line) -> Line:
    return replace(line.with_typed(NOTHING_TYPED), earlier=line.latest)


def _line_of(entry: Closed) -> Line:
    """Return the line of a closed decision as it was before."""
    if not entry.is_disputed:
        return Line("", entry.decision, kept=entry.kept)
    open_ = replace(entry.decision, typed=NOTHING_TYPED)
    return Line("", open_, entry.decision, entry.kept)


def _closed(line: Line, ending: Ending, today: date) -> Closed:
    return Closed(line.latest, ending, today, line.kept, is_disputed=line.is_disputed)


def follow_files(
    before: DecisionMemory, now: Sequence[Line], files: Collection[str]
) -> DecisionMemory:
    """Return the memory with the decisions on files whose school a person has named since.

    ``files`` are names of files without folders. Only decisions beside the question whose the file
    is move to the school of its findings now.
    """
    asked = {
        (line.about.school, line.about.file)
        for line in before.lines
        if line.about.rule == OWNER_IN_DOUBT.id and line.about.file in files
    }
    owners = {line.about.file: line.about.school for line in now if line.about.file in files}

    def moved(decision: Decision) -> Decision:
        about = decision.about
        if (about.school, about.file) not in asked or about.file not in owners:
            return decision
        return replace(decision, about=replace(about, school=owners[about.file]))

    lines = (
        replace(
            line,
            decision=moved(line.decision),
            earlier=moved(line.earlier) if line.earlier else None,
        )
        for line in before.lines
    )
    return replace(before, lines=tuple(lines)) if asked else before


def _carried(old: Line, new: Line, *, is_same: bool) -> Line:
    """Return the new line with the decision of the old one."""
    latest = old.latest
    if old.kept:
        new = replace(new, kept={**new.kept, **old.kept})
    if not latest.typed:
        return new
    # The old line was to be reviewed: its decision is about older evidence, which counts as the
    # same again only if the evidence changed and has changed back.
    if not old.typed:
        had_changed = not latest.about.is_same_as(old.about)
        is_same = had_changed and latest.about.is_same_as(new.about)
    if is_same:
        return new.with_typed(latest.typed, latest.authority)
    return replace(new, earlier=latest)


def with_notes(memory: DecisionMemory, notes: Iterable[Note]) -> DecisionMemory:
    """Return the memory with notes added, each once."""
    known = {(note.place, note.text) for note in memory.notes}
    fresh = [note for note in notes if (note.place, note.text) not in known]
    return replace(memory, notes=(*memory.notes, *dict.fromkeys(fresh)))


@dataclass(frozen=True, slots=True)
class Pair:
    """An old and a new line of one finding, by position."""

    old: int
    new: int
    is_same: bool


Mark = Callable[[About, Evidence | None], Hashable | None]
"""The criterion of a pass: two findings match where it returns equal marks.

Its parameters are the identity of a finding and the part of its evidence that all findings
compared have. A finding whose mark is None takes no part in the pass.
"""


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
    """Return a criterion: the same row of the same file, where one part of the subject is equal."""

    def mark(about: About, _evidence: Evidence | None) -> Hashable | None:
        if about.row is None or part >= len(about.subject) or not about.subject[part]:
            return None
        return (about.file, about.row, about.subject[part])

    return mark


# A finding that was gone has no row to be found by: its row may hold another task by now.
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
    """Pair the old and new lines of one finding; each line is in one pair at most.

    Where some of several indistinguishable findings are gone, the remaining ones are unknown:
    if their decisions differed, none counts as made on the same evidence.
    """
    # Lines of different spots never match, so that each spot is paired by itself.
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
    """Yield the pairs among the lines of one spot, by position in ``olds`` and ``news``."""
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
