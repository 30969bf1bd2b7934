"""Write the report of an authority and the pages of its schools into a folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path, PurePath

from kdcl_xl.district.model.model import District, SchoolLine
from kdcl_xl.district.sheets.order import contents_of
from kdcl_xl.document.authority_report import authority_report
from kdcl_xl.document.school_page import school_page
from kdcl_xl.files import ProgressBar, base_name, keep_earlier, safe_name, write_whole
from workbook_templates.text import Language, Text

REPORT = Text("bao-cao-tong-hop.docx", "report.docx")
PAGES = Text("phieu-truong", "schools")


def report_files(
    district: District,
    language: Language,
    due: date | None = None,
    progress: ProgressBar = iter,
) -> Iterator[tuple[PurePath, bytes]]:
    """Yield the path below a folder and the bytes of the report, then of a page for each school."""
    yield PurePath(REPORT.in_(language)), authority_report(contents_of(district, language))
    names: set[str] = set()
    for line in progress(district.schools):
        page = school_page(district, line, language, due)
        yield PurePath(PAGES.in_(language), f"{_name(line, names)}.docx"), page


def write_report(
    district: District,
    folder: Path,
    language: Language,
    due: date | None = None,
    progress: ProgressBar = iter,
) -> int:
    """Write the report and a page for each school, and return the number of files.

    An earlier file of a name is kept beside it under a dated name.

    Raises:
        UserError: a file cannot be written, or is open in a program.
    """
    count = 0
    for path, content in report_files(district, language, due, progress):
        keep_earlier(folder / path, content)
        write_whole(folder / path, content)
        count += 1
    return count


def _name(line: SchoolLine, taken: set[str]) -> str:
    """Return a file name that no other school has, and take it."""
    own = line.school.code or line.school.name or base_name(line.paths[0])
    name, nth = safe_name(own), 1
    while name in taken:
        nth += 1
        name = f"{safe_name(own)}-{nth}"
    taken.add(name)
    return name
