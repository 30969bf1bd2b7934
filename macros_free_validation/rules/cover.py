"""Rules on the cover: the issuer, the dates, the school year and the legal grounds."""

from __future__ import annotations

import re
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
from macros_free_validation.values import tidy
from workbook_templates.regulation import builtin_catalogue
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text, fold

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

_ISSUED = Single("issue_date")
_KIND, _TAUGHT = Single("school_kind"), Single("taught")
_IS_OPEN = KindOfRegulation(_KIND, KindGroup.OPEN)
_START, _END = Single("period_start"), Single("period_end")

LEGAL_BASES_TEXTS = ("legal_bases", "purpose", "requirements", "review_reporting")
"""Cover fields in which people write about years and legal texts."""


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
        source="Mẫu kế hoạch: phần đầu và phần ký" if field != "school_code" else "",
        why=why,
        wrong=Example({field: None}),
        right=Example({field: good}),
    )


def _foreign_regulations(context: Context) -> Iterator[Hit]:
    """Yield citations of circulars of the other regime in the legal grounds of the plan."""
    plan = context.plan
    own = plan.layout.regulation
    opening = plan.day("period_start") or own.in_force_from
    texts = {field: fold(plan.text(field)) for field in LEGAL_BASES_TEXTS}
    for other in builtin_catalogue().regulations:
        numbers = [other.number, *(a.number for a in other.amendments)]
        if other.number == own.number or other.in_force(opening):
            continue
        for number in numbers:
            if number in {a.number for a in own.amendments}:
                continue
            for field, text in texts.items():
                if fold(number) in text:
                    yield Hit(
                        "cover",
                        field,
                        words={"number": number, "own": own.number},
                    )


def _foreign_regulations_once(context: Context) -> Iterator[Hit]:
    seen: set[tuple[str | None, str]] = set()
    for hit in _foreign_regulations(context):
        mark = (hit.field, hit.words["number"])
        if mark not in seen:
            seen.add(mark)
            yield hit


_YEARS = re.compile(r"năm học\s+(\d{4})\s*[-\u2013\u2014]\s*(\d{4})", re.IGNORECASE)


def _malformed_years(context: Context) -> Iterator[Hit]:
    for field in LEGAL_BASES_TEXTS:
        for found in _YEARS.finditer(tidy(context.plan.text(field))):
            if int(found[2]) - int(found[1]) != 1:
                yield Hit("cover", field, words={"years": f"{found[1]}-{found[2]}"})


def _own_year_as_achieved(context: Context) -> Iterator[Hit]:
    try:
        year = SchoolYear.parse(context.plan.text("school_year"))
    except ValueError:
        return
    for field in LEGAL_BASES_TEXTS:
        for line in context.plan.text(field).splitlines():
            text = fold(line)
            if "kết quả" not in text or "đạt được" not in text:
                continue
            for found in _YEARS.finditer(text):
                if (int(found[1]), int(found[2])) == (year.first, year.last):
                    yield Hit("cover", field, words={"years": str(year)})


