"""Read a list of schools from a CSV file or a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kdcl_xl.errors import UserError
from kdcl_xl.files import read_bounded
from kdcl_xl.school_list.collect import Reader
from kdcl_xl.school_list.decode import DecodingError, decode
from kdcl_xl.school_list.headings import CODE, NAME, Headings, find_headings
from kdcl_xl.school_list.model import SchoolList, Skip
from kdcl_xl.school_list.rows import (
    SEPARATORS,
    Sheet,
    csv_rows,
    declared_separator,
    lines_of,
    workbook_sheets,
)
from kdcl_xl.xlsx.package import UnreadableError
from workbook_templates.regulation import Catalogue
from workbook_templates.text import Text

LARGEST_LIST = 10 << 20
"""Bytes of a list of schools; that of 20,000 schools is a fifth of it."""
MOST_ROWS = 50_000
"""Rows of a list that are not blank."""


def read_schools(path: Path, catalogue: Catalogue) -> SchoolList:
    """Read a list of schools: CSV or .xlsx, as offices write it.

    The file is known by its content. A CSV file may be in UTF-8, UTF-16 or Windows-1258, with
    commas, semicolons, tabs or bars. In a workbook every visible sheet with the headings of
    code and name is read, and formulas count as the values they last had. Every row is a school,
    a faulty row, or a row that was left aside for a reason; a fault costs its own row only.

    Raises:
        UserError: the file cannot be read, lacks a column, or has no row for a school.
    """
    try:
        content = read_bounded(path, LARGEST_LIST)[0]
    except OSError as error:
        reason = error.strerror or str(error)
        raise _fault(path, Text(f"không đọc được: {reason}", f"cannot be read: {reason}")) from None
    if not content.strip():
        raise _fault(path, Text("tệp trống", "the file is empty"), 1)
    if content.startswith((_ZIP, _OLE)):
        return _read_workbook(path, content, catalogue)
    return _read_text(path, content, catalogue)


_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of a zip, such as an .xlsx, and of an old or encrypted workbook."""


def _fault(path: Path, problem: Text, line: int = 0) -> UserError:
    where = f"{path}:{line}" if line else str(path)
    return UserError(
        Text(f"Danh sách trường {where}: {problem.vi}.", f"List of schools {where}: {problem.en}.")
    )


# ---- the two kinds of file ----------------------------------------------------------------


def _read_text(path: Path, content: bytes, catalogue: Catalogue) -> SchoolList:
    try:
        text, encoding = decode(content)
    except DecodingError as error:
        raise _fault(path, error.text) from None
    lines = lines_of(text)
    separator, headings = _separator(lines)
    if headings.missing:
        raise _lacking(path, headings)
    rows = []
    for row in csv_rows(lines, separator):
        rows.append(row)
        if len(rows) > MOST_ROWS:
            raise _too_long(path)
    name = _SEPARATOR_NAMES[separator]
    source = Text(
        f"CSV, {encoding}, phân cách bằng {name.vi}", f"CSV, {encoding}, separated by {name.en}"
    )
    reader = Reader(catalogue, source)
    reader.read(Sheet("", tuple(rows), len(lines)), headings)
    return _finished(path, reader, headings.last + 1)


_SEPARATOR_NAMES = {
    ",": Text("dấu phẩy", "commas"),
    ";": Text("dấu chấm phẩy", "semicolons"),
    "\t": Text("tab", "tabs"),
    "|": Text("dấu gạch đứng", "bars"),
}
_TRIED = 200
"""Rows that are read with each separator to find the headings."""


def _separator(lines: Sequence[str]) -> tuple[str, Headings]:
    """Return the separator with which the headings name the most fields, and these headings."""
    declared = declared_separator(lines)
    choices = declared if declared and declared in SEPARATORS else SEPARATORS
    tried = [(c, find_headings(list(csv_rows(lines, c, _TRIED)))) for c in choices]
    # The first of equals is kept.
    return max(tried, key=lambda one: (not one[1].missing, len(one[1].candidates)))


def _read_workbook(path: Path, content: bytes, catalogue: Catalogue) -> SchoolList:
    reader = Reader(catalogue, Text("sổ tính Excel .xlsx", "Excel workbook (.xlsx)"))
    best = Headings(0, 0, {}, {})
    count = 0
    try:
        for sheet in workbook_sheets(content):
            count += len(sheet.rows)
            if count > MOST_ROWS:
                raise _too_long(path)
            if sheet.is_hidden:
                reader.leave(sheet, Skip.HIDDEN)
                continue
            headings = find_headings(sheet.rows)
            if not headings.missing:
                reader.read(sheet, headings)
                continue
            reader.leave(sheet, Skip.SHEET)
            if len(headings.candidates) > len(best.candidates):
                best = headings
    except UnreadableError as error:
        found = error.finding
        raise _fault(path, _unreadable(found.message, found.remedy)) from None
    if not reader.has_list:
        raise _lacking(path, best)
    return _finished(path, reader)


def _unreadable(message: Text, remedy: Text) -> Text:
    vi, en = message.vi.rstrip("."), message.en.rstrip(".")
    return Text(
        f"{vi[:1].lower()}{vi[1:]}; hãy lưu danh sách thành .xlsx hoặc «CSV UTF-8» bằng Excel",
        f"{en[:1].lower()}{en[1:]}; save the list as .xlsx or 'CSV UTF-8' in Excel",
    )


def _too_long(path: Path) -> UserError:
    return _fault(path, Text(f"có trên {MOST_ROWS} dòng", f"has more than {MOST_ROWS} rows"))


_REQUIRED = {
    CODE: Text("«Mã trường» (code)", "'code' (Mã trường)"),
    NAME: Text("«Tên trường» (name)", "'name' (Tên trường)"),
}


def _lacking(path: Path, headings: Headings) -> UserError:
    missing = [_REQUIRED[field] for field in headings.missing]
    vi = "thiếu cột " + " và ".join(name.vi for name in missing)
    en = "no column " + " and ".join(name.en for name in missing)
    if headings.first:
        seen = ", ".join(f"«{text[:40]}»" for text in list(headings.texts.values())[:12])
        vi += f"; dòng tiêu đề có: {seen}"
        en += f"; the headings are: {seen}"
    else:
        vi += "; chưa thấy dòng tiêu đề cột nào"
        en += "; no row of headings was found"
    return _fault(path, Text(vi, en), headings.first)


def _finished(path: Path, reader: Reader, line: int = 0) -> SchoolList:
    found = reader.result()
    if not found.rows and not found.faulty:
        raise _fault(path, Text("không có trường nào", "there is no school"), line)
    return found
