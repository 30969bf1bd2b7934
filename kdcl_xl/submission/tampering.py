"""Find changes in the locked content of a workbook by comparing it with a fresh template.

The stamp's checksums show at once whether any locked content changed. Only if they differ
is the template made anew and compared cell by cell. No verdict depends on these findings:
the typed values are judged, and derived values computed, in any case.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from kdcl_xl import __version__
from kdcl_xl.template.editable import editable_spans, input_spans
from kdcl_xl.template.locked import (
    Locked,
    LockedSheet,
    accepted,
    fold_once,
    locked_of,
    normal_formulas,
)
from kdcl_xl.template.stamp import Stamp
from kdcl_xl.xlsx.areas import Span, areas, place_in
from kdcl_xl.xlsx.formulas import place_of
from kdcl_xl.xlsx.workbook import Workbook
from macros_free_validation.rule import Finding, finding
from macros_free_validation.rules import tampering as rules
from macros_free_validation.values import show
from workbook_templates.layout import Layout, PlacedSheet, build_layout
from workbook_templates.text import Text

_MOST_CHANGED = 0.25
"""Share of changed formulas above which a program rewrote them, not a person."""
_FEWEST_CHANGED = 100
_MOST_FINDINGS = 60
"""Findings of one rule on one sheet at most."""
_MOST_AREAS = 8
"""Areas that one finding names."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A returned workbook, its sheets under their issued names.

    ``layout`` is the issued one. ``shifted`` names the sheets whose rows or columns moved.
    ``renamed`` maps the file's own names of sheets to the issued ones.
    """

    workbook: Workbook
    stamp: Stamp
    layout: Layout
    shifted: frozenset[str] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=dict)


def tampering(opened: Opened) -> Iterator[Finding]:
    """Yield a finding for each change of locked content, and for each missing part.

    A damaged sheet without inputs is noted as passed over.
    """
    stamp = opened.stamp
    opened.workbook.readable(sheet.name for sheet in opened.layout.compared_sheets)
    locked = locked_of(opened.workbook, opened.layout, opened.renamed)
    yield from _version_findings(stamp)
    yield from _sheet_findings(opened)
    if not stamp.locked:
        return
    yield from _content_findings(opened, locked)


def _version_findings(stamp: Stamp) -> Iterator[Finding]:
    issued, own = _release(stamp.tool), _release(__version__)
    if stamp.tool and issued != own:
        rule = rules.NEWER if issued > own else rules.OLDER
        yield finding(rule, value=stamp.tool, words={"found": stamp.tool, "own": __version__})


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d{1,6}", version)[:3])


def _sheet_findings(opened: Opened) -> Iterator[Finding]:
    workbook = opened.workbook
    own = [sheet.name for sheet in opened.layout.compared_sheets if sheet.key != "stamp"]
    for name in own:
        if name not in workbook.sheets:
            yield finding(rules.DELETED, words={"found": name})
            continue
        if name in workbook.hidden:
            yield finding(rules.HIDDEN, sheet=name, words={"found": name})
        if not workbook.can_read(name):
            continue
        content = workbook.sheet(name)
        if not content.is_protected:
            yield finding(rules.UNPROTECTED, sheet=name, words={"found": name})
        elif name not in opened.shifted:
            yield from _range_findings(opened.layout, name, content.tail)
    present = [name for name in workbook.sheets if name in own]
    issued = [name for name in own if name in workbook.sheets]
    first = next((a for a, b in zip(present, issued, strict=True) if a != b), None)
    if first is not None:
        yield finding(rules.REORDERED, sheet=first, words={"found": first})


def _range_findings(layout: Layout, name: str, tail: bytes) -> Iterator[Finding]:
    """Yield a finding where inputs of a sheet have lost their edit range.

    Only the first rows are looked at: a range shrinks with rows that somebody deletes.
    """
    placed = next(sheet for sheet in layout.sheets if sheet.name == name)
    kept = editable_spans(tail)
    firsts = ((column, row, row) for column, row, _ in input_spans(layout, placed))
    if any(part for first in firsts for part in _without(first, kept)):
        yield finding(rules.RANGES, sheet=name, words={"found": name})


# --- formulas, texts, names, validations ------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Issued:
    """The locked content of a fresh template, its formulas in normal form."""

    locked: Locked
    formulas: Mapping[str, Mapping[str, str]]


@lru_cache(maxsize=8)
def _issued(layout: Layout) -> _Issued:
    """Return the locked content of a fresh template of a layout."""
    # Imported late: writing needs far more modules than reading, and few files need it.
    from kdcl_xl.schools import School
    from kdcl_xl.template.issue import template_bytes
    from kdcl_xl.template.seal import locked_in
    from workbook_templates.school_year import SchoolYear

    school = School("", "", layout.regulation.kinds[0])
    locked = locked_in(template_bytes(layout, school, SchoolYear(2026, 2027)), layout)
    formulas = {key: normal_formulas(sheet.locked_formulas) for key, sheet in locked.sheets.items()}
    return _Issued(locked, formulas)


def _content_findings(opened: Opened, locked: Locked) -> Iterator[Finding]:
    stamp = opened.stamp
    same = locked.checksum == stamp.locked
    same_inputs = locked.inputs_checksum == stamp.inputs
    if same and same_inputs:
        return
    own = opened.layout  # an authority may judge by other limits than it issued with
    issued = _issued(build_layout(own.regulation, own.rows, own.form.id, stamp.limits))
    moved = set(opened.shifted)
    if not same:
        # If even a fresh template has another checksum, another version issued this one, and
        # a comparison would only list the differences of versions.
        if issued.locked.checksum != stamp.locked:
            why = Text("mẫu do phiên bản khác phát hành", "another version issued the template")
            yield finding(rules.OTHER_LOCKED, words={"found": why})
        else:
            for placed in opened.layout.compared_sheets:
                if placed.name in moved:
                    continue
                found = list(_row_findings(placed, locked, issued))
                moved |= {placed.name} if found else set()
                yield from found
            if not moved:
                yield from _formula_findings(locked, issued)
                yield from _name_findings(locked, issued)
            yield from _text_findings(opened, locked, issued, moved)
    if not same_inputs and issued.locked.inputs_checksum == stamp.inputs:
        for key, sheet in issued.locked.sheets.items():
            if sheet.placed.name not in moved and key in locked.sheets:
                yield from _validation_findings(sheet, locked.sheets[key])


def _row_findings(placed: PlacedSheet, locked: Locked, issued: _Issued) -> Iterator[Finding]:
    """Yield the inserted and deleted rows of a table, found by the formulas that every row has."""
    if placed.key not in locked.sheets or not placed.columns or placed.key == "lists":
        return
    theirs = _formulas_by_row(locked.sheets[placed.key].locked_formulas)
    ours = _formulas_by_row(issued.locked.sheets[placed.key].locked_formulas)
    # A row with at most half of its formulas counts as a row without them.
    enough = ours[placed.last_row] / 2
    first = placed.first_row
    rows = sorted(row for row, count in theirs.items() if row >= first and count > enough > 0)
    if not rows:
        return
    holes = sorted(set(range(first, rows[-1])) - set(rows))
    deleted = placed.row_count - len(rows)
    last = placed.last_row
    if rows[-1] != last - deleted + len(holes) or (holes and rows[-1] <= last):
        return  # formulas were cleared in whole rows: reported cell by cell
    if holes:
        change = Text(f"chèn {len(holes)} dòng", f"{len(holes)} rows inserted")
        yield _row_finding(placed, holes[0], change)
    if deleted > 0:
        change = Text(f"xóa {deleted} dòng", f"{deleted} rows deleted")
        yield _row_finding(placed, rows[-1] + 1, change)


def _row_finding(placed: PlacedSheet, row: int, change: Text) -> Finding:
    cell = f"A{row}"
    words = {"cell": cell, "found": change}
    return finding(rules.ROWS, sheet=placed.name, cell=cell, row=row, words=words)


def _formulas_by_row(formulas: Iterable[bytes]) -> Counter[int]:
    return Counter(place_of(ref)[0] for ref in formulas)


def _formula_findings(locked: Locked, issued: _Issued) -> Iterator[Finding]:
    changed: dict[str, list[str]] = {}
    for key, ours in issued.formulas.items():
        if key in locked.sheets:
            theirs = normal_formulas(locked.sheets[key].locked_formulas)
            refs = [ref for ref in ours.keys() | theirs.keys() if ours.get(ref) != theirs.get(ref)]
            if refs:
                changed[key] = refs
    count, every = sum(map(len, changed.values())), sum(map(len, issued.formulas.values()))
    if count > max(_FEWEST_CHANGED, every * _MOST_CHANGED):
        why = Text(f"{count} công thức", f"{count} formulas")
        yield finding(rules.OTHER_LOCKED, words={"found": why})
        return
    for key, refs in changed.items():
        name = locked.sheets[key].placed.name
        spans = ((column, row, row) for column, row in map(place_in, refs))
        for cell, row in areas(spans)[:_MOST_FINDINGS]:
            yield finding(rules.FORMULA, sheet=name, cell=cell, row=row, words={"cell": cell})


def _name_findings(locked: Locked, issued: _Issued) -> Iterator[Finding]:
    for name, formula in issued.locked.names.items():
        if locked.names.get(name) != formula:
            yield finding(rules.NAME, value=name, words={"value": name})


def _text_findings(
    opened: Opened, locked: Locked, issued: _Issued, moved: set[str]
) -> Iterator[Finding]:
    for key, sheet in issued.locked.sheets.items():
        placed, returned = sheet.placed, locked.sheets.get(key)
        if returned is None or placed.name in moved:
            continue
        listed = _list_places(opened.layout, placed)
        before, now = sheet.texts, returned.texts
        for ref in sorted(before.keys() | now.keys(), key=place_in):
            ours, theirs = before.get(ref, ""), now.get(ref, "")
            if fold_once(ours) == fold_once(theirs) or ref.encode() in sheet.formulas.cells:
                continue  # a cell that had a formula is reported by the formula's rule
            value, was = show(theirs, as_date=False), show(ours, as_date=False)
            column, row = place_in(ref)
            yield finding(
                rules.LIST if (column, row) in listed else rules.TEXT,
                sheet=placed.name,
                cell=ref,
                row=row,
                value=value,
                words={"cell": ref, "value": value, "issued": was},
            )


def _list_places(layout: Layout, placed: PlacedSheet) -> set[tuple[int, int]]:
    """Return the columns (from 0) and rows (from 1) of the regulation's own words."""
    rows = range(placed.first_row, placed.first_row + 1000)
    if placed.key == "lists":
        return {(area.index, row) for area in layout.areas for row in rows}
    if placed.key == "self_assessment":
        return {(placed.column("criterion").index, row) for row in rows}
    return set()


def _validation_findings(ours: LockedSheet, theirs: LockedSheet) -> Iterator[Finding]:
    """Yield one note on all cells of a sheet whose dropdowns and bounds are gone."""
    kept = accepted(theirs.tail)
    lost = [
        missing
        for rule, spans in accepted(ours.tail).items()
        for span in spans
        for missing in _without(span, kept.get(rule, ()))
    ]
    found = areas(lost)
    if found:
        (first, row), more = found[0], "…" if len(found) > _MOST_AREAS else ""
        cells = ", ".join(cell for cell, _ in found[:_MOST_AREAS]) + more
        name, lost_rule = ours.placed.name, rules.VALIDATION_LOST
        yield finding(lost_rule, sheet=name, cell=first, row=row, words={"cell": cells})


def _without(span: Span, taken: Iterable[Span]) -> Iterator[Span]:
    """Yield the parts of a span that others do not cover; ``taken`` is in order of rows."""
    column, first, last = span
    for other, start, end in taken:
        if other == column and first <= end and start <= last:
            if first < start:
                yield column, first, start - 1
            first = end + 1
    if first <= last:
        yield column, first, last
