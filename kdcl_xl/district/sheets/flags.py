"""The desk («Cờ»): flags by school, with the auditor's cells on one screen beside the finding.

A rule found many times in a school is one line that opens. Its decision holds for every flag
below that has none of its own; :mod:`kdcl_xl.district.decisions.groups` reads it so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.checking.report import shown_value, where
from kdcl_xl.district.decisions.decision import (
    ASSIGNED,
    COLOURS,
    NOTHING_TYPED,
    Choice,
    DecisionState,
    Typed,
)
from kdcl_xl.district.model.desk import DeskKind, DeskLine, desk_of
from kdcl_xl.district.model.model import Flag
from kdcl_xl.district.sheets.common_columns import (
    CODE,
    FILE,
    NAME,
    authority_columns,
    shown_word,
)
from kdcl_xl.district.sheets.declare import ListColumn, Listing, ListSheet
from kdcl_xl.district.sheets.flag_states import Letters, define_groups, state_formula
from kdcl_xl.district.sheets.links import FLAGS, Links
from kdcl_xl.district.sheets.places import RowLink
from kdcl_xl.district.sheets.schools import SHEET as SCHOOL_SHEET
from kdcl_xl.district.sheets.tasks import SHEET as TASK_SHEET
from kdcl_xl.files import base_name
from kdcl_xl.xlsx.writer import Book
from macros_free_validation.expression import quote
from macros_free_validation.rule import Severity
from macros_free_validation.rules import BY_ID
from macros_free_validation.values import Raw, filled, show
from workbook_templates.layout import letter_of
from workbook_templates.styles import LINE_STYLES, SEVERITY_STYLES, WARNING_STYLE
from workbook_templates.text import Language, Text

T = TypeVar("T")

ORDER = Text("TT", "No")
SEVERITY = Text("Mức độ", "Severity")
RULE = Text("Quy tắc", "Rule")
SUBJECT = Text("Tiêu chí, công việc", "Criterion, task")
PLACE = Text("Vị trí (bấm để đến dòng)", "Place (click to go there)")
VALUE = Text("Giá trị", "Value")
MESSAGE = Text("Vấn đề", "Finding")
REMEDY = Text("Cách xử lý", "Remedy")
DECISION = Text("Kết luận", "Decision")
NOTE = Text("Ý kiến rà soát", "Auditor's note")
ASSIGNEE = Text("Phân công", "Assigned to")
ROLE = Text("Người rà soát (chức danh)", "Auditor (role)")
DAY = Text("Ngày", "Date")
DECIDED_AT = Text("Nơi kết luận", "Decided at")
PAINTED = Text(
    "Màu đã tô (■ nền, A chữ, ↔ cả dòng)", "Colours painted (■ fill, A letters, ↔ whole row)"
)
STATE = Text("Tình trạng kết luận", "State of the decision")
BEFORE = Text("Đã ghi trước đó", "Typed before")
GROUP = Text("Nhóm (không sửa)", "Group (do not change)")
KEY = Text("Mã dòng (không sửa)", "Row key (do not change)")

TYPED_HEADERS = (DECISION, NOTE, ROLE, DAY)
"""Headings of the cells that the auditor fills in, in the order of :attr:`Typed.cells`."""
FORMER_HEADERS = {"Ý kiến thẩm định": NOTE, "Người thẩm định (chức danh)": ROLE}
"""Headings of those cells in the workbooks of versions before 0.3."""
EARLIER_HEADERS = (
    Text("Kết luận trước", "Earlier decision"),
    Text("Ý kiến trước", "Earlier note"),
    Text("Người rà soát trước", "Earlier auditor"),
    Text("Ngày kết luận trước", "Earlier date"),
)
EARLIER_VALUE = Text("Giá trị khi kết luận trước", "Value when last decided")
RIVALS = Text("Các kết luận khác nhau", "Decisions that differ")

LISTS_SHEET = "_danh_muc"
_DECISIONS_NAME = "dm_decisions"
_INPUT_STYLES = ("input_choice", "input", "input", "input_date")
_STYLES = ("cell", "cell", "cell", "cell_date")
_WIDTHS = (13, 23, 18, 12)
_CASES = Text("{count} trường hợp: {title}", "{count} cases: {title}")
_CASES_PARTLY = Text(
    "{count} trường hợp: {title}; {open} chưa kết luận", "{count} cases: {title}; {open} undecided"
)
_OPENS = Text("bấm + để mở", "+ opens it")
_OF_SCHOOL = Text("{counts}; {open} chưa kết luận", "{counts}; {open} undecided")
_ALL_DECIDED = Text("{counts}; đã kết luận hết", "{counts}; all decided")
_COUNTED = {
    Severity.ERROR: Text("{count} lỗi", "errors: {count}"),
    Severity.WARNING: Text("{count} cảnh báo", "warnings: {count}"),
    Severity.NOTE: Text("{count} lưu ý", "notes: {count}"),
}
_TO_SCHOOL = Text("Trang Trường", "Schools")
_TO_REVIEW = Text("{count} dòng cần xem lại", "{count} lines to be reviewed")
_LONGEST_TASK = 62
"""Characters of a task's text beside its finding; the link leads to the whole text."""

