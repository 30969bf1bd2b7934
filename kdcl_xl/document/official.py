"""The official document of a plan: from the plan to the bytes of a .docx file.

The document has the parts that the form's print-out declares, in their order. A table is on pages
in landscape, because its columns are too many for A4 upright (Phụ lục I, part I, section I.2 of
Nghị định 30/2020/NĐ-CP).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from kdcl_xl.document.letter import letterhead, subject, text_lines
from kdcl_xl.document.notes import Notes, Place
from kdcl_xl.document.tables import official_table, review_grid
from kdcl_xl.document.unprinted import unprinted
from kdcl_xl.docx.write import write_docx
from kdcl_xl.docx.write_blocks import Block, Document, Page, Section
from kdcl_xl.docx.write_styles import OFFICIAL_STYLES
from macros_free_validation.plan import Plan
from macros_free_validation.printed import LETTER, cell_text
from workbook_templates.declare import (
    Letterhead,
    PrintBlock,
    Printed,
    PrintGrid,
    PrintTable,
    TextLines,
)

NO_NOTES: Mapping[Place, str] = {}
_UPRIGHT, _LANDSCAPE = Page(), Page(landscape=True)


def official_document(plan: Plan, notes: Mapping[Place, str] = NO_NOTES, author: str = "") -> bytes:
    """Return the official document of a plan as the bytes of a .docx file.

    ``notes`` become comments by ``author`` beside the cells that they are on: what is not shown
    in the document has its comment at the title. What the form does not print as it is typed
    goes along unseen, for the next import. The same plan and notes always give the same
    bytes.
    """
    left = Notes(notes, author)
    parts = [
        (block, printed)
        for sheet in plan.layout.sheets
        if (printed := sheet.sheet.printed) is not None
        for block in printed.blocks
    ]
    made: dict[int, tuple[Block, ...]] = {}
    # The letterhead comes last: its title takes the notes that have no other place.
    for nth in sorted(range(len(parts)), key=lambda n: isinstance(parts[n][0], Letterhead)):
        made[nth] = tuple(_blocks(plan, *parts[nth], left))
    pages = [_page(block) for block, _ in parts]
    sections = [
        Section(tuple(block for nth in numbers for block in made[nth]), page)
        for page, numbers in groupby(range(len(parts)), key=lambda n: pages[n])
    ]
    title = f"{LETTER.capitalize()} {subject(plan)[:1].lower()}{subject(plan)[1:]}"
    school = cell_text(plan, "school_name").value
    carried = unprinted(plan, left.asked).encode()
    return write_docx(Document(tuple(sections), OFFICIAL_STYLES, title, school, carried=carried))


def _page(block: PrintBlock) -> Page:
    return _LANDSCAPE if isinstance(block, PrintTable | PrintGrid) else _UPRIGHT


def _blocks(plan: Plan, block: PrintBlock, printed: Printed, notes: Notes) -> Iterator[Block]:
    page = _page(block)
    match block:
        case Letterhead():
            return letterhead(plan, page, notes)
        case TextLines():
            return text_lines(plan, block, page, notes)
        case PrintTable():
            return official_table(plan, block, printed.widths, page, notes)
        case PrintGrid():
            return review_grid(plan, block, printed.widths, page, notes)
