"""Reports as JSON, for programs."""

from __future__ import annotations

import json

from kdcl_xl.reporting.report import Report
from workbook_templates.text import printable

ENDINGS = (".json",)


def render(report: Report) -> str:
    """Write a report as one JSON document."""
    # ``printable`` spells control characters as JSON does, so the document stays the same.
    return printable(json.dumps(report.records, ensure_ascii=False, indent=2) + "\n")
