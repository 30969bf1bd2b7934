"""A nation's worth of files from a province's: the same schools with other codes and words.

Making a school's plan takes far longer than reading it. Here every school of a smaller
district is repeated under other codes, in other communes, with the words of its texts
in another order, so that no two plans are alike.
"""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape, unescape
from pathlib import Path

from kdcl_xl.template.stamp import STAMP_MARK, Stamp

_STRINGS = "xl/sharedStrings.xml"
_CHANGED = (_STRINGS, "xl/workbook.xml", "docProps/custom.xml")
_TEXT = re.compile(r"(<t(?: [^>]*)?>)([^<]*)(?=</t>)")
_STAMP = re.compile(re.escape(STAMP_MARK) + r'[^<"]+')
_CODE = re.compile(r"\d{8}")
_LONG = 25
"""Least length of a text that is a sentence."""


def make_variants(source: Path, returned: str, listing: str, folder: Path, times: int) -> None:
    """Repeat the schools of a district so many times."""
    with (source / listing).open(encoding="utf-8-sig", newline="") as file:
        head, *schools = list(csv.reader(file))
    codes = {row[0] for row in schools}
    own = {row[1] for row in schools} | {row[3] for row in schools}
    with (folder / listing).open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(head)
        for nth in range(times):
            for code, name, kind, authority, *rest in schools:
                lines.writerow(
                    (_code(code, nth), _name(name, nth), kind, _name(authority, nth), *rest)
                )
    common = _common(source / returned)
    for path in sorted((source / returned).iterdir()):
        code = next((found for found in _CODE.findall(path.name) if found in codes), "")
        content = path.read_bytes()
        is_ours = bool(code) and zipfile.is_zipfile(path)
        for nth in range(times):
            name = path.name.replace(code, _code(code, nth)) if code else f"{nth}-{path.name}"
            edited = _edited(content, _editor(code, own, common, nth)) if is_ours else content
            (folder / returned / name).write_bytes(edited)


def _code(code: str, nth: int) -> str:
    return f"{int(code[:4]) + 100 * nth:04}{code[4:]}"


def _name(name: str, nth: int) -> str:
    return f"{name} {nth}"


def _common(folder: Path) -> frozenset[str]:
    """Return the texts that several of the first files share: of the template and of lists."""
    files = [path for path in sorted(folder.iterdir()) if zipfile.is_zipfile(path)][:60]
    counts = Counter(text for path in files for text in set(_texts(path)))
    return frozenset(text for text, count in counts.items() if count > 2)


def _texts(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        if _STRINGS in archive.namelist():
            for _, text in _TEXT.findall(archive.read(_STRINGS).decode("utf-8")):
                yield text


def _editor(code: str, own: set[str], common: frozenset[str], nth: int) -> Callable[[str], str]:
    def reworded(found: re.Match[str]) -> str:
        text = unescape(found[2])
        if text == code:
            text = _code(code, nth)
        elif text in own:
            text = _name(text, nth)
        elif len(text) >= _LONG and found[2] not in common and STAMP_MARK not in text:
            words = text.split(" ")
            random.Random(f"{nth} {text}").shuffle(words)  # noqa: S311 - no secret
            text = " ".join(words)
        return found[1] + escape(text, quote=False)

    def stamped(found: re.Match[str]) -> str:
        stamp = Stamp.decode(unescape(found[0]))
        line = replace(stamp, school_code=_code(stamp.school_code, nth)).encode()
        return escape(line, quote=False)

    return lambda text: _TEXT.sub(reworded, _STAMP.sub(stamped, text))


def _edited(content: bytes, edit: Callable[[str], str]) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for info in old.infolist():
            data = old.read(info)
            if info.filename in _CHANGED:
                data = edit(data.decode("utf-8")).encode("utf-8")
            new.writestr(info.filename, data)
    return target.getvalue()
