"""Rules on workbook contents other than cells: macros, objects, external links.

Nothing of them is run, opened or fetched; the cells are still read. These
rules are found while reading.
"""

from __future__ import annotations

from macros_free_validation.rule import Rule, Severity
from workbook_templates.text import Text

_CLEAN = Text(
    "Nếu nhà trường không chủ ý đưa vào: chép nội dung sang mẫu mới (Dán đặc biệt > Giá trị) rồi "
    "gửi lại.",
    "Unless it was meant: copy the contents into a fresh template (Paste Special > Values) and "
    "send it again.",
)

MACROS = Rule(
    "KD811",
    "workbook.macros",
    Severity.WARNING,
    Text("Tệp chứa macro", "Macros"),
    Text(
        "Tệp chứa macro ({part}). Nội dung các ô vẫn được đọc; macro không được chạy.",
        "The file holds macros ({part}). Its cells are read; the macros are not run.",
    ),
    Text(
        "Lưu lại dưới dạng «Excel Workbook (.xlsx)» rồi gửi lại.",
        "Save it as 'Excel Workbook (.xlsx)' and send it again.",
    ),
    distinguished_by=("part",),
    why=Text(
        "Mẫu không cần macro; macro trong tệp gửi qua thư điện tử là cách phát tán mã độc "
        "thường gặp.",
        "The template needs no macros, and macros in files sent by e-mail are a common way to "
        "spread malware.",
    ),
)
EMBEDDED = Rule(
    "KD812",
    "workbook.embedded_object",
    Severity.WARNING,
    Text("Tệp nhúng đối tượng hoặc tệp khác", "Embedded objects or files"),
    Text(
        "Tệp có đối tượng hoặc tệp khác nhúng bên trong ({part}); phần này không được mở.",
        "Objects or other files are embedded in it ({part}); they are not opened.",
    ),
    Text(
        "Xóa đối tượng nhúng; gửi tệp đính kèm riêng nếu cần.",
        "Remove the embedded object; send attachments by themselves.",
    ),
    distinguished_by=("part",),
    why=Text(
        "Đối tượng nhúng không được tổng hợp, và có thể chứa mã chạy được.",
        "Embedded objects are not merged, and may hold code.",
    ),
)
EXTERNAL_LINK = Rule(
    "KD813",
    "workbook.external_link",
    Severity.WARNING,
    Text("Liên kết tới tệp khác", "Links to other workbooks"),
    Text(
        "Tệp có công thức liên kết tới tệp khác ({part}); giá trị được đọc như đã lưu, liên kết "
        "không được mở.",
        "Formulas link to another workbook ({part}); values are read as saved, the link is not "
        "followed.",
    ),
    Text(
        "Vào Dữ liệu > Chỉnh sửa nối kết > Ngắt nối kết, rồi lưu và gửi lại.",
        "Data > Edit Links > Break Link, save, and send it again.",
    ),
    distinguished_by=("part",),
    why=Text(
        "Giá trị lấy từ tệp khác không kiểm tra được và thay đổi khi mở ở máy khác.",
        "Values taken from another file cannot be checked and change on another machine.",
    ),
)
DDE = Rule(
    "KD814",
    "workbook.dde",
    Severity.WARNING,
    Text("Liên kết DDE", "DDE link"),
    Text(
        "Tệp có liên kết DDE ({part}), có thể chạy chương trình khác; liên kết không được mở.",
        "The file holds a DDE link ({part}), which can start programs; it is not followed.",
    ),
    _CLEAN,
    distinguished_by=("part",),
    why=Text(
        "Liên kết DDE có thể chạy lệnh trên máy của người mở tệp.",
        "A DDE link can run commands on the machine of whoever opens the file.",
    ),
)
REMOTE_CONTENT = Rule(
    "KD815",
    "workbook.remote_content",
    Severity.WARNING,
    Text("Hình ảnh hoặc nội dung lấy từ mạng", "Pictures or contents from the net"),
    Text(
        "Tệp lấy hình ảnh hoặc nội dung từ địa chỉ mạng ({part}); không có gì được tải về.",
        "The file takes pictures or contents from the net ({part}); nothing is fetched.",
    ),
    _CLEAN,
    distinguished_by=("part",),
    why=Text(
        "Hình ảnh lấy từ mạng báo cho người gửi biết ai mở tệp và khi nào.",
        "A picture on the net tells its sender who opens the file, and when.",
    ),
)
CONNECTION = Rule(
    "KD816",
    "workbook.data_connection",
    Severity.WARNING,
    Text("Kết nối dữ liệu", "Data connection"),
    Text(
        "Tệp có kết nối hoặc truy vấn dữ liệu bên ngoài ({part}); kết nối không được mở.",
        "The file holds a connection or query to outside data ({part}); it is not opened.",
    ),
    Text(
        "Vào Dữ liệu > Truy vấn và kết nối, xóa các kết nối, rồi lưu và gửi lại.",
        "Data > Queries & Connections: delete them, save, and send it again.",
    ),
    distinguished_by=("part",),
    why=Text(
        "Kết nối lấy dữ liệu từ nơi khác mỗi khi mở tệp; mẫu không cần kết nối nào.",
        "A connection takes data from elsewhere whenever the file is opened; the template needs "
        "none.",
    ),
)

RULES = (MACROS, EMBEDDED, EXTERNAL_LINK, DDE, REMOTE_CONTENT, CONNECTION)
