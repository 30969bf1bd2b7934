"""Open a file as a package of parts (ECMA-376 part 2), and reject what is unsafe or none.

A file's kind is recognised by its content, never by its name, before any reader sees it.
Nothing is executed or fetched.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from macros_free_validation.rule import Finding, Rule, finding
from macros_free_validation.rules import workbook as rules
from macros_free_validation.values import LONGEST_SHOWN
from workbook_templates.text import Text

_MB = 1024 * 1024
_SMALL_PART = _MB // 4


def _bound(default: int, vi: str, en: str) -> int:
    """Return the field of a bound, with its description for the documentation."""
    return field(default=default, metadata={"about": Text(vi, en)})


@dataclass(frozen=True, slots=True)
class Bounds:
    """The largest sizes (in megabytes) and counts that a file may have."""

    largest_file: int = _bound(
        30, "Dung lượng tệp lớn nhất, tính bằng MB.", "Size of the file at most, in MB."
    )
    largest_content: int = _bound(
        200,
        "Dung lượng lớn nhất của nội dung sau khi giải nén, tính bằng MB.",
        "Size of the contents at most once they are inflated, in MB.",
    )
    most_parts: int = _bound(
        2000, "Số phần nhiều nhất bên trong tệp.", "Number of parts in the file at most."
    )
    greatest_ratio: int = _bound(
        500,
        "Một phần lớn gấp nhiều nhất bao nhiêu lần dung lượng nén của nó; phần dưới 1 MB không "
        "bị giới hạn.",
        "Size of a part divided by its compressed size, at most; a part of less than 1 MB may "
        "have any.",
    )

    def widened(self, other: Bounds) -> Bounds:
        """Return bounds that allow what either of two bounds allows."""
        names = [field.name for field in fields(Bounds)]
        return Bounds(**{name: max(getattr(self, name), getattr(other, name)) for name in names})


SAFE = Bounds()
OWN_WORKBOOK = Bounds(largest_file=1_000, largest_content=8_000)
"""Bounds of a district workbook that an officer names; 20,000 schools need a third of it."""
_PIECE = 1 << 20
"""Bytes of a long part that are in memory at a time."""
# The first bytes of a zip, of an OLE compound file (old .xls, encrypted .xlsx) and of a PDF.
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
# Absolute names, drive letters, backslashes and ".." lead out of the package.
_ODD_NAME = re.compile(r"^/|\\|(^|/)\.\.(/|$)|^[A-Za-z]:|[\x00-\x1f]")
_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
# The stream of an OLE file that holds an encrypted workbook (MS-OFFCRYPTO 2.3.4).
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class UnreadableError(Exception):
    """The error of a file that cannot be read, with the finding that explains why."""

    def __init__(self, rule: Rule, **words: object) -> None:
        """Make the finding from a rule and the words of its message."""
        self.finding: Finding = finding(rule, words=words)
        self.words = words
        super().__init__(self.finding.message.en)


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from one part to another (ECMA-376 part 2, clause 9.3).

    ``kind`` is the last word of its type, ``target`` the name of the part it leads to,
    or an address outside the file if it ``is_external``.
    """

    id: str
    kind: str
    target: str
    is_external: bool


