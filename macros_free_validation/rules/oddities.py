"""Rules on oddities of a file: what cannot be read in it, beside everything else that is read.

They are found while reading. An oddity never costs more than itself: a cell with two meanings has
no value, a damaged part is passed over, and the plan around them counts.
"""

from __future__ import annotations

from macros_free_validation.rule import Rule, Severity
from workbook_templates.text import Text

_SAVE_AGAIN = Text(
    "Mở tệp bằng Excel hoặc LibreOffice rồi lưu lại.",
    "Open the file in Excel or LibreOffice and save it again.",
)

ODD_CELLS = Rule(
    "KD860",
    "workbook.odd_cells",
    Severity.ERROR,
    Text("Ô không rõ nội dung nào đúng", "Cells without one meaning"),
    Text(
        "Ô {cells}: {why}{said}. Nội dung ô không được lấy; các ô khác vẫn được đọc đầy đủ.",
        "Cells {cells}: {why}{said}. Their contents are not taken; all other cells are read.",
    ),
    Text(
        "Mở tệp bằng Excel hoặc LibreOffice, xem lại các ô này, gõ lại nội dung đúng rồi lưu lại.",
        "Open the file in Excel or LibreOffice, look at these cells, type the right contents and "
        "save it again.",
    ),
    distinguished_by=("why",),
    why=Text(
        "Hai chương trình có thể đọc ra hai nội dung khác nhau từ cùng một ô như vậy; đoán một nội "
        "dung thì kế hoạch tổng hợp có thể khác với kế hoạch nhà trường nhìn thấy.",
        "Two programs may read two different contents from one such cell; a guess could merge "
        "another plan than the school sees.",
    ),
)
ODD_CELLS_OUTSIDE = Rule(
    "KD861",
    "workbook.odd_cells_outside",
    Severity.NOTE,
    Text("Ô ngoài vùng nhập không rõ nội dung", "Cells outside the inputs without one meaning"),
    Text(
        "Ô {cells}, ngoài các ô nhập: {why}{said}. Các ô nhập không bị ảnh hưởng.",
        "Cells {cells}, outside the inputs: {why}{said}. The inputs are not affected.",
    ),
    _SAVE_AGAIN,
    distinguished_by=("why",),
    why=Text(
        "Tiêu đề, nhãn hoặc chữ ghi thêm ở các ô này có thể hiện khác nhau ở các chương trình.",
        "Headings, labels or added words in these cells may differ from program to program.",
    ),
)
LOWER_CASE = Rule(
    "KD862",
    "workbook.lower_case_addresses",
    Severity.NOTE,
    Text("Địa chỉ ô viết bằng chữ thường", "Addresses of cells in lower case"),
    Text(
        "Trong tệp, địa chỉ của ô {cells} viết bằng chữ thường; nội dung được đọc như thường.",
        "In the file the addresses of cells {cells} are in lower case; the contents are read.",
    ),
    _SAVE_AGAIN,
    why=Text(
        "Một số chương trình không nhận ra địa chỉ viết bằng chữ thường và sẽ bỏ qua các ô này.",
        "Some programs do not know addresses in lower case and would pass over these cells.",
    ),
)
DAMAGED_PART = Rule(
    "KD863",
    "workbook.damaged_part",
    Severity.WARNING,
    Text("Một phần bên trong tệp bị hỏng", "Damaged part of the file"),
    Text(
        "Phần «{part}» bên trong tệp bị hỏng ({why}) nên được bỏ qua; ghi chú, hình vẽ hoặc liên "
        "kết ở phần đó không đọc được. Các ô vẫn được đọc đầy đủ.",
        "The part '{part}' of the file is damaged ({why}) and passed over; notes, drawings or "
        "links in it cannot be read. The cells are read in full.",
    ),
    _SAVE_AGAIN,
    distinguished_by=("part",),
    why=Text(
        "Nhà trường có thể đã ghi ý kiến trong ghi chú hoặc hộp văn bản không còn đọc được.",
        "The school may have written remarks in notes or text boxes that can no longer be read.",
    ),
)
UNREADABLE_SHEET = Rule(
    "KD864",
    "workbook.unreadable_sheet",
    Severity.NOTE,
    Text("Có trang không đọc được", "Sheet that cannot be read"),
    Text(
        "Trang «{found}» không đọc được ({why}). Các trang có ô nhập của mẫu vẫn được đọc đầy đủ.",
        "Sheet '{found}' cannot be read ({why}). The template's sheets with inputs are read in "
        "full.",
    ),
    Text(
        "Mở tệp bằng Excel hoặc LibreOffice, xóa trang này nếu không cần, rồi lưu lại.",
        "Open the file in Excel or LibreOffice, delete the sheet if it is not needed, and save.",
    ),
    distinguished_by=("found",),
    why=Text(
        "Nội dung trên trang đó không đến được cơ quan quản lý, dù nhà trường có thể nhìn thấy.",
        "What is on that sheet does not reach the authority, though the school may see it.",
    ),
)

RULES = (ODD_CELLS, ODD_CELLS_OUTSIDE, LOWER_CASE, DAMAGED_PART, UNREADABLE_SHEET)
