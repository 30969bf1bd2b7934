"""Columns that both forms share, each declared once."""

from __future__ import annotations

from workbook_templates.declare import Column, Lists, PrintPart, Type
from workbook_templates.text import Text

NUMBER = Column(
    "no",
    Text("TT", "No."),
    Text("Số thứ tự, máy tự động điền khi dòng có nội dung.", "Number; fills itself."),
    5,
    derived="row_number",
)
PLAN_NUMBER = Column(
    "no",
    Text("TT", "No."),
    Text("Số thứ tự của công việc trong kế hoạch.", "Number of the task in the plan."),
    5,
    derived="plan_number",
)
STANDARD = Column(
    "standard",
    Text("Tiêu chuẩn", "Standard"),
    Text("Máy tự động điền theo tiêu chí.", "Fills itself from the criterion."),
    20,
    derived="standard_of_criterion",
)
BAND = Column(
    "band",
    Text("Nhóm mức", "Level band"),
    Text("Máy tự động điền: Mức 1, 2, 3 hoặc Mức 4.", "Fills itself: levels 1, 2, 3 or level 4."),
    10,
    derived="band_of_criterion",
)
CURRENT_LEVEL = Column(
    "current_level",
    Text("Mức hiện tại", "Current level"),
    Text(
        "Máy tự động điền từ trang «Tự đánh giá».",
        "Fills itself from the self-assessment.",
    ),
    10,
    derived="current_level",
)
TARGET_LEVEL = Column(
    "target_level",
    Text("Mức cần đạt", "Target level"),
    Text(
        "Chọn mức cần đạt. Danh sách chỉ gồm các mức của tiêu chí đã chọn ở cùng dòng.",
        "Choose the level aimed at; the list holds the levels of the row's criterion only.",
    ),
    10,
    Type.CHOICE,
    choices=Lists.LEVELS_OF_CRITERION,
    parent="criterion",
)
TASK = Column(
    "task",
    Text("Công việc/giải pháp cần thực hiện", "Task"),
    Text(
        "Mỗi dòng ghi một công việc. Tiêu chí có nhiều công việc thì dùng nhiều dòng.",
        "One task a row; use several rows for a criterion with several tasks.",
    ),
    38,
    required=True,
)
LEAD = Column(
    "lead",
    Text("Chủ trì", "Lead"),
    Text(
        "Chọn một bộ phận chịu trách nhiệm chính. Thêm bộ phận mới ở trang «Danh mục».",
        "Choose the one unit that answers for the task; add units on the lists sheet.",
    ),
    18,
    Type.CHOICE,
    required=True,
    choices=Lists.UNITS,
)
COORDINATION = Column(
    "coordination",
    Text("Phối hợp", "Coordination"),
    Text("Các bộ phận cùng thực hiện.", "The units that take part."),
    20,
)
RECURRENCE = Column(
    "recurrence",
    Text("Tần suất", "Recurrence"),
    Text(
        "Chọn tần suất. Việc lặp lại cũng cần có ngày hoàn thành (ngày kết thúc).",
        "Choose how often; a recurring task needs a deadline too (its end).",
    ),
    12,
    Type.CHOICE,
    choices=Lists.RECURRENCES,
)
START = Column(
    "start",
    Text("Bắt đầu", "Start"),
    Text(
        "Gõ ngày/tháng/năm, ví dụ 05/09/2026, trong thời gian của kế hoạch.",
        "Type day/month/year, within the plan's period.",
    ),
    11.5,
    Type.DATE,
)
DEADLINE = Column(
    "deadline",
    Text("Hoàn thành", "Deadline"),
    Text(
        "Gõ ngày/tháng/năm, ví dụ 31/05/2027, trong thời gian của kế hoạch.",
        "Type day/month/year, within the plan's period.",
    ),
    11.5,
    Type.DATE,
    required=True,
)
BUDGET = Column(
    "budget",
    Text("Dự kiến kinh phí (đồng)", "Budget (đồng)"),
    Text(
        "Gõ số tiền bằng đồng, chỉ gõ chữ số. Ví dụ 81 triệu đồng gõ 81000000.",
        "Type the amount in đồng, digits only.",
    ),
    15,
    Type.MONEY,
)
FUNDING_SOURCE = Column(
    "funding_source",
    Text("Nguồn kinh phí", "Funding source"),
    Text("Chọn nguồn kinh phí.", "Choose the source of funds."),
    16,
    Type.CHOICE,
    choices=Lists.FUNDING_SOURCES,
)
NOTES = Column(
    "notes",
    Text("Ghi chú", "Notes"),
    Text("Ghi thêm nếu cần.", "Anything else."),
    20,
)
PRINT_ORDER = Column(
    "print_order",
    Text("Thứ tự in", "Printed as no."),
    Text(
        "Để trống thì công việc in theo tiêu chí. Ghi số để in trước: 1, 2, 3…",
        "Left blank, tasks are printed by criterion. A number puts a task first: 1, 2, 3…",
    ),
    8,
    Type.INTEGER,
)
CHECK = Column(
    "check",
    Text("Kiểm tra", "Check"),
    Text(
        "Máy tự động điền: điều còn thiếu hoặc chưa đúng của dòng. Để trống là không có vấn đề.",
        "Fills itself: what is missing or wrong in the row; empty when fine.",
    ),
    36,
    derived="check",
)

PRINT_WHO = (PrintPart("lead"), PrintPart("coordination", "Phối hợp: "))
PRINT_WHEN = (
    PrintPart("recurrence"),
    PrintPart("start", "Từ "),
    PrintPart("deadline", "Đến "),
)
PRINT_MONEY = (PrintPart("budget", after=" đồng"), PrintPart("funding_source"))
"""Parts of official columns that both printed forms have."""
