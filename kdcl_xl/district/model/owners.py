"""Find the school of each submission from stamp, typed code, typed name, kind and list together.

The stamp is trusted before the typed code. A plan that may be of several schools, or whose code
is also that of another school's plan, is kept by itself: it replaces no other plan, and a finding
asks a person. The person's answer counts before everything else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kdcl_xl.checking.check import Checked
from kdcl_xl.district.model.school_keys import file_stem
from kdcl_xl.district.model.school_names import are_alike, is_close_code, name_key, same_code
from kdcl_xl.schools import School
from kdcl_xl.submission.model import Owner, Submission
from macros_free_validation.rule import Finding, finding
from macros_free_validation.rules.across import OWNER_IN_DOUBT
from workbook_templates.school_kind import SchoolKind
from workbook_templates.text import Text, fold, one_line


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubt about the owner of a submission, for a person to settle.

    ``others`` are the keys of the schools, beside its owner, that it may also be of.
    """

    finding: Finding
    others: tuple[str, ...]


@dataclass(frozen=True)
class Owned:
    """The submissions with their owners, in the same order, and the doubts by shown path."""

    entries: tuple[Checked, ...]
    doubts: Mapping[str, Doubt]


@dataclass(frozen=True, slots=True)
class _Claim:
    """The school that a submission by itself seems to be of.

    ``key`` is empty where several schools are equally likely. ``is_weak`` is true where the name
    alone speaks for the school, ``is_answer`` where a person has named it.
    """

    key: str
    others: tuple[str, ...] = ()
    is_doubtful: bool = False
    is_weak: bool = False
    is_answer: bool = False


