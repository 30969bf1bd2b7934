"""IronCalc: a spreadsheet engine in Rust, from the Python package index."""

from __future__ import annotations

import importlib.util
import re
import tempfile
from math import copysign
from pathlib import Path
from typing import TYPE_CHECKING

from kdcl_xl.xlsx.workbook import open_workbook
from macros_free_validation.values import CellError, Raw
from tests.proof.judges.base import Judge, Limit, Place, Values
from tests.proof.judges.rewriting import (
    Names,
    cells_of,
    of_sheets,
    replaced_calls,
    rewritten,
    with_blank_results,
)

if TYPE_CHECKING:
    from ironcalc import Model

_ONE_CELL = Limit(
    "a range in a function inside SUMPRODUCT of a file is one cell",
    "SUMPRODUCT(LEN(A1:A2))",
    ("ab", "c"),
    3.0,
    CellError("#VALUE!"),
    "formulas with SUMPRODUCT are handed over as array formulas",
)
_IS_NUMBER = Limit(
    "ISNUMBER of an array is one value",
    'SUMPRODUCT(--ISNUMBER(FIND(A1:A2,"abc")))',
    ("ab", "x"),
    1.0,
    0.0,
    "ISNUMBER(x) of an array is written IFERROR(x^0,0)",
)
_COUNT_IF = Limit(
    "COUNTIF of several criteria is one number",
    "SUMPRODUCT(--(COUNTIF($A$1:$A$2,$A$1:$A$2)>0))",
    ("ab", "x"),
    2.0,
    0.0,
    "the counts for each criterion are written one by one",
)


_MATCH = Limit(
    "MATCH of several values is one position",
    "SUMPRODUCT((LEN($A$1:$A$2)=2)*ISNUMBER(MATCH($A$1:$A$2,$A$1:$A$2,0)))",
    ("ab", "x"),
    1.0,
    CellError("#VALUE!"),
    "the values are compared with each cell of the range, one by one",
)
_MINUS = Limit(
    'TEXT(-1,"0") has no minus sign',
    'TEXT(1-LEN(A1),"0")',
    ("ab",),
    "-1",
    "1",
    'TEXT(x,"0") is written TEXT(ROUND(x,0),"0;-0;0")',
)
_HALF = Limit(
    "TEXT rounds a half to the even number",
    'TEXT(A1,"0\\.000")',
    (73_050.5,),
    "73.051",
    "73.050",
    "TEXT(x,…) is written TEXT(ROUND(x,0),…)",
)
_TINY = Limit(
    "a number nearer to 0 than 2E-16 is 0",
    "A1<0",
    (-1e-17,),
    True,
    False,
    "such a number is handed over as 1E-14, with its sign",
)
_LOCALE = "de"
"""A language with a decimal comma, as Vietnamese has; IronCalc does not know Vietnamese."""
_ERROR = "CellType.ErrorValue"


