"""The summary of a submission: levels of the criteria and the school, faults, period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kdcl_xl.checking.check import Checked
from macros_free_validation.plan import Plan, level_meant
from macros_free_validation.rule import Finding, Severity
from workbook_templates.layout import PlacedSheet
from workbook_templates.regulation import Criterion, Regulation
from workbook_templates.school_year import LONGEST_PERIOD, SchoolYear
from workbook_templates.vocabulary import NOT_REACHED, level_label

Period = tuple[date, date]
"""First and last day."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """The recognition that a school holds, as it is typed on the cover.

    ``grade`` is that of the accreditation (cấp độ), ``degree`` that of the national standard
    (mức độ), each empty for none. ``decided`` and ``valid_to`` are None where no day is given.
    """

    grade: str
    degree: str
    decided: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Summary:
    """A submission that was read.

    ``levels`` holds the level reached by criterion code: 0 where level 1 is not reached, and no
    entry for a criterion without verdict. ``faults`` counts the open errors and warnings in
    the rows of a criterion. ``reached`` is the computed level of the school, None while
    criteria are without verdict; ``claimed`` is the level that the school states. ``period``
    is None where the plan has no usable one. ``recognition`` is the one that the school holds.
    """

    path: str
    digest: str
    school_year: str
    regulation: Regulation
    levels: Mapping[str, int]
    faults: Mapping[str, int]
    reached: int | None
    claimed: str
    period: Period | None
    recognition: Recognition


def summary_of(entry: Checked) -> Summary | None:
    """Return the summary of a submission; None where it was not read."""
    submission, plan = entry.submission, entry.submission.plan
    if plan is None:
        return None
    return Summary(
        submission.shown_path,
        submission.digest,
        submission.school_year,
        plan.layout.regulation,
        _levels(plan),
        _faults(plan, entry.findings),
        _known_levels(plan).get(plan.text("school_level")),
        str(level_meant(plan.cell("claimed_level")) or ""),
        _period(plan, submission.school_year),
        Recognition(
            plan.text("accreditation"),
            plan.text("national_standard"),
            plan.day("recognised_on"),
            plan.day("recognised_until"),
        ),
    )


def _known_levels(plan: Plan) -> dict[str, int]:
    """Return the levels by their texts in a cell."""
    return {NOT_REACHED: 0, **{level_label(n): n for n in plan.layout.regulation.levels}}


def _levels(plan: Plan) -> dict[str, int]:
    """Return the level reached by criterion code."""
    sheet = plan.layout.sheet("self_assessment")
    known = _known_levels(plan)
    found = {}
    for record in plan.rows(sheet.key):
        reached = plan.value(sheet.key, record, "reached_level")
        criterion = plan.criterion_of(sheet.key, record)
        if criterion and isinstance(reached, str) and reached in known:
            found[criterion.code] = known[reached]
    return found


def _faults(plan: Plan, findings: tuple[Finding, ...]) -> Counter[str]:
    """Count the open errors and warnings by criterion. Waived findings are notes by now."""
    places = Counter(
        (f.sheet, f.row)
        for f in findings
        if f.row is not None and f.severity in (Severity.ERROR, Severity.WARNING)
    )
    faults: Counter[str] = Counter()
    for sheet in plan.layout.sheets:
        own = {row: count for (name, row), count in places.items() if name == sheet.name}
        for row, criterion in _criteria_of(plan, sheet, own):
            faults[criterion.code] += own[row]
    return faults


def _criteria_of(
    plan: Plan, sheet: PlacedSheet, rows: Container[int]
) -> Iterator[tuple[int, Criterion]]:
    """Yield the criteria of some rows of a sheet; a report has the criterion of its task."""
    # Row n of the reports is about row n of the plan, and has no criterion of its own.
    source = plan.layout.sheet("plan") if sheet.key == "progress" else sheet
    offset = sheet.first_row - source.first_row
    for record in plan.rows(source.key) if rows else ():
        if record.row + offset in rows:
            criterion = plan.criterion_of(source.key, record)
            if criterion:
                yield record.row + offset, criterion


def _period(plan: Plan, school_year: str) -> Period | None:
    """Return the plan's period, else that of its school year; a period is never too long."""
    start, end = plan.day("period_start"), plan.day("period_end")
    if start and end and start <= end and (end - start).days <= 366 * LONGEST_PERIOD:
        return start, end
    try:
        year = SchoolYear.parse(school_year)
    except ValueError:
        return None
    return year.start, year.end
