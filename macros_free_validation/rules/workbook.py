"""The workbook itself: files that cannot be read, and cells that hold no plain value."""

from __future__ import annotations

from collections.abc import Iterator

from macros_free_validation.rule import Context, Hit, Rule, Severity
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
            for placed in plan.layout.sheet(sheet).columns:
                value = record.values[placed.index]
                if isinstance(value, CellError) and not placed.column.locked:
                    yield Hit(sheet, placed.field, record.row, value, {"code": value.code})


def _unreadable(rule_id: str, name: str, title: Text, message: Text, remedy: Text) -> Rule:
    return Rule(rule_id, f"file.{name}", Severity.ERROR, title, message, remedy)


_RESEND = Text(
    "Mở mẫu đã phát hành, điền lại và lưu dưới dạng .xlsx.",
    "Open the issued template, fill it in and save it as .xlsx.",
)

NOT_A_WORKBOOK = _unreadable(
    "KD001",
    "not_a_workbook",
    Text("Không phải tệp Excel", "Not a workbook"),
    Text(
        "Tệp không phải sổ tính Excel .xlsx (nội dung là {found}).",
        "The file is not an Excel workbook (.xlsx); it holds {found}.",
    ),
    Text("Gửi lại tệp .xlsx đã điền theo mẫu.", "Send the completed .xlsx template."),
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
)
ENCRYPTED = _unreadable(
    "KD003",
    "encrypted",
    Text("Tệp đặt mật khẩu mở", "Password to open"),
    Text("Tệp được đặt mật khẩu mở nên không đọc được.", "The file needs a password to open."),
    Text(
        "Bỏ mật khẩu mở: Tệp > Thông tin > Bảo vệ sổ làm việc, rồi lưu lại.",
        "Take the password off (File > Info > Protect Workbook) and save again.",
    ),
)
LOCK_FILE = _unreadable(
    "KD004",
    "lock_file",
    Text("Tệp tạm của Excel", "Excel's lock file"),
    Text(
        "Đây là tệp tạm (~$) do Excel tạo khi đang mở sổ tính, không phải kế hoạch.",
        "This is the temporary file (~$) Excel makes while a workbook is open.",
    ),
    Text("Đóng Excel và gửi tệp gốc.", "Close Excel and send the workbook itself."),
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
)
UNKNOWN_VERSION = _unreadable(
    "KD006",
    "unknown_template",
    Text("Mẫu không rõ phiên bản", "Unknown template"),
    Text(
        "Mẫu này không đọc được bằng phiên bản hiện tại ({found}).",
        "This version of the tool does not know the template ({found}).",
    ),
    Text(
        "Cập nhật kdcl-xl, dùng đúng tệp quy định (--catalogue), hoặc phát lại mẫu.",
        "Update kdcl-xl, give the right --catalogue, or issue the template again.",
    ),
)
DAMAGED = _unreadable(
    "KD007",
    "damaged",
    Text("Tệp bị hỏng", "Damaged file"),
    Text("Tệp bị hỏng, không đọc được ({found}).", "The file is damaged ({found})."),
    Text("Mở lại tệp trong Excel, lưu lại và gửi lại.", "Open it in Excel, save and send again."),
)
TOO_LARGE = _unreadable(
    "KD008",
    "too_large",
    Text("Tệp quá lớn", "File too large"),
    Text("Tệp vượt giới hạn an toàn ({found}).", "The file is beyond safe limits ({found})."),
    _RESEND,
)
SHEET_MISSING = _unreadable(
    "KD009",
    "sheet_missing",
    Text("Thiếu sheet", "Missing sheet"),
    Text("Sổ tính thiếu sheet «{found}».", "The workbook lacks the sheet '{found}'."),
    _RESEND,
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
)
DISTRICT_WORKBOOK = Rule(
    "KD011",
    "file.district_workbook",
    Severity.NOTE,
    Text("Sổ tổng hợp", "District workbook"),
    Text("Đây là sổ tổng hợp, không phải bản nộp.", "This is a district workbook."),
    Text("Không cần xử lý.", "Nothing to do."),
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
)
MOVED = _unreadable(
    "KD013",
    "layout_moved",
    Text("Dòng hoặc cột bị chuyển chỗ", "Rows or columns moved"),
    Text(
        "Ô {cell} của sheet «{sheet}» không đúng vị trí của mẫu (đã chèn, xóa hoặc đổi chỗ dòng, "
        "cột).",
        "Cell {cell} of sheet '{sheet}' is not where the template has it (rows or columns were "
        "inserted, deleted or moved).",
    ),
    Text(
        "Chép nội dung sang mẫu mới (Dán đặc biệt > Giá trị) rồi gửi lại.",
        "Copy the contents into a fresh template (Paste Special > Values) and send it again.",
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
)
STRAY_CELLS = Rule(
    "KD801",
    "workbook.stray_cells",
    Severity.WARNING,
    Text("Nội dung ngoài vùng nhập", "Content outside the input cells"),
    Text(
        "Ô {cell} có nội dung «{value}» nằm ngoài vùng nhập nên không được tổng hợp.",
        "Cell {cell} holds '{value}' outside the input cells; it is not merged.",
    ),
    Text("Chuyển nội dung vào đúng ô nhập.", "Move it to the right input cell."),
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
)
UNREAD_SHEET = Rule(
    "KD804",
    "workbook.unread_sheet",
    Severity.NOTE,
    Text("Sheet thêm không được đọc", "Extra sheet not read"),
    Text(
        "Sheet «{found}» do nhà trường thêm vào, không được tổng hợp.",
        "Sheet '{found}' was added; it is not merged.",
    ),
    Text(
        "Chuyển nội dung cần tổng hợp vào các sheet của mẫu.",
        "Move what matters to the template's own sheets.",
    ),
)

RULES = (
    NOT_A_WORKBOOK,
    OLD_XLS,
    ENCRYPTED,
    LOCK_FILE,
    NOT_OURS,
    UNKNOWN_VERSION,
    DAMAGED,
    TOO_LARGE,
    SHEET_MISSING,
    CANNOT_OPEN,
    DISTRICT_WORKBOOK,
    NOT_PROCESSED,
    MOVED,
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
    ),
    CODE_CHANGED,
    UNREAD_SHEET,
)
