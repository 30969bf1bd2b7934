"""Make the sample workbooks: type each plan into a fresh template with LibreOffice.

``python samples/make_samples.py [NAME…]`` reads ``samples/plans/<name>.toml`` (all
of them by default), issues the template the school would have been given, and has
LibreOffice's typist fill it in key by key. LibreOffice then saves
``samples/workbooks/<name>.xlsx``: the samples are made by a spreadsheet program, not by us.
"""

from __future__ import annotations

import io
import json
import signal
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:
    sys.path.insert(0, str(HERE.parent))

from kdcl_xl.errors import UserError  # noqa: E402
from kdcl_xl.files import write_whole  # noqa: E402
from kdcl_xl.schools import School  # noqa: E402
from kdcl_xl.template.as_text import as_text  # noqa: E402
from kdcl_xl.template.issue import initial_plan, template_bytes  # noqa: E402
from kdcl_xl.xlsx.writer import CREATED  # noqa: E402
from macros_free_validation.plan import Plan  # noqa: E402
from macros_free_validation.values import filled, to_serial  # noqa: E402
from samples import describe  # noqa: E402
from samples.office import Office, OfficeError  # noqa: E402
from workbook_templates.declare import MEANINGS, Type  # noqa: E402
from workbook_templates.defaults import default_passages  # noqa: E402
from workbook_templates.layout import CRITERION_WORD, Layout  # noqa: E402
from workbook_templates.regulation import builtin_catalogue  # noqa: E402
from workbook_templates.school_year import SchoolYear  # noqa: E402

WORKBOOKS = HERE / "workbooks"
TYPIST = HERE / "typist_uno.py"

_SINGLE = {
    "cover": "cover",
    "self_assessment_counts": "self_assessment",
    "progress_reviews": "progress",
}
"""Tables of the TOML that hold single cells, and the sheets of these cells."""
_TABLES = ("problems", "plan", "progress")
_NOT_TYPED = {"title", "title_en", "kind", "school_year", "school", "faults"}


class SampleError(ValueError):
    """A plan that cannot be typed: the file and the problem."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A value to type: its place, its kind, and whether it is pasted.

    ``kind`` is ``text``, ``number``, ``date`` (the value in ISO form) or ``clear``.
    """

    sheet: str
    cell: str
    kind: str
    value: str | float | None
    pasted: bool = False


def template_of(data: Mapping[str, Any]) -> tuple[Plan, bytes]:
    """Return the template issued to the school: its plan and its bytes.

    Raises:
        SampleError: an unknown school kind.
        UserError: no regulation governs the plan.
    """
    kind, year = builtin_catalogue().kind(data["kind"]), SchoolYear.parse(data["school_year"])
    if kind is None:
        raise SampleError(f"no school kind '{data['kind']}'")
    layout = describe.layout_for(data)
    school = School(kind=kind, **data["school"])
    return initial_plan(layout, kind, year, school), template_bytes(layout, school, year)


def entries_of(data: Mapping[str, Any], plan: Plan) -> Iterator[Entry]:
    """Return the values to type into the template that holds ``plan``, in a sensible order.

    Units come first and then the cover, for the dropdowns and the bounds of the
    dates depend on them.

    Raises:
        SampleError: an unknown table or field, or more rows than the template has.
    """
    layout = plan.layout
    unknown = set(data) - _NOT_TYPED - {"units", "self_assessment", *_SINGLE, *_TABLES}
    if unknown:
        raise SampleError(f"unknown tables: {', '.join(sorted(unknown))}")
    yield from _units(plan, data.get("units", {}).get("list", []))
    for table, sheet in _SINGLE.items():
        yield from _single_cells(layout, sheet, data.get(table, {}))
    yield from _without_defaults(layout, data["kind"], data.get("cover", {}))
    yield from _self_assessment(layout, data.get("self_assessment", []))
    for sheet in _TABLES:
        yield from _table(layout, sheet, data.get(sheet, []))


def _units(plan: Plan, units: Sequence[str]) -> Iterator[Entry]:
    """Yield the school's own units, in place of those of the template."""
    lists = plan.layout.sheet("lists")
    if len(units) > lists.row_count:
        raise SampleError(f"{len(units)} units, room for {lists.row_count}")
    for row, unit in enumerate(units, start=lists.first_row):
        yield Entry(lists.name, lists.ref("unit", row), "text", unit)
    for record in plan.rows("lists"):
        if record.row >= lists.first_row + len(units) and any(map(filled, record.values)):
            yield Entry(lists.name, lists.ref("unit", record.row), "clear", None)


def _single_cells(layout: Layout, key: str, values: Mapping[str, Any]) -> Iterator[Entry]:
    pasted = values.get("pasted", ())
    for field, value in values.items():
        if field == "pasted":
            continue
        if not layout.has_sheet(key) or not layout.sheet(key).has_cell(field):
            raise SampleError(f"no cell '{field}' on sheet '{key}'")
        placed = layout.sheet(key).cell(field)
        value = _as_text(value, placed.cell.type)
        yield _entry(layout.sheet(key).name, placed.ref, value, field in pasted)


