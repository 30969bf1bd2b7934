"""Columns of the district's task table: both forms' plan columns, each once."""

from __future__ import annotations

from functools import cache

from workbook_templates.declare import Column
from workbook_templates.forms import FORMS

_LEFT_OUT = ("no", "check")


@cache
def task_columns() -> tuple[Column, ...]:
    """The plan columns of all forms in one order, derived from their declarations.

    A column that only a later form has stands after the one it follows there.
    """
    merged: list[Column] = []
    for form in FORMS.values():
        position = 0
        for column in form.sheet("plan").columns:
            if column.field in _LEFT_OUT:
                continue
            fields = [known.field for known in merged]
            if column.field in fields:
                position = fields.index(column.field) + 1
            else:
                merged.insert(position, column)
                position += 1
    return tuple(merged)
