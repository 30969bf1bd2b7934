"""Many files at once: the same district however many check, and only what changed again."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import multiprocessing
import os
import pickle
import pty
import shutil
import signal
import stat
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
from distributed import LocalCluster

from kdcl_xl.checking import cluster
from kdcl_xl.checking import many as checking
from kdcl_xl.checking.cache import OLDEST, Cache, code_digest, default_folder
from kdcl_xl.checking.many import ALONE, Workers, check_all
from kdcl_xl.checking.record import RecordError, pack, unpack
from kdcl_xl.checking.settings import Settings
from kdcl_xl.checking.task import Outcome, Task
from kdcl_xl.cli import base
from kdcl_xl.district.merge import merge
from kdcl_xl.district.model.model import District
from kdcl_xl.errors import Exit, UserError
from kdcl_xl.submission.model import Reading
from kdcl_xl.xlsx.package import Contents
from macros_free_validation.rule import Stage
from tests.build import SCHOOL, TODAY, good_task, layout_of, make_plan, write_workbook
from tests.conftest import ROOT, Run
from tests.machines import Waiting, sign_in, switch_off
from tests.machines import machines as started
from workbook_templates.regulation import Catalogue, builtin_catalogue

SCHOOLS = 6
TASK = Task(builtin_catalogue(), TODAY)
HERE = os.getpid()
pytestmark = pytest.mark.usefixtures("processes")
# Plainly given, so that an environment of the person at this machine says nothing.
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("KDCL_XL")}
PATIENCE = 300
"""Seconds after which a process counts as hung; they measure no speed."""


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Plans of a few schools, one of them with a fault, and a damaged file."""
    folder = tmp_path_factory.mktemp("nop")
    layout = layout_of("2026")
    for nth in range(SCHOOLS):
        school = dataclasses.replace(SCHOOL, code=f"00{nth}", name=f"Trường {nth}")
        task = {**good_task(layout, nth), **({"lead": ""} if nth == 1 else {})}
        plan = make_plan(layout, school=school, tables={"plan": [task]})
        write_workbook(folder / f"{nth}.xlsx", plan, school)
    (folder / "hong.xlsx").write_bytes(b"PK\x03\x04 hong")
    return folder


@pytest.fixture
def folder(returned: Path, tmp_path: Path) -> Path:
    """The same files, to be changed by one test."""
    return Path(shutil.copytree(returned, tmp_path / "nop"))


