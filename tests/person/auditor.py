"""The desk («Cờ») under an auditor's hands: lines by what they say, never by address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import openpyxl

from kdcl_xl.district.decisions.decision import Choice
from kdcl_xl.district.model.desk import DeskKind
from kdcl_xl.district.sheets.flags import (
    ASSIGNEE,
    DECISION,
    GROUP,
    KEY,
    NOTE,
    ORDER,
    PLACE,
    RULE,
    SHEET,
    STATE,
)
from kdcl_xl.district.sheets.links import FLAGS, TASKS
from kdcl_xl.district.sheets.tasks import GRAVEST
from tests.person.calc import Calc
from tests.person.screen import Point
from workbook_templates.layout import letter_of
from workbook_templates.text import Text

CHOICES = [choice.label.vi for choice in Choice]
_TARGET = re.compile(r'^=HYPERLINK\("#\'?([^\'!]+)\'?!')
_IN_CELL = 12
"""Pixels from the left and upper edge of a cell into its text, which is what a link is."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the desk: its row (from 1), and what its cells say."""

    row: int
    kind: DeskKind
    group: int
    key: str
    rule: str
    number: int
    target: str
    """The sheet that its link leads to; empty without a link."""


@dataclass
class Auditor:
    """A person at the desk of an authority workbook that is open in LibreOffice."""

    calc: Calc
    lines: Sequence[Line]
    letters: dict[Text, str]

    @classmethod
    def at(cls, calc: Calc) -> Auditor:
        """Return a person at the desk of the workbook that is open."""
        sheet = openpyxl.load_workbook(calc.path)[FLAGS.vi]
        heads = [cell.value for cell in sheet[SHEET.header_row + 1]]
        at = {
            header: heads.index(header.vi)
            for header in (ORDER, RULE, DECISION, NOTE, ASSIGNEE, PLACE, STATE, GROUP, KEY)
        }
        lines = []
        for row, cells in enumerate(sheet.iter_rows(SHEET.first_row + 1), SHEET.first_row + 1):
            group, number = cells[at[GROUP]].value, cells[at[ORDER]].value
            assert isinstance(number, int)
            assert group is None or isinstance(group, int)
            kind = DeskKind.FLAG if (group or 0) >= 0 else DeskKind.RULE
            linked = _TARGET.match(str(cells[at[PLACE]].value))
            lines.append(
                Line(
                    row,
                    DeskKind.SCHOOL if group is None else kind,
                    abs(group or 0),
                    str(cells[at[KEY]].value),
                    str(cells[at[RULE]].value or ""),
                    number,
                    linked[1] if linked else "",
                )
            )
        return cls(calc, lines, {header: letter_of(index) for header, index in at.items()})

    @property
    def open_lines(self) -> list[Line]:
        """The lines in sight as the workbook opens: all but those below the line of a rule."""
        return [x for x in self.lines if not (x.kind is DeskKind.FLAG and x.group)]

    def below(self, line: Line) -> list[Line]:
        """Return the flags that the decision on a line is about."""
        if line.kind is DeskKind.RULE:
            return [x for x in self.lines if x.kind is DeskKind.FLAG and x.group == line.group]
        return [line]

    def cell(self, header: Text, line: Line) -> str:
        """Return the address of a line's cell."""
        return f"{self.letters[header]}{line.row}"

    def shown(self, header: Text, line: Line) -> str:
        """Return what a line's cell shows."""
        return self.calc.shown(FLAGS.vi, self.cell(header, line))

    def place(self, sheet: str, cell: str) -> Point:
        """Return the point in a cell where its text begins; looking costs nothing."""
        with self.calc.screen.uncounted():
            self.calc.go_to(sheet, cell)
            box = self.calc.box()
        return box.left + _IN_CELL, box.top + _IN_CELL

    def click(self, header: Text, line: Line) -> None:
        """Click on a line's cell."""
        self.calc.screen.click(self.place(FLAGS.vi, self.cell(header, line)))

    def decide(self, choice: str, *, note: str = "", assignee: str = "") -> None:
        """Decide on the line of the selected cell of decisions, and go to the next line."""
        self.calc.choose(CHOICES.index(choice))
        if not (note or assignee):
            self.calc.screen.press("Down")
            return
        self.calc.screen.press("Tab")
        if note:
            self.calc.type(note, "Tab")
        else:
            self.calc.screen.press("Tab")
        if assignee:
            self.calc.type(assignee)  # Return leads to the column where Tab was first pressed
        else:
            self.calc.screen.press("Return")

    def look_at(self, header: Text, line: Line) -> None:
        """Select a line's cell, at no cost: what a person does with the eyes."""
        with self.calc.screen.uncounted():
            self.calc.go_to(FLAGS.vi, self.cell(header, line))

    def follow(self, line: Line) -> str:
        """Follow the link of a line, and return what the cell shows that it leads to."""
        self.calc.follow_link(self.place(FLAGS.vi, self.cell(PLACE, line)))
        return self.calc.selected()

    def come_back(self) -> str:
        """Follow the link back from the row of a task, and return the number of the desk's line."""
        sheet = openpyxl.load_workbook(self.calc.path, read_only=True)[TASKS.vi]
        heads: list[object] = list(*sheet.iter_rows(*[SHEET.header_row + 1] * 2, values_only=True))
        landed = self.calc.box()
        with self.calc.screen.uncounted():
            self.calc.press(*["Right"] * heads.index(GRAVEST.vi))
        box = self.calc.box()
        assert box.top == landed.top
        self.calc.follow_link((box.left + _IN_CELL, box.top + _IN_CELL))
        return self.calc.selected()

    def filter(self, header: Text, value: str) -> None:
        """Show only the lines with a value in a column."""
        self.calc.screen.click(
            self.place(FLAGS.vi, f"{self.letters[header]}{SHEET.header_row + 1}")
        )
        self.calc.filter_for(value)
