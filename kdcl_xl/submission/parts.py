"""Parts of one plan: the tasks that only one file has, and one plan joined from several files.

Tasks of all parts are kept, each with its origin; identical ones count once. A single cell that
two parts fill in differently stays empty, and is a difference: nobody but the school can choose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kdcl_xl.errors import UserError
from kdcl_xl.submission.places import NOTHING_MOVED, Places
from kdcl_xl.template.stamp import Stamp
from macros_free_validation.derive import complete_plan
from macros_free_validation.plan import Plan, Record
from macros_free_validation.values import Raw, filled, show
from workbook_templates.declare import Rows
from workbook_templates.layout import MOST_ROWS, Layout, PlacedSheet, build_layout
from workbook_templates.text import Text, fold


@dataclass(frozen=True)
class PlanFile:
    """A file with a plan: its name, its plan, its SHA-256 digest, and its own places."""

    name: str
    plan: Plan
    digest: str
    places: Places = field(default=NOTHING_MOVED, kw_only=True)

    def origins_of(self, _sheet: str, row: int) -> tuple[Origin, ...]:
        """Return the rows that a row of the plan comes from: itself."""
        return (Origin(self, row),)


@dataclass(frozen=True)
class Part(PlanFile):
    """A file with a part of a plan, and the stamp of its template."""

    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Origin:
    """A row of the plan in a file, from 1."""

    part: PlanFile
    row: int

    def row_in_file(self, sheet: str) -> int:
        """Return the row where a person finds it on a sheet of that key."""
        if not self.part.places:
            return self.row
        return self.part.places.row(self.part.plan.layout.sheet(sheet).name, self.row)


@dataclass(frozen=True)
class Difference:
    """A cell that the parts fill in differently, or one task that they describe differently.

    ``row`` is None for a single cell. ``given`` holds the contents with the names of the files. It
    is empty for a task, where ``same_row`` is the row with the same words.
    """

    sheet: PlacedSheet
    field: str
    cell: str
    label: Text
    row: int | None = None
    given: tuple[tuple[str, Raw], ...] = ()
    same_row: int | None = None

    @property
    def said(self) -> str:
        """The contents in one line, each with the name of its file in front."""
        return "; ".join(f"«{name}»: {show(value, as_date=False)}" for name, value in self.given)


@dataclass(frozen=True)
class Joined:
    """One plan made of several parts.

    ``origins`` are the rows that each row comes from, by the key of the sheet and the row.
    ``identical`` counts the tasks left out because another part has the very same. ``left`` are
    rows of short tables that have no room, with the keys of their sheets.
    """

    parts: tuple[Part, ...]
    plan: Plan
    differences: tuple[Difference, ...]
    origins: Mapping[tuple[str, int], tuple[Origin, ...]]
    identical: int
    left: tuple[tuple[str, Origin], ...]

    def origins_of(self, sheet: str, row: int | None) -> tuple[Origin, ...]:
        """Return the rows that a row comes from; of all parts outside the tables."""
        if row is not None and (sheet, row) in self.origins:
            return self.origins[sheet, row]
        return tuple(Origin(part, row or 0) for part in self.parts)


def join_parts(parts: Sequence[Part]) -> Joined:
    """Join the parts of one plan.

    Raises:
        UserError: the parts are of two templates, or have too many tasks together.
    """
    for other in parts[1:]:
        _require_one_template(parts[0], other)
    joining = _Joining(parts, _layout_for(parts))
    plan = complete_plan(joining.layout, joining.cells(), joining.rows())
    return Joined(
        tuple(parts),
        plan,
        tuple(joining.differences),
        joining.origins,
        joining.identical,
        tuple(joining.left),
    )


def tasks_only_in(plan: Plan | None, other: Plan | None) -> int:
    """Return the number of tasks of a plan whose text is nowhere in another plan.

    A plan that was not read, or of which only the cover was, has no tasks.
    """
    there = set(_texts(other))
    return sum(1 for task in _texts(plan) if task not in there)


def _texts(plan: Plan | None) -> list[str]:
    if plan is None or "plan" not in plan.tables:
        return []
    return [_essence(task) for task in plan.column("plan", "task") if filled(task)]


def _require_one_template(first: Part, other: Part) -> None:
    stamps = [
        (p.stamp.form, p.stamp.regulation, p.stamp.kind, p.stamp.school_year, p.plan.layout.limits)
        for p in (first, other)
    ]
    if stamps[0] != stamps[1]:
        raise UserError(
            Text(
                f"«{first.name}» và «{other.name}» không theo cùng một mẫu (mẫu biểu, quy định, "
                "cấp học, năm học, giới hạn); hãy chuyển về cùng mẫu bằng lệnh migrate rồi gộp.",
                f"'{first.name}' and '{other.name}' are not on the same template (form, "
                "regulation, kind, school year, limits); bring them to one with the command "
                "migrate first.",
            )
        )


def _layout_for(parts: Sequence[Part]) -> Layout:
    """Return the layout of the parts with rows enough for all their tasks."""
    own = parts[0].plan.layout
    sheet = own.sheet("plan")
    last = max((r.row for r in tasks_of(parts[0].plan)), default=sheet.first_row - 1)
    needed = last - sheet.first_row + 1 + sum(len(tasks_of(part.plan)) for part in parts[1:])
    rows = max(needed, *(part.plan.layout.rows for part in parts))
    if rows > MOST_ROWS:
        raise UserError(
            Text(
                f"Các phần có {rows} dòng công việc, một tệp chứa được nhiều nhất {MOST_ROWS}.",
                f"The parts have {rows} rows of tasks, and a file holds {MOST_ROWS} at most.",
            )
        )
    return build_layout(own.regulation, rows, own.form.id, own.limits)


def tasks_of(plan: Plan) -> list[Record]:
    """Return the rows of a plan in use, also those that only the progress sheet has."""
    there = plan.layout.sheet("plan")
    shift = there.first_row - _progress(plan.layout).first_row
    used = {record.row: record for record in plan.rows("plan")}
    blank = (None,) * len(there.columns)
    for record in plan.rows("progress"):
        used.setdefault(record.row + shift, Record(record.row + shift, blank))
    return [used[row] for row in sorted(used)]


def _progress(layout: Layout) -> PlacedSheet:
    return layout.sheet("progress")


@dataclass
class _Joining:
    """Parts being joined; collects differences, origins and rows without room."""

    parts: Sequence[Part]
    layout: Layout
    differences: list[Difference] = field(default_factory=list)
    origins: dict[tuple[str, int], tuple[Origin, ...]] = field(default_factory=dict)
    left: list[tuple[str, Origin]] = field(default_factory=list)
    identical: int = 0

    def cells(self) -> dict[str, dict[str, Raw]]:
        """Return the single cells; one that the parts fill in differently stays empty.

        Locked cells are those of the first part.
        """
        return {
            sheet.key: {
                placed.field: self.parts[0].plan.cell(placed.field, sheet.key)
                if placed.cell.locked
                else self._one(
                    Difference(sheet, placed.field, placed.ref, placed.cell.label),
                    [(part.name, part.plan.cell(placed.field, sheet.key)) for part in self.parts],
                )
                for placed in sheet.cells
            }
            for sheet in self.layout.sheets
            if sheet.cells
        }

    def _one(self, place: Difference, values: Sequence[tuple[str, Raw]]) -> Raw:
        """Return the one content of a cell; None where the parts differ, which is noted."""
        given = tuple((name, value) for name, value in values if filled(value))
        if len({_essence(value) for _, value in given}) <= 1:
            return given[0][1] if given else None
        self.differences.append(replace(place, given=given))
        return None

    def rows(self) -> dict[str, list[tuple[int, list[Raw]]]]:
        """Return the rows of every table."""
        found: dict[str, list[tuple[int, list[Raw]]]] = {}
        for sheet in self.layout.sheets:
            if not sheet.columns or sheet.key in ("plan", "progress"):
                continue
            if sheet.sheet.rows is Rows.CRITERIA:
                found[sheet.key] = list(self._criteria(sheet))
            elif any(part.plan.rows(sheet.key) for part in self.parts):
                found[sheet.key] = self._free(sheet)
        return found | self._tasks()

    def _criteria(self, sheet: PlacedSheet) -> Iterator[tuple[int, list[Raw]]]:
        tables = [{r.row: r.values for r in part.plan.rows(sheet.key)} for part in self.parts]
        for row in sorted({row for table in tables for row in table}):
            values: list[Raw] = [None] * len(sheet.columns)
            for placed in sheet.columns:
                if placed.column.locked:
                    continue
                given = [
                    (part.name, table[row][placed.index])
                    for part, table in zip(self.parts, tables, strict=True)
                    if row in table
                ]
                ref = sheet.ref(placed.field, row)
                place = Difference(sheet, placed.field, ref, placed.column.header, row)
                values[placed.index] = self._one(place, given)
            yield row, values

    def _free(self, sheet: PlacedSheet) -> list[tuple[int, list[Raw]]]:
        rows: dict[int, list[Raw]] = {}
        seen: dict[tuple[str, ...], int] = {}
        for part in self.parts:
            for record in part.plan.rows(sheet.key):
                typed = typed_in(sheet, record)
                mark = tuple(map(_essence, typed))
                if mark in seen:
                    self._come_from(sheet, seen[mark], Origin(part, record.row))
                    continue
                row = (
                    record.row
                    if part is self.parts[0]
                    else max(rows, default=sheet.first_row - 1) + 1
                )
                if row <= sheet.last_row:
                    seen[mark] = row
                    rows[row] = list(typed)
                    self._come_from(sheet, row, Origin(part, record.row))
                else:
                    self.left.append((sheet.key, Origin(part, record.row)))
        return sorted(rows.items())

    def _come_from(self, sheet: PlacedSheet, row: int, origin: Origin) -> None:
        self.origins[sheet.key, row] = (*self.origins.get((sheet.key, row), ()), origin)

    def _tasks(self) -> dict[str, list[tuple[int, list[Raw]]]]:
        """Return the rows of the plan and of the progress sheet."""
        sheet, progress = self.layout.sheet("plan"), _progress(self.layout)
        shift = progress.first_row - sheet.first_row
        tasks: dict[int, tuple[tuple[Raw, ...], tuple[Raw, ...]]] = {}
        places: dict[tuple[str, ...], int] = {}
        for part in self.parts:
            reports = {record.row: record for record in part.plan.rows("progress")}
            of_first = part is self.parts[0]
            for record in tasks_of(part.plan):
                report = reports.get(record.row + shift)
                blank = (None,) * len(progress.columns)
                values = typed_in(sheet, record), typed_in(progress, report) if report else blank
                mark = tuple(_essence(value) for typed in values for value in typed)
                row = record.row if of_first else max(tasks, default=sheet.first_row - 1) + 1
                if mark in places and not of_first:
                    row = places[mark]
                    self.identical += 1
                else:
                    places.setdefault(mark, row)
                    if not of_first:
                        self._compare(sheet, tasks, row, values[0])
                    tasks[row] = values
                self._come_from(sheet, row, Origin(part, record.row))
                self._come_from(progress, row + shift, Origin(part, record.row + shift))
        found = sorted(tasks.items())
        return {
            "plan": [(row, list(own)) for row, (own, _) in found if any(map(filled, own))],
            "progress": [
                (row + shift, list(own)) for row, (_, own) in found if any(map(filled, own))
            ],
        }

    def _compare(
        self,
        sheet: PlacedSheet,
        tasks: Mapping[int, tuple[tuple[Raw, ...], tuple[Raw, ...]]],
        row: int,
        values: Sequence[Raw],
    ) -> None:
        """Note a task that is there in the same words, with other cells."""
        placed = sheet.column("task")
        text = _essence(values[placed.index])
        same = [n for n, (own, _) in tasks.items() if _essence(own[placed.index]) == text]
        if text and same:
            ref = sheet.ref("task", row)
            self.differences.append(
                Difference(sheet, "task", ref, placed.column.header, row, same_row=same[0])
            )


def typed_in(sheet: PlacedSheet, record: Record) -> tuple[Raw, ...]:
    """Return the values of a row that a person types; None for computed ones."""
    return tuple(
        None if placed.column.locked else record.values[placed.index] for placed in sheet.columns
    )


def _essence(value: Raw) -> str:
    return fold(show(value, as_date=False)) if filled(value) else ""
