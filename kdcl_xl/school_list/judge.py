"""Decide for each row of a list whether it is a school, faulty, or no school at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from kdcl_xl.school_list.codes import clean_code, is_as_meant, problem_of, with_zeros
from kdcl_xl.school_list.headings import CODE, KIND, NAME, NUMBER, Headings, has_column_numbers
from kdcl_xl.school_list.model import (
    Completed,
    Fate,
    FaultyRow,
    ListedSchool,
    Place,
    Skip,
    SkippedRows,
)
from kdcl_xl.school_list.rows import Row
from kdcl_xl.schools import LONGEST_LINE, Contact, School
from workbook_templates.regulation import Catalogue
from workbook_templates.school_kind import SchoolKind, UnclearKind, plain_name
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text, ascii_fold

_YEAR = re.compile(r"\b(20[0-9]{2}) ?[-–—/] ?((?:20)?[0-9]{2})\b")


def year_in(text: str) -> SchoolYear | None:
    """Return the school year in a text, such as «Năm học 2026-2027» or ``2026-27``."""
    found = _YEAR.search(text)
    if found is None:
        return None
    last = found[2] if len(found[2]) == 4 else found[1][:2] + found[2]
    try:
        return SchoolYear.parse(f"{found[1]}-{last}")
    except ValueError:
        return None


_TOTAL = re.compile(r"(?:tong cong|tong so|tong|cong|total|sum)\b(.*)")
_COUNT = re.compile(r"(?:danh sach|an dinh)\b.*\b(?:co|gom|la)\b.*\b(?:truong|don vi|co so)\b.*")
_NUMBERING = re.compile(r"^(?:[ivxlc]+|[a-z]|[0-9]{1,2})(?:[.)/ -]+|$)", re.IGNORECASE)
LONGEST_SHOWN = 80
"""Characters of a row without a school that are shown."""
_NUMERAL = re.compile(r"(?:[IVXLC]+|[A-Z])\.?")
_GROUP_WORDS = re.compile(r"^(?:khoi|cap hoc|cap|bac hoc|bac|cac truong|nhom)\b")
_SCHOOL_WORDS = ("truong ", "trung tam ", "tt ", "co so ", "nha tre ", "lop mau giao ")


def _is_total(text: str) -> bool:
    """Return whether a text is the label of a total: «Cộng: 4 trường», but not «Cộng Hòa»."""
    key = ascii_fold(text)
    found = _TOTAL.fullmatch(key)
    if found is None:
        return _COUNT.fullmatch(key) is not None
    rest = found[1].strip(" .:")
    return not rest or ":" in text or any(map(str.isdigit, rest)) or "truong" in rest


def _is_number(text: str) -> bool:
    return text.rstrip(".").isdigit()


@dataclass
class Judge:
    """The judge of the rows of one sheet; it remembers the group to which a row belongs."""

    catalogue: Catalogue
    sheet: str
    headings: Headings
    code_length: int
    year_above: SchoolYear | None
    group: SchoolKind | None = None

    def __call__(self, row: Row) -> ListedSchool | FaultyRow | SkippedRows:
        """Return the meaning of a row that is not blank."""
        place = Place(self.sheet, row.line)
        why = self._reason_to_skip(row)
        if why is not None:
            return SkippedRows(place, row.line, why, " ".join(row.filled)[:LONGEST_SHOWN])
        if row.has_open_quote:
            return FaultyRow(place, _OPEN_QUOTE)
        typed, name = clean_code(self._cell(row, CODE)), self._cell(row, NAME)
        if not typed or not name:
            return FaultyRow(place, _INCOMPLETE)
        problem = problem_of(typed)
        if problem is None:
            problem = self._too_long(row)
        if problem is not None:
            return FaultyRow(place, problem)
        return self._school(row, place, typed, name)

    def _cell(self, row: Row, name: str) -> str:
        return row.cell(self.headings.column(name))

    def _too_long(self, row: Row) -> Text | None:
        """Return the fault of a cell that is too long for a template; None without one."""
        for name in _IN_TEMPLATES:
            length = len(self._cell(row, name))
            if length > LONGEST_LINE:
                heading = self.headings.texts[self.headings.column(name) or 0]
                return _TOO_LONG.format(heading=heading, length=length)
        return None

    def _school(self, row: Row, place: Place, typed: str, name: str) -> ListedSchool:
        is_complete = is_as_meant(self._cell(row, CODE))
        code = typed if is_complete else with_zeros(typed, self.code_length)
        completed = [Completed.ZEROS] if code != typed else []
        faults = []
        kind, origin = self._kind(row, name)
        if isinstance(kind, UnclearKind):
            problem = _OF_SCHOOL.format(code=code, name=name, problem=kind.problem)
            faults.append(FaultyRow(place, problem, Fate.NOT_ISSUED))
        elif origin:
            completed.append(origin)
        text = self._cell(row, "school_year")
        year = year_in(text) if text else self.year_above
        if text and year is None:
            shown = text[:LONGEST_SHOWN]
            problem = _OF_SCHOOL.format(code=code, name=name, problem=_ODD_YEAR.format(text=shown))
            faults.append(FaultyRow(place, problem, Fate.ISSUED))
        elif year and not text:
            completed.append(Completed.YEAR_OF_TITLE)
        cell = partial(self._cell, row)
        school = School(
            code,
            name,
            kind if isinstance(kind, SchoolKind) else None,
            cell("authority"),
            cell("address"),
            contact=Contact(cell("email"), cell("phone"), cell("person")),
            school_year=year,
        )
        return ListedSchool(place, school, typed, tuple(completed), tuple(faults))

    def _kind(self, row: Row, name: str) -> tuple[SchoolKind | UnclearKind, Completed | None]:
        """Return the kind of a school, and its origin where its own cell is blank."""
        text = self._cell(row, KIND)
        if text:
            return self.catalogue.read_kind(text), None
        if self.group is not None:
            return self.group, Completed.KIND_OF_GROUP
        of_sheet = self.catalogue.read_kind(self.sheet) if self.sheet else None
        if isinstance(of_sheet, SchoolKind):
            return of_sheet, Completed.KIND_OF_SHEET
        if self.headings.column(KIND) is None:
            found = self.catalogue.kind_at_start_of(name)
            if found is not None:
                return found, Completed.KIND_OF_NAME
        return self.catalogue.read_kind(""), None

    # ---- rows without a school ----

    def _reason_to_skip(self, row: Row) -> Skip | None:
        """Return why a row names no school; None where it does, or should."""
        headings = self.headings
        if row.line < headings.first:
            return Skip.HEADING if row.cells[0].lower().startswith("sep=") else Skip.TITLE
        if row.line <= headings.last or headings.repeats(row):
            return Skip.HEADING
        if row.has_open_quote:
            return None
        code, name, number = (self._cell(row, field) for field in (CODE, NAME, NUMBER))
        if has_column_numbers(row) and not name.isalpha():
            return Skip.HEADING
        labels = (number, code) if code and name else (number, code, name, row.filled[0])
        if any(map(_is_total, labels)):
            return Skip.TOTAL
        if self._opens_group(row):
            return Skip.GROUP
        if code and name:
            # Titles of the two signers below a list may be in any two columns.
            has_digit = any(map(str.isdigit, code))
            is_text = " " in code and not has_digit and not self._cell(row, KIND)
            return Skip.NOTE if is_text else None
        return None if self._is_like_school(row) else Skip.NOTE

    def _opens_group(self, row: Row) -> bool:
        """Return whether a row is the heading of a group of one kind, and remember the kind."""
        number = self._cell(row, NUMBER)
        columns = [self.headings.column(field) for field in (NUMBER, CODE, NAME)]
        filled = [n for n, cell in enumerate(row.cells) if cell]
        numerals = {columns[0]} | {
            n for n in filled if n == columns[1] and _NUMERAL.fullmatch(row.cells[n])
        }
        labels = [row.cells[n] for n in filled if n not in numerals] or [number]
        if (
            _is_number(number)
            or len(labels) > 1
            or filled[-1] > max(c for c in columns if c is not None)
        ):
            return False
        text = _NUMBERING.sub("", labels[0]).strip(" :.-")
        key = _GROUP_WORDS.sub("", ascii_fold(text)).strip(" :.-")
        if not plain_name(key):
            return False
        found = self.catalogue.read_kind(key)
        if not isinstance(found, SchoolKind):
            return False
        self.group = found
        return True

    def _is_like_school(self, row: Row) -> bool:
        """Return whether a row that lacks its code or its name is meant to be a school."""
        code, name, number = (self._cell(row, field) for field in (CODE, NAME, NUMBER))
        if code:
            # A remark below the list may begin in any column.
            return len(code.split()) == 1
        if _is_number(number) or isinstance(
            self.catalogue.read_kind(self._cell(row, KIND)), SchoolKind
        ):
            return True
        if not name:
            return False
        is_named = ascii_fold(name).startswith(_SCHOOL_WORDS)
        return is_named or self.catalogue.kind_at_start_of(name) is not None


_OPEN_QUOTE = Text(
    'dấu nháy kép (") mở mà không đóng, vui lòng sửa dòng này',
    "a quotation mark is opened and never closed, correct this row",
)
_INCOMPLETE = Text(
    "thiếu mã trường hoặc tên trường, vui lòng ghi đủ cả hai cột",
    "code or name is missing, fill in both columns",
)
_IN_TEMPLATES = (NAME, "authority", "address", "email", "phone", "person")
"""The columns whose texts go into cells, headings and letters."""
_TOO_LONG = Text(
    f"ô của cột «{{heading}}» dài {{length}} ký tự, nhiều nhất là {LONGEST_LINE}; vui lòng rút gọn",
    f"the cell of column '{{heading}}' has {{length}} characters, at most {LONGEST_LINE}; "
    "shorten it",
)
_OF_SCHOOL = Text("trường {code} ({name}): {problem}", "school {code} ({name}): {problem}")
_ODD_YEAR = Text(
    "năm học «{text}» không hợp lệ, vui lòng ghi như 2026-2027",
    "'{text}' is no school year, write it as 2026-2027",
)
