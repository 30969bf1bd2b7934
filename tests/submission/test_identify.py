"""A file is identified once, and its kind travels with it as a value."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from kdcl_xl.checking.check import check_file
from kdcl_xl.checking.record import from_line, pack, to_line, unpack
from kdcl_xl.submission.identify import DistrictFile, SchoolFile, Unreadable, identify
from tests.build import TODAY, good_plan, write_workbook
from tests.conftest import run_command
from workbook_templates.regulation import builtin_catalogue


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("kinds")
    write_workbook(made / "school.xlsx", good_plan())
    merged = run_command("merge", made / "school.xlsx", "-o", made / "district.xlsx")
    assert merged.exit_code == 0, merged.output
    openpyxl.Workbook().save(made / "foreign.xlsx")
    (made / "text.xlsx").write_text("xin chào", "utf-8")
    return made


def test_each_kind_has_a_type(folder: Path) -> None:
    school, district = identify(folder / "school.xlsx"), identify(folder / "district.xlsx")
    assert isinstance(school, SchoolFile)
    assert school.stamp.kind == "thcs"
    assert isinstance(district, DistrictFile)
    for file in (school, district):
        assert file.workbook.sheets
        assert len(file.origin.digest) == 64
        assert file.origin.modified
    foreign, text = identify(folder / "foreign.xlsx"), identify(folder / "text.xlsx")
    assert isinstance(foreign, Unreadable)
    assert (foreign.finding.rule, foreign.is_workbook) == ("KD005", True)
    assert isinstance(text, Unreadable)
    assert (text.finding.rule, text.is_workbook) == ("KD001", False)
    missing = identify(folder / "none.xlsx")
    assert isinstance(missing, Unreadable)
    assert missing.origin.digest == ""


def test_the_kind_travels_in_the_record(folder: Path) -> None:
    catalogue = builtin_catalogue()
    for name, is_of_district in (("school", False), ("district", True), ("foreign", False)):
        checked = check_file(folder / f"{name}.xlsx", catalogue, TODAY)
        assert checked.submission.is_of_district is is_of_district
        assert unpack(pack(checked), catalogue) == checked
        assert from_line(to_line(checked), catalogue) == checked
