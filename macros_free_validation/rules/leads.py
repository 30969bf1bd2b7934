"""Leads: who answers for a task."""

from __future__ import annotations

from macros_free_validation.expression import (
    Count,
    Field,
    Filled,
    HasWord,
    InList,
    IsNumber,
    KeyKind,
    Match,
    Number,
    RowUsed,
    blank,
)
from macros_free_validation.rule import Case, Rule, Severity, Stage
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
"""What separates several units in one cell; a line break counts as a semicolon."""

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

MOST_DUE = 8
"""Tasks that one unit can be expected to finish in one month."""

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
        source="Mẫu 2018, cột Chủ trì; Biểu 2 Thông tư 57/2026, cột Đơn vị/cá nhân phụ trách",
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
            "Chọn lại trong danh sách, hoặc bổ sung vào sheet Danh mục.",
            "Choose from the list, or add the unit on the lists sheet.",
        ),
        "plan",
        "lead",
        Filled(_LEAD) & ~_LISTED & ~_SHIFTED & ~_OUTSIDE & ~_SEVERAL,
        stage=Stage.DRAFT,
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
                Number(MOST_DUE)
                < Count(
                    "plan",
                    (
                        Match("lead", own="lead"),
                        Match("deadline", KeyKind.MONTH, own="deadline"),
                    ),
                ),
                {"most": str(MOST_DUE)},
            ),
        ),
        stage=Stage.DISTRICT,
    ),
)
