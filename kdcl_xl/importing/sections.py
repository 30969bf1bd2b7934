"""The sections of a plan, recognised by their headings in the words that plans use."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kdcl_xl.importing.names import names_of
from kdcl_xl.importing.plain import aligned, plain, words
from workbook_templates.text import normalise

TOP, GENERAL, CONTENT = "top", "general", "content"
ORGANISATION, CLOSING = "organisation", "closing"
UNKNOWN, RECIPIENTS, SIGNER, PROBLEMS, REVIEWS = (
    "unknown",
    "recipients",
    "signer",
    "problems",
    "reviews",
)

_SECTIONS = names_of("sections")
_ROLES = names_of("roles")
ROLES = frozenset(_ROLES)
"""The cover fields of part «Tổ chức thực hiện»."""

_KEYS = {plain(name): key for key, names in _SECTIONS.items() for name in names}
_ROLE_KEYS = {plain(name): key for key, names in _ROLES.items() for name in names}
_LABEL = re.compile(
    r"^\s*(?:phan\s+)?(?:[ivx]{1,5}|\d{1,2}(?:\.\d{1,2})*|[a-h])\s*[.)/:\u2013-]\s*(?=\S)"
)
_WORD = re.compile(r"\w+")
_FILLERS = frozenset(names_of("words")["of_headings"])
_LONGEST_TAIL = 10
_NEVER_INLINE = frozenset(("can cu", "noi dung", "muc tieu", "muc dich", "bao cao", "yeu cau"))
"""Headings that also begin sentences: a text after them needs a number or a colon."""


@dataclass(frozen=True, slots=True)
class SectionHeading:
    """The heading of a section, and the text that follows on its own line.

    ``is_closed`` is true where its words are those of the form and nothing else.
    """

    key: str
    rest: str
    is_closed: bool


def section_heading(text: str, zone: str) -> SectionHeading | None:
    """Return the heading with which a line begins; None for a line of contents."""
    key = aligned(text)
    label = _LABEL.match(key)
    start = label.end() if label else 0
    if zone == TOP and not label and key.lstrip().startswith("ke hoach"):
        return None  # the title
    tables = [_KEYS]
    if zone == ORGANISATION or zone in ROLES:
        tables.insert(0, _ROLE_KEYS)
    spans = [found.span() for found in _WORD.finditer(key, start)]
    if not spans:
        return None
    said = [key[a:b] for a, b in spans[:_LONGEST_NAME]]
    for known in tables:
        for size in range(len(said), 0, -1):
            name = " ".join(said[:size])
            if name not in known:
                continue
            meant = known[name]
            if not _may_follow(meant, zone):
                continue
            found = _heading(text, spans[size - 1][1], name, meant, is_numbered=label is not None)
            if found:
                return found
    return None


_LONGEST_NAME = max(len(name.split()) for name in (*_KEYS, *_ROLE_KEYS))


def _may_follow(meant: str, zone: str) -> bool:
    # In the contents «Mục tiêu» and «Kế hoạch cải tiến» are labels of a task.
    if zone == CONTENT and meant == CONTENT:
        return False
    in_contents = zone in (CONTENT, PROBLEMS)
    return not (in_contents and meant in ("purpose", "requirements", "legal_bases", GENERAL))


def _heading(
    text: str, end: int, name: str, meant: str, *, is_numbered: bool
) -> SectionHeading | None:
    tail = text[end:]
    rest = tail.lstrip(" .:;,-\u2013\u2014\t\n/)").rstrip()
    if not rest.strip(" .:;,/"):
        return SectionHeading(meant, "", True)
    has_colon = tail.lstrip().startswith(":")
    if has_colon:
        return SectionHeading(meant, rest, True)
    tail_words = words(rest)
    if len(tail_words) <= _LONGEST_TAIL and all(
        word in _FILLERS or word.isdigit() for word in tail_words
    ):
        return SectionHeading(meant, "", True)
    first = rest[0]
    is_sentence = first.isupper() or first.isdigit() or first in "(-+"
    if is_numbered and is_sentence and not (name in _NEVER_INLINE and name == "can cu"):
        return SectionHeading(meant, tail.lstrip(" .:;,\u2013\t\n").rstrip(), True)
    if is_numbered and text.isupper():
        return SectionHeading(meant, "", False)
    return None


_ROMAN = re.compile(r"^\s*(?:phan\s+)?(?:[ivx]{1,5}|[a-d])\s*[.)/:\u2013-]\s*\S")
_NUMBERED = re.compile(r"^\s*\d{1,2}(?:\.\d{1,2})*\s*[.)/:\u2013-]\s*\S")
_LONGEST_HEADING, _FEWEST_IN_CAPITALS = 14, 3


def is_number_of_part(text: str) -> bool:
    """Return whether a line is the number of a part and nothing else: «Phần II»."""
    # With its accents: «Mức 3» is a level.
    return _PART.match(normalise(text).casefold()) is not None


_PART = re.compile(r"^\s*(?:phần|chương|mục)\s+(?:[ivx]{1,5}|\d{1,2}|thứ \w+)\W*$")


def is_unknown_heading(text: str) -> bool:
    """Return whether a line begins a section whose name is not known."""
    is_short = len(text.split()) <= _LONGEST_HEADING and text.rstrip()[-1:] not in ".;,"
    if not is_short:
        return False
    if text.isupper() and len(text.split()) >= _FEWEST_IN_CAPITALS:
        return True
    found = _ROMAN.match(aligned(text))
    if not found:
        return False
    first = text.lstrip()[:1]
    return first in "IVX" or (first in "ABCD" and text.isupper()) or (first.isupper() and is_short)


def is_unknown_role(text: str) -> bool:
    """Return whether a line of the organisation begins with a body that no form names."""
    body = text.rstrip(" :")
    is_short = len(body.split()) <= _LONGEST_HEADING and body[-1:] not in ".;,"
    return is_short and _NUMBERED.match(aligned(text)) is not None
