"""Coverage: does the plan answer the self-assessment, and do the counts add up."""

from __future__ import annotations

from collections.abc import Iterator

from macros_free_validation.rule import Context, Hit, Rule, Severity
from macros_free_validation.values import key
from workbook_templates.text import Text
from workbook_templates.vocabulary import Verdict

_WHOLE_SHEET = Text(
    "Phải xét nhiều dòng cùng lúc.",
    "Several rows have to be judged together.",
)


def _standards_without_task(context: Context) -> Iterator[Hit]:
    plan = context.plan
    rows = plan.rows("plan")
    planned = {c.standard for r in rows if (c := plan.criterion_of("plan", r))}
    if not planned:
        return
    for standard in plan.layout.regulation.standards:
        if standard.no not in planned:
            words = {"standard": str(standard.no), "title": standard.title}
            yield Hit("plan", "criterion", words=words)


def _counts(context: Context) -> Iterator[Hit]:
    plan = context.plan
    for level in plan.layout.regulation.levels:
        numbers = [
            plan.cell(f"claimed_{part}_{level}", "self_assessment")
            for part in ("total", "met", "not_met")
        ]
        if all(type(n) is float for n in numbers):
            total, met, not_met = (int(n) for n in numbers if type(n) is float)
            if met + not_met != total:
                words = {
                    "level": str(level),
                    "total": str(total),
                    "met": str(met),
                    "not_met": str(not_met),
                }
                yield Hit(
                    "self_assessment",
                    f"claimed_not_met_{level}",
                    value=float(not_met),
                    words=words,
                )


def _failed_without_task(context: Context) -> Iterator[Hit]:
    plan = context.plan
    planned = {c.code for r in plan.rows("plan") if (c := plan.criterion_of("plan", r))}
    not_met = key(Verdict.NOT_MET.label.vi)
    for record in plan.rows("self_assessment"):
        criterion = plan.criterion_of("self_assessment", record)
        value = plan.value("self_assessment", record, "result_1")
        if criterion and key(value) == not_met and criterion.code not in planned:
            yield Hit("self_assessment", "result_1", record.row, value, {"code": criterion.code})


def _no_tasks(context: Context) -> Iterator[Hit]:
    if not context.plan.rows("plan"):
        yield Hit("plan", "task")


RULES = (
    Rule(
        "KD601",
        "coverage.standard_without_task",
        Severity.NOTE,
        Text("Tiêu chuẩn không có công việc nào", "Standard without a task"),
        Text(
            "Tiêu chuẩn {standard} ({title}) không có công việc nào trong kế hoạch.",
            "Standard {standard} ({title}) has no task in the plan.",
        ),
        Text(
            "Bổ sung công việc, hoặc bỏ qua nếu không cần cải tiến.",
            "Add a task, or leave it if nothing needs improving.",
        ),
        "plan",
        "criterion",
        judge=_standards_without_task,
        not_live=_WHOLE_SHEET,
        forms=("2018",),
        source="Mẫu 2018: kế hoạch theo từng tiêu chuẩn",
    ),
    Rule(
        "KD602",
        "coverage.counts_do_not_add_up",
        Severity.ERROR,
        Text("Số tiêu chí không khớp", "Counts do not add up"),
        Text(
            "Mức {level}: ghi {met} đạt và {not_met} không đạt trên tổng số {total} tiêu chí.",
            "Level {level}: {met} met and {not_met} not met out of {total} criteria.",
        ),
        Text(
            "Kiểm tra lại số liệu trong báo cáo tự đánh giá.",
            "Check the counts in the self-assessment report.",
        ),
        "self_assessment",
        "claimed_not_met",
        judge=_counts,
        not_live=_WHOLE_SHEET,
    ),
    Rule(
        "KD603",
        "coverage.failed_without_task",
        Severity.WARNING,
        Text("Tiêu chí không đạt nhưng không có công việc", "Failed criterion without a task"),
        Text(
            "Tiêu chí {code} không đạt mức 1 nhưng kế hoạch không có công việc nào.",
            "Criterion {code} fails level 1 but the plan has no task for it.",
        ),
        Text("Bổ sung công việc cho tiêu chí này.", "Add a task for this criterion."),
        "self_assessment",
        "result_1",
        judge=_failed_without_task,
        not_live=_WHOLE_SHEET,
    ),
    Rule(
        "KD604",
        "coverage.no_tasks",
        Severity.ERROR,
        Text("Kế hoạch chưa có công việc nào", "Plan without a task"),
        Text("Kế hoạch chưa có công việc nào.", "The plan has no task at all."),
        Text("Điền các công việc vào sheet Kế hoạch.", "Fill in the plan sheet."),
        "plan",
        "task",
        judge=_no_tasks,
        not_live=_WHOLE_SHEET,
    ),
)
