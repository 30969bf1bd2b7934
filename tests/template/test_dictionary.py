"""The data dictionary: shape, and agreement with the workbook itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Run

COLUMN_KEYS = {"letter", "field", "header", "type", "required", "locked", "values"}
PLAN_FIELDS = {
    "criterion", "target_level", "expected_result", "task", "lead", "coordination", "recurrence",
    "start", "deadline", "budget", "funding_source", "support_conditions", "notes",
}  # fmt: skip


def dictionary(run: Run, kind: str, year: str) -> dict[str, Any]:
    result = run("form", "--kind", kind, "--school-year", year, "--format", "json")
    assert result.exit_code == 0
    found: dict[str, Any] = json.loads(result.output)
    return found


@pytest.mark.parametrize(("year", "form"), [("2020-2021", "2018"), ("2026-2027", "2026")])
def test_shape(run: Run, year: str, form: str) -> None:
    found = dictionary(run, "thcs", year)
    assert set(found) == {"form", "regulation", "sheets"}
    assert found["form"] == form
    by_name = {sheet["name"]: sheet for sheet in found["sheets"]}
    for sheet in found["sheets"]:
        assert set(sheet) == {"name", "first_row", "last_row", "columns", "cells"}
        for column in sheet["columns"]:
            assert set(column) == COLUMN_KEYS
        for cell in sheet["cells"]:
            assert {"ref", "field", "label", "type", "required"} <= set(cell)
    plan = by_name["Kế hoạch"]
    assert plan["last_row"] - plan["first_row"] + 1 == 120
    columns = {column["field"]: column for column in plan["columns"]}
    assert set(columns) >= PLAN_FIELDS
    levels = columns["target_level"]["values"]
    assert {f"Tiêu chí {label}" for label in levels} <= set(columns["criterion"]["values"])
    assert all(level.startswith("Mức ") for offered in levels.values() for level in offered)
    assert "issue_date" in {cell["field"] for cell in by_name["Thông tin"]["cells"]}


def test_text_form(run: Run) -> None:
    result = run("form", "--kind", "mam-non", "--school-year", "2026-2027")
    assert result.exit_code == 0
    assert "Kế hoạch (dòng 6-125)" in result.output
    english = run("--lang", "en", "form", "--kind", "mam_non", "--school-year", "2026-2027")
    assert "required" in english.output