@pytest.fixture
def always_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few files there are, other processes are started."""
    monkeypatch.setattr(checking, "FEWEST_FOR_A_POOL", 2)


def files_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.xlsx"))


def merged(folder: Path, target: Path, workers: Workers = ALONE) -> District:
    """The district of a folder, its workbook and its sources written where they are compared."""
    return merge(
        [folder],
        target,
        TASK.catalogue,
        TODAY,
        Settings(Stage.DISTRICT),
        is_continued=False,
        workers=workers,
    )


@pytest.mark.slow
def test_one_process_two_and_a_cache_make_the_same_district(
    folder: Path, tmp_path: Path, always_pool: None
) -> None:
    alone, other = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    expected = merged(folder, alone)
    for workers in (
        Workers(jobs=2),
        Workers(jobs=0),
        Workers(cache=Cache(tmp_path / "nho")),
        Workers(cache=Cache(tmp_path / "nho")),
        Workers(jobs=2, cache=Cache(tmp_path / "nho")),
    ):
        other.unlink(missing_ok=True)
        assert merged(folder, other, workers) == expected
        assert other.read_bytes() == alone.read_bytes()
    assert len(expected.tasks) == SCHOOLS
    assert expected.flags


def test_only_what_changed_is_read_again(folder: Path, tmp_path: Path) -> None:
    cold, warm = Cache(tmp_path / "nho"), Cache(tmp_path / "nho")
    first = check_all(files_in(folder), TASK, Workers(cache=cold))
    assert (cold.hits, cold.misses) == (0, SCHOOLS + 1)
    write_workbook(folder / "3.xlsx", make_plan(layout_of("2026")))
    second = check_all(files_in(folder), TASK, Workers(cache=warm))
    assert (warm.hits, warm.misses) == (SCHOOLS, 1)
    assert [a == b for a, b in zip(first, second, strict=True)].count(False) == 1


def test_a_file_that_moved_keeps_its_record_but_not_its_place(folder: Path, tmp_path: Path) -> None:
    workers = Workers(cache=Cache(tmp_path / "nho"))
    check_all(files_in(folder), TASK, workers)
    (folder / "1.xlsx").rename(folder / "đổi tên.xlsx")
    os.utime(folder / "2.xlsx", (1e9, 1e9))
    again = Workers(cache=Cache(tmp_path / "nho"))
    found = check_all(files_in(folder), TASK, again)
    assert again.cache is not None
    assert again.cache.misses == 0
    assert found == check_all(files_in(folder), TASK)


def test_the_verdict_of_another_day_is_none_of_today(folder: Path, tmp_path: Path) -> None:
    later = dataclasses.replace(TASK, today=date(2027, 6, 15))
    check_all(files_in(folder), TASK, Workers(cache=Cache(tmp_path / "nho")))
    for _ in range(2):  # judged again, and then kept
        cache = Cache(tmp_path / "nho")
        found = check_all(files_in(folder), later, Workers(cache=cache))
        assert cache.misses == 0
        assert found == check_all(files_in(folder), later)
    findings = [unpack(record, TASK.catalogue).findings for record in found]
    assert findings != [
        unpack(r, TASK.catalogue).findings for r in check_all(files_in(folder), TASK)
    ]


def entries_in(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


def sealed(rest: bytes) -> bytes:
    return hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest


def without_record(content: bytes) -> bytes:
    return sealed(content.split(b"\n", 2)[1] + b"\nnothing")


def of_another_day_without_record(content: bytes) -> bytes:
    key, _, *others = json.loads(content.split(b"\n", 2)[1])
    return sealed(json.dumps([key, "1999-01-01", *others]).encode() + b"\n" + b"\x78\x9c")


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content[:-1],
        lambda content: content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
        lambda content: b"\x00" * len(content),
        lambda content: b"PK\x03\x04" + content,
        lambda content: sealed(b"[]\n" + content),
        lambda content: sealed(b'{"format": 99}\n'),
        of_another_day_without_record,
    ],
)
def test_a_damaged_entry_is_read_anew(folder: Path, tmp_path: Path, damage: Any) -> None:
    place = tmp_path / "nho"
    files = files_in(folder)[:2]
    expected = check_all(files, TASK, Workers(cache=Cache(place)))
    for entry in entries_in(place):
        entry.write_bytes(damage(entry.read_bytes()))
    cache = Cache(place)
    assert check_all(files, TASK, Workers(cache=cache)) == expected
    assert (cache.hits, cache.misses) == (0, 2)
    mended = Cache(place)
    check_all(files, TASK, Workers(cache=mended))
    assert (mended.hits, mended.misses) == (2, 0)


def test_the_entry_of_another_file_is_not_believed(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "nho"
    files = files_in(folder)[:2]
    expected = check_all(files, TASK, Workers(cache=Cache(place)))
    one, other = entries_in(place)
    one.write_bytes(other.read_bytes())
    assert check_all(files, TASK, Workers(cache=Cache(place))) == expected


def test_what_a_record_depends_on_is_in_its_key(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache(tmp_path / "nho")
    file = files_in(folder)[:1]
    check_all(file, TASK, Workers(cache=cache))
    catalogue = Catalogue(TASK.catalogue.regulations[:-1])
    stricter = Reading(limits=(("plan.rows", 5),))
    for task in (
        dataclasses.replace(TASK, catalogue=catalogue),
        dataclasses.replace(TASK, reading=stricter),
    ):
        assert check_all(file, task, Workers(cache=cache)) == check_all(file, task)
    assert (cache.hits, cache.misses) == (0, 3)
    monkeypatch.setattr("kdcl_xl.checking.cache.code_digest", lambda: "mã nguồn khác")
    check_all(file, TASK, Workers(cache=cache))
    assert (cache.hits, cache.misses) == (0, 4)


def test_the_fingerprint_is_of_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import macros_free_validation

    copied = shutil.copytree(macros_free_validation.__path__[0], tmp_path / "rules")
    monkeypatch.setattr(macros_free_validation, "__path__", [str(copied)])
    code_digest.cache_clear()
    before = code_digest()
    with (copied / "rules" / "plan.py").open("a") as stream:
        stream.write("# another rule\n")
    code_digest.cache_clear()
    assert code_digest() != before
    code_digest.cache_clear()


def test_nothing_is_kept_of_what_asked_for_a_password_or_failed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "nho"
    secret = dataclasses.replace(TASK, reading=Reading(password="bí mật"))
    check_all(files_in(folder), secret, Workers(cache=Cache(place)))
    assert not place.exists()

    def fail(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr("kdcl_xl.checking.check.judged", fail)
        check_all(files_in(folder), TASK, Workers(cache=Cache(place)))
    assert not place.exists()
    found = check_all(files_in(folder), TASK, Workers(cache=Cache(place)))
    assert found == check_all(files_in(folder), TASK)


def test_a_cache_is_for_its_owner_alone_and_grows_old(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "sâu" / "nho"
    cache = Cache(place)
    check_all(files_in(folder), TASK, Workers(cache=cache))
    for path in (place, *place.rglob("*")):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
    kept = entries_in(place)
    os.utime(kept[0], (time.time() - OLDEST - 60,) * 2)
    cache.tidy_up()
    assert entries_in(place) == kept[1:]


def test_a_cache_that_cannot_be_written_is_none(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "tep"
    blocked.write_text("x")
    for cache in (Cache(blocked), Cache(blocked / "nho")):
        assert check_all(files_in(folder), TASK, Workers(cache=cache)) == check_all(
            files_in(folder), TASK
        )
    result = run("check", folder, "--cache", blocked)
    assert result.exit_code == Exit.WRONG_USE
    assert "--cache cần một thư mục" in result.stderr
    for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "KDCL_XL_CACHE"):
        monkeypatch.delenv(name, raising=False)

    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    assert default_folder() is None
    assert run("check", folder).exit_code == Exit.ERRORS_FOUND


def test_check_and_merge_use_one_cache(run: Run, folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "nho"
    assert run("check", folder, "--cache", place, "--no-cache").exit_code == Exit.ERRORS_FOUND
    assert not place.exists()
    first = run("check", folder, "--cache", place)
    assert len(entries_in(place)) == SCHOOLS + 1
    before = {path: path.read_bytes() for path in entries_in(place)}
    assert run("merge", folder, "-o", tmp_path / "x.xlsx", "--cache", place).exit_code == 0
    assert {path: path.read_bytes() for path in entries_in(place)} == before
    assert run("check", folder, "--cache", place).output == first.output
    assert run("check", folder, "--jobs", "-1").stderr.startswith("kdcl-xl: --jobs: phải là số")


def test_a_record_that_was_damaged_on_its_way_is_refused() -> None:
    for record in (b"", b"x", pack(checked_alone()) + b"x", pack(checked_alone())[:-2]):
        if record != pack(checked_alone()) + b"x":  # zlib leaves what follows aside
            with pytest.raises(RecordError):
                unpack(record, TASK.catalogue)


def checked_alone() -> Any:
    from kdcl_xl.checking.check import check_file

    return check_file(Path("khong-co.xlsx"), TASK.catalogue, TODAY)


# ---- processes ----------------------------------------------------------------------------


@pytest.mark.slow
def test_processes_that_begin_from_nothing(
    folder: Path, always_pool: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows and macOS, where all that a process knows is handed to it."""
    monkeypatch.setattr(
        multiprocessing, "get_context", lambda: multiprocessing.context.SpawnContext()
    )
    files = files_in(folder)[:4]
    assert check_all(files, TASK, Workers(jobs=2)) == check_all(files, TASK)


