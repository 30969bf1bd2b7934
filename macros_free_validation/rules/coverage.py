"""Rules on coverage: tasks for every failed criterion, and counts that add up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from macros_free_validation.expression import (
    TASKS_OF_CRITERION,
    Condition,
    Count,
    CriteriaPlanned,
    CriteriaTotal,
    EveryCriterionAssessed,
    Field,
    Filled,
    IsAny,
    IsNumber,
    KeyKind,
    LevelNumber,
    LevelReached,
    LevelUnsettled,
    Match,
    RowsInUse,
    Single,
    blank,
)
from macros_free_validation.law import (
    LEVEL_4_2018,
    LEVEL_ORDER_2018,
    LEVELS_2018,
    LEVELS_2026,
    PLAN_OF_2018,
    STANDARD_3_2024,
    of_form_2026,
)
from macros_free_validation.rule import (
    FOR_THE_DISTRICT,
    Case,
    Context,
    Example,
    Hit,
    Rule,
    Severity,
    Stage,
)
from workbook_templates.regulation import OTHERS_NEEDED
from workbook_templates.text import Text
from workbook_templates.vocabulary import Verdict

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
        given & ~(met + not_met == total),
        {"level": str(level), "total": total, "met": met, "not_met": not_met},
    )


_LEVEL_CLAIMED = LevelNumber(Single("claimed_level"))
NOTHING_ASSESSED = "coverage.nothing_assessed"
"""The rule whose finding keeps the check sheet from calling the plan ready."""
WITHOUT_TASK = ("coverage.failed_without_task", "coverage.other_failed_without_task")
"""The rules whose findings the check sheet lists one by one."""

MOST_PLANNED = 12
"""Criteria that a plan on the 2026 form names without a note: four fifths of the 15.

