"""The lines of the schools: expected ones, others that returned a plan, and unreadable files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kdcl_xl.checking.check import Checked
from kdcl_xl.district.model.choose import Selection
from kdcl_xl.district.model.model import SchoolLine, State, is_amount
from kdcl_xl.district.model.school_keys import file_stem, school_key
from kdcl_xl.district.model.summary import Summary
from kdcl_xl.files import base_name, safe_name
from kdcl_xl.schools import School
from macros_free_validation.rule import Severity
from macros_free_validation.values import Raw
from workbook_templates.text import Language, Text, fold


def school_lines(
    merged: Sequence[Checked],
    selections: Mapping[str, Selection],
    expected: Sequence[School],
    summaries: Mapping[str, Summary],
    language: Language,
) -> Iterator[SchoolLine]:
    """Yield the expected schools in their order, then the others, then files of no school."""
    known = {fold(s.code): s for s in expected}
    read: dict[str, list[Checked]] = defaultdict(list)
    unreadable: list[Checked] = []
    for entry in merged:
        if entry.submission.is_read:
            read[school_key(entry, known) or entry.submission.shown_path].append(entry)
        else:
            unreadable.append(entry)
    owned, nobodys = _owned(unreadable, expected)
    for place, school in enumerate(expected):
        entries = read.pop(fold(school.code), [])
        mine = owned.get(place, [])
        selection = selections.get(fold(school.code))
        yield _line(school, True, entries, mine, selection, summaries, language)
    for key, entries in read.items():
        submission = entries[0].submission
        school = School(submission.code, submission.name, submission.kind)
        yield _line(school, False, entries, [], selections.get(key), summaries, language)
    for entry in nobodys:
        school = School(name=base_name(entry.submission.shown_path))
        yield _line(school, False, [], [entry], None, summaries, language)


def _owned(
    unreadable: Sequence[Checked], expected: Sequence[School]
) -> tuple[Mapping[int, list[Checked]], list[Checked]]:
    """Return the unreadable files by the position of their school, and those of no school.

    No code can be read in such a file. Its name begins with the code of its school, followed
    by ``-`` or ``_``, if the school kept the name that its template was issued under.
    """
    places: dict[str, int] = {}
    for place, school in enumerate(expected):
        places.setdefault(safe_name(school.code), place)
    owned: dict[int, list[Checked]] = defaultdict(list)
    nobodys: list[Checked] = []
    for entry in unreadable:
        stem = safe_name(file_stem(entry.submission))
        starts = [stem, *(stem[:at] for at, sign in enumerate(stem) if sign in "-_")]
        found = [places[start] for start in starts if start in places]
        (owned[min(found)] if found else nobodys).append(entry)
    return owned, nobodys


_NOT_EXPECTED = Text("Không có trong danh sách trường.", "Not in the list of schools.")


def _line(
    school: School,
    expected: bool,
    read: Sequence[Checked],
    unreadable: Sequence[Checked],
    selection: Selection | None,
    summaries: Mapping[str, Summary],
    language: Language,
) -> SchoolLine:
    state = State.MISSING
    if unreadable:
        state = State.UNREADABLE
    if read:
        state = State.DOUBLE if selection else State.RETURNED
    entries = [*read, *unreadable]
    paths = [e.submission.shown_path for e in read]
    paths += [s.shown_path for s in selection.others] if selection else []
    paths += [e.submission.shown_path for e in unreadable]
    remarks = [e.findings[0].message.in_(language) for e in unreadable]
    if read and not expected:
        remarks.append(_NOT_EXPECTED.in_(language))
    plans = [e.submission.plan for e in read if e.submission.plan]
    amounts = [amount for p in plans for amount in p.column("plan", "budget_meant")]
    return SchoolLine(
        school,
        state,
        expected,
        tuple(paths),
        ", ".join(dict.fromkeys(e.submission.school_year for e in read)),
        sum(len(p.rows("plan")) for p in plans),
        _total(amounts),
        {s: sum(e.count(s) for e in entries) for s in Severity},
        " ".join(remarks),
        max((m for e in entries if (m := e.submission.modified)), default=None),
        tuple(summaries[e.submission.digest] for e in read),
        next((e.submission.under for e in entries), school.under),
    )


def _total(amounts: Iterable[Raw]) -> float:
    return sum(a for a in amounts if is_amount(a))
