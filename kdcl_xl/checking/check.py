"""Checking: a file becomes a submission with all its findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from kdcl_xl.submission.model import AS_ISSUED, Reading, Submission
from kdcl_xl.submission.reading import read_submission
from kdcl_xl.xlsx.package import Contents
from macros_free_validation.judge import judge
from macros_free_validation.rule import Finding, Severity, finding
from macros_free_validation.rules import workbook as rules
from workbook_templates.regulation import Catalogue


@dataclass(frozen=True)
class Checked:
    """A submission and everything that is wrong with it, in the order of its cells."""

    submission: Submission
    findings: tuple[Finding, ...]

    def count(self, severity: Severity) -> int:
        """Number of findings of one severity."""
        return sum(1 for finding in self.findings if finding.severity is severity)


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over several files."""

    files: int
    unreadable: int
    errors: int
    warnings: int
    notes: int


def check_file(
    path: Path, catalogue: Catalogue, today: date, reading: Reading = AS_ISSUED
) -> Checked:
    """Read and judge one file; never raises for what the file holds."""
    return _safely(path, lambda: judged(read_submission(path, catalogue, reading), today))


def check_contents(
    path: Path,
    contents: Contents,
    catalogue: Catalogue,
    today: date,
    reading: Reading = AS_ISSUED,
) -> Checked:
    """Judge a file that is in memory already; never raises for what it holds."""
    return _safely(path, lambda: judged(read_submission(path, catalogue, reading, contents), today))


def read_cover(path: Path, catalogue: Catalogue, reading: Reading = AS_ISSUED) -> Checked:
    """Read whose file it is and judge nothing; never raises for what the file holds."""

    def read() -> Checked:
        submission = read_submission(path, catalogue, replace(reading, only_cover=True))
        return Checked(submission, submission.found)

    return _safely(path, read)


def _safely(path: Path, work: Callable[[], Checked]) -> Checked:
    try:
        return work()
    except Exception as error:  # one file must never stop a merge, whatever it brings
        return not_processed(path, error)


def not_processed(path: Path, error: Exception) -> Checked:
    """A file that the tool itself failed on."""
    words = {"found": f"{type(error).__name__}: {error}"[:200]}
    found = (finding(rules.NOT_PROCESSED, words=words),)
    return Checked(Submission(path, "", None, None, None, found), found)


def judged(submission: Submission, today: date) -> Checked:
    """A submission with what was found while reading and what the rules say on a day."""
    if submission.plan is None:
        return Checked(submission, submission.found)
    found = [*submission.found, *judge(submission.plan, today)]
    order = {sheet.name: i for i, sheet in enumerate(submission.plan.layout.sheets)}
    found.sort(key=lambda f: (order.get(f.sheet or "", -1), f.row or 0, f.rule))
    return Checked(submission, tuple(found))


def summarise(checked: Sequence[Checked]) -> Summary:
    """Counts over several checked files."""
    return Summary(
        len(checked),
        sum(1 for c in checked if not c.submission.is_read),
        sum(c.count(Severity.ERROR) for c in checked),
        sum(c.count(Severity.WARNING) for c in checked),
        sum(c.count(Severity.NOTE) for c in checked),
    )
