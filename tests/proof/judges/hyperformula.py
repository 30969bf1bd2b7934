"""HyperFormula: a spreadsheet engine in JavaScript, from npm (GPL: for tests, never shipped).

It reads no files: its judge reads the workbook and hands over values, formulas and names.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from kdcl_xl.xlsx.cells import SheetCells
from kdcl_xl.xlsx.formulas import place_of
from kdcl_xl.xlsx.workbook import Workbook, open_workbook
from macros_free_validation.values import CellError, Raw
from tests.proof.judges.base import Judge, Limit, MissingError, Values
from tests.proof.judges.rewriting import replaced_calls, texts_of

_PROGRAM = Path(__file__).with_name("hyperformula.mjs")
FOLDER = Path(__file__).resolve().parents[3] / "build" / "judges"
"""The folder into which npm has installed the package, outside what is kept or shipped."""
_PACKAGE = FOLDER / "node_modules" / "hyperformula"


_SECONDS = 30
"""Seconds until a Node.js that was asked to end has failed to."""
_CONSTANT = Limit(
    "no constants TRUE and FALSE",
    'IF(LEN(A1)=2,TRUE,"no")',
    ("ab",),
    True,
    CellError("#NAME?"),
    "they are defined as names",
)
_ROW = Limit(
    "ROW of a range is one number",
    "SUMPRODUCT(ROW(A1:A2))",
    ("ab", "c"),
    3.0,
    1.0,
    "ROW(range) is written as an array of its numbers",
)
_ESCAPE = Limit(
    "TEXT knows no escaped characters in a number format",
    'TEXT(LEN(A1)*1000,"0\\.000")',
    ("ab",),
    "2.000",
    "2000\\.000",
    "HyperFormula is given a function that writes the dots of amounts",
)
_MANY_DIGITS = Limit(
    "ROUND to 10 decimals moves a number of sixteen digits",
    "ROUND(A1,10)",
    (-1e15,),
    -1e15,
    -1e15 - 0.125,
    "numbers beyond 10^14 are not rounded to 10 decimals, which leaves them as they are",
)
_OVERFLOW = Limit(
    "ROUND to 10 decimals of a number of 300 digits overflows",
    "ROUND(A1,10)>0",
    (1e300,),
    True,
    CellError("#NUM!"),
    "such a number is not rounded either",
)
_QUOTATION = Limit(
    "no quotation mark in a text of a formula",
    'A1="a""b"',
    ('a"b',),
    True,
    CellError("#ERROR!"),
    "the mark is joined to the text as CHAR(34)",
)
_DOWN = Limit(
    "INT of a number below 0 goes towards 0",
    "INT(A1)",
    (-1.5,),
    -2.0,
    -1.0,
    "INT is written as FLOOR.MATH",
)


class HyperFormula(Judge):
    """HyperFormula in a Node.js of its own, which takes one workbook after another."""

    name = "HyperFormula"
    limits = (_CONSTANT, _ROW, _ESCAPE, _MANY_DIGITS, _OVERFLOW, _DOWN, _QUOTATION)

    def __init__(self) -> None:
        """Begin without a Node.js."""
        super().__init__()
        self._process: subprocess.Popen[str] | None = None

    @classmethod
    def missing(cls) -> str:
        there = shutil.which("node") and (_PACKAGE / "package.json").is_file()
        return "" if there else "Install it: bash tests/install_judges.sh"

    def version(self) -> str:
        return str(json.loads((_PACKAGE / "package.json").read_text("utf-8"))["version"])

    def start(self) -> None:
        self._process = subprocess.Popen(
            ["node", str(_PROGRAM), str(_PACKAGE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self.running.callback(self._stop, self._process)

    def _stop(self, process: subprocess.Popen[str]) -> None:
        self._process = None
        pipe(process.stdin).close()
        process.wait(_SECONDS)
        pipe(process.stdout).close()

    def recalculate(self, workbook: bytes) -> Values:
        return self._values(workbook, gets_round=True)

    def as_it_is(self, workbook: bytes) -> Values:
        return self._values(workbook, gets_round=False)

    def _values(self, workbook: bytes, *, gets_round: bool) -> Values:
        if self._process is None:
            raise MissingError(f"{self.name} is not running.")
        book = open_workbook(workbook)
        rows = {name: _rows(book.sheet(name), gets_round=gets_round) for name in book.sheets}
        names = {**(_CONSTANTS if gets_round else {}), **_names(book)}
        work = {"names": names, "sheets": rows, "escapes": gets_round}
        asked, answered = pipe(self._process.stdin), pipe(self._process.stdout)
        asked.write(json.dumps(work) + "\n")
        asked.flush()
        line = answered.readline()
        if not line:
            raise RuntimeError("HyperFormula ended without an answer; its words are above.")
        answer: dict[str, list[list[Any]]] = json.loads(line)
        return {
            name: {
                (row, column): _value(answer[name][row - 1][column])
                for row, column in book.sheet(name).formulas.places
            }
            for name in book.sheets
        }


_CONSTANTS = {"TRUE": "TRUE()", "FALSE": "FALSE()"}


def _rewritten(formula: str) -> str:
    rounded = replaced_calls(_rows_written_out(formula), "ROUND", _rounded)
    return _LITERAL.sub(_joined, replaced_calls(rounded, "INT", "FLOOR.MATH({})".format))


def _rounded(inner: str) -> str:
    number, _, decimals = inner.rpartition(",")
    call = f"ROUND({inner})"
    return f"IF(ABS({number})>10^14,{number},{call})" if decimals == "10" else call


def _joined(literal: re.Match[str]) -> str:
    parts = literal[0][1:-1].split('""')
    if len(parts) == 1:
        return literal[0]
    return "(" + "&CHAR(34)&".join(f'"{part}"' for part in parts) + ")"


_LITERAL = re.compile(r'"(?:[^"]|"")*"')


def _rows_written_out(formula: str) -> str:
    return replaced_calls(formula, "ROW", _row) if ":" in formula else formula


def _row(inner: str) -> str:
    found = _RANGE.search(inner)
    if not found:
        return f"ROW({inner})"
    return "{" + ";".join(str(row) for row in range(int(found[1]), int(found[2]) + 1)) + "}"


_RANGE = re.compile(r"([0-9]+):\$?[A-Z]+\$?([0-9]+)$")


def pipe(stream: IO[str] | None) -> IO[str]:
    """Return a pipe of a process that was started with it."""
    assert stream is not None
    return stream


def _names(book: Workbook) -> dict[str, str]:
    # Names of print areas and dropdowns appear in no formula of a cell.
    return {
        name: text for name, text in book.names.items() if not name.startswith(("_xlnm", "ds_"))
    }


def _rows(sheet: SheetCells, *, gets_round: bool) -> list[list[object]]:
    rows: dict[int, dict[int, object]] = {}
    for row, cells in sheet.values.items():
        rows.setdefault(row, {}).update((i, _content(value)) for i, value in cells.items())
    for ref, text in texts_of(sheet.formulas).items():
        row, column = place_of(ref)
        rows.setdefault(row, {})[column] = "=" + (_rewritten(text) if gets_round else text)
    return [list(_line(rows.get(row, {}))) for row in range(1, max(rows, default=0) + 1)]


def _line(cells: dict[int, object]) -> Iterator[object]:
    return (cells.get(column) for column in range(max(cells, default=-1) + 1))


def _content(value: Raw) -> object:
    if isinstance(value, CellError):
        return value.code
    # The apostrophe keeps «=1+1» and «31/05/2027» texts.
    return "'" + value if isinstance(value, str) else value


def _value(found: object) -> Raw:
    if isinstance(found, dict):
        return CellError(str(found["error"]))
    if found is None or isinstance(found, bool | str):
        return "" if found is None else found
    assert isinstance(found, int | float)
    return float(found)
