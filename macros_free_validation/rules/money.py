"""Rules on money: the amount of a task and the source of its funds."""

from __future__ import annotations

from macros_free_validation.expression import (
    Count,
    Field,
    Filled,
    InList,
    IsAny,
    IsNumber,
    KeyKind,
    Limit,
    Match,
    blank,
)
from macros_free_validation.rule import FOR_THE_DISTRICT, Example, Rule, Severity, Stage
from workbook_templates.declare import Lists
from workbook_templates.text import Text
from workbook_templates.vocabulary import FundingSource

SMALLEST_AMOUNT = Limit(
    "smallest_amount",
    10_000,
    0,
    1_000_000_000,
    Text(
        "Kinh phí nhỏ nhất của một công việc (đồng); nhỏ hơn bị coi là gõ theo nghìn hoặc triệu",
        "Smallest budget of a task (VND); less was probably typed in thousands or millions",
    ),
)
LARGEST_AMOUNT = Limit(
    "largest_amount",
    100_000_000_000,
    1_000_000,
    900_000_000_000_000,
    Text(
        "Kinh phí lớn nhất của một công việc (đồng); lớn hơn bị coi là gõ thừa chữ số",
        "Largest budget of a task (VND); more was probably typed with too many digits",
    ),
)

_BUDGET, _SOURCE = Field("budget"), Field("funding_source")
_AMOUNT = Field("budget_meant")
_NONE_NEEDED = IsAny(_SOURCE, (FundingSource.NONE.label.vi,))


def _given(field: str) -> Count:
    return Count("plan", (Match(field, KeyKind.FILLED, constant="x"),))


