"""Faults to plant in good plans: the input to type, and the findings to expect.

The expected findings are written down by hand, never asked from the judge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kdcl_xl.demo.synthetic.plans import Draft, Row, recognition_of
from macros_free_validation.values import Raw, to_serial
from workbook_templates.recognition import VALID_YEARS
from workbook_templates.vocabulary import (
    Accreditation,
    FundingSource,
    ProgressState,
    Recurrence,
    Verdict,
)

FIRST_FAULTY = 1
"""The first task stays good: rules on the whole plan report at its row."""


@dataclass(frozen=True, slots=True)
class Spot:
    """An expected finding in a workbook: the rule, the sheet's key, the field and its row.

    ``row`` is None for a single cell, and ``sheet`` for the file as a whole.
    """

    rule: str
    sheet: str | None = None
    field: str | None = None
    row: int | None = None


Plant = Callable[[Draft, int], tuple[Spot, ...]]
"""Plants a fault at the nth task, or anywhere if no task has it; returns the findings."""


@dataclass(frozen=True)
class Fault:
    """A kind of fault.

    ``plant`` types the fault. ``fits`` says whether the nth task of a draft can carry it, and
    ``forms`` on which forms it exists.
    """

    name: str
    plant: Plant
    fits: Callable[[Draft, int], bool]
    forms: tuple[str, ...] = ("2018", "2026")


def is_free(draft: Draft, nth: int) -> bool:
    """Return whether a task has no report and shares its criterion with another task."""
    task = draft.tasks[nth]
    same = sum(other.get("criterion") == task.get("criterion") for other in draft.tasks)
    return not draft.tables["progress"][nth] and same > 1


def _in_task(
    name: str,
    changes: Mapping[str, Raw],
    *found: tuple[str, str],
    forms: tuple[str, ...] = ("2018", "2026"),
) -> Fault:
    """Return a fault that is typed into one task."""

    def plant(draft: Draft, nth: int) -> tuple[Spot, ...]:
        draft.tasks[nth].update(changes)
        row = draft.row_of("plan", nth)
        return tuple(Spot(rule, "plan", field, row) for rule, field in found)

    return Fault(name, plant, is_free, forms)


def _dated(
    name: str, days: Callable[[Draft], Mapping[str, date | None]], *found: tuple[str, str]
) -> Fault:
    """Return a fault of dates, which depend on the year of the plan."""

    def plant(draft: Draft, nth: int) -> tuple[Spot, ...]:
        typed = {field: to_serial(day) if day else None for field, day in days(draft).items()}
        return _in_task(name, typed, *found).plant(draft, nth)

    return Fault(name, plant, is_free)


def _in_progress(state: ProgressState, changes: Mapping[str, Raw], rule: str, field: str) -> Fault:
    """Return a fault that is typed into the report on a task in that state."""

    def fits(draft: Draft, nth: int) -> bool:
        return draft.tables["progress"][nth].get("progress_state") == state.label.vi

    def plant(draft: Draft, nth: int) -> tuple[Spot, ...]:
        draft.tables["progress"][nth].update(changes)
        return (Spot(rule, "progress", field, draft.row_of("progress", nth)),)

    return Fault(f"progress: {rule}", plant, fits)


def _in_cover(name: str, field: str, value: Raw, rule: str, *, added: bool = False) -> Fault:
    """Return a fault on the cover: a cell is changed, or text is added to it."""

    def plant(draft: Draft, _nth: int) -> tuple[Spot, ...]:
        cover = draft.cells["cover"]
        cover[field] = f"{cover[field]} {value}" if added else value
        return (Spot(rule, "cover", field),)

    return Fault(name, plant, lambda _draft, _nth: True)


def _end_recognition(draft: Draft, _nth: int) -> tuple[Spot, ...]:
    decided = (draft.today + timedelta(days=60)).replace(day=1)
    decided = decided.replace(year=decided.year - VALID_YEARS)
    draft.cells["cover"] |= recognition_of(decided, Accreditation.GRADE_1)
    return (Spot("KD123", "cover", "recognised_until"), Spot("KD124", "cover", "recognised_until"))


def _repeat_title(draft: Draft, nth: int) -> tuple[Spot, ...]:
    task = draft.tasks[nth]
    task["expected_result"] = str(task["criterion"]).split(" ", 1)[1]
    return (Spot("KD208", "plan", "expected_result", draft.row_of("plan", nth)),)


def _repeat_task(draft: Draft, nth: int) -> tuple[Spot, ...]:
    draft.tasks[nth]["task"] = draft.tasks[nth - 1]["task"]
    rows = (draft.row_of("plan", nth - 1), draft.row_of("plan", nth))
    return tuple(Spot("KD219", "plan", "task", row) for row in rows)


def _follows_its_like(draft: Draft, nth: int) -> bool:
    """Return whether the task above is for the same criterion, so that its text fits here too."""
    same = draft.tasks[nth - 1].get("criterion") == draft.tasks[nth].get("criterion")
    return nth > FIRST_FAULTY and same and is_free(draft, nth)


def _is_below_its_level(draft: Draft, nth: int) -> bool:
    """Return whether a target below the level reached exists: level 2 at least is reached."""
    return is_free(draft, nth) and _verdicts(draft, nth).get("result_2") == Verdict.MET.label.vi


def _verdicts(draft: Draft, nth: int) -> Mapping[str, Raw]:
    labels = [c.label for c in draft.layout.regulation.criteria]
    return draft.tables["self_assessment"][labels.index(str(draft.tasks[nth]["criterion"]))]


def _overdue(draft: Draft, nth: int) -> tuple[Spot, ...]:
    going_on: Row = {"progress_state": ProgressState.IN_PROGRESS.label.vi, "percent": 60.0}
    draft.tables["progress"][nth].update(going_on)
    return (Spot("KD706", "plan", "deadline", draft.row_of("plan", nth)),)


def _is_done_in_time(draft: Draft, nth: int) -> bool:
    report = draft.tables["progress"][nth]
    is_done = report.get("progress_state") == ProgressState.DONE.label.vi
    return is_done and draft.today <= draft.year.end


def _miscount(draft: Draft, _nth: int) -> tuple[Spot, ...]:
    claims = draft.cells["self_assessment"]
    claims["claimed_total_1"] = float(str(claims["claimed_total_1"])) + 1
    return (Spot("KD602", "self_assessment", "claimed_not_met_1"),)


def _claim_too_much(draft: Draft, _nth: int) -> tuple[Spot, ...]:
    draft.cells["cover"]["claimed_level"] = "Mức 2"
    return (Spot("KD606", "cover", "claimed_level"),)


def _unplanned(draft: Draft) -> int:
    """Return the position of a criterion without a task that reaches level 1 only."""
    planned = {task["criterion"] for task in draft.tasks}
    met, criteria = Verdict.MET.label.vi, draft.layout.regulation.criteria
    for nth, (criterion, row) in enumerate(
        zip(criteria, draft.tables["self_assessment"], strict=True)
    ):
        reached_1 = row.get("result_1") == met and row.get("result_2") != met
        if reached_1 and criterion.label not in planned:
            return nth
    return -1


def _has_unplanned(draft: Draft, _nth: int) -> bool:
    return _unplanned(draft) >= 0


def _no_such_verdict(draft: Draft, _nth: int) -> tuple[Spot, ...]:
    nth = _unplanned(draft)
    draft.tables["self_assessment"][nth]["result_2"] = "Tốt"
    return (Spot("KD216", "self_assessment", "result_2", draft.row_of("self_assessment", nth)),)


def _fail_unplanned(draft: Draft, _nth: int) -> tuple[Spot, ...]:
    """Fail a criterion without a task; the school no longer claims a level."""
    nth = _unplanned(draft)
    draft.tables["self_assessment"][nth]["result_1"] = Verdict.NOT_MET.label.vi
    draft.cells["cover"]["claimed_level"] = None
    return (Spot("KD603", "self_assessment", "result_1", draft.row_of("self_assessment", nth)),)


def _no_weakness(draft: Draft, _nth: int) -> tuple[Spot, ...]:
    draft.tables["problems"][0]["weakness"] = None
    return (Spot("KD211", "problems", "weakness", draft.row_of("problems", 0)),)


def _always(_draft: Draft, _nth: int) -> bool:
    return True


_STATE = FundingSource.STATE.label.vi
_ONCE, _MONTHLY = Recurrence.ONCE.label.vi, Recurrence.MONTHLY.label.vi

FAULTS: tuple[Fault, ...] = (
    _in_task("no lead", {"lead": None}, ("KD301", "lead")),
    _in_task("unknown lead", {"lead": "Ban trung tâm"}, ("KD302", "lead")),
    _in_task("lead from outside", {"lead": "UBND xã"}, ("KD303", "lead")),
    _in_task("several leads", {"lead": "Hiệu trưởng, kế toán"}, ("KD304", "lead")),
    _in_task("time as lead", {"lead": "Trong năm học"}, ("KD305", "lead")),
    _in_task("no deadline", {"deadline": None, "recurrence": _ONCE}, ("KD401", "deadline")),
    _in_task("deadline in words", {"deadline": "tháng 5"}, ("KD402", "deadline")),
    _in_task("start in words", {"start": "đầu năm"}, ("KD403", "start")),
    _dated(
        "deadline before start",
        lambda d: {"start": date(d.year.last, 5, 20), "deadline": date(d.year.last, 5, 10)},
        ("KD404", "deadline"),
    ),
    _dated(
        "deadline after the period",
        lambda d: {"deadline": date(d.year.last, 12, 1)},
        ("KD406", "deadline"),
    ),
    _in_task("no end", {"deadline": None, "recurrence": _MONTHLY}, ("KD407", "recurrence")),
    _in_task("unknown recurrence", {"recurrence": "cách tuần"}, ("KD408", "recurrence")),
    _dated(
        "start after the period",
        lambda d: {"start": date(d.year.last, 9, 1), "deadline": date(d.year.last, 9, 20)},
        ("KD409", "start"),
        ("KD406", "deadline"),
    ),
    _in_task(
        "amount in words",
        {"budget": "theo thực tế", "funding_source": _STATE},
        ("KD501", "budget"),
    ),
    _in_task("negative amount", {"budget": -5e6, "funding_source": _STATE}, ("KD502", "budget")),
    _in_task("no source", {"budget": 5e6, "funding_source": None}, ("KD503", "funding_source")),
    _in_task("no amount", {"budget": None, "funding_source": _STATE}, ("KD504", "budget")),
    _in_task("small amount", {"budget": 81.0, "funding_source": _STATE}, ("KD505", "budget")),
    _in_task(
        "unknown source",
        {"budget": 5e6, "funding_source": "Tiền túi"},
        ("KD506", "funding_source"),
    ),
    _in_task(
        "unknown criterion",
        {"criterion": "phòng cháy", "target_level": None},
        ("KD203", "criterion"),
        ("KD204", "criterion"),
    ),
    _in_task("no criterion", {"criterion": None}, ("KD202", "criterion"), forms=("2026",)),
    _in_task("no criterion", {"criterion": None}, ("KD201", "criterion"), forms=("2018",)),
    _in_task("unknown level", {"target_level": "Mức 9"}, ("KD205", "target_level")),
    _in_task(
        "foreign standard",
        {"notes": "Tiêu chuẩn 2: Nuôi dưỡng và vui chơi ngoài trời"},
        ("KD206", "notes"),
    ),
    _in_task("no result", {"expected_result": None}, ("KD207", "expected_result")),
    Fault("result repeats the title", _repeat_title, is_free),
    _in_task("no task", {"task": None}, ("KD209", "task")),
    _in_task(
        "nothing improved",
        {"improvement_content": None},
        ("KD215", "improvement_content"),
        forms=("2026",),
    ),
    Fault(
        "target below the level",
        _in_task("", {"target_level": "Mức 1"}, ("KD217", "target_level")).plant,
        _is_below_its_level,
    ),
    Fault("task repeated", _repeat_task, _follows_its_like),
    Fault("problem without weakness", _no_weakness, _always, ("2026",)),
    Fault("unknown verdict", _no_such_verdict, _has_unplanned),
    Fault("counts that do not add up", _miscount, _always),
    Fault("failed, not planned", _fail_unplanned, _has_unplanned),
    Fault("level claimed", _claim_too_much, _always),
    _in_cover("no number", "plan_number", None, "KD101"),
    _in_cover("no signer", "signer", None, "KD103"),
    _in_cover("no issue date", "issue_date", None, "KD102"),
    Fault("recognition about to end", _end_recognition, _always),
    _in_cover("years in text", "purpose", "(từ năm học 2016 - 2027)", "KD109", added=True),
    Fault("overdue", _overdue, _is_done_in_time),
    _in_progress(ProgressState.DONE, {"evidence": None}, "KD702", "evidence"),
    _in_progress(ProgressState.DONE, {"percent": 80.0}, "KD707", "percent"),
    _in_progress(ProgressState.IN_PROGRESS, {"percent": 800.0}, "KD703", "percent"),
    _in_progress(ProgressState.IN_PROGRESS, {"report_date": "cuối tháng"}, "KD704", "report_date"),
    _in_progress(
        ProgressState.IN_PROGRESS, {"progress_state": "Sắp xong"}, "KD708", "progress_state"
    ),
)
"""Every fault of a single plan, in the order in which they are planted."""
