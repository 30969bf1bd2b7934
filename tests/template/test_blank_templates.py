"""The blank templates in the repository are what the code makes today."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from kdcl_xl.submission.reading import read_submission
from kdcl_xl.template.blank_templates import (
    FOLDER,
    INDEX,
    YEAR,
    blank_templates,
    file_name,
    write_blank_templates,
)
from tests.build import KINDS
from tests.conftest import ROOT
from workbook_templates.regulation import builtin_catalogue

STALE = "is not what the code makes: run `make templates` and commit what changed"


def parts(content: bytes) -> dict[str, bytes]:
    """What a package holds; how it was compressed is the zlib's affair, not ours."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.slow
def test_they_are_what_the_code_makes() -> None:
    folder = ROOT / FOLDER
    made = blank_templates()
    assert sorted(path.name for path in folder.iterdir()) == sorted(made), f"{FOLDER} {STALE}"
    for name, content in made.items():
        kept = (folder / name).read_bytes()
        if name == INDEX:
            assert kept == content, f"{FOLDER}/{name} {STALE}"
            continue
        old, new = parts(kept), parts(content)
        different = [part for part in {*old, *new} if old.get(part) != new.get(part)]
        assert not different, f"{FOLDER}/{name} {STALE} ({', '.join(sorted(different))})"


def test_one_for_each_school_kind_and_nobody_in_it() -> None:
    for kind in KINDS.values():
        path = ROOT / FOLDER / file_name(kind)
        submission = read_submission(path, builtin_catalogue())
        assert submission.plan is not None
        assert submission.kind == kind
        assert submission.school_year == str(YEAR)
        assert not submission.code
        assert not submission.name
        assert submission.plan.layout.regulation.id.startswith("tt57-2026")
        assert openpyxl.load_workbook(path, read_only=True).properties.creator in (None, "")


def test_the_folder_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "thcs-2025-2026.xlsx").write_bytes(b"old")
    (tmp_path / "ghi chú.txt").write_text("of somebody", "utf-8")
    write_blank_templates(tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {
        "ghi chú.txt",
        INDEX,
        *map(file_name, KINDS.values()),
    }
