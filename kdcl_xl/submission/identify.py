"""Identify a file: a school's workbook, an authority workbook, or a file that cannot be read.

A file is identified once, where it enters the program. The opened workbook travels with the
answer, so that no later step opens the file again or guesses its kind from an error.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from kdcl_xl.submission.file_kind import (
    FINDINGS,
    WORKBOOK_SUFFIXES,
    FileKind,
    is_lock_name,
    kind_of,
)
from kdcl_xl.submission.model import AS_ISSUED, Reading, Submission
from kdcl_xl.template.stamp import (
    ARCHIVE_SHEET,
    DISTRICT_PROPERTY,
    STAMP_MARK,
    STAMP_NAME,
    STAMP_PROPERTY,
    STAMP_SHEET,
    Stamp,
    structure_of,
)
from kdcl_xl.xlsx.archive import ArchiveError, InArchive, count_inside, is_zip_name
from kdcl_xl.xlsx.bounds import OWN_WORKBOOK, Bounds
from kdcl_xl.xlsx.decrypt import decrypted, without_own_password
from kdcl_xl.xlsx.package import (
    Contents,
    Package,
    UnreadableError,
    is_encrypted,
    open_package,
    read_contents,
)
from kdcl_xl.xlsx.strings import local_name
from kdcl_xl.xlsx.workbook import Workbook, open_workbook
from macros_free_validation.rule import Finding, finding
from macros_free_validation.rules import other_files
from macros_free_validation.rules import tampering as tampered
from macros_free_validation.rules import workbook as rules
from workbook_templates.layout import (
    Layout,
    Limits,
    build_layout,
)
from workbook_templates.regulation import Catalogue


@dataclass(frozen=True, slots=True)
class Origin:
    """The provenance of a file.

    ``digest`` is the SHA-256 of its bytes (empty where they could not be read), ``modified``
    the file system's time, and ``saved`` the time that a program wrote inside the file.
    """

    path: Path
    digest: str = ""
    modified: datetime | None = None
    saved: datetime | None = None


@dataclass(frozen=True, slots=True)
class SchoolFile:
    """An opened workbook that was issued to a school, with its stamp."""

    origin: Origin
    workbook: Workbook
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class DistrictFile:
    """An opened authority workbook."""

    origin: Origin
    workbook: Workbook


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that cannot be used, and the finding that gives the reason.

    ``workbook`` is given for a sound workbook without a stamp. ``stamp`` is that of a file which
    is damaged elsewhere: it says whose the file is.
    """

    origin: Origin
    finding: Finding
    workbook: Workbook | None = None
    stamp: Stamp | None = None

    @property
    def is_workbook(self) -> bool:
        """True for a sound workbook that this tool did not make, or whose stamp is lost."""
        return self.workbook is not None


Identified = SchoolFile | DistrictFile | Unreadable


def identify(
    path: Path, reading: Reading = AS_ISSUED, contents: Contents | None = None
) -> Identified:
    """Open a file, or its ``contents`` where they are in memory already, and return its kind.

    Never raises for anything that the file holds.
    """
    origin, workbook, data = Origin(path), None, b""
    try:
        if is_lock_name(path.name):  # Windows does not let it be read while it is in use
            return Unreadable(origin, finding(FINDINGS[FileKind.LOCK]))
        contents = contents or read_contents(path, reading.bounds)
        data = contents.data
        origin = replace(
            origin, digest=hashlib.sha256(data).hexdigest(), modified=contents.modified
        )
        if (other := _other_file(path, data, reading.bounds)) is not None:
            return Unreadable(origin, other)
        if is_encrypted(data):
            data = without_own_password(data)
        if reading.password:
            data = decrypted(data, reading.password)
        workbook = open_workbook(data, reading.bounds)
        origin = replace(origin, saved=saved_at(workbook))
        if _is_of_district(workbook):
            return DistrictFile(origin, workbook)
        return SchoolFile(origin, workbook, _read_stamp(workbook))
    except (UnreadableError, OSError) as error:
        stamp = None if workbook else _stamp_beside(data, reading.bounds)
        return Unreadable(origin, _reason(path, error, reading.bounds), workbook, stamp)


