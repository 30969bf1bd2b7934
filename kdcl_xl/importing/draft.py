"""The values of a plan as the document gives them, by sheet and field of the template."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kdcl_xl.importing import criteria as c
from kdcl_xl.importing.carried import plain_words
from kdcl_xl.importing.cover import (
    IN_CAPITALS,
    NO_ROLE,
    NOT_PARTED,
    OTHER_ROLE,
    Cover,
    Line,
    in_usual_case,
    office_in_usual_case,
)
from kdcl_xl.importing.ledger import NO_FIELD, NO_HEADING, Ledger, Left, Reading, Source
from kdcl_xl.importing.money import read_money, read_resources
from kdcl_xl.importing.narrative import Group, rows_of
from kdcl_xl.importing.plain import aligned, plain
from kdcl_xl.importing.raw_rows import RawRow
from kdcl_xl.importing.sections import ORGANISATION
from kdcl_xl.importing.when import read_when
from kdcl_xl.importing.who import read_who
from macros_free_validation.understood.reader import Period
from workbook_templates.declare import Lists
from workbook_templates.layout import Layout
from workbook_templates.regulation import Criterion
from workbook_templates.text import Text, fold, normalise
from workbook_templates.vocabulary import Ownership, ProgressState, level_label

FROM_PROSE = Text(
    "Mức cần đạt lấy từ câu trong ô kết quả cần đạt.",
    "The target level comes from a sentence of the expected result.",
)
OF_CRITERION = Text(
    "Nội dung của cột này được ghi ở trang «Tự đánh giá», dòng của tiêu chí.",
    "The column's text is on the sheet of the self-assessment, in the criterion's row.",
)
Row = dict[str, Reading]

_PLAIN_FIELDS = (
    "expected_result", "task", "lead", "coordination", "indicator", "planned_evidence",
    "support_conditions", "notes", "recurrence", "start", "deadline", "budget", "funding_source",
    "target_level", "improvement_content",
)  # fmt: skip


@dataclass
class Draft:
    """The values read from a document, before they are written; and the ledger of the document."""

    layout: Layout
    period: Period
    ledger: Ledger
    unit: str = ""
    is_other_regulation: bool = False
    school_code: str = ""
    """The code for the stamp, if the document was issued to the same school."""
    cover: Row = field(default_factory=dict)
    plan: list[Row] = field(default_factory=list)
    problems: list[Row] = field(default_factory=list)
    assessment: dict[str, Row] = field(default_factory=dict)
    grid: Row = field(default_factory=dict)
    progress: dict[int, Row] = field(default_factory=dict)
    """Reports on tasks, by the task's position in the plan."""

    words: dict[str, list[frozenset[str]]] = field(default_factory=dict)
    """The texts of the cells of each row of the document, by table: see `plain_words`."""
    lists: dict[str, list[Row]] = field(default_factory=dict)
    """Rows of lists that no document prints, by sheet."""
    others: dict[str, Row] = field(default_factory=dict)
    """Single cells of other sheets than the cover and the reports."""

    def cells_of(self, sheet: str) -> Row:
        """Return the single cells of a sheet, to be added to."""
        known = {"cover": self.cover, "progress": self.grid}
        return known[sheet] if sheet in known else self.others.setdefault(sheet, {})

    def readings(self) -> Iterator[Reading]:
        """Yield every value."""
        yield from self.cover.values()
        yield from self.grid.values()
        for row in (*self.plan, *self.problems, *self.assessment.values(), *self.progress.values()):
            yield from row.values()

    # ---- rows of the plan ---------------------------------------------------------------

    def add_row(self, raw: RawRow) -> None:
        """Add a task, as a row of a table or of a narrative plan has it."""
        row: Row = {}
        texts = _texts_of(raw)
        for name in ("improvement_content", "criterion"):
            self._mark_standards(raw.text(name))
        criterion = self._criterion(raw, row)
        for name in ("who", "when", "money", "resources"):
            if raw.text(name).text:
                self._put(row, self._parts(name, raw.text(name)), raw, name)
        for name in _PLAIN_FIELDS:
            source = raw.text(name)
            if source.text:
                self._put(row, self._whole(name, source), raw, name)
        self._target(row)
        self._beside(raw, criterion)
        has_field = self.layout.sheet("plan").has_column
        for name in [name for name in row if not has_field(name)]:
            reading = row.pop(name)
            self.ledger.leave(reading.source.paragraphs, NO_FIELD, NO_HEADING, raw.place)
        if row:
            self.plan.append(row)
            self.words.setdefault("plan", []).append(texts)
            self._progress(raw)

    def _progress(self, raw: RawRow) -> None:
        """Take the state of a task, which the last column of the form of 2026 prints."""
        source = raw.text("progress_state")
        if not source.text:
            return
        own: Row = {}
        for line in source.text.split("\n"):
            percent = _PERCENT.match(line.strip())
            state = next((s for s in ProgressState if fold(s.label.vi) == fold(line)), None)
            if percent:
                own["percent"] = Reading(float(percent[1]), source, line)
            elif state:
                own["progress_state"] = Reading(state.label.vi, source, line)
            else:
                own.setdefault("remark", Reading(line, source))
        self.progress[len(self.plan) - 1] = own

    def _put(self, row: Row, found: Iterable[tuple[str, Reading]], raw: RawRow, name: str) -> None:
        for target, reading in found:
            doubt = raw.doubts.get(name) or reading.doubt
            known = row.get(target)
            if known is not None and known.value != reading.value:
                both = known.source.joined(reading.source)
                value = f"{known.value}\n{reading.value}"
                row[target] = Reading(value, both, f"{known.read} {reading.read}", doubt)
            else:
                row[target] = replace(reading, doubt=doubt)

    def _parts(self, name: str, source: Source) -> Iterable[tuple[str, Reading]]:
        match name:
            case "who":
                return read_who(source)
            case "when":
                return read_when(source, self.period)
            case "money":
                return read_money(source, self.unit)
            case _:
                return read_resources(source)

    def _whole(self, name: str, source: Source) -> Iterable[tuple[str, Reading]]:
        if name in ("start", "deadline"):
            return [(name, Reading(source.text, source))]
        if name in ("budget", "funding_source"):
            return read_money(source, self.unit)
        if name == "recurrence":
            return read_when(source, self.period)
        if name == "target_level":
            return [(name, self._level(source))]
        if name == "lead":
            return [
                (name, next((r for n, r in read_who(source) if n == "lead"), Reading("", source)))
            ]
        return [(name, Reading(source.text, source))]

    @staticmethod
    def _level(source: Source) -> Reading:
        digits = {int(word) for word in plain(source.text).split() if word in ("1", "2", "3", "4")}
        if len(digits) == 1:
            return Reading(level_label(digits.pop()), source, source.text)
        return Reading(source.text, source)

    def _criterion(self, raw: RawRow, row: Row) -> Criterion | None:
        source, place = raw.text("criterion"), "criterion"
        if not source.text:
            source, place = self._criterion_in_content(raw), "improvement_content"
        if not source.text:
            return None
        kept = []
        for line in source.text.split("\n"):
            if c.standard_in(line) is not None and line != source.text:
                self._standard(line, source)
            else:
                kept.append(line)
        source = source.part("\n".join(kept))
        named = c.read_criterion(
            source, self.layout.regulation, raw.standard, is_level_4=raw.is_level_4
        )
        doubt = raw.doubts.get(place) or named.reading.doubt
        if self.is_other_regulation and named.criterion is not None:
            title = plain(source.text)
            is_named = any(plain(n) in title for n in c.names_of(named.criterion))
            if not is_named:
                self.ledger.leave(source.paragraphs, c.OTHER_REGULATION, _CRITERION, raw.place)
                return None
        row["criterion"] = replace(named.reading, doubt=doubt)
        return named.criterion

    def _criterion_in_content(self, raw: RawRow) -> Source:
        """Return the lines of the content of improvement that name a criterion: the form's way."""
        source = raw.text("improvement_content")
        lines = source.text.split("\n")
        own = [line for line in lines if _names_criterion(line)]
        rest = [line for line in lines if line not in own and not self._is_standard(line)]
        if not own:
            return Source("", ())
        if rest:
            raw.texts["improvement_content"] = source.part("\n".join(rest))
        else:
            del raw.texts["improvement_content"]
        return source.part("\n".join(own))

    def _mark_standards(self, source: Source) -> None:
        """Record the paragraphs of a cell that name a standard, which the template computes."""
        for paragraph in source.paragraphs:
            if self._is_standard(paragraph.text):
                self.ledger.heading(paragraph)

    def _is_standard(self, line: str) -> bool:
        named = c.standard_in(line)
        if named is None:
            return False
        known = c.standard_of(named, self.layout.regulation)
        return known is not None and c.is_title_of(named.title, known)

    def _standard(self, line: str, source: Source) -> None:
        if not self._is_standard(line):
            self.ledger.leave(source.paragraphs, c.OTHER_STANDARD, _STANDARD)

    def _target(self, row: Row) -> None:
        expected = row.get("expected_result")
        if expected is None or "target_level" in row or not isinstance(expected.value, str):
            return
        level = c.target_in(expected.value)
        if level is not None:
            is_all = len(plain(expected.value).split()) <= _SHORT
            doubt = None if is_all else FROM_PROSE
            row["target_level"] = Reading(level_label(level), expected.source, "", doubt)

    def _beside(self, raw: RawRow, criterion: Criterion | None) -> None:
        """Keep weaknesses, strengths and problems beside a task."""
        names = {"weakness": "weaknesses", "strengths": "strengths"}
        for name, target in names.items():
            source = raw.text(name)
            if source.text:
                self.add_to_assessment(criterion, target, source)
        rest = [n for n in ("current_state", "cause", "standard") if n in raw.texts]
        for name in rest:
            if name == "standard" and self._is_standard(raw.text(name).text):
                self.ledger.heading(*raw.text(name).paragraphs)
            else:
                self.ledger.leave(raw.text(name).paragraphs, NO_FIELD, _LABELS[name], raw.place)

    def add_to_assessment(self, criterion: Criterion | None, name: str, source: Source) -> None:
        """Add a strength or weakness to the row of its criterion on the self-assessment."""
        if criterion is None or not self.layout.sheet("self_assessment").has_column(name):
            self.ledger.leave(source.paragraphs, NO_FIELD, _LABELS[name])
            return
        row = self.assessment.setdefault(criterion.code, {})
        known = row.get(name)
        if known is None:
            row[name] = Reading(source.text, source)
        elif fold(source.text) not in fold(str(known.value)):
            both = known.source.joined(source)
            row[name] = Reading(f"{known.value}\n{source.text}", both)
        else:
            row[name] = replace(known, source=known.source.joined(source))

    # ---- problems -----------------------------------------------------------------------

    def add_problem(self, raw: RawRow) -> None:
        """Add a problem of the form of 2026; on the other form it is left for a person."""
        if not self.layout.has_sheet("problems"):
            for source in raw.texts.values():
                self.ledger.leave(source.paragraphs, NO_FIELD, NO_HEADING, raw.place)
            return
        row: Row = {}
        texts = _texts_of(raw)
        self._criterion(raw, row)
        for name in ("standard", "current_state", "weakness", "cause"):
            source = raw.text(name)
            if source.text:
                reading = (
                    self._standard_choice(source)
                    if name == "standard"
                    else Reading(source.text, source)
                )
                row[name] = replace(reading, doubt=raw.doubts.get(name) or reading.doubt)
        if row:
            self.problems.append(row)
            self.words.setdefault("problems", []).append(texts)

    def _standard_choice(self, source: Source) -> Reading:
        named = c.standard_in(source.text)
        text = plain(source.text)
        for standard in self.layout.regulation.standards:
            same_no = named is not None and named.no == standard.no
            if same_no and c.is_title_of(named.title if named else "", standard):
                return Reading(standard.label, source, source.text)
            if text in (plain(standard.title), str(standard.no)):
                return Reading(standard.label, source, source.text)
        return Reading(source.text, source, doubt=c.OTHER_STANDARD)

    # ---- narrative ----------------------------------------------------------------------

    def add_group(self, group: Group) -> None:
        """Add the tasks and weaknesses of a group of a narrative plan."""
        raw_rows = list(rows_of(group))
        for raw in raw_rows:
            self.add_row(raw)
        criterion = None
        if group.is_criterion and group.title is not None:
            criterion = c.read_criterion(
                group.title, self.layout.regulation, group.standard
            ).criterion
        has_problems = self.layout.has_sheet("problems")
        for source in group.weaknesses:
            if has_problems:
                raw = RawRow(group.place, {"weakness": source}, standard=group.standard)
                if group.title is not None:
                    name = "criterion" if group.is_criterion else "standard"
                    raw.texts[name] = group.title
                self.add_problem(raw)
            else:
                self.add_to_assessment(criterion, "weaknesses", source)
        for name, sources in group.others.items():
            for source in sources:
                if name == "strengths":
                    self.add_to_assessment(criterion, "strengths", source)
                else:
                    self.ledger.leave(source.paragraphs, NO_FIELD, _LABELS[name], group.place)

    # ---- cover --------------------------------------------------------------------------

    def add_cover(self, cover: Cover, whole: str) -> None:
        """Take the cells of the cover sheet."""
        sheet = self.layout.sheet("cover")
        for name, reading in cover.fields.items():
            if name == "school_code" and not sheet.has_cell(name):
                continue
            if not sheet.has_cell(name):
                self.ledger.leave(reading.source.paragraphs, NO_FIELD, NO_HEADING)
                continue
            self.cover[name] = self._cover_value(name, reading, whole)
        passages = dict(cover.passages)
        self._purposes(passages)
        self._organisation(passages, sheet.has_cell)
        for name, lines in passages.items():
            source = _joined(lines)
            if sheet.has_cell(name):
                known = self.cover.get(name)
                others = any(id(line.paragraph) in cover.other_roles for line in lines)
                doubt = OTHER_ROLE if others else None
                self.cover[name] = known or Reading(source.text, source, doubt=doubt)
            else:
                self.ledger.leave(source.paragraphs, NO_FIELD, _LABELS.get(name, NO_HEADING))

    def _cover_value(self, name: str, reading: Reading, whole: str) -> Reading:
        text = str(reading.value)
        if name == "signer":
            return replace(reading, value=office_in_usual_case(text))
        if name in ("school_name", "parent_body") and text.isupper():
            parts = [in_usual_case(line, whole) for line in text.split("\n")]
            value = "\n".join(part for part, _ in parts)
            is_guess = any(by_rule for _, by_rule in parts) and name == "school_name"
            return replace(reading, value=value, doubt=IN_CAPITALS if is_guess else None)
        if name == "ownership":
            meant = next((o for o in Ownership if fold(o.label.vi) == fold(text)), None)
            return replace(reading, value=meant.label.vi if meant else text)
        return reading

    def _purposes(self, passages: dict[str, list[Line]]) -> None:
        both = passages.pop("purpose_requirements", [])
        if not both:
            return
        own = passages.get("purpose", [])
        source = _joined([*both, *own])
        passages.pop("purpose", None)
        self.cover["purpose"] = Reading(source.text, source, doubt=NOT_PARTED)

    def _organisation(self, passages: dict[str, list[Line]], has_cell: object) -> None:
        lines = passages.pop(ORGANISATION, [])
        if lines:
            own = passages.pop("organisation_principal", [])
            source = _joined([*lines, *own])
            self.cover["organisation_principal"] = Reading(source.text, source, doubt=NO_ROLE)
        del has_cell


