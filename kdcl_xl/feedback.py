"""Sending back: each school's own workbook, with what it is asked to mend.

The findings are those of the files as they are now; a decision of the district workbook
goes with its finding while what it rests on is the same, exactly as in the next merge.
What only shows across schools is known from the district workbook alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from string import Formatter

from kdcl_xl.apply import apply
from kdcl_xl.check import Checked, check_file
from kdcl_xl.choose import preferred_of
from kdcl_xl.district.build import build_district
from kdcl_xl.district.carry import carry
from kdcl_xl.district.decision import Choice, Line, Memory, Progress
from kdcl_xl.district.log import LoggedFile, read_log
from kdcl_xl.district.model import District, Flag, InputState, shown_value
from kdcl_xl.district.previous import PreviousError, read_previous
from kdcl_xl.errors import UserError
from kdcl_xl.guard import UnreadableError
from kdcl_xl.left_behind import LeftBehind
from kdcl_xl.migrate import source_of, with_locked_as_issued
from kdcl_xl.outside import NOTE, outside_of
from kdcl_xl.schools import School
from kdcl_xl.send_back import CellNote, Request, SentBack, shown_word
from kdcl_xl.settings import Settings
from kdcl_xl.submission import Reading, Submission, read_package
from kdcl_xl.template import render_workbook
from macros_free_validation.derive import complete_plan
from macros_free_validation.judge import placeholders
from macros_free_validation.plan import Plan, Record
from macros_free_validation.rule import Finding, Severity, finding
from macros_free_validation.rules import BY_ID, across
from macros_free_validation.rules import settings as of_settings
from macros_free_validation.rules import workbook as rules
from macros_free_validation.trace import Trace, essence
from macros_free_validation.values import filled
from workbook_templates.layout import PlacedSheet
from workbook_templates.regulation import Catalogue
from workbook_templates.text import Language, Text, fold
from workbook_templates.vocabulary import Labelled, school_kind

_ACROSS = frozenset(rule.id for rule in across.RULES)
_OF_AUTHORITY = frozenset(rule.id for rule in of_settings.RULES)


class Fate(Labelled):
    """What becomes of a finding when a school's file is sent back."""

    ASKED = "asked", "cần sửa", "to mend"
    ACCEPTED = "accepted", "vấn đề đã được chấp nhận", "accepted"
    WAIVED = "waived", "vấn đề được miễn", "waived"
    REMARK = "remark", "lưu ý không bắt buộc sửa", "notes"
    OF_AUTHORITY = "of_authority", "vấn đề do cơ quan quản lý xử lý", "for the authority to see to"


def fate_of(flag: Flag) -> Fate:
    """Whether a finding goes back to its school.

    An auditor's decision goes first. Without one, errors and warnings are asked for, and
    notes only where the auditor wrote something or had sent them back before; what the
    school cannot mend in its file stays with the authority.
    """
    typed = flag.line.standing.typed
    is_decided = flag.line.progress is Progress.DECIDED
    if typed.choice is Choice.SEND_BACK:
        return Fate.ASKED
    if is_decided and typed.choice is Choice.ACCEPT:
        return Fate.ACCEPTED
    if is_decided and typed.choice is Choice.WAIVE:
        return Fate.WAIVED
    if flag.finding.waived is not None:
        return Fate.WAIVED
    if flag.finding.rule in _OF_AUTHORITY or (
        flag.finding.rule in _ACROSS and flag.finding.sheet is None
    ):
        return Fate.OF_AUTHORITY
    if flag.finding.severity is Severity.NOTE and not flag.line.typed:
        return Fate.REMARK
    return Fate.ASKED


@dataclass(frozen=True)
class Asked:
    """One school's file, what it is asked to mend, and what it is not asked again.

    ``is_as_merged`` where the district workbook was made of this very file.
    """

    submission: Submission
    flags: tuple[Flag, ...]
    fates: Mapping[Fate, int]
    is_as_merged: bool

    def count(self, severity: Severity) -> int:
        """Number of requests of one severity."""
        return sum(1 for flag in self.flags if flag.finding.severity is severity)

    @property
    def in_review(self) -> int:
        """Number of requests that were decided on before they changed."""
        return sum(1 for flag in self.flags if flag.line.progress is Progress.REVIEW)


@dataclass(frozen=True)
class LeftOut:
    """A file for which nothing is sent back, and why; ``is_fault`` where somebody has to act."""

    path: str
    reason: Text
    is_fault: bool


@dataclass(frozen=True)
class Round:
    """One round of sending back.

    ``absent`` are codes of schools in the district workbook of which no file was given.
    """

    asked: tuple[Asked, ...]
    left_out: tuple[LeftOut, ...]
    absent: tuple[str, ...]


