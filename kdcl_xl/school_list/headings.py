"""Find the row of headings of a list of schools, and the columns that they name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kdcl_xl.school_list.rows import Row
from workbook_templates.text import ascii_fold, normalise

NUMBER, CODE, NAME, KIND = "number", "code", "name", "kind"
REQUIRED = (CODE, NAME)
# The headings of each field without diacritics, the more telling ones first.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    NUMBER: ("tt", "stt", "so tt", "so thu tu", "no", "number"),
    CODE: (
        "code", "school code", "ma truong", "ma truong hoc", "ma don vi", "ma co so giao duc",
        "ma csgd", "ma co so", "ma dinh danh", "ma so truong", "ma so don vi", "ma so", "ma",
    ),
    NAME: (
        "name", "school name", "ten truong", "ten truong hoc", "ten don vi",
        "ten co so giao duc", "ten csgd", "ten co so", "co so giao duc", "truong hoc",
        "don vi truong hoc", "truong", "nha truong", "don vi", "ten",
    ),
    KIND: (
        "kind", "school kind", "cap hoc", "bac hoc", "cap truong", "loai truong",
        "loai hinh truong", "loai co so giao duc", "loai co so", "loai hinh co so",
        "loai hinh co so giao duc", "loai don vi", "nganh hoc", "khoi hoc", "loai hinh", "cap",
        "khoi", "loai",
    ),
    "authority": (
        "authority", "co quan quan ly", "don vi quan ly", "co quan chu quan", "don vi chu quan",
        "co quan quan ly truc tiep", "cap quan ly",
    ),
    "address": ("address", "dia chi", "dia chi truong", "tru so", "dia diem"),
    "school_year": ("school year", "nam hoc"),
    "email": (
        "email", "e mail", "mail", "thu dien tu", "hop thu dien tu", "hop thu", "dia chi email",
        "dia chi e mail", "dia chi thu dien tu", "email truong",
    ),
    "phone": (
        "phone", "telephone", "dien thoai", "so dien thoai", "sdt", "so dt", "dt", "di dong",
        "dien thoai lien he", "so dien thoai lien he", "dien thoai truong", "tel",
    ),
    "person": (
        "contact", "nguoi lien he", "lien he", "dau moi", "can bo dau moi", "dau moi lien he",
        "nguoi phu trach", "can bo phu trach", "hieu truong", "thu truong don vi",
        "ho ten hieu truong", "ho va ten hieu truong",
    ),
}  # fmt: skip
_BEGINNINGS: Mapping[str, tuple[str, ...]] = {
    CODE: ("ma truong ", "ma don vi ", "ma co so ", "ma dinh danh ", "ma so "),
    NAME: ("ten truong ", "ten don vi ", "ten co so "),
    KIND: ("cap hoc ", "loai truong ", "loai hinh truong ", "loai co so "),
    "school_year": ("nam hoc ",),
    "email": ("email ", "e mail "),
    "phone": ("dien thoai ", "so dien thoai "),
}
"""Beginnings of longer headings, such as «Mã trường theo cơ sở dữ liệu ngành»."""
# A former code, or that of the authority, is another one.
_OTHER = re.compile(r"\b(?:cu|truoc day|quan ly|chu quan|cap tren|tinh|xa|phuong|huyen)\b")
_IN_PARENTHESES = re.compile(r"\([^()]*\)")
_LONGEST_HEADING = 80
_LAST_HEADING_ROW = 60
"""Rows in which headings are looked for; longer forewords are no list."""


def heading_key(text: str) -> str:
    """Return a heading for comparison: no case, diacritics, punctuation, parentheses."""
    if len(text) > _LONGEST_HEADING:
        return ""
    folded = ascii_fold(_IN_PARENTHESES.sub(" ", normalise(text)))
    return " ".join(re.findall(r"[0-9a-z]+", folded))


_FIELDS = {word: field for field, words in HEADINGS.items() for word in words}


def _field_of(key: str) -> str:
    if key in _FIELDS:
        return _FIELDS[key]
    if _OTHER.search(key):
        return ""
    long = (f for f, words in _BEGINNINGS.items() if key.startswith(words))
    return next(long, "")


@dataclass(frozen=True)
class Headings:
    """The headings of a list: the row numbers (from 1) of the first and last heading row.

    ``candidates`` has the columns (from 0) of each field, the most telling heading first;
    ``texts`` has the heading of each column.
    """

    first: int
    last: int
    candidates: Mapping[str, tuple[int, ...]]
    texts: Mapping[int, str]

    def column(self, field: str) -> int | None:
        """Return the column (from 0) of a field; None where the list has none."""
        return next(iter(self.candidates.get(field, ())), None)

    @property
    def missing(self) -> tuple[str, ...]:
        """The required fields without a column."""
        return tuple(field for field in REQUIRED if field not in self.candidates)

    def preferring(self, field: str, column: int) -> Headings:
        """Return the headings with one of the candidates of a field put first."""
        others = tuple(c for c in self.candidates[field] if c != column)
        return replace(self, candidates={**self.candidates, field: (column, *others)})

    def repeats(self, row: Row) -> bool:
        """Return whether a row has the headings of code and name again."""
        columns = [self.column(field) for field in REQUIRED]
        return all(
            column is not None and heading_key(row.cell(column)) == heading_key(self.texts[column])
            for column in columns
        )


def find_headings(rows: Sequence[Row]) -> Headings:
    """Return the headings of a list, or those of the row most like one, which lack a field."""
    best = Headings(0, 0, {}, {})
    for row in rows[:_LAST_HEADING_ROW]:
        found = _headings_in(row)
        if not found.missing:
            return _with_second_row(found, rows)
        if len(found.candidates) > len(best.candidates):
            best = found
    return best


def _headings_in(row: Row) -> Headings:
    places: dict[str, list[tuple[int, int]]] = {}
    for column, text in enumerate(row.cells):
        key = heading_key(text)
        field = _field_of(key)
        if field:
            rank = HEADINGS[field].index(key) if key in HEADINGS[field] else len(HEADINGS[field])
            places.setdefault(field, []).append((rank, column))
    candidates = {f: tuple(column for _, column in sorted(found)) for f, found in places.items()}
    texts = {column: text for column, text in enumerate(row.cells) if text}
    return Headings(row.line, row.line, candidates, texts)


def _with_second_row(headings: Headings, rows: Sequence[Row]) -> Headings:
    """Add the headings of a second row, such as «Điện thoại» under «Liên hệ».

    A row below with the numbers of the columns (``(1)``, ``(2)``; or ``A``, ``B``) belongs to
    the headings too.
    """
    for row in _below(headings, rows):
        if has_column_numbers(row):
            return replace(headings, last=row.line)
        own = _headings_in(row)
        if not own.candidates or not _continues(headings, row):
            return headings
        merged = {
            field: tuple(dict.fromkeys((*own.candidates.get(field, ()), *columns)))
            for field, columns in {**own.candidates, **headings.candidates}.items()
        }
        for field in REQUIRED:
            merged[field] = headings.candidates[field]
        headings = Headings(headings.first, row.line, merged, {**headings.texts, **own.texts})
    return headings


def _continues(headings: Headings, row: Row) -> bool:
    """Return whether a row has no code and no name, or only headings merged over two rows."""
    columns = (headings.column(field) for field in REQUIRED)
    return all(c is None or row.cell(c) in ("", headings.texts[c]) for c in columns)


def _below(headings: Headings, rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the three rows below the headings."""
    at = next(n for n, row in enumerate(rows) if row.line == headings.first)
    yield from rows[at + 1 : at + 4]


_COLUMN_NUMBER = re.compile(r"\(?([0-9]{1,2}|[A-Za-z])\)?")


def has_column_numbers(row: Row) -> bool:
    """Return whether a row numbers the columns: at least three, each with another number."""
    filled = row.filled
    numbers = {cell for cell in filled if _COLUMN_NUMBER.fullmatch(cell)}
    return len(filled) >= 3 and len(numbers) == len(filled)
