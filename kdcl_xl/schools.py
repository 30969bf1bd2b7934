"""Schools: one, or a district's list from a CSV file."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from kdcl_xl.errors import UserError
from workbook_templates.text import Text, ascii_fold, normalise
from workbook_templates.vocabulary import SchoolKind, school_kind


@dataclass(frozen=True, slots=True)
class School:
    """A school as the district knows it; empty where unknown."""

    code: str = ""
    name: str = ""
    kind: SchoolKind | None = None
    authority: str = ""
    address: str = ""


_COLUMNS = {
    "code": ("code", "ma", "ma truong", "school code"),
    "name": ("name", "ten", "ten truong", "school name"),
    "kind": ("kind", "loai hinh", "cap hoc", "school kind"),
    "authority": ("authority", "co quan quan ly", "don vi quan ly"),
    "address": ("address", "dia chi"),
}
LONGEST_CODE = 40


def read_schools(path: Path) -> tuple[School, ...]:
    """Read ``schools.csv``: columns code, name, kind, and optionally authority, address.

    Headings may be English or Vietnamese; commas, semicolons and tabs are
    understood, with or without a byte order mark.

    Raises:
        UserError: the file cannot be read, or a line is wrong (with its number).
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
        raise _fault(path, 0, f"không đọc được: {reason}", f"cannot be read: {reason}") from None
    except UnicodeDecodeError:
        raise _fault(
            path,
            0,
            "không phải văn bản UTF-8; trong Excel hãy lưu dạng «CSV UTF-8»",
            "is not UTF-8 text; in Excel save it as 'CSV UTF-8'",
        ) from None
    lines = text.splitlines()
    if not lines:
        raise _fault(path, 1, "tệp trống", "the file is empty")
    delimiter = max(",;\t", key=lines[0].count)
    try:
        table = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise _fault(path, 1, f"CSV hỏng: {error}", f"damaged CSV: {error}") from None
    columns = _columns(path, table[0])
    schools: list[School] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(table[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        school = _school(path, number, row, columns)
        if school.code in seen:
            first = seen[school.code]
            raise _fault(
                path,
                number,
                f"mã trường «{school.code}» đã có ở dòng {first}",
                f"code '{school.code}' already stands in line {first}",
            )
        seen[school.code] = number
        schools.append(school)
    if not schools:
        raise _fault(path, 2, "không có trường nào", "there is no school")
    return tuple(schools)


def _fault(path: Path, line: int, vi: str, en: str) -> UserError:
    where = f"{path}:{line}" if line else str(path)
    return UserError(Text(f"Danh sách trường {where}: {vi}.", f"List of schools {where}: {en}."))


def _columns(path: Path, header: list[str]) -> dict[str, int]:
    names = [ascii_fold(normalise(cell)) for cell in header]
    found = {
        column: next((i for i, name in enumerate(names) if name in words), -1)
        for column, words in _COLUMNS.items()
    }
    for column in ("code", "name", "kind"):
        if found[column] < 0:
            raise _fault(path, 1, f"thiếu cột «{column}»", f"column '{column}' is missing")
    return found


def _school(path: Path, number: int, row: list[str], columns: dict[str, int]) -> School:
    def cell(column: str) -> str:
        index = columns[column]
        return normalise(row[index]) if 0 <= index < len(row) else ""

    kind = school_kind(cell("kind"))
    if kind is None:
        kinds = ", ".join(SchoolKind)
        raise _fault(
            path,
            number,
            f"loại hình «{cell('kind')}» không hợp lệ (cần: {kinds})",
            f"school kind '{cell('kind')}' is not one of {kinds}",
        )
    code, name = cell("code"), cell("name")
    if not code or not name or len(code) > LONGEST_CODE:
        raise _fault(
            path,
            number,
            f"thiếu mã hoặc tên trường, hoặc mã dài quá {LONGEST_CODE} ký tự",
            f"code or name is missing, or the code is longer than {LONGEST_CODE}",
        )
    return School(code, name, kind, cell("authority"), cell("address"))
