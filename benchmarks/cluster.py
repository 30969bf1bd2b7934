"""Measure reading and judging on a cluster beside one process; see RESULTS.md.

``python -m benchmarks.cluster FOLDER`` takes a district of :mod:`benchmarks.data` and prints
a line of JSON. Its machines are processes here: ``dask scheduler`` and ``dask worker`` of one
thread, with the settings that docs/can-bo/nhieu-tep.md recommends. They run already and have
checked a few files, so that their start is left out.

- ``seconds`` are by the clock, ``cpu`` those of all processes, the scheduler's included.
- ``others`` are processor seconds that other work on the machine took meanwhile. Where they are
  many, ``seconds`` and both efficiencies say little: a cluster of two wants both processors.
- ``efficiency`` is T1 / (n Tn): T1 is the time of the usual way without a cluster, which is one
  supervised process of this machine, Tn that of a cluster of n workers.
- ``of_processors`` is T1 / (min(n, processors) Tn): workers beyond the processors bring
  nothing on one machine.
- ``of_cpu`` is the processor time of T1 divided by that of Tn, which other work on the machine
  hardly changes: no cluster on the same processors can be more efficient than this.
- ``contents``, ``call`` and ``record`` are bytes for a file: its contents and the call, both sent
  to the scheduler and from there to a worker, and what comes back the same way.
- ``once`` are the bytes that each worker is sent once in a run.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import statistics
from functools import partial
from pathlib import Path
from time import perf_counter

from distributed import Client

from benchmarks.data import RETURNED
from benchmarks.runs import Job, Rounds, alternate, busy_seconds, median, ratio, said, seconds_of
from kdcl_xl.checking.cache import code_digest
from kdcl_xl.checking.cluster import RemoteWork
from kdcl_xl.checking.many import Workers, check_all, processors
from kdcl_xl.checking.task import Task
from kdcl_xl.demo.run import DEMO_DAY
from kdcl_xl.submission.inventory import find_inputs
from tests.machines import machines
from workbook_templates.regulation import builtin_catalogue

WORKERS = (1, 2, 4)
_WARM = 64
"""Files that each worker has checked before the time is taken."""
_START = 60
"""Seconds until the workers must have joined."""


def alone(files: list[Path], task: Task) -> dict[str, float]:
    """Measure the usual way with one process, and the bytes of a file."""
    for path in files[:_WARM]:  # the other process begins with what this one knows
        task.check(path)
    figures, records = _measured(files, task, Workers(jobs=1))
    return {
        **figures,
        "files": len(files),
        "contents": statistics.mean(path.stat().st_size for path in files),
        "call": len(pickle.dumps((RemoteWork("kdcl-xl-" + 32 * "0", code_digest()), files[0]))),
        "record": statistics.mean(map(len, records)),
        "once": len(pickle.dumps(task)),
    }


def together(files: list[Path], task: Task, count: int) -> dict[str, float]:
    """Measure a cluster of so many workers."""
    with machines(count) as cluster:
        workers = Workers(scheduler=cluster.address)
        with Client(cluster.address) as client:  # type: ignore[no-untyped-call]
            client.wait_for_workers(count, timeout=_START)
        check_all(files[: count * _WARM], task, workers)
        return _measured(files, task, workers)[0]


def _measured(
    files: list[Path], task: Task, workers: Workers
) -> tuple[dict[str, float], list[bytes]]:
    busy, cpu, clock = busy_seconds(), seconds_of(os.getpid()), perf_counter()
    records = check_all(files, task, workers)
    clock, cpu, busy = (
        perf_counter() - clock,
        seconds_of(os.getpid()) - cpu,
        busy_seconds() - busy,
    )
    return {"seconds": clock, "cpu": cpu, "others": max(0.0, busy - cpu)}, records


def summary(done: Rounds) -> dict[str, object]:
    """Return the medians of all rounds."""
    one = done["alone"]
    clusters = {}
    for count in WORKERS:
        runs = done[str(count)]
        speedup = ratio(one, runs, said("seconds"))
        clusters[str(count)] = {
            "seconds": median(runs, said("seconds")),
            "cpu": median(runs, said("cpu")),
            "others": median(runs, said("others")),
            "efficiency": speedup / count,
            "of_cpu": ratio(one, runs, said("cpu")),
            "of_processors": speedup / min(count, processors()),
        }
    figures = {name: median(one, said(name)) for name in one[0].said}
    return {**figures, "processors": processors(), "clusters": clusters}


def main() -> None:
    """Measure one way, or all in turn, and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, help="measure this many alone, once; 0: no cluster")
    given = parser.parse_args()
    if given.workers is None:
        job = partial(_job, given.folder.resolve())
        jobs = {"alone": job(0), **{str(count): job(count) for count in WORKERS}}
        print(json.dumps(summary(alternate(jobs, given.rounds, "cluster"))))
        return
    files, task = find_inputs([given.folder / RETURNED]), Task(builtin_catalogue(), DEMO_DAY)
    figures = together(files, task, given.workers) if given.workers else alone(files, task)
    print(json.dumps(figures))


def _job(folder: Path, workers: int) -> Job:
    return Job(("-m", "benchmarks.cluster", folder, "--workers", str(workers)))


if __name__ == "__main__":
    main()
