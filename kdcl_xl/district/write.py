"""The district workbook as a whole: its sheets in order, nothing locked."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.book import Book
from kdcl_xl.district.follow_up import progress_of, progress_sheet
from kdcl_xl.district.heat import write_heat
from kdcl_xl.district.links import Links
from kdcl_xl.district.model import District
from kdcl_xl.district.money import money_of, money_sheet, sources_in
from kdcl_xl.district.names import HEAT, OVERVIEW, SCHEDULE
from kdcl_xl.district.overview import write_overview
from kdcl_xl.district.schedule import write_schedule
from kdcl_xl.district.sheets import (
    DECISION_DATE_INDEX,
    DECISION_INDEX,
    Decision,
    flag_sheet,
    input_sheet,
    school_sheet,
    task_sheet,
)
from kdcl_xl.district.table import FIRST_ROW, write_list
from kdcl_xl.stamp import DISTRICT_PROPERTY
from macros_free_validation.rule import Severity
from workbook_templates.styles import SEVERITY_STYLES
from workbook_templates.text import Language

LISTS_SHEET = "_danh_muc"
DECISIONS_NAME = "dm_decisions"


def render_district(district: District, language: Language = Language.VI) -> bytes:
    """The workbook of a district."""
    book = Book({"title": "Tổng hợp kế hoạch cải tiến chất lượng giáo dục"})
    book.workbook.set_custom_property(DISTRICT_PROPERTY, "1", "text")
    links = Links.of(district, language)
    write_overview(book, book.sheet(OVERVIEW.in_(language)), district, links, language)
    schools = school_sheet(language, links)
    write_list(book, book.sheet(schools.name.in_(language)), schools, district.schools, language)
    tasks = task_sheet(language, links)
    write_list(book, book.sheet(tasks.name.in_(language)), tasks, district.tasks, language)
    flags = flag_sheet(language, links.schools)
    ws = book.sheet(flags.name.in_(language))
    write_list(book, ws, flags, district.flags, language)
    _decisions(book, ws, len(district.flags), language)
    write_heat(book, book.sheet(HEAT.in_(language)), district, links, language)
    lines = money_of(district)
    money = money_sheet(language, links, sources_in(lines))
    write_list(book, book.sheet(money.name.in_(language)), money, lines, language)
    write_schedule(book, book.sheet(SCHEDULE.in_(language)), district, links, language)
    progress = progress_sheet(language, links)
    ws = book.sheet(progress.name.in_(language))
    write_list(book, ws, progress, progress_of(district), language)
    inputs = input_sheet(language)
    write_list(book, book.sheet(inputs.name.in_(language)), inputs, district.inputs, language)
    lists = book.sheet(LISTS_SHEET)
    for row, decision in enumerate(Decision):
        lists.write_string(row, 0, decision.label.in_(language))
    lists.hide()
    book.define(DECISIONS_NAME, f"{LISTS_SHEET}!$A$1:$A${len(Decision)}")
    return book.finish()


def _decisions(book: Book, ws: Worksheet, count: int, language: Language) -> None:
    """Dropdown and date check for the auditor; colours of the severities."""
    if not count:
        return
    last = FIRST_ROW + count - 1
    ws.data_validation(
        FIRST_ROW,
        DECISION_INDEX,
        last,
        DECISION_INDEX,
        {"validate": "list", "source": f"={DECISIONS_NAME}", "error_type": "warning"},
    )
    ws.data_validation(
        FIRST_ROW,
        DECISION_DATE_INDEX,
        last,
        DECISION_DATE_INDEX,
        {
            "validate": "date",
            "criteria": "between",
            "minimum": "=DATE(2018,1,1)",
            "maximum": "=DATE(2040,12,31)",
            "error_type": "warning",
        },
    )
    for severity in Severity:
        ws.conditional_format(
            FIRST_ROW,
            0,
            last,
            0,
            {
                "type": "cell",
                "criteria": "==",
                "value": f'"{severity.label.in_(language)}"',
                "format": book.format(SEVERITY_STYLES[severity]),
            },
        )
