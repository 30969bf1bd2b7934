"""Is this file safe to open, and is it a workbook at all?

Everything a mail can bring is told apart by its content, never by its name,
before any reader sees it. Nothing is executed or fetched.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from macros_free_validation.rule import Finding, Rule, finding
from macros_free_validation.rules import workbook as rules
from workbook_templates.text import Text

LARGEST_FILE = 30 * 1024 * 1024
"""Bytes of a file as it arrives."""
LARGEST_CONTENT = 200 * 1024 * 1024
"""Bytes of all parts when inflated."""
MOST_PARTS = 2000

_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class UnreadableError(Exception):
    """A file that is not read, with the finding that says why."""

    def __init__(self, rule: Rule, **words: object) -> None:
        """Keep the finding."""
        self.finding: Finding = finding(rule, words=words)
        super().__init__(self.finding.message.en)


@dataclass(frozen=True)
class Package:
    """The opened zip of a workbook.

    ``sheets`` maps the name on a tab to the part that holds the sheet;
    ``hidden`` holds the names of sheets that are not shown; ``names`` the
    workbook's defined names and their formulas.
    """

    content: bytes
    zip: zipfile.ZipFile
    sheets: Mapping[str, str]
    hidden: frozenset[str]
    names: Mapping[str, str]
    parts: frozenset[str] = field(default_factory=frozenset)

    def part(self, name: str) -> bytes:
        """One part, inflated; empty where there is none.

        Raises:
            UnreadableError: the part is damaged.
        """
        if name not in self.parts:
            return b""
        return _inflate(self.zip, name)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file that may be a workbook.

    Raises:
        UnreadableError: it is a lock file, too large, or cannot be opened.
    """
    if path.name.startswith("~$"):
        raise UnreadableError(rules.LOCK_FILE)
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise UnreadableError(rules.TOO_LARGE, found=f"{size // 1_048_576} MB")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(rules.CANNOT_OPEN, found=error.strerror or str(error)) from None


def open_package(content: bytes) -> Package:
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
    names = [info.filename for info in infos]
    if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > LARGEST_CONTENT:
        raise UnreadableError(
            rules.TOO_LARGE, found=Text(f"{len(infos)} phần", f"{len(infos)} parts")
        )
    if len(set(names)) != len(names):
        raise UnreadableError(rules.DAMAGED, found=Text("phần trùng tên", "double part"))
    if "xl/workbook.xml" not in names:
        raise UnreadableError(rules.NOT_A_WORKBOOK, found=_other_zip(archive, names))
    return _package(content, archive, frozenset(names))


def _not_a_zip(content: bytes) -> UnreadableError:
    head = content[:512].lstrip().lower()
    if not content:
        return UnreadableError(rules.NOT_A_WORKBOOK, found=Text("tệp trống", "nothing"))
    if content.startswith(_OLE):
        encrypted = _ENCRYPTED in content
        return UnreadableError(rules.ENCRYPTED if encrypted else rules.OLD_XLS)
    if content.startswith(_PDF):
        return UnreadableError(rules.NOT_A_WORKBOOK, found="PDF")
    if head.startswith((b"<!doctype", b"<html", b"<table", b"\xef\xbb\xbf<html")):
        return UnreadableError(rules.NOT_A_WORKBOOK, found="HTML")
    if b"\x00" not in content[:512]:
        return UnreadableError(rules.NOT_A_WORKBOOK, found=Text("văn bản thường", "plain text"))
    return UnreadableError(rules.NOT_A_WORKBOOK, found=Text("dữ liệu khác", "other data"))


def _other_zip(archive: zipfile.ZipFile, names: list[str]) -> Text:
    if "xl/workbook.bin" in names:
        return Text("sổ tính nhị phân .xlsb", "a binary workbook (.xlsb)")
    if any(name.startswith("word/") for name in names):
        return Text("văn bản Word", "a Word document")
    if "mimetype" in names and b"spreadsheet" in _inflate(archive, "mimetype"):
        return Text("sổ tính OpenDocument .ods", "an OpenDocument sheet (.ods)")
    return Text("tệp nén zip", "a zip archive")


def _inflate(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError) as error:
        raise UnreadableError(rules.DAMAGED, found=f"{name}: {error}") from None
    except Exception as error:  # zlib.error and its kin have no common base
        raise UnreadableError(rules.DAMAGED, found=f"{name}: {error}") from None


def parse_xml(data: bytes, part: str) -> ElementTree.Element:
    """Parse a part; document types and entities are refused.

    Raises:
        UnreadableError: not well-formed, or with a document type.
    """
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise UnreadableError(rules.DAMAGED, found=f"{part}: DOCTYPE")
    try:
        return ElementTree.fromstring(data)  # noqa: S314 - entities are refused above
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnreadableError(rules.DAMAGED, found=f"{part}: {error}") from None


def _local(element: ElementTree.Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _package(content: bytes, archive: zipfile.ZipFile, parts: frozenset[str]) -> Package:
    workbook = parse_xml(_inflate(archive, "xl/workbook.xml"), "xl/workbook.xml")
    rels_part = "xl/_rels/workbook.xml.rels"
    if rels_part not in parts:
        raise UnreadableError(rules.DAMAGED, found=rels_part)
    targets = {
        rel.get("Id", ""): _target(rel.get("Target", ""))
        for rel in parse_xml(_inflate(archive, rels_part), rels_part)
    }
    sheets: dict[str, str] = {}
    hidden: set[str] = set()
    names: dict[str, str] = {}
    for element in workbook.iter():
        match _local(element):
            case "sheet":
                rel = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
                sheets[element.get("name", "")] = targets.get(rel, "")
                if element.get("state", "visible") != "visible":
                    hidden.add(element.get("name", ""))
            case "definedName":
                names[element.get("name", "")] = element.text or ""
    return Package(content, archive, sheets, frozenset(hidden), names, parts)


def _target(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else re.sub(r"^\./", "", f"xl/{target}")
