"""``kdcl-xl regulations``: the regulations of the catalogue, and the confidence in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kdcl_xl.cli.base import command, language
from kdcl_xl.cli.lazy import Summary
from kdcl_xl.cli.options import catalogue_from, catalogue_option
from kdcl_xl.cli.reports import Publisher, report_options
from kdcl_xl.reporting.report import Column, Group, Kind, Report, Table, Value
from workbook_templates.regulation import Criterion, Regulation
from workbook_templates.text import Language, Text

SUMMARY = Summary(
    80, "Liệt kê các quy định và độ tin cậy.", "List regulations with their confidence."
)


@command(
    "regulations",
    Text(
        "Liệt kê các quy định có sẵn, thời gian hiệu lực, nguồn và độ tin cậy.",
        "List the regulations with their dates, sources and confidence.",
    ),
)
@report_options
@catalogue_option
def COMMAND(publish: Publisher, catalogue: Path | None) -> None:  # noqa: N802
    """List regulations."""
    publish(RegulationsReport(catalogue_from(catalogue).regulations, language()))


@dataclass(frozen=True)
class RegulationsReport(Report):
    """The regulations of a catalogue."""

    regulations: tuple[Regulation, ...]
    language: Language

    title = Text("Các quy định", "Regulations")

    @property
    def records(self) -> Mapping[str, Any]:
        """Everything about the regulations, criteria and amendments included."""
        return {"regulations": [_record(r, self.language) for r in self.regulations]}

    @property
    def lines(self) -> Iterator[str]:
        """A paragraph a regulation."""
        return (line for r in self.regulations for line in _lines(r, self.language))

    @property
    def table(self) -> Table:
        """One row a regulation."""
        rows = tuple(_row(regulation, self.language) for regulation in self.regulations)
        return Table(_COLUMNS, (Group((), rows),))


_COLUMNS = (
    Column(Text("Mã", "Id"), Kind.CODE),
    Column(Text("Số hiệu", "Number")),
    Column(Text("Tên", "Title")),
    Column(Text("Cấp học", "School kinds")),
    Column(Text("Mẫu", "Form")),
    Column(Text("Hiệu lực từ", "In force from")),
    Column(Text("Hết hiệu lực", "Repealed on")),
    Column(Text("Số tiêu chí", "Criteria")),
    Column(Text("Độ tin cậy", "Confidence")),
    Column(Text("Nguồn", "Source")),
)


def _row(regulation: Regulation, language: Language) -> tuple[Value, ...]:
    return (
        regulation.id,
        regulation.number,
        regulation.title,
        ", ".join(kind.label.in_(language) for kind in regulation.kinds),
        regulation.form,
        str(regulation.in_force_from),
        str(regulation.repealed_on or ""),
        len(regulation.criteria),
        regulation.confidence,
        regulation.source.in_(language),
    )


_FORCE = Text("Hiệu lực từ {start}{end}", "In force from {start}{end}")
_UNTIL = Text(" đến trước {day} (thay bởi {by})", " until {day} (repealed by {by})")
_COUNT = Text(
    "{standards} tiêu chuẩn, {criteria} tiêu chí, {mandatory} bắt buộc; mức: {levels}",
    "{standards} standards, {criteria} criteria, {mandatory} mandatory; levels: {levels}",
)
_SURE = Text("Độ tin cậy: {confidence}. {note}", "Confidence: {confidence}. {note}")
_SOURCE = Text("Nguồn: {source}", "Source: {source}")
_AMENDED = Text(
    "Sửa đổi chưa áp dụng: {number} (độ tin cậy: {confidence})",
    "Amendment not applied: {number} (confidence: {confidence})",
)


def _lines(regulation: Regulation, language: Language) -> Iterator[str]:
    end = ""
    if regulation.repealed_on:
        end = _UNTIL.format(day=regulation.repealed_on, by=regulation.repealed_by).in_(language)
    kinds = ", ".join(kind.label.in_(language) for kind in regulation.kinds)
    levels = ", ".join(
        f"{level} ({len(regulation.criteria_at(level))})" for level in regulation.levels
    )
    yield f"{regulation.id}  {regulation.title}"
    lines = [
        Text(f"Cấp học: {kinds}. Mẫu {regulation.form}.", f"{kinds}. Form {regulation.form}."),
        _FORCE.format(start=regulation.in_force_from, end=end),
        _COUNT.format(
            standards=len(regulation.standards),
            criteria=sum(len(s.criteria) for s in regulation.standards),
            mandatory=sum(c.mandatory for c in regulation.criteria),
            levels=levels,
        ),
        _SURE.format(confidence=regulation.confidence.label, note=regulation.confidence_note),
        _SOURCE.format(source=regulation.source),
    ]
    lines += [
        _AMENDED.format(number=a.number, confidence=a.confidence.label)
        for a in regulation.amendments
    ]
    yield from (f"    {line.in_(language)}" for line in lines)


def _criterion(criterion: Criterion) -> dict[str, Any]:
    return {
        "code": criterion.code,
        "title": criterion.title,
        "standard": criterion.standard or None,
        "levels": list(criterion.levels),
        "mandatory": criterion.mandatory,
        "aliases": list(criterion.aliases),
    }


def _record(regulation: Regulation, language: Language) -> dict[str, Any]:
    return {
        "id": regulation.id,
        "number": regulation.number,
        "title": regulation.title,
        "form": regulation.form,
        "kinds": list(regulation.kinds),
        "in_force_from": str(regulation.in_force_from),
        "repealed_on": str(regulation.repealed_on) if regulation.repealed_on else None,
        "repealed_by": regulation.repealed_by or None,
        "school_level_rule": regulation.school_level_rule,
        "source": regulation.source.in_(language),
        "confidence": str(regulation.confidence),
        "confidence_note": regulation.confidence_note.in_(language),
        "standards": [
            {"no": s.no, "title": s.title, "aliases": list(s.aliases)} for s in regulation.standards
        ],
        "criteria": [_criterion(c) for c in regulation.criteria],
        "amendments": [
            {
                "number": a.number,
                "in_force_from": str(a.in_force_from),
                "confidence": str(a.confidence),
                "confidence_note": a.confidence_note.in_(language),
                "criteria_total": a.criteria_total,
                "criteria": [_criterion(c) for c in a.criteria],
            }
            for a in regulation.amendments
        ],
    }
