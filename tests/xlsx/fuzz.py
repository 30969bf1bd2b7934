"""A mutation fuzzer over real workbooks: bytes, zip, XML and cell values.

Each mutant is read and judged in a process of bounded memory and time. A crash is
any exception that the reader did not foresee (KD012). A *lie* is worse: a mutant that
is read as good although a plain reading of the standard (:func:`typed_cells`) finds
other values in its input cells.

``python -m tests.xlsx.fuzz --mutants 20000`` is ``make fuzz``; the suite runs 240.
"""

from __future__ import annotations

import argparse
import copy
import io
import random
import re
import resource
import signal
import sys
import tempfile
import time
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Set
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from types import FrameType
from xml.etree import ElementTree

from kdcl_xl.checking.check import check_file
from kdcl_xl.submission.model import Submission
from kdcl_xl.xlsx.formulas import place_of
from kdcl_xl.xlsx.package import UnreadableError
from kdcl_xl.xlsx.workbook import open_workbook
from macros_free_validation.values import CellError, Raw, tidy
from tests.build import TODAY, fresh_workbook_bytes, good_task, layout_of, make_plan
from tests.conftest import ROOT
from workbook_templates.declare import Type
from workbook_templates.layout import Layout, column_index
from workbook_templates.regulation import builtin_catalogue

SECONDS, MEGABYTES = 20, 1500
"""Bounds of one mutant: seconds of CPU, and memory of the whole process."""

HOSTILE = (
    "", " ", "0", "-1", "1e308", "-1e308", "nan", "inf", "1" * 400, "A" * 40_000, "XFD1048576",
    "A0", "AAAA1", "é\u0301", "\u202e", "=1+1", "&lt;", "true", "n", "s", "inlineStr", "e", "d",
    "2027-13-45", "99999999999", "1.5", "xl/../..", "/", "http://example.org/x", "rId1",
)  # fmt: skip

_ODD = (0.0, -1.0, 1e300, 46000.5, True, CellError("#REF!"))

Mutator = Callable[[bytes, random.Random], bytes]


# ---- a plain reading of the standard -------------------------------------------------------


