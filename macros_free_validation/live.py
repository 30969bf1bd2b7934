"""The Excel judge: the rules of a layout as formulas, and the columns that hold them.

Each live row rule has a hidden helper column that holds its message or nothing;
the row's «Kiểm tra» column joins them, highlights test them, and the check
sheet counts them. A condition is therefore written, and computed, once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from string import Formatter

from macros_free_validation.derive import figures_of
from macros_free_validation.expression import (
    LONGEST_FORMULA,
    LONGEST_LITERAL,
    LONGEST_TEXT,
    UNIT_KEY,
    AlwaysNumber,
    Condition,
    EachOf,
    Field,
    FirstOf,
    Key,
    Limit,
    Place,
    Single,
    Value,
    above_name,
    column_name,
    counting_nodes,
    filled_excel,
    last_above_figures,
    nodes_in,
    own_row,
    quote,
    show_excel,
    single_cell,
    single_name,
    words_name,
)
from macros_free_validation.judge import LiveCase, input_columns, judges_rows, live_cases, type_of
from macros_free_validation.rule import Case, Rule, Severity
from macros_free_validation.understood import Period, reader_of
from macros_free_validation.values import Raw
from workbook_templates.declare import Type
from workbook_templates.layout import (
    COVER_CHECK,
    Layout,
    PlacedCell,
    PlacedMeaning,
    PlacedSheet,
    letter_of,
)
from workbook_templates.text import Text

DEEPEST_NESTING = 64
_TEXT_OR_PARENTHESIS = re.compile(r'"(?:[^"]|"")*"|[()]')
_DEEPER = {"(": 1, ")": -1}


class FormulaTooLongError(AssertionError):
    """A formula that Excel would refuse; raised when the workbook is built."""


@lru_cache(maxsize=2048)
def within_limits(formula: str) -> str:
    """Return the formula itself, if Excel accepts it.

    Raises:
        FormulaTooLongError: more than 8,192 characters or 64 nested calls, or a text of more than
            255 characters.
    """
    depth = deepest = literal = 0
    for found in _TEXT_OR_PARENTHESIS.finditer(formula):
        depth += _DEEPER.get(found[0], 0)
        deepest = max(deepest, depth)
        literal = max(literal, len(found[0]) - len('""'))
    if len(formula) > LONGEST_FORMULA or deepest > DEEPEST_NESTING or literal > LONGEST_LITERAL:
        raise FormulaTooLongError(
            f"{len(formula)} characters, {deepest} levels, a text of {literal}: {formula[:80]}"
        )
    return formula


@dataclass(frozen=True, slots=True)
class LiveRule:
    """A rule at one field of the sheet, and the helper column of its message (from 0)."""

    rule: Rule
    case: Case
    index: int
    formula: str
    """Without the equals sign; the same text in every row."""

    @property
    def remedy(self) -> str:
        """The Vietnamese remedy, with the texts that its case gives."""
        given = {
            name: word for name, word in self.case.words.items() if isinstance(word, str | Text)
        }
        return self.rule.remedy.format(**given).vi

    @property
    def letter(self) -> str:
        """Letter of the helper column."""
        return letter_of(self.index)


@dataclass(frozen=True, slots=True)
class LiveMeaning:
    """The hidden columns of one input for a date or an amount.

    They hold the steps, the results that the layout places, and the sentence that says how a
    text was understood.
    """

    meaning: PlacedMeaning
    indexes: tuple[int, ...]
    formulas: tuple[str, ...]
    """The formulas of the input's own row, or of the first row of its table."""

    @property
    def said_index(self) -> int:
        """The column of the sentence."""
        return self.indexes[-1]

    def values(self, value: Raw, period: Period) -> tuple[Raw, ...]:
        """Return the results of the formulas."""
        reader = reader_of(self.meaning.declared)
        found = reader.python(value, period)
        return (*found, reader.said(found, value))


