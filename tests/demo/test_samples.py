"""The samples: every fault is found at its cell, the good plans are clean, nothing is stale."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kdcl_xl.checking.check import Checked, check_file
from kdcl_xl.template.as_text import as_text
from macros_free_validation.rule import Severity
from macros_free_validation.values import Raw, to_serial
from samples import describe
from tests.build import TODAY
from workbook_templates.regulation import builtin_catalogue

SAMPLES = describe.sample_files()
GOOD = ("mam-non-2026-2027-tot", "thcs-2026-2027-tot")


def checked(path: Path) -> Checked:
    workbook = describe.HERE / "workbooks" / f"{path.stem}.xlsx"
    return check_file(workbook, builtin_catalogue(), TODAY)


def test_there_are_seven() -> None:
    assert len(SAMPLES) == 7
    assert {p.stem for p in (describe.HERE / "workbooks").glob("*.xlsx")} == {
        p.stem for p in SAMPLES
    }


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_every_fault_is_found_at_its_cell(path: Path) -> None:
    data = describe.load(path)
    layout = describe.layout_for(data)
    found = {(f.rule, f.sheet, f.cell) for f in checked(path).findings}
    for fault in data.get("faults", []):
        if "rule" in fault:
            assert (fault["rule"], *describe.place_of(layout, fault)) in found, fault["what"]
        else:
            assert fault["why_not"]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_nothing_worse_is_found_than_is_listed(path: Path) -> None:
    data = describe.load(path)
    layout = describe.layout_for(data)
    faults = [f for f in data.get("faults", []) if "rule" in f]
    listed = {(f["rule"], *describe.place_of(layout, f)) for f in faults}
    grave = {
        (f.rule, f.sheet, f.cell) for f in checked(path).findings if f.severity is not Severity.NOTE
    }
    assert grave <= listed
    if path.stem in GOOD:
        assert not grave


def meant(value: Any) -> Raw:
    if hasattr(value, "toordinal"):
        return to_serial(value)
    if isinstance(value, int):
        return float(value)
    return value  # type: ignore[no-any-return]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_everything_typed_is_read(path: Path) -> None:
    """What LibreOffice saved holds every value of the data file, row by row."""
    data = describe.load(path)
    plan = checked(path).submission.plan
    assert plan is not None
    for field, value in data["cover"].items():
        if field != "pasted" and value != "":
            read = plan.cell(field)
            value = as_text(meant(value), plan.layout.sheet("cover").cell(field).cell.type)
            assert str(read).strip() == str(value).strip(), field
    for key in ("plan", "problems", "progress"):
        sheet = plan.layout.sheet(key) if plan.layout.has_sheet(key) else None
        for nth, entry in enumerate(data.get(key, []), start=1):
            assert sheet is not None
            row = sheet.first_row + entry.get("row", nth) - 1
            (record,) = [r for r in plan.rows(key) if r.row == row]
            pasted = entry.get("pasted", [])
            for field, value in entry.items():
                if field in ("pasted", "row"):
                    continue
                read = plan.value(key, record, field)
                if field in ("criterion", "standard") and field not in pasted:
                    standard = field == "standard"
                    start = f"Tiêu chuẩn {value}:" if standard else f"Tiêu chí {value} "
                    assert str(read).startswith(start)
                else:
                    written = as_text(meant(value), sheet.column(field).column.type)
                    assert read == written, (key, row, field)
    units = [record.values[0] for record in plan.rows("lists")]
    assert units == data["units"]["list"]


def test_generated_files_are_fresh() -> None:
    assert (describe.HERE / "README.md").read_text("utf-8") == describe.readme()
    assert (describe.HERE / "schools.csv").read_text("utf-8") == describe.schools_csv()


def test_no_person_is_named() -> None:
    """Roles only: no honorific followed by a capitalised name in any data file."""
    import re

    honorific = re.compile(r"\b(?:ông|bà|thầy|cô|anh|chị)\s+[A-ZĐÂĂÊÔƠƯ][a-zà-ỹ]+", re.UNICODE)
    for path in SAMPLES:
        assert not honorific.search(path.read_text("utf-8")), path.name
