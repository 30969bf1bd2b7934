"""The judges: spreadsheet programs that recalculate our workbooks, behind one interface.

Each module holds one program. A judge takes the bytes of a workbook and returns the values
of its formula cells, however the program has to be driven.
"""

from tests.proof.judges.base import Judge, Limit, MissingError, Values
from tests.proof.judges.gnumeric import Gnumeric
from tests.proof.judges.hyperformula import HyperFormula
from tests.proof.judges.ironcalc import IronCalc
from tests.proof.judges.libreoffice import LibreOffice

JUDGES: tuple[type[Judge], ...] = (LibreOffice, IronCalc, HyperFormula, Gnumeric)
"""All programs, in the order of the report."""

__all__ = [
    "JUDGES",
    "Gnumeric",
    "HyperFormula",
    "IronCalc",
    "Judge",
    "LibreOffice",
    "Limit",
    "MissingError",
    "Values",
]
