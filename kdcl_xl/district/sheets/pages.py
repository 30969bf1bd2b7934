"""The pages for a leader: every figure of them, from the district alone.

The overview of the workbook and the report in Word show these pages, so that their numbers are
the same.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kdcl_xl.district.decisions.decision import DecisionState
from kdcl_xl.district.model.history import MEASURES, rounds_of
from kdcl_xl.district.model.model import District, SchoolLine, Task, authority_path
from kdcl_xl.district.model.school_state import State
from kdcl_xl.district.sheets import flags, money
from kdcl_xl.district.sheets.blocks import NUMBERS, Block, Number, Unit, shortened
from kdcl_xl.district.sheets.charts import MILLIONS, WHOLE_MILLIONS
from kdcl_xl.district.sheets.declare import Contents
from kdcl_xl.district.sheets.flag_states import count_formula
from kdcl_xl.district.sheets.overview_facts import authorities_of, findings_of, standards_of
from kdcl_xl.district.sheets.recognitions import ending_recognitions
from macros_free_validation.plan import level_meant
from macros_free_validation.rule import Severity
from macros_free_validation.values import to_serial
from workbook_templates.regulation import Criterion, Regulation
from workbook_templates.styles import SERIES_COLOURS
from workbook_templates.text import Language, Text
from workbook_templates.vocabulary import NOT_REACHED, level_label, standard_of


@dataclass(frozen=True)
class Page:
    """One page for a leader: the name of its sheet, its title, and what makes its blocks."""

    name: Text
    title: Text
    make: Callable[[Contents], Iterable[Block]]

    def blocks(self, contents: Contents) -> tuple[Block, ...]:
        """Return the blocks that have something to say."""
        return tuple(block for block in self.make(contents) if block.lines)


T = TypeVar("T", bound=Hashable)
Lines = list[tuple[Text, Sequence[Number]]]

WEAKEST, MOST_SCHOOLS, MOST_AUTHORITIES, MOST_MONTHS = 10, 12, 20, 14
"""Lines of a block at most; a last line adds up the others."""
_OTHERS = Text("{count} dòng khác", "{count} others")
_SCHOOLS = Text("Số trường", "Schools")
_RETURNED = Text("Đã nộp", "Returned")
_SHARE = Text("Tỉ lệ nộp (%)", "Returned (%)")
_TASKS = Text("Số công việc", "Tasks")
_BUDGET = Text("Kinh phí (đồng)", "Budget (VND)")
_COUNT = Text("Số lượng", "Count")
_OVERDUE = Text("Việc quá hạn", "Overdue")
_DIRECTLY = Text("(nộp trực tiếp)", "(given directly)")
_ON_LIST = Text(
    "{expected} trong danh sách trường, {others} ngoài danh sách.",
    "{expected} on the list of schools, {others} not on it.",
)
_NO_KIND = Text("(chưa rõ cấp học)", "(kind not known)")
_MILLION = Text("triệu đồng", "million VND")


def returns_of(district: District) -> tuple[Block, ...]:
    """Return who has handed in a plan: by state, by kind of school, by authority."""
    expected = sum(1 for line in district.schools if line.expected)
    states: Lines = [(s.label, [float(len(district.in_state(s)))]) for s in State]
    authorities: Lines = [
        (
            Text(line.name, line.name) if line.name else _DIRECTLY,
            [float(n) for n in (line.schools, line.returned, line.tasks, line.errors)],
        )
        for line in authorities_of(district)
    ]
    by_kind = _shares(district, lambda s: s.school.kind.label if s.school.kind else _NO_KIND)
    by_authority = _shares(district, lambda s: authority_path(s.under))
    return (
        Block(
            Text("Trường (trong danh sách: {n})", "Schools ({n} on the list)").format(n=expected),
            (_COUNT,),
            states,
            chart=(1,),
            axis=_SCHOOLS,
            note=_ON_LIST.format(expected=expected, others=len(district.schools) - expected),
        ),
        Block(
            Text("Theo cấp học", "By kind of school"),
            (_SCHOOLS, _RETURNED, _SHARE),
            [(label, numbers) for label, numbers in by_kind],
            (Unit.COUNT, Unit.COUNT, Unit.PERCENT),
            share_of(district.schools),
            chart=(3,),
            axis=_SHARE,
        ),
        Block(
            Text("Theo cơ quan quản lý", "By authority"),
            (_SCHOOLS, _RETURNED, _TASKS, Severity.ERROR.label),
            [*shortened(authorities, MOST_AUTHORITIES, _OTHERS)],
        ),
        Block(
            Text("Tỉ lệ nộp theo cơ quan quản lý", "Returned by authority"),
            (_SCHOOLS, _RETURNED, _SHARE),
            [
                (Text(name, name) if name else _DIRECTLY, numbers)
                for name, numbers in by_authority[:MOST_AUTHORITIES]
            ]
            if authorities
            else [],
            (Unit.COUNT, Unit.COUNT, Unit.PERCENT),
            None,
            chart=(3,),
            axis=_SHARE,
        ),
    )


def _shares(district: District, key: Callable[[SchoolLine], T]) -> list[tuple[T, Sequence[Number]]]:
    """Return schools, those that returned a plan, and their share in %, by a key in order."""
    groups: dict[T, list[SchoolLine]] = defaultdict(list)
    for line in district.schools:
        groups[key(line)].append(line)
    return [(name, share_of(lines)) for name, lines in groups.items()]


def share_of(lines: Sequence[SchoolLine]) -> Sequence[Number]:
    """Return schools, those that returned a plan, and their share in %."""
    returned = sum(1 for line in lines if line.state.is_returned)
    percent = round(100 * returned / len(lines), 1) if lines else None
    return [float(len(lines)), float(returned), percent]


def levels_of(district: District) -> Block:
    """Return levels reached and stated by schools, and the levels that tasks aim at."""
    none, unknown = Text(NOT_REACHED, "None"), Text("Chưa rõ", "Not known")
    levels = sorted({n for regulation in district.regulations for n in regulation.levels})
    labels = {level_label(n): Text(level_label(n), f"Level {n}") for n in levels}
    reached: Counter[Text] = Counter()
    claimed: Counter[Text] = Counter()
    aimed: Counter[Text] = Counter()
    for _, summary in district.summaries:
        known = summary.reached
        reached[unknown if known is None else labels.get(level_label(known), none)] += 1
        claimed[
            labels.get(summary.claimed, none if summary.claimed == NOT_REACHED else unknown)
        ] += 1
    for task in district.tasks:
        aimed[labels.get(str(level_meant(task.value("target_level"))), unknown)] += 1
    return Block(
        Text("Mức", "Level"),
        (
            Text("Đạt theo tự đánh giá (trường)", "Reached (schools)"),
            Text("Nhà trường ghi (trường)", "Stated (schools)"),
            Text("Công việc hướng tới", "Aimed at (tasks)"),
        ),
        [
            (label, [float(count[label]) for count in (reached, claimed, aimed)])
            for label in (none, *labels.values(), unknown)
        ],
        chart=(1,),
        axis=_SCHOOLS,
    )


def weakest_of(district: District) -> Block:
    """Return the criteria that most schools do not reach, over all schools."""
    found: list[tuple[tuple[float, ...], Text, Sequence[Number]]] = []
    overdue = Counter(
        (task.summary.regulation.id, criterion_of(task))
        for task in district.tasks
        if task.days_late
    )
    for regulation in district.regulations:
        for criterion in regulation.criteria:
            numbers = _weakness(district, regulation, criterion)
            late = float(overdue[regulation.id, criterion.code])
            none, assessed, _, open_flags = numbers
            if none or open_flags or late:
                order = (-(none or 0), -(open_flags or 0), -late, -(assessed or 0))
                label = _criterion_label(district, regulation, criterion)
                found.append((order, label, [*numbers, late]))
    found.sort(key=lambda entry: entry[0])
    return Block(
        Text("Mười tiêu chí yếu nhất", "The ten weakest criteria"),
        (
            Text("Trường chưa đạt", "Schools at none"),
            Text("Trường có kết quả", "Schools assessed"),
            Text("Chưa đạt (%)", "At none (%)"),
            Text("Lỗi, cảnh báo", "Errors, warnings"),
            _OVERDUE,
        ),
        [(label, numbers) for _, label, numbers in found[:WEAKEST]],
        (Unit.COUNT, Unit.COUNT, Unit.PERCENT),
        None,
    )


def criterion_of(task: Task) -> str:
    """Return the code of a task's criterion; empty where it has none."""
    label = task.value("criterion_label") or task.value("criterion")
    return str(label).split(" ")[0] if label else ""


