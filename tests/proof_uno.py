"""What LibreOffice computes, for the proof; runs in the Python that has uno.

``proof_uno.py PIPE JOB``, where the job is JSON of one of two sorts. With ``rounds`` it
sets single cells of a workbook, recalculates, and prints what the helper cells say: one
list of texts a round. With ``books`` it prints what stands in some columns of workbooks
that are recalculated on loading: for each book, one list of texts a column.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from office import connect, leave, load

ERRORS = {"#N/A": "=NA()", "#DIV/0!": "=1/0", "#VALUE!": '=1+"a"'}


def fill(block: Any, rows: Any) -> None:
    """Put values into a block of cells as what they are."""
    plain = tuple(tuple(v if type(v) in (str, float) else "" for v in row) for row in rows)
    block.setDataArray(plain)
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            if isinstance(value, bool):
                block.getCellByPosition(j, i).setFormula("=TRUE()" if value else "=FALSE()")
            elif isinstance(value, dict):
                block.getCellByPosition(j, i).setFormula(ERRORS[value["error"]])


def main(pipe: str, job_path: str) -> None:
    """Do the job."""
    job = json.loads(Path(job_path).read_text("utf-8"))
    context = connect(pipe)
    answers: list[Any] = []
    for task in job.get("books", [job]):
        document = load(context, Path(task["path"]))
        try:
            if "ranges" in task:
                answers.append(columns(document, task["ranges"]))
            else:
                answers = trials(document, task)
        finally:
            document.close(True)
    print(json.dumps(answers))
    leave()


def columns(document: Any, ranges: Any) -> list[list[str]]:
    """The texts in ranges of one column each."""
    found = []
    for name, ref in ranges:
        cells = document.Sheets.getByName(name).getCellRangeByName(ref).getDataArray()
        found.append([str(row[0]) for row in cells])
    return found


def trials(document: Any, job: Any) -> list[list[str]]:
    """What the helper cells and computed cells hold, as texts, round by round."""
    answers = []
    sheets = document.Sheets
    for name in job["sheets"].values():
        sheets.getByName(name).unprotect("")
    document.enableAutomaticCalculation(False)
    read = [sheets.getByName(name).getCellRangeByName(ref) for name, ref in job["read"]]
    for values in job["rounds"]:
        for key, blocks in values.items():
            for ref, rows in blocks.items():
                fill(sheets.getByName(job["sheets"][key]).getCellRangeByName(ref), rows)
        document.calculateAll()
        answers.append([str(cell.getDataArray()[0][0]) for cell in read])
    return answers


if __name__ == "__main__":
    main(*sys.argv[1:])