def _local(element: ElementTree.Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _children(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (child for child in element if _local(child) == name)


def _text_of(item: ElementTree.Element) -> str:
    """The text of ``si`` or ``is``: of its own ``t``, or of its runs."""
    parts = [t.text or "" for t in _children(item, "t")]
    parts += [t.text or "" for run in _children(item, "r") for t in _children(run, "t")]
    return "".join(parts)


def _value(cell: ElementTree.Element, strings: list[str]) -> Raw:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(_text_of(item) for item in _children(cell, "is")) or None
    text = next((v.text or "" for v in _children(cell, "v")), "")
    match kind:
        case "s":
            return (strings[int(text)] or None) if text else None
        case "str":
            return text or None
        case "b":
            return text.strip() in ("1", "true")
        case "e":
            return CellError(text)
        case _:
            return float(text) if text.strip() else None


def cells_of(
    xml: bytes, strings: list[str], wanted: Set[tuple[int, int]]
) -> dict[tuple[int, int], Raw]:
    """Values of the wanted cells by row (from 1) and column (from 0).

    A computed cell is computed anew: whatever a damaged type makes of its value is not looked at.

    Raises:
        Exception: the sheet does not follow the standard.
    """
    found: dict[tuple[int, int], Raw] = {}
    root = ElementTree.fromstring(xml)
    if _local(root) != "worksheet":
        raise ValueError("no worksheet")
    number = 0
    for data in _children(root, "sheetData"):
        for row in _children(data, "row"):
            try:
                number = int(row.get("r", number + 1))
            except ValueError:
                continue  # its cells are told to be odd
            column = -1
            for cell in _children(row, "c"):
                ref = cell.get("r", "").upper() or None
                if ref and not re.fullmatch("[A-Z]{1,3}[1-9][0-9]{0,6}", ref):
                    continue  # it is told to be odd
                column = column_index(ref.rstrip("0123456789")) if ref else column + 1
                place = (int(ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) if ref else number, column)
                if place not in wanted:
                    continue
                value = _value(cell, strings)
                if place in found and found[place] != value:
                    raise ValueError("a cell twice")
                found[place] = value
    return found


def typed_cells(content: bytes, layout: Layout) -> dict[tuple[str, int, int], Raw]:
    """What stands in the input cells of a workbook, by sheet, row and column; blanks left out.

    A cell that is told to be odd has no value that could be read.

    Raises:
        Exception: the workbook does not follow the standard.
    """
    package = open_workbook(content)
    strings: list[str] = []
    if package.part(package.strings_part):
        root = ElementTree.fromstring(package.part(package.strings_part))
        strings = [_text_of(item) for item in _children(root, "si")]
    found = {}
    for sheet in layout.sheets:
        places = {(c.row, c.index) for c in sheet.cells if not c.cell.locked}
        for row in range(sheet.first_row, sheet.last_row + 1 if sheet.columns else 0):
            places |= {(row, c.index) for c in sheet.columns if not c.column.locked}
        if not places or sheet.key in ("checks", "stamp", "guide", "print"):
            continue
        odd = (cell for cell in package.sheet(sheet.name).odd if not cell.is_taken)
        places -= {place_of(cell.ref.encode()) for cell in odd}
        values = cells_of(package.part(package.sheets[sheet.name]), strings, places)
        for place in places:
            if not _is_blank(values.get(place)):
                found[(sheet.key, *place)] = values[place]
    return found


def _is_blank(value: Raw) -> bool:
    return value is None or (isinstance(value, str) and not tidy(value))


def read_cells(submission: Submission) -> dict[tuple[str, int, int], Raw]:
    """The same, as the toolkit read it."""
    plan = submission.plan
    assert plan is not None
    found: dict[tuple[str, int, int], Raw] = {}
    for sheet in plan.layout.sheets:
        for cell in sheet.cells:
            value = plan.cell(cell.field, sheet.key)
            if not cell.cell.locked and not _is_blank(value):
                found[sheet.key, cell.row, cell.index] = value
        for record in plan.rows(sheet.key) if sheet.columns else ():
            for column in sheet.columns:
                value = record.values[column.index]
                if not column.column.locked and not _is_blank(value):
                    found[sheet.key, record.row, column.index] = value
    return found


def _comparable(value: Raw) -> object:
    return tidy(value) if isinstance(value, str) else value


# ---- mutators ----------------------------------------------------------------------------


def _bytes(content: bytes, rng: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 8))):
        at = rng.randrange(len(data))
        match rng.randrange(5):
            case 0:
                data[at] ^= 1 << rng.randrange(8)
            case 1:
                del data[at : at + rng.choice((1, 4, 400))]
            case 2:
                data[at:at] = rng.randbytes(rng.choice((1, 4, 64)))
            case 3:
                other = rng.randrange(len(data))
                data[at : at + 32] = data[other : other + 32]
            case _:
                del data[at:]
        if len(data) < 8:
            break
    return bytes(data)


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        return {name: source.read(name) for name in source.namelist()}


def _zipped(parts: list[tuple[str, bytes]]) -> bytes:
    target = io.BytesIO()
    packed = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with packed as result, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, data in parts:
            result.writestr(name, data)
    return target.getvalue()


def _zip(content: bytes, rng: random.Random) -> bytes:
    parts = list(_parts(content).items())
    at, other = rng.randrange(len(parts)), rng.randrange(len(parts))
    name, data = parts[at]
    match rng.randrange(7):
        case 0:
            del parts[at]
        case 1:
            parts.append((name, parts[other][1]))
        case 2:
            parts[at] = (rng.choice((name.upper(), name + "x", "/" + name, "../" + name)), data)
        case 3:
            parts[at] = (name, parts[other][1])
        case 4:
            parts[at] = (name, data[: rng.randrange(len(data) + 1)])
        case 5:
            rng.shuffle(parts)
        case _:
            return _lying_directory(_zipped(parts), rng)
    return _zipped(parts)


def _lying_directory(content: bytes, rng: random.Random) -> bytes:
    """A zip whose directory says something else than what is there."""
    data = bytearray(content)
    entries = [n for n in range(len(data) - 4) if data[n : n + 4] == b"PK\x01\x02"]
    at = rng.choice(entries)
    start, length = rng.choice(((8, 2), (10, 2), (16, 4), (20, 4), (24, 4), (42, 4)))
    data[at + start : at + start + length] = rng.choice(
        (b"\0" * length, b"\xff" * length, rng.randbytes(length))
    )
    return bytes(data)


