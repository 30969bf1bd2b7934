"""``kdcl-xl demo``: the whole job on the samples, in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import click

from kdcl_xl.checking.report import summary_line
from kdcl_xl.cli.base import command, language, option, say, with_bar
from kdcl_xl.cli.commands.merge import print_summary
from kdcl_xl.cli.lazy import Summary
from kdcl_xl.cli.options import PATH
from kdcl_xl.demo.run import REPORT_FILE, TEMPLATES, run_demo, run_synthetic
from kdcl_xl.demo.synthetic.district import MANIFEST_FILE, RETURNED
from kdcl_xl.errors import Exit
from workbook_templates.text import Text

SUMMARY = Summary(
    100, "Chạy thử toàn bộ trên các kế hoạch mẫu.", "Run the whole job on the samples."
)


@command(
    "demo",
    Text(
        "Chạy thử toàn bộ: phát mẫu cho các trường ví dụ, nhận lại các kế hoạch mẫu, kiểm tra và "
        "tổng hợp vào thư mục FOLDER (mặc định: demo); rồi tổng hợp một địa bàn giả lập có cài "
        "sẵn sai sót và đối chiếu.",
        "Run the whole job on the samples: issue, collect, check and merge, into FOLDER "
        "(default: demo); then merge a synthetic district with planted faults and compare.",
    ),
)
@click.argument("folder", type=PATH, default=Path("demo"))
@option(
    "--schools",
    type=click.IntRange(0, 5000),
    default=60,
    show_default=True,
    text=Text(
        "Số trường của địa bàn giả lập có cài sẵn sai sót, được tạo và tổng hợp thêm (0: bỏ qua).",
        "Schools of a synthetic district with planted faults, made and merged too (0: none).",
    ),
)
def COMMAND(folder: Path, schools: int) -> None:  # noqa: N802 - found by this name
    """Run the demo."""
    done = run_demo(folder, language(), with_bar)
    say(
        Text("1. Đã phát {count} mẫu: {path}", "1. {count} templates issued: {path}"),
        count=done.templates,
        path=folder / TEMPLATES,
    )
    say(
        Text("2. Đã nhận {count} bản nộp: {path}", "2. {count} files returned: {path}"),
        count=len(done.checked),
        path=folder / RETURNED,
    )
    say(
        Text("3. Đã kiểm tra: {path}. {summary}", "3. Checked: {path}. {summary}"),
        path=folder / REPORT_FILE,
        summary=summary_line(done.checked, language()),
    )
    click.echo("4. ", nl=False)
    print_summary(done.district, done.workbook)
    if schools and not _run_synthetic(folder, schools):
        raise SystemExit(Exit.ERRORS_FOUND)


def _run_synthetic(folder: Path, schools: int) -> bool:
    """Run the synthetic district; return whether exactly the planted faults were found."""
    done = run_synthetic(folder, schools, language(), with_bar)
    click.echo("5. ", nl=False)
    print_summary(done.district, done.workbook)
    comparison, planted = done.comparison, done.manifest.planted
    say(
        Text(
            "Đã cài {planted} sai sót thuộc {rules} quy tắc ({path}); tìm thấy {found}: thiếu "
            "{missed}, thừa {beyond}; {wrong} trường hoặc tệp sai tình trạng.",
            "{planted} faults of {rules} rules were planted ({path}); {found} found: {missed} "
            "missed, {beyond} beyond; {wrong} schools or files in the wrong state.",
        ),
        planted=len(planted),
        rules=len({p.rule for p in planted}),
        path=done.folder / MANIFEST_FILE,
        found=comparison.found,
        missed=len(comparison.missed),
        beyond=len(comparison.beyond),
        wrong=len(comparison.wrong_states),
    )
    return comparison.is_exact
