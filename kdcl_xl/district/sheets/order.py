"""The order of the sheets in the authority workbook: the one list of them.

To add a sheet, write a module with a ``SHEET`` and name it here. The workbook, the tables for
analysts, the notice of long lists in the overview and the tests follow this order.
"""

from __future__ import annotations

from typing import Any

from kdcl_xl.district.model.desk import desk_of
from kdcl_xl.district.model.model import District
from kdcl_xl.district.sheets import (
    authorities,
    closed,
    compare,
    flags,
    heat,
    history,
    log,
    money,
    notes,
    overview,
    progress,
    recognitions,
    schedule,
    schools,
    tasks,
    waiting,
    work,
)
from kdcl_xl.district.sheets.declare import Contents, FreeSheet, ListSheet
from kdcl_xl.district.sheets.links import Links
from workbook_templates.text import Language

SHEETS: tuple[ListSheet[Any] | FreeSheet, ...] = (
    *overview.SHEETS,
    work.SHEET,
    authorities.SHEET,
    schools.SHEET,
    tasks.SHEET,
    flags.SHEET,
    heat.SHEET,
    money.SHEET,
    schedule.SHEET,
    progress.SHEET,
    recognitions.SHEET,
    compare.SHEET,
    history.SHEET,
    waiting.SHEET,
    closed.SHEET,
    notes.SHEET,
    log.SHEET,
)


def contents_of(district: District, language: Language) -> Contents:
    """Return the lists of a district, and what links their sheets."""
    desk = desk_of(district)
    links = Links.of(district, language, desk)
    lists = [
        s.listing(district, links, desk if s is flags.SHEET else None)
        for s in SHEETS
        if isinstance(s, ListSheet)
    ]
    return Contents(district, links, tuple(lists))
