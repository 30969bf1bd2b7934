"""Reword a finished workbook for another school: the same places, other texts and times.

Rendering a workbook costs far more than replacing its texts. A large district is
made from some schools' workbooks, reworded for all the others.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from html import escape, unescape

from kdcl_xl.template.stamp import STAMP_MARK, Stamp

_CORE = "docProps/core.xml"
_STAMPED = ("docProps/custom.xml", "xl/workbook.xml", "xl/sharedStrings.xml")
_STAMP = re.compile(re.escape(STAMP_MARK) + r'[^<"]+')
_SAVED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*")
_SHARED = re.compile(r"(<t(?: [^>]*)?>)([^<]*)(?=</t>)")
_COMPUTED = re.compile(r'(<c [^>]*t="str"[^>]*><f[^>]*(?:/>|>[^<]*</f>)<v>)([^<]*)(?=</v>)')
_EPOCH = (1980, 1, 1, 0, 0, 0)

Edit = Callable[[str, str], str]
"""A function from the name of a part and its text to the new text."""


def _edited(content: bytes, edit: Edit) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            text = edit(name, old.read(name).decode("utf-8"))
            new.writestr(
                zipfile.ZipInfo(name, _EPOCH), text.encode("utf-8"), zipfile.ZIP_DEFLATED, 1
            )
    return target.getvalue()


def saved_at(content: bytes, moment: datetime) -> bytes:
    """Return the workbook as if it had been saved at that moment (UTC)."""
    return _edited(content, lambda name, text: _dated(name, text, moment))


def _dated(name: str, text: str, moment: datetime) -> str:
    return _SAVED.sub(rf"\g<1>{moment:%Y-%m-%dT%H:%M:%SZ}", text) if name == _CORE else text


def reworded(content: bytes, words: Mapping[str, str], new: Stamp, moment: datetime) -> bytes:
    """Return the workbook with whole texts replaced, another stamp, and saved at ``moment``.

    Locked content stays, and so does its seal. The computed columns that repeat a
    text follow; everything else stays the same.
    """
    given = {escape(key, quote=False): escape(value, quote=False) for key, value in words.items()}

    def replaced(found: re.Match[str]) -> str:
        return found[1] + given.get(escape(unescape(found[2]), quote=False), found[2])

    def stamped(found: re.Match[str]) -> str:
        seal = Stamp.decode(unescape(found[0]))
        line = replace(new, locked=seal.locked, inputs=seal.inputs).encode()
        return escape(line, quote=False)

    def edit(name: str, text: str) -> str:
        if name in _STAMPED:
            text = _STAMP.sub(stamped, text)
        if name == "xl/sharedStrings.xml":
            return _SHARED.sub(replaced, text)
        if name.startswith("xl/worksheets/sheet"):
            return _COMPUTED.sub(replaced, text)
        return _dated(name, text, moment)

    return _edited(content, edit)
