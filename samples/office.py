"""LibreOffice without a screen: starting it, sending it scripts, stopping it.

Two Pythons read this file. The project's own imports it for :class:`Office`. The
one that can ``import uno`` (often the system's, sometimes older) imports it for
:func:`connect`, :func:`load`, :func:`store` and :func:`leave`, and runs it as a script for the
small errands at its end. Hence the standard library only, and no new syntax.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

XLSX = "Calc MS Excel 2007 XML"
PDF, PDF_OF_TEXT = "calc_pdf_Export", "writer_pdf_Export"

_HERE = Path(__file__).resolve()
_START, _STOP, _RUN = 90, 20, 900
"""Seconds until a start, a stop and a script count as failed."""

_PROGRAMS = (
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)
_CORRECTIONS = (
    "CapitalAtStartSentence",
    "ChangeDash",
    "ChangeOrdinalNumber",
    "ChangeUnderlineWeight",
    "AddNonBreakingSpace",
    "CorrectAccidentalCapsLock",
    "RemoveDoubleSpaces",
    "ReplaceDoubleQuote",
    "ReplaceSingleQuote",
    "SetInetAttribute",
    "TwoCapitalsAtStart",
    "UseReplacementTable",
)
_SETTINGS = (
    # Whatever a file says its formulas amount to is computed again on loading.
    ("org.openoffice.Office.Calc/Formula/Load", "OOXMLRecalcMode", "0"),
    ("org.openoffice.Office.Calc/Formula/Load", "ODFRecalcMode", "0"),
    # Vietnamese input: 12/09/2026 is a day in September, the decimal sign is a comma.
    ("org.openoffice.Setup/L10N", "ooSetupSystemLocale", "vi"),
    # What is typed stays as it is typed.
    ("org.openoffice.Office.Calc/Input", "AutoInput", "false"),
    *(("org.openoffice.Office.Common/AutoCorrect", name, "false") for name in _CORRECTIONS),
    # Nobody's name in the files, no tips and no questions on the first start.
    ("org.openoffice.Office.Common/Save/Document", "UseUserData", "false"),
    ("org.openoffice.Office.Common/Misc", "FirstRun", "false"),
    ("org.openoffice.Office.Common/Misc", "ShowTipOfTheDay", "false"),
)


class OfficeError(RuntimeError):
    """LibreOffice is missing, does not start, or did not do what it was asked."""


@functools.cache
def find_soffice() -> Path | None:
    """LibreOffice's program, or None where there is none."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    places = ([found] if found else []) + list(_PROGRAMS)
    return next((Path(place) for place in places if Path(place).is_file()), None)


@functools.cache
def find_uno_python() -> Path | None:
    """Return a Python that can ``import uno``: this one, LibreOffice's own, or the system's."""
    candidates = [sys.executable]
    soffice = find_soffice()
    if soffice:
        program = soffice.resolve().parent
        candidates += [str(program / name) for name in ("python", "python.exe")]
        candidates.append(str(program.parent / "Resources" / "python"))
    candidates += ["/usr/bin/python3", shutil.which("python3") or ""]
    for candidate in candidates:
        if candidate and Path(candidate).is_file() and _can_import_uno(candidate):
            return Path(candidate)
    return None


