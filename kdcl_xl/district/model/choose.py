"""Choose the submission that counts among several of one school, with the reason.

A blank template counts only where nothing else was sent. Then the stamp decides: a template
issued for the year of the merge, and to this very school.
Then the time that a program wrote into the file when it saved it; where that is missing or in
the future, the time of the file system. The name of a file decides nothing but a full tie.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

from kdcl_xl.errors import UserError
from kdcl_xl.files import base_name
from kdcl_xl.submission.model import Submission
from kdcl_xl.submission.parts import tasks_only_in
from kdcl_xl.template.stamp import Stamp
from workbook_templates.text import Text, fold

VIETNAM = timezone(timedelta(hours=7))
"""The time zone of all times shown; Viet Nam has one and no summer time."""
_NEVER = datetime.min.replace(tzinfo=UTC)

_INSIDE = Text("lưu lúc {at} theo thông tin trong tệp", "saved {at} by what the file says")
_OUTSIDE = Text(
    "lưu lúc {at} theo hệ thống tệp ({doubt})", "saved {at} by the file system ({doubt})"
)
_UNTIMED = Text("không rõ thời điểm lưu ({doubt})", "saved at an unknown time ({doubt})")
_SAYS_NOTHING = Text("trong tệp không ghi thời điểm lưu", "the file itself says no time")
_IN_FUTURE = Text(
    "trong tệp ghi {at}, sau ngày tổng hợp, nên không dùng",
    "the file itself says {at}, after the day of the merge, which cannot be",
)


@dataclass(frozen=True, slots=True)
class Moment:
    """The time when a submission was saved, or None.

    ``doubt`` is the reason why the time written in the file is not used; None if it is used.
    """

    at: datetime | None
    doubt: Text | None = None

    @property
    def shown(self) -> str:
        """Day, hour and minute in Viet Nam; empty where unknown."""
        return shown_time(self.at)

    @property
    def text(self) -> Text:
        """The time in words, with its source."""
        if self.doubt is None:
            return _INSIDE.format(at=self.shown)
        return (_OUTSIDE if self.at else _UNTIMED).format(at=self.shown, doubt=self.doubt)


def shown_time(at: datetime | None) -> str:
    """Return a time by the clock of Viet Nam; empty for None."""
    if at is None:
        return ""
    try:
        return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
    except OverflowError:  # a time zone away from the first or last hour of the calendar
        return f"{at:%d/%m/%Y %H:%M}"


def moment_of(submission: Submission, today: date) -> Moment:
    """Return the time when a file was last saved: the one inside, unless it is in the future."""
    saved = submission.saved
    if saved is None:
        return Moment(submission.modified, _SAYS_NOTHING)
    # One day of tolerance: in another time zone it may be tomorrow already.
    if saved.date() > today + timedelta(days=1):
        return Moment(submission.modified, _IN_FUTURE.format(at=shown_time(saved)))
    return Moment(saved)


def preferred_of(prefer: Sequence[Path], submissions: Sequence[Submission]) -> frozenset[str]:
    """Return the shown paths of preferred files.

    Raises:
        UserError: a preferred file is not among the inputs, or cannot be read.
    """
    if not prefer:
        return frozenset()
    inputs = {s.path.resolve(): s for s in submissions}
    found = set()
    for path in prefer:
        submission = inputs.get(path.resolve())
        if submission is None:
            raise UserError(
                Text(
                    f"--prefer: «{path}» không có trong các tệp đầu vào.",
                    f"--prefer: '{path}' is not among the inputs.",
                )
            )
        if not submission.is_read:
            reason = submission.found[0].message
            raise UserError(
                Text(f"--prefer: «{path}»: {reason.vi}", f"--prefer: '{path}': {reason.en}")
            )
        found.add(submission.shown_path)
    return frozenset(found)


_PREFERRED = Text("do người tổng hợp chỉ định (--prefer)", "named by --prefer")
_NEWEST = Text("{moment}; là bản mới nhất", "{moment}; the newest")
_FILLED = Text("là bản đã điền, bản khác là mẫu trống", "filled in, unlike a blank template")
_OF_YEAR = Text(
    "mẫu phát cho năm học {year}, như đợt tổng hợp này",
    "on the template for {year}, the year of this merge",
)
_OF_SCHOOL = Text("mẫu phát cho chính trường này", "on this school's own template")
_SAME_TIME = Text(
    "{moment}; có bản ghi cùng thời điểm, nên xét theo hệ thống tệp, rồi theo tên tệp",
    "{moment}; another says the same, so the file system decides, then the name",
)


_ONLY_THERE = Text(
    "{count} việc chỉ có ở tệp «{file}», không được tính",
    "{count} tasks that are only in '{file}' do not count",
)


@dataclass(frozen=True)
class Selection:
    """The submission that counts for a school, with the reason, and the others in rank order."""

    chosen: Submission
    reason: Text
    others: tuple[Submission, ...]


class _Rank(NamedTuple):
    """The sort key of a submission, most important part first; the greatest counts."""

    is_preferred: bool
    is_filled: bool
    of_year: bool
    of_school: bool
    at: datetime
    modified: datetime


def choose(
    same: Sequence[Submission],
    key: str,
    usual_year: str,
    preferred: frozenset[str],
    today: date,
) -> Selection:
    """Choose among the readable submissions of one school.

    ``key`` is the school's folded code, ``usual_year`` the school year of the merge;
    ``preferred`` holds shown paths.

    Raises:
        UserError: two files of the school are preferred.
    """
    named = [s.shown_path for s in same if s.shown_path in preferred]
    if len(named) > 1:
        files = ", ".join(named)
        raise UserError(
            Text(
                f"--prefer nêu {len(named)} bản của cùng một trường: {files}.",
                f"--prefer names {len(named)} files of one school: {files}.",
            )
        )

    def rank(submission: Submission) -> _Rank:
        return _Rank(
            submission.shown_path in preferred,
            submission.filling is not None and not submission.filling.is_blank,
            submission.stamp is not None and submission.stamp.school_year == usual_year,
            _is_issued_to(submission.stamp, key),
            moment_of(submission, today).at or _NEVER,
            submission.modified or _NEVER,
        )

    # The name breaks full ties, so that the choice does not depend on the order of the inputs.
    ranked = sorted(same, key=lambda s: (base_name(s.shown_path), s.shown_path))
    ranked.sort(key=rank, reverse=True)
    first, second = rank(ranked[0]), rank(ranked[1]) if len(ranked) > 1 else None
    moment = moment_of(ranked[0], today).text
    if first.is_preferred:
        reason = _PREFERRED
    elif second is not None and first.is_filled > second.is_filled:
        reason = _FILLED
    elif second is None or first.of_year > second.of_year:
        reason = _OF_YEAR.format(year=usual_year)
    elif first.of_school > second.of_school:
        reason = _OF_SCHOOL
    else:
        reason = (_NEWEST if first.at > second.at else _SAME_TIME).format(moment=moment)
    for other in ranked[1:]:
        if count := tasks_only_in(other.plan, ranked[0].plan):
            words = {"count": count, "file": base_name(other.shown_path)}
            reason = Text("{reason}; {more}", "{reason}; {more}").format(
                reason=reason, more=_ONLY_THERE.format(**words)
            )
    return Selection(ranked[0], reason, tuple(ranked[1:]))


def _is_issued_to(stamp: Stamp | None, key: str) -> bool:
    return stamp is not None and fold(stamp.school_code) in (key, "")


_CHOSEN = Text(
    "Được chọn trong {count} bản của trường: {reason}.",
    "Counts among {count} files of the school: {reason}.",
)
_PASSED_OVER = Text(
    "Bản này {moment}. Trường có {count} bản; đã lấy tệp «{file}»: {reason}.",
    "This file was {moment}. Of {count} files of the school '{file}' counts: {reason}.",
)


def remarks(choice: Selection, today: date) -> dict[str, Text]:
    """Return the remark on each file of a selection, by its shown path."""
    count = 1 + len(choice.others)
    noted = {choice.chosen.shown_path: _CHOSEN.format(count=count, reason=choice.reason)}
    for other in choice.others:
        noted[other.shown_path] = _PASSED_OVER.format(
            moment=moment_of(other, today).text,
            count=count,
            file=base_name(choice.chosen.shown_path),
            reason=choice.reason,
        )
    return noted
