"""The text of the guide sheet, in the order it is read."""

from __future__ import annotations

from workbook_templates.text import Text

STEPS: tuple[tuple[Text, Text], ...] = (
    (
        Text("Bước 1. Thông tin", "Step 1. Cover"),
        Text(
            "Mở trang «Thông tin», điền các ô nền vàng nhạt. Ô có dấu * là bắt buộc.",
            "Open the cover sheet and fill in the pale yellow cells; * means required.",
        ),
    ),
    (
        Text("Bước 2. Danh mục", "Step 2. Lists"),
        Text(
            "Mở trang «Danh mục», sửa danh sách bộ phận, chức danh cho đúng với nhà trường. "
            "Không ghi tên người.",
            "On the lists sheet, make the list of units and roles your own. No people's names.",
        ),
    ),
    (
        Text("Bước 3. Tự đánh giá", "Step 3. Self-assessment"),
        Text(
            "Mở trang «Tự đánh giá», chọn kết quả từng mức của từng tiêu chí; mức đạt được do máy "
            "tính. Mức hiện tại trong kế hoạch lấy từ đây.",
            "Choose the verdict for each level of each criterion; the levels reached are "
            "computed, and the plan takes its current levels from here.",
        ),
    ),
    (
        Text("Bước 4. Kế hoạch", "Step 4. Plan"),
        Text(
            "Mở trang «Kế hoạch», mỗi dòng một công việc: chọn tiêu chí, mức, người chủ trì trong "
            "danh sách; gõ ngày và số tiền. Cột «Kiểm tra» nói ngay điều còn thiếu.",
            "One task a row: choose criterion, level and lead, type dates and amounts. The check "
            "column says at once what is missing.",
        ),
    ),
    (
        Text("Bước 5. Kiểm tra và nộp", "Step 5. Check and hand in"),
        Text(
            "Mở trang «Kiểm tra»: khi trang ghi «có thể nộp», lưu tệp (.xlsx) và gửi về cơ quan "
            "quản lý.",
            "When the check sheet says that the plan can be handed in, save the file (.xlsx) and "
            "send it in.",
        ),
    ),
    (
        Text("In và ký: Bản in", "Print and sign"),
        Text(
            "Trang «Bản in» tự viết, nhà trường được chỉnh tùy ý. Trước khi in: bấm ô góc trên bên "
            "trái, bấm đúp mép dưới một số dòng; bấm mũi tên ở ô A1, bỏ dấu ở ô trống, bấm OK.",
            "The print-out writes itself and is yours to adjust. Before printing: click the corner "
            "of the sheet, double-click the edge of a row; in the filter of A1 leave out blanks.",
        ),
    ),
    (
        Text("Trong năm học: Theo dõi", "During the year: progress"),
        Text(
            "Ghi tiến độ từng công việc vào trang «Theo dõi»; máy tự động điền công việc từ kế "
            "hoạch.",
            "Report progress on each task; the tasks appear by themselves.",
        ),
    ),
)

ADVICE: tuple[tuple[str, Text], ...] = (
    (
        "input",
        Text("Ô nền vàng nhạt: nhà trường điền.", "Pale yellow: filled in by the school."),
    ),
    (
        "locked",
        Text("Ô nền xám: máy tự động điền, không cần nhập.", "Grey: fills itself, locked."),
    ),
    (
        "error",
        Text(
            "Ô nền đỏ nhạt, chữ đậm: lỗi, cần sửa trước khi nộp; cột «Kiểm tra» cùng dòng nói rõ.",
            "Pale red and bold: an error, to be mended before handing in; the row's check "
            "column says what.",
        ),
    ),
    (
        "warning",
        Text(
            "Ô nền vàng đậm, chữ đậm: cảnh báo, kính đề nghị xem lại; nếu đã đúng thì giữ nguyên.",
            "Amber and bold: a warning; please look again, and leave it if it is right.",
        ),
    ),
    (
        "note",
        Text(
            "Ô nền xanh nhạt: lưu ý, không bắt buộc sửa.",
            "Pale green: a note; nothing has to be changed.",
        ),
    ),
)

HINTS: tuple[Text, ...] = (
    Text(
        "Khi dán dữ liệu từ tệp khác, chọn Dán đặc biệt > Giá trị (Paste Special > Values); dán "
        "thường làm mất danh sách chọn và có thể khóa luôn ô.",
        "When pasting, use Paste Special > Values: an ordinary paste removes the dropdown and "
        "may lock the cell.",
    ),
    Text(
        "Ngày gõ theo dạng ngày/tháng/năm; số tiền gõ bằng đồng, chỉ gõ chữ số.",
        "Dates are typed day/month/year; amounts in đồng, digits only.",
    ),
    Text(
        "Sổ tính không dùng macro và không cần mật khẩu. Xin giữ nguyên tên các trang.",
        "The workbook has no macros and needs no password. Please keep the names of the sheets.",
    ),
)
