"""The 2026 form: Biểu 2 (Mẫu số 2), Phụ lục V, Điều 10 of circular 57/2026."""

from __future__ import annotations

from workbook_templates.declare import (
    Column,
    Form,
    Grid,
    GridColumn,
    Heading,
    Letterhead,
    Lists,
    Passage,
    PrintColumn,
    PrintGrid,
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
            "legal_bases",
            "II. Căn cứ xây dựng kế hoạch",
            "II. Grounds of the plan",
            "Báo cáo tự đánh giá, kết quả rà soát năm trước, kế hoạch năm học, văn bản pháp luật.",
            "Self-assessment report, review of last year, the year's plan, legal texts.",
            7,
        ),
        s.long_text(
            "purpose",
            "III.1. Mục đích",
            "III.1. Purpose",
        ),
        s.long_text(
            "requirements",
            "III.2. Yêu cầu",
            "III.2. Requirements",
            "Tập trung vào các vấn đề ưu tiên, không xây dựng cho toàn bộ tiêu chí.",
            "Priority problems only, not every criterion.",
        ),
        s.long_text(
            "organisation_principal",
            "VII.1. Người đứng đầu cơ sở giáo dục",
            "VII.1. Head of the institution",
        ),
        s.long_text(
            "organisation_council",
            "VII.2. Hội đồng tự đánh giá",
            "VII.2. Self-assessment council",
        ),
        s.long_text(
            "organisation_staff",
            "VII.3. Các tổ chuyên môn và bộ phận liên quan",
            "VII.3. Units concerned",
        ),
        s.long_text(
            "review_reporting",
            "VIII. Cơ chế đánh giá và báo cáo",
            "VIII. Review and reporting",
            "Rà soát ít nhất 02 lần trong năm học; nơi báo cáo; công khai.",
            "Reviewed at least twice a year; to whom it is reported; publication.",
            3,
        ),
    ),
    ownership=True,
)

_PROBLEMS = Sheet(
    "problems",
    "Vấn đề",
    Text("IV. TÓM TẮT CÁC VẤN ĐỀ TRỌNG TÂM CẦN CẢI TIẾN", "IV. PRIORITY PROBLEMS"),
    Text(
        "Chỉ nêu các vấn đề ưu tiên, mỗi dòng một vấn đề.",
        "Priority problems only, one a row.",
    ),
    columns=(
        c.STATUS,
        c.NUMBER,
        c.CRITERION_LABEL,
        Column(
            "standard",
            Text("Tiêu chuẩn", "Standard"),
            c.NOTHING,
            28,
            Type.CHOICE,
            required=True,
            choices=Lists.STANDARDS,
        ),
        Column(
            "criterion",
            Text("Tiêu chí liên quan (nếu có)", "Criterion (if any)"),
            c.CRITERION_HELP,
            28,
            Type.CHOICE,
            choices=Lists.CRITERIA,
        ),
        Column(
            "current_state",
            Text("Đánh giá hiện trạng", "Current state"),
            c.NOTHING,
            34,
            required=True,
        ),
        Column(
            "weakness",
            Text("Điểm hạn chế", "Weakness"),
            c.NOTHING,
            34,
            required=True,
        ),
        Column(
            "cause",
            Text("Nguyên nhân của hạn chế", "Cause"),
            c.NOTHING,
            34,
        ),
        c.CHECK,
    ),
    rows=Rows.PROBLEMS,
    frozen_columns=3,
)

