"""Good plans: whole, consistent, and without a finding of any rule."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from kdcl_xl.demo.synthetic import words as w
from kdcl_xl.schools import School
from kdcl_xl.template.issue import initial_plan, kind_of, layout_from, stamp_for
from kdcl_xl.template.writer import render_workbook
from macros_free_validation.derive import complete_plan
from macros_free_validation.plan import Plan
from macros_free_validation.values import Raw, is_number, to_date, to_serial
from workbook_templates.declare import Type
from workbook_templates.defaults import default_units
from workbook_templates.layout import Layout, PlacedColumn, PlacedSheet
from workbook_templates.recognition import VALID_YEARS
from workbook_templates.regulation import Criterion, builtin_catalogue
from workbook_templates.school_kind import SchoolKind
from workbook_templates.school_year import SchoolYear
from workbook_templates.vocabulary import (
    Accreditation,
    FundingSource,
    Ownership,
    ProgressState,
    Recurrence,
    ReportPeriod,
    Verdict,
    level_label,
)

Row = dict[str, Raw]

ROWS = 60
"""Rows of the plan in a synthetic workbook."""
FEWEST_TASKS, MOST_TASKS = 15, 60
_MET, _NOT_MET = Verdict.MET.label.vi, Verdict.NOT_MET.label.vi
_DONE, _GOING_ON = ProgressState.DONE.label.vi, ProgressState.IN_PROGRESS.label.vi


@dataclass
class Draft:
    """The input of a school, by fields, before it becomes a workbook; rows in their order."""

    school: School
    year: SchoolYear
    today: date
    layout: Layout
    cells: dict[str, Row]
    tables: dict[str, list[Row]]
    issued_to: School = field(default_factory=School)
    """The school for which the template was made: another school where a file went astray."""

    def copy(self) -> Draft:
        """Return a draft of its own with the same content."""
        return replace(self, cells=copy.deepcopy(self.cells), tables=copy.deepcopy(self.tables))

    def sheet(self, key: str) -> PlacedSheet:
        """Return a sheet of the workbook."""
        return self.layout.sheet(key)

    def row_of(self, key: str, nth: int) -> int:
        """Return the row of the sheet (from 1) for an entry of a table."""
        return self.sheet(key).first_row + nth

    @property
    def tasks(self) -> list[Row]:
        """The rows of the plan."""
        return self.tables["plan"]


def plan_of(draft: Draft) -> Plan:
    """Return the plan into which a draft is typed."""
    base = initial_plan(draft.layout, kind_of(draft.school), draft.year, draft.school)
    cells = {key: dict(values) for key, values in base.cells.items()}
    for key, values in draft.cells.items():
        cells.setdefault(key, {}).update(values)
    rows = {key: [(r.row, r.values) for r in records] for key, records in base.tables.items()}
    for key, entries in draft.tables.items():
        sheet = draft.sheet(key)
        rows[key] = [
            (
                sheet.first_row + nth,
                tuple(_typed(entry.get(c.field), c, nth) for c in sheet.columns),
            )
            for nth, entry in enumerate(entries)
            if entry or key == "self_assessment"
        ]
    return complete_plan(draft.layout, cells, rows)


def _typed(value: Raw, placed: PlacedColumn, nth: int) -> Raw:
    """Return a day or an amount as some person types it; any other value as it is."""
    if not is_number(value):
        return value
    if placed.column.type is Type.DATE:
        return to_date(value).strftime(w.DAYS[nth % len(w.DAYS)])
    if placed.column.type is Type.MONEY and value > 0:
        millions, rest = divmod(value, 1e6)
        return f"{millions:.0f} triệu" if nth % 3 == 0 and not rest else value
    return value


def workbook_of(draft: Draft) -> bytes:
    """Return the workbook that the school would return."""
    owner = draft.issued_to if draft.issued_to.code else draft.school
    kind = kind_of(draft.school)
    return render_workbook(plan_of(draft), stamp_for(draft.layout, kind, draft.year, owner))


def good_draft(school: School, year: SchoolYear, today: date, source: random.Random) -> Draft:
    """Return a good plan of a school, with reports up to ``today``."""
    kind = kind_of(school)
    layout = layout_from(builtin_catalogue(), kind, year, ROWS)
    sentences = Sentences(kind, layout.form.id, source)
    issued = date(year.first, 9, source.randint(5, 20))
    assessment, reached = _assessment(layout, sentences)
    planned = _planned(layout, reached, source)
    wanted = source.randint(FEWEST_TASKS, MOST_TASKS)
    leads = list(default_units(kind, layout.form.id))
    source.shuffle(leads)
    tasks = []
    for n in range(wanted):
        criterion, lead = planned[n % len(planned)], leads[n % len(leads)]
        row = _task(layout, criterion, reached[criterion.code], issued, sentences)
        tasks.append({**row, "lead": lead})
    tasks.sort(key=lambda row: str(row["criterion"]))
    tables = {"self_assessment": assessment, "plan": tasks}
    if layout.has_sheet("problems"):
        tables["problems"] = list(_problems(layout, planned, sentences))
    tables["progress"] = [_progress(row, today, year.end, leads[0], source) for row in tasks]
    claims = _claims(layout, assessment)
    cover = _cover(school, issued, year, sentences)
    if layout.sheet("cover").has_cell("ownership"):
        cover = {**cover, "ownership": Ownership.PUBLIC.label.vi}
    cover |= _recognition(school, year)
    level_1 = [r.get("result_1") for r in assessment]
    if _NOT_MET not in level_1:
        cover["claimed_level"] = level_label(1)
    return Draft(school, year, today, layout, {"cover": cover, "self_assessment": claims}, tables)


class Sentences:
    """A maker of sentences from parts, with no two tasks of a school alike."""

    def __init__(self, kind: SchoolKind, form: str, source: random.Random) -> None:
        """Start without tasks; draw parts from ``source``, for one school on a form."""
        self.source = source
        self._form = form
        self._learner = kind.learners.vi
        self._used: set[str] = set()

    def place(self) -> str:
        """Return an invented name of a place."""
        return f"{self.source.choice(w.NAME_FIRST)} {self.source.choice(w.NAME_SECOND)}"

    def say(self, part: str) -> str:
        """Return a part of a sentence with its gaps filled."""
        return part.format(
            learner=self._learner,
            place=self.place(),
            weeks=self.source.randint(3, 29),
            share=self.source.randint(55, 98),
            times=self.source.randint(2, 9),
        )

    def pick(self, parts: tuple[str, ...]) -> str:
        """Return one of several parts, filled."""
        return self.say(self.source.choice(parts))

    def task(self, criterion: Criterion) -> str:
        """Return a task for a criterion, different from all earlier tasks of the school."""
        subject = _SUBJECTS.get(criterion.title, "").format(learner=self._learner)
        while True:
            deed, scope = self.pick(w.DEEDS[_domain_of(self._form, criterion)]), self.pick(w.SCOPES)
            manner, follow_up = self.pick(w.MANNERS), self.pick(w.FOLLOW_UPS)
            text = f"{subject}{deed} {scope}, {manner}; {follow_up}."
            if text not in self._used:
                self._used.add(text)
                return text


_SUBJECTS = {
    "Đối với hiệu trưởng, phó hiệu trưởng": "Cán bộ quản lý: ",
    "Đối với giáo viên": "Giáo viên: ",
    "Đối với nhân viên": "Nhân viên: ",
    "Đối với học sinh": "Về phía {learner}: ",
}
"""The people whom a task is about, by the people in the criterion."""

_DOMAINS = {
    "2018": {
        "1": w.Domain.MANAGEMENT, "2": w.Domain.STAFF, "3": w.Domain.FACILITIES,
        "4": w.Domain.COMMUNITY, "5": w.Domain.TEACHING,
    },
    "2026": {
        "1": w.Domain.MANAGEMENT, "2": w.Domain.STAFF, "3": w.Domain.TEACHING,
        "4": w.Domain.FACILITIES, "4.3": w.Domain.COMMUNITY,
    },
}  # fmt: skip
"""The subject of a standard, or of one criterion of it."""


def _domain_of(form: str, criterion: Criterion) -> w.Domain:
    if criterion.title == "Đối với học sinh":
        return w.Domain.TEACHING
    domains = _DOMAINS[form]
    return domains.get(criterion.code) or domains[str(criterion.standard)]


def _assessment(layout: Layout, sentences: Sentences) -> tuple[list[Row], dict[str, int]]:
    """Return verdicts on every criterion, and the level that each reaches.

    Some criteria fail level 1, but never a mandatory one; one mandatory criterion at
    least fails level 2, so that the school's level is 1 at most.
    """
    source, criteria = sentences.source, layout.regulation.criteria
    on_level_1 = [c for c in criteria if 1 in c.levels]
    free = [c for c in on_level_1 if not c.mandatory]
    failing = set(source.sample([c.code for c in free], source.choice((0, 0, 1, 2))))
    held_back = next(c.code for c in on_level_1 if c.mandatory or layout.form.id == "2018")
    rows: list[Row] = []
    reached: dict[str, int] = {}
    for criterion in criteria:
        level = 0
        if criterion.code not in failing and 1 in criterion.levels:
            level = source.choices((1, 2, 3), (4, 5, 2))[0]
            level = min(level, max(criterion.levels), 1 if criterion.code == held_back else 3)
        row: Row = {
            f"result_{n}": _MET if n <= level else _NOT_MET for n in criterion.levels if n != 4
        }
        if 1 in criterion.levels:
            reached[criterion.code] = level
            row["strengths"] = sentences.pick(w.STRENGTHS)
            row["evidence"] = f"[H1-{criterion.code}-01]"
            if level < 2:
                row["weaknesses"] = sentences.pick(w.WEAKNESSES)
        rows.append(row)
    return rows, reached


def _claims(layout: Layout, assessment: list[Row]) -> Row:
    """Return the counts of the self-assessment report, level by level."""
    claims: Row = {}
    for level in (n for n in layout.regulation.levels if n != 4):
        verdicts = [row.get(f"result_{level}") for row in assessment]
        met, not_met = verdicts.count(_MET), verdicts.count(_NOT_MET)
        claims[f"claimed_total_{level}"] = float(met + not_met)
        claims[f"claimed_met_{level}"] = float(met)
        claims[f"claimed_not_met_{level}"] = float(not_met)
    return claims


def _planned(
    layout: Layout, reached: Mapping[str, int], source: random.Random
) -> Sequence[Criterion]:
    """Return the criteria with tasks: all that fail, some of every standard, never all of them."""
    criteria = [c for c in layout.regulation.criteria if c.code in reached]
    chosen = {c.code for c in criteria if reached[c.code] == 0}
    for standard in layout.regulation.standards:
        own = [c.code for c in criteria if c.standard == standard.no]
        chosen |= set(source.sample(own, max(1, len(own) // 2)))
    return [c for c in criteria if c.code in chosen]


def _task(
    layout: Layout,
    criterion: Criterion,
    level: int,
    issued: date,
    sentences: Sentences,
) -> Row:
    source = sentences.source
    target = level + 1 if level + 1 in criterion.levels else level
    start = issued + timedelta(days=source.randint(5, 25))
    last = date(issued.year + 1, 5, 31)
    deadline = start + timedelta(days=source.randint(25, (last - start).days))
    row: Row = {
        "criterion": criterion.label,
        "target_level": level_label(target),
        "expected_result": sentences.pick(w.RESULTS),
        "task": sentences.task(criterion),
        "coordination": "Các bộ phận liên quan",
        "recurrence": source.choice(list(Recurrence)).label.vi,
        "start": to_serial(start),
        "deadline": to_serial(deadline),
        "funding_source": FundingSource.NONE.label.vi,
        "support_conditions": "Phòng họp, thiết bị trình chiếu sẵn có",
    }
    if source.random() < 0.6:
        paid = [s for s in FundingSource if s is not FundingSource.NONE]
        row["funding_source"] = source.choice(paid).label.vi
        row["budget"] = float(source.randint(5, 800) * 100_000)
    if layout.form.id == "2026":
        row["improvement_content"] = source.choice(w.IMPROVED)
        row["indicator"] = f"Số lượt thực hiện đạt từ {source.randint(3, 40)} trở lên"
        row["planned_evidence"] = f"(MC.{criterion.code}.0{source.randint(1, 9)})"
    return row


def _progress(task: Row, today: date, end: date, reporter: str, source: random.Random) -> Row:
    """Return the report on a task: done where it is due, half done here and there, or none.

    In a plan whose period is over some reports are missing: no rule calls them late.
    """
    due, begun, now = task["deadline"], task["start"], to_serial(min(today, end))
    if today > end and source.random() < 0.4:
        return {}
    assert isinstance(due, float)
    assert isinstance(begun, float)
    report: Row = {"report_period": ReportPeriod.MONTH.label.vi, "reporter": reporter}
    if due < now:
        return {
            **report,
            "report_date": due,
            "progress_state": _DONE,
            "percent": 100.0,
            "evidence": f"[H1-1.{source.randint(1, 9)}-0{source.randint(1, 9)}]",
        }
    if begun < now and source.random() < 0.4:
        percent = float(source.randrange(10, 95, 5))
        return {**report, "report_date": now, "progress_state": _GOING_ON, "percent": percent}
    return {}


def _problems(layout: Layout, planned: Sequence[Criterion], sentences: Sentences) -> Iterator[Row]:
    for criterion in sentences.source.sample(planned, min(5, len(planned))):
        yield {
            "standard": layout.regulation.standard_of(criterion),
            "criterion": criterion.label,
            "current_state": sentences.pick(w.STATES),
            "weakness": sentences.pick(w.WEAKNESSES),
            "cause": sentences.pick(w.CAUSES),
        }


def _recognition(school: School, year: SchoolYear) -> Row:
    """Return the recognition that every third school holds: its end is years after the plan's."""
    source = random.Random(f"recognition {school.code}")  # noqa: S311 - for invented schools
    if source.randrange(3):
        return {}
    decided = date(year.first, source.randint(1, 6), source.randint(1, 28))
    return recognition_of(decided, source.choice(list(Accreditation)))


