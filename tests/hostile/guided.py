"""A coverage-guided fuzzer (Atheris) on each reader; any exception but the foreseen ones is a find.

``python -m tests.hostile.guided --seconds 600 [TARGET...]`` runs each target in a process of its
own, and prints executions and finds. Inputs that were found are kept in ``build/guided``.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from kdcl_xl.checking.check import check_file
from kdcl_xl.checking.record import RecordError, from_line, to_line
from kdcl_xl.checking.settings import Settings, read_settings
from kdcl_xl.district.hidden.decisions import ArchiveError, decode_archive
from kdcl_xl.district.hidden.sources import decode_sources
from kdcl_xl.errors import UserError
from kdcl_xl.school_list.read import read_schools
from kdcl_xl.template.stamp import Stamp
from kdcl_xl.xlsx.bounds import SAFE
from kdcl_xl.xlsx.package import Meter, UnreadableError
from kdcl_xl.xlsx.sheet_xml import find_cells
from kdcl_xl.xlsx.strings import Strings
from kdcl_xl.xlsx.workbook import open_workbook
from macros_free_validation.rule import Stage
from tests.build import TODAY
from tests.hostile.forge import BOOK, CUSTOM, PLAN, STRINGS, filled, parts, zipped
from workbook_templates.regulation import builtin_catalogue

CATALOGUE = builtin_catalogue()
PARTS = parts()
FORESEEN = (UnreadableError, UserError, RecordError, ArchiveError)
TEXTS = Strings(PARTS[STRINGS], "s", Meter(SAFE))
LONGEST = 20_000


def sheet(data: bytes) -> None:
    """Read a sheet."""
    find_cells(data, "s", TEXTS, Meter(SAFE))


def strings(data: bytes) -> None:
    """Read shared strings."""
    Strings(data, "s", Meter(SAFE))


def book(data: bytes) -> None:
    """Open a workbook with this part."""
    open_workbook(zipped({**PARTS, BOOK: data}))


def stamp(data: bytes) -> None:
    """Read a stamp."""
    try:
        Stamp.decode("kdcl-xl?" + data.decode("utf-8", "replace"))
    except ValueError:
        return


def record(data: bytes) -> None:
    """Read a record, whose checksum is made to fit."""
    import hashlib

    head = f'[1,"{hashlib.sha256(data).hexdigest()}",'
    from_line(head + data.decode("utf-8", "replace") + "]", CATALOGUE)


def archive(data: bytes) -> None:
    """Read hidden data of an authority workbook."""
    import hashlib
    import json

    text = data.decode("utf-8", "replace")
    facts = {"format": 2, "records": 1, "sha256": hashlib.sha256(text.encode()).hexdigest()}
    decode_archive([[json.dumps(facts)], [text]])
    decode_sources([text], CATALOGUE, (), 1 << 20)


def schools(data: bytes) -> None:
    """Read a list of schools."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(data)
        file.flush()
        read_schools(Path(file.name), builtin_catalogue())


def toml(data: bytes) -> None:
    """Read settings."""
    with tempfile.NamedTemporaryFile(suffix=".toml") as file:
        file.write(data)
        file.flush()
        read_settings(Path(file.name), Settings(Stage.SUBMIT))


def record_seed() -> bytes:
    """Return the text of a record without its checksum."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.xlsx")
        path.write_bytes(filled())
        line = to_line(check_file(path, CATALOGUE, TODAY))
    return re.sub(r'^\[1,"[0-9a-f]+",', "", line)[:-1].encode()


TARGETS: dict[str, tuple[Callable[[bytes], None], Callable[[], bytes]]] = {
    "sheet": (sheet, lambda: PARTS[PLAN][:LONGEST]),
    "strings": (strings, lambda: PARTS[STRINGS][:LONGEST]),
    "book": (book, lambda: PARTS[BOOK]),
    "stamp": (stamp, lambda: PARTS[CUSTOM].partition(b"kdcl-xl?")[2].partition(b"<")[0]),
    "record": (record, record_seed),
    "archive": (archive, lambda: b'["N","p","t","2026-11-22"]'),
    "schools": (schools, lambda: "mã,tên,loại hình\n001,Trường A,thcs\n".encode()),
    "toml": (toml, lambda: b'stage = "submit"\n[bounds]\nlargest_file = 3\n'),
}


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one target in this process, until the time is over or something is found."""
    import atheris

    work, seed = TARGETS[name]
    folder = Path("build/guided") / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "seed").write_bytes(seed())

    def one(data: bytes) -> None:
        try:
            work(data)
        except FORESEEN:
            return

    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-timeout=10"]
    options += ["-rss_limit_mb=2000", f"-artifact_prefix={folder}/find-", str(folder)]
    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


# Only what is imported under Atheris reports its branches, so that a process of its own begins.
ONE = """
import sys, atheris
ours = ["kdcl_xl", "workbook_templates", "macros_free_validation"]
with atheris.instrument_imports(include=ours):
    from tests.hostile.guided import fuzz
name, seconds = sys.argv[1:]
del sys.argv[1:]
fuzz(name, int(seconds))
"""


def main() -> None:
    """Fuzz the targets one after another, each in a process of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("targets", nargs="*", choices=[*TARGETS, []])
    parser.add_argument("--seconds", type=int, default=600)
    given = parser.parse_args()
    for name in given.targets or TARGETS:
        command = [sys.executable, "-c", ONE, name, str(given.seconds)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        runs = re.findall(r"Done (\d+) runs|#(\d+)", done.stderr)
        count = max((int(a or b) for a, b in runs), default=0)
        found = re.findall(r"(?m)^ === Uncaught.*|^\w*Error.*|Test unit written to .*", done.stderr)
        print(f"{name}: {count} executions, {'; '.join(found[:4]) or 'nothing found'}", flush=True)


if __name__ == "__main__":
    main()
