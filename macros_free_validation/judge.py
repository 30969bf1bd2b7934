"""The Python judge: all rules on one plan.

The conditions of a layout's rules are compiled once into one Python function a
sheet; nothing is interpreted cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from string import Formatter

from macros_free_validation.compiling import counted, define, name_repeated, value_of
from macros_free_validation.expression import All, AlwaysNumber, Key, Place, Plain, texts_in
from macros_free_validation.plan import Plan, Record
from macros_free_validation.rule import Case, Context, Finding, Hit, Rule, finding, trace_of_words
from macros_free_validation.rules import ALL_RULES
from macros_free_validation.trace import (
    Trace,
    evidence_of_condition,
    is_of_row,
    subject_of_row,
)
from macros_free_validation.values import Raw, show
from workbook_templates.declare import Type
from workbook_templates.layout import Layout, PlacedSheet
from workbook_templates.text import Text

RowJudge = Callable[..., None]
"""Called with the rows, the single cells, the units, the plan's rows by number, a receiver of
hits (number of the case, row), and the counters."""
CellJudge = Callable[..., None]
"""Called with the single cells, the units, a receiver of hits, and the counters."""


def rules_for(layout: Layout) -> tuple[Rule, ...]:
    """Return the rules that apply to a layout's form."""
    return tuple(rule for rule in ALL_RULES if layout.form.id in rule.forms)


LiveCase = tuple[Rule, Case]


@lru_cache(maxsize=512)  # one object for each case: messages are kept by it
def live_cases(layout: Layout, sheet: PlacedSheet) -> tuple[LiveCase, ...]:
    """Return the cases of rules with conditions: on a sheet's rows, single cells, whole table."""
    at = Place(layout, sheet)
    return tuple(
        (rule, _of_plain_texts(case, at))
        for rule in rules_for(layout)
        for case in rule.live_cases
        if (case.sheet or rule.sheet) == sheet.key
        if not case.forms or layout.form.id in case.forms
        if sheet.has_column(case.field) or sheet.has_cell(case.field)
    )


def _of_plain_texts(case: Case, at: Place) -> Case:
    """Return a case that leaves alone cells with characters that programs compare differently."""
    texts = {cell.python(at): Plain(cell) for cell in texts_in(case.when, at)}
    return replace(case, when=All((*texts.values(), case.when))) if texts else case


def judges_rows(sheet: PlacedSheet, case: Case) -> bool:
    """Return whether a case is judged in each row, not once for a single cell or a table."""
    return sheet.has_column(case.field) and not case.of_sheet


def input_columns(sheet: PlacedSheet) -> tuple[int, ...]:
    """Return the indexes of the columns that take input."""
    return tuple(c.index for c in sheet.columns if not c.column.locked)


def used_source(sheet: PlacedSheet) -> str:
    """Return the Python source of the test that the row ``r`` is in use."""
    return " or ".join(f"filled(r[{i}])" for i in input_columns(sheet))


@dataclass(frozen=True)
class Compiled:
    """The compiled conditions of one sheet.

    ``counters`` names the numbers of rows by keys that the conditions need.
    """

    sheet: PlacedSheet
    row_cases: tuple[LiveCase, ...]
    cell_cases: tuple[LiveCase, ...]
    counters: Mapping[tuple[Key, ...], str]
    judge_rows: RowJudge
    judge_cells: CellJudge


def _compile(layout: Layout, sheet: PlacedSheet) -> Compiled:
    place = Place(layout, sheet)
    live = live_cases(layout, sheet)
    row_cases = tuple(entry for entry in live if judges_rows(sheet, entry[1]))
    cell_cases = tuple(entry for entry in live if not judges_rows(sheet, entry[1]))
    of_rows = [case.when.python(place) for _, case in row_cases]
    of_cells = [case.when.python(place) for _, case in cell_cases]
    named, (used, *of_rows) = name_repeated([used_source(sheet), *of_rows])
    counts = "".join(f", {name}" for name in place.counters.values())
    lines = [f"def judge_rows(records, cells, units, plan_rows, hit{counts}):"]
    if of_rows:
        lines += [f"    {name} = {source}" for name, source in named if "cells[" in source]
        lines += ["    for record in records:", "        r = record.values"]
        lines += [f"        {name} = {source}" for name, source in named if "r[" in source]
        lines += [f"        used = {used}"]
        lines += [f"        if {when}: hit(({k}, record))" for k, when in enumerate(of_rows)]
    lines.append("    return None")
    lines.append(f"def judge_cells(cells, units, hit{counts}):")
    lines += [f"    if {when}: hit({k})" for k, when in enumerate(of_cells)]
    lines.append("    return None")
    names = define("\n".join(lines), place)
    return Compiled(
        sheet,
        row_cases,
        cell_cases,
        dict(place.counters),
        names["judge_rows"],  # type: ignore[arg-type]
        names["judge_cells"],  # type: ignore[arg-type]
    )


@lru_cache(maxsize=64)
def compiled(layout: Layout) -> tuple[Compiled, ...]:
    """Return the compiled rules of a layout, sheet by sheet."""
    return tuple(_compile(layout, sheet) for sheet in layout.sheets)


def placeholders(text: str) -> tuple[str, ...]:
    """Return the names in braces of a message, in order."""
    return tuple(name for _, name, _, _ in Formatter().parse(text) if name)


