"""Dropdowns and number bounds: the values that a cell accepts while typing.

A date or an amount has no bound: what is typed stays, and a rule says if it is not understood.

Every list is reached through a defined name over a locked range; a dependent
list is an ``INDEX:INDEX`` inside a name that is relative to the row (anchored
at A1). No literal lists, no INDIRECT, no FILTER. Where there is no parent yet, the
list is one empty cell: LibreOffice would offer an error value, and take it.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.xlsx.writer import LONGEST_ERROR, LONGEST_PROMPT, LONGEST_TITLE, Book, clipped
from macros_free_validation.plan import Plan
from workbook_templates.declare import Cell, Column, Edge, Lists, Type
from workbook_templates.layout import (
    DEPENDENT_LISTS,
    EMPTY_LIST,
    Layout,
    PlacedSheet,
    letter_of,
    list_name,
)
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text

UNITS_NAME = "dm_units"


def define_lists(book: Book, layout: Layout) -> None:
    """Define every list's name, and the dependent lists of each sheet."""
    for area in layout.areas:
        book.define(area.name, layout.area_range(area.name))
    lists = layout.sheet("lists")
    blank = letter_of(EMPTY_LIST)
    empty = f"{lists.quoted}!${blank}${lists.first_row}:${blank}${lists.first_row + 1}"
    book.define(UNITS_NAME, _units(lists))
    assessment = layout.sheet("self_assessment")
    # Its rows are in the order of the list of criteria.
    book.define("sa_reached", f"{assessment.quoted}!{assessment.range('reached_level')}")
    for sheet in layout.sheets:
        for placed in sheet.columns:
            if placed.column.choices in DEPENDENT_LISTS:
                # The parent may be typed in several ways; its label is computed beside it.
                key = f"{sheet.quoted}!${sheet.column('criterion_label').letter}1"
                match = f"MATCH({key},dm_level_key,0)"
                end = f"{match}+COUNTIF(dm_level_key,{key})-1"
                own = f"INDEX(dm_level_of,{match}):INDEX(dm_level_of,{end})"
                book.define(
                    dependent_name(sheet, placed.column.choices),
                    f"IF(ISNUMBER({match}),{own},{empty})",
                )


def _units(lists: PlacedSheet) -> str:
    """Return the formula of the school's units down to the last one typed.

    It uses positions throughout: a plain range would follow a unit that is cut and dragged.
    """
    letter = lists.column("unit").letter
    column = f"{lists.quoted}!${letter}:${letter}"
    first = f"INDEX({column},{lists.first_row})"
    every = f"{first}:INDEX({column},{lists.last_row})"
    last = f'SUMPRODUCT(MAX(({every}<>"")*ROW({every})))'
    return f"{first}:INDEX({column},MAX({lists.first_row},{last}))"


def dependent_name(sheet: PlacedSheet, choices: Lists) -> str:
    """Return the defined name of a dependent list on one sheet."""
    return f"ds_{choices}_{sheet.key}"


def source_of(sheet: PlacedSheet, choices: Lists) -> str:
    """Return the reference of a dropdown's list."""
    if choices in DEPENDENT_LISTS:
        return "=" + dependent_name(sheet, choices)
    return f"={list_name(choices)}"


_LIST_ERRORS = {
    Lists.UNITS: Text(
        "Vui lòng chọn một bộ phận trong danh sách. Bộ phận mới được thêm ở trang «Danh mục».",
        "Please choose a unit from the list; add new ones on the lists sheet.",
    ),
    Lists.CRITERIA: Text(
        "Không có tiêu chí này trong quy định. Vui lòng gõ mã, ví dụ 1.4, hoặc chọn trong danh "
        "sách.",
        "The regulation has no such criterion. Please type its code, such as 1.4, or choose it "
        "from the list.",
    ),
}
_FREELY_TYPED = (Lists.LEVELS, Lists.LEVELS_OF_CRITERION)
"""Lists whose values people may type in other words: rules understand them, or say so."""
_ANY_LIST = Text(
    "Vui lòng chọn một giá trị trong danh sách.", "Please choose a value from the list."
)


_DAYS = {
    Edge.DAY: "12/09/{first}",
    Edge.FIRST: "05/09/{first}, tháng 9/{first}",
    Edge.LAST: "31/05/{last}, tháng 5/{last}",
}
"""Examples of what a date may be, in the years of the plan."""


def prompt_of(plan: Plan, declared: Column | Cell) -> str:
    """Return the prompt of an input; a date has an example of the plan's own year."""
    prompt = declared.help.vi
    if declared.type is not Type.DATE:
        return prompt
    try:
        year = SchoolYear.parse(plan.text("school_year"))
    except ValueError:
        return prompt
    return f"{prompt} Ví dụ: {_DAYS[declared.edge].format(first=year.first, last=year.last)}."


def rule_of(
    layout: Layout,
    sheet: PlacedSheet,
    kind: Type,
    choices: Lists | None,
    title: str,
    prompt: str,
) -> dict[str, Any]:
    """Return XlsxWriter's options for the validation of one input cell or column."""
    options: dict[str, Any] = {}
    if prompt:
        options = {
            "input_title": clipped(_title(title), LONGEST_TITLE),
            "input_message": clipped(prompt, LONGEST_PROMPT),
        }
    if choices is not None:
        error = _LIST_ERRORS.get(choices, _ANY_LIST)
        options |= {"validate": "list", "source": source_of(sheet, choices)}
        options["ignore_blank"] = False
        if choices in _FREELY_TYPED:
            return options | {"show_error": False}
    elif kind is Type.INTEGER:
        error = Text(
            "Vui lòng gõ số không âm, chỉ gõ chữ số.", "Please type a number, digits only."
        )
        options |= {"validate": "integer", "criteria": ">=", "value": 0}
    elif kind is Type.PERCENT:
        error = Text("Vui lòng gõ số từ 0 đến 100.", "Please type a number from 0 to 100.")
        options |= {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
    else:
        return options | {"validate": "any"}
    options["error_title"] = clipped("Giá trị chưa phù hợp", LONGEST_TITLE)
    options["error_message"] = clipped(error.vi, LONGEST_ERROR)
    return options


def _title(text: str) -> str:
    """Return a heading short enough for a prompt's title, cut at a word."""
    if len(text) <= LONGEST_TITLE:
        return text
    return text[: LONGEST_TITLE - 1].rsplit(" ", 1)[0].rstrip(" ,(") + "…"


def apply(ws: Worksheet, first: tuple[int, int], last: tuple[int, int], rule: Any) -> None:
    """Put a validation on a range (rows and columns from 0), if it says or accepts anything."""
    if rule == {"validate": "any"}:
        return
    ws.data_validation(first[0], first[1], last[0], last[1], rule)