def _stamp_beside(data: bytes, bounds: Bounds) -> Stamp | None:
    """Return the whole stamp in the properties of a file whose workbook cannot be opened."""
    try:
        package = open_package(data, bounds)
        return next(_whole_stamps(line for _, line in _in_properties(package)), None)
    except UnreadableError:
        return None


def _whole_stamps(lines: Iterable[str]) -> Iterator[Stamp]:
    for line in lines:
        with contextlib.suppress(ValueError):
            stamp = Stamp.decode(line)
            if stamp.is_whole:
                yield stamp


def _reason(path: Path, error: UnreadableError | OSError, bounds: Bounds) -> Finding:
    found = finding_of(error)
    if found.rule != rules.TOO_LARGE.id or not isinstance(error, UnreadableError):
        return found
    try:
        return _too_large(path, error, bounds)
    except OSError:
        return found


def _other_file(path: Path, content: bytes, bounds: Bounds) -> Finding | None:
    """Return the finding on a file that is no workbook; None for a workbook."""
    kind = kind_of(content, path.name)
    if kind is FileKind.ZIP:
        return _zip(path, content, bounds)
    return finding(FINDINGS[kind]) if kind in FINDINGS else None


def _zip(path: Path, content: bytes, bounds: Bounds) -> Finding:
    try:
        count = count_inside(path, content, bounds)
        return finding(other_files.ZIP_OPENED, words={"found": str(count)})
    except ArchiveError as error:
        return finding(other_files.ZIP_CLOSED, words={"found": error.reason})


def _too_large(path: Path, error: UnreadableError, bounds: Bounds) -> Finding:
    """Return the finding on a file that is larger than a workbook may be: by its first bytes."""
    if is_zip_name(path) and not isinstance(path, InArchive):
        return _zip(path, b"", bounds)
    if path.suffix.lower() in WORKBOOK_SUFFIXES or isinstance(path, InArchive):
        return error.finding
    with path.open("rb") as stream:
        kind = kind_of(stream.read(_HEAD), path.name)
    return finding(FINDINGS[kind]) if kind in FINDINGS else error.finding


_HEAD = 4096
"""Bytes by which the kind of a file is known that is too large to be read."""


def identify_own(path: Path, reading: Reading = AS_ISSUED) -> Identified:
    """Identify a file that a person named as an authority workbook, which may be very large."""
    return identify(path, replace(reading, bounds=reading.bounds.widened(OWN_WORKBOOK)))


def unread(file: DistrictFile | Unreadable) -> Submission:
    """Return a submission without a plan, with the reason as its only finding."""
    origin = file.origin
    is_of_district = isinstance(file, DistrictFile)
    reason = file.finding if isinstance(file, Unreadable) else finding(rules.DISTRICT_WORKBOOK)
    return Submission(
        origin.path,
        origin.digest,
        origin.modified,
        file.stamp if isinstance(file, Unreadable) else None,
        None,
        (reason,),
        origin.saved,
        is_of_district=is_of_district,
    )


def finding_of(error: UnreadableError | OSError) -> Finding:
    """Return the finding that gives the reason why a file could not be read."""
    if isinstance(error, UnreadableError):
        return error.finding
    return finding(rules.CANNOT_OPEN, words={"found": error.strerror or str(error)})


def saved_at(workbook: Workbook) -> datetime | None:
    """Return the time, in UTC, that a program wrote into a workbook when it saved it.

    None where there is no such time, or where it cannot be parsed.
    """
    try:
        # `dcterms:modified`; programs choose the namespace prefix themselves.
        said = next(_texts(workbook.package, "docProps/core.xml", "modified"), "")
        moment = datetime.fromisoformat(said) if said else None
        # Excel writes UTC with a Z; other programs leave the zone out and mean UTC as well.
        if moment is None or moment.tzinfo is None:
            return moment and moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (UnreadableError, ValueError, OverflowError):
        return None


def _texts(package: Package, part: str, element: str, of: str = "") -> Iterator[str]:
    """Yield the texts of a part's elements of one name, or of those in a named parent."""
    root = package.sound_tree(part)
    for parent in () if root is None else root.iter():
        if not of or parent.get("name", "").lower() == of:
            yield from (
                (child.text or "").strip() for child in parent if local_name(child) == element
            )


