"""Sheets that both forms share, and the parts that sheets are built from."""

from __future__ import annotations

from collections.abc import Sequence

from workbook_templates.declare import (
    Cell,
    Closing,
    Column,
    Edge,
    Grid,
    GridColumn,
    Lists,
    PrintBlock,
    Printed,
    Rows,
    Sheet,
    Type,
)
from workbook_templates.forms.columns import CHECK, NOTHING, PLAN_NUMBER, STATUS
from workbook_templates.text import Text

GUIDE = Sheet(
    "guide",
    "Hướng dẫn",
    Text("HƯỚNG DẪN ĐIỀN KẾ HOẠCH", "HOW TO FILL IN THE PLAN"),
    NOTHING,
)
CHECKS = Sheet(
    "checks",
    "Kiểm tra",
    Text("KIỂM TRA TRƯỚC KHI NỘP", "CHECKS BEFORE HANDING IN"),
    Text(
        "Số lượng vấn đề theo từng quy tắc, tự cập nhật khi gõ. Kính đề nghị xử lý hết các dòng "
        "mức «Lỗi» trước khi nộp.",
        "Number of findings for each rule, kept up to date while typing. Please mend all errors "
        "before handing in.",
    ),
)
CLOSING = Closing(
    "Trên đây là kế hoạch cải tiến chất lượng giáo dục ",
    ". Đề nghị các bộ phận, cá nhân có liên quan nghiêm túc thực hiện./.",
)
STAMP = Sheet("stamp", "_kdcl", NOTHING, NOTHING)
LEFT_BEHIND = Sheet(
    "left_behind",
    "Chưa chuyển",
    Text("NỘI DUNG CHƯA CHUYỂN ĐƯỢC SANG MẪU MỚI", "WHAT FOUND NO PLACE IN THE NEW TEMPLATE"),
    Text(
        "Mỗi dòng là một nội dung nhà trường đã ghi ở tệp cũ mà mẫu mới không có ô tương ứng, được "
        "giữ nguyên văn. Kính đề nghị xem từng dòng và ghi lại vào trang phù hợp nếu còn cần.",
        "Each row is something the school had typed that has no cell in the new template, word for "
        "word. Please look at each and type it again where it belongs, if it is still needed.",
    ),
    columns=(
        Column("sheet", Text("Trang", "Sheet"), NOTHING, 14, former=("Sheet",)),
        Column("cell", Text("Ô", "Cell"), NOTHING, 8),
        Column("field", Text("Mục", "Field"), NOTHING, 24),
        Column("about", Text("Thuộc nội dung", "Belongs to"), NOTHING, 34),
        Column("value", Text("Nội dung đã ghi", "What was typed"), NOTHING, 46),
        Column("why", Text("Vì sao chưa chuyển", "Why it was not carried"), NOTHING, 38),
        Column("source", Text("Mẫu cũ", "Old template"), NOTHING, 34),
    ),
    frozen_columns=2,
)
"""Only in workbooks that were carried over from an older template; no part of a form."""
SENT_BACK = Sheet(
    "sent_back",
    "Yêu cầu sửa",
    Text("YÊU CẦU SỬA KẾ HOẠCH", "WHAT TO MEND IN THE PLAN"),
    Text(
        "Kính đề nghị nhà trường xem từng dòng, bấm vào cột «Ô» để đến ô cần sửa (ô đó có ghi "
        "chú), sửa xong thì lưu và gửi lại chính tệp này. Mọi nội dung nhà trường đã ghi được giữ "
        "nguyên.",
        "Please look at each row, click its cell to go there (it has a note), mend it, save, and "
        "return this very file. Everything the school typed was kept.",
    ),
    columns=(
        Column("nth", Text("STT", "No."), NOTHING, 5),
        Column("sheet", Text("Trang", "Sheet"), NOTHING, 12, former=("Sheet",)),
        Column("cell", Text("Ô", "Cell"), NOTHING, 8),
        Column("severity", Text("Mức độ", "Severity"), NOTHING, 10),
        Column("message", Text("Vấn đề", "Finding"), NOTHING, 38),
        Column("value", Text("Nội dung đã ghi", "What was typed"), NOTHING, 22),
        Column("remedy", Text("Cách xử lý", "Remedy"), NOTHING, 32),
        Column("decision", Text("Kết luận", "Decision"), NOTHING, 13),
        Column(
            "note",
            Text("Ý kiến rà soát", "Auditor's note"),
            NOTHING,
            28,
            former=("Ý kiến thẩm định",),
        ),
        Column(
            "role",
            Text("Người rà soát (chức danh)", "Auditor (role)"),
            NOTHING,
            16,
            former=("Người thẩm định (chức danh)",),
        ),
        Column("day", Text("Ngày", "Date"), NOTHING, 11),
    ),
    frozen_columns=3,
)
"""Only in workbooks that were sent back to the school; no part of a form."""

