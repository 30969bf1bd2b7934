"""Reports as CSV, one line a row, for the filters of a spreadsheet program."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from kdcl_xl.reporting.report import Report, Value, word
from workbook_templates.text import Language, printable

BYTE_ORDER_MARK = "\ufeff"
"""The sign by which Excel knows a CSV file as UTF-8."""

ENDINGS = (".csv",)


def render(report: Report) -> str:
    """Write the rows of a report, the subject of each in front of it."""
    table, language = report.table, report.language
    header = [column.heading.in_(language) for column in (*table.subjects, *table.columns)]
    rows = (
        [_cell(value, language) for value in (*group.subject, *row)]
        for group in table.groups
        for row in group.rows
    )
    return BYTE_ORDER_MARK + csv_text([header, *rows], line_end="\n")


def _cell(value: Value, language: Language) -> str | float:
    if isinstance(value, float | int) and not isinstance(value, bool):
        return int(value) if float(value).is_integer() else value
    return printable(word(value, language))


def csv_text(rows: Iterable[Iterable[str | float]], line_end: str = "\r\n") -> str:
    """Write rows as CSV in which no text is a formula; numbers are written as they are."""
    target = io.StringIO()
    csv.writer(target, lineterminator=line_end).writerows(
        [without_formula(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    return target.getvalue()


# A formula begins with one of these signs, also behind spaces or quotes. A cell begins at the
# beginning of a text; but where the computer parts cells by semicolons or tabs, as Windows
# does in Vietnamese, Excel ignores our quotes and begins another cell, or row, inside the text.
_FORMULA = re.compile(r"""^(?=[\t\r])|(^|[;\t\r\n])([ "]*)(?=[=+\-@])""")


def without_formula(text: str) -> str:
    """Return a text that no spreadsheet program runs: a ``'`` precedes each formula's sign."""
    return _FORMULA.sub(r"\1\2'", text)