def _criterion_label(district: District, regulation: Regulation, criterion: Criterion) -> Text:
    short = (
        criterion.label if len(criterion.label) <= _LONGEST else f"{criterion.label[:_LONGEST]}…"
    )
    tag = _tag(district, regulation)
    return Text(short + tag.vi, short + tag.en)


def _tag(district: District, regulation: Regulation) -> Text:
    """Return what distinguishes a regulation from the others of a district, in brackets.

    That is its number, and its appendix where several have that number; empty where it is alone.
    """
    if len(district.regulations) == 1:
        return Text("", "")
    number = regulation.number
    if [each.number for each in district.regulations].count(number) == 1:
        return Text(f" ({number})", f" ({number})")
    found = _APPENDIX.search(regulation.title)
    if found is None:
        return Text(f" ({number}, {regulation.id})", f" ({number}, {regulation.id})")
    return Text(f" ({number}, Phụ lục {found[1]})", f" ({number}, Appendix {found[1]})")


_APPENDIX = re.compile(r"Phụ lục (\w+)")


_LONGEST = 64
"""Characters of a criterion's label."""


def _weakness(
    district: District, regulation: Regulation, criterion: Criterion
) -> tuple[Number, Number, Number, Number]:
    """Return the schools at none, those assessed, their share in %, and open flags."""
    own = [s for _, s in district.summaries if s.regulation.id == regulation.id]
    levels = [s.levels[criterion.code] for s in own if criterion.code in s.levels]
    none = levels.count(0)
    share = round(100 * none / len(levels), 1) if levels else None
    return (
        float(none),
        float(len(levels)),
        share,
        float(sum(s.faults.get(criterion.code, 0) for s in own)),
    )


