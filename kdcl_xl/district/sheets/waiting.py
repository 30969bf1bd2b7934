"""The sheet of decisions that wait: the plans of their schools were not given this time.

Once a plan is given again, its decisions return to the sheet of flags, or are closed where the
finding is gone.
"""

from __future__ import annotations

from kdcl_xl.district.decisions.decision import Ending
from kdcl_xl.district.sheets.closed import columns
from kdcl_xl.district.sheets.declare import ListSheet
from workbook_templates.text import Text

SHEET = ListSheet(
    Ending.WAITING.label,
    Text(
        "KẾT LUẬN CỦA TRƯỜNG KHÔNG CÓ BẢN NỘP TRONG LẦN NÀY",
        "DECISIONS OF SCHOOLS WHOSE PLANS WERE NOT GIVEN THIS TIME",
    ),
    lambda d: tuple(entry for entry in d.closed if entry.ending is Ending.WAITING),
    columns,
    frozen_columns=2,
)
