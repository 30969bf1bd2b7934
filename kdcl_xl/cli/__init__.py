"""The command line: thin commands, each imported only when it is used."""

from __future__ import annotations

import click

from kdcl_xl import __version__
from kdcl_xl.cli.base import Entry, LazyGroup, language_option, option
from workbook_templates.text import Text

ENTRIES = {
    "template": Entry(
        "kdcl_xl.cli.template",
        Text("Tạo mẫu kế hoạch để phát cho trường.", "Make templates for schools."),
    ),
    "check": Entry(
        "kdcl_xl.cli.check",
        Text("Kiểm tra các tệp đã điền.", "Check completed files."),
    ),
    "status": Entry(
        "kdcl_xl.cli.status",
        Text("Xem trường nào đã nộp, chưa nộp.", "See who has returned what."),
    ),
    "merge": Entry(
        "kdcl_xl.cli.merge",
        Text(
            "Tổng hợp các bản nộp thành một sổ tính.",
            "Merge submissions into one district workbook.",
        ),
    ),
    "feedback": Entry(
        "kdcl_xl.cli.feedback",
        Text("Gửi lại từng trường tệp kèm yêu cầu sửa.", "Send each school its file to mend."),
    ),
    "migrate": Entry(
        "kdcl_xl.cli.migrate",
        Text("Chuyển tệp cũ sang mẫu mới nhất.", "Carry older files into the newest template."),
    ),
    "form": Entry(
        "kdcl_xl.cli.form",
        Text("In từ điển dữ liệu của mẫu.", "Print the data dictionary of a form."),
    ),
    "regulations": Entry(
        "kdcl_xl.cli.regulations",
        Text("Liệt kê các quy định và độ tin cậy.", "List regulations with their confidence."),
    ),
    "rules": Entry(
        "kdcl_xl.cli.rules",
        Text("Liệt kê và giải thích các quy tắc.", "List and explain the rules."),
    ),
    "demo": Entry(
        "kdcl_xl.cli.demo",
        Text("Chạy thử toàn bộ trên các kế hoạch mẫu.", "Run the whole job on the samples."),
    ),
}
"""Every command: its module and its line in the help."""


@language_option
def _root() -> None:
    """Nothing to do before a command."""


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"kdcl-xl {__version__}")
        ctx.exit()


main = option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    text=Text("Hiện phiên bản.", "Show the version."),
)(
    click.command(
        "kdcl-xl",
        cls=LazyGroup,
        entries=ENTRIES,
        text=Text(
            "Kế hoạch cải tiến chất lượng giáo dục bằng sổ tính Excel không macro: phát mẫu, "
            "kiểm tra, tổng hợp.",
            "School quality-improvement plans in macro-free Excel workbooks: issue, check, merge.",
        ),
        context_settings={"help_option_names": ["-h", "--help"]},
    )(_root)
)
