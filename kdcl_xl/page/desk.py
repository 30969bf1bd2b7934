"""Answer the requests of the page, one at a time.

A request is JSON with the name of a job, its options, and the name and role of each file; the
bytes of the files travel beside it. See ``JOBS`` for the jobs.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from kdcl_xl.checking.guard import OUT_OF_MEMORY, OUT_OF_TIME, refusing
from kdcl_xl.errors import UserError
from kdcl_xl.page import officer, school, word
from kdcl_xl.page.answers import Answer, Output
from kdcl_xl.page.job import Job
from kdcl_xl.page.uploads import Upload, lay_out
from workbook_templates.text import Language, Text

T = TypeVar("T")
Report = Callable[[int, int, str], object]
"""A listener to progress: things done, things in all, name of the thing that is next."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress as the commands take it, reported to a listener in place of a bar."""

    report: Report

    def __call__(self, things: Sequence[T], /) -> Iterable[T]:
        """Yield the same things; each is reported before the work on it begins."""
        for done, thing in enumerate(things):
            self.report(done, len(things), str(thing) if isinstance(thing, Path) else "")
            yield thing
        self.report(len(things), len(things), "")


JOBS: Mapping[str, Callable[[Job], Answer]] = {
    "offer": school.offer,
    "check": school.check,
    "template": school.template,
    "documents": word.documents,
    "draft": word.draft,
    "schools": officer.schools,
    "status": officer.status,
    "templates": officer.templates,
    "merge": officer.merged,
    "feedback": officer.feedback,
    "report": officer.reported,
}
"""The function that answers each job."""


def answer(
    request: str, contents: Sequence[bytes], report: Report
) -> tuple[str, tuple[Output, ...]]:
    """Return the answer to a request as JSON, and the files to save.

    The JSON has ``shown`` and ``outputs``, or ``refused``: one line in each language that says
    which input is wrong and how to mend it.
    """
    asked = json.loads(request)
    uploads = [
        Upload(entry["name"], bytes(content), entry["role"], entry.get("modified", 0))
        for entry, content in zip(asked["files"], contents, strict=True)
    ]
    refused = {name: _REASONS[why] for name, why in asked.get("refused", {}).items()}
    with _own_folder(), refusing(refused):
        paths = lay_out(uploads)
        job = Job(
            _by_role(uploads, paths),
            asked.get("options", {}),
            Language(asked.get("language", Language.VI)),
            date.today(),
            Progress(report),
        )
        try:
            done = JOBS[asked["job"]](job)
        except UserError as error:
            return _refused(error.text), ()
    return done.json, done.outputs


_REASONS = {"time": OUT_OF_TIME, "memory": OUT_OF_MEMORY}
"""The reasons for which an earlier engine was ended on a file."""


def _refused(text: Text) -> str:
    return json.dumps({"refused": {"vi": text.vi, "en": text.en}}, ensure_ascii=False)


def _by_role(uploads: Sequence[Upload], paths: Sequence[Path]) -> Mapping[str, tuple[Path, ...]]:
    found: dict[str, tuple[Path, ...]] = {}
    for upload, path in zip(uploads, paths, strict=True):
        found[upload.role] = (*found.get(upload.role, ()), path)
    return found


@contextlib.contextmanager
def _own_folder() -> Iterator[None]:
    """Work in an empty folder, which is deleted with all dropped files afterwards."""
    with tempfile.TemporaryDirectory(prefix="kdcl-xl-") as folder, contextlib.chdir(folder):
        yield
