"""Measure judging beside reading: all rules on many plan rows, in one process.

``python -m benchmarks.judging [--rows 100000]`` makes a few completed workbooks, then in
alternating runs reads them and judges the plans, until that many plan rows were
judged. It prints rows a second and the ratio of the two, run by run the same files.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from kdcl_xl.submission.reading import read_submission
from macros_free_validation.judge import compiled, judge
from tests.build import TODAY, Value, good_task, layout_of, make_plan, workbook_bytes
from workbook_templates.regulation import builtin_catalogue

ROWS_A_FILE, FILES = 120, 25
_FAULTS: tuple[dict[str, Value], ...] = (
    {},
    {"lead": "UBND xã"},
    {"deadline": "tháng 5"},
    {"budget": 81.0},
    {"expected_result": None},
)
"""At least one row in five has a fault, as in real plans."""


def make_files(folder: Path) -> list[Path]:
    """Make completed workbooks with a few faults each, of both forms."""
    made = []
    for number in range(FILES):
        layout = layout_of("2026" if number % 2 else "2018", rows=ROWS_A_FILE)
        rows = [
            {**good_task(layout, n + number), **_FAULTS[(n + number) % len(_FAULTS)]}
            for n in range(ROWS_A_FILE)
        ]
        path = folder / f"{number}.xlsx"
        path.write_bytes(workbook_bytes(make_plan(layout, tables={"plan": rows})))
        made.append(path)
    return made


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    wanted = parser.parse_args().rows
    catalogue = builtin_catalogue()
    reading: list[float] = []
    judging: list[float] = []
    done = found = 0
    with tempfile.TemporaryDirectory() as folder:
        files = make_files(Path(folder))
        for path in files[:2]:  # rules are compiled once
            plan = read_submission(path, catalogue).plan
            assert plan is not None
            compiled(plan.layout)
        while done < wanted:
            began = time.perf_counter()
            plans = [read_submission(path, catalogue).plan for path in files]
            read = time.perf_counter()
            found = sum(len(judge(plan, TODAY)) for plan in plans if plan is not None)
            reading.append(read - began)
            judging.append(time.perf_counter() - read)
            done += sum(len(plan.rows("plan")) for plan in plans if plan is not None)
    ratio = statistics.median(j / r for j, r in zip(judging, reading, strict=True))
    print(f"{done:,} plan rows in {len(reading)} runs of {FILES} files, {found:,} findings a run")
    print(f"read    {done / sum(reading):>10,.0f} rows/s")
    print(f"judge   {done / sum(judging):>10,.0f} rows/s")
    print(f"judging costs {ratio:.2f} of reading (median of the runs)")


if __name__ == "__main__":
    main()
