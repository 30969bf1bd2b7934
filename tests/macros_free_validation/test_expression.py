"""The condition language: spellings build nodes, wrong ones are refused at once."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Any, cast

import pytest

from macros_free_validation import expression
from macros_free_validation.expression import (
    AtMost,
    Condition,
    Difference,
    Different,
    Equal,
    Field,
    Filled,
    FirstOf,
    Less,
    Not,
    Number,
    Place,
    RowUsed,
    Sum,
    Value,
    Word,
    entries,
)
from macros_free_validation.live import live_sheet
from macros_free_validation.rule import Case
from macros_free_validation.values import CellError, Raw, differ, same
from tests.build import layout_of
from workbook_templates.characters import UNUSUAL
from workbook_templates.declare import Lists
from workbook_templates.vocabulary import Verdict

A: Any = Field("start")
B: Any = Field("deadline")
TEXT: Any = FirstOf(((RowUsed(), "x"),))
"""Typed as anything: the tests below write what the type checker already refuses."""


@pytest.mark.parametrize(
    ("built", "node"),
    [
        (A < B, Less(A, B)),
        (A > B, Less(B, A)),
        (A <= B, AtMost(A, B)),
        (A >= B, AtMost(B, A)),
        (A == B, Equal(A, B)),
        (A != B, Different(A, B)),
        (A < 5, Less(A, Number(5))),
        (5 < A, Less(Number(5), A)),
        (5 >= A, AtMost(A, Number(5))),
        (5 == A, Equal(A, Number(5))),
        (A <= date(2026, 9, 5), AtMost(A, Number(46270))),
        (A == " Mức  1 ", Equal(A, Word("Mức 1"))),
        ("Mức 1" != A, Different(A, Word("Mức 1"))),
        (A + 1 < B - A, Less(Sum(A, Number(1)), Difference(B, A))),
        (~(A == B), Not(Equal(A, B))),
    ],
)
def test_operators_build_nodes(built: Condition, node: Condition) -> None:
    at = Place(layout_of(), layout_of().sheet("plan"))
    assert type(built) is type(node)
    assert built.excel(at) == node.excel(at)
    assert built.python(at) == node.python(at)


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        (lambda: bool(A < B), "&"),
        (lambda: A < B and B < A, "&"),
        (lambda: A < B or B < A, "|"),
        (lambda: not A < B, "~"),
        (lambda: A < B < A, "(b < c)"),
        (lambda: A in ("x", "y"), "IsAny"),
        (lambda: bool(A), "Filled"),
        (lambda: A and B, "Filled"),
        (lambda: A < B & B < A, "parentheses"),
        (lambda: A & (A < B), "parentheses"),
        (lambda: (A < B) & A, "Filled"),
        (lambda: (A < B) & cast("Any", True), "no condition"),
        (lambda: ~A, "Filled"),
        (lambda: (A < B) == (B < A), "parentheses"),
        (lambda: (A < B) != Filled(A), "parentheses"),
        (lambda: (A < B) < B, "parentheses"),
        (lambda: A == None, "blank"),  # noqa: E711 - the fault that a newcomer makes
        (lambda: A == True, "cannot compare"),  # noqa: E712
        (lambda: A == "", "blank"),
        (lambda: A == CellError("#N/A"), "cannot compare"),
        (lambda: A == (A < B), "cannot compare"),
        (lambda: A < float("nan"), "cannot compare"),
        (lambda: A < datetime(2026, 9, 5, 7, 30), "cannot compare"),
        (lambda: A < "Mức 2", "LevelNumber"),
        (lambda: "Mức 2" >= A, "LevelNumber"),
        (lambda: TEXT < A, "LevelNumber"),
        (lambda: A + "Mức 2", "LevelNumber"),
        (lambda: TEXT == 5, "never equals"),
        (lambda: Number(5) != "x", "never equals"),
        (lambda: Less(A, cast("Any", 5)), "Number"),
        (lambda: Equal(A, cast("Any", 5)), "Number"),
        (lambda: Case("start", A), "no condition"),
    ],
)
def test_a_wrong_spelling_is_refused_where_it_is_written(
    wrong: Callable[[], object], advice: str
) -> None:
    with pytest.raises(TypeError, match=re.escape(advice)):
        wrong()


def test_nodes_are_hashed_as_themselves() -> None:
    """A generated ``==`` would hide the operators, and a rule's limits are kept in a dict."""
    assert len({A: 1, Field("start"): 2, A < B: 3}) == 3
    for node in vars(expression).values():
        if inspect.isclass(node) and issubclass(node, Value | Condition):
            assert vars(node).get("__hash__", object.__hash__) == object.__hash__, node
            assert node.__eq__ in (Value.__eq__, Condition.__eq__), f"{node}: say eq=False"


@pytest.mark.parametrize(
    ("a", "b", "equal", "unequal"),
    [
        (5.0, 5.0, True, False),
        (5.0, 6.0, False, True),
        ("Mức 1", " MỨC\u00a01\n", True, False),
        ("Mức 1", "Mức 2", False, True),
        (5.0, "5", False, False),
        (None, None, False, False),
        ("x", None, False, False),
        ("", "", False, False),
        ("x", " \t", False, False),
        (True, True, False, False),
        (True, 1.0, False, False),
        (CellError("#N/A"), CellError("#N/A"), False, False),
    ],
)
def test_equality_of_cells(a: Raw, b: Raw, equal: bool, unequal: bool) -> None:
    assert (same(a, b), same(b, a)) == (equal, equal)
    assert (differ(a, b), differ(b, a)) == (unequal, unequal)


NAMES = {**vars(expression), "Lists": Lists, "Verdict": Verdict, "UNUSUAL": UNUSUAL}


@pytest.mark.parametrize("entry", list(entries()), ids=lambda entry: entry.name)
def test_the_page_of_the_language_is_true(entry: expression.Entry) -> None:
    """Every spelling is Python that builds the node, and Excel's half calls what it says."""
    spelling, *_ = re.findall(r"``(.+?)``", entry.spelling)
    if "..." in spelling:
        return
    node = eval(spelling, NAMES)
    assert type(node).__name__ == entry.name
    if isinstance(node, Value | Condition):
        assert called(entry.excel) <= called(formula_of(node))


def called(formula: str) -> set[str]:
    return set(re.findall(r"[A-Z]{2,}(?=\()", formula))


def formula_of(node: Value | Condition) -> str:
    layout = layout_of("2018")
    for key in ("plan", "progress"):
        with suppress(KeyError):
            return node.excel(live_sheet(layout, key).place(layout))
    raise AssertionError(f"no sheet has the fields of {node}")
