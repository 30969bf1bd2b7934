"""A progress bar for work on many files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import click

from kdcl_xl.cli.base import is_terminal, language
from workbook_templates.text import Text

T = TypeVar("T")


def with_bar(files: Sequence[T]) -> Iterable[T]:
    """The same one by one, with a progress bar where somebody watches."""
    label = Text("Đang xử lý", "Working").in_(language())

    def run() -> Iterator[T]:
        with click.progressbar(files, label=label, hidden=not is_terminal()) as bar:
            yield from bar

    return run()
