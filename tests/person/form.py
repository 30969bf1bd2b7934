"""A form under a person's hands: rows and cells by field names, never by address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kdcl_xl.checking.check import Checked, check_file
from kdcl_xl.submission.reading import read_submission
from macros_free_validation.plan import Plan
from tests.build import TODAY
from tests.person.calc import Calc
from workbook_templates.declare import Lists, Type
from workbook_templates.layout import DEPENDENT_LISTS, PlacedSheet
from workbook_templates.regulation import builtin_catalogue


def inputs(sheet: PlacedSheet) -> list[str]:
    """Return the fields of a table that a person fills in, from left to right."""
    return [c.field for c in sheet.columns if not c.column.locked]


def neighbouring_texts(sheet: PlacedSheet, count: int) -> list[str]:
    """Return fields of free text that stand side by side.

    Raises:
        LookupError: nowhere are so many side by side.
    """
    run: list[str] = []
    for placed in sheet.columns:
        free = not placed.column.locked and placed.column.type is Type.TEXT
        free = free and placed.column.choices is None
        run = [*run, placed.field] if free else []
        if len(run) == count:
            return run
    raise LookupError(f"{sheet.name}: nowhere {count} free texts side by side")


def offered_units(plan: Plan) -> list[str]:
    """Return the units that the dropdown of leads offers."""
    return [unit for unit in plan.column("lists", "unit") if isinstance(unit, str)]


@dataclass
class FormFiller:
    """A person who fills in a workbook; ``issued`` is the plan that its template holds."""

    calc: Calc
    issued: Plan

    def sheet(self, key: str) -> PlacedSheet:
        """Return a sheet by its key."""
        return self.issued.layout.sheet(key)

    def go_to(self, key: str, field: str, row: int) -> None:
        """Select a table's cell; rows count from 1 within the table."""
        sheet = self.sheet(key)
        self.calc.go_to(sheet.name, sheet.ref(field, sheet.header_row + row))

    def range(self, key: str, fields: Sequence[str], rows: tuple[int, int]) -> str:
        """Return the range from the first to the last field and from the first to the last row."""
        sheet = self.sheet(key)
        first, last = (sheet.header_row + row for row in rows)
        return f"{sheet.ref(fields[0], first)}:{sheet.ref(fields[-1], last)}"

    def shown(self, key: str, field: str, row: int) -> str:
        """Return what a table's cell shows."""
        sheet = self.sheet(key)
        return self.calc.shown(sheet.name, sheet.ref(field, sheet.header_row + row))

    def shown_range(
        self, key: str, fields: Sequence[str], rows: tuple[int, int]
    ) -> list[list[str]]:
        """Return what a range of a table shows, row by row."""
        return self.calc.shown_range(self.sheet(key).name, self.range(key, fields, rows))

    def options(self, key: str, field: str, values: Mapping[str, str]) -> Sequence[str]:
        """Return what a dropdown offers in a row with those values; nothing where there is none."""
        column = self.sheet(key).column(field).column
        layout = self.issued.layout
        if column.choices is None:
            return ()
        if column.choices in DEPENDENT_LISTS:
            assert column.parent is not None
            return layout.dependent_values(column.choices).get(values.get(column.parent, ""), ())
        if column.choices is Lists.UNITS:
            return offered_units(self.issued)
        return layout.values(column.choices)

    def fill_row(self, key: str, row: int, values: Mapping[str, str]) -> None:
        """Fill an empty row from left to right: choose where there is a list, else type.

        Tab leads from one input to the next, as it does on a protected sheet.

        Raises:
            AssertionError: a value is refused.
        """
        fields = inputs(self.sheet(key))
        filled = [field for field in fields if field in values]
        assert set(filled) == set(values), f"not typed: {set(values) - set(filled)}"
        self.go_to(key, filled[0], row)
        for field in fields[fields.index(filled[0]) : fields.index(filled[-1]) + 1]:
            value, options = values.get(field, ""), self.options(key, field, values)
            codes = self.sheet(key).column(field).column.choices is Lists.CRITERIA
            if value in options and not codes:  # a criterion is typed
                self.calc.choose(options.index(value))
                self.calc.press("Tab")
            elif value:
                self.calc.type(value, "Tab")
                assert not self.calc.messages(), f"{field}: «{value}» is refused"
            else:
                self.calc.press("Tab")

    def save(self) -> Plan:
        """Save the workbook, and return what the program reads in it."""
        self.calc.save()
        plan = read_submission(self.calc.path, builtin_catalogue()).plan
        assert plan is not None
        return plan

    def check(self) -> Checked:
        """Return what ``kdcl-xl check`` finds in the saved workbook."""
        return check_file(self.calc.path, builtin_catalogue(), TODAY)
