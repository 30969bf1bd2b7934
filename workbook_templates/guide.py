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
            "Mở trang «Kế hoạch», mỗi dòng một công việc: gõ mã tiêu chí (1.4), mức (2) hoặc chọn "
            "trong danh sách. Cột «Tình trạng» ở đầu dòng ghi ✓ khi dòng đã đủ và đúng.",
            "One task a row: type the code of the criterion (1.4) and the level (2), or choose "
            "from the lists. The status in front shows ✓ when the row is complete and right.",
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
            "Ô nền đỏ nhạt, chữ đậm: ghi chưa đúng, cần sửa trước khi nộp; xem cột «Tình trạng».",
            "Pale red and bold: wrong, to be mended before handing in; the row's status says why.",
        ),
    ),
    (
        "missing",
        Text(
            "Ô nền cam nhạt: còn thiếu, cần điền trước khi nộp.",
            "Pale orange: still missing, to be filled in before handing in.",
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
        "Có thể dán từ Word, Excel rồi sửa tiếp: các ô nhập không bị khóa, nội dung dán vẫn được "
        "kiểm tra.",
        "Pasting from Word or Excel works: inputs stay editable, and what is pasted is checked.",
    ),
    Text(
        "Ngày gõ ngày/tháng/năm hoặc tháng/năm; kinh phí gõ 81.000.000 hoặc «81 triệu».",
        "Dates are day/month/year or month/year; amounts 81.000.000 or «81 triệu».",
    ),
    Text(
        "Sổ tính không dùng macro và không cần mật khẩu. Xin giữ nguyên tên các trang.",
        "The workbook has no macros and needs no password. Please keep the names of the sheets.",
    ),
)
