"""The sheet of flags: a row for each finding, with cells for the auditor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.checking.report import shown_value, where
from kdcl_xl.district.decisions.decision import CHOICE_WORDS, Choice, DecisionState, Line, Typed
from kdcl_xl.district.model.model import Flag
from kdcl_xl.district.sheets.common_columns import CODE, FILE, NAME, authority_columns
from kdcl_xl.district.sheets.declare import ListColumn, Listing, ListSheet
from kdcl_xl.district.sheets.links import Links
from kdcl_xl.district.sheets.places import RowLink, quoted
from kdcl_xl.district.sheets.schools import SHEET as SCHOOL_SHEET
from kdcl_xl.district.sheets.tasks import SHEET as TASK_SHEET
from kdcl_xl.files import base_name
from kdcl_xl.xlsx.writer import Book
from macros_free_validation.expression import quote
from macros_free_validation.rule import Severity
from macros_free_validation.values import Raw, filled, show
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
NOTE = Text("Ý kiến rà soát", "Auditor's note")
ROLE = Text("Người rà soát (chức danh)", "Auditor (role)")
DAY = Text("Ngày", "Date")
DECIDED_AT = Text("Nơi kết luận", "Decided at")
STATE = Text("Tình trạng kết luận", "State of the decision")
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

Columns = tuple[ListColumn[Flag], ...]

LISTS_SHEET = "_danh_muc"
_DECISIONS_NAME = "dm_decisions"
_INPUT_STYLES = ("input_choice", "input", "input", "input_date")
_STYLES = ("cell", "cell", "cell", "cell_date")
_WIDTHS = (14, 34, 18, 12)


def _columns(flags: Sequence[Flag], links: Links) -> tuple[ListColumn[Flag], ...]:
    """Return the columns: the finding, the auditor's cells, and the decision before a change.

    The columns of earlier decisions are hidden while no flag has one.
    """
    language = links.language
    # Only for links: the columns of these two lists do not depend on their entries.
    tasks = Listing(TASK_SHEET, TASK_SHEET.columns((), links), (), language)
    schools = Listing(SCHOOL_SHEET, SCHOOL_SHEET.columns((), links), (), language)
    has_earlier = any(flag.line.earlier for flag in flags)

    def link(flag: Flag) -> RowLink | None:
        if flag.task is not None:
            return tasks.link_to(flag.task)
        position = links.schools.get(flag.path)
        return None if position is None else schools.link_to(position)

    before = (
        ListColumn[Flag](
            SEVERITY,
            10,
            lambda f: f.finding.severity.label.in_(language),
        ),
        ListColumn[Flag](RULE, 9, lambda f: f.finding.rule, "cell_center"),
        ListColumn[Flag](CODE, 13, lambda f: f.school_code),
        ListColumn[Flag](NAME, 28, lambda f: f.school_name),
        *authority_columns(links, lambda f: links.authorities[f.path]),
        ListColumn[Flag](PLACE, 18, lambda f: where(f.finding) or _file(f), link=link),
        ListColumn[Flag](VALUE, 24, lambda f: shown_value(f.finding)),
        ListColumn[Flag](MESSAGE, 50, lambda f: f.finding.message.in_(language)),
        ListColumn[Flag](REMEDY, 44, lambda f: f.finding.remedy.in_(language)),
        ListColumn[Flag](FILE, 27, _file),
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
        ListColumn[Flag](
            RIVALS,
            44,
            lambda f: _rivals(f, language),
            hidden=not any(flag.rivals for flag in flags),
        ),
        *authority_columns(links, lambda f: f.line.latest.authority, DECIDED_AT),
        ListColumn[Flag](KEY, 24, lambda f: f.line.key, hidden=True),
    )
    width = len(before) + len(typed)
    letters = [letter_of(i) for i in range(width + 1 + len(earlier))]
    state = _state_formula(letters[len(before)], letters[width + 1 :], language)
    progress = ListColumn[Flag](
        STATE,
        14,
        lambda f: f.line.state.label.in_(language),
        "cell_center",
        formula=lambda _row: state,
    )
    return (*before, *typed, progress, *earlier, *after)


def _file(flag: Flag) -> str:
    """Return the name of the file with the finding; the names of all where a plan has several."""
    return flag.finding.file or base_name(flag.path)


_HERE = Text("tại đây", "here")


def _rivals(flag: Flag, language: Language) -> str | None:
    """Return every decision between which a person has to choose, with its origin in front."""
    if not flag.rivals:
        return None
    return " | ".join(
        f"{found.workbook or found.authority or _HERE.in_(language)}: {_words(found.typed)}"
        for found in dict.fromkeys((flag.line.latest, *flag.rivals))
    )


def _words(typed: Typed) -> str:
    """Return the filled cells of a decision in one line, as they were typed."""
    *texts, day = typed.cells
    shown = [show(value, as_date=False) for value in texts if filled(value)]
    return "; ".join((*shown, *((show(day, as_date=True),) if filled(day) else ())))


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
    """Return the four columns of cells that an auditor typed."""

    def column(nth: int) -> ListColumn[T]:
        def value(entry: T) -> Raw:
            return typed(entry).cells[nth]

        return ListColumn(
            headers[nth], _WIDTHS[nth], value, styles[nth], hidden=is_hidden, typed=is_input
        )

    return tuple(column(nth) for nth in range(len(headers)))


def _state_formula(decision: str, earlier: list[str], language: Language) -> str:
    """Return the formula of the state of a decision, which follows the auditor's typing."""

    def own(letter: str) -> str:
        # The cell in the formula's own row. No relative reference, so that the formula is the
        # same text in every row, and stays right wherever a row is sorted or copied to.
        return f"INDEX(${letter}:${letter},ROW())"

    def label(state: DecisionState) -> str:
        return quote(state.label.in_(language))

    # An error value in a cell, which TRIM passes on, is unclear too: hence IFERROR at the end.
    typed = f"TRIM({own(decision)})"
    is_choice = ",".join(f"{typed}={quote(word)}" for word in CHOICE_WORDS)
    decided = f"IF(OR({is_choice}),{label(DecisionState.DECIDED)},{label(DecisionState.UNCLEAR)})"
    has_earlier = "&".join(own(letter) for letter in earlier)
    open_ = f'IF({has_earlier}="",{label(DecisionState.OPEN)},{label(DecisionState.REVIEW)})'
    return f'IFERROR(IF({typed}="",{open_},{decided}),{label(DecisionState.UNCLEAR)})'


def state_ranges(flags: Listing[Flag]) -> list[str]:
    """Return the cells with the states of the decisions, on each sheet of the list."""
    letter, first = flags.letter(STATE), flags.sheet.first_row + 1
    return [
        f"{quoted(part.name.in_(flags.language))}!"
        f"${letter}${first}:${letter}${first + max(1, part.count) - 1}"
        for part in flags.parts
    ]


def define_choices(book: Book, lists: Worksheet, language: Language) -> None:
    """Write the choices of a decision on the hidden sheet, for the dropdown."""
    for row, choice in enumerate(Choice):
        lists.write_string(row, 0, choice.label.in_(language))
    book.define(_DECISIONS_NAME, f"{lists.get_name()}!$A$1:$A${len(Choice)}")


def _help_auditor(book: Book, ws: Worksheet, listing: Listing[Flag], count: int) -> None:
    """Add a dropdown and a date check for the auditor, and colours of severities and states."""
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


SHEET = ListSheet(
    Text("Cờ", "Flags"),
    Text("CÁC VẤN ĐỀ CẦN XEM XÉT", "FINDINGS TO DECIDE ON"),
    lambda district: district.flags,
    _columns,
    frozen_columns=2,
    finish=_help_auditor,
)
