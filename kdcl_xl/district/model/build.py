"""Merging: checked submissions and the list of expected schools become a district."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from kdcl_xl.checking.check import Checked
from kdcl_xl.checking.report import shown_value, where
from kdcl_xl.checking.settings import Settings
from kdcl_xl.checking.waivers import apply
from kdcl_xl.district.decisions.decision import About, Decision, Line
from kdcl_xl.district.model.choose import Selection, choose, moment_of, remarks
from kdcl_xl.district.model.copied_text import copied_tasks
from kdcl_xl.district.model.inputs import LowerWorkbook, Sources
from kdcl_xl.district.model.model import (
    NO_REPORT,
    District,
    Flag,
    Input,
    InputState,
    Report,
    SchoolLine,
    State,
    Task,
    is_amount,
)
from kdcl_xl.district.model.summary import Summary, summary_of
from kdcl_xl.files import base_name, safe_name
from kdcl_xl.schools import School
from kdcl_xl.submission.model import Submission
from macros_free_validation.plan import Plan, Record
from macros_free_validation.rule import Finding, Severity, finding
from macros_free_validation.rules import across
from macros_free_validation.rules.progress import overdue
from macros_free_validation.values import Raw, is_date, to_date
from workbook_templates.text import Language, Text, fold


def build_district(
    checked: Sequence[Checked],
    expected: Sequence[School],
    authority: str,
    made_on: date,
    settings: Settings,
    language: Language = Language.VI,
    preferred: frozenset[str] = frozenset(),
    below: Mapping[str, LowerWorkbook] | None = None,
) -> District:
    """Put all submissions side by side.

    ``below`` holds the district workbooks among them, by shown path; their own inputs
    stand behind them in ``checked``, and the files they prefer go before others that
    nobody named.

    Identical files count once. Of several files of one school one counts (see
    :mod:`kdcl_xl.district.model.choose`; ``preferred`` holds shown paths that go first), with a
    finding; the others are in the log with the reason.

    Raises:
        UserError: two files of one school are preferred.
    """
    taken_in = below or {}
    recommended = frozenset(p for b in taken_in.values() for p in b.sources.preferred)
    kept, inputs = _sort_inputs(checked, preferred | recommended, taken_in, made_on, language)
    known = {_key(s.code): s for s in expected}
    choices = _choices(kept, known, preferred, recommended, made_on)
    inputs = _noted(inputs, choices.values(), made_on, language)
    left_out = {s.shown_path for c in choices.values() for s in c.others}
    counted = [entry for entry in kept if entry.submission.shown_path not in left_out]
    copies: Mapping[str, Sequence[Finding]] = {}
    if settings.speaks(across.COPIED):
        copies = copied_tasks([c.submission for c in counted], settings.limits, made_on)
    found = [
        replace(entry, findings=(*entry.findings, *copies.get(entry.submission.shown_path, ())))
        for entry in _with_findings_across(counted, known, choices)
    ]
    merged = apply(settings, found, made_on, across=True)
    order = {_key(school.code): place for place, school in enumerate(expected)}

    # Tasks stand in the order of the schools, whatever the files are called.
    def place(entry: Checked) -> tuple[int, str]:
        key = _key_of(entry, known)
        return order.get(key, len(order)), key

    merged = tuple(sorted(merged, key=place))
    summaries = {s.digest: s for e in merged if (s := summary_of(e))}
    tasks: list[Task] = []
    flags: list[Flag] = []
    for entry in merged:
        positions = {}
        for task in _tasks(entry, summaries, made_on):
            positions[task.row] = len(tasks)
            tasks.append(task)
        flags += _flags(entry, positions, _school_key(entry, known), language)
    flags.sort(
        key=lambda f: (
            f.finding.severity.rank,
            f.school_code,
            base_name(f.path),
            f.path,
            f.finding.sheet or "",
            f.finding.row or 0,
            f.finding.rule,
        )
    )
    flags = [replace(flag, line=line) for flag, line in zip(flags, _with_keys(flags), strict=True)]
    schools = tuple(_schools(merged, choices, expected, summaries, language))
    given = tuple(c for c in checked if c.submission.shown_path not in taken_in)
    return District(
        authority,
        made_on,
        tuple(inputs),
        schools,
        tuple(tasks),
        tuple(flags),
        settings,
        sources=Sources(authority, given, tuple(expected), preferred | recommended),
    )


def _sort_inputs(
    checked: Sequence[Checked],
    preferred: frozenset[str],
    taken_in: Mapping[str, LowerWorkbook],
    today: date,
    language: Language,
) -> tuple[list[Checked], list[Input]]:
    """The files to merge and the log; of identical files the preferred or first one stays."""
    places = {entry.submission.shown_path: place for place, entry in enumerate(checked)}
    merged: list[Checked] = []
    inputs: list[Input] = []
    first: dict[str, str] = {}
    for entry in sorted(checked, key=lambda c: c.submission.shown_path not in preferred):
        submission = entry.submission
        path = submission.shown_path
        state = InputState.MERGED if submission.is_read else InputState.UNREADABLE
        reason = "" if submission.is_read else entry.findings[0].message.in_(language)
        if submission.is_read and submission.digest in first:
            state = InputState.SAME
            words = {"other": first[submission.digest]}
            reason = finding(across.SAME_FILE, words=words).message.in_(language)
        elif path in taken_in:
            state, reason = InputState.TAKEN_IN, taken_in[path].words.in_(language)
        elif submission.is_of_district:
            state = InputState.DISTRICT
        else:
            merged.append(entry)
            if submission.digest:
                first[submission.digest] = path
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
            )
        )
    merged.sort(key=lambda entry: places[entry.submission.shown_path])
    return merged, sorted(inputs, key=lambda entry: places[entry.path])


def _usual_year(merged: Sequence[Checked]) -> str:
    """The school year that most templates were issued for."""
    years = Counter(e.submission.stamp.school_year for e in merged if e.submission.stamp)
    return years.most_common(1)[0][0] if years else ""


def _choices(
    kept: Sequence[Checked],
    known: Mapping[str, School],
    preferred: frozenset[str],
    recommended: frozenset[str],
    today: date,
) -> dict[str, Selection]:
    """Which file counts for each school that sent several, by the school's key.

    A file that one district prefers counts as named, unless another prefers another.
    """
    by_key: dict[str, list[Submission]] = defaultdict(list)
    for entry in kept:
        if entry.submission.is_read and entry.submission.code:
            by_key[_key_of(entry, known)].append(entry.submission)
    usual = _usual_year(kept)

    def named(same: Sequence[Submission]) -> frozenset[str]:
        paths = {submission.shown_path for submission in same}
        mine, theirs = paths & preferred, paths & recommended
        return frozenset(mine or (theirs if len(theirs) == 1 else ()))

    return {
        key: choose(same, key, usual, named(same), today)
        for key, same in by_key.items()
        if len(same) > 1
    }


def _noted(
    inputs: Sequence[Input], choices: Iterable[Selection], today: date, language: Language
) -> list[Input]:
    """The log with what became of files of which only one counts."""
    made = list(choices)
    notes = {path: text for choice in made for path, text in remarks(choice, today).items()}
    left_out = {s.shown_path for choice in made for s in choice.others}
    return [
        replace(
            entry,
            reason=notes[entry.path].in_(language),
            state=InputState.PASSED_OVER if entry.path in left_out else entry.state,
        )
        if entry.path in notes
        else entry
        for entry in inputs
    ]


def _key(code: str) -> str:
    return fold(code)


def _key_of(entry: Checked, known: Mapping[str, School]) -> str:
    """The key of the school a submission is from.

    A code that Excel took for a number has lost its leading zeros, here or in the
    list; the code the template was issued with helps, and so do the digits alone.
    """
    submission = entry.submission
    typed = _key(submission.code)
    issued = _key(submission.stamp.school_code) if submission.stamp else ""
    for key in (typed, issued):
        if key in known:
            return key
    digits = [k for k in known if typed.isdigit() and k.lstrip("0") == typed.lstrip("0")]
    return digits[0] if len(digits) == 1 else typed


def _with_findings_across(
    merged: Sequence[Checked], known: Mapping[str, School], choices: Mapping[str, Selection]
) -> list[Checked]:
    years = Counter(e.submission.school_year for e in merged if e.submission.is_read)
    usual = years.most_common(1)[0][0] if years else ""
    result = []
    for entry in merged:
        extra = list(_across(entry, known, choices, usual)) if entry.submission.is_read else []
        result.append(replace(entry, findings=(*extra, *entry.findings)))
    return result


def _across(
    entry: Checked,
    known: Mapping[str, School],
    choices: Mapping[str, Selection],
    usual_year: str,
) -> Iterator[Finding]:
    submission = entry.submission
    code = submission.code
    key = _key_of(entry, known)
    choice = choices.get(key)
    if choice:
        words = {
            "code": code,
            "count": 1 + len(choice.others),
            "chosen": base_name(choice.chosen.shown_path),
            "reason": choice.reason,
            "others": ", ".join(base_name(s.shown_path) for s in choice.others),
        }
        yield finding(across.DOUBLE, words=words)
    school = known.get(key)
    if known and school is None:
        yield finding(across.UNEXPECTED, words={"code": code})
    kind = submission.kind
    if school and kind and school.kind and kind is not school.kind:
        yield finding(across.WRONG_KIND, words={"found": kind.label, "expected": school.kind.label})
    if usual_year and submission.school_year != usual_year:
        yield finding(
            across.WRONG_YEAR, words={"found": submission.school_year, "expected": usual_year}
        )


def _reports(plan: Plan) -> Mapping[int, Report]:
    """What is reported of each task, by the row of the plan."""
    offset = plan.layout.sheet("plan").first_row - plan.layout.sheet("progress").first_row
    columns = [plan.column("progress", field) for field in _REPORTED]
    reports = map(Report, *columns)
    return dict(zip([r.row + offset for r in plan.rows("progress")], reports, strict=True))


_REPORTED = ("progress_state", "percent", "report_date", "evidence")


def _tasks(entry: Checked, summaries: Mapping[str, Summary], today: date) -> Iterator[Task]:
    submission, plan = entry.submission, entry.submission.plan
    if plan is None:
        return
    sheet = plan.layout.sheet("plan")
    found_in: dict[int, list[Finding]] = defaultdict(list)
    for found in entry.findings:
        if found.sheet == sheet.name and found.row is not None:
            found_in[found.row].append(found)
    reports = _reports(plan)
    late = {record.row for record in overdue(plan, today)}
    columns = {c.field: c.index for c in sheet.columns}
    code, name, path = submission.code, submission.name, submission.shown_path
    for record in plan.rows("plan"):
        yield Task(
            code,
            name,
            path,
            sheet.name,
            record.row,
            summaries[submission.digest],
            columns,
            record.values,
            _standard(plan, record),
            tuple(found_in.get(record.row, ())),
            reports.get(record.row, NO_REPORT),
            _days_late(record.values[columns["deadline"]], today) if record.row in late else 0,
        )


def _standard(plan: Plan, record: Record) -> str:
    """Under what a task stands; the sheet itself only knows criteria written as in the list."""
    shown = plan.value("plan", record, "standard")
    if shown and isinstance(shown, str):
        return shown
    criterion = plan.criterion_of("plan", record)
    return plan.layout.regulation.standard_of(criterion) if criterion else ""


def _days_late(deadline: Raw, today: date) -> int:
    return (today - to_date(deadline)).days if is_date(deadline) else 0


def _school_key(entry: Checked, known: Mapping[str, School]) -> str:
    """By what a school's decisions are tied to it: code, else name, else file."""
    submission = entry.submission
    code = _key_of(entry, known)
    if code:
        return (code.lstrip("0") or code) if code.isdigit() else code
    return f"~{fold(submission.name) or fold(_stem(submission))}"


