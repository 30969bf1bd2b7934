"""The wheel holds everything; the command line loads only what it uses."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from macros_free_validation.rules.across import COPIED_WORDS
from tests.build import SCHOOL, good_task, layout_of, make_plan, write_workbook
from tests.cli.commands import all_commands
from tests.conftest import ROOT, run_command
from tests.importing.layouts import nine_columns
from tests.importing.tasks import synthetic_plan


def python(*args: object, cwd: Path, path: Path | None = None) -> str:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    done = subprocess.run(
        [sys.executable, *map(str, args)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    python(
        "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
        "--disable-pip-version-check", "--wheel-dir", folder, ROOT, cwd=folder,
    )  # fmt: skip
    (built,) = folder.glob("*.whl")
    return built


@pytest.mark.slow
def test_the_wheel_holds_packages_and_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"kdcl_xl", "workbook_templates", "macros_free_validation"}
    for path in (ROOT / "workbook_templates" / "regulations").glob("*.toml"):
        assert f"workbook_templates/regulations/{path.name}" in names
    assert sum(n.startswith("kdcl_xl/samples/workbooks/") for n in names) == 7
    assert not [n for n in names if "/blank/" in n], "whoever has the wheel makes templates with it"


@pytest.mark.slow
def test_the_installed_wheel_runs_the_demo_anywhere(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    where = python("-c", "import kdcl_xl; print(kdcl_xl.__file__)", cwd=tmp_path, path=site)
    assert where.startswith(str(site))
    said = python("-m", "kdcl_xl", "demo", "thử", "--schools", "8", cwd=tmp_path, path=site)
    assert "tong-hop.xlsx" in said
    assert "thiếu 0, thừa 0; 0 trường" in said
    assert (tmp_path / "thử" / "tong-hop.xlsx").stat().st_size > 10_000
    assert len(list((tmp_path / "thử" / "mau").glob("*.xlsx"))) == 8


LIBRARIES = (
    "asyncio", "csv", "dateutil", "distributed", "msoffcrypto", "multiprocessing", "openpyxl",
    "pyarrow", "rapidfuzz", "sqlite3", "ssl", "xlsxwriter",
)  # fmt: skip
OWN = (
    "checking.cache", "demo.synthetic", "district.merge",
    "district.model.build", "document.official", "reissue.feedback", "reissue.migration",
    "template.writer", "xlsx.package",
)  # fmt: skip
"""What takes long to load, or is only for some commands: modules of kdcl_xl."""
JUDGE = "macros_free_validation.judge"
POOL = "asyncio multiprocessing ssl"
"""Modules of the supervised processes, in which files of others are read."""
LOADED = {
    "--help": "",
    "--version": "",
    "regulations": "xlsx.package",
    "rules": "xlsx.package",
    "form --kind thcs --school-year 2026-2027": "xlsx.package",
    "rules --format csv": "csv xlsx.package",
    "schools list.csv": "csv xlsx.package",
    "check sent": f"{POOL} checking.cache xlsx.package {JUDGE}",
    "status sent --schools list.csv": f"csv {POOL} district.model.build xlsx.package {JUDGE}",
    "template --kind thcs --school-year 2026-2027 -o new.xlsx": (
        f"xlsx.package template.writer {JUDGE} xlsxwriter"
    ),
    "migrate sent -o new": (
        f"{POOL} xlsx.package reissue.migration template.writer {JUDGE} xlsxwriter"
    ),
    "combine sent/00790125.xlsx part.xlsx -o whole.xlsx": (
        f"{POOL} xlsx.package reissue.migration template.writer {JUDGE} xlsxwriter"
    ),
    "document sent -o drawn": f"{POOL} document.official xlsx.package {JUDGE}",
    "import plan.docx -o draft.xlsx": (f"{POOL} xlsx.package template.writer {JUDGE} xlsxwriter"),
    "merge sent -o all.xlsx": (
        f"csv dateutil {POOL} checking.cache district.merge district.model.build xlsx.package "
        f"{JUDGE} rapidfuzz xlsxwriter"
    ),
    "feedback all.xlsx sent -o back": (
        f"{POOL} district.model.build document.official reissue.feedback reissue.migration "
        f"template.writer xlsx.package {JUDGE} xlsxwriter"
    ),
}
"""What of it each command loads when it is really run."""
NOT_TRIED = {"demo", "page"}
"""The demo runs most of the others; the page is only there where it was built."""


def test_every_command_is_tried() -> None:
    tried = {words.split()[0] for words in LOADED} - {"--help", "--version"}
    assert tried | NOT_TRIED == set(all_commands()), "a new command needs a line in LOADED"


_RUN = """
import sys
from kdcl_xl.cli import main
try: main(sys.argv[1:], prog_name="kdcl-xl")
except SystemExit as done: assert done.code in (0, 1, None), done.code
print("LOADED", *sorted(sys.modules))
"""


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two plans with a long task that recurs, a list of one school, and an authority workbook."""
    folder = tmp_path_factory.mktemp("work")
    layout = layout_of()
    words = " ".join(map(str, range(COPIED_WORDS.default)))
    rows = [good_task(layout), {**good_task(layout, 1), "task": words, "recurrence": "Hằng tháng"}]
    (folder / "sent").mkdir()
    for code in ("00790125", "00790126"):
        school = replace(SCHOOL, code=code, name=f"Trường {code}")
        plan = make_plan(layout, school=school, tables={"plan": rows})
        write_workbook(folder / "sent" / f"{code}.xlsx", plan, school)
    (folder / "part.xlsx").write_bytes((folder / "sent" / "00790125.xlsx").read_bytes())
    (folder / "plan.docx").write_bytes(nine_columns(synthetic_plan("2018", 0, 2)))
    (folder / "list.csv").write_text("code,name,kind\n00790125,Trường,thcs\n", "utf-8")
    assert run_command("merge", folder / "sent", "-o", folder / "all.xlsx").exit_code == 0
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("command", LOADED)
def test_a_command_loads_what_it_uses_and_nothing_else(sent: Path, command: str) -> None:
    said = python("-c", _RUN, *command.split(), cwd=sent, path=ROOT)
    loaded = {name.removeprefix("kdcl_xl.") for name in said.rpartition("LOADED")[2].split()}
    assert loaded & {*LIBRARIES, *OWN, JUDGE} == set(LOADED[command].split())
