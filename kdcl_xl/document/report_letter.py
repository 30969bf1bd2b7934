"""The letterhead and the end of a report by an authority (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

from __future__ import annotations

from collections.abc import Iterator

from kdcl_xl.document.report_blocks import TEXT_WIDTH
from kdcl_xl.docx.write_blocks import BOLD, ITALIC, Block, Cell, Paragraph, Row, Table, TextFormat
from kdcl_xl.docx.write_styles import CENTRED, LEFT, TITLE
from macros_free_validation.printed import MOTTO, NATION
from workbook_templates.text import Language, Text

_LEFT_WIDTH = 66.0
_NATION = Text(NATION, "SOCIALIST REPUBLIC OF VIET NAM")
_MOTTO = Text(MOTTO, "Independence - Freedom - Happiness")
_NUMBER = Text("Số:        /BC-", "No:        /BC-")
_DATED = Text("…………, ngày      tháng      năm", "…………, day      month      year")
_RECIPIENTS = Text("Nơi nhận:", "Recipients:")
_FILED = Text("- Như trên;\n- Lưu: VT.", "- As above;\n- Filed.")
_SIGNER = Text("THỦ TRƯỞNG CƠ QUAN", "HEAD OF THE AUTHORITY")
_ROOM_TO_SIGN = 4
"""Empty lines above the signer's name."""


def heading(authority: str, kind: Text, subject: Text, language: Language) -> Iterator[Block]:
    """Yield the letterhead of an authority, the kind of the letter and its subject."""
    small, small_bold = TextFormat(size=12), TextFormat(size=12, bold=True)
    issuer = Paragraph.of(authority.upper(), CENTRED, small_bold)
    nation = (
        Paragraph.of(_NATION.in_(language), CENTRED, small_bold),
        Paragraph.of(_MOTTO.in_(language), CENTRED, BOLD),
    )
    number = Paragraph.of(_NUMBER.in_(language), CENTRED, small)
    dated = Paragraph.of(_DATED.in_(language), CENTRED, ITALIC)
    widths = (_LEFT_WIDTH, TEXT_WIDTH - _LEFT_WIDTH)
    rows = (Row((Cell((issuer,)), Cell(nation))), Row((Cell((number,)), Cell((dated,)))))
    yield Table(widths, rows, borders=False)
    yield Paragraph.of("", LEFT)
    yield Paragraph.of(kind.in_(language), TITLE)
    yield Paragraph.of(subject.in_(language), TITLE)
    yield Paragraph.of("", LEFT)


def ending(language: Language) -> Iterator[Block]:
    """Yield the recipients and the place of the signature, side by side."""
    recipients = (
        Paragraph.of(_RECIPIENTS.in_(language), LEFT, TextFormat(size=12, bold=True, italic=True)),
        Paragraph.of(_FILED.in_(language), LEFT, TextFormat(size=11)),
    )
    signer = (
        Paragraph.of(_SIGNER.in_(language), CENTRED, BOLD),
        *(Paragraph.of("", CENTRED) for _ in range(_ROOM_TO_SIGN)),
    )
    yield Paragraph.of("", LEFT)
    half = TEXT_WIDTH / 2
    yield Table((half, half), (Row((Cell(recipients), Cell(signer))),), borders=False)
