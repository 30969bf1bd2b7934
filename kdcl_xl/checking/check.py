"""Check one file: read it, judge it, and return all its findings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from kdcl_xl.checking.guard import guarded
from kdcl_xl.submission.flood import REST, limited
from kdcl_xl.submission.identify import DistrictFile, Unreadable, unread
from kdcl_xl.submission.model import AS_ISSUED, Reading, Submission
from kdcl_xl.submission.reading import read_submission
from kdcl_xl.xlsx.bounds import SAFE, Bounds
from kdcl_xl.xlsx.package import Contents
from macros_free_validation.judge import judge
from macros_free_validation.rule import Finding, Severity
from workbook_templates.regulation import Catalogue

T = TypeVar("T")


@dataclass(frozen=True)
class Checked:
    """A submission and all its findings, in the order of its cells."""

    submission: Submission
    findings: tuple[Finding, ...]

    @classmethod
    def unread(cls, file: DistrictFile | Unreadable) -> Checked:
        """Return a file without a plan, with the reason as its only finding."""
        submission = unread(file)
        return cls(submission, submission.found)

    def count(self, severity: Severity) -> int:
        """Return the number of findings of one severity."""
        return sum(1 for finding in self.findings if finding.severity is severity)


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over several files; ``ignored`` are those that are no submission."""

    files: int
    unreadable: int
    ignored: int
    errors: int
    warnings: int
    notes: int


def check_file(
    path: Path,
    catalogue: Catalogue,
    today: date,
    reading: Reading = AS_ISSUED,
    contents: Contents | None = None,
) -> Checked:
    """Read and judge one file, or its ``contents`` where they are in memory already.

    Never raises for anything that the file holds.
    """
    checked = guarded(
        path,
        lambda: judged(read_submission(path, catalogue, reading, contents), today, reading.bounds),
    )
    return as_checked(checked)


def as_checked(result: T | Unreadable) -> T | Checked:
    """Return the result of work on a file; of an unreadable file, what a check reports."""
    return Checked.unread(result) if isinstance(result, Unreadable) else result


def read_cover(path: Path, catalogue: Catalogue, reading: Reading = AS_ISSUED) -> Checked:
    """Read only the cover of a file, and judge nothing.

    Never raises for anything that the file holds.
    """
    only_cover = replace(reading, only_cover=True)
    submission = guarded(path, lambda: read_submission(path, catalogue, only_cover))
    if isinstance(submission, Unreadable):
        return Checked.unread(submission)
    return Checked(submission, submission.found)


def judged(submission: Submission, today: date, bounds: Bounds = SAFE) -> Checked:
    """Judge a submission on a day, and add the findings made while reading it.

    ``bounds`` limit the findings of one rule on one sheet.
    """
    if submission.plan is None:
        return Checked(submission, submission.found)
    on_plan = map(submission.places.of_plan, judge(submission.plan, today))
    found = [*submission.found, *limited(on_plan, bounds.most_findings)]
    order = {sheet.name: i for i, sheet in enumerate(submission.plan.layout.sheets)}
    # What counts the others of a sheet comes after them.
    found.sort(
        key=lambda f: (
            order.get(f.sheet or "", -1),
            f.row or (math.inf if f.trace.subject == REST else 0),
            f.rule,
        )
    )
    return Checked(submission, tuple(found))


def summarise(checked: Sequence[Checked]) -> Summary:
    """Return the counts over several checked files."""
    return Summary(
        len(checked),
        sum(1 for c in checked if not (c.submission.is_read or c.submission.is_ignored)),
        sum(1 for c in checked if c.submission.is_ignored),
        sum(c.count(Severity.ERROR) for c in checked),
        sum(c.count(Severity.WARNING) for c in checked),
        sum(c.count(Severity.NOTE) for c in checked),
    )
