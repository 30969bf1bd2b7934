"""Rules on the cover: the issuer, the dates, the school year and the regulation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from macros_free_validation.expression import (
    Filled,
    IsDate,
    IsSchoolYear,
    KindGroup,
    KindOfRegulation,
    Limit,
    RegulationDay,
    Single,
    blank,
)
from macros_free_validation.law import (
    CRITERIA_2018,
    CRITERIA_2026,
    DOCUMENT_PARTS,
    IN_FORCE,
    IN_FORCE_2026,
    OWNERSHIP,
    RECEIVERS_2026,
    of_form_2026,
)
from macros_free_validation.rule import (
    Case,
    Context,
    Example,
    ExampleValue,
    Hit,
    Rule,
    Severity,
    Stage,
)
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text

LONGEST_LEAD_TIME = Limit(
    "longest_lead_time",
    92,
    0,
    366,
    Text(
        "Số ngày nhiều nhất từ ngày ban hành đến ngày bắt đầu kế hoạch",
        "Days from the issue date to the plan's first day, at most",
    ),
)

_ISSUED, _ISSUED_ON = Single("issue_date"), Single("issue_date_meant")
_KIND, _TAUGHT = Single("school_kind"), Single("taught")
_IS_OPEN = KindOfRegulation(_KIND, KindGroup.OPEN)
_START, _END = Single("period_start_meant"), Single("period_end_meant")


def _required(rule_id: str, field: str, vi: str, en: str, good: ExampleValue, why: Text) -> Rule:
    return Rule(
        rule_id,
        f"cover.{field}_missing",
        Severity.ERROR,
        Text(f"Thiếu {vi}", f"No {en}"),
        Text(f"Chưa ghi {vi}.", f"The {en} is missing."),
        Text(f"Ghi {vi} vào ô này.", f"Type the {en} in this cell."),
        "cover",
        field,
        blank(Single(field)),
        law=(DOCUMENT_PARTS,) if field != "school_code" else (),
        why=why,
        wrong=Example({field: None}),
        right=Example({field: good}),
    )


def _several_years(context: Context) -> Iterator[Hit]:
    """Yield the school year where it is a period of several."""
    try:
        year = SchoolYear.parse(context.plan.text("school_year"))
    except ValueError:
        return
    if year.last - year.first > 1:
        yield Hit("cover", "school_year")


RULES = (
    _required(
        "KD101",
        "plan_number",
        "số kế hoạch",
        "plan number",
        "12/KH-THCS",
        Text(
            "Kế hoạch không có số thì không viện dẫn, lưu trữ và tra cứu được như một văn bản.",
            "A plan without a number cannot be cited, filed or looked up as a document.",
        ),
    ),
    _required(
        "KD102",
        "issue_date",
        "ngày ban hành",
        "issue date",
        date(2020, 9, 12),
        Text(
            "Ngày ban hành là mốc để kế hoạch có giá trị và để xét các thời hạn.",
            "The issue date is when a plan takes effect and what its deadlines are held against.",
        ),
    ),
    _required(
        "KD103",
        "signer",
        "chức vụ người ký",
        "signer's position",
        "Hiệu trưởng",
        Text(
            "Kế hoạch không có người ký thì chưa được ban hành, và không rõ ai chịu trách "
            "nhiệm chung.",
            "A plan that nobody signs is not issued, and nobody answers for it as a whole.",
        ),
    ),
    Rule(
        "KD104",
        "cover.school_year_malformed",
        Severity.ERROR,
        Text("Năm học không đúng", "Malformed school year"),
        Text(
            "Năm học «{school_year}» không đúng: cần hai năm liền nhau hoặc một giai đoạn không "
            "quá 5 năm.",
            "School year '{school_year}' is not two years that follow each other, nor a period "
            "of at most 5 years.",
        ),
        Text(
            "Ghi theo dạng 2026-2027 (giai đoạn: 2023-2026).",
            "Type it like 2026-2027 (a period: 2023-2026).",
        ),
        "cover",
        "school_year",
        ~IsSchoolYear(Single("school_year")),
        why=Text(
            "Thời gian thực hiện và các thời hạn được đối chiếu theo năm học; hai năm cách "
            "nhau quá xa thì không rõ kế hoạch lập cho năm nào.",
            "Periods and deadlines are read against the school year; two years far apart "
            "leave open what year the plan is for.",
        ),
        wrong=Example({"school_year": "2016 - 2027"}),
        right=Example({"school_year": "2020-2021"}),
    ),
    Rule(
        "KD105",
        "cover.issue_date_not_a_date",
        Severity.ERROR,
        Text("Ngày ban hành chưa hiểu được là ngày nào", "Issue date is not understood"),
        Text(
            "Ngày ban hành «{issue_date}» chưa hiểu được là ngày nào.",
            "Issue date '{issue_date}' is not understood as a day.",
        ),
        Text("Gõ lại theo dạng ngày/tháng/năm.", "Type it again as day/month/year."),
        "cover",
        "issue_date",
        Filled(_ISSUED) & ~IsDate(_ISSUED_ON),
        stage=Stage.DRAFT,
        why=Text(
            "Ngày ban hành là mốc để xét các thời hạn trong kế hoạch; không rõ ngày nào thì "
            "không so sánh được.",
            "The issue date is what deadlines are held against, so it has to be certain.",
        ),
        wrong=Example({"issue_date": "ngày khai giảng"}),
        right=Example({"issue_date": date(2020, 9, 12)}),
    ),
    Rule(
        "KD106",
        "cover.issued_after_period",
        Severity.ERROR,
        Text("Ban hành sau khi kế hoạch kết thúc", "Issued after its own period"),
        Text(
            "Kế hoạch ghi ngày ban hành {issue_date}, sau ngày kết thúc {period_end}.",
            "The plan is dated {issue_date}, after its period ended on {period_end}.",
        ),
        Text(
            "Kiểm tra lại ngày ban hành và thời gian thực hiện.",
            "Check the issue date and the period.",
        ),
        "cover",
        "issue_date",
        IsDate(_ISSUED_ON) & IsDate(_END) & (_ISSUED_ON > _END),
        stage=Stage.DRAFT,
        why=Text(
            "Kế hoạch ban hành khi thời gian thực hiện đã hết thì không còn việc nào có "
            "thể thực hiện; thường do gõ nhầm năm.",
            "Nothing can be done under a plan issued after its own period; usually the "
            "year was mistyped.",
        ),
        wrong=Example({"issue_date": date(2021, 12, 19)}, cover={"period_end": date(2021, 7, 31)}),
        right=Example({"issue_date": date(2020, 9, 12)}, cover={"period_end": date(2021, 7, 31)}),
    ),
    Rule(
        "KD107",
        "cover.issued_before_period",
        Severity.WARNING,
        Text("Ban hành quá sớm", "Issued long before its period"),
        Text(
            "Kế hoạch ghi ngày ban hành {issue_date}, sớm hơn ngày bắt đầu {period_start} trên "
            "{most} ngày.",
            "The plan is dated {issue_date}, more than {most} days before it starts on "
            "{period_start}.",
        ),
        Text(
            "Kiểm tra lại ngày ban hành và thời gian thực hiện.",
            "Check the issue date and the period.",
        ),
        "cover",
        cases=(
            Case(
                "issue_date",
                IsDate(_ISSUED_ON) & IsDate(_START) & (_ISSUED_ON + LONGEST_LEAD_TIME < _START),
                {"most": LONGEST_LEAD_TIME},
            ),
        ),
        stage=Stage.DRAFT,
        why=Text(
            "Kế hoạch ban hành trước năm học quá lâu thì chưa thể có kết quả tự đánh giá "
            "của năm trước; thường do gõ nhầm ngày hoặc dùng lại văn bản cũ.",
            "A plan issued that long before its year cannot rest on last year's "
            "self-assessment; usually a date was mistyped or an old text used again.",
        ),
        wrong=Example({"issue_date": date(2020, 4, 1)}, cover={"period_start": date(2020, 8, 1)}),
        right=Example({"issue_date": date(2020, 7, 15)}, cover={"period_start": date(2020, 8, 1)}),
    ),
    _required(
        "KD111",
        "school_name",
        "tên trường",
        "school name",
        "Trường THCS Bình Minh",
        Text(
            "Không có tên trường thì không biết kế hoạch của trường nào khi tổng hợp.",
            "Without its name nobody knows in the merge whose plan it is.",
        ),
    ),
    _required(
        "KD112",
        "school_code",
        "mã trường",
        "school code",
        "00790125",
        Text(
            "Bản nộp được ghép với danh sách trường theo mã trường; thiếu mã thì trường "
            "bị coi là chưa nộp.",
            "Submissions are matched to the list by the code; without it the school "
            "counts as not having handed in.",
        ),
    ),
    Rule(
        "KD113",
        "cover.period_not_valid",
        Severity.ERROR,
        Text("Thời gian thực hiện không đúng", "Period not valid"),
        Text(
            "Thời gian thực hiện từ «{period_start}» đến «{period_end}» thiếu ngày hoặc bị ngược.",
            "The period from '{period_start}' to '{period_end}' lacks a date or runs backwards.",
        ),
        Text(
            "Ghi ngày đầu và ngày cuối của kế hoạch; ngày đầu phải sớm hơn.",
            "Type the first and last day of the plan, in that order.",
        ),
        "cover",
        "period_end",
        ~(IsDate(_START) & IsDate(_END) & (_START < _END)),
        why=Text(
            "Mọi thời hạn phải nằm trong thời gian thực hiện; thời gian bị ngược hoặc "
            "thiếu ngày thì không thời hạn nào xét được.",
            "Every deadline must lie within the period; if that runs backwards or lacks a "
            "day, no deadline can be judged.",
        ),
        wrong=Example({"period_end": date(2020, 1, 1)}, cover={"period_start": date(2020, 8, 1)}),
        right=Example({"period_end": date(2021, 7, 31)}, cover={"period_start": date(2020, 8, 1)}),
    ),
    Rule(
        "KD114",
        "cover.regulation_not_in_force",
        Severity.WARNING,
        Text("Quy định không có hiệu lực vào ngày ban hành", "Regulation not in force"),
        Text(
            "Quy định của mẫu không có hiệu lực vào ngày ban hành {issue_date}.",
            "The template's regulation is not in force on the issue date {issue_date}.",
        ),
        Text(
            "Kiểm tra lại ngày ban hành, hoặc dùng mẫu theo quy định đang có hiệu lực.",
            "Check the issue date, or use the template of the regulation in force.",
        ),
        "cover",
        "issue_date",
        IsDate(_ISSUED_ON)
        & ((_ISSUED_ON < RegulationDay("from")) | ~(_ISSUED_ON < RegulationDay("until"))),
        law=(IN_FORCE, IN_FORCE_2026),
        why=Text(
            "Kế hoạch phải lập theo quy định có hiệu lực khi ban hành; lập theo quy định "
            "chưa có hoặc đã hết hiệu lực thì tiêu chuẩn, tiêu chí không còn đúng.",
            "A plan follows the regulation in force when it is issued; under another one "
            "its standards and criteria are not the valid ones.",
        ),
        wrong=Example({"issue_date": date(2026, 6, 20)}, form="2026"),
        right=Example({"issue_date": date(2026, 9, 12)}, form="2026"),
    ),
    Rule(
        "KD115",
        "cover.regulation_not_for_kind",
        Severity.ERROR,
        Text("Quy định không dành cho cấp học này", "Regulation not for this school kind"),
        Text(
            "Cấp học «{school_kind}» không thuộc phạm vi của quy định trong mẫu.",
            "School kind '{school_kind}' is outside the template's regulation.",
        ),
        Text("Xin cấp lại mẫu đúng cấp học.", "Ask for the template of the right kind."),
        "cover",
        "school_kind",
        ~KindOfRegulation(Single("school_kind")),
        law=(CRITERIA_2018, CRITERIA_2026),
        why=Text(
            "Mỗi quy định chỉ dành cho một số cấp học; tiêu chí của cấp học khác "
            "không đánh giá được nhà trường.",
            "Each regulation is for some school kinds only; a school cannot be judged by "
            "another kind's criteria.",
        ),
        wrong=Example({"school_kind": "Mầm non"}),
        right=Example({"school_kind": "Trung học cơ sở (THCS)"}),
    ),
    Rule(
        "KD117",
        "cover.ownership_missing",
        Severity.WARNING,
        Text("Chưa ghi loại hình", "No ownership"),
        Text(
            "Chưa ghi loại hình của nhà trường (công lập, dân lập hoặc tư thục).",
            "The ownership of the school (public, community-founded or private) is missing.",
        ),
        Text("Chọn loại hình trong danh sách.", "Choose the ownership from the list."),
        "cover",
        cases=(Case("ownership", blank(Single("ownership")), forms=("2026",)),),
        forms=("2026",),
        law=(of_form_2026("phần I"), OWNERSHIP),
        why=Text(
            "Phần I của Biểu 2 có mục «Loại hình»; để trống thì bản in thiếu một thông tin chung.",
            "Part I of Form 2 asks for it; left blank, the printed plan lacks it.",
        ),
        wrong=Example({"ownership": None}),
        right=Example({"ownership": "Công lập"}),
    ),
    Rule(
        "KD118",
        "cover.several_school_years",
        Severity.NOTE,
        Text("Biểu 2 lập cho nhiều năm học", "Form 2 for several school years"),
        Text(
            "Kế hoạch lập cho nhiều năm học; Biểu 2 là kế hoạch của một năm học, rà soát tối "
            "thiểu hai lần trong năm học.",
            "The plan is for several school years; Form 2 is the plan of one, reviewed at least "
            "twice in it.",
        ),
        Text(
            "Lập kế hoạch cho từng năm học; nếu cơ quan quản lý đã đồng ý thì giữ nguyên.",
            "Make a plan for each school year; leave it if the authority agreed.",
        ),
        "cover",
        "school_year",
        judge=_several_years,
        not_live=Text(
            "Để sổ tính gọn, số năm học chỉ được xét khi kiểm tra tệp.",
            "To keep the workbook small, the years are counted only when a file is checked.",
        ),
        forms=("2026",),
        law=(of_form_2026("tiêu đề và phần VIII"),),
        why=Text(
            "Hai lần rà soát ở phần VI chỉ đủ cho một năm học; kế hoạch dài hơn thì các năm sau "
            "không có chỗ ghi kết quả.",
            "The two reviews of part VI serve one school year; later years would have none.",
        ),
        wrong=Example({"school_year": "2026-2029"}),
        right=Example({"school_year": "2026-2027"}),
    ),
    Rule(
        "KD119",
        "cover.levels_taught_unclear",
        Severity.ERROR,
        Text("Chưa rõ các cấp học đang dạy", "Levels taught not clear"),
        Text(
            "Các cấp học đang dạy «{taught}» chưa ghi hoặc không khớp với loại «{school_kind}».",
            "The levels taught, '{taught}', are missing or do not fit kind '{school_kind}'.",
        ),
        Text(
            "Chọn các cấp học đang dạy trong danh sách của ô; nếu mẫu ghi sai loại, xin cấp lại "
            "mẫu.",
            "Choose the levels from the cell's list; if the template is of the wrong kind, ask "
            "for another one.",
        ),
        "cover",
        "taught",
        (_IS_OPEN & ~KindOfRegulation(_TAUGHT, KindGroup.SEVERAL_LEVELS))
        | (KindOfRegulation(_KIND) & ~_IS_OPEN & Filled(_TAUGHT) & ~(_KIND == _TAUGHT)),
        practice=RECEIVERS_2026,
        why=Text(
            "Cấp học cao nhất quyết định cơ quan nhận kế hoạch: đến THCS là cấp xã, có THPT là Sở "
            "Giáo dục và Đào tạo.",
            "The highest level decides who receives the plan: the commune up to lower secondary, "
            "the province with upper secondary.",
        ),
        wrong=Example({"taught": "Trung học phổ thông (THPT)"}),
        right=Example({"taught": "Trung học cơ sở (THCS)"}),
    ),
)
