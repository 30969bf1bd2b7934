"""Submissions: a returned file becomes a plan with its provenance."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from html import escape, unescape
from pathlib import Path

from kdcl_xl.cells import SheetCells, input_places, read_sheets, strings_of
from kdcl_xl.decrypt import decrypted
from kdcl_xl.guard import (
    OWN_WORKBOOK,
    SAFE,
    Bounds,
    Contents,
    Package,
    UnreadableError,
    open_package,
    read_contents,
)
from kdcl_xl.hazards import hazards
from kdcl_xl.left_behind import is_left_behind, may_be_left_behind
from kdcl_xl.locked import fold_once
from kdcl_xl.own_words import is_sent_back, may_be_sent_back
from kdcl_xl.sheet_xml import Formulas
from kdcl_xl.stamp import (
    ARCHIVE_SHEET,
    DISTRICT_PROPERTY,
    STAMP_MARK,
    STAMP_NAME,
    STAMP_PROPERTY,
    STAMP_SHEET,
    Stamp,
    structure_of,
)
from kdcl_xl.tampering import Opened, tampering
from macros_free_validation.derive import complete_plan
from macros_free_validation.plan import Plan, typed
from macros_free_validation.rule import Finding, finding
from macros_free_validation.rules import tampering as tampered
from macros_free_validation.rules import workbook as rules
from macros_free_validation.values import LONGEST_SHOWN, Raw, filled, is_number, show
from workbook_templates.declare import Type
from workbook_templates.layout import (
    COVER_CHECK,
    COVER_LABEL,
    Layout,
    Limits,
    PlacedSheet,
    build_layout,
    letter_of,
)
from workbook_templates.regulation import Catalogue
from workbook_templates.text import fold, normalise
from workbook_templates.vocabulary import SchoolKind, school_kind

LayoutOf = Callable[[Package, Stamp, Catalogue, Limits], Layout]


@dataclass(frozen=True)
class Submission:
    """A returned file: what was read, or why nothing was.

    ``digest`` is the SHA-256 of the bytes (empty where they could not be read);
    ``modified`` is the file system's time and ``saved`` the one a program wrote
    inside, where there is one; ``found`` are the findings made while reading. ``under``
    names the authorities below this one that passed it on, the highest first.
    """

    path: Path
    digest: str
    modified: datetime | None
    stamp: Stamp | None
    plan: Plan | None
    found: tuple[Finding, ...]
    saved: datetime | None = None
    under: tuple[str, ...] = ()

    @property
    def shown_path(self) -> str:
        """The path as text, also where its name is not valid UTF-8."""
        return os.fsencode(self.path).decode("utf-8", "replace")

    @property
    def is_read(self) -> bool:
        """Whether there is a plan."""
        return self.plan is not None

    @property
    def code(self) -> str:
        """The school's code: as typed, or else as issued."""
        return self._cover("school_code") or (self.stamp.school_code if self.stamp else "")

    @property
    def name(self) -> str:
        """The school's name as typed."""
        return self._cover("school_name")

    @property
    def kind(self) -> SchoolKind | None:
        """The school kind the template was issued for."""
        return school_kind(self.stamp.kind) if self.stamp else None

    @property
    def school_year(self) -> str:
        """The school year as typed, or else as issued."""
        return self._cover("school_year") or (self.stamp.school_year if self.stamp else "")

    def _cover(self, field: str) -> str:
        if self.plan is None:
            return ""
        value = typed(self.plan.cell(field), Type.TEXT)
        return "" if value is None else normalise(str(value))


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read: within which bounds, and with what password if they ask for one.

    ``limits`` go before those that a workbook was issued with. ``only_cover`` is for
    those who ask whose file it is: the plan then holds the cover and no table.
    """

    limits: Limits = ()
    bounds: Bounds = SAFE
    password: str = ""
    only_cover: bool = False


AS_ISSUED = Reading()


def read_submission(
    path: Path, catalogue: Catalogue, reading: Reading = AS_ISSUED, contents: Contents | None = None
) -> Submission:
    """Read one file, or its ``contents`` where they are in memory already.

    Never raises for what the file holds: that becomes a finding.
    """
    return read_package(path, catalogue, reading, contents=contents)[0]


def read_package(
    path: Path,
    catalogue: Catalogue,
    reading: Reading = AS_ISSUED,
    layout_of: LayoutOf | None = None,
    contents: Contents | None = None,
) -> tuple[Submission, Package | None]:
    """Read one file, and keep it open for who looks beyond the form (None: not read).

    ``layout_of`` says where everything stands; without it, as the stamp has it.
    """
    digest = ""
    modified = saved = None
    try:
        contents = contents or read_contents(path, reading.bounds)
        content, modified = contents.data, contents.modified
        digest = hashlib.sha256(content).hexdigest()
        if reading.password:
            content = decrypted(content, reading.password)
        package = open_package(content, reading.bounds)
        saved = _saved_at(package)
        stamp = _read_stamp(package)
        layout = (layout_of or issued_layout)(package, stamp, catalogue, reading.limits)
        if reading.only_cover:
            plan, found = _read_cover(package, layout)
        else:
            plan, found = _read_plan(package, layout, stamp, keeps_places=layout_of is not None)
    except UnreadableError as error:
        return Submission(path, digest, modified, None, None, (error.finding,), saved), None
    except OSError as error:
        reason = UnreadableError(rules.CANNOT_OPEN, found=error.strerror or str(error))
        return Submission(path, digest, modified, None, None, (reason.finding,), saved), None
    return Submission(path, digest, modified, stamp, plan, tuple(found), saved), package


_SAVED = re.compile(r"<(?:\w+:)?modified\b[^>]*>\s*([^<]+?)\s*<")


def _saved_at(package: Package) -> datetime | None:
    """When a program says it saved the workbook; None where it says nothing that is a time."""
    try:
        found = _SAVED.search(package.part("docProps/core.xml").decode("utf-8", "replace"))
        moment = datetime.fromisoformat(found[1]) if found else None
        if moment is None or moment.tzinfo is None:
            return moment and moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (UnreadableError, ValueError, OverflowError):
        return None


_PROPERTY = re.compile(rf'name="{STAMP_PROPERTY}"[^>]*>\s*<(?:\w+:)?lpwstr>([^<]*)<', re.IGNORECASE)


def _read_stamp(package: Package) -> Stamp:
    """The stamp of a workbook: of its copies, the first in which nobody wrote."""
    if is_of_district(package):
        raise UnreadableError(rules.DISTRICT_WORKBOOK)
    found: Stamp | None = None
    for line in _stamp_lines(package):
        try:
            stamp = Stamp.decode(line)
        except ValueError:
            continue
        if stamp.is_whole:
            return stamp
        found = found or stamp
    if found is None:
        raise UnreadableError(rules.NOT_OURS)
    return found


def _written_stamps(package: Package) -> Iterator[tuple[str, str]]:
    """The copies of the stamp that are quick to find, by where they stand."""
    found = _PROPERTY.search(package.part("docProps/custom.xml").decode("utf-8", "replace"))
    if found:
        yield STAMP_PROPERTY, unescape(found[1]).strip()
    if STAMP_NAME in package.names:
        yield STAMP_NAME, package.names[STAMP_NAME].strip('"')


def _stamp_lines(package: Package) -> Iterator[str]:
    yield from (line for _, line in _written_stamps(package))
    if STAMP_SHEET in package.sheets:
        value = read_sheets(package, [STAMP_SHEET])[STAMP_SHEET].get(1, 0)
        if isinstance(value, str):
            yield value


def issued_layout(
    _package: Package, stamp: Stamp, catalogue: Catalogue, limits: Limits = ()
) -> Layout:
    """The layout of the stamp in a package; see :func:`layout_of_stamp`."""
    return layout_of_stamp(stamp, catalogue, limits)


def layout_of_stamp(stamp: Stamp, catalogue: Catalogue, limits: Limits = ()) -> Layout:
    """The layout a stamp speaks of; ``limits`` go before the stamp's.

    Raises:
        UnreadableError: this version of the tool has no such layout.
    """
    regulation = catalogue.get(stamp.regulation)
    if regulation is None:
        raise UnreadableError(rules.UNKNOWN_VERSION, found=stamp.regulation)
    try:
        chosen = tuple({**dict(stamp.limits), **dict(limits)}.items())
        layout = build_layout(regulation, stamp.rows, stamp.form, chosen)
    except ValueError as error:
        raise UnreadableError(rules.UNKNOWN_VERSION, found=str(error)) from None
    if structure_of(layout) != stamp.structure:
        found = f"v{stamp.version}, {stamp.form}, {stamp.regulation}, {stamp.structure}"
        if stamp.tool:
            found = f"kdcl-xl {stamp.tool}, {found}"
        raise UnreadableError(rules.UNKNOWN_VERSION, found=found)
    return layout


def _read_cover(package: Package, layout: Layout) -> tuple[Plan, list[Finding]]:
    wanted = [s for s in layout.sheets if s.cells or s.columns]
    package, _ = _with_known_sheets(package, layout, wanted)
    name = layout.sheet("cover").name
    contents = read_sheets(package, [name])
    standing, _ = _as_it_stands(layout, [layout.sheet("cover")], contents)
    cover, content = standing.sheet("cover"), contents[name]
    return Plan(layout, {cover.key: _single_cells(cover, content)}, {}), []


def _single_cells(placed: PlacedSheet, content: SheetCells) -> dict[str, Raw]:
    """What the cells beside the tables hold, but for what is computed."""
    return {c.field: None if c.cell.derived else content.get(c.row, c.index) for c in placed.cells}


def _read_plan(
    package: Package, issued: Layout, stamp: Stamp, keeps_places: bool = False
) -> tuple[Plan, list[Finding]]:
    wanted = [s for s in issued.sheets if s.cells or s.columns]
    package, renamed = _with_known_sheets(package, issued, wanted)
    strings = strings_of(package)
    sheets = read_sheets(package, [s.name for s in wanted], strings)
    layout, found = _as_it_stands(issued, wanted, sheets)
    shifted = frozenset(f.sheet or "" for f in found)
    # What carries a file over looks at the file's own places; all others at the issued ones.
    is_issued = structure_of(issued) == stamp.structure and not keeps_places
    known = issued if is_issued else layout
    found += [_renamed(name, was) for name, was in renamed.items()]
    cells: dict[str, dict[str, Raw]] = {}
    rows: dict[str, list[tuple[int, list[Raw]]]] = {}
    for placed in layout.sheets:
        if placed.name not in sheets:
            continue
        content = sheets[placed.name]
        cells[placed.key] = _single_cells(placed, content)
        rows[placed.key] = list(_rows(placed, content))
        if package.dates_from_1904:
            _count_from_1900(placed, cells[placed.key], rows[placed.key])
        own = known.sheet(placed.key)
        if own is not placed and placed.columns:
            rows[placed.key], beyond = _moved_back(own, placed, content, rows[placed.key])
            found += beyond
        found += _stray(layout, placed, content)
        found += _uncomputed(placed, content)
        if placed.name in shifted:
            found += _under_no_heading(placed, content)
    found += _extra_sheets(extra_sheets(package, layout))
    found += hazards(package)
    found += _stamps(package)
    if structure_of(issued) == stamp.structure:
        found += tampering(Opened(package, stamp, issued, sheets, strings, shifted, renamed))
    plan = complete_plan(known, cells, rows)
    code = plan.cell("school_code")
    if stamp.school_code and filled(code):
        written = show(code, as_date=False)
        if normalise(written) != normalise(stamp.school_code):
            found.append(_code_changed(layout, written, stamp.school_code))
    return plan, found


def _with_known_sheets(
    package: Package, layout: Layout, wanted: Sequence[PlacedSheet]
) -> tuple[Package, Mapping[str, str]]:
    """The package with its sheets under their issued names, and those names by the file's own.

    Raises:
        UnreadableError: a sheet with inputs is not there under any name.
    """
    missing = [sheet for sheet in wanted if sheet.name not in package.sheets]
    if not missing:
        return package, {}
    known = {sheet.name for sheet in layout.sheets}
    others = read_sheets(package, [name for name in package.sheets if name not in known])
    renamed: dict[str, str] = {}
    for sheet in missing:
        alike = [n for n, c in others.items() if n not in renamed and _is_it(layout, sheet, c)]
        if len(alike) != 1:
            raise UnreadableError(rules.SHEET_MISSING, found=sheet.name)
        renamed[alike[0]] = sheet.name
    sheets = {renamed.get(name, name): part for name, part in package.sheets.items()}
    hidden = frozenset(renamed.get(name, name) for name in package.hidden)
    return replace(package, sheets=sheets, hidden=hidden), renamed


def _is_it(layout: Layout, placed: PlacedSheet, content: SheetCells) -> bool:
    """Whether a sheet has exactly the headings or labels of one of the form."""
    if placed.key in ("cover", "lists"):
        labels = (
            [(c.row, COVER_LABEL, c.cell.label.vi) for c in placed.cells]
            if placed.cells
            else [(placed.header_row, area.index, area.header.vi) for area in layout.areas]
        )
        return all(_heading(content, row, index) == fold(text) for row, index, text in labels)
    try:
        _refuse_moved(layout, placed, content)
    except UnreadableError:
        return False
    headings = [(c.index, fold(c.column.header.vi)) for c in placed.columns]
    return all(_heading(content, placed.header_row, index) == text for index, text in headings)


def _renamed(name: str, issued: str) -> Finding:
    words = {"found": name[:LONGEST_SHOWN], "issued": issued}
    return finding(tampered.RENAMED, sheet=issued, value=name, words=words)


def _as_it_stands(
    layout: Layout, wanted: Sequence[PlacedSheet], sheets: Mapping[str, SheetCells]
) -> tuple[Layout, list[Finding]]:
    """The layout with moved headings where the file has them, and a finding for each move.

    Raises:
        UnreadableError: something moved and its meaning is not certain.
    """
    placed_anew: dict[str, PlacedSheet] = {}
    found: list[Finding] = []
    for placed in wanted:
        content = sheets[placed.name]
        try:
            _refuse_moved(layout, placed, content)
        except UnreadableError as error:
            from kdcl_xl.found_layout import found_whole  # which asks this module in turn

            moved = found_whole(placed, content)
            if moved is None:
                raise
            _refuse_moved(layout, moved, content)
            placed_anew[placed.key] = moved
            found.append(_shifted(placed, error))
            continue
        grown = _grown(placed, content)
        if grown is not placed:
            placed_anew[placed.key] = grown
    if not placed_anew:
        return layout, []
    sheets_now = tuple(placed_anew.get(sheet.key, sheet) for sheet in layout.sheets)
    return replace(layout, sheets=sheets_now), found


def _shifted(placed: PlacedSheet, error: UnreadableError) -> Finding:
    cell = str(error.words.get("cell", ""))
    return finding(tampered.SHIFTED, sheet=placed.name, cell=cell, words={"cell": cell})


def _moved_back(
    own: PlacedSheet,
    placed: PlacedSheet,
    content: SheetCells,
    rows: Sequence[tuple[int, list[Raw]]],
) -> tuple[list[tuple[int, list[Raw]]], list[Finding]]:
    """Rows where they stood as issued, but for blank ones that somebody inserted.

    What then lies beyond the table is told of.
    """
    used = {row for row, _ in rows}
    computed = next((c.letter for c in placed.columns if c.column.derived), "")
    inserted = [
        row
        for row in range(placed.first_row, placed.last_row + 1)
        if row not in used and f"{computed}{row}".encode() not in content.formulas
    ][: max(0, placed.row_count - own.row_count)]
    indices = [placed.column(column.field).index for column in own.columns]
    kept: list[tuple[int, list[Raw]]] = []
    beyond: list[Finding] = []
    for row, values in rows:
        issued = row - placed.header_row + own.header_row - sum(n < row for n in inserted)
        if issued <= own.last_row:
            kept.append((issued, [values[i] for i in indices]))
            continue
        for index in indices:
            if filled(values[index]):
                shown = show(values[index], as_date=False)
                beyond.append(_stray_finding(placed, f"{letter_of(index)}{row}", shown))
    return kept, beyond


def _under_no_heading(placed: PlacedSheet, content: SheetCells) -> Iterator[Finding]:
    """What was typed into columns that the form does not have."""
    own = {column.field for column in placed.sheet.columns}
    for column in placed.columns:
        for row in range(placed.header_row, placed.last_row + 1):
            value = content.get(row, column.index)
            if column.field not in own and filled(value):
                shown = show(value, as_date=False)
                yield _stray_finding(placed, f"{column.letter}{row}", shown)


def _grown(placed: PlacedSheet, content: SheetCells) -> PlacedSheet:
    """A table with the rows that somebody inserted: its last rows then stand further down."""
    computed = next((c.letter for c in placed.columns if c.column.derived), None)
    if computed is None or placed.key == "self_assessment":
        return placed
    last = placed.last_row
    while f"{computed}{last + 1}".encode() in content.formulas:
        last += 1
    return replace(placed, row_count=last - placed.header_row) if last > placed.last_row else placed


def _stamps(package: Package) -> Iterator[Finding]:
    """A stamp in which somebody wrote, or of which the file holds another copy."""
    lines = {line for _, line in _written_stamps(package)}
    if STAMP_SHEET in package.sheets:
        parts = (package.part(package.strings), package.part(package.sheets[STAMP_SHEET]))
        written = [part for part in parts if STAMP_MARK.encode() in part]
        known = [escape(line, quote=False).encode() for line in lines]
        if written and not all(any(line in part for part in written) for line in known):
            lines.add("")
    if len(lines) > 1 or not all(_is_whole(line) for line in lines):
        yield finding(tampered.STAMP, words={})


def _is_whole(line: str) -> bool:
    try:
        return Stamp.decode(line).is_whole
    except ValueError:
        return False


DAYS_TO_1904 = 1462
"""What a date of a workbook that counts from 1904 is short of."""


def _count_from_1900(
    placed: PlacedSheet, cells: dict[str, Raw], rows: Sequence[tuple[int, list[Raw]]]
) -> None:
    """Turn the dates of a workbook of Excel for Mac into what they show, wherever one belongs."""
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


def _rows(placed: PlacedSheet, content: SheetCells) -> Iterator[tuple[int, list[Raw]]]:
    """The rows in use with what was typed; whatever is computed is left to be computed anew."""
    always = placed.key == "self_assessment"
    inputs = {c.index for c in placed.columns if not c.column.locked}
    typed_formulas: dict[int, list[int]] = {}
    for _, row, index, _ in _typed_formulas(placed, content):
        typed_formulas.setdefault(row, []).append(index)
    table = range(placed.first_row, placed.last_row + 1 if placed.columns else 0)
    used = sorted({*content.rows, *typed_formulas}.intersection(table))
    for row in table if always else used:
        found = content.rows.get(row)
        values: list[Raw] = [None] * len(placed.columns)
        for index, value in found.items() if found else ():
            if index in inputs:
                values[index] = value
        for index in typed_formulas.get(row, ()):
            values[index] = content.get(row, index)
        if always or any(filled(values[i]) for i in inputs):
            yield row, values


def _stray(layout: Layout, placed: PlacedSheet, content: SheetCells) -> Iterator[Finding]:
    """Content below the table, beside the input cells, or far away; never our own formulas."""
    for ref in content.far:
        yield _stray_finding(placed, ref, "…")
    width = len(placed.columns) or COVER_CHECK
    last = placed.last_row or max((c.row for c in placed.cells), default=0)
    if placed.key == "lists":
        width = max(area.index for area in layout.areas) + 1
        longest = max(len(area.values) for area in layout.areas)
        last = max(last, placed.first_row + longest - 1)
    for number, values in content.rows.items():
        start = 0 if number > last else width
        for index, value in values.items():
            if index >= start and filled(value):
                ref = f"{letter_of(index)}{number}"
                yield _stray_finding(placed, ref, show(value, as_date=False))


def _uncomputed(placed: PlacedSheet, content: SheetCells) -> Iterator[Finding]:
    """Formulas in input cells whose result is not in the file."""
    for ref, row, index, field in _typed_formulas(placed, content):
        if content.get(row, index) is None:
            yield finding(
                rules.NOT_COMPUTED,
                sheet=placed.name,
                cell=ref,
                row=None if placed.has_cell(field) else row,
                field=field,
            )


def _typed_formulas(
    placed: PlacedSheet, content: SheetCells
) -> Iterator[tuple[str, int, int, str]]:
    """Address, row, column and field of the input cells that hold a formula, in their order."""
    for ref, place in content.found.formulas.once(_inputs_with, placed):
        yield ref.decode(), *place


def _inputs_with(
    formulas: Formulas, placed: PlacedSheet
) -> Sequence[tuple[bytes, tuple[int, int, str]]]:
    places = input_places(placed)
    if places.keys().isdisjoint(formulas.cells):
        return ()
    return [(ref, place) for ref, place in places.items() if ref in formulas.cells]


def _refuse_moved(layout: Layout, placed: PlacedSheet, content: SheetCells) -> None:
    """Refuse a sheet whose headings or labels stand in other places than issued.

    A heading in other words may come from another version of the tool; a heading of
    ours in a wrong place means that contents moved.

    Raises:
        UnreadableError: something moved; names the cell.
    """
    if placed.key == "cover":
        labels = {fold(c.cell.label.vi): c.row for c in placed.cells}
        for row in range(1, placed.cells[-1].row + _NEAR):
            known = labels.get(_heading(content, row, COVER_LABEL))
            if known not in (None, row):
                raise _moved(placed, row, COVER_LABEL)
    elif placed.columns and placed.key != "lists":
        _refuse_moved_columns(placed, content)
    if placed.key == "self_assessment":
        _refuse_other_criteria(layout, placed, content)


_NEAR = 5
"""Rows around its place in which a heading is looked for."""


def _heading(content: SheetCells, row: int, index: int) -> str:
    value = content.get(row, index)
    return fold_once(value.removesuffix(" *")) if isinstance(value, str) else ""


def _refuse_moved_columns(placed: PlacedSheet, content: SheetCells) -> None:
    expected = _headings(placed)
    if all(_heading(content, placed.header_row, i) == text for text, i in expected.items()):
        return
    for row in range(1, placed.header_row + _NEAR):
        found = {i: _heading(content, row, i) for i in range(len(placed.columns) + _NEAR)}
        known = {i: expected[text] for i, text in found.items() if text in expected}
        if len(known) * 2 < len(expected):
            continue  # a row of contents may hold a word or two of the headings
        wrong = next((i for i, own in known.items() if i != own or row != placed.header_row), None)
        if wrong is not None:
            raise _moved(placed, row, wrong)
        return
    raise _moved(placed, placed.header_row, 0)


@lru_cache(maxsize=256)
def _headings(placed: PlacedSheet) -> Mapping[str, int]:
    return {text: c.index for c in placed.columns if (text := fold(c.column.header.vi))}


def _refuse_other_criteria(layout: Layout, placed: PlacedSheet, content: SheetCells) -> None:
    """Refuse where another criterion stands than issued; in other words it may still be meant.

    Raises:
        UnreadableError: rows moved, or too few criteria can be told.
    """
    index = placed.column("criterion").index
    told = 0
    for position, criterion in enumerate(layout.regulation.criteria):
        row = placed.first_row + position
        value = content.get(row, index)
        meant = layout.regulation.criterion(value) if isinstance(value, str) else None
        if meant is not None and meant.code != criterion.code:
            raise _moved(placed, row, index)
        if not filled(value):
            raise _moved(placed, row, index)
        told += meant is not None
    if told * 2 < len(layout.regulation.criteria):
        raise _moved(placed, placed.first_row, index)


def _moved(placed: PlacedSheet, row: int, index: int) -> UnreadableError:
    return UnreadableError(rules.MOVED, cell=f"{letter_of(index)}{row}", sheet=placed.name)


def is_of_district(package: Package) -> bool:
    """Whether a package is a district workbook; programs lose the property at times."""
    named = DISTRICT_PROPERTY.encode() in package.part("docProps/custom.xml")
    return named or ARCHIVE_SHEET in package.sheets


def open_workbook(path: Path, reading: Reading = AS_ISSUED) -> Package:
    """Open the workbook in a file that a person named as one of ours.

    Raises:
        UnreadableError: it is none, or cannot be opened.
    """
    bounds = reading.bounds.widened(OWN_WORKBOOK)
    content = read_contents(path, bounds).data
    if reading.password:
        content = decrypted(content, reading.password)
    return open_package(content, bounds)


def is_district_workbook(path: Path, reading: Reading = AS_ISSUED) -> bool:
    """Whether a file is a district workbook of ours."""
    try:
        return is_of_district(open_workbook(path, reading))
    except (UnreadableError, OSError):
        return False


def _stray_finding(placed: PlacedSheet, cell: str, value: str) -> Finding:
    return finding(
        rules.STRAY_CELLS,
        sheet=placed.name,
        cell=cell,
        row=int(re.sub(r"\D", "", cell)),
        value=value,
        words={"cell": cell, "value": value},
    )


def extra_sheets(package: Package, layout: Layout) -> list[str]:
    """Names of the sheets that neither the form, nor a migration, nor requests put there."""
    known = {sheet.name for sheet in layout.sheets}
    extra = [name for name in package.sheets if name not in known]
    named = [name for name in extra if may_be_left_behind(name) or may_be_sent_back(name)]
    candidates = read_sheets(package, named) if named else {}
    ours = {
        name
        for name, content in candidates.items()
        if (may_be_left_behind(name) and is_left_behind(content))
        or (may_be_sent_back(name) and is_sent_back(content))
    }
    return [name for name in extra if name not in ours]


def _extra_sheets(names: list[str]) -> Iterator[Finding]:
    for name in names:
        yield finding(rules.UNREAD_SHEET, sheet=name, words={"found": name[:LONGEST_SHOWN]})


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
