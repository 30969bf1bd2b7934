"""Three storeys, one direction: each imports only the ones above it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

ALLOWED = {
    "workbook_templates": {"workbook_templates"},
    "macros_free_validation": {"workbook_templates", "macros_free_validation"},
    "kdcl_xl": {"workbook_templates", "macros_free_validation", "kdcl_xl"},
}
FILES_ARE_TOUCHED_BY = {"xlsxwriter", "openpyxl", "zipfile", "click"}


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import in {path}"
            names.add(str(node.module).split(".")[0])
    return names


@pytest.mark.parametrize("package", ALLOWED)
def test_imports_go_one_way(package: str) -> None:
    for path in (ROOT / package).rglob("*.py"):
        used = imported(path)
        assert used & set(ALLOWED) <= ALLOWED[package], path
        if package != "kdcl_xl":
            assert not used & FILES_ARE_TOUCHED_BY, f"{path} is not to know of files"


def test_the_library_does_not_know_the_command_line() -> None:
    for path in (ROOT / "kdcl_xl").rglob("*.py"):
        if "cli" in path.parts or path.name == "__main__.py":
            continue
        text = path.read_text("utf-8")
        assert "kdcl_xl.cli" not in text, path
        assert "import click" not in text, path
