"""The benchmark: its page, its arithmetic, and that its jobs still run. Nothing is timed here."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from benchmarks import cluster
from benchmarks.data import PARTS, RETURNED
from benchmarks.district import STAGES, Bench
from benchmarks.opening import opened
from benchmarks.results import MARKER, Page, Wanted, exponent, figure, write
from benchmarks.runs import Job, Run, alternate, ratio, said, wall
from tests.build import layout_of, make_plan, workbook_bytes


def test_what_was_written_by_hand_stays(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    page = Page("5 rounds")
    page.add("First", "Words.")
    write(page, path)
    assert path.read_text("utf-8").endswith(f"{MARKER}\n\n## What was tried\n\n")
    path.write_text(path.read_text("utf-8") + "Nothing helped.\n", "utf-8")
    other = Page("3 rounds")
    other.add("Second", "Words.")
    write(other, path)
    write(other, path)
    text = path.read_text("utf-8")
    assert text.endswith(f"{MARKER}\n\n## What was tried\n\nNothing helped.\n")
    assert "## Second" in text
    assert "## First" not in text


@pytest.mark.parametrize(
    ("wanted", "verdict"),
    [
        (Wanted("", 5.0, least=5), "reached"),
        (Wanted("", 4.2, least=5), "**not reached**"),
        (Wanted("", 1.05, most=1.05), "reached"),
        (Wanted("", 1.06, most=1.05), "**not reached**"),
        (Wanted("", None, least=5), "not measured"),
    ],
)
def test_what_was_wanted_stands_beside_what_was_measured(wanted: Wanted, verdict: str) -> None:
    assert wanted.cells[3] == verdict


def test_figures() -> None:
    assert [figure(n) for n in (0.03333, 4.199, 41.26, 1234.5)] == [
        "0.033",
        "4.20",
        "41.3",
        "1,234",
    ]
    assert exponent([60, 200, 2000], [6.0, 20.0, 200.0]) == pytest.approx(1)
    assert exponent([10, 100], [1.0, 100.0]) == pytest.approx(2)


def test_a_ratio_is_that_of_runs_of_one_round() -> None:
    slow = [Run(seconds, 0, 0, {}) for seconds in (2.0, 20.0, 6.0)]
    fast = [Run(seconds, 0, 0, {}) for seconds in (1.0, 10.0, 2.0)]
    assert ratio(slow, fast, wall) == 2


def test_a_run_is_a_process_that_is_measured() -> None:
    order: list[str] = []
    wait = "import time; time.sleep(0.3)"
    script = f"held = b'x' * 80_000_000; {wait}; print('words'); print('{{\"own\": 3}}')"
    jobs = {
        name: Job(("-c", code), partial(order.append, name))
        for name, code in (("large", script), ("small", wait))
    }
    done = alternate(jobs, 2, "test")
    assert order == ["large", "small"] * 2
    assert all(run.memory > other.memory + 70 for run, other in zip(*done.values(), strict=True))
    assert said("own")(done["large"][0]) == 3
    with pytest.raises(RuntimeError):
        Job(("-c", "raise SystemExit(3)")).run()


@pytest.mark.slow
def test_its_jobs_run(tmp_path: Path) -> None:
    bench = Bench(tmp_path, tmp_path, None)
    folder = bench.folder("district", 3)
    assert len(list((folder / RETURNED).iterdir())) == 3
    assert (folder / PARTS).is_file()
    spent = bench.stages(folder, "all").run().said
    assert spent.keys() >= STAGES.keys()
    assert spent["read"] > bench.peer(folder, "floor", "files").run().said["seconds"]
    clustered = Job(("-m", "benchmarks.cluster", folder, "--workers", "1")).run().said
    assert clustered["cpu"] > 0
    assert clustered["seconds"] > 0
    assert clustered["others"] >= 0


def test_a_cluster_is_compared_with_one_process_of_the_same_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster, "processors", lambda: 2)
    own = {"seconds": 8.0, "cpu": 8.0, "others": 0.0, "files": 3}
    of_cluster = {"seconds": 5.0, "cpu": 10.0, "others": 1.0}
    times = {"alone": own, **{str(n): of_cluster for n in cluster.WORKERS}}
    found: Any = cluster.summary({name: [Run(0, 0, 0, facts)] for name, facts in times.items()})
    assert found["files"] == 3
    four = found["clusters"]["4"]
    assert (four["efficiency"], four["of_processors"], four["of_cpu"]) == (0.4, 0.8, 0.8)
    assert (found["others"], four["others"]) == (0, 1)


@pytest.mark.libreoffice
@pytest.mark.slow
def test_opening_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbook_bytes(make_plan(layout_of("2026"))))
    found = opened(path)
    assert 0 < found["cpu"]
    assert 0 < found["seconds"]
    assert found["memory"] > 50
