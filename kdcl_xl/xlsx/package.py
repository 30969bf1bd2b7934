"""Open a file as a package of parts (ECMA-376 part 2), and reject what is unsafe or none.

A file's kind is recognised by its content, never by its name, before any reader sees it.
Nothing is executed or fetched.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TypeVar
from xml.etree import ElementTree

from kdcl_xl.files import TooLargeError, read_bounded
from kdcl_xl.xlsx.archive import InArchive, read_inside
from kdcl_xl.xlsx.bounds import SAFE, Bounds
from kdcl_xl.xlsx.zip_entries import (
    PIECE,
    Entry,
    TooManyEntriesError,
    ZipError,
    inflated,
    inflated_pieces,
    read_directory,
)
from macros_free_validation.rule import Finding, Rule, finding
from macros_free_validation.rules import workbook as rules
from macros_free_validation.values import LONGEST_SHOWN
from workbook_templates.text import Text

T = TypeVar("T")
_MB = 1024 * 1024
_SMALL_PART = _MB // 4


# The first bytes of a zip, of an OLE compound file (old .xls, encrypted .xlsx) and of a PDF.
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
# Absolute names, drive letters, backslashes and ".." lead out of the package.
_ODD_NAME = re.compile(r"^/|\\|(^|/)\.\.(/|$)|^[A-Za-z]:|[\x00-\x1f]")
# The stream of an OLE file that holds an encrypted workbook (MS-OFFCRYPTO 2.3.4).
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class UnreadableError(Exception):
    """The error of a file that cannot be read, with the finding that explains why."""

    def __init__(self, rule: Rule, **words: object) -> None:
        """Make the finding from a rule and the words of its message."""
        self.finding: Finding = finding(rule, words=words)
        self.words = words
        super().__init__(self.finding.message.en)

    @property
    def is_damage(self) -> bool:
        """True if the cause is damage, and not a bound or a hazard."""
        return self.finding.rule == rules.DAMAGED.id

    @property
    def reason(self) -> Text:
        """The cause in a few words."""
        found = self.words.get("found", "")
        return found if isinstance(found, Text) else Text(str(found), str(found))


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


class Meter:
    """A count of the XML that one file may still make this process read."""

    def __init__(self, bounds: Bounds) -> None:
        """Allow as many elements and attributes as the bounds say."""
        self._left = bounds.most_elements * 1000
        self._most_entries = bounds.most_entries

    def draw(self, count: int, part: str) -> None:
        """Take a number of elements and attributes from those that are left.

        Raises:
            UnreadableError: fewer are left.
        """
        self._left -= count
        if self._left < 0:
            found = Text(f"{part}: quá nhiều phần tử", f"{part}: too many elements")
            raise UnreadableError(rules.TOO_LARGE, found=found)

    def refuse_many(self, count: int, part: str) -> None:
        """Refuse more sheets, names, relationships or validations than are allowed.

        Raises:
            UnreadableError: there are more.
        """
        if count > self._most_entries:
            found = Text(f"{part}: {count} mục", f"{part}: {count} entries")
            raise UnreadableError(rules.TOO_LARGE, found=found)


@dataclass(frozen=True)
class Package:
    """The parts of an opened zip; names are compared without regard to case.

    All bytes of a file come through here. Whatever name or content type a part has, it is
    counted while it is inflated, has to be in UTF-8 or UTF-16, and must not declare a
    document type.
    """

    content: bytes
    entries: Mapping[str, Entry]
    """Each part's entry in the zip, by its name in lower case."""
    meter: Meter
    _small_parts: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)
    """Small parts that were inflated before; several checks read the same ones."""
    _trees: dict[str, ElementTree.Element] = field(default_factory=dict, compare=False, repr=False)
    """Parts that were parsed before; many names may point at one part."""
    passed_over: dict[str, Text] = field(default_factory=dict, compare=False, repr=False)
    """Damaged parts that were passed over, and what is wrong with each."""

    @property
    def parts(self) -> frozenset[str]:
        """The names of all parts."""
        return frozenset(entry.name for entry in self.entries.values())

    def has(self, name: str) -> bool:
        """Return whether a part exists."""
        return name.lower() in self.entries

    def part(self, name: str) -> bytes:
        """Return an inflated part in UTF-8; no bytes if the part does not exist.

        Raises:
            UnreadableError: the part is damaged, in another encoding, or declares a document
                type.
        """
        entry = self.entries.get(name.lower())
        if entry is None:
            return b""
        if entry.name in self._small_parts:
            return self._small_parts[entry.name]
        try:
            data = as_utf8(inflated(self.content, entry), entry.name)
        except ZipError as error:
            raise UnreadableError(rules.DAMAGED, found=error.reason) from None
        _refuse_document_type(data, entry.name)
        if len(data) <= _SMALL_PART:
            self._small_parts[entry.name] = data
        return data

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a part as :meth:`part` returns it, a long one in pieces of a megabyte.

        Raises:
            UnreadableError: as with :meth:`part`.
        """
        entry = self.entries.get(name.lower())
        if entry is None or entry.size <= PIECE:
            yield self.part(name)
            return
        end = b""
        try:
            for nth, piece in enumerate(inflated_pieces(self.content, entry)):
                if nth == 0 and encoding_of(piece) != "utf-8":
                    # Another encoding cannot be converted piece by piece.
                    yield self.part(name)
                    return
                # The end of the previous piece is searched too: the word may be cut in two.
                _refuse_document_type(end + piece, entry.name)
                yield piece
                end = piece[-len(_DOCUMENT_TYPE) :]
        except ZipError as error:
            raise UnreadableError(rules.DAMAGED, found=error.reason) from None

    def tree(self, name: str) -> ElementTree.Element | None:
        """Return the root element of a part, parsed once; None if the part does not exist.

        Raises:
            UnreadableError: as with :meth:`part`; or the part is not well-formed, or beyond
                the bounds.
        """
        entry = self.entries.get(name.lower())
        if entry is None:
            return None
        if entry.name not in self._trees:
            self._trees[entry.name] = parse_xml(self.part(name), entry.name, self.meter)
        return self._trees[entry.name]

    def sound_tree(self, name: str) -> ElementTree.Element | None:
        """Return the root element of a part that no value needs; None also where it is damaged.

        Raises:
            UnreadableError: the part declares a document type, or is beyond the bounds.
        """
        return self.sound(name, self.tree, None)

    def sound(self, name: str, read: Callable[[str], T], otherwise: T) -> T:
        """Return what ``read`` makes of a part that no value needs.

        A damaged part is noted in ``passed_over``, and ``otherwise`` is returned.

        Raises:
            UnreadableError: the part declares a document type, or is beyond the bounds.
        """
        try:
            return read(name)
        except UnreadableError as error:
            self.pass_over(name, error)
            return otherwise

    def pass_over(self, name: str, error: UnreadableError) -> None:
        """Note a damaged part that is passed over.

        Raises:
            UnreadableError: the error is another one than damage.
        """
        if not error.is_damage:
            raise error
        self.passed_over.setdefault(name, error.reason)

    def relationships(self, part: str = "") -> list[Relationship]:
        """Return the relationships of a part, or of the package itself; few parts have any.

        Raises:
            UnreadableError: the part that holds them is damaged.
        """
        return self.relationships_in(relationships_part(part))

    def relationships_in(self, rels: str) -> list[Relationship]:
        """Return the relationships that a part lists; none if the part does not exist.

        Raises:
            UnreadableError: the part is damaged.
        """
        root = self.tree(rels)
        if root is None:
            return []
        self.meter.refuse_many(len(root), rels)
        # The part lies in the folder `_rels` beside its owner.
        folder = posixpath.dirname(posixpath.dirname(rels))
        return [
            _relationship(element, folder)
            for element in root
            if element.tag.endswith("}Relationship") or element.tag == "Relationship"
        ]

    def sound_relationships(self, rels: str) -> list[Relationship]:
        """Return the relationships that a part lists; none if it does not exist or is damaged."""
        none: list[Relationship] = []
        return self.sound(rels, self.relationships_in, none)

    def related(self, part: str, kind: str) -> list[str]:
        """Return the names of the existing parts that a part refers to by one kind.

        There are none where the part that holds the relationships is damaged.
        """
        return [
            relationship.target
            for relationship in self.sound_relationships(relationships_part(part))
            if relationship.kind == kind
            and not relationship.is_external
            and self.has(relationship.target)
        ]

    def parts_beside(self, part: str) -> Iterator[str]:
        """Yield the part with the relationships of a part, and all parts that these lead to."""
        rels = relationships_part(part)
        yield rels
        yield from (link.target for link in self.sound_relationships(rels) if not link.is_external)


def relationships_part(part: str) -> str:
    """Return the name of the part that holds the relationships of a part."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relationship(element: ElementTree.Element, folder: str) -> Relationship:
    target = element.get("Target", "")
    is_external = element.get("TargetMode", "").lower() == "external"
    if not is_external:
        target = _resolved(folder, target)
    kind = element.get("Type", "").rsplit("/", 1)[-1]
    return Relationship(element.get("Id", ""), kind, target, is_external)


