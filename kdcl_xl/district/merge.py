"""Merge files into an authority workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import date
from pathlib import Path

from kdcl_xl.checking.cache import only_run_on
from kdcl_xl.checking.check import Checked
from kdcl_xl.checking.guard import guarded
from kdcl_xl.checking.many import ALONE, Workers, check_each
from kdcl_xl.checking.record import unpack
from kdcl_xl.checking.settings import Settings
from kdcl_xl.checking.supervise import alone
from kdcl_xl.checking.task import Task
from kdcl_xl.district.decisions.decision import DecisionMemory
from kdcl_xl.district.decisions.levels import gather
from kdcl_xl.district.decisions.match import follow_files
from kdcl_xl.district.decisions.several import Previous, reconcile
from kdcl_xl.district.hidden.lower_level import read_below
from kdcl_xl.district.hidden.read_previous import not_ours, previous_in_reading
from kdcl_xl.district.model.build import build_district
from kdcl_xl.district.model.choose import preferred_of
from kdcl_xl.district.model.compare import compare
from kdcl_xl.district.model.inputs import LowerWorkbook
from kdcl_xl.district.model.model import District
from kdcl_xl.district.open_again import open_again
from kdcl_xl.district.tables.tables import tables_of
from kdcl_xl.district.tables.write import Format, require_formats, write_tables
from kdcl_xl.district.workbook import render_district
from kdcl_xl.errors import Exit, UserError
from kdcl_xl.files import (
    EARLIER,
    ProgressBar,
    base_name,
    file_digest,
    keep_earlier,
    refuse_open,
    write_whole,
)
from kdcl_xl.schools import School
from kdcl_xl.submission.identify import DistrictFile, Identified, Unreadable, identify_own
from kdcl_xl.submission.inventory import find_inputs
from kdcl_xl.submission.model import Reading, Submission
from kdcl_xl.xlsx.package import UnreadableError
from macros_free_validation.rules import workbook as rules
from workbook_templates.regulation import Catalogue
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Language, Text, fold, one_line


def merge(
    paths: Sequence[Path],
    target: Path,
    catalogue: Catalogue,
    today: date,
    settings: Settings,
    *,
    schools: Sequence[School] = (),
    authority: str = "",
    prefer: Sequence[Path] = (),
    language: Language = Language.VI,
    previous: Sequence[Path] = (),
    is_continued: bool = True,
    school_year: SchoolYear | None = None,
    assign: Sequence[tuple[str, str]] = (),
    is_combined: bool = False,
    compared: Path | None = None,
    formats: Collection[Format] = (),
    workers: Workers = ALONE,
    progress: ProgressBar = iter,
) -> District:
    """Merge files into an authority workbook; one bad file never stops it.

    An authority workbook among the files brings its schools, as if their files had been
    given, the schools it expects, and its decisions.

    Decisions are taken over from all of ``previous``, or else from the workbook at the target,
    unless the merge is not to be continued. Decisions of several that differ are to be reviewed.
    ``prefer`` names files that count for their schools whatever else was sent. ``assign`` names
    the schools of files, as pairs of file and code. Plans for another year than ``school_year``,
    or else than the list expects, are logged and not counted. With ``is_combined`` several files
    of one school are parts of one plan. ``compared`` is an earlier workbook, of last year or of
    the last round, that the sheet of the comparison is about. An earlier workbook at the target
    is kept beside it under a dated name. ``formats`` are written beside the workbook.
    ``workers`` check the files.

    Raises:
        UserError: nothing to merge, nothing readable, the earlier workbook cannot be
            relied on, a preferred file that is no readable input, an unknown file or code of
            ``assign``, or the target cannot
            be written, is open in a program, or changed in the meantime.
    """
    require_formats(formats, target)
    refuse_open(target)
    with only_run_on(target), ExitStack() as stack:
        # The digest is taken before the target is read: a change from then on is noticed below.
        digest_before = file_digest(target)
        files, in_reading = _begin(
            find_inputs(paths, settings.reading.bounds),
            target,
            previous,
            today,
            settings.reading,
            stack,
            is_continued=is_continued,
        )
        checked: list[Checked] = []
        below: dict[str, LowerWorkbook] = {}
        task = Task(catalogue, today, settings.reading)
        with closing(check_each(files, task, workers, progress)) as records:
            for record in records:
                entry = unpack(record, catalogue)
                if _is_of_below(entry, files, below, previous):
                    found = _read_below(entry.submission, catalogue, today, settings.reading)
                    if isinstance(found, LowerWorkbook):
                        checked.append(entry)
                        below[entry.submission.shown_path] = found
                        checked += found.sources.checked
                    else:
                        checked.append(found)
                else:
                    checked.append(entry)
        if not any(entry.submission.is_read for entry in checked):
            raise _nothing_read(checked)
        earlier = [Previous(name, wait()) for name, wait in in_reading]
        stack.close()
        preferred = preferred_of(prefer, [c.submission for c in checked])
        expected = expected_by(schools, below.values())
        district = build_district(
            checked,
            expected,
            authority,
            today,
            settings,
            language,
            preferred,
            below,
            [previous.memory for previous in earlier],
            school_year,
            assign,
            is_combined=is_combined,
        )
        lines = [flag.line for flag in district.flags]
        memories = [entry.memory for entry in below.values()]
        names = Counter(base_name(entry.path) for entry in district.inputs)
        assigned = {a.file for a in district.assigned if names[a.file] == 1}
        earlier = [
            replace(previous, memory=follow_files(previous.memory, lines, assigned))
            for previous in earlier
        ]
        before = reconcile(earlier, lines, today, district.present)
        district = district.with_memory(gather(before, memories, lines, today, district.present))
        if compared is not None:
            before_then = open_again(compared, catalogue, settings, language=language)
            district = replace(district, compared=compare(before_then, district))
        may_copy = workers.allow_a_copy and len(checked) <= _MOST_FOR_A_COPY
        content = stack.enter_context(
            render_district(district, language, has_second_process=may_copy)
        )
        tables = tables_of(district, language) if formats else ()
        if file_digest(target) != digest_before:
            raise _changed_meanwhile(target)
        keep_earlier(target)
        write_whole(target, content)
        write_tables(tables, formats, target)
        return district


_MOST_FOR_A_COPY = 5_000
"""Inputs beyond which this process is not copied: each copy takes the memory of the plans again."""


def _is_of_below(
    entry: Checked,
    files: Sequence[Path],
    taken_in: Mapping[str, LowerWorkbook],
    previous: Sequence[Path],
) -> bool:
    """Return whether to take in a file as a lower authority's workbook: once, no earlier copy."""
    submission = entry.submission
    if not submission.is_of_district:
        return False
    path = submission.path
    if path.resolve() in {earlier.resolve() for earlier in previous}:
        return False
    stem, is_earlier, _ = path.name.partition(EARLIER)
    if is_earlier and path.with_name(stem + path.suffix) in files:
        return False
    return not any(other.digest == submission.digest for other in taken_in.values())


