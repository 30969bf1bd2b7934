"""Read what lies beside the values of a sheet: notes, drawings, and formats that show a day.

These readers parse whole parts element by element. Only commands that carry over everything
in a file need them.
"""

from __future__ import annotations

import posixpath
from collections.abc import Container, Iterator, Mapping
from xml.etree.ElementTree import Element

from kdcl_xl.xlsx.appearance import looks_of
from kdcl_xl.xlsx.formulas import place_of
from kdcl_xl.xlsx.package import Package
from kdcl_xl.xlsx.sheet_xml import cell_elements
from kdcl_xl.xlsx.strings import local_name, rich_text


def day_cells(package: Package, sheet: str) -> frozenset[str]:
    """Return the addresses of the numbers that a sheet's part shows as days.

    Raises:
        UnreadableError: the sheet or the styles are damaged.
    """
    looks = looks_of(package).by_style
    days = {style for style, look in looks.items() if look.number.is_day}
    return frozenset(
        ref
        for ref, cell in cell_elements(package.part(sheet), sheet, package.meter)
        if cell.get("t", "n") == "d" or (cell.get("t", "n") == "n" and cell.get("s") in days)
    )


def coloured_cells(
    package: Package, sheet: str, usual: Container[str]
) -> Mapping[tuple[int, int], tuple[str, str]]:
    """Return fill and ink of the cells of a sheet's part that have other than usual colours.

    They are keyed by row (from 1) and column (from 0). A usual colour is returned as empty.

    Raises:
        UnreadableError: the sheet or the styles are damaged.
    """
    looks = looks_of(package).by_style.items()
    colours = {
        style: ("" if look.fill in usual else look.fill, "" if look.ink in usual else look.ink)
        for style, look in looks
    }
    styles = {style: own for style, own in colours.items() if any(own)}
    if not styles:
        return {}
    return {
        place_of(ref.encode()): styles[cell.get("s", "")]
        for ref, cell in cell_elements(package.part(sheet), sheet, package.meter)
        if cell.get("s") in styles
    }


def zero_formats(package: Package, sheet: str) -> Mapping[tuple[int, int], int]:
    """Return the number of digits of the numbers that a sheet's part shows with leading zeros.

    They are keyed by row (from 1) and column (from 0); the format ``00000000`` shows 8 digits.

    Raises:
        UnreadableError: the sheet or the styles are damaged.
    """
    looks = looks_of(package).by_style
    styles = {style: look.number.zeros for style, look in looks.items() if look.number.zeros}
    if not styles:
        return {}
    return {
        place_of(ref.encode()): styles[cell.get("s", "")]
        for ref, cell in cell_elements(package.part(sheet), sheet, package.meter)
        if cell.get("t", "n") == "n" and cell.get("s") in styles
    }


def notes(package: Package, sheet: str) -> Iterator[tuple[str, str]]:
    """Yield address and text of each note and threaded comment on a sheet's part.

    Damaged parts are passed over.
    """
    threaded: set[str] = set()
    for part in package.related(sheet, "threadedComment"):
        for element in _every(package.sound_tree(part), "threadedComment"):
            threaded.add(element.get("ref", ""))
            yield element.get("ref", ""), "".join(_texts(element, "text"))
    for part in package.related(sheet, "comments"):
        for element in _every(package.sound_tree(part), "comment"):
            ref = element.get("ref", "")
            text = "".join(rich_text(child) for child in element if local_name(child) == "text")
            # Excel keeps a copy of each threaded comment as a note, for older programs.
            if text.strip() and ref not in threaded:
                yield ref, text.strip()


def drawings(package: Package, sheet: str) -> Iterator[str]:
    """Yield the text of each text box on a sheet's part, and the file name of pictures and charts.

    Damaged parts are passed over.
    """
    for part in package.related(sheet, "drawing"):
        for shape in _every(package.sound_tree(part), "sp"):
            paragraphs = ("".join(_texts(p, "t")) for p in _every(shape, "p"))
            if text := "\n".join(paragraphs).strip():
                yield text
        for kind in ("image", "chart"):
            yield from map(posixpath.basename, package.related(part, kind))


def _every(root: Element | None, name: str) -> Iterator[Element]:
    elements = () if root is None else root.iter()
    return (element for element in elements if local_name(element) == name)


def _texts(root: Element, name: str) -> Iterator[str]:
    return (element.text or "" for element in _every(root, name))
