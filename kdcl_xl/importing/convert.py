"""Turn documents of other formats into .docx with LibreOffice, where that is installed.

A file is recognised by its content. LibreOffice works in a folder and a profile of its own, with
macros and links off, and is ended where it takes too long.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kdcl_xl.errors import Exit, UserError
from kdcl_xl.xlsx.bounds import Bounds
from kdcl_xl.xlsx.package import is_encrypted
from workbook_templates.text import Text


class Format(StrEnum):
    """The format of a document, as its first bytes show it; the value is its usual ending."""

    DOCX = "docx"
    DOC = "doc"
    RTF = "rtf"
    ODT = "odt"
    PDF = "pdf"
    XLSX = "xlsx"
    ENCRYPTED = "docx có mật khẩu"
    OTHER = ""


CONVERTED = (Format.DOC, Format.RTF, Format.ODT, Format.PDF)
"""Formats that LibreOffice turns into .docx."""
SUFFIXES = (".docx", ".docm", ".doc", ".rtf", ".odt", ".pdf")
"""The endings of the documents that are taken from a folder."""

_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"


def format_of(content: bytes) -> Format:
    """Return the format of a file by its content."""
    if content.startswith(_ZIP):
        if b"mimetypeapplication/vnd.oasis.opendocument.text" in content[:128]:
            return Format.ODT
        if b"word/document.xml" in content or b"word/" in content[-65536:]:
            return Format.DOCX
        return Format.XLSX if b"xl/workbook" in content else Format.DOCX
    if content.startswith(_OLE):
        return Format.ENCRYPTED if is_encrypted(content) else Format.DOC
    head = content[:1024].lstrip()
    if head.startswith(b"{\\rtf"):
        return Format.RTF
    return Format.PDF if b"%PDF-" in content[:1024] else Format.OTHER


def require_readable(found: Format, name: str) -> None:
    """Refuse a file that is no document.

    Raises:
        UserError: says how to get a document that can be read.
    """
    if found is Format.ENCRYPTED:
        raise UserError(
            Text(
                f"«{name}» có mật khẩu mở; hãy bỏ mật khẩu trong Word rồi lưu lại dạng .docx.",
                f"'{name}' needs a password; remove it in Word and save as .docx again.",
            ),
            Exit.NOTHING_READ,
        )
    if found is Format.XLSX:
        raise UserError(
            Text(
                f"«{name}» là sổ tính Excel, không phải văn bản; hãy dùng lệnh check hoặc migrate.",
                f"'{name}' is a workbook and no document; use check or migrate.",
            ),
            Exit.NOTHING_READ,
        )
    if found is Format.OTHER:
        raise UserError(
            Text(
                f"«{name}» không phải văn bản Word, .rtf, .odt hoặc PDF; hãy mở bằng Word và lưu "
                "dạng .docx.",
                f"'{name}' is no document of Word, .rtf, .odt or PDF; open it in Word and save it "
                "as .docx.",
            ),
            Exit.NOTHING_READ,
        )


_PROGRAMS = (
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)


def find_soffice() -> str | None:
    """Return the path of LibreOffice's program; None where there is none."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((path for path in _PROGRAMS if Path(path).is_file()), None)


@dataclass(frozen=True, slots=True)
class _Result:
    content: bytes | None
    why: Text | None = None


_SETTINGS = (
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("org.openoffice.Office.Common/Misc", "FirstRun", "false"),
)
_MEMORY = 4 << 30
"""Bytes of address space of LibreOffice at most; it takes about one and a half thousand MB."""


def to_docx(content: bytes, found: Format, name: str, bounds: Bounds) -> bytes:
    """Return a document as .docx.

    Raises:
        UserError: LibreOffice is not installed, or cannot convert the document in time.
    """
    program = find_soffice()
    if program is None:
        raise UserError(
            Text(
                f"«{name}» là tệp .{found}; máy này không có LibreOffice để đổi. Hãy mở tệp bằng "
                "Word, chọn «Lưu dưới dạng» .docx rồi chạy lại.",
                f"'{name}' is a .{found} file, and LibreOffice is not installed to convert it. "
                "Open it in Word, save it as .docx and run the command again.",
            ),
            Exit.NOTHING_READ,
        )
    with tempfile.TemporaryDirectory(prefix="kdcl-xl-import-") as folder:
        result = _converted(program, Path(folder), content, found, bounds)
    if result.content is None:
        why = result.why or Text("không rõ lý do", "for an unknown reason")
        raise UserError(
            Text(
                f"LibreOffice không đổi được «{name}» sang .docx: {why.vi}. Hãy mở bằng Word và "
                "lưu dạng .docx.",
                f"LibreOffice cannot convert '{name}' to .docx: {why.en}. Open it in Word and "
                "save it as .docx.",
            ),
            Exit.NOTHING_READ,
        )
    return result.content


def _converted(
    program: str, folder: Path, content: bytes, found: Format, bounds: Bounds
) -> _Result:
    source, out, profile = folder / f"in.{found}", folder / "out", folder / "profile"
    source.write_bytes(content)
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_registry(), "utf-8")
    command = [
        program,
        f"-env:UserInstallation={profile.as_uri()}",
        *("--headless", "--norestore", "--nologo", "--nolockcheck"),
        *(("--infilter=writer_pdf_import",) if found is Format.PDF else ()),
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(out), str(source)),
    ]
    seconds = bounds.longest_time * _WAITING
    if not _run(command, seconds):
        return _Result(None, Text(f"quá {seconds} giây", f"more than {seconds} seconds"))
    made = out / "in.docx"
    if not made.is_file():
        return _Result(None, Text("tệp bị hỏng", "the file is damaged"))
    if made.stat().st_size > bounds.largest_file << 20:
        return _Result(None, Text("kết quả quá lớn", "the result is too large"))
    return _Result(made.read_bytes())


_WAITING = 3
"""Seconds by the clock for each second of a file's processor time: the program starts first."""


def _run(command: Sequence[str], seconds: int) -> bool:
    """Run a program, and end it with all that it started where it takes too long."""
    is_posix = sys.platform != "win32"
    process = subprocess.Popen(  # noqa: S603 - the program was found by its own name
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=is_posix,
        preexec_fn=(lambda: _limit(seconds)) if sys.platform == "linux" else None,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    finally:
        if is_posix:
            # The script soffice starts the program: the whole session goes.
            _end_session(process.pid)
        elif process.poll() is None:
            process.kill()
        process.wait()
    return True


def _end_session(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _limit(seconds: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _registry() -> str:
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value>'
        "</prop></item>"
        for path, name, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items '
        'xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>'
    )
