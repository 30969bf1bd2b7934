"""Recognise a plan whose stamp is lost: by the headings of its sheets, whatever their names.

Sheets that are copied into a new workbook, or exported by Numbers or Google Sheets, keep their
headings and nothing else. A stamp cannot be guessed: a person says the kind of school and the
school year. Everything else is in the headings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from kdcl_xl.submission.layout_by_headings import header_row_of, layout_in_file
from kdcl_xl.submission.model import Given
from kdcl_xl.template.stamp import Stamp
from kdcl_xl.xlsx.cells import SheetCells
from kdcl_xl.xlsx.package import UnreadableError
from kdcl_xl.xlsx.workbook import Workbook
from macros_free_validation.rules import workbook as rules
from workbook_templates.forms import FORMS
from workbook_templates.layout import (
    BLOCK_ROW,
    COVER_LABEL,
    FEWEST_ROWS,
    MOST_ROWS,
    Layout,
    PlacedSheet,
    build_layout,
)
from workbook_templates.regulation import Catalogue, Regulation
from workbook_templates.text import fold

_NEEDED = ("cover", "self_assessment", "plan")
_FEWEST_LABELS = 0.5
"""Share of the cover's labels that a sheet has at least."""


def is_recognised(workbook: Workbook, catalogue: Catalogue) -> bool:
    """Return whether a workbook has the headings of a form: they can be carried over."""
    return any(
        _sheets_by_headings(workbook, build_layout(regulation, FEWEST_ROWS, form)) is not None
        for form, regulation in _first_of_forms(catalogue)
    )


def _first_of_forms(catalogue: Catalogue) -> Iterator[tuple[str, Regulation]]:
    """Yield each form with one regulation: the headings of a form are nearly the same in all."""
    for form in FORMS:
        yield form, catalogue.regulations[0]


def with_given_stamp(
    workbook: Workbook, given: Given, catalogue: Catalogue
) -> tuple[Workbook, Stamp]:
    """Return a workbook under the names of the form's sheets, and a stamp from what is given.

    Form and regulation are those whose headings and criteria the workbook has most of.

    Raises:
        UnreadableError: the headings are those of no form, or the criteria of no regulation for
            that kind of school.
    """
    best: tuple[int, Workbook, Stamp] | None = None
    for form in FORMS:
        for regulation in catalogue.regulations:
            if given.kind not in regulation.kinds:
                continue
            known = build_layout(regulation, FEWEST_ROWS, form)
            names = _sheets_by_headings(workbook, known)
            if names is None:
                continue
            renamed = _renamed(workbook, names)
            count = _likeness(renamed, known)
            if count and (best is None or count > best[0]):
                best = count, renamed, _stamp(renamed, known, given)
    if best is None:
        raise UnreadableError(rules.NOT_OURS)
    return best[1], best[2]


def _stamp(workbook: Workbook, known: Layout, given: Given) -> Stamp:
    """Return a stamp whose structure is that of no version, so that the headings decide."""
    plan = known.sheet("plan")
    content = workbook.sheet(plan.name)
    rows = content.last_row - header_row_of(plan, content)
    return Stamp(
        known.form.id,
        known.regulation.id,
        given.kind.id,
        given.school_year,
        min(max(rows, FEWEST_ROWS), MOST_ROWS),
        given.school_code,
        structure="",
    )


def _likeness(workbook: Workbook, known: Layout) -> int:
    """Return how much of a form and a regulation a workbook has; 0 for too little to be read.

    The criteria count first, then the headings that the form knows.
    """
    try:
        found = layout_in_file(workbook, known)
    except UnreadableError:
        return 0
    sheet = found.sheet("self_assessment")
    index = sheet.column("criterion").index if sheet.has_column("criterion") else 0
    content = workbook.sheet(sheet.name)
    labels = {fold(criterion.label) for criterion in known.regulation.criteria}
    rows = range(sheet.header_row + 1, sheet.header_row + 1 + len(known.regulation.criteria))
    values = (content.get(row, index) for row in rows)
    criteria = sum(isinstance(value, str) and fold(value) in labels for value in values)
    fields = {c.field for s in known.sheets for c in s.columns}
    headings = sum(c.field in fields for s in found.sheets for c in s.columns)
    return 1000 * criteria + headings if criteria * 2 > len(labels) else 0


def _sheets_by_headings(workbook: Workbook, known: Layout) -> Mapping[str, str] | None:
    """Return the file's names of the form's sheets; None where a sheet that is needed lacks."""
    contents = workbook.readable(name for name in workbook.sheets)
    names: dict[str, str] = {}
    for sheet in known.sheets:
        if not (sheet.cells or sheet.columns):
            continue
        like = {name: _headings(sheet, content) for name, content in contents.items()}
        # A sheet under its own name before another one with as many of its headings.
        best = max(like, key=lambda name: (like[name], name == sheet.name), default=None)
        if best is None or not like[best] or best in names:
            if sheet.key in _NEEDED:
                return None
            continue
        names[best] = sheet.name
    # The other sheets of the form hold nothing typed. Their names show through what Numbers adds.
    for sheet in known.sheets:
        if sheet.name not in names.values():
            own = (name for name in workbook.sheets if name.startswith(sheet.name))
            names |= {name: sheet.name for name in [next(own, "")] if name and name not in names}
    return names


def _headings(sheet: PlacedSheet, content: SheetCells) -> int:
    """Return the number of a sheet's headings or labels that a sheet of the file has."""
    if sheet.key != "cover":
        row = header_row_of(sheet, content)
        wanted = {fold(text) for c in sheet.columns for text in c.column.headings}
        texts = {fold(_text(content, row, i)) for i in range(content.width(row))} if row else set()
        return len(texts & wanted)
    labels = {fold(label) for c in sheet.cells for label in c.cell.labels}
    rows = range(BLOCK_ROW, content.last_row + 1)
    found = len({fold(_text(content, row, COVER_LABEL)) for row in rows} & labels)
    return found if found >= _FEWEST_LABELS * len(sheet.cells) else 0


def _text(content: SheetCells, row: int, index: int) -> str:
    value = content.get(row, index)
    return value.removesuffix(" *").strip() if isinstance(value, str) else ""


def _renamed(workbook: Workbook, names: Mapping[str, str]) -> Workbook:
    """Return a workbook with some sheets under the form's names."""
    others = {name: part for name, part in workbook.sheets.items() if name not in names}
    taken = set(names.values())
    sheets = {names[name]: part for name, part in workbook.sheets.items() if name in names}
    # A sheet of the school's own may bear a name of the form.
    sheets |= {f"{name} (2)" if name in taken else name: part for name, part in others.items()}
    return replace(workbook, sheets=sheets)
