"""Synthetic tasks as real plans would word them, and the values that a reader has to find."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kdcl_xl.demo.synthetic.plans import Draft, good_draft
from kdcl_xl.schools import School
from macros_free_validation.values import to_date
from tests.build import KINDS, YEARS
from workbook_templates.regulation import Criterion

MARKED = "to be marked"
"""The truth of a field that nobody can know for certain."""
Truth = str | date | float


@dataclass(frozen=True)
class Task:
    """A task in the words of a plan (``says``), and the values of its fields (``truth``)."""

    criterion: Criterion
    says: Mapping[str, str]
    truth: Mapping[str, Truth]


@dataclass(frozen=True)
class Plan:
    """A synthetic plan: the school, its cover in words, and its tasks in order."""

    draft: Draft
    form: str
    school: str
    year: str
    circular: str
    tasks: Sequence[Task]
    problems: Sequence[Mapping[str, str]] = ()
    cover: Mapping[str, str] = field(default_factory=dict)


def synthetic_plan(form: str, seed: int, most: int = 14, kind: str = "thcs") -> Plan:
    """Return a plan of a synthetic school."""
    source = random.Random(seed)
    school = School(
        "00790125", f"Trường {_SCHOOLS[kind]} Bình Minh", KINDS[kind], "UBND xã Bình Minh"
    )
    year = YEARS[form]
    draft = good_draft(school, year, date(year.last, 1, 15), source)
    rows = draft.tasks[:: max(1, len(draft.tasks) // most)][:most]
    criteria = {c.label: c for c in draft.layout.regulation.criteria}
    tasks = [
        _task(row, criteria[str(row["criterion"])], nth, form, year.first)
        for nth, row in enumerate(rows)
    ]
    tasks.sort(key=lambda task: draft.layout.regulation.criteria.index(task.criterion))
    cover = {
        name: str(value) for name, value in draft.cells["cover"].items() if isinstance(value, str)
    }
    problems = [{k: str(v) for k, v in row.items()} for row in draft.tables.get("problems", [])]
    number = draft.layout.regulation.number
    return Plan(draft, form, school.name, str(year), number, tasks, problems, cover)


_SCHOOLS = {"thcs": "THCS", "tieu_hoc": "Tiểu học", "mam_non": "Mầm non", "thpt": "THPT"}


def _task(row: Mapping[str, object], criterion: Criterion, nth: int, form: str, first: int) -> Task:
    says = {"expected_result": str(row["expected_result"]), "task": str(row["task"])}
    truth: dict[str, Truth] = {"criterion": criterion.label, **says}
    for name in ("support_conditions", "indicator", "planned_evidence", "improvement_content"):
        if name in row:
            says[name] = truth[name] = str(row[name])
    who, told = _WHO[nth % len(_WHO)]
    says["who"] = who
    truth |= told
    when, meant = _when(nth, first)
    says["when"] = when
    truth |= meant
    money, amounts = _MONEY[nth % len(_MONEY)]
    says["money"] = money
    truth |= amounts
    if form == "2018" and nth % 7 == 3:
        level = max(level for level in criterion.levels if level < 4)
        says["expected_result"] = truth["expected_result"] = f"Duy trì mức {level}"
        truth["target_level"] = f"Mức {level}"
    return Task(criterion, says, truth)


_SEVERAL = "BGH, GVCN, TPT Đội"
_WHO: Sequence[tuple[str, Mapping[str, Truth]]] = (
    ("Hiệu trưởng", {"lead": "Hiệu trưởng"}),
    ("BGH", {"lead": "Ban Giám hiệu"}),
    (_SEVERAL, {"lead": _SEVERAL}),
    ("Kế toán\nPhối hợp: Tổ Văn phòng", {"lead": "Kế toán", "coordination": "Tổ Văn phòng"}),
    (
        "Chủ trì: Phó Hiệu trưởng\nPhối hợp: GVCN",
        {"lead": "Phó Hiệu trưởng", "coordination": "GVCN"},
    ),
    (
        "Tổ chuyên môn phối hợp với Công đoàn",
        {"lead": "Tổ chuyên môn", "coordination": "Công đoàn"},
    ),
    ("Tổ CM", {"lead": "Tổ chuyên môn"}),
    ("Hiệu trưởng và kế toán", {"lead": "Hiệu trưởng và kế toán"}),
    ("GVCN; TPT Đội", {"lead": "GVCN; TPT Đội"}),
)


def _when(nth: int, first: int) -> tuple[str, dict[str, Truth]]:
    last = first + 1
    start, end = date(first, 9, 1), date(last, 5, 31)
    choices: Sequence[tuple[str, dict[str, Truth]]] = (
        (f"Tháng 10/{first}", {"deadline": date(first, 10, 31)}),
        (f"Từ tháng 9/{first} đến tháng 5/{last}", {"start": start, "deadline": end}),
        ("Hằng tháng", {"recurrence": "Hằng tháng"}),
        (f"15/03/{last}", {"deadline": date(last, 3, 15)}),
        (f"9/{first} - 5/{last}", {"start": start, "deadline": end}),
        ("Hàng năm", {"recurrence": "Hằng năm"}),
        (f"Tháng 4 năm {last}", {"deadline": date(last, 4, 30)}),
        (f"01/9/{first} đến 31/5/{last}", {"start": start, "deadline": end}),
        ("Thường xuyên", {"recurrence": "Thường xuyên"}),
        (f"Hằng tháng, từ tháng 9/{first} đến tháng 5/{last}",
         {"recurrence": "Hằng tháng", "start": start, "deadline": end}),
        ("Tháng 11", {"deadline": MARKED}),
        (f"Trước ngày 30/4/{last}", {"deadline": date(last, 4, 29)}),
        ("Cuối năm học", {"deadline": date(last, 7, 31)}),
    )  # fmt: skip
    return choices[nth % len(choices)]


_NONE, _STATE = "Không cần kinh phí", "Ngân sách nhà nước"
_RECURRENT, _SOCIAL = "Chi thường xuyên", "Xã hội hóa, tài trợ"
_MONEY: Sequence[tuple[str, Mapping[str, Truth]]] = (
    ("Không", {"funding_source": _NONE}),
    ("5.000.000 đồng", {"budget": 5e6}),
    ("Kinh phí: 5 triệu (NSNN)", {"budget": 5e6, "funding_source": _STATE}),
    ("", {}),
    ("12 triệu đồng từ nguồn chi thường xuyên", {"budget": 12e6, "funding_source": _RECURRENT}),
    ("Ngân sách nhà nước", {"funding_source": _STATE}),
    ("Xã hội hóa", {"funding_source": _SOCIAL}),
    ("2.500.000đ", {"budget": 2.5e6}),
    ("Theo quy chế chi tiêu nội bộ", {"funding_source": "Theo quy chế chi tiêu nội bộ"}),
    ("1,5 triệu/tháng", {"budget": 1.5e6}),
    ("Ngân sách, xã hội hóa", {"funding_source": MARKED}),
    ("Không có", {"funding_source": _NONE}),
)


def day_of(value: object) -> date | None:
    """Return the day of a serial number."""
    return to_date(value) if isinstance(value, float) else None