_PLAN = Sheet(
    "plan",
    "Kế hoạch",
    Text("V. KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG", "V. QUALITY IMPROVEMENT PLAN"),
    Text(
        "Mỗi dòng một hoạt động/giải pháp, theo thứ tự các cột của Biểu 2. Có thể dán từ Word, "
        "Excel. Cột «Tình trạng» cho biết dòng còn thiếu gì: ô còn thiếu có màu cam nhạt, ô chưa "
        "đúng có màu đỏ.",
        "One activity a row, in the order of the columns of Biểu 2. Pasting from Word or Excel "
        "works. The status says what a row still needs: cells that are missing are pale orange, "
        "wrong ones red.",
    ),
    columns=(
        c.STATUS,
        c.NUMBER,
        c.CRITERION_LABEL,
        *c.under(
            Text("Nội dung cải tiến", "What is improved"),
            Column(
                "improvement_content",
                Text("Nội dung cải tiến (theo phần IV)", "What is improved (part IV)"),
                c.NOTHING,
                28,
                required=True,
                former=("Nội dung cải tiến",),
            ),
            Column(
                "criterion",
                Text("Tiêu chí liên quan (nếu có)", "Criterion (if any)"),
                c.CRITERION_HELP,
                26,
                Type.CHOICE,
                choices=Lists.CRITERIA,
            ),
            c.TARGET_LEVEL,
        ),
        Column(
            "expected_result",
            Text("Mục tiêu cải tiến", "Objective"),
            Text(
                "Mục tiêu cụ thể, đo được; không chép lại tên tiêu chí.",
                "A concrete objective that can be measured.",
            ),
            30,
            required=True,
        ),
        Column(
            c.TASK.field,
            Text("Hoạt động/giải pháp", "Activity"),
            c.TASK.help,
            c.TASK.width,
            required=True,
        ),
        Column(
            "indicator",
            Text("Chỉ số đánh giá kết quả", "Indicator"),
            Text("Chỉ số cho biết mục tiêu đã đạt.", "What shows that the objective is met."),
            24,
        ),
        *c.under(Text("Thời gian thực hiện", "Time"), c.RECURRENCE, c.START, c.DEADLINE),
        *c.under(Text("Đơn vị/cá nhân phụ trách", "Who answers for it"), c.LEAD, c.COORDINATION),
        *c.under(
            Text("Nguồn lực bảo đảm", "Resources"),
            c.BUDGET,
            c.FUNDING_SOURCE,
            Column(
                "support_conditions",
                Text("Nguồn lực bảo đảm khác", "Other resources"),
                Text("Nhân lực, cơ sở vật chất, phối hợp.", "Staff, equipment, partners."),
                22,
            ),
        ),
        *c.under(
            Text("Thông tin, dữ liệu hoặc minh chứng dự kiến", "Planned evidence"),
            Column(
                "planned_evidence",
                Text("Minh chứng dự kiến", "Planned evidence"),
                Text("Minh chứng sẽ có khi hoàn thành.", "Evidence there will be when done."),
                24,
                former=("Thông tin, dữ liệu hoặc minh chứng dự kiến",),
            ),
            c.NOTES,
        ),
        c.PRINT_ORDER,
        c.STANDARD,
        c.CURRENT_LEVEL,
        c.CHECK,
    ),
    rows=Rows.PLAN,
    frozen_columns=3,
)

_REVIEWS = Grid(
    Text(
        "VI. Theo dõi và đánh giá thực hiện (giám sát nội bộ)",
        "VI. Monitoring and review (internal supervision)",
    ),
    (
        ("term_1", Text("Cuối học kỳ I", "End of term 1")),
        ("year_end", Text("Cuối năm học", "End of the school year")),
    ),
    (
        GridColumn("review_content", Text("Nội dung theo dõi", "What was monitored"), span=3),
        GridColumn("review_result", Text("Kết quả thực hiện", "Result"), span=4),
        GridColumn("review_change", Text("Điều chỉnh (nếu có)", "Change (if any)"), span=2),
        GridColumn("reviewer", Text("Người đánh giá", "Reviewer"), span=1),
    ),
    2,
    lines=3,
)

CODES = "(MC.1.1.01, MC.1.1.02)"
"""Evidence codes as Phụ lục IV of circular 57/2026 spells them: several in one bracket."""
_WEAKNESSES = Column(
    "weaknesses",
    Text("Điểm hạn chế", "Weaknesses"),
    c.NOTHING,
    32,
    former=("Điểm yếu (hạn chế)",),
)

_PRINT_PROBLEMS = PrintTable(
    "IV. TÓM TẮT CÁC VẤN ĐỀ TRỌNG TÂM CẦN CẢI TIẾN",
    "problems",
    (
        PrintColumn("TT", (PrintPart("no"),), centred=True),
        PrintColumn("Tiêu chuẩn", (PrintPart("standard", once=True),)),
        PrintColumn("Tiêu chí liên quan (nếu có)", (PrintPart("criterion_label"),)),
        PrintColumn("Đánh giá hiện trạng", (PrintPart("current_state"),), 2),
        PrintColumn("Điểm hạn chế", (PrintPart("weakness"),), 2),
        PrintColumn("Nguyên nhân của hạn chế", (PrintPart("cause"),), 3),
    ),
)