_NOT_LIVE_TEXT = Text(
    "Excel không tìm được mẫu chữ trong một đoạn văn.",
    "Excel cannot search a passage for a pattern.",
)

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
        Text("Ngày ban hành không phải ngày", "Issue date is no date"),
        Text(
            "Ngày ban hành «{issue_date}» không phải là ngày hợp lệ.",
            "Issue date '{issue_date}' is not a date.",
        ),
        Text("Gõ lại theo dạng ngày/tháng/năm.", "Type it again as day/month/year."),
        "cover",
        "issue_date",
        Filled(_ISSUED) & ~IsDate(_ISSUED),
        stage=Stage.DRAFT,
        why=Text(
            "Ngày ban hành là mốc để xét các thời hạn trong kế hoạch; ghi bằng chữ thì "
            "không so sánh được.",
            "The issue date is what deadlines are held against; in words it cannot be compared.",
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
        IsDate(_ISSUED) & IsDate(_END) & (_ISSUED > _END),
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
                IsDate(_ISSUED) & IsDate(_START) & (_ISSUED + LONGEST_LEAD_TIME < _START),
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
    Rule(
        "KD108",
        "cover.cites_other_regulation",
        Severity.WARNING,
        Text(
            "Viện dẫn quy định không còn hoặc chưa có hiệu lực", "Cites a regulation not in force"
        ),
        Text(
            "Văn bản viện dẫn «{number}» không áp dụng cho thời gian của kế hoạch (quy định áp "
            "dụng: {own}).",
            "The cited '{number}' does not govern the plan's period ({own} does).",
        ),
        Text(
            "Thay bằng văn bản đang có hiệu lực, hoặc bỏ viện dẫn này.",
            "Cite the regulation in force, or take this one out.",
        ),
        "cover",
        "legal_bases",
        judge=_foreign_regulations_once,
        distinguished_by=("number",),
        not_live=_NOT_LIVE_TEXT,
        source="Thông tư 57/2026/TT-BGDĐT thay thế các Thông tư 17, 18, 19/2018",
        why=Text(
            "Kế hoạch viện dẫn văn bản không áp dụng cho thời gian của mình thì tiêu "
            "chuẩn, tiêu chí nêu trong đó cũng không còn căn cứ.",
            "A plan that cites a regulation not governing its period has no ground for "
            "the standards and criteria it names.",
        ),
        wrong=Example({"legal_bases": "Thông tư 18/2018/TT-BGDĐT"}, form="2026"),
        right=Example({"legal_bases": "Thông tư 57/2026/TT-BGDĐT"}, form="2026"),
    ),
    Rule(
        "KD109",
        "cover.years_in_text_malformed",
        Severity.WARNING,
        Text("Năm học trong văn bản không đúng", "Malformed school year in a text"),
        Text(
            "Đoạn văn ghi «năm học {years}»: hai năm không liền nhau.",
            "The text says 'năm học {years}': the years do not follow each other.",
        ),
        Text("Kiểm tra và sửa lại năm học.", "Check and mend the school year."),
        "cover",
        "legal_bases",
        judge=_malformed_years,
        distinguished_by=("years",),
        not_live=_NOT_LIVE_TEXT,
        why=Text(
            "Hai năm không liền nhau không phải là một năm học; có kế hoạch thực tế ghi «năm "
            "học 2016 - 2027» nên không biết căn cứ thuộc năm nào.",
            "Two years that do not follow each other are no school year; a real plan says "
            "'năm học 2016 - 2027', and nobody can tell which year is meant.",
        ),
        wrong=Example({"legal_bases": "Kế hoạch phát triển từ năm học 2016 - 2027"}),
        right=Example({"legal_bases": "Kế hoạch phát triển từ năm học 2016 - 2017"}),
    ),
    Rule(
        "KD110",
        "cover.own_year_as_achieved",
        Severity.WARNING,
        Text("Kết quả của chính năm đang lập kế hoạch", "Results of the year being planned"),
        Text(
            "Căn cứ nêu kết quả đã đạt được trong năm học {years}, nhưng đó là năm đang lập kế "
            "hoạch.",
            "The grounds cite results achieved in {years}, the very year being planned.",
        ),
        Text("Ghi kết quả của năm học trước.", "Cite the results of the year before."),
        "cover",
        "legal_bases",
        judge=_own_year_as_achieved,
        distinguished_by=("years",),
        not_live=_NOT_LIVE_TEXT,
        why=Text(
            "Khi lập kế hoạch đầu năm học thì năm học đó chưa có kết quả; căn cứ như vậy "
            "thường được chép từ văn bản khác.",
            "When a year is being planned it has no results yet; such a ground was "
            "usually copied from another text.",
        ),
        wrong=Example({"legal_bases": "Kết quả đã đạt được trong năm học 2020-2021"}),
        right=Example({"legal_bases": "Kết quả đã đạt được trong năm học 2019-2020"}),
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
        IsDate(_ISSUED) & ((_ISSUED < RegulationDay("from")) | ~(_ISSUED < RegulationDay("until"))),
        source="Thông tư 57/2026/TT-BGDĐT, có hiệu lực từ 07/7/2026",
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
        Text("Quy định không dành cho loại hình này", "Regulation not for this school kind"),
        Text(
            "Loại hình «{school_kind}» không thuộc phạm vi của quy định trong mẫu.",
            "School kind '{school_kind}' is outside the template's regulation.",
        ),
        Text("Xin cấp lại mẫu đúng loại hình.", "Ask for the template of the right kind."),
        "cover",
        "school_kind",
        ~KindOfRegulation(Single("school_kind")),
        why=Text(
            "Mỗi quy định chỉ dành cho một số loại hình; tiêu chí của loại hình khác "
            "không đánh giá được nhà trường.",
            "Each regulation is for some school kinds only; a school cannot be judged by "
            "another kind's criteria.",
        ),
        wrong=Example({"school_kind": "Mầm non"}),
        right=Example({"school_kind": "Trung học cơ sở (THCS)"}),
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
        source="Thông tư 45/2026/TT-BGDĐT: cấp học cao nhất quyết định cơ quan quản lý",
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
