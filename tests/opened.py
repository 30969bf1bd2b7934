"""Workbooks as openpyxl reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl


def sheet_in(path: Path, name: str, *, data_only: bool = False) -> Any:
    """Return a sheet to read from, without making cells of the others; nothing can be saved."""
    return openpyxl.load_workbook(path, read_only=True, data_only=data_only)[name]