class Register:
    """The expected schools by folded code, with tolerant look-ups."""

    def __init__(self, schools: Iterable[School]) -> None:
        """Keep the schools; the first of a code counts."""
        self.schools: dict[str, School] = {}
        for school in schools:
            self.schools.setdefault(fold(school.code), school)

    def key(self, code: str) -> str:
        """Return the folded code, completed where a spreadsheet dropped its leading zeros."""
        folded = fold(code)
        if folded in self.schools or not folded.isdigit():
            return folded
        found = self._by_digits.get(folded.lstrip("0"), ())
        return found[0] if len(found) == 1 else folded

    def named(self, name: str) -> list[str]:
        """Return the keys of the schools of a name, however it is abbreviated."""
        return self._by_name.get(name_key(name), []) if name else []

    def alike(self, name: str) -> list[str]:
        """Return the keys of the schools of which a name may be a misspelling."""
        return [k for k, s in self.schools.items() if s.name and are_alike(name, s.name)]

    def admits(self, key: str, kind: SchoolKind | None) -> bool:
        """Return whether a template for a kind may be of a school; unknown kinds may."""
        school = self.schools.get(key)
        return kind is None or school is None or not school.kind or kinds_agree(kind, school.kind)

    @cached_property
    def _by_digits(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key in self.schools:
            if key.isdigit():
                found[key.lstrip("0")].append(key)
        return found

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key, school in self.schools.items():
            if school.name:
                found[name_key(school.name)].append(key)
        return found


def kinds_agree(found: SchoolKind, expected: SchoolKind) -> bool:
    """Return whether a template's kind of school can be that of the list."""
    return found.includes(expected) or expected.includes(found)


def find_owners(
    entries: Sequence[Checked],
    register: Register,
    answered: Mapping[str, str],
    is_counted: Callable[[Submission, str], bool],
) -> Owned:
    """Return the submissions with their owners, and what is doubtful about them.

    ``answered`` holds the keys of the schools that a person named, by shown path.
    ``is_counted`` says whether a submission competes with others of the school of a key; one
    that does not, such as last year's plan, replaces none.
    """
    claims = {
        s.shown_path: _claim(s, register, answered.get(s.shown_path))
        for s in (entry.submission for entry in entries)
        if s.is_read
    }
    rivals: dict[str, list[Submission]] = defaultdict(list)
    for submission in (entry.submission for entry in entries):
        claim = claims.get(submission.shown_path)
        if claim and claim.key and is_counted(submission, claim.key):
            rivals[claim.key].append(submission)
    apart = {
        submission.shown_path
        for key, same in rivals.items()
        if len(same) > 1
        for submission in _strangers(key, same, claims, register)
    }
    owned: list[Checked] = []
    doubts: dict[str, Doubt] = {}
    for entry in entries:
        submission = entry.submission
        path = submission.shown_path
        claim = claims.get(path)
        if claim is None:
            owned.append(entry)
            continue
        others = claim.others
        if path in apart:
            others = tuple(dict.fromkeys((claim.key, *others)))
            claim = replace(claim, key="", others=others, is_doubtful=True)
        owner = _owner(submission, claim, register)
        if claim.is_doubtful:
            doubts[path] = Doubt(_question(submission, claim, owner, register), others)
        owned.append(replace(entry, submission=replace(submission, owner=owner)))
    return Owned(tuple(owned), doubts)


def _claim(submission: Submission, register: Register, answer: str | None) -> _Claim:
    """Return the school that a submission by itself seems to be of."""
    if answer is not None:
        return _Claim(answer, is_answer=True)
    issued, typed = register.key(submission.issued_code), register.key(submission.typed_code)
    named = register.named(submission.typed_name)
    if issued:
        return _claim_by_stamp(submission, register, issued, typed, named)
    if typed in register.schools:
        return _claim_by_code(submission, register, typed, named)
    return _claim_by_likeness(submission, register, typed, named)


def _claim_by_stamp(
    submission: Submission, register: Register, issued: str, typed: str, named: Sequence[str]
) -> _Claim:
    is_renamed = bool(named) and issued in register.schools and issued not in named
    if not typed or same_code(issued, typed):
        return _Claim(issued, tuple(named) if is_renamed else (), is_renamed)
    # A school may have a new code since its template was issued: the list knows the new one.
    is_recoded = issued not in register.schools and typed in register.schools
    if is_recoded and _may_be_called(submission, register.schools[typed]):
        return _Claim(typed, (issued,), True)
    others = dict.fromkeys((typed, *(named if is_renamed else ())))
    return _Claim(issued, tuple(others), True)


def _claim_by_code(
    submission: Submission, register: Register, typed: str, named: Sequence[str]
) -> _Claim:
    if not named and not _may_be_called(submission, register.schools[typed]):
        # Not the name of the code's school, and none in the list: perhaps one that is misspelt.
        named = register.alike(submission.typed_name)
    if not named or typed in named:
        return _Claim(typed)
    admitted = [key for key in (typed, *named) if register.admits(key, submission.kind)]
    if len(admitted) == 1 and admitted[0] != typed:
        return _Claim(admitted[0], (typed,), True)
    return _Claim("", tuple(admitted or (typed, *named)), True)


def _claim_by_likeness(
    submission: Submission, register: Register, typed: str, named: Sequence[str]
) -> _Claim:
    """Claim a school by a close code or by the name; the typed code is not in the list."""
    close = [
        key
        for key, school in register.schools.items()
        if typed and is_close_code(typed, key) and _may_be_called(submission, school)
    ]
    # The very name is stronger evidence than a like one.
    close = [key for key in close if key in named] or close
    likely = [
        key for key in dict.fromkeys((*close, *named)) if register.admits(key, submission.kind)
    ]
    if not likely:
        return _Claim(typed)
    if len(likely) == 1:
        return _Claim(likely[0], (), True, is_weak=likely[0] not in close)
    return _Claim("", tuple(likely), True)


def _may_be_called(submission: Submission, school: School) -> bool:
    name = submission.typed_name
    return not name or not school.name or are_alike(name, school.name)


def _strangers(
    key: str,
    same: Sequence[Submission],
    claims: Mapping[str, _Claim],
    register: Register,
) -> list[Submission]:
    """Return those submissions under one key that seem to be of other schools than the rest.

    The school keeps the group that its list, its stamps, or a person's answer speaks for.
    """
    school = register.schools.get(key)

    def claim(submission: Submission) -> _Claim:
        return claims[submission.shown_path]

    def standing(submission: Submission) -> tuple[bool, ...]:
        """Sort key: how much speaks for the school; the greatest speaks most."""
        name = submission.typed_name
        return (
            claim(submission).is_answer,
            not claim(submission).is_weak,
            bool(school and name and name_key(name) == name_key(school.name)),
            bool(school and name and are_alike(name, school.name)),
            same_code(register.key(submission.issued_code), key),
            register.admits(key, submission.kind),
        )

    # The name breaks ties, so that the outcome does not depend on the order of the inputs.
    ranked = sorted(same, key=lambda s: s.shown_path)
    ranked.sort(key=standing, reverse=True)
    first = ranked[0]

    def is_stranger(submission: Submission) -> bool:
        if claim(submission).is_answer:
            return False
        if claim(submission).is_weak:
            mine, its = fold(submission.typed_code), fold(first.typed_code)
            return not claim(first).is_weak or mine != its
        return _differ(first, submission, school)

    return [submission for submission in ranked[1:] if is_stranger(submission)]


def _differ(one: Submission, other: Submission, school: School | None) -> bool:
    """Return whether two submissions seem to be of different schools: by stamp, name or kind."""
    issued, others = fold(one.issued_code), fold(other.issued_code)
    if issued and others and not same_code(issued, others):
        return True
    names = [name for name in (one.typed_name, school.name if school else "") if name]
    name = other.typed_name
    if name and names and not any(are_alike(name, known) for known in names):
        return True
    # A school that first got a template of the wrong kind has two of its own.
    is_own = bool(issued and others)
    kind, other_kind = one.kind, other.kind
    return bool(not is_own and kind and other_kind and not kinds_agree(kind, other_kind))


def _owner(submission: Submission, claim: _Claim, register: Register) -> Owner:
    code, name = submission.typed_code or submission.issued_code, submission.typed_name
    if not claim.key:
        kind = submission.kind.id if submission.kind else ""
        words = (code, submission.issued_code, name or file_stem(submission), kind)
        return Owner("~" + " ".join(fold(word) for word in words if word), code, name)
    school = register.schools.get(claim.key)
    if school is not None:
        # The school spells its own name; a name that may be another school's is not shown as it.
        is_certain = not (claim.is_doubtful or claim.is_answer)
        return Owner(claim.key, school.code, (is_certain and name) or school.name or name)
    if same_code(fold(submission.issued_code), claim.key):
        code = submission.issued_code
    return Owner(claim.key, code, name)


_STAMP = Text("mẫu được phát cho mã «{code}»", "the template was issued to code '{code}'")
_CODE = Text("ô mã trường ghi «{code}»", "the code typed is '{code}'")
_NO_CODE = Text("ô mã trường để trống", "no code is typed")
_NAME = Text("ô tên trường ghi «{name}»", "the name typed is '{name}'")
_MAY_BE = Text("có thể là của {schools}", "it may be of {schools}")
_COUNTS = Text("Hiện tính cho {school}.", "It counts for {school} for now.")
_APART = Text(
    "Hiện để riêng, không thay bản nộp nào.", "It is kept by itself for now and replaces no plan."
)


def _question(submission: Submission, claim: _Claim, owner: Owner, register: Register) -> Finding:
    """Return the finding that asks a person for the owner of a submission."""
    typed, name = submission.typed_code, submission.typed_name
    parts = [
        *([_STAMP.format(code=submission.issued_code)] if submission.issued_code else ()),
        _CODE.format(code=typed) if typed else _NO_CODE,
        *([_NAME.format(name=name)] if name else ()),
    ]
    if claim.others:
        parts.append(_MAY_BE.format(schools=_names(claim.others, register)))
    shown = f"{owner.name} ({owner.code})" if owner.name else owner.code
    words = {
        "evidence": Text("; ".join(p.vi for p in parts), "; ".join(p.en for p in parts)),
        "taken": _COUNTS.format(school=shown) if claim.key else _APART,
        "file": one_line(submission.shown_path),
    }
    return finding(OWNER_IN_DOUBT, words=words)


_MOST_NAMED = 5


def _names(keys: Sequence[str], register: Register) -> str:
    schools = [register.schools.get(key) or School(key) for key in keys]
    shown = [f"{s.name} ({s.code})" if s.name else s.code for s in schools]
    return "; ".join(shown[:_MOST_NAMED]) + ("; …" if len(shown) > _MOST_NAMED else "")