_PRINT_PLAN = PrintTable(
    "V. KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG",
    "plan",
    (
        PrintColumn("TT", (PrintPart("no"),), centred=True),
        PrintColumn(
            "Nội dung cải tiến",
            (
                PrintPart("improvement_content", once=True),
                PrintPart("standard", once=True),
                PrintPart("criterion_label", "Tiêu chí ", once=True),
            ),
        ),
        PrintColumn("Mục tiêu cải tiến", (PrintPart("expected_result"),)),
        PrintColumn("Hoạt động/giải pháp", (PrintPart("task"),)),
        PrintColumn("Chỉ số đánh giá kết quả", (PrintPart("indicator"),)),
        PrintColumn("Thời gian thực hiện", c.PRINT_WHEN),
        PrintColumn("Đơn vị/cá nhân phụ trách", c.PRINT_WHO),
        PrintColumn("Nguồn lực bảo đảm", (*c.PRINT_MONEY, PrintPart("support_conditions"))),
        PrintColumn(
            "Thông tin, dữ liệu hoặc minh chứng dự kiến",
            (PrintPart("planned_evidence"), PrintPart("notes", "Ghi chú: ")),
        ),
        PrintColumn(
            "Mức độ thực hiện",
            (
                PrintPart("progress_state", sheet="progress"),
                PrintPart("percent", after="%", sheet="progress"),
            ),
        ),
    ),
    numbered=True,
    ordered=True,
)

_PRINT = s.print_out(
    (4, 13, 14, 18, 11.5, 11, 11.5, 11.5, 11.5, 9),
    Letterhead(),
    TextLines(
        (
            Heading("I. THÔNG TIN CHUNG"),
            Passage("Tên cơ sở giáo dục", "school_name", inline=True),
            Passage("Loại hình", "ownership", inline=True),
            Passage("Địa chỉ", "address", inline=True),
            Passage("II. CĂN CỨ XÂY DỰNG KẾ HOẠCH", "legal_bases"),
            Heading("III. MỤC ĐÍCH, YÊU CẦU"),
            Passage("1. Mục đích", "purpose"),
            Passage("2. Yêu cầu", "requirements"),
        )
    ),
    _PRINT_PROBLEMS,
    _PRINT_PLAN,
    PrintGrid(
        "VI. THEO DÕI VÀ ĐÁNH GIÁ THỰC HIỆN (GIÁM SÁT NỘI BỘ)",
        "progress",
        "Thời điểm",
        (2, 2, 3, 2, 1),
    ),
    TextLines(
        (
            Total("Tổng kinh phí dự kiến (phần V)", "budget"),
            Heading("VII. TỔ CHỨC THỰC HIỆN"),
            Passage("1. Người đứng đầu cơ sở giáo dục", "organisation_principal"),
            Passage("2. Hội đồng tự đánh giá", "organisation_council"),
            Passage("3. Các tổ chuyên môn và bộ phận liên quan", "organisation_staff"),
            Passage("VIII. CƠ CHẾ ĐÁNH GIÁ VÀ BÁO CÁO", "review_reporting"),
            s.CLOSING,
        ),
        signature=True,
    ),
)

FORM_2026 = Form(
    "2026",
    Text("Mẫu 2026 (Biểu 2, Thông tư 57/2026)", "2026 form (Biểu 2, circular 57/2026)"),
    (
        s.GUIDE,
        _COVER,
        s.self_assessment((1, 2), _WEAKNESSES, CODES, mandatory=True),
        _PROBLEMS,
        _PLAN,
        s.progress(_REVIEWS, Text("Hội đồng tự đánh giá", "The self-assessment council"), CODES),
        _PRINT,
        s.LISTS,
        s.CHECKS,
        s.STAMP,
    ),
    "Biểu 2 (Mẫu số 2), Phụ lục V, Điều 10, as printed by two schools' exporters; "
    "the official annex was not seen.",
)
