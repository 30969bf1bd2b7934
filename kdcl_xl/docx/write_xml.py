"""The XML of a document's parts: WordprocessingML and DrawingML (ECMA-376, transitional).

Elements come in the order of the schemas, which Word insists on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from xml.sax.saxutils import escape, quoteattr

from kdcl_xl.docx.write_blocks import (
    Block,
    Cell,
    Chart,
    Comment,
    Page,
    Paragraph,
    ParagraphFormat,
    Picture,
    Row,
    Run,
    Section,
    Style,
    Table,
    TextFormat,
)

HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SCHEMAS = "http://schemas.openxmlformats.org"
NAMESPACES = (
    f'xmlns:w="{_SCHEMAS}/wordprocessingml/2006/main" '
    f'xmlns:r="{_SCHEMAS}/officeDocument/2006/relationships" '
    f'xmlns:wp="{_SCHEMAS}/drawingml/2006/wordprocessingDrawing" '
    f'xmlns:a="{_SCHEMAS}/drawingml/2006/main"'
)
_PICTURE = f"{_SCHEMAS}/drawingml/2006/picture"
_CHART = f"{_SCHEMAS}/drawingml/2006/chart"
_SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_TWIPS, _EMU = 1440 / 25.4, 36_000
"""Twentieths of a point, and English metric units, in a millimetre."""
CELL_MARGINS = 2.4
"""Millimetres of a cell's width that hold no text: half on the left and half on the right."""
_CELL_SPACE = 0.4
"""Millimetres between the text of a cell and its upper and lower border."""
# Characters that XML 1.0 cannot hold; a lone surrogate cannot even be encoded.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")

Relate = Callable[[Picture | Chart], tuple[str, str]]
"""A function that stores a drawing's parts and returns the ids of their relationships."""


def clean(text: str) -> str:
    """Return a text with one kind of line end, and without characters that XML cannot hold."""
    return _NOT_XML.sub("", _LINE_ENDS.sub("\n", text))


def twips(millimetres: float) -> int:
    """Return a length in twentieths of a point."""
    return round(millimetres * _TWIPS)


def _flag(name: str, value: bool | None) -> str:
    if value is None:
        return ""
    return f"<w:{name}/>" if value else f'<w:{name} w:val="0"/>'


def _number(name: str, value: float | None, scale: float) -> str:
    return "" if value is None else f' w:{name}="{round(value * scale)}"'


def _text_properties(look: TextFormat) -> str:
    """Return the children of ``w:rPr``."""
    pieces = [_flag("b", look.bold), _flag("i", look.italic)]
    if look.colour is not None:
        pieces.append(f'<w:color w:val="{look.colour}"/>')
    if look.size is not None:
        size = round(look.size * 2)  # in half points
        pieces.append(f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>')
    return "".join(pieces)


def _paragraph_properties(look: ParagraphFormat) -> str:
    """Return the children of ``w:pPr`` behind the style."""
    pieces = [
        _flag("keepNext", look.keep_next),
        _flag("keepLines", look.keep_lines),
        _flag("pageBreakBefore", look.page_break_before),
    ]
    if look.rule_above is not None:
        width = round(look.rule_above * 8)  # in eighths of a point
        line = f'<w:top w:val="single" w:sz="{width}" w:space="1" w:color="auto"/>'
        pieces.append(f"<w:pBdr>{line}</w:pBdr>")
    spacing = _number("before", look.before, 20) + _number("after", look.after, 20)
    if look.exact is not None:
        spacing += f'{_number("line", look.exact, 20)} w:lineRule="exact"'
    elif look.line is not None:
        spacing += f'{_number("line", look.line, 240)} w:lineRule="auto"'
    if spacing:
        pieces.append(f"<w:spacing{spacing}/>")
    indents = "".join(
        _number(name, value, _TWIPS)
        for name, value in (
            ("left", look.left),
            ("right", look.right),
            ("firstLine", look.first_line),
        )
    )
    if indents:
        pieces.append(f"<w:ind{indents}/>")
    if look.align is not None:
        pieces.append(f'<w:jc w:val="{look.align}"/>')
    if look.level is not None:
        pieces.append(f'<w:outlineLvl w:val="{look.level - 1}"/>')
    return "".join(pieces)


def style_xml(style: Style) -> str:
    """Return the definition of a style of paragraphs."""
    based = f'<w:basedOn w:val="{style.based_on}"/>' if style.based_on else ""
    default = "" if style.based_on else ' w:default="1"'
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{style.id}">'
        f"<w:name w:val={quoteattr(style.name)}/>{based}<w:qFormat/>"
        f"<w:pPr>{_paragraph_properties(style.paragraph)}</w:pPr>"
        f"<w:rPr>{_text_properties(style.text)}</w:rPr></w:style>"
    )


