"""Carry a plan from an older template into a newer one.

A value is carried where the new form has the same field. A value that depends on the regulation
is carried where the new one has the same criterion, by title or alias: equal codes of two
regulations mean nothing. All other values are left behind, in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kdcl_xl.schools import School
from kdcl_xl.template.issue import initial_plan, stamp_for
from kdcl_xl.template.not_carried import LeftBehind
from kdcl_xl.template.stamp import Stamp
from macros_free_validation.derive import complete_plan
from macros_free_validation.plan import Plan, Record, level_meant
from macros_free_validation.values import Raw, filled, is_date, key, show
from workbook_templates.declare import FIXED_LISTS, Lists, Rows, Type
from workbook_templates.layout import Layout, PlacedCell, PlacedSheet
from workbook_templates.regulation import Criterion, Regulation
from workbook_templates.school_kind import SchoolKind
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text, fold
from workbook_templates.vocabulary import FORMER_LABELS, level_label

NO_FIELD = Text("Mẫu mới không có mục này.", "The new template has no such field.")
NO_SHEET = Text("Mẫu mới không có trang này.", "The new template has no such sheet.")
NO_ROOM = Text("Mẫu mới không còn dòng.", "The new template has no row left.")
NO_CRITERION = Text(
    "Quy định mới không có tiêu chí này; chưa có bảng đối chiếu chính thức.",
    "The new regulation has no such criterion; there is no official table of counterparts.",
)
NO_STANDARD = Text(
    "Quy định mới không có tiêu chuẩn này.", "The new regulation has no such standard."
)
NO_LEVEL = Text(
    "Mức theo quy định cũ, không tương ứng với mức của quy định mới.",
    "A level of the old regulation; it is none of the new one.",
)
OLD_COUNTS = Text(
    "Số liệu đếm theo tiêu chí của quy định cũ.", "Counts criteria of the old regulation."
)
AS_ISSUED = Text(
    "Nội dung ghi sẵn của mẫu cũ, đã thay bằng nội dung ghi sẵn của mẫu mới.",
    "The old template's own words; the new template's replace them.",
)
OTHER_YEAR = Text(
    "Đã thay bằng năm học được yêu cầu khi chuyển.",
    "The school year asked for replaces it.",
)
RENAMED = Text(
    "Đã chuyển thành «{label}» theo tên gọi của quy định mới.",
    "Carried as '{label}', as the new regulation calls it.",
)


@dataclass(frozen=True)
class Target:
    """The new layout, the year it is issued for, and whether that year was asked for."""

    layout: Layout
    kind: SchoolKind
    year: SchoolYear
    is_year_asked: bool = False


@dataclass(frozen=True)
class Migration:
    """A plan in its new template, and the values that have no place in it."""

    plan: Plan
    stamp: Stamp
    carried: int
    """The number of values that the new template holds as they were typed."""
    left: tuple[LeftBehind, ...]


def migrate(
    old: Plan, stamp: Stamp, target: Target, source: str, outside: Sequence[LeftBehind] = ()
) -> Migration:
    """Carry a plan, read from a workbook with that stamp, into a new template.

    ``source`` names the old template; ``outside`` are the contents outside its form.
    """
    school = School(code=stamp.school_code)
    issued = _issued(old.layout, stamp, target.kind, school)
    fresh = initial_plan(target.layout, target.kind, target.year, school)
    move = _Move(old, issued, fresh, target, source)
    cells = move.cells()
    rows = move.tables()
    left = (*outside, *move.left)
    return Migration(
        complete_plan(target.layout, cells, rows),
        stamp_for(target.layout, target.kind, target.year, school),
        move.carried,
        left,
    )


def with_locked_as_issued(plan: Plan, stamp: Stamp, kind: SchoolKind) -> Plan:
    """Return a plan with its locked cells as the template was issued."""
    fixed = {"school_kind": kind.label.vi, "regulation": plan.layout.regulation.title}
    cells = {name: dict(values) for name, values in plan.cells.items()}
    for placed in plan.layout.sheets:
        for cell in placed.cells:
            if cell.cell.locked:
                cells[placed.key][cell.field] = fixed.get(cell.field)
    return replace(plan, cells=cells)


def _issued(layout: Layout, stamp: Stamp, kind: SchoolKind, school: School) -> Mapping[str, Raw]:
    """Return the cover of the old template before anything was typed."""
    try:
        year = SchoolYear.parse(stamp.school_year)
        return initial_plan(layout, kind, year, school).cells["cover"]
    except ValueError:
        return {}


def template_name(layout: Layout, stamp: Stamp) -> str:
    """Return the name of a template for lists of its contents."""
    return f"{layout.form.title.vi}, {layout.regulation.number}, {stamp.school_year}"


@dataclass(frozen=True)
class _Kept:
    """The new value of a cell, or the reason why it is left behind."""

    value: Raw = None
    why: Text | None = None
    is_changed: bool = False
    """True if the value is carried in other words; the typed ones are then listed too."""


@dataclass
class _Move:
    """One migration in progress; collects left-overs and counts carried values."""

    old: Plan
    issued: Mapping[str, Raw]
    fresh: Plan
    target: Target
    source: str
    carried: int = 0
    left: list[LeftBehind] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.words = _Words(self.old.layout.regulation, self.target.layout.regulation)

    def cells(self) -> dict[str, dict[str, Raw]]:
        """Return the single cells of the new plan."""
        new = {name: dict(cells) for name, cells in self.fresh.cells.items()}
        for sheet in self.old.layout.sheets:
            for placed in sheet.cells:
                if placed.cell.locked:
                    continue
                value = self.old.cell(placed.field, sheet.key)
                kept = self._cell(sheet, placed, value)
                if kept.why is None or kept.is_changed:
                    new[sheet.key][placed.field] = kept.value
                self._count(sheet, placed.ref, placed.cell.label, placed.cell.type, value, kept)
        return new

    def _cell(self, sheet: PlacedSheet, placed: PlacedCell, value: Raw) -> _Kept:
        layout = self.target.layout
        if not layout.has_sheet(sheet.key):
            return _Kept(why=NO_SHEET)
        if not layout.sheet(sheet.key).has_cell(placed.field):
            return _Kept(why=NO_FIELD)
        if sheet.key == "cover":
            new, was = self.fresh.cell(placed.field), self.issued.get(placed.field)
            if filled(new) and value == was and new != was:
                return _Kept(why=AS_ISSUED)
            if placed.field == "school_year" and self.target.is_year_asked and value != new:
                return _Kept(why=OTHER_YEAR)
        if sheet.sheet.rows is Rows.CRITERIA and not self.words.counts_alike:
            return _Kept(why=OLD_COUNTS)
        return self.words.carried(value, placed.cell.choices, None)

    def tables(self) -> dict[str, list[tuple[int, list[Raw]]]]:
        """Return the rows of the new plan by sheet, in order."""
        new: dict[str, dict[int, list[Raw]]] = {}
        for sheet in self.target.layout.sheets:
            rows = new.setdefault(sheet.key, {})
            if sheet.sheet.rows is Rows.CRITERIA:
                rows |= {r.row: list(r.values) for r in self.fresh.rows(sheet.key)}
        for sheet in self.old.layout.sheets:
            for record in self.old.rows(sheet.key):
                self._row(sheet, record, new)
        return {name: sorted(rows.items()) for name, rows in new.items()}

    def _row(
        self, sheet: PlacedSheet, record: Record, new: dict[str, dict[int, list[Raw]]]
    ) -> None:
        there, row, why = self._row_in_new(sheet, record)
        criterion = self.words.criterion(self.old.value(sheet.key, record, "criterion"))
        kept: list[tuple[int, Raw, _Kept]] = []
        values: list[Raw] = [None] * len(there.columns) if there else []
        for placed in sheet.columns:
            value = record.values[placed.index]
            if not self.old.layout.offered(sheet, placed.field, record.row):
                continue
            if there is None or why is not None:
                going = _Kept(why=why or NO_SHEET)
            elif not there.has_column(placed.field):
                going = _Kept(why=NO_FIELD)
            elif not self.target.layout.offered(there, placed.field, row):
                going = _Kept(why=NO_LEVEL)
            else:
                going = self.words.carried(value, placed.column.choices, criterion)
                if going.why is None or going.is_changed:
                    values[there.column(placed.field).index] = going.value
            kept.append((placed.index, value, going))
        is_there = there is not None and any(filled(value) for value in values)
        if there is not None and is_there:
            new[there.key][row] = values
        about = self._about(sheet, record, there.name if there and is_there else "", row)
        for index, value, going in kept:
            column = sheet.columns[index].column
            ref = sheet.ref(column.field, record.row)
            self._count(sheet, ref, column.header, column.type, value, going, about)

    def _row_in_new(
        self, sheet: PlacedSheet, record: Record
    ) -> tuple[PlacedSheet | None, int, Text | None]:
        """Return the new sheet and row of a row, or the reason why it is left behind."""
        if not self.target.layout.has_sheet(sheet.key):
            return None, 0, NO_SHEET
        there = self.target.layout.sheet(sheet.key)
        position = record.row - sheet.first_row
        if sheet.sheet.rows is Rows.CRITERIA:
            own = self.old.layout.regulation.criteria[position]
            meant = self.words.counterpart(own)
            if meant is None:
                return there, 0, NO_CRITERION
            position = self.target.layout.regulation.criteria.index(meant)
        if position >= there.row_count:
            return there, 0, NO_ROOM
        return there, there.first_row + position, None

    def _about(self, sheet: PlacedSheet, record: Record, name: str, row: int) -> str:
        """Return a description of the row of a value: its new place, and its text."""
        shown = next(
            (
                show(value, as_date=False)
                for wanted in ("task", "criterion", "current_state", "unit")
                if filled(value := self.old.value(sheet.key, record, wanted))
            ),
            "",
        )
        place = f"«{name}», dòng {row}" if name else ""
        return ": ".join(part for part in (place, shown) if part)

    def _count(
        self,
        sheet: PlacedSheet,
        ref: str,
        header: Text,
        kind: Type,
        value: Raw,
        kept: _Kept,
        about: str = "",
    ) -> None:
        if not filled(value):
            return
        if kept.why is None or kept.is_changed:
            self.carried += 1
        if kept.why is not None:
            is_day = kind is Type.DATE and is_date(value)
            entry = LeftBehind(sheet.name, ref, header, about, value, kept.why, self.source, is_day)
            self.left.append(entry)


_FORMER_LABELS = {fold(text): word for text, word in FORMER_LABELS.items()}


class _Words:
    """The terms of one regulation in another."""

    def __init__(self, old: Regulation, new: Regulation) -> None:
        self.old, self.new = old, new
        self._pairs = _counterparts(old, new)
        self._old_levels = {level_label(n) for n in old.levels}

    @property
    def counts_alike(self) -> bool:
        """True if counts of criteria mean the same in both regulations."""
        shapes = [[(c.code, fold(c.title), c.levels) for c in r.criteria] for r in self._both]
        return shapes[0] == shapes[1]

    @property
    def _both(self) -> tuple[Regulation, Regulation]:
        return self.old, self.new

    @property
    def _is_same(self) -> bool:
        return self.old.id == self.new.id

    def counterpart(self, criterion: Criterion) -> Criterion | None:
        """Return the new regulation's criterion of the same name, if any."""
        return self._pairs.get(criterion.code)

    def criterion(self, value: Raw) -> Criterion | None:
        """Return the new criterion that a cell names, or None."""
        if not isinstance(value, str):
            return None
        meant = self.old.criterion(value)
        own = self.counterpart(meant) if meant else None
        return own or self.new.labelled(value)

    def carried(self, value: Raw, choices: Lists | None, criterion: Criterion | None) -> _Kept:
        """Return a value for a cell with that list, in a row of that new criterion.

        A value without a meaning in the old regulation is carried unchanged, and a word of a
        fixed list as the list has it now.
        """
        if choices in FIXED_LISTS and isinstance(value, str):
            now = _FORMER_LABELS.get(fold(value))
            return _Kept(now.label.vi) if now else _Kept(value)
        if self._is_same or not isinstance(value, str):
            return _Kept(value)
        match choices:
            case Lists.CRITERIA:
                return self._criterion(value)
            case Lists.STANDARDS:
                known = {key(s.label) for s in self.new.standards}
                old = {key(s.label) for s in self.old.standards}
                is_lost = key(value) in old - known
                return _Kept(why=NO_STANDARD) if is_lost else _Kept(value)
            case Lists.LEVELS | Lists.LEVELS_OF_CRITERION:
                return self._level(value, choices, criterion)
            case _:
                return _Kept(value)

    def _criterion(self, value: str) -> _Kept:
        old, meant = self.old.criterion(value), self.criterion(value)
        if meant is None:
            is_named = old is not None or self.new.criterion(value) is not None
            return _Kept(why=NO_CRITERION) if is_named else _Kept(value)
        is_old_label = self.old.labelled(value) is not None
        if self.new.labelled(value) or (not is_old_label and self.new.criterion(value) == meant):
            return _Kept(value)
        return _Kept(meant.label, RENAMED.format(label=meant.label), is_changed=True)

    def _level(self, value: str, choices: Lists, criterion: Criterion | None) -> _Kept:
        meant = level_meant(value)
        if meant not in self._old_levels:
            return _Kept(value)
        levels: tuple[int, ...] = criterion.levels if criterion else ()
        if choices is Lists.LEVELS and self.old.school_level_rule == self.new.school_level_rule:
            levels = self.new.levels
        is_known = meant in {level_label(n) for n in levels}
        return _Kept(value) if is_known else _Kept(why=NO_LEVEL)


def _counterparts(old: Regulation, new: Regulation) -> dict[str, Criterion]:
    """Return new criteria by the code of the old criterion of the same name."""
    if old.id == new.id:
        by_code = {c.code: c for c in new.criteria}
        return {c.code: by_code[c.code] for c in old.criteria if c.code in by_code}
    by_name = {name: c for c in new.criteria for name in _names(c)}
    found = {
        c.code: next((by_name[name] for name in _names(c) if name in by_name), None)
        for c in old.criteria
    }
    taken = [c for c in found.values() if c is not None]
    return {code: c for code, c in found.items() if c is not None and taken.count(c) == 1}


def _names(criterion: Criterion) -> Iterator[str]:
    """Return the names of a criterion. The aliases of a level-4 item are numbers, so no names."""
    yield fold(criterion.title)
    if not criterion.is_level_4:
        yield from (fold(alias) for alias in criterion.aliases)
