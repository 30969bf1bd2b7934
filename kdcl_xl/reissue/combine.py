"""Put the parts of one school's plan together: files that two people, or two campuses, filled in.

Tasks of all parts are kept, each with a note that names its file; identical ones count once. A
single cell that two parts fill in differently stays empty, and both contents are requests on it:
nobody but the school can choose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kdcl_xl.checking.check import Checked, as_checked
from kdcl_xl.checking.guard import guarded
from kdcl_xl.errors import UserError
from kdcl_xl.reissue.leftovers import outside_of
from kdcl_xl.reissue.migration import NO_ROOM, with_locked_as_issued
from kdcl_xl.schools import School
from kdcl_xl.submission.model import Reading
from kdcl_xl.submission.parts import Difference, Joined, Part, join_parts, tasks_of, typed_in
from kdcl_xl.submission.reading import read_and_keep
from kdcl_xl.template.issue import stamp_for
from kdcl_xl.template.not_carried import LeftBehind
from kdcl_xl.template.requests import CellNote, Request, SentBack
from kdcl_xl.template.writer import render_workbook
from kdcl_xl.xlsx.package import UnreadableError
from macros_free_validation.derive import complete_plan
from macros_free_validation.rule import Severity
from macros_free_validation.rules import workbook as rules
from macros_free_validation.values import filled
from workbook_templates.regulation import Catalogue
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text, fold


@dataclass(frozen=True)
class ReadPart:
    """A part of a plan, the school's code in it, and what is outside the form."""

    part: Part
    code: str
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


def read_part(path: Path, name: str, catalogue: Catalogue, reading: Reading) -> ReadPart | Checked:
    """Read one part, or return what a check reports of a file that cannot be read."""

    def work() -> ReadPart | Checked:
        submission, workbook = read_and_keep(path, catalogue, replace(reading, limits=()))
        plan, stamp = submission.plan, submission.stamp
        if workbook is None or plan is None or stamp is None:
            return Checked(submission, submission.found)
        kind = plan.layout.regulation.kind(stamp.kind)
        if kind is None:
            raise UnreadableError(rules.UNKNOWN_VERSION, found=stamp.kind)
        issued = with_locked_as_issued(plan, stamp, kind)
        outside = tuple(outside_of(workbook, issued, stamp, name))
        return ReadPart(Part(name, plan, submission.digest, stamp), submission.code, outside)

    return as_checked(guarded(path, work))


def combine(parts: Sequence[ReadPart], password: str = "") -> Combined:
    """Put parts of one plan into one workbook.

    Raises:
        UserError: the parts are of two schools or two templates, or have too many tasks together.
    """
    for other in parts[1:]:
        _require_one_school(parts[0], other)
    joined = join_parts([read.part for read in parts])
    first, layout = joined.parts[0], joined.plan.layout
    stamp, kind = first.stamp, layout.regulation.kind(first.stamp.kind)
    assert kind is not None  # read_part refuses such a file
    year = SchoolYear.parse(stamp.school_year)
    issued = stamp_for(layout, kind, year, School(code=stamp.school_code))
    plan = with_locked_as_issued(joined.plan, issued, kind)
    rows = {
        sheet.key: [(r.row, list(typed_in(sheet, r))) for r in plan.rows(sheet.key)]
        for sheet in layout.sheets
        if sheet.columns
    }
    plan = complete_plan(layout, plan.cells, rows)
    left = (*(entry for read in parts for entry in read.outside), *_left(joined))
    requests = tuple(map(_request, joined.differences))
    sent = SentBack(requests, _summary(joined), tuple(_notes(joined, requests)))
    content = render_workbook(plan, issued, password, left, sent)
    return Combined(content, len(plan.rows("plan")), joined.identical, requests, left)


def _require_one_school(first: ReadPart, other: ReadPart) -> None:
    codes = [fold(read.code).lstrip("0") for read in (first, other)]
    if codes[0] != codes[1]:
        a, b, one, two = first.part.name, other.part.name, first.code, other.code
        raise UserError(
            Text(
                f"«{a}» có mã trường «{one}», «{b}» có mã «{two}»; chỉ gộp các phần kế hoạch "
                "của cùng một trường.",
                f"'{a}' has the school code '{one}', '{b}' has '{two}'; only parts of one "
                "school's plan are put together.",
            )
        )


def _request(found: Difference) -> Request:
    """Return the request to the school about a difference."""
    message = f"{found.label.vi}: các tệp ghi khác nhau. {found.said}"
    remedy = _CHOOSE
    if found.same_row is not None:
        message = f"Việc này cũng có ở dòng {found.same_row}, với nội dung khác ở một số ô."
        remedy = _ONE_OF_TWO
    return Request(Severity.WARNING, found.sheet.name, found.cell, message, "", remedy)


def _left(joined: Joined) -> Iterator[LeftBehind]:
    """Yield the values of the rows that have no room in the combined workbook."""
    for key, origin in joined.left:
        plan, name = origin.part.plan, origin.part.name
        sheet = plan.layout.sheet(key)
        (record,) = (record for record in plan.rows(key) if record.row == origin.row)
        for placed, value in zip(sheet.columns, typed_in(sheet, record), strict=True):
            if filled(value):
                ref = sheet.ref(placed.field, origin.row)
                yield LeftBehind(sheet.name, ref, placed.column.header, "", value, NO_ROOM, name)


def _notes(joined: Joined, requests: Sequence[Request]) -> Iterator[CellNote]:
    """Yield a note for each task that names its files, on the cell of its text."""
    sheet = joined.plan.layout.sheet("plan")
    asked = {request.cell for request in requests if request.sheet == sheet.name}
    for (key, row), origins in sorted(joined.origins.items()):
        if key != sheet.key:
            continue
        ref = sheet.ref("task", row)
        if ref in asked:  # the note of the request has the cell: its neighbour takes this one
            ref = sheet.ref("lead", row)
        names = dict.fromkeys(origin.part.name for origin in origins)
        yield CellNote(sheet.name, ref, f"Từ tệp: {', '.join(names)}")


def _summary(joined: Joined) -> str:
    """Return the text above the requests."""
    counts = ", ".join(f"{part.name} ({len(tasks_of(part.plan))} việc)" for part in joined.parts)
    said = [f"Tệp này được gộp từ: {counts}."]
    if joined.identical:
        said.append(f"{joined.identical} việc giống hệt nhau được ghi một lần.")
    if not joined.differences:
        said.append("Không có ô nào ghi khác nhau.")
    return " ".join(said)


_CHOOSE = "Chọn một nội dung và ghi vào ô; ô được để trống cho đến khi nhà trường chọn."
_ONE_OF_TWO = "Nếu là một việc thì giữ một dòng và xóa nội dung dòng kia."