@dataclass(frozen=True)
class LiveSheet:
    """The helper columns of one sheet: rows in use, meanings, keys and rules."""

    sheet: PlacedSheet
    used_index: int
    used_formula: str
    meanings: tuple[LiveMeaning, ...]
    first_key: int
    keys: Mapping[Key, int]
    """Helper columns of the keys that rows are counted by."""
    rules: tuple[LiveRule, ...]

    @property
    def last_index(self) -> int:
        """The last helper column."""
        return self.first_key - 1 + len(self.keys) + len(self.rules)

    @property
    def first_hidden(self) -> int:
        """The first hidden column: those of the layout are before the helper columns."""
        return min((p.index for p in self.sheet.hidden), default=self.used_index)

    @property
    def used_letter(self) -> str:
        """Letter of the column that says whether a row is in use."""
        return letter_of(self.used_index)

    @cached_property
    def row_rules(self) -> tuple[LiveRule, ...]:
        """The rules that judge rows."""
        return tuple(r for r in self.rules if judges_rows(self.sheet, r.case))

    @cached_property
    def sheet_rules(self) -> tuple[LiveRule, ...]:
        """The rules that judge the whole table once; their helper cells lie beside its headings."""
        return tuple(r for r in self.rules if r.case.of_sheet)

    @cached_property
    def _left_to_right(self) -> tuple[LiveRule, ...]:
        """The rules that judge rows, in the order of the cells that they point at."""
        return tuple(sorted(self.row_rules, key=lambda r: self.sheet.column(r.case.field).index))

    def place(self, layout: Layout) -> Place:
        """Return the place in which expressions of this sheet are written."""
        tests = _plain_tests(self.sheet, ((r.index, r.case) for r in self.rules))
        return _place(layout, self.sheet, self.used_index, self.keys, tests)

    def rules_at(self, field: str) -> tuple[LiveRule, ...]:
        """Return the rules that point at a field."""
        return tuple(r for r in self.rules if r.case.field == field and not r.case.of_sheet)

    def said_at(self, field: str, row: int) -> tuple[tuple[LiveRule, str], ...]:
        """Return the rules that colour a field, each with a text that is empty without a fault."""
        own = [(r, f"${r.letter}{row}") for r in self.rules_at(field) if not r.case.labels]
        labelled = [(r, r.case.labels[field]) for r in self.rules if field in r.case.labels]
        named = [
            (r, f'IF(ISNUMBER(FIND({quote(label)},${r.letter}{row})),1,"")')
            for r, label in labelled
        ]
        return (*own, *named)

    def cell_message(self, cells: Iterable[PlacedCell]) -> str:
        """Return the formula of the «Kiểm tra» cell beside single cells."""
        cells = list(cells)
        rules = [f"{r.letter}{c.row}" for c in cells for r in self.rules_at(c.field)]
        fields = [c.field for c in cells]
        said = [
            f"{letter_of(m.said_index)}{m.meaning.input.row}"
            for m in self.meanings
            if isinstance(m.meaning.input, PlacedCell) and m.meaning.input.field in fields
        ]
        return joined([*rules, *_understood(said)])

    def row_message(self, row: int) -> str:
        """Return the formula of a row's «Kiểm tra» cell."""
        said = [f"{letter_of(m.said_index)}{row}" for m in self.meanings]
        return joined([*(r.letter + str(row) for r in self.row_rules), *_understood(said)])

    def row_status(self, row: int) -> str:
        """Return the formula of a row's status: see :func:`status`."""
        counts, parts = [], []
        for severity in _IN_STATUS:
            rules = [r for r in self._left_to_right if r.rule.severity is severity]
            if not rules:
                continue
            counts.append("+".join(f"(LEN({r.letter}{row})>0)" for r in rules))
            short = (f'IF(LEN({r.letter}{row})>0,{quote(f", {_short(r.rule)}")},"")' for r in rules)
            words = f'"; "&{counts[-1]}&" {_counted(severity)}: "'
            texts = f"MID({'&'.join(short)},3,{LONGEST_TEXT})"
            parts.append(f'IF({counts[-1]}>0,{words}&{texts},"")')
        right = f'IF({self.used_letter}{row},"{RIGHT}","")'
        if not parts:
            return right
        return within_limits(
            f"IF({'+'.join(counts)}=0,{right},MID({'&'.join(parts)},3,{LONGEST_TEXT}))"
        )

    def status(self, messages: Sequence[str], *, used: bool) -> str:
        """Return the status of a row with these messages of its rules, in their order.

        It is a check mark, or the number of errors and of warnings with the titles of their
        rules: «2 lỗi: thiếu hạn hoàn thành, thiếu chủ trì». A row that is not in use has none.
        """
        faults = {r.index for r, text in zip(self.row_rules, messages, strict=True) if text}
        said = [r.rule for r in self._left_to_right if r.index in faults]
        parts = []
        for severity in _IN_STATUS:
            titles = [_short(rule) for rule in said if rule.severity is severity]
            if titles:
                parts.append(f"{len(titles)} {_counted(severity)}: {', '.join(titles)}")
        return "; ".join(parts) or (RIGHT if used else "")

    def range(self, rule: LiveRule) -> str:
        """Return the absolute reference to a rule's helper cells, with the sheet."""
        first, last = self.sheet.first_row, self.sheet.last_row
        if self.sheet.has_cell(rule.case.field):
            first = last = self.sheet.cell(rule.case.field).row
        elif rule.case.of_sheet:
            first = last = self.sheet.header_row
        return f"{self.sheet.quoted}!${rule.letter}${first}:${rule.letter}${last}"


