"""Plan a round of feedback: the requests to each school on the file it returned.

The findings are those of the files as they are now. A decision of the authority workbook applies
to its finding while the evidence is the same, exactly as in the next merge. Findings across
schools are taken from the authority workbook alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from kdcl_xl.checking.check import Checked, as_checked, check_file
from kdcl_xl.checking.record import RecordError
from kdcl_xl.checking.settings import Settings
from kdcl_xl.checking.supervise import alone, one_process
from kdcl_xl.district.decisions.decision import Assignment, Choice, DecisionMemory, DecisionState
from kdcl_xl.district.decisions.match import carry
from kdcl_xl.district.hidden.lower_level import expected_in
from kdcl_xl.district.hidden.read_log import LoggedFile, read_log
from kdcl_xl.district.hidden.read_previous import PreviousError, memory_of
from kdcl_xl.district.model.build import build_district
from kdcl_xl.district.model.choose import preferred_of
from kdcl_xl.district.model.model import District, Flag, Input, InputState
from kdcl_xl.district.model.school_state import State
from kdcl_xl.errors import UserError
from kdcl_xl.files import ProgressBar, base_name
from kdcl_xl.reissue.across_schools import ACROSS, recalled
from kdcl_xl.reissue.letters import Letter, Refused
from kdcl_xl.schools import School
from kdcl_xl.submission.identify import DistrictFile, Unreadable, identify_own
from kdcl_xl.submission.model import Owner, Reading, Submission
from kdcl_xl.xlsx.package import UnreadableError
from macros_free_validation.rule import Severity
from macros_free_validation.rules import settings as of_settings
from workbook_templates.regulation import Catalogue
from workbook_templates.text import Language, Text, fold
from workbook_templates.vocabulary import Labelled

_OF_AUTHORITY = frozenset(rule.id for rule in of_settings.RULES)


class Fate(Labelled):
    """The fate of a finding when a school's file is sent back."""

    ASKED = "asked", "cần sửa", "to mend"
    ACCEPTED = "accepted", "vấn đề đã được chấp nhận", "accepted"
    WAIVED = "waived", "vấn đề được miễn", "waived"
    REMARK = "remark", "lưu ý không bắt buộc sửa", "notes"
    OF_AUTHORITY = "of_authority", "vấn đề do cơ quan quản lý xử lý", "for the authority to see to"


def fate_of(flag: Flag) -> Fate:
    """Return the fate of a finding: asked for, or why it is not.

    An auditor's decision takes precedence. Without a decision, errors and warnings are asked
    for, and notes only where the auditor wrote something or had sent them back before. Findings
    that the school cannot mend in its file, or that would name another school, stay with the
    authority.
    """
    typed = flag.line.latest.typed
    is_decided = flag.line.state is DecisionState.DECIDED
    if typed.choice is Choice.SEND_BACK:
        return Fate.ASKED
    if is_decided and typed.choice is Choice.ACCEPT:
        return Fate.ACCEPTED
    if is_decided and typed.choice is Choice.WAIVE:
        return Fate.WAIVED
    if flag.finding.waived is not None:
        return Fate.WAIVED
    if flag.finding.rule in _OF_AUTHORITY or flag.finding.rule in ACROSS:
        return Fate.OF_AUTHORITY
    if flag.finding.severity is Severity.NOTE and not flag.line.typed:
        return Fate.REMARK
    return Fate.ASKED


@dataclass(frozen=True)
class Asked:
    """One school's file with the findings to mend, and the count of the others by fate.

    ``is_as_merged`` where the authority workbook was made of this very file.
    """

    submission: Submission
    flags: tuple[Flag, ...]
    fates: Mapping[Fate, int]
    is_as_merged: bool

    def count(self, severity: Severity) -> int:
        """Return the number of requests of one severity."""
        return sum(1 for flag in self.flags if flag.finding.severity is severity)

    @property
    def in_review(self) -> int:
        """Number of requests that were decided on before they changed."""
        return sum(1 for flag in self.flags if flag.line.state is DecisionState.REVIEW)


@dataclass(frozen=True)
class LeftOut:
    """A file for which nothing is sent back, with the reason.

    ``is_fault`` is true where the officer has to act.
    """

    path: str
    reason: Text
    is_fault: bool


