"""Rules on progress: the reports on the tasks of the plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from macros_free_validation.expression import (
    Field,
    Filled,
    InList,
    IsAny,
    IsDate,
    IsNumber,
    PlanField,
    RowUsed,
    blank,
)
from macros_free_validation.law import PLAN_OF_2018
from macros_free_validation.plan import Plan, Record
from macros_free_validation.rule import Context, Example, Hit, Rule, Severity, Stage
from macros_free_validation.rules.evidence import (
    CODES_OF_2026,
    MALFORMED_CASES,
    MALFORMED_MESSAGE,
    MALFORMED_REMEDY,
    MALFORMED_TITLE,
    MALFORMED_WHY,
)
from macros_free_validation.values import is_date, key, to_date
from workbook_templates.declare import Lists
from workbook_templates.text import Text
from workbook_templates.vocabulary import ProgressState

_STATE, _PERCENT = Field("progress_state"), Field("percent")
_DATE, _DAY = Field("report_date"), Field("report_date_meant")
_DONE = IsAny(_STATE, (ProgressState.DONE.label.vi,))


def overdue(plan: Plan, today: date) -> Iterator[Record]:
    """Yield the tasks past their deadline and not reported done, while the plan's period runs."""
    end = plan.day("period_end")
    if end is None or today > end:
        return
    sheet, reports = plan.layout.sheet("plan"), plan.layout.sheet("progress")
    done = key(ProgressState.DONE.label.vi)
    finished = {
        record.row - reports.first_row
        for record in plan.rows("progress")
        if key(plan.value("progress", record, "progress_state")) == done
    }
    for record in plan.rows("plan"):
        deadline = plan.meant("plan", record, "deadline")
        late = is_date(deadline) and to_date(deadline) < today
        if late and record.row - sheet.first_row not in finished:
            yield record


def _overdue(context: Context) -> Iterator[Hit]:
    words = {"today": context.today.strftime("%d/%m/%Y")}
    for record in overdue(context.plan, context.today):
        deadline = context.plan.value("plan", record, "deadline")
        yield Hit("plan", "deadline", record.row, deadline, words)


BESIDE_OTHER_TASK = Rule(
    "KD865",
    "progress.beside_other_task",
    Severity.WARNING,
    Text("Báo cáo tiến độ đứng cạnh công việc khác", "Report beside another task"),
    Text(
        "Báo cáo ở ô {cells} đứng cạnh công việc khác với lúc ghi: {moves}.",
        "The reports in cells {cells} are beside other tasks than when they were typed: {moves}.",
    ),
    Text(
        "Đối chiếu từng dòng: chuyển báo cáo về đúng công việc, hoặc đưa các công việc về dòng cũ.",
        "Compare row by row: move each report to its task, or put the tasks back into their rows.",
    ),
    "progress",
    "task",
    why=Text(
        "Báo cáo gắn với dòng của công việc. Khi các dòng của kế hoạch được sắp xếp lại hoặc đổi "
        "chỗ bằng chương trình không tính lại công thức, trang theo dõi còn ghi công việc cũ cạnh "
        "báo cáo; nếu không ai xem lại thì tiến độ được tính cho công việc khác.",
        "A report belongs to the row of its task. Where rows of the plan were sorted or exchanged "
        "by a program that does not recalculate, the progress sheet still shows the earlier task "
        "beside the report; unless somebody looks, the progress counts for another task.",
    ),
)
"""Found while reading, by the results that the file keeps of the progress sheet's formulas."""

