"""One hostile file neither stops nor slows nor floods the others.

``make hostile`` measures every input in a process of its own; here the counted bounds alone
hold, as they must where a program has no processes.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kdcl_xl.checking import many as checking
from kdcl_xl.checking.cache import is_trusted
from kdcl_xl.checking.check import check_file
from kdcl_xl.checking.many import Workers, check_all
from kdcl_xl.checking.record import unpack
from kdcl_xl.checking.task import Task
from kdcl_xl.submission.flood import limited
from kdcl_xl.submission.model import Reading
from kdcl_xl.template.locked import accepted
from kdcl_xl.xlsx.bounds import SAFE, Bounds
from kdcl_xl.xlsx.package import Contents, open_package
from kdcl_xl.xlsx.strings import Strings
from kdcl_xl.xlsx.workbook import open_workbook
from kdcl_xl.xlsx.zip_entries import ZipError, inflated, read_directory
from macros_free_validation.rule import Finding, finding
from macros_free_validation.rules import workbook as rules
from tests.build import TODAY
from tests.conftest import ROOT, Run
from tests.hostile.forge import DEFLATED, MB, PLAN, STRINGS, deflated, filled, lying
from tests.hostile.inputs import INPUTS, made
from tests.hostile.workbooks import CASES, Case, far, strays
from workbook_templates.regulation import builtin_catalogue

pytestmark = pytest.mark.slow

CATALOGUE = builtin_catalogue()
TASK = Task(CATALOGUE, TODAY)
# A tracer, as of `make coverage`, takes more time than the program.
MOST_SECONDS = 5 * (4 if sys.gettrace() else 1)
SLOW_TO_MAKE = {
    "bz2_lie", "lzma_lie", "far_300k_rows", "far_all_rows", "far_all_rows_two_columns", "text_50mb",
    "comment_50mb", "runs_3m", "app_40mb", "cells_unplaced_3m", "si_60mb", "rows_60mb",
    "number_million_digits", "styles_flood", "stamp_long", "stamp_fields", "deflate_lie_big",
    "cells_empty_3m", "long_name_10mb", "names_200k", "types_200k",
}  # fmt: skip
"""Cases that take seconds to make, and whose kind other cases stand for."""


@pytest.mark.parametrize("name", sorted(CASES.keys() - SLOW_TO_MAKE))
def test_a_hostile_workbook_ends_soon_with_few_words(tmp_path: Path, name: str) -> None:
    case: Case = CASES[name]
    path = tmp_path / "a.xlsx"
    path.write_bytes(case.make())
    begun = time.process_time()
    checked = check_file(path, CATALOGUE, TODAY)
    took = time.process_time() - begun
    assert took < MOST_SECONDS
    assert rules.NOT_PROCESSED.id not in {f.rule for f in checked.findings}
    if case.is_read is not None:
        assert checked.submission.is_read == case.is_read
    if name.startswith("number_") and case.is_read:
        assert "A900" in {f.cell for f in checked.findings}, "it is named, and not taken"
    if not checked.submission.is_read:
        (reason,) = checked.findings
        assert reason.rule in {
            r.id for r in (rules.DAMAGED, rules.TOO_LARGE, rules.DOCUMENT_TYPE, rules.ODD_PARTS,
                           rules.NOT_OURS, rules.UNKNOWN_VERSION, rules.SHEET_MISSING)
        }  # fmt: skip
    each = Counter((f.rule, f.sheet if f.cell else None) for f in checked.findings)
    assert max(each.values(), default=0) <= SAFE.most_findings + 1


@pytest.mark.parametrize(
    "name",
    sorted(
        # Other long lists are as `list_huge_cell`, and written to disk for longer.
        {n for n, case in INPUTS.items() if case.kind != "list" or n == "list_huge_cell"}
        - {
            "district_700k_rows",
            "memory_million_records_input",
            "memory_million_records_previous",
            "sources_lie_1gb",
            "sources_bomb_199mb",
            "sources_5m_schools",
            "toml_50mb",
        }
    ),
)
def test_hostile_lists_settings_and_district_workbooks(run: Run, name: str) -> None:
    begun = time.process_time()
    with made(INPUTS[name]) as (_, args):
        result = run(*args)
    assert time.process_time() - begun < 3 * MOST_SECONDS
    assert result.exit_code in (0, 1, 2, 3)
    assert result.stderr.count("\n") <= 1


_RULE, _MESSAGE = 2, 4
"""Columns of the sheet of flags after the number of the row, from 0."""


def _without_target(value: object) -> object:
    """A link without its target, which is a row of the other sheet."""
    text = str(value)
    return text.rpartition(",")[2] if text.startswith("=HYPERLINK(") else value


def test_a_merge_with_all_hostile_files_is_the_merge_without(run: Run, tmp_path: Path) -> None:
    names = ["deflate_lie", "custom_100k_names", "nest_c_20k", "doctype_sheet_foo", "overlap_same",
             "enc_punycode", "sheets_2k_same_missing", "elements_60mb"]  # fmt: skip
    folder = tmp_path / "nop"
    folder.mkdir()
    for source in (ROOT / "samples" / "workbooks").glob("*.xlsx"):
        (folder / source.name).write_bytes(source.read_bytes())
    common = ("--today", TODAY, "--no-cache")
    assert run("merge", folder, "-o", tmp_path / "a.xlsx", *common).exit_code == 0
    for name in names:
        (folder / f"zz-{name}.xlsx").write_bytes(CASES[name].make())
    assert run("merge", folder, "-o", tmp_path / "b.xlsx", *common).exit_code == 0
    before, after = (openpyxl.load_workbook(tmp_path / f"{n}.xlsx") for n in "ab")
    for sheet in ("Công việc", "Cờ"):
        if sheet in before.sheetnames:
            first, second = (
                [tuple(map(_without_target, row[1:])) for row in book[sheet].values]
                for book in (before, after)
            )
            # The numbers of the rows move, and the lines of schools and groups count their flags.
            wanted = [row for row in first if row[_RULE] and "trường hợp" not in str(row[_MESSAGE])]
            assert [row for row in second if row in wanted] == wanted
    logged = Counter(row[0].value for row in after["Nhật ký"].iter_rows(min_row=4))
    read = [n for n in names if any(str(p).endswith(f"zz-{n}.xlsx") for p in logged)]
    assert sorted(read) == sorted(names)
    assert max(logged.values()) == 1


# ---- the gate ---------------------------------------------------------------------------------


def test_inflation_is_counted() -> None:
    content = lying(STRINGS, deflated(b" " * MB, 2000), DEFLATED, says=1000)
    entry = next(e for e in read_directory(content, 2000) if e.name == STRINGS)
    with pytest.raises(ZipError):
        inflated(content, entry)


@pytest.mark.parametrize("name", ["overlap_same", "overlap_strings", "quoted_overlap"])
def test_entries_share_no_byte(name: str) -> None:
    with pytest.raises(ZipError):
        read_directory(CASES[name].make(), 2000)


def test_no_part_is_parsed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    from kdcl_xl.xlsx import sheet_xml, workbook

    reads: Counter[str] = Counter()
    real = sheet_xml.find_cells

    def counted(xml: bytes, part: str, *args: Any, **kwargs: Any) -> Any:
        reads[part] += 1
        return real(xml, part, *args, **kwargs)

    monkeypatch.setattr(workbook, "find_cells", counted)
    book = open_workbook(CASES["sheets_240_left_behind"].make())
    book.read(book.sheets)
    assert reads[PLAN] == 1


GROWING: dict[str, Callable[[int], object]] = {
    "protection": lambda n: _protected(b"<x a='" + b"sheetProtection " * n + b"'/>"),
    "protection, open": lambda n: _protected(b"<sheetProtection " * n),
    "validations": lambda n: accepted(b"<dataValidation " * n),
    "areas": lambda n: accepted(
        b'<dataValidation type="list" showErrorMessage="1" sqref="'
        + b"A" * n
        + b'"><formula1>x</formula1>'
        b"</dataValidation>"
    ),
    "quotes": lambda n: accepted(
        b'<dataValidation type="list" showErrorMessage="1" sqref="A1"><formula1>"'
        + b'a"b' * n
        + b"</formula1>"
        b"</dataValidation>"
    ),
    "strings": lambda n: _strings(b"<sst>" + b"<si><t>&amp" * n),
    "entities": lambda n: _strings(b"<sst><si><t>" + b"&#65;" * n + b"</t></si></sst>"),
}


def _protected(tail: bytes) -> bool:
    from kdcl_xl.xlsx.cells import SheetCells

    return SheetCells(tail=tail).is_protected


def _strings(xml: bytes) -> object:
    from kdcl_xl.xlsx.package import Meter, UnreadableError

    try:
        return Strings(xml, "s", Meter(Bounds(most_elements=100_000)))
    except UnreadableError:
        return None


@pytest.mark.parametrize("name", GROWING)
def test_patterns_take_linear_time(name: str) -> None:
    """Ten times as much may take ten times as long, not a hundred times."""
    work = GROWING[name]

    def seconds(size: int) -> float:
        begun = time.process_time()
        work(size)
        return time.process_time() - begun

    small = min(seconds(3_000) for _ in range(3))
    assert seconds(30_000) < 40 * max(small, 0.005)


def test_types_of_documents_are_refused_by_use() -> None:
    package = open_package(CASES["doctype_sheet_foo"].make())
    with pytest.raises(Exception, match=r"document type|DOCTYPE"):
        package.part("xl/worksheets/sheet5.foo")


# ---- floods and honest long sheets -------------------------------------------------------------


def test_a_column_filled_to_the_last_row_ends_in_seconds(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(far(1_048_576))
    checked = check_file(path, CATALOGUE, TODAY)
    assert checked.submission.is_read
    stray = [f for f in checked.findings if f.rule == "KD801"]
    block, rest = stray
    assert "như trên" in block.message.vi
    counted = [int(n) for n in re.findall(r"(\d+) (?:ô|chỗ)", block.message.vi + rest.message.vi)]
    assert sum(counted) == 1_048_576 - 99


def test_cells_pasted_side_by_side_are_one_finding(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(strays(900))
    (found,) = (f for f in check_file(path, CATALOGUE, TODAY).findings if f.rule == "KD801")
    assert found.cell == "A100:A999"
    assert "900" in found.message.vi


def test_nothing_is_limited_that_is_few() -> None:
    def stray(row: int) -> Finding:
        words = {"cell": f"A{row}", "value": "x", "where": "x"}
        return finding(rules.STRAY_CELLS, sheet="s", cell=f"A{row}", row=row, words=words)

    found = [stray(row) for row in range(1, 8)]
    assert limited(found, 7) == found
    assert len(limited(found, 6)) == 7


# ---- processes ---------------------------------------------------------------------------------


def hungry(path: Path, contents: Contents | None) -> Any:
    """Take memory without end over one file, without asking it of Python only once."""
    if path.name == "b.xlsx":
        held = []
        while True:
            held.append(b" " * (64 * MB))
    return checking._task.check(path, contents)  # type: ignore[union-attr]


def endless(path: Path, contents: Contents | None) -> Any:
    """Take time without end over one file."""
    while path.name == "b.xlsx":
        pass
    return checking._task.check(path, contents)  # type: ignore[union-attr]


@pytest.mark.skipif(sys.platform != "linux", reason="limits on memory are Linux's")
@pytest.mark.parametrize("work", [hungry, endless])
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_over_its_limits_is_a_finding(
    processes: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    work: Callable[..., Any],
    jobs: int,
) -> None:
    files = [tmp_path / f"{name}.xlsx" for name in "abc"]
    for path in files:
        path.write_bytes(filled())
    monkeypatch.setattr(checking, "_check_here", work)
    task = Task(CATALOGUE, TODAY, Reading(bounds=Bounds(longest_time=1, most_memory=300)))
    records = check_all(files, task, Workers(jobs=jobs))
    found = [unpack(record, CATALOGUE) for record in records]
    assert [c.submission.is_read for c in found] == [True, False, True]
    assert [f.rule for f in found[1].findings] == [rules.OVER_BUDGET.id]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    for nth in range(60):
        (tmp_path / f"{nth}.xlsx").write_bytes(filled())
    command = [sys.executable, "-m", "kdcl_xl", "check", str(tmp_path), "--no-cache", "--jobs", "2"]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, start_new_session=True, cwd=ROOT
    ) as process:
        children: list[int] = []
        while process.poll() is None and len(children) < 2:
            children = children_of(process.pid)
            time.sleep(0.01)
        process.kill()
        process.wait()
    assert children
    until = time.monotonic() + 20
    while any(map(is_alive, children)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(is_alive, children))


def children_of(parent: int) -> list[int]:
    try:
        return [int(n) for n in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    except OSError:
        return []


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


# ---- trust -------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are POSIX's")
def test_a_cache_that_others_may_write_is_left_alone(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "nho"
    folder.mkdir()
    assert is_trusted(folder)
    folder.chmod(0o777)
    assert not is_trusted(folder)
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    assert not is_trusted(link)
    (tmp_path / "a.xlsx").write_bytes(filled())
    result = run("check", tmp_path / "a.xlsx", "--cache", folder)
    assert result.exit_code == 0
    assert "bộ nhớ đệm" in result.stderr
    assert not list(folder.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="such names are POSIX's")
@pytest.mark.parametrize("output", ["text", "json", "csv"])
def test_control_characters_of_names_reach_no_report(run: Run, tmp_path: Path, output: str) -> None:
    (tmp_path / "a.xlsx: OK\nb\x1b[2J\t.xlsx").write_bytes(b"PK")
    result = run("check", tmp_path, "--format", output)
    assert "\x1b" not in result.output
    assert not any(line.startswith("b") for line in result.output.splitlines())


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and links are POSIX's")
def test_pipes_devices_and_links_out_are_refused(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.xlsx")
    for path in ("/dev/zero", tmp_path / "p.xlsx"):
        assert run("check", path).exit_code == 3
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (outside / "x.xlsx").write_bytes(filled())
    (inside / "a.xlsx").symlink_to(outside / "x.xlsx")
    (inside / "folder").symlink_to(outside)
    (inside / "b.xlsx").write_bytes(filled())
    (inside / "c.xlsx").symlink_to(inside / "b.xlsx")
    result = run("check", inside)
    assert result.output.count("KD010") == 1
    assert run("check", inside / "a.xlsx").exit_code == 0, "a link that a person names"
    signal.alarm(0)
