"""Faults in mid-work: what stands at the target afterwards is the old output or the new, whole.

Processes are really killed (forked here, ended by SIGKILL at each of their file
operations in turn), really write at the same time, and really meet a full disk (a limit
on the size of files, as nobody mounts a small disk without being root).
"""

from __future__ import annotations

import dataclasses
import errno
import importlib
import io
import os
import shutil
import signal
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest
from click.testing import CliRunner

from kdcl_xl import files
from kdcl_xl.checking.cache import FOLDER_VARIABLE, only_run_on
from kdcl_xl.cli import main
from kdcl_xl.district.workbook import render_district
from kdcl_xl.document.official import official_document
from kdcl_xl.errors import UserError
from kdcl_xl.files import EARLIER, write_whole
from kdcl_xl.submission.file_kind import FileKind, kind_of
from kdcl_xl.submission.inventory import find_inputs
from kdcl_xl.xlsx.bounds import Bounds
from macros_free_validation.plan import Plan
from tests.build import SCHOOL, good_plan, good_task, layout_of, make_plan, workbook_bytes
from tests.cli.commands import commands_with
from tests.conftest import Run
from tests.importing.layouts import nine_columns
from tests.importing.tasks import synthetic_plan

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")

RETURNED = "bản nộp"
TEMPLATE = ("template", "--kind", "thcs", "--school-year", "2026-2027", "--rows", "10")


@dataclasses.dataclass(frozen=True)
class Writing:
    """A command that writes one file in a folder with returned files.

    ``computes`` names what makes the contents; it is done once, as only what happens to
    files is of interest here.
    """

    arguments: tuple[str, ...]
    output: str
    computes: tuple[str, ...] = ()
    done: int = 0
    refused: int = 2

    def at(self, folder: Path) -> tuple[str, ...]:
        """The command line in a folder."""
        return tuple(word.replace("@", str(folder)) for word in self.arguments)


COMMANDS = {
    "template": Writing(
        (*TEMPLATE, "-o", "@/mau.xlsx"),
        "mau.xlsx",
        ("kdcl_xl.cli.commands.template.template_bytes",),
    ),
    "merge": Writing(
        ("merge", f"@/{RETURNED}", "-o", "@/tong-hop.xlsx"),
        "tong-hop.xlsx",
        ("kdcl_xl.district.merge.render_district",),
    ),
    "migrate": Writing(
        ("migrate", f"@/{RETURNED}/a.xlsx", "-o", "@/moi.xlsx"),
        "moi.xlsx",
        ("kdcl_xl.reissue.open_old.carry_over", "kdcl_xl.reissue.open_old.migrated_bytes"),
    ),
    "feedback": Writing(
        ("feedback", "@/so.xlsx", f"@/{RETURNED}/a.xlsx", "-o", "@/lai.xlsx"),
        "lai.xlsx",
        ("kdcl_xl.cli.commands.feedback.plan_round", "kdcl_xl.cli.commands.feedback.copy_of"),
        refused=1,
    ),
    "combine": Writing(
        ("combine", f"@/{RETURNED}/a.xlsx", "@/phan.xlsx", "-o", "@/gop.xlsx"),
        "gop.xlsx",
        ("kdcl_xl.cli.commands.combine.read_part", "kdcl_xl.cli.commands.combine.combine"),
    ),
    "document": Writing(
        ("document", f"@/{RETURNED}/a.xlsx", "-o", "@/van-ban.docx"),
        "van-ban.docx",
        ("kdcl_xl.document.from_file.official_document",),
        refused=1,
    ),
    "report": Writing(
        ("report", "@/so.xlsx", "-o", "@"),
        "bao-cao-tong-hop.docx",
        ("kdcl_xl.cli.commands.report.open_again", "kdcl_xl.document.report.authority_report"),
    ),
    "import": Writing(
        ("import", "@/ke-hoach.docx", "-o", "@/nhap.xlsx"),
        "nhap.xlsx",
        ("kdcl_xl.importing.importer.render_workbook",),
    ),
    "check": Writing(
        ("check", f"@/{RETURNED}", "--format", "json", "-o", "@/kq.json"), "kq.json", done=1
    ),
}
"""Every command that writes: a new one is one more line. One function writes all reports."""

