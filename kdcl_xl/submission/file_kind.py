"""The kind of a file that came back, by its contents and not by its name.

Only a workbook can be a submission. Any other file gets a line that says what it is, and what to
do with it; the finding of each kind is in :data:`FINDINGS`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath

from kdcl_xl.files import TEMPORARY
from kdcl_xl.xlsx.archive import is_numbers, is_opendocument
from kdcl_xl.xlsx.zip_entries import TooManyEntriesError, ZipError, read_directory
from macros_free_validation.rule import Rule
from macros_free_validation.rules import other_files as rules
from workbook_templates.vocabulary import Labelled


class FileKind(Labelled):
    """The kind of a file."""

    WORKBOOK = "workbook", "Sổ tính", "Workbook"
    AUTHORITY = "authority_workbook", "Sổ tổng hợp", "Authority workbook"
    OPENDOCUMENT = "opendocument", "Sổ tính OpenDocument (.ods)", "OpenDocument spreadsheet (.ods)"
    ZIP = "zip", "Tệp nén .zip", "Zip"
    ARCHIVE = "archive", "Tệp nén khác", "Other archive"
    WORD = "word", "Văn bản Word", "Word document"
    PDF = "pdf", "Tệp PDF", "PDF"
    PICTURE = "picture", "Ảnh", "Picture"
    CUT_SHORT = "cut_short", "Tệp tải dở", "Incomplete download"
    LOCK = "lock", "Tệp tạm", "Lock file"
    OTHER = "other", "Tệp khác", "Other file"


FINDINGS: Mapping[FileKind, Rule] = {
    FileKind.OPENDOCUMENT: rules.OPENDOCUMENT,
    FileKind.ARCHIVE: rules.ARCHIVE_CLOSED,
    FileKind.WORD: rules.WORD_DOCUMENT,
    FileKind.PDF: rules.PDF_DOCUMENT,
    FileKind.PICTURE: rules.PICTURE,
    FileKind.CUT_SHORT: rules.CUT_SHORT,
    FileKind.LOCK: rules.LOCK_FILE,
    FileKind.OTHER: rules.OTHER_FILE,
}
"""The finding on a file of each kind that is never opened."""
_KINDS = {
    **{rule.id: kind for kind, rule in FINDINGS.items()},
    rules.ZIP_OPENED.id: FileKind.ZIP,
    rules.ZIP_CLOSED.id: FileKind.ZIP,
}


def kind_of_finding(rule: str) -> FileKind:
    """Return the kind of a file of which a finding by that rule is the first."""
    return _KINDS.get(rule, FileKind.WORKBOOK)


WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".xltx", ".xltm")
_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".opdownload", ".tmp")
_ZIP, _END_OF_ZIP = b"PK\x03\x04", b"PK\x05\x06"
_WORD_PART = b"word/document.xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The stream of a document of Word 97-2003 (MS-DOC 2.1.1) as an OLE directory names it.
_WORD_STREAM = "WordDocument".encode("utf-16-le")
_MARKS: tuple[tuple[bytes, FileKind], ...] = (
    (b"%PDF", FileKind.PDF),
    (b"\xff\xd8\xff", FileKind.PICTURE),
    (b"\x89PNG\r\n\x1a\n", FileKind.PICTURE),
    (b"GIF8", FileKind.PICTURE),
    (b"II*\x00", FileKind.PICTURE),
    (b"MM\x00*", FileKind.PICTURE),
    (b"BM", FileKind.PICTURE),
    (b"Rar!\x1a\x07", FileKind.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", FileKind.ARCHIVE),
    (b"\x1f\x8b", FileKind.ARCHIVE),
    (b"BZh", FileKind.ARCHIVE),
    (b"\xfd7zXZ\x00", FileKind.ARCHIVE),
    (b"{\\rtf", FileKind.WORD),
)
"""The first bytes of files that are no workbook."""
_LATER_MARK = re.compile(rb"RIFF....WEBP|....ftyp(?:heic|heix|mif1|msf1|avif)", re.DOTALL)
_TEXT_TYPE, _HEADER = b"opendocument.text", 128
_MOST_ENTRIES = 5_000


def is_lock_name(name: str) -> bool:
    """Return whether a file is the mark that Excel or LibreOffice puts beside an open workbook."""
    return name.startswith(("~$", ".~lock."))


def kind_of(content: bytes, name: str) -> FileKind:
    """Return the kind of a file by its contents; its name decides where they do not.

    A damaged file that is named as a workbook counts as one: opening it gives the reason.
    """
    suffix = PurePath(name).suffix.lower()
    if is_lock_name(name):
        return FileKind.LOCK
    if suffix == TEMPORARY:
        return FileKind.OTHER  # whatever a killed run of this tool had begun to write
    if suffix in _UNFINISHED:
        return FileKind.CUT_SHORT
    if content.startswith(_END_OF_ZIP):
        return FileKind.ZIP  # with no file in it
    if content.startswith(_ZIP):
        return _kind_of_zip(content, suffix)
    if content.startswith(_OLE):
        return FileKind.WORD if _WORD_STREAM in content else FileKind.WORKBOOK
    for mark, kind in _MARKS:
        if content.startswith(mark):
            return kind
    if _LATER_MARK.match(content[:16]):
        return FileKind.PICTURE
    if suffix in WORKBOOK_SUFFIXES:
        return FileKind.WORKBOOK
    return FileKind.OTHER if content else FileKind.CUT_SHORT


def _kind_of_zip(content: bytes, suffix: str) -> FileKind:
    named_workbook = suffix in WORKBOOK_SUFFIXES
    if _END_OF_ZIP not in content:
        return FileKind.CUT_SHORT
    if named_workbook and not is_opendocument(content) and _WORD_PART not in content.lower():
        return FileKind.WORKBOOK  # whatever else it is, opening it gives the reason
    try:
        names = {entry.raw_name.lower() for entry in read_directory(content, _MOST_ENTRIES)}
    except (ZipError, TooManyEntriesError):
        return FileKind.WORKBOOK if named_workbook else FileKind.ZIP
    if is_opendocument(content):
        return FileKind.WORD if _TEXT_TYPE in content[:_HEADER] else FileKind.OPENDOCUMENT
    if is_numbers(names):
        return FileKind.WORKBOOK  # of another program: opening it gives the reason
    if "[content_types].xml" not in names:
        return FileKind.WORKBOOK if named_workbook else FileKind.ZIP
    if _WORD_PART.decode() in names:
        return FileKind.WORD
    is_other = any(name.startswith(("ppt/", "visio/")) for name in names)
    return FileKind.OTHER if is_other and not named_workbook else FileKind.WORKBOOK
