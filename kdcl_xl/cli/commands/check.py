"""``kdcl-xl check``: the findings of completed files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kdcl_xl.checking.check import summarise
from kdcl_xl.checking.many import Workers, check_each
from kdcl_xl.checking.record import unpack
from kdcl_xl.checking.report import CheckReport
from kdcl_xl.checking.settings import Settings
from kdcl_xl.checking.task import Task
from kdcl_xl.checking.waivers import apply
from kdcl_xl.cli.base import command, language, with_bar
from kdcl_xl.cli.lazy import Summary
from kdcl_xl.cli.options import (
    PATH,
    catalogue_from,
    catalogue_option,
    day_of,
    settings_options,
    today_option,
)
from kdcl_xl.cli.reports import Publisher, report_options
from kdcl_xl.cli.workers import workers_options
from kdcl_xl.errors import Exit, UserError
from kdcl_xl.submission.inventory import find_inputs
from macros_free_validation.rule import Stage
from workbook_templates.text import Text

SUMMARY = Summary(20, "Kiểm tra các tệp đã điền.", "Check completed files.")


@command(
    "check",
    Text(
        "Kiểm tra các tệp kế hoạch đã điền. Mã thoát: 0 không có lỗi, 1 có lỗi, 2 dùng sai lệnh, "
        "3 không đọc được tệp nào.",
        "Check completed plans. Exit code: 0 no error, 1 errors, 2 wrong use, 3 nothing read.",
    ),
)
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=PATH)
@report_options
@workers_options
@today_option
@catalogue_option
@settings_options(Stage.SUBMIT)
def COMMAND(  # noqa: N802 - found by this name
    paths: tuple[Path, ...],
    publish: Publisher,
    workers: Workers,
    today: Any,
    catalogue: Path | None,
    settings: Settings,
) -> None:
    """Check files."""
    known, day = catalogue_from(catalogue), day_of(today)
    files = find_inputs(paths, settings.reading.bounds)
    output = publish.output
    if output is not None and output.resolve() in {path.resolve() for path in files}:
        raise UserError(
            Text(
                f"«{output}» là tệp cần kiểm tra; hãy ghi báo cáo ra tệp khác.",
                f"'{output}' is one of the files to check; write the report elsewhere.",
            )
        )
    task = Task(known, day, settings.reading)
    found = [unpack(r, known) for r in check_each(files, task, workers, with_bar)]
    checked = apply(settings, found, day)
    publish(CheckReport(checked, language(), day))
    total = summarise(checked)
    if total.unreadable + total.ignored == total.files:
        raise SystemExit(Exit.NOTHING_READ)
    raise SystemExit(Exit.ERRORS_FOUND if total.errors else Exit.OK)