def _run(run: Run) -> str:
    properties = _text_properties(run.format)
    head = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    lines = []
    for line in clean(run.text).split("\n"):
        texts = (
            f'<w:t xml:space="preserve">{escape(text)}</w:t>' if text else ""
            for text in line.split("\t")
        )
        lines.append("<w:tab/>".join(texts))
    return f"<w:r>{head}{'<w:br/>'.join(lines)}</w:r>"


class BodyWriter:
    """A writer of the blocks of a document; it numbers drawings and collects comments."""

    def __init__(self, relate: Relate, header_id: str) -> None:
        """Keep the function that stores drawings, and the relationship of the page header."""
        self._relate = relate
        self._header_id = header_id
        self._drawings = 0
        self.comments: list[Comment] = []

    def body(self, sections: Sequence[Section]) -> str:
        """Return the children of ``w:body``."""
        pieces: list[str] = []
        for nth, section in enumerate(sections):
            properties = self._section_properties(section.page, is_first=nth == 0)
            is_last = nth == len(sections) - 1
            pieces += self._blocks(section.blocks, "" if is_last else properties)
            if is_last:
                pieces.append(properties)
        return "".join(pieces)

    def _blocks(self, blocks: Sequence[Block], section: str) -> Iterable[str]:
        """Yield the blocks; ``section`` goes into the last paragraph, which ends the section."""
        before: Block | None = None
        last = len(blocks) - 1
        for nth, block in enumerate(blocks):
            if isinstance(block, Table):
                if isinstance(before, Table):  # Word would make them one table
                    yield _separator("")
                yield self._table(block)
            else:
                yield self.paragraph(block, section if nth == last else "")
            before = block
        if not isinstance(before, Paragraph):
            yield _separator(section)

    def _section_properties(self, page: Page, *, is_first: bool) -> str:
        # A first page of its own, without a header, hides the number of page 1.
        own = "<w:titlePg/>" if is_first else ""
        turned = ' w:orient="landscape"' if page.landscape else ""
        margins = "".join(
            f' w:{name}="{twips(value)}"'
            for name, value in (
                ("top", page.top),
                ("right", page.right),
                ("bottom", page.bottom),
                ("left", page.left),
                ("header", page.header),
                ("footer", page.header),
                ("gutter", 0.0),
            )
        )
        return (
            f'<w:sectPr><w:headerReference w:type="default" r:id="{self._header_id}"/>'
            f'<w:type w:val="nextPage"/>'
            f'<w:pgSz w:w="{twips(page.width)}" w:h="{twips(page.height)}"{turned}/>'
            f"<w:pgMar{margins}/>{own}</w:sectPr>"
        )

    def paragraph(self, paragraph: Paragraph, section: str = "") -> str:
        """Return a paragraph; ``section`` are the properties of the section that it ends."""
        numbers = range(len(self.comments), len(self.comments) + len(paragraph.comments))
        self.comments += paragraph.comments
        look = paragraph.format
        properties = _paragraph_properties(look) if look else ""
        begun = "".join(f'<w:commentRangeStart w:id="{n}"/>' for n in numbers)
        ended = "".join(
            f'<w:commentRangeEnd w:id="{n}"/><w:r><w:rPr><w:rStyle w:val="CommentReference"/>'
            f'</w:rPr><w:commentReference w:id="{n}"/></w:r>'
            for n in numbers
        )
        pieces = (
            _run(piece) if isinstance(piece, Run) else self._drawing(piece)
            for piece in paragraph.pieces
        )
        return (
            f'<w:p><w:pPr><w:pStyle w:val="{paragraph.style}"/>{properties}{section}</w:pPr>'
            f"{begun}{''.join(pieces)}{ended}</w:p>"
        )

    def _drawing(self, drawing: Picture | Chart) -> str:
        self._drawings += 1
        name = f'id="{self._drawings}" name="{type(drawing).__name__} {self._drawings}"'
        description = quoteattr(clean(drawing.description))
        size = f'cx="{round(drawing.width * _EMU)}" cy="{round(drawing.height * _EMU)}"'
        main, other = self._relate(drawing)
        if isinstance(drawing, Chart):
            uri, content = _CHART, f'<c:chart xmlns:c="{_CHART}" r:id="{main}"/>'
        else:
            uri, content = _PICTURE, _picture(name, size, main, other)
        return (
            '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f"<wp:extent {size}/><wp:docPr {name} descr={description}/>"
            f'<a:graphic><a:graphicData uri="{uri}">{content}</a:graphicData></a:graphic>'
            "</wp:inline></w:drawing></w:r>"
        )

    def _table(self, table: Table) -> str:
        widths = [twips(width) for width in table.widths]
        sides = ("top", "left", "bottom", "right", "insideH", "insideV")
        lines = "".join(
            f'<w:{s} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for s in sides
        )
        borders = f"<w:tblBorders>{lines}</w:tblBorders>" if table.borders else ""
        beside = f'w:w="{twips(CELL_MARGINS / 2)}" w:type="dxa"'
        above = f'w:w="{twips(_CELL_SPACE)}" w:type="dxa"'
        caption = (
            f"<w:tblCaption w:val={quoteattr(clean(table.caption))}/>" if table.caption else ""
        )
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        return (
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
            f'{borders}<w:tblLayout w:type="fixed"/>'
            f"<w:tblCellMar><w:top {above}/><w:left {beside}/>"
            f"<w:bottom {above}/><w:right {beside}/></w:tblCellMar>{caption}</w:tblPr>"
            f"<w:tblGrid>{columns}</w:tblGrid>"
            f"{''.join(self._row(row, widths) for row in table.rows)}</w:tbl>"
        )

    def _row(self, row: Row, widths: Sequence[int]) -> str:
        whole = "<w:cantSplit/>" if row.whole else ""
        properties = whole + ("<w:tblHeader/>" if row.header else "")
        head = f"<w:trPr>{properties}</w:trPr>" if properties else ""
        cells, at = [], 0
        for cell in row.cells:
            width = sum(widths[at : at + cell.span])
            cells.append(self._cell(cell, width, keep_next=row.keep_next))
            at += cell.span
        return f"<w:tr>{head}{''.join(cells)}</w:tr>"

    def _cell(self, cell: Cell, width: int, *, keep_next: bool) -> str:
        properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
        if cell.span > 1:
            properties += f'<w:gridSpan w:val="{cell.span}"/>'
        if cell.merge is not None:
            properties += f'<w:vMerge w:val="{cell.merge}"/>'
        if cell.fill:
            properties += f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.fill}"/>'
        if cell.middle:
            properties += '<w:vAlign w:val="center"/>'
        content = cell.content or (Paragraph(),)
        if keep_next:
            content = tuple(_kept_with_next(block) for block in content)
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(self._blocks(content, ''))}</w:tc>"


