"""The parts of a Word document: sections, paragraphs, tables, pictures, charts, comments.

Lengths are in millimetres, sizes of letters and distances between lines in points. None means
that the style, or the style it is based on, decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workbook_templates.text import Language


class Align(StrEnum):
    """The horizontal alignment of a paragraph, as WordprocessingML spells it (ST_Jc)."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"
    BOTH = "both"


class Merge(StrEnum):
    """The part of a cell in a vertical merge, as WordprocessingML spells it (ST_Merge).

    Word shows the content of the cell that begins a merge, and none of those that continue it.
    """

    BEGIN = "restart"
    CONTINUE = "continue"


@dataclass(frozen=True, slots=True)
class TextFormat:
    """The look of letters: ``size`` in points, ``colour`` as six hexadecimal digits."""

    bold: bool | None = None
    italic: bool | None = None
    size: float | None = None
    colour: str | None = None


PLAIN = TextFormat()
BOLD = TextFormat(bold=True)
ITALIC = TextFormat(italic=True)


@dataclass(frozen=True, slots=True)
class ParagraphFormat:
    """The look of a paragraph.

    ``first_line``, ``left`` and ``right`` are indents in millimetres; ``before`` and ``after``
    are in points. ``line`` is the distance of lines as a multiple of a single line, ``exact`` the
    height of every line in points instead. ``rule_above`` draws a line of that width, in points,
    between the two indents. ``level`` makes the paragraph a heading, from 1.
    """

    align: Align | None = None
    first_line: float | None = None
    left: float | None = None
    right: float | None = None
    before: float | None = None
    after: float | None = None
    line: float | None = None
    exact: float | None = None
    keep_next: bool | None = None
    keep_lines: bool | None = None
    page_break_before: bool | None = None
    rule_above: float | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """A named look of paragraphs, which Word's users see as ``name`` and can change at once."""

    id: str
    name: str
    paragraph: ParagraphFormat = ParagraphFormat()
    text: TextFormat = PLAIN
    based_on: str = "Normal"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text of one look; a newline breaks the line, characters not in XML are dropped."""

    text: str
    format: TextFormat = PLAIN


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a line of text: a PNG, and optionally the same as SVG, which Word prefers.

    ``width`` and ``height`` are in millimetres; ``description`` is read out to blind readers.
    """

    png: bytes
    width: float
    height: float
    description: str
    svg: bytes = b""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that Word draws: a whole chart part (DrawingML, ``c:chartSpace``) as XML."""

    xml: str
    width: float
    height: float
    description: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment in the margin, on a whole paragraph."""

    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its pieces, the id of its style, and where it differs from the style."""

    pieces: tuple[Run | Picture | Chart, ...] = ()
    style: str = "Normal"
    format: ParagraphFormat | None = None
    comments: tuple[Comment, ...] = ()

    @classmethod
    def of(
        cls,
        text: str,
        style: str = "Normal",
        look: TextFormat = PLAIN,
        format: ParagraphFormat | None = None,  # noqa: A002 - the name of the field
    ) -> Paragraph:
        """Return a paragraph of one text of one look."""
        return cls((Run(text, look),) if text else (), style, format)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: ``span`` is the number of columns it takes up.

    ``fill`` is a colour of six hexadecimal digits, ``middle`` centres the content vertically.
    """

    content: tuple[Paragraph | Table, ...] = ()
    span: int = 1
    merge: Merge | None = None
    fill: str = ""
    middle: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    A ``header`` is repeated on every page, a ``whole`` row is not split between pages, and one
    with ``keep_next`` is on the page of the row below.
    """

    cells: tuple[Cell, ...]
    header: bool = False
    whole: bool = True
    keep_next: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the widths of its columns in millimetres, and its rows.

    ``caption`` is the table's title for blind readers; it is not shown.

    Raises:
        ValueError: the cells of a row do not take up exactly the columns.
    """

    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    borders: bool = True
    caption: str = ""

    def __post_init__(self) -> None:
        """Check the rows: a program would repair the table in its own way."""
        for nth, row in enumerate(self.rows, start=1):
            taken = sum(cell.span for cell in row.cells)
            if taken != len(self.widths):
                raise ValueError(f"row {nth} takes up {taken} of {len(self.widths)} columns")


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Page:
    """A4 paper and its margins in millimetres; ``header`` is the distance of the page number."""

    landscape: bool = False
    top: float = 20.0
    bottom: float = 20.0
    left: float = 30.0
    right: float = 15.0
    header: float = 10.0

    @property
    def width(self) -> float:
        """The width of the paper."""
        return 297.0 if self.landscape else 210.0

    @property
    def height(self) -> float:
        """The height of the paper."""
        return 210.0 if self.landscape else 297.0

    @property
    def text_width(self) -> float:
        """The width between the margins."""
        return self.width - self.left - self.right

    @property
    def text_height(self) -> float:
        """The height between the margins."""
        return self.height - self.top - self.bottom


@dataclass(frozen=True, slots=True)
class Section:
    """Pages of one size; every section begins on a new page."""

    blocks: tuple[Block, ...]
    page: Page = Page()


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its sections, its styles, and its properties.

    Page numbers are at the top centre from page 2 on. ``carried`` is a text that nobody sees: a
    part of its own, which Word keeps.
    """

    sections: tuple[Section, ...]
    styles: tuple[Style, ...]
    title: str = ""
    author: str = ""
    language: Language = Language.VI
    carried: str = ""
