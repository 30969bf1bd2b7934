"""People's answers to the question whose a file is: given with ``--assign``, or remembered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kdcl_xl.district.decisions.decision import Assignment
from kdcl_xl.district.model.owners import Register
from kdcl_xl.errors import UserError
from kdcl_xl.files import base_name
from kdcl_xl.submission.model import Submission
from workbook_templates.text import Text, fold, one_line


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of one merge: keys of schools by shown path, and what the next merge keeps."""

    keys: Mapping[str, str]
    kept: tuple[Assignment, ...]


def settle_answers(
    given: Sequence[tuple[str, str]],
    remembered: Iterable[Assignment],
    submissions: Sequence[Submission],
    register: Register,
) -> Answers:
    """Return the answers that hold for some submissions; ``given`` are pairs of file and code.

    An answer given now replaces a remembered one about the same file. A remembered answer is
    without effect, and kept, while its school is neither expected nor named in any file.

    Raises:
        UserError: a file or a code that is not known, a file named by several or none, or two
            codes for one file.
    """
    codes = {
        register.key(code) for s in submissions for code in (s.issued_code, s.typed_code) if code
    }
    known = {*register.schools, *codes}
    fresh: dict[str, Assignment] = {}
    for name, code in given:
        submission = _file(name, submissions)
        key = register.key(code)
        if key not in known:
            raise _unknown_code(name, code)
        answer = Assignment(*_facts(submission), code)
        if fold(fresh.setdefault(submission.digest, answer).code) != fold(code):
            raise _two_codes(name)
    answers = [
        *fresh.values(),
        *(
            old
            for old in dict.fromkeys(remembered)
            if not any(old.is_about(a.digest, a.file, a.evidence) for a in fresh.values())
        ),
    ]
    keys: dict[str, str] = {}
    for submission in submissions:
        facts = _facts(submission)
        own = [a for a in answers if a.is_about(*facts) and register.key(a.code) in known]
        # The very file before another version of it.
        own.sort(key=lambda a: a.digest != submission.digest)
        if own:
            keys[submission.shown_path] = register.key(own[0].code)
    return Answers(keys, tuple(answers))


def _facts(submission: Submission) -> tuple[str, str, tuple[str, ...]]:
    evidence = (submission.issued_code, submission.typed_code, submission.typed_name)
    return submission.digest, base_name(submission.shown_path), tuple(map(fold, evidence))


def _file(name: str, submissions: Sequence[Submission]) -> Submission:
    """Return the submission of a path as the log shows it, or of the end of one.

    Raises:
        UserError: there is none, or several.
    """
    wanted = one_line(name).replace("\\", "/")
    paths = [(s.shown_path.replace("\\", "/"), s) for s in submissions]
    found = [s for path, s in paths if path == wanted]
    found = found or [s for path, s in paths if path.endswith(f"/{wanted.removeprefix('./')}")]
    if len({s.digest for s in found}) == 1:
        return found[0]
    if not found:
        raise UserError(
            Text(
                f"--assign: «{name}» không có trong các bản nộp; hãy ghi đường dẫn như ở Nhật ký.",
                f"--assign: '{name}' is none of the submissions; write its path as in the log.",
            )
        )
    shown = ", ".join(s.shown_path for s in found)
    raise UserError(
        Text(
            f"--assign: «{name}» có thể là nhiều tệp: {shown}. Hãy ghi cả đường dẫn.",
            f"--assign: '{name}' may be several files: {shown}. Write the whole path.",
        )
    )


def _unknown_code(name: str, code: str) -> UserError:
    return UserError(
        Text(
            f"--assign «{name}»: không có trường nào có mã «{code}» trong danh sách trường, cũng "
            "không có trong các bản nộp.",
            f"--assign '{name}': no school has the code '{code}', neither in the list of schools "
            "nor in any submission.",
        )
    )


def _two_codes(name: str) -> UserError:
    return UserError(
        Text(
            f"--assign nêu hai mã khác nhau cho tệp «{name}».",
            f"--assign names two codes for the file '{name}'.",
        )
    )