def comments_xml(comments: Sequence[Comment], write: Callable[[Paragraph], str]) -> str:
    """Return the part of the comments; ``write`` returns the XML of a paragraph."""
    pieces = []
    for number, comment in enumerate(comments):
        author = quoteattr(clean(comment.author))
        initials = quoteattr("".join(word[0] for word in clean(comment.author).split())[:3])
        text = "".join(write(Paragraph.of(line)) for line in clean(comment.text).split("\n"))
        pieces.append(
            f'<w:comment w:id="{number}" w:author={author} w:initials={initials}>{text}</w:comment>'
        )
    return f"{HEADER}<w:comments {NAMESPACES}>{''.join(pieces)}</w:comments>"


def _kept_with_next(block: Block) -> Block:
    if isinstance(block, Table):
        return block
    return replace(block, format=replace(block.format or ParagraphFormat(), keep_next=True))


def _separator(section: str) -> str:
    """Return an empty paragraph a point high: Word needs one between and behind tables."""
    return (
        '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
        f'<w:rPr><w:sz w:val="2"/></w:rPr>{section}</w:pPr></w:p>'
    )


def _picture(name: str, size: str, png: str, svg: str) -> str:
    extension = ""
    if svg:
        blip = f'<asvg:svgBlip xmlns:asvg="{_SVG}" r:embed="{svg}"/>'
        extension = f'<a:extLst><a:ext uri="{_SVG_EXTENSION}">{blip}</a:ext></a:extLst>'
    return (
        f'<pic:pic xmlns:pic="{_PICTURE}"><pic:nvPicPr><pic:cNvPr {name}/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{png}">{extension}</a:blip>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
    )
