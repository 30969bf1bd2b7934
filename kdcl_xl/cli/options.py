"""Declare the options and values that several commands share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kdcl_xl.checking.settings import SETTINGS_FILE, Settings, find_settings
from kdcl_xl.cli.base import language, option, say_aside
from kdcl_xl.errors import UserError
from kdcl_xl.schools import checked_line, checked_year
from kdcl_xl.xlsx.decrypt import require_decryption
from macros_free_validation.rule import Stage
from workbook_templates.forms import FORMS
from workbook_templates.layout import DEFAULT_ROWS, FEWEST_ROWS, MOST_ROWS
from workbook_templates.regulation import (
    Catalogue,
    CatalogueError,
    builtin_catalogue,
    load_catalogue,
)
from workbook_templates.school_kind import SchoolKind, UnclearKind
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text

if TYPE_CHECKING:
    from kdcl_xl.school_list.model import SchoolList

F = TypeVar("F", bound=Callable[..., Any])


class YearType(click.ParamType[SchoolYear]):
    """A school year or a period."""

    name = "year"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the year."""
        if isinstance(value, SchoolYear):
            return value
        try:
            return checked_year(str(value))
        except UserError as error:
            self.fail(error.text.in_(language()), param, ctx)


class LineType(click.ParamType[str]):
    """A name or an address in one line."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Check the line."""
        try:
            return checked_line(str(value))
        except UserError as error:
            self.fail(error.text.in_(language()), param, ctx)


YEAR, LINE = YearType(), LineType()
PATH = click.Path(path_type=Path)


def kind_option(*, required: bool) -> Callable[[F], F]:
    """Declare ``--kind``, which :func:`kind_from` reads."""
    kinds = ", ".join(kind.id for kind in builtin_catalogue().kinds)
    return option(
        "--kind",
        required=required,
        text=Text(
            f"Cấp học (loại cơ sở), mã hoặc tên: {kinds}, hoặc loại khai báo trong --catalogue.",
            f"School kind, by id or name: {kinds}, or one that --catalogue declares.",
        ),
    )


def kind_from(catalogue: Catalogue, text: str) -> SchoolKind:
    """Return the kind of school that ``--kind`` names.

    Raises:
        UserError: it names none, or several kinds bear that name; says what to write.
    """
    found = catalogue.read_kind(text)
    if isinstance(found, UnclearKind):
        problem = found.problem
        raise UserError(Text(f"--kind: {problem.vi}.", f"--kind: {problem.en}."))
    return found


year_option = option(
    "--school-year",
    type=YEAR,
    required=True,
    text=Text(
        "Năm học, ví dụ 2026-2027, hoặc giai đoạn, ví dụ 2023-2026.",
        "School year such as 2026-2027, or a period such as 2023-2026.",
    ),
)
catalogue_option = option(
    "--catalogue",
    type=PATH,
    text=Text(
        "Tệp quy định (TOML) của cơ quan quản lý, thay hoặc bổ sung tệp có sẵn; hoặc thư mục có "
        "nhiều tệp như vậy.",
        "The authority's own regulation file (TOML), or a folder of such files.",
    ),
)
regulation_option = option(
    "--regulation",
    text=Text(
        "Mã quy định, khi không theo năm học (xem lệnh regulations).",
        "Regulation id, when not the one of the school year (see: regulations).",
    ),
)
form_option = option(
    "--form",
    type=click.Choice(list(FORMS)),
    text=Text("Mẫu biểu, khi không theo quy định.", "Form, when not the regulation's."),
)
rows_option = option(
    "--rows",
    type=click.IntRange(FEWEST_ROWS, MOST_ROWS),
    default=DEFAULT_ROWS,
    show_default=True,
    text=Text("Số dòng công việc của kế hoạch.", "Rows of the plan."),
)
today_option = option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    text=Text("Ngày kiểm tra (mặc định: hôm nay).", "Day of checking (default: today)."),
)


prefer_option = option(
    "--prefer",
    multiple=True,
    type=PATH,
    text=Text(
        "Tệp được tính khi một trường có nhiều bản (dùng được nhiều lần).",
        "The file that counts where a school has several (repeatable).",
    ),
)
asked_year_option = option(
    "--school-year",
    type=YEAR,
    text=Text(
        "Năm học cần nộp (mặc định: theo danh sách trường); kế hoạch của năm học khác được ghi "
        "vào nhật ký, không tính.",
        "School year asked for (default: that of the list of schools); plans for other years are "
        "logged and do not count.",
    ),
)