@dataclass(frozen=True)
class Round:
    """One round of sending back.

    ``absent`` are codes of schools in the authority workbook of which no file was given.
    ``letters`` go to schools that have returned nothing, or nothing that can be read.
    """

    asked: tuple[Asked, ...]
    left_out: tuple[LeftOut, ...]
    absent: tuple[str, ...]
    letters: tuple[Letter, ...] = ()

    @property
    def to_mend(self) -> tuple[Asked, ...]:
        """The schools with something to mend."""
        return tuple(entry for entry in self.asked if entry.flags)


def plan_round(
    district: Path,
    files: Sequence[Path],
    catalogue: Catalogue,
    today: date,
    settings: Settings,
    *,
    prefer: Sequence[Path] = (),
    language: Language = Language.VI,
    progress: ProgressBar = iter,
) -> Round:
    """Return the requests to each school of an authority workbook, on the file it returned.

    Of several files of one school, the file counts that a merge would take.

    Raises:
        UserError: the authority workbook cannot be relied on, or a preferred file is no
            readable input.
    """
    reading = settings.reading
    known = alone(district, reading, _read_district, district, catalogue, today, reading)
    if isinstance(known, Unreadable):
        raise _refused(district, known.finding.message)
    with one_process(reading.bounds) as process:
        results = [
            process.run(path, check_file, path, catalogue, today, reading)
            for path in progress(files)
        ]
    checked = [as_checked(result) for result in results]
    preferred = preferred_of(prefer, [entry.submission for entry in checked])
    own = replace(settings, ignore=settings.ignore | ACROSS)
    owners = DecisionMemory(assigned=known.owners)
    found = build_district(
        checked, known.schools, "", today, own, language, preferred, before=[owners]
    )
    now = [flag.line for flag in found.flags]
    lines = carry(known.memory, now, today, found.present).lines
    flags: dict[str, list[Flag]] = defaultdict(list)
    for flag, line in zip(found.flags, lines, strict=True):
        flags[flag.path].append(replace(flag, line=line))
    keys = _keys_by_path(found)
    entries = {entry.submission.shown_path: entry for entry in checked}
    owners_by_path = {path: line.school for line in found.schools for path in line.paths}
    asked: list[Asked] = []
    left_out: list[LeftOut] = []
    for given in found.inputs:
        entry, key = entries[given.path], keys.get(given.path, "")
        submission = entry.submission
        if reason := _left_out(given, entry, is_known=known.has(key, given.digest)):
            left_out.append(reason)
            continue
        mine = [*flags[given.path], *recalled(known.memory, key, submission, settings, today)]
        school = owners_by_path.get(given.path)
        if school and school.code:  # not the code as typed, which may be another school's
            owner = Owner(key, school.code, school.name or submission.name)
            submission = replace(submission, owner=owner)
        asked.append(_asked(submission, mine, is_as_merged=given.digest in known.merged))
    seen = {*keys.values(), *(_plain(entry.submission.code) for entry in checked)}
    letters = tuple(_letters(found, known, entries, today))
    return Round(tuple(asked), tuple(left_out), tuple(known.absent(seen)), letters)


@dataclass(frozen=True)
class _Known:
    """The contents of an authority workbook: the decisions, and the files they were made on.

    ``expected`` are the schools of the list that the workbook was made with.
    """

    memory: DecisionMemory
    log: tuple[LoggedFile, ...]
    authority: str = ""
    expected: tuple[School, ...] = ()

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of the schools with findings."""
        return frozenset(line.about.school for line in self.memory.lines)

    @cached_property
    def schools(self) -> list[School]:
        """The expected schools, and those with findings by their codes in full where known."""
        codes = [line.decision.school_code for line in self.memory.lines]
        codes += [entry.school_code for entry in self.log]
        codes += [entry.issued_code for entry in self.log]
        full = {_plain(code): code for code in codes}
        listed = {_plain(school.code) for school in self.expected}
        others = sorted(key for key in self.keys if key[:1] != "~" and key not in listed)
        return [*self.expected, *(School(full.get(key, key)) for key in others)]

    @property
    def owners(self) -> tuple[Assignment, ...]:
        """The schools that the merge took each file for, and people's answers."""
        taken = (
            Assignment(entry.digest, base_name(entry.path), (), entry.owner_code)
            for entry in self.log
            if entry.owner_code
        )
        return (*self.memory.assigned, *taken)

    @cached_property
    def merged(self) -> frozenset[str]:
        """Digests of the files that count in it."""
        return frozenset(entry.digest for entry in self.log if entry.is_merged)

    def has(self, key: str, digest: str) -> bool:
        """Return whether the workbook has the school, or the very file."""
        return key in self.keys or any(
            entry.digest == digest or _plain(entry.school_code) == key for entry in self.log
        )

    @cached_property
    def returned(self) -> frozenset[str]:
        """The schools, by their plain codes, with a file that counts in the workbook."""
        return frozenset(_plain(entry.school_code) for entry in self.log if entry.is_merged)

    def absent(self, seen: Collection[str]) -> list[str]:
        """Return the codes of merged schools that are not among those seen."""
        codes = {entry.school_code for entry in self.log if entry.is_merged}
        return sorted(code for code in codes if _plain(code) not in seen)


