"""One rule, two judges: the proof with a real LibreOffice, and that it catches a fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from macros_free_validation import expression, judge, live
from samples.office import Office
from tests.conftest import PROOF_TABLE
from tests.proof.typed import Report, prove, prove_tables

pytestmark = pytest.mark.libreoffice

ROWS, TRIALS, SEED = 20_000, 1_000, 2026


def test_both_judges_agree(record_property: Callable[[str, object], None]) -> None:
    report = prove(ROWS, TRIALS, SEED, jobs=1)
    record_property(PROOF_TABLE, report.table())
    assert not report.disagreements, report.disagreements[:20]
    assert report.rows >= ROWS
    assert not (rare := report.seldom()), f"{rare}: these rules were not proven often enough"


@pytest.fixture
def fresh_caches() -> Iterator[None]:
    """Rules are compiled once; a planted fault must not outlive its test."""

    def clear() -> None:
        live.live_sheet.cache_clear()
        judge.compiled.cache_clear()

    clear()
    yield
    clear()


def less_or_equal(self: expression.Less, at: expression.Place) -> str:
    a, b = self.a.excel(at), self.b.excel(at)
    return f"IF(ISNUMBER({a}),IF(ISNUMBER({b}),{a}<={b},FALSE),FALSE)"


def not_blank(self: expression.Filled, at: expression.Place) -> str:
    return f"({self.value.python(at)} is not None)"


@pytest.mark.parametrize(
    ("node", "half", "fault"),
    [
        (expression.Less, "excel", less_or_equal),
        (expression.Filled, "python", not_blank),
    ],
)
@pytest.mark.usefixtures("fresh_caches")
def test_a_planted_disagreement_is_caught(
    office: Office, monkeypatch: pytest.MonkeyPatch, node: type, half: str, fault: object
) -> None:
    monkeypatch.setattr(node, half, fault)
    report = Report()
    prove_tables(office, 250, SEED, report)
    assert report.disagreements