class AssignType(click.ParamType[tuple[str, str]]):
    """A file and the code of its school, parted by the last equals sign."""

    name = "FILE=CODE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Part the two."""
        if isinstance(value, tuple):
            return value
        file, _, code = (part.strip() for part in str(value).rpartition("="))
        if not (file and code):
            text = Text(
                f"«{value}» phải có dạng TỆP=MÃ, ví dụ ban-nop/a.xlsx=00790125.",
                f"'{value}' must be FILE=CODE, for example returned/a.xlsx=00790125.",
            )
            self.fail(text.in_(language()), param, ctx)
        return file, code


assign_option = option(
    "--assign",
    multiple=True,
    type=AssignType(),
    metavar="FILE=CODE",
    text=Text(
        "Bản nộp FILE (ghi như ở nhật ký) là của trường có mã CODE (dùng được nhiều lần).",
        "The submission FILE (as in the log) is of the school with that CODE (repeatable).",
    ),
)
config_option = option(
    "--config",
    type=PATH,
    text=Text(
        f"Tệp cấu hình của cơ quan quản lý (mặc định: {SETTINGS_FILE} trong thư mục hiện tại).",
        f"The district's settings (default: {SETTINGS_FILE} in the working folder).",
    ),
)
select_option = option(
    "--select",
    multiple=True,
    metavar="RULES",
    text=Text(
        "Chỉ xét các quy tắc này: mã, đầu mã, nhóm hoặc tên; ngăn cách bằng dấu phẩy.",
        "Only these rules: ids, starts of ids, families or names, parted by commas.",
    ),
)
ignore_option = option(
    "--ignore",
    multiple=True,
    metavar="RULES",
    text=Text("Bỏ qua các quy tắc này.", "Leave these rules out."),
)

password_option = option(
    "--password",
    default="",
    text=Text(
        "Mật khẩu mở của các tệp có đặt mật khẩu (cần cài kdcl-xl[password]).",
        "Password of files that need one to open (needs kdcl-xl[password]).",
    ),
)


def stage_option(default: Stage) -> Callable[[F], F]:
    """Declare ``--stage``."""
    return option(
        "--stage",
        type=click.Choice([str(stage) for stage in Stage]),
        text=Text(
            f"Giai đoạn: draft (đang soạn), submit (khi nộp), district (khi rà soát); mặc định: "
            f"{default}.",
            f"From which moment on rules speak (default: {default}).",
        ),
    )


def settings_options(
    default: Stage,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare the options that make up the ``settings`` of a command."""

    def add(function: Callable[..., None]) -> Callable[..., None]:
        @config_option
        @stage_option(default)
        @select_option
        @ignore_option
        @password_option
        @functools.wraps(function)
        def run(
            *args: Any,
            config: Path | None,
            stage: str | None,
            select: tuple[str, ...],
            ignore: tuple[str, ...],
            password: str,
            **values: Any,
        ) -> None:
            found = find_settings(config, Settings(default))
            if password:
                require_decryption()
            settings = found.chosen(stage, select, ignore).with_password(password)
            function(*args, settings=settings, **values)

        return run

    return add


def catalogue_from(path: Path | None) -> Catalogue:
    """Return the built-in catalogue, or the catalogue of the authority's own file.

    Raises:
        UserError: the file cannot be read or is not a regulation; names the line.
    """
    if path is None:
        return builtin_catalogue()
    try:
        return load_catalogue(path)
    except CatalogueError as error:
        where = f"{error.source}:{error.line}"
        problem = error.problem
        raise UserError(
            Text(f"Tệp quy định {where}: {problem.vi}.", f"Regulation file {where}: {problem.en}.")
        ) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(
            Text(
                f"Không đọc được tệp quy định «{path}»: {reason}.",
                f"Cannot read the regulation file '{path}': {reason}.",
            )
        ) from None


def schools_from(path: Path, catalogue: Catalogue) -> SchoolList:
    """Read a list of schools; print faulty rows and completed values on standard error.

    Raises:
        UserError: the file cannot be used at all.
    """
    # Most commands read no list.
    from kdcl_xl.school_list.read import read_schools

    found = read_schools(path, catalogue)
    for remark in found.remarks(path):
        say_aside(remark)
    return found


def day_of(today: Any) -> date:
    """Return the day of checking: as given, or today."""
    return today.date() if today else date.today()