_NOT_IN_DISTRICT = Text(
    "Trường «{code}» không có trong sổ tổng hợp; đề nghị tổng hợp lại trước khi gửi lại.",
    "School '{code}' is not in the district workbook; please merge again first.",
)


def plan_round(
    district: Path,
    files: Sequence[Path],
    catalogue: Catalogue,
    today: date,
    settings: Settings,
    *,
    prefer: Sequence[Path] = (),
    language: Language = Language.VI,
    progress: Callable[[Sequence[Path]], Iterable[Path]] = iter,
) -> Round:
    """What each school of a district workbook is asked to mend in the file it returned.

    Of several files of one school the one counts that a merge would take.

    Raises:
        UserError: the district workbook cannot be relied on, or a preferred file is no
            readable input.
    """
    memory, log = _read_district(district, today, settings.reading)
    checked = [check_file(path, catalogue, today, settings.reading) for path in progress(files)]
    keys = {line.about.school for line in memory.lines}
    known = [School(code=key) for key in sorted(keys) if not key.startswith("~")]
    preferred = preferred_of(prefer, [entry.submission for entry in checked])
    own = replace(settings, ignore=settings.ignore | _ACROSS)
    found = build_district(checked, known, "", today, own, language, preferred)
    lines = carry(memory, [flag.line for flag in found.flags], today).lines
    flags: dict[str, list[Flag]] = {entry.path: [] for entry in found.inputs}
    for flag, line in zip(found.flags, lines, strict=True):
        flags[flag.path].append(replace(flag, line=line))
    by_path = _keys_by_path(found)
    school_keys = keys | {_plain(entry.school_code) for entry in log}
    digests = {entry.digest for entry in log}
    merged = {entry.digest for entry in log if entry.is_merged}
    submissions = {entry.submission.shown_path: entry.submission for entry in checked}
    asked: list[Asked] = []
    left_out: list[LeftOut] = []
    seen: set[str] = set()
    for entry in found.inputs:
        submission = submissions[entry.path]
        key = by_path.get(entry.path, "")
        seen |= {key, _plain(submission.code)}
        if entry.state is not InputState.MERGED:
            is_fault = entry.state is InputState.UNREADABLE
            left_out.append(LeftOut(entry.path, _reason(entry.state, entry.reason), is_fault))
        elif key not in school_keys and entry.digest not in digests:
            reason = _NOT_IN_DISTRICT.format(code=submission.code or submission.name)
            left_out.append(LeftOut(entry.path, reason, True))
        else:
            mine = [*flags[entry.path], *_across(memory, key, submission, settings, today)]
            asked.append(_asked(submission, mine, is_as_merged=entry.digest in merged))
    absent = {
        entry.school_code
        for entry in log
        if entry.is_merged and _plain(entry.school_code) not in seen
    }
    return Round(tuple(asked), tuple(left_out), tuple(sorted(absent)))


def _read_district(
    path: Path, today: date, reading: Reading
) -> tuple[Memory, tuple[LoggedFile, ...]]:
    """What was decided, and the files it was decided on.

    Raises:
        UserError: the workbook is damaged, not ours, of a later version, or has no log.
    """
    try:
        memory, log = read_previous(path, today, reading), read_log(path, reading)
    except PreviousError as error:
        raise _refused(path, error.reason) from None
    except UnreadableError as error:
        raise _refused(path, error.finding.message) from None
    if log is None:
        raise _refused(path, _NO_LOG)
    return memory, log


_NO_LOG = Text("Sổ không còn sheet «Nhật ký».", "It has no log any more.")


def _refused(path: Path, reason: Text) -> UserError:
    return UserError(
        Text(
            f"Không dùng được sổ tổng hợp «{path}»: {reason.vi} Chưa ghi gì. Tệp đầu tiên phải là "
            "sổ do lệnh merge tạo ra, còn nguyên vẹn.",
            f"Cannot use the district workbook '{path}': {reason.en} Nothing was written. The "
            "first file must be a sound workbook made by merge.",
        )
    )


def _reason(state: InputState, reason: str) -> Text:
    vi, en = (f"{word}. {reason}".strip() for word in (state.label.vi, state.label.en))
    return Text(vi, en)


def _plain(code: str) -> str:
    """A school's code as decisions are tied to it: Excel may have cut its leading zeros."""
    folded = fold(code)
    return (folded.lstrip("0") or folded) if folded.isdigit() else folded


def _keys_by_path(found: District) -> dict[str, str]:
    """By what a school is known in the district workbook, by the path of its file."""
    keys = {path: _plain(line.school.code) for line in found.schools for path in line.paths}
    return keys | {flag.path: flag.line.about.school for flag in found.flags}