def changes_of(district: District) -> Block:
    """Return each measure of the last merge and of this one; no lines at the first merge."""
    *before, now = rounds_of(district)
    if not before:
        return Block(_CHANGES, (), [])
    last = before[-1]
    lines: Lines = []
    for measure in MEASURES:
        old, new = last.numbers.get(measure.name), now.numbers[measure.name]
        lines.append((measure.heading, [old, new, None if old is None else new - old]))
    day = f"{last.day:%d/%m/%Y}"
    return Block(
        _CHANGES,
        (Text(f"Lần trước ({day})", f"Last time ({day})"), _NOW, _DIFFERENCE),
        lines,
        total=None,
    )


_CHANGES = Text("Thay đổi so với lần trước", "Changes since last time")
_NOW, _DIFFERENCE = Text("Lần này", "This time"), Text("Chênh lệch", "Difference")


def families_of(district: District) -> Block:
    """Return the findings by family and severity."""
    return Block(
        Text("Vấn đề theo nhóm và mức độ", "Findings by family and severity"),
        (*(severity.label for severity in Severity), Text("Cộng", "Total")),
        [
            (
                family,
                [
                    *(float(counts.get(severity, 0)) for severity in Severity),
                    float(sum(counts.values())),
                ],
            )
            for family, counts in findings_of(district)
        ],
        chart=(1, 2, 3),
        axis=Text("Số vấn đề", "Findings"),
        colours=tuple(SERIES_COLOURS[severity] for severity in Severity),
    )


def decisions_of(contents: Contents) -> Block:
    """Return the findings by the state of their decision, which follows the auditor's typing."""
    district, desk = contents.district, contents.list_of(flags.SHEET)
    letters = flags.letters_in(desk)
    return Block(
        Text("Kết luận rà soát", "Decisions"),
        (_COUNT,),
        [(state.label, [float(district.count_in_state(state))]) for state in DecisionState],
        formulas=[
            count_formula(desk, letters, state.label.in_(contents.language))
            for state in DecisionState
        ],
    )


def schools_of(district: District) -> Block:
    """Return the schools with most errors and overdue tasks."""
    late = Counter(task.path for task in district.tasks if task.days_late)
    lines: Lines = []
    for line in district.schools:
        errors, warnings = (
            float(line.counts.get(s, 0)) for s in (Severity.ERROR, Severity.WARNING)
        )
        overdue = float(sum(late[path] for path in line.paths))
        if errors or warnings or overdue:
            name = line.school.name or line.school.code or line.paths[0]
            lines.append((Text(name, name), [errors, warnings, overdue]))
    lines.sort(key=lambda entry: tuple(-(n or 0) for n in (entry[1][0], entry[1][2], entry[1][1])))
    return Block(
        Text("Trường có nhiều vấn đề nhất", "Schools with most findings"),
        (Severity.ERROR.label, Severity.WARNING.label, _OVERDUE),
        [*shortened(lines, MOST_SCHOOLS, Text("{count} trường khác", "{count} other schools"))],
    )