@lru_cache(maxsize=1024)  # the workbooks of a template have the same few
def _resolved(folder: str, target: str) -> str:
    """Return the name of the part at a target: relative to a folder, or from the package's root."""
    return posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")


@dataclass(frozen=True, slots=True)
class Contents:
    """The bytes of a file and its time of modification."""

    data: bytes
    modified: datetime


def read_contents(path: Path, bounds: Bounds = SAFE) -> Contents:
    """Read a file that may be a workbook.

    Raises:
        UnreadableError: the file is too large, or cannot be opened.
    """
    try:
        if isinstance(path, InArchive):
            return Contents(*read_inside(path, bounds))
        data, facts = read_bounded(path, bounds.largest_file * _MB)
        return Contents(data, datetime.fromtimestamp(facts.st_mtime, UTC))
    except TooLargeError as error:
        raise UnreadableError(rules.TOO_LARGE, found=error.strerror) from None
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
        entries = read_directory(content, bounds.most_parts)
    except TooManyEntriesError as error:
        found = Text(f"{error.count} phần", f"{error.count} parts")
        raise UnreadableError(rules.TOO_LARGE, found=found) from None
    except ZipError as error:
        raise UnreadableError(rules.DAMAGED, found=error.reason) from None
    _reject_large(entries, bounds)
    return Package(content, _by_name(entries), Meter(bounds))


