"""The official document of a returned workbook."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kdcl_xl.checking.check import Checked, as_checked
from kdcl_xl.checking.guard import guarded
from kdcl_xl.document.official import official_document
from kdcl_xl.submission.model import AS_ISSUED, Reading
from kdcl_xl.submission.reading import read_submission
from kdcl_xl.xlsx.package import Contents
from macros_free_validation.rule import Severity
from workbook_templates.regulation import Catalogue


@dataclass(frozen=True, slots=True)
class Drawn:
    """The official document of one file, as the bytes of a .docx file.

    ``faults`` is the number of errors and warnings on the file itself, such as contents outside
    the input cells, which the document does not have.
    """

    content: bytes
    code: str
    name: str
    faults: int


def document_of(
    path: Path, catalogue: Catalogue, reading: Reading = AS_ISSUED, contents: Contents | None = None
) -> Drawn | Checked:
    """Return the document of a file, or of its ``contents`` where they are in memory already.

    Returns:
        the document, or what a check reports of a file that cannot be read.
    """

    def work() -> Drawn | Checked:
        submission = read_submission(path, catalogue, reading, contents)
        if submission.plan is None:
            return Checked(submission, submission.found)
        faults = sum(found.severity is not Severity.NOTE for found in submission.found)
        content = official_document(submission.plan)
        return Drawn(content, submission.code, submission.name, faults)

    return as_checked(guarded(path, work))
