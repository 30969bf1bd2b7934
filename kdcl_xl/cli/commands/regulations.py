"""``kdcl-xl regulations``: the regulations of the catalogue, and the confidence in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kdcl_xl.cli.base import command, language
from kdcl_xl.cli.lazy import Summary
from kdcl_xl.cli.options import catalogue_from, catalogue_option
from kdcl_xl.cli.reports import Publisher, report_options
from kdcl_xl.reporting.report import Column, Group, Kind, Report, Table, Value
from workbook_templates.certainty import Certainty
from workbook_templates.regulation import Criterion, Regulation
from workbook_templates.school_kind import SchoolKind
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
    Column(Text("Cấp học (loại cơ sở)", "School kinds")),
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
        _sources(regulation, language),
    )


_FORCE = Text("Hiệu lực từ {start}{end}", "In force from {start}{end}")
_UNTIL = Text(" đến trước {day} (thay bởi {by})", " until {day} (repealed by {by})")
_COUNT = Text(
    "{standards} tiêu chuẩn, {criteria} tiêu chí, {mandatory} bắt buộc; mức: {levels}",
    "{standards} standards, {criteria} criteria, {mandatory} mandatory; levels: {levels}",
)
_SURE = Text(
    "Độ tin cậy của {item}: {confidence}, {gazette}. {note} Nguồn: {source}",
    "Confidence in {item}: {confidence}, {gazette}. {note} Source: {source}",
)
_KIND = Text(
    "{kind}: ghi «{short}» trong danh sách trường; nơi nhận kế hoạch: {receiver}",
    "{kind}: write '{short}' in the list of schools; plans go to: {receiver}",
)
_AMENDED = Text(
    "Sửa đổi: Thông tư {number}, hiệu lực từ {start}{end}; mã «{id}»; {state} (độ tin cậy: "
    "{confidence})",
    "Amended by circular {number}, in force from {start}{end}; id '{id}'; {state} (confidence: "
    "{confidence})",
)
_BEFORE = Text(" đến trước {day}", " until {day}")
_CONFIRMED = Text("đã đối chiếu, được áp dụng", "confirmed and applied")
_UNCONFIRMED = Text(
    "chưa đối chiếu: chấp nhận cả cách cũ và mới, không kết luận mức thay nhà trường",
    "not confirmed: the old and the new text are accepted, and no level is denied",
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
        Text(f"Áp dụng cho: {kinds}. Mẫu {regulation.form}.", f"{kinds}. Form {regulation.form}."),
        _FORCE.format(start=regulation.in_force_from, end=end),
        _COUNT.format(
            standards=len(regulation.standards),
            criteria=sum(len(s.criteria) for s in regulation.standards),
            mandatory=sum(c.mandatory for c in regulation.criteria),
            levels=levels,
        ),
    ]
    lines += [
        _KIND.format(kind=kind.label, short=kind.short, receiver=kind.receiver.label)
        for kind in regulation.kinds
    ]
    lines += [_sure(entry) for entry in regulation.certainty]
    for a in regulation.amendments:
        end_of_force = _BEFORE.format(day=a.in_force_until) if a.in_force_until else Text("", "")
        lines.append(
            _AMENDED.format(
                number=a.number,
                start=a.in_force_from,
                end=end_of_force,
                id=a.id,
                state=_CONFIRMED if a.is_confirmed else _UNCONFIRMED,
                confidence=a.confidence.label,
            )
        )
        lines += [a.other_changes] if a.other_changes.vi else []
    yield from (f"    {line.in_(language)}" for line in lines)


def _sure(entry: Certainty) -> Text:
    """Return the line on the certainty of one item."""
    return _SURE.format(
        item=Text(_lower(entry.item.label.vi), _lower(entry.item.label.en)),
        confidence=entry.confidence.label,
        gazette=entry.gazette,
        note=entry.note,
        source=entry.source,
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _sources(regulation: Regulation, language: Language) -> str:
    """Return every source of a regulation once, in the order of its items."""
    return " ".join(dict.fromkeys(e.source.in_(language) for e in regulation.certainty))


def _certainty(entries: Sequence[Certainty], language: Language) -> list[dict[str, Any]]:
    return [
        {
            "of": str(entry.item),
            "confidence": str(entry.confidence),
            "source": entry.source.in_(language),
            "note": entry.note.in_(language),
            "compared_with_gazette": entry.is_compared,
        }
        for entry in entries
    ]


def _kind(kind: SchoolKind, language: Language) -> dict[str, Any]:
    return {
        "id": kind.id,
        "name": kind.label.in_(language),
        "aliases": list(kind.aliases),
        "levels": list(kind.levels),
        "receiver": str(kind.receiver),
        "head": kind.head.in_(language),
        "learners": kind.learners.in_(language),
    }


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
        "kinds": [kind.id for kind in regulation.kinds],
        "school_kinds": [_kind(kind, language) for kind in regulation.kinds],
        "in_force_from": str(regulation.in_force_from),
        "repealed_on": str(regulation.repealed_on) if regulation.repealed_on else None,
        "repealed_by": regulation.repealed_by or None,
        "school_level_rule": regulation.school_level_rule,
        "source": _sources(regulation, language),
        "confidence": str(regulation.confidence),
        "certainty": _certainty(regulation.certainty, language),
        "standards": [
            {"no": s.no, "title": s.title, "aliases": list(s.aliases)} for s in regulation.standards
        ],
        "criteria": [_criterion(c) for c in regulation.criteria],
        "amendments": [
            {
                "id": a.id,
                "number": a.number,
                "issued": str(a.issued) if a.issued else None,
                "in_force_from": str(a.in_force_from),
                "in_force_until": str(a.in_force_until) if a.in_force_until else None,
                "confirmed": a.is_confirmed,
                "replaces": list(a.replaces),
                "other_changes": a.other_changes.in_(language) or None,
                "confidence": str(a.confidence),
                "certainty": _certainty(a.certainty, language),
                "criteria_total": a.criteria_total,
                "criteria": [_criterion(c) for c in a.criteria],
            }
            for a in regulation.amendments
        ],
    }