@dataclass(frozen=True)
class Package:
    """The parts of an opened zip; names are compared without regard to case."""

    zip: zipfile.ZipFile
    names: Mapping[str, str]
    """Each part's name in the zip, by its name in lower case."""
    _small_parts: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)
    """Small parts that were inflated before; several checks read the same ones."""

    @property
    def parts(self) -> frozenset[str]:
        """The names of all parts."""
        return frozenset(self.names.values())

    def has(self, name: str) -> bool:
        """Return whether a part exists."""
        return name.lower() in self.names

    def part(self, name: str) -> bytes:
        """Return an inflated part, XML in UTF-8; no bytes if the part does not exist.

        Raises:
            UnreadableError: the part is damaged, or declares a document type.
        """
        known = self.names.get(name.lower())
        if known is None:
            return b""
        if known in self._small_parts:
            return self._small_parts[known]
        data = _inflate(self.zip, known)
        if known.lower().endswith((".xml", ".rels")):
            data = as_utf8(data, known)
            # A document type can define entities that expand without bound; no spreadsheet
            # program writes one.
            if b"<!DOCTYPE" in data:
                raise UnreadableError(rules.DOCUMENT_TYPE, found=known)
        if len(data) <= _SMALL_PART:
            self._small_parts[known] = data
        return data

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a part as :meth:`part` returns it, a long one in pieces of a megabyte.

        Raises:
            UnreadableError: the part is damaged, or declares a document type.
        """
        known = self.names.get(name.lower())
        if known is None or self.zip.getinfo(known).file_size <= _PIECE:
            yield self.part(name)
            return
        end = b""
        try:
            with self.zip.open(known) as stream:
                piece = stream.read(_PIECE)
                if _encoding_of(piece) != "utf-8":
                    # Another encoding cannot be converted piece by piece.
                    yield self.part(name)
                    return
                while piece:
                    # The end of the previous piece is searched too: the word may be cut in two.
                    if b"<!DOCTYPE" in end + piece:
                        raise UnreadableError(rules.DOCUMENT_TYPE, found=known)
                    yield piece
                    end, piece = piece[-len(b"<!DOCTYPE") :], stream.read(_PIECE)
        except _ZIP_ERRORS as error:
            raise UnreadableError(rules.DAMAGED, found=f"{known}: {error}") from None

    def relationships(self, part: str = "") -> list[Relationship]:
        """Return the relationships of a part, or of the package itself; few parts have any.

        Raises:
            UnreadableError: the part that holds them is damaged.
        """
        folder = posixpath.dirname(part)
        rels = relationships_part(part)
        data = self.part(rels)
        return [
            _relationship(element, folder) for element in (parse_xml(data, rels) if data else ())
        ]

    def related(self, part: str, kind: str) -> list[str]:
        """Return the names of the existing parts that a part refers to by one kind.

        Raises:
            UnreadableError: the part that holds the relationships is damaged.
        """
        return [
            relationship.target
            for relationship in self.relationships(part)
            if relationship.kind == kind
            and not relationship.is_external
            and self.has(relationship.target)
        ]


def relationships_part(part: str) -> str:
    """Return the name of the part that holds the relationships of a part."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relationship(element: ElementTree.Element, folder: str) -> Relationship:
    target = element.get("Target", "")
    is_external = element.get("TargetMode", "").lower() == "external"
    if not is_external:
        # A target is relative to the folder of its part, or absolute within the package.
        target = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
    kind = element.get("Type", "").rsplit("/", 1)[-1]
    return Relationship(element.get("Id", ""), kind, target, is_external)


@dataclass(frozen=True, slots=True)
class Contents:
    """The bytes of a file and its time of modification."""

    data: bytes
    modified: datetime


def read_contents(path: Path, bounds: Bounds = SAFE) -> Contents:
    """Read a file that may be a workbook.

    Raises:
        UnreadableError: the file is a lock file, too large, or cannot be opened.
    """
    if path.name.startswith("~$"):  # Excel keeps such a file beside each open workbook
        raise UnreadableError(rules.LOCK_FILE)
    try:
        facts = path.stat()
        if facts.st_size > bounds.largest_file * _MB:
            raise UnreadableError(rules.TOO_LARGE, found=f"{facts.st_size // _MB} MB")
        return Contents(path.read_bytes(), datetime.fromtimestamp(facts.st_mtime, UTC))
    except OSError as error:
        raise UnreadableError(rules.CANNOT_OPEN, found=error.strerror or str(error)) from None


def open_package(content: bytes, bounds: Bounds = SAFE) -> Package:
    """Open the bytes of a zip.

    Raises:
        UnreadableError: the bytes are no sound zip of bearable size.
    """
    if not content.startswith(_ZIP):
        raise _not_a_zip(content)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise UnreadableError(rules.DAMAGED, found=str(error)) from None
    _reject_large(infos, bounds)
    return Package(archive, _part_names(infos))


