"""Books of the proof, made by the package as it is."""

from __future__ import annotations

import io
import pickle
import re
import tempfile
import zipfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import ironcalc

from kdcl_xl.template.as_text import with_typed_text
from kdcl_xl.xlsx.workbook import open_workbook
from macros_free_validation.live import live_sheet
from macros_free_validation.plan import Plan
from tests.build import fresh_workbook_bytes
from tests.proof.edges import edge_plans, with_numbers
from tests.proof.expected import Kind, comparable, expected
from tests.proof.generate import judged, whole_plans
from tests.proof.judges.ironcalc import without_tiny_numbers
from tests.proof.mutants import halves
from tests.proof.mutants.hunt import layout_of
from tests.proof.mutants.rows import Book, Content, LayoutKey
from tests.proof.probes import probes

_FORMULA_CELL = re.compile(
    rb'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?)(?: t="(\w+)")?>'
    rb"<f(?:[^>]*/>|[^>]*>([^<]*)</f>)<v>([^<]*)</v>"
)


def book_of(seed: int, number: int) -> Book:
    """Return one plan of any values, with the results of both halves."""
    with probes():
        ((name, typed),) = whole_plans(seed, [number])
        return _book(name, with_typed_text(typed))  # as the workbook has it


def edge_of(number: int) -> Book:
    """Return one plan at the edges of conditions, with the results of both halves."""
    with probes(), with_numbers():
        return _book(*edges()[number])


@lru_cache(maxsize=1)
def edges() -> list[tuple[str, Plan]]:
    """Return the plans at the edges, with their names."""
    return list(edge_plans())


def _book(name: str, plan: Plan) -> Book:
    """Return a plan with the results of both halves, for its workbook as it is written."""
    layout = plan.layout
    key = LayoutKey(layout.regulation.id, layout.limits, layout.sheet("plan").row_count)
    rows = {s: [(r.row, r.values) for r in records] for s, records in plan.tables.items()}
    content = pickle.dumps(Content(plan.cells, rows))
    own = halves.plan_of(layout_of(key), content)
    assert own.tables == plan.tables, "a plan read back is another one"
    small = replace(plan, layout=judged(layout))
    workbook = fresh_workbook_bytes(small)
    values = {
        sheet: {place: comparable(value, Kind.FIGURE) for place, value in cells.items()}
        for sheet, cells in expected(workbook, small.layout).items()
    }
    return Book(
        name,
        key,
        sum(s.row_count for s in layout.sheets if live_sheet(layout, s.key).row_rules),
        content,
        pickle.dumps(halves.results(own)),
        pickle.dumps(values),
        _model(without_tiny_numbers(workbook)),
        dict(open_workbook(workbook).names),
    )


def _model(workbook: bytes) -> bytes:
    """Return a workbook with values in place of its formulas, as IronCalc loads it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "values.xlsx")
        with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(path, "w") as new:
            for entry in old.namelist():
                content = old.read(entry)
                if entry.startswith("xl/worksheets/"):
                    content = _FORMULA_CELL.sub(_result, content)
                new.writestr(entry, content)
        return bytes(ironcalc.load_from_xlsx(str(path), "en", "UTC").to_bytes())


def _result(cell: re.Match[bytes]) -> bytes:
    """Return a formula cell with its result alone: IronCalc takes a missing text for 0.

    XlsxWriter stores a text that spells an error as that error, and a typed error as a formula.
    """
    begin, kind, formula, value = cell.groups()
    is_text = not value or (kind == b"e" and formula != value)
    sort = b"str" if is_text else kind
    return begin + (b' t="%s"' % sort if sort else b"") + b"><v>" + value + b"</v>"
