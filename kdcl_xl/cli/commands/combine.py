"""``kdcl-xl combine``: put the parts of one school's plan into one workbook."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from kdcl_xl.checking.check import Checked
from kdcl_xl.checking.report import lines_of
from kdcl_xl.checking.settings import Settings, find_settings
from kdcl_xl.checking.supervise import alone
from kdcl_xl.cli.base import command, echo, language, option, say
from kdcl_xl.cli.lazy import Summary
from kdcl_xl.cli.options import (
    PATH,
    catalogue_from,
    catalogue_option,
    config_option,
    password_option,
)
from kdcl_xl.cli.outputs import WORKBOOK
from kdcl_xl.errors import Exit, UserError
from kdcl_xl.files import keep_earlier, write_whole
from kdcl_xl.reissue.combine import ReadPart, combine, read_part
from kdcl_xl.submission.identify import Unreadable
from kdcl_xl.template.not_carried import left_behind_sheets
from kdcl_xl.xlsx.decrypt import require_decryption
from workbook_templates.text import Text, one_line

SUMMARY = Summary(
    35, "Gộp các phần kế hoạch của một trường.", "Put parts of one school's plan together."
)
_FEWEST = 2


@command(
    "combine",
    Text(
        "Gộp các tệp của cùng một trường (hai người mỗi người điền một nửa, nhiều điểm trường) "
        "thành một kế hoạch: giữ công việc của mọi tệp, mỗi việc có ghi chú nêu tệp gốc; việc "
        "giống hệt nhau ghi một lần. Ô mà các tệp ghi khác nhau được để trống và nêu ở trang «Yêu "
        "cầu sửa». Mã thoát: 0 đã gộp, 1 có ô ghi khác nhau, 2 dùng sai lệnh, 3 có tệp không đọc "
        "được nên chưa gộp.",
        "Put files of one school (two people with a half each, several campuses) into one plan: "
        "tasks of every file, each with a note that names the file; identical ones once. A cell "
        "that the files fill in differently stays empty and is listed on the sheet «Yêu cầu sửa». "
        "Exit code: 0 combined, 1 some cells differ, 2 wrong use, 3 a file could not be read and "
        "nothing was written.",
    ),
)
@click.argument("paths", metavar="FILE FILE...", nargs=-1, required=True, type=PATH)
@option(
    "-o",
    "--output",
    type=WORKBOOK,
    required=True,
    text=Text("Tệp .xlsx của kế hoạch đã gộp.", "The .xlsx of the combined plan."),
)
@catalogue_option
@config_option
@password_option
@option(
    "--sheet-password",
    default="",
    text=Text("Mật khẩu khóa trang của tệp mới.", "Password that locks the new sheets."),
)
def COMMAND(  # noqa: N802 - found by this name
    paths: tuple[Path, ...],
    output: Path,
    catalogue: Path | None,
    config: Path | None,
    password: str,
    sheet_password: str,
) -> None:
    """Combine files."""
    files = list({path.resolve(): path for path in paths}.values())
    _require_parts(files, output)
    known = catalogue_from(catalogue)
    if password:
        require_decryption()
    reading = find_settings(config, Settings()).with_password(password).reading
    parts: list[ReadPart] = []
    for path, name in zip(files, _names(files), strict=True):
        part = alone(path, reading, read_part, path, name, known, reading)
        if isinstance(part, Unreadable):
            part = Checked.unread(part)
        if isinstance(part, Checked):
            for line in lines_of(part, language()):
                echo(line, err=True)
            raise SystemExit(Exit.NOTHING_READ)
        parts.append(part)
    made = combine(parts, sheet_password)
    keep_earlier(output, made.content)
    write_whole(output, made.content)
    say(Text("Đã gộp: {path}", "Combined: {path}"), path=output)
    say(
        Text(
            "{count} công việc; {identical} việc giống hệt nhau được ghi một lần.",
            "{count} tasks; {identical} identical ones are there once.",
        ),
        count=made.tasks,
        identical=made.identical,
    )
    for request in made.requests:
        echo(f"  {request.sheet}!{request.cell}: {request.message}")
    if made.left:
        names = ", ".join(f"«{name}»" for name, _ in left_behind_sheets(made.left))
        say(
            Text(
                "{count} nội dung không có ô trong mẫu được giữ nguyên văn ở trang {names}.",
                "{count} things without a cell in the form are in full on the sheet {names}.",
            ),
            count=len(made.left),
            names=names,
        )
    raise SystemExit(Exit.ERRORS_FOUND if made.requests else Exit.OK)


def _require_parts(files: list[Path], output: Path) -> None:
    """Refuse fewer than two files, files that do not exist, and an output among them.

    Raises:
        UserError: as said above.
    """
    for path in files:
        if not path.is_file():
            raise UserError(Text(f"Không có tệp «{path}».", f"There is no file '{path}'."))
        if path.resolve() == output.resolve():
            raise UserError(
                Text(
                    f"«{output}» là một tệp đầu vào; hãy ghi tệp gộp ra nơi khác.",
                    f"'{output}' is one of the inputs; write the combined file elsewhere.",
                )
            )
    if len(files) < _FEWEST:
        raise UserError(Text("Cần ít nhất hai tệp để gộp.", "Give two files at least."))


def _names(files: list[Path]) -> list[str]:
    """Return the names that people know the files by: paths where two names are equal."""
    count = Counter(path.name for path in files)
    return [one_line(path.name if count[path.name] == 1 else str(path)) for path in files]
