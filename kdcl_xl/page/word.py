"""Answer the requests about Word files: official documents out, plans written in Word in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kdcl_xl.checking.check import Checked, as_checked
from kdcl_xl.checking.guard import guarded
from kdcl_xl.checking.report import lines_of
from kdcl_xl.document.from_file import document_of
from kdcl_xl.errors import UserError
from kdcl_xl.files import DOCUMENT_ENDING, free_name
from kdcl_xl.importing.describe import draft_lines
from kdcl_xl.importing.importer import Imported, Options, import_plan
from kdcl_xl.page.answers import Answer, Output, zipped
from kdcl_xl.page.job import Job
from kdcl_xl.schools import checked_year
from kdcl_xl.submission.identify import Unreadable
from kdcl_xl.submission.inventory import find_inputs
from kdcl_xl.submission.model import AS_ISSUED
from kdcl_xl.xlsx.package import read_contents
from workbook_templates.text import Text


def documents(job: Job) -> Answer:
    """Return the official document of each workbook; several come in one zip."""
    files = find_inputs(job.files, AS_ISSUED.bounds)
    lines: list[str] = []
    outputs: list[Output] = []
    taken: set[str] = set()
    for path in job.progress(files):
        drawn = document_of(path, job.catalogue)
        if isinstance(drawn, Checked):
            lines += lines_of(drawn, job.language)
            continue
        name = free_name(Path(), path.stem, taken, DOCUMENT_ENDING).name
        outputs.append(Output(name, drawn.content))
        if drawn.faults:
            lines.append(job.said(_FAULTS.format(file=path, count=drawn.faults)))
    if len(outputs) > 1:
        outputs = [zipped("van-ban.zip", outputs)]
    return Answer({"lines": lines}, tuple(outputs))


_FAULTS = Text(
    "{file}: có {count} lỗi hoặc cảnh báo khi đọc; nội dung ghi ngoài các ô nhập không có trong "
    "văn bản.",
    "{file}: {count} errors or warnings were found while reading; what is typed outside the input "
    "cells is not in the document.",
)


def draft(job: Job) -> Answer:
    """Return a plan written in Word as a draft in the locked template.

    Raises:
        UserError: the document says neither kind nor school year, and nobody chose them.
    """
    year, kind = job.option("school_year"), job.option("kind")
    options = Options(
        job.kind if kind else None,
        checked_year(year) if year else None,
    )
    lines: list[str] = []
    cells: list[str] = []
    outputs: list[Output] = []
    taken: set[str] = set()
    for path in job.progress(job.files):
        made = _imported(path, job, options)
        if isinstance(made, Unreadable):
            lines += lines_of(as_checked(made), job.language)
            continue
        name = free_name(Path(), f"{path.stem}_ban-nhap", taken).name
        outputs.append(Output(name, made.content))
        lines += [job.said(line) for line in draft_lines(made.draft)]
        cells += [
            f"{entry.sheet}!{entry.cell} ({job.said(entry.field)}): {job.said(entry.why)}"
            for entry in made.draft.review.entries
        ]
    return Answer({"lines": lines, "cells": cells}, tuple(outputs))


def _imported(path: Path, job: Job, options: Options) -> Imported | Unreadable:
    def work() -> Imported:
        content = read_contents(path, options.bounds).data
        return import_plan(content, job.catalogue, replace(options, source=path.name))

    try:
        return guarded(path, work)
    except UserError as error:
        raise UserError(
            Text(f"{path}: {error.text.vi}", f"{path}: {error.text.en}"), error.code
        ) from None
