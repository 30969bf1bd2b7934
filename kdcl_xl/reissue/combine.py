"""Put the parts of one school's plan together: files that two people, or two campuses, filled in.

Tasks of all parts are kept, each with a note that names its file; identical ones count once. A
single cell that two parts fill in differently stays empty, and both contents are requests on it:
nobody but the school can choose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kdcl_xl.checking.check import Checked, as_checked
from kdcl_xl.checking.guard import guarded
from kdcl_xl.errors import UserError
from kdcl_xl.reissue.leftovers import outside_of
from kdcl_xl.reissue.migration import NO_ROOM, with_locked_as_issued
from kdcl_xl.schools import School
from kdcl_xl.submission.model import Reading, Submission
from kdcl_xl.submission.reading import read_and_keep
from kdcl_xl.template.issue import stamp_for
from kdcl_xl.template.not_carried import LeftBehind
from kdcl_xl.template.requests import CellNote, Request, SentBack
from kdcl_xl.template.stamp import Stamp
from kdcl_xl.template.writer import render_workbook
from kdcl_xl.xlsx.package import UnreadableError
from macros_free_validation.derive import complete_plan
from macros_free_validation.plan import Plan, Record
from macros_free_validation.rule import Severity
from macros_free_validation.rules import workbook as rules
from macros_free_validation.values import Raw, filled, show
from workbook_templates.declare import Rows
from workbook_templates.layout import MOST_ROWS, Layout, PlacedSheet, build_layout
from workbook_templates.regulation import Catalogue
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text, fold


@dataclass(frozen=True)
class Part:
    """A part of a plan: the name of its file, its plan, its stamp, and what is outside the form."""

    name: str
    submission: Submission
    plan: Plan
    stamp: Stamp
    outside: tuple[LeftBehind, ...]


@dataclass(frozen=True)
class Combined:
    """A combined workbook, with the counts that a person needs.

    ``tasks`` counts the tasks, ``identical`` those left out because another part has the very
    same; ``requests`` are the contradictions, each at its cell.
    """

    content: bytes
    tasks: int
    identical: int
    requests: tuple[Request, ...]
    left: tuple[LeftBehind, ...]


def read_part(path: Path, name: str, catalogue: Catalogue, reading: Reading) -> Part | Checked:
    """Read one part, or return what a check reports of a file that cannot be read."""

    def work() -> Part | Checked:
        submission, workbook = read_and_keep(path, catalogue, replace(reading, limits=()))
        plan, stamp = submission.plan, submission.stamp
        if workbook is None or plan is None or stamp is None:
            return Checked(submission, submission.found)
        kind = plan.layout.regulation.kind(stamp.kind)
        if kind is None:
            raise UnreadableError(rules.UNKNOWN_VERSION, found=stamp.kind)
        issued = with_locked_as_issued(plan, stamp, kind)
        return Part(name, submission, plan, stamp, tuple(outside_of(workbook, issued, stamp, name)))

    return as_checked(guarded(path, work))


def combine(parts: Sequence[Part], password: str = "") -> Combined:
    """Put parts of one plan into one workbook.

    Raises:
        UserError: the parts are of two schools or two templates, or have too many tasks together.
    """
    first = parts[0]
    for other in parts[1:]:
        _require_same(first, other)
    move = _Joining(parts, _layout_for(parts))
    cells, rows = move.cells(), move.rows()
    stamp, kind = first.stamp, first.plan.layout.regulation.kind(first.stamp.kind)
    assert kind is not None  # read_part refuses such a file
    year = SchoolYear.parse(stamp.school_year)
    issued = stamp_for(move.layout, kind, year, School(code=stamp.school_code))
    plan = with_locked_as_issued(complete_plan(move.layout, cells, rows), issued, kind)
    plan = complete_plan(move.layout, plan.cells, rows)
    left = (*(entry for part in parts for entry in part.outside), *move.left)
    sent = SentBack(tuple(move.requests), move.summary, tuple(move.origins()))
    content = render_workbook(plan, issued, password, left, sent)
    return Combined(content, len(plan.rows("plan")), move.identical, tuple(move.requests), left)


def _require_same(first: Part, other: Part) -> None:
    codes = [fold(part.submission.code).lstrip("0") for part in (first, other)]
    if codes[0] != codes[1]:
        one, two = first.submission.code, other.submission.code
        raise UserError(
            Text(
                f"«{first.name}» có mã trường «{one}», «{other.name}» có mã «{two}»; chỉ gộp các "
                "phần kế hoạch của cùng một trường.",
                f"'{first.name}' has the school code '{one}', '{other.name}' has '{two}'; only "
                "parts of one school's plan are put together.",
            )
        )
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
    last = max((r.row for r in _tasks(parts[0].plan)), default=sheet.first_row - 1)
    needed = last - sheet.first_row + 1 + sum(len(_tasks(part.plan)) for part in parts[1:])
    rows = max(needed, *(part.plan.layout.rows for part in parts))
    if rows > MOST_ROWS:
        raise UserError(
            Text(
                f"Các phần có {rows} dòng công việc, một tệp chứa được nhiều nhất {MOST_ROWS}.",
                f"The parts have {rows} rows of tasks, and a file holds {MOST_ROWS} at most.",
            )
        )
    return build_layout(own.regulation, rows, own.form.id, own.limits)


@dataclass(frozen=True, slots=True)
class _Row:
    """The typed values of a row, by sheet, and the files that have it."""

    values: Mapping[str, tuple[Raw, ...]]
    names: tuple[str, ...]


def _tasks(plan: Plan) -> list[Record]:
    """Return the rows of the plan in use, also those that only the progress sheet has."""
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
    """Parts being put together; collects requests, origins and values without a row."""

    parts: Sequence[Part]
    layout: Layout
    requests: list[Request] = field(default_factory=list)
    left: list[LeftBehind] = field(default_factory=list)
    identical: int = 0
    tasks: dict[int, _Row] = field(default_factory=dict)

    def cells(self) -> dict[str, dict[str, Raw]]:
        """Return the single cells; one that the parts fill in differently stays empty."""
        return {
            sheet.key: {
                placed.field: self._one(
                    sheet,
                    placed.ref,
                    placed.cell.label,
                    [(part.name, part.plan.cell(placed.field, sheet.key)) for part in self.parts],
                )
                for placed in sheet.cells
                if not placed.cell.locked
            }
            for sheet in self.layout.sheets
            if sheet.cells
        }

    def _one(
        self, sheet: PlacedSheet, ref: str, label: Text, values: Sequence[tuple[str, Raw]]
    ) -> Raw:
        given = [(name, value) for name, value in values if filled(value)]
        if len({_essence(value) for _, value in given}) <= 1:
            return given[0][1] if given else None
        said = "; ".join(f"«{name}»: {show(value, as_date=False)}" for name, value in given)
        self._ask(sheet, ref, f"{label.vi}: các tệp ghi khác nhau. {said}", _CHOOSE)
        return None

    def _ask(self, sheet: PlacedSheet, ref: str, message: str, remedy: str) -> None:
        self.requests.append(Request(Severity.WARNING, sheet.name, ref, message, "", remedy))

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
        self._join_tasks()
        for key in ("plan", "progress"):
            shift = self.layout.sheet(key).first_row - self.layout.sheet("plan").first_row
            found[key] = [
                (row + shift, list(task.values[key]))
                for row, task in sorted(self.tasks.items())
                if any(map(filled, task.values[key]))
            ]
        return found

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
                values[placed.index] = self._one(sheet, ref, placed.column.header, given)
            yield row, values

    def _free(self, sheet: PlacedSheet) -> list[tuple[int, list[Raw]]]:
        rows: dict[int, list[Raw]] = {}
        seen: set[tuple[str, ...]] = set()
        for part in self.parts:
            for record in part.plan.rows(sheet.key):
                typed = _typed(sheet, record)
                mark = tuple(map(_essence, typed))
                if mark in seen:
                    continue
                seen.add(mark)
                row = (
                    record.row
                    if part is self.parts[0]
                    else max(rows, default=sheet.first_row - 1) + 1
                )
                if row <= sheet.last_row:
                    rows[row] = list(typed)
                else:
                    self._leave(sheet, part, record, typed)
        return sorted(rows.items())

    def _leave(self, sheet: PlacedSheet, part: Part, record: Record, typed: Sequence[Raw]) -> None:
        for placed, value in zip(sheet.columns, typed, strict=True):
            if filled(value):
                ref = part.plan.layout.sheet(sheet.key).ref(placed.field, record.row)
                header = placed.column.header
                self.left.append(LeftBehind(sheet.name, ref, header, "", value, NO_ROOM, part.name))

    def _join_tasks(self) -> None:
        sheet = self.layout.sheet("plan")
        places: dict[tuple[str, ...], int] = {}
        for part in self.parts:
            reports = {record.row: record for record in part.plan.rows("progress")}
            shift = _progress(part.plan.layout).first_row - sheet.first_row
            of_first = part is self.parts[0]
            for record in _tasks(part.plan):
                report = reports.get(record.row + shift)
                progress = _progress(self.layout)
                values = {
                    "plan": _typed(sheet, record),
                    "progress": _typed(progress, report)
                    if report
                    else (None,) * len(progress.columns),
                }
                mark = tuple(_essence(v) for typed in values.values() for v in typed)
                if mark in places and not of_first:
                    row = places[mark]
                    known = self.tasks[row]
                    self.tasks[row] = replace(known, names=(*known.names, part.name))
                    self.identical += 1
                    continue
                row = record.row if of_first else max(self.tasks, default=sheet.first_row - 1) + 1
                places.setdefault(mark, row)
                if not of_first:
                    self._compare(sheet, row, values["plan"])
                self.tasks[row] = _Row(values, (part.name,))

    def _compare(self, sheet: PlacedSheet, row: int, values: Sequence[Raw]) -> None:
        """Ask about a task that another part has in the same words, with other cells."""
        at = sheet.column("task").index
        text = _essence(values[at])
        same = [n for n, task in self.tasks.items() if _essence(task.values["plan"][at]) == text]
        if text and same:
            message = f"Việc này cũng có ở dòng {same[0]}, với nội dung khác ở một số ô."
            self._ask(sheet, sheet.ref("task", row), message, _ONE_OF_TWO)

    def origins(self) -> Iterator[CellNote]:
        """Yield a note for each task that names its files, on the cell of its text."""
        sheet = self.layout.sheet("plan")
        asked = {request.cell for request in self.requests if request.sheet == sheet.name}
        for row, task in sorted(self.tasks.items()):
            ref = sheet.ref("task", row)
            if ref in asked:  # the note of the request has the cell: its neighbour takes this one
                ref = sheet.ref("lead", row)
            yield CellNote(sheet.name, ref, f"Từ tệp: {', '.join(task.names)}")

    @property
    def summary(self) -> str:
        """The text above the requests."""
        counts = ", ".join(f"{part.name} ({len(_tasks(part.plan))} việc)" for part in self.parts)
        said = [f"Tệp này được gộp từ: {counts}."]
        if self.identical:
            said.append(f"{self.identical} việc giống hệt nhau được ghi một lần.")
        if not self.requests:
            said.append("Không có ô nào ghi khác nhau.")
        return " ".join(said)


_CHOOSE = "Chọn một nội dung và ghi vào ô; ô được để trống cho đến khi nhà trường chọn."
_ONE_OF_TWO = "Nếu là một việc thì giữ một dòng và xóa nội dung dòng kia."


def _typed(sheet: PlacedSheet, record: Record) -> tuple[Raw, ...]:
    """Return the values of a row that a person types; None for computed ones."""
    return tuple(
        None if placed.column.locked else record.values[placed.index] for placed in sheet.columns
    )


def _essence(value: Raw) -> str:
    return fold(show(value, as_date=False)) if filled(value) else ""
