"""Reports as lines for a terminal."""

from __future__ import annotations

from kdcl_xl.reporting.report import Report
from workbook_templates.text import printable

ENDINGS = (".txt",)


def render(report: Report) -> str:
    """Write a report line by line."""
    return printable("".join(f"{line}\n" for line in report.lines))
