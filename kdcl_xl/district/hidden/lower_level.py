"""Read an authority workbook as an input of the authority above: its submissions and decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from kdcl_xl.checking.check import Checked, judged
from kdcl_xl.checking.record import NewerRecordError, RecordError
from kdcl_xl.district.decisions.decision import Closed, Decision, DecisionMemory, Line, Note
from kdcl_xl.district.hidden.decisions import ArchiveError, NewerFormatError
from kdcl_xl.district.hidden.read_previous import hidden_texts, memory_in
from kdcl_xl.district.hidden.sources import decode_expected, decode_sources
from kdcl_xl.district.model.inputs import LowerWorkbook, Sources
from kdcl_xl.district.model.model import authority_path
from kdcl_xl.schools import School
from kdcl_xl.submission.identify import DistrictFile
from kdcl_xl.submission.model import Reading
from kdcl_xl.template.stamp import SOURCES_SHEET
from kdcl_xl.xlsx.package import UnreadableError
from kdcl_xl.xlsx.workbook import Workbook
from macros_free_validation.rules import workbook as rules
from workbook_templates.regulation import Catalogue
from workbook_templates.text import normalise, one_line


def sources_seen_from_above(sources: Sources, authority: str, path: Path, today: date) -> Sources:
    """Return the inputs as the authority above sees them, judged on a day.

    The path of a file begins with the workbook's, and its authorities with ``authority``.
    """

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


def decisions_seen_from_above(memory: DecisionMemory, authority: str) -> DecisionMemory:
    """Return the decisions with the authority before every authority and position in them."""

    def decision(found: Decision) -> Decision:
        below = filter(None, [found.authority])
        return replace(found, authority=authority_path([authority, *below]))

    def line(found: Line) -> Line:
        earlier = decision(found.earlier) if found.earlier else None
        return replace(found, decision=decision(found.decision), earlier=earlier)

    def closed(found: Closed) -> Closed:
        return replace(found, decision=decision(found.decision))

    def note(found: Note) -> Note:
        return replace(found, place=f"{authority}: {found.place}")

    return DecisionMemory(
        tuple(map(line, memory.lines)),
        tuple(map(closed, memory.closed)),
        tuple(map(note, memory.notes)),
        memory.reported,
        memory.assigned,
    )


MEGABYTE = 1 << 20


def read_below(
    file: DistrictFile, catalogue: Catalogue, today: date, reading: Reading
) -> LowerWorkbook:
    """Read an authority workbook and judge its schools on a day.

    An authority without a name is named after its file.

    Raises:
        UnreadableError: the workbook has no hidden data, or it is damaged or of a later version.
    """
    path, workbook = file.origin.path, file.workbook
    if SOURCES_SHEET not in workbook.sheets:
        raise UnreadableError(rules.DISTRICT_WITHOUT_RECORDS)
    try:
        sources = sources_in(workbook, catalogue, reading)
        memory = memory_in(workbook, today)
    except (NewerRecordError, NewerFormatError):
        raise UnreadableError(rules.DISTRICT_NEWER) from None
    except (RecordError, ArchiveError) as error:
        raise UnreadableError(rules.DISTRICT_DAMAGED, found=str(error)[:80]) from None
    authority = normalise(sources.authority) or one_line(path.stem)
    return LowerWorkbook(
        sources_seen_from_above(sources, authority, path, today),
        decisions_seen_from_above(memory, authority),
    )


def expected_in(
    workbook: Workbook, catalogue: Catalogue, reading: Reading
) -> tuple[str, tuple[School, ...]]:
    """Return the name of an opened workbook's authority, and the schools that it expects.

    Raises:
        RecordError: the hidden data is damaged or of a later version.
        UnreadableError: a part of the workbook is damaged.
    """
    if SOURCES_SHEET not in workbook.sheets:
        return "", ()
    authority, expected = decode_expected(_cells_in(workbook), catalogue, _largest(reading))
    return normalise(authority), expected


def sources_in(workbook: Workbook, catalogue: Catalogue, reading: Reading) -> Sources:
    """Return the inputs of an opened workbook, with the findings of reading only.

    Raises:
        RecordError: the hidden data is damaged or of a later version.
        UnreadableError: a part of the workbook is damaged.
    """
    return decode_sources(_cells_in(workbook), catalogue, reading.limits, _largest(reading))


def _cells_in(workbook: Workbook) -> list[str]:
    return ["".join(row) for row in hidden_texts(workbook, SOURCES_SHEET)]


def _largest(reading: Reading) -> int:
    """Return the greatest size of the hidden data, in bytes when decompressed."""
    return reading.bounds.largest_content * MEGABYTE
