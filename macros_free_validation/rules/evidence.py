"""The words of the rules on malformed evidence codes, shared by all sheets with evidence."""

from __future__ import annotations

from workbook_templates.text import Text

MALFORMED_TITLE = Text("Mã minh chứng chưa đúng dạng", "Malformed evidence code")
MALFORMED_MESSAGE = Text(
    "Mã minh chứng «{evidence}» chưa đúng dạng.",
    "Evidence code '{evidence}' is malformed.",
)
MALFORMED_REMEDY = Text(
    "Ghi mã theo dạng [H1-1.1-01] hoặc (MC.1.1.01), nhiều mã cách nhau bằng dấu chấm phẩy; "
    "minh chứng chưa có mã thì ghi bằng lời.",
    "Write codes as [H1-1.1-01] or (MC.1.1.01), several parted by semicolons; evidence "
    "without a code is given in words.",
)
MALFORMED_WHY = Text(
    "Mã ghi sai dạng thì tổ giám sát và đoàn đánh giá không tìm được minh chứng trong hộp hồ sơ.",
    "With a malformed code, supervisors and assessors cannot find the evidence in its box.",
)
