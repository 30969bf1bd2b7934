"""Rules on the district's settings: waivers that expired or match no finding."""

from __future__ import annotations

from macros_free_validation.rule import Rule, Severity
from workbook_templates.text import Text

_NOT_LIVE = Text(
    "Sổ tính không biết tệp cấu hình của cơ quan quản lý.",
    "The workbook does not know the district's settings.",
)

WAIVER_UNUSED = Rule(
    "KD806",
    "workbook.waiver_unused",
    Severity.NOTE,
    Text("Nội dung miễn không dùng đến", "Waiver not used"),
    Text(
        "Nội dung miễn tại {place} (quy tắc {rule}, {rows}) không ứng với vấn đề nào trong bản "
        "nộp của trường.",
        "The waiver at {place} (rule {rule}, {rows}) answers to no finding of this school.",
    ),
    Text(
        "Đề nghị xóa nội dung miễn nếu vấn đề đã được khắc phục; nếu chưa, kiểm tra lại mã quy "
        "tắc và số dòng.",
        "Delete the waiver if the fault is mended; if not, check its rule and its row.",
    ),
    not_live=_NOT_LIVE,
    distinguished_by=("rule", "rows"),
    incidental=("place",),
    why=Text(
        "Nội dung miễn không còn ứng với vấn đề nào dễ che mất một vấn đề mới phát sinh sau này.",
        "A waiver that answers to nothing may later hide a new fault.",
    ),
)
WAIVER_EXPIRED = Rule(
    "KD807",
    "workbook.waiver_expired",
    Severity.WARNING,
    Text("Nội dung miễn đã hết hạn", "Waiver expired"),
    Text(
        "Nội dung miễn tại {place} (quy tắc {rule}, {rows}) đã hết hạn sau ngày {until} nên không "
        "còn được áp dụng.",
        "The waiver at {place} (rule {rule}, {rows}) ran out after {until} and no longer counts.",
    ),
    Text(
        "Đề nghị khắc phục vấn đề, hoặc xin ý kiến người có thẩm quyền để gia hạn, rồi cập nhật "
        "tệp cấu hình.",
        "Mend the fault, or ask the authority to extend the waiver, then update the settings.",
    ),
    not_live=_NOT_LIVE,
    distinguished_by=("rule", "rows"),
    incidental=("place",),
    why=Text(
        "Việc miễn chỉ có giá trị trong thời hạn đã được đồng ý; quá hạn thì vấn đề "
        "phải được khắc phục hoặc xem xét lại.",
        "A waiver holds only as long as was agreed; after that the fault is mended or "
        "looked at again.",
    ),
)

RULES = (WAIVER_UNUSED, WAIVER_EXPIRED)
