"""Answer the requests of an officer: inventory, templates, merge, feedback, report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from kdcl_xl.checking.check import Checked
from kdcl_xl.checking.report import lines_of
from kdcl_xl.checking.settings import Settings
from kdcl_xl.district.merge import merge
from kdcl_xl.district.open_again import open_again
from kdcl_xl.district.status import StatusReport, merge_totals, other_inputs, read_status
from kdcl_xl.document.report import PAGES, report_files
from kdcl_xl.errors import UserError
from kdcl_xl.page.answers import Answer, Output, rows_of, zipped
from kdcl_xl.page.job import Job
from kdcl_xl.reissue.feedback import plan_round
from kdcl_xl.reissue.feedback_copy import copy_of
from kdcl_xl.reissue.outgoing import (
    copy_lines,
    copy_path,
    letter_files,
    letter_line,
    round_totals,
)
from kdcl_xl.school_list.report import SchoolListReport
from kdcl_xl.submission.inventory import find_inputs
from kdcl_xl.template.issue import district_templates, kind_of, layout_from
from macros_free_validation.rule import Stage
from workbook_templates.text import Text

_MERGED = Path("tong-hop.xlsx")
_COPIES = Path("phan-hoi")
_TEMPLATES = Path("mau")


def schools(job: Job) -> Answer:
    """Return how a list of schools was understood, row by row."""
    path = _only(job.paths.get("schools", ()), _NO_LIST)
    report = SchoolListReport(path, job.schools, job.language)
    return Answer({"table": rows_of(report, job.language), "lines": job.remarks})


def status(job: Job) -> Answer:
    """Return the files received and the state of each school."""
    district = read_status(
        job.paths.get("files", ()),
        job.catalogue,
        job.today,
        job.schools.schools,
        language=job.language,
        progress=job.progress,
    )
    report = StatusReport(district, job.language)
    return Answer(
        {
            "table": rows_of(report, job.language),
            "others": [
                f"{entry.path}: {job.said(entry.kind.label)}. {job.said(entry.state.label)}"
                for entry in other_inputs(district)
            ],
            "lines": job.remarks,
        }
    )


def templates(job: Job) -> Answer:
    """Return a template for each school of the list, in one zip."""
    year, authority = job.school_year, job.option("authority")
    _only(job.paths.get("schools", ()), _NO_LIST)
    every = job.schools.with_kind
    if not every:
        raise UserError(_NO_ROW)
    layouts = [layout_from(job.catalogue, kind_of(school), year) for school in every]
    made = district_templates(every, layouts, year, authority, progress=job.progress)
    outputs = [Output(name, content) for name, content in made]
    said = job.said(_TEMPLATES_MADE.format(count=len(outputs)))
    return Answer({"lines": [said, *job.remarks]}, (zipped(f"{_TEMPLATES}-{year}.zip", outputs),))


def merged(job: Job) -> Answer:
    """Return the authority workbook of the files, with the decisions of the earlier ones."""
    target = Path(_OUT, _MERGED)
    district = merge(
        job.files,
        target,
        job.catalogue,
        job.today,
        Settings(Stage.DISTRICT),
        schools=job.schools.schools,
        authority=job.option("authority"),
        language=job.language,
        previous=job.paths.get("previous", ()),
        workers=job.workers,
        progress=job.progress,
    )
    lines = [job.said(line) for line in merge_totals(district)]
    return Answer({"lines": [*lines, *job.remarks]}, (Output(_MERGED.name, target.read_bytes()),))


_OUT = "_ra"
"""The folder for files that a command writes, apart from the dropped ones."""


def feedback(job: Job) -> Answer:
    """Return the copies and letters that go back to the schools, in one zip."""
    settings = Settings(Stage.DISTRICT)
    reading = settings.reading
    district = _only(job.paths.get("district", ()), _NO_DISTRICT)
    files = find_inputs(job.files, reading.bounds)
    found = plan_round(
        district,
        files,
        job.catalogue,
        job.today,
        settings,
        language=job.language,
        progress=job.progress,
    )
    lines = [f"{entry.path}: {job.said(entry.reason)}" for entry in found.left_out]
    outputs: list[Output] = []
    taken: set[str] = set()
    sent = found.to_mend
    paths = job.progress([asked.submission.path for asked in sent])
    for asked, _ in zip(sent, paths, strict=True):
        copy = copy_of(asked, job.catalogue, job.today, reading)
        if isinstance(copy, Checked):
            lines += lines_of(copy, job.language)
            continue
        target = copy_path(asked, _COPIES, taken)
        outputs.append(Output(str(target), copy.content))
        lines += [job.said(line) for line in copy_lines(asked, copy, target)]
    written = len(outputs)
    for letter in found.letters:
        pages = letter_files(letter, _COPIES, taken, job.language)
        outputs += [Output(str(path), content) for path, content in pages.items()]
        lines.append(f"{job.said(letter_line(letter))} -> {next(iter(pages))}")
    totals = [job.said(t) for t in round_totals(found, written, _COPIES, for_all=False)]
    packed = (zipped(f"{_COPIES}.zip", outputs),) if outputs else ()
    return Answer({"lines": totals, "schools": lines}, packed)


def reported(job: Job) -> Answer:
    """Return the report of an authority workbook, and a zip with a page for each school."""
    due = _day(job.option("due"))
    district = open_again(
        _only(job.paths.get("district", ()), _NO_MERGED),
        job.catalogue,
        Settings(Stage.DISTRICT),
        language=job.language,
    )
    report, *pages = (
        Output(path.as_posix(), content)
        for path, content in report_files(district, job.language, due, job.progress)
    )
    said = job.said(_REPORTED.format(count=len(pages)))
    packed = zipped(f"{job.said(PAGES)}.zip", pages)
    return Answer({"lines": [said]}, (report, packed))


def _day(typed: str) -> date | None:
    """Return the day that was typed, as year, month and day; None where none was.

    Raises:
        UserError: it is no day.
    """
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise UserError(_NO_DAY.format(typed=typed)) from None


def _only(paths: Sequence[Path], lacking: Text) -> Path:
    """Return the file that was dropped on a place for one file.

    Raises:
        UserError: there is none, or more than one.
    """
    if len(paths) != 1:
        raise UserError(lacking)
    return paths[0]


_NO_LIST = Text(
    "Vui lòng chọn một danh sách trường (.xlsx hoặc CSV).",
    "Please choose one list of schools (.xlsx or CSV).",
)
_NO_DISTRICT = Text(
    "Vui lòng chọn một sổ tổng hợp mà người rà soát đã ghi kết luận.",
    "Please choose one authority workbook with the auditors' decisions.",
)
_NO_MERGED = Text(
    "Vui lòng tổng hợp ở bước 3, hoặc chọn một sổ tổng hợp.",
    "Please merge in step 3, or choose one authority workbook.",
)
_NO_DAY = Text("«{typed}» không phải là một ngày.", "'{typed}' is no day.")
_REPORTED = Text("Đã viết báo cáo và {count} phiếu.", "The report and {count} pages were written.")
_NO_ROW = Text(
    "Không có dòng nào trong danh sách dùng được, nên chưa tạo mẫu nào.",
    "No row of the list can be used, so no template was made.",
)
_TEMPLATES_MADE = Text("Đã tạo {count} mẫu.", "{count} templates were made.")
