"""A document as its reader returns it: paragraphs and tables, each text with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

CARRIED_SPACE = "urn:kdcl-xl:carried"
"""The namespace of the custom XML part with a text that the document carries unseen."""
CARRIED_ROOT = "plan"


class Story(StrEnum):
    """The part of a document to which a text belongs; the value is its name in Vietnamese."""

    BODY = "Thân văn bản"
    HEADER = "Đầu trang"
    FOOTER = "Chân trang"
    FOOTNOTE = "Chú thích cuối trang"
    ENDNOTE = "Chú thích cuối văn bản"
    COMMENT = "Lời bình luận bên lề"
    TEXT_BOX = "Hộp chữ"
    DELETED = "Chữ đã xóa (theo dõi thay đổi)"
    HIDDEN = "Chữ ẩn"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph that is not empty.

    ``text`` is what a reader sees, with line breaks as line ends; ``label`` is the number
    that Word puts before it, and no part of ``text``. ``place`` says where the paragraph
    is, in Vietnamese. ``is_inserted`` is true where a part of it is a tracked insertion.
    """

    text: str
    place: str
    label: str = ""
    story: Story = Story.BODY
    is_bold: bool = False
    is_inserted: bool = False

    @property
    def shown(self) -> str:
        """The label and the text."""
        return f"{self.label} {self.text}" if self.label else self.text


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its columns of the grid from ``column`` on, and its contents.

    ``is_continued`` is true for the lower part of a cell that is merged downwards.
    """

    column: int
    span: int
    blocks: tuple[Block, ...]
    is_continued: bool = False

    @property
    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield the cell's own paragraphs; those of a table in it are not among them."""
        return (block for block in self.blocks if isinstance(block, Paragraph))

    @property
    def tables(self) -> Iterator[Table]:
        """Yield the tables in the cell."""
        return (block for block in self.blocks if isinstance(block, Table))

    @property
    def text(self) -> str:
        """The text of the cell's own paragraphs, each on its line."""
        return "\n".join(paragraph.shown for paragraph in self.paragraphs)


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its rows of cells, and its number in the document from 1."""

    number: int
    rows: tuple[Row, ...]

    @property
    def width(self) -> int:
        """The number of columns of the grid."""
        return max((cell.column + cell.span for row in self.rows for cell in row), default=0)


Block = Paragraph | Table


@dataclass(frozen=True)
class Document:
    """A document: its body, and the paragraphs outside it.

    ``unread`` names contents that have no text to read: pictures, embedded files. ``encodings``
    are the old ones that were converted to Unicode. ``is_rebuilt`` is true where paragraphs and
    tables were put together from what is drawn on the pages. ``carried`` is the text that the
    document carries unseen.
    """

    body: tuple[Block, ...]
    asides: tuple[Paragraph, ...] = ()
    unread: tuple[str, ...] = ()
    encodings: tuple[str, ...] = field(default=())
    is_rebuilt: bool = False
    carried: str = ""

    @property
    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield every paragraph: of the body in order, tables included, then those outside it."""
        for block in self.body:
            yield from paragraphs_of(block)
        yield from self.asides


def paragraphs_of(block: Block) -> Iterator[Paragraph]:
    """Yield every paragraph of a block, also those of tables inside of tables."""
    if isinstance(block, Paragraph):
        yield block
        return
    for row in block.rows:
        for cell in row:
            for inner in cell.blocks:
                yield from paragraphs_of(inner)
