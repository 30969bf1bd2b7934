"""Building plans and workbooks in tests, by field names only."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import blake2b
from pathlib import Path

from kdcl_xl.schools import School
from kdcl_xl.template.issue import initial_plan, layout_from, stamp_for
from kdcl_xl.template.writer import render_workbook
from macros_free_validation.derive import complete_plan
from macros_free_validation.plan import Plan
from macros_free_validation.values import Raw, filled, to_serial
from workbook_templates.layout import Layout
from workbook_templates.regulation import builtin_catalogue
from workbook_templates.school_kind import SchoolKind
from workbook_templates.school_year import SchoolYear

KINDS = {kind.id: kind for kind in builtin_catalogue().kinds}
THCS = KINDS["thcs"]
TODAY = date(2026, 11, 22)
Value = Raw | date | int
YEARS = {"2018": SchoolYear(2020, 2021), "2026": SchoolYear(2026, 2027)}
SETTLED = {
    form: [
        kind
        for kind in KINDS.values()
        if not kind.is_open and builtin_catalogue().choose(kind, year)
    ]
    for form, year in YEARS.items()
}
"""The kinds of school that have a regulation on each form and whose levels are known."""
SCHOOL = School("00790125", "Trường THCS Bình Minh", THCS, "Phòng VH-XH xã Bình Minh", "Thôn 1")


def layout_of(form: str = "2026", kind: SchoolKind = THCS, rows: int = 12) -> Layout:
    return layout_from(builtin_catalogue(), kind, YEARS[form], rows)


def raw(value: Value) -> Raw:
    if isinstance(value, date):
        return to_serial(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def good_cover(form: str) -> dict[str, Raw]:
    year = YEARS[form]
    return {
        "plan_number": "12/KH-THCS",
        "issue_date": to_serial(date(year.first, 9, 12)),
        "signer": "Hiệu trưởng",
        **({"ownership": "Công lập"} if form == "2026" else {}),
    }


def good_task(layout: Layout, nth: int = 0) -> dict[str, Value]:
    """A row of the plan that no rule minds."""
    criteria = [c for c in layout.regulation.criteria if not c.title.startswith("Đối với")]
    year = YEARS[layout.form.id]
    row: dict[str, Value] = {
        "criterion": criteria[nth % len(criteria)].label,
        "target_level": "Mức 1",
        "expected_result": f"Có kết quả rõ ràng thứ {nth + 1}",
        "task": f"Tổ chức thực hiện công việc thứ {nth + 1}",
        "lead": "Ban Giám hiệu",
        "recurrence": "Một lần",
        "start": date(year.first, 9, 15),
        "deadline": date(year.last, 5, 31),
        "budget": 5_000_000,
        "funding_source": "Chi thường xuyên",
    }
    if layout.form.id == "2026":
        row["improvement_content"] = "Nâng cao chất lượng"
    return row


Tables = Mapping[str, Sequence[Mapping[str, Value]]]


def make_plan(
    layout: Layout,
    *,
    kind: SchoolKind = THCS,
    school: School = SCHOOL,
    cover: Mapping[str, Value] | None = None,
    cells: Mapping[str, Mapping[str, Value]] | None = None,
    tables: Tables | None = None,
) -> Plan:
    """A plan on top of a fresh workbook; table rows are given by field, in order.

    One criterion is assessed unless the rows of the self-assessment are given.
    """
    base = initial_plan(layout, kind, YEARS[layout.form.id], school)
    all_cells = {key: dict(values) for key, values in base.cells.items()}
    all_cells.setdefault("cover", {}).update(good_cover(layout.form.id))
    for key, values in {**(cells or {}), "cover": cover or {}}.items():
        target = all_cells.setdefault(key, {})
        target.update({field: raw(value) for field, value in values.items()})
    rows: dict[str, list[tuple[int, Sequence[Raw]]]]
    rows = {key: [(r.row, r.values) for r in records] for key, records in base.tables.items()}
    assessed: Tables = {"self_assessment": [{"result_1": "Đạt"}]}
    for key, given in {**assessed, **(tables or {})}.items():
        sheet = layout.sheet(key)
        typed = [
            (sheet.first_row + i, [raw(row.get(c.field)) for c in sheet.columns])
            for i, row in enumerate(given)
        ]
        if key != "self_assessment":  # what a reader gives: rows in which something is
            inputs = [c.index for c in sheet.columns if not c.column.locked]
            typed = [row for row in typed if any(filled(row[1][i]) for i in inputs)]
        kept = [row for row in rows.get(key, []) if row[0] >= sheet.first_row + len(given)]
        rows[key] = [*typed, *kept]
    return complete_plan(layout, all_cells, rows)


def good_plan(form: str = "2026", tasks: int = 3, rows: int = 12) -> Plan:
    layout = layout_of(form, rows=rows)
    return make_plan(layout, tables={"plan": [good_task(layout, i) for i in range(tasks)]})


def fresh_workbook_bytes(plan: Plan, school: School = SCHOOL) -> bytes:
    """Return the workbook of a plan, rendered now: for tests that change how it is rendered."""
    kind = school.kind or THCS
    return render_workbook(plan, stamp_for(plan.layout, kind, YEARS[plan.layout.form.id], school))


_MADE: dict[bytes, bytes] = {}
_MOST_MADE = 200


def workbook_bytes(plan: Plan, school: School = SCHOOL) -> bytes:
    """Return the workbook of a plan; what many tests write is rendered once in a process."""
    key = blake2b(pickle.dumps((plan, school))).digest()
    if key not in _MADE:
        if len(_MADE) == _MOST_MADE:
            del _MADE[next(iter(_MADE))]
        _MADE[key] = fresh_workbook_bytes(plan, school)
    return _MADE[key]


def write_workbook(path: Path, plan: Plan, school: School = SCHOOL) -> Path:
    path.write_bytes(workbook_bytes(plan, school))
    return path
