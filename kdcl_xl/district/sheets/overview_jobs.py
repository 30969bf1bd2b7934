"""The urgent jobs of the overview: things that need a person now, with links to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kdcl_xl.district.decisions.decision import DecisionState
from kdcl_xl.district.model.model import District, InputState, SchoolLine
from kdcl_xl.district.model.school_state import State
from kdcl_xl.district.sheets import flags, log, money, progress, schools
from kdcl_xl.district.sheets.declare import Contents, ListSheet
from kdcl_xl.district.sheets.links import link
from kdcl_xl.files import base_name
from macros_free_validation.rule import Severity
from macros_free_validation.rules.across import OWNER_IN_DOUBT
from workbook_templates.text import Text


@dataclass(frozen=True, slots=True)
class Job:
    """A thing that needs a person now, and the target of its link."""

    text: Text
    target: str


_UNFINISHED = (State.WRONG_YEAR, State.WRONG_FORM, State.BLANK, State.PARTIAL)
"""States of schools whose files were read and are no plan to work with."""


def _name(line: SchoolLine) -> str:
    return line.school.name or line.school.code or base_name(line.paths[0])


MOST_JOBS = 12
"""Lines of one kind of job; one further line counts the rest."""


def jobs_of(contents: Contents) -> Iterator[Job]:
    """Yield each thing that needs a person now, the gravest first."""
    district, links = contents.district, contents.links

    def top_of(sheet: ListSheet[Any]) -> str:
        return link(sheet.name.in_(links.language), "A1")

    def school(line: SchoolLine) -> str:
        return links.school(line.paths[0]) if line.paths else top_of(schools.SHEET)

    unreadable = [
        Job(
            Text(
                f"Không đọc được tệp {base_name(entry.path)}: {entry.reason}",
                f"Unreadable file {base_name(entry.path)}: {entry.reason}",
            ),
            links.school(entry.path),
        )
        for entry in district.inputs
        if entry.state is InputState.UNREADABLE
    ]
    yield from _shortened(unreadable, top_of(log.SHEET))
    doubtful = [
        Job(
            Text(
                f"Chưa chắc bản nộp «{base_name(flag.path)}» của trường nào (KD908, trang Cờ).",
                f"Not certain whose plan '{base_name(flag.path)}' is (KD908, sheet of flags).",
            ),
            links.school(flag.path),
        )
        for flag in district.flags
        if flag.finding.rule == OWNER_IN_DOUBT.id
    ]
    yield from _shortened(doubtful, top_of(flags.SHEET))
    for state in _UNFINISHED:
        unfinished = [
            Job(
                Text(
                    f"{_name(line)}: {state.label.vi.lower()}. {line.remark}",
                    f"{_name(line)}: {state.label.en.lower()}. {line.remark}",
                ),
                school(line),
            )
            for line in district.in_state(state)
        ]
        yield from _shortened(unfinished, top_of(schools.SHEET))
    double = [
        Job(
            Text(
                f"{line.school.name} nộp {len(line.paths)} bản; đã lấy "
                f"«{base_name(line.paths[0])}» (lý do ở trang Nhật ký).",
                f"{line.school.name} returned {len(line.paths)} files; "
                f"'{base_name(line.paths[0])}' counts (the log says why).",
            ),
            school(line),
        )
        for line in district.in_state(State.DOUBLE)
    ]
    yield from _shortened(double, top_of(schools.SHEET))
    missing = district.in_state(State.MISSING)
    if missing:
        names = "; ".join(line.school.name for line in missing[:10])
        more = f" (+{len(missing) - 10})" if len(missing) > 10 else ""
        yield Job(
            Text(
                f"{len(missing)} trường chưa nộp: {names}{more}.",
                f"{len(missing)} schools missing: {names}{more}.",
            ),
            top_of(schools.SHEET),
        )
    wrong = sorted(
        (line for line in district.schools if line.counts.get(Severity.ERROR) and line.summaries),
        key=lambda line: -line.counts[Severity.ERROR],
    )
    errors = [
        Job(
            Text(
                f"{line.school.name}: {line.counts[Severity.ERROR]} lỗi cần sửa.",
                f"{line.school.name}: errors to mend: {line.counts[Severity.ERROR]}.",
            ),
            school(line),
        )
        for line in wrong
    ]
    yield from _shortened(errors, top_of(schools.SHEET))
    disputed = sum(1 for flag in district.flags if flag.line.is_disputed)
    if disputed:
        yield Job(
            Text(
                f"{disputed} vấn đề có các kết luận khác nhau, cần xem lại (kết luận kia ở trang "
                "Đã khép lại).",
                f"{disputed} findings were decided differently and are to be reviewed (the other "
                "decision is on the sheet of closed ones).",
            ),
            top_of(flags.SHEET),
        )
    review = district.count_in_state(DecisionState.REVIEW) - disputed
    if review:
        yield Job(
            Text(
                f"{review} kết luận cần xem lại vì nội dung đã thay đổi.",
                f"{review} decisions to be reviewed, for what they rest on changed.",
            ),
            top_of(flags.SHEET),
        )
    late = [
        Job(
            Text(
                f"{line.school_name}: {line.overdue} công việc quá hạn, lâu nhất {line.longest} "
                "ngày.",
                f"{line.school_name}: {line.overdue} tasks overdue, {line.longest} days at most.",
            ),
            links.to_tasks(line.path),
        )
        for line in contents.list_of(progress.SHEET).entries
        if line.overdue
    ]
    yield from _shortened(late, top_of(progress.SHEET))
    yield from _other_jobs(district, top_of(money.SHEET), top_of(schools.SHEET), top_of(log.SHEET))


def _other_jobs(
    district: District, money_sheet: str, school_sheet: str, log_sheet: str
) -> Iterator[Job]:
    uncounted = sum(map(money.is_uncounted, district.tasks))
    if uncounted:
        yield Job(
            Text(
                f"{uncounted} công việc ghi kinh phí không phải số tiền cộng được.",
                f"{uncounted} tasks have a budget that is no amount.",
            ),
            money_sheet,
        )
    strangers = [line for line in district.schools if line.summaries and not line.expected]
    if strangers and any(line.expected for line in district.schools):
        yield Job(
            Text(
                f"{len(strangers)} trường nộp nhưng không có trong danh sách.",
                f"{len(strangers)} schools returned a plan but are not on the list.",
            ),
            school_sheet,
        )
    for state, words in (
        (InputState.SAME, Text("tệp trùng nhau, đã bỏ qua.", "identical files left out.")),
        (InputState.DISTRICT, Text("sổ tổng hợp, đã bỏ qua.", "authority workbooks left out.")),
    ):
        count = sum(1 for entry in district.inputs if entry.state is state)
        if count:
            yield Job(Text(f"{count} {words.vi}", f"{count} {words.en}"), log_sheet)


def _shortened(jobs: Sequence[Job], target: str) -> Iterator[Job]:
    """Yield at most :data:`MOST_JOBS` jobs, and the number of the others."""
    yield from jobs[:MOST_JOBS]
    rest = len(jobs) - MOST_JOBS
    if rest > 0:
        yield Job(Text(f"… và {rest} trường hợp nữa.", f"… and {rest} more."), target)
