"""The rule on characters that spreadsheet programs compare differently.

It names the cell; every other rule leaves the text of such a cell alone, because sheet and
check could disagree on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from macros_free_validation.expression import (
    Any_,
    AnyUnusual,
    CellValue,
    EachOf,
    Field,
    FirstOf,
    HasCharacter,
    Single,
    Unusual,
)
from macros_free_validation.rule import Case, Example, Rule, Severity, Stage
from workbook_templates.characters import DECOMPOSED, UNUSUAL
from workbook_templates.declare import Cell, Column, Sheet
from workbook_templates.forms import FORMS
from workbook_templates.text import Text

TYPED = {
    ("cover", "school_year"),
    ("plan", "task"),
    ("plan", "expected_result"),
    ("self_assessment", "evidence"),
    ("plan", "evidence"),
    ("progress", "evidence"),
    ("lists", "unit"),
}
"""Cells without a dropdown whose text some rule compares."""


def _compared(sheet: Sheet) -> Iterator[Cell | Column]:
    """Yield every place of a sheet that takes a text which some rule compares."""
    places: tuple[Cell | Column, ...] = (*sheet.cells, *sheet.columns)
    for place in places:
        if not place.locked and (place.choices or (sheet.key, place.field) in TYPED):
            yield place


def _case(sheet: str, forms: tuple[str, ...], places: Mapping[CellValue, Text]) -> Case:
    """Return one case for some cells, which the message names; the finding points at the first."""
    cells = tuple((Unusual(value), Text(f"«{n.vi}»", f"'{n.en}'")) for value, n in places.items())
    decomposed = Any_(tuple(HasCharacter(value, DECOMPOSED) for value in places))
    any_of_them = AnyUnusual(tuple(places))
    kind = FirstOf(((decomposed, DECOMPOSED.name), (any_of_them, UNUSUAL.name)))
    first = FirstOf(tuple((Unusual(value), value.name) for value in places))
    words = {"cells": EachOf(cells), "kind": kind}
    return Case(next(iter(places)).name, any_of_them, words, sheet, forms, first)


def _cases() -> Iterator[Case]:
    """Yield one case for each single cell, and one for the rows of each table."""
    forms: dict[tuple[str, tuple[tuple[str, Text], ...], bool], list[str]] = {}
    for form in FORMS.values():
        for sheet in form.sheets:
            found = list(_compared(sheet))
            singles = [((p.field, p.label),) for p in found if isinstance(p, Cell)]
            columns = tuple((p.field, p.header) for p in found if isinstance(p, Column))
            for places in (*singles, *([columns] if columns else ())):
                forms.setdefault((sheet.key, places, places is not columns), []).append(form.id)
    for (key, places, is_single), found_in in forms.items():
        values: dict[CellValue, Text] = {
            Single(field, key) if is_single else Field(field): name for field, name in places
        }
        yield _case(key, tuple(found_in), values)


RULES = (
    Rule(
        "KD838",
        "workbook.unusual_characters",
        Severity.WARNING,
        Text("Ô có ký tự khó so sánh", "Characters that programs compare differently"),
        Text(
            "Ô {cells} có {kind}, nên các quy tắc khác chưa xét ô này.",
            "The cell under {cells} holds {kind}, so that no other rule judges it.",
        ),
        Text(
            "Vui lòng gõ lại ô bằng bộ gõ Unicode dựng sẵn, hoặc chọn lại trong danh sách. Nếu "
            "chép từ nơi khác: dán qua Notepad rồi chép lại, và xóa các khoảng trống thừa.",
            "Type the cell again with a keyboard set to composed Unicode, or choose it from the "
            "list. Text from elsewhere goes through a plain-text editor first.",
        ),
        "plan",
        cases=tuple(_cases()),
        stage=Stage.DRAFT,
        incidental=("cells", "kind"),
        why=Text(
            "Hai chữ trông giống hệt nhau mà mã khác nhau thì chương trình này coi là một, "
            "chương trình kia coi là hai, nên sổ tính và bộ kiểm tra có thể kết luận khác nhau.",
            "Two words that look the same but are coded differently are equal to one program "
            "and different to another, so that sheet and check could disagree.",
        ),
        wrong=Example({"lead": "Kế toa\u0301n"}),
        right=Example({"lead": "Kế toán"}),
    ),
)
