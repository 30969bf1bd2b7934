"""The people and units of a task as plans write them, as lead and coordination.

Several leads in one cell stay as they are, so that the rule on them finds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kdcl_xl.importing.ledger import Reading, Source
from kdcl_xl.importing.names import names_of
from kdcl_xl.importing.plain import aligned, plain
from macros_free_validation.rules.leads import SEVERAL
from workbook_templates.text import Text, normalise

A_SENTENCE = Text(
    "Ô chủ trì của văn bản là một câu; đã chép nguyên văn, cần chọn một bộ phận.",
    "The document's cell is a sentence; copied word for word, one unit is to be chosen.",
)
TOLD_APART = Text(
    "Chủ trì và phối hợp được tách theo chữ «phối hợp» trong văn bản.",
    "Lead and coordination were told apart by the word «phối hợp».",
)

ABBREVIATIONS = {plain(name): unit for unit, every in names_of("units").items() for name in every}
"""Units and roles that people shorten, and their names in the lists of the template."""

_COMRADE = re.compile(r"^\W*(?:d[/.]?c|dong chi)\.?\s+")
_LEAD = (
    r"(?:don vi |nguoi |bo phan )?(?:chu tri|phu trach(?: chinh)?|chiu trach nhiem)(?: thuc hien)?"
)
_LEAD += "|ct"
_HELP = r"(?:don vi |nguoi |bo phan )?phoi hop(?: thuc hien)?|ph"
_LABELLED = re.compile(
    rf"^\W*(?:(?:{_LEAD})\s*:\s*)?(?P<lead>.*?)[\s.;,]*(?:^|[\n\s.;,(-])(?:{_HELP})\s*:\s*(?P<help>.*)$",
    re.DOTALL,
)
_LEAD_ONLY = re.compile(rf"^\W*(?:{_LEAD})\s*:\s*(?P<lead>.+)$", re.DOTALL)
_WITH = re.compile(
    r"^(?P<lead>.+?)\s*(?:,?\s*\(?chu tri\)?\s*)?[,;-]?\s*"
    r"phoi hop\s*(?:voi|cung)(?:\s+voi)?\s+(?P<help>.+)$",
    re.DOTALL,
)
_BOTH_AFTER = re.compile(
    r"^(?P<lead>.+?)\s*\(?chu tri\)?\s*[,;.\n-]\s*(?P<help>.+?)\s*\(?phoi hop\)?\W*$", re.DOTALL
)
_LEADS_ALONE = re.compile(r"^(?P<lead>.+?)\s*\(?chu tri\)?\W*$", re.DOTALL)
_DEED = re.compile(
    r"\b(?:chi dao|xay dung|thuc hien|tang cuong|to chuc|lap|tham muu|phan cong|kiem tra|"
    r"trien khai|huong dan|dua|tao|van dong|dam bao|bao dam|hop|nguon)\b"
)
_LONGEST_UNIT = 8
"""Words of the name of a unit; a longer text is a sentence."""
_EDGES = " \t\n,;.:-\u2013"


def read_who(source: Source) -> Iterator[tuple[str, Reading]]:
    """Yield the lead and the coordination that a cell names."""
    text = "\n".join(normalise(line) for line in source.text.split("\n"))
    key = aligned(text)
    for pattern, is_certain in ((_LABELLED, True), (_BOTH_AFTER, True), (_WITH, False)):
        found = pattern.match(key)
        if not found:
            continue
        lead = text[slice(*found.span("lead"))].strip(_EDGES)
        with_whom = text[slice(*found.span("help"))].strip(_EDGES)
        if not is_certain and (not lead or _is_sentence(lead)):
            break
        doubt = None if is_certain or plain(lead) in ABBREVIATIONS else TOLD_APART
        if lead:
            yield "lead", Reading(unit(lead), source, text, doubt)
        if with_whom:
            yield "coordination", Reading(with_whom, source, text, doubt)
        return
    only = _LEAD_ONLY.match(key) or _LEADS_ALONE.match(key)
    if only:
        yield "lead", Reading(unit(text[slice(*only.span("lead"))].strip(_EDGES)), source, text)
    elif text:
        doubt = A_SENTENCE if _is_sentence(text) else None
        yield "lead", Reading(unit(text), source, text if unit(text) != text else "", doubt)


def unit(text: str) -> str:
    """Return the name of a unit as the template's list has it, or the text itself."""
    comrade = _COMRADE.match(aligned(text))
    bare = text[comrade.end() :] if comrade else text
    return ABBREVIATIONS.get(plain(bare), text.strip())


def _is_sentence(text: str) -> bool:
    parts = [text]
    for separator in (*SEVERAL, "\n", "."):
        parts = [piece for part in parts for piece in part.split(separator)]
    longest = max((len(part.split()) for part in parts), default=0)
    return longest > _LONGEST_UNIT or _DEED.search(aligned(text)) is not None