def _asked(submission: Submission, flags: Sequence[Flag], *, is_as_merged: bool) -> Asked:
    assert submission.plan is not None
    order = {sheet.name: nth for nth, sheet in enumerate(submission.plan.layout.sheets)}
    placed = sorted(
        flags,
        key=lambda f: (
            order.get(f.finding.sheet or "", len(order) if f.finding.sheet else -1),
            f.finding.row or 0,
            f.finding.severity.rank,
            f.finding.rule,
        ),
    )
    fates = [fate_of(flag) for flag in placed]
    asked = (flag for flag, fate in zip(placed, fates, strict=True) if fate is Fate.ASKED)
    return Asked(submission, tuple(asked), Counter(fates), is_as_merged)


def _across(
    memory: Memory, key: str, submission: Submission, settings: Settings, today: date
) -> Iterator[Flag]:
    """The findings across schools that a district workbook has on a school.

    One on a row is found again by what stands in it; where nothing does, it is mended.
    """
    plan = submission.plan
    assert plan is not None
    taken: set[tuple[str, int]] = set()
    for line in memory.lines:
        if line.about.school != key or line.about.rule not in _ACROSS:
            continue
        again = _found_again(line, plan, taken)
        for entry in apply(settings, [Checked(submission, (again,) if again else ())], today):
            for found in entry.findings:
                if found.rule in _ACROSS:
                    path = submission.shown_path
                    yield Flag(submission.code, submission.name, path, found, None, line)


def _found_again(line: Line, plan: Plan, taken: set[tuple[str, int]]) -> Finding | None:
    """A finding across schools as it stands in the file now; None where it is gone.

    Its message is the one recorded, which is in one language only, put into both.
    """
    about, rule, said = line.about, BY_ID[line.about.rule], line.decision.message
    words = _words_in(said, rule.message.vi) or _words_in(said, rule.message.en)
    blank = dict.fromkeys((*placeholders(rule.message.vi), *placeholders(rule.remedy.vi)), "")
    found = finding(rule, words=blank | words, trace=Trace(about.subject, about.evidence))
    if not words:
        found = replace(found, message=Text(said, said))
    sheet = next((s for s in plan.layout.sheets if s.name == about.sheet), None)
    if sheet is None or not sheet.has_column(about.field):
        return found
    record = _record_with(plan, sheet, line, taken)
    if record is None:
        return None
    taken.add((sheet.key, record.row))
    return replace(
        found,
        sheet=sheet.name,
        cell=sheet.ref(about.field, record.row),
        row=record.row,
        field=about.field,
        value=plan.value(sheet.key, record, about.field),
    )


def _record_with(
    plan: Plan, sheet: PlacedSheet, line: Line, taken: set[tuple[str, int]]
) -> Record | None:
    """The row that holds what a finding rests on: where it was, or else the first."""
    about = line.about
    wanted = dict(about.evidence).get(f"={about.field}")
    records = [
        record
        for record in plan.rows(sheet.key)
        if essence(plan.value(sheet.key, record, about.field)) == wanted
        and (sheet.key, record.row) not in taken
    ]
    return next((r for r in records if r.row == about.row), next(iter(records), None))


def _words_in(said: str, template: str) -> dict[str, str]:
    """The words that fill a message's placeholders; none where it is another message."""
    pattern = ""
    names: set[str] = set()
    for literal, name, _, _ in Formatter().parse(template):
        pattern += re.escape(literal)
        if name:
            pattern += f"(?P={name})" if name in names else f"(?P<{name}>.*?)"
            names.add(name)
    found = re.match(pattern, said, re.DOTALL)
    return found.groupdict() if found else {}


@dataclass(frozen=True)
class Copy:
    """A school's workbook as it is sent back, and what its form takes nowhere."""

    content: bytes
    left: tuple[LeftBehind, ...]


_SETTLED = Text(
    "Bản này đã trở về đúng mẫu nên không còn vấn đề này; chữ ghi ngoài các ô nhập được giữ nguyên "
    "văn ở sheet «Chưa chuyển». Kính đề nghị ghi lại vào ô phù hợp nếu còn cần.",
    "This copy is as issued again; what was typed outside its input cells stands in full on the "
    "sheet «Chưa chuyển». Please type it again where it belongs, if it is still needed.",
)


def copy_of(
    asked: Asked, catalogue: Catalogue, today: date, reading: Reading, password: str = ""
) -> Copy | Checked:
    """A fresh template with all that the school typed and what it is asked, or why there is none.

    It is the template that the school was issued: same form, regulation, rows and limits.
    """
    path = asked.submission.path
    try:
        return _copy(asked, catalogue, today, reading, password)
    except UnreadableError as error:
        found: tuple[Finding, ...] = (error.finding,)
    except Exception as error:  # one file must never stop the others, whatever it brings
        words = {"found": f"{type(error).__name__}: {error}"[:200]}
        found = (finding(rules.NOT_PROCESSED, words=words),)
    return Checked(Submission(path, asked.submission.digest, None, None, None, found), found)


