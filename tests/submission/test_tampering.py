"""Every change a person can make to a locked workbook is found, and what was typed is read."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest

from kdcl_xl.checking.check import Checked, check_file
from kdcl_xl.checking.record import from_line, to_line
from kdcl_xl.template.locked import accepted
from macros_free_validation.rules import tampering
from samples.describe import sample_files
from samples.office import Office
from tests.build import TODAY
from tests.conftest import ROOT
from tests.submission.tampering import (
    HONEST,
    MANIPULATIONS,
    OFFICE,
    Reads,
    good,
    typed_values,
)
from workbook_templates.regulation import builtin_catalogue

CATALOGUE = builtin_catalogue()
FIXTURES = ROOT / "tests" / "fixtures"


def checked(tmp_path: Path, content: bytes) -> Checked:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    return check_file(path, CATALOGUE, TODAY)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What was typed into the untouched file."""
    plan = checked(tmp_path_factory.mktemp("before"), good()).submission.plan
    assert plan is not None
    return typed_values(plan)


def test_the_untouched_file_has_no_finding(tmp_path: Path) -> None:
    assert not checked(tmp_path, good()).findings


@pytest.mark.slow
@pytest.mark.parametrize("name", MANIPULATIONS)
def test_it_is_found_and_the_rest_is_read(
    tmp_path: Path, before: dict[str, object], name: str
) -> None:
    done = MANIPULATIONS[name]
    result = checked(tmp_path, done.content())
    found = {(f.rule, f.sheet, f.cell) for f in result.findings}
    expected = set(done.found)
    if done.reads is Reads.NOTHING:
        assert {rule for rule, _, _ in found} == {rule for rule, _, _ in expected}
        assert result.submission.plan is None
        return
    assert found == expected
    for finding in result.findings:
        for text in (finding.message, finding.remedy):
            assert "{" not in text.vi + text.en
    plan = result.submission.plan
    assert plan is not None
    if done.reads is Reads.ALL:
        assert typed_values(plan) == before
    assert from_line(to_line(result), CATALOGUE) == result  # as merges hand it on


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_change_is_none(tmp_path: Path, name: str) -> None:
    assert not checked(tmp_path, HONEST[name]()).findings


@pytest.fixture(scope="module")
def changed_by_office(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the file as LibreOffice leaves it, one for each manipulation."""
    folder = tmp_path_factory.mktemp("office")
    source = folder / "goc.xlsx"
    source.write_bytes(good())
    script = Path(__file__).with_name("tampering_uno.py")
    office.run(script, str(source), str(folder), *OFFICE, timeout=300)
    return folder


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", OFFICE)
def test_what_libreoffice_leaves(
    changed_by_office: Path, before: dict[str, object], name: str
) -> None:
    done = OFFICE[name]
    result = check_file(changed_by_office / f"{name}.xlsx", CATALOGUE, TODAY)
    found = {(f.rule, f.sheet, f.cell) for f in result.findings}
    assert found == set(done.found)
    plan = result.submission.plan
    if done.reads is Reads.ALL:
        assert plan is not None
        assert typed_values(plan) == before
    else:
        assert plan is None


def test_a_file_saved_by_gnumeric_is_read_alike(tmp_path: Path, before: dict[str, object]) -> None:
    content = lzma.decompress((FIXTURES / "gnumeric.xlsx.xz").read_bytes())
    assert b"docProps/app.xml" in content
    result = checked(tmp_path, content)
    # Gnumeric drops the edit ranges, and the words of the template may have changed since.
    said = {tampering.OLDER.id, tampering.RANGES.id}
    assert {found.rule for found in result.findings} <= said
    assert result.submission.plan is not None
    assert typed_values(result.submission.plan) == before


@pytest.mark.parametrize("path", sample_files(), ids=lambda p: p.stem)
def test_samples_typed_in_libreoffice_are_untouched(path: Path) -> None:
    family = {rule.id for rule in tampering.RULES}
    workbook = path.parent.parent / "workbooks" / f"{path.stem}.xlsx"
    found = {f.rule for f in check_file(workbook, CATALOGUE, TODAY).findings}
    assert not found & family


def test_odd_validations_are_looked_through_once() -> None:
    """Ends with a space were looked for from every beginning on: minutes in a small file."""
    start = b'<dataValidation type="list" showErrorMessage="1" sqref="A1">'
    odd = start + b"<formula1>x</formula1></dataValidation >"
    assert accepted(odd * 50_000 + b" ") == {"list  X": ((0, 1, 1),)}
