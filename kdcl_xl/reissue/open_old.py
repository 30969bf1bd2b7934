"""Open a returned workbook and write its contents into a new template."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kdcl_xl.checking.check import Checked, as_checked
from kdcl_xl.checking.guard import guarded
from kdcl_xl.errors import UserError
from kdcl_xl.reissue.leftovers import outside_of
from kdcl_xl.reissue.migration import (
    Migration,
    Target,
    migrate,
    template_name,
    with_locked_as_issued,
)
from kdcl_xl.submission.layout_by_headings import layout_as_found
from kdcl_xl.submission.model import AS_ISSUED, Reading, Submission
from kdcl_xl.submission.reading import read_and_keep
from kdcl_xl.template.issue import layout_from
from kdcl_xl.template.stamp import Stamp
from kdcl_xl.template.writer import render_workbook
from kdcl_xl.xlsx.workbook import Workbook
from macros_free_validation.plan import Plan
from workbook_templates.layout import FEWEST_ROWS
from workbook_templates.regulation import Catalogue, Regulation
from workbook_templates.school_kind import SchoolKind
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of a migration; None leaves the choice to the file and the newest regulation."""

    year: SchoolYear | None = None
    regulation: str | None = None
    form: str | None = None
    rows: int | None = None
    reading: Reading = AS_ISSUED
    """The settings for reading old files; its limits override those of their stamps."""


@dataclass(frozen=True)
class Opened:
    """A workbook that can be carried over, and its new template."""

    submission: Submission
    workbook: Workbook
    plan: Plan
    stamp: Stamp
    target: Target


@dataclass(frozen=True)
class CarriedOver:
    """The new workbook of an old file; ``regulation`` is the one of the old file."""

    content: bytes
    migration: Migration
    target: Target
    regulation: Regulation


def migrate_file(
    path: Path, catalogue: Catalogue, wanted: Wanted, password: str = ""
) -> CarriedOver | Checked:
    """Carry one file over, from reading it to the bytes of the new workbook.

    Returns:
        the new workbook, or what a check reports of a file that cannot be read.

    Raises:
        UserError: the template asked for does not fit the school.
    """
    opened = open_for_migration(path, catalogue, wanted)
    if isinstance(opened, Checked):
        return opened
    migration = carry_over(opened)
    if isinstance(migration, Checked):
        return migration
    content = migrated_bytes(migration, password)
    return CarriedOver(content, migration, opened.target, opened.plan.layout.regulation)


def open_for_migration(path: Path, catalogue: Catalogue, wanted: Wanted) -> Opened | Checked:
    """Read a workbook and choose its new template, or return why it cannot be read.

    Raises:
        UserError: the template asked for does not fit the school.
    """

    def work() -> Opened | Checked:
        submission, workbook = read_and_keep(path, catalogue, wanted.reading, layout_as_found)
        plan, stamp = submission.plan, submission.stamp
        if workbook is None or plan is None or stamp is None:
            return Checked(submission, submission.found)
        target = _target(submission, plan, stamp, catalogue, wanted)
        return Opened(submission, workbook, plan, stamp, target)

    return as_checked(guarded(path, work))


def carry_over(opened: Opened) -> Migration | Checked:
    """Carry an opened workbook over, or return why it cannot be read to the end."""
    plan, stamp, target = opened.plan, opened.stamp, opened.target

    def work() -> Migration:
        source = template_name(plan.layout, stamp)
        locked = with_locked_as_issued(plan, stamp, target.kind)
        outside = outside_of(opened.workbook, locked, stamp, source)
        return migrate(plan, stamp, target, source, outside)

    return as_checked(guarded(opened.submission.path, work))


def migrated_bytes(migration: Migration, password: str = "") -> bytes:
    """Return the bytes of the new workbook."""
    return render_workbook(migration.plan, migration.stamp, password, migration.left)


def _target(
    submission: Submission, plan: Plan, stamp: Stamp, catalogue: Catalogue, wanted: Wanted
) -> Target:
    kind = submission.kind
    year = wanted.year or _year(submission.school_year) or _year(stamp.school_year)
    name = submission.shown_path
    if kind is None or year is None:
        raise UserError(
            Text(
                f"«{name}»: không rõ cấp học hoặc năm học của mẫu; hãy ghi năm học bằng "
                "--school-year.",
                f"'{name}': school kind or school year of the template are not known; give "
                "--school-year.",
            )
        )
    regulation_id = wanted.regulation
    if regulation_id is None and wanted.year is None:
        newest = newest_for(kind, catalogue)
        regulation_id = newest.id if newest else None
    rows = max(wanted.rows or plan.layout.rows, _rows_used(plan), FEWEST_ROWS)
    layout = layout_from(
        catalogue, kind, year, rows, regulation_id, wanted.form, plan.layout.limits
    )
    return Target(layout, kind, year, wanted.year is not None)


def newest_for(kind: SchoolKind, catalogue: Catalogue) -> Regulation | None:
    """Return the newest regulation of a school kind; a repealed one only for want of another."""
    known = [r for r in catalogue.regulations if kind in r.kinds]
    return next((r for r in reversed(known) if r.repealed_on is None), known[-1] if known else None)


def _year(text: str) -> SchoolYear | None:
    try:
        return SchoolYear.parse(text)
    except ValueError:
        return None


def _rows_used(plan: Plan) -> int:
    """Return the number of rows down to the last one in use, on plan and progress sheet."""
    return max(
        (
            record.row - plan.layout.sheet(name).first_row + 1
            for name in ("plan", "progress")
            for record in plan.rows(name)
        ),
        default=0,
    )


def governs(regulation: Regulation, target: Target, catalogue: Catalogue) -> bool:
    """Return whether a regulation governs the year of a target."""
    chosen = catalogue.choose(target.kind, target.year)
    return regulation == chosen or regulation.in_force(target.year.reference_day)
