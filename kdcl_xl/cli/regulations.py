"""``kdcl-xl regulations``: what the catalogue holds, and how sure we are of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from kdcl_xl.cli.base import command, language
from kdcl_xl.cli.options import catalogue_from, catalogue_option, format_option
from workbook_templates.regulation import Criterion, Regulation
from workbook_templates.text import Text


@command(
    "regulations",
    Text(
        "Liệt kê các quy định có sẵn, thời gian hiệu lực, nguồn và độ tin cậy.",
        "List the regulations with their dates, sources and confidence.",
    ),
)
@format_option
@catalogue_option
def COMMAND(output_format: str, catalogue: Path | None) -> None:  # noqa: N802
    """List regulations."""
    regulations = catalogue_from(catalogue).regulations
    if output_format == "json":
        found = [_as_json(r) for r in regulations]
        click.echo(json.dumps({"regulations": found}, ensure_ascii=False, indent=2))
        return
    for regulation in regulations:
        _print(regulation)


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


def _print(regulation: Regulation) -> None:
    lang = language()
    end = ""
    if regulation.repealed_on:
        end = _UNTIL.format(day=regulation.repealed_on, by=regulation.repealed_by).in_(lang)
    kinds = ", ".join(kind.label.in_(lang) for kind in regulation.kinds)
    levels = ", ".join(
        f"{level} ({len(regulation.criteria_at(level))})" for level in regulation.levels
    )
    click.echo(f"{regulation.id}  {regulation.title}")
    lines = [
        Text(f"Loại hình: {kinds}. Mẫu {regulation.form}.", f"{kinds}. Form {regulation.form}."),
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
    for line in lines:
        click.echo(f"    {line.in_(lang)}")


def _criterion(criterion: Criterion) -> dict[str, Any]:
    return {
        "code": criterion.code,
        "title": criterion.title,
        "standard": criterion.standard or None,
        "levels": list(criterion.levels),
        "mandatory": criterion.mandatory,
        "aliases": list(criterion.aliases),
    }


def _as_json(regulation: Regulation) -> dict[str, Any]:
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
        "source": regulation.source.in_(language()),
        "confidence": str(regulation.confidence),
        "confidence_note": regulation.confidence_note.in_(language()),
        "standards": [
            {"no": s.no, "title": s.title, "aliases": list(s.aliases)} for s in regulation.standards
        ],
        "criteria": [_criterion(c) for c in regulation.criteria],
        "amendments": [
            {
                "number": a.number,
                "in_force_from": str(a.in_force_from),
                "confidence": str(a.confidence),
                "confidence_note": a.confidence_note.in_(language()),
                "criteria_total": a.criteria_total,
                "criteria": [_criterion(c) for c in a.criteria],
            }
            for a in regulation.amendments
        ],
    }
