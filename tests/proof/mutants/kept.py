"""Keep the outcomes of a long hunt in a file, so that an interrupted hunt can go on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.proof.mutants.hunt import Fate, Outcome
from tests.proof.mutants.mutant import Mutant

_ROOT = Path(__file__).parents[3]
_SOURCES = ("macros_free_validation", "workbook_templates", "tests/proof")


def checksum_of_sources() -> str:
    """Return a checksum of all sources on which an outcome depends."""
    found = hashlib.sha256()
    for folder in _SOURCES:
        for path in sorted((_ROOT / folder).rglob("*.py")):
            found.update(path.read_bytes())
    return found.hexdigest()[:16]


@dataclass(frozen=True)
class Kept:
    """The outcomes in a file: a line says of which hunt, then a line each; no file: none."""

    path: Path | None
    hunt: str

    def outcomes(self, mutants: Sequence[Mutant]) -> Iterator[Outcome]:
        """Yield the outcomes of an earlier, interrupted hunt over the same sources."""
        if self.path is None:
            return
        lines = self.path.read_text("utf-8").splitlines() if self.path.is_file() else []
        if lines[:1] != [self.hunt]:
            self.path.write_text(f"{self.hunt}\n", "utf-8")
            return
        numbers = {mutant.key: number for number, mutant in enumerate(mutants)}
        for line in lines[1:]:
            key, fate, proof, rows, seconds = json.loads(line)
            if key in numbers:
                yield Outcome(numbers[key], Fate(fate), proof, rows, seconds)

    def add(self, mutant: Mutant, outcome: Outcome) -> None:
        """Add an outcome."""
        if self.path is not None:
            fields = (mutant.key, outcome.fate, outcome.proof, outcome.rows, outcome.seconds)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(fields, ensure_ascii=False) + "\n")
