"""The wheel holds everything; the command line loads only what it uses."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT


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


def test_the_wheel_holds_packages_and_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"kdcl_xl", "workbook_templates", "macros_free_validation"}
    for path in (ROOT / "workbook_templates" / "regulations").glob("*.toml"):
        assert f"workbook_templates/regulations/{path.name}" in names
    assert sum(n.startswith("kdcl_xl/samples/workbooks/") for n in names) == 7
    assert not [n for n in names if "/blank/" in n], "whoever has the wheel makes templates with it"


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


HEAVY = (
    "xlsxwriter", "openpyxl", "dateutil", "rapidfuzz", "kdcl_xl.template"
)  # fmt: skip


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["regulations"], ["rules"]])
def test_light_commands_load_nothing_heavy(tmp_path: Path, args: list[str]) -> None:
    code = (
        "import sys\nfrom kdcl_xl.cli import main\n"
        f"try: main({args!r}, prog_name='kdcl-xl')\nexcept SystemExit: pass\n"
        f"print('LOADED', [m for m in {HEAVY!r} if m in sys.modules])"
    )
    said = python("-c", code, cwd=tmp_path, path=ROOT)
    assert said.rstrip().endswith("LOADED []")
