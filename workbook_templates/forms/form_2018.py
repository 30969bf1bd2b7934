"""The 2018 form: the nine-column plan of circulars 17, 18 and 19/2018."""

from __future__ import annotations

from workbook_templates.declare import (
    Column,
    Form,
    Heading,
    Letterhead,
    Lists,
    Passage,
    PrintBand,
    PrintColumn,
    PrintPart,
    PrintTable,
    Rows,
    Sheet,
    TextLines,
    Total,
    Type,
)
from workbook_templates.forms import columns as c
from workbook_templates.forms import sheets as s
from workbook_templates.text import Text

_COVER = s.cover(
    (
        s.long_text(
            "purpose",
            "I.1. Mục đích",
            "I.1. Purpose",
        ),
        s.long_text(
            "requirements",
            "I.2. Yêu cầu",
            "I.2. Requirements",
        ),
        s.long_text(
            "legal_bases",
            "II. Căn cứ xây dựng kế hoạch",
            "II. Grounds of the plan",
            "Báo cáo tự đánh giá, văn bản pháp luật, kết quả năm trước. Mỗi căn cứ một dòng.",
            "Self-assessment report, legal texts, last year's results; one a line.",
            7,
        ),
        s.long_text(
            "organisation_principal",
            "VI.1. Hiệu trưởng - Chủ tịch Hội đồng tự đánh giá",
            "VI.1. Principal, chair of the self-assessment council",
        ),
        s.long_text(
            "organisation_council",
            "VI.2. Thành viên Hội đồng tự đánh giá",
            "VI.2. Members of the self-assessment council",
        ),
        s.long_text(
            "organisation_supervision",
            "VI.3. Tổ giám sát kế hoạch cải tiến chất lượng",
            "VI.3. Supervision team",
            "Báo cáo định kỳ và kiến nghị dựa trên kết quả giám sát.",
            "Periodic reports and proposals.",
            3,
        ),
        s.long_text(
            "organisation_staff",
            "VI.4. Cán bộ, giáo viên, nhân viên",
            "VI.4. Staff",
        ),
        s.long_text(
            "review_reporting",
            "Kiểm tra, đánh giá và báo cáo",
            "Review and reporting",
            "Thời điểm sơ kết, tổng kết và nơi báo cáo.",
            "When the plan is reviewed, and to whom it is reported.",
            3,
        ),
    ),
)

_PLAN = Sheet(
    "plan",
    "Kế hoạch",
    Text("III. NỘI DUNG KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC", "III. CONTENT OF THE PLAN"),
    Text(
        "Mỗi dòng một công việc, theo thứ tự các cột của biểu mẫu. Có thể dán từ Word, Excel. Cột "
        "«Tình trạng» cho biết dòng còn thiếu gì: ô còn thiếu có màu cam nhạt, ô chưa đúng có màu "
        "đỏ.",
        "One task a row, in the order of the form's columns. Pasting from Word or Excel works. The "
        "status says what a row still needs: cells that are missing are pale orange, wrong ones "
        "red.",
    ),
    columns=(
        c.STATUS,
        c.NUMBER,
        c.CRITERION_LABEL,
        *c.under(
            Text("Tiêu chuẩn, tiêu chí", "Standard, criterion"),
            Column(
                "criterion",
                Text("Tiêu chí", "Criterion"),
                Text(
                    "Gõ mã, ví dụ 1.4 (tiêu chí mức 4: M4.1), hoặc chọn trong danh sách. Muốn kéo "
                    "xuống nhiều dòng thì chọn.",
                    "Type the code, such as 1.4 (of level 4: M4.1), or choose from the list. To "
                    "drag it down, choose.",
                ),
                26,
                Type.CHOICE,
                required=True,
                choices=Lists.CRITERIA,
            ),
            c.TARGET_LEVEL,
        ),
        Column(
            "expected_result",
            Text("Kết quả cần đạt (so với hiện trạng)", "Expected result"),
            Text(
                "Kết quả cụ thể so với hiện trạng, không chép lại tên tiêu chí.",
                "The result compared with today; not the criterion's title again.",
            ),
            32,
            required=True,
        ),
        c.TASK,
        *c.under(
            Text("Chủ trì và phối hợp thực hiện", "Lead and coordination"), c.LEAD, c.COORDINATION
        ),
        *c.under(
            Text("Thời gian thực hiện và hoàn thành", "Time"), c.RECURRENCE, c.START, c.DEADLINE
        ),
        *c.under(Text("Dự kiến kinh phí", "Budget"), c.BUDGET, c.FUNDING_SOURCE),
        Column(
            "support_conditions",
            Text("Điều kiện hỗ trợ khác", "Support conditions"),
            Text("Điều kiện hỗ trợ ngoài kinh phí.", "Support other than money."),
            22,
        ),
        c.NOTES,
        c.PRINT_ORDER,
        c.STANDARD,
        c.BAND,
        c.CURRENT_LEVEL,
        c.CHECK,
    ),
    rows=Rows.PLAN,
    frozen_columns=3,
)

