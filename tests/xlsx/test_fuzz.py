"""A short run of the fuzzer, and that it catches what it is there for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kdcl_xl.checking import check
from kdcl_xl.xlsx import plain_rows
from kdcl_xl.xlsx.bounded_cache import BoundedCache
from kdcl_xl.xlsx.raw_values import number_in
from macros_free_validation.values import Raw
from tests.conftest import PROOF_TABLE
from tests.xlsx import fuzz

MUTANTS, SEED = 240, 2027
"""A sample; ``make fuzz`` tries 20,000."""


@pytest.mark.slow
def test_no_mutant_crashes_hangs_or_lies(record_property: Callable[[str, object], None]) -> None:
    report = fuzz.run(MUTANTS, SEED, jobs=1)
    record_property(PROOF_TABLE, report.table())
    assert not report.faults, report.faults[:20]
    assert sum(report.mutants.values()) == MUTANTS
    assert min(report.read, report.refused, report.compared) >= 60


def one_share(monkeypatch: pytest.MonkeyPatch, kind: str, mutants: int) -> fuzz.Report:
    monkeypatch.setattr(fuzz, "MUTATORS", {kind: fuzz.MUTATORS[kind]})
    return fuzz.run_share(5, 0, mutants)


def test_a_crash_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(check, "judge", broken)
    assert any("ZeroDivisionError" in fault for fault in one_share(monkeypatch, "values", 5).faults)


def test_a_lie_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def lying(content: bytes) -> Raw:
        number = number_in(content)
        return -number if type(number) is float else number

    monkeypatch.setattr(plain_rows, "_numbers", BoundedCache(lying, 1_000))
    assert any("stands" in fault for fault in one_share(monkeypatch, "values", 8).faults)


def test_a_hang_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(*_: object) -> object:
        while True:
            pass

    monkeypatch.setattr(check, "judge", endless)
    monkeypatch.setattr(fuzz, "SECONDS", 0.2)
    assert any("took more than" in fault for fault in one_share(monkeypatch, "values", 1).faults)
