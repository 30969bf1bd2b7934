"""The lines of the schools: expected ones, others that returned a plan, and unreadable files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kdcl_xl.checking.check import Checked
from kdcl_xl.district.model.choose import Selection
from kdcl_xl.district.model.combined import CombinedPlan
from kdcl_xl.district.model.model import SchoolLine, is_amount
from kdcl_xl.district.model.owners import Doubt
from kdcl_xl.district.model.school_keys import file_stem, school_key
from kdcl_xl.district.model.school_state import Standing, State
from kdcl_xl.district.model.summary import Summary
from kdcl_xl.files import base_name, safe_name
from kdcl_xl.schools import School
from macros_free_validation.rule import Severity
from macros_free_validation.values import Raw
from workbook_templates.text import Language, Text, fold


@dataclass(frozen=True)
class Facts:
    """The results of comparing the submissions, from which lines of schools are made.

    ``standings`` and ``doubts`` are by shown path, ``answered`` holds the keys of the schools that
    a person named for files, ``selections`` and ``combined`` plans are by the school's key,
    ``summaries`` by digest.
    """

    selections: Mapping[str, Selection]
    combined: Mapping[str, CombinedPlan]
    standings: Mapping[str, Standing]
    doubts: Mapping[str, Doubt]
    answered: Mapping[str, str]
    summaries: Mapping[str, Summary]
    language: Language


def school_lines(
    merged: Sequence[Checked],
    other_year: Collection[str],
    expected: Sequence[School],
    facts: Facts,
) -> Iterator[SchoolLine]:
    """Yield the expected schools in their order, then the others, then files of no school.

    ``other_year`` are the shown paths of plans for another year, which do not count.
    """
    read: dict[str, list[Checked]] = defaultdict(list)
    aside: dict[str, list[Checked]] = defaultdict(list)
    unreadable: list[Checked] = []
    for entry in merged:
        submission = entry.submission
        key = school_key(submission) or submission.shown_path
        if not submission.is_read:
            unreadable.append(entry)
        elif submission.shown_path in other_year:
            aside[key].append(entry)
        else:
            read[key].append(entry)
    claims: dict[str, list[str]] = defaultdict(list)
    for path, doubt in facts.doubts.items():
        for key in doubt.others:
            claims[key].append(path)
    owned, nobodys = _owned(unreadable, expected, facts.answered)
    stamped: dict[str, list[Checked]] = defaultdict(list)
    for entry in nobodys:
        stamped[fold(entry.submission.issued_code)].append(entry)
    for place, school in enumerate(expected):
        key = fold(school.code)
        files = _Files(read.pop(key, []), aside.pop(key, []), owned.get(place, []), claims[key])
        yield _line(school, True, files, facts.selections.get(key), facts)
    for key in dict.fromkeys((*read, *aside)):
        damaged = stamped.pop(key, []) if key else []
        files = _Files(read.get(key, []), aside.get(key, []), damaged, claims[key])
        submission = files.plans[0].submission
        school = School(submission.code, submission.name, submission.kind)
        yield _line(school, False, files, facts.selections.get(key), facts)
    for entry in (entry for entries in stamped.values() for entry in entries):
        submission = entry.submission
        school = School(submission.issued_code, base_name(submission.shown_path))
        yield _line(school, False, _Files([], [], [entry], []), None, facts)


def _owned(
    unreadable: Sequence[Checked], expected: Sequence[School], answered: Mapping[str, str]
) -> tuple[Mapping[int, list[Checked]], list[Checked]]:
    """Return the unreadable files by the position of their school, and those of no school.

    A stamp that is still whole names the school. In other files no code can be read. Their names
    begin with the code of the school, followed by ``-`` or ``_``, if the school kept the name that
    its template was issued under. A person may have named the school.
    """
    places: dict[str, int] = {}
    by_key: dict[str, int] = {}
    for place, school in enumerate(expected):
        places.setdefault(safe_name(school.code), place)
        by_key.setdefault(fold(school.code), place)
    owned: dict[int, list[Checked]] = defaultdict(list)
    nobodys: list[Checked] = []
    for entry in unreadable:
        stem = safe_name(file_stem(entry.submission))
        starts = [stem, *(stem[:at] for at, sign in enumerate(stem) if sign in "-_")]
        found = [places[start] for start in starts if start in places]
        if (issued := fold(entry.submission.issued_code)) in by_key:
            found = [by_key[issued]]
        answer = answered.get(entry.submission.shown_path, "")
        if answer in by_key:
            found = [by_key[answer]]
        (owned[min(found)] if found else nobodys).append(entry)
    return owned, nobodys


@dataclass(frozen=True)
class _Files:
    """The files of a school: read, of another year, unreadable; and paths that it may own too."""

    read: Sequence[Checked]
    other_year: Sequence[Checked]
    unreadable: Sequence[Checked]
    claims: Sequence[str]

    @property
    def plans(self) -> Sequence[Checked]:
        """The files that were read, those that count first."""
        return [*self.read, *self.other_year]


_NOT_EXPECTED = Text("Không có trong danh sách trường.", "Not in the list of schools.")
_MAY_OWN = Text("Tệp «{file}» có thể là của trường này.", "File '{file}' may be of this school.")


def _line(
    school: School, expected: bool, files: _Files, selection: Selection | None, facts: Facts
) -> SchoolLine:
    language, read, unreadable = facts.language, files.read, files.unreadable
    state, remarks = State.MISSING, []
    combined = facts.combined.get(school_key(read[0].submission)) if read else None
    filling = files.plans[0].submission.filling if files.plans else None
    if read:
        standing = facts.standings[read[0].submission.shown_path]
        state = standing.state
        if state is State.RETURNED and selection:
            state = State.DOUBLE
        remarks += [standing.remark] if standing.remark else []
        remarks += [combined.words] if combined else []
    elif unreadable:
        state = State.UNREADABLE
    elif files.other_year:
        state = State.WRONG_YEAR
    if not read:
        of_year = (facts.standings[e.submission.shown_path].remark for e in files.other_year)
        remarks += [remark for remark in of_year if remark]
    entries = [*read, *unreadable]
    paths = [e.submission.shown_path for e in read]
    paths += [s.shown_path for s in selection.others] if selection else []
    paths += [s.shown_path for s in (*combined.parts[1:], *combined.blank)] if combined else []
    doubts = [facts.doubts[p].finding.message for p in paths if p in facts.doubts]
    doubts += [_MAY_OWN.format(file=base_name(path)) for path in files.claims]
    paths += [e.submission.shown_path for e in (*files.other_year, *unreadable)]
    remarks += [e.findings[0].message for e in unreadable]
    if files.plans and not expected:
        remarks.append(_NOT_EXPECTED)
    plans = [e.submission.plan for e in read if e.submission.plan]
    amounts = [amount for p in plans for amount in p.column("plan", "budget_meant")]
    of_years = read or files.other_year
    return SchoolLine(
        school,
        state,
        expected,
        tuple(paths),
        ", ".join(dict.fromkeys(e.submission.school_year for e in of_years)),
        sum(len(p.rows("plan")) for p in plans),
        _total(amounts),
        {s: sum(e.count(s) for e in entries) for s in Severity},
        " ".join(text.in_(language) for text in (*remarks, *doubts)),
        max((m for e in entries if (m := e.submission.modified)), default=None),
        tuple(facts.summaries[e.submission.digest] for e in read),
        next((e.submission.under for e in (*read, *files.other_year, *unreadable)), school.under),
        filling.percent if filling else None,
        tuple(files.claims),
    )


def _total(amounts: Iterable[Raw]) -> float:
    return sum(a for a in amounts if is_amount(a))
