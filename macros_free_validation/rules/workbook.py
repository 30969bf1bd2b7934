"""Rules on the workbook itself: unreadable files, and cells without a plain value."""

from __future__ import annotations

from collections.abc import Iterator

from macros_free_validation.rule import Context, Example, Hit, Rule, Severity
from macros_free_validation.values import CellError
from workbook_templates.text import Text


def _errors(context: Context) -> Iterator[Hit]:
    plan = context.plan
    for sheet, cells in plan.cells.items():
        for field, value in cells.items():
            if isinstance(value, CellError):
                yield Hit(sheet, field, None, value, {"code": value.code})
    for sheet, records in plan.tables.items():
        for record in records:
            if CellError not in map(type, record.values):
                continue
            for placed in plan.layout.sheet(sheet).columns:
                value = record.values[placed.index]
                if isinstance(value, CellError) and not placed.column.locked:
                    yield Hit(sheet, placed.field, record.row, value, {"code": value.code})


def _unreadable(
    rule_id: str, name: str, title: Text, message: Text, remedy: Text, why: Text
) -> Rule:
    return Rule(rule_id, f"file.{name}", Severity.ERROR, title, message, remedy, why=why)


_RESEND = Text(
    "Mở mẫu đã phát hành, điền lại và lưu dưới dạng .xlsx.",
    "Open the issued template, fill it in and save it as .xlsx.",
)

_SAVE_AGAIN = Text(
    "Mở tệp bằng Excel hoặc LibreOffice, xem lại nội dung, lưu lại dưới dạng .xlsx rồi gửi lại.",
    "Open the file in Excel or LibreOffice, look at the contents, save it as .xlsx and send it.",
)