def sources_of(district: District) -> Block:
    """Return the money by source and school year; the earliest years are one column."""
    years = sorted({task.summary.school_year for task in district.tasks if task.budget})
    shown = years[-(NUMBERS - 1) :] if len(years) > NUMBERS - 1 else years
    amounts: dict[Text, Counter[str]] = defaultdict(Counter)
    for task in district.tasks:
        if task.budget:
            year = task.summary.school_year
            column = year if year in shown else shown[0]
            amounts[money.funding_source_of(task)][column] += task.budget  # type: ignore[assignment]
    return Block(
        Text("Kinh phí theo nguồn và năm học (đồng)", "Money by source and year (VND)"),
        (*(Text(year, year) for year in shown), Text("Cộng", "Total")),
        [
            (
                source,
                [*(float(amounts[source][y]) for y in shown), float(sum(amounts[source].values()))],
            )
            for source in money.SOURCES
            if source in amounts
        ],
        chart=(len(shown) + 1,),
        axis=_MILLION,
        number_format=MILLIONS,
    )


def money_by_standard(district: District) -> Block:
    """Return tasks and money by standard; the regulation is named where there are several."""
    lines: Lines = []
    for line in standards_of(district):
        label = standard_of(line.standard) if line.standard else money.NO_CRITERION
        tag = _tag(district, line.regulation)
        label = Text(label.vi + tag.vi, label.en + tag.en)
        if line.tasks:
            lines.append((label, [float(line.tasks), line.budget]))
    return Block(
        Text("Công việc và kinh phí theo tiêu chuẩn", "Tasks and money by standard"),
        (_TASKS, _BUDGET),
        [*shortened(lines, MOST_SCHOOLS, _OTHERS)],
    )


def months_of(district: District) -> Block:
    """Return the money by month of the deadline."""
    lines: Lines = [
        (
            Text(*[month.strftime("%m/%Y")] * 2)
            if month
            else Text("(chưa rõ tháng)", "(month unknown)"),
            [amount],
        )
        for month, amount in money.money_by_month(district).items()
    ]
    rest = Text("{count} tháng khác", "{count} other months")
    return Block(
        Text("Kinh phí theo tháng hoàn thành", "Money by month of the deadline"),
        (_BUDGET,),
        [*shortened(lines, MOST_MONTHS, rest)],
        chart=(1,),
        axis=_MILLION,
        number_format=WHOLE_MILLIONS,
        is_column=True,
    )


def recognitions_of(district: District) -> Block:
    """Return the recognitions that have ended or are about to end, the soonest first."""
    found = ending_recognitions(district)
    lines: Lines = []
    for entry in found[:MOST_SCHOOLS]:
        name, state = entry.line.school.name, entry.state.value
        label = Text(f"{name}: {state.in_(Language.VI)}", f"{name}: {state.in_(Language.EN)}")
        lines.append((label, [to_serial(entry.valid_to)]))
    rest = len(found) - len(lines)
    return Block(
        Text("Công nhận đã hết hạn hoặc sắp hết hạn", "Recognitions ended or about to end"),
        (Text("Có giá trị đến", "Valid to"),),
        lines,
        (Unit.DATE,),
        None,
        note=Text(
            f"… và {rest} trường nữa (trang Công nhận).", f"… and {rest} more (Recognitions)."
        )
        if rest > 0
        else None,
    )


PAGES = (
    Page(
        Text("Tổng quan", "Overview"),
        Text("TỔNG HỢP KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC", "IMPROVEMENT PLANS, CONSOLIDATED"),
        lambda contents: returns_of(contents.district),
    ),
    Page(
        Text("Chất lượng", "Quality"),
        Text("MỨC ĐẠT VÀ TIÊU CHÍ CÒN YẾU", "LEVELS REACHED AND WEAKEST CRITERIA"),
        lambda contents: (
            levels_of(contents.district),
            weakest_of(contents.district),
            changes_of(contents.district),
        ),
    ),
    Page(
        Text("Vấn đề", "Findings"),
        Text("VẤN ĐỀ, KẾT LUẬN VÀ TIẾN ĐỘ", "FINDINGS, DECISIONS AND PROGRESS"),
        lambda contents: (
            families_of(contents.district),
            decisions_of(contents),
            schools_of(contents.district),
        ),
    ),
    Page(
        Text("Nguồn lực", "Resources"),
        Text("KINH PHÍ VÀ CÔNG NHẬN", "MONEY AND RECOGNITIONS"),
        lambda contents: (
            sources_of(contents.district),
            money_by_standard(contents.district),
            recognitions_of(contents.district),
        ),
    ),
    Page(
        Text("Thời gian", "Timing"),
        Text("KINH PHÍ VÀ CÔNG VIỆC THEO THÁNG", "MONEY AND TASKS BY MONTH"),
        lambda contents: (months_of(contents.district),),
    ),
)
"""The pages in their order."""
