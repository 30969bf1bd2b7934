"""Describe a draft in counts; no text of the document, which may name people."""

from __future__ import annotations

from collections.abc import Iterator

from kdcl_xl.importing.importer import Understood
from workbook_templates.text import Text


def draft_lines(draft: Understood) -> Iterator[Text]:
    """Yield sentences: the form, the counts, and the contents that a person has to add."""
    layout = draft.plan.layout
    yield _FORM.format(
        kind=draft.kind.label,
        year=draft.year,
        form=layout.form.title,
        regulation=layout.regulation.title,
    )
    yield _COUNTS.format(
        tasks=draft.tasks,
        filled=draft.filled,
        doubtful=len(draft.marked),
        left=len(draft.behind),
    )
    if draft.missing:
        vi = "; ".join(label.vi for label in draft.missing)
        en = "; ".join(label.en for label in draft.missing)
        yield _MISSING.format(fields=Text(vi, en))
    for unread in draft.unread:
        yield _UNREAD.format(what=unread)
    if draft.encodings:
        yield _FONTS.format(fonts=", ".join(draft.encodings))


_FORM = Text("{kind}, {year}; {form}; {regulation}.", "{kind}, {year}; {form}; {regulation}.")
_COUNTS = Text(
    "{tasks} công việc; {filled} ô đã điền, trong đó {doubtful} ô cần xem lại (trang «Cần xem "
    "lại»); {left} đoạn chưa chuyển (trang «Chưa chuyển»).",
    "{tasks} tasks; {filled} cells filled in, {doubtful} of them to confirm (sheet «Cần xem "
    "lại»); {left} passages without a cell (sheet «Chưa chuyển»).",
)
_MISSING = Text("Văn bản không có: {fields}.", "Not in the document: {fields}.")
_UNREAD = Text("Không đọc được: {what}.", "Not read: {what}.")
_FONTS = Text(
    "Phông chữ cũ đã đổi sang Unicode: {fonts}.", "Old fonts, converted to Unicode: {fonts}."
)
