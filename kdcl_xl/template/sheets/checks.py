"""The check sheet: the number of findings of each live rule, and the place of the first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.template.parts import Parts, write_heading
from kdcl_xl.xlsx.writer import Book, fit_row, paper, write_formula
from macros_free_validation.expression import Key, quote
from macros_free_validation.live import LiveRule, LiveSheet, live_sheet, within_limits, words_of
from macros_free_validation.plan import Plan
from macros_free_validation.rule import Severity
from macros_free_validation.rules.coverage import NOTHING_ASSESSED, WITHOUT_TASK
from macros_free_validation.values import CellError, plain_key
from workbook_templates.layout import BLOCK_ROW, Layout, PlacedSheet, letter_of
from workbook_templates.styles import FAULT_STYLE, WARNING_STYLE

_HEADERS = ("Mã", "Mức độ", "Trang", "Vấn đề", "Số lượng", "Cách xử lý", "Đến ô đầu tiên")
_WIDTHS = (9, 11, 14, 44, 10, 66, 20)
Entry = tuple[tuple[LiveSheet, LiveRule], ...]
"""A rule at all its fields, each with its sheet."""
_SEVERITY, _COUNT = 1, 4
_TOTALS_ROW = BLOCK_ROW
_WITHOUT_TASK = "Tiêu chí chưa đạt mà chưa có công việc"
_HEADER_ROW = _TOTALS_ROW + 5
_WORDS = len(_HEADERS) + 1
"""The first column of words, from 0; an empty one parts them from the filter."""


def write_checks(book: Book, ws: Worksheet, parts: Parts) -> None:
    """Write the check sheet."""
    layout = parts.layout
    write_heading(book, ws, layout.sheet("checks"), len(_HEADERS))
    for index, width in enumerate(_WIDTHS):
        ws.set_column(index, index, width)
    entries = _entries(layout)
    first = _HEADER_ROW + 1
    last = _HEADER_ROW + len(entries)
    counts = [
        sum(len(parts.rows_of(live.sheet, rule)) for live, rule in entry) for entry in entries
    ]
    severities = [entry[0][1].rule.severity for entry in entries]
    _write_totals(book, ws, first, last, list(zip(severities, counts, strict=True)))
    found = zip(severities, counts, strict=True)
    _write_verdict(book, ws, parts, sum(n for s, n in found if s is Severity.ERROR))
    _write_without_task(book, ws, parts)
    for index, header in enumerate(_HEADERS):
        ws.write_string(_HEADER_ROW - 1, index, header, book.style("header"))
    for row, entry in enumerate(entries, start=first):
        _write_rule(book, ws, parts, row, entry)
    for severity, style in ((Severity.ERROR, FAULT_STYLE), (Severity.WARNING, WARNING_STYLE)):
        condition = f'=AND($E{first}>0,$B{first}="{severity.label.vi}")'
        ws.conditional_format(
            first - 1,
            0,
            last - 1,
            _COUNT,
            {
                "type": "formula",
                "criteria": condition,
                "format": book.highlight(f"checks {severity}", style),
            },
        )
    _write_words(book, ws, layout)
    ws.freeze_panes(_HEADER_ROW, 0)
    ws.autofilter(_HEADER_ROW - 1, 0, last - 1, len(_HEADERS) - 1)
    paper(ws, landscape=True, repeat=(_HEADER_ROW - 1, _HEADER_ROW - 1))


def _write_totals(
    book: Book, ws: Worksheet, first: int, last: int, counted: list[tuple[Severity, int]]
) -> None:
    for offset, severity in enumerate(Severity):
        row = _TOTALS_ROW - 1 + offset
        ws.write_string(row, _SEVERITY, severity.label.vi, book.style("label"))
        formula = f"SUMIF($B${first}:$B${last},B{row + 1},$E${first}:$E${last})"
        total = sum(n for s, n in counted if s is severity)
        write_formula(ws, row, _SEVERITY + 1, formula, book.style("cell_center"), float(total))


READY = "Không còn lỗi: có thể nộp."
_ERRORS_LEFT = "Còn lỗi: vui lòng xử lý trước khi nộp."
_NOT_ASSESSED = "Chưa có kết quả tự đánh giá: vui lòng ghi ở trang «Tự đánh giá» trước khi nộp."
_IN_DOUBT = (
    "Chưa phát hiện lỗi trên các trang; còn tiêu chí chưa ghi đúng như trong danh sách, "
    "vui lòng chọn lại trước khi nộp."
)


def _write_verdict(book: Book, ws: Worksheet, parts: Parts, errors: int) -> None:
    """Write whether the plan can be handed in, which is never more than ``check`` says.

    The rules without an Excel half that find errors in typed values are KD802 and KD204. The
    former's cells are found here. What the latter makes of a criterion that is not in the list
    only Python knows, so the sheet then says less. A plan without a self-assessment is not ready.
    """
    layout, plan = parts.layout, parts.plan
    assessment = live_sheet(layout, "self_assessment")
    (unassessed,) = (r for r in assessment.sheet_rules if r.rule.name == NOTHING_ASSESSED)
    # A sum with an error value is one. Not every program takes ISERROR of a range.
    lengths = "+".join(f"SUMPRODUCT(LEN({cells}))" for cells in _inputs(layout))
    doubtful = "+".join(
        f"COUNTA({sheet.quoted}!{sheet.range('criterion')})"
        f"-SUMPRODUCT(COUNTIF({key.name},dm_criteria))"
        for key, sheet in _criterion_keys(layout).items()
    )
    verdict = (
        f'IF(OR(C{_TOTALS_ROW}>0,ISERROR({lengths})),"{_ERRORS_LEFT}",'
        f'IF(LEN({assessment.range(unassessed)})>0,"{_NOT_ASSESSED}",'
        f'IF({doubtful}>0,"{_IN_DOUBT}","{READY}")))'
    )
    shown = READY
    if errors or _has_error_value(plan):
        shown = _ERRORS_LEFT
    elif parts.rows_of(assessment.sheet, unassessed):
        shown = _NOT_ASSESSED
    elif any(_criteria_in_doubt(plan, key) for key in _criterion_keys(layout)):
        shown = _IN_DOUBT
    style = book.style("strong")
    write_formula(ws, _TOTALS_ROW - 1, 3, within_limits(verdict), style, shown)


def _inputs(layout: Layout) -> Iterator[str]:
    """Yield references to the stretches of input cells of all sheets."""
    for sheet in layout.sheets:
        for _, columns in groupby(sheet.columns, key=lambda c: c.column.locked):
            stretch = list(columns)
            if not stretch[0].column.locked:
                yield (
                    f"{sheet.quoted}!${stretch[0].letter}${sheet.first_row}:"
                    f"${stretch[-1].letter}${sheet.last_row}"
                )
        typed = [cell for cell in sheet.cells if not cell.cell.locked]
        for index, cells in groupby(typed, key=lambda c: c.index):
            rows = [cell.row for cell in cells]
            yield f"{sheet.quoted}!${letter_of(index)}${min(rows)}:${letter_of(index)}${max(rows)}"


def _has_error_value(plan: Plan) -> bool:
    singles = (v for cells in plan.cells.values() for v in cells.values())
    rows = (v for records in plan.tables.values() for record in records for v in record.values)
    return any(isinstance(value, CellError) for value in (*singles, *rows))


def _criterion_keys(layout: Layout) -> dict[Key, PlacedSheet]:
    """Return the keys of what typed criteria mean, with the sheets that they are typed into."""
    return {
        Key(sheet.key, "criterion_label"): sheet
        for sheet in layout.sheets
        if sheet.has_column("criterion") and not sheet.column("criterion").column.locked
    }


def _criteria_in_doubt(plan: Plan, key: Key) -> bool:
    known = plan.layout.criteria_by_key
    typed = zip(plan.column(key.sheet, "criterion"), plan.column(key.sheet, key.field), strict=True)
    return any(value not in (None, "") and plain_key(meant) not in known for value, meant in typed)


def _length(sheet: PlacedSheet, rules: Sequence[LiveRule], row: int) -> str:
    """Return the length of the messages of some rules on a row, as an Excel expression."""
    return "+".join(f"LEN({sheet.quoted}!${rule.letter}${row})" for rule in rules)


def _write_without_task(book: Book, ws: Worksheet, parts: Parts) -> None:
    """Write the criteria that the rules ``WITHOUT_TASK`` find: their number, and each in its row.

    The list holds the rules' own findings, so that sheet, list and check agree.
    """
    assessment = live_sheet(parts.layout, "self_assessment")
    rules = [r for r in assessment.row_rules if r.rule.name in WITHOUT_TASK]
    sheet = assessment.sheet
    found = sorted({row for rule in rules for row in parts.rows_of(sheet, rule)})
    row = _TOTALS_ROW - 1 + len(Severity)
    ws.write_string(row, _SEVERITY, _WITHOUT_TASK, book.style("label"))
    # No criterion is found by two of the rules.
    lengths = "+".join(f"LEN({assessment.range(rule)})" for rule in rules)
    counting = f"SUMPRODUCT(--({lengths}>0))"
    centre = book.style("cell_center")
    write_formula(ws, row, _SEVERITY + 1, counting, centre, float(len(found)))
    criteria = parts.layout.regulation.criteria
    items = {r: f", {c.code} ({r})" for r, c in enumerate(criteria, start=sheet.first_row)}
    parted = "&".join(
        f'IF({_length(sheet, rules, r)}>0,{quote(item)},"")' for r, item in items.items()
    )
    opening = f"{rules[0].rule.title.vi} (số dòng ở trang «{sheet.name}»):"
    longest = opening + "".join(items.values())
    count = f"{letter_of(_SEVERITY + 1)}{row + 1}"
    listing = f'IF({count}>0,{quote(opening)}&MID({parted},2,{len(longest)}),"")'
    shown = opening + "".join(items[r] for r in found)[1:] if found else ""
    style = book.style("text")
    ws.merge_range(row, _SEVERITY + 2, row, len(_HEADERS) - 1, "", style)
    write_formula(ws, row, _SEVERITY + 2, within_limits(listing), style, shown)
    fit_row(ws, row, [(longest, sum(_WIDTHS[_SEVERITY + 2 :]))])


def _write_words(book: Book, ws: Worksheet, layout: Layout) -> None:
    """Write the words that formulas compare with, each list in a hidden column with a name.

    The sheet takes no input, so a changed word is found as any other changed text.
    """
    sheet, words = layout.sheet("checks"), words_of(layout)
    for index, (name, listed) in enumerate(words.items(), start=_WORDS):
        ws.write_string(_HEADER_ROW - 1, index, name)
        for row, word in enumerate(listed, start=_HEADER_ROW):
            ws.write_string(row, index, word)
        letter = letter_of(index)
        rows = f"${letter}${_HEADER_ROW + 1}:${letter}${_HEADER_ROW + len(listed)}"
        book.define(name, f"{sheet.quoted}!{rows}")
    ws.set_column(_WORDS, _WORDS + len(words) - 1, 3, None, {"hidden": True})


def _entries(layout: Layout) -> list[Entry]:
    """Return every live rule once, with its cases, in the order of the ids."""
    found: dict[str, Entry] = {}
    for sheet in layout.sheets:
        live = live_sheet(layout, sheet.key)
        for rule in live.rules:
            found[rule.rule.id] = (*found.get(rule.rule.id, ()), (live, rule))
    return [found[rule_id] for rule_id in sorted(found)]


def _write_rule(book: Book, ws: Worksheet, parts: Parts, row: int, entry: Entry) -> None:
    rule = entry[0][1].rule
    sheets = ", ".join(dict.fromkeys(live.sheet.name for live, _ in entry))
    texts = (rule.id, rule.severity.label.vi, sheets, rule.title.vi)
    fit_row(ws, row - 1, zip((*texts, "", entry[0][1].remedy), _WIDTHS[:6], strict=True))
    for index, text in enumerate(texts):
        ws.write_string(row - 1, index, text, book.style("cell"))
    count = sum(len(parts.rows_of(live.sheet, r)) for live, r in entry)
    counting = "+".join(f"SUMPRODUCT(--(LEN({live.range(r)})>0))" for live, r in entry)
    write_formula(ws, row - 1, _COUNT, counting, book.style("cell_center"), float(count))
    ws.write_string(row - 1, 5, entry[0][1].remedy, book.style("cell"))
    link, shown = '""', ""
    for live, case in reversed(entry):
        sheet = live.sheet
        cells = live.range(case)
        rows = parts.rows_of(sheet, case)
        if sheet.has_cell(case.case.field):
            placed = sheet.cell(case.case.field)
            letter, first = letter_of(placed.index), str(placed.row)
        elif case.case.of_sheet:
            letter, first = sheet.column(case.case.field).letter, str(sheet.first_row)
        else:
            letter = sheet.column(case.case.field).letter
            first = f"SUMPRODUCT(MIN((LEN({cells})=0)*1048576+ROW({cells})))"
        place = f'"#{sheet.quoted}!{letter}"&{first}'
        goto = f'HYPERLINK({place},"{letter}"&{first}&" »")'
        link = f"IF(SUMPRODUCT(LEN({cells}))>0,{goto},{link})"
        shown = f"{letter}{rows[0] or first} »" if rows else shown
    write_formula(ws, row - 1, 6, within_limits(link), book.style("link"), shown)
