"""The files and functions that are mutated, and the half that each belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.proof.mutants.mutant import Half

PYTHON, FORMULA, BOTH = (Half.PYTHON,), (Half.FORMULA,), (Half.PYTHON, Half.FORMULA)
"""What both halves read (a table, a condition) makes two mutants: one planted in each half."""


@dataclass(frozen=True)
class Part:
    """A file in scope; ``only`` and ``without`` name functions, classes or constants."""

    path: str
    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    functions: Sequence[Half] = BOTH
    """The halves of functions whose name says nothing."""
    constants: Sequence[Half] = BOTH
    """The halves of tables, numbers and conditions outside functions."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SCOPE = (
    Part("values.py", without=_names("Raw EPOCH to_serial _LONGEST_KEPT"), functions=PYTHON),
    Part(
        "expression/excel_half.py",
        without=_names("LONGEST_FORMULA LONGEST_LITERAL words_name single_name column_name"),
        functions=FORMULA,
        constants=FORMULA,
    ),
    Part("expression/python_half.py", functions=PYTHON),
    Part("expression/place.py", without=_names("Place.constant Place.counter Key.name")),
    Part("expression/counts.py"),
    Part("expression/conditions.py"),
    Part("expression/operands.py", without=_names("Limit.shown Limit.among LEVELS")),
    Part(
        "expression/operators.py",
        # They refuse misuse while rules are declared: no row reaches them.
        without=_names("as_value _parts _comparable __post_init__ __bool__ _NO_TRUTH"),
    ),
    Part(
        "derive.py",
        only=_names(
            "_number_excel _is_known _of_criterion_excel _standard _band _current_level "
            "_mandatory_excel _mandatory _reached_excel _reached _of_plan_excel _of_plan "
            "DERIVATIONS _figures_at"
        ),
        functions=PYTHON,
    ),
    Part("understood/reader.py", without=_names("said is_plain"), functions=PYTHON),
    Part("understood/dates.py", without=_names("said is_plain _PLAIN"), functions=PYTHON),
    Part("understood/amounts.py", without=_names("said is_plain"), functions=PYTHON),
    Part("live.py", only=_names("_message _value _plain_tests _verdict"), functions=FORMULA),
    Part("judge.py", only=_names("used_source"), functions=PYTHON),
    *(
        Part(
            f"rules/{name}.py",
            without=_names("LEGAL_BASES_TEXTS _SUBJECTS _DUE _STANDARD"),
            functions=(),
            constants=FORMULA,
        )
        for name in [
            "cover",
            "criteria",
            "leads",
            "time",
            "money",
            "coverage",
            "progress",
            "characters",
        ]
    ),
)
"""Functions of the rules' modules judge in Python alone: they have no second half. The condition
of a rule is declared once for both halves, so that it is mutated in one of them: in the formulas,
which judge rows that are not in use, too.
"""

_FORMULA_WORDS = (
    *("excel", "compared_words", "own_row", "own_cell"),
    *("is_whole", "all_numbers", "if_numbers", "is_known"),
)
_PYTHON_WORDS = ("python", "result", "of_all", "has_", "key_of")


def halves_of(part: Part, where: str) -> Sequence[Half]:
    """Return the halves of a function or a constant: none where it is out of scope."""
    names = {where, where.split(".")[0], where.split(".")[-1]}
    if names & part.without or (part.only and not names & part.only):
        return ()
    if where.isupper() or where.lstrip("_").isupper():
        return part.constants
    last = where.split(".")[-1]
    if any(word in last for word in _FORMULA_WORDS):
        return FORMULA
    if any(word in last for word in _PYTHON_WORDS):
        return PYTHON
    return part.functions
