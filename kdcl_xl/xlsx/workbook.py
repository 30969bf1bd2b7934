"""An opened workbook: its sheets, names, notes and drawings, each read when asked for."""

from __future__ import annotations

import contextlib
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from xml.parsers import expat

from kdcl_xl.xlsx.annotations import coloured_cells, day_cells, drawings, notes
from kdcl_xl.xlsx.archive import is_numbers
from kdcl_xl.xlsx.bounds import SAFE, Bounds
from kdcl_xl.xlsx.cells import SheetCells
from kdcl_xl.xlsx.package import (
    Package,
    UnreadableError,
    malformed,
    open_package,
    relationships_part,
)
from kdcl_xl.xlsx.sheet_xml import find_cells, find_stretches
from kdcl_xl.xlsx.strings import Strings, local_name
from kdcl_xl.xlsx.zip_entries import PIECE
from macros_free_validation.rules import workbook as rules
from macros_free_validation.values import Raw
from workbook_templates.text import Text


@dataclass(frozen=True)
class Workbook:
    """A workbook whose cells are read sheet by sheet, each sheet once.

    ``sheets`` maps the name on a tab to the part that holds the sheet. ``hidden`` has the
    names of hidden sheets. ``names`` maps the defined names to their formulas.
    ``strings_part`` is the part of the shared strings. ``without_cells`` has the names of sheets
    of another kind: charts, dialogs and macro sheets. ``without_part`` has the names on tabs
    that lead to no part of their own, which are not among ``sheets``.

    Every method raises UnreadableError if a part that it needs is damaged.
    """

    package: Package
    sheets: Mapping[str, str]
    hidden: frozenset[str]
    names: Mapping[str, str]
    strings_part: str
    dates_from_1904: bool
    without_cells: frozenset[str] = frozenset()
    without_part: tuple[str, ...] = ()
    # By part and not by name, so that a copy under other names of sheets reads none again.
    _cells: dict[str, SheetCells] = field(default_factory=dict, compare=False, repr=False)

    def part(self, name: str) -> bytes:
        """Return a part, as :meth:`Package.part` does."""
        return self.package.part(name)

    @cached_property
    def strings(self) -> Strings:
        """The shared strings."""
        return Strings(self.part(self.strings_part), self.strings_part, self.package.meter)

    @cached_property
    def has_struck_strings(self) -> bool:
        """True where some shared string may be crossed out in part."""
        return b"strike" in self.part(self.strings_part)

    def sheet(self, name: str) -> SheetCells:
        """Return the cells of a sheet; beyond the reach of any template only their addresses."""
        part = self.sheets[name]
        if name in self.without_cells:
            return _NO_CELLS
        if part not in self._cells:
            self._cells[part] = find_cells(self.part(part), part, self.strings, self.package.meter)
        return self._cells[part]

    def read(self, names: Iterable[str]) -> dict[str, SheetCells]:
        """Return the cells of the named sheets that exist."""
        return {name: self.sheet(name) for name in names if name in self.sheets}

    def can_read(self, name: str) -> bool:
        """Return whether a sheet exists and can be read; a damaged one is noted."""
        if name not in self.sheets:
            return False
        part = self.sheets[name]
        try:
            self.sheet(name)
        except UnreadableError as error:
            self.package.pass_over(part, error)
            return False
        return True

    def readable(self, names: Iterable[str]) -> dict[str, SheetCells]:
        """Return the cells of those of the named sheets that exist and can be read."""
        return {name: self.sheet(name) for name in names if self.can_read(name)}

    def beginnings(self, names: Iterable[str]) -> dict[str, SheetCells]:
        """Return the cells of some sheets that can be read; of a long sheet only the first rows."""
        found: dict[str, SheetCells] = {}
        for name in names:
            entry = self.package.entries.get(self.sheets[name].lower())
            if entry is None or entry.size <= PIECE:
                found |= self.readable([name])
                continue
            with contextlib.suppress(UnreadableError):
                found[name] = next(self.stretches(name))
        return found

    def fault(self, name: str) -> Text | None:
        """Return what is wrong with a sheet that is no well-formed XML; its cells are not read."""
        part = self.sheets[name]
        if part not in self._cells and part not in self.package.passed_over:
            parser = expat.ParserCreate()
            try:
                for piece in self.package.pieces(part):
                    parser.Parse(piece)
                parser.Parse(b"", True)
            except UnreadableError as error:
                self.package.pass_over(part, error)
            except expat.ExpatError as error:
                self.package.passed_over[part] = malformed(part, error)
        return self.package.passed_over.get(part)

    def whole_sheet(self, name: str) -> SheetCells:
        """Read the cells of a sheet without any bound of rows and columns."""
        part = self.sheets[name]
        meter = self.package.meter
        return find_cells(self.part(part), part, self.strings, meter, everywhere=True)

    def stretches(self, name: str) -> Iterator[SheetCells]:
        """Read a sheet of any length from its beginning, some rows at a time."""
        part = self.sheets[name]
        return find_stretches(self.package.pieces(part), part, self.strings, self.package.meter)

    def rows(self, name: str) -> Iterator[tuple[int, Mapping[int, Raw]]]:
        """Read the rows of a sheet of any length: number (from 1), and contents by column."""
        for stretch in self.stretches(name):
            yield from stretch.contents.items()

    def notes(self, name: str) -> Iterator[tuple[str, str]]:
        """Yield address and text of each note and comment on a sheet."""
        return notes(self.package, self.sheets[name])

    def drawings(self, name: str) -> Iterator[str]:
        """Yield the text of each text box on a sheet, and the file name of pictures and charts."""
        return drawings(self.package, self.sheets[name])

    def day_cells(self, name: str) -> frozenset[str]:
        """Return the addresses of the numbers that a sheet shows as days."""
        return day_cells(self.package, self.sheets[name])

    def coloured_cells(
        self, name: str, usual: Container[str]
    ) -> Mapping[tuple[int, int], tuple[str, str]]:
        """Return fill and ink of the cells of a sheet with other colours than the usual ones."""
        return coloured_cells(self.package, self.sheets[name], usual)


