"""Do a part of the work in a second process, which begins as a copy of this one.

The copy has everything that the work needs; only the result travels back. Linux makes such copies
safely and in milliseconds. On other systems, and where a copy fails, the work is done here.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

T = TypeVar("T")


def begin(work: Callable[[], T]) -> Callable[[], T]:
    """Begin work in a second process, and return a function that waits for its result.

    The result survives pickling. Of what the work changes, only files are seen here; it begins
    them anew, because it may be done once more. This process has no other thread.

    Raises:
        Exception: the returned function raises what the work raises.
    """
    if sys.platform != "linux":
        return work
    import multiprocessing

    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(work, sending), daemon=True)
    try:
        with uninterrupted():
            process.start()
    except OSError:  # there is no memory for a copy
        return work
    finally:
        sending.close()

    def wait() -> T:
        try:
            with receiving:
                result: T = receiving.recv()
        except EOFError:  # the copy was killed, or met an error, which is then met here
            return work()
        finally:
            process.join()
        return result

    return wait


def _send(work: Callable[[], T], to: Connection) -> None:
    """Do the work in the second process, and send its result."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process handles Ctrl-C
    try:
        to.send(work())
    except BaseException:
        os._exit(1)


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back from this thread, and from the threads and processes it starts meanwhile.

    A process would otherwise answer a Ctrl-C between its start and its first line, in which it
    turns deaf, with a traceback. The main process hears it as soon as the block ends.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
