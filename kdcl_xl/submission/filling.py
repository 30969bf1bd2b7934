"""The part of a plan that a school has typed: none of it, some of it, or all that is needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kdcl_xl import __version__
from kdcl_xl.schools import School
from kdcl_xl.template.issue import prefilled_cover
from kdcl_xl.template.stamp import Stamp
from macros_free_validation.plan import Plan
from macros_free_validation.values import Raw, filled
from workbook_templates.defaults import default_units
from workbook_templates.layout import PlacedSheet
from workbook_templates.school_kind import SchoolKind
from workbook_templates.school_year import SchoolYear

ENOUGH = 0.6
"""The share of the needed cells from which on a plan with a task counts as handed in.

A plan that lacks less than that has faults, each of which a finding names.
"""
_IDENTITY = frozenset(
    {
        *("school_name", "school_code", "school_kind", "taught", "address", "authority"),
        *("school_year", "period_start", "period_end", "regulation"),
    }
)
"""Cover fields that say whose plan it is and for which year, and nothing of its content."""


@dataclass(frozen=True, slots=True)
class Filling:
    """The number of cells that a plan needs, and of those that are typed.

    ``is_blank`` is true where nothing is typed beyond what the authority filled in.
    """

    typed: int
    needed: int
    is_blank: bool
    has_task: bool

    @property
    def share(self) -> float:
        """The share of the needed cells that are typed, from 0 to 1."""
        return 0.0 if self.is_blank else self.typed / self.needed

    @property
    def percent(self) -> int:
        """The share in percent; 0 only for a blank template, 100 only for a complete plan."""
        if self.is_blank or self.typed == self.needed:
            return 0 if self.is_blank else 100
        return min(99, max(1, round(self.share * 100)))

    @property
    def is_partial(self) -> bool:
        """True where the plan is begun and far from complete."""
        return not self.is_blank and (not self.has_task or self.share < ENOUGH)


def filling_of(plan: Plan, stamp: Stamp) -> Filling:
    """Return how far a plan is filled in; its computed cells need not be completed.

    Needed are the required cells of the cover that a template has empty, those of each row that
    is begun, of one task at least, and one verdict of the self-assessment.
    """
    prefilled = _prefilled(plan, stamp)
    cover = plan.layout.sheet("cover")
    needed = [
        plan.cell(c.field)
        for c in cover.cells
        if c.cell.required and c.field not in {*prefilled, *_IDENTITY}
    ]
    for sheet in plan.layout.sheets:
        needed += _required_of_rows(plan, sheet)
    tasks = len(plan.rows("plan"))
    if not tasks:
        needed += [None] * sum(c.column.required for c in plan.layout.sheet("plan").columns)
    is_assessed = any(True for _ in _typed_in(plan, "self_assessment"))
    return Filling(
        sum(map(filled, needed)) + is_assessed,
        len(needed) + 1,
        not _is_begun(plan, stamp, prefilled),
        bool(tasks),
    )


def _required_of_rows(plan: Plan, sheet: PlacedSheet) -> Iterator[Raw]:
    required = [column.index for column in sheet.columns if column.column.required]
    for record in plan.rows(sheet.key):
        yield from (record.values[index] for index in required)


def _typed_in(plan: Plan, key: str) -> Iterator[Raw]:
    """Yield the values typed in the table of a sheet."""
    inputs = [c.index for c in plan.layout.sheet(key).columns if not c.column.locked]
    for record in plan.rows(key):
        yield from (v for index in inputs if filled(v := record.values[index]))


def _is_begun(plan: Plan, stamp: Stamp, prefilled: Mapping[str, Raw]) -> bool:
    """Return whether anything is typed that the authority did not fill in."""
    for sheet in plan.layout.sheets:
        for cell in sheet.cells:
            value = plan.cell(cell.field, sheet.key)
            if cell.cell.derived or not filled(value):
                continue
            if sheet.key != "cover" or cell.field not in {*prefilled, *_IDENTITY}:
                return True
            # The default texts change from version to version; those of another one are unknown.
            is_known = stamp.tool == __version__ and cell.field not in _IDENTITY
            if is_known and value != prefilled[cell.field]:
                return True
        if sheet.key != "lists" and any(True for _ in _typed_in(plan, sheet.key)):
            return True
    kind = _kind(plan, stamp)
    if stamp.tool != __version__ or kind is None:
        return False
    return not set(_typed_in(plan, "lists")) <= set(default_units(kind, plan.layout.form.id))


def _kind(plan: Plan, stamp: Stamp) -> SchoolKind | None:
    return plan.layout.regulation.kind(stamp.kind)


def _prefilled(plan: Plan, stamp: Stamp) -> Mapping[str, Raw]:
    """Return the cover as it was issued; empty where the stamp's kind or year is unknown."""
    kind = _kind(plan, stamp)
    try:
        year = SchoolYear.parse(stamp.school_year)
    except ValueError:
        return {}
    if kind is None:
        return {}
    school = School(authority=plan.text("authority"))
    return prefilled_cover(plan.layout, kind, year, school)
