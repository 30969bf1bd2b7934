"""The school workbook as a whole: its sheets in order, its names and its stamp."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.template.editable import allow_editing
from kdcl_xl.template.not_carried import LeftBehind
from kdcl_xl.template.parts import Parts, protect
from kdcl_xl.template.requests import SentBack
from kdcl_xl.template.review import Review
from kdcl_xl.template.seal import restamped, sealed
from kdcl_xl.template.sheets.checks import write_checks
from kdcl_xl.template.sheets.cover import write_cover
from kdcl_xl.template.sheets.dropdowns import define_lists
from kdcl_xl.template.sheets.guide import write_guide
from kdcl_xl.template.sheets.lists import write_lists
from kdcl_xl.template.sheets.not_carried import write_left_behind
from kdcl_xl.template.sheets.print_out import write_print_out
from kdcl_xl.template.sheets.requests import add_sent_back, write_notes, write_sent_back
from kdcl_xl.template.sheets.review import REVIEWER, add_review, write_review
from kdcl_xl.template.sheets.tables import write_table
from kdcl_xl.template.stamp import STAMP_NAME, STAMP_PROPERTY, Stamp
from kdcl_xl.xlsx.shared_formulas import zipped
from kdcl_xl.xlsx.writer import Book
from macros_free_validation.live import key_names, place_names
from macros_free_validation.plan import Plan
from workbook_templates.layout import PlacedSheet
from workbook_templates.styles import TAB_COLOURS


def render_workbook(
    plan: Plan,
    stamp: Stamp,
    password: str = "",
    left: Sequence[LeftBehind] = (),
    sent_back: SentBack | None = None,
    review: Review | None = None,
) -> bytes:
    """Return the workbook that holds ``plan`` and nothing else, locked and stamped.

    Values that a migration ``left`` behind go on a sheet of their own; requests ``sent_back``
    to the school on a sheet in front, and in notes on the cells; so does the ``review`` of a
    draft. A fresh template is the workbook of an initial plan. The same arguments give the same
    bytes.
    """
    return zipped(rendered(plan, stamp, password, left, sent_back, review).parts)


@dataclass(frozen=True)
class Rendered:
    """A finished workbook: its ``parts``, its ``own_sheets`` and its other own parts last.

    ``own_sheets`` are the names of sheets by part; ``stamp`` is sealed; ``common_texts`` are the
    texts, with their numbers, that every workbook of the layout has.
    """

    parts: Mapping[str, bytes]
    own_sheets: Mapping[str, str]
    stamp: Stamp
    common_texts: Mapping[str, int]


def rendered(
    plan: Plan,
    stamp: Stamp,
    password: str = "",
    left: Sequence[LeftBehind] = (),
    sent_back: SentBack | None = None,
    review: Review | None = None,
) -> Rendered:
    """Return the parts of a workbook (see :func:`render_workbook`)."""
    layout = plan.layout
    book = Book(
        {
            "title": "Kế hoạch cải tiến chất lượng giáo dục",
            "subject": layout.form.title.vi,
            "comments": f"kdcl-xl, mẫu {layout.form.id}, {layout.regulation.id}",
        }
    )
    book.workbook.set_custom_property(STAMP_PROPERTY, stamp.encode(), "text")
    parts = Parts.of(plan)
    pages = add_sent_back(book, sent_back) if sent_back else []
    review_pages = add_review(book, review) if review else []
    marks = tuple(line for asked in (sent_back, review) if asked for line in asked.marks())
    sheets = {placed.name: book.sheet(placed.name) for placed in layout.sheets}
    for placed in layout.sheets:
        write_sheet(book, sheets[placed.name], parts, placed, stamp, marks)
        if placed.sheet.printed is None:  # the print-out is the school's own
            protect(sheets[placed.name], password, placed)
            allow_editing(sheets[placed.name], layout, placed)
    if sent_back:
        write_sent_back(book, pages, sent_back, layout, password)
        write_notes(sheets, [*sent_back.notes, *sent_back.kept])
    if review:
        write_review(book, review_pages, review, layout, password)
        write_notes(sheets, review.notes, REVIEWER)
    write_left_behind(book, left, password)
    define_lists(book, layout)
    for name, formula in (*place_names(layout), *key_names(layout)):
        book.define(name, formula)
    book.define(STAMP_NAME, f'"{stamp.encode()}"')
    made = book.finished_parts()
    seal = sealed(stamp, made, layout)
    own = {book.part_of(sheets[s.name]): s.name for s in layout.sheets if is_own(s)}
    last = sorted(made, key=lambda part: part in own or part in OWN_PARTS)
    return Rendered(
        restamped({part: made[part] for part in last}, stamp, seal), own, seal, book.common_texts
    )


TEXTS = "xl/sharedStrings.xml"
OWN_PARTS = ("xl/workbook.xml", TEXTS, "docProps/custom.xml")
"""Parts beside sheets that differ from school to school."""


def is_own(placed: PlacedSheet) -> bool:
    """Return whether a sheet shows values of the cover, and so differs from school to school."""
    return placed.key in ("cover", "print", "checks", "stamp")


def write_sheet(
    book: Book,
    ws: Worksheet,
    parts: Parts,
    placed: PlacedSheet,
    stamp: Stamp,
    marks: Sequence[str] = (),
) -> None:
    """Write one of the sheets of the form."""
    if colour := TAB_COLOURS.get(placed.key):
        ws.set_tab_color(colour)
    match placed.key:
        case "guide":
            write_guide(book, ws, parts.layout)
        case "cover":
            write_cover(book, ws, parts, placed)
        case "lists":
            write_lists(book, ws, parts, placed)
        case "checks":
            write_checks(book, ws, parts)
        case "stamp":
            book.own(ws, 0, 0, stamp.encode(), None)
            for row, line in enumerate(marks, start=1):
                ws.write_string(row, 0, line)
            ws.very_hidden()
        case _ if placed.sheet.printed is not None:
            write_print_out(book, ws, parts, placed)
        case _:
            write_table(book, ws, parts, placed)