def type_of(layout: Layout, sheet: PlacedSheet, name: str) -> Type:
    """Return the type of a field in a message: a field of the row, the sheet or the cover."""
    if sheet.has_column(name):
        return sheet.column(name).column.type
    owner = sheet if sheet.has_cell(name) else layout.sheet("cover")
    return owner.cell(name).cell.type


def _words(
    plan: Plan, sheet: PlacedSheet, record: Record | None, rule: Rule, case: Case | None
) -> dict[str, str | Text]:
    words: dict[str, str | Text] = {}
    given = case.words if case else {}
    texts = (rule.message.vi, rule.message.en, rule.remedy.vi, rule.remedy.en)
    for name in dict.fromkeys(name for text in texts for name in placeholders(text)):
        word = given.get(name)
        if isinstance(word, str | Text):
            words[name] = word
            continue
        if isinstance(word, AlwaysNumber):
            words[name] = show(_number(word, plan, sheet, record), as_date=False)
            continue
        if word is not None:
            result = value_of(word, plan.layout, sheet)(record.values if record else (), plan.cells)
            words[name] = result if isinstance(result, Text) else show(result, as_date=False)
            continue
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


def _number(word: AlwaysNumber, plan: Plan, sheet: PlacedSheet, record: Record | None) -> Raw:
    """Return a number of a message that is counted, such as that of the criteria planned."""
    number_of, counters = _numbers(word, plan.layout, sheet.key)
    values = record.values if record else ()
    return number_of(values, *counted(counters, plan.layout, plan.tables))


@lru_cache(maxsize=256)
def _numbers(
    word: AlwaysNumber, layout: Layout, key: str
) -> tuple[Callable[..., Raw], tuple[tuple[Key, ...], ...]]:
    place = Place(layout, layout.sheet(key))
    source = word.python(place)
    counts = "".join(f", {name}" for name in place.counters.values())
    names = define(f"def number(r{counts}):\n    return {source}", place)
    return names["number"], tuple(place.counters)  # type: ignore[return-value]


def _finding(
    rule: Rule,
    plan: Plan,
    sheet: PlacedSheet,
    field: str | None,
    record: Record | None,
    hit: Hit | None = None,
    case: Case | None = None,
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
    words = _words(plan, sheet, record, rule, case) | dict(hit.words if hit else {})
    return finding(
        rule,
        sheet=sheet.name,
        cell=cell,
        row=row,
        field=field,
        value=value,
        words=words,
        trace=_trace(rule, plan, sheet, field, record, value, hit, case),
    )


def _trace(
    rule: Rule,
    plan: Plan,
    sheet: PlacedSheet,
    field: str | None,
    record: Record | None,
    value: Raw,
    hit: Hit | None,
    case: Case | None,
) -> Trace:
    subject: tuple[str, ...] = ()
    if record is not None and (case is None or is_of_row(case.when)):
        subject = subject_of_row(plan, sheet, record, field)
    if case is None:
        return trace_of_words(rule, field, value, hit.words if hit else {}, subject)
    return Trace(subject, evidence_of_condition(case.when, plan, sheet, record))


LiveKey = tuple[str, int, Case]
"""Key of a sheet, row (0 for a single cell or a whole table), and a case: a rule may have several
at one field."""


def live_messages(plan: Plan) -> dict[LiveKey, str]:
    """Return the messages that the helper cells of the workbook show, in Vietnamese."""
    return {
        (sheet.key, record.row if record else 0, case): _finding(
            rule, plan, sheet, case.field, record, case=case
        ).message.vi
        for sheet, rule, case, record in _live_hits(plan)
    }


def live_findings(plan: Plan) -> Iterator[Finding]:
    """Yield the findings of all rules with an Excel half, which the workbook itself shows too."""
    for sheet, rule, case, record in _live_hits(plan):
        field = case.field
        if case.points_at is not None and record is not None:
            field = value_of(case.points_at, plan.layout, sheet)(record.values, plan.cells)
        yield _finding(rule, plan, sheet, field, record, case=case)


def _live_hits(plan: Plan) -> Iterator[tuple[PlacedSheet, Rule, Case, Record | None]]:
    units = plan.units
    plan_rows = {record.row: record.values for record in plan.rows("plan")}
    parts = compiled(plan.layout)
    needed = dict.fromkeys(keys for part in parts for keys in part.counters)
    counts = dict(zip(needed, counted(needed, plan.layout, plan.tables), strict=True))
    for part in parts:
        cells: list[int] = []
        rows: list[tuple[int, Record]] = []
        counters = [counts[keys] for keys in part.counters]
        part.judge_cells(plan.cells, units, cells.append, *counters)
        records = plan.rows(part.sheet.key)
        part.judge_rows(records, plan.cells, units, plan_rows, rows.append, *counters)
        for k in cells:
            rule, case = part.cell_cases[k]
            yield part.sheet, rule, case, None
        for k, record in rows:
            rule, case = part.row_cases[k]
            yield part.sheet, rule, case, record


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
    """Return all findings on one plan, in the order of sheet, row and rule."""
    order = {sheet.name: i for i, sheet in enumerate(plan.layout.sheets)}
    found = [*live_findings(plan), *_other_findings(Context(plan, today))]
    found.sort(key=lambda f: (order.get(f.sheet or "", -1), f.row or 0, f.rule))
    return tuple(found)
