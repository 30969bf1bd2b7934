"""Build a district from checked submissions and the list of expected schools."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from kdcl_xl.checking.check import Checked
from kdcl_xl.checking.report import shown_value, where
from kdcl_xl.checking.settings import Settings
from kdcl_xl.checking.waivers import apply
from kdcl_xl.district.decisions.decision import About, Decision, DecisionMemory, Line
from kdcl_xl.district.decisions.match import Present
from kdcl_xl.district.model.answers import settle_answers
from kdcl_xl.district.model.choose import Selection
from kdcl_xl.district.model.combined import CombinedPlan, combine_plans, with_places
from kdcl_xl.district.model.copied_text import copied_tasks
from kdcl_xl.district.model.history import rounds_before
from kdcl_xl.district.model.inputs import LowerWorkbook, Sources
from kdcl_xl.district.model.model import NO_REPORT, District, Flag, Report, Task
from kdcl_xl.district.model.owners import Doubt, Register, find_owners, kinds_agree
from kdcl_xl.district.model.replaced_tasks import replaced_tasks
from kdcl_xl.district.model.school_keys import decision_key, school_key
from kdcl_xl.district.model.school_lines import Facts, school_lines
from kdcl_xl.district.model.school_state import AskedYears, Standing, is_of_year, standing_of
from kdcl_xl.district.model.sort_inputs import noted, select_submissions, sort_inputs
from kdcl_xl.district.model.summary import Summary, summary_of
from kdcl_xl.files import base_name
from kdcl_xl.schools import School
from kdcl_xl.submission.model import Submission
from macros_free_validation.plan import Plan, Record
from macros_free_validation.printed import tasks_in_order
from macros_free_validation.rule import Finding, finding
from macros_free_validation.rules import across
from macros_free_validation.rules.progress import overdue
from macros_free_validation.values import Raw, is_date, is_number, to_date
from workbook_templates.layout import PlacedSheet
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Language, Text, fold

NO_MEMORY = DecisionMemory()


def build_district(
    checked: Sequence[Checked],
    expected: Sequence[School],
    authority: str,
    made_on: date,
    settings: Settings,
    language: Language = Language.VI,
    preferred: frozenset[str] = frozenset(),
    below: Mapping[str, LowerWorkbook] | None = None,
    before: Sequence[DecisionMemory] = (),
    school_year: SchoolYear | None = None,
    assign: Sequence[tuple[str, str]] = (),
    *,
    is_combined: bool = False,
) -> District:
    """Return the district of some submissions and the expected schools.

    ``below`` holds the authority workbooks among the submissions, by shown path. Their own
    inputs follow them in ``checked``, and the files that they prefer count before files that
    nobody named. Identical files count once. Of several files of one school one counts, with a
    finding; ``preferred`` holds the shown paths of those that a person named. ``before`` are the
    memories of earlier merges: tasks with reports, and owners of files that a person named.
    ``assign`` names owners now, as pairs of file and code. With ``is_combined`` several files of
    one school are parts of one plan and count together, unless a person prefers one of them.

    Plans for another year than ``school_year``, or than the list expects where that is None, are
    logged and not counted, unless a person prefers them.

    Raises:
        UserError: two files of one school are preferred, or a file or code of ``assign`` is not
            known.
    """
    taken_in = below or {}
    memories = [*before, *(b.memory for b in taken_in.values())]
    recommended = frozenset(p for b in taken_in.values() for p in b.sources.preferred)
    kept, inputs = sort_inputs(checked, preferred | recommended, taken_in, made_on, language)
    register = Register(expected)
    years = AskedYears(school_year, expected)
    answers = settle_answers(
        assign,
        [a for memory in memories for a in memory.assigned],
        [entry.submission for entry in kept],
        register,
    )

    def is_counted(submission: Submission, key: str) -> bool:
        is_named = submission.shown_path in preferred
        return is_named or is_of_year(submission, years.of(register.schools.get(key)))

    owned = find_owners(kept, register, answers.keys, is_counted)
    kept = list(owned.entries)
    other_year = [
        entry
        for entry in kept
        if entry.submission.is_read
        and not is_counted(entry.submission, school_key(entry.submission))
    ]
    aside = {entry.submission.shown_path for entry in other_year}
    in_year = [entry for entry in kept if entry.submission.shown_path not in aside]
    selections = select_submissions(in_year, preferred, recommended, years.usual, made_on)
    combined: dict[str, CombinedPlan] = {}
    if is_combined:
        selections, combined = combine_plans(
            selections, preferred | recommended, owned.doubts, made_on, settings.reading.bounds
        )
    left_out = {s.shown_path for c in selections.values() for s in c.others}
    left_out.update(*(plan.left_out for plan in combined.values()))
    whole = {plan.entry.submission.shown_path: plan.entry for plan in combined.values()}
    counted = [
        whole.get(entry.submission.shown_path, entry)
        for entry in in_year
        if entry.submission.shown_path not in left_out
    ]
    standings = {
        s.shown_path: standing_of(s, years.of(register.schools.get(school_key(s))))
        for s in (entry.submission for entry in kept)
        if s.is_read
    }
    inputs = noted(
        inputs,
        kept,
        selections.values(),
        combined.values(),
        _remarks(kept, standings, owned.doubts, answers.keys),
        aside,
        made_on,
        language,
    )
    for entry in whole.values():
        submission = entry.submission
        year = years.of(register.schools.get(school_key(submission)))
        standings[submission.shown_path] = standing_of(submission, year)
    copies: Mapping[str, Sequence[Finding]] = {}
    if settings.speaks(across.COPIED):
        copies = copied_tasks([c.submission for c in counted], settings.limits, made_on)
    earlier = [r for memory in memories for r in memory.reported]
    replaced, reported = replaced_tasks(counted, earlier)
    found = [
        with_places(
            replace(
                entry,
                findings=(
                    *entry.findings,
                    *map(
                        entry.submission.places.of_plan,
                        (
                            *copies.get(entry.submission.shown_path, ()),
                            *replaced.get(entry.submission.shown_path, ()),
                        ),
                    ),
                ),
            )
        )
        for entry in _with_findings_across(counted, register, selections, owned.doubts, years)
    ]
    merged = apply(settings, found, made_on, across=True)
    order = {fold(school.code): place for place, school in enumerate(expected)}

    # Tasks are in the order of the schools, whatever the files are called.
    def place(entry: Checked) -> tuple[int, str]:
        key = school_key(entry.submission)
        return order.get(key, len(order)), key

    merged = tuple(sorted(merged, key=place))
    summaries = {s.digest: s for e in merged if (s := summary_of(e))}
    facts = Facts(selections, combined, standings, owned.doubts, answers.keys, summaries, language)
    schools = tuple(school_lines([*merged, *other_year], aside, expected, facts))
    owners = {path: line.school for line in schools for path in line.paths}
    tasks: list[Task] = []
    flags: list[Flag] = []
    for entry in merged:
        positions = {}
        for task in _tasks(entry, summaries, made_on):
            positions[task.row] = len(tasks)
            tasks.append(task)
        flags += _flags(entry, positions, owners, language)
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
    given = tuple(c for c in checked if c.submission.shown_path not in taken_in)
    return District(
        authority,
        made_on,
        tuple(inputs),
        schools,
        tuple(tasks),
        tuple(flags),
        settings,
        reported=tuple(reported),
        assigned=answers.kept,
        rounds=rounds_before(before, made_on),
        sources=Sources(authority, given, years.marked(expected), preferred | recommended),
        present=Present(
            frozenset(decision_key(entry.submission) for entry in merged),
            frozenset(entry.submission.code for entry in merged if entry.submission.is_read),
        ),
    )


_ASSIGNED = Text(
    "Trường do người tổng hợp xác định (--assign).", "The school was named by a person (--assign)."
)


def _remarks(
    kept: Sequence[Checked],
    standings: Mapping[str, Standing],
    doubts: Mapping[str, Doubt],
    answered: Collection[str],
) -> Mapping[str, Sequence[Text]]:
    """Return what the log says about each plan: its state, its doubtful or assigned owner."""
    found: dict[str, list[Text]] = defaultdict(list)
    for path in (entry.submission.shown_path for entry in kept if entry.submission.is_read):
        if remark := standings[path].remark:
            found[path].append(remark)
        if path in doubts:
            found[path].append(doubts[path].finding.message)
        elif path in answered:
            found[path].append(_ASSIGNED)
    return found


def _with_findings_across(
    merged: Sequence[Checked],
    register: Register,
    selections: Mapping[str, Selection],
    doubts: Mapping[str, Doubt],
    asked: AskedYears,
) -> list[Checked]:
    """Return the submissions with the findings that need all of them: owner, double, year."""
    years = Counter(e.submission.school_year for e in merged if e.submission.is_read)
    usual = years.most_common(1)[0][0] if years else ""
    result = []
    for entry in merged:
        extra: list[Finding] = []
        if entry.submission.is_read:
            school = register.schools.get(school_key(entry.submission))
            year = str(asked.of(school) or usual)
            extra = list(_across(entry, register, selections, year))
            if doubt := doubts.get(entry.submission.shown_path):
                extra.append(doubt.finding)
        result.append(replace(entry, findings=(*extra, *entry.findings)))
    return result


def _across(
    entry: Checked, register: Register, selections: Mapping[str, Selection], usual_year: str
) -> Iterator[Finding]:
    submission = entry.submission
    code = submission.code
    key = school_key(submission)
    selection = selections.get(key)
    if selection:
        words = {
            "code": code,
            "count": 1 + len(selection.others),
            "chosen": base_name(selection.chosen.shown_path),
            "reason": selection.reason,
            "others": ", ".join(base_name(s.shown_path) for s in selection.others),
        }
        yield finding(across.DOUBLE, words=words)
    school = register.schools.get(key)
    # Of a plan that is kept by itself, another finding asks whose it is.
    if register.schools and school is None and key[:1] != "~":
        yield finding(across.UNEXPECTED, words={"code": code})
    kind = submission.kind
    if school and kind and school.kind and not kinds_agree(kind, school.kind):
        yield finding(across.WRONG_KIND, words={"found": kind.label, "expected": school.kind.label})
    year = _written(submission.school_year)
    if usual_year and year != _written(usual_year):
        yield finding(
            across.WRONG_YEAR, words={"found": submission.school_year, "expected": usual_year}
        )


def _written(year: str) -> str:
    """Return a school year in the spelling of templates, or as it is where it is none."""
    try:
        return str(SchoolYear.parse(year))
    except ValueError:
        return year


def _reports(plan: Plan) -> Mapping[int, Report]:
    """Return the reports on the tasks, by the row of the plan."""
    offset = plan.layout.sheet("plan").first_row - plan.layout.sheet("progress").first_row
    columns = [plan.column("progress", field) for field in _REPORTED]
    columns[_DAY] = [
        meant if is_number(meant) else typed
        for meant, typed in zip(plan.column("progress", _MEANT), columns[_DAY], strict=True)
    ]
    reports = map(Report, *columns)
    return dict(zip([r.row + offset for r in plan.rows("progress")], reports, strict=True))


_REPORTED = ("progress_state", "percent", "report_date", "evidence")
_DAY, _MEANT = _REPORTED.index("report_date"), "report_date_meant"


def _tasks(entry: Checked, summaries: Mapping[str, Summary], today: date) -> Iterator[Task]:
    submission, plan = entry.submission, entry.submission.plan
    if plan is None:
        return
    sheet = plan.layout.sheet("plan")
    found_in: dict[int, list[Finding]] = defaultdict(list)
    for found in entry.findings:
        if found.sheet == sheet.name and found.row is not None:
            found_in[found.row].append(found)
    reports, notes = _reports(plan), _notes_on_cells(submission, plan)
    late = {record.row for record in overdue(plan, today)}
    columns = _columns_of(sheet)
    code, name, path = submission.code, submission.name, submission.shown_path
    for record in tasks_in_order(plan):
        yield Task(
            code,
            name,
            path,
            sheet.name,
            record.row,
            submission.made_of,
            summaries[submission.digest],
            columns,
            record.values,
            _standard(plan, record),
            tuple(found_in.get(record.row, ())),
            reports.get(record.row, NO_REPORT),
            _days_late(record.values[columns["deadline_meant"]], today)
            if record.row in late
            else 0,
            notes.get(record.row, ""),
        )


@lru_cache(maxsize=64)
def _columns_of(sheet: PlacedSheet) -> Mapping[str, int]:
    """Return the positions of the fields in a row; one mapping for all plans of a layout."""
    return {c.field: c.index for c in (*sheet.columns, *sheet.hidden)}


def _notes_on_cells(submission: Submission, plan: Plan) -> Mapping[int, str]:
    """Return the notes and comments on the tasks and on their progress, by the row of the plan."""
    found: dict[int, list[str]] = defaultdict(list)
    firsts = {key: plan.layout.sheet(key).first_row for key in ("plan", "progress")}
    for remark in submission.remarks:
        if remark.sheet in firsts:
            row = remark.row - firsts[remark.sheet] + firsts["plan"]
            found[row].append(f"{remark.cell}: {remark.text}")
    return {row: "\n".join(lines) for row, lines in found.items()}


def _standard(plan: Plan, record: Record) -> str:
    """Return the standard of a task; empty for a task without criterion.

    The sheet's own formula finds only criteria written exactly as in the list.
    """
    shown = plan.value("plan", record, "standard")
    if shown and isinstance(shown, str):
        return shown
    criterion = plan.criterion_of("plan", record)
    return plan.layout.regulation.standard_of(criterion) if criterion else ""


def _days_late(deadline: Raw, today: date) -> int:
    return (today - to_date(deadline)).days if is_date(deadline) else 0


def _with_keys(flags: Sequence[Flag]) -> Iterator[Line]:
    """Yield the lines of the flags, each with a unique key that does not depend on its position."""
    count: Counter[tuple[object, ...]] = Counter()
    for flag in flags:
        about = flag.line.about
        same = (*about.spot, *about.subject)
        count[same] += 1
        text = "\n".join((*same, str(count[same])))
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        yield replace(flag.line, key=f"{about.rule}-{digest}")


def _flags(
    entry: Checked, positions: Mapping[int, int], owners: Mapping[str, School], language: Language
) -> Iterator[Flag]:
    """Yield the findings of a submission; a file that cannot be read is of its known school."""
    submission = entry.submission
    path, code, name = submission.shown_path, submission.code, submission.name
    if not submission.is_read and path in owners:
        code, name = owners[path].code, owners[path].name
    plan_name = submission.plan.layout.sheet("plan").name if submission.plan else None
    for found in entry.findings:
        on_plan = found.sheet == plan_name and found.row is not None
        task = positions.get(found.row or 0) if on_plan else None
        about = About(
            decision_key(submission),
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
            code,
            name,
            where(found) or about.file,
            shown_value(found),
            found.message.in_(language),
        )
        yield Flag(code, name, path, found, task, Line("", decision))
