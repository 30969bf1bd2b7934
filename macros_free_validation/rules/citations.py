"""Rules on the passages of the cover: the regulations and the school years that they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from macros_free_validation.law import IN_FORCE, IN_FORCE_2026, TRANSITION_2026
from macros_free_validation.rule import Context, Example, Hit, Rule, Severity
from macros_free_validation.values import tidy
from workbook_templates.regulation import Regulation, builtin_catalogue
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text, fold

PASSAGES = ("legal_bases", "purpose", "requirements", "review_reporting")
"""Cover fields in which people write about years and legal texts."""

_PAPERS = re.compile(r"quyết định|chứng nhận|được công nhận|bằng công nhận|biên bản")
_REPORTS = re.compile(r"báo cáo|tự đánh giá|đánh giá ngoài")
"""Words for papers that a regulation gave rise to. A report counts only where it comes before
the regulation: «Báo cáo … theo Thông tư …» cites a report, «Thông tư … và báo cáo …» both."""

_DAY = r"(\d{1,2})\s*(?:/|-|tháng)\s*(\d{1,2})\s*(?:/|-|năm)\s*(\d{4})"
_DAY_OF_CITATION = re.compile(rf"[^\s;,]*,?\s*(?:ban hành\s*)?ngày\s+{_DAY}")
"""The rest of a regulation's number and the day on which it was signed."""
_DAYS = re.compile(rf"(?<!\d){_DAY}")
_SCHOOL_YEARS = re.compile(r"(?<!\d)(\d{4})\s*[-\u2013\u2014]\s*(\d{4})(?!\d)")
_PLAIN_YEARS = re.compile(r"(?:năm|tháng\s*\d{1,2}\s*/)\s*(\d{4})(?!\d|\s*[-\u2013\u2014]\s*\d{4})")


def _periods(text: str) -> Iterator[tuple[date, date]]:
    """Yield the school years, days and years that a text names, as first and last day."""
    for found in _SCHOOL_YEARS.finditer(text):
        first, last = int(found[1]), int(found[2])
        if first < last:
            yield date(first, 8, 1), date(last, 7, 31)
    for found in _DAYS.finditer(text):
        try:
            day = date(int(found[3]), int(found[2]), int(found[1]))
        except ValueError:
            continue
        yield day, day
    for found in _PLAIN_YEARS.finditer(_DAYS.sub(" ", text)):
        if 0 < int(found[1]):
            yield date(int(found[1]), 1, 1), date(int(found[1]), 12, 31)


def _is_of_its_time(clause: str, number: str, regulation: Regulation) -> bool:
    """Return whether a clause cites a paper that was made while a regulation was in force.

    Such a report, assessment, certificate or decision keeps its value (khoản 2 Điều 27 of
    circular 57/2026), and names the regulation only to say under which it was made.
    """
    before, _, after = clause.partition(number)
    if not _PAPERS.search(clause) and not _REPORTS.search(before):
        return False
    signed = _DAY_OF_CITATION.match(after)
    if signed:
        after = after[signed.end() :]
    repealed = regulation.repealed_on or date.max
    periods = list(_periods(f"{before} {after}"))
    return not periods or any(
        first < repealed and regulation.in_force_from <= last for first, last in periods
    )


_CLAUSES = re.compile(r"[\n;]")


def _foreign_regulations(context: Context) -> Iterator[Hit]:
    """Yield citations of circulars of the other regime as a ground of the plan itself."""
    plan = context.plan
    own = plan.layout.regulation
    opening = plan.day("period_start") or own.in_force_from
    own_numbers = {amendment.number for amendment in own.amendments}
    clauses = {
        field: [fold(clause) for clause in _CLAUSES.split(plan.text(field))] for field in PASSAGES
    }
    seen: set[tuple[str, str]] = set()
    for other in builtin_catalogue().regulations:
        if other.number == own.number or other.in_force(opening):
            continue
        for number in (other.number, *(a.number for a in other.amendments)):
            cited = fold(number)
            for field in PASSAGES if number not in own_numbers else ():
                is_ground = any(
                    cited in clause and not _is_of_its_time(clause, cited, other)
                    for clause in clauses[field]
                )
                if is_ground and (field, number) not in seen:
                    seen.add((field, number))
                    yield Hit("cover", field, words={"number": number, "own": own.number})


_YEARS = re.compile(r"năm học\s+(\d{4})\s*[-\u2013\u2014]\s*(\d{4})", re.IGNORECASE)


def _malformed_years(context: Context) -> Iterator[Hit]:
    for field in PASSAGES:
        for found in _YEARS.finditer(tidy(context.plan.text(field))):
            if int(found[2]) - int(found[1]) != 1:
                yield Hit("cover", field, words={"years": f"{found[1]}-{found[2]}"})


def _own_year_as_achieved(context: Context) -> Iterator[Hit]:
    try:
        year = SchoolYear.parse(context.plan.text("school_year"))
    except ValueError:
        return
    for field in PASSAGES:
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
    Rule(
        "KD108",
        "cover.cites_other_regulation",
        Severity.NOTE,
        Text(
            "Viện dẫn quy định không còn hoặc chưa có hiệu lực", "Cites a regulation not in force"
        ),
        Text(
            "Văn bản viện dẫn «{number}» không áp dụng cho thời gian của kế hoạch (quy định áp "
            "dụng: {own}).",
            "The cited '{number}' does not govern the plan's period ({own} does).",
        ),
        Text(
            "Nếu là căn cứ lập kế hoạch, thay bằng văn bản đang có hiệu lực. Báo cáo, chứng nhận, "
            "quyết định ban hành khi văn bản đó còn hiệu lực thì ghi rõ tên, năm và giữ nguyên.",
            "As a ground of the plan, cite the regulation in force instead. A report, certificate "
            "or decision made while it was in force may stay: give its name and year.",
        ),
        "cover",
        "legal_bases",
        judge=_foreign_regulations,
        distinguished_by=("number",),
        not_live=_NOT_LIVE_TEXT,
        law=(IN_FORCE, IN_FORCE_2026, TRANSITION_2026),
        why=Text(
            "Kế hoạch viện dẫn văn bản không áp dụng cho thời gian của mình thì tiêu "
            "chuẩn, tiêu chí nêu trong đó cũng không còn căn cứ.",
            "A plan that cites a regulation not governing its period has no ground for "
            "the standards and criteria it names.",
        ),
        wrong=Example({"legal_bases": "Thông tư 18/2018/TT-BGDĐT"}, form="2026"),
        right=Example(
            {"legal_bases": "Báo cáo tự đánh giá năm học 2025-2026 theo Thông tư 18/2018/TT-BGDĐT"},
            form="2026",
        ),
    ),
    Rule(
        "KD109",
        "cover.years_in_text_malformed",
        Severity.WARNING,
        Text("Năm học trong văn bản không đúng", "Malformed school year in a text"),
        Text(
            "Đoạn văn ghi «năm học {years}»: hai năm không liền nhau.",
            "The text says 'school year {years}': the years do not follow each other.",
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
            "'school year 2016 - 2027', and nobody can tell which year is meant.",
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
)
