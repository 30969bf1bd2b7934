"""Is this file safe to open, and is it a workbook at all?

Everything a mail can bring is told apart by its content, never by its name,
before any reader sees it. Nothing is executed or fetched.
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
    """Return the field of a bound, with what it bounds."""
    return field(default=default, metadata={"about": Text(vi, en)})


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a file may be before it is refused."""

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
        """These bounds, or the other ones where those are wider."""
        names = [field.name for field in fields(Bounds)]
        return Bounds(**{name: max(getattr(self, name), getattr(other, name)) for name in names})


SAFE = Bounds()
OWN_WORKBOOK = Bounds(largest_file=1_000, largest_content=8_000)
"""For a district workbook that an officer names: that of 20,000 schools is a third of it."""
_PIECE = 1 << 20
"""Bytes of a long part that are in memory at a time."""
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
_ODD_NAME = re.compile(r"^/|\\|(^|/)\.\.(/|$)|^[A-Za-z]:|[\x00-\x1f]")
_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class UnreadableError(Exception):
    """A file that is not read, with the finding that says why."""

    def __init__(self, rule: Rule, **words: object) -> None:
        """Keep the finding, and the words of its message."""
        self.finding: Finding = finding(rule, words=words)
        self.words = words
        super().__init__(self.finding.message.en)


@dataclass(frozen=True)
class Archive:
    """The parts of a zip, found whatever the case of their names."""

    zip: zipfile.ZipFile
    names: Mapping[str, str]
    _asked: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)
    """Small parts that were asked for before: some are looked at from several sides."""

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.lower() in self.names

    def part(self, name: str) -> bytes:
        """One part, as :meth:`Package.part` gives it."""
        known = self.names.get(name.lower())
        if known is None:
            return b""
        if known in self._asked:
            return self._asked[known]
        data = _inflate(self.zip, known)
        if known.lower().endswith((".xml", ".rels")):
            data = as_utf8(data, known)
            if b"<!DOCTYPE" in data:
                raise UnreadableError(rules.DOCUMENT_TYPE, found=known)
        if len(data) <= _SMALL_PART:
            self._asked[known] = data
        return data

    def pieces(self, name: str) -> Iterator[bytes]:
        """One part as :meth:`Package.pieces` gives it."""
        known = self.names.get(name.lower())
        if known is None or self.zip.getinfo(known).file_size <= _PIECE:
            yield self.part(name)
            return
        end = b""
        try:
            with self.zip.open(known) as stream:
                piece = stream.read(_PIECE)
                if _encoding_of(piece) != "utf-8":
                    yield self.part(name)
                    return
                while piece:
                    if b"<!DOCTYPE" in end + piece:
                        raise UnreadableError(rules.DOCUMENT_TYPE, found=known)
                    yield piece
                    end, piece = piece[-len(b"<!DOCTYPE") :], stream.read(_PIECE)
        except _ZIP_ERRORS as error:
            raise UnreadableError(rules.DAMAGED, found=f"{known}: {error}") from None


