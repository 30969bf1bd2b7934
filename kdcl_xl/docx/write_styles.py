"""Styles of official documents, by Phụ lục I of Nghị định 30/2020/NĐ-CP.

Part I, section I.4 (Times New Roman, black), II.6.e (text of 13 to 14 points, both margins
straight, first line 10 or 12.7 mm in, at least 6 points between paragraphs, 1 to 1.5 lines), II.6.đ
(headings bold). The text of the gazette was not seen, only copies published elsewhere.
"""

from __future__ import annotations

from kdcl_xl.docx.write_blocks import Align, ParagraphFormat, Style, TextFormat
from workbook_templates.text import Language, Text

FONT = "Times New Roman"
TEXT_SIZE = 14.0
"""Points of the text."""
TABLE_SIZE = 11.0
"""Points in tables, for which the decree has no size."""
FIRST_LINE = 10.0
"""Millimetres by which the first line of a paragraph is moved in."""

BODY, HEADING_1, HEADING_2 = "BodyText", "Heading1", "Heading2"
TITLE, CENTRED, LEFT = "Title", "Centred", "LeftText"
TABLE_TEXT, TABLE_CENTRED = "TableText", "TableCentred"
TABLE_HEADING, TABLE_BAND = "TableHeading", "TableBand"
CAPTION, RULE = "Caption", "Rule"

_BOLD = TextFormat(bold=True)


def official_styles(language: Language) -> tuple[Style, ...]:
    """Return the styles, with the names that Word lists in a language.

    Word translates the names of its own styles.
    """

    def name(vi: str, en: str) -> str:
        return Text(vi, en).in_(language)

    return (
        Style("Normal", "Normal", ParagraphFormat(before=0, after=0, line=1), based_on=""),
        Style(
            BODY,
            "Body Text",
            ParagraphFormat(align=Align.BOTH, first_line=FIRST_LINE, before=6, line=1.1),
        ),
        Style(
            HEADING_1,
            "heading 1",
            ParagraphFormat(
                first_line=FIRST_LINE, before=10, level=1, keep_next=True, keep_lines=True
            ),
            _BOLD,
        ),
        Style(
            HEADING_2,
            "heading 2",
            ParagraphFormat(
                first_line=FIRST_LINE, before=6, level=2, keep_next=True, keep_lines=True
            ),
            _BOLD,
        ),
        Style(TITLE, "Title", ParagraphFormat(align=Align.CENTRE, keep_next=True), _BOLD),
        Style(CENTRED, name("Canh giữa", "Centred"), ParagraphFormat(align=Align.CENTRE)),
        Style(LEFT, name("Canh trái", "Left"), ParagraphFormat(align=Align.LEFT)),
        Style(
            TABLE_TEXT,
            name("Chữ trong bảng", "Table text"),
            ParagraphFormat(),
            TextFormat(size=TABLE_SIZE),
        ),
        Style(
            TABLE_CENTRED,
            name("Chữ giữa ô", "Table text, centred"),
            ParagraphFormat(align=Align.CENTRE),
            based_on=TABLE_TEXT,
        ),
        Style(
            TABLE_HEADING,
            name("Tên cột", "Table heading"),
            ParagraphFormat(align=Align.CENTRE, keep_next=True),
            _BOLD,
            TABLE_TEXT,
        ),
        Style(
            TABLE_BAND,
            name("Dòng ngang bảng", "Table band"),
            ParagraphFormat(keep_next=True),
            _BOLD,
            TABLE_TEXT,
        ),
        Style(
            CAPTION,
            "caption",
            ParagraphFormat(align=Align.CENTRE, before=3, after=6),
            TextFormat(italic=True, size=12),
        ),
        Style(
            RULE, name("Đường kẻ", "Rule"), ParagraphFormat(before=3, exact=6), TextFormat(size=4)
        ),
    )


OFFICIAL_STYLES = official_styles(Language.VI)
"""The styles that every document of ours may use. Names that Word knows, it translates itself."""