def _copy(asked: Asked, catalogue: Catalogue, today: date, reading: Reading, password: str) -> Copy:
    as_issued = replace(reading, limits=())
    submission, package = read_package(asked.submission.path, catalogue, as_issued)
    plan, stamp = submission.plan, submission.stamp
    if package is None or plan is None or stamp is None:
        raise UnreadableError(rules.DAMAGED, found="")
    kind = school_kind(stamp.kind)
    if kind is None:
        raise UnreadableError(rules.UNKNOWN_VERSION, found=stamp.kind)
    issued = with_locked_as_issued(plan, stamp, kind)
    outside = outside_of(package, issued, stamp, source_of(plan.layout, stamp))
    requests = tuple(_request(flag, asked.submission) for flag in asked.flags)
    sent = SentBack(requests, _summary(asked, today))
    kept = _kept(outside, plan, {(note.sheet, note.cell) for note in sent.notes})
    left = tuple(entry for entry in outside if entry not in kept)
    sent = replace(sent, kept=tuple(kept.values()))
    rows = {key: [(r.row, r.values) for r in records] for key, records in issued.tables.items()}
    whole = complete_plan(issued.layout, issued.cells, rows)
    return Copy(render_workbook(whole, stamp, password, left, sent), left)


_NEAR_REF = re.compile(r"[A-Z]{1,2}[1-9][0-9]{0,3}")


def _kept(
    outside: Sequence[LeftBehind], plan: Plan, taken: set[tuple[str, str]]
) -> dict[LeftBehind, CellNote]:
    """The school's own notes that can stay on their cells: those with none of ours."""
    form = {sheet.name for sheet in plan.layout.sheets}
    count = Counter((entry.sheet, entry.cell) for entry in outside if entry.why is NOTE)
    return {
        entry: CellNote(entry.sheet, entry.cell, str(entry.value))
        for entry in outside
        if entry.why is NOTE
        and entry.sheet in form
        and _NEAR_REF.fullmatch(entry.cell)
        and count[entry.sheet, entry.cell] == 1
        and (entry.sheet, entry.cell) not in taken
    }


def _request(flag: Flag, submission: Submission) -> Request:
    found, line = flag.finding, flag.line
    typed = line.standing.typed
    decision = typed.choice.label.vi if typed.choice else typed.decision
    if line.progress is Progress.REVIEW:
        before = f" (trước đây: {shown_word(decision)})" if filled(decision) else ""
        decision = f"Nội dung đã thay đổi, cần xem lại{before}"
    is_settled = _is_settled(found, submission)
    return Request(
        found.severity,
        found.sheet or "",
        found.cell or "",
        found.message.vi,
        shown_value(found),
        _SETTLED.vi if is_settled else found.remedy.vi,
        decision,
        typed.note,
        typed.role,
        typed.day,
        has_note=not is_settled and _is_in_form(found, submission),
    )


def _is_in_form(found: Finding, submission: Submission) -> bool:
    plan = submission.plan
    return plan is not None and any(sheet.name == found.sheet for sheet in plan.layout.sheets)


def _is_settled(found: Finding, submission: Submission) -> bool:
    """Whether a finding is gone in a fresh template: it is on what no input cell holds."""
    plan = submission.plan
    is_of_reading = any(
        (f.rule, f.sheet, f.cell) == (found.rule, found.sheet, found.cell) for f in submission.found
    )
    if plan is None or not is_of_reading:
        return False
    sheet = next((s for s in plan.layout.sheets if s.name == found.sheet), None)
    if sheet is None or found.field is None:
        return True
    if sheet.has_cell(found.field):
        is_locked = sheet.cell(found.field).cell.locked
        return is_locked or not filled(plan.cell(found.field, sheet.key))
    records = {record.row: record for record in plan.rows(sheet.key)}
    record = records.get(found.row or 0)
    if record is None or not sheet.has_column(found.field):
        return True
    is_open = plan.layout.offered(sheet, found.field, record.row)
    return not (is_open and filled(plan.value(sheet.key, record, found.field)))


def _summary(asked: Asked, today: date) -> str:
    """What stands above the requests."""
    submission = asked.submission
    name = " ".join(part for part in (submission.name, f"(mã {submission.code})") if part)
    counts = [(asked.count(severity), severity.label.vi.lower()) for severity in Severity]
    shown = ", ".join(f"{count} {word}" for count, word in counts if count)
    said = [
        f"{name}, ngày {today:%d/%m/%Y}.",
        f"Cần sửa: {shown}." if shown else "Không có nội dung nào cần sửa.",
    ]
    others = [
        f"{asked.fates[fate]} {fate.label.vi}"
        for fate in Fate
        if fate is not Fate.ASKED and asked.fates.get(fate)
    ]
    if others:
        said.append(f"Không nêu ở đây: {', '.join(others)}.")
    return " ".join(said)