Columns = tuple[ListColumn[DeskLine], ...]
Value = Callable[[DeskLine], Raw]


def _columns(lines: Sequence[DeskLine], links: Links) -> Columns:
    """Return the columns: finding and auditor's cells on one screen, then details and the past."""
    language = links.language
    flags = [line for line in lines if line.kind is DeskKind.FLAG]

    def shown(entry: DeskLine) -> Typed:
        return entry.shown.in_language(language)

    def holding(entry: DeskLine) -> Typed:
        """Return the decision that holds for a line, whichever line has it."""
        return entry.flag.line.typed.in_language(language)

    decision, note, role, day = typed_columns(
        TYPED_HEADERS,
        _INPUT_STYLES,
        shown,
        is_input=True,
        record=holding,
    )
    columns: Columns = (
        ListColumn(ORDER, 5, lambda e: float(e.number), "cell_number"),
        ListColumn(NAME, 26, _school_of),
        ListColumn(SEVERITY, 9, lambda e: _severity(e, language), "cell_center"),
        ListColumn(RULE, 7, lambda e: _rule(e), "cell_center"),
        ListColumn(SUBJECT, 26, _subject),
        ListColumn(MESSAGE, 35, lambda e: _message(e, language)),
        decision,
        note,
        ListColumn(
            ASSIGNEE, 13, lambda e: e.assignee, "input", typed=True, record=lambda e: e.assigned
        ),
        ListColumn(PLACE, 15, lambda e: _place(e, language), link=_link_of(links)),
        role,
        day,
        ListColumn(STATE, 14, lambda e: _state(e, language), "cell_center"),
        *(_added(heading) for heading in _headings_added(flags)),
        ListColumn(VALUE, 30, _of_flag(lambda f: shown_word(shown_value(f.finding), language))),
        ListColumn(REMEDY, 64, _of_flag(lambda f: f.finding.remedy.in_(language))),
        ListColumn(CODE, 13, _of_flag(lambda f: f.school_code)),
        *authority_columns(links, _of_flag(lambda f: links.authorities.get(f.path, ""))),
        ListColumn(FILE, 27, _of_flag(file_of)),
        *_columns_of_the_past(flags, language),
        *authority_columns(links, _of_flag(lambda f: f.line.latest.authority), DECIDED_AT),
        ListColumn(GROUP, 8, _group, "cell_number", hidden=True),
        ListColumn(KEY, 24, lambda e: e.key, hidden=True),
    )
    return tuple(_with_state(column, columns, language) for column in columns)


def _columns_of_the_past(flags: Sequence[DeskLine], language: Language) -> Columns:
    """Return the columns of earlier decisions; each is hidden while no flag has one."""
    has_earlier = any(e.flag.line.earlier for e in flags)
    return (
        *typed_columns(
            EARLIER_HEADERS, _STYLES, lambda e: _earlier(e, language), is_hidden=not has_earlier
        ),
        ListColumn(
            EARLIER_VALUE,
            24,
            _of_flag(
                lambda f: shown_word(f.line.earlier.value, language) if f.line.earlier else None
            ),
            hidden=not has_earlier,
        ),
        ListColumn(
            RIVALS,
            44,
            _of_flag(lambda f: _rivals(f, language)),
            hidden=not any(e.flag.rivals for e in flags),
        ),
        ListColumn(
            BEFORE,
            44,
            _of_flag(lambda f: _before(f, language)),
            hidden=not any(e.flag.before for e in flags),
        ),
    )


def _with_state(
    column: ListColumn[DeskLine], columns: Columns, language: Language
) -> ListColumn[DeskLine]:
    """Return the column, that of the state with its formula, which follows the typing."""
    if column.header != STATE:
        return column
    letters = _letters(columns)
    formula = state_formula(letters, language)
    return replace(column, formula=lambda _row: formula)


def _letters(columns: Columns) -> Letters:
    at = {column.header: letter_of(index) for index, column in enumerate(columns)}
    return Letters(
        at[DECISION], at[STATE], at[GROUP], tuple(at[header] for header in EARLIER_HEADERS)
    )


def _of_flag(value: Callable[[Flag], Raw]) -> Value:
    """Return the value of a line that is one flag; other lines have none."""
    return lambda e: value(e.flag) if e.kind is DeskKind.FLAG else None


