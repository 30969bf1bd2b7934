"""Collect the rows of a list sheet by sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from kdcl_xl.school_list.codes import clean_code, usual_length
from kdcl_xl.school_list.headings import CODE, HEADINGS, KIND, Headings
from kdcl_xl.school_list.judge import LONGEST_SHOWN, Judge, year_in
from kdcl_xl.school_list.model import (
    Completed,
    FaultyRow,
    ListedSchool,
    Place,
    SchoolList,
    Skip,
    SkippedRows,
    UsedColumn,
)
from kdcl_xl.school_list.rows import Row, Sheet
from workbook_templates.regulation import Catalogue
from workbook_templates.school_kind import SchoolKind
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text, fold


@dataclass
class Reader:
    """The list as read so far, sheet by sheet."""

    catalogue: Catalogue
    source: Text
    has_list: bool = False
    _rows: list[ListedSchool] = field(default_factory=list)
    _faulty: list[FaultyRow] = field(default_factory=list)
    _skipped: list[SkippedRows] = field(default_factory=list)
    _columns: list[UsedColumn] = field(default_factory=list)
    _unused: list[str] = field(default_factory=list)
    _seen: dict[str, Place] = field(default_factory=dict)
    """The place of each code, by its folded spelling."""

    def leave(self, sheet: Sheet, why: Skip) -> None:
        """Leave aside a sheet that is hidden, or has no list."""
        if sheet.rows:
            text = sheet.rows[0].filled[0][:LONGEST_SHOWN]
            place = Place(sheet.name, 1)
            self._skipped.append(SkippedRows(place, sheet.last, why, text))

    def read(self, sheet: Sheet, headings: Headings) -> None:
        """Read the rows of a sheet with a list."""
        self.has_list = True
        below = [row for row in sheet.rows if row.line > headings.last]
        headings = self._with_best_kind(headings, below)
        self._note_columns(sheet.name, headings)
        judge = Judge(
            self.catalogue,
            sheet.name,
            headings,
            usual_length(clean_code(row.cell(headings.column(CODE))) for row in below),
            _year_above(sheet, headings),
        )
        last = 0
        for row in sheet.rows:
            if row.line > last + 1:
                self._skip(SkippedRows(Place(sheet.name, last + 1), row.line - 1, Skip.BLANK))
            last = row.line
            self._take(judge(row))
        if sheet.last > last:
            self._skip(SkippedRows(Place(sheet.name, last + 1), sheet.last, Skip.BLANK))

    def result(self) -> SchoolList:
        """Return everything that was read."""
        return SchoolList(
            tuple(self._rows),
            tuple(self._faulty),
            tuple(self._skipped),
            self.source,
            tuple(self._columns),
            tuple(self._unused),
            tuple(_notes(self._rows, self._skipped)),
        )

    def _with_best_kind(self, headings: Headings, rows: list[Row]) -> Headings:
        """Prefer the column that names the most kinds: «Loại hình» may mean the ownership."""
        columns = headings.candidates.get(KIND, ())
        if len(columns) < 2:
            return headings
        texts = {column: Counter(row.cell(column) for row in rows) for column in columns}

        def known(column: int) -> int:
            found = ((t, n) for t, n in texts[column].most_common(_LOOKED_AT) if t)
            return sum(n for t, n in found if isinstance(self.catalogue.read_kind(t), SchoolKind))

        return headings.preferring(KIND, max(columns, key=known))

    def _note_columns(self, sheet: str, headings: Headings) -> None:
        used = {
            headings.column(name): name for name in HEADINGS if headings.column(name) is not None
        }
        for column, text in sorted(headings.texts.items()):
            if column in used:
                self._columns.append(UsedColumn(used[column], text, sheet, column + 1))
            elif text not in self._unused:
                self._unused.append(text)

    def _take(self, found: ListedSchool | FaultyRow | SkippedRows) -> None:
        match found:
            case SkippedRows():
                self._skip(found)
            case FaultyRow():
                self._faulty.append(found)
            case _:
                self._add(found)

    def _add(self, listed: ListedSchool) -> None:
        code, key = listed.school.code, fold(listed.school.code)
        if key in self._seen:
            before = self._seen[key]
            vi, en = f"dòng {before.line}", f"line {before.line}"
            if before.sheet != listed.place.sheet:
                vi, en = f"{vi} của trang «{before.sheet}»", f"{en} of sheet '{before.sheet}'"
            problem = _DOUBLE.format(code=code, place=Text(vi, en))
            self._faulty.append(FaultyRow(listed.place, problem))
            return
        self._seen[key] = listed.place
        self._rows.append(listed)
        self._faulty += listed.faults

    def _skip(self, rows: SkippedRows) -> None:
        """Keep rows that were left aside; those of one reason that follow each other as one."""
        if self._skipped and rows.why in (Skip.BLANK, Skip.TITLE):
            before = self._skipped[-1]
            follows = before.place.sheet == rows.place.sheet and before.last + 1 == rows.place.line
            if follows and before.why is rows.why:
                self._skipped[-1] = replace(before, last=rows.last)
                return
        self._skipped.append(rows)


_LOOKED_AT = 50
"""Different texts of a column that are read as kinds to choose among columns."""
_DOUBLE = Text(
    "mã trường «{code}» đã có ở {place}, vui lòng sửa mã hoặc bỏ dòng này",
    "code '{code}' is already in {place}, correct it or delete this row",
)


def _year_above(sheet: Sheet, headings: Headings) -> SchoolYear | None:
    """Return the only school year above the headings; None where there are several or none."""
    above = (cell for row in sheet.rows if row.line < headings.first for cell in row.filled)
    years = {year for text in above if (year := year_in(text)) is not None}
    return years.pop() if len(years) == 1 else None


# ---- what was completed -------------------------------------------------------------------


def _notes(rows: list[ListedSchool], skipped: list[SkippedRows]) -> Iterator[Text]:
    """Yield a sentence for each way in which values were completed, and for rows left aside."""
    for way in Completed:
        found = [row for row in rows if way in row.completed]
        if found:
            example = found[0]
            words = _EXAMPLES[way].format(
                typed=example.typed_code,
                code=example.school.code,
                name=example.school.name,
                kind=example.school.kind.label if example.school.kind else "",
                year=example.school.school_year,
            )
            yield _COMPLETED.format(way=way.label, count=len(found), example=words)
    aside = [entry for entry in skipped if entry.why not in (Skip.BLANK, Skip.HEADING)]
    if aside:
        places = [_where(entry) for entry in aside[:_MOST_SHOWN]]
        more = "; …" if len(aside) > _MOST_SHOWN else ""
        shown = Text("; ".join(p.vi for p in places) + more, "; ".join(p.en for p in places) + more)
        count = sum(entry.last - entry.place.line + 1 for entry in aside)
        yield _ASIDE.format(count=count, shown=shown)


def _where(entry: SkippedRows) -> Text:
    vi, en = f"dòng {entry.lines}", f"row {entry.lines}"
    if sheet := entry.place.sheet:
        vi, en = f"{vi} trang «{sheet}»", f"{en} of sheet '{sheet}'"
    text = entry.text[:40]
    return Text(f"{vi} («{text}»)", f"{en} ('{text}')")


_MOST_SHOWN = 6
_COMPLETED = Text("{way}: {count} trường ({example})", "{way}: {count} schools ({example})")
_OF_KIND = Text("ví dụ «{name}»: {kind}", "for example '{name}': {kind}")
_EXAMPLES = {
    Completed.ZEROS: Text("ví dụ {typed} thành {code}", "for example {typed} to {code}"),
    Completed.KIND_OF_GROUP: _OF_KIND,
    Completed.KIND_OF_SHEET: _OF_KIND,
    Completed.KIND_OF_NAME: _OF_KIND,
    Completed.YEAR_OF_TITLE: Text("{year}", "{year}"),
}
_ASIDE = Text(
    "{count} dòng không phải trường nên không được tính: {shown}",
    "{count} rows name no school and do not count: {shown}",
)
