"""``kdcl-xl report``: an authority workbook in, a report and a page for each school out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from kdcl_xl.checking.settings import Settings
from kdcl_xl.cli.base import command, language, option, say, with_bar
from kdcl_xl.cli.lazy import Summary
from kdcl_xl.cli.options import (
    PATH,
    catalogue_from,
    catalogue_option,
    settings_options,
)
from kdcl_xl.cli.outputs import FOLDER, require_folder
from kdcl_xl.district.open_again import open_again
from kdcl_xl.document.report import write_report
from macros_free_validation.rule import Stage
from workbook_templates.text import Text

SUMMARY = Summary(
    55, "Viết báo cáo tổng hợp và phiếu cho từng trường.", "Write a report, and a page a school."
)


@command(
    "report",
    Text(
        "Viết báo cáo tổng hợp (.docx) và một phiếu một trang A4 cho từng trường từ sổ tổng hợp "
        "WORKBOOK, kèm mọi kết luận đã ghi trong sổ. Số liệu là số liệu của sổ: dùng cùng cấu hình "
        "như khi tổng hợp.",
        "Write a report (.docx) and a page of one A4 sheet for each school from the authority "
        "workbook WORKBOOK, with every decision typed in it. The figures are those of the "
        "workbook: use the configuration of the merge.",
    ),
)
@click.argument("workbook", metavar="WORKBOOK", type=PATH)
@option(
    "-o",
    "--output",
    type=FOLDER,
    required=True,
    text=Text("Thư mục nhận báo cáo và các phiếu.", "The folder for the report and the pages."),
)
@option(
    "--due",
    type=click.DateTime(["%Y-%m-%d"]),
    text=Text(
        "Hạn sửa và gửi lại, ghi trên phiếu (mặc định: để chỗ trống).",
        "The day by which schools answer, on their pages (default: left open).",
    ),
)
@option(
    "--combine",
    is_flag=True,
    text=Text(
        "Sổ được tổng hợp với --combine.",
        "The workbook was merged with --combine.",
    ),
)
@catalogue_option
@settings_options(Stage.DISTRICT)
def COMMAND(  # noqa: N802 - found by this name
    workbook: Path,
    output: Path,
    due: Any,
    combine: bool,
    catalogue: Path | None,
    settings: Settings,
) -> None:
    """Write the report and the pages."""
    require_folder(output)
    district = open_again(
        workbook, catalogue_from(catalogue), settings, language=language(), is_combined=combine
    )
    day: date | None = due.date() if due else None
    written = write_report(district, output, language(), day, with_bar)
    say(
        Text(
            "Đã viết báo cáo và {count} phiếu vào {path}.",
            "The report and {count} pages were written to {path}.",
        ),
        count=written - 1,
        path=output,
    )
