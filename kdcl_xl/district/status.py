"""Report the state of each school: what it has returned, and how far that is filled in.

No plan is judged. Of several files of one school, the file counts that a merge would take.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path
from typing import Any

from kdcl_xl.checking.check import as_checked, read_cover
from kdcl_xl.checking.report import kinds_of, show_on_one_line
from kdcl_xl.checking.settings import Settings
from kdcl_xl.checking.supervise import one_process
from kdcl_xl.district.decisions.decision import DecisionState
from kdcl_xl.district.model.build import build_district
from kdcl_xl.district.model.choose import preferred_of, shown_time
from kdcl_xl.district.model.model import District, Input, InputState, SchoolLine
from kdcl_xl.district.model.school_state import State
from kdcl_xl.errors import Exit, UserError
from kdcl_xl.files import ProgressBar, base_name
from kdcl_xl.reporting.report import Column, Group, Report, Table, aligned
from kdcl_xl.schools import NO_CONTACT, School
from kdcl_xl.submission.inventory import find_inputs
from kdcl_xl.submission.model import AS_ISSUED, Reading
from kdcl_xl.xlsx.bounds import Bounds
from macros_free_validation.rule import Severity, Stage
from workbook_templates.regulation import Catalogue
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Language, Text


def read_status(
    paths: Sequence[Path],
    catalogue: Catalogue,
    today: date,
    schools: Sequence[School],
    *,
    reading: Reading = AS_ISSUED,
    prefer: Sequence[Path] = (),
    school_year: SchoolYear | None = None,
    assign: Sequence[tuple[str, str]] = (),
    language: Language = Language.VI,
    progress: ProgressBar = iter,
) -> District:
    """Return the district without tasks: its schools and its log.

    Raises:
        UserError: a path does not exist, a preferred file is no readable input, or a file or code
            of ``assign`` is not known.
    """
    files = _files(paths, reading.bounds)
    with one_process(reading.bounds) as process:
        results = [process.run(p, read_cover, p, catalogue, reading) for p in progress(files)]
    read = [as_checked(result) for result in results]
    preferred = preferred_of(prefer, [entry.submission for entry in read])
    return build_district(
        read,
        schools,
        "",
        today,
        Settings(Stage.DISTRICT),
        language,
        preferred,
        school_year=school_year,
        assign=assign,
    )


def _files(paths: Sequence[Path], bounds: Bounds) -> list[Path]:
    """Return the files in the paths; an empty folder is no error here."""
    try:
        return find_inputs(paths, bounds)
    except UserError as error:
        if error.code is Exit.NOTHING_READ:
            return []
        raise


def exit_code(district: District) -> Exit:
    """Return 0 where every expected school has returned a plan, 1 where not, 3 for no workbook."""
    if not any(line.state.is_read for line in district.schools):
        return Exit.NOTHING_READ
    for line in district.schools:
        if line.state is State.UNREADABLE or (line.expected and not line.state.is_returned):
            return Exit.ERRORS_FOUND
    return Exit.OK


_COLUMNS = (
    Column(Text("Mã trường", "Code")),
    Column(Text("Tên trường", "School")),
    Column(Text("Tình trạng", "State")),
    Column(Text("Năm học", "Year")),
    Column(Text("Lưu lần cuối", "Last saved")),
    Column(Text("Tệp và ghi chú", "File and remark")),
)
_CONTACT = Column(Text("Liên hệ", "Contact"))
_UNLISTED = Text("ngoài danh sách", "not expected")
_BY_FILE_SYSTEM = Text(
    "* theo hệ thống tệp, vì trong tệp không ghi thời điểm tin được",
    "* by the file system: the file itself says no time that can be believed",
)
_KINDS = Text("Các tệp đã nhận", "Files received")
_TOTALS = Text(
    "Danh sách có {expected} trường: {states}. Ngoài danh sách: {unlisted}.",
    "{expected} schools expected: {states}. Not expected: {unlisted}.",
)


@dataclass(frozen=True)
class StatusReport(Report):
    """The schools of a district that have returned a file, and those that have not."""

    district: District
    language: Language

    title = Text("Tình hình nộp kế hoạch", "Plans returned and missing")

    @property
    def summary(self) -> str:
        """The number of schools in each state."""
        return _totals(self.district, self.language)

    @property
    def lines(self) -> Iterator[str]:
        """One line a school, another for each further file of it, and the totals."""
        table, language = self.table, self.language
        yield from aligned(table, language, len(table.columns))
        yield ""
        for entry in other_inputs(self.district):
            kind = entry.kind.label.in_(language)
            yield f"{entry.path}: {kind}. {entry.state.label.in_(language)}"
        if any(str(row[_SAVED]).endswith("*") for row in table.groups[0].rows):
            yield _BY_FILE_SYSTEM.in_(language)
        yield self.summary
        if kinds := kinds_of((entry.kind for entry in self.district.inputs), language):
            yield f"{_KINDS.in_(language)}: {kinds}."

    @property
    def table(self) -> Table:
        """One row a school, and another for each further file of it.

        Where the list of schools has contacts, they are the last column.
        """
        district, language = self.district, self.language
        lines = [
            (line, row) for line in district.schools for row in _rows(line, district, language)
        ]
        if not any(line.school.contact != NO_CONTACT for line in district.schools):
            return Table(_COLUMNS, (Group((), tuple(row for _, row in lines)),))
        rows = tuple((*row, str(line.school.contact)) for line, row in lines)
        return Table((*_COLUMNS, _CONTACT), (Group((), rows),))

    @property
    def records(self) -> Mapping[str, Any]:
        """Schools with their files; states by their code words, times in UTC."""
        district = self.district
        listed = [line for line in district.schools if line.expected]
        return {
            "schools": [_school(line, district) for line in district.schools],
            "files": [_file(entry) for entry in district.inputs],
            "summary": {
                "expected": len(listed),
                **{str(s): sum(line.state is s for line in listed) for s in State},
                "not_expected": len(district.schools) - len(listed),
            },
        }


_SAVED = 4
"""The column of the time, which ends in ``*`` where it is the file system's."""


