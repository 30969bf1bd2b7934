"""``kdcl-xl rules``: every rule, or what some of them mean."""

from __future__ import annotations

import click

from kdcl_xl.checking.rulebook import as_explanation, as_json, as_list, find_rules
from kdcl_xl.cli.base import command, language
from kdcl_xl.cli.options import format_option
from workbook_templates.text import Text


@command(
    "rules",
    Text(
        "Liệt kê các quy tắc; hoặc giải thích các quy tắc được nêu bằng mã (KD301), đầu mã (KD3), "
        "nhóm (leads) hoặc tên (leads.missing).",
        "List the rules; or explain those named by id (KD301), start of an id (KD3), family "
        "(leads) or name (leads.missing).",
    ),
)
@click.argument("names", metavar="[RULE]...", nargs=-1)
@format_option
def COMMAND(names: tuple[str, ...], output_format: str) -> None:  # noqa: N802 - found by this name
    """List or explain rules."""
    rules = find_rules(names)
    if output_format == "json":
        click.echo(as_json(rules, language()), nl=False)
    else:
        click.echo((as_explanation if names else as_list)(rules, language()), nl=False)