class IronCalc(Judge):
    """IronCalc in this process; it loads the file itself."""

    name = "IronCalc"
    limits = (_ONE_CELL, _IS_NUMBER, _COUNT_IF, _MATCH, _MINUS, _HALF, _TINY)

    @classmethod
    def missing(cls) -> str:
        if importlib.util.find_spec("ironcalc"):
            return ""
        return "Install it: python -m pip install -e '.[dev]'"

    def version(self) -> str:
        import ironcalc

        return str(ironcalc.__version__)

    def recalculate(self, workbook: bytes) -> Values:
        return self._values(self._handed_over(workbook), workbook)

    def as_it_is(self, workbook: bytes) -> Values:
        return self._values(workbook, workbook)

    def _handed_over(self, workbook: bytes) -> bytes:
        known: dict[str, str | None] = {}  # the rows of a column share their formulas

        def rewrite(formula: str, row: int, names: Names) -> str | None:
            if formula not in known:
                known[formula] = _rewrite(formula, names)
            return known[formula]

        return rewritten(without_tiny_numbers(workbook), rewrite)

    def saved(self, workbook: bytes) -> bytes:
        """Return the file that IronCalc saves after computing, with other formulas in places."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "saved.xlsx")
            self._model(self._handed_over(workbook)).save_to_xlsx(str(path))
            return path.read_bytes()

    def _model(self, workbook: bytes) -> Model:
        import ironcalc

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "book.xlsx")
            path.write_bytes(with_blank_results(workbook))
            model = ironcalc.load_from_xlsx(str(path), _LOCALE, "UTC")
        model.evaluate()
        return model

    def _values(self, handed_over: bytes, workbook: bytes) -> Values:
        model = self._model(handed_over)
        numbers = {sheet["name"]: n for n, sheet in enumerate(model.get_worksheets_properties())}
        book = open_workbook(workbook)

        return {
            name: {
                (row, column): value_at(model, numbers[name], row, column)
                for row, column in book.sheet(name).formulas.places
            }
            for name in book.sheets
        }


_NUMBER = re.compile(rb'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?><v>)([-+0-9.Ee]+)(?=</v>)')


def _not_tiny(found: re.Match[bytes]) -> bytes:
    number = float(found[2])
    if not 0 < abs(number) < 1e-15:
        return found[0]
    # To 20 decimals, as the formulas compare numbers, a smaller one is 0.
    large = copysign(1e-14, number) if abs(number) >= 5e-21 else 0.0
    return found[1] + str(large).encode()


def without_tiny_numbers(workbook: bytes) -> bytes:
    """Return a workbook whose tiny numbers are larger ones, which IronCalc does not take for 0."""
    return of_sheets(workbook, lambda _, content: _NUMBER.sub(_not_tiny, content))


def value_at(model: Model, sheet: int, row: int, column: int) -> Raw:
    """Return the value of a cell of a model: row from 1, column from 0."""
    found = model.get_cell_value(sheet, row, column + 1)
    if isinstance(found, str) and found.startswith("#"):
        kind = str(model.get_cell_type(sheet, row, column + 1))
        return CellError(found) if kind == _ERROR else found
    return "" if found is None else found


def enter(model: Model, sheet: int, place: Place, formula: str, names: Names) -> None:
    """Put a formula into a cell of a model, written so that no fault of the program shows."""
    row, column = place
    text = _rewrite(formula, names)
    if text is not None and "SUMPRODUCT(" in text:
        model.set_user_array_formula(sheet, row, column + 1, 1, 1, f"={text}")
    else:
        model.update_cell_with_formula(sheet, row, column + 1, f"={text or formula}")


def _rewrite(formula: str, names: Names) -> str | None:
    def matched(found: re.Match[str]) -> str:
        return "(" + "+".join(f"({found[1]}={cell})" for cell in cells_of(found[2], names)) + ")"

    def rewrite_sum(inner: str) -> str:
        inner = _MATCHED.sub(matched, inner)
        begin = "--ISNUMBER("
        if inner.startswith(begin):
            inner = f"IFERROR({inner[len(begin) : -1]}^0,0)"
        for criteria in set(_CRITERIA.findall(inner)):
            condition = inner.removeprefix("--")
            each = (condition.replace(f",{criteria})", f",{c})") for c in cells_of(criteria, names))
            return f"({'+'.join(each)})"
        return f"SUMPRODUCT({inner})"

    new = (
        replaced_calls(formula, "SUMPRODUCT", rewrite_sum) if "SUMPRODUCT(" in formula else formula
    )
    if "TEXT(" in new:
        new = replaced_calls(new, "TEXT", _text)
    return new if new != formula or "SUMPRODUCT(" in formula else None


_MATCHED = re.compile(r"ISNUMBER\(MATCH\(([^(),]+),([^(),]+),0\)\)")
_CRITERIA = re.compile(r"COUNTIF\([^(),]+,([^(),]+)\)")
_WHOLE = re.compile(r'(.*),"(0(?:\\\.000)*)"', re.DOTALL)
"""A number and the format of a whole one, with dots between the thousands or without."""


def _text(inner: str) -> str:
    found = _WHOLE.fullmatch(inner)
    if not found:
        return f"TEXT({inner})"
    number, pattern = found.groups()
    return f'TEXT(ROUND({number},0),"{_SIGNED if pattern == "0" else pattern}")'


_SIGNED = "0;-0;0"
