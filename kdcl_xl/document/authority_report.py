"""The report of an authority (Báo cáo tổng hợp): the overview's figures in words and tables."""

from __future__ import annotations

from collections.abc import Iterator

from kdcl_xl.district.decisions.decision import DecisionState
from kdcl_xl.district.model.history import round_of
from kdcl_xl.district.model.model import District
from kdcl_xl.district.model.school_state import State
from kdcl_xl.district.sheets.blocks import Unit
from kdcl_xl.district.sheets.declare import Contents
from kdcl_xl.district.sheets.pages import PAGES, share_of
from kdcl_xl.document.report_blocks import shown, tables_of
from kdcl_xl.document.report_letter import ending, heading
from kdcl_xl.docx.write import write_docx
from kdcl_xl.docx.write_blocks import Block, Document, Paragraph, Section
from kdcl_xl.docx.write_styles import BODY, HEADING_1, official_styles
from workbook_templates.text import Language, Text

_KIND = Text("BÁO CÁO", "REPORT")
_SUBJECT = Text(
    "Tổng hợp kế hoạch cải tiến chất lượng giáo dục{years}",
    "Improvement plans of the schools, consolidated{years}",
)
_YEARS = Text(" năm học {years}", ", school year {years}")
_SECTIONS = (
    Text("I. Tình hình nộp kế hoạch", "I. Plans returned"),
    Text("II. Kết quả tự đánh giá và tiêu chí còn yếu", "II. Levels and weakest criteria"),
    Text("III. Vấn đề, kết luận rà soát và tiến độ", "III. Findings, decisions and progress"),
    Text("IV. Kinh phí và công nhận", "IV. Money and recognitions"),
    Text("V. Thời gian thực hiện", "V. Timing"),
)
_NEXT = Text("VI. Việc cần làm tiếp", "VI. What comes next")
_MOST_NAMED = 15
"""Schools that a sentence names."""


def authority_report(contents: Contents) -> bytes:
    """Return the report of a district as the bytes of a .docx file."""
    district, language = contents.district, contents.language
    years = sorted({s.school_year for _, s in district.summaries if s.school_year})
    of_years = _YEARS.format(years=", ".join(years)) if years else Text("", "")
    subject = _SUBJECT.format(years=of_years)
    blocks: list[Block] = [*heading(district.authority, _KIND, subject, language)]
    number = 0
    for title, page, words in zip(_SECTIONS, PAGES, _words(district, language), strict=True):
        blocks.append(Paragraph.of(title.in_(language), HEADING_1))
        blocks.append(Paragraph.of(words.in_(language), BODY))
        for figures in page.blocks(contents):
            number += 1
            blocks += tables_of(figures, number, language)
    blocks.append(Paragraph.of(_NEXT.in_(language), HEADING_1))
    blocks += [Paragraph.of(words.in_(language), BODY) for words in _next_steps(district)]
    blocks += ending(language)
    document = Document(
        (Section(tuple(blocks)),),
        official_styles(language),
        subject.in_(language),
        district.authority,
        language,
    )
    return write_docx(document)


def _words(district: District, language: Language) -> Iterator[Text]:
    """Yield the opening sentence of each section."""
    numbers = {
        name: shown(value, Unit.COUNT, language)
        for name, value in round_of(district).numbers.items()
    }
    share = shown(share_of(district.schools)[2], Unit.PERCENT, language)
    day = f"{district.made_on:%d/%m/%Y}"
    yield Text(
        f"Tính đến ngày {day}, {numbers['returned']} trên {numbers['schools']} trường đã nộp kế "
        f"hoạch, đạt {share}%, với {numbers['tasks']} công việc.",
        f"By {day}, {numbers['returned']} of {numbers['schools']} schools ({share}%) had returned "
        f"a plan; the plans have {numbers['tasks']} tasks.",
    )
    yield Text(
        "Mức đạt theo kết quả tự đánh giá; tiêu chí yếu xếp theo số trường chưa đạt.",
        "Levels are those of the self-assessments; criteria are ranked by schools at none.",
    )
    decided = shown(float(district.count_in_state(DecisionState.DECIDED)), Unit.COUNT, language)
    yield Text(
        f"Có {numbers['errors']} lỗi, {numbers['warnings']} cảnh báo và {numbers['notes']} lưu ý; "
        f"đã kết luận {decided} vấn đề, còn {numbers['undecided']} vấn đề chưa kết luận. "
        f"{numbers['overdue']} công việc quá hạn.",
        f"There are {numbers['errors']} errors, {numbers['warnings']} warnings and "
        f"{numbers['notes']} notes; {decided} findings are decided on, {numbers['undecided']} are "
        f"not. {numbers['overdue']} tasks are overdue.",
    )
    yield Text(
        f"Tổng kinh phí dự kiến cộng được là {numbers['budget']} đồng.",
        f"The budgets that can be added up come to {numbers['budget']} VND.",
    )
    yield Text(
        "Kinh phí được tính vào tháng hoàn thành của công việc.",
        "Money is counted in the month of a task's deadline.",
    )


def _next_steps(district: District) -> Iterator[Text]:
    """Yield what is asked of the schools, by their state."""
    steps = (
        (State.MISSING, Text("nộp kế hoạch", "return a plan")),
        (State.UNREADABLE, Text("gửi lại tệp đọc được", "send a file that can be read")),
        (State.BLANK, Text("điền và gửi lại mẫu", "fill in and return the template")),
        (State.PARTIAL, Text("điền nốt kế hoạch", "complete the plan")),
        (State.WRONG_FORM, Text("dùng đúng mẫu", "use the right template")),
        (State.WRONG_YEAR, Text("nộp kế hoạch đúng năm học", "return the plan of the right year")),
    )
    nth = 0
    for state, what in steps:
        lines = district.in_state(state)
        if lines:
            nth += 1
            names = [line.school.name or line.school.code for line in lines]
            more = len(names) - _MOST_NAMED
            rest = (
                Text(f" và {more} trường khác", f" and {more} others") if more > 0 else Text("", "")
            )
            yield Text(
                f"{nth}. Đề nghị {len(lines)} trường {what.vi}: "
                f"{'; '.join(names[:_MOST_NAMED])}{rest.vi}.",
                f"{nth}. {len(lines)} schools are asked to {what.en}: "
                f"{'; '.join(names[:_MOST_NAMED])}{rest.en}.",
            )
    yield Text(
        f"{nth + 1}. Đề nghị các trường có lỗi hoặc được yêu cầu sửa hoàn thiện kế hoạch và gửi "
        "lại theo phiếu gửi từng trường.",
        f"{nth + 1}. Schools with errors, or asked to mend their plans, do so by the page that "
        "each of them receives.",
    )
