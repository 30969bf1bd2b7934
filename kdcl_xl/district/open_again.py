"""Open an authority workbook again: the district that it was made of, with its decisions now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from kdcl_xl.checking.check import judged
from kdcl_xl.checking.guard import guarded
from kdcl_xl.checking.record import RecordError
from kdcl_xl.checking.settings import Settings
from kdcl_xl.checking.supervise import alone
from kdcl_xl.district.decisions.decision import DecisionMemory
from kdcl_xl.district.decisions.match import carry
from kdcl_xl.district.hidden.decisions import ArchiveError
from kdcl_xl.district.hidden.lower_level import sources_in
from kdcl_xl.district.hidden.read_previous import memory_in
from kdcl_xl.district.model.build import build_district
from kdcl_xl.district.model.inputs import Sources
from kdcl_xl.district.model.model import District
from kdcl_xl.errors import UserError
from kdcl_xl.submission.identify import DistrictFile, Unreadable, identify_own
from kdcl_xl.submission.model import Reading
from kdcl_xl.template.stamp import SOURCES_SHEET
from kdcl_xl.xlsx.package import UnreadableError
from macros_free_validation.rules import workbook as rules
from workbook_templates.regulation import Catalogue
from workbook_templates.text import Language, Text


def open_again(
    path: Path,
    catalogue: Catalogue,
    settings: Settings,
    today: date | None = None,
    language: Language = Language.VI,
    *,
    is_combined: bool = False,
) -> District:
    """Return the district of an authority workbook, with every decision typed in it since.

    The day is that of its last merge, unless ``today`` is another one. ``settings`` and
    ``is_combined`` have to be those of the merge for the findings to be the same.

    Raises:
        UserError: the file is no authority workbook, or it cannot be relied on.
    """
    found = alone(path, settings.reading, _contents_at, path, catalogue, settings.reading)
    if isinstance(found, Unreadable):
        message = found.finding.message
        raise UserError(
            Text(
                f"Không đọc được sổ tổng hợp «{path}»: {message.vi}",
                f"Cannot read the authority workbook '{path}': {message.en}",
            )
        )
    sources, memory = found
    day = today or max((entry.day for entry in memory.rounds), default=date.today())
    district = build_district(
        [judged(entry.submission, day) for entry in sources.checked],
        sources.expected,
        sources.authority,
        day,
        settings,
        language,
        sources.preferred,
        before=[memory],
        is_combined=is_combined,
    )
    lines = [flag.line for flag in district.flags]
    return district.with_memory(carry(memory, lines, day, district.present))


def _contents_at(
    path: Path, catalogue: Catalogue, reading: Reading
) -> tuple[Sources, DecisionMemory] | Unreadable:
    """Return the inputs and the decisions of a workbook; never raises for anything in it."""

    def work() -> tuple[Sources, DecisionMemory] | Unreadable:
        file = identify_own(path, reading)
        if isinstance(file, Unreadable):
            return file
        if not isinstance(file, DistrictFile) or SOURCES_SHEET not in file.workbook.sheets:
            raise UnreadableError(rules.DISTRICT_WITHOUT_RECORDS)
        try:
            memory = memory_in(file.workbook, date.today())
            sources = sources_in(file.workbook, catalogue, reading)
        except (RecordError, ArchiveError) as error:
            raise UnreadableError(rules.DISTRICT_DAMAGED, found=str(error)[:80]) from None
        return sources, replace(memory, notes=())

    return guarded(path, work)
