"""The habits of programs in the wild: whatever saved a workbook, the same is read.

Each case rewrites a workbook of ours as some program is known to write it, and says
which. LibreOffice is not imitated but run (``test_libreoffice.py``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kdcl_xl.checking.check import check_file
from kdcl_xl.submission.reading import read_submission
from kdcl_xl.xlsx.workbook import open_workbook
from macros_free_validation.values import CellError
from tests.build import TODAY, good_task, layout_of, make_plan, workbook_bytes
from tests.cli.test_bad_input import edited
from workbook_templates.declare import Type
from workbook_templates.layout import column_index, letter_of
from workbook_templates.regulation import builtin_catalogue

LAYOUT = layout_of("2026")
PLAN = LAYOUT.sheet("plan")
_ROWS = [
    {**good_task(LAYOUT, 0), "notes": "  hai dấu cách <c r='A1'> & «ngoặc»"},
    {},
    {**good_task(LAYOUT, 2), "budget": CellError("#N/A")},
    {**good_task(LAYOUT, 3), "deadline": -5.0, "start": 60.0},
    {**good_task(LAYOUT, 4), "budget": True, "notes": "dòng 1\ndòng 2"},
]
_WRITTEN = workbook_bytes(make_plan(LAYOUT, tables={"plan": _ROWS}))
PART = open_workbook(_WRITTEN).sheets[PLAN.name]

Change = Callable[[str, bytes], bytes]


def on_sheets(change: Callable[[bytes], bytes]) -> Change:
    return lambda name, data: change(data) if name.startswith("xl/worksheets/") else data


def on_part(part: str, change: Callable[[bytes], bytes]) -> Change:
    return lambda name, data: change(data) if name == part else data


def without_references(xml: bytes) -> bytes:
    """Cells without ``r``: such a program writes every cell of a row up to the last."""

    def row(found: re.Match[bytes]) -> bytes:
        cells = re.findall(rb'(<c r="([A-Z]+)\d+"[^>]*>.*?</c>)', found[2], re.DOTALL)
        by_letter = {letter: cell for cell, letter in cells}
        last = max((column_index(letter.decode()) + 1 for letter in by_letter), default=0)
        whole = b"".join(
            re.sub(
                rb' r="[A-Z]+\d+"',
                b"",
                by_letter.get(letter_of(n).encode(), b"<c/>"),
                count=1,
            )
            for n in range(last)
        )
        return found[1] + whole + b"</row>"

    return re.sub(
        rb"(<row\b[^>]*[^/]>)((?:(?!</row>).)*)</row>", row, _simple_cells(xml), flags=re.DOTALL
    )


def _simple_cells(xml: bytes) -> bytes:
    """Empty cells written as ``<c …></c>``, so that a simple pattern finds their end."""
    return re.sub(rb"<c ([^>]*)/>", rb"<c \1></c>", xml)


def inline_strings(xml: bytes, strings: list[bytes]) -> bytes:
    def cell(found: re.Match[bytes]) -> bytes:
        inner = strings[int(found[3])]
        return b"<c" + found[1] + b' t="inlineStr"' + found[2] + b"><is>" + inner + b"</is></c>"

    return re.sub(rb'<c([^>]*) t="s"([^>]*)><v>(\d+)</v></c>', cell, xml)


def shared_strings(content: bytes) -> list[bytes]:
    xml = open_workbook(content).part("xl/sharedStrings.xml")
    return re.findall(rb"<si>(.*?)</si>", xml, re.DOTALL)


def pasted_dates(xml: bytes) -> bytes:
    """Put serial days into the first row, as cells hold them into which a date was pasted."""
    for field, day in (("start", 46280), ("deadline", 46538)):
        cell = PLAN.ref(field, PLAN.first_row).encode()
        pattern = rb'(<c r="%s" s="\d+") t="s"><v>\d+</v>' % cell
        xml, times = re.subn(pattern, rb"\1><v>%d</v>" % day, xml)
        assert times == 1
    return xml


GOOD = edited(_WRITTEN, on_part(PART, pasted_dates))
STRINGS = shared_strings(GOOD)
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def strict(_: str, data: bytes) -> bytes:
    data = data.replace(MAIN, b"http://purl.oclc.org/ooxml/spreadsheetml/main")
    return data.replace(REL, b"http://purl.oclc.org/ooxml/officeDocument/relationships")


def prefixed(xml: bytes) -> bytes:
    return re.sub(rb"<(/?)(?![?!])([a-zA-Z])", rb"<\1x:\2", xml).replace(b"xmlns=", b"xmlns:x=")


def utf16(xml: bytes) -> bytes:
    return xml.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")


def formatted_to_the_end(xml: bytes) -> bytes:
    """All 1,048,576 rows formatted by a click on the sheet's corner."""
    last = int(re.findall(rb'<row r="(\d+)"', xml)[-1])
    rows = b"".join(b'<row r="%d" s="5" customFormat="1"/>' % n for n in range(last + 1, 1_048_577))
    return xml.replace(b"</sheetData>", rows + b"</sheetData>")


