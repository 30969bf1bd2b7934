"""The answer to a request of the page: words and rows to show, and files to save."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kdcl_xl.reporting.report import Report, word
from workbook_templates.text import Language, printable


@dataclass(frozen=True, slots=True)
class Output:
    """A file to save: its name and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a request: plain values to show, and files to save."""

    shown: Mapping[str, Any]
    outputs: tuple[Output, ...] = ()

    @property
    def json(self) -> str:
        """The values and the names of the files as JSON; the bytes travel beside it."""
        names = [output.name for output in self.outputs]
        return printable(json.dumps({"shown": self.shown, "outputs": names}, ensure_ascii=False))


def rows_of(report: Report, language: Language) -> dict[str, Any]:
    """Return the table of a report as headings and rows of words, with its summary."""
    table = report.table
    return {
        "headings": [column.heading.in_(language) for column in table.columns],
        "rows": [
            [word(value, language) for value in row] for group in table.groups for row in group.rows
        ],
        "summary": report.summary,
    }


def zipped(name: str, outputs: Iterable[Output]) -> Output:
    """Return one zip with all the files, which are packed already."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for output in outputs:
            archive.writestr(output.name, output.content)
    return Output(name, stream.getvalue())