@dataclass(frozen=True)
class Package:
    """The opened zip of a workbook.

    ``sheets`` maps the name on a tab to the part that holds the sheet; ``hidden``
    holds the names of sheets that are not shown; ``names`` the workbook's defined
    names and their formulas; ``strings`` is the part of the shared texts.
    """

    archive: Archive
    sheets: Mapping[str, str]
    hidden: frozenset[str]
    names: Mapping[str, str]
    strings: str
    dates_from_1904: bool

    @property
    def parts(self) -> frozenset[str]:
        """The names of all parts."""
        return frozenset(self.archive.names.values())

    def part(self, name: str) -> bytes:
        """One part, inflated, XML in UTF-8; empty where there is none.

        Raises:
            UnreadableError: the part is damaged, or declares a document type.
        """
        return self.archive.part(name)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The same, a long part in pieces that need not be in memory at once.

        Raises:
            UnreadableError: the part is damaged, or declares a document type.
        """
        return self.archive.pieces(name)


@dataclass(frozen=True, slots=True)
class Contents:
    """The bytes of a file and the time the file system gives it."""

    data: bytes
    modified: datetime


def read_contents(path: Path, bounds: Bounds = SAFE) -> Contents:
    """A file that may be a workbook.

    Raises:
        UnreadableError: it is a lock file, too large, or cannot be opened.
    """
    if path.name.startswith("~$"):
        raise UnreadableError(rules.LOCK_FILE)
    try:
        facts = path.stat()
        if facts.st_size > bounds.largest_file * _MB:
            raise UnreadableError(rules.TOO_LARGE, found=f"{facts.st_size // _MB} MB")
        return Contents(path.read_bytes(), datetime.fromtimestamp(facts.st_mtime, UTC))
    except OSError as error:
        raise UnreadableError(rules.CANNOT_OPEN, found=error.strerror or str(error)) from None


def open_package(content: bytes, bounds: Bounds = SAFE) -> Package:
    """Open the bytes of a workbook.

    Raises:
        UnreadableError: anything but a sound, unencrypted .xlsx of bearable size.
    """
    if not content.startswith(_ZIP):
        raise _not_a_zip(content)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise UnreadableError(rules.DAMAGED, found=str(error)) from None
    _refuse_large(infos, bounds)
    return _package(Archive(archive, _part_names(infos)))


def _refuse_large(infos: list[zipfile.ZipInfo], bounds: Bounds) -> None:
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
    """Names of the parts by their names in lower case.

    Raises:
        UnreadableError: two are the same, or one leads out of the workbook.
    """
    names: dict[str, str] = {}
    for info in infos:
        name = info.orig_filename
        if _ODD_NAME.search(name) or name.lower() in names:
            raise UnreadableError(rules.ODD_PARTS, found=repr(name)[1:-1][:LONGEST_SHOWN])
        names[name.lower()] = info.filename
    return names


def is_encrypted(content: bytes) -> bool:
    """Whether the bytes are a workbook with a password to open."""
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


def _other_zip(archive: Archive) -> Text:
    if archive.has("xl/workbook.bin"):
        return Text("sổ tính nhị phân .xlsb", "a binary workbook (.xlsb)")
    if any(name.startswith("word/") for name in archive.names):
        return Text("văn bản Word", "a Word document")
    if b"spreadsheet" in archive.part("mimetype"):
        return Text("sổ tính OpenDocument .ods", "an OpenDocument sheet (.ods)")
    return Text("tệp nén zip", "a zip archive")


_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError)


def _inflate(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except _ZIP_ERRORS as error:
        raise UnreadableError(rules.DAMAGED, found=f"{name}: {error}") from None
    except Exception as error:  # zlib.error and its kin have no common base
        raise UnreadableError(rules.DAMAGED, found=f"{name}: {error}") from None


def as_utf8(data: bytes, part: str) -> bytes:
    """XML in UTF-8 without a byte order mark, whatever it was written in.

    Raises:
        UnreadableError: it is not written in what it says.
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
    return re.sub(r"^<\?xml.*?\?>", "", text, count=1, flags=re.DOTALL).encode()


_MARK = b"\xef\xbb\xbf"


def _encoding_of(head: bytes) -> str:
    """What XML says it is written in; ``utf-8-sig`` where a mark comes before it says so."""
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
        UnreadableError: it is not well-formed.
    """
    try:
        return ElementTree.fromstring(data)  # noqa: S314 - document types are refused before
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnreadableError(rules.DAMAGED, found=f"{part}: {error}") from None


def _local(element: ElementTree.Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to, by id: the last word of the type, and the target's name."""
    folder, _, name = part.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels".lstrip("/")
    if not archive.has(rels):
        raise UnreadableError(rules.DAMAGED, found=rels)
    return {
        rel.get("Id", ""): (
            rel.get("Type", "").rsplit("/", 1)[-1],
            _target(folder, rel.get("Target", "")),
        )
        for rel in parse_xml(archive.part(rels), rels)
        if rel.get("TargetMode", "").lower() != "external"
    }


def _target(folder: str, target: str) -> str:
    """Name of the part that a relation in ``folder`` means."""
    path = target if target.startswith("/") else posixpath.join(folder, target)
    return posixpath.normpath("/" + path).lstrip("/")


def _workbook_part(archive: Archive) -> str:
    if archive.has("_rels/.rels"):
        for kind, target in _relations(archive, "").values():
            if kind == "officeDocument" and archive.has(target):
                return target
    return "xl/workbook.xml"


def _package(archive: Archive) -> Package:
    part = _workbook_part(archive)
    data = archive.part(part) if part.lower().endswith(".xml") else b""
    if not data or part.startswith("word/"):
        raise UnreadableError(rules.NOT_A_WORKBOOK, found=_other_zip(archive))
    workbook = parse_xml(data, part)
    targets = _relations(archive, part)
    sheets: dict[str, str] = {}
    hidden: set[str] = set()
    names: dict[str, str] = {}
    from_1904 = False
    for element in workbook.iter():
        match _local(element):
            case "sheet":
                rel = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
                sheets[element.get("name", "")] = targets.get(rel, ("", ""))[1]
                if element.get("state", "visible") != "visible":
                    hidden.add(element.get("name", ""))
            case "definedName" if element.get("localSheetId") is None:
                names[element.get("name", "")] = element.text or ""
            case "definedName":  # a sheet's own, such as those of a copied sheet
                names.setdefault(element.get("name", ""), element.text or "")
            case "workbookPr":
                from_1904 = element.get("date1904", "0") in ("1", "true")
    shared = dict(targets.values())
    return Package(
        archive,
        sheets,
        frozenset(hidden),
        names,
        shared.get("sharedStrings", ""),
        from_1904,
    )
