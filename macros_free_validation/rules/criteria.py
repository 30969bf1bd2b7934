"""Rules on criteria and levels: the subject of each task and its target."""

from __future__ import annotations

import re
from collections.abc import Iterator

from macros_free_validation.expression import (
    Count,
    CriterionOfStandard,
    Field,
    Filled,
    InList,
    IsAny,
    LevelDefined,
    LevelNumber,
    Match,
    Plain,
    RepeatsTitle,
    RowUsed,
    blank,
)
from macros_free_validation.law import (
    CRITERIA_2018,
    CRITERIA_2026,
    PLAN_OF_2018,
    of_form_2026,
)
from macros_free_validation.rule import Case, Context, Example, Hit, Rule, Severity, Stage
from macros_free_validation.rules.evidence import (
    CODES_OF_2026,
    MALFORMED_CASES,
    MALFORMED_MESSAGE,
    MALFORMED_REMEDY,
    MALFORMED_TITLE,
    MALFORMED_WHY,
)
from macros_free_validation.values import filled
from workbook_templates.declare import Lists
from workbook_templates.text import Text, fold
from workbook_templates.vocabulary import NOT_REACHED, level_label

_CRITERION, _TARGET = Field("criterion"), Field("target_level")
_CURRENT = Field("current_level")
_RESULT, _TASK = Field("expected_result"), Field("task")
_LABEL = Field("criterion_label")
_KNOWN = Filled(_LABEL)


def _unknown_criteria(context: Context) -> Iterator[Hit]:
    for sheet in ("plan", "problems"):
        for record in context.plan.rows(sheet):
            value = context.plan.value(sheet, record, "criterion")
            if filled(value) and context.plan.criterion_of(sheet, record) is None:
                yield Hit(sheet, "criterion", record.row, value)


_STANDARD = re.compile(r"tiêu chuẩn\s*(\d)\s*[:.\u2013-]\s*([^\n;»”\"]+)", re.IGNORECASE)


def _foreign_standard_titles(context: Context) -> Iterator[Hit]:
    """Yield headings «Tiêu chuẩn n: …» with a title that is not that standard's."""
    plan = context.plan
    titles = {
        s.no: {fold(t) for t in (s.title, *s.aliases)} for s in plan.layout.regulation.standards
    }
    for sheet in ("plan", "problems"):
        records = plan.rows(sheet)
        columns = plan.layout.sheet(sheet).columns if records else ()
        typed = [placed for placed in columns if not placed.column.choices]
        for record in records:
            for placed in typed:
                value = record.values[placed.index]
                if not isinstance(value, str) or not ("ẩ" in value or "Ẩ" in value):
                    continue  # no «chuẩn» in it
                for found in _STANDARD.finditer(value):
                    title = fold(found[2]).rstrip(" .")
                    if title and title not in titles.get(int(found[1]), set()):
                        words = {"standard": found[1], "written": found[2].strip(" .")}
                        yield Hit(sheet, placed.field, record.row, value, words)


_LEARNERS = "học sinh"
_SUBJECTS: dict[str, tuple[str, ...]] = {
    "hiệu trưởng": ("hiệu trưởng", "bgh", "ban giám hiệu", "quản lý"),
    "giáo viên": ("giáo viên", "gv", "nhà giáo"),
    "nhân viên": ("nhân viên", "nv"),
    _LEARNERS: ("học sinh", "hs", "trẻ", "người học"),
}


def _mentions(text: str, words: tuple[str, ...]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in words)


