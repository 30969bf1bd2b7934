"""A typist at LibreOffice Calc: opens a template, presses keys, saves.

Run by ``make_samples.py`` in a Python that has uno: ``typist_uno.py PIPE JOB.json``.

How the keys get in was found by experiment (LibreOffice 7.4, headless):

* ``.uno:EnterString`` goes through number and date recognition and respects the
  protection of cells, but **not their validation**: a list cell took a word that
  is not in its list, a cell for a count -5. A second
  attempt on a protected cell crashed LibreOffice over its message box.
* ``XCell.setFormula`` and ``setString`` know no validation either.
* The key strokes of ``com.sun.star.ui.test.UITest``, with which LibreOffice's
  developers test the program, arrive at the grid as those of a keyboard do. Lists,
  dependent lists and number bounds are then judged by LibreOffice itself,
  and a refused entry leaves the cell as it was (without a screen the message box
  counts as answered with Cancel). Protected cells stay as they were, too.
* Automatic calculation has to stay on: without it the ranges of dependent lists are
  never computed.

So typed values are key strokes, and the judge of what may be typed is the program
itself; every cell is read back at once, and one that does not hold what was meant
ends the run. Pasted values are put in as "Paste Special > Values" does: validation
is not asked, protection is.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import uno  # noqa: F401 - teaches Python to import what follows
from com.sun.star.sheet import TableFilterField
from com.sun.star.sheet.FilterOperator import EQUAL
from com.sun.star.sheet.ValidationType import ANY
from com.sun.star.table.CellContentType import EMPTY, TEXT, VALUE
from com.sun.star.util import DateTime
from com.sun.star.util.NumberFormat import DATE
from office import XLSX, connect, create, leave, load, properties, store


class RefusedError(ValueError):
    """A value that could not be typed: where, what, and what the cell says to it."""


class Typist:
    """Somebody before an open workbook."""

    def __init__(self, context: Any, document: Any) -> None:
        """Sit down.

        Raises:
            RefusedError: this LibreOffice cannot be sent key strokes.
        """
        self.document = document
        self._cells: dict[tuple[str, str], Any] = {}
        self._dispatcher = create(context, "com.sun.star.frame.DispatchHelper")
        self._frame = document.CurrentController.Frame
        keyboard = create(context, "com.sun.star.ui.test.UITest")
        if keyboard is None:
            raise RefusedError("this LibreOffice lacks com.sun.star.ui.test.UITest")
        self._grid = keyboard.getTopFocusWindow().getChild("grid_window")
        # Nobody looks: without painting, typing is several times as fast.
        self._frame.ContainerWindow.setVisible(False)
        document.lockControllers()
        null = document.NullDate
        self._null = date(null.Year, null.Month, null.Day)

    def enter(self, sheet: str, ref: str, kind: str, value: Any, pasted: bool) -> None:
        """Bring a value into a cell, and look whether it is there.

        ``kind`` is ``text``, ``number``, ``date`` (``value`` in ISO form) or
        ``clear``.

        Raises:
            RefusedError: the cell is locked, or did not take the value.
        """
        cell = self._cell(sheet, ref)
        if cell.CellProtection.IsLocked and cell.Spreadsheet.isProtected():
            raise RefusedError(f"{sheet}!{ref} is locked")
        if kind == "date":
            value = date.fromisoformat(value)
        if pasted:
            self._paste(cell, kind, value)
        else:
            self._type(sheet, ref, kind, value)
        if not self._holds(cell, kind, value):
            way = "pasting" if pasted else "typing"
            raise RefusedError(
                f"{sheet}!{ref}: {way} the {kind} {value!s} left "
                f"{cell.String!r} ({cell.Type.value}). {_message(cell)}".rstrip()
            )

    def check(self, sheet: str, ref: str, kind: str, value: Any) -> None:
        """Look once more, when all is done and computed.

        Raises:
            RefusedError: the cell holds something else.
        """
        value = date.fromisoformat(value) if kind == "date" else value
        cell = self._cell(sheet, ref)
        if not self._holds(cell, kind, value):
            raise RefusedError(f"{sheet}!{ref}: {value!s} has become {cell.String!r}")

    def go_to(self, sheet: str, ref: str) -> None:
        """Select a cell."""
        quoted = sheet.replace("'", "''")
        point = properties(ToPoint=f"$'{quoted}'.{ref}")
        self._dispatcher.executeDispatch(self._frame, ".uno:GoToCell", "", 0, point)

    def _cell(self, sheet: str, ref: str) -> Any:
        if (sheet, ref) not in self._cells:
            cell = self.document.Sheets.getByName(sheet).getCellRangeByName(ref)
            self._cells[sheet, ref] = cell
        return self._cells[sheet, ref]

    def _press(self, key: str) -> None:
        self._grid.executeAction("TYPE", properties(KEYCODE=key))

    def delete(self, sheet: str, ref: str) -> None:
        """Select a cell and press Delete, whatever the program makes of it."""
        self.go_to(sheet, ref)
        self._press("DELETE")

    def press(self, sheet: str, ref: str, text: str) -> None:
        """Select a cell and press the keys of a text and Return, whatever becomes of them."""
        self.go_to(sheet, ref)
        for number, line in enumerate(text.split("\n")):
            if number:
                self._press("CTRL+RETURN")
            if line:
                self._grid.executeAction("TYPE", properties(TEXT=line))
        self._press("RETURN")

    def _type(self, sheet: str, ref: str, kind: str, value: Any) -> None:
        if kind == "clear":
            self.delete(sheet, ref)
        else:
            self.press(sheet, ref, _as_typed(kind, value))

    def _paste(self, cell: Any, kind: str, value: Any) -> None:
        if kind == "number":
            cell.setValue(value)
        elif kind == "date":
            cell.setValue((value - self._null).days)
        else:
            cell.setString(value if kind == "text" else "")

    def _holds(self, cell: Any, kind: str, value: Any) -> bool:
        if kind == "clear":
            return bool(cell.Type == EMPTY)
        if kind == "text":
            return bool(cell.Type == TEXT and cell.String == value)
        if kind == "number":
            return bool(cell.Type == VALUE and cell.Value == value)
        form = self.document.NumberFormats.getByKey(cell.NumberFormat)
        days = (value - self._null).days
        return bool(cell.Type == VALUE and cell.Value == days and form.Type & DATE)


def _as_typed(kind: str, value: Any) -> str:
    """Return the characters that a person presses for a value."""
    if kind == "date":
        return f"{value:%d/%m/%Y}"
    if kind == "number":
        return f"{value:f}".rstrip("0").rstrip(".").replace(".", ",")
    return str(value)


def _message(cell: Any) -> str:
    """What a cell says to values that it refuses; nothing where it takes any."""
    if cell.Validation.Type == ANY:
        return ""
    return str(cell.Validation.ErrorMessage).replace("\n", " ")


def do(context: Any, job: dict[str, Any]) -> int:
    """Type one workbook; the number of cells.

    Raises:
        RefusedError: a cell did not take its value.
    """
    document = load(context, Path(job["template"]), hidden=False)
    try:
        shown = document.CurrentController.ActiveSheet
        typist = Typist(context, document)
        first: dict[str, str] = {}
        for entry in job["entries"]:
            first.setdefault(entry["sheet"], entry["cell"])
            typist.enter(
                entry["sheet"], entry["cell"], entry["kind"], entry["value"], entry["pasted"]
            )
        document.calculateAll()
        for entry in job["entries"]:
            typist.check(entry["sheet"], entry["cell"], entry["kind"], entry["value"])
        for sheet, ref in first.items():
            typist.go_to(sheet, ref)
        for name in job["print_outs"]:
            _make_ready(document.Sheets.getByName(name))
        document.CurrentController.setActiveSheet(shown)
        _date_of(document, date.fromisoformat(job["saved_on"]))
        store(document, Path(job["output"]), XLSX)
    finally:
        document.close(True)
    return len(job["entries"])


def _make_ready(sheet: Any) -> None:
    """Make a print-out ready, as the guide asks: optimal row heights, then the filter."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    flags = sheet.getCellRangeByPosition(0, 0, 0, cursor.RangeAddress.EndRow)
    flags.Rows.OptimalHeight = True
    field = TableFilterField()
    field.Operator, field.IsNumeric, field.NumericValue = EQUAL, True, 1.0
    wanted = flags.createFilterDescriptor(True)
    wanted.ContainsHeader = True
    wanted.setFilterFields((field,))
    flags.filter(wanted)


def _date_of(document: Any, day: date) -> None:
    """Have the file say that it was saved on a fixed day, by nobody, at once."""
    stamp = DateTime()
    stamp.Day, stamp.Month, stamp.Year = day.day, day.month, day.year
    about = document.DocumentProperties
    about.ModificationDate = stamp
    about.ModifiedBy = ""
    about.EditingCycles, about.EditingDuration = 1, 0
    # An unmodified document keeps its date when it is stored.
    document.setModified(False)


def main(pipe: str, job: str) -> None:
    """Do the job in a JSON file; exits with a message where that fails."""
    try:
        print(do(connect(pipe), json.loads(Path(job).read_text(encoding="utf-8"))))
    except RefusedError as error:
        print(error, file=sys.stderr)
        leave(1)
    leave()


if __name__ == "__main__":
    main(*sys.argv[1:])