def _stem(submission: Submission) -> str:
    """The file's name without its ending, on whatever system it was read."""
    return Path(base_name(submission.shown_path)).stem


def _with_keys(flags: Sequence[Flag]) -> Iterator[Line]:
    """The flags' lines, each with a key of its own that does not hang on its place."""
    count: Counter[tuple[object, ...]] = Counter()
    for flag in flags:
        about = flag.line.about
        same = (*about.spot, *about.subject)
        count[same] += 1
        text = "\n".join((*same, str(count[same])))
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        yield replace(flag.line, key=f"{about.rule}-{digest}")


def _flags(
    entry: Checked, positions: Mapping[int, int], school_key: str, language: Language
) -> Iterator[Flag]:
    submission = entry.submission
    plan_name = submission.plan.layout.sheet("plan").name if submission.plan else None
    for found in entry.findings:
        on_plan = found.sheet == plan_name and found.row is not None
        task = positions.get(found.row or 0) if on_plan else None
        about = About(
            school_key,
            found.rule,
            found.sheet or "",
            found.field or "",
            found.trace.subject,
            found.trace.evidence,
            base_name(submission.shown_path),
            found.row,
        )
        decision = Decision(
            about,
            submission.code,
            submission.name,
            where(found) or about.file,
            shown_value(found),
            found.message.in_(language),
        )
        path = submission.shown_path
        yield Flag(submission.code, submission.name, path, found, task, Line("", decision))


