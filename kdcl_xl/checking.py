"""Many files checked: in this process, in several, or on a cluster; again only what changed.

Every file is independent of every other, so they are handed out one by one through the
standard interface of executors. What comes back is a compressed record (see
:mod:`kdcl_xl.record`), a hundredth of a plan in memory, until the district is built.
"""

from __future__ import annotations

import os
import signal
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from kdcl_xl.cache import Cache
from kdcl_xl.check import Checked, check_contents, check_file, not_processed
from kdcl_xl.errors import UserError
from kdcl_xl.guard import Contents, UnreadableError, read_contents
from kdcl_xl.record import restore, store
from kdcl_xl.submission import AS_ISSUED, Reading
from workbook_templates.regulation import Catalogue
from workbook_templates.text import Text

FEWEST_FOR_A_POOL = 24
"""Files below which starting other processes takes longer than it saves."""
_AHEAD = 8
"""Files handed out for each process before the first result is waited for."""
_LEVEL = 1
"""Of compression: a record is held for seconds."""

Progress = Callable[[Sequence[Path]], Iterable[Path]]


@dataclass(frozen=True)
class Workers:
    """Who checks: processes of this machine, or a cluster.

    ``jobs`` is their number (0: as many as there are processors), ``scheduler`` the
    address of a cluster; ``cache`` remembers what was checked.
    """

    jobs: int = 1
    scheduler: str = ""
    cache: Cache | None = None


ALONE = Workers()


@dataclass(frozen=True)
class Task:
    """What is the same for every file."""

    catalogue: Catalogue
    today: date
    reading: Reading = AS_ISSUED

    def check(self, path: Path, contents: Contents | None = None) -> bytes:
        """The packed record of a file; never raises for what the file holds."""
        known = (self.catalogue, self.today, self.reading)
        if contents is None:
            return packed(check_file(path, *known))
        return packed(check_contents(path, contents, *known))


def packed(checked: Checked) -> bytes:
    """A checked submission in a hundredth of the memory."""
    try:
        return zlib.compress(store(checked).encode(), _LEVEL)
    except Exception as error:  # a value that no record can hold
        return zlib.compress(store(not_processed(checked.submission.path, error)).encode(), _LEVEL)


def unpacked(record: bytes, catalogue: Catalogue) -> Checked:
    """The checked submission of a record of :func:`packed`.

    Raises:
        RecordError: it is damaged.
        zlib.error: it is damaged.
    """
    return restore(zlib.decompress(record).decode(), catalogue)


def check_all(
    files: Sequence[Path], task: Task, workers: Workers = ALONE, progress: Progress = iter
) -> list[bytes]:
    """The packed records of the files, in their order.

    Raises:
        UserError: the cluster cannot be reached, or its library is not installed.
    """
    with ExitStack() as stack:
        executor = _executor(task, workers, len(files), stack)
        results = _in_order(files, task, workers, executor)
        return [next(results) for _ in progress(files)]


def _executor(task: Task, workers: Workers, files: int, stack: ExitStack) -> Executor | None:
    if workers.scheduler:
        return _cluster(workers.scheduler, stack)
    jobs = min(workers.jobs or os.cpu_count() or 1, files // (FEWEST_FOR_A_POOL // 2) or 1)
    if jobs == 1 or files < FEWEST_FOR_A_POOL:
        return None
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(jobs, initializer=_begin, initargs=(task,))
    stack.callback(pool.shutdown, wait=True, cancel_futures=True)
    return pool


def _cluster(address: str, stack: ExitStack) -> Executor:
    try:
        from distributed import Client  # type: ignore[import-not-found]
    except ImportError:
        raise UserError(
            Text(
                "Tùy chọn --scheduler cần cài thêm: pip install 'kdcl-xl[cluster]'.",
                "--scheduler needs: pip install 'kdcl-xl[cluster]'.",
            )
        ) from None
    try:
        client = stack.enter_context(Client(address, timeout=_PATIENCE))
    except (OSError, ValueError) as error:
        raise UserError(
            Text(
                f"Không kết nối được bộ điều phối «{address}»: {error}.",
                f"Cannot reach the scheduler '{address}': {error}.",
            )
        ) from None
    return client.get_executor(pure=False)  # type: ignore[no-any-return]


_PATIENCE = 10
"""Seconds to wait for a cluster's answer."""


def _in_order(
    files: Sequence[Path], task: Task, workers: Workers, executor: Executor | None
) -> Iterator[bytes]:
    """The records as they are wanted, a few files ahead of who asks for them."""
    if executor is None and workers.cache is None:
        yield from map(task.check, files)
        return
    ahead = _AHEAD * (workers.jobs or os.cpu_count() or 1) if not workers.scheduler else 512
    given: deque[_Given] = deque()
    rest = iter(files)
    while True:
        for path in islice(rest, ahead - len(given) if executor else 1):
            given.append(_give(path, task, workers, executor))
        if not given:
            return
        yield _result(given.popleft(), task, workers.cache)


@dataclass
class _Given:
    """A file that was handed out: its record where it is known, or who makes it."""

    path: Path
    record: bytes | None = None
    future: Future[bytes] | None = None
    key: str = ""
    contents: Contents | None = field(default=None, repr=False)


def _give(path: Path, task: Task, workers: Workers, executor: Executor | None) -> _Given:
    cache = workers.cache
    given = _Given(path)
    if cache is not None or workers.scheduler:
        try:
            given.contents = read_contents(path, task.reading.bounds)
        except UnreadableError:
            return _Given(path, record=task.check(path))
        if cache is not None:
            given.key = cache.key_of(given.contents.data, task.catalogue, task.reading)
            given.record = cache.get(given.key, path, given.contents, task.catalogue, task.today)
    if given.record is None and executor is not None:
        work = task.check if workers.scheduler else _check
        contents = given.contents if workers.scheduler else None
        try:
            given.future = executor.submit(work, path, contents)
        except BrokenExecutor as error:
            given.future = Future()
            given.future.set_exception(error)
    return given


def _result(given: _Given, task: Task, cache: Cache | None) -> bytes:
    if given.record is not None:
        return given.record
    try:
        record = given.future.result() if given.future else task.check(given.path, given.contents)
    except BrokenExecutor:  # a process was killed; this one does its work
        record = task.check(given.path, given.contents)
    if cache is not None and given.key:
        cache.put(given.key, record, task.today)
    return record


_task: Task | None = None


def _begin(task: Task) -> None:
    """Make a process ready; only the first one hears Ctrl-C."""
    global _task
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _task = task


def _check(path: Path, contents: Contents | None) -> bytes:
    assert _task is not None
    return _task.check(path, contents)
