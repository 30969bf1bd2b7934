"""The words of the rules on malformed evidence codes, shared by all sheets with evidence."""

from __future__ import annotations

from macros_free_validation.expression import Field, MalformedCode
from macros_free_validation.law import TT57, Provision
from macros_free_validation.rule import Case
from workbook_templates.forms.form_2018 import CODES as CODES_2018
from workbook_templates.forms.form_2026 import CODES as CODES_2026
from workbook_templates.text import Text
from workbook_templates.vocabulary import Confidence

MALFORMED_TITLE = Text("Mã minh chứng chưa đúng dạng", "Malformed evidence code")
MALFORMED_MESSAGE = Text(
    "Mã minh chứng «{evidence}» chưa đúng dạng.",
    "Evidence code '{evidence}' is malformed.",
)
MALFORMED_REMEDY = Text(
    "Ghi mã theo dạng {codes}; minh chứng chưa có mã thì ghi bằng lời.",
    "Write codes as {codes}; evidence without a code is given in words.",
)
MALFORMED_WHY = Text(
    "Mã ghi sai dạng thì người theo dõi và đoàn đánh giá không tìm được minh chứng trong hộp hồ "
    "sơ.",
    "With a malformed code, supervisors and assessors cannot find the evidence in its box.",
)
MALFORMED_CASES = (
    Case(
        "evidence",
        MalformedCode(Field("evidence")),
        {
            "codes": Text(
                f"{CODES_2018}, nhiều mã cách nhau bằng dấu chấm phẩy",
                f"{CODES_2018}, several parted by semicolons",
            )
        },
        forms=("2018",),
    ),
    Case(
        "evidence",
        MalformedCode(Field("evidence")),
        {
            "codes": Text(
                f"(MC.1.1.01), nhiều mã cách nhau bằng dấu phẩy trong một ngoặc: {CODES_2026}",
                f"(MC.1.1.01), several parted by commas in one bracket: {CODES_2026}",
            )
        },
        forms=("2026",),
    ),
)
"""One condition, which accepts the codes of both forms, because a plan may cite evidence of the
report before; the remedy shows the spelling of the plan's own form."""
CODES_OF_2026 = Provision(
    TT57,
    "Phụ lục IV",
    "",
    Confidence.MEDIUM,
    Text(
        "theo phần mềm của một trường, chưa đối chiếu với Công báo",
        "as a school's own program has it; not compared with the gazette",
    ),
)
