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
from kdcl_xl.errors import UserError
from kdcl_xl.files import write_whole
from kdcl_xl.reporting.report import DEFAULT_FORMAT, Report, endings, formats, render
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
        if output is not None:
            _require_ending(output, output_format)
        function(*args, publish=Publisher(output_format, output), **values)

    return run


def _require_ending(output: Path, output_format: str) -> None:
    """Refuse a file whose ending is not that of the format; a file may have no ending.

    Raises:
        UserError: the ending is another one; names the format that has it, if any.
    """
    suffix, own = output.suffix.lower(), endings(output_format)
    if not suffix or suffix in own:
        return
    meant = next((name for name in formats() if suffix in endings(name)), None)
    shown = ", ".join(own)
    do = (
        Text(f"thêm --format {meant}", f"add --format {meant}")
        if meant
        else Text(f"đặt tên tệp có đuôi {shown}", f"name a file that ends in {shown}")
    )
    raise UserError(
        Text(
            f"«{output}»: báo cáo dạng {output_format} có đuôi {shown}; hãy {do.vi}.",
            f"'{output}': a report in the format {output_format} ends in {shown}; please {do.en}.",
        )
    )
