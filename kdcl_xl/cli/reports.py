"""Options of the commands that report: the format, and the file that a report goes to."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from kdcl_xl.cli.base import echo, option, say
from kdcl_xl.cli.options import PATH
from kdcl_xl.files import write_whole
from kdcl_xl.reporting.report import DEFAULT_FORMAT, Report, formats, render
from workbook_templates.text import Text


@dataclass(frozen=True)
class Publisher:
    """The destination of a report: a format, and a file instead of the terminal."""

    output_format: str
    output: Path | None

    def __call__(self, report: Report) -> None:
        """Write the report.

        Raises:
            UserError: the file cannot be written.
        """
        text = render(report, self.output_format)
        if self.output is None:
            echo(text, nl=False)
        else:
            write_whole(self.output, text.encode("utf-8"))
            say(Text("Đã ghi báo cáo: {path}", "Report written: {path}"), path=self.output)


def report_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a report; the command receives them as ``publish``."""

    @option(
        "--format",
        "output_format",
        type=click.Choice(formats()),
        default=DEFAULT_FORMAT,
        show_default=True,
        text=Text("Dạng báo cáo.", "Format of the report."),
    )
    @option("-o", "--output", type=PATH, text=Text("Ghi báo cáo ra tệp.", "Write to a file."))
    @functools.wraps(function)
    def run(*args: Any, output_format: str, output: Path | None, **values: Any) -> None:
        function(*args, publish=Publisher(output_format, output), **values)

    return run