def rich_texts(xml: bytes) -> bytes:
    """Every text in two runs, with a phonetic run that is not part of it."""

    def item(found: re.Match[bytes]) -> bytes:
        text = found[1]
        runs = b"<r><t>%s</t></r><r><rPr><b/></rPr><t xml:space='preserve'>%s</t></r>"
        half = text.find(b" ") if b"&" not in text else 0
        half = max(half, 0)
        phonetic = b'<rPh sb="0" eb="1"><t>kana</t></rPh><phoneticPr fontId="1"/>'
        first, rest = text[:half], text[half:]
        return b"<si>" + runs % (first, rest) + phonetic + b"</si>"

    return re.sub(rb"<si><t>([^<]*)</t></si>", item, xml)


def iso_dates(xml: bytes) -> bytes:
    letters = "".join(c.letter for c in PLAN.columns if c.column.type == "date")
    base = date(1899, 12, 30).toordinal()

    def cell(found: re.Match[bytes]) -> bytes:
        day = date.fromordinal(base + int(float(found[3])))
        return b"<c%s t='d'%s><v>%sT00:00:00Z</v></c>" % (
            found[1],
            found[2],
            day.isoformat().encode(),
        )

    pattern = rb'<c( r="[%s]\d+")([^>]*)><v>(\d{5}(?:\.0)?)</v></c>' % letters.encode()
    assert re.search(pattern, xml)
    return re.sub(pattern, cell, xml)


def from_1904(name: str, data: bytes) -> bytes:
    if name == "xl/workbook.xml":
        return data.replace(b"<workbookPr", b'<workbookPr date1904="true"')
    for sheet in LAYOUT.sheets:
        if name == open_workbook(GOOD).sheets[sheet.name]:
            letters = "".join(c.letter for c in sheet.columns if c.column.type is Type.DATE)
            refs = [c.ref for c in sheet.cells if c.cell.type is Type.DATE]
            refs += [rf"[{letters}]\d+"] if letters else []
            if refs:
                pattern = rf'(<c r="(?:{"|".join(refs)})"(?![^>]* t=)[^>]*><v>)(-?\d+)(?:\.0)?</v>'
                return re.sub(
                    pattern.encode(), lambda m: m[1] + b"%d</v>" % (int(m[2]) - 1462), data
                )
    return data


