"""``kdcl-xl document``: write the official document of filled workbooks as Word files."""

from __future__ import annotations

from pathlib import Path

import click

from kdcl_xl.checking.check import Checked, as_checked
from kdcl_xl.checking.report import lines_of
from kdcl_xl.checking.settings import Settings, find_settings
from kdcl_xl.checking.supervise import one_process
from kdcl_xl.cli.base import command, echo, language, option, say, with_bar
from kdcl_xl.cli.lazy import Summary
from kdcl_xl.cli.options import (
    PATH,
    catalogue_from,
    catalogue_option,
    config_option,
    password_option,
)
from kdcl_xl.cli.outputs import DOCUMENT_FILE, DOCUMENT_OR_FOLDER
from kdcl_xl.cli.targets import targets_of
from kdcl_xl.document.from_file import Drawn, document_of
from kdcl_xl.errors import Exit, UserError
from kdcl_xl.files import keep_earlier, write_whole
from kdcl_xl.xlsx.decrypt import require_decryption
from workbook_templates.text import Text

SUMMARY = Summary(
    45, "Xuất kế hoạch chính thức ra Word.", "Write the official document as a Word file."
)


@command(
    "document",
    Text(
        "Xuất văn bản kế hoạch chính thức (.docx) từ sổ tính đã điền, đủ các phần và bảng của mẫu "
        "biểu, trình bày theo Nghị định 30/2020/NĐ-CP, để ký và gửi. Nội dung như ở trang «Bản "
        "in»: chữ nào máy không hiểu được in đúng như đã ghi. Tệp gốc không bị sửa. Mã thoát: 0 đã "
        "xuất đủ, 1 có tệp không xuất được, 2 dùng sai lệnh, 3 không đọc được tệp nào.",
        "Write the official document (.docx) of filled workbooks, with all parts and tables of the "
        "form, laid out by decree 30/2020/NĐ-CP, to be signed and sent. The contents are those of "
        "the sheet «Bản in»: what is not understood is printed as typed. The workbook is not "
        "changed. Exit code: 0 all written, 1 a file could not be dealt with, 2 wrong use, 3 "
        "nothing read.",
    ),
)
@click.argument("paths", metavar="FILE|FOLDER...", nargs=-1, required=True, type=PATH)
@option(
    "-o",
    "--output",
    type=DOCUMENT_OR_FOLDER,
    required=True,
    text=Text(
        "Tệp .docx, hoặc thư mục khi có nhiều tệp.",
        "The .docx file, or a folder for several files.",
    ),
)
@catalogue_option
@config_option
@password_option
def COMMAND(  # noqa: N802 - found by this name
    paths: tuple[Path, ...],
    output: Path,
    catalogue: Path | None,
    config: Path | None,
    password: str,
) -> None:
    """Write documents."""
    known = catalogue_from(catalogue)
    if password:
        require_decryption()
    reading = find_settings(config, Settings()).with_password(password).reading
    targets = targets_of(paths, output, reading.bounds, DOCUMENT_FILE)
    read = written = failed = 0
    with one_process(reading.bounds) as process:
        for path in with_bar(list(targets)):
            result = process.run(path, document_of, path, known, reading)
            drawn: Drawn | Checked = as_checked(result)
            if isinstance(drawn, Checked):
                failed += _refuse(drawn)
                continue
            read += 1
            is_written = _write(path, drawn, targets[path])
            written += is_written
            failed += not is_written
    say(
        Text("Đã xuất {count} văn bản vào {path}.", "{count} documents were written to {path}."),
        count=written,
        path=output,
    )
    if not read:
        raise SystemExit(Exit.NOTHING_READ)
    raise SystemExit(Exit.ERRORS_FOUND if failed else Exit.OK)


def _refuse(checked: Checked) -> int:
    """Print why a file has no document; return 1, or 0 where it is no submission at all."""
    for line in lines_of(checked, language()):
        echo(line, err=True)
    return 0 if checked.submission.is_ignored else 1


def _write(path: Path, drawn: Drawn, target: Path) -> bool:
    """Write one document, or print why it cannot be written; return whether it was."""
    try:
        kept = keep_earlier(target, drawn.content)
        write_whole(target, drawn.content)
    except UserError as error:  # the target may be open in Word; the others are still written
        echo(f"kdcl-xl: {error.text.in_(language())}", err=True)
        return False
    school = " ".join(word for word in (drawn.code, drawn.name) if word)
    say(Text("{school} -> {path}", "{school} -> {path}"), school=school or path, path=target)
    if drawn.faults:
        say(
            Text(
                "  Lưu ý: tệp có {count} lỗi hoặc cảnh báo khi đọc; nội dung ghi ngoài các ô nhập "
                "không có trong văn bản. Xem: kdcl-xl check {file}",
                "  Note: {count} errors or warnings were found while reading; what is typed "
                "outside the input cells is not in the document. See: kdcl-xl check {file}",
            ),
            count=drawn.faults,
            file=path,
        )
    if kept:
        say(
            Text("  Bản trước được giữ lại: {path}", "  The earlier copy was kept: {path}"),
            path=kept,
        )
    return True
