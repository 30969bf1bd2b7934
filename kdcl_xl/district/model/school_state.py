"""The state of a school's submission, and of each plan for the school year asked for.

These are the only states: ``status``, the sheet of schools and the JSON outputs show them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kdcl_xl.schools import School
from kdcl_xl.submission.model import Submission
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text
from workbook_templates.vocabulary import Labelled


class State(Labelled):
    """The state of a school's submission."""

    RETURNED = "returned", "Đã nộp", "Returned"
    DOUBLE = "double", "Nộp nhiều bản", "Returned more than once"
    PARTIAL = "partial", "Đang điền dở", "Partly filled in"
    BLANK = "blank", "Mẫu trống", "Blank template"
    WRONG_FORM = "wrong_form", "Sai mẫu", "Wrong form"
    WRONG_YEAR = "wrong_year", "Sai năm học", "Wrong school year"
    UNREADABLE = "unreadable", "Không đọc được", "Unreadable"
    MISSING = "missing", "Chưa nộp", "Missing"

    @property
    def is_returned(self) -> bool:
        """True where the school has handed in a plan that can be worked with."""
        return self in (State.RETURNED, State.DOUBLE)

    @property
    def is_read(self) -> bool:
        """True where some workbook of the school was read."""
        return self not in (State.UNREADABLE, State.MISSING)


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a plan by itself, with what there is to say about it; None for nothing."""

    state: State
    remark: Text | None = None


_PARTIAL = Text(
    "Mới điền {percent}% số ô cần thiết.", "{percent}% of the needed cells are filled in."
)
_BLANK = Text(
    "Mẫu trống: chưa nhập gì ngoài phần cơ quan quản lý đã ghi sẵn.",
    "Blank template: nothing is typed beyond what the authority filled in.",
)
_WRONG_FORM = Text(
    "Mẫu theo quy định {regulation}, không còn hiệu lực ở năm học {year}; chuyển sang mẫu mới "
    "bằng lệnh kdcl-xl migrate, thêm --school-year {year}.",
    "The template follows regulation {regulation}, no longer in force in {year}; carry it into "
    "the new form with kdcl-xl migrate and --school-year {year}.",
)
_WRONG_YEAR = Text(
    "Kế hoạch của năm học {found}; năm học cần nộp là {asked}.",
    "The plan is for {found}; the school year asked for is {asked}.",
)


def standing_of(submission: Submission, asked: SchoolYear | None) -> Standing:
    """Return the state of a plan that was read; ``asked`` is None where no year is asked for."""
    if not is_of_year(submission, asked):
        words = _WRONG_YEAR.format(found=submission.school_year, asked=asked)
        return Standing(State.WRONG_YEAR, words)
    filling = submission.filling
    if filling is not None and filling.is_blank:
        return Standing(State.BLANK, _BLANK)
    year = asked or next(_years_of(submission), None)
    if submission.plan is not None and year is not None:
        regulation = submission.plan.layout.regulation
        if regulation.repealed_on is not None and regulation.repealed_on <= year.reference_day:
            words = _WRONG_FORM.format(regulation=regulation.number, year=year)
            return Standing(State.WRONG_FORM, words)
    if filling is not None and filling.is_partial:
        return Standing(State.PARTIAL, _PARTIAL.format(percent=filling.percent))
    return Standing(State.RETURNED)


def is_of_year(submission: Submission, asked: SchoolYear | None) -> bool:
    """Return whether a plan is for the year asked for, by its cover or by its template.

    Either is enough: a school may have mistyped the year, or have written this year's plan on
    last year's template. A period of several years is for each of them.
    """
    years = list(_years_of(submission))
    if asked is None or not years:
        return True
    return any(year.first <= asked.first and asked.last <= year.last for year in years)


def _years_of(submission: Submission) -> Iterator[SchoolYear]:
    """Yield the school year that the cover says, and the one that the template was issued for."""
    for text in (submission.school_year, submission.stamp.school_year if submission.stamp else ""):
        try:
            yield SchoolYear.parse(text)
        except ValueError:
            continue


class AskedYears:
    """The school year that each school is asked for: one for all, or as the list says."""

    def __init__(self, named: SchoolYear | None, expected: Sequence[School]) -> None:
        """Keep the year that a person named, or those of the list.

        A school without a year is asked for the year of all others, if they have the same.
        """
        years = {school.school_year for school in expected if school.school_year}
        self._named = named
        self.usual = named or (years.pop() if len(years) == 1 else None)

    def of(self, school: School | None) -> SchoolYear | None:
        """Return the year of a school, also of one that the list lacks; None where none is set."""
        own = school.school_year if school else None
        return self._named or own or self.usual

    def marked(self, expected: Sequence[School]) -> tuple[School, ...]:
        """Return the expected schools with their years, for the authority above."""
        return tuple(replace(school, school_year=self.of(school)) for school in expected)
