"""The sheet of notes: texts that people typed outside the cells for decisions, in full."""

from __future__ import annotations

from collections.abc import Sequence

from kdcl_xl.district.decisions.decision import Note
from kdcl_xl.district.sheets.declare import ListColumn, ListSheet
from kdcl_xl.district.sheets.links import Links
from macros_free_validation.values import to_serial
from workbook_templates.text import Text


def _columns(_notes: Sequence[Note], _links: Links) -> tuple[ListColumn[Note], ...]:
    return (
        ListColumn(
            Text("Vị trí trong sổ trước", "Place in the earlier workbook"), 30, lambda n: n.place
        ),
        ListColumn(Text("Nội dung", "Content"), 90, lambda n: n.text),
        ListColumn(
            Text("Ngày tổng hợp", "Merged on"), 13, lambda n: to_serial(n.found_on), "cell_date"
        ),
    )


SHEET = ListSheet(
    Text("Ghi chú khác", "Other notes"),
    Text(
        "NỘI DUNG GHI NGOÀI CÁC Ô KẾT LUẬN CỦA SỔ TRƯỚC",
        "WHAT STOOD OUTSIDE THE DECISION CELLS OF THE EARLIER WORKBOOK",
    ),
    lambda district: district.notes,
    _columns,
)
