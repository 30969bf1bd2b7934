"""Report how a list of schools was understood, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kdcl_xl.reporting.report import Column, Group, Kind, Report, Table, Value, aligned
from kdcl_xl.school_list.model import (
    Completed,
    FaultyRow,
    ListedSchool,
    Place,
    SchoolList,
    Skip,
    SkippedRows,
)
from workbook_templates.layout import letter_of
from workbook_templates.text import Language, Text

_COLUMNS = (
    Column(Text("Dòng", "Row"), Kind.CODE),
    Column(Text("Mã trường", "Code"), Kind.CODE),
    Column(Text("Tên trường", "School")),
    Column(Text("Cấp học", "Kind")),
    Column(Text("Năm học", "Year"), Kind.CODE),
    Column(Text("Cơ quan quản lý", "Authority")),
    Column(Text("Địa chỉ", "Address")),
    Column(Text("Liên hệ", "Contact")),
    Column(Text("Nhận xét", "Remark")),
)
_NO_COLUMNS_OF_SCHOOL = ("",) * (len(_COLUMNS) - 2)
_SHEET = Column(Text("Trang", "Sheet"), Kind.SECTION)
_FIELDS: Mapping[str, Text] = {
    "number": Text("số thứ tự", "row number"),
    "code": Text("mã trường", "code"),
    "name": Text("tên trường", "name"),
    "kind": Text("cấp học", "kind"),
    "authority": Text("cơ quan quản lý", "authority"),
    "address": Text("địa chỉ", "address"),
    "school_year": Text("năm học", "school year"),
    "email": Text("thư điện tử", "e-mail"),
    "phone": Text("điện thoại", "phone"),
    "person": Text("người liên hệ", "contact person"),
}
_COLUMN = Text("cột {letter} «{heading}»: {field}", "column {letter} '{heading}': {field}")
_UNUSED = Text("cột không dùng: {headings}", "columns not used: {headings}")
_SKIPPED, _HEADING = Text("bỏ qua: {why}", "left aside: {why}"), Text("{why}", "{why}")
_TOTALS = Text(
    "{schools} trường, trong đó {issued} trường được phát mẫu; {faulty} dòng có lỗi; "
    "{skipped} dòng không phải trường.",
    "{schools} schools, {issued} of which get a template; {faulty} faulty rows; {skipped} rows "
    "without a school.",
)
_Row = ListedSchool | FaultyRow | SkippedRows


@dataclass(frozen=True)
class SchoolListReport(Report):
    """A list of schools as it was understood: its columns, and the meaning of every row."""

    path: Path
    schools: SchoolList
    language: Language

    title = Text("Danh sách trường", "List of schools")

    @property
    def summary(self) -> str:
        """The number of schools, of faulty rows and of rows without a school."""
        found = self.schools
        totals = _TOTALS.format(
            schools=len(found.rows),
            issued=len(found.with_kind),
            faulty=len({row.place for row in found.faulty}),
            skipped=_count(found.skipped),
        )
        return totals.in_(self.language)

    @property
    def lines(self) -> Iterator[str]:
        """The columns that were understood, one line a row, and the totals."""
        language, found = self.language, self.schools
        yield f"{self.path}: {found.source.in_(language)}"
        for column in found.columns:
            words = _COLUMN.format(
                letter=letter_of(column.number - 1),
                heading=column.heading,
                field=_FIELDS[column.field],
            )
            sheet = f"{column.sheet}: " if column.sheet else ""
            yield f"  {sheet}{words.in_(language)}"
        if found.unused:
            headings = ", ".join(f"«{heading}»" for heading in found.unused)
            yield f"  {_UNUSED.format(headings=headings).in_(language)}"
        for note in found.notes:
            yield f"  {note.in_(language)}"
        yield ""
        for group in self.table.groups:
            shown = _without_empty(Table(self.table.columns, (group,)))
            if any(group.subject):
                yield f"{_SHEET.heading.in_(language)} «{group.subject[0]}»"
            yield from aligned(shown, language, len(shown.columns))
            yield ""
        yield self.summary

    @property
    def table(self) -> Table:
        """One row for each school, faulty row and stretch of skipped rows, by sheets."""
        sheets = dict.fromkeys(entry.place.sheet for entry in self._in_order)
        return Table(
            _COLUMNS,
            tuple(
                Group(
                    (sheet,),
                    tuple(_row(e, self.language) for e in self._in_order if e.place.sheet == sheet),
                )
                for sheet in sheets
            ),
            (_SHEET,),
        )

    @cached_property
    def _in_order(self) -> list[_Row]:
        """Every entry of the list once, in the order of the file; sheets without a list last."""
        found = self.schools
        sheets = list(dict.fromkeys(c.sheet for c in found.columns))
        order = {sheet: number for number, sheet in enumerate(sheets)}

        def key(entry: _Row) -> tuple[int, int]:
            return order.get(entry.place.sheet, len(order)), entry.place.line

        return sorted([*found.rows, *found.left_out, *found.skipped], key=key)

    @property
    def records(self) -> Mapping[str, Any]:
        """Columns, schools, faulty and skipped rows; kinds and reasons by their code words."""
        found, language = self.schools, self.language
        return {
            "file": str(self.path),
            "format": found.source.in_(language),
            "columns": [
                {
                    "field": column.field,
                    "heading": column.heading,
                    "sheet": column.sheet or None,
                    "column": letter_of(column.number - 1),
                }
                for column in found.columns
            ],
            "unused_columns": list(found.unused),
            "schools": [_school(row) for row in found.rows],
            "faulty": [
                {
                    **_place(row.place),
                    "problem": row.problem.in_(language),
                    "consequence": str(row.fate),
                }
                for row in found.faulty
            ],
            "skipped": [
                {
                    **_place(rows.place),
                    "last_line": rows.last,
                    "why": str(rows.why),
                    "text": rows.text or None,
                }
                for rows in found.skipped
            ],
            "summary": {
                "schools": len(found.rows),
                "with_kind": len(found.with_kind),
                "faulty": len({row.place for row in found.faulty}),
                "skipped": _count(found.skipped),
                "school_years": [str(year) for year in found.school_years],
            },
        }


def _count(skipped: tuple[SkippedRows, ...]) -> int:
    return sum(rows.last - rows.place.line + 1 for rows in skipped)


def _row(entry: _Row, language: Language) -> tuple[Value, ...]:
    match entry:
        case SkippedRows():
            words = _HEADING if entry.why is Skip.HEADING else _SKIPPED
            said = words.format(why=entry.why.label).in_(language)
            remark = f"{said} «{entry.text}»" if entry.text else said
            return (entry.lines, *_NO_COLUMNS_OF_SCHOOL, remark)
        case FaultyRow():
            return (str(entry.place.line), *_NO_COLUMNS_OF_SCHOOL, _said(entry, language))
    school = entry.school
    # The year above the headings holds for every row, and a note says so once.
    ways = (way for way in entry.completed if way is not Completed.YEAR_OF_TITLE)
    remarks = [way.label.in_(language) for way in ways]
    remarks += [_said(fault, language) for fault in entry.faults]
    return (
        str(entry.place.line),
        school.code,
        school.name,
        school.kind.label.in_(language) if school.kind else "",
        str(school.school_year or ""),
        school.authority,
        school.address,
        str(school.contact),
        "; ".join(remarks),
    )


def _said(fault: FaultyRow, language: Language) -> str:
    problem = fault.problem.in_(language)
    return f"{problem[:1].upper()}{problem[1:]}. {fault.fate.label.in_(language)}"


def _without_empty(table: Table) -> Table:
    """Return a table without the columns that are empty in every row."""
    rows = [row for group in table.groups for row in group.rows]
    kept = [n for n in range(len(table.columns)) if any(row[n] for row in rows)]
    groups = tuple(
        Group(g.subject, tuple(tuple(row[n] for n in kept) for row in g.rows)) for g in table.groups
    )
    return Table(tuple(table.columns[n] for n in kept), groups)


def _place(place: Place) -> dict[str, Any]:
    return {"sheet": place.sheet or None, "line": place.line}


def _school(row: ListedSchool) -> dict[str, Any]:
    school = row.school
    return {
        **_place(row.place),
        "code": school.code,
        "typed_code": row.typed_code,
        "name": school.name,
        "kind": school.kind.id if school.kind else None,
        "authority": school.authority or None,
        "address": school.address or None,
        "school_year": str(school.school_year) if school.school_year else None,
        "contact": school.contact.record,
        "completed": [str(way) for way in row.completed],
    }