def _can_import_uno(python: str) -> bool:
    try:
        done = subprocess.run(
            [python, "-c", "import uno"], capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


class Office:
    """One LibreOffice in the background, with a profile of its own in a temporary folder.

    A context manager. It listens on a pipe with a name of its own, so that several
    can run side by side, and beside the one a person has open.
    """

    def __init__(self, settings: Iterable[tuple[str, str, str]] = ()) -> None:
        """Nothing is started yet; ``settings`` of its profile come after the usual ones."""
        self._settings = (*_SETTINGS, *settings)
        self.pipe = f"kdcl-xl-{uuid.uuid4().hex}"
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._python = ""

    def __enter__(self) -> Office:
        """Start and wait until it answers.

        Raises:
            OfficeError: there is no LibreOffice, no Python with uno, or no answer.
        """
        soffice, python = find_soffice(), find_uno_python()
        if soffice is None:
            raise OfficeError("LibreOffice (soffice) was not found on this machine.")
        if python is None:
            raise OfficeError(
                "No Python that can 'import uno' was found "
                f"(asked: {sys.executable}, LibreOffice's own, /usr/bin/python3). "
                "On Debian or Ubuntu install the package python3-uno."
            )
        self._python = str(python)
        self._folder = tempfile.TemporaryDirectory(prefix="kdcl-xl-office-")
        try:
            self._start(soffice, Path(self._folder.name))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it, whatever happened, and remove its profile."""
        process, self._process = self._process, None
        if process is not None:
            if process.poll() is None:
                self._ask("quit", timeout=_STOP)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_STOP)
            _kill(process)
        if self._folder is not None:
            shutil.rmtree(self._folder.name, ignore_errors=True)
            self._folder.cleanup()
            self._folder = None

    @property
    def pid(self) -> int | None:
        """The process that was started; None where it does not run."""
        return self._process.pid if self._process else None

    def run(self, script: Path, *arguments: str, timeout: float = _RUN) -> str:
        """Run a script in the Python with uno; what it printed.

        The script is given the pipe's name and then ``arguments``; it can
        ``from office import connect, leave``, and should end with the latter.

        Raises:
            OfficeError: the script failed; what it said on its way out.
        """
        environment = {**os.environ, "PYTHONPATH": str(_HERE.parent), "PYTHONUTF8": "1"}
        command = [self._python, str(script), self.pipe, *arguments]
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                encoding="utf-8",
                env=environment,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise OfficeError(f"{script.name}: no end after {timeout:.0f} seconds") from None
        if done.returncode:
            said = done.stderr.strip() or f"ended with code {done.returncode}"
            raise OfficeError(f"{script.name}: {said}{self._last_words()}")
        return done.stdout

    def recalculate(self, path: Path, out_path: Path) -> None:
        """Load a workbook, compute every formula again, and save it as .xlsx.

        Raises:
            OfficeError: it cannot be loaded or saved.
        """
        self.run(_HERE, "recalculate", str(path), str(out_path))

    def to_pdf(self, path: Path, out_dir: Path) -> Path:
        """Print a workbook or a text document to a PDF of the same name in ``out_dir``.

        Raises:
            OfficeError: it cannot be loaded or saved.
        """
        out_path = out_dir / f"{path.stem}.pdf"
        self.run(_HERE, "pdf", str(path), str(out_path))
        return out_path

    def _start(self, soffice: Path, folder: Path) -> None:
        user = folder / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(registry(self._settings), encoding="utf-8")
        command = [
            str(soffice),
            "--headless",
            "--norestore",
            "--nologo",
            "--nodefault",
            "--nofirststartwizard",
            f"--accept=pipe,name={self.pipe};urp;",
            f"-env:UserInstallation={user.parent.as_uri()}",
        ]
        with (folder / "log").open("wb") as log:
            # A session of its own: the program starts others, and all must go in the end.
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + _START
        while not self._ask("ping", timeout=_START):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise OfficeError(f"LibreOffice did not start.{self._last_words()}")

    def _ask(self, errand: str, timeout: float) -> bool:
        try:
            self.run(_HERE, errand, timeout=timeout)
        except OfficeError:
            return False
        return True

    def _last_words(self) -> str:
        """What LibreOffice wrote before it ended; nothing while it runs."""
        if self._process is None or self._process.poll() is None or self._folder is None:
            return ""
        log = Path(self._folder.name, "log").read_text(encoding="utf-8", errors="replace")
        return f"\nLibreOffice ended with: {log.strip()[-1500:]}"


def registry(settings: Iterable[tuple[str, str, str]]) -> str:
    """Return ``registrymodifications.xcu`` of a profile: path, name and value of each setting."""
    items = "\n".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in settings
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n{items}\n</oor:items>\n'
    )


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End what may be left of a program and of those it started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait(_STOP)


# From here on: the side that speaks UNO.


def connect(pipe: str, patience: float = 10) -> Any:
    """Return the component context of the LibreOffice that listens on ``pipe``.

    Raises:
        ConnectionError: no answer within ``patience`` seconds.
    """
    import uno
    from com.sun.star.connection import NoConnectException

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    deadline = time.monotonic() + patience
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > deadline:
                raise ConnectionError(f"nobody listens on {pipe}") from None
            time.sleep(0.1)


def create(context: Any, service: str) -> Any:
    """Return an instance of a UNO service, or None where LibreOffice lacks it."""
    return context.ServiceManager.createInstanceWithContext(service, context)


def properties(**values: Any) -> tuple[Any, ...]:
    """UNO's named arguments."""
    from com.sun.star.beans import PropertyValue

    made = []
    for name, value in values.items():
        one = PropertyValue()
        one.Name, one.Value = name, value
        made.append(one)
    return tuple(made)


def load(context: Any, path: Path, *, hidden: bool = True) -> Any:
    """Open a document.

    Raises:
        ValueError: LibreOffice cannot open it.
    """
    desktop = create(context, "com.sun.star.frame.Desktop")
    document = desktop.loadComponentFromURL(
        path.resolve().as_uri(), "_blank", 0, properties(Hidden=hidden)
    )
    if document is None:
        raise ValueError(f"cannot be opened: {path}")
    return document


def store(document: Any, path: Path, filter_name: str) -> None:
    """Save a copy of a document in another place and format."""
    document.storeToURL(path.resolve().as_uri(), properties(FilterName=filter_name))


def leave(code: int = 0) -> NoReturn:
    """End a script that spoke UNO, without taking the interpreter down in order.

    The bridge of LibreOffice 7.4 crashed there in 7 of 120 runs, its work long done;
    this way in none.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _errand(pipe: str, errand: str, *paths: str) -> None:
    context = connect(pipe)
    if errand == "ping":
        return
    if errand == "quit":
        create(context, "com.sun.star.frame.Desktop").terminate()
        return
    source, target = map(Path, paths)
    document = load(context, source)
    try:
        if document.supportsService("com.sun.star.text.TextDocument"):
            store(document, target, PDF_OF_TEXT)
            return
        document.calculateAll()
        store(document, target, PDF if errand == "pdf" else XLSX)
    finally:
        document.close(True)


if __name__ == "__main__":
    _errand(*sys.argv[1:])
    leave()