TO_REVIEW = Sheet(
    "to_review",
    "Cần xem lại",
    Text("NỘI DUNG CẦN XEM LẠI", "WHAT TO CONFIRM"),
    Text(
        "Mỗi dòng là một ô mà máy đã điền theo văn bản nhưng chưa chắc chắn. Bấm vào cột «Ô» để "
        "đến ô đó (ô có ghi chú), so với nguyên văn, sửa nếu cần. Ô không có trong danh sách này "
        "được chép đúng theo văn bản.",
        "Each row is a cell that was filled in from the document without being certain. Click its "
        "cell to go there (it has a note), compare it with the original, mend it if needed. "
        "Cells that are not listed are as the document has them.",
    ),
    columns=(
        Column("nth", Text("STT", "No."), NOTHING, 5),
        Column("sheet", Text("Trang", "Sheet"), NOTHING, 12),
        Column("cell", Text("Ô", "Cell"), NOTHING, 8),
        Column("field", Text("Mục", "Field"), NOTHING, 24),
        Column("value", Text("Đã ghi vào ô", "In the cell"), NOTHING, 34),
        Column("why", Text("Vì sao cần xem lại", "Why to confirm"), NOTHING, 38),
        Column("original", Text("Nguyên văn", "Original"), NOTHING, 46),
        Column("place", Text("Vị trí trong văn bản", "Place in the document"), NOTHING, 24),
    ),
    frozen_columns=3,
)
"""Only in drafts that were read from a document; no part of a form."""

LISTS = Sheet(
    "lists",
    "Danh mục",
    Text("DANH MỤC CỦA NHÀ TRƯỜNG", "THE SCHOOL'S OWN LISTS"),
    Text(
        "Cột A là danh sách bộ phận, chức danh của trường, có thể sửa và bổ sung; cột «Chủ trì» ở "
        "trang «Kế hoạch» lấy danh sách từ đây. Các cột còn lại đã khóa.",
        "Column A holds the school's units and roles and may be edited; the leads in the plan "
        "are chosen from it. The other columns are locked.",
    ),
    columns=(
        Column(
            "unit",
            Text("Bộ phận, chức danh", "Unit or role"),
            Text("Mỗi dòng một bộ phận hoặc chức danh.", "One unit or role a row."),
            38,
        ),
    ),
    rows=Rows.UNITS,
)

SCHOOL_LEVEL = Cell(
    "school_level",
    Text("Mức nhà trường đạt được (máy tính)", "Level the school reaches (computed)"),
    Text(
        "Máy tính từ trang «Tự đánh giá» theo quy định; để trống khi chưa đủ kết quả.",
        "Computed from the self-assessment as the regulation has it; blank until it can be.",
    ),
    locked=True,
    derived="school_level",
    former=("Mức nhà trường đạt được (tự tính)",),
)


OWNERSHIP = Cell(
    "ownership",
    Text("Loại hình (công lập, dân lập, tư thục)", "Ownership"),
    NOTHING,
    Type.CHOICE,
    required=True,
    choices=Lists.OWNERSHIPS,
)
"""Part I of Biểu 2 asks for it; the form of 2018 does not."""

RECOGNITION = (
    Cell(
        "accreditation",
        Text("Cấp độ kiểm định đang được công nhận", "Accreditation held"),
        Text(
            "Theo quyết định công nhận; để trống nếu chưa có.",
            "As the decision says; blank if there is none.",
        ),
        Type.CHOICE,
        choices=Lists.ACCREDITATIONS,
    ),
    Cell(
        "national_standard",
        Text("Chuẩn quốc gia đang được công nhận", "National standard held"),
        Text(
            "Theo quyết định công nhận; để trống nếu chưa có.",
            "As the decision says; blank if there is none.",
        ),
        Type.CHOICE,
        choices=Lists.NATIONAL_STANDARDS,
    ),
    Cell(
        "recognised_on",
        Text("Ngày quyết định công nhận", "Recognised on"),
        Text("Gõ ngày/tháng/năm.", "Type day/month/year."),
        Type.DATE,
    ),
    Cell(
        "recognised_until",
        Text("Công nhận có giá trị đến ngày", "Recognition valid to"),
        Text(
            "Gõ ngày/tháng/năm; có hai quyết định thì ghi ngày hết hạn sớm hơn.",
            "Type day/month/year; of two decisions, the earlier end.",
        ),
        Type.DATE,
        edge=Edge.LAST,
    ),
)
"""The recognition that a school holds; all optional, for many schools hold none."""