def _reject_large(entries: list[Entry], bounds: Bounds) -> None:
    content = sum(entry.size for entry in entries)
    if content > bounds.largest_content * _MB:
        found = Text(f"{content // _MB} MB khi giải nén", f"{content // _MB} MB when inflated")
        raise UnreadableError(rules.TOO_LARGE, found=found)
    for entry in entries:
        if entry.size > max(_MB, entry.packed_size * bounds.greatest_ratio):
            ratio = entry.size // max(1, entry.packed_size)
            found = Text(f"{entry.name}: nén {ratio} lần", f"{entry.name}: packed {ratio} to one")
            raise UnreadableError(rules.TOO_LARGE, found=found)


def _by_name(entries: list[Entry]) -> dict[str, Entry]:
    """Return the entries by their names in lower case.

    Raises:
        UnreadableError: two names are equal, or one leads out of the package.
    """
    names: dict[str, Entry] = {}
    for entry in entries:
        name = entry.raw_name  # `name` is cut at a NUL and has its separators changed
        if _ODD_NAME.search(name) or name.lower() in names:
            raise UnreadableError(rules.ODD_PARTS, found=repr(name)[1:-1][:LONGEST_SHOWN])
        names[name.lower()] = entry
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


# ---- XML --------------------------------------------------------------------------------

_MARK = b"\xef\xbb\xbf"
_ENCODING = re.compile(rb"""<\?xml[^>]*?\bencoding\s*=\s*["']([\w.-]+)["']""")
_LONGEST_DECLARATION = 200
_DOCUMENT_TYPE = b"<!DOCTYPE"
DEEPEST = 200
"""Levels of elements within elements; no program's files have thirty."""
MOST_ATTRIBUTES = 1_000
"""Attributes of one element; no element of a spreadsheet has fifty."""


