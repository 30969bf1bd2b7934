"""``kdcl-xl schools``: how a list of schools is understood; nothing is issued."""

from __future__ import annotations

from pathlib import Path

import click

from kdcl_xl.cli.base import command, language
from kdcl_xl.cli.lazy import Summary
from kdcl_xl.cli.options import PATH, catalogue_from, catalogue_option
from kdcl_xl.cli.reports import Publisher, report_options
from kdcl_xl.errors import Exit
from kdcl_xl.school_list.read import read_schools
from kdcl_xl.school_list.report import SchoolListReport
from workbook_templates.text import Text

SUMMARY = Summary(
    5, "Xem danh sách trường được hiểu thế nào.", "See how a list of schools is understood."
)


@command(
    "schools",
    Text(
        "Xem danh sách trường (.xlsx hoặc CSV) được hiểu thế nào, trước khi phát mẫu: các cột, "
        "từng trường, dòng có lỗi, dòng được bỏ qua. Mã thoát: 0 mọi dòng dùng được, 1 có dòng "
        "lỗi, 2 dùng sai lệnh hoặc không dùng được danh sách.",
        "See how a list of schools (.xlsx or CSV) is understood before templates are issued: its "
        "columns, each school, faulty rows, rows left aside. Exit code: 0 every row can be used, "
        "1 some row is faulty, 2 wrong use or an unusable list.",
    ),
)
@click.argument("path", metavar="FILE", type=PATH)
@report_options
@catalogue_option
def COMMAND(path: Path, publish: Publisher, catalogue: Path | None) -> None:  # noqa: N802
    """Print the list as it was understood."""
    found = read_schools(path, catalogue_from(catalogue))
    publish(SchoolListReport(path, found, language()))
    raise SystemExit(Exit.ERRORS_FOUND if found.faulty else Exit.OK)