def cover(parts: Sequence[Cell], *, ownership: bool = False) -> Sheet:
    """Return the cover sheet: school, dates, legal grounds, and the texts around the table.

    ``ownership`` adds the cell that Biểu 2 calls «Loại hình».
    """
    head = (
        Cell(
            "parent_body",
            Text("Cơ quan chủ quản", "Parent body"),
            Text("Ví dụ: UBND xã Bình Minh.", "For example the commune's committee."),
        ),
        Cell(
            "school_name",
            Text("Tên trường", "School name"),
            Text("Tên đầy đủ của nhà trường.", "The school's full name."),
            required=True,
        ),
        Cell(
            "school_code",
            Text("Mã trường", "School code"),
            Text(
                "Mã trường do cơ quan quản lý cấp; giữ nguyên số 0 ở đầu.",
                "The code given by the authority; keep leading zeros.",
            ),
            required=True,
        ),
        Cell(
            "school_kind",
            Text("Cấp học", "School kind"),
            Text("Theo mẫu đã phát hành.", "As issued."),
            locked=True,
            former=("Loại hình",),
        ),
        *((OWNERSHIP,) if ownership else ()),
        Cell(
            "taught",
            Text("Các cấp học đang dạy", "Levels taught"),
            Text(
                "Trường nhiều cấp học chọn đúng các cấp học đang dạy: cấp cao nhất quyết định cơ "
                "quan nhận kế hoạch. Trường khác giữ nguyên.",
                "A school of several levels chooses those it teaches: the highest decides which "
                "authority receives the plan. Other schools leave it as it is.",
            ),
            Type.CHOICE,
            choices=Lists.KINDS_TAUGHT,
        ),
        Cell("address", Text("Địa chỉ", "Address"), NOTHING),
        Cell(
            "authority",
            Text("Cơ quan quản lý", "Authority"),
            Text(
                "Cơ quan nhận kế hoạch, ví dụ: Phòng Văn hóa - Xã hội xã Bình Minh.",
                "The authority that receives the plan.",
            ),
        ),
        Cell(
            "plan_number",
            Text("Số kế hoạch", "Plan number"),
            Text("Ví dụ: 239/KH-THCS.", "For example 239/KH-THCS."),
            required=True,
        ),
        Cell(
            "place",
            Text("Địa danh", "Place"),
            Text("Nơi ban hành, ví dụ: Bình Minh.", "Where the plan is issued."),
        ),
        Cell(
            "issue_date",
            Text("Ngày ban hành", "Issue date"),
            Text("Gõ ngày/tháng/năm.", "Type day/month/year."),
            Type.DATE,
            required=True,
        ),
        Cell(
            "school_year",
            Text("Năm học (giai đoạn)", "School year (period)"),
            Text(
                "Hai năm, nối bằng dấu gạch ngang; kế hoạch nhiều năm ghi năm đầu và năm cuối.",
                "Two years joined by a dash; a plan of several years has its first and its last.",
            ),
            required=True,
        ),
        Cell(
            "period_start",
            Text("Thời gian thực hiện: từ ngày", "Period: from"),
            Text("Ngày đầu của kế hoạch.", "First day of the plan."),
            Type.DATE,
            required=True,
            edge=Edge.FIRST,
        ),
        Cell(
            "period_end",
            Text("Thời gian thực hiện: đến ngày", "Period: to"),
            Text("Ngày cuối của kế hoạch.", "Last day of the plan."),
            Type.DATE,
            required=True,
            edge=Edge.LAST,
        ),
        Cell(
            "regulation",
            Text("Quy định áp dụng", "Regulation"),
            Text("Theo mẫu đã phát hành.", "As issued."),
            locked=True,
        ),
    )
    tail = (
        Cell(
            "claimed_level",
            Text("Mức nhà trường tự đánh giá", "Level claimed by the school"),
            Text(
                "Chọn mức ghi trong báo cáo tự đánh giá.",
                "The level stated in the self-assessment report.",
            ),
            Type.CHOICE,
            choices=Lists.LEVELS,
        ),
        SCHOOL_LEVEL,
        *RECOGNITION,
        Cell(
            "recipients",
            Text("Nơi nhận", "Recipients"),
            Text("Mỗi nơi nhận một dòng (Alt+Enter).", "One recipient a line."),
            lines=3,
        ),
        Cell(
            "signer",
            Text("Người ký (chức vụ)", "Signer (position)"),
            Text("Ví dụ: Hiệu trưởng, Giám đốc.", "For example the principal."),
            required=True,
        ),
        Cell(
            "signer_name",
            Text("Họ và tên người ký", "Signer (full name)"),
            Text(
                "Để in dưới chỗ ký; để trống nếu ghi tay.",
                "Printed below the signature; blank to write it by hand.",
            ),
        ),
    )
    return Sheet(
        "cover",
        "Thông tin",
        Text("KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC", "EDUCATION QUALITY IMPROVEMENT PLAN"),
        Text(
            "Điền các ô nền vàng nhạt; ô có dấu * là bắt buộc. Xuống dòng trong ô: Alt+Enter.",
            "Fill in the pale yellow cells; * means required. New line in a cell: Alt+Enter.",
        ),
        cells=(*head, *parts, *tail),
        landscape=False,
    )


