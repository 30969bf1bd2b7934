"""The formulas and names of a workbook, as its XML has them, and what a program could refuse.

A shared formula holds no array constant, no reference to another sheet, no range that ``:`` makes
of two results, no intersection and no ``#REF!``: the binary formats of Excel forbid them ([MS-XLS]
2.5.198.118), and a program that keeps their model may call the file damaged. The formulas of
highlights and validations hold neither array constants nor other sheets, for the same reason
([MS-XLSB] 2.5.98.8). No formula depends on its own cell, not even by a range of which it uses one
cell. A name is a plain range, because Google Sheets holds nothing else; the few that cannot be one
are listed with their reason, and no formula of a cell uses them. An area to print is one plain
range, because ExcelJS cannot open a file with a formula or a union there.

``python -m tests.formulas`` prints the counts of every template.
"""

from __future__ import annotations

import io
import re
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from graphlib import CycleError, TopologicalSorter
from html import unescape
from xml.etree import ElementTree

from kdcl_xl.schools import School
from kdcl_xl.template.issue import template_bytes
from tests.build import YEARS
from workbook_templates.layout import build_layout, column_index
from workbook_templates.regulation import builtin_catalogue

NO_RANGE = {
    "dm_units": "a list that ends with the last unit typed, wherever a unit is dragged",
    "ds_": "the list of a dropdown that depends on another cell of its row",
    "kdcl_stamp": "the stamp's second copy, which no formula uses",
    "_xlnm.Print_Titles": "rows and columns to repeat, which may be a union of two ranges",
}
"""Beginnings of the names that no plain range can replace, with the reason."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_LITERAL = re.compile(r'"(?:[^"]|"")*"')
_SHEET = r"(?:'(?:[^']|'')+'|[A-Za-z_]\w*)!"
_REFERENCE = re.compile(
    rf"(?P<sheet>{_SHEET})?(?:"
    r"(?P<a>\$?[A-Z]{1,3}\$?\d+)(?::(?P<b>\$?[A-Z]{1,3}\$?\d+))?(?![\w(])"
    r"|(?P<c>\$?[A-Z]{1,3}):(?P<d>\$?[A-Z]{1,3})(?!\w)"
    r"|(?P<name>[A-Za-z_][\w.]*)(?![\w(!]))"
)
_CELL = re.compile(r"(\$?)([A-Z]+)(\$?)(\d+)")
_PLAIN = re.compile(rf"{_SHEET}\$[A-Z]+\$\d+(?::\$[A-Z]+\$\d+)?")
_FORMULA = re.compile(r'<c r="([A-Z]+)(\d+)"[^>]*><f([^>]*?)(?:/>|>([^<]*)</f>)')
_CONDITION = re.compile(r"<(?:formula\d?|xm:f)>([^<]*)<")
_CONSTANTS = {"TRUE", "FALSE"}
_LAST_ROW = 1_048_576

Cell = tuple[str, int, int]
"""Sheet, column from 0, row from 1."""
Area = tuple[str, int, int, int, int]
"""Sheet, first column and row, last column and row."""


@dataclass(frozen=True)
class Formula:
    """A formula, with the distance in columns and rows from the cell that has its text."""

    sheet: str
    text: str
    is_shared: bool = False
    right: int = 0
    down: int = 0

    @property
    def bare(self) -> str:
        """The text without what is between quotation marks."""
        return _bare(self.text)

    @property
    def settled(self) -> Formula:
        """The formula without its distance, if no reference depends on that."""
        refs = (ref[group] for ref in _references(self.text) for group in "ab" if ref[group])
        found = [_CELL.fullmatch(ref) for ref in refs]
        if all(ref and ref[1] and ref[3] for ref in found):
            return replace(self, right=0, down=0)
        return self

    def cell(self, ref: str) -> tuple[int, int]:
        """Return column and row of a reference, moved by the distance."""
        found = _CELL.fullmatch(ref)
        assert found
        right, down = (0 if found[1] else self.right), (0 if found[3] else self.down)
        return column_index(found[2]) + right, int(found[4]) + down


@cache
def _bare(text: str) -> str:
    return _LITERAL.sub('""', text)


@cache
def _references(text: str) -> list[re.Match[str]]:
    return list(_REFERENCE.finditer(_bare(text)))


@dataclass(frozen=True)
class Formulas:
    """The formulas of a workbook by cell, its conditions, and its names."""

    cells: Mapping[Cell, Formula]
    names: Mapping[str, str]
    conditions: frozenset[str] = frozenset()
    """Formulas of highlights and validations."""

    @cached_property
    def shared(self) -> list[Formula]:
        """The shared formulas, each once."""
        return [f for f in self.cells.values() if f.is_shared and not (f.right or f.down)]

    def areas(self, formula: Formula) -> Iterator[Area]:
        """Yield every area that a formula refers to, those behind names included."""
        for found in _references(formula.text):
            sheet = (found["sheet"] or formula.sheet).rstrip("!").strip("'").replace("''", "'")
            if name := found["name"]:
                if name in self.names:
                    yield from self.areas(Formula(formula.sheet, self.names[name]))
            elif found["a"]:
                first = formula.cell(found["a"])
                yield sheet, *first, *(formula.cell(found["b"]) if found["b"] else first)
            else:
                left, right = (column_index(found[k].lstrip("$")) for k in "cd")
                yield sheet, left, 1, right, _LAST_ROW

    def circle(self) -> list[object]:
        """Return the cells, formulas and areas of a circle, if there is one."""
        rows: dict[tuple[str, int], list[int]] = {}
        for sheet, column, row in sorted(self.cells):
            rows.setdefault((sheet, column), []).append(row)
        graph: dict[object, set[object]] = {}
        for cell, formula in self.cells.items():
            settled = formula.settled
            graph[cell] = {settled}
            if settled in graph:
                continue
            areas = set(self.areas(settled))
            graph[settled] = {*areas}
            for area in areas:
                if area in graph:
                    continue
                sheet, left, top, right, bottom = area
                inside: set[object] = set()
                for column in range(left, right + 1):
                    there = rows.get((sheet, column), [])
                    part = there[bisect_left(there, top) : bisect_right(there, bottom)]
                    inside |= {(sheet, column, row) for row in part}
                graph[area] = inside
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            return list(error.args[1])
        return []

    def no_ranges(self) -> dict[str, str]:
        """Return the names that are no plain range, with their formulas."""
        return {name: text for name, text in self.names.items() if not _PLAIN.fullmatch(text)}

    def refusals(self) -> list[str]:
        """Return every breach of the rules above, in words."""
        found = []
        shared = {f.bare for f in self.shared}
        for text in shared:
            operators = _REFERENCE.sub("", text)
            found += [f"range of results: {text[:200]}"] * (":" in operators)
            found += [f"intersection: {text[:200]}"] * (" " in operators)
        for text in shared | {_bare(text) for text in self.conditions}:
            found += [f"array constant: {text[:200]}"] * ("{" in text)
            found += [f"another sheet or #REF!: {text[:200]}"] * ("!" in text)
        strange = self.no_ranges()
        found += [
            f"name {name}: {text}"
            for name, text in strange.items()
            if not name.startswith(tuple(NO_RANGE))
        ]
        texts = {f.text for f in self.cells.values()}
        used = {ref["name"] for text in texts for ref in _references(text) if ref["name"]}
        found += [f"a formula uses the name {name}" for name in used & strange.keys()]
        found += [f"no such name: {name}" for name in used - self.names.keys() - _CONSTANTS]
        if circle := self.circle():
            found.append(f"circle: {circle}")
        return found


def formulas_of(content: bytes) -> Formulas:
    """Read the formulas and names of a workbook off its XML."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        parts = {link.get("Id"): f"xl/{link.get('Target')}" for link in links}
        sheets = {
            sheet.get("name", ""): archive.read(parts[sheet.get(f"{_REL}id")]).decode()
            for sheet in root.iter(f"{_MAIN}sheet")
        }
    cells: dict[Cell, Formula] = {}
    for sheet, xml in sheets.items():
        masters: dict[str, tuple[str, int, int]] = {}
        for letters, digits, attributes, raw in _FORMULA.findall(xml):
            column, row, text = column_index(letters), int(digits), unescape(raw)
            group = re.search(r'\bsi="(\d+)"', attributes)
            if group is None:
                cells[sheet, column, row] = Formula(sheet, text)
                continue
            text, first, top = masters.setdefault(group[1], (text, column, row))
            cells[sheet, column, row] = Formula(sheet, text, True, column - first, row - top)
    conditions = frozenset(unescape(t) for xml in sheets.values() for t in _CONDITION.findall(xml))
    # Excel's own names belong to a sheet: several sheets have one of the same name.
    names = {
        name.get("name", "") + name.get("localSheetId", ""): name.text or ""
        for name in root.iter(f"{_MAIN}definedName")
    }
    return Formulas(cells, names, conditions)


TEMPLATES = [(r.id, r.form) for r in builtin_catalogue().regulations] + [
    ("tt57-2026-pho-thong", "2018")
]
"""Regulation and form of every kind of template."""


@cache
def template_of(regulation: str, form: str) -> bytes:
    """Return a blank template of the usual number of rows."""
    law = next(r for r in builtin_catalogue().regulations if r.id == regulation)
    layout = build_layout(law, form_id=form)
    return template_bytes(layout, School("001", "Trường A", law.kinds[0]), YEARS[law.form])


def _counts(content: bytes) -> dict[str, int]:
    found = formulas_of(content)
    return {
        "bytes": len(content),
        "formulas": len(found.cells),
        "shared formulas": len(found.shared),
        "cells that share": sum(f.is_shared for f in found.cells.values()),
        "shared with array constant": sum("{" in f.bare for f in found.shared),
        "shared with another sheet": sum("!" in f.bare for f in found.shared),
        "circles": bool(found.circle()),
        "names": len(found.names),
        "names that are no plain range": len(found.no_ranges()),
    }


if __name__ == "__main__":
    for key in TEMPLATES:
        figures = _counts(template_of(*key))
        print(*key, *(f"{name}: {number}" for name, number in figures.items()), sep=" | ")
