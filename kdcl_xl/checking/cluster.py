"""Check files on a cluster of machines, through Dask; loaded only for ``--scheduler``.

The workers of the cluster keep what is the same for every file, sent to each of them once. With
a file travel its name and its contents; its packed record comes back. A few files travel in one
call, because a call costs Dask as much as a quarter of a file's work.
"""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from pickle import PickleBuffer
from time import monotonic
from typing import Any
from uuid import uuid4

from distributed import Client, WorkerPlugin
from distributed.scheduler import KilledWorker

from kdcl_xl.checking.cache import code_digest
from kdcl_xl.checking.task import Outcome, Task
from kdcl_xl.errors import UserError
from kdcl_xl.xlsx.package import Contents
from workbook_templates.text import Text

PATIENCE = 10
"""Seconds to wait for a cluster's answer when a run begins."""
WITHOUT_WORKERS = 60
"""Seconds to wait for a worker when all were lost; Dask starts a killed one again."""
_LOOK = 2
"""Seconds between two looks at the cluster while a result is awaited."""
_PATIENCE_OF_CLUSTER = 60
"""Seconds by the clock for each second of a file: on a cluster it waits for others too."""

_MOST_FILES = 16
"""Files of a call at most; with more, a call costs little less for each of them."""
_MOST_BYTES = 8_000_000
"""Bytes after which a call gets no further file."""
_FEWEST_CALLS = 4
"""Calls for each thread of the cluster at least, so that all end at about the same time."""
_CALLS_AHEAD = 3
"""Calls for each thread of the cluster that are handed out before a result is waited for."""


@dataclass(frozen=True)
class _Sent:
    """The contents of a file on their way, which Dask sends beside its message.

    Within a message they would be copied and searched at each stop, several times. The scheduler
    unpacks a message and packs it again, so what comes out is of this class until the work begins.
    """

    data: bytes
    modified: datetime

    def __reduce__(self) -> tuple[type[_Sent], tuple[PickleBuffer, datetime]]:
        return _Sent, (PickleBuffer(self.data), self.modified)

    def contents(self) -> Contents:
        """Return the contents; what arrived is a part of what the network brought."""
        return Contents(bytes(self.data), self.modified)


File = tuple[Path, _Sent | None]

_tasks: dict[str, Task] = {}
"""In a worker: the tasks of the runs that it works for, by the name of the run."""


class _Instructions(WorkerPlugin):
    """The task of a run, which Dask hands to every worker once, to later ones as they join."""

    def __init__(self, task: Task) -> None:
        self.name = f"kdcl-xl-{uuid4().hex}"
        self._task = task

    def setup(self, worker: object) -> None:
        _tasks[self.name] = self._task

    def teardown(self, worker: object) -> None:
        _tasks.pop(self.name, None)


@dataclass(frozen=True)
class RemoteWork:
    """The work on files in a worker, refused where its machine has another version."""

    run: str
    code: str

    def __call__(self, files: Sequence[File]) -> list[Outcome]:
        """Check files.

        Raises:
            UserError: this machine has another version of the tool or of Python.
        """
        if code_digest() != self.code:
            raise UserError(
                Text(
                    "Máy của cụm dùng phiên bản khác của công cụ hoặc của Python; hãy cài cùng "
                    "một phiên bản trên mọi máy.",
                    "A machine of the cluster has another version of the tool or of Python; "
                    "install the same on all of them.",
                )
            )
        return [self.check(path, sent.contents() if sent else None) for path, sent in files]

    def check(self, path: Path, contents: Contents | None) -> Outcome:
        """Check a file; never raises for anything that it holds."""
        return _tasks[self.run].check(path, contents)


@dataclass
class _Call:
    """Some files, and the future of their outcomes from when they are handed out."""

    files: list[File] = field(default_factory=list)
    size: int = 0
    future: Future[list[Outcome]] | None = None


