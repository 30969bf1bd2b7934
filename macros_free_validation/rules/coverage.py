"""Coverage: does the plan answer the self-assessment, and do the counts add up."""

from __future__ import annotations

from collections.abc import Iterator

from macros_free_validation.expression import (
    Any_,
    Condition,
    Count,
    CriteriaPlanned,
    CriteriaTotal,
    Equal,
    Field,
    IsAny,
    IsNumber,
    KeyKind,
    Match,
    Number,
    SchoolReaches,
    Single,
    Sum,
)
from macros_free_validation.rule import Case, Context, Hit, Rule, Severity, Stage
from workbook_templates.text import Text
from workbook_templates.vocabulary import Verdict, level_label

_NO_CELL = Text(
    "Vấn đề nói về điều không có trong sổ tính nên không có ô nào để báo.",
    "It is about something that is not there, so that no cell could show it.",
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


def _counts(level: int) -> Case:
    total, met, not_met = (
        Single(f"claimed_{part}_{level}", "self_assessment") for part in ("total", "met", "not_met")
    )
    given = IsNumber(total) & IsNumber(met) & IsNumber(not_met)
    return Case(
        f"claimed_not_met_{level}",
        given & ~Equal(Sum(met, not_met), total),
        {"level": str(level), "total": total, "met": met, "not_met": not_met},
    )


_CLAIMED = Single("claimed_level")
_ASSESSED = Equal(
    Count("self_assessment", (Match("result_1", KeyKind.FILLED, constant="x"),)),
    CriteriaTotal(1),
)
"""Every criterion has a verdict on level 1; before that nothing can be computed."""


def _claims(level: int) -> Condition:
    return IsAny(_CLAIMED, (level_label(level),))


def _met(level: int) -> Condition:
    return IsAny(Field(f"result_{level}"), (Verdict.MET.label.vi,))


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
        not_live=_NO_CELL,
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
        cases=tuple(_counts(level) for level in (1, 2, 3, 4)),
        stage=Stage.DRAFT,
    ),
    Rule(
        "KD603",
        "coverage.failed_without_task",
        Severity.WARNING,
        Text("Tiêu chí không đạt nhưng không có công việc", "Failed criterion without a task"),
        Text(
            "Tiêu chí «{criterion}» không đạt mức 1 nhưng kế hoạch không có công việc nào.",
            "Criterion '{criterion}' fails level 1 but the plan has no task for it.",
        ),
        Text("Bổ sung công việc cho tiêu chí này.", "Add a task for this criterion."),
        "self_assessment",
        "result_1",
        IsAny(Field("result_1"), (Verdict.NOT_MET.label.vi,))
        & Equal(Count("plan", (Match("criterion", own="criterion"),)), Number(0)),
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
        not_live=_NO_CELL,
    ),
    Rule(
        "KD605",
        "coverage.every_criterion_planned",
        Severity.WARNING,
        Text("Kế hoạch phủ toàn bộ tiêu chí", "Plan covers every criterion"),
        Text(
            "Kế hoạch có công việc cho tất cả các tiêu chí; quy định yêu cầu tập trung vào các "
            "vấn đề ưu tiên.",
            "The plan has tasks for every criterion; the regulation asks for priority problems "
            "only.",
        ),
        Text(
            "Giữ lại các vấn đề ưu tiên trong năm học.",
            "Keep the priority problems of the year.",
        ),
        "plan",
        "criterion",
        Equal(Field("no"), Number(1)) & Equal(CriteriaPlanned(), CriteriaTotal()),
        forms=("2026",),
        source="Biểu 2 Phụ lục V Thông tư 57/2026, phần III, yêu cầu b",
        stage=Stage.DISTRICT,
    ),
    Rule(
        "KD606",
        "coverage.claimed_level_not_reached",
        Severity.ERROR,
        Text("Mức tự nhận cao hơn kết quả tự đánh giá", "Level claimed but not reached"),
        Text(
            "Nhà trường ghi đạt {claimed_level} nhưng kết quả các tiêu chí ở sheet Tự đánh giá "
            "chưa đủ.",
            "The school claims {claimed_level}, but the verdicts of the criteria do not give it.",
        ),
        Text(
            "Kiểm tra lại mức tự đánh giá hoặc kết quả từng tiêu chí.",
            "Check the claimed level or the verdicts.",
        ),
        "cover",
        "claimed_level",
        _ASSESSED & Any_(tuple(_claims(level) & ~SchoolReaches(level) for level in (1, 2, 3, 4))),
        source="Thông tư 17, 18, 19/2018, Điều 6; Thông tư 57/2026, khoản 3 Điều 5",
    ),
    Rule(
        "KD607",
        "coverage.claimed_level_too_low",
        Severity.NOTE,
        Text("Mức tự nhận thấp hơn kết quả tự đánh giá", "Level claimed is too low"),
        Text(
            "Nhà trường ghi đạt {claimed_level} nhưng kết quả các tiêu chí cho mức cao hơn.",
            "The school claims {claimed_level}, but the verdicts give a higher level.",
        ),
        Text(
            "Kiểm tra lại mức tự đánh giá hoặc kết quả từng tiêu chí.",
            "Check the claimed level or the verdicts.",
        ),
        "cover",
        "claimed_level",
        Any_(tuple(_claims(level) & SchoolReaches(level + 1) for level in (1, 2, 3))),
        source="Thông tư 17, 18, 19/2018, Điều 6; Thông tư 57/2026, khoản 3 Điều 5",
        stage=Stage.DISTRICT,
    ),
    Rule(
        "KD608",
        "coverage.higher_level_without_lower",
        Severity.ERROR,
        Text("Đạt mức cao khi mức thấp chưa đạt", "Higher level met, lower level not"),
        Text(
            "Tiêu chí ghi đạt mức {level} nhưng mức {below} chưa đạt.",
            "The criterion passes level {level} but not level {below}.",
        ),
        Text(
            "Kiểm tra lại kết quả các mức của tiêu chí.",
            "Check the verdicts of the criterion.",
        ),
        "self_assessment",
        cases=tuple(
            Case(
                f"result_{level}",
                _met(level) & ~_met(level - 1),
                {"level": str(level), "below": str(level - 1)},
            )
            for level in (2, 3)
        ),
        stage=Stage.DRAFT,
    ),
)
