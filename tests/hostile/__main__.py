"""Measure every hostile input: CPU seconds, peak memory, what the user is told.

``python -m tests.hostile [WORD...]`` runs those whose name or kind has a word in it. Each runs in
a process with 3 GB of memory and 60 s of CPU at most; what the process starts counts too.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from tests.build import TODAY
from tests.hostile.inputs import INPUTS, Args, Input, made
from tests.hostile.workbooks import CASES, Case

MEMORY, SECONDS, WALL = 3 << 30, 60, 120


class Measured(NamedTuple):
    """What one run took; ``said`` is the end of what it printed."""

    cpu: float
    wall: float
    rss: int
    status: str
    said: str


def limit() -> None:
    """Bound this process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def measure(args: Args, folder: Path) -> Measured:
    """Run a command and measure it."""
    out = folder / ".said"
    begun = time.monotonic()
    env = {**os.environ, "KDCL_XL_LANG": "en", "PYTHONPATH": str(Path.cwd())}
    with out.open("wb") as stream:
        command = [sys.executable, "-m", "kdcl_xl", *map(str, args)]
        process = subprocess.Popen(
            command,
            stdout=stream,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            preexec_fn=limit,
            env=env,
            cwd=folder,
        )
        while True:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - begun > WALL:
                process.kill()
            time.sleep(0.02)
    process.returncode = 0
    code = os.waitstatus_to_exitcode(status)
    lines = out.read_bytes()[-4000:].decode("utf-8", "replace").strip().splitlines()
    told = next((line for line in lines if re.search(r"KD\d\d\d|Error", line)), "")
    said = told or (lines[-1] if lines else "")
    cpu = used.ru_utime + used.ru_stime
    status_text = f"exit {code}" if code >= 0 else f"signal {-code}"
    return Measured(cpu, time.monotonic() - begun, used.ru_maxrss // 1024, status_text, said)


def workbook_input(case: Case) -> Input:
    """Return a school's workbook as an input of ``check``."""

    def make(folder: Path) -> Args:
        (folder / "a.xlsx").write_bytes(case.make())
        return ["check", folder / "a.xlsx", "--jobs", "1", "--no-cache", "--today", TODAY]

    return Input(case.name, case.kind, make)


def main(words: list[str]) -> None:
    """Print the table."""
    every = [*map(workbook_input, CASES.values()), *INPUTS.values()]
    print(
        "| input | kind | file KB | CPU s | peak MB | ended | told |\n|---|---|---|---|---|---|---|"
    )
    for given in every:
        if words and not any(word in given.name or word == given.kind for word in words):
            continue
        with made(given) as (folder, args):
            files = [p for p in folder.rglob("*.*") if p.is_file()]
            size = max((p.stat().st_size for p in files), default=0) // 1024
            took = measure(args, folder)
        told = took.said.replace("|", "/")[:110]
        print(
            f"| {given.name} | {given.kind} | {size} | {took.cpu:.1f} | {took.rss} | {took.status} "
            f"| {told} |",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
