"""The hunt for mutants: its list, its report, and a sample that is hunted on a few rows."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from kdcl_xl.xlsx.workbook import open_workbook
from tests.build import fresh_workbook_bytes, good_plan
from tests.conftest import ROOT
from tests.proof.expected import Kind, kinds_of
from tests.proof.judges.base import Place
from tests.proof.judges.rewriting import moved, texts_of
from tests.proof.mutants import halves
from tests.proof.mutants.__main__ import all_mutants
from tests.proof.mutants.hunt import Fate, Outcome
from tests.proof.mutants.mutant import Half, Mutant, plant
from tests.proof.mutants.report import Report, reasons
from workbook_templates.layout import letter_of

FEWEST = 150


@pytest.fixture(scope="module")
def mutants() -> list[Mutant]:
    return all_mutants()


@pytest.mark.slow
def test_both_halves_have_many_mutants_each_with_a_name_of_its_own(mutants: list[Mutant]) -> None:
    halves = Counter(mutant.half for mutant in mutants)
    assert min(halves[half] for half in Half) >= FEWEST
    assert len({mutant.key for mutant in mutants}) == len(mutants)
    for mutant in mutants[::10]:
        compile(mutant.source(), mutant.path, "exec")
        assert mutant.before != mutant.after or "  " in mutant.new.decode()


@pytest.mark.slow
def test_each_mutant_that_is_listed_as_equivalent_is_in_the_list(mutants: list[Mutant]) -> None:
    assert reasons().keys() <= {mutant.key for mutant in mutants}


@pytest.mark.slow
@pytest.mark.parametrize("form", ["2018", "2026"])
def test_the_hunt_sees_every_formula_of_an_expression(form: str) -> None:
    plan = good_plan(form, rows=10)
    book = open_workbook(fresh_workbook_bytes(plan))
    seen: dict[str, set[Place]] = {name: set() for name in book.sheets}
    for area, text in halves.formulas_of(plan.layout).items():
        texts = texts_of(book.sheet(area.sheet).formulas)
        for row in range(area.first, area.last + 1):
            ref = f"{letter_of(area.column)}{row}".encode()
            assert texts[ref] == moved(text, row - area.first, 0)
            seen[area.sheet].add((row, area.column))
    for name, cells in kinds_of(plan.layout).items():
        assert {p for p, cell in cells.items() if cell.kind is not Kind.JOINED} == seen[name]


def test_a_mutant_is_not_planted_where_the_package_is_imported() -> None:
    mutant = Mutant(Half.PYTHON, "values.py", "key", 0, 0, b"", 1, "", "")
    with pytest.raises(RuntimeError, match="before its package is imported"):
        plant(mutant)


def test_a_living_mutant_and_a_killed_equivalent_are_faults() -> None:
    listed = next(iter(reasons()))
    half, path, rest = listed.split(", ", 2)
    where, change = rest.split(": ", 1)
    before, after = change.split(" → ", 1)
    known = Mutant(Half(half), path, where, 0, 0, b"", 1, before, after)
    other = Mutant(Half.FORMULA, "values.py", "key", 0, 0, b"", 1, "a", "b")
    assert known.key == listed
    living = [Outcome(n, Fate.LIVES, "", 20_000, 1.0) for n in range(2)]
    report = Report([known, other], living)
    assert report.alive() == [f"values.py:1 {other.key}"]
    assert report.stale() == []
    killed = [Outcome(n, Fate.KILLED, "", 100, 1.0) for n in range(2)]
    report = Report([known, other], killed)
    assert (report.alive(), report.stale()) == ([], [listed])


@pytest.mark.slow
def test_a_sample_of_mutants_is_killed() -> None:
    """The whole hunt is ``make mutate``; this one keeps its parts together."""
    command = [sys.executable, "-m", "tests.proof.mutants", "--rows", "200", "--jobs", "1"]
    found = subprocess.run(
        [*command, "--only", SAMPLE], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert found.returncode == 0, found.stderr
    python, formula = (
        [cell.strip() for cell in line.split("|")]
        for line in found.stdout.splitlines()
        if line.startswith("| **all**")
    )
    assert int(python[3]) >= 1
    assert int(formula[3]) >= 1


SAMPLE = "LONGEST_SHOWN = 60"
"""Mutants with this text in their name are hunted, of both halves."""