FORMER_PRINT_OUTS = ("Bản in (2)", "Bản in (3)")
"""Further print-outs of earlier templates; Excel also names a copy of «Bản in» so."""


def print_out(widths: tuple[float, ...], *blocks: PrintBlock) -> Sheet:
    """Return the sheet that is printed and signed: the widths of its columns, and its parts."""
    return Sheet("print", "Bản in", NOTHING, NOTHING, printed=Printed(widths, blocks))


def long_text(
    field: str, vi: str, en: str, help_vi: str = "", help_en: str = "", lines: int = 5
) -> Cell:
    """Return a cover cell for a passage of the official form."""
    return Cell(field, Text(vi, en), Text(help_vi, help_en), lines=lines)


MANDATORY = Column(
    "mandatory",
    Text("Bắt buộc", "Mandatory"),
    Text("Dấu x: tiêu chí bắt buộc theo quy định.", "An x marks a mandatory criterion."),
    9,
    derived="mandatory_of_row",
)


def self_assessment(
    levels: Sequence[int], weaknesses: Column, codes: str, *, mandatory: bool = False
) -> Sheet:
    """Return the self-assessment sheet: one row a criterion, one verdict a level.

    ``weaknesses`` is the column under the form's own word for them, ``codes`` an example of
    its evidence codes. ``mandatory`` says that some criteria count for more than others.
    """
    verdicts = tuple(
        Column(
            f"result_{level}",
            Text(f"Mức {level}", f"Level {level}"),
            NOTHING,
            12,
            Type.CHOICE,
            choices=Lists.VERDICTS,
        )
        for level in levels
    )
    claims = (
        GridColumn("claimed_total", Text("Tổng số", "Total"), Type.INTEGER),
        GridColumn("claimed_met", Text("Đạt", "Met"), Type.INTEGER),
        GridColumn("claimed_not_met", Text("Không đạt", "Not met"), Type.INTEGER),
        GridColumn(
            "computed_total",
            Text("Máy tính: tổng số", "Computed: total"),
            Type.INTEGER,
            derived="total",
            former=("Tự tính: tổng số",),
        ),
        GridColumn(
            "computed_met",
            Text("Máy tính: đạt", "Computed: met"),
            Type.INTEGER,
            derived="met",
            former=("Tự tính: đạt",),
        ),
        GridColumn(
            "computed_not_met",
            Text("Máy tính: không đạt", "Computed: not met"),
            Type.INTEGER,
            derived="not_met",
            former=("Tự tính: không đạt",),
        ),
        GridColumn(
            "computed_rest",
            Text("Máy tính: không hoặc chưa đánh giá", "Computed: not assessed, or not yet"),
            Type.INTEGER,
            derived="rest",
            former=("Tự tính: không hoặc chưa đánh giá",),
        ),
        GridColumn(
            "computed_met_percent",
            Text("Máy tính: tỉ lệ đạt (%)", "Computed: percent met"),
            Type.PERCENT,
            derived="met_percent",
            former=("Tự tính: tỉ lệ đạt (%)",),
        ),
    )
    return Sheet(
        "self_assessment",
        "Tự đánh giá",
        Text("KẾT QUẢ TỰ ĐÁNH GIÁ THEO TIÊU CHÍ", "SELF-ASSESSMENT BY CRITERION"),
        Text(
            "Mỗi tiêu chí chọn kết quả ở từng mức. Ô xám là mức không có trong quy định của tiêu "
            "chí đó. Bảng nhỏ phía trên ghi số liệu trong báo cáo tự đánh giá (nếu có); các ô xám "
            "bên cạnh do máy tính từ bảng dưới để đối chiếu.",
            "Choose a verdict for each level of each criterion; grey cells are levels the "
            "criterion does not have. The small table takes the counts of the report, if any; "
            "the grey cells beside them are computed from the table below.",
        ),
        grid=Grid(
            Text("Số tiêu chí theo báo cáo tự đánh giá", "Counts stated in the report"),
            tuple((str(n), Text(f"Mức {n}", f"Level {n}")) for n in levels),
            claims,
            1,
            footer=SCHOOL_LEVEL,
        ),
        columns=(
            STATUS,
            Column(
                "criterion",
                Text("Tiêu chí", "Criterion"),
                Text("Theo quy định.", "As the regulation has it."),
                46,
                derived="criterion_of_row",
            ),
            *((MANDATORY,) if mandatory else ()),
            Column(
                "reached_level",
                Text("Mức đạt được", "Level reached"),
                Text("Máy tính từ kết quả các mức.", "Computed from the verdicts."),
                12,
                derived="reached_level",
            ),
            Column(
                "tasks",
                Text("Số công việc", "Tasks"),
                Text(
                    "Máy đếm số công việc của tiêu chí trong trang «Kế hoạch».",
                    "Counts the criterion's tasks in the plan.",
                ),
                10,
                Type.INTEGER,
                derived="tasks_of_criterion",
            ),
            *verdicts,
            Column(
                "strengths",
                Text("Điểm mạnh", "Strengths"),
                NOTHING,
                32,
            ),
            weaknesses,
            _evidence(codes),
            CHECK,
        ),
        rows=Rows.CRITERIA,
        frozen_columns=2,
    )


