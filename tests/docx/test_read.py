"""The reader of documents: every text of every part, once, with its place."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from kdcl_xl.docx.document import Paragraph, Story, Table
from kdcl_xl.docx.read import read_document
from kdcl_xl.xlsx.package import UnreadableError
from tests.importing.layouts import saved

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def document_of(body: str, namespace: str = W, **parts: str) -> bytes:
    """A document with this body, and with parts that its main part refers to by their kind."""
    out = io.BytesIO()
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="r{nth}" Type="{kinds}/{kind}" Target="{kind}.xml"/>'
        for nth, kind in enumerate(parts)
    )
    root = f'<w:{{0}} xmlns:w="{namespace}">{{1}}</w:{{0}}>'
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", root.format("document", f"<w:body>{body}</w:body>"))
        rels = "http://schemas.openxmlformats.org/package/2006/relationships"
        archive.writestr(
            "word/_rels/document.xml.rels", f'<Relationships xmlns="{rels}">{links}</Relationships>'
        )
        for kind, inner in parts.items():
            archive.writestr(f"word/{kind}.xml", root.format(kind, inner))
    return out.getvalue()


def p(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def texts(content: bytes) -> list[str]:
    return [block.shown for block in read_document(content).body if isinstance(block, Paragraph)]


def test_the_strict_form_is_read_alike() -> None:
    body = p("một") + f"<w:tbl><w:tr><w:tc>{p('hai')}</w:tc></w:tr></w:tbl>"
    usual, strict = read_document(document_of(body)), read_document(document_of(body, STRICT))
    assert usual == strict
    assert len(list(usual.paragraphs)) == 2


def test_numbers_of_lists_are_a_part_of_the_text_and_bullets_are_not() -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (form, text) in enumerate(
            [("upperRoman", "%1."), ("decimal", "%1.%2"), ("bullet", "x")]
        )
    )
    numbering = (
        f'<w:abstractNum w:abstractNumId="3">{levels}</w:abstractNum>'
        '<w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num>'
    )
    body = "".join(
        p(text, f'<w:pPr><w:numPr><w:ilvl w:val="{n}"/><w:numId w:val="7"/></w:numPr></w:pPr>')
        for text, n in [("a", 0), ("b", 1), ("c", 1), ("d", 2), ("e", 0), ("f", 1)]
    )
    assert texts(document_of(body, numbering=numbering)) == [
        "I. a", "I.1 b", "I.2 c", "d", "II. e", "II.1 f",
    ]  # fmt: skip


def test_every_part_is_read() -> None:
    content = document_of(
        p("thân"),
        header=p("đầu"),
        footer=p("chân"),
        footnotes=f"<w:footnote>{p('chú thích')}</w:footnote>",
        endnotes=f"<w:endnote>{p('cuối văn bản')}</w:endnote>",
        comments=f"<w:comment>{p('bình luận')}</w:comment>",
    )
    found = {(a.story, a.text) for a in read_document(content).asides}
    assert found == {
        (Story.HEADER, "đầu"),
        (Story.FOOTER, "chân"),
        (Story.FOOTNOTE, "chú thích"),
        (Story.ENDNOTE, "cuối văn bản"),
        (Story.COMMENT, "bình luận"),
    }


def test_changes_hidden_text_and_fields() -> None:
    body = (
        "<w:p><w:ins><w:r><w:t>thêm</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>bớt</w:delText></w:r></w:del>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<w:hyperlink><w:r><w:t> và</w:t></w:r></w:hyperlink>"
        "<w:r><w:br/><w:t>hai</w:t><w:noBreakHyphen/><w:t>ba</w:t><w:tab/><w:t>bốn</w:t></w:r></w:p>"
    )
    read = read_document(document_of(body))
    (paragraph,) = read.body
    assert isinstance(paragraph, Paragraph)
    assert paragraph.text == "thêm và\nhai-ba\tbốn"
    assert paragraph.is_inserted
    assert {(a.story, a.text) for a in read.asides} == {
        (Story.DELETED, "bớt"),
        (Story.HIDDEN, "ẩn"),
    }


def test_a_text_box_is_read_once() -> None:
    document = docx.Document()
    box = (
        f'<w:r {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        '<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><w:txbxContent><w:p><w:r>'
        "<w:t>trong hộp</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice><mc:Fallback>"
        "<w:pict><w:txbxContent><w:p><w:r><w:t>trong hộp</w:t></w:r></w:p></w:txbxContent></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )
    document.add_paragraph("ngoài")._p.append(parse_xml(box))
    read = read_document(saved(document))
    assert [a.text for a in read.asides] == ["trong hộp"]
    assert texts(saved(document)) == ["ngoài"]


def test_merged_cells_and_tables_in_tables() -> None:
    document = docx.Document()
    table = document.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "rộng"
    table.cell(0, 2).merge(table.cell(1, 2)).text = "cao"
    table.cell(1, 0).add_table(1, 1).cell(0, 0).text = "trong"
    (read,) = read_document(saved(document)).body
    assert isinstance(read, Table)
    assert read.width == 3
    assert [(c.column, c.span, c.text, c.is_continued) for c in read.rows[0]] == [
        (0, 2, "rộng", False),
        (2, 1, "cao", False),
    ]
    assert read.rows[1][2].is_continued
    (inner,) = read.rows[1][0].tables
    assert inner.rows[0][0].text == "trong"


def test_pictures_are_named() -> None:
    body = "<w:p><w:r><w:pict><w:imagedata/></w:pict></w:r></w:p><w:altChunk/>"
    assert len(read_document(document_of(body)).unread) == 2


@pytest.mark.parametrize("content", [b"PK\x03\x04", document_of("")[:-30], document_of("<w:p>")])
def test_damaged_documents_are_refused(content: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_document(content)