def _reject_large(infos: list[zipfile.ZipInfo], bounds: Bounds) -> None:
    if len(infos) > bounds.most_parts:
        raise UnreadableError(
            rules.TOO_LARGE, found=Text(f"{len(infos)} phần", f"{len(infos)} parts")
        )
    content = sum(info.file_size for info in infos)
    if content > bounds.largest_content * _MB:
        found = Text(f"{content // _MB} MB khi giải nén", f"{content // _MB} MB when inflated")
        raise UnreadableError(rules.TOO_LARGE, found=found)
    for info in infos:
        if info.file_size > max(_MB, info.compress_size * bounds.greatest_ratio):
            ratio = info.file_size // max(1, info.compress_size)
            found = Text(
                f"{info.filename}: nén {ratio} lần", f"{info.filename}: packed {ratio} to one"
            )
            raise UnreadableError(rules.TOO_LARGE, found=found)


def _part_names(infos: list[zipfile.ZipInfo]) -> dict[str, str]:
    """Return the names of the parts by their names in lower case.

    Raises:
        UnreadableError: two names are equal, or one leads out of the package.
    """
    names: dict[str, str] = {}
    for info in infos:
        name = info.orig_filename  # `filename` is cut at a NUL and has its separators changed
        if _ODD_NAME.search(name) or name.lower() in names:
            raise UnreadableError(rules.ODD_PARTS, found=repr(name)[1:-1][:LONGEST_SHOWN])
        names[name.lower()] = info.filename
    return names


def is_encrypted(content: bytes) -> bool:
    """Return whether the bytes are a workbook that needs a password to open."""
    return content.startswith(_OLE) and _ENCRYPTED in content


def _not_a_zip(content: bytes) -> UnreadableError:
    head = content[:512].lstrip().lower()
    if not content:
        return UnreadableError(rules.NOT_A_WORKBOOK, found=Text("tệp trống", "nothing"))
    if content.startswith(_OLE):
        return UnreadableError(rules.ENCRYPTED if is_encrypted(content) else rules.OLD_XLS)
    if content.startswith(_PDF):
        return UnreadableError(rules.NOT_A_WORKBOOK, found="PDF")
    if head.startswith((b"<!doctype", b"<html", b"<table", b"\xef\xbb\xbf<html")):
        return UnreadableError(rules.NOT_A_WORKBOOK, found="HTML")
    if b"\x00" not in content[:512]:
        return UnreadableError(rules.NOT_A_WORKBOOK, found=Text("văn bản thường", "plain text"))
    return UnreadableError(rules.NOT_A_WORKBOOK, found=Text("dữ liệu khác", "other data"))


_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError)


def _inflate(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except Exception as error:  # compression libraries' errors have no common base
        raise UnreadableError(rules.DAMAGED, found=f"{name}: {error}") from None


def as_utf8(data: bytes, part: str) -> bytes:
    """Return XML in UTF-8 without a byte order mark.

    Raises:
        UnreadableError: the bytes do not follow the encoding that the XML declares.
    """
    encoding = _encoding_of(data)
    if encoding == "utf-8":
        return data
    if encoding == "utf-8-sig":
        data = data.removeprefix(_MARK)
        encoding = _encoding_of(data)
        if encoding == "utf-8":
            return data
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError) as error:
        raise UnreadableError(rules.DAMAGED, found=f"{part}: {error}"[:200]) from None
    # The XML declaration goes: it names the old encoding.
    return re.sub(r"^<\?xml.*?\?>", "", text, count=1, flags=re.DOTALL).encode()


_MARK = b"\xef\xbb\xbf"


def _encoding_of(head: bytes) -> str:
    """Return the encoding of XML; ``utf-8-sig`` if a byte order mark has to be removed first."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if head.startswith((b"<\x00", b"\x00<")):
        return "utf-16-le" if head[0] else "utf-16-be"
    if head.startswith(_MARK):
        return "utf-8-sig"
    declared = _ENCODING.match(head)
    encoding = declared[1].decode().lower() if declared else "utf-8"
    return "utf-8" if encoding == "utf8" else encoding


def parse_xml(data: bytes, part: str) -> ElementTree.Element:
    """Parse a part that is in UTF-8 and declares no document type.

    Raises:
        UnreadableError: the part is not well-formed.
    """
    try:
        return ElementTree.fromstring(data)  # noqa: S314 - `part` refuses document types
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnreadableError(rules.DAMAGED, found=f"{part}: {error}") from None
