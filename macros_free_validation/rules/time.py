"""Rules on time: the start, the deadline and the recurrence of a task."""

from __future__ import annotations

from datetime import date

from macros_free_validation.expression import (
    Field,
    Filled,
    InList,
    IsAny,
    IsDate,
    RowUsed,
    Single,
    blank,
)
from macros_free_validation.rule import Example, Rule, Severity, Stage
from workbook_templates.declare import Lists
from workbook_templates.text import Text
from workbook_templates.vocabulary import Recurrence

_START, _DEADLINE, _RECURRENCE = Field("start"), Field("deadline"), Field("recurrence")
_BEGUN, _DUE = Field("start_meant"), Field("deadline_meant")
_ISSUED = Single("issue_date_meant")
_FIRST, _LAST = Single("period_start_meant"), Single("period_end_meant")
_RECURS = IsAny(_RECURRENCE, tuple(r.label.vi for r in Recurrence if r is not Recurrence.ONCE))
_PERIOD_KNOWN = IsDate(_FIRST) & IsDate(_LAST)

RULES = (
    Rule(
        "KD401",
        "time.deadline_missing",
        Severity.ERROR,
        Text("Thiếu ngày hoàn thành", "No deadline"),
        Text("Chưa ghi ngày hoàn thành.", "The deadline is missing."),
        Text("Gõ ngày hoàn thành (ngày/tháng/năm).", "Type the deadline (day/month/year)."),
        "plan",
        "deadline",
        RowUsed() & blank(_DEADLINE) & ~_RECURS,
        why=Text(
            "Không có ngày hoàn thành thì không biết khi nào công việc bị chậm và khi nào "
            "cần kiểm tra.",
            "Without a deadline nobody knows when a task is late or when to look at it.",
        ),
        wrong=Example({"deadline": None}),
        right=Example({"deadline": date(2021, 5, 31)}),
    ),
    Rule(
        "KD402",
        "time.deadline_not_a_date",
        Severity.ERROR,
        Text("Hạn hoàn thành chưa hiểu được là ngày nào", "Deadline is not understood"),
        Text(
            "Hạn hoàn thành «{deadline}» chưa hiểu được là ngày nào.",
            "Deadline '{deadline}' is not understood as a day.",
        ),
        Text(
            "Gõ ngày/tháng/năm, tháng/năm hoặc quý/năm, năm đủ bốn chữ số; ngày phải có thật.",
            "Type day/month/year, month/year or quarter/year, with four digits of a year; the day "
            "must exist.",
        ),
        "plan",
        "deadline",
        Filled(_DEADLINE) & ~IsDate(_DUE),
        stage=Stage.DRAFT,
        why=Text(
            "Thời hạn không rõ là ngày nào thì không xếp thứ tự, không so sánh được, nên không "
            "nhắc được việc sắp đến hạn.",
            "A deadline of no certain day can be neither sorted nor compared, so that nothing can "
            "be found to fall due.",
        ),
        wrong=Example({"deadline": "tháng 5"}),
        right=Example({"deadline": date(2021, 5, 31)}),
    ),
    Rule(
        "KD403",
        "time.start_not_a_date",
        Severity.ERROR,
        Text("Ngày bắt đầu chưa hiểu được là ngày nào", "Start is not understood"),
        Text(
            "Ngày bắt đầu «{start}» chưa hiểu được là ngày nào.",
            "Start '{start}' is not understood as a day.",
        ),
        Text(
            "Gõ ngày/tháng/năm, tháng/năm hoặc quý/năm, năm đủ bốn chữ số; ngày phải có thật.",
            "Type day/month/year, month/year or quarter/year, with four digits of a year; the day "
            "must exist.",
        ),
        "plan",
        "start",
        Filled(_START) & ~IsDate(_BEGUN),
        stage=Stage.DRAFT,
        why=Text(
            "Ngày bắt đầu không rõ là ngày nào thì không so sánh được với hạn hoàn thành và thời "
            "gian của kế hoạch.",
            "A start of no certain day cannot be compared with the deadline or the plan's period.",
        ),
        wrong=Example({"start": "đầu năm"}),
        right=Example({"start": date(2020, 9, 15)}),
    ),
    Rule(
        "KD404",
        "time.deadline_before_start",
        Severity.ERROR,
        Text("Hoàn thành trước khi bắt đầu", "Deadline before start"),
        Text(
            "Hạn hoàn thành {deadline} sớm hơn ngày bắt đầu {start}.",
            "Deadline {deadline} is before the start {start}.",
        ),
        Text("Kiểm tra lại hai ngày.", "Check both dates."),
        "plan",
        "deadline",
        IsDate(_DUE) & IsDate(_BEGUN) & (_DUE < _BEGUN),
        stage=Stage.DRAFT,
        why=Text(
            "Công việc không thể hoàn thành trước khi bắt đầu; một trong hai ngày đã gõ nhầm.",
            "A task cannot end before it starts; one of the two dates was mistyped.",
        ),
        wrong=Example({"start": date(2021, 6, 1), "deadline": date(2021, 5, 31)}),
        right=Example({"start": date(2020, 9, 15), "deadline": date(2021, 5, 31)}),
    ),
    Rule(
        "KD405",
        "time.deadline_before_issue",
        Severity.ERROR,
        Text("Hoàn thành trước khi ban hành kế hoạch", "Deadline before the plan was issued"),
        Text(
            "Hạn hoàn thành {deadline} sớm hơn ngày ban hành kế hoạch {issue_date}.",
            "Deadline {deadline} is before the plan was issued on {issue_date}.",
        ),
        Text(
            "Kiểm tra lại hạn hoàn thành hoặc ngày ban hành.",
            "Check the deadline or the issue date.",
        ),
        "plan",
        "deadline",
        IsDate(_DUE) & IsDate(_ISSUED) & (_DUE < _ISSUED),
        stage=Stage.DRAFT,
        why=Text(
            "Có kế hoạch thực tế giao việc với thời hạn trước ngày ban hành; công việc đã "
            "quá hạn ngay khi được giao.",
            "Real plans set deadlines before the day they were issued; such a task is "
            "late the moment it is assigned.",
        ),
        wrong=Example(
            {"start": None, "deadline": date(2020, 9, 1)}, cover={"issue_date": date(2020, 9, 12)}
        ),
        right=Example(
            {"start": None, "deadline": date(2020, 9, 30)}, cover={"issue_date": date(2020, 9, 12)}
        ),
    ),
    Rule(
        "KD406",
        "time.deadline_outside_period",
        Severity.ERROR,
        Text("Hạn hoàn thành ngoài thời gian kế hoạch", "Deadline outside the period"),
        Text(
            "Hạn hoàn thành {deadline} nằm ngoài thời gian kế hoạch ({period_start} - "
            "{period_end}).",
            "Deadline {deadline} is outside the plan's period ({period_start} - {period_end}).",
        ),
        Text(
            "Sửa hạn hoàn thành cho nằm trong thời gian của kế hoạch.",
            "Set a deadline within the plan's period.",
        ),
        "plan",
        "deadline",
        IsDate(_DUE) & _PERIOD_KNOWN & ((_DUE < _FIRST) | (_DUE > _LAST)),
        stage=Stage.DRAFT,
        why=Text(
            "Công việc đến hạn ngoài thời gian của kế hoạch không được theo dõi trong kế "
            "hoạch đó; thường do gõ nhầm năm hoặc chép từ kế hoạch năm trước.",
            "A task due outside the plan's period is not followed under it; usually the "
            "year was mistyped or last year's plan copied.",
        ),
        wrong=Example({"deadline": date(2021, 8, 31)}, cover={"period_end": date(2021, 7, 31)}),
        right=Example({"deadline": date(2021, 5, 31)}, cover={"period_end": date(2021, 7, 31)}),
    ),
    Rule(
        "KD407",
        "time.recurring_without_end",
        Severity.WARNING,
        Text("Việc lặp lại không có ngày kết thúc", "Recurring without an end"),
        Text(
            "Công việc lặp lại «{recurrence}» nhưng không có ngày hoàn thành.",
            "The task recurs ({recurrence}) but has no deadline.",
        ),
        Text(
            "Gõ ngày kết thúc của việc lặp lại vào cột Hoàn thành.",
            "Type the day on which the recurrence ends.",
        ),
        "plan",
        "recurrence",
        _RECURS & blank(_DEADLINE),
        why=Text(
            "Việc lặp lại mà không có ngày kết thúc thì không bao giờ kết luận được là đã "
            "hoàn thành.",
            "A task that recurs without an end can never be said to be done.",
        ),
        wrong=Example({"recurrence": "Hằng tháng", "deadline": None}),
        right=Example({"recurrence": "Hằng tháng", "deadline": date(2021, 5, 31)}),
    ),
    Rule(
        "KD408",
        "time.recurrence_not_in_list",
        Severity.WARNING,
        Text("Tần suất không có trong danh sách", "Recurrence not in the list"),
        Text(
            "Tần suất «{recurrence}» không có trong danh sách.",
            "Recurrence '{recurrence}' is not in the list.",
        ),
        Text("Chọn lại tần suất trong danh sách.", "Choose the recurrence from the list."),
        "plan",
        "recurrence",
        Filled(_RECURRENCE) & ~InList(_RECURRENCE, Lists.RECURRENCES),
        stage=Stage.DRAFT,
        why=Text(
            "Tần suất ghi tự do không cho biết bao lâu công việc được thực hiện một lần, "
            "và không lọc được.",
            "A recurrence in free words does not tell how often the task is done and "
            "cannot be filtered.",
        ),
        wrong=Example({"recurrence": "Đôi khi"}),
        right=Example({"recurrence": "Hằng tháng"}),
    ),
    Rule(
        "KD409",
        "time.start_outside_period",
        Severity.WARNING,
        Text("Ngày bắt đầu ngoài thời gian kế hoạch", "Start outside the period"),
        Text(
            "Ngày bắt đầu {start} nằm ngoài thời gian kế hoạch ({period_start} - {period_end}).",
            "Start {start} is outside the plan's period ({period_start} - {period_end}).",
        ),
        Text(
            "Sửa ngày bắt đầu cho nằm trong thời gian của kế hoạch.",
            "Set a start within the plan's period.",
        ),
        "plan",
        "start",
        IsDate(_BEGUN) & _PERIOD_KNOWN & ((_BEGUN < _FIRST) | (_BEGUN > _LAST)),
        stage=Stage.DRAFT,
        why=Text(
            "Công việc bắt đầu ngoài thời gian của kế hoạch không thuộc kế hoạch này, "
            "hoặc ngày đã gõ nhầm.",
            "A task that starts outside the period does not belong to this plan, or its "
            "date was mistyped.",
        ),
        wrong=Example({"start": date(2020, 7, 31)}, cover={"period_start": date(2020, 8, 1)}),
        right=Example({"start": date(2020, 9, 15)}, cover={"period_start": date(2020, 8, 1)}),
    ),
)
