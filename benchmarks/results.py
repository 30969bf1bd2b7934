"""The page of the figures, with the figures that are wanted."""

from __future__ import annotations

import importlib.metadata
import math
import os
import platform
import statistics
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import kdcl_xl

MARKER = "<!-- `make bench` writes the text above; the text below is kept. -->"
_BY_HAND = """

## What was tried

"""
_HEAD = """\
# Results

How long things take and how much memory, beside other ways to do them, on the same files. Times
depend on the machine; **read the ratios**. Each figure is the median of {rounds}, in which the
ways took turns and every run was a process of its own, start-up included where nothing else is
said. Memory is the most that a process and its children had at one time. `make bench` measures
again; `make bench BENCH=full` measures 2,000 schools too.

{machine}"""
_LIBRARIES = ("xlsxwriter", "openpyxl", "pandas", "python-calamine")


@dataclass(frozen=True)
class Wanted:
    """A figure and its bound, a least or a most; None where it was not measured."""

    what: str
    measured: float | None
    least: float | None = None
    most: float | None = None
    unit: str = "×"

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """A row of the table: name, bound, measured figure, and whether the bound is kept."""
        bound = f"≥ {self.least:g}" if self.most is None else f"≤ {self.most:g}"
        wanted = f"{bound} {self.unit}"
        if self.measured is None:
            return self.what, wanted, "", "not measured"
        is_reached = (self.least is None or self.measured >= self.least) and (
            self.most is None or self.measured <= self.most
        )
        verdict = "reached" if is_reached else "**not reached**"
        return self.what, wanted, f"{figure(self.measured)} {self.unit}", verdict


@dataclass
class Page:
    """Sections in their order, and the figures that have a bound."""

    rounds: str
    sections: list[str] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)

    def add(self, title: str, words: str, *tables: str) -> None:
        """Add a section."""
        self.sections.append("\n\n".join((f"## {title}", words, *tables)))

    def render(self) -> str:
        """Return the whole page, without the text kept by hand."""
        head = _HEAD.format(rounds=self.rounds, machine=table(("", ""), _machine()))
        verdicts = "## Wanted and measured\n\n" + table(
            ("", "wanted", "measured", ""), [entry.cells for entry in self.wanted]
        )
        return "\n\n".join((head, verdicts, *self.sections)) + "\n\n"


def write(page: Page, path: Path) -> None:
    """Write the page; the text below the marker stays."""
    by_hand = _BY_HAND
    if path.is_file():
        _, found, below = path.read_text("utf-8").partition(MARKER)
        by_hand = below if found else by_hand
    path.write_text(page.render() + MARKER + by_hand, "utf-8")


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown, with numbers to the right."""
    lines = [heads, ["---", *("---:" for _ in heads[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def figure(number: float) -> str:
    """Return three digits of a number."""
    if number == 0 or not math.isfinite(number):
        return f"{number:g}"
    places = max(0, 2 - math.floor(math.log10(abs(number))))
    return f"{number:,.{min(places, 3)}f}"


def exponent(sizes: Sequence[int], costs: Sequence[float]) -> float:
    """Return the exponent of growth: the slope of the best line through the logarithms of both."""
    fit = statistics.linear_regression([math.log(n) for n in sizes], [math.log(c) for c in costs])
    return fit.slope


def _machine() -> list[tuple[str, str]]:
    versions = [f"kdcl-xl {kdcl_xl.__version__}", f"Python {platform.python_version()}"]
    for name in _LIBRARIES:
        with suppress(importlib.metadata.PackageNotFoundError):
            versions.append(f"{name} {importlib.metadata.version(name)}")
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    return [
        ("date", f"{datetime.now():%Y-%m-%d %H:%M}"),
        ("machine", f"{os.cpu_count()} processors, {_processor()}, {_memory()} of memory"),
        ("system", f"{platform.system()} {platform.machine()}"),
        ("versions", ", ".join(versions)),
        ("load at the end", f"{load} (1, 5, 15 minutes)"),
    ]


def _fact(path: str, name: str) -> str:
    with suppress(OSError):
        for line in Path(path).read_text().splitlines():
            key, _, value = line.partition(":")
            if key.strip() == name:
                return value.strip()
    return "unknown"


def _processor() -> str:
    return _fact("/proc/cpuinfo", "model name")


def _memory() -> str:
    kilobytes = _fact("/proc/meminfo", "MemTotal").removesuffix(" kB")
    return f"{int(kilobytes) / 1024**2:.0f} GB" if kilobytes.isdigit() else kilobytes
