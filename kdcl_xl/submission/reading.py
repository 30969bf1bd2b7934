"""Read a returned file into a submission: its plan, its stamp and the findings of reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

from kdcl_xl.submission.as_shown import Reader
from kdcl_xl.submission.exchanged import reports_beside_other_tasks
from kdcl_xl.submission.filling import Filling, filling_of
from kdcl_xl.submission.flood import limited
from kdcl_xl.submission.identify import (
    SchoolFile,
    Unreadable,
    damaged_stamps,
    finding_of,
    identify,
    issued_layout,
    unread,
)
from kdcl_xl.submission.model import AS_ISSUED, LayoutOf, Reading, Remark, Submission
from kdcl_xl.submission.moved_layout import layout_in_file, renamed_sheet, with_issued_sheet_names
from kdcl_xl.submission.oddities import damaged_parts, odd_cells
from kdcl_xl.submission.places import NOTHING_MOVED, MovedSheet, Places, moved_sheet
from kdcl_xl.submission.seen import SeenSheet
from kdcl_xl.submission.strays import (
    Stray,
    cells_under_no_heading,
    extra_sheet_findings,
    extra_sheets,
    input_formulas,
    stray_blocks,
    stray_cells,
    uncomputed_formulas,
)
from kdcl_xl.submission.tampering import Opened, tampering
from kdcl_xl.submission.without_stamp import is_recognised, with_given_stamp
from kdcl_xl.template.own_text import read_marks
from kdcl_xl.template.stamp import STAMP_SHEET, Stamp, structure_of
from kdcl_xl.xlsx.appearance import STYLES_PART, Looks, looks_of
from kdcl_xl.xlsx.cells import SheetCells
from kdcl_xl.xlsx.hazards import hazards
from kdcl_xl.xlsx.package import Contents, UnreadableError
from kdcl_xl.xlsx.workbook import Workbook
from macros_free_validation.derive import complete_plan, with_meanings
from macros_free_validation.plan import Plan, Record
from macros_free_validation.rule import Finding, finding
from macros_free_validation.rules import workbook as rules
from macros_free_validation.values import Raw, filled, is_number, show
from workbook_templates.declare import Type
from workbook_templates.layout import Layout, PlacedSheet
from workbook_templates.regulation import Catalogue
from workbook_templates.text import normalise


def read_submission(
    path: Path, catalogue: Catalogue, reading: Reading = AS_ISSUED, contents: Contents | None = None
) -> Submission:
    """Read one file, or its ``contents`` if they are in memory already.

    Whatever is wrong with the file becomes a finding, never an error.
    """
    return read_and_keep(path, catalogue, reading, contents=contents, as_typed=False)[0]


def read_and_keep(
    path: Path,
    catalogue: Catalogue,
    reading: Reading = AS_ISSUED,
    layout_of: LayoutOf | None = None,
    contents: Contents | None = None,
    *,
    as_typed: bool = True,
) -> tuple[Submission, Workbook | None]:
    """Read one file, and return its workbook too, for content outside the form (None: not read).

    ``layout_of`` finds the layout of the workbook; by default it is the stamp's. With ``as_typed``
    the plan has the values that the cells hold, to be written again, and otherwise those that the
    cells show, to be judged.
    """
    file = identify(path, reading, contents)
    if isinstance(file, Unreadable) and file.workbook is not None:
        file = _without_stamp(file, file.workbook, catalogue, reading)
    if not isinstance(file, SchoolFile):
        return unread(file), None
    origin, workbook, stamp = file.origin, file.workbook, file.stamp
    filling: Filling | None = None
    remarks: tuple[Remark, ...] = ()
    places = NOTHING_MOVED
    try:
        layout = (layout_of or issued_layout)(workbook, stamp, catalogue, reading.limits)
        if reading.only_cover:
            plan, found, filling = _read_cover(workbook, layout, stamp)
        else:
            keeps_places = layout_of is not None
            plan, found, remarks, places, workbook = _read_plan(
                workbook, layout, stamp, reading, keeps_places=keeps_places, as_typed=as_typed
            )
            found = limited(found, reading.bounds.most_findings)
    except (UnreadableError, OSError) as error:
        whole = stamp if stamp.is_whole else None
        return unread(Unreadable(origin, finding_of(error), stamp=whole)), None
    submission = Submission(
        path,
        origin.digest,
        origin.modified,
        stamp,
        plan,
        tuple(found),
        origin.saved,
        filling_read=filling,
        remarks=remarks,
        places=places,
    )
    return submission, workbook


def _without_stamp(
    file: Unreadable, workbook: Workbook, catalogue: Catalogue, reading: Reading
) -> SchoolFile | Unreadable:
    """Return a plan whose stamp is lost, or the reason with the way to carry it over."""
    if file.finding.rule != rules.NOT_OURS.id:
        return file
    try:
        if reading.given is not None:
            return SchoolFile(file.origin, *with_given_stamp(workbook, reading.given, catalogue))
        if is_recognised(workbook, catalogue):
            said = replace(file.finding, remedy=rules.WAY_WITHOUT_STAMP)
            return replace(file, finding=said)
    except UnreadableError as error:
        return replace(file, finding=error.finding)
    return file


def _read_cover(
    workbook: Workbook, issued: Layout, stamp: Stamp
) -> tuple[Plan, list[Finding], Filling]:
    """Read the values of all sheets; keep the cover, and how far the plan is filled in."""
    wanted = [s for s in issued.sheets if s.cells or s.columns]
    workbook, _ = with_issued_sheet_names(workbook, issued, wanted)
    contents = workbook.read([s.name for s in wanted])
    layout, _ = layout_in_file(issued, wanted, contents)
    placed = [sheet for sheet in layout.sheets if sheet.name in contents]
    cells = {p.key: _single_cells(p, contents[p.name]) for p in placed}
    tables = {
        p.key: tuple(Record(row, tuple(values)) for row, values in _used_rows(p, contents[p.name]))
        for p in placed
    }
    filling = filling_of(Plan(layout, cells, tables), stamp)
    cover = layout.sheet("cover")
    return Plan(layout, {cover.key: with_meanings(cover, cells[cover.key])}, {}), [], filling


def _single_cells(placed: PlacedSheet, content: SheetCells) -> dict[str, Raw]:
    """Return the values of the cells beside the tables, by field; None for computed ones."""
    return {c.field: None if c.cell.derived else content.get(c.row, c.index) for c in placed.cells}


def _read_plan(
    workbook: Workbook,
    issued: Layout,
    stamp: Stamp,
    reading: Reading,
    *,
    keeps_places: bool,
    as_typed: bool,
) -> tuple[Plan, list[Finding], tuple[Remark, ...], Places, Workbook]:
    """Return plan, findings, remarks, places, and the workbook under its sheets' own names."""
    wanted = [s for s in issued.sheets if s.cells or s.columns]
    workbook, renamed = with_issued_sheet_names(workbook, issued, wanted)
    sheets = workbook.read([s.name for s in wanted])
    layout, found = layout_in_file(issued, wanted, sheets)
    shifted = frozenset(f.sheet or "" for f in found)
    # A plan that is checked has the places of its template, so that all plans are judged alike.
    # To carry a file over, its content outside the form is found by the file's own places.
    is_issued = structure_of(issued) == stamp.structure and not keeps_places
    known = issued if is_issued else layout
    found += [renamed_sheet(name, was) for name, was in renamed.items()]
    cells: dict[str, dict[str, Raw]] = {}
    rows: dict[str, list[tuple[int, list[Raw]]]] = {}
    moved: dict[str, MovedSheet] = {}
    looks, sent = _looks(workbook), _sent_to_school(workbook)
    units = _units(layout, sheets)
    remarks: list[Remark] = []
    for placed in layout.sheets:
        if placed.name not in sheets:
            continue
        content = sheets[placed.name]
        cells[placed.key] = _single_cells(placed, content)
        rows[placed.key] = list(_used_rows(placed, content))
        if workbook.dates_from_1904:
            _count_from_1900(placed, cells[placed.key], rows[placed.key])
        seen = SeenSheet(workbook, placed, content, looks, sent)
        _blank(placed, seen.pictured, cells[placed.key], rows[placed.key])
        days = DAYS_TO_1904 if workbook.dates_from_1904 else 0
        reader = Reader(layout, placed, content, looks, days, units)
        values = cells[placed.key], rows[placed.key]
        found += reader.take(*(deepcopy(values) if as_typed else values))
        found += seen.findings()
        remarks += seen.remarks
        own = known.sheet(placed.key)
        if own is not placed:
            inserted = _inserted_rows(own, placed, content, rows[placed.key])
            moved[placed.name] = moved_sheet(own, placed, inserted)
            if placed.columns:
                back = _moved_back(own, placed, inserted, rows[placed.key])
                rows[placed.key], beyond = back
                found += beyond
        found += stray_cells(layout, placed, content)
        found += uncomputed_formulas(placed, content)
        found += odd_cells(placed, content)
        if placed.name in shifted:
            found += cells_under_no_heading(placed, content)
    found += extra_sheet_findings(workbook, extra_sheets(workbook, layout))
    found += hazards(workbook.package)
    found += damaged_stamps(workbook)
    if structure_of(issued) == stamp.structure:
        found += tampering(Opened(workbook, stamp, issued, shifted, renamed))
    found += damaged_parts(workbook)
    plan = complete_plan(known, cells, rows)
    code = plan.cell("school_code")
    if stamp.school_code and filled(code):
        written = show(code, as_date=False)
        if normalise(written) != normalise(stamp.school_code):
            found.append(_code_changed(layout, written, stamp.school_code))
    places = Places(moved)
    progress = sheets.get(layout.sheet("progress").name) if layout.has_sheet("progress") else None
    found += reports_beside_other_tasks(plan, progress, places)
    own_rows = tuple(_of_plan(remark, layout, places) for remark in remarks)
    return plan, list(map(places.of_file, found)), own_rows, places, workbook


