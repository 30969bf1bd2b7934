"""The Python judge: all rules on one plan.

The conditions of a layout's rules are compiled once into one Python function a
sheet; nothing is interpreted cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from string import Formatter

from macros_free_validation.expression import PYTHON_NAMES, Place
from macros_free_validation.plan import Plan, Record
from macros_free_validation.rule import Context, Finding, Hit, Rule, finding
from macros_free_validation.rules import ALL_RULES
from macros_free_validation.values import Raw, show
from workbook_templates.declare import Type
from workbook_templates.layout import Layout, PlacedSheet
from workbook_templates.text import Text

Cells = Mapping[str, Mapping[str, Raw]]
RowHit = Callable[[tuple[int, Record]], None]
RowJudge = Callable[[Sequence[Record], Cells, frozenset[str], RowHit], None]
CellJudge = Callable[[Cells, frozenset[str], Callable[[int], None]], None]


def rules_for(layout: Layout) -> tuple[Rule, ...]:
    """The rules that apply to a layout's form."""
    return tuple(rule for rule in ALL_RULES if layout.form.id in rule.forms)


def live_rules(layout: Layout, sheet: PlacedSheet) -> tuple[Rule, ...]:
    """The rules that are judged in the sheet itself, on its rows or its single cells."""
    return tuple(
        rule for rule in rules_for(layout) if rule.when is not None and rule.sheet == sheet.key
    )


def is_row_rule(rule: Rule, sheet: PlacedSheet) -> bool:
    """Whether a live rule judges rows (and not a single cell)."""
    return rule.field is not None and sheet.has_column(rule.field)


def input_columns(sheet: PlacedSheet) -> tuple[int, ...]:
    """Indexes of the columns that take input."""
    return tuple(c.index for c in sheet.columns if not c.column.locked)


def used_source(sheet: PlacedSheet) -> str:
    """Python source that tells whether the row ``r`` is in use."""
    return " or ".join(f"filled(r[{i}])" for i in input_columns(sheet))


@dataclass(frozen=True)
class Compiled:
    """The compiled conditions of one sheet."""

    sheet: PlacedSheet
    row_rules: tuple[Rule, ...]
    cell_rules: tuple[Rule, ...]
    judge_rows: RowJudge
    judge_cells: CellJudge


def _define(source: str, place: Place) -> Mapping[str, object]:
    names: dict[str, object] = {"__builtins__": {}, **PYTHON_NAMES, **place.constants}
    exec(compile(source, "<rules>", "exec"), names)  # noqa: S102 - source made from our own nodes
    return names


def _compile(layout: Layout, sheet: PlacedSheet) -> Compiled:
    place = Place(layout, sheet)
    live = live_rules(layout, sheet)
    row_rules = tuple(r for r in live if is_row_rule(r, sheet))
    cell_rules = tuple(r for r in live if not is_row_rule(r, sheet))
    lines = ["def judge_rows(records, cells, units, hit):"]
    if row_rules:
        lines += [
            "    for record in records:",
            "        r = record.values",
            f"        used = {used_source(sheet)}",
        ]
        for k, rule in enumerate(row_rules):
            assert rule.when is not None
            lines.append(f"        if {rule.when.python(place)}: hit(({k}, record))")
    lines.append("    return None")
    lines.append("def judge_cells(cells, units, hit):")
    for k, rule in enumerate(cell_rules):
        assert rule.when is not None
        lines.append(f"    if {rule.when.python(place)}: hit({k})")
    lines.append("    return None")
    names = _define("\n".join(lines), place)
    return Compiled(
        sheet,
        row_rules,
        cell_rules,
        names["judge_rows"],  # type: ignore[arg-type]
        names["judge_cells"],  # type: ignore[arg-type]
    )


@lru_cache(maxsize=64)
def compiled(layout: Layout) -> tuple[Compiled, ...]:
    """The compiled rules of a layout, sheet by sheet."""
    return tuple(_compile(layout, sheet) for sheet in layout.sheets)


def placeholders(text: str) -> tuple[str, ...]:
    """The names in braces of a message, in order."""
    return tuple(name for _, name, _, _ in Formatter().parse(text) if name)


def type_of(layout: Layout, sheet: PlacedSheet, name: str) -> Type:
    """The type of the field a message names: of the row, of the sheet, or of the cover."""
    if sheet.has_column(name):
        return sheet.column(name).column.type
    owner = sheet if sheet.has_cell(name) else layout.sheet("cover")
    return owner.cell(name).cell.type


def _words(plan: Plan, sheet: PlacedSheet, record: Record | None, text: Text) -> dict[str, str]:
    words = {}
    for name in {*placeholders(text.vi), *placeholders(text.en)}:
        if record is not None and sheet.has_column(name):
            value = record.values[sheet.column(name).index]
        elif sheet.has_cell(name):
            value = plan.cell(name, sheet.key)
        elif plan.layout.sheet("cover").has_cell(name):
            value = plan.cell(name)
        else:
            continue
        as_date = type_of(plan.layout, sheet, name) is Type.DATE
        words[name] = show(value, as_date=as_date)
    return words


def _finding(
    rule: Rule,
    plan: Plan,
    sheet: PlacedSheet,
    field: str | None,
    record: Record | None,
    hit: Hit | None = None,
) -> Finding:
    row = record.row if record else None
    cell: str | None = None
    value: Raw = None
    if field and row is not None and sheet.has_column(field):
        cell = sheet.ref(field, row)
        value = record.values[sheet.column(field).index] if record else None
    elif field and sheet.has_cell(field):
        cell = sheet.cell(field).ref
        value = plan.cell(field, sheet.key)
    elif field and sheet.has_column(field):
        cell = sheet.ref(field, sheet.first_row)
    words = _words(plan, sheet, record, rule.message) | dict(hit.words if hit else {})
    return finding(
        rule, sheet=sheet.name, cell=cell, row=row, field=field, value=value, words=words
    )


def live_findings(plan: Plan) -> Iterator[Finding]:
    """What the workbook itself says: findings of all rules with an Excel half."""
    layout = plan.layout
    units = plan.units
    for part in compiled(layout):
        cells: list[int] = []
        rows: list[tuple[int, Record]] = []
        part.judge_cells(plan.cells, units, cells.append)
        part.judge_rows(plan.rows(part.sheet.key), plan.cells, units, rows.append)
        for k in cells:
            rule = part.cell_rules[k]
            yield _finding(rule, plan, part.sheet, rule.field, None)
        for k, record in rows:
            rule = part.row_rules[k]
            yield _finding(rule, plan, part.sheet, rule.field, record)


def _other_findings(context: Context) -> Iterator[Finding]:
    plan = context.plan
    for rule in rules_for(plan.layout):
        if rule.judge is None:
            continue
        for hit in rule.judge(context):
            if hit.sheet is None or not plan.layout.has_sheet(hit.sheet):
                continue
            sheet = plan.layout.sheet(hit.sheet)
            record = next((r for r in plan.rows(hit.sheet) if r.row == hit.row), None)
            yield _finding(rule, plan, sheet, hit.field, record, hit)


def judge(plan: Plan, today: date) -> tuple[Finding, ...]:
    """All findings on one plan, in the order of sheet, row and rule."""
    order = {sheet.name: i for i, sheet in enumerate(plan.layout.sheets)}
    found = [*live_findings(plan), *_other_findings(Context(plan, today))]
    found.sort(key=lambda f: (order.get(f.sheet or "", -1), f.row or 0, f.rule))
    return tuple(found)