def as_utf8(data: bytes, part: str) -> bytes:
    """Return XML in UTF-8 without a byte order mark.

    Raises:
        UnreadableError: the bytes are in another encoding than UTF-8 and UTF-16, the two that
            ECMA-376 part 2 allows.
    """
    encoding = encoding_of(data)
    if encoding == "utf-8":
        return data
    if encoding == "utf-8-sig":
        data = data.removeprefix(_MARK)
        encoding = encoding_of(data)
        if encoding == "utf-8":
            return data
    if encoding not in ("utf-16", "utf-16-le", "utf-16-be"):
        found = Text(f"{part}: bảng mã {encoding}", f"{part}: encoding {encoding}")
        raise UnreadableError(rules.DAMAGED, found=found)
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        found = Text(f"{part}: sai bảng mã {encoding}", f"{part}: {error}"[:LONGEST_SHOWN])
        raise UnreadableError(rules.DAMAGED, found=found) from None
    # The XML declaration goes: it names the old encoding.
    if text.startswith("<?xml"):
        text = text.partition("?>")[2]
    return text.encode("utf-8", "replace")


def encoding_of(head: bytes) -> str:
    """Return the encoding of XML; ``utf-8-sig`` if a byte order mark has to be removed first."""
    if head.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if head.startswith((b"<\x00", b"\x00<")):
        return "utf-16-le" if head[0] else "utf-16-be"
    if head.startswith(_MARK):
        return "utf-8-sig"
    declared = _ENCODING.match(head[:_LONGEST_DECLARATION])
    encoding = declared[1].decode().lower() if declared else "utf-8"
    return "utf-8" if encoding in ("utf8", "us-ascii", "ascii") else encoding


def _refuse_document_type(data: bytes, part: str) -> None:
    # A document type can define entities that expand without bound; no spreadsheet program
    # writes one. XML knows the word in capitals only.
    if _DOCUMENT_TYPE in data:
        raise UnreadableError(rules.DOCUMENT_TYPE, found=part)


def parse_xml(data: bytes, part: str, meter: Meter) -> ElementTree.Element:
    """Parse a part as :meth:`Package.part` returns it; comments are left out.

    Raises:
        UnreadableError: the part is not well-formed, or beyond the bounds.
    """
    # Each element has a `<`, each attribute a `=`: counted before anything is built of them.
    meter.draw(data.count(b"<") + data.count(b"="), part)
    try:
        # The encoding is fixed, whatever the declaration says that `encoding_of` did not read.
        root = ElementTree.fromstring(data, ElementTree.XMLParser(encoding="utf-8"))  # noqa: S314
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        if isinstance(error, ElementTree.ParseError) and error.code == _NO_MEMORY:
            raise MemoryError(part) from None
        raise UnreadableError(rules.DAMAGED, found=malformed(part, error)) from None
    level = [root]
    for _ in range(DEEPEST):
        if any(len(element.attrib) > MOST_ATTRIBUTES for element in level):
            many = Text(f"{part}: quá nhiều thuộc tính", f"{part}: too many attributes")
            raise UnreadableError(rules.TOO_LARGE, found=many)
        level = [child for element in level for child in element]
        if not level:
            return root
    found = Text(f"{part}: lồng quá {DEEPEST} cấp", f"{part}: nested more than {DEEPEST} deep")
    raise UnreadableError(rules.TOO_LARGE, found=found)


def malformed(part: str, error: Exception) -> Text:
    """Return the reason why a part is no XML, with the place of the error where it is known."""
    line, column = getattr(error, "position", (0, 0))
    where = f" (dòng {line}, cột {column})" if line else ""
    return Text(f"{part}: sai cấu trúc XML{where}", f"{part}: {error}"[:LONGEST_SHOWN])


_NO_MEMORY = 1
"""The code of expat for memory that it did not get."""
