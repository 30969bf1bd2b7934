"""The command line: ``main`` is the program, and its commands are in ``commands``."""

from __future__ import annotations

import click

from kdcl_xl import __version__
from kdcl_xl.cli.base import language_option, option
from kdcl_xl.cli.lazy import LazyGroup
from workbook_templates.text import Text


@language_option
def _root() -> None:
    """Do nothing before a command."""


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
        package=f"{__name__}.commands",
        text=Text(
            "Kế hoạch cải tiến chất lượng giáo dục bằng sổ tính Excel không macro: phát mẫu, "
            "kiểm tra, tổng hợp.",
            "School quality-improvement plans in macro-free Excel workbooks: issue, check, merge.",
        ),
        context_settings={"help_option_names": ["-h", "--help"]},
    )(_root)
)
