"""The school workbook as a whole: its sheets in order, its names and its stamp."""

from __future__ import annotations

from collections.abc import Sequence

from kdcl_xl.book import Book
from kdcl_xl.left_behind import LeftBehind
from kdcl_xl.seal import sealed
from kdcl_xl.send_back import SentBack
from kdcl_xl.stamp import STAMP_NAME, STAMP_PROPERTY, Stamp
from kdcl_xl.template.checks import write_checks
from kdcl_xl.template.cover import write_cover
from kdcl_xl.template.dropdowns import define_lists
from kdcl_xl.template.guide import write_guide
from kdcl_xl.template.left_behind import write_left_behind
from kdcl_xl.template.lists import write_lists
from kdcl_xl.template.parts import Parts, protect
from kdcl_xl.template.print_out import write_print_out
from kdcl_xl.template.send_back import add_sent_back, write_notes, write_sent_back
from kdcl_xl.template.tables import write_table
from macros_free_validation.live import cell_names, key_names
from macros_free_validation.plan import Plan
from workbook_templates.styles import TAB_COLOURS


def render_workbook(
    plan: Plan,
    stamp: Stamp,
    password: str = "",
    left: Sequence[LeftBehind] = (),
    sent_back: SentBack | None = None,
) -> bytes:
    """The workbook that holds ``plan`` and nothing else, locked and stamped.

    What a migration ``left`` behind stands on a sheet of its own; what is ``sent_back``
    to the school on one in front, and in notes on the cells. A fresh template is the
    workbook of an initial plan. The same arguments give the same bytes.
    """
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
    sheets = {placed.name: book.sheet(placed.name) for placed in layout.sheets}
    for placed in layout.sheets:
        ws = sheets[placed.name]
        if colour := TAB_COLOURS.get(placed.key):
            ws.set_tab_color(colour)
        match placed.key:
            case "guide":
                write_guide(book, ws, layout)
            case "cover":
                write_cover(book, ws, parts, placed)
            case "lists":
                write_lists(book, ws, parts, placed)
            case "checks":
                write_checks(book, ws, parts)
            case "stamp":
                ws.write_string(0, 0, stamp.encode())
                for row, line in enumerate(sent_back.marks() if sent_back else (), start=1):
                    ws.write_string(row, 0, line)
                ws.very_hidden()
            case _ if placed.sheet.printed is not None:
                write_print_out(book, ws, parts, placed)
            case _:
                write_table(book, ws, parts, placed)
        protect(ws, password, placed)
    if sent_back:
        write_sent_back(book, pages, sent_back, layout, password)
        write_notes(sheets, [*sent_back.notes, *sent_back.kept])
    write_left_behind(book, left, password)
    define_lists(book, layout)
    for name, formula in (*cell_names(layout), *key_names(layout)):
        book.define(name, formula)
    book.define(STAMP_NAME, f'"{stamp.encode()}"')
    return book.finish(lambda finished: sealed(finished, layout, stamp))
