"""The interface of a judge, and the values that judges return."""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import ClassVar, Self

import xlsxwriter

from kdcl_xl.xlsx.workbook import open_workbook
from macros_free_validation.values import Raw

Place = tuple[int, int]
"""Row (from 1) and column (from 0) of a cell."""
Values = Mapping[str, Mapping[Place, Raw]]
"""The values of formula cells by the name of their sheet; a blank result is an empty text."""


class MissingError(RuntimeError):
    """The program is not installed; the message names a way to install it."""


@dataclass(frozen=True)
class Limit:
    """A fault of a program in what Excel computes, with its smallest example.

    The example is one formula over the values of ``cells`` (A1 and below); Excel computes
    ``right``, the program ``wrong``. ``remedy`` says how the judge gets round the fault.
    """

    name: str
    formula: str
    cells: tuple[str | float, ...]
    right: Raw
    wrong: Raw
    remedy: str


def example(limit: Limit) -> bytes:
    """Return the workbook of a fault's smallest example; the formula is in column C."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("S")
        for row, value in enumerate(limit.cells):
            sheet.write(row, 0, value)
        sheet.write_formula(EXAMPLE_ROW - 1, 2, f"={limit.formula}", None, "")
    return out.getvalue()


EXAMPLE_ROW = 9
"""The row of the example's formula, beside no cell that it refers to."""


class Judge(ABC):
    """A spreadsheet program; a context manager, since some run in the background."""

    name: ClassVar[str]
    limits: ClassVar[tuple[Limit, ...]] = ()
    """Faults of the program that its judge gets round: the closed list."""

    @classmethod
    @abstractmethod
    def missing(cls) -> str:
        """Return how to install what is missing; an empty text where all is there."""

    @abstractmethod
    def version(self) -> str:
        """Return the version of the program."""

    @abstractmethod
    def recalculate(self, workbook: bytes) -> Values:
        """Return the values of all formula cells, computed anew.

        Raises:
            MissingError: the program is not installed.
        """

    def as_it_is(self, workbook: bytes) -> Values:
        """Return the values of all formula cells, without getting round any fault."""
        return self.recalculate(workbook)

    def __init__(self) -> None:
        """Begin with nothing running."""
        self.running = ExitStack()
        """Stops, at the end, whatever :meth:`start` has started."""

    def mended(self) -> list[str]:
        """Return the faults that the program has no longer, or that its judge does not get round.

        Their entries in ``limits``, and the code for them, are to be deleted or corrected.
        """
        found, place = [], (EXAMPLE_ROW, 2)
        for limit in self.limits:
            workbook = example(limit)
            said = self.as_it_is(workbook)["S"][place]
            if said != limit.wrong:
                found.append(f"{self.name} no longer has the fault «{limit.name}»: {said!r}")
            if (said := self.recalculate(workbook)["S"][place]) != limit.right:
                found.append(f"{self.name}: «{limit.name}» is not got round: {said!r}")
        return found

    def start(self) -> None:  # noqa: B027  # most programs need no start
        """Start what runs in the background."""

    def __enter__(self) -> Self:
        """Start the program.

        Raises:
            MissingError: the program is not installed.
        """
        if wanted := self.missing():
            raise MissingError(f"{self.name} is missing. {wanted}")
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the program."""
        self.running.close()


def results_in(workbook: bytes, formulas_of: bytes | None = None) -> dict[str, Mapping[Place, Raw]]:
    """Return the results that a file holds, of its formula cells or of those of another file.

    A program may save a formula as its result alone, so the places come from the other file.
    """
    book = open_workbook(workbook)
    pattern = open_workbook(formulas_of) if formulas_of is not None else book
    return {
        name: {
            place: "" if (value := own.get(*place)) is None else value
            for place in pattern.sheet(name).formulas.places
        }
        for name in pattern.sheets
        for own in [book.sheet(name)]
    }
