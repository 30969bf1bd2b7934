"""Measure how long LibreOffice takes to open workbooks; runs in the Python that has uno.

``loading_uno.py PIPE JOB``, where the job is JSON of paths and a number of runs. Prints the
seconds of each run, a list for each path; formulas are recalculated on loading. Where the job is
``as_is``, workbooks are opened as a person does: no round before, and nothing calculated again.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from office import connect, leave, load


def main(pipe: str, job: str) -> None:
    """Open each workbook in turn, as often as asked, after a round to warm up."""
    task = json.loads(Path(job).read_text("utf-8"))
    context = connect(pipe)
    taken: list[list[float]] = [[] for _ in task["paths"]]
    as_is = task.get("as_is", False)
    for number in range(as_is, task["runs"] + 1):
        for times, path in zip(taken, task["paths"]):  # noqa: B905 - an old Python may run this
            began = time.perf_counter()
            document = load(context, Path(path))
            if not as_is:
                document.calculateAll()
            if number:
                times.append(time.perf_counter() - began)
            document.close(True)
    print(json.dumps(taken))
    leave()


if __name__ == "__main__":
    main(*sys.argv[1:])