RULES = (
    BESIDE_OTHER_TASK,
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
        why=Text(
            "Báo cáo không ứng với công việc nào thì không biết việc gì đã làm; thường do "
            "dòng báo cáo bị lệch so với kế hoạch.",
            "A report on no task does not say what was done; usually the reports have "
            "shifted against the plan.",
        ),
        wrong=Example(rows={"plan": ({},), "progress": ({}, {"progress_state": "Hoàn thành"})}),
        right=Example(rows={"plan": ({},), "progress": ({"progress_state": "Hoàn thành"},)}),
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
        why=Text(
            "Công việc báo cáo hoàn thành cần có minh chứng để người theo dõi và đoàn đánh "
            "giá kiểm tra.",
            "A task reported done needs evidence that supervisors and assessors can look at.",
        ),
        wrong=Example({"progress_state": "Hoàn thành", "evidence": None}),
        right=Example({"progress_state": "Hoàn thành", "evidence": "[H1-1.1-01]"}),
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
        Filled(_PERCENT) & (~IsNumber(_PERCENT) | (_PERCENT < 0) | (_PERCENT > 100)),
        stage=Stage.DRAFT,
        why=Text(
            "Tỉ lệ ngoài khoảng từ 0 đến 100 không có nghĩa và làm sai tỉ lệ chung của trường.",
            "A percentage beyond 0 to 100 means nothing and falsifies the school's average.",
        ),
        wrong=Example({"progress_state": "Đang thực hiện", "percent": 800}),
        right=Example({"progress_state": "Đang thực hiện", "percent": 80}),
    ),
    Rule(
        "KD704",
        "progress.report_date_not_a_date",
        Severity.ERROR,
        Text("Ngày báo cáo chưa hiểu được là ngày nào", "Report date is not understood"),
        Text(
            "Ngày báo cáo «{report_date}» chưa hiểu được là ngày nào.",
            "Report date '{report_date}' is not understood as a day.",
        ),
        Text("Gõ lại theo dạng ngày/tháng/năm.", "Type it again as day/month/year."),
        "progress",
        "report_date",
        Filled(_DATE) & ~IsDate(_DAY),
        stage=Stage.DRAFT,
        why=Text(
            "Ngày báo cáo không rõ là ngày nào thì không so sánh được với thời hạn của công việc.",
            "A report date of no certain day cannot be compared with the task's deadline.",
        ),
        wrong=Example({"report_date": "cuối tháng 5"}),
        right=Example({"report_date": date(2021, 5, 28)}),
    ),
    Rule(
        "KD705",
        "progress.done_before_start",
        Severity.WARNING,
        Text("Hoàn thành trước khi bắt đầu", "Done before it started"),
        Text(
            "Công việc báo cáo hoàn thành ngày {report_date}, trước ngày bắt đầu trong kế hoạch.",
            "The task is reported done on {report_date}, before its start in the plan.",
        ),
        Text(
            "Kiểm tra lại ngày báo cáo hoặc ngày bắt đầu.",
            "Check the report date or the start.",
        ),
        "progress",
        "report_date",
        _DONE & (_DAY < PlanField("start_meant")),
        why=Text(
            "Công việc không thể hoàn thành trước ngày bắt đầu; ngày báo cáo hoặc ngày "
            "bắt đầu trong kế hoạch đã gõ nhầm.",
            "A task cannot be done before its start; the report date or the start in the "
            "plan was mistyped.",
        ),
        wrong=Example(
            {"progress_state": "Hoàn thành", "report_date": date(2020, 9, 10)},
            rows={"plan": ({"start": date(2020, 9, 15)},)},
        ),
        right=Example(
            {"progress_state": "Hoàn thành", "report_date": date(2021, 5, 28)},
            rows={"plan": ({"start": date(2020, 9, 15)},)},
        ),
    ),
    Rule(
        "KD706",
        "progress.overdue",
        Severity.WARNING,
        Text("Công việc quá hạn", "Task overdue"),
        Text(
            "Đến ngày {today} công việc đã quá hạn {deadline} nhưng chưa báo cáo hoàn thành.",
            "On {today} the task is past its deadline {deadline} and not reported done.",
        ),
        Text(
            "Cập nhật tiến độ, hoặc kiến nghị điều chỉnh thời hạn.",
            "Report progress, or propose another deadline.",
        ),
        "plan",
        "deadline",
        judge=_overdue,
        incidental=("today",),
        not_live=Text(
            "Phụ thuộc ngày kiểm tra; hàm ngày hiện tại làm sổ tính luôn phải tính lại.",
            "Depends on the day of checking; a formula for today would recalculate for ever.",
        ),
        stage=Stage.DISTRICT,
        why=Text(
            "Việc quá hạn cần được hoàn thành hoặc điều chỉnh thời hạn kịp thời, khi kế "
            "hoạch còn đang thực hiện.",
            "A late task has to be finished or given another deadline while the plan still runs.",
        ),
        wrong=Example(
            {"deadline": date(2026, 10, 31)},
            form="2026",
            note=Text("Kiểm tra ngày 22/11/2026.", "Checked on 22/11/2026."),
        ),
        right=Example(
            {"deadline": date(2026, 10, 31)},
            form="2026",
            rows={"progress": ({"progress_state": "Hoàn thành"},)},
            note=Text("Kiểm tra ngày 22/11/2026.", "Checked on 22/11/2026."),
        ),
    ),
    Rule(
        "KD707",
        "progress.done_but_not_whole",
        Severity.WARNING,
        Text("Hoàn thành nhưng tỉ lệ dưới 100%", "Done, but less than 100 percent"),
        Text(
            "Công việc báo cáo hoàn thành nhưng tỉ lệ ghi {percent}%.",
            "The task is reported done at {percent} percent.",
        ),
        Text("Kiểm tra lại mức độ hoặc tỉ lệ.", "Check the state or the percentage."),
        "progress",
        "percent",
        _DONE & (_PERCENT < 100),
        stage=Stage.DRAFT,
        why=Text(
            "Công việc báo cáo hoàn thành mà tỉ lệ chưa đủ 100% thì không rõ đã xong hay chưa.",
            "A task reported done at less than 100 percent leaves open whether it is done.",
        ),
        wrong=Example({"progress_state": "Hoàn thành", "percent": 60}),
        right=Example({"progress_state": "Hoàn thành", "percent": 100}),
    ),
    Rule(
        "KD708",
        "progress.state_not_in_list",
        Severity.WARNING,
        Text("Mức độ thực hiện không có trong danh sách", "State not in the list"),
        Text(
            "Mức độ thực hiện «{progress_state}» không có trong danh sách.",
            "State '{progress_state}' is not in the list.",
        ),
        Text("Chọn lại trong danh sách.", "Choose it from the list."),
        "progress",
        "progress_state",
        Filled(_STATE) & ~InList(_STATE, Lists.PROGRESS_STATES),
        stage=Stage.DRAFT,
        why=Text(
            "Mức độ ghi tự do không đếm được số việc đã hoàn thành hay còn chậm.",
            "With states in free words nobody can count what is done and what is late.",
        ),
        wrong=Example({"progress_state": "Đã xong"}),
        right=Example({"progress_state": "Hoàn thành"}),
    ),
    Rule(
        "KD709",
        "progress.evidence_code_malformed",
        Severity.WARNING,
        MALFORMED_TITLE,
        MALFORMED_MESSAGE,
        MALFORMED_REMEDY,
        "progress",
        cases=MALFORMED_CASES,
        law=(CODES_OF_2026,),
        practice=PLAN_OF_2018,
        stage=Stage.DRAFT,
        preview="0.3.0",
        why=MALFORMED_WHY,
        wrong=Example({"evidence": "(MC 1.1.01)"}),
        right=Example({"evidence": "(MC.1.1.01), biên bản nghiệm thu"}),
    ),
)
