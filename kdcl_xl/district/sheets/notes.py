"""The sheet of notes: what people wrote where no decision belongs, in full."""

from __future__ import annotations

from kdcl_xl.district.decisions.decision import Note
from kdcl_xl.district.sheets.links import NOTES
from kdcl_xl.district.sheets.list_sheet import ListColumn, ListSheet
from macros_free_validation.values import to_serial
from workbook_templates.text import Text


def note_sheet() -> ListSheet[Note]:
    """One row a note, with where it stood."""
    return ListSheet(
        NOTES,
        Text(
            "NỘI DUNG GHI NGOÀI CÁC Ô KẾT LUẬN CỦA SỔ TRƯỚC",
            "WHAT STOOD OUTSIDE THE DECISION CELLS OF THE EARLIER WORKBOOK",
        ),
        (
            ListColumn(Text("Vị trí trong sổ trước", "Place in the earlier workbook"), 30, _place),
            ListColumn(Text("Nội dung", "Content"), 90, lambda n: n.text),
            ListColumn(
                Text("Ngày tổng hợp", "Merged on"), 13, lambda n: to_serial(n.found_on), "cell_date"
            ),
        ),
    )


def _place(note: Note) -> str:
    return note.place
