"""Options of the commands that check many files."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from kdcl_xl.checking.cache import Cache, default_folder
from kdcl_xl.checking.many import MOST_JOBS, Workers
from kdcl_xl.cli.base import option
from kdcl_xl.cli.options import PATH
from kdcl_xl.errors import UserError
from workbook_templates.text import Text

F = TypeVar("F", bound=Callable[..., Any])


def workers_options(decorated: F) -> F:
    """Add the options that choose the workers; the command receives them as ``workers``."""

    @functools.wraps(decorated)
    def wrapper(
        *args: Any, jobs: int, scheduler: str, cache: Path | None, no_cache: bool, **kwargs: Any
    ) -> Any:
        kept = None if no_cache else _cache_in(cache)
        return decorated(*args, workers=Workers(jobs, scheduler, kept), **kwargs)

    for add in (
        option(
            "--no-cache",
            is_flag=True,
            text=Text(
                "Đọc lại mọi tệp, không dùng và không ghi bộ nhớ đệm.",
                "Read every file again; neither use nor write the cache.",
            ),
        ),
        option(
            "--cache",
            type=PATH,
            text=Text(
                "Thư mục bộ nhớ đệm của các tệp đã kiểm tra (xóa lúc nào cũng được).",
                "Folder that remembers checked files (may be deleted at any time).",
            ),
        ),
        option(
            "--scheduler",
            default="",
            text=Text(
                "Kiểm tra trên cụm máy Dask tại địa chỉ này, ví dụ tcp://máy:8786.",
                "Check on the Dask cluster at this address, for example tcp://host:8786.",
            ),
        ),
        option(
            "--jobs",
            type=click.IntRange(0, MOST_JOBS),
            default=0,
            text=Text(
                "Số tiến trình kiểm tra cùng lúc (mặc định: theo số bộ xử lý của máy).",
                "Processes that check at the same time (default: one a processor).",
            ),
        ),
    ):
        wrapper = add(wrapper)
    return wrapper  # type: ignore[return-value]


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
    cache = Cache(folder)
    cache.tidy_up()
    return cache
