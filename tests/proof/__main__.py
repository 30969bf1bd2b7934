"""The proof from the command line: ``python -m tests.proof``, and its errands.

Without an errand: all formula cells in all programs, then rows typed over in LibreOffice.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.proof.judges import JUDGES
from tests.proof.report import whole_report
from tests.proof.typed import prove
from tests.proof.whole import prove_all


def main() -> int:
    """Do the errand; 0 where all programs are there and agree with Python."""
    parser = argparse.ArgumentParser(prog="python -m tests.proof", description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="rows typed into LibreOffice")
    parser.add_argument("--trials", type=int, default=800, help="trials of single cells")
    parser.add_argument("--books", type=int, default=40, help="whole workbooks in each program")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--jobs", type=int, default=2)
    return run(parser.parse_args())


def run(chosen: argparse.Namespace) -> int:
    """Run the proof and print what was compared."""
    began = time.monotonic()
    tallies, absent = prove_all(chosen.books, chosen.seed, chosen.jobs, _say)
    versions = {kind.name: kind().version() for kind in JUDGES if not kind.missing()}
    print(whole_report(tallies, versions, absent), flush=True)
    report = prove(chosen.rows, chosen.trials, chosen.seed, chosen.jobs)
    print(report.table())
    print(f"seed {chosen.seed}, {time.monotonic() - began:.0f} s")
    for line in report.disagreements[:40]:
        print(line, file=sys.stderr)
    differ = any(tally.differences for tally in tallies.values())
    return 1 if absent or differ or report.disagreements or report.seldom() else 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
