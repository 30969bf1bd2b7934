"""The desk of a person who decides: flags by school, and a rule many times in one as one line."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from kdcl_xl.district.decisions.decision import (
    ASSIGNED,
    NOTHING_TYPED,
    DecisionState,
    Group,
    Kept,
    Typed,
)
from kdcl_xl.district.decisions.groups import shared_decision
from kdcl_xl.district.decisions.match import shared_assignee
from kdcl_xl.district.model.model import District, Flag, SchoolLine, Task, urgency_of
from macros_free_validation.rule import Severity
from macros_free_validation.values import Raw, filled

MANY = 3
"""Flags of one rule in one school that become one line."""


class DeskKind(Enum):
    """The kind of a line of the desk."""

    SCHOOL = "school"
    RULE = "rule"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A line of the desk: a school, a rule many times in it, or one flag.

    ``flags`` are those below it, or the one that it is. ``group`` is the number of its rule's
    line, from 1; 0 without one. ``shown`` and ``assignee`` are the cells that a person fills in,
    empty where a line above says the same. ``number`` is the place in the order written, from 1.
    ``school`` is None for a file of no known school.
    """

    kind: DeskKind
    key: str
    flags: tuple[Flag, ...]
    school: SchoolLine | None
    group: int = 0
    shown: Typed = NOTHING_TYPED
    assignee: Raw = None
    task: Task | None = None
    number: int = 0

    @property
    def flag(self) -> Flag:
        """The flag, or the most urgent of those below."""
        return self.flags[0]

    @property
    def level(self) -> int:
        """Depth in the outline: 0 for a school, 2 below the line of a rule."""
        if self.kind is DeskKind.SCHOOL:
            return 0
        return 2 if self.kind is DeskKind.FLAG and self.group else 1

    @property
    def kept(self) -> Kept:
        """The cells of added columns of a flag; none of other lines."""
        return self.flag.line.kept if self.kind is DeskKind.FLAG else {}

    @property
    def assigned(self) -> Raw:
        """The person or team that a flag is assigned to, whichever line says so."""
        return self.flag.line.assignee

    @property
    def state(self) -> DecisionState:
        """The state of the decision; of several flags the one that a person must look at first."""
        states = {flag.line.state for flag in self.flags}
        return next(state for state in DecisionState if state in states)

    def count(self, severity: Severity) -> int:
        """Return the number of flags of a severity."""
        return sum(1 for flag in self.flags if flag.finding.severity is severity)

    @property
    def open_count(self) -> int:
        """The number of flags without a clear decision."""
        return sum(1 for flag in self.flags if flag.line.state is not DecisionState.DECIDED)


def desk_of(district: District) -> tuple[DeskLine, ...]:
    """Return the lines of the desk.

    Schools with something to decide come first, in the order of the list; within a school
    undecided, grave flags come first.
    """
    places = {path: at for at, line in enumerate(district.schools) for path in line.paths}
    by_school: dict[int, list[Flag]] = defaultdict(list)
    for flag in district.flags:
        by_school[places.get(flag.path, -1)].append(flag)
    lines: list[DeskLine] = []
    groups = 0

    def order(place: int) -> tuple[bool, int]:
        return all(urgency_of(flag)[0] for flag in by_school[place]), place

    for place in sorted(by_school, key=order):
        school = district.schools[place] if place >= 0 else None
        own = sorted(by_school[place], key=urgency_of)
        assignee = shared_assignee([flag.line for flag in own])
        key = _key("T", *sorted({f.line.about.school for f in own}), own[0].path)
        lines.append(DeskLine(DeskKind.SCHOOL, key, tuple(own), school, assignee=assignee))
        by_rule: dict[str, list[Flag]] = defaultdict(list)
        for flag in own:
            by_rule[flag.finding.rule].append(flag)
        for flags in by_rule.values():
            is_group = len(flags) >= MANY
            groups += is_group
            number = groups if is_group else 0
            lines += _lines_of(flags, school, number, district, is_assigned=filled(assignee))
    return tuple(replace(line, number=nth) for nth, line in enumerate(lines, start=1))


def _lines_of(
    flags: Sequence[Flag],
    school: SchoolLine | None,
    group: int,
    district: District,
    *,
    is_assigned: bool,
) -> Iterator[DeskLine]:
    """Yield the line of a rule in a school, and those of its flags; only these if there are few.

    ``is_assigned`` says that the line of the school has the assignee of all its flags.
    """
    typed, assignee = NOTHING_TYPED, None
    if group:
        typed = shared_decision([flag.line for flag in flags])
        assignee = None if is_assigned else shared_assignee([flag.line for flag in flags])
        yield DeskLine(
            DeskKind.RULE,
            _key(flags[0].finding.rule + "+", flags[0].line.key),
            tuple(flags),
            school,
            group,
            typed,
            assignee,
        )
    for flag in flags:
        line = flag.line
        yield DeskLine(
            DeskKind.FLAG,
            line.key,
            (flag,),
            school,
            group,
            NOTHING_TYPED if line.typed == typed else line.typed,
            None if is_assigned or filled(assignee) else line.kept.get(ASSIGNED),
            None if flag.task is None else district.tasks[flag.task],
        )


def groups_of(lines: Sequence[DeskLine]) -> tuple[Group, ...]:
    """Return the lines above several flags, for the next merge."""
    return tuple(
        Group(
            line.key,
            tuple(flag.line.key for flag in line.flags),
            line.kind is DeskKind.RULE,
            line.shown,
            line.assignee,
        )
        for line in lines
        if line.kind is not DeskKind.FLAG
    )


def _key(kind: str, *parts: str) -> str:
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return f"{kind}-{digest}"
