"""The hunt: each mutant in a process of its own, on the rows of the proof."""

from __future__ import annotations

import gc
import pickle
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from multiprocessing import get_context

# These are not mutated; loaded here, they are there in every process that is forked.
import ironcalc  # noqa: F401
import xlsxwriter  # noqa: F401

from tests.proof.mutants.mutant import Half, Mutant, plant
from tests.proof.mutants.rows import Area, Book, LayoutKey
from tests.proof.regulations import regulation
from workbook_templates.layout import Layout, build_layout

WITH_EDGES = 20_000
"""Rows of a hunt that has the plans at the edges of conditions among its books."""
SECONDS = 60
"""Processor seconds after which a mutant counts as one that never ends."""


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    """Some cell differs from the other half."""
    BROKEN = "broken"
    """It raises an error, or never ends."""
    UNCHANGED = "the same formulas"
    """Every formula of every layout is the same text."""
    LIVES = "lives"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The fate of a mutant, the proof of it, the rows read until then, and processor seconds."""

    number: int
    fate: Fate
    proof: str
    rows: int
    seconds: float


@lru_cache(maxsize=32)
def layout_of(key: LayoutKey) -> Layout:
    """Return a layout; processes that are forked afterwards share it."""
    return build_layout(regulation(key.regulation), key.rows, limits=key.limits)


def prepare(rows: int, seed: int, jobs: int) -> list[Book]:
    """Return the books of the proof until they have so many rows: any, then those at the edges.

    Most mutants differ in the first books of any values, and the hunt of each ends there. A hunt
    on few rows goes without the edges.
    """
    with get_context("fork").Pool(jobs) as pool:
        numbers = range(pool.apply(_count_of_edges) if rows >= WITH_EDGES else 0)
        edges = pool.map(_edge, numbers, chunksize=1)
        left = rows - sum(book.rows for book in edges)
        any_values = _until(left, pool.imap(_book, [(seed, number) for number in range(rows)]))
        pool.terminate()
    found = [*any_values, *edges]
    for book in found:
        layout_of(book.layout)
    return found


def _until(rows: int, books: Iterator[Book]) -> list[Book]:
    """Return the first books that have so many rows together."""
    found: list[Book] = []
    while rows > 0 and (book := next(books, None)) is not None:
        found.append(book)
        rows -= book.rows
    return found


def _count_of_edges() -> int:
    from tests.proof.mutants.preparing import edges

    return len(edges())


def _edge(number: int) -> Book:
    from tests.proof.mutants.preparing import edge_of

    return edge_of(number)


def _book(wanted: tuple[int, int]) -> Book:
    from tests.proof.mutants.preparing import book_of

    return book_of(*wanted)


_BOOKS: list[Book] = []
_MUTANTS: list[Mutant] = []
_FORMULAS: dict[LayoutKey, dict[Area, str]] = {}
"""What the forked processes inherit."""


def hunt(mutants: Sequence[Mutant], books: Sequence[Book], jobs: int) -> Iterator[Outcome]:
    """Yield the outcome of each mutant as soon as it is known."""
    _BOOKS[:], _MUTANTS[:] = books, mutants
    keys = list(dict.fromkeys(book.layout for book in books))
    with get_context("fork").Pool(1) as pool:
        _FORMULAS.update(zip(keys, pool.map(_formulas_of, keys), strict=True))
    gc.freeze()  # what is inherited is never copied for the collector's sake
    with get_context("fork").Pool(jobs, maxtasksperchild=1) as pool:
        yield from pool.imap_unordered(_try, range(len(mutants)), chunksize=1)


def control(books: Sequence[Book], jobs: int) -> list[str]:
    """Return the cells in which the halves differ without any mutant: there must be none."""
    _BOOKS[:] = books
    with get_context("fork").Pool(jobs) as pool:
        found = pool.map(_control, range(len(books)), chunksize=8)
    return [line for lines in found for line in lines]


def _formulas_of(key: LayoutKey) -> dict[Area, str]:
    from tests.proof.mutants import halves
    from tests.proof.probes import probes

    with probes():
        return dict(halves.formulas_of(layout_of(key)))


def _control(number: int) -> list[str]:
    from tests.proof.mutants import halves
    from tests.proof.probes import probes

    book = _BOOKS[number]
    with probes():
        layout = layout_of(book.layout)
        formulas = halves.formulas_of(layout)
        found = halves.difference(book.model, book.values, formulas, book.names)
        plan = halves.plan_of(layout, book.content)
        same = halves.results(plan) == pickle.loads(book.results)
    return [f"{book.name}: {said}" for said in (found, "" if same else "Python") if said]


def _try(number: int) -> Outcome:
    mutant = _MUTANTS[number]
    began = time.process_time()
    rows = 0

    def outcome(fate: Fate, proof: str = "") -> Outcome:
        return Outcome(number, fate, proof, rows, time.process_time() - began)

    signal.signal(signal.SIGPROF, _too_long)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        plant(mutant)
        differ = _differ_of_formulas if mutant.half is Half.FORMULA else _differ_of_python
        for book, difference in differ():
            rows += book.rows
            if difference:
                return outcome(Fate.KILLED, f"{book.name}: {difference}")
    except _UnchangedError:
        return outcome(Fate.UNCHANGED)
    except Exception as error:  # whatever a changed program raises
        return outcome(Fate.BROKEN, f"{type(error).__name__}: {error}"[:200])
    return outcome(Fate.LIVES)


class _UnchangedError(Exception):
    """No formula of any layout is another text."""


def _too_long(_signal: int, _frame: object) -> None:
    raise TimeoutError(f"more than {SECONDS} s")


def _differ_of_python() -> Iterator[tuple[Book, str]]:
    """Yield each book and the first result that the mutant's Python half has otherwise."""
    from tests.proof.mutants import halves
    from tests.proof.probes import probes

    with probes():
        for book in _BOOKS:
            right = pickle.loads(book.results)
            said = halves.results(halves.plan_of(layout_of(book.layout), book.content))
            place = next((k for k in (*right, *said) if right.get(k) != said.get(k)), None)
            yield book, "" if place is None else f"{place}: {said.get(place)!r}"


def _differ_of_formulas() -> Iterator[tuple[Book, str]]:
    """Yield each book and the first value that a changed formula of the mutant has otherwise."""
    from tests.proof.mutants import halves
    from tests.proof.probes import probes

    changed: dict[LayoutKey, dict[Area, str]] = {}
    with probes():
        for book in _BOOKS:
            if book.layout not in changed:
                own, known = halves.formulas_of(layout_of(book.layout)), _FORMULAS[book.layout]
                if own.keys() != known.keys():
                    raise LookupError("other cells have formulas")
                changed[book.layout] = {a: text for a, text in own.items() if known[a] != text}
            formulas, found = changed[book.layout], ""
            if formulas:
                found = halves.difference(book.model, book.values, formulas, book.names)
            yield book, found
    if not any(changed.values()):
        raise _UnchangedError
