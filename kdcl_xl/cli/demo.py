"""``kdcl-xl demo``: the whole job on the samples, in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import click

from kdcl_xl.check import summarise
from kdcl_xl.cli.base import command, language, say
from kdcl_xl.cli.merge import print_summary
from kdcl_xl.cli.options import PATH
from kdcl_xl.demo import REPORT_FILE, RETURNED, TEMPLATES, run_demo
from kdcl_xl.report import summary_line
from workbook_templates.text import Text


@command(
    "demo",
    Text(
        "Chạy thử toàn bộ: phát mẫu cho các trường ví dụ, nhận lại các kế hoạch mẫu, kiểm tra và "
        "tổng hợp vào thư mục FOLDER (mặc định: demo).",
        "Run the whole job on the samples: issue, collect, check and merge, into FOLDER "
        "(default: demo).",
    ),
)
@click.argument("folder", type=PATH, default=Path("demo"))
def COMMAND(folder: Path) -> None:  # noqa: N802 - found by this name
    """Run the demo."""
    done = run_demo(folder, language())
    say(
        Text("1. Đã phát {count} mẫu: {path}", "1. {count} templates issued: {path}"),
        count=done.templates,
        path=folder / TEMPLATES,
    )
    say(
        Text("2. Đã nhận {count} bản nộp: {path}", "2. {count} files returned: {path}"),
        count=len(done.checked),
        path=folder / RETURNED,
    )
    say(
        Text("3. Đã kiểm tra: {path}. {summary}", "3. Checked: {path}. {summary}"),
        path=folder / REPORT_FILE,
        summary=summary_line(summarise(done.checked), language()),
    )
    click.echo("4. ", nl=False)
    print_summary(done.district, done.workbook)
