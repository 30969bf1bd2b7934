"""Excel formulas of single operations on a reference, as text.

Every result is *total*: it evaluates to a value and never to an error, whatever the
referenced cell holds. No function here knows a node.

A formula that the rows of a column share holds neither an array constant nor a reference to
another sheet, because the binary formats of Excel forbid both there ([MS-XLS] 2.5.198.118). Words
and columns of other sheets are reached through names. Each of these names is a plain range,
because Google Sheets has no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from macros_free_validation import values as v
from workbook_templates.declare import Lists
from workbook_templates.layout import PlacedSheet, letter_of

NBSP = "\u00a0"
LONGEST_FORMULA = 8192
"""Characters that Excel accepts in one formula."""
LONGEST_LITERAL = 255
"""Characters that Excel accepts in one text literal of a formula."""
LONGEST_TEXT = 32767
"""Characters that a cell can hold."""


def quote(text: str) -> str:
    """Return a text as an Excel literal, joined with ``&`` from parts that Excel accepts."""
    step = LONGEST_LITERAL // 2  # each quotation mark is doubled, so a part may double too
    parts = [text[i : i + step] for i in range(0, len(text), step)] or [""]
    return "&".join('"' + part.replace('"', '""') + '"' for part in parts)


def single_name(sheet: PlacedSheet, index: int) -> str:
    """Return the defined name of a column (from 0) with single cells: ``tt_cover_c``."""
    return f"tt_{sheet.key}_{letter_of(index).lower()}"


def single_cell(sheet: PlacedSheet, field_name: str) -> str:
    """Return a reference to a single cell, from any sheet: ``INDEX(tt_cover_c,12)``.

    A name of the cell alone would follow the cell when a person cuts or drags it. A position in
    a column does not, and the first and the last cell of the named column are locked.
    """
    placed = sheet.cell(field_name)
    name = single_name(sheet, placed.index)
    if placed.row <= last_above_figures(sheet, placed.index):
        name = above_name(sheet, placed.index)
    return f"INDEX({name},{placed.row})"


def above_name(sheet: PlacedSheet, index: int) -> str:
    """Return the defined name of a column's single cells above all figures: ``tt_cover_c_tren``.

    A figure may ask for a cell above it. If the range held the figure too, some programs would
    find a circle.
    """
    return f"{single_name(sheet, index)}_tren"


def last_above_figures(sheet: PlacedSheet, index: int) -> int:
    """Return the row of the last locked cell of a column above its first figure; 0 for none.

    A hidden column with meanings is parted where the column of their inputs is.
    """
    inputs = {r.index: m.input.index for m in sheet.meanings for r in m.results}
    index = inputs.get(index, index)
    cells = [placed for placed in sheet.cells if placed.index == index]
    first = min((placed.row for placed in cells if placed.cell.derived), default=0)
    return max((p.row for p in cells if p.cell.locked and p.row < first), default=0)


def column_name(sheet: PlacedSheet, field_name: str) -> str:
    """Return the defined name of a column of a table, from row 1: ``cot_plan_deadline``."""
    return f"cot_{sheet.key}_{field_name}"


def other_row(sheet: PlacedSheet, field_name: str, row: str) -> str:
    """Return a reference to a cell of another sheet's column, in a row that a formula gives."""
    return f"INDEX({column_name(sheet, field_name)},{row})"


def own_row(sheet: PlacedSheet, letter: str) -> str:
    """Return a reference to the cell of the formula's own row in a column.

    A plain ``H5`` would follow the cell when a person cuts or drags it, or turn into
    ``#REF!``; a position does neither.
    """
    if not sheet.cells:
        return f"INDEX(${letter}:${letter},ROW())"
    # Above this table are figures that count its rows. If the range held them too, some
    # programs would find a circle. Both ends of the range are locked, so nobody drags them away.
    top, end = sheet.header_row, sheet.last_row + 1
    return f"INDEX(${letter}${top}:${letter}${end},ROW()-{top - 1})"


def words_name(words: Sequence[str]) -> str:
    """Return the defined name of the locked cells that hold some words: ``tu_`` and a checksum."""
    return f"tu_{blake2b(chr(10).join(words).encode(), digest_size=4).hexdigest()}"


def words_excel(words: Sequence[str]) -> str:
    """Return a reference to words: a literal for a single one, else a name."""
    return words_name(words) if len(words) > 1 else quote(words[0])


def filled_excel(x: str) -> str:
    """Return the Excel half of :func:`values.filled`.

    Spaces are replaced one by one: each program's TRIM and CLEAN take others away.
    """
    text = f'SUBSTITUTE({_spaced_excel(x)}," ","")'
    return f"IF(ISERROR({x}),TRUE,LEN({text})>0)"


def number_excel(x: str) -> str:
    """Return the Excel half of :func:`values.is_number` for a reference.

    LibreOffice counts booleans as numbers, hence ISLOGICAL. Given a bare number instead of
    a reference, its ISLOGICAL answers by the format of the formula's own cell: never pass one.
    """
    return f"IF(ISLOGICAL({x}),FALSE,ISNUMBER({x}))"


def fifteen_excel(x: str) -> str:
    """Return the Excel half of :func:`values.fifteen_digits`: a number, rounded.

    Excel compares numbers at 15 digits by itself, and other programs do not; rounded
    numbers give each of them the same answer.
    """
    most = v.MOST_DECIMALS
    decimals = f"{v.SIGNIFICANT_DIGITS - 1}-INT(LOG10(ABS({x})+10^-30)+10^-13)"
    return f"ROUND({x},MAX(-{most},MIN({most},{decimals})))"


def day_excel(x: str) -> str:
    """Return the Excel half of :func:`values.whole_day`."""
    return f"INT(ROUND({x},{v.DECIMALS_OF_A_DAY}))"


def date_excel(x: str) -> str:
    """Return the Excel half of :func:`values.is_date`."""
    day = day_excel(x)
    return f"IF({number_excel(x)},AND({day}>={v.FIRST_SERIAL},{day}<{v.LAST_SERIAL}),FALSE)"


def written_day_excel(x: str) -> str:
    """Return the day of a cell that is known to be a date, as day/month/year."""
    day = day_excel(x)
    return f'TEXT(DAY({day}),"00")&"/"&TEXT(MONTH({day}),"00")&"/"&YEAR({day})'


def _spaced_excel(x: str) -> str:
    """Return a text with line breaks, tabs and no-break spaces as spaces."""
    for char in ("CHAR(10)", "CHAR(9)", "CHAR(13)"):
        x = f'SUBSTITUTE({x},{char}," ")'
    return f'SUBSTITUTE({x},"{NBSP}"," ")'


def tidy_excel(x: str) -> str:
    """Return the Excel half of :func:`values.tidy`."""
    return f"TRIM({_spaced_excel(x)})"


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
