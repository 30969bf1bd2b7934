"""Processes that work on files of others, each file within limits of time and memory.

The bounds that :mod:`kdcl_xl.xlsx.package` counts are the first wall, and the only one where a
program has no processes. These limits are the second: they hold whatever the first one misses.
Linux limits processor time and memory, macOS processor time; Windows knows only the clock.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from kdcl_xl.checking.guard import OUT_OF_MEMORY, OUT_OF_TIME, over_budget
from kdcl_xl.second_process import uninterrupted
from kdcl_xl.submission.identify import Unreadable
from kdcl_xl.submission.model import Reading
from kdcl_xl.xlsx.bounds import Bounds
from workbook_templates.text import Text

T = TypeVar("T")
_MB = 1 << 20
_WAITING = 6
"""Seconds by the clock for each second of processor time: other programs want some too."""
_WITHOUT_PROCESSES = ("emscripten", "wasi")


class Supervised:
    """Processes that work on files, and are ended where a file takes too much."""

    def __init__(self, jobs: int, bounds: Bounds, begin: Callable[..., None], *args: Any) -> None:
        """Start up to ``jobs`` processes; each calls ``begin`` with the arguments first."""
        # Pebble takes long to load, and commands that read few files do without processes.
        from pebble import ProcessPool

        self._seconds = bounds.longest_time
        initial = (bounds, begin, args)
        self._pool = ProcessPool(max_workers=jobs, initializer=_prepare, initargs=initial)

    def submit(self, work: Callable[..., T], *args: Any) -> Future[T]:
        """Hand out the work on one file.

        Its future raises TimeoutError where the work was too slow by the clock, and
        :class:`pebble.ProcessExpired` where the system ended the process.
        """
        task = (self._seconds, work, args)
        with uninterrupted():
            return self._pool.schedule(_timed, args=task, timeout=self._seconds * _by_the_clock())

    def stop(self) -> None:
        """End the processes."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def can_supervise() -> bool:
    """Return whether this system has processes at all; a page in a browser has none."""
    return sys.platform not in _WITHOUT_PROCESSES


@contextlib.contextmanager
def supervised(
    jobs: int, bounds: Bounds, begin: Callable[..., None], *args: Any
) -> Iterator[Supervised]:
    """Start processes, and end them with the block."""
    made = Supervised(jobs, bounds, begin, *args)
    try:
        yield made
    finally:
        made.stop()


class OneProcess:
    """A process that works on one file after another, each within the limits of its reading.

    Where a system has no processes, the work is done here and the counted bounds alone hold.
    """

    def __init__(self, pool: Supervised | None) -> None:
        """Keep the pool of one process, or None for a system without processes."""
        self._pool = pool

    def run(self, path: Path, work: Callable[..., T], *args: Any) -> T | Unreadable:
        """Do the work on one file, and return its result, or the reason why there is none.

        Raises:
            UserError: the work raised it. Few other errors survive the way between processes.
        """
        return self.begin(path, work, *args)()

    def begin(self, path: Path, work: Callable[..., T], *args: Any) -> Callable[[], T | Unreadable]:
        """Begin the work on one file, and return a function that waits for it, as :meth:`run`."""
        if self._pool is None:
            return partial(work, *args)
        future = self._pool.submit(work, *args)

        def wait() -> T | Unreadable:
            from pebble import ProcessExpired

            try:
                return future.result()
            except (ProcessExpired, TimeoutError, MemoryError) as error:
                return over_budget(path, reason_of(error) or OUT_OF_MEMORY)

        return wait


@contextlib.contextmanager
def one_process(bounds: Bounds) -> Iterator[OneProcess]:
    """Start a process for files that are worked on one by one, and end it with the block."""
    if not can_supervise():
        yield OneProcess(None)
        return
    with supervised(1, bounds, _nothing) as pool:
        yield OneProcess(pool)


def alone(path: Path, reading: Reading, work: Callable[..., T], *args: Any) -> T | Unreadable:
    """Do the work on one large file of ours in a process of its own, and return its result.

    Its limits grow with the file.
    """
    with begun_alone(path, reading, work, *args) as wait:
        return wait()


@contextlib.contextmanager
def begun_alone(
    path: Path, reading: Reading, work: Callable[..., T], *args: Any
) -> Iterator[Callable[[], T | Unreadable]]:
    """Begin the work of :func:`alone`, and yield a function that waits for its result."""
    size = 0
    with contextlib.suppress(OSError):
        size = path.stat().st_size // _MB
    bounds = replace(
        reading.bounds,
        longest_time=reading.bounds.longest_time + size * _SECONDS_EACH,
        most_memory=reading.bounds.most_memory + size * _MEMORY_EACH,
    )
    with one_process(bounds) as process:
        yield process.begin(path, work, *args)


_SECONDS_EACH = 4
_MEMORY_EACH = 50
"""Further limits for each megabyte of an authority workbook, of which 20,000 schools have 300.

Reading takes under a second a megabyte, and about 10 MB of memory.
"""


def _nothing() -> None:
    """Prepare nothing."""


def reason_of(error: BaseException) -> Text | None:
    """Return why a process was ended, if it was over its limits; None where that is unknown."""
    if isinstance(error, TimeoutError):
        return OUT_OF_TIME
    if isinstance(error, MemoryError):
        return OUT_OF_MEMORY
    too_slow = getattr(signal, "SIGXCPU", None)
    # The exit code of a process that the system ended, as Pebble's ProcessExpired has it.
    if too_slow and getattr(error, "exitcode", None) == -too_slow:
        return OUT_OF_TIME
    return None


# ---- inside a process -------------------------------------------------------------------


def _prepare(bounds: Bounds, begin: Callable[..., None], args: tuple[Any, ...]) -> None:
    """Limit a new process. It ignores Ctrl-C, which the main process handles."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    begin(*args)
    if sys.platform == "linux":
        import resource

        # What the process holds already, which is the program itself, is not the file's.
        pages = int(Path("/proc/self/statm").read_bytes().split()[0])
        most = pages * resource.getpagesize() + bounds.most_memory * _MB
        _lower(resource.RLIMIT_AS, most)
        _lower(resource.RLIMIT_CORE, 0)


def _lower(kind: int, most: int) -> None:
    import resource

    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(kind, (most, hard))


_TICK = 1.0
"""Seconds after which an orphaned process ends."""


def _end_with_parent(parent: int) -> None:
    """End this process when its parent has ended, however that was killed."""
    import multiprocessing

    own = multiprocessing.parent_process()
    while own is not None:
        if sys.platform == "win32":
            own.join()
            os._exit(1)
        if os.getppid() != parent:
            os._exit(1)
        time.sleep(_TICK)


def _by_the_clock() -> int:
    # Without a limit on processor time the clock is all there is, and must not wait as long.
    return 2 if sys.platform == "win32" else _WAITING


def _timed(seconds: int, work: Callable[..., T], args: tuple[Any, ...]) -> T:
    """Do the work on one file with its share of processor time."""
    if sys.platform != "win32":
        import resource

        _lower(resource.RLIMIT_CPU, int(time.process_time()) + 1 + seconds)
    return work(*args)