NOT_A_WORKBOOK = _unreadable(
    "KD001",
    "not_a_workbook",
    Text("Không phải tệp Excel", "Not a workbook"),
    Text(
        "Tệp không phải sổ tính Excel .xlsx (nội dung là {found}).",
        "The file is not an Excel workbook (.xlsx); it holds {found}.",
    ),
    Text(
        "Nếu là bảng tính (.xlsb, .ods, Numbers…): mở bằng chương trình đã tạo ra tệp, chọn Lưu "
        "thành (Save As) hoặc Xuất ra > Excel Workbook (.xlsx), rồi gửi lại. Nếu không, gửi tệp "
        ".xlsx đã điền theo mẫu.",
        "If it is a spreadsheet (.xlsb, .ods, Numbers...): open it in its own program, choose Save "
        "As or Export To > Excel Workbook (.xlsx), and send that. If not, send the completed .xlsx "
        "template.",
    ),
    Text(
        "Chỉ sổ tính .xlsx có các ô để đọc; ảnh, tệp PDF hoặc văn bản không tổng hợp được.",
        "Only an .xlsx workbook has cells to read; a picture, PDF or document cannot be merged.",
    ),
)
OLD_XLS = _unreadable(
    "KD002",
    "old_xls",
    Text("Tệp Excel đời cũ (.xls)", "Old Excel file (.xls)"),
    Text(
        "Tệp là sổ tính Excel đời cũ (.xls) nên không đọc được.",
        "The file is an old Excel workbook (.xls) and cannot be read.",
    ),
    Text(
        "Mở bằng Excel, chọn Lưu thành (Save As) > Excel Workbook (.xlsx).",
        "Open it in Excel and save it as Excel Workbook (.xlsx).",
    ),
    Text(
        "Công cụ không đọc được định dạng .xls cũ, và khi lưu ở dạng đó mẫu có thể mất một số "
        "danh sách chọn và kiểm tra.",
        "The tool cannot read the old .xls format, and saved in it a template may lose some of "
        "its lists and checks.",
    ),
)
ENCRYPTED = _unreadable(
    "KD003",
    "encrypted",
    Text("Tệp đặt mật khẩu mở", "Password to open"),
    Text("Tệp được đặt mật khẩu mở nên không đọc được.", "The file needs a password to open."),
    Text(
        "Bỏ mật khẩu mở (Tệp > Thông tin > Bảo vệ sổ làm việc), và bỏ bảo vệ cấu trúc sổ nếu không "
        "ai đặt mật khẩu mở, rồi lưu lại; hoặc kiểm tra lại với --password.",
        "Take the password off (File > Info > Protect Workbook), and the protection of the "
        "structure where nobody set a password, and save again; or give --password.",
    ),
    Text(
        "Tệp có mật khẩu mở thì cơ quan quản lý không đọc và tổng hợp được.",
        "With a password to open it, the authority can neither read nor merge the file.",
    ),
)
NOT_OURS = _unreadable(
    "KD005",
    "not_our_template",
    Text("Không phải mẫu đã phát hành", "Not our template"),
    Text(
        "Sổ tính này không phải mẫu kế hoạch đã phát hành (không có dấu mẫu).",
        "The workbook is not an issued template (it bears no stamp).",
    ),
    _RESEND,
    Text(
        "Sổ tính tự lập có hàng, cột khác với mẫu nên không biết ô nào chứa nội dung gì.",
        "A workbook of one's own has other rows and columns, so that nobody knows "
        "which cell holds what.",
    ),
)
WAY_WITHOUT_STAMP = Text(
    "Các trang và tiêu đề của mẫu vẫn còn nên nội dung chuyển được sang mẫu mới: kdcl-xl migrate "
    "TỆP --kind CẤP --school-year NĂM -o TỆP_MỚI.xlsx (thêm --school-code MÃ nếu biết); hoặc chép "
    "các ô sang mẫu đã phát hành (Dán đặc biệt > Giá trị).",
    "Sheets and headings of a form are still there, so that the contents can be carried over: "
    "kdcl-xl migrate FILE --kind KIND --school-year YEAR -o NEW.xlsx (with --school-code CODE if "
    "known); or copy the cells into the issued template (Paste Special > Values).",
)
"""The remedy of ``NOT_OURS`` for a workbook that has the headings of a form."""
UNKNOWN_VERSION = _unreadable(
    "KD006",
    "unknown_template",
    Text("Mẫu không rõ phiên bản", "Unknown template"),
    Text(
        "Mẫu này không đọc được bằng phiên bản hiện tại ({found}).",
        "This version of the tool does not know the template ({found}).",
    ),
    Text(
        "Cập nhật kdcl-xl, dùng đúng tệp quy định (--catalogue), hoặc chuyển tệp sang mẫu mới bằng "
        "lệnh kdcl-xl migrate.",
        "Update kdcl-xl, give the right --catalogue, or carry the file into a new template with "
        "kdcl-xl migrate.",
    ),
    Text(
        "Không rõ phiên bản mẫu thì không biết vị trí các ô và bộ tiêu chí.",
        "Without a known version neither the places of the cells nor the regulation are known.",
    ),
)
DAMAGED = _unreadable(
    "KD007",
    "damaged",
    Text("Tệp bị hỏng", "Damaged file"),
    Text("Tệp bị hỏng, không đọc được ({found}).", "The file is damaged ({found})."),
    Text(
        "Mở tệp bằng Excel hoặc LibreOffice (đồng ý sửa chữa nếu được hỏi), xem lại nội dung, lưu "
        "lại rồi gửi lại; nếu không mở được, gửi lại từ bản gốc.",
        "Open it in Excel or LibreOffice (let it repair the file if it asks), look at the "
        "contents, save it again and send it; if it does not open, send the original once more.",
    ),
    Text(
        "Tệp hỏng có thể đã mất nội dung; đọc một phần sẽ cho kết quả sai.",
        "A damaged file may have lost contents; reading half of it would give wrong results.",
    ),
)
TOO_LARGE = _unreadable(
    "KD008",
    "too_large",
    Text("Tệp quá lớn", "File too large"),
    Text("Tệp vượt giới hạn an toàn ({found}).", "The file is beyond safe limits ({found})."),
    Text(
        "Xóa hình ảnh, trang và dữ liệu dán thêm ngoài mẫu, lưu lại rồi gửi lại; hoặc chép các ô "
        "sang mẫu đã phát hành (Dán đặc biệt > Giá trị).",
        "Delete pictures, sheets and pasted data that are not of the template, save it again and "
        "send it; or copy the cells into the issued template (Paste Special > Values).",
    ),
    Text(
        "Tệp quá lớn thường do dán hình ảnh hoặc dữ liệu ngoài; mở tệp như vậy có thể "
        "làm treo máy của cơ quan quản lý.",
        "Too large a file usually holds pasted pictures or foreign data; opening it "
        "may freeze the authority's computer.",
    ),
)
SHEET_MISSING = _unreadable(
    "KD009",
    "sheet_missing",
    Text("Thiếu trang", "Missing sheet"),
    Text("Sổ tính thiếu trang «{found}».", "The workbook lacks the sheet '{found}'."),
    _RESEND,
    Text(
        "Thiếu một trang của mẫu là thiếu một phần của kế hoạch; các phần còn lại "
        "không đối chiếu được.",
        "A missing sheet is a missing part of the plan; the rest cannot be held against it.",
    ),
)
CANNOT_OPEN = _unreadable(
    "KD010",
    "cannot_open",
    Text("Không mở được tệp", "Cannot open the file"),
    Text("Không mở được tệp: {found}.", "The file cannot be opened: {found}."),
    Text(
        "Kiểm tra đường dẫn, quyền đọc, và đóng tệp nếu đang mở trong Excel.",
        "Check the path and the permissions, and close the file if Excel has it open.",
    ),
    Text(
        "Tệp không mở được thì kế hoạch của trường không được tính; cần biết nguyên "
        "nhân để nộp lại kịp thời.",
        "A file that cannot be opened does not count; the reason must be known to "
        "hand in again in time.",
    ),
)
DISTRICT_WORKBOOK = Rule(
    "KD011",
    "file.district_workbook",
    Severity.NOTE,
    Text("Sổ tổng hợp", "Authority workbook"),
    Text("Đây là sổ tổng hợp, không phải bản nộp.", "This is an authority workbook."),
    Text("Không cần xử lý.", "Nothing to do."),
    why=Text(
        "Sổ tổng hợp là kết quả từ nhiều trường; nếu đọc lại như một bản nộp thì mọi "
        "công việc sẽ bị tính hai lần.",
        "An authority workbook is made from many schools; read as a submission, every "
        "task would count twice.",
    ),
)
NOT_PROCESSED = _unreadable(
    "KD012",
    "not_processed",
    Text("Không xử lý được tệp", "File not processed"),
    Text(
        "Công cụ gặp lỗi khi xử lý tệp này ({found}).",
        "The tool failed on this file ({found}).",
    ),
    Text(
        "Xin gửi tệp cho người phát triển công cụ; các tệp khác không bị ảnh hưởng.",
        "Please send the file to the developers; the other files are not affected.",
    ),
    Text(
        "Một tệp gây lỗi không được làm dừng việc kiểm tra và tổng hợp các tệp khác.",
        "One file that makes the tool fail must not stop the others.",
    ),
)
MOVED = _unreadable(
    "KD013",
    "layout_moved",
    Text("Dòng hoặc cột bị chuyển chỗ", "Rows or columns moved"),
    Text(
        "Ô {cell} của trang «{sheet}» không đúng vị trí của mẫu (đã chèn, xóa hoặc đổi chỗ dòng, "
        "cột).",
        "Cell {cell} of sheet '{sheet}' is not where the template has it (rows or columns were "
        "inserted, deleted or moved).",
    ),
    Text(
        "Chép nội dung sang mẫu mới (Dán đặc biệt > Giá trị) rồi gửi lại.",
        "Copy the contents into a fresh template (Paste Special > Values) and send it again.",
    ),
    Text(
        "Khi dòng hoặc cột bị chuyển chỗ, công cụ có thể đọc nhầm cột hoặc bỏ sót công việc; "
        "đọc sai còn tệ hơn không đọc.",
        "Where rows or columns moved, contents could be read into the wrong column or lost; "
        "reading wrongly is worse than not reading.",
    ),
)
ODD_PARTS = _unreadable(
    "KD014",
    "odd_parts",
    Text("Phần bên trong tệp không hợp lệ", "Parts with odd names"),
    Text(
        "Bên trong tệp có phần trùng tên hoặc tên bất thường ({found}), nên không được đọc.",
        "Parts inside the file have double or odd names ({found}); it is not read.",
    ),
    _SAVE_AGAIN,
    Text(
        "Chương trình bảng tính không tạo ra những tên như vậy; tệp có thể đã bị can thiệp, và "
        "hai chương trình có thể đọc ra hai nội dung khác nhau.",
        "No spreadsheet program writes such names; somebody may have worked on the file, and two "
        "programs could read two different contents.",
    ),
)
DOCUMENT_TYPE = _unreadable(
    "KD015",
    "document_type",
    Text("Tệp khai báo DOCTYPE", "Document type declared"),
    Text(
        "Phần {found} của tệp có khai báo DOCTYPE, không có trong tệp Excel hợp lệ.",
        "Part {found} declares a document type, which no sound workbook does.",
    ),
    _SAVE_AGAIN,
    Text(
        "Khai báo này có thể làm chương trình đọc bị treo hoặc lấy tệp khác trên máy.",
        "Such a declaration can hang a reader or fetch other files of the machine.",
    ),
)
OTHER_PASSWORD = _unreadable(
    "KD016",
    "other_password",
    Text("Mật khẩu không mở được tệp", "Another password"),
    Text(
        "Tệp được đặt mật khẩu mở khác với mật khẩu đã cho, hoặc phần mã hóa bị hỏng.",
        "The file needs another password than the one given, or its encryption is damaged.",
    ),
    Text(
        "Xin nhà trường mật khẩu, hoặc đề nghị bỏ mật khẩu mở (Tệp > Thông tin > Bảo vệ) rồi gửi "
        "lại.",
        "Ask the school for the password, or to remove it (File > Info > Protect) and send again.",
    ),
    Text(
        "Không có mật khẩu đúng thì không ai đọc được nội dung kế hoạch.",
        "Without the right password nobody can read the plan.",
    ),
)
_MERGE_AGAIN = Text(
    "Kính đề nghị cơ quan lập sổ tổng hợp lại từ các bản nộp, bằng phiên bản công cụ đang dùng, "
    "rồi gửi lại; hoặc đưa chính các bản nộp vào.",
    "Ask the authority that made it to merge its submissions again with this version of the tool, "
    "or give the submissions themselves.",
)
DISTRICT_WITHOUT_RECORDS = _unreadable(
    "KD017",
    "district_without_records",
    Text("Sổ tổng hợp thiếu dữ liệu của các trường", "Authority workbook without its schools"),
    Text(
        "Sổ tổng hợp không kèm dữ liệu của các trường (do phiên bản cũ lập, hoặc trang ẩn đã bị "
        "xóa), nên chưa đưa vào được; kết luận trong sổ cũng chưa được lấy.",
        "The authority workbook lacks its schools' data (an earlier version made it, or a hidden "
        "sheet was deleted); nothing of it was taken, no decision either.",
    ),
    _MERGE_AGAIN,
    Text(
        "Tổng hợp cấp trên cần nguyên văn bản nộp của từng trường; các trang nhìn thấy chỉ là "
        "kết quả, có thể đã được lọc, sửa.",
        "The next level needs every submission as it was; the sheets one sees are results that "
        "may have been filtered or changed.",
    ),
)
DISTRICT_DAMAGED = _unreadable(
    "KD018",
    "district_damaged",
    Text("Sổ tổng hợp hỏng phần dữ liệu ẩn", "Authority workbook damaged"),
    Text(
        "Phần dữ liệu ẩn của sổ tổng hợp đã bị xóa hoặc bị sửa ({found}), nên chưa đưa vào được; "
        "kết luận trong sổ cũng chưa được lấy.",
        "The hidden data of the authority workbook is missing or was changed ({found}); nothing of "
        "it was taken, no decision either.",
    ),
    _MERGE_AGAIN,
    Text(
        "Số liệu của cả một địa bàn không thể lấy từ phần dữ liệu không còn nguyên vẹn.",
        "The figures of a whole district cannot come from data that is not whole.",
    ),
)
DISTRICT_NEWER = _unreadable(
    "KD019",
    "district_newer",
    Text("Sổ tổng hợp của phiên bản mới hơn", "Authority workbook of a later version"),
    Text(
        "Sổ tổng hợp do phiên bản mới hơn của công cụ lập, nên chưa đưa vào được.",
        "A later version of the tool made the authority workbook; nothing of it was taken.",
    ),
    Text("Cập nhật công cụ rồi tổng hợp lại.", "Update the tool and merge again."),
    Text(
        "Dữ liệu ghi theo cách của phiên bản mới hơn có thể bị hiểu sai.",
        "Data written the way of a later version might be misread.",
    ),
)
OVER_BUDGET = _unreadable(
    "KD020",
    "over_budget",
    Text("Tệp tốn quá nhiều thời gian hoặc bộ nhớ", "File takes too much time or memory"),
    Text(
        "Tệp bị dừng đọc vì vượt mức cho phép ({found}).",
        "Reading the file was stopped at its limit ({found}).",
    ),
    Text(
        "Đề nghị nhà trường chép các giá trị (Paste Special > Values) sang một mẫu mới và gửi lại.",
        "Ask the school to copy its values (Paste Special > Values) into a fresh template.",
    ),
    Text(
        "Một tệp như vậy có thể làm dừng hoặc chậm việc tổng hợp của tất cả các trường.",
        "Such a file could stop or slow down the merge of all schools.",
    ),
)
NOT_COMPUTED = Rule(
    "KD808",
    "workbook.formula_not_computed",
    Severity.ERROR,
    Text("Công thức chưa được tính", "Formula not computed"),
    Text(
        "Ô có công thức nhưng tệp không lưu kết quả, nên không đọc được giá trị.",
        "The cell holds a formula whose result is not in the file, so that it cannot be read.",
    ),
    Text(
        "Mở tệp bằng Excel hoặc LibreOffice rồi lưu lại, hoặc gõ thẳng giá trị.",
        "Open the file in Excel or LibreOffice and save it again, or type the value.",
    ),
    why=Text(
        "Ô trông như có giá trị nhưng tệp không lưu kết quả, nên sẽ bị coi là ô trống.",
        "The cell seems to hold a value, but the file has no result, so it would pass for blank.",
    ),
)
STRAY_CELLS = Rule(
    "KD801",
    "workbook.stray_cells",
    Severity.WARNING,
    Text("Nội dung ngoài vùng nhập", "Content outside the input cells"),
    Text(
        "{where} nằm ngoài vùng nhập nên không được tổng hợp.",
        "{where} outside the input cells; nothing of it is merged.",
    ),
    Text("Chuyển nội dung vào đúng ô nhập.", "Move it to the right input cell."),
    incidental=("cell", "where"),
    why=Text(
        "Nội dung ghi ngoài ô nhập không được đọc, nên cơ quan quản lý không thấy "
        "phần việc đó của nhà trường.",
        "What stands outside the input cells is not read, so the authority never sees "
        "that part of the work.",
    ),
)
CODE_CHANGED = Rule(
    "KD803",
    "workbook.code_changed",
    Severity.WARNING,
    Text("Mã trường khác với mẫu đã phát", "School code differs from the issued one"),
    Text(
        "Mã trường «{value}» khác với mã «{issued}» của mẫu đã phát cho trường.",
        "School code '{value}' differs from the issued '{issued}'.",
    ),
    Text("Kiểm tra lại mã trường.", "Check the school code."),
    "cover",
    "school_code",
    why=Text(
        "Bản nộp được ghép với trường theo mã trường; mã khác với mẫu đã phát thì kế "
        "hoạch có thể bị tính cho trường khác.",
        "A submission is matched to its school by the code; with another code the "
        "plan may be counted for another school.",
    ),
)
UNREAD_SHEET = Rule(
    "KD804",
    "workbook.unread_sheet",
    Severity.NOTE,
    Text("Trang thêm không được đọc", "Extra sheet not read"),
    Text(
        "Trang «{found}» do nhà trường thêm vào, không được tổng hợp.",
        "Sheet '{found}' was added; it is not merged.",
    ),
    Text(
        "Chuyển nội dung cần tổng hợp vào các trang của mẫu.",
        "Move what matters to the template's own sheets.",
    ),
    distinguished_by=("found",),
    why=Text(
        "Chỉ các trang của mẫu được tổng hợp; nội dung trên trang thêm không đến được "
        "cơ quan quản lý.",
        "Only the sheets of the template are merged; what is written on an added "
        "sheet does not reach the authority.",
    ),
)

