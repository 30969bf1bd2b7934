"""Machines of a cluster, as far as the tool can tell: Dask's own programs, started here."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kdcl_xl.checking.cluster import RemoteWork
from kdcl_xl.checking.task import Outcome
from kdcl_xl.xlsx.package import Contents

ROOT = Path(__file__).parents[1]
PATIENCE = 120
"""Seconds until a scheduler that does not answer counts as failed."""


_CALM = re.compile(r"```yaml\n( *distributed:\n +admin:.*?\n) *```", re.DOTALL)
"""The settings on the page for officers by which Dask watches itself less often."""


@dataclass(frozen=True)
class Machines:
    """The address of a scheduler, its process, and the processes of its workers."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: tuple[subprocess.Popen[bytes], ...]


@contextmanager
def machines(workers: int) -> Iterator[Machines]:
    """Start ``dask scheduler``, and ``dask worker`` as often as asked; end them with the block.

    Workers may join after the block began.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        place, settings = folder / "scheduler.json", folder / "distributed.yaml"
        settings.write_text(_settings_of_page(), encoding="utf-8")
        here = ("--host", "127.0.0.1", "--no-dashboard")
        begin = partial(_dask, stack, settings)
        scheduler = begin("scheduler", *here, "--port", "0", "--scheduler-file", str(place))
        address = _address(place, scheduler)
        alone = ("--nthreads", "1", "--local-directory", str(folder))
        joined = [begin("worker", address, *here, *alone) for _ in range(workers)]
        yield Machines(address, scheduler, tuple(joined))


def _settings_of_page() -> str:
    """Return the settings of Dask that docs/can-bo/nhieu-tep.md recommends."""
    found = _CALM.search((ROOT / "docs/can-bo/nhieu-tep.md").read_text(encoding="utf-8"))
    assert found is not None, "the page has no such settings"
    return textwrap.dedent(found[1])


def _dask(stack: ExitStack, settings: Path, *words: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *words],
        cwd=ROOT,
        env={**os.environ, "DASK_CONFIG": str(settings)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    stack.callback(switch_off, process)
    return process


def switch_off(machine: subprocess.Popen[bytes]) -> None:
    """End a program and the processes that it watches over, without a word to the others."""
    with suppress(ProcessLookupError):
        os.killpg(machine.pid, signal.SIGKILL)
    machine.wait()


def _address(place: Path, scheduler: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and scheduler.poll() is None:
        try:
            return str(json.loads(place.read_text("utf-8"))["address"])
        except (OSError, ValueError):  # not written yet, or not to its end
            time.sleep(0.05)
    raise RuntimeError("the scheduler did not start")


class Waiting(RemoteWork):
    """The work of a cluster, which does the first file and waits with the others for a sign."""

    def check(self, path: Path, contents: Contents | None) -> Outcome:
        until = time.monotonic() + PATIENCE
        while path.name != "0.xlsx" and not sign_in(path.parent).exists():
            assert time.monotonic() < until
            time.sleep(0.02)
        return super().check(path, contents)


def sign_in(folder: Path) -> Path:
    """Return the path of the sign for the files of a folder."""
    return folder.parent / "go-on"  # not among the inputs
