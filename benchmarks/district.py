"""Measure the whole merge and its stages beside other ways, on the same files; see RESULTS.md.

``python -m benchmarks.district`` makes synthetic districts of 60 and 200 schools, measures,
and writes ``benchmarks/RESULTS.md``; text written there by hand stays. ``--schools 60 200
2000`` takes some three quarters of an hour. The other ways are measured with 200 schools alone.
``--schools 20000 --output -`` measures kdcl-xl on a nation's scale, once, and prints the figures.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

from benchmarks.data import LISTING, PARTS, RETURNED, with_comment
from benchmarks.results import Page, Wanted, exponent, figure, table, write
from benchmarks.runs import (
    Job,
    Rounds,
    Run,
    alternate,
    cpu,
    median,
    memory,
    ratio,
    said,
    wall,
)

RESULTS = Path(__file__).with_name("RESULTS.md")
TODAY = "2026-11-22"
MAIN, LARGE, SAVED = 200, 2_000, 42
LIBREOFFICE = f"{SAVED} schools, files that LibreOffice saved"
PEERS = {
    "pandas, openpyxl, all sheets": ("pandas", "openpyxl", "all"),
    "pandas, calamine, all sheets": ("pandas", "calamine", "all"),
    "pandas, openpyxl, the plan alone": ("pandas", "openpyxl", "plan"),
    "pandas, calamine, the plan alone": ("pandas", "calamine", "plan"),
    "openpyxl alone, all sheets": ("openpyxl", "all"),
}
ONE, TWO = "kdcl-xl, one process", "kdcl-xl, two processes"
FLOOR, INPUTS = "the floor", "the floor, inputs alone"
STAGES = {
    "guard": "guard: open, bounds, parts",
    "read": "read, guard included",
    "judge": "judge all rules",
    "pack": "pack a record",
    "unpack": "unpack the records",
    "build": "model of the district",
    "write": "write the workbook",
}
CHANGED, TEMPLATES, BY_OPENPYXL = 5, 200, 5
NOTHING = "nothing to carry"
WANTED = {"all sheets": {"openpyxl": 8, "calamine": 4}, "the plan alone": {"calamine": 2}}
"""How many times faster a merge has to be than pandas with an engine, by what pandas reads."""
WANTED_OF_TWO = {MAIN: 1.5, LARGE: 1.7}
"""How many times faster two processes have to be than one, by the number of schools."""


@dataclass(frozen=True)
class Bench:
    """The folders of data and outputs, and the number of runs."""

    data: Path
    work: Path
    rounds: int | None

    def rounds_for(self, schools: int) -> int:
        """Return the number of rounds: fewer where a run takes long."""
        if schools > MAIN:
            return 3 if schools <= LARGE else 1
        return self.rounds or 5

    def folder(self, kind: str, count: int) -> Path:
        """Return a folder of files to measure on; make it where it is missing."""
        print(f"{kind} of {count}", file=sys.stderr, flush=True)
        made = Job(("-m", "benchmarks.data", kind, str(count), self.data)).run()
        return Path(made.said["folder"])

    @property
    def target(self) -> Path:
        """Return the path that merges write."""
        return self.work / "tong-hop.xlsx"

    def merge(self, folder: Path, *options: str | Path) -> Job:
        """Return a merge by the command line, into a new workbook."""
        inputs = (folder / RETURNED, "--schools", folder / LISTING)
        outputs = ("--today", TODAY, "-o", self.target)
        command = ("-m", "kdcl_xl", "merge", *inputs, *outputs, *options)
        return Job(command, partial(_without, self.target))

    def peer(self, folder: Path, *way: str) -> Job:
        """Return another way of doing the job."""
        target = self.work / "khac.xlsx"
        return Job(("-W", "ignore", "-m", "benchmarks.peers", folder, target, *way))

    def stages(self, folder: Path, way: str, target: Path | None = None) -> Job:
        """Return a run of the stages."""
        command = ("-W", "ignore", "-m", "benchmarks.stages")
        return Job((*command, folder, target or self.target, way))


def _without(*paths: Path) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def whole(bench: Bench, page: Page, schools: int) -> Rounds:
    """Compare the whole merge with programs that do a part of it."""
    folder = bench.folder("district", schools)
    jobs = {
        ONE: bench.merge(folder, "--no-cache", "--jobs", "1"),
        TWO: bench.merge(folder, "--no-cache", "--jobs", "2"),
    }
    peers = PEERS if schools == MAIN else ()
    jobs |= {name: bench.peer(folder, *PEERS[name]) for name in peers}
    done = alternate(jobs, bench.rounds_for(schools), f"{schools} schools")
    rows = [
        (
            name,
            *_cells(runs),
            figure(ratio(runs, done[ONE], wall)),
            figure(ratio(runs, done[TWO], wall)),
        )
        for name, runs in done.items()
    ]
    files = sum(1 for _ in (folder / RETURNED).iterdir())
    page.add(
        f"{schools:,} schools, end to end",
        f"{files:,} files as XlsxWriter writes them, some of which cannot be read. kdcl-xl guards, "
        "reads, judges all rules and writes the full authority workbook; the others read, put "
        "together and write plain cells, and pass over what they cannot read.",
        table(("", "s", "CPU s", "MB", "÷ one process", "÷ two processes"), rows),
    )
    return done


Folders = Mapping[str, tuple[Path, str]]
"""The folders of files to measure on, by name, and the stages that are measured."""


def measure_stages(bench: Bench, folders: Folders, rounds: int) -> Mapping[str, Rounds]:
    """Measure the stages of one process and the floor, the folders in turn."""
    jobs: dict[tuple[str, str], Job] = {}
    for label, (folder, way) in folders.items():
        jobs[label, FLOOR] = bench.peer(folder, "floor", "files")
        jobs[label, INPUTS] = bench.peer(folder, "floor", "inputs")
        jobs[label, "stages"] = bench.stages(folder, way)
        jobs[label, "check"] = bench.stages(folder, "check")
    named = {f"{label}: {what}": job for (label, what), job in jobs.items()}
    done = dict(zip(jobs, alternate(named, rounds, "stages").values(), strict=True))
    return {
        label: {what: runs for (of, what), runs in done.items() if of == label} for label in folders
    }


def show_stages(page: Page, label: str, done: Rounds) -> None:
    """Write a table of the stages beside the floor."""
    runs, floors = done["stages"], done[FLOOR]
    files = said("files")(runs[0])
    names = [name for name in STAGES if name in runs[0].said]
    rows = [
        (
            STAGES[name],
            figure(1000 * median(runs, said(name)) / files),
            figure(ratio(runs, floors, said(name), said("seconds"))),
            f"{100 * median(runs, said(name)) / _work(runs):.0f} %" if name != "guard" else "",
        )
        for name in names
    ]
    for name, what in ((FLOOR, "all that is looked at"), (INPUTS, "sheets with inputs alone")):
        rows.insert(0, (
            f"floor: inflate {what}",
            figure(1000 * median(done[name], said("seconds")) / files),
            figure(ratio(done[name], floors, said("seconds"))),
            "",
        ))  # fmt: skip
    page.add(
        f"Stages, {label}",
        "CPU time in one process, without start-up. Reading and judging, with all records kept as "
        f"a merge keeps them, take {figure(median(done['check'], memory))} MB "
        f"({figure(median(done['check'], said('kept')) / 1024)} KB a packed record); all stages "
        f"{figure(median(runs, memory))} MB; the floor {figure(median(floors, memory))} MB.",
        table(("", "ms a file", "÷ floor", "of all"), rows),
    )


def _work(runs: Sequence[Run]) -> float:
    names = runs[0].said.keys() & STAGES.keys() - {"guard"}
    return sum(median(runs, said(name)) for name in names)


def again(bench: Bench, page: Page, schools: int) -> None:
    """Measure a second merge, with a few changed files and decisions to carry."""
    folder, rounds = bench.folder("district", schools), bench.rounds_for(schools)
    cache, target = bench.work / "cache", bench.target
    cached = bench.merge(folder, "--jobs", "1", "--cache", cache)
    afresh = bench.merge(folder, "--jobs", "1", "--no-cache")
    changed = _readable(folder)[:: max(1, schools // CHANGED)][:CHANGED]
    versions = count()

    def change() -> None:
        _without(target)
        version = next(versions)
        for path in changed:
            with_comment(path, f"changed {version}")

    done = alternate(
        {
            "first merge, cache empty": Job(cached.args, partial(_without, target, cache)),
            f"again, {CHANGED} files changed": Job(cached.args, change),
            "without a cache": afresh,
        },
        rounds,
        f"{schools} schools again",
    )
    first, warm, _ = done.values()
    made = []
    for job in (cached, afresh):
        job.run()
        made.append(hashlib.sha256(target.read_bytes()).digest())
    same = "the same bytes as" if made[0] == made[1] else "**other bytes than**"
    decided = bench.work / "da-ket-luan.xlsx"
    shutil.copyfile(target, decided)
    typed = bench.stages(folder, "decide", decided).run().said["decided"]
    carrying = f"{typed} decisions to carry"
    earlier = ("--previous", decided)
    carried = alternate(
        {
            NOTHING: cached,
            carrying: Job((*cached.args, *earlier), cached.before),
            "reading the earlier workbook alone": bench.stages(folder, "previous", decided),
        },
        rounds,
        f"{schools} schools with decisions",
    )
    merges = alternate(
        {NOTHING: afresh, carrying: Job((*afresh.args, *earlier), afresh.before)},
        rounds,
        f"{schools} schools with decisions, no cache",
    )
    page.add(
        f"Merging again, {schools:,} schools",
        f"One process. The workbook made with the cache has {same} the one made without. In the "
        "second table every file is in the cache, in the third there is none.",
        _beside(done, "÷ first"),
        _beside(carried, "÷ nothing to carry"),
        _beside(merges, "÷ nothing to carry"),
    )
    what = f"merging again, {CHANGED} of {schools} schools' files changed: first ÷ again"
    page.wanted.append(Wanted(what, ratio(first, warm, wall), least=4))
    plain, with_decisions = (merges[name] for name in (NOTHING, carrying))
    what = f"merging {schools} schools with an earlier workbook ÷ without"
    page.wanted.append(Wanted(what, ratio(with_decisions, plain, wall), most=1.3))


def _beside(done: Rounds, head: str) -> str:
    """Return a table of jobs beside the first of them."""
    first = next(iter(done.values()))
    return table(("", "s", "CPU s", "MB", head), [
        (name, *_cells(runs), figure(ratio(runs, first, wall))) for name, runs in done.items()
    ])  # fmt: skip


def _cells(runs: Sequence[Run]) -> tuple[str, ...]:
    return tuple(figure(median(runs, of)) for of in (wall, cpu, memory))


def _readable(folder: Path) -> list[Path]:
    names = json.loads((folder / PARTS).read_text("utf-8"))["files"]
    return [folder / RETURNED / name for name in names]


def _reading(done: Rounds, what: str) -> Wanted:
    return Wanted(
        f"reading and guard ÷ {INPUTS}, {what}",
        ratio(done["stages"], done[INPUTS], said("read"), said("seconds")),
        most=4,
    )


def growth(page: Page, merged: Mapping[int, Rounds], staged: Mapping[int, Rounds]) -> None:
    """Compare the cost of a school in small and in large districts."""
    sizes = sorted(merged)

    def row(label: str, costs: Sequence[float]) -> tuple[str, ...]:
        each = [figure(1000 * cost / n) for cost, n in zip(costs, sizes, strict=True)]
        return (label, *each, f"{exponent(sizes, costs):.2f}")

    rows = [
        row(label, [median(staged[n]["stages"], said(name)) for n in sizes])
        for name, label in STAGES.items()
    ]
    rows.append(row("all stages", [_work(staged[n]["stages"]) for n in sizes]))
    rows += [
        row(f"{name}, start-up included", [median(merged[n][name], wall) for n in sizes])
        for name in (ONE, TWO)
    ]
    page.add(
        "Growth",
        "Milliseconds a school: CPU time of the stages, time of the clock of the whole; and the "
        "exponent of the curve through them: 1 is a straight line.",
        table(("", *(f"{n:,} schools" for n in sizes), "exponent"), rows),
    )
    costs = [_work(staged[n]["stages"]) for n in sizes]
    page.wanted.append(
        Wanted(f"exponent, all stages, {sizes[0]} to {sizes[-1]:,} schools",
               exponent(sizes, costs), most=1.02, unit="")
    )  # fmt: skip


def many_machines(bench: Bench, page: Page, schools: int) -> None:
    """Measure reading and judging on a cluster."""
    folder, rounds = bench.folder("district", schools), bench.rounds_for(schools)
    command = ("-m", "benchmarks.cluster", folder, "--rounds", str(rounds))
    found = Job(command).run().said
    plain = ("seconds", "cpu", "others")
    names = (*plain, "efficiency", "of_processors", "of_cpu")
    alone = ("one process, no cluster", *(figure(found[name]) for name in plain), *3 * ("",))
    rows: list[tuple[str, ...]] = [alone]
    for workers, figures in found["clusters"].items():
        rows.append((f"cluster, workers: {workers}", *(figure(figures[name]) for name in names)))
        what = f"cluster of {workers}, {schools:,} schools: efficiency on the processors there are"
        page.wanted.append(Wanted(what, figures["of_processors"], least=0.8, unit=""))
    page.add(
        f"Many machines, {schools:,} schools",
        f"Reading and judging {found['files']:,.0f} files on Dask's own scheduler and workers of "
        f"one thread, which are processes of this machine with {found['processors']} processors; "
        "their start is left out. T1 is one supervised process without a cluster, Tn a cluster of "
        "n workers; CPU seconds are those of all processes, the scheduler included. Where other "
        "work on the machine took many, the seconds by the clock say little. A file "
        f"travels to the scheduler and on to a worker: {figure(found['contents'] / 1024)} KB of "
        f"contents and {found['call']:.0f} bytes of call; its record of "
        f"{figure(found['record'] / 1024)} KB returns. Each worker gets "
        f"{figure(found['once'] / 1024)} KB once.",
        table(
            (
                "",
                "s",
                "CPU s",
                "CPU s of other work",
                "T1 ÷ (n Tn)",
                "T1 ÷ (min(n, processors) Tn)",
                "CPU1 ÷ CPUn",
            ),
            rows,
        ),
    )


def opening(bench: Bench, page: Page, sizes: Sequence[int]) -> None:
    """Measure LibreOffice, which opens the authority workbooks."""
    rows = []
    for schools in sizes:
        bench.merge(bench.folder("district", schools), "--no-cache").run()
        job = Job(("-m", "benchmarks.opening", bench.target))
        runs = alternate({"opening": job}, bench.rounds_for(schools), f"{schools} schools")
        size = bench.target.stat().st_size / (1 << 20)
        figures = (median(runs["opening"], said(n)) for n in ("seconds", "cpu", "memory"))
        rows.append((f"{schools:,} schools", figure(size), *map(figure, figures)))
    page.add(
        "Opening in LibreOffice",
        "A new LibreOffice without a window opens the authority workbook, until it is loaded.",
        table(("", "MB of file", "s", "CPU s", "MB of memory"), rows),
    )


def starting(bench: Bench, page: Page) -> None:
    """Measure the help of the command line, and templates."""
    rounds = 3 * (bench.rounds or 5)
    done = alternate(
        {
            "`import click`": Job(("-c", "import click")),
            "`kdcl-xl --help`": Job(("-c", "from kdcl_xl.cli import main; main(['--help'])")),
        },
        rounds,
        "start",
    )
    bare, helped = done.values()
    listing, issued = bench.work / "thcs.csv", bench.work / "mau"
    lines = (f"{n:08},Trường THCS {n},thcs\n" for n in range(TEMPLATES))
    listing.write_text("code,name,kind\n" + "".join(lines), "utf-8")
    issue = ("-m", "kdcl_xl", "template", "--schools", listing, "--school-year", "2026-2027")
    made = alternate(
        {
            "kdcl-xl": Job((*issue, "-o", issued), partial(_without, issued)),
            "openpyxl": bench.peer(bench.work, "template", str(BY_OPENPYXL)),
        },
        bench.rounds or 5,
        "templates",
    )
    each = {
        "kdcl-xl, of a district's list, files written": lambda run: run.cpu / TEMPLATES,
        "openpyxl, in memory": said("each"),
    }
    figures = dict(zip(each, made.values(), strict=True))
    own, other = figures.values()
    mine, theirs = each.values()
    beyond = 1000 * (median(helped, wall) - median(bare, wall))
    page.add(
        "Starting, and making templates",
        f"Medians of {rounds} runs of starting. A template of a lower secondary school for "
        f"2026-2027, CPU seconds each: of {TEMPLATES} by `kdcl-xl template --schools` with its "
        f"start-up, of {BY_OPENPYXL} with the same cells, formats, validations and highlights by "
        "openpyxl without.",
        table(("", "ms"), [(n, figure(1000 * median(r, wall))) for n, r in done.items()]),
        table(
            ("", "CPU s each"),
            [(name, figure(median(runs, each[name]))) for name, runs in figures.items()],
        ),
    )
    page.wanted += [
        Wanted("templates: openpyxl ÷ kdcl-xl", ratio(other, own, theirs, mine), least=5),
        Wanted("`kdcl-xl --help` beyond `import click`", beyond, most=60, unit="ms"),
    ]


def compare(page: Page, merged: Mapping[int, Rounds], staged: Mapping[int, Rounds]) -> None:
    """Compare the figures of merging with the wanted ones."""
    for schools in (n for n in (MAIN, LARGE) if n in merged):
        done, stage, what = merged[schools], staged[schools]["stages"], f"{schools:,} schools"
        page.wanted += [
            Wanted(f"{what}: {peer} ÷ {ONE}", ratio(done[peer], done[ONE], wall), least=least)
            for sheets, engines in WANTED.items()
            for engine, least in engines.items()
            if (peer := f"pandas, {engine}, {sheets}") in done
        ]
        of_two = ratio(done[ONE], done[TWO], wall)
        page.wanted.append(
            Wanted(f"{what}: one process ÷ two", of_two, least=WANTED_OF_TWO[schools])
        )
        judging = ratio(stage, stage, said("judge"), said("read"))
        page.wanted += [
            _reading(staged[schools], what),
            Wanted(f"judging ÷ reading, {what}", judging, most=1),
        ]
    grown = most = None
    if MAIN in staged and LARGE in staged:
        grown = median(staged[LARGE]["check"], memory) / median(staged[MAIN]["check"], memory)
        most = median(merged[LARGE][ONE], memory)
    page.wanted += [
        Wanted(f"memory of reading and judging, {LARGE:,} ÷ {MAIN} schools", grown, most=1.5),
        Wanted(f"memory of the whole, {LARGE:,} schools, one process", most, most=250, unit="MB"),
    ]


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--schools", type=int, nargs="+", default=[60, MAIN])
    parser.add_argument(
        "--rounds", type=int, help="for up to 200 schools (5); 3 for up to 2,000, 1 beyond"
    )
    parser.add_argument("--data", type=Path, help="keep the districts in this folder")
    parser.add_argument("--output", default=str(RESULTS), help="'-' prints the page")
    given = parser.parse_args()
    if MAIN in given.schools and not importlib.util.find_spec("pandas"):
        raise SystemExit("The other ways need: pip install -e '.[bench]'")
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        bench = Bench((given.data or work).resolve(), work, given.rounds)
        rounds = (
            f"{bench.rounds_for(MAIN)} rounds, of {bench.rounds_for(LARGE)} beyond {MAIN} schools"
        )
        page = Page(rounds)
        merged = {schools: whole(bench, page, schools) for schools in sorted(given.schools)}
        every = {n: {f"{n:,} schools": (bench.folder("district", n), "all")} for n in merged}
        if MAIN in merged:
            every[MAIN][LIBREOFFICE] = (bench.folder("libreoffice", SAVED), "files")
        measured: dict[str, Rounds] = {}
        for n, folders in every.items():
            measured |= measure_stages(bench, folders, bench.rounds_for(n))
        for label, done in measured.items():
            show_stages(page, label, done)
        staged = {n: measured[f"{n:,} schools"] for n in merged}
        compare(page, merged, staged)
        if len(merged) > 1:
            growth(page, merged, staged)
        if MAIN in merged:
            page.wanted.append(_reading(measured[LIBREOFFICE], LIBREOFFICE))
            again(bench, page, MAIN)
            starting(bench, page)
            many_machines(bench, page, LARGE if LARGE in merged else MAIN)
            opening(bench, page, [n for n in (MAIN, LARGE) if n in merged])
        if given.output == "-":
            print(page.render())
        else:
            write(page, Path(given.output))


if __name__ == "__main__":
    main()
