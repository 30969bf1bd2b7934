"""One A4 page for a school: its state and level, findings and decisions, what to do by when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kdcl_xl.district.decisions.decision import Choice, DecisionState
from kdcl_xl.district.model.model import District, Flag, SchoolLine, Task
from kdcl_xl.district.sheets.blocks import Unit
from kdcl_xl.district.sheets.flags import shortened, words_of
from kdcl_xl.district.sheets.recognitions import ending_recognitions
from kdcl_xl.district.sheets.schools import claimed_of, reached_of
from kdcl_xl.document.report_blocks import TEXT_WIDTH, shown
from kdcl_xl.docx.write import write_docx
from kdcl_xl.docx.write_blocks import (
    BOLD,
    Block,
    Cell,
    Document,
    Page,
    Paragraph,
    Row,
    Section,
    Table,
)
from kdcl_xl.docx.write_styles import LEFT, TABLE_HEADING, TABLE_TEXT, TITLE, official_styles
from macros_free_validation.rule import Severity
from macros_free_validation.rules import BY_ID
from macros_free_validation.values import is_date, to_date
from workbook_templates.recognition import register_by
from workbook_templates.text import Language, Text

MOST_FINDINGS, MOST_TASKS = 9, 6
"""Lines of the two tables, so that everything is on one page."""
_TITLE = Text("PHIẾU PHẢN HỒI KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG", "REPLY TO AN IMPROVEMENT PLAN")
_NOTHING = Text("Không có vấn đề nào.", "No findings.")
_PAGE = Page(top=15, bottom=15)


@dataclass(frozen=True, slots=True)
class Found:
    """The findings of one rule in a school that have the same decision."""

    flags: tuple[Flag, ...]

    @property
    def flag(self) -> Flag:
        """The first of them."""
        return self.flags[0]


def found_of(flags: Sequence[Flag]) -> list[Found]:
    """Return the findings by rule and decision, those to mend first."""
    groups: dict[object, list[Flag]] = {}
    for flag in flags:
        groups.setdefault((flag.finding.rule, flag.line.typed), []).append(flag)
    found = [Found(tuple(group)) for group in groups.values()]
    return sorted(found, key=lambda f: (not is_to_mend(f.flag), f.flag.finding.severity.rank))


def is_to_mend(flag: Flag) -> bool:
    """Return whether the school is asked to mend a finding: sent back, or an undecided error."""
    choice = flag.line.typed.choice
    if choice is Choice.SEND_BACK:
        return True
    is_open = flag.line.state is not DecisionState.DECIDED
    return is_open and flag.finding.severity is not Severity.NOTE


def school_page(
    district: District, line: SchoolLine, language: Language, due: date | None = None
) -> bytes:
    """Return the page of a school as the bytes of a .docx file; ``due`` is the day to answer by."""
    paths = set(line.paths)
    flags = [flag for flag in district.flags if flag.path in paths]
    tasks = [task for task in district.tasks if task.path in paths]
    blocks = (
        *_head(district, line, flags, tasks, language),
        *_findings(found_of(flags), language),
        *_to_do(district, line, flags, tasks, due, language),
    )
    title = f"{_TITLE.in_(language)}: {line.school.name}"
    styles = official_styles(language)
    document = Document((Section(blocks, _PAGE),), styles, title, district.authority, language)
    return write_docx(document)


def _head(
    district: District,
    line: SchoolLine,
    flags: Sequence[Flag],
    tasks: Sequence[Task],
    language: Language,
) -> Iterator[Block]:
    counts = {s: sum(1 for f in flags if f.finding.severity is s) for s in Severity}
    decided = sum(1 for f in flags if f.line.state is DecisionState.DECIDED)
    late = sum(1 for task in tasks if task.days_late)
    levels = ", ".join(reached_of(s).in_(language) for s in line.summaries)
    stated = ", ".join(claimed_of(s).in_(language) for s in line.summaries)
    budget = shown(line.budget, Unit.COUNT, language)
    yield Paragraph.of(district.authority, LEFT)
    yield Paragraph.of(_TITLE.in_(language), TITLE)
    yield Paragraph.of(f"{line.school.name} ({line.school.code})", TITLE)
    facts = (
        (Text("Tình trạng nộp", "State"), f"{line.state.label.in_(language)}. {line.remark}"),
        (Text("Mức đạt theo tự đánh giá", "Level reached"), levels),
        (Text("Mức nhà trường ghi", "Level stated"), stated),
        (
            Text("Công việc, kinh phí", "Tasks, budget"),
            Text(
                f"{line.tasks} công việc, {late} quá hạn; {budget} đồng",
                f"{line.tasks} tasks, {late} overdue; {budget} VND",
            ).in_(language),
        ),
        (
            Text("Vấn đề", "Findings"),
            Text(
                f"{counts[Severity.ERROR]} lỗi, {counts[Severity.WARNING]} cảnh báo, "
                f"{counts[Severity.NOTE]} lưu ý; đã kết luận {decided}",
                f"errors: {counts[Severity.ERROR]}, warnings: {counts[Severity.WARNING]}, "
                f"notes: {counts[Severity.NOTE]}; decided: {decided}",
            ).in_(language),
        ),
    )
    rows = [_row((label.in_(language), text)) for label, text in facts if text.strip(" .")]
    yield Table((50.0, TEXT_WIDTH - 50.0), tuple(rows))


def _row(texts: Sequence[str], style: str = TABLE_TEXT) -> Row:
    return Row(tuple(Cell((Paragraph.of(text, style),)) for text in texts), style == TABLE_HEADING)


def _part(title: Text, language: Language) -> Paragraph:
    return Paragraph.of(title.in_(language), LEFT, BOLD)


def _findings(found: Sequence[Found], language: Language) -> Iterator[Block]:
    yield Paragraph.of("", TABLE_TEXT)
    yield _part(Text("1. Vấn đề và kết luận", "1. Findings and decisions"), language)
    if not found:
        yield Paragraph.of(_NOTHING.in_(language), LEFT)
        return
    heads = (
        Text("Mức độ", "Severity"),
        Text("Vấn đề", "Finding"),
        Text("Số chỗ", "Places"),
        Text("Kết luận", "Decision"),
    )
    rows = [_row([head.in_(language) for head in heads], TABLE_HEADING)]
    rows += [
        _row(
            (
                f.flag.finding.severity.label.in_(language),
                shortened(_finding_words(f, language), 150),
                str(len(f.flags)),
                shortened(
                    words_of(f.flag.line.typed, language) or f.flag.line.state.label.in_(language),
                    90,
                ),
            )
        )
        for f in found[:MOST_FINDINGS]
    ]
    rest = sum(len(f.flags) for f in found[MOST_FINDINGS:])
    if rest:
        more = Text(f"và {rest} vấn đề khác, xem tệp gửi lại", f"and {rest} more, see the file")
        rows.append(_row(("", more.in_(language), str(rest), "")))
    yield Table((20.0, TEXT_WIDTH - 82.0, 17.0, 45.0), tuple(rows))


def _finding_words(found: Found, language: Language) -> str:
    if len(found.flags) > 1:
        return BY_ID[found.flag.finding.rule].title.in_(language)
    return found.flag.finding.message.in_(language)


def _to_do(
    district: District,
    line: SchoolLine,
    flags: Sequence[Flag],
    tasks: Sequence[Task],
    due: date | None,
    language: Language,
) -> Iterator[Block]:
    yield Paragraph.of("", TABLE_TEXT)
    yield _part(Text("2. Việc cần làm và thời hạn", "2. What to do, by when"), language)
    day = f"{due:%d/%m/%Y}" if due else "……/……/…………"
    asked = sum(1 for flag in flags if is_to_mend(flag))
    jobs: list[tuple[str, str]] = []
    if not line.state.is_returned:
        jobs.append((Text("Nộp kế hoạch đúng mẫu", "Return a plan").in_(language), day))
    if asked:
        words = Text(f"Sửa {asked} vấn đề và gửi lại kế hoạch", f"Mend {asked} findings, return it")
        jobs.append((words.in_(language), day))
    near = (entry for entry in ending_recognitions(district) if entry.path in line.paths)
    for end in (entry.valid_to for entry in near):
        words = Text(
            f"Đăng ký đánh giá lại (công nhận đến {end:%d/%m/%Y})",
            f"Register for assessment (recognised until {end:%d/%m/%Y})",
        )
        jobs.append((words.in_(language), f"{register_by(end):%d/%m/%Y}"))
    late = sorted((t for t in tasks if t.days_late), key=lambda t: -t.days_late)
    for task in late[:MOST_TASKS]:
        deadline = task.meant("deadline")
        when = f"{to_date(deadline):%d/%m/%Y}" if is_date(deadline) else ""
        past = Text(f"{when} (quá {task.days_late} ngày)", f"{when} ({task.days_late} days late)")
        jobs.append((shortened(str(task.value("task") or ""), 110), past.in_(language)))
    if len(late) > MOST_TASKS:
        rest = len(late) - MOST_TASKS
        jobs.append((Text(f"và {rest} việc quá hạn khác", f"and {rest} more").in_(language), ""))
    if not jobs:
        yield Paragraph.of(Text("Không có việc nào.", "Nothing.").in_(language), LEFT)
        return
    heads = (Text("Việc cần làm", "What to do"), Text("Thời hạn", "By when"))
    rows = [_row([head.in_(language) for head in heads], TABLE_HEADING), *map(_row, jobs)]
    yield Table((TEXT_WIDTH - 45.0, 45.0), tuple(rows))
