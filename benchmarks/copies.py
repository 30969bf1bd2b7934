"""Measure how the search for copied tasks grows with the number of schools.

``python -m benchmarks.copies [--schools 60 200 2000]`` makes that many synthetic plans in
memory (about 30 tasks each), copies some, and times the search alone. It prints
milliseconds a school and the exponent of the growth from one number to the next: 1 is a
straight line, 2 the square.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from pathlib import Path

from kdcl_xl.demo.synthetic.plans import Row, good_draft
from kdcl_xl.district.model.copied_text import copied_tasks
from kdcl_xl.schools import School
from kdcl_xl.submission.model import Submission
from macros_free_validation.plan import Plan, Record
from tests.build import TODAY, YEARS
from workbook_templates.regulation import builtin_catalogue

KINDS = [kind for kind in builtin_catalogue().kinds if not kind.is_open]
TASKS = 30
COPIED_EVERY, COPIED_TASKS = 20, 5
"""Every 20th plan has five tasks of the one before it."""


def submissions(count: int) -> list[Submission]:
    """Return plans of ``count`` schools; only the sheet of tasks differs from school to school."""
    made: list[Submission] = []
    before: list[Row] = []
    for number in range(count):
        source = random.Random(f"copies {number}")  # noqa: S311 - the same every time
        kind = KINDS[number % len(KINDS)]
        school = School(f"{number:08}", f"Trường {number}", kind)
        draft = good_draft(school, YEARS["2026"], TODAY, source)
        tasks = (draft.tasks * 2)[:TASKS]
        if number % COPIED_EVERY == COPIED_EVERY - 1:
            tasks[:COPIED_TASKS] = before[:COPIED_TASKS]
        before = tasks
        sheet = draft.sheet("plan")
        records = tuple(
            Record(sheet.first_row + nth, tuple(row.get(c.field) for c in sheet.columns))
            for nth, row in enumerate(tasks)
        )
        cover: Row = {"school_name": school.name, "school_code": school.code}
        plan = Plan(draft.layout, {"cover": cover}, {"plan": records})
        made.append(Submission(Path(f"{school.code}.xlsx"), school.code, None, None, plan, ()))
    return made


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, nargs="+", default=[60, 200, 2000])
    last: tuple[int, float] | None = None
    for count in parser.parse_args().schools:
        made = submissions(count)
        began = time.process_time()
        found = copied_tasks(made, (), TODAY)
        spent = time.process_time() - began
        planted = count // COPIED_EVERY * COPIED_TASKS
        line = f"{count:>6} schools: {spent:7.2f} s, {1000 * spent / count:5.1f} ms a school, "
        line += f"{sum(map(len, found.values()))} of {planted} copies found"
        if last:
            line += f", exponent {math.log(spent / last[1]) / math.log(count / last[0]):.2f}"
        print(line)
        last = count, spent


if __name__ == "__main__":
    main()
