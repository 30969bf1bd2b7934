"""``kdcl-xl rules``: a list of the rules, or the explanation of some of them."""

from __future__ import annotations

import click

from kdcl_xl.checking.rulebook import RulesReport, find_rules
from kdcl_xl.cli.base import command, language
from kdcl_xl.cli.lazy import Summary
from kdcl_xl.cli.reports import Publisher, report_options
from workbook_templates.text import Text

SUMMARY = Summary(90, "Liệt kê và giải thích các quy tắc.", "List and explain the rules.")


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
@report_options
def COMMAND(names: tuple[str, ...], publish: Publisher) -> None:  # noqa: N802 - found by this name
    """List or explain rules."""
    publish(RulesReport(find_rules(names), language(), is_explained=bool(names)))
