"""Check many files, in one process, several, or on a cluster; unchanged files are not read again.

Files are independent of each other, so they are handed out one by one through the standard
interface of executors. A packed record comes back (see :mod:`kdcl_xl.checking.record`).
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kdcl_xl.checking.cache import Cache, Shelf
from kdcl_xl.checking.check import Checked
from kdcl_xl.checking.guard import OUT_OF_MEMORY, over_budget
from kdcl_xl.checking.record import pack
from kdcl_xl.checking.supervise import can_supervise, reason_of, supervised
from kdcl_xl.checking.task import Outcome, Task
from kdcl_xl.errors import UserError
from kdcl_xl.files import ProgressBar
from kdcl_xl.xlsx.package import Contents, UnreadableError, read_contents
from workbook_templates.text import Text

MOST_JOBS = 61
"""Processes of one pool at most: Windows waits for no more."""
FEWEST_FOR_A_POOL = 24
"""Files below which starting other processes takes longer than it saves."""
_AHEAD = 8
"""Files handed out for each process before the first result is waited for."""
_BYTES_AHEAD = 24_000_000
"""Bytes of such files for each process; beyond, no further one is handed out."""


@dataclass(frozen=True)
class Workers:
    """The workers of a run: processes of this machine, or a cluster.

    ``jobs`` is the number of processes (0: one for each processor), ``scheduler`` the address
    of a cluster, and ``cache`` holds the records of earlier runs.
    """

    jobs: int = 1
    scheduler: str = ""
    cache: Cache | None = None

    @property
    def allow_a_copy(self) -> bool:
        """True where a second process may begin as a copy of the first, and has a processor.

        The client of a cluster has threads, which no copy would have.
        """
        return self.jobs != 1 and not self.scheduler and processors() > 1


ALONE = Workers()


def check_all(
    files: Sequence[Path], task: Task, workers: Workers = ALONE, progress: ProgressBar = iter
) -> list[bytes]:
    """Check the files and return their packed records, as :func:`check_each` does."""
    return list(check_each(files, task, workers, progress))


def check_each(
    files: Sequence[Path], task: Task, workers: Workers = ALONE, progress: ProgressBar = iter
) -> Generator[bytes, None, None]:
    """Check the files and yield their packed records, in the order of the files.

    While a record is used, the workers go on with the next files.

    Raises:
        UserError: the cluster cannot be used, or its library is not installed.
    """
    with ExitStack() as stack:
        run = _Run(task, _shelf(task, workers), _crew(task, workers, len(files), stack))
        results = run.in_order(files)
        for _ in progress(files):
            yield next(results)


def _shelf(task: Task, workers: Workers) -> Shelf | None:
    cache = workers.cache
    return None if cache is None else cache.of(task.catalogue, task.today, task.reading)


@dataclass(frozen=True)
class _Crew:
    """The workers; ``ahead`` is the number of files handed out before a result is awaited.

    After ``bytes_ahead`` of them that are held in memory, a result is awaited as well.
    """

    submit: Callable[[Path, Contents | None], Callable[[], Outcome]]
    """Hand out a file, and return a function that waits for its outcome."""
    ahead: int
    bytes_ahead: int
    is_local: bool = True
    """True if the workers see the same file system; a cluster is sent the contents."""


def _crew(task: Task, workers: Workers, files: int, stack: ExitStack) -> _Crew | None:
    if workers.scheduler:
        return _cluster(task, workers.scheduler, files, stack)
    if not can_supervise():
        return None
    most = files // (FEWEST_FOR_A_POOL // 2)
    jobs = max(1, min(workers.jobs or processors(), most, MOST_JOBS))
    pool = stack.enter_context(supervised(jobs, task.reading.bounds, _begin, task))
    return _Crew(
        lambda *file: pool.submit(_check_here, *file).result, _AHEAD * jobs, _BYTES_AHEAD * jobs
    )


def processors() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_task: Task | None = None


def _begin(task: Task) -> None:
    """Keep in a worker process what is the same for every file."""
    global _task
    _task = task


def _check_here(path: Path, contents: Contents | None) -> Outcome:
    assert _task is not None
    return _task.check(path, contents)


def _cluster(task: Task, address: str, files: int, stack: ExitStack) -> _Crew:
    try:
        from kdcl_xl.checking.cluster import connected
    except ImportError:
        raise UserError(
            Text(
                "Tùy chọn --scheduler cần cài thêm: pip install 'kdcl-xl[cluster]'.",
                "--scheduler needs: pip install 'kdcl-xl[cluster]'.",
            )
        ) from None
    cluster = stack.enter_context(connected(address, task, files))
    return _Crew(cluster.submit, cluster.ahead, cluster.bytes_ahead, is_local=False)


@dataclass
class _Pending:
    """A file that was handed out: its record, or the function that waits for its outcome."""

    path: Path
    contents: Contents | None = None
    record: bytes | None = None
    wait: Callable[[], Outcome] | None = None

    @property
    def size(self) -> int:
        """The bytes that are held of the file."""
        return len(self.contents.data) if self.contents else 0


@dataclass(frozen=True)
class _Run:
    """One run over many files."""

    task: Task
    shelf: Shelf | None
    crew: _Crew | None

    def in_order(self, files: Iterable[Path]) -> Iterator[bytes]:
        """Yield the records in order, with some files handed out ahead of the one awaited."""
        rest = iter(files)
        given: deque[_Pending] = deque()
        ahead, most = (self.crew.ahead, self.crew.bytes_ahead) if self.crew else (1, 1)
        held = 0
        while True:
            while len(given) < ahead and held < most and (path := next(rest, None)):
                given.append(self._give(path))
                held += given[-1].size
            if not given:
                return
            first = given.popleft()
            held -= first.size
            yield self._result(first)

    def _give(self, path: Path) -> _Pending:
        given = _Pending(path)
        if self.shelf or (self.crew and not self.crew.is_local):
            try:
                given.contents = read_contents(path, self.task.reading.bounds)
            except UnreadableError:  # the check reports it
                return given
        if self.shelf and given.contents:
            given.record = self.shelf.get(path, given.contents)
        if self.crew and given.record is None:
            try:
                given.wait = self.crew.submit(path, given.contents)
            except UserError:
                raise
            except Exception:  # the pool is broken: all its processes are gone
                given.wait = None
        return given

    def _result(self, given: _Pending) -> bytes:
        if given.record is not None:
            return given.record
        outcome = self._outcome(given)
        if self.shelf and given.contents and outcome.is_lasting:
            self.shelf.put(given.path, given.contents, outcome.record)
        return outcome.record

    def _outcome(self, given: _Pending) -> Outcome:
        """Return a worker's outcome, or that of a process started for the file alone.

        A file whose worker was lost is tried once more, in a process with the same limits.
        """
        if self.crew is None:
            return self.task.check(given.path, given.contents)
        alone = partial(self._alone, given)
        for attempt in (given.wait or alone, alone):
            try:
                return attempt()
            except UserError:
                raise
            except Exception as error:  # the process was killed, or the machine switched off
                if (found := reason_of(error)) is not None:
                    break
        unread = over_budget(given.path, found or OUT_OF_MEMORY)
        return Outcome(pack(Checked.unread(unread)), is_lasting=False)

    def _alone(self, given: _Pending) -> Outcome:
        with supervised(1, self.task.reading.bounds, _begin, self.task) as pool:
            return pool.submit(_check_here, given.path, given.contents).result()
