"""``kdcl-xl import``: read plans written in Word into drafts in the locked template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from kdcl_xl.checking.check import as_checked
from kdcl_xl.checking.guard import guarded
from kdcl_xl.checking.report import lines_of
from kdcl_xl.checking.settings import Settings, find_settings
from kdcl_xl.checking.supervise import one_process
from kdcl_xl.cli.base import command, echo, language, option, say, say_aside, with_bar
from kdcl_xl.cli.lazy import Summary
from kdcl_xl.cli.options import (
    PATH,
    YEAR,
    catalogue_from,
    catalogue_option,
    config_option,
    kind_from,
    kind_option,
    regulation_option,
)
from kdcl_xl.cli.outputs import WORKBOOK_OR_FOLDER, require_folder, require_workbook
from kdcl_xl.errors import Exit, UserError
from kdcl_xl.files import free_name, keep_earlier, write_whole
from kdcl_xl.importing.convert import (
    CONVERTED,
    SUFFIXES,
    Format,
    format_of,
    require_readable,
    to_docx,
)
from kdcl_xl.importing.describe import draft_lines
from kdcl_xl.importing.importer import Imported, Options, import_plan
from kdcl_xl.submission.identify import Unreadable
from kdcl_xl.xlsx.bounds import Bounds
from kdcl_xl.xlsx.package import read_contents
from workbook_templates.regulation import Catalogue
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text

SUMMARY = Summary(
    28, "Đọc kế hoạch viết bằng Word thành bản nháp.", "Read plans written in Word into drafts."
)


@command(
    "import",
    Text(
        "Đọc kế hoạch viết bằng Word (.docx) thành bản nháp trong mẫu đã khóa, để một người xem "
        "lại. Ô chưa chắc chắn có ghi chú và được liệt kê ở trang «Cần xem lại»; nội dung không có "
        "ô trong mẫu được giữ nguyên văn ở trang «Chưa chuyển». Cấp học và năm học lấy từ văn bản "
        "nếu ghi rõ, nếu không thì lệnh hỏi. Tệp .doc, .rtf, .odt, PDF được đổi bằng LibreOffice "
        "nếu máy có cài. Mã thoát: 0 đã tạo bản nháp, 1 có tệp không đọc được, 2 dùng sai lệnh "
        "hoặc cần --kind, --school-year, 3 không đọc được tệp nào.",
        "Read plans written in Word (.docx) into drafts in the locked template, for a person to go "
        "through. A cell that is not certain has a note and is listed on the sheet «Cần xem lại»; "
        "what has no cell in the form is in full on «Chưa chuyển». Kind and school year come from "
        "the document where it says them plainly, otherwise the command asks. LibreOffice, if "
        "installed, converts .doc, .rtf, .odt and PDF. Exit code: 0 draft made, 1 a file could not "
        "be read, 2 wrong use, or --kind or --school-year needed, 3 nothing read.",
    ),
)
@click.argument("paths", metavar="PLAN...", nargs=-1, required=True, type=PATH)
@option(
    "-o",
    "--output",
    type=WORKBOOK_OR_FOLDER,
    required=True,
    text=Text(
        "Tệp .xlsx của bản nháp, hoặc thư mục khi có nhiều văn bản.",
        "The .xlsx of the draft, or a folder for several documents.",
    ),
)
@kind_option(required=False)
@option(
    "--school-year",
    type=YEAR,
    text=Text(
        "Năm học hoặc giai đoạn của kế hoạch, khi văn bản không ghi rõ.",
        "School year or period of the plan, where the document does not say it plainly.",
    ),
)
@regulation_option
@catalogue_option
@config_option
@option(
    "--sheet-password",
    default="",
    text=Text("Mật khẩu khóa trang của bản nháp.", "Password that locks the sheets."),
)
def COMMAND(  # noqa: N802 - found by this name
    paths: tuple[Path, ...],
    output: Path,
    kind: str | None,
    school_year: SchoolYear | None,
    regulation: str | None,
    catalogue: Path | None,
    config: Path | None,
    sheet_password: str,
) -> None:
    """Import documents."""
    known = catalogue_from(catalogue)
    bounds = find_settings(config, Settings()).reading.bounds
    options = Options(
        kind_from(known, kind) if kind else None,
        school_year,
        regulation,
        password=sheet_password,
        bounds=bounds,
    )
    targets = _targets(paths, output)
    written = 0
    asked: list[Exit] = []
    with one_process(bounds) as process:
        for path, target in with_bar(list(targets.items()), Text("Đang đọc", "Reading")):
            try:
                made = process.run(path, _work, path, known, options, _as_docx(path, bounds))
            except UserError as error:
                if len(targets) == 1:
                    raise
                say_aside(Text(f"{path}: {error.text.vi}", f"{path}: {error.text.en}"))
                asked.append(error.code)
                continue
            if isinstance(made, Unreadable):
                for line in lines_of(as_checked(made), language()):
                    echo(line, err=True)
                asked.append(Exit.NOTHING_READ)
                continue
            keep_earlier(target, made.content)
            write_whole(target, made.content)
            say(Text("Đã tạo bản nháp: {path}", "Draft: {path}"), path=target)
            for said in draft_lines(made.draft):
                echo(f"  {said.in_(language())}")
            written += 1
    if not written:
        raise SystemExit(Exit.WRONG_USE if Exit.WRONG_USE in asked else Exit.NOTHING_READ)
    raise SystemExit(Exit.ERRORS_FOUND if asked else Exit.OK)


def _as_docx(path: Path, bounds: Bounds) -> tuple[bytes, bool] | None:
    """Return a document of another format as .docx, and whether it was a PDF.

    None means a .docx, and for a file that cannot be read: the worker says why.
    """

    def read() -> bytes:
        return read_contents(path, bounds).data

    content = guarded(path, read)
    if isinstance(content, Unreadable):
        return None
    found = format_of(content)
    require_readable(found, path.name)
    if found not in CONVERTED:
        return None
    return to_docx(content, found, path.name, bounds), found is Format.PDF


def _work(
    path: Path, catalogue: Catalogue, options: Options, converted: tuple[bytes, bool] | None
) -> Imported | Unreadable:
    """Read one document; this runs in a process with limits of its own."""

    def work() -> Imported:
        content, is_pdf = converted or (read_contents(path, options.bounds).data, False)
        own = replace(options, source=path.name, is_all_doubtful=is_pdf)
        return import_plan(content, catalogue, own)

    return guarded(path, work)


def _targets(paths: Sequence[Path], output: Path) -> dict[Path, Path]:
    """Return the path of the draft for each document.

    Raises:
        UserError: a path does not exist, or the output does not fit the number of documents.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
            files += sorted(p for p in inside if not p.name.startswith(("~$", ".")))
        elif path.exists():
            files.append(path)
        else:
            raise UserError(Text(f"Không có tệp «{path}».", f"There is no file '{path}'."))
    if not files:
        raise UserError(
            Text("Thư mục không có văn bản nào.", "The folder holds no document."),
            Exit.NOTHING_READ,
        )
    if output.is_dir() or len(files) > 1 or paths[0].is_dir():
        require_folder(output)
        taken: set[str] = set()
        return {path: free_name(output, path.stem, taken) for path in dict.fromkeys(files)}
    require_workbook(output)
    if output.resolve() == files[0].resolve():
        raise UserError(
            Text(
                f"«{output}» là tệp đầu vào; hãy ghi bản nháp ra nơi khác.",
                f"'{output}' is the input; write the draft elsewhere.",
            )
        )
    return {files[0]: output}
