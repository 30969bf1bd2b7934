"""The words of the generated pages that the program itself does not have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kdcl_xl.district.model.school_state import State
from kdcl_xl.submission.file_kind import FileKind

EXITS: Mapping[str, Mapping[int, str]] = {
    "*": {
        0: "đã làm xong",
        2: "dùng sai lệnh, hoặc không ghi được tệp; không ghi gì",
        130: "đã dừng bằng Ctrl-C; không có tệp nào bị ghi dở",
    },
    "check": {
        0: "không có lỗi (có thể còn cảnh báo, lưu ý)",
        1: "có lỗi, kể cả khi một trong nhiều tệp không đọc được",
        3: "không đọc được tệp nào",
    },
    "schools": {
        0: "mọi dòng của danh sách dùng được",
        1: "có dòng lỗi; các dòng khác dùng được",
        2: "dùng sai lệnh, hoặc không dùng được danh sách",
    },
    "status": {
        0: "mọi trường trong danh sách đã nộp",
        1: "còn trường chưa nộp, hoặc tệp không đọc được",
        3: "không đọc được tệp nào",
    },
    "merge": {3: "không đọc được tệp nào; không ghi gì"},
    "document": {
        0: "đã xuất đủ",
        1: "có tệp không xuất được",
        3: "không đọc được tệp nào",
    },
    "feedback": {
        0: "đã ghi đủ",
        1: "có tệp không xử lý được",
        3: "không đọc được tệp nào",
    },
    "combine": {
        0: "đã gộp, không có ô nào ghi khác nhau",
        1: "đã gộp, có ô ghi khác nhau",
        3: "có tệp không đọc được; không ghi gì",
    },
    "import": {
        0: "đã tạo bản nháp",
        1: "có văn bản không đọc được; các văn bản khác đã có bản nháp",
        2: "dùng sai lệnh, hoặc văn bản không nói rõ cấp học, năm học: cần --kind, --school-year",
        3: "không đọc được văn bản nào",
    },
    "migrate": {
        0: "đã chuyển",
        1: "có tệp không đọc được",
        3: "không đọc được tệp nào",
    },
    "demo": {1: "sổ tổng hợp không tìm thấy đúng các sai sót đã cài"},
}
"""Exit codes: those of every command, and those with a meaning of their own."""

TYPES: Mapping[str, str] = {
    "text": "chữ",
    "choice": "danh sách chọn",
    "date": "ngày",
    "money": "số tiền (đồng)",
    "integer": "số nguyên",
    "percent": "phần trăm (0–100)",
    "TEXT": "chữ",
    "REAL": "số",
    "DATE": "ngày",
    "DATETIME": "ngày giờ",
}
"""Types of cells, and of columns of a table."""

SETTING_TYPES: Mapping[type, str] = {
    str: "chữ, trong ngoặc kép",
    int: "số nguyên",
    date: "ngày, dạng 2027-05-31",
    list: "danh sách",
    dict: "bảng",
}
"""Types of the values of ``kdcl-xl.toml``."""

_KIND = "loại tệp: " + ", ".join(f"`{kind}` ({kind.label.vi.lower()})" for kind in FileKind)
_CONTACT = {
    "person": "người liên hệ",
    "phone": "điện thoại",
    "email": "thư điện tử",
}
_ROW_OF_LIST = {
    "sheet": "tên trang; `null` với tệp CSV",
    "line": "số dòng, từ 1",
}
_SCHOOL_FILE = {
    "path": "đường dẫn; của tệp trong tệp nén là đường dẫn của tệp nén và tên bên trong",
    "kind": _KIND,
    "state": "`counts` (được tính), `passed_over` (có bản khác được tính), `unreadable`, `same` "
    "(trùng tệp khác), `other_year` (năm học khác), `district` (sổ tổng hợp), `opened` (tệp nén, "
    "đã mở), `ignored` (không phải bản nộp)",
    "saved": "thời điểm lưu, theo giờ UTC",
    "saved_by": "thời điểm ấy lấy từ đâu: `file` (ghi trong tệp) hoặc `file_system`",
    "school_year": "năm học ghi trong tệp",
    "school_code": "mã của trường mà tệp được tính cho; `null` khi chưa rõ",
    "reason": "vì sao không được tính, hoặc không đọc được",
}
_ENTRY = {
    "field": "tên trường dữ liệu, không đổi theo ngôn ngữ",
    "type": "`text`, `choice`, `date`, `money`, `integer` hoặc `percent`",
    "required": "bắt buộc điền",
    "locked": "khóa, do máy tính điền",
    "values": "danh sách được chọn; hoặc danh sách theo giá trị của ô cha, khi danh sách phụ "
    "thuộc (ví dụ mức theo tiêu chí)",
}
_CERTAINTY = {
    "of": "nội dung: `dates`, `criteria`, `titles`, `level_rule`, `form` hoặc `kinds`",
    "confidence": "độ tin cậy: `high`, `medium` hoặc `low`",
    "source": "nguồn",
    "note": "ghi chú",
    "compared_with_gazette": "đã đối chiếu với Công báo hay chưa",
}
_CRITERION = {
    "code": "mã tiêu chí",
    "title": "tên tiêu chí",
    "standard": "số của tiêu chuẩn",
    "levels": "các mức mà tiêu chí có",
    "mandatory": "tiêu chí bắt buộc",
    "aliases": "các tên khác được chấp nhận",
}


def _under(path: str, keys: Mapping[str, str]) -> dict[str, str]:
    return {f"{path}.{key}": words for key, words in keys.items()}


KEYS: Mapping[str, Mapping[str, str]] = {
    "check": {
        "files": "các tệp, mỗi tệp một phần tử",
        "files[].path": "đường dẫn",
        "files[].kind": _KIND,
        "files[].status": "`read`, `unreadable` hoặc `ignored` (không phải bản nộp)",
        "files[].school": "trường ghi trong tệp",
        "files[].school.code": "mã trường",
        "files[].school.name": "tên trường",
        "files[].school.kind": "cấp học",
        "files[].school.school_year": "năm học",
        "files[].findings": "các vấn đề của tệp",
        "files[].findings[].rule": "mã quy tắc",
        "files[].findings[].slug": "tên quy tắc, viết liền",
        "files[].findings[].severity": "`error`, `warning` hoặc `note`",
        "files[].findings[].sheet": "tên trang",
        "files[].findings[].cell": "địa chỉ ô",
        "files[].findings[].field": "tên trường dữ liệu, như ở `form`",
        "files[].findings[].value": "giá trị của ô; ngày là số ngày như Excel lưu",
        "files[].findings[].message": "nội dung, cho người đọc",
        "files[].findings[].remedy": "cách xử lý, cho người đọc",
        "files[].findings[].waived": "lý do miễn; chỉ có khi vấn đề được miễn",
        "summary": "tổng số",
        "summary.files": "số tệp",
        "summary.unreadable": "số tệp không đọc được",
        "summary.ignored": "số tệp không phải bản nộp",
        "summary.errors": "số lỗi",
        "summary.warnings": "số cảnh báo",
        "summary.notes": "số lưu ý",
    },
    "schools": {
        "file": "đường dẫn của danh sách",
        "format": "định dạng: Excel, hoặc CSV với bảng mã và dấu phân cách",
        "columns": "các cột được hiểu",
        "columns[].field": "nội dung: `number`, `code`, `name`, `kind`, `authority`, `address`, "
        "`school_year`, `email`, `phone` hoặc `person`",
        "columns[].heading": "tiêu đề cột",
        "columns[].sheet": "tên trang; `null` với tệp CSV",
        "columns[].column": "chữ của cột",
        "unused_columns": "tiêu đề của các cột không dùng",
        "schools": "các trường, mỗi trường một phần tử",
        **_under("schools[]", _ROW_OF_LIST),
        "schools[].code": "mã trường được dùng",
        "schools[].typed_code": "mã trường ghi trong danh sách",
        "schools[].name": "tên trường",
        "schools[].kind": "cấp học; `null` khi chưa rõ",
        "schools[].authority": "cơ quan quản lý",
        "schools[].address": "địa chỉ",
        "schools[].school_year": "năm học",
        "schools[].contact": "liên hệ",
        **_under("schools[].contact", _CONTACT),
        "schools[].completed": "giá trị được bổ sung: `zeros` (số 0 ở đầu mã), `kind_of_group`, "
        "`kind_of_sheet`, `kind_of_name` (cấp học lấy từ tiêu đề nhóm, tên trang, tên trường), "
        "`year_of_title` (năm học lấy từ dòng phía trên tiêu đề cột)",
        "faulty": "các lỗi, mỗi lỗi một phần tử",
        **_under("faulty[]", _ROW_OF_LIST),
        "faulty[].problem": "lỗi, và cách sửa",
        "faulty[].consequence": "`left_out` (dòng không được tính), `not_issued` (trường được "
        "tính, chưa được phát mẫu), `issued` (trường được tính và được phát mẫu)",
        "skipped": "các dòng không phải trường",
        **_under("skipped[]", _ROW_OF_LIST),
        "skipped[].last_line": "dòng cuối",
        "skipped[].why": "`blank` (dòng trống), `title` (phía trên tiêu đề cột), `heading` "
        "(tiêu đề cột), `group` (tiêu đề nhóm), `total` (dòng tổng), `note` (ghi chú), `sheet` "
        "(trang không có danh sách), `hidden` (trang ẩn)",
        "skipped[].text": "chữ của dòng đầu",
        "summary": "tổng số",
        "summary.schools": "số trường",
        "summary.with_kind": "số trường được phát mẫu",
        "summary.faulty": "số dòng có lỗi",
        "summary.skipped": "số dòng không phải trường",
        "summary.school_years": "các năm học ghi trong danh sách",
    },
    "status": {
        "schools": "các trường, mỗi trường một phần tử",
        "schools[].code": "mã trường",
        "schools[].name": "tên trường",
        "schools[].kind": "cấp học",
        "schools[].contact": "liên hệ ghi trong danh sách trường",
        **_under("schools[].contact", _CONTACT),
        "schools[].expected": "có trong danh sách trường",
        "schools[].state": ", ".join(f"`{s}` ({s.label.vi.lower()})" for s in State),
        "schools[].percent_filled": "phần trăm số ô cần thiết đã điền trong bản đứng đầu",
        "schools[].remark": "ghi chú, cho người đọc",
        "schools[].may_have": "đường dẫn các tệp của trường khác có thể là của trường này",
        "schools[].files": "các tệp của trường, tệp được tính đứng đầu",
        **_under("schools[].files[]", _SCHOOL_FILE),
        "files": "mọi tệp đã nhận, theo thứ tự đường dẫn",
        **_under("files[]", _SCHOOL_FILE),
        "summary": "tổng số",
        "summary.expected": "số trường trong danh sách",
        **{f"summary.{state}": state.label.vi.lower() for state in State},
        "summary.not_expected": "số trường ngoài danh sách",
    },
    "rules": {
        "rules": "các quy tắc, mỗi quy tắc một phần tử",
        "rules[].id": "mã quy tắc; không bao giờ dùng lại cho quy tắc khác",
        "rules[].name": "tên quy tắc",
        "rules[].family": "nhóm",
        "rules[].severity": "`error`, `warning` hoặc `note`",
        "rules[].stage": "xét từ giai đoạn nào: `draft`, `submit` hoặc `district`",
        "rules[].preview": "đang thử nghiệm, chính thức từ phiên bản này",
        "rules[].live": "trang tự báo khi gõ",
        "rules[].not_live": "vì sao trang không tự báo được",
        "rules[].title": "tên ngắn",
        "rules[].message": "nội dung; chỗ trong ngoặc nhọn được thay bằng giá trị",
        "rules[].remedy": "cách xử lý",
        "rules[].why": "vì sao có quy tắc này",
        "rules[].wrong": "ví dụ chưa đúng",
        "rules[].right": "ví dụ đúng",
        "rules[].forms": "các mẫu mà quy tắc áp dụng",
        "rules[].limits": "ngưỡng và giá trị mặc định",
        "rules[].law": "các điều khoản mà quy tắc dựa vào; trống nếu không dựa vào văn bản nào",
        "rules[].law[].regulation": "văn bản",
        "rules[].law[].article": "điều, phụ lục hoặc biểu mẫu",
        "rules[].law[].point": "khoản, điểm hoặc phần",
        "rules[].law[].confidence": "độ tin cậy: `high`, `medium` hoặc `low`",
        "rules[].law[].seen_in": "đọc ở đâu, đã đối chiếu đến đâu",
        "rules[].practice": "thông lệ, khi chưa thấy văn bản bắt buộc",
    },
    "form": {
        "form": "mẫu: `2018` hoặc `2026`",
        "regulation": "mã quy định",
        "sheets": "các trang có ô nhập",
        "sheets[].name": "tên trang",
        "sheets[].first_row": "dòng đầu của bảng",
        "sheets[].last_row": "dòng cuối của bảng",
        "sheets[].columns": "các cột của bảng",
        "sheets[].columns[].letter": "chữ cái của cột",
        "sheets[].columns[].header": "tiêu đề cột",
        **_under("sheets[].columns[]", _ENTRY),
        "sheets[].cells": "các ô đơn",
        "sheets[].cells[].ref": "địa chỉ ô",
        "sheets[].cells[].label": "nhãn của ô",
        **_under("sheets[].cells[]", _ENTRY),
    },
    "regulations": {
        "regulations": "các quy định, mỗi văn bản (hoặc phụ lục) một phần tử",
        "regulations[].id": "mã quy định",
        "regulations[].number": "số, ký hiệu",
        "regulations[].title": "tên",
        "regulations[].form": "mẫu: `2018` hoặc `2026`",
        "regulations[].kinds": "mã các loại cơ sở giáo dục",
        "regulations[].school_kinds": "các loại cơ sở ấy, kèm tên và nơi nhận kế hoạch",
        "regulations[].school_kinds[].id": "mã loại cơ sở",
        "regulations[].school_kinds[].name": "tên",
        "regulations[].school_kinds[].aliases": "các cách ghi khác; cách đầu được gợi ý khi báo "
        "lỗi",
        "regulations[].school_kinds[].levels": "các cấp học; trống: trường ghi ở trang «Thông tin»",
        "regulations[].school_kinds[].receiver": "nơi nhận kế hoạch: `commune`, `province` hoặc "
        "`unknown`",
        "regulations[].school_kinds[].head": "chức danh người đứng đầu",
        "regulations[].school_kinds[].learners": "từ chỉ người học",
        "regulations[].in_force_from": "có hiệu lực từ ngày",
        "regulations[].repealed_on": "hết hiệu lực từ ngày",
        "regulations[].repealed_by": "văn bản thay thế",
        "regulations[].school_level_rule": "cách tính mức của trường: `all_criteria` hoặc "
        "`mandatory_and_five`",
        "regulations[].source": "các nguồn",
        "regulations[].confidence": "độ tin cậy thấp nhất trong các nội dung: `high`, `medium` "
        "hoặc `low`",
        "regulations[].certainty": "độ tin cậy của từng nội dung",
        **_under("regulations[].certainty[]", _CERTAINTY),
        "regulations[].standards": "các tiêu chuẩn",
        "regulations[].standards[].no": "số của tiêu chuẩn",
        "regulations[].standards[].title": "tên tiêu chuẩn",
        "regulations[].standards[].aliases": "các tên khác được chấp nhận",
        "regulations[].criteria": "các tiêu chí",
        **_under("regulations[].criteria[]", _CRITERION),
        "regulations[].amendments": "các thông tư sửa đổi",
        "regulations[].amendments[].id": "mã của văn bản sau sửa đổi, dùng với `--regulation`",
        "regulations[].amendments[].number": "số, ký hiệu",
        "regulations[].amendments[].issued": "ngày ký",
        "regulations[].amendments[].in_force_from": "có hiệu lực từ ngày",
        "regulations[].amendments[].in_force_until": "hết hiệu lực từ ngày",
        "regulations[].amendments[].confirmed": "nội dung đã được đối chiếu với thông tư hay chưa",
        "regulations[].amendments[].replaces": "mã các tiêu chí bị thay thế",
        "regulations[].amendments[].other_changes": "thay đổi khác, không đổi mã và mức",
        "regulations[].amendments[].confidence": "độ tin cậy thấp nhất",
        "regulations[].amendments[].certainty": "độ tin cậy của từng nội dung",
        **_under("regulations[].amendments[].certainty[]", _CERTAINTY),
        "regulations[].amendments[].criteria_total": "tổng số tiêu chí sau sửa đổi",
        "regulations[].amendments[].criteria": "các tiêu chí sau sửa đổi",
        **_under("regulations[].amendments[].criteria[]", _CRITERION),
    },
}
"""What every key means that a command prints as JSON."""