def _about_others(context: Context) -> Iterator[Hit]:
    """Yield tasks under a criterion «Đối với …» that only speak of other people."""
    plan = context.plan
    learners = (fold(kind.learners.vi) for kind in plan.layout.regulation.kinds)
    subjects = {**_SUBJECTS, _LEARNERS: (*_SUBJECTS[_LEARNERS], *learners)}
    for record in plan.rows("plan"):
        criterion = plan.criterion_of("plan", record)
        task = plan.value("plan", record, "task")
        if criterion is None or not isinstance(task, str):
            continue
        title = fold(criterion.title)
        if not title.startswith("đối với"):
            continue
        text = fold(task)
        own = next((s for s in subjects if s in title), None)
        if own is None or _mentions(text, subjects[own]):
            continue
        for other, words in subjects.items():
            if other not in title and _mentions(text, words):
                yield Hit("plan", "task", record.row, task, {"subject": own, "other": other})
                break


RULES = (
    Rule(
        "KD201",
        "criteria.missing",
        Severity.ERROR,
        Text("Thiếu tiêu chí", "No criterion"),
        Text("Công việc chưa gắn với tiêu chí nào.", "The task has no criterion."),
        Text("Chọn tiêu chí trong danh sách.", "Choose the criterion from the list."),
        "plan",
        "criterion",
        RowUsed() & blank(_CRITERION),
        forms=("2018",),
        practice=PLAN_OF_2018,
        why=Text(
            "Công việc không gắn với tiêu chí thì không rõ cải tiến nội dung nào, và "
            "không đối chiếu được với kết quả tự đánh giá.",
            "A task without a criterion does not say what it improves and cannot be held "
            "against the self-assessment.",
        ),
        wrong=Example({"criterion": None}),
        right=Example({"criterion": "1.5 Lớp học"}),
    ),
    Rule(
        "KD202",
        "criteria.unlinked",
        Severity.NOTE,
        Text("Không ghi tiêu chí liên quan", "No criterion given"),
        Text(
            "Chưa chọn tiêu chí liên quan (có thể để trống).",
            "No criterion is chosen (it may be left blank).",
        ),
        Text(
            "Nếu vấn đề gắn với một tiêu chí, chọn tiêu chí đó trong danh sách.",
            "If the problem belongs to a criterion, choose it.",
        ),
        "plan",
        "criterion",
        RowUsed() & blank(_CRITERION),
        forms=("2026",),
        law=(of_form_2026("phần V"),),
        why=Text(
            "Biểu mẫu cho phép để trống, nhưng ghi tiêu chí liên quan thì kế hoạch mới "
            "đối chiếu được với kết quả tự đánh giá.",
            "The form allows it, but only with its criterion can a task be held against "
            "the self-assessment.",
        ),
        wrong=Example({"criterion": None}),
        right=Example({"criterion": "2.2 Giáo viên"}),
    ),
    Rule(
        "KD203",
        "criteria.not_from_list",
        Severity.WARNING,
        Text("Tiêu chí không đúng như danh sách", "Criterion not as in the list"),
        Text(
            "Tiêu chí «{criterion}» không ghi đúng như trong danh sách.",
            "Criterion '{criterion}' is not written as in the list.",
        ),
        Text(
            "Gõ mã tiêu chí, ví dụ 1.4, hoặc chọn trong danh sách.",
            "Type the code, such as 1.4, or choose the criterion from the list.",
        ),
        "plan",
        "criterion",
        Filled(_CRITERION) & Plain(_CRITERION) & ~_KNOWN,
        stage=Stage.DRAFT,
        why=Text(
            "Một tiêu chí ghi theo nhiều cách thì không đếm và lọc được, và các cột tự "
            "điền của dòng sẽ bị trống.",
            "A criterion written in many ways can be neither counted nor filtered, and "
            "the columns that fill themselves stay empty.",
        ),
        wrong=Example({"criterion": "Tiêu chí 3. 5"}),
        right=Example({"criterion": "3.5 Thiết bị"}),
    ),
    Rule(
        "KD204",
        "criteria.unknown",
        Severity.ERROR,
        Text("Không nhận ra tiêu chí", "Unknown criterion"),
        Text(
            "Không nhận ra tiêu chí «{criterion}» trong quy định áp dụng.",
            "'{criterion}' is no criterion of the regulation.",
        ),
        Text("Chọn lại tiêu chí trong danh sách.", "Choose the criterion from the list."),
        "plan",
        "criterion",
        judge=_unknown_criteria,
        not_live=Text(
            "Excel không đọc được mã tiêu chí viết theo nhiều cách.",
            "Excel cannot read the many ways of writing a code.",
        ),
        law=(CRITERIA_2018, CRITERIA_2026),
        stage=Stage.DRAFT,
        why=Text(
            "Nội dung ghi không phải là tiêu chí của quy định áp dụng, nên không rõ công "
            "việc nhằm cải tiến điều gì đã được đánh giá.",
            "It is no criterion of the regulation, so that nobody knows which assessed "
            "matter the task improves.",
        ),
        wrong=Example({"criterion": "phòng cháy"}),
        right=Example({"criterion": "1.10 Đảm bảo an ninh trật tự, an toàn trường học"}),
    ),
    Rule(
        "KD205",
        "criteria.level_not_defined",
        Severity.ERROR,
        Text("Tiêu chí này không có mức đã chọn", "Level not defined for the criterion"),
        Text(
            "Mức cần đạt «{target_level}» không có trong quy định của tiêu chí này.",
            "Target level '{target_level}' is not defined for this criterion.",
        ),
        Text("Chọn lại mức trong danh sách của dòng.", "Choose the level from the row's list."),
        "plan",
        "target_level",
        Filled(_TARGET)
        & ((_KNOWN & ~LevelDefined(_LABEL, _TARGET)) | (~_KNOWN & ~InList(_TARGET, Lists.LEVELS))),
        law=(CRITERIA_2018, CRITERIA_2026),
        stage=Stage.DRAFT,
        why=Text(
            "Không thể đạt một mức mà quy định không đặt ra cho tiêu chí; khi đánh giá sẽ "
            "không có yêu cầu nào để đối chiếu.",
            "A level that the regulation does not set for the criterion cannot be "
            "reached; there is nothing to assess it by.",
        ),
        wrong=Example({"criterion": "1.8 Quản lý các hoạt động giáo dục", "target_level": "Mức 3"}),
        right=Example({"criterion": "1.8 Quản lý các hoạt động giáo dục", "target_level": "Mức 2"}),
    ),
    Rule(
        "KD206",
        "criteria.foreign_standard_title",
        Severity.WARNING,
        Text("Tên tiêu chuẩn không đúng", "Wrong title of a standard"),
        Text(
            "Ghi «Tiêu chuẩn {standard}: {written}», không đúng tên tiêu chuẩn {standard} của quy "
            "định áp dụng.",
            "Calls standard {standard} '{written}', which is not its title in the regulation.",
        ),
        Text(
            "Bỏ hoặc sửa tên tiêu chuẩn; cột Tiêu chuẩn đã ghi tên đúng.",
            "Take it out or mend it; the standard column has the right title.",
        ),
        "plan",
        "notes",
        judge=_foreign_standard_titles,
        not_live=Text(
            "Excel không tìm được tiêu đề trong một đoạn văn.",
            "Excel cannot find a heading in a passage.",
        ),
        law=(CRITERIA_2018, CRITERIA_2026),
        stage=Stage.DRAFT,
        why=Text(
            "Tên tiêu chuẩn của quy định khác hoặc của cấp học khác cho thấy nội dung "
            "có thể được chép từ kế hoạch khác.",
            "The title of another regulation's or school kind's standard suggests that "
            "the text was copied from another plan.",
        ),
        wrong=Example({"notes": "Tiêu chuẩn 5: Nuôi dưỡng trẻ"}),
        right=Example({"notes": "Tiêu chuẩn 5: Hoạt động giáo dục và kết quả giáo dục"}),
    ),
    Rule(
        "KD207",
        "criteria.expected_result_missing",
        Severity.ERROR,
        Text("Thiếu kết quả cần đạt", "No expected result"),
        Text("Chưa ghi kết quả (mục tiêu) cần đạt.", "The expected result is missing."),
        Text(
            "Ghi kết quả cụ thể so với hiện trạng.",
            "Say what will be better than today.",
        ),
        "plan",
        "expected_result",
        RowUsed() & blank(_RESULT),
        why=Text(
            "Không có kết quả cần đạt thì đến cuối năm không thể kết luận công việc đã "
            "hoàn thành hay chưa.",
            "Without an expected result nobody can say at the end of the year whether the "
            "task is done.",
        ),
        wrong=Example({"expected_result": None}),
        right=Example({"expected_result": "100% giáo viên dự giờ ít nhất 02 tiết mỗi tháng"}),
    ),
    Rule(
        "KD208",
        "criteria.expected_result_repeats_title",
        Severity.WARNING,
        Text("Kết quả chỉ chép lại tên tiêu chí", "Expected result repeats the title"),
        Text(
            "Kết quả cần đạt chỉ chép lại tên tiêu chí.",
            "The expected result only repeats the criterion's title.",
        ),
        Text(
            "Ghi kết quả cụ thể so với hiện trạng.",
            "Say what will be better than today.",
        ),
        "plan",
        "expected_result",
        RepeatsTitle(_RESULT, _LABEL),
        stage=Stage.DRAFT,
        why=Text(
            "Tên tiêu chí không cho biết điều gì sẽ tốt hơn hiện trạng, nên không kiểm "
            "tra được kết quả.",
            "The title of a criterion does not say what will be better than today, so the "
            "result cannot be verified.",
        ),
        wrong=Example(
            {
                "criterion": "1.4 Hiệu trưởng, phó hiệu trưởng, tổ chuyên môn và tổ văn phòng",
                "expected_result": "Hiệu trưởng, Phó Hiệu trưởng, tổ chuyên môn, tổ văn phòng",
            }
        ),
        right=Example(
            {
                "criterion": "1.4 Hiệu trưởng, phó hiệu trưởng, tổ chuyên môn và tổ văn phòng",
                "expected_result": "Các tổ có kế hoạch hoạt động tháng và thực hiện đủ",
            }
        ),
    ),
    Rule(
        "KD209",
        "criteria.task_missing",
        Severity.ERROR,
        Text("Thiếu công việc", "No task"),
        Text("Chưa ghi công việc/giải pháp cần thực hiện.", "The task is missing."),
        Text(
            "Ghi công việc cụ thể, hoặc xóa các ô đã điền của dòng.",
            "Write the task, or clear the row.",
        ),
        "plan",
        "task",
        RowUsed() & blank(_TASK),
        why=Text(
            "Dòng không ghi công việc thì người chủ trì không biết phải làm gì.",
            "With no task in the row its lead does not know what to do.",
        ),
        wrong=Example({"task": None}),
        right=Example({"task": "Tổ chức chuyên đề đổi mới phương pháp dạy học"}),
    ),
    Rule(
        "KD210",
        "criteria.task_about_others",
        Severity.WARNING,
        Text("Công việc không đúng đối tượng của tiêu chí", "Task is about somebody else"),
        Text(
            "Tiêu chí nói về {subject} nhưng công việc chỉ nói về {other}.",
            "The criterion is about {subject}, but the task only speaks of {other}.",
        ),
        Text(
            "Kiểm tra lại tiêu chí hoặc nội dung công việc.",
            "Check the criterion or the task.",
        ),
        "plan",
        "task",
        judge=_about_others,
        not_live=Text(
            "Excel không xét được đối tượng của một câu.",
            "Excel cannot tell whom a sentence is about.",
        ),
        stage=Stage.DRAFT,
        why=Text(
            "Công việc cho một đối tượng khác không khắc phục được hạn chế của tiêu chí; "
            "thường do chọn nhầm tiêu chí hoặc lệch dòng.",
            "A task for somebody else does not mend the criterion's weakness; usually the "
            "wrong criterion was chosen or rows shifted.",
        ),
        wrong=Example(
            {
                "criterion": "2.3 Đối với nhân viên",
                "task": "Tạo điều kiện cho học sinh tham gia câu lạc bộ",
            }
        ),
        right=Example(
            {
                "criterion": "2.3 Đối với nhân viên",
                "task": "Bồi dưỡng nhân viên thư viện phục vụ học sinh",
            }
        ),
    ),
    Rule(
        "KD211",
        "criteria.weakness_missing",
        Severity.ERROR,
        Text("Thiếu điểm hạn chế", "No weakness"),
        Text("Vấn đề chưa ghi điểm hạn chế.", "The problem states no weakness."),
        Text("Ghi điểm hạn chế cần khắc phục.", "Write the weakness to mend."),
        "problems",
        "weakness",
        RowUsed() & blank(Field("weakness")),
        forms=("2026",),
        law=(of_form_2026("phần IV"),),
        why=Text(
            "Vấn đề không nêu điểm hạn chế thì không có gì để khắc phục ở phần giải pháp.",
            "A problem without a weakness leaves the measures nothing to mend.",
        ),
        wrong=Example({"weakness": None}),
        right=Example({"weakness": "Hồ sơ minh chứng chưa cập nhật theo từng học kỳ"}),
    ),
    Rule(
        "KD212",
        "criteria.standard_missing",
        Severity.ERROR,
        Text("Thiếu tiêu chuẩn", "No standard"),
        Text(
            "Tiêu chuẩn của vấn đề còn trống hoặc không có trong danh sách.",
            "The problem's standard is missing or not in the list.",
        ),
        Text("Chọn tiêu chuẩn trong danh sách.", "Choose the standard from the list."),
        "problems",
        "standard",
        RowUsed() & ~InList(Field("standard"), Lists.STANDARDS),
        forms=("2026",),
        law=(of_form_2026("phần IV"),),
        why=Text(
            "Vấn đề không gắn với tiêu chuẩn nào thì không đối chiếu được với báo cáo tự đánh giá.",
            "A problem of no standard cannot be held against the self-assessment report.",
        ),
        wrong=Example({"standard": None}),
        right=Example({"standard": "Tiêu chuẩn 1: Quản trị nhà trường và bảo đảm chất lượng"}),
    ),
    Rule(
        "KD213",
        "criteria.not_of_standard",
        Severity.WARNING,
        Text("Tiêu chí không thuộc tiêu chuẩn", "Criterion of another standard"),
        Text(
            "Tiêu chí «{criterion}» không thuộc tiêu chuẩn đã chọn ở cùng dòng.",
            "Criterion '{criterion}' does not belong to the standard chosen in the row.",
        ),
        Text("Chọn lại tiêu chuẩn hoặc tiêu chí.", "Choose the standard or the criterion again."),
        "problems",
        "criterion",
        Filled(_CRITERION)
        & Plain(_CRITERION)
        & (~_KNOWN | (Filled(Field("standard")) & ~CriterionOfStandard(_LABEL, Field("standard")))),
        forms=("2026",),
        stage=Stage.DRAFT,
        why=Text(
            "Tiêu chuẩn và tiêu chí cùng dòng không khớp thì không rõ vấn đề thuộc nội dung nào.",
            "If the standard and the criterion of a row do not agree, nobody knows which "
            "the problem belongs to.",
        ),
        wrong=Example(
            {
                "standard": "Tiêu chuẩn 2: Phát triển đội ngũ",
                "criterion": "4.3 Phối hợp với gia đình, cộng đồng và tổ chức liên quan",
            }
        ),
        right=Example(
            {"standard": "Tiêu chuẩn 2: Phát triển đội ngũ", "criterion": "2.2 Giáo viên"}
        ),
    ),
    Rule(
        "KD214",
        "criteria.current_state_missing",
        Severity.ERROR,
        Text("Thiếu đánh giá hiện trạng", "No current state"),
        Text("Vấn đề chưa ghi đánh giá hiện trạng.", "The problem states no current state."),
        Text("Ghi hiện trạng của nhà trường.", "Describe the current state."),
        "problems",
        "current_state",
        RowUsed() & blank(Field("current_state")),
        forms=("2026",),
        law=(of_form_2026("phần IV"),),
        why=Text(
            "Không biết hiện trạng thì cuối năm không có mốc để so sánh mức độ cải tiến.",
            "Without the current state there is nothing to compare an improvement with.",
        ),
        wrong=Example({"current_state": None}),
        right=Example({"current_state": "Đã có 12/20 giáo viên được bồi dưỡng"}),
    ),
    Rule(
        "KD215",
        "criteria.improvement_content_missing",
        Severity.ERROR,
        Text("Thiếu nội dung cải tiến", "Nothing to improve"),
        Text("Chưa ghi nội dung cải tiến.", "What is improved is missing."),
        Text("Ghi nội dung cải tiến theo phần IV.", "Say what is improved, following part IV."),
        "plan",
        "improvement_content",
        RowUsed() & blank(Field("improvement_content")),
        forms=("2026",),
        law=(of_form_2026("phần V"),),
        why=Text(
            "Phần giải pháp phải cho biết cải tiến nội dung nào đã nêu ở phần vấn đề ưu "
            "tiên; thiếu nội dung này hai phần không nối được với nhau.",
            "The measures must say which priority problem they improve; without it the "
            "two parts do not connect.",
        ),
        wrong=Example({"improvement_content": None}),
        right=Example({"improvement_content": "Nâng cao năng lực chuyển đổi số của giáo viên"}),
    ),
    Rule(
        "KD216",
        "criteria.verdict_not_from_list",
        Severity.ERROR,
        Text("Kết quả tự đánh giá không có trong danh sách", "Verdict not in the list"),
        Text(
            "Kết quả mức {level} không phải Đạt, Không đạt hoặc Không đánh giá.",
            "The verdict on level {level} is not one of the three.",
        ),
        Text("Chọn lại kết quả trong danh sách.", "Choose the verdict from the list."),
        "self_assessment",
        cases=tuple(
            Case(
                f"result_{level}",
                Filled(Field(f"result_{level}"))
                & ~InList(Field(f"result_{level}"), Lists.VERDICTS),
                {"level": str(level)},
            )
            for level in (1, 2, 3, 4)
        ),
        stage=Stage.DRAFT,
        why=Text(
            "Mức đạt được tính từ kết quả từng mức; một từ ngoài danh sách không được tính.",
            "The level reached is computed from the verdicts; a word outside the list "
            "does not count.",
        ),
        wrong=Example({"result_1": "Tốt"}),
        right=Example({"result_1": "Đạt"}),
    ),
    Rule(
        "KD217",
        "criteria.target_below_current",
        Severity.WARNING,
        Text("Mức cần đạt thấp hơn mức hiện tại", "Target below the current level"),
        Text(
            "Mức cần đạt {target_level} thấp hơn mức hiện tại {current_level}.",
            "Target {target_level} is below the current {current_level}.",
        ),
        Text(
            "Chọn mức cần đạt bằng hoặc cao hơn mức hiện tại.",
            "Choose a target at or above the current level.",
        ),
        "plan",
        "target_level",
        LevelDefined(_LABEL, _TARGET) & (LevelNumber(_TARGET) < LevelNumber(_CURRENT)),
        stage=Stage.DRAFT,
        why=Text(
            "Kế hoạch cải tiến không đặt mục tiêu thấp hơn điều đã đạt được.",
            "A plan of improvement does not aim below what has been reached.",
        ),
        wrong=Example(
            {
                "criterion": "1.1 Phương hướng, chiến lược xây dựng và phát triển nhà trường",
                "target_level": "Mức 1",
            },
            rows={"self_assessment": ({"result_1": "Đạt", "result_2": "Đạt"},)},
        ),
        right=Example(
            {
                "criterion": "1.1 Phương hướng, chiến lược xây dựng và phát triển nhà trường",
                "target_level": "Mức 3",
            },
            rows={"self_assessment": ({"result_1": "Đạt", "result_2": "Đạt"},)},
        ),
    ),
    Rule(
        "KD218",
        "criteria.jump_of_levels",
        Severity.WARNING,
        Text("Mức cần đạt vượt quá một mức", "Jump of more than one level"),
        Text(
            "Mức cần đạt {target_level} cao hơn mức hiện tại ({current_level}) quá một mức.",
            "Target {target_level} is more than one level above the current ({current_level}).",
        ),
        Text(
            "Kiểm tra lại tính khả thi, hoặc chọn mức kế tiếp.",
            "Check that it can be done, or choose the next level.",
        ),
        "plan",
        "target_level",
        IsAny(_CURRENT, (NOT_REACHED, *(level_label(n) for n in (1, 2, 3))))
        & (LevelNumber(_TARGET) >= 1)
        & (LevelNumber(_TARGET) <= 3)
        & (LevelNumber(_CURRENT) + 1 < LevelNumber(_TARGET)),
        stage=Stage.DRAFT,
        why=Text(
            "Mức cao đòi hỏi đã đạt các mức thấp hơn; vượt quá một mức trong một kế hoạch "
            "thường không khả thi.",
            "A higher level needs the lower ones first; a jump of more than one level in "
            "one plan is rarely feasible.",
        ),
        wrong=Example(
            {
                "criterion": "1.1 Phương hướng, chiến lược xây dựng và phát triển nhà trường",
                "target_level": "Mức 2",
            },
            rows={"self_assessment": ({"result_1": "Không đạt"},)},
        ),
        right=Example(
            {
                "criterion": "1.1 Phương hướng, chiến lược xây dựng và phát triển nhà trường",
                "target_level": "Mức 1",
            },
            rows={"self_assessment": ({"result_1": "Không đạt"},)},
        ),
    ),
    Rule(
        "KD219",
        "criteria.task_repeated",
        Severity.WARNING,
        Text("Công việc lặp lại", "Task repeated"),
        Text(
            "Công việc này được ghi ở nhiều dòng của kế hoạch.",
            "The same task is in several rows of the plan.",
        ),
        Text(
            "Gộp các dòng, hoặc ghi rõ điểm khác nhau của từng việc.",
            "Join the rows, or say how the tasks differ.",
        ),
        "plan",
        "task",
        Count("plan", (Match("task", own="task"),)) > 1,
        stage=Stage.DRAFT,
        why=Text(
            "Một công việc ghi nhiều lần thì bị giao, theo dõi và tính kinh phí nhiều lần.",
            "A task written several times is assigned, followed and paid for several times.",
        ),
        wrong=Example(
            rows={"plan": ({"task": "Tổ chức chuyên đề"}, {"task": "Tổ chức chuyên đề"})}
        ),
        right=Example(
            rows={
                "plan": (
                    {"task": "Tổ chức chuyên đề môn Toán"},
                    {"task": "Tổ chức chuyên đề môn Ngữ văn"},
                )
            }
        ),
    ),
    Rule(
        "KD220",
        "criteria.evidence_code_malformed",
        Severity.WARNING,
        MALFORMED_TITLE,
        MALFORMED_MESSAGE,
        MALFORMED_REMEDY,
        "self_assessment",
        cases=MALFORMED_CASES,
        law=(CODES_OF_2026,),
        practice=PLAN_OF_2018,
        stage=Stage.DRAFT,
        preview="0.3.0",
        why=MALFORMED_WHY,
        wrong=Example({"evidence": "[H1.1.01]"}),
        right=Example({"evidence": "[H1-1.1-01]; (MC.1.1.02)"}),
    ),
)
