"""Build the page: one HTML file with Pyodide, the program and its libraries inside.

Run by ``make web``. The same sources give the same bytes: versions are pinned with their hashes,
names are sorted, and no time of the machine is written.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path

WEB = Path(__file__).resolve().parent
ROOT = WEB.parent
WORK = ROOT / "build" / "web"
PYODIDE = WEB / "node_modules" / "pyodide"
PACKAGES = ("kdcl_xl", "macros_free_validation", "workbook_templates")
CARRIED = ROOT / "kdcl_xl" / "page" / "kdcl-xl.html"
"""The copy that an installation carries, for ``kdcl-xl page``."""
LARGEST = 12_000_000
"""Bytes of the finished page at most."""
PYTHON = "3.14"
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux2014_x86_64")
"""The platform whose wheels are taken on every machine, so that all build the same page."""
SOURCES = ("words", "elements", "engine", "drops", "results", "school", "officer", "main")
"""The modules of the page, each after those that it imports."""


def main() -> None:
    """Build the page into ``dist``, and print its size and SHA-256."""
    WORK.mkdir(parents=True, exist_ok=True)
    fetch_npm()
    libraries = fetch_wheels()
    html = page(libraries).encode("utf-8")
    if len(html) > LARGEST:
        sys.exit(f"The page has {len(html)} bytes, more than {LARGEST}.")
    for target in (ROOT / "dist" / "kdcl-xl.html", CARRIED):
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(html)
    digest = hashlib.sha256(html).hexdigest()
    (ROOT / "dist" / "kdcl-xl.html.sha256").write_text(f"{digest}  kdcl-xl.html\n", "utf-8")
    print(f"dist/kdcl-xl.html: {len(html):,} bytes\nSHA-256 {digest}")


def fetch_npm() -> None:
    """Install the pinned npm packages, unless they are there; npm compares their hashes."""
    installed = WEB / "node_modules" / ".package-lock.json"
    wanted = WEB / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < wanted.stat().st_mtime:
        subprocess.run(["npm", "ci", "--silent"], cwd=WEB, check=True)
        installed.touch()


def fetch_wheels() -> dict[str, dict[str, bytes]]:
    """Download the pinned wheels, and return the files of each by name of the library."""
    folder, pins = WORK / "wheels", WEB / "python.txt"
    done = folder / "pins.txt"
    if not done.exists() or done.read_bytes() != pins.read_bytes():
        for old in folder.glob("*.whl"):
            old.unlink()
        platforms = [word for name in PLATFORMS for word in ("--platform", name)]
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
                *("--disable-pip-version-check", "--only-binary=:all:", "--require-hashes"),
                *("--implementation", "cp", "--python-version", PYTHON, *platforms),
                *("--dest", str(folder), "--requirement", str(pins)),
            ],
            check=True,
        )
        done.write_bytes(pins.read_bytes())
    found = {}
    for wheel in sorted(folder.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            name = "-".join(wheel.name.split("-")[:2])
            found[name] = {n: archive.read(n) for n in archive.namelist() if n[-1] != "/"}
    return found


# ---- the parts ------------------------------------------------------------------------------


_LEFT_OUT = re.compile(r"\.so$|\.pyi$|\.pxd$|\.dist-info/|^bin/|/__pyinstaller/|/tests?/")


def program() -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each file of the program; the page needs no command line."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.is_file() and not _NOT_NEEDED.search(name):
                yield name, path.read_bytes()


_NOT_NEEDED = re.compile(
    r"__pycache__|^kdcl_xl/(cli|demo|samples)/|^kdcl_xl/__main__|\.html$|^workbook_templates/blank/"
)


def bundle(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip with the files in order, none of them packed: the whole is packed later."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return stream.getvalue()


def site(libraries: Mapping[str, Mapping[str, bytes]]) -> bytes:
    """Return the zip with the program and its libraries."""
    files = dict(program())
    for library in libraries.values():
        files |= {name: data for name, data in library.items() if not _LEFT_OUT.search(name)}
    return bundle(sorted(files.items()))


def standard_library() -> bytes:
    """Return Pyodide's zip of the standard library, without modules that no page can use."""
    with zipfile.ZipFile(PYODIDE / "python_stdlib.zip") as archive:
        names = [n for n in archive.namelist() if n[-1] != "/" and not _USELESS.match(n)]
        return bundle((name, archive.read(name)) for name in sorted(names))


