"""Rules on the two reviews of a school year (part VI of Biểu 2): content and time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from macros_free_validation.law import COUNCIL_2026, of_form_2026
from macros_free_validation.rule import Context, Example, Hit, Rule, Severity, Stage
from macros_free_validation.values import filled, is_date, to_date
from workbook_templates.text import Text, fold

_SHEET = "progress"
_TERM_1, _YEAR_END = "term_1", "year_end"
_NAMES = {
    _TERM_1: Text("cuối học kỳ I", "end of term 1"),
    _YEAR_END: Text("cuối năm học", "end of the school year"),
}
_LAW = (of_form_2026("phần VI và VIII"), COUNCIL_2026)
_BY_DATE = Text(
    "Phụ thuộc ngày kiểm tra; hàm ngày hiện tại làm sổ tính luôn phải tính lại.",
    "Depends on the day of checking; a formula for today would recalculate for ever.",
)


def _times(context: Context) -> Iterator[tuple[str, date, date]]:
    """Yield each review with the first and the last day on which it is usually made.

    Terms end in the middle of January and at the end of May; both reviews have a month or
    two around that.
    """
    start, end = context.plan.day("period_start"), context.plan.day("period_end")
    if start is None or end is None:
        return
    first = start.year + (start.month > 7)
    yield _TERM_1, date(first - 1, 12, 15), date(first, 1, 31)
    yield _YEAR_END, date(end.year, 5, 1), date(end.year, 6, 30)


def _cells(context: Context, review: str) -> tuple[str, str]:
    plan = context.plan
    content, result = (plan.cell(f"review_{part}_{review}", _SHEET) for part in _PARTS)
    return (str(content) if filled(content) else "", str(result) if filled(result) else "")


_PARTS = ("content", "result")
_LACKS = {
    (False, False): Text("nội dung và kết quả", "content and result"),
    (False, True): Text("nội dung", "content"),
    (True, False): Text("kết quả", "result"),
}
"""The parts that a review lacks, by whether it has a content and a result."""


def _missing(context: Context) -> Iterator[Hit]:
    """Yield the reviews that lack a part after their time, while the plan runs."""
    end = context.plan.day("period_end")
    for review, _, last in _times(context):
        if end is None or not last < context.today <= end:
            continue
        content, result = _cells(context, review)
        if not content or not result:
            words = {"part": _LACKS[bool(content), bool(result)], "review": _NAMES[review]}
            yield Hit(_SHEET, f"review_result_{review}", words=words)


def _early(context: Context) -> Iterator[Hit]:
    """Yield results of a review that are written before its time has come.

    The time of a workbook is the day of checking, or that of its latest report: a model plan
    shows how a year ends before it has.
    """
    days = context.plan.column(_SHEET, "report_date_meant")
    reports = [to_date(day) for day in days if is_date(day)]
    now = max([context.today, *reports])
    for review, first, _ in _times(context):
        if now < first and _cells(context, review)[1]:
            words: dict[str, str | Text] = {
                "review": _NAMES[review],
                "today": context.today.strftime("%d/%m/%Y"),
            }
            yield Hit(_SHEET, f"review_result_{review}", words=words)


_NOT_A_WORD = re.compile(r"\W+")


def _squashed(text: str) -> str:
    """Return the letters and digits of a text, in lower case."""
    return _NOT_A_WORD.sub(" ", fold(text)).strip()


def _repeated(context: Context) -> Iterator[Hit]:
    """Yield results that repeat those of term 1, or only what was to be reviewed."""
    first = _squashed(_cells(context, _TERM_1)[1])
    for review in (_TERM_1, _YEAR_END):
        content, result = map(_squashed, _cells(context, review))
        other = None
        if review == _YEAR_END and result == first:
            other = Text("kết quả cuối học kỳ I", "the result at the end of term 1")
        elif result == content:
            other = Text("nội dung theo dõi", "what was monitored")
        if result and other:
            yield Hit(_SHEET, f"review_result_{review}", words={"other": other})


_REVIEW = {"review_content_term_1": "Tiến độ các giải pháp", "review_result_term_1": "Đạt 6/9 việc"}

RULES = (
    Rule(
        "KD711",
        "progress.review_missing",
        Severity.WARNING,
        Text("Thiếu kết quả rà soát", "Review missing"),
        Text(
            "Chưa ghi {part} rà soát {review}.",
            "The {part} of the review at {review} is missing.",
        ),
        Text(
            "Ghi nội dung theo dõi và kết quả thực hiện của lần rà soát.",
            "Give what was reviewed, and the result.",
        ),
        _SHEET,
        "review_result_term_1",
        judge=_missing,
        not_live=_BY_DATE,
        forms=("2026",),
        law=_LAW,
        stage=Stage.DISTRICT,
        why=Text(
            "Biểu 2 yêu cầu rà soát tối thiểu hai lần trong năm học; thiếu một lần thì không điều "
            "chỉnh kịp.",
            "Form 2 asks for two reviews a year at least; without one nothing is adjusted in time.",
        ),
        wrong=Example(
            {"review_content_term_1": None, "review_result_term_1": None},
            cover={"period_start": date(2025, 8, 1), "period_end": date(2027, 7, 31)},
            note=Text("Kiểm tra ngày 22/11/2026.", "Checked on 22/11/2026."),
        ),
        right=Example(
            _REVIEW,
            cover={"period_start": date(2025, 8, 1), "period_end": date(2027, 7, 31)},
            note=Text("Kiểm tra ngày 22/11/2026.", "Checked on 22/11/2026."),
        ),
    ),
    Rule(
        "KD712",
        "progress.review_repeated",
        Severity.WARNING,
        Text("Hai lần rà soát ghi giống nhau", "The same text in two reviews"),
        Text("Kết quả này giống hệt {other}.", "This is the same text as {other}."),
        Text(
            "Ghi kết quả thực hiện của chính lần rà soát này.",
            "Give the result of this review.",
        ),
        _SHEET,
        "review_result_year_end",
        judge=_repeated,
        not_live=Text(
            "So cả đoạn văn, không kể chữ hoa và dấu câu; Excel không so được như vậy.",
            "Whole passages are compared without case and punctuation, which Excel cannot do.",
        ),
        distinguished_by=("other",),
        forms=("2026",),
        law=_LAW,
        stage=Stage.DRAFT,
        why=Text(
            "Kết quả cuối năm giống hệt học kỳ I, hoặc chỉ chép lại nội dung theo dõi, thì lần rà "
            "soát đó không cho biết gì.",
            "A result that repeats term 1, or only what was to be monitored, says nothing.",
        ),
        wrong=Example(
            {"review_result_term_1": "Đạt 6/9 việc", "review_result_year_end": "Đạt 6/9 việc"}
        ),
        right=Example(
            {"review_result_term_1": "Đạt 6/9 việc", "review_result_year_end": "Đạt 9/9 việc"}
        ),
    ),
    Rule(
        "KD713",
        "progress.review_early",
        Severity.WARNING,
        Text("Ghi kết quả rà soát trước thời điểm", "Review before its time"),
        Text(
            "Ngày {today} đã ghi kết quả rà soát {review}, khi chưa đến thời điểm đó.",
            "On {today} there is a result of the review at {review}, which is still to come.",
        ),
        Text(
            "Chỉ ghi kết quả khi đã rà soát; trước đó để trống.",
            "Give the result after the review; leave it blank before.",
        ),
        _SHEET,
        "review_result_year_end",
        judge=_early,
        not_live=_BY_DATE,
        incidental=("today",),
        forms=("2026",),
        law=_LAW,
        why=Text(
            "Kết quả ghi trước khi rà soát chỉ là dự kiến hoặc được chép từ kế hoạch khác.",
            "A result written before the review is a guess, or copied from another plan.",
        ),
        wrong=Example(
            {"review_result_year_end": "Hoàn thành 9/9 việc"},
            note=Text("Kiểm tra ngày 22/11/2026.", "Checked on 22/11/2026."),
        ),
        right=Example(
            {"review_result_year_end": None},
            note=Text("Kiểm tra ngày 22/11/2026.", "Checked on 22/11/2026."),
        ),
    ),
)