def _school_of(entry: DeskLine) -> Raw:
    """Return the name of a line's school, or the file's where nobody knows the school."""
    flag = entry.flag
    known = entry.school.school.name if entry.school else ""
    return known or flag.school_name or flag.school_code or base_name(flag.path)


def _severity(entry: DeskLine, language: Language) -> Raw:
    if entry.kind is DeskKind.SCHOOL:
        return None
    return entry.flag.finding.severity.label.in_(language)


def _rule(entry: DeskLine) -> Raw:
    return None if entry.kind is DeskKind.SCHOOL else entry.flag.finding.rule


def _subject(entry: DeskLine) -> Raw:
    """Return the criterion and the beginning of the task of a flag, else its sheet or file."""
    if entry.kind is not DeskKind.FLAG:
        return None
    task, found = entry.task, entry.flag.finding
    if task is None:
        return found.sheet or file_of(entry.flag)
    label = str(task.value("criterion_label") or task.value("criterion") or "")
    code = label.split(" ")[0]
    return shortened(f"{code} · {task.value('task') or ''}" if code else str(task.value("task")))


def shortened(text: str, most: int = _LONGEST_TASK) -> str:
    """Return the beginning of a text on one line, to a whole word."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[: most + 1].rpartition(" ")[0].rstrip(",;.") + " …"


def _message(entry: DeskLine, language: Language) -> Raw:
    found = entry.flag.finding
    if entry.kind is DeskKind.FLAG:
        return found.message.in_(language)
    count = len(entry.flags)
    if entry.kind is DeskKind.RULE:
        is_partly = 0 < entry.open_count < count
        words = _CASES_PARTLY if is_partly else _CASES
        title = BY_ID[found.rule].title
        return words.format(count=count, title=title, open=entry.open_count).in_(language)
    found_here = ((words, entry.count(severity)) for severity, words in _COUNTED.items())
    counts = ", ".join(words.format(count=n).in_(language) for words, n in found_here if n)
    words = _OF_SCHOOL if entry.open_count else _ALL_DECIDED
    return words.format(counts=counts, open=entry.open_count).in_(language)


def _place(entry: DeskLine, language: Language) -> Raw:
    if entry.kind is DeskKind.SCHOOL:
        return _TO_SCHOOL.in_(language)
    if entry.kind is DeskKind.RULE:
        return _OPENS.in_(language)
    return where(entry.flag.finding) or file_of(entry.flag)


def _link_of(links: Links) -> Callable[[DeskLine], RowLink | None]:
    """Return the link of a line: to the row of its task, else to that of its school."""
    # Only for links: the columns of these two lists do not depend on their entries.
    tasks = Listing(TASK_SHEET, TASK_SHEET.columns((), links), (), links.language)
    schools = Listing(SCHOOL_SHEET, SCHOOL_SHEET.columns((), links), (), links.language)

    def link(entry: DeskLine) -> RowLink | None:
        if entry.kind is DeskKind.RULE:
            return None
        if entry.kind is DeskKind.FLAG and entry.flag.task is not None:
            return tasks.link_to(entry.flag.task)
        position = links.schools.get(entry.flag.path)
        return None if position is None else schools.link_to(position)

    return link


def _state(entry: DeskLine, language: Language) -> Raw:
    return None if entry.kind is DeskKind.SCHOOL else entry.state.label.in_(language)


def _group(entry: DeskLine) -> Raw:
    """Return the number of a flag's group; that of a rule's line is negative."""
    if entry.kind is DeskKind.SCHOOL:
        return None
    return float(-entry.group if entry.kind is DeskKind.RULE else entry.group)


def _headings_added(flags: Sequence[DeskLine]) -> list[str]:
    """Return the headings of the columns that people added, in their order."""
    found = dict.fromkeys(heading for e in flags for heading in e.kept)
    return [heading for heading in found if heading != ASSIGNED]


def _added(heading: str) -> ListColumn[DeskLine]:
    header = PAINTED if heading == COLOURS else Text(heading, heading)
    return ListColumn(header, 18, lambda e: e.kept.get(heading), typed=True)


def file_of(flag: Flag) -> str:
    """Return the name of the file with the finding; the names of all where a plan has several."""
    return flag.finding.file or base_name(flag.path)


_HERE = Text("tại đây", "here")


def _rivals(flag: Flag, language: Language) -> str | None:
    """Return every decision between which a person has to choose, with its origin in front."""
    if not flag.rivals:
        return None
    every = dict.fromkeys((flag.line.latest, *flag.rivals))
    origins = (found.workbook or found.authority or _HERE.in_(language) for found in every)
    words = (words_of(found.typed, language) for found in every)
    return " | ".join(map(": ".join, zip(origins, words, strict=True)))


def _before(flag: Flag, language: Language) -> str | None:
    """Return the decision that a person typed over since, with the day of that merge."""
    if flag.before is None:
        return None
    words = words_of(flag.before.decision.typed, language)
    return f"{words} (→ {flag.before.closed_on:%d/%m/%Y})"


def words_of(typed: Typed, language: Language) -> str:
    """Return the filled cells of a decision in one line, a choice in a language."""
    *texts, day = typed.in_language(language).cells
    shown = [show(value, as_date=False) for value in texts if filled(value)]
    return "; ".join((*shown, *((show(day, as_date=True),) if filled(day) else ())))


def _earlier(entry: DeskLine, language: Language) -> Typed:
    """Return the decision from before a change; of a group the number of those."""
    if entry.kind is DeskKind.FLAG:
        line = entry.flag.line
        return line.earlier.typed.in_language(language) if line.earlier else NOTHING_TYPED
    count = sum(1 for flag in entry.flags if flag.line.state is DecisionState.REVIEW)
    if entry.kind is DeskKind.SCHOOL or not count:
        return NOTHING_TYPED
    return Typed(note=_TO_REVIEW.format(count=count).in_(language))


def typed_columns(
    headers: tuple[Text, ...],
    styles: tuple[str, ...],
    typed: Callable[[T], Typed],
    *,
    is_input: bool = False,
    is_hidden: bool = False,
    record: Callable[[T], Typed] | None = None,
) -> tuple[ListColumn[T], ...]:
    """Return the four columns of cells that an auditor typed."""

    def cell(nth: int, source: Callable[[T], Typed]) -> Callable[[T], Raw]:
        return lambda entry: source(entry).cells[nth]

    return tuple(
        ListColumn(
            header,
            _WIDTHS[nth],
            cell(nth, typed),
            styles[nth],
            hidden=is_hidden,
            typed=is_input,
            record=cell(nth, record) if record else None,
        )
        for nth, header in enumerate(headers)
    )


def letters_in(listing: Listing[DeskLine]) -> Letters:
    """Return the letters of the columns that the state of a decision depends on."""
    return _letters(listing.columns)


def define_choices(book: Book, lists: Worksheet, listing: Listing[DeskLine]) -> None:
    """Write on the hidden sheet the choices of a decision, and the decisions of groups."""
    for row, choice in enumerate(Choice):
        lists.write_string(row, 0, choice.label.in_(listing.language))
    book.define(_DECISIONS_NAME, f"{lists.get_name()}!$A$1:$A${len(Choice)}")
    define_groups(book, lists, listing, letters_in(listing))


def _help_auditor(book: Book, ws: Worksheet, listing: Listing[DeskLine], count: int) -> None:
    """Add a dropdown and a date check for the auditor, and colours of lines and states."""
    if not count:
        return
    first, last = listing.sheet.first_row, listing.sheet.header_row + count
    decision, day = listing.index(DECISION), listing.index(DAY)
    ws.data_validation(
        first,
        decision,
        last,
        decision,
        # A warning, no stop: an auditor may type another decision.
        {"validate": "list", "source": f"={_DECISIONS_NAME}", "error_type": "warning"},
    )
    ws.data_validation(
        first,
        day,
        last,
        day,
        {
            "validate": "date",
            "criteria": "between",
            "minimum": "=DATE(2018,1,1)",
            "maximum": "=DATE(2040,12,31)",
            "error_type": "warning",
        },
    )
    marks = [(SEVERITY, s.label, SEVERITY_STYLES[s]) for s in Severity]
    marks += [
        (STATE, p.label, WARNING_STYLE) for p in (DecisionState.REVIEW, DecisionState.UNCLEAR)
    ]
    for header, label, style in marks:
        column = listing.index(header)
        ws.conditional_format(
            first,
            column,
            last,
            column,
            {
                "type": "cell",
                "criteria": "==",
                "value": quote(label.in_(listing.language)),
                "format": book.format(style),
            },
        )
    cell = f"${listing.letter(GROUP)}{first + 1}"
    for criteria, style in zip((f'={cell}=""', f"={cell}<0"), LINE_STYLES, strict=True):
        ws.conditional_format(
            first,
            0,
            last,
            listing.index(STATE),
            {"type": "formula", "criteria": criteria, "format": book.format(style)},
        )


SHEET = ListSheet(
    FLAGS,
    Text("CÁC VẤN ĐỀ CẦN XEM XÉT", "FINDINGS TO DECIDE ON"),
    desk_of,
    _columns,
    frozen_columns=2,
    finish=_help_auditor,
    level=lambda entry: entry.level,
    is_record=lambda entry: entry.kind is DeskKind.FLAG,
)