_USELESS = re.compile(r"(ensurepip|idlelib|pydoc_data|tkinter|turtledemo|venv|_pyrepl)/|turtle\.py")


def lock() -> bytes:
    """Return Pyodide's list of packages, emptied: everything is inside the page."""
    found = json.loads((PYODIDE / "pyodide-lock.json").read_text("utf-8"))
    return json.dumps({**found, "packages": {}}, sort_keys=True).encode()


def parts(libraries: Mapping[str, Mapping[str, bytes]]) -> dict[str, bytes]:
    """Return the parts that the worker unpacks, each by its name."""
    found = {
        "wasm": (PYODIDE / "pyodide.asm.wasm").read_bytes(),
        "factory": (PYODIDE / "pyodide.asm.mjs").read_bytes(),
        "loader": (PYODIDE / "pyodide.mjs").read_bytes(),
        "stdlib": standard_library(),
        "site": site(libraries),
        "lock": lock(),
        "worker": (WEB / "src" / "worker.js").read_bytes(),
    }
    return {name: gzip.compress(data, 9, mtime=0) for name, data in found.items()}


# ---- the page -------------------------------------------------------------------------------


_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(async |function|class|const|let))", re.MULTILINE)


def script() -> str:
    """Return the modules of the page as one script, in the order of ``SOURCES``."""
    texts = ((WEB / "src" / f"{name}.js").read_text("utf-8") for name in SOURCES)
    joined = "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in texts)
    return f"(() => {{\n'use strict';\n{joined}}})();\n"


def page(libraries: Mapping[str, Mapping[str, bytes]]) -> str:
    """Return the page with everything inside."""
    code, style = script(), (WEB / "src" / "page.css").read_text("utf-8")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hash_of(code)} blob: 'wasm-unsafe-eval'",
            "worker-src blob:",
            f"style-src {_hash_of(style)}",
            "connect-src 'none'",
            "form-action 'none'",
            "base-uri 'none'",
        )
    )
    inside = "\n".join(
        f'<script type="text/plain" id="part-{name}">{base64.b64encode(data).decode()}</script>'
        for name, data in parts(libraries).items()
    )
    filled = (WEB / "src" / "page.html").read_text("utf-8")
    values = {
        "POLICY": policy,
        "STYLE": style,
        "VERSION": _version(),
        "LICENCES": licences(libraries),
        "PARTS": inside,
        "SCRIPT": code,
    }
    return re.sub(r"@([A-Z]+)@", lambda found: values[found[1]], filled)


def _hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _version() -> str:
    text = (ROOT / "kdcl_xl" / "__init__.py").read_text("utf-8")
    found = re.search(r'__version__ = "([^"]+)"', text)
    assert found
    return found[1]


_LICENCE = re.compile(r"\.dist-info/(licenses/)?LICEN[CS]E[^/]*$", re.IGNORECASE)


def licences(libraries: Mapping[str, Mapping[str, bytes]]) -> str:
    """Return the licence of everything inside as HTML, a text to open for each."""
    pyodide = json.loads((PYODIDE / "package.json").read_text("utf-8"))["version"]
    own = WEB / "licences"
    texts = {f"kdcl-xl {_version()} (MIT)": (ROOT / "LICENSE").read_text("utf-8")}
    texts[f"Pyodide {pyodide} (MPL-2.0)"] = (own / "MPL-2.0.txt").read_text("utf-8")
    texts[f"Python {PYTHON} (PSF-2.0)"] = (own / "Python.txt").read_text("utf-8")
    texts["Pyodide: C libraries"] = (own / "libraries.txt").read_text("utf-8")
    for name, files in libraries.items():
        found = [files[n].decode("utf-8", "replace") for n in sorted(files) if _LICENCE.search(n)]
        if not found:
            sys.exit(f"{name} has no licence inside its wheel.")
        texts[name.replace("-", " ").replace("_", "-")] = "\n\n".join(found)
    return "\n".join(
        f"<details><summary>{escape(name)}</summary><pre>{escape(text.strip())}</pre></details>"
        for name, text in texts.items()
    )


if __name__ == "__main__":
    main()
