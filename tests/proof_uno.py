"""Trials of single cells in a running LibreOffice; runs in the Python that has uno.

``proof_uno.py PIPE WORKBOOK JOB``: sets the cells of each round, recalculates, and prints
what the helper cells say, as JSON: one list of texts a round.
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
    """Run the trials."""
    job = json.loads(Path(job_path).read_text("utf-8"))
    document = load(connect(pipe), Path(workbook))
    answers = []
    try:
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
    finally:
        document.close(True)
    print(json.dumps(answers))
    leave()


if __name__ == "__main__":
    main(*sys.argv[1:])
