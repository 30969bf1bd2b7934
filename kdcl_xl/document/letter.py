"""The parts of an official letter around its tables: heading, title, text, signature.

Sizes and looks are those of the examples in Phụ lục I, part I, section V of Nghị định 30/2020.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import ceil

from kdcl_xl.document.measure import text_length
from kdcl_xl.document.notes import Notes
from kdcl_xl.docx.write_blocks import (
    BOLD,
    Block,
    Cell,
    Comment,
    Page,
    Paragraph,
    ParagraphFormat,
    Row,
    Run,
    Table,
    TextFormat,
)
from kdcl_xl.docx.write_styles import (
    BODY,
    CENTRED,
    HEADING_1,
    HEADING_2,
    LEFT,
    RULE,
    TEXT_SIZE,
    TITLE,
)
from kdcl_xl.docx.write_xml import CELL_MARGINS
from macros_free_validation.plan import Plan
from macros_free_validation.printed import (
    BREAK,
    HEADING_MARK,
    LETTER,
    MOTTO,
    NATION,
    RECIPIENTS,
    ROOM_TO_SIGN,
    SUBJECT,
    capitals,
    cell_text,
    date_line,
    number_line,
    period,
    texts_of,
)
from workbook_templates.declare import Heading, Line, Passage, TextLines

_BODY_SIZE, _MOTTO_SIZE, _NUMBER_SIZE = 12.0, 13.0, 13.0
"""Points of the names of the bodies and the nation, of the motto, of number and date."""
_RECIPIENTS_SIZE, _RECIPIENT_SIZE = 12.0, 11.0
_NATION_WIDTH = 92.0
"""Millimetres for nation and motto, which are one line each; the issuing body has the rest."""
_RECIPIENTS_SHARE = 0.5
_RULE_SHARE = 0.42
"""The length of a rule to the line above it: from a third to a half (section II.2.b, II.5.b)."""
_RAGGED = 1.25
"""The room of lines that are as long as each other, to their length: words differ."""
_RULE = 0.75
"""Points of a rule's width."""
_GAP = 6.0
"""Points of an empty line below the title."""
_YEAR_TO_WRITE = "……………"


def letterhead(plan: Plan, page: Page, notes: Notes) -> Iterator[Block]:
    """Yield the heading of the letter and its title, with the comments that have no other place.

    It is built last, when the other comments have their places.
    """
    yield _heading(plan, page, notes)
    yield Paragraph.of("", LEFT)
    cover = plan.layout.sheet("cover")
    on_year = notes.on_cell(cover, "school_year")
    yield Paragraph.of(LETTER, TITLE)
    yield replace(Paragraph.of(subject(plan), TITLE), comments=(*on_year, *notes.rest()))
    length = text_length(subject(plan), TEXT_SIZE, bold=True)
    yield _rule(min(length, page.text_width) * _RULE_SHARE, page.text_width)
    yield Paragraph.of("", LEFT, TextFormat(size=_GAP))


def subject(plan: Plan) -> str:
    """Return the subject of the letter with its year or period, or dots to write these on."""
    when = period(plan, "năm học ", "giai đoạn ").value.replace("\n", " ")
    dots = "" if cell_text(plan, "school_year").value.strip() else _YEAR_TO_WRITE
    return f"{SUBJECT} {when}{dots}"


def _heading(plan: Plan, page: Page, notes: Notes) -> Table:
    left, right = page.text_width - _NATION_WIDTH, _NATION_WIDTH
    cover = plan.layout.sheet("cover")

    def line(text: str, field: str, look: TextFormat) -> Paragraph:
        found = Paragraph.of(text, CENTRED, look)
        return replace(found, comments=notes.on_cell(cover, field)) if field else found

    parent, school = (
        capitals(cell_text(plan, field)).value for field in ("parent_body", "school_name")
    )
    plain, bold = TextFormat(size=_BODY_SIZE), TextFormat(bold=True, size=_BODY_SIZE)
    motto, number = TextFormat(bold=True, size=_MOTTO_SIZE), TextFormat(size=_NUMBER_SIZE)
    room = left - CELL_MARGINS
    school_line = _line_length(school, room)
    under_motto = text_length(MOTTO, _MOTTO_SIZE, bold=True)
    issuer = (
        *((_balanced(line(parent, "parent_body", plain), room),) if parent else ()),
        _balanced(line(school, "school_name", bold), room),
        *((_rule(school_line * _RULE_SHARE, room),) if school else ()),
    )
    nation = (
        line(NATION, "", bold),
        line(MOTTO, "", motto),
        _rule(under_motto, right - CELL_MARGINS),
    )
    dated = replace(
        Paragraph.of(date_line(plan).value, CENTRED, replace(number, italic=True)),
        comments=(*notes.on_cell(cover, "place"), *notes.on_cell(cover, "issue_date")),
    )
    numbered = line(number_line(plan).value, "plan_number", number)
    rows = (Row((Cell(issuer), Cell(nation))), Row((Cell((numbered,)), Cell((dated,)))))
    return Table((left, right), rows, borders=False)


