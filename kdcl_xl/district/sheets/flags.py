"""The sheet of flags: one row a finding, with cells for the auditor to fill in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.checking.report import shown_value, where
from kdcl_xl.district.decisions.decision import CHOICE_WORDS, Choice, Line, Progress, Typed
from kdcl_xl.district.model.model import Flag, SchoolLine, Task
from kdcl_xl.district.sheets.links import FLAGS, Links
from kdcl_xl.district.sheets.list_sheet import Link, ListColumn, ListSheet, quoted
from kdcl_xl.district.sheets.schools_tasks_log import CODE, FILE, NAME, level_columns
from kdcl_xl.files import base_name
from kdcl_xl.xlsx.writer import Book
from macros_free_validation.expression import quote
from macros_free_validation.rule import Severity
from macros_free_validation.values import Raw
from workbook_templates.layout import letter_of
from workbook_templates.styles import SEVERITY_STYLES, WARNING_STYLE
from workbook_templates.text import Language, Text

T = TypeVar("T")

SEVERITY = Text("Mức độ", "Severity")
RULE = Text("Quy tắc", "Rule")
PLACE = Text("Vị trí (bấm để đến dòng)", "Place (click to go there)")
VALUE = Text("Giá trị", "Value")
MESSAGE = Text("Vấn đề", "Finding")
REMEDY = Text("Cách xử lý", "Remedy")
DECISION = Text("Kết luận", "Decision")
NOTE = Text("Ý kiến thẩm định", "Auditor's note")
ROLE = Text("Người thẩm định (chức danh)", "Auditor (role)")
DAY = Text("Ngày", "Date")
DECIDED_AT = Text("Nơi kết luận", "Decided at")
PROGRESS = Text("Tình trạng kết luận", "State of the decision")
KEY = Text("Mã dòng (không sửa)", "Row key (do not change)")

TYPED_HEADERS = (DECISION, NOTE, ROLE, DAY)
"""What the auditor fills in, in the order of :attr:`Typed.cells`."""
EARLIER_HEADERS = (
    Text("Kết luận trước", "Earlier decision"),
    Text("Ý kiến trước", "Earlier note"),
    Text("Người thẩm định trước", "Earlier auditor"),
    Text("Ngày kết luận trước", "Earlier date"),
)
EARLIER_VALUE = Text("Giá trị khi kết luận trước", "Value when last decided")

Columns = tuple[ListColumn[Flag], ...]

LISTS_SHEET = "_danh_muc"
_DECISIONS_NAME = "dm_decisions"
_INPUT_STYLES = ("input_choice", "input", "input", "input_date")
_STYLES = ("cell", "cell", "cell", "cell_date")
_WIDTHS = (14, 34, 18, 12)


def flag_sheet(
    language: Language,
    tasks: ListSheet[Task],
    schools: ListSheet[SchoolLine],
    school_positions: Mapping[str, int],
    links: Links,
    *,
    has_earlier: bool,
) -> ListSheet[Flag]:
    """One row a finding, with columns for the auditor.

    What was decided before a change stands beside it; its columns are shown when
    there is any.
    """

    def link(flag: Flag) -> Link | None:
        if flag.task is not None:
            return tasks.link_to(flag.task, language)
        position = school_positions.get(flag.path)
        return None if position is None else schools.link_to(position, language)

    before = (
        ListColumn[Flag](
            SEVERITY,
            10,
            lambda f: f.finding.severity.label.in_(language),
        ),
        ListColumn[Flag](RULE, 9, lambda f: f.finding.rule, "cell_center"),
        ListColumn[Flag](CODE, 13, lambda f: f.school_code),
        ListColumn[Flag](NAME, 28, lambda f: f.school_name),
        *level_columns(links, lambda f: links.levels[f.path]),
        ListColumn[Flag](PLACE, 18, lambda f: where(f.finding) or base_name(f.path), link=link),
        ListColumn[Flag](VALUE, 24, lambda f: shown_value(f.finding)),
        ListColumn[Flag](MESSAGE, 50, lambda f: f.finding.message.in_(language)),
        ListColumn[Flag](REMEDY, 44, lambda f: f.finding.remedy.in_(language)),
        ListColumn[Flag](FILE, 27, lambda f: base_name(f.path)),
    )
    typed: Columns = typed_columns(
        TYPED_HEADERS, _INPUT_STYLES, lambda f: f.line.typed, is_input=True
    )
    earlier: Columns = typed_columns(
        EARLIER_HEADERS, _STYLES, lambda f: _earlier(f.line), is_hidden=not has_earlier
    )
    after = (
        ListColumn[Flag](
            EARLIER_VALUE,
            24,
            lambda f: f.line.earlier.value if f.line.earlier else None,
            hidden=not has_earlier,
        ),
        *level_columns(links, lambda f: f.line.standing.level, DECIDED_AT),
        ListColumn[Flag](KEY, 24, lambda f: f.line.key, hidden=True),
    )
    width = len(before) + len(typed)
    letters = [letter_of(i) for i in range(width + 1 + len(earlier))]
    state = _progress_formula(letters[len(before)], letters[width + 1 :], language)
    progress = ListColumn[Flag](
        PROGRESS,
        14,
        lambda f: f.line.progress.label.in_(language),
        "cell_center",
        formula=lambda _row: state,
    )
    return ListSheet(
        FLAGS,
        Text("CÁC VẤN ĐỀ CẦN XEM XÉT", "FINDINGS TO DECIDE ON"),
        (*before, *typed, progress, *earlier, *after),
        frozen_columns=2,
    )


def _earlier(line: Line) -> Typed:
    return line.earlier.typed if line.earlier else Typed()


def typed_columns(
    headers: tuple[Text, ...],
    styles: tuple[str, ...],
    typed: Callable[[T], Typed],
    *,
    is_input: bool = False,
    is_hidden: bool = False,
) -> tuple[ListColumn[T], ...]:
    """Four columns for what an auditor typed."""

    def column(nth: int) -> ListColumn[T]:
        def value(entry: T) -> Raw:
            return typed(entry).cells[nth]

        return ListColumn(
            headers[nth], _WIDTHS[nth], value, styles[nth], hidden=is_hidden, typed=is_input
        )

    return tuple(column(nth) for nth in range(len(headers)))


def _progress_formula(decision: str, earlier: list[str], language: Language) -> str:
    """How far a row is, computed in the sheet, so that it follows what the auditor types."""

    def own(letter: str) -> str:
        return f"INDEX(${letter}:${letter},ROW())"

    def label(progress: Progress) -> str:
        return quote(progress.label.in_(language))

    typed = f"TRIM({own(decision)})"
    is_choice = ",".join(f"{typed}={quote(word)}" for word in CHOICE_WORDS)
    decided = f"IF(OR({is_choice}),{label(Progress.DECIDED)},{label(Progress.UNCLEAR)})"
    has_earlier = "&".join(own(letter) for letter in earlier)
    open_ = f'IF({has_earlier}="",{label(Progress.OPEN)},{label(Progress.REVIEW)})'
    return f'IFERROR(IF({typed}="",{open_},{decided}),{label(Progress.UNCLEAR)})'


def progress_ranges(sheet: ListSheet[Flag], count: int, language: Language) -> list[str]:
    """The cells of the column that says how far each row is, on each sheet of the list."""
    letter, first = sheet.letter(PROGRESS), sheet.first_row + 1
    return [
        f"{quoted(part.name.in_(language))}!"
        f"${letter}${first}:${letter}${first + max(1, part.end - part.first) - 1}"
        for part in sheet.parts(count)
    ]


def define_choices(book: Book, lists: Worksheet, language: Language) -> None:
    """Write the choices of a decision for the dropdown."""
    for row, choice in enumerate(Choice):
        lists.write_string(row, 0, choice.label.in_(language))
    book.define(_DECISIONS_NAME, f"{lists.get_name()}!$A$1:$A${len(Choice)}")


def help_auditor(
    book: Book, ws: Worksheet, sheet: ListSheet[Flag], count: int, language: Language
) -> None:
    """Dropdown and date check for the auditor; colours of severities and of what to review."""
    if not count:
        return
    first, last = sheet.first_row, sheet.header_row + count
    decision, day = sheet.index(DECISION), sheet.index(DAY)
    ws.data_validation(
        first,
        decision,
        last,
        decision,
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
    marks += [(PROGRESS, p.label, WARNING_STYLE) for p in (Progress.REVIEW, Progress.UNCLEAR)]
    for header, label, style in marks:
        column = sheet.index(header)
        ws.conditional_format(
            first,
            column,
            last,
            column,
            {
                "type": "cell",
                "criteria": "==",
                "value": quote(label.in_(language)),
                "format": book.format(style),
            },
        )
