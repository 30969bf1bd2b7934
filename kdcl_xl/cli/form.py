"""``kdcl-xl form``: the data dictionary of a form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from kdcl_xl.cli.base import command, language
from kdcl_xl.cli.options import (
    catalogue_from,
    catalogue_option,
    form_option,
    format_option,
    kind_option,
    regulation_option,
    rows_option,
    year_option,
)
from kdcl_xl.template.dictionary import form_dictionary
from kdcl_xl.template.issue import layout_from
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text
from workbook_templates.vocabulary import SchoolKind


@command(
    "form",
    Text(
        "In từ điển dữ liệu của mẫu: từng sheet, từng cột, từng ô nhập.",
        "Print the data dictionary of a form: sheets, columns, cells.",
    ),
)
@kind_option(required=True)
@year_option
@rows_option
@regulation_option
@form_option
@catalogue_option
@format_option
def COMMAND(  # noqa: N802 - found by this name
    kind: SchoolKind,
    school_year: SchoolYear,
    rows: int,
    regulation: str | None,
    form: str | None,
    catalogue: Path | None,
    output_format: str,
) -> None:
    """Print a form's dictionary."""
    known = catalogue_from(catalogue)
    layout = layout_from(known, kind, school_year, rows, regulation, form)
    dictionary = form_dictionary(layout, kind, language())
    if output_format == "json":
        click.echo(json.dumps(dictionary, ensure_ascii=False, indent=2))
        return
    click.echo(f"{layout.form.title.in_(language())}; {layout.regulation.title}")
    for sheet in dictionary["sheets"]:
        _print_sheet(sheet)


_ROWS = Text("dòng", "rows")
_REQUIRED = Text("bắt buộc", "required")
_LOCKED = Text("khóa", "locked")


def _print_sheet(sheet: dict[str, Any]) -> None:
    rows = ""
    if sheet["first_row"]:
        rows = f" ({_ROWS.in_(language())} {sheet['first_row']}-{sheet['last_row']})"
    click.echo(f"\n{sheet['name']}{rows}")
    for place, entries in (("ref", sheet["cells"]), ("letter", sheet["columns"])):
        for entry in entries:
            marks = [entry["type"]]
            marks += [_REQUIRED.in_(language())] if entry["required"] else []
            marks += [_LOCKED.in_(language())] if entry["locked"] else []
            label = entry.get("label") or entry.get("header")
            click.echo(f"  {entry[place]:<4} {entry['field']:<26} {label}  [{', '.join(marks)}]")
