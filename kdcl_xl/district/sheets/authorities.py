"""The sheet of authorities (Theo cơ quan): the communes of a province side by side.

Every column can be sorted and filtered, so that communes are ranked by what is asked for. The name
leads to the schools of the commune, which are together on the sheet of schools.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from kdcl_xl.district.decisions.decision import DecisionState
from kdcl_xl.district.model.model import District, SchoolLine, authority_path
from kdcl_xl.district.sheets.common_columns import AUTHORITY
from kdcl_xl.district.sheets.declare import ListColumn, Listing, ListSheet, Total
from kdcl_xl.district.sheets.links import Links
from kdcl_xl.district.sheets.pages import share_of
from kdcl_xl.district.sheets.schools import SHEET as SCHOOL_SHEET
from macros_free_validation.rule import Severity
from workbook_templates.text import Text

_DIRECTLY = Text("(nộp trực tiếp)", "(given directly)")


@dataclass(frozen=True, slots=True)
class AuthorityFigures:
    """The figures of one authority below this one; an empty name for schools without one.

    ``first`` is the position (from 0) of its first school on the sheet of schools.
    """

    name: str
    first: int
    schools: int
    returned: int
    percent: float | None
    tasks: int
    budget: float
    counts: Counter[Severity]
    overdue: int
    undecided: int
    none_reached: int


def figures_of(district: District) -> tuple[AuthorityFigures, ...]:
    """Return the figures of each authority below, in the order of the schools; none for one."""
    if not district.has_lower_authorities:
        return ()
    late = Counter(task.path for task in district.tasks if task.days_late)
    decided = DecisionState.DECIDED
    open_ = Counter(f.path for f in district.flags if f.line.state is not decided)
    groups: dict[str, list[SchoolLine]] = defaultdict(list)
    for line in district.schools_by_authority:
        groups[authority_path(line.under)].append(line)
    firsts = accumulate(map(len, groups.values()), initial=0)
    return tuple(
        _figures(name, first, lines, late, open_)
        for (name, lines), first in zip(groups.items(), firsts, strict=False)
    )


def _figures(
    name: str, first: int, lines: Sequence[SchoolLine], late: Counter[str], open_: Counter[str]
) -> AuthorityFigures:
    paths = [path for line in lines for path in line.paths]
    counts: Counter[Severity] = Counter()
    for line in lines:
        counts.update(line.counts)
    returned = sum(1 for line in lines if line.state.is_returned)
    return AuthorityFigures(
        name,
        first,
        len(lines),
        returned,
        share_of(lines)[2],
        sum(line.tasks for line in lines),
        sum(line.budget for line in lines),
        counts,
        sum(late[path] for path in paths),
        sum(open_[path] for path in paths),
        sum(1 for line in lines for summary in line.summaries if summary.reached == 0),
    )


def _columns(
    _lines: Sequence[AuthorityFigures], links: Links
) -> tuple[ListColumn[AuthorityFigures], ...]:
    # Only for links: the columns of this list do not depend on its entries.
    schools = Listing(SCHOOL_SHEET, SCHOOL_SHEET.columns((), links), (), links.language)

    def number(
        header: Text, value: Callable[[AuthorityFigures], float], width: float = 11
    ) -> ListColumn[AuthorityFigures]:
        return ListColumn(header, width, lambda a: float(value(a)), "cell_number", total=Total.SUM)

    def severity(found: Severity) -> ListColumn[AuthorityFigures]:
        return number(found.label, lambda a: float(a.counts[found]))

    return (
        ListColumn(
            AUTHORITY,
            44,
            lambda a: a.name or _DIRECTLY.in_(links.language),
            link=lambda a: replace(schools.link_to(a.first), count=a.schools),
        ),
        number(Text("Số trường", "Schools"), lambda a: a.schools),
        number(Text("Đã nộp", "Returned"), lambda a: a.returned),
        ListColumn(Text("Tỉ lệ nộp (%)", "Returned (%)"), 11, lambda a: a.percent, "cell_number"),
        number(Text("Số công việc", "Tasks"), lambda a: a.tasks),
        number(Text("Kinh phí (đồng)", "Budget (VND)"), lambda a: a.budget, 19),
        *map(severity, Severity),
        number(Text("Công việc quá hạn", "Tasks overdue"), lambda a: a.overdue),
        number(Text("Vấn đề chưa kết luận", "Findings undecided"), lambda a: a.undecided),
        number(Text("Trường chưa đạt Mức 1", "Schools at none"), lambda a: a.none_reached),
    )


SHEET = ListSheet(
    Text("Theo cơ quan", "By authority"),
    Text("SỐ LIỆU THEO CƠ QUAN QUẢN LÝ", "FIGURES BY AUTHORITY"),
    figures_of,
    _columns,
    frozen_columns=1,
)