Biểu 2 forbids only to plan for all of them; a plan for nearly all has no priorities either.
"""

_PLANNED = CriteriaPlanned(("plan", "problems"))


def _criteria(mandatory: str, level: int | None = None, verdict: Verdict = Verdict.MET) -> Count:
    """Return the number of mandatory (``x``) or other (``-``) criteria, or of a verdict on them."""
    matches = [Match("criterion", KeyKind.MANDATORY, constant=mandatory)]
    if level:
        matches.append(Match(f"result_{level}", constant=verdict.label.vi))
    return Count("self_assessment", tuple(matches))


_ASSESSED = Count("self_assessment", (Match("result_1", KeyKind.FILLED, constant="x"),))
_FAILED = IsAny(Field("result_1"), (Verdict.NOT_MET.label.vi,))
_UNANSWERED = (TASKS_OF_CRITERION == 0) & (
    Count("problems", (Match("criterion_label", own="criterion"),)) == 0
)
"""Neither a task nor a problem of the 2026 form names the criterion of the row."""
_COSTS_LEVEL_1 = _criteria("-", 1, Verdict.NOT_MET) + OTHERS_NEEDED > _criteria("-")
"""So many criteria that are not mandatory fail that the school cannot reach level 1."""
_COSTS_LEVEL_2 = (_criteria("x", 2) == _criteria("x")) & (_criteria("-", 2) >= OTHERS_NEEDED)
"""The verdicts on level 2 suffice, so that only failures at level 1 prevent it."""
_WEIGHS = IsAny(Field("mandatory"), ("x",)) | _COSTS_LEVEL_1 | _COSTS_LEVEL_2


def _met(level: int) -> Condition:
    return IsAny(Field(f"result_{level}"), (Verdict.MET.label.vi,))


def _without_lower(level: int) -> Iterator[Case]:
    """Yield the two ways in which the level below one that is met is missing: blank, or failed."""
    below = Field(f"result_{level - 1}")
    failed = Text(f"Mức {level - 1} chưa đạt", f"not level {level - 1}")
    unsaid = Text(f"chưa ghi kết quả Mức {level - 1}", f"level {level - 1} has no verdict yet")
    field, number = f"result_{level}", str(level)
    yield Case(field, _met(level) & blank(below), {"level": number, "below": unsaid})
    yield Case(
        field,
        _met(level) & Filled(below) & ~_met(level - 1),
        {"level": number, "below": failed},
    )


_NO_TASK = {
    "answer": Text("kế hoạch không có công việc nào", "the plan has no task for it"),
}
_NO_ANSWER = {
    "answer": Text(
        "cả «Vấn đề» và «Kế hoạch» đều không nêu đến",
        "neither the problems nor the plan name it",
    ),
}


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
        practice=PLAN_OF_2018,
        distinguished_by=("standard",),
        incidental=("title",),
        why=Text(
            "Các kế hoạch đã công bố thường lập theo từng tiêu chuẩn; tiêu chuẩn không có công "
            "việc nào có thể đã bị bỏ sót.",
            "The published plans go standard by standard; one without a task may have been "
            "forgotten.",
        ),
        wrong=Example(rows={"plan": ({"criterion": "1.5 Lớp học"},)}),
        right=Example(
            rows={
                "plan": tuple(
                    {"criterion": label}
                    for label in (
                        "1.5 Lớp học",
                        "2.4 Đối với học sinh",
                        "3.5 Thiết bị",
                        "4.1 Ban đại diện cha mẹ học sinh",
                        "5.6 Kết quả giáo dục",
                    )
                )
            }
        ),
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
        why=Text(
            "Số tiêu chí đạt và không đạt phải bằng tổng số; nếu không khớp thì số liệu "
            "tự đánh giá không dùng làm căn cứ được.",
            "Criteria met and not met must give the total; if not, the self-assessment "
            "cannot be relied on.",
        ),
        wrong=Example({"claimed_total_1": 28, "claimed_met_1": 25, "claimed_not_met_1": 5}),
        right=Example({"claimed_total_1": 28, "claimed_met_1": 25, "claimed_not_met_1": 3}),
    ),
    Rule(
        "KD603",
        "coverage.failed_without_task",
        Severity.WARNING,
        Text("Tiêu chí chưa đạt, chưa có công việc cải tiến", "Failed criterion without a task"),
        Text(
            "Tiêu chí «{criterion}» không đạt Mức 1 nhưng {answer}.",
            "Criterion '{criterion}' fails level 1, but {answer}.",
        ),
        Text("Bổ sung công việc cho tiêu chí này.", "Add a task for this criterion."),
        "self_assessment",
        cases=(
            Case("result_1", _FAILED & (TASKS_OF_CRITERION == 0), _NO_TASK, forms=("2018",)),
            Case("result_1", _FAILED & _WEIGHS & _UNANSWERED, _NO_ANSWER, forms=("2026",)),
        ),
        law=(LEVELS_2026,),
        practice=PLAN_OF_2018,
        why=Text(
            "Tiêu chí chưa đạt là điều cần cải tiến trước hết; không có công việc nào thì "
            "hạn chế đã nêu vẫn còn nguyên.",
            "A criterion that fails is what needs improving first; without a task its "
            "weakness stays.",
        ),
        wrong=Example({"result_1": "Không đạt"}, rows={"plan": ({"criterion": "1.5 Lớp học"},)}),
        right=Example(
            {"result_1": "Không đạt"},
            rows={
                "plan": (
                    {"criterion": "1.1 Phương hướng, chiến lược xây dựng và phát triển nhà trường"},
                )
            },
        ),
    ),
    Rule(
        "KD604",
        "coverage.no_tasks",
        Severity.ERROR,
        Text("Kế hoạch chưa có công việc nào", "Plan without a task"),
        Text("Kế hoạch chưa có công việc nào.", "The plan has no task at all."),
        Text("Điền các công việc vào trang «Kế hoạch».", "Fill in the plan sheet."),
        "plan",
        cases=(Case("task", RowsInUse() == 0, of_sheet=True),),
        why=Text(
            "Kế hoạch không có công việc nào thì không có gì để thực hiện, theo dõi và tổng hợp.",
            "Without a single task there is nothing to do, to follow or to merge.",
        ),
        wrong=Example(rows={"plan": ()}),
        right=Example(rows={"plan": ({"task": "Tổ chức chuyên đề đổi mới phương pháp dạy học"},)}),
    ),
    Rule(
        "KD616",
        NOTHING_ASSESSED,
        Severity.WARNING,
        Text("Chưa tự đánh giá tiêu chí nào", "No criterion assessed"),
        Text(
            "Trang «Tự đánh giá» chưa có kết quả Mức 1 của tiêu chí nào.",
            "The self-assessment holds no verdict on level 1 of any criterion.",
        ),
        Text(
            "Chọn kết quả tự đánh giá của từng tiêu chí.",
            "Choose the verdict of each criterion.",
        ),
        "self_assessment",
        cases=(Case("result_1", _ASSESSED == 0, of_sheet=True),),
        law=(LEVELS_2018, LEVELS_2026),
        why=Text(
            "Kế hoạch cải tiến dựa trên kết quả tự đánh giá; chưa có kết quả nào thì không biết "
            "cần cải tiến tiêu chí nào và nhà trường đạt mức nào.",
            "A plan for improvement rests on the self-assessment; without any verdict nobody "
            "knows what to improve and which level the school reaches.",
        ),
        wrong=Example(rows={"self_assessment": ()}),
        right=Example(rows={"self_assessment": ({"result_1": "Đạt"},)}),
    ),
    Rule(
        "KD605",
        "coverage.every_criterion_planned",
        Severity.NOTE,
        Text("Kế hoạch dàn trải ở nhiều tiêu chí", "Plan covers too many criteria"),
        Text(
            "Kế hoạch nêu {planned} trong {total} tiêu chí (kể cả ở «Vấn đề»); Biểu 2 yêu cầu tập "
            "trung vào các vấn đề ưu tiên, không lập cho toàn bộ tiêu chí.",
            "The plan names {planned} of {total} criteria, problems included; Form 2 asks for "
            "priority problems, not for every criterion.",
        ),
        Text(
            "Giữ lại các vấn đề ưu tiên trong năm học.",
            "Keep the priority problems of the year.",
        ),
        "plan",
        cases=(
            Case(
                "criterion",
                (Field("no") == 1) & ((_PLANNED > MOST_PLANNED) | (_PLANNED == CriteriaTotal())),
                {"planned": _PLANNED, "total": CriteriaTotal()},
            ),
        ),
        forms=("2026",),
        law=(of_form_2026("phần III mục 2 điểm b và Lưu ý dưới phần IV"),),
        why=Text(
            "Nguồn lực của nhà trường có hạn; kế hoạch dàn trải ở mọi tiêu chí thì không "
            "còn vấn đề nào là ưu tiên.",
            "A school's means are limited; a plan for every criterion has no priorities.",
        ),
        wrong=Example(
            rows={"plan": ({},) * 15},
            note=Text(
                "Mỗi dòng một tiêu chí khác nhau, trong số 15 tiêu chí.",
                "Each row has another of the 15 criteria.",
            ),
        ),
        right=Example(
            rows={"plan": ({},) * 5},
            note=Text(
                "Mỗi dòng một tiêu chí khác nhau, trong số 15 tiêu chí.",
                "Each row has another of the 15 criteria.",
            ),
        ),
    ),
    Rule(
        "KD606",
        "coverage.claimed_level_not_reached",
        Severity.ERROR,
        Text("Mức nhà trường ghi cao hơn kết quả tự đánh giá", "Level claimed but not reached"),
        Text(
            "Nhà trường ghi đạt {claimed_level} nhưng kết quả các tiêu chí ở trang «Tự đánh giá» "
            "chưa đủ.",
            "The school claims {claimed_level}, but the verdicts of the criteria do not give it.",
        ),
        Text(
            "Kiểm tra lại mức tự đánh giá hoặc kết quả từng tiêu chí.",
            "Check the claimed level or the verdicts.",
        ),
        "cover",
        "claimed_level",
        EveryCriterionAssessed()
        & (_LEVEL_CLAIMED > LevelReached())
        & (_LEVEL_CLAIMED > LevelUnsettled()),
        law=(LEVELS_2018, LEVEL_4_2018, LEVELS_2026),
        why=Text(
            "Mức nhà trường ghi phải suy ra được từ kết quả từng tiêu chí; ghi mức cao hơn thì "
            "không có căn cứ để công nhận.",
            "The claimed level must follow from the verdicts; a higher one has no ground to "
            "be recognised.",
        ),
        wrong=Example(
            {"claimed_level": "Mức 2"}, rows={"self_assessment": ({"result_1": "Đạt"},) * 28}
        ),
        right=Example(
            {"claimed_level": "Mức 1"}, rows={"self_assessment": ({"result_1": "Đạt"},) * 28}
        ),
    ),
    Rule(
        "KD607",
        "coverage.claimed_level_too_low",
        Severity.NOTE,
        Text("Mức nhà trường ghi thấp hơn kết quả tự đánh giá", "Level claimed is too low"),
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
        (_LEVEL_CLAIMED >= 1) & (_LEVEL_CLAIMED < LevelReached()),
        not_live=FOR_THE_DISTRICT,
        law=(LEVELS_2018, LEVEL_4_2018, LEVELS_2026),
        stage=Stage.DISTRICT,
        why=Text(
            "Kết quả các tiêu chí cho mức cao hơn mức đã ghi; có thể ghi sót, hoặc kết "
            "quả tiêu chí chưa đúng.",
            "The verdicts give more than is claimed; either the claim or a verdict is wrong.",
        ),
        wrong=Example(
            {"claimed_level": "Mức 1"},
            rows={"self_assessment": ({"result_1": "Đạt", "result_2": "Đạt"},) * 28},
        ),
        right=Example(
            {"claimed_level": "Mức 2"},
            rows={"self_assessment": ({"result_1": "Đạt", "result_2": "Đạt"},) * 28},
        ),
    ),
    Rule(
        "KD608",
        "coverage.higher_level_without_lower",
        Severity.ERROR,
        Text("Ghi đạt mức cao khi chưa có mức thấp", "Higher level met, lower level not"),
        Text(
            "Tiêu chí ghi đạt Mức {level} nhưng {below}.",
            "The criterion passes level {level}, but {below}.",
        ),
        Text(
            "Kiểm tra lại kết quả các mức của tiêu chí.",
            "Check the verdicts of the criterion.",
        ),
        "self_assessment",
        cases=tuple(case for level in (2, 3) for case in _without_lower(level)),
        law=(LEVEL_ORDER_2018, LEVELS_2026),
        stage=Stage.DRAFT,
        why=Text(
            "Theo quy định, tiêu chí chỉ đạt mức cao khi đã đạt các mức thấp hơn; kết quả "
            "ngược lại không dùng được.",
            "A criterion reaches a level only with all the levels below it; verdicts the "
            "other way round are of no use.",
        ),
        wrong=Example({"result_1": "Không đạt", "result_2": "Đạt"}),
        right=Example({"result_1": "Đạt", "result_2": "Đạt"}),
    ),
    Rule(
        "KD609",
        "coverage.other_failed_without_task",
        Severity.NOTE,
        Text(
            "Tiêu chí không bắt buộc chưa đạt, chưa có công việc cải tiến",
            "Failed criterion, not mandatory, without a task",
        ),
        Text(
            "Tiêu chí «{criterion}» không đạt Mức 1 nhưng cả «Vấn đề» và «Kế hoạch» đều không nêu "
            "đến; mức của nhà trường không giảm vì tiêu chí này.",
            "Criterion '{criterion}' fails level 1, but neither the problems nor the plan name it; "
            "it costs the school no level.",
        ),
        Text(
            "Xem có cần đưa vào kế hoạch không; nếu đã cân nhắc ưu tiên thì giữ nguyên.",
            "See whether it belongs in the plan; leave it if priorities were weighed.",
        ),
        "self_assessment",
        "result_1",
        _FAILED & ~_WEIGHS & _UNANSWERED,
        forms=("2026",),
        law=(LEVELS_2026, of_form_2026("phần III mục 2 điểm b")),
        why=Text(
            "Biểu 2 chỉ cần các vấn đề ưu tiên, nhưng tiêu chí chưa đạt mà không nêu đến thì nên "
            "là một lựa chọn có cân nhắc.",
            "Form 2 asks for priorities only; still, leaving out a criterion that fails should be "
            "a choice.",
        ),
        wrong=Example(
            {"result_1": "Không đạt"},
            rows={
                "plan": (
                    {"criterion": "1.2 Cơ cấu tổ chức, phân công nhiệm vụ và phối hợp nội bộ"},
                )
            },
        ),
        right=Example(
            {"result_1": "Không đạt"},
            rows={
                "plan": ({"criterion": "1.1 Tầm nhìn, sứ mạng/mục tiêu và kế hoạch phát triển"},)
            },
        ),
    ),
    Rule(
        "KD615",
        "coverage.level_not_settled",
        Severity.NOTE,
        Text("Chưa tính được mức của nhà trường", "School level not settled"),
        Text(
            "Chưa tính được {claimed_level}: trong thời gian của kế hoạch, một số tiêu chí được "
            "thông tư sửa đổi thay thế mà nội dung chưa được đối chiếu. Cả cách đánh giá cũ và "
            "mới đều được chấp nhận.",
            "{claimed_level} cannot be computed: at the plan's time an amending circular replaces "
            "some criteria, and its text is not confirmed. Both ways of assessing are accepted.",
        ),
        Text(
            "Nhà trường không phải sửa. Cơ quan quản lý có bản thông tư sửa đổi có thể hoàn thiện "
            "phần [[amendments]] trong tệp quy định để máy tính được mức.",
            "The school has nothing to correct. An authority that has the circular can complete "
            "the part [[amendments]] of the regulation file.",
        ),
        "cover",
        "claimed_level",
        (_LEVEL_CLAIMED > LevelReached()) & (_LEVEL_CLAIMED <= LevelUnsettled()),
        law=(LEVELS_2018,),
        practice=STANDARD_3_2024,
        why=Text(
            "Kế hoạch không thể bị coi là sai vì một nội dung mà bộ quy tắc chưa đối chiếu được "
            "với văn bản.",
            "No plan can be called wrong for a text that these rules were not compared with.",
        ),
        wrong=Example(
            {"claimed_level": "Mức 1"},
            cover={"issue_date": date(2025, 9, 12)},
            rows={
                "self_assessment": (
                    *({"result_1": "Đạt"},) * 17,
                    *({"result_1": "Không đánh giá"},) * 3,
                    *({"result_1": "Đạt"},) * 8,
                )
            },
        ),
        right=Example(
            {"claimed_level": "Mức 1"},
            cover={"issue_date": date(2025, 9, 12)},
            rows={"self_assessment": ({"result_1": "Đạt"},) * 28},
        ),
    ),
)
