"""The sheet of closed decisions: on findings that are gone, and typed over since."""

from __future__ import annotations

from collections.abc import Sequence

from kdcl_xl.district.decisions.decision import ASSIGNED, COLOURS, Closed, Ending, Kept, in_full
from kdcl_xl.district.sheets.common_columns import (
    CODE,
    FILE,
    NAME,
    authority_columns,
    shown_word,
)
from kdcl_xl.district.sheets.declare import ListColumn, ListSheet
from kdcl_xl.district.sheets.flags import (
    ASSIGNEE,
    DECIDED_AT,
    MESSAGE,
    PAINTED,
    RULE,
    TYPED_HEADERS,
    VALUE,
    typed_columns,
)
from kdcl_xl.district.sheets.links import Links
from macros_free_validation.values import to_serial
from workbook_templates.text import Language, Text


def columns(_closed: Sequence[Closed], links: Links) -> tuple[ListColumn[Closed], ...]:
    """Return the columns of decisions that belong to no flag."""
    return (
        ListColumn(RULE, 9, lambda c: c.decision.about.rule, "cell_center"),
        ListColumn(CODE, 13, lambda c: c.decision.school_code),
        ListColumn(NAME, 28, lambda c: c.decision.school_name),
        ListColumn(Text("Vị trí", "Place"), 18, lambda c: c.decision.place),
        ListColumn(VALUE, 24, lambda c: shown_word(c.decision.value, links.language)),
        ListColumn(MESSAGE, 50, lambda c: c.decision.message),
        ListColumn(FILE, 27, lambda c: c.decision.about.file),
        *typed_columns(
            TYPED_HEADERS,
            ("cell", "cell", "cell", "cell_date"),
            lambda c: c.decision.typed.in_language(links.language),
        ),
        *authority_columns(links, lambda c: c.decision.authority, DECIDED_AT),
        ListColumn(
            Text("Lý do khép lại", "Why closed"), 18, lambda c: c.ending.label.in_(links.language)
        ),
        ListColumn(
            Text("Ngày khép lại", "Closed on"), 12, lambda c: to_serial(c.closed_on), "cell_date"
        ),
        ListColumn(
            Text("Phân công, ô ghi thêm", "Assignment, added cells"),
            24,
            lambda c: _kept(c.kept, links.language),
        ),
    )


def _kept(kept: Kept, language: Language) -> str:
    """Return the cells that stayed with a finding, each with its heading."""
    names = {ASSIGNED: ASSIGNEE.in_(language), COLOURS: PAINTED.in_(language)}
    return "\n".join(
        f"{names.get(heading, heading)}: {in_full(value)}" for heading, value in kept.items()
    )


SHEET = ListSheet(
    Text("Đã khép lại", "Closed"),
    Text("CÁC KẾT LUẬN ĐÃ KHÉP LẠI", "DECISIONS THAT ARE CLOSED"),
    lambda d: tuple(entry for entry in d.closed if entry.ending is not Ending.WAITING),
    columns,
    frozen_columns=2,
)