HABITS: dict[str, Change] = {
    "no dimension (writers that stream)": on_sheets(
        lambda xml: re.sub(rb"<dimension[^>]*/>", b"", xml)
    ),
    "wrong dimension (reporting servers)": on_sheets(
        lambda xml: re.sub(rb"<dimension[^>]*/>", b'<dimension ref="A1"/>', xml)
    ),
    "cells without reference (converters on servers)": on_part(PART, without_references),
    "reference not first (DOM writers)": on_sheets(
        lambda xml: re.sub(rb'<c r="([A-Z]+\d+)" s="(\d+)"', rb'<c s="\2" r="\1"', xml)
    ),
    "single quotes (PHP and JavaScript writers)": on_sheets(
        lambda xml: re.sub(rb'<c r="([A-Z]+\d+)"', rb"<c r='\1'", xml)
    ),
    "inline strings (XlsxWriter in constant memory, R, Java)": on_sheets(
        lambda xml: inline_strings(xml, STRINGS)
    ),
    "rich texts and phonetic runs (Excel, WPS in East Asia)": on_part(
        "xl/sharedStrings.xml", rich_texts
    ),
    "strict OOXML (Excel: Strict Open XML Spreadsheet)": strict,
    "prefixed names (.NET writers)": on_sheets(prefixed),
    "UTF-16 (DOM writers of Windows)": on_sheets(utf16),
    "byte order mark (.NET writers)": lambda name, data: (
        b"\xef\xbb\xbf" + data if name.endswith(".xml") else data
    ),
    "comments in the XML (XSLT writers)": on_sheets(
        lambda xml: xml.replace(
            b"<sheetData>", b'<!-- <c r="XFD1048576"><v>1</v></c> --><sheetData>'
        )
    ),
    "absolute part names (Google, Apple, openpyxl)": on_part(
        "xl/_rels/workbook.xml.rels",
        lambda xml: re.sub(rb'Target="([a-z])', rb'Target="/xl/\1', xml),
    ),
    "whole columns formatted (people, in Excel)": on_sheets(
        lambda xml: xml.replace(b"<sheetData>", b"<sheetData>").replace(
            b"<cols>", b'<cols><col min="61" max="16384" width="9" style="5"/>'
        )
    ),
    "1,048,576 rows formatted (people, in Excel and WPS)": on_part(PART, formatted_to_the_end),
    "ISO dates (strict OOXML, Apple Numbers)": on_part(PART, iso_dates),
    "dates from 1904 (Excel for Mac)": from_1904,
}


def read(path: Path, content: bytes) -> tuple[object, list[tuple[str, str | None]]]:
    path.write_bytes(content)
    catalogue = builtin_catalogue()
    submission = read_submission(path, catalogue)
    assert submission.plan is not None, [f.message.vi for f in submission.found]
    findings = check_file(path, catalogue, TODAY).findings
    return (submission.plan.cells, submission.plan.tables), [(f.rule, f.cell) for f in findings]


@pytest.mark.slow
@pytest.mark.parametrize("habit", HABITS)
def test_the_same_is_read(tmp_path: Path, habit: str) -> None:
    expected = read(tmp_path / "a.xlsx", GOOD)
    changed = edited(GOOD, HABITS[habit])
    assert changed != edited(GOOD, lambda _, data: data)
    assert read(tmp_path / "b.xlsx", changed) == expected


def test_text_in_cdata_is_text(tmp_path: Path) -> None:
    """Inline strings in CDATA sections (template engines) may look like cells."""
    text = b'<is><t><![CDATA[<c r="XFD9"><v>1</v></c>]]></t></is>'
    cell = PLAN.ref("notes", PLAN.first_row).encode()
    changed = edited(
        GOOD,
        on_part(
            PART,
            lambda xml: re.sub(
                rb'<c r="%s"[^>]*>.*?</c>' % cell,
                b'<c r="%s" t="inlineStr">%s</c>' % (cell, text),
                xml,
                count=1,
                flags=re.DOTALL,
            ),
        ),
    )
    path = tmp_path / "a.xlsx"
    path.write_bytes(changed)
    plan = read_submission(path, builtin_catalogue()).plan
    assert plan is not None
    first = next(r for r in plan.rows("plan") if r.row == PLAN.first_row)
    assert first.values[PLAN.column("notes").index] == '<c r="XFD9"><v>1</v></c>'