def open_workbook(content: bytes, bounds: Bounds = SAFE) -> Workbook:
    """Open the bytes of a workbook.

    Raises:
        UnreadableError: the bytes are anything but a sound, unencrypted .xlsx of bearable size.
    """
    package = open_package(content, bounds)
    part = _workbook_part(package)
    # The name decides nothing here: an .xlsb has a binary part in the same place.
    root = None if part.startswith("word/") or part.endswith(".bin") else package.tree(part)
    if root is None:
        raise UnreadableError(rules.NOT_A_WORKBOOK, found=_other_kind(package))
    if not package.has(relationships_part(part)):
        lacking = relationships_part(part)
        raise UnreadableError(
            rules.DAMAGED, found=Text(f"thiếu phần {lacking}", f"{lacking} is missing")
        )
    inner = [r for r in package.relationships(part) if not r.is_external]
    targets = {relationship.id: relationship.target for relationship in inner}
    kinds = {relationship.id: relationship.kind for relationship in inner}
    sheets: dict[str, str] = {}
    hidden: set[str] = set()
    without_cells: set[str] = set()
    without_part: list[str] = []
    names: dict[str, str] = {}
    from_1904 = False
    for element in root.iter():
        match local_name(element):
            case "sheet":
                # The namespace of `r:id` differs between the standard's two dialects.
                rel = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
                name, target = element.get("name", ""), targets.get(rel, "")
                if not package.has(target) or sheets.get(name, target) != target:
                    without_part.append(name)
                    continue
                sheets[name] = target
                if kinds[rel] in _OTHER_KINDS:
                    without_cells.add(name)
                if element.get("state", "visible") != "visible":
                    hidden.add(name)
            case "definedName" if element.get("localSheetId") is None:
                names[element.get("name", "")] = element.text or ""
            case "definedName":  # a sheet's own name, such as a copied sheet brings along
                names.setdefault(element.get("name", ""), element.text or "")
            case "workbookPr":
                from_1904 = element.get("date1904", "0") in ("1", "true")
    package.meter.refuse_many(max(len(sheets) + len(without_part), len(names)), part)
    for name in without_part:  # of two sheets of one name none is certain
        sheets.pop(name, None)
    strings = {relationship.kind: relationship.target for relationship in inner}
    return Workbook(
        package,
        sheets,
        frozenset(hidden),
        names,
        strings.get("sharedStrings", ""),
        from_1904,
        frozenset(without_cells),
        tuple(dict.fromkeys(without_part)),
    )


_OTHER_KINDS = ("chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet")
_NO_CELLS = SheetCells()


def _workbook_part(package: Package) -> str:
    return next(iter(package.related("", "officeDocument")), "xl/workbook.xml")


def _other_kind(package: Package) -> Text:
    """Return the kind of a zip that holds no workbook in XML."""
    if package.has("xl/workbook.bin"):
        return Text("sổ tính nhị phân .xlsb", "a binary workbook (.xlsb)")
    if any(name.startswith("word/") for name in package.entries):
        return Text("văn bản Word", "a Word document")
    if b"spreadsheet" in package.part("mimetype"):
        return Text("sổ tính OpenDocument .ods", "an OpenDocument sheet (.ods)")
    if is_numbers(package.entries):
        return Text("sổ tính Apple Numbers (.numbers)", "an Apple Numbers spreadsheet (.numbers)")
    return Text("tệp nén zip", "a zip archive")
