"""Rules on leads: the unit that answers for a task."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from macros_free_validation.expression import (
    Count,
    Field,
    Filled,
    HasWord,
    InList,
    IsNumber,
    KeyKind,
    Limit,
    Match,
    RowUsed,
    blank,
)
from macros_free_validation.law import PLAN_OF_2018, of_form_2026
from macros_free_validation.rule import (
    FOR_THE_DISTRICT,
    Case,
    Example,
    ExampleValue,
    Rule,
    Severity,
    Stage,
)
from workbook_templates.declare import Lists
from workbook_templates.text import Text

_LEAD = Field("lead")
_LISTED = InList(_LEAD, Lists.UNITS)

OUTSIDE_BODIES = (
    "UBND",
    "Ủy ban nhân dân",
    "Uỷ ban nhân dân",
    "HĐND",
    "Đảng ủy",
    "Phòng GD",
    "PGD",
    "Phòng Giáo dục",
    "Phòng Văn hóa",
    "Sở GD",
    "SGD",
    "Sở Giáo dục",
    "Công an",
    "Trạm y tế",
)
"""Words that name a body outside the school, which cannot answer for its plan."""

SEVERAL = (",", ";", "/", "+", " và ", " - ")
"""Separators of several units in one cell; a line break counts as a semicolon."""

TIMES_AND_AMOUNTS = (
    "tháng",
    "trong năm",
    "năm học",
    "hằng năm",
    "hàng năm",
    "học kỳ",
    "học kì",
    "triệu",
    "nghìn đồng",
    "000 đồng",
    "000đ",
)
"""Words that belong in the time or money columns."""

MOST_DUE = Limit(
    "most_due",
    8,
    1,
    1000,
    Text(
        "Số công việc nhiều nhất của một bộ phận đến hạn trong một tháng",
        "Tasks of one lead due in one month, at most",
    ),
)

_DUE: Mapping[str, ExampleValue] = {"lead": "Kế toán", "deadline": date(2021, 5, 31)}

_SHIFTED = IsNumber(_LEAD) | HasWord(_LEAD, TIMES_AND_AMOUNTS)
_OUTSIDE = HasWord(_LEAD, OUTSIDE_BODIES)
_SEVERAL = HasWord(_LEAD, SEVERAL)

RULES = (
    Rule(
        "KD301",
        "leads.missing",
        Severity.ERROR,
        Text("Thiếu người chủ trì", "No lead"),
        Text("Chưa có bộ phận chủ trì.", "Nobody leads the task."),
        Text(
            "Chọn một bộ phận chủ trì trong danh sách.",
            "Choose the unit that answers for the task.",
        ),
        "plan",
        "lead",
        RowUsed() & blank(_LEAD),
        law=(of_form_2026("phần V"),),
        practice=PLAN_OF_2018,
        why=Text(
            "Việc không có bộ phận chủ trì thì không ai chịu trách nhiệm thực hiện và báo "
            "cáo kết quả.",
            "If nobody leads a task, nobody answers for doing it or for reporting on it.",
        ),
        wrong=Example({"lead": None}),
        right=Example({"lead": "Ban Giám hiệu"}),
    ),
    Rule(
        "KD302",
        "leads.not_in_list",
        Severity.WARNING,
        Text("Chủ trì không có trong danh mục", "Lead not in the school's list"),
        Text(
            "Chủ trì «{lead}» không có trong danh mục của trường.",
            "Lead '{lead}' is not in the school's list.",
        ),
        Text(
            "Chọn lại trong danh sách, hoặc bổ sung vào trang Danh mục.",
            "Choose from the list, or add the unit on the lists sheet.",
        ),
        "plan",
        "lead",
        Filled(_LEAD) & ~_LISTED & ~_SHIFTED & ~_OUTSIDE & ~_SEVERAL,
        stage=Stage.DRAFT,
        why=Text(
            "Tên bộ phận ngoài danh mục của trường có thể được chép từ kế hoạch của nơi "
            "khác, và không lọc được công việc theo bộ phận.",
            "A unit that is not in the school's list may come from another school's plan, "
            "and tasks cannot be filtered by it.",
        ),
        wrong=Example({"lead": "Ban trung tâm"}),
        right=Example({"lead": "Tổ chuyên môn"}),
    ),
    Rule(
        "KD303",
        "leads.outside_body",
        Severity.WARNING,
        Text("Chủ trì là cơ quan ngoài trường", "Lead is an outside body"),
        Text(
            "Chủ trì «{lead}» có cơ quan ngoài nhà trường.",
            "Lead '{lead}' names a body outside the school.",
        ),
        Text(
            "Chọn một bộ phận của trường chủ trì; ghi cơ quan ngoài ở cột Phối hợp.",
            "Choose a unit of the school; put the outside body under coordination.",
        ),
        "plan",
        "lead",
        _OUTSIDE,
        stage=Stage.DRAFT,
        why=Text(
            "Nhà trường không giao việc được cho cơ quan ngoài trường; các cơ quan đó "
            "phối hợp hoặc hỗ trợ, không chịu trách nhiệm về kế hoạch của trường.",
            "A school cannot assign work to an outside body; such a body takes part or "
            "helps but does not answer for the school's plan.",
        ),
        wrong=Example({"lead": "UBND phường"}),
        right=Example({"lead": "Hiệu trưởng", "coordination": "UBND phường"}),
    ),
    Rule(
        "KD304",
        "leads.several",
        Severity.WARNING,
        Text("Nhiều bộ phận chủ trì trong một ô", "Several leads in one cell"),
        Text(
            "Ô chủ trì «{lead}» ghi nhiều bộ phận.",
            "The lead cell '{lead}' names several units.",
        ),
        Text(
            "Chọn một bộ phận chịu trách nhiệm chính; các bộ phận khác ghi ở cột Phối hợp.",
            "Choose the one that answers for it; put the others under coordination.",
        ),
        "plan",
        "lead",
        _SEVERAL & ~_LISTED & ~_SHIFTED,
        stage=Stage.DRAFT,
        why=Text(
            "Nhiều bộ phận cùng chủ trì thì không rõ ai chịu trách nhiệm chính khi công việc chậm.",
            "With several leads nobody knows who answers for a task that is late.",
        ),
        wrong=Example({"lead": "Hiệu trưởng, kế toán"}),
        right=Example({"lead": "Hiệu trưởng", "coordination": "Kế toán"}),
    ),
    Rule(
        "KD305",
        "leads.holds_time_or_amount",
        Severity.ERROR,
        Text("Ô chủ trì ghi thời gian hoặc số tiền", "Lead cell holds a time or an amount"),
        Text(
            "Ô chủ trì ghi «{lead}», là thời gian hoặc số tiền; có thể dòng bị lệch cột.",
            "The lead cell says '{lead}', a time or an amount; the row may have shifted.",
        ),
        Text(
            "Chuyển nội dung về đúng cột và chọn bộ phận chủ trì.",
            "Move the contents to their columns and choose the lead.",
        ),
        "plan",
        "lead",
        _SHIFTED & ~_LISTED,
        stage=Stage.DRAFT,
        why=Text(
            "Có kế hoạch thực tế ghi thời gian hoặc số tiền ở ô chủ trì vì dòng bị lệch "
            "cột; khi đó công việc không có người chủ trì và các cột bên cạnh cũng có thể "
            "sai.",
            "In real plans a time or an amount was in the lead cell because the row had "
            "shifted; the task then has no lead, and its neighbours may be wrong too.",
        ),
        wrong=Example({"lead": "Trong năm học"}),
        right=Example({"lead": "Tổ chuyên môn", "recurrence": "Thường xuyên"}),
    ),
    Rule(
        "KD306",
        "leads.too_much_due",
        Severity.WARNING,
        Text("Một bộ phận có quá nhiều việc đến hạn", "One lead with too much due in a month"),
        Text(
            "«{lead}» có trên {most} công việc cùng đến hạn trong tháng của ngày {deadline}.",
            "'{lead}' has more than {most} tasks due in the month of {deadline}.",
        ),
        Text(
            "Giãn thời hạn, hoặc giao bớt cho bộ phận khác.",
            "Spread the deadlines, or give some tasks to others.",
        ),
        "plan",
        cases=(
            Case(
                "deadline",
                MOST_DUE
                < Count(
                    "plan",
                    (
                        Match("lead", own="lead"),
                        Match("deadline_meant", KeyKind.MONTH, own="deadline_meant"),
                    ),
                ),
                {"most": MOST_DUE},
            ),
        ),
        not_live=FOR_THE_DISTRICT,
        stage=Stage.DISTRICT,
        why=Text(
            "Quá nhiều việc cùng đến hạn trong một tháng thì một bộ phận khó hoàn thành "
            "đúng hạn; thường do các dòng chép cùng một thời hạn.",
            "With too much due in one month a unit can hardly keep its deadlines; often "
            "one date was copied down the rows.",
        ),
        wrong=Example(rows={"plan": (_DUE,) * 9}),
        right=Example(rows={"plan": (_DUE,) * 8}),
    ),
)
