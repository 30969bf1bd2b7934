"""The report of the proof: what each program compared, what it cannot do, what differed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tests.proof.compare import Tally
from tests.proof.expected import Kind
from tests.proof.judges import JUDGES

_COLUMNS = (
    *("engine", "workbooks", "rows", "verdicts"),
    *("formula cells", "disagreements", "causes", "time"),
)
_SHOWN = 20


def table(tallies: Mapping[str, Tally], versions: Mapping[str, str]) -> str:
    """Return the table of all programs, in Markdown, for the terminal and the documentation."""
    lines = [f"| {' | '.join(_COLUMNS)} |", "|---" * len(_COLUMNS) + "|"]
    for name, tally in tallies.items():
        cells = sum(tally.cells.values())
        causes = len(tally.causes) or "none"
        lines.append(
            f"| {name} {versions.get(name, '')} | {tally.books:,} | {tally.rows:,} | "
            f"{tally.verdicts:,} | {cells:,} of {cells:,} | {len(tally.differences):,} | "
            f"{causes} | {tally.seconds:,.0f} s |"
        )
    return "\n".join(lines)


def kinds(tallies: Mapping[str, Tally]) -> str:
    """Return the cells compared in each program, by kind."""
    first = next(iter(tallies.values()), Tally())
    return ", ".join(f"{first.cells[kind]:,} × {kind}" for kind in Kind)


def causes(tallies: Mapping[str, Tally]) -> Iterator[str]:
    """Yield the causes of differences by program, each with its number and an example."""
    for name, tally in tallies.items():
        for cause, count in tally.causes.most_common():
            example = next(d for d in tally.differences if d.cause == cause)
            yield f"{name}: {count:,} × {cause}; for example {example}"


def limits() -> Iterator[str]:
    """Yield what each program cannot do, and how the proof gets round it."""
    for judge in JUDGES:
        for limit in judge.limits:
            yield f"{judge.name}: {limit.name} (={limit.formula}): {limit.remedy}"
        if not judge.limits:
            yield f"{judge.name}: nothing known"


def whole_report(
    tallies: Mapping[str, Tally], versions: Mapping[str, str], faults: Sequence[str]
) -> str:
    """Return the whole report as text."""
    parts = [
        table(tallies, versions),
        *faults,
        f"Formula cells by kind, in each engine: {kinds(tallies)}.",
        "What each engine cannot do, and how the proof gets round it:",
        *(f"- {line}" for line in limits()),
        *list(causes(tallies))[:_SHOWN],
    ]
    return "\n".join(parts)