def _read_stamp(workbook: Workbook) -> Stamp:
    """Return the stamp of a workbook: of its three copies, the first unchanged one."""
    found: Stamp | None = None
    for line in _stamp_lines(workbook):
        try:
            stamp = Stamp.decode(line)
        except ValueError:
            continue
        if stamp.is_whole:
            return stamp
        found = found or stamp
    if found is None:
        raise UnreadableError(rules.NOT_OURS)
    return found


def _written_stamps(workbook: Workbook) -> Iterator[tuple[str, str]]:
    """Yield the copies of the stamp that need no sheet to be read, each with its place."""
    yield from _in_properties(workbook.package)
    if STAMP_NAME in workbook.names:
        yield STAMP_NAME, workbook.names[STAMP_NAME].strip('"')


def _in_properties(package: Package) -> Iterator[tuple[str, str]]:
    # The custom property holds the stamp as one `vt:lpwstr` element.
    found = next(_texts(package, "docProps/custom.xml", "lpwstr", STAMP_PROPERTY), None)
    if found is not None:
        yield STAMP_PROPERTY, found


def _stamp_lines(workbook: Workbook) -> Iterator[str]:
    # Programs that save the workbook again may drop its custom properties or defined names.
    yield from (line for _, line in _written_stamps(workbook))
    if workbook.can_read(STAMP_SHEET):
        value = workbook.sheet(STAMP_SHEET).get(1, 0)
        if isinstance(value, str):
            yield value


def issued_layout(
    _package: Workbook, stamp: Stamp, catalogue: Catalogue, limits: Limits = ()
) -> Layout:
    """Return the layout that a stamp names; the workbook is not looked at."""
    return layout_of_stamp(stamp, catalogue, limits)


def layout_of_stamp(stamp: Stamp, catalogue: Catalogue, limits: Limits = ()) -> Layout:
    """Return the layout that a stamp names; ``limits`` take precedence over the stamp's.

    Raises:
        UnreadableError: this version of the tool has no such layout.
    """
    regulation = catalogue.get(stamp.regulation)
    if regulation is None:
        raise UnreadableError(rules.UNKNOWN_VERSION, found=stamp.regulation)
    try:
        chosen = tuple({**dict(stamp.limits), **dict(limits)}.items())
        layout = build_layout(regulation, stamp.rows, stamp.form, chosen)
    except ValueError as error:
        raise UnreadableError(rules.UNKNOWN_VERSION, found=str(error)) from None
    if structure_of(layout) != stamp.structure:
        found = f"v{stamp.version}, {stamp.form}, {stamp.regulation}, {stamp.structure}"
        if stamp.tool:
            found = f"kdcl-xl {stamp.tool}, {found}"
        raise UnreadableError(rules.UNKNOWN_VERSION, found=found)
    return layout


def damaged_stamps(workbook: Workbook) -> Iterator[Finding]:
    """Yield a finding where a copy of the stamp was changed, or two copies differ."""
    lines = {line for _, line in _written_stamps(workbook)}
    if STAMP_SHEET in workbook.sheets:
        parts = (workbook.part(workbook.strings_part), workbook.part(workbook.sheets[STAMP_SHEET]))
        written = [part for part in parts if STAMP_MARK.encode() in part]
        known = [escape(line, quote=False).encode() for line in lines]
        # The copy on the sheet is compared as bytes: reading the sheet for it would take longer.
        if written and not all(any(line in part for part in written) for line in known):
            lines.add("")
    if len(lines) > 1 or not all(_is_whole(line) for line in lines):
        yield finding(tampered.STAMP, words={})


def _is_whole(line: str) -> bool:
    try:
        return Stamp.decode(line).is_whole
    except ValueError:
        return False


def _is_of_district(workbook: Workbook) -> bool:
    # Some programs drop custom properties when they save; the hidden sheet then decides.
    root = workbook.package.sound_tree("docProps/custom.xml")
    named = root is not None and any(e.get("name") == DISTRICT_PROPERTY for e in root.iter())
    return named or ARCHIVE_SHEET in workbook.sheets