def _xml(content: bytes, rng: random.Random) -> bytes:
    parts = _parts(content)
    names = [name for name in parts if name.endswith((".xml", ".rels"))]
    sheets = [name for name in names if name.startswith("xl/worksheets/")]
    name = rng.choice(sheets if rng.random() < 0.6 else names)
    root = ElementTree.fromstring(parts[name])
    for _ in range(rng.choice((1, 1, 3))):
        _mutate_tree(root, rng)
    parts[name] = ElementTree.tostring(root, "utf-8")
    return _zipped(list(parts.items()))


def _mutate_tree(root: ElementTree.Element, rng: random.Random) -> None:
    every = list(root.iter())
    parents = [element for element in every if len(element)]
    if not parents:
        return
    element, parent = rng.choice(every), rng.choice(parents)
    child = rng.randrange(len(parent))
    match rng.randrange(8):
        case 0:
            parent.remove(parent[child])
        case 1:
            parent.append(copy.deepcopy(parent[child]))
        case 2:
            parent.insert(0, copy.deepcopy(rng.choice([e for e in every if len(e) < 30])))
        case 3 if element.attrib:
            del element.attrib[rng.choice(sorted(element.attrib))]
        case 4 if element.attrib:
            element.attrib[rng.choice(sorted(element.attrib))] = rng.choice(HOSTILE)
        case 5:
            element.text = rng.choice(HOSTILE)
        case 6:
            element.tag = rng.choice(every).tag
        case _:
            for _ in range(rng.choice((3, 200))):
                element = ElementTree.SubElement(element, element.tag)


def _raw_xml(content: bytes, rng: random.Random) -> bytes:
    """The bytes of a part changed, and the zip put together again as if it were right."""
    parts = _parts(content)
    name = rng.choice(sorted(parts))
    parts[name] = _bytes(parts[name] or b"<a/>", rng)
    return _zipped(list(parts.items()))


def _values(content: bytes, rng: random.Random) -> bytes:
    """Hostile values typed into input cells, as the writer stores them."""
    layout = layout_of(rng.choice(("2018", "2026")), rows=10)
    rows = []
    for nth in range(rng.choice((0, 10, 10, 10))):
        row: dict[str, Raw] = {}
        for column in layout.sheet("plan").columns:
            if column.column.locked or rng.random() < 0.3:
                continue
            if rng.random() < 0.5:
                row[column.field] = rng.choice(HOSTILE) or None
            elif column.column.type is Type.TEXT:
                row[column.field] = str(good_task(layout, nth).get(column.field, "x"))
            else:
                row[column.field] = rng.choice(
                    (0.0, -1.0, 1e300, 46000.5, True, CellError("#REF!"))
                )
        rows.append(row)
    return fresh_workbook_bytes(make_plan(layout, tables={"plan": rows}))


MUTATORS: Mapping[str, Mutator] = {
    "bytes": _bytes,
    "zip": _zip,
    "xml tree": _xml,
    "xml bytes": _raw_xml,
    "values": _values,
}
SHARES = {"values": 1}
"""How often a kind is drawn, where not thrice: a workbook is slow to make, but has many rows."""


@lru_cache
def seeds() -> tuple[bytes, ...]:
    """The workbooks that are mutated: of ours, small, and as LibreOffice saved them."""
    small = [
        fresh_workbook_bytes(
            make_plan(
                layout_of(form, rows=10),
                tables={"plan": [good_task(layout_of(form, rows=10), n) for n in range(3)]},
            )
        )
        for form in ("2018", "2026")
    ]
    saved = sorted((ROOT / "samples" / "workbooks").glob("*.xlsx"))[:1]
    return (*small, *small, *(path.read_bytes() for path in saved))


# ---- the run ------------------------------------------------------------------------------


