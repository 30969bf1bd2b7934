"""What LibreOffice computes, for the proof; runs in the Python that has uno.

``proof_uno.py PIPE WORKBOOK JOB``, where the job is JSON of one of two sorts. With
``rounds`` it sets single cells, recalculates, and prints what the helper cells say: one
list of texts a round. With ``ranges`` it prints what stands in columns of a workbook that
was recalculated on loading: one list of texts a range.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from office import connect, leave, load


def put(cell: Any, value: Any) -> None:
    """Put a value into a cell as what it is."""
    if value is None:
        cell.setString("")
        cell.setFormula("")
    elif isinstance(value, bool):
        cell.setFormula("=TRUE()" if value else "=FALSE()")
    elif isinstance(value, dict):
        cell.setFormula({"#N/A": "=NA()", "#DIV/0!": "=1/0"}.get(value["error"], '=1+"a"'))
    elif isinstance(value, str):
        cell.setString(value)
    else:
        cell.setValue(value)


def main(pipe: str, workbook: str, job_path: str) -> None:
    """Do the job."""
    job = json.loads(Path(job_path).read_text("utf-8"))
    document = load(connect(pipe), Path(workbook))
    try:
        answers = columns(document, job) if "ranges" in job else trials(document, job)
    finally:
        document.close(True)
    print(json.dumps(answers))
    leave()


def columns(document: Any, job: Any) -> list[list[str]]:
    """The texts in ranges of one column each."""
    found = []
    for name, ref in job["ranges"]:
        cells = document.Sheets.getByName(name).getCellRangeByName(ref).getDataArray()
        found.append([str(row[0]) for row in cells])
    return found


def trials(document: Any, job: Any) -> list[list[str]]:
    """The texts of the helper cells, round by round."""
    answers = []
    sheets = document.Sheets
    for name in job["sheets"].values():
        sheets.getByName(name).unprotect("")
    document.enableAutomaticCalculation(False)
    read = [sheets.getByName(name).getCellRangeByName(ref) for name, ref in job["read"]]
    for values in job["rounds"]:
        for key, refs in values.items():
            sheet = sheets.getByName(job["sheets"][key])
            for ref, value in refs.items():
                put(sheet.getCellRangeByName(ref), value)
        document.calculateAll()
        answers.append([cell.getString() for cell in read])
    return answers


if __name__ == "__main__":
    main(*sys.argv[1:])
