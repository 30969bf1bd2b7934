"""``kdcl-xl form``: the data dictionary of a form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kdcl_xl.cli.base import command, language
from kdcl_xl.cli.lazy import Summary
from kdcl_xl.cli.options import (
    catalogue_from,
    catalogue_option,
    form_option,
    kind_from,
    kind_option,
    regulation_option,
    rows_option,
    year_option,
)
from kdcl_xl.cli.reports import Publisher, report_options
from kdcl_xl.reporting.report import Column, Group, Kind, Report, Table, Value
from kdcl_xl.template.dictionary import form_dictionary
from kdcl_xl.template.issue import layout_from
from workbook_templates.layout import Layout
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Language, Text

SUMMARY = Summary(70, "In từ điển dữ liệu của mẫu.", "Print the data dictionary of a form.")


@command(
    "form",
    Text(
        "In từ điển dữ liệu của mẫu: từng trang, từng cột, từng ô nhập.",
        "Print the data dictionary of a form: sheets, columns, cells.",
    ),
)
@kind_option(required=True)
@year_option
@rows_option
@regulation_option
@form_option
@catalogue_option
@report_options
def COMMAND(  # noqa: N802 - found by this name
    kind: str,
    school_year: SchoolYear,
    rows: int,
    regulation: str | None,
    form: str | None,
    catalogue: Path | None,
    publish: Publisher,
) -> None:
    """Print a form's dictionary."""
    known = catalogue_from(catalogue)
    chosen = kind_from(known, kind)
    layout = layout_from(known, chosen, school_year, rows, regulation, form)
    publish(FormReport(layout, form_dictionary(layout, chosen, language()), language()))


@dataclass(frozen=True)
class FormReport(Report):
    """The data dictionary of a form."""

    layout: Layout
    dictionary: Mapping[str, Any]
    language: Language

    @property
    def title(self) -> Text:
        """The titles of the form and of its regulation."""
        form, regulation = self.layout.form.title, self.layout.regulation.title
        return Text(f"{form.vi}; {regulation}", f"{form.en}; {regulation}")

    @property
    def records(self) -> Mapping[str, Any]:
        """The dictionary itself."""
        return self.dictionary

    @property
    def lines(self) -> Iterator[str]:
        """One line a cell or column, sheet by sheet."""
        yield self.title.in_(self.language)
        for sheet in self.dictionary["sheets"]:
            yield from _lines(sheet, self.language)

    @property
    def table(self) -> Table:
        """One row a cell or column, in a group for each sheet."""
        groups = (
            Group((sheet["name"],), tuple(map(_row, _entries(sheet))))
            for sheet in self.dictionary["sheets"]
        )
        return Table(_COLUMNS, tuple(groups), (Column(Text("Trang", "Sheet")),))


_ROWS = Text("dòng", "rows")
_REQUIRED = Text("bắt buộc", "required")
_LOCKED = Text("khóa", "locked")
_COLUMNS = (
    Column(Text("Vị trí", "Place"), Kind.CODE),
    Column(Text("Trường dữ liệu", "Field")),
    Column(Text("Nhãn", "Label")),
    Column(Text("Kiểu", "Type")),
    Column(Text("Bắt buộc", "Required")),
    Column(Text("Khóa", "Locked")),
)


def _entries(sheet: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the cells and then the columns of a sheet, each with its address and label."""
    for entry in sheet["cells"]:
        yield entry | {"place": entry["ref"]}
    for entry in sheet["columns"]:
        yield entry | {"place": entry["letter"], "label": entry["header"]}


def _row(entry: Mapping[str, Any]) -> tuple[Value, ...]:
    return tuple(entry[k] for k in ("place", "field", "label", "type", "required", "locked"))


def _lines(sheet: Mapping[str, Any], language: Language) -> Iterator[str]:
    rows = ""
    if sheet["first_row"]:
        rows = f" ({_ROWS.in_(language)} {sheet['first_row']}-{sheet['last_row']})"
    yield ""
    yield f"{sheet['name']}{rows}"
    for entry in _entries(sheet):
        marks = [entry["type"]]
        marks += [_REQUIRED.in_(language)] if entry["required"] else []
        marks += [_LOCKED.in_(language)] if entry["locked"] else []
        place, field, label = entry["place"], entry["field"], entry["label"]
        yield f"  {place:<4} {field:<26} {label}  [{', '.join(marks)}]"