def deadly(path: Path, contents: Contents | None) -> Any:
    """Kill the process that takes this file, as a system without memory does, but only once."""
    mark = path.with_suffix(".killed")
    if path.name == "2.xlsx" and os.getpid() != HERE and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return checking._task.check(path, contents)  # type: ignore[union-attr]


def always_deadly(path: Path, contents: Contents | None) -> Any:
    """Kill whatever process takes this file."""
    if path.name == "2.xlsx":
        os.kill(os.getpid(), signal.SIGKILL)
    return checking._task.check(path, contents)  # type: ignore[union-attr]


def test_a_killed_process_loses_nothing(
    folder: Path, always_pool: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = check_all(files_in(folder), TASK)
    monkeypatch.setattr(checking, "_check_here", deadly)
    found = check_all(files_in(folder), TASK, Workers(jobs=2))
    (folder / "2.killed").unlink()
    assert found == expected


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_that_kills_twice_is_a_finding(
    folder: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    """The main process, which would be killed too, never tries it."""
    expected = check_all(files_in(folder), TASK)
    monkeypatch.setattr(checking, "_check_here", always_deadly)
    found = check_all(files_in(folder), TASK, Workers(jobs=jobs))
    assert [a == b for a, b in zip(found, expected, strict=True)].count(False) == 1
    rules = {f.rule for record in found for f in unpack(record, TASK.catalogue).findings}
    assert "KD020" in rules


def at_work(begun: Path, program: str, *arguments: str) -> subprocess.Popen[str]:
    """A process in a session of its own, once it has made a file as a sign that it works."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until = time.monotonic() + PATIENCE
    while not begun.exists():
        assert time.monotonic() < until, "it did not begin"
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    return process


def test_ctrl_c_stops_with_one_line_and_writes_nothing(folder: Path, tmp_path: Path) -> None:
    source = folder / "0.xlsx"
    for nth in range(400):
        (folder / f"bản {nth}.xlsx").hardlink_to(source)
    place, target = tmp_path / "nho", tmp_path / "ra" / "x.xlsx"
    begun = tmp_path / "begun"
    options = ("-o", str(target), "--jobs", "2", "--no-cache")
    process = at_work(begun, INTERRUPTIBLE, str(begun), "merge", str(folder), *options)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == Exit.INTERRUPTED, (out, err)
    assert err == "kdcl-xl: đã dừng theo yêu cầu; không có tệp nào bị ghi dở.\n"
    assert out == ""
    assert not target.parent.exists()
    assert not place.exists()


INTERRUPTIBLE = """
import signal
import sys
from pathlib import Path
from kdcl_xl.checking import cluster
from kdcl_xl.checking import many as checking
from kdcl_xl.cli import main
original = checking._Run._result
def result(*args):
    Path(sys.argv[1]).touch()
    return original(*args)
checking._Run._result = result
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
main(sys.argv[2:], prog_name="kdcl-xl")
"""


@pytest.mark.parametrize(("most", "ahead"), [(1, 1), (10**9, 3)])
def test_what_is_held_ahead_has_a_bound_in_bytes(folder: Path, most: int, ahead: int) -> None:
    files, handed = files_in(folder), []

    def submit(path: Path, contents: Contents | None) -> Callable[[], Outcome]:
        handed.append(path)
        return lambda: TASK.check(path, contents)

    crew = checking._Crew(submit, ahead=3, bytes_ahead=most, is_local=False)
    found = []
    for record in checking._Run(TASK, None, crew).in_order(files):
        found.append(record)
        assert len(handed) == min(len(found) + ahead - 1, len(files))
    assert found == check_all(files, TASK)


# ---- a cluster ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def machines() -> Iterator[LocalCluster]:
    """Two machines, as far as the tool can tell: processes that it reaches by an address."""
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        silence_logs=50,
    ) as made:
        yield made


@pytest.mark.slow
def test_a_cluster_makes_the_same_district_even_if_one_of_it_dies(
    machines: LocalCluster, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone, other = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    expected = merged(folder, alone)
    workers = Workers(scheduler=machines.scheduler_address)
    killed: list[int] = []

    def killing(files: Sequence[Any], /) -> Iterable[Any]:
        for nth, path in enumerate(files):
            if nth == 1:
                assert machines.scheduler is not None
                busy = [w for w in machines.scheduler.workers.values() if w.processing]
                places = {n.worker_address: n.pid for n in machines.workers.values()}
                killed.append(places[busy[0].address])
                os.kill(killed[0], signal.SIGKILL)
                sign_in(folder).touch()
            yield path

    def no_work_here(*_: object) -> None:
        raise AssertionError("the cluster was to do it")

    with monkeypatch.context() as patched:
        patched.setattr(cluster, "RemoteWork", Waiting)
        patched.setattr(Task, "check", no_work_here)
        found = check_all(files_in(folder), TASK, workers, killing)
    assert killed
    assert found == check_all(files_in(folder), TASK)
    assert merged(folder, other, workers) == expected
    assert other.read_bytes() == alone.read_bytes()
    assert machines.scheduler is not None
    kept = [name for name in machines.scheduler.worker_plugins if name.startswith("kdcl-xl")]
    assert not kept, "a run leaves nothing in the workers"


@pytest.mark.slow
def test_little_travels_with_a_file_beside_its_contents(machines: LocalCluster) -> None:
    """What is the same for all files is sent to each worker once."""
    with cluster.connected(str(machines.scheduler_address), TASK, 1) as made:
        sent = len(pickle.dumps(made.work))
        assert sent < 1000
        assert sent * 10 < len(pickle.dumps(TASK))


@pytest.mark.slow
def test_files_that_travel_together_keep_their_order(
    machines: LocalCluster, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three files a call, with one left for the last; a file that cannot be opened stays here."""
    monkeypatch.setattr(cluster, "_FEWEST_CALLS", 1)
    files = files_in(folder)
    files.insert(2, folder / "khong-co.xlsx")
    workers = Workers(scheduler=str(machines.scheduler_address))
    expected = check_all(files, TASK)
    assert check_all(files, TASK, workers) == expected
    monkeypatch.setattr(cluster, "_MOST_BYTES", 1)
    assert check_all(files, TASK, workers) == expected


@pytest.mark.slow
def test_a_large_file_travels_without_a_word(
    machines: LocalCluster, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Dask warns of more than 10 MB in a call."""
    path = tmp_path / "lon.xlsx"
    path.write_bytes(b"PK\x03\x04" + bytes(12_000_000))
    workers = Workers(scheduler=str(machines.scheduler_address))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = check_all([path], TASK, workers)
    assert found == check_all([path], TASK)
    assert capfd.readouterr().err == ""


class Deadly(cluster.RemoteWork):
    """Work that ends the process of the worker over one file."""

    def check(self, path: Path, contents: Contents | None) -> Outcome:
        if path.name == "2.xlsx":
            os.kill(os.getpid(), signal.SIGKILL)
        return super().check(path, contents)


@pytest.mark.slow
def test_a_file_that_ends_workers_is_tried_here(
    machines: LocalCluster, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask gives it up after a few workers, and with it the files of the same call."""
    monkeypatch.setattr(cluster, "RemoteWork", Deadly)
    monkeypatch.setattr(cluster, "_FEWEST_CALLS", 1)
    monkeypatch.setattr(machines.scheduler, "allowed_failures", 0)
    workers = Workers(scheduler=str(machines.scheduler_address))
    assert check_all(files_in(folder), TASK, workers) == check_all(files_in(folder), TASK)


ON_A_CLUSTER = """
import sys
from pathlib import Path
from kdcl_xl.checking import cluster
from kdcl_xl.cli import main
from tests.machines import Waiting
cluster.RemoteWork = Waiting
cluster.WITHOUT_WORKERS, cluster.PATIENCE = 1, 60
original = cluster.Cluster._outcome
def outcome(*args):
    found = original(*args)
    Path(sys.argv[1]).touch()
    return found
cluster.Cluster._outcome = outcome
main(sys.argv[2:], prog_name="kdcl-xl")
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lost", "said"),
    [
        ("scheduler", "Mất liên lạc với bộ điều phối của cụm máy tại «{}»"),
        ("workers", "Cụm máy tại «{}» không còn máy nào làm việc"),
    ],
)
def test_a_cluster_that_is_lost_while_it_works_is_one_line(
    folder: Path, tmp_path: Path, lost: str, said: str
) -> None:
    """All other files wait for a sign that never comes."""
    begun, target = tmp_path / "begun", tmp_path / "ra" / "x.xlsx"
    with started(1) as made:
        options = ("-o", str(target), "--no-cache", "--scheduler", made.address)
        process = at_work(begun, ON_A_CLUSTER, str(begun), "merge", str(folder), *options)
        for one in [made.scheduler] if lost == "scheduler" else made.workers:
            switch_off(one)
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == Exit.WRONG_USE, (out, err)
    assert said.format(made.address) in err
    assert "chạy lại lệnh" in err
    assert err.count("\n") == 1, err
    assert out == ""
    assert not target.parent.exists()


class Stranger(cluster.RemoteWork):
    """Work that expects another version of the tool."""

    def __call__(self, files: Sequence[cluster.File]) -> list[Outcome]:
        return cluster.RemoteWork(self.run, "phiên bản khác")(files)


@pytest.mark.slow
def test_a_cluster_with_another_version_is_refused(
    machines: LocalCluster, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "RemoteWork", Stranger)
    result = run("check", folder, "--no-cache", "--scheduler", machines.scheduler_address)
    assert result.exit_code == Exit.WRONG_USE
    assert result.stderr.count("\n") == 1
    assert "phiên bản khác của công cụ" in result.stderr


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "không phải địa chỉ"])
def test_a_cluster_that_cannot_be_reached_is_one_line(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    result = run("check", folder, "--no-cache", "--scheduler", address)
    assert result.exit_code == Exit.WRONG_USE
    assert result.stdout == ""
    assert result.stderr.startswith(f"kdcl-xl: Không dùng được cụm máy tại «{address}»: ")
    assert result.stderr.count("\n") == 1


def test_without_the_library_the_way_to_get_it_is_said(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, cluster.__name__)
    result = run("check", folder, "--scheduler", "tcp://127.0.0.1:9")
    assert result.exit_code == Exit.WRONG_USE
    assert "pip install 'kdcl-xl[cluster]'" in result.stderr
    with pytest.raises(UserError):
        check_all(files_in(folder), TASK, Workers(scheduler="tcp://127.0.0.1:9"))


# ---- bars -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_long_commands_show_a_bar_to_who_watches(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bars: list[bool] = []
    original = click.progressbar

    def recorded(*args: Any, hidden: bool, **kwargs: Any) -> Any:
        bars.append(not hidden)
        return original(*args, hidden=hidden, **kwargs)

    monkeypatch.setattr(click, "progressbar", recorded)
    listing = tmp_path / "truong.csv"
    listing.write_text("code,name,kind\n000,Một,thcs\n001,Hai,thcs\n", "utf-8")
    district, year = tmp_path / "x.xlsx", ("--school-year", "2026-2027")
    for path in files_in(folder)[2:]:
        path.unlink()
    for is_watched, words in (
        (False, ("check", folder)),
        (True, ("check", folder)),
        (True, ("merge", folder, "-o", district)),
        (True, ("status", folder, "--schools", listing)),
        (True, ("feedback", district, folder, "-o", tmp_path / "gửi")),
        (True, ("migrate", folder, "-o", tmp_path / "mới")),
        (True, ("template", "--schools", listing, *year, "-o", tmp_path / "mẫu")),
    ):
        monkeypatch.setattr(base, "is_terminal", lambda is_watched=is_watched: is_watched)
        bars.clear()
        run(*words)
        assert bars, words
        assert set(bars) == {is_watched}, words


def test_a_real_terminal_has_a_bar(folder: Path) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        process = subprocess.Popen(
            [sys.executable, "-m", "kdcl_xl", "check", str(folder), "--no-cache"],
            cwd=ROOT,
            env={**ENVIRONMENT, "TERM": "xterm"},
            stdout=theirs,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs)
        shown = b""
        try:
            while piece := terminal.read(4096):
                shown += piece
        except OSError:  # the other side is closed
            pass
        assert process.wait(30) == Exit.ERRORS_FOUND
    text = shown.decode()
    assert "Đang xử lý" in text
    assert "100%" in text


def test_a_sheet_is_hashed_where_it_arrives() -> None:
    """Texts have other hashes in every process, so that none may travel."""
    sheet = layout_of("2026").sheet("plan")
    packed = pickle.dumps(sheet)
    assert b"_hash" not in packed
    assert pickle.loads(packed) == sheet
    assert hash(pickle.loads(packed)) == hash(sheet)


@pytest.mark.slow
def test_a_cluster_is_reached_with_certificates_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask's own settings name the certificates; a client without them gets no answer."""
    import dask
    from distributed.security import Security

    ours = Security.temporary()  # type: ignore[no-untyped-call]
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=1,
        threads_per_worker=1,
        host="127.0.0.1",
        protocol="tls://",
        security=ours,
        dashboard_address=None,
        silence_logs=50,
    ) as secured:
        workers = Workers(scheduler=secured.scheduler_address)
        assert workers.scheduler.startswith("tls://")
        known = ours.get_tls_config_for_role("client")
        settings = {
            "distributed.comm.tls.ca-file": known["ca_file"],
            "distributed.comm.tls.client.cert": known["cert"],
            "distributed.comm.tls.client.key": known["key"],
        }
        files = files_in(folder)[:2]
        with dask.config.set(settings):
            assert check_all(files, TASK, workers) == check_all(files, TASK)
        monkeypatch.setattr(cluster, "PATIENCE", 2)
        with pytest.raises(UserError, match="cluster"):
            check_all(files, TASK, workers)
