"""What all tests share: catalogue, layouts, fresh workbooks, the command line."""

from __future__ import annotations

import gc
import itertools
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from kdcl_xl.checking import supervise  # noqa: E402
from kdcl_xl.checking.cache import FOLDER_VARIABLE  # noqa: E402
from kdcl_xl.cli import main  # noqa: E402
from kdcl_xl.demo.run import DEMO_DAY, DEMO_YEAR  # noqa: E402
from kdcl_xl.demo.synthetic.district import Manifest, make_district  # noqa: E402
from samples.office import Office  # noqa: E402
from tests.build import TODAY  # noqa: E402
from tests.shared import made_once  # noqa: E402
from workbook_templates.regulation import Catalogue, builtin_catalogue  # noqa: E402

settings.register_profile("counted", deadline=None)
settings.load_profile("counted")
Run = Callable[..., Result]
PROOF_TABLE = "proof"
"""Name under which the proof hands over its table."""
LONGEST = (
    "proof",
    "user",
    "officer_page",
    "engine_page",
    "importing",
    "loop_states",
    "migrate",
    "tampering",
    "interrupted",
    "hostile_inputs",
    "reach_page",
    "documents",
    "libreoffice",
    "feedback",
    "template",
    "school_page",
    "many",
    "fuzz",
    "mutants",
    "kit",
    "packaging",
    "oddities",
    "loop",
    "dropdowns",
    "province",
    "ready",
    "synthetic",
    "whole",
)
"""The modules that take longest, longest first: a worker has a module at a time."""
NPM = ROOT / "build" / "judges"
"""The folder into which tests/install_judges.sh installs packages of npm."""
NPM_LIBRARIES = ("exceljs", "xlsx")
"""The libraries of npm that have to read our workbooks."""
HAS_NODE = bool(shutil.which("node")) and all(
    (NPM / "node_modules" / name / "package.json").is_file() for name in NPM_LIBRARIES
)
WITHOUT_LIBREOFFICE = bool(os.environ.get("KDCL_XL_WITHOUT_LIBREOFFICE"))
WITHOUT_BROWSERS = bool(os.environ.get("KDCL_XL_WITHOUT_BROWSERS"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, that no worker be left alone with one in the end.

    Without LibreOffice or browsers their tests fail, unless the user asked to go without them.
    Those with Node.js run where it is installed.
    """
    ranks = {f"test_{name}.py": rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path.name, len(ranks)))
    left_out = {
        "libreoffice": ("asked to go without: libreoffice", WITHOUT_LIBREOFFICE),
        "browser": ("asked to go without: browser", WITHOUT_BROWSERS),
        "node": (_NO_NODE, not HAS_NODE),
    }
    for marker, (reason, is_left_out) in left_out.items():
        for item in items if is_left_out else ():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_collection_finish() -> None:
    """Look for unreachable objects seldom, and never among those that all tests share.

    Python's own thresholds make that a tenth of the time of the tests, which make millions of
    cells and keep few.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


_NO_NODE = "no Node.js with ExcelJS and SheetJS: install them with bash tests/install_judges.sh"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the proof compared, and say loudly what did not run."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, table in getattr(report, "user_properties", ()):
                if name == PROOF_TABLE:
                    terminalreporter.section("sheet and checker compared")
                    terminalreporter.line(str(table))
    skips = terminalreporter.stats.get("skipped", [])
    without_node = sum(_NO_NODE in str(report.longrepr) for report in skips)
    left_out = (
        (WITHOUT_LIBREOFFICE, _NO_OFFICE),
        (WITHOUT_BROWSERS, _NO_BROWSER),
        (without_node > 0, f"{without_node} tests did not run: {_NO_NODE}."),
    )
    for is_left_out, lines in left_out:
        if is_left_out and skips:
            terminalreporter.section("NOT RUN", sep="!")
            terminalreporter.line(lines)


_NO_OFFICE = (
    "Tests that drive the real LibreOffice did not run (tests/libreoffice/): you asked to go "
    "without it. Nothing proves here that the sheets compute what `kdcl-xl check` says."
)
_NO_BROWSER = (
    "Tests that open the page in real browsers did not run (tests/web/): you asked to go without "
    "them. Nothing proves here that the page works."
)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return builtin_catalogue()


@pytest.fixture(scope="session")
def today() -> date:
    return TODAY


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """One LibreOffice for all tests of a worker; each opens and closes its own documents."""
    with Office() as running:
        yield running


@pytest.fixture(scope="session")
def sixty_schools(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    """The folder of a synthetic district of 60 schools, not to be changed, and its manifest."""

    def make(folder: Path) -> Manifest:
        return make_district(folder, 60, DEMO_YEAR, DEMO_DAY)

    return made_once(tmp_path_factory, "sixty-schools", make)


_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def caches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the caches of all tests, each of which the program makes when it needs one."""
    return tmp_path_factory.mktemp("caches")


@pytest.fixture(autouse=True)
def own_cache(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees what another has checked, nor what the person at this machine has."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(caches / str(next(_NUMBERS))))


@pytest.fixture(autouse=True, scope="session")
def in_this_process() -> Iterator[None]:
    """Check files where a test can look on; the counted bounds alone hold, as in a browser."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(supervise, "_WITHOUT_PROCESSES", (sys.platform,))
        yield


@pytest.fixture
def processes(in_this_process: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check files in supervised processes, as users do."""
    monkeypatch.setattr(supervise, "_WITHOUT_PROCESSES", ())


def run_command(*args: object) -> Result:
    """Run the command line as a user would; the result holds output and exit code."""
    result = CliRunner().invoke(main, [str(a) for a in args], prog_name="kdcl-xl")
    crashed = result.exception and not isinstance(result.exception, SystemExit)
    if crashed and result.exception is not None:
        raise result.exception
    return result


@pytest.fixture
def run() -> Run:
    """The command line as a user would run it."""
    return run_command