def _of_plan(remark: Remark, layout: Layout, places: Places) -> Remark:
    """Return a remark with the row of the plan in place of the file's."""
    return replace(remark, row=places.issued_row(layout.sheet(remark.sheet).name, remark.row))


def _looks(workbook: Workbook) -> Looks:
    """Return the looks of the cells; none where the styles are damaged, which no value needs."""
    return workbook.package.sound(STYLES_PART, lambda _: looks_of(workbook.package), Looks())


def _sent_to_school(workbook: Workbook) -> frozenset[str]:
    """Return the marks of the notes that came with the file when it was sent to the school."""
    return read_marks(workbook.sheet(STAMP_SHEET)) if workbook.can_read(STAMP_SHEET) else _NO_MARKS


_NO_MARKS: frozenset[str] = frozenset()


def _units(layout: Layout, sheets: Mapping[str, SheetCells]) -> Sequence[str]:
    """Return the units and roles that the school has on its list."""
    placed = layout.sheet("lists")
    content = sheets.get(placed.name)
    if content is None:
        return ()
    index = placed.column("unit").index
    values = (content.get(row, index) for row in range(placed.first_row, placed.last_row + 1))
    return [value for value in values if isinstance(value, str)]


def _blank(
    placed: PlacedSheet,
    places: frozenset[tuple[int, int]],
    cells: dict[str, Raw],
    rows: Sequence[tuple[int, list[Raw]]],
) -> None:
    """Make the inputs at some places blank, in place."""
    if not places:
        return
    for cell in placed.cells:
        if (cell.row, cell.index) in places:
            cells[cell.field] = None
    for row, values in rows:
        for index in range(len(values)):
            if (row, index) in places:
                values[index] = None