OLD = {".json": b"{}", ".docx": official_document(good_plan(rows=10, tasks=1))}
"""An earlier file at the target, by its ending; otherwise it is a workbook."""


def test_every_command_that_writes_is_here() -> None:
    # `page` copies a finished file by the function that writes all others.
    wanted = commands_with("output") - commands_with("output_format") - {"page"} | {"check"}
    assert wanted == set(COMMANDS), "a command that writes a file needs a line in COMMANDS"


_WRITES = {"os.rename", "os.remove", "os.mkdir", "os.chmod", "tempfile.mkstemp", "open"}


def faulty_plan() -> Plan:
    """A plan that something is asked of."""
    layout = layout_of("2026", rows=10)
    return make_plan(layout, cover={"signer": None}, tables={"plan": [good_task(layout)]})


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the returned file was merged to."""
    made = tmp_path_factory.mktemp("district")
    (made / "a.xlsx").write_bytes(workbook_bytes(faulty_plan()))
    assert invoke(("merge", f"{made}/a.xlsx", "-o", f"{made}/so.xlsx")) == 0
    return made / "so.xlsx"


@pytest.fixture
def folder(tmp_path: Path, district: Path) -> Path:
    """A folder with a returned file, and an earlier merge of it."""
    (tmp_path / RETURNED).mkdir()
    (tmp_path / RETURNED / "a.xlsx").write_bytes(workbook_bytes(faulty_plan()))
    shutil.copyfile(tmp_path / RETURNED / "a.xlsx", tmp_path / "phan.xlsx")
    shutil.copyfile(district, tmp_path / "so.xlsx")
    (tmp_path / "ke-hoach.docx").write_bytes(nine_columns(synthetic_plan("2018", 0, 2)))
    return tmp_path


def invoke(arguments: tuple[str, ...]) -> int:
    return CliRunner().invoke(main, list(arguments), prog_name="kdcl-xl").exit_code


def forked(work: Callable[[], int]) -> int:
    """Start a process that does some work; its id."""
    child = os.fork()
    if child == 0:
        code = 99
        try:
            code = work()
        finally:
            os._exit(code)
    return child


def ended(child: int) -> int:
    """The exit code of a process, negative where a signal ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class Mortal:
    """A process that dies before its n-th file operation in a folder."""

    def __init__(self, folder: Path, last: int) -> None:
        self.folder, self.left = str(folder), last

    def point(self) -> None:
        self.left -= 1
        if self.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _WRITES or not str(arguments[0]).startswith(self.folder):
            return
        if event != "open" or (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR):
            self.point()

    def start(self) -> None:
        sys.addaudithook(self.watch)
        fsync, fdopen = os.fsync, os.fdopen

        def synced(handle: int) -> None:
            self.point()
            fsync(handle)

        def opened(*arguments: Any) -> Any:
            stream = fdopen(*arguments)
            write = stream.write

            class Halves:
                def __enter__(self) -> Halves:
                    return self

                def __exit__(self, *_: object) -> None:
                    stream.close()

                def __getattr__(self, name: str) -> Any:
                    return getattr(stream, name)

                def write(self, content: bytes) -> None:
                    write(content[: len(content) // 2])
                    stream.flush()
                    mortal.point()
                    write(content[len(content) // 2 :])

            return Halves()

        mortal = self
        for name, function in (("fsync", synced), ("fdopen", opened)):
            setattr(os, name, function)


def is_whole(path: Path) -> bool:
    if path.suffix == ".json":
        return path.read_text("utf-8").rstrip().endswith("}")
    with zipfile.ZipFile(path) as archive:
        whole = {"xl/workbook.xml", "word/document.xml"} & set(archive.namelist())
        return archive.testzip() is None and bool(whole)


def earlier(folder: Path) -> list[Path]:
    """The dated copies of what was written over."""
    return [path for path in folder.glob(f"*{EARLIER}*") if not path.name.startswith(".")]


def done_once(name: str) -> Callable[..., Any]:
    """A function of that name that keeps its first result; of an open file, the contents."""
    module, _, function = name.rpartition(".")
    real = getattr(importlib.import_module(module), function)
    made: list[Any] = []

    def once(*arguments: Any, **named: Any) -> Any:
        if not made:
            result = real(*arguments, **named)
            made.append(result.read() if hasattr(result, "read") else result)
            if hasattr(result, "read"):
                result.close()
                made.append("file")
        return io.BytesIO(made[0]) if made[1:] else made[0]

    return once


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_killed_at_any_moment(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Each run starts among what the run before, killed one operation earlier, has left."""
    command = COMMANDS[name]
    target, given = folder / command.output, folder / RETURNED / "a.xlsx"
    returned = given.read_bytes()
    if name == "merge":
        assert invoke(command.at(folder)) == 0
        old = target.read_bytes()
        (folder / RETURNED / "b.xlsx").write_bytes(
            workbook_bytes(good_plan(rows=10), dataclasses.replace(SCHOOL, code="002"))
        )
    else:
        old = OLD.get(target.suffix) or workbook_bytes(good_plan(rows=10, tasks=1))
    for computes in command.computes:
        monkeypatch.setattr(computes, done_once(computes))
    target.write_bytes(old)
    assert invoke(command.at(folder)) == command.done
    points, code = 0, -signal.SIGKILL
    while code != command.done:
        for kept in earlier(folder):
            kept.unlink()
        target.write_bytes(old)

        def work(last: int = points) -> int:
            Mortal(folder, last).start()
            return invoke(command.at(folder))

        code = ended(forked(work))
        assert code in (command.done, -signal.SIGKILL)
        assert is_whole(target)
        if target.suffix != ".json" and target.read_bytes() != old:
            assert [kept.read_bytes() for kept in earlier(folder)] == [old]
        assert all(is_whole(kept) for kept in earlier(folder))
        assert given.read_bytes() == returned
        points += 1
    assert target.read_bytes() != old
    assert points > 7, "nothing was interrupted"
    print(f"{name}: killed at {points - 1} points")
    others = (folder / "so.xlsx", folder / "phan.xlsx")
    outputs = {p for p in (target, *earlier(folder), *others) if p.suffix == ".xlsx"}
    found = {
        p for p in find_inputs([folder]) if kind_of(p.read_bytes(), p.name) is FileKind.WORKBOOK
    }
    assert found == {*(folder / RETURNED).iterdir(), *outputs}


def test_what_killed_runs_left_goes_when_nobody_writes_it(tmp_path: Path) -> None:
    fresh, stale, other = (
        tmp_path / f"{name}{files.TEMPORARY}" for name in (".a.xlsx.1", ".a.xlsx.2", ".b.xlsx.3")
    )
    for path in (fresh, stale, other):
        path.write_bytes(b"half")
    for path in (stale, other):
        os.utime(path, (0, 0))
    write_whole(tmp_path / "a.xlsx", b"x")
    assert {p.name for p in tmp_path.iterdir()} == {"a.xlsx", fresh.name, other.name}


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_a_full_disk(folder: Path, name: str) -> None:
    """Files may have 400 bytes: the system refuses to write more, as a full disk does."""
    import resource

    command = COMMANDS[name]
    target = folder / command.output
    target.write_bytes(workbook_bytes(good_plan(rows=10)) if name != "merge" else b"")
    if name == "merge":
        target.unlink()
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    def work() -> int:
        resource.setrlimit(resource.RLIMIT_FSIZE, (400, 400))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        return invoke(command.at(folder))

    assert ended(forked(work)) == command.refused
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
@pytest.mark.parametrize("call", ["fsync", "replace", "open"])
def test_the_system_refuses(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    """Also what root is never refused, such as a target that may not be written."""
    target = folder / "mau.xlsx"
    target.write_bytes(b"old")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    if call == "open":
        monkeypatch.setattr(tempfile, "mkstemp", refuse)
    elif call == "replace":
        monkeypatch.setattr(Path, "replace", refuse)
    else:
        monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(UserError) as caught:
        write_whole(target, b"new")
    assert os.strerror(code) in caught.value.text.vi
    assert target.read_bytes() == b"old"
    assert {p.name for p in folder.iterdir()} == {
        RETURNED,
        "mau.xlsx",
        "ke-hoach.docx",
        "phan.xlsx",
        "so.xlsx",
    }


@pytest.mark.parametrize("mark", ["~$tong-hop.xlsx", ".~lock.tong-hop.xlsx#"])
def test_a_target_that_is_open(run: Run, folder: Path, mark: str) -> None:
    command = COMMANDS["merge"]
    assert run(*command.at(folder)).exit_code == 0
    old = (folder / command.output).read_bytes()
    (folder / mark).write_bytes(b"\x05Somebody")
    refused = run(*command.at(folder))
    assert refused.exit_code == 2
    assert mark in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert (folder / command.output).read_bytes() == old
    assert not earlier(folder)
    (folder / mark).unlink()
    assert run(*command.at(folder)).exit_code == 0


def test_the_folder_disappears(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = folder / "ra" / "a.xlsx"
    real = os.fsync

    def gone(handle: int) -> None:
        real(handle)
        shutil.rmtree(folder / "ra")

    monkeypatch.setattr(os, "fsync", gone)
    with pytest.raises(UserError):
        write_whole(target, b"x")
    assert not target.exists()


def test_returned_files_disappear_while_they_are_read(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kdcl_xl.district import merge as module

    real = find_inputs

    def find(paths: Any, bounds: Bounds) -> list[Path]:
        found = real(paths, bounds)
        (folder / RETURNED / "b.xlsx").unlink()
        return found

    (folder / RETURNED / "b.xlsx").write_bytes(b"PK")
    monkeypatch.setattr(module, "find_inputs", find)
    assert run("merge", folder / RETURNED, "-o", folder / "d.xlsx").exit_code == 0
    assert is_whole(folder / "d.xlsx")


@pytest.mark.parametrize("moment", [0, 4e9, 1.2e10])
def test_a_clock_that_was_set(run: Run, folder: Path, moment: float) -> None:
    """The earlier output seems to be of 1970, or of a far year: it is kept all the same."""
    command = COMMANDS["merge"]
    target = folder / command.output
    assert run(*command.at(folder)).exit_code == 0
    old = target.read_bytes()
    os.utime(target, (moment, moment))
    os.utime(folder / RETURNED / "a.xlsx", (moment, moment))
    assert run(*command.at(folder)).exit_code == 0
    assert is_whole(target)
    (kept,) = earlier(folder)
    assert kept.read_bytes() == old


@pytest.mark.slow
def test_two_merges_at_once(folder: Path) -> None:
    """Whoever comes second writes over nothing that it has not read."""
    command = COMMANDS["merge"]
    target = folder / command.output
    children = [forked(lambda: invoke(command.at(folder))) for _ in range(3)]
    codes = [ended(child) for child in children]
    assert 0 in codes
    assert set(codes) <= {0, 2}
    assert is_whole(target)
    assert all(is_whole(kept) for kept in earlier(folder))
    assert not [p for p in folder.iterdir() if p.name.startswith(".")]
    assert invoke(command.at(folder)) == 0


def test_a_second_merge_is_refused_with_a_reason(run: Run, folder: Path) -> None:
    command = COMMANDS["merge"]
    with only_run_on(folder / command.output):
        refused = run(*command.at(folder))
        assert refused.exit_code == 2
        assert "Một lệnh khác đang tổng hợp vào" in refused.stderr
        assert refused.stderr.count("\n") == 1
        assert not (folder / command.output).exists()
        other = [word.replace("tong-hop", "khac") for word in command.at(folder)]
        assert run(*other).exit_code == 0, "another target is free"
    assert run(*command.at(folder)).exit_code == 0


def test_a_lock_that_cannot_be_written_stops_no_merge(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "tep").write_text("x")
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder / "tep"))
    assert run(*COMMANDS["merge"].at(folder), "--no-cache").exit_code == 0


def test_a_target_saved_by_somebody_during_the_merge(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kdcl_xl.district import merge as module

    command = COMMANDS["merge"]
    assert run(*command.at(folder)).exit_code == 0
    real = render_district

    def render(*arguments: Any, **options: Any) -> IO[bytes]:
        (folder / command.output).write_bytes(b"decided in the meantime")
        return real(*arguments, **options)

    monkeypatch.setattr(module, "render_district", render)
    refused = run(*command.at(folder))
    assert refused.exit_code == 2
    assert (folder / command.output).read_bytes() == b"decided in the meantime"
