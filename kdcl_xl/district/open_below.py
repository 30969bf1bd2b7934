"""Opening a district workbook for the level above it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kdcl_xl.cells import strings_of
from kdcl_xl.district.archive import ArchiveError, NewerFormatError
from kdcl_xl.district.below import Below, seen_from_above, told_by
from kdcl_xl.district.previous import hidden_texts, memory_in
from kdcl_xl.district.sources import Sources
from kdcl_xl.district.sources import restore as restore_sources
from kdcl_xl.guard import Package, UnreadableError
from kdcl_xl.record import NewerRecordError, RecordError
from kdcl_xl.stamp import SOURCES_SHEET
from kdcl_xl.submission import Reading, open_workbook
from macros_free_validation.rules import workbook as rules
from workbook_templates.regulation import Catalogue
from workbook_templates.text import normalise

MEGABYTE = 1 << 20


def read_below(path: Path, catalogue: Catalogue, today: date, reading: Reading) -> Below:
    """Read a district workbook and judge its schools on a day.

    An authority without a name goes by the name of its file.

    Raises:
        UnreadableError: it has no records, or its hidden data cannot be relied on.
        OSError: the file cannot be read (any more).
    """
    package = open_workbook(path, reading)
    if SOURCES_SHEET not in package.sheets:
        raise UnreadableError(rules.DISTRICT_WITHOUT_RECORDS)
    try:
        sources = _sources_in(package, catalogue, reading)
        memory = memory_in(package, today)
    except (NewerRecordError, NewerFormatError):
        raise UnreadableError(rules.DISTRICT_NEWER) from None
    except (RecordError, ArchiveError) as error:
        raise UnreadableError(rules.DISTRICT_DAMAGED, found=str(error)[:80]) from None
    authority = normalise(sources.authority) or path.stem
    return Below(seen_from_above(sources, authority, path, today), told_by(memory, authority))


def _sources_in(package: Package, catalogue: Catalogue, reading: Reading) -> Sources:
    rows = hidden_texts(package, SOURCES_SHEET, strings_of(package))
    cells = ["".join(row) for row in rows]
    largest = reading.bounds.largest_content * MEGABYTE
    return restore_sources(cells, catalogue, reading.limits, largest)
