"""Comparable runs: each a process of its own, turn by turn on the same machine.

Seconds of one run say little on a machine that others use too. The reported figure is the
ratio of two runs of the same round, and of these the median over the rounds.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_MB = 1024 * 1024
_TICKS = os.sysconf("SC_CLK_TCK")
_EVERY = 0.02
"""Seconds between two looks at the memory of a process and its children."""


@dataclass(frozen=True)
class Run:
    """A finished run: seconds of the clock and of all processors, most memory in MB, its output.

    The memory is that of the job and its children together; a page that several of them share
    is counted once.
    """

    wall: float
    cpu: float
    memory: float
    said: Mapping[str, Any]


@dataclass(frozen=True)
class Job:
    """A command of this Python, the preparation of each run, and the accepted exit codes.

    A job may print, as its last line, a JSON object with figures of its own.
    """

    args: tuple[str | Path, ...]
    before: Callable[[], object] = field(default=lambda: None)
    codes: frozenset[int] = frozenset((0,))

    def run(self) -> Run:
        """Run it once.

        Raises:
            RuntimeError: it failed.
        """
        self.before()
        began = perf_counter()
        command = [sys.executable, *map(str, self.args)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)  # noqa: S603
        seen = _Watch(process.pid)
        assert process.stdout is not None
        printed = process.stdout.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        wall = perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
        if process.returncode not in self.codes:
            raise RuntimeError(f"{command} ended with {process.returncode}")
        return Run(wall, used.ru_utime + used.ru_stime, seen.stop() / _MB, _said(printed))


def _said(printed: str) -> Mapping[str, Any]:
    last = printed.rstrip().rpartition("\n")[2]
    found = json.loads(last) if last.startswith("{") else {}
    return found if isinstance(found, dict) else {}


_REST = 50
"""Seconds of rest for each second of a look: looks at large processes would take a processor."""


class _Watch(threading.Thread):
    """A watch on the memory of a process and its children while they run.

    The system's figure at the end does not serve: it includes the memory that this process
    had when it made the other one.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._most, self._over = pid, 0, threading.Event()
        self.start()

    def run(self) -> None:
        pause = _EVERY
        while not self._over.wait(pause):
            began = thread_time()
            pids = family(self._pid)
            if len(pids) == 1:
                self._most = max(self._most, memory_of(self._pid, "VmHWM"))
            else:
                self._most = max(self._most, sum(memory_of(pid, "Pss", SHARES) for pid in pids))
            pause = max(_EVERY, _REST * (thread_time() - began))

    def stop(self) -> int:
        self._over.set()
        self.join()
        return self._most


def family(pid: int) -> list[int]:
    """Return a process and all below it."""
    found = [pid]
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += family(int(child))
    return found


def seconds_of(root: int) -> float:
    """Return the processor seconds of a process and of all below it, ended ones included."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if entry.name.isdigit():
            parents[int(entry.name)] = int(fields[1])
            ticks[int(entry.name)] = sum(map(int, fields[11:15]))
    return sum(t for pid, t in ticks.items() if _is_below(pid, root, parents)) / _TICKS


def busy_seconds() -> float:
    """Return the seconds that all processors of the machine have worked, whoever asked for it."""
    words = Path("/proc/stat").read_text().partition("\n")[0].split()
    user, nice, system, _idle, _waiting, hard, soft = map(int, words[1:8])
    return (user + nice + system + hard + soft) / _TICKS


def _is_below(pid: int, root: int, parents: dict[int, int]) -> bool:
    while pid and pid != root:
        pid = parents.get(pid, 0)
    return pid == root


STATUS, SHARES = "status", "smaps_rollup"
"""Linux's files about a process: its state, and its shares of memory."""


def memory_of(pid: int, name: str, file: str = STATUS) -> int:
    """Return bytes at most so far (``VmHWM``), or now (``Pss``), shared ones by their share.

    A process that has ended has none.
    """
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
    return 0


Rounds = Mapping[str, Sequence[Run]]
"""The runs of each job, in the order of the rounds."""


def alternate(jobs: Mapping[str, Job], rounds: int, label: str) -> Rounds:
    """Run all jobs, then all again, as often as asked."""
    done: dict[str, list[Run]] = {name: [] for name in jobs}
    for number in range(rounds):
        for name, job in jobs.items():
            print(f"{label}, round {number + 1}/{rounds}: {name}", file=sys.stderr, flush=True)
            done[name].append(job.run())
    return done


Figure = Callable[[Run], float]


def wall(run: Run) -> float:
    """Seconds of the clock."""
    return run.wall


def cpu(run: Run) -> float:
    """Seconds of all processors."""
    return run.cpu


def memory(run: Run) -> float:
    """Most memory in MB."""
    return run.memory


def said(name: str) -> Figure:
    """Return a figure that the job itself printed."""
    return lambda run: float(run.said[name])


def median(runs: Sequence[Run], figure: Figure) -> float:
    """Return the median of one job's figures."""
    return statistics.median(map(figure, runs))


def ratio(
    above: Sequence[Run], below: Sequence[Run], figure: Figure, of_below: Figure | None = None
) -> float:
    """Return the ratio of two jobs' figures: the median over the rounds."""
    return statistics.median(
        figure(a) / (of_below or figure)(b) for a, b in zip(above, below, strict=True)
    )
