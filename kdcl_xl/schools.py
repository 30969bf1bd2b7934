"""Read a district's list of schools from a CSV file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from kdcl_xl.errors import UserError
from kdcl_xl.files import read_bounded
from workbook_templates.regulation import Catalogue
from workbook_templates.school_kind import SchoolKind
from workbook_templates.text import Text, ascii_fold, fold, normalise


@dataclass(frozen=True, slots=True)
class School:
    """A school on the district's list; fields are empty where unknown.

    ``kind`` is None where the list names none that is known: such a school is expected all the
    same, but gets no template. ``under`` names the authorities below this one that expect it,
    the highest first.
    """

    code: str = ""
    name: str = ""
    kind: SchoolKind | None = None
    authority: str = ""
    address: str = ""
    under: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """A row of the list that cannot be used as it is: its line (from 1) and the problem.

    ``is_expected`` is true where the school itself is known, and only its kind is not.
    """

    line: int
    problem: Text
    is_expected: bool = False


@dataclass(frozen=True, slots=True)
class SchoolList:
    """The schools of a list, and the rows that cannot be used as they are."""

    schools: tuple[School, ...] = ()
    faulty: tuple[FaultyRow, ...] = ()

    @property
    def with_kind(self) -> tuple[School, ...]:
        """The schools of a known kind, which can get a template."""
        return tuple(school for school in self.schools if school.kind is not None)


_COLUMNS = {
    "code": ("code", "ma", "ma truong", "school code"),
    "name": ("name", "ten", "ten truong", "school name"),
    "kind": ("kind", "loai hinh", "cap hoc", "loai co so", "cap hoc (loai co so)", "school kind"),
    "authority": ("authority", "co quan quan ly", "don vi quan ly"),
    "address": ("address", "dia chi"),
}
LONGEST_CODE = 40
"""Bytes of a code: it has to fit into the stamp of a template."""


def checked_code(code: str) -> str:
    """Return a school code, checked to fit into a stamp.

    Raises:
        UserError: it is too long, or not text.
    """
    if len(code.encode("utf-8", "replace")) > LONGEST_CODE or not code.isprintable():
        raise UserError(
            Text(
                f"Mã trường «{code[:20]!r}…» quá dài (trên {LONGEST_CODE} byte) hoặc có ký tự lạ.",
                f"School code {code[:20]!r}… is longer than {LONGEST_CODE} bytes or no plain text.",
            )
        )
    return code


LARGEST_LIST = 10 << 20
"""Bytes of a list of schools; that of 20,000 schools is a fifth of it."""


def read_schools(path: Path, catalogue: Catalogue) -> SchoolList:
    """Read ``schools.csv``: columns code, name, kind, and optionally authority, address.

    Headings may be English or Vietnamese; commas, semicolons and tabs are
    understood, with or without a byte order mark. A row that is wrong costs that row only.

    Raises:
        UserError: the file cannot be read, lacks a column, or has no row for a school.
    """
    try:
        text = read_bounded(path, LARGEST_LIST)[0].decode("utf-8-sig")
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
    lines = text.splitlines(keepends=True)
    # Excel itself writes and reads a first line ``sep=;``, which names the delimiter.
    with_text = (n for n, line in enumerate(lines) if line.strip() and line[:4].lower() != "sep=")
    skipped = next(with_text, len(lines))
    lines = lines[skipped:]
    if not lines:
        raise _fault(path, 1, "tệp trống", "the file is empty")
    # Excel writes the list separator of the system's region; the heading line shows which.
    delimiter = max(",;\t", key=lines[0].count)
    try:
        reader = csv.reader(lines, delimiter=delimiter)
        table = [(reader.line_num + skipped, row) for row in reader]
    except csv.Error as error:
        raise _fault(path, 1, f"CSV hỏng: {error}", f"damaged CSV: {error}") from None
    columns = _columns(path, table[0][1])
    schools: list[School] = []
    faulty: list[FaultyRow] = []
    seen: dict[str, int] = {}
    for number, row in table[1:]:
        if not any(cell.strip() for cell in row):
            continue
        found = _school(number, row, columns, seen, catalogue)
        if isinstance(found, FaultyRow):
            faulty.append(found)
            continue
        school, problem = found
        schools.append(school)
        seen[fold(school.code)] = number
        if problem:
            faulty.append(FaultyRow(number, problem, is_expected=True))
    if not schools and not faulty:
        raise _fault(path, 2, "không có trường nào", "there is no school")
    return SchoolList(tuple(schools), tuple(faulty))


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


def _school(
    number: int,
    row: list[str],
    columns: dict[str, int],
    seen: dict[str, int],
    catalogue: Catalogue,
) -> FaultyRow | tuple[School, Text | None]:
    """Return a row's school and the problem with its kind, or the row that names no school."""

    def cell(column: str) -> str:
        index = columns[column]
        return normalise(row[index]) if 0 <= index < len(row) else ""

    code, name = cell("code"), cell("name")
    if not code or not name:
        return FaultyRow(
            number,
            Text(
                "thiếu mã trường hoặc tên trường, vui lòng ghi đủ cả hai cột",
                "code or name is missing, fill in both columns",
            ),
        )
    try:
        checked_code(code)
    except UserError as error:
        reason = error.text
        return FaultyRow(number, Text(reason.vi.rstrip("."), reason.en.rstrip(".")))
    if fold(code) in seen:
        first = seen[fold(code)]
        return FaultyRow(
            number,
            Text(
                f"mã trường «{code}» đã có ở dòng {first}, vui lòng sửa mã hoặc bỏ dòng này",
                f"code '{code}' is already in line {first}, correct it or delete this row",
            ),
        )
    found = catalogue.read_kind(cell("kind"))
    if isinstance(found, SchoolKind):
        return School(code, name, found, cell("authority"), cell("address")), None
    problem = Text(
        f"trường {code} ({name}): {found.problem.vi}",
        f"school {code} ({name}): {found.problem.en}",
    )
    return School(code, name, None, cell("authority"), cell("address")), problem
