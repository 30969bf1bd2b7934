"""Excel formulas of single operations on a reference, as text.

Every result is *total*: it evaluates to a value and never to an error, whatever the
referenced cell holds. No function here knows a layout or a node.
"""

from __future__ import annotations

from macros_free_validation import values as v
from workbook_templates.declare import Lists

NBSP = "\u00a0"
LONGEST_FORMULA = 8192
"""Characters that Excel accepts in one formula."""
LONGEST_LITERAL = 255
"""Characters that Excel accepts in one text literal of a formula."""


def quote(text: str) -> str:
    """Return a text as an Excel literal, joined with ``&`` from parts that Excel accepts."""
    step = LONGEST_LITERAL // 2  # each quotation mark is doubled, so a part may double too
    parts = [text[i : i + step] for i in range(0, len(text), step)] or [""]
    return "&".join('"' + part.replace('"', '""') + '"' for part in parts)


def cell_name(sheet: str, field_name: str) -> str:
    """Return the defined name of a single cell: ``tt_cover_issue_date``."""
    return f"tt_{sheet}_{field_name}"


def own_row(letter: str) -> str:
    """Return a reference to the cell of the formula's own row in a column.

    A plain ``H5`` would follow the cell when a person cuts or drags it, or turn into
    ``#REF!``; a position does neither.
    """
    return f"INDEX(${letter}:${letter},ROW())"


def filled_excel(x: str) -> str:
    """Return the Excel half of :func:`values.filled`."""
    visible = f'LEN(TRIM(CLEAN(SUBSTITUTE({x},"{NBSP}"," "))))>0'
    return f"IF(ISTEXT({x}),{visible},NOT(ISBLANK({x})))"


def number_excel(x: str) -> str:
    """Return the Excel half of :func:`values.is_number` for a reference.

    LibreOffice counts booleans as numbers, hence ISLOGICAL. Given a bare number instead of
    a reference, its ISLOGICAL answers by the format of the formula's own cell: never pass one.
    """
    return f"IF(ISLOGICAL({x}),FALSE,ISNUMBER({x}))"


def date_excel(x: str) -> str:
    """Return the Excel half of :func:`values.is_date`."""
    inside = f"AND({x}>={v.FIRST_SERIAL},{x}<{v.LAST_SERIAL})"
    return f"IF({number_excel(x)},{inside},FALSE)"


def tidy_excel(x: str) -> str:
    """Return the Excel half of :func:`values.tidy`."""
    for char in ("CHAR(10)", "CHAR(9)", "CHAR(13)"):
        x = f'SUBSTITUTE({x},{char}," ")'
    return f'TRIM(SUBSTITUTE({x},"{NBSP}"," "))'


def squashed_excel(x: str) -> str:
    """Return the Excel half of :func:`values.squashed` for a tidy text."""
    return f'SUBSTITUTE(SUBSTITUTE(LOWER({x})," và ",", "),".","")'


def listed_excel(x: str, choices: Lists) -> str:
    """Return the test that a cell holds a text of a list with a fixed range."""
    return f"IF(ISTEXT({x}),SUMPRODUCT(--(dm_{choices}={tidy_excel(x)}))>0,FALSE)"


def without_wildcards(word: str) -> str:
    """Return a word with the wildcards of ``SEARCH`` escaped."""
    for wild in "~*?":  # the escape sign comes first, or it would escape its own escapes
        word = word.replace(wild, "~" + wild)
    return word
