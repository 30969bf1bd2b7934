"""Whole workbooks: every formula cell of plans of all kinds, in every spreadsheet program."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context

from macros_free_validation.plan import Plan
from tests.build import fresh_workbook_bytes
from tests.proof.compare import Tally, compare
from tests.proof.edges import edge_plans, with_numbers
from tests.proof.expected import expected
from tests.proof.generate import whole_plans
from tests.proof.judges import JUDGES, Judge
from tests.proof.probes import probes

Tallies = dict[str, Tally]
"""What was compared, by the name of the program."""


def compare_whole(judges: Sequence[Judge], plans: Iterator[tuple[str, Plan]]) -> Tallies:
    """Compare all formula cells of each plan's workbook, in each program."""
    found = {judge.name: Tally() for judge in judges}
    for name, plan in plans:
        workbook = fresh_workbook_bytes(plan)
        python = expected(workbook, plan.layout)
        for judge in judges:
            began = time.monotonic()
            said = judge.recalculate(workbook)
            seconds = time.monotonic() - began
            tally = compare(plan, python, said, name)
            tally.seconds = seconds
            found[judge.name].add(tally)
    return found


def prove_whole(kind: type[Judge], count: int, seed: int, skip: int = 0, step: int = 1) -> Tally:
    """Compare every ``step``-th of the first ``count`` workbooks in one program.

    Raises:
        MissingError: the program is not installed.
    """
    with kind() as judge, probes():
        return compare_whole([judge], whole_plans(seed, range(skip, count, step)))[judge.name]


def prove_edges(kind: type[Judge], skip: int = 0, step: int = 1) -> Tally:
    """Compare every ``step``-th workbook at the edges of conditions in one program.

    Raises:
        MissingError: the program is not installed.
    """
    with kind() as judge, probes(), with_numbers():
        return compare_whole([judge], islice(edge_plans(), skip, None, step))[judge.name]


def prove_all(
    count: int, seed: int, jobs: int, report: Callable[[str], None] = lambda _: None
) -> tuple[Tallies, list[str]]:
    """Compare ``count`` workbooks and all at the edges of conditions in each program.

    Return what was compared, and the programs that are missing.
    """
    tallies: Tallies = {}
    absent = [f"{kind.name}: NOT RUN. {wanted}" for kind in JUDGES if (wanted := kind.missing())]
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        started = [
            (kind, part)
            for kind in JUDGES
            if not kind.missing()
            for nth in range(jobs)
            for part in (
                pool.submit(prove_whole, kind, count, seed, nth, jobs),
                pool.submit(prove_edges, kind, nth, jobs),
            )
        ]
        for kind, part in started:
            tallies.setdefault(kind.name, Tally()).add(part.result())
            report(f"{kind.name}: {tallies[kind.name].books} workbooks")
    return tallies, absent
