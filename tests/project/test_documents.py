"""Every workbook we hand out is a sound OOXML document, as Microsoft's own rules have it.

The validator is openxml-audit, a port of the checks of Microsoft's Open XML SDK: schemas,
references between parts, and what the schemas cannot say.
"""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from pathlib import Path

import pytest
from openxml_audit import OpenXmlValidator

from kdcl_xl.checking.settings import Settings
from kdcl_xl.demo.run import DEMO_DAY
from kdcl_xl.district.merge import merge
from kdcl_xl.importing.importer import Options, import_plan
from kdcl_xl.school_list.read import read_schools
from kdcl_xl.submission.reading import read_submission
from kdcl_xl.template.writer import render_workbook
from macros_free_validation.rule import Stage
from samples import describe
from tests.build import THCS
from tests.importing.layouts import LAYOUTS
from tests.importing.tasks import synthetic_plan
from tests.template.test_template import CASES, DIFFERENT, make
from workbook_templates.regulation import builtin_catalogue
from workbook_templates.school_kind import SchoolKind
from workbook_templates.text import Language

pytestmark = pytest.mark.slow
SAMPLES = sorted((describe.HERE / "workbooks").glob("*.xlsx"))
OF_LIBREOFFICE = {("Sem_MissingRelationshipType", "/xl/workbook.xml", "theme")}
"""LibreOffice 7.4 saves no theme part, which the SDK asks for; colours are in the styles,
and Excel puts its own theme in place of a missing one. Nothing else is let pass."""


@cache
def validator() -> OpenXmlValidator:
    return OpenXmlValidator()


def findings(path: Path) -> set[tuple[str, str, str]]:
    """What the validator says: id, part, and what it is about."""
    return {
        (error.id or "", error.part_uri, error.description.split("/")[-1].split("'")[0])
        for error in validator().validate(str(path)).errors
    }


def saved(folder: Path, content: bytes) -> Path:
    path = folder / "so-tinh.xlsx"
    path.write_bytes(content)
    return path


def test_drafts_of_documents(tmp_path: Path) -> None:
    content = LAYOUTS["nine_columns"][1](synthetic_plan("2018", 0, 4))
    made = import_plan(content, builtin_catalogue(), Options())
    assert not findings(saved(tmp_path, made.content))


@pytest.mark.parametrize(("kind", "year"), DIFFERENT)
def test_templates(kind: SchoolKind, year: str, tmp_path: Path) -> None:
    assert not findings(saved(tmp_path, make(kind, year)[1]))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_samples_as_libreoffice_saved_them(path: Path) -> None:
    assert findings(path) <= OF_LIBREOFFICE


@pytest.mark.parametrize("name", ["thcs-2020-2021", "thcs-2026-2027-tot"])
def test_completed_workbooks_as_we_write_them(name: str, tmp_path: Path) -> None:
    """The same samples as our own writer writes what was read from them: one of each form."""
    (path,) = [path for path in SAMPLES if path.stem == name]
    submission = read_submission(path, builtin_catalogue())
    assert submission.plan is not None
    assert submission.stamp is not None
    assert not findings(saved(tmp_path, render_workbook(submission.plan, submission.stamp)))


@pytest.mark.parametrize("language", list(Language))
def test_district_workbook(language: Language, tmp_path: Path) -> None:
    target = tmp_path / "tong-hop.xlsx"
    merge(
        [describe.HERE / "workbooks"],
        target,
        builtin_catalogue(),
        DEMO_DAY,
        Settings(Stage.DISTRICT),
        schools=read_schools(describe.HERE / "schools.csv", builtin_catalogue()).schools,
        authority="Phòng Văn hóa - Xã hội (ví dụ)",
        language=language,
    )
    assert not findings(target)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/worksheets/sheet2.xml", "<sheetProtection", "<sheetProtektion"),
        ("xl/worksheets/sheet2.xml", 'type="list"', 'type="lists"'),
        ("xl/workbook.xml", 'r:id="rId2"', 'r:id="rId99"'),
    ],
    ids=["element", "attribute", "relationship"],
)
def test_the_validator_finds_faults(part: str, old: str, new: str, tmp_path: Path) -> None:
    """Three faults over which Excel would offer to repair the file: all are found."""
    _, content = make(THCS, "2026-2027")
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w") as broken,
    ):
        for name in source.namelist():
            data = source.read(name)
            if name == part:
                assert old.encode() in data
                data = data.replace(old.encode(), new.encode())
            broken.writestr(name, data)
    assert findings(saved(tmp_path, target.getvalue()))


def test_no_name_is_defined_twice() -> None:
    """Excel refuses a file with two equal names in one scope; the validator does not see it."""
    for kind, year in CASES[-2:]:
        with zipfile.ZipFile(io.BytesIO(make(kind, year)[1])) as archive:
            xml = archive.read("xl/workbook.xml").decode("utf-8")
        names = re.findall(r'<definedName name="([^"]+)"(?: localSheetId="(\d+)")?', xml)
        folded = [(name.casefold(), scope) for name, scope in names]
        assert len(folded) > 50
        assert len(set(folded)) == len(folded)
