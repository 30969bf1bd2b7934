"""Manipulations of a workbook with LibreOffice; runs in the Python that has uno.

``tampering_uno.py PIPE SOURCE FOLDER NAME…``: each function of that name is done to a copy of
the workbook, which is saved as ``NAME.xlsx`` in the folder.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from office import XLSX, connect, leave, load, store

COVER, ASSESSMENT, PLAN, PROGRESS, CHECKS = (
    "Thông tin",
    "Tự đánh giá",
    "Kế hoạch",
    "Theo dõi",
    "Kiểm tra",
)


def _unlocked(document: Any, name: str) -> Any:
    sheet = document.Sheets.getByName(name)
    sheet.unprotect("")
    return sheet


def row_inserted(document: Any) -> None:
    """A row among those of the plan."""
    sheet = _unlocked(document, PLAN)
    sheet.Rows.insertByIndex(7, 1)
    sheet.protect("")


def rows_deleted(document: Any) -> None:
    """Two blank rows of the plan."""
    sheet = _unlocked(document, PLAN)
    sheet.Rows.removeByIndex(10, 2)
    sheet.protect("")


def column_inserted(document: Any) -> None:
    """A column among those of the plan."""
    sheet = _unlocked(document, PLAN)
    sheet.Columns.insertByIndex(5, 1)
    sheet.protect("")


def column_deleted(document: Any) -> None:
    """The column of the tasks."""
    sheet = _unlocked(document, PLAN)
    sheet.Columns.removeByIndex(7, 1)
    sheet.protect("")


def cover_row_inserted(document: Any) -> None:
    """A row on the cover."""
    sheet = _unlocked(document, COVER)
    sheet.Rows.insertByIndex(5, 1)
    sheet.protect("")


def sheet_renamed(document: Any) -> None:
    """Another name on a tab; formulas follow."""
    document.Sheets.getByName(PLAN).setName("Kế hoạch của trường")


def sheet_moved(document: Any) -> None:
    """The checks before the lists.

    Further to the front, LibreOffice 7.4 itself breaks formulas: those of a hidden column that
    refer to the plan refer to another sheet afterwards. That is told too (KD821), and truly.
    """
    document.Sheets.moveByName(CHECKS, 7)


def sheet_hidden(document: Any) -> None:
    """The progress is not shown."""
    document.Sheets.getByName(PROGRESS).IsVisible = False


def sheet_copied(document: Any) -> None:
    """A second plan."""
    document.Sheets.copyByName(PLAN, "Bản sao", 5)


def formula_cleared(document: Any) -> None:
    """No standard in a row."""
    sheet = _unlocked(document, PLAN)
    sheet.getCellRangeByName("U7").setString("")
    sheet.protect("")


def criterion_renamed(document: Any) -> None:
    """The first criterion under another name."""
    sheet = _unlocked(document, ASSESSMENT)
    cell = sheet.getCellRangeByName("B10")
    cell.setString(cell.String.split(" ")[0] + " Tên khác")
    sheet.protect("")


def unprotected(document: Any) -> None:
    """The plan without protection."""
    _unlocked(document, PLAN)


def saved(_: Any) -> None:
    """Nothing."""


def main(pipe: str, source: str, folder: str, *names: str) -> None:
    """Do what is asked for."""
    context = connect(pipe)
    for name in names:
        document = load(context, Path(source))
        try:
            globals()[name](document)
            store(document, Path(folder) / f"{name}.xlsx", XLSX)
        finally:
            document.close(True)
    leave()


main(*sys.argv[1:])
