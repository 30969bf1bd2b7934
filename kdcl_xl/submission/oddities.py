"""Name what cannot be read in a file beside everything that is read: odd cells, damaged parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kdcl_xl.submission.as_shown import named
from kdcl_xl.template.locked import input_places
from kdcl_xl.xlsx.areas import place_in
from kdcl_xl.xlsx.cells import SheetCells
from kdcl_xl.xlsx.odd_cells import OddCell, Oddity
from kdcl_xl.xlsx.workbook import Workbook
from macros_free_validation.rule import Finding, Rule, finding
from macros_free_validation.rules import oddities as rules
from macros_free_validation.values import LONGEST_SHOWN
from workbook_templates.layout import PlacedSheet
from workbook_templates.text import Text, one_line

_MOST_SAID = 3
"""Contents of odd cells that one finding quotes."""
NO_PART = Text("tệp không có nội dung của trang", "the file has no content for it")


def odd_cells(placed: PlacedSheet, content: SheetCells) -> Iterator[Finding]:
    """Yield one finding for all odd cells of a sheet with one reason, inputs and others apart."""
    if not content.odd:
        return
    inputs = input_places(placed)
    groups: dict[tuple[Rule, Oddity], list[OddCell]] = {}
    for cell in content.odd:
        outside = rules.LOWER_CASE if cell.is_taken else rules.ODD_CELLS_OUTSIDE
        rule = rules.ODD_CELLS if cell.ref.encode() in inputs and not cell.is_taken else outside
        groups.setdefault((rule, cell.why), []).append(cell)
    for (rule, why), cells in groups.items():
        places = [place_in(cell.ref)[::-1] for cell in cells]
        found, first = named(places)
        words = {"cells": found, "why": why.value, "said": _said(cells)}
        yield finding(rule, sheet=placed.name, cell=first, words=words)


def _said(cells: Sequence[OddCell]) -> Text:
    """Return the contents that the file has for some odd cells, in words."""
    texts = [one_line(text)[:LONGEST_SHOWN] for cell in cells for text in cell.texts]
    more = ", …" if len(texts) > _MOST_SAID else ""
    shown = texts[:_MOST_SAID]
    if not shown:
        return Text("", "")
    vi = ", ".join(f"«{text}»" for text in shown)
    en = ", ".join(f"'{text}'" for text in shown)
    return Text(f" (trong tệp ghi: {vi}{more})", f" (in the file: {en}{more})")


def damaged_parts(workbook: Workbook) -> Iterator[Finding]:
    """Yield a finding for each sheet and part that was passed over."""
    for name in workbook.without_part:
        words = {"found": one_line(name)[:LONGEST_SHOWN], "why": NO_PART}
        yield finding(rules.UNREADABLE_SHEET, sheet=name, words=words)
    passed_over = workbook.package.passed_over
    if not passed_over:
        return
    names = {part: name for name, part in workbook.sheets.items()}
    owners = _owners(workbook)
    for part, cause in sorted(passed_over.items(), key=lambda entry: entry[0]):
        why = Text(cause.vi.removeprefix(f"{part}: "), cause.en.removeprefix(f"{part}: "))
        if part in names:
            words = {"found": one_line(names[part])[:LONGEST_SHOWN], "why": why}
            yield finding(rules.UNREADABLE_SHEET, sheet=names[part], words=words)
        else:
            words = {"part": one_line(part)[:LONGEST_SHOWN], "why": why}
            yield finding(rules.DAMAGED_PART, sheet=owners.get(part), words=words)


def _owners(workbook: Workbook) -> dict[str, str]:
    """Return the names of sheets by the parts that belong to them, such as their notes."""
    found: dict[str, str] = {}
    for name, part in workbook.sheets.items():
        for rels in workbook.package.parts_beside(part):
            found.setdefault(rels, name)
    return found
