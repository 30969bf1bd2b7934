"""Check what the contracts of `import-linter` in pyproject.toml cannot say about imports."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.conftest import ROOT

PACKAGES = ("workbook_templates", "macros_free_validation", "kdcl_xl")
FLAT_MODULES = 6
LATE = {
    # Only a file that was tampered with is compared with a fresh template.
    "kdcl_xl.submission.tampering",
    # Status, check and merge ask which form a school gets, and write no template.
    "kdcl_xl.template.issue",
    # Few runs use a cluster.
    "kdcl_xl.checking.many",
    # Most commands have options and read no list of schools.
    "kdcl_xl.cli.options",
}
"""Modules that import another of ours inside a function, as writing loads XlsxWriter."""


def modules() -> dict[str, ast.Module]:
    paths = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return {_name(path): ast.parse(path.read_text("utf-8")) for path in paths}


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imports_late(tree: ast.Module) -> bool:
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    return any(
        isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in PACKAGES
        for function in functions
        for node in ast.walk(function)
    )


def test_kdcl_xl_has_few_modules_outside_its_rooms() -> None:
    assert len(list((ROOT / "kdcl_xl").glob("*.py"))) <= FLAT_MODULES


def test_only_heavy_modules_are_imported_inside_a_function() -> None:
    assert {name for name, tree in modules().items() if imports_late(tree)} <= LATE
