"""Write a Word document (.docx) as bytes, with the standard library alone.

The same document always gives the same bytes: no part holds a time, a random id, or the name of
a computer.
"""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

from kdcl_xl.docx.document import CARRIED_ROOT, CARRIED_SPACE
from kdcl_xl.docx.write_blocks import Chart, Document, Picture
from kdcl_xl.docx.write_styles import FONT, TEXT_SIZE
from kdcl_xl.docx.write_theme import fonts_xml, theme_xml
from kdcl_xl.docx.write_xml import (
    HEADER,
    NAMESPACES,
    BodyWriter,
    clean,
    comments_xml,
    style_xml,
)
from workbook_templates.text import Language

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TAGS = {Language.VI: "vi-VN", Language.EN: "en-GB"}
"""Language tags (BCP 47) by language."""
_TYPES = {
    "word/document.xml": f"{_WORD}.document.main+xml",
    "word/styles.xml": f"{_WORD}.styles+xml",
    "word/settings.xml": f"{_WORD}.settings+xml",
    "word/header1.xml": f"{_WORD}.header+xml",
    "word/fontTable.xml": f"{_WORD}.fontTable+xml",
    "word/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
    "word/comments.xml": f"{_WORD}.comments+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
}
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_CUSTOM_ID = "{6B64636C-786C-4B48-8A11-6B64636C2D78}"
"""The id of the custom XML part, which need be unique in its document only."""
_HEADER_ID = "rId3"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest time of a zip entry."""


def write_docx(document: Document) -> bytes:
    """Return a document as the bytes of a .docx file.

    Characters that XML cannot hold are left out.
    """
    return _Package(document).content()


class _Package:
    """The parts of one document and their relationships."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.parts: dict[str, bytes] = {}
        self.types: dict[str, str] = {}
        self.related = [
            ("rId1", f"{_OFFICE}/relationships/styles", "styles.xml"),
            ("rId2", f"{_OFFICE}/relationships/settings", "settings.xml"),
            (_HEADER_ID, f"{_OFFICE}/relationships/header", "header1.xml"),
            ("rId4", f"{_OFFICE}/relationships/fontTable", "fontTable.xml"),
            ("rId5", f"{_OFFICE}/relationships/theme", "theme/theme1.xml"),
        ]

    def content(self) -> bytes:
        """Return the zip."""
        writer = BodyWriter(self._relate, _HEADER_ID)
        body = writer.body(self.document.sections)
        self._add(
            "word/document.xml", f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
        )
        self._add("word/styles.xml", self._styles())
        self._add("word/settings.xml", _settings())
        self._add("word/header1.xml", _page_number())
        self._add("word/fontTable.xml", fonts_xml(NAMESPACES))
        self._add("word/theme/theme1.xml", theme_xml())
        if writer.comments:
            self.parts["word/comments.xml"] = comments_xml(
                writer.comments, writer.paragraph
            ).encode()
            self._to("comments", "comments.xml")
        if self.document.carried:
            self._carry(self.document.carried)
        self._add("docProps/core.xml", self._core())
        roots = [
            ("rId1", f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
            (
                "rId2",
                f"{_PACKAGE}/relationships/metadata/core-properties",
                "docProps/core.xml",
            ),
        ]
        self._add("word/_rels/document.xml.rels", _relationships(self.related))
        self._add("_rels/.rels", _relationships(roots))
        return _zipped({"[Content_Types].xml": self._content_types(), **self.parts})

    def _carry(self, text: str) -> None:
        """Add a custom XML part with its properties (ECMA-376 part 1, 15.2.5 and 15.2.6)."""
        self._add(
            "customXml/item1.xml",
            f'<{CARRIED_ROOT} xmlns="{CARRIED_SPACE}">{escape(clean(text))}</{CARRIED_ROOT}>',
        )
        self._add(
            "customXml/itemProps1.xml",
            f'<ds:datastoreItem ds:itemID="{_CUSTOM_ID}" xmlns:ds="{_OFFICE}/customXml">'
            f'<ds:schemaRefs><ds:schemaRef ds:uri="{CARRIED_SPACE}"/></ds:schemaRefs>'
            "</ds:datastoreItem>",
        )
        self.types["customXml/itemProps1.xml"] = _CUSTOM_TYPE
        kind = f"{_OFFICE}/relationships/customXmlProps"
        self._add(
            "customXml/_rels/item1.xml.rels", _relationships([("rId1", kind, "itemProps1.xml")])
        )
        self._to("customXml", "../customXml/item1.xml")

    def _add(self, name: str, xml: str) -> None:
        self.parts[name] = (HEADER + xml).encode()

    def _to(self, kind: str, target: str) -> str:
        """Relate the document to a part, and return the id of the relationship."""
        found = f"rId{len(self.related) + 1}"
        self.related.append((found, f"{_OFFICE}/relationships/{kind}", target))
        return found

    def _relate(self, drawing: Picture | Chart) -> tuple[str, str]:
        number = len(self.related) + 1
        if isinstance(drawing, Chart):
            name = f"charts/chart{number}.xml"
            self.parts[f"word/{name}"] = drawing.xml.encode()
            self.types[f"word/{name}"] = _CHART_TYPE
            return self._to("chart", name), ""
        name = f"media/image{number}.png"
        self.parts[f"word/{name}"] = drawing.png
        main = self._to("image", name)
        if not drawing.svg:
            return main, ""
        name = f"media/image{number}.svg"
        self.parts[f"word/{name}"] = drawing.svg
        return main, self._to("image", name)

    def _content_types(self) -> bytes:
        kinds = {
            "rels": "application/vnd.openxmlformats-package.relationships+xml",
            "xml": "application/xml",
            "png": "image/png",
            "svg": "image/svg+xml",
        }
        pieces = [
            f'<Default Extension="{ending}" ContentType="{kind}"/>'
            for ending, kind in kinds.items()
        ]
        pieces += [
            f'<Override PartName="/{name}" ContentType="{kind}"/>'
            for name, kind in {**_TYPES, **self.types}.items()
            if name in self.parts
        ]
        return (
            f'{HEADER}<Types xmlns="{_PACKAGE}/content-types">{"".join(pieces)}</Types>'
        ).encode()

    def _styles(self) -> str:
        size = round(TEXT_SIZE * 2)
        language = quoteattr(_TAGS[self.document.language])
        fonts = "".join(f' w:{kind}="{FONT}"' for kind in ("ascii", "hAnsi", "eastAsia", "cs"))
        defaults = (
            f"<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts{fonts}/>"
            f'<w:color w:val="000000"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
            f"<w:lang w:val={language}/></w:rPr></w:rPrDefault>"
            "<w:pPrDefault><w:pPr><w:widowControl/></w:pPr></w:pPrDefault></w:docDefaults>"
        )
        reference = (
            '<w:style w:type="character" w:styleId="CommentReference">'
            '<w:name w:val="annotation reference"/>'
            '<w:rPr><w:sz w:val="16"/><w:szCs w:val="16"/></w:rPr></w:style>'
        )
        styles = "".join(style_xml(style) for style in self.document.styles)
        return f"<w:styles {NAMESPACES}>{defaults}{styles}{reference}</w:styles>"

    def _core(self) -> str:
        title, author = (escape(clean(t)) for t in (self.document.title, self.document.author))
        return (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>"
            f"<dc:language>{_TAGS[self.document.language]}</dc:language></cp:coreProperties>"
        )


def _settings() -> str:
    # Word stretches a line before a line break in a text of straight margins, unless forbidden.
    # Without a mode of 15, Word opens the document in the compatibility mode of Word 2007.
    mode = (
        '<w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    )
    return (
        f'<w:settings {NAMESPACES}><w:defaultTabStop w:val="720"/>'
        f"<w:compat><w:doNotExpandShiftReturn/>{mode}</w:compat></w:settings>"
    )


def _page_number() -> str:
    """Return the header: the number of the page, 13 points (Phụ lục I, part I, section I.7)."""
    look = '<w:rPr><w:sz w:val="26"/><w:szCs w:val="26"/></w:rPr>'
    field = "".join(
        f"<w:r>{look}{content}</w:r>"
        for content in (
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>2</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
        )
    )
    return f'<w:hdr {NAMESPACES}><w:p><w:pPr><w:jc w:val="center"/></w:pPr>{field}</w:p></w:hdr>'


def _relationships(related: list[tuple[str, str, str]]) -> str:
    pieces = "".join(
        f'<Relationship Id="{found}" Type="{kind}" Target="{target}"/>'
        for found, kind, target in related
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{pieces}</Relationships>'


def _zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.create_system = 0  # the same on every system
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