RULES = (
    Rule(
        "KD501",
        "money.not_a_number",
        Severity.ERROR,
        Text("Kinh phí chưa hiểu được là bao nhiêu", "Budget is not understood"),
        Text(
            "Kinh phí «{budget}» chưa hiểu được là bao nhiêu đồng.",
            "Budget '{budget}' is not understood as an amount.",
        ),
        Text(
            "Gõ số tiền bằng đồng, hoặc theo triệu, tỷ như «81 triệu», «1,5 tỷ»; ghi chú thêm ở "
            "cột Ghi chú.",
            "Type the amount in VND, such as 81.000.000; use the notes for words.",
        ),
        "plan",
        "budget",
        Filled(_BUDGET) & ~IsNumber(_AMOUNT),
        stage=Stage.DRAFT,
        why=Text(
            "Kinh phí không rõ là bao nhiêu thì không cộng được, nên tổng kinh phí của trường và "
            "của địa bàn bị thiếu.",
            "An amount that is not understood cannot be added, so that the totals of school and "
            "district fall short.",
        ),
        wrong=Example({"budget": "theo thực tế"}),
        right=Example({"budget": 81_000_000}),
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
        _AMOUNT < 0,
        stage=Stage.DRAFT,
        why=Text(
            "Kinh phí dự kiến không thể âm; số âm làm giảm tổng kinh phí của kế hoạch.",
            "A planned amount cannot be negative; it would lower the plan's total.",
        ),
        wrong=Example({"budget": -5_000_000}),
        right=Example({"budget": 5_000_000}),
    ),
    Rule(
        "KD503",
        "money.amount_without_source",
        Severity.WARNING,
        Text("Có kinh phí, chưa có nguồn", "Amount without a source"),
        Text(
            "Có kinh phí «{budget}» nhưng chưa có nguồn chi.",
            "There is a budget of '{budget}' but no source of funds.",
        ),
        Text("Chọn nguồn kinh phí.", "Choose the source of funds."),
        "plan",
        "funding_source",
        (_AMOUNT > 0) & (blank(_SOURCE) | _NONE_NEEDED),
        why=Text(
            "Có số tiền mà không rõ nguồn thì chưa có căn cứ để chi.",
            "An amount without a source cannot be spent.",
        ),
        wrong=Example({"budget": 5_000_000, "funding_source": None}),
        right=Example({"budget": 5_000_000, "funding_source": "Ngân sách nhà nước"}),
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
        why=Text(
            "Đã chọn nguồn mà chưa có số tiền thì chưa dự trù được kinh phí cho công việc.",
            "With a source but no amount, no money can be set aside for the task.",
        ),
        wrong=Example({"budget": None, "funding_source": "Chi thường xuyên"}),
        right=Example({"budget": 5_000_000, "funding_source": "Chi thường xuyên"}),
    ),
    Rule(
        "KD505",
        "money.suspiciously_small",
        Severity.WARNING,
        Text("Kinh phí quá nhỏ", "Budget suspiciously small"),
        Text(
            "Kinh phí «{budget}» quá nhỏ; có thể đã gõ theo nghìn hoặc triệu đồng.",
            "A budget of '{budget}' is very small; was it typed in thousands or millions?",
        ),
        Text("Gõ đủ số tiền bằng đồng.", "Type the whole amount in VND."),
        "plan",
        "budget",
        (_AMOUNT > 0) & (_AMOUNT < SMALLEST_AMOUNT),
        stage=Stage.DRAFT,
        why=Text(
            "Số tiền quá nhỏ thường do gõ theo nghìn hoặc triệu đồng; tổng kinh phí khi "
            "đó sai hàng nghìn, hàng triệu lần.",
            "A very small amount was usually typed in thousands or millions; totals are "
            "then wrong by that factor.",
        ),
        wrong=Example({"budget": 81}),
        right=Example({"budget": 81_000_000}),
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
        why=Text(
            "Nguồn kinh phí ghi tự do không tổng hợp được theo nguồn và khó đối chiếu với "
            "sổ sách tài chính.",
            "A source in free words cannot be added up by source or held against the "
            "rules on spending.",
        ),
        wrong=Example({"funding_source": "Tiền túi"}),
        right=Example({"funding_source": "Xã hội hóa, tài trợ"}),
    ),
    Rule(
        "KD507",
        "money.none_planned",
        Severity.WARNING,
        Text("Cả kế hoạch không có kinh phí", "No money in the whole plan"),
        Text(
            "Chưa có công việc nào ghi kinh phí hoặc nguồn kinh phí.",
            "No task names an amount or a source of funds.",
        ),
        Text(
            "Ghi kinh phí; việc không cần tiền thì chọn «Không cần kinh phí».",
            "Type the amounts; choose 'Không cần kinh phí' (none needed) where it is so.",
        ),
        "plan",
        "budget",
        (Field("no") == 1) & (_given("budget") == 0) & (_given("funding_source") == 0),
        why=Text(
            "Kế hoạch không nói gì về kinh phí thì không rõ có nguồn lực để thực hiện hay không.",
            "A plan that says nothing of money leaves open whether there are means to "
            "carry it out.",
        ),
        wrong=Example(rows={"plan": ({"budget": None, "funding_source": None},) * 2}),
        right=Example(
            rows={"plan": ({"budget": None, "funding_source": "Không cần kinh phí"},) * 2}
        ),
    ),
    Rule(
        "KD508",
        "money.recurring_amount",
        Severity.NOTE,
        Text("Kinh phí ghi theo kỳ", "Recurring amount"),
        Text(
            "Kinh phí «{budget}» là số tiền mỗi {budget_per}; tổng kinh phí chỉ tính một lần.",
            "Budget '{budget}' is an amount for each {budget_per}; totals count it once.",
        ),
        Text(
            "Ghi số tiền của cả kế hoạch, nếu muốn tổng kinh phí tính đủ.",
            "Type the amount of the whole plan, if totals should count all of it.",
        ),
        "plan",
        "budget",
        Filled(Field("budget_per")),
        why=Text(
            "Số tiền chi nhiều lần mà chỉ tính một lần thì tổng kinh phí của kế hoạch thấp hơn "
            "thực tế.",
            "An amount that is spent several times and counted once makes the totals too small.",
        ),
        wrong=Example({"budget": "1 triệu/tháng"}),
        right=Example({"budget": "9 triệu"}),
    ),
    Rule(
        "KD509",
        "money.suspiciously_large",
        Severity.WARNING,
        Text("Kinh phí quá lớn", "Budget suspiciously large"),
        Text(
            "Kinh phí «{budget}» quá lớn so với một công việc; có thể đã gõ thừa chữ số.",
            "A budget of '{budget}' is very large for one task; were too many digits typed?",
        ),
        Text(
            "Kiểm tra lại số tiền, tính bằng đồng.",
            "Check the amount, which is in VND.",
        ),
        "plan",
        "budget",
        _AMOUNT > LARGEST_AMOUNT,
        not_live=FOR_THE_DISTRICT,
        stage=Stage.DISTRICT,
        why=Text(
            "Một số tiền thừa vài chữ số đủ làm sai tổng kinh phí của cả địa bàn.",
            "One amount with some digits too many is enough to spoil the totals of a district.",
        ),
        wrong=Example({"budget": 810_000_000_000}),
        right=Example({"budget": 810_000_000}),
    ),
)
