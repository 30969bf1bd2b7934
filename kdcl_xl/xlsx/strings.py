"""Read the shared strings of a workbook, and decode text in XML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from kdcl_xl.xlsx.bounded_cache import BoundedCache
from kdcl_xl.xlsx.package import Meter, UnreadableError, parse_xml
from macros_free_validation.rules import workbook as rules

SHORT = 1 << 20
"""Bytes of XML in which there is no room for too many elements."""
_END = re.compile(rb"[ \t\r\n]*</sst>[ \t\r\n]*")
_START, _STOP = b"<si>", b"</si>"
# Text without runs, as nearly every program writes it.
_ENTRY = re.compile(rb'<t(?: xml:space="preserve")?(?:/>|>([^<]*+)</t>)</si>')
# Characters that XML 1.0 forbids (production 2), and references to entities that do not exist.
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r")
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
_NO_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)")
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
# Spreadsheets write characters that XML cannot hold as _xHHHH_ (ECMA-376 part 1, 22.4.2.4).
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class Strings:
    """The shared strings of a workbook."""

    def __init__(self, xml: bytes, part: str, meter: Meter) -> None:
        """Read the part that holds them.

        Raises:
            UnreadableError: the part is malformed, or a string lies within another.
        """
        # The patterns below are exact and linear: what they match is well-formed and has no
        # comments. Anything else goes to the parser, which counts for itself.
        if len(xml) > SHORT:
            meter.draw(xml.count(_START) + xml.count(b"&"), part)
        texts = _plain_texts(xml)
        if texts is None:
            texts = list(_entries(parse_xml(xml, part, meter), part)) if xml else []
        self.texts: Sequence[str] = texts
        """The strings in order; cells refer to them by index (from 0)."""


def is_character_data(xml: bytes) -> bool:
    """Return whether bytes are UTF-8 that may be character data between XML tags."""
    if not xml.isascii():
        try:
            xml.decode()
        except UnicodeDecodeError:
            return False
        if any(character in xml for character in _NO_CHARACTERS):
            return False
    return (
        len(xml.translate(None, _CONTROL)) == len(xml)
        and not _NO_ENTITY.search(xml)
        and b"]]>" not in xml
    )


def _plain_texts(xml: bytes) -> list[str] | None:
    """Return the strings of a part without runs, otherwise None."""
    head, *entries = xml.split(_START)
    last, stop, end = entries[-1].partition(_STOP) if entries else (b"", b"", b"")
    if not (stop and is_character_data(head) and _is_start(head) and _END.fullmatch(end)):
        return None
    entries[-1] = last + stop
    try:
        return [*map(_texts.__getitem__, entries)]
    except ValueError:
        return None


def _is_start(head: bytes) -> bool:
    """Return whether XML is the start tag of the table and nothing else."""
    if b"<!" in head or head.count(b"<?") > head.startswith(b"<?xml"):
        return False
    try:
        root = ElementTree.fromstring(head + b"</sst>")  # noqa: S314 - no document type
    except (ElementTree.ParseError, ValueError, LookupError):
        return False
    return local_name(root) == "sst" and not len(root) and not (root.text or "").strip()


def _text_of(entry: bytes) -> str:
    """Return the text of an entry without runs.

    Raises:
        ValueError: the entry has runs, or what is no character data.
    """
    found = _ENTRY.fullmatch(entry)
    if found is None or not is_character_data(entry):
        raise ValueError
    return xml_text((found[1] or b"").decode())


_texts = BoundedCache(_text_of, 1 << 20)


def _entries(root: ElementTree.Element, part: str) -> Iterator[str]:
    """Yield the text of each entry.

    Raises:
        UnreadableError: an entry lies anywhere but in the root.
    """
    if sum(1 for element in root.iter() if local_name(element) == "si") != sum(
        1 for child in root if local_name(child) == "si"
    ) or any(local_name(child) not in ("si", "extLst") for child in root):
        raise UnreadableError(rules.DAMAGED, found=part)
    for child in root:
        if local_name(child) == "si":
            yield rich_text(child)


def local_name(element: ElementTree.Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rsplit("}", 1)[-1]


def rich_text(item: ElementTree.Element) -> str:
    """Return the text of an entry or of its runs, without phonetic hints (``rPh``)."""
    pieces = []
    for child in item:
        match local_name(child):
            case "t":
                pieces.append(child.text or "")
            case "r":
                pieces += [t.text or "" for t in child if local_name(t) == "t"]
    return unescaped("".join(pieces))


def xml_text(text: str) -> str:
    """Decode the character data between two tags.

    Raises:
        ValueError: the data refers to a character that does not exist.
    """
    # XML parsers turn every line end into a line feed (XML 1.0, 2.11).
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "&" in text:
        if len(_ENTITY.findall(text)) != text.count("&"):
            raise ValueError(text[:40])
        text = _ENTITY.sub(_character, text)
    return unescaped(text)


def _character(found: re.Match[str]) -> str:
    if found[1]:
        return _NAMED[found[1]]
    code = int(found[2]) if found[2] else int(found[3], 16)
    if (
        (code < 32 and code not in (9, 10, 13))
        or 0xD800 <= code < 0xE000
        or code in (0xFFFE, 0xFFFF)
        or code > 0x10FFFF
    ):
        raise ValueError(found[0])
    return chr(code)


def unescaped(text: str) -> str:
    """Decode the characters that spreadsheets write as ``_xHHHH_``."""
    return _ESCAPED.sub(_from_code, text) if "_x" in text else text


def _from_code(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    # Half of a surrogate pair is no character, and could not be written again.
    return found[0] if 0xD800 <= code < 0xE000 else chr(code)
