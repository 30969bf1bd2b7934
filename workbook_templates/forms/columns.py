"""Columns that both forms share, each declared once."""

from __future__ import annotations

from dataclasses import replace

from workbook_templates.declare import Column, Edge, Lists, PrintPart, Type
from workbook_templates.text import Text

NOTHING = Text("", "")
"""The help of a column whose heading says everything: it gets no prompt."""
STATUS = Column(
    "status",
    Text("Tình trạng", "Status"),
    Text(
        "Máy tự động điền: dấu ✓ khi dòng đã đủ và đúng, hoặc những điều cần sửa.",
        "Fills itself: a check mark when the row is complete and right, or what to mend.",
    ),
    22,
    derived="status",
)
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
CRITERION_HELP = Text(
    "Gõ mã, ví dụ 1.4, hoặc chọn trong danh sách. Muốn kéo xuống nhiều dòng thì chọn.",
    "Type the code, such as 1.4, or choose from the list. To drag it down, choose.",
)
CRITERION_LABEL = Column(
    "criterion_label",
    Text("Tên tiêu chí", "Criterion by name"),
    Text(
        "Máy tự động điền theo mã đã gõ hoặc tiêu chí đã chọn ở cùng dòng.",
        "Fills itself from the code or the choice in the row.",
    ),
    20,
    derived="criterion_label",
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
        "Gõ số, ví dụ 2, hoặc chọn trong danh sách. Muốn kéo xuống nhiều dòng thì chọn.",
        "Type the number, such as 2, or choose from the list. To drag it down, choose.",
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
    NOTHING,
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
        "Gõ ngày/tháng/năm, hoặc tháng, quý và năm (hiểu là ngày đầu).",
        "Type day/month/year, or month or quarter and year, which means its first day.",
    ),
    11.5,
    Type.DATE,
    edge=Edge.FIRST,
)
DEADLINE = Column(
    "deadline",
    Text("Hoàn thành", "Deadline"),
    Text(
        "Gõ ngày/tháng/năm, hoặc tháng, quý và năm (hiểu là ngày cuối), hoặc «hết năm học».",
        "Type day/month/year, or month or quarter and year, which means its last day, or «hết năm "
        "học», the end of the plan.",
    ),
    11.5,
    Type.DATE,
    required=True,
    edge=Edge.LAST,
)
BUDGET = Column(
    "budget",
    Text("Dự kiến kinh phí (đồng)", "Budget (VND)"),
    Text(
        "Gõ số tiền bằng đồng, ví dụ 81.000.000, «81 triệu», «1,5 tỷ»; không cần tiền thì gõ "
        "«Không».",
        "Type the amount in VND, such as 81.000.000 or «81 triệu»; «Không» for none.",
    ),
    15,
    Type.MONEY,
)
FUNDING_SOURCE = Column(
    "funding_source",
    Text("Nguồn kinh phí", "Funding source"),
    NOTHING,
    16,
    Type.CHOICE,
    choices=Lists.FUNDING_SOURCES,
)
NOTES = Column(
    "notes",
    Text("Ghi chú", "Notes"),
    NOTHING,
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
        "Máy tự động điền: toàn văn những điều còn thiếu hoặc chưa đúng của dòng.",
        "Fills itself: in full words, what is missing or wrong in the row.",
    ),
    36,
    derived="check",
)


def under(official: Text, *columns: Column) -> tuple[Column, ...]:
    """Return fields that together are one official column, under its heading."""
    return tuple(replace(column, under=official) for column in columns)


PRINT_WHO = (PrintPart("lead"), PrintPart("coordination", "Phối hợp: "))
PRINT_WHEN = (
    PrintPart("recurrence"),
    PrintPart("start", "Từ "),
    PrintPart("deadline", "Đến "),
)
PRINT_MONEY = (PrintPart("budget", after=" đồng"), PrintPart("funding_source"))
"""Parts of official columns that both printed forms have."""
