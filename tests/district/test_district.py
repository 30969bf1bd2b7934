"""The district's sheets: counted right in the model, and written so that they work."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from kdcl_xl import second_process
from kdcl_xl.checking.check import Checked
from kdcl_xl.checking.settings import Settings, Waiver
from kdcl_xl.district import workbook
from kdcl_xl.district.model.build import build_district
from kdcl_xl.district.model.model import District
from kdcl_xl.district.model.months import months_of
from kdcl_xl.district.model.summary import Period
from kdcl_xl.district.sheets import notes, write_list
from kdcl_xl.district.sheets.declare import ListSheet
from kdcl_xl.district.sheets.heat import heat_of
from kdcl_xl.district.sheets.links import TASKS
from kdcl_xl.district.sheets.money import NO_SOURCE, OTHER_SOURCE, money_by_month, money_of
from kdcl_xl.district.sheets.order import SHEETS, contents_of
from kdcl_xl.district.sheets.overview_facts import (
    facts_of,
    findings_of,
    rule_set_of,
    standards_of,
)
from kdcl_xl.district.sheets.overview_jobs import jobs_of
from kdcl_xl.district.sheets.progress import progress_of
from kdcl_xl.district.sheets.schedule import schedule_of
from kdcl_xl.district.workbook import render_district
from kdcl_xl.schools import School
from kdcl_xl.submission.model import Reading, Submission
from kdcl_xl.template.issue import stamp_for
from kdcl_xl.xlsx import writer
from kdcl_xl.xlsx.bounds import Bounds
from macros_free_validation.judge import judge
from macros_free_validation.plan import Plan
from macros_free_validation.rule import Severity, Stage
from macros_free_validation.values import CellError
from tests.build import SCHOOL, THCS, TODAY, YEARS, Value, good_task, layout_of, make_plan
from workbook_templates.layout import Layout
from workbook_templates.text import Language
from workbook_templates.vocabulary import FundingSource, Recurrence

ONE = replace(SCHOOL, code="001", name="Trường Một")
TWO = replace(SCHOOL, code="002", name="Trường Hai")
OLD = replace(SCHOOL, code="003", name="Trường Ba")


def submission(plan: Plan, school: School, name: str = "") -> Checked:
    """Return a submission as read and judged, without a file."""
    path = Path(f"bản nộp/{name or school.code}.xlsx")
    kind = school.kind or THCS
    stamp = stamp_for(plan.layout, kind, YEARS[plan.layout.form.id], school)
    moment = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)
    read = Submission(path, f"{path}", moment, stamp, plan, ())
    return Checked(read, judge(plan, TODAY))


def plan_of(
    school: School,
    tasks: Sequence[Mapping[str, Value]],
    form: str = "2026",
    **tables: Sequence[Mapping[str, Value]],
) -> Plan:
    return make_plan(layout_of(form), school=school, tables={"plan": tasks, **tables})


def district_of(
    *entries: Checked, settings: Settings | None = None, schools: Sequence[School] = ()
) -> District:
    used = settings or Settings(Stage.DISTRICT)
    return build_district(entries, schools, "Xã A", TODAY, used)


def assessed(layout: Layout, level: int) -> list[dict[str, Value]]:
    return [
        {f"result_{n}": "Đạt" if n <= level else "Không đạt" for n in criterion.levels}
        for criterion in layout.regulation.criteria
    ]


DAYS = st.dates(date(2019, 1, 1), date(2032, 12, 31))
PERIODS = st.sampled_from(
    [(date(2026, 8, 1), date(2027, 7, 31)), (date(2023, 8, 15), date(2026, 7, 31)), None]
)


@given(st.sampled_from(Recurrence), st.none() | DAYS, st.none() | DAYS, PERIODS)
def test_months_lie_within_the_period(
    recurrence: Recurrence, start: date | None, deadline: date | None, period: Period | None
) -> None:
    months = months_of(recurrence, start, deadline, period)
    assert list(months) == sorted(set(months))
    assert all(month.day == 1 for month in months)
    if recurrence is Recurrence.ONCE:
        assert months == ((deadline.replace(day=1),) if deadline else ())
    elif period is None:
        assert not months
    else:
        first, last = max(start or period[0], period[0]), min(deadline or period[1], period[1])
        assert bool(months) is (first <= last)
        assert all(first.replace(day=1) <= month <= last for month in months)


@pytest.mark.parametrize(
    ("recurrence", "months"),
    [
        (Recurrence.ONCE, [5]),
        (Recurrence.MONTHLY, [10, 11, 12, 1, 2, 3, 4, 5]),
        (Recurrence.CONTINUOUS, [10, 11, 12, 1, 2, 3, 4, 5]),
        (Recurrence.QUARTERLY, [12, 3]),
        (Recurrence.TERMLY, [1, 5]),
        (Recurrence.YEARLY, [5]),
    ],
)
def test_recurrences_are_expanded(recurrence: Recurrence, months: list[int]) -> None:
    period = date(2026, 8, 1), date(2027, 7, 31)
    found = months_of(recurrence, date(2026, 10, 31), date(2027, 5, 15), period)
    assert [month.month for month in found] == months


def test_a_yearly_task_comes_back_and_a_short_one_is_not_lost() -> None:
    period = date(2023, 8, 1), date(2026, 7, 31)
    yearly = months_of(Recurrence.YEARLY, None, date(2026, 5, 31), period)
    assert yearly == (date(2024, 5, 1), date(2025, 5, 1), date(2026, 5, 1))
    short = months_of(Recurrence.TERMLY, date(2023, 9, 1), date(2023, 11, 2), period)
    assert short == (date(2023, 11, 1),)


def test_the_schedule_counts_every_task() -> None:
    layout = layout_of()
    tasks = [
        {**good_task(layout, 0), "deadline": date(2026, 12, 10)},
        {**good_task(layout, 1), "recurrence": "Hằng tháng", "start": date(2027, 3, 5)},
        {**good_task(layout, 2), "recurrence": "Hằng tháng", "start": None, "deadline": None},
        {**good_task(layout, 3), "deadline": "cuối tháng"},
        {**good_task(layout, 4), "recurrence": "khi cần", "deadline": date(2027, 12, 1)},
    ]
    lines = {
        (line.school_year, line.recurrence): line
        for line in schedule_of(district_of(submission(plan_of(ONE, tasks), ONE)))
    }
    once = lines["2026-2027", Recurrence.ONCE]
    assert (once.months, once.unplaced, once.total) == ({12: 1}, 1, 2)
    assert lines["2027-2028", Recurrence.ONCE].months == {12: 1}
    monthly = lines["2026-2027", Recurrence.MONTHLY].months
    assert monthly == {month: 1 + (3 <= month <= 5) for month in range(1, 13)}


def test_money_by_school_standard_source_and_month() -> None:
    layout = layout_of()
    tasks = [
        {**good_task(layout, 0), "budget": 2_000_000, "deadline": date(2027, 1, 31)},
        {**good_task(layout, 1), "budget": 3_000_000, "funding_source": "Nguồn khác"},
        {**good_task(layout, 0), "budget": 4_000_000, "funding_source": "mạnh thường quân"},
        {**good_task(layout, 0), "budget": 5, "funding_source": None, "deadline": None},
        {**good_task(layout, 0), "budget": "theo thực tế"},
        {**good_task(layout, 0), "budget": 1e16},
        {**good_task(layout, 0), "budget": 0},
        {**good_task(layout, 0), "criterion": None, "budget": 7_000_000},
    ]
    district = district_of(submission(plan_of(ONE, tasks), ONE))
    first, without = money_of(district)
    assert first.standard == layout.regulation.standards[0].label
    assert (first.tasks, first.uncounted, first.total) == (7, 2, 9_000_005)
    assert first.amounts == {
        FundingSource.RECURRENT.label: 2_000_000,
        FundingSource.OTHER.label: 3_000_000,
        OTHER_SOURCE: 4_000_000,
        NO_SOURCE: 5,
    }
    assert (without.standard, without.total) == ("", 7_000_000)
    assert list(money_by_month(district).items()) == [
        (date(2027, 1, 1), 2_000_000),
        (date(2027, 5, 1), 14_000_000),
        (None, 5),
    ]
    (school,) = district.schools
    assert school.budget == 16_000_005
    assert sum(line.budget for line in standards_of(district)) == 16_000_005


def test_progress_puts_the_most_overdue_first() -> None:
    layout = layout_of()
    late = {**good_task(layout, 0), "deadline": date(2026, 11, 2)}
    calm = submission(plan_of(ONE, [good_task(layout, 0)]), ONE)
    behind = plan_of(
        TWO,
        [late, late, good_task(layout, 2)],
        progress=[
            {"progress_state": "Hoàn thành", "percent": 100, "report_date": date(2026, 11, 1)},
            {"progress_state": "đang làm", "percent": 40},
        ],
    )
    lines = progress_of(district_of(calm, submission(behind, TWO)))
    assert [line.school_code for line in lines] == ["002", "001"]
    assert (lines[0].overdue, lines[0].longest, lines[0].percent) == (1, 20, 70)
    assert lines[0].done_share == pytest.approx(1 / 3)
    assert {k.en: n for k, n in lines[0].states.items()} == {
        "Done": 1,
        "Other words": 1,
        "Not reported": 1,
    }
    assert lines[0].reported_on == date(2026, 11, 1)


def test_two_regimes_have_a_block_each() -> None:
    new, old = layout_of("2026"), layout_of("2018")
    bad = {**good_task(new, 0), "lead": None}
    district = district_of(
        submission(plan_of(ONE, [bad], self_assessment=assessed(new, 1)), ONE),
        submission(plan_of(TWO, [good_task(new, 1)], self_assessment=assessed(new, 0)), TWO),
        submission(plan_of(OLD, [good_task(old, 0)], "2018", self_assessment=[]), OLD),
    )
    latest, earlier = heat_of(district)
    assert latest.regulation.number.startswith("57/2026")
    assert [column.levels["1.1"] for column in latest.columns] == [1, 0]
    assert latest.columns[0].faults["1.1"] >= 1
    assert earlier.regulation.number.startswith("18/2018")
    assert not earlier.columns[0].levels
    standards = [line.regulation.id for line in standards_of(district)]
    assert standards.count(new.regulation.id) == 4
    assert standards.count(old.regulation.id) == 5


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_the_level_of_a_school_follows_from_its_criteria(form: str) -> None:
    layout = layout_of(form)
    for level in (0, 1, 2):
        plan = plan_of(ONE, [], form, self_assessment=assessed(layout, level))
        (school,) = district_of(submission(plan, ONE)).schools
        assert [summary.reached for summary in school.summaries] == [level]
    (school,) = district_of(submission(plan_of(ONE, [], form), ONE)).schools
    assert school.summaries[0].reached is None


def test_a_waived_fault_is_not_open() -> None:
    layout = layout_of()
    entry = submission(plan_of(ONE, [{**good_task(layout, 0), "lead": None}]), ONE)
    waiver = Waiver("001", "KD301", None, "Lý do", "Chuyên viên", date(2027, 1, 1), "a:1")
    district = district_of(entry, settings=Settings(Stage.DISTRICT, waivers=(waiver,)))
    ((column,),) = (heat.columns for heat in heat_of(district))
    ((before,),) = (heat.columns for heat in heat_of(district_of(entry)))
    assert before.faults["1.1"] - column.faults.get("1.1", 0) == 1
    said = {fact.label.en: fact.value for fact in rule_set_of(district)}
    assert "findings waived: 1" in str(said["Waivers"])


def test_the_rule_set_says_what_was_in_force() -> None:
    settings = Settings(
        Stage.SUBMIT,
        ignore=frozenset({"KD504"}),
        severities={"KD208": Severity.NOTE},
        reading=Reading(limits=(("most_due", 9),), bounds=Bounds(largest_file=40)),
    )
    layout = layout_of()
    district = district_of(submission(plan_of(ONE, [good_task(layout)]), ONE), settings=settings)
    said = " ".join(str(fact.value) for fact in rule_set_of(district))
    for word in (
        "submit (khi nộp)",
        "KD504",
        "KD208: Lưu ý",
        "most_due = 9",
        "largest_file = 40",
        "57/2026",
    ):
        assert word in said
    assert "Xã A" in [fact.value for fact in facts_of(district)]
    counted = sum(n for _, counts in findings_of(district) for n in counts.values())
    assert counted == len(district.flags)


def test_a_school_with_two_files_has_the_tasks_of_one_in_its_place() -> None:
    layout = layout_of()
    entries = [
        submission(plan_of(TWO, [good_task(layout)]), TWO, "a"),
        submission(plan_of(ONE, [good_task(layout)]), ONE, "b"),
        submission(plan_of(TWO, [good_task(layout)] * 2), TWO, "c"),
    ]
    district = district_of(*entries, schools=[ONE, TWO])
    assert [task.school_code for task in district.tasks] == ["001", "002"]
    assert district.tasks[1].path.endswith("a.xlsx")
    contents = contents_of(district, Language.VI)
    links = contents.links
    assert links.rows(*district.schools[1].paths) == ((TASKS, 5, 5),)
    assert links.to_tasks(*district.schools[1].paths) == "internal:'Kế hoạch'!A5:A5"
    assert links.school("bản nộp/c.xlsx") == "internal:'Trường'!A5"
    jobs = " ".join(job.text.vi for job in jobs_of(contents))
    assert "Trường Hai nộp 2 bản" in jobs


def written(district: District, folder: Path, language: Language = Language.VI) -> Workbook:
    path = folder / "d.xlsx"
    path.write_bytes(render_district(district, language).read())
    return openpyxl.load_workbook(path)


def messy() -> District:
    """Return a district with everything that schools type: formulas, errors, blanks, two forms."""
    layout, old = layout_of(), layout_of("2018")
    tasks: list[Mapping[str, Value]] = [
        {**good_task(layout, 0), "task": "=1+1", "notes": "@x", "lead": "+84", "budget": "-1"},
        {**good_task(layout, 1), "budget": CellError("#REF!"), "deadline": CellError("#N/A")},
        {**good_task(layout, 2), "deadline": date(2026, 10, 1), "recurrence": "Hằng quý"},
    ]
    one = plan_of(replace(ONE, name="=Trường"), tasks, self_assessment=assessed(layout, 1))
    return district_of(
        submission(one, ONE),
        submission(plan_of(OLD, [good_task(old)], "2018"), OLD),
        schools=[ONE, TWO],
    )


@pytest.mark.parametrize("language", list(Language))
def test_links_lead_somewhere_and_nothing_is_locked(tmp_path: Path, language: Language) -> None:
    book = written(messy(), tmp_path, language)
    links = 0
    for ws in book:
        assert not ws.protection.sheet
        for row in ws.iter_rows():
            for cell in row:
                assert cell.data_type != "e", (ws.title, cell.coordinate)
                target_of = re.match(r'=HYPERLINK\("#([^"]+![A-Z]+[0-9][^"]*)"', str(cell.value))
                if target_of or cell.hyperlink:
                    links += 1
                    location = (
                        target_of[1]
                        if target_of
                        else str(cell.hyperlink and cell.hyperlink.location)
                    )
                    sheet, _, cells = location.rpartition("!")
                    target = book[sheet.strip("'")]
                    (*_, last) = re.findall(r"[A-Z]+(\d+)", cells)
                    assert int(last) <= target.max_row, (ws.title, cell.coordinate)
    assert links > 10
    for sheet in SHEETS:
        if not isinstance(sheet, ListSheet):
            continue
        name = sheet.name.in_(language)
        assert book[name].auto_filter.ref, name
        assert book[name].freeze_panes, name


def test_a_second_process_makes_the_same_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Callable[[], object]] = []

    def begin(work: Callable[[], object]) -> Callable[[], object]:
        begun.append(work)
        return second_process.begin(work)

    monkeypatch.setattr(write_list, "_LONG", 1)
    monkeypatch.setattr(workbook, "_MANY", 1)
    monkeypatch.setattr(writer, "begin", begin)
    district = messy()
    alone = render_district(district).read()
    assert not begun
    assert render_district(district, has_second_process=True).read() == alone
    assert len(begun) > 2


def test_text_stays_text_and_errors_stay_out_of_sums(tmp_path: Path) -> None:
    ws = written(messy(), tmp_path)["Kế hoạch"]
    typed = {str(c.value): c.data_type for row in ws.iter_rows(min_row=4) for c in row}
    for text in ("=1+1", "@x", "+84", "-1", "#REF!", "#N/A", "=Trường"):
        assert typed[text] == "s"
    headers = [c.value for c in ws[3]]
    deadline = ws.cell(6, headers.index("Hoàn thành") + 1)
    assert deadline.value == datetime(2026, 10, 1)
    assert ws.cell(4, headers.index("Mã băm SHA-256 của tệp") + 1).value == "bản nộp/001.xlsx"
    found = str(ws.cell(5, headers.index("Cờ") + 1).value)
    assert found.splitlines()[0].startswith("KD402 ")


def test_charts_are_native_named_and_never_empty(tmp_path: Path) -> None:
    def parts(district: District, pattern: str) -> list[str]:
        path = tmp_path / "c.xlsx"
        path.write_bytes(render_district(district).read())
        with zipfile.ZipFile(path) as package:
            names = [n for n in package.namelist() if re.fullmatch(pattern, n)]
            return [package.read(name).decode() for name in names]

    charts = parts(messy(), r"xl/charts/chart\d+\.xml")
    assert len(charts) == 7
    for xml in charts:
        assert xml.count("<c:title>") >= 2
        assert re.search(r"<c:numCache>.*<c:v>[1-9]", xml, re.DOTALL)
    drawings = parts(messy(), r"xl/drawings/drawing\d+\.xml")
    assert "".join(drawings).count('descr="Biểu đồ: ') == len(charts)
    assert not parts(messy(), r"xl/media/.*")
    empty = district_of(submission(plan_of(ONE, []), ONE))
    assert len(parts(empty, r"xl/charts/chart\d+\.xml")) == 3  # schools, levels, findings


def test_the_school_sheet_has_time_levels_and_a_link(tmp_path: Path) -> None:
    ws = written(messy(), tmp_path)["Trường"]
    headers = [str(c.value) for c in ws[3]]
    row = dict(zip(headers, ws[4], strict=True))
    assert row["Thời gian của tệp (giờ Việt Nam)"].value == datetime(2026, 11, 21, 3, 30)
    assert row["Mức đạt theo tự đánh giá"].value == "Mức 1"
    assert row["Mức nhà trường ghi"].value == "Không ghi"
    link = row["Đến các công việc"].value
    assert link == """=HYPERLINK("#'Kế hoạch'!A4:A6","dòng 4-6")"""
    assert [c.value for c in ws[5]][3] == "Chưa nộp"
    log = written(messy(), tmp_path)["Nhật ký"]
    assert any("tt57-2026" in str(c.value) for c in log[4])


def test_the_sheets_in_english(tmp_path: Path) -> None:
    book = written(messy(), tmp_path, Language.EN)
    assert book.sheetnames[: len(SHEETS)] == [sheet.name.en for sheet in SHEETS]
    assert book.sheetnames[:2] == ["Overview", "Quality"]


def test_a_list_that_the_next_merge_would_not_know_is_rejected() -> None:
    short = replace(notes.SHEET, columns=lambda _entries, _links: notes_columns[:2])
    district = district_of()
    contents = contents_of(district, Language.VI)
    notes_columns = contents.list_of(notes.SHEET).columns
    with pytest.raises(ValueError, match="'Other notes' needs at least 3 columns"):
        short.listing(district, contents.links)
