"""The writer of Word documents, read back by python-docx and judged by openxml-audit."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openxml_audit import OpenXmlValidator

from kdcl_xl.docx.write import write_docx
from kdcl_xl.docx.write_blocks import (
    BOLD,
    Cell,
    Chart,
    Comment,
    Document,
    Merge,
    Page,
    Paragraph,
    ParagraphFormat,
    Picture,
    Row,
    Run,
    Section,
    Table,
)
from kdcl_xl.docx.write_styles import (
    BODY,
    CENTRED,
    HEADING_1,
    OFFICIAL_STYLES,
    TABLE_HEADING,
    TABLE_TEXT,
)

_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
CHART = (
    f'<?xml version="1.0" encoding="UTF-8"?><c:chartSpace xmlns:c="{_CHART}"><c:chart>'
    "<c:plotArea><c:layout/><c:pieChart><c:varyColors val='1'/><c:ser><c:idx val='0'/>"
    "<c:order val='0'/><c:val><c:numLit><c:ptCount val='1'/><c:pt idx='0'><c:v>3</c:v></c:pt>"
    "</c:numLit></c:val></c:ser></c:pieChart></c:plotArea></c:chart></c:chartSpace>"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'


def png() -> bytes:
    """Return a picture of one red point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        content = kind + data
        return struct.pack(">I", len(data)) + content + struct.pack(">I", zlib.crc32(content))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def texts(*words: str, style: str = TABLE_TEXT) -> tuple[Cell, ...]:
    return tuple(Cell((Paragraph.of(word, style),)) for word in words)


def whole() -> Document:
    """Return a document with everything that the writer knows."""
    merged = (
        Row(texts("A", "B", "C", style=TABLE_HEADING), header=True),
        Row((Cell((Paragraph.of("trái"),), merge=Merge.BEGIN, fill="EDEDED"), *texts("1", "2"))),
        Row((Cell(merge=Merge.CONTINUE), Cell((Paragraph.of("ngang"),), span=2, middle=True))),
    )
    inner = Table((20.0,), (Row(texts("trong")),))
    return Document(
        (
            Section(
                (
                    Paragraph.of("I. MỤC ĐÍCH", HEADING_1),
                    Paragraph(
                        (Run("một\thai\nba & <bốn>"), Run(" đậm", BOLD)),
                        BODY,
                        ParagraphFormat(keep_next=True),
                        (Comment("Sở GDĐT", "Xem lại\ndòng hai"),),
                    ),
                    Paragraph(
                        (
                            Picture(png(), 10, 10, "điểm đỏ"),
                            Picture(png(), 10, 10, "hình vẽ", SVG),
                            Chart(CHART, 60, 40, "biểu đồ"),
                        ),
                        CENTRED,
                    ),
                )
            ),
            Section(
                (
                    Table((40, 60, 80), merged, caption="Bảng"),
                    Table((40,), (Row((Cell((inner,)),)),)),
                ),
                Page(landscape=True),
            ),
            Section((Paragraph.of("Hết.", BODY),)),
        ),
        OFFICIAL_STYLES,
        "Kế hoạch",
        "Trường",
    )


def opened(document: Document) -> docx.document.Document:
    return docx.Document(io.BytesIO(write_docx(document)))


def test_python_docx_reads_every_text() -> None:
    found = opened(whole())
    assert [p.text for p in found.paragraphs if p.text] == [
        "I. MỤC ĐÍCH",
        "một\thai\nba & <bốn> đậm",
        "Hết.",
    ]
    rows = [[cell.text for cell in row.cells] for row in found.tables[0].rows]
    assert rows == [["A", "B", "C"], ["trái", "1", "2"], ["trái", "ngang", "ngang"]]
    assert found.tables[1].cell(0, 0).tables[0].cell(0, 0).text == "trong"
    assert [(c.author, c.text) for c in found.comments] == [("Sở GDĐT", "Xem lại\ndòng hai")]
    assert (found.core_properties.title, found.core_properties.author) == ("Kế hoạch", "Trường")


def test_python_docx_reads_the_layout() -> None:
    found = opened(whole())
    heading, text = found.paragraphs[:2]
    assert heading.style is not None
    assert heading.style.name == "Heading 1"
    assert text.paragraph_format.keep_with_next
    assert text.runs[1].bold
    sizes = [(round(s.page_width.mm), round(s.page_height.mm)) for s in found.sections]  # type: ignore[union-attr]
    assert sizes == [(210, 297), (297, 210), (210, 297)]
    assert found.sections[0].different_first_page_header_footer
    assert not found.sections[1].different_first_page_header_footer
    assert len(found.inline_shapes) == 3


def test_openxml_audit_finds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(write_docx(whole()))
    assert [error.description for error in OpenXmlValidator().validate(str(path)).errors] == []


def test_a_document_is_always_the_same_bytes() -> None:
    content = write_docx(whole())
    assert content == write_docx(whole())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.create_system for entry in entries} == {0}


def test_header_rows_are_repeated_and_rows_kept_whole() -> None:
    with zipfile.ZipFile(io.BytesIO(write_docx(whole()))) as archive:
        xml = archive.read("word/document.xml").decode()
    assert xml.count("<w:tblHeader/>") == 1
    assert xml.count("<w:cantSplit/>") == xml.count("<w:tr>")


def test_a_row_has_to_take_up_its_columns() -> None:
    with pytest.raises(ValueError, match="row 1 takes up 1 of 2 columns"):
        Table((1, 1), (Row((Cell(),)),))


ANY_TEXT = st.text(st.characters(), max_size=60)
NOT_IN_XML = {*map(chr, range(32)), "\ufffe", "\uffff"} - set("\t\n\r")


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_any_text_comes_back(text: str, comment: str, name: str) -> None:
    document = Document(
        (Section((Paragraph((Run(text),), comments=(Comment(name, comment),)),)),),
        OFFICIAL_STYLES,
        text,
        name,
    )
    content = write_docx(document)
    kept = "".join(c for c in text if c not in NOT_IN_XML and not "\ud800" <= c <= "\udfff")
    for end in ("\r\n", "\r", "\x85", "\u2028", "\u2029"):
        kept = kept.replace(end, "\n")
    assert docx.Document(io.BytesIO(content)).paragraphs[0].text == kept
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.namelist():
            ElementTree.fromstring(archive.read(part))
