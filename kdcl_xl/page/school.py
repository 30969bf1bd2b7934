"""Answer the requests of a school: check its workbook, issue a blank template."""

from __future__ import annotations

from typing import Any

from kdcl_xl.checking.check import Checked
from kdcl_xl.checking.many import check_all
from kdcl_xl.checking.record import unpack
from kdcl_xl.checking.report import CheckReport, shown_value
from kdcl_xl.checking.settings import Settings
from kdcl_xl.checking.task import Task
from kdcl_xl.checking.waivers import apply
from kdcl_xl.page.answers import Answer, Output
from kdcl_xl.page.job import Job
from kdcl_xl.reporting.report import endings, render
from kdcl_xl.schools import School, checked_code
from kdcl_xl.submission.inventory import find_inputs
from kdcl_xl.template.issue import file_name, layout_from, template_bytes
from macros_free_validation.rule import Finding, Severity
from workbook_templates.school_year import school_year_of
from workbook_templates.text import Text


def offer(job: Job) -> Answer:
    """Return the choices of the forms: kinds of school, the current school year, severities."""
    kinds = [{"id": kind.id, "label": job.said(kind.label)} for kind in job.catalogue.kinds]
    severities = {str(severity): job.said(severity.label) for severity in Severity}
    year = str(school_year_of(job.today))
    return Answer({"kinds": kinds, "school_year": year, "severities": severities})


def check(job: Job) -> Answer:
    """Return the findings of files, as ``kdcl-xl check --format json`` prints them.

    Beside each finding is the name of its cell and the content of the cell in words. The files to
    save are the report as a page to print and as a table.
    """
    settings = Settings()
    files = find_inputs(job.files, settings.reading.bounds)
    task = Task(job.catalogue, job.today, settings.reading)
    records = check_all(files, task, job.workers, job.progress)
    checked = apply(settings, [unpack(r, job.catalogue) for r in records], job.today)
    report = CheckReport(checked, job.language, job.today)
    places = [[_place(entry, found, job) for found in entry.findings] for entry in checked]
    outputs = tuple(
        Output(f"ket-qua-kiem-tra{endings(kind)[0]}", render(report, kind).encode())
        for kind in ("html", "csv")
    )
    return Answer({"report": report.records, "places": places, "summary": report.summary}, outputs)


def _place(checked: Checked, found: Finding, job: Job) -> dict[str, Any]:
    name = _cell_name(checked, found)
    return {"name": job.said(name) if name else None, "content": shown_value(found)}


def _cell_name(checked: Checked, found: Finding) -> Text | None:
    """Return the heading or label of the cell of a finding; None where it is of no one cell."""
    plan = checked.submission.plan
    if plan is None or found.field is None:
        return None
    for sheet in plan.layout.sheets:
        if sheet.name != found.sheet:
            continue
        if sheet.has_column(found.field) and found.row and found.row >= sheet.first_row:
            return sheet.column(found.field).column.header
        if sheet.has_cell(found.field):
            return sheet.cell(found.field).cell.label
    return None


def template(job: Job) -> Answer:
    """Return a blank template for one school.

    Raises:
        UserError: the kind is not known, the year is none, or no regulation is in force.
    """
    year = job.school_year
    kind = job.kind
    school = School(
        checked_code(job.option("code")),
        job.option("name"),
        kind,
        job.option("authority"),
        job.option("address"),
    )
    layout = layout_from(job.catalogue, kind, year)
    name = file_name(school, year)
    if not (school.code or school.name):
        name = file_name(School(kind.id), year)
    content = template_bytes(layout, school, year)
    return Answer({"lines": [layout.regulation.title]}, (Output(name, content),))
