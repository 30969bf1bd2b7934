"""The report on rules: a list of all, or the explanation of some."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from kdcl_xl.checking.settings import rules_named, unknown
from kdcl_xl.errors import UserError
from kdcl_xl.reporting.report import Column, Group, Kind, Report, Table, Value, aligned
from macros_free_validation.rule import Example, ExampleValue, Rule, Stage
from macros_free_validation.rules import ALL_RULES
from macros_free_validation.values import CellError
from workbook_templates.declare import Sheet
from workbook_templates.forms import FORMS
from workbook_templates.text import Language, Text

STAGES = {
    Stage.DRAFT: Text("khi đang soạn", "while the plan is being written"),
    Stage.SUBMIT: Text("khi nộp", "when the plan is handed in"),
    Stage.DISTRICT: Text("khi rà soát", "when an officer looks at it"),
}
"""The moments from which rules apply, in words."""


_LIVE = Text("có, báo ngay trên trang", "yes, the sheet itself reports it")


_NOT_LIVE = Text("không. {reason}", "no. {reason}")


_FOUND_BY_THE_TOOL = Text(
    "Chỉ phát hiện được khi đọc tệp hoặc khi đặt các bản nộp cạnh nhau.",
    "It shows only while files are read or lie side by side.",
)


_PREVIEW = Text(
    " (thử nghiệm, cao nhất là cảnh báo; chính thức từ bản {release})",
    " (on trial, a warning at most; in full from release {release})",
)


_PLACEHOLDER = re.compile(r"\{\w+\}")


def _severity(rule: Rule) -> Text:
    label = rule.severity.label
    if not rule.preview:
        return label
    trial = _PREVIEW.format(release=rule.preview)
    return Text(label.vi + trial.vi, label.en + trial.en)


def _live(rule: Rule) -> Text:
    if rule.is_live:
        return _LIVE
    return _NOT_LIVE.format(reason=rule.not_live or _FOUND_BY_THE_TOOL)


def without_names(text: Text) -> Text:
    """Return a text of a rule, with dots in place of its placeholders."""
    return Text(_PLACEHOLDER.sub("…", text.vi), _PLACEHOLDER.sub("…", text.en))


def _stage(rule: Rule) -> Text:
    words = STAGES[rule.stage]
    return Text(f"{rule.stage} ({words.vi})", f"{rule.stage} ({words.en})")


def _same(text: str) -> Text:
    return Text(text, text)


def _example(rule: Rule, example: Example | None) -> Text:
    parts = [] if example is None else list(example_parts(rule, example))
    return Text(". ".join(p.vi for p in parts), ". ".join(p.en for p in parts))


def _limits(rule: Rule) -> Text:
    said = [
        Text(
            f"{limit.name} = {limit.default} ({limit.least}–{limit.most}): {limit.about.vi}",
            f"{limit.name} = {limit.default} ({limit.least}–{limit.most}): {limit.about.en}",
        )
        for limit in rule.limits
    ]
    return Text("; ".join(s.vi for s in said), "; ".join(s.en for s in said))


_Lines = tuple[tuple[Text, Callable[[Rule], Text]], ...]


_WORDS: _Lines = (
    (Text("Phát hiện", "Finds"), lambda rule: without_names(rule.message)),
    (Text("Vì sao", "Why"), lambda rule: rule.why),
    (Text("Ví dụ chưa đúng", "Wrong"), lambda rule: _example(rule, rule.wrong)),
    (Text("Ví dụ đúng", "Right"), lambda rule: _example(rule, rule.right)),
    (Text("Cách xử lý", "Remedy"), lambda rule: without_names(rule.remedy)),
)


_FACTS: _Lines = (
    (Text("Mức độ", "Severity"), _severity),
    (Text("Giai đoạn", "Stage"), _stage),
    (Text("Mẫu", "Forms"), lambda rule: _same(", ".join(rule.forms))),
    (Text("Trên trang", "In the sheet"), _live),
    (Text("Ngưỡng", "Limits"), _limits),
    (Text("Căn cứ", "Ground"), lambda rule: rule.source),
)
"""The lines of an explanation; a line with an empty text is left out."""


def facts(rule: Rule) -> Iterator[tuple[Text, Text]]:
    """Yield the facts about a rule besides its texts, each with its label."""
    for label, text_of in _FACTS:
        text = text_of(rule)
        if text.vi:
            yield label, text


def find_rules(words: Sequence[str]) -> tuple[Rule, ...]:
    """Return the rules that words name, each once; all rules where there are no words.

    Raises:
        UserError: a word names no rule.
    """
    if not words:
        return ALL_RULES
    found: dict[str, Rule] = {}
    for word in words:
        rules = rules_named(word)
        if not rules:
            problem = unknown(word)
            raise UserError(
                Text(
                    f"{problem.vi[0].upper()}{problem.vi[1:]}.",
                    f"{problem.en[0].upper()}{problem.en[1:]}.",
                )
            )
        found.update((rule.id, rule) for rule in rules)
    return tuple(found.values())


def _explanation(rule: Rule, language: Language) -> Iterator[str]:
    yield f"{rule.id} {rule.name}: {rule.title.in_(language)}"
    for label, text_of in (*_WORDS, *_FACTS):
        text = text_of(rule).in_(language)
        if text:
            yield f"    {label.in_(language)}: {text}"


@dataclass(frozen=True)
class RulesReport(Report):
    """Rules in a list, or each explained in full (``is_explained``)."""

    rules: tuple[Rule, ...]
    language: Language
    is_explained: bool = False

    title = Text("Các quy tắc kiểm tra", "The rules")

    @property
    def records(self) -> Mapping[str, Any]:
        """Everything about the rules; messages keep their placeholders."""
        return {"rules": [_described(rule, self.language) for rule in self.rules]}

    @property
    def lines(self) -> Iterator[str]:
        """One line a rule, in columns; or a paragraph a rule."""
        if not self.is_explained:
            yield from aligned(self.table, self.language, len(_LISTED))
            return
        for nth, rule in enumerate(self.rules):
            if nth:
                yield ""
            yield from _explanation(rule, self.language)

    @property
    def table(self) -> Table:
        """One row a rule: the columns of the list, then its words."""
        rows = tuple(_row(rule, self.language) for rule in self.rules)
        return Table((*_LISTED, *(Column(label) for label, _ in _WORDS)), (Group((), rows),))


_LISTED = (
    Column(Text("Mã", "Id"), Kind.CODE),
    Column(Text("Tên", "Name")),
    Column(Text("Mức độ", "Severity")),
    Column(Text("Giai đoạn", "Stage")),
    Column(Text("Trên trang", "Live")),
    Column(Text("Nội dung", "Title")),
)


def _row(rule: Rule, language: Language) -> tuple[Value, ...]:
    return (
        rule.id,
        rule.name,
        rule.severity,
        str(rule.stage),
        rule.is_live,
        rule.title.in_(language),
        *(text_of(rule).in_(language) for _, text_of in _WORDS),
    )


def _described(rule: Rule, language: Language) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": rule.name,
        "family": rule.family,
        "severity": str(rule.severity),
        "stage": str(rule.stage),
        "preview": rule.preview or None,
        "live": rule.is_live,
        "not_live": None if rule.is_live else (rule.not_live or _FOUND_BY_THE_TOOL).in_(language),
        "title": rule.title.in_(language),
        "message": rule.message.in_(language),
        "remedy": rule.remedy.in_(language),
        "why": rule.why.in_(language),
        "wrong": _example(rule, rule.wrong).in_(language) or None,
        "right": _example(rule, rule.right).in_(language) or None,
        "forms": list(rule.forms),
        "limits": {limit.name: limit.default for limit in rule.limits},
        "law": [
            {
                "regulation": provision.regulation,
                "article": provision.article,
                "point": provision.point or None,
                "confidence": str(provision.confidence),
                "seen_in": provision.seen_in.in_(language),
            }
            for provision in rule.law
        ],
        "practice": rule.practice.in_(language) or None,
    }


_BLANK = Text("(để trống)", "(blank)")


_NO_ROWS = Text("không có dòng nào", "no row at all")


_AS_GOOD = Text("như kế hoạch mẫu", "as in the good plan")


def _value(value: ExampleValue) -> Text:
    if value is None:
        return _BLANK
    if isinstance(value, date):
        shown = value.strftime("%d/%m/%Y")
    elif isinstance(value, CellError):
        shown = value.code
    else:
        shown = str(value)
    return Text(shown, shown)


def _labels(sheet: Sheet) -> dict[str, Text]:
    """Return the label or heading of every field of a sheet."""
    labels = {column.field: column.header for column in sheet.columns}
    labels.update((cell.field, cell.label) for cell in sheet.cells)
    if sheet.grid is not None:
        for key, row in sheet.grid.rows:
            for column in sheet.grid.columns:
                label = Text(f"{row.vi}: {column.header.vi}", f"{row.en}: {column.header.en}")
                labels[f"{column.field}_{key}"] = label
    return labels


def _cells(sheet: Sheet, cells: Mapping[str, ExampleValue]) -> Text:
    if not cells:
        return _AS_GOOD
    labels = _labels(sheet)
    pairs = [(labels[field], _value(value)) for field, value in cells.items()]
    return Text(
        "; ".join(f"{label.vi} = {value.vi}" for label, value in pairs),
        "; ".join(f"{label.en} = {value.en}" for label, value in pairs),
    )


def _part(sheet: Sheet, count: int, said: Text) -> Text:
    vi, en = ("", "") if count == 1 else (f", {count} dòng", f", {count} rows")
    return Text(f"Trang «{sheet.name}»{vi}: {said.vi}", f"Sheet '{sheet.name}'{en}: {said.en}")


def example_parts(rule: Rule, example: Example) -> Iterator[Text]:
    """Yield the changes of an example to a good plan, sheet by sheet; equal rows are counted."""
    form = FORMS[example.form or rule.forms[0]]
    if example.cells:
        sheet = form.sheet(rule.sheet or "plan")
        yield _part(sheet, 1, _cells(sheet, example.cells))
    if example.cover:
        sheet = form.sheet("cover")
        yield _part(sheet, 1, _cells(sheet, example.cover))
    for key, rows in example.rows.items():
        sheet = form.sheet(key)
        if not rows:
            yield _part(sheet, 1, _NO_ROWS)
        for row, same in groupby(rows):
            yield _part(sheet, len(list(same)), _cells(sheet, row))
    if example.note.vi:
        yield example.note