def _read_below(
    submission: Submission, catalogue: Catalogue, today: date, reading: Reading
) -> LowerWorkbook | Checked:
    """Read an authority workbook among the inputs, or return the reason why it cannot be read."""
    path = submission.path
    below = alone(path, reading, _below_at, path, catalogue, today, reading)
    if isinstance(below, LowerWorkbook):
        return replace(below, digest=submission.digest)
    found = (below.finding,)
    # It is logged like any other unreadable file, not as an authority workbook left aside.
    return Checked(replace(submission, found=found, is_of_district=False), found)


def _below_at(
    path: Path, catalogue: Catalogue, today: date, reading: Reading
) -> LowerWorkbook | Unreadable:
    """Read an authority workbook; never raises for anything that it holds."""

    def work() -> LowerWorkbook | Unreadable:
        file = identify_own(path, reading)
        if isinstance(file, Unreadable):
            return file
        if not isinstance(file, DistrictFile):  # another file took its place since it was checked
            raise UnreadableError(rules.DISTRICT_WITHOUT_RECORDS)
        return read_below(file, catalogue, today, reading)

    return guarded(path, work)


def expected_by(schools: Sequence[School], below: Iterable[LowerWorkbook]) -> list[School]:
    """Return the schools expected here or in a district, each once, preferably of a district."""
    found = {fold(school.code): school for school in schools}
    for school in (school for entry in below for school in entry.sources.expected):
        known = found.setdefault(fold(school.code), school)
        if not known.under:
            found[fold(school.code)] = replace(known, under=school.under)
    return list(found.values())