def _without_defaults(layout: Layout, kind_id: str, cover: Mapping[str, Any]) -> Iterator[Entry]:
    """Empty the passages that the template proposes and the plan does not have."""
    sheet = layout.sheet("cover")
    kind = layout.regulation.kind(kind_id)
    assert kind is not None
    for field in default_passages(layout.form.id, kind):
        if field not in cover and sheet.has_cell(field):
            yield Entry(sheet.name, sheet.cell(field).ref, "clear", None)


def _self_assessment(layout: Layout, rows: Sequence[Mapping[str, Any]]) -> Iterator[Entry]:
    """Yield verdicts and remarks, each in the row of its criterion."""
    sheet = layout.sheet("self_assessment")
    for values in rows:
        criterion = layout.regulation.criterion(values["criterion"])
        if criterion is None:
            raise SampleError(f"self_assessment: no criterion '{values['criterion']}'")
        row = sheet.first_row + layout.regulation.criteria.index(criterion)
        yield from _row(layout, sheet.key, row, values, skip="criterion")


def _table(layout: Layout, key: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Entry]:
    if not rows:
        return
    if not layout.has_sheet(key):
        raise SampleError(f"form {layout.form.id} has no sheet '{key}'")
    sheet = layout.sheet(key)
    for nth, values in enumerate(rows, start=1):
        ordinal = int(values["row"]) if key == "progress" else nth
        if not 1 <= ordinal <= sheet.row_count:
            raise SampleError(f"{key}: row {ordinal} of {sheet.row_count}")
        yield from _row(layout, key, sheet.header_row + ordinal, values, skip="row")


def _row(
    layout: Layout, key: str, row: int, values: Mapping[str, Any], skip: str
) -> Iterator[Entry]:
    """Yield one row, from left to right: dependent dropdowns are to the right of their parents."""
    sheet = layout.sheet(key)
    pasted = values.get("pasted", ())
    unknown = [f for f in values if f not in ("pasted", skip) and not sheet.has_column(f)]
    if unknown:
        raise SampleError(f"{key} row {row}: no columns {', '.join(unknown)}")
    for column in sheet.columns:
        field = column.field
        if field in values and field != skip:
            value = values[field] if field in pasted else _choice(layout, field, values[field])
            value = _as_text(value, column.column.type)
            yield _entry(sheet.name, sheet.ref(field, row), value, field in pasted)


def _as_text(value: Any, kind: Type) -> Any:
    """Return the text of a date or an amount, as cells in text format take it."""
    if isinstance(value, date):
        value = to_serial(value)
    elif isinstance(value, bool) or not isinstance(value, int):
        return value
    return as_text(float(value), kind) if kind in MEANINGS else value


def _choice(layout: Layout, field: str, value: Any) -> Any:
    """Return the dropdown's entry for the short name in the TOML."""
    if field == "criterion":
        chosen = (CRITERION_WORD + c.label for c in layout.regulation.criteria if c.code == value)
        return next(chosen, value)
    if field == "standard" and isinstance(value, int):
        return next((s.label for s in layout.regulation.standards if s.no == value), value)
    return value


def _entry(sheet: str, cell: str, value: Any, pasted: bool) -> Entry:
    if isinstance(value, date):
        return Entry(sheet, cell, "date", value.isoformat(), pasted)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Entry(sheet, cell, "number", value, pasted)
    if isinstance(value, str) and value.strip():
        return Entry(sheet, cell, "text", value, pasted)
    raise SampleError(f"{sheet}!{cell}: cannot be typed: {value!r}")


def make(office: Office, source: Path, target: Path) -> int:
    """Make one workbook from one plan; the number of cells that were filled in.

    Raises:
        SampleError: the plan does not fit its form.
        OfficeError: LibreOffice refused a value, or failed.
    """
    data = describe.load(source)
    plan, template = template_of(data)
    entries = list(entries_of(data, plan))
    with tempfile.TemporaryDirectory(prefix="kdcl-xl-sample-") as name:
        folder = Path(name)
        (folder / "template.xlsx").write_bytes(template)
        job = {
            "template": str(folder / "template.xlsx"),
            "output": str(folder / "typed.xlsx"),
            "saved_on": CREATED.date().isoformat(),
            "entries": [asdict(entry) for entry in entries],
            "print_outs": [s.name for s in plan.layout.sheets if s.sheet.printed is not None],
        }
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        office.run(TYPIST, str(folder / "job.json"))
        write_whole(target, _undated(folder / "typed.xlsx"))
    return len(entries)


def _undated(path: Path) -> bytes:
    """Return a zip file without the times of its entries, so that its bytes never change."""
    target = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return target.getvalue()


def main(names: Sequence[str]) -> int:
    """Make the named samples, or all of them; 1 where one cannot be made."""
    # Asked to end, it ends in order, and LibreOffice with it.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    every = describe.sample_files()
    sources = [path for path in every if path.stem in names] if names else every
    if len(sources) < len(set(names)):
        print(f"there are: {', '.join(path.stem for path in every)}", file=sys.stderr)
        return 1
    source = None
    try:
        with Office() as office:
            for source in sources:
                started = time.monotonic()
                count = make(office, source, WORKBOOKS / f"{source.stem}.xlsx")
                print(f"{source.stem}: {count} cells, {time.monotonic() - started:.1f} s")
    except (SampleError, UserError, OfficeError, OSError, KeyError, ValueError) as error:
        print(f"{source.name if source else 'make_samples'}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
