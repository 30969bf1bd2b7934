"""Rules on the recognition that a school holds: its dates, and its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from macros_free_validation.expression import Filled, InList, IsDate, Number, Single
from macros_free_validation.law import RECOGNITION_TERM, TRANSITION_2026
from macros_free_validation.rule import Case, Context, Example, Hit, Rule, Severity, Stage
from macros_free_validation.values import filled, is_date
from workbook_templates.declare import Lists
from workbook_templates.recognition import (
    LONGEST_VALID,
    MONTHS_BEFORE,
    VALID_YEARS,
    RecognitionState,
    recognition_state,
    register_by,
)
from workbook_templates.text import Text

_UNTIL = Single("recognised_until_meant")
_START, _END = Single("period_start_meant"), Single("period_end_meant")
_GRADE, _STANDARD = Single("accreditation"), Single("national_standard")
_DAYS_BEFORE = 31 * MONTHS_BEFORE

_TO_DO = Text(
    f"Hoàn thành tự đánh giá và đăng ký đánh giá ngoài ít nhất {MONTHS_BEFORE} tháng trước ngày "
    "hết hạn.",
    f"Finish the self-assessment and register for the external one at least {MONTHS_BEFORE} "
    "months before the end.",
)


def _late(context: Context) -> Iterator[Hit]:
    """Yield a recognition that has ended, or whose school is late to register again."""
    end, today = context.plan.day("recognised_until"), context.today
    if end is None:
        return
    state = recognition_state(end, today)
    if state in (RecognitionState.EXPIRED, RecognitionState.LATE):
        words: dict[str, str | Text] = {
            "until": end.strftime("%d/%m/%Y"),
            "by": register_by(end).strftime("%d/%m/%Y"),
            "state": Text(state.value.vi.lower(), state.value.en.lower()),
        }
        yield Hit("cover", "recognised_until", words=words)


_NO_DAY = Text(
    "ngày quyết định chưa hiểu được là ngày nào", "the day of the decision is not understood"
)
_NO_END = Text("ngày hết hạn chưa hiểu được là ngày nào", "its end is not understood")
_MISSING = Text("chưa ghi ngày hết hạn", "its end is missing")
_TURNED = Text("ngày hết hạn không sau ngày quyết định", "its end is not after the decision")
_TOO_LONG = Text(
    f"ngày hết hạn sau ngày quyết định quá {VALID_YEARS} năm",
    f"its end is more than {VALID_YEARS} years after the decision",
)


def _wrong_dates(context: Context) -> Iterator[Hit]:
    """Yield each fault of the two days: no date, missing, turned round, too far apart."""
    plan = context.plan
    typed_on, typed_until = plan.cell("recognised_on"), plan.cell("recognised_until")
    on, until = plan.cell("recognised_on_meant"), plan.cell("recognised_until_meant")
    if filled(typed_on) and not is_date(on):
        yield Hit("cover", "recognised_on", words={"problem": _NO_DAY})
    held = any(filled(plan.cell(field)) for field in ("accreditation", "national_standard"))
    problem = None
    if not filled(typed_until):
        problem = _MISSING if held else None
    elif not is_date(until):
        problem = _NO_END
    elif is_date(on) and until <= on:
        problem = _TURNED
    elif is_date(on) and until - on > LONGEST_VALID:
        problem = _TOO_LONG
    if problem:
        yield Hit("cover", "recognised_until", words={"problem": problem})


RULES = (
    Rule(
        "KD121",
        "recognition.not_in_list",
        Severity.WARNING,
        Text("Cấp độ hoặc mức độ không có trong danh sách", "Grade or degree not in its list"),
        Text(
            "Ô «{column}» ghi giá trị không có trong danh sách.",
            "The value under '{column}' is not in its list.",
        ),
        Text("Chọn lại trong danh sách của ô.", "Choose it from the cell's list."),
        "cover",
        cases=(
            Case(
                "accreditation",
                Filled(_GRADE) & ~InList(_GRADE, Lists.ACCREDITATIONS),
                {"column": Text("Cấp độ kiểm định", "Accreditation")},
            ),
            Case(
                "national_standard",
                Filled(_STANDARD) & ~InList(_STANDARD, Lists.NATIONAL_STANDARDS),
                {"column": Text("Chuẩn quốc gia", "National standard")},
            ),
        ),
        stage=Stage.DRAFT,
        why=Text(
            "Mức (tự đánh giá), cấp độ (kiểm định) và mức độ (chuẩn quốc gia) là ba việc khác "
            "nhau; ghi lẫn thì không tổng hợp được.",
            "Level (self-assessment), grade (accreditation) and degree (national standard) are "
            "three things; mixed up they cannot be counted.",
        ),
        wrong=Example({"accreditation": "Mức 2"}),
        right=Example({"accreditation": "Cấp độ 2", "national_standard": "Mức độ 1"}),
    ),
    Rule(
        "KD122",
        "recognition.date_not_valid",
        Severity.WARNING,
        Text("Ngày công nhận ghi chưa đúng", "Dates of the recognition are not right"),
        Text("Thông tin công nhận: {problem}.", "The recognition: {problem}."),
        Text(
            "Đối chiếu với quyết định công nhận; ghi theo dạng ngày/tháng/năm.",
            "Compare with the decision; type day/month/year.",
        ),
        "cover",
        "recognised_until",
        judge=_wrong_dates,
        distinguished_by=("problem",),
        not_live=Text(
            "Để sổ tính gọn, ngày công nhận chỉ được xét khi kiểm tra tệp.",
            "To keep the workbook small, these dates are judged only when a file is checked.",
        ),
        law=(RECOGNITION_TERM,),
        stage=Stage.DRAFT,
        why=Text(
            "Ngày hết hạn cho biết khi nào nhà trường phải đăng ký đánh giá lại; ngày sai thì lỡ "
            "thời điểm.",
            "The end says when a school has to register again; with a wrong one it is late.",
        ),
        wrong=Example({"recognised_on": date(2019, 5, 20), "recognised_until": date(2029, 5, 20)}),
        right=Example({"recognised_on": date(2019, 5, 20), "recognised_until": date(2024, 5, 20)}),
    ),
    Rule(
        "KD123",
        "recognition.ends_with_plan",
        Severity.NOTE,
        Text("Công nhận sắp hết hạn", "Recognition about to end"),
        Text(
            "Công nhận hiện có của nhà trường sắp hết hạn; thời điểm đăng ký đánh giá lại thuộc "
            "thời gian của kế hoạch này.",
            "The recognition ends soon; registering for the next one falls into this plan's "
            "period.",
        ),
        _TO_DO,
        "cover",
        "recognised_until",
        (_START <= _UNTIL) & IsDate(_UNTIL) & (_UNTIL < _END + Number(_DAYS_BEFORE)),
        law=(RECOGNITION_TERM, TRANSITION_2026),
        why=Text(
            "Việc tự đánh giá và đăng ký lại cần người và thời gian, nên phải có trong kế hoạch "
            "của năm học đó.",
            "Assessing and registering again takes people and time, and belongs in that year's "
            "plan.",
        ),
        wrong=Example(
            {"recognised_until": date(2021, 10, 20)}, cover={"period_end": date(2021, 7, 31)}
        ),
        right=Example(
            {"recognised_until": date(2024, 10, 20)}, cover={"period_end": date(2021, 7, 31)}
        ),
    ),
    Rule(
        "KD124",
        "recognition.late",
        Severity.WARNING,
        Text("Công nhận hết hạn hoặc đã muộn đăng ký lại", "Recognition expired or renewal late"),
        Text(
            "Công nhận có giá trị đến {until}, cần đăng ký lại trước {by}: {state}.",
            "The recognition is valid to {until}, to be asked for again by {by}: {state}.",
        ),
        _TO_DO,
        "cover",
        "recognised_until",
        judge=_late,
        not_live=Text(
            "Phụ thuộc ngày kiểm tra; hàm ngày hiện tại làm sổ tính luôn phải tính lại.",
            "Depends on the day of checking; a formula for today would recalculate for ever.",
        ),
        law=(RECOGNITION_TERM, TRANSITION_2026),
        why=Text(
            "Hết hạn mà chưa được công nhận lại thì nhà trường không còn được coi là đạt; cơ quan "
            "quản lý cần biết trước để bố trí đánh giá ngoài.",
            "After its end a school no longer counts as recognised; the authority has to know in "
            "time to arrange the external assessment.",
        ),
        wrong=Example(
            {"recognised_until": date(2026, 12, 31)},
            form="2026",
            note=Text("Kiểm tra ngày 22/11/2026.", "Checked on 22/11/2026."),
        ),
        right=Example(
            {"recognised_until": date(2028, 12, 31)},
            form="2026",
            note=Text("Kiểm tra ngày 22/11/2026.", "Checked on 22/11/2026."),
        ),
    ),
)
