"""The one guard around one file's work."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from kdcl_xl.checking.guard import guarded
from kdcl_xl.errors import UserError
from kdcl_xl.submission.identify import Unreadable
from kdcl_xl.xlsx.package import UnreadableError
from macros_free_validation.rules import workbook as rules
from tests.conftest import ROOT
from workbook_templates.text import Text

PATH = Path("a.xlsx")


def raising(error: BaseException) -> NoReturn:
    raise error


def test_a_result_passes_through() -> None:
    assert guarded(PATH, lambda: 1) == 1


@pytest.mark.parametrize(
    ("error", "rule"),
    [
        (UnreadableError(rules.ENCRYPTED), rules.ENCRYPTED),
        (RecursionError("deep"), rules.NOT_PROCESSED),
        (MemoryError(), rules.OVER_BUDGET),
        (ZeroDivisionError("x" * 999), rules.NOT_PROCESSED),
    ],
)
def test_whatever_a_file_causes_becomes_a_finding(error: Exception, rule: object) -> None:
    result = guarded(PATH, lambda: raising(error))
    assert isinstance(result, Unreadable)
    assert result.origin.path == PATH
    assert result.finding.rule == getattr(rule, "id", None)
    assert len(result.finding.message.vi) < 500


@pytest.mark.parametrize("error", [UserError(Text("a", "a")), KeyboardInterrupt()])
def test_what_no_file_causes_is_raised(error: BaseException) -> None:
    with pytest.raises(type(error)):
        guarded(PATH, lambda: raising(error))


def test_nothing_else_catches_every_error_of_a_file() -> None:
    """A budget of time and memory belongs in the guard, so no second one may appear."""
    found = [
        path.relative_to(ROOT / "kdcl_xl").as_posix()
        for path in sorted((ROOT / "kdcl_xl").rglob("*.py"))
        if "NOT_PROCESSED" in path.read_text("utf-8")
    ]
    assert found == ["checking/guard.py"]