def _schools(
    merged: Sequence[Checked],
    choices: Mapping[str, Selection],
    expected: Sequence[School],
    summaries: Mapping[str, Summary],
    language: Language,
) -> Iterator[SchoolLine]:
    known = {_key(s.code): s for s in expected}
    read: dict[str, list[Checked]] = defaultdict(list)
    unreadable: list[Checked] = []
    for entry in merged:
        if entry.submission.is_read:
            read[_key_of(entry, known) or entry.submission.shown_path].append(entry)
        else:
            unreadable.append(entry)
    owned, nobodys = _owned(unreadable, expected)
    for place, school in enumerate(expected):
        entries = read.pop(_key(school.code), [])
        mine = owned.get(place, [])
        choice = choices.get(_key(school.code))
        yield _line(school, True, entries, mine, choice, summaries, language)
    for key, entries in read.items():
        submission = entries[0].submission
        school = School(submission.code, submission.name, submission.kind)
        yield _line(school, False, entries, [], choices.get(key), summaries, language)
    for entry in nobodys:
        school = School(name=base_name(entry.submission.shown_path))
        yield _line(school, False, [], [entry], None, summaries, language)


def _owned(
    unreadable: Sequence[Checked], expected: Sequence[School]
) -> tuple[Mapping[int, list[Checked]], list[Checked]]:
    """Unreadable files by the place of the school whose code their names start with; the rest."""
    places: dict[str, int] = {}
    for place, school in enumerate(expected):
        places.setdefault(safe_name(school.code), place)
    owned: dict[int, list[Checked]] = defaultdict(list)
    nobodys: list[Checked] = []
    for entry in unreadable:
        stem = safe_name(_stem(entry.submission))
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
    choice: Selection | None,
    summaries: Mapping[str, Summary],
    language: Language,
) -> SchoolLine:
    state = State.MISSING
    if unreadable:
        state = State.UNREADABLE
    if read:
        state = State.DOUBLE if choice else State.RETURNED
    entries = [*read, *unreadable]
    paths = [e.submission.shown_path for e in read]
    paths += [s.shown_path for s in choice.others] if choice else []
    paths += [e.submission.shown_path for e in unreadable]
    remarks = [e.findings[0].message.in_(language) for e in unreadable]
    if read and not expected:
        remarks.append(_NOT_EXPECTED.in_(language))
    plans = [e.submission.plan for e in read if e.submission.plan]
    amounts = [amount for p in plans for amount in p.column("plan", "budget")]
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
