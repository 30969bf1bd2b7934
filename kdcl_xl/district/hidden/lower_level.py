"""A district workbook as an input: its schools as if their files had been given, its decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from kdcl_xl.checking.check import Checked, judged
from kdcl_xl.checking.record import NewerRecordError, RecordError
from kdcl_xl.district.decisions.decision import Closed, Decision, Line, Memory, Note
from kdcl_xl.district.hidden.decisions import ArchiveError, NewerFormatError
from kdcl_xl.district.hidden.read_previous import hidden_texts, memory_in
from kdcl_xl.district.hidden.sources import restore as restore_sources
from kdcl_xl.district.model.inputs import Below, Sources
from kdcl_xl.district.model.model import shown_level
from kdcl_xl.submission.identify import DistrictFile
from kdcl_xl.submission.model import Reading
from kdcl_xl.template.stamp import SOURCES_SHEET
from kdcl_xl.xlsx.package import UnreadableError
from kdcl_xl.xlsx.workbook import Workbook
from macros_free_validation.rules import workbook as rules
from workbook_templates.regulation import Catalogue
from workbook_templates.text import normalise


def seen_from_above(sources: Sources, authority: str, path: Path, today: date) -> Sources:
    """The same to the level above: files are in the workbook's path, judged on a day."""

    def inner(shown: str) -> Path:
        return Path(f"{path}/{shown.lstrip('/')}")

    def entry(checked: Checked) -> Checked:
        submission = checked.submission
        under = (authority, *submission.under)
        moved = inner(str(submission.path))
        return judged(replace(submission, path=moved, under=under), today)

    return Sources(
        authority,
        tuple(map(entry, sources.checked)),
        tuple(replace(s, under=(authority, *s.under)) for s in sources.expected),
        frozenset(map(str, map(inner, sources.preferred))),
    )


def told_by(memory: Memory, authority: str) -> Memory:
    """The same, with the authority in front of every level and place."""

    def decision(told: Decision) -> Decision:
        return replace(told, level=shown_level([authority, *filter(None, [told.level])]))

    def line(told: Line) -> Line:
        earlier = decision(told.earlier) if told.earlier else None
        return replace(told, decision=decision(told.decision), earlier=earlier)

    def closed(told: Closed) -> Closed:
        return replace(told, decision=decision(told.decision))

    def note(told: Note) -> Note:
        return replace(told, place=f"{authority}: {told.place}")

    return Memory(
        tuple(map(line, memory.lines)),
        tuple(map(closed, memory.closed)),
        tuple(map(note, memory.notes)),
    )


MEGABYTE = 1 << 20


def read_below(file: DistrictFile, catalogue: Catalogue, today: date, reading: Reading) -> Below:
    """Read a district workbook and judge its schools on a day.

    An authority without a name goes by the name of its file.

    Raises:
        UnreadableError: it has no records, or its hidden data cannot be relied on.
    """
    path, workbook = file.origin.path, file.workbook
    if SOURCES_SHEET not in workbook.sheets:
        raise UnreadableError(rules.DISTRICT_WITHOUT_RECORDS)
    try:
        sources = _sources_in(workbook, catalogue, reading)
        memory = memory_in(workbook, today)
    except (NewerRecordError, NewerFormatError):
        raise UnreadableError(rules.DISTRICT_NEWER) from None
    except (RecordError, ArchiveError) as error:
        raise UnreadableError(rules.DISTRICT_DAMAGED, found=str(error)[:80]) from None
    authority = normalise(sources.authority) or path.stem
    return Below(seen_from_above(sources, authority, path, today), told_by(memory, authority))


def _sources_in(workbook: Workbook, catalogue: Catalogue, reading: Reading) -> Sources:
    rows = hidden_texts(workbook, SOURCES_SHEET)
    cells = ["".join(row) for row in rows]
    largest = reading.bounds.largest_content * MEGABYTE
    return restore_sources(cells, catalogue, reading.limits, largest)
