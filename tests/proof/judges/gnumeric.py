"""Gnumeric: the spreadsheet program of GNOME, whose ssconvert recalculates files."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from macros_free_validation.values import CellError, Raw
from tests.proof.judges.base import Judge, Limit, MissingError, Values, results_in
from tests.proof.judges.rewriting import Names, direct, of_parts, rewritten

_PROGRAM = "ssconvert"
_SECONDS = 300
_ONE_CELL = Limit(
    "a range in a function inside SUMPRODUCT is one cell",
    "SUMPRODUCT(LEN(A1:A2))",
    ("ab", "c"),
    3.0,
    CellError("#VALUE!"),
    "formulas with SUMPRODUCT are handed over as array formulas, INDEX(column,ROW()) in them "
    "as the reference that it is, because there it is an array of one cell",
)

_SUBTOTAL = Limit(
    "SUBTOTAL knows no function 109",
    "SUBTOTAL(109,A1:A2)",
    ("ab", "c"),
    0.0,
    CellError("#NUM!"),
    "SUBTOTAL(109,…) is written SUBTOTAL(9,…): no row of the proof is hidden",
)

_ESCAPE = Limit(
    "an escaped character of a text in a file, _x000D_, is seven letters",
    "LEN(A1)",
    ("a\rb",),
    3.0,
    9.0,
    "a carriage return is handed over as the reference &#13;",
)

_DELETE = Limit(
    "U+007F is lost when a file is saved",
    "A1",
    ("a\x7fb",),
    "a\x7fb",
    "ab",
    "it is handed over as a character of the private use area",
)
_TRIM = Limit(
    "TRIM takes away any Unicode space",
    "LEN(TRIM(A1))",
    ("\u2003a",),
    2.0,
    1.0,
    "such spaces are handed over as characters of the private use area",
)
_LOST = (0x7F, 0x85, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
_SUBSTITUTES = {code: 0xE000 + nth for nth, code in enumerate(_LOST)}
_BACK = {substitute: code for code, substitute in _SUBSTITUTES.items()}


class Gnumeric(Judge):
    """Gnumeric's command line, started for each file."""

    name = "Gnumeric"
    limits = (_ONE_CELL, _SUBTOTAL, _ESCAPE, _DELETE, _TRIM)

    @classmethod
    def missing(cls) -> str:
        return "" if shutil.which(_PROGRAM) else "Install it: bash tests/install_judges.sh"

    def version(self) -> str:
        said = subprocess.run([_PROGRAM, "--version"], capture_output=True, text=True, check=True)
        found = re.search(r"[0-9]+(?:\.[0-9]+)+", said.stdout)
        return found[0] if found else "?"

    def recalculate(self, workbook: bytes) -> Values:
        plain = of_parts(workbook, "xl/sharedStrings", _unescaped)
        said = self._values(rewritten(plain, _rewrite), workbook)
        return {
            name: {place: _with_lost(value) for place, value in cells.items()}
            for name, cells in said.items()
        }

    def as_it_is(self, workbook: bytes) -> Values:
        return self._values(workbook, workbook)

    def _values(self, handed_over: bytes, workbook: bytes) -> Values:
        if wanted := self.missing():
            raise MissingError(f"{self.name} is missing. {wanted}")
        with tempfile.TemporaryDirectory() as folder:
            path, saved = Path(folder, "book.xlsx"), Path(folder, "saved.xlsx")
            path.write_bytes(handed_over)
            command = [_PROGRAM, "--recalc", str(path), str(saved)]
            subprocess.run(command, capture_output=True, check=True, timeout=_SECONDS)
            return results_in(saved.read_bytes(), workbook)


def _unescaped(_: str, texts: bytes) -> bytes:
    return texts.replace(b"_x000D_", b"&#13;").decode().translate(_SUBSTITUTES).encode()


def _with_lost(value: Raw) -> Raw:
    return value.translate(_BACK) if isinstance(value, str) else value


def _rewrite(formula: str, row: int, names: Names) -> str | None:
    if "SUMPRODUCT(" in formula:
        return direct(formula, row, names)
    if "SUBTOTAL(109," in formula:
        return formula.replace("SUBTOTAL(109,", "SUBTOTAL(9,")
    return None
