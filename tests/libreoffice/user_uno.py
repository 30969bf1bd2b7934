"""A person at LibreOffice Calc, for the tests; runs in the Python that has uno.

``user_uno.py PIPE JOB``, where the job is JSON: the workbook's path and steps, each a list of
the name of a method of :class:`User` and its arguments. Prints what each step answered.

What the program itself decides is left to it: key strokes go to the grid, dropdowns and
filters are opened and read or clicked, and a paste is the program's own. Found by experiment
with LibreOffice 7.4, headless:

* message boxes count as answered with Cancel; only the outcome in the cell can be seen;
* the clipboard has no owner, so cells travel by ``getTransferable``/``insertTransferable``
  of the controllers, which is what Copy and Paste do without it;
* a dropdown that stays open would catch the next key: it is closed with Escape.
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

import uno
from com.sun.star.sheet.FormulaResult import ERROR
from com.sun.star.table import CellAddress, TableSortField
from office import PDF, XLSX, connect, create, leave, load, properties, store
from typist_uno import Typist


class User:
    """Somebody before an open workbook."""

    def __init__(self, context: Any, path: Path) -> None:
        """Open it in a window."""
        self._context = context
        self.document = load(context, path, hidden=False)
        self._keyboard = create(context, "com.sun.star.ui.test.UITest")
        self._typist = Typist(context, self.document)
        self._grid = self._keyboard.getTopFocusWindow().getChild("grid_window")

    def unprotect(self, sheet: str, password: str) -> bool:
        """Try to take the protection off; whether it is off."""
        with contextlib.suppress(Exception):  # whatever it says, the outcome counts
            self._sheet(sheet).unprotect(password)
        return not self._sheet(sheet).isProtected()

    def unprotect_all(self) -> None:
        """Take every sheet's protection off."""
        for sheet in self.document.Sheets:
            sheet.unprotect("")

    def type(self, sheet: str, ref: str, text: str) -> str:
        """Press the keys of a text and Return in a cell; what the cell shows then."""
        self._typist.press(sheet, ref, text)
        return self.shown(sheet, ref)

    def clear(self, sheet: str, ref: str) -> str:
        """Press Delete in a cell; what the cell shows then."""
        self._typist.delete(sheet, ref)
        return self.shown(sheet, ref)

    def put(self, sheet: str, ref: str, value: Any) -> None:
        """Set a cell as «Paste Special > Values» does: no validation is asked."""
        cell = self._range(sheet, ref)
        if isinstance(value, str):
            cell.setString(value)
        else:
            cell.setValue(value)

    def put_rows(self, sheet: str, ref: str, rows: Any) -> None:
        """Set a block of cells at once."""
        self._range(sheet, ref).setDataArray(tuple(tuple(row) for row in rows))

    def paste(self, source: str, ref: str, sheet: str, target: str) -> None:
        """Copy cells of another workbook, and paste them in the ordinary way."""
        other = load(self._context, Path(source), hidden=False)
        try:
            cells = other.Sheets.getByIndex(0).getCellRangeByName(ref)
            other.CurrentController.select(cells)
            held = other.CurrentController.getTransferable()
            controller = self.document.CurrentController
            controller.select(self._range(sheet, target))
            controller.insertTransferable(held)
        finally:
            other.close(True)

    def move(self, sheet: str, source: str, target: str) -> None:
        """Cut cells and paste them elsewhere on the sheet, as dragging them does."""
        block = self._range(sheet, source).RangeAddress
        to = self._range(sheet, target).RangeAddress
        place = CellAddress(to.Sheet, to.StartColumn, to.StartRow)
        self._sheet(sheet).moveRange(place, block)

    def sort(self, sheet: str, ref: str, column: int, ascending: bool) -> None:
        """Sort a block by one of its columns (from 0)."""
        field = TableSortField()
        field.Field, field.IsAscending = column, ascending
        fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
        descriptor = properties(ContainsHeader=False, SortFields=fields)
        uno.invoke(self._range(sheet, ref), "sort", (descriptor,))

    def sort_by_button(self, sheet: str, ref: str) -> None:
        """Select a block and press the button that sorts downwards."""
        self.document.CurrentController.select(self._range(sheet, ref))
        self._dispatch(".uno:SortDescending")

    def filter(self, sheet: str, ref: str, wanted: Any) -> Any:
        """Open the filter of a heading, tick only the values wanted; the values it offered."""
        window = self._open(sheet, ref, "AUTOFILTER")
        values = window.getChild("check_list_box")
        offered = []
        for number in range(int(_state(values)["Children"])):
            entry = values.getChild(str(number))
            offered.append(_state(entry)["Text"])
            ticked = _state(entry)["IsChecked"] == "true"
            if ticked != (offered[-1] in wanted):
                entry.executeAction("CLICK", ())
        window.getChild("ok").executeAction("CLICK", ())
        return offered

    def visible_rows(self, sheet: str, first: int, last: int) -> Any:
        """The numbers of the rows that can be seen."""
        rows = self._sheet(sheet).Rows
        return [n for n in range(first, last + 1) if rows.getByIndex(n - 1).IsVisible]

    def offered(self, sheet: str, ref: str) -> Any:
        """What the dropdown of a cell offers, read from the open list."""
        entries = self._open(sheet, ref, "SELECTMENU").getChild("list")
        count = int(_state(entries)["Children"])
        texts = [_state(entries.getChild(str(n)))["Text"] for n in range(count)]
        entries.executeAction("TYPE", properties(KEYCODE="ESC"))
        return texts

    def choose(self, sheet: str, ref: str, number: int) -> str:
        """Click an entry (from 0) of a cell's dropdown; what the cell shows then."""
        entries = self._open(sheet, ref, "SELECTMENU").getChild("list")
        entries.getChild(str(number)).executeAction("DOUBLECLICK", ())
        return self.shown(sheet, ref)

    def shown(self, sheet: str, ref: str) -> str:
        """What a cell shows."""
        return str(self._range(sheet, ref).String)

    def texts(self, sheet: str, ref: str) -> Any:
        """What the cells of a block hold, as numbers and texts."""
        return [list(row) for row in self._range(sheet, ref).getDataArray()]

    def has_validation(self, sheet: str, ref: str) -> bool:
        """Whether a cell still refuses anything."""
        return bool(self._range(sheet, ref).Validation.Type.value != "ANY")

    def is_locked(self, sheet: str, ref: str) -> bool:
        """Whether a cell is marked as locked."""
        return bool(self._range(sheet, ref).CellProtection.IsLocked)

    def pause(self) -> None:
        """Compute nothing until :meth:`calculate`: a hundred changes go as quickly as one."""
        self.document.enableAutomaticCalculation(False)

    def calculate(self) -> None:
        """Recalculate everything."""
        self.document.calculateAll()

    def errors(self) -> Any:
        """Every cell that shows an error, hidden ones too, and every name that lost its cells."""
        found = []
        for sheet in self.document.Sheets:
            for cell in sheet.queryFormulaCells(ERROR).Cells:
                place = cell.CellAddress
                found.append([sheet.Name, place.Row + 1, place.Column, cell.Formula])
        for name in self.document.NamedRanges.ElementNames:
            content = self.document.NamedRanges.getByName(name).Content
            if "#REF!" in content:
                found.append([name, 0, 0, content])
        return found

    def save(self, path: str) -> None:
        """Save a copy as .xlsx."""
        store(self.document, Path(path), XLSX)

    def print_sheets(self, names: Any, path: str) -> None:
        """Print some sheets, and no others, to a PDF."""
        for sheet in self.document.Sheets:
            if sheet.Name not in names:
                sheet.IsVisible = False
                sheet.setPrintAreas(())
        store(self.document, Path(path), PDF)

    def too_low(self, sheet: str) -> Any:
        """Rows that can be seen and are lower than what stands in them, which goes unprotected."""
        own = self._sheet(sheet)
        own.unprotect("")
        cursor = own.createCursor()
        cursor.gotoEndOfUsedArea(False)
        low = []
        for number in range(cursor.RangeAddress.EndRow + 1):
            row = own.Rows.getByIndex(number)
            before = row.Height
            if row.IsVisible:
                row.OptimalHeight = True
                low += [number + 1] if row.Height > before + 1 else []
        return low

    def _sheet(self, name: str) -> Any:
        return self.document.Sheets.getByName(name)

    def _range(self, sheet: str, ref: str) -> Any:
        return self._sheet(sheet).getCellRangeByName(ref)

    def _dispatch(self, command: str) -> None:
        dispatcher = create(self._context, "com.sun.star.frame.DispatchHelper")
        frame = self.document.CurrentController.Frame
        dispatcher.executeDispatch(frame, command, "", 0, ())

    def _open(self, sheet: str, ref: str, menu: str) -> Any:
        """Open the menu of a cell; its window."""
        self._typist.go_to(sheet, ref)
        place = self._range(sheet, ref).getCellByPosition(0, 0).CellAddress
        where = {menu: "", "COL": str(place.Column), "ROW": str(place.Row)}
        self._grid.executeAction("LAUNCH", properties(**where))
        return self._keyboard.getTopFocusWindow()


def _state(control: Any) -> dict[str, str]:
    return {entry.Name: entry.Value for entry in control.getState()}


def main(pipe: str, job: str) -> None:
    """Do the steps of a job, in order."""
    steps = json.loads(Path(job).read_text("utf-8"))
    user = User(connect(pipe), Path(steps["path"]))
    try:
        answers = [getattr(user, name)(*arguments) for name, *arguments in steps["steps"]]
    finally:
        user.document.close(True)
    print(json.dumps(answers))
    leave()


if __name__ == "__main__":
    main(*sys.argv[1:])
