"""The demo: issue, collect, check and merge the samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

from kdcl_xl.checking.check import Checked, check_file
from kdcl_xl.checking.report import CheckReport
from kdcl_xl.checking.settings import Settings
from kdcl_xl.checking.waivers import apply
from kdcl_xl.demo.synthetic.district import (
    AUTHORITY,
    RETURNED,
    SCHOOLS_FILE,
    Comparison,
    Manifest,
    compare,
    make_district,
)
from kdcl_xl.district.merge import merge
from kdcl_xl.district.model.model import District
from kdcl_xl.errors import UserError
from kdcl_xl.files import ProgressBar, write_whole
from kdcl_xl.reporting.report import DEFAULT_FORMAT, render
from kdcl_xl.school_list.read import read_schools
from kdcl_xl.submission.inventory import find_inputs
from kdcl_xl.template.issue import file_names, kind_of, layout_from, template_bytes
from macros_free_validation.rule import Stage
from workbook_templates.regulation import builtin_catalogue
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Language, Text

DEMO_DAY = date(2026, 11, 22)
"""The day on which the demo pretends to run, so that its findings never change."""
DEMO_YEAR = SchoolYear(2026, 2027)
TEMPLATES, SYNTHETIC = "mau", "gia-lap"
REPORT_FILE, DISTRICT_FILE = "kiem-tra.txt", "tong-hop.xlsx"


@dataclass(frozen=True)
class Demo:
    """The files and findings of a demo."""

    folder: Path
    templates: int
    checked: tuple[Checked, ...]
    district: District

    @property
    def workbook(self) -> Path:
        """The authority workbook."""
        return self.folder / DISTRICT_FILE


def samples_folder() -> Path:
    """Return the folder of the sample workbooks: in the installed package, or in a checkout.

    Raises:
        UserError: there are no samples.
    """
    installed = Path(str(files("kdcl_xl"))) / "samples"
    checkout = installed.parent.parent / "samples"
    for folder in (installed, checkout):
        if (folder / "workbooks").is_dir() and (folder / "schools.csv").is_file():
            return folder
    raise UserError(
        Text("Không tìm thấy các kế hoạch mẫu.", "The sample workbooks are not installed.")
    )


def run_demo(folder: Path, language: Language, progress: ProgressBar = iter) -> Demo:
    """Issue templates to the sample schools, take back the samples, check and merge them."""
    samples = samples_folder()
    listing = samples / "schools.csv"
    write_whole(folder / SCHOOLS_FILE, listing.read_bytes())
    templates = sum(1 for _ in _issue(folder / TEMPLATES, listing, progress))
    for path in sorted((samples / "workbooks").glob("*.xlsx")):
        write_whole(folder / RETURNED / path.name, path.read_bytes())
    catalogue = builtin_catalogue()
    returned = find_inputs([folder / RETURNED])
    found = [check_file(path, catalogue, DEMO_DAY) for path in progress(returned)]
    checked = apply(Settings(Stage.SUBMIT), found, DEMO_DAY)
    report = CheckReport(checked, language, DEMO_DAY)
    write_whole(folder / REPORT_FILE, render(report, DEFAULT_FORMAT).encode("utf-8"))
    district = merge(
        [folder / RETURNED],
        folder / DISTRICT_FILE,
        catalogue,
        DEMO_DAY,
        Settings(Stage.DISTRICT),
        schools=read_schools(listing, catalogue).schools,
        authority="Phòng Văn hóa - Xã hội (ví dụ)",
        language=language,
        progress=progress,
    )
    return Demo(folder, templates, checked, district)


@dataclass(frozen=True)
class SyntheticDemo:
    """A synthetic district, merged and compared with the faults planted in it."""

    folder: Path
    manifest: Manifest
    district: District
    comparison: Comparison

    @property
    def workbook(self) -> Path:
        """The authority workbook."""
        return self.folder / DISTRICT_FILE


def run_synthetic(
    folder: Path,
    schools: int,
    language: Language,
    progress: ProgressBar = iter,
) -> SyntheticDemo:
    """Make a synthetic district and merge it; the same every time."""
    target = folder / SYNTHETIC
    manifest = make_district(target, schools, DEMO_YEAR, DEMO_DAY, progress=progress)
    return merge_synthetic(target, manifest, language, progress)


def merge_synthetic(
    folder: Path, manifest: Manifest, language: Language, progress: ProgressBar = iter
) -> SyntheticDemo:
    """Merge a synthetic district in its folder, and compare the findings with its manifest."""
    district = merge(
        [folder / RETURNED],
        folder / DISTRICT_FILE,
        builtin_catalogue(),
        DEMO_DAY,
        Settings(Stage.DISTRICT),
        schools=read_schools(folder / SCHOOLS_FILE, builtin_catalogue()).schools,
        authority=AUTHORITY,
        language=language,
        progress=progress,
    )
    return SyntheticDemo(folder, manifest, district, compare(manifest, district))


def _issue(folder: Path, listing: Path, progress: ProgressBar) -> Iterator[Path]:
    schools = read_schools(listing, builtin_catalogue()).with_kind
    names = file_names(schools, DEMO_YEAR)
    for school, name in progress(list(zip(schools, names, strict=True))):
        layout = layout_from(builtin_catalogue(), kind_of(school), DEMO_YEAR)
        write_whole(folder / name, template_bytes(layout, school, DEMO_YEAR, one_of_many=True))
        yield folder / name
