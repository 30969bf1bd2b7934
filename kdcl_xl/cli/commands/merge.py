"""``kdcl-xl merge``: submissions in, one authority workbook out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kdcl_xl.checking.many import Workers
from kdcl_xl.checking.settings import Settings
from kdcl_xl.cli.base import command, echo, language, option, say, with_bar
from kdcl_xl.cli.lazy import Summary
from kdcl_xl.cli.options import (
    LINE,
    PATH,
    asked_year_option,
    assign_option,
    catalogue_from,
    catalogue_option,
    day_of,
    prefer_option,
    schools_from,
    settings_options,
    today_option,
)
from kdcl_xl.cli.outputs import WORKBOOK
from kdcl_xl.cli.workers import workers_options
from kdcl_xl.district.merge import merge
from kdcl_xl.district.model.model import District
from kdcl_xl.district.status import merge_totals
from kdcl_xl.district.tables.write import Format, output_path
from kdcl_xl.errors import Exit, UserError
from kdcl_xl.school_list.model import SchoolList
from macros_free_validation.rule import Stage
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text

SUMMARY = Summary(
    40, "Tổng hợp các bản nộp thành một sổ tính.", "Merge submissions into one authority workbook."
)


@command(
    "merge",
    Text(
        "Tổng hợp các bản nộp (tệp hoặc thư mục) thành một sổ tính của cơ quan quản lý. Sổ tổng "
        "hợp của cơ quan cấp dưới được đưa vào như mọi bản nộp của nó, kèm các kết luận. Tệp hỏng "
        "được ghi vào nhật ký, không làm dừng việc tổng hợp.",
        "Merge submissions (files or folders) into one authority workbook. An authority workbook "
        "among them brings its submissions and its decisions. A damaged file is "
        "logged and never stops the merge.",
    ),
)
@click.argument("paths", metavar="FOLDER|FILE...", nargs=-1, required=True, type=PATH)
@option(
    "-o",
    "--output",
    type=WORKBOOK,
    required=True,
    text=Text("Sổ tổng hợp (.xlsx).", "The authority workbook (.xlsx)."),
)
@option(
    "--schools",
    type=PATH,
    text=Text(
        "Danh sách trường (.xlsx hoặc CSV), để biết trường nào chưa nộp.",
        "List of schools (.xlsx or CSV), to know who is missing.",
    ),
)
@option(
    "--authority",
    type=LINE,
    default="",
    text=Text("Tên cơ quan quản lý.", "Name of the authority."),
)
@option(
    "--previous",
    multiple=True,
    type=PATH,
    text=Text(
        "Sổ tổng hợp lần trước, để chuyển các kết luận sang (mặc định: sổ đang có tại -o). Dùng "
        "được nhiều lần: sổ của mỗi người rà soát một lần; chỗ kết luận khác nhau phải xem lại.",
        "The earlier authority workbook, whose decisions are taken over (default: the one at -o). "
        "Repeatable, once for each auditor's copy; decisions that differ are to be reviewed.",
    ),
)
@option(
    "--no-previous",
    is_flag=True,
    text=Text(
        "Không chuyển kết luận nào sang; sổ cũ vẫn được giữ lại với tên kèm ngày giờ.",
        "Take no decisions over; the earlier workbook is still kept under a dated name.",
    ),
)
@option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice([str(kind) for kind in Format]),
    text=Text(
        "Ghi thêm các bảng của sổ, cạnh sổ: parquet, csv (thư mục) hoặc sqlite (dùng được nhiều "
        "lần).",
        "Write the workbook's tables too, beside it: parquet, csv (folders) or sqlite "
        "(repeatable).",
    ),
)
@workers_options
@prefer_option
@assign_option
@option(
    "--combine",
    is_flag=True,
    text=Text(
        "Nhiều tệp của một trường là các phần của một kế hoạch: tính công việc của mọi tệp, việc "
        "giống hệt nhau một lần; ô ghi khác nhau để trống và nêu ở trang «Cờ» (mặc định: chỉ một "
        "bản được tính).",
        "Several files of one school are parts of one plan: tasks of all files count, identical "
        "ones once; cells that differ are empty and on the sheet of flags (default: one file "
        "counts).",
    ),
)
@option(
    "--compare",
    "compared",
    type=PATH,
    text=Text(
        "Sổ tổng hợp của năm trước hoặc lần trước, để so sánh mức và công việc ở trang «So sánh».",
        "The authority workbook of last year or of the last round: levels and tasks are compared "
        "on the sheet of that name.",
    ),
)
@asked_year_option
@today_option
@catalogue_option
@settings_options(Stage.DISTRICT)
def COMMAND(  # noqa: N802 - found by this name
    paths: tuple[Path, ...],
    output: Path,
    schools: Path | None,
    authority: str,
    previous: tuple[Path, ...],
    no_previous: bool,
    formats: tuple[str, ...],
    workers: Workers,
    prefer: tuple[Path, ...],
    assign: tuple[tuple[str, str], ...],
    combine: bool,
    compared: Path | None,
    school_year: SchoolYear | None,
    today: Any,
    catalogue: Path | None,
    settings: Settings,
) -> None:
    """Merge files."""
    if previous and no_previous:
        raise UserError(
            Text(
                "Chỉ dùng một trong hai tùy chọn --previous và --no-previous.",
                "Give either --previous or --no-previous.",
            )
        )
    chosen = tuple(dict.fromkeys(map(Format, formats)))
    known = catalogue_from(catalogue)
    listed = schools_from(schools, known) if schools else SchoolList()
    district = merge(
        paths,
        output,
        known,
        day_of(today),
        settings,
        schools=listed.schools,
        authority=authority,
        prefer=prefer,
        language=language(),
        previous=previous,
        is_continued=not no_previous,
        school_year=school_year,
        assign=assign,
        is_combined=combine,
        compared=compared,
        formats=chosen,
        workers=workers,
        progress=with_bar,
    )
    print_summary(district, output)
    for kind in chosen:
        say(Text("Đã ghi: {path}", "Written: {path}"), path=output_path(kind, output))
    if not all(row.is_expected for row in listed.faulty):
        raise SystemExit(Exit.ERRORS_FOUND)


def print_summary(district: District, output: Path) -> None:
    """Print where the workbook is, and its totals."""
    say(Text("Đã tổng hợp: {path}", "Authority workbook: {path}"), path=output)
    for line in merge_totals(district):
        echo(line.in_(language()))