RULES = (
    NOT_A_WORKBOOK,
    OLD_XLS,
    ENCRYPTED,
    NOT_OURS,
    UNKNOWN_VERSION,
    DAMAGED,
    TOO_LARGE,
    SHEET_MISSING,
    CANNOT_OPEN,
    DISTRICT_WORKBOOK,
    NOT_PROCESSED,
    MOVED,
    ODD_PARTS,
    DOCUMENT_TYPE,
    OTHER_PASSWORD,
    DISTRICT_WITHOUT_RECORDS,
    DISTRICT_DAMAGED,
    DISTRICT_NEWER,
    OVER_BUDGET,
    NOT_COMPUTED,
    STRAY_CELLS,
    Rule(
        "KD802",
        "workbook.error_value",
        Severity.ERROR,
        Text("Ô chứa giá trị lỗi", "Cell holds an error value"),
        Text("Ô chứa giá trị lỗi {code}.", "The cell holds the error value {code}."),
        Text("Xóa ô và gõ lại giá trị.", "Clear the cell and type the value again."),
        judge=_errors,
        not_live=Text(
            "Giá trị lỗi đã hiện ngay trong ô.", "The error value shows in the cell itself."
        ),
        why=Text(
            "Ô báo lỗi không còn giữ giá trị nhà trường định ghi; số tiền hoặc thời hạn ở "
            "đó không cộng và không đối chiếu được.",
            "A cell with an error has lost the value that was meant; its amount or date "
            "can be neither added up nor compared.",
        ),
        wrong=Example({"budget": CellError("#N/A")}),
        right=Example({"budget": 5_000_000}),
    ),
    CODE_CHANGED,
    UNREAD_SHEET,
)
