"""Questions of the kit: those that only a person can answer, and those that a formula answers."""

from __future__ import annotations

from typing import NamedTuple
from unicodedata import normalize

from workbook_templates.text import Text

ASKED: tuple[Text, ...] = (
    Text(
        "Chương trình, số bản, hệ điều hành, ngôn ngữ và vùng (Region)?",
        "Program, its version, operating system, language and region?",
    ),
    Text(
        "Khi mở tệp có hộp thoại báo phải sửa chữa nội dung không? Vui lòng chép nguyên văn.",
        "Did a box offer to repair the contents on opening (shared formulas)? Copy its words.",
    ),
    Text(
        "Có thông báo tham chiếu vòng (circular reference) không?",
        "Was there a message of a circular reference?",
    ),
    Text(
        "Ở trang «Bản in», các dòng của bảng có cao vừa chữ không, hay chỉ cao một dòng?",
        "On «Bản in», are the rows of the table as high as their text, or one line high?",
    ),
    Text(
        "Ở trang «Bản in», bấm ô góc trên bên trái rồi bấm đúp mép dưới một số dòng: các dòng có "
        "cao vừa chữ không, kể cả ô gộp của phần IV (mẫu 2026)?",
        "On «Bản in», after a click on the corner and a double click on the edge of a row: are all "
        "rows as high as their text, merged cells of part IV (2026 form) included?",
    ),
    Text(
        "Ở trang «Bản in», bấm mũi tên ở ô A1, bỏ dấu ở ô trống, bấm OK, rồi xem trước khi in: còn "
        "dòng trống nào không, số trang có bắt đầu từ trang 2 không?",
        "On «Bản in», leave out the blanks in the filter of A1 and look at the preview: is any row "
        "empty, and are pages numbered from the second on?",
    ),
    Text(
        "Gõ 31/05/2027 và 10/11/2026 vào hai ô ngày ở «Kế hoạch»: ô hiện ngày nào, hay bị từ chối?",
        "Type 31/05/2027 and 10/11/2026 into day cells of «Kế hoạch»: which days appear, or what "
        "is refused?",
    ),
    Text(
        "Gõ 81.000.000 và 81,000,000 vào ô kinh phí: ô hiện số nào, hay bị từ chối?",
        "Type 81.000.000 and 81,000,000 into budget cells: which numbers appear?",
    ),
    Text(
        "Chép một đoạn từ Word, dán vào ô nội dung ở «Kế hoạch»: sau đó ô còn gõ được không?",
        "Paste a passage from Word into a task on «Kế hoạch»: can the cell still be edited?",
    ),
    Text(
        "Kéo xuống (fill) ô gõ «1.4», ô gõ «2», ô chọn «Tiêu chí 1.4 …» và ô chọn «Mức 2 (hai)»: ô "
        "nào tăng dần?",
        "Drag down a cell with 1.4 typed, one with 2, one with a chosen criterion and one with a "
        "chosen level: which count up?",
    ),
    Text(
        "Bấm mũi tên ở ô bộ phận và ô tiêu chí: danh sách có đủ dòng không?",
        "Open the lists of a unit and of a criterion: are all their lines there?",
    ),
)


class Computed(NamedTuple):
    """A question whose answer the program computes; ``texts`` are put into cells before it."""

    about: Text
    formula: str
    """With ``{0}`` and ``{1}`` for the cells of the texts."""
    texts: tuple[str, ...] = ()


_UNIT = "Ban Giám hiệu"
COMPUTED: tuple[Computed, ...] = (
    Computed(
        Text("Chữ tổ hợp bằng chữ dựng sẵn?", "Decomposed letters equal composed ones?"),
        "{0}={1}",
        (_UNIT, normalize("NFD", _UNIT)),
    ),
    Computed(
        Text("MATCH tìm ra chữ tổ hợp?", "Does MATCH find decomposed letters?"),
        "ISNUMBER(MATCH({1},{0},0))",
        (_UNIT, normalize("NFD", _UNIT)),
    ),
    Computed(
        Text("Khoảng trắng không rộng bị bỏ qua?", "Is a zero-width space ignored?"),
        "{0}={1}",
        (_UNIT, "Ban\u200b Giám hiệu"),
    ),
    Computed(
        Text("Gạch nối mềm bị bỏ qua?", "Is a soft hyphen ignored?"),
        "{0}={1}",
        (_UNIT, "Ban\u00ad Giám hiệu"),
    ),
    Computed(
        Text("i không chấm bằng i?", "Does a dotless i equal i?"),
        "{0}={1}",
        (_UNIT, "Ban Gıám hiệu"),
    ),
    Computed(Text("28,6+35,7+35,7 <= 100?", "28.6+35.7+35.7 <= 100?"), "28.6+35.7+35.7<=100"),
    Computed(Text("28,6+35,7+35,7 = 100?", "28.6+35.7+35.7 = 100?"), "28.6+35.7+35.7=100"),
    Computed(Text("Số chữ của 😀", "Length of an emoji"), "LEN({0})", ("😀",)),
    Computed(Text("Số -0,4 viết thành chữ", "Text of -0.4"), 'TEXT(-0.4,"0")'),
    Computed(Text("CLEAN bỏ U+007F?", "CLEAN and U+007F?"), "LEN(CLEAN({0}))", ("a\u007fb",)),
    Computed(Text("CLEAN bỏ U+0085?", "CLEAN and U+0085?"), "LEN(CLEAN({0}))", ("a\u0085b",)),
    Computed(Text("Dấu thập phân của chương trình", "The decimal sign"), '0.5&""'),
)
