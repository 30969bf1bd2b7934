"""Options of the commands that check many files."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kdcl_xl.checking.cache import Cache, default_folder, is_trusted
from kdcl_xl.checking.many import MOST_JOBS, Workers
from kdcl_xl.cli.base import option, say_aside
from kdcl_xl.cli.options import PATH
from kdcl_xl.errors import UserError
from workbook_templates.text import Text


def workers_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options that choose the workers; the command receives them as ``workers``."""

    @option(
        "--jobs",
        type=click.IntRange(0, MOST_JOBS),
        default=0,
        text=Text(
            "Số tiến trình kiểm tra cùng lúc (mặc định: theo số bộ xử lý của máy).",
            "Processes that check at the same time (default: one a processor).",
        ),
    )
    @option(
        "--scheduler",
        default="",
        text=Text(
            "Kiểm tra trên cụm máy Dask tại địa chỉ này, ví dụ tcp://máy:8786. Cụm máy nhận "
            "toàn bộ nội dung tệp và được tin như chính máy này; dùng tls://… và cấu hình "
            "distributed.comm.tls của Dask để mã hóa.",
            "Check on the Dask cluster at this address, for example tcp://host:8786. The "
            "cluster gets the contents of all files and is trusted like this machine; use "
            "tls://... and Dask's own settings distributed.comm.tls for encryption.",
        ),
    )
    @option(
        "--cache",
        type=PATH,
        text=Text(
            "Thư mục bộ nhớ đệm của các tệp đã kiểm tra (xóa lúc nào cũng được).",
            "Folder that remembers checked files (may be deleted at any time).",
        ),
    )
    @option(
        "--no-cache",
        is_flag=True,
        text=Text(
            "Đọc lại mọi tệp, không dùng và không ghi bộ nhớ đệm.",
            "Read every file again; neither use nor write the cache.",
        ),
    )
    @functools.wraps(function)
    def run(
        *args: Any, jobs: int, scheduler: str, cache: Path | None, no_cache: bool, **values: Any
    ) -> None:
        kept = None if no_cache else _cache_in(cache)
        function(*args, workers=Workers(jobs, scheduler, kept), **values)

    return run


def _cache_in(named: Path | None) -> Cache | None:
    """Return the cache in a folder, or the user's; None where there is no place for one."""
    folder = named or default_folder()
    if folder is None:
        return None
    if named and named.exists() and not named.is_dir():
        raise UserError(
            Text(
                f"«{named}» là một tệp; --cache cần một thư mục.",
                f"'{named}' is a file; --cache needs a folder.",
            )
        )
    if not is_trusted(folder):
        say_aside(
            Text(
                f"Không dùng bộ nhớ đệm «{folder}»: thư mục phải là của chính người chạy lệnh và "
                "không ai khác được ghi vào.",
                f"The cache '{folder}' is left alone: the folder must be your own, and nobody else "
                "may write into it.",
            )
        )
        return None
    cache = Cache(folder)
    cache.tidy_up()
    return cache
