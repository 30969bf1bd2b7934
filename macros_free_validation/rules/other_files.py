"""Rules on files that came back and are no submission: what each is, and the way out.

They are judged where files are read; a file of such a kind is never opened as a workbook.
"""

from __future__ import annotations

from macros_free_validation.rule import Rule, Severity
from workbook_templates.text import Text

_FILL_IN = Text(
    "Đề nghị nhà trường điền vào mẫu .xlsx đã phát hành và gửi lại tệp đó.",
    "Ask the school to fill in the issued .xlsx template and to send that file.",
)


def _file(
    rule_id: str,
    name: str,
    severity: Severity,
    title: Text,
    message: Text,
    remedy: Text,
    why: Text,
) -> Rule:
    return Rule(rule_id, f"file.{name}", severity, title, message, remedy, why=why)


LOCK_FILE = _file(
    "KD004",
    "lock_file",
    Severity.NOTE,
    Text("Tệp tạm của Excel hoặc LibreOffice", "Lock file of Excel or LibreOffice"),
    Text(
        "Đây là tệp tạm do chương trình tạo khi đang mở sổ tính, không phải kế hoạch.",
        "This is the temporary file that a program makes while it has a workbook open.",
    ),
    Text(
        "Không cần xử lý; nếu thiếu bản nộp, đóng chương trình và gửi tệp gốc.",
        "Nothing to do; if the plan is missing, close the program and send the workbook itself.",
    ),
    Text(
        "Tệp tạm chỉ cho biết ai đang mở sổ tính; nội dung kế hoạch không nằm trong đó.",
        "A lock file only says who has the workbook open; the plan is not in it.",
    ),
)
WORD_DOCUMENT = _file(
    "KD021",
    "word_document",
    Severity.ERROR,
    Text("Văn bản Word, không phải mẫu Excel", "Word document, not the template"),
    Text(
        "Tệp là văn bản Word nên chưa tổng hợp được.",
        "The file is a Word document and cannot be merged.",
    ),
    _FILL_IN,
    Text(
        "Trong văn bản Word không có ô cố định, nên không kiểm tra và không cộng được.",
        "A Word document has no fixed cells, so that nothing in it can be checked or added up.",
    ),
)
PDF_DOCUMENT = _file(
    "KD022",
    "pdf_document",
    Severity.ERROR,
    Text("Tệp PDF, không phải mẫu Excel", "PDF, not the template"),
    Text("Tệp là PDF nên chưa tổng hợp được.", "The file is a PDF and cannot be merged."),
    Text(
        "Đề nghị nhà trường gửi kèm tệp .xlsx đã điền theo mẫu; tệp PDF lưu làm bản ký.",
        "Ask the school for the completed .xlsx template too; keep the PDF as the signed copy.",
    ),
    Text(
        "Tệp PDF là bản để in và ký; các số liệu trong đó không đọc lại được một cách chắc chắn.",
        "A PDF is made to be printed and signed; its figures cannot be read back with certainty.",
    ),
)
OPENDOCUMENT = _file(
    "KD023",
    "opendocument",
    Severity.ERROR,
    Text("Sổ tính OpenDocument (.ods)", "OpenDocument spreadsheet (.ods)"),
    Text(
        "Tệp là sổ tính OpenDocument (.ods) nên không đọc được.",
        "The file is an OpenDocument spreadsheet (.ods) and cannot be read.",
    ),
    Text(
        "Mở bằng LibreOffice hoặc Excel, chọn Lưu thành (Save As) > Excel Workbook (.xlsx).",
        "Open it in LibreOffice or Excel and save it as Excel Workbook (.xlsx).",
    ),
    Text(
        "Khi lưu thành .ods, một số kiểm tra của mẫu có thể mất; lưu lại thành .xlsx rồi kiểm tra "
        "thì thấy ngay nội dung nào đã đổi.",
        "Saved as .ods a template may lose some of its checks; saved again as .xlsx it shows at "
        "once what has changed.",
    ),
)
ARCHIVE_CLOSED = _file(
    "KD024",
    "archive_closed",
    Severity.ERROR,
    Text("Tệp nén không mở được", "Archive that cannot be opened"),
    Text(
        "Tệp nén loại này (.rar, .7z, .gz…) chưa được mở, nên chưa biết bên trong có bản nộp nào.",
        "Archives of this kind (.rar, .7z, .gz…) are not opened, so that any plans in it are "
        "not counted.",
    ),
    Text(
        "Giải nén rồi đưa các tệp bên trong vào cùng thư mục.",
        "Unpack it, and put the files in it into the same folder.",
    ),
    Text(
        "Bản nộp nằm trong tệp nén không mở được sẽ bị bỏ sót nếu không ai biết.",
        "A plan in an archive that cannot be opened would be missed if nobody were told.",
    ),
)
ZIP_OPENED = _file(
    "KD025",
    "zip_opened",
    Severity.NOTE,
    Text("Tệp nén đã mở", "Zip that was opened"),
    Text(
        "Tệp nén đã được mở; {found} tệp bên trong được liệt kê riêng.",
        "The zip was opened; the {found} files in it are listed on their own.",
    ),
    Text("Không cần xử lý.", "Nothing to do."),
    Text(
        "Tệp nén không phải bản nộp, nhưng mọi tệp bên trong đều được xét như tệp khác.",
        "A zip is no submission, but every file in it is looked at like any other.",
    ),
)
ZIP_CLOSED = _file(
    "KD026",
    "zip_closed",
    Severity.ERROR,
    Text("Tệp nén .zip không mở được", "Zip that cannot be opened"),
    Text("Không mở được tệp nén: {found}.", "The zip cannot be opened: {found}."),
    Text(
        "Giải nén bằng chương trình khác rồi đưa các tệp bên trong vào cùng thư mục.",
        "Unpack it with another program, and put the files in it into the same folder.",
    ),
    Text(
        "Bản nộp nằm trong tệp nén không mở được sẽ bị bỏ sót nếu không ai biết.",
        "A plan in a zip that cannot be opened would be missed if nobody were told.",
    ),
)
CUT_SHORT = _file(
    "KD027",
    "cut_short",
    Severity.ERROR,
    Text("Tệp tải về chưa trọn vẹn", "Incomplete download"),
    Text(
        "Tệp trống hoặc bị cắt giữa chừng, thường do tải về hay sao chép chưa xong.",
        "The file is empty or cut short, usually by a download or a copy that did not end.",
    ),
    Text("Tải hoặc sao chép lại tệp gốc.", "Download or copy the original again."),
    Text(
        "Phần còn lại của tệp không đủ để đọc; đọc một phần sẽ cho kết quả sai.",
        "What is left of the file is not enough to read; reading a part would give wrong results.",
    ),
)
PICTURE = _file(
    "KD028",
    "picture",
    Severity.NOTE,
    Text("Tệp ảnh", "Picture"),
    Text(
        "Tệp là ảnh, không phải bản nộp; chữ trong ảnh không đọc được.",
        "The file is a picture, not a submission; the words in it cannot be read.",
    ),
    Text(
        "Nếu là ảnh chụp kế hoạch, đề nghị nhà trường gửi tệp .xlsx đã điền theo mẫu.",
        "If it shows a plan, ask the school for the completed .xlsx template.",
    ),
    Text(
        "Kế hoạch gửi bằng ảnh không được tính; người tổng hợp cần biết để nhắc nhà trường.",
        "A plan sent as a picture does not count; the officer has to know, to ask for it.",
    ),
)
OTHER_FILE = _file(
    "KD029",
    "other_file",
    Severity.NOTE,
    Text("Tệp khác, không phải bản nộp", "Other file, not a submission"),
    Text("Tệp này không phải bản nộp nên được để riêng.", "The file is no submission; it is left."),
    Text("Không cần xử lý.", "Nothing to do."),
    Text(
        "Mọi tệp trong thư mục đều được nêu, để biết chắc không tệp nào bị bỏ sót.",
        "Every file of the folder is listed, so that none is missed without a word.",
    ),
)

IGNORED = frozenset(rule.id for rule in (LOCK_FILE, ZIP_OPENED, PICTURE, OTHER_FILE))
"""Rules on files that are no submission, and no attempt at one."""

RULES = (
    LOCK_FILE,
    WORD_DOCUMENT,
    PDF_DOCUMENT,
    OPENDOCUMENT,
    ARCHIVE_CLOSED,
    ZIP_OPENED,
    ZIP_CLOSED,
    CUT_SHORT,
    PICTURE,
    OTHER_FILE,
)
