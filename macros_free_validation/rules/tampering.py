"""Rules on changes in a locked workbook, each reported at its cell with what is still read.

No verdict rests on the lock. These rules are found while reading. The page «Sửa gì thì thấy gì»
of the documentation lists each manipulation with its finding.
"""

from __future__ import annotations

from macros_free_validation.rule import Rule, Severity
from workbook_templates.text import Text

_FRESH = Text(
    "Nếu không chủ ý: lấy mẫu đã phát hành, chép nội dung các ô nhập sang (Dán đặc biệt > Giá trị) "
    "hoặc dùng lệnh kdcl-xl migrate.",
    "Unless it was meant: take the issued template and copy the inputs over (Paste Special > "
    "Values), or use kdcl-xl migrate.",
)

FORMULA = Rule(
    "KD821",
    "workbook.locked_formula",
    Severity.WARNING,
    Text("Công thức khóa bị thay đổi", "Locked formula changed"),
    Text(
        "Công thức khóa ở {cell} khác với mẫu (bị xóa, sửa hoặc thêm).",
        "The locked formula in {cell} is not the template's (cleared, edited or added).",
    ),
    _FRESH,
    distinguished_by=("cell",),
    why=Text(
        "Ô máy tính không còn đúng thì người điền và người đọc thấy kết quả sai; công cụ tính lại "
        "mọi ô nên kết quả tổng hợp không bị ảnh hưởng.",
        "Where a cell no longer computes what it should, people see a wrong result; the tool "
        "computes it anew, so that what is merged is not affected.",
    ),
)
TEXT = Rule(
    "KD822",
    "workbook.locked_text",
    Severity.WARNING,
    Text("Tiêu đề, nhãn bị thay đổi", "Locked text changed"),
    Text(
        "Ô khóa {cell} ghi «{value}»; mẫu ghi «{issued}».",
        "Locked cell {cell} says '{value}'; the template says '{issued}'.",
    ),
    _FRESH,
    distinguished_by=("cell",),
    why=Text(
        "Tiêu đề cho biết mỗi ô phải ghi gì; tiêu đề khác đi thì nội dung bên dưới có thể được "
        "hiểu sai.",
        "Headings say what belongs in a cell; under another heading the contents may be "
        "misunderstood.",
    ),
)
LIST = Rule(
    "KD823",
    "workbook.list_changed",
    Severity.WARNING,
    Text("Danh mục bị thay đổi", "List changed"),
    Text(
        "Danh mục ở ô {cell} ghi «{value}»; mẫu ghi «{issued}». Giá trị chọn từ ô này được đối "
        "chiếu với danh mục của mẫu.",
        "The list says '{value}' in {cell}; the template says '{issued}'. What is chosen from it "
        "is held against the template's list.",
    ),
    _FRESH,
    distinguished_by=("cell",),
    why=Text(
        "Tên tiêu chí, mức và các lựa chọn là của mẫu; tên khác đi thì kế hoạch của các "
        "trường không cộng chung được.",
        "The template names criteria, levels and choices; under other names the plans of schools "
        "cannot be added up.",
    ),
)
NAME = Rule(
    "KD824",
    "workbook.name_changed",
    Severity.WARNING,
    Text("Tên vùng bị thay đổi", "Defined name changed"),
    Text(
        "Tên vùng «{value}» của mẫu bị xóa hoặc trỏ đến nơi khác, nên danh sách chọn và kiểm tra "
        "trong tệp có thể sai.",
        "The template's defined name '{value}' was deleted or points elsewhere; lists and checks "
        "in the file may be wrong.",
    ),
    _FRESH,
    distinguished_by=("value",),
    why=Text(
        "Danh sách chọn và công thức kiểm tra dùng các tên này.",
        "Dropdowns and checks rest on these names.",
    ),
)
UNPROTECTED = Rule(
    "KD825",
    "workbook.unprotected",
    Severity.NOTE,
    Text("Trang đã mở khóa", "Sheet not protected"),
    Text(
        "Trang «{found}» không còn khóa.",
        "Sheet '{found}' is no longer protected.",
    ),
    Text(
        "Khóa lại để tránh sửa nhầm: Xem lại > Bảo vệ trang tính. Nội dung vẫn được đọc và kiểm "
        "tra đầy đủ.",
        "Protect it again to guard against slips: Review > Protect Sheet. It is read and checked "
        "all the same.",
    ),
    distinguished_by=("found",),
    why=Text(
        "Trang không khóa thì công thức, tiêu đề và danh mục dễ bị sửa nhầm.",
        "On an unprotected sheet formulas, headings and lists are easily changed by accident.",
    ),
)
VALIDATION_LOST = Rule(
    "KD826",
    "workbook.validation_lost",
    Severity.NOTE,
    Text("Mất danh sách chọn", "Dropdowns or bounds lost"),
    Text(
        "Có ô không còn danh sách chọn hoặc giới hạn nhập của mẫu: {cell}.",
        "Cells without the dropdown or bound of the template: {cell}.",
    ),
    Text(
        "Không cần sửa: giá trị trong ô vẫn được kiểm tra như thường.",
        "Nothing to mend: the values are checked as always.",
    ),
    why=Text(
        "Dán thường thay luôn danh sách chọn của ô, nên những lần gõ sau không còn được nhắc.",
        "An ordinary paste replaces the cell's dropdown too, and later slips go unnoticed.",
    ),
)
RANGES = Rule(
    "KD839",
    "workbook.edit_ranges_removed",
    Severity.NOTE,
    Text("Vùng được nhập bị gỡ", "Edit ranges removed"),
    Text(
        "Trang «{found}» không còn vùng được nhập của mẫu: ô nào được dán đè lên có thể bị khóa.",
        "Sheet '{found}' lost the edit ranges of the template: cells that are pasted over may be "
        "locked.",
    ),
    _FRESH,
    distinguished_by=("found",),
    why=Text(
        "Nhờ các vùng này mà nội dung vừa dán vẫn sửa được; một số chương trình bỏ chúng khi lưu.",
        "By these ranges pasted contents can be corrected; some programs drop them on saving.",
    ),
)
HIDDEN = Rule(
    "KD828",
    "workbook.sheet_hidden",
    Severity.NOTE,
    Text("Trang bị ẩn", "Sheet hidden"),
    Text(
        "Trang «{found}» của mẫu đang bị ẩn; nội dung vẫn được đọc.",
        "The template's sheet '{found}' is hidden; it is read all the same.",
    ),
    Text(
        "Bấm chuột phải vào tên trang bất kỳ > Bỏ ẩn (Unhide).",
        "Right-click any sheet tab > Unhide.",
    ),
    distinguished_by=("found",),
    why=Text(
        "Người ký và người đọc có thể không thấy phần đó của kế hoạch.",
        "Who signs or reads the plan may not see that part of it.",
    ),
)
REORDERED = Rule(
    "KD829",
    "workbook.sheets_reordered",
    Severity.NOTE,
    Text("Thứ tự trang bị đổi", "Sheets in another order"),
    Text(
        "Các trang của mẫu đứng theo thứ tự khác, bắt đầu từ «{found}»; nội dung vẫn được đọc.",
        "The template's sheets are in another order, from '{found}' on; they are read all the "
        "same.",
    ),
    Text("Không cần xử lý.", "Nothing to do."),
    why=Text(
        "Thứ tự khác không làm sai nội dung, chỉ khó tìm hơn.",
        "Another order changes nothing, but things are harder to find.",
    ),
)
RENAMED = Rule(
    "KD830",
    "workbook.sheet_renamed",
    Severity.WARNING,
    Text("Trang bị đổi tên", "Sheet renamed"),
    Text(
        "Trang «{issued}» bị đổi tên thành «{found}»; nhận ra nhờ tiêu đề và được đọc đầy đủ.",
        "Sheet '{issued}' was renamed '{found}'; known by its headings, it is read in full.",
    ),
    Text("Đổi lại tên trang thành «{issued}».", "Name the sheet '{issued}' again."),
    distinguished_by=("issued",),
    why=Text(
        "Cơ quan quản lý và công cụ tìm trang theo tên; tên khác chỉ nhận ra được khi tiêu đề còn "
        "nguyên.",
        "People and tool find sheets by name; another name is only known while the headings are "
        "untouched.",
    ),
)
DELETED = Rule(
    "KD831",
    "workbook.sheet_deleted",
    Severity.WARNING,
    Text("Trang của mẫu bị xóa", "Sheet of the template deleted"),
    Text(
        "Trang «{found}» của mẫu bị xóa. Trang này không có ô nhập nên không mất nội dung đã điền.",
        "The template's sheet '{found}' was deleted. It has no inputs, so nothing typed is lost.",
    ),
    _FRESH,
    distinguished_by=("found",),
    why=Text(
        "Thiếu hướng dẫn, bảng kiểm tra hoặc bản in thì nhà trường không tự rà soát và in được.",
        "Without guide, checks or print-outs the school can neither check nor print its plan.",
    ),
)
STAMP = Rule(
    "KD832",
    "workbook.stamp_changed",
    Severity.WARNING,
    Text("Dấu mẫu bị sửa", "Stamp changed"),
    Text(
        "Dấu mẫu của tệp bị sửa hoặc các bản ghi của nó không giống nhau.",
        "The stamp of the file was edited, or its copies differ.",
    ),
    Text(
        "Đề nghị nhà trường nộp lại trên đúng mẫu đã phát; đối chiếu mã trường và năm học.",
        "Ask the school to use the template issued to it; compare school code and year.",
    ),
    why=Text(
        "Dấu mẫu cho biết tệp được phát cho trường nào, năm nào, theo mẫu nào; dấu bị sửa "
        "thường là tệp chép từ trường khác.",
        "The stamp says for which school, year and regulation a file was issued; a changed one "
        "mostly means a file copied from another school.",
    ),
)
NEWER = Rule(
    "KD833",
    "workbook.newer_template",
    Severity.WARNING,
    Text("Mẫu mới hơn công cụ", "Template newer than the tool"),
    Text(
        "Mẫu do kdcl-xl {found} phát hành, mới hơn công cụ đang dùng ({own}); quy tắc mới của mẫu "
        "chưa được xét.",
        "The template was issued by kdcl-xl {found}, newer than this tool ({own}), which does not "
        "know its newer rules.",
    ),
    Text("Cập nhật kdcl-xl rồi kiểm tra lại.", "Update kdcl-xl and check again."),
    incidental=("own",),
    why=Text(
        "Công cụ cũ có thể bỏ qua lỗi mà chính mẫu đã báo cho nhà trường.",
        "An older tool may overlook faults that the template itself shows the school.",
    ),
)
OLDER = Rule(
    "KD834",
    "workbook.older_template",
    Severity.NOTE,
    Text("Mẫu cũ hơn công cụ", "Template older than the tool"),
    Text(
        "Mẫu do kdcl-xl {found} phát hành, cũ hơn công cụ đang dùng ({own}); nội dung vẫn được "
        "đọc đầy đủ và xét theo quy tắc hiện nay.",
        "The template was issued by kdcl-xl {found}, older than this tool ({own}); it is read in "
        "full and judged by today's rules.",
    ),
    Text(
        "Lần sau phát mẫu mới; chuyển nội dung sang bằng kdcl-xl migrate nếu cần.",
        "Issue the new template next time; kdcl-xl migrate carries contents over.",
    ),
    incidental=("own",),
    why=Text(
        "Mẫu cũ có thể chưa nhắc nhà trường về những lỗi mà công cụ hiện nay báo.",
        "An older template may not show the school the faults that the tool now reports.",
    ),
)
OTHER_LOCKED = Rule(
    "KD835",
    "workbook.locked_part_differs",
    Severity.NOTE,
    Text("Phần khóa khác lúc phát hành", "Locked part differs"),
    Text(
        "Phần khóa của tệp khác lúc phát hành nhưng không chỉ ra được từng ô: {found}.",
        "The locked part differs from what was issued, but the cells cannot be named: {found}.",
    ),
    Text(
        "Không cần xử lý nếu nội dung đúng: các ô nhập vẫn được đọc và kiểm tra đầy đủ.",
        "Nothing to do if the contents are right: the inputs are read and checked in full.",
    ),
    why=Text(
        "Có thể do chương trình khác ghi lại công thức, hoặc mẫu do phiên bản khác phát hành.",
        "Another program may have written the formulas anew, or another version issued the "
        "template.",
    ),
)
ROWS = Rule(
    "KD836",
    "workbook.rows_changed",
    Severity.WARNING,
    Text("Dòng của bảng bị chèn hoặc xóa", "Rows of a table inserted or deleted"),
    Text(
        "Bảng bị {found}, từ {cell}; các dòng còn lại vẫn được đọc. Các vấn đề khác ghi địa chỉ ô "
        "như trong tệp.",
        "The table had {found}, from {cell} on; the rows there are read. Other findings give "
        "addresses as in the file.",
    ),
    Text(
        "Dùng các dòng trống có sẵn, không chèn hay xóa dòng; cần thêm dòng thì xin mẫu có nhiều "
        "dòng hơn (--rows).",
        "Use the blank rows there are; for more, ask for a template with more rows (--rows).",
    ),
    distinguished_by=("cell",),
    why=Text(
        "Dòng chèn thêm không có công thức, danh sách chọn và kiểm tra.",
        "An inserted row has no formulas, dropdowns or checks.",
    ),
)
SHIFTED = Rule(
    "KD837",
    "workbook.shifted",
    Severity.WARNING,
    Text("Hàng, cột của trang bị dời", "Rows or columns of a sheet moved"),
    Text(
        "Ô {cell} không còn ở vị trí của mẫu (đã chèn, xóa hoặc dời hàng, cột); nội dung được đọc "
        "theo tiêu đề. Các vấn đề khác ghi địa chỉ ô như trong tệp.",
        "Cell {cell} is no longer where the template has it (rows or columns were inserted, "
        "deleted or moved); the contents are read by their headings. Other findings give "
        "addresses as in the file.",
    ),
    _FRESH,
    distinguished_by=("cell",),
    why=Text(
        "Công thức và danh sách chọn của cột bị dời có thể không còn đúng.",
        "Formulas and dropdowns of what moved may no longer be right.",
    ),
)

RULES = (
    FORMULA,
    TEXT,
    LIST,
    NAME,
    UNPROTECTED,
    VALIDATION_LOST,
    RANGES,
    HIDDEN,
    REORDERED,
    RENAMED,
    DELETED,
    STAMP,
    NEWER,
    OLDER,
    OTHER_LOCKED,
    ROWS,
    SHIFTED,
)
