"""Rules on the difference between what a person sees in a file and what is collected from it.

They are found while reading, one finding for all places of a sheet. Nothing is changed: the
finding says what was read, what was not, and where.
"""

from __future__ import annotations

from macros_free_validation.rule import Rule, Severity
from workbook_templates.text import Text

_SEEN = Text(
    "Cơ quan quản lý tổng hợp nội dung các ô; phần chỉ nhìn thấy trên trang thì không đến được "
    "nơi tổng hợp.",
    "The authority collects the contents of cells; what is only seen on the sheet does not reach "
    "it.",
)
_READ = Text(
    "Nội dung không nhìn thấy vẫn được tổng hợp như mọi nội dung khác; nếu nhà trường đã bỏ phần "
    "đó thì kế hoạch tổng hợp không còn đúng ý nhà trường.",
    "What nobody sees is collected like everything else; if the school had dropped it, the merged "
    "plan is not what the school means.",
)

NOTES = Rule(
    "KD840",
    "workbook.notes_on_cells",
    Severity.NOTE,
    Text("Có ghi chú, nhận xét gắn vào ô", "Notes or comments on cells"),
    Text(
        "Có {count} ghi chú hoặc nhận xét gắn vào ô {cells}. Ghi chú đầu tiên: «{text}».",
        "{count} notes or comments are attached to cells {cells}. The first one: '{text}'.",
    ),
    Text(
        "Nội dung cần tổng hợp đề nghị ghi vào ô, chẳng hạn cột Ghi chú của bảng.",
        "Please type what is to be collected into a cell, such as the column for notes.",
    ),
    incidental=("count",),
    why=_SEEN,
)
DRAWN = Rule(
    "KD841",
    "workbook.drawn_on_sheet",
    Severity.WARNING,
    Text("Có hình, hộp văn bản đặt trên trang", "Pictures or text boxes on the sheet"),
    Text(
        "Trên trang có {count} hình, hộp văn bản hoặc ô đánh dấu không thuộc mẫu ({found}); phần "
        "này không được tổng hợp.",
        "The sheet has {count} pictures, text boxes or checkboxes that are not of the template "
        "({found}); they are not collected.",
    ),
    Text(
        "Gõ nội dung vào đúng ô của bảng; hình ảnh, minh chứng gửi riêng.",
        "Type the contents into the right cells; send pictures and evidence separately.",
    ),
    incidental=("count",),
    why=_SEEN,
)
PICTURES_IN_CELLS = Rule(
    "KD842",
    "workbook.pictures_in_cells",
    Severity.WARNING,
    Text("Có hình ảnh nằm trong ô", "Pictures in cells"),
    Text(
        "Ô {cells} chứa hình ảnh. Hình ảnh không được tổng hợp, nên ô được coi là trống.",
        "Cells {cells} hold pictures. Pictures are not collected, so that the cells count as "
        "blank.",
    ),
    Text(
        "Gõ nội dung bằng chữ, bằng số; hình ảnh, minh chứng gửi riêng.",
        "Type the contents in words and numbers; send pictures and evidence separately.",
    ),
    why=_SEEN,
)
LINKS = Rule(
    "KD843",
    "workbook.links_in_cells",
    Severity.NOTE,
    Text("Có liên kết gắn vào ô", "Links on cells"),
    Text(
        "Có {count} liên kết ra ngoài tệp ở ô {cells} (trước hết: {target}). Chữ trong ô được tổng "
        "hợp, địa chỉ liên kết thì không.",
        "{count} links lead out of the file from cells {cells} (the first to: {target}). The words "
        "in the cells are collected, the addresses are not.",
    ),
    Text(
        "Nếu địa chỉ cần được tổng hợp: gõ hẳn địa chỉ vào ô.",
        "If the address is to be collected, type it into the cell.",
    ),
    incidental=("count",),
    why=_SEEN,
)
HIDDEN_CELLS = Rule(
    "KD844",
    "workbook.hidden_cells",
    Severity.WARNING,
    Text("Có nội dung bị ẩn hoặc bị lọc", "Contents hidden or filtered out"),
    Text(
        "Có nội dung ở {found} đang bị ẩn hoặc bị lọc; nội dung này vẫn được đọc và tổng hợp.",
        "There are contents in {found}, which are hidden or filtered out; they are read and "
        "collected all the same.",
    ),
    Text(
        "Cho hiện lại để kiểm tra (bỏ lọc, Bỏ ẩn); nội dung không còn dùng thì xóa trong ô.",
        "Show them again (clear the filter, Unhide); clear the cells that are no longer wanted.",
    ),
    why=_READ,
)
STRUCK = Rule(
    "KD845",
    "workbook.struck_out",
    Severity.WARNING,
    Text("Có chữ bị gạch ngang", "Crossed-out text"),
    Text(
        "Ô {cells} có chữ bị gạch ngang («{text}»); chữ này vẫn được đọc và tổng hợp.",
        "Cells {cells} hold crossed-out words ('{text}'); they are read and collected all the "
        "same.",
    ),
    Text(
        "Nếu đã bỏ: xóa hẳn phần chữ bị gạch. Nếu vẫn giữ: bỏ gạch ngang.",
        "Delete the words if they are dropped; otherwise remove the strikethrough.",
    ),
    why=_READ,
)
INVISIBLE = Rule(
    "KD846",
    "workbook.invisible_text",
    Severity.WARNING,
    Text("Có nội dung không nhìn thấy được", "Contents that cannot be seen"),
    Text(
        "Ô {cells} có nội dung cùng màu với nền hoặc có định dạng làm ẩn số; nội dung này vẫn được "
        "đọc và tổng hợp.",
        "Cells {cells} hold contents in the colour of their background, or with a format that "
        "hides them; they are read and collected all the same.",
    ),
    Text(
        "Đặt lại màu chữ và định dạng để kiểm tra; nội dung không còn dùng thì xóa trong ô.",
        "Set colour and format back and look; clear the cells that are no longer wanted.",
    ),
    why=_READ,
)
MERGED = Rule(
    "KD847",
    "workbook.merged_inputs",
    Severity.WARNING,
    Text("Ô nhập bị gộp", "Input cells merged"),
    Text(
        "Các ô nhập {cells} bị gộp, nên chỉ ô đầu có nội dung, các ô còn lại của vùng gộp được đọc "
        "là ô trống{under}.",
        "Input cells {cells} are merged: only the first cell of each has contents, the others are "
        "read as blank{under}.",
    ),
    Text(
        "Bỏ gộp ô (Merge & Center) rồi ghi nội dung vào từng ô.",
        "Unmerge the cells and type the contents into each of them.",
    ),
    why=Text(
        "Một ô gộp là một ô có nội dung và nhiều ô trống; các dòng còn lại của bảng vì vậy bị báo "
        "thiếu dù trên trang trông như đã đủ.",
        "A merged cell is one cell with contents and several blank ones; the other rows of the "
        "table are therefore reported as incomplete though the sheet looks full.",
    ),
)
SHOWN_OTHERWISE = Rule(
    "KD848",
    "workbook.shown_otherwise",
    Severity.WARNING,
    Text("Ô hiện khác với giá trị lưu trong tệp", "Cell shows another value than it holds"),
    Text(
        "Ô {cells} ở cột «{heading}» hiện «{shown}» nhưng giá trị lưu trong tệp là «{value}»; tạm "
        "đọc là «{taken}».",
        "Cells {cells} under '{heading}' show '{shown}' but hold '{value}'; for now '{taken}' is "
        "read.",
    ),
    Text(
        "Đề nghị xem giá trị nào đúng, rồi gõ lại giá trị đó dưới dạng chữ.",
        "Please see which value is meant, and type it again as text.",
    ),
    why=Text(
        "Định dạng số quyết định người xem thấy gì, còn máy đọc giá trị được lưu; hai bên khác "
        "nhau thì số tổng hợp sai mà không ai thấy.",
        "The number format decides what a person sees, the program reads what is kept; where they "
        "differ, totals are wrong and nobody sees it.",
    ),
)
READ_AS_SHOWN = Rule(
    "KD849",
    "workbook.read_as_shown",
    Severity.NOTE,
    Text("Giá trị được đọc như ô hiển thị", "Value read as the cell shows it"),
    Text(
        "Ô {cells} ở cột «{heading}» hiện «{shown}» và được đọc đúng như vậy (trong tệp lưu là "
        "{value}).",
        "Cells {cells} under '{heading}' show '{shown}' and are read so (the file holds {value}).",
    ),
    Text(
        "Không cần sửa nếu giá trị hiện ra là đúng.", "Nothing to mend if what is shown is right."
    ),
    why=Text(
        "Trang tính lưu 80% là 0,8 và lưu ngày là một con số; người đọc cần biết giá trị nào đã "
        "được tổng hợp.",
        "A sheet keeps 80% as 0.8 and a date as a number; the reader should know which value was "
        "collected.",
    ),
)
MAYBE_PERCENT = Rule(
    "KD850",
    "workbook.fraction_for_percent",
    Severity.WARNING,
    Text("Tỷ lệ nhỏ hơn 1%", "Percentage below 1"),
    Text(
        "Ô {cells} ở cột «{heading}» ghi «{value}», được đọc là {value}%; có thể ý nhà trường là "
        "{taken}%.",
        "Cells {cells} under '{heading}' hold '{value}', which is read as {value}%; {taken}% may "
        "be meant.",
    ),
    Text("Gõ tỷ lệ bằng số từ 0 đến 100.", "Type the percentage as a number from 0 to 100."),
    why=Text(
        "80% gõ thành 0,8 thì bị cộng thành gần như chưa làm gì.",
        "80% typed as 0.8 counts as next to nothing done.",
    ),
)
SWAPPED = Rule(
    "KD851",
    "workbook.day_and_month_swapped",
    Severity.WARNING,
    Text("Có thể đã bị đổi chỗ ngày và tháng", "Day and month may be exchanged"),
    Text(
        "Cột «{heading}»: các ô có ngày không quá 12 ({cells}) là ngày thật của trang tính, các ô "
        "có ngày lớn hơn 12 ({texts}) là chữ. Đây là dấu hiệu máy đã đổi chỗ ngày và tháng: "
        "«{shown}» được đọc là {taken}, có thể ý nhà trường là {other}.",
        "Column '{heading}': cells with a day up to 12 ({cells}) hold dates, cells with a later "
        "day ({texts}) hold text. A machine seems to have exchanged day and month: '{shown}' is "
        "read as {taken}, and {other} may be meant.",
    ),
    Text(
        "Đối chiếu với văn bản gốc, rồi gõ lại các ngày theo thứ tự ngày/tháng/năm.",
        "Compare with the original, and type the dates again as day/month/year.",
    ),
    why=Text(
        "Máy đặt vùng Hoa Kỳ đọc 05/06 là ngày 6 tháng 5; ngày đúng và ngày sai trông như nhau.",
        "A machine with US settings takes 05/06 for 6 May, and right and wrong dates look alike.",
    ),
)
LOOK_ALIKE = Rule(
    "KD852",
    "workbook.look_alike_accepted",
    Severity.NOTE,
    Text("Chữ giống hệt nhưng khác mã ký tự", "Same look, other characters"),
    Text(
        "Ô {cells} ở cột «{heading}» ghi «{value}», được nhận là «{taken}» của danh sách; khác ở "
        "{found}.",
        "Cells {cells} under '{heading}' hold '{value}', which is taken for '{taken}' of the list; "
        "they differ in {found}.",
    ),
    Text(
        "Không bắt buộc sửa; có thể chọn lại trong danh sách.",
        "Nothing has to be mended; the value may be chosen from the list again.",
    ),
    why=Text(
        "Hai chữ trông như nhau mà mã khác nhau thì trang tính coi là hai giá trị khác nhau.",
        "Two words that look the same but are coded differently are two values to a spreadsheet.",
    ),
)
OLD_FONT = Rule(
    "KD853",
    "workbook.old_charset",
    Severity.WARNING,
    Text("Chữ gõ bằng bảng mã cũ hoặc bị hỏng mã", "Text in an old or broken charset"),
    Text(
        "Ô {cells} có chữ theo bảng mã {charset}, không đọc được trên máy khác: «{value}» có lẽ là "
        "«{taken}».",
        "Cells {cells} hold text in the charset {charset}, which other machines cannot show: "
        "'{value}' is probably '{taken}'.",
    ),
    Text(
        "Gõ lại hoặc chuyển mã sang Unicode (UniKey > Chuyển mã nhanh) rồi dán lại.",
        "Type it again, or convert it to Unicode and paste it again.",
    ),
    why=Text(
        "Chữ theo phông .VnTime, VNI-Times chỉ hiện đúng khi máy có phông đó; trong sổ tổng hợp "
        "chúng thành ký tự vô nghĩa.",
        "Text for fonts such as .VnTime or VNI-Times only shows where these fonts are; in the "
        "merged workbook it is gibberish.",
    ),
)

RULES = (
    NOTES,
    DRAWN,
    PICTURES_IN_CELLS,
    LINKS,
    HIDDEN_CELLS,
    STRUCK,
    INVISIBLE,
    MERGED,
    SHOWN_OTHERWISE,
    READ_AS_SHOWN,
    MAYBE_PERCENT,
    SWAPPED,
    LOOK_ALIKE,
    OLD_FONT,
)