def recognition_of(decided: date, grade: Accreditation) -> Row:
    """Return the cells of a recognition by a decision of that day, with its full term."""
    return {
        "accreditation": grade.label.vi,
        "recognised_on": to_serial(decided),
        "recognised_until": to_serial(decided.replace(year=decided.year + VALID_YEARS)),
    }


def _cover(school: School, issued: date, year: SchoolYear, sentences: Sentences) -> Row:
    place = school.authority.rsplit("xã ", 1)[-1]
    return {
        "parent_body": f"UBND xã {place}",
        "plan_number": f"{sentences.source.randint(10, 199)}/KH-NT",
        "place": place,
        "issue_date": to_serial(issued),
        "purpose": "Khắc phục các hạn chế đã nêu trong báo cáo tự đánh giá của nhà trường.",
        "requirements": "Việc làm cụ thể, người phụ trách rõ, thời hạn và minh chứng rõ.",
        "organisation_principal": "Chỉ đạo chung, phân bổ nguồn lực, ký báo cáo định kỳ.",
        "organisation_council": "Giúp Hiệu trưởng theo dõi tiến độ từng việc trong kế hoạch.",
        "organisation_staff": "Thực hiện phần việc được giao, lưu minh chứng khi hoàn thành.",
        "review_reporting": "Rà soát cuối mỗi học kỳ; báo cáo cơ quan quản lý sau khi rà soát.",
        "recipients": "Cơ quan quản lý (để báo cáo);\nCác tổ (để thực hiện);\nLưu: VT.",
        "signer": "Hiệu trưởng",
    }
