"""The examples of a rule in words: which sheet, which column, which value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby

from macros_free_validation.rule import Example, ExampleValue, Rule
from macros_free_validation.values import CellError
from workbook_templates.declare import Sheet
from workbook_templates.forms import FORMS
from workbook_templates.text import Text

_BLANK = Text("(để trống)", "(blank)")
_NO_ROWS = Text("không có dòng nào", "no row at all")
_AS_GOOD = Text("như kế hoạch mẫu", "as in the good plan")


def _value(value: ExampleValue) -> Text:
    if value is None:
        return _BLANK
    if isinstance(value, date):
        shown = value.strftime("%d/%m/%Y")
    elif isinstance(value, CellError):
        shown = value.code
    else:
        shown = str(value)
    return Text(shown, shown)


def _labels(sheet: Sheet) -> dict[str, Text]:
    """What stands beside or above every field of a sheet."""
    labels = {column.field: column.header for column in sheet.columns}
    labels.update((cell.field, cell.label) for cell in sheet.cells)
    if sheet.grid is not None:
        for key, row in sheet.grid.rows:
            for column in sheet.grid.columns:
                label = Text(f"{row.vi}: {column.header.vi}", f"{row.en}: {column.header.en}")
                labels[f"{column.field}_{key}"] = label
    return labels


def _cells(sheet: Sheet, cells: Mapping[str, ExampleValue]) -> Text:
    if not cells:
        return _AS_GOOD
    labels = _labels(sheet)
    pairs = [(labels[field], _value(value)) for field, value in cells.items()]
    return Text(
        "; ".join(f"{label.vi} = {value.vi}" for label, value in pairs),
        "; ".join(f"{label.en} = {value.en}" for label, value in pairs),
    )


def _part(sheet: Sheet, count: int, said: Text) -> Text:
    vi, en = ("", "") if count == 1 else (f", {count} dòng", f", {count} rows")
    return Text(f"Sheet «{sheet.name}»{vi}: {said.vi}", f"Sheet '{sheet.name}'{en}: {said.en}")


def example_parts(rule: Rule, example: Example) -> Iterator[Text]:
    """What an example changes on a good plan, sheet by sheet; equal rows are counted."""
    form = FORMS[example.form or rule.forms[0]]
    if example.cells:
        sheet = form.sheet(rule.sheet or "plan")
        yield _part(sheet, 1, _cells(sheet, example.cells))
    if example.cover:
        sheet = form.sheet("cover")
        yield _part(sheet, 1, _cells(sheet, example.cover))
    for key, rows in example.rows.items():
        sheet = form.sheet(key)
        if not rows:
            yield _part(sheet, 1, _NO_ROWS)
        for row, same in groupby(rows):
            yield _part(sheet, len(list(same)), _cells(sheet, row))
    if example.note.vi:
        yield example.note
