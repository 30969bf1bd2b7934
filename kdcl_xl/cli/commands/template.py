"""``kdcl-xl template``: one template, or one for each school of a district."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from kdcl_xl.checking.settings import Settings, find_settings
from kdcl_xl.cli.base import command, option, say, say_aside, with_bar
from kdcl_xl.cli.lazy import Summary
from kdcl_xl.cli.options import (
    LINE,
    PATH,
    catalogue_from,
    catalogue_option,
    config_option,
    form_option,
    kind_from,
    kind_option,
    regulation_option,
    rows_option,
    schools_from,
    year_option,
)
from kdcl_xl.cli.outputs import WORKBOOK_OR_FOLDER, require_folder, require_workbook
from kdcl_xl.errors import Exit, UserError
from kdcl_xl.files import keep_earlier, write_whole
from kdcl_xl.school_list.model import SchoolList
from kdcl_xl.schools import School, checked_code
from kdcl_xl.template.issue import (
    checked_password,
    district_templates,
    file_name,
    kind_of,
    layout_from,
    template_bytes,
)
from macros_free_validation.rules import SHEET_LIMITS
from workbook_templates.layout import Layout
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text

SUMMARY = Summary(10, "Tạo mẫu kế hoạch để phát cho trường.", "Make templates for schools.")


@command(
    "template",
    Text(
        "Tạo mẫu kế hoạch (.xlsx) đã khóa, không macro: một mẫu với --kind, hoặc mỗi trường một "
        "mẫu với --schools.",
        "Make a locked, macro-free template (.xlsx): one with --kind, or one a school with "
        "--schools.",
    ),
)
@kind_option(required=False)
@year_option
@option("--school-code", default="", text=Text("Mã trường.", "School code."))
@option("--school-name", type=LINE, default="", text=Text("Tên trường.", "School name."))
@option("--authority", type=LINE, default="", text=Text("Cơ quan quản lý.", "Authority."))
@option("--address", type=LINE, default="", text=Text("Địa chỉ trường.", "Address."))
@option(
    "--schools",
    type=PATH,
    text=Text(
        "Danh sách trường (.xlsx hoặc CSV); xem trước bằng lệnh schools.",
        "List of schools (.xlsx or CSV); look at it first with the command schools.",
    ),
)
@rows_option
@regulation_option
@form_option
@catalogue_option
@config_option
@option(
    "--password",
    default="",
    text=Text("Mật khẩu khóa trang (không bắt buộc).", "Sheet password (never needed)."),
)
@option(
    "-o",
    "--output",
    type=WORKBOOK_OR_FOLDER,
    required=True,
    text=Text("Tệp .xlsx, hoặc thư mục khi có --schools.", "File, or folder with --schools."),
)
def COMMAND(  # noqa: N802 - found by this name
    kind: str | None,
    school_year: SchoolYear,
    school_code: str,
    school_name: str,
    authority: str,
    address: str,
    schools: Path | None,
    rows: int,
    regulation: str | None,
    form: str | None,
    catalogue: Path | None,
    config: Path | None,
    password: str,
    output: Path,
) -> None:
    """Make templates."""
    if schools is not None:
        require_folder(output)
    elif not output.is_dir():
        require_workbook(output)
    known = catalogue_from(catalogue)
    settings = find_settings(config, Settings())
    limits = tuple(limit for limit in settings.limits if limit[0] in SHEET_LIMITS)
    checked_password(password)
    if schools is not None:
        if kind is not None or school_code or school_name:
            raise UserError(
                Text(
                    "Dùng --schools thì không dùng --kind, --school-code, --school-name.",
                    "With --schools there is no --kind, --school-code or --school-name.",
                )
            )
        listed = schools_from(schools, known)
        every = listed.with_kind
        if not every:
            raise UserError(
                Text(
                    "Không có dòng nào trong danh sách dùng được, nên chưa tạo mẫu nào.",
                    "No row of the list can be used, so no template was made.",
                )
            )
        _say_other_years(listed, school_year)
        layouts = [
            layout_from(known, kind_of(s), school_year, rows, regulation, form, limits)
            for s in every
        ]
        _district(every, layouts, school_year, authority, password, output)
        raise SystemExit(Exit.ERRORS_FOUND if listed.faulty else Exit.OK)
    if kind is None:
        raise UserError(
            Text(
                "Cần --kind cho một trường, hoặc --schools cho cả danh sách.",
                "Give --kind for one school, or --schools for a list.",
            )
        )
    chosen = kind_from(known, kind)
    school = School(checked_code(school_code), school_name, chosen, authority, address)
    layout = layout_from(known, chosen, school_year, rows, regulation, form, limits)
    target = output
    if output.is_dir():
        target = output / file_name(school, school_year)
    _write(target, template_bytes(layout, school, school_year, password))
    say(Text("Đã tạo mẫu: {path}", "Template written: {path}"), path=target)


def _say_other_years(listed: SchoolList, year: SchoolYear) -> None:
    """Say on standard error that the list is of another year than the templates."""
    others = ", ".join(str(other) for other in listed.school_years if other != year)
    if others:
        say_aside(
            Text(
                f"Danh sách trường ghi năm học {others}; mẫu được tạo cho năm học {year}.",
                f"The list of schools is of {others}; the templates are for {year}.",
            )
        )


def _write(target: Path, content: bytes) -> None:
    """Write a template. An earlier file there may be filled in, so it is kept."""
    keep_earlier(target, content)
    write_whole(target, content)


def _district(
    schools: tuple[School, ...],
    layouts: list[Layout],
    year: SchoolYear,
    authority: str,
    password: str,
    folder: Path,
) -> None:
    if folder.exists() and not folder.is_dir():
        raise UserError(
            Text(
                f"«{folder}» là một tệp; --schools cần một thư mục.",
                f"'{folder}' is a file; --schools needs a folder.",
            )
        )
    bar = partial(with_bar, label=Text("Đang tạo mẫu", "Making templates"))
    made = district_templates(schools, layouts, year, authority, password, bar)
    for name, content in made:
        _write(folder / name, content)
    say(
        Text("Đã tạo {count} mẫu trong: {path}", "{count} templates written to: {path}"),
        count=len(schools),
        path=folder,
    )
