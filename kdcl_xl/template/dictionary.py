"""The data dictionary of a form, for people and programs that fill workbooks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbook_templates.declare import Lists
from workbook_templates.defaults import default_units
from workbook_templates.layout import DEPENDENT_LISTS, Layout, PlacedColumn, PlacedSheet
from workbook_templates.school_kind import SchoolKind
from workbook_templates.text import Language

Values = list[str] | dict[str, list[str]] | None


def values_of(layout: Layout, kind: SchoolKind, choices: Lists | None) -> Values:
    """Return the values that a dropdown accepts, by the parent's value where it depends on one."""
    if choices is None:
        return None
    if choices is Lists.UNITS:
        return list(default_units(kind, layout.form.id))
    if choices in DEPENDENT_LISTS:
        return {key: list(v) for key, v in layout.dependent_values(choices).items()}
    return list(layout.values(choices))


def _column(
    layout: Layout, kind: SchoolKind, placed: PlacedColumn, language: Language
) -> dict[str, Any]:
    column = placed.column
    return {
        "letter": placed.letter,
        "field": column.field,
        "header": column.header.in_(language),
        "type": str(column.type),
        "required": column.required,
        "locked": column.locked,
        "values": values_of(layout, kind, column.choices),
    }


def _cells(
    layout: Layout, kind: SchoolKind, sheet: PlacedSheet, language: Language
) -> Iterator[dict[str, Any]]:
    for placed in sheet.cells:
        yield {
            "ref": placed.ref,
            "field": placed.field,
            "label": placed.cell.label.in_(language),
            "type": str(placed.cell.type),
            "required": placed.cell.required,
            "locked": placed.cell.locked,
            "values": values_of(layout, kind, placed.cell.choices),
        }


def form_dictionary(layout: Layout, kind: SchoolKind, language: Language) -> dict[str, Any]:
    """Return the data dictionary: every sheet with input, its rows, columns and single cells."""
    return {
        "form": layout.form.id,
        "regulation": layout.regulation.id,
        "sheets": [
            {
                "name": sheet.name,
                "first_row": sheet.first_row or None,
                "last_row": sheet.last_row or None,
                "columns": [_column(layout, kind, c, language) for c in sheet.columns],
                "cells": list(_cells(layout, kind, sheet, language)),
            }
            for sheet in layout.sheets
            if sheet.columns or sheet.cells
        ],
    }
