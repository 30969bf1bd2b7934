"""The texts that the cells of a workbook share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from kdcl_xl.xlsx.memory import Memory
from kdcl_xl.xlsx.package import UnreadableError, parse_xml
from macros_free_validation.rules import workbook as rules

_END = re.compile(rb"\s*</sst>\s*")
_START, _STOP = b"<si>", b"</si>"
_ENTRY = re.compile(rb'<t(?: xml:space="preserve")?(?:/>|>([^<]*+)</t>)</si>')
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r")
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
_NO_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)")
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class Strings:
    """The table of texts of a workbook."""

    def __init__(self, xml: bytes, part: str) -> None:
        """Read the table.

        Raises:
            UnreadableError: the part is malformed, or a text lies within another.
        """
        texts = _plain_texts(xml)
        if texts is None:
            texts = list(_entries(parse_xml(xml, part), part)) if xml else []
        self.texts: Sequence[str] = texts
        """The texts in their order, which cells name by their number (from 0)."""


def is_character_data(xml: bytes) -> bool:
    """Whether XML with plain tags holds only characters that may stand between them."""
    try:
        xml.decode()
    except UnicodeDecodeError:
        return False
    return (
        len(xml.translate(None, _CONTROL)) == len(xml)
        and not _NO_ENTITY.search(xml)
        and b"]]>" not in xml
        and not any(character in xml for character in _NO_CHARACTERS)
    )


def _plain_texts(xml: bytes) -> list[str] | None:
    """The texts of a table that is written plainly, as nearly every program does."""
    head, *entries = xml.split(_START)
    last, stop, end = entries[-1].partition(_STOP) if entries else (b"", b"", b"")
    if not (stop and _is_start(head) and _END.fullmatch(end) and is_character_data(xml)):
        return None
    entries[-1] = last + stop
    try:
        return [*map(_texts.__getitem__, entries)]
    except ValueError:
        return None


def _is_start(head: bytes) -> bool:
    """Whether XML begins a table and says nothing else."""
    if b"<!" in head or head.count(b"<?") > head.startswith(b"<?xml"):
        return False
    try:
        root = ElementTree.fromstring(head + b"</sst>")  # noqa: S314 - no document type
    except (ElementTree.ParseError, ValueError, LookupError):
        return False
    return local_name(root) == "sst" and not len(root) and not (root.text or "").strip()


def _text_of(entry: bytes) -> str:
    """The text of a plain entry.

    Raises:
        ValueError: it is none, or refers to what does not exist.
    """
    found = _ENTRY.fullmatch(entry)
    if found is None:
        raise ValueError
    return xml_text((found[1] or b"").decode())


_texts = Memory(_text_of, 1 << 20)


def _entries(root: ElementTree.Element, part: str) -> Iterator[str]:
    """The text of each entry; entries stand in the root and nowhere else."""
    if sum(1 for element in root.iter() if local_name(element) == "si") != sum(
        1 for child in root if local_name(child) == "si"
    ) or any(local_name(child) not in ("si", "extLst") for child in root):
        raise UnreadableError(rules.DAMAGED, found=part)
    for child in root:
        if local_name(child) == "si":
            yield rich_text(child)


def local_name(element: ElementTree.Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rsplit("}", 1)[-1]


def rich_text(item: ElementTree.Element) -> str:
    """The text of an entry or of its runs, without how East Asian words are spoken."""
    pieces = []
    for child in item:
        match local_name(child):
            case "t":
                pieces.append(child.text or "")
            case "r":
                pieces += [t.text or "" for t in child if local_name(t) == "t"]
    return unescaped("".join(pieces))


def xml_text(text: str) -> str:
    """The text that is meant by what stands between two tags.

    Raises:
        ValueError: it refers to what does not exist.
    """
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
    """A text with the characters that XML cannot hold, which spreadsheets write as _xHHHH_."""
    return _ESCAPED.sub(_from_code, text) if "_x" in text else text


def _from_code(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code < 0xE000 else chr(code)
