"""The report of a hunt: a table by file, and the mutants that no row can kill with the reasons."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.proof.mutants.hunt import Fate, Outcome
from tests.proof.mutants.mutant import Half, Mutant

EQUIVALENT = Path(__file__).with_name("equivalent.toml")
_COLUMNS = (
    *("file", "half", "mutants", "killed by a verdict", "raise an error"),
    *("same formulas", "equivalent", "alive", "rows", "time"),
)


def reasons() -> Mapping[str, str]:
    """Return why a mutant behaves as the package does, by the mutants' names.

    Raises:
        ValueError: a mutant is listed twice.
    """
    found: dict[str, str] = {}
    for entry in tomllib.loads(EQUIVALENT.read_text("utf-8")).get("equivalent", []):
        for name in entry["mutants"]:
            if name in found:
                raise ValueError(f"listed twice: {name}")
            found[name] = entry["why"]
    return found


class Report:
    """The outcomes of a hunt beside the list of equivalent mutants."""

    def __init__(self, mutants: Sequence[Mutant], outcomes: Sequence[Outcome]) -> None:
        """Take the mutants and what became of each."""
        self._pairs = [(mutants[o.number], o) for o in sorted(outcomes, key=lambda o: o.number)]
        self._reasons = reasons()

    def alive(self) -> list[str]:
        """Return the mutants that no row killed and no reason explains."""
        return [
            f"{m.path}:{m.line} {m.key}"
            for m, o in self._pairs
            if o.fate is Fate.LIVES and m.key not in self._reasons
        ]

    def stale(self) -> list[str]:
        """Return the entries of the list whose mutant was killed."""
        killed = (Fate.KILLED, Fate.BROKEN)
        return [m.key for m, o in self._pairs if o.fate in killed and m.key in self._reasons]

    def table(self) -> str:
        """Return the table of the hunt, in Markdown."""
        files = dict.fromkeys((m.path, m.half) for m, _ in self._pairs)
        lines = [f"| {' | '.join(_COLUMNS)} |", "|---" * 2 + "|--:" * (len(_COLUMNS) - 2) + "|"]
        for path, half in files:
            own = [o for m, o in self._pairs if (m.path, m.half) == (path, half)]
            lines.append(self._line(f"`{path}`", half, own))
        for half in Half:
            own = [o for m, o in self._pairs if m.half is half]
            lines.append(self._line("**all**", half, own))
        return "\n".join(lines)

    def _line(self, name: str, half: Half, outcomes: Sequence[Outcome]) -> str:
        fates = [o.fate for o in outcomes]
        living = [self._pair(o) for o in outcomes if o.fate is Fate.LIVES]
        listed = sum(m.key in self._reasons for m, _ in living)
        numbers = (
            len(fates),
            *(fates.count(fate) for fate in (Fate.KILLED, Fate.BROKEN, Fate.UNCHANGED)),
            *(listed, len(living) - listed),
            max((o.rows for o in outcomes if o.fate is Fate.KILLED), default=0),
        )
        cells = [f"{n:,}" for n in numbers]
        seconds = sum(o.seconds for o in outcomes)
        return f"| {name} | {half} | {' | '.join(cells)} | {seconds:,.0f} s |"

    def _pair(self, outcome: Outcome) -> tuple[Mutant, Outcome]:
        return next(pair for pair in self._pairs if pair[1] is outcome)

    def equivalents(self) -> Iterator[str]:
        """Yield the listed mutants of this hunt by their reasons, in Markdown."""
        found: dict[str, list[str]] = {}
        for mutant, outcome in self._pairs:
            if outcome.fate is Fate.LIVES and mutant.key in self._reasons:
                found.setdefault(self._reasons[mutant.key], []).append(mutant.key)
        for why, names in found.items():
            yield f"- {why}"
            yield from (f"    - `{name}`" for name in names)
