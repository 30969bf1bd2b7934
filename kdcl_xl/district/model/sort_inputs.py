"""Decide which input files count: identical files once, one submission for each school.

Which submission of a school counts is decided by :mod:`kdcl_xl.district.model.choose`. Every
input stays in the log, with the reason why it does not count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from kdcl_xl.checking.check import Checked
from kdcl_xl.district.model.choose import Selection, choose, moment_of, remarks
from kdcl_xl.district.model.combined import CombinedPlan
from kdcl_xl.district.model.inputs import LowerWorkbook
from kdcl_xl.district.model.model import Input, InputState
from kdcl_xl.district.model.school_keys import code_in_name, school_key
from kdcl_xl.submission.file_kind import FileKind
from kdcl_xl.submission.model import Submission
from macros_free_validation.rule import finding
from macros_free_validation.rules import across
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Language, Text


def sort_inputs(
    checked: Sequence[Checked],
    preferred: frozenset[str],
    taken_in: Mapping[str, LowerWorkbook],
    today: date,
    language: Language,
) -> tuple[list[Checked], list[Input]]:
    """Return the files to merge, and the log of all inputs.

    Of identical files a preferred one counts, else one that was read, else the first: an authority
    below may have had no password for it. Identical files that cannot be read, such as failed
    downloads, count for each school whose code their names have. ``taken_in`` holds the district
    workbooks among the inputs by shown path.
    """
    places = {entry.submission.shown_path: place for place, entry in enumerate(checked)}
    merged: list[Checked] = []
    inputs: list[Input] = []
    first: dict[tuple[str, str], str] = {}

    def rank(entry: Checked) -> tuple[bool, bool]:
        return entry.submission.shown_path not in preferred, not entry.submission.is_read

    for entry in sorted(checked, key=rank):
        submission = entry.submission
        path = submission.shown_path
        state = InputState.MERGED if submission.is_read else InputState.UNREADABLE
        reason = "" if submission.is_read else entry.findings[0].message.in_(language)
        code = "" if submission.is_read else submission.issued_code or code_in_name(submission)
        same = first.get((submission.digest, "")) or first.get((submission.digest, code))
        if same:
            state = InputState.SAME
            words = {"other": same}
            reason = finding(across.SAME_FILE, words=words).message.in_(language)
        elif path in taken_in:
            state, reason = InputState.TAKEN_IN, taken_in[path].words.in_(language)
        elif submission.is_of_district:
            state = InputState.DISTRICT
        elif submission.is_ignored:
            is_zip = submission.file_kind is FileKind.ZIP
            state = InputState.OPENED if is_zip else InputState.IGNORED
        else:
            merged.append(entry)
            if submission.digest:
                first[submission.digest, code] = path
        saved = moment_of(submission, today) if submission.is_read else None
        inputs.append(
            Input(
                path,
                submission.digest,
                submission.modified,
                state,
                submission.code,
                reason,
                saved,
                submission.school_year,
                submission.stamp,
                submission.under,
                submission.file_kind,
            )
        )
    merged.sort(key=lambda entry: places[entry.submission.shown_path])
    return merged, sorted(inputs, key=lambda entry: places[entry.path])


def _usual_year(merged: Sequence[Checked]) -> str:
    """Return the school year that most templates were issued for; empty without templates."""
    years = Counter(e.submission.stamp.school_year for e in merged if e.submission.stamp)
    return years.most_common(1)[0][0] if years else ""


def select_submissions(
    kept: Sequence[Checked],
    preferred: frozenset[str],
    recommended: frozenset[str],
    asked: SchoolYear | None,
    today: date,
) -> dict[str, Selection]:
    """Return the selection for each school with several submissions, by the school's key.

    ``asked`` is the school year asked for, None for that of most templates.
    ``preferred`` are named in this merge, ``recommended`` in those of the authorities below. A
    recommended file counts as named unless two authorities recommend different ones.

    Raises:
        UserError: two files of one school are preferred.
    """
    by_key: dict[str, list[Submission]] = defaultdict(list)
    for entry in kept:
        if entry.submission.is_read and entry.submission.code:
            by_key[school_key(entry.submission)].append(entry.submission)
    usual = str(asked) if asked else _usual_year(kept)

    def named(same: Sequence[Submission]) -> frozenset[str]:
        paths = {submission.shown_path for submission in same}
        mine, theirs = paths & preferred, paths & recommended
        return frozenset(mine or (theirs if len(theirs) == 1 else ()))

    return {
        key: choose(same, key, usual, named(same), today)
        for key, same in by_key.items()
        if len(same) > 1
    }


def noted(
    inputs: Sequence[Input],
    kept: Sequence[Checked],
    selections: Iterable[Selection],
    combined: Iterable[CombinedPlan],
    remarked: Mapping[str, Sequence[Text]],
    other_year: Collection[str],
    today: date,
    language: Language,
) -> list[Input]:
    """Return the log with the owners of the files, and with what there is to say about each.

    ``remarked`` are further remarks by shown path. ``other_year`` are the plans that are not
    counted because they are for another school year.
    """
    made = list(selections)
    notes = {path: [text] for choice in made for path, text in remarks(choice, today).items()}
    states = {s.shown_path: InputState.PASSED_OVER for choice in made for s in choice.others}
    for plan in combined:
        notes |= {path: [text] for path, text in plan.remarks}
        states |= {s.shown_path: InputState.COMBINED for s in plan.parts[1:]}
        states |= {s.shown_path: InputState.PASSED_OVER for s in plan.blank}
    for path, texts in remarked.items():
        notes.setdefault(path, []).extend(texts)
    states |= dict.fromkeys(other_year, InputState.OTHER_YEAR)
    owners = {e.submission.shown_path: e.submission for e in kept}

    def code(path: str) -> str:
        submission = owners.get(path)
        is_known = submission is not None and school_key(submission)[:1] not in ("", "~")
        return submission.code if submission and is_known else ""

    return [
        replace(
            entry,
            reason=" ".join(text.in_(language) for text in notes[entry.path])
            if entry.path in notes
            else entry.reason,
            state=states.get(entry.path, entry.state),
            owner_code=code(entry.path),
        )
        for entry in inputs
    ]
