"""Name the files that go back to the schools, and describe them for the officer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kdcl_xl.files import DOCUMENT_ENDING, free_name, safe_name
from kdcl_xl.reissue.feedback import Asked, Fate, Round
from kdcl_xl.reissue.feedback_copy import Copy
from kdcl_xl.reissue.letters import Letter
from kdcl_xl.submission.model import Submission
from kdcl_xl.template.not_carried import left_behind_sheets
from macros_free_validation.rule import Severity
from workbook_templates.text import Language, Text

_SUFFIX = "phan-hoi"
_LETTER_SUFFIX = "thu-bao"
_LONGEST_STEM = 46


def copy_path(asked: Asked, folder: Path, taken: set[str]) -> Path:
    """Return the path of a copy in a folder, named by the school's code; add it to ``taken``."""
    submission = asked.submission
    words = [word for word in (submission.code, submission.name) if word]
    return free_name(folder, f"{_stem(*(words or [submission.path.stem]))}_{_SUFFIX}", taken)


def letter_files(
    letter: Letter, folder: Path, taken: set[str], language: Language
) -> dict[Path, bytes]:
    """Return the contents of a letter by path: a page to print first, then plain text."""
    page = free_name(folder, f"{_stem(*letter.file_words)}_{_LETTER_SUFFIX}", taken, ".html")
    return {
        page: letter.html(language).encode(),
        page.with_suffix(".txt"): letter.plain(language).encode(),
    }


def _stem(*words: str) -> str:
    return safe_name(*words)[:_LONGEST_STEM].rstrip("-_")


def letter_line(letter: Letter) -> Text:
    """Return the addressee of a letter and its reason, in one line."""
    words = " ".join(letter.file_words)
    return Text(f"{words}: {letter.reason.vi}", f"{words}: {letter.reason.en}")


def copy_lines(
    asked: Asked, copy: Copy, target: Path, kept: Iterable[Path | None] = ()
) -> Iterator[Text]:
    """Yield lines about the copy written for a school, with the remarks that the officer needs.

    ``kept`` are the paths of earlier files that the new ones replace.
    """
    submission = asked.submission
    asked_for = _in_words([(asked.count(severity), severity.label, True) for severity in Severity])
    words = {"school": _shown_school(submission), "path": target, "counts": asked_for}
    yield (_TO_MEND if asked_for.vi else _FINE).format(**words)
    others = _in_words(
        [(asked.fates.get(fate, 0), fate.label, False) for fate in Fate if fate is not Fate.ASKED]
    )
    if others.vi:
        yield _NOT_ASKED.format(others=others)
    if not asked.is_as_merged:
        yield _OTHER_FILE.format(file=submission.path.name)
    if asked.in_review:
        yield _IN_REVIEW.format(count=asked.in_review)
    if copy.left:
        names = ", ".join(f"«{name}»" for name, _ in left_behind_sheets(copy.left))
        yield _LEFT.format(count=len(copy.left), names=names)
    if copy.document:
        yield _DOCUMENT.format(path=target.with_suffix(DOCUMENT_ENDING))
    for earlier in filter(None, kept):
        yield _KEPT.format(path=earlier)


_TO_MEND = Text("{school}: cần sửa {counts} -> {path}", "{school}: to mend {counts} -> {path}")
_FINE = Text("{school}: không có yêu cầu sửa -> {path}", "{school}: nothing to mend -> {path}")
_NOT_ASKED = Text("  Không nêu lại: {others}.", "  Not asked for: {others}.")
_OTHER_FILE = Text(
    "  Tệp «{file}» khác với tệp đã tổng hợp: đã xét theo tệp hiện tại, kèm những kết luận còn "
    "khớp.",
    "  The file '{file}' is not the one merged: judged as it is now, with the decisions that "
    "still hold.",
)
_IN_REVIEW = Text(
    "  {count} vấn đề đã được kết luận nhưng nội dung đã thay đổi; được nêu lại là «cần xem lại».",
    "  {count} findings changed since they were decided on; asked for as to be reviewed.",
)
_LEFT = Text(
    "  {count} nội dung ghi ngoài các ô nhập được giữ nguyên văn ở trang {names}.",
    "  {count} things outside the input cells are in full on the sheet {names}.",
)
_DOCUMENT = Text("  Văn bản kèm nhận xét: {path}", "  Document with comments: {path}")
_KEPT = Text("  Bản trước được giữ lại: {path}", "  The earlier copy was kept: {path}")


def _in_words(counts: list[tuple[int, Text, bool]]) -> Text:
    """Return counts with their labels, in lower case where asked for; those of 0 are left out."""
    vi = ", ".join(f"{n} {t.vi.lower() if low else t.vi}" for n, t, low in counts if n)
    en = ", ".join(f"{n} {t.en.lower() if low else t.en}" for n, t, low in counts if n)
    return Text(vi, en)


def _shown_school(submission: Submission) -> str:
    words = " ".join(word for word in (submission.code, submission.name) if word)
    return words or submission.shown_path


def round_totals(found: Round, written: int, output: Path, *, for_all: bool) -> Iterator[Text]:
    """Yield the totals of a round: copies written, schools without one, schools without a file."""
    yield _WRITTEN.format(written=written, path=output, to_mend=len(found.to_mend))
    fine = [entry.submission for entry in found.asked if not entry.flags]
    if fine and not for_all:
        yield _NO_COPY.format(count=len(fine), schools=", ".join(map(_shown_school, fine)))
    if found.absent:
        yield _ABSENT.format(count=len(found.absent), codes=", ".join(found.absent))


_WRITTEN = Text(
    "Đã ghi {written} bản gửi lại vào {path}; {to_mend} trường có nội dung cần sửa.",
    "{written} copies were written to {path}; {to_mend} schools have something to mend.",
)
_NO_COPY = Text(
    "{count} trường không có gì phải sửa nên không có bản gửi lại: {schools}.",
    "{count} schools have nothing to mend and get no copy: {schools}.",
)
_ABSENT = Text(
    "{count} trường trong sổ tổng hợp không có tệp ở đây: {codes}.",
    "{count} schools of the authority workbook have no file here: {codes}.",
)
