"""Progress: what the supervision team reports."""

from __future__ import annotations

from macros_free_validation.expression import (
    Field,
    Filled,
    IsAny,
    IsDate,
    IsNumber,
    Number,
    RowUsed,
    blank,
)
from macros_free_validation.rule import Rule, Severity
from workbook_templates.text import Text
from workbook_templates.vocabulary import ProgressState

_STATE, _PERCENT = Field("progress_state"), Field("percent")
_DATE = Field("report_date")
_DONE = IsAny(_STATE, (ProgressState.DONE.label.vi,))

RULES = (
    Rule(
        "KD701",
        "progress.not_in_plan",
        Severity.ERROR,
        Text("Báo cáo cho dòng không có trong kế hoạch", "Report on no task of the plan"),
        Text(
            "Dòng báo cáo này không ứng với công việc nào của kế hoạch.",
            "This report belongs to no task of the plan.",
        ),
        Text(
            "Chuyển báo cáo về đúng dòng của công việc.",
            "Move the report to the row of its task.",
        ),
        "progress",
        "progress_state",
        RowUsed() & blank(Field("task")),
    ),
    Rule(
        "KD702",
        "progress.done_without_evidence",
        Severity.WARNING,
        Text("Hoàn thành nhưng không có minh chứng", "Done without evidence"),
        Text(
            "Công việc báo cáo hoàn thành nhưng không ghi minh chứng.",
            "The task is reported done without evidence.",
        ),
        Text("Ghi mã minh chứng.", "Give the evidence code."),
        "progress",
        "evidence",
        _DONE & blank(Field("evidence")),
    ),
    Rule(
        "KD703",
        "progress.percent_out_of_range",
        Severity.ERROR,
        Text("Tỉ lệ không hợp lệ", "Percent out of range"),
        Text("Tỉ lệ «{percent}» không phải số từ 0 đến 100.", "'{percent}' is not 0 to 100."),
        Text("Gõ số từ 0 đến 100.", "Type a number from 0 to 100."),
        "progress",
        "percent",
        Filled(_PERCENT)
        & (~IsNumber(_PERCENT) | (_PERCENT < Number(0)) | (_PERCENT > Number(100))),
    ),
    Rule(
        "KD704",
        "progress.report_date_not_a_date",
        Severity.ERROR,
        Text("Ngày báo cáo không phải ngày", "Report date is no date"),
        Text(
            "Ngày báo cáo «{report_date}» không phải là ngày hợp lệ.",
            "Report date '{report_date}' is not a date.",
        ),
        Text("Gõ lại theo dạng ngày/tháng/năm.", "Type it again as day/month/year."),
        "progress",
        "report_date",
        Filled(_DATE) & ~IsDate(_DATE),
    ),
)
