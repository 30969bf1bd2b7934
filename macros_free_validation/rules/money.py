"""Money: how much, and from where."""

from __future__ import annotations

from macros_free_validation.expression import (
    Count,
    Equal,
    Field,
    Filled,
    InList,
    IsAny,
    IsNumber,
    KeyKind,
    Match,
    Number,
    blank,
)
from macros_free_validation.rule import Rule, Severity, Stage
from workbook_templates.declare import Lists
from workbook_templates.text import Text
from workbook_templates.vocabulary import FundingSource

SMALLEST_AMOUNT = 10_000
"""Đồng; a smaller amount was probably typed in thousands or millions."""

_BUDGET, _SOURCE = Field("budget"), Field("funding_source")
_NONE_NEEDED = IsAny(_SOURCE, (FundingSource.NONE.label.vi,))


def _given(field: str) -> Count:
    return Count("plan", (Match(field, KeyKind.FILLED, constant="x"),))


RULES = (
    Rule(
        "KD501",
        "money.not_a_number",
        Severity.ERROR,
        Text("Kinh phí không phải số", "Budget is no number"),
        Text("Kinh phí «{budget}» không phải là số.", "Budget '{budget}' is not a number."),
        Text(
            "Gõ số tiền bằng đồng, chỉ gõ chữ số; ghi chú thêm ở cột Ghi chú.",
            "Type the amount in đồng, digits only; use the notes for words.",
        ),
        "plan",
        "budget",
        Filled(_BUDGET) & ~IsNumber(_BUDGET),
        stage=Stage.DRAFT,
    ),
    Rule(
        "KD502",
        "money.negative",
        Severity.ERROR,
        Text("Kinh phí âm", "Negative budget"),
        Text("Kinh phí {budget} là số âm.", "Budget {budget} is negative."),
        Text("Gõ lại số tiền.", "Type the amount again."),
        "plan",
        "budget",
        _BUDGET < Number(0),
        stage=Stage.DRAFT,
    ),
    Rule(
        "KD503",
        "money.amount_without_source",
        Severity.WARNING,
        Text("Có kinh phí, chưa có nguồn", "Amount without a source"),
        Text(
            "Có kinh phí {budget} đồng nhưng chưa có nguồn chi.",
            "There is a budget of {budget} đồng but no source of funds.",
        ),
        Text("Chọn nguồn kinh phí.", "Choose the source of funds."),
        "plan",
        "funding_source",
        (_BUDGET > Number(0)) & (blank(_SOURCE) | _NONE_NEEDED),
    ),
    Rule(
        "KD504",
        "money.source_without_amount",
        Severity.NOTE,
        Text("Có nguồn, chưa có số tiền", "Source without an amount"),
        Text(
            "Có nguồn «{funding_source}» nhưng chưa ghi số tiền.",
            "There is a source, '{funding_source}', but no amount.",
        ),
        Text("Ghi số tiền dự kiến, nếu đã biết.", "Type the amount, if it is known."),
        "plan",
        "budget",
        InList(_SOURCE, Lists.FUNDING_SOURCES) & ~_NONE_NEEDED & blank(_BUDGET),
    ),
    Rule(
        "KD505",
        "money.suspiciously_small",
        Severity.WARNING,
        Text("Kinh phí quá nhỏ", "Budget suspiciously small"),
        Text(
            "Kinh phí {budget} đồng quá nhỏ; có thể đã gõ theo nghìn hoặc triệu đồng.",
            "A budget of {budget} đồng is very small; was it typed in thousands or millions?",
        ),
        Text("Gõ đủ số tiền bằng đồng.", "Type the whole amount in đồng."),
        "plan",
        "budget",
        (_BUDGET > Number(0)) & (_BUDGET < Number(SMALLEST_AMOUNT)),
        stage=Stage.DRAFT,
    ),
    Rule(
        "KD506",
        "money.source_not_in_list",
        Severity.WARNING,
        Text("Nguồn kinh phí không có trong danh sách", "Source not in the list"),
        Text(
            "Nguồn kinh phí «{funding_source}» không có trong danh sách.",
            "Funding source '{funding_source}' is not in the list.",
        ),
        Text("Chọn lại nguồn trong danh sách.", "Choose the source from the list."),
        "plan",
        "funding_source",
        Filled(_SOURCE) & ~InList(_SOURCE, Lists.FUNDING_SOURCES),
        stage=Stage.DRAFT,
    ),
    Rule(
        "KD507",
        "money.none_planned",
        Severity.WARNING,
        Text("Cả kế hoạch không có kinh phí", "No money in the whole plan"),
        Text(
            "Không công việc nào ghi kinh phí hoặc nguồn kinh phí.",
            "No task names an amount or a source of funds.",
        ),
        Text(
            "Ghi kinh phí; việc không cần tiền thì chọn «Không cần kinh phí».",
            "Type the amounts; choose 'Không cần kinh phí' where none is needed.",
        ),
        "plan",
        "budget",
        Equal(Field("no"), Number(1))
        & Equal(_given("budget"), Number(0))
        & Equal(_given("funding_source"), Number(0)),
    ),
)
