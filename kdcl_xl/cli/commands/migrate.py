"""``kdcl-xl migrate``: carry the contents of older workbooks into the newest template."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
    YEAR,
    catalogue_from,
    catalogue_option,
    config_option,
    form_option,
    password_option,
    regulation_option,
)
from kdcl_xl.cli.outputs import WORKBOOK_FILE, WORKBOOK_OR_FOLDER
from kdcl_xl.cli.targets import targets_of
from kdcl_xl.errors import Exit
from kdcl_xl.files import keep_earlier, write_whole
from kdcl_xl.reissue.open_old import CarriedOver, Wanted, governs, migrate_file
from kdcl_xl.template.not_carried import LeftBehind, left_behind_sheets
from kdcl_xl.xlsx.decrypt import require_decryption
from workbook_templates.layout import FEWEST_ROWS, MOST_ROWS
from workbook_templates.regulation import Catalogue
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text

SUMMARY = Summary(
    60, "Chuyển tệp cũ sang mẫu mới nhất.", "Carry older files into the newest template."
)


@command(
    "migrate",
    Text(
        "Chuyển toàn bộ nội dung đã điền sang mẫu mới nhất (ví dụ từ mẫu 2018 sang mẫu 2026). Nội "
        "dung không có ô tương ứng được giữ nguyên văn ở trang «Chưa chuyển» và được liệt kê. Tệp "
        "cũ không bị sửa. Mã thoát: 0 đã chuyển, 1 có tệp không đọc được, 2 dùng sai lệnh, 3 không "
        "đọc được tệp nào.",
        "Carry everything typed into the newest template (also from the 2018 to the 2026 form). "
        "Content without a cell there is in full on a sheet «Chưa chuyển», and is listed. The old "
        "file is not changed. Exit code: 0 carried, 1 a file could not be read, 2 wrong use, 3 "
        "nothing read.",
    ),
)
@click.argument("paths", metavar="OLD...", nargs=-1, required=True, type=PATH)
@option(
    "-o",
    "--output",
    type=WORKBOOK_OR_FOLDER,
    required=True,
    text=Text(
        "Tệp .xlsx mới, hoặc thư mục khi có nhiều tệp.",
        "The new .xlsx, or a folder for several files.",
    ),
)
@option(
    "--school-year",
    type=YEAR,
    text=Text(
        "Năm học của kế hoạch mới, ví dụ 2026-2027 (mặc định: như tệp cũ); quy định theo năm đó.",
        "School year of the new plan (default: as in the old file); its regulation is taken.",
    ),
)
@regulation_option
@form_option
@option(
    "--rows",
    type=click.IntRange(FEWEST_ROWS, MOST_ROWS),
    text=Text(
        "Số dòng công việc (mặc định: như tệp cũ; không bao giờ ít hơn số dòng đã ghi).",
        "Rows of the plan (default: as the old file; never fewer than are in use).",
    ),
)
@catalogue_option
@config_option
@password_option
@option(
    "--sheet-password",
    default="",
    text=Text("Mật khẩu khóa trang của mẫu mới.", "Password that locks the new sheets."),
)
def COMMAND(  # noqa: N802 - found by this name
    paths: tuple[Path, ...],
    output: Path,
    school_year: SchoolYear | None,
    regulation: str | None,
    form: str | None,
    rows: int | None,
    catalogue: Path | None,
    config: Path | None,
    password: str,
    sheet_password: str,
) -> None:
    """Carry files over."""
    known = catalogue_from(catalogue)
    if password:
        require_decryption()
    reading = find_settings(config, Settings()).with_password(password).reading
    wanted = Wanted(school_year, regulation, form, rows, reading)
    targets = targets_of(paths, output, reading.bounds, WORKBOOK_FILE)
    bar = with_bar(list(targets), Text("Đang đọc", "Reading"))
    with one_process(reading.bounds) as process:
        results = [
            process.run(path, migrate_file, path, known, wanted, sheet_password) for path in bar
        ]
    failed = written = 0
    for target, result in zip(targets.values(), results, strict=True):
        carried: CarriedOver | Checked = as_checked(result)
        if isinstance(carried, Checked):
            failed += _refuse(carried)
            continue
        keep_earlier(target, carried.content)
        write_whole(target, carried.content)
        _print_result(carried, target, known)
        written += 1
    if not written:
        raise SystemExit(Exit.NOTHING_READ)
    raise SystemExit(Exit.ERRORS_FOUND if failed else Exit.OK)


def _refuse(checked: Checked) -> int:
    """Print why a file was not carried over; return 1, or 0 where it is no submission at all."""
    for line in lines_of(checked, language()):
        echo(line, err=True)
    return 0 if checked.submission.is_ignored else 1


def _print_result(carried: CarriedOver, path: Path, catalogue: Catalogue) -> None:
    """Print where the new workbook is, and the values that it does not hold."""
    migration, target = carried.migration, carried.target
    layout = migration.plan.layout
    say(Text("Đã chuyển: {path}", "Carried over: {path}"), path=path)
    say(
        Text("  {form}; {regulation}.", "  {form}; {regulation}."),
        form=layout.form.title,
        regulation=layout.regulation.title,
    )
    if not governs(layout.regulation, target, catalogue):
        say(
            Text(
                "  Lưu ý: quy định này không áp dụng cho năm học {year}. Dùng --school-year để ghi "
                "năm học mới, hoặc --regulation {old} để giữ quy định cũ.",
                "  Note: this regulation does not govern {year}. Give --school-year for a new "
                "school year, or --regulation {old} to keep the old regulation.",
            ),
            year=target.year,
            old=carried.regulation.id,
        )
    names = ", ".join(f"«{name}»" for name, _ in left_behind_sheets(migration.left))
    say(
        Text("  {count} giá trị đã chuyển.", "  {count} values were carried."),
        count=migration.carried,
    )
    if migration.left:
        say(
            Text(
                "  {count} giá trị chưa chuyển, được giữ nguyên văn ở trang {names}:",
                "  {count} values were not; they are in full on the sheet {names}:",
            ),
            count=len(migration.left),
            names=names,
        )
    for line in _listed(migration.left):
        echo(f"  - {line}")


def _listed(left: Sequence[LeftBehind]) -> list[str]:
    """Return the values left behind, one line for all of one field and reason."""
    groups: dict[tuple[str, Text, Text], list[str]] = {}
    for entry in left:
        groups.setdefault((entry.sheet, entry.field, entry.why), []).append(entry.cell)
    lines = []
    for (sheet, field, why), refs in groups.items():
        cells = ", ".join(_runs([ref for ref in refs if ref]))
        place = "!".join(part for part in (sheet, cells) if part)
        words = (place, field.in_(language()), why.in_(language()))
        lines.append(": ".join(part for part in words if part))
    return lines


# A cell address such as ``AB12``: column letters, then the row.
_REF = re.compile(r"([A-Z]+)(\d+)")


def _runs(refs: Sequence[str]) -> Iterator[str]:
    """Yield addresses, those directly below each other as one range: ``B5:B9``."""
    run: list[str] = []
    for ref in refs:
        if run and not _is_below(ref, run[-1]):
            yield f"{run[0]}:{run[-1]}" if len(run) > 1 else run[0]
            run = []
        run.append(ref)
    if run:
        yield f"{run[0]}:{run[-1]}" if len(run) > 1 else run[0]


def _is_below(ref: str, above: str) -> bool:
    lower, upper = _REF.fullmatch(ref), _REF.fullmatch(above)
    if lower is None or upper is None:
        return False
    return lower[1] == upper[1] and int(lower[2]) == int(upper[2]) + 1
