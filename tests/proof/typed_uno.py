"""What LibreOffice computes, for the proof; runs in the Python that has uno.

``typed_uno.py PIPE JOB``, where the job is JSON: the ``path`` of a workbook, which is
recalculated on loading; ``rounds`` of typing, each a list of areas and their values; and
the areas to ``read`` after the loading and after each round. An area is the name of a sheet
and the first column (from 0) and row (from 1), last column and row. Prints a list of texts
of rows of areas of readings.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from office import connect, leave, load

ERRORS = {"#N/A": "=NA()", "#DIV/0!": "=1/0", "#VALUE!": '=1+"a"'}
GENERAL = 0
"""The number format of cells that have none."""


def main(pipe: str, job_path: str) -> None:
    """Do the job."""
    job = json.loads(Path(job_path).read_text("utf-8"))
    document = load(connect(pipe), Path(job["path"]))
    try:
        cells = Cells(document.Sheets)
        read = [cells.of(name, area) for name, area in job["read"]]
        readings = [texts(read)]
        if job["rounds"]:
            document.enableAutomaticCalculation(False)
            for sheet in document.Sheets:
                sheet.unprotect("")
                sheet.IsTextWrapped = False  # or rows are measured again whatever is typed
        for areas in job["rounds"]:
            for name, area, rows in areas:
                fill(cells.of(name, area), rows)
            # What depends on the typed cells, as when a person types: were a formula left out, its
            # old result would disagree with Python.
            document.calculate()
            readings.append(texts(read))
    finally:
        document.close(True)
    print(json.dumps(readings))
    leave()


class Cells:
    """The cells of areas, each asked for once: a call into LibreOffice takes its time."""

    def __init__(self, sheets: Any) -> None:
        self._sheets = sheets
        self._found: dict[Any, Any] = {}

    def of(self, name: str, area: Any) -> Any:
        """The cells of one area."""
        key = (name, *area)
        if key not in self._found:
            left, top, right, bottom = area
            place = (left, top - 1, right, bottom - 1)
            self._found[key] = self._sheets.getByName(name).getCellRangeByPosition(*place)
        return self._found[key]


def texts(areas: Any) -> Any:
    """The texts in areas, row by row."""
    return [[[str(value) for value in row] for row in cells.getDataArray()] for cells in areas]


def fill(cells: Any, rows: Any) -> None:
    """Put values into cells as what they are."""
    # A boolean that stood there has left its format, in which a number is a boolean too.
    cells.NumberFormat = GENERAL
    plain = tuple(tuple(v if type(v) in (str, float) else "" for v in row) for row in rows)
    cells.setDataArray(plain)
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            if isinstance(value, str) and "\r" in value:  # typed, it becomes a line feed
                cells.getCellByPosition(j, i).setFormula(formula_of(value))
            elif isinstance(value, bool):
                cells.getCellByPosition(j, i).setFormula("=TRUE()" if value else "=FALSE()")
            elif isinstance(value, dict):
                cells.getCellByPosition(j, i).setFormula(ERRORS[value["error"]])


def formula_of(text: str) -> str:
    """A formula with a text as its result."""
    parts = re.findall(r"[\r\n\t]|[^\r\n\t]{1,100}", text)
    doubled = (f'"{part.replace(chr(34), chr(34) * 2)}"' for part in parts)
    return "=" + "&".join(
        f"CHAR({ord(part)})" if part in "\r\n\t" else literal
        for part, literal in zip(parts, doubled, strict=True)
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
