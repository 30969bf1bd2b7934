"""What several workers of one test run use, and one of them makes."""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")


def made_once(
    factory: pytest.TempPathFactory, name: str, make: Callable[[Path], T]
) -> tuple[Path, T]:
    """Return a folder and what ``make`` returned when it filled the folder, once in a run.

    Another worker waits until the folder is full. Tests must not change the folder.
    """
    base = factory.getbasetemp()
    run = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder, returned = run / name, run / f"{name}.pickle"
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not returned.exists():
            folder.mkdir()
            returned.write_bytes(pickle.dumps(make(folder)))
    found: T = pickle.loads(returned.read_bytes())
    return folder, found
