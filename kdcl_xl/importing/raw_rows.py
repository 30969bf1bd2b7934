"""Rows of a plan as the document has them: texts by the field that their heading names."""

from __future__ import annotations

from dataclasses import dataclass, field

from kdcl_xl.importing.ledger import NOTHING, Source
from workbook_templates.text import Text

JOINED = Text(
    "Ô được ghép từ hai phần bị cắt ở cuối trang.",
    "The cell was joined from two parts that the end of a page had cut.",
)
SHARED = Text(
    "Ô trống trong văn bản; nội dung lấy theo dòng phía trên.",
    "The cell is empty in the document; the content is that of the row above.",
)
SHIFTED = Text(
    "Dòng này có thể bị lệch cột: ô chủ trì ghi thời gian hoặc ô thời gian ghi số tiền.",
    "The row may have shifted: the lead is a time, or the time an amount.",
)
WEAK_HEADING = Text(
    "Tên cột trong văn bản khác với các tên thường dùng; cần xem cột này có đúng mục không.",
    "The document's heading is unusual; look whether its column is in the right field.",
)
TWO_COLUMNS = Text(
    "Hai cột của văn bản được ghép vào ô này.",
    "Two columns of the document were joined in this cell.",
)
ACROSS = Text(
    "Ô của văn bản trải qua nhiều cột nên không rõ thuộc cột nào.",
    "The document's cell spans several columns, so that its column is not clear.",
)


@dataclass
class RawRow:
    """A row of a table, or of a narrative plan, before it is understood.

    ``doubts`` are reasons, by field, why its place is not certain. ``place`` describes the row
    for people.
    """

    place: str
    texts: dict[str, Source] = field(default_factory=dict)
    doubts: dict[str, Text] = field(default_factory=dict)
    standard: int | None = None
    is_level_4: bool = False

    def text(self, name: str) -> Source:
        """Return the text of a field; an empty one where there is none."""
        return self.texts.get(name, NOTHING)

    def add(self, name: str, source: Source, separator: str = "\n") -> None:
        """Add a text to a field."""
        known = self.texts.get(name)
        self.texts[name] = known.joined(source, separator) if known else source
