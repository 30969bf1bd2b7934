"""Reports as a page that can be sent to a school, read on a telephone, or printed on A4.

The page needs no network, no script and no other file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from kdcl_xl.files import base_name
from kdcl_xl.reporting.report import Column, Group, Kind, Report, Table, Value, word
from macros_free_validation.rule import Severity
from workbook_templates.text import Language, printable

# No source is allowed but the page itself, should anything slip through the escaping.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = Path(__file__).with_name("page.css")

ENDINGS = (".html", ".htm")


def render(report: Report) -> str:
    """Write a report as one page of HTML."""
    language = report.language
    title, intro = report.title.in_(language), report.intro.in_(language)
    table = report.table
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{language}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{_safe(title)}</title>",
            f"<style>\n{_STYLE.read_text('utf-8')}</style>",
            "</head>",
            "<body>",
            f"<h1>{_safe(title)}</h1>",
            *_paragraph(intro, "intro"),
            *_paragraph(report.summary, "summary"),
            *(line for group in table.groups for line in _section(table, group, language)),
            "</body>",
            "</html>",
            "",
        ]
    )


def _safe(text: str) -> str:
    """Return a text for any place in the page, control characters spelt out."""
    return escape(printable(text))


def _paragraph(text: str, name: str) -> Iterator[str]:
    if text:
        yield f'<p class="{name}">{_safe(text)}</p>'


def _shown(column: Column, value: Value, language: Language) -> str:
    text = word(value, language)
    return base_name(text) if column.kind is Kind.PATH else text


def _section(table: Table, group: Group, language: Language) -> Iterator[str]:
    """Yield one subject: its heading, its note, and its rows by section."""
    yield "<section>"
    facts = [
        (column.heading.in_(language), _shown(column, value, language))
        for column, value in zip(table.subjects, group.subject, strict=True)
        if word(value, language)
    ]
    if facts:
        # The last value known is the most telling one: a school's name, else its code or file.
        *others, (_, heading) = facts
        yield f"<h2>{_safe(heading)}</h2>"
        yield from _paragraph("; ".join(f"{label}: {text}" for label, text in others), "facts")
    yield from _paragraph(group.note, "note")
    at = next((i for i, c in enumerate(table.columns) if c.kind is Kind.SECTION), None)
    if at is None:
        yield from _rows(table.columns, group.rows, language)
    else:
        yield from _by_section(table, group, at, language)
    yield "</section>"


def _by_section(table: Table, group: Group, at: int, language: Language) -> Iterator[str]:
    """Yield the rows of each section under its heading; sections come as they first appear."""
    sections: dict[str, list[tuple[Value, ...]]] = {}
    column = table.columns[at]
    for row in group.rows:
        name = word(row[at], language)
        sections.setdefault(name, []).append((*row[:at], *row[at + 1 :]))
    columns = (*table.columns[:at], *table.columns[at + 1 :])
    for name, rows in sections.items():
        heading = f"{column.heading.in_(language)}: {name}" if name else column.blank.in_(language)
        yield f"<h3>{_safe(heading)}</h3>"
        yield from _rows(columns, rows, language)


def _rows(
    columns: Sequence[Column], rows: Sequence[tuple[Value, ...]], language: Language
) -> Iterator[str]:
    """Yield a table. Each cell carries its heading too: a narrow screen shows no header row."""
    if not rows:
        return
    headings = [_safe(column.heading.in_(language)) for column in columns]
    yield "<table>"
    yield "<thead><tr>" + "".join(f'<th scope="col">{h}</th>' for h in headings) + "</tr></thead>"
    yield "<tbody>"
    for row in rows:
        cells = zip(columns, headings, row, strict=True)
        yield "<tr>" + "".join(_cell(c, h, v, language) for c, h, v in cells) + "</tr>"
    yield "</tbody>"
    yield "</table>"


def _cell(column: Column, heading: str, value: Value, language: Language) -> str:
    text = _safe(_shown(column, value, language))
    if isinstance(value, Severity):
        text = f'<strong class="{value}">{text}</strong>'
    name = ' class="code"' if column.kind is Kind.CODE else ""
    return f'<td{name} data-heading="{heading}">{text}</td>'
