"""Workbooks as openpyxl reads them."""

from __future__ import annotations

import copyreg
import io
import pickle
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.dimensions import DimensionHolder


def sheet_in(path: Path, name: str, *, data_only: bool = False) -> Any:
    """Return a sheet to read from, without making cells of the others; nothing can be saved."""
    return openpyxl.load_workbook(path, read_only=True, data_only=data_only)[name]


def book_in(content: bytes, *, rich_text: bool = False) -> Workbook:
    """Return a workbook to change; the same bytes are parsed once in a process.

    A copy of a parsed workbook takes a tenth of the time of parsing.
    """
    book: Workbook = pickle.loads(_pickled(content, rich_text))
    return book


@lru_cache(maxsize=12)
def _pickled(content: bytes, rich_text: bool) -> bytes:
    return pickle.dumps(openpyxl.load_workbook(io.BytesIO(content), rich_text=rich_text))


def _reduced(holder: Any) -> tuple[object, ...]:
    state = {**vars(holder), "default_factory": holder.default_factory}
    return DimensionHolder, (None,), state, None, iter(holder.items()), _restore


def _restore(holder: Any, state: dict[str, object]) -> None:
    for name, value in state.items():
        setattr(holder, name, value)


# Pickled as other dictionaries are, heights and widths would lose their sheet.
copyreg.pickle(DimensionHolder, _reduced)  # type: ignore[arg-type]