RIGHT = "✓"
"""The status of a row in use without an error or a warning."""
_IN_STATUS = (Severity.ERROR, Severity.WARNING)
"""Notes are advice: they are only in the full text."""


def _counted(severity: Severity) -> str:
    return severity.label.vi.lower()


def _short(rule: Rule) -> str:
    """Return the title of a rule as part of a sentence."""
    title = rule.title.vi
    return title[:1].lower() + title[1:]


UNDERSTOOD = "Hiểu là:"
"""The beginning of the sentence that says how dates and amounts were understood."""


def understood(said: Iterable[str]) -> str:
    """Return the sentence that says how some inputs were understood; empty without any."""
    return f"{UNDERSTOOD}{''.join(said)}.".replace(",.", ".").replace(f"{UNDERSTOOD}.", "")


def _understood(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the Excel half of :func:`understood`; nothing without cells."""
    if not cells:
        return ()
    sentence = f'"{UNDERSTOOD}"&{"&".join(cells)}&"."'
    return (f'SUBSTITUTE(SUBSTITUTE({sentence},",.","."),"{UNDERSTOOD}.","")',)


def joined(helpers: Iterable[str]) -> str:
    """Return the formula that joins the messages of some helper cells into one text."""
    cells = '&" "&'.join(helpers)
    return within_limits(f"TRIM({cells})") if cells else '""'


def _message(rule: Rule, case: Case, at: Place) -> str:
    """Return the rule's Vietnamese message as an Excel expression, values filled in."""
    parts: list[str] = []
    for literal, name, _, _ in Formatter().parse(rule.message.vi):
        if literal:
            parts.append(quote(literal))
        if not name:
            continue
        given = case.words.get(name)
        if isinstance(given, str | Text):
            parts.append(quote(given if isinstance(given, str) else given.vi))
        elif isinstance(given, FirstOf | EachOf):
            parts.append(given.excel(at))
        elif isinstance(given, Limit):
            parts.append(quote(given.shown(at.layout)))
        elif isinstance(given, AlwaysNumber):
            parts.append(f'TEXT({given.excel(at)},"0")')
        elif given is not None:
            parts.append(show_excel(given, at, Type.TEXT))
        else:
            kind = type_of(at.layout, at.sheet, name)
            parts.append(show_excel(_value(name, at), at, kind))
    return "&".join(parts)


def _value(name: str, at: Place) -> Value:
    if at.sheet.has_column(name):
        return Field(name)
    return Single(name, at.sheet.key) if at.sheet.has_cell(name) else Single(name)


def _place(
    layout: Layout,
    sheet: PlacedSheet,
    used_index: int,
    keys: Mapping[Key, int],
    plain: Mapping[str, str],
) -> Place:
    letters = {key: letter_of(index) for key, index in keys.items()}
    return Place(layout, sheet, letter_of(used_index), letters, plain)


def shown_cases(layout: Layout, sheet: PlacedSheet) -> tuple[LiveCase, ...]:
    """Return the cases that the workbook shows to the school."""
    return tuple(entry for entry in live_cases(layout, sheet) if entry[0].is_live)


@lru_cache(maxsize=64)
def _keys_of(layout: Layout) -> tuple[Key, ...]:
    """Return the keys that some live rule or figure counts by, in a fixed order."""
    found: dict[Key, None] = {UNIT_KEY: None}
    counting: list[tuple[str, Condition | Value]] = [
        (judged.key, case.when)
        for judged in layout.sheets
        for _, case in shown_cases(layout, judged)
    ]
    counting += [(figure.sheet, figure.value) for figure in figures_of(layout)]
    for own, expression in counting:
        for node in counting_nodes(expression, layout):
            found.update(dict.fromkeys((*node.keys(), *node.own_keys(own))))
    return tuple(sorted(found, key=lambda k: k.name))


@lru_cache(maxsize=256)
def live_sheet(layout: Layout, key: str) -> LiveSheet:
    """Return the Excel judge of one sheet."""
    sheet = layout.sheet(key)
    start = _first_helper(layout, sheet)
    meanings = tuple(_meanings(layout, sheet, start + 1))
    first_key = max((i for m in meanings for i in m.indexes), default=start) + 1
    first_key = max(first_key, start + 1)
    own = [k for k in _keys_of(layout) if k.sheet == key]
    keys = {k: first_key + n for n, k in enumerate(own)}
    first = first_key + len(keys)
    cases = shown_cases(layout, sheet)
    at = _place(
        layout,
        sheet,
        start,
        keys,
        _plain_tests(sheet, enumerate((case for _, case in cases), first)),
    )
    inputs = [filled_excel(own_row(sheet, letter_of(i))) for i in input_columns(sheet)]
    used = within_limits(f"OR({','.join(inputs)})") if inputs else ""
    found = tuple(
        LiveRule(rule, case, first + n, within_limits(_verdict(rule, case, at)))
        for n, (rule, case) in enumerate(cases)
    )
    return LiveSheet(sheet, start, used, meanings, first_key, keys, found)


def _meanings(layout: Layout, sheet: PlacedSheet, start: int) -> Iterator[LiveMeaning]:
    """Yield the hidden columns of each input for a date or an amount.

    Steps and sentence are in columns from ``start`` on. Inputs of different rows share them.
    """
    cover = layout.sheet("cover")
    period = None
    if sheet is not cover:
        first, last = (single_cell(cover, f"period_{end}_meant") for end in ("start", "end"))
        period = first, last
    for meaning in sheet.meanings:
        placed = meaning.input
        reader = reader_of(meaning.declared)
        results = tuple(result.index for result in meaning.results)
        steps = tuple(range(start, start + len(reader.steps)))
        indexes = (*steps, *results, start + len(steps))
        if isinstance(placed, PlacedCell):
            x, row = single_cell(sheet, placed.field), placed.row
        else:
            x, row = own_row(sheet, placed.letter), sheet.first_row
            start = indexes[-1] + 1
        # Nobody can move the locked cells that these references name.
        columns = [f"{letter_of(index)}{row}" for index in indexes[:-1]]
        formulas = [*reader.excel(x, columns, period), reader.said_excel(columns, x)]
        yield LiveMeaning(meaning, indexes, tuple(map(within_limits, formulas)))


def _plain_tests(sheet: PlacedSheet, rules: Iterable[tuple[int, Case]]) -> dict[str, str]:
    """Return tests, by field, that no rule on unusual characters names the cell.

    Each rule is given by the index of its helper column and its case.
    """
    return {
        field: f"ISERROR(FIND({quote(label)},{own_row(sheet, letter_of(index))}))"
        for index, case in rules
        for field, label in case.labels.items()
    }


def _verdict(rule: Rule, case: Case, at: Place) -> str:
    """Return the formula of a helper cell: the message, or nothing."""
    return f'IF({case.when.excel(at)},{_message(rule, case, at)},"")'


def _first_helper(layout: Layout, sheet: PlacedSheet) -> int:
    """Return the index of the first helper column: behind everything else on the sheet."""
    if sheet.key == "lists":
        return max(area.index for area in layout.areas) + 1
    if sheet.columns:
        return sheet.width
    return max((p.index for p in sheet.hidden), default=COVER_CHECK) + 1


def key_names(layout: Layout) -> Iterator[tuple[str, str]]:
    """Return the defined names of the key columns."""
    for sheet in layout.sheets:
        for key, index in live_sheet(layout, sheet.key).keys.items():
            letter = letter_of(index)
            rows = f"${letter}${sheet.first_row}:${letter}${sheet.last_row}"
            yield key.name, f"{sheet.quoted}!{rows}"


def place_names(layout: Layout) -> Iterator[tuple[str, str]]:
    """Yield the defined names of columns with single cells, and of columns that sheets quote.

    Each range begins in row 1, so that a row has its own number as the position. It begins and
    ends with a locked cell, so that no dragging of inputs changes it.
    """
    for sheet in layout.sheets:
        hidden = [p for p in sheet.hidden if isinstance(p, PlacedCell)]
        for index in sorted({placed.index for placed in (*sheet.cells, *hidden)}):
            # Below single cells is nothing, or a table whose headings are locked.
            last = sheet.header_row if sheet.columns else sheet.cells[-1].row + 1
            letter = letter_of(index)
            yield single_name(sheet, index), f"{sheet.quoted}!${letter}$1:${letter}${last}"
            above = last_above_figures(sheet, index)
            if above:
                yield above_name(sheet, index), f"{sheet.quoted}!${letter}$1:${letter}${above}"
    for key, field in _quoted_columns(layout):
        sheet = layout.sheet(key)
        letter = sheet.column(field).letter
        rows = f"${letter}$1:${letter}${sheet.last_row + 1}"
        yield column_name(sheet, field), f"{sheet.quoted}!{rows}"


def _quoted_columns(layout: Layout) -> Iterable[tuple[str, str]]:
    """Return sheet and field of each column that other sheets quote: the plan's, and printed."""
    plan = layout.sheet("plan")
    found = {("plan", column.field): None for column in (*plan.columns, *plan.hidden)}
    for sheet in layout.sheets:
        for table in sheet.sheet.printed.tables if sheet.sheet.printed else ():
            found[table.source, "no"] = None  # the row numbers
            for part in (part for column in table.columns for part in column.parts):
                found[part.sheet or table.source, part.field] = None
    return found


@lru_cache(maxsize=64)
def words_of(layout: Layout) -> Mapping[str, tuple[str, ...]]:
    """Return the words that formulas compare with, by the name of their locked cells."""
    found = {}
    for sheet in layout.sheets:
        at = Place(layout, sheet)
        written: list[object] = [f.value for f in figures_of(layout) if f.sheet == sheet.key]
        for _, case in shown_cases(layout, sheet):
            written += [case.when, *case.words.values()]
        for node in nodes_in(tuple(written), layout):
            words = node.compared_words(at) if isinstance(node, Condition | Value) else ()
            if len(words) > 1:
                found[words_name(words)] = words
    return found