def _inserted_rows(
    own: PlacedSheet,
    placed: PlacedSheet,
    content: SheetCells,
    rows: Sequence[tuple[int, list[Raw]]],
) -> Sequence[int]:
    """Return the blank rows that somebody inserted into a table: they have no computed cell."""
    used = {row for row, _ in rows}
    computed = next((c.letter for c in placed.columns if c.column.derived), "")
    return [
        row
        for row in range(placed.first_row, placed.last_row + 1)
        if row not in used and f"{computed}{row}".encode() not in content.formulas.cells
    ][: max(0, placed.row_count - own.row_count)]


def _moved_back(
    own: PlacedSheet,
    placed: PlacedSheet,
    inserted: Sequence[int],
    rows: Sequence[tuple[int, list[Raw]]],
) -> tuple[list[tuple[int, list[Raw]]], list[Finding]]:
    """Move rows back to their issued places, without blank rows that somebody inserted.

    Values that then lie below the issued table become findings.
    """
    indices = [placed.column(column.field).index for column in own.columns]
    kept: list[tuple[int, list[Raw]]] = []
    beyond: list[Stray] = []
    for row, values in rows:
        issued = row - placed.header_row + own.header_row - sum(n < row for n in inserted)
        if issued <= own.last_row:
            kept.append((issued, [values[i] for i in indices]))
            continue
        beyond += [(row, index, values[index]) for index in indices if filled(values[index])]
    return kept, list(stray_blocks(placed, beyond))


DAYS_TO_1904 = 1462
"""Days from 1900-01-01 to 1904-01-01 as Excel counts them, with a 29 February 1900."""


def _count_from_1900(
    placed: PlacedSheet, cells: dict[str, Raw], rows: Sequence[tuple[int, list[Raw]]]
) -> None:
    """Convert the dates of a workbook that counts from 1904 (Excel for Mac), in place."""
    for cell in placed.cells:
        value = cells[cell.field]
        if cell.cell.type is Type.DATE and is_number(value):
            cells[cell.field] = value + DAYS_TO_1904
    for column in placed.columns:
        if column.column.type is Type.DATE:
            for _, values in rows:
                value = values[column.index]
                if is_number(value):
                    values[column.index] = value + DAYS_TO_1904


def _used_rows(placed: PlacedSheet, content: SheetCells) -> Iterator[tuple[int, list[Raw]]]:
    """Yield the rows in use with their typed values; computed values are computed anew later."""
    always = placed.key == "self_assessment"
    inputs = {c.index for c in placed.columns if not c.column.locked}
    typed_formulas: dict[int, list[int]] = {}
    for _, row, index, _ in input_formulas(placed, content):
        typed_formulas.setdefault(row, []).append(index)
    table = range(placed.first_row, placed.last_row + 1 if placed.columns else 0)
    used = sorted({*content.values, *typed_formulas}.intersection(table))
    for row in table if always else used:
        found = content.values.get(row)
        values: list[Raw] = [None] * len(placed.columns)
        for index, value in found.items() if found else ():
            if index in inputs:
                values[index] = value
        for index in typed_formulas.get(row, ()):
            values[index] = content.get(row, index)
        if always or any(filled(values[i]) for i in inputs):
            yield row, values


def _code_changed(layout: Layout, written: str, issued: str) -> Finding:
    cover = layout.sheet("cover")
    return finding(
        rules.CODE_CHANGED,
        sheet=cover.name,
        cell=cover.cell("school_code").ref,
        field="school_code",
        value=written,
        words={"value": written, "issued": issued},
    )
