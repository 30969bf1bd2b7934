"""``kdcl-xl status``: the schools that have returned a file; no plan is judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kdcl_xl.checking.settings import Settings, find_settings
from kdcl_xl.cli.base import command, language, option, with_bar
from kdcl_xl.cli.lazy import Summary
from kdcl_xl.cli.options import (
    PATH,
    asked_year_option,
    assign_option,
    catalogue_from,
    catalogue_option,
    config_option,
    day_of,
    password_option,
    prefer_option,
    schools_from,
    today_option,
)
from kdcl_xl.cli.reports import Publisher, report_options
from kdcl_xl.district.status import StatusReport, exit_code, read_status
from kdcl_xl.errors import Exit
from kdcl_xl.xlsx.decrypt import require_decryption
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text

SUMMARY = Summary(30, "Xem trường nào đã nộp, chưa nộp.", "See who has returned what.")


@command(
    "status",
    Text(
        "Xem tình trạng từng trường: chưa nộp, mẫu trống, đang điền dở, sai năm học, sai mẫu, đã "
        "nộp, nộp nhiều bản, không đọc được; không xét nội dung kế hoạch. Mã thoát: 0 mọi trường "
        "trong danh sách đã nộp, 1 còn trường chưa nộp đủ hoặc tệp không đọc được, 2 dùng sai "
        "lệnh, 3 không đọc được tệp nào.",
        "See the state of each school: missing, blank template, partly filled in, wrong school "
        "year, wrong form, returned, returned more than once, unreadable; no plan is judged. Exit "
        "code: 0 every expected school has returned, 1 some plan is missing or not complete, or a "
        "file is unreadable, 2 wrong use, 3 nothing read.",
    ),
)
@click.argument("paths", metavar="FOLDER|FILE...", nargs=-1, required=True, type=PATH)
@option(
    "--schools",
    type=PATH,
    required=True,
    text=Text("Danh sách trường (.xlsx hoặc CSV).", "List of schools (.xlsx or CSV)."),
)
@report_options
@prefer_option
@assign_option
@asked_year_option
@today_option
@catalogue_option
@config_option
@password_option
def COMMAND(  # noqa: N802 - found by this name
    paths: tuple[Path, ...],
    schools: Path,
    publish: Publisher,
    prefer: tuple[Path, ...],
    assign: tuple[tuple[str, str], ...],
    school_year: SchoolYear | None,
    today: Any,
    catalogue: Path | None,
    config: Path | None,
    password: str,
) -> None:
    """Print the status."""
    if password:
        require_decryption()
    known = catalogue_from(catalogue)
    listed = schools_from(schools, known)
    district = read_status(
        paths,
        known,
        day_of(today),
        listed.schools,
        reading=find_settings(config, Settings()).with_password(password).reading,
        prefer=prefer,
        school_year=school_year,
        assign=assign,
        language=language(),
        progress=with_bar,
    )
    publish(StatusReport(district, language()))
    code = exit_code(district)
    is_short = code is Exit.OK and not all(row.is_expected for row in listed.faulty)
    raise SystemExit(Exit.ERRORS_FOUND if is_short else code)