class Cluster:
    """A cluster that works on the files of one run."""

    def __init__(self, client: Any, address: str, task: Task, files: int) -> None:
        """Send every worker the task; ``files`` is the number of files of the run."""
        self._client, self._address = client, address
        self._instructions = _Instructions(task)
        client.register_plugin(self._instructions)
        self.work = RemoteWork(self._instructions.name, code_digest())
        self._executor = client.get_executor(pure=False)
        self._seconds = task.reading.bounds.longest_time * _PATIENCE_OF_CLUSTER
        threads: int = sum(client.nthreads().values())
        self._most = max(1, min(_MOST_FILES, files // (threads * _FEWEST_CALLS)))
        self.ahead = _CALLS_AHEAD * self._most * threads
        """The files to hand out before the first outcome is waited for."""
        self.bytes_ahead = _CALLS_AHEAD * _MOST_BYTES * threads
        """The bytes of files after which no further one is handed out before that."""
        self._next = _Call()

    def submit(self, path: Path, contents: Contents | None) -> Callable[[], Outcome]:
        """Hand out a file, soon with others, and return a function that waits for its outcome.

        That function raises:

        - UserError: the scheduler or all workers were lost, or a worker cannot do the work.
        - KilledWorker: several workers were lost, one after the other, over this call.
        - TimeoutError: the files take too long.

        Raises:
            UserError: the scheduler was lost.
        """
        call = self._next
        place = len(call.files)
        call.files.append((path, _Sent(contents.data, contents.modified) if contents else None))
        call.size += len(contents.data) if contents else 0
        if len(call.files) >= self._most or call.size >= _MOST_BYTES:
            self._send()
        return partial(self._outcome, call, place)

    def _send(self) -> None:
        call, self._next = self._next, _Call()
        try:
            with warnings.catch_warnings():  # of the size: large files are sent whole
                warnings.simplefilter("ignore")
                call.future = self._executor.submit(self.work, call.files)
        except Exception:  # the client has closed itself
            raise self._lost() from None
        call.files = []

    def _outcome(self, call: _Call, place: int) -> Outcome:
        if call.future is None:  # the last files of a run
            self._send()
        assert call.future is not None
        began = seen = monotonic()
        while True:
            try:
                return call.future.result(_LOOK)[place]
            except (UserError, KilledWorker):
                raise
            except CancelledError:  # Dask does so to all futures when it loses the scheduler
                raise self._lost() from None
            except Exception as error:
                if call.future.done():  # the work itself raises nothing: a machine lacks something
                    raise _unusable(self._address, error) from None
                if self._has_workers():
                    seen = monotonic()
                elif monotonic() - seen > WITHOUT_WORKERS:
                    raise self._deserted() from None
                if monotonic() - began > self._seconds:
                    raise

    def close(self) -> None:
        """Let the workers forget the task."""
        with contextlib.suppress(Exception):  # a cluster that is gone keeps nothing
            if self._client.status == "running":
                self._client.unregister_worker_plugin(self._instructions.name)

    def _has_workers(self) -> bool:
        try:
            return bool(self._client.nthreads())
        except Exception:
            raise self._lost() from None

    def _deserted(self) -> UserError:
        return UserError(
            Text(
                f"Cụm máy tại «{self._address}» không còn máy nào làm việc; lệnh đã dừng và "
                f"không ghi kết quả. Hãy khởi động lại các máy của cụm {_AND_AGAIN.vi}",
                f"The cluster at '{self._address}' has no workers any more; the command "
                f"stopped and wrote no result. Start its workers {_AND_AGAIN.en}",
            )
        )

    def _lost(self) -> UserError:
        return UserError(
            Text(
                f"Mất liên lạc với bộ điều phối của cụm máy tại «{self._address}»; lệnh đã dừng "
                f"và không ghi kết quả. Hãy khởi động lại bộ điều phối {_AND_AGAIN.vi}",
                f"The connection to the cluster's scheduler at '{self._address}' was lost; the "
                f"command stopped and wrote no result. Start the scheduler {_AND_AGAIN.en}",
            )
        )


_AND_AGAIN = Text(
    "rồi chạy lại lệnh (tệp đã có trong bộ nhớ đệm không phải kiểm tra lại), hoặc bỏ --scheduler "
    "để kiểm tra trên máy này.",
    "and run the command again (files in the cache are not checked again), or leave out "
    "--scheduler to check on this machine.",
)


def _unusable(address: str, error: BaseException) -> UserError:
    reason = str(error).partition("\n")[0] or type(error).__name__
    return UserError(
        Text(
            f"Không dùng được cụm máy tại «{address}»: {reason}. Hãy kiểm tra địa chỉ, bộ "
            "điều phối và các máy của cụm.",
            f"Cannot use the cluster at '{address}': {reason}. Check the address, the "
            "scheduler and its workers.",
        )
    )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Hold back Dask's log of a lost connection, with its tracebacks: UserError says it."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


@contextlib.contextmanager
def connected(address: str, task: Task, files: int) -> Iterator[Cluster]:
    """Connect to a cluster for the time of a block, to check so many files.

    Certificates of Dask's own settings (``distributed.comm.tls``) are used for tls:// addresses.

    Raises:
        UserError: the cluster cannot be reached, or it has no workers.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(_quiet())
        try:
            client = stack.enter_context(Client(address, timeout=PATIENCE))  # type: ignore[no-untyped-call]
            client.wait_for_workers(1, timeout=PATIENCE)
            cluster = Cluster(client, address, task, files)
        # Dask passes on whatever a worker raised while it received the task.
        except Exception as error:
            raise _unusable(address, error) from None
        stack.callback(cluster.close)
        yield cluster