def _line_length(name: str, room: float) -> float:
    """Return the length of a line of a name that takes up as few lines as it can, all as long."""
    length = text_length(name, _BODY_SIZE, bold=True)
    return length / max(1, ceil(length / room))


def _balanced(name: Paragraph, room: float) -> Paragraph:
    """Return a name of which no single word is on a line of its own."""
    text = "".join(piece.text for piece in name.pieces if isinstance(piece, Run))
    line = _line_length(text, room)
    if line == text_length(text, _BODY_SIZE, bold=True):
        return name
    side = max(0.0, (room - line * _RAGGED) / 2)
    return replace(name, format=ParagraphFormat(left=side, right=side))


def _rule(length: float, room: float) -> Paragraph:
    """Return a rule of a length in the middle of a room, both in millimetres."""
    side = max(0.0, (room - length) / 2)
    return Paragraph(style=RULE, format=ParagraphFormat(left=side, right=side, rule_above=_RULE))


def text_lines(plan: Plan, lines: TextLines, page: Page, notes: Notes) -> Iterator[Block]:
    """Yield a text, and below it, where the form has them, the recipients and the signature."""
    paragraphs: list[Block] = []
    for line, text in zip(lines.lines, texts_of(plan, lines.lines), strict=True):
        paragraphs += _paragraphs(plan, line, text.value, notes)
    if lines.signature:
        paragraphs = _kept_with_next(paragraphs)
    yield from paragraphs
    if lines.signature:
        yield _signature(plan, page, notes)


def _paragraphs(plan: Plan, line: Line, text: str, notes: Notes) -> Iterator[Paragraph]:
    """Yield the paragraphs of a line of the form, the comments on the last one."""
    is_headed = isinstance(line, Heading) or (isinstance(line, Passage) and not line.inline)
    comments: tuple[Comment, ...] = ()
    if isinstance(line, Passage):
        comments = notes.on_cell(plan.layout.sheet("cover"), line.field)
    pieces = [piece.replace(HEADING_MARK, "") for piece in text.split(BREAK)]
    while pieces and not pieces[-1].strip():
        pieces.pop()
    for nth, piece in enumerate(pieces):
        style = BODY
        if is_headed and nth == 0:
            style = HEADING_1 if piece == piece.upper() else HEADING_2
        is_last = nth == len(pieces) - 1
        yield replace(Paragraph.of(piece, style), comments=comments if is_last else ())


def _kept_with_next(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks of which the last paragraph is on the page of what follows."""
    if not blocks or not isinstance(blocks[-1], Paragraph):
        return list(blocks)
    look = blocks[-1].format or ParagraphFormat()
    return [*blocks[:-1], replace(blocks[-1], format=replace(look, keep_next=True))]


def _signature(plan: Plan, page: Page, notes: Notes) -> Table:
    """Return the recipients and, beside them, the signer: a row that no page splits."""
    cover = plan.layout.sheet("cover")
    left = page.text_width * _RECIPIENTS_SHARE
    heading = TextFormat(bold=True, italic=True, size=_RECIPIENTS_SIZE)
    recipients = [
        Paragraph.of(text, LEFT, TextFormat(size=_RECIPIENT_SIZE))
        for text in _lines(cell_text(plan, "recipients").value)
    ]
    on_recipients = notes.on_cell(cover, "recipients")
    position, name = capitals(cell_text(plan, "signer")).value, cell_text(plan, "signer_name").value
    signed = (
        replace(Paragraph.of(position, CENTRED, BOLD), comments=notes.on_cell(cover, "signer")),
        *(Paragraph.of("", CENTRED) for _ in range(ROOM_TO_SIGN)),
        replace(
            Paragraph.of(name.replace("\n", " "), CENTRED, BOLD),
            comments=notes.on_cell(cover, "signer_name"),
        ),
    )
    received = (
        replace(Paragraph.of(RECIPIENTS, LEFT, heading), comments=on_recipients),
        *recipients,
    )
    gap = Row((Cell((Paragraph.of("", LEFT),), span=2),))
    return Table(
        (left, page.text_width - left), (gap, Row((Cell(received), Cell(signed)))), borders=False
    )


def _lines(text: str) -> Iterable[str]:
    return (line for line in text.split("\n") if line.strip())
