"""The proof from the command line: ``python -m tests.proof``, and its errands.

Without an errand: all formula cells in all programs, then rows typed over in LibreOffice.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from kdcl_xl.xlsx.package import UnreadableError
from tests.proof.judges import JUDGES
from tests.proof.kit import PAGE, usual_kit
from tests.proof.report import whole_report
from tests.proof.returned import ForeignError, compare_returned
from tests.proof.typed import prove
from tests.proof.whole import prove_all


def main() -> int:
    """Do the errand; 0 where all programs are there and agree with Python."""
    parser = argparse.ArgumentParser(prog="python -m tests.proof", description=__doc__)
    errands = parser.add_subparsers(dest="errand")
    kit = errands.add_parser("kit", help="write the kit for a person with Excel")
    kit.add_argument("-o", "--output", type=Path, default=Path("kit.xlsx"))
    returned = errands.add_parser("compare", help="compare a kit that came back")
    returned.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=30_000, help="rows typed into LibreOffice")
    parser.add_argument("--trials", type=int, default=1_200, help="trials of single cells")
    parser.add_argument("--books", type=int, default=40, help="whole workbooks in each program")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    match chosen.errand:
        case "kit":
            return write_kit(chosen.output)
        case "compare":
            return compare_kit(chosen.file)
    return run(chosen)


def write_kit(path: Path) -> int:
    """Write the kit."""
    kit = usual_kit()
    path.write_bytes(kit.stripped)
    print(f"{path}: kit {kit.id}, {len(kit.probes):,} probes on the page «{PAGE}»")
    return 0


def compare_kit(path: Path) -> int:
    """Print the comparison of a kit that came back; 0 where nothing differs, 2 for another file."""
    try:
        returned = compare_returned(path.read_bytes())
    except (ForeignError, UnreadableError, OSError) as error:
        print(f"{path}: {error}", file=sys.stderr)
        return 2
    print(returned.text())
    return 0 if returned.is_clean else 1


def run(chosen: argparse.Namespace) -> int:
    """Run the proof and print what was compared."""
    began = time.monotonic()
    tallies, absent = prove_all(chosen.books, chosen.seed, chosen.jobs, _say)
    versions: dict[str, str] = {}
    mended: list[str] = []
    for kind in JUDGES:
        if not kind.missing():
            with kind() as judge:
                versions[judge.name] = judge.version()
                mended += judge.mended()
    print(whole_report(tallies, versions, [*absent, *mended]), flush=True)
    report = prove(chosen.rows, chosen.trials, chosen.seed, chosen.jobs)
    print(report.table())
    if rare := report.seldom():
        print(f"too seldom to prove anything: {', '.join(rare)}")
    print(f"seed {chosen.seed}, {time.monotonic() - began:.0f} s")
    for line in report.disagreements[:40]:
        print(line, file=sys.stderr)
    differ = any(tally.differences for tally in tallies.values())
    return 1 if absent or mended or differ or report.disagreements or rare else 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