def _evidence(codes: str) -> Column:
    return Column(
        "evidence",
        Text("Minh chứng", "Evidence"),
        Text(f"Mã minh chứng, ví dụ {codes}.", f"Evidence codes, for example {codes}."),
        20,
    )


def progress(grid: Grid | None, watcher: Text, codes: str) -> Sheet:
    """Return the sheet of progress reports, one row for each row of the plan.

    ``watcher`` is the body that follows the plan, ``codes`` an example of evidence codes.
    """
    return Sheet(
        "progress",
        "Theo dõi",
        Text("THEO DÕI THỰC HIỆN KẾ HOẠCH", "PROGRESS OF THE PLAN"),
        Text(
            f"{watcher.vi} báo cáo theo từng công việc của kế hoạch; công việc, chủ trì và hạn "
            "hoàn thành do máy tự động điền từ trang «Kế hoạch».",
            f"{watcher.en} reports on each task; task, lead and deadline come from the plan by "
            "themselves.",
        ),
        grid=grid,
        columns=(
            STATUS,
            PLAN_NUMBER,
            Column(
                "task",
                Text("Công việc/giải pháp", "Task"),
                Text("Máy tự động điền từ trang «Kế hoạch».", "From the plan."),
                38,
                derived="plan_task",
            ),
            Column(
                "lead",
                Text("Chủ trì", "Lead"),
                Text("Máy tự động điền từ trang «Kế hoạch».", "From the plan."),
                18,
                derived="plan_lead",
            ),
            Column(
                "deadline",
                Text("Hạn hoàn thành", "Deadline"),
                Text("Máy tự động điền từ trang «Kế hoạch».", "From the plan."),
                11.5,
                Type.DATE,
                derived="plan_deadline",
            ),
            Column(
                "report_period",
                Text("Kỳ báo cáo", "Report period"),
                NOTHING,
                13,
                Type.CHOICE,
                choices=Lists.REPORT_PERIODS,
            ),
            Column(
                "report_date",
                Text("Ngày báo cáo", "Report date"),
                Text("Gõ ngày/tháng/năm.", "Type day/month/year."),
                11.5,
                Type.DATE,
            ),
            Column(
                "progress_state",
                Text("Mức độ thực hiện", "State"),
                NOTHING,
                15,
                Type.CHOICE,
                choices=Lists.PROGRESS_STATES,
            ),
            Column(
                "percent",
                Text("Tỉ lệ (%)", "Percent"),
                Text("Gõ số từ 0 đến 100.", "A number from 0 to 100."),
                9,
                Type.PERCENT,
            ),
            _evidence(codes),
            Column(
                "reporter",
                Text("Người báo cáo (chức danh)", "Reporter (role)"),
                Text("Chọn chức danh, không ghi tên người.", "Choose a role, not a name."),
                18,
                Type.CHOICE,
                choices=Lists.UNITS,
            ),
            Column(
                "remark",
                Text("Nhận xét", "Remark"),
                NOTHING,
                28,
            ),
            Column(
                "proposal",
                Text("Kiến nghị, điều chỉnh", "Proposal"),
                NOTHING,
                28,
            ),
            CHECK,
        ),
        rows=Rows.PLAN,
        frozen_columns=3,
    )
