"""``kdcl-xl feedback``: return each school's own workbook with requests to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from kdcl_xl.checking.check import Checked, as_checked
from kdcl_xl.checking.report import lines_of
from kdcl_xl.checking.settings import Settings
from kdcl_xl.checking.supervise import one_process
from kdcl_xl.cli.base import command, echo, language, option, say, with_bar
from kdcl_xl.cli.lazy import Summary
from kdcl_xl.cli.options import (
    PATH,
    catalogue_from,
    catalogue_option,
    day_of,
    prefer_option,
    settings_options,
    today_option,
)
from kdcl_xl.cli.outputs import (
    WORKBOOK_ENDING,
    WORKBOOK_OR_FOLDER,
    require_workbook,
)
from kdcl_xl.errors import Exit, UserError
from kdcl_xl.files import DOCUMENT_ENDING, keep_earlier, write_whole
from kdcl_xl.reissue.feedback import Asked, LeftOut, plan_round
from kdcl_xl.reissue.feedback_copy import Copy, copy_of
from kdcl_xl.reissue.letters import Letter
from kdcl_xl.reissue.outgoing import (
    copy_lines,
    copy_path,
    letter_files,
    letter_line,
    round_totals,
)
from kdcl_xl.submission.inventory import find_inputs
from kdcl_xl.template.issue import checked_password
from kdcl_xl.xlsx.bounds import Bounds
from macros_free_validation.rule import Stage
from workbook_templates.text import Text

SUMMARY = Summary(
    50, "Gửi lại từng trường tệp kèm yêu cầu sửa.", "Send each school its file to mend."
)


@command(
    "feedback",
    Text(
        "Gửi lại cho từng trường một bản của chính tệp trường đã nộp, có ghi chú ở ô cần sửa và "
        "trang «Yêu cầu sửa» (vấn đề, cách xử lý, kết luận và ý kiến của người rà soát trong sổ "
        "tổng hợp DISTRICT). Nội dung trường đã ghi giữ nguyên; bản này vẫn khóa, vẫn tự kiểm tra "
        "và nộp lại được. Vấn đề đã được chấp nhận hoặc miễn không nêu lại. Trường không có gì "
        "phải sửa được liệt kê, không có bản gửi lại. Trường chưa nộp, hoặc "
        "nộp tệp không đọc được, có một thư báo (.html để in, .txt) nêu lý do và cách "
        "khắc phục. Mã thoát: 0 đã ghi đủ, 1 có tệp không xử lý được, "
        "2 dùng sai lệnh, 3 không đọc được tệp nào.",
        "Send each school a copy of the very file it returned, with notes on the cells to mend and "
        "a sheet «Yêu cầu sửa» (finding, remedy, the auditor's decision and note from the "
        "authority workbook DISTRICT). All that was typed stays; the copy is locked, checks "
        "itself and can be returned. What was accepted or waived is not asked again. A school with "
        "nothing to mend is listed and gets no copy. A school that returned nothing, "
        "or nothing that can be read, gets a letter (.html to print, .txt) with the reason "
        "and the way out. Exit code: 0 all written, 1 a file could not be dealt with, "
        "2 wrong use, 3 nothing read.",
    ),
)
@click.argument("district", metavar="DISTRICT", type=PATH)
@click.argument("paths", metavar="FOLDER|FILE...", nargs=-1, required=True, type=PATH)
@option(
    "-o",
    "--output",
    type=WORKBOOK_OR_FOLDER,
    required=True,
    text=Text(
        "Thư mục cho các bản gửi lại, hoặc tệp .xlsx khi chỉ có một trường.",
        "Folder for the copies, or an .xlsx when there is one school only.",
    ),
)
@option(
    "--all",
    "for_all",
    is_flag=True,
    text=Text(
        "Ghi bản gửi lại cả cho trường không có gì phải sửa.",
        "Write copies for schools with nothing to mend too.",
    ),
)
@option(
    "--document",
    "with_document",
    is_flag=True,
    text=Text(
        "Ghi thêm văn bản kế hoạch chính thức (.docx) bên cạnh mỗi bản gửi lại, có các yêu cầu sửa "
        "là nhận xét ở lề.",
        "Write the official document (.docx) beside each copy too, with the requests as comments.",
    ),
)
@prefer_option
@today_option
@catalogue_option
@option(
    "--sheet-password",
    default="",
    text=Text("Mật khẩu khóa trang của bản gửi lại.", "Password that locks the copies' sheets."),
)
@settings_options(Stage.DISTRICT)
def COMMAND(  # noqa: N802 - found by this name
    district: Path,
    paths: tuple[Path, ...],
    output: Path,
    for_all: bool,
    with_document: bool,
    prefer: tuple[Path, ...],
    today: Any,
    catalogue: Path | None,
    sheet_password: str,
    settings: Settings,
) -> None:
    """Send files back."""
    if output.is_file():
        require_workbook(output)
    known, day = catalogue_from(catalogue), day_of(today)
    password = checked_password(sheet_password)
    inputs = _inputs(district, paths, output, settings.reading.bounds)
    found = plan_round(
        district,
        inputs,
        known,
        day,
        settings,
        prefer=prefer,
        language=language(),
        progress=with_bar,
    )
    for entry in found.left_out:
        _print_left_out(entry)
    sent = found.asked if for_all else found.to_mend
    targets = _targets(sent, output, [district, *inputs])
    written = 0
    work = list(zip(sent, targets, strict=True))
    with one_process(settings.reading.bounds) as process:
        for asked, target in with_bar(work, Text("Đang ghi bản gửi lại", "Writing the copies")):
            path = asked.submission.path
            reading = settings.reading
            copy = process.run(path, copy_of, asked, known, day, reading, password, with_document)
            written += _write(asked, as_checked(copy), target)
    has_failed = written < len(sent) or any(entry.is_fault for entry in found.left_out)
    sent_letters = _send_letters(found.letters, output)
    has_failed |= sent_letters < len(found.letters) and not _is_file(output)
    _print(round_totals(found, written, output, for_all=for_all))
    if sent_letters:
        say(
            Text("Đã ghi thư báo cho {count} trường.", "Letters to {count} schools were written."),
            count=sent_letters,
        )
    if not found.asked:
        raise SystemExit(Exit.NOTHING_READ)
    raise SystemExit(Exit.ERRORS_FOUND if has_failed else Exit.OK)


def _write(asked: Asked, copy: Copy | Checked, target: Path) -> bool:
    """Write one copy, or print why it cannot be written; return whether it was."""
    if isinstance(copy, Checked):
        for line in lines_of(copy, language()):
            echo(line, err=True)
        return False
    try:
        kept = [keep_earlier(target, copy.content)]
        write_whole(target, copy.content)
        if copy.document:
            beside = target.with_suffix(DOCUMENT_ENDING)
            kept.append(keep_earlier(beside, copy.document))
            write_whole(beside, copy.document)
    except (
        UserError
    ) as error:  # the target may be open in Excel; the other copies are still written
        echo(f"kdcl-xl: {error.text.in_(language())}", err=True)
        return False
    _print(copy_lines(asked, copy, target, kept))
    return True


def _send_letters(letters: Sequence[Letter], output: Path) -> int:
    """Write the letters into a folder, and print one line a school; return the number written.

    A single workbook as the output leaves no place for them: then they are printed only.
    """
    taken: set[str] = set()
    written = 0
    for letter in letters:
        line = letter_line(letter).in_(language())
        if _is_file(output):
            echo(line)
            continue
        files = letter_files(letter, output, taken, language())
        try:
            for target, content in files.items():
                keep_earlier(target, content)
                write_whole(target, content)
        except UserError as error:
            echo(f"kdcl-xl: {error.text.in_(language())}", err=True)
            continue
        echo(f"{line} -> {next(iter(files))}")
        written += 1
    return written


def _is_file(output: Path) -> bool:
    """Return whether the output is a workbook, and no folder of several."""
    return output.is_file() or (output.suffix.lower() == WORKBOOK_ENDING and not output.is_dir())


def _inputs(district: Path, paths: Sequence[Path], output: Path, bounds: Bounds) -> list[Path]:
    """Return the files to send back, without the authority workbook and earlier copies.

    Raises:
        UserError: a path does not exist, or copies would lie among the files returned.
    """
    if not district.is_file():
        raise UserError(Text(f"Không có tệp «{district}».", f"There is no '{district}'."))
    folders = {path.resolve() for path in paths if path.is_dir()}
    target = output.resolve()
    if target in folders:
        raise UserError(
            Text(
                f"«{output}» là thư mục bản nộp; hãy ghi các bản gửi lại ra thư mục khác.",
                f"'{output}' holds the files returned; write the copies to another folder.",
            )
        )
    own = {district.resolve()}
    named = {path.resolve() for path in paths}
    files = [path for path in find_inputs(paths, bounds) if path.resolve() not in own]
    if any(folder in target.parents for folder in folders):
        files = [p for p in files if target not in p.resolve().parents or p.resolve() in named]
    if not files:
        raise UserError(
            Text("Không có bản nộp nào để gửi lại.", "There is no file to send back."),
            Exit.NOTHING_READ,
        )
    return files


def _targets(asked: Sequence[Asked], output: Path, inputs: Sequence[Path]) -> list[Path]:
    """Return the path of each copy, named by the school's code; none of them is an input.

    Raises:
        UserError: the output is a file and there are several schools, or it is an input.
    """
    is_file = _is_file(output)
    if is_file and len(asked) > 1:
        raise UserError(
            Text(
                f"«{output}» là một tệp; {len(asked)} trường cần một thư mục.",
                f"'{output}' is a file; {len(asked)} schools need a folder.",
            )
        )
    taken: set[str] = set()
    targets = []
    for entry in asked:
        target = output
        if not is_file:
            target = copy_path(entry, output, taken)
        for written in (target, target.with_suffix(DOCUMENT_ENDING)):
            if written.resolve() in {path.resolve() for path in inputs}:
                raise UserError(
                    Text(
                        f"«{written}» là một tệp đầu vào; hãy ghi các bản gửi lại ra nơi khác.",
                        f"'{written}' is one of the inputs; write the copies elsewhere.",
                    )
                )
        targets.append(target)
    return targets


def _print(lines: Iterable[Text]) -> None:
    for line in lines:
        echo(line.in_(language()))


def _print_left_out(entry: LeftOut) -> None:
    echo(f"{entry.path}: {entry.reason.in_(language())}", err=entry.is_fault)
