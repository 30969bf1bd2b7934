"""Hunt the mutants: ``python -m tests.proof.mutants``; ``make mutate`` does.

It fails where a mutant lives that is not listed as equivalent, where a listed one is killed, and
where the two halves differ without any mutant.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.proof.mutants.hunt import control, hunt, prepare
from tests.proof.mutants.kept import Kept, checksum_of_sources
from tests.proof.mutants.mutant import Mutant
from tests.proof.mutants.named import named_mutants
from tests.proof.mutants.operators import mutants_of_source, numbered
from tests.proof.mutants.report import Report, reasons

_BEGIN, _END = "<!-- hunt -->", "<!-- end of the hunt -->"


def main(arguments: Sequence[str] | None = None) -> int:
    """Hunt, print the table, and return 0 where every mutant is killed or explained."""
    parser = argparse.ArgumentParser(prog="python -m tests.proof.mutants", description=__doc__)
    parser.add_argument("--rows", type=int, default=22_500, help="rows of the proof")
    parser.add_argument("--every", type=int, default=1, help="every so-manieth mutant")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="mutants with this text in their name")
    parser.add_argument("--page", type=Path, help="the page of the documentation to write")
    parser.add_argument(
        "--kept", type=Path, help="file of outcomes: a hunt over the same sources goes on from it"
    )
    chosen = parser.parse_args(arguments)
    began = time.monotonic()
    every = all_mutants()
    unknown = reasons().keys() - {mutant.key for mutant in every}
    mutants = [m for m in every if chosen.only in m.key][:: chosen.every]
    books = prepare(chosen.rows, chosen.seed, chosen.jobs)
    differ = control(books, chosen.jobs)
    kept = Kept(chosen.kept, f"{chosen.rows} {chosen.seed} {checksum_of_sources()}")
    outcomes = list(kept.outcomes(mutants))
    known = {outcome.number for outcome in outcomes}
    left = [number for number in range(len(mutants)) if number not in known]
    for found in hunt([mutants[number] for number in left], books, chosen.jobs):
        outcome = replace(found, number=left[found.number])
        kept.add(mutants[outcome.number], outcome)
        outcomes.append(outcome)
        if len(outcomes) % 50 == 0:
            print(f"{len(outcomes)} of {len(mutants)} mutants", file=sys.stderr, flush=True)
    report = Report(mutants, outcomes)
    rows = sum(book.rows for book in books)
    total = f"{len(mutants):,} mutants, {rows:,} rows of {len(books)} workbooks, seed {chosen.seed}"
    print(report.table())
    print(f"{total}, {time.monotonic() - began:,.0f} s")
    if chosen.page:
        _write(chosen.page, "\n".join((report.table(), "", f"{total}.", "", *_why(report))))
    faults = [
        *(f"the halves differ without a mutant: {line}" for line in differ),
        *(f"listed as equivalent, and no mutant: {name}" for name in sorted(unknown)),
        *(f"listed as equivalent, and killed: {name}" for name in report.stale()),
        *(f"alive: {name}" for name in report.alive()),
    ]
    print("\n".join(faults), file=sys.stderr)
    return 1 if faults else 0


def all_mutants() -> list[Mutant]:
    """Return all mutants, in a fixed order; of equal ones the first."""
    every = numbered((*mutants_of_source(), *named_mutants()))
    found: dict[tuple[object, ...], Mutant] = {}
    for mutant in every:
        change = (mutant.half, mutant.path, mutant.start, mutant.end, mutant.new)
        found.setdefault(change, mutant)
    return list(found.values())


def _why(report: Report) -> list[str]:
    return ["Equivalent, and why:", "", *report.equivalents()]


def _write(page: Path, text: str) -> None:
    before, _, rest = page.read_text("utf-8").partition(_BEGIN)
    after = rest.partition(_END)[2]
    page.write_text(f"{before}{_BEGIN}\n{text}\n{_END}{after}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
