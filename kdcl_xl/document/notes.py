"""Notes on cells of the workbook as comments of the document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kdcl_xl.docx.write_blocks import Comment
from workbook_templates.layout import PlacedSheet

Place = tuple[str, str]
"""A cell: the name of its sheet, and its address such as ``F12``; two empty texts for none."""
NO_PLACE: Place = ("", "")


class Notes:
    """Notes by the cell they are on; each becomes one comment, beside what the cell shows."""

    def __init__(self, texts: Mapping[Place, str], author: str) -> None:
        """Keep the texts; ``author`` is shown as the writer of the comments."""
        self._left = dict(texts)
        self._author = author
        self.asked: set[Place] = set()
        """The single cells that the document shows, whether or not they have notes."""

    def on(self, places: Iterable[Place]) -> tuple[Comment, ...]:
        """Return the comments on some cells, which are then placed."""
        texts = [self._left.pop(place, "") for place in places]
        return tuple(Comment(self._author, text) for text in texts if text)

    def on_cell(self, sheet: PlacedSheet, field: str) -> tuple[Comment, ...]:
        """Return the comment on a single cell; none where the form lacks the cell."""
        if not sheet.has_cell(field):
            return ()
        place = (sheet.name, sheet.cell(field).ref)
        self.asked.add(place)
        return self.on([place])

    def on_row(self, sheet: PlacedSheet, row: int) -> tuple[Comment, ...]:
        """Return the comments on the cells of a row that are still without a place."""
        fields = (column.field for column in sheet.columns)
        return self.on((sheet.name, sheet.ref(field, row)) for field in fields)

    def rest(self) -> tuple[Comment, ...]:
        """Return the comments on cells that the document does not show, with their places."""
        texts = [
            f"Trang «{sheet}», ô {ref}:\n{text}" if ref else text
            for (sheet, ref), text in self._left.items()
        ]
        self._left.clear()
        return tuple(Comment(self._author, text) for text in texts)