def _texts_of(raw: RawRow) -> frozenset[str]:
    return frozenset(plain_words(source.text) for source in raw.texts.values())


_PERCENT = re.compile(r"^(\d{1,3})\s*%$")
_SHORT = 8
"""Words of an expected result that says nothing but a level to keep or reach."""
_CRITERION = Text("Tiêu chí", "Criterion")
_STANDARD = Text("Tiêu chuẩn", "Standard")
_LABELS: Mapping[str, Text] = {
    "weaknesses": Text("Điểm yếu, hạn chế", "Weaknesses"),
    "weakness": Text("Điểm yếu, hạn chế", "Weaknesses"),
    "strengths": Text("Điểm mạnh", "Strengths"),
    "current_state": Text("Hiện trạng", "Current state"),
    "cause": Text("Nguyên nhân", "Cause"),
    "standard": _STANDARD,
    "organisation_supervision": Text("Tổ giám sát", "Supervision team"),
}


def _names_criterion(line: str) -> bool:
    key = aligned(normalise(line)).lstrip(" -+•(")
    return key.startswith(("tieu chi ", "tc ")) and any(ch.isdigit() for ch in key[:16])


def _joined(lines: Sequence[Line]) -> Source:
    text = "\n".join(line.text for line in lines)
    paragraphs = dict.fromkeys(id(line.paragraph) for line in lines)
    by_id = {id(line.paragraph): line.paragraph for line in lines}
    return Source(text, tuple(by_id[key] for key in paragraphs))


__all__ = ["Draft", "Left", "Lists", "Row"]