def _begin(
    files: Sequence[Path],
    target: Path,
    previous: Sequence[Path],
    today: date,
    reading: Reading,
    stack: ExitStack,
    *,
    is_continued: bool,
) -> tuple[list[Path], _InReading]:
    """Return the inputs without earlier outputs of this merge, and the decisions to continue.

    The target is opened once, here, and let go of before the files are checked. Earlier workbooks
    are read in processes of their own meanwhile, which end with the stack.

    Raises:
        UserError: there is no such earlier workbook, or the target holds something else.
    """
    existing = identify_own(target, reading) if target.is_file() else None
    inputs = [path for path in files if not _is_own_output(path, target, existing, reading)]
    return inputs, _remembered(existing, previous, today, reading, stack) if is_continued else []


_InReading = Sequence[tuple[str, Callable[[], DecisionMemory]]]
"""The names to show of earlier workbooks, and functions that wait for their decisions."""


def _remembered(
    existing: Identified | None,
    previous: Sequence[Path],
    today: date,
    reading: Reading,
    stack: ExitStack,
) -> _InReading:
    """Begin to read the decisions of each earlier workbook; none where there is no such workbook.

    Raises:
        UserError: there is no such file, or the file at the target is not ours.
    """
    for path in previous:
        if not path.exists():
            raise UserError(Text(f"Không có tệp «{path}».", f"There is no '{path}'."))
    if existing is not None and previous and not isinstance(existing, DistrictFile):
        raise not_ours(existing.origin.path)
    paths = list({path.resolve(): path for path in previous}.values())
    if existing is not None and not previous:
        paths = [existing.origin.path]
    bare = Counter(path.name for path in paths)
    return [
        (
            one_line(path.name if bare[path.name] == 1 else str(path)),
            stack.enter_context(previous_in_reading(path, today, reading)),
        )
        for path in paths
    ]


def _changed_meanwhile(target: Path) -> UserError:
    """Return the error for a target that changed during the merge."""
    return UserError(
        Text(
            f"«{target}» đã thay đổi trong lúc tổng hợp nên không bị ghi đè; hãy chạy lại lệnh.",
            f"'{target}' changed while the merge was running and was not written over; run the "
            "command again.",
        )
    )


def _is_own_output(path: Path, target: Path, existing: Identified | None, reading: Reading) -> bool:
    """Return whether a file is an earlier output of this merge, and therefore no input.

    ``existing`` is the file at the target, opened.

    Raises:
        UserError: the target is a school's file among the inputs.
    """
    if path.resolve().parent != target.resolve().parent:
        return False
    is_target = path.name == target.name
    if not (is_target or path.name.startswith(target.stem + EARLIER)):
        return False
    file = existing if is_target else identify_own(path, reading)
    if isinstance(file, DistrictFile):
        return True
    if is_target:
        raise UserError(
            Text(
                f"«{target}» là một tệp đầu vào, không phải sổ tổng hợp; hãy chọn tên khác.",
                f"'{target}' is one of the inputs and no authority workbook; choose another name.",
            )
        )
    return False


def _nothing_read(checked: Sequence[Checked]) -> UserError:
    found = [(c.submission.path.name, c.findings[0]) for c in checked if c.findings]
    vi = "; ".join(f"{name}: {finding.message.vi}" for name, finding in found)
    en = "; ".join(f"{name}: {finding.message.en}" for name, finding in found)
    # Files that fail alike, such as those of an earlier version, are mended alike.
    remedies = dict.fromkeys(finding.remedy for _, finding in found)
    to_do_vi, to_do_en = " ".join(r.vi for r in remedies), " ".join(r.en for r in remedies)
    return UserError(
        Text(
            f"Không đọc được bản nộp nào. {vi} Cách xử lý: {to_do_vi}",
            f"No submission could be read. {en} Remedy: {to_do_en}",
        ),
        Exit.NOTHING_READ,
    )
