"""Findings as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from kdcl_xl.checking.check import Checked, Summary, summarise
from macros_free_validation.rule import Finding
from macros_free_validation.values import CellError, Raw
from workbook_templates.text import Language, Text

_REMEDY = Text("Cách xử lý", "Remedy")
_NO_FINDINGS = Text("không có vấn đề nào", "nothing found")
_SUMMARY = Text(
    "Tổng cộng {files} tệp, {unreadable} không đọc được; {errors} lỗi, {warnings} cảnh báo, "
    "{notes} lưu ý.",
    "{files} files, {unreadable} unreadable; {errors} errors, {warnings} warnings, {notes} notes.",
)


def json_value(value: Raw) -> str | float | int | bool | None:
    """A raw value as JSON; error values by their code, whole numbers as integers."""
    if isinstance(value, CellError):
        return value.code
    if type(value) is float and value.is_integer():
        return int(value)
    return value


def _finding(finding: Finding, language: Language) -> dict[str, Any]:
    described = {
        "rule": finding.rule,
        "slug": finding.slug,
        "severity": str(finding.severity),
        "sheet": finding.sheet,
        "cell": finding.cell,
        "field": finding.field,
        "value": json_value(finding.value),
        "message": finding.message.in_(language),
        "remedy": finding.remedy.in_(language),
    }
    if finding.waived:
        described["waived"] = finding.waived.in_(language)
    return described


def _file(checked: Checked, language: Language) -> dict[str, Any]:
    submission = checked.submission
    return {
        "path": submission.shown_path,
        "status": "read" if submission.is_read else "unreadable",
        "school": {
            "code": submission.code or None,
            "name": submission.name or None,
            "kind": submission.kind,
            "school_year": submission.school_year or None,
        },
        "findings": [_finding(f, language) for f in checked.findings],
    }


def as_json(checked: Sequence[Checked], language: Language) -> str:
    """All findings as JSON."""
    total = summarise(checked)
    report = {
        "files": [_file(c, language) for c in checked],
        "summary": {
            "files": total.files,
            "unreadable": total.unreadable,
            "errors": total.errors,
            "warnings": total.warnings,
            "notes": total.notes,
        },
    }
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def where(finding: Finding) -> str:
    """Sheet and cell of a finding: ``Kế hoạch!H7``; empty for a whole file."""
    parts = [part for part in (finding.sheet, finding.cell) if part]
    return "!".join(parts)


def lines_of(checked: Checked, language: Language) -> Iterator[str]:
    """The findings of one file, one line each."""
    path = checked.submission.shown_path
    if not checked.findings:
        yield f"{path}: {_NO_FINDINGS.in_(language)}"
    for finding in checked.findings:
        place = f"{path}: {where(finding)}".rstrip(": ")
        severity = finding.severity.label.in_(language)
        message = show_on_one_line(finding.message.in_(language))
        remedy = finding.remedy.in_(language)
        yield f"{place}: {finding.rule} [{severity}] {message} {_REMEDY.in_(language)}: {remedy}"


def show_on_one_line(text: str) -> str:
    """A message with line breaks folded."""
    return " ".join(text.split())


def summary_line(total: Summary, language: Language) -> str:
    """The counts in one sentence."""
    return _SUMMARY.format(
        files=total.files,
        unreadable=total.unreadable,
        errors=total.errors,
        warnings=total.warnings,
        notes=total.notes,
    ).in_(language)


def as_text(checked: Sequence[Checked], language: Language) -> str:
    """All findings as text, one line each, and a summary."""
    lines = [line for c in checked for line in lines_of(c, language)]
    return "\n".join([*lines, summary_line(summarise(checked), language)]) + "\n"