def _letters(
    found: District, known: _Known, entries: Mapping[str, Checked], today: date
) -> Iterator[Letter]:
    """Yield a letter for each school without any file that can be read."""
    listed = {_plain(school.code) for school in known.expected}
    for line in found.schools:
        code = _plain(line.school.code)
        is_missing = line.state is State.MISSING and code in listed - known.returned
        if not (is_missing or line.state is State.UNREADABLE):
            continue
        refused = tuple(
            Refused(
                base_name(path), entries[path].findings[0].message, entries[path].findings[0].remedy
            )
            for path in line.paths
        )
        school = line.school if line.school.code else School()
        yield Letter(school, refused, known.authority, today)


def _left_out(given: Input, entry: Checked, *, is_known: bool) -> LeftOut | None:
    """Return the reason why nothing goes back for a file; None where something does."""
    if given.state is InputState.UNREADABLE:
        found = entry.findings[0]
        return LeftOut(given.path, _UNREADABLE.format(found=found.message, do=found.remedy), True)
    if given.state is not InputState.MERGED:
        return LeftOut(given.path, _STATE.format(state=given.state.label, why=given.reason), False)
    if not is_known:
        submission = entry.submission
        words = _NOT_IN_DISTRICT.format(code=submission.code or submission.name)
        return LeftOut(given.path, words, True)
    return None


_UNREADABLE = Text("{found} Cách xử lý: {do}", "{found} Remedy: {do}")
_STATE = Text("{state}. {why}", "{state}. {why}")
_NOT_IN_DISTRICT = Text(
    "Trường «{code}» không có trong sổ tổng hợp; đề nghị tổng hợp lại trước khi gửi lại.",
    "School '{code}' is not in the authority workbook; please merge again first.",
)


def _read_district(path: Path, catalogue: Catalogue, today: date, reading: Reading) -> _Known:
    """Read the decisions and the log of an authority workbook.

    Raises:
        UserError: the workbook is damaged, not ours, of a later version, or has no log.
    """
    try:
        file = identify_own(path, reading)
        memory = memory_of(file, today)
        assert isinstance(file, DistrictFile)  # memory_of refuses all others
        log = read_log(file.workbook)
        authority, expected = expected_in(file.workbook, catalogue, reading)
    except RecordError:
        raise _refused(path, _DAMAGED) from None
    except PreviousError as error:
        raise _refused(path, error.reason) from None
    except UnreadableError as error:
        raise _refused(path, error.finding.message) from None
    if log is None:
        raise _refused(path, _NO_LOG)
    return _Known(memory, log, authority, expected)


_DAMAGED = Text(
    "Phần dữ liệu ẩn về các trường của sổ đã bị sửa.",
    "Its hidden data on the schools was changed.",
)
_NO_LOG = Text("Sổ không còn trang «Nhật ký».", "It has no log any more.")


def _refused(path: Path, reason: Text) -> UserError:
    return UserError(
        Text(
            f"Không dùng được sổ tổng hợp «{path}»: {reason.vi} Chưa ghi gì. Tệp đầu tiên phải là "
            "sổ do lệnh merge tạo ra, còn nguyên vẹn.",
            f"Cannot use the authority workbook '{path}': {reason.en} Nothing was written. The "
            "first file must be a sound workbook made by merge.",
        )
    )


def _plain(code: str) -> str:
    """Return a school's code without leading zeros, which Excel may have cut off."""
    folded = fold(code)
    return (folded.lstrip("0") or folded) if folded.isdigit() else folded


def _keys_by_path(found: District) -> dict[str, str]:
    """Return the key of each school in the authority workbook, by the path of its file."""
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