def _rows(line: SchoolLine, district: District, language: Language) -> Iterator[tuple[str, ...]]:
    state = line.state.label.in_(language)
    if line.state is State.PARTIAL:
        state = f"{state} ({line.percent}%)"
    if not line.expected:
        state = f"{state}, {_UNLISTED.in_(language)}"
    head = [line.school.code, line.school.name, state]
    if not line.paths and not line.claims:
        yield (*head, "", "", "")
    for entry in _inputs(line, district):
        name = base_name(entry.path)
        said = f"{name}: {show_on_one_line(entry.reason)}" if entry.reason else name
        yield (*head, entry.school_year, _time(entry), said)
        head = ["", "", ""]
    for path in line.claims:
        yield (*head, "", "", _CLAIM.format(file=path).in_(language))
        head = ["", "", ""]


_CLAIM = Text("? {file}: có thể là của trường này", "? {file}: may be of this school")


def _inputs(line: SchoolLine, district: District) -> list[Input]:
    """Return the files of a school, the one that counts first."""
    by_path = {entry.path: entry for entry in district.inputs}
    return [by_path[path] for path in line.paths]


def other_inputs(district: District) -> list[Input]:
    """Return the files that belong to no school, such as twins of other files."""
    mine = {path for line in district.schools for path in line.paths}
    return [entry for entry in district.inputs if entry.path not in mine]


def _time(entry: Input) -> str:
    if entry.saved is not None and entry.saved.doubt is None:
        return entry.saved.shown
    at = shown_time(entry.modified)
    return f"{at} *" if at else ""


def _totals(district: District, language: Language) -> str:
    listed = [line for line in district.schools if line.expected]
    states = shown_states(listed, language) or "0"
    unlisted = len(district.schools) - len(listed)
    totals = _TOTALS.format(expected=len(listed), states=states, unlisted=unlisted)
    return totals.in_(language)


def shown_states(lines: Sequence[SchoolLine], language: Language) -> str:
    """Return the number of schools in each state that some school is in."""
    counts = Counter(line.state for line in lines)
    return ", ".join(f"{counts[s]} {s.label.in_(language).lower()}" for s in State if counts[s])


_SCHOOLS = Text("Trường: {states}.", "Schools: {states}.")
_COUNTS = Text(
    "{tasks} công việc; {errors} lỗi, {warnings} cảnh báo, {notes} lưu ý.",
    "{tasks} tasks; {errors} errors, {warnings} warnings, {notes} notes.",
)
_DECISIONS = Text(
    "Kết luận: {states}; {closed} đã khép lại; {noted} ghi chú khác.",
    "Decisions: {states}; {closed} closed; {noted} other notes.",
)
_DISPUTED = Text(
    "{count} vấn đề có các kết luận khác nhau, cần xem lại ở trang «Cờ».",
    "{count} findings were decided differently; please review them on the sheet of flags.",
)


def merge_totals(district: District) -> Iterator[Text]:
    """Yield the totals of a merge, a sentence each: schools, tasks, decisions, disputes."""
    yield _SCHOOLS.format(states=_in_both(lambda spoken: shown_states(district.schools, spoken)))
    yield _COUNTS.format(
        tasks=len(district.tasks),
        errors=district.count(Severity.ERROR),
        warnings=district.count(Severity.WARNING),
        notes=district.count(Severity.NOTE),
    )
    yield _DECISIONS.format(
        states=_in_both(
            lambda spoken: ", ".join(
                f"{district.count_in_state(state)} {state.label.in_(spoken).lower()}"
                for state in DecisionState
            )
        ),
        closed=len(district.closed),
        noted=len(district.notes),
    )
    if disputed := sum(1 for flag in district.flags if flag.line.is_disputed):
        yield _DISPUTED.format(count=disputed)


def _in_both(said: Callable[[Language], str]) -> Text:
    return Text(said(Language.VI), said(Language.EN))


def _school(line: SchoolLine, district: District) -> dict[str, Any]:
    return {
        "code": line.school.code or None,
        "name": line.school.name,
        "kind": line.school.kind.id if line.school.kind else None,
        "contact": line.school.contact.record,
        "expected": line.expected,
        "state": str(line.state),
        "percent_filled": line.percent,
        "remark": line.remark or None,
        "may_have": list(line.claims),
        "files": [_file(entry) for entry in _inputs(line, district)],
    }


def _file(entry: Input) -> dict[str, Any]:
    inside = entry.saved is not None and entry.saved.doubt is None
    at = entry.saved.at if entry.saved else entry.modified
    return {
        "path": entry.path,
        "kind": str(entry.kind),
        "state": "counts" if entry.state is InputState.MERGED else str(entry.state),
        "saved": at.astimezone(UTC).isoformat(timespec="seconds") if at else None,
        "saved_by": "file" if inside else "file_system",
        "school_year": entry.school_year or None,
        "school_code": entry.owner_code or None,
        "reason": entry.reason or None,
    }