@dataclass
class Report:
    """What a run saw."""

    mutants: Counter[str] = field(default_factory=Counter)
    read: int = 0
    refused: int = 0
    compared: int = 0
    slowest: float = 0.0
    most_memory: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: Report) -> None:
        """Take in what another process saw."""
        self.mutants += other.mutants
        self.read += other.read
        self.refused += other.refused
        self.compared += other.compared
        self.slowest = max(self.slowest, other.slowest)
        self.most_memory = max(self.most_memory, other.most_memory)
        self.faults += other.faults

    def table(self) -> str:
        """The run in a few lines."""
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(self.mutants.items()))
        return (
            f"{sum(self.mutants.values()):,} mutants ({kinds}): {self.read:,} read, "
            f"{self.refused:,} refused, {self.compared:,} compared with a plain reading; "
            f"slowest {self.slowest:.1f} s, most memory {self.most_memory} MB, "
            f"{len(self.faults)} faults"
        )


class _TooSlowError(BaseException):
    """A mutant took longer than it may; nothing may catch it on the way."""


def _alarm(_signal: int, _frame: FrameType | None) -> None:
    raise _TooSlowError


def try_mutant(seed: int, number: int, folder: Path, report: Report) -> None:
    """Make one mutant, read and judge it, and note what is wrong with that."""
    rng = random.Random(f"{seed}-{number}")
    kinds = sorted(MUTATORS)
    (kind,) = rng.choices(kinds, [SHARES.get(kind, 3) for kind in kinds])
    content = MUTATORS[kind](rng.choice(seeds()), rng)
    report.mutants[kind] += 1
    path = folder / "m.xlsx"
    path.write_bytes(content)
    name = f"{kind} {seed}-{number}"
    began = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        checked = check_file(path, builtin_catalogue(), TODAY)
    except _TooSlowError:
        report.faults.append(f"{name}: took more than {SECONDS} s of CPU")
        return
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        report.slowest = max(report.slowest, time.process_time() - began)
    crash = next((f.message.en for f in checked.findings if f.rule == "KD012"), None)
    if crash:
        report.faults.append(f"{name}: {crash}")
    plan = checked.submission.plan
    if plan is None:
        report.refused += 1
        if not checked.findings:
            report.faults.append(f"{name}: refused without a word")
        return
    report.read += 1
    _compare(name, content, checked.submission, report)


def _compare(name: str, content: bytes, submission: Submission, report: Report) -> None:
    assert submission.plan is not None
    read = read_cells(submission)
    try:
        typed = typed_cells(content, submission.plan.layout)
    except UnreadableError as error:
        report.faults.append(f"{name}: read, but {error}")
        return
    except Exception as error:
        report.faults.append(f"{name}: read, but against the standard: {error!r}"[:200])
        return
    report.compared += 1
    for place in sorted({*typed, *read}):
        a, b = _comparable(typed.get(place)), _comparable(read.get(place))
        if a != b:
            report.faults.append(f"{name}: {place}: stands {a!r:.60}, read {b!r:.60}")
            return


def run_share(seed: int, start: int, end: int) -> Report:
    """Mutants ``start`` to ``end``, in this process."""
    signal.signal(signal.SIGPROF, _alarm)
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(start, end):
            try_mutant(seed, number, Path(folder), report)
    report.most_memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if report.most_memory > MEGABYTES:
        report.faults.append(f"{seed}: {report.most_memory} MB of memory")
    return report


def _bound_memory() -> None:
    limit = 2 * MEGABYTES * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def run(mutants: int, seed: int, jobs: int = 2) -> Report:
    """A whole run, shared among processes whose memory is bounded."""
    share = 250
    context = get_context("spawn")
    with ProcessPoolExecutor(jobs, context, initializer=_bound_memory) as pool:
        started = [
            pool.submit(run_share, seed, start, min(start + share, mutants))
            for start in range(0, mutants, share)
        ]
        report = Report()
        for part in started:
            report.add(part.result())
    return report


def main() -> int:
    """Run and print what was seen; 0 where nothing is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    began = time.monotonic()
    report = run(chosen.mutants, chosen.seed, chosen.jobs)
    print(report.table())
    print(f"seed {chosen.seed}, {time.monotonic() - began:.0f} s")
    for line in report.faults[:40]:
        print(line, file=sys.stderr)
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