CODES = "[H1-1.1-01]"
"""An evidence code as the plans on this form spell it."""
_WEAKNESSES = Column(
    "weaknesses",
    Text("Điểm yếu", "Weaknesses"),
    c.NOTHING,
    32,
    former=("Điểm yếu (hạn chế)",),
)

_PRINT_PLAN = PrintTable(
    "III. NỘI DUNG KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC",
    "plan",
    (
        PrintColumn("TT", (PrintPart("no"),), centred=True),
        PrintColumn(
            "Tiêu chuẩn, tiêu chí", (PrintPart("criterion_label", "Tiêu chí ", once=True),)
        ),
        PrintColumn("Kết quả cần đạt (so với hiện trạng)", (PrintPart("expected_result"),)),
        PrintColumn("Công việc/giải pháp cần thực hiện", (PrintPart("task"),)),
        PrintColumn("Chủ trì và phối hợp thực hiện", c.PRINT_WHO),
        PrintColumn("Thời gian thực hiện và hoàn thành", c.PRINT_WHEN),
        PrintColumn("Dự kiến kinh phí", c.PRINT_MONEY),
        PrintColumn("Điều kiện hỗ trợ khác", (PrintPart("support_conditions"),)),
        PrintColumn("Ghi chú", (PrintPart("notes"),)),
    ),
    bands=(PrintBand("band", capitals=True), PrintBand("standard")),
    ordered=True,
)

_PRINT = s.print_out(
    (4, 14.5, 16.5, 25.5, 12.5, 11.5, 12, 10, 8.5),
    Letterhead(),
    TextLines(
        (
            Heading("I. MỤC ĐÍCH, YÊU CẦU"),
            Passage("1. Mục đích", "purpose"),
            Passage("2. Yêu cầu", "requirements"),
            Passage("II. CĂN CỨ XÂY DỰNG KẾ HOẠCH", "legal_bases"),
        )
    ),
    _PRINT_PLAN,
    TextLines(
        (
            Total("Tổng kinh phí dự kiến (phần III)", "budget"),
            Heading("VI. TỔ CHỨC THỰC HIỆN"),
            Passage("1. Hiệu trưởng - Chủ tịch Hội đồng tự đánh giá", "organisation_principal"),
            Passage("2. Các thành viên của Hội đồng tự đánh giá", "organisation_council"),
            Passage("3. Tổ giám sát kế hoạch cải tiến chất lượng", "organisation_supervision"),
            Passage("4. Cán bộ, giáo viên, nhân viên của trường", "organisation_staff"),
            Passage("5. Kiểm tra, đánh giá và báo cáo", "review_reporting", optional=True),
            s.CLOSING,
        ),
        signature=True,
    ),
)

FORM_2018 = Form(
    "2018",
    Text("Mẫu 2018 (bảng 9 cột)", "2018 form (nine columns)"),
    (
        s.GUIDE,
        _COVER,
        s.self_assessment((1, 2, 3, 4), _WEAKNESSES, CODES),
        _PLAN,
        s.progress(None, Text("Tổ giám sát", "The supervision team"), CODES),
        _PRINT,
        s.LISTS,
        s.CHECKS,
        s.STAMP,
    ),
    "Three published plans print the nine columns identically; the ministry's letter was not seen.",
)
