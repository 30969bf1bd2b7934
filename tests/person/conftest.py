"""A screen for the session; each scenario opens workbooks on it in both regional settings."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from macros_free_validation.plan import Plan
from tests.build import workbook_bytes
from tests.conftest import ROOT
from tests.person.calc import Calc, Region
from tests.person.form import FormFiller
from tests.person.screen import Screen, save_picture

PICTURES = ROOT / "build" / "person"
MEASURED = "measured"
"""Name of the property under which a scenario hands over a figure for the summary."""
Open = Callable[..., FormFiller]


@pytest.fixture(scope="session")
def screen() -> Iterator[Screen]:
    with Screen() as started:
        yield started


@pytest.fixture(params=list(Region), ids=str)
def region(request: pytest.FixtureRequest) -> Region:
    return Region(request.param)


@pytest.fixture
def open_plan(screen: Screen, region: Region, tmp_path: Path) -> Iterator[Open]:
    """Give a function that opens a plan's workbook, or the given bytes of it."""
    with contextlib.ExitStack() as stack:

        def opened(plan: Plan, contents: bytes | None = None) -> FormFiller:
            path = tmp_path / "ke-hoach.xlsx"
            path.write_bytes(contents or workbook_bytes(plan))
            return FormFiller(stack.enter_context(Calc(screen, path, region)), plan)

        yield opened


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Leave a picture of the screen where a scenario fails, before its workbook closes."""
    report = yield
    screen = getattr(item, "funcargs", {}).get("screen")
    if report.when == "call" and report.failed and isinstance(screen, Screen):
        name = re.sub(r"[^\w.-]+", "-", item.name).strip("-")
        path = save_picture(screen, PICTURES / f"{name}.png")
        report.sections.append(("screen", str(path)))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the scenarios measured, and keep it beside the pictures."""
    measured = {
        report.nodeid.rpartition("::")[2]: str(value)
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == MEASURED
    }
    if measured:
        terminalreporter.section("measured")
        for scenario, value in measured.items():
            terminalreporter.line(f"{scenario}: {value}")
        PICTURES.mkdir(parents=True, exist_ok=True)
        (PICTURES / "measured.json").write_text(json.dumps(measured, indent=1) + "\n", "utf-8")
